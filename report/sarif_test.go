// SPDX-License-Identifier: Apache-2.0

package report

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/assessment"
)

// sarifLog is what the tests look at.
type sarifLog struct {
	Runs []struct {
		Tool struct {
			Driver struct {
				SemanticVersion string
				Rules           []struct {
					ID                   string
					DefaultConfiguration struct{ Level string }
					Properties           map[string]any
					Help                 struct{ Text, Markdown string }
				}
			}
		}
		AutomationDetails struct{ ID string }
		Invocations       []struct {
			ExitCode                   int
			ToolExecutionNotifications []struct {
				Level      string
				Descriptor struct{ ID string }
				Message    struct{ Text string }
			}
		}
		Artifacts []struct{ Location struct{ URI string } }
		Results   []struct {
			RuleID              string
			RuleIndex           int
			Level               string
			Message             struct{ Text string }
			Locations           []sarifPlace
			RelatedLocations    []sarifPlace
			PartialFingerprints map[string]string
		}
	}
}

type sarifPlace struct {
	PhysicalLocation struct {
		ArtifactLocation struct {
			URI   string
			Index int
		}
		Region struct{ StartLine, StartColumn int }
	}
}

func parseSARIF(t *testing.T, text string) *sarifLog {
	t.Helper()
	var log sarifLog
	if err := json.Unmarshal([]byte(text), &log); err != nil {
		t.Fatal(err)
	}
	if len(log.Runs) != 1 {
		t.Fatalf("want one run, got %d", len(log.Runs))
	}
	return &log
}

// TestSARIFObeysSchema validates with OASIS's schema (errata 01; the copy in
// testdata is the one that go-sarif v3.3.1 carries).
func TestSARIFObeysSchema(t *testing.T) {
	text, err := os.ReadFile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	s := compile(t, sarifSchema, string(text))
	for name, fixture := range fixtures {
		log := fixture().render(t, "sarif", Options{})
		if err := validate(t, s, log); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if validate(t, s, strings.Replace(log, `"ruleId"`, `"ruleID"`, 1)) == nil && name != "accepted" {
			t.Errorf("%s: the schema takes an unknown member", name)
		}
	}
}

// TestSARIFHoldsTogether checks what no schema can.
func TestSARIFHoldsTogether(t *testing.T) {
	for name, fixture := range fixtures {
		log := parseSARIF(t, fixture().render(t, "sarif", Options{}))
		run := &log.Runs[0]
		seen := make(map[string]bool)
		for i, r := range run.Results {
			rule := run.Tool.Driver.Rules[r.RuleIndex]
			if rule.ID != r.RuleID {
				t.Errorf("%s: result %d: ruleIndex leads to %s, not %s", name, i, rule.ID, r.RuleID)
			}
			severity := 0.0
			if s, ok := rule.Properties["security-severity"].(string); ok {
				var err error
				if severity, err = strconv.ParseFloat(s, 64); err != nil {
					t.Errorf("%s: rule %s: %v", name, rule.ID, err)
				}
			}
			if want := level(severity); r.Level != want || rule.DefaultConfiguration.Level != want {
				t.Errorf("%s: %s: want level %s for %v, got %s in the result and %s in the rule", name, r.RuleID, want, severity, r.Level, rule.DefaultConfiguration.Level)
			}
			for _, l := range append(r.Locations, r.RelatedLocations...) {
				p := l.PhysicalLocation
				if p.Region.StartLine < 1 {
					t.Errorf("%s: %s: line %d", name, r.RuleID, p.Region.StartLine)
				}
				if want := run.Artifacts[p.ArtifactLocation.Index].Location.URI; p.ArtifactLocation.URI != want || want == "" {
					t.Errorf("%s: %s: artifact is %q, its index leads to %q", name, r.RuleID, p.ArtifactLocation.URI, want)
				}
			}
			finger := r.PartialFingerprints["medsbomFinding/v1"]
			if finger == "" || finger != r.PartialFingerprints["primaryLocationLineHash"] {
				t.Errorf("%s: %s: fingerprints %v", name, r.RuleID, r.PartialFingerprints)
			}
			if key := finger + " " + p0(r.Locations); seen[key] {
				t.Errorf("%s: %s: fingerprint %s occurs twice", name, r.RuleID, finger)
			} else {
				seen[key] = true
			}
		}
	}
}

