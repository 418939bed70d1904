// SPDX-License-Identifier: Apache-2.0

package update

import (
	"archive/zip"
	"bytes"
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
)

func TestDeltas(t *testing.T) {
	s := newSite(t)
	s.must("kev updated, osv/npm updated")
	if diff := cmp.Diff([]string{"/ecosystems.txt", kevPath, "/npm/all.zip", "/npm/modified_id.csv"}, s.server.asked()); diff != "" {
		t.Error("the first time: " + diff)
	}

	if r := s.must("kev unchanged, osv/npm unchanged"); r.Replaced {
		t.Error("the same database was replaced")
	}
	if diff := cmp.Diff([]string{"/ecosystems.txt", kevPath + " conditional", "/npm/modified_id.csv conditional"}, s.server.asked()); diff != "" {
		t.Error("unchanged: " + diff)
	}

	// One changed, one new, one gone: two records are fetched, the zip is not.
	b := npm(10, 100)
	b["GHSA-0000-0000-0003"] = testDay.Add(-time.Hour)
	b["GHSA-0000-0000-0999"] = testDay.Add(-2 * time.Hour)
	delete(b, "GHSA-0000-0000-0009")
	s.server.publish("npm", b)
	if r := s.must("kev unchanged, osv/npm updated +2-1"); !r.Replaced {
		t.Error("the database was not replaced")
	}
	if diff := cmp.Diff([]string{"/ecosystems.txt", kevPath + " conditional", "/npm/GHSA-0000-0000-0003.json", "/npm/GHSA-0000-0000-0999.json", "/npm/modified_id.csv conditional"}, s.server.asked()); diff != "" {
		t.Error("two records: " + diff)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(b)), s.answers()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(string(b.list()), s.read("osv/npm/modified_id.csv")); diff != "" {
		t.Error("the list beside the zip: " + diff)
	}
	s.clean()

	// All changed: the zip is less to fetch.
	s.server.publish("npm", npm(12, 0))
	s.must("kev unchanged, osv/npm updated")
	if asked := s.server.asked(); !slices.Contains(asked, "/npm/all.zip") || slices.ContainsFunc(asked, func(a string) bool { return strings.Contains(a, "GHSA") }) {
		t.Errorf("asked for %v", asked)
	}

	// What is here is not believed: a changed file is read again, a broken one fetched.
	name := filepath.Join(s.Database+".feeds", "osv", "npm", "all.zip")
	if err := os.WriteFile(name, []byte("PK broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.words(s.must("kev unchanged, osv/npm updated"), "osv/npm", "our copy could not be read")
	if err := os.WriteFile(name, npm(12, 5).zip("npm"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.must("kev unchanged, osv/npm updated")
	if diff := cmp.Diff(slices.Sorted(maps.Keys(npm(12, 0))), s.answers()); diff != "" {
		t.Error(diff)
	}
}

// TestServersThatLie: what the list promises is not what comes.
func TestServersThatLie(t *testing.T) {
	next := func() bucket {
		b := npm(10, 100)
		b["GHSA-0000-0000-0003"] = testDay.Add(-time.Hour)
		return b
	}
	for name, test := range map[string]struct {
		lie   func(s *server)
		want  string
		words string
		fresh bool // the new record is there in the end
	}{
		"an older record": {func(s *server) {
			s.put("/npm/GHSA-0000-0000-0003.json", record("npm", "GHSA-0000-0000-0003", testDay.Add(-500*time.Hour)))
		}, "osv/npm updated", "and the list promises", true},
		"another record": {func(s *server) {
			s.put("/npm/GHSA-0000-0000-0003.json", record("npm", "GHSA-0000-0000-0004", testDay))
		}, "osv/npm updated", "says that it is GHSA-0000-0000-0004", true},
		"no JSON": {func(s *server) {
			s.put("/npm/GHSA-0000-0000-0003.json", []byte(`{"id":"GHSA-0000-0000-0003","modified`))
		}, "osv/npm updated", "cannot be used", true},
		"no record":     {func(s *server) { delete(s.files, "/npm/GHSA-0000-0000-0003.json") }, "osv/npm updated", "not on the server", true},
		"an older list": {func(s *server) { s.publish("npm", npm(10, 200)) }, "osv/npm kept", "an older state is refused", false},
		"half of the list": {func(s *server) {
			b := npm(40, 0)
			s.publish("npm", b)
		}, "osv/npm updated", "", true},
		"a list that is HTML": {func(s *server) {
			s.put("/npm/modified_id.csv", []byte("<!DOCTYPE html><title>log in</title>"))
		}, "osv/npm updated", "HTML", true},
		"list and zip that are HTML": {func(s *server) {
			s.put("/npm/modified_id.csv", []byte("<html>log in</html>"))
			s.put("/npm/all.zip", []byte("<html>log in</html>"))
		}, "osv/npm kept", "HTML page", false},
		"no list, an older zip": {func(s *server) {
			delete(s.files, "/npm/modified_id.csv")
			s.put("/npm/all.zip", npm(10, 300).zip("npm"))
		}, "osv/npm kept", "an older state is refused", false},
		"a zip behind the list": {func(s *server) {
			b := npm(30, 0)
			s.publish("npm", b)
			old := npm(30, 0)
			old["GHSA-0000-0000-0000"] = testDay.Add(-50 * time.Hour)
			s.put("/npm/all.zip", old.zip("npm"))
		}, "osv/npm updated +1-0", "", true},
		"a zip behind the list, and no record": {func(s *server) {
			s.publish("npm", npm(30, 0))
			s.put("/npm/all.zip", npm(29, 0).zip("npm"))
			delete(s.files, "/npm/GHSA-0000-0000-0029.json")
		}, "osv/npm updated in part", "did not come", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.must("kev updated, osv/npm updated")
			before := s.answers()
			s.server.publish("npm", next())
			s.server.mu.Lock()
			files := maps.Clone(s.server.files)
			s.server.mu.Unlock()
			lying := &server{files: files}
			test.lie(lying)
			s.server.mu.Lock()
			s.server.files = files
			s.server.mu.Unlock()
			r := s.must("kev unchanged, " + test.want)
			s.words(r, "osv/npm", test.words)
			if want := strings.Contains(test.want, "kept") || strings.Contains(test.want, "part"); r.Failed() != want {
				t.Errorf("Failed is %v, want %v", r.Failed(), want)
			}
			after := s.answers()
			if strings.Contains(test.want, "kept") {
				if diff := cmp.Diff(before, after); diff != "" {
					t.Error("the old copy changed: " + diff)
				}
				if s.item(r, "osv/npm").Date.IsZero() {
					t.Error("the date of the old copy is not said")
				}
			}
			if got := strings.Contains(s.read("osv/npm/modified_id.csv"), next()["GHSA-0000-0000-0003"].Format(time.RFC3339)) || len(after) >= 30; test.fresh && !got {
				t.Error("the new record is not there")
			}
			s.clean()
		})
	}
}

func TestMostRecordsGone(t *testing.T) {
	s := newSite(t)
	s.server.publish("npm", npm(50, 100))
	s.must("kev updated, osv/npm updated")
	s.server.publish("npm", npm(10, 0))
	s.words(s.must("kev unchanged, osv/npm kept"), "osv/npm", "10 records and our copy has had 50")
	if n := len(s.answers()); n != 50 {
		t.Errorf("%d records", n)
	}
}

// TestCorruptZips: nothing of them is taken.
func TestCorruptZips(t *testing.T) {
	whole := npm(10, 0).zip("npm")
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/3] ^= 1
	var empty bytes.Buffer
	_ = zip.NewWriter(&empty).Close()
	var strange bytes.Buffer
	z := zip.NewWriter(&strange)
	w, _ := z.Create("readme.txt")
	_, _ = w.Write([]byte("no record"))
	_ = z.Close()
	for name, content := range map[string][]byte{
		"truncated": whole[:len(whole)/2], "flipped": flipped, "empty": empty.Bytes(), "nothing": {}, "strange": strange.Bytes(),
		"html": []byte("<html>proxy</html>"),
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.must("kev updated, osv/npm updated")
			before, digest := s.answers(), s.read("osv/npm/all.zip")
			s.server.publish("npm", npm(10, 0))
			s.server.put("/npm/all.zip", content)
			s.words(s.must("kev unchanged, osv/npm kept"), "osv/npm", "refused")
			if diff := cmp.Diff(before, s.answers()); diff != "" || digest != s.read("osv/npm/all.zip") {
				t.Error("the old copy changed: " + diff)
			}
			s.clean()
			s.server.put("/npm/all.zip", whole)
			s.must("kev unchanged, osv/npm updated")
		})
	}
}

