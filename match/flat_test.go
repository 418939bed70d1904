// SPDX-License-Identifier: Apache-2.0

package match

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

// TestFlat holds that a match costs the same however many other packages the
// database has: the same allocations, and the same answer.
func TestFlat(t *testing.T) {
	world := func(times int) *vulndb.DB {
		file, _, err := build.FromRecords(build.Memory{Kind: vulndb.KindFull, Records: func(yield func(string, []byte) bool) {
			for i := range 500 {
				for j := range times {
					suffix := ""
					if j > 0 {
						suffix = fmt.Sprintf("-again%d", j)
					}
					text := fmt.Sprintf(`{"id":"T-%d%s","modified":"2026-01-01T00:00:00Z","aliases":["CVE-2024-%d"],"affected":[{"package":{"ecosystem":"npm","name":"p%d%s"},
						"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"2.0.%d"}]}]}]}`, i, suffix, 10_000*(j+1)+i, i, suffix, i)
					if !yield("npm", []byte(text)) {
						return
					}
				}
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		db, err := vulndb.OpenBytes(file)
		if err != nil {
			t.Fatal(err)
		}
		return db
	}
	doc := new(sbom.Document)
	for i := range 300 {
		name := fmt.Sprintf("p%d", 3*i) // the last third is in no advisory
		doc.Components = append(doc.Components, sbom.Component{Name: name, Version: "1.0.0", PURL: "pkg:npm/" + name + "@1.0.0"})
	}
	one, four := world(1), world(4)
	if d := cmp.Diff(told(t, one, doc), told(t, four, doc)); d != "" {
		t.Errorf("other packages change the answer (-one +fourfold):\n%s", d)
	}
	allocations := func(db *vulndb.DB) float64 {
		m := New(db)
		var runs []float64
		for range 3 {
			runs = append(runs, testing.AllocsPerRun(5, func() {
				if _, err := m.Match(doc); err != nil {
					t.Fatal(err)
				}
			}))
		}
		return slices.Min(runs)
	}
	if a, b := allocations(one), allocations(four); b > a+2 {
		t.Errorf("%v allocations with the database, %v with one four times larger", a, b)
	}
}
