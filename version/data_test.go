// SPDX-License-Identifier: Apache-2.0

package version

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/osv-scalibr/semantic"

	"github.com/medsbom/medsbom/internal/corpus"
)

// realVersions returns the versions of every OSV record, by ecosystem, sorted:
// bounds of ranges (but "0", "from the beginning") and listed versions; under the
// race detector those of every tenth record.
func realVersions(t testing.TB) map[string][]string {
	t.Helper()
	zips, err := filepath.Glob(filepath.Join(corpus.Dir(t, "osv"), "*", "all.zip"))
	if err != nil {
		t.Fatal(err)
	}
	sets := map[string]map[string]bool{}
	for _, path := range zips {
		if err := readZip(path, sets); err != nil {
			t.Fatalf("reading %s: %v", path, err)
		}
	}
	versions := map[string][]string{}
	for ecosystem, set := range sets {
		for v := range set {
			versions[ecosystem] = append(versions[ecosystem], v)
		}
		slices.Sort(versions[ecosystem])
	}
	return versions
}

func readZip(path string, sets map[string]map[string]bool) error {
	z, err := zip.OpenReader(path)
	if err != nil {
		return err
	}
	defer z.Close()
	var text bytes.Buffer
	for i := 0; i < len(z.File); i += recordStep {
		file := z.File[i]
		r, err := file.Open()
		if err != nil {
			return err
		}
		text.Reset()
		_, err = io.Copy(&text, r)
		r.Close()
		if err != nil {
			return err
		}
		var record struct {
			Affected []struct {
				Package struct {
					Ecosystem string `json:"ecosystem"`
				} `json:"package"`
				Ranges []struct {
					Type   string              `json:"type"`
					Events []map[string]string `json:"events"`
				} `json:"ranges"`
				Versions []string `json:"versions"`
			} `json:"affected"`
		}
		if err := json.Unmarshal(text.Bytes(), &record); err != nil {
			return fmt.Errorf("%s: %w", file.Name, err)
		}
		for _, a := range record.Affected {
			ecosystem, _, _ := strings.Cut(a.Package.Ecosystem, ":")
			if sets[ecosystem] == nil {
				sets[ecosystem] = map[string]bool{}
			}
			for _, v := range a.Versions {
				sets[ecosystem][v] = true
			}
			for _, r := range a.Ranges {
				for _, event := range r.Events {
					for _, v := range event {
						if r.Type != "GIT" && v != "0" {
							sets[ecosystem][v] = true
						}
					}
				}
			}
		}
	}
	return nil
}

// unordered are the ecosystems of the data whose versions have no order.
var unordered = map[string]bool{"": true, "OSS-Fuzz": true}

// TestRealVersions compares, within each ecosystem, every version with its
// neighbours in our order and with versions at random, and all that with
// semantic and deps.dev.
func TestRealVersions(t *testing.T) {
	t.Parallel()
	all := realVersions(t)
	ecosystems := make([]string, 0, len(all))
	for ecosystem := range all {
		ecosystems = append(ecosystems, ecosystem)
	}
	slices.Sort(ecosystems)
	for _, ecosystem := range ecosystems {
		s, ok := SchemeOf(ecosystem)
		if ok == unordered[ecosystem] {
			t.Errorf("%q: scheme: want %v, got %v", ecosystem, !ok, ok)
		}
		if !ok {
			continue
		}
		parsed, refused := parseAll(s, all[ecosystem])
		if share := float64(len(parsed)) / float64(len(all[ecosystem])); share < 0.99 && recordStep == 1 {
			t.Errorf("%s: versions with a key: want 99 %%, got %.2f %%", ecosystem, 100*share)
		}
		pairs, excuses, differences := compareAll(t, ecosystem, s, parsed)
		t.Logf("%-28s %6d versions, %6d with key, %3d refused, %7d pairs, excused %v, %d disagreements; refused: %.200q",
			ecosystem, len(all[ecosystem]), len(parsed), len(refused), pairs, excuses, differences, refused)
		compareWithDepsdev(t, ecosystem, parsed)
	}
}

func parseAll(s Scheme, texts []string) (parsed []Version, refused []string) {
	for _, text := range texts {
		if v, err := s.Parse(text); err != nil {
			refused = append(refused, text)
		} else {
			parsed = append(parsed, v)
		}
	}
	slices.SortStableFunc(parsed, Version.Compare)
	return parsed, refused
}

func compareAll(t *testing.T, ecosystem string, s Scheme, vs []Version) (pairs int, excuses map[int]int, differences int) {
	excuses = map[int]int{}
	if s == Homebrew {
		return 0, excuses, 0 // unknown to semantic
	}
	theirs := make([]semantic.Version, len(vs))
	for i, v := range vs {
		theirs[i] = semanticParse(t, ecosystem, semanticText(s, v.String()))
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range vs {
		js := []int{i + 1, i + 2, i + 5, i + 40}
		for range 4 {
			js = append(js, random.IntN(len(vs)))
		}
		for _, j := range js {
			if j >= len(vs) {
				continue
			}
			pairs++
			got := vs[i].Compare(vs[j])
			if keys := bytes.Compare(vs[i].Key(), vs[j].Key()); keys != got || vs[j].Compare(vs[i]) != -got {
				t.Fatalf("%s: %s and %s: keys %d, compared %d", ecosystem, vs[i], vs[j], keys, got)
			}
			want, err := theirs[i].Compare(theirs[j])
			if err != nil {
				t.Fatalf("%s: semantic: %s and %s: %v", ecosystem, vs[i], vs[j], err)
			}
			if sign(want) == got {
				continue
			}
			if why := excused(s, vs[i].String(), vs[j].String(), got, sign(want)); why > 0 {
				excuses[why]++
				continue
			}
			if differences++; differences < 20 {
				t.Errorf("%s: %s and %s: semantic %d, got %d", ecosystem, vs[i], vs[j], sign(want), got)
			}
		}
	}
	return pairs, excuses, differences
}
