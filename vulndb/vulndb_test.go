// SPDX-License-Identifier: Apache-2.0

package vulndb_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/medsbom/medsbom/vulndb"
)

// entries reads all entries of a package, as copies, without keys.
func entries(t *testing.T, db *vulndb.DB, ecosystem, name string) (list []vulndb.Entry, ids []string) {
	t.Helper()
	p, ok := db.Package(ecosystem, name)
	if !ok {
		t.Fatalf("%s %q is not found", ecosystem, name)
	}
	for i := range p.Len() {
		var e vulndb.Entry
		if err := p.Entry(i, &e); err != nil {
			t.Fatal(err)
		}
		for _, r := range e.Ranges {
			for j := range r.Events {
				ev := &r.Events[j]
				if zero := ev.Kind == vulndb.Introduced && ev.Version == "0" && r.Kind != vulndb.Git; zero != (ev.Key != nil && len(ev.Key) == 0) {
					t.Errorf("%s: introduced 0 has an empty key that is not nil, others have not; got %q %v", name, ev.Version, ev.Key)
				}
				if r.Sorted != (ev.Key != nil) {
					t.Errorf("%s: events of sorted ranges have keys, others not; got %+v", name, r)
				}
				ev.Key = nil
			}
		}
		ids = append(ids, db.Advisory(e.Advisory).ID)
		e.Advisory = 0
		list = append(list, e)
	}
	return list, ids
}

func TestPackage(t *testing.T) {
	db := openBytes(t, smallFile(t))
	span := func(kind vulndb.RangeKind, sorted bool, events ...vulndb.Event) []vulndb.Range {
		return []vulndb.Range{{Kind: kind, Sorted: sorted, Events: events}}
	}
	introduced := func(v string) vulndb.Event { return vulndb.Event{Kind: vulndb.Introduced, Version: v} }
	fixed := func(v string) vulndb.Event { return vulndb.Event{Kind: vulndb.Fixed, Version: v} }
	for _, c := range []struct {
		ecosystem, name string
		ids             []string
		entries         []vulndb.Entry
	}{
		{
			"Maven", "org.example:core",
			[]string{"GHSA-aaaa-bbbb-cccc", "GHSA-aaaa-bbbb-cccc"},
			[]vulndb.Entry{
				{Ranges: span(vulndb.Ecosystem, true, introduced("2.0"), fixed("2.3.1"))},
				{Ranges: span(vulndb.Ecosystem, true, introduced("3.0"), fixed("3.1")), Versions: []string{"4.0-special"}}, // 3.0 is in the range
			},
		},
		{
			"NuGet", "core.TEXT",
			[]string{"GHSA-nnnn-nnnn-nnnn"},
			[]vulndb.Entry{{Ranges: span(vulndb.Ecosystem, true, introduced("0"), vulndb.Event{Kind: vulndb.LastAffected, Version: "1.2.3.4"})}},
		},
		{
			"PyPI", "evil.PACK--age",
			[]string{"MAL-2024-1"},
			[]vulndb.Entry{{Versions: []string{"1.0", "2.0"}}},
		},
		{
			"Debian", "core",
			[]string{"DLA-1-1", "DSA-2-1"},
			[]vulndb.Entry{
				{Release: "11", Ranges: span(vulndb.Ecosystem, true, introduced("0"), fixed("1:2.0-1+deb11u1"))},
				{Release: "10", Ranges: span(vulndb.Ecosystem, true, introduced("0"), fixed("2.0-1"))},
			},
		},
		{
			"Go", "example.org/ingress",
			[]string{"GO-2024-1"},
			[]vulndb.Entry{{Ranges: span(vulndb.Ecosystem, true, introduced("0"), fixed("1.9.0")), CustomRanges: true}},
		},
	} {
		got, ids := entries(t, db, c.ecosystem, c.name)
		if d := cmp.Diff(c.entries, got, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s %s: entries (-want +got):\n%s", c.ecosystem, c.name, d)
		}
		if d := cmp.Diff(c.ids, ids); d != "" {
			t.Errorf("%s %s: advisories (-want +got):\n%s", c.ecosystem, c.name, d)
		}
	}
	for _, absent := range [][2]string{{"PyPI", "gone"}, {"npm", "core"}, {"Maven", "core"}, {"", ""}, {"Debian:11", "core"}} {
		if p, ok := db.Package(absent[0], absent[1]); ok || p.Len() != 0 {
			t.Errorf("%v: want nothing, got %d entries", absent, p.Len())
		}
	}
	if p, _ := db.Package("Debian", "core"); p.Entry(2, new(vulndb.Entry)) == nil || p.Entry(-1, new(vulndb.Entry)) == nil {
		t.Error("an entry that is not there gives no error")
	}
}

