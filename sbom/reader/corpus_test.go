// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/sbom"
)

// dataDir is the folder of shared test data: $MEDSBOM_DATA, else ../shared/data
// beside the repository, "" if there is none.
func dataDir() string {
	dir := os.Getenv("MEDSBOM_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "sbom")); err != nil {
		return ""
	}
	return filepath.Join(dir, "sbom")
}

// table reads a tab-separated file of the corpus as maps by column.
func table(t *testing.T, name string) []map[string]string {
	t.Helper()
	dir := dataDir()
	if dir == "" {
		t.Skip("no shared test data beside the repository; set MEDSBOM_DATA")
	}
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	keys := strings.Split(lines[0], "\t")
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, value := range strings.Split(line, "\t") {
			row[keys[i]] = value
		}
		rows = append(rows, row)
	}
	return rows
}

// nextIssue are the cases in forms that this version names and does not read,
// with the kind it names. A case that is read after all fails the test.
var nextIssue = map[string]Kind{
	"encoding/utf32.cdx.json":                  KindUTF32,
	"encoding/gzip-twice.json.gz.gz":           KindGzip,
	"encoding/bzip2.cdx.json.bz2":              KindBzip2,
	"encoding/two-in-zip.zip":                  KindZip,
	"encoding/zip-slip.zip":                    KindZip,
	"encoding/zip-bomb-64MiB.zip":              KindZip,
	"encoding/dsse-in-toto.cdx.json":           KindDSSE,
	"encoding/in-toto-spdx.json":               KindInToto,
	"encoding/github-api-wrapper.spdx.json":    KindGitHub,
	"spdx/yaml-anchors.spdx.yaml":              KindSPDXYAML,
	"spdx/yaml-bomb.spdx.yaml":                 KindSPDXYAML,
	"spdx/yaml-version-types.spdx.yaml":        KindSPDXYAML,
	"spdx/rdf-external-entity.spdx.rdf.xml":    KindSPDXRDF,
	"spdx3/good.spdx3.json":                    KindSPDX3,
	"spdx3/no-document-element.spdx3.json":     KindSPDX3,
	"spdx3/context-remote-evil.spdx3.json":     KindSPDX3,
	"spdx3/context-local.spdx3.json":           KindSPDX3,
	"spdx3/single-element-no-graph.spdx3.json": KindSPDX3,
	"spdx3/expanded-iris.spdx3.json":           KindSPDX3,
	"spdx3/inline-objects.spdx3.json":          KindSPDX3,
	"spdx3/spec-3.0.0.spdx3.json":              KindSPDX3,
	"spdx3/security-profile-vex.spdx3.json":    KindSPDX3,
	"spdx3/dup-ids.spdx3.json":                 KindSPDX3,
	"vendor/csv-minimum-elements.csv":          KindCSV,
}

// saidLater are cases in which nothing is wrong with the document as such: the
// warning that is due comes from who judges it, or follows from a rule of
// DESIGN §2.
var saidLater = map[string]string{
	"cyclonedx/no-components-key.cdx.json":         "an empty document is a state of the product",
	"cyclonedx/empty-components.cdx.json":          "an empty document is a state of the product",
	"cyclonedx/dup-bomref-same.cdx.json":           "one component in two places, Component.More",
	"cyclonedx/root-only-in-metadata.cdx.json":     "counted, as DESIGN §2 has it",
	"cyclonedx/no-version.cdx.json":                "coverage: no version",
	"cyclonedx/empty-version.cdx.json":             "coverage: no version",
	"cyclonedx/range-versions.cdx.json":            "package version: not comparable",
	"cyclonedx/version-differs-from-purl.cdx.json": "package purl",
	"cyclonedx/name-differs-from-purl.cdx.json":    "package purl",
	"purl/maven-no-group.cdx.json":                 "package purl",
	"purl/maven-colon.cdx.json":                    "package purl",
	"purl/deb-no-distro.cdx.json":                  "coverage: distribution unknown",
	"purl/type-alpine.cdx.json":                    "package purl",
	"purl/golang-devel.cdx.json":                   "package version: not comparable",
	"purl/subpath-dots.cdx.json":                   "package purl",
	"identity/purl-in-property.cdx.json":           "package purl",
	"identity/gav-split.cdx.json":                  "package purl",
}

// counts reads the column components: "2 or 3, but said", "0 components, 1 service".
func counts(t *testing.T, s string) (allowed []int, said, reject bool) {
	t.Helper()
	s, said = strings.CutSuffix(s, ", but said")
	if s == "1 identity, 2 occurrences" {
		return []int{2}, said, false // counted as listed, matched as one
	}
	for part := range strings.SplitSeq(s, " or ") {
		word, _, _ := strings.Cut(part, " ")
		if word == "reject" {
			reject = true
		} else if n, err := strconv.Atoi(word); err == nil {
			allowed = append(allowed, n)
		} else if s != "" {
			t.Fatalf("cannot read %q", s)
		}
	}
	return allowed, said, reject
}