func p0(l []sarifPlace) string { return l[0].PhysicalLocation.ArtifactLocation.URI }

func TestSARIFPlaces(t *testing.T) {
	log := parseSARIF(t, several().render(t, "sarif", Options{}))
	got := make(map[string]string)
	for _, r := range log.Runs[0].Results {
		p := r.Locations[0].PhysicalLocation
		key := r.RuleID + " " + p.ArtifactLocation.URI
		got[key] = fmt.Sprintf("%d:%d +%d", p.Region.StartLine, p.Region.StartColumn, len(r.RelatedLocations))
	}
	for key, want := range map[string]string{
		"CVE-2021-44228 Acme%20Medical/Infusion%20Pump%203000/pump.cdx.json": "42:5 +0",
		"cmp.version Acme%20Medical/Infusion%20Pump%203000/pump.cdx.json":    "120:5 +2",
		"doc.readable Gamma/Ventilator/sbom.json":                            "1841:12 +0",
		"doc.readable stdin": "1:0 +0",
	} {
		if got[key] != want {
			t.Errorf("%s: want %s, got %q", key, want, got[key])
		}
	}
	readable := 0
	for _, r := range log.Runs[0].Results {
		if r.RuleID == "doc.readable" {
			readable++
		}
	}
	if readable != 2 {
		t.Errorf("want 2 unread products, got %d", readable)
	}
}

// TestSARIFFingerprint: a new version of product, component and file, and
// another line, leave the fingerprint alone; another product does not.
func TestSARIFFingerprint(t *testing.T) {
	prints := func(s *saved) []string {
		var out []string
		for _, r := range parseSARIF(t, s.render(t, "sarif", Options{})).Runs[0].Results {
			out = append(out, r.PartialFingerprints["medsbomFinding/v1"])
		}
		return out
	}
	want := prints(rejected())
	next := rejected()
	p := &next.products[0]
	p.Version, p.SBOM.Path, p.SBOM.SHA256 = "5.0", "pump-5.cdx.json", strings.Repeat("0", 64)
	for i := range p.Findings {
		p.Findings[i].Version, p.Findings[i].PURL, p.Findings[i].Line = "9", "", 7
	}
	if diff := cmp.Diff(want, prints(next)); diff != "" {
		t.Errorf("(-before +after an update):\n%s", diff)
	}
	p.ID = "acme/other"
	if cmp.Equal(want, prints(next)) {
		t.Error("another product has the same fingerprints")
	}
	// Two components with one key, as two versions of one library.
	p.Findings = append(p.Findings[:1:1], p.Findings[0])
	twice := prints(next)
	if len(twice) < 2 || cmp.Equal(twice[len(twice)-1], twice[len(twice)-2]) {
		t.Errorf("one fingerprint for two components: %v", twice)
	}
}

func TestSARIFTruncates(t *testing.T) {
	s := large(100)
	p := &s.products[0]
	p.Decision.Rules = nil
	for i := range p.Findings {
		f := &p.Findings[i]
		f.KEV, f.ID, f.Key = nil, fmt.Sprintf("CVE-2020-%04d", i), fmt.Sprintf("key %d", i)
		f.CVSS = &assessment.CVSS{Score: float64(i)}
	}
	log := parseSARIF(t, s.render(t, "sarif", Options{SARIF: SARIFOptions{MaxResults: 3}}))
	run := &log.Runs[0]
	var got []string
	for _, r := range run.Results {
		got = append(got, r.RuleID)
	}
	if diff := cmp.Diff([]string{"CVE-2020-0009", "CVE-2020-0008", "CVE-2020-0007"}, got); diff != "" {
		t.Errorf("the worst are not kept (-want +got):\n%s", diff)
	}
	if len(run.Tool.Driver.Rules) != 3 {
		t.Errorf("want the 3 rules in use, got %d", len(run.Tool.Driver.Rules))
	}
	note := ""
	for _, n := range run.Invocations[0].ToolExecutionNotifications {
		if n.Descriptor.ID == "truncated" {
			note = n.Message.Text
		}
	}
	if !strings.HasPrefix(note, "7 of 10 results are left out") {
		t.Errorf("no notice of the truncation: %q", note)
	}
}

