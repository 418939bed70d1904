// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/dossier"
	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/policy"
	"github.com/medsbom/medsbom/risk"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/support"
)

// product is one product while it is worked out. doc and match are nil if its
// SBOM could not be read.
type product struct {
	*run
	file    *file
	doc     *sbom.Document
	failure error // why doc is nil
	match   *match.Result
	keys    []string // component keys, parallel to match.Components
	binding dossier.Binding
	state   string
	weak    weaknesses
	// upgrades is, by index of a component, the lowest version that no advisory
	// affects, as far as one is known.
	upgrades map[int]string
	// supports are the statuses of the components, parallel to match.Components;
	// nil where nothing at all is known.
	supports []*support.Status
	out      assessment.Product

	advisories policy.Context // what advisories on the product come to

	verdict   policy.Verdict
	wouldFail bool // the gate is off, and a rejection passes
}

// product assesses one file. failure says why there is no document.
func (r *run) product(f *file, doc *sbom.Document, failure error) (*product, error) {
	p := &product{run: r, file: f, doc: doc, failure: failure}
	p.bind()
	p.state = assessment.StateUnreadable
	if doc != nil {
		var err error
		if p.match, err = r.matcher.Match(doc); err != nil {
			return nil, err
		}
		p.state = assessment.StateAssessed
		if doc.Count() == 0 {
			p.state = assessment.StateEmpty
		}
		p.keys = make([]string, len(p.match.Components))
		for i := range p.match.Components {
			m := &p.match.Components[i]
			p.keys[i] = componentKey(component(doc, m.Index), m)
		}
		p.weak = p.weaknesses()
	}
	p.out.State = p.state
	p.describe()
	p.context()
	if doc != nil {
		p.out.Components = &components{product: p}
		var err error
		if p.out.Findings, err = p.findings(); err != nil {
			return nil, err
		}
		p.out.Coverage = coverage(&p.match.Coverage)
		if err := p.lookUpSupport(); err != nil {
			return nil, err
		}
	}
	score := p.score()
	if err := p.decide(&score); err != nil {
		if fault, ok := errors.AsType[deliveredPolicyError](err); ok {
			unbound := *f
			unbound.config = nil
			return r.product(&unbound, nil, fault.error)
		}
		return nil, fmt.Errorf("%s: %w", f.path, err)
	}
	// A damaged database gives zero values rather than errors in places: what
	// was worked out from it must not be believed.
	if err := r.DB.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *product) bind() {
	var configured dossier.Order
	if p.file.config != nil {
		configured = p.file.config.Order()
	}
	p.binding = dossier.Bind(p.file.path, p.file.folders, p.Order, configured, p.doc)
	b := &p.binding
	p.out.ID, p.out.Supplier, p.out.Name, p.out.Version = b.ProductID(), b.Supplier, b.Product, b.Version
	p.out.Binding = assessment.Binding{
		Supplier: string(b.SupplierSource), Product: string(b.ProductSource), Version: string(b.VersionSource),
	}
	if o := b.Ordered; o.Supplier != "" || o.Product != "" || o.Version != "" {
		p.out.Binding.Ordered = &assessment.Ordered{Supplier: o.Supplier, Product: o.Product, Version: o.Version}
	}
}

