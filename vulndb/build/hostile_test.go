// SPDX-License-Identifier: Apache-2.0

package build

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// TestWithdrawnByADateAlone: a record is withdrawn by a date that has come, and by
// nothing else that it may say.
func TestWithdrawnByADateAlone(t *testing.T) {
	noDate := func(s string) string {
		return `osv/npm: N-1: withdrawn "` + s + `" is no date: the record counts as in force`
	}
	for _, c := range []struct {
		value     string
		withdrawn bool
		odd       string
	}{
		{`"2026-08-31T23:00:00Z"`, true, ""},
		{`null`, false, ""},
		{`"false"`, false, noDate("false")},
		{`""`, false, noDate("")},
		{`0`, false, noDate("0")},
		{`false`, false, noDate("")},
		{`["2024-01-01"]`, false, noDate("")},
		{`"0001-01-01T00:00:00Z"`, false, noDate("0001-01-01T00:00:00Z")},
		{`"2999-01-01T00:00:00Z"`, false, "osv/npm: N-1: withdrawn after the date of the build: the record counts as in force"},
	} {
		db, report := open(t, memory(rec("npm", "N-1", `"withdrawn":`+c.value+`,`+one("npm", "x", events(`{"introduced":"0"}`)))))
		var want []string
		if c.odd != "" {
			want = []string{c.odd}
		}
		if d := cmp.Diff(want, odd(report)); d != "" {
			t.Errorf("%s: oddities (-want +got):\n%s", c.value, d)
		}
		if got := db.Advisory(db.Find("N-1")[0]).Withdrawn; got != c.withdrawn || (len(entriesOf(t, db, "npm", "x")) == 0) != c.withdrawn {
			t.Errorf("%s: want withdrawn %t, got %t", c.value, c.withdrawn, got)
		}
	}
}

// TestWithdrawnLater: what the cache holds of a record ends on the day on which it
// is withdrawn, and holds for no day before.
func TestWithdrawnLater(t *testing.T) {
	from := folder(t, map[string][]filed{"osv/npm/all.zip": append(records("npm", 5),
		rec("npm", "T-1", `"withdrawn":"2026-09-10T00:00:00Z",`+one("npm", "x", events(`{"introduced":"0"}`))),
		rec("npm", "T-2", `"withdrawn":"2026-08-20T00:00:00Z",`+one("npm", "y", events(`{"introduced":"0"}`))),
	)}, nil)
	out := filepath.Join(t.TempDir(), "x.db")
	for _, day := range []int{0, 12, 0, -20, 3} {
		change := func(o *Options) { o.AsOf = testDay.AddDate(0, 0, day) }
		got, report := run(t, from, out, change)
		want, clean := run(t, from, filepath.Join(t.TempDir(), "clean.db"), func(o *Options) { noCache(o); change(o) })
		if d := cmp.Diff(clean, report, sameReport); d != "" || !slices.Equal(want[80:], got[80:]) {
			t.Errorf("day %d: differs from a clean build (-clean +got):\n%s", day, d)
		}
	}
}

// TestDatesOfFeedsToCome: a date of KEV that lay after the build counts once it
// has come, with the cache as without.
func TestDatesOfFeedsToCome(t *testing.T) {
	from := folder(t, map[string][]filed{"osv/npm/all.zip": records("npm", 2)}, map[string]string{
		kevFile: strings.Replace(kevOfOne, "2026-01-01", "2026-09-05", 1), epssFile: "#model_version:v1,score_date:2026-09-07T00:00:00Z\ncve,epss,percentile\nCVE-2024-0001,0.5,0.6\n",
	})
	out := filepath.Join(t.TempDir(), "x.db")
	for day, want := range map[int]bool{0: false, 4: false} {
		_, report := run(t, from, out, func(o *Options) { o.AsOf = testDay.AddDate(0, 0, day) })
		if report.Unchanged != want {
			t.Errorf("day %d: want unchanged %t", day, want)
		}
	}
	_, report := run(t, from, out, func(o *Options) { o.AsOf = testDay.AddDate(0, 0, 7) })
	for _, f := range report.Feeds {
		if f.Date.IsZero() && !strings.HasPrefix(f.Name, "osv/") || report.Unchanged {
			t.Errorf("%s has no date on the day after it; unchanged %t", f.Name, report.Unchanged)
		}
	}
}

