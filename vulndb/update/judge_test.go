// SPDX-License-Identifier: Apache-2.0

package update

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/vulndb"
)

const someID = "GHSA-0000-0000-0005"

// stored reads a record of our copy.
func (s *site) stored(id string) string {
	s.Helper()
	z, err := zip.NewReader(strings.NewReader(s.read("osv/npm/all.zip")), int64(len(s.read("osv/npm/all.zip"))))
	if err != nil {
		s.Fatal(err)
	}
	var found []string
	for _, m := range z.File {
		var b bytes.Buffer
		if err := unpack(m, &b, maxRecord); err != nil {
			s.Fatal(err)
		}
		if got, _, _ := recordHead(b.Bytes()); got == id {
			found = append(found, b.String())
		}
	}
	if len(found) != 1 {
		s.Fatalf("%d records %s", len(found), id)
	}
	return found[0]
}

// zipOfRecords makes a zip of named members.
func zipOfRecords(members map[string][]byte) []byte {
	var files []string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		files = append(files, name, string(members[name]))
	}
	return archive(files...)
}

// TestAnotherSource: what one source has changed does not outlast the return to
// another, be the dates equal or in days to come.
func TestAnotherSource(t *testing.T) {
	for name, date := range map[string]time.Time{
		"the same date": npm(10, 100)[someID],
		"2099":          time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			honest := s.server.URL
			b := npm(10, 100)
			b[someID] = date
			members := map[string][]byte{}
			for id, day := range b {
				members[id+".json"] = record("npm", id, day)
			}
			members[someID+".json"] = bytes.Replace(members[someID+".json"], []byte(`{`), []byte(`{"withdrawn":"2026-01-02T00:00:00Z",`), 1)
			s.server.put("/evil/ecosystems.txt", []byte("npm\n"))
			s.server.put("/evil/npm/modified_id.csv", b.list())
			s.server.put("/evil/npm/all.zip", zipOfRecords(members))

			s.must("kev updated, osv/npm updated")
			want := s.stored(someID)
			s.Sources[0].Place = honest + "/evil"
			s.must("kev unchanged, osv/npm updated")
			if !strings.Contains(s.stored(someID), "withdrawn") {
				t.Fatal("the second source was not taken")
			}
			s.Sources[0].Place = honest
			s.must("kev unchanged, osv/npm updated")
			if diff := cmp.Diff(want, s.stored(someID)); diff != "" {
				t.Error("what the second source had stays: " + diff)
			}
			// And so it is that an update finds nothing more to do.
			s.server.asked()
			s.must("kev unchanged, osv/npm unchanged")
			if slices.Contains(s.server.asked(), "/npm/all.zip") {
				t.Error("the zip is fetched again")
			}
		})
	}
}

// TestDatesThatDiffer: of one source the record is fetched again if its list has
// another date than we, an earlier one too.
func TestDatesThatDiffer(t *testing.T) {
	s := newSite(t)
	b := npm(50, 100)
	future := time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)
	b[someID] = future
	s.server.publish("npm", b)
	s.must("kev updated, osv/npm updated")
	b["GHSA-0000-0000-0001"] = testDay.Add(-time.Hour)
	s.server.publish("npm", b)
	s.server.asked()
	s.must("kev unchanged, osv/npm updated +2-0") // the one of a day to come is never known to be the same
	// The source has corrected one, and taken another back.
	b[someID] = testDay.Add(-2 * time.Hour)
	b["GHSA-0000-0000-0007"] = b["GHSA-0000-0000-0007"].Add(-time.Hour)
	s.server.publish("npm", b)
	r := s.must("kev unchanged, osv/npm updated +2-0")
	s.words(r, "osv/npm", "1 of our 50 records are older there, as GHSA-0000-0000-0007")
	if r.Failed() {
		t.Error("one of 50 records is a failure")
	}
	if diff := cmp.Diff(string(b.list()), s.read("osv/npm/modified_id.csv")); diff != "" {
		t.Error(diff)
	}
}

// TestRolledBack: one new record does not carry 99 older ones.
func TestRolledBack(t *testing.T) {
	back := npm(100, 500)
	back["GHSA-0000-0000-9999"] = testDay.Add(-time.Minute)
	for name, from := range map[string]func(s *site, b bucket){
		"server": func(s *site, b bucket) { s.server.publish("npm", b) },
		"server without a list": func(s *site, b bucket) {
			s.server.put("/npm/all.zip", b.zip("npm"))
			delete(s.server.files, "/npm/modified_id.csv")
		},
		"folder": func(s *site, b bucket) {
			s.Sources[0].Place = filepath.Join(s.From, "mine")
			path := filepath.Join(s.Sources[0].Place, "npm", "all.zip")
			if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
				s.Fatal(err)
			}
			if err := os.WriteFile(path, b.zip("npm"), 0o600); err != nil {
				s.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			from(s, npm(100, 100))
			s.must("kev updated, osv/npm updated")
			want := s.read("osv/npm/all.zip")
			from(s, back)
			r := s.must("kev unchanged, osv/npm kept")
			s.words(r, "osv/npm", "100 of our 100 records are older there")
			s.words(r, "osv/npm", "refused")
			if want != s.read("osv/npm/all.zip") {
				t.Error("our copy changed")
			}
			s.AllowOlder = true
			s.words(s.must("kev unchanged, osv/npm updated"), "osv/npm", "went back, as --allow-downgrade insists: 100 of our 100")
		})
	}
}

