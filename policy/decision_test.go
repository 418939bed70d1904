// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func loadOne(t testing.TB, name string) *Pack {
	t.Helper()
	packs, err := Load([]string{name})
	if err != nil {
		t.Fatal(err)
	}
	return packs[0]
}

func evaluate(t testing.TB, p *Pack, f *Facts) *Decision {
	t.Helper()
	d, err := p.Evaluate(f)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestHospitalBaseline(t *testing.T) {
	p := loadOne(t, Default)
	kev := Finding{KEV: true, Strong: true, Severity: "critical", CVSS: 9.8, CVSSKnown: true}
	starter := func(f *Facts) {
		f.Database = Database{Starter: true}
		f.Coverage = Coverage{Components: 3, StarterOnly: 3, UnassessedShare: 1}
		f.Score = Score{Known: 0, WorstCase: 80, Withheld: "starter database"}
	}
	criticals := func(n int) func(*Facts) {
		return func(f *Facts) {
			for i := range n {
				f.AddFinding(Finding{Strong: true, Severity: "critical"}, i, i)
			}
		}
	}
	tests := []struct {
		name     string
		change   func(*Facts)
		outcome  Outcome
		class    Class
		sentence string
	}{
		{
			"good SBOM alone", func(*Facts) {}, Accept, "",
			"Accept: every rule of hospital-baseline that counts is met; known risk 5.0 (A), worst case 12.0 (A).",
		},
		{
			"only what has no weight fails", func(f *Facts) { f.Document.Signed, f.Document.HasAuthor, f.Database.StaleFeeds = false, false, 3 },
			Accept, "", "Accept: every rule of hospital-baseline that counts is met; known risk 5.0 (A), worst case 12.0 (A).",
		},
		{
			"known exploited", func(f *Facts) { f.AddFinding(kev, 0, 0) }, Reject, ClassRisk,
			"Reject: 1 vulnerability that attackers are known to use.",
		},
		{
			"malicious", func(f *Facts) { f.AddFinding(Finding{Malicious: true, Strong: true}, 0, 0) }, Reject, ClassRisk,
			"Reject: 1 package known to be malicious.",
		},
		{
			"known exploited, doubtful identity", func(f *Facts) { f.AddFinding(Finding{KEV: true}, 0, 0) }, AcceptWithConditions, ClassEvidence,
			"Accept with one condition for the vendor: Identify the component with a package URL and its exact version.",
		},
		{
			"unreadable", func(f *Facts) { *f = Facts{Score: Score{WorstCase: 100, WorstCaseGrade: "F"}} }, Reject, ClassEvidence,
			"Return to the vendor: the SBOM cannot be read, or lists no component.",
		},
		{
			"empty", func(f *Facts) { *f = Facts{Document: Document{Readable: true, Empty: true}} }, Reject, ClassEvidence,
			"Return to the vendor: the SBOM cannot be read, or lists no component.",
		},
		{
			"unreadable, starter", func(f *Facts) { *f = Facts{Database: Database{Starter: true}} }, Reject, ClassEvidence,
			"Return to the vendor: the SBOM cannot be read, or lists no component.",
		},
		{
			"another product", func(f *Facts) { f.Document.SubjectExpected = true }, Reject, ClassEvidence,
			"Return to the vendor: the SBOM describes another product or version than the one ordered.",
		},
		{"starter", starter, Reject, ClassEvidence, "Could not tell: the database is only a starter set, so nothing can be said to be clean."},
		{
			"starter knows of an exploited one", func(f *Facts) { starter(f); f.AddFinding(kev, 0, 0) }, Reject, ClassRisk,
			"Reject: 1 vulnerability that attackers are known to use; and one more reason.",
		},
		{
			"nothing assessed", func(f *Facts) {
				f.Coverage = Coverage{Components: 3, NotAssessed: 3, UnassessedShare: 1}
				f.Score = Score{WorstCase: 100, WorstCaseGrade: "F"}
			}, Reject, ClassEvidence,
			"Return to the vendor: not one of 3 components could be assessed for sure, and not half of them by what they seem to be; and one more reason.",
		},
		{
			"no known-exploited feed", func(f *Facts) {
				f.Database.MissingKEV = true
				f.Score = Score{Known: 5, WorstCase: 12, Withheld: "x"}
			}, Reject, ClassEvidence,
			`Could not tell: "No known-exploited vulnerability is open" could not be assessed: the database has no known-exploited feed (KEV).`,
		},
		{
			"no EPSS feed", func(f *Facts) {
				f.Database.MissingEPSS = true
				f.Score = Score{Known: 5, WorstCase: 12, Withheld: "x"}
			}, AcceptWithConditions, ClassEvidence,
			"Accept with one condition for the buyer: Some rules could not be assessed: the database has no EPSS feed.",
		},
		{
			"known score F", func(f *Facts) { f.Score = Score{Known: 80, WorstCase: 90, KnownGrade: "F", WorstCaseGrade: "F"} }, Reject, ClassRisk,
			"Reject: the known risk is 80.0 (F), worse than D.",
		},
		{
			"worst case F", func(f *Facts) { f.Score = Score{Known: 5, WorstCase: 90, KnownGrade: "A", WorstCaseGrade: "F"} }, Reject, ClassEvidence,
			"Return to the vendor: too much is open: the worst case is 90.0 (F), worse than D.",
		},
		{
			"known score D", func(f *Facts) { f.Score = Score{Known: 60, WorstCase: 70, KnownGrade: "D", WorstCaseGrade: "D"} }, AcceptWithConditions, ClassRisk,
			"Accept with one condition for the vendor: Fix what contributes most to the score.",
		},
		{
			"known score C", func(f *Facts) { f.Score = Score{Known: 40, WorstCase: 45, KnownGrade: "C", WorstCaseGrade: "C"} }, AcceptWithConditions, ClassRisk,
			"Accept with one condition for the vendor: Bring the known risk from 40.0 (C) to grade B or better.",
		},
		{
			"worst case C", func(f *Facts) { f.Score = Score{Known: 4, WorstCase: 45, KnownGrade: "A", WorstCaseGrade: "C"} }, AcceptWithConditions, ClassEvidence,
			"Accept with one condition for the vendor: Bring the worst case from 45.0 (C) to grade B or better by answering the open questions.",
		},
		{
			"much not assessed", func(f *Facts) { f.Coverage.UnassessedShare, f.Coverage.AssessedShare = .4, .6 }, AcceptWithConditions, ClassEvidence,
			"Accept with one condition for the vendor: 40 % of the components could not be assessed, 25 % allowed: supply identifiers or a vulnerability statement.",
		},
		{"five critical", criticals(5), Accept, "", "Accept: every rule of hospital-baseline that counts is met; known risk 5.0 (A), worst case 12.0 (A)."},
		{"six critical", criticals(6), AcceptWithConditions, ClassRisk, "Accept with one condition for the vendor: Update to the fixed versions shown."},
		{
			"stale and silent on completeness", func(f *Facts) { f.Document.AgeDays, f.Document.CompletenessStated = 900, false }, AcceptWithConditions, ClassEvidence,
			"Accept with 2 conditions for the vendor; the first: Generate a new SBOM for the release that is shipped.",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := goodFacts()
			tt.change(f)
			d := evaluate(t, p, f)
			if d.Outcome != tt.outcome || d.Class != tt.class {
				t.Errorf("want %s/%s, got %s/%s", tt.outcome, tt.class, d.Outcome, d.Class)
			}
			if diff := cmp.Diff(tt.sentence, d.Sentence); diff != "" {
				t.Errorf("sentence (-want +got):\n%s", diff)
			}
			if (d.Outcome == Accept) != (len(d.Conditions) == 0) {
				t.Errorf("%s has the conditions %+v", d.Outcome, d.Conditions)
			}
			if len(d.Rules) != len(p.Rules) {
				t.Errorf("want a result of each of %d rules, got %d", len(p.Rules), len(d.Rules))
			}
		})
	}
}

