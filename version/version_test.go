// SPDX-License-Identifier: Apache-2.0

package version

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSchemeOf(t *testing.T) {
	t.Parallel()
	want := map[string]Scheme{
		"npm": SemVer, "crates.io": SemVer, "Hex": SemVer, "Bitnami": Bitnami, "SwiftURL": SemVer, "GHC": SemVer,
		"Bioconductor": SemVer, "ConanCenter": SemVer, "Docker Hardened Images": SemVer,
		"Go": Go, "Julia": SemVerBuild, "Pub": SemVerBuild, "NuGet": NuGet,
		"Packagist": Packagist, "Packagist:https://packages.drupal.org/8": Packagist,
		"PyPI": PyPI, "RubyGems": RubyGems, "Maven": Maven, "Maven:https://repo1.maven.org/maven2": Maven,
		"Debian": Debian, "Debian:11": Debian, "Ubuntu:Pro:20.04:LTS": Debian, "opam": Opam,
		"AlmaLinux:9": RPM, "Red Hat:rhel_aus:8.6::appstream": RPM, "Rocky Linux:8": RPM, "SUSE:Linux Enterprise Server 15 SP5": RPM,
		"openSUSE:Leap 15.5": RPM, "openEuler:22.03-LTS": RPM, "Mageia:9": RPM, "Azure Linux:3": RPM, "Photon OS:5.0": RPM,
		"Alpine:v3.11": Alpine, "Alpaquita:23": Alpine, "BellSoft Hardened Containers:25": Alpine, "Chainguard": Alpine,
		"Wolfi": Alpine, "MinimOS": Alpine, "CRAN": CRAN, "Hackage": Hackage, "Homebrew": Homebrew,
		"GIT": Upstream, "OSS-Fuzz": 0, "Android": 0, "": 0, ":11": 0, "NPM": 0, "nonsense": 0,
	}
	got := map[string]Scheme{}
	for ecosystem := range want {
		s, ok := SchemeOf(ecosystem)
		if got[ecosystem] = s; ok != (s != 0) {
			t.Errorf("%q: scheme %d and %v", ecosystem, s, ok)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("schemes (-want +got):\n%s", diff)
	}
}

// refusals are texts that are not comparable, and a part of the reason.
var refusals = []struct {
	ecosystem, text, reason string
}{
	{"npm", "1.x", "wildcard"},
	{"npm", "1.2.X", "wildcard"},
	{"npm", "^1.2.3", "range"},
	{"npm", "~1.2.3", "range"},
	{"npm", ">=1.0.0 <2.0.0", "range"},
	{"npm", "=1.0.0", "range"},
	{"npm", "file:../local", "URL"},
	{"npm", "github:owner/name#1.0.0", "not a version"},
	{"npm", "1.0.0-", "not a version"},
	{"npm", "1.0.0-a..b", "not a version"},
	{"npm", "1.0.0+", "not a version"},
	{"npm", "1..0", "not a version"},
	{"npm", "1.0.", "not a version"},
	{"npm", "1.0.0-beta!", "not a version"},
	{"npm", "next", "not a version of semver"},
	{"npm", "7c9e6679f1d2", "not a version"},
	{"ConanCenter", "1.1.1k", "not a version"},
	{"ConanCenter", "cci.20200101", "not a version"},
	{"Bitnami", "nightly.2026-03-10.0", "not a version"},
	{"Go", "(devel)", "placeholder"},
	{"Go", "go", "not a version"},
	{"Go", "1.21rc2foo", "not a version"},
	{"crates.io", "1.0 .0", "in no version"},
	{"NuGet", "[1.0,2.0)", "range"},
	{"NuGet", "1.0.*", "wildcard"},
	{"NuGet", "1.2.3.4.5", "not a version of NuGet"},
	{"Packagist", "dev-master", "branch"},
	{"Packagist", "1.x-dev", ""},
	{"Packagist", "1.2.3.4.5", "not a version"},
	{"Packagist", "1.0.0-foo", "not a version"},
	{"Packagist", "2.0-1", "not a version"},
	{"PyPI", "not a version!!", "in no version"},
	{"PyPI", "1.0.*", "wildcard"},
	{"PyPI", "0.1-bulbasaur", "not a version of PyPI"},
	{"PyPI", "1.0+", "not a version"},
	{"PyPI", "1.0+a..b", "not a version"},
	{"PyPI", "!1.0", "not a version"},
	{"PyPI", "1.0post1rc1", "not a version"},
	{"RubyGems", "v1.0", "not a version"},
	{"RubyGems", "1.0_1", "not a version"},
	{"RubyGems", "1..2", "not a version"},
	{"RubyGems", "1a", "not a version"},
	{"RubyGems", "1.0-", "not a version"},
	{"RubyGems", "~> 1.0", ""},
	{"Maven", "${project.version}", "placeholder"},
	{"Maven", "[1.0,2.0)", "range"},
	{"Maven", "UNKNOWN", "placeholder"},
	{"Maven", "unspecified", "placeholder"},
	{"Maven", "SNAPSHOT", "placeholder"},
	{"Maven", "1.x", "wildcard"},
	{"Maven", "1.0/2", "not a version"},
	{"Maven", "1.0\x1b[31m", "range"},
	{"Maven", "1.0\x7f", "in no version"},
	{"Maven", "1.0é", "in no version"},
	{"Maven", "9fd7a2c", "not a version"},
	{"Debian", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "not a version"},
	{"Debian", "<unfixed>", "range"},
	{"Debian", "1.0-", "not a version"},
	{"Debian", "a:1.0", "not a version"},
	{"Debian", ":1.0", "not a version"},
	{"Debian", "1:", "not a version"},
	{"Debian", "1.0_2", "not a version"},
	{"Debian", "kernel-image-2.4.17-ia64", "not a version"},
	{"opam", "dev", "placeholder"},
	{"opam", "1.0:2", "not a version"},
	{"Red Hat", "1.0-1-2", "not a version"},
	{"Red Hat", "1.0-", "not a version"},
	{"Red Hat", ":1.0-1", "not a version"},
	{"Red Hat", "1:", "not a version"},
	{"Red Hat", "epoch:1.0", "not a version"},
	{"Red Hat", "2.x", "wildcard"},
	{"Alpine", "1.11-20-r0", "not a version"},
	{"Alpine", "0.8.21.r2-", "not a version"},
	{"Alpine", "1.0_foo", "not a version"},
	{"Alpine", "1.0-r", "not a version"},
	{"Alpine", "a", "not a version"},
	{"CRAN", "1.0a", "not a version"},
	{"CRAN", "1.-2", "not a version"},
	{"CRAN", "1.+2", "not a version"},
	{"Hackage", "1-2", "not a version"},
	{"Homebrew", "1.0-rc1", "not a version"},
	{"Homebrew", "1.0_", "not a version"},
	{"Homebrew", "HEAD-abc123", "not a version"},
	{"OSS-Fuzz", "1.0", "no version scheme"},
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, r := range refusals {
		s, _ := SchemeOf(r.ecosystem)
		v, err := s.Parse(r.text)
		if err == nil {
			t.Errorf("%s %q: want an error, got key %x", r.ecosystem, r.text, v.Key())
		} else if !strings.Contains(err.Error(), r.reason) || !strings.Contains(err.Error(), "not comparable") {
			t.Errorf("%s %q: want %q in the error, got %q", r.ecosystem, r.text, r.reason, err)
		}
	}
}

// TestRefusedByAll has what no scheme may take for a version.
func TestRefusedByAll(t *testing.T) {
	t.Parallel()
	texts := []string{
		"", " ", "\t\r\n", "*", "x", "latest", "LATEST", "unknown", "Unknown", "(unknown)", "NOASSERTION", "none", "null", "n/a",
		"N/A", "(devel)", "devel", "HEAD", "master", "main", "${version}", "${revision}1", "{{ version }}", "@VERSION@", "%VERSION%1",
		">=1.2", "^1", "^1.2.3", "~>1.2", "<2", "!=1.0", "==1.0", "[1,2)", "(1.0,]", "1.0,2.0", "1.0 - 2.0", "1.0||2.0", "1.x",
		"1.2.x", "1.*", "https://example.org/a-1.0.tgz", "git+ssh://git@example.org/a.git#1.0", "file:a-1.0.tgz", "../a/1.0",
		`C:\a\1.0`, "1.0\n2.0", "1.0\x00", "\x1b[2J1.0", "1.0\u202e", "١.٠", "1.0 beta", "1.0;rm", "1.0'", `1.0"`, "1.0`", "1.0|a", "1.0&a",
		"1.0#a", "1.0?", "1.0=2", "-", ".", "+", "-1.0.*", strings.Repeat("1.", 300) + "1", strings.Repeat(" ", 600) + "1",
	}
	for s := Scheme(0); int(s) <= schemes; s++ {
		for _, text := range texts {
			dst := []byte("abc")
			if key, ok := s.AppendKey(dst, text); ok || string(key) != "abc" {
				t.Errorf("%s: %q: want no key and the slice as it was, got %v, %x", s, text, ok, key)
			}
			if _, err := s.Parse(text); err == nil {
				t.Errorf("%s: %q: want an error, got none", s, text)
			} else if len(err.Error()) > 400 || strings.ContainsAny(err.Error(), "\x00\x1b\n\u202e") {
				t.Errorf("%s: %q: error is long or raw: %q", s, text, err)
			}
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	v := mustParse(t, "npm", " v1.2.3\n")
	if diff := cmp.Diff([]string{"v1.2.3", "semver", "11121" + "3fe"}, []string{v.String(), v.Scheme().String(), fmt.Sprintf("%x", v.Key())}); diff != "" {
		t.Errorf("v1.2.3 (-want +got):\n%s", diff)
	}
	var zero Version
	if zero.Key() != nil || zero.Compare(v) != -1 || v.Compare(zero) != +1 || zero.Compare(zero) != 0 {
		t.Errorf("the zero Version: key %x, order %d", zero.Key(), zero.Compare(v))
	}
	if got := mustParse(t, "npm", "9").Compare(mustParse(t, "PyPI", "1")); got != -1 {
		t.Errorf("versions of two schemes: want order by scheme, got %d", got)
	}
	for s := SemVer; int(s) < schemes; s++ {
		if _, ok := ecosystemOf[s]; !ok || s.String() == Scheme(0).String() {
			t.Errorf("scheme %d has no ecosystem to test with or no name", s)
		}
	}
}

// TestHostileTexts has long texts that are hard on backtracking, recursion and
// quadratic parsers; each must be dealt with at once, accepted or not.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"0", "9", "1.", "0.", "1-", "a", "a1", "1a", "-", "--", "~", "^", "_p", "_alpha", ".pre", "1.a.0.", "!", "12", "2010", "1.0-", "rc.", "+a", "a.0."} {
		for _, start := range []string{"", "1", "1-", "1.0-a.", "1a.0."} {
			text := (start + strings.Repeat(unit, maxLength))[:maxLength]
			for s := SemVer; int(s) < schemes; s++ {
				for _, text := range []string{text, text[:maxLength-1] + "1", text + "1"} {
					if key, ok := s.AppendKey(nil, text); ok && len(key) > 8*maxLength {
						t.Errorf("%s: %.20q…: a key of %d bytes", s, text, len(key))
					}
				}
			}
		}
	}
}

func TestAppendKeyAllocatesNothing(t *testing.T) {
	dst := make([]byte, 0, 256)
	for _, b := range benchmarks {
		s, _ := SchemeOf(b.ecosystem)
		got := testing.AllocsPerRun(10, func() {
			for _, text := range b.texts {
				if _, ok := s.AppendKey(dst, text); !ok {
					t.Errorf("%s: %q not comparable", s, text)
				}
			}
		})
		if got != 0 {
			t.Errorf("%s: want no allocation, got %v", s, got)
		}
	}
}

var benchmarks = []struct {
	ecosystem string
	texts     []string
}{
	{"npm", []string{"4.17.21", "1.0.0-beta.11", "v16.20.2"}},
	{"Go", []string{"1.21.3", "v0.0.0-20191109021931-daa7c04131f5", "2.0.0+incompatible"}},
	{"Julia", []string{"1.1.10+0", "3.0.8", "1.12.0-rc1"}},
	{"NuGet", []string{"13.0.1", "4.3.0.1", "6.0.0-preview.1"}},
	{"Packagist", []string{"v5.4.0", "1.0.0-beta1", "10.3.2"}},
	{"PyPI", []string{"2.31.0", "1.0rc1.post2", "3.0.0+cpu"}},
	{"RubyGems", []string{"7.0.4.3", "6.0.0.beta3", "1.13.4-x86_64-linux"}},
	{"Maven", []string{"2.14.1", "9.4.33.v20201020", "5.2.20.RELEASE", "1331.v003efa_fd6e81"}},
	{"Debian", []string{"1.1.1n-0+deb11u3", "2:8.39-13", "5.10.0~rc1-1"}},
	{"opam", []string{"4.14.0", "1.0~beta2"}},
	{"AlmaLinux", []string{"1:1.1.1k-5.el8_5", "4.18.0-477.27.1.el8_8"}},
	{"Alpine", []string{"1.36.1-r5", "9.1_p1-r2", "3.0.0_rc2-r0"}},
	{"CRAN", []string{"0.4-12", "1.2.3"}},
	{"Hackage", []string{"0.20110401", "1.6.23.0"}},
	{"Homebrew", []string{"3.0_1", "1.81.6_6"}},
	{"Bitnami", []string{"2.4.50", "2.4.50-3", "2.4.50-debian-11-r3"}},
	{"GIT", []string{"1.1.1k", "7.80.0", "3.0.0-alpha17", "6.9.10-34"}},
}

func BenchmarkAppendKey(b *testing.B) {
	for _, bench := range benchmarks {
		s, _ := SchemeOf(bench.ecosystem)
		b.Run(bench.ecosystem, func(b *testing.B) {
			dst := make([]byte, 0, 256)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, ok := s.AppendKey(dst, bench.texts[i%len(bench.texts)]); !ok {
					b.Fatal("not comparable")
				}
			}
		})
	}
}

