// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"slices"
	"testing"
)

// Every row of the table of exit codes that hangs on a decision.
func TestGate(t *testing.T) {
	tests := []struct {
		outcome Outcome
		class   Class
		on      FailOn
		want    Verdict
		code    int
	}{
		{Accept, "", FailOnReject, GatePass, 0},
		{AcceptWithConditions, ClassEvidence, FailOnReject, GatePass, 0},
		{AcceptWithConditions, ClassRisk, FailOnReject, GatePass, 0},
		{Reject, ClassEvidence, FailOnReject, GateEvidence, 3},
		{Reject, ClassRisk, FailOnReject, GateRisk, 1},

		{Accept, "", FailOnConditions, GatePass, 0},
		{AcceptWithConditions, ClassEvidence, FailOnConditions, GateEvidence, 3},
		{AcceptWithConditions, ClassRisk, FailOnConditions, GateRisk, 1},
		{Reject, ClassEvidence, FailOnConditions, GateEvidence, 3},
		{Reject, ClassRisk, FailOnConditions, GateRisk, 1},

		{Accept, "", FailOnNever, GatePass, 0},
		{AcceptWithConditions, ClassEvidence, FailOnNever, GatePass, 0},
		{AcceptWithConditions, ClassRisk, FailOnNever, GatePass, 0},
		{Reject, ClassEvidence, FailOnNever, GatePass, 0},
		{Reject, ClassRisk, FailOnNever, GatePass, 0},

		// What is not known never passes.
		{"", "", FailOnReject, GateEvidence, 3},
		{Reject, "", FailOnReject, GateEvidence, 3},
	}
	for _, tt := range tests {
		got := Gate(tt.outcome, tt.class, tt.on)
		if got != tt.want || got.ExitCode() != tt.code {
			t.Errorf("%q/%q, fail on %s: want %d (exit %d), got %d (exit %d)", tt.outcome, tt.class, tt.on, tt.want, tt.code, got, got.ExitCode())
		}
	}
}

func TestGreatestVerdictDecides(t *testing.T) {
	for _, tt := range []struct {
		verdicts []Verdict
		want     int
	}{
		{[]Verdict{GatePass, GatePass}, 0},
		{[]Verdict{GatePass, GateEvidence}, 3},
		{[]Verdict{GateEvidence, GateRisk, GatePass}, 1},
	} {
		if got := slices.Max(tt.verdicts).ExitCode(); got != tt.want {
			t.Errorf("%v: want exit %d, got %d", tt.verdicts, tt.want, got)
		}
	}
}

func TestParseFailOn(t *testing.T) {
	for s, want := range map[string]FailOn{"": FailOnReject, "reject": FailOnReject, "conditions": FailOnConditions, "never": FailOnNever} {
		if got, err := ParseFailOn(s); err != nil || got != want {
			t.Errorf("%q: want %q, got %q and %v", s, want, got, err)
		}
	}
	if _, err := ParseFailOn("always"); err == nil {
		t.Error("want an error for always")
	}
}

func TestCombine(t *testing.T) {
	decision := func(policy string, o Outcome, c Class, severity Severity) *Decision {
		return &Decision{
			Outcome: o, Class: c, Sentence: string(o) + ".",
			Rules:      []Rule{{Policy: policy, Check: "a"}},
			Conditions: []Condition{{Check: "a", Severity: severity, Class: c}},
			Questions:  []Question{{Cause: "a", Severity: severity, Class: c}, {Cause: policy, Severity: Low}},
		}
	}
	if Combine(nil) != nil {
		t.Error("no decision: want nil")
	}
	accept := decision("z", Accept, "", Low)
	if Combine([]*Decision{accept}) != accept {
		t.Error("one decision: want it unchanged")
	}
	order := []*Decision{
		accept, decision("y", AcceptWithConditions, ClassEvidence, Medium), decision("x", AcceptWithConditions, ClassRisk, Medium),
		decision("w", Reject, ClassEvidence, Blocker), decision("v", Reject, ClassRisk, Blocker),
	}
	for i := range order {
		for j := range order {
			if i == j {
				continue
			}
			got, want := Combine([]*Decision{order[i], order[j]}), order[max(i, j)]
			if got.Outcome != want.Outcome || got.Class != want.Class {
				t.Errorf("%d and %d: want %s/%s, got %s/%s", i, j, want.Outcome, want.Class, got.Outcome, got.Class)
			}
			if len(got.Rules) != 2 || got.Rules[0].Policy > got.Rules[1].Policy {
				t.Errorf("rules are not sorted by policy: %+v", got.Rules)
			}
			if len(got.Conditions) != 1 || got.Conditions[0].Severity != want.Conditions[0].Severity {
				t.Errorf("want one condition at its heaviest, got %+v", got.Conditions)
			}
			if len(got.Questions) != 3 || got.Questions[0].Cause != "a" {
				t.Errorf("want three questions, a first, got %+v", got.Questions)
			}
		}
	}
	if got := Combine([]*Decision{accept, order[4]}); got.Sentence != "reject. (v)" {
		t.Errorf("want the sentence of the worst with its policy, got %q", got.Sentence)
	}
}
