// SPDX-License-Identifier: Apache-2.0

package version

import (
	"strings"
	"testing"
)

// orders are published and well-known orders; each is checked in all its pairs.
var orders = []struct {
	ecosystem, source, order string
}{
	{
		"npm", "semver.org item 11",
		"1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-alpha.beta < 1.0.0-beta < 1.0.0-beta.2 < 1.0.0-beta.11 < 1.0.0-rc.1 < 1.0.0 < 2.0.0 < 2.1.0 < 2.1.1",
	},
	{"npm", "semver.org item 10", "1.0.0-alpha+001 = 1.0.0-alpha < 1.0.0+20130313144700 = 1.0.0+21AF26D3----117B344092BD = 1.0.0 = v1.0.0 = 1 = 1.0 = 1.0.0.0"},
	{"npm", "real SEMVER bounds", "1.0RC1 < 1.0RC2 < 1.0 < 1.5.1 < 1.5.1.1 < 1.5.1.2 < 1.5.2 < 1.6.0 < 1.6.0.2 < 1.6.1-0 < 1.6.1 < 3.0.RC3 < 3.0 < 8.0 < 10.3 < 10.30"},
	{"npm", "pre-release of a fourth number", "1.2.3 < 1.2.3.4-beta < 1.2.3.4 < 1.2.3.4.1 < 1.2.3.5"},
	{"crates.io", "RustSec's bound for all pre-releases", "0.0.0-0 < 0.0.0-alpha < 0.0.0 < 1.2.0-0 < 1.2.0-alpha < 1.2.0"},
	{"Hex", "semver", "1.0.0-rc.1 < 1.0.0-rc.10 < 1.0.0"},
	{"Bitnami", "a date", "2018.08.18 = 2018.8.18 < 2018.08.19"},
	{"Bitnami", "revisions of the package", "2.4.50-rc.1 < 2.4.50 = 2.4.50-0 = 2.4.50-r0 = v2.4.50 < 2.4.50-1 = 2.4.50-r1 = 2.4.50-debian-11-r1 < 2.4.50-r9 < 2.4.50-10 = 2.4.50-photon-5-r10 < 2.4.50.1 < 2.4.51-alpha < 2.4.51"},
	{"Bitnami", "pseudo-versions and builds of others are pre-releases", "0.0.0-20250806193153-183891f8d535 < 0.0.0-20250807212521-c52795c1ef74 < 0.0.0 < 2.4.46-10.el8 < 2.4.46"},
	{
		"Go", "go.dev/ref/mod#pseudo-versions",
		"0.0.0-20190101000000-aaaaaaaaaaaa < 0.0.0-20191109021931-daa7c04131f5 < 0.0.0 < v1.2.3-pre.0.20191109021931-daa7c04131f5 < 1.2.4-0.20191109021931-daa7c04131f5 < v1.2.4 = 1.2.4 < 2.0.0+incompatible = v2.0.0",
	},
	{"Go", "golang.org/x/vuln, GoTagToSemver", "1.21-0 < go1.21beta1 = 1.21.0-beta.1 < go1.21rc2 = 1.21.0-rc.2 < 1.21rc3 < go1.21 = go1.21.0 = 1.21.0 < go1.21.1 < go1.22"},
	{"Julia", "VersionNumber, JLL packages", "1.1.10-rc1 < 1.1.10-rc1+0 < 1.1.10 < 1.1.10+0 < 1.1.10+1 < 1.1.10+2 < 1.1.10+10 < 1.1.10+a < 1.1.11"},
	{"Pub", "pub_semver", "1.0.0-dev.29 < 1.0.0-dev.29+1 < 1.0.0-dev.29.1 < 1.0.0 < 1.0.0+1 < 1.0.0+2 < 1.0.0+10 < 1.0.0+build < 1.0.1"},
	{
		"NuGet", "learn.microsoft.com/nuget/concepts/package-versioning",
		"1.0.1-aaa < 1.0.1-alpha < 1.0.1-ALPHA2 < 1.0.1-beta < 1.0.1-open < 1.0.1-rc.2 < 1.0.1-rc.10 < 1.0.1-rc2 = 1.0.1-RC2+sha < 1.0.1-zzz < 1.0.1 = 1.0.1.0 = 1.00.01 < 1.0.1.1",
	},
	{
		"Packagist", "Composer's VersionParser and PHP's version_compare",
		"1.0-dev < 1.0.0-alpha < 1.0a1 = 1.0.0-ALPHA1 < 1.0-alpha.2 < 1.0-beta3-dev < 1.0-beta3 < 1.0-RC1 = 1.0rc1 < 1.0 = v1.0.0 = V1.0.0.0 = 1.0-stable = 1.0.0+build < 1.0-p1 = 1.0pl1 = 1.0-patch1 < 1.0.0.1 < 1.0.1 < v5.4.0 < 2010.01.02.1555 < 20100102 < 20100102.1",
	},
	{
		"PyPI", "PEP 440, Summary of permitted suffixes and relative ordering",
		"1.dev0 < 1.0.dev456 < 1.0a1 < 1.0a2.dev456 < 1.0a12.dev456 < 1.0a12 < 1.0b1.dev456 < 1.0b2 < 1.0b2.post345.dev456 < 1.0b2.post345 < 1.0rc1.dev456 < 1.0rc1 < 1.0rc1.post0 < 1.0 < 1.0+abc.5 < 1.0+abc.7 < 1.0+5 < 1.0.post456.dev34 < 1.0.post456 < 1.0.15 < 1.1.dev1 < 1!0.1",
	},
	{
		"PyPI", "PEP 440, on normal forms",
		"1.1RC1 = 1.1rc1 = 1.1.rc1 = 1.1-c1 = 1.1_pre_1 = v1.1preview1 = 1.1.0rc1 < 1.1 = 01.01 = 1.1.0.0 = 0!1.1 < 1.1.post = 1.1-0 = 1.1.rev0 = 1.1-r0 < 1.1-1 = 1.1post1 < 1.1.1a = 1.1.1alpha0 < 1.1.1.beta-2",
	},
	{"PyPI", "PEP 440, Local version segments", "1.0 < 1.0+ubuntu < 1.0+ubuntu.1 = 1.0+UBUNTU-1 = 1.0+ubuntu_01 < 1.0+ubuntu.2"},
	{
		"RubyGems", "Gem::Version",
		"1.0.a < 1.0.a.2 < 1.0.b1 = 1.0.0.b.1 < 1.0.pre.beta = 1.0-beta < 1.0.pre.rc.1 = 1.0-rc.1 < 1.0.rc1 = 1.0.rc.1 < 1.0 = 1 = 1.0.0 < 1.0.1 < 1.10.9 = 1.10.9-x86_64-linux = 1.10.9-java = 1.10.9-arm64-darwin < 1.13.4",
	},
	{"RubyGems", "zeros between words", "1.a.0.b < 1.a.0.0.b < 1.a = 1.a.0.0 = 1.a.0 < 1.a.0.0.1 < 1.a.0.1 < 1.a.1 < 1"},
	{
		"Maven", "maven.apache.org/pom.html, Version Order Specification",
		"1-alpha2-snapshot < 1-alpha2 = 1-alpha-2 = 1a2 < 1-alpha-123 < 1-beta-2 = 1.b2 < 1-beta123 < 1-m2 < 1-m11 < 1-rc = 1-cr < 1-rc2 < 1-SNAPSHOT < 1 = 1.0 = 1-ga = 1.0.final = 1.RELEASE = 1.0.0-0 < 1-sp < 1-sp2 < 1-abc < 1-def < 1-pom-1 < 1-1-snapshot < 1-1 = 1.0-1 < 1-2 < 1-123 < 1.1 < 1.1-foo = 1.1.foo < 1.1-1 < 1.1.1",
	},
	{"Maven", "real ones", "5.2.20.M1 < 5.2.20.RC1 = 5.2.20-rc-1 < 5.2.20.RELEASE = 5.2.20 < 9.4.33.v20201020 < 9.4.34 < 32.0.0-android < 32.0.0-jre < 32.0.1 < 839.v35e2736cfd5c < 1331.v003efa_fd6e81"},
	{"Maven", "MNG-7644", "1.0.0.X1 < 1.0.0-X2 = 1-X-2"},
	{
		"Debian", "Debian Policy 5.6.12",
		"1.0~~ < 1.0~~a < 1.0~ < 1.0~beta1 < 1.0 = 1.0-0 = 0:1.0 < 1.0-0+b1 < 1.0-1~bpo9+1 < 1.0-1 < 1.0-1+deb9u1 < 1.0-1.1 < 1.0a < 1.0+dfsg-1 < 1.0.1-1 < 1.2 = 1.02 < 1.10 < 1:0.1 < 2:0.1",
	},
	{"Ubuntu", "real ones", "1.1.1f-1ubuntu2 < 1.1.1f-1ubuntu2.16 < 3.0.2-0ubuntu1 < 3.0.2-0ubuntu1.10"},
	{"opam", "opam manual, Version ordering", "0.1~beta2 < 0.1~beta10 < 0.1 < 1.0~beta < 1.0 < 1.0-test < 1.0.1 < 1.0.10"},
	{
		"Red Hat", "rpm, tests/rpmvercmp.at",
		"1.0~rc1~git123 < 1.0~rc1 < 1.0~rc1^git1 < 1.0~rc2 < 1.0 < 1.0^ < 1.0^git1~pre < 1.0^git1 < 1.0^git2 < 1.0a < 1.0aa < 1.0.1 < 1.01.1 < 2_0 = 2.0 = 2..0 < 2.0.1 < 2.0.1a < 4.999.9 < 5.0 < 5.5p1 < 5.5p2 < 5.5p10 < 6.0 < 6.0.rc1 < 6.5p1 < 10.0001 = 10.1 < 10.0039 < 20101121 < 20101122 < 1:0.1",
	},
	{"AlmaLinux", "words before numbers", "xyz.4 < xyz10 < xyz10.1 < 2 < 8"},
	{"AlmaLinux", "epoch and release", "1.1.1k < 1.1.1k-6.el8 < 1.1.1k-6.el8_5 < 1.1.1k-12.el8_9 < 1:1.1.1k-4.el8 < 1:1.1.1k-5.el8_5"},
	{
		"Alpine", "apk_version_compare",
		"1.0_alpha_pre2 < 1.0_alpha < 1.0_alpha2 < 1.0_beta < 1.0_pre1 < 1.0_rc1-r1 < 1.0 < 1.0-r0 < 1.0-r9 < 1.0-r10 < 1.0~0a1-r0 < 1.0_git20230801 < 1.0_p1-r0 < 1.0_p1-r2 < 1.0_p9-r0 < 1.0_p10-r0 < 1.0a < 1.0b-r1 < 1.0.0 < 1.0.00 < 1.0.01 < 1.0.09 < 1.0.1 < 1.0.10 < 1.02 < 1.1 < 1.10 < 006 < 013 < 20050718-r1",
	},
	{"Alpaquita", "real ones", "0.12.5.-r0 = 0.12.5-r0 < 0.12.5-r1 < 8u372_p7-r0 < 8u372_p7-r1 < 8u392_p9-r1 < 8.1"},
	{"GHC", "releases", "9.2.8 < 9.4.1-alpha1 < 9.4.1 < 9.4.7 < 9.6.1"},
	{"Hex", "hexdocs.pm/elixir/Version", "1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-beta < 1.0.0-beta.2 < 1.0.0-beta.11 < 1.0.0-rc1 < 1.0.0 = 1.0.0+build < 2.0.0-dev < 2.0.0"},
	{"Pub", "pub_semver's README, and dart.dev on build numbers", "1.2.3-dev < 1.2.3-dev.2 < 1.2.3 < 1.2.3+1 < 1.2.3+1.1 < 1.2.3+hotfix.oopsie < 1.2.4"},
	{"Julia", "docs.julialang.org, Base.VersionNumber", "0.2.0-alpha < 0.2.0-rc1 < 0.2.0-rc1+1 < 0.2.0 = v0.2 < 0.2.0+1 < 0.2.1 < 0.3.0"},
	{"RubyGems", "Gem::Version's own comment", "0.0.beta < 0.2.beta < 1.0.a10 < 1.0.a.10.1 < 1.0.b1 < 1.0.b.2 < 1.0 < 1.0.0.1 < 1.8.2.b < 1.8.2 < 1.9.a < 1.9.3.alpha.5 < 1.9.3 < 1.10"},
	{"NuGet", "SemVer 2 pre-releases and fourth numbers", "2.0.0-alpha.9 < 2.0.0-alpha.10 < 2.0.0-beta < 2.0.0 = 2.0 = 2 = 2.0.0.0 < 2.0.0.1-beta < 2.0.0.1"},
	{"Hackage", "pvp.haskell.org: A.B.C by number, the longer later", "1.0.9 < 1.0.10 < 1.0.10.0 < 1.1 < 1.1.0 < 2.0"},
	{"Homebrew", "revisions and dates", "2024.1.1 < 2024.01.02 < 2024.10.1 = 2024.10.1_0 < 2024.10.1_1 < 2024.10.1_10"},
	{"Debian", "deb-version(7)", "1.0~beta1~svn1245 < 1.0~beta1 < 1.0 < 1.0-1~exp1 < 1.0-1 < 1.0-1+b1 < 1.0-2 < 1:0.9 = 01:0.9 = 1:0.9-0"},
	{"opam", "opam.ocaml.org/doc/Manual.html, Version ordering", "0.1~~ < 0.1~ < 0.1~beta2 < 0.1~beta10 < 0.1 < 1.0~beta < 1.0 < 1.0-test < 1.0.1 < 1.0.10 < dev1 < trunk1"},
	{"Alpine", "apk-tools, test/version.data", "0.1_pre2 < 0.1.0_alpha_pre2 < 0.1.0_alpha < 0.1.0_beta < 0.1.0 < 0.1.1 < 1.0 < 1.0.1-r1 < 1.0.1-r2 < 1.0.3 < 1.2 < 2.0"},
	{"Maven", "ComparableVersion's Javadoc", "1-a1 = 1-alpha-1 < 1-beta < 1-milestone < 1-rc = 1-cr < 1-snapshot < 1 = 1-ga = 1-final < 1-sp < 1-unknown < 1-1 < 1.1"},
	{"CRAN", "R: compareVersion", "1.2-9 < 1.2.10 = 1.2-10 < 1.2.10.1 < 1.3"},
	{"CRAN", "R: package_version", "0.1 < 0.1-0 = 0.1.0 < 0.1-1 < 0.1.10 < 1 < 1.0"},
	{"Hackage", "Data.Version", "0.1 < 0.1.0 < 0.1.0.0 < 0.2.0.0 < 0.20110401"},
	{"Homebrew", "PkgVersion", "3.0 = 3 < 3.0_1 = 3.0.0_1 < 3.0_8 < 3.0a < 3.0.0w_1 < 3.0.1 < 3.10"},
	{"npm", "numbers beyond 64 bits", "1.0.255 < 1.0.256 < 1.0.65535 < 1.0.65536 < 1.0.9999999999999999999 < 1.0.10000000000000000000 < 1.0.18446744073709551616 < 1.0.000018446744073709551617 < 1.0.123456789012345678901234567890"},
}

func TestOrders(t *testing.T) {
	t.Parallel()
	for _, o := range orders {
		t.Run(o.ecosystem+" "+o.source, func(t *testing.T) {
			t.Parallel()
			fields := strings.Fields(o.order)
			ranks := make([]int, len(fields))
			for i := 2; i < len(fields); i += 2 {
				if ranks[i] = ranks[i-2]; fields[i-1] == "<" {
					ranks[i]++
				}
			}
			for i := 0; i < len(fields); i += 2 {
				for j := 0; j < len(fields); j += 2 {
					want := sign(ranks[i] - ranks[j])
					if got := mustParse(t, o.ecosystem, fields[i]).Compare(mustParse(t, o.ecosystem, fields[j])); got != want {
						t.Errorf("%s and %s: want %d, got %d", fields[i], fields[j], want, got)
					}
				}
			}
		})
	}
}
