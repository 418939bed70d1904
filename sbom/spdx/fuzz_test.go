// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// fuzz checks what holds for every text: no panic, an error of the right kind
// or a document that is sound, and the same again the second time.
func fuzz(f *testing.F, read func([]byte, Options) (*sbom.Document, error)) {
	f.Fuzz(func(t *testing.T, text []byte) {
		before := string(text)
		doc, err := read(text, Options{MaxDepth: 64, MaxString: 1 << 20})
		if err != nil {
			var syntax *sbom.SyntaxError
			if !errors.As(err, &syntax) || syntax.Position.IsZero() || syntax.Message == "" || doc != nil {
				t.Fatalf("error %#v with document %v", err, doc)
			}
			return
		}
		checkInvariants(t, doc, text)
		if n := max(len(doc.Components), doc.Files, len(doc.External), doc.Defects.Total()/16); n > len(text) {
			t.Errorf("%d components, %d files, %d defects from %d bytes", len(doc.Components), doc.Files, doc.Defects.Total(), len(text))
		}
		for i := range doc.Components {
			c := &doc.Components[i]
			for _, s := range []string{c.Name, c.Version, c.PURL, c.Supplier.Name, c.SourceInfo} {
				if !utf8.ValidString(s) || strings.TrimSpace(s) == notation.NoAssertion {
					t.Errorf("component %d holds %q", i, s)
				}
			}
		}
		if string(text) != before {
			t.Fatal("the text was changed")
		}
		again, err := read(text, Options{MaxDepth: 64, MaxString: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(doc, again); diff != "" {
			t.Errorf("the second reading differs (-first +second):\n%s", diff)
		}
	})
}

func FuzzDecodeJSON(f *testing.F) {
	f.Add([]byte(fullJSON))
	f.Add([]byte(header + `"packages": [{"name": "a", "SPDXID": "a"}, {"name": "b", "SPDXID": "a"}, null, {}], "documentDescribes": ["a", {"Package": {}}]}`))
	f.Add([]byte(`{"Document": {"spdxVersion": "SPDX-2.1", "documentDescribes": [{"Package": {"files": [{"File": {"SPDXID": "x"}}]}}]}}`))
	f.Add([]byte(`{"spdxVersion": 2.3, "packages": {}, "creationInfo": {"creators": "Tool: a-1"}}`))
	f.Add([]byte(header + `"files": [{}, {"SPDXID": "a", "fileName": "a", "checksums": [{}]}, {"File": {"SPDXID": "a"}}], "snippets": [{"ranges": [{"startPointer": {"offset": 2}}]}]}`))
	f.Add([]byte(header + `"externalDocumentRefs": [{"externalDocumentId": "DocumentRef-a"}], "hasExtractedLicensingInfos": [{"licenseId": "LicenseRef-a"}], "annotations": [{}], "revieweds": [{"reviewDate": "x"}]}`))
	f.Add([]byte(header + `"packages": [{"SPDXID": "a", "hasFiles": ["x"], "licenseDeclared": "LicenseRef-a OR DocumentRef-b:LicenseRef-c", "validUntilDate": "x"}, {"SPDXID": "b"}], "relationships": [{"spdxElementId": "a", "relationshipType": "ANCESTOR_OF", "relatedSpdxElement": "b"}]}`))
	fuzz(f, DecodeJSON)
}

func FuzzDecodeTagValue(f *testing.F) {
	f.Add([]byte(fullTagValue))
	f.Add([]byte(strings.ReplaceAll(fullTagValue, "\n", "\r")))
	f.Add([]byte("SPDXID: a\nPackageName: b\nSPDXID: b\nPackageVersion: 1\nFileName: x\nSPDXID: c\nRelationship: a DEPENDS_ON c\n<text>"))
	f.Add([]byte("SPDXVersion: SPDX-2.3\nPackageComment: <text>\nPackageName: b\n</text> x\nPackageVersion : 1\n"))
	f.Add([]byte("SPDXVersion: SPDX-2.1\nFileName: a\nSPDXID: a\nFileChecksum: SHA1: x\nSnippetSPDXID: a\nSnippetByteRange: 2:1\nLicenseID: LicenseRef-a\nAnnotator: x\nSPDXREF: y\nExternalDocumentRef: DocumentRef-a urn:a SHA1: x\n"))
	f.Add([]byte("SPDXVersion: SPDX-2.2\nPackageName: a\nSPDXID: a\nPackageVerificationCode: x(\nPackageName: b\nSPDXID: b\nRelationship: a VARIANT_OF b\nRelationship: a PATCH_APPLIED b\nRelationship: a OTHER DocumentRef-x\n"))
	fuzz(f, DecodeTagValue)
}
