// SPDX-License-Identifier: Apache-2.0

package risk

import (
	"fmt"
	"slices"
)

// ProductScore is one product of a supplier.
type ProductScore struct {
	ID    string // product id
	Name  string
	Score Score
	Ref   int // the caller's own
}

// Supplier joins the products of one supplier. A product more never makes it
// better. The grade is withheld if it is for any of the products; the known
// grade is absent if not one of them has one.
func (m *Model) Supplier(products []ProductScore) Score {
	score := Score{Model: m.String()}
	entries := make([]entry, len(products))
	known := make([]float64, len(products))
	knownGrade := len(products) == 0
	var withheld []string
	for i := range products {
		p := &products[i]
		known[i] = p.Score.Known.Value
		knownGrade = knownGrade || p.Score.Known.Grade != ""
		if w := p.Score.Withheld; w != "" && !slices.Contains(withheld, w) {
			withheld = append(withheld, w)
		}
		// The class is that of the product's own leading issue: a product may
		// be bad because of what is known, or because nothing is.
		class := ClassEvidence
		if len(p.Score.Contributions) > 0 {
			class = p.Score.Contributions[0].Class
		}
		worst := clamp(p.Score.WorstCase.Value)
		entries[i] = entry{points: worst, sure: p.Score.Known.Value > 0, issue: &Issue{
			ID: p.ID, Title: p.Name, Class: class, Points: worst,
			Rule: fmt.Sprintf("worst case of the product %.1f", worst), Ref: p.Ref,
		}}
	}
	slices.SortFunc(entries, func(a, b entry) int { return compareIssues(a.issue, b.issue) })
	score.Known.Value = float64(tenths(m.W(Supplier, known...))) / 10
	score.WorstCase.Value, score.Contributions, score.Omitted = m.contributions(Supplier, entries, false)
	if len(withheld) > 0 {
		slices.Sort(withheld)
		score.Withheld = withheld[0]
		return score
	}
	score.WorstCase.Grade = m.Grade(score.WorstCase.Value)
	if knownGrade {
		score.Known.Grade = m.Grade(score.Known.Value)
	}
	return score
}
