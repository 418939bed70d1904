// SPDX-License-Identifier: Apache-2.0

package build

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
)

// feedFiles names the files that the readers of all feeds but OSV's read, relative
// to the folder of sources, in the order in which they are read. Hashing and
// reading both go by it, so that nothing is read that the cache does not know of.
func feedFiles(from string) ([]string, error) {
	var list []string
	for _, names := range tableFiles {
		for _, name := range names {
			_, err := os.Lstat(filepath.Join(from, filepath.FromSlash(name)))
			if err == nil {
				list = append(list, name)
				break
			}
			if !missing(err) {
				return nil, err
			}
		}
	}
	csaf, err := csafFiles(from)
	return append(list, csaf...), err
}

// tableFiles are the files of the feeds that are one file each: the first of each
// list that is there.
var tableFiles = [...][]string{
	{kevFile},
	{epssFile + ".gz", epssFile},
	{eolFile, eolFile + ".gz"},
	{eolReleases + ".gz", eolReleases},
	{ssvcFile + ".gz", ssvcFile},
	{cvssFile + ".gz", cvssFile},
}

// csafFiles names the documents and zips in the folder of CSAF and in those in it.
func csafFiles(from string) ([]string, error) {
	entries, err := readFolder(from, csafFolder)
	if missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []string
	add := func(name string) error {
		switch strings.ToLower(path.Ext(name)) {
		case ".json", ".zip":
			if len(list) == maxSources {
				return fmt.Errorf("more than %d files of feeds in %q", maxSources, from)
			}
			list = append(list, name)
		}
		return nil
	}
	for _, e := range entries {
		name := path.Join(csafFolder, e.Name())
		stat, err := os.Stat(filepath.Join(from, filepath.FromSlash(name))) // a link counts as what it means
		if err != nil || !stat.IsDir() {
			if err := add(name); err != nil {
				return nil, err
			}
			continue
		}
		inside, err := readFolder(from, name)
		if err != nil {
			return nil, err
		}
		for _, f := range inside {
			if f.IsDir() {
				continue
			}
			if err := add(path.Join(name, f.Name())); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

func readFolder(from, name string) ([]fs.DirEntry, error) {
	return os.ReadDir(filepath.Join(from, filepath.FromSlash(name)))
}

func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// openRegular opens a file that must be one: a pipe would be waited for, for ever.
func openRegular(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	stat, err := f.Stat()
	if err == nil && !stat.Mode().IsRegular() {
		err = fmt.Errorf("%q is no regular file: put the feed itself there, or take it away", name)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// readFile reads a file of a feed.
func readFile(path string) ([]byte, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read from
	text, err := io.ReadAll(io.LimitReader(f, maxFeed+1))
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", path, err)
	}
	if len(text) > maxFeed {
		return nil, fmt.Errorf("reading %q: more than %d bytes", path, maxFeed)
	}
	return text, nil
}

// distinctFrom refuses to write over a file that is read, under whatever names.
func distinctFrom(out, from string, feeds []*feed, sources []source) error {
	written, err := os.Stat(out)
	if err != nil {
		return nil // nothing is there to be lost; what else is wrong the writing says
	}
	check := func(name, file string) error {
		if stat, err := os.Stat(name); err == nil && os.SameFile(written, stat) {
			return fmt.Errorf("%q is a source of the database, %s: name another file to write", out, file)
		}
		return nil
	}
	for _, f := range feeds {
		if err := check(f.path, f.file); err != nil {
			return err
		}
	}
	for i := range sources {
		if err := check(filepath.Join(from, filepath.FromSlash(sources[i].File)), sources[i].File); err != nil {
			return err
		}
	}
	return nil
}
