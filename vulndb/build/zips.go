// SPDX-License-Identifier: Apache-2.0

package build

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// Zip is the zip of one ecosystem in a folder of sources.
type Zip struct {
	Ecosystem string // the name of its folder
	Path      string
	file      string // relative to the folder of sources, with slashes
}

// Language reports whether the ecosystem is the registry of a language, where a
// component that is known by its name alone is looked for.
func (z Zip) Language() bool { return layout.Language(z.Ecosystem) }

// zipFolders are where zips lie beneath a folder of sources, the first that has
// some: our layout, the caches of osv-scanner 2 and of the versions before
// (beneath the user's cache folder), and OSV's bucket.
var zipFolders = []string{"osv", "osv-scalibr", "osv-scanner", ""}

// Zips finds the zips of a folder of sources, sorted by ecosystem.
func Zips(from string) ([]Zip, error) {
	for _, under := range zipFolders {
		names, err := os.ReadDir(filepath.Join(from, under)) // sorted
		if err != nil {
			if under != "" && errors.Is(err, os.ErrNotExist) {
				continue
			}
			return nil, err
		}
		var zips []Zip
		for _, entry := range names {
			path := filepath.Join(from, under, entry.Name(), "all.zip")
			if _, err := os.Lstat(path); err != nil {
				continue
			}
			file := filepath.ToSlash(filepath.Join(under, entry.Name(), "all.zip"))
			if stat, err := os.Stat(path); err != nil {
				return nil, fmt.Errorf("reading %s: %w", file, err)
			} else if !stat.Mode().IsRegular() {
				return nil, fmt.Errorf("reading %s: it is no regular file: put the zip itself there, or take it away", file)
			}
			zips = append(zips, Zip{Ecosystem: entry.Name(), Path: path, file: file})
		}
		if len(zips) > 0 {
			return zips, nil
		}
	}
	return nil, fmt.Errorf("no OSV zip in %q: it needs osv/<Ecosystem>/all.zip or <Ecosystem>/all.zip, or a cache of osv-scanner", from)
}
