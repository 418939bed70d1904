// SPDX-License-Identifier: Apache-2.0

package build

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/vulndb"
)

const (
	v2   = "AV:N/AC:L/Au:N/C:C/I:C/A:C"                                        // 10.0
	v30  = "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"                      // 9.8
	v31  = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"                      // 7.5
	v4   = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"   // 9.3
	low3 = "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N/E:P/RL:O/RC:C"        // 1.8
	zero = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N"                      // 0.0
	v4e  = v4 + "/E:U"                                                         // still 9.3
	odd3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O/RC:C/"       // GHSA-f5pg-7wfw-84q9
	noV3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:U/A:U"                      // x_NSWG-ECO-504
	old2 = "(AV:N/AC:L/Au:N/C:N/I:N/A:C)"                                      // 7.8, in brackets
	bad4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/Q" //
)

func TestScore(t *testing.T) {
	for _, c := range []struct {
		vector  string
		tenths  int
		version int
	}{{v2, 100, 2}, {old2, 78, 2}, {v30, 98, 3}, {v31, 75, 3}, {low3, 18, 3}, {zero, 0, 3}, {v4, 93, 4}, {v4e, 93, 4}} {
		got, err := score(c.vector)
		if want := (cvss{c.vector, c.tenths, c.version}); err != nil || got != want {
			t.Errorf("want %+v, got %+v, %v", want, got, err)
		}
	}
	for _, bad := range []string{"", "high", odd3, noV3, bad4, "CVSS:3.1/AV:N", "CVSS:5.0/AV:N", v31 + "/AV:N", "7.5"} {
		if got, err := score(bad); err == nil {
			t.Errorf("%q: want an error, got %+v", bad, got)
		}
	}
}

// TestSeverity looks at where records say how severe they are.
func TestSeverity(t *testing.T) {
	stated := func(kind, score string) string { return `"severity":[{"type":"` + kind + `","score":"` + score + `"}]` }
	for _, c := range []struct {
		name     string
		record   filed
		severity vulndb.Severity
		vector   string
		score    float64
	}{
		{"record", rec("npm", "X-1", stated("CVSS_V3", v31)), vulndb.High, v31, 7.5},
		{"affected (Bitnami)", rec("Bitnami", "X-1", one("Bitnami", "a", stated("CVSS_V3", v30))), vulndb.Critical, v30, 9.8},
		{"RustSec", rec("crates.io", "X-1", one("crates.io", "a", `"database_specific":{"cvss":"`+v31+`","informational":null}`)), vulndb.High, v31, 7.5},
		{"old PyPI", rec("PyPI", "X-1", one("PyPI", "a", `"database_specific":{"cvss":{"score":9.9,"vectorString":"`+v31+`"}}`)), vulndb.High, v31, 7.5},
		{"v2 alone, never critical", rec("Julia", "X-1", stated("CVSS_V2", v2)), vulndb.High, v2, 10},
		{"v3 before a higher v2", rec("Julia", "X-1", `"severity":[{"type":"CVSS_V2","score":"`+v2+`"},{"type":"CVSS_V3","score":"`+v31+`"}]`), vulndb.High, v31, 7.5},
		{"the higher of v3 and v4", rec("npm", "X-1", `"severity":[{"type":"CVSS_V4","score":"`+v4+`"},{"type":"CVSS_V3","score":"`+v30+`"}]`), vulndb.Critical, v30, 9.8},
		{"an invalid vector leaves the word", rec("npm", "X-1", stated("CVSS_V3", odd3)+`,"database_specific":{"severity":"MODERATE"}`), vulndb.Medium, "", 0},
		{"the word does not beat a vector", rec("npm", "X-1", stated("CVSS_V3", v31)+`,"database_specific":{"severity":"CRITICAL"}`), vulndb.High, v31, 7.5},
		{"no impact", rec("npm", "X-1", stated("CVSS_V3", zero)), vulndb.None, zero, 0},
		{"word", rec("Maven", "X-1", `"database_specific":{"severity":"critical"}`), vulndb.Critical, "", 0},
		{"Bitnami's Unknown", rec("Bitnami", "X-1", `"database_specific":{"severity":"Unknown"}`), vulndb.Unknown, "", 0},
		{"OSS-Fuzz", rec("OSS-Fuzz", "X-1", one("OSS-Fuzz", "a", `"ecosystem_specific":{"severity":"HIGH"}`)), vulndb.High, "", 0},
		{"Ubuntu", rec("Ubuntu", "X-1", stated("Ubuntu", "negligible")), vulndb.Low, "", 0},
		{"AlmaLinux", rec("AlmaLinux", "ALSA-1", `"summary":"Important: glibc security update"`), vulndb.High, "", 0},
		{"a summary with a colon", rec("npm", "X-1", `"summary":"Lowlands: a tale"`), vulndb.Unknown, "", 0},
		{"nothing", rec("Go", "X-1", ""), vulndb.Unknown, "", 0},
	} {
		db, _ := open(t, memory(c.record))
		g := db.Group(0)
		if g.Severity != c.severity || g.CVSS.Vector != c.vector || g.CVSS.Score != c.score {
			t.Errorf("%s: want %v %s %v, got %v %+v", c.name, c.severity, c.vector, c.score, g.Severity, g.CVSS)
		}
	}
}

