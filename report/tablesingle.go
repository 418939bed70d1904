// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/internal/page"
)

// single is what the table keeps of a product that may be the only one.
type single struct {
	supplier, name, version string
	state                   string
	sbom                    assessment.SBOM
	decision                assessment.Decision
	score                   assessment.Score
	coverage                assessment.Coverage
	support                 *assessment.SupportCounts
	unsupported             []unsupported
	context                 *assessment.Context
	findings                []listed
	findingCount, kevCount  int
	advisoryCount           int
}

// listed is a finding as the table shows it.
type listed struct {
	mark, exploit, id, severity, component, version, fixed string
	points                                                 float64
}

// newSingle copies what is shown of a product. The strings are shared, the
// lists are not: the caller may use them again.
func newSingle(p *assessment.Product, all bool) *single {
	s := &single{
		supplier: p.Supplier, name: p.Name, version: p.Version, state: p.State,
		sbom: p.SBOM, decision: p.Decision, score: p.Score, coverage: p.Coverage,
		findingCount: len(p.Findings),
	}
	if p.Support != nil {
		counts := *p.Support
		s.support, s.unsupported = &counts, unsupportedOf(p)
	}
	s.context = cloneContext(p.Context)
	s.sbom.Generator = slices.Clone(s.sbom.Generator)
	s.sbom.Defects = slices.Clone(s.sbom.Defects)
	if e := s.sbom.Error; e != nil {
		clone := *e
		s.sbom.Error = &clone
	}
	s.decision.Rules = slices.Clone(s.decision.Rules)
	s.decision.Conditions = slices.Clone(s.decision.Conditions)
	s.decision.Questions = slices.Clone(s.decision.Questions)
	s.score.Contributions = slices.Clone(s.score.Contributions)

	limit := topFindings
	if all {
		limit = len(p.Findings)
	}
	// A pass for each group keeps the order within.
	for group := range findingGroups {
		for i := range p.Findings {
			f := &p.Findings[i]
			if findingGroup(f) != group {
				continue
			}
			if f.KEV != nil {
				s.kevCount++
			}
			if len(s.findings) < limit {
				s.findings = append(s.findings, list(f))
			}
		}
	}
	ids := make(map[string]struct{}, min(len(p.Findings), 1024))
	for i := range p.Findings {
		ids[p.Findings[i].ID] = struct{}{}
	}
	s.advisoryCount = len(ids)
	return s
}

// findingGroups is the number of groups in which findings are listed.
const findingGroups = 3

// findingGroup is the group of a finding: what is known to be exploited stands
// first, what may not concern the product at all stands last.
func findingGroup(f *assessment.Finding) int {
	switch {
	case f.KEV != nil:
		return 0
	case f.Match.Confidence == confidencePossible:
		return 2
	}
	return 1
}

const (
	confidencePossible = "possible"
	confidenceWeak     = "weak"
	// rangeUnknown is the range of a finding in a component whose version
	// nobody knows: no range holds it.
	rangeUnknown = "version not known"
)

// The marks of a finding.
const (
	markKEV       = "KEV"
	markMalicious = "MAL"
	markPossible  = "?"
	markInferred  = "~"
	// What CISA's SSVC says of exploitation stands behind the others.
	markActive    = "ACT"
	markPublic    = "PoC"
	markAutomatic = "!"
)

// exploitMark is the mark of what CISA's SSVC says, "" for nothing that presses.
func exploitMark(f *assessment.Finding) string {
	if f.SSVC == nil || f.KEV != nil || f.Kind != assessment.KindVulnerability {
		return ""
	}
	mark := ""
	switch f.SSVC.Exploitation {
	case "active":
		mark = markActive
	case "poc":
		mark = markPublic
	default:
		return ""
	}
	if f.SSVC.Automatable == "yes" {
		mark += markAutomatic
	}
	return mark
}

// maxFixed is how many fixed versions of a finding are named.
const maxFixed = 3

func list(f *assessment.Finding) listed {
	l := listed{
		id: f.ID, severity: f.Severity, component: f.Name, version: f.Version,
		fixed: strings.Join(f.Fixed[:min(len(f.Fixed), maxFixed)], ", "), points: f.Points,
	}
	switch {
	case f.KEV != nil:
		l.mark = markKEV
	case f.Kind == assessment.KindMalicious:
		l.mark = markMalicious
	case f.Match.Confidence == confidencePossible:
		l.mark = markPossible
	case f.Match.Confidence == confidenceWeak:
		l.mark = markInferred
	}
	l.exploit = exploitMark(f)
	if l.version == "" {
		l.version = "not stated"
	}
	if more := len(f.Fixed) - maxFixed; more > 0 {
		l.fixed += fmt.Sprintf(", %d more", more)
	}
	if l.fixed == "" {
		switch {
		case f.Kind == assessment.KindMalicious:
			l.fixed = "remove it"
		case f.Version == "" || f.Match.Confidence == confidencePossible && f.Match.Range == rangeUnknown:
			l.fixed = "depends on version"
		default:
			l.fixed = "no fix known"
		}
	}
	return l
}

