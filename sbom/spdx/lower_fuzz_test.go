// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/sbom"
)

// fuzzLowered fuzzes a reader, and that what it gives is bounded by the text.
func fuzzLowered(f *testing.F, read func([]byte, Options) (*sbom.Document, error)) {
	fuzz(f, func(text []byte, opts Options) (*sbom.Document, error) {
		doc, err := read(text, opts)
		if doc != nil && len(doc.Components)+doc.Files+len(doc.Dependencies) > maxLowered(text) {
			panic("more elements than the text has bytes for")
		}
		return doc, err
	})
}

// hostile adds the cases of the corpus that have an ending as seeds, if it is
// there.
func hostile(f *testing.F, endings ...string) {
	dir := filepath.Join(corpus.Root(f), "sbom", "malformed", "spdx")
	for _, ending := range endings {
		paths, err := filepath.Glob(filepath.Join(dir, "*"+ending))
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
}

func FuzzDecodeYAML(f *testing.F) {
	f.Add([]byte(yamlHeader + "packages:\n- &a\n  SPDXID: SPDXRef-a\n  name: a\n  versionInfo: 010\n- <<: [*a, {name: b}]\n  SPDXID: SPDXRef-b\n"))
	f.Add([]byte(fullJSON))
	f.Add([]byte(yamlHeader + "x: &x {<<: *x, ? [y] : z}\n...\n---\n"))
	f.Add([]byte(yamlHeader + "files: [{SPDXID: SPDXRef-f, fileName: \"\\x01\xff\u2028\"}]\r\nsnippets: !!seq []\n# end"))
	hostile(f, ".yaml")
	fuzzLowered(f, DecodeYAML)
}

func FuzzDecodeRDF(f *testing.F) {
	f.Add(rdfText(`<Package rdf:ID="SPDXRef-a"><name>a</name><licenseDeclared><ConjunctiveLicenseSet rdf:nodeID="x"><member rdf:nodeID="x"/><member>MIT</member></ConjunctiveLicenseSet></licenseDeclared></Package>`))
	f.Add(rdfText(`<Package rdf:about="#SPDXRef-a" s:name="a"><checksum rdf:parseType="Resource"><algorithm>SHA1</algorithm></checksum><hasFile><File rdf:about="#SPDXRef-f"/></hasFile></Package>`))
	f.Add(rdfText(`<rdf:Description rdf:about="#SPDXRef-a" xml:base="x:y"><rdf:type rdf:resource="http://spdx.org/rdf/terms#Package"/><relationship><Relationship><relatedSpdxElement rdf:resource="z"/></Relationship></relationship></rdf:Description>`))
	hostile(f, ".rdf.xml")
	fuzzLowered(f, DecodeRDF)
}

func FuzzDecodeXML(f *testing.F) {
	f.Add([]byte(xmlHeader + "<packages><SPDXID>SPDXRef-a</SPDXID><checksums><algorithm>MD5</algorithm></checksums></packages></Document>"))
	f.Add([]byte(strings.Replace(xmlHeader, "?>", ` encoding="ISO-8859-1"?>`, 1) + "<files/><packages a='b'>\xe9<name/>x</packages></Document>"))
	fuzzLowered(f, DecodeXML)
}
