// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/sbom"
)

// seed adds the documents of testdata and, where they are, the hostile ones of
// the shared corpus.
func seed(f *testing.F, ends string) {
	patterns := []string{"testdata/*" + ends}
	patterns = append(patterns, filepath.Join(corpus.Root(f), "sbom", "malformed", "*", "*"+ends))
	for _, pattern := range patterns {
		names, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			if len(text) < 32_000 {
				f.Add(text)
			}
		}
	}
}

// fuzzOptions make the limits near enough to be met.
var fuzzOptions = Options{MaxDepth: 20, MaxComponents: 500}

func FuzzDecodeJSON(f *testing.F) {
	seed(f, ".json")
	f.Add([]byte(head + `"components":[{"bom-ref":"a","name":"a","components":[{"bom-ref":"a"}]}],"dependencies":[{"ref":"a","dependsOn":["a"]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) { fuzzDecode(t, DecodeJSON, text) })
}

func FuzzDecodeXML(f *testing.F) {
	seed(f, ".xml")
	f.Add([]byte(bom16 + `<components><component bom-ref="a"><components><component bom-ref="a"/></components></component></components></bom>`))
	f.Fuzz(func(t *testing.T, text []byte) { fuzzDecode(t, DecodeXML, text) })
}

// fuzzDecode holds what every reading promises: a Document or an error with a
// place, never both; the same twice; the text untouched; all indices valid.
func fuzzDecode(t *testing.T, decode func([]byte, Options) (*sbom.Document, error), text []byte) {
	before := bytes.Clone(text)
	doc, err := decode(text, fuzzOptions)
	if !bytes.Equal(before, text) {
		t.Fatal("the text was changed")
	}
	if err != nil {
		var e *sbom.SyntaxError
		if doc != nil || !errors.As(err, &e) || e.Message == "" || e.Remedy == "" || e.Position.IsZero() {
			t.Fatalf("document %v, error %#v", doc, err)
		}
		return
	}
	checkInvariants(t, doc)
	if doc.Count() > fuzzOptions.MaxComponents+1 {
		t.Errorf("%d components, over the limit", doc.Count())
	}
	// Each needs at least two bytes of text.
	if n := len(doc.Services) + len(doc.Vulnerabilities) + len(doc.External) + len(doc.Signatures) + doc.Statements; n > 2*len(text) {
		t.Errorf("%d entries of %d bytes", n, len(text))
	}
	for _, c := range doc.All() {
		for _, s := range []string{c.Ref, c.Group, c.Name, c.Version, c.PURL, c.SWID()} {
			if !utf8.ValidString(s) || s != strings.TrimSpace(s) {
				t.Errorf("text %q", s)
			}
		}
	}
	for _, d := range doc.Defects.List {
		if d.Position.IsZero() || d.Message == "" {
			t.Errorf("defect %+v", d)
		}
	}
	again, err := decode(before, fuzzOptions)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(doc, again); diff != "" {
		t.Errorf("read twice, two results:\n%s", diff)
	}
}
