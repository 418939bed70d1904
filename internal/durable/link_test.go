// SPDX-License-Identifier: Apache-2.0

package durable

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLink(t *testing.T) {
	folder := t.TempDir()
	from, path := filepath.Join(folder, "from"), filepath.Join(folder, "to")
	write(t, from, "new")
	refused := errors.New("no")
	for _, c := range []struct {
		name string
		ok   func() error
		step Step
		want string
	}{
		{"refused", func() error { return refused }, "", "old"},
		{"not renamed", nil, Renaming, "old"},
		{"not synced", nil, Syncing, "old"},
		{"done", func() error { return nil }, "", "new"},
	} {
		write(t, path, "old")
		inject(t, func(s Step) error {
			if s == c.step {
				return refused
			}
			return nil
		})
		if err := Link(from, path, c.ok); (err != nil) != (c.want == "old") || err != nil && !errors.Is(err, refused) {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := content(t, path); got != c.want {
			t.Errorf("%s: %q is there", c.name, got)
		}
		if diff := cmp.Diff([]string{"from", "to"}, names(t, folder)); diff != "" {
			t.Errorf("%s: left in the folder (-want +got):\n%s", c.name, diff)
		}
	}
	// Again: both are one file already.
	if err := Link(from, path, nil); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"from", "to"}, names(t, folder)); diff != "" || content(t, path) != "new" {
		t.Errorf("a second time: %s", diff)
	}
	if err := Link(filepath.Join(folder, "nothing"), path, nil); !errors.Is(err, os.ErrNotExist) || content(t, path) != "new" {
		t.Errorf("from nothing: %v", err)
	}
}

// TestCompareAndReplace: of many that replace a number by a higher one alone, the
// highest stays, whoever comes last.
func TestCompareAndReplace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "number")
	write(t, path, "0")
	lower := errors.New("lower")
	var wg sync.WaitGroup
	for i := 1; i <= 20; i++ {
		wg.Go(func() {
			f, err := Create(path)
			if err != nil {
				t.Error(err)
				return
			}
			defer f.Close()
			_, _ = f.Write([]byte(strconv.Itoa(i)))
			err = f.CommitIf(func() error {
				if have, _ := strconv.Atoi(content(t, path)); have > i {
					return lower
				}
				return nil
			})
			if err != nil && !errors.Is(err, lower) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := content(t, path); got != "20" {
		t.Errorf("%s stays", got)
	}
}

func TestRestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	f, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = f.Write([]byte("forgotten, and longer"))
	if err := f.Restart(); err != nil {
		t.Fatal(err)
	}
	_, _ = f.Write([]byte("....written"))
	if _, err := f.WriteAt([]byte("head"), 0); err != nil {
		t.Fatal(err)
	}
	inject(t, func(s Step) error {
		if s == Writing {
			return errors.New("full")
		}
		return nil
	})
	if _, err := f.WriteAt([]byte("more"), 0); err == nil {
		t.Error("a full disk is not met by WriteAt")
	}
	if err := f.CommitUnsynced(); err != nil {
		t.Fatal(err)
	}
	if got := content(t, path); got != "headwritten" {
		t.Errorf("got %q", got)
	}
}
