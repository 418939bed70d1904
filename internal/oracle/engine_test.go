// SPDX-License-Identifier: Apache-2.0

package oracle

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/osv-scalibr/extractor"
	cdxmeta "github.com/google/osv-scalibr/extractor/filesystem/sbom/cdx/metadata"
	spdxmeta "github.com/google/osv-scalibr/extractor/filesystem/sbom/spdx/metadata"
	"github.com/google/osv-scalibr/inventory/osvecosystem"
	scalibrpurl "github.com/google/osv-scalibr/purl"
	"github.com/google/osv-scanner/v2/pkg/osvscanner"
)

// calls counts what the engine asked the network for, which is refused.
var calls atomic.Int64

type noNetwork struct{}

func (noNetwork) RoundTrip(r *http.Request) (*http.Response, error) {
	calls.Add(1)
	return nil, fmt.Errorf("the network is forbidden: %s", r.URL.Host)
}

func TestMain(m *testing.M) {
	http.DefaultTransport = noNetwork{}
	http.DefaultClient.Transport = noNetwork{}
	osvscanner.SetLogger(slog.NewTextHandler(io.Discard, nil))
	cache, err := os.MkdirTemp("", "oracle")
	if err != nil {
		panic(err)
	}
	os.Setenv("HOME", cache)
	os.Setenv("XDG_CACHE_HOME", cache)
	os.Setenv("XDG_CONFIG_HOME", cache)
	code := m.Run()
	os.RemoveAll(cache)
	if n := calls.Load(); n > 0 {
		fmt.Fprintf(os.Stderr, "the engine called the network %d times\n", n)
		code = 1
	}
	os.Exit(code)
}

// ecosystems that the engine may ask a zip for beside those of the data: without
// one for a single component it gives no finding for any.
var otherEcosystems = []string{
	"GIT", "ConanCenter", "GitHub Actions", "Wolfi", "Chainguard", "Docker Hardened Images", "Android", "Linux", "Rocky Linux",
	"SUSE", "openSUSE", "Mageia", "openEuler", "Bioconductor", "MinimOS", "Echo", "Kubernetes", "Photon OS", "Azure Linux",
}

// An engine is osv-scanner with a folder for its database.
type engine struct {
	dir   string
	empty string
	data  *advisories
	zips  []string // that hold something
}

func newEngine(dir string, data *advisories) (*engine, error) {
	e := &engine{dir: dir, empty: filepath.Join(dir, "empty.zip"), data: data}
	f, err := os.Create(e.empty)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(zip.NewWriter(f).Close(), f.Close()); err != nil {
		return nil, err
	}
	for _, ecosystem := range slices.Concat(data.zips, otherEcosystems) {
		if err := e.link(ecosystem, e.empty); err != nil {
			return nil, err
		}
	}
	return e, nil
}

func (e *engine) path(ecosystem string) string {
	return filepath.Join(e.dir, "osv-scalibr", ecosystem, "all.zip")
}

func (e *engine) link(ecosystem, target string) error {
	if err := os.MkdirAll(filepath.Dir(e.path(ecosystem)), 0o755); err != nil {
		return err
	}
	if err := os.Remove(e.path(ecosystem)); err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.Symlink(target, e.path(ecosystem))
}

