// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"bytes"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	spdxjson "github.com/spdx/tools-golang/json"
	spdxmodel "github.com/spdx/tools-golang/spdx"
	"github.com/spdx/tools-golang/spdx/v2/common"
	"github.com/spdx/tools-golang/tagvalue"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// An account is what two readers can be compared in.
type account struct {
	Packages []identity
	External []string // ID, URI and checksum of each external document
	Edges    []string // sorted
	Files    int
}

// An identity is what both readers say about a package.
type identity struct {
	ID, Name, Version    string
	Declared, Concluded  string
	Supplier, Originator string
	PURL, CPE, Other     []string // sorted; Other are SWID, SWHID, gitoid and the links of security
	Hashes               []string // sorted
	Download, Homepage   string
}

// TestOracle reads every document that the SPDX project's own library accepts
// and compares everything that both keep.
func TestOracle(t *testing.T) {
	// documents that both read, and read differently; the value says why
	const (
		anyCase   = "a purl reference is read in any case and with a type that is a URL"
		olderType = "a reference of type npm or maven-central is read as a package URL where that is exact"
		merged    = "one package listed twice is one component in two places"
		typeURL   = "a CPE reference is read also with a type that is a URL"
		nameless  = "tools-golang loses a package whose PackageName is empty, and gives its tags to the one before"
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
		"tag-value/ntia-checker/tests/data/other_tests/test_components_without_functions.spdx": nameless,
		"ntia-minimum-elements/other_tests/test_components_without_functions.spdx":             nameless,
		"wild/docfest-yocto-recipe-time.spdx.json":                                             typeURL,
		"json/tools-java/testResources/SPDXJSONExample-v2.2.spdx.json":                         typeURL,
		"sbom-utility/spdx/spdx-2-3-example-package-bom.json":                                  typeURL,
	}
	accepted, refused := make(map[string]int), make(map[string]int)
	compare := func(t *testing.T, name, encoding string, text []byte) {
		theirs, err := readWithLibrary(text, encoding)
		if err != nil {
			refused[encoding]++
			return
		}
		accepted[encoding]++
		doc, err := decode(text, encoding)
		if err != nil {
			if differences[name] == "" {
				t.Fatalf("tools-golang accepts what we refuse: %v", err)
			}
			return
		}
		diff := cmp.Diff(theirs, ours(doc))
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
		if row["format"] != "SPDX" || strings.HasSuffix(path, ".zip") ||
			!slices.Contains([]string{"json", "tag-value", "tag-value+utf16"}, encoding) {
			continue
		}
		t.Run(path, func(t *testing.T) {
			compare(t, path, encoding, readCorpusFile(t, filepath.Join(dir, path)))
		})
	}
	eachConformance(t, compare)
	for _, archive := range []string{"ntia-minimum-elements", "sbomqs-quality", "sbom-utility", "osv-scalibr"} {
		eachFile(t, archive, func(t *testing.T, name string, text []byte) {
			if encoding := looksLike(text); encoding != "" {
				compare(t, archive+"/"+name, encoding, text)
			}
		})
	}
	t.Logf("tools-golang accepts %v documents and refuses %v", accepted, refused)
	if accepted["json"] < 150 || accepted["tag-value"] < 50 {
		t.Errorf("tools-golang accepted only %v documents", accepted)
	}
}

// readWithLibrary reads with tools-golang, which panics on some documents.
func readWithLibrary(text []byte, encoding string) (a account, err error) {
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
		return account{}, err
	}
	return theirs(doc), nil
}

func theirs(doc *spdxmodel.Document) account {
	a := account{Files: len(doc.Files)}
	known := make(map[string]bool)
	for _, p := range doc.Packages {
		a.Packages = append(a.Packages, theirIdentity(p))
		known[bareID(string(p.PackageSPDXIdentifier))] = true
		a.Files += len(p.Files)
	}
	for _, e := range doc.ExternalDocumentReferences {
		a.External = append(a.External, strings.Join([]string{
			documentPrefix + strings.TrimPrefix(string(e.DocumentRefID), documentPrefix), e.URI, theirHash(e.Checksum),
		}, " "))
	}
	edges := make(map[string]bool)
	for _, r := range doc.Relationships {
		from, to := string(r.RefA.ElementRefID), string(r.RefB.ElementRefID)
		if r.RefA.DocumentRefID != "" || r.RefB.DocumentRefID != "" || !known[bareID(from)] || !known[bareID(to)] {
			continue
		}
		m, turned, _ := relationship(r.Relationship)
		if turned {
			from, to = to, from
		}
		if m == dependsOn || m == contains {
			edges[fmt.Sprintf("%s %d %s", bareID(from), m, bareID(to))] = true
		}
	}
	a.Edges = slices.Sorted(maps.Keys(edges))
	return a
}

