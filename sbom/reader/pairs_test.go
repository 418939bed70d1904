// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/sbom"
)

// pairings find the documents of one software in archives: those files whose
// paths give the same submatches.
var pairings = []struct {
	archives []string
	key      *regexp.Regexp
	alike    int // how many documents at least agree with the first of theirs
}{
	{
		[]string{"cyclonedx-1.2", "cyclonedx-1.3", "cyclonedx-1.4", "cyclonedx-1.5", "cyclonedx-1.6", "cyclonedx-1.7"},
		regexp.MustCompile(`^(cyclonedx-[\d.]+/)(?:protobuf-binary/)?(valid-.*?)\.(?:json|xml|cdx\.pb)$`), 373,
	},
	{[]string{"dependency-track-unit"}, regexp.MustCompile(`/(cyclonedx/.*)\.(?:json|xml)$`), 1},
	{[]string{"osv-scalibr"}, regexp.MustCompile(`/(?:cdx|spdx)/testdata/(sbom)\.(cdx|spdx|bom)`), 5},
	{[]string{"ntia-minimum-elements"}, regexp.MustCompile(`/((?:missing|no)_[a-z_]+)/SPDX`), 24},
	{[]string{"spdx-2.x"}, regexp.MustCompile(`/(tools-[a-z]+)/.*/SPDX[A-Za-z]+Example(-UTF-16|)(?:-v?|)(2\.[23]|)\.spdx`), 21},
	{[]string{"spdx-2.x"}, regexp.MustCompile(`/(spdx-to-osv)/`), 2},
	{
		[]string{"spdx-2.x", "spdx-3.0"},
		regexp.MustCompile(`/(?:spdx-examples/software/(?:[^/]*)/(?:spdx[23]\.\d|content)|sbomqs/spdx3)/([^/]*?)(?:\.spdx3|\.spdx|)(?:\.json|)$`), 29,
	},
}

// unlikePairs are documents that do not say what the first of theirs does. The
// names are patterns of path.Match; each reason is about the files themselves.
var unlikePairs = map[string]string{
	"cyclonedx-1.[2-5]/valid-bom-1.?.xml":                                                     "more components, with more identifiers",
	"cyclonedx-1.[2-5]/valid-component-ref-1.?.xml":                                           "a component nested in the first",
	"cyclonedx-1.[2-5]/valid-dependency-1.?.xml":                                              "other names",
	"cyclonedx-1.[3-5]/valid-compositions-1.?.xml":                                            "another version",
	"cyclonedx-1.[2-5]/valid-license-expression-1.?.xml":                                      "a package URL and hashes",
	"cyclonedx-1.[2-5]/valid-license-id-1.?.xml":                                              "a package URL and hashes",
	"cyclonedx-1.[2-5]/valid-license-name-1.?.xml":                                            "a package URL and hashes",
	"cyclonedx-1.7/valid-license-choice-1.7.xml":                                              "a package URL",
	"cyclonedx-1.7/valid-component-external-with-version.xml":                                 "another version",
	"cyclonedx-1.7/valid-cryptography-implementation-1.7.json":                                "another product",
	"cyclonedx-1.7/valid-cryptography-implementation-1.7.xml":                                 "another product with other parts",
	"dependency-track-unit/cyclonedx/valid-bom-1.[2-6].xml":                                   "more components, with more identifiers",
	"ntia-minimum-elements/missing_component_name/SPDXRdfExample.rdf":                         "a reference of type maven-central",
	"ntia-minimum-elements/missing_dependency_relationships/SPDXRdfExample-v2.3.spdx.rdf.xml": "no package: the file has lost them with the relationships",
	"spdx-2.x/rdf-xml/tools-golang/examples/sample-docs/rdf/SPDXRdfExample-v2.2.spdx.rdf":     "fewer packages",
	"spdx-3.0/*/*/examplemaven-0.0.1*.spdx3.json":                                             "the dynamic links are turned round",
	"spdx-3.0/spdx-examples/software/*/*/examplemaven-0.0.1*.spdx3.json":                      "the dynamic links are turned round",
	"spdx-3.0/*/*/sbom.spdx3.json":                                                            "no hashes",
	"spdx-3.0/spdx-examples/software/example11/*/sbom.spdx3.json":                             "no hashes",
	"spdx-3.0/*/*/example7-bin.spdx3.json":                                                    "the product is a file",
	"spdx-3.0/spdx-examples/software/*/*/example7-bin.spdx3.json":                             "the product is a file",
	"spdx-3.0/*/*/example7-go-module.spdx3.json":                                              "an author",
	"spdx-3.0/spdx-examples/software/*/*/example7-go-module.spdx3.json":                       "an author",
	"spdx-3.0/spdx-examples/software/*/*/example7-golang.spdx3.json":                          "one package in place of two, and an author",
	"spdx-3.0/*/*/example7-third-party-modules.spdx3.json":                                    "one package less, and authors",
	"spdx-3.0/spdx-examples/software/*/*/example7-third-party-modules.spdx3.json":             "one package less, and authors",
}

