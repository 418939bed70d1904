// SPDX-License-Identifier: Apache-2.0

package purl_test

import (
	"strings"
	"testing"

	"github.com/medsbom/medsbom/purl"
)

const (
	curl    = "GIT https://github.com/curl/curl 7.80.0 "
	zlib    = "GIT https://github.com/madler/zlib 1.2.11 "
	openssl = "GIT https://github.com/openssl/openssl 1.1.1k "
)

func TestIdentifyUpstream(t *testing.T) {
	for _, tt := range []identifyCase{
		// Package URLs of repositories.
		{in: url("pkg:github/curl/curl@curl-7_80_0"), want: []string{"GIT https://github.com/curl/curl 7.80.0 weak"}},
		{in: url("pkg:github/Mbed-TLS/mbedtls@2.28.0"), want: []string{"GIT https://github.com/Mbed-TLS/mbedtls 2.28.0 weak", "GIT https://github.com/ARMmbed/mbedtls 2.28.0 weak"}},
		{in: url("pkg:github/acme/pump@0123456789abcdef0123456789abcdef01234567"), want: []string{"GIT https://github.com/acme/pump 0123456789abcdef0123456789abcdef01234567 weak"}},
		{in: url("pkg:github/acme/pump"), want: []string{"GIT https://github.com/acme/pump  weak"}, problem: purl.ProblemNoVersion},
		{in: url("pkg:github/pump@1"), problem: purl.ProblemNotAPackage, detail: "does not say which"},
		{in: url("pkg:gitlab/libtiff/libtiff@v4.0.10"), want: []string{"GIT https://gitlab.com/libtiff/libtiff 4.0.10 weak"}},
		{in: url("pkg:bitbucket/acme/pump@1.0"), want: []string{"GIT https://bitbucket.org/acme/pump 1.0 weak"}},
		{in: url("pkg:git/git.example.org/pump@1.0"), want: []string{"GIT https://git.example.org/pump 1.0 weak"}},
		{
			name: "known at Bitnami too", in: url("pkg:github/redis/redis@6.0.0"),
			want: []string{"GIT https://github.com/redis/redis 6.0.0 weak", "Bitnami redis 6.0.0 weak"},
		},
		{
			name: "a commit, and the version it is of",
			in:   purl.Input{PURLs: []string{"pkg:github/redis/redis@a692f44567034dacf5efcaa24a24183788594eb7"}, Name: "redis", Version: "6.0.0"},
			want: []string{"GIT https://github.com/redis/redis a692f44567034dacf5efcaa24a24183788594eb7 weak", "GIT https://github.com/redis/redis 6.0.0 weak"},
		},
		{
			name: "a tag, and the version it is of",
			in:   purl.Input{PURLs: []string{"pkg:github/sqlite/sqlite@version-3.31.1"}, Name: "sqlite", Version: "3.31.1"},
			want: []string{"GIT https://github.com/sqlite/sqlite 3.31.1 weak", "Bitnami sqlite 3.31.1 weak"},
		},
		{
			name: "the version, and a tag",
			in:   purl.Input{PURLs: []string{"pkg:github/wolfSSL/wolfssl@4.7.0"}, Name: "wolfssl", Version: "v4.7.0-stable"},
			want: []string{"GIT https://github.com/wolfssl/wolfssl 4.7.0 weak"},
		},
		{
			name: "a tag of another version", contradiction: true,
			in: purl.Input{PURLs: []string{"pkg:github/sqlite/sqlite@version-3.31.1"}, Name: "sqlite", Version: "3.32.0"},
			want: []string{
				"GIT https://github.com/sqlite/sqlite 3.31.1 weak", "GIT https://github.com/sqlite/sqlite 3.32.0 weak",
				"Bitnami sqlite 3.31.1 weak", "Bitnami sqlite 3.32.0 weak",
			},
		},
		{in: url("pkg:github/freetype/freetype@VER-2-10-1"), want: []string{
			"GIT https://github.com/freetype/freetype 2.10.1 weak", "GIT https://gitlab.freedesktop.org/freetype/freetype 2.10.1 weak",
			"GIT https://github.com/freetype/freetype2-testing 2.10.1 weak",
		}},
		{
			name: "a repository, and the CPE of a language's package",
			in:   purl.Input{PURLs: []string{"pkg:github/jquery/jquery@1.6.1"}, Name: "jquery", Version: "1.6.1", CPEs: []string{"cpe:2.3:a:jquery:jquery:1.6.1:*:*:*:*:*:*:*"}},
			want: []string{"GIT https://github.com/jquery/jquery 1.6.1 weak", "npm jquery 1.6.1 weak"},
		},

		// References to repositories.
		{name: "vcs", in: purl.Input{Name: "transport", Version: "7.80.0", VCS: []string{"git+https://github.com/curl/curl.git"}}, want: []string{curl + "weak"}},
		{name: "vcs with a tag", in: purl.Input{Name: "transport", VCS: []string{"git+ssh://git@github.com/curl/curl.git@7.80.0"}}, want: []string{curl + "weak"}},
		{name: "vcs of npm", in: purl.Input{PURLs: []string{"pkg:npm/lodash@4.17.20"}, VCS: []string{"https://github.com/lodash/lodash"}}, want: []string{"npm lodash 4.17.20 strong"}},
		{name: "vcs that is none", in: purl.Input{Name: "a", Version: "1", VCS: []string{"NOASSERTION", "https://example.org", "../curl"}}, problem: purl.ProblemNoIdentifier},
		{in: url("pkg:generic/transport@7.80.0?vcs_url=git%2Bhttps://github.com/curl/curl.git%40curl-7_80_0"), want: []string{curl + "weak"}},
		{in: url("pkg:generic/transport?vcs_url=git%2Bhttps://github.com/curl/curl.git%407.80.0"), want: []string{curl + "weak"}},
		{in: url("pkg:generic/deflate@1.2.11?download_url=https://github.com/madler/zlib/archive/v1.2.11.tar.gz"), want: []string{zlib + "weak"}},

		// CPEs.
		{name: "CPE", in: purl.Input{Name: "x", Version: "1.1.1k", CPEs: []string{"cpe:2.3:a:openssl:openssl:1.1.1k:*:*:*:*:*:*:*"}}, want: []string{openssl + "weak"}},
		{name: "CPE, the version in it", in: purl.Input{Name: "x", CPEs: []string{"cpe:/a:haxx:libcurl:7.80.0"}}, want: []string{curl + "weak"}},
		{
			name: "CPEs of one project",
			in:   purl.Input{Name: "x", Version: "7.80.0", CPEs: []string{"cpe:2.3:a:haxx:curl:7.80.0:*:*:*:*:*:*:*", "cpe:2.3:a:haxx:libcurl:7.80.0:*:*:*:*:*:*:*", "cpe:/a:haxx:curl:7.80.0"}},
			want: []string{curl + "weak"},
		},
		{
			name:    "guessed CPEs",
			in:      purl.Input{Name: "x", Version: "1.2.11", CPEs: []string{"cpe:2.3:a:libz:libz:1.2.11:*:*:*:*:*:*:*", "cpe:2.3:a:zlib:zlib:1.2.11:*:*:*:*:*:*:*"}},
			want:    []string{zlib + "possible"},
			problem: purl.ProblemNoIdentifier, detail: "several products",
		},
		{
			name: "guessed CPEs of packages", problem: purl.ProblemNoIdentifier,
			in:   purl.Input{Name: "x", Version: "3.0.0", CPEs: []string{"cpe:2.3:a:x:x:3.0.0:*:*:*:*:*:*:*", "cpe:2.3:a:jquery:jquery:3.0.0:*:*:*:*:*:*:*"}},
			want: []string{"npm jquery 3.0.0 possible"},
		},
		{
			name: "an operating system that is one",
			in:   purl.Input{Type: "operating-system", Name: "x", Version: "3.2.0", CPEs: []string{"cpe:2.3:o:zephyrproject:zephyr:3.2.0:*:*:*:*:*:*:*"}},
			want: []string{"GIT https://github.com/zephyrproject-rtos/zephyr 3.2.0 weak"},
		},
		{
			name: "CPE, the version of a distribution", problem: purl.ProblemNoEcosystem, detail: "patches",
			in: purl.Input{Name: "x", Version: "1.1.1n-0+deb11u1", CPEs: []string{"cpe:2.3:a:openssl:openssl:1.1.1n-0\\+deb11u1:*:*:*:*:*:*:*"}},
		},

		// Package managers of C and C++.
		{in: url("pkg:conan/zlib@1.2.11"), want: []string{"ConanCenter zlib 1.2.11 strong", zlib + "weak"}},
		{in: url("pkg:vcpkg/curl@7.80.0"), want: []string{curl + "weak"}},
		{in: url("pkg:vcpkg/acme-pump@7.80.0"), problem: purl.ProblemNoEcosystem, detail: "vcpkg"},
		{in: url("pkg:bitnami/nginx@1.20.0"), want: []string{"Bitnami nginx 1.20.0 strong", "GIT https://github.com/nginx/nginx 1.20.0 weak"}},

		// Names.
		{in: url("pkg:generic/openssl@1.1.1k"), want: []string{openssl + "possible"}, problem: purl.ProblemNoEcosystem, detail: "generic"},
		{in: url("pkg:generic/openssl@1.1.1k?download_url=https://www.openssl.org/source/openssl-1.1.1k.tar.gz"), want: []string{openssl + "weak"}},
		{name: "name", in: purl.Input{Name: "OpenSSL", Version: "1.1.1k"}, want: []string{openssl + "possible"}, problem: purl.ProblemNoIdentifier},
		{name: "name and supplier", in: purl.Input{Name: "OpenSSL", Version: "1.1.1k", Suppliers: []string{"OpenSSL Software Foundation"}}, want: []string{openssl + "weak"}},
		{name: "name and another supplier", in: purl.Input{Name: "OpenSSL", Version: "1.1.1k", Suppliers: []string{"Acme Pumps"}}, want: []string{openssl + "possible"}, problem: purl.ProblemNoIdentifier},
		{name: "name with its maker", in: purl.Input{Name: "OpenSSL Project OpenSSL", Version: "1.1.1k"}, want: []string{openssl + "weak"}},
		{name: "name with a maker that is none", in: purl.Input{Name: "Acme OpenSSL", Version: "1.1.1k"}, problem: purl.ProblemNoIdentifier},
		{name: "name with the version", in: purl.Input{Name: "openssl-1.1.1k"}, want: []string{openssl + "possible"}, problem: purl.ProblemNoIdentifier},
		{name: "name with a placeholder", in: purl.Input{Name: "zlib 1.2.11", Version: "NOASSERTION"}, want: []string{zlib + "possible"}, problem: purl.ProblemNoIdentifier},
		{name: "name of a library's file", in: purl.Input{Name: "libcrypto-1_1-x64.dll", Version: "1.1.1k"}, want: []string{openssl + "possible"}, problem: purl.ProblemNoIdentifier},
		{name: "the number of an interface is no version", in: purl.Input{Name: "libz.so.1.2"}, want: []string{"GIT https://github.com/madler/zlib  possible"}, problem: purl.ProblemNoIdentifier},
		{name: "alias", in: purl.Input{Name: "Mbed TLS library", Version: "v2.28.0"}, want: []string{"GIT https://github.com/Mbed-TLS/mbedtls 2.28.0 possible", "GIT https://github.com/ARMmbed/mbedtls 2.28.0 possible"}, problem: purl.ProblemNoIdentifier},
		{name: "group", in: purl.Input{Group: "haxx", Name: "curl", Version: "7.80.0"}, want: []string{curl + "weak"}},
		{name: "group that repeats the name", in: purl.Input{Group: "zlib", Name: "zlib", Version: "1.2.11"}, want: []string{zlib + "possible"}, problem: purl.ProblemNoIdentifier},
		{name: "file", in: purl.Input{Type: "file", Name: "zlib"}, problem: purl.ProblemFile},
		{name: "file with a version", in: purl.Input{Type: "file", Name: "zlib", Version: "1.2.11"}, want: []string{"GIT https://github.com/madler/zlib 1.2.11 possible"}, problem: purl.ProblemNoIdentifier},
		{in: url("pkg:openssl/openssl@1.1.1k"), want: []string{openssl + "weak"}},
		{name: "broken URL", in: purl.Input{PURLs: []string{"pkg:generic/%zz"}, Name: "zlib", Version: "1.2.11"}, want: []string{zlib + "possible"}, problem: purl.ProblemInvalid, detail: "not valid"},

		// What bears the name and is not it.
		{in: url("pkg:npm/zlib@1.0.5"), want: []string{"npm zlib 1.0.5 strong"}},
		{name: "npm with a CPE", in: purl.Input{PURLs: []string{"pkg:npm/zlib@1.0.5"}, Name: "zlib", CPEs: []string{"cpe:2.3:a:zlib:zlib:1.0.5:*:*:*:*:*:*:*"}}, want: []string{"npm zlib 1.0.5 strong"}},
		{in: url("pkg:pypi/opencv@1.0"), want: []string{"PyPI opencv 1.0 strong"}},
		{name: "a Debian package", in: purl.Input{PURLs: []string{"pkg:deb/debian/curl@7.74.0-1.3?distro=debian-11"}, Name: "curl", VCS: []string{"https://github.com/curl/curl"}}, want: []string{"Debian:11 curl 7.74.0-1.3 strong"}},
		{name: "a package of no known distribution", in: purl.Input{PURLs: []string{"pkg:rpm/fedora/curl@7.80.0-1.fc35"}, Name: "curl", CPEs: []string{"cpe:2.3:a:haxx:curl:7.80.0:*:*:*:*:*:*:*"}}, problem: purl.ProblemNoEcosystem},
		{name: "a broken URL of Debian", in: purl.Input{PURLs: []string{"pkg:deb/debian/curl@%zz"}, Name: "curl", Version: "7.80.0", CPEs: []string{"cpe:2.3:a:haxx:curl:7.80.0:*:*:*:*:*:*:*"}}, problem: purl.ProblemInvalid},
		{in: url("pkg:yocto/core/curl@7.80.0"), problem: purl.ProblemNoEcosystem},
		{name: "a revision", in: purl.Input{Name: "curl", Version: "7.74.0-1.3"}, problem: purl.ProblemNoIdentifier},
		{name: "an epoch", in: purl.Input{Name: "zlib1", Version: "1:1.2.11"}, problem: purl.ProblemNoIdentifier},
		{name: "Alpine's revision", in: purl.Input{Name: "curl", Version: "7.80.0-r0"}, problem: purl.ProblemNoIdentifier},
		{name: "Red Hat's release", in: purl.Input{Name: "curl", Version: "7.80.0.el9"}, problem: purl.ProblemNoIdentifier},
		{name: "out of a package manager's files", in: purl.Input{Name: "curl", Version: "7.80.0", SourceInfo: "acquired package info from RPM DB: /var/lib/rpm"}, problem: purl.ProblemNoIdentifier},
		{name: "with a source package", in: purl.Input{Name: "libcurl", Version: "7.80.0", SourceName: "curl"}, problem: purl.ProblemNoIdentifier},
		{name: "a driver for it", in: purl.Input{Name: "sqlite jdbc", Version: "3.36.0"}, problem: purl.ProblemNoIdentifier},
	} {
		tt.run(t)
	}
}