// use gives the engine the records of the ecosystems that name one of the
// packages, names folded.
func (e *engine) use(names map[string][]string) error {
	for _, ecosystem := range e.zips {
		if err := e.link(ecosystem, e.empty); err != nil {
			return err
		}
	}
	e.zips = slices.Sorted(maps.Keys(names))
	for _, ecosystem := range e.zips {
		members := map[*zip.File]bool{}
		for _, name := range names[ecosystem] {
			for _, f := range e.data.members[ecosystem][name] {
				members[f] = true
			}
		}
		list := slices.SortedFunc(maps.Keys(members), func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
		if err := os.Remove(e.path(ecosystem)); err != nil {
			return err
		}
		f, err := os.Create(e.path(ecosystem))
		if err != nil {
			return err
		}
		w := zip.NewWriter(f)
		for _, member := range list {
			err = errors.Join(err, w.Copy(member))
		}
		if err := errors.Join(err, w.Close(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// useAll gives the engine the whole zips, as they were published.
func (e *engine) useAll() error {
	for _, ecosystem := range e.data.zips {
		if err := e.link(ecosystem, filepath.Join(e.data.dir, ecosystem, "all.zip")); err != nil {
			return err
		}
	}
	e.zips = e.data.zips
	return nil
}

// errPanic is what became of a scan that the engine did not survive.
var errPanic = errors.New("osv-scanner panicked")

// scan gives, for each component of the file, the ids of the records that the
// engine reports, sorted.
func (e *engine) scan(file string, components []component) (found [][]string, err error) {
	defer func() {
		if p := recover(); p != nil {
			found, err = nil, fmt.Errorf("%w: %v", errPanic, p)
		}
	}()
	places := make(map[place][]int, len(components))
	for i := range components {
		p := placeOf(&components[i])
		places[p] = append(places[p], i)
	}
	result, err := osvscanner.DoScan(e.actions(file))
	if err != nil && !errors.Is(err, osvscanner.ErrVulnerabilitiesFound) && !errors.Is(err, osvscanner.ErrNoPackagesFound) {
		return nil, err
	}
	found = make([][]string, len(components))
	for _, source := range result.Results {
		for i := range source.Packages {
			p := &source.Packages[i]
			at, ok := places[placeIn(p.Package.Inventory)]
			if !ok {
				return nil, fmt.Errorf("osv-scanner reports %s %s, which is not in %s", p.Package.Name, p.Package.Version, file)
			}
			for _, v := range p.Vulnerabilities {
				for _, c := range at {
					found[c] = append(found[c], v.GetId())
				}
			}
		}
	}
	for i := range found {
		slices.Sort(found[i])
		found[i] = slices.Compact(found[i])
	}
	return found, nil
}

// actions are a scan of one file, with the network forbidden. Without
// PluginNetworkDisabled the local matcher is left out with a line in the log, and
// the result is clean.
func (e *engine) actions(file string) osvscanner.ScannerActions {
	return osvscanner.ScannerActions{
		LockfilePaths: []string{file}, NoIgnore: true,
		CompareOffline: true, LocalDBPath: e.dir, PluginNetworkDisabled: true,
		ExperimentalScannerActions: osvscanner.ExperimentalScannerActions{
			TransitiveScanning: osvscanner.TransitiveScanningActions{Disabled: true},
			HTTPClient:         &http.Client{Transport: noNetwork{}},
		},
	}
}

// A place tells a component by what the engine keeps of it.
type place struct{ name, version, purl string }

func placeIn(p *extractor.Package) place {
	at := place{name: p.Name, version: p.Version}
	switch m := p.Metadata.(type) {
	case *cdxmeta.Metadata:
		if m.PURL != nil {
			at.purl = m.PURL.String()
		}
	case *spdxmeta.Metadata:
		if m.PURL != nil {
			at.purl = m.PURL.String()
		}
	}
	return at
}

func placeOf(c *component) place {
	at := place{name: c.name, version: c.field}
	if u, err := scalibrpurl.FromString(c.purl); err == nil {
		at.purl = u.String()
	}
	return at
}

// engineEcosystem is where the engine would look for a package URL.
func engineEcosystem(text string) osvecosystem.Parsed {
	u, err := scalibrpurl.FromString(text)
	if err != nil {
		return osvecosystem.Parsed{}
	}
	p := extractor.Package{Name: u.Name, Version: u.Version, PURLType: u.Type, Metadata: &cdxmeta.Metadata{PURL: &u}}
	return p.Ecosystem()
}

type bom struct {
	Format     string     `json:"bomFormat"`
	Spec       string     `json:"specVersion"`
	Version    int        `json:"version"`
	Components []bomEntry `json:"components"`
}

type bomEntry struct {
	Type    string `json:"type"`
	Ref     string `json:"bom-ref"`
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl"`
}

// writeBOM writes an SBOM as generators do that know full names.
func writeBOM(file string, components []component) error {
	b := bom{Format: "CycloneDX", Spec: "1.5", Version: 1, Components: make([]bomEntry, len(components))}
	for i := range components {
		c := &components[i]
		b.Components[i] = bomEntry{"library", fmt.Sprint("c", i), c.name, c.field, c.purl}
	}
	text, err := json.Marshal(b)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}