// TestPairs holds that the documents of one software give the same facts and
// identities in all formats in which they are published.
func TestPairs(t *testing.T) {
	m, dir := matcher(t), corpus.Dir(t, "sbom", "conformance")
	used := make(map[string]bool)
	reasonOf := func(table map[string]string, name string) string {
		for pattern, reason := range table {
			if ok, err := path.Match(pattern, name); err != nil {
				t.Fatal(err)
			} else if ok {
				used[pattern] = true
				return reason
			}
		}
		return ""
	}
	for _, pairing := range pairings {
		alike := 0
		for _, group := range groupsOf(t, dir, pairing.archives, pairing.key) {
			var first *facts
			var name string // of the first
			for _, file := range group {
				doc, err := Read(bytes.NewReader(file.text), file.name, Options{})
				if err != nil {
					t.Errorf("%s: %v", file.name, err)
					continue
				}
				got := factsOf(t, m, doc)
				got.sortLicences()
				if first == nil {
					first, name = &got, file.name
					continue
				}
				diff := gocmp.Diff(*first, got)
				switch reason := reasonOf(unlikePairs, file.name); {
				case diff == "" && reason == "":
					alike++
				case diff == "":
					t.Errorf("%s: a listed difference is gone, take it off the list: %s", file.name, reason)
				case reason == "":
					t.Errorf("%s (-%s +it)\n%s", file.name, name, diff)
				}
			}
		}
		if alike < pairing.alike {
			t.Errorf("%s: only %d documents are like the first of theirs", pairing.archives, alike)
		}
		t.Logf("%s: %d documents are like the first of theirs", pairing.archives, alike)
	}
	for pattern := range unlikePairs {
		if !used[pattern] {
			t.Errorf("no document is %s", pattern)
		}
	}
}

// sortLicences writes licences that all hold in one order and without the
// brackets around the whole, which are of no meaning.
func (f *facts) sortLicences() {
	for i := range f.Parts {
		l := &f.Parts[i].Licences
		if inner, ok := strings.CutPrefix(*l, "("); ok && strings.Count(*l, "(") == 1 {
			*l = strings.TrimSuffix(inner, ")")
		}
		if !strings.ContainsAny(*l, "()") && !strings.Contains(*l, " OR ") {
			all := strings.Split(*l, " AND ")
			slices.Sort(all)
			*l = strings.Join(all, " AND ")
		}
	}
}

// An entry is a file of an archive; its name begins with the archive's.
type entry struct {
	name string
	text []byte
}

// groupsOf returns the files of archives that are of one software.
func groupsOf(t *testing.T, dir string, archives []string, key *regexp.Regexp) [][]entry {
	t.Helper()
	groups := make(map[string][]entry)
	for _, archive := range archives {
		z, err := zip.OpenReader(filepath.Join(dir, archive+".zip"))
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		for _, f := range z.File {
			name := archive + "/" + f.Name
			found := key.FindStringSubmatch(name)
			if found == nil {
				continue
			}
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			is := strings.Join(found[1:], " ")
			groups[is] = append(groups[is], entry{name, text})
		}
	}
	var out [][]entry
	for _, is := range slices.Sorted(maps.Keys(groups)) {
		if len(groups[is]) > 1 {
			out = append(out, groups[is])
		}
	}
	return out
}

