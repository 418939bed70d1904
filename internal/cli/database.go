// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"

	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/starter"
)

// defaultDatabase is medsbom/medsbom.db in the user's cache folder, "" if the
// environment names none.
func (p *Process) defaultDatabase() string {
	dir := ""
	switch runtime.GOOS {
	case "windows":
		dir = p.getenv("LocalAppData")
	case "darwin":
		if home := p.getenv("HOME"); home != "" {
			dir = filepath.Join(home, "Library", "Caches")
		}
	default:
		if dir = p.getenv("XDG_CACHE_HOME"); dir == "" && p.getenv("HOME") != "" {
			dir = filepath.Join(p.getenv("HOME"), ".cache")
		}
	}
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, "medsbom", "medsbom.db")
}

// openDatabase opens the named database; without a name the default one, and
// without that one the starter set. "starter" names the starter set.
func (p *Process) openDatabase(name string, quiet bool) (*vulndb.DB, error) {
	if name == "starter" {
		return starter.Open()
	}
	if name != "" {
		db, err := vulndb.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			err = hintError{err, "make a database with 'medsbom db update --db " + name + "', or of files that you have with 'medsbom db build --from DIR --out " + name + "'"}
		}
		return db, err
	}
	name = p.defaultDatabase()
	if name != "" {
		db, err := vulndb.Open(name)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return db, err
		}
	}
	if !quiet {
		p.note("no advisory database found: using the embedded starter set, which cannot say that a product is good")
		p.note("hint: make a full one with 'medsbom db update', or 'medsbom db build --from DIR', and scan again")
	}
	db, err := starter.Open()
	if err != nil {
		return nil, fmt.Errorf("opening the starter database: %w", err)
	}
	return db, nil
}
