// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// fewParts is a small SBOM.
const fewParts = `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[{"type":"library","name":"lodash","version":"4.17.21","purl":"pkg:npm/lodash@4.17.21"}]}`

// feedZip is an ecosystem of one record.
func feedZip(id string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.Create(id + ".json")
	_, _ = fmt.Fprintf(w, `{"id":%q,"modified":"2026-10-30T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"left-pump"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}]}]}`, id)
	_ = z.Close()
	return b.Bytes()
}

// mirror serves one ecosystem and notes what it was asked for.
type mirror struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
	stall chan bool // if set: closed when the zip is being sent, which then never ends
}

// requests gives what was asked since the last call.
func (m *mirror) requests() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	asked := m.asked
	m.asked = nil
	return asked
}

func newMirror(t *testing.T) *mirror {
	m := &mirror{}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		m.asked = append(m.asked, r.Method+" "+r.RequestURI)
		stall := m.stall
		m.mu.Unlock()
		content := feedZip("GHSA-xxxx-xxxx-0001")
		switch {
		case r.Method == http.MethodConnect:
			w.WriteHeader(http.StatusForbidden)
		case strings.HasSuffix(r.URL.Path, "/osv/ecosystems.txt"):
			_, _ = w.Write([]byte("npm\n"))
		case strings.HasSuffix(r.URL.Path, "/osv/npm/all.zip") && stall != nil:
			_, _ = w.Write(content[:20])
			w.(http.Flusher).Flush()
			close(stall)
			<-r.Context().Done()
		case strings.HasSuffix(r.URL.Path, "/osv/npm/all.zip"):
			_, _ = w.Write(content)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(m.Close)
	return m
}

func medsbom(dir string, env []string, args ...string) *exec.Cmd {
	c := exec.Command("medsbom", args...)
	c.Dir = dir
	for _, kv := range os.Environ() {
		if key, _, _ := strings.Cut(strings.ToUpper(kv), "="); !strings.HasSuffix(key, "_PROXY") && !strings.HasPrefix(key, "MEDSBOM_") {
			c.Env = append(c.Env, kv)
		}
	}
	c.Env = append(c.Env, env...)
	return c
}

func exitCode(t *testing.T, c *exec.Cmd, want int) string {
	t.Helper()
	out, err := c.CombinedOutput()
	got := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		got = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Fatalf("%v: exit code %d, want %d:\n%s", c.Args[1:], got, want, out)
	}
	return string(out)
}

// TestProxies: the usual variables decide who is asked. The address names no host
// that exists, so without the proxy nothing comes.
func TestProxies(t *testing.T) {
	m := newMirror(t)
	const address = "http://mirror.invalid/feeds"
	proxy := "HTTP_PROXY=" + m.URL
	update := func(place string) []string {
		return []string{"db", "update", "--db", "p.db", "--retries", "0", "--from", place}
	}
	exitCode(t, medsbom(t.TempDir(), []string{proxy}, update(address)...), 0)
	if want, got := "GET http://mirror.invalid/feeds/osv/npm/all.zip", m.requests(); !slices.Contains(got, want) {
		t.Errorf("want %q, got %q", want, got)
	}
	exitCode(t, medsbom(t.TempDir(), []string{proxy, "NO_PROXY=mirror.invalid"}, update(address)...), 2)
	if got := m.requests(); len(got) > 0 {
		t.Errorf("NO_PROXY is not respected: %q", got)
	}
	out := exitCode(t, medsbom(t.TempDir(), []string{"HTTPS_PROXY=" + m.URL}, update("https://mirror.invalid/feeds")...), 2)
	if got := m.requests(); len(got) == 0 || got[0] != "CONNECT mirror.invalid:443" {
		t.Errorf("HTTPS_PROXY is not respected: %q\n%s", got, out)
	}
}

// TestNeverOnlineUnasked: a scan asks nobody, unless it is told to.
func TestNeverOnlineUnasked(t *testing.T) {
	m := newMirror(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "bom.json"), []byte(fewParts), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"MEDSBOM_FROM=" + m.URL, "MEDSBOM_DB=" + filepath.Join(dir, "s.db"), "MEDSBOM_FAIL_ON=never", "MEDSBOM_RETRIES=0"}
	exitCode(t, medsbom(dir, env, "scan", "--db", "starter", "bom.json"), 0)
	if got := m.requests(); len(got) > 0 {
		t.Errorf("a scan asked for %q", got)
	}
	exitCode(t, medsbom(dir, append(env, "MEDSBOM_OFFLINE=1"), "scan", "--update", "bom.json"), 2)
	out := exitCode(t, medsbom(dir, append(env, "MEDSBOM_OFFLINE=1"), "db", "update"), 2)
	if got := m.requests(); !strings.Contains(out, "--offline forbids the network") || len(got) > 0 {
		t.Errorf("got %q\n%s", got, out)
	}
	out = exitCode(t, medsbom(dir, env, "scan", "--update", "bom.json"), 0)
	if got := m.requests(); len(got) == 0 || strings.Contains(out, "starter") {
		t.Errorf("--update asked for %q\n%s", got, out)
	}
	// Fresh data was asked for: that none came is no reason to go on as if it had.
	m.Close()
	out = exitCode(t, medsbom(dir, env, "scan", "--update", "bom.json"), 2)
	if !strings.Contains(out, "--update: no feed could be brought") {
		t.Errorf("got %s", out)
	}
}

// TestKilledUpdate: killed in the middle of a file, an update leaves the old
// database answering; the next one cleans up.
func TestKilledUpdate(t *testing.T) {
	m := newMirror(t)
	dir := t.TempDir()
	update := []string{"db", "update", "--db", "k.db", "--from", m.URL}
	exitCode(t, medsbom(dir, nil, update...), 0)
	before, err := os.ReadFile(filepath.Join(dir, "k.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "k.db.feeds")); err != nil {
		t.Fatal(err)
	}
	stalled := make(chan bool)
	m.mu.Lock()
	m.stall = stalled
	m.mu.Unlock()
	c := medsbom(dir, nil, update...)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	<-stalled
	if out := exitCode(t, medsbom(dir, nil, update...), 2); !strings.Contains(out, fmt.Sprintf("process %d", c.Process.Pid)) {
		t.Errorf("it is not said who updates: %s", out)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait()
	if after, err := os.ReadFile(filepath.Join(dir, "k.db")); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the database changed: %v", err)
	}
	m.mu.Lock()
	m.stall = nil
	m.mu.Unlock()
	exitCode(t, medsbom(dir, nil, update...), 0)
	if left, _ := filepath.Glob(filepath.Join(dir, "k.db.feeds", "osv", "npm", ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
