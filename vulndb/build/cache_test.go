// SPDX-License-Identifier: Apache-2.0

package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/internal/program"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// run builds out from a folder and gives the file.
func run(t interface{ Fatal(...any) }, from, out string, change func(*Options)) ([]byte, *Report) {
	o := Options{From: from, Out: out, AsOf: testDay}
	if change != nil {
		change(&o)
	}
	report, err := Build(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return file, report
}

func noCache(o *Options) { o.NoCache = true }

var sameReport = cmpopts.IgnoreFields(Report{}, "Unchanged", "Reused", "Notes")

// TestCachedBuildIsTheSame holds, over random edits of small zips, that a build
// with the cache of the builds before gives the bytes of one without it.
func TestCachedBuildIsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		root, err := os.MkdirTemp("", "medsbom-test")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(root)
		ecosystems := []string{"npm", "PyPI", "Debian", "GIT", "Unknown"}
		zips := map[string]map[string]string{} // by ecosystem, then by member
		draw := func(ecosystem string) string {
			n := rapid.IntRange(0, 9).Draw(t, "id")
			members := fmt.Sprintf(`"aliases":["CVE-2024-%04d","x-%d"],"summary":%q,`, rapid.IntRange(0, 3).Draw(t, "alias"), n,
				strings.Repeat("text ", rapid.IntRange(0, 4000).Draw(t, "length")))
			switch rapid.IntRange(0, 9).Draw(t, "form") {
			case 0:
				return `{"id":`
			case 1:
				members += `"withdrawn":"2026-01-01T00:00:00Z",`
			case 2:
				members += `"modified":"2027-01-01T00:00:00Z",`
			}
			affected := one(ecosystem+":11", fmt.Sprintf("Package.%d", n%3), events(fmt.Sprintf(`{"introduced":"0"},{"fixed":"1.%d"}`, rapid.IntRange(0, 5).Draw(t, "fix")))+
				`,"versions":["0.1","1.9","odd version"]`)
			if ecosystem == "GIT" {
				affected = fmt.Sprintf(`"affected":[{"ranges":[{"type":"GIT","repo":"https://example.org/r%d","events":[{"introduced":"0"}]}],"versions":["v1.%d","v2.0"]}]`, n%2, n)
			}
			return rec("", fmt.Sprintf("T-%d", n), members+affected).json
		}
		out := filepath.Join(root, "x.db")
		from := filepath.Join(root, "from")
		for round := range rapid.IntRange(2, 5).Draw(t, "rounds") {
			for range rapid.IntRange(0, 4).Draw(t, "edits") {
				e := rapid.SampledFrom(ecosystems).Draw(t, "ecosystem")
				name := fmt.Sprintf("%d.json", rapid.IntRange(0, 9).Draw(t, "member"))
				switch rapid.IntRange(0, 5).Draw(t, "edit") {
				case 0:
					delete(zips[e], name)
				case 1:
					other := rapid.SampledFrom(ecosystems).Draw(t, "renamed to")
					zips[e], zips[other] = zips[other], zips[e]
				default:
					if zips[e] == nil {
						zips[e] = map[string]string{}
					}
					zips[e][name] = draw(e)
				}
			}
			if zips["npm"] == nil {
				zips["npm"] = map[string]string{}
			}
			zips["npm"]["whole.json"] = rec("", "T-whole", one("npm", "whole", events(`{"introduced":"0"}`))).json
			if err := os.RemoveAll(from); err != nil {
				t.Fatal(err)
			}
			for e, members := range zips {
				good := false
				var list []member
				for _, name := range slices.Sorted(maps.Keys(members)) {
					good = good || strings.HasSuffix(members[name], "}")
					list = append(list, member{name: name, text: members[name], deflate: name > "4"})
				}
				if !good && len(list) > 0 {
					continue // of which nothing can be read is an error, with the cache or without
				}
				path := filepath.Join(from, "osv", e, "all.zip")
				if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
					t.Fatal(err)
				}
				content, err := packed(list)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			others := drawFeeds(t)
			for _, name := range slices.Sorted(maps.Keys(others)) {
				path := filepath.Join(from, filepath.FromSlash(name))
				if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(others[name]), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			day := rapid.IntRange(0, 2).Draw(t, "day")
			at := func(o *Options) { o.AsOf = testDay.AddDate(0, 0, day) }
			got, report := run(t, from, out, at)
			want, clean := run(t, from, filepath.Join(root, "clean.db"), func(o *Options) { at(o); noCache(o) })
			if report.Unchanged { // and keeps its time of build
				want, got = want[layout.HeaderSize:], got[layout.HeaderSize:]
			}
			if !bytes.Equal(want, got) {
				t.Fatalf("round %d: the build with a cache differs (reused %d of %d)", round, report.Reused, report.Files)
			}
			if d := cmp.Diff(clean, report, sameReport); d != "" {
				t.Fatalf("round %d: (-clean +cached):\n%s", round, d)
			}
			if len(report.Notes) > 0 {
				t.Fatalf("round %d: %v", round, report.Notes)
			}
		}
	})
}

