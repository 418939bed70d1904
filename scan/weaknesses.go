// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/dossier"
	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/risk"
	"github.com/medsbom/medsbom/sbom"
)

// A weakness is how many components lack something, and the first of them.
type weakness struct {
	count int
	first int // index into match.Components
}

func (w *weakness) add(i int) {
	if w.count == 0 {
		w.first = i
	}
	w.count++
}

// weaknesses are the gaps in the evidence that a document gives, counted once
// for the score and the policy.
type weaknesses struct {
	version, identifier, producer, hash, licence weakness

	subject       string // what is wrong with it; empty if nothing
	noGraph       bool
	gaps          int // components without a dependency entry
	completeness  string
	severeDefects int
	timestamp     string // what is wrong with it; empty if nothing
	ageDays       int
	unassessed    float64 // share of distinct components in scope that nothing covers
	unassessedN   int
	distinct      int
}

// severe are the defects that make a document invalid in its own format.
var severe = [...]sbom.Code{
	sbom.CodeType, sbom.CodeMissing, sbom.CodeKeyTwice, sbom.CodeDuplicate, sbom.CodeContradict, sbom.CodeText,
}

func (p *product) weaknesses() weaknesses {
	d := p.doc
	w := weaknesses{completeness: completeness(d)}
	// What is covered counts once a project. What is not counts once a project and
	// version, and each on its own where one of them is missing: giving many
	// unknown parts one name must not make them one.
	covered, uncovered := make(map[string]bool, len(p.keys)), make(map[string]bool)
	for i := range p.match.Components {
		m := &p.match.Components[i]
		if m.State == match.OutOfScope || m.Index == sbom.SubjectIndex {
			continue
		}
		c := component(d, m.Index)
		if c.Version == "" && m.URL.Version == "" || m.Reason == match.ReasonNoVersion {
			w.version.add(i)
		}
		if !hasIdentifier(c) || m.Contradiction || m.Reason == match.ReasonInvalidPURL {
			w.identifier.add(i)
		}
		if producer := c.Producer(); producer.Name == "" {
			w.producer.add(i)
		}
		if hashStrength(c) != strongHash {
			w.hash.add(i)
		}
		if len(c.Licences) == 0 {
			w.licence.add(i)
		}
		if !c.DependenciesStated {
			w.gaps++
		}
		switch {
		case m.State != match.NotAssessed && m.State != match.StarterOnly:
			covered[p.keys[i]] = true
		case c.Name == "" || m.Reason == match.ReasonNoVersion || c.Version == "" && m.URL.Version == "":
			w.unassessedN++
		default:
			uncovered[p.keys[i]+"@"+cmp.Or(m.URL.Version, c.Version)] = true
		}
	}
	w.unassessedN += len(uncovered)
	w.distinct = len(covered) + w.unassessedN
	if w.distinct > 0 {
		w.unassessed = float64(w.unassessedN) / float64(w.distinct)
	}
	w.noGraph = len(d.Dependencies) == 0 && w.distinct > 1 && w.gaps > 0
	for _, code := range severe {
		w.severeDefects += d.Defects.Counts[code]
	}
	w.subject = p.subjectProblem()
	w.timestamp, w.ageDays = timestampProblem(d, p.AsOf)
	return w
}

// subjectProblem says what is wrong with the product that the document names:
// it is another one than was ordered, or there is none and nobody bound the
// file to one.
func (p *product) subjectProblem() string {
	if stated, met, why := p.binding.Expectation(p.doc); stated && !met {
		return why
	}
	if p.binding.ProductSource == dossier.FromFile {
		return "the SBOM does not name the product that it describes"
	}
	return ""
}

func timestampProblem(d *sbom.Document, asOf time.Time) (problem string, ageDays int) {
	switch {
	case d.Created == "":
		return "the SBOM has no creation time", 0
	case d.CreatedAt.IsZero():
		return "the creation time is not a time", 0
	case d.CreatedAt.After(asOf.Add(48 * time.Hour)): // the whole day, in every time zone
		return "the creation time lies in the future", 0
	}
	return "", max(int(asOf.Sub(d.CreatedAt).Hours()/24), 0)
}

// completeness is what the document states of itself or of its subject: the
// worst of several statements, "" for none.
func completeness(d *sbom.Document) string {
	worst, rank := "", -1
	for _, c := range d.Compositions {
		about := len(c.Refs) == 0
		for _, ref := range c.Refs {
			about = about || d.Subject != nil && ref == d.Subject.Ref
		}
		if !about {
			continue
		}
		r := 2 // incomplete, in any form
		switch c.Aggregate {
		case "complete":
			r = 0
		case "unknown", "not_specified", "":
			r = 1
		}
		if r > rank {
			worst, rank = c.Aggregate, r
		}
	}
	return worst
}

func hasIdentifier(c *sbom.Component) bool {
	return c.PURL != "" || len(c.CPE) > 0 || c.SWID() != "" || len(c.SWHID()) > 0
}

