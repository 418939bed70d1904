// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"maps"
	"testing"
)

// component adds a component to good facts that is good but for the change.
func component(change func(*Component)) func(*Facts) {
	return func(f *Facts) {
		c := goodComponent
		change(&c)
		f.AddComponent(c, 3)
	}
}

func finding(x Finding) func(*Facts) {
	return func(f *Facts) { f.AddFinding(x, 0, 0) }
}

type checkCase struct {
	check  string
	name   string
	change func(*Facts)
	params map[string]any
	want   State
}

// checkCases holds, for each check, changes to good facts with which it passes
// and with which it fails.
func checkCases() []checkCase {
	doc := func(change func(*Document)) func(*Facts) { return func(f *Facts) { change(&f.Document) } }
	none := func(*Facts) {}
	strong := func(x Finding) Finding { x.Strong = true; return x }
	return []checkCase{
		{"doc.readable", "good", none, nil, Pass},
		{"doc.readable", "not a known format", doc(func(d *Document) { d.Readable = false }), nil, Fail},
		{"doc.readable", "no component", doc(func(d *Document) { d.Empty = true }), nil, Fail},
		{"doc.format-current", "good", none, nil, Pass},
		{"doc.format-current", "two digits", doc(func(d *Document) { d.SpecVersion = "1.10" }), nil, Pass},
		{"doc.format-current", "SPDX", doc(func(d *Document) { d.Format, d.SpecVersion = "SPDX", "2.3" }), nil, Pass},
		{"doc.format-current", "old", doc(func(d *Document) { d.SpecVersion = "1.3" }), nil, Fail},
		{"doc.format-current", "old for the pack", none, map[string]any{"minCycloneDX": "1.7"}, Fail},
		{"doc.format-current", "no number", doc(func(d *Document) { d.SpecVersion = "1.x" }), nil, Fail},
		{"doc.schema", "good", none, nil, Pass},
		{"doc.schema", "defects", doc(func(d *Document) { d.SevereDefects = 2 }), nil, Fail},
		{"doc.schema", "within the limit", doc(func(d *Document) { d.SevereDefects = 2 }), map[string]any{"limit": 2.0}, Pass},
		{"doc.author", "good", none, nil, Pass},
		{"doc.author", "only a tool", doc(func(d *Document) { d.HasAuthor = false }), nil, Fail},
		{"doc.author-contact", "good", none, nil, Pass},
		{"doc.author-contact", "none", doc(func(d *Document) { d.HasAuthorContact = false }), nil, Fail},
		{"doc.timestamp", "good", none, nil, Pass},
		{"doc.timestamp", "none", doc(func(d *Document) { d.HasTimestamp = false }), nil, Fail},
		{"doc.timestamp", "future", doc(func(d *Document) { d.TimestampFuture = true }), nil, Fail},
		{"doc.fresh", "good", none, nil, Pass},
		{"doc.fresh", "last day", doc(func(d *Document) { d.AgeDays = 365 }), nil, Pass},
		{"doc.fresh", "old", doc(func(d *Document) { d.AgeDays = 366 }), nil, Fail},
		{"doc.fresh", "no timestamp", doc(func(d *Document) { d.HasTimestamp = false }), nil, Fail},
		{"doc.tool", "good", none, nil, Pass},
		{"doc.tool", "no version", doc(func(d *Document) { d.HasToolVersion = false }), nil, Fail},
		{"doc.context", "good", none, nil, Pass},
		{"doc.context", "none", doc(func(d *Document) { d.HasLifecycle = false }), nil, Fail},
		{"doc.context", "SPDX has no field", doc(func(d *Document) { d.Format, d.HasLifecycle = "SPDX", false }), nil, NotApplicable},
		{"doc.version", "good", none, nil, Pass},
		{"doc.version", "none", doc(func(d *Document) { d.HasIdentity = false }), nil, Fail},
		{"doc.signature", "good", none, nil, Pass},
		{"doc.signature", "none", doc(func(d *Document) { d.Signed = false }), nil, Fail},
		{"doc.signature-trusted", "verified", doc(func(d *Document) { d.SignatureTrusted = true }), nil, Pass},
		{"doc.signature-trusted", "only signed", none, nil, Fail},
		{"doc.subject", "good", none, nil, Pass},
		{"doc.subject", "no version", doc(func(d *Document) { d.HasSubjectVersion = false }), nil, Fail},
		{"doc.subject-match", "nothing ordered", none, nil, NotApplicable},
		{"doc.subject-match", "the one ordered", doc(func(d *Document) { d.SubjectExpected, d.SubjectMatches = true, true }), nil, Pass},
		{"doc.subject-match", "another one", doc(func(d *Document) { d.SubjectExpected = true }), nil, Fail},
		{"doc.no-vuln-data", "good", none, nil, Pass},
		{"doc.no-vuln-data", "some", doc(func(d *Document) { d.Vulnerabilities = 1 }), nil, Fail},

		{"cmp.name", "good", none, nil, Pass},
		{"cmp.name", "none", component(func(c *Component) { c.HasName = false }), nil, Fail},
		{"cmp.name", "placeholder", component(func(c *Component) { c.PlaceholderName = true }), nil, Fail},
		{"cmp.name", "a file", component(func(c *Component) { c.HasName, c.File = false, true }), nil, Pass},
		{"cmp.version", "good", none, nil, Pass},
		{"cmp.version", "range", component(func(c *Component) { c.VersionExact = false }), nil, Fail},
		{"cmp.version", "one of four may", component(func(c *Component) { c.VersionExact = false }), map[string]any{"minShare": 0.75}, Pass},
		{"cmp.version", "not that many", component(func(c *Component) { c.VersionExact = false }), map[string]any{"minShare": 0.76}, Fail},
		{"cmp.version", "one may", component(func(c *Component) { c.VersionExact = false }), map[string]any{"limit": 1.0}, Pass},
		{"cmp.producer", "good", none, nil, Pass},
		{"cmp.producer", "none", component(func(c *Component) { c.HasProducer = false }), nil, Fail},
		{"cmp.producer", "said to be unknown", component(func(c *Component) { c.HasProducer, c.ProducerUnknownStated = false, true }), nil, Warn},
		{"cmp.producer-contact", "good", none, nil, Pass},
		{"cmp.producer-contact", "none", component(func(c *Component) { c.HasProducerContact = false }), nil, Fail},
		{"cmp.identifier", "good", none, nil, Pass},
		{"cmp.identifier", "none", component(func(c *Component) { c.HasIdentifier = false }), nil, Fail},
		{"cmp.identifier", "not valid", component(func(c *Component) { c.IdentifierValid = false }), nil, Fail},
		{"cmp.identifier", "said to have none", component(func(c *Component) { c.HasIdentifier, c.NoIdentifierStated = false, true }), nil, Warn},
		{"cmp.identifier-agrees", "good", none, nil, Pass},
		{"cmp.identifier-agrees", "contradicts", component(func(c *Component) { c.IdentifierContradicts = true }), nil, Fail},
		{"cmp.hash", "good", none, nil, Pass},
		{"cmp.hash", "weak", component(func(c *Component) { c.StrongHash = false }), nil, Fail},
		{"cmp.licence", "good", none, nil, Pass},
		{"cmp.licence", "none", component(func(c *Component) { c.HasLicence = false }), nil, Fail},
		{"cmp.licence", "said to be unknown", component(func(c *Component) { c.HasLicence, c.LicenceUnknownStated = false, true }), nil, Warn},
		{"cmp.unknowns", "good", none, nil, Pass},
		{"cmp.unknowns", "silent gap", component(func(c *Component) { c.HasProducer = false }), nil, Fail},
		{"cmp.unknowns", "gap marked", component(func(c *Component) { c.HasProducer, c.ProducerUnknownStated = false, true }), nil, Pass},

		{"dep.top", "good", none, nil, Pass},
		{"dep.top", "none", doc(func(d *Document) { d.SubjectHasDependencies = false }), nil, Fail},
		{"dep.transitive", "good", none, nil, Pass},
		{"dep.transitive", "partly", doc(func(d *Document) { d.DependenciesComplete = false }), nil, Fail},
		{"dep.complete", "good", none, nil, Pass},
		{"dep.complete", "stated incomplete", doc(func(d *Document) { d.Complete = false }), nil, Pass},
		{"dep.complete", "incomplete where complete is asked", doc(func(d *Document) { d.Complete = false }), map[string]any{"requireComplete": true}, Fail},
		{"dep.complete", "silent", doc(func(d *Document) { d.CompletenessStated, d.Complete = false, false }), nil, Fail},
		{"dep.consistent", "good", none, nil, Pass},
		{"dep.consistent", "dangling", doc(func(d *Document) { d.Dangling = 1 }), nil, Fail},

		{"vul.no-kev", "good", none, nil, Pass},
		{"vul.no-kev", "exploited", finding(strong(Finding{KEV: true})), nil, Fail},
		{"vul.no-kev", "doubtful identity", finding(Finding{KEV: true}), nil, Pass},
		{"vul.no-kev", "informational", finding(strong(Finding{KEV: true, Informational: true})), nil, Pass},
		{"vul.no-kev", "no feed", func(f *Facts) { f.Database.MissingKEV = true }, nil, NotAssessed},
		{"vul.no-kev", "nothing looked up", func(f *Facts) { f.Coverage = Coverage{Components: 3, NotAssessed: 3} }, nil, NotAssessed},
		{"vul.no-kev", "starter", func(f *Facts) { f.Database.Starter = true }, nil, NotAssessed},
		{"vul.no-kev", "starter knows enough", func(f *Facts) { f.Database.Starter = true; finding(strong(Finding{KEV: true}))(f) }, nil, Fail},
		{"vul.no-malicious", "good", none, nil, Pass},
		{"vul.no-malicious", "malicious", finding(strong(Finding{Malicious: true})), nil, Fail},
		{"vul.no-malicious", "doubtful identity", finding(Finding{Malicious: true}), nil, Pass},
		{"vul.no-likely", "good", none, nil, Pass},
		{"vul.no-likely", "likely", finding(strong(Finding{Severity: "high", EPSS: .1, EPSSKnown: true})), nil, Fail},
		{"vul.no-likely", "unlikely", finding(strong(Finding{Severity: "high", EPSS: .09, EPSSKnown: true})), nil, Pass},
		{"vul.no-likely", "exploited by CISA's account", finding(strong(Finding{Severity: "high", Exploitation: "active"})), nil, Fail},
		{"vul.no-likely", "exploit is public", finding(strong(Finding{Severity: "high", Exploitation: "poc", Automatable: true})), nil, Pass},
		{"vul.no-likely", "no feed", func(f *Facts) { f.Database.MissingEPSS = true }, nil, NotAssessed},
		{"vul.no-critical", "good", none, nil, Pass},
		{"vul.no-critical", "critical", finding(strong(Finding{Severity: "critical"})), nil, Fail},
		{"vul.no-critical", "high", finding(strong(Finding{Severity: "high"})), nil, Fail},
		{"vul.no-critical", "high where only critical counts", finding(strong(Finding{Severity: "high"})), map[string]any{"high": false}, Pass},
		{"vul.no-critical", "within the limit", finding(strong(Finding{Severity: "critical"})), map[string]any{"limit": 1.0}, Pass},
		{"vul.no-critical", "severity unknown", finding(strong(Finding{Severity: "unknown"})), nil, Warn},
		{"vul.no-critical", "medium", finding(strong(Finding{Severity: "medium"})), nil, Pass},
		{"vul.possible", "good", none, nil, Pass},
		{"vul.possible", "sure", finding(strong(Finding{KEV: true})), nil, Pass},
		{"vul.possible", "exploited", finding(Finding{KEV: true}), nil, Fail},
		{"vul.possible", "critical", finding(Finding{Severity: "critical"}), nil, Fail},
		{"vul.possible", "mild", finding(Finding{Severity: "medium"}), nil, Pass},
		{"vul.coverage", "good", none, nil, Pass},
		{"vul.coverage", "too little", func(f *Facts) { f.Coverage.AssessedShare = .4 }, nil, Fail},
		{"vul.coverage", "starter", func(f *Facts) { f.Database.Starter = true }, nil, NotApplicable},
		{"cov.any", "good", none, nil, Pass},
		{"cov.any", "few, weakly", func(f *Facts) { f.Coverage = Coverage{Components: 3, Weak: 1, NotAssessed: 2, AssessedShare: 0.33} }, nil, Fail},
		{"cov.any", "most, weakly", func(f *Facts) { f.Coverage = Coverage{Components: 3, Weak: 2, NotAssessed: 1, AssessedShare: 0.67} }, nil, Pass},
		{"cov.any", "one for sure", func(f *Facts) { f.Coverage = Coverage{Components: 9, Assessed: 1, NotAssessed: 8, AssessedShare: 0.11} }, nil, Pass},
		{"cov.any", "nothing", func(f *Facts) { f.Coverage = Coverage{Components: 3, NotAssessed: 2, OutOfScope: 1} }, nil, Fail},

		{"sup.not-ended", "supported", component(func(c *Component) { c.Support, c.SupportSure = "supported", true }), nil, Pass},
		{"sup.not-ended", "ended", component(func(c *Component) { c.Support, c.SupportSure = "ended", true }), nil, Fail},
		{"sup.not-ended", "abandoned", component(func(c *Component) { c.Support, c.SupportSure = "abandoned", true }), nil, Fail},
		{"sup.not-ended", "ended, by its name alone", component(func(c *Component) { c.Support, c.SupportSure = "ended", false }), nil, Warn},
		{"sup.margin", "a year", component(func(c *Component) { c.Support, c.SupportDated, c.SupportMonths = "supported", true, 12 }), nil, Pass},
		{"sup.margin", "less", component(func(c *Component) { c.Support, c.SupportDated, c.SupportMonths = "supported", true, 11 }), nil, Fail},
		{"sup.margin", "a system needs two years", component(func(c *Component) {
			c.Support, c.SupportDated, c.SupportMonths, c.SupportSystem = "security-only", true, 23, true
		}), nil, Fail},
		{"sup.margin", "two years", component(func(c *Component) {
			c.Support, c.SupportDated, c.SupportMonths, c.SupportSystem = "security-only", true, 24, true
		}), nil, Pass},
		{"sup.margin", "extended", component(func(c *Component) { c.Support, c.SupportDated, c.SupportMonths = "extended", true, 99 }), nil, Fail},
		{"sup.level", "good", none, nil, Pass},
		{"sup.level", "unknown", component(func(c *Component) { c.Support, c.SupportStated = "unknown", false }), nil, Fail},
		{"sup.eos-date", "stated", none, nil, Pass},
		{"sup.eos-date", "not stated", component(func(c *Component) { c.SupportStated = false }), nil, Fail},
		{"sup.agrees", "agrees", component(func(c *Component) { c.SupportStated = true }), nil, Pass},
		{"sup.agrees", "disagrees", component(func(c *Component) { c.SupportStated, c.SupportDisagrees = true, true }), nil, Fail},

		{"score.known", "good", none, nil, Pass},
		{"score.known", "bad", func(f *Facts) { f.Score.KnownGrade = "D" }, nil, Fail},
		{"score.known", "withheld", func(f *Facts) { f.Score.KnownGrade = "" }, nil, NotAssessed},
		{"score.grade", "good", none, nil, Pass},
		{"score.grade", "bad", func(f *Facts) { f.Score.WorstCaseGrade = "D" }, nil, Fail},
		{"score.grade", "allowed by the pack", func(f *Facts) { f.Score.WorstCaseGrade = "D" }, map[string]any{"worst": "D"}, Pass},
		{"score.grade", "already known to be bad", func(f *Facts) { f.Score.KnownGrade, f.Score.WorstCaseGrade = "D", "F" }, nil, NotApplicable},
		{"score.grade", "withheld", func(f *Facts) { f.Score.WorstCaseGrade = "" }, nil, NotAssessed},
		{"prd.advisory", "good", none, nil, Pass},
		{"prd.advisory", "affected", func(f *Facts) { f.Context.AdvisoriesAffected, f.Context.Affected = 1, "X-1" }, nil, Fail},
		{"prd.advisory", "unclear only", func(f *Facts) { f.Context.AdvisoriesUnclear = 1 }, nil, Pass},
		{"prd.advisory", "no feed", func(f *Facts) { f.Context = Context{} }, nil, NotAssessed},
		{"prd.advisory-clear", "good", none, nil, Pass},
		{"prd.advisory-clear", "unclear", func(f *Facts) { f.Context.AdvisoriesUnclear, f.Context.Unclear = 2, "X-1, X-2" }, nil, Fail},
		{"prd.advisory-clear", "no feed", func(f *Facts) { f.Context = Context{} }, nil, NotAssessed},
		{"db.full", "good", none, nil, Pass},
		{"db.full", "starter", func(f *Facts) { f.Database.Starter = true }, nil, Fail},
		{"db.fresh", "good", none, nil, Pass},
		{"db.fresh", "stale", func(f *Facts) { f.Database.StaleFeeds = 1 }, nil, Fail},
	}
}

