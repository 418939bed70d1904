// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	spdxjson "github.com/spdx/tools-golang/json"
	spdxmodel "github.com/spdx/tools-golang/spdx"
	"github.com/spdx/tools-golang/tagvalue"

	"github.com/medsbom/medsbom/sbom"
)

// identity is what both readers say about a package.
type identity struct{ ID, Name, Version, PURL, Declared string }

// TestOracle reads every document that the SPDX project's own library accepts
// and compares the packages, in order, with what it read.
func TestOracle(t *testing.T) {
	// documents that both read, and read differently; the value says why
	const (
		anyCase   = "a purl reference is read in any case and with a type that is a URL"
		olderType = "a reference of type npm or maven-central is read as a package URL where that is exact"
		merged    = "one package listed twice is one component in two places"
	)
	differences := map[string]string{
		"malformed/spdx/category-lower.spdx.json":                                              anyCase,
		"malformed/spdx/reftype-url.spdx.json":                                                 anyCase,
		"malformed/spdx/reftype-maven.spdx.json":                                               olderType,
		"malformed/spdx/reftype-npm.spdx.json":                                                 olderType,
		"json/spdx-to-osv/test-resources/spdx-test-externalref.json":                           olderType,
		"json/tools-python/tests/spdx/writer/json/expected_results/expected.json":              olderType,
		"json/tools-golang/spdx/v2/v2_2/json/testdata/spdx-null-relationships.json":            merged,
		"json/tools-golang/spdx/v2/v2_3/json/testdata/spdx-null-relationships.json":            merged,
		"tag-value/ntia-checker/tests/data/other_tests/test_components_without_functions.spdx": "tools-golang loses a package whose PackageName is empty, and gives its tags to the one before",
	}
	accepted, refused := 0, 0
	compare := func(t *testing.T, name, encoding string, text []byte) {
		theirs, err := readWithLibrary(text, encoding)
		if err != nil {
			refused++
			return
		}
		accepted++
		doc, err := decode(text, encoding)
		if err != nil {
			if differences[name] == "" {
				t.Fatalf("tools-golang accepts what we refuse: %v", err)
			}
			return
		}
		diff := cmp.Diff(theirs, identities(doc))
		switch reason := differences[name]; {
		case diff != "" && reason == "":
			t.Errorf("packages (-tools-golang +ours):\n%s", diff)
		case diff == "" && reason != "":
			t.Errorf("a listed difference is gone, take it off the list: %s", reason)
		}
	}
	dir := corpus(t)
	for _, row := range readTable(t, filepath.Join(dir, "MANIFEST.tsv")) {
		path, encoding := row["path"], row["encoding"]
		if row["format"] != "SPDX" || strings.HasSuffix(path, ".zip") ||
			!slices.Contains([]string{"json", "tag-value", "tag-value+utf16"}, encoding) {
			continue
		}
		t.Run(path, func(t *testing.T) {
			compare(t, path, encoding, readCorpusFile(t, filepath.Join(dir, path)))
		})
	}
	eachConformance(t, compare)
	t.Logf("tools-golang accepts %d documents and refuses %d", accepted, refused)
	if accepted < 100 {
		t.Errorf("tools-golang accepted only %d documents", accepted)
	}
}

// readWithLibrary reads with tools-golang, which panics on some documents.
func readWithLibrary(text []byte, encoding string) (packages []identity, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("tools-golang panicked: %v", p)
		}
	}()
	var doc *spdxmodel.Document
	if strings.HasPrefix(encoding, "json") {
		doc, err = spdxjson.Read(bytes.NewReader(text))
	} else {
		doc, err = tagvalue.Read(bytes.NewReader(text))
	}
	if err != nil {
		return nil, err
	}
	for _, p := range doc.Packages {
		one := identity{
			ID: bareID(string(p.PackageSPDXIdentifier)), Name: stated(strings.TrimSpace(p.PackageName)),
			Version: stated(strings.TrimSpace(p.PackageVersion)), Declared: strings.TrimSpace(p.PackageLicenseDeclared),
		}
		for _, r := range p.PackageExternalReferences {
			if r.RefType == "purl" && one.PURL == "" && stands(r.Locator) {
				one.PURL = strings.TrimSpace(r.Locator)
			}
		}
		packages = append(packages, one)
	}
	return packages, nil
}

func identities(doc *sbom.Document) []identity {
	var packages []identity
	for _, c := range doc.All() {
		one := identity{ID: bareID(c.Ref), Name: c.Name, Version: c.Version, PURL: c.PURL}
		for _, l := range c.Licences {
			if !l.Concluded {
				one.Declared = l.Value
			}
		}
		packages = append(packages, one)
	}
	return packages
}