// TestStrongestFirst: whatever the order in which a document names them.
func TestStrongestFirst(t *testing.T) {
	got := purl.Identify(&purl.Input{PURLs: []string{"pkg:npm/babel/traverse@7.0.0", "pkg:github/babel/babel@v7.0.0", "pkg:npm/%40babel/core@7.0.0"}})
	want := "npm @babel/core 7.0.0 strong"
	if lines(&got)[0] != want || got.Problem != purl.ProblemNone {
		t.Errorf("want %q first, got %q (%s)", want, lines(&got), got.Problem)
	}
	for i := 1; i < len(got.Packages); i++ {
		if got.Packages[i-1].Confidence < got.Packages[i].Confidence {
			t.Errorf("%q is behind a weaker one", line(&got.Packages[i]))
		}
	}
}

// TestUpstreamsAreNeverStrong: no repository is told for certain by a document.
func TestUpstreamsAreNeverStrong(t *testing.T) {
	for name, targets := range purl.Projects() {
		in := purl.Input{Name: name, Version: "1.0", Suppliers: []string{name}, VCS: targets[:1], CPEs: []string{"cpe:2.3:a:" + name + ":" + name + ":1.0"}}
		got := purl.Identify(&in)
		if len(got.Packages) == 0 {
			t.Errorf("%s: not identified by name, supplier and repository: %s", name, got.Detail)
		}
		for _, p := range got.Packages {
			if p.Confidence == purl.Strong {
				t.Errorf("%s: %s is strong", name, line(&p))
			}
		}
	}
}

