// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"slices"
	"strings"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/dossier"
	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/policy"
	"github.com/medsbom/medsbom/risk"
	"github.com/medsbom/medsbom/sbom"
)

// facts tells the policies what is known of the product.
func (p *product) facts(score *risk.Score) *policy.Facts {
	f := &policy.Facts{
		Score: policy.Score{
			Known: score.Known.Value, KnownGrade: score.Known.Grade,
			WorstCase: score.WorstCase.Value, WorstCaseGrade: score.WorstCase.Grade, Withheld: score.Withheld,
		},
		Database: policy.Database{
			Starter: p.starter(), StaleFeeds: len(p.stale), MissingKEV: !p.info.HasKEV, MissingEPSS: !p.info.HasEPSS,
			MissingEOL: !p.info.HasEOL,
		},
	}
	f.Context = p.advisories
	if p.doc == nil {
		return f
	}
	f.Document = p.documentFacts()
	c := &p.out.Coverage
	f.Coverage = policy.Coverage{
		Components: c.Components, Assessed: c.Assessed, Weak: c.Weak, StarterOnly: c.StarterOnly,
		NotAssessed: c.NotAssessed, OutOfScope: c.OutOfScope, UnassessedShare: p.weak.unassessed,
	}
	if scope := c.Components - c.OutOfScope; scope > 0 {
		f.Coverage.AssessedShare = float64(c.Assessed+c.Weak) / float64(scope)
	}
	for i := range p.match.Components {
		m := &p.match.Components[i]
		if m.Index == sbom.SubjectIndex {
			continue // it stands beside the components, see package sbom on counting
		}
		facts := componentFacts(component(p.doc, m.Index), m, p.isSubject(m.Index))
		p.supportFacts(&facts, i)
		f.AddComponent(facts, i)
	}
	advisories := make(map[string]int, len(p.out.Findings))
	for i := range p.out.Findings {
		x := &p.out.Findings[i]
		number, ok := advisories[x.ID]
		if !ok {
			number = len(advisories)
			advisories[x.ID] = number
		}
		f.AddFinding(findingFacts(x), number, i)
	}
	return f
}

func (p *product) documentFacts() policy.Document {
	d := p.doc
	out := policy.Document{
		Readable: true, Empty: p.state == assessment.StateEmpty,
		Format: string(d.Format), SpecVersion: d.SpecVersion, Encoding: string(d.Encoding),
		HasTimestamp: !d.CreatedAt.IsZero(), AgeDays: p.weak.ageDays,
		TimestampFuture: strings.HasSuffix(p.weak.timestamp, "future"),
		HasLifecycle:    len(d.Lifecycles) > 0, HasIdentity: d.ID != "", Signed: signed(d),
		SignatureTrusted: slices.ContainsFunc(d.Signatures, func(s sbom.Signature) bool { return s.State == sbom.SignatureTrusted }),
		Files:            d.Files, DefectsOf: make(map[string]int, len(d.Defects.Counts)),
		Components: d.Count(), DependencyEdges: len(d.Dependencies), DependenciesComplete: p.weak.gaps == 0,
		Complete: p.weak.completeness == "complete", Dangling: d.Defects.Counts[sbom.CodeDangling],
		Defects: d.Defects.Total(), SevereDefects: p.weak.severeDefects, Vulnerabilities: d.Statements,
	}
	for code, n := range d.Defects.Counts {
		out.DefectsOf[string(code)] = n
	}
	switch p.weak.completeness {
	case "", "unknown", "not_specified":
	default:
		out.CompletenessStated = true
	}
	for _, a := range append([]sbom.Party{d.Supplier, d.Manufacturer}, d.Authors...) {
		out.HasAuthor = out.HasAuthor || a.Name != ""
		out.HasAuthorContact = out.HasAuthorContact || a.Email != "" || a.URL != ""
	}
	for _, t := range d.Tools {
		out.HasTool = out.HasTool || t.Name != ""
		out.HasToolVersion = out.HasToolVersion || t.Version != ""
	}
	if s := d.Subject; s != nil {
		out.HasSubjectName, out.HasSubjectVersion = dossier.IsName(s.Name), dossier.IsName(s.Version)
		out.SubjectHasDependencies = s.DependenciesStated
	}
	out.SubjectExpected, out.SubjectMatches, _ = p.binding.Expectation(d)
	return out
}

func componentFacts(c *sbom.Component, m *match.Component, subject bool) policy.Component {
	producer := c.Producer()
	out := policy.Component{
		Subject: subject, External: c.External,
		File:            m.Reason == match.ReasonFile,
		OperatingSystem: m.Reason == match.ReasonOperatingSystem,
		HasName:         c.Name != "", PlaceholderName: placeholder(c.Name),
		HasVersion:   c.Version != "" || m.URL.Version != "",
		VersionExact: (c.Version != "" || m.URL.Version != "") && m.Reason != match.ReasonNoVersion && m.Reason != match.ReasonNotComparable,
		HasProducer:  producer.Name != "", ProducerUnknownStated: producer.Unknown,
		HasProducerContact: producer.Email != "" || producer.URL != "",
		HasIdentifier:      hasIdentifier(c), IdentifierValid: m.HasURL || len(c.CPE) > 0 || c.SWID() != "" || len(c.SWHID()) > 0,
		NoIdentifierStated: c.NoIdentifierStated, IdentifierContradicts: m.Contradiction,
		HasLicence: c.HasLicence(),
		Assessed:   m.State == match.Assessed || m.State == match.AssessedWeakly,
		OutOfScope: m.State == match.OutOfScope,
	}
	strength := hashStrength(c)
	out.HasHash, out.StrongHash = strength != noHash, strength == strongHash
	for _, l := range c.Licences {
		if l.Value == "NOASSERTION" {
			out.LicenceUnknownStated = true
		}
	}
	return out
}

// signed reports whether the document has a signature that is not known to be
// broken.
func signed(d *sbom.Document) bool {
	return slices.ContainsFunc(d.Signatures, func(s sbom.Signature) bool { return s.State != sbom.SignatureBroken })
}

// placeholder tells a name that stands for having none.
func placeholder(name string) bool {
	if len(name) > len("noassertion") {
		return false
	}
	switch strings.ToLower(name) {
	case "unknown", "n/a", "na", "none", "noassertion", "undefined", "null", "-", "?", "tbd", "todo":
		return true
	}
	return false
}

func findingFacts(x *assessment.Finding) policy.Finding {
	f := policy.Finding{
		Malicious: x.Kind == assessment.KindMalicious, Informational: x.Kind == assessment.KindInformational,
		Strong: x.Match.Confidence == "strong", KEV: x.KEV != nil, HasFix: len(x.Fixed) > 0, Severity: x.Severity,
	}
	if x.KEV != nil {
		f.Ransomware = x.KEV.Ransomware
	}
	if x.CVSS != nil {
		f.CVSSKnown, f.CVSS = true, x.CVSS.Score
	}
	if x.SSVC != nil {
		f.Exploitation, f.Automatable = x.SSVC.Exploitation, x.SSVC.Automatable == "yes"
	}
	if x.EPSS != nil {
		f.EPSSKnown, f.EPSS = true, x.EPSS.Score
	}
	return f
}