// drawFeeds gives files of feeds other than OSV's, of few contents, so that those
// of one round often stand in the next.
func drawFeeds(t *rapid.T) map[string]string {
	day := func(name string) string {
		return testDay.AddDate(0, 0, rapid.IntRange(-1, 2).Draw(t, name)).Format(time.DateOnly)
	}
	draw := func(name string) int { return rapid.IntRange(0, 2).Draw(t, name) }
	files := map[string]string{}
	if n := draw("KEV"); n > 0 {
		files["kev/known_exploited_vulnerabilities.json"] = fmt.Sprintf(
			`{"dateReleased":"%s","vulnerabilities":[{"cveID":"CVE-2024-000%d","dateAdded":"2024-01-01"},{"cveID":"odd"}]}`, day("KEV's day"), n)
	}
	if n := draw("EPSS"); n > 0 {
		files["epss/epss_scores.csv"] = fmt.Sprintf("#score_date:%s\ncve,epss,percentile\nCVE-2024-000%d,0.5,0.9\nodd\n", day("EPSS's day"), n)
	}
	if n := draw("SSVC"); n > 0 {
		files["ssvc/vulnrichment.csv"] = fmt.Sprintf("cve,exploitation,automatable,technical_impact,ssvc_date,cvss_vector\nCVE-2024-000%d,poc,yes,total,%s,%s\n", n, day("SSVC's day"), vector75)
	}
	if n := draw("CVSS"); n > 0 {
		files["cvss/cvss.csv"] = fmt.Sprintf("cve,type,vector,source\nCVE-2024-000%d,CVSS_V3,%s,nvd\nCVE-2024-0003,CVSS_V3,odd,nvd\n", n, vector75)
	}
	if n := draw("EOL"); n > 0 {
		files["eol/products.json"] = fmt.Sprintf(`{"p%d":{"title":"P","cycles":[{"cycle":"1","eol":"2027-01-01","latestReleaseDate":"%s"}]}}`, n, day("EOL's day"))
	}
	if n := draw("CSAF"); n > 0 {
		files["csaf/icsma/a.json"] = csafOf(fmt.Sprintf("ICSMA-24-001-0%d", n), day("CSAF's day"), "Acme", "Pump", "<= 3")
		files["csaf/b.json"] = "{"
	}
	return files
}

