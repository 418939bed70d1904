// SPDX-License-Identifier: Apache-2.0

package build

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/medsbom/medsbom/vulndb"
)

var equateEmpty = cmpopts.EquateEmpty()

var testDay = time.Date(2026, time.September, 1, 0, 0, 0, 0, time.UTC)

// filed is a record and the ecosystem it is filed under.
type filed struct{ ecosystem, json string }

// rec makes a record of an id and further members; "modified" is added.
func rec(ecosystem, id, members string) filed {
	if members != "" {
		members = "," + members
	}
	return filed{ecosystem, fmt.Sprintf(`{"id":%q,"modified":"2026-01-02T03:04:05Z"%s}`, id, members)}
}

// one makes an affected entry of a package with other members.
func one(ecosystem, name, members string) string {
	return fmt.Sprintf(`"affected":[{"package":{"ecosystem":%q,"name":%q},%s}]`, ecosystem, name, members)
}

func events(pairs string) string {
	return `"ranges":[{"type":"ECOSYSTEM","events":[` + pairs + `]}]`
}

func memory(records ...filed) Memory {
	return Memory{Kind: vulndb.KindFull, AsOf: testDay, Records: func(yield func(string, []byte) bool) {
		for _, r := range records {
			if !yield(r.ecosystem, []byte(r.json)) {
				return
			}
		}
	}}
}

func open(t testing.TB, in Memory) (*vulndb.DB, *Report) {
	t.Helper()
	file, report, err := FromRecords(in)
	if err != nil {
		t.Fatal(err)
	}
	db, err := vulndb.OpenBytes(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Verify(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db, report
}

// entriesOf writes the entries of a package in words.
func entriesOf(t testing.TB, db *vulndb.DB, ecosystem, name string) []string {
	t.Helper()
	p, _ := db.Package(ecosystem, name)
	var list []string
	var e vulndb.Entry
	for i := range p.Len() {
		if err := p.Entry(i, &e); err != nil {
			t.Fatal(err)
		}
		list = append(list, words(db, &e))
	}
	return list
}

func words(db *vulndb.DB, e *vulndb.Entry) string {
	var s strings.Builder
	s.WriteString(db.Advisory(e.Advisory).ID)
	if e.Release != "" {
		s.WriteString(" @" + e.Release)
	}
	if e.CustomRanges {
		s.WriteString(" custom")
	}
	for _, r := range e.Ranges {
		s.WriteString(" " + r.Kind.String())
		if !r.Sorted {
			s.WriteString(" unsorted")
		}
		for i, ev := range r.Events {
			if i > 0 {
				s.WriteString(",")
			}
			s.WriteString(" " + ev.Kind.String() + " " + ev.Version)
		}
		s.WriteString(";")
	}
	if len(e.Versions) > 0 {
		s.WriteString(" versions " + strings.Join(e.Versions, " "))
	}
	return s.String()
}

// groupOf gives the group of an id that one advisory has.
func groupOf(t testing.TB, db *vulndb.DB, id string) vulndb.Group {
	t.Helper()
	for _, a := range db.Find(id) {
		if adv := db.Advisory(a); adv.ID == id {
			return db.Group(adv.Group)
		}
	}
	t.Fatalf("advisory %s is not found", id)
	return vulndb.Group{}
}

// odd gives the oddities in words, sorted, but for that of records that affect
// nothing: those of most tests do not.
func odd(r *Report) []string {
	var list []string
	for _, o := range r.OddityList {
		if o.What == "names nothing that is affected" {
			continue
		}
		list = append(list, o.String())
	}
	slices.Sort(list)
	return list
}
