// SPDX-License-Identifier: Apache-2.0

package match_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

const (
	v4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N" // 9.3
	v3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"                    // 7.5
	v2 = "AV:N/AC:L/Au:N/C:C/I:C/A:C"                                      // 10.0
)

// identityTraps are the traps of identity and severity, 27 to 35, as far as a
// match shows them; factTraps are those that the facts of a group show.
var identityTraps = []trap{
	{
		"27-upstream-and-related",
		[]filed{
			rec("Debian", "DSA-2700-1", `"upstream":["CVE-2030-2700"]`, of("Debian:11", "t27", ranges("ECOSYSTEM", "introduced 0, fixed 2-1"))),
			rec("AlmaLinux", "ALSA-2030:27", `"related":["CVE-2030-2701","CVE-2030-2702"]`, of("AlmaLinux:9", "t27", ranges("ECOSYSTEM", "introduced 0, fixed 2-1"))),
			rec("npm", "T27-NEAR", `"related":["CVE-2030-2700"]`, of("npm", "t27", ranges("SEMVER", "introduced 0"))),
		},
		[]check{{of: "pkg:deb/debian/t27@1-1?distro=debian-11", want: "assessed; strong DSA-2700-1 [< 2-1] fixed 2-1"}},
	},
	{
		"28-no-cve-at-all",
		[]filed{
			rec("npm", "GHSA-t28t-t28t-t28t", "", of("npm", "t28", ranges("SEMVER", "introduced 0"))),
			rec("AlmaLinux", "ALBA-2030:28", `"summary":"t28 bug fix update"`, of("AlmaLinux:9", "t28", ranges("ECOSYSTEM", "introduced 0, fixed 2-1"))),
		},
		[]check{{of: "pkg:npm/t28@1.0.0", want: "assessed; strong GHSA-t28t-t28t-t28t [all versions]"}},
	},
	{
		"29-severity",
		[]filed{
			rec("npm", "T29-BOTH", `"severity":[{"type":"CVSS_V3","score":"`+v3+`"},{"type":"CVSS_V4","score":"`+v4+`"}]`, of("npm", "t29")),
			rec("npm", "T29-V3", `"severity":[{"type":"CVSS_V2","score":"`+v2+`"},{"type":"CVSS_V3","score":"`+v3+`"}]`, of("npm", "t29")),
			rec("Bitnami", "T29-AFFECTED", "", of("Bitnami", "t29", `"severity":[{"type":"CVSS_V3","score":"`+v3+`"}]`)),
			rec("npm", "T29-WORD", `"database_specific":{"severity":"MODERATE"}`, of("npm", "t29")),
			rec("crates.io", "T29-RUST", "", of("crates.io", "t29", `"database_specific":{"cvss":"`+v3+`"}`)),
			rec("AlmaLinux", "ALSA-2030:29", `"summary":"Important: t29 security update"`, of("AlmaLinux:9", "t29")),
			rec("Ubuntu", "T29-UBUNTU", `"severity":[{"type":"Ubuntu","score":"low"}]`, of("Ubuntu:20.04:LTS", "t29")),
			rec("Go", "T29-NONE", "", of("Go", "t29.example/m")),
			rec("npm", "T29-WRONG", `"severity":[{"type":"CVSS_V3","score":"`+v3+`/E:P/RL:O/RC:C/"}],"database_specific":{"severity":"HIGH"}`, of("npm", "t29")),
		},
		nil,
	},
	{
		"30-modified-is-the-database's-date",
		[]filed{
			{"npm", `{"id":"T30","modified":"2026-10-30T00:00:00.123456Z","published":"2017-01-01T00:00:00Z","affected":[` + of("npm", "t30", ranges("SEMVER", "introduced 0")) + `]}`},
			{"npm", `{"id":"T30-BAD","modified":"never","affected":[` + of("npm", "t30-bad", ranges("SEMVER", "introduced 0")) + `]}`},
		},
		[]check{{of: "pkg:npm/t30-bad@1.0.0", want: "assessed; strong T30-BAD [all versions]"}},
	},
	{
		"31-malicious-packages",
		[]filed{
			rec("npm", "MAL-2030-31", "", of("npm", "t31-all", ranges("SEMVER", "introduced 0"))),
			rec("npm", "MAL-2030-32", "", of("npm", "t31-some", versions("0.7.29", "0.8.0", "1.0.0"))),
			rec("npm", "T31-CWE", `"severity":[{"type":"CVSS_V3","score":"`+v3+`"}],"database_specific":{"cwe_ids":["CWE-506"]}`, of("npm", "t31-cwe", ranges("SEMVER", "introduced 0"))),
		},
		[]check{
			{of: "pkg:npm/t31-all@3.1.4", want: "assessed; strong MAL-2030-31 [all versions]"},
			{of: "pkg:npm/t31-some@0.8.0", want: "assessed; strong MAL-2030-32 [= 0.8.0]"},
			{of: "pkg:npm/t31-some@0.8.1", want: "assessed"},
			{of: "pkg:npm/t31-some@edge-build", want: "not-assessed (version not comparable); possible MAL-2030-32 [version not known] (possible: the version cannot be compared)"},
		},
	},
	{
		"32-one-vulnerability-under-several-ids",
		[]filed{
			rec("PyPI", "T32-A", `"aliases":["CVE-2030-3200"]`, of("PyPI", "t32", ranges("ECOSYSTEM", "introduced 0, fixed 2"))),
			rec("PyPI", "T32-B", `"aliases":["T32-A"]`, of("PyPI", "t32", ranges("ECOSYSTEM", "introduced 0, fixed 2"))),
			rec("crates.io", "T32-C", `"related":["CVE-2030-3200"]`, of("crates.io", "t32", ranges("SEMVER", "introduced 0, fixed 2.0.0"))),
			// The same record filed in two zips.
			rec("Hex", "T32-TWICE", "", of("Hex", "t32", ranges("SEMVER", "introduced 0, fixed 2.0.0"))),
			rec("GIT", "T32-TWICE", "", of("Hex", "t32", ranges("SEMVER", "introduced 0, fixed 2.0.0"))),
		},
		[]check{
			{of: "pkg:pypi/t32@1", want: "assessed; strong T32-A+T32-B [< 2] fixed 2" + otherLine},
			{of: "pkg:cargo/t32@1.0.0", want: "assessed; strong T32-C [< 2.0.0] fixed 2.0.0" + otherLine},
			{of: "pkg:hex/t32@1.0.0", want: "assessed; strong T32-TWICE [< 2.0.0] fixed 2.0.0" + otherLine},
		},
	},
	{
		"33-sources-that-disagree",
		[]filed{
			rec("npm", "T33-A", `"aliases":["CVE-2030-3300"]`, of("npm", "t33", ranges("SEMVER", "introduced 1.12.0, fixed 1.14.0"))),
			rec("npm", "T33-B", `"aliases":["CVE-2030-3300"]`, of("npm", "t33", ranges("SEMVER", "introduced 1.2.0, fixed 1.15.0"))),
		},
		[]check{
			{of: "pkg:npm/t33@1.5.0", want: "assessed; strong T33-B [>= 1.2.0, < 1.15.0] fixed 1.15.0"},
			{of: "pkg:npm/t33@1.13.0", want: "assessed; strong T33-A+T33-B [>= 1.12.0, < 1.14.0] fixed 1.14.0|1.15.0"},
		},
	},
	{
		"34-hostile-text",
		[]filed{rec("npm", "T34", `"summary":"<script>\u001b[31mx</script>","details":"`+strings.Repeat("a", 30_000)+`"`, of("npm", "t34", ranges("SEMVER", "introduced 0")))},
		[]check{{of: "pkg:npm/t34@1.0.0", want: "assessed; strong T34 [all versions]"}},
	},
	{
		"35-known-exploited",
		[]filed{
			rec("npm", "GHSA-t35t-t35t-t35t", `"aliases":["CVE-2030-3500"]`, of("npm", "t35", ranges("SEMVER", "introduced 0"))),
			rec("Debian", "DSA-3500-1", `"upstream":["CVE-2030-3500","CVE-2030-3501"]`, of("Debian:11", "t35", ranges("ECOSYSTEM", "introduced 0"))),
			rec("AlmaLinux", "ALSA-2030:35", `"related":["CVE-2030-3501"]`, of("AlmaLinux:9", "t35", ranges("ECOSYSTEM", "introduced 0"))),
			rec("npm", "T35-NEAR", `"related":["CVE-2030-3500"]`, of("npm", "t35-near", ranges("SEMVER", "introduced 0"))),
		},
		[]check{{of: "pkg:npm/t35@1.0.0", want: "assessed; strong GHSA-t35t-t35t-t35t [all versions]"}},
	},
}

