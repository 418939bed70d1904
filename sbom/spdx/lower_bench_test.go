// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/spdx/tools-golang/rdf"
	spdxyaml "github.com/spdx/tools-golang/yaml"
)

// syntheticYAML is what syntheticJSON is, in YAML.
func syntheticYAML(n int) []byte {
	var b bytes.Buffer
	b.WriteString("spdxVersion: SPDX-2.3\ndataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nname: pump\ndocumentNamespace: https://acme.example/pump\n" +
		"creationInfo:\n  created: 2026-01-15T08:00:00Z\n  creators:\n  - 'Tool: syft-1.51.0'\npackages:\n")
	for i := range n {
		fmt.Fprintf(&b, `- SPDXID: SPDXRef-Package-npm-acme-component-%[1]d
  name: "@acme/component-%[1]d"
  versionInfo: %[2]d.%[3]d.0
  supplier: 'Organization: Acme Medical (sbom@acme.example)'
  downloadLocation: NOASSERTION
  filesAnalyzed: false
  checksums:
  - algorithm: SHA256
    checksumValue: 01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b
  licenseConcluded: NOASSERTION
  licenseDeclared: MIT OR Apache-2.0
  copyrightText: NOASSERTION
  externalRefs:
  - referenceCategory: PACKAGE-MANAGER
    referenceType: purl
    referenceLocator: pkg:npm/%%40acme/component-%[1]d@%[2]d.%[3]d.0
`, i, i%40, i%7)
	}
	b.WriteString("relationships:\n- spdxElementId: SPDXRef-DOCUMENT\n  relationshipType: DESCRIBES\n  relatedSpdxElement: SPDXRef-Package-npm-acme-component-0\n")
	return b.Bytes()
}

// syntheticRDF is the same in RDF/XML.
func syntheticRDF(n int) []byte {
	var b bytes.Buffer
	const space = "https://acme.example/pump"
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:spdx="http://spdx.org/rdf/terms#">
<spdx:SpdxDocument rdf:about="` + space + `#SPDXRef-DOCUMENT"><spdx:specVersion>SPDX-2.3</spdx:specVersion><spdx:name>pump</spdx:name>
<spdx:dataLicense rdf:resource="http://spdx.org/licenses/CC0-1.0"/>
<spdx:creationInfo><spdx:CreationInfo><spdx:created>2026-01-15T08:00:00Z</spdx:created><spdx:creator>Tool: syft-1.51.0</spdx:creator></spdx:CreationInfo></spdx:creationInfo>
<spdx:relationship><spdx:Relationship><spdx:relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_describes"/>
<spdx:relatedSpdxElement rdf:resource="` + space + `#SPDXRef-Package-npm-acme-component-0"/></spdx:Relationship></spdx:relationship></spdx:SpdxDocument>
`)
	for i := range n {
		fmt.Fprintf(&b, `<spdx:Package rdf:about="`+space+`#SPDXRef-Package-npm-acme-component-%[1]d">
<spdx:name>@acme/component-%[1]d</spdx:name>
<spdx:versionInfo>%[2]d.%[3]d.0</spdx:versionInfo>
<spdx:supplier>Organization: Acme Medical (sbom@acme.example)</spdx:supplier>
<spdx:downloadLocation>NOASSERTION</spdx:downloadLocation>
<spdx:filesAnalyzed>false</spdx:filesAnalyzed>
<spdx:checksum><spdx:Checksum><spdx:algorithm rdf:resource="http://spdx.org/rdf/terms#checksumAlgorithm_sha256"/><spdx:checksumValue>01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b</spdx:checksumValue></spdx:Checksum></spdx:checksum>
<spdx:licenseConcluded rdf:resource="http://spdx.org/rdf/terms#noassertion"/>
<spdx:licenseDeclared><spdx:DisjunctiveLicenseSet><spdx:member rdf:resource="http://spdx.org/licenses/MIT"/><spdx:member rdf:resource="http://spdx.org/licenses/Apache-2.0"/></spdx:DisjunctiveLicenseSet></spdx:licenseDeclared>
<spdx:copyrightText>NOASSERTION</spdx:copyrightText>
<spdx:externalRef><spdx:ExternalRef><spdx:referenceCategory rdf:resource="http://spdx.org/rdf/terms#referenceCategory_packageManager"/><spdx:referenceType rdf:resource="http://spdx.org/rdf/references/purl"/><spdx:referenceLocator>pkg:npm/%%40acme/component-%[1]d@%[2]d.%[3]d.0</spdx:referenceLocator></spdx:ExternalRef></spdx:externalRef>
</spdx:Package>
`, i, i%40, i%7)
	}
	b.WriteString("</rdf:RDF>\n")
	return b.Bytes()
}

func BenchmarkDecodeYAML(b *testing.B) { benchmarkLowered(b, syntheticYAML, "yaml") }
func BenchmarkDecodeRDF(b *testing.B)  { benchmarkLowered(b, syntheticRDF, "rdf-xml") }

// benchmarkLowered measures a reader beside that of tools-golang.
func benchmarkLowered(b *testing.B, synthetic func(n int) []byte, encoding string) {
	for _, n := range []int{50, 5_000} {
		text := synthetic(n)
		b.Run(fmt.Sprintf("packages=%d", n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				doc, err := decodeAny(text, encoding)
				if err != nil || doc.Count() != n || doc.Defects.Total() != 0 {
					b.Fatal(err, doc)
				}
			}
		})
		if encoding == "rdf-xml" && n > 50 {
			continue // its reader is quadratic: half a minute
		}
		b.Run(fmt.Sprintf("tools-golang/packages=%d", n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				var err error
				if encoding == "yaml" {
					_, err = spdxyaml.Read(bytes.NewReader(text))
				} else {
					_, err = rdf.Read(bytes.NewReader(text))
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
