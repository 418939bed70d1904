// SPDX-License-Identifier: Apache-2.0

package build

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/medsbom/medsbom/vulndb"
)

// TestNoBridges: what a record about another package names is not joined by it,
// in whatever way it is named and however many records help. What is named for
// the same package is one.
func TestNoBridges(t *testing.T) {
	about := func(id, pkg string, aliases ...string) filed {
		return rec("npm", id, `"aliases":["`+strings.Join(aliases, `","`)+`"],`+one("npm", pkg, `"versions":["1"]`))
	}
	a, b := about("GHSA-a", "x", "CVE-2024-0001"), about("GHSA-b", "x", "CVE-2024-0002")
	both := []string{"CVE-2024-0001", "CVE-2024-0002"}
	for _, c := range []struct {
		name    string
		records []filed
		apart   bool
		cves    map[string][]string // by the id of a group
	}{
		{"several CVEs of the package", []filed{about("RUSTSEC-1", "x", both...)}, false, map[string][]string{"CVE-2024-0001": both}},
		{"several ids of the package", []filed{about("RUSTSEC-1", "x", "GHSA-a", "GHSA-b")}, false, map[string][]string{"CVE-2024-0001": both}},
		{
			"several CVEs of another package",
			[]filed{about("Z-1", "zzz", both...)},
			true,
			map[string][]string{"Z-1": both, "CVE-2024-0001": both[:1], "CVE-2024-0002": both[1:]},
		},
		{"several ids of another package", []filed{about("Z-1", "zzz", "GHSA-a", "GHSA-b")}, true, map[string][]string{"CVE-2024-0001": both[:1]}},
		{"one CVE and an id of another package", []filed{about("Z-1", "zzz", "CVE-2024-0001", "GHSA-b")}, true, map[string][]string{"CVE-2024-0001": both[:1]}},
		{"a common id that is nobody's", []filed{about("Z-1", "zzz", "GHSA-a", "Q"), about("Z-2", "zzz", "GHSA-b", "Q")}, true, nil},
		{"helpers that bear the CVEs", []filed{about("Z-1", "zzz", both[0]), about("Z-2", "zzz", both[1]), about("Z-3", "zzz", both...)}, true, nil},
		{"helpers that name the ids", []filed{about("Z-1", "zzz", "GHSA-a"), about("Z-2", "zzz", "GHSA-b"), about("Z-3", "zzz", "Z-1", "Z-2")}, true, nil},
		{"a helper of the package", []filed{about("Z-1", "zzz", "Z-2", both[0]), about("Z-2", "zzz", both[1])}, true, nil},
		{"an alias that is no more than a name", []filed{about("Z-1", "zzz", both[0], "CVE-2024-0003")}, true, map[string][]string{"CVE-2024-0001": {both[0], "CVE-2024-0003"}}},
		{"a withdrawn one", []filed{{"npm", strings.Replace(about("RUSTSEC-1", "x", both...).json, "{", `{"withdrawn":"2024-01-01",`, 1)}}, true, nil},
	} {
		for range 2 {
			all := append([]filed{a, b}, c.records...)
			db, report := open(t, memory(all...))
			ga, gb := groupOf(t, db, "GHSA-a"), groupOf(t, db, "GHSA-b")
			if apart := ga.ID != gb.ID; apart != c.apart {
				t.Errorf("%s: want apart %t, got %s and %s of %d groups", c.name, c.apart, ga.ID, gb.ID, report.Groups)
			}
			for _, r := range all {
				id, _, _ := strings.Cut(strings.SplitAfter(r.json, `"id":"`)[1], `"`)
				g := groupOf(t, db, id)
				if want, ok := c.cves[g.ID]; ok {
					if d := cmp.Diff(want, g.CVEs); d != "" {
						t.Errorf("%s: CVEs of %s (-want +got):\n%s", c.name, g.ID, d)
					}
				}
			}
			slices.Reverse(c.records)
		}
	}
}

// TestNoRecordOfAnotherPackageJoins: whatever records about another package are
// added to some, no two of these are joined that were not.
func TestNoRecordOfAnotherPackageJoins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := func(label string, of ...string) string {
			var list []string
			for _, s := range rapid.SliceOfN(rapid.SampledFrom(of), 0, 4).Draw(t, label) {
				list = append(list, fmt.Sprintf("%q", s))
			}
			return `"aliases":[` + strings.Join(list, ",") + `],`
		}
		var records []filed
		own := rapid.IntRange(2, 5).Draw(t, "own")
		for i := range own { // each bears one CVE of its own
			records = append(records, rec("npm", fmt.Sprintf("G-%d", i), fmt.Sprintf(`"aliases":["CVE-2024-000%d"],`, i)+one("npm", "x", `"versions":["1"]`)))
		}
		for i := range rapid.IntRange(0, 5).Draw(t, "foreign") {
			aliases := names("aliases", "CVE-2024-0000", "CVE-2024-0001", "CVE-2024-0002", "CVE-2024-0009", "G-0", "G-1", "G-2", "Z-0", "Z-1", "Z-2", "Q")
			records = append(records, rec("npm", fmt.Sprintf("Z-%d", i), aliases+one("npm", rapid.SampledFrom([]string{"y", "z"}).Draw(t, "package"), `"versions":["1"]`)))
		}
		file, _, err := FromRecords(memory(rapid.Permutation(records).Draw(t, "order")...))
		if err != nil {
			t.Fatal(err)
		}
		db, err := vulndb.OpenBytes(file)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		seen := map[uint32]string{}
		for i := range own {
			id := fmt.Sprintf("G-%d", i)
			for _, n := range db.Find(id) {
				if a := db.Advisory(n); a.ID == id {
					if other := seen[uint32(a.Group)]; other != "" {
						t.Fatalf("%s and %s are one group", other, id)
					}
					seen[uint32(a.Group)] = id
				}
			}
		}
	})
}