func TestChoiceOfEcosystems(t *testing.T) {
	s := newSite(t)
	s.server.put("/ecosystems.txt", []byte("Go\nnpm\nDebian\nDebian:12\nRed Hat\n../evil\nC:\\x\n"))
	for _, name := range []string{"Go", "Debian", "Red Hat"} {
		s.server.publish(name, bucket{"X-" + name[:2] + "-1": testDay.Add(-time.Hour)})
	}
	s.Ecosystems = []string{"GO", "red hat"}
	r := s.must("kev updated, osv/Go updated, osv/Red Hat updated")
	if len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "2 lines of ecosystems.txt") {
		t.Errorf("notes %q", r.Notes)
	}
	s.Ecosystems = []string{"npm"}
	s.must("kev unchanged, osv/Go not asked, osv/Red Hat not asked, osv/npm updated")
	s.Ecosystems = []string{"Gopher"}
	if _, err := s.update(); err == nil || !strings.Contains(err.Error(), "Gopher") {
		t.Errorf("got %v", err)
	}
	s.Optional, s.Ecosystems = true, []string{"Gopher", "npm"}
	if r := s.must("kev unchanged, osv/Go not asked, osv/Red Hat not asked, osv/npm unchanged"); len(r.Notes) == 0 || !strings.Contains(strings.Join(r.Notes, " "), "Gopher") {
		t.Errorf("notes %q", r.Notes)
	}
	s.Optional, s.Ecosystems = false, nil
	s.server.put("/ecosystems.txt", []byte("npm\nDebian\n"))
	r = s.must("kev unchanged, osv/Debian updated, osv/Go kept, osv/Red Hat kept, osv/npm unchanged")
	s.words(r, "osv/Go", "does not list it")
	if !r.Failed() {
		t.Error("an ecosystem that is no longer listed is not said")
	}
}

