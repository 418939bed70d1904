// SPDX-License-Identifier: Apache-2.0

package update

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// unbuildable passes the check of the update, and the build finds no entry in it,
// as its ids are no CVE ids.
func unbuildable() []byte {
	return bytes.ReplaceAll(kev("2026-11-15T00:00:00Z", 30), []byte("CVE-2026-"), []byte("CVE-none-"))
}

// unbuildableZip has one record without a checksum, which archive/zip lets pass.
func unbuildableZip() []byte {
	text := fmt.Sprintf(`{"id":"GHSA-0000-0000-0000","modified":%q}`, testDay.Add(-time.Hour).Format(time.RFC3339))
	size := uint64(len(text))
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.CreateRaw(&zip.FileHeader{Name: "x.json", CompressedSize64: size, UncompressedSize64: size})
	_, _ = w.Write([]byte(text))
	_ = z.Close()
	return b.Bytes()
}

// TestBuildRefusesFeed: a feed that the build refuses goes back, is said, and the
// others become newer all the same.
func TestBuildRefusesFeed(t *testing.T) {
	s := newSite(t)
	s.must("kev updated, osv/npm updated")
	good := s.read("kev/known_exploited_vulnerabilities.json")
	s.server.put(kevPath, unbuildable())
	s.server.publish("npm", npm(25, 0))
	for range 2 { // it is tried each time
		r, err := s.update()
		if err != nil {
			t.Fatal(err)
		}
		s.words(r, "kev", "no database can be made with it")
		if item := s.item(r, "kev"); item.State != Kept || item.Date.Format(time.DateOnly) != "2026-11-01" || item.Records != 30 {
			t.Errorf("got %+v", item)
		}
		if n := len(s.answers()); n != 25 || good != s.read("kev/known_exploited_vulnerabilities.json") {
			t.Errorf("%d records", n)
		}
		s.settled()
	}
	s.server.put(kevPath, kev("2026-11-16T00:00:00Z", 31))
	s.must("kev updated, osv/npm unchanged")
	s.clean()
}

// settled wants no copies before to be left.
func (s *site) settled() {
	s.Helper()
	if isFolder(filepath.Join(s.Database+".feeds", previousFolder)) {
		s.Error("the copies before are still there")
	}
	if strings.Contains(s.read(stateFile), `"before"`) {
		s.Error("the state still speaks of copies before")
	}
	s.clean()
}

// TestBuildRefusesFirstFeed: without a copy before it is missing, and the database
// is made of the others.
func TestBuildRefusesFirstFeed(t *testing.T) {
	s := newSite(t)
	s.server.put(kevPath, unbuildable())
	s.words(s.must("kev missing, osv/npm updated"), "kev", "no database can be made with it")
	if n := len(s.answers()); n != 10 {
		t.Errorf("%d records", n)
	}
	s.server.put(kevPath, kev("2026-11-16T00:00:00Z", 31))
	s.must("kev updated, osv/npm unchanged")
	s.settled()
}

// TestBuildRefusesZip: as with any other feed, and its list goes back with it.
func TestBuildRefusesZip(t *testing.T) {
	s := newSite(t)
	s.server.put("/ecosystems.txt", []byte("npm\nGo\n"))
	s.server.publish("Go", bucket{"GO-1": testDay.Add(-time.Hour)})
	s.server.publish("npm", npm(3, 100))
	s.must("kev updated, osv/Go updated, osv/npm updated")
	before := s.answers()
	s.server.put("/npm/all.zip", unbuildableZip())
	s.server.put("/npm/modified_id.csv", nil)
	s.server.fault("/npm/modified_id.csv", always(answerWith(http.StatusNotFound)))
	s.server.publish("Go", bucket{"GO-1": testDay.Add(-time.Minute)})
	s.words(s.must("kev unchanged, osv/Go updated, osv/npm kept"), "osv/npm", "no database can be made with it")
	if got := s.answers(); len(got) != len(before) {
		t.Errorf("want %v, got %v", before, got)
	}
	s.settled()
	s.server.fault("/npm/modified_id.csv", nil)
	s.server.publish("npm", npm(4, 2))
	s.must("kev unchanged, osv/Go unchanged, osv/npm updated")
	s.settled()
}

// TestCutBeforeBuild: an update that ends between taking a feed and building leaves
// the copy of which the database was made, and that is the one to go back to.
func TestCutBeforeBuild(t *testing.T) {
	s := newSite(t)
	s.must("kev updated, osv/npm updated")
	s.server.put(kevPath, kev("2026-11-14T00:00:00Z", 32))
	cut := errors.New("power cut")
	s.tuning.name = func(name string) error {
		if name == filepath.Base(s.Database) {
			return cut
		}
		return nil
	}
	if _, err := s.update(); !errors.Is(err, cut) {
		t.Fatal(err)
	}
	s.tuning.name = nil
	s.server.put(kevPath, unbuildable())
	r := s.must("kev kept, osv/npm unchanged")
	if item := s.item(r, "kev"); item.Date.Format(time.DateOnly) != "2026-11-01" || item.Records != 30 {
		t.Errorf("got %+v", item)
	}
	s.settled()
}

