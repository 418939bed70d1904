// SPDX-License-Identifier: Apache-2.0

package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/medsbom/medsbom/internal/durable"
	"github.com/medsbom/medsbom/vulndb"
)

// sourceOf makes a folder with one zip, whose record lists the version given.
func sourceOf(t testing.TB, version string) string {
	t.Helper()
	record := rec("npm", "GHSA-aaaa-bbbb-cccc", one("npm", "left", fmt.Sprintf(`"versions":[%q]`, version)))
	return folder(t, map[string][]filed{"osv/npm/all.zip": {record}}, nil)
}

func buildTo(out, from string) error {
	_, err := Build(context.Background(), Options{From: from, Out: out, AsOf: testDay})
	return err
}

// versionIn is the version that the database at a path lists; it must be whole.
func versionIn(t testing.TB, path string) string {
	t.Helper()
	db, err := vulndb.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Verify(); err != nil {
		t.Fatal(err)
	}
	return listed(t, db)
}

func listed(t testing.TB, db *vulndb.DB) string {
	t.Helper()
	p, _ := db.Package("npm", "left")
	var e vulndb.Entry
	if err := p.Entry(0, &e); err != nil {
		t.Fatal(err)
	}
	return strings.Clone(e.Versions[0])
}

// leftBeside are the temporary files beside a database.
func leftBeside(t testing.TB, path string) []string {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".medsbom-*"))
	if err != nil {
		t.Fatal(err)
	}
	return left
}

// TestDiskFull: a build that cannot write leaves the old database and nothing
// else.
func TestDiskFull(t *testing.T) {
	out := filepath.Join(t.TempDir(), "x.db")
	if err := buildTo(out, sourceOf(t, "1.0")); err != nil {
		t.Fatal(err)
	}
	next := sourceOf(t, "2.0")
	t.Cleanup(func() { durable.Fault = nil })
	for _, step := range []durable.Step{durable.Creating, durable.Writing, durable.Syncing, durable.Renaming} {
		durable.Fault = func(s durable.Step) error {
			if s == step {
				return syscall.ENOSPC
			}
			return nil
		}
		if err := buildTo(out, next); !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "writing database") {
			t.Errorf("%s: got %v", step, err)
		}
		durable.Fault = nil
		if v := versionIn(t, out); v != "1.0" {
			t.Errorf("%s: the old database is gone, version %s", step, v)
		}
		if left := leftBeside(t, out); len(left) > 0 {
			t.Errorf("%s: left behind: %v", step, left)
		}
	}
	if err := buildTo(out, next); err != nil || versionIn(t, out) != "2.0" {
		t.Errorf("with room again: %v", err)
	}
}

// TestBuildsTogether: builds of two sources into one file at once all end, and
// what stays is one of the two, whole.
func TestBuildsTogether(t *testing.T) {
	out := filepath.Join(t.TempDir(), "x.db")
	var all sync.WaitGroup
	for i := range 8 {
		from := sourceOf(t, fmt.Sprintf("%d.0", 1+i%2))
		all.Go(func() {
			if err := buildTo(out, from); err != nil && runtime.GOOS != "windows" {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if v := versionIn(t, out); v != "1.0" && v != "2.0" {
		t.Errorf("got version %s", v)
	}
	if left := leftBeside(t, out); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestReaderKeepsItsFile: a database that is open answers as before when a build
// has replaced it, also from what it had not read yet.
func TestReaderKeepsItsFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows replaces no file that is mapped")
	}
	out := filepath.Join(t.TempDir(), "x.db")
	if err := buildTo(out, sourceOf(t, "1.0")); err != nil {
		t.Fatal(err)
	}
	reader, err := vulndb.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if err := buildTo(out, sourceOf(t, "2.0")); err != nil {
		t.Fatal(err)
	}
	if v := listed(t, reader); v != "1.0" {
		t.Errorf("the open database answers %s", v)
	}
	if err := reader.Verify(); err != nil {
		t.Error(err)
	}
	if v := versionIn(t, out); v != "2.0" {
		t.Errorf("the new one answers %s", v)
	}
}

func TestTargets(t *testing.T) {
	dir, from := t.TempDir(), sourceOf(t, "1.0")
	if err := buildTo(dir, from); err == nil || !strings.Contains(err.Error(), "is a folder") {
		t.Errorf("a folder as target: %v", err)
	}
	link, target := filepath.Join(dir, "link.db"), filepath.Join(t.TempDir(), "far.db")
	if err := os.Symlink(target, link); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	for range 2 { // the second replaces a file
		if err := buildTo(link, from); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Error("the link was replaced, not the file that it means")
		}
		if v := versionIn(t, target); v != "1.0" {
			t.Errorf("got version %s", v)
		}
	}
}
