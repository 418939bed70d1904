// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Outcome is what a decision says.
type Outcome string

// The outcomes.
const (
	Accept               Outcome = "accept"
	AcceptWithConditions Outcome = "accept-with-conditions"
	Reject               Outcome = "reject"
)

// Decision is what one pack, or several, say of a product.
type Decision struct {
	Outcome    Outcome
	Class      Class  // of what led to it; empty for accept
	Sentence   string // in plain words
	Rules      []Rule // as the pack lists them
	Conditions []Condition
	Questions  []Question // for the vendor, most important first, at most MaxQuestions
}

// Condition is something to be fulfilled for an acceptance. A rejection has
// them too: what would have to change.
type Condition struct {
	Check    string
	Severity Severity
	Class    Class
	Text     string
	Owner    string // OwnerVendor or OwnerBuyer
}

// Question is one request to the vendor, by cause.
type Question struct {
	Cause    string // the check
	Severity Severity
	Class    Class
	Text     string
	Count    int // components or vulnerabilities that it is about; 0 for the document
}

// MaxQuestions bounds the questions of a decision.
const MaxQuestions = 7

// reason is one thing that speaks against acceptance, in plain words.
type reason struct {
	text  string
	class Class
	owner string
}

// decide fills the decision by its rules.
func (p *Pack) decide(d *Decision, f *Facts) {
	var riskHigh, high int
	var blockers, highs, grades []reason
	for i := range d.Rules {
		r := &d.Rules[i]
		if !r.failed || explained(r, f) {
			continue
		}
		why := reason{text: r.Message, class: r.Class, owner: owner(r, f)}
		if r.State == NotAssessed {
			why.text = fmt.Sprintf("%q %s", r.Title, r.Message)
		}
		switch r.Severity {
		case Blocker:
			blockers = append(blockers, why)
		case High:
			high++
			if r.Class == ClassRisk {
				riskHigh++
			}
			highs = append(highs, why)
		case Medium, Low, Info:
		}
	}
	unreadable := !f.Document.Readable || f.Document.Empty
	if !unreadable {
		grades = p.gradeReasons(f)
	}

	reasons := slices.Concat(blockers, grades)
	if high > p.Params.MaxHigh {
		class := ClassEvidence
		if riskHigh > p.Params.MaxHigh {
			class = ClassRisk
		}
		owner := OwnerBuyer
		for _, h := range highs {
			if h.owner == OwnerVendor {
				owner = OwnerVendor
			}
		}
		reasons = append(reasons, reason{
			text:  fmt.Sprintf("%d rules of high severity fail, %d allowed", high, p.Params.MaxHigh),
			class: class, owner: owner,
		})
	}
	d.Conditions = p.conditions(d.Rules, f, unreadable)
	d.Questions = questions(d.Rules, f)
	switch {
	case len(reasons) > 0:
		slices.SortStableFunc(reasons, func(a, b reason) int { return classRank(a.class) - classRank(b.class) })
		d.Outcome, d.Class = Reject, reasons[0].class
		d.Sentence = rejection(reasons)
	case len(d.Conditions) > 0:
		d.Outcome, d.Class = AcceptWithConditions, ClassEvidence
		if slices.ContainsFunc(d.Conditions, func(c Condition) bool { return c.Class == ClassRisk }) {
			d.Class = ClassRisk
		}
		d.Sentence = conditional(d.Conditions)
	default:
		d.Outcome = Accept
		d.Sentence = fmt.Sprintf("Accept: every rule of %s that counts is met; known risk %s, worst case %s.", p.ID,
			graded(f.Score.Known, f.Score.KnownGrade), graded(f.Score.WorstCase, f.Score.WorstCaseGrade))
	}
}

// classRank puts risk first.
func classRank(c Class) int {
	if c == ClassRisk {
		return 0
	}
	return 1
}

// explained reports whether a rule was not assessed for a reason that is a
// blocker of its own: db.full for the starter database, cov.any for a document
// of which nothing could be looked up.
func explained(r *Rule, f *Facts) bool {
	return r.State == NotAssessed && (f.Database.Starter || f.Coverage.Assessed+f.Coverage.Weak == 0)
}

// owner says who can mend a failed rule. For what could not be assessed that is
// the buyer, whose database lacks a feed.
func owner(r *Rule, f *Facts) string {
	if r.State == NotAssessed && (f.Database.MissingKEV || f.Database.MissingEPSS || f.lacksAdvisories(r.source.Check.assessable.Text)) {
		return OwnerBuyer
	}
	return r.source.Check.Owner
}

// gradeReasons reject by grade. The known score makes it a matter of risk; the
// worst case alone, of evidence.
func (p *Pack) gradeReasons(f *Facts) []reason {
	if p.Params.RejectAt == noGrade {
		return nil
	}
	if f.Score.KnownGrade > p.Params.RejectAt {
		return []reason{{
			text:  fmt.Sprintf("the known risk is %s, worse than %s", graded(f.Score.Known, f.Score.KnownGrade), p.Params.RejectAt),
			class: ClassRisk, owner: OwnerVendor,
		}}
	}
	if f.Score.WorstCaseGrade > p.Params.RejectAt {
		return []reason{{
			text:  fmt.Sprintf("too much is open: the worst case is %s, worse than %s", graded(f.Score.WorstCase, f.Score.WorstCaseGrade), p.Params.RejectAt),
			class: ClassEvidence, owner: OwnerVendor,
		}}
	}
	return nil
}

