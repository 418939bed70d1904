// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/medsbom/medsbom/assessment"
)

// saved is a whole assessment, as tests build it.
type saved struct {
	header   assessment.Header
	products []assessment.Product
	trailer  assessment.Trailer
}

// into plays the assessment to a handler.
func (s *saved) into(h assessment.Handler) error {
	if err := h.Begin(&s.header); err != nil {
		return err
	}
	for i := range s.products {
		if err := h.Product(&s.products[i]); err != nil {
			return err
		}
	}
	return h.End(&s.trailer)
}

// render is what a format makes of the assessment.
func (s *saved) render(t testing.TB, format string, opts Options) string {
	t.Helper()
	var b bytes.Buffer
	h, err := New(format, &b, opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.into(h); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var digest = strings.Repeat("3f2a91c07be4d158", 4)

func fullHeader() assessment.Header {
	return assessment.Header{
		Schema: assessment.Schema,
		Tool:   assessment.Tool{Name: "medsbom", Version: "0.1.0"},
		AsOf:   "2026-08-22",
		Database: assessment.Database{
			Kind: "full", Digest: digest, Built: "2026-08-21T06:00:00Z",
			Feeds: []assessment.Feed{
				{Name: "epss", Date: "2026-08-21", Records: 312000, AgeDays: 1},
				{Name: "kev", Date: "2026-08-20", Records: 1480, AgeDays: 2},
				{Name: "osv/Maven", Date: "2026-08-21", Records: 6214, AgeDays: 1},
				{Name: "osv/npm", Date: "2026-08-08", Records: 41030, AgeDays: 14, Stale: true},
			},
			Releases: []assessment.Release{{Ecosystem: "Maven", Newest: "2026-08-20", Records: 6214}},
		},
		Policies: []assessment.Policy{{ID: "hospital-baseline", Title: "Hospital baseline", Edition: "2026-1", Digest: digest}},
	}
}

func rejected() *saved {
	h := fullHeader()
	log4j := assessment.Finding{
		Key: "CVE-2021-44228 pkg:maven/org.apache.logging.log4j/log4j-core", ID: "CVE-2021-44228",
		Aliases: []string{"GHSA-jfh8-c2jp-5v3q"}, Kind: assessment.KindVulnerability, Component: 1, Name: "log4j-core", Version: "2.14.1",
		PURL:     "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
		Match:    assessment.Match{Advisories: []string{"GHSA-jfh8-c2jp-5v3q"}, Ecosystem: "Maven", Package: "org.apache.logging.log4j:log4j-core", Range: "from 2.13.0 before 2.15.0", Confidence: "strong", Evidence: "purl"},
		Severity: "critical", CVSS: &assessment.CVSS{Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H/E:H", Score: 10, Source: "GHSA-jfh8-c2jp-5v3q"},
		KEV:    &assessment.KEV{CVE: "CVE-2021-44228", Added: "2021-12-10", Ransomware: true},
		EPSS:   &assessment.EPSS{CVE: "CVE-2021-44228", Score: 0.9743, Percentile: 0.99999},
		Fixed:  []string{"2.15.0"},
		Points: 100, PointsRule: "100 × severity 1.00 (CVSS 10.0) × exploitation 1.00 (exploited, ransomware)", Line: 42, Column: 5,
	}
	p := assessment.Product{
		ID: "acme medical/infusion pump 3000", Supplier: "Acme Medical", Name: "Infusion Pump 3000", Version: "4.2.1",
		Binding: assessment.Binding{Supplier: "folder", Product: "folder", Version: "document"},
		State:   assessment.StateAssessed,
		SBOM: assessment.SBOM{
			Path: "Acme Medical/Infusion Pump 3000/pump.cdx.json", SHA256: digest, Format: "CycloneDX", SpecVersion: "1.6", Encoding: "json",
			Generator: []string{"syft 1.18.0"}, Created: "2026-01-12T09:30:00Z", Subject: "pump-firmware 4.2.1",
			Defects: []assessment.Defect{
				{Code: "purl-invalid", Message: "component 17 has a package URL that does not parse", Value: "pkg:/zlib@1.2", Line: 310, Column: 15},
				{Code: "party-form", Message: "component 3 has a supplier without a name", Line: 80, Column: 9},
			},
			DefectCounts: map[string]int{"purl-invalid": 12, "party-form": 1},
		},
		Decision: assessment.Decision{
			Outcome: assessment.Reject, Class: assessment.ClassRisk,
			Sentence: "Reject: 1 vulnerability that attackers are known to use; and one more reason.",
			Rules: []assessment.Rule{
				{Policy: "hospital-baseline", Check: "doc.readable", Title: "The SBOM can be read", State: assessment.Pass, Severity: "blocker", Class: assessment.ClassEvidence, Message: "214 components read"},
				{
					Policy: "hospital-baseline", Check: "vul.no-kev", Title: "No vulnerability known to be exploited", State: assessment.Fail, Severity: "blocker", Class: assessment.ClassRisk,
					Message: "1 component has a vulnerability that is known to be exploited", Remedy: "Update log4j-core to 2.15.0 or later", Clauses: []string{"BOD 22-01"}, Count: 1,
					Subjects: []assessment.Subject{{Component: "pkg:maven/org.apache.logging.log4j/log4j-core", Name: "log4j-core 2.14.1", Finding: log4j.Key, Line: 42, Column: 5}},
				},
				{
					Policy: "hospital-baseline", Check: "cmp.version", Title: "Every component has an exact version", State: assessment.Fail, Severity: "high", Class: assessment.ClassEvidence,
					Message: "63 components have no exact version", Remedy: "Supply the exact version shipped", Clauses: []string{"NTIA minimum elements", "BSI TR-03183-2 5.2.2"}, Count: 63,
					Subjects: []assessment.Subject{{Name: "zlib", Line: 120, Column: 5}, {Name: "busybox", Line: 133, Column: 5}},
				},
				{Policy: "hospital-baseline", Check: "doc.signature", Title: "The SBOM is signed", State: assessment.Warn, Severity: "low", Class: assessment.ClassEvidence, Message: "there is no signature"},
				{Policy: "hospital-baseline", Check: "sup.eos-date", Title: "End of support is known", State: assessment.NotAssessed, Severity: "medium", Class: assessment.ClassEvidence, Message: "no support record was supplied"},
			},
			Conditions: []assessment.Condition{},
			Questions: []assessment.Question{
				{Cause: "vul.no-kev", Text: "CVE-2021-44228 is known to be exploited (ransomware: yes). Is log4j-core 2.14.1 affected in your product? If yes: what can be done now, and when is the fix? If no: please send a VEX statement with the reason.", Count: 1},
				{Cause: "cmp.version", Text: "63 parts have no version. Until we know it we must assume that all published vulnerabilities apply. Please send the exact versions and package URLs.", Count: 63},
				{Cause: "vul.coverage", Text: "Public databases do not cover 120 parts. Please send your own vulnerability statement (CSAF or VDR) for them.", Count: 120},
			},
		},
		Score: assessment.Score{
			Model: "worst-first 1", Known: assessment.Number{Value: 93.1, Grade: "F"}, WorstCase: assessment.Number{Value: 97.4, Grade: "F"},
			Contributions: []assessment.Contribution{
				{Issue: "CVE-2021-44228", Title: "CVE-2021-44228 in log4j-core 2.14.1", Points: 93.1, Share: 93.1, Class: assessment.ClassRisk, Known: true, Rule: "100 × …", Subject: assessment.Subject{Name: "log4j-core 2.14.1", Line: 42}, Evidence: "purl", Action: "Update log4j-core 2.14.1 to 2.15.0 or later"},
				{Issue: "evidence:unassessed", Title: "Components that no advisory source in use covers", Points: 70.6, Share: 3.1, Class: assessment.ClassEvidence, Rule: "15 + 65 × share 0.855", Evidence: "coverage", Action: "Ask for identifiers that can be looked up, or for the vendor's own vulnerability statement"},
				{Issue: "evidence:version-missing", Title: "Components without an exact version", Points: 35, Share: 1.2, Class: assessment.ClassEvidence, Rule: "35 for version-missing", Evidence: "63 components", Action: "Ask for the exact versions"},
			},
		},
		Coverage: assessment.Coverage{
			Components: 214, Assessed: 28, Weak: 3, NotAssessed: 181, OutOfScope: 2,
			Reasons: map[string]int{"no identifier": 118, "no version": 63, "identity inferred, not stated": 3, "operating system entry: context for its packages": 2},
		},
		Components: assessment.List{
			{Key: "pkg:generic/pump-firmware", Ref: "root", Name: "pump-firmware", Version: "4.2.1", Type: "firmware", State: assessment.OutOfScope, Reason: "file", Places: []assessment.Place{{Line: 9, Column: 3}}, Subject: true, DependsOn: []string{"log4j"}},
			{
				Key: "pkg:maven/org.apache.logging.log4j/log4j-core", Ref: "log4j", Name: "log4j-core", Group: "org.apache.logging.log4j", Version: "2.14.1", Type: "library",
				PURL: "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1", Producer: "Apache", Licences: []string{"Apache-2.0"}, Hashes: []string{"SHA-256:" + digest},
				State: assessment.Assessed, Identities: []assessment.Identity{{Ecosystem: "Maven", Name: "org.apache.logging.log4j:log4j-core", Version: "2.14.1", Evidence: "purl", Confidence: "strong"}},
				Places: []assessment.Place{{Line: 42, Column: 5}, {Line: 99, Column: 5}},
			},
			{Key: "name:zlib", Name: "zlib", State: assessment.NotAssessedYet, Reason: "no version", Places: []assessment.Place{{Line: 120, Column: 5}}},
		},
		Findings: []assessment.Finding{log4j},
	}
	for i, f := range []struct {
		id, severity, confidence string
		score                    float64
		fixed                    []string
		points                   float64
	}{
		{"CVE-2022-37434", "unknown", "possible", 0, nil, 80},
		{"CVE-2021-45046", "critical", "strong", 9.0, []string{"2.12.2", "2.16.0"}, 72},
		{"GHSA-7rjr-3q55-vv33", "high", "strong", 8.1, []string{"2.17.0"}, 64.8},
		{"CVE-2021-44832", "medium", "strong", 6.6, []string{"2.17.1"}, 33},
	} {
		finding := log4j
		finding.ID, finding.Key, finding.Severity, finding.Fixed, finding.Points = f.id, fmt.Sprintf("%s pkg:x/%d", f.id, i), f.severity, f.fixed, f.points
		finding.KEV, finding.EPSS, finding.Aliases = nil, nil, nil
		finding.Match.Confidence = f.confidence
		finding.CVSS = &assessment.CVSS{Vector: "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:H/I:H/A:H", Score: f.score, Source: f.id}
		if f.confidence == "possible" {
			finding.CVSS, finding.Name, finding.Version, finding.PURL, finding.Component = nil, "zlib", "", "", 2
			finding.Line = 120
			finding.Match.Evidence, finding.Match.Caveat = "name only", "the version is not stated, so every version counts"
		}
		p.Findings = append(p.Findings, finding)
	}
	advisories := map[string]*assessment.Advisory{
		"CVE-2021-44228": {
			Aliases: []string{"GHSA-jfh8-c2jp-5v3q"}, Summary: "Remote code execution in Log4j through JNDI lookups in log messages", Published: "2021-12-10", Modified: "2025-05-09",
			Severities: []assessment.Severity{{Type: "CVSS_V3", Score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H/E:H", Source: "GHSA-jfh8-c2jp-5v3q"}},
			References: []string{"https://logging.apache.org/log4j/2.x/security.html", "javascript:alert(1)", "https://example.org/a b>(c)"}, CWEs: []string{"CWE-502"}, Kind: assessment.KindVulnerability,
		},
	}
	for _, f := range p.Findings[1:] {
		advisories[f.ID] = &assessment.Advisory{Kind: assessment.KindVulnerability, Summary: "Another flaw of the same library"}
	}
	return &saved{header: h, products: []assessment.Product{p}, trailer: assessment.Trailer{
		Advisories: advisories,
		Inputs: []assessment.Input{
			{Path: "Acme Medical/Infusion Pump 3000/manual.pdf", SHA256: digest, Kind: "pdf", Reason: "a PDF, not an SBOM"},
			{Path: "Acme Medical/Infusion Pump 3000/pump.cdx.json", SHA256: digest, Kind: "sbom", Used: true},
		},
		Suppliers: []assessment.Supplier{{Name: p.Supplier, Score: assessment.Score{Model: "worst-first 1", Known: p.Score.Known, WorstCase: p.Score.WorstCase, Contributions: []assessment.Contribution{}}, Distribution: []assessment.Number{p.Score.WorstCase}, Products: []string{p.ID}}},
		Summary: assessment.Summary{
			Ranking:  []assessment.Ranked{rankedOf(&p, "log4j-core 2.14.1: CVE-2021-44228 is known to be exploited")},
			Worklist: []assessment.Work{{Cause: "log4j-core 2.14.1", Action: "Update to 2.15.0 or later", Class: assessment.ClassRisk, Products: []string{p.ID}, Suppliers: []string{p.Supplier}, Findings: 4, KEV: true, Points: 100}},
			Counts:   assessment.Counts{Products: 1, Outcomes: map[string]int{assessment.Reject: 1}, Components: p.Coverage, Findings: 5, KEV: 1, Files: 2, FilesUsed: 1},
			Exit:     assessment.Exit{Code: 1, Reason: "1 product is rejected on risk"},
		},
	}}
}

func rankedOf(p *assessment.Product, why string) assessment.Ranked {
	return assessment.Ranked{
		Product: p.ID, Supplier: p.Supplier, Name: p.Name, Version: p.Version, State: p.State,
		Outcome: p.Decision.Outcome, Class: p.Decision.Class, Known: p.Score.Known, WorstCase: p.Score.WorstCase, Why: why,
	}
}

func accepted() *saved {
	s := rejected()
	s.header.Database.Feeds = s.header.Database.Feeds[:3]
	p := &s.products[0]
	p.Findings, p.Components = []assessment.Finding{}, p.Components.(assessment.List)[1:2]
	p.SBOM.Defects, p.SBOM.DefectCounts = nil, nil
	p.Decision = assessment.Decision{
		Outcome: assessment.Accept, Sentence: "Accept: every rule of hospital-baseline that counts is met; known risk 0 (A), worst case 5 (A).",
		Rules: []assessment.Rule{s.products[0].Decision.Rules[0]}, Conditions: []assessment.Condition{}, Questions: []assessment.Question{},
	}
	p.Score = assessment.Score{
		Model: "worst-first 1", Known: assessment.Number{Value: 0, Grade: "A"}, WorstCase: assessment.Number{Value: 5, Grade: "A"},
		Contributions: []assessment.Contribution{{Issue: "evidence:unsigned", Title: "The SBOM is not signed", Points: 5, Share: 5, Class: assessment.ClassEvidence, Rule: "5 for unsigned", Evidence: "no signature", Action: "Ask for a signed SBOM"}},
	}
	p.Coverage = assessment.Coverage{Components: 1, Assessed: 1, Reasons: map[string]int{}}
	s.trailer.Advisories = map[string]*assessment.Advisory{}
	s.trailer.Inputs = s.trailer.Inputs[1:]
	s.trailer.Summary = assessment.Summary{
		Ranking: []assessment.Ranked{rankedOf(p, "")}, Worklist: []assessment.Work{},
		Counts: assessment.Counts{Products: 1, Outcomes: map[string]int{assessment.Accept: 1}, Components: p.Coverage, Files: 1, FilesUsed: 1},
		Exit:   assessment.Exit{Code: 0, Reason: "every product passed"},
	}
	return s
}

// conditional is a product that is accepted with conditions.
func conditional() *saved {
	s := accepted()
	p := &s.products[0]
	p.Decision = assessment.Decision{
		Outcome: assessment.AcceptWithConditions, Class: assessment.ClassEvidence,
		Sentence: "Accept with 2 conditions, 1 of them for the vendor; the first: Give the exact version shipped of each component.",
		Rules:    rejected().products[0].Decision.Rules[2:3],
		Conditions: []assessment.Condition{
			{Check: "cmp.version", Class: assessment.ClassEvidence, Text: "Give the exact version shipped of each component.", Owner: "vendor"},
			{Check: "db.fresh", Class: assessment.ClassEvidence, Text: "Update the database and scan again.", Owner: "buyer"},
		},
		Questions: rejected().products[0].Decision.Questions[1:2],
	}
	p.Score.WorstCase = assessment.Number{Value: 31, Grade: "B"}
	p.Score.Contributions = append(p.Score.Contributions, assessment.Contribution{Issue: "evidence:hash", Title: "Components without a SHA-256 or stronger hash", Points: 10, Class: assessment.ClassEvidence, Rule: "10 for hash", Evidence: "12 components", Action: "Ask for SHA-256 or SHA-512 hashes of what is shipped"})
	s.trailer.Summary.Ranking = []assessment.Ranked{rankedOf(p, "")}
	return s
}

func starter() *saved {
	s := rejected()
	s.header.Database = assessment.Database{Kind: "starter", Digest: digest, Feeds: []assessment.Feed{}, Releases: []assessment.Release{}}
	p := &s.products[0]
	p.Coverage = assessment.Coverage{Components: 214, StarterOnly: 31, NotAssessed: 181, OutOfScope: 2, Reasons: p.Coverage.Reasons}
	p.Decision.Class = assessment.ClassEvidence
	p.Decision.Sentence = "Could not tell: only the starter database was used; and 2 more reasons."
	p.Score.Withheld = "starter database"
	p.Score.Known.Grade, p.Score.WorstCase.Grade = "", ""
	s.trailer.Summary.Ranking = []assessment.Ranked{rankedOf(p, "starter database")}
	s.trailer.Summary.Counts.Components = p.Coverage
	s.trailer.Summary.Exit = assessment.Exit{Code: 3, Reason: "it could not be told: starter database"}
	return s
}

// several is a scan of many products, some of which mean harm.
func several() *saved {
	s := rejected()
	pump := s.products[0]

	good := accepted().products[0]
	good.ID, good.Supplier, good.Name, good.Version = "бета/монитор", "Бета Медтехника", "Монитор пациента", "2.0"
	good.SBOM.Path = "Бета/monitor #1.spdx.json"

	conditions := good
	conditions.ID, conditions.Supplier, conditions.Name, conditions.Version = "日本医療/画像診断装置", "日本医療機器株式会社", "画像診断ワークステーション 高解像度モデル", "第3版"
	conditions.SBOM.Path = "jp/viewer.cdx.xml"
	conditions.Decision = assessment.Decision{
		Outcome: assessment.AcceptWithConditions, Class: assessment.ClassEvidence, Sentence: "Accept with one condition for the vendor: Give the exact version shipped of each component.",
		Rules: pump.Decision.Rules[2:3], Conditions: []assessment.Condition{{Check: "cmp.version", Class: assessment.ClassEvidence, Text: "send exact versions", Owner: "vendor"}},
		Questions: pump.Decision.Questions[1:2],
	}
	conditions.Score.WorstCase = assessment.Number{Value: 31, Grade: "B"}

	hostile := pump
	hostile.Supplier = "\x1b[2J\x1b]0;owned\x07Evil \x1b[32mACCEPT\x1b[0m Corp"
	hostile.Name = "Pump\u202e tpecca\u2066 \nACCEPT  everything is fine"
	hostile.Version = strings.Repeat("9.", 400) + "beta-" + strings.Repeat("x", 300) + "end"
	hostile.ID = "evil/pump"
	hostile.SBOM.Path = "evil/\x1b[31m<script>\n::error file=x::y.json"
	hostile.Findings = []assessment.Finding{pump.Findings[0]}
	hostile.Findings[0].Name = "log4j](https://evil.example/) `rm -rf` <b>|👩‍👩‍👧 \U000E0041\U000E0042"
	hostile.Findings[0].Version = "1\xff\xfe\u200b2"
	hostile.Decision.Sentence = "Rejected: \x9b31m \u009b31m hidden \u2067text\u2069."

	unreadable := assessment.Product{
		ID: "gamma/ventilator", Supplier: "Gamma", Name: "Ventilator", Binding: assessment.Binding{Supplier: "folder", Product: "folder"}, State: assessment.StateUnreadable,
		SBOM: assessment.SBOM{Path: "Gamma/Ventilator/sbom.json", SHA256: digest, Error: &assessment.Defect{Code: "syntax", Message: "the text ends inside an object", Remedy: "ask the vendor to send the whole file", Line: 1841, Column: 12}},
		Decision: assessment.Decision{
			Outcome: assessment.Reject, Class: assessment.ClassEvidence, Sentence: "Return to the vendor: the SBOM cannot be read.",
			Rules:      []assessment.Rule{{Policy: "hospital-baseline", Check: "doc.readable", Title: "The SBOM can be read", State: assessment.Fail, Severity: "blocker", Class: assessment.ClassEvidence, Message: "the text ends inside an object", Remedy: "Send the SBOM as CycloneDX or SPDX"}},
			Conditions: []assessment.Condition{}, Questions: []assessment.Question{{Cause: "doc.readable", Text: "The SBOM you sent cannot be read. Please send it again as CycloneDX or SPDX."}},
		},
		Score:    assessment.Score{Model: "worst-first 1", WorstCase: assessment.Number{Value: 100, Grade: "F"}, Contributions: []assessment.Contribution{}},
		Coverage: assessment.Coverage{Reasons: map[string]int{}}, Components: assessment.List{}, Findings: []assessment.Finding{},
	}
	empty := unreadable
	empty.ID, empty.Name, empty.State = "gamma/humidifier", "Humidifier", assessment.StateEmpty
	empty.SBOM = assessment.SBOM{Path: "-", SHA256: digest, Format: "SPDX", SpecVersion: "2.3"}
	empty.Decision.Sentence = "Return to the vendor: the SBOM lists no parts."

	s.products = []assessment.Product{good, pump, unreadable, hostile, conditions, empty}
	s.trailer.Summary.Ranking = []assessment.Ranked{
		rankedOf(&pump, "log4j-core 2.14.1: CVE-2021-44228 is known to be exploited, and 181 of 214 parts could not be judged"),
		rankedOf(&hostile, "see \x1b]8;;https://evil.example\x07here\x1b]8;;\x07 \u202egnihton si ereht"),
		rankedOf(&conditions, "63 components have no exact version"),
		rankedOf(&good, ""),
		rankedOf(&empty, "the SBOM lists no parts"),
		rankedOf(&unreadable, "the SBOM cannot be read: the text ends inside an object (line 1841)"),
	}
	s.trailer.Summary.Worklist = []assessment.Work{
		{Cause: "openssl 1.1.1k", Action: "Update to 1.1.1w, or to a supported release", Class: assessment.ClassRisk, Products: []string{"a/1", "b/2", "c/3"}, Suppliers: []string{"A", "B"}, Findings: 21, KEV: true, Points: 93.1},
		{Cause: "cmp.version: 63 components have no exact version", Action: "Ask for the exact versions", Class: assessment.ClassEvidence, Products: []string{"a/1"}, Suppliers: []string{"A"}, Points: 35},
		{Cause: "evil\x1b[31m\u202e library", Action: "", Class: assessment.ClassRisk, Products: []string{"a/1"}, Suppliers: []string{"A"}, Findings: 1, Points: 30},
	}
	for i := range 12 {
		s.trailer.Summary.Worklist = append(s.trailer.Summary.Worklist, assessment.Work{
			Cause: fmt.Sprintf("library-%d 1.%d", i, i), Action: fmt.Sprintf("Update to 2.%d", i), Class: assessment.ClassRisk, Products: []string{"a/1"}, Suppliers: []string{"A"}, Findings: 1, Points: 20,
		})
	}
	s.trailer.Inputs = append(s.trailer.Inputs, assessment.Input{Path: "Gamma/\x1b[31mreadme\n.txt", Kind: "other", Reason: "plain text, not an SBOM"})
	s.trailer.Summary.Counts = assessment.Counts{
		Products: 6, Outcomes: map[string]int{assessment.Accept: 1, assessment.AcceptWithConditions: 1, assessment.Reject: 4},
		Components: assessment.Coverage{Components: 430, Assessed: 58, Weak: 6, NotAssessed: 362, OutOfScope: 4, Reasons: map[string]int{"no identifier": 236, "no version": 126, "identity inferred, not stated": 6, "operating system entry: context for its packages": 4}},
		Findings:   10, KEV: 2, Files: 9, FilesUsed: 6,
	}
	s.trailer.Summary.Exit = assessment.Exit{Code: 1, Reason: "2 products are rejected on risk"}
	return s
}
