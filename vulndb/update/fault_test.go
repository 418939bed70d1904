// SPDX-License-Identifier: Apache-2.0

package update

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

// cut sends so many bytes of the content, from where was asked, and breaks the connection.
func cut(n int) func(w http.ResponseWriter, r *http.Request, content []byte) {
	return func(w http.ResponseWriter, r *http.Request, content []byte) {
		from := 0
		w.Header().Set("ETag", `"strong"`)
		if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from); err == nil && r.Header.Get("If-Range") == `"strong"` {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(content)-1, len(content)))
			w.Header().Set("Content-Length", fmt.Sprint(len(content)-from))
			w.WriteHeader(http.StatusPartialContent)
		} else {
			from = 0
			w.Header().Set("Content-Length", fmt.Sprint(len(content)))
		}
		_, _ = w.Write(content[from:min(from+n, len(content))])
		if from+n < len(content) {
			panic(http.ErrAbortHandler)
		}
	}
}

func always(f func(w http.ResponseWriter, r *http.Request, content []byte)) func(http.ResponseWriter, *http.Request, []byte) bool {
	return times(1<<30, f)
}

func answerWith(status int, header ...string) func(w http.ResponseWriter, r *http.Request, content []byte) {
	return func(w http.ResponseWriter, _ *http.Request, _ []byte) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
	}
}

// stallAfter sends some bytes and then nothing until the client goes away.
func stallAfter(n int) func(w http.ResponseWriter, r *http.Request, content []byte) {
	return func(w http.ResponseWriter, r *http.Request, content []byte) {
		w.Header().Set("Content-Length", fmt.Sprint(len(content)))
		_, _ = w.Write(content[:n])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
}

// TestBadServers: what passes is tried again, what does not leaves the old copy.
func TestBadServers(t *testing.T) {
	const zip = "/npm/all.zip"
	for name, test := range map[string]struct {
		fault  func(http.ResponseWriter, *http.Request, []byte) bool
		want   string // of npm
		words  string
		waited int // times
	}{
		"cut once":                 {times(1, cut(9000)), "updated", "", 1},
		"cut at each go":           {always(cut(30_000)), "updated", "", 2},
		"cut for ever":             {always(cut(100)), "kept", "EOF (4 attempts)", 3},
		"500, then well":           {times(2, answerWith(500)), "updated", "", 2},
		"503 for ever":             {always(answerWith(503)), "kept", "503 Service Unavailable (4 attempts)", 3},
		"429 with a time":          {times(1, answerWith(429, "Retry-After", "7")), "updated", "", 1},
		"429 with a date":          {times(1, answerWith(429, "Retry-After", "Thu, 01 Jan 2026 00:00:00 GMT")), "updated", "", 1},
		"429 with too long":        {always(answerWith(429, "Retry-After", "86400")), "kept", "come back in 24h", 0},
		"403":                      {always(answerWith(403)), "kept", "403 Forbidden", 0},
		"404":                      {always(answerWith(404)), "kept", "404", 0},
		"304 out of the blue":      {always(answerWith(304)), "kept", "304", 0},
		"a redirection in circles": {always(answerWith(302, "Location", zip)), "kept", "redirections", 3},
		"stalls once":              {times(1, stallAfter(100)), "updated", "", 1},
		"stalls for ever":          {always(stallAfter(0)), "kept", "nothing came any more", 3},
		"a length that is too long": {always(func(w http.ResponseWriter, _ *http.Request, content []byte) {
			w.Header().Set("Content-Length", fmt.Sprint(len(content)+100))
			_, _ = w.Write(content)
		}), "kept", "EOF", 3},
		"a length beyond all": {always(func(w http.ResponseWriter, _ *http.Request, _ []byte) {
			w.Header().Set("Content-Length", "99999999999999")
			w.WriteHeader(200)
		}), "kept", "more than the limit", 0},
		"a wrong checksum once": {times(1, func(w http.ResponseWriter, _ *http.Request, content []byte) {
			w.Header().Set("X-Goog-Hash", "crc32c=AAAAAA==")
			_, _ = w.Write(content)
		}), "updated", "", 1},
		"a wrong checksum": {always(func(w http.ResponseWriter, _ *http.Request, content []byte) {
			w.Header().Set("X-Goog-Hash", "crc32c=AAAAAA==,md5=x")
			_, _ = w.Write(content)
		}), "kept", "CRC32C", 3},
		"resumes at the wrong place": {func() func(http.ResponseWriter, *http.Request, []byte) bool {
			first := times(1, cut(9000))
			lie := times(1, func(w http.ResponseWriter, _ *http.Request, content []byte) {
				w.Header().Set("Content-Range", fmt.Sprintf("bytes 0-%d/%d", len(content)-1, len(content)))
				w.WriteHeader(206)
				_, _ = w.Write(content)
			})
			return func(w http.ResponseWriter, r *http.Request, content []byte) bool {
				return first(w, r, content) || lie(w, r, content)
			}
		}(), "updated", "", 2},
		"no ranges": {func() func(http.ResponseWriter, *http.Request, []byte) bool {
			first := times(1, cut(9000))
			return func(w http.ResponseWriter, r *http.Request, content []byte) bool {
				if !first(w, r, content) {
					_, _ = w.Write(content)
				}
				return true
			}
		}(), "updated", "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.must("kev updated, osv/npm updated")
			before := s.answers()
			s.tuning.stall = 2 * time.Second
			if strings.HasPrefix(name, "stalls") {
				s.tuning.stall = 100 * time.Millisecond
			}
			b := npm(25, 0)
			s.server.publish("npm", b)
			s.server.fault(zip, test.fault)
			s.waited = nil
			r := s.must("kev unchanged, osv/npm " + test.want)
			s.words(r, "osv/npm", test.words)
			if len(s.waited) != test.waited {
				t.Errorf("waited %v, want %d times", s.waited, test.waited)
			}
			if strings.Contains(name, "with a time") && s.waited[0] != 7*time.Second {
				t.Errorf("waited %v", s.waited)
			}
			want := before
			if test.want == "updated" {
				want = nil
				for id := range b {
					want = append(want, id)
				}
				slices.Sort(want)
			}
			if diff := cmp.Diff(want, s.answers()); diff != "" {
				t.Error(diff)
			}
			s.clean()
			// The server comes to its senses.
			s.server.fault(zip, nil)
			if _, err := s.update(); err != nil {
				t.Fatal(err)
			}
			if n := len(s.answers()); n != len(b) {
				t.Errorf("afterwards there are %d records, want %d", n, len(b))
			}
		})
	}
}

