// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/internal/page"
)

func (e *Explanation) write() {
	if !e.Found() {
		e.Paragraph(page.Plain, "", "", fmt.Sprintf("Nothing in this report bears %q. That does not mean that nothing is affected: "+
			"what could not be assessed has no findings.", strings.Join(e.about, ", ")))
		return
	}
	first := true
	next := func() {
		if !first {
			e.Newline()
		}
		first = false
	}
	for i := range e.findings {
		next()
		e.finding(&e.findings[i])
	}
	e.more(e.moreFindings, "finding", "findings")
	for i := range e.components {
		next()
		e.component(&e.components[i])
	}
	e.more(e.moreComponents, "component", "components")
	for i := range e.rules {
		next()
		e.rule(&e.rules[i])
	}
	e.more(e.moreRules, "result of this check", "results of this check")
	for i := range e.scores {
		next()
		e.score(&e.scores[i])
	}
	e.more(e.moreScores, "product", "products")
	e.Newline()
	e.Paragraph(page.Dim, "", "", fmt.Sprintf("As of %s, with the %s database %.12s.", e.header.AsOf, e.header.Database.Kind, e.header.Database.Digest))
}

func (e *Explanation) more(n int, one, many string) {
	if n > 0 {
		e.Newline()
		e.Paragraph(page.Dim, "", "", fmt.Sprintf("… and %s more; -v explains them all", page.Count(n, one, many)))
	}
}

// line writes a labelled text, if there is one.
func (e *Explanation) line(label, value string) {
	if value != "" {
		e.Paragraph(page.Plain, "  ", fmt.Sprintf("%-12s ", label), value)
	}
}

func (e *Explanation) where(s *source, line, column int32) string {
	text := s.path
	if line > 0 {
		text += ":" + strconv.Itoa(int(line))
		if column > 0 {
			text += ":" + strconv.Itoa(int(column))
		}
	}
	return text
}

// product names a product and its version, once.
func (s *source) title() string {
	if s.version == "" || strings.HasSuffix(s.product, s.version) {
		return s.product
	}
	return s.product + " " + s.version
}

func (e *Explanation) finding(x *explainedFinding) {
	f, m := &x.finding, &x.finding.Match
	e.Paragraph(page.Bold, "", "", strings.TrimSpace(f.ID+" in "+f.Name+" "+f.Version))
	a := e.trailer.Advisory(f.ID)
	e.line("is", a.Summary)
	e.line("also", strings.Join(f.Aliases, ", "))
	e.line("speaks of", strings.Join(a.CVEs, ", "))
	e.line("product", x.title())
	e.line("stands at", e.where(&x.source, f.Line, f.Column))
	e.line("identity", identityWords(m.Ecosystem, m.Release, m.Package, &x.component)+", from its "+m.Evidence+": "+confidenceWords(m.Confidence))
	records := m.Records
	if len(records) == 0 {
		r := assessment.Record{ID: strings.Join(m.Advisories, ", "), Range: m.Range, Confidence: m.Confidence, Caveat: m.Caveat}
		if len(f.Fixed) > 0 {
			r.Fixed = f.Fixed[0]
		}
		records = []assessment.Record{r}
	}
	for i := range records {
		label := ""
		if i == 0 {
			label = "records"
		}
		e.line(label, recordWords(&records[i], m))
	}
	e.line("caveat", m.Caveat)
	e.line("ends with", endWords(f, &x.component))
	e.line("severity", statedSeverity(f))
	e.line("exploited", exploitedWords(f))
	if len(f.Kind) > 0 && f.Kind != assessment.KindVulnerability {
		e.line("kind", f.Kind)
	}
	e.line("points", f.PointsRule)
	if x.part != nil {
		e.line("weighs", fmt.Sprintf("%s of the worst case of its product (%s)", page.PlainNumber(x.part.Share), knownWords(x.part.Known)))
	} else if f.Points > 0 {
		e.line("weighs", "nothing of its own: worse issues of its product come first")
	}
	for i, ref := range a.References[:min(len(a.References), 3)] {
		e.line([]string{"read", "", ""}[i], ref)
	}
}

// identityWords names what a component was looked up as, with the version as it
// was compared.
func identityWords(ecosystem, release, name string, c *assessment.Component) string {
	text := ecosystem
	if release != "" {
		text += ":" + release
	}
	text += " " + name
	version := c.Version
	for i := range c.Identities {
		if id := &c.Identities[i]; id.Ecosystem == ecosystem && id.Release == release && id.Name == name {
			version = id.Version
		}
	}
	return strings.TrimSpace(text + " " + version)
}

func confidenceWords(confidence string) string {
	switch confidence {
	case "strong":
		return "sure"
	case "weak":
		return "inferred, not stated"
	}
	return "possible only; ask the vendor"
}

// recordWords tells what one record says. It names the package only if that is
// another than the match's.
func recordWords(r *assessment.Record, m *assessment.Match) string {
	text := r.ID + ": " + r.Range
	if r.Ecosystem != "" && (r.Ecosystem != m.Ecosystem || r.Package != m.Package) {
		text = r.ID + ", of " + r.Ecosystem + " " + r.Package + ": " + r.Range
	}
	if r.Fixed != "" {
		text += ", fixed in " + r.Fixed
	}
	if r.Confidence != m.Confidence {
		text += " (" + r.Confidence + ")"
	}
	return text
}

func endWords(f *assessment.Finding, c *assessment.Component) string {
	text := "no version that ends it is known"
	if len(f.Fixed) > 0 {
		text = strings.Join(f.Fixed, ", ")
	}
	if c.Upgrade != "" {
		text += "; " + c.Upgrade + " is the lowest version above this one that no known advisory affects"
	} else if len(f.Fixed) > 0 {
		text += "; no version above this one is known to be free of everything else"
	}
	return text
}

