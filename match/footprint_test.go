// SPDX-License-Identifier: Apache-2.0

package match

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/sbom/reader"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

// told is all that a scan shows of a document and that a database decides.
func told(t interface{ Fatal(...any) }, db *vulndb.DB, doc *sbom.Document) string {
	result, err := New(db).Match(doc)
	if err != nil {
		t.Fatal(err)
	}
	var s strings.Builder
	for i := range result.Components {
		c := &result.Components[i]
		fmt.Fprintf(&s, "%d %s %s %s\n", c.Index, c.State, c.Reason, c.Detail)
	}
	for i := range result.Findings {
		f := &result.Findings[i]
		g := db.Group(f.Group)
		fmt.Fprintf(&s, "%d %s %v %s %s %v", f.Component, g.ID, g.Aliases, g.Severity, g.CVSS.Vector, g.Kind)
		if g.KEV != nil {
			fmt.Fprintf(&s, " KEV %v", *g.KEV)
		}
		for _, a := range f.Records {
			fmt.Fprintf(&s, " %s", db.Advisory(a.Advisory).ID)
		}
		up, err := New(db).Upgrade(*f.Identity, f.Fixed)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&s, " %s %v %v %s up to %s\n", f.Range, f.Fixed, f.Confidence, f.Caveat, up)
	}
	if err := db.Err(); err != nil {
		t.Fatal(err)
	}
	return s.String()
}

// generated draws a small world: databases of it differ in a few records.
type generated struct {
	records map[string]string // OSV JSON by ecosystem/id
	kev     []string
}

var (
	worldNames = map[string][]string{
		"npm": {"curl", "lodash", "express"}, "PyPI": {"curl", "Zope.Interface", "django"},
		"Maven": {"org.curl:curl", "org.apache:lodash"}, "Debian:11": {"curl", "openssl"}, "Debian:12": {"curl"},
		"Bitnami": {"curl", "express"}, "Go": {"github.com/curl/curl", "stdlib"},
	}
	worldVersions = []string{"1.0.0", "1.1.0", "2.0.0", "2.0.1", "7.80.0", "09.1"}
)

func drawRecord(t *rapid.T, n int) (key, text string) {
	ecosystem := rapid.SampledFrom([]string{"npm", "PyPI", "Maven", "Debian:11", "Debian:12", "Bitnami", "Go", "GIT"}).Draw(t, "ecosystem")
	version := func(label string) string { return rapid.SampledFrom(worldVersions).Draw(t, label) }
	id := fmt.Sprintf("T-%d", n)
	members := ""
	if rapid.Bool().Draw(t, "aliased") {
		members += fmt.Sprintf(`,"aliases":["CVE-2024-%04d"]`, rapid.IntRange(1, 4).Draw(t, "cve"))
	}
	if rapid.IntRange(0, 9).Draw(t, "withdrawn") == 0 {
		members += `,"withdrawn":"2026-01-01T00:00:00Z"`
	}
	if rapid.Bool().Draw(t, "rated") {
		members += `,"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:` + rapid.SampledFrom([]string{"N", "L", "H"}).Draw(t, "a") + `"}]`
	}
	affected := ""
	if ecosystem == "GIT" {
		affected = fmt.Sprintf(`{"ranges":[{"type":"GIT","repo":"https://github.com/curl/curl","events":[{"introduced":"0"}]}],"versions":["curl-%s","v%s"]}`,
			strings.ReplaceAll(version("tag"), ".", "_"), version("other tag"))
	} else {
		name := rapid.SampledFrom(worldNames[ecosystem]).Draw(t, "name")
		affected = fmt.Sprintf(`{"package":{"ecosystem":%q,"name":%q},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":%q},{"fixed":%q}]}]}`,
			ecosystem, name, rapid.SampledFrom([]string{"0", "1.0.0"}).Draw(t, "from"), version("fixed"))
	}
	base, _, _ := strings.Cut(ecosystem, ":")
	return base + "/" + id, fmt.Sprintf(`{"id":%q,"modified":"2026-01-02T03:04:05Z"%s,"affected":[%s]}`, id, members, affected)
}