// TestShrinksByAndBy: what is gone in small steps is gone all the same.
func TestShrinksByAndBy(t *testing.T) {
	s := newSite(t)
	s.server.publish("npm", npm(100, 0))
	s.server.put(kevPath, kev("2026-11-01T00:00:00Z", 100))
	s.must("kev updated, osv/npm updated")
	s.server.publish("npm", npm(98, 0))
	s.server.put(kevPath, kev("2026-11-02T00:00:00Z", 98))
	r := s.must("kev updated, osv/npm updated +0-2")
	if s.item(r, "osv/npm").Loss || s.item(r, "kev").Loss {
		t.Error("two of a hundred are a loss")
	}
	s.server.publish("npm", npm(60, 0))
	s.server.put(kevPath, kev("2026-11-03T00:00:00Z", 60))
	r = s.must("kev updated, osv/npm updated +0-38")
	for _, name := range []string{"osv/npm", "kev"} {
		s.words(r, name, "38 of 98 records are gone")
		if !s.item(r, name).Loss {
			t.Errorf("%s: the loss is not said", name)
		}
	}
	s.server.publish("npm", npm(40, 0))
	s.server.put(kevPath, kev("2026-11-04T00:00:00Z", 40))
	r, err := s.update()
	if err == nil || states(r) != "kev kept, osv/npm kept" {
		t.Fatalf("got %v, %v", r, err)
	}
	s.words(r, "osv/npm", "40 records and our copy has had 100")
	s.words(r, "kev", "40 records and our copy has had 100")
	if err := os.RemoveAll(s.Database + ".feeds"); err != nil {
		t.Fatal(err)
	}
	s.must("kev updated, osv/npm updated")
}

// TestMembersOfOtherNames: a record that is not in a member of its name can be
// changed and removed all the same.
func TestMembersOfOtherNames(t *testing.T) {
	for name, change := range map[string]func(b bucket){
		"removed": func(b bucket) { delete(b, someID) },
		"changed": func(b bucket) { b[someID] = testDay.Add(-time.Hour) },
		"its name changed": func(b bucket) {
			b["GHSA-0000-0000-0002"] = testDay.Add(-time.Hour)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			b := npm(10, 100)
			members := map[string][]byte{}
			for id, day := range b {
				members[id+".json"] = record("npm", id, day)
			}
			// Two are in the members of each other's names, and one in a strange one.
			if name == "its name changed" {
				members[someID+".json"], members["GHSA-0000-0000-0002.json"] = members["GHSA-0000-0000-0002.json"], members[someID+".json"]
			} else {
				members["zzz-odd.json"] = members[someID+".json"]
				delete(members, someID+".json")
			}
			s.server.put("/npm/all.zip", zipOfRecords(members))
			s.must("kev updated, osv/npm updated")
			change(b)
			s.server.publish("npm", b)
			s.words(s.must("kev unchanged, osv/npm updated"), "osv/npm", "the whole zip is fetched")
			if diff := cmp.Diff(slices.Sorted(maps.Keys(b)), s.answers()); diff != "" {
				t.Error(diff)
			}
			if _, there := b[someID]; there {
				s.stored(someID)
			}
		})
	}
}

// TestNewestRecordGone: an ecosystem whose newest record is deleted does not read
// as older for ever, if it comes from where that record came from, and nobody on the
// way can have done it.
func TestNewestRecordGone(t *testing.T) {
	secure := func(s *site) {
		tls := httptest.NewTLSServer(http.HandlerFunc(s.server.serve))
		s.Cleanup(tls.Close)
		s.Sources[0].Place = tls.URL
		s.tuning.client = func(c *http.Client) { c.Transport = tls.Client().Transport }
	}
	newest := testDay.Add(-100 * time.Hour)
	for name, test := range map[string]struct {
		prepare func(s *site)
		change  func(s *site, b bucket)
		want    string
	}{
		"over TLS":     {secure, func(*site, bucket) {}, "osv/npm updated +0-1"},
		"in the clear": {func(*site) {}, func(*site, bucket) {}, "osv/npm kept"},
		"and another is older": {secure, func(_ *site, b bucket) {
			b[someID] = b[someID].Add(-time.Hour)
		}, "osv/npm kept"},
		"and others are gone": {secure, func(_ *site, b bucket) {
			for i := range 4 {
				delete(b, fmt.Sprintf("GHSA-0000-0000-%04d", 20+i))
			}
		}, "osv/npm kept"},
		"elsewhere": {secure, func(s *site, _ bucket) {
			s.server.put("/m/ecosystems.txt", []byte("npm\n"))
			s.server.put("/m/npm/modified_id.csv", nil)
			s.Sources[0].Place += "/m"
		}, "osv/npm kept"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			test.prepare(s)
			s.server.publish("npm", npm(50, 100))
			s.must("kev updated, osv/npm updated")
			b := npm(50, 100)
			delete(b, "GHSA-0000-0000-0000")
			test.change(s, b)
			s.server.publish("npm", b)
			if strings.HasSuffix(s.Sources[0].Place, "/m") {
				s.server.put("/m/npm/modified_id.csv", b.list())
				s.server.put("/m/npm/all.zip", b.zip("npm"))
			}
			r := s.must("kev unchanged, " + test.want)
			date := newest
			if strings.Contains(test.want, "updated") {
				s.words(r, "osv/npm", "its newest records, to 2026-11-16T08:00:00Z, were taken back")
				date = date.Add(-time.Hour)
				if !r.Replaced {
					t.Error("the database was not replaced")
				}
				s.must("kev unchanged, osv/npm unchanged")
			} else {
				s.words(r, "osv/npm", "an older state is refused")
			}
			db, err := vulndb.Open(s.Database)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			for _, f := range db.Info().Feeds {
				if f.Name == "osv/npm" && !f.Date.Equal(date) {
					t.Errorf("the database is of %s, want %s", f.Date, date)
				}
			}
		})
	}
}
