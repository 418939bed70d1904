// SPDX-License-Identifier: Apache-2.0

package purl_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/sbom/reader"
)

// refused are the texts of the corpus that look like package URLs and are none.
var refused = map[string]string{}

// typesOf gives the types of package URLs by which an ecosystem of the advisory
// data is reached, one URL each. GIT names repositories, which are reached by
// URLs of these too, but weakly; OSS-Fuzz names fuzzing projects.
var typesOf = map[string]string{
	"AlmaLinux": "pkg:rpm/almalinux/a@1?distro=almalinux-9.2", "Alpaquita": "pkg:apk/alpaquita/a@1?distro=23",
	"Alpine": "pkg:apk/alpine/a@1?distro=alpine-3.11.5", "BellSoft Hardened Containers": "pkg:apk/bellsoft-hardened-containers/a@1?distro=stream",
	"Bitnami": "pkg:bitnami/a@1", "CRAN": "pkg:cran/a@1", "Debian": "pkg:deb/debian/a@1?distro=debian-11.5", "GHC": "pkg:hackage/ghc@1",
	"Go": "pkg:golang/a.com/a@v1", "Hackage": "pkg:hackage/a@1", "Hex": "pkg:hex/a@1", "Homebrew": "pkg:brew/a@1", "Julia": "pkg:julia/a@1",
	"Maven": "pkg:maven/a/a@1", "NuGet": "pkg:nuget/a@1", "Packagist": "pkg:composer/a/a@1", "Pub": "pkg:pub/a@1", "PyPI": "pkg:pypi/a@1",
	"Red Hat": "pkg:rpm/redhat/a@1?distro=rhel-8.6", "RubyGems": "pkg:gem/a@1", "SwiftURL": "pkg:swift/github.com/a/a@1",
	"Ubuntu": "pkg:deb/ubuntu/a@1?distro=ubuntu-22.04", "crates.io": "pkg:cargo/a@1", "npm": "pkg:npm/a@1", "opam": "pkg:opam/a@1",
	"GIT": "", "OSS-Fuzz": "",
}

