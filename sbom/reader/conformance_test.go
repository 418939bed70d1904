// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"archive/zip"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/sbom"
)

// TestValidIsAccepted holds that every valid document of CycloneDX's own suites
// is accepted as a user would hand it in, by its bytes alone, with no defect.
func TestValidIsAccepted(t *testing.T) {
	const itself = "a component depends on itself: of the hostile cases that is one to be warned of"
	exceptions := map[string]string{
		"valid-bom-1.2.json": itself, "valid-bom-1.3.json": itself, "valid-bom-1.4.json": itself, "valid-bom-1.5.json": itself,
		"valid-bom-1.3.cdx.pb": itself, "valid-bom-1.4.cdx.pb": itself, "valid-bom-1.5.cdx.pb": itself,
		"valid-saasbom-1.5.cdx.pb": "a dependency on a component that only its JSON and XML twins list",
		"valid-patent-1.7.cdx.pb":  "it has no specVersion, which is said",
	}
	read := 0
	used := map[string]bool{}
	for _, name := range []string{"1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"} {
		archive, err := zip.OpenReader(filepath.Join(corpus.Dir(t, "sbom", "conformance"), "cyclonedx-"+name+".zip"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = archive.Close() })
		for _, f := range archive.File {
			base := path.Base(f.Name)
			if !strings.HasPrefix(base, "valid-") || !slices.Contains([]string{".json", ".xml", ".pb"}, path.Ext(base)) {
				continue
			}
			in, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			doc, err := Read(in, base, Options{})
			_ = in.Close()
			var defects []sbom.Defect
			if err == nil {
				read++
				defects = doc.Defects.List
			}
			why, listed := exceptions[base]
			used[base] = true
			if odd := err != nil || len(defects) > 0; odd != listed {
				t.Errorf("%s/%s: error %v, defects %+v, listed for %q", name, f.Name, err, defects, why)
			}
		}
	}
	for base := range exceptions {
		if !used[base] {
			t.Errorf("%s is not there", base)
		}
	}
	if read < 450 {
		t.Errorf("only %d documents were read", read)
	}
}
