// SPDX-License-Identifier: Apache-2.0

package spdx3

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/spdx/tools-golang/spdx/v3/v3_0"
)

// synthetic makes a document of n packages with identifiers, a hash, a
// supplier and two relationships each, about 1.6 KB a package.
func synthetic(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
 {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1", "created": "2026-01-15T08:00:00Z", "createdBy": ["https://acme.example/org"]},
 {"type": "Organization", "spdxId": "https://acme.example/org", "creationInfo": "_:c", "name": "Acme Medical"},
 {"type": "simplelicensing_LicenseExpression", "spdxId": "https://acme.example/mit", "creationInfo": "_:c", "simplelicensing_licenseExpression": "MIT OR Apache-2.0"},
 {"type": "SpdxDocument", "spdxId": "https://acme.example/doc", "creationInfo": "_:c", "name": "pump", "rootElement": ["https://acme.example/pump#package-0"]}`)
	for i := range n {
		fmt.Fprintf(&b, `,
 {
  "type": "software_Package",
  "spdxId": "https://acme.example/pump#package-%[1]d",
  "creationInfo": "_:c",
  "name": "@acme/component-%[1]d",
  "software_packageVersion": "%[2]d.%[3]d.0",
  "software_packageUrl": "pkg:npm/%%40acme/component-%[1]d@%[2]d.%[3]d.0",
  "software_downloadLocation": "https://registry.example/component-%[1]d.tgz",
  "software_primaryPurpose": "library",
  "suppliedBy": "https://acme.example/org",
  "verifiedUsing": [{"type": "Hash", "algorithm": "sha256", "hashValue": "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b"}],
  "externalIdentifier": [
   {"type": "ExternalIdentifier", "externalIdentifierType": "cpe23", "identifier": "cpe:2.3:a:acme:component-%[1]d:%[2]d.%[3]d.0:*:*:*:*:*:*:*"}
  ]
 },
 {
  "type": "Relationship",
  "spdxId": "https://acme.example/pump#depends-%[1]d",
  "creationInfo": "_:c",
  "from": "https://acme.example/pump#package-0",
  "relationshipType": "dependsOn",
  "to": ["https://acme.example/pump#package-%[1]d"]
 },
 {
  "type": "Relationship",
  "spdxId": "https://acme.example/pump#licence-%[1]d",
  "creationInfo": "_:c",
  "from": "https://acme.example/pump#package-%[1]d",
  "relationshipType": "hasDeclaredLicense",
  "to": ["https://acme.example/mit"]
 }`, i, i%40, i%7)
	}
	b.WriteString("]}")
	return b.Bytes()
}

// BenchmarkDecode reads beside the SPDX project's library and a bare check of
// the grammar.
func BenchmarkDecode(b *testing.B) {
	for _, n := range []int{50, 5_000, 50_000} {
		text := synthetic(n)
		for _, reader := range []struct {
			name string
			read func() error
		}{
			{"ours", func() error {
				doc, err := Decode(text, Options{})
				if err == nil && (doc.Count() != n || doc.Defects.Total() != 0) {
					err = fmt.Errorf("%d components, %+v", doc.Count(), doc.Defects.List)
				}
				return err
			}},
			{"tools-golang", func() error { return (&v3_0.Document{}).FromJSON(bytes.NewReader(text)) }},
			{"json.Valid", func() error {
				if !json.Valid(text) {
					return fmt.Errorf("not valid")
				}
				return nil
			}},
		} {
			if reader.name == "tools-golang" && n > 5_000 {
				continue
			}
			b.Run(fmt.Sprintf("%s/packages=%d", reader.name, n), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					if err := reader.read(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// TestAllocations keeps the budget of allocations per component, which is for
// what is kept of it and grows no faster than linearly.
func TestAllocations(t *testing.T) {
	per := func(n int) float64 {
		text := synthetic(n)
		return testing.AllocsPerRun(2, func() {
			if _, err := Decode(text, Options{}); err != nil {
				t.Error(err)
			}
		}) / float64(n)
	}
	const budget = 1.3 // the licence, and what grows
	if small, large := per(1000), per(10_000); small > budget || large > budget {
		t.Errorf("%.2f and %.2f allocations per component, budget %.1f", small, large, budget)
	} else {
		t.Logf("%.2f and %.2f allocations per component", small, large)
	}
}