// TestUnchanged holds what makes a build leave the database as it is, and what
// not.
func TestUnchanged(t *testing.T) {
	from := folder(t, map[string][]filed{
		"osv/npm/all.zip": append(records("npm", 30), filed{"npm", `{"id":"T-future","modified":"2026-09-10T00:00:00Z"}`}), "osv/PyPI/all.zip": records("PyPI", 20),
	}, map[string]string{
		"kev/known_exploited_vulnerabilities.json": `{"vulnerabilities":[{"cveID":"CVE-2024-0001","dateAdded":"2024-01-01"}]}`,
	})
	dir := t.TempDir()
	out := filepath.Join(dir, "x.db")
	first, report := run(t, from, out, nil)
	if report.Unchanged || report.Reused != 0 {
		t.Fatalf("the first build: got %+v", report)
	}
	again := func(name string, unchanged bool, change func(*Options)) {
		t.Helper()
		before, _ := os.Stat(out)
		got, r := run(t, from, out, change)
		after, _ := os.Stat(out)
		if r.Unchanged != unchanged || before != nil && os.SameFile(before, after) != unchanged {
			t.Errorf("%s: want unchanged %v, got %v", name, unchanged, r.Unchanged)
		}
		want, clean := run(t, from, filepath.Join(t.TempDir(), "clean.db"), func(o *Options) {
			noCache(o)
			if change != nil {
				change(o)
			}
		})
		if d := cmp.Diff(clean, r, sameReport); d != "" {
			t.Errorf("%s: (-clean +got):\n%s", name, d)
		}
		if !bytes.Equal(want[80:], got[80:]) { // the header has the time of build
			t.Errorf("%s: differs from a clean build", name)
		}
	}
	again("nothing", true, nil)
	again("a later time", true, func(o *Options) { o.AsOf = testDay.Add(50 * time.Hour) })
	again("an earlier day", false, func(o *Options) { o.AsOf = testDay.Add(-24 * time.Hour) })
	again("a date of a record has come", false, func(o *Options) { o.AsOf = testDay.AddDate(0, 0, 12) })
	again("back to the day", false, nil)

	// Same size, same time, another content.
	path := filepath.Join(from, "osv", "PyPI", "all.zip")
	stat, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	content := corpus.Read(t, path)
	changed := bytes.Replace(content, []byte("about x"), []byte("about y"), 1)
	for i := range 20 {
		if r := records("PyPI", 20)[i].json; strings.Contains(r, "about x") {
			sum := make([]byte, 4)
			le.PutUint32(sum, crc32.ChecksumIEEE([]byte(r)))
			to := make([]byte, 4)
			le.PutUint32(to, crc32.ChecksumIEEE([]byte(strings.Replace(r, "about x", "about y", 1))))
			changed = bytes.ReplaceAll(changed, sum, to)
			break
		}
	}
	put(t, path, changed)
	if err := os.Chtimes(path, stat.ModTime(), stat.ModTime()); err != nil {
		t.Fatal(err)
	}
	again("a zip of the same size and time", false, nil)
	again("nothing again", true, nil)

	tomorrow := testDay.AddDate(0, 0, 1)
	put(t, filepath.Join(from, "csaf", "deep", "new.json"), []byte(csafOf("ICSMA-26-001-01", tomorrow.Format(time.DateOnly), "Acme", "Pump", "<= 3")))
	again("a new file of another feed", false, nil)
	again("nothing with it", true, nil)
	again("the next day, when its date has come", false, func(o *Options) { o.AsOf = tomorrow.Add(24 * time.Hour) })
	again("back", false, nil)
	put(t, filepath.Join(from, "csaf", "note.txt"), []byte("x"))
	again("a file there that is not read", true, nil)

	for name, damage := range map[string]func(){
		"removed":   func() { _ = os.Remove(out) },
		"truncated": func() { _ = os.Truncate(out, int64(len(first)/2)) },
		"flipped": func() {
			file := corpus.Read(t, out)
			file[len(file)/2] ^= 1
			put(t, out, file)
		},
		"another": func() { put(t, out, first) },
	} {
		damage()
		got, r := run(t, from, out, nil)
		want, _ := run(t, from, filepath.Join(t.TempDir(), "clean.db"), noCache)
		if r.Unchanged || r.Reused != r.Files || !bytes.Equal(want, got) {
			t.Errorf("database %s: want it made again out of the cache, got %+v", name, r)
		}
	}
}

func TestNoCache(t *testing.T) {
	from := folder(t, map[string][]filed{"osv/npm/all.zip": records("npm", 3)}, nil)
	out := filepath.Join(t.TempDir(), "x.db")
	run(t, from, out, noCache)
	if _, err := os.Stat(CacheName(out)); err == nil {
		t.Error("a build without a cache has written one")
	}
	run(t, from, out, nil)
	if _, r := run(t, from, out, noCache); r.Unchanged || r.Reused > 0 {
		t.Error("a build without a cache has used one")
	}
	// A cache that cannot be written is no failure, and is said.
	blocked := filepath.Join(t.TempDir(), "y.db")
	if err := os.MkdirAll(filepath.Join(CacheName(blocked), "in the way"), 0o750); err != nil {
		t.Fatal(err)
	}
	if _, r := run(t, from, blocked, nil); len(r.Notes) != 2 || !strings.Contains(r.Notes[1], "was not written") {
		t.Errorf("want a note for reading and one for writing, got %q", r.Notes)
	}
}