func TestUnreadableJudgesNothingElse(t *testing.T) {
	p := loadOne(t, Default)
	d := evaluate(t, p, &Facts{})
	for _, r := range d.Rules {
		want := NotAssessed
		if r.Check == "doc.readable" {
			want = Fail
		}
		if r.State != want {
			t.Errorf("%s: want %s, got %s", r.Check, want, r.State)
		}
	}
	if len(d.Conditions) != 1 || len(d.Questions) != 1 || d.Questions[0].Cause != "doc.readable" {
		t.Errorf("want one condition and one question, got %+v and %+v", d.Conditions, d.Questions)
	}
}

func TestMaxHigh(t *testing.T) {
	text := `
id: x
title: x
edition: "1"
params: {maxHigh: 1, rejectAt: none, acceptAt: none}
rules:
  - {check: vul.no-critical, severity: high}
  - {check: vul.no-likely, severity: high}
  - {check: doc.author, severity: high}
`
	p, err := parsePack("x.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	critical := Finding{Strong: true, Severity: "critical"}
	likely := Finding{Strong: true, Severity: "critical", EPSS: .9, EPSSKnown: true}
	tests := []struct {
		name    string
		x       Finding
		author  bool
		outcome Outcome
		class   Class
	}{
		{"none", Finding{}, true, Accept, ""},
		{"one of risk", critical, true, AcceptWithConditions, ClassRisk},
		{"two of risk", likely, true, Reject, ClassRisk},
		{"one of each", critical, false, Reject, ClassEvidence},
		{"two of risk, one of evidence", likely, false, Reject, ClassRisk},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := goodFacts()
			f.Document.HasAuthor = tt.author
			f.AddFinding(tt.x, 0, 0)
			d := evaluate(t, p, f)
			if d.Outcome != tt.outcome || d.Class != tt.class {
				t.Errorf("want %s/%s, got %s/%s: %s", tt.outcome, tt.class, d.Outcome, d.Class, d.Sentence)
			}
		})
	}
}

