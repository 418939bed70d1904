// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"slices"
	"strings"
)

// State is the result of a rule.
type State string

// The states of a rule.
const (
	Pass          State = "pass"
	Fail          State = "fail"
	Warn          State = "warn"
	NotApplicable State = "not-applicable"
	NotAssessed   State = "not-assessed"
)

// Rule is the result of one check under one pack.
type Rule struct {
	Policy   string
	Check    string
	Title    string
	State    State
	Severity Severity
	// Class is what a failure means: that of the check, or evidence if the rule
	// was not assessed.
	Class    Class
	Message  string
	Remedy   string
	Clauses  []string
	Scope    Scope // what Subjects are indexes of: components or findings
	Count    int   // subjects that fail; findings are counted by advisory
	Total    int   // subjects that were asked about
	Subjects []int // refs of the first that fail, at most 20

	source *PackRule
	failed bool // counts as failed in the decision
}

// Evaluate judges the facts. An error means that an expression of the pack
// cannot be evaluated, which is the pack's fault: it names the check.
func (p *Pack) Evaluate(f *Facts) (*Decision, error) {
	d := &Decision{Rules: make([]Rule, 0, len(p.Rules))}
	unreadable := !f.Document.Readable || f.Document.Empty
	for i := range p.Rules {
		r := &p.Rules[i]
		var rule Rule
		var err error
		if unreadable && r.Check.ID != "doc.readable" {
			rule = r.result(NotAssessed)
			rule.Message = "not assessed: there is no document to judge"
		} else if rule, err = r.evaluate(f); err != nil {
			return nil, fmt.Errorf("evaluating policy %q: check %q: %w", p.ID, r.Check.ID, err)
		} else {
			rule.failed = rule.State == Fail || rule.State == NotAssessed && r.NotAssessed == Fail
		}
		rule.Policy = p.ID
		d.Rules = append(d.Rules, rule)
	}
	p.decide(d, f)
	return d, nil
}

// result is the rule's result but for message and subjects.
func (r *PackRule) result(s State) Rule {
	rule := Rule{
		Check: r.Check.ID, Title: r.Check.Title, State: s, Severity: r.Severity, Class: r.Check.Class,
		Clauses: r.Check.Clauses, Scope: r.Check.Scope, source: r,
	}
	if s == NotAssessed {
		rule.Class = ClassEvidence
	}
	return rule
}

func (r *PackRule) evaluate(f *Facts) (Rule, error) {
	a := &activation{facts: f, params: r.conditions.params}
	var t tally
	var err error
	switch r.Check.Scope {
	case ScopeComponent:
		t, err = tallyComponents(r.conditions, a, &f.components)
	case ScopeFinding:
		t, err = tallyFindings(r.conditions, a, &f.findings)
	case ScopeDocument, ScopeDatabase:
		t, err = tallyOne(r.conditions, a)
	}
	if err != nil {
		return Rule{}, err
	}
	rule := r.result(Pass)
	rule.Total = t.total
	rule.Count, rule.Subjects = t.failing, t.refs
	switch {
	case r.exceeds(t):
		rule.State = Fail
	case !t.applies:
		rule.State = NotApplicable
	default:
		ok, err := a.holds(r.conditions.assessable, true)
		if err != nil {
			return Rule{}, err
		}
		switch {
		case !ok:
			rule = r.result(NotAssessed)
			rule.Total = t.total
		case t.warning > 0:
			rule.State = Warn
		}
	}
	rule.Message = r.message(&rule, f, t)
	if rule.State == Fail || rule.State == Warn {
		rule.Remedy = r.fill(r.Check.Remedy, f, t.failing, t.total)
	}
	if !r.Check.counted() {
		rule.Count, rule.Total = 0, 0
	}
	return rule, nil
}

// exceeds reports whether more fails than the rule allows.
func (r *PackRule) exceeds(t tally) bool {
	if t.failing == 0 {
		return false
	}
	if !r.Check.counted() {
		return true
	}
	minShare, hasShare := r.Params[minShareParam].(float64)
	limit, _ := r.Params[limitParam].(float64)
	const dust = 1e-9 // 0.95 of 20 is 19
	if hasShare && float64(t.total-t.failing) < minShare*float64(t.total)-dust {
		return true
	}
	// A share alone does not bring the limit's default 0 with it.
	return float64(t.failing) > limit && (!hasShare || limit > 0)
}