// The strengths of a component's digests.
const (
	noHash = iota
	weakHash
	strongHash
)

// hashStrength tells whether a component has a digest of at least SHA-256.
func hashStrength(c *sbom.Component) int {
	strength := noHash
	for _, h := range c.Hashes {
		if h.Value == "" {
			continue
		}
		switch name := strings.ToUpper(h.Algorithm); {
		case name == "MD5", name == "SHA-1", name == "MD2", name == "MD4", name == "MD6", strings.HasPrefix(name, "ADLER"), name == "SHA-224":
			strength = max(strength, weakHash)
		default:
			strength = strongHash
		}
	}
	return strength
}

// issues lists everything that costs points, with the subject of each by Ref.
//
// Ref is the index of a finding, or, from the number of findings on, of a subject.
// The words of a finding are left to explain: of thousands, few are told.
func (p *product) issues() ([]risk.Issue, []assessment.Subject) {
	if p.doc == nil {
		return nil, nil
	}
	list := make([]risk.Issue, 0, len(p.out.Findings)+12)
	var subjects []assessment.Subject
	for i := range p.out.Findings {
		f := &p.out.Findings[i]
		if f.Points == 0 {
			continue
		}
		list = append(list, risk.Issue{
			ID: f.ID, Class: risk.ClassRisk, Points: f.Points,
			Sure: f.Match.Confidence == "strong", KEV: f.KEV != nil, Rule: f.PointsRule, Ref: i,
		})
	}
	ref := func() int { return len(p.out.Findings) + len(subjects) }
	add := func(rule, evidence string, at int) {
		issue, err := p.model.Evidence(rule)
		if err != nil { // the model is checked when it is loaded: every rule is there
			issue = risk.Issue{ID: rule, Title: rule, Class: risk.ClassEvidence, Points: 100, Rule: err.Error()}
		}
		issue.Evidence, issue.Ref = evidence, ref()
		list = append(list, issue)
		subjects = append(subjects, p.subjectAt(at))
	}
	p.weak.each(p.doc, add)
	list, subjects = p.supportIssues(list, subjects)
	if issue, ok := p.model.Unassessed(p.weak.unassessed); ok {
		issue.Evidence = fmt.Sprintf("%d of %d parts not covered", p.weak.unassessedN, p.weak.distinct)
		issue.Ref = ref()
		list = append(list, issue)
		subjects = append(subjects, assessment.Subject{})
	}
	return list, subjects
}

// explain adds to a contribution what a finding says.
func (p *product) explain(c *assessment.Contribution, f *assessment.Finding) {
	name := f.Name + space(f.Version)
	c.Title, c.Action = f.ID+" in "+name, action(f, p.upgrades[f.Component])
	c.Evidence = f.Match.Ecosystem + " " + f.Match.Package + " " + f.Match.Range
	c.Subject = assessment.Subject{
		Component: p.keys[f.Component], Name: name, Finding: f.Key, Line: f.Line, Column: f.Column,
	}
}

// subjectAt is the place of a judged component; -1 is the document as a whole.
func (p *product) subjectAt(i int) assessment.Subject {
	if i < 0 {
		return assessment.Subject{Line: 1, Column: 1}
	}
	c := component(p.doc, p.match.Components[i].Index)
	return assessment.Subject{Component: p.keys[i], Name: title(c), Line: c.Position.Line, Column: c.Position.Column}
}

// each tells every gap that costs points: its rule, the evidence in words, and
// the component that it shows at (-1: the document).
func (w *weaknesses) each(d *sbom.Document, add func(rule, evidence string, at int)) {
	if w.subject != "" {
		add(risk.RuleSubject, w.subject, -1)
	}
	if w.noGraph {
		add(risk.RuleGraph, "no dependency is stated", -1)
	}
	if w.severeDefects > 0 {
		add(risk.RuleSchema, count(w.severeDefects, "defect")+" against the rules of "+string(d.Format), -1)
	}
	if w.completeness != "complete" {
		add(risk.RuleCompleteness, "stated: "+orNothing(w.completeness), -1)
	}
	if w.timestamp != "" {
		add(risk.RuleTimestamp, w.timestamp, -1)
	}
	if w.ageDays > 365 {
		add(risk.RuleOld, count(w.ageDays, "day")+" old", -1)
	}
	if !signed(d) {
		add(risk.RuleUnsigned, "no signature that fits the document", -1)
	}
	for _, part := range []struct {
		weakness
		rule, evidence string
	}{
		{w.version, risk.RuleVersion, "without a version"},
		{w.identifier, risk.RuleIdentifier, "without a valid identifier, or with a contradictory one"},
		{w.producer, risk.RuleProducer, "without a producer"},
		{w.hash, risk.RuleHash, "without a digest of SHA-256 or stronger"},
		{w.licence, risk.RuleLicence, "without a licence"},
	} {
		if part.count > 0 {
			add(part.rule, count(part.count, "component")+" "+part.evidence, part.first)
		}
	}
}
