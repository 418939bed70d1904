// SPDX-License-Identifier: Apache-2.0

package spdx

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
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/sbom"
)

// readCorpusFile returns a file as UTF-8 without a mark, as sbom/reader hands
// it to a decoder.
func readCorpusFile(tb testing.TB, path string) []byte {
	tb.Helper()
	return plainText(corpus.Read(tb, path))
}

func plainText(text []byte) []byte {
	little, big := bytes.HasPrefix(text, []byte("\xff\xfe")), bytes.HasPrefix(text, []byte("\xfe\xff"))
	if !little && !big {
		return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	}
	text = text[2:]
	units := make([]uint16, len(text)/2)
	for i := range units {
		units[i] = uint16(text[2*i]) | uint16(text[2*i+1])<<8
		if big {
			units[i] = units[i]>>8 | units[i]<<8
		}
	}
	return []byte(string(utf16.Decode(units)))
}

func decode(text []byte, encoding string) (*sbom.Document, error) {
	if strings.HasPrefix(encoding, "json") {
		return DecodeJSON(text, Options{})
	}
	return DecodeTagValue(text, Options{})
}

// facts are the columns of the manifest that a document can be held against.
type facts struct{ Components, PURL, CPE, Version, Hash, Files int }

func factsOf(doc *sbom.Document) facts {
	f := facts{Components: doc.Count(), Files: doc.Files}
	for _, c := range doc.All() {
		count := func(n *int, has bool) {
			if has {
				*n++
			}
		}
		count(&f.PURL, c.PURL != "")
		count(&f.CPE, len(c.CPE) > 0)
		count(&f.Version, c.Version != "")
		count(&f.Hash, len(c.Hashes) > 0)
	}
	return f
}

// TestCorpus holds every SPDX 2 document of the medical and wild sets against
// the manifest, which another program counted.
func TestCorpus(t *testing.T) {
	dir := corpus.Dir(t, "sbom")
	// the documents that are counted otherwise than in the manifest, and why
	differences := map[string]facts{
		// three references of type purl say NOASSERTION: no package URL, but
		// said so (NoIdentifierStated); the manifest counts the reference
		"wild/docfest-blackduck-philips-keycloak.spdx.json.gz": {Components: 148, PURL: 144, Version: 148},
	}
	read := 0
	for _, row := range corpus.Table(t, filepath.Join(dir, "MANIFEST.tsv")) {
		path, encoding := row["path"], row["encoding"]
		set, _, _ := strings.Cut(path, "/")
		if row["format"] != "SPDX" || (set != "medical" && set != "wild") ||
			!slices.Contains([]string{"json", "tag-value", "tag-value+utf16"}, encoding) {
			continue
		}
		read++
		t.Run(path, func(t *testing.T) {
			text := readCorpusFile(t, filepath.Join(dir, path))
			doc, err := decode(text, encoding)
			if path == "wild/bomshelter-broken-powershell.spdx.json" {
				// text after the document: "Contact UsTerms of Use…"
				var syntax *sbom.SyntaxError
				if !errors.As(err, &syntax) || syntax.Position.Line != 2765 {
					t.Fatalf("error %v, want a syntax error at line 2765", err)
				}
				return
			}
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
			if d, ok := differences[path]; ok {
				if d == want {
					t.Fatal("a listed difference is gone: take it off the list")
				}
				want = d
			}
			if diff := cmp.Diff(want, factsOf(doc)); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
			checkInvariants(t, doc, text)
		})
	}
	if read < 58 {
		t.Errorf("only %d documents of the corpus were read", read)
	}
}

