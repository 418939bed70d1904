// SPDX-License-Identifier: Apache-2.0

package vulndb_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

// lifecycleOf makes a database with one product of these cycles.
func lifecycleOf(t testing.TB, tags string, cycles ...string) vulndb.Lifecycle {
	t.Helper()
	for i, c := range cycles {
		cycles[i] = fmt.Sprintf(`{"cycle":%q,"eol":"2030-01-01"}`, c)
	}
	file, report, err := build.FromRecords(build.Memory{
		Kind: vulndb.KindFull, AsOf: smallDay,
		EOL: []byte(`{"thing":{"title":"Thing","tags":[` + tags + `],"cycles":[` + strings.Join(cycles, ",") + `]}}`),
		Records: func(yield func(string, []byte) bool) {
			yield(smallRecords[0][0], []byte(smallRecords[0][1]))
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if report.Oddities != 0 {
		t.Fatalf("oddities: %v", report.OddityList)
	}
	l, ok := openBytes(t, file).LifecycleNamed("thing")
	if !ok {
		t.Fatal("the product is not found")
	}
	return l
}

// TestTrap36 is the trap of reference/advisories.md: a cycle is found by the parts
// of a version, the longest match, not by its text.
func TestTrap36(t *testing.T) {
	tests := []struct {
		name   string
		cycles []string
		want   map[string]string // version: cycle, "" for none
	}{
		{"openssl", []string{"3.0", "3", "1.1.1", "1.1.0", "1.0.2"}, map[string]string{
			"3.0.13": "3.0", "3.1.4": "3", "1.1.1k": "1.1.1", "1.1.1": "1.1.1", "1.1.0l": "1.1.0", "1.0.2zg": "1.0.2", "1.1": "", "0.9.8": "", "v3.0.13": "3.0",
		}},
		{"parts, not text", []string{"1.1", "1.10", "1"}, map[string]string{"1.10.3": "1.10", "1.1.3": "1.1", "1.100": "1", "11.0": "", "1.11": "1"}},
		{"node", []string{"18", "1"}, map[string]string{"18.20.8": "18", "1.8.4": "1", "180.0": "", "18-alpine": "18"}},
		{"service packs", []string{"2019-R2", "2019"}, map[string]string{"2019-R2": "2019-R2", "2019 r2.4": "2019-R2", "2019.1": "2019", "2019-R20": "2019"}},
		{"zeros", []string{"20.04", "20.4.1"}, map[string]string{"20.4": "20.04", "20.04.6": "20.04", "20.4.01": "20.4.1"}},
		{"nothing", []string{"1"}, map[string]string{"": "", "latest": "", "...": ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := lifecycleOf(t, "", tt.cycles...)
			got := map[string]string{}
			for version := range tt.want {
				c, _ := l.Cycle(version)
				got[version] = c.Name
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestCycleOfJava(t *testing.T) {
	l := lifecycleOf(t, `"java-distribution"`, "11", "8", "1")
	for version, want := range map[string]string{"1.8.0_292": "8", "8u292": "8", "11.0.16+8": "11", "1.11": "11"} {
		if c, _ := l.Cycle(version); c.Name != want {
			t.Errorf("%s: want %q, got %q", version, want, c.Name)
		}
	}
}

func TestBeneath(t *testing.T) {
	l := lifecycleOf(t, "", "1.1.1", "1.1.0", "1.10", "1.0.2")
	var got []string
	l.Beneath("1.1", func(c vulndb.Cycle) bool { got = append(got, c.Name); return true })
	if d := cmp.Diff([]string{"1.1.1", "1.1.0"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestCycleIsPrefix: the cycle of any version made of a cycle's name and more parts
// is that cycle or one with more parts.
func TestCycleIsPrefix(t *testing.T) {
	names := []string{"1", "1.1", "1.1.1", "2", "2.10", "10"}
	l := lifecycleOf(t, "", append([]string(nil), names...)...)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(names).Draw(t, "cycle")
		version := name + "." + rapid.StringMatching(`[0-9]{1,3}(\.[0-9]{1,3}){0,2}[a-z]?`).Draw(t, "more")
		c, ok := l.Cycle(version)
		if !ok || strings.Count(c.Name, ".") < strings.Count(name, ".") {
			t.Fatalf("%s: want the cycle %s or a longer one, got %q", version, name, c.Name)
		}
	})
}

// TestNoEOL: a database without end-of-life data finds nothing and is whole.
func TestNoEOL(t *testing.T) {
	file, _, err := build.FromRecords(build.Memory{Kind: vulndb.KindFull, AsOf: smallDay, Records: func(yield func(string, []byte) bool) {
		yield(smallRecords[0][0], []byte(smallRecords[0][1]))
	}})
	if err != nil {
		t.Fatal(err)
	}
	db := openBytes(t, file)
	if _, ok := db.LifecycleNamed("node"); ok || db.Info().HasEOL || db.Verify() != nil {
		t.Errorf("found in nothing, or %v", db.Verify())
	}
}