func theirHash(c common.Checksum) string {
	spelt, _, _ := hashAlgorithm(string(c.Algorithm))
	return spelt + ":" + c.Value
}

func theirIdentity(p *spdxmodel.Package) identity {
	one := identity{
		ID: bareID(string(p.PackageSPDXIdentifier)), Name: notation.Stated(strings.TrimSpace(p.PackageName)),
		Version: notation.Stated(strings.TrimSpace(p.PackageVersion)), Declared: strings.TrimSpace(p.PackageLicenseDeclared),
		Concluded: strings.TrimSpace(p.PackageLicenseConcluded),
		Download:  notation.Stated(strings.TrimSpace(p.PackageDownloadLocation)), Homepage: notation.Stated(strings.TrimSpace(p.PackageHomePage)),
	}
	if s := p.PackageSupplier; s != nil {
		one.Supplier = theirParty(s.SupplierType, s.Supplier)
	}
	if o := p.PackageOriginator; o != nil {
		one.Originator = theirParty(o.OriginatorType, o.Originator)
	}
	for _, r := range p.PackageExternalReferences {
		locator := strings.TrimSpace(r.Locator)
		if !stands(locator) {
			continue
		}
		switch r.RefType {
		case "purl":
			one.PURL = append(one.PURL, locator)
		case "cpe22Type", "cpe23Type":
			one.CPE = append(one.CPE, locator)
		case "swid":
			one.Other = append(one.Other, strings.TrimPrefix(locator, "swid:"))
		case "swh", "gitoid", "advisory", "fix", "url":
			one.Other = append(one.Other, locator)
		}
	}
	for _, c := range p.PackageChecksums {
		if stands(c.Value) {
			one.Hashes = append(one.Hashes, theirHash(c))
		}
	}
	return one.sorted()
}

// theirParty reads a party as tools-golang keeps it: the kind, and the rest with
// its contact.
func theirParty(kind, rest string) string {
	if kind != "" {
		rest = kind + ": " + rest
	}
	rest = strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(rest) // it leaves the escapes of JSON in
	party, _, _ := parseParty(rest)
	return partyText(party)
}

func partyText(p sbom.Party) string {
	return fmt.Sprint(p.Name, "|", p.Email, "|", p.URL, "|", p.Person, p.Unknown)
}

// sorted makes lists comparable that one reader orders by kind and the other by
// place; a package URL that is written twice counts once.
func (i identity) sorted() identity {
	for _, list := range []*[]string{&i.PURL, &i.CPE, &i.Other, &i.Hashes} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	if i.Supplier == "" {
		i.Supplier = partyText(sbom.Party{})
	}
	if i.Originator == "" {
		i.Originator = partyText(sbom.Party{})
	}
	return i
}

func ours(doc *sbom.Document) account {
	a := account{Files: doc.Files}
	for _, c := range doc.All() {
		a.Packages = append(a.Packages, ourIdentity(c))
	}
	for _, e := range doc.External {
		a.External = append(a.External, strings.Join([]string{e.ID, e.URI, e.Hash.Algorithm + ":" + e.Hash.Value}, " "))
	}
	edges := make(map[string]bool)
	for _, e := range doc.Dependencies {
		m := dependsOn
		if e.Kind == sbom.Contains {
			m = contains
		}
		edges[fmt.Sprintf("%s %d %s", bareID(doc.Components[e.From].Ref), m, bareID(doc.Components[e.To].Ref))] = true
	}
	a.Edges = slices.Sorted(maps.Keys(edges))
	return a
}

func ourIdentity(c *sbom.Component) identity {
	one := identity{
		ID: bareID(c.Ref), Name: c.Name, Version: c.Version,
		Supplier: partyText(c.Supplier), Originator: partyText(c.Originator()),
		PURL: slices.Clone(c.MorePURL()), CPE: slices.Clone(c.CPE), Other: slices.Clone(c.SWHID()),
	}
	if c.PURL != "" {
		one.PURL = append(one.PURL, c.PURL)
	}
	if tag := c.SWID(); tag != "" {
		one.Other = append(one.Other, tag)
	}
	if id := c.Property("gitoid"); id != "" {
		one.Other = append(one.Other, id)
	}
	for _, l := range c.Licences {
		if l.Concluded {
			one.Concluded = l.Value
		} else {
			one.Declared = l.Value
		}
	}
	for _, h := range c.Hashes {
		one.Hashes = append(one.Hashes, h.Algorithm+":"+h.Value)
	}
	for _, r := range c.References {
		switch r.Type {
		case "distribution", "vcs":
			one.Download = r.URL
		case "website":
			one.Homepage = r.URL
		case "advisories", "fix", "security-url":
			one.Other = append(one.Other, r.URL)
		}
	}
	return one.sorted()
}