func TestKind(t *testing.T) {
	for _, c := range []struct {
		name   string
		record filed
		want   vulndb.Kind
	}{
		{"plain", rec("npm", "X-1", ""), vulndb.Vulnerability},
		{"MAL-", rec("npm", "MAL-2024-1", ""), vulndb.Malicious},
		{"CWE-506 of the record", rec("npm", "X-1", `"database_specific":{"cwe_ids":["CWE-79","CWE-506"]}`), vulndb.Malicious},
		{"CWE-506 of an entry", rec("npm", "X-1", one("npm", "a", `"database_specific":{"cwes":[{"cweId":"CWE-506","name":"x"}]}`)), vulndb.Malicious},
		{"CWE-5061", rec("npm", "X-1", `"database_specific":{"cwe":"CWE-5061"}`), vulndb.Vulnerability},
		{"unmaintained", rec("crates.io", "X-1", one("crates.io", "a", `"database_specific":{"informational":"unmaintained"}`)), vulndb.Informational},
		{"informational null", rec("crates.io", "X-1", one("crates.io", "a", `"database_specific":{"informational":null}`)), vulndb.Vulnerability},
		{"bug fix", rec("AlmaLinux", "ALBA-2019:3693", one("AlmaLinux:8", "a", `"versions":[]`)), vulndb.Informational},
		{"enhancement", rec("AlmaLinux", "ALEA-2019:1", ""), vulndb.Informational},
		{"security", rec("AlmaLinux", "ALSA-2019:1", ""), vulndb.Vulnerability},
	} {
		db, _ := open(t, memory(c.record))
		if a := db.Advisory(0); a.Kind != c.want || db.Group(a.Group).Kind != c.want {
			t.Errorf("%s: want %v, got %v, group %v", c.name, c.want, a.Kind, db.Group(a.Group).Kind)
		}
	}
}

