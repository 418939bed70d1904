// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

func TestMonths(t *testing.T) {
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, tt := range []struct {
		from, to string
		want     int
	}{
		{"2026-08-22", "2027-08-22", 12},
		{"2026-08-22", "2027-08-21", 11},
		{"2026-08-22", "2026-08-22", 0},
		{"2026-08-22", "2020-01-01", 0},
		{"2026-08-22", "9999-01-01", 1200},
	} {
		if got := months(day(tt.from), day(tt.to)); got != tt.want {
			t.Errorf("%s to %s: want %d, got %d", tt.from, tt.to, tt.want, got)
		}
	}
}

func TestMaxAgeOfEOL(t *testing.T) {
	const days = 24 * time.Hour
	for _, tt := range []struct {
		feed        string
		asked, want time.Duration
	}{
		{"kev", 7 * days, 7 * days},
		{"eol", 7 * days, 90 * days},
		{"eol/releases", 7 * days, 90 * days},
		{"eol", 365 * days, 365 * days},
	} {
		if got := (&run{Options: &Options{MaxAge: tt.asked}}).maxAge(tt.feed); got != tt.want {
			t.Errorf("%s, %v asked: want %v, got %v", tt.feed, tt.asked, tt.want, got)
		}
	}
}

func TestSaysUnmaintained(t *testing.T) {
	for text, want := range map[string]bool{
		"`spin` is no longer actively maintained": true, "multi_mut is Unmaintained": true, "crate has been renamed to `cipher`": true,
		"Out-of-bounds write in nix::unistd": false, "": false,
	} {
		if got := saysUnmaintained(text); got != want {
			t.Errorf("%q: want %v, got %v", text, want, got)
		}
	}
}

func TestIsSystem(t *testing.T) {
	for _, tt := range []struct {
		in   sbom.Component
		want bool
	}{
		{sbom.Component{Name: "x", Type: "firmware"}, true},
		{sbom.Component{Name: "OpenSSL", Type: "library"}, true},
		{sbom.Component{Name: "libssl", Type: "library"}, false},
		{sbom.Component{Name: "nss", Type: "library"}, true},
		{sbom.Component{Name: "nss-mdns", Type: "library"}, false},
	} {
		if got := isSystem(&tt.in, nil); got != tt.want {
			t.Errorf("%s: want %v, got %v", tt.in.Name, tt.want, got)
		}
	}
}

// keep holds on to the products of a scan.
type keep struct {
	header   *assessment.Header
	products []*assessment.Product
}

func (k *keep) Begin(h *assessment.Header) error    { k.header = h; return nil }
func (k *keep) Product(p *assessment.Product) error { k.products = append(k.products, p); return nil }
func (k *keep) End(*assessment.Trailer) error       { return nil }