// A factTrap looks at what the database says of advisories and groups.
type factTrap struct {
	name  string
	check func(t *testing.T, db *vulndb.DB, report *build.Report)
}

var factTraps = []factTrap{
	{"07-empty-affected-is-kept", func(t *testing.T, db *vulndb.DB, report *build.Report) {
		if ids := db.Find("CVE-2030-0007"); len(ids) != 1 || db.Advisory(ids[0]).ID != "T07-EMPTY" {
			t.Errorf("a record that affects nothing can be found: %v", ids)
		}
		if report.RecordsWithoutPackage == 0 {
			t.Error("records without a package are not counted")
		}
	}},
	{"15-withdrawn-is-kept", func(t *testing.T, db *vulndb.DB, _ *build.Report) {
		if ids := db.Find("T15"); len(ids) != 1 || !db.Advisory(ids[0]).Withdrawn {
			t.Errorf("a withdrawn record can be found and says so: %v", ids)
		}
	}},
	{"23-informational-records-are-apart", func(t *testing.T, db *vulndb.DB, _ *build.Report) {
		wantKinds(t, db, map[string]vulndb.Kind{"RUSTSEC-2030-23": vulndb.Informational, "RUSTSEC-2030-24": vulndb.Vulnerability})
	}},
	{"26-unknown-ecosystem-is-kept-and-said", func(t *testing.T, db *vulndb.DB, report *build.Report) {
		if have, ok := db.Covers("Moonbase", "7"); !ok || have.Records != 1 {
			t.Errorf("Moonbase:7 is not in the database: %+v", have)
		}
		for _, want := range []string{"ecosystem \"Moonbase\" is not known", `event "vanished" is not known`, `range type "QUANTUM" is not known`} {
			if !slices.ContainsFunc(report.OddityList, func(o build.Oddity) bool { return strings.Contains(o.String(), want) }) {
				t.Errorf("no oddity says %q: %v", want, report.OddityList)
			}
		}
	}},
	{"27-cves-of-distributions", func(t *testing.T, db *vulndb.DB, _ *build.Report) {
		for id, want := range map[string][]string{
			"DSA-2700-1": {"CVE-2030-2700"}, "ALSA-2030:27": {"CVE-2030-2701", "CVE-2030-2702"}, "T27-NEAR": nil, "GHSA-t28t-t28t-t28t": nil,
		} {
			if d := cmp.Diff(want, groupOf(t, db, id).CVEs); d != "" {
				t.Errorf("%s (-want +got):\n%s", id, d)
			}
		}
	}},
	{"28-bug-fix-advisories-are-no-vulnerabilities", func(t *testing.T, db *vulndb.DB, _ *build.Report) {
		wantKinds(t, db, map[string]vulndb.Kind{"ALBA-2030:28": vulndb.Informational, "ALSA-2030:27": vulndb.Vulnerability})
	}},
	{"29-severity-by-source", func(t *testing.T, db *vulndb.DB, _ *build.Report) {
		for id, want := range map[string]vulndb.Group{
			"T29-BOTH":     {Severity: vulndb.Critical, CVSS: vulndb.CVSS{Vector: v4, Score: 9.3, Source: "T29-BOTH"}},
			"T29-V3":       {Severity: vulndb.High, CVSS: vulndb.CVSS{Vector: v3, Score: 7.5, Source: "T29-V3"}},
			"T29-AFFECTED": {Severity: vulndb.High, CVSS: vulndb.CVSS{Vector: v3, Score: 7.5, Source: "T29-AFFECTED"}},
			"T29-RUST":     {Severity: vulndb.High, CVSS: vulndb.CVSS{Vector: v3, Score: 7.5, Source: "T29-RUST"}},
			"T29-WORD":     {Severity: vulndb.Medium}, "ALSA-2030:29": {Severity: vulndb.High}, "T29-UBUNTU": {Severity: vulndb.Low},
			"T29-NONE": {Severity: vulndb.Unknown}, "T29-WRONG": {Severity: vulndb.High},
		} {
			got := groupOf(t, db, id)
			if d := cmp.Diff(want, vulndb.Group{Severity: got.Severity, CVSS: got.CVSS}); d != "" {
				t.Errorf("%s (-want +got):\n%s", id, d)
			}
		}
	}},
	{"30-newest-is-by-publication", func(t *testing.T, db *vulndb.DB, _ *build.Report) {
		text, err := db.Text(db.Find("T30")[0])
		if err != nil || text.Published.Year() != 2017 || text.Modified.Year() != 2026 {
			t.Errorf("dates of T30: %v, %v", text, err)
		}
	}},
	{"31-malicious-is-a-kind", func(t *testing.T, db *vulndb.DB, _ *build.Report) {
		wantKinds(t, db, map[string]vulndb.Kind{"MAL-2030-31": vulndb.Malicious, "MAL-2030-32": vulndb.Malicious, "T31-CWE": vulndb.Malicious})
	}},
	{"32-filed-twice-is-loaded-once", func(t *testing.T, db *vulndb.DB, report *build.Report) {
		if report.Duplicates != 1 || len(db.Find("T32-TWICE")) != 1 {
			t.Errorf("want one duplicate, got %d", report.Duplicates)
		}
		if a, c := groupOf(t, db, "T32-A"), groupOf(t, db, "T32-C"); a.ID != "CVE-2030-3200" || c.ID != "T32-C" {
			t.Errorf("groups %s and %s: related joins nothing", a.ID, c.ID)
		}
	}},
	{"35-kev-by-cve", func(t *testing.T, db *vulndb.DB, _ *build.Report) {
		for id, want := range map[string]string{
			"GHSA-t35t-t35t-t35t": "CVE-2030-3500 true", "DSA-3500-1": "CVE-2030-3500 true", "ALSA-2030:35": "CVE-2030-3501 false", "T35-NEAR": "",
		} {
			got := ""
			if k := groupOf(t, db, id).KEV; k != nil {
				got = k.CVE + map[bool]string{true: " true", false: " false"}[k.Ransomware]
			}
			if got != want {
				t.Errorf("%s: want %q, got %q", id, want, got)
			}
		}
		if e := groupOf(t, db, "ALSA-2030:35").EPSS; e == nil || e.Score != 0.5 {
			t.Errorf("EPSS by related: %+v", e)
		}
	}},
}