func (r *PackRule) message(rule *Rule, f *Facts, t tally) string {
	switch rule.State {
	case Fail:
		return r.fill(r.Check.fails, f, t.failing, t.total)
	case Pass:
		if t.failing > 0 {
			return r.fill(r.Check.fails, f, t.failing, t.total) + ", within the limit"
		}
		return "met"
	case Warn:
		return r.fill(r.Check.fails, f, t.failing+t.warning, t.total) + "; a warning only"
	case NotApplicable:
		return "does not apply"
	case NotAssessed:
		return "could not be assessed: " + f.gap(r.Check.assessable.Text)
	}
	return ""
}

// gap says why a rule could not be assessed that needs what an expression says.
func (f *Facts) gap(needs string) string {
	switch {
	case f.lacksAdvisories(needs):
		return "the database has no advisories on devices (CSAF)"
	case f.Database.Starter:
		return "the database is only a starter set"
	case f.Coverage.Assessed+f.Coverage.Weak == 0:
		return "not one component could be looked up"
	case f.Database.MissingKEV && f.Database.MissingEPSS:
		return "the database has no known-exploited feed (KEV) and no EPSS feed"
	case f.Database.MissingKEV:
		return "the database has no known-exploited feed (KEV)"
	case f.Database.MissingEPSS:
		return "the database has no EPSS feed"
	case f.Score.Withheld != "":
		return f.Score.Withheld
	}
	return "facts are missing"
}

// lacksAdvisories reports whether an expression needs advisories on devices and
// there are none.
func (f *Facts) lacksAdvisories(needs string) bool {
	return !f.Context.AdvisoriesLoaded && strings.Contains(needs, "context.advisoriesLoaded")
}

// tally is what the subjects of a rule came to.
type tally struct {
	applies bool // to at least one subject; for findings always
	total   int  // subjects that the check applies to
	failing int
	warning int
	refs    []int // the first that fail
}

func tallyOne(p *conditions, a *activation) (tally, error) {
	v, err := a.judge(p)
	t := tally{applies: v != verdictLeftOut, total: 1}
	switch v {
	case verdictFail:
		t.failing = 1
	case verdictWarn:
		t.warning = 1
	case verdictPass, verdictLeftOut:
	}
	return t, err
}

// verdict is what one subject came to.
type verdict uint8

const (
	verdictPass verdict = iota
	verdictFail
	verdictWarn
	verdictLeftOut // the check does not apply to it
)

// judge asks the expressions about the subject that the activation holds.
func (a *activation) judge(p *conditions) (verdict, error) {
	if ok, err := a.holds(p.applies, true); err != nil || !ok {
		return verdictLeftOut, err
	}
	if ok, err := a.holds(p.pass, false); err != nil || ok {
		return verdictPass, err
	}
	if ok, err := a.holds(p.warn, false); err != nil || ok {
		return verdictWarn, err
	}
	return verdictFail, nil
}

func tallyComponents(p *conditions, a *activation, s *subjects[Component]) (tally, error) {
	var t tally
	var refs []int
	for i := range s.groups {
		g := &s.groups[i]
		a.component = &g.facts
		v, err := a.judge(p)
		if err != nil {
			return t, err
		}
		if v == verdictLeftOut {
			continue
		}
		t.applies = true
		t.total += g.count
		switch v {
		case verdictFail:
			t.failing += g.count
			refs = append(refs, g.refs...)
		case verdictWarn:
			t.warning += g.count
		case verdictPass, verdictLeftOut:
		}
	}
	slices.Sort(refs)
	t.refs = refs[:min(len(refs), maxSubjects):min(len(refs), maxSubjects)]
	return t, nil
}

// tallyFindings counts by advisory: one advisory fails if any of its findings
// does. That there is no finding is a good result, so that the check applies.
func tallyFindings(p *conditions, a *activation, s *subjects[Finding]) (tally, error) {
	t := tally{applies: true}
	verdicts := make([]verdict, len(s.groups))
	for i := range s.groups {
		a.finding = &s.groups[i].facts
		v, err := a.judge(p)
		if err != nil {
			return t, err
		}
		verdicts[i] = v
	}
	worst := make([]verdict, s.advisories)
	for i := range worst {
		worst[i] = verdictLeftOut
	}
	for _, row := range s.rows {
		v := verdicts[row.group]
		if v == verdictLeftOut {
			continue
		}
		old := worst[row.advisory]
		switch {
		case v == verdictFail && old != verdictFail:
			worst[row.advisory] = verdictFail
			if len(t.refs) < maxSubjects {
				t.refs = append(t.refs, row.ref)
			}
		case v == verdictWarn && old == verdictPass, old == verdictLeftOut:
			worst[row.advisory] = v
		}
	}
	for _, v := range worst {
		switch v {
		case verdictFail:
			t.failing++
		case verdictWarn:
			t.warning++
		case verdictLeftOut:
			continue
		case verdictPass:
		}
		t.total++
	}
	return t, nil
}
