// SPDX-License-Identifier: Apache-2.0

package match_test

import (
	"fmt"
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

// A trap is something in real advisories that a reader of the specification
// trips over. Each has records of the same shape and what must be said of some
// components; the lists of records are one database, so that no trap may spoil
// another's answer.
type trap struct {
	name    string
	records []filed
	checks  []check
}

// check is a component, by its package URL or as a whole, and what is said of it.
type check struct {
	of   string // package URL
	c    sbom.Component
	want string
}

// rec writes a record with affected entries and, before them, other fields.
func rec(ecosystem, id, fields string, affected ...string) filed {
	if fields != "" {
		fields += ","
	}
	return filed{ecosystem, fmt.Sprintf(`{"id":%q,"modified":"2026-01-02T00:00:00Z",%s"affected":[%s]}`, id, fields, strings.Join(affected, ","))}
}

// of writes an affected entry; rest are its other fields.
func of(ecosystem, name string, rest ...string) string {
	return fmt.Sprintf(`{"package":{"ecosystem":%q,"name":%q}%s}`, ecosystem, name, strings.Join(append([]string{""}, rest...), ","))
}

// ranges writes ranges of one type, each as "introduced 1, fixed 2".
func ranges(kind string, list ...string) string {
	var out []string
	for _, events := range list {
		out = append(out, fmt.Sprintf(`{"type":%q,"repo":"https://git.example.org/r","events":[%s]}`, kind, strings.Join(eventsOf(events), ",")))
	}
	return `"ranges":[` + strings.Join(out, ",") + `]`
}

func eventsOf(list string) (events []string) {
	for e := range strings.SplitSeq(list, ", ") {
		kind, v, _ := strings.Cut(e, " ")
		events = append(events, fmt.Sprintf(`{%q:%q}`, kind, v))
	}
	return events
}

func versions(list ...string) string {
	return `"versions":["` + strings.Join(list, `","`) + `"]`
}

// allTraps is every trap of the theme files, in the order of the reference.
func allTraps() []trap {
	return slices.Concat(rangeTraps, ecosystemTraps, identityTraps)
}

// judge writes what is said of the last of some components: state, reason, then
// each finding with its records, range, fixes and caveat.
func judge(t *testing.T, db *vulndb.DB, components ...sbom.Component) string {
	t.Helper()
	result, err := match.New(db).Match(&sbom.Document{Components: components})
	if err != nil {
		t.Fatal(err)
	}
	last := len(result.Components) - 1
	c := result.Components[last]
	line := c.State.String()
	if c.Reason != "" {
		line += " (" + string(c.Reason) + ")"
	}
	for _, f := range result.Findings {
		if f.Component != last {
			continue
		}
		var ids []string
		for _, a := range f.Records {
			ids = append(ids, db.Advisory(a.Advisory).ID)
		}
		slices.Sort(ids)
		line += fmt.Sprintf("; %s %s [%s]", f.Confidence, strings.Join(ids, "+"), f.Range)
		if len(f.Fixed) > 0 {
			line += " fixed " + strings.Join(f.Fixed, "|")
		}
		if f.Caveat != "" {
			line += " (" + f.Caveat + ")"
		}
	}
	return line
}

// TestTraps holds every trap of the data against the matcher, by number.
func TestTraps(t *testing.T) {
	var list []filed
	for _, trap := range allTraps() {
		list = append(list, trap.records...)
	}
	list = append(list, informational...)
	data, report, err := build.FromRecords(build.Memory{
		Kind: vulndb.KindFull, AsOf: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Records: each(list),
		KEV:  []byte(`{"dateReleased":"2026-08-21T00:00:00Z","vulnerabilities":[{"cveID":"CVE-2030-3500","dateAdded":"2026-01-02","knownRansomwareCampaignUse":"Known"},{"cveID":"CVE-2030-3501","dateAdded":"2026-01-03","knownRansomwareCampaignUse":"Unknown"}]}`),
		EPSS: []byte("#model_version:v2023.03.01,score_date:2026-08-01T00:00:00+0000\ncve,epss,percentile\nCVE-2030-3501,0.5,0.9\n"),
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
	defer db.Close()

	covered := map[string]bool{}
	for _, trap := range allTraps() {
		covered[trap.name[:2]] = true
		t.Run(trap.name, func(t *testing.T) {
			for _, c := range trap.checks {
				component := c.c
				if c.of != "" {
					component.PURL = c.of
				}
				if d := cmp.Diff(c.want, judge(t, db, component)); d != "" {
					t.Errorf("%s %s (-want +got):\n%s", component.PURL, component.Name, d)
				}
			}
		})
	}
	for _, f := range factTraps {
		covered[f.name[:2]] = true
		t.Run(f.name, func(t *testing.T) { f.check(t, db, report) })
	}
	for n := 1; n <= 35; n++ {
		if !covered[fmt.Sprintf("%02d", n)] {
			t.Errorf("trap %d has no test", n)
		}
	}
	if err := db.Err(); err != nil {
		t.Error(err)
	}
}

// detail gives what is said beside the reason.
func detail(t *testing.T, db *vulndb.DB, c sbom.Component) string {
	t.Helper()
	result, err := match.New(db).Match(&sbom.Document{Components: []sbom.Component{c}})
	if err != nil {
		t.Fatal(err)
	}
	return result.Components[0].Detail
}
