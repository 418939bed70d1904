// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/sbom"
)

// lowered are the readers of the forms that become JSON, by the names that the
// manifest and the conformance set have for them.
var lowered = map[string]func([]byte, Options) (*sbom.Document, error){
	"yaml": DecodeYAML, "rdf-xml": DecodeRDF, "xml": DecodeXML,
}

// decodeAny reads a document of any form.
func decodeAny(text []byte, encoding string) (*sbom.Document, error) {
	encoding, _, _ = strings.Cut(encoding, "+")
	if read, ok := lowered[encoding]; ok {
		return read(text, Options{})
	}
	return decode(text, encoding)
}

// TestLoweredCorpus holds every document in YAML and RDF/XML of the medical and
// wild sets against the manifest.
func TestLoweredCorpus(t *testing.T) {
	dir := corpus.Dir(t, "sbom")
	read := 0
	for _, row := range corpus.Table(t, filepath.Join(dir, "MANIFEST.tsv")) {
		path := row["path"]
		set, _, _ := strings.Cut(path, "/")
		if row["format"] != "SPDX" || lowered[row["encoding"]] == nil || set != "medical" && set != "wild" {
			continue
		}
		read++
		t.Run(path, func(t *testing.T) {
			text := readCorpusFile(t, filepath.Join(dir, path))
			doc, err := decodeAny(text, row["encoding"])
			if err != nil {
				t.Fatal(err)
			}
			number := func(column string) int {
				n, err := strconv.Atoi(row[column])
				if err != nil {
					t.Fatal(err)
				}
				return n
			}
			want := facts{
				Components: number("components"), PURL: number("with_purl"), CPE: number("with_cpe"),
				Version: number("with_version"), Hash: number("with_hash"), Files: number("files"),
			}
			if diff := cmp.Diff(want, factsOf(doc)); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
			if string(doc.Encoding) != row["encoding"] || doc.SpecVersion != row["spec"] {
				t.Errorf("%s %s, want %s %s", doc.Encoding, doc.SpecVersion, row["encoding"], row["spec"])
			}
			checkInvariants(t, doc, text)
		})
	}
	if read < 7 {
		t.Errorf("only %d documents of the corpus were read", read)
	}
}

// TestLoweredMalformed ends as EXPECTED.tsv says, with one exception that is
// held to what it is.
func TestLoweredMalformed(t *testing.T) {
	dir := corpus.Dir(t, "sbom")
	encodings := map[string]string{
		"spdx/yaml-anchors.spdx.yaml": "yaml", "spdx/yaml-bomb.spdx.yaml": "yaml",
		"spdx/yaml-version-types.spdx.yaml": "yaml", "spdx/rdf-external-entity.spdx.rdf.xml": "rdf-xml",
	}
	// It has two packages and does not say which it describes. The same fact is
	// due a warning in spdx/no-describes.spdx.json.
	const noSubject = "spdx/yaml-anchors.spdx.yaml"
	for _, row := range corpus.Table(t, filepath.Join(dir, "malformed", "EXPECTED.tsv")) {
		path := row["path"]
		encoding, ok := encodings[path]
		if !ok {
			continue
		}
		delete(encodings, path)
		t.Run(path, func(t *testing.T) {
			text := readCorpusFile(t, filepath.Join(dir, "malformed", path))
			doc, err := decodeAny(text, encoding)
			if row["verdict"] == "reject" {
				var syntax *sbom.SyntaxError
				if !errors.As(err, &syntax) || syntax.Position.IsZero() || syntax.Remedy == "" {
					t.Fatalf("error %v, want a syntax error with place and remedy", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if row["components"] != strconv.Itoa(doc.Count()) {
				t.Errorf("components: want %s, got %d", row["components"], doc.Count())
			}
			if path == noSubject {
				want := map[sbom.Code]int{sbom.CodeMissing: 1}
				if diff := cmp.Diff(want, doc.Defects.Counts); diff != "" {
					t.Errorf("defects (-want +got):\n%s%+v", diff, doc.Defects.List)
				}
			} else if said := doc.Defects.Total() > 0; said != (row["verdict"] == "warn") {
				t.Errorf("verdict %s (%s): defects %+v", row["verdict"], row["why"], doc.Defects.List)
			}
			checkInvariants(t, doc, text)
		})
	}
	if len(encodings) > 0 {
		t.Errorf("not in EXPECTED.tsv: %v", encodings)
	}
}

// TestLoweredConformance reads the SPDX project's own samples in YAML, RDF/XML
// and plain XML.
func TestLoweredConformance(t *testing.T) {
	refused := map[string]string{
		"rdf-xml/tools-python/tests/spdx/parser/rdf/data/invalid_documents/invalid_creation_info.rdf.xml": "no SPDX 2 document", // a document without a statement
	}
	// samples that hold nothing but what their test is about
	empty := []string{
		"rdf-xml/ntia-checker/tests/data/missing_dependency_relationships/SPDXRdfExample-v2.3.spdx.rdf.xml",
		"rdf-xml/tools-python/tests/spdx/parser/rdf/data/invalid_documents/invalid_creation_info_with_snippet.rdf.xml",
	}
	read := 0
	eachFile(t, "spdx-2.x", func(t *testing.T, name string, text []byte) {
		encoding, _, _ := strings.Cut(name, "/")
		if lowered[encoding] == nil {
			return
		}
		read++
		doc, err := decodeAny(text, encoding)
		if want := refused[name]; want != "" {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v, want %q", err, want)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		checkInvariants(t, doc, text)
		if none := doc.Count() == 0 && doc.Files == 0; none != slices.Contains(empty, name) {
			t.Errorf("%d packages and %d files", doc.Count(), doc.Files)
		}
	})
	if read < 45 {
		t.Errorf("only %d samples were read", read)
	}
}
