// SPDX-License-Identifier: Apache-2.0

package match_test

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

// records are small OSV records, one for each trap of real data that the
// matcher must step over; each names the real record that it is like.
var records = []filed{
	// events out of two equal versions: fixed, then introduced (BIT-apache-2021-42013)
	{"Bitnami", `{"id":"T-REOPEN","affected":[{"package":{"ecosystem":"Bitnami","name":"reopen"},"ranges":[{"type":"SEMVER","events":[{"introduced":"2.4.49"},{"fixed":"2.4.50"},{"introduced":"2.4.50"},{"fixed":"2.4.51"}]}]}]}`},
	// … introduced, then fixed: an empty range (RUSTSEC-2022-0012)
	{"crates.io", `{"id":"T-EMPTY","affected":[{"package":{"ecosystem":"crates.io","name":"empty"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0.1.0"},{"fixed":"0.2.0"},{"introduced":"0.10.0"},{"fixed":"0.10.0"}]}]}]}`},
	// fixed before introduced in the record (OSEC-2017-01)
	{"npm", `{"id":"T-ORDER","affected":[{"package":{"ecosystem":"npm","name":"order"},"ranges":[{"type":"SEMVER","events":[{"fixed":"2.0.0"},{"introduced":"1.0.0"}]}]}]}`},
	{"npm", `{"id":"T-LAST","affected":[{"package":{"ecosystem":"npm","name":"last"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"last_affected":"1.5.0"}]}]}]}`},
	{"npm", `{"id":"T-OPEN","affected":[{"package":{"ecosystem":"npm","name":"open"},"ranges":[{"type":"SEMVER","events":[{"introduced":"1.0.0"}]}]}]}`},
	{"npm", `{"id":"T-LISTED","affected":[{"package":{"ecosystem":"npm","name":"listed"},"versions":["1.2.3","1.2.5"]}]}`},
	{"PyPI", `{"id":"T-UNION","affected":[{"package":{"ecosystem":"PyPI","name":"Uni_On"},"ranges":[{"type":"GIT","repo":"https://x.example","events":[{"introduced":"0"},{"fixed":"abc"}]},{"type":"ECOSYSTEM","events":[{"introduced":"2.0"},{"fixed":"2.2"}]}],"versions":["1.0"]}]}`},
	{"npm", `{"id":"T-GIT","affected":[{"package":{"ecosystem":"npm","name":"gitonly"},"ranges":[{"type":"GIT","repo":"https://x.example","events":[{"introduced":"0"}]}]}]}`},
	{"npm", `{"id":"T-NOTHING","affected":[{"package":{"ecosystem":"npm","name":"nothing"}}]}`},
	{"npm", `{"id":"T-WITHDRAWN","withdrawn":"2024-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"last"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}]}]}`},
	// several entries for one package: the fix of the one that holds the version (GHSA-f82v-jwr5-mffw)
	{"npm", `{"id":"GHSA-aaaa-bbbb-cccc","aliases":["CVE-2020-0001"],"affected":[{"package":{"ecosystem":"npm","name":"lines"},"ranges":[{"type":"SEMVER","events":[{"introduced":"13.0.0"},{"fixed":"13.5.9"}]}]},{"package":{"ecosystem":"npm","name":"lines"},"ranges":[{"type":"SEMVER","events":[{"introduced":"14.0.0"},{"fixed":"14.2.25"}]}]}]}`},
	// the same under another id: one finding
	{"npm", `{"id":"T-ALIAS","aliases":["CVE-2020-0001"],"affected":[{"package":{"ecosystem":"npm","name":"lines"},"ranges":[{"type":"SEMVER","events":[{"introduced":"14.1.0"},{"fixed":"14.2.25"}]}]}]}`},
	{"Debian", `{"id":"DSA-1-1","upstream":["CVE-2020-0002"],"affected":[{"package":{"ecosystem":"Debian:11","name":"openssl"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.1.1n-0+deb11u4"}]}]},{"package":{"ecosystem":"Debian:10","name":"openssl"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.1.1n-0+deb10u9"}]}]}]}`},
	{"AlmaLinux", `{"id":"ALSA-2022:1","related":["CVE-2020-0003"],"affected":[{"package":{"ecosystem":"AlmaLinux:9","name":"openssl-libs"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1:3.0.1-43.el9_0"}]}]}]}`},
	{"NuGet", `{"id":"T-NUGET","affected":[{"package":{"ecosystem":"NuGet","name":"Newtonsoft.Json"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"13.0.1"}]}]}]}`},
	{"Maven", `{"id":"T-LOG4J","affected":[{"package":{"ecosystem":"Maven","name":"org.apache.logging.log4j:log4j-core"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"2.0-beta9"},{"fixed":"2.15.0"}]}]}]}`},
	{"Go", `{"id":"T-STDLIB","affected":[{"package":{"ecosystem":"Go","name":"stdlib"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.20.10"}]}]}]}`},
	{"Go", `{"id":"T-ENDED","affected":[{"package":{"ecosystem":"Go","name":"k8s.example/ended"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"0.5.0"}]}],"ecosystem_specific":{"custom_ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.9.0"}]}]}}]}`},
	{"Go", `{"id":"T-GOMOD","affected":[{"package":{"ecosystem":"Go","name":"go.example/mod"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.5.0"}]}]}]}`},
	{"npm", `{"id":"T-BOUND","affected":[{"package":{"ecosystem":"npm","name":"bound"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"not a version!!"}]}]}]}`},
	{"Bitnami", `{"id":"T-TOMCAT","affected":[{"package":{"ecosystem":"Bitnami","name":"tomcat"},"ranges":[{"type":"SEMVER","events":[{"introduced":"9.0.0"},{"fixed":"9.0.40"},{"introduced":"10.0.0"},{"fixed":"999.999.999"}]}]}]}`},
	{"crates.io", `{"id":"T-BINDING","affected":[{"package":{"ecosystem":"crates.io","name":"openssl"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"2.0.0"}]}]}]}`},
	{"Ubuntu", `{"id":"T-PRO","affected":[{"package":{"ecosystem":"Ubuntu:Pro:22.04:LTS","name":"pro"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2.0"}]}]}]}`},
	{"Red Hat", `{"id":"T-EUS","affected":[{"package":{"ecosystem":"Red Hat:rhel_eus:8.6::baseos","name":"eus"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"0:2.0-1.el8_6"}]}]}]}`},
	{"Go", `{"id":"T-CUSTOM","affected":[{"package":{"ecosystem":"Go","name":"k8s.example/ingress"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}],"ecosystem_specific":{"custom_ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.9.0"}]}]}}]}`},
}

