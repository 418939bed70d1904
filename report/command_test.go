// SPDX-License-Identifier: Apache-2.0

package report

import (
	"regexp"
	"strings"
	"testing"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/internal/page"
)

// TestNoCommands: whatever a document names its parts, no line of a table is
// one that a build service obeys.
func TestNoCommands(t *testing.T) {
	obeyed := regexp.MustCompile(`(?m)^\s*::\w|##\w*\[`)
	for _, hostile := range []string{" ::error::pwned", "::error::pwned", "::::error::pwned", " ##[error]pwned", "##vso[task.complete]", "\n::error::pwned"} {
		for n := range 200 {
			name := strings.Repeat("x", n) + hostile
			s := rejected()
			p := &s.products[0]
			p.Supplier, p.Name, p.Version = name, name, name
			p.SBOM.Path, p.SBOM.Generator = name, []string{name}
			p.Decision.Sentence = name
			p.Decision.Questions = append(p.Decision.Questions, assessment.Question{Text: name})
			for i := range p.Findings {
				f := &p.Findings[i]
				f.ID, f.Name, f.Version, f.Fixed = name, name, name, []string{name}
			}
			for i := range p.Score.Contributions {
				p.Score.Contributions[i].Title, p.Score.Contributions[i].Action = name, name
			}
			p.Coverage.Reasons = map[string]int{name: 1}
			p.SBOM.Defects = append(p.SBOM.Defects, assessment.Defect{Message: name, Value: name})
			s.trailer.Inputs = append(s.trailer.Inputs, assessment.Input{Path: name, Reason: name})
			many := several()
			for i := range many.trailer.Summary.Ranking {
				r := &many.trailer.Summary.Ranking[i]
				r.Supplier, r.Name, r.Version, r.Why = name, name, name, name
			}
			for i := range many.trailer.Summary.Worklist {
				many.trailer.Summary.Worklist[i].Cause, many.trailer.Summary.Worklist[i].Action = name, name
			}
			for _, width := range []int{80, 200} {
				for _, a := range []*saved{s, many} {
					got := a.render(t, "table", Options{Table: TableOptions{Width: width, Verbose: true}})
					if bad := obeyed.FindString(got); bad != "" {
						t.Fatalf("%q at %d gives %q in\n%s", name, width, bad, got)
					}
				}
			}
		}
	}
}

func TestFixedWords(t *testing.T) {
	possible := assessment.Match{Confidence: "possible", Range: "version not known"}
	for _, test := range []struct {
		finding assessment.Finding
		want    string
	}{
		{assessment.Finding{Version: "1"}, "no fix known"},
		{assessment.Finding{}, "depends on version"},
		{assessment.Finding{Version: "UNKNOWN", Match: possible}, "depends on version"},
		{assessment.Finding{Fixed: []string{"2"}, Match: possible}, "2"},
		{assessment.Finding{Kind: assessment.KindMalicious}, "remove it"},
	} {
		if got := list(&test.finding).fixed; got != test.want {
			t.Errorf("%+v: want %q, got %q", test.finding, test.want, got)
		}
	}
}

func TestUnsureLast(t *testing.T) {
	p := assessment.Product{Findings: []assessment.Finding{
		{ID: "a", Match: assessment.Match{Confidence: "possible"}, Points: 80},
		{ID: "b", Match: assessment.Match{Confidence: "strong"}, Points: 70},
		{ID: "c", Match: assessment.Match{Confidence: "possible"}, KEV: &assessment.KEV{}},
	}}
	var got strings.Builder
	for _, f := range newSingle(&p, true).findings {
		got.WriteString(f.id)
	}
	if got.String() != "cba" {
		t.Errorf("want cba, got %s", got.String())
	}
}

func TestPlainNumber(t *testing.T) {
	for n, want := range map[float64]string{0: "0", 27.1875: "27.2", 100: "100", 93.1: "93.1", 99.96: "100", 27.04: "27"} {
		if got := page.PlainNumber(n); got != want {
			t.Errorf("want %s, got %s", want, got)
		}
	}
}

func TestVendors(t *testing.T) {
	one, two := []string{"p"}, []string{"p", "q"}
	for _, test := range []struct {
		products, suppliers []string
		want                string
	}{
		{one, []string{"a"}, "1 vendor"},
		{two, []string{"a", "b"}, "2 vendors"},
		{one, []string{unknownSupplier}, "the vendor"},
		{two, []string{unknownSupplier}, "their vendors"},
		{two, []string{"a", "b", "c", unknownSupplier}, "3 vendors and unknown ones"},
	} {
		if got := vendors(&assessment.Work{Products: test.products, Suppliers: test.suppliers}); got != test.want {
			t.Errorf("%v: want %q, got %q", test.suppliers, test.want, got)
		}
	}
}

// TestNoPraise: a known risk that rests on little has no grade.
func TestNoPraise(t *testing.T) {
	p := single{
		score:    assessment.Score{Known: assessment.Number{Grade: "A"}, WorstCase: assessment.Number{Value: 80, Grade: "F"}},
		coverage: assessment.Coverage{Components: 10, Assessed: 4, NotAssessed: 4, OutOfScope: 2},
		decision: assessment.Decision{Outcome: assessment.AcceptWithConditions},
	}
	const praise, none = "known risk 0 A; worst", "known risk 0 (of what could be judged); worst"
	if got := riskSentence(&p); !strings.HasPrefix(got, praise) {
		t.Errorf("half is judged: %s", got)
	}
	p.coverage.Assessed, p.coverage.NotAssessed = 3, 5
	if got := riskSentence(&p); !strings.HasPrefix(got, none) {
		t.Errorf("less than half is judged: %s", got)
	}
	p.coverage = assessment.Coverage{Components: 10, Assessed: 10}
	p.decision = assessment.Decision{Outcome: assessment.Reject, Class: assessment.ClassEvidence}
	if got := riskSentence(&p); !strings.HasPrefix(got, none) {
		t.Errorf("rejected for evidence: %s", got)
	}
}

func TestRankingWords(t *testing.T) {
	s := several()
	s.products[0].Coverage = assessment.Coverage{Components: 10, Assessed: 3, NotAssessed: 7}
	s.products[0].SBOM.Statements = 3
	for i := range s.trailer.Summary.Ranking {
		r := &s.trailer.Summary.Ranking[i]
		if r.Product == s.products[0].ID && r.Version == s.products[0].Version {
			r.Supplier, r.Name, r.Known = unknownSupplier, "a-product-with-a-long-name", assessment.Number{Value: 0, Grade: "A"}
		}
	}
	got := s.render(t, "table", Options{})
	for _, want := range []string{"a-product-with-a-long-name", "3 vulnerability statements inside the SBOMs were not read"} {
		if !strings.Contains(got, want) {
			t.Errorf("does not say %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, unknownSupplier) {
		t.Errorf("names the unknown supplier:\n%s", got)
	}
	judged := false
	for line := range strings.Lines(got) {
		if strings.Contains(line, "3/10") {
			judged = true
			if strings.Contains(line, "0 A ") {
				t.Errorf("praises: %s", line)
			}
		}
	}
	if !judged {
		t.Errorf("no line of 3/10:\n%s", got)
	}
}
