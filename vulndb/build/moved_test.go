// SPDX-License-Identifier: Apache-2.0

package build

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/medsbom/medsbom/vulndb"
)

// TestSourceChangedMeanwhile: no cache is written of sources that are not, when
// they are parsed, what they were when they were hashed.
func TestSourceChangedMeanwhile(t *testing.T) {
	doc := csafOf("ICSMA-24-001-01", "2024-02-01", "Acme Inc.", "Pump", "<= 3")
	zip := filepath.Join("osv", "npm", "all.zip")
	other := zipOf(t, member{name: "a.json", text: rec("npm", "N-9", "").json})
	for _, c := range []struct {
		name   string
		change func(from string)
		want   string
	}{
		{"nothing", func(string) {}, ""},
		{"a zip, in place", func(from string) { put(t, filepath.Join(from, zip), other) }, "osv/npm/all.zip has changed meanwhile"},
		{"a zip, with its old time", func(from string) {
			stat, err := os.Stat(filepath.Join(from, zip))
			if err != nil {
				t.Fatal(err)
			}
			put(t, filepath.Join(from, zip), other)
			if err := os.Chtimes(filepath.Join(from, zip), stat.ModTime(), stat.ModTime()); err != nil {
				t.Fatal(err)
			}
		}, "osv/npm/all.zip has changed meanwhile"},
		{"KEV", func(from string) {
			put(t, filepath.Join(from, kevFile), []byte(strings.Replace(kevOfOne, "0001", "0002", 1)))
		}, "a file of kev has changed, come or gone meanwhile"},
		{"KEV, gone", func(from string) { _ = os.Remove(filepath.Join(from, kevFile)) }, "a file of kev has changed, come or gone meanwhile"},
		{"EPSS, come", func(from string) {
			put(t, filepath.Join(from, epssFile), []byte("cve,epss,percentile\nCVE-2024-0001,0.5,0.6\n"))
		}, "a file of epss has changed, come or gone meanwhile"},
		{"CSAF", func(from string) {
			put(t, filepath.Join(from, "csaf", "a.json"), []byte(strings.ReplaceAll(doc, "Pump", "Tube")))
		}, "a file of csaf has changed, come or gone meanwhile"},
		{"CSAF, come", func(from string) { put(t, filepath.Join(from, "csaf", "b.json"), []byte(doc)) }, "a file of csaf has changed, come or gone meanwhile"},
	} {
		from := folder(t, map[string][]filed{"osv/npm/all.zip": records("npm", 2)}, map[string]string{kevFile: kevOfOne, "csaf/a.json": doc})
		b := newBuilder(vulndb.KindFull, testDay)
		feeds, err := findZips(from)
		if err != nil {
			t.Fatal(err)
		}
		sources, err := hashSources(context.Background(), from, feeds, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(c.name, "a zip") {
			// As of a file that has lain for long: what tells is its new state.
			stat, err := feeds[0].opened.Stat()
			if err != nil {
				t.Fatal(err)
			}
			feeds[0].state = stateOf(stat)
		}
		c.change(from)

		// The zip has changed in place after it was opened: its size is stale.
		if stat, err := feeds[0].opened.Stat(); err == nil {
			feeds[0].size = stat.Size()
		}
		if err := b.readAll(context.Background(), from, feeds, sources, 1); err != nil {
			t.Fatal(err)
		}
		got := ""
		cache := b.startCache(filepath.Join(t.TempDir(), "test.db.cache"), feeds)
		if err := cache.commit(b, sources); err != nil {
			got = err.Error()
		}
		cache.close()
		if got != c.want {
			t.Errorf("%s: want %q, got %q", c.name, c.want, got)
		}
	}
}