// TestEndlessBody: what has no end is cut off at its limit.
func TestEndlessBody(t *testing.T) {
	s := newSite(t)
	s.must("kev updated, osv/npm updated")
	s.server.fault("/ecosystems.txt", always(func(w http.ResponseWriter, _ *http.Request, _ []byte) {
		for line := bytes.Repeat([]byte("npm\n"), 1<<12); ; {
			if _, err := w.Write(line); err != nil {
				return
			}
		}
	}))
	s.words(s.must("kev unchanged, osv missing"), "osv", "more than the limit of 1048576 bytes")
	if n := len(s.answers()); n != 10 {
		t.Errorf("%d records", n)
	}
}

// TestResumes: what came before a cut is not fetched again.
func TestResumes(t *testing.T) {
	s := newSite(t)
	b := npm(30, 0)
	s.server.publish("npm", b)
	s.server.fault("/npm/all.zip", always(cut(40_000)))
	r := s.must("kev updated, osv/npm updated")
	var ranges int
	for _, a := range s.server.asked() {
		if strings.Contains(a, "/npm/all.zip bytes=") {
			ranges++
		}
	}
	size := int64(len(b.zip("npm")) + len(b.list()))
	if ranges == 0 || s.item(r, "osv/npm").Bytes != size {
		t.Errorf("%d ranges were asked for, %d bytes fetched, want %d", ranges, s.item(r, "osv/npm").Bytes, size)
	}
}

// TestRedirections: to another host is followed, from https to http is not.
func TestRedirections(t *testing.T) {
	s := newSite(t)
	other := newServer(t)
	other.put("/elsewhere", kev("2026-11-10T00:00:00Z", 31))
	s.server.fault(kevPath, always(answerWith(302, "Location", other.URL+"/elsewhere")))
	if r := s.must("kev updated, osv/npm updated"); s.item(r, "kev").Records != 31 {
		t.Errorf("%d records", s.item(r, "kev").Records)
	}
	secure := httptest.NewTLSServer(http.RedirectHandler(other.URL+"/elsewhere", http.StatusFound))
	defer secure.Close()
	s.Sources[1].Place = secure.URL + "/kev.json"
	s.tuning.client = func(c *http.Client) { c.Transport = secure.Client().Transport }
	s.Retries = 0
	s.words(s.must("kev kept, osv/npm unchanged"), "kev", "redirects from https to http")
}

