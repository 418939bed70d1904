// SPDX-License-Identifier: Apache-2.0

package scan_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/scan"
)

// TestSaid holds that what the readers take without a defect, since nothing is
// wrong with the document as such, is said where it is judged: each of these
// cases of the malformed corpus wants a warning.
func TestSaid(t *testing.T) {
	dir := corpus.Dir(t, "sbom", "malformed")
	db := full(t)
	for file, want := range map[string]struct{ product, state, reason string }{
		"cyclonedx/no-components-key.cdx.json":         {"empty", "not-assessed", "no identifier"},
		"cyclonedx/empty-components.cdx.json":          {"empty", "not-assessed", "no identifier"},
		"cyclonedx/no-version.cdx.json":                {"assessed", "not-assessed", "ecosystem not covered"},
		"cyclonedx/empty-version.cdx.json":             {"assessed", "not-assessed", "ecosystem not covered"},
		"cyclonedx/range-versions.cdx.json":            {"assessed", "not-assessed", "a range or a reference stands where the version should"},
		"cyclonedx/version-differs-from-purl.cdx.json": {"assessed", "assessed", "name different versions; both are looked up"},
		"cyclonedx/name-differs-from-purl.cdx.json":    {"assessed", "assessed-weakly", "the package URL names lodahs, the component lodash"},
		"purl/maven-no-group.cdx.json":                 {"assessed", "not-assessed", "a Maven package URL without a group"},
		"purl/maven-colon.cdx.json":                    {"assessed", "assessed-weakly", "the package URL had to be repaired"},
		"purl/deb-no-distro.cdx.json":                  {"assessed", "not-assessed", "distribution release unknown"},
		"purl/type-alpine.cdx.json":                    {"assessed", "assessed-weakly", "the package URL names busybox, the component c"},
		"purl/subpath-dots.cdx.json":                   {"assessed", "assessed-weakly", "identity inferred"},
		"identity/purl-in-property.cdx.json":           {"assessed", "not-assessed", "no identifier"},
		"identity/gav-split.cdx.json":                  {"assessed", "assessed-weakly", "identity inferred"},
	} {
		t.Run(file, func(t *testing.T) {
			k, _ := run(t, scan.Options{Paths: []string{filepath.Join(dir, filepath.FromSlash(file))}, DB: db, Jobs: 1})
			p := k.products[0]
			part := p.Components.At(p.Components.Len() - 1)
			if p.State != want.product || part.State != want.state || !strings.Contains(part.Reason, want.reason) {
				t.Errorf("want %+v, got %s, %s: %s", want, p.State, part.State, part.Reason)
			}
		})
	}
}
