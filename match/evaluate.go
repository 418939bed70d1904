// SPDX-License-Identifier: Apache-2.0

package match

import (
	"bytes"
	"strings"

	"github.com/medsbom/medsbom/version"
	"github.com/medsbom/medsbom/vulndb"
)

// A candidate is a component's version, parsed once for one ecosystem.
type candidate struct {
	scheme version.Scheme
	text   string
	key    []byte          // nil if the version has no order-preserving key
	parsed version.Version // valid if comparable
	// comparable is false when the text is no version of the ecosystem: nothing
	// can be said but what an exact listing says.
	comparable bool
}

func newCandidate(scheme version.Scheme, text string) candidate {
	c := candidate{scheme: scheme, text: text}
	if text == "" {
		return c
	}
	parsed, err := scheme.Parse(text)
	if err != nil {
		return c
	}
	c.parsed, c.key, c.comparable = parsed, parsed.Key(), true
	return c
}

// compare orders the candidate against a bound; ok is false when they cannot
// be compared.
func (c *candidate) compare(bound string, key []byte) (order int, ok bool) {
	if !c.comparable {
		return 0, false
	}
	if c.key != nil && key != nil {
		return bytes.Compare(c.key, key), true
	}
	parsed, err := c.scheme.Parse(bound)
	if err != nil {
		return 0, false
	}
	return c.parsed.Compare(parsed), true
}

// A verdict is what one affected entry says of one version.
type verdict struct {
	affected bool
	// unsure is true when a bound could not be compared with the version: then
	// affected is the answer that does not look better than it may be.
	unsure bool
	words  string        // the range or list that holds the version
	fixed  string        // the fix of that range; "" if none is known
	fix    *vulndb.Event // of fixed, where it is the end of a sorted range
}

// evaluate applies the evaluation algorithm of the OSV schema: a version is
// affected if it is listed, or if a SEMVER or ECOSYSTEM range holds it. GIT
// ranges speak of commits and say nothing about a version.
func evaluate(c *candidate, e *vulndb.Entry) verdict {
	best := verdict{}
	for i := range e.Ranges {
		r := &e.Ranges[i]
		if r.Kind == vulndb.Git {
			continue
		}
		if v := evaluateRange(c, r); v.affected && (!best.affected || best.unsure && !v.unsure) {
			best = v
		}
	}
	if best.affected && !best.unsure {
		return best.follow(c.scheme, e)
	}
	for _, listed := range e.Versions {
		if listed == c.text {
			return verdict{affected: true, words: "= " + listed, fixed: best.fixed}
		}
		if order, ok := c.compare(listed, nil); ok && order == 0 {
			return verdict{affected: true, words: "= " + listed, fixed: best.fixed}
		}
	}
	return best
}

// follow goes on from a fix that the entry itself holds affected, as the end of
// a line of versions that was given up is where the next line begins, to the fix
// of the range that holds it.
func (v verdict) follow(scheme version.Scheme, e *vulndb.Entry) verdict {
	if len(e.Ranges) == 1 && len(e.Ranges[0].Events) <= 2 {
		return v
	}
	for range maxLines {
		if v.fix == nil || v.fix.Key == nil {
			return v
		}
		next := verdict{}
		c := candidate{scheme: scheme, text: v.fix.Version, key: v.fix.Key, comparable: true}
		for i := range e.Ranges {
			if r := &e.Ranges[i]; r.Kind != vulndb.Git && r.Sorted && !next.affected {
				next = evaluateRange(&c, r)
			}
		}
		if !next.affected {
			return v
		}
		v.fixed, v.fix = next.fixed, next.fix
	}
	v.fixed, v.fix = "", nil
	return v
}

// maxLines bounds how many lines of versions are followed to a fix.
const maxLines = 64

// evaluateRange walks the events in version order; the last one at or below
// the version decides. Events of equal version keep the order of the record,
// in which both "fixed, introduced" (affected) and "introduced, fixed" (an
// empty range) occur in real data. A limit is no end but a bound of all that
// the range says: the version must be below one of them (OSV schema,
// BeforeLimits).
func evaluateRange(c *candidate, r *vulndb.Range) verdict {
	if !r.Sorted {
		return evaluateUnsorted(c, r)
	}
	v := verdict{}
	from := -1 // the event that switched the range on
	limited, below := false, false
	for i := range r.Events {
		e := &r.Events[i]
		if e.Kind == vulndb.Introduced && e.Version == "0" {
			v.affected, from = true, i
			continue
		}
		order, ok := c.compare(e.Version, e.Key)
		if !ok {
			// Not knowing where a range begins or ends is not "not affected".
			v.unsure = true
			if e.Kind == vulndb.Introduced {
				v.affected, from = true, i
			}
			continue
		}
		switch e.Kind {
		case vulndb.Introduced:
			if order >= 0 {
				v.affected, from = true, i
			}
		case vulndb.Fixed:
			if order >= 0 {
				v.affected = false
			}
		case vulndb.LastAffected:
			if order > 0 {
				v.affected = false
			}
		case vulndb.Limit:
			limited, below = true, below || order < 0
		}
	}
	if limited && !below && !v.unsure {
		v.affected = false
	}
	return v.write(r, from)
}