// TestDamagedCache holds that nothing of a damaged cache is used: the database is
// that of a build without it, and the damage is said.
func TestDamagedCache(t *testing.T) {
	before := folder(t, map[string][]filed{"osv/npm/all.zip": records("npm", 4), "osv/GIT/all.zip": {
		{"GIT", `{"id":"G-1","affected":[{"ranges":[{"type":"GIT","repo":"https://example.org/r","events":[{"introduced":"0"}]}],"versions":["v1"]}]}`},
	}}, nil)
	from := folder(t, map[string][]filed{"osv/npm/all.zip": records("npm", 5), "osv/GIT/all.zip": {
		{"GIT", `{"id":"G-1","affected":[{"ranges":[{"type":"GIT","repo":"https://example.org/r","events":[{"introduced":"0"}]}],"versions":["v1"]}]}`},
	}}, nil)
	dir := t.TempDir()
	out := filepath.Join(dir, "x.db")
	run(t, before, out, nil)
	good := corpus.Read(t, CacheName(out))
	want, _ := run(t, from, filepath.Join(dir, "clean.db"), noCache)
	try := func(what string, content []byte, noted bool) {
		t.Helper()
		put(t, CacheName(out), content)
		got, r := run(t, from, out, nil)
		if !bytes.Equal(want, got) {
			t.Errorf("%s: the database differs", what)
		}
		if (len(r.Notes) > 0) != noted || noted && !strings.Contains(r.Notes[0], "was passed over") {
			t.Errorf("%s: notes: %q", what, r.Notes)
		}
	}
	try("whole", good, false)
	step := max(1, len(good)/50)
	states := len(good) - int(statesSize(2))
	for i := 0; i < len(good); i += step {
		broken := slices.Clone(good)
		broken[i] ^= 0x41
		try(fmt.Sprintf("byte %d", i), broken, i < states) // beyond, zips are hashed
		try(fmt.Sprintf("cut off at %d", i), good[:i], true)
	}
	other := slices.Clone(good)
	other[88] ^= 1
	try("of another program", resealed(other), true)
	// Faults that no checksum tells, as only a hand could make them.
	for i := cacheHeader; i < states-int(le.Uint32(good[12:])); i += max(1, len(good)/120) {
		broken := slices.Clone(good)
		broken[i] ^= 0xFF
		put(t, CacheName(out), resealed(broken))
		if _, err := Build(context.Background(), Options{From: from, Out: out, AsOf: testDay}); err != nil {
			t.Errorf("byte %d, sealed again: %v", i, err)
		}
	}
}

// resealed repairs the checksums of a cache.
func resealed(b []byte) []byte {
	b = slices.Clone(b)
	states := len(b) - int(statesSize(int(le.Uint32(b[104:]))))
	head := states - int(le.Uint32(b[12:]))
	if head < cacheHeader {
		return b
	}
	le.PutUint64(b[16:], uint64(head-cacheHeader))
	headSum, bodySum := sha256.Sum256(b[head:states]), sha256.Sum256(b[cacheHeader:head])
	copy(b[24:], headSum[:])
	copy(b[56:], bodySum[:])
	le.PutUint32(b[108:], crc32.Checksum(b[:108], layout.Castagnoli()))
	return b
}

// FuzzCache reads anything as a cache with right checksums: no panic, and no
// record that the collector takes is out of bounds.
func FuzzCache(f *testing.F) {
	from := folder(f, map[string][]filed{"osv/npm/all.zip": records("npm", 3)}, nil)
	out := filepath.Join(f.TempDir(), "x.db")
	run(f, from, out, nil)
	good := corpus.Read(f, CacheName(out))
	end := len(good) - int(statesSize(1))
	at := end - int(le.Uint32(good[12:]))
	f.Add(good[at:end], good[cacheHeader:at])
	f.Fuzz(func(t *testing.T, head, body []byte) {
		identity, err := hex.DecodeString(program.Identity())
		if err != nil {
			t.Fatal(err)
		}
		b := append([]byte(cacheMagic), make([]byte, cacheHeader-8)...)
		le.PutUint32(b[8:], cacheFormat)
		le.PutUint32(b[12:], uint32(len(head)))
		copy(b[32:], identity)
		le.PutUint32(b[104:], 1)
		path := filepath.Join(t.TempDir(), "x.db.cache")
		put(t, path, resealed(append(append(append(b, body...), head...), make([]byte, statesSize(1))...)))
		c, err := openCache(path)
		if err != nil {
			return
		}
		defer c.close()
		if c.load() != nil {
			return
		}
		b2 := newBuilder("full", testDay)
		b2.texts.cache = c
		for _, kept := range c.head.Feeds {
			one := &batch{feed: &feed{ecosystem: kept.Ecosystem, file: kept.Ecosystem}, items: kept.items()}
			if b2.file(one) != nil {
				return
			}
		}
		if b2.texts.flush() == nil {
			_, _ = b2.encode()
		}
	})
}

