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

// writeDatabase says first what everything rests on.
func (t *table) writeDatabase() {
	p, db := t.page, &t.header.Database
	if db.Kind == starterKind {
		p.Paragraph(page.Yellow, "", "", "STARTER DATABASE: a small built-in set of advisories to try medsbom with. It can show that a product is bad, never that it is good: no grade, no acceptance.")
	}
	for _, w := range db.Warnings {
		p.Paragraph(page.Yellow, "", "", "WARNING: "+w)
	}
	if text := staleSentence(db.Feeds, t.some(len(db.Feeds), topStale)); text != "" {
		p.Paragraph(page.Yellow, "", "", "OLD DATA: "+text)
	}
	records := 0
	for _, f := range db.Feeds {
		if strings.HasPrefix(f.Name, osvPrefix) {
			records += f.Records
		}
	}
	line := fmt.Sprintf("medsbom %s, as of %s. Advisories: %s database", t.header.Tool.Version, t.header.AsOf, db.Kind)
	if db.Built != "" {
		line += " of " + day(db.Built)
	}
	if records > 0 {
		line += ", " + page.Count(records, "record", "records")
	}
	if db.Digest != "" {
		line += ", digest " + db.Digest[:min(12, len(db.Digest))]
	}
	var packs []string
	for _, pack := range t.header.Policies {
		packs = append(packs, strings.TrimSpace(pack.ID+" "+pack.Edition))
	}
	if len(packs) > 0 {
		line += ". Policy: " + strings.Join(packs, ", ")
	}
	p.Paragraph(page.Dim, "", "", line)
}

// writeNotChecked closes the table with what nobody should overlook.
func (t *table) writeNotChecked(e *assessment.Trailer) {
	p := t.page
	coverage := &e.Summary.Counts.Components
	if t.first != nil {
		coverage = &t.first.coverage
	}
	p.Heading("Not checked")
	if text := doubtSentence(coverage); text != "" {
		p.Paragraph(page.Plain, "  ", "– ", text)
	}
	for _, r := range sortedCounts(coverage.Reasons) {
		p.Paragraph(page.Plain, "    ", "", page.Thousands(r.count)+" "+r.key)
	}
	if t.first != nil {
		var untold []string
		for i := range t.first.decision.Rules {
			if r := &t.first.decision.Rules[i]; r.State == assessment.NotAssessed {
				untold = append(untold, r.Check)
			}
		}
		if len(untold) > 0 {
			p.Paragraph(page.Plain, "  ", "– ", "checks that could not be told: "+strings.Join(untold, ", "))
		}
	}
	if t.unread > 0 {
		inside := "the SBOM"
		if t.products > 1 {
			inside = "the SBOMs"
		}
		p.Paragraph(page.Plain, "  ", "– ", fmt.Sprintf("%s inside %s %s not read",
			page.Count(t.unread, "vulnerability statement", "vulnerability statements"), inside, wasWere(t.unread)))
	}
	p.Paragraph(page.Plain, "  ", "– ", "what an SBOM does not show: parts that it leaves out, the maker's own code, passwords, settings, hardware")

	var unused []assessment.Input
	for _, in := range e.Inputs {
		if !in.Used {
			unused = append(unused, in)
		}
	}
	if len(unused) > 0 {
		shown := t.some(len(unused), topFiles)
		t.titled("Files not used", shown, len(unused))
		for _, in := range unused[:shown] {
			reason := in.Reason
			if reason == "" {
				reason = in.Kind
			}
			p.Paragraph(page.Plain, "  ", "– ", fmt.Sprintf("%s: %s", in.Path, reason))
		}
	}
	p.Newline()
	exit := &e.Summary.Exit
	colour := page.Green
	if exit.Code != 0 {
		colour = page.Red
	}
	text := fmt.Sprintf("Exit code %d", exit.Code)
	if exit.Reason != "" {
		text += ": " + exit.Reason
	}
	p.Paragraph(colour, "", "", text)
}

// staleSentence names the feeds that are too old: those about exploitation
// first, then the oldest.
func staleSentence(feeds []assessment.Feed, top int) string {
	var stale []assessment.Feed
	for _, f := range feeds {
		if f.Stale {
			stale = append(stale, f)
		}
	}
	slices.SortStableFunc(stale, func(a, b assessment.Feed) int {
		if aOSV, bOSV := strings.HasPrefix(a.Name, osvPrefix), strings.HasPrefix(b.Name, osvPrefix); aOSV != bOSV {
			if bOSV {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.AgeDays, a.AgeDays)
	})
	var parts []string
	for _, f := range stale[:min(len(stale), top)] {
		if f.Date == "" {
			parts = append(parts, f.Name+" is of an unknown date")
			continue
		}
		parts = append(parts, fmt.Sprintf("%s is of %s, %s old", f.Name, f.Date, page.Count(f.AgeDays, "day", "days")))
	}
	if more := len(stale) - len(parts); more > 0 {
		parts = append(parts, page.Count(more, "more feed", "more feeds")+" beyond the age allowed")
	}
	return strings.Join(parts, "; ")
}

const (
	osvPrefix   = "osv/"
	starterKind = "starter"
)

// day is the date of a time in RFC 3339.
func day(t string) string {
	date, _, _ := strings.Cut(t, "T")
	return date
}

func orUnknown(s string) string {
	if s == "" {
		return "an unknown date"
	}
	return s
}