// TestMalformed holds the verdicts of EXPECTED.tsv for every hostile case.
func TestMalformed(t *testing.T) {
	for _, row := range table(t, "malformed/EXPECTED.tsv") {
		name := row["path"]
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			doc, err := ReadFile(filepath.Join(dataDir(), "malformed", name), Options{})
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
			var other *NotSBOMError
			if kind, ok := nextIssue[name]; ok {
				if !errors.As(err, &other) || other.Kind != kind || other.Remedy == "" {
					t.Errorf("listed as unread %s, got %v", kind, err)
				} else if !other.IsSBOM && kind != KindCSV && kind != KindZip {
					t.Errorf("a folder would pass it over: %+v", other)
				}
				return
			}
			if err != nil {
				broken := new(sbom.SyntaxError)
				if !errors.As(err, &broken) && !errors.As(err, &other) {
					t.Fatalf("error of no kind that callers know: %#v", err)
				}
				if !strings.Contains(row["components"], "reject") && row["verdict"] != "reject" {
					t.Errorf("refused, verdict %s: %v", row["verdict"], err)
				}
				return
			}
			allowed, said, _ := counts(t, row["components"])
			if row["verdict"] == "reject" {
				t.Fatal("read, should be refused")
			}
			if !slices.Contains(allowed, doc.Count()) {
				t.Errorf("%d components, want %s", doc.Count(), row["components"])
			}
			defects := doc.Defects.Total()
			_, later := saidLater[name]
			switch {
			case row["verdict"] == "accept" && defects > 0:
				t.Errorf("nothing is wrong with it, but: %+v", doc.Defects.List)
			case (row["verdict"] == "warn" || said) && (defects == 0) != later:
				t.Errorf("%d defects; its warning comes later: %v", defects, later)
			}
		})
	}
}

// refused are the documents of the corpus that are not read, with the reason.
var refused = map[string]string{
	"medical/ehrbase.converted.spdx3.json.gz":             "SPDX 3: next issue",
	"medical/openhospital-core.converted.spdx.rdf.xml.gz": "RDF: next issue",
	"medical/webapi.converted.spdx.yaml.gz":               "YAML: next issue",
	"wild/bomshelter-broken-powershell.spdx.json":         "two documents in one file",
	"wild/cvebintool-swid.xml":                            "a SWID tag",
	"wild/docfest-metaeffekt-keycloak.spdx.rdf.xml.gz":    "RDF: next issue",
	"wild/docfest-metaspdxscanner-bytesrepr.spdx":         "a Python bytes literal, to be rejected by malformed/EXPECTED.tsv too",
	"wild/docfest-sourceauditor.spdx.rdf.xml.gz":          "RDF: next issue",
	"wild/docfest-sourceauditor.spdx.yaml":                "YAML: next issue",
	"wild/mssbomtool-spdx3.spdx.json.gz":                  "SPDX 3: next issue",
	"wild/ntia-realworld.zip":                             "zip: next issue",
	"wild/ort-synthetic.spdx.yml":                         "YAML: next issue",
	"wild/telco-nokia-0.1.6.spdx.yml":                     "YAML: next issue",
}

// TestCorpus reads every document of the corpus as a user would: the formats
// and counts of the manifest.
func TestCorpus(t *testing.T) {
	files := 0
	for _, row := range table(t, "MANIFEST.tsv") {
		name := row["path"]
		if !strings.HasPrefix(name, "medical/") && !strings.HasPrefix(name, "wild/") {
			continue
		}
		files++
		t.Run(name, func(t *testing.T) {
			doc, err := ReadFile(filepath.Join(dataDir(), filepath.FromSlash(name)), Options{})
			if why, ok := refused[name]; ok != (err != nil) {
				t.Fatalf("listed as refused for %q; error %v", why, err)
			}
			if err != nil {
				return
			}
			encoding, _, _ := strings.Cut(row["encoding"], "+")
			want := []string{row["format"], encoding, row["components"]}
			got := []string{string(doc.Format), string(doc.Encoding), fmt.Sprint(doc.Count())}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	if files < 125 {
		t.Errorf("only %d files in the corpus", files)
	}
}

// TestSniffHead holds that the first HeadSize bytes tell what the whole does:
// folders are walked by them.
func TestSniffHead(t *testing.T) {
	for _, row := range table(t, "MANIFEST.tsv") {
		name := row["path"]
		if row["format"] == "zip" || strings.HasPrefix(name, "conformance/") {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dataDir(), filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if whole, head := Sniff(data), Sniff(data[:min(len(data), HeadSize)]); whole != head {
			t.Errorf("%s: the whole is %s, the head %s", name, whole, head)
		}
	}
}