func TestPlaceholders(t *testing.T) {
	for _, v := range []string{
		"", " ", "-", "${project.version}", "1.0.${rev}", "{{version}}", "%VERSION%", "@VERSION@", "UNKNOWN", "unknown", "NOASSERTION", "NONE",
		"N/A", "latest", "LATEST", "(devel)", "(unknown)", "HEAD", "main", "master", "trunk", "snapshot", "SNAPSHOT", "0.0.0-unspecified",
		"0.0.0-development", "0.0.0-semantically-released", "Not Specified", "null", "?", "TBD", "^1.2", ">=1.0", "1.*", "1.x", "[1.0,2.0)",
		"https://example.org/1.0",
	} {
		got := purl.Identify(&purl.Input{PURLs: []string{"pkg:npm/a"}, Version: v})
		if got.Problem != purl.ProblemNoVersion || len(got.Packages) != 1 || got.Packages[0].Version != "" {
			t.Errorf("%q: want no version, got %q (%q)", v, lines(&got), got.Problem)
		}
		if strings.TrimSpace(v) != "" && got.Detail == "" {
			t.Errorf("%q: no reason", v)
		}
	}
	for _, v := range []string{"0.0.0", "0.0.1-development", "1.0-SNAPSHOT", "0.0.0-20210101000000-abcdefabcdef", "1", "2024a", "r1", "1.0.0-latest", "main-1.2"} {
		got := purl.Identify(&purl.Input{PURLs: []string{"pkg:npm/a"}, Version: v})
		if got.Problem != purl.ProblemNone || got.Packages[0].Version != v {
			t.Errorf("%q: want it for a version, got %q (%q)", v, lines(&got), got.Problem)
		}
	}
}