// allRules compiles every check of the library, as a pack of all would.
func allRules(t testing.TB) map[string]*PackRule {
	t.Helper()
	lib, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	rules := make([]PackRule, len(lib.checks))
	for i, c := range lib.checks {
		rules[i] = PackRule{Check: c, Severity: c.Severity, Params: c.Params(), NotAssessed: Fail}
	}
	if err := compileRules(lib, rules); err != nil {
		t.Fatal(err)
	}
	out := make(map[string]*PackRule, len(rules))
	for i := range rules {
		out[rules[i].Check.ID] = &rules[i]
	}
	return out
}

func TestChecks(t *testing.T) {
	rules := allRules(t)
	seen := make(map[string]map[State]bool)
	for _, tt := range checkCases() {
		t.Run(tt.check+"/"+tt.name, func(t *testing.T) {
			r := rules[tt.check]
			if r == nil {
				t.Fatal("there is no such check")
			}
			f := goodFacts()
			tt.change(f)
			got, err := withParams(r, tt.params).evaluate(f)
			if err != nil {
				t.Fatal(err)
			}
			if got.State != tt.want {
				t.Errorf("want %s, got %s: %s", tt.want, got.State, got.Message)
			}
			if got.Message == "" || (got.State == Fail) != (got.Remedy != "") && got.State != Warn {
				t.Errorf("%s has the message %q and the remedy %q", got.State, got.Message, got.Remedy)
			}
		})
		if seen[tt.check] == nil {
			seen[tt.check] = make(map[State]bool)
		}
		seen[tt.check][tt.want] = true
	}
	for _, id := range sortedKeys(rules) {
		if !seen[id][Pass] || !seen[id][Fail] {
			t.Errorf("check %q needs a passing and a failing case", id)
		}
	}
}