func TestCachedHeadSurvives(t *testing.T) {
	head := cacheHead{
		Database: "d", AsOf: 1, NextDate: 2, Sources: []source{{File: "f", Size: 3, Digest: "x"}}, Report: &Report{Digest: "d", Feeds: []Feed{{Name: "n", Date: testDay}}, OddityList: []Oddity{{"a", "b", "c"}}},
		Feeds: []*cachedFeed{{Ecosystem: "npm", Digest: "y", Records: 1, Size: 2}}, Blocks: 1, Packed: 2, Orders: map[string]orderSize{"npm": {1, 2}},
	}
	text, err := json.Marshal(&head, json.FormatNilSliceAsNull(true))
	if err != nil {
		t.Fatal(err)
	}
	var got cacheHead
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(head, got, cmpopts.IgnoreUnexported(cachedFeed{}, source{})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestFullCached builds all the data, then again with one in a hundred records
// changed.
func TestFullCached(t *testing.T) {
	if raceDetector || testing.Short() {
		t.Skip("builds all the data three times")
	}
	dir := t.TempDir()
	changed := corpus.Edit(t, corpus.Dir(t), filepath.Join(dir, "from"))
	out := filepath.Join(dir, "x.db")
	run(t, corpus.Dir(t), out, nil)
	got, report := run(t, filepath.Join(dir, "from"), out, nil)
	want, clean := run(t, filepath.Join(dir, "from"), filepath.Join(dir, "clean.db"), noCache)
	if !bytes.Equal(want, got) {
		t.Error("the build with a cache differs")
	}
	if d := cmp.Diff(clean, report, sameReport); d != "" {
		t.Errorf("(-clean +cached):\n%s", d)
	}
	if report.Reused != report.Files-changed || changed < 500 {
		t.Errorf("%d of %d files changed, %d reused", changed, report.Files, report.Reused)
	}
	if _, report = run(t, filepath.Join(dir, "from"), out, nil); !report.Unchanged {
		t.Error("unchanged sources are built again")
	}
}

// TestOnly holds that a build of some ecosystems has the bytes of a clean one,
// whatever was built at its place before, and says what it left out.
func TestOnly(t *testing.T) {
	from := folder(t, map[string][]filed{"osv/npm/all.zip": records("npm", 20), "osv/PyPI/all.zip": records("PyPI", 10), "osv/GIT/all.zip": {
		{"GIT", `{"id":"G-1","affected":[{"ranges":[{"type":"GIT","repo":"https://example.org/r","events":[{"introduced":"0"}]}],"versions":["v1"]}]}`},
	}, "osv/Go/all.zip": {
		{"Go", `{"id":"G-2","affected":[{"package":{"ecosystem":"Go","name":"example.org/r"},"ranges":[{"type":"GIT","repo":"https://example.org/r","events":[{"introduced":"0"}]}],"versions":["v1"]}]}`},
	}}, nil)
	out := filepath.Join(t.TempDir(), "x.db")
	for _, c := range []struct {
		only, left   []string
		repositories int
	}{
		{nil, nil, 2},
		{[]string{"Go", "npm"}, []string{"GIT", "PyPI"}, 0},
		{[]string{"Go", "npm"}, []string{"GIT", "PyPI"}, 0},
		{[]string{"npm"}, []string{"GIT", "Go", "PyPI"}, 0},
		{[]string{"GIT", "npm"}, nil, 2},
	} {
		only := func(o *Options) { o.Only = c.only }
		got, _ := run(t, from, out, only)
		want, report := run(t, from, filepath.Join(t.TempDir(), "clean.db"), func(o *Options) { only(o); noCache(o) })
		if !bytes.Equal(want, got) {
			t.Errorf("%q: the bytes differ from those of a clean build", c.only)
		}
		if report.RepositoryEntries != c.repositories {
			t.Errorf("%q: want %d entries of repositories, got %d", c.only, c.repositories, report.RepositoryEntries)
		}
		db, err := vulndb.OpenBytes(got)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.left, db.Info().LeftOut); d != "" {
			t.Errorf("%q: (-want +got):\n%s", c.only, d)
		}
		_ = db.Close()
	}
	if _, err := Build(context.Background(), Options{From: from, Out: out, Only: []string{"Hex"}}); err == nil || !strings.Contains(err.Error(), "no zip of these ecosystems") {
		t.Errorf("an ecosystem that is not there: got %v", err)
	}
}
