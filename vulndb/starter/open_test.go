// SPDX-License-Identifier: Apache-2.0

package starter

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/vulndb"
)

func open(t *testing.T) *vulndb.DB {
	t.Helper()
	db, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestOpen(t *testing.T) {
	db := open(t)
	info := db.Info()
	if info.Kind != Kind {
		t.Errorf("kind: want %q, got %q", Kind, info.Kind)
	}
	if want := time.Date(2026, time.August, 22, 0, 0, 0, 0, time.UTC); !info.Built.Equal(want) {
		t.Errorf("built: want %v, got %v", want, info.Built)
	}
	if want := len(readRecords(t)); info.Advisories != want || info.Oddities != 0 {
		t.Errorf("want %d advisories and no oddity, got %d and %d", want, info.Advisories, info.Oddities)
	}
	if !info.HasKEV || info.HasEPSS {
		t.Errorf("want KEV and no EPSS, got KEV %v, EPSS %v", info.HasKEV, info.HasEPSS)
	}
	for _, f := range info.Feeds {
		if f.Date.IsZero() || f.Records == 0 {
			t.Errorf("feed without a date or without records: %+v", f)
		}
	}
	if err := db.Verify(); err != nil {
		t.Errorf("verifying: %v", err)
	}
}

// TestGroups looks at one vulnerability for each way in which the facts of a
// group come together.
func TestGroups(t *testing.T) {
	db := open(t)
	day := func(text string) time.Time {
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		name, ecosystem, pkg, id string
		kind                     vulndb.Kind
		severity                 vulndb.Severity
		kev                      *vulndb.KEV
	}{
		{
			"vector and KEV", "Maven", "org.apache.logging.log4j:log4j-core", "CVE-2021-44228",
			vulndb.Vulnerability, vulndb.Critical,
			&vulndb.KEV{CVE: "CVE-2021-44228", Added: day("2021-12-10"), Ransomware: true},
		},
		{
			"several ecosystems in one record", "NuGet", "jquery", "CVE-2020-11023",
			vulndb.Vulnerability, vulndb.Medium,
			&vulndb.KEV{CVE: "CVE-2020-11023", Added: day("2025-01-23")},
		},
		{"severity in a word", "Maven", "com.h2database:h2", "CVE-2021-42392", vulndb.Vulnerability, vulndb.Critical, nil},
		{
			"distribution with CVE upstream", "Debian", "sudo", "CVE-2021-3156",
			vulndb.Vulnerability, vulndb.Unknown, &vulndb.KEV{CVE: "CVE-2021-3156", Added: day("2022-04-06")},
		},
		{"no CVE, malicious", "npm", "event-stream", "GHSA-mh6f-8j2x-4483", vulndb.Malicious, vulndb.Critical, nil},
		{"informational", "crates.io", "ring", "RUSTSEC-2025-0010", vulndb.Informational, vulndb.Unknown, nil},
		{"Alpine", "Alpine", "busybox", "CVE-2017-16544", vulndb.Vulnerability, vulndb.Unknown, nil},
		{"source repository", "GIT", "https://github.com/curl/curl", "CVE-2023-46218", vulndb.Vulnerability, vulndb.Medium, nil},
		{"medical imaging", "PyPI", "pydicom", "CVE-2026-32711", vulndb.Vulnerability, vulndb.High, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, ok := find(t, db, c.ecosystem, c.pkg, c.id)
			if !ok {
				t.Fatalf("%s %s: no entry leads to %s", c.ecosystem, c.pkg, c.id)
			}
			if g.Kind != c.kind || g.Severity != c.severity {
				t.Errorf("want %v, %v; got %v, %v", c.kind, c.severity, g.Kind, g.Severity)
			}
			if diff := cmp.Diff(c.kev, g.KEV); diff != "" {
				t.Errorf("KEV (-want +got):\n%s", diff)
			}
		})
	}
	if err := db.Err(); err != nil {
		t.Error(err)
	}
}

// find is the group of that id among the entries of a package.
func find(t *testing.T, db *vulndb.DB, ecosystem, name, id string) (vulndb.Group, bool) {
	t.Helper()
	p, ok := db.Package(ecosystem, name)
	if !ok {
		return vulndb.Group{}, false
	}
	var e vulndb.Entry
	for i := range p.Len() {
		if err := p.Entry(i, &e); err != nil {
			t.Fatal(err)
		}
		if g := db.Group(db.Advisory(e.Advisory).Group); g.ID == id {
			return g, true
		}
	}
	return vulndb.Group{}, false
}

// TestEveryRecordIsFound holds that nothing is lost between the files and the
// database: each record by its id and aliases, each of its packages with an
// entry of it, its summary as it was written.
func TestEveryRecordIsFound(t *testing.T) {
	db := open(t)
	for _, r := range readRecords(t) {
		var advisory vulndb.AdvisoryID
		for i, id := range slices.Concat([]string{r.ID}, r.Aliases, r.Upstream) {
			found := db.Find(strings.ToLower(id))
			if i == 0 && len(found) > 0 {
				advisory = found[slices.IndexFunc(found, func(a vulndb.AdvisoryID) bool { return db.Advisory(a).ID == id })]
			}
			if !slices.Contains(found, advisory) {
				t.Errorf("%s is not found as %s", r.ID, id)
			}
		}
		text, err := db.Text(advisory)
		if err != nil || text.Summary != r.Summary {
			t.Errorf("%s: summary: want %q, got %q, %v", r.ID, r.Summary, text.Summary, err)
		}
		for _, a := range r.Affected {
			base, name := a.base(), a.Package.Name
			_, release, _ := strings.Cut(a.Package.Ecosystem, ":")
			if base == "GIT" {
				name = a.repository()
			}
			p, _ := db.Package(base, name)
			if !leads(t, p, advisory, release) {
				t.Errorf("%s: no entry of %s %s leads to it", r.ID, a.Package.Ecosystem, a.Package.Name)
			}
			if _, ok := db.Covers(base, release); !ok {
				t.Errorf("%s: %s is not said to be covered", r.ID, a.Package.Ecosystem)
			}
		}
	}
	if err := db.Err(); err != nil {
		t.Error(err)
	}
}

func leads(t *testing.T, p vulndb.Package, advisory vulndb.AdvisoryID, release string) bool {
	t.Helper()
	var e vulndb.Entry
	for i := range p.Len() {
		if err := p.Entry(i, &e); err != nil {
			t.Fatal(err)
		}
		if e.Advisory != advisory || e.Release != release {
			continue
		}
		for _, r := range e.Ranges {
			if !r.Sorted && r.Kind != vulndb.Git {
				t.Errorf("%s: a bound cannot be compared: %+v", release, r.Events)
			}
		}
		return true
	}
	return false
}

// TestClosedOnce holds that callers do not share what one of them closes.
func TestClosedOnce(t *testing.T) {
	first, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	second := open(t)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, ok := find(t, second, "Maven", "org.apache.logging.log4j:log4j-core", "CVE-2021-44228"); !ok {
		t.Error("closing one starter database has closed another")
	}
}

func TestSameBytes(t *testing.T) {
	first, err := encode()
	if err != nil {
		t.Fatal(err)
	}
	second, err := encode()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("two builds of the starter set differ")
	}
}

// BenchmarkOpen is what the first call of a process costs: build and open.
func BenchmarkOpen(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		content, err := encode()
		if err != nil {
			b.Fatal(err)
		}
		db, err := vulndb.OpenBytes(content)
		if err != nil {
			b.Fatal(err)
		}
		_ = db.Close()
	}
}
