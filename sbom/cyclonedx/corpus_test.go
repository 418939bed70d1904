// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/sbom"
)

// dataDir is the folder of shared test data: $MEDSBOM_DATA, else ../shared/data
// beside the repository. The test is skipped where there is none.
func dataDir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("MEDSBOM_DATA")
	if dir == "" {
		root, err := os.Getwd()
		for err == nil {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				break
			}
			if filepath.Dir(root) == root {
				break
			}
			root = filepath.Dir(root)
		}
		dir = filepath.Join(root, "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "sbom")); err != nil {
		t.Skipf("no shared test data in %s; set MEDSBOM_DATA", dir)
	}
	return dir
}

// plain reads a file, expanded if it is gzip, without a byte order mark.
func plain(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.HasPrefix(text, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if text, err = io.ReadAll(z); err != nil {
			t.Fatal(err)
		}
	}
	return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
}

// decoded tells the encoding as the reader would and decodes.
func decoded(text []byte) (*sbom.Document, error) {
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("<")) {
		return DecodeXML(text, Options{})
	}
	return DecodeJSON(text, Options{})
}

type manifestRow map[string]string

func manifest(t testing.TB, dir string) []manifestRow {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "sbom", "MANIFEST.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	keys := strings.Split(lines[0], "\t")
	var rows []manifestRow
	for _, line := range lines[1:] {
		row := manifestRow{}
		for i, value := range strings.Split(line, "\t") {
			row[keys[i]] = value
		}
		rows = append(rows, row)
	}
	return rows
}

// otherCounts lists where the manifest's count and ours differ, with the reason.
// It is empty: the two agree on every CycloneDX file.
var otherCounts = map[string]string{}

// notCycloneDX are files that the manifest files under CycloneDX and are none.
var notCycloneDX = map[string]string{
	"wild/cvebintool-swid.xml": "a bare SWID tag",
}

// TestCorpusCounts holds the counts of the manifest, which were taken by
// another program: components, and how many of them have what.
func TestCorpusCounts(t *testing.T) {
	dir := dataDir(t)
	files := 0
	for _, row := range manifest(t, dir) {
		name := row["path"]
		if row["format"] != "CycloneDX" || !strings.HasPrefix(name, "medical/") && !strings.HasPrefix(name, "wild/") {
			continue
		}
		files++
		t.Run(name, func(t *testing.T) {
			doc, err := decoded(plain(t, filepath.Join(dir, "sbom", name)))
			if why, ok := notCycloneDX[name]; ok {
				if err == nil {
					t.Errorf("read, though it is %s", why)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			checkInvariants(t, doc)
			got := map[string]int{"components": doc.Count(), "vulnerabilities_or_statements": doc.Statements}
			for i := range doc.Components {
				c := &doc.Components[i]
				for column, has := range map[string]bool{
					"with_purl": c.PURL != "", "with_cpe": len(c.CPE) > 0, "with_version": c.Version != "",
					"with_supplier": c.Supplier.Name != "" || c.Publisher.Name != "",
					"with_licence":  len(c.Licences) > 0, "with_hash": len(c.Hashes) > 0,
				} {
					if has {
						got[column]++
					}
				}
			}
			for column, want := range row {
				n, counted := got[column]
				if !counted && strings.HasPrefix(column, "with_") {
					counted = true
				}
				why, differs := otherCounts[name+" "+column]
				if counted && want != "" && (fmt.Sprint(n) != want) != differs {
					t.Errorf("%s: want %s, got %d (%s)", column, want, n, why)
				}
			}
		})
	}
	if files < 40 {
		t.Errorf("only %d CycloneDX files in the corpus", files)
	}
}

// identity is what the oracle and we must agree on.
type identity struct{ Group, Name, Version, PURL string }

func ours(doc *sbom.Document) []identity {
	var list []identity
	for i := range doc.Components {
		c := &doc.Components[i]
		list = append(list, identity{c.Group, c.Name, c.Version, c.PURL})
	}
	return list
}

// theirs flattens what cyclonedx-go reads in the order of ours: what hangs
// beneath metadata.component, then the list, each parent before its children.
func theirs(bom *cdx.BOM) []identity {
	var list []identity
	var walk func(components *[]cdx.Component)
	walk = func(components *[]cdx.Component) {
		if components == nil {
			return
		}
		for _, c := range *components {
			list = append(list, identity{
				strings.TrimSpace(c.Group), strings.TrimSpace(c.Name), strings.TrimSpace(c.Version), strings.TrimSpace(c.PackageURL),
			})
			walk(c.Components)
		}
	}
	if bom.Metadata != nil && bom.Metadata.Component != nil {
		walk(bom.Metadata.Component.Components)
	}
	walk(bom.Components)
	return list
}

// oracleDiffers lists the files on which cyclonedx-go and we differ, with the
// reason. An entry that is no longer needed fails the test.
var oracleDiffers = map[string]string{
	"wild/cvebintool-swid.xml":               "a bare SWID tag: cyclonedx-go takes any root element; refused here",
	"wild/sbomgen-codeql-cbom14.cdx.json.gz": "specVersion 1.4-cbom-1.0: refused by cyclonedx-go, read here with a defect",
}

// TestOracle compares us with cyclonedx-go over the corpus: the same components
// in the same order.
func TestOracle(t *testing.T) {
	dir := dataDir(t)
	for _, row := range manifest(t, dir) {
		name := row["path"]
		if row["format"] != "CycloneDX" || !strings.HasPrefix(name, "medical/") && !strings.HasPrefix(name, "wild/") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			text := plain(t, filepath.Join(dir, "sbom", name))
			problem := compare(text)
			why, listed := oracleDiffers[name]
			switch {
			case problem != "" && !listed:
				t.Error(problem)
			case problem == "" && listed:
				t.Errorf("no difference any more; it was listed for %q", why)
			}
		})
	}
}

