// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/internal/safetext"
)

// wideRanking is the width from which a ranking has the decision and its
// reason as columns; below they stand beneath each product.
const wideRanking = 120

// writeRanking lists all products, the worst first, what could not be assessed
// at the bottom.
func (t *table) writeRanking(s *assessment.Summary) {
	p := t.page
	p.newline()
	p.paragraph(bold, "", "", t.rankingTitle(s))

	var rows, bottom []row
	for i := range s.Ranking {
		r := &s.Ranking[i]
		if r.State == assessment.StateAssessed && !r.NothingAssessed {
			rows = append(rows, t.ranked(r, strconv.Itoa(len(rows)+1)))
		} else {
			bottom = append(bottom, t.ranked(r, "–"))
		}
	}
	columns := []column{{title: "#", right: true}}
	if t.wide() {
		columns = append(columns, column{title: "supplier", least: 8, most: 24}, column{title: "product", least: 12, most: 40}, column{title: "version", least: 7, most: 14})
	} else {
		columns = append(columns, column{title: "supplier – product – version", least: 12})
	}
	columns = append(columns, column{title: "known", right: true}, column{title: "worst case", right: true}, column{title: "judged", right: true})
	if t.wide() {
		columns = append(columns, column{title: "decision", least: 14, wraps: true}, column{title: "why", least: 30, wraps: true})
	}
	if len(rows) > 0 {
		p.heading("Ranking, worst first")
		p.paragraph(dim, "  ", "", "known: what we know is wrong; worst case: what it may be; 0 is best, 100 worst; judged: parts that could be looked up")
		p.grid(2, columns, rows)
	}
	if len(bottom) > 0 {
		p.heading("Could not be assessed at all: return to vendor")
		p.grid(2, columns, bottom)
	}
}

func (t *table) wide() bool { return t.page.width >= wideRanking }

func (t *table) ranked(r *assessment.Ranked, rank string) row {
	word, colour := t.decisionWord(r.Outcome, r.Class, r.State)
	parts := t.judged[productKey{r.Product, r.Version}]
	judged := fmt.Sprintf("%d/%d", parts.judged, parts.of)
	known := numberWord(r.Known)
	switch {
	case parts.judged == 0:
		known = "?" // 0 would look clean
	case parts.mostlyNot || untold(r.Outcome, r.Class):
		known = plainNumber(r.Known.Value) // a grade would praise what nobody judged
	}
	if r.State != assessment.StateAssessed {
		judged = r.State
	}
	numbers := []string{known, numberWord(r.WorstCase), judged}
	if t.wide() {
		return row{
			cells:  slices.Concat([]string{rank, r.Supplier, r.Name, r.Version}, numbers, []string{word, r.Why}),
			styles: []style{plain, plain, plain, plain, plain, plain, plain, colour},
		}
	}
	// In one cell a short name leaves its room to a long one.
	supplier := r.Supplier
	if supplier == unknownSupplier {
		supplier = ""
	}
	title := productTitle(safetext.Middle(supplier, 18), r.Name, safetext.Middle(r.Version, 14))
	out := row{cells: slices.Concat([]string{rank, title}, numbers), detail: word}
	if r.Why != "" {
		out.detail += ": " + r.Why
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
		text := fmt.Sprintf("%s: %s, ask %s", w.Cause, count(len(w.Products), "product", "products"), vendors(w))
		if w.KEV {
			text += " [known to be exploited]"
		}
		t.page.paragraph(plain, "  ", lead, text)
		if w.Action != "" {
			t.page.paragraph(dim, "  "+spaces(len(lead)), "", w.Action)
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
		return count(known, "vendor", "vendors")
	case known > 0:
		return count(known, "vendor", "vendors") + " and unknown ones"
	case len(w.Products) > 1:
		return "their vendors"
	}
	return "the vendor"
}