// writeSingle tells one product in full.
func (t *table) writeSingle(s *single) {
	p := t.page
	p.Newline()
	p.Paragraph(page.Bold, "", "", productTitle(s.supplier, s.name, s.version))
	p.Paragraph(page.Plain, "", "", documentLine(&s.sbom, s.state))
	p.Newline()

	word, colour := t.decisionWord(s.decision.Outcome, s.decision.Class, s.state)
	p.Paragraph(colour, "", "", decisionSentence(word, s.decision.Sentence))
	p.Newline()
	p.Paragraph(page.Plain, "  ", "Risk      ", riskSentence(s))
	p.Paragraph(page.Plain, "  ", "Coverage  ", coverageSentence(&s.coverage, s.state))
	p.Paragraph(page.Plain, "  ", "Checks    ", checksSentence(s.decision.Rules))
	if s.sbom.Signature != "" {
		p.Paragraph(page.Plain, "  ", "Signature ", s.sbom.Signature)
	}
	if err := s.sbom.Error; err != nil {
		p.Paragraph(page.Plain, "  ", "Unread    ", defectSentence(err))
	}

	t.writeAdvisories(s.context)

	t.writeQuestions(s.decision.Questions)
	if s.decision.Outcome == assessment.AcceptWithConditions || t.verbose {
		t.writeConditions(s.decision.Conditions)
	}
	t.writeFixes(&s.score)
	t.writeSupport(s)
	t.writeFindings(s)
	if t.verbose {
		t.writeChecks(s.decision.Rules)
	}
	t.writeDefects(&s.sbom)
}

// writeChecks lists every check that did not simply pass.
func (t *table) writeChecks(rules []assessment.Rule) {
	titled := false
	for i := range rules {
		r := &rules[i]
		if r.State == assessment.Pass {
			continue
		}
		if !titled {
			t.page.Heading("Checks that did not pass")
			titled = true
		}
		text := fmt.Sprintf("%s (%s), %s: %s", r.Check, r.Severity, strings.ReplaceAll(r.State, "-", " "), r.Message)
		if r.Remedy != "" && r.State == assessment.Fail {
			text += "; " + r.Remedy
		}
		t.page.Paragraph(page.Plain, "  ", "– ", text)
	}
}

func (t *table) writeQuestions(questions []assessment.Question) {
	if len(questions) == 0 {
		return
	}
	shown := t.some(len(questions), topQuestions)
	t.titled("Questions for the vendor", shown, len(questions))
	for i, q := range questions[:shown] {
		text := q.Text
		if q.Count > 1 && !strings.Contains(text, strconv.Itoa(q.Count)) {
			text += " [concerns " + page.Thousands(q.Count) + "]"
		}
		t.page.Paragraph(page.Plain, "  ", strconv.Itoa(i+1)+". ", text)
	}
}

func (t *table) writeConditions(conditions []assessment.Condition) {
	if len(conditions) == 0 {
		return
	}
	shown := t.some(len(conditions), topQuestions)
	t.titled("Conditions", shown, len(conditions))
	for _, c := range conditions[:shown] {
		t.page.Paragraph(page.Plain, "  ", "– ", fmt.Sprintf("%s: %s", c.Owner, c.Text))
	}
}