// describe fills in what the document says of itself.
func (p *product) describe() {
	s := &p.out.SBOM
	s.Path = p.file.path
	d := p.doc
	if d == nil {
		s.Error = &assessment.Defect{Code: "unreadable", Message: p.failure.Error()}
		if syntax, ok := errors.AsType[*sbom.SyntaxError](p.failure); ok {
			s.Error.Message, s.Error.Remedy = syntax.Message, syntax.Remedy
			s.Error.Line, s.Error.Column = syntax.Position.Line, syntax.Position.Column
		}
		return
	}
	s.SHA256, s.Format, s.SpecVersion, s.Encoding = d.SHA256, string(d.Format), d.SpecVersion, string(d.Encoding)
	s.ID, s.Created, s.Lifecycle, s.Completeness = d.ID, d.Created, d.Lifecycles, p.weak.completeness
	for _, t := range d.Tools {
		name := t.Name
		if t.Version != "" {
			name += " " + t.Version
		}
		s.Generator = append(s.Generator, name)
	}
	for _, a := range d.Authors {
		s.Authors = append(s.Authors, cmp.Or(a.Name, a.Email, a.URL))
	}
	s.Statements = d.Statements
	s.Wrapping, s.Services, s.Files = d.Wrapping, len(d.Services), d.Files
	s.Signature = signatureWords(d.Signatures)
	for _, sig := range d.Signatures {
		s.Signatures = append(s.Signatures, assessment.Signature{
			Kind: string(sig.Kind), Algorithm: sig.Algorithm, KeyID: sig.KeyID, State: string(sig.State), Key: sig.Key, Reason: sig.Reason,
		})
	}
	for _, x := range d.External {
		s.Documents = append(s.Documents, assessment.Document{ID: x.ID, URI: x.URI})
	}
	if d.Subject != nil {
		s.Subject = title(d.Subject)
	}
	for _, defect := range d.Defects.List {
		s.Defects = append(s.Defects, assessment.Defect{
			Code: string(defect.Code), Message: defect.Message, Value: defect.Value,
			Line: defect.Position.Line, Column: defect.Position.Column,
		})
	}
	if len(d.Defects.Counts) > 0 {
		s.DefectCounts = make(map[string]int, len(d.Defects.Counts))
		for code, n := range d.Defects.Counts {
			s.DefectCounts[string(code)] = n
		}
	}
}

// signatureWords says in words what is known of a document's signatures, "" if
// it has none.
func signatureWords(signatures []sbom.Signature) string {
	words := ""
	for _, s := range signatures {
		switch s.State {
		case sbom.SignatureTrusted:
			return "verified with the key " + s.Key
		case sbom.SignatureIntact:
			words = "unchanged since it was signed, by a key that is not trusted"
		case sbom.SignatureUnverified:
			words = cmp.Or(words, "present, not verified: "+s.Reason)
		case sbom.SignatureBroken:
			words = cmp.Or(words, "present, but proves nothing: "+s.Reason)
		}
	}
	return words
}

func coverage(c *match.Coverage) assessment.Coverage {
	out := assessment.Coverage{
		Components: c.Components, Assessed: c.Assessed, Weak: c.Weak, StarterOnly: c.StarterOnly,
		NotAssessed: c.NotAssessed, OutOfScope: c.OutOfScope, Reasons: make(map[string]int, len(c.Reasons)),
	}
	for reason, n := range c.Reasons {
		out.Reasons[string(reason)] = n
	}
	return out
}

// judged says how much of the product could be judged, for the score.
func (p *product) judged() risk.State {
	switch p.state {
	case assessment.StateUnreadable:
		return risk.Unreadable
	case assessment.StateEmpty:
		return risk.Empty
	case assessment.StateBlind:
		return risk.Blind
	}
	if c := &p.match.Coverage; c.Assessed+c.Weak+c.StarterOnly == 0 {
		return risk.NothingAssessed
	}
	return risk.Judged
}

// score prices every issue of the product.
func (p *product) score() risk.Score {
	issues, subjects := p.issues()
	s := p.model.Product(issues, risk.Options{
		State: p.judged(), Starter: p.starter(), Feeds: p.groups.feeds, Unsure: p.match != nil && p.match.Coverage.Assessed == 0,
	})
	p.out.Score = scoreOf(&s)
	for i := range p.out.Score.Contributions {
		c, ref := &p.out.Score.Contributions[i], s.Contributions[i].Ref
		switch gap := ref - len(p.out.Findings); {
		case ref < 0: // the model's own
		case gap < 0:
			p.explain(c, &p.out.Findings[ref])
		case gap < len(subjects):
			c.Subject = subjects[gap]
		}
	}
	return s
}

// scoreOf turns a score into the report's.
func scoreOf(s *risk.Score) assessment.Score {
	out := assessment.Score{
		Model: s.Model, Known: assessment.Number(s.Known), WorstCase: assessment.Number(s.WorstCase), Withheld: s.Withheld,
	}
	if len(s.Contributions) > 0 {
		out.Contributions = make([]assessment.Contribution, 0, len(s.Contributions))
	}
	for _, c := range s.Contributions {
		out.Contributions = append(out.Contributions, assessment.Contribution{
			Issue: c.Issue, Title: c.Title, Points: c.Points, Share: c.Share, Class: string(c.Class), Known: c.Known,
			Rule: c.Rule, Evidence: c.Evidence, Action: c.Action,
		})
	}
	return out
}
