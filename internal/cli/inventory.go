// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/medsbom/medsbom/internal/durable"
	"github.com/medsbom/medsbom/internal/program"
	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/sbom/reader"
)

// inventory is the footprints of documents, those kept in a file among them.
type inventory struct {
	name    string // of the file; "" for none
	opts    reader.Options
	stored  match.Footprints
	before  []byte                      // content of the file, nil if there was none
	byFile  map[[sha256.Size]byte][]int // indexes into stored.List
	unknown []ignoredFile               // documents that have no footprint
	ignored []ignoredFile
	stale   bool // the file is of another program
}

// maxFootprints bounds the file of footprints, in bytes.
const maxFootprints = 1 << 30

func openInventory(name string, opts reader.Options) (*inventory, error) {
	v := &inventory{name: name, opts: opts, byFile: map[[sha256.Size]byte][]int{}}
	v.stored.Program = program.Identity()
	if name == "" {
		return v, nil
	}
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return v, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read from
	if v.before, err = io.ReadAll(io.LimitReader(f, maxFootprints+1)); err != nil {
		return nil, fmt.Errorf("reading %q: %w", name, err)
	}
	stored, err := match.ParseFootprints(v.before)
	if err == nil && len(v.before) > maxFootprints {
		err = match.ErrFootprints
	}
	if err != nil {
		return nil, hintError{fmt.Errorf("reading %q: %w", name, err), "delete the file to have it made anew from the SBOMs"}
	}
	v.stale = stored.Program != v.stored.Program || stored.Program == ""
	v.stored.List = stored.List
	for i := range stored.List {
		sum := stored.List[i].SHA256
		v.byFile[sum] = append(v.byFile[sum], i)
	}
	return v, nil
}

// add takes up the files at the paths, and beneath them if they are folders.
func (v *inventory) add(ctx context.Context, paths []string) error {
	fresh := match.Footprints{Program: v.stored.Program}
	read := map[string]bool{} // paths of files met
	for _, p := range paths {
		err := filepath.WalkDir(p, func(name string, d fs.DirEntry, err error) error {
			if err == nil {
				err = ctx.Err()
			}
			shown := filepath.ToSlash(name)
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil && name == p:
				return err
			case err != nil:
				v.unknown = append(v.unknown, ignoredFile{shown, err.Error()})
				return nil
			case d.IsDir() && d.Name() == ".git" && name != p:
				return fs.SkipDir
			case d.IsDir(), read[shown], v.name != "" && sameFile(name, v.name):
				return nil
			case !d.Type().IsRegular() && name != p:
				v.ignored = append(v.ignored, ignoredFile{shown, "not a regular file"})
				return nil
			}
			read[shown] = true
			list, err := v.file(name, name == p)
			if err != nil {
				v.unknown = append(v.unknown, ignoredFile{shown, err.Error()})
			}
			fresh.List = append(fresh.List, list...)
			return nil
		})
		if err != nil {
			return err
		}
	}
	// What stood at a path that has been read now is no longer there.
	for i := range v.stored.List {
		f := &v.stored.List[i]
		file, _, _ := strings.Cut(f.Path, "!/")
		switch {
		case read[file]:
		case v.stale:
			v.unknown = append(v.unknown, ignoredFile{f.Path, "its footprint was made by another version of medsbom: name its file or folder too"})
		default:
			fresh.List = append(fresh.List, *f)
		}
	}
	v.stored = fresh
	return nil
}

func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// file gives the footprints of the documents in one file: those kept if it has
// not changed. An error means that there is a document of which nothing is known.
func (v *inventory) file(name string, named bool) ([]match.Footprint, error) {
	in, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }() // only read from
	hash := sha256.New()
	if _, err := io.Copy(hash, in); err != nil {
		return nil, err
	}
	sum := [sha256.Size]byte(hash.Sum(nil))
	shown := filepath.ToSlash(name)
	var list []match.Footprint
	if kept := v.byFile[sum]; len(kept) > 0 && !v.stale {
		first, _, _ := strings.Cut(v.stored.List[kept[0]].Path, "!/")
		for _, i := range kept {
			f := v.stored.List[i]
			// The same content may lie at several paths.
			if file, inside, ok := strings.Cut(f.Path, "!/"); file == first {
				f.Path = shown
				if ok {
					f.Path += "!/" + inside
				}
				list = append(list, f)
			}
		}
		return list, nil
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	for item := range reader.Items(in, shown, v.opts) {
		if item.Err != nil {
			if other, ok := errors.AsType[*reader.NotSBOMError](item.Err); ok && !other.IsSBOM && (!named || item.Path != shown) {
				v.ignored = append(v.ignored, ignoredFile{item.Path, other.Reason})
				continue
			}
			// Half a delivery must not stand for the whole in the file of footprints.
			return nil, item.Err
		}
		list = append(list, match.Footprint{SHA256: sum, Path: item.Path, Product: subjectOf(item.Document), Keys: match.Keys(item.Document)})
	}
	return list, nil
}

// subjectOf names what a document describes.
func subjectOf(d *sbom.Document) string {
	if d.Subject == nil {
		return ""
	}
	return strings.TrimSpace(d.Subject.Name + " " + d.Subject.Version)
}

// save writes the file of footprints if it has changed.
func (v *inventory) save() error {
	if v.name == "" {
		return nil
	}
	content := v.stored.Append(nil)
	if v.stale && len(v.unknown) > 0 || bytes.Equal(content, v.before) {
		return nil // what another version knew is kept until it is known anew
	}
	return durable.WriteFile(v.name, content)
}