func graded(value float64, grade string) string {
	if grade == "" {
		return number(value) + " (no grade)"
	}
	return number(value) + " (" + grade + ")"
}

// conditions are the failed rules of weight, and what the pack asks for beyond
// its rules, heaviest first.
func (p *Pack) conditions(rules []Rule, f *Facts, unreadable bool) []Condition {
	var out []Condition
	failed := make(map[string]bool)
	gap := false
	for i := range rules {
		r := &rules[i]
		if !r.failed || r.Severity.rank() > Medium.rank() {
			continue
		}
		failed[r.Check] = true
		text := r.Remedy
		if r.State == NotAssessed {
			// One condition for the cause, not one for each rule that lacks it.
			if explained(r, f) || gap {
				continue
			}
			gap = true
			text = sentence("some rules could not be assessed: " + f.gap(r.source.Check.assessable.Text))
		}
		out = append(out, Condition{Check: r.Check, Severity: r.Severity, Class: r.Class, Text: text, Owner: owner(r, f)})
	}
	if !unreadable && !f.Database.Starter {
		out = append(out, p.extraConditions(f, failed)...)
	}
	slices.SortStableFunc(out, func(a, b Condition) int {
		return cmp.Or(a.Severity.rank()-b.Severity.rank(), classRank(a.Class)-classRank(b.Class))
	})
	return out
}

// extraConditions come from the pack's params. They bear the name of the check
// that asks for the same with another limit, and are left out where it fails.
func (p *Pack) extraConditions(f *Facts, failed map[string]bool) []Condition {
	var out []Condition
	if at := p.Params.AcceptAt; at != noGrade && !failed["score.known"] && !failed["score.grade"] {
		add := func(check string, class Class, text, owner string) {
			out = append(out, Condition{Check: check, Severity: Medium, Class: class, Text: text, Owner: owner})
		}
		switch {
		case f.Score.WorstCaseGrade == "":
			add("score.grade", ClassEvidence, sentence("no grade can be given: "+f.gap("")), OwnerBuyer)
		case f.Score.KnownGrade > at:
			add("score.known", ClassRisk, fmt.Sprintf("Bring the known risk from %s to grade %s or better.",
				graded(f.Score.Known, f.Score.KnownGrade), at), OwnerVendor)
		case f.Score.WorstCaseGrade > at:
			add("score.grade", ClassEvidence, fmt.Sprintf("Bring the worst case from %s to grade %s or better by answering the open questions.",
				graded(f.Score.WorstCase, f.Score.WorstCaseGrade), at), OwnerVendor)
		}
	}
	if share := f.Coverage.UnassessedShare; share > p.Params.MaxUnassessedShare && !failed["vul.coverage"] && !failed["cov.any"] {
		out = append(out, Condition{
			Check: "vul.coverage", Severity: Medium, Class: ClassEvidence, Owner: OwnerVendor,
			Text: fmt.Sprintf("%.0f %% of the components could not be assessed, %.0f %% allowed: supply identifiers or a vulnerability statement.",
				100*share, 100*p.Params.MaxUnassessedShare),
		})
	}
	return out
}

// questions are asked for what fails, but only of what the vendor can mend.
func questions(rules []Rule, f *Facts) []Question {
	var out []Question
	for i := range rules {
		r := &rules[i]
		c := r.source.Check
		if r.State != Fail || c.Question == "" || c.Owner != OwnerVendor || r.Severity == Info {
			continue
		}
		out = append(out, Question{
			Cause: r.Check, Severity: r.Severity, Class: r.Class, Count: r.Count,
			Text: r.source.fill(c.Question, f, r.Count, r.Total),
		})
	}
	return rankQuestions(out)
}

func rankQuestions(list []Question) []Question {
	slices.SortStableFunc(list, func(a, b Question) int {
		return cmp.Or(a.Severity.rank()-b.Severity.rank(), classRank(a.Class)-classRank(b.Class))
	})
	return list[:min(len(list), MaxQuestions)]
}

func rejection(reasons []reason) string {
	first := reasons[0]
	lead := "Reject: "
	if first.class == ClassEvidence {
		lead = "Could not tell: "
		if first.owner == OwnerVendor {
			lead = "Return to the vendor: "
		}
	}
	text := lead + strings.TrimSuffix(first.text, ".")
	switch n := len(reasons) - 1; {
	case n == 1:
		text += "; and one more reason"
	case n > 1:
		text += fmt.Sprintf("; and %d more reasons", n)
	}
	return text + "."
}

func conditional(conditions []Condition) string {
	n := len(conditions)
	vendor := 0
	for i := range conditions {
		if conditions[i].Owner == OwnerVendor {
			vendor++
		}
	}
	head := "Accept with one condition"
	if n > 1 {
		head = fmt.Sprintf("Accept with %d conditions", n)
	}
	switch vendor {
	case n:
		head += " for the vendor"
	case 0:
		head += " for the buyer"
	default:
		head += fmt.Sprintf(", %d of them for the vendor", vendor)
	}
	if n > 1 {
		head += "; the first"
	}
	return head + ": " + sentence(conditions[0].Text)
}
