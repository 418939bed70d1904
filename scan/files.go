// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/dossier"
)

// A file is one candidate to be read.
type file struct {
	path    string   // as reports show it: what the user typed, then slashes
	open    string   // as the operating system wants it; "-" for standard input
	named   bool     // the user named it, so it is no companion to be passed over
	folders []string // between the path that was named and the file
	config  *dossier.Config
	// misconfigured says why the names and rules of this file are not known.
	misconfigured error
}

// inArchive reports whether it is an entry of an archive.
func (f *file) inArchive() bool { return f.path != filepath.ToSlash(f.open) }

// walk collects the files of one scan, in the order of the arguments and of
// the names within a folder, and accounts for what it does not enter.
type walk struct {
	files   []file
	inputs  []assessment.Input
	missing []error // paths that the user named and that cannot be opened
	configs map[string]*dossier.Config
	seen    map[string]bool
	// undelivered are links that bear an SBOM's name.
	undelivered []undelivered
}

// collect finds the files beneath the named paths. A path that is not there
// is an error of the user that does not stop the others; a configuration that
// cannot be understood stops the scan, since it would bind files wrongly.
func collect(paths []string) (*walk, error) {
	w := &walk{configs: make(map[string]*dossier.Config), seen: make(map[string]bool)}
	for _, p := range paths {
		if err := w.path(p); err != nil {
			return nil, err
		}
	}
	return w, nil
}

func (w *walk) path(p string) error {
	if p == "-" {
		w.add(file{path: "-", open: "-", named: true})
		return nil
	}
	info, err := os.Stat(p)
	if err != nil {
		err = errors.New(reason(err))
		w.missing = append(w.missing, fmt.Errorf("%s: %w", p, err))
		w.inputs = append(w.inputs, assessment.Input{Path: filepath.ToSlash(p), Kind: "missing", Reason: err.Error()})
		return nil
	}
	above, err := w.configAbove(p, info.IsDir())
	if err != nil {
		return err
	}
	if !info.IsDir() {
		w.add(file{path: filepath.ToSlash(p), open: p, named: true, config: above})
		return nil
	}
	return w.folder(p, nil, above, nil)
}

// folder enters one folder: its configuration first, then its files and
// folders by name.
func (w *walk) folder(dir string, folders []string, above *dossier.Config, broken error) error {
	config, err := w.configIn(dir)
	if err != nil {
		// Whoever delivered it: what lies beneath cannot be bound, the rest can.
		broken = err
	}
	config = config.Under(above)
	entries, readErr := os.ReadDir(dir)
	if readErr != nil {
		w.skip(dir, "folder", "cannot be read: "+reason(readErr))
		w.missing = append(w.missing, fmt.Errorf("%s: %s", dir, reason(readErr)))
		return nil
	}
	for _, e := range entries {
		p := filepath.Join(dir, e.Name())
		switch {
		case e.Name() == dossier.ConfigName:
			in := assessment.Input{Path: filepath.ToSlash(p), Kind: "configuration", Used: err == nil}
			if err != nil {
				in.Reason = err.Error()
			}
			w.inputs = append(w.inputs, in)
		case e.IsDir() && e.Name() == ".git":
			w.skip(p, "folder", "version control data")
		case e.IsDir():
			if err := w.folder(p, append(slices.Clip(folders), e.Name()), config, broken); err != nil {
				return err
			}
		case e.Type()&fs.ModeSymlink != 0:
			const why = "symbolic links in folders are not followed; name the file to read it"
			w.skip(p, "link", why)
			if looksDelivered(p) {
				link := file{path: filepath.ToSlash(p), open: p, folders: folders, config: config}
				w.undelivered = append(w.undelivered, undelivered{link, why})
			}
		case !e.Type().IsRegular():
			w.skip(p, "special", "not a regular file")
		default:
			w.add(file{path: filepath.ToSlash(p), open: p, folders: folders, config: config, misconfigured: broken})
		}
	}
	return nil
}

func reason(err error) string {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Err.Error()
	}
	return err.Error()
}

func (w *walk) add(f file) {
	id := f.open
	if abs, err := filepath.Abs(f.open); err == nil && f.open != "-" {
		id = abs
	}
	if w.seen[id] {
		w.skip(f.path, "other", "named twice; read once")
		return
	}
	w.seen[id] = true
	w.files = append(w.files, f)
}

func (w *walk) skip(p, kind, why string) {
	w.inputs = append(w.inputs, assessment.Input{Path: filepath.ToSlash(p), Kind: kind, Reason: why})
}

// configAbove merges the configurations that hold for a path from above it:
// those of the folders from the working folder (or, for a path outside it, of
// the path's own folder alone) down to the path's parent.
func (w *walk) configAbove(p string, isDir bool) (*dossier.Config, error) {
	abs, err := filepath.Abs(p)
	if err != nil {
		return nil, err
	}
	var chain []string
	if working, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(working, abs); err == nil && filepath.IsLocal(rel) {
			chain = append(chain, working)
			dir := working
			for part := range strings.SplitSeq(filepath.Dir(rel), string(filepath.Separator)) {
				if part != "." {
					dir = filepath.Join(dir, part)
					chain = append(chain, dir)
				}
			}
			if rel == "." { // the working folder itself: folder() reads its own
				chain = nil
			}
		}
	}
	if len(chain) == 0 && !isDir {
		chain = []string{filepath.Dir(abs)}
	}
	var merged *dossier.Config
	for _, dir := range chain {
		config, err := w.configIn(dir)
		if err != nil {
			return nil, err
		}
		merged = config.Under(merged)
	}
	return merged, nil
}

// configIn loads the configuration of one folder once; nil if it has none.
func (w *walk) configIn(dir string) (*dossier.Config, error) {
	name := filepath.Join(dir, dossier.ConfigName)
	if config, ok := w.configs[name]; ok {
		return config, nil
	}
	config, err := dossier.LoadConfig(name)
	if errors.Is(err, fs.ErrNotExist) {
		config, err = nil, nil
	}
	if err != nil {
		return nil, err
	}
	w.configs[name] = config
	return config, nil
}
