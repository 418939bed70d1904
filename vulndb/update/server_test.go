// SPDX-License-Identifier: Apache-2.0

package update

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/medsbom/medsbom/vulndb"
)

var testDay = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// server is a bucket and a mirror in one, which can be told to misbehave.
type server struct {
	*httptest.Server
	mu     sync.Mutex
	files  map[string][]byte
	seen   []string // "GET /path" with what was asked beside it
	faults map[string]func(w http.ResponseWriter, r *http.Request, content []byte) bool
}

func newServer(t testing.TB) *server {
	s := &server{files: map[string][]byte{}, faults: map[string]func(http.ResponseWriter, *http.Request, []byte) bool{}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	content, there := s.files[r.URL.Path]
	fault := s.faults[r.URL.Path]
	line := r.URL.Path
	if v := r.Header.Get("Range"); v != "" {
		line += " " + v
	}
	if r.Header.Get("If-None-Match") != "" {
		line += " conditional"
	}
	s.seen = append(s.seen, line)
	s.mu.Unlock()
	if fault != nil && fault(w, r, content) {
		return
	}
	if !there {
		http.NotFound(w, r)
		return
	}
	sum := binary.BigEndian.AppendUint32(nil, crc32.Checksum(content, crc32.MakeTable(crc32.Castagnoli)))
	w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sum))
	w.Header().Set("X-Goog-Hash", "crc32c="+base64.StdEncoding.EncodeToString(sum)+",md5=AAAA")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

func (s *server) put(path string, content []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[path] = content
}

// fault replaces the answers to a path as long as f returns true.
func (s *server) fault(path string, f func(w http.ResponseWriter, r *http.Request, content []byte) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[path] = f
}

// times makes a fault that happens so many times.
func times(n int, f func(w http.ResponseWriter, r *http.Request, content []byte)) func(http.ResponseWriter, *http.Request, []byte) bool {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request, content []byte) bool {
		mu.Lock()
		defer mu.Unlock()
		if n <= 0 {
			return false
		}
		n--
		f(w, r, content)
		return true
	}
}

// asked gives what was asked since the last time, sorted.
func (s *server) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := s.seen
	s.seen = nil
	slices.Sort(seen)
	return seen
}

// record makes an OSV record.
func record(ecosystem, id string, modified time.Time) []byte {
	return fmt.Appendf(nil, `{"id":%q,"modified":%q,"published":"2026-01-01T00:00:00Z","details":%q,"affected":[{"package":{"ecosystem":%q,"name":"pkg-%s"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.0.%d"}]}]}]}`,
		id, modified.Format(time.RFC3339), noise(id), ecosystem, strings.ToLower(id), modified.Unix()%1000)
}

// noise is text that does not compress, so that a zip of few records is worth a delta.
func noise(seed string) string {
	var b strings.Builder
	x := crc32.ChecksumIEEE([]byte(seed))
	for range 5_000 {
		x = x*1664525 + 1013904223
		b.WriteByte('a' + byte(x>>24)%26)
	}
	return b.String()
}

// bucket is the content of one ecosystem.
type bucket map[string]time.Time

func (b bucket) zip(ecosystem string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, id := range slices.Sorted(maps.Keys(b)) {
		w, _ := z.Create(id + ".json")
		_, _ = w.Write(record(ecosystem, id, b[id]))
	}
	_ = z.Close()
	return out.Bytes()
}

func (b bucket) list() []byte {
	x := newIndex()
	for id, t := range b {
		x.add(id, t, testDay)
	}
	return x.print()
}

// publish puts an ecosystem on the server.
func (s *server) publish(ecosystem string, b bucket) {
	s.put("/"+ecosystem+"/all.zip", b.zip(ecosystem))
	s.put("/"+ecosystem+"/modified_id.csv", b.list())
	for id, t := range b {
		s.put("/"+ecosystem+"/"+id+".json", record(ecosystem, id, t))
	}
}

// npm is an ecosystem of so many records, the newest modified so many hours
// before the day of the tests.
func npm(records, hours int) bucket {
	b := bucket{}
	for i := range records {
		b[fmt.Sprintf("GHSA-0000-0000-%04d", i)] = testDay.Add(-time.Duration(hours+i) * time.Hour)
	}
	return b
}