func TestEcosystemsOfTheData(t *testing.T) {
	entries, err := os.ReadDir(corpus.Dir(t, "osv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		text, ok := typesOf[e.Name()]
		if !ok {
			t.Errorf("no package URL leads to ecosystem %q", e.Name())
		}
		if text == "" {
			continue
		}
		got := purl.Identify(&purl.Input{PURLs: []string{text}})
		if !slices.ContainsFunc(got.Packages, func(p purl.Package) bool { return p.Ecosystem == e.Name() && p.Confidence == purl.Strong }) {
			t.Errorf("%s: want ecosystem %q, got %q (%s)", text, e.Name(), lines(&got), got.Problem)
		}
	}
}

// TestAdvisoryPURLs identifies the package URLs that advisories carry: they
// must lead to the ecosystem, release and name of the entry they stand in.
func TestAdvisoryPURLs(t *testing.T) {
	dir := corpus.Dir(t, "osv")
	for _, ecosystem := range []string{
		"npm", "Debian", "Alpine", "Ubuntu", "Alpaquita", "BellSoft Hardened Containers", "Red Hat", "Julia", "Packagist", "NuGet", "Maven", "RubyGems",
	} {
		zipped, err := os.ReadFile(filepath.Join(dir, ecosystem, "all.zip"))
		if err != nil {
			t.Fatal(err)
		}
		seen, wrong := make(map[string]bool), 0
		for _, text := range unzip(t, zipped) {
			var record struct {
				Affected []struct {
					Package struct{ Ecosystem, Name, PURL string }
				}
			}
			if err := json.Unmarshal(text, &record); err != nil {
				t.Fatal(err)
			}
			for _, a := range record.Affected {
				p := a.Package
				if p.PURL == "" || seen[p.Ecosystem+p.PURL] {
					continue
				}
				seen[p.Ecosystem+p.PURL] = true
				base, release, _ := strings.Cut(p.Ecosystem, ":")
				in := purl.Input{PURLs: []string{p.PURL}, Version: "1"}
				// Those of Debian, Alpine and Red Hat leave the release out.
				unstated := purl.HasReleases(base) && !strings.Contains(p.PURL, "distro=")
				got := purl.Identify(&in)
				if !slices.ContainsFunc(got.Packages, func(q purl.Package) bool {
					return q.Ecosystem == base && (q.Release == release || unstated && q.Release == "") &&
						purl.FoldName(base, q.Name) == purl.FoldName(base, p.Name)
				}) {
					if wrong++; wrong < 10 {
						t.Errorf("%s: want %s %s, got %q (%s)", p.PURL, p.Ecosystem, p.Name, lines(&got), got.Problem)
					}
				}
			}
		}
		t.Logf("%s: %d package URLs, %d wrong", ecosystem, len(seen), wrong)
		if len(seen) == 0 {
			t.Errorf("%s: no package URL read", ecosystem)
		}
	}
}

// unmapped are the types in the corpus that no ecosystem has, or of which some
// URLs cannot be placed, with the reason.
var unmapped = map[string]string{
	"deb": "no namespace and no suffix", "rpm": "Amazon Linux and Yocto have no advisories in OSV",
	"cargo": "cdxgen names the project by its repository", "pypi": "cdxgen names the project by its repository",
	"golang": "paths without a host", "maven": "no group", "composer": "no vendor",
	"generic": "", "github": "", "docker": "", "oci": "", "file": "", "supplier": "", "swid": "", "bower": "", "nginx": "", "mysql": "",
	"openssl": "", "php": "", "xmlsoft": "", "apache": "",
}

func TestCorpus(t *testing.T) {
	urls, file := corpusURLs(t)
	type counts struct{ strong, weak, noRelease, noVersion, none int }
	byType := make(map[string]*counts)
	problems := make(map[purl.Problem]int)
	for _, text := range urls {
		u, err := purl.Parse(text)
		if err != nil {
			if refused[text] == "" {
				t.Errorf("%s: %v", file[text], err)
			}
			continue
		}
		c := byType[u.Type]
		if c == nil {
			c = new(counts)
			byType[u.Type] = c
		}
		got := purl.Identify(&purl.Input{PURLs: []string{text}})
		problems[got.Problem]++
		switch {
		case len(got.Packages) == 0:
			c.none++
			if _, ok := unmapped[u.Type]; !ok {
				t.Errorf("%s: %s: %s: %s", file[text], text, got.Problem, got.Detail)
			}
			if got.Detail == "" {
				t.Errorf("%s: nothing found, and no reason", text)
			}
		case got.Problem == purl.ProblemNoRelease:
			c.noRelease++
		case got.Problem == purl.ProblemNoVersion:
			c.noVersion++
		case got.Packages[0].Confidence == purl.Strong:
			c.strong++
		default:
			c.weak++
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(byType)) {
		c := byType[kind]
		t.Logf("%-13s strong %5d  weak %4d  no release %3d  no version %3d  none %3d", kind, c.strong, c.weak, c.noRelease, c.noVersion, c.none)
	}
	t.Logf("problems: %v", problems)
	for _, kind := range []string{"npm", "maven", "golang", "pypi", "deb", "rpm", "apk", "nuget", "gem", "cargo", "composer", "swift", "julia"} {
		if c := byType[kind]; c == nil || c.strong+c.weak == 0 {
			t.Errorf("type %s: nothing identified", kind)
		}
	}
}

// TestCorpusNames: hardly any component of a real file has a package URL of
// another name.
func TestCorpusNames(t *testing.T) {
	named, other := 0, 0
	for _, folder := range []string{"medical", "wild"} {
		dir := corpus.Dir(t, "sbom", folder)
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			doc, err := reader.ReadFile(filepath.Join(dir, e.Name()), reader.Options{})
			if err != nil {
				continue // not an SBOM, or a kind that is not read
			}
			for _, c := range doc.All() {
				if c.PURL == "" {
					continue
				}
				got := purl.Identify(&purl.Input{PURLs: append([]string{c.PURL}, c.MorePURL()...), Group: c.Group, Name: c.Name, Version: c.Version, Type: c.Type})
				if len(got.Packages) == 0 {
					continue
				}
				named++
				if got.OtherName {
					other++
					t.Logf("%s: %q %q: %s", e.Name(), c.Group, c.Name, c.PURL)
				}
			}
		}
	}
	t.Logf("%d of %d components with a package URL have another name", other, named)
	if named == 0 || other*200 > named {
		t.Errorf("want at most 0.5 %% of the names to contradict, got %d of %d", other, named)
	}
}