// TestSecretsStayPrivate: an address is shown, and kept, without what may be secret
// in it, and nobody but the owner can read where the feeds came from.
func TestSecretsStayPrivate(t *testing.T) {
	private := func(words string) {
		t.Helper()
		if strings.Contains(words, "secret") || !strings.Contains(words, hidden) {
			t.Errorf("got %q", words)
		}
	}
	s := newSite(t)
	secret := strings.Replace(s.server.URL, "http://", "http://secret1:secret2@", 1) + kevPath + "?token=secret3&secret4"
	s.Sources[1].Place = secret
	s.Sources[0].Place = strings.Replace(s.server.URL, "http://", "http://secret1:secret2@", 1) + "?secret5"
	s.must("kev updated, osv/npm updated")
	private(s.read(stateFile))
	if info, err := os.Stat(filepath.Join(s.Database+".feeds", stateFile)); err != nil || (runtime.GOOS != "windows" && info.Mode().Perm() != 0o600) {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	s.server.asked()
	s.must("kev unchanged, osv/npm unchanged")
	if !slices.Contains(s.server.asked(), kevPath+" conditional") {
		t.Error("the address is not known again")
	}
	// Another token is another address.
	s.Sources[1].Place = strings.Replace(secret, "secret3", "secret6", 1)
	s.must("kev unchanged, osv/npm unchanged")
	if !slices.Contains(s.server.asked(), kevPath) {
		t.Error("another address is taken for the same")
	}
	s.server.fault(kevPath, always(answerWith(500)))
	private(s.item(s.must("kev kept, osv/npm unchanged"), "kev").Words)
	s.server.fault(kevPath, always(answerWith(302, "Location", "https://secret1:secret2@127.0.0.1:1/?token=secret3")))
	private(s.item(s.must("kev kept, osv/npm unchanged"), "kev").Words)
	s.Sources[1].Place = "http://secret1:secret2@127.0.0.1:1/kev.json?token=secret3"
	private(s.item(s.must("kev kept, osv/npm unchanged"), "kev").Words)
	for _, place := range []string{"http://secret1:se cret@host/?x=secret", "http://secret1:secret2@/", "http://secret1:secret2@host:secret/"} {
		s.Sources[1].Place = place
		_, err := s.update()
		if err == nil {
			t.Fatalf("%q is taken", place)
		}
		private(err.Error())
		if _, err := ParseSource(place); err == nil {
			t.Errorf("%q is a source", place)
		} else {
			private(err.Error())
		}
	}
}

// TestNoReferer: a redirection to another host does not carry the query there.
func TestNoReferer(t *testing.T) {
	s := newSite(t)
	var referer []string
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		referer = append(referer, r.Header.Get("Referer"))
		_, _ = w.Write(kev("2026-11-10T00:00:00Z", 31))
	}))
	defer other.Close()
	s.server.fault(kevPath, always(answerWith(302, "Location", other.URL)))
	s.Sources[1].Place += "?token=secret"
	s.must("kev updated, osv/npm updated")
	if diff := cmp.Diff([]string{""}, referer); diff != "" {
		t.Error(diff)
	}
}

// TestNothingComes: the database is as it was, and that is an error.
func TestNothingComes(t *testing.T) {
	s := newSite(t)
	s.must("kev updated, osv/npm updated")
	before, _ := os.ReadFile(s.Database)
	s.server.Close()
	r, err := s.update()
	if err == nil || !strings.Contains(err.Error(), "no feed could be brought") {
		t.Errorf("got %v", err)
	}
	if got := states(r); got != "kev kept, osv missing" {
		t.Errorf("got %q", got)
	}
	after, _ := os.ReadFile(s.Database)
	if !bytes.Equal(before, after) {
		t.Error("the database changed")
	}
}

