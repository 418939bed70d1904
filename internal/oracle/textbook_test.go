// SPDX-License-Identifier: Apache-2.0

package oracle

import (
	"slices"
	"sync"

	"github.com/google/osv-scalibr/semantic"

	"github.com/medsbom/medsbom/version"
)

// An order compares two versions of an ecosystem; ok is false if one of them is
// no version to it.
type order func(a, b string) (int, bool)

// theirOrder is osv-scalibr's. It does not know opam, whose order is Debian's.
func theirOrder(ecosystem string) order {
	return func(a, b string) (int, bool) {
		v, err := semantic.Parse(a, ecosystem)
		if err != nil {
			return 0, false
		}
		c, err := v.CompareStr(b)
		return c, err == nil
	}
}

var parsed sync.Map // of parsedKey

type parsedKey struct {
	scheme version.Scheme
	text   string
}

// ourOrder is that of package version.
func ourOrder(ecosystem string) order {
	scheme, _ := version.SchemeOf(ecosystem)
	parse := func(s string) *version.Version {
		k := parsedKey{scheme, s}
		if v, ok := parsed.Load(k); ok {
			return v.(*version.Version)
		}
		v, err := scheme.Parse(s)
		p := &v
		if err != nil {
			p = nil
		}
		parsed.Store(k, p)
		return p
	}
	return func(a, b string) (int, bool) {
		v, w := parse(a), parse(b)
		if v == nil || w == nil {
			return 0, false
		}
		return v.Compare(*w), true
	}
}

// An event of a range, told apart from the object that holds it.
type event struct{ kind, version string }

func eventsOf(r *eventRange) []event {
	var list []event
	for _, e := range r.Events {
		for _, kind := range [...]string{"introduced", "fixed", "limit", "last_affected"} {
			if v, ok := e[kind]; ok {
				list = append(list, event{kind, v})
			}
		}
	}
	return list
}

// textbook is the evaluation of the OSV schema (section "Evaluation"): a version
// is affected if it is listed, or if in some range of versions the last event at
// or below it, in order of version, begins one. Events that compare equal keep
// their order; introduced "0" is before all. known is false if the order refuses
// the version or a bound that it was held against.
func textbook(cmp order, ranges []eventRange, versions []string, v string) (affected, known bool) {
	if slices.Contains(versions, v) {
		return true, true
	}
	known = true
	for _, listed := range versions {
		if c, ok := cmp(v, listed); ok && c == 0 {
			return true, true
		}
	}
	for i := range ranges {
		if ranges[i].Type == "GIT" {
			continue
		}
		in, ok := inRange(cmp, &ranges[i], v)
		affected, known = affected || in, known && ok
	}
	return affected, known
}

func inRange(cmp order, r *eventRange, v string) (in, known bool) {
	events := eventsOf(r)
	known = true
	slices.SortStableFunc(events, func(a, b event) int {
		switch {
		case isBeginning(a) && isBeginning(b):
			return 0
		case isBeginning(a):
			return -1
		case isBeginning(b):
			return +1
		}
		c, ok := cmp(a.version, b.version)
		known = known && ok
		return c
	})
	for _, e := range events {
		c := +1
		if !isBeginning(e) {
			var ok bool
			c, ok = cmp(v, e.version)
			known = known && ok
		}
		switch {
		case e.kind == "introduced" && c >= 0:
			in = true
		case e.kind == "last_affected" && c > 0, (e.kind == "fixed" || e.kind == "limit") && c >= 0:
			in = false
		}
	}
	return in, known
}

func isBeginning(e event) bool { return e.kind == "introduced" && e.version == "0" }
