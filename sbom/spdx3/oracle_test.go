// SPDX-License-Identifier: Apache-2.0

package spdx3

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spdx/tools-golang/spdx/v3/v3_0"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// identity is what both readers say about a package.
type identity struct{ ID, Name, Version, PURL string }

// TestOracle reads every document that the SPDX project's own library accepts
// and compares the packages with what it read.
func TestOracle(t *testing.T) {
	differences := map[string]string{ // and why
		"sbomqs/testdata/fixtures/spdx3-complete-ntia.json": "externalIdentifiers, in the plural, is read, and said",
	}
	accepted, refused := 0, 0
	compare := func(t *testing.T, name string, text []byte) {
		theirs, err := readWithLibrary(text)
		if err != nil {
			t.Log(err)
			refused++
			return
		}
		accepted++
		doc, err := Decode(text, Options{})
		if err != nil {
			t.Fatalf("tools-golang accepts what we refuse: %v", err)
		}
		diff := cmp.Diff(theirs, identities(doc))
		switch reason := differences[name]; {
		case diff != "" && reason == "":
			t.Errorf("packages (-tools-golang +ours):\n%s", diff)
		case diff == "" && reason != "":
			t.Errorf("a listed difference is gone, take it off the list: %s", reason)
		}
	}
	dir := corpus.Dir(t, "sbom")
	for _, row := range corpus.Table(t, filepath.Join(dir, "MANIFEST.tsv")) {
		if path := row["path"]; row["encoding"] == "json-ld" {
			t.Run(path, func(t *testing.T) { compare(t, path, corpus.Read(t, filepath.Join(dir, path))) })
		}
	}
	for name, text := range conformance(t) {
		t.Run(name, func(t *testing.T) { compare(t, name, text) })
	}
	t.Logf("tools-golang accepts %d documents and refuses %d", accepted, refused)
	if accepted < 40 {
		t.Errorf("tools-golang accepted only %d documents", accepted)
	}
}

// readWithLibrary reads with tools-golang.
func readWithLibrary(text []byte) (packages []identity, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("tools-golang panicked: %v", p)
		}
	}()
	doc := &v3_0.Document{}
	if err := doc.FromJSON(bytes.NewReader(text)); err != nil {
		return nil, err
	}
	for _, p := range doc.Elements.Packages() {
		one := identity{ID: p.GetID(), Name: notation.Stated(p.GetName()), Version: notation.Stated(p.GetVersion()), PURL: string(p.GetPackageURL())}
		for _, x := range p.GetExternalIdentifiers() {
			if one.PURL == "" && x.GetType() == v3_0.ExternalIdentifierType_PackageURL {
				one.PURL = x.GetIdentifier()
			}
		}
		packages = append(packages, one)
	}
	return sorted(packages), nil
}

func identities(doc *sbom.Document) []identity {
	var packages []identity
	for _, c := range doc.All() {
		packages = append(packages, identity{ID: c.Ref, Name: c.Name, Version: c.Version, PURL: c.PURL})
	}
	return sorted(packages)
}

func sorted(list []identity) []identity {
	slices.SortFunc(list, func(a, b identity) int { return strings.Compare(a.ID+"\x00"+a.Name, b.ID+"\x00"+b.Name) })
	return list
}
