// SPDX-License-Identifier: Apache-2.0

package oracle

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/medsbom/medsbom/purl"
)

// A record is an OSV record, read with nothing but encoding/json.
type record struct {
	ID        string     `json:"id"`
	Withdrawn *string    `json:"withdrawn"`
	Affected  []affected `json:"affected"`
}

type affected struct {
	Package *struct {
		Ecosystem string `json:"ecosystem"`
		Name      string `json:"name"`
	} `json:"package"`
	Ranges            []eventRange `json:"ranges"`
	Versions          []string     `json:"versions"`
	EcosystemSpecific struct {
		CustomRanges []eventRange `json:"custom_ranges"`
	} `json:"ecosystem_specific"`
}

type eventRange struct {
	Type   string              `json:"type"`
	Repo   string              `json:"repo"`
	Events []map[string]string `json:"events"`
}

// names reports that an entry is of a package, whose name is folded.
func (a *affected) names(ecosystem, folded string) bool {
	return a.Package != nil && a.Package.Ecosystem == ecosystem && purl.FoldName(base(ecosystem), a.Package.Name) == folded
}

// base is an ecosystem without its release.
func base(ecosystem string) string {
	before, _, _ := strings.Cut(ecosystem, ":")
	return before
}

// A key is a package: ecosystem with release, and the name, folded.
type key struct{ ecosystem, name string }

// The advisories, read once.
type advisories struct {
	dir     string // of the zips
	byID    map[string]*record
	byKey   map[key][]*record // in force, by what names them; in order of id
	members map[string]map[string][]*zip.File
	zips    []string // ecosystems
}

// dataDir is a folder of the shared data: MEDSBOM_DATA, else beside the module.
func dataDir(tb testing.TB, elem ...string) string {
	tb.Helper()
	root := os.Getenv("MEDSBOM_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
		if _, err := os.Stat(root); err != nil {
			tb.Skipf("no real data in %s: set MEDSBOM_DATA", root)
		}
	}
	path, err := filepath.Abs(filepath.Join(append([]string{root}, elem...)...))
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		tb.Fatalf("the data is not whole: %v", err)
	}
	return path
}

var loaded struct {
	sync.Mutex
	*advisories
}

func load(tb testing.TB) *advisories {
	tb.Helper()
	loaded.Lock()
	defer loaded.Unlock()
	if loaded.advisories != nil {
		return loaded.advisories
	}
	d := &advisories{
		dir: dataDir(tb, "osv"), byID: map[string]*record{}, byKey: map[key][]*record{},
		members: map[string]map[string][]*zip.File{},
	}
	paths, err := filepath.Glob(filepath.Join(d.dir, "*", "all.zip"))
	if err != nil || len(paths) == 0 {
		tb.Fatalf("no zips in %s: %v", d.dir, err)
	}
	for _, path := range paths {
		if err := d.read(path); err != nil {
			tb.Fatalf("reading %s: %v", path, err)
		}
	}
	d.index()
	loaded.advisories = d
	return d
}

func (d *advisories) read(path string) error {
	ecosystem := filepath.Base(filepath.Dir(path))
	d.zips = append(d.zips, ecosystem)
	z, err := zip.OpenReader(path) // open to the end: members are copied out of it
	if err != nil {
		return err
	}
	byName := map[string][]*zip.File{}
	d.members[ecosystem] = byName
	for _, f := range z.File {
		text, err := readMember(f)
		if err != nil {
			return err
		}
		r := &record{}
		if err := json.Unmarshal(text, r); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		if first := d.byID[r.ID]; first != nil {
			r = first // one id has the same body wherever it is filed
		} else {
			d.byID[r.ID] = r
		}
		var names []string
		for i := range r.Affected {
			if p := r.Affected[i].Package; p != nil {
				if name := purl.FoldName(ecosystem, p.Name); !slices.Contains(names, name) {
					names = append(names, name)
					byName[name] = append(byName[name], f)
				}
			}
		}
	}
	return nil
}

func readMember(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func (d *advisories) index() {
	ids := make([]string, 0, len(d.byID))
	for id := range d.byID {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		r := d.byID[id]
		if r.Withdrawn != nil {
			continue
		}
		for i := range r.Affected {
			p := r.Affected[i].Package
			if p == nil {
				continue
			}
			k := key{p.Ecosystem, purl.FoldName(base(p.Ecosystem), p.Name)}
			if list := d.byKey[k]; len(list) == 0 || list[len(list)-1] != r {
				d.byKey[k] = append(list, r)
			}
		}
	}
}
