// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/sbom"
)

// yamlHeader is a document without defects but for its packages.
const yamlHeader = `spdxVersion: SPDX-2.3
dataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
name: pump
documentNamespace: https://acme.example/pump
creationInfo: {created: 2026-01-15T08:00:00Z, creators: ["Tool: hand-1.0"]}
documentDescribes: [SPDXRef-a]
`

// versionsOf are the packages of a document as "id@version line:column".
func versionsOf(doc *sbom.Document) []string {
	var all []string
	for i := range doc.Components {
		c := &doc.Components[i]
		all = append(all, fmt.Sprintf("%s@%s %d:%d", bareID(c.Ref), c.Version, c.Position.Line, c.Position.Column))
	}
	return all
}

// saidOf are the defects of a document as "code: value line:column".
func saidOf(doc *sbom.Document) []string {
	var all []string
	for _, d := range doc.Defects.List {
		all = append(all, fmt.Sprintf("%s: %s %d:%d", d.Code, d.Value, d.Position.Line, d.Position.Column))
	}
	return all
}

func TestYAML(t *testing.T) {
	const a = "  name: a\n  downloadLocation: NONE\n  filesAnalyzed: false\n"
	tests := []struct {
		name, text string
		want, said []string
	}{
		{"plain", "packages:\n- SPDXID: SPDXRef-a\n  versionInfo: 1.10\n" + a, []string{"a@1.10 9:3"}, nil},
		{"flow", "packages: [{SPDXID: SPDXRef-a, name: a, versionInfo: '1.10', downloadLocation: NONE}]\n", []string{"a@1.10 8:12"}, nil},
		{"quoted, folded and literal", "packages:\n- SPDXID: SPDXRef-a\n  versionInfo: \"1\\x2e0\"\n" + a + "  comment: |\n    versionInfo: 2\n  summary: >\n    - name: b\n", []string{"a@1.0 9:3"}, nil},
		{"tagged", "packages:\n- SPDXID: SPDXRef-a\n  versionInfo: !!str 010\n" + a, []string{"a@010 9:3"}, nil},
		{"Base64", "packages:\n- SPDXID: SPDXRef-a\n  versionInfo: !!binary MS4w\n" + a, []string{"a@MS4w 9:3"}, []string{"type-wrong: MS4w 10:16"}},
		{"odd version", "packages:\n- SPDXID: SPDXRef-a\n  versionInfo: 010\n" + a, []string{"a@010 9:3"}, []string{"type-wrong: 010 10:16"}},
		{"null version", "packages:\n- SPDXID: SPDXRef-a\n  versionInfo: ~\n" + a, []string{"a@~ 9:3"}, []string{"type-wrong: ~ 10:16"}},
		{"no version", "packages:\n- SPDXID: SPDXRef-a\n  versionInfo:\n" + a, []string{"a@ 9:3"}, nil},
		{"merge", "packages:\n- &a\n  SPDXID: SPDXRef-a\n  versionInfo: 1.10\n" + a + "- <<: *a\n  SPDXID: SPDXRef-b\n", []string{"a@1.10 9:3", "b@1.10 15:3"}, nil},
		{"own key wins over a merged one", "packages:\n- &a\n  SPDXID: SPDXRef-a\n  versionInfo: 1.10\n" + a + "- versionInfo: 3\n  <<: *a\n  SPDXID: SPDXRef-b\n", []string{"a@1.10 9:3", "b@3 15:3"}, nil},
		{"merges in a list, the first wins", "packages:\n- &a\n  SPDXID: SPDXRef-a\n  versionInfo: 1.10\n" + a + "- <<: [{versionInfo: 4}, *a]\n  SPDXID: SPDXRef-b\n", []string{"a@1.10 9:3", "b@4 15:3"}, nil},
		{"merge of a merge", "packages:\n- &a {SPDXID: SPDXRef-a, versionInfo: 7, <<: {<<: {name: a, downloadLocation: NONE}}}\n", []string{"a@7 9:3"}, nil},
		{"merge of no mapping", "packages:\n- SPDXID: SPDXRef-a\n  <<: [1]\n" + a, []string{"a@ 9:3"}, []string{"type-wrong:  10:3"}},
		{"alias of a package", "packages:\n- &a\n  SPDXID: SPDXRef-a\n" + a + "- *a\n", []string{"a@ 9:3"}, nil},
		{"alias as a key and a text", "packages:\n- SPDXID: &x SPDXRef-a\n  comment: *x\n" + a, []string{"a@ 9:3"}, nil},
		{"key twice", "packages:\n- SPDXID: SPDXRef-a\n  versionInfo: 1\n  versionInfo: 2\n" + a, []string{"a@2 9:3"}, []string{"key-twice: versionInfo 11:3"}},
		{"key that is no text", "packages:\n- SPDXID: SPDXRef-a\n  ? [x]\n  : y\n" + a, []string{"a@ 9:3"}, []string{"type-wrong:  10:5"}},
		{"unknown key", "packages:\n- SPDXID: SPDXRef-a\n  versoinInfo: 1\n" + a, []string{"a@ 9:3"}, []string{"tag-unknown: versoinInfo 10:3"}},
		{"invalid characters", "packages:\n- SPDXID: SPDXRef-a\n  versionInfo: \"1\xff\x01\u2028\"\n" + a, []string{"a@1��� 9:3"}, []string{"text-invalid:  10:18"}},
		{"end marker", "packages:\n- SPDXID: SPDXRef-a\n" + a + "...\n---\n", []string{"a@ 9:3"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := DecodeYAML([]byte(yamlHeader+tt.text), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, versionsOf(doc)); diff != "" {
				t.Errorf("packages (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(tt.said, saidOf(doc)); diff != "" {
				t.Errorf("defects (-want +got)\n%s", diff)
			}
			if doc.Encoding != sbom.YAML || doc.Format != sbom.SPDX {
				t.Errorf("%s in %s", doc.Format, doc.Encoding)
			}
		})
	}
}

func TestRefusedYAML(t *testing.T) {
	bomb := "a0: &a0 [x]\n"
	for i := range 30 {
		bomb += fmt.Sprintf("a%d: &a%d [*a%d, *a%d]\n", i+1, i+1, i, i)
	}
	keys := strings.Builder{}
	for i := range 20_000 {
		fmt.Fprintf(&keys, "k%d: x, ", i)
	}
	merges := "m: &m {" + keys.String() + "}\nn: {<<: [" + strings.Repeat("*m, ", 20_000) + "]}\n"
	tests := []struct{ name, text, want string }{
		{"nothing", "", "line 1, column 1: the YAML stream holds no document"},
		{"a list", "- a\n", "line 1, column 1: no SPDX document: an array where an object should stand"},
		{"no SPDX", "a: b\n", "line 1, column 1: no SPDX 2 document: it has no spdxVersion"},
		{"two documents", yamlHeader + "---\n" + yamlHeader, "line 8, column 1: a second document after the first"},
		{"tab", "a:\n\tb: 1\n", "line 2, column 1: malformed YAML: found character that cannot start any token"},
		{"not closed", "a: [", "line 2, column 1: malformed YAML: did not find expected node content"},
		{"unknown anchor", "a: *b\n", "line 1, column 4: malformed YAML: unknown anchor 'b' referenced"},
		{"bomb", yamlHeader + bomb, "aliases make the document more than eight times as long as it is written"},
		{"merge bomb", yamlHeader + merges, "aliases make the document more than eight times as long as it is written"},
		{"alias of itself", yamlHeader + "x: &x [*x]\n", "nested too deep"},
		{"merge of itself", yamlHeader + "x: &x {<<: *x}\n", "nested too deep"},
		{"depth", strings.Repeat("[", 300), "line 1, column 257: malformed YAML: exceeded max depth of 256"},
		{"depth of blocks", strings.Repeat("- ", 300), "exceeded max depth of 256"},
		{"entries", "a: [" + strings.Repeat("a,", maxEntries+1) + "]", "more than 2000000 entries of YAML"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := DecodeYAML([]byte(tt.text), Options{})
			var e *sbom.SyntaxError
			if doc != nil || !errors.As(err, &e) {
				t.Fatalf("document %v, error %v", doc, err)
			}
			if !strings.Contains(e.Error(), tt.want) || e.Remedy == "" || e.Position.IsZero() {
				t.Errorf("want %q, got %q, remedy %q", tt.want, e.Error(), e.Remedy)
			}
		})
	}
}

