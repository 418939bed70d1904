// SPDX-License-Identifier: Apache-2.0

package update

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/medsbom/medsbom/internal/durable"
)

// place is the folder of the feeds and the database beside it.
type place struct {
	database string
	dir      string
	state    state
	notes    []string
	tuning
}

// state is what is remembered between updates. Every entry is doubted: it counts
// only while the files have the digests that it names.
type state struct {
	Version int                  `json:"version"`
	Feeds   map[string]feedState `json:"feeds"`
}

type feedState struct {
	Place    string            `json:"place"` // fingerprint of where it came from
	From     string            `json:"from"`  // the same for people, without secrets
	ETag     string            `json:"etag,omitzero"`
	Modified string            `json:"lastModified,omitzero"`
	Zip      *validators       `json:"zip,omitzero"`    // of an ecosystem without a list
	Files    map[string]string `json:"files"`           // path to SHA-256
	Newest   time.Time         `json:"newest,omitzero"` // date of the data
	Records  int               `json:"records"`
	Peak     int               `json:"peak"` // the most that this place has had
	// Lowered is the newest date that the source once had and has taken back.
	Lowered time.Time  `json:"lowered,omitzero"`
	Before  *feedState `json:"before,omitzero"` // of the copy that is kept
}

type validators struct {
	ETag     string `json:"etag,omitzero"`
	Modified string `json:"lastModified,omitzero"`
}

const (
	stateFile    = "state.json"
	stateVersion = 2
	maxState     = 16 << 20
	stagingName  = "medsbom.db"
)

// newPlace refuses what cannot be replaced, before anything is fetched for it.
func newPlace(database string, t tuning) (*place, error) {
	// A link is followed: the feeds lie beside the file that it means.
	followed, err := durable.Target(database)
	if err != nil {
		return nil, fmt.Errorf("the database %q cannot be replaced: %w", database, err)
	}
	return &place{database: followed, dir: followed + ".feeds", tuning: t, state: state{Version: stateVersion, Feeds: map[string]feedState{}}}, nil
}

func (p *place) path(name string) string { return filepath.Join(p.dir, filepath.FromSlash(name)) }

func (p *place) staging() string { return filepath.Join(p.dir, stagingName) }

func (p *place) loadState() {
	data, err := os.ReadFile(p.path(stateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	var s state
	if err == nil && len(data) > maxState {
		err = fmt.Errorf("more than %d bytes", maxState)
	}
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err == nil && s.Version != stateVersion {
		err = fmt.Errorf("version %d, not %d", s.Version, stateVersion)
	}
	if err != nil {
		p.notes = append(p.notes, fmt.Sprintf("%s is not used: %v; the feeds are compared with their sources anew", p.path(stateFile), err))
		return
	}
	for name, f := range s.Feeds {
		if p.intact(&f) {
			p.state.Feeds[name] = f
		}
	}
}

// intact reports whether all files of a feed are those that the state speaks of.
func (p *place) intact(f *feedState) bool {
	if len(f.Files) == 0 {
		return false
	}
	for _, name := range slices.Sorted(maps.Keys(f.Files)) {
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return false
		}
		if sum, err := digest(p.path(name)); err != nil || sum != f.Files[name] {
			return false
		}
	}
	return true
}

func (p *place) saveState() error {
	text, err := json.Marshal(p.state, json.Deterministic(true), jsontext.WithIndent(" "))
	if err != nil {
		return err
	}
	return p.writePrivate(stateFile, text)
}

// writePrivate writes what is remembered. The feeds beside it may be a mirror for
// everybody; where they came from is nobody's business.
func (p *place) writePrivate(name string, text []byte) error {
	s, err := p.create(name)
	if err != nil {
		return err
	}
	s.Private()
	if _, err := s.Write(text); err != nil {
		s.discard()
		return err
	}
	return p.commit(s)
}

// has reports whether there is a copy of a feed.
func (p *place) has(name string) bool {
	if ecosystem, ok := strings.CutPrefix(name, osvFeed+"/"); ok {
		return isFile(p.path(zipOf(ecosystem)))
	}
	for i := range feeds {
		if feeds[i].name == name {
			return slices.ContainsFunc(feeds[i].files, func(t target) bool { return isFile(p.path(t.path)) })
		}
	}
	return false
}

func isFile(name string) bool {
	stat, err := os.Stat(name)
	return err == nil && stat.Mode().IsRegular()
}

func isFolder(name string) bool {
	stat, err := os.Stat(name)
	return err == nil && stat.IsDir()
}

func digest(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// spool is a file of the layout that is being written under a temporary name.
type spool struct {
	*durable.File
	name string // in the layout
	w    io.Writer
}

// create begins a file of the layout.
func (p *place) create(name string) (*spool, error) {
	// For everybody, as the folder may be served as a mirror.
	if err := os.MkdirAll(filepath.Dir(p.path(name)), 0o755); err != nil { //nolint:gosec // public data
		return nil, err
	}
	f, err := durable.Create(p.path(name))
	if err != nil {
		return nil, err
	}
	s := &spool{File: f, name: name, w: f}
	if p.writer != nil {
		s.w = p.writer(name, f)
	}
	return s, nil
}

func (s *spool) Write(b []byte) (int, error) { return s.w.Write(b) }

func (s *spool) restart() error { return s.Restart() }

// path is the temporary name.
func (s *spool) path() string { return s.Name() }

func (s *spool) discard() { _ = s.Close() }

// commit makes a file durable and gives it its name.
func (p *place) commit(s *spool) error {
	defer s.discard()
	return s.CommitIf(func() error { return p.naming(s.name) })
}

// publish puts the database that was built in the place of the installed one if
// ok agrees. The build never changes a file that it has written, so both may be
// one.
func (p *place) publish(ok func() error) error {
	return durable.Link(p.staging(), p.database, func() error {
		if err := ok(); err != nil {
			return err
		}
		return p.naming(filepath.Base(p.database))
	})
}

// sweep removes what an update that was killed left behind.
func (p *place) sweep() {
	_ = filepath.WalkDir(p.dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			durable.RemoveLeft(path)
		}
		return nil //nolint:nilerr // what cannot be listed is left alone
	})
}

// heldError is the error of a lock that another update holds.
func (p *place) heldError() error {
	text, _ := os.ReadFile(p.path(lockFile))
	who := "another update"
	if line := strings.TrimSpace(string(text)); line != "" && len(line) < 200 {
		who += " (" + line + ")"
	}
	return fmt.Errorf("%s works on %q: wait until it has ended", who, p.database)
}

const lockFile = "lock"

// lockText says who holds the lock.
func lockText() string {
	host, _ := os.Hostname()
	return fmt.Sprintf("process %d on %s since %s", os.Getpid(), host, time.Now().UTC().Format(time.RFC3339))
}

// lock takes the folder for this update; the function gives it back. The system
// gives it back too when the process ends, however it ends.
func (p *place) lock() (release func(), err error) {
	if err := os.MkdirAll(p.dir, 0o755); err != nil {
		return nil, err
	}
	f, held, err := lockFolder(p.path(lockFile))
	switch {
	case held:
		return nil, p.heldError()
	case err != nil:
		return nil, fmt.Errorf("locking %q: %w", p.dir, err)
	}
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt([]byte(lockText()), 0)
	}
	return func() { unlockFolder(f) }, nil
}
