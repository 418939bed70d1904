// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/internal/page"
	"github.com/medsbom/medsbom/internal/safetext"
)

// TestTableFits: no line is wider than the page, at any width.
func TestTableFits(t *testing.T) {
	for name, fixture := range fixtures {
		for width := 0; width <= 220; width++ {
			text := fixture().render(t, "table", Options{Table: TableOptions{Width: width, Verbose: width%2 == 0}})
			most := max(width, page.MinWidth)
			if width == 0 {
				most = page.DefaultWidth
			}
			for line := range strings.Lines(text) {
				if w := safetext.Width(strings.TrimSuffix(line, "\n")); w > most {
					t.Fatalf("%s at %d: %d columns: %q", name, width, w, line)
				}
			}
		}
	}
}

// TestTableSays looks for what must never be missing.
func TestTableSays(t *testing.T) {
	unread := func(state string, e *assessment.Defect) func() *saved {
		return func() *saved {
			s := several()
			for _, p := range s.products {
				if p.State == assessment.StateUnreadable {
					p.State, p.SBOM.Error = state, e
					s.products = []assessment.Product{p}
				}
			}
			s.trailer.Summary.Exit = assessment.Exit{Code: 3, Reason: "it could not be told"}
			return s
		}
	}
	for _, test := range []struct {
		name    string
		fixture func() *saved
		says    []string
		silent  []string
	}{
		{"rejected", rejected, []string{
			"REJECT: 1 vulnerability that attackers are known to use; and one more reason.\n", "known risk 93.1 (of what could be judged); worst case 97.4 F: 3 questions open", "we could judge 31 of 214 parts; this is not a clean result",
			"OLD DATA: osv/npm is of 2026-08-08, 14 days old", "KEV  CVE-2021-44228", "depends on version", "Exit code 1: 1 product is rejected on risk", "118 no identifier", "manual.pdf: a PDF",
		}, []string{"STARTER", "ACCEPT"}},
		{"accepted", accepted, []string{"ACCEPT: every rule of hospital-baseline that counts is met", "known risk 0 A; worst case 5 A", "Exit code 0", "what an SBOM does not show"}, []string{"REJECT", "this is not a clean result"}},
		{"starter", starter, []string{
			"COULD NOT TELL: only the starter database was used; and 2 more reasons.\n", "no grade: starter database; known risk 93.1 (of what could be judged); worst case 97.4", "compared 31 of 214 parts with the starter database only; this is not a clean result", "Exit code 3",
		}, []string{"REJECT", "ACCEPT", "return to vendor"}},
		{"conditional", conditional, []string{"ACCEPT WITH CONDITIONS: 2 conditions, 1 of them for the vendor; the first: Give", "– vendor: Give the exact version", "– buyer: Update the database"}, []string{"REJECT"}},
		{"several", several, []string{
			"6 products: 2 rejected, 2 could not be told, 1 accepted with conditions, 1 accepted", "Could not be assessed at all", "openssl 1.1.1k: 3 products, ask 2 vendors [known to be exploited]", "10 of 15; -v lists all", "362 could not be judged", "Exit code 1",
		}, []string{"Findings, known exploited first"}},
		{"unreadable", unread(assessment.StateUnreadable, &assessment.Defect{Message: "the text ends", Remedy: "ask for the whole file", Line: 7}), []string{
			"COULD NOT TELL – return to vendor: the SBOM cannot be read.\n", "known risk cannot be told; worst case 100 F", "the SBOM could not be read, so nothing was judged; this is not a clean result", "line 7: the text ends; ask for the whole file", "Exit code 3",
		}, []string{"known risk 0"}},
		{"empty", unread(assessment.StateEmpty, nil), []string{"the SBOM lists no parts, so nothing was judged; this is not a clean result"}, []string{"known risk 0"}},
		{"blind", unread(assessment.StateBlind, nil), []string{"there is no SBOM, so nothing was judged; this is not a clean result", "no SBOM\n"}, []string{"known risk 0"}},
		{"nothing", func() *saved {
			s := accepted()
			s.products, s.trailer.Summary.Ranking = nil, nil
			s.trailer.Summary.Exit = assessment.Exit{Code: 2, Reason: "nothing could be read"}
			return s
		}, []string{"NO PRODUCT: nothing could be read, so nothing was checked", "Exit code 2: nothing could be read"}, []string{"ACCEPT"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := test.fixture().render(t, "table", Options{Table: TableOptions{Width: 1000}})
			flat := strings.Join(strings.Fields(got), " ")
			for _, want := range test.says {
				if !strings.Contains(got, want) && !strings.Contains(flat, want) {
					t.Errorf("does not say %q:\n%s", want, got)
				}
			}
			for _, bad := range test.silent {
				if strings.Contains(got, bad) {
					t.Errorf("says %q:\n%s", bad, got)
				}
			}
		})
	}
	if first, _, _ := strings.Cut(starter().render(t, "table", Options{}), "\n"); !strings.HasPrefix(first, "STARTER DATABASE") {
		t.Errorf("the first line does not name the starter database: %s", first)
	}
	lines := strings.Split(strings.TrimSpace(several().render(t, "table", Options{})), "\n")
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "Exit code 1") {
		t.Errorf("the last line is %q", last)
	}
}

