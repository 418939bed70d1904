// SPDX-License-Identifier: Apache-2.0

package build

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/version"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// full is the database of all the data, built once a test binary.
var full struct {
	once   sync.Once
	file   []byte
	report *Report
	err    error
}

func fullBuild(t testing.TB) ([]byte, *Report) {
	t.Helper()
	from := corpus.Dir(t)
	full.once.Do(func() {
		folder, err := os.MkdirTemp("", "medsbom-test")
		if err != nil {
			full.err = err
			return
		}
		defer os.RemoveAll(folder)
		out := filepath.Join(folder, "x.db")
		if full.report, full.err = Build(context.Background(), Options{From: from, Out: out, AsOf: testDay}); full.err == nil {
			full.file, full.err = os.ReadFile(out)
		}
	})
	if full.err != nil {
		t.Fatal(full.err)
	}
	return full.file, full.report
}

func fullDB(t testing.TB) *vulndb.DB {
	t.Helper()
	file, _ := fullBuild(t)
	db, err := vulndb.OpenBytes(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// osvRecord is a slow and plain reader of the same records, the oracle of these
// tests.
type osvRecord struct {
	ID        string   `json:"id"`
	Withdrawn *string  `json:"withdrawn"`
	Summary   string   `json:"summary"`
	Aliases   []string `json:"aliases"`
	Upstream  []string `json:"upstream"`
	Affected  []struct {
		Package *struct {
			Ecosystem string `json:"ecosystem"`
			Name      string `json:"name"`
		} `json:"package"`
		Ranges []struct {
			Type   string              `json:"type"`
			Events []map[string]string `json:"events"`
		} `json:"ranges"`
		Versions          []string                   `json:"versions"`
		EcosystemSpecific map[string]json.RawMessage `json:"ecosystem_specific"`
	} `json:"affected"`
	References []struct {
		URL string `json:"url"`
	} `json:"references"`
}

// eachRecord gives the records of some ecosystems of the data.
func eachRecord(t testing.TB, ecosystems []string, yield func(ecosystem string, r *osvRecord)) {
	t.Helper()
	for _, ecosystem := range ecosystems {
		z, err := zip.OpenReader(corpus.Dir(t, "osv", ecosystem, "all.zip"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			var record osvRecord
			if err := json.Unmarshal(text, &record); err != nil {
				t.Fatalf("%s %s: %v", ecosystem, f.Name, err)
			}
			yield(ecosystem, &record)
		}
		_ = z.Close()
	}
}

func TestFullCounts(t *testing.T) {
	_, r := fullBuild(t)
	type counts struct{ Files, Refused, IDs, Duplicates, Withdrawn, WithoutPackage int }
	want := counts{67425, 0, 66574, 67425 - 66574, 331, 294}
	got := counts{r.Files, r.Refused, r.Advisories, r.Duplicates, r.Withdrawn, r.EntriesWithoutPackage}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if len(r.Feeds) != 34 {
		t.Errorf("want 27 zips, KEV, EPSS, SSVC, CVSS, CSAF and two of ends of life, got %d feeds", len(r.Feeds))
	}
	// As data/SOURCES.md counts them; one CVSS vector is not valid.
	intelligence := map[string]int{}
	for _, f := range r.Feeds {
		if !strings.HasPrefix(f.Name, "osv/") && !strings.HasPrefix(f.Name, "eol") {
			intelligence[f.Name] = f.Records
		}
	}
	if d := cmp.Diff(map[string]int{"kev": 1674, "epss": 2634, "ssvc": 44026, "cvss": 42722, "csaf": 144 + 2235}, intelligence); d != "" {
		t.Errorf("feeds (-want +got):\n%s", d)
	}
	if r.JSONSize != 108_759_528 || float64(r.Size) > 0.35*float64(r.JSONSize) {
		t.Errorf("%d bytes for %d of JSON, more than 0.35", r.Size, r.JSONSize)
	}
	// What is odd in the data is known: some fifty bounds that cannot be compared,
	// two vectors, 13 records without modified, two modified in 2027.
	if r.Oddities > 90 || r.Oddities < 40 {
		t.Errorf("%d oddities:\n%s", r.Oddities, strings.Join(odd(r), "\n"))
	}
	for _, want := range []string{
		`osv/Go/all.zip: GHSA-f5pg-7wfw-84q9: CVSS_V3 vector`, `osv/npm/all.zip: x_NSWG-ECO-504: CVSS_V3 vector`, `osv/PyPI/all.zip: PYSEC-2018-155: bound "0.2.0-alpha\\.33"`,
		`osv/PyPI/all.zip: 2 dates lie after the date of the build`,
	} {
		if !slices.ContainsFunc(odd(r), func(s string) bool { return strings.HasPrefix(s, want) }) {
			t.Errorf("oddity not listed: %s", want)
		}
	}
}

func TestFullVerify(t *testing.T) {
	if err := fullDB(t).Verify(); err != nil {
		t.Error(err)
	}
}

func TestFullIsDeterministic(t *testing.T) {
	want, first := fullBuild(t)
	got, second := build(t, corpus.Dir(t), func(o *Options) { o.Jobs = 3 })
	if !bytes.Equal(want, got) || first.Digest != second.Digest {
		t.Error("two builds of the same sources differ")
	}
}

// TestFullRoundTrip compares entries of the database with the records as the
// plain reader has them.
func TestFullRoundTrip(t *testing.T) {
	db := fullDB(t)
	type key struct{ ecosystem, name, id string }
	want := map[key][]string{}
	kinds := map[string]string{"introduced": "i", "fixed": "f", "last_affected": "l", "limit": "m"}
	texts := map[string]*osvRecord{}
	ecosystems := []string{"AlmaLinux", "Alpaquita", "Debian", "Maven", "NuGet", "PyPI", "RubyGems", "crates.io", "npm", "Bitnami", "Hex", "Ubuntu", "Red Hat"}
	least := 120_000
	if raceDetector {
		ecosystems, least = []string{"Debian", "RubyGems", "crates.io"}, 10_000
	}
	eachRecord(t, ecosystems, func(_ string, r *osvRecord) {
		if texts[r.ID] != nil {
			return
		}
		texts[r.ID] = r
		if r.Withdrawn != nil {
			return
		}
		for _, a := range r.Affected {
			if a.Package == nil {
				continue
			}
			ecosystem, release := layout.SplitEcosystem(a.Package.Ecosystem)
			k := key{ecosystem, purl.FoldName(ecosystem, a.Package.Name), r.ID}
			var bounds []string
			for _, g := range a.Ranges {
				for _, e := range g.Events {
					for kind, v := range e {
						bounds = append(bounds, g.Type[:1]+kinds[kind]+v)
					}
				}
			}
			slices.Sort(bounds)
			want[k] = append(want[k], release+" "+strings.Join(bounds, " "))
			if d := purl.FoldName(ecosystem, a.Package.Name); d != k.name {
				t.Errorf("%s %s: purl folds to %q, the database to %q", ecosystem, a.Package.Name, d, k.name)
			}
		}
	})
	// Each package once, its entries by advisory.
	checked := 0
	have := map[key][]string{}
	seen := map[[2]string]bool{}
	for k := range want {
		if seen[[2]string{k.ecosystem, k.name}] {
			continue
		}
		seen[[2]string{k.ecosystem, k.name}] = true
		p, ok := db.Package(k.ecosystem, k.name)
		if !ok {
			t.Fatalf("%v is not found", k)
		}
		var e vulndb.Entry
		for i := range p.Len() {
			if err := p.Entry(i, &e); err != nil {
				t.Fatal(err)
			}
			id := db.Advisory(e.Advisory).ID
			if texts[id] == nil || e.CustomRanges {
				continue // of an ecosystem that is not read here
			}
			var bounds []string
			for _, g := range e.Ranges {
				for _, ev := range g.Events {
					bounds = append(bounds, g.Kind.String()[:1]+kinds[ev.Kind.String()]+ev.Version)
				}
			}
			slices.Sort(bounds)
			at := key{k.ecosystem, k.name, id}
			have[at] = append(have[at], e.Release+" "+strings.Join(bounds, " "))
			checked++
		}
	}
	for k, lines := range want {
		if !slices.Equal(lines, have[k]) {
			t.Errorf("%v (-want +got):\n%s", k, cmp.Diff(lines, have[k]))
		}
	}
	if len(have) != len(want) {
		t.Errorf("want entries of %d advisories and packages, got %d", len(want), len(have))
	}
	if checked < least {
		t.Errorf("only %d entries compared", checked)
	}
	for id, r := range texts {
		found := db.Find(id)
		i := slices.IndexFunc(found, func(a vulndb.AdvisoryID) bool { return db.Advisory(a).ID == id })
		if i < 0 {
			t.Fatalf("%s is not found by its id", id)
		}
		text, err := db.Text(found[i])
		if err != nil {
			t.Fatal(err)
		}
		if text.Summary != r.Summary || len(text.References) != len(r.References) || !slices.Equal(text.Aliases, r.Aliases) || !slices.Equal(text.Upstream, r.Upstream) {
			t.Errorf("%s: want %+v, got %+v", id, r, text)
		}
	}
}

// TestFullVersions evaluates the listed versions of PyPI: each must be in the
// list or in a range, whatever the build has left out.
func TestFullVersions(t *testing.T) {
	db := fullDB(t)
	checked := 0
	if raceDetector {
		return
	}
	eachRecord(t, []string{"PyPI"}, func(_ string, r *osvRecord) {
		if r.Withdrawn != nil {
			return
		}
		for _, a := range r.Affected {
			if a.Package == nil || a.Package.Ecosystem != "PyPI" {
				continue
			}
			held := map[string]bool{}
			var ranges []vulndb.Range
			p, _ := db.Package("PyPI", a.Package.Name)
			for i := range p.Len() {
				var e vulndb.Entry
				if err := p.Entry(i, &e); err != nil {
					t.Fatal(err)
				}
				if db.Advisory(e.Advisory).ID != r.ID {
					continue
				}
				for _, v := range e.Versions {
					held[v] = true
				}
				ranges = append(ranges, e.Ranges...)
			}
			for _, v := range a.Versions {
				checked++
				if !held[v] && !inRanges(ranges, v) {
					t.Fatalf("%s %s: version %s is lost", r.ID, a.Package.Name, v)
				}
			}
		}
	})
	if checked < 500_000 {
		t.Errorf("only %d versions checked", checked)
	}
}

// inRanges is OSV's evaluation by keys.
func inRanges(ranges []vulndb.Range, text string) bool {
	key, ok := version.PyPI.AppendKey(nil, text)
	if !ok {
		return false
	}
	for _, r := range ranges {
		in := false
		for _, e := range r.Events {
			if !r.Sorted {
				break
			}
			order := bytes.Compare(key, e.Key)
			switch {
			case order < 0:
			case e.Kind == vulndb.Introduced:
				in = true
			case e.Kind == vulndb.Fixed, order > 0:
				in = false
			}
		}
		if in {
			return true
		}
	}
	return false
}

func TestFullFacts(t *testing.T) {
	db := fullDB(t)
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	for id, want := range map[string]vulndb.Group{
		"GHSA-jfh8-c2jp-5v3q": {
			ID: "CVE-2021-44228", Aliases: []string{"DLA-2842-1", "DSA-5020-1", "GHSA-jfh8-c2jp-5v3q"}, CVEs: []string{"CVE-2021-44228"}, Severity: vulndb.Critical, HasCVE: true,
			CVSS: vulndb.CVSS{Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", Score: 10, Source: "GHSA-jfh8-c2jp-5v3q"},
			KEV:  &vulndb.KEV{CVE: "CVE-2021-44228", Added: day(2021, 12, 10), Ransomware: true},
		},
		"DLA-2534-1": {
			ID: "CVE-2021-3156", Aliases: []string{"DLA-2534-1", "DSA-4839-1"}, CVEs: []string{"CVE-2021-3156"}, HasCVE: true,
			KEV: &vulndb.KEV{CVE: "CVE-2021-3156", Added: day(2022, 4, 6)},
		},
		"ALSA-2023:5453": { // its CVEs stand in related alone
			ID: "ALSA-2023:5453", CVEs: []string{"CVE-2023-4527", "CVE-2023-4806", "CVE-2023-4813", "CVE-2023-4911"}, Severity: vulndb.High, HasCVE: true,
			CVSS: vulndb.CVSS{Vector: "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", Score: 7.8, Source: "BELL-CVE-2023-4911"},
			KEV:  &vulndb.KEV{CVE: "CVE-2023-4911", Added: day(2023, 11, 21)},
		},
		"GHSA-mh6f-8j2x-4483": {ID: "GHSA-mh6f-8j2x-4483", Aliases: []string{}, Kind: vulndb.Malicious, Severity: vulndb.Critical},
	} {
		got := groupOf(t, db, id)
		if want.CVSS == (vulndb.CVSS{}) {
			got.CVSS, got.Severity = vulndb.CVSS{}, want.Severity // of what other records say
		}
		if d := cmp.Diff(want, got, equateEmpty); d != "" {
			t.Errorf("%s (-want +got):\n%s", id, d)
		}
	}
	for _, c := range []struct{ ecosystem, name, want string }{
		{"Bitnami", "apache", "BIT-apache-2021-42013 SEMVER introduced 2.4.49, fixed 2.4.50, introduced 2.4.50, fixed 2.4.51;"},
		{"Go", "k8s.io/ingress-nginx", "GO-2024-2428 custom ECOSYSTEM introduced 0, fixed 1.9.0;"},
		{"NuGet", "newtonsoft.JSON", "CVE-2024-21907 ECOSYSTEM introduced 0, fixed 13.0.1;"},
		{"Debian", "sudo", "DLA-2534-1 @9 ECOSYSTEM introduced 0, fixed 1.8.19p1-2.1+deb9u3;"},
		{"Alpaquita", "xz", "BELL-CVE-2024-3094 @23 ECOSYSTEM introduced 5.2.8-r0, fixed 5.2.9_p525-r0;"},
		{"BellSoft Hardened Containers", "xz", "BELL-CVE-2024-3094 @23 ECOSYSTEM introduced 5.2.8-r0, fixed 5.2.9_p525-r0;"},
	} {
		if got := entriesOf(t, db, c.ecosystem, c.name); !slices.Contains(got, c.want) {
			t.Errorf("%s %s: want %q among\n%s", c.ecosystem, c.name, c.want, strings.Join(got, "\n"))
		}
	}
	several := groupOf(t, db, "DLA-0003-1") // openssl, Heartbleed's neighbours
	if d := cmp.Diff([]string{"CVE-2014-0076", "CVE-2014-0195", "CVE-2014-0221", "CVE-2014-0224", "CVE-2014-3470"}, several.CVEs); d != "" || several.ID != "DLA-0003-1" {
		t.Errorf("DLA-0003-1 is group %s (-want +got):\n%s", several.ID, d)
	}
	for _, c := range []struct {
		ecosystem, release string
		records            int
		newest             string
	}{
		{"Debian", "11", 410, "2023-03-29"},
		{"Debian", "12", 0, ""},
		{"AlmaLinux", "10", 0, "any"},
		{"npm", "", 3402, "any"},
		{"Alpine", "v3.11", 0, "any"},
		{"Ubuntu", "Pro:20.04:LTS", 1, "any"},
	} {
		r, ok := db.Covers(c.ecosystem, c.release)
		if ok != (c.newest != "") || (c.records > 0 && r.Records != c.records) || (c.newest != "any" && ok && r.Newest.Format(time.DateOnly) != c.newest) {
			t.Errorf("%s %s: want %d, %q, got %+v, %v", c.ecosystem, c.release, c.records, c.newest, r, ok)
		}
	}
}