// TestOddTypes: each type that is met and is none is mapped, or said to be none.
func TestOddTypes(t *testing.T) {
	for _, tt := range []identifyCase{
		{in: url("pkg:alpine/busybox@1.31-r1?distro=alpine-3.11"), want: []string{"Alpine:v3.11 busybox 1.31-r1 strong"}},
		{in: url("pkg:dotnet/a@1"), want: []string{"NuGet a 1 weak"}, detail: "repaired"},
		{in: url("pkg:dotnet-core/a@1"), want: []string{"NuGet a 1 weak"}},
		{in: url("pkg:rubygems/a@1"), want: []string{"RubyGems a 1 weak"}},
		{in: url("pkg:python/a@1"), want: []string{"PyPI a 1 weak"}},
		{in: url("pkg:pip/a@1"), want: []string{"PyPI a 1 weak"}},
		{in: url("pkg:node/a@1"), want: []string{"npm a 1 weak"}},
		{in: url("pkg:crates/a@1"), want: []string{"crates.io a 1 weak"}},
		{in: url("pkg:go/a.com/b@v1.0.0"), want: []string{"Go a.com/b 1.0.0 weak"}},
		{in: url("pkg:packagist/a/b@1"), want: []string{"Packagist a/b 1 weak"}},
		{in: url("pkg:julia/A@1.0"), want: []string{"Julia A 1.0 strong"}},
		{in: url("pkg:githubactions/a/b@v1"), want: []string{"GitHub Actions a/b v1 strong"}},
		{in: url("pkg:apache/http_server@2.4.49"), want: []string{"GIT https://github.com/apache/httpd 2.4.49 weak", "Bitnami apache 2.4.49 weak"}},
		{in: url("pkg:none/a@1"), problem: purl.ProblemNoEcosystem, detail: "a file"},
		{in: url("pkg:file/a@1"), problem: purl.ProblemNoEcosystem, detail: "a file"},
		{in: url("pkg:supplier/Acme/Pump@1"), problem: purl.ProblemNoEcosystem, detail: "is none"},
		{in: url("pkg:type/a@1"), problem: purl.ProblemNoEcosystem, detail: "is none"},
	} {
		tt.run(t)
	}
}