// compare tells how cyclonedx-go's reading of a text differs from ours, "" if it does not.
func compare(text []byte) string {
	doc, err := decoded(text)
	format := cdx.BOMFileFormatJSON
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("<")) {
		format = cdx.BOMFileFormatXML
	}
	var bom cdx.BOM
	theirErr := cdx.NewBOMDecoder(bytes.NewReader(text), format).Decode(&bom)
	if err != nil || theirErr != nil {
		return fmt.Sprintf("ours: %v; theirs: %v", err, theirErr)
	}
	want, got := theirs(&bom), ours(doc)
	if doc.SubjectListed && len(got) == len(want)+1 {
		got = got[1:] // the subject, put into the list since nothing else is
	}
	if diff := cmp.Diff(want, got); diff != "" {
		return "(-cyclonedx-go +ours)\n" + diff
	}
	if len(doc.Services) > 0 {
		return "" // edges to and from services are not in our model
	}
	dependencies := 0
	if bom.Dependencies != nil {
		for _, d := range *bom.Dependencies {
			if d.Dependencies != nil {
				dependencies += len(*d.Dependencies)
			}
		}
	}
	provides := 0
	for _, d := range doc.Dependencies {
		if d.Kind == sbom.Provides {
			provides++
		}
	}
	lost := doc.Defects.Counts[sbom.CodeDangling] + doc.Defects.Counts[sbom.CodeValue] // on nothing, on itself
	if n := len(doc.Dependencies) - provides; n > dependencies || (lost == 0 && n != dependencies) {
		return fmt.Sprintf("%d dependencies here, %d in cyclonedx-go", n, dependencies)
	}
	return ""
}

// TestConformance reads the specification's own test resources: the valid ones
// without error and without a defect, the invalid ones without a panic.
func TestConformance(t *testing.T) {
	dir := dataDir(t)
	valid := 0
	for _, version := range []string{"1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "ext"} {
		archive, err := zip.OpenReader(filepath.Join(dir, "sbom", "conformance", "cyclonedx-"+version+".zip"))
		if err != nil {
			t.Fatal(err)
		}
		defer archive.Close()
		for _, f := range archive.File {
			if !strings.HasSuffix(f.Name, ".json") && !strings.HasSuffix(f.Name, ".xml") {
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
			good := strings.HasPrefix(filepath.Base(f.Name), "valid-")
			if good {
				valid++
			}
			t.Run(version+"/"+f.Name, func(t *testing.T) { conforms(t, version+"/"+filepath.Base(f.Name), text, good) })
		}
	}
	if valid < 450 {
		t.Errorf("only %d valid documents", valid)
	}
}

func conforms(t *testing.T, name string, text []byte, valid bool) {
	doc, err := decoded(text)
	if err == nil {
		checkInvariants(t, doc)
	}
	if !valid {
		if want, ok := invalidSaid[strings.SplitN(filepath.Base(name), "-1.", 2)[0]]; ok && err == nil && doc.Defects.Counts[want] == 0 {
			t.Errorf("nothing said of %s, want %s", name, want)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := validWithDefects[name]; ok {
		if doc.Defects.Total() == 0 {
			t.Error("no defect any more: take it off the list")
		}
		return
	}
	if doc.Defects.Total() > 0 {
		t.Errorf("defects in a valid document: %+v", doc.Defects.List)
	}
	problem := compare(text)
	if why, listed := oracleFails[name]; (problem != "") != listed {
		t.Errorf("listed %q; %s", why, problem)
	}
}

// invalidSaid are the specification's invalid cases that break a rule that is
// checked here, by the beginning of their names.
var invalidSaid = map[string]sbom.Code{
	"invalid-component-type":         sbom.CodeValue,
	"invalid-missing-component-type": sbom.CodeMissing,
	"invalid-hash-alg":               sbom.CodeValue,
	"invalid-hash-md5":               sbom.CodeValue,
	"invalid-hash-sha1":              sbom.CodeValue,
	"invalid-hash-sha256":            sbom.CodeValue,
	"invalid-hash-sha512":            sbom.CodeValue,
	"invalid-scope":                  sbom.CodeValue,
	"invalid-serialnumber":           sbom.CodeValue,
	"invalid-metadata-timestamp":     sbom.CodeDate,
}

// validWithDefects are documents that the schema accepts and that say something
// wrong all the same, with the reason.
var validWithDefects = map[string]string{
	"1.2/valid-bom-1.2.json": "a component depends on itself",
	"1.3/valid-bom-1.3.json": "a component depends on itself",
	"1.4/valid-bom-1.4.json": "a component depends on itself",
	"1.5/valid-bom-1.5.json": "a component depends on itself",
}

// oracleFails are valid documents that cyclonedx-go v0.12 does not read as
// their schema has them, with the reason.
var oracleFails = map[string]string{
	"1.6/valid-attestation-1.6.json":       "declarations.evidence.data.classification: refuses the text that the schema has",
	"1.7/valid-attestation-1.7.json":       "declarations.evidence.data.classification: refuses the text that the schema has",
	"1.7/valid-patent-1.7.json":            "patentAssertions.asserter: refuses the text that the schema allows",
	"ext/valid-component-depgraph-1.0.xml": "does not read the dependency-graph extension of 1.1",
	"ext/valid-depgraph-1.0.xml":           "takes a dependency without ref for one",
}