func TestCoverageSentence(t *testing.T) {
	for _, test := range []struct {
		name     string
		coverage assessment.Coverage
		want     string
	}{
		{"some", assessment.Coverage{Components: 214, Assessed: 31, NotAssessed: 183}, "we could judge 31 of 214 parts; this is not a clean result"},
		{"none", assessment.Coverage{Components: 9, NotAssessed: 9}, "we could not judge any of 9 parts; this is not a clean result"},
		{"only out of scope", assessment.Coverage{Components: 2, OutOfScope: 2}, "we could not judge any of 2 parts; this is not a clean result"},
		{"no parts", assessment.Coverage{}, "we could not judge any of 0 parts; this is not a clean result"},
		{"all", assessment.Coverage{Components: 1204, Assessed: 1204}, "we could judge all 1,204 parts"},
		{"all in scope", assessment.Coverage{Components: 12, Assessed: 10, OutOfScope: 2}, "we could judge 10 of 12 parts, the others are out of scope"},
		{"one", assessment.Coverage{Components: 1, Assessed: 1}, "we could judge the only part"},
		{"weak", assessment.Coverage{Components: 3, Assessed: 1, Weak: 2}, "we could judge all 3 parts; what 2 of them are was inferred"},
		{"starter", assessment.Coverage{Components: 3, StarterOnly: 3}, "compared 3 of 3 parts with the starter database only; this is not a clean result"},
	} {
		if got := coverageSentence(&test.coverage, assessment.StateAssessed); got != test.want {
			t.Errorf("%s: want %q, got %q", test.name, test.want, got)
		}
	}
}

func TestDecisionWord(t *testing.T) {
	for _, test := range []struct{ database, outcome, class, state, want string }{
		{"full", assessment.Accept, "", assessment.StateAssessed, "ACCEPT"},
		{"full", assessment.AcceptWithConditions, assessment.ClassEvidence, assessment.StateAssessed, "ACCEPT WITH CONDITIONS"},
		{"full", assessment.Reject, assessment.ClassRisk, assessment.StateAssessed, "REJECT"},
		{"full", assessment.Reject, assessment.ClassEvidence, assessment.StateAssessed, "COULD NOT TELL – return to vendor"},
		{"full", "", "", "", "COULD NOT TELL – return to vendor"},
		{"full", "anything else", assessment.ClassRisk, assessment.StateAssessed, "COULD NOT TELL – return to vendor"},
		{"starter", assessment.Reject, assessment.ClassRisk, assessment.StateAssessed, "REJECT"},
		{"starter", assessment.Reject, assessment.ClassEvidence, assessment.StateAssessed, "COULD NOT TELL"},
		{"starter", assessment.Reject, assessment.ClassEvidence, assessment.StateEmpty, "COULD NOT TELL – return to vendor"},
	} {
		table := &table{header: assessment.Header{Database: assessment.Database{Kind: test.database}}}
		if got, _ := table.decisionWord(test.outcome, test.class, test.state); got != test.want {
			t.Errorf("%+v: got %s", test, got)
		}
	}
}

func TestStaleSentence(t *testing.T) {
	feeds := []assessment.Feed{
		{Name: "epss", Date: "2026-01-01", AgeDays: 30, Stale: true},
		{Name: "kev", AgeDays: 9},
		{Name: "osv/Go", Date: "2025-01-01", AgeDays: 395, Stale: true},
		{Name: "osv/npm", Date: "2020-01-01", AgeDays: 2222, Stale: true},
	}
	for top, want := range map[int]string{
		1: "epss is of 2026-01-01, 30 days old; 2 more feeds beyond the age allowed",
		2: "epss is of 2026-01-01, 30 days old; osv/npm is of 2020-01-01, 2,222 days old; 1 more feed beyond the age allowed",
		9: "epss is of 2026-01-01, 30 days old; osv/npm is of 2020-01-01, 2,222 days old; osv/Go is of 2025-01-01, 395 days old",
	} {
		if got := staleSentence(feeds, top); got != want {
			t.Errorf("top %d: want %q, got %q", top, want, got)
		}
	}
	if got := staleSentence(feeds[1:2], 2); got != "" {
		t.Errorf("fresh feeds give %q", got)
	}
}

// TestTableIsSmall: a table of 50,000 findings, or of 500 such products, keeps
// next to nothing of them.
func TestTableIsSmall(t *testing.T) {
	s := large(500_000) // 50,000 findings
	h := Table(io.Discard, TableOptions{})
	if err := h.Begin(&s.header); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range 500 {
		p := s.products[0]
		p.ID = fmt.Sprint(i)
		if i > 0 {
			p.Findings = p.Findings[:10]
		}
		if err := h.Product(&p); err != nil {
			t.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 1<<20 {
		t.Errorf("500 products keep %d bytes", grown)
	}
	runtime.KeepAlive(h)
	runtime.KeepAlive(s)
}

// TestExploitedFirst: what attackers use is shown even if a hundred others
// have more points.
func TestExploitedFirst(t *testing.T) {
	s := large(1000)
	p := &s.products[0]
	for i := range p.Findings {
		if i != 70 {
			p.Findings[i].KEV = nil
		}
	}
	kept := newSingle(p, false)
	if len(kept.findings) != topFindings || kept.findings[0].component != "library-700" || kept.findings[1].component != "library-0" {
		t.Errorf("kept %d, first %+v", len(kept.findings), kept.findings[:2])
	}
	if all := newSingle(p, true); len(all.findings) != 100 || !slices.ContainsFunc(all.findings[1:], func(l listed) bool { return l.component == "library-990" }) {
		t.Errorf("verbose keeps %d of 100", len(all.findings))
	}
}

func BenchmarkTableVerbose50k(b *testing.B) {
	s := large(500_000)
	b.ReportAllocs()
	for b.Loop() {
		if err := s.into(Table(io.Discard, TableOptions{Verbose: true})); err != nil {
			b.Fatal(err)
		}
	}
}
