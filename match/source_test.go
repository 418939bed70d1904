// SPDX-License-Identifier: Apache-2.0

package match_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

// TestSourceNotStated: the name of a binary package that no advisory names is no
// proof of anything, and the source that it is likely to be of is looked up.
func TestSourceNotStated(t *testing.T) {
	below := func(v string) string { return ranges("ECOSYSTEM", "introduced 0, fixed "+v) }
	list := []filed{
		rec("Debian", "S-JDK", "", of("Debian:11", "openjdk-11", below("11.0.20+8-1~deb11u1"))),
		rec("Debian", "S-SAMBA", "", of("Debian:11", "samba", below("2:4.13.13+dfsg-1~deb11u6"))),
		rec("Debian", "S-LINUX", "", of("Debian:11", "linux", below("5.10.205-2"))),
		rec("Debian", "S-GPG", "", of("Debian:11", "gnupg2", below("2.2.27-2+deb11u2"))),
		rec("Debian", "S-NGINX", "", of("Debian:11", "nginx", below("1.18.0-6.1+deb11u3"))),
		rec("Debian", "S-PHP", "", of("Debian:11", "php7.4", below("7.4.33-1+deb11u5"))),
		rec("Debian", "S-DJANGO", "", of("Debian:11", "python-django", below("2:2.2.28-1~deb11u2"))),
		rec("Debian", "S-PG", "", of("Debian:11", "postgresql-13", below("13.14-0+deb11u1"))),
		rec("Debian", "S-SSH", "", of("Debian:11", "libssh2", below("1.9.0-2+deb11u1"))),
		rec("Ubuntu", "S-AWS", "", of("Ubuntu:20.04:LTS", "linux-aws", below("5.4.0-1100.108"))),
		rec("Alpine", "S-BIND", "", of("Alpine:v3.10", "bind", below("9.14.12-r0"))),
		rec("Alpine", "S-JRE", "", of("Alpine:v3.10", "openjdk8", below("8.275.01-r0"))),
		rec("AlmaLinux", "S-ALMA", "", of("AlmaLinux:9", "firefox", below("102.1-1.el9"))),
	}
	data, report, err := build.FromRecords(build.Memory{Kind: vulndb.KindFull, AsOf: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Records: each(list)})
	if err != nil || report.Refused > 0 {
		t.Fatal(err, report)
	}
	db, err := vulndb.OpenBytes(data)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const weak, inferred = "assessed-weakly (its source package is not stated)", "assessed-weakly (identity inferred, not stated)"
	for _, test := range []struct{ url, want string }{
		{"pkg:deb/debian/openjdk-11-jre-headless@11.0.12%2B7-2?distro=debian-11", weak + "; weak S-JDK [< 11.0.20+8-1~deb11u1] fixed 11.0.20+8-1~deb11u1"},
		{"pkg:deb/debian/smbclient@2:4.13.5%2Bdfsg-2?distro=debian-11", weak + "; weak S-SAMBA [< 2:4.13.13+dfsg-1~deb11u6] fixed 2:4.13.13+dfsg-1~deb11u6"},
		{"pkg:deb/debian/linux-image-5.10.0-8-amd64@5.10.46-4?distro=debian-11", weak + "; weak S-LINUX [< 5.10.205-2] fixed 5.10.205-2"},
		{"pkg:deb/debian/gpgv@2.2.27-2?distro=debian-11", weak + "; weak S-GPG [< 2.2.27-2+deb11u2] fixed 2.2.27-2+deb11u2"},
		{"pkg:deb/debian/nginx-full@1.18.0-6?distro=debian-11", weak + "; weak S-NGINX [< 1.18.0-6.1+deb11u3] fixed 1.18.0-6.1+deb11u3"},
		{"pkg:deb/debian/nginx-common@1.18.0-6?distro=debian-11", inferred + "; weak S-NGINX [< 1.18.0-6.1+deb11u3] fixed 1.18.0-6.1+deb11u3"},
		{"pkg:deb/debian/php7.4-fpm@7.4.21-1?distro=debian-11", weak + "; weak S-PHP [< 7.4.33-1+deb11u5] fixed 7.4.33-1+deb11u5"},
		{"pkg:deb/debian/python3-django@2:2.2.24-1?distro=debian-11", weak + "; weak S-DJANGO [< 2:2.2.28-1~deb11u2] fixed 2:2.2.28-1~deb11u2"},
		{"pkg:deb/debian/postgresql-client-13@13.4-0?distro=debian-11", weak + "; weak S-PG [< 13.14-0+deb11u1] fixed 13.14-0+deb11u1"},
		{"pkg:deb/debian/libssh2-1@1.9.0-2?distro=debian-11", inferred + "; weak S-SSH [< 1.9.0-2+deb11u1] fixed 1.9.0-2+deb11u1"},
		{"pkg:deb/ubuntu/linux-image-5.4.0-1009-aws@5.4.0-1009.9?distro=ubuntu-20.04", weak + "; weak S-AWS [< 5.4.0-1100.108] fixed 5.4.0-1100.108"},
		{"pkg:apk/alpine/bind-tools@9.14.8-r5?distro=alpine-3.10", weak + "; weak S-BIND [< 9.14.12-r0] fixed 9.14.12-r0"},
		{"pkg:apk/alpine/openjdk8-jre@8.222.10-r0?distro=alpine-3.10", weak + "; weak S-JRE [< 8.275.01-r0] fixed 8.275.01-r0"},
		{"pkg:deb/debian/unheard-of@1.0-1?distro=debian-11", weak},
		// A name that advisories know, a stated source, a source package, and a
		// distribution whose advisories name binary packages.
		{"pkg:deb/debian/nginx@1.22.1-9?distro=debian-11", "assessed"},
		{"pkg:deb/debian/unheard-of@1.0-1?distro=debian-11&upstream=unheard", "assessed"},
		{"pkg:deb/debian/unheard-of@1.0-1?distro=debian-11&arch=src", "assessed"},
		{"pkg:rpm/almalinux/unheard-of@1.0-1.el9?distro=almalinux-9.1", "assessed"},
	} {
		if d := cmp.Diff(test.want, judge(t, db, sbom.Component{PURL: test.url})); d != "" {
			t.Errorf("%s (-want +got):\n%s", test.url, d)
		}
	}
	two := sbom.Component{PURL: "pkg:deb/debian/nginx@1.22.1-9?distro=debian-11", Details: &sbom.Details{MorePURL: []string{"pkg:deb/debian/unheard-of@1.22.1-9?distro=debian-11"}}}
	if got := judge(t, db, two); got == "assessed" {
		t.Errorf("one whose source is known stands for one whose source is not: %s", got)
	}
	keys := match.Keys(&sbom.Document{Components: []sbom.Component{{PURL: "pkg:deb/debian/nginx-full@1.18.0-6?distro=debian-11"}}})
	found := false
	for _, key := range keys {
		found = found || key == vulndb.PackageKey("Debian", "nginx")
	}
	if !found {
		t.Error("the footprint lacks the source that is guessed")
	}
}
