// SPDX-License-Identifier: Apache-2.0

package starter

import (
	"archive/zip"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/version"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

// echo is the number of words in a row that a summary may not share with its
// source.
const echo = 8

// source is the record that a fact is held against.
type source struct {
	record
	Details   string `json:"details"`
	Withdrawn string `json:"withdrawn"`
	Related   []any  `json:"related"`
	Affected  []struct {
		affected
		Severity          []severity `json:"severity"`
		EcosystemSpecific struct {
			CustomRanges []any `json:"custom_ranges"`
		} `json:"ecosystem_specific"`
	} `json:"affected"`
	DatabaseSpecific struct {
		Severity any      `json:"severity"`
		CWEs     []string `json:"cwe_ids"`
	} `json:"database_specific"`
}

func TestAgainstSource(t *testing.T) {
	texts := readSources(t)
	for _, ours := range readRecords(t) {
		text := texts[ours.ID]
		if text == nil {
			t.Errorf("%s: no such record in the source", ours.ID)
			continue
		}
		var theirs source
		if err := json.Unmarshal(text, &theirs); err != nil {
			t.Fatalf("%s: reading the source: %v", ours.ID, err)
		}
		ours.compare(t, &theirs)
	}
}

// readSources gives the source of each of our records, by id, where there is one.
func readSources(t *testing.T) map[string][]byte {
	t.Helper()
	folder := corpus.Dir(t)
	texts := map[string][]byte{}
	archives := map[string]*zip.ReadCloser{}
	for _, ours := range readRecords(t) {
		archive := archives[ours.ecosystem]
		if archive == nil {
			var err error
			if archive, err = zip.OpenReader(filepath.Join(folder, "osv", ours.ecosystem, "all.zip")); err != nil {
				t.Fatal(err)
			}
			defer archive.Close()
			archives[ours.ecosystem] = archive
		}
		text, err := fs.ReadFile(archive, ours.ID+".json")
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("%s: %v", ours.ID, err)
		}
		texts[ours.ID] = text
	}
	return texts
}

