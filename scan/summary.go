// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/dossier"
	"github.com/medsbom/medsbom/policy"
	"github.com/medsbom/medsbom/risk"
)

// summarizer keeps of every product what the end of a report needs, and no
// more: a thousand products stream by.
type summarizer struct {
	ranked    []assessment.Ranked
	suppliers map[string]*supplier // by folded name
	work      map[string]*work     // by class and cause
	key       []byte               // of a cause, made in place
	counts    assessment.Counts
	gate      gate
	readable  int
}

type supplier struct {
	name     string
	products []risk.ProductScore
}

type work struct {
	assessment.Work
	ecosystem string // of the package; empty for a gap in the evidence
	// The ids of the products that have it, and of whom they are: one supplier may
	// stand there several times.
	products, suppliers []string
}

// gate collects the ids of the products that fail, by class.
type gate struct {
	risk, evidence []string
	passed         []string // because nothing fails with --fail-on never
}

func (s *summarizer) add(judged *product) {
	p := &judged.out
	if s.suppliers == nil {
		s.suppliers, s.work = make(map[string]*supplier), make(map[string]*work)
		s.counts.Outcomes = make(map[string]int)
		s.counts.Components.Reasons = make(map[string]int)
	}
	if p.State != assessment.StateUnreadable {
		s.readable++
	}
	// What comes from a document is a view of its text: a copy lets the text go.
	supplierName := strings.Clone(p.Supplier)
	s.ranked = append(s.ranked, assessment.Ranked{
		Product: p.ID, Path: strings.Clone(p.SBOM.Path), Supplier: supplierName, Name: strings.Clone(p.Name), Version: strings.Clone(p.Version), State: p.State,
		NothingAssessed: judged.judged() != risk.Judged,
		Outcome:         p.Decision.Outcome, Class: p.Decision.Class, Known: p.Score.Known, WorstCase: p.Score.WorstCase,
		Why: strings.Clone(why(p)),
	})
	key := dossier.Fold(p.Supplier)
	sup := s.suppliers[key]
	if sup == nil {
		sup = &supplier{name: supplierName}
		s.suppliers[key] = sup
	}
	sup.products = append(sup.products, productScore(p))
	switch judged.verdict {
	case policy.GateRisk:
		s.gate.risk = append(s.gate.risk, p.ID)
	case policy.GateEvidence:
		s.gate.evidence = append(s.gate.evidence, p.ID)
	case policy.GatePass:
		if judged.wouldFail {
			s.gate.passed = append(s.gate.passed, p.ID)
		}
	}
	s.count(p)
	s.causes(judged)
}

// why is the first reason for a product's rank.
func why(p *assessment.Product) string {
	if p.SBOM.Error != nil {
		return p.SBOM.Error.Message
	}
	if len(p.Score.Contributions) > 0 {
		return p.Score.Contributions[0].Title
	}
	return ""
}

// productScore takes from a report what a supplier's score needs.
func productScore(p *assessment.Product) risk.ProductScore {
	s := risk.ProductScore{ID: p.ID, Name: strings.Clone(p.Name), Score: risk.Score{
		Known: risk.Number(p.Score.Known), WorstCase: risk.Number(p.Score.WorstCase), Withheld: p.Score.Withheld,
	}, Ref: -1}
	if c := p.Score.Contributions; len(c) > 0 {
		s.Score.Contributions = []risk.Contribution{{Class: risk.Class(c[0].Class)}}
	}
	return s
}

func (s *summarizer) count(p *assessment.Product) {
	c := &s.counts
	c.Products++
	c.Outcomes[p.Decision.Outcome]++
	c.Findings += len(p.Findings)
	for i := range p.Findings {
		if p.Findings[i].KEV != nil {
			c.KEV++
		}
	}
	all := &c.Components
	all.Components += p.Coverage.Components
	all.Assessed += p.Coverage.Assessed
	all.Weak += p.Coverage.Weak
	all.StarterOnly += p.Coverage.StarterOnly
	all.NotAssessed += p.Coverage.NotAssessed
	all.OutOfScope += p.Coverage.OutOfScope
	for reason, n := range p.Coverage.Reasons {
		all.Reasons[reason] += n
	}
}

// causes collects what is to be done, by cause: a component in a version, or a
// gap in the evidence. One component with forty findings is one cause.
func (s *summarizer) causes(judged *product) {
	p := &judged.out
	for i := range p.Findings {
		f := &p.Findings[i]
		if f.Kind == assessment.KindInformational {
			continue
		}
		// By package, not by bare name: @babel/core and @angular/core are two causes,
		// two libraries of one source package are one.
		s.key = append(append(append(s.key[:0], assessment.ClassRisk+" "...), f.Match.Ecosystem...), ' ')
		s.key = append(s.key, f.Match.Package...)
		if f.Version != "" {
			s.key = append(append(s.key, ' '), f.Version...)
		}
		w := s.work[string(s.key)]
		if w == nil {
			w = s.newWork(assessment.ClassRisk, cmp.Or(f.Match.Package, f.Name)+space(f.Version))
			w.ecosystem = strings.Clone(f.Match.Ecosystem)
		}
		w.met(p)
		w.Findings++
		w.KEV = w.KEV || f.KEV != nil
		w.Points = max(w.Points, f.Points)
		if w.Action == "" {
			w.Action = action(f, judged.upgrades[f.Component])
		}
	}
	for i := range p.Score.Contributions {
		if c := &p.Score.Contributions[i]; c.Class == assessment.ClassEvidence {
			s.key = append(append(s.key[:0], assessment.ClassEvidence+" "...), c.Issue...)
			w := s.work[string(s.key)]
			if w == nil {
				w = s.newWork(assessment.ClassEvidence, c.Title)
			}
			w.met(p)
			w.Points = max(w.Points, c.Points)
			w.Action = c.Action
		}
	}
}

