// SPDX-License-Identifier: Apache-2.0

package vulndb

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// What says in what way a package differs between two databases.
type What uint8

// The ways, of which a package may have several.
const (
	// Added and Removed: only one of the databases names the package.
	Added What = 1 << iota
	Removed
	// Entries: advisories have come or gone, or name other versions, releases or
	// tags, or stand in another order.
	Entries
	// Facts: what is known of a vulnerability differs: its kind, ids, severity,
	// CVSS, KEV or SSVC.
	Facts
	// Scores: its EPSS, which changes daily for most.
	Scores
)

func (w What) String() string {
	var words []string
	for _, one := range [...]struct {
		bit  What
		word string
	}{{Added, "added"}, {Removed, "removed"}, {Entries, "entries"}, {Facts, "facts"}, {Scores, "scores"}} {
		if w&one.bit != 0 {
			words = append(words, one.word)
		}
	}
	return strings.Join(words, ", ")
}

// A Change is a package that differs between two databases. Advisories are the
// ids of the records by which it does, sorted; they are empty where only the order
// of the records, or the tags of a repository, differ.
type Change struct {
	Ecosystem  string
	Name       string // folded
	What       What
	Advisories []string
}

// A CoverageChange is an ecosystem (Release "") or a release that only one of two
// databases covers: the new one, or, if Gone, the old one. Fewer and Enough are for
// an ecosystem that both cover, of which the new one has too few records to assess
// it, or no longer too few (see Info.Few).
type CoverageChange struct {
	Ecosystem string
	Release   string
	Gone      bool
	Fewer     bool
	Enough    bool
}

// Delta is what differs between two databases in a way that a match could show.
// The texts of records, such as summaries and references, are not compared.
type Delta struct {
	Old, New string // digests
	// Whole says what differs for every document, whatever it holds: the kind of
	// database, or a feed that one of them lacks.
	Whole    []string
	Coverage []CoverageChange // sorted by ecosystem and release
	Packages []Change         // sorted by ecosystem and name
	// Uncompared are feeds that speak of products rather than packages, end of life
	// and advisories on devices, whose files differ: what differs in them is not
	// compared, and may bear on any document.
	Uncompared []string
}

// Changes compares two databases: both are read once, and their sorted tables of
// packages merged. Packages are compared by what they say and not by how the file
// says it, so two builds of the same records have no changes.
func Changes(older, newer *DB) (*Delta, error) {
	if older.info.Digest == newer.info.Digest {
		return &Delta{Old: older.info.Digest, New: newer.info.Digest}, nil
	}
	var a, b *summary
	var errA, errB error
	var wait sync.WaitGroup
	wait.Go(func() { a, errA = older.condense() })
	b, errB = newer.condense()
	wait.Wait()
	if err := cmp.Or(errA, errB); err != nil {
		return nil, err
	}
	d := &Delta{Old: older.info.Digest, New: newer.info.Digest, Whole: wholeChanges(&older.info, &newer.info)}
	d.Coverage = coverageChanges(&older.info, &newer.info)
	d.Uncompared = uncompared(&older.info, &newer.info)
	var err error
	add := func(x, y *digest, what What) {
		c := Change{What: what}
		one := y
		if y == nil {
			one = x
		}
		c.Ecosystem, c.Name = one.ecosystem, strings.Clone(one.name)
		if err == nil {
			c.Advisories, err = differing(a, x, b, y, what)
		}
		d.Packages = append(d.Packages, c)
	}
	for i, j := 0, 0; i < len(a.packages) || j < len(b.packages); {
		order := 0
		switch {
		case i == len(a.packages):
			order = 1
		case j == len(b.packages):
			order = -1
		default:
			order = a.packages[i].compare(&b.packages[j])
		}
		switch {
		case order < 0:
			add(&a.packages[i], nil, Removed)
			i++
		case order > 0:
			add(nil, &b.packages[j], Added)
			j++
		default:
			x, y := &a.packages[i], &b.packages[j]
			if what := x.differs(y); what != 0 {
				add(x, y, what)
			}
			i++
			j++
		}
	}
	if err == nil {
		err = cmp.Or(older.Err(), newer.Err())
	}
	if err != nil {
		return nil, err
	}
	return d, nil
}

func wholeChanges(older, newer *Info) (list []string) {
	if older.Kind != newer.Kind {
		list = append(list, "the kind of database: "+older.Kind+" before, "+newer.Kind+" now")
	}
	// The OSV feeds are compared by what they cover.
	names := func(info *Info) (names []string) {
		for _, f := range info.Feeds {
			if !strings.HasPrefix(f.Name, "osv/") {
				names = append(names, f.Name)
			}
		}
		return names
	}
	before, now := names(older), names(newer)
	for _, name := range now {
		if !slices.Contains(before, name) {
			list = append(list, "the feed "+name+" is loaded now")
		}
	}
	for _, name := range before {
		if !slices.Contains(now, name) {
			list = append(list, "the feed "+name+" is no longer loaded")
		}
	}
	return list
}