// TestInterrupted: Ctrl-C leaves everything as it was.
func TestInterrupted(t *testing.T) {
	s := newSite(t)
	s.must("kev updated, osv/npm updated")
	before, zip := s.answers(), s.read("osv/npm/all.zip")
	s.server.publish("npm", npm(25, 0))
	ctx, cancel := context.WithCancel(t.Context())
	s.server.fault("/npm/all.zip", func(w http.ResponseWriter, r *http.Request, content []byte) bool {
		_, _ = w.Write(content[:1000])
		w.(http.Flusher).Flush()
		cancel()
		<-r.Context().Done()
		return true
	})
	if _, err := Update(ctx, s.Options); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(before, s.answers()); diff != "" || zip != s.read("osv/npm/all.zip") {
		t.Error("something changed: " + diff)
	}
	s.clean()
}

// full is a disk that has room for so many bytes of a file.
type full struct {
	w    io.Writer
	room int
}

func (f *full) Write(b []byte) (int, error) {
	if len(b) > f.room {
		n, _ := f.w.Write(b[:f.room])
		f.room = 0
		return n, syscall.ENOSPC
	}
	f.room -= len(b)
	return f.w.Write(b)
}

func TestDiskFull(t *testing.T) {
	for _, file := range []string{"osv/npm/all.zip", "osv/npm/modified_id.csv", "kev/known_exploited_vulnerabilities.json", "fetched", "state.json"} {
		t.Run(strings.ReplaceAll(file, "/", "-"), func(t *testing.T) {
			s := newSite(t)
			s.must("kev updated, osv/npm updated")
			s.server.publish("npm", npm(25, 0))
			s.server.put(kevPath, kev("2026-11-15T00:00:00Z", 40))
			before := s.answers()
			s.tuning.writer = func(path string, w io.Writer) io.Writer {
				if path == file {
					return &full{w, 50}
				}
				return w
			}
			r, err := s.update()
			if err == nil {
				if !r.Failed() {
					t.Error("nothing is said")
				}
				said := ""
				for i := range r.Items {
					said += r.Items[i].Words
				}
				if !strings.Contains(said, "no space left") {
					t.Errorf("got %q", said)
				}
			}
			if n := len(s.answers()); n != len(before) && n != 25 {
				t.Errorf("%d records", n)
			}
			s.clean()
			s.tuning.writer = nil
			if _, err := s.update(); err != nil {
				t.Fatal(err)
			}
			if n := len(s.answers()); n != 25 {
				t.Errorf("afterwards there are %d records", n)
			}
		})
	}
}

// TestPowerCut: the process ends between writing a file and renaming it. The old
// database answers, and the next update cleans up and goes on.
func TestPowerCut(t *testing.T) {
	for _, file := range []string{"all.zip", "modified_id.csv", "known_exploited_vulnerabilities.json", "state.json", "medsbom.db"} {
		t.Run(file, func(t *testing.T) {
			s := newSite(t)
			s.must("kev updated, osv/npm updated")
			before := s.answers()
			s.server.publish("npm", npm(25, 0))
			s.server.put(kevPath, kev("2026-11-15T00:00:00Z", 40))
			s.tuning.name = func(name string) error {
				if path.Base(name) != file {
					return nil
				}
				// What was written stays, as if nobody had been left to remove it.
				folder := filepath.Dir(s.Database)
				if name != filepath.Base(s.Database) {
					folder = filepath.Dir(filepath.Join(s.Database+".feeds", filepath.FromSlash(name)))
				}
				return errors.Join(errors.New("power cut"), os.WriteFile(filepath.Join(folder, ".medsbom-left.new"), []byte("half"), 0o600))
			}
			r, err := s.update()
			if err == nil && !r.Failed() {
				t.Error("nothing is said")
			}
			if n := len(s.answers()); n != len(before) && n != 25 {
				t.Errorf("%d records", n)
			}
			s.tuning.name = nil
			if _, err := s.update(); err != nil {
				t.Fatal(err)
			}
			if n := len(s.answers()); n != 25 {
				t.Errorf("afterwards there are %d records", n)
			}
			s.clean()
		})
	}
}

