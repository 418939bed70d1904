// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/sbom"
)

// sameFacts is what one package is known by, however it is spelt.
type sameFacts struct {
	ID, Name, Version, Supplier string
	PURL, CPE, Hashes           []string
	Declared                    string // the words of the expression, sorted: RDF has sets
}

// identitiesOf are the packages of a document, by SPDXID: RDF has no order.
func identitiesOf(doc *sbom.Document) map[string]sameFacts {
	all := make(map[string]sameFacts)
	for _, c := range doc.All() {
		f := sameFacts{ID: bareID(c.Ref), Name: c.Name, Version: c.Version, Supplier: c.Supplier.Name + " " + c.Supplier.Email}
		if c.PURL != "" {
			f.PURL = append(f.PURL, c.PURL)
		}
		f.PURL, f.CPE = append(f.PURL, c.MorePURL()...), slices.Clone(c.CPE)
		for _, h := range c.Hashes {
			f.Hashes = append(f.Hashes, h.Algorithm+":"+h.Value)
		}
		for _, l := range c.Licences {
			if !l.Concluded {
				f.Declared = sortedWords(l.Value)
			}
		}
		for _, list := range [][]string{f.PURL, f.CPE, f.Hashes} {
			slices.Sort(list)
		}
		all[f.ID] = f
	}
	return all
}

// content is what the rest of a document amounts to.
type content struct {
	Name, Created                     string
	Tools, Authors                    int
	Files, Edges, External, Elsewhere int
}

func contentOf(doc *sbom.Document) content {
	return content{
		doc.Name, doc.Created, len(doc.Tools), len(doc.Authors),
		doc.Files, len(doc.Dependencies), len(doc.External), doc.Elsewhere,
	}
}

// TestSameInAllForms reads documents that the SPDX project and others wrote in
// several forms: the same packages with the same identities come of each.
func TestSameInAllForms(t *testing.T) {
	// the first of a row is what the others are held against
	differences := map[string]string{
		"rdf-xml/tools-golang/examples/sample-docs/rdf/SPDXRdfExample-v2.2.spdx.rdf": "the sample lacks the two packages of the others that are named fromDoap",
	}
	rows := [][]string{
		{
			"json/tools-python/tests/spdx/data/SPDXJSONExample-v2.2.spdx.json", "tag-value/tools-python/tests/spdx/data/SPDXTagExample-v2.2.spdx",
			"yaml/tools-python/tests/spdx/data/SPDXYAMLExample-v2.2.spdx.yaml", "rdf-xml/tools-python/tests/spdx/data/SPDXRdfExample-v2.2.spdx.rdf.xml",
			"xml/tools-python/tests/spdx/data/SPDXXMLExample-v2.2.spdx.xml",
			"yaml/tools-python/tests/spdx/data/SPDXYAMLExample-UTF-16.spdx.yaml", "rdf-xml/tools-python/tests/spdx/data/SPDXRdfExample-UTF-16.spdx.rdf.xml",
			"xml/tools-python/tests/spdx/data/SPDXXMLExample-UTF-16.spdx.xml", "xml/tools-golang/examples/sample-docs/xml/SPDXXMLExample-v2.2.spdx.xml",
			"yaml/tools-golang/examples/sample-docs/yaml/SPDXYAMLExample-2.2.spdx.yaml", "rdf-xml/tools-golang/examples/sample-docs/rdf/SPDXRdfExample-v2.2.spdx.rdf",
		},
		{
			"json/tools-python/tests/spdx/data/SPDXJSONExample-v2.3.spdx.json", "tag-value/tools-python/tests/spdx/data/SPDXTagExample-v2.3.spdx",
			"yaml/tools-python/tests/spdx/data/SPDXYAMLExample-v2.3.spdx.yaml", "rdf-xml/tools-python/tests/spdx/data/SPDXRdfExample-v2.3.spdx.rdf.xml",
			"xml/tools-python/tests/spdx/data/SPDXXMLExample-v2.3.spdx.xml",
		},
		{
			"json/tools-java/testResources/SPDXJSONExample-v2.2.spdx.json", "tag-value/tools-java/testResources/SPDXTagExample-v2.2.spdx",
			"yaml/tools-java/testResources/SPDXYAMLExample-2.2.spdx.yaml", "rdf-xml/tools-java/testResources/SPDXRdfExample-v2.2.spdx.rdf",
		},
		{
			"json/tools-java/testResources/SPDXJSONExample-v2.3.spdx.json", "tag-value/tools-java/testResources/SPDXTagExample-v2.3.spdx",
			"yaml/tools-java/testResources/SPDXYAMLExample-2.3.spdx.yaml", "rdf-xml/tools-java/testResources/SPDXRdfExample-v2.3.spdx.rdf",
		},
		{"json/tools-golang/examples/sample-docs/json/SPDXJSONExample-v2.3.spdx.json", "yaml/tools-golang/examples/sample-docs/yaml/SPDXYAMLExample-2.3.spdx.yaml"},
		{
			"json/ntia-checker/tests/data/no_elements_missing/SPDXJSONExample-v2.3.spdx.json", "tag-value/ntia-checker/tests/data/no_elements_missing/SPDXTagExample-v2.3.spdx",
			"yaml/ntia-checker/tests/data/no_elements_missing/SPDXYAMLExample-v2.3.spdx.yaml", "rdf-xml/ntia-checker/tests/data/no_elements_missing/SPDXRdfExample-v2.3.spdx.rdf.xml",
		},
		{"json/docfest-sourceauditor.spdx.json", "tag-value/docfest-sourceauditor.spdx", "yaml/docfest-sourceauditor.spdx.yaml", "rdf-xml/docfest-sourceauditor.spdx.rdf.xml.gz"},
	}
	texts := make(map[string][]byte)
	eachFile(t, "spdx-2.x", func(_ *testing.T, name string, text []byte) { texts[name] = text })
	for _, row := range rows[len(rows)-1:] {
		for _, name := range row {
			texts[name] = readCorpusFile(t, corpus.Dir(t, "sbom", "wild", filepath.Base(name)))
		}
	}
	for _, row := range rows {
		var first *sbom.Document
		for _, name := range row {
			t.Run("same/"+name, func(t *testing.T) {
				encoding, _, _ := strings.Cut(name, "/")
				doc, err := decodeAny(texts[name], encoding)
				if err != nil {
					t.Fatal(err)
				}
				if first == nil {
					first = doc
				}
				diff := cmp.Diff(identitiesOf(first), identitiesOf(doc)) + cmp.Diff(contentOf(first), contentOf(doc))
				// tools-java gave each of its samples a namespace of its own
				if first.ID != doc.ID && !strings.Contains(name, "tools-java") {
					diff += cmp.Diff(first.ID, doc.ID)
				}
				switch reason := differences[name]; {
				case diff != "" && reason == "":
					t.Errorf("(-%s +%s):\n%s", row[0], name, diff)
				case diff == "" && reason != "":
					t.Errorf("a listed difference is gone, take it off the list: %s", reason)
				}
			})
		}
	}
}

// sortedWords are the words of a licence expression, as a set has them.
func sortedWords(expression string) string {
	words := strings.Fields(strings.NewReplacer("(", " ", ")", " ").Replace(expression))
	slices.Sort(words)
	return strings.Join(words, " ")
}
