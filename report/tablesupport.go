// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/internal/page"
)

// topUnsupported is how many unsupported parts are named unless all are asked for.
const topUnsupported = 7

// unsupported is a part past the end of its support as the table shows it. The
// packages of one release of a distribution are one.
type unsupported struct {
	name, level, end, product, cycle string
	sure                             bool
	count                            int
}

// unsupportedOf lists what is past its end of support or has but the extended one:
// the longest ended first, days that nobody knows before all others.
func unsupportedOf(p *assessment.Product) []unsupported {
	var out []unsupported
	index := make(map[[2]string]int)
	for _, c := range p.All() {
		s := c.Support
		if s == nil || c.Subject {
			continue
		}
		switch s.Level {
		case assessment.Ended, assessment.Abandoned, assessment.Extended:
		default:
			continue
		}
		u := unsupported{
			name: strings.TrimSpace(c.Name + " " + c.Version), level: s.Level, end: s.End, product: s.Product, cycle: s.Cycle,
			sure: s.Confidence == "strong", count: 1,
		}
		key := [2]string{s.Product + " " + s.Cycle, s.Level}
		if s.Product == "" {
			key[0] = u.name
		}
		if at, ok := index[key]; ok {
			out[at].count++
			continue
		}
		index[key] = len(out)
		out = append(out, u)
	}
	rank := func(u unsupported) int {
		switch u.level {
		case assessment.Abandoned:
			return 0
		case assessment.Ended:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(out, func(a, b unsupported) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.end, b.end))
	})
	return out
}

func (u *unsupported) words() string {
	text := u.name
	if u.count > 1 {
		text = fmt.Sprintf("%s and %s of %s %s", u.name, page.Count(u.count-1, "more part", "more parts"), u.product, u.cycle)
	}
	switch {
	case u.level == assessment.Abandoned:
		text += " (abandoned)"
	case u.level == assessment.Extended:
		text += " (extended support until " + u.end + ")"
	case u.end != "":
		text += " (" + u.end + ")"
	}
	if !u.sure {
		text += "?"
	}
	return text
}

// writeSupport tells which parts get no fixes any more, and of how many nobody can
// tell.
func (t *table) writeSupport(s *single) {
	c := s.support
	if c == nil {
		return
	}
	t.page.Heading("Support of the parts")
	line := func(text string) { t.page.Paragraph(page.Plain, "  ", "– ", text) }
	past := c.Ended + c.Abandoned
	for _, group := range []struct {
		n    int
		what string
		in   func(level string) bool
	}{
		{past, " past end of support: ", func(level string) bool { return level != assessment.Extended }},
		{c.Extended, " with extended support only: ", func(level string) bool { return level == assessment.Extended }},
	} {
		var names []string
		for i := range s.unsupported {
			if u := &s.unsupported[i]; group.in(u.level) {
				names = append(names, u.words())
			}
		}
		if group.n == 0 {
			continue
		}
		shown := t.some(len(names), topUnsupported)
		text := page.Count(group.n, "component", "components") + group.what + strings.Join(names[:shown], ", ")
		if more := len(names) - shown; more > 0 {
			text += fmt.Sprintf(" and %s more (-v lists all)", page.Thousands(more))
		}
		line(text)
	}
	if c.SecurityOnly > 0 {
		line(page.Count(c.SecurityOnly, "component gets", "components get") + " security fixes only")
	}
	if c.Supported > 0 {
		line(page.Count(c.Supported, "component is", "components are") + " supported")
	}
	if c.Disagree > 0 {
		line(fmt.Sprintf("of %s vendor and published data name other ends of support; the worse counts", page.Count(c.Disagree, "component", "components")))
	}
	switch {
	case c.NotLoaded && c.Unknown > 0:
		line(fmt.Sprintf("support unknown for %s of %s: the database has no end-of-life dates", page.Thousands(c.Unknown), page.Thousands(c.Components)))
	case c.Unknown > 0:
		line(fmt.Sprintf("support unknown for %s of %s, which is not the same as supported", page.Thousands(c.Unknown), page.Thousands(c.Components)))
	}
	if slices.ContainsFunc(s.unsupported, func(u unsupported) bool { return !u.sure }) {
		t.page.Paragraph(page.Dim, "  ", "?: ", "which product it is was inferred, from a CPE or its name")
	}
}