// TestSupportEndToEnd: one document with every level; the counts sum, the score
// and the facts follow.
func TestSupportEndToEnd(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.cdx.json")
	text := `{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"type":"device","name":"pump","bom-ref":"pump"}},"components":[
		{"type":"operating-system","name":"debian","version":"10"},
		{"type":"library","name":"bash","version":"5.0-4","purl":"pkg:deb/debian/bash@5.0-4?distro=debian-10"},
		{"type":"library","name":"dash","version":"0.5-1","purl":"pkg:deb/debian/dash@0.5-1?distro=debian-10"},
		{"type":"library","name":"openssl","version":"3.5.1","cpe":"cpe:2.3:a:openssl:openssl:3.5.1:*:*:*:*:*:*:*",
			"properties":[{"name":"cdx:fda:end-of-support-date","value":"2027-01-31"}]},
		{"type":"library","name":"a","version":"1","purl":"pkg:npm/a@1"},
		{"type":"library","name":"b","version":"1","purl":"pkg:npm/b@1","properties":[{"name":"cdx:fda:level-of-support","value":"abandoned"}]},
		{"type":"file","name":"f"},
		{"type":"library","name":"spin","version":"0.5.0","purl":"pkg:cargo/spin@0.5.0"}]}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	asOf := time.Date(2026, 8, 22, 0, 0, 0, 0, time.UTC)
	made, _, err := build.FromRecords(build.Memory{
		Kind: vulndb.KindFull, AsOf: asOf,
		EOL: []byte(`{"debian":{"title":"Debian","category":"os","cycles":[{"cycle":"10","eol":"2022-09-10","latestReleaseDate":"2026-05-01"}]},
			"openssl":{"title":"OpenSSL","category":"framework","identifiers":[{"cpe":"cpe:/a:openssl:openssl"}],"cycles":[{"cycle":"3.5","eol":"2030-04-08"}]}}`),
		Records: func(yield func(string, []byte) bool) {
			yield("npm", []byte(`{"id":"GHSA-0000-0000-0000","modified":"2026-08-20T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"zzz"},"versions":["1"]}]}`))
			yield("crates.io", []byte(`{"id":"RUSTSEC-2019-0031","modified":"2026-08-20T00:00:00Z","summary":"spin is no longer actively maintained",
				"affected":[{"package":{"ecosystem":"crates.io","name":"spin"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0.0.0-0"}]}],
				"database_specific":{"informational":"unmaintained"}}]}`))
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	db, err := vulndb.OpenBytes(made)
	if err != nil {
		t.Fatal(err)
	}
	k := new(keep)
	if _, err := Run(t.Context(), &Options{Paths: []string{file}, DB: db, AsOf: asOf, MaxAge: 7 * 24 * time.Hour, FailOn: "never", Jobs: 1}, k); err != nil {
		t.Fatal(err)
	}
	p := k.products[0]
	want := &assessment.SupportCounts{Components: 7, Supported: 1, Ended: 3, Abandoned: 2, Unknown: 1, Disagree: 1}
	if d := cmp.Diff(want, p.Support); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	openssl := &assessment.Support{
		Level: "supported", End: "2027-01-31", Kind: "stated", Source: "vendor: stated in the SBOM for the component at line 5", Confidence: "strong",
		Disagrees: true, Others: []assessment.OtherSource{{Level: "supported", End: "2030-04-08", Source: "endoflife.date, 2026-05-01, openssl 3.5, by its CPE"}},
	}
	if d := cmp.Diff(openssl, p.Components.At(4).Support); d != "" {
		t.Errorf("openssl (-want +got):\n%s", d)
	}
	got := map[string]string{}
	for _, c := range p.Score.Contributions {
		if c.Issue == "evidence:support-unknown" || len(c.Issue) > 8 && c.Issue[:8] == "support:" {
			got[c.Issue] = fmt.Sprintf("%g %s, known %v, %s; %s", c.Points, c.Class, c.Known, c.Evidence, c.Subject.Name)
		}
	}
	issues := map[string]string{
		"support:debian 10":                 "45 risk, known true, endoflife.date, 2026-05-01, debian 10; debian 10",
		"support:pkg:cargo/spin":            "30 risk, known true, advisory RUSTSEC-2019-0031; spin 0.5.0",
		"support:pkg:npm/b":                 "30 risk, known true, vendor: stated in the SBOM for the component at line 8; b 1",
		"support:cpe:2.3:a:openssl:openssl": "20 risk, known true, vendor: stated in the SBOM for the component at line 5; openssl 3.5.1",
		"evidence:support-unknown":          "30 evidence, known false, 1 of 7 parts in scope; a 1",
	}
	if d := cmp.Diff(issues, got); d != "" {
		t.Errorf("issues (-want +got):\n%s", d)
	}
	states := map[string]string{}
	for _, r := range p.Decision.Rules {
		if r.Check[:4] == "sup." {
			states[r.Check] = fmt.Sprintf("%s %d", r.State, r.Count)
		}
	}
	if d := cmp.Diff(map[string]string{"sup.not-ended": "fail 5", "sup.margin": "fail 1", "sup.agrees": "fail 1"}, states); d != "" {
		t.Errorf("rules (-want +got):\n%s", d)
	}
	for _, f := range k.header.Database.Feeds {
		if f.Name == "eol" && (f.Stale != true || f.AgeDays != 113) {
			t.Errorf("want a stale feed of 113 days, got %+v", f)
		}
	}
}

// TestSupportOfRealDocuments counts how much can be told of published SBOMs.
func TestSupportOfRealDocuments(t *testing.T) {
	osv := corpus.Dir(t, "eol")
	asOf := time.Date(2026, 8, 22, 0, 0, 0, 0, time.UTC)
	made, _, err := build.FromRecords(build.Memory{
		Kind: vulndb.KindFull, AsOf: asOf,
		EOL:     corpus.Read(t, filepath.Join(osv, "products.json")),
		Release: corpus.Read(t, filepath.Join(osv, "release-dates.json.gz")),
		Records: func(yield func(string, []byte) bool) {
			yield("npm", []byte(`{"id":"GHSA-0000-0000-0000","modified":"2026-08-20T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"zzz"},"versions":["1"]}]}`))
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	db, err := vulndb.OpenBytes(made)
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"medical", "wild"} {
		k := new(keep)
		opts := &Options{Paths: []string{corpus.Dir(t, "sbom", folder)}, DB: db, AsOf: asOf, MaxAge: 7 * 24 * time.Hour, FailOn: "never", Jobs: 2}
		if _, err := Run(t.Context(), opts, k); err != nil {
			t.Fatal(err)
		}
		var all assessment.SupportCounts
		for _, p := range k.products {
			s := p.Support
			if s == nil {
				continue
			}
			if s.Supported+s.SecurityOnly+s.Extended+s.Ended+s.Abandoned+s.Unknown != s.Components {
				t.Errorf("%s: the levels do not sum: %+v", p.SBOM.Path, s)
			}
			all.Components += s.Components
			all.Supported += s.Supported
			all.SecurityOnly += s.SecurityOnly
			all.Extended += s.Extended
			all.Ended += s.Ended
			all.Abandoned += s.Abandoned
			all.Unknown += s.Unknown
		}
		told := all.Components - all.Unknown
		t.Logf("%s: %d products, of %d components %d get a status: %+v", folder, len(k.products), all.Components, told, all)
		if told == 0 {
			t.Errorf("%s: nothing is told of any component", folder)
		}
	}
}