// evaluateUnsorted is evaluateRange for events that stand as in the record, as
// some of them cannot be compared. Of those that can the highest at or below the
// version decides, of equal ones the last. A beginning that cannot be compared
// holds the version unless the end that follows it does not.
func evaluateUnsorted(c *candidate, r *vulndb.Range) verdict {
	v := verdict{}
	at, from := -1, -1
	limited, below := false, false
	for i := range r.Events {
		e := &r.Events[i]
		if e.Kind == vulndb.Limit {
			order, ok := c.compare(e.Version, e.Key)
			limited, below = true, below || !ok || order < 0 // "*" is no bound
			continue
		}
		reached, ok := c.reaches(e)
		switch {
		case !ok && e.Kind == vulndb.Introduced:
			v.unsure = true
			if end := nextEnd(r.Events[i+1:]); end == nil || !c.isPast(end) {
				v.affected, from = true, i
			}
		case !ok:
			v.unsure = true
		case reached && (at < 0 || !c.isLower(e, &r.Events[at])):
			at = i
		}
	}
	if at >= 0 && r.Events[at].Kind == vulndb.Introduced {
		v.affected, from = true, at
	}
	if limited && !below {
		v.affected = false
	}
	return v.write(r, from)
}

// reaches reports that the version is at or above an event, above a
// last_affected; ok is false if they cannot be compared.
func (c *candidate) reaches(e *vulndb.Event) (reached, ok bool) {
	if e.Kind == vulndb.Introduced && e.Version == "0" {
		return true, true
	}
	order, ok := c.compare(e.Version, e.Key)
	return ok && (order > 0 || order == 0 && e.Kind != vulndb.LastAffected), ok
}

// isPast reports that the version is where an event that ends a range has ended it.
func (c *candidate) isPast(e *vulndb.Event) bool {
	reached, _ := c.reaches(e)
	return reached
}

// isLower reports that event a stands below event b, both of which can be
// compared.
func (c *candidate) isLower(a, b *vulndb.Event) bool {
	if b.Kind == vulndb.Introduced && b.Version == "0" {
		return false
	}
	if a.Kind == vulndb.Introduced && a.Version == "0" {
		return true
	}
	k := newCandidate(c.scheme, a.Version)
	order, ok := k.compare(b.Version, b.Key)
	return ok && order < 0
}

// nextEnd gives the first event that ends a range, nil for none.
func nextEnd(events []vulndb.Event) *vulndb.Event {
	for i := range events {
		if k := events[i].Kind; k == vulndb.Fixed || k == vulndb.LastAffected {
			return &events[i]
		}
	}
	return nil
}

// write puts the range that holds the version into words, from the event that
// begins it.
func (v verdict) write(r *vulndb.Range, from int) verdict {
	if !v.affected {
		return v
	}
	var end *vulndb.Event
	v.words, end = rangeWords(r, from)
	// Whether an end lies above a version that cannot be compared is not known.
	if end != nil && end.Kind == vulndb.Fixed && !v.unsure {
		v.fix = end
		v.fixed = end.Version
	}
	return v
}

// rangeWords writes the interval that begins with event from, and gives the
// event that ends it, nil for none.
func rangeWords(r *vulndb.Range, from int) (words string, end *vulndb.Event) {
	var b strings.Builder
	if from >= 0 && from < len(r.Events) && r.Events[from].Version != "0" {
		b.WriteString(">= ")
		b.WriteString(r.Events[from].Version)
	}
	for i := from + 1; i < len(r.Events); i++ {
		e := &r.Events[i]
		if e.Kind == vulndb.Fixed || e.Kind == vulndb.LastAffected {
			end = e
			break
		}
		if e.Kind == vulndb.Limit && e.Version != "*" {
			end = e // the highest counts, if nothing else ends the range
		}
	}
	if end != nil {
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('<')
		if end.Kind == vulndb.LastAffected {
			b.WriteByte('=')
		}
		b.WriteByte(' ')
		b.WriteString(end.Version)
	}
	if b.Len() == 0 {
		return "all versions", end
	}
	return b.String(), end
}