// TestListedVersions holds that what we leave out of the listed versions is in
// the ranges: a database of the sources keeps only listed versions that are in
// none, so of the packages that both have it must keep what ours keeps.
func TestListedVersions(t *testing.T) {
	texts := readSources(t)
	content, _, err := build.FromRecords(build.Memory{
		Kind: Kind, AsOf: asOf(),
		Records: func(yield func(string, []byte) bool) {
			for _, ours := range readRecords(t) {
				if text := texts[ours.ID]; text != nil && !yield(ours.ecosystem, text) {
					return
				}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := vulndb.OpenBytes(content)
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	db := open(t)
	for _, r := range readRecords(t) {
		for _, a := range r.Affected {
			base, _, _ := strings.Cut(a.Package.Ecosystem, ":")
			if base == "" {
				continue // its versions are tags: TestRepositoryRanges
			}
			want := listedVersions(t, theirs, base, a.Package.Name, r.ID)
			got := listedVersions(t, db, base, a.Package.Name, r.ID)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: listed versions of %s outside its ranges (-source +ours):\n%s", r.ID, a.Package.Name, diff)
			}
		}
	}
}

// TestRepositoryRanges holds that the versions that a source lists for a
// repository are those between the bounds that ours has: it leaves out the list.
func TestRepositoryRanges(t *testing.T) {
	texts := readSources(t)
	seen := 0
	for _, ours := range readRecords(t) {
		for i, a := range ours.Affected {
			if a.base() != "GIT" {
				continue
			}
			var theirs source
			if err := json.Unmarshal(texts[ours.ID], &theirs); err != nil {
				t.Fatalf("%s: reading the source: %v", ours.ID, err)
			}
			bound := func(kind string) string {
				for _, r := range a.Ranges {
					for _, e := range r.Events {
						if r.Type == "SEMVER" && e[kind] != "" {
							return e[kind]
						}
					}
				}
				return ""
			}
			from, err := version.Upstream.Parse(bound("introduced"))
			if err != nil {
				t.Fatal(err)
			}
			to, err := version.Upstream.Parse(bound("fixed"))
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range theirs.Affected[i].Versions {
				v, err := version.Upstream.Parse(text)
				if seen++; err != nil || v.Compare(from) < 0 || v.Compare(to) >= 0 {
					t.Errorf("%s: %s is listed and not within %s to %s: %v", ours.ID, text, from, to, err)
				}
			}
		}
	}
	if seen < 50 {
		t.Errorf("%d listed versions compared, want 50 at least", seen)
	}
}

// listedVersions are those that a database keeps for a package and an advisory.
// A build keeps the last version of a range that ends in last_affected, though
// the range holds it.
func listedVersions(t *testing.T, db *vulndb.DB, ecosystem, name, id string) []string {
	t.Helper()
	p, _ := db.Package(ecosystem, name)
	var versions []string
	var e vulndb.Entry
	for i := range p.Len() {
		if err := p.Entry(i, &e); err != nil {
			t.Fatal(err)
		}
		if db.Advisory(e.Advisory).ID == id {
			for _, v := range e.Versions {
				if !lastAffected(&e, v) {
					versions = append(versions, v)
				}
			}
		}
	}
	return sorted(versions)
}

func lastAffected(e *vulndb.Entry, version string) bool {
	return slices.ContainsFunc(e.Ranges, func(r vulndb.Range) bool {
		return slices.ContainsFunc(r.Events, func(v vulndb.Event) bool {
			return v.Kind == vulndb.LastAffected && v.Version == version
		})
	})
}

func (f *filed) compare(t *testing.T, theirs *source) {
	t.Helper()
	if theirs.Withdrawn != "" {
		t.Errorf("%s was withdrawn on %s", f.ID, theirs.Withdrawn)
	}
	for _, c := range []struct{ what, want, got string }{
		{"id", theirs.ID, f.ID},
		{"published", theirs.Published, f.Published},
		{"modified", theirs.Modified, f.Modified},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s: %s (-source +ours):\n%s", f.ID, c.what, diff)
		}
	}

	for _, id := range f.Aliases {
		if !slices.Contains(theirs.Aliases, id) {
			t.Errorf("%s: the source has no alias %s", f.ID, id)
		}
	}
	for _, id := range theirs.Aliases {
		if !slices.Contains(f.Aliases, id) && !strings.HasPrefix(id, "BIT-") {
			t.Errorf("%s: alias %s is missing", f.ID, id)
		}
	}
	if diff := cmp.Diff(sorted(theirs.Upstream), sorted(f.Upstream)); diff != "" {
		t.Errorf("%s: upstream (-source +ours):\n%s", f.ID, diff)
	}
	if diff := cmp.Diff(theirs.DatabaseSpecific.CWEs, f.DatabaseSpecific.CWEs); diff != "" && len(theirs.DatabaseSpecific.CWEs) > 0 {
		t.Errorf("%s: CWEs (-source +ours):\n%s", f.ID, diff)
	}

	if diff := cmp.Diff(theirs.Severity, f.Severity); diff != "" && len(theirs.Severity)+len(f.Severity) > 0 {
		t.Errorf("%s: severity (-source +ours):\n%s", f.ID, diff)
	}
	if word, _ := theirs.DatabaseSpecific.Severity.(string); len(theirs.Severity) == 0 && word != f.DatabaseSpecific.Severity {
		t.Errorf("%s: severity in a word is %q, the source has %q", f.ID, f.DatabaseSpecific.Severity, word)
	}

	var entries []string
	for _, a := range theirs.Affected {
		entries = append(entries, a.key())
		if len(a.EcosystemSpecific.CustomRanges) > 0 {
			t.Errorf("%s: has custom ranges, which the starter set does not hold", f.ID)
		}
	}
	for _, a := range f.Affected {
		if key := a.key(); !slices.Contains(entries, key) {
			t.Errorf("%s: the source has no such affected entry:\n  ours %s\nsource %s", f.ID, key, strings.Join(entries, "\nsource "))
		}
	}
	// Of a package taken, all its entries are taken: half of them would be a
	// silent "not affected".
	for _, a := range theirs.Affected {
		same := func(b affected) bool { return b.Package == a.Package }
		if slices.ContainsFunc(f.Affected, same) && !slices.ContainsFunc(f.Affected, func(b affected) bool { return b.key() == a.key() }) {
			t.Errorf("%s: an entry of %s is missing: %s", f.ID, a.Package.Name, a.key())
		}
	}

	text := theirs.Summary + " . " + theirs.Details
	if run := sharedRun(f.Summary, text); run != "" || f.Summary == theirs.Summary {
		t.Errorf("%s: the summary echoes its source: %q", f.ID, run)
	}
}

// key writes the facts of an affected entry in one order: package, ranges with
// their events in any order, and versions where there are no ranges.
func (a *affected) key() string {
	var ranges []string
	for _, r := range a.Ranges {
		if r.Type == "GIT" && a.Package.Name != "" {
			continue // of a record with a package, the starter set leaves them out
		}
		var events []string
		for _, e := range r.Events {
			for kind, version := range e {
				events = append(events, kind+" "+version)
			}
		}
		ranges = append(ranges, r.Type+r.Repo+"["+strings.Join(sorted(events), ", ")+"]")
	}
	key := a.Package.Ecosystem + " " + a.Package.Name + " " + strings.Join(sorted(ranges), " ") + " " + a.DatabaseSpecific.Informational
	if len(ranges) == 0 {
		key += strings.Join(sorted(a.Versions), " ")
	}
	return key
}

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}

func TestKEVAgainstSource(t *testing.T) {
	text, err := os.ReadFile(corpus.Dir(t, "kev", "known_exploited_vulnerabilities.json"))
	if err != nil {
		t.Fatal(err)
	}
	var theirs catalogue
	if err := json.Unmarshal(text, &theirs); err != nil {
		t.Fatal(err)
	}
	all := map[string]known{}
	for _, k := range theirs.Vulnerabilities {
		all[k.CVE] = k
	}
	want := map[string]known{}
	for _, r := range readRecords(t) {
		for _, cve := range r.cves() {
			if k, ok := all[cve]; ok {
				want[cve] = k
			}
		}
	}
	got := map[string]known{}
	for _, k := range readKEV(t).Vulnerabilities {
		got[k.CVE] = k
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("entries of kev.json (-source +ours):\n%s", diff)
	}
}

func TestSharedRun(t *testing.T) {
	for _, c := range []struct{ name, summary, text, want string }{
		{"own words", "An attacker runs code.", "Remote code execution in a parser.", ""},
		{"seven words", "one two three four five six seven other", "One, two: three four `five` six seven!", ""},
		{"eight words", "so one two three four five six seven eight", "One, two: three four `five` six seven-eight!", "one two three four five six seven eight"},
		{"within a word", "one two three four five six seven eight", "zone two three four five six seven eight", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := sharedRun(c.summary, c.text); got != c.want {
				t.Errorf("want %q, got %q", c.want, got)
			}
		})
	}
}

// sharedRun is the first run of echo words that summary shares with text, case
// and punctuation apart.
func sharedRun(summary, text string) string {
	in := " " + strings.Join(words(text), " ") + " "
	own := words(summary)
	for i := 0; i+echo <= len(own); i++ {
		if run := strings.Join(own[i:i+echo], " "); strings.Contains(in, " "+run+" ") {
			return run
		}
	}
	return ""
}

func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}
