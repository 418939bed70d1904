// SPDX-License-Identifier: Apache-2.0

package scan_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/dossier"
	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/scan"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

// pumpAdvisory is an advisory of the shape of CISA's.
const pumpAdvisory = `{"document":{"title":"Acme Drip Pump","tracking":{"id":"ICSMA-26-001-01","initial_release_date":"2026-08-01T00:00:00Z","current_release_date":"2026-08-02T00:00:00Z"},
	"references":[{"category":"self","url":"https://example.org/icsma-26-001-01"}]},
	"product_tree":{"branches":[{"category":"vendor","name":"Acme Medical Systems, Inc.","branches":[
		{"category":"product_name","name":"Drip Pump","branches":[
			{"category":"product_version_range","name":"<= 3.2","product":{"product_id":"P1","name":"a"}},
			{"category":"product_version_range","name":">= 4.0 | < 4.1 (wireless module)","product":{"product_id":"P2","name":"b"}},
			{"category":"product_version","name":"5.0","product":{"product_id":"P3","name":"c"}}]},
		{"category":"product_name","name":"Drip Pump Mini","branches":[
			{"category":"product_version_range","name":"vers:all/*","product":{"product_id":"P4","name":"d"}}]}]}]},
	"vulnerabilities":[{"cve":"CVE-2026-0001","product_status":{"known_affected":["P1","P2","P4"],"fixed":["P3"]},
		"scores":[{"cvss_v3":{"vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}],
		"remediations":[{"category":"vendor_fix","details":"Update to version 5.0."}]}]}`