// TestRepository reads addresses as OSV and SBOMs write them.
func TestRepository(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"https://github.com/curl/curl", "https://github.com/curl/curl"},
		{"https://github.com/curl/curl.git", "https://github.com/curl/curl"},
		{"https://github.com/fluent/fluent-bit/", "https://github.com/fluent/fluent-bit"},
		{"HTTPS://GitHub.com/Mbed-TLS/mbedtls.git/", "https://github.com/Mbed-TLS/mbedtls"},
		{"http://www.github.com/curl/curl", "https://github.com/curl/curl"},
		{"git://code.qt.io/qt/qtbase.git", "https://code.qt.io/qt/qtbase"},
		{"git://people.freedesktop.org/~dvdhrm/libtsm", "https://people.freedesktop.org/~dvdhrm/libtsm"},
		{"git://git.code.sf.net/p/matio/matio", "https://git.code.sf.net/p/matio/matio"},
		{"git+https://git.myproject.org/MyProject.git@v1.0#sub/path", "https://git.myproject.org/MyProject"},
		{"scm:git:ssh://git@example.org:7999/a/b.git", "https://example.org/a/b"},
		{"git@github.com:curl/curl.git", "https://github.com/curl/curl"},
		{"https://user:secret@example.org/a.git", "https://example.org/a"},
		{"https://github.com/madler/zlib/archive/v1.2.11.tar.gz", "https://github.com/madler/zlib"},
		{"https://github.com/madler/zlib/tree/develop?x=1", "https://github.com/madler/zlib"},
		{"https://gitlab.com/a/b/c/-/tree/main", "https://gitlab.com/a/b/c"},
		{"https://a.example/b.git.git", "https://a.example/b"},
		{"https://github.com/curl", ""},
		{"https://github.com", ""},
		{"https://example.org/", ""},
		{"https://localhost/a", ""},
		{"file:///a/b.git", ""},
		{"NOASSERTION", ""},
		{"../a.git", ""},
		{"https://exa mple.org/a", ""},
		{"https://example.org/a b", ""},
		{"https://example.org/a\x1b[31m", ""},
		{"https://example.org/" + strings.Repeat("a", 600), ""},
		{"", ""},
	} {
		got := purl.Repository(tt.in)
		if got != tt.want {
			t.Errorf("%.80q: want %q, got %q", tt.in, tt.want, got)
		}
		if again := purl.Repository(got); again != got {
			t.Errorf("%.80q: not its own canonical form: %q", got, again)
		}
	}
	if got := purl.FoldName("GIT", "git://github.com/Mbed-TLS/mbedtls.git"); got != "https://github.com/mbed-tls/mbedtls" {
		t.Errorf("FoldName: got %q", got)
	}
	name := "https://github.com/curl/curl"
	if n := testing.AllocsPerRun(100, func() { _ = purl.FoldName("GIT", name) }); n != 0 {
		t.Errorf("FoldName of a canonical address: %v allocations", n)
	}
}

