// SPDX-License-Identifier: Apache-2.0

package spdx3

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/sbom"
)

// columns are those of the manifest that a document can be held against.
type columns struct {
	Format, Spec, Encoding                                                        string
	Components, PURL, CPE, Version, Supplier, Licence, Hash, Files, Vulnerability int
}

func columnsOf(doc *sbom.Document) columns {
	c := columns{
		Format: string(doc.Format), Spec: doc.SpecVersion, Encoding: string(doc.Encoding),
		Components: doc.Count(), Files: doc.Files, Vulnerability: doc.Statements,
	}
	for _, part := range doc.All() {
		count := func(n *int, has bool) {
			if has {
				*n++
			}
		}
		count(&c.PURL, part.PURL != "")
		count(&c.CPE, len(part.CPE) > 0)
		count(&c.Version, part.Version != "")
		count(&c.Supplier, part.Supplier.Name != "")
		count(&c.Licence, slices.ContainsFunc(part.Licences, func(l sbom.Licence) bool { return stands(l.Value) }))
		count(&c.Hash, len(part.Hashes) > 0)
	}
	return c
}

func columnsIn(t *testing.T, row map[string]string) columns {
	number := func(column string) int {
		n, err := strconv.Atoi(row[column])
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return columns{
		Format: row["format"], Spec: row["spec"], Encoding: row["encoding"],
		Components: number("components"), PURL: number("with_purl"), CPE: number("with_cpe"),
		Version: number("with_version"), Supplier: number("with_supplier"), Licence: number("with_licence"),
		Hash: number("with_hash"), Files: number("files"), Vulnerability: number("vulnerabilities_or_statements"),
	}
}

// TestCorpus holds every SPDX 3 document of the corpus against the manifest,
// which another program counted, and the hostile ones against the verdict due.
func TestCorpus(t *testing.T) {
	dir := corpus.Dir(t, "sbom")
	verdicts := make(map[string]string)
	for _, row := range corpus.Table(t, filepath.Join(dir, "malformed", "EXPECTED.tsv")) {
		verdicts["malformed/"+row["path"]] = row["verdict"]
	}
	// what is counted otherwise than in the manifest, and why
	differences := map[string]func(*columns){
		// the only one is a PackageVerificationCode, which is of no file
		"wild/mssbomtool-spdx3.spdx.json.gz": func(c *columns) { c.Hash = 0 },
		// expanded JSON-LD, which the counting program does not read; it names no version
		"malformed/spdx3/expanded-iris.spdx3.json": func(c *columns) { c.Spec, c.Components, c.PURL, c.Version = "", 1, 1, 1 },
		// the version stands in the inline creation information, or in the address of the context
		"malformed/spdx3/inline-objects.spdx3.json": func(c *columns) { c.Spec = "3.0.1" },
		// the supplier names an element that is not there
		"malformed/spdx3/single-element-no-graph.spdx3.json": func(c *columns) { c.Spec, c.Supplier = "3.0.1", 0 },
	}
	read := 0
	for _, row := range corpus.Table(t, filepath.Join(dir, "MANIFEST.tsv")) {
		path := row["path"]
		if row["encoding"] != "json-ld" {
			continue
		}
		read++
		t.Run(path, func(t *testing.T) {
			text := corpus.Read(t, filepath.Join(dir, path))
			doc, err := Decode(text, Options{})
			if err != nil {
				t.Fatal(err)
			}
			want := columnsIn(t, row)
			if change, ok := differences[path]; ok {
				before := want
				if change(&want); want == before {
					t.Error("a listed difference is gone: take it off the list")
				}
			}
			if diff := cmp.Diff(want, columnsOf(doc)); diff != "" {
				t.Errorf("columns (-want +got):\n%s", diff)
			}
			if verdict, ok := verdicts[path]; ok && (doc.Defects.Total() > 0) != (verdict == "warn") {
				t.Errorf("verdict %s: defects %+v", verdict, doc.Defects.List)
			}
			if path == "medical/ehrbase.converted.spdx3.json.gz" && doc.Defects.Total() > 0 {
				t.Errorf("defects %+v", doc.Defects.List)
			}
			checkInvariants(t, doc, text)
		})
	}
	if read < 12 {
		t.Errorf("only %d documents of the corpus were read", read)
	}
}

// checkInvariants holds for every document, whatever the text.
func checkInvariants(t *testing.T, doc *sbom.Document, text []byte) {
	t.Helper()
	lines := int32(bytes.Count(text, []byte("\n")) + 1)
	inside := func(p sbom.Position) bool { return p.Line >= 1 && p.Line <= lines && p.Column >= 1 }
	n := int32(len(doc.Components))
	for i := range doc.Components {
		if c := &doc.Components[i]; !inside(c.Position) || c.Parent != sbom.SubjectIndex {
			t.Errorf("component %d: place %v, parent %d", i, c.Position, c.Parent)
		}
	}
	if n > 0 && len(doc.FileParts) > 0 {
		t.Error("files stand for components though there are packages")
	}
	for _, e := range doc.Dependencies {
		if e.From < 0 || e.From >= n || e.To < 0 || e.To >= n {
			t.Errorf("edge %v leads out of %d components", e, n)
		}
	}
	for _, d := range doc.Defects.List {
		if !inside(d.Position) || d.Message == "" {
			t.Errorf("defect without a place or message: %+v", d)
		}
	}
	for _, v := range doc.Vulnerabilities {
		if !inside(v.Position) {
			t.Errorf("vulnerability without a place: %+v", v)
		}
	}
	if doc.Subject != nil {
		listed := false
		for i := range doc.Components {
			listed = listed || doc.Subject == &doc.Components[i]
		}
		if !listed || !doc.SubjectListed {
			t.Error("the subject is not one of the components")
		}
	}
}

// TestConformance reads the examples of the SPDX project and the fixtures of
// other readers.
func TestConformance(t *testing.T) {
	const (
		noPackage = "field-missing"      // one element, or files alone: the document lists no package
		outside   = "reference-dangling" // it refers to elements that it does not import
		badPURL   = "purl-invalid"       // software_packageUrl is https://some.purl
	)
	// what is wrong with the official examples
	official := map[string][]string{
		"agent1.json": {noPackage, outside}, "annotation1.json": {noPackage, outside}, "file1.json": {noPackage, outside},
		"org1.json": {noPackage}, "person1.json": {noPackage, outside}, "person2.json": {noPackage, outside},
		"person3.json":        {noPackage}, // and no creationInfo
		"relationship1.json":  {noPackage, outside},
		"sbom1.json":          {noPackage, outside},
		"tool1.json":          {noPackage, outside},
		"two_sboms.json":      {noPackage, outside},
		"spdx_document1.json": {noPackage, outside}, "spdx_document2.json": {noPackage, outside},
		"spdx_document3.json": {outside}, "spdx_document4.json": {outside},
		"package1.json":              {badPURL, outside},
		"converted_from_spdx_2.json": {outside},         // Relationship-2 is misspelt, ToolsElement not imported
		"simplehtr-example.json":     {"field-missing"}, // two agents without a name
		"example7-bin.spdx3.json":    {noPackage},       // a file with imports
		"double.jsonld":              {outside},         // "Organization: …" in place of a reference
	}
	// the fixtures of sbomqs break rules on purpose, or without: only that they
	// are read is asked
	read := 0
	for name, text := range conformance(t) {
		read++
		t.Run(name, func(t *testing.T) {
			doc, err := Decode(text, Options{})
			if strings.Contains(name, "/resources/spdx-model-v3") { // the ontology: no SBOM
				var syntax *sbom.SyntaxError
				if !errors.As(err, &syntax) || syntax.Remedy == "" {
					t.Errorf("error %v, want that it is no SPDX 3 document", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			checkInvariants(t, doc, text)
			if strings.HasPrefix(name, "sbomqs/testdata/") || strings.HasPrefix(name, "ntia-checker/") || strings.HasPrefix(name, "sbomqs/") {
				return
			}
			var codes []string
			for code := range doc.Defects.Counts {
				codes = append(codes, string(code))
			}
			slices.Sort(codes)
			if diff := cmp.Diff(official[filepath.Base(name)], codes); diff != "" {
				t.Errorf("defects (-want +got):\n%s\n%+v", diff, doc.Defects.List)
			}
		})
	}
	if read != 132 {
		t.Errorf("%d documents were read", read)
	}
}

// conformance yields the files of the zip of SPDX 3 examples.
func conformance(tb testing.TB) func(yield func(string, []byte) bool) {
	z, err := zip.OpenReader(corpus.Dir(tb, "sbom", "conformance", "spdx-3.0.zip"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = z.Close() })
	return func(yield func(string, []byte) bool) {
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				tb.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil {
				tb.Fatal(err)
			}
			if !yield(f.Name, text) {
				return
			}
		}
	}
}
