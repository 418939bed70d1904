// SPDX-License-Identifier: Apache-2.0

package oracle

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPortions checks that the engine says the same beside a zip of the records
// that name its packages as beside the whole zips.
func TestPortions(t *testing.T) {
	data := load(t)
	dir := t.TempDir()
	e, err := newEngine(dir, data)
	if err != nil {
		t.Fatal(err)
	}
	byEcosystem := map[string][]component{}
	for _, c := range data.generate(sampleStep) {
		ecosystem := base(c.key.ecosystem)
		if list := byEcosystem[ecosystem]; len(list) < 60 && !engineEcosystem(c.purl).IsEmpty() {
			byEcosystem[ecosystem] = append(list, c)
		}
	}
	findings := 0
	for _, ecosystem := range []string{"Alpine", "Debian", "Hex", "NuGet", "RubyGems", "crates.io", "npm"} {
		list := byEcosystem[ecosystem]
		file := filepath.Join(dir, "bom.json")
		if err := writeBOM(file, list); err != nil {
			t.Fatal(err)
		}
		if err := e.useAll(); err != nil {
			t.Fatal(err)
		}
		want, err := e.scan(file, list)
		if err != nil {
			t.Fatalf("%s: %v", ecosystem, err)
		}
		if err := e.use(namesOf(list)); err != nil {
			t.Fatal(err)
		}
		got, err := e.scan(file, list)
		if err != nil {
			t.Fatalf("%s: %v", ecosystem, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-whole zip +its records):\n%s", ecosystem, d)
		}
		findings += len(slices.Concat(want...))
	}
	if findings < 500 {
		t.Errorf("%d findings: fewer than there are", findings)
	}
}
