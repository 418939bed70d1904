// SPDX-License-Identifier: Apache-2.0

package match

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/version"
	"github.com/medsbom/medsbom/vulndb"
)

// gitRecord is a slow and plain reader of what is needed of a record.
type gitRecord struct {
	ID        string  `json:"id"`
	Withdrawn *string `json:"withdrawn"`
	Affected  []struct {
		Package *struct {
			Ecosystem string `json:"ecosystem"`
			Name      string `json:"name"`
		} `json:"package"`
		Ranges []struct {
			Type string `json:"type"`
			Repo string `json:"repo"`
		} `json:"ranges"`
		Versions []string `json:"versions"`
	} `json:"affected"`
}

// eachGitRecord gives the records in force that have a GIT range.
func eachGitRecord(t *testing.T, dir string, yield func(r *gitRecord)) {
	t.Helper()
	zips, err := filepath.Glob(filepath.Join(dir, "osv", "*", "all.zip"))
	if err != nil || len(zips) == 0 {
		t.Fatalf("no zips: %v", err)
	}
	for _, name := range zips {
		z, err := zip.OpenReader(name)
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
			if !bytes.Contains(text, []byte(`"GIT"`)) {
				continue
			}
			var record gitRecord
			if err := json.Unmarshal(text, &record); err != nil {
				t.Fatalf("%s %s: %v", name, f.Name, err)
			}
			if record.Withdrawn == nil {
				yield(&record)
			}
		}
		_ = z.Close()
	}
}

// knownTags is what the plain reader knows of one repository: its tags in
// canonical form, as the key or, without one, the text, and who lists each.
type knownTags struct {
	listedBy map[string]map[string]bool // tag, then ids
	written  map[string][]string        // tag, then its spellings
	ranged   map[string]bool            // ids of records with ranges of versions too
}

func (k *knownTags) add(project, tag, id string) {
	text := version.TagVersion(project, tag)
	name := "text " + text
	if key, ok := version.Upstream.AppendKey(nil, text); ok {
		name = "key " + string(key)
	}
	if k.listedBy[name] == nil {
		k.listedBy[name] = map[string]bool{}
	}
	k.listedBy[name][id] = true
	for _, spelling := range []string{tag, text} {
		if !slices.Contains(k.written[name], spelling) {
			k.written[name] = append(k.written[name], spelling)
		}
	}
}

func readKnownTags(t *testing.T, dir string) map[string]*knownTags {
	t.Helper()
	known := map[string]*knownTags{}
	eachGitRecord(t, dir, func(r *gitRecord) {
		for _, a := range r.Affected {
			ranged := false
			for _, g := range a.Ranges {
				ranged = ranged || g.Type != "GIT"
			}
			for _, g := range a.Ranges {
				if g.Type != "GIT" {
					continue
				}
				repository := purl.FoldName("GIT", g.Repo)
				project := repository[strings.LastIndexByte(repository, '/')+1:]
				// Of packages with versions of their own only OSS-Fuzz and those without a
				// package are certain to list tags; the others may do so, or not.
				if a.Package != nil && a.Package.Ecosystem != "OSS-Fuzz" {
					ranged = true
				}
				k := known[repository]
				if k == nil {
					k = &knownTags{map[string]map[string]bool{}, map[string][]string{}, map[string]bool{}}
					known[repository] = k
				}
				if ranged {
					k.ranged[r.ID] = true
				}
				if a.Package == nil || a.Package.Ecosystem == "OSS-Fuzz" {
					for _, tag := range a.Versions {
						k.add(project, tag, r.ID)
					}
				}
			}
		}
	})
	return known
}

// TestEveryTagOfTheData holds that each tag that a real record lists matches, as
// the record writes it and as people do, that no other record of the same
// repository that lists its tags does, and that nothing of it is doubtful.
func TestEveryTagOfTheData(t *testing.T) {
	db, report := RealDB(t)
	dir := corpus.Dir(t)
	t.Logf("%d repositories, %d entries, %d tags; %d bytes", report.Repositories, report.RepositoryEntries, report.Tags, report.Size)

	tags, matches, failures := 0, 0, 0
	for repository, known := range readKnownTags(t, dir) {
		for name, ids := range known.listedBy {
			want := map[string]bool{}
			for id := range ids {
				if !known.ranged[id] {
					want[id] = true
				}
			}
			for _, spelling := range known.written[name] {
				tags++
				got := certain(t, db, repository, spelling)
				matches += len(got)
				for id := range got {
					if known.ranged[id] {
						delete(got, id)
					}
				}
				if d := cmp.Diff(want, got); d != "" {
					if failures++; failures <= 20 {
						t.Errorf("%s %s (-listed +matched):\n%s", repository, spelling, d)
					}
				}
			}
		}
	}
	t.Logf("%d spellings, %d matches, %d failures", tags, matches, failures)
	if tags < 10_000 || matches < 40_000 {
		t.Errorf("%d spellings of tags, %d matches: fewer than there are", tags, matches)
	}
	if err := db.Err(); err != nil {
		t.Error(err)
	}
}

// certain gives the advisories that surely affect a version of a repository.
func certain(t *testing.T, db *vulndb.DB, repository, text string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	w := worker{Matcher: New(db), groups: map[vulndb.GroupID]int{}}
	w.identity(&purl.Package{Ecosystem: "GIT", Name: repository, Version: text, Confidence: purl.Strong})
	if w.err != nil {
		t.Fatal(w.err)
	}
	for i := range w.result.Findings {
		f := &w.result.Findings[i]
		if f.Confidence == purl.Strong {
			for _, a := range f.Records {
				found[db.Advisory(a.Advisory).ID] = true
			}
		}
	}
	return found
}