// TestWrongTypesAreSaid: nothing of another kind than the schema says is dropped
// in silence, and no range that cannot be read lets a version go.
func TestWrongTypesAreSaid(t *testing.T) {
	pkg := `"package":{"ecosystem":"npm","name":"x"}`
	for _, c := range []struct {
		name, affected string
		entries        []string
		odd            []string
	}{
		{"affected", `{}`, nil, []string{"affected is an object where an array should stand", "names nothing that is affected"}},
		{"missing", `null`, nil, []string{"names nothing that is affected"}},
		{"entry", `["x"]`, nil, []string{"an entry of affected is a string where an object should stand"}},
		{"package", `[{"package":[]}]`, nil, []string{"package is an array where an object should stand"}},
		{
			"ranges", `[{` + pkg + `,"ranges":{"type":"SEMVER"}}]`,
			[]string{"N-1 ECOSYSTEM unsorted introduced 0, last_affected (not readable);"},
			[]string{"ranges is an object where an array should stand"},
		},
		{
			"events", `[{` + pkg + `,"ranges":[{"type":"SEMVER","events":{"introduced":"0"}}]}]`,
			[]string{"N-1 ECOSYSTEM unsorted introduced 0, last_affected (not readable);"},
			[]string{"a range without events", "events is an object where an array should stand"},
		},
		{
			"no event", `[{` + pkg + `,"ranges":[{"type":"SEMVER","events":[]}]}]`,
			[]string{"N-1 ECOSYSTEM unsorted introduced 0, last_affected (not readable);"},
			[]string{"a range without events"},
		},
		{
			"introduced", `[{` + pkg + `,"ranges":[{"type":"SEMVER","events":[{"introduced":false},{"fixed":"2.0.0"}]}]}]`,
			[]string{"N-1 SEMVER unsorted introduced (not readable), fixed 2.0.0;"},
			[]string{"introduced without a version"},
		},
		{
			"event", `[{` + pkg + `,"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},"2.0.0"]}]}]`,
			[]string{"N-1 SEMVER introduced 0;"},
			[]string{"an event is a string where an object should stand"},
		},
		{"versions", `[{` + pkg + `,"versions":{"1":2}}]`, []string{"N-1"}, []string{"versions is an object where an array should stand"}},
		{
			"blanks", `[{"package":{"ecosystem":" npm","name":"x \n"},"versions":["1"]}]`,
			[]string{"N-1 versions 1"},
			[]string{`the ecosystem " npm" of a package has blanks about it, taken without`, `the name "x \n" of a package has blanks about it, taken without`},
		},
		{"control", `[{"package":{"ecosystem":"npm","name":"x\u001b[2J"},"versions":["1"]}]`, nil, []string{`the name "x\x1b[2J" of a package has control characters`}},
		{
			"a long bound", `[{` + pkg + `,"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"0.0.1` + strings.Repeat("0", 2000) + `"}]}]}]`,
			[]string{"N-1 SEMVER unsorted introduced 0, fixed 0.0.1" + strings.Repeat("0", 1001) + " (not readable);"},
			[]string{"a bound of 2005 bytes, more than any version has: it is taken as one that is not comparable"},
		},
	} {
		db, report := open(t, memory(rec("npm", "N-1", `"affected":`+c.affected)))
		var got []string
		for _, o := range report.OddityList {
			got = append(got, o.What)
		}
		slices.Sort(got)
		if d := cmp.Diff(c.odd, got); d != "" {
			t.Errorf("%s: oddities (-want +got):\n%s", c.name, d)
		}
		if d := cmp.Diff(c.entries, entriesOf(t, db, "npm", "x"), equateEmpty); d != "" {
			t.Errorf("%s: entries (-want +got):\n%s", c.name, d)
		}
	}
}