func TestGroup(t *testing.T) {
	db := openBytes(t, smallFile(t))
	kev := &vulndb.KEV{CVE: "CVE-2024-1000", Added: time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC), Ransomware: true}
	epss := &vulndb.EPSS{CVE: "CVE-2024-1000", Score: 0.94321, Percentile: 0.99871}
	ssvc := &vulndb.SSVC{
		CVE: "CVE-2024-1000", Exploitation: "active", Automatable: "yes", TechnicalImpact: "total", Date: time.Date(2024, 4, 2, 0, 0, 0, 0, time.UTC),
	}
	cvss := vulndb.CVSS{Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", Score: 10, Source: "GHSA-aaaa-bbbb-cccc"}
	for _, c := range []struct {
		advisory string
		want     vulndb.Group
	}{
		{"GHSA-aaaa-bbbb-cccc", vulndb.Group{
			ID: "CVE-2024-1000", Aliases: []string{"DLA-1-1", "GHSA-aaaa-bbbb-cccc"}, CVEs: []string{"CVE-2024-1000"},
			Severity: vulndb.Critical, CVSS: cvss, KEV: kev, EPSS: epss, SSVC: ssvc, HasCVE: true,
		}},
		{"CVE-2024-1001", vulndb.Group{ // no record gives a vector: a rating of the CVE stands in, v3 before v2
			ID: "CVE-2024-1001", CVEs: []string{"CVE-2024-1001"}, Severity: vulndb.Critical,
			CVSS: vulndb.CVSS{Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Score: 9.8, Source: "CVE-2024-1001 by nvd"},
			SSVC: &vulndb.SSVC{
				CVE: "CVE-2024-1001", Exploitation: "poc", Automatable: "no", TechnicalImpact: "partial", Date: time.Date(2024, 4, 3, 0, 0, 0, 0, time.UTC),
			},
			HasCVE: true,
		}},
		{"DSA-2-1", vulndb.Group{ // several CVEs in upstream: its own group, with the facts of its CVEs
			ID: "DSA-2-1", CVEs: []string{"CVE-2024-1000", "CVE-2024-1002"},
			Severity: vulndb.Critical, CVSS: cvss, KEV: kev, EPSS: epss, SSVC: ssvc, HasCVE: true,
		}},
		{"MAL-2024-1", vulndb.Group{ID: "MAL-2024-1", Kind: vulndb.Malicious}},
		{"PYSEC-2024-1", vulndb.Group{ID: "PYSEC-2024-1"}}, // withdrawn: its alias is withdrawn too
		{"CURL-CVE-2024-1", vulndb.Group{ID: "CURL-CVE-2024-1"}},
	} {
		ids := db.Find(c.advisory)
		if len(ids) != 1 {
			t.Errorf("%s: found %d times", c.advisory, len(ids))
			continue
		}
		if d := cmp.Diff(c.want, db.Group(db.Advisory(ids[0]).Group)); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.advisory, d)
		}
	}
	if a, b := db.Find("DLA-1-1"), db.Find("GHSA-AAAA-bbbb-CCCC"); db.Advisory(a[0]).Group != db.Advisory(b[0]).Group {
		t.Error("two records of one vulnerability are in two groups")
	}
}

