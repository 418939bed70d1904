// SPDX-License-Identifier: Apache-2.0

package purl_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/purl"
)

// TestDistributionVersions holds the version field of a distribution's package
// against its URL: either may leave out epoch, revision and architecture, and all
// else that differs is two versions.
func TestDistributionVersions(t *testing.T) {
	const (
		twoVersions = "different versions"
		deb         = "pkg:deb/debian/curl@"
		at          = "?distro=debian-11"
		rpm         = "pkg:rpm/almalinux/openssl@"
	)
	for _, tt := range []struct {
		url, field string
		want       []string
		detail     string // of a contradiction; "" for none
	}{
		{deb + "7.74.0-1.3%2Bdeb11u1" + at, "7.74.0-1.3+deb11u1", []string{"7.74.0-1.3+deb11u1"}, ""},
		{deb + "7.74.0-1.3%2Bdeb11u1" + at, "7.74.0", []string{"7.74.0-1.3+deb11u1"}, ""},
		{deb + "7.74.0" + at, "7.74.0-1.3+deb11u1", []string{"7.74.0-1.3+deb11u1"}, ""},
		{deb + "1:7.74.0-1" + at, "7.74.0-1", []string{"1:7.74.0-1"}, ""},
		{deb + "1:7.74.0-1" + at, "7.74.0", []string{"1:7.74.0-1"}, ""},
		{deb + "7.74.0-1?distro=debian-11&epoch=1", "7.74.0", []string{"1:7.74.0-1"}, ""},
		{deb + "1:7.74.0-1?distro=debian-11&epoch=1", "1:7.74.0-1", []string{"1:7.74.0-1"}, ""},
		{deb + "01:7.74.0-1?distro=debian-11&epoch=1", "1:7.74.0-1", []string{"1:7.74.0-1"}, ""},
		{deb + "7.74.0-1" + at, "1:7.74.0-1", []string{"1:7.74.0-1"}, ""},
		{deb + "7.74.0-1" + at, "0:7.74.0-1", []string{"7.74.0-1"}, ""},
		{deb[:len(deb)-1] + at, "1:7.74.0-1", []string{"1:7.74.0-1"}, ""},
		{rpm + "1.1.1k-7.el8_6?distro=almalinux-8", "1.1.1k-7.el8_6.x86_64", []string{"1.1.1k-7.el8_6"}, ""},
		{rpm + "1.1.1k-7.el8_6.x86_64?distro=almalinux-8", "1.1.1k-7.el8_6", []string{"1.1.1k-7.el8_6"}, ""},
		{rpm + "1.1.1k-7.el8_6?distro=almalinux-8&arch=sparc9", "1.1.1k-7.el8_6.sparc9", []string{"1.1.1k-7.el8_6"}, ""},

		{deb + "7.74.0-1.3%2Bdeb11u10" + at, "7.74.0-1.3+deb11u1", []string{"7.74.0-1.3+deb11u10", "7.74.0-1.3+deb11u1"}, twoVersions},
		{deb + "17.74.0-1" + at, "7.74.0-1", []string{"17.74.0-1", "7.74.0-1"}, twoVersions},
		{deb + "7.74.0-1.3%2Bdeb11u10" + at, "1", []string{"7.74.0-1.3+deb11u10", "1"}, twoVersions},
		{deb + "7.74.0-1-2" + at, "7.74.0", []string{"7.74.0-1-2", "7.74.0"}, twoVersions},
		{deb + "1:7.74.0-1" + at, "7.73.0-1", []string{"1:7.74.0-1", "1:7.73.0-1"}, twoVersions},
		{rpm + "1.1.1k-7.el8_6?distro=almalinux-8&epoch=2", "1:1.1.1k-7.el8_6", []string{"2:1.1.1k-7.el8_6", "1:1.1.1k-7.el8_6"}, twoVersions},
		{rpm + "1:1.1.1k-7.el8_6?distro=almalinux-8&epoch=2", "1:1.1.1k-7.el8_6", []string{"1:1.1.1k-7.el8_6", "2:1.1.1k-7.el8_6"}, "two epochs"},
		{rpm + "1:1.1.1k-7.el8_6?distro=almalinux-8&epoch=2", "", []string{"1:1.1.1k-7.el8_6", "2:1.1.1k-7.el8_6"}, "two epochs"},
		{rpm + "1.1.1k-7?distro=almalinux-8&epoch=1", "0:1.1.1k-7", []string{"1:1.1.1k-7", "1.1.1k-7"}, twoVersions},
		// The source's stated version is that of the URL, and contradicted with it.
		{deb + "7.80.0-1?distro=debian-11&upstream=curl%407.80.0-1", "7.74.0-1", []string{"7.80.0-1", "7.74.0-1"}, twoVersions},
	} {
		got := purl.Identify(&purl.Input{PURLs: []string{tt.url}, Version: tt.field})
		var versions []string
		for i, p := range got.Packages {
			versions = append(versions, p.Version)
			if want := purl.Strong - purl.Confidence(min(i, 1)); p.Confidence != want {
				t.Errorf("%s, field %q: %s is %s", tt.url, tt.field, p.Version, p.Confidence)
			}
		}
		if d := cmp.Diff(tt.want, versions); d != "" {
			t.Errorf("%s, field %q: want(-) got(+):\n%s", tt.url, tt.field, d)
		}
		if got.Contradiction != (tt.detail != "") || !strings.Contains(got.Detail, tt.detail) {
			t.Errorf("%s, field %q: contradiction %v, %q, want %q", tt.url, tt.field, got.Contradiction, got.Detail, tt.detail)
		}
	}
}
