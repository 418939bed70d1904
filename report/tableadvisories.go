// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/internal/page"
	"github.com/medsbom/medsbom/internal/safetext"
)

// topAdvisories is how many advisories on a product are told without -v.
const topAdvisories = 3

// maxRemedy is how many characters of an advisory's own words are printed.
const maxRemedy = 160

// cloneContext copies what the table keeps of a product's context.
func cloneContext(c *assessment.Context) *assessment.Context {
	if c == nil {
		return nil
	}
	clone := *c
	clone.Advisories = slices.Clone(c.Advisories)
	clone.Lookup.Names = slices.Clone(c.Lookup.Names)
	return &clone
}

// writeAdvisories tells what CISA says of the product itself, and where nothing
// was found, how far that goes.
func (t *table) writeAdvisories(c *assessment.Context) {
	const label = "CISA      "
	if c == nil {
		return
	}
	p := t.page
	if len(c.Advisories) == 0 {
		if c.Lookup.Feed != "" || t.verbose {
			p.Paragraph(page.Plain, "  ", label, noAdvisory(&c.Lookup))
		}
		return
	}
	shown := t.some(len(c.Advisories), topAdvisories)
	for i := range c.Advisories[:shown] {
		a := &c.Advisories[i]
		style := page.Plain
		if a.Confidence != confidencePossible && a.Version == assessment.VersionAffected {
			style = page.Red
		}
		lead := label
		if i > 0 {
			lead = page.Blanks(len(label))
		}
		p.Paragraph(style, "  ", lead, advisorySentence(a))
	}
	if more := c.Lookup.Found - shown; more > 0 {
		p.Paragraph(page.Dim, "  ", page.Blanks(len(label)), page.Count(more, "more advisory", "more advisories")+" may be about it; the JSON report has them")
	}
}

// noAdvisory says what it means that none was found.
func noAdvisory(l *assessment.AdvisoryLookup) string {
	if l.State != assessment.LookupDone {
		return "advisories on the product itself were not looked for: " + l.Reason
	}
	return fmt.Sprintf("none of its %s on devices up to %s names this product (looked for: %s); a later one may, or one that calls it otherwise",
		page.Count(l.Records, "advisory", "advisories"), orUnknown(l.Date), strings.Join(l.Names, ", "))
}

// advisorySentence tells one advisory: whether it is this product and version,
// what it is about, and what is to be done.
func advisorySentence(a *assessment.ProductAdvisory) string {
	var b strings.Builder
	b.WriteString(a.ID)
	if a.Confidence == confidencePossible {
		fmt.Fprintf(&b, " may name this product, as %q of %s", a.Product, orUnknownVendor(a.Vendor))
	} else {
		b.WriteString(" names this product")
	}
	versions := slices.Clone(a.Versions)
	for i, v := range versions {
		if v == "vers:all/*" || v == "*" {
			versions[i] = "all"
		}
	}
	more := ""
	if len(versions) > maxFixed {
		more = fmt.Sprintf(" and %d more", len(versions)-maxFixed)
		versions = versions[:maxFixed]
	}
	if len(versions) > 0 {
		fmt.Fprintf(&b, " (versions %s%s)", strings.Join(versions, "; "), more)
	}
	switch a.Version {
	case assessment.VersionAffected:
		b.WriteString(": this version is affected")
	case assessment.VersionUnclear:
		b.WriteString(": whether this version is affected cannot be told, read it")
	case assessment.VersionNotStated:
		b.WriteString(": nobody says which version this is")
	case assessment.VersionOther:
		b.WriteString(": this version is not among them")
	case assessment.VersionUnaffected:
		b.WriteString(": this version is named as not affected or fixed")
	}
	var facts []string
	if a.Title != "" {
		facts = append(facts, a.Title)
	}
	if a.CVSS != nil {
		facts = append(facts, "CVSS "+strconv.FormatFloat(a.CVSS.Score, 'f', 1, 64))
	}
	if len(a.Exploited) > 0 {
		facts = append(facts, "known to be exploited: "+strings.Join(a.Exploited, ", "))
	}
	if a.Updated != "" {
		facts = append(facts, a.Updated)
	}
	if len(facts) > 0 {
		b.WriteString(". " + strings.Join(facts, ", "))
	}
	// Its own words, from the beginning: the rest stands behind the address.
	if a.Remedy != "" && a.Version != assessment.VersionOther && a.Version != assessment.VersionUnaffected {
		fmt.Fprintf(&b, ". It says: %q", opening(a.Remedy, maxRemedy))
	}
	if a.URL != "" {
		b.WriteString(". " + a.URL)
	}
	return b.String()
}

// opening is the beginning of a text, to the end of a word.
func opening(s string, columns int) string {
	head, tail := safetext.Split(s, columns)
	if tail == "" {
		return s
	}
	if i := strings.LastIndexByte(head, ' '); i > columns/2 {
		head = head[:i]
	}
	return head + " …"
}

func orUnknownVendor(s string) string {
	if s == "" {
		return "an unnamed vendor"
	}
	return s
}

// advised is one product of several with the advisories that may concern it.
type advised struct {
	product string
	ids     []string
	sure    bool // this version is surely affected by the first
}

// advisedOf is what a list of products keeps; ok is false if no advisory may
// concern the version.
func advisedOf(p *assessment.Product) (out advised, ok bool) {
	if p.Context == nil {
		return out, false
	}
	for i := range p.Context.Advisories {
		a := &p.Context.Advisories[i]
		if a.Version == assessment.VersionOther || a.Version == assessment.VersionUnaffected {
			continue
		}
		sure := a.Confidence != confidencePossible && a.Version == assessment.VersionAffected
		out.sure = out.sure || sure
		mark := ""
		if !sure {
			mark = " " + markPossible
		}
		out.ids = append(out.ids, strings.Clone(a.ID)+mark)
	}
	out.product = strings.Clone(productTitle(p.Supplier, p.Name, p.Version))
	return out, len(out.ids) > 0
}

// writeAdvised lists the products that CISA's advisories name.
func (t *table) writeAdvised() {
	if len(t.advised) == 0 {
		return
	}
	slices.SortStableFunc(t.advised, func(a, b advised) int {
		switch {
		case a.sure == b.sure:
			return 0
		case a.sure:
			return -1
		}
		return 1
	})
	shown := t.some(len(t.advised), topWork)
	t.titled("Advisories of CISA on the products themselves", shown, len(t.advised))
	unsure := false
	for i := range t.advised[:shown] {
		a := &t.advised[i]
		ids := a.ids[:t.some(len(a.ids), topAdvisories)]
		text := a.product + ": " + strings.Join(ids, ", ")
		if more := len(a.ids) - len(ids); more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		unsure = unsure || strings.Contains(text, markPossible)
		t.page.Paragraph(page.Plain, "  ", "– ", text)
	}
	if unsure {
		t.page.Paragraph(page.Dim, "  ", markPossible+": ", "product or version may be another: read it, ask the vendor")
	}
}
