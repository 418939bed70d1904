// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"slices"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/policy"
	"github.com/medsbom/medsbom/risk"
)

// policies are the names of the packs that hold for the product: those of the
// command line, and those of the nearest configuration beside them. A
// configuration may lie in what the vendor delivered, so it can add rules and
// never take any away: the worst outcome wins.
func (p *product) policies() []string {
	names := slices.Clone(p.Policies)
	if p.file.config != nil {
		for _, name := range p.file.config.Policy {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// deliveredPolicyError is a fault of a pack that a configuration names. It may
// come with the delivery: it costs this product, not the scan of the others.
type deliveredPolicyError struct{ error }

// decide asks the policies and takes the worst answer.
func (p *product) decide(score *risk.Score) error {
	facts := p.facts(score)
	var decisions []*policy.Decision
	for _, name := range p.policies() {
		pack := p.packs[name]
		if pack == nil {
			continue // it could not be loaded, and the product is refused for that
		}
		d, err := pack.Evaluate(facts)
		if err != nil && !slices.Contains(p.Policies, name) {
			return deliveredPolicyError{err}
		}
		if err != nil {
			return err
		}
		decisions = append(decisions, d)
	}
	d := policy.Combine(decisions)
	p.verdict = policy.Gate(d.Outcome, d.Class, p.FailOn)
	if p.FailOn == policy.FailOnNever {
		p.wouldFail = policy.Gate(d.Outcome, d.Class, policy.FailOnReject) != policy.GatePass
	}
	out := &p.out.Decision
	out.Outcome, out.Class, out.Sentence = string(d.Outcome), string(d.Class), d.Sentence
	out.Rules = make([]assessment.Rule, 0, len(d.Rules))
	for i := range d.Rules {
		out.Rules = append(out.Rules, p.rule(&d.Rules[i]))
	}
	for _, c := range d.Conditions {
		out.Conditions = append(out.Conditions, assessment.Condition{
			Check: c.Check, Class: string(c.Class), Text: c.Text, Owner: c.Owner,
		})
	}
	for _, q := range d.Questions {
		out.Questions = append(out.Questions, assessment.Question{Cause: q.Cause, Text: q.Text, Count: q.Count})
	}
	if p.doc == nil && p.failure != nil {
		p.tellFailure(out)
	}
	return nil
}

// tellFailure says why there is no document, where the policies can only say that
// there is none.
func (p *product) tellFailure(out *assessment.Decision) {
	why, remedy := p.failure.Error(), ""
	if e := p.out.SBOM.Error; e != nil {
		why, remedy = e.Message, e.Remedy
	}
	if out.Outcome == assessment.Reject && out.Class == assessment.ClassEvidence {
		out.Sentence = "Return to the vendor: the SBOM cannot be used: " + why + "."
	}
	for i := range out.Questions {
		if q := &out.Questions[i]; q.Cause == "doc.readable" {
			q.Text = "What we received as the SBOM of this product cannot be used: " + why + "."
			if remedy != "" {
				q.Text += " To be done: " + remedy + "."
			}
		}
	}
}

func (p *product) rule(r *policy.Rule) assessment.Rule {
	out := assessment.Rule{
		Policy: r.Policy, Check: r.Check, Title: r.Title, State: string(r.State), Severity: string(r.Severity),
		Class: string(r.Class), Message: r.Message, Remedy: r.Remedy, Clauses: r.Clauses, Count: r.Count,
	}
	for _, ref := range r.Subjects {
		switch r.Scope {
		case policy.ScopeComponent:
			out.Subjects = append(out.Subjects, p.subjectAt(ref))
		case policy.ScopeFinding:
			f := &p.out.Findings[ref]
			out.Subjects = append(out.Subjects, assessment.Subject{
				Component: p.keys[f.Component], Name: f.Name + space(f.Version), Finding: f.Key, Line: f.Line, Column: f.Column,
			})
		case policy.ScopeDocument, policy.ScopeDatabase:
		}
	}
	return out
}