// newWork begins the work of the key at hand.
func (s *summarizer) newWork(class, name string) *work {
	w := &work{Work: assessment.Work{Cause: strings.Clone(name), Class: class}}
	s.work[string(s.key)] = w
	return w
}

// met notes that a product has the cause. One product comes after the other.
func (w *work) met(p *assessment.Product) {
	if n := len(w.products); n > 0 && w.products[n-1] == p.ID {
		return
	}
	w.products = append(w.products, p.ID)
	if n := len(w.suppliers); n == 0 || w.suppliers[n-1] != p.Supplier {
		w.suppliers = append(w.suppliers, strings.Clone(p.Supplier))
	}
}

func (s *summarizer) worklist() []assessment.Work {
	out := make([]assessment.Work, 0, len(s.work))
	for _, key := range slices.Sorted(maps.Keys(s.work)) {
		w := s.work[key]
		slices.Sort(w.products)
		slices.Sort(w.suppliers)
		w.Products, w.Suppliers = slices.Compact(w.products), slices.Compact(w.suppliers)
		out = append(out, w.Work)
	}
	nameApart(out, s.work)
	slices.SortStableFunc(out, func(a, b assessment.Work) int {
		return cmp.Or(
			compareBool(b.KEV, a.KEV), cmp.Compare(len(b.Products), len(a.Products)),
			cmp.Compare(b.Points, a.Points), cmp.Compare(a.Class, b.Class), cmp.Compare(a.Cause, b.Cause))
	})
	return out
}

// nameApart adds the ecosystem to causes that would read alike: openssl of Debian
// and of Alpine are two. The list is in the order of the keys.
func nameApart(list []assessment.Work, works map[string]*work) {
	alike := make(map[string]int, len(list))
	for i := range list {
		alike[list[i].Cause]++
	}
	for i, key := range slices.Sorted(maps.Keys(works)) {
		if w := works[key]; alike[w.Cause] > 1 && w.ecosystem != "" {
			list[i].Cause += " (" + w.ecosystem + ")"
		}
	}
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// ranking puts the worst first; what could not be judged at all stands
// in a group of its own at the bottom, where it is never cut off.
func (s *summarizer) ranking() []assessment.Ranked {
	out := slices.Clone(s.ranked)
	slices.SortStableFunc(out, func(a, b assessment.Ranked) int {
		return cmp.Or(
			compareBool(a.NothingAssessed, b.NothingAssessed),
			cmp.Compare(b.WorstCase.Value, a.WorstCase.Value), cmp.Compare(b.Known.Value, a.Known.Value),
			cmp.Compare(a.Product, b.Product))
	})
	return out
}

func (r *run) trailer() (*assessment.Trailer, error) {
	s := &r.summary
	t := &assessment.Trailer{Inputs: slices.Concat(r.walk.inputs, r.inputs)}
	slices.SortStableFunc(t.Inputs, func(a, b assessment.Input) int { return cmp.Compare(a.Path, b.Path) })
	var err error
	if t.Advisories, err = r.groups.advisories(); err != nil {
		return nil, err
	}
	for _, key := range slices.Sorted(maps.Keys(s.suppliers)) {
		t.Suppliers = append(t.Suppliers, r.supplier(s.suppliers[key]))
	}
	s.counts.Files = len(t.Inputs)
	for _, in := range t.Inputs {
		if in.Used {
			s.counts.FilesUsed++
		}
	}
	t.Summary = assessment.Summary{Ranking: s.ranking(), Worklist: s.worklist(), Counts: s.counts, Exit: r.exit()}
	return t, r.DB.Err()
}

func (r *run) supplier(s *supplier) assessment.Supplier {
	score := r.model.Supplier(s.products)
	out := assessment.Supplier{Name: s.name, Score: scoreOf(&score)}
	slices.SortStableFunc(s.products, func(a, b risk.ProductScore) int {
		return cmp.Or(cmp.Compare(b.Score.WorstCase.Value, a.Score.WorstCase.Value), cmp.Compare(a.ID, b.ID))
	})
	for _, p := range s.products {
		out.Distribution = append(out.Distribution, assessment.Number(p.Score.WorstCase))
		out.Products = append(out.Products, p.ID)
	}
	return out
}

// exit applies the table of DESIGN §3, first that applies.
func (r *run) exit() assessment.Exit {
	g := &r.summary.gate
	switch {
	case len(r.walk.missing) > 0:
		return assessment.Exit{Code: 2, Reason: "a path that was named cannot be read: " + r.walk.missing[0].Error()}
	case r.summary.readable == 0:
		return assessment.Exit{Code: 2, Reason: "no SBOM could be read"}
	case len(g.passed) > 0:
		return assessment.Exit{Reason: count(len(g.passed), "product") + " would fail, but --fail-on never lets them pass: " + g.first(g.passed)}
	case len(g.risk) > 0:
		return assessment.Exit{Code: 1, Reason: "fails for risk: " + count(len(g.risk), "product") + ", " + g.first(g.risk)}
	case len(g.evidence) > 0:
		return assessment.Exit{Code: 3, Reason: "fails for evidence: " + count(len(g.evidence), "product") + ", " + g.first(g.evidence)}
	}
	return assessment.Exit{Reason: "no product fails"}
}

// first names the products, the first few of them.
func (g *gate) first(ids []string) string {
	const few = 3
	if len(ids) <= few {
		return strings.Join(ids, ", ")
	}
	return strings.Join(ids[:few], ", ") + ", …"
}