// intelligent is a database with every feed.
func intelligent(t *testing.T, csaf ...string) *vulndb.DB {
	t.Helper()
	in := build.Memory{
		Kind: vulndb.KindFull, AsOf: asOf,
		Records: func(yield func(string, []byte) bool) {
			_ = yield("npm", []byte(`{"id":"CVE-2026-0002","modified":"2026-08-20T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"drip"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"2.0.0"}]}]}]}`))
		},
		KEV:  []byte(`{"dateReleased":"2026-08-21","vulnerabilities":[{"cveID":"CVE-2026-0001","dateAdded":"2026-08-03"}]}`),
		EPSS: []byte("#score_date:2026-08-22\ncve,epss,percentile\nCVE-2026-0002,0.001,0.1\n"),
		SSVC: []byte("cve,exploitation,automatable,technical_impact,ssvc_date\nCVE-2026-0002,PoC,Yes,partial,2026-08-20\n"),
		CVSS: []byte("cve,type,vector,source\nCVE-2026-0002,CVSS_V3,CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N,nvd\nCVE-2026-0002,CVSS_V2,AV:N/AC:L/Au:N/C:P/I:N/A:N,maker\n"),
	}
	for _, text := range csaf {
		in.CSAF = append(in.CSAF, []byte(text))
	}
	file, _, err := build.FromRecords(in)
	if err != nil {
		t.Fatal(err)
	}
	db, err := vulndb.OpenBytes(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// device writes an SBOM of a product with one component.
func device(t *testing.T, supplier, product, version string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "device.cdx.json")
	text := fmt.Sprintf(`{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"bom-ref":"root","type":"device","name":%q,"version":%q,"manufacturer":{"name":%q}}},
		"components":[{"bom-ref":"a","type":"library","name":"drip","version":"1.0.0","purl":"pkg:npm/drip@1.0.0"}]}`, product, version, supplier)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// states of the two rules on advisories.
func advisoryRules(p *assessment.Product) string {
	var out []string
	for _, r := range p.Decision.Rules {
		if strings.HasPrefix(r.Check, "prd.") {
			out = append(out, r.Check+" "+r.State)
		}
	}
	return strings.Join(out, ", ")
}

func TestAdvisoriesOnTheProduct(t *testing.T) {
	db := intelligent(t, pumpAdvisory)
	const met = "prd.advisory pass, prd.advisory-clear pass"
	const fails, asks = "prd.advisory fail, prd.advisory-clear pass", "prd.advisory pass, prd.advisory-clear fail"
	for _, tt := range []struct {
		name                       string
		supplier, product, version string // of the document
		order                      dossier.Order
		want                       string // confidence, version
		rules                      string
	}{
		{"affected", "ACME Medical Systems", "Drip-Pump", "v3.1", dossier.Order{}, "strong affected", fails},
		{"later", "Acme", "Acme Drip Pump", "6.0", dossier.Order{}, "strong unclear", asks}, // the range with a remark holds it perhaps
		{"fixed", "Acme", "Drip Pump", "5.0", dossier.Order{}, "strong unaffected", met},
		{"no version", "Acme", "Drip Pump", "", dossier.Order{}, "strong not-stated", asks},
		{"by flags", "", "x", "", dossier.Order{Supplier: "Acme GmbH", Product: "Drip Pump", Version: "3.0"}, "strong affected", fails},
		{"by an alias", "Acme", "DP One", "2.0", dossier.Order{Product: "DP One", ProductAliases: []string{"Drip Pump"}}, "strong affected", fails},
		{"sibling", "Acme", "Drip Pump Mini", "9", dossier.Order{}, "strong affected", fails},
		{"part of the name", "Acme", "Drip", "3.0", dossier.Order{}, "possible affected", asks},
		{"vendor not known", "", "Drip Pump", "3.0", dossier.Order{}, "possible affected", asks},
		{"other vendor", "Zenith", "Drip Pump", "3.0", dossier.Order{}, "possible affected", asks},
		{"other vendor and version", "Zenith", "Drip Pump", "3.9", dossier.Order{}, "possible unclear", asks},
		{"other vendor, fixed version", "Zenith", "Drip Pump", "5.0", dossier.Order{}, "possible unaffected", met},
		{"other product", "Acme", "Ventilator", "3.0", dossier.Order{}, "", met},
		// The document describes another product: its version says nothing of this one.
		{"version of another", "Acme", "Ventilator", "5.0", dossier.Order{Product: "Drip Pump Mini"}, "strong affected", fails},
		{"version of another, not stated", "Acme", "Ventilator", "3.0", dossier.Order{Product: "Drip Pump"}, "strong not-stated", asks},
	} {
		t.Run(tt.name, func(t *testing.T) {
			order := tt.order
			aliases := order.ProductAliases
			order.ProductAliases = nil
			path := device(t, tt.supplier, tt.product, tt.version)
			if aliases != nil {
				config := "supplier: Acme\nproduct: " + order.Product + "\nproduct-aliases: [" + strings.Join(aliases, ", ") + "]\n"
				if err := os.WriteFile(filepath.Join(filepath.Dir(path), ".medsbom.yaml"), []byte(config), 0o600); err != nil {
					t.Fatal(err)
				}
				order, path = dossier.Order{}, filepath.Dir(path)
			}
			k, _ := run(t, scan.Options{Paths: []string{path}, DB: db, Order: order, Jobs: 1})
			p := k.products[0]
			got := ""
			for _, a := range p.Context.Advisories {
				got = a.Confidence + " " + a.Version
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s%+v", diff, p.Context)
			}
			if diff := cmp.Diff(tt.rules, advisoryRules(p)); diff != "" {
				t.Errorf("rules (-want +got):\n%s", diff)
			}
			if l := p.Context.Lookup; l.State != assessment.LookupDone || l.Date != "2026-08-02" || l.Records != 1 || l.Found != len(p.Context.Advisories) || len(l.Names) == 0 {
				t.Errorf("lookup: %+v", l)
			}
		})
	}
}

// What an advisory says of the product is told in full, and changes no number.
func TestAdvisoryIsToldAndPricesNothing(t *testing.T) {
	path := device(t, "Acme", "Drip Pump", "3.1")
	with, _ := run(t, scan.Options{Paths: []string{path}, DB: intelligent(t, pumpAdvisory), Jobs: 1})
	without, _ := run(t, scan.Options{Paths: []string{path}, DB: intelligent(t), Jobs: 1})
	want := []assessment.ProductAdvisory{{
		ID: "ICSMA-26-001-01", Title: "Acme Drip Pump", URL: "https://example.org/icsma-26-001-01", Published: "2026-08-01", Updated: "2026-08-02",
		CVEs: []string{"CVE-2026-0001"}, Exploited: []string{"CVE-2026-0001"},
		CVSS:   &assessment.CVSS{Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Score: 9.8, Source: "ICSMA-26-001-01"},
		Remedy: "Update to version 5.0.", Vendor: "Acme Medical Systems, Inc.", Product: "Drip Pump",
		Versions:   []string{"<= 3.2", ">= 4.0 | < 4.1 (wireless module)", "5.0 (not affected, or fixed)"},
		Confidence: "strong", Version: assessment.VersionAffected, Why: "vendor the same (document), product the same (document)",
	}}
	if diff := cmp.Diff(want, with.products[0].Context.Advisories); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(without.products[0].Score, with.products[0].Score); diff != "" {
		t.Errorf("score (-without +with):\n%s", diff)
	}
	if l := without.products[0].Context.Lookup; l.State != assessment.LookupNotDone || l.Reason == "" {
		t.Errorf("without the feed: %+v", l)
	}
	if got := advisoryRules(without.products[0]); got != "prd.advisory not-assessed, prd.advisory-clear not-assessed" {
		t.Errorf("without the feed: %s", got)
	}
	if w := strings.Join(without.header.Database.Warnings, "\n"); !strings.Contains(w, "CISA has advisories on the product itself") {
		t.Errorf("warnings: %s", w)
	}
	if w := strings.Join(with.header.Database.Warnings, "\n"); strings.Contains(w, "CISA") {
		t.Errorf("warnings: %s", w)
	}
	questions := with.products[0].Decision.Questions
	if !slices.ContainsFunc(questions, func(q assessment.Question) bool { return strings.Contains(q.Text, "ICSMA-26-001-01") }) {
		t.Errorf("nobody asks about the advisory: %+v", questions)
	}
}

// An SBOM that cannot be read is still of a product.
func TestAdvisoriesOnAnUnreadableProduct(t *testing.T) {
	path := filepath.Join(t.TempDir(), "broken.cdx.json")
	if err := os.WriteFile(path, []byte(`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[`), 0o600); err != nil {
		t.Fatal(err)
	}
	k, _ := run(t, scan.Options{
		Paths: []string{path}, DB: intelligent(t, pumpAdvisory), Jobs: 1, Order: dossier.Order{Supplier: "Acme", Product: "Drip Pump", Version: "1.0"},
	})
	if p := k.products[0]; p.State != assessment.StateUnreadable || len(p.Context.Advisories) != 1 {
		t.Errorf("got %s, %+v", p.State, p.Context)
	}
}

func TestSSVCAndRatingsOfAFinding(t *testing.T) {
	k, _ := run(t, scan.Options{Paths: []string{device(t, "Acme", "Pump", "1")}, DB: intelligent(t), Jobs: 1})
	if len(k.products[0].Findings) != 1 {
		t.Fatalf("got %d findings", len(k.products[0].Findings))
	}
	f := k.products[0].Findings[0]
	if diff := cmp.Diff(&assessment.SSVC{CVE: "CVE-2026-0002", Exploitation: "poc", Automatable: "yes", TechnicalImpact: "partial", Date: "2026-08-20"}, f.SSVC); diff != "" {
		t.Errorf("SSVC (-want +got):\n%s", diff)
	}
	if f.CVSS == nil || f.CVSS.Source != "CVE-2026-0002 by nvd" || f.Severity != "high" {
		t.Errorf("CVSS: %+v, %s", f.CVSS, f.Severity)
	}
	if want := "100 × severity 0.75 (CVSS 7.5) × exploitation 0.80 (public exploit, by SSVC)"; f.PointsRule != want {
		t.Errorf("want %q, got %q", want, f.PointsRule)
	}
	want := []assessment.Severity{
		{Type: "CVSS_V2", Score: "AV:N/AC:L/Au:N/C:P/I:N/A:N", Source: "CVE-2026-0002 by maker"},
		{Type: "CVSS_V3", Score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", Source: "CVE-2026-0002 by nvd"},
	}
	if diff := cmp.Diff(want, k.trailer.Advisories["CVE-2026-0002"].Severities); diff != "" {
		t.Errorf("severities (-want +got):\n%s", diff)
	}
}

// A feed of advisories is not old after a quiet week, and a feed without a date
// is.
func TestAgeOfFeeds(t *testing.T) {
	path := device(t, "Acme", "Pump", "1")
	db := intelligent(t, pumpAdvisory)
	for _, tt := range []struct {
		day  string
		want []string
	}{
		{"2026-08-14", []string{"cvss"}},
		{"2026-08-17", []string{"csaf", "cvss"}},
		{"2026-08-28", []string{"csaf", "cvss", "osv/npm", "ssvc"}},
	} {
		day, err := time.Parse(time.DateOnly, tt.day)
		if err != nil {
			t.Fatal(err)
		}
		k, _ := run(t, scan.Options{Paths: []string{path}, DB: db, Jobs: 1, AsOf: day})
		var stale []string
		for _, f := range k.header.Database.Feeds {
			if f.Stale {
				stale = append(stale, f.Name)
			}
		}
		if diff := cmp.Diff(tt.want, stale); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.day, diff)
		}
	}
}

// Products that CISA's real advisories name are found under the names that a
// hospital would write.
func TestRealAdvisories(t *testing.T) {
	db := full(t)
	sbom := corpus.Dir(t, "sbom", "medical", "sample-device-samd-c.cdx.json")
	for _, tt := range []struct{ supplier, product, version, want string }{
		{"Illumina, Inc.", "iSeq 100", "2.0", "ICSMA-23-117-01 strong affected"},
		{"BD", "Alaris 8015 PC unit", "9.5", "ICSMA-17-017-02 strong affected"},
		{"Becton Dickinson", "Synapsys", "4.30", "ICSMA-22-151-02 strong affected"},
		{"Philips Healthcare", "IntelliSpace Portal", "8", "ICSMA-18-058-02 possible affected"},
		{"Softneta", "MedDream PACS", "7.3.0", "ICSMA-23-248-01 strong other"},
		{"Baxter", "Sigma Spectrum", "8.0", "ICSMA-22-251-01 strong unclear"},
		{"OFFIS", "DCMTK", "3.6.5", "ICSMA-22-174-01 strong affected"},
		{"Acme", "iSeq 100", "2.0", "ICSMA-23-117-01 possible affected"},
		{"Acme", "Ventilator", "2.0", ""},
		{"Draeger", "Infinity Delta", "1", "ICSMA-19-022-01 strong affected"},
		{"Drägerwerk AG & Co. KGaA", "Infinity Delta", "1", "ICSMA-19-022-01 possible affected"},
		{"Dra\u0308ger", "Infinity Delta", "1", "ICSMA-19-022-01 strong affected"},
		{"Welch Allyn", "Welch Allyn Connex Spot Monitor", "1.5", "ICSMA-24-151-02 possible affected"},
		{"Welch Allyn", "Connex Spot Monitor", "1.5", "ICSMA-24-151-02 possible affected"},
		{"Koninklijke Philips N.V.", "IntelliSpace Portal", "8", "ICSMA-18-058-02 possible affected"},
		{"Medtronic", "MyCareLink Patient Monitor 24950", "1", "ICSMA-18-219-01 possible affected"},
		{"Hamilton", "HAMILTON-T1", "2.2.1", "ICSMA-21-047-01 possible affected"},
	} {
		k, _ := run(t, scan.Options{
			Paths: []string{sbom}, DB: db, Jobs: 1, Order: dossier.Order{Supplier: tt.supplier, Product: tt.product, Version: tt.version},
		})
		got := ""
		if list := k.products[0].Context.Advisories; len(list) > 0 {
			got = list[0].ID + " " + list[0].Confidence + " " + list[0].Version
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s %s %s (-want +got):\n%s", tt.supplier, tt.product, tt.version, diff)
		}
	}
}