func TestFind(t *testing.T) {
	db := openBytes(t, smallFile(t))
	for id, want := range map[string][]string{
		"cve-2024-1000":   {"DLA-1-1", "DSA-2-1", "GHSA-aaaa-bbbb-cccc", "PYSEC-2024-1"},
		"CVE-2024-1002":   {"DSA-2-1"},
		"curl-cve-2024-1": {"CURL-CVE-2024-1"},
		"CVE-2020-0001":   nil, // in KEV alone
		"":                nil,
	} {
		if d := cmp.Diff(want, names(db, db.Find(id))); d != "" {
			t.Errorf("%q (-want +got):\n%s", id, d)
		}
	}
	if k, ok := db.KEV("cve-2020-0001"); !ok || k.Ransomware || !k.Added.Equal(time.Date(2021, 11, 3, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("KEV: got %+v, %v", k, ok)
	}
	if e, ok := db.EPSS("CVE-2024-1002"); !ok || e.Score != 0.00126 || e.Percentile != 0.48134 {
		t.Errorf("EPSS: want exactly 0.00126 and 0.48134, got %+v, %v", e, ok)
	}
	if _, ok := db.EPSS("CVE-2020-0001"); ok {
		t.Error("EPSS of a CVE that it does not list")
	}
	if !db.Advisory(db.Find("PYSEC-2024-1")[0]).Withdrawn || db.Advisory(db.Find("DLA-1-1")[0]).Withdrawn {
		t.Error("withdrawn is told wrongly")
	}
}

func TestNamesakes(t *testing.T) {
	db := openBytes(t, smallFile(t))
	for name, want := range map[string][]vulndb.Namesake{
		"Core":             {{Ecosystem: "Maven", Name: "org.example:core"}, {Ecosystem: "Maven", Name: "org.other:core"}}, // not Debian's
		"CORE.TEXT":        {{Ecosystem: "NuGet", Name: "core.text"}},
		"org.Example:core": {{Ecosystem: "Maven", Name: "org.example:core"}},
		"gone":             nil, // withdrawn
		"":                 nil,
	} {
		if d := cmp.Diff(want, db.NamesakesOf(name)); d != "" {
			t.Errorf("%q (-want +got):\n%s", name, d)
		}
	}
}

func TestInfo(t *testing.T) {
	db := openBytes(t, smallFile(t))
	info := db.Info()
	day := func(month time.Month, d int) time.Time { return time.Date(2024, month, d, 0, 0, 0, 0, time.UTC) }
	want := []vulndb.Release{
		{Ecosystem: "Debian", Newest: day(2, 8), Records: 2, Packages: 1},
		{Ecosystem: "Debian", Release: "10", Newest: day(2, 8), Records: 1, Packages: 1},
		{Ecosystem: "Debian", Release: "11", Newest: day(2, 7), Records: 1, Packages: 1},
		{Ecosystem: "GIT", Newest: day(2, 11), Records: 2, Packages: 1},
		{Ecosystem: "Go", Newest: day(2, 9), Records: 1, Packages: 1},
		{Ecosystem: "Maven", Newest: day(2, 4), Records: 2, Packages: 2},
		{Ecosystem: "NuGet", Newest: day(2, 5), Records: 1, Packages: 1},
		{Ecosystem: "PyPI", Newest: day(2, 6), Records: 1, Packages: 1},
	}
	if d := cmp.Diff(want, info.Releases); d != "" {
		t.Errorf("releases (-want +got):\n%s", d)
	}
	if info.Advisories != len(smallRecords) || info.Packages != 7 || !info.HasKEV || !info.HasEPSS || !info.Built.Equal(smallDay) || len(info.Digest) != 64 {
		t.Errorf("got %+v", info)
	}
	var feeds []string
	for _, f := range info.Feeds {
		feeds = append(feeds, f.Name+" "+f.Date.Format(time.RFC3339))
	}
	if d := cmp.Diff([]string{
		"csaf 2024-01-03T00:00:00Z", "cvss 0001-01-01T00:00:00Z", // no date is no date
		"eol 2024-05-03T00:00:00Z", "eol/releases 2024-05-03T00:00:00Z",
		"epss 2024-05-02T00:00:00Z", "kev 2024-05-01T10:00:00Z", "osv/Debian 2024-02-08T00:00:00Z", "osv/GIT 2024-02-11T00:00:00Z",
		"osv/Go 2024-02-09T00:00:00Z", "osv/Maven 2024-02-04T00:00:00Z", "osv/NuGet 2024-02-05T00:00:00Z", "osv/PyPI 2024-02-06T00:00:00Z",
		"ssvc 2024-04-03T00:00:00Z",
	}, feeds); d != "" {
		t.Errorf("feeds (-want +got):\n%s", d)
	}
	for _, c := range []struct {
		ecosystem, release string
		want               bool
	}{{"Debian", "11", true}, {"Debian", "12", false}, {"Debian", "", true}, {"npm", "", false}, {"GIT", "", true}, {"Hex", "", false}} {
		if _, ok := db.Covers(c.ecosystem, c.release); ok != c.want {
			t.Errorf("covers %s %s: want %v, got %v", c.ecosystem, c.release, c.want, ok)
		}
	}
}

func TestText(t *testing.T) {
	db := openBytes(t, smallFile(t))
	got, err := db.Text(db.Find("GHSA-aaaa-bbbb-cccc")[0])
	if err != nil {
		t.Fatal(err)
	}
	want := vulndb.Text{
		Summary: "Remote code execution", Published: time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC), Modified: time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC),
		References: []string{"https://example.com/a"}, CWEs: []string{"CWE-502"}, Aliases: []string{"CVE-2024-1000"},
		Severities: []vulndb.SeverityStatement{{Type: "CVSS_V3", Score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestConcurrent is for the race detector.
func TestConcurrent(t *testing.T) {
	db := openBytes(t, smallFile(t))
	want, err := facts(openBytes(t, smallFile(t)))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got, err := facts(db); err != nil || got != want {
				t.Errorf("a concurrent reader sees something else, error %v", err)
			}
		})
	}
	wg.Wait()
}

