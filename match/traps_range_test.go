// SPDX-License-Identifier: Apache-2.0

package match_test

import "github.com/medsbom/medsbom/sbom"

const otherLine = " (no fix in the component's own major line is named)"

// rangeTraps are the traps of ranges and versions, 1 to 15.
var rangeTraps = []trap{
	{
		"01-equal-versions-in-any-order",
		[]filed{
			// BIT-apache-2021-42013: fixed, then introduced.
			rec("Bitnami", "T01-REOPEN", "", of("Bitnami", "t01-reopen", ranges("SEMVER", "introduced 2.4.49, fixed 2.4.50, introduced 2.4.50, fixed 2.4.51"))),
			// RUSTSEC-2022-0012: introduced, then fixed.
			rec("crates.io", "T01-EMPTY", "", of("crates.io", "t01-empty", ranges("SEMVER", "introduced 0.0.0-0, fixed 0.7.1, introduced 0.10.0, fixed 0.10.0"))),
			// OSEC-2017-01: fixed before introduced.
			rec("opam", "T01-BACK", "", of("opam", "t01-back", ranges("ECOSYSTEM", "fixed 4.04.2, introduced 4.04"))),
			rec("npm", "T01-MIXED", "", of("npm", "t01-mixed", ranges("SEMVER", "introduced 3.0.0, fixed 2.5.0, introduced 0, fixed 1.5.0, introduced 2.0.0"))),
			// One bound that is no version keeps the builder from sorting; the rest still decides.
			rec("npm", "T01-ODD", "", of("npm", "t01-odd", ranges("SEMVER", "introduced 3.0.0, fixed ??, introduced 1.0.0, fixed 2.0.0"))),
		},
		[]check{
			{of: "pkg:bitnami/t01-reopen@2.4.49", want: "assessed; strong T01-REOPEN [>= 2.4.49, < 2.4.50] fixed 2.4.51"},
			{of: "pkg:bitnami/t01-reopen@2.4.50", want: "assessed; strong T01-REOPEN [>= 2.4.50, < 2.4.51] fixed 2.4.51"},
			{of: "pkg:bitnami/t01-reopen@2.4.51", want: "assessed"},
			{of: "pkg:cargo/t01-empty@0.10.0", want: "assessed"},
			{of: "pkg:cargo/t01-empty@0.11.0", want: "assessed"},
			{of: "pkg:cargo/t01-empty@0.7.0", want: "assessed; strong T01-EMPTY [>= 0.0.0-0, < 0.7.1] fixed 0.7.1"},
			{of: "pkg:opam/t01-back@4.04.1", want: "assessed; strong T01-BACK [>= 4.04, < 4.04.2] fixed 4.04.2"},
			{of: "pkg:opam/t01-back@4.03.0", want: "assessed"},
			{of: "pkg:npm/t01-mixed@1.7.0", want: "assessed"},
			{of: "pkg:npm/t01-mixed@2.4.0", want: "assessed; strong T01-MIXED [>= 2.0.0, < 2.5.0] fixed 2.5.0"},
			{of: "pkg:npm/t01-mixed@9.0.0", want: "assessed; strong T01-MIXED [>= 3.0.0]"},
			{of: "pkg:npm/t01-odd@0.9.0", want: "assessed"},
			{of: "pkg:npm/t01-odd@2.5.0", want: "assessed"},
			{of: "pkg:npm/t01-odd@3.5.0", want: "assessed; weak T01-ODD [>= 3.0.0, < ??] (a bound of the affected range cannot be compared)"},
		},
	},
	{
		"02-introduced-zero-is-the-beginning",
		[]filed{
			rec("npm", "T02-NPM", "", of("npm", "t02", ranges("SEMVER", "introduced 0, fixed 1.0.0"))),
			rec("Debian", "T02-DEB", "", of("Debian:11", "t02", ranges("ECOSYSTEM", "introduced 0, fixed 1:2.0"))),
			rec("crates.io", "T02-RUST", "", of("crates.io", "t02", ranges("SEMVER", "introduced 0.0.0-0, fixed 1.0.0-0"))),
		},
		[]check{
			{of: "pkg:npm/t02@0.0.0-20190101000000-abcdef", want: "assessed; strong T02-NPM [< 1.0.0] fixed 1.0.0" + otherLine},
			{of: "pkg:npm/t02@1.0.0-rc.1", want: "assessed; strong T02-NPM [< 1.0.0] fixed 1.0.0"},
			{of: "pkg:deb/debian/t02@0~rc1?distro=debian-11", want: "assessed; weak T02-DEB [< 1:2.0] fixed 1:2.0 (the fix has an epoch, and the component states none)"},
			{of: "pkg:cargo/t02@0.0.0-alpha", want: "assessed; strong T02-RUST [>= 0.0.0-0, < 1.0.0-0] fixed 1.0.0-0" + otherLine},
			{of: "pkg:cargo/t02@1.0.0-alpha", want: "assessed"},
		},
	},
	{
		"03-last-affected-is-inclusive-and-no-fix",
		[]filed{
			rec("PyPI", "T03", "", of("PyPI", "t03", ranges("ECOSYSTEM", "introduced 0, last_affected 2.3.0"),
				`"database_specific":{"last_known_affected_version_range":"<= 2.2.0"}`)),
			rec("npm", "T03-KNOWN", "", of("npm", "t03-known", ranges("SEMVER", "introduced 0, fixed 2.3.6"),
				`"database_specific":{"last_known_affected_version_range":"<= 2.3.0"}`)),
		},
		[]check{
			{of: "pkg:pypi/t03@2.3", want: "assessed; strong T03 [<= 2.3.0]"},
			{of: "pkg:pypi/t03@2.3.0.post1", want: "assessed"},
			{of: "pkg:npm/t03-known@2.3.3", want: "assessed; strong T03-KNOWN [< 2.3.6] fixed 2.3.6"},
		},
	},
	{
		"04-introduced-only-has-no-fix",
		[]filed{rec("Go", "T04", "", of("Go", "t04.example/m", ranges("SEMVER", "introduced 1.2.0")))},
		[]check{
			{of: "pkg:golang/t04.example/m@v1.9.0", want: "assessed; strong T04 [>= 1.2.0]"},
			{of: "pkg:golang/t04.example/m@v1.1.0", want: "assessed"},
		},
	},
	{
		"05-versions-only-compare-normalised",
		[]filed{
			rec("PyPI", "T05", "", of("PyPI", "t05", versions("1.0", "3.1.0.rc1"))),
			rec("Maven", "T05-GH", "", of("Maven", "t05:a", versions("1.2.3"))),
		},
		[]check{
			{of: "pkg:pypi/t05@1.0.0", want: "assessed; strong T05 [= 1.0]"},
			{of: "pkg:pypi/t05@3.1.0rc1", want: "assessed; strong T05 [= 3.1.0.rc1]"},
			{of: "pkg:pypi/t05@1.0.1", want: "assessed"},
			{of: "pkg:maven/t05/a@1.2.3", want: "assessed; strong T05-GH [= 1.2.3]"},
			{of: "pkg:maven/t05/a@1.2.4", want: "assessed"},
		},
	},
	{
		"06-ranges-or-versions",
		[]filed{rec("PyPI", "T06", "", of("PyPI", "t06", ranges("ECOSYSTEM", "introduced 2.0, fixed 2.2"), versions("1.4", "2.0", "2.1")))},
		[]check{
			{of: "pkg:pypi/t06@1.4", want: "assessed; strong T06 [= 1.4]"},
			{of: "pkg:pypi/t06@2.1.9", want: "assessed; strong T06 [>= 2.0, < 2.2] fixed 2.2"},
			{of: "pkg:pypi/t06@2.2", want: "assessed"},
		},
	},
	{
		"07-neither-ranges-nor-versions",
		[]filed{
			rec("npm", "T07-NOTHING", "", of("npm", "t07")),
			rec("npm", "T07-NULL", "", of("npm", "t07", `"ranges":null,"versions":null`)),
			rec("Alpaquita", "T07-EMPTY", `"upstream":["CVE-2030-0007"]`),
		},
		[]check{
			{of: "pkg:npm/t07@1.0.0", want: "assessed"},
			{of: "pkg:npm/t07", want: "not-assessed (no version)"},
		},
	},
	{
		"08-git-ranges-name-no-package",
		[]filed{
			rec("Hex", "T08", "", `{`+ranges("GIT", "introduced 0, fixed 0123456789012345678901234567890123456789")+`}`, of("Hex", "t08", ranges("SEMVER", "introduced 1.0.0, fixed 1.4.0"))),
			rec("npm", "T08-ONLY", "", of("npm", "t08-only", ranges("GIT", "introduced 0"))),
		},
		[]check{
			{of: "pkg:hex/t08@1.3.0", want: "assessed; strong T08 [>= 1.0.0, < 1.4.0] fixed 1.4.0"},
			{of: "pkg:hex/t08@1.4.0", want: "assessed"},
			{of: "pkg:npm/t08-only@1.0.0", want: "assessed"},
			{c: sbom.Component{Name: "r", Version: "9", References: []sbom.Reference{{Type: "vcs", URL: "https://git.example.org/r"}}}, want: "not-assessed (no record of the repository names versions)"},
		},
	},
	{
		"09-several-entries-of-one-package",
		[]filed{
			rec("npm", "T09", "",
				of("npm", "t09", ranges("SEMVER", "introduced 13.0.0, fixed 13.5.9")), of("npm", "t09", ranges("SEMVER", "introduced 14.0.0, fixed 14.2.25")),
				of("npm", "t09", ranges("SEMVER", "introduced 15.0.0, fixed 15.2.3")), of("npm", "t09", ranges("SEMVER", "introduced 11.1.4, fixed 12.3.5"))),
			rec("AlmaLinux", "T09-ALMA", "",
				of("AlmaLinux:8", "t09", ranges("ECOSYSTEM", "introduced 0, fixed 1.0-8.el8")), of("AlmaLinux:9", "t09", ranges("ECOSYSTEM", "introduced 0, fixed 1.0-3.el9"))),
		},
		[]check{
			{of: "pkg:npm/t09@12.1.0", want: "assessed; strong T09 [>= 11.1.4, < 12.3.5] fixed 12.3.5"},
			{of: "pkg:npm/t09@13.0.1", want: "assessed; strong T09 [>= 13.0.0, < 13.5.9] fixed 13.5.9"},
			{of: "pkg:npm/t09@14.2.24", want: "assessed; strong T09 [>= 14.0.0, < 14.2.25] fixed 14.2.25"},
			{of: "pkg:npm/t09@15.2.3", want: "assessed"},
			{of: "pkg:npm/t09@11.5.0", want: "assessed; strong T09 [>= 11.1.4, < 12.3.5] fixed 12.3.5" + otherLine},
			{of: "pkg:rpm/almalinux/t09@1.0-5.el9?distro=almalinux-9.2", want: "assessed"},
			{of: "pkg:rpm/almalinux/t09@1.0-5.el8?distro=almalinux-8.9", want: "assessed; strong T09-ALMA [< 1.0-8.el8] fixed 1.0-8.el8"},
		},
	},
	{
		"10-a-fix-that-is-the-end-of-a-branch",
		[]filed{
			rec("Packagist", "T10", "", of("Packagist", "t10/twig", ranges("ECOSYSTEM", "introduced 1.0.0, fixed 2.0.0", "introduced 2.0.0, fixed 3.0.0", "introduced 3.0.0, fixed 3.11.2", "introduced 3.12.0, fixed 3.14.1"))),
			rec("npm", "T10-DEAD", "", of("npm", "t10-dead", ranges("SEMVER", "introduced 1.0.0, fixed 2.0.0", "introduced 2.0.0, last_affected 2.9.9"))),
		},
		[]check{
			{of: "pkg:composer/t10/twig@1.44.0", want: "assessed; strong T10 [>= 1.0.0, < 2.0.0] fixed 3.11.2" + otherLine},
			{of: "pkg:composer/t10/twig@3.10.0", want: "assessed; strong T10 [>= 3.0.0, < 3.11.2] fixed 3.11.2"},
			{of: "pkg:composer/t10/twig@3.13.0", want: "assessed; strong T10 [>= 3.12.0, < 3.14.1] fixed 3.14.1"},
			{of: "pkg:npm/t10-dead@1.5.0", want: "assessed; strong T10-DEAD [>= 1.0.0, < 2.0.0]"},
		},
	},
	{
		"11-limit-bounds-the-range",
		[]filed{
			rec("npm", "T11", "", of("npm", "t11", ranges("SEMVER", "introduced 0, limit 2.0.0"))),
			rec("npm", "T11-ANY", "", of("npm", "t11-any", ranges("SEMVER", "introduced 0, limit 1.0.0, limit 3.0.0"))),
			rec("npm", "T11-STAR", "", of("npm", "t11-star", ranges("SEMVER", "introduced 1.0.0, limit *, fixed 4.0.0"))),
			rec("npm", "T11-AFTER", "", of("npm", "t11-after", ranges("SEMVER", "introduced 0, limit 1.0.0, introduced 2.0.0"))),
		},
		[]check{
			{of: "pkg:npm/t11@1.9.9", want: "assessed; strong T11 [< 2.0.0]"},
			{of: "pkg:npm/t11@2.0.0", want: "assessed"},
			{of: "pkg:npm/t11-any@2.0.0", want: "assessed; strong T11-ANY [< 3.0.0]"},
			{of: "pkg:npm/t11-any@3.0.0", want: "assessed"},
			{of: "pkg:npm/t11-star@3.0.0", want: "assessed; strong T11-STAR [>= 1.0.0, < 4.0.0] fixed 4.0.0" + otherLine},
			{of: "pkg:npm/t11-star@4.0.0", want: "assessed"},
			{of: "pkg:npm/t11-after@2.5.0", want: "assessed"},
		},
	},
	{
		"12-range-types-and-versions-that-are-not-semver",
		[]filed{
			rec("npm", "T12-ECO", "", of("npm", "t12", ranges("ECOSYSTEM", "introduced 1.5.1.2, fixed 1.6.0.2"))),
			rec("npm", "T12-SEM", "", of("npm", "t12", ranges("SEMVER", "introduced 3.0.RC3, fixed 8.0"))),
			rec("Maven", "T12-MVN", "", of("Maven", "t12:a", ranges("SEMVER", "introduced 1.0RC2, fixed 10.3"))),
			rec("npm", "T12-NEW", "", of("npm", "t12-new", ranges("QUANTUM", "introduced 1.0.0, fixed 2.0.0"))),
		},
		[]check{
			{of: "pkg:npm/t12@1.6.0", want: "assessed; strong T12-ECO [>= 1.5.1.2, < 1.6.0.2] fixed 1.6.0.2"},
			{of: "pkg:npm/t12@7.9", want: "assessed; strong T12-SEM [>= 3.0.RC3, < 8.0] fixed 8.0" + otherLine},
			{of: "pkg:maven/t12/a@1.0-rc3", want: "assessed; strong T12-MVN [>= 1.0RC2, < 10.3] fixed 10.3" + otherLine},
			{of: "pkg:npm/t12-new@1.5.0", want: "assessed; strong T12-NEW [>= 1.0.0, < 2.0.0] fixed 2.0.0" + otherLine},
		},
	},
	{
		"13-build-metadata",
		[]filed{
			rec("Go", "T13-GO", "", of("Go", "t13.example/m", ranges("SEMVER", "introduced 0, fixed 2.0.0+incompatible"))),
			rec("Julia", "T13-JLL", "", of("Julia", "T13_jll", ranges("SEMVER", "introduced 1.1.10+0, fixed 1.1.10+1"))),
		},
		[]check{
			{of: "pkg:golang/t13.example/m@v2.0.0", want: "assessed"},
			{of: "pkg:golang/t13.example/m@v1.9.9%2Bincompatible", want: "assessed; strong T13-GO [< 2.0.0+incompatible] fixed 2.0.0+incompatible" + otherLine},
			{of: "pkg:julia/T13_jll@1.1.10%2B0", want: "assessed; strong T13-JLL [>= 1.1.10+0, < 1.1.10+1] fixed 1.1.10+1"},
			{of: "pkg:julia/T13_jll@1.1.10%2B1", want: "assessed"},
		},
	},
	{
		"13-revisions-of-bitnami",
		[]filed{rec("Bitnami", "T13-BITNAMI", "", of("Bitnami", "t13", ranges("SEMVER", "introduced 2.4.49, fixed 2.4.50")))},
		[]check{
			{of: "pkg:bitnami/t13@2.4.49-r1?arch=amd64&distro=debian-12", want: "assessed; strong T13-BITNAMI [>= 2.4.49, < 2.4.50] fixed 2.4.50"},
			{of: "pkg:bitnami/t13@2.4.49-3", want: "assessed; strong T13-BITNAMI [>= 2.4.49, < 2.4.50] fixed 2.4.50"},
			{of: "pkg:bitnami/t13@2.4.50-0", want: "assessed"},
			{of: "pkg:bitnami/t13@2.4.50-debian-12-r4", want: "assessed"},
			{of: "pkg:bitnami/t13@2.4.50-rc.1", want: "assessed; strong T13-BITNAMI [>= 2.4.49, < 2.4.50] fixed 2.4.50"},
		},
	},
	{
		"14-more-fixed-than-introduced",
		[]filed{rec("PyPI", "T14", "", of("PyPI", "t14", ranges("ECOSYSTEM", "introduced 5.0.0, fixed 5.0.12, introduced 6.0.0, fixed 6.0.5, introduced 6.2.0, fixed 6.2.2, fixed 6.2.6, fixed 6.0.16, fixed 5.0.46")))},
		[]check{
			{of: "pkg:pypi/t14@5.0.11", want: "assessed; strong T14 [>= 5.0.0, < 5.0.12] fixed 5.0.12"},
			{of: "pkg:pypi/t14@5.0.20", want: "assessed"},
			{of: "pkg:pypi/t14@6.0.1", want: "assessed; strong T14 [>= 6.0.0, < 6.0.5] fixed 6.0.5"},
			{of: "pkg:pypi/t14@6.2.4", want: "assessed"},
		},
	},
	{
		"15-withdrawn-is-never-reported",
		[]filed{
			rec("PyPI", "T15", `"withdrawn":"2026-01-01T00:00:00Z"`, of("PyPI", "t15", ranges("ECOSYSTEM", "introduced 0"), versions("1.0"))),
			rec("PyPI", "T15-IN-FORCE", "", of("PyPI", "t15", ranges("ECOSYSTEM", "introduced 2"))),
		},
		[]check{
			{of: "pkg:pypi/t15@1.0", want: "assessed"},
			{of: "pkg:pypi/t15@2.0", want: "assessed; strong T15-IN-FORCE [>= 2]"},
		},
	},
}
