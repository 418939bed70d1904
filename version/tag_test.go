// SPDX-License-Identifier: Apache-2.0

package version

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// tags are how real projects tag, and the version that each means.
var tags = []struct{ project, tag, want string }{
	{"curl", "curl-7_80_0", "7.80.0"},
	{"openssl", "OpenSSL_1_1_1k", "1.1.1k"},
	{"openssl", "OpenSSL_1_1_1-pre4", "1.1.1-pre4"},
	{"openssl", "openssl-3.0.1", "3.0.1"},
	{"open62541", "v1.2.3", "1.2.3"},
	{"open62541", "V1.60", "1.60"},
	{"radare2", "release-5.0.0", "5.0.0"},
	{"qpdf", "release-qpdf-10.0.3", "10.0.3"},
	{"icu", "release-77-1", "77.1"},
	{"libexpat", "R_2_4_1", "2.4.1"},
	{"freetype", "VER-2-10-1", "2.10.1"},
	{"sqlite", "version-3.36.0", "3.36.0"},
	{"busybox", "1_34_1", "1.34.1"},
	{"FFmpeg", "n4.4.1", "4.4.1"},
	{"postgres", "REL_13_1", "13.1"},
	{"boost", "boost-1.76.0", "1.76.0"},
	{"mbedtls", "mbedtls-2.28.0", "2.28.0"},
	{"any", "release/1.2", "1.2"},
	{"libjpeg", "jpeg-9d", "9d"},
	{"hdf5", "hdf5-1_12_3", "1.12.3"},
	{"hdf5", "hdf5_1.14.4.1", "1.14.4.1"},
	{"libssh2", "libssh2-1.11.0", "1.11.0"},
	{"pcre2", "pcre2-10.46", "10.46"},
	{"file", "FILE5_39", "5.39"},
	{"Little-CMS", "lcms2.13", "2.13"},
	{"clamav-devel", "clamav-0.102.2", "0.102.2"},
	{"php-src", "php-7.4.7RC1", "7.4.7RC1"},
	{"lucene", "releases/lucene/10.3.1", "10.3.1"},
	{"commons-lang", "rel/commons-lang-3.15.0", "3.15.0"},
	{"sudo", "SUDO_1_9_8p2", "1.9.8p2"},
	{"poco", "poco-1.14.1-release", "1.14.1"},
	{"wolfssl", "v5.7.0-stable", "5.7.0"},
	{"yara", "v.3.9.0", "3.9.0"},
	{"edk2", "edk2-stable202405", "202405"},
	{"ImageMagick", "6.9.10-34", "6.9.10-34"},
	{"quickjs", "2020-03-16", "2020.03.16"},
	{"curl", "7.80.0", "7.80.0"},
	// of something else in the same repository
	{"curl", "tiny-curl-7_72_0", "tiny-curl-7_72_0"},
	{"curl", "rc-8_15_0-3", "rc-8_15_0-3"},
	{"libavc", "android-11.0.0_r20", "android-11.0.0_r20"},
	{"gpac", "abi-16.25", "abi-16.25"},
	{"arrow", "go/v12.0.0", "go/v12.0.0"},
	{"mysql-server", "mysql-cluster-7.2.26", "mysql-cluster-7.2.26"},
	{"php-src", "POST_PHP7_REMOVALS", "POST_PHP7_REMOVALS"},
	{"radare2", "continuous", "continuous"},
	// the version cannot be compared
	{"qtbase", "v5.15.5-lts-lgpl", "5.15.5-lts-lgpl"},
	{"gnutls", "3.6.14-windows", "3.6.14-windows"},
	{"mysql-server", "mysql-5.1.41-ndb-7.0.13", "5.1.41-ndb-7.0.13"},
	// nothing to take
	{"curl", "", ""},
	{"curl", "curl-", "curl-"},
	{"", "-_-", "-_-"},
	{"curl", strings.Repeat("v-", 40) + "1.0", strings.Repeat("v-", 40) + "1.0"},
}

func TestTagVersion(t *testing.T) {
	for _, c := range tags {
		got := TagVersion(c.project, c.tag)
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s %s (-want +got):\n%s", c.project, c.tag, d)
		}
		if again := TagVersion(c.project, got); again != got {
			t.Errorf("%s %s: %s, and again %s", c.project, c.tag, got, again)
		}
	}
}

