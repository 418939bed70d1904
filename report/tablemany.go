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

// wideRanking is the width from which a ranking has the decision and its
// reason as columns; below they stand beneath each product.
const wideRanking = 120

// writeRanking lists all products, the worst first, what could not be assessed
// at the bottom.
func (t *table) writeRanking(s *assessment.Summary) {
	p := t.page
	p.Newline()
	p.Paragraph(page.Bold, "", "", t.rankingTitle(s))

	var rows, bottom []page.Row
	alike := make(map[string]int, len(s.Ranking))
	for i := range s.Ranking {
		alike[nameOf(&s.Ranking[i])]++
	}
	for i := range s.Ranking {
		r := s.Ranking[i]
		if alike[nameOf(&r)] > 1 && r.Path != "" {
			r.Why = strings.TrimSuffix(r.Why+"; SBOM: "+r.Path, "; ")
		}
		if r.State == assessment.StateAssessed && !r.NothingAssessed {
			rows = append(rows, t.ranked(&r, strconv.Itoa(len(rows)+1)))
		} else {
			bottom = append(bottom, t.ranked(&r, "–"))
		}
	}
	columns := []page.Column{{Title: "#", Right: true}}
	if t.wide() {
		columns = append(columns, page.Column{Title: "supplier", Least: 8, Most: 24}, page.Column{Title: "product", Least: 12, Most: 40}, page.Column{Title: "version", Least: 7, Most: 14})
	} else {
		columns = append(columns, page.Column{Title: "supplier – product – version", Least: 12})
	}
	columns = append(columns, page.Column{Title: "known", Right: true}, page.Column{Title: "worst case", Right: true}, page.Column{Title: "judged", Right: true})
	if t.wide() {
		columns = append(columns, page.Column{Title: "decision", Least: 14, Wraps: true}, page.Column{Title: "why", Least: 30, Wraps: true})
	}
	if len(rows) > 0 {
		p.Heading("Ranking, worst first")
		p.Paragraph(page.Dim, "  ", "", "known: what we know is wrong; worst case: what it may be; 0 is best, 100 worst; judged: parts that could be looked up")
		p.Grid(2, columns, rows)
	}
	if len(bottom) > 0 {
		p.Heading("Could not be assessed at all: return to vendor")
		p.Grid(2, columns, bottom)
	}
}

// nameOf is what a ranking shows of a product.
func nameOf(r *assessment.Ranked) string { return productTitle(r.Supplier, r.Name, r.Version) }

func (t *table) wide() bool { return t.page.Width() >= wideRanking }

func (t *table) ranked(r *assessment.Ranked, rank string) page.Row {
	word, colour := t.decisionWord(r.Outcome, r.Class, r.State)
	parts := t.judged[productKey{r.Product, r.Version}]
	judged := fmt.Sprintf("%d/%d", parts.judged, parts.of)
	known := numberWord(r.Known)
	switch {
	case parts.judged == 0:
		known = "?" // 0 would look clean
	case parts.mostlyNot || untold(r.Outcome, r.Class):
		known = page.PlainNumber(r.Known.Value) // a grade would praise what nobody judged
	}
	if r.State != assessment.StateAssessed {
		judged = r.State
	}
	numbers := []string{known, numberWord(r.WorstCase), judged}
	if t.wide() {
		return page.Row{
			Cells:  slices.Concat([]string{rank, r.Supplier, r.Name, r.Version}, numbers, []string{word, r.Why}),
			Styles: []page.Style{page.Plain, page.Plain, page.Plain, page.Plain, page.Plain, page.Plain, page.Plain, colour},
		}
	}
	// In one cell a short name leaves its room to a long one.
	supplier := r.Supplier
	if supplier == unknownSupplier {
		supplier = ""
	}
	title := productTitle(safetext.Middle(supplier, 18), r.Name, safetext.Middle(r.Version, 14))
	out := page.Row{Cells: slices.Concat([]string{rank, title}, numbers), Detail: word}
	if r.Why != "" {
		out.Detail += ": " + r.Why
	}
	return out
}

// writeWorklist says what to do, by cause and not by product.
func (t *table) writeWorklist(work []assessment.Work) {
	if len(work) == 0 {
		return
	}
	shown := t.some(len(work), topWork)
	t.titled("What to do, by cause", shown, len(work))
	for i := range work[:shown] {
		w := &work[i]
		lead := strconv.Itoa(i+1) + ". "
		text := fmt.Sprintf("%s: %s, ask %s", w.Cause, page.Count(len(w.Products), "product", "products"), vendors(w))
		if w.KEV {
			text += " [known to be exploited]"
		}
		t.page.Paragraph(page.Plain, "  ", lead, text)
		if w.Action != "" {
			t.page.Paragraph(page.Dim, "  "+page.Blanks(len(lead)), "", w.Action)
		}
	}
}

// unknownSupplier is the supplier of a product of which nothing names one.
const unknownSupplier = "unknown supplier"

// vendors says whom to ask. Products of no known supplier have not one vendor
// in common.
func vendors(w *assessment.Work) string {
	known := len(w.Suppliers)
	if slices.Contains(w.Suppliers, unknownSupplier) {
		known--
	}
	switch {
	case known == len(w.Suppliers):
		return page.Count(known, "vendor", "vendors")
	case known > 0:
		return page.Count(known, "vendor", "vendors") + " and unknown ones"
	case len(w.Products) > 1:
		return "their vendors"
	}
	return "the vendor"
}
