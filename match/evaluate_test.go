// SPDX-License-Identifier: Apache-2.0

package match

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/medsbom/medsbom/version"
	"github.com/medsbom/medsbom/vulndb"
)

// bySchema is the evaluation as the OSV schema writes it ("Evaluation"), slow and
// plain: sort the events, let each at or below the version decide anew, and ask
// whether a limit lies above.
func bySchema(v int, events []drawn) bool {
	sorted := slices.Clone(events)
	slices.SortStableFunc(sorted, func(a, b drawn) int { return a.at - b.at })
	affected, limited, below := false, false, false
	for _, e := range sorted {
		switch {
		case e.kind == vulndb.Limit:
			limited, below = true, below || v < e.at
		case e.kind == vulndb.Introduced && v >= e.at:
			affected = true
		case e.kind == vulndb.Fixed && v >= e.at, e.kind == vulndb.LastAffected && v > e.at:
			affected = false
		}
	}
	return affected && (!limited || below)
}

// drawn is an event at version 1.<at>.0, or at the beginning if at is below zero.
type drawn struct {
	kind vulndb.EventKind
	at   int
}

func (d drawn) event(t *rapid.T) vulndb.Event {
	if d.at < 0 {
		return vulndb.Event{Kind: vulndb.Introduced, Version: "0", Key: []byte{}}
	}
	text := fmt.Sprintf("1.%d.0", d.at)
	key, ok := version.SemVer.AppendKey(nil, text)
	if !ok {
		t.Fatal(text)
	}
	return vulndb.Event{Kind: d.kind, Version: text, Key: key}
}

// TestEvaluationIsTheSchemas holds both ways of evaluation against the schema, on
// events in any order with equal versions: those that the builder has sorted, and
// those that it left as they stood.
func TestEvaluationIsTheSchemas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) drawn {
			d := drawn{vulndb.EventKind(rapid.IntRange(0, 3).Draw(t, "kind")), rapid.IntRange(-1, 5).Draw(t, "at")}
			if d.at < 0 && d.kind != vulndb.Introduced {
				d.at = 0
			}
			return d
		}), 1, 8).Draw(t, "events")
		v := rapid.IntRange(0, 6).Draw(t, "version")
		want := bySchema(v, events)
		c := newCandidate(version.SemVer, fmt.Sprintf("1.%d.0", v))

		asWritten, sorted := vulndb.Range{}, vulndb.Range{Sorted: true}
		for _, d := range events {
			asWritten.Events = append(asWritten.Events, d.event(t))
		}
		slices.SortStableFunc(events, func(a, b drawn) int { return a.at - b.at })
		for _, d := range events {
			sorted.Events = append(sorted.Events, d.event(t))
		}
		for _, r := range []*vulndb.Range{&asWritten, &sorted} {
			got := evaluateRange(&c, r)
			if got.affected != want || got.unsure || got.affected != (got.words != "") {
				t.Fatalf("sorted %v: want %v, got %+v", r.Sorted, want, got)
			}
		}
	})
}

// TestUnknownBoundsNeverClear: an event that cannot be compared may add an
// answer of "affected, not sure", and never takes one away.
func TestUnknownBoundsNeverClear(t *testing.T) {
	for _, c := range []struct {
		events   []string // kind and version
		version  string
		affected bool
		unsure   bool
	}{
		{[]string{"introduced 0", "fixed ??"}, "1.0.0", true, true},
		{[]string{"introduced ??", "fixed 2.0.0"}, "1.0.0", true, true},
		{[]string{"introduced ??", "fixed 2.0.0"}, "2.0.0", false, true},
		{[]string{"introduced ??", "last_affected 2.0.0"}, "2.0.0", true, true},
		{[]string{"introduced 3.0.0", "fixed ??", "introduced 1.0.0", "fixed 2.0.0"}, "3.5.0", true, true},
		{[]string{"introduced 3.0.0", "fixed ??", "introduced 1.0.0", "fixed 2.0.0"}, "2.5.0", false, true},
		{[]string{"introduced 1.0.0", "limit ??"}, "9.0.0", true, false},
	} {
		r := vulndb.Range{}
		for _, text := range c.events {
			var kind, at string
			if _, err := fmt.Sscan(text, &kind, &at); err != nil {
				t.Fatal(err)
			}
			kinds := map[string]vulndb.EventKind{"introduced": vulndb.Introduced, "fixed": vulndb.Fixed, "last_affected": vulndb.LastAffected, "limit": vulndb.Limit}
			r.Events = append(r.Events, vulndb.Event{Kind: kinds[kind], Version: at})
		}
		k := newCandidate(version.SemVer, c.version)
		if got := evaluateRange(&k, &r); got.affected != c.affected || got.unsure != c.unsure || got.unsure && got.fixed != "" {
			t.Errorf("%v at %s: want %v, unsure %v, got %+v", c.events, c.version, c.affected, c.unsure, got)
		}
	}
}
