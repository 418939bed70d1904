// SPDX-License-Identifier: Apache-2.0

package spdx3

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// FuzzDecode checks what holds for every text: no panic, an error of the right
// kind or a document that is sound and not larger than its text warrants, and
// the same again the second time.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(head + `{"@id":"a:1","@type":["software_Package"],"name":[{"@value":"x"},{"@list":["y",null,1]}],"verifiedUsing":[{"algorithm":"sha1"},"b:2"]}]}`))
	f.Add([]byte(`[{"@type":"https://spdx.org/rdf/3.0.1/terms/Software/Package","@id":"_:b","https://spdx.org/rdf/3.0.1/terms/Core/suppliedBy":{"@id":"_:b"}}]`))
	f.Add([]byte(head + element("expandedlicensing_ConjunctiveLicenseSet", "a:s", `"expandedlicensing_member":["a:s","a:s"]`) + `,` +
		relation("a:p", "hasDeclaredLicense", "a:s") + `,` + element("software_Package", "a:p", `"name":"p"`) + `]}`))
	f.Add([]byte(`{"@context":[{"p":"a:","q":{"@id":"p:"}},null,1],"@graph":{"type":"SpdxDocument","spdxId":"p:x","rootElement":{"type":"software_Sbom","spdxId":"a:x","rootElement":"q:x"}}}`))
	hostile, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "data", "sbom", "malformed", "spdx3", "*.json"))
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range hostile { // none where the corpus is not there
		f.Add(corpus.Read(f, path))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		before := string(text)
		options := Options{MaxDepth: 64, MaxString: 1 << 20}
		doc, err := Decode(text, options)
		if err != nil {
			var syntax *sbom.SyntaxError
			if !errors.As(err, &syntax) || syntax.Position.IsZero() || syntax.Message == "" || doc != nil {
				t.Fatalf("error %#v with document %v", err, doc)
			}
			return
		}
		checkInvariants(t, doc, text)
		for what, n := range map[string]int{
			"components": doc.Count(), "files": doc.Files, "edges": len(doc.Dependencies),
			"vulnerabilities": len(doc.Vulnerabilities), "documents": len(doc.External), "authors": len(doc.Authors),
		} {
			if n > len(text) {
				t.Errorf("%d %s of %d bytes", n, what, len(text))
			}
		}
		for i := range doc.Components {
			c := &doc.Components[i]
			for _, s := range []string{c.Ref, c.Name, c.Version, c.PURL, c.Supplier.Name, c.SourceInfo} {
				if !utf8.ValidString(s) || strings.TrimSpace(s) == notation.NoAssertion && s == c.Name {
					t.Errorf("component %d holds %q", i, s)
				}
			}
		}
		if string(text) != before {
			t.Fatal("the text was changed")
		}
		again, err := Decode(text, options)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(doc, again); diff != "" {
			t.Errorf("the second reading differs (-first +second):\n%s", diff)
		}
	})
}