// TestMerge: a zip changed by deltas holds what one made of the same records holds.
func TestMerge(t *testing.T) {
	folder := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOfNDistinct(rapid.IntRange(0, 30), 1, 20, rapid.ID[int]).Draw(t, "ids")
		old := bucket{}
		for _, i := range ids {
			old[fmt.Sprint("A-", i)] = testDay
		}
		next := maps.Clone(old)
		changed, removed := map[string][]byte{}, map[string]bool{}
		for _, i := range rapid.SliceOfDistinct(rapid.IntRange(0, 40), rapid.ID[int]).Draw(t, "edits") {
			id := fmt.Sprint("A-", i)
			if _, there := next[id]; there && rapid.Bool().Draw(t, "remove") && len(next) > 1 {
				delete(next, id)
				removed[id] = true
				continue
			}
			next[id] = testDay.Add(time.Hour)
			changed[id] = record("npm", id, next[id])
		}
		name := filepath.Join(folder, "old.zip")
		if err := os.WriteFile(name, old.zip("npm"), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := merge(&out, name, changed, removed); err != nil {
			t.Fatal(err)
		}
		merged := filepath.Join(folder, "new.zip")
		if err := os.WriteFile(merged, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		x, err := checkZip(t.Context(), merged, testDay.Add(2*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]time.Time(next), x.modified); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestParseList(t *testing.T) {
	x, err := parseList([]byte("\ufeffmodified,id\r\n2026-11-01T00:00:00.123456Z,A-1\r\n2026-10-01T00:00:00Z,A-2\n2099-01-01T00:00:00Z,A-3\nrubbish\n2026-10-02T00:00:00Z,../A\n2026-09-01T00:00:00Z,A-1\n"), testDay)
	if err != nil {
		t.Fatal(err)
	}
	if len(x.modified) != 3 || x.odd != 2 || x.newest.Format(time.DateOnly) != "2026-11-01" || x.modified["A-1"].Month() != time.November {
		t.Errorf("got %+v", x)
	}
	for _, text := range []string{"", "\n\n", "<html>", "a,b\nc,d\n", "2026-11-01T00:00:00Z,A-1\nx\nx\nx\n"} {
		if _, err := parseList([]byte(text), testDay); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func FuzzParseList(f *testing.F) {
	f.Add([]byte("2026-11-01T00:00:00Z,A-1\n"))
	f.Add([]byte("modified,id\n\"2026-11-01T00:00:00Z\",A-1\nx"))
	f.Fuzz(func(t *testing.T, text []byte) {
		x, err := parseList(text, testDay)
		if err != nil {
			return
		}
		again, err := parseList(x.print(), testDay)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(x.modified, again.modified); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzCheckZip(f *testing.F) {
	f.Add(npm(2, 1).zip("npm"))
	f.Add(archive("a.json", "{"))
	f.Fuzz(func(t *testing.T, content []byte) {
		name := filepath.Join(t.TempDir(), "all.zip")
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
		x, err := checkZip(t.Context(), name, testDay)
		if err != nil {
			return
		}
		// What was read whole can be rewritten, and then holds the same.
		var out bytes.Buffer
		if err := merge(&out, name, nil, nil); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		again, err := checkZip(t.Context(), name, testDay)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(x.modified, again.modified); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestBucketLayouts: a mirror is found with its lists in either place.
func TestBucketLayouts(t *testing.T) {
	for list, prefix := range map[string]string{"/m/osv/ecosystems.txt": "/m/osv/", "/m/osv/manifest.json": "/m/osv/", "/m/ecosystems.txt": "/m/"} {
		t.Run(list, func(t *testing.T) {
			s := newSite(t)
			s.server.files = map[string][]byte{list: []byte("npm\n"), prefix + "npm/all.zip": npm(3, 1).zip("npm"), "/m/kev/known_exploited_vulnerabilities.json": kev("2026-11-01T00:00:00Z", 3)}
			if strings.HasSuffix(list, ".json") {
				s.server.files[list] = []byte(`{"npm":{"records":3}}`)
			}
			s.Sources, s.From = nil, s.server.URL+"/m/"
			s.must("kev updated, osv/npm updated")
			s.server.asked()
			s.must("kev unchanged, osv/npm unchanged")
			if asked := s.server.asked(); !slices.Contains(asked, prefix+"npm/all.zip conditional") {
				t.Errorf("a zip without a list is fetched again: %v", asked)
			}
		})
	}
	s := newSite(t)
	delete(s.server.files, "/ecosystems.txt")
	r, err := s.update()
	if err == nil || !strings.Contains(err.Error(), "no ecosystem of OSV could be brought") {
		t.Errorf("a database without OSV was made: %v", err)
	}
	s.words(r, "osv", "it is not known which ecosystems there are")
}
