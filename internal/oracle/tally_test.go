// SPDX-License-Identifier: Apache-2.0

package oracle

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/osv-scalibr/semantic"
)

// A tally counts pairs, findings, and differences by class.
type tally struct {
	other   string // the other one
	classes []class

	components, silent           int // of the latter the engine knows no ecosystem
	pairs, silentPairs           int
	silentFound, silentBoth      int // by the textbook; of these medsbom too
	oursFound, theirsFound, both int
	crashes                      int
	counts                       map[string]int
	examples                     map[string][]string
	breaks                       map[string]string // by class
	ecosystems                   map[string]*[5]int
}

func newTally() *tally {
	return &tally{other: "osv-scanner", classes: classes, counts: map[string]int{}, examples: map[string][]string{}, breaks: map[string]string{}, ecosystems: map[string]*[5]int{}}
}

const maxExamples = 3

func (t *tally) add(o *tally) {
	t.components += o.components
	t.silent += o.silent
	t.pairs += o.pairs
	t.silentPairs += o.silentPairs
	t.silentFound += o.silentFound
	t.silentBoth += o.silentBoth
	t.oursFound += o.oursFound
	t.theirsFound += o.theirsFound
	t.both += o.both
	t.crashes += o.crashes
	for class, n := range o.counts {
		t.counts[class] += n
	}
	for class, list := range o.examples {
		for _, example := range list {
			t.example(class, example)
		}
	}
	maps.Copy(t.breaks, o.breaks)
	for e, row := range o.ecosystems {
		sum := t.row(e)
		for i := range row {
			sum[i] += row[i]
		}
	}
}

func (t *tally) row(ecosystem string) *[5]int {
	if t.ecosystems[ecosystem] == nil {
		t.ecosystems[ecosystem] = &[5]int{}
	}
	return t.ecosystems[ecosystem]
}

// example keeps the lexically first ones, whatever order they are met in.
func (t *tally) example(class, text string) {
	list := append(t.examples[class], text)
	slices.Sort(list)
	t.examples[class] = list[:min(len(list), maxExamples)]
}

// component tallies one component: what we found, what the engine did.
func (t *tally) component(data *advisories, c *component, mine *judgement, theirs []string, crashed bool) {
	records := data.byKey[c.key]
	ecosystem := base(c.key.ecosystem)
	t.components++
	t.pairs += len(records)
	t.oursFound += len(mine.found)
	t.theirsFound += len(theirs)
	row := t.row(ecosystem)
	row[0]++
	row[1] += len(records)
	row[2] += len(mine.found)
	row[3] += len(theirs)
	if eco := engineEcosystem(c.purl); crashed || string(eco.Ecosystem) != ecosystem {
		// osv-scanner gives no judgement, but in a class of differences on what it
		// takes the component for. The textbook stands in.
		t.silent++
		t.silentPairs += len(records)
		for _, id := range theirs {
			if _, ok := mine.found[id]; !ok {
				t.difference(newPair(c, mine, data.byID[id]), false)
			}
		}
		theirs = standIn(c, records)
		t.silentFound += len(theirs)
		same := t.compare(data, c, mine, theirs, true)
		t.silentBoth += same
		row[4] += same
		if class, breaks := noJudgement(c); same > 0 {
			t.breaks[class] = breaks
			t.counts[class] += same
			t.example(class, fmt.Sprintf("%s (%s, %s): %d records", c.purl, c.key.ecosystem, mine.component.State, same))
		}
		return
	}
	same := t.compare(data, c, mine, theirs, false)
	t.both += same
	row[4] += same
}

// standIn gives the ids of the records that affect a component by the textbook,
// with osv-scalibr's order where it has one.
func standIn(c *component, records []*record) []string {
	cmp := theirOrder(c.key.ecosystem)
	if _, err := semantic.Parse("1", c.key.ecosystem); err != nil {
		cmp = ourOrder(c.key.ecosystem)
	}
	var found []string
	for _, r := range records {
		for i := range r.Affected {
			a := &r.Affected[i]
			if !a.names(c.key.ecosystem, c.key.name) {
				continue
			}
			if in, _ := textbook(cmp, a.Ranges, a.Versions, c.version); in {
				found = append(found, r.ID)
				break
			}
		}
	}
	return found
}

