// SPDX-License-Identifier: Apache-2.0

package vulndb_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

// dbOf makes a database of records, each with its ecosystem before it.
func dbOf(t *testing.T, kev string, records ...string) *vulndb.DB {
	t.Helper()
	in := build.Memory{Kind: vulndb.KindFull, AsOf: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC), Records: func(yield func(string, []byte) bool) {
		for _, r := range records {
			ecosystem, text, _ := strings.Cut(r, " ")
			if !yield(ecosystem, []byte(text)) {
				return
			}
		}
	}}
	if kev != "" {
		in.KEV = []byte(`{"vulnerabilities":[` + kev + `]}`)
	}
	file, _, err := build.FromRecords(in)
	if err != nil {
		t.Fatal(err)
	}
	db, err := vulndb.OpenBytes(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func affects(ecosystem, name, id, fixed, more string) string {
	base, _, _ := strings.Cut(ecosystem, ":")
	return base + ` {"id":"` + id + `","modified":"2026-01-01T00:00:00Z"` + more + `,"affected":[{"package":{"ecosystem":"` + ecosystem +
		`","name":"` + name + `"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"` + fixed + `"}]}]}]}`
}

func tagged(id, tags string) string {
	return `GIT {"id":"` + id + `","modified":"2026-01-01T00:00:00Z","affected":[{"ranges":[{"type":"GIT","repo":"https://example.org/r","events":[{"introduced":"0"}]}],"versions":[` + tags + `]}]}`
}

func TestChanges(t *testing.T) {
	const cve = `,"aliases":["CVE-2024-0001"]`
	vector := func(availability string) string {
		return `,"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:` + availability + `"}]`
	}
	kept := affects("npm", "kept", "T-0", "1.0.0", "")
	other := `{"cveID":"CVE-2000-0009","dateAdded":"2026-01-01"}`
	kevOf := other + `,{"cveID":"CVE-2024-0001","dateAdded":"2026-01-01"}`
	for _, c := range []struct {
		name            string
		before, now     []string
		kevBefore, kev  string
		packages        []vulndb.Change
		coverage        []vulndb.CoverageChange
		whole           []string
		touched, spared []vulndb.Key
	}{
		{
			name: "the same in another order of ecosystems", before: []string{kept, affects("PyPI", "b", "T-1", "2", "")},
			now: []string{affects("PyPI", "b", "T-1", "2", ""), kept},
		},
		{
			name: "a record more, and its package", before: []string{kept}, now: []string{kept, affects("npm", "new", "T-1", "2.0.0", "")},
			packages: []vulndb.Change{{Ecosystem: "npm", Name: "new", What: vulndb.Added, Advisories: []string{"T-1"}}},
			touched:  []vulndb.Key{vulndb.PackageKey("npm", "new"), vulndb.NameKey("NEW")},
			spared:   []vulndb.Key{vulndb.PackageKey("npm", "kept"), vulndb.PackageKey("PyPI", "new"), vulndb.NameKey("kept"), vulndb.CoverageKey("npm", "")},
		},
		{
			name: "a package less", before: []string{kept, affects("Maven", "org.x:core", "T-1", "2", ""), affects("Maven", "a:b", "T-2", "2", "")}, now: []string{kept, affects("Maven", "a:b", "T-2", "2", "")},
			packages: []vulndb.Change{{Ecosystem: "Maven", Name: "org.x:core", What: vulndb.Removed, Advisories: []string{"T-1"}}},
			touched:  []vulndb.Key{vulndb.PackageKey("Maven", "org.x:core"), vulndb.NameKey("Core"), vulndb.NameKey("org.x:core")},
			spared:   []vulndb.Key{vulndb.NameKey("b")},
		},
		{
			name: "another bound", before: []string{kept, affects("PyPI", "Zope.Interface", "T-1", "2", ""), affects("PyPI", "zope-interface", "T-2", "2", "")},
			now:      []string{kept, affects("PyPI", "Zope.Interface", "T-1", "3", ""), affects("PyPI", "zope-interface", "T-2", "2", "")},
			packages: []vulndb.Change{{Ecosystem: "PyPI", Name: "zope-interface", What: vulndb.Entries, Advisories: []string{"T-1"}}},
			touched:  []vulndb.Key{vulndb.PackageKey("PyPI", "zope_interface"), vulndb.PackageKey("PyPI", "Zope.Interface")},
		},
		{
			name: "withdrawn", before: []string{kept, affects("npm", "kept", "T-1", "2.0.0", "")}, now: []string{kept, affects("npm", "kept", "T-1", "2.0.0", `,"withdrawn":"2026-01-01T00:00:00Z"`)},
			packages: []vulndb.Change{{Ecosystem: "npm", Name: "kept", What: vulndb.Entries | vulndb.Facts | vulndb.Scores, Advisories: []string{"T-1"}}},
		},
		{
			name: "another severity", before: []string{kept, affects("npm", "rated", "T-1", "2.0.0", vector("L"))}, now: []string{kept, affects("npm", "rated", "T-1", "2.0.0", vector("H"))},
			packages: []vulndb.Change{{Ecosystem: "npm", Name: "rated", What: vulndb.Facts, Advisories: []string{"T-1"}}},
		},
		{
			name: "an alias more", before: []string{kept, affects("npm", "kept", "T-1", "2.0.0", "")}, now: []string{kept, affects("npm", "kept", "T-1", "2.0.0", cve)},
			packages: []vulndb.Change{{Ecosystem: "npm", Name: "kept", What: vulndb.Facts, Advisories: []string{"T-1"}}},
		},
		{
			name: "exploited now, through a record that joins two", before: []string{kept, affects("npm", "kept", "T-1", "2.0.0", cve)}, now: []string{kept, affects("npm", "kept", "T-1", "2.0.0", cve)},
			kevBefore: other, kev: kevOf,
			packages: []vulndb.Change{{Ecosystem: "npm", Name: "kept", What: vulndb.Facts, Advisories: []string{"T-1"}}},
		},
		{
			name: "a feed more", before: []string{kept}, now: []string{kept}, kev: other, whole: []string{"the feed kev is loaded now"},
		},
		{
			name: "a release more", before: []string{kept, affects("Debian:11", "core", "T-1", "2", "")}, now: []string{kept, affects("Debian:11", "core", "T-1", "2", ""), affects("Debian:12", "core", "T-2", "2", "")},
			packages: []vulndb.Change{{Ecosystem: "Debian", Name: "core", What: vulndb.Entries | vulndb.Facts | vulndb.Scores, Advisories: []string{"T-2"}}},
			coverage: []vulndb.CoverageChange{{Ecosystem: "Debian", Release: "12"}},
			touched:  []vulndb.Key{vulndb.CoverageKey("Debian", "12")}, spared: []vulndb.Key{vulndb.CoverageKey("Debian", "11"), vulndb.NameKey("core")},
		},
		{
			name: "a tag more", before: []string{kept, tagged("T-1", `"1.0","2.0"`), tagged("T-2", `"1.0"`)}, now: []string{kept, tagged("T-1", `"0.9","1.0","2.0"`), tagged("T-2", `"1.0"`)},
			packages: []vulndb.Change{{Ecosystem: "GIT", Name: "https://example.org/r", What: vulndb.Entries, Advisories: []string{"T-1"}}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			older, newer := dbOf(t, c.kevBefore, c.before...), dbOf(t, c.kev, c.now...)
			got, err := vulndb.Changes(older, newer)
			if err != nil {
				t.Fatal(err)
			}
			want := &vulndb.Delta{Old: older.Info().Digest, New: newer.Info().Digest, Whole: c.whole, Coverage: c.coverage, Packages: c.packages}
			if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			touches := got.Touches(vulndb.Entries | vulndb.Facts)
			for i, key := range c.touched {
				if !touches.Touched([]vulndb.Key{key}) {
					t.Errorf("key %d is not touched", i)
				}
			}
			for i, key := range c.spared {
				if touches.Touched([]vulndb.Key{key}) {
					t.Errorf("key %d is touched", i)
				}
			}
		})
	}
}

// TestChangesSeeEveryFact holds that no field of Group is forgotten.
func TestChangesSeeEveryFact(t *testing.T) {
	if d := cmp.Diff([]string{}, vulndb.UnseenFacts()); d != "" {
		t.Errorf("changes of these fields of Group would not be seen: append them in summary.go (-want +got):\n%s", d)
	}
}

func TestChangesOfScores(t *testing.T) {
	epss := func(score string) *vulndb.DB {
		file, _, err := build.FromRecords(build.Memory{
			Kind: vulndb.KindFull, EPSS: []byte("cve,epss,percentile\nCVE-2024-0001," + score + ",0.5\n"),
			Records: func(yield func(string, []byte) bool) {
				_, text, _ := strings.Cut(affects("npm", "kept", "T-1", "2.0.0", `,"aliases":["CVE-2024-0001"]`), " ")
				yield("npm", []byte(text))
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		db, err := vulndb.OpenBytes(file)
		if err != nil {
			t.Fatal(err)
		}
		return db
	}
	d, err := vulndb.Changes(epss("0.1"), epss("0.2"))
	if err != nil {
		t.Fatal(err)
	}
	want := []vulndb.Change{{Ecosystem: "npm", Name: "kept", What: vulndb.Scores, Advisories: []string{"T-1"}}}
	if diff := cmp.Diff(want, d.Packages); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	keys := []vulndb.Key{vulndb.PackageKey("npm", "kept")}
	if d.Touches(vulndb.Entries|vulndb.Facts).Touched(keys) || !d.Touches(vulndb.Scores).Touched(keys) {
		t.Error("a score counts where it is asked for, and only there")
	}
}

// An ecosystem of which a database has too few records is assessed weakly: that it
// passes the mark is a change of coverage, though no package differs.
func TestChangesOfFewRecords(t *testing.T) {
	records := func(npm, pub int) (list []string) {
		for i := range npm {
			list = append(list, affects("npm", "many", fmt.Sprintf("N-%d", i), "1.0.0", ""))
		}
		for i := range pub {
			list = append(list, affects("Pub", "few", fmt.Sprintf("P-%d", i), "1.0.0", ""))
		}
		return list
	}
	for _, c := range []struct {
		name        string
		before, now []string
		want        []vulndb.CoverageChange
	}{
		{"fewer", records(1000, 2), records(1000, 1), []vulndb.CoverageChange{{Ecosystem: "Pub", Fewer: true}}},
		{"enough", records(1000, 1), records(1000, 2), []vulndb.CoverageChange{{Ecosystem: "Pub", Enough: true}}},
		{"a database made by hand grows into a copy", records(998, 1), records(999, 1), []vulndb.CoverageChange{{Ecosystem: "Pub", Fewer: true}}},
		{"few in both", records(1000, 1), records(1001, 1), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := vulndb.Changes(dbOf(t, "", c.before...), dbOf(t, "", c.now...))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, d.Coverage); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := d.Touches(vulndb.Facts).Touched([]vulndb.Key{vulndb.CoverageKey("Pub", "")}); got != (c.want != nil) {
				t.Errorf("want a document of Pub touched: %v, got %v", c.want != nil, got)
			}
		})
	}
}

// What the feeds about products hold is not compared, and that it differs is said.
func TestChangesUncompared(t *testing.T) {
	with := func(eol string) *vulndb.DB {
		file, _, err := build.FromRecords(build.Memory{
			Kind: vulndb.KindFull, EOL: []byte(`{"p":{"cycles":[{"cycle":"1","eol":"` + eol + `"}]}}`),
			Records: func(yield func(string, []byte) bool) {
				ecosystem, text, _ := strings.Cut(affects("npm", "a", "T-1", "1", ""), " ")
				yield(ecosystem, []byte(text))
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		db, err := vulndb.OpenBytes(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		return db
	}
	for want, now := range map[string]string{"": "2026-01-01", "eol": "2027-01-01"} {
		d, err := vulndb.Changes(with("2026-01-01"), with(now))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(d.Uncompared, " "); got != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}
