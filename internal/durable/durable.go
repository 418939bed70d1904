// SPDX-License-Identifier: Apache-2.0

// Package durable replaces files whole or not at all. A new file is written
// under a temporary name beside its target, synced, and renamed over it; then the
// folder is synced. Whoever opens the target meets the old file or the new one,
// and whoever has the old one open or mapped keeps it. After a cut of power
// either of the two is there.
//
// A symbolic link is followed: the file that it means is replaced, not the link.
// What exists and is no regular file is refused.
//
// # What is left behind
//
// A process that is killed leaves its temporary file, ".medsbom-*.new". The next
// Create in that folder removes it. The file of a process that still runs is
// told from it by a lock of the system (flock), which ends with the process;
// where there is none (Windows) it counts as left behind after a day. Several
// processes may replace one target at once: each writes a file of its own, and
// the last rename stays.
//
// # Windows
//
// There a file that somebody has mapped cannot be replaced: the rename fails
// while a scan is running, the old file stays, and the error says so.
package durable

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
)

// The names of temporary files.
const (
	prefix = ".medsbom-"
	suffix = ".new"
)

// A File is being written and has not replaced its target yet. It can be read
// from too, and opened by Name.
type File struct {
	file   *os.File
	target string // "" if it will replace nothing
	own    bool   // nobody but the owner may read it
	done   bool
}

// Create begins a file that will replace the one at path, makes its folder
// where that is missing, and removes what killed processes have left there.
func Create(path string) (*File, error) {
	target, err := replaceable(path)
	if err != nil {
		return nil, err
	}
	f, err := createLocked(filepath.Dir(target))
	if err != nil {
		return nil, err
	}
	return &File{file: f, target: target}, nil
}

// Target is the file that Create would replace, or why it would refuse, so that it
// is known before the work is done. Like Create it makes a folder that is missing.
func Target(path string) (string, error) {
	target, err := Resolve(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(filepath.Dir(path), 0o750); err == nil {
			target, err = Resolve(path)
		}
	}
	if err != nil {
		return "", err
	}
	switch info, err := os.Stat(target); {
	case err == nil && info.IsDir():
		return "", fmt.Errorf("%q is a folder: name a file in it", path)
	case err == nil && !info.Mode().IsRegular():
		return "", fmt.Errorf("%q is no regular file and is not replaced: name another", path)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return "", err
	}
	return target, nil
}

// replaceable is Target, when the file is going to be replaced.
func replaceable(path string) (string, error) {
	target, err := Target(path)
	if err != nil {
		return "", err
	}
	if err := fault(Creating); err != nil {
		return "", &fs.PathError{Op: "create", Path: target, Err: err}
	}
	return target, nil
}

// Scratch begins another file in the folder of f, which replaces nothing and is
// gone after Close.
func (f *File) Scratch() (*File, error) {
	s, err := createLocked(filepath.Dir(f.Name()))
	if err != nil {
		return nil, err
	}
	return &File{file: s}, nil
}

// createLocked makes a temporary file that no other process takes for one left
// behind.
func createLocked(folder string) (*os.File, error) {
	RemoveLeft(folder)
	const tries = 100
	for range tries {
		name := temporary(folder)
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		lock(f)
		// Between the two steps another process may have taken it for one left
		// behind: then the name means nothing, or another file.
		if own, err := f.Stat(); err == nil {
			if there, err := os.Lstat(name); err == nil && os.SameFile(own, there) {
				return f, nil
			}
		}
		_ = f.Close()
	}
	return nil, fmt.Errorf("no temporary file can be kept in %q", folder)
}

func temporary(folder string) string {
	return filepath.Join(folder, prefix+strconv.FormatUint(rand.Uint64(), 36)+suffix) //nolint:gosec // a name, no secret
}

// Private lets nobody but the owner read the file, after Commit too.
func (f *File) Private() { f.own = true }

// Name is the temporary name.
func (f *File) Name() string { return f.file.Name() }

// piece is how much is written at a time. Linux keeps what comes in one write in
// page cache of that size, and maps as much at each touch: a scan, which touches
// little of a large file here and there, would hold a third more memory.
const piece = 64 << 10

