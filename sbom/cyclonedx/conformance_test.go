// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"archive/zip"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/sbom"
)

// TestConformance reads the specification's own test resources: the valid ones
// without error, without a defect and as cyclonedx-go reads them; the invalid
// ones are refused or have a defect.
func TestConformance(t *testing.T) {
	dir := corpus.Dir(t)
	valid, invalid := 0, 0
	for _, version := range []string{"1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "ext"} {
		archive, err := zip.OpenReader(filepath.Join(dir, "sbom", "conformance", "cyclonedx-"+version+".zip"))
		if err != nil {
			t.Fatal(err)
		}
		defer archive.Close()
		for _, f := range archive.File {
			base := filepath.Base(f.Name)
			if !strings.HasSuffix(base, ".json") && !strings.HasSuffix(base, ".xml") {
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
			name := version + "/" + base
			switch {
			case strings.HasPrefix(base, "valid-"):
				valid++
				t.Run(name, func(t *testing.T) { checkValid(t, name, text) })
			case strings.Contains(base, "invalid-"):
				invalid++
				t.Run(name, func(t *testing.T) { checkInvalid(t, name, text) })
			}
		}
	}
	if valid < 450 || invalid < 300 {
		t.Errorf("only %d valid and %d invalid documents", valid, invalid)
	}
}

func checkValid(t *testing.T, name string, text []byte) {
	doc, err := decoded(text)
	if err != nil {
		t.Fatal(err)
	}
	checkInvariants(t, doc)
	if _, ok := validWithDefects[name]; ok {
		if doc.Defects.Total() == 0 {
			t.Error("no defect any more: take it off the list")
		}
	} else if doc.Defects.Total() > 0 {
		t.Errorf("defects in a valid document: %+v", doc.Defects.List)
	}
	problem := compare(text)
	if why, listed := oracleFails[name]; (problem != "") != listed {
		t.Errorf("listed %q; %s", why, problem)
	}
}

func checkInvalid(t *testing.T, name string, text []byte) {
	doc, err := decoded(text)
	said := err != nil
	if err == nil {
		checkInvariants(t, doc)
		said = doc.Defects.Total() > 0
		prefix, _, _ := strings.Cut(filepath.Base(name), "-1.")
		if want, ok := invalidSaid[prefix]; ok && doc.Defects.Counts[want] == 0 {
			t.Errorf("want the defect %s, got %+v", want, doc.Defects.List)
		}
	}
	if why, listed := notSaid[name]; said == listed {
		t.Errorf("said %v, listed %q", said, why)
	}
}

// notSaid lists the invalid documents in which nothing is found, with the
// reason. It is empty.
var notSaid = map[string]string{}

// invalidSaid is the defect that is due for each kind of invalid document, by
// the beginning of their names.
var invalidSaid = map[string]sbom.Code{
	"invalid-component-swid":              sbom.CodeMissing,
	"invalid-component-type":              sbom.CodeValue,
	"invalid-dependency":                  sbom.CodeMissing,
	"invalid-depgraph":                    sbom.CodeMissing,
	"invalid-empty-component":             sbom.CodeMissing,
	"invalid-hash-alg":                    sbom.CodeValue,
	"invalid-hash-md5":                    sbom.CodeValue,
	"invalid-hash-sha1":                   sbom.CodeValue,
	"invalid-hash-sha256":                 sbom.CodeValue,
	"invalid-hash-sha512":                 sbom.CodeValue,
	"invalid-issue-type":                  sbom.CodeValue,
	"invalid-license-encoding":            sbom.CodeValue,
	"invalid-license-id":                  sbom.CodeValue,
	"invalid-license-id-count":            sbom.CodeKeyTwice,
	"invalid-license-missing-id-and-name": sbom.CodeMissing,
	"invalid-license-name-count":          sbom.CodeKeyTwice,
	"invalid-metadata-distribution":       sbom.CodeUnknownTag,
	"invalid-metadata-license":            sbom.CodeValue,
	"invalid-metadata-timestamp":          sbom.CodeDate,
	"invalid-missing-component-type":      sbom.CodeMissing,
	"invalid-namespace":                   sbom.CodeSpec,
	"invalid-patch-type":                  sbom.CodeValue,
	"invalid-properties":                  sbom.CodeMissing,
	"invalid-scope":                       sbom.CodeValue,
	"invalid-serialnumber":                sbom.CodeValue,
	"invalid-service-data":                sbom.CodeValue,
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
