// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/medsbom/medsbom/assessment"
)

// explained is what an Explanation says of a saved assessment.
func explained(t *testing.T, s *saved, about string, opts TableOptions) (text string, found bool) {
	t.Helper()
	var b bytes.Buffer
	e := Explain(&b, opts, about)
	if err := s.into(e); err != nil {
		t.Fatal(err)
	}
	return b.String(), e.Found()
}

func TestGoldenExplain(t *testing.T) {
	for name, about := range map[string]string{
		"advisory": "ghsa-jfh8-c2jp-5v3q", "component": "log4j-core@2.14.1", "unjudged": "zlib",
		"check": "cmp.version", "score": AskScore, "nothing": "CVE-1999-0001",
	} {
		t.Run(name, func(t *testing.T) {
			got, found := explained(t, rejected(), about, TableOptions{Width: 80})
			if want := name != "nothing"; found != want {
				t.Errorf("found %v, want %v", found, want)
			}
			harmless(t, got)
			golden(t, "explain-"+name, got)
		})
	}
}

// TestExplainNames finds one component under all its names, and no other.
func TestExplainNames(t *testing.T) {
	for about, want := range map[string]bool{
		"log4j-core": true, "LOG4J-core@2.14.1": true, "log4j-core@2.14.2": false,
		"org.apache.logging.log4j:log4j-core": true, "org.apache.logging.log4j/log4j-core@2.14.1": true,
		"pkg:maven/org.apache.logging.log4j/log4j-core":        true,
		"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1": true,
		"log4j": true, // its ref
		"":      false, "core": false, "@": false,
	} {
		text, _ := explained(t, rejected(), about, TableOptions{})
		if got := strings.HasPrefix(text, "org.apache.logging.log4j/log4j-core 2.14.1\n"); got != want {
			t.Errorf("%q: explained %v, want %v:\n%s", about, got, want, text)
		}
	}
}

// TestExplainRecords tells each record with its own range and fix.
func TestExplainRecords(t *testing.T) {
	s := rejected()
	f := &s.products[0].Findings[0]
	f.Match.Records = []assessment.Record{
		{ID: "BIT-log4j-1", Ecosystem: "Bitnami", Package: "log4j", Range: ">= 2.0.0", Confidence: "weak"},
		{ID: "GHSA-jfh8-c2jp-5v3q", Ecosystem: f.Match.Ecosystem, Package: f.Match.Package, Range: ">= 2.13.0, < 2.15.0", Fixed: "2.15.0", Confidence: "strong"},
	}
	text, _ := explained(t, s, f.ID, TableOptions{Width: 200})
	for _, want := range []string{
		"BIT-log4j-1, of Bitnami log4j: >= 2.0.0 (weak)\n", "GHSA-jfh8-c2jp-5v3q: >= 2.13.0, < 2.15.0, fixed in 2.15.0\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
}

// TestExplainLimits explains the first of many and counts the rest.
func TestExplainLimits(t *testing.T) {
	s := rejected()
	one := s.products[0]
	for i := range 25 {
		one.ID = fmt.Sprintf("acme/%d", i)
		s.products = append(s.products, one)
	}
	for _, about := range []string{"CVE-2021-44228", "zlib", "cmp.version", AskDecision} {
		text, _ := explained(t, s, about, TableOptions{})
		if !strings.Contains(text, "… and 16 ") {
			t.Errorf("%s: does not count what it leaves out:\n%s", about, text)
		}
		if all, _ := explained(t, s, about, TableOptions{Verbose: true}); strings.Contains(all, "… and") || len(all) < len(text) {
			t.Errorf("%s: -v leaves something out", about)
		}
	}
}

// TestExplainThrough: a CVE that only an advisory on several names leads to that
// one, and is not denied.
func TestExplainThrough(t *testing.T) {
	s := rejected()
	a := s.trailer.Advisories["CVE-2021-44228"]
	a.CVEs = []string{"CVE-2099-0001", "CVE-2099-0002"}
	var b bytes.Buffer
	e := Explain(&b, TableOptions{}, "cve-2099-0002")
	if err := s.into(e); err != nil {
		t.Fatal(err)
	}
	if got := e.Through(); e.Found() || b.Len() > 0 || len(got) != 1 || got[0] != "CVE-2021-44228" {
		t.Errorf("found %v through %q, wrote %q", e.Found(), got, &b)
	}
}
