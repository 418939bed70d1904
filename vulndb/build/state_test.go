// SPDX-License-Identifier: Apache-2.0

package build

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/medsbom/medsbom/internal/corpus"
)

// noted opens the cache of out and notes the states that the sources have now, as
// if they were long settled.
func noted(t *testing.T, from, out string) {
	t.Helper()
	c, err := openCache(CacheName(out))
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	for i := range c.head.Sources {
		s := &c.head.Sources[i]
		info, err := os.Stat(filepath.Join(from, filepath.FromSlash(s.File)))
		if err != nil {
			t.Fatal(err)
		}
		s.state = stateOf(info)
	}
	c.note(c.head.Sources)
}

// tick waits until a file that is written has a later time than one of that state:
// the clock of a file system goes in steps of some milliseconds.
func tick(t *testing.T, after fileState) {
	t.Helper()
	for path := filepath.Join(t.TempDir(), "x"); ; {
		put(t, path, nil)
		if info, err := os.Stat(path); err != nil || stateOf(info).Changed > after.Changed {
			return
		}
	}
}

// TestState holds that a source whose state the cache has is not read, and that
// whatever is done to it changes its state.
func TestState(t *testing.T) {
	if info, err := os.Stat("."); err != nil || stateOf(info) == (fileState{}) {
		t.Skip("this system tells no states")
	}
	zip := filepath.Join("osv", "npm", "all.zip")
	make3 := func() (from, out string) {
		from = folder(t, map[string][]filed{"osv/npm/all.zip": records("npm", 3)}, map[string]string{kevFile: kevOfOne})
		out = filepath.Join(t.TempDir(), "x.db")
		run(t, from, out, nil)
		return from, out
	}
	// As long as the old content, so that sizes tell nothing.
	another := func(path string) []byte {
		content := corpus.Read(t, path)
		content[len(content)/2] ^= 1
		return content
	}

	from, out := make3()
	path := filepath.Join(from, kevFile)
	put(t, path, bytes.Replace(corpus.Read(t, path), []byte("0001"), []byte("0002"), 1))
	noted(t, from, out)
	if _, r := run(t, from, out, nil); !r.Unchanged {
		t.Error("a file with the state that the cache has of it was read")
	}
	if _, r := run(t, from, out, noCache); r.Unchanged {
		t.Error("a build without the cache goes by states")
	}

	for name, change := range map[string]func(path string, old os.FileInfo){
		"written": func(path string, _ os.FileInfo) { put(t, path, another(path)) },
		"written, its time set back": func(path string, old os.FileInfo) {
			put(t, path, another(path))
			if err := os.Chtimes(path, old.ModTime(), old.ModTime()); err != nil {
				t.Fatal(err)
			}
		},
		"replaced by one of its time": func(path string, old os.FileInfo) {
			put(t, path+".new", another(path))
			if err := os.Chtimes(path+".new", old.ModTime(), old.ModTime()); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(path+".new", path); err != nil {
				t.Fatal(err)
			}
		},
		"replaced by a link to one": func(path string, _ os.FileInfo) {
			put(t, path+".new", another(path))
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(path+".new", path); err != nil {
				t.Fatal(err)
			}
		},
	} {
		from, out := make3()
		for _, file := range []string{zip, kevFile} {
			noted(t, from, out)
			path := filepath.Join(from, file)
			old, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			c, err := openCache(CacheName(out))
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := c.known(filepath.ToSlash(file), path); !ok {
				t.Errorf("%s: %s is not known before", name, file)
			}
			tick(t, stateOf(old))
			change(path, old)
			if _, ok := c.known(filepath.ToSlash(file), path); ok {
				t.Errorf("%s: %s is taken for unchanged", name, file)
			}
			c.close()
		}
	}

	// Half of the states are none.
	from, out = make3()
	noted(t, from, out)
	cached := corpus.Read(t, CacheName(out))
	cached[len(cached)-40] ^= 1
	put(t, CacheName(out), cached)
	c, err := openCache(CacheName(out))
	if err != nil || c.states != nil {
		t.Errorf("damaged states are taken: %v", err)
	}
	c.close()
}

// TestSettled holds of which files a state is noted: not of those that have changed
// just now, whatever time they show.
func TestSettled(t *testing.T) {
	from := folder(t, map[string][]filed{"osv/npm/all.zip": records("npm", 3)}, nil)
	path := filepath.Join(from, "osv", "npm", "all.zip")
	old := testDay.AddDate(-1, 0, 0)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
	feeds, err := findZips(from)
	if err != nil {
		t.Fatal(err)
	}
	sources, err := hashSources(context.Background(), from, feeds, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	feeds[0].close()
	if sources[0].state != (fileState{}) {
		t.Error("a file that was written just now is taken for settled")
	}
	f, err := openRegular(filepath.Join("..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	want := stateOf(info)
	if !keepsStates(f) || time.Now().Add(-time.Minute).UnixNano() < want.Changed {
		want = fileState{}
	}
	if got, err := settled(f); err != nil || got != want && want != (fileState{}) {
		t.Errorf("want %v, got %v, %v", want, got, err)
	}
}
