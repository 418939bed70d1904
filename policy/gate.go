// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"cmp"
	"fmt"
	"slices"
)

// FailOn says which outcomes fail the gate of a build or a scan.
type FailOn string

// What a gate can fail on.
const (
	FailOnReject     FailOn = "reject" // default
	FailOnConditions FailOn = "conditions"
	FailOnNever      FailOn = "never"
)

// ParseFailOn reads the value of --fail-on; the empty one is the default.
func ParseFailOn(s string) (FailOn, error) {
	switch f := FailOn(s); f {
	case "":
		return FailOnReject, nil
	case FailOnReject, FailOnConditions, FailOnNever:
		return f, nil
	}
	return "", fmt.Errorf("fail on %q: want reject, conditions or never", s)
}

// Verdict is what the gate says of one product. Verdicts are ordered: the
// greatest of several products decides the exit code.
type Verdict uint8

// The verdicts.
const (
	GatePass     Verdict = iota
	GateEvidence         // fails because it could not be told
	GateRisk             // fails because of what is known
)

// ExitCode is the exit code of a scan whose greatest verdict this is.
func (v Verdict) ExitCode() int {
	switch v {
	case GateRisk:
		return 1
	case GateEvidence:
		return 3
	case GatePass:
	}
	return 0
}

// Gate says whether an outcome passes. An outcome that is none of the three
// never passes, unless nothing fails.
func Gate(outcome Outcome, class Class, on FailOn) Verdict {
	if on == FailOnNever || outcome == Accept || outcome == AcceptWithConditions && on != FailOnConditions {
		return GatePass
	}
	if class == ClassRisk {
		return GateRisk
	}
	return GateEvidence
}

// Combine joins the decisions of several packs on one product: the worst
// outcome wins, rules are kept sorted by policy, conditions and questions of
// one check are kept once, at their heaviest. One decision is returned as it is;
// none is nil.
func Combine(decisions []*Decision) *Decision {
	switch len(decisions) {
	case 0:
		return nil
	case 1:
		return decisions[0]
	}
	worst := decisions[0]
	for _, d := range decisions[1:] {
		if d.weight() > worst.weight() {
			worst = d
		}
	}
	out := &Decision{Outcome: worst.Outcome, Class: worst.Class, Sentence: worst.Sentence}
	if out.Outcome != Accept && len(worst.Rules) > 0 {
		out.Sentence += fmt.Sprintf(" (%s)", worst.Rules[0].Policy)
	}
	for _, d := range decisions {
		out.Rules = append(out.Rules, d.Rules...)
		for _, c := range d.Conditions {
			i := slices.IndexFunc(out.Conditions, func(o Condition) bool { return o.Check == c.Check })
			switch {
			case i < 0:
				out.Conditions = append(out.Conditions, c)
			case c.Severity.rank() < out.Conditions[i].Severity.rank():
				out.Conditions[i] = c
			}
		}
		for _, q := range d.Questions {
			i := slices.IndexFunc(out.Questions, func(o Question) bool { return o.Cause == q.Cause })
			switch {
			case i < 0:
				out.Questions = append(out.Questions, q)
			case q.Severity.rank() < out.Questions[i].Severity.rank():
				out.Questions[i] = q
			}
		}
	}
	slices.SortStableFunc(out.Rules, func(a, b Rule) int { return cmp.Compare(a.Policy, b.Policy) })
	slices.SortStableFunc(out.Conditions, func(a, b Condition) int {
		return cmp.Or(a.Severity.rank()-b.Severity.rank(), classRank(a.Class)-classRank(b.Class))
	})
	out.Questions = rankQuestions(out.Questions)
	return out
}

// weight orders decisions from accept to a rejection for risk.
func (d *Decision) weight() int {
	w := map[Outcome]int{Accept: 0, AcceptWithConditions: 2, Reject: 4}[d.Outcome]
	if d.Class == ClassRisk {
		w++
	}
	return w
}
