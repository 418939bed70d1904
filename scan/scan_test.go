// SPDX-License-Identifier: Apache-2.0

package scan_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/report"
	"github.com/medsbom/medsbom/scan"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
	"github.com/medsbom/medsbom/vulndb/starter"
)

var asOf = time.Date(2026, 8, 23, 0, 0, 0, 0, time.UTC)

// built is the full database, if a test asked for it.
var built struct {
	sync.Once
	folder, file string
	err          error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.folder != "" {
		os.RemoveAll(built.folder)
	}
	os.Exit(code)
}

// full opens the database of all real advisories.
func full(t *testing.T) *vulndb.DB {
	t.Helper()
	from := corpus.Dir(t)
	built.Do(func() {
		if built.folder, built.err = os.MkdirTemp("", "medsbom-scan"); built.err != nil {
			return
		}
		built.file = filepath.Join(built.folder, "full.db")
		_, built.err = build.Build(context.Background(), build.Options{From: from, Out: built.file, AsOf: asOf})
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	db, err := vulndb.Open(built.file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// kept is a handler that keeps everything.
type kept struct {
	header   assessment.Header
	products []*assessment.Product
	trailer  assessment.Trailer
}

func (k *kept) Begin(h *assessment.Header) error    { k.header = *h; return nil }
func (k *kept) Product(p *assessment.Product) error { k.products = append(k.products, p); return nil }
func (k *kept) End(t *assessment.Trailer) error     { k.trailer = *t; return nil }

func run(t *testing.T, opts scan.Options) (*kept, assessment.Exit) {
	t.Helper()
	if opts.AsOf.IsZero() {
		opts.AsOf = asOf
	}
	opts.MaxAge = 7 * 24 * time.Hour
	k := new(kept)
	exit, err := scan.Run(context.Background(), &opts, k)
	if err != nil {
		t.Fatal(err)
	}
	return k, exit
}

func jsonOf(t *testing.T, opts scan.Options) []byte {
	t.Helper()
	opts.AsOf, opts.MaxAge = asOf, 7*24*time.Hour
	var out bytes.Buffer
	if _, err := scan.Run(context.Background(), &opts, report.JSON(&out)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestMedical scans real SBOMs of medical software with all real advisories.
func TestMedical(t *testing.T) {
	dir := corpus.Dir(t, "sbom", "medical")
	db := full(t)
	k, exit := run(t, scan.Options{Paths: []string{dir}, DB: db, Jobs: 3})
	if exit.Code != 1 {
		t.Errorf("want exit code 1, got %d (%s)", exit.Code, exit.Reason)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(k.products) != len(files) {
		t.Errorf("want a product for each of the %d files, got %d", len(files), len(k.products))
	}
	if len(k.trailer.Summary.Ranking) != len(files) || len(k.trailer.Inputs) != len(files) {
		t.Errorf("ranking of %d and account of %d, want %d each", len(k.trailer.Summary.Ranking), len(k.trailer.Inputs), len(files))
	}
	checkProducts(t, k)
	checkRanking(t, k.trailer.Summary.Ranking)
}

// TestWild does the same for what real generators write: nothing panics,
// nothing is dropped, nothing that could not be read exits 0.
func TestWild(t *testing.T) {
	dir := corpus.Dir(t, "sbom", "wild")
	k, _ := run(t, scan.Options{Paths: []string{dir}, DB: full(t), Jobs: 2})
	checkProducts(t, k)
	checkRanking(t, k.trailer.Summary.Ranking)
	counts := manifest(t)
	for _, p := range k.products {
		name := "wild/" + filepath.Base(p.SBOM.Path)
		if want, ok := counts[name]; ok && p.State != assessment.StateUnreadable && p.Coverage.Components != want {
			t.Errorf("%s: the report counts %d components, the manifest %d", name, p.Coverage.Components, want)
		}
	}
}

// manifest is what the documents of the corpus list, by their path.
func manifest(t *testing.T) map[string]int {
	t.Helper()
	counts := make(map[string]int)
	for _, row := range corpus.Table(t, corpus.Dir(t, "sbom", "MANIFEST.tsv")) {
		if n, err := strconv.Atoi(row["components"]); err == nil && row["format"] != "zip" {
			counts[row["path"]] = n
		}
	}
	return counts
}

// checkProducts holds what must be true of every product of every scan.
func checkProducts(t *testing.T, k *kept) {
	t.Helper()
	ids := make(map[string]bool)
	for _, p := range k.products {
		if ids[p.ID] {
			t.Errorf("%s: the id occurs twice", p.ID)
		}
		ids[p.ID] = true
		c := p.Coverage
		if sum := c.Assessed + c.Weak + c.StarterOnly + c.NotAssessed + c.OutOfScope; sum != c.Components {
			t.Errorf("%s: states sum to %d of %d components", p.ID, sum, c.Components)
		}
		if p.State == assessment.StateAssessed && p.Decision.Outcome == "" {
			t.Errorf("%s: no decision", p.ID)
		}
		if p.State != assessment.StateAssessed && p.Decision.Outcome != assessment.Reject {
			t.Errorf("%s: %s, and yet the decision is %s", p.ID, p.State, p.Decision.Outcome)
		}
		sum := 0.0
		for _, x := range p.Score.Contributions {
			sum += x.Share
		}
		if diff := sum - p.Score.WorstCase.Value; diff > 0.01 || diff < -0.01 {
			t.Errorf("%s: contributions sum to %.2f, the worst case is %.1f", p.ID, sum, p.Score.WorstCase.Value)
		}
		if p.Score.Known.Value > p.Score.WorstCase.Value {
			t.Errorf("%s: known %.1f is above the worst case %.1f", p.ID, p.Score.Known.Value, p.Score.WorstCase.Value)
		}
		seen := make(map[string]bool)
		for _, f := range p.Findings {
			once := f.ID + " " + strconv.Itoa(f.Component)
			if seen[once] {
				t.Errorf("%s: %s is reported twice for one component", p.ID, once)
			}
			seen[once] = true
			if _, ok := k.trailer.Advisories[f.ID]; !ok {
				t.Errorf("%s: finding %s has no advisory", p.ID, f.ID)
			}
			if f.Line == 0 {
				t.Errorf("%s: finding %s has no place", p.ID, f.Key)
			}
			if place := p.Components.At(f.Component).Places[0]; place.Line != f.Line {
				t.Errorf("%s: finding %s stands at line %d, its component at %d", p.ID, f.Key, f.Line, place.Line)
			}
		}
	}
}

func checkRanking(t *testing.T, ranking []assessment.Ranked) {
	t.Helper()
	bottom := false
	for i, r := range ranking {
		if r.State != assessment.StateAssessed || r.NothingAssessed {
			bottom = true
		} else if bottom {
			t.Errorf("%s is ranked below what could not be assessed", r.Product)
		}
		if i > 0 && !bottom && r.WorstCase.Value > ranking[i-1].WorstCase.Value {
			t.Errorf("%s (%.1f) is ranked after %.1f", r.Product, r.WorstCase.Value, ranking[i-1].WorstCase.Value)
		}
	}
}

// TestDeterministic: the same bytes again, whatever the number of workers.
func TestDeterministic(t *testing.T) {
	dir := corpus.Dir(t, "sbom", "medical")
	db := full(t)
	first := jsonOf(t, scan.Options{Paths: []string{dir}, DB: db, Jobs: 1})
	second := jsonOf(t, scan.Options{Paths: []string{dir}, DB: db, Jobs: 5})
	if !bytes.Equal(first, second) {
		t.Error("two scans of the same files differ")
	}
}

// TestPeerMistakes holds the sixteen inputs on which osv-scanner 2.5 is wrong.
func TestPeerMistakes(t *testing.T) {
	dir := filepath.Join(corpus.Dir(t), "..", "bench", "cases")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no cases beside the data: %v", err)
	}
	db := full(t)
	for _, test := range []struct {
		file, state string
		strong      int      // findings on a sure identity
		possible    bool     // candidates are told
		ids         []string // some of the findings
	}{
		{"group-maven", "assessed", 5, false, []string{"CVE-2021-44228", "CVE-2021-45046"}},
		{"group-npm", "assessed", 1, false, []string{"CVE-2023-45133"}},
		{"full-npm", "assessed", 1, false, []string{"CVE-2023-45133"}},
		{"group-go", "assessed", 2, false, nil},
		{"cloud-go", "assessed", 0, false, nil},
		{"stdlib-new", "assessed", 0, false, nil},
		{"git-range-first", "assessed", 26, false, []string{"CVE-2022-34265"}},
		{"alma", "assessed", 58, false, nil},
		{"deb", "assessed", 3, false, []string{"CVE-2022-1292"}},
		{"deb-point-release", "assessed", 3, false, []string{"CVE-2022-1292"}},
		{"deb-upstream", "assessed", 3, false, []string{"CVE-2022-1292"}},
		{"bitnami", "assessed", 38, false, []string{"CVE-2023-46604"}},
		{"metadata-comp", "assessed", 30, false, nil},
		{"no-purl", "not-assessed", 0, true, nil},
		{"bad-version", "not-assessed", 0, true, nil},
		{"nuget-case", "assessed", 1, false, []string{"CVE-2024-21907"}},
	} {
		t.Run(test.file, func(t *testing.T) {
			k, _ := run(t, scan.Options{Paths: []string{filepath.Join(dir, test.file+".cdx.json")}, DB: db, Jobs: 1})
			p := k.products[0]
			if got := p.Components.At(0).State; got != test.state {
				t.Errorf("want %s, got %s (%s)", test.state, got, p.Components.At(0).Reason)
			}
			strong, possible := 0, false
			var ids []string
			for _, f := range p.Findings {
				ids = append(ids, f.ID)
				switch f.Match.Confidence {
				case "strong":
					strong++
				case "possible":
					possible = true
				}
			}
			if strong != test.strong || possible != test.possible {
				t.Errorf("want %d sure findings and candidates %v, got %d and %v", test.strong, test.possible, strong, possible)
			}
			for _, id := range test.ids {
				if !slices.Contains(ids, id) {
					t.Errorf("%s is missing in %v", id, ids)
				}
			}
			if test.state == "not-assessed" && p.Decision.Outcome == assessment.Accept {
				t.Error("accepted, though nothing could be assessed")
			}
		})
	}
}

// TestSpellings: log4j-core is found however the document writes it.
func TestSpellings(t *testing.T) {
	db := full(t)
	for _, test := range []struct{ name, text, state, confidence string }{
		{"package URL", `{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","name":"log4j-core","version":"2.14.1","purl":"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"}]}`, "assessed", "strong"},
		{"group and name", `{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","group":"org.apache.logging.log4j","name":"log4j-core","version":"2.14.1"}]}`, "assessed-weakly", "weak"},
		{"SPDX", `{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"x","packages":[{"SPDXID":"SPDXRef-a","name":"log4j-core","versionInfo":"2.14.1","externalRefs":[{"referenceCategory":"PACKAGE_MANAGER","referenceType":"purl","referenceLocator":"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"}]}]}`, "assessed", "strong"},
		{"SPDX tag-value", "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: x\n\nPackageName: log4j-core\nSPDXID: SPDXRef-a\nPackageVersion: 2.14.1\nExternalRef: PACKAGE-MANAGER purl pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1\n", "assessed", "strong"},
		{"CycloneDX XML", `<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components><component type="library"><group>org.apache.logging.log4j</group><name>log4j-core</name><version>2.14.1</version><purl>pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1</purl></component></components></bom>`, "assessed", "strong"},
	} {
		t.Run(test.name, func(t *testing.T) {
			k, _ := run(t, scan.Options{Paths: []string{"-"}, Stdin: strings.NewReader(test.text), DB: db, Jobs: 1})
			p := k.products[0]
			if p.State != assessment.StateAssessed || p.Components.At(0).State != test.state {
				t.Fatalf("want %s, got %s: %+v", test.state, p.State, p.Components.At(0))
			}
			i := slices.IndexFunc(p.Findings, func(f assessment.Finding) bool { return f.ID == "CVE-2021-44228" })
			if i < 0 || p.Findings[i].Match.Confidence != test.confidence || p.Findings[i].KEV == nil {
				t.Errorf("CVE-2021-44228 is not found as %s and known to be exploited: %+v", test.confidence, p.Findings)
			}
		})
	}
}

// TestStarterNeverPasses: not even a product in which nothing is found.
func TestStarterNeverPasses(t *testing.T) {
	db, err := starter.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	k, exit := run(t, scan.Options{Paths: []string{filepath.Join("..", "testdata", "sbom", "patient-monitor.cdx.json")}, DB: db, Jobs: 1})
	p := k.products[0]
	if exit.Code != 3 || p.Decision.Outcome != assessment.Reject || p.Decision.Class != assessment.ClassEvidence {
		t.Errorf("want exit code 3 and a rejection for evidence, got %d and %s/%s", exit.Code, p.Decision.Outcome, p.Decision.Class)
	}
	if p.Score.Known.Grade != "" || p.Score.WorstCase.Grade != "" {
		t.Errorf("a grade is given with the starter set: %+v", p.Score)
	}
	if p.Coverage.StarterOnly != p.Coverage.Components || p.Coverage.Assessed != 0 {
		t.Errorf("want every component starter-only: %+v", p.Coverage)
	}
}

// TestEvidence: contributions, findings and rules can be followed to a place.
func TestEvidence(t *testing.T) {
	db, err := starter.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	file := filepath.Join("..", "testdata", "sbom", "infusion-pump.cdx.json")
	k, _ := run(t, scan.Options{Paths: []string{file}, DB: db, Jobs: 1})
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	p := k.products[0]
	for _, f := range p.Findings {
		// The component's object begins on its line; its reference follows.
		if ref := p.Components.At(f.Component).Ref; !strings.Contains(lines[f.Line], `"`+ref+`"`) {
			t.Errorf("%s: line %d does not begin component %q: %s", f.Key, f.Line, ref, lines[f.Line])
		}
	}
	first := p.Score.Contributions[0]
	want := assessment.Subject{
		Component: "pkg:maven/org.apache.logging.log4j/log4j-core", Name: "log4j-core 2.14.1",
		Finding: "CVE-2021-44228 pkg:maven/org.apache.logging.log4j/log4j-core", Line: first.Subject.Line, Column: first.Subject.Column,
	}
	if diff := cmp.Diff(want, first.Subject); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if !strings.Contains(first.Action, "2.17.1") {
		t.Errorf("the advice fixes one advisory and leaves the next open: %q", first.Action)
	}
	if k.header.Database.Kind != "starter" {
		t.Errorf("want a starter database in the header, got %q", k.header.Database.Kind)
	}
}

// TestGoodPasses: a good SBOM alone passes the default pack, with real data.
func TestGoodPasses(t *testing.T) {
	k, exit := run(t, scan.Options{
		Paths: []string{filepath.Join("..", "testdata", "sbom", "patient-monitor.cdx.json")}, DB: full(t), Jobs: 1,
		AsOf: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
	})
	p := k.products[0]
	if exit.Code != 0 || p.Decision.Outcome != assessment.Accept {
		t.Errorf("want accept and exit code 0, got %s and %d: %s", p.Decision.Outcome, exit.Code, p.Decision.Sentence)
	}
}

// TestAdviceHolds: the version that a report advises to update to is not itself
// affected, even where the fix of one advisory lies in the range of another.
func TestAdviceHolds(t *testing.T) {
	db := full(t)
	scanOne := func(base, version string) *assessment.Product {
		text := `{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","name":"x","purl":"` + base + "@" + version + `"}]}`
		k, _ := run(t, scan.Options{Paths: []string{"-"}, Stdin: strings.NewReader(text), DB: db, Jobs: 1})
		return k.products[0]
	}
	for _, test := range []struct{ base, version string }{
		{"pkg:maven/org.springframework/spring-web", "5.3.14"},
		{"pkg:maven/org.apache.logging.log4j/log4j-core", "2.14.1"},
		{"pkg:npm/axios", "0.19.0"},
		{"pkg:maven/org.keycloak/keycloak-services", "15.0.0"},
		{"pkg:composer/symfony/http-kernel", "v3.4.11"},
		{"pkg:pypi/django", "3.2.0"},
		{"pkg:golang/golang.org/x/net", "v0.14.0"},
		{"pkg:npm/angular", "1.8.3"}, // its records end at 999.999.999, where no release is
	} {
		t.Run(test.base, func(t *testing.T) {
			p := scanOne(test.base, test.version)
			if len(p.Findings) == 0 {
				t.Fatal("nothing is found, so nothing is shown")
			}
			advised := false
			for _, c := range p.Score.Contributions {
				_, rest, ok := strings.Cut(c.Action, " to ")
				if !strings.HasPrefix(c.Action, "Update ") || !ok {
					continue
				}
				advised = true
				to := strings.TrimSuffix(rest, " or later")
				if strings.Contains(to, "999") {
					t.Fatalf("advice to go to a placeholder: %q", c.Action)
				}
				for _, f := range scanOne(test.base, to).Findings {
					if f.Points > 0 && f.Match.Confidence == "strong" {
						t.Errorf("%q, and that version is affected by %s (%s)", c.Action, f.ID, f.Match.Range)
					}
				}
				break
			}
			if !advised && !slices.ContainsFunc(p.Score.Contributions, func(c assessment.Contribution) bool {
				return strings.HasPrefix(c.Action, "No version is known")
			}) {
				t.Errorf("no advice at all: %+v", p.Score.Contributions[0])
			}
		})
	}
}