// TestOddVersions holds which unquoted versions other readers of YAML would
// take for another value.
func TestOddVersions(t *testing.T) {
	for version, odd := range map[string]bool{
		"010": true, "0x10": true, "0o17": true, "1e3": true, "1.5E-3": true, "1_000": true, "12:30": true, "2024-01-01": true,
		"2024-01-01T08:00:00Z": true, "yes": true, "No": true, "~": true, "null": true, "+1": true, "-1.5": true, ".inf": true, "y": true,
		"1": false, "1.0": false, "1.10": false, "0.9": false, "0": false, "1.2.3": false, "v1": false, "1:2.3-4": false, "1.0-1": false,
		"20240101": false, "abc": false, "1e": false, "0.1.0": false, "08a-1z": false, "2024-01": false, "": false, "-": false, "stretch": false,
	} {
		if got := isOddVersion(version); got != odd {
			t.Errorf("%q: %v", version, got)
		}
	}
}

// JSON is YAML too (YAML 1.2.2, clause 1.2), and is read the same.
func TestYAMLOfJSON(t *testing.T) {
	want, err := DecodeJSON([]byte(fullJSON), Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeYAML([]byte(fullJSON), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if want.Encoding != sbom.JSON || got.Encoding != sbom.YAML {
		t.Errorf("%s and %s", want.Encoding, got.Encoding)
	}
	got.Encoding = want.Encoding
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-JSON +YAML)\n%s", diff)
	}
}
