// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"testing"
)

// syntheticJSON makes a document of n packages with the keys that syft writes,
// about 850 bytes a package and two relationships each.
func syntheticJSON(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"spdxVersion":"SPDX-2.3","dataLicense":"CC0-1.0","SPDXID":"SPDXRef-DOCUMENT","name":"pump",` +
		`"documentNamespace":"https://acme.example/pump","creationInfo":{"created":"2026-01-15T08:00:00Z","creators":["Organization: Acme","Tool: syft-1.51.0"]},"packages":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `
 {
  "name": "@acme/component-%[1]d",
  "SPDXID": "SPDXRef-Package-npm-acme-component-%[1]d-0123456789abcdef",
  "versionInfo": "%[2]d.%[3]d.0",
  "supplier": "Organization: Acme Medical (sbom@acme.example)",
  "downloadLocation": "NOASSERTION",
  "filesAnalyzed": false,
  "checksums": [{"algorithm": "SHA256", "checksumValue": "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b"}],
  "sourceInfo": "acquired package info from installed node module manifest file: /app/package-lock.json",
  "licenseConcluded": "NOASSERTION",
  "licenseDeclared": "MIT OR Apache-2.0",
  "copyrightText": "NOASSERTION",
  "externalRefs": [
   {"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a:acme:component-%[1]d:%[2]d.%[3]d.0:*:*:*:*:*:*:*"},
   {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:npm/%%40acme/component-%[1]d@%[2]d.%[3]d.0"}
  ]
 }`, i, i%40, i%7)
	}
	b.WriteString("],\n\"relationships\":[\n")
	for i := range n {
		fmt.Fprintf(&b, ` {"spdxElementId": "SPDXRef-Package-npm-acme-component-%d-0123456789abcdef", "relatedSpdxElement": "SPDXRef-Package-npm-acme-component-0-0123456789abcdef", "relationshipType": "DEPENDENCY_OF"},`+"\n", i)
		fmt.Fprintf(&b, ` {"spdxElementId": "SPDXRef-Package-npm-acme-component-0-0123456789abcdef", "relatedSpdxElement": "SPDXRef-Package-npm-acme-component-%d-0123456789abcdef", "relationshipType": "CONTAINS"},`+"\n", i)
	}
	b.WriteString(` {"spdxElementId": "SPDXRef-DOCUMENT", "relatedSpdxElement": "SPDXRef-Package-npm-acme-component-0-0123456789abcdef", "relationshipType": "DESCRIBES"}]}`)
	return b.Bytes()
}

// syntheticTagValue is the same in tag-value form.
func syntheticTagValue(n int) []byte {
	var b bytes.Buffer
	b.WriteString("SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: pump\nDocumentNamespace: https://acme.example/pump\nCreator: Tool: syft-1.51.0\nCreated: 2026-01-15T08:00:00Z\n")
	for i := range n {
		fmt.Fprintf(&b, `
##### Package: component-%[1]d

PackageName: @acme/component-%[1]d
SPDXID: SPDXRef-Package-npm-acme-component-%[1]d-0123456789abcdef
PackageVersion: %[2]d.%[3]d.0
PackageSupplier: Organization: Acme Medical (sbom@acme.example)
PackageDownloadLocation: NOASSERTION
FilesAnalyzed: false
PackageChecksum: SHA256: 01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b
PackageSourceInfo: <text>acquired package info from installed node module manifest file: /app/package-lock.json</text>
PackageLicenseConcluded: NOASSERTION
PackageLicenseDeclared: MIT OR Apache-2.0
PackageCopyrightText: NOASSERTION
ExternalRef: SECURITY cpe23Type cpe:2.3:a:acme:component-%[1]d:%[2]d.%[3]d.0:*:*:*:*:*:*:*
ExternalRef: PACKAGE-MANAGER purl pkg:npm/%%40acme/component-%[1]d@%[2]d.%[3]d.0
`, i, i%40, i%7)
	}
	for i := range n {
		fmt.Fprintf(&b, "Relationship: SPDXRef-Package-npm-acme-component-%d-0123456789abcdef DEPENDENCY_OF SPDXRef-Package-npm-acme-component-0-0123456789abcdef\n", i)
	}
	b.WriteString("Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-Package-npm-acme-component-0-0123456789abcdef\n")
	return b.Bytes()
}

func benchmark(b *testing.B, synthetic func(n int) []byte, encoding string) {
	for _, n := range []int{50, 5_000, 100_000} {
		b.Run(fmt.Sprintf("packages=%d", n), func(b *testing.B) {
			text := synthetic(n)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				doc, err := decode(text, encoding)
				if err != nil || doc.Count() != n || doc.Defects.Total() != 0 {
					b.Fatal(err, doc.Count(), doc.Defects.List)
				}
				runtime.KeepAlive(doc)
			}
		})
	}
}

// TestAllocations keeps the budget: what a document costs in allocations grows
// with the logarithm of its size and by one for some hundreds of packages, not
// with every package.
func TestAllocations(t *testing.T) {
	for encoding, synthetic := range map[string]func(int) []byte{"json": syntheticJSON, "tag-value": syntheticTagValue} {
		for _, test := range []struct {
			packages int
			most     float64
		}{{50, 40}, {1_000, 75}, {10_000, 190}} {
			text := synthetic(test.packages)
			got := testing.AllocsPerRun(3, func() {
				if _, err := decode(text, encoding); err != nil {
					t.Fatal(err)
				}
			})
			if got > test.most {
				t.Errorf("%s: %d packages take %.0f allocations, more than %.0f", encoding, test.packages, got, test.most)
			}
		}
	}
}

func BenchmarkDecodeJSON(b *testing.B)     { benchmark(b, syntheticJSON, "json") }
func BenchmarkDecodeTagValue(b *testing.B) { benchmark(b, syntheticTagValue, "tag-value") }

// BenchmarkValid is what the standard library needs to look at the same text once.
func BenchmarkValid(b *testing.B) {
	text := syntheticJSON(5_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if !json.Valid(text) {
			b.Fatal("not valid")
		}
	}
}