func uncompared(older, newer *Info) (list []string) {
	for i := range newer.Feeds {
		switch f := &newer.Feeds[i]; f.Name {
		case "csaf", "eol", "eol/releases":
			if before := older.Feed(f.Name); before != nil && before.Digest != f.Digest {
				list = append(list, f.Name)
			}
		}
	}
	return list
}

func coverageChanges(older, newer *Info) (list []CoverageChange) {
	have := func(info *Info) map[place]Release {
		places := make(map[place]Release, len(info.Releases))
		for _, r := range info.Releases {
			places[place{r.Ecosystem, r.Release}] = r
		}
		return places
	}
	before, now := have(older), have(newer)
	for _, r := range newer.Releases {
		old, both := before[place{r.Ecosystem, r.Release}]
		if !both {
			list = append(list, CoverageChange{Ecosystem: r.Ecosystem, Release: r.Release})
			continue
		}
		if r.Release != "" {
			continue // the whole ecosystem is what a match asks for
		}
		_, had := older.Few(old)
		if _, has := newer.Few(r); has != had {
			list = append(list, CoverageChange{Ecosystem: r.Ecosystem, Fewer: has, Enough: had})
		}
	}
	for _, r := range older.Releases {
		if _, both := now[place{r.Ecosystem, r.Release}]; !both {
			list = append(list, CoverageChange{Ecosystem: r.Ecosystem, Release: r.Release, Gone: true})
		}
	}
	slices.SortFunc(list, func(a, b CoverageChange) int {
		return cmp.Or(strings.Compare(a.Ecosystem, b.Ecosystem), strings.Compare(a.Release, b.Release))
	})
	return list
}

// Has reports whether anything differs in one of the ways. Coverage and what
// differs for every document count as Entries.
func (d *Delta) Has(what What) bool {
	if what&Entries != 0 && len(d.Whole)+len(d.Coverage) > 0 {
		return true
	}
	return slices.ContainsFunc(d.Packages, func(c Change) bool { return c.What&what != 0 })
}

// A Touch is the answer to a question that differs: a package or a coverage.
type Touch struct {
	Package  *Change // nil if it is a coverage
	Coverage *CoverageChange
}

// Touches is what of a Delta bears on which question.
type Touches struct {
	keys  map[Key]int32 // first of its list in next
	links []touchLink
}

type touchLink struct {
	touch Touch
	next  int32 // index+1, 0 for none
}

// Touches indexes the changes of some ways by the questions that they bear on.
// Changes of coverage are always among them.
func (d *Delta) Touches(what What) *Touches {
	t := &Touches{keys: make(map[Key]int32, 2*len(d.Packages))}
	put := func(key Key, touch Touch) {
		t.links = append(t.links, touchLink{touch, t.keys[key]})
		t.keys[key] = int32(len(t.links))
	}
	var keys []Key
	for i := range d.Coverage {
		c := &d.Coverage[i]
		put(CoverageKey(c.Ecosystem, c.Release), Touch{Coverage: c})
	}
	for i := range d.Packages {
		c := &d.Packages[i]
		// A package that came or went differs in every way.
		if c.What&(what|Added|Removed) == 0 {
			continue
		}
		keys = appendKeys(keys[:0], c.Ecosystem, c.Name)
		for j, key := range keys {
			if !slices.Contains(keys[:j], key) {
				put(key, Touch{Package: c})
			}
		}
	}
	return t
}

// Touched reports whether one of the questions is touched.
func (t *Touches) Touched(keys []Key) bool {
	return slices.ContainsFunc(keys, func(key Key) bool { _, ok := t.keys[key]; return ok })
}

// Of gives what touches the questions, each once, coverage first, in the order of
// the Delta.
func (t *Touches) Of(keys []Key) (coverage []CoverageChange, packages []Change) {
	for _, key := range keys {
		for at := t.keys[key]; at > 0; at = t.links[at-1].next {
			switch touch := t.links[at-1].touch; {
			case touch.Package != nil:
				packages = append(packages, *touch.Package)
			default:
				coverage = append(coverage, *touch.Coverage)
			}
		}
	}
	slices.SortFunc(packages, func(a, b Change) int {
		return cmp.Or(strings.Compare(a.Ecosystem, b.Ecosystem), strings.Compare(a.Name, b.Name))
	})
	packages = slices.CompactFunc(packages, func(a, b Change) bool { return a.Ecosystem == b.Ecosystem && a.Name == b.Name })
	slices.SortFunc(coverage, func(a, b CoverageChange) int {
		return cmp.Or(strings.Compare(a.Ecosystem, b.Ecosystem), strings.Compare(a.Release, b.Release))
	})
	return slices.Compact(coverage), packages
}
