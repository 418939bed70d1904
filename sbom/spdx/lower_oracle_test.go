// SPDX-License-Identifier: Apache-2.0

//go:build !race

// tools-golang's RDF reader races with itself, which the race detector lays at the
// door of the test; 'make check' runs this file without it.

package spdx

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spdx/tools-golang/rdf"
	spdxmodel "github.com/spdx/tools-golang/spdx"
	spdxyaml "github.com/spdx/tools-golang/yaml"

	"github.com/medsbom/medsbom/internal/corpus"
)

// TestLoweredOracle reads every document in YAML and RDF/XML that the SPDX
// project's own library accepts and compares what both keep.
func TestLoweredOracle(t *testing.T) {
	const (
		typeURL = "a reference type that is a URL is read as the type that it names"
		lossy   = "tools-golang makes a file of a mere reference, and loses the packages that only a relationship leads to"
	)
	// documents that both read, and read differently; the value says why
	differences := map[string]string{
		"yaml/tools-java/testResources/DifferentFileComment.spdx.yaml":                                      typeURL,
		"yaml/tools-java/testResources/SPDXYAMLExample-2.2.spdx.yaml":                                       typeURL,
		"yaml/tools-java/testResources/SPDXYAMLExample-2.3.spdx.yaml":                                       typeURL,
		"rdf-xml/ntia-checker/tests/data/missing_dependency_relationships/SPDXRdfExample-v2.3.spdx.rdf.xml": lossy,
		"rdf-xml/ntia-checker/tests/data/missing_unique_identifiers/SPDXRdfExample-v2.3.spdx.rdf.xml":       lossy,
		"rdf-xml/tools-golang/examples/sample-docs/rdf/SPDXRdfExample-v2.2.spdx.rdf":                        typeURL + "; tools-golang loses the relationships of nested packages",
	}
	accepted, refused := make(map[string]int), make(map[string]int)
	compare := func(t *testing.T, name, encoding string, text []byte) {
		theirs, err := readLoweredWithLibrary(text, encoding)
		if err != nil {
			refused[encoding]++
			return
		}
		accepted[encoding]++
		doc, err := decodeAny(text, encoding)
		if err != nil {
			if differences[name] == "" {
				t.Fatalf("tools-golang accepts what we refuse: %v", err)
			}
			return
		}
		mine := ours(doc)
		if encoding == "rdf-xml" { // which has neither order nor one spelling of sets
			for _, a := range []*account{&theirs, &mine} {
				slices.SortFunc(a.Packages, func(x, y identity) int { return strings.Compare(x.ID, y.ID) })
				for i := range a.Packages {
					a.Packages[i].Declared = sortedWords(a.Packages[i].Declared)
					a.Packages[i].Concluded = sortedWords(a.Packages[i].Concluded)
				}
			}
		}
		diff := cmp.Diff(theirs, mine)
		switch reason := differences[name]; {
		case diff != "" && reason == "":
			t.Errorf("(-tools-golang +ours):\n%s", diff)
		case diff == "" && reason != "":
			t.Errorf("a listed difference is gone, take it off the list: %s", reason)
		}
	}
	dir := corpus.Dir(t, "sbom")
	for _, row := range corpus.Table(t, filepath.Join(dir, "MANIFEST.tsv")) {
		path, encoding := row["path"], row["encoding"]
		if row["format"] == "SPDX" && lowered[encoding] != nil {
			t.Run(path, func(t *testing.T) { compare(t, path, encoding, readCorpusFile(t, filepath.Join(dir, path))) })
		}
	}
	eachFile(t, "spdx-2.x", func(t *testing.T, name string, text []byte) {
		if encoding, _, _ := strings.Cut(name, "/"); lowered[encoding] != nil {
			compare(t, name, encoding, text)
		}
	})
	t.Logf("tools-golang accepts %v documents and refuses %v", accepted, refused)
	if accepted["yaml"] < 26 || accepted["rdf-xml"] < 4 {
		t.Errorf("tools-golang accepted only %v documents", accepted)
	}
}

// readLoweredWithLibrary reads with tools-golang, which panics on some
// documents.
func readLoweredWithLibrary(text []byte, encoding string) (a account, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("tools-golang panicked: %v", p)
		}
	}()
	var doc *spdxmodel.Document
	switch encoding {
	case "yaml":
		doc, err = spdxyaml.Read(bytes.NewReader(text))
	case "rdf-xml":
		doc, err = rdf.Read(bytes.NewReader(text))
	default:
		err = fmt.Errorf("tools-golang does not read %s", encoding)
	}
	if err != nil {
		return account{}, err
	}
	return theirs(doc), nil
}