// TestLeftOvers: what a killed update left is swept, in the feeds and beside the database.
func TestLeftOvers(t *testing.T) {
	s := newSite(t)
	s.must("kev updated, osv/npm updated")
	feeds := s.Database + ".feeds"
	for _, name := range []string{
		filepath.Join(feeds, "osv", "npm", ".medsbom-123.new"), filepath.Join(feeds, ".medsbom-77.new"),
	} {
		if err := os.WriteFile(name, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mine := filepath.Join(filepath.Dir(s.Database), "notes.tmp")
	if err := os.WriteFile(mine, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s.must("kev unchanged, osv/npm unchanged")
	s.clean()
	if _, err := os.Stat(mine); err != nil {
		t.Error("a file of the user's was removed")
	}
}

// TestTwoAtOnce: the second says who works on it, and does nothing.
func TestTwoAtOnce(t *testing.T) {
	s := newSite(t)
	started, release := make(chan bool), make(chan bool)
	s.server.fault(kevPath, times(1, func(w http.ResponseWriter, _ *http.Request, content []byte) {
		close(started)
		<-release
		_, _ = w.Write(content)
	}))
	first := make(chan error, 1)
	go func() {
		_, err := s.update()
		first <- err
	}()
	<-started
	_, err := s.update()
	close(release)
	if want := fmt.Sprintf("process %d", os.Getpid()); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("want %q, got %v", want, err)
	}
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	s.must("kev unchanged, osv/npm unchanged")
}

// TestBuildBesideUpdate: a build to the same database while an update is about to
// replace it leaves one of the two, whole.
func TestBuildBesideUpdate(t *testing.T) {
	s := newSite(t)
	s.must("kev updated, osv/npm updated")
	from := t.TempDir()
	if err := os.MkdirAll(filepath.Join(from, "osv", "npm"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(from, "osv", "npm", "all.zip"), npm(7, 90).zip("npm"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.server.publish("npm", npm(25, 0))
	made := make(chan error, 1)
	s.tuning.name = func(name string) error {
		if name == "osv/npm/all.zip" {
			go func() {
				_, err := build.Build(t.Context(), build.Options{From: from, Out: s.Database, AsOf: testDay})
				made <- err
			}()
		}
		return nil
	}
	_, err := s.update()
	if err := <-made; err != nil {
		t.Error(err)
	}
	if n := len(s.answers()); err != nil || n != 7 && n != 25 {
		t.Errorf("%d records are there, %v", n, err)
	}
	s.tuning.name = nil
	s.must("kev unchanged, osv/npm unchanged")
	if n := len(s.answers()); n != 25 {
		t.Errorf("the next update leaves %d records", n)
	}
	s.clean()
}

// TestReadersKeepTheirFile: a database that is open goes on answering as it did.
func TestReadersKeepTheirFile(t *testing.T) {
	s := newSite(t)
	s.must("kev updated, osv/npm updated")
	db, err := vulndb.Open(s.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s.server.publish("npm", npm(25, 0))
	s.must("kev unchanged, osv/npm updated")
	if err := db.Verify(); err != nil || db.Info().Advisories != 10 {
		t.Errorf("the old file has %d records, %v", db.Info().Advisories, err)
	}
	if n := len(s.answers()); n != 25 {
		t.Errorf("the new file has %d records", n)
	}
}

// TestNoDowngradeOfTheDatabase: one that was brought otherwise is not replaced by less.
func TestNoDowngradeOfTheDatabase(t *testing.T) {
	s := newSite(t)
	s.must("kev updated, osv/npm updated")
	rich, err := os.ReadFile(s.Database)
	if err != nil {
		t.Fatal(err)
	}
	other := newSite(t)
	other.server.put(kevPath, kev("2026-10-01T00:00:00Z", 30))
	if err := os.WriteFile(other.Database, rich, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := other.update(); err == nil || !strings.Contains(err.Error(), "kev of 2026-11-01, and the new one only of 2026-10-01") {
		t.Errorf("an older KEV: %v", err)
	}
	other.Sources = other.Sources[:1]
	if err := os.RemoveAll(other.Database + ".feeds"); err != nil {
		t.Fatal(err)
	}
	if _, err := other.update(); err == nil || !strings.Contains(err.Error(), "kev, which the new one lacks") {
		t.Errorf("no KEV: %v", err)
	}
	if now, _ := os.ReadFile(other.Database); !bytes.Equal(now, rich) {
		t.Error("the database was replaced")
	}
	// A damaged one has nothing to lose.
	if err := os.WriteFile(other.Database, rich[:len(rich)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if r := other.must("osv/npm unchanged"); !r.Replaced {
		t.Error("a damaged database was not replaced")
	}
}
