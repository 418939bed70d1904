// SPDX-License-Identifier: Apache-2.0

package starter

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
)

// record is the part of an OSV record that the starter set may hold. Reading
// ours with unknown members refused keeps everything else out.
type record struct {
	SchemaVersion    string      `json:"schema_version"`
	ID               string      `json:"id"`
	Published        string      `json:"published"`
	Modified         string      `json:"modified"`
	Aliases          []string    `json:"aliases"`
	Upstream         []string    `json:"upstream"`
	Summary          string      `json:"summary"`
	Severity         []severity  `json:"severity"`
	Affected         []affected  `json:"affected"`
	References       []reference `json:"references"`
	DatabaseSpecific struct {
		Severity string   `json:"severity"`
		CWEs     []string `json:"cwe_ids"`
	} `json:"database_specific"`
}

type severity struct {
	Type  string `json:"type"`
	Score string `json:"score"`
}

type affected struct {
	Package struct {
		Ecosystem string `json:"ecosystem"`
		Name      string `json:"name"`
	} `json:"package"`
	Ranges           []span   `json:"ranges"`
	Versions         []string `json:"versions"`
	DatabaseSpecific struct {
		Informational string `json:"informational"`
	} `json:"database_specific"`
}

type span struct {
	Type   string              `json:"type"`
	Repo   string              `json:"repo"`
	Events []map[string]string `json:"events"`
}

// base is the ecosystem of an entry without its release; GIT for one without a
// package that has a repository.
func (a *affected) base() string {
	if a.Package.Ecosystem == "" && a.repository() != "" {
		return "GIT"
	}
	base, _, _ := strings.Cut(a.Package.Ecosystem, ":")
	return base
}

// repository is that of the first GIT range.
func (a *affected) repository() string {
	for _, r := range a.Ranges {
		if r.Type == "GIT" {
			return r.Repo
		}
	}
	return ""
}

type reference struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

// cves are the CVEs a record stands for, as a build joins them with KEV.
func (r *record) cves() []string {
	var ids []string
	for _, id := range slices.Concat([]string{r.ID}, r.Aliases, r.Upstream) {
		if strings.HasPrefix(id, "CVE-") {
			ids = append(ids, id)
		}
	}
	return ids
}

// catalogue is CISA's file, with the members that the starter set may hold.
type catalogue struct {
	Title           string  `json:"title"`
	CatalogVersion  string  `json:"catalogVersion"`
	DateReleased    string  `json:"dateReleased"`
	Count           int     `json:"count"`
	Vulnerabilities []known `json:"vulnerabilities"`
}

type known struct {
	CVE        string `json:"cveID"`
	Added      string `json:"dateAdded"`
	Ransomware string `json:"knownRansomwareCampaignUse"`
}

type filed struct {
	ecosystem string
	record
}

func readRecords(t *testing.T) []filed {
	t.Helper()
	var all []filed
	for ecosystem, text := range Records() {
		f := filed{ecosystem: ecosystem}
		if err := json.Unmarshal(text, &f.record, json.RejectUnknownMembers(true)); err != nil {
			t.Fatalf("osv/%s.json, record %d: %v", ecosystem, len(all)+1, err)
		}
		all = append(all, f)
	}
	return all
}

func readKEV(t *testing.T) *catalogue {
	t.Helper()
	var c catalogue
	if err := json.Unmarshal(kev, &c, json.RejectUnknownMembers(true)); err != nil {
		t.Fatalf("kev.json: %v", err)
	}
	return &c
}