func TestLookUpDoesNotAllocate(t *testing.T) {
	db := openBytes(t, smallFile(t))
	var e vulndb.Entry
	for _, p := range [][2]string{{"Maven", "org.example:core"}, {"Debian", "core"}, {"PyPI", "evil-pack-age"}, {"Maven", "none"}} {
		run := func() {
			pkg, _ := db.Package(p[0], p[1])
			for i := range pkg.Len() {
				if err := pkg.Entry(i, &e); err != nil {
					t.Fatal(err)
				}
				if a := db.Advisory(e.Advisory); a.ID == "" {
					t.Fatal("no advisory")
				}
			}
		}
		if n := testing.AllocsPerRun(100, run); n != 0 {
			t.Errorf("%v: want no allocation, got %v", p, n)
		}
	}
}

func TestWords(t *testing.T) {
	var got []string
	for _, s := range []vulndb.Severity{vulndb.Unknown, vulndb.None, vulndb.Low, vulndb.Medium, vulndb.High, vulndb.Critical} {
		got = append(got, s.String())
	}
	for _, k := range []vulndb.Kind{vulndb.Vulnerability, vulndb.Informational, vulndb.Malicious} {
		got = append(got, k.String())
	}
	for _, k := range []vulndb.RangeKind{vulndb.Semver, vulndb.Ecosystem, vulndb.Git} {
		got = append(got, k.String())
	}
	for _, k := range []vulndb.EventKind{vulndb.Introduced, vulndb.Fixed, vulndb.LastAffected, vulndb.Limit} {
		got = append(got, k.String())
	}
	want := "unknown none low medium high critical vulnerability informational malicious SEMVER ECOSYSTEM GIT introduced fixed last_affected limit"
	if got := strings.Join(got, " "); want != got {
		t.Errorf("want %s, got %s", want, got)
	}
	for _, c := range []struct {
		score float64
		v2    bool
		want  vulndb.Severity
	}{{0, false, vulndb.None}, {0.1, false, vulndb.Low}, {3.9, false, vulndb.Low}, {4, false, vulndb.Medium}, {6.9, true, vulndb.Medium}, {7, true, vulndb.High}, {9, false, vulndb.Critical}, {10, true, vulndb.High}, {10.1, false, vulndb.Unknown}, {-1, false, vulndb.Unknown}} {
		if got := vulndb.SeverityOf(c.score, c.v2); got != c.want {
			t.Errorf("severity of %v: want %v, got %v", c.score, c.want, got)
		}
	}
}
