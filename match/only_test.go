// SPDX-License-Identifier: Apache-2.0

package match_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/sbom/reader"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

// TestOnlyNamed holds that a database of the ecosystems alone that an SBOM asks
// for judges every component as one of all does, by the same records. What it may
// lack is what records of other ecosystems say of a vulnerability.
func TestOnlyNamed(t *testing.T) {
	if testing.Short() {
		t.Skip("builds several databases of real data")
	}
	data := corpus.Dir(t)
	whole := filepath.Join(t.TempDir(), "whole.db")
	if _, err := build.Build(t.Context(), build.Options{From: data, Out: whole, NoCache: true}); err != nil {
		t.Fatal(err)
	}
	db, err := vulndb.Open(whole)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	zips, err := build.Zips(data)
	if err != nil {
		t.Fatal(err)
	}
	sets := map[string][]*sbom.Document{}
	for _, pattern := range []string{"medical/*", "wild/*", "conformance/*"} {
		files, err := filepath.Glob(filepath.Join(data, "sbom", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			for item := range reader.Items(f, file, reader.Options{}) {
				if item.Err != nil || len(item.Document.Components) > 5000 {
					continue
				}
				var asked match.Asked
				asked.Add(item.Document)
				var only []string
				for _, z := range zips {
					if asked.Ecosystems[z.Ecosystem] || asked.ByName > 0 && z.Language() {
						only = append(only, z.Ecosystem)
					}
				}
				if len(only) > 0 && !asked.Ecosystems[vulndb.GitEcosystem] {
					set := strings.Join(only, ",")
					sets[set] = append(sets[set], item.Document)
				}
			}
			_ = f.Close()
		}
	}
	names := make([]string, 0, len(sets))
	for set := range sets {
		names = append(names, set)
	}
	// Those of most documents.
	slices.SortFunc(names, func(x, y string) int {
		if n := len(sets[y]) - len(sets[x]); n != 0 {
			return n
		}
		return strings.Compare(x, y)
	})
	documents, findings, other := 0, 0, 0
	for _, set := range names[:min(4, len(names))] {
		name := filepath.Join(t.TempDir(), "some.db")
		if _, err := build.Build(t.Context(), build.Options{From: data, Out: name, NoCache: true, Only: strings.Split(set, ",")}); err != nil {
			t.Fatal(err)
		}
		some, err := vulndb.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(some.Info().LeftOut) + strings.Count(set, ",") + 1; n != len(zips) {
			t.Errorf("%s: want all of %d ecosystems read or said to be left out, got %d", set, len(zips), n)
		}
		for _, doc := range sets[set] {
			want, wantFacts := judged(t, db, doc)
			got, gotFacts := judged(t, some, doc)
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s with %s alone (-all +some):\n%.2000s", doc.Path, set, d)
			}
			documents++
			findings += len(wantFacts)
			for key, facts := range wantFacts {
				if gotFacts[key] != facts {
					other++
				}
			}
		}
		_ = some.Close()
	}
	if documents < 20 || findings < 100 {
		t.Errorf("%d documents with %d findings prove little", documents, findings)
	}
	t.Logf("%d documents, %d records found; of %d another name, severity or exploitation is known with all ecosystems", documents, findings, other)
}

// judged gives the state of each component with the records that it met, and what
// is known of each record's vulnerability.
func judged(t *testing.T, db *vulndb.DB, doc *sbom.Document) (states []string, facts map[string]string) {
	t.Helper()
	result, err := match.New(db).Match(doc)
	if err != nil {
		t.Fatal(err)
	}
	records := map[int][]string{}
	facts = map[string]string{}
	for i := range result.Findings {
		f := &result.Findings[i]
		group := db.Group(f.Group)
		for _, m := range f.Records {
			id := db.Advisory(m.Advisory).ID
			records[f.Component] = append(records[f.Component], id)
			facts[fmt.Sprint(f.Component, " ", id)] = fmt.Sprint(group.ID, group.Severity, group.CVSS.Vector, group.KEV != nil)
		}
	}
	for i := range result.Components {
		c := &result.Components[i]
		slices.Sort(records[i])
		states = append(states, fmt.Sprint(c.Index, " ", c.State, " ", c.Reason, " ", c.Detail, " ", records[i]))
	}
	return states, facts
}
