// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/medsbom/medsbom/assessment"
)

func advice(confidence, version string) assessment.ProductAdvisory {
	return assessment.ProductAdvisory{
		ID: "ICSMA-31-001-01", Title: "Acme \x1b[2JPump", URL: "https://example.org/a", Updated: "2031-02-03",
		CVEs: []string{"CVE-2031-0001"}, Exploited: []string{"CVE-2031-0001"}, CVSS: &assessment.CVSS{Score: 9.8},
		Remedy: "Update to 5.0. " + strings.Repeat("More words. ", 40), Vendor: "Acme", Product: "Drip Pump",
		Versions: []string{"vers:all/*", "<= 3", "4", "5"}, Confidence: confidence, Version: version, Why: "w",
	}
}

func TestAdvisoriesInTheTable(t *testing.T) {
	lookup := assessment.AdvisoryLookup{State: assessment.LookupDone, Feed: "csaf", Date: "2031-02-03", Records: 2379, Names: []string{"Acme", "Drip Pump"}, Found: 1}
	for _, tt := range []struct {
		name    string
		context *assessment.Context
		want    []string
		not     string
	}{
		{
			"affected", &assessment.Context{Lookup: lookup, Advisories: []assessment.ProductAdvisory{advice("strong", "affected")}},
			[]string{"ICSMA-31-001-01 names this product (versions all; <= 3; 4 and 1 more): this version is affected", "CVSS 9.8, known to be exploited: CVE-2031-0001, 2031-02-03", "Update to 5.0.", "words. …", "https://example.org/a"},
			"\x1b",
		},
		{"possible", &assessment.Context{Lookup: lookup, Advisories: []assessment.ProductAdvisory{advice("possible", "unclear")}}, []string{`may name this product, as "Drip Pump" of Acme`, "cannot be told, read it"}, "affected."},
		{"other", &assessment.Context{Lookup: lookup, Advisories: []assessment.ProductAdvisory{advice("strong", "other")}}, []string{"this version is not among them"}, "It says"},
		{"none", &assessment.Context{Lookup: lookup}, []string{"none of its 2,379 advisories on devices up to 2031-02-03 names this product (looked for: Acme, Drip Pump); a later one may"}, "ICSMA"},
		{"not named", &assessment.Context{Lookup: assessment.AdvisoryLookup{State: assessment.LookupNotDone, Feed: "csaf", Reason: "nothing says what the product is called"}}, []string{"not looked for: nothing says what the product is called"}, "none of"},
		{"old document", nil, nil, "CISA  "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := accepted()
			s.products[0].Context = tt.context
			text := strings.Join(strings.Fields(s.render(t, "table", Options{Table: TableOptions{Width: 100}})), " ")
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("want %q in:\n%s", want, text)
				}
			}
			if strings.Contains(text, tt.not) {
				t.Errorf("do not want %q in:\n%s", tt.not, text)
			}
		})
	}
}

func TestAdvisoriesOfSeveralProducts(t *testing.T) {
	s := several()
	s.products[0].Context = &assessment.Context{Advisories: []assessment.ProductAdvisory{advice("possible", "affected")}}
	s.products[1].Context = &assessment.Context{Advisories: []assessment.ProductAdvisory{advice("strong", "affected"), advice("strong", "other")}}
	text := s.render(t, "table", Options{Table: TableOptions{Width: 200}})
	sure, unsure := strings.Index(text, ": ICSMA-31-001-01\n"), strings.Index(text, ": ICSMA-31-001-01 ?")
	if sure < 0 || unsure < sure || strings.Count(text, "ICSMA-31-001-01") != 2 {
		t.Errorf("got:\n%s", text)
	}
}

func TestExploitMarks(t *testing.T) {
	for _, tt := range []struct {
		ssvc *assessment.SSVC
		kev  *assessment.KEV
		want string
	}{
		{nil, nil, ""},
		{&assessment.SSVC{Exploitation: "none", Automatable: "yes"}, nil, ""},
		{&assessment.SSVC{Exploitation: "poc", Automatable: "no"}, nil, "PoC"},
		{&assessment.SSVC{Exploitation: "poc", Automatable: "yes"}, nil, "PoC!"},
		{&assessment.SSVC{Exploitation: "active"}, nil, "ACT"},
		{&assessment.SSVC{Exploitation: "active"}, &assessment.KEV{}, ""}, // KEV says it
	} {
		if got := exploitMark(&assessment.Finding{Kind: assessment.KindVulnerability, SSVC: tt.ssvc, KEV: tt.kev}); got != tt.want {
			t.Errorf("%+v: want %q, got %q", tt.ssvc, tt.want, got)
		}
	}
	s := rejected()
	for i := range s.products[0].Findings {
		f := &s.products[0].Findings[i]
		f.KEV, f.SSVC = nil, &assessment.SSVC{CVE: "CVE-1", Exploitation: "poc", Automatable: "yes"}
	}
	var out bytes.Buffer
	if err := s.into(Table(&out, TableOptions{Width: 100})); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"PoC!", "PoC: a way to exploit it is public", "!: attacks can be automated"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("want %q in:\n%s", want, out.String())
		}
	}
}