// checkInvariants holds for every document, whatever the text.
func checkInvariants(t *testing.T, doc *sbom.Document, text []byte) {
	t.Helper()
	lines := int32(bytes.Count(text, []byte("\n")) + bytes.Count(text, []byte("\r")) + 1)
	inside := func(p sbom.Position) bool { return p.Line >= 1 && p.Line <= lines && p.Column >= 1 }
	n := int32(len(doc.Components))
	for i := range doc.Components {
		c := &doc.Components[i]
		if !inside(c.Position) {
			t.Errorf("component %d has no place: %v", i, c.Position)
		}
		if c.Parent != sbom.SubjectIndex {
			t.Errorf("component %d has a parent: %d", i, c.Parent)
		}
	}
	for _, e := range doc.Dependencies {
		if e.From < 0 || e.From >= n || e.To < 0 || e.To >= n {
			t.Errorf("edge %v leads out of %d components", e, n)
		}
	}
	for _, d := range doc.Defects.List {
		if !inside(d.Position) {
			t.Errorf("defect without a place: %+v", d)
		}
	}
	for i := range doc.FileParts {
		if f := &doc.FileParts[i]; !inside(f.Position) || f.Type != "file" || f.Parent != sbom.SubjectIndex {
			t.Errorf("file %d is no part: %+v", i, f)
		}
	}
	if len(doc.FileParts) > 0 && n > 0 || len(doc.FileParts) > doc.Files {
		t.Errorf("%d file parts beside %d components and %d files", len(doc.FileParts), n, doc.Files)
	}
	for _, e := range doc.External {
		if !inside(e.Position) {
			t.Errorf("external document without a place: %+v", e)
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

// TestMalformed holds the hostile cases against the verdict due for each.
func TestMalformed(t *testing.T) {
	dir := corpus.Dir(t, "sbom")
	encodings := make(map[string]string)
	for _, row := range corpus.Table(t, filepath.Join(dir, "MANIFEST.tsv")) {
		if path, ok := strings.CutPrefix(row["path"], "malformed/"); ok && row["format"] == "SPDX" {
			encodings[path] = row["encoding"]
		}
	}
	encodings["json/python-bytes.spdx"] = "tag-value" // of no format for the counting program
	read := 0
	for _, row := range corpus.Table(t, filepath.Join(dir, "malformed", "EXPECTED.tsv")) {
		path := row["path"]
		if e := encodings[path]; e != "json" && e != "tag-value" {
			continue
		}
		read++
		t.Run(path, func(t *testing.T) {
			text := readCorpusFile(t, filepath.Join(dir, "malformed", path))
			doc, err := decode(text, encodings[path])
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
			components, _, _ := strings.Cut(row["components"], " ")
			if want, err := strconv.Atoi(components); err != nil || want != doc.Count() {
				t.Errorf("components: want %s, got %d", row["components"], doc.Count())
			}
			if strings.HasSuffix(row["components"], " 1 file") && (doc.Files != 1 || len(doc.FileParts) != 1) {
				t.Errorf("files: want %s, got %d, parts %+v", row["components"], doc.Files, doc.FileParts)
			}
			if said := doc.Defects.Total() > 0; said != (row["verdict"] == "warn") {
				t.Errorf("verdict %s (%s): defects %+v", row["verdict"], row["why"], doc.Defects.List)
			}
			checkInvariants(t, doc, text)
		})
	}
	if read < 42 {
		t.Errorf("only %d hostile cases were read", read)
	}
}

// TestConformance reads the SPDX project's own samples.
func TestConformance(t *testing.T) {
	foreign := []string{ // filed under JSON and tag-value, but not of that format
		"json/cdx2spdx/src/test/resources/bom.json",                                                                     // CycloneDX
		"json/cdx2spdx/src/test/resources/cdxboms/invalid-data-license/invalid-data-license.sbom.json",                  // CycloneDX
		"json/cdx2spdx/src/test/resources/specification/tools/src/test/resources/1.4/valid-bom-1.4.json",                // CycloneDX
		"tag-value/maven-plugin/src/test/resources/unit/app-bomination/target/site/App-BOM-ination-0.0.1-SNAPSHOT.spdx", // RDF/XML
	}
	eachConformance(t, func(t *testing.T, name, encoding string, text []byte) {
		doc, err := decode(text, encoding)
		if slices.Contains(foreign, name) {
			if err == nil {
				t.Error("read as SPDX 2 though it is of another format")
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		checkInvariants(t, doc, text)
		if doc.Count() == 0 && doc.Files == 0 && doc.Name != "null-package-doc" {
			t.Error("neither a package nor a file")
		}
	})
}

// TestConformanceOfOthers reads what other projects keep as samples of SPDX 2.
func TestConformanceOfOthers(t *testing.T) {
	refused := map[string]string{} // documents that are refused, and why: none
	for archive, least := range map[string]int{"ntia-minimum-elements": 38, "sbomqs-quality": 59, "sbom-utility": 4, "osv-scalibr": 13} {
		read := 0
		eachFile(t, archive, func(t *testing.T, name string, text []byte) {
			encoding := looksLike(text)
			if encoding == "" {
				return
			}
			read++
			doc, err := decode(text, encoding)
			reason := refused[archive+"/"+name]
			if err != nil {
				var syntax *sbom.SyntaxError
				if reason == "" || !errors.As(err, &syntax) || syntax.Position.IsZero() {
					t.Fatal(err)
				}
				return
			}
			if reason != "" {
				t.Errorf("a listed refusal is gone, take it off the list: %s", reason)
			}
			checkInvariants(t, doc, text)
		})
		if read < least {
			t.Errorf("only %d documents of %s were read", read, archive)
		}
	}
}

// looksLike tells the encoding of an SPDX 2 document, "" if it is none.
func looksLike(text []byte) string {
	text = bytes.TrimSpace(text)
	switch {
	case bytes.HasPrefix(text, []byte("{")) && bytes.Contains(text, []byte(`"spdxVersion"`)):
		return "json"
	case bytes.HasPrefix(text, []byte("SPDXVersion:")), bytes.Contains(text, []byte("\nSPDXVersion:")):
		return "tag-value"
	}
	return ""
}

// TestOfficialExamples: the SPDX project's examples have no defect, but for those
// that were made to have one.
func TestOfficialExamples(t *testing.T) {
	made := map[string][]sbom.Code{
		"json/ntia-checker/tests/data/missing_component_name/SPDXJsonExample.json": { // the form before SPDX 2.1, and its names of things
			sbom.CodeSpec, sbom.CodeUnknownTag, sbom.CodeValue, sbom.CodeMissing, sbom.CodeDangling,
		},
		"json/ntia-checker/tests/data/missing_author_name/SPDXJSONExample-v2.3.spdx.json":        {sbom.CodeMissing},                    // no creator
		"json/ntia-checker/tests/data/missing_timestamp/SPDXJSONExample-v2.3.spdx.json":          {sbom.CodeMissing},                    // no creation time
		"json/ntia-checker/tests/data/missing_unique_identifiers/SPDXJSONExample-v2.3.spdx.json": {sbom.CodeMissing, sbom.CodeDangling}, // no SPDXID
		"json/tools-java/testResources/SPDXJSONExample-wrongversion.spdx.json":                   {sbom.CodeMissing},                    // 2.3 that says it is 2.2
		"tag-value/ntia-checker/tests/data/missing_author_name/SPDXTagExample-v2.3.spdx":         {sbom.CodeValue, sbom.CodeMissing},    // "True"; no creator
		"tag-value/ntia-checker/tests/data/missing_timestamp/SPDXTagExample-v2.3.spdx":           {sbom.CodeValue, sbom.CodeMissing},
		"tag-value/ntia-checker/tests/data/missing_unique_identifiers/SPDXTagExample-v2.3.spdx":  {sbom.CodeValue, sbom.CodeMissing, sbom.CodeDangling},
	}
	read := 0
	eachConformance(t, func(t *testing.T, name, encoding string, text []byte) {
		base := filepath.Base(name)
		if !strings.HasPrefix(base, "SPDXJ") && !strings.HasPrefix(base, "SPDXTagExample") {
			return
		}
		read++
		doc, err := decode(text, encoding)
		if err != nil {
			t.Fatal(err)
		}
		var codes []sbom.Code
		for _, d := range doc.Defects.List {
			if !slices.Contains(codes, d.Code) {
				codes = append(codes, d.Code)
			}
		}
		if diff := cmp.Diff(made[name], codes); diff != "" {
			t.Errorf("defects (-want +got):\n%s\n%v", diff, doc.Defects.List)
		}
	})
	if read < 25 {
		t.Errorf("only %d examples were read", read)
	}
}

// eachConformance calls check for every JSON and tag-value document of the
// conformance set that is one.
func eachConformance(t *testing.T, check func(t *testing.T, name, encoding string, text []byte)) {
	eachFile(t, "spdx-2.x", func(t *testing.T, name string, text []byte) {
		if encoding, _, _ := strings.Cut(name, "/"); encoding == "json" || encoding == "tag-value" {
			check(t, name, encoding, text)
		}
	})
}

// eachFile calls check for every file of an archive of the conformance set.
func eachFile(t *testing.T, archive string, check func(t *testing.T, name string, text []byte)) {
	z, err := zip.OpenReader(corpus.Dir(t, "sbom", "conformance", archive+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		t.Run(f.Name, func(t *testing.T) {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			check(t, f.Name, plainText(text))
		})
	}
}
