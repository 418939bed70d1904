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
	words  string // the range or list that holds the version
	fixed  string // the fix of that range; "" if none is known
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
		return best
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

// evaluateRange walks the events in version order; the last one at or below
// the version decides. Events of equal version keep the order of the record,
// in which both "fixed, introduced" (affected) and "introduced, fixed" (an
// empty range) occur in real data.
func evaluateRange(c *candidate, r *vulndb.Range) verdict {
	v := verdict{}
	from := -1 // the event that switched the range on
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
		case vulndb.Fixed, vulndb.Limit:
			if order >= 0 {
				v.affected = false
			}
		case vulndb.LastAffected:
			if order > 0 {
				v.affected = false
			}
		}
	}
	if v.affected {
		v.words, v.fixed = rangeWords(r, from)
		if v.unsure {
			v.fixed = "" // whether it lies above the version is not known
		}
	}
	return v
}

// rangeWords writes the interval that begins with event from, and the fix
// that ends it.
func rangeWords(r *vulndb.Range, from int) (words, fixed string) {
	var b strings.Builder
	if from >= 0 && from < len(r.Events) && r.Events[from].Version != "0" {
		b.WriteString(">= ")
		b.WriteString(r.Events[from].Version)
	}
	for i := from + 1; i < len(r.Events); i++ {
		e := &r.Events[i]
		op := ""
		switch e.Kind {
		case vulndb.Introduced:
			continue
		case vulndb.Fixed:
			op, fixed = "< ", e.Version
		case vulndb.Limit:
			op = "< "
		case vulndb.LastAffected:
			op = "<= "
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(op)
		b.WriteString(e.Version)
		break
	}
	if b.Len() == 0 {
		return "all versions", fixed
	}
	return b.String(), fixed
}