func groupOf(t *testing.T, db *vulndb.DB, id string) vulndb.Group {
	t.Helper()
	for _, a := range db.Find(id) {
		if strings.EqualFold(db.Advisory(a).ID, id) {
			return db.Group(db.Advisory(a).Group)
		}
	}
	t.Fatalf("%s is not in the database", id)
	return vulndb.Group{}
}

func wantKinds(t *testing.T, db *vulndb.DB, want map[string]vulndb.Kind) {
	t.Helper()
	for id, kind := range want {
		if got := groupOf(t, db, id).Kind; got != kind {
			t.Errorf("%s: want %s, got %s", id, kind, got)
		}
	}
}

// TestInformationalIsFoundApart: trap 23 and 28, as a finding of a component.
func TestInformationalIsFoundApart(t *testing.T) {
	data, _, err := build.FromRecords(build.Memory{Kind: vulndb.KindFull, Records: each(informational)})
	if err != nil {
		t.Fatal(err)
	}
	db, err := vulndb.OpenBytes(data)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	result, err := match.New(db).Match(&sbom.Document{Components: []sbom.Component{{PURL: "pkg:cargo/t23@1.0.0"}}})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]vulndb.Kind{}
	for _, f := range result.Findings {
		got[db.Group(f.Group).ID] = db.Group(f.Group).Kind
	}
	want := map[string]vulndb.Kind{"RUSTSEC-2030-23": vulndb.Informational, "RUSTSEC-2030-24": vulndb.Vulnerability}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

var informational = []filed{
	rec("crates.io", "RUSTSEC-2030-23", "", of("crates.io", "t23", ranges("SEMVER", "introduced 0.0.0-0"), `"database_specific":{"informational":"unmaintained"}`)),
	rec("crates.io", "RUSTSEC-2030-24", "", of("crates.io", "t23", ranges("SEMVER", "introduced 0.0.0-0"), `"database_specific":{"informational":null}`)),
}