// TestFiles holds that Records gives all that the files hold: an array cut off
// or followed by something would else shorten the set in silence.
func TestFiles(t *testing.T) {
	want := map[string]int{}
	entries, err := files.ReadDir("osv")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := files.ReadFile(path.Join("osv", e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		var all []record
		if err := json.Unmarshal(text, &all); err != nil {
			t.Errorf("osv/%s: %v", e.Name(), err)
		}
		want[strings.TrimSuffix(e.Name(), ".json")] = len(all)
		if lines := bytes.Count(text, []byte("\n")); lines > 1500 {
			t.Errorf("osv/%s has %d lines, more than anyone reads", e.Name(), lines)
		}
	}
	got := map[string]int{}
	for ecosystem := range Records() {
		got[ecosystem]++
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records of each file (-file +given):\n%s", diff)
	}
}

func TestShape(t *testing.T) {
	all := readRecords(t)
	if len(all) < 120 {
		t.Errorf("%d records, want 120 at least", len(all))
	}

	perEcosystem := map[string]int{}
	releases := map[string]map[string]bool{}
	ids := map[string]bool{}
	for _, r := range all {
		perEcosystem[r.ecosystem]++
		if ids[r.ID] {
			t.Errorf("%s stands twice", r.ID)
		}
		ids[r.ID] = true
		r.check(t)
		for _, a := range r.Affected {
			if base, release, ok := strings.Cut(a.Package.Ecosystem, ":"); ok {
				if releases[base] == nil {
					releases[base] = map[string]bool{}
				}
				releases[base][release] = true
			}
		}
	}
	for _, ecosystem := range []string{
		"Alpine", "Debian", "Go", "Maven", "NuGet", "Packagist", "PyPI", "RubyGems", "crates.io", "npm",
	} {
		if perEcosystem[ecosystem] < 8 {
			t.Errorf("%s has %d records, want 8 at least", ecosystem, perEcosystem[ecosystem])
		}
	}
	if len(perEcosystem) != 11 || perEcosystem["GIT"] == 0 {
		t.Errorf("%d ecosystems, want 11, GIT among them: %v", len(perEcosystem), perEcosystem)
	}
	for _, distribution := range []string{"Alpine", "Debian"} {
		if len(releases[distribution]) < 3 {
			t.Errorf("%s has releases %v, want several", distribution, releases[distribution])
		}
	}
}

func (f *filed) check(t *testing.T) {
	t.Helper()
	if f.SchemaVersion != "1.7.0" {
		t.Errorf("%s: schema_version %q, want 1.7.0", f.ID, f.SchemaVersion)
	}
	if _, err := time.Parse(time.RFC3339Nano, f.Modified); err != nil {
		t.Errorf("%s: modified: %v", f.ID, err)
	}
	if _, err := time.Parse(time.RFC3339Nano, f.Published); err != nil && f.ecosystem != "Alpine" {
		t.Errorf("%s: published: %v", f.ID, err)
	}
	if n := len([]rune(f.Summary)); n == 0 || n > 160 {
		t.Errorf("%s: summary of %d characters, want 1 to 160", f.ID, n)
	}
	if !strings.HasSuffix(f.Summary, ".") || strings.TrimSpace(f.Summary) != f.Summary {
		t.Errorf("%s: summary is not a sentence: %q", f.ID, f.Summary)
	}
	if len(f.References) > 1 {
		t.Errorf("%s: %d references, want one at most", f.ID, len(f.References))
	}
	for _, r := range f.References {
		if !slices.ContainsFunc([]string{
			"https://nvd.nist.gov/vuln/detail/CVE-", "https://github.com/advisories/GHSA-", "https://security-tracker.debian.org/tracker/D",
		}, func(prefix string) bool { return strings.HasPrefix(r.URL, prefix) }) {
			t.Errorf("%s: reference %q is no canonical page", f.ID, r.URL)
		}
	}

	home := false
	for _, a := range f.Affected {
		base := a.base()
		home = home || base == f.ecosystem
		if (a.Package.Name == "" && base != "GIT") || (len(a.Ranges) == 0) == (len(a.Versions) == 0) {
			t.Errorf("%s: an affected entry wants a name and either ranges or versions: %+v", f.ID, a)
		}
		for _, r := range a.Ranges {
			for _, e := range r.Events {
				if len(e) != 1 {
					t.Errorf("%s: %s: an event wants one member: %v", f.ID, a.Package.Name, e)
				}
			}
		}
	}
	if !home {
		t.Errorf("%s: filed under %s, where it has no package", f.ID, f.ecosystem)
	}
}

func TestKEVShape(t *testing.T) {
	c := readKEV(t)
	if c.Count != len(c.Vulnerabilities) {
		t.Errorf("kev.json: count %d, but %d entries", c.Count, len(c.Vulnerabilities))
	}
	ours := map[string]bool{}
	for _, r := range readRecords(t) {
		for _, cve := range r.cves() {
			ours[cve] = true
		}
	}
	seen := map[string]bool{}
	for _, k := range c.Vulnerabilities {
		if seen[k.CVE] {
			t.Errorf("kev.json: %s stands twice", k.CVE)
		}
		seen[k.CVE] = true
		if !ours[k.CVE] {
			t.Errorf("kev.json: no record of the set is about %s", k.CVE)
		}
		if _, err := time.Parse(time.DateOnly, k.Added); err != nil {
			t.Errorf("kev.json: %s: dateAdded: %v", k.CVE, err)
		}
		if k.Ransomware != "Known" && k.Ransomware != "Unknown" {
			t.Errorf("kev.json: %s: knownRansomwareCampaignUse %q", k.CVE, k.Ransomware)
		}
	}
}