func TestFindingSeverity(t *testing.T) {
	for _, test := range []struct {
		name    string
		finding assessment.Finding
		want    float64
		level   string
	}{
		{"CVSS before the word", assessment.Finding{Severity: "low", CVSS: &assessment.CVSS{Score: 7}}, 7, "error"},
		{"word", assessment.Finding{Severity: "medium"}, 5.5, "warning"},
		{"low", assessment.Finding{Severity: "low"}, 2, "note"},
		{"unknown is not harmless", assessment.Finding{Severity: "unknown"}, 7, "error"},
		{"no word is not harmless", assessment.Finding{}, 7, "error"},
		{"exploited", assessment.Finding{Severity: "medium", CVSS: &assessment.CVSS{Score: 5}, KEV: &assessment.KEV{}}, 9, "error"},
		{"exploited and worse", assessment.Finding{CVSS: &assessment.CVSS{Score: 9.8}, KEV: &assessment.KEV{}}, 9.8, "error"},
		{"malicious", assessment.Finding{Severity: "unknown", Kind: assessment.KindMalicious}, 9, "error"},
		{"informational", assessment.Finding{Severity: "high", Kind: assessment.KindInformational}, 0, "note"},
	} {
		if got := findingSeverity(&test.finding); got != test.want || level(got) != test.level {
			t.Errorf("%s: want %v %s, got %v %s", test.name, test.want, test.level, got, level(got))
		}
	}
}

func TestFileURI(t *testing.T) {
	for path, want := range map[string]string{
		"-":                   "stdin",
		"a/b.json":            "a/b.json",
		"./a/b.json":          "a/b.json",
		".//a":                "a",
		"../a.json":           "../a.json",
		`a\b c.json`:          "a/b%20c.json",
		`C:\sboms\a.json`:     "file:///C:/sboms/a.json",
		"/srv/a#b?.json":      "file:///srv/a%23b%3F.json",
		"a:b.json":            "a%3Ab.json",
		"ü.json":              "%C3%BC.json",
		"\xff\n.json":         "%FF%0A.json",
		"javascript:alert(1)": "javascript%3Aalert%281%29",
	} {
		if got := fileURI(path); got != want {
			t.Errorf("%q: want %s, got %s", path, want, got)
		}
	}
}

func TestSemanticVersion(t *testing.T) {
	for version, want := range map[string]string{
		"0.1.0": "0.1.0", "v1.2.3-rc.1+abc": "1.2.3-rc.1+abc", "dev": "0.0.0-unknown", "": "0.0.0-unknown", "1.2": "0.0.0-unknown", "1.02.3": "0.0.0-unknown", "1.2.3-": "0.0.0-unknown", "1.2.3-\x1b": "0.0.0-unknown",
	} {
		if got := semanticVersion(version); got != want {
			t.Errorf("%q: want %s, got %s", version, want, got)
		}
	}
}

func TestSARIFMessagesForgeNothing(t *testing.T) {
	text := several().render(t, "sarif", Options{})
	log := parseSARIF(t, text)
	for _, r := range log.Runs[0].Results {
		if strings.Contains(r.Message.Text, "j](") {
			t.Errorf("a link can be forged: %s", r.Message.Text)
		}
	}
	s := rejected()
	id := s.products[0].Findings[0].ID
	a := s.trailer.Advisories[id]
	a.Summary = "<img src=x> [click](https://evil.example) `code` | @someone www.evil.example https://evil.example"
	for _, rule := range parseSARIF(t, s.render(t, "sarif", Options{})).Runs[0].Tool.Driver.Rules {
		for _, bad := range []string{"<img", "[click](", " `code`", "javascript:", "www.evil", "//evil.example |"} {
			if strings.Contains(rule.Help.Markdown, bad) {
				t.Errorf("%s: Markdown holds %q: %s", rule.ID, bad, rule.Help.Markdown)
			}
		}
	}
}

func BenchmarkSARIF50k(b *testing.B) {
	s := large(500_000)
	b.ReportAllocs()
	for b.Loop() {
		if err := s.into(SARIF(&counting{}, SARIFOptions{})); err != nil {
			b.Fatal(err)
		}
	}
}