// TestOneRecordDoesNotFailTheBuild: what is too large costs itself, and is said.
func TestOneRecordDoesNotFailTheBuild(t *testing.T) {
	long := strings.Repeat("x", 2000)
	many := func(n int, one string) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }
	releases := func(n, from int) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf(`{"package":{"ecosystem":"Debian:%d","name":"p"},"versions":["1"]}`, from+i))
		}
		return `"affected":[` + strings.Join(list, ",") + `]`
	}
	url := `{"url":"https://` + strings.Repeat("u", 4000) + `"}`
	var cwes, versions []string
	for i := range 5000 {
		cwes = append(cwes, fmt.Sprintf(`"CWE-%d%s"`, i, long[:900]))
	}
	for i := range maxItems + 1 {
		versions = append(versions, fmt.Sprintf("%q", fmt.Sprint(i)))
	}
	for _, c := range []struct {
		name, members string
		odd           string
		leftOut       int
	}{
		{"ecosystem", one(long, "p", `"versions":["1"]`), "has no usable package", 1},
		{"release", one("Debian:"+long, "p", `"versions":["1"]`), "has no usable package", 1},
		{"releases", releases(70_000, 0), "more than 1024 ecosystems and releases", 70_000 - maxPlaces},
		{"references and weaknesses", `"references":[` + many(1000, url) + `],"database_specific":{"cwe_ids":[` + strings.Join(cwes, ",") + `]}`, "references left out", 0},
		{"aliases", `"aliases":[` + strings.ReplaceAll(strings.Join(cwes, ","), "CWE", "A") + `]`, "ids left out", 0},
		{"versions", one("npm", "p", `"versions":[`+strings.Join(versions, ",")+`]`), "is taken as one of all versions", 0},
	} {
		db, report := open(t, memory(rec("npm", "N-1", c.members), rec("npm", "N-2", one("npm", "good", `"versions":["1"]`))))
		if got := strings.Join(odd(report), "\n"); !strings.Contains(got, c.odd) {
			t.Errorf("%s: want an oddity %q, got %.300s", c.name, c.odd, got)
		}
		if report.EntriesLeftOut != c.leftOut {
			t.Errorf("%s: want %d entries left out, got %d", c.name, c.leftOut, report.EntriesLeftOut)
		}
		if _, err := db.Text(db.Find("N-1")[0]); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if d := cmp.Diff([]string{"N-2 versions 1"}, entriesOf(t, db, "npm", "good")); d != "" {
			t.Errorf("%s: the record beside it (-want +got):\n%s", c.name, d)
		}
		if c.name == "versions" {
			if d := cmp.Diff([]string{"N-1 ECOSYSTEM unsorted introduced 0, last_affected (not readable);"}, entriesOf(t, db, "npm", "p")); d != "" {
				t.Errorf("%s: (-want +got):\n%s", c.name, d)
			}
		}
	}

	// The tables of the file are filled by many records.
	var all []filed
	for i := range layout.MaxStrings/maxPlaces + 1 {
		all = append(all, rec("Debian", fmt.Sprintf("D-%03d", i), releases(maxPlaces, i*maxPlaces)))
	}
	db, report := open(t, memory(append(all, rec("Debian", "D-999", one("Debian:12", "good", `"versions":["1"]`)))...))
	if want := len(all)*maxPlaces - (maxStrings - 1); report.EntriesLeftOut != want || !strings.Contains(strings.Join(odd(report), " "), "one more is left out") {
		t.Errorf("want %d entries left out, got %d", want, report.EntriesLeftOut)
	}
	if d := cmp.Diff([]string{"D-999 @12 versions 1"}, entriesOf(t, db, "Debian", "good")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