func TestUpstreamOrder(t *testing.T) {
	for _, order := range []string{
		"0.9.8zh 1.0.2u 1.1.0 1.1.1-pre1 1.1.1-pre10 1.1.1 1.1.1a 1.1.1k 1.1.1z 1.1.1za 3.0.0-alpha17 3.0.0-beta1 3.0.0",
		"1.0.dev1 1.0a1 1.0-alpha2 1.0b1 1.0-beta.2 1.0-pre3 1.0rc1 1.0-rc.2 1.0 1.0a 1.0p1 1.0-1 1.0_r20 1.0.1",
		"6.9.10-9 6.9.10-34 6.9.11", "7_9_0 7_80_0 8.0.0", "9 9a 9d 10", "2.09 2.10", "1.0-rc1.post1 1.0-rc2",
	} {
		var last []byte
		for text := range strings.FieldsSeq(order) {
			key, ok := Upstream.AppendKey(nil, text)
			if !ok || bytes.Compare(last, key) >= 0 {
				t.Errorf("%s: %s is not after what stands before it (%v, %x, %x)", order, text, ok, last, key)
			}
			last = key
		}
	}
	for _, same := range []string{"1.2 1.2.0 v1.2 1_2 1-2 1.2-release 1.2.final", "1.0rc1 1.0-RC1 1.0.rc.1 1.0c1 1.0-rc-1", "10.03.0 10.3", "1.1.1K 1.1.1k"} {
		var first []byte
		for i, text := range strings.Fields(same) {
			key, ok := Upstream.AppendKey(nil, text)
			if i == 0 {
				first = key
			}
			if !ok || !bytes.Equal(first, key) {
				t.Errorf("%s: %s is not the same (%v, %x, %x)", same, text, ok, first, key)
			}
		}
	}
	for _, text := range []string{
		"1.x", "1.*", "latest", "1.0-windows", "1.0+git2022", "1.1.1k-1+deb11u1", "1.0-1ubuntu1", "n4.4", "curl-7.80", "1..2", "1.", "1.0-", "1.0a.", "1.0-a",
		"1.0abc", "1.0release2", "1.0 ", "b3923", "deadbeef", "1.0~1",
	} {
		if strings.TrimSpace(text) == text {
			if key, ok := Upstream.AppendKey(nil, text); ok {
				t.Errorf("%s: want not comparable, got %x", text, key)
			}
		}
	}
}

// TestTagVersionKeepsKey: what TagVersion gives of a version is the same version,
// with any of the words before it.
func TestTagVersionKeepsKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.TrimSpace(versionText(t, Upstream, "v"))
		want, ok := Upstream.AppendKey(nil, text)
		if !ok {
			return
		}
		prefix := rapid.SampledFrom([]string{"", "v", "curl-", "CURL_", "release-", "release-curl-", "curl/", "refs/tags/curl-"}).Draw(t, "prefix")
		if text[0]|0x20 == 'v' {
			prefix = ""
		}
		canonical := TagVersion("curl", prefix+text)
		if got, ok := Upstream.AppendKey(nil, canonical); !ok || !bytes.Equal(want, got) {
			t.Fatalf("%q: %q has key %x (%v), %q has %x", prefix+text, canonical, got, ok, text, want)
		}
		if again := TagVersion("curl", canonical); again != canonical {
			t.Fatalf("%q: %q, and again %q", prefix+text, canonical, again)
		}
	})
}

func FuzzTagVersion(f *testing.F) {
	for _, c := range tags {
		f.Add(c.project, c.tag)
	}
	f.Fuzz(func(t *testing.T, project, tag string) {
		got := TagVersion(project, tag)
		if len(got) > len(tag) {
			t.Errorf("%q of %q: %d bytes more", tag, project, len(got)-len(tag))
		}
		if _, ok := Upstream.AppendKey(nil, got); ok {
			if again := TagVersion(project, got); again != got {
				t.Errorf("%q of %q: %q, and again %q", tag, project, got, again)
			}
		}
	})
}