func TestGroups(t *testing.T) {
	kev := `{"dateReleased":"2026-01-01","vulnerabilities":[
		{"cveID":"CVE-2024-0001","dateAdded":"2024-03-01","knownRansomwareCampaignUse":"Unknown"},
		{"cveID":"CVE-2024-0002","dateAdded":"2024-04-01","knownRansomwareCampaignUse":"Known"},
		{"cveID":"CVE-2024-0003","dateAdded":"2024-02-01","knownRansomwareCampaignUse":"Unknown"}]}`
	epss := "cve,epss,percentile\nCVE-2024-0001,0.5,0.6\nCVE-2024-0003,0.7,0.8\nCVE-2024-0002,5e-05,1\n"
	records := []filed{
		rec("npm", "GHSA-b", `"aliases":["cve-2024-0001"],"severity":[{"type":"CVSS_V3","score":"`+v31+`"}]`),
		rec("npm", "GHSA-a", `"aliases":["X-9"],"database_specific":{"severity":"LOW"}`),
		rec("PyPI", "PYSEC-1", `"aliases":["GHSA-b"],"related":["CVE-2024-0009"]`),
		rec("PyPI", "PYSEC-2", `"withdrawn":"2024-01-01","aliases":["GHSA-a","CVE-2024-0001"]`),
		rec("Debian", "DSA-1", `"upstream":["CVE-2024-0001"]`),
		rec("Debian", "DSA-2", `"upstream":["CVE-2024-0003","CVE-2024-0001","CVE-2024-0002"]`),
		rec("Julia", "JLSEC-1", `"upstream":["EUVD-1","CVE-2024-0002","GHSA-c"],"severity":[{"type":"CVSS_V3","score":"`+v30+`"}]`),
		rec("AlmaLinux", "ALSA-1", `"related":["CVE-2024-0002","ALSA-2"]`),
		rec("crates.io", "RUSTSEC-1", `"related":["CVE-2024-0003"]`), // related of a language says nothing
		rec("npm", "N-1", `"upstream":["CVE-2024-0001"]`),            // nor is its upstream an alias
	}
	in := memory(records...)
	in.KEV, in.EPSS = []byte(kev), []byte(epss)
	db, report := open(t, in)
	day := func(m time.Month) time.Time { return time.Date(2024, m, 1, 0, 0, 0, 0, time.UTC) }
	first := &vulndb.KEV{CVE: "CVE-2024-0001", Added: day(3)}
	ransom := &vulndb.KEV{CVE: "CVE-2024-0002", Added: day(4), Ransomware: true}
	high := vulndb.CVSS{Vector: v31, Score: 7.5, Source: "GHSA-b"}
	critical := vulndb.CVSS{Vector: v30, Score: 9.8, Source: "JLSEC-1"}
	half := &vulndb.EPSS{CVE: "CVE-2024-0001", Score: 0.5, Percentile: 0.6}
	tiny := &vulndb.EPSS{CVE: "CVE-2024-0002", Score: 0.00005, Percentile: 1}
	one := vulndb.Group{
		ID: "CVE-2024-0001", Aliases: []string{"DSA-1", "GHSA-b", "PYSEC-1"}, CVEs: []string{"CVE-2024-0001"},
		Severity: vulndb.High, CVSS: high, KEV: first, EPSS: half, HasCVE: true,
	}
	for id, want := range map[string]vulndb.Group{
		"GHSA-b": one, "PYSEC-1": one, "DSA-1": one,
		"GHSA-a":  {ID: "GHSA-a", Aliases: []string{"X-9"}, Severity: vulndb.Low},
		"PYSEC-2": {ID: "PYSEC-2"},
		"DSA-2": {
			ID: "DSA-2", CVEs: []string{"CVE-2024-0001", "CVE-2024-0002", "CVE-2024-0003"}, Severity: vulndb.Critical, CVSS: critical,
			KEV: ransom, EPSS: &vulndb.EPSS{CVE: "CVE-2024-0003", Score: 0.7, Percentile: 0.8}, HasCVE: true,
		},
		"JLSEC-1": {
			ID: "CVE-2024-0002", Aliases: []string{"JLSEC-1"}, CVEs: []string{"CVE-2024-0002"}, Severity: vulndb.Critical, CVSS: critical,
			KEV: ransom, EPSS: tiny, HasCVE: true,
		},
		"ALSA-1":    {ID: "ALSA-1", CVEs: []string{"CVE-2024-0002"}, Severity: vulndb.Critical, CVSS: critical, KEV: ransom, EPSS: tiny, HasCVE: true},
		"RUSTSEC-1": {ID: "RUSTSEC-1"},
		"N-1":       {ID: "N-1", CVEs: []string{"CVE-2024-0001"}, Severity: vulndb.High, CVSS: high, KEV: first, EPSS: half, HasCVE: true},
	} {
		if d := cmp.Diff(want, groupOf(t, db, id)); d != "" {
			t.Errorf("%s (-want +got):\n%s", id, d)
		}
	}
	if report.Groups != 8 || report.GroupsOfSeveralCVEs != 0 || report.Withdrawn != 1 {
		t.Errorf("got %+v", report)
	}
}

// TestGroupsDoNotDependOnOrder joins a chain of aliases in every order.
func TestGroupsDoNotDependOnOrder(t *testing.T) {
	of := "," + one("npm", "x", `"versions":["1"]`)
	chain := []filed{
		rec("npm", "A-1", `"aliases":["B-1"]`+of), rec("npm", "B-1", `"aliases":["CVE-2024-0002"]`+of),
		rec("npm", "C-1", `"aliases":["CVE-2024-0002","CVE-2024-0001"],"severity":[{"type":"CVSS_V3","score":"`+v31+`"}]`+of),
		rec("npm", "D-1", `"aliases":["CVE-2024-0001"],"severity":[{"type":"CVSS_V3","score":"`+v31+`"}]`+of),
	}
	want := vulndb.Group{
		ID: "CVE-2024-0001", Aliases: []string{"A-1", "B-1", "C-1", "CVE-2024-0002", "D-1"}, CVEs: []string{"CVE-2024-0001", "CVE-2024-0002"},
		Severity: vulndb.High, CVSS: vulndb.CVSS{Vector: v31, Score: 7.5, Source: "C-1"}, HasCVE: true,
	}
	var permute func(n int)
	permute = func(n int) {
		if n == 0 {
			db, report := open(t, memory(chain...))
			if d := cmp.Diff(want, db.Group(0)); d != "" || report.Groups != 1 || report.GroupsOfSeveralCVEs != 1 {
				t.Fatalf("%v: %d groups (-want +got):\n%s", chain, report.Groups, d)
			}
			return
		}
		for i := range n {
			chain[i], chain[n-1] = chain[n-1], chain[i]
			permute(n - 1)
			chain[i], chain[n-1] = chain[n-1], chain[i]
		}
	}
	permute(len(chain))
}
