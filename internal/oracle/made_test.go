// SPDX-License-Identifier: Apache-2.0

package oracle

import (
	"archive/zip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

const made = `{"id": "MADE-1", "modified": "2026-01-01T00:00:00Z", `

// madeRecords are what the data of today does not hold, but the schema allows or
// feeds will bring; the version is that of pkg:npm/a.
var madeRecords = []struct {
	name, record, version string
	ours, theirs, panics  bool
	breaks                string // by osv-scanner
}{
	{
		name:    "as the schema has it",
		record:  made + `"affected": [{"package": {"ecosystem": "npm", "name": "a"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2.0.0"}]}]}]}`,
		version: "1.0.0", ours: true, theirs: true,
	},
	{
		name:    "withdrawn",
		record:  made + `"withdrawn": "2026-02-01T00:00:00Z", "affected": [{"package": {"ecosystem": "npm", "name": "a"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}]}]}`,
		version: "1.0.0",
	},
	{
		name:    "neither ranges nor versions",
		record:  made + `"affected": [{"package": {"ecosystem": "npm", "name": "a"}}]}`,
		version: "1.0.0",
	},
	{
		name:    "events in any order",
		record:  made + `"affected": [{"package": {"ecosystem": "npm", "name": "a"}, "ranges": [{"type": "SEMVER", "events": [{"fixed": "2.0.0"}, {"fixed": "4.0.0"}, {"introduced": "3.0.0"}, {"introduced": "1.0.0"}]}]}]}`,
		version: "3.1.0", ours: true, theirs: true,
	},
	{
		name:    "a field that is newer than the reader",
		record:  made + `"next_year": 1, "affected": [{"package": {"ecosystem": "npm", "name": "a"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}]}]}`,
		version: "1.0.0", ours: true,
		breaks: `OSV schema, "schema_version": minor versions add fields, which older readers must be able to pass over; the record is dropped`,
	},
	{
		name:    "a date that is none",
		record:  `{"id": "MADE-1", "modified": "yesterday", "affected": [{"package": {"ecosystem": "npm", "name": "a"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}]}]}`,
		version: "1.0.0", ours: true,
		breaks: "performance.md 7.16: the record is dropped without a word",
	},
	{
		name:    "limit",
		record:  made + `"affected": [{"package": {"ecosystem": "npm", "name": "a"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"limit": "2.0.0"}]}]}]}`,
		version: "3.0.0", theirs: true,
		breaks: `OSV schema, "Evaluation": a version is affected only before the limits`,
	},
	{
		name:    "GIT range first",
		record:  made + `"affected": [{"package": {"ecosystem": "npm", "name": "a"}, "ranges": [{"type": "GIT", "repo": "https://example.com/a", "events": [{"introduced": "0"}]}, {"type": "SEMVER", "events": [{"introduced": "0"}]}]}]}`,
		version: "1.0.0", ours: true,
		breaks: `OSV schema, "Evaluation": any range of the version's kind counts`,
	},
	{
		name:    "an ecosystem that is newer than the reader, beside",
		record:  made + `"affected": [{"package": {"ecosystem": "Homebrew", "name": "a"}}, {"package": {"ecosystem": "npm", "name": "a"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}]}]}`,
		version: "1.0.0", ours: true, panics: true,
		breaks: "advisories.md 26: unknown ecosystems are passed over; one record ends every scan of npm",
	},
}

// TestMadeRecords holds the judges' answers to records made for the purpose: a
// difference that goes away fails as one that comes.
func TestMadeRecords(t *testing.T) {
	for _, m := range madeRecords {
		t.Run(m.name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "data", "npm", "all.zip")
			writeZip(t, file, m.record)
			db := filepath.Join(dir, "a.db")
			if _, err := build.Build(context.Background(), build.Options{
				From: filepath.Join(dir, "data"), Out: db, AsOf: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC),
			}); err != nil {
				t.Fatal(err)
			}
			opened, err := vulndb.Open(db)
			if err != nil {
				t.Fatal(err)
			}
			defer opened.Close()
			e := &engine{dir: dir}
			if err := e.link("npm", file); err != nil {
				t.Fatal(err)
			}
			list := []component{{name: "a", version: m.version, field: m.version, purl: "pkg:npm/a@" + m.version}}
			doc := filepath.Join(dir, "bom.json")
			if err := writeBOM(doc, list); err != nil {
				t.Fatal(err)
			}
			mine, err := ours(opened, doc)
			if err != nil {
				t.Fatal(err)
			}
			if got := len(mine[0].found) == 1; got != m.ours {
				t.Errorf("medsbom: want %v, got %v", m.ours, mine[0].found)
			}
			found, err := e.scan(doc, list)
			if errors.Is(err, errPanic) != m.panics || err != nil && !m.panics {
				t.Fatalf("osv-scanner: want a panic: %v, got %v", m.panics, err)
			}
			if err != nil {
				return
			}
			if got := len(found[0]) == 1; got != m.theirs {
				t.Errorf("osv-scanner: want %v, got %v", m.theirs, found[0])
			}
			if (m.ours == m.theirs) != (m.breaks == "") {
				t.Error("a difference without what it breaks, or the other way round")
			}
		})
	}
}

func writeZip(t *testing.T, file, record string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	w, err := z.Create("MADE-1.json")
	if err == nil {
		_, err = w.Write([]byte(record))
	}
	if err := errors.Join(err, z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
}
