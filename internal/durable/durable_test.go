// SPDX-License-Identifier: Apache-2.0

package durable

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// names lists a folder.
func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func content(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// inject sets Fault for one test.
func inject(t *testing.T, f func(Step) error) {
	t.Helper()
	Fault = f
	t.Cleanup(func() { Fault = nil })
}

func TestWriteFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "new", "folder", "x.db")
	for _, text := range []string{"first", "", strings.Repeat("long", 1<<20)} {
		if err := WriteFile(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got := content(t, path); got != text {
			t.Errorf("want %d bytes, got %d", len(text), len(got))
		}
	}
	if diff := cmp.Diff([]string{"x.db"}, names(t, filepath.Dir(path))); diff != "" {
		t.Errorf("left in the folder (-want +got):\n%s", diff)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode() != 0o644 {
		t.Errorf("want a file that all may read, got %v, %v", info.Mode(), err)
	}
}

// TestFault: whatever step fails, the old file stays and no other is left.
func TestFault(t *testing.T) {
	for _, step := range []Step{Creating, Writing, Syncing, Renaming} {
		t.Run(string(step), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.db")
			write(t, path, "old")
			writes := 0
			inject(t, func(s Step) error {
				if s == Writing {
					writes++
				}
				if s == step && (s != Writing || writes == 3) {
					return syscall.ENOSPC
				}
				return nil
			})
			err := WriteFile(path, bytes.Repeat([]byte("new"), 1<<20))
			if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), filepath.Dir(path)) {
				t.Errorf("want the disk full, with a path, got %v", err)
			}
			if got := content(t, path); got != "old" {
				t.Errorf("the old file is gone: %.10q", got)
			}
			if diff := cmp.Diff([]string{"x.db"}, names(t, filepath.Dir(path))); diff != "" {
				t.Errorf("left in the folder (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnusableTarget(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	write(t, file, "old")
	for path, want := range map[string]string{
		folder:                       "is a folder",
		filepath.Join(file, "x.db"):  "",
		filepath.Join(folder, "new"): "-",
	} {
		err := WriteFile(path, []byte("new"))
		if want == "-" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path[:len(folder)]) {
			t.Errorf("%s: want an error of %q, got %v", path, want, err)
		}
	}
	if got := content(t, file); got != "old" {
		t.Errorf("what stood in the way was changed: %q", got)
	}
}

func TestLinks(t *testing.T) {
	folder, far := t.TempDir(), t.TempDir()
	link := func(name, to string) string {
		path := filepath.Join(folder, name)
		if err := os.Symlink(to, path); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
		return path
	}
	old := filepath.Join(far, "old.db")
	write(t, old, "old")
	for path, target := range map[string]string{
		link("direct", old):                             old,
		link("chain", "direct"):                         old,
		link("dangling", filepath.Join(far, "none.db")): filepath.Join(far, "none.db"),
	} {
		if err := WriteFile(path, []byte(path)); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Lstat(path); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("%s is no link any more", path)
		}
		if got := content(t, target); got != path {
			t.Errorf("%s holds %q", target, got)
		}
	}
	round := link("round", "round")
	if err := WriteFile(round, nil); err == nil || !strings.Contains(err.Error(), "links") {
		t.Errorf("a link to itself: %v", err)
	}
}

// TestLeft: what a killed process has left goes, what another writes stays.
func TestLeft(t *testing.T) {
	folder := t.TempDir()
	left := filepath.Join(folder, prefix+"left"+suffix)
	write(t, left, "half")
	long := time.Now().Add(-48 * time.Hour) // for systems without locks
	if err := os.Chtimes(left, long, long); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "other"+suffix), "not ours")
	running, err := Create(filepath.Join(folder, "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer running.Close()
	if _, err := running.Write([]byte("running")); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(filepath.Join(folder, "y.db"), nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{filepath.Base(running.Name()), "other" + suffix, "y.db"}, names(t, folder)); diff != "" {
		t.Errorf("in the folder (-want +got):\n%s", diff)
	}
	if err := running.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := content(t, filepath.Join(folder, "x.db")); got != "running" {
		t.Errorf("got %q", got)
	}
}

func TestScratch(t *testing.T) {
	folder := t.TempDir()
	f, err := Create(filepath.Join(folder, "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Scratch()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Write([]byte("scratch")); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 3)
	if _, err := s.ReadAt(b, 4); err != nil || string(b) != "tch" {
		t.Errorf("got %q, %v", b, err)
	}
	if s.Commit() == nil {
		t.Error("a scratch file has a target")
	}
	if err := errors.Join(s.Close(), f.Close(), s.Close()); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{}, names(t, folder)); diff != "" {
		t.Errorf("in the folder (-want +got):\n%s", diff)
	}
}

// TestTogether: many writers of one file; one of their contents stays, whole.
func TestTogether(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "x.db")
	whole := map[string]bool{}
	var all sync.WaitGroup
	for i := range 20 {
		text := bytes.Repeat([]byte{byte('a' + i)}, 3<<20)
		whole[string(text)] = true
		all.Go(func() {
			if err := WriteFile(path, text); err != nil && runtime.GOOS != "windows" {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if !whole[content(t, path)] {
		t.Error("what is there is none of what was written")
	}
	if diff := cmp.Diff([]string{"x.db"}, names(t, folder)); diff != "" {
		t.Errorf("left in the folder (-want +got):\n%s", diff)
	}
}