// writeFixes lists what the worst case is made of, with the way out of it.
func (t *table) writeFixes(score *assessment.Score) {
	// One action that mends several issues is one thing to do.
	var parts []assessment.Contribution
	more := make(map[string]int)
	for _, c := range score.Contributions {
		if n, ok := more[c.Action]; ok && c.Action != "" {
			more[c.Action] = n + 1
			continue
		}
		more[c.Action] = 0
		parts = append(parts, c)
	}
	if len(parts) == 0 {
		return
	}
	shown := t.some(len(parts), topFixes)
	t.titled("What to fix first", shown, len(parts))
	for i, c := range parts[:shown] {
		lead := strconv.Itoa(i+1) + ". "
		t.page.Paragraph(page.Plain, "  ", lead, c.Action)
		why := c.Title
		if c.Subject.Name != "" && !strings.Contains(why, c.Subject.Name) {
			why += " (" + c.Subject.Name + ")"
		}
		if c.Share > 0 {
			adds := page.PlainNumber(c.Share)
			if adds == "0" {
				adds = "less than 0.1"
			}
			why += fmt.Sprintf("; adds %s to the worst case of %s", adds, page.PlainNumber(score.WorstCase.Value))
		} else {
			why += fmt.Sprintf("; %s points once the worse ones are gone", page.PlainNumber(c.Points))
		}
		if !c.Known {
			why += ", not known for certain"
		}
		if n := more[c.Action]; n > 0 {
			why += fmt.Sprintf("; mends %d more", n)
		}
		t.page.Paragraph(page.Dim, "  "+page.Blanks(len(lead)), "", why)
	}
}

func (t *table) writeFindings(s *single) {
	if s.findingCount == 0 {
		return
	}
	title := "Findings, known exploited first, unsure last"
	if s.advisoryCount < s.findingCount {
		title += fmt.Sprintf(", from %s", page.Count(s.advisoryCount, "advisory", "advisories"))
	}
	t.titled(title, len(s.findings), s.findingCount)

	var kev, malicious, possible, inferred bool
	exploits := make(map[string]bool)
	rows := make([]page.Row, len(s.findings))
	for i, f := range s.findings {
		kev, malicious, possible = kev || f.mark == markKEV, malicious || f.mark == markMalicious, possible || f.mark == markPossible
		inferred = inferred || f.mark == markInferred
		mark, automatic := strings.CutSuffix(f.exploit, markAutomatic)
		exploits[mark], exploits[markAutomatic] = true, exploits[markAutomatic] || automatic
		rows[i] = page.Row{
			Cells:  []string{strings.TrimSpace(f.mark + " " + f.exploit), f.id, f.severity, f.component, f.version, f.fixed, strconv.FormatFloat(f.points, 'f', 1, 64)},
			Styles: []page.Style{page.Red, page.Plain, severityStyle(f.severity)},
		}
	}
	t.page.Grid(2, []page.Column{
		{Title: ""},
		{Title: "id", Least: 19}, // a whole GHSA id
		{Title: "severity"},
		{Title: "component", Least: 11, Most: 50},
		{Title: "version", Least: 7, Most: 24},
		{Title: "fixed in", Least: 8, Wraps: true},
		{Title: "points", Right: true},
	}, rows)
	if kev {
		t.page.Paragraph(page.Dim, "  ", markKEV+": ", "attackers are known to use it (CISA's catalogue of known exploited vulnerabilities)")
	}
	if malicious {
		t.page.Paragraph(page.Dim, "  ", markMalicious+": ", "the package itself is malicious")
	}
	if exploits[markActive] {
		t.page.Paragraph(page.Dim, "  ", markActive+": ", "it is being exploited, by CISA's account (SSVC)")
	}
	if exploits[markPublic] {
		t.page.Paragraph(page.Dim, "  ", markPublic+": ", "a way to exploit it is public, by CISA's account (SSVC)")
	}
	if exploits[markAutomatic] {
		t.page.Paragraph(page.Dim, "  ", markAutomatic+": ", "attacks can be automated")
	}
	if inferred {
		t.page.Paragraph(page.Dim, "  ", markInferred+": ", "what the part is was inferred, from a CPE, a repository or its name; it does not count for the known risk")
	}
	if possible {
		t.page.Paragraph(page.Dim, "  ", markPossible+": ", "possible only: the SBOM does not say for certain what this part is; ask the vendor")
	}
}

// writeDefects sums up what was wrong in the document.
func (t *table) writeDefects(b *assessment.SBOM) {
	total := 0
	kinds := sortedCounts(b.DefectCounts)
	for _, k := range kinds {
		total += k.count
	}
	if total == 0 {
		return
	}
	t.page.Heading("Defects of the SBOM: " + page.Thousands(total))
	for _, k := range kinds {
		t.page.Paragraph(page.Plain, "  ", "– ", fmt.Sprintf("%s: %s", defectWord(k.key), page.Thousands(k.count)))
	}
	shown := t.some(len(b.Defects), topDefects)
	for _, d := range b.Defects[:shown] {
		t.page.Paragraph(page.Dim, "    ", "", defectSentence(&d))
	}
	if shown < total {
		t.page.Paragraph(page.Dim, "    ", "", fmt.Sprintf("… %s more", page.Thousands(total-shown)))
	}
}