// Write appends.
func (f *File) Write(b []byte) (int, error) {
	if err := fault(Writing); err != nil {
		return 0, &fs.PathError{Op: "write", Path: f.Name(), Err: err}
	}
	written := 0
	for {
		n, err := f.file.Write(b[written:min(written+piece, len(b))])
		written += n
		if err != nil || written == len(b) {
			return written, err
		}
	}
}

// WriteAt overwrites.
func (f *File) WriteAt(b []byte, offset int64) (int, error) {
	if err := fault(Writing); err != nil {
		return 0, &fs.PathError{Op: "write", Path: f.Name(), Err: err}
	}
	return f.file.WriteAt(b, offset)
}

// Restart forgets what has been written.
func (f *File) Restart() error {
	if _, err := f.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return f.file.Truncate(0)
}

// ReadAt reads what has been written.
func (f *File) ReadAt(b []byte, offset int64) (int, error) { return f.file.ReadAt(b, offset) }

// Commit makes the content durable and gives the file its name, where everybody
// may read it unless it is Private. After an error the target is as it was, except
// that a power cut right behind a rename may still undo it.
func (f *File) Commit() error { return f.commit(true, nil) }

// CommitIf is Commit on a condition: ok is asked with the content written, and an
// error of it leaves the target as it was. Where the system has locks, no other
// CommitIf or Link in the folder comes between the question and the rename, so
// that of two processes that compare with the target before they replace it the
// second compares with what the first has put there.
func (f *File) CommitIf(ok func() error) error { return f.commit(true, ok) }

// CommitUnsynced is Commit for what may be lost or half there after a cut of
// power, as a cache with a checksum. It takes the target away before: where a rename
// replaces a file, Linux first writes the new one out. Whoever comes in between meets
// none, and so does, if the process is killed there, whoever comes after.
func (f *File) CommitUnsynced() error { return f.commit(false, nil) }

func (f *File) commit(synced bool, ok func() error) error {
	if f.target == "" {
		return errors.New("a scratch file replaces nothing")
	}
	mode := fs.FileMode(0o644)
	if f.own {
		mode = 0o600
	}
	if err := f.file.Chmod(mode); err != nil && runtime.GOOS != "windows" {
		return err
	}
	if err := fault(Syncing); err != nil {
		return &fs.PathError{Op: "sync", Path: f.target, Err: err}
	}
	if !synced {
		_ = os.Remove(f.target) // if it cannot, it is replaced, or the rename says why not
	} else if err := f.file.Sync(); err != nil {
		return err
	}
	if runtime.GOOS == "windows" {
		// An open file cannot be renamed there. Elsewhere it stays open, as the lock
		// would end.
		if err := f.file.Close(); err != nil {
			return err
		}
	}
	if err := rename(f.Name(), f.target, ok); err != nil {
		return err
	}
	f.done = true
	if err := fault(Renamed); err != nil {
		return err
	}
	if synced {
		syncFolder(filepath.Dir(f.target))
	}
	if runtime.GOOS != "windows" {
		return f.file.Close()
	}
	return nil
}

// rename gives a file its name if ok agrees.
func rename(from, to string, ok func() error) error {
	if ok != nil {
		unlock := lockFolder(filepath.Dir(to))
		defer unlock()
		if err := ok(); err != nil {
			return err
		}
	}
	if err := fault(Renaming); err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	if err := os.Rename(from, to); err != nil {
		return explained(err)
	}
	return nil
}

// explained adds what holds a file on Windows.
func explained(err error) error {
	if runtime.GOOS != "windows" {
		return err
	}
	return fmt.Errorf("%w: Windows does not replace a file that is in use; wait until no scan is running and try again (the old file is still there)", err)
}

// syncFolder makes a rename durable, where folders can be synced.
func syncFolder(path string) {
	if d, err := os.Open(path); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

// Close removes what has not been committed.
func (f *File) Close() error {
	if f.done {
		return nil
	}
	f.done = true
	_ = f.file.Close()
	return os.Remove(f.Name())
}

// WriteFile replaces the file at path by one with that content, which may come in
// pieces.
func WriteFile(path string, pieces ...[]byte) error {
	f, err := Create(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	const part = 1 << 20 // so that a full disk is met in the middle of a file too
	for _, content := range pieces {
		for len(content) > 0 {
			n := min(len(content), part)
			if _, err := f.Write(content[:n]); err != nil {
				return err
			}
			content = content[n:]
		}
	}
	return f.Commit()
}
