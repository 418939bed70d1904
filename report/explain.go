// SPDX-License-Identifier: Apache-2.0

package report

import (
	"io"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/internal/page"
)

// The words that ask for a product as a whole.
const (
	AskScore    = "score"
	AskDecision = "decision"
)

// topExplained is how many of a kind are explained in full unless all are asked
// for.
const topExplained = 10

// An Explanation is the handler that answers why one thing in an assessment is as
// it is, step by step down to the evidence. It reads nothing but the assessment.
type Explanation struct {
	*page.Page

	about   []string
	through []string // advisories that speak of what was asked for under another id
	all     bool
	header  assessment.Header
	trailer *assessment.Trailer

	findings   []explainedFinding
	components []explainedComponent
	rules      []explainedRule
	scores     []explainedScore
	// More of each than are kept.
	moreFindings, moreComponents, moreRules, moreScores int
}

// source is the product that something stands in.
type source struct {
	product, version, path string
}

type explainedFinding struct {
	source
	finding   assessment.Finding
	component assessment.Component
	// part is its part of the product's worst case, if it has one of its own.
	part *assessment.Contribution
}

type explainedComponent struct {
	source
	component assessment.Component
	findings  []string // ids, most points first
}

type explainedRule struct {
	source
	rule assessment.Rule
}

type explainedScore struct {
	source
	decision assessment.Decision
	score    assessment.Score
	coverage assessment.Coverage
	state    string
}

// Explain returns a handler that explains to w, in End, what about names: an
// advisory by any of its ids, a finding by its key, a component by its package
// URL, key or name (perhaps with @version), a check by its id, a product by its
// id, or, as AskScore or AskDecision, all products.
//
// A CVE of which an advisory on several speaks bears that one's id in the report,
// which is known only at its end: then nothing is written, and Through names the
// ids to ask for in another pass.
func Explain(w io.Writer, o TableOptions, about ...string) *Explanation {
	return &Explanation{Page: page.New(w, o.Width, o.Color), about: about, all: o.Verbose}
}

// Through gives the ids of the advisories that speak of what was asked for and is
// not in the assessment under its own id.
func (e *Explanation) Through() []string { return e.through }

// asked reports whether an id was asked for.
func (e *Explanation) asked(id string) bool {
	return slices.ContainsFunc(e.about, func(about string) bool { return strings.EqualFold(id, about) })
}

// Found reports whether the assessment held what was asked for.
func (e *Explanation) Found() bool {
	return len(e.findings)+len(e.components)+len(e.rules)+len(e.scores) > 0
}

// Begin takes the header.
func (e *Explanation) Begin(h *assessment.Header) error {
	e.header = *h
	return nil
}

// Product keeps what is asked for of a product.
func (e *Explanation) Product(p *assessment.Product) error {
	from := source{product: p.ID, version: p.Version, path: p.SBOM.Path}
	for i := range p.Findings {
		f := &p.Findings[i]
		if !e.names(f) {
			continue
		}
		if !e.room(len(e.findings)) {
			e.moreFindings++
			continue
		}
		x := explainedFinding{source: from, finding: *f, component: p.Components.At(f.Component).Clone()}
		for j := range p.Score.Contributions {
			if c := &p.Score.Contributions[j]; c.Subject.Finding == f.Key || c.Issue == f.ID {
				x.part = c
				break
			}
		}
		e.findings = append(e.findings, x)
	}
	for i, c := range p.All() {
		if !e.isComponent(c) {
			continue
		}
		if !e.room(len(e.components)) {
			e.moreComponents++
			continue
		}
		x := explainedComponent{source: from, component: c.Clone()}
		for j := range p.Findings {
			if f := &p.Findings[j]; f.Component == i && !slices.Contains(x.findings, f.ID) {
				x.findings = append(x.findings, f.ID)
			}
		}
		e.components = append(e.components, x)
	}
	for _, r := range p.Decision.Rules {
		switch {
		case !e.asked(r.Check):
		case e.room(len(e.rules)):
			e.rules = append(e.rules, explainedRule{from, r})
		default:
			e.moreRules++
		}
	}
	if e.asked(AskScore) || e.asked(AskDecision) || e.asked(p.ID) {
		if !e.room(len(e.scores)) {
			e.moreScores++
			return nil
		}
		e.scores = append(e.scores, explainedScore{from, p.Decision, p.Score, p.Coverage, p.State})
	}
	return nil
}

// room reports whether another one of a kind is kept.
func (e *Explanation) room(kept int) bool { return e.all || kept < topExplained }

// names reports whether the question is about a finding.
func (e *Explanation) names(f *assessment.Finding) bool {
	return e.asked(f.ID) || slices.Contains(e.about, f.Key) || slices.ContainsFunc(f.Aliases, e.asked) ||
		slices.ContainsFunc(f.Match.Advisories, e.asked)
}

// isComponent reports whether the question is about a component.
func (e *Explanation) isComponent(c *assessment.Component) bool {
	bare, _, _ := strings.Cut(c.PURL, "?")
	for _, about := range e.about {
		name, version, versioned := cutVersion(about)
		for _, title := range []string{c.Name, c.Group + "/" + c.Name, c.Group + ":" + c.Name} {
			if strings.EqualFold(title, about) || versioned && strings.EqualFold(title, name) && c.Version == version {
				return true
			}
		}
		if c.Key == about || c.PURL != "" && (c.PURL == about || bare == about) || c.Ref != "" && c.Ref == about {
			return true
		}
	}
	return false
}

// cutVersion splits name@version at the last @ that is not the first character,
// with which scopes of npm begin.
func cutVersion(s string) (name, version string, ok bool) {
	if i := strings.LastIndexByte(s, '@'); i > 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// End writes the explanation.
func (e *Explanation) End(t *assessment.Trailer) error {
	e.trailer = t
	if !e.Found() {
		for id := range t.Advisories {
			a := t.Advisory(id)
			if slices.ContainsFunc(a.CVEs, e.asked) || slices.ContainsFunc(a.Upstream, e.asked) {
				e.through = append(e.through, id)
			}
		}
		slices.Sort(e.through)
		if len(e.through) > 0 {
			return nil
		}
	}
	e.write()
	return e.Flush()
}