// siblings are documents of one product that lie in the corpus as they were
// published: all facts are the same.
var siblings = [][]string{
	{
		"wild/docfest-sourceauditor.spdx", "wild/docfest-sourceauditor.spdx.json", "wild/docfest-sourceauditor.spdx.rdf.xml.gz",
		"wild/docfest-sourceauditor.spdx.yaml",
	},
	{"wild/bomshelter-syft-flagger.spdx.gz", "wild/bomshelter-syft-flagger.spdx.json.gz"},
}

func TestSiblings(t *testing.T) {
	m, dir := matcher(t), corpus.Dir(t, "sbom")
	for _, names := range siblings {
		want := factsOf(t, m, readSibling(t, dir, names[0]))
		for _, name := range names[1:] {
			if diff := gocmp.Diff(want, factsOf(t, m, readSibling(t, dir, name))); diff != "" {
				t.Errorf("%s (-%s +it)\n%s", name, names[0], diff)
			}
		}
	}
}

func readSibling(t *testing.T, dir, name string) *sbom.Document {
	t.Helper()
	doc, err := ReadFile(filepath.Join(dir, filepath.FromSlash(name)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestSiblingsOfTools compares what two generators found in one product, in two
// formats: what either has and the other ought to have too has the same identity
// in both.
func TestSiblingsOfTools(t *testing.T) {
	m, dir := matcher(t), corpus.Dir(t, "sbom")
	for _, pair := range []struct {
		one, other string
		// oneAlone and otherAlone are what the other tool does not look at, nil if
		// it looks at everything.
		oneAlone, otherAlone func(*sbom.Component) bool
		shared               int
	}{
		{
			"medical/nightscout.npm.cdx.json.gz", "medical/nightscout.syft.spdx.gz",
			func(c *sbom.Component) bool { return c.Property("cdx:npm:package:development") == "true" },
			func(c *sbom.Component) bool { return strings.HasPrefix(c.PURL, "pkg:github/") }, // steps of workflows
			740,
		},
		{ // Go versions without the "v", and with it
			"medical/tidepool-platform.osv-scanner.cdx.json", "medical/tidepool-platform.syft.spdx.json.gz",
			nil,
			func(c *sbom.Component) bool { return strings.HasPrefix(c.Name, "github.com/tidepool-org/platform") }, // its own modules
			133,
		},
	} {
		one, other := identityParts(t, m, readSibling(t, dir, pair.one)), identityParts(t, m, readSibling(t, dir, pair.other))
		shared := 0
		for identity := range one {
			if other[identity] != nil {
				shared++
			}
		}
		if shared != pair.shared {
			t.Errorf("%s and %s share %d identities, want %d", pair.one, pair.other, shared, pair.shared)
		}
		missing(t, pair.other, one, other, pair.oneAlone)
		missing(t, pair.one, other, one, pair.otherAlone)
	}
}

// missing says which identities of one document the other does not have, though
// their component is none that only the first can have. An excuse that no
// component needs is obsolete.
func missing(t *testing.T, name string, has, lacks map[string]*sbom.Component, alone func(*sbom.Component) bool) {
	t.Helper()
	excused := 0
	for _, identity := range slices.Sorted(maps.Keys(has)) {
		switch {
		case lacks[identity] != nil:
		case alone != nil && alone(has[identity]):
			excused++
		default:
			t.Errorf("%s lacks %s", name, identity)
		}
	}
	if alone != nil && excused == 0 {
		t.Errorf("%s lacks nothing that would need its reason", name)
	}
	t.Logf("%s does not look at %d", name, excused)
}

// identityParts returns the identities of a document, each with a component that
// has it.
func identityParts(t *testing.T, m *match.Matcher, doc *sbom.Document) map[string]*sbom.Component {
	t.Helper()
	out := make(map[string]*sbom.Component)
	identities := identitiesOf(t, m, doc)
	for i, c := range doc.All() {
		for _, identity := range identities[i] {
			out[identity] = c
		}
	}
	return out
}