// withModified states when a list was modified.
func (s *server) withModified(path string, at time.Time) {
	s.fault(path, func(w http.ResponseWriter, _ *http.Request, _ []byte) bool {
		w.Header().Set("Last-Modified", at.Format(http.TimeFormat))
		return false
	})
}

// TestTakenBack: a newest record that is deleted by a later list goes; a list that
// is only older is refused.
func TestTakenBack(t *testing.T) {
	const list = "/npm/modified_id.csv"
	for name, test := range map[string]struct {
		at     time.Duration // of the second list, behind the first
		change func(b bucket)
		insist bool
		want   string
	}{
		"deleted":                   {time.Hour, func(b bucket) { delete(b, "GHSA-0000-0000-0000") }, false, "osv/npm updated +0-1"},
		"a list that is behind":     {-time.Hour, func(b bucket) { delete(b, "GHSA-0000-0000-0000") }, false, "osv/npm kept"},
		"of the same time":          {0, func(b bucket) { delete(b, "GHSA-0000-0000-0000") }, false, "osv/npm kept"},
		"one that is in both older": {time.Hour, func(b bucket) { b["GHSA-0000-0000-0000"] = testDay.Add(-300 * time.Hour) }, false, "osv/npm kept"},
		"behind, and insisted":      {-time.Hour, func(b bucket) { delete(b, "GHSA-0000-0000-0000") }, true, "osv/npm updated +0-1"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			at := testDay.Add(-10 * time.Hour)
			s.server.withModified(list, at)
			s.must("kev updated, osv/npm updated")
			b := npm(10, 100)
			test.change(b)
			before := maps.Clone(b)
			s.server.publish("npm", b)
			s.server.withModified(list, at.Add(test.at))
			s.AllowOlder = test.insist
			s.must("kev unchanged, " + test.want)
			s.AllowOlder = false
			want := 10
			if strings.Contains(test.want, "updated") {
				want = 9
			}
			if n := len(s.answers()); n != want {
				t.Errorf("%d records", n)
			}
			// And it goes on.
			before["GHSA-0000-0000-0777"] = testDay.Add(-time.Minute)
			s.server.publish("npm", before)
			s.server.withModified(list, at.Add(2*time.Hour))
			if _, err := s.update(); err != nil {
				t.Fatal(err)
			}
			if ids := s.answers(); ids[len(ids)-1] != "GHSA-0000-0000-0777" {
				t.Errorf("got %v", ids)
			}
			s.settled()
		})
	}
}

// TestTakenBackAndCut: what was taken back does not block the database of a later
// update, if the one that met it was cut short.
func TestTakenBackAndCut(t *testing.T) {
	const list = "/npm/modified_id.csv"
	s := newSite(t)
	s.server.withModified(list, testDay.Add(-10*time.Hour))
	s.must("kev updated, osv/npm updated")
	b := npm(10, 100)
	delete(b, "GHSA-0000-0000-0000")
	s.server.publish("npm", b)
	s.server.withModified(list, testDay.Add(-9*time.Hour))
	s.tuning.name = func(name string) error {
		if name == filepath.Base(s.Database) {
			return errors.New("power cut")
		}
		return nil
	}
	if _, err := s.update(); err == nil {
		t.Fatal("not cut")
	}
	s.tuning.name = nil
	s.must("kev unchanged, osv/npm unchanged")
	if n := len(s.answers()); n != 9 {
		t.Errorf("%d records", n)
	}
}

// TestAllowOlder: whoever insists gets older feeds and a smaller database, and is
// told.
func TestAllowOlder(t *testing.T) {
	s := newSite(t)
	s.must("kev updated, osv/npm updated")
	s.server.put(kevPath, kev("2026-10-01T00:00:00Z", 5))
	s.server.publish("npm", npm(4, 200))
	if _, err := s.update(); err == nil || !strings.Contains(err.Error(), "an older state is refused") {
		t.Fatal(err)
	}
	s.AllowOlder = true
	r := s.must("kev updated, osv/npm updated +4-6")
	s.words(r, "kev", "went back, as --allow-downgrade insists")
	s.words(r, "osv/npm", "went back, as --allow-downgrade insists")
	if n := len(s.answers()); n != 4 || !strings.Contains(strings.Join(r.Notes, "\n"), "the database had kev of 2026-11-01") {
		t.Errorf("%d records, %q", n, r.Notes)
	}
}
