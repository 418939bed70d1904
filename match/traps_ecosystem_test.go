// SPDX-License-Identifier: Apache-2.0

package match_test

import "github.com/medsbom/medsbom/sbom"

// ecosystemTraps are the traps of ecosystems and names, 16 to 26.
var ecosystemTraps = []trap{
	{
		"16-go-modules",
		[]filed{
			rec("Go", "T16-CASE", "", of("Go", "github.com/T16/Case", ranges("SEMVER", "introduced 0, fixed 1.5.0"))),
			rec("Go", "T16-STD", "", of("Go", "stdlib", ranges("SEMVER", "introduced 0, fixed 1.20.10, introduced 1.21.0-0, fixed 1.21.3"))),
			rec("Go", "T16-CUSTOM", "", of("Go", "t16.example/ingress", ranges("SEMVER", "introduced 0"),
				`"ecosystem_specific":{"custom_ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.9.0"}]}],"imports":[{"path":"t16.example/ingress/x"}]}`)),
		},
		[]check{
			{of: "pkg:golang/github.com/T16/Case@v1.4.0", want: "assessed; strong T16-CASE [< 1.5.0] fixed 1.5.0"},
			{of: "pkg:golang/stdlib@1.21.2", want: "assessed; strong T16-STD [>= 1.21.0-0, < 1.21.3] fixed 1.21.3"},
			{of: "pkg:golang/stdlib@go1.20.9", want: "assessed; strong T16-STD [< 1.20.10] fixed 1.20.10"},
			{of: "pkg:golang/stdlib@1.99.0", want: "assessed"},
			{of: "pkg:golang/cloud.google.com/go@v0.1.0", want: "assessed"},
			{of: "pkg:golang/t16.example/ingress@v1.8.9", want: "assessed; weak T16-CUSTOM [product versions < 1.9.0] (the advisory names versions of the product, which need not be those of the module)"},
			{of: "pkg:golang/t16.example/ingress@v1.9.0", want: "assessed"},
		},
	},
	{
		"17-python-names",
		[]filed{
			rec("PyPI", "PYSEC-2030-17", `"aliases":["CVE-2030-1700"]`, of("PyPI", "T17.Some_name", ranges("ECOSYSTEM", "introduced 0, fixed 2.0"))),
			rec("PyPI", "GHSA-t17t-t17t-t17t", `"aliases":["CVE-2030-1700"]`, of("PyPI", "t17-some-name", ranges("ECOSYSTEM", "introduced 0, fixed 2.0"))),
		},
		[]check{
			{of: "pkg:pypi/t17-some-name@2.0rc1", want: "assessed; strong GHSA-t17t-t17t-t17t+PYSEC-2030-17 [< 2.0] fixed 2.0"},
			{of: "pkg:pypi/T17__some.Name@2.0rc1", want: "assessed; strong GHSA-t17t-t17t-t17t+PYSEC-2030-17 [< 2.0] fixed 2.0"},
		},
	},
	{
		"18-npm-scopes",
		[]filed{
			rec("npm", "T18-SCOPED", "", of("npm", "@t18/traverse", ranges("SEMVER", "introduced 0, fixed 1.5.0"))),
			rec("npm", "T18-PLAIN", "", of("npm", "traverse", ranges("SEMVER", "introduced 0"))),
		},
		[]check{
			{of: "pkg:npm/%40t18/traverse@1.0.0", want: "assessed; strong T18-SCOPED [< 1.5.0] fixed 1.5.0"},
			{c: sbom.Component{Group: "@t18", Name: "traverse", Version: "1.0.0", PURL: "pkg:npm/%40t18/traverse@1.0.0"}, want: "assessed; strong T18-SCOPED [< 1.5.0] fixed 1.5.0"},
		},
	},
	{
		"19-maven-groups-and-order",
		[]filed{
			rec("Maven", "T19", "", of("Maven", "org.t19:core", ranges("ECOSYSTEM", "introduced 1.0-alpha-1, fixed 4.1.124.Final"))),
			rec("Maven", "T19-SHADED", "", of("Maven", "com.t19.shaded:core", ranges("ECOSYSTEM", "introduced 0"))),
			rec("Maven", "T19-DATE", "", of("Maven", "org.t19:jetty", ranges("ECOSYSTEM", "introduced 9.4.0, fixed 9.4.33.v20201020"))),
		},
		[]check{
			{of: "pkg:maven/org.t19/core@1.0", want: "assessed; strong T19 [>= 1.0-alpha-1, < 4.1.124.Final] fixed 4.1.124.Final" + otherLine},
			{of: "pkg:maven/org.t19/core@1.0-SNAPSHOT", want: "assessed; strong T19 [>= 1.0-alpha-1, < 4.1.124.Final] fixed 4.1.124.Final" + otherLine},
			{of: "pkg:maven/org.t19/core@4.1.124", want: "assessed"},
			{of: "pkg:maven/org.t19/jetty@9.4.32.v20200930", want: "assessed; strong T19-DATE [>= 9.4.0, < 9.4.33.v20201020] fixed 9.4.33.v20201020"},
			{c: sbom.Component{Group: "org.t19", Name: "core", Version: "4.1.0.Final"}, want: "assessed-weakly (identity inferred, not stated); weak T19 [>= 1.0-alpha-1, < 4.1.124.Final] fixed 4.1.124.Final"},
			{c: sbom.Component{Name: "org.t19:core", Version: "4.1.0.Final"}, want: "assessed-weakly (identity inferred, not stated); weak T19 [>= 1.0-alpha-1, < 4.1.124.Final] fixed 4.1.124.Final"},
		},
	},
	{
		"20-nuget-names-and-four-numbers",
		[]filed{rec("NuGet", "T20", "", of("NuGet", "T20.Json", ranges("ECOSYSTEM", "introduced 4.3.0.0, fixed 4.3.0.2")))},
		[]check{
			{of: "pkg:nuget/t20.json@4.3.0.1", want: "assessed; strong T20 [>= 4.3.0.0, < 4.3.0.2] fixed 4.3.0.2"},
			{of: "pkg:nuget/T20.JSON@4.3.0", want: "assessed; strong T20 [>= 4.3.0.0, < 4.3.0.2] fixed 4.3.0.2"},
			{of: "pkg:nuget/T20.Json@4.3.0.2", want: "assessed"},
		},
	},
	{
		"21-packagist-and-drupal",
		[]filed{
			rec("Packagist", "T21", "", of("Packagist", "t21/core", ranges("ECOSYSTEM", "introduced 0, fixed v5.4.0"))),
			rec("Packagist", "T21-DRUPAL", "", of("Packagist:https://packages.drupal.org/8", "drupal/t21", ranges("ECOSYSTEM", "introduced 0, fixed 1.35.0"))),
		},
		[]check{
			{of: "pkg:composer/T21/Core@5.3.9", want: "assessed; strong T21 [< v5.4.0] fixed v5.4.0"},
			{of: "pkg:composer/t21/core@5.4.0", want: "assessed"},
			{of: "pkg:composer/drupal/t21@1.34.0", want: "assessed; strong T21-DRUPAL [< 1.35.0] fixed 1.35.0"},
			{of: "pkg:composer/drupal/t21@1.34.0?repository_url=https://packages.drupal.org/8", want: "assessed; strong T21-DRUPAL [< 1.35.0] fixed 1.35.0"},
		},
	},
	{
		"22-gem-platforms-and-prereleases",
		[]filed{rec("RubyGems", "T22", "", of("RubyGems", "t22", ranges("ECOSYSTEM", "introduced 6.0.0.beta3, fixed 6.1.0")))},
		[]check{
			{of: "pkg:gem/t22@6.0.0.beta2", want: "assessed"},
			{of: "pkg:gem/t22@6.0.9-x86_64-linux", want: "assessed; strong T22 [>= 6.0.0.beta3, < 6.1.0] fixed 6.1.0"},
			{of: "pkg:gem/t22@6.0.9?platform=java", want: "assessed; strong T22 [>= 6.0.0.beta3, < 6.1.0] fixed 6.1.0"},
			{of: "pkg:gem/t22@6.1.0-java", want: "assessed"},
		},
	},
	{
		"24-distributions",
		[]filed{
			rec("Debian", "T24-DEB", "", of("Debian:11", "t24", ranges("ECOSYSTEM", "introduced 0, fixed 1.1.1n-0+deb11u4")), of("Debian:10", "t24", ranges("ECOSYSTEM", "introduced 0, fixed 1.1.1n-0+deb10u9"))),
			rec("AlmaLinux", "T24-ALMA", "", of("AlmaLinux:9", "t24-libs", ranges("ECOSYSTEM", "introduced 0, fixed 1:3.0.1-43.el9_0"))),
			rec("AlmaLinux", "T24-MODULE", "", of("AlmaLinux:8", "t24-node", ranges("ECOSYSTEM", "introduced 0, fixed 1:18.14.0-1.module_el8.7.0+3501+8ec5a1f8"))),
			rec("Alpine", "T24-ALPINE", "", of("Alpine:v3.16", "t24", ranges("ECOSYSTEM", "introduced 0, fixed 1.2.13-r0"))),
			rec("Alpaquita", "T24-BELL", "", of("Alpaquita:23", "t24", ranges("ECOSYSTEM", "introduced 0, fixed 2-r0")), of("Alpaquita:stream", "t24", ranges("ECOSYSTEM", "introduced 0, fixed 3-r0")), of("BellSoft Hardened Containers:25", "t24", ranges("ECOSYSTEM", "introduced 0, fixed 4-r0"))),
			rec("Ubuntu", "T24-LTS", "", of("Ubuntu:20.04:LTS", "t24", ranges("ECOSYSTEM", "introduced 0, fixed 2.0"))),
			rec("Ubuntu", "T24-PRO", "", of("Ubuntu:Pro:20.04:LTS", "t24", ranges("ECOSYSTEM", "introduced 0, fixed 3.0"))),
			rec("Ubuntu", "T24-INTERIM", "", of("Ubuntu:23.10", "t24", ranges("ECOSYSTEM", "introduced 0, fixed 4.0"))),
			rec("Red Hat", "T24-AUS", "", of("Red Hat:rhel_aus:8.6::appstream", "t24", ranges("ECOSYSTEM", "introduced 0, fixed 0:2.0-1.el8_6"))),
			rec("PyPI", "T24-UPSTREAM", "", of("PyPI", "t24", ranges("ECOSYSTEM", "introduced 0, fixed 9.0"))),
		},
		[]check{
			{of: "pkg:deb/debian/libt24-1.1@1.1.1n-0%2Bdeb11u1?upstream=t24&distro=debian-11", want: "assessed; strong T24-DEB [< 1.1.1n-0+deb11u4] fixed 1.1.1n-0+deb11u4"},
			{of: "pkg:deb/debian/t24@1.1.1n-0%2Bdeb11u1?distro=debian-11.5", want: "assessed; strong T24-DEB [< 1.1.1n-0+deb11u4] fixed 1.1.1n-0+deb11u4"},
			{of: "pkg:deb/debian/t24@1.1.1n-0%2Bdeb11u4?distro=bullseye", want: "assessed"},
			{of: "pkg:deb/debian/t24@1.0?distro=debian-12", want: "not-assessed (release not in the database)"},
			{of: "pkg:rpm/almalinux/t24-libs@3.0.1-42.el9?epoch=1&distro=almalinux-9.1", want: "assessed; strong T24-ALMA [< 1:3.0.1-43.el9_0] fixed 1:3.0.1-43.el9_0"},
			{of: "pkg:rpm/almalinux/t24-libs@1:3.0.1-43.el9_0?distro=almalinux-9.1", want: "assessed"},
			{of: "pkg:rpm/almalinux/t24-libs@3.0.7-1.el9?distro=almalinux-9.1", want: "assessed; weak T24-ALMA [< 1:3.0.1-43.el9_0] fixed 1:3.0.1-43.el9_0 (the fix has an epoch, and the component states none)"},
			{of: "pkg:rpm/almalinux/t24-node@18.12.1-2.module_el8.6.0%2B1?epoch=1&distro=almalinux-8.7", want: "assessed; strong T24-MODULE [< 1:18.14.0-1.module_el8.7.0+3501+8ec5a1f8] fixed 1:18.14.0-1.module_el8.7.0+3501+8ec5a1f8"},
			{of: "pkg:rpm/almalinux/t24-node@16.17.1-1.module_el8.6.0%2B1?epoch=1&distro=almalinux-8.7", want: "assessed; weak T24-MODULE [< 1:18.14.0-1.module_el8.7.0+3501+8ec5a1f8] fixed 1:18.14.0-1.module_el8.7.0+3501+8ec5a1f8 (the advisory is for a module stream, which need not be that of the component)"},
			{of: "pkg:rpm/almalinux/t24-node@10.1.0-1.el8?epoch=1&distro=almalinux-8.7", want: "assessed; weak T24-MODULE [< 1:18.14.0-1.module_el8.7.0+3501+8ec5a1f8] fixed 1:18.14.0-1.module_el8.7.0+3501+8ec5a1f8 (the advisory is for a module stream, which need not be that of the component)"},
			{of: "pkg:apk/alpine/t24-dev@1.2.12-r3?upstream=t24&distro=alpine-3.16.3", want: "assessed; strong T24-ALPINE [< 1.2.13-r0] fixed 1.2.13-r0"},
			{of: "pkg:apk/alpaquita/t24@1-r0?distro=23", want: "assessed; strong T24-BELL [< 2-r0] fixed 2-r0"},
			{of: "pkg:apk/alpaquita/t24@2-r0?distro=stream", want: "assessed; strong T24-BELL [< 3-r0] fixed 3-r0"},
			{of: "pkg:apk/alpaquita/t24@2-r0?distro=23", want: "assessed"},
			{of: "pkg:deb/ubuntu/t24@1.0?distro=ubuntu-20.04", want: "assessed; strong T24-LTS [< 2.0] fixed 2.0; weak T24-PRO [< 3.0] fixed 3.0"},
			{of: "pkg:deb/ubuntu/t24@1.0?distro=ubuntu-23.10", want: "assessed; strong T24-INTERIM [< 4.0] fixed 4.0"},
			{of: "pkg:deb/ubuntu/t24@2.5?distro=ubuntu-20.04", want: "assessed; weak T24-PRO [< 3.0] fixed 3.0"},
			{of: "pkg:rpm/redhat/t24@1.0-1.el8_6?distro=rhel-8.6&repository_id=rhel-8-for-x86_64-appstream-aus-rpms__8_DOT_6", want: "assessed; strong T24-AUS [< 0:2.0-1.el8_6] fixed 0:2.0-1.el8_6"},
		},
	},
	{
		"25-records-have-no-package-url",
		[]filed{rec("Alpaquita", "T25", "", `{"package":{"ecosystem":"Alpaquita:23","name":"t25","purl":"pkg:apk/alpaquita/t25?arch=source&distro=23"},`+ranges("ECOSYSTEM", "introduced 0, fixed 1.5-r0")+`}`)},
		[]check{
			{of: "pkg:apk/alpaquita/t25@1.4-r0?distro=23&arch=x86_64", want: "assessed; strong T25 [< 1.5-r0] fixed 1.5-r0"},
		},
	},
	{
		"26-unknown-ecosystems-and-fields",
		[]filed{
			rec("Homebrew", "BREW-T26", `"novel":{"a":[1,2,{"b":null}]},"schema_version":"9.9.9"`, of("Homebrew", "t26", ranges("ECOSYSTEM", "introduced 0, fixed 1.5_1"), `"novel":true`)),
			rec("Moonbase", "MOON-T26", "", of("Moonbase:7", "t26", ranges("ECOSYSTEM", "introduced 0"), versions("1.0"))),
			rec("npm", "T26-EVENT", "", of("npm", "t26", `"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"vanished":"1.0.0"},{"fixed":"2.0.0"}]}]`)),
		},
		[]check{
			{of: "pkg:brew/t26@1.5", want: "assessed; strong BREW-T26 [< 1.5_1] fixed 1.5_1"},
			{of: "pkg:npm/t26@1.5.0", want: "assessed; strong T26-EVENT [< 2.0.0] fixed 2.0.0" + otherLine},
			{of: "pkg:moonbase/t26@1.0", want: "not-assessed (ecosystem not covered by any advisory source); possible T26-EVENT [< 2.0.0] fixed 2.0.0" + otherLine},
		},
	},
}