func kev(date string, n int) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `{"title":"KEV","dateReleased":%q,"vulnerabilities":[`, date)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"cveID":"CVE-2026-%04d","dateAdded":"2026-01-02","knownRansomwareCampaignUse":"Unknown"}`, i)
	}
	b.WriteString("]}")
	return []byte(b.String())
}

const kevPath = "/kev.json"

// site is a database folder and what Update is called with.
type site struct {
	*testing.T
	server *server
	Options
	waited []time.Duration
}

// newSite has a bucket of one ecosystem and KEV on the server, and nothing on disk.
// Feeds that it does not name come from an empty folder, so that nothing reaches out.
func newSite(t *testing.T) *site {
	s := &site{T: t, server: newServer(t)}
	s.server.put("/ecosystems.txt", []byte("npm\n"))
	s.server.publish("npm", npm(10, 100))
	s.server.put(kevPath, kev("2026-11-01T00:00:00Z", 30))
	s.Options = Options{
		Database: filepath.Join(t.TempDir(), "medsbom.db"), AsOf: testDay, Retries: 3,
		From:    t.TempDir(),
		Sources: []Source{{"osv", s.server.URL}, {"kev", s.server.URL + kevPath}},
	}
	var mu sync.Mutex
	s.tuning.wait = func(ctx context.Context, d time.Duration) error {
		mu.Lock()
		defer mu.Unlock()
		s.waited = append(s.waited, d)
		return ctx.Err()
	}
	return s
}

func (s *site) update() (*Report, error) {
	s.Helper()
	return Update(context.Background(), s.Options)
}

// must updates and wants the states of the feeds that were named.
func (s *site) must(want string) *Report {
	s.Helper()
	r, err := s.update()
	if err != nil {
		s.Fatal(err)
	}
	if got := states(r); got != want {
		s.Fatalf("want %q, got %q", want, got)
	}
	return r
}

// states writes what became of the feeds that were named.
func states(r *Report) string {
	var words []string
	for i := range r.Items {
		item := &r.Items[i]
		if item.State == NotThere {
			continue
		}
		word := item.Name + " " + string(item.State)
		if item.Changed+item.Removed > 0 {
			word += fmt.Sprintf(" +%d-%d", item.Changed, item.Removed)
		}
		if item.Partial {
			word += " in part"
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

func (s *site) item(r *Report, name string) *Item {
	s.Helper()
	i := slices.IndexFunc(r.Items, func(i Item) bool { return i.Name == name })
	if i < 0 {
		s.Fatalf("no item %s", name)
	}
	return &r.Items[i]
}

// words wants a feed to say something.
func (s *site) words(r *Report, name, want string) {
	s.Helper()
	if got := s.item(r, name).Words; !strings.Contains(got, want) {
		s.Errorf("%s: want %q, got %q", name, want, got)
	}
}

// answers opens the installed database, which must be whole, and gives its ids.
func (s *site) answers() []string {
	s.Helper()
	db, err := vulndb.Open(s.Database)
	if err != nil {
		s.Fatal(err)
	}
	defer db.Close()
	if err := db.Verify(); err != nil {
		s.Fatal(err)
	}
	var ids []string
	for i := range db.Info().Advisories {
		ids = append(ids, strings.Clone(db.Advisory(vulndb.AdvisoryID(i)).ID)) // a view of the mapped file
	}
	slices.Sort(ids)
	return ids
}

// clean wants nothing to be left of temporary files.
func (s *site) clean() {
	s.Helper()
	feeds := s.Database + ".feeds"
	for _, folder := range []string{filepath.Dir(s.Database), feeds, filepath.Join(feeds, "*"), filepath.Join(feeds, "*", "*")} {
		if left, _ := filepath.Glob(filepath.Join(folder, ".medsbom-*")); len(left) > 0 {
			s.Errorf("left behind: %v", left)
		}
	}
}

func (s *site) read(name string) string {
	s.Helper()
	text, err := os.ReadFile(filepath.Join(s.Database+".feeds", filepath.FromSlash(name)))
	if err != nil {
		s.Fatal(err)
	}
	return string(text)
}