// compare tallies the differences and gives how many findings are the same.
func (t *tally) compare(data *advisories, c *component, mine *judgement, theirs []string, standIn bool) int {
	same := 0
	for _, id := range slices.Sorted(maps.Keys(mine.found)) {
		if slices.Contains(theirs, id) {
			same++
			continue
		}
		p := newPair(c, mine, data.byID[id])
		p.oursOnly, p.confidence = true, mine.found[id]
		t.difference(p, standIn)
	}
	for _, id := range theirs {
		if _, ok := mine.found[id]; !ok {
			t.difference(newPair(c, mine, data.byID[id]), standIn)
		}
	}
	return same
}

func (t *tally) difference(p *pair, standIn bool) {
	p.standIn = standIn
	class, breaks := classify(t.classes, p)
	if standIn {
		class = "textbook for " + base(p.c.key.ecosystem) + ": " + class
	}
	t.breaks[class] = breaks
	t.counts[class]++
	side := "only " + t.other
	if standIn {
		side = "only the textbook"
	}
	if p.oursOnly {
		side = "only medsbom, " + p.confidence.String()
	}
	t.example(class, fmt.Sprintf("%s (%s, %s): %s, %s", p.c.purl, p.c.key.ecosystem, p.mine.component.State, p.record.ID, side))
}

func (t *tally) report(tb testing.TB, name string) {
	tb.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d components, %d (component, advisory) pairs judged; of these %s gives no judgement on %d components, %d pairs\n",
		name, t.components, t.pairs, t.other, t.silent, t.silentPairs)
	fmt.Fprintf(&b, "findings: medsbom %d, %s %d, the same %d; scans that it did not survive: %d\n", t.oursFound, t.other, t.theirsFound, t.both, t.crashes)
	fmt.Fprintf(&b, "%-30s %10s %10s %10s %10s %10s\n", "ecosystem", "components", "pairs", "medsbom", "other", "same")
	for _, e := range slices.Sorted(maps.Keys(t.ecosystems)) {
		row := t.ecosystems[e]
		fmt.Fprintf(&b, "%-30s %10d %10d %10d %10d %10d\n", e, row[0], row[1], row[2], row[3], row[4])
	}
	for _, class := range slices.Sorted(maps.Keys(t.counts)) {
		fmt.Fprintf(&b, "%8d  %s\n          breaks: %s\n", t.counts[class], class, t.breaks[class])
		for _, example := range t.examples[class] {
			fmt.Fprintf(&b, "          e.g. %s\n", example)
		}
	}
	tb.Log(b.String())
	if *only == "" {
		t.hold(tb, name)
	}
}

// facts are what the counts of a run hold, one a line.
func (t *tally) facts() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d components\n%d pairs\n%d findings of medsbom\n%d findings of %s\n%d findings the same\n",
		t.components, t.pairs, t.oursFound, t.theirsFound, t.other, t.both)
	fmt.Fprintf(&b, "%d components, %d pairs, %d findings judged by the textbook in its stead, %d the same\n", t.silent, t.silentPairs, t.silentFound, t.silentBoth)
	fmt.Fprintf(&b, "%d scans that %s did not survive\n", t.crashes, t.other)
	for _, class := range slices.Sorted(maps.Keys(t.counts)) {
		fmt.Fprintf(&b, "%d differences: %s\n", t.counts[class], class)
	}
	return b.String()
}

// hold compares the counts with those of testdata.
func (t *tally) hold(tb testing.TB, name string) {
	tb.Helper()
	for class, n := range t.counts {
		if strings.Contains(class, unclassified) {
			tb.Errorf("%s: %d differences: %s", name, n, class)
		}
	}
	holdText(tb, name, t.facts())
}

func holdText(tb testing.TB, name, got string) {
	tb.Helper()
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			tb.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		tb.Errorf("%s: counts moved (-want +got):\n%s", name, d)
	}
}