func TestNotAssessedMayBeAWarning(t *testing.T) {
	for notAssessed, want := range map[string]Outcome{"fail": Reject, "warn": Accept} {
		p, err := parsePack("x.yaml", []byte("id: x\ntitle: x\nedition: x\nparams: {rejectAt: none, acceptAt: none}\nrules:\n"+
			"  - {check: vul.no-kev, severity: blocker, notAssessed: "+notAssessed+"}\n"))
		if err != nil {
			t.Fatal(err)
		}
		f := goodFacts()
		f.Database.MissingKEV = true
		if d := evaluate(t, p, f); d.Outcome != want {
			t.Errorf("%s: want %s, got %s: %s", notAssessed, want, d.Outcome, d.Sentence)
		}
	}
}

func TestMandatoryRules(t *testing.T) {
	p, err := parsePack("x.yaml", []byte("id: x\ntitle: x\nedition: x\nrules:\n  - check: doc.author\n"))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range p.Rules {
		ids = append(ids, r.Check.ID)
	}
	if diff := cmp.Diff([]string{"doc.readable", "db.full", "cov.any", "doc.author"}, ids); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	f := goodFacts()
	f.Coverage = Coverage{Components: 3, NotAssessed: 3}
	f.Score = Score{WorstCase: 100, WorstCaseGrade: "F"}
	if d := evaluate(t, p, f); d.Outcome != Reject || d.Class != ClassEvidence {
		t.Errorf("want reject/evidence, got %s/%s", d.Outcome, d.Class)
	}
}

func TestQuestions(t *testing.T) {
	p := loadOne(t, Default)
	f := goodFacts()
	f.AddFinding(Finding{KEV: true, Strong: true, Severity: "critical"}, 0, 0)
	bad := Component{Assessed: true}
	f.AddComponent(bad, 3)
	f.Document = Document{Readable: true, Format: "CycloneDX", SpecVersion: "1.1", Dangling: 1}
	d := evaluate(t, p, f)
	if len(d.Questions) != MaxQuestions {
		t.Fatalf("want %d questions, got %d", MaxQuestions, len(d.Questions))
	}
	want := Question{
		Cause: "vul.no-kev", Severity: Blocker, Class: ClassRisk, Count: 1,
		Text: "We find 1 vulnerability known to be exploited in this product. For each: is this version affected? If yes, please give " +
			"an interim control now and the date of the fix; if no, a VEX statement with its justification.",
	}
	if diff := cmp.Diff(want, d.Questions[0]); diff != "" {
		t.Errorf("first question (-want +got):\n%s", diff)
	}
	for i := 1; i < len(d.Questions); i++ {
		if d.Questions[i-1].Severity.rank() > d.Questions[i].Severity.rank() {
			t.Errorf("questions out of order: %+v", d.Questions)
		}
	}
}

// The same facts give the same decision, whoever asks and how often.
func TestDeterministic(t *testing.T) {
	f := goodFacts()
	for i := range 30 {
		f.AddFinding(Finding{KEV: i%3 == 0, Strong: i%2 == 0, Severity: "critical"}, i%11, i)
		f.AddComponent(Component{HasName: i%2 == 0, HasHash: i%3 == 0}, 10+i)
	}
	first := evaluate(t, loadOne(t, Default), f)
	for range 20 {
		again := evaluate(t, loadOne(t, Default), f)
		if diff := cmp.Diff(first, again, cmpopts.IgnoreUnexported(Rule{})); diff != "" {
			t.Fatalf("(-first +again):\n%s", diff)
		}
	}
	if strings.Contains(first.Sentence, "{") {
		t.Errorf("a placeholder is left: %s", first.Sentence)
	}
}