func BenchmarkCompare(b *testing.B) {
	v, w := mustParse(b, "Maven", "9.4.33.v20201020"), mustParse(b, "Maven", "9.4.34")
	for b.Loop() {
		if v.Compare(w) != -1 {
			b.Fatal("order")
		}
	}
}

func ExampleScheme_Parse() {
	s, _ := SchemeOf("Debian:11")
	fixed, _ := s.Parse("1.1.1n-0+deb11u3")
	for _, text := range []string{"1.1.1n-0+deb11u2", "1.1.1n-0+deb11u10", "latest"} {
		v, err := s.Parse(text)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(v, v.Compare(fixed) < 0)
	}
	// Output:
	// 1.1.1n-0+deb11u2 true
	// 1.1.1n-0+deb11u10 false
	// version "latest" not comparable: a placeholder
}

func ExampleVersion_Compare() {
	s, _ := SchemeOf("PyPI")
	var versions []Version
	for _, text := range []string{"1.0", "1.0.post1", "1.0rc1", "1.0.dev3"} {
		v, err := s.Parse(text)
		if err != nil {
			panic(err)
		}
		versions = append(versions, v)
	}
	slices.SortFunc(versions, Version.Compare)
	fmt.Println(versions)
	// Output: [1.0.dev3 1.0rc1 1.0 1.0.post1]
}
