// SPDX-License-Identifier: Apache-2.0

package purl_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/purl"
)

// TestUpstreamData holds the tables to the advisory data: what it has a record
// of is spelled as there, every address in it is read, and at least this many
// of the projects have a record. Those that have none are for the whole of OSV,
// of which the data is a part.
func TestUpstreamData(t *testing.T) {
	dir := corpus.Dir(t, "osv")
	repositories, spelled, bitnami := make(map[string]int), make(map[string]bool), make(map[string]int)
	for _, ecosystem := range []string{"GIT", "OSS-Fuzz", "Bitnami"} {
		zipped, err := os.ReadFile(filepath.Join(dir, ecosystem, "all.zip"))
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range unzip(t, zipped) {
			var record struct {
				Affected []struct {
					Package struct{ Name string }
					Ranges  []struct{ Type, Repo string }
				}
			}
			if err := json.Unmarshal(text, &record); err != nil {
				t.Fatal(err)
			}
			for _, a := range record.Affected {
				if ecosystem == "Bitnami" {
					bitnami[a.Package.Name]++
				}
				for _, r := range a.Ranges {
					if r.Type != "GIT" {
						continue
					}
					address := purl.Repository(r.Repo)
					if address == "" {
						t.Errorf("%q is not read as the address of a repository", r.Repo)
					}
					spelled[address] = true
					repositories[purl.FoldName("GIT", r.Repo)]++
				}
			}
		}
	}
	covered, git, total := 0, 0, 0
	for name, targets := range purl.Projects() {
		total++
		found := false
		for _, target := range targets {
			if own, ok := strings.CutPrefix(target, "Bitnami "); ok {
				if bitnami[own] == 0 {
					t.Errorf("%s: Bitnami has no record of %q", name, own)
				}
				found = true
				continue
			}
			if repositories[purl.FoldName("GIT", target)] == 0 {
				continue
			}
			found = true
			git++
			if !spelled[target] {
				t.Errorf("%s: the data spells %s otherwise", name, target)
			}
		}
		if found {
			covered++
		}
	}
	t.Logf("%d of %d projects have a record; %d of %d repositories of the data are theirs", covered, total, git, len(repositories))
	if covered < 190 {
		t.Errorf("want at least 190 projects with a record, got %d", covered)
	}
}