func (g *generated) open(t *rapid.T) *vulndb.DB {
	keys := make([]string, 0, len(g.records))
	for key := range g.records {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	in := build.Memory{Kind: vulndb.KindFull, AsOf: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC), Records: func(yield func(string, []byte) bool) {
		for _, key := range keys {
			ecosystem, _, _ := strings.Cut(key, "/")
			if !yield(ecosystem, []byte(g.records[key])) {
				return
			}
		}
	}}
	if len(g.kev) > 0 {
		in.KEV = []byte(`{"dateReleased":"2026-01-01","vulnerabilities":[` + strings.Join(g.kev, ",") + `]}`)
	}
	file, _, err := build.FromRecords(in)
	if err != nil {
		t.Fatal(err)
	}
	db, err := vulndb.OpenBytes(file)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func drawDocument(t *rapid.T) *sbom.Document {
	doc := new(sbom.Document)
	for range rapid.IntRange(1, 4).Draw(t, "components") {
		v := rapid.SampledFrom(append([]string{""}, worldVersions...)).Draw(t, "version")
		name := rapid.SampledFrom([]string{"curl", "lodash", "express", "openssl", "django", "zope-interface"}).Draw(t, "component")
		at := ""
		if v != "" {
			at = "@" + v
		}
		c := sbom.Component{Name: name, Version: v}
		switch rapid.IntRange(0, 7).Draw(t, "form") {
		case 0:
			c.PURL = "pkg:npm/" + name + at
		case 1:
			c.PURL = "pkg:pypi/" + name + at
		case 2:
			c.PURL = "pkg:maven/org.curl/" + name + at
		case 3:
			c.PURL = "pkg:deb/debian/" + name + at + rapid.SampledFrom([]string{"?distro=debian-11", "?distro=debian-12", ""}).Draw(t, "distro")
		case 4:
			c.PURL = "pkg:bitnami/" + name + at
		case 5:
			c.CPE = []string{"cpe:2.3:a:haxx:" + name + ":" + max(v, "*") + ":*:*:*:*:*:*:*"}
		case 6:
			c.References = []sbom.Reference{{Type: "vcs", URL: "https://github.com/curl/curl"}}
		}
		doc.Components = append(doc.Components, c)
	}
	return doc
}

// TestUntouchedMeansTheSame holds that a document whose findings differ between
// two databases has a footprint that their changes touch.
func TestUntouchedMeansTheSame(t *testing.T) {
	differed := 0
	rapid.Check(t, func(t *rapid.T) {
		before := generated{records: map[string]string{"npm/T-x": `{"id":"T-x","modified":"2026-01-01T00:00:00Z"}`}}
		for i := range rapid.IntRange(0, 8).Draw(t, "records") {
			key, text := drawRecord(t, i)
			before.records[key] = text
		}
		now := generated{records: map[string]string{}, kev: before.kev}
		maps.Copy(now.records, before.records)
		for range rapid.IntRange(1, 3).Draw(t, "edits") {
			switch rapid.IntRange(0, 3).Draw(t, "edit") {
			case 0:
				delete(now.records, fmt.Sprintf("npm/T-%d", rapid.IntRange(0, 7).Draw(t, "gone")))
			case 1:
				now.kev = append(now.kev, fmt.Sprintf(`{"cveID":"CVE-2024-%04d","dateAdded":"2026-01-01"}`, rapid.IntRange(1, 4).Draw(t, "kev")))
			default:
				key, text := drawRecord(t, rapid.IntRange(0, 10).Draw(t, "record"))
				now.records[key] = text
			}
		}
		older, newer := before.open(t), now.open(t)
		delta, err := vulndb.Changes(older, newer)
		if err != nil {
			t.Fatal(err)
		}
		touches := delta.Touches(vulndb.Entries | vulndb.Facts)
		for range 4 {
			doc := drawDocument(t)
			a, b := told(t, older, doc), told(t, newer, doc)
			if a == b {
				continue
			}
			differed++
			if len(delta.Whole) == 0 && !touches.Touched(Keys(doc)) {
				t.Fatalf("untouched, and yet other findings (-before +now):\n%s\n%+v", cmp.Diff(a, b), delta)
			}
		}
	})
	if differed < 20 && !testing.Short() {
		t.Errorf("only %d documents differed: the property was hardly tried", differed)
	}
}

func openDB(t testing.TB, name string) *vulndb.DB {
	t.Helper()
	db, err := vulndb.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// TestCorpusUntouched does the same on real documents, between a database of all
// ecosystems and one without some of their records.
func TestCorpusUntouched(t *testing.T) {
	if testing.Short() {
		t.Skip("builds two databases of all the data")
	}
	from, dir := corpus.Dir(t), t.TempDir()
	some := filepath.Join(dir, "some")
	ecosystems, err := os.ReadDir(filepath.Join(from, "osv"))
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range ecosystems {
		if !e.IsDir() || i%7 == 3 {
			continue // whole ecosystems are missing, too
		}
		thinZip(t, filepath.Join(from, "osv", e.Name(), "all.zip"), filepath.Join(some, "osv", e.Name(), "all.zip"))
	}
	var dbs [2]*vulndb.DB
	for i, source := range []string{some, from} {
		out := filepath.Join(dir, fmt.Sprint(i))
		if _, err := build.Build(context.Background(), build.Options{From: source, Out: out}); err != nil {
			t.Fatal(err)
		}
		dbs[i] = openDB(t, out)
	}
	delta, err := vulndb.Changes(dbs[0], dbs[1])
	if err != nil {
		t.Fatal(err)
	}
	delta.Whole = nil // KEV and EPSS are in one of them alone, which touches everything
	touches := delta.Touches(vulndb.Entries | vulndb.Facts)
	documents, differed, touched := 0, 0, 0
	err = filepath.WalkDir(corpus.Dir(t, "sbom"), func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		in, err := os.Open(name)
		if err != nil {
			return err
		}
		defer in.Close()
		for item := range reader.Items(in, name, reader.Options{}) {
			if item.Err != nil {
				continue
			}
			documents++
			hit := touches.Touched(Keys(item.Document))
			if hit {
				touched++
			}
			if a, b := told(t, dbs[0], item.Document), told(t, dbs[1], item.Document); a != b {
				differed++
				if !hit {
					t.Errorf("%s: untouched, and yet other findings:\n%s", item.Path, cmp.Diff(a, b))
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d documents, %d touched, %d with other findings", documents, touched, differed)
	if differed < 20 {
		t.Errorf("only %d documents differ", differed)
	}
}

func TestFootprintsFile(t *testing.T) {
	store := Footprints{Program: "p", List: []Footprint{
		{SHA256: [32]byte{2}, Path: "b.json", Product: "Pump 2", Keys: []vulndb.Key{1, 5, 1 << 63}},
		{SHA256: [32]byte{1}, Path: "a.json"},
	}}
	b := store.Append(nil)
	got, err := ParseFootprints(b)
	if err != nil {
		t.Fatal(err)
	}
	want := &Footprints{Program: "p", List: []Footprint{
		{SHA256: [32]byte{1}, Path: "a.json", Keys: []vulndb.Key{}}, store.List[0],
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if !bytes.Equal(b, got.Append(nil)) {
		t.Error("written again the bytes differ")
	}
	for i := range b {
		broken := slices.Clone(b)
		broken[i] ^= 0x10
		if _, err := ParseFootprints(broken); !errors.Is(err, ErrFootprints) {
			t.Errorf("byte %d flipped: want ErrFootprints, got %v", i, err)
		}
		if _, err := ParseFootprints(b[:i]); !errors.Is(err, ErrFootprints) {
			t.Errorf("cut off at %d: want ErrFootprints, got %v", i, err)
		}
	}
}

// FuzzParseFootprints tries what lies behind the checksum too.
func FuzzParseFootprints(f *testing.F) {
	whole := (&Footprints{Program: "p", List: []Footprint{{Path: "a", Keys: []vulndb.Key{1, 2}}}}).Append(nil)
	f.Add(whole)
	f.Add(whole[:len(whole)-32])
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, text := range [][]byte{b, sealed(b)} {
			store, err := ParseFootprints(text)
			if err != nil {
				continue
			}
			again, err := ParseFootprints(store.Append(nil))
			if err != nil {
				t.Fatalf("what was read cannot be written and read: %v", err)
			}
			if d := cmp.Diff(store, again); d != "" {
				t.Fatal(d)
			}
		}
	})
}
