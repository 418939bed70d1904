// SPDX-License-Identifier: Apache-2.0

//go:build linux

package vulndb_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/medsbom/medsbom/vulndb"
)

func opened(t *testing.T) (*vulndb.DB, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.db")
	if err := os.WriteFile(path, faultFile(t), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := vulndb.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db, path
}

// TestTruncatedInPlace: a file that is cut short under a reader is an error that
// names it, whoever reads.
func TestTruncatedInPlace(t *testing.T) {
	doc := faultDocument()
	for name, read := range map[string]func(*vulndb.DB) error{
		"a scan": func(db *vulndb.DB) error {
			return db.Guard(func() error { _, err := answer(db, doc); return err })
		},
		"a scan that closes first": func(db *vulndb.DB) error {
			return db.Guard(func() error {
				defer db.Close()
				_, err := answer(db, doc)
				return err
			})
		},
		"Verify": (*vulndb.DB).Verify,
		"Intact": (*vulndb.DB).Intact,
	} {
		db, path := opened(t)
		if err := os.Truncate(path, 4096); err != nil {
			t.Fatal(err)
		}
		err := read(db)
		if !errors.Is(err, vulndb.ErrCorrupt) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "cut short while it was in use") {
			t.Errorf("%s: %v", name, err)
		}
		if !errors.Is(db.Err(), vulndb.ErrCorrupt) {
			t.Errorf("%s: Err says %v", name, db.Err())
		}
	}
}

// TestWrittenInPlace: what was read from a file that was written over is no answer,
// though it may look like one.
func TestWrittenInPlace(t *testing.T) {
	db, path := opened(t)
	doc := faultDocument()
	if err := db.Guard(func() error { _, err := answer(db, doc); return err }); err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(time.Second)
	err := db.Guard(func() error { return os.Chtimes(path, later, later) })
	if !errors.Is(err, vulndb.ErrCorrupt) || !strings.Contains(err.Error(), "written to while it was in use") || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v", err)
	}
}

// TestGuardSwallowsNothing: panics of other kinds and faults of other addresses go
// on.
func TestGuardSwallowsNothing(t *testing.T) {
	db, _ := opened(t)
	other, path := opened(t)
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	var nothing *int
	for name, f := range map[string]func() error{
		"a panic":          func() error { panic("mine") },
		"a nil pointer":    func() error { *nothing++; return nil },
		"an index":         func() error { list := []int{}; _ = list[len(os.Args)]; return nil },
		"another database": func() error { _, err := answer(other, faultDocument()); return err },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s is swallowed", name)
				}
			}()
			_ = db.Guard(f)
		}()
	}
	failed := errors.New("failed")
	if err := db.Guard(func() error { return failed }); !errors.Is(err, failed) {
		t.Errorf("an error becomes %v", err)
	}
	if db.Err() != nil {
		t.Error(db.Err())
	}
}