func statedSeverity(f *assessment.Finding) string {
	if f.CVSS == nil {
		return f.Severity + ", no CVSS vector known"
	}
	return fmt.Sprintf("%s %s, %s, stated by %s", f.Severity, page.PlainNumber(f.CVSS.Score), f.CVSS.Vector, f.CVSS.Source)
}

func exploitedWords(f *assessment.Finding) string {
	var words []string
	if k := f.KEV; k != nil {
		text := "known: " + k.CVE + " in CISA's catalogue since " + k.Added
		if k.Ransomware {
			text += ", used for ransomware"
		}
		words = append(words, text)
	}
	if p := f.EPSS; p != nil {
		words = append(words, fmt.Sprintf("EPSS %.3f for %s (above %s %% of all)", p.Score, p.CVE, page.PlainNumber(math.Floor(1000*p.Percentile)/10)))
	}
	return cmp.Or(strings.Join(words, "; "), "not known to be; no EPSS score")
}

func knownWords(known bool) string {
	if known {
		return "it counts for the known risk too"
	}
	return "not for the known risk: it rests on no sure evidence"
}

func (e *Explanation) component(x *explainedComponent) {
	c := &x.component
	title := c.Name
	if c.Group != "" {
		title = c.Group + "/" + c.Name
	}
	e.Paragraph(page.Bold, "", "", strings.TrimSpace(title+" "+c.Version))
	e.line("product", x.title())
	for i, p := range c.Places {
		label := ""
		if i == 0 {
			label = "stands at"
		}
		e.line(label, e.where(&x.source, p.Line, p.Column))
	}
	e.line("stated", c.PURL)
	state := c.State
	if c.Reason != "" {
		state += ": " + c.Reason
	}
	e.line("state", state)
	for i := range c.Identities {
		label := ""
		if i == 0 {
			label = "looked up as"
		}
		id := &c.Identities[i]
		e.line(label, identityWords(id.Ecosystem, id.Release, id.Name, c)+", from its "+id.Evidence+": "+confidenceWords(id.Confidence))
	}
	if len(c.Identities) == 0 {
		e.line("looked up as", "nothing: no advisory could be found by what the SBOM says of it")
	}
	switch {
	case len(x.findings) > 0:
		e.line("findings", fmt.Sprintf("%d: %s", len(x.findings), strings.Join(x.findings, ", ")))
	case c.State == assessment.Assessed:
		e.line("findings", "none in this database")
	default:
		e.line("findings", "none, which is no clean result: see the state")
	}
	e.line("go to", c.Upgrade)
}

func (e *Explanation) rule(x *explainedRule) {
	r := &x.rule
	e.Paragraph(page.Bold, "", "", r.Check+": "+r.Title)
	e.line("product", x.title())
	e.line("policy", r.Policy+", severity "+r.Severity+", class "+r.Class)
	e.line("result", r.State+": "+r.Message)
	e.line("remedy", r.Remedy)
	e.line("clauses", strings.Join(r.Clauses, "; "))
	shown := r.Subjects
	if !e.all {
		shown = shown[:min(len(shown), topExplained)]
	}
	for i, s := range shown {
		label := ""
		if i == 0 {
			label = "about"
		}
		text := cmp.Or(s.Name, s.Component, s.Finding)
		if s.Line > 0 {
			text += " (" + e.where(&x.source, s.Line, s.Column) + ")"
		}
		e.line(label, text)
	}
	if rest := max(r.Count, len(r.Subjects)) - len(shown); rest > 0 {
		e.line("", fmt.Sprintf("and %s more", page.Thousands(rest)))
	}
}

func (e *Explanation) score(x *explainedScore) {
	e.Paragraph(page.Bold, "", "", x.title())
	e.line("stands at", x.path)
	e.line("decision", x.decision.Sentence)
	for _, r := range x.decision.Rules {
		if r.State == assessment.Fail || r.State == assessment.Warn {
			e.line(r.State, r.Policy+" "+r.Check+" ("+r.Severity+", "+r.Class+"): "+r.Message)
		}
	}
	s := &x.score
	e.line("score", fmt.Sprintf("known risk %s, worst case %s, by the model %s; the parts of the worst case add up to it",
		numberWord(s.Known), numberWord(s.WorstCase), s.Model))
	e.line("no grade", s.Withheld)
	e.line("coverage", coverageSentence(&x.coverage, x.state))
	shown := s.Contributions
	if !e.all {
		shown = shown[:min(len(shown), topExplained)]
	}
	if len(shown) == 0 {
		return
	}
	e.Newline()
	columns := []page.Column{{Title: "PART", Right: true}, {Title: "ISSUE", Least: 20, Most: 44, Wraps: true}, {Title: "HOW", Least: 24, Wraps: true}}
	rows := make([]page.Row, len(shown))
	for i := range shown {
		c := &shown[i]
		about := c.Title
		if c.Subject.Name != "" && !strings.Contains(about, c.Subject.Name) {
			about += ": " + c.Subject.Name
		}
		if !slices.Contains([]string{"", c.Title}, c.Issue) && !strings.Contains(about, c.Issue) {
			about = c.Issue + ": " + about
		}
		how := c.Rule
		if c.Subject.Line > 0 {
			how += " (" + e.where(&x.source, c.Subject.Line, c.Subject.Column) + ")"
		}
		rows[i] = page.Row{Cells: []string{page.PlainNumber(c.Share), about, how}}
	}
	e.Grid(2, columns, rows)
	if rest := len(s.Contributions) - len(shown); rest > 0 {
		e.Paragraph(page.Dim, "  ", "", fmt.Sprintf("… %s more; -v shows them", page.Thousands(rest)))
	}
}