func FuzzIdentifyUpstream(f *testing.F) {
	f.Add("pkg:generic/openssl@1.1.1k?vcs_url=git%2Bhttps://github.com/openssl/openssl@x", "openssl", "OpenSSL Project OpenSSL 1.1.1k", "1.1.1k", "OpenSSL", "git@github.com:a/b.git", "cpe:2.3:a:openssl:openssl:1:*")
	f.Add("pkg:github/redis/redis@6", "haxx", "libz.so.1.2", "", "The Acme Co", "scm:git:ssh://a@b.c/d", "cpe:/o:linux:linux_kernel:5")
	f.Add("pkg:conan/zlib", "", "a-b_c.d e", "1:2-3", "", "https://gitlab.com/a/b/-/c", "cpe:/a:haxx:curl")
	f.Add("pkg:git/a.b/c@1", "", "7-zip", "-r0", "", "https://", "")
	f.Fuzz(func(t *testing.T, u, group, name, version, supplier, vcs, cpe string) {
		in := purl.Input{
			PURLs: []string{u}, Group: group, Name: name, Version: version, Suppliers: []string{supplier}, VCS: []string{vcs}, CPEs: []string{cpe, cpe + "x"},
		}
		got := purl.Identify(&in)
		for i := range got.Packages {
			p := &got.Packages[i]
			if p.Name == "" || p.Evidence == "" || i > 0 && got.Packages[i-1].Confidence < p.Confidence {
				t.Fatalf("incomplete, or out of order: %+v", *p)
			}
			if p.Ecosystem == "GIT" && (p.Confidence == purl.Strong || purl.Repository(p.Name) != p.Name) {
				t.Fatalf("no canonical repository, or strong: %+v", *p)
			}
		}
		if len(got.Packages) > 40 || len(got.Packages) == 0 && got.Problem == purl.ProblemNone {
			t.Fatalf("%d packages, problem %q", len(got.Packages), got.Problem)
		}
		r := purl.Repository(vcs)
		if purl.Repository(r) != r || strings.ContainsAny(r, " \x00\n\x1b\"'`$") || len(r) > len(vcs)+len("https://") {
			t.Fatalf("%q: not canonical: %q", vcs, r)
		}
		if folded := purl.FoldName("GIT", vcs); purl.FoldName("GIT", folded) != folded {
			t.Fatalf("%q: folding twice differs: %q", vcs, folded)
		}
	})
}

