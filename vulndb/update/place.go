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
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
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
	Place    string            `json:"place"` // where it came from
	ETag     string            `json:"etag,omitzero"`
	Modified string            `json:"lastModified,omitzero"`
	Zip      *validators       `json:"zip,omitzero"`    // of an ecosystem without a list
	Files    map[string]string `json:"files"`           // path to SHA-256
	Newest   time.Time         `json:"newest,omitzero"` // date of the data
	Records  int               `json:"records"`
}

type validators struct {
	ETag     string `json:"etag,omitzero"`
	Modified string `json:"lastModified,omitzero"`
}

const (
	stateFile    = "state.json"
	stateVersion = 1
	maxState     = 16 << 20
	tempPrefix   = ".update-"
	stagingName  = "medsbom.db"
)

func newPlace(database string, t tuning) *place {
	// A link is followed: what it points to is replaced, not the link.
	if followed, err := filepath.EvalSymlinks(database); err == nil {
		database = followed
	}
	return &place{database: database, dir: database + ".feeds", tuning: t, state: state{Version: stateVersion, Feeds: map[string]feedState{}}}
}

func (p *place) path(name string) string { return filepath.Join(p.dir, filepath.FromSlash(name)) }

func (p *place) staging() string { return filepath.Join(p.dir, stagingName) }

// temporary is the name under which the database waits for being renamed.
func (p *place) temporary() string {
	return filepath.Join(filepath.Dir(p.database), tempPrefix+filepath.Base(p.database)+".tmp")
}

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
	s, err := p.create(stateFile)
	if err != nil {
		return err
	}
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

// spool is a file that is being written under a temporary name.
type spool struct {
	name string // in the layout
	file *os.File
	w    io.Writer
	done bool
}

// create begins a file of the layout.
func (p *place) create(name string) (*spool, error) {
	folder := filepath.Dir(p.path(name))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(folder, tempPrefix+"*.tmp")
	if err != nil {
		return nil, err
	}
	s := &spool{name: name, file: f, w: f}
	if p.writer != nil {
		s.w = p.writer(name, f)
	}
	return s, nil
}

func (s *spool) Write(b []byte) (int, error) { return s.w.Write(b) }

func (s *spool) restart() error {
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return s.file.Truncate(0)
}

// path is the temporary name.
func (s *spool) path() string { return s.file.Name() }

func (s *spool) discard() {
	if s != nil && !s.done {
		s.done = true
		_ = s.file.Close()
		_ = os.Remove(s.file.Name())
	}
}

// commit makes a file durable and renames it to its name.
func (p *place) commit(s *spool) error {
	defer s.discard()
	if err := s.file.Chmod(0o644); err != nil && runtime.GOOS != "windows" {
		return err
	}
	if err := s.file.Sync(); err != nil {
		return err
	}
	if err := s.file.Close(); err != nil {
		return err
	}
	if err := p.move(s.file.Name(), p.path(s.name)); err != nil {
		return err
	}
	s.done = true
	return nil
}

// move renames a file, durably where folders can be synced.
func (p *place) move(from, to string) error {
	rename := os.Rename
	if p.rename != nil {
		rename = p.rename
	}
	if err := rename(from, to); err != nil {
		return err
	}
	if d, err := os.Open(filepath.Dir(to)); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
	return nil
}

// publish puts the database that was built in the place of the installed one. The
// build never changes a file that it has written, so both may be one.
func (p *place) publish() error {
	temporary := p.temporary()
	if err := os.Link(p.staging(), temporary); err != nil {
		if err := p.copyTo(temporary); err != nil {
			_ = os.Remove(temporary)
			return err
		}
	}
	if err := p.move(temporary, p.database); err != nil {
		_ = os.Remove(temporary)
		if runtime.GOOS == "windows" {
			err = fmt.Errorf("%w (a scan may have it open: try again when it has ended)", err)
		}
		return err
	}
	// Links to one file are not renamed over each other (POSIX): nothing is left.
	_ = os.Remove(temporary)
	return nil
}

// copyTo copies the database that was built, for file systems without links.
func (p *place) copyTo(name string) error {
	from, err := os.Open(p.staging())
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	to, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644) //nolint:gosec // a database of public facts
	if err != nil {
		return err
	}
	var w io.Writer = to
	if p.writer != nil {
		w = p.writer(stagingName, to)
	}
	_, err = io.Copy(w, from)
	if err == nil {
		err = to.Sync()
	}
	return errors.Join(err, to.Close())
}

// sweep removes what an update that was killed left behind. The lock is held, so
// nobody else is writing.
func (p *place) sweep() {
	_ = os.Remove(p.temporary())
	_ = filepath.WalkDir(p.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // what cannot be listed is left alone
		}
		name := entry.Name()
		if entry.Type().IsRegular() && strings.HasSuffix(name, ".tmp") &&
			(strings.HasPrefix(name, tempPrefix) || (strings.HasPrefix(name, ".medsbom-") && filepath.Dir(path) == p.dir)) {
			_ = os.Remove(path) //nolint:gosec // in our own folder, of our own names
		}
		return nil
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
