// SPDX-License-Identifier: Apache-2.0

package csaf

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
)

// pump is an advisory of the shape that CISA's have, with children before the
// names of their parents.
const pump = `{
 "document": {"title": "Acme Drip Pump", "tracking": {"id": "ICSMA-31-001-01", "initial_release_date": "2031-01-02T00:00:00Z", "current_release_date": "2031-02-03T00:00:00Z"},
  "references": [{"category": "self", "url": "https://example.org/icsma-31-001-01.json"}, {"category": "self", "url": "https://example.org/icsma-31-001-01"}, {"category": "external", "url": "https://example.org/else"}]},
 "product_tree": {"branches": [{"branches": [
   {"branches": [{"category": "product_version_range", "name": "<= 3.2", "product": {"product_id": "P1", "name": "Drip Pump: 3.2 and prior"}},
                 {"category": "product_version", "name": "4.0", "product": {"product_id": "P2", "name": "Drip Pump: 4.0"}}],
    "category": "product_name", "name": "Drip Pump"},
   {"category": "product_name", "name": "Drip Server", "product": {"product_id": "P3", "name": "Drip Server"}},
   {"category": "product_family", "name": "Drips", "branches": [{"category": "product_name", "name": "Drip Mini", "branches": [
      {"category": "product_version", "name": "1.0", "branches": [{"category": "service_pack", "name": "SP1", "product": {"product_id": "P4", "name": "x"}}]}]}]}],
   "category": "vendor", "name": "Acme Medical Inc."}],
  "full_product_names": [{"name": "Standalone Viewer", "product_id": "P5"}]},
 "vulnerabilities": [
  {"cve": "CVE-2031-0002", "product_status": {"known_affected": ["P1"], "fixed": ["P2"], "under_investigation": ["P3"]},
   "scores": [{"cvss_v3": {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "baseScore": 1.0}}],
   "remediations": [{"category": "mitigation", "details": "Unplug it."}, {"category": "vendor_fix", "details": "Update to\n version 4.0."}]},
  {"cve": "CVE-2031-0001", "product_status": {"known_affected": ["P1", "P4"], "known_not_affected": ["P5"]}, "remediations": "none"}]
}`

func TestParse(t *testing.T) {
	got, err := Parse([]byte(pump))
	if err != nil {
		t.Fatal(err)
	}
	want := &Advisory{
		ID: "ICSMA-31-001-01", Title: "Acme Drip Pump", Published: "2031-01-02T00:00:00Z", Updated: "2031-02-03T00:00:00Z",
		URL: "https://example.org/icsma-31-001-01",
		Products: []Product{
			{"Acme Medical Inc.", "Drip Pump", []Version{{"<= 3.2", Affected}, {"4.0", Unaffected}}},
			{"Acme Medical Inc.", "Drip Server", []Version{{"", Unclear}}},
			{"Acme Medical Inc.", "Drip Mini", []Version{{"1.0 SP1", Affected}}},
			{"", "Standalone Viewer", []Version{{"", Unaffected}}},
		},
		CVEs:    []string{"CVE-2031-0001", "CVE-2031-0002"},
		Vectors: []string{"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},
		Remedy:  "Update to version 4.0.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("advisory (-want +got):\n%s", diff)
	}
}

func TestParseRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"other JSON":      `{"bomFormat": "CycloneDX"}`,
		"no id":           strings.Replace(pump, `"id": "ICSMA-31-001-01",`, "", 1),
		"no product tree": `{"document": {"tracking": {"id": "X"}}, "vulnerabilities": []}`,
		"cut off":         pump[:len(pump)/2],
		"list":            `[]`,
		"empty":           ``,
		"too deep":        `{"document":{"tracking":{"id":"X"}},"product_tree":{"branches":` + strings.Repeat(`[{"branches":`, 1000) + `[]` + strings.Repeat(`}]`, 1000) + `}}`,
	} {
		if a, err := Parse([]byte(text)); err == nil {
			t.Errorf("%s: want an error, got %+v", name, a)
		}
	}
}

// What the limits leave out is said.
func TestLimitsAreSaid(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"document":{"tracking":{"id":"X"}},"product_tree":{"branches":[`)
	for i := range maxProducts + 2 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"category":"product_name","name":"p%d","product":{"product_id":"%d","name":"p"}}`, i, i)
	}
	b.WriteString(`]}}`)
	a, err := Parse([]byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Products) != maxProducts || a.Cut == "" {
		t.Errorf("want %d products and a word on the rest, got %d and %q", maxProducts, len(a.Products), a.Cut)
	}
	long := strings.Replace(pump, "Acme Drip Pump", strings.Repeat("ü", 1000), 1)
	if a, err = Parse([]byte(long)); err != nil || len(a.Title) > maxText+len("…") || !strings.HasSuffix(a.Title, "ü…") {
		t.Errorf("want a title cut at a character, got %d bytes (%v)", len(a.Title), err)
	}
}

// Every real advisory can be read and names a vendor, a product and a CVE.
func TestRealAdvisories(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(corpus.Dir(t, "csaf", "icsma"), "*.json"))
	if err != nil || len(files) < 100 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		a, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(file), err)
			continue
		}
		if !strings.EqualFold(a.ID+".json", filepath.Base(file)) || len(a.Products) == 0 || len(a.CVEs) == 0 ||
			len(a.Vectors) == 0 || a.URL == "" || a.Updated == "" || a.Remedy == "" || a.Cut != "" {
			t.Errorf("%s: not whole: %+v", filepath.Base(file), a)
		}
		for _, p := range a.Products {
			if p.Vendor == "" || len(p.Versions) == 0 {
				t.Errorf("%s: product without vendor or version: %+v", filepath.Base(file), p)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(pump))
	f.Add([]byte(`{"document":{"tracking":{"id":"X"}},"product_tree":{"relationships":[{"full_product_name":{"name":"a on b","product_id":"c"}}]}}`))
	f.Add([]byte(`{"product_tree":{"branches":[{"product":{}},{"branches":[{"branches":[]}]}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		a, err := Parse(text)
		if err != nil {
			return
		}
		if a.ID == "" || len(a.Products) > maxProducts || len(a.CVEs) > maxCVEs || len(a.Vectors) > maxCVEs || len(a.Remedy) > maxRemedy+len("…") {
			t.Fatalf("beyond the limits: %+v", a)
		}
		for _, p := range a.Products {
			if p.Name == "" || len(p.Versions) == 0 || len(p.Versions) > maxVersions {
				t.Fatalf("product %+v", p)
			}
		}
	})
}