// withParams returns the rule with other parameters.
func withParams(r *PackRule, params map[string]any) *PackRule {
	out := *r
	out.Params = cloneParams(r.Params)
	conditions := *r.conditions
	conditions.params = make(map[string]any)
	out.conditions = &conditions
	maps.Copy(out.Params, params)
	for name, v := range out.Params {
		conditions.params[paramsPrefix+name] = v
	}
	return &out
}

func TestSubjectsAndCounts(t *testing.T) {
	rules := allRules(t)
	f := goodFacts()
	for i := range 50 {
		c := goodComponent
		c.VersionExact = false
		c.HasLicence = i%2 == 0 // two groups, interleaved
		f.AddComponent(c, 100+i)
	}
	got, err := rules["cmp.version"].evaluate(f)
	if err != nil {
		t.Fatal(err)
	}
	if got.Count != 50 || got.Total != 53 || len(got.Subjects) != maxSubjects {
		t.Errorf("want 50 of 53 and %d subjects, got %+v", maxSubjects, got)
	}
	for i, ref := range got.Subjects {
		if ref != 100+i {
			t.Fatalf("want the first subjects in document order, got %v", got.Subjects)
		}
	}
	if want := "50 components of 53 without an exact version"; got.Message != want {
		t.Errorf("want the message %q, got %q", want, got.Message)
	}
}

func TestFindingsAreCountedByAdvisory(t *testing.T) {
	rules := allRules(t)
	f := goodFacts()
	for i := range 12 { // one vulnerability in twelve packages, the first of them doubtful
		f.AddFinding(Finding{KEV: true, Strong: i > 0}, 7, i)
	}
	f.AddFinding(Finding{KEV: true, Strong: true}, 8, 12)
	f.AddFinding(Finding{Severity: "low", Strong: true}, 9, 13)
	got, err := rules["vul.no-kev"].evaluate(f)
	if err != nil {
		t.Fatal(err)
	}
	if got.Count != 2 || got.Total != 3 || fmt.Sprint(got.Subjects) != "[1 12]" {
		t.Errorf("want 2 of 3 with subjects [1 12], got %d of %d with %v", got.Count, got.Total, got.Subjects)
	}
	if want := "2 vulnerabilities that attackers are known to use"; got.Message != want {
		t.Errorf("want the message %q, got %q", want, got.Message)
	}
}
