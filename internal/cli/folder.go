// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/sbom/reader"
	"github.com/medsbom/medsbom/scan"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

// keptFolders is how many databases of folders are kept; the one that was used
// longest ago goes first.
const keptFolders = 8

func isFolder(name string) bool {
	stat, err := os.Stat(name)
	return name != "" && err == nil && stat.IsDir()
}

// databaseOf opens the database of a scan. For a folder of feeds it is the one
// that is made of it.
func (p *Process) databaseOf(ctx context.Context, o *scanOptions, opts *scan.Options) (*vulndb.DB, func(), error) {
	if !isFolder(o.db) {
		db, err := p.openDatabase(o.db, o.quiet)
		return db, func() { _ = db.Close() }, err
	}
	only, err := o.onlyOf(ctx, opts)
	if err != nil {
		return nil, nil, err
	}
	name, remove, err := p.folderDatabase(ctx, o.db, only, o.quiet)
	if err != nil {
		return nil, nil, err
	}
	db, err := vulndb.Open(name)
	if err != nil {
		remove()
		return nil, nil, err
	}
	return db, func() { _ = db.Close(); remove() }, nil
}

// onlyOf gives the ecosystems that the SBOMs of a scan ask for, nil for all.
func (o *scanOptions) onlyOf(ctx context.Context, opts *scan.Options) ([]string, error) {
	if !o.named {
		return nil, nil
	}
	if slices.Contains(opts.Paths, "-") {
		return nil, hintError{errors.New("--only-named reads the SBOMs twice, and standard input can be read once"), "name a file, or leave --only-named out"}
	}
	zips, err := build.Zips(o.db)
	if err != nil {
		return nil, err
	}
	var asked match.Asked
	// The scan says which files it cannot read.
	if err := eachDocument(ctx, opts.Paths, opts.Read, func(*reader.Item) {}, func(doc *sbom.Document) error {
		asked.Add(doc)
		return nil
	}); err != nil {
		return nil, fmt.Errorf("--only-named: %w", err)
	}
	only := []string{}
	for _, z := range zips {
		if asked.Ecosystems[z.Ecosystem] || asked.ByName > 0 && z.Language() {
			only = append(only, z.Ecosystem)
		}
	}
	if len(only) == 0 || asked.Ecosystems[vulndb.GitEcosystem] {
		return nil, nil // nothing to choose by, or records of all are asked for
	}
	return only, nil
}

// folderDatabase makes the database of a folder of feeds, or leaves the one that
// is there if it is still that: the digests of all sources decide. It lies in the
// user's cache folder, or for this run alone in the folder of temporary files.
func (p *Process) folderDatabase(ctx context.Context, dir string, only []string, quiet bool) (name string, remove func(), err error) {
	remove = func() {}
	kept := p.folderCache()
	if kept != "" {
		full, err := filepath.Abs(dir)
		if err != nil {
			return "", nil, err
		}
		sum := sha256.Sum256([]byte(full + "\x00" + strings.Join(only, "\x00")))
		name = filepath.Join(kept, hex.EncodeToString(sum[:12])+".db")
	} else {
		temporary, err := os.MkdirTemp("", "medsbom-")
		if err != nil {
			return "", nil, err
		}
		remove = func() { _ = os.RemoveAll(temporary) }
		name = filepath.Join(temporary, "medsbom.db")
	}
	report, err := build.Build(ctx, build.Options{From: dir, Out: name, Only: only, NoCache: kept == ""})
	if err != nil {
		remove()
		return "", nil, fmt.Errorf("--db: %w", err)
	}
	now := time.Now()
	_ = os.Chtimes(name, now, now) // only orders what is removed
	removeOldest(kept)
	if !quiet {
		for _, note := range report.Notes {
			p.note("%s", note)
		}
		if report.Refused > 0 {
			p.note("%d of the %d records of %s cannot be read; list them with 'medsbom db build -v'", report.Refused, report.Files, dir)
		}
	}
	return name, remove, nil
}

// folderCache is where databases of folders are kept, "" if nothing can be.
func (p *Process) folderCache() string {
	name := p.defaultDatabase()
	if name == "" {
		return ""
	}
	dir := filepath.Join(filepath.Dir(name), "folders")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return ""
	}
	probe, err := os.CreateTemp(dir, ".medsbom-*.probe")
	if err != nil {
		return ""
	}
	_ = probe.Close()
	_ = os.Remove(probe.Name())
	return dir
}

// removeOldest keeps the newest databases of folders. Whoever has one mapped keeps
// it; where the system does not let it go it stays until the next time.
func removeOldest(dir string) {
	if dir == "" {
		return
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.db"))
	if err != nil || len(names) <= keptFolders {
		return
	}
	used := func(name string) time.Time {
		if stat, err := os.Stat(name); err == nil {
			return stat.ModTime()
		}
		return time.Time{}
	}
	slices.SortFunc(names, func(x, y string) int { return cmp.Or(used(y).Compare(used(x)), strings.Compare(x, y)) })
	for _, name := range names[keptFolders:] {
		_ = os.Remove(name)
		_ = os.Remove(build.CacheName(name))
	}
}

// eachDocument reads the SBOMs beneath some paths.
func eachDocument(ctx context.Context, roots []string, options reader.Options, failed func(*reader.Item), each func(*sbom.Document) error) error {
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if err := ctx.Err(); err != nil || entry.IsDir() {
				return err
			}
			f, err := os.Open(path) //nolint:gosec // reading what the user names is the job
			if err != nil {
				return err
			}
			defer f.Close()
			for item := range reader.Items(f, path, options) {
				if item.Err != nil {
					failed(&item)
				} else if err := each(item.Document); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