// TestTagsAgree: a tag and the version that it is of are no contradiction.
func TestTagsAgree(t *testing.T) {
	for _, tt := range []struct{ url, version string }{
		{"pkg:github/sqlite/sqlite@version-3.31.1", "3.31.1"},
		{"pkg:github/wolfSSL/wolfssl@v4.7.0-stable", "4.7.0"},
		{"pkg:github/wolfSSL/wolfssl@4.7.0", "v4.7.0-stable"},
		{"pkg:github/curl/curl@curl-7_80_0", "7.80.0"},
		{"pkg:github/openssl/openssl@OpenSSL_1_1_1k", "1.1.1k"},
	} {
		got := purl.Identify(&purl.Input{PURLs: []string{tt.url}, Version: tt.version})
		if got.Contradiction {
			t.Errorf("%s, %s: %s", tt.url, tt.version, got.Detail)
		}
	}
}

// TestUpstreamName tells names that are those of a project alone.
func TestUpstreamName(t *testing.T) {
	for name, want := range map[string]bool{"OpenSSL": true, "libcurl": true, "opencv": true, "tomcat": false, "tensorflow": false, "left-pad": false} {
		if got := purl.Identify(&purl.Input{Name: name, Version: "1.0"}); got.Upstream != want {
			t.Errorf("%s: want %v", name, want)
		}
	}
}