// filed is a record and the ecosystem it is filed under.
type filed struct{ ecosystem, text string }

func each(list []filed) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for _, r := range list {
			if !yield(r.ecosystem, []byte(r.text)) {
				return
			}
		}
	}
}

func open(t *testing.T, kind string) *vulndb.DB {
	t.Helper()
	data, report, err := build.FromRecords(build.Memory{
		Kind: kind, AsOf: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Records: each(records),
	})
	if err != nil {
		t.Fatal(err)
	}
	if report.Refused > 0 {
		t.Fatalf("records refused: %v", report.OddityList)
	}
	db, err := vulndb.OpenBytes(data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// one judges a document of one component and writes the result in a line.
func one(t *testing.T, db *vulndb.DB, components ...sbom.Component) string {
	t.Helper()
	result, err := match.New(db).Match(&sbom.Document{Components: components})
	if err != nil {
		t.Fatal(err)
	}
	c := result.Components[len(result.Components)-1]
	line := c.State.String()
	if c.Reason != "" {
		line += " (" + string(c.Reason) + ")"
	}
	for _, f := range result.Findings {
		if f.Component != len(result.Components)-1 {
			continue
		}
		var ids []string
		for _, a := range f.Records {
			ids = append(ids, db.Advisory(a.Advisory).ID)
		}
		slices.Sort(ids)
		line += fmt.Sprintf("; %s %s [%s] fixed %s", f.Confidence, strings.Join(ids, "+"), f.Range, strings.Join(f.Fixed, "|"))
	}
	return strings.ReplaceAll(line, "fixed ;", "fixed none;")
}

func TestComponent(t *testing.T) {
	db := open(t, vulndb.KindFull)
	for _, test := range []struct {
		name string
		c    sbom.Component
		want string
	}{
		{"reopened range", sbom.Component{PURL: "pkg:bitnami/reopen@2.4.50"}, "assessed; strong T-REOPEN [>= 2.4.50, < 2.4.51] fixed 2.4.51"},
		{"reopened range, after it", sbom.Component{PURL: "pkg:bitnami/reopen@2.4.51"}, "assessed"},
		{"empty range", sbom.Component{PURL: "pkg:cargo/empty@0.10.0"}, "assessed"},
		{"before the empty range", sbom.Component{PURL: "pkg:cargo/empty@0.1.5"}, "assessed; strong T-EMPTY [>= 0.1.0, < 0.2.0] fixed 0.2.0"},
		{"events out of order", sbom.Component{PURL: "pkg:npm/order@1.0.0"}, "assessed; strong T-ORDER [>= 1.0.0, < 2.0.0] fixed 2.0.0"},
		{"last affected is affected", sbom.Component{PURL: "pkg:npm/last@1.5.0"}, "assessed; strong T-LAST [<= 1.5.0] fixed "},
		{"after last affected, and withdrawn is not told", sbom.Component{PURL: "pkg:npm/last@1.5.1"}, "assessed"},
		{"a pre-release is below its release", sbom.Component{PURL: "pkg:npm/open@1.0.0-rc.1"}, "assessed"},
		{"no fix", sbom.Component{PURL: "pkg:npm/open@9.0.0"}, "assessed; strong T-OPEN [>= 1.0.0] fixed "},
		{"listed only", sbom.Component{PURL: "pkg:npm/listed@1.2.5"}, "assessed; strong T-LISTED [= 1.2.5] fixed "},
		{"between listed", sbom.Component{PURL: "pkg:npm/listed@1.2.4"}, "assessed"},
		{"list or range: listed", sbom.Component{PURL: "pkg:pypi/uni-on@1.0.0"}, "assessed; strong T-UNION [= 1.0] fixed "},
		{"list or range: GIT comes first", sbom.Component{PURL: "pkg:pypi/Uni.On@2.1"}, "assessed; strong T-UNION [>= 2.0, < 2.2] fixed 2.2"},
		{"GIT says nothing about a version", sbom.Component{PURL: "pkg:npm/gitonly@1.0.0"}, "assessed"},
		{"neither ranges nor versions", sbom.Component{PURL: "pkg:npm/nothing@1.0.0"}, "assessed"},
		{"neither, and no version", sbom.Component{PURL: "pkg:npm/nothing"}, "not-assessed (no version)"},
		{"aliases are one finding", sbom.Component{PURL: "pkg:npm/lines@14.2.0"}, "assessed; strong GHSA-aaaa-bbbb-cccc+T-ALIAS [>= 14.0.0, < 14.2.25] fixed 14.2.25"},
		{"the fix of the line that holds the version", sbom.Component{PURL: "pkg:npm/lines@13.1.0"}, "assessed; strong GHSA-aaaa-bbbb-cccc [>= 13.0.0, < 13.5.9] fixed 13.5.9"},
		{"source package by upstream", sbom.Component{Name: "libssl1.1", PURL: "pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u1?upstream=openssl&distro=debian-11"}, "assessed; strong DSA-1-1 [< 1.1.1n-0+deb11u4] fixed 1.1.1n-0+deb11u4"},
		{"point release folded", sbom.Component{PURL: "pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u1?distro=debian-11.5"}, "assessed; strong DSA-1-1 [< 1.1.1n-0+deb11u4] fixed 1.1.1n-0+deb11u4"},
		{"release not covered", sbom.Component{PURL: "pkg:deb/debian/openssl@3.0.1-1?distro=debian-12"}, "not-assessed (release not in the database)"},
		{"release unknown: candidates of every release", sbom.Component{PURL: "pkg:deb/debian/openssl@1.1.1a-1"}, "not-assessed (distribution release unknown); possible DSA-1-1 [< 1.1.1n-0+deb11u4] fixed 1.1.1n-0+deb11u4|1.1.1n-0+deb10u9"},
		{"rpm with epoch", sbom.Component{PURL: "pkg:rpm/almalinux/openssl-libs@3.0.1-42.el9?epoch=1&distro=almalinux-9.1"}, "assessed; strong ALSA-2022:1 [< 1:3.0.1-43.el9_0] fixed 1:3.0.1-43.el9_0"},
		{"rpm with epoch, fixed", sbom.Component{PURL: "pkg:rpm/almalinux/openssl-libs@3.0.1-43.el9_0?epoch=1&distro=almalinux-9.1"}, "assessed"},
		{"NuGet names ignore case", sbom.Component{PURL: "pkg:nuget/newtonsoft.json@12.0.1"}, "assessed; strong T-NUGET [< 13.0.1] fixed 13.0.1"},
		{"Maven by purl", sbom.Component{PURL: "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"}, "assessed; strong T-LOG4J [>= 2.0-beta9, < 2.15.0] fixed 2.15.0"},
		{"Maven by group and name", sbom.Component{Group: "org.apache.logging.log4j", Name: "log4j-core", Version: "2.14.1"}, "assessed-weakly (identity inferred, not stated); weak T-LOG4J [>= 2.0-beta9, < 2.15.0] fixed 2.15.0"},
		{"name only", sbom.Component{Name: "log4j-core", Version: "2.14.1"}, "not-assessed (no identifier); possible T-LOG4J [>= 2.0-beta9, < 2.15.0] fixed 2.15.0"},
		{"no version: every advisory is a candidate", sbom.Component{PURL: "pkg:maven/org.apache.logging.log4j/log4j-core"}, "not-assessed (no version); possible T-LOG4J [version not known] fixed "},
		{"stdlib", sbom.Component{PURL: "pkg:golang/stdlib@1.20.9"}, "assessed; strong T-STDLIB [< 1.20.10] fixed 1.20.10"},
		{"stdlib, newer", sbom.Component{Name: "stdlib", Version: "go1.99.0", PURL: "pkg:golang/stdlib@1.99.0"}, "assessed"},
		{"a module whose path ends in go is not the standard library", sbom.Component{PURL: "pkg:golang/cloud.google.com/go@v0.1.0"}, "assessed"},
		{"custom ranges are not module versions", sbom.Component{PURL: "pkg:golang/k8s.example/ingress@v1.8.0"}, "assessed; weak T-CUSTOM [product versions < 1.9.0] fixed "},
		{"custom ranges beside a range with an end are not used", sbom.Component{PURL: "pkg:golang/k8s.example/ended@v1.8.0"}, "assessed"},
		{"custom ranges, fixed", sbom.Component{PURL: "pkg:golang/k8s.example/ingress@v1.9.0"}, "assessed"},
		{"custom ranges say nothing of a commit", sbom.Component{PURL: "pkg:golang/k8s.example/ingress@v0.0.0-20260319175635-5183b7d86137"}, "assessed; possible T-CUSTOM [product versions, which say nothing of a commit] fixed "},
		{"operating system with a package URL", sbom.Component{Type: "operating-system", Name: "log4j-core", Version: "2.14.1", PURL: "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"}, "assessed; strong T-LOG4J [>= 2.0-beta9, < 2.15.0] fixed 2.15.0"},
		{"file with a package URL", sbom.Component{Type: "file", Name: "log4j-core.jar", PURL: "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"}, "assessed; strong T-LOG4J [>= 2.0-beta9, < 2.15.0] fixed 2.15.0"},
		// The type alone takes nothing out of scope.
		{"file with a version, namesakes", sbom.Component{Type: "file", Name: "log4j-core", Version: "2.14.1"}, "not-assessed (no identifier); possible T-LOG4J [>= 2.0-beta9, < 2.15.0] fixed 2.15.0"},
		{"data with a generic purl, namesakes", sbom.Component{Type: "data", Name: "log4j-core", Version: "2.14.1", PURL: "pkg:generic/log4j-core@2.14.1"}, "not-assessed (ecosystem not covered by any advisory source); possible T-LOG4J [>= 2.0-beta9, < 2.15.0] fixed 2.15.0"},
		{"operating system that is none, namesakes", sbom.Component{Type: "operating-system", Name: "log4j-core", Version: "2.14.1"}, "not-assessed (no identifier); possible T-LOG4J [>= 2.0-beta9, < 2.15.0] fixed 2.15.0"},
		{"file with a tag, namesakes", sbom.Component{Type: "file", Name: "log4j-core", Details: &sbom.Details{SWID: "acme.log4j"}}, "not-assessed (no identifier); possible T-LOG4J [version not known] fixed "},
		{"path", sbom.Component{Type: "file", Name: "/opt/log4j-core"}, "out-of-scope (file)"},
		// The highest confidence decides the state.
		{"stated release not loaded, the guessed one is", sbom.Component{PURL: "pkg:deb/ubuntu/pro@1.0?distro=ubuntu-22.04"}, "not-assessed (release not in the database); weak T-PRO [< 2.0] fixed 2.0"},
		{"Red Hat's minor release is a guess", sbom.Component{PURL: "pkg:rpm/redhat/eus@1.0-1.el8?distro=rhel-8.6"}, "not-assessed (release not in the database); weak T-EUS [< 0:2.0-1.el8_6] fixed 0:2.0-1.el8_6"},
		{"the stronger of two package URLs is not loaded", sbom.Component{PURL: "pkg:gem/order@1.0.0", Details: &sbom.Details{MorePURL: []string{"pkg:npm/order@1.0.0?x=1", "pkg:npm/orders/order@1.0.0"}}}, "assessed-weakly (one of its identifiers not looked up); strong T-ORDER [>= 1.0.0, < 2.0.0] fixed 2.0.0"},
		{"a weak package URL does not stand for a strong one", sbom.Component{PURL: "pkg:gem/order@1.0.0", Details: &sbom.Details{MorePURL: []string{"pkg:rubygem/order@1.0.0", "pkg:dotnet/Newtonsoft.Json@12.0.1"}}}, "not-assessed (ecosystem not in the database); weak T-NUGET [< 13.0.1] fixed 13.0.1"},
		{"one of two package URLs has no version", sbom.Component{PURL: "pkg:npm/last@1.0.0", Details: &sbom.Details{MorePURL: []string{"pkg:nuget/Newtonsoft.Json@latest"}}}, "assessed-weakly (one of its identifiers not looked up); possible T-NUGET [version not known] fixed none; strong T-LAST [<= 1.5.0] fixed "},
		// What no package URL would show.
		{"broken purl, namesakes", sbom.Component{Name: "log4j-core", Version: "2.14.1", PURL: "pkg:maven/%zz@1"}, "not-assessed (package URL not valid); possible T-LOG4J [>= 2.0-beta9, < 2.15.0] fixed 2.15.0"},
		{"name of the purl illegal, namesakes", sbom.Component{Name: "log4j-core", Version: "2.14.1", PURL: "pkg:npm/log4j%20core@2.14.1"}, "not-assessed (package URL not valid); possible T-LOG4J [>= 2.0-beta9, < 2.15.0] fixed 2.15.0"},
		{"generic purl, namesakes", sbom.Component{Name: "log4j-core", Version: "2.14.1", PURL: "pkg:generic/log4j-core@2.14.1"}, "not-assessed (ecosystem not covered by any advisory source); possible T-LOG4J [>= 2.0-beta9, < 2.15.0] fixed 2.15.0"},
		{"generic purl, namesakes of its name", sbom.Component{Name: "Apache logging", Version: "2.14.1", PURL: "pkg:generic/log4j-core@2.14.1"}, "not-assessed (ecosystem not covered by any advisory source); possible T-LOG4J [>= 2.0-beta9, < 2.15.0] fixed 2.15.0"},
		{"local Go module, namesakes", sbom.Component{Name: "log4j-core", Version: "2.14.1", PURL: "pkg:golang/log4j-core@2.14.1"}, "not-assessed (not a released package); possible T-LOG4J [>= 2.0-beta9, < 2.15.0] fixed 2.15.0"},
		{"a distribution's package has no namesakes", sbom.Component{Name: "log4j-core", Version: "2.14.1", PURL: "pkg:rpm/fedora/log4j-core@2.14.1"}, "not-assessed (ecosystem not covered by any advisory source)"},
		{"an image has no namesakes", sbom.Component{Name: "log4j-core", Version: "2.14.1", PURL: "pkg:oci/log4j-core@2.14.1"}, "not-assessed (ecosystem not covered by any advisory source)"},
		{"a repository has no namesakes", sbom.Component{Name: "log4j-core", Version: "2.14.1", PURL: "pkg:github/apache/log4j-core@2.14.1"}, "not-assessed (ecosystem not in the database)"},
		// The name of a project in C is no package's of a registry.
		{"the name of a project", sbom.Component{Name: "openssl", Version: "1.1.1"}, "not-assessed (no identifier)"},
		{"the name of a project, generic purl", sbom.Component{Name: "openssl", Version: "1.1.1", PURL: "pkg:generic/openssl@1.1.1"}, "not-assessed (ecosystem not covered by any advisory source)"},
		{"the name of a project, its supplier names the registry", sbom.Component{Name: "openssl", Version: "1.1.1", Supplier: sbom.Party{Name: "The Rust Project"}}, "not-assessed (no identifier); possible T-BINDING [< 2.0.0] fixed 2.0.0"},
		{"the name of a project, its group names the registry", sbom.Component{Group: "rust", Name: "openssl", Version: "1.1.1"}, "not-assessed (no identifier); possible T-BINDING [< 2.0.0] fixed 2.0.0"},
		// Texts that are no versions of a project known by its name.
		{"a project's version", sbom.Component{Name: "Tomcat 9", Version: "9.0.37", Supplier: sbom.Party{Name: "Apache"}}, "assessed-weakly (identity inferred, not stated); weak T-TOMCAT [>= 9.0.0, < 9.0.40] fixed 9.0.40"},
		{"a zero in front of a number", sbom.Component{Name: "Tomcat 9", Version: "v9.037", Supplier: sbom.Party{Name: "Apache"}}, "not-assessed (version not comparable); possible T-TOMCAT [version not known] fixed "},
		{"a year", sbom.Component{Name: "Tomcat", Version: "2021.1", Supplier: sbom.Party{Name: "Apache"}}, "not-assessed (version not comparable); possible T-TOMCAT [version not known] fixed "},
		{"above all that is known", sbom.Component{Name: "Tomcat", Version: "12.0.1", Supplier: sbom.Party{Name: "Apache"}}, "assessed-weakly (identity inferred, not stated); weak T-TOMCAT [>= 10.0.0, < 999.999.999] fixed 999.999.999"},
		{"stated, with a zero in front", sbom.Component{PURL: "pkg:bitnami/reopen@2.4.050"}, "assessed; strong T-REOPEN [>= 2.4.50, < 2.4.51] fixed 2.4.51"},
		// Two statements of a distribution's version.
		{"fixed by the purl, not by the version field", sbom.Component{Version: "1.1.1n-0+deb11u1", PURL: "pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u10?distro=debian-11"}, "assessed; weak DSA-1-1 [< 1.1.1n-0+deb11u4] fixed 1.1.1n-0+deb11u4"},
		// The package URL names another package.
		{"another package, each with a version", sbom.Component{Name: "order", Version: "1.0.0", PURL: "pkg:npm/listed@9.9.9"}, "assessed-weakly (its name and its identifier disagree); possible T-ORDER [>= 1.0.0, < 2.0.0] fixed 2.0.0"},
		{"the version field is not that of another package", sbom.Component{Name: "zzz", Version: "1.2.5", PURL: "pkg:npm/listed@9.9.9"}, "assessed-weakly (its name and its identifier disagree)"},
		{"another package, by group and name", sbom.Component{Group: "org.apache.logging.log4j", Name: "log4j-core", Version: "2.14.1", PURL: "pkg:npm/left-pad@2.14.1"}, "assessed-weakly (its name and its identifier disagree); weak T-LOG4J [>= 2.0-beta9, < 2.15.0] fixed 2.15.0"},
		{"another package, by name", sbom.Component{Name: "log4j-core", Version: "2.14.1", PURL: "pkg:npm/left-pad@2.14.1"}, "assessed-weakly (its name and its identifier disagree); possible T-LOG4J [>= 2.0-beta9, < 2.15.0] fixed 2.15.0"},
		{"name in another case", sbom.Component{PURL: "pkg:npm/Order@1.0.0"}, "assessed; possible T-ORDER [>= 1.0.0, < 2.0.0] fixed 2.0.0"},
		{"Go package below its module", sbom.Component{PURL: "pkg:golang/go.example/mod/a/b@v1.0.0"}, "assessed; possible T-GOMOD [< 1.5.0] fixed 1.5.0"},
		{"source package named wrongly", sbom.Component{PURL: "pkg:deb/debian/openssl@1.1.1n-0?upstream=zlib&distro=debian-11"}, "assessed; weak DSA-1-1 [< 1.1.1n-0+deb11u4] fixed 1.1.1n-0+deb11u4"},
		{"namespace and distro differ", sbom.Component{PURL: "pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u1?distro=ubuntu-22.04"}, "assessed-weakly (identity inferred, not stated); weak DSA-1-1 [< 1.1.1n-0+deb11u4] fixed 1.1.1n-0+deb11u4"},
		{"repository without minor release", sbom.Component{PURL: "pkg:rpm/redhat/eus@1.0-1.el8?repository_id=rhel-8-for-x86_64-baseos-eus-rpms"}, "not-assessed (distribution release unknown); possible T-EUS [< 0:2.0-1.el8_6] fixed 0:2.0-1.el8_6"},
		{"repository with minor release", sbom.Component{PURL: "pkg:rpm/redhat/eus@1.0-1.el8?repository_id=rhel-8-for-x86_64-baseos-eus-rpms__8_DOT_6"}, "assessed; strong T-EUS [< 0:2.0-1.el8_6] fixed 0:2.0-1.el8_6"},
		{"a v before the version", sbom.Component{PURL: "pkg:maven/org.apache.logging.log4j/log4j-core@v2.14.1"}, "assessed-weakly (identity inferred, not stated); weak T-LOG4J [>= 2.0-beta9, < 2.15.0] fixed 2.15.0"},
		{"a Go module without a commit", sbom.Component{PURL: "pkg:golang/go.example/mod@v0.0.0-00010101000000-000000000000"}, "not-assessed (no version); possible T-GOMOD [version not known] fixed "},
		{"a bound that cannot be compared gives no fix", sbom.Component{PURL: "pkg:npm/bound@1.0.0"}, "assessed; weak T-BOUND [< not a version!!] fixed "},
		{"version that is none", sbom.Component{PURL: "pkg:npm/open@not%20a%20version!!"}, "not-assessed (version not comparable); possible T-OPEN [version not known] fixed "},
		{"ecosystem not loaded", sbom.Component{PURL: "pkg:gem/rails@1.0.0"}, "not-assessed (ecosystem not in the database)"},
		{"type without advisories", sbom.Component{PURL: "pkg:generic/firmware@1.0"}, "not-assessed (ecosystem not covered by any advisory source)"},
		{"broken purl", sbom.Component{Name: "x", PURL: "pkg:npm/%zz@1"}, "not-assessed (package URL not valid)"},
		{"operating system", sbom.Component{Type: "operating-system", Name: "debian", Version: "11"}, "out-of-scope (operating system entry: context for its packages)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, strings.TrimSuffix(one(t, db, test.c), "")); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestOperatingSystemGivesRelease: packages without a distro qualifier take it
// from the document's operating system.
func TestOperatingSystemGivesRelease(t *testing.T) {
	db := open(t, vulndb.KindFull)
	got := one(t, db,
		sbom.Component{Type: "operating-system", Name: "debian", Version: "11.6"},
		sbom.Component{PURL: "pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u1"})
	if want := "assessed; strong DSA-1-1"; !strings.HasPrefix(got, want) {
		t.Errorf("want %q at the start of %q", want, got)
	}
}

// TestSeveralOperatingSystems: of two releases none is that of a package that
// states none; an entry that is a package by its URL is no operating system.
func TestSeveralOperatingSystems(t *testing.T) {
	db := open(t, vulndb.KindFull)
	system := func(name, version, purl string) sbom.Component {
		return sbom.Component{Type: "operating-system", Name: name, Version: version, PURL: purl}
	}
	openssl := sbom.Component{PURL: "pkg:deb/debian/openssl@1.1.1n-0"}
	for _, test := range []struct {
		a, b sbom.Component
		want string
	}{
		{system("debian", "11", ""), system("debian", "10", ""), "not-assessed (distribution release unknown)"},
		{system("debian", "11", ""), system("alpine", "3.16", ""), "not-assessed (distribution release unknown)"},
		{system("debian", "", ""), system("Debian", "11.5", ""), "assessed; strong DSA-1-1"},
		{system("debian", "11", ""), system("debian", "11.5", ""), "assessed; strong DSA-1-1"},
		{system("order", "1.0.0", "pkg:npm/order@1.0.0"), system("debian", "11", ""), "assessed; strong DSA-1-1"},
	} {
		if got := one(t, db, test.a, test.b, openssl); !strings.HasPrefix(got, test.want) {
			t.Errorf("%s %s, %s %s: want %q at the start of %q", test.a.Name, test.a.Version, test.b.Name, test.b.Version, test.want, got)
		}
	}
}

// TestPartlyLookedUp: the detail says which identifier was not looked up.
func TestPartlyLookedUp(t *testing.T) {
	result, err := match.New(open(t, vulndb.KindFull)).Match(&sbom.Document{Components: []sbom.Component{
		{PURL: "pkg:npm/last@9.0.0", Details: &sbom.Details{MorePURL: []string{"pkg:gem/last@9.0.0"}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	c := result.Components[0]
	if want := "last of RubyGems was not looked up: ecosystem not in the database"; c.State != match.AssessedWeakly || c.Detail != want {
		t.Errorf("want assessed-weakly, %q, got %s, %q", want, c.State, c.Detail)
	}
}

// TestCoverageSums: every component is in one state, and the subject that
// stands beside them is judged but not counted.
func TestCoverageSums(t *testing.T) {
	db := open(t, vulndb.KindFull)
	doc := &sbom.Document{
		Subject: &sbom.Component{PURL: "pkg:npm/last@1.0.0"},
		Components: []sbom.Component{
			{PURL: "pkg:npm/last@1.0.0"}, {Name: "x"}, {Type: "file", Name: "a.bin"}, {Group: "org.apache.logging.log4j", Name: "log4j-core", Version: "1"},
		},
	}
	result, err := match.New(db).Match(doc)
	if err != nil {
		t.Fatal(err)
	}
	want := match.Coverage{Components: 4, Assessed: 1, Weak: 1, NotAssessed: 1, OutOfScope: 1, Reasons: map[match.Reason]int{
		match.ReasonNoIdentifier: 1, match.ReasonFile: 1, match.ReasonWeakIdentity: 1,
	}}
	if diff := cmp.Diff(want, result.Coverage); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if len(result.Components) != 5 || result.Components[0].State != match.Assessed {
		t.Errorf("the subject is not judged: %+v", result.Components[0])
	}
}

func TestStarterNeverSaysAssessed(t *testing.T) {
	db := open(t, vulndb.KindStarter)
	for _, purl := range []string{"pkg:npm/last@1.0.0", "pkg:npm/last@9.0.0"} {
		if got := one(t, db, sbom.Component{PURL: purl}); !strings.HasPrefix(got, "starter-only") {
			t.Errorf("%s: want starter-only, got %s", purl, got)
		}
	}
}
