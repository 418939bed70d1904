// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/sbom"
)

const (
	rdfOpen = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="http://spdx.org/rdf/terms#"` +
		` xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xmlns="http://spdx.org/rdf/terms#" xml:base="https://acme.example/pump">` + "\n"
	rdfDocument = `<s:SpdxDocument rdf:about="#SPDXRef-DOCUMENT"><specVersion>SPDX-2.3</specVersion><name>pump</name>` +
		`<dataLicense rdf:resource="http://spdx.org/licenses/CC0-1.0"/>` +
		`<creationInfo><CreationInfo><created>2026-01-15T08:00:00Z</created><creator>Tool: hand-1.0</creator></CreationInfo></creationInfo>` +
		`<relationship><Relationship><relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_describes"/>` +
		`<relatedSpdxElement rdf:resource="#SPDXRef-a"/></Relationship></relationship></s:SpdxDocument>` + "\n"
	rdfClose = "\n</rdf:RDF>\n"
)

func rdfText(parts ...string) []byte {
	return []byte(rdfOpen + rdfDocument + strings.Join(parts, "\n") + rdfClose)
}

// TestRDFSpellings reads one package in the ways in which RDF/XML can write it.
func TestRDFSpellings(t *testing.T) {
	const (
		a    = `<name>a</name><versionInfo>1.10</versionInfo><downloadLocation>NOASSERTION</downloadLocation>`
		full = "https://acme.example/pump#SPDXRef-a"
	)
	tests := []struct{ name, text string }{
		{"about", `<Package rdf:about="#SPDXRef-a">` + a + `</Package>`},
		{"absolute", `<Package rdf:about="` + full + `">` + a + `</Package>`},
		{"ID", `<Package rdf:ID="SPDXRef-a">` + a + `</Package>`},
		{"another base", `<Package xml:base="https://acme.example/other/" rdf:about="../pump#SPDXRef-a">` + a + `</Package>`},
		{"another prefix", `<p:Package xmlns:p="http://spdx.org/rdf/terms#" rdf:about="#SPDXRef-a">` + a + `</p:Package>`},
		{"Description with a type", `<rdf:Description rdf:about="#SPDXRef-a">` + a + `<rdf:type rdf:resource="http://spdx.org/rdf/terms#Package"/></rdf:Description>`},
		{"type as an attribute", `<rdf:Description rdf:about="#SPDXRef-a" rdf:type="http://spdx.org/rdf/terms#Package">` + a + `</rdf:Description>`},
		{"type elsewhere", `<rdf:Description rdf:about="#SPDXRef-a">` + a + `</rdf:Description><Package rdf:about="#SPDXRef-a"/>`},
		{"property attributes", `<Package rdf:about="#SPDXRef-a" s:name="a" s:versionInfo="1.10" s:downloadLocation="NOASSERTION"/>`},
		{"in two places", `<Package rdf:about="#SPDXRef-a"><name>a</name></Package><Package rdf:about="#SPDXRef-a">` + a + `</Package>`},
		{"nested in a relationship", `<rdf:Description rdf:about="#SPDXRef-DOCUMENT"><relationship><Relationship><relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_other"/>` +
			`<relatedSpdxElement><Package rdf:about="#SPDXRef-a">` + a + `</Package></relatedSpdxElement></Relationship></relationship></rdf:Description>`},
		{"described", `<rdf:Description rdf:about="#SPDXRef-DOCUMENT"><describesPackage><Package rdf:about="#SPDXRef-a">` + a + `</Package></describesPackage></rdf:Description>`},
		{"words as nodes", `<Package rdf:about="#SPDXRef-a"><name>a</name><versionInfo>1.10</versionInfo><downloadLocation rdf:resource="http://spdx.org/rdf/terms#noassertion"/></Package>`},
		{"datatypes and languages", `<Package rdf:about="#SPDXRef-a"><name xml:lang="en">a</name><versionInfo rdf:datatype="http://www.w3.org/2001/XMLSchema#string">1.10</versionInfo><downloadLocation>NOASSERTION</downloadLocation></Package>`},
		{"other vocabularies", `<Package rdf:about="#SPDXRef-a" xmlns:x="urn:x" x:a="b">` + a + `<x:versionInfo>2</x:versionInfo></Package><x:Thing xmlns:x="urn:x"><x:y>z</x:y></x:Thing>`},
		{"literal", `<Package rdf:about="#SPDXRef-a"><name rdf:parseType="Literal">a<b/></name><versionInfo>1.10</versionInfo><downloadLocation>NOASSERTION</downloadLocation></Package>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := DecodeRDF(rdfText(tt.text), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(doc.Components) != 1 || doc.Subject == nil || doc.Defects.Total() != 0 || doc.ID != "https://acme.example/pump" {
				t.Fatalf("%d packages, subject %v, namespace %q, defects %+v", len(doc.Components), doc.Subject, doc.ID, doc.Defects.List)
			}
			c := doc.Components[0]
			if c.Ref != "SPDXRef-a" || c.Name != "a" || c.Version != "1.10" || c.Position.Line < 3 || doc.Encoding != sbom.RDF {
				t.Errorf("%+v in %s", c, doc.Encoding)
			}
		})
	}
}

// TestRDF reads what the table of rules lowers, each thing once.
func TestRDF(t *testing.T) {
	text := rdfText(`<Package rdf:about="#SPDXRef-a">
 <name>a</name><versionInfo>1</versionInfo><downloadLocation>git+https://acme.example/a</downloadLocation><filesAnalyzed>true</filesAnalyzed>
 <supplier>Organization: Acme (sbom@acme.example)</supplier><originator>Person: Jo</originator><sourceInfo>built</sourceInfo>
 <primaryPackagePurpose rdf:resource="http://spdx.org/rdf/terms#purpose_operatingSystem"/><validUntilDate>2030-01-01T00:00:00Z</validUntilDate>
 <checksum><Checksum><algorithm rdf:resource="http://spdx.org/rdf/terms#checksumAlgorithm_sha1"/><checksumValue>85ed0817af83a24ad8da68c2b5094de69833983c</checksumValue></Checksum></checksum>
 <checksum rdf:parseType="Resource"><algorithm rdf:resource="http://spdx.org/rdf/terms#checksumAlgorithm_md5"/><checksumValue>624c1abb3664f4b35547e7c73864ad24</checksumValue></checksum>
 <externalRef><ExternalRef><referenceCategory rdf:resource="http://spdx.org/rdf/terms#referenceCategory_packageManager"/><referenceType rdf:resource="http://spdx.org/rdf/references/purl"/><referenceLocator>pkg:npm/a@1</referenceLocator></ExternalRef></externalRef>
 <externalRef><ExternalRef><referenceCategory rdf:resource="http://spdx.org/rdf/terms#referenceCategory_security"/><referenceType><ReferenceType rdf:about="http://spdx.org/rdf/references/cpe23Type"/></referenceType><referenceLocator>cpe:2.3:a:acme:a:1:*:*:*:*:*:*:*</referenceLocator></ExternalRef></externalRef>
 <licenseDeclared><ConjunctiveLicenseSet><member rdf:resource="http://spdx.org/licenses/MIT"/><member><DisjunctiveLicenseSet><member rdf:resource="https://spdx.org/licenses/Zlib.html"/><member rdf:nodeID="L1"/></DisjunctiveLicenseSet></member></ConjunctiveLicenseSet></licenseDeclared>
 <licenseConcluded><WithExceptionOperator><member><OrLaterOperator><member><ListedLicense rdf:about="http://spdx.org/licenses/GPL-2.0"/></member></OrLaterOperator></member><licenseException><ListedLicenseException><licenseExceptionId>Classpath-exception-2.0</licenseExceptionId></ListedLicenseException></licenseException></WithExceptionOperator></licenseConcluded>
 <hasFile><File rdf:about="#SPDXRef-f"><fileName>./f</fileName><checksum><Checksum><algorithm rdf:resource="http://spdx.org/rdf/terms#checksumAlgorithm_sha1"/><checksumValue>85ed0817af83a24ad8da68c2b5094de69833983c</checksumValue></Checksum></checksum></File></hasFile>
 <relationship><Relationship><relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_buildDependencyOf"/><relatedSpdxElement><Package rdf:about="#SPDXRef-b"><name>b</name><downloadLocation rdf:resource="http://spdx.org/rdf/terms#none"/>
  <relationship><Relationship><relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_contains"/><relatedSpdxElement rdf:resource="#SPDXRef-a"/></Relationship></relationship>
 </Package></relatedSpdxElement></Relationship></relationship>
 <relationship><Relationship><relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_dependsOn"/><relatedSpdxElement rdf:resource="https://other.example/base#SPDXRef-x"/></Relationship></relationship>
 <relationship><Relationship><relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_contains"/><relatedSpdxElement rdf:resource="http://spdx.org/rdf/terms#none"/></Relationship></relationship>
</Package>
<rdf:Description rdf:about="#SPDXRef-DOCUMENT"><externalDocumentRef><ExternalDocumentRef rdf:about="#DocumentRef-base"><spdxDocument rdf:resource="https://other.example/base"/>
 <checksum><Checksum><algorithm rdf:resource="http://spdx.org/rdf/terms#checksumAlgorithm_sha1"/><checksumValue>85ed0817af83a24ad8da68c2b5094de69833983c</checksumValue></Checksum></checksum></ExternalDocumentRef></externalDocumentRef></rdf:Description>
<Snippet rdf:about="#SPDXRef-s"><name>s</name><snippetFromFile rdf:resource="#SPDXRef-f"/></Snippet>
<ExtractedLicensingInfo rdf:nodeID="L1"><licenseId>LicenseRef-1</licenseId><extractedText>text</extractedText><name>One</name></ExtractedLicensingInfo>`)
	doc, err := DecodeRDF(text, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Components) != 2 || doc.Files != 1 || doc.Elsewhere != 1 || len(doc.External) != 1 {
		t.Fatalf("%d packages, %d files, %d elsewhere, %v", len(doc.Components), doc.Files, doc.Elsewhere, doc.External)
	}
	if got, want := doc.External[0], (sbom.ExternalDocument{
		ID: "DocumentRef-base", URI: "https://other.example/base",
		Hash: sbom.Hash{Algorithm: "SHA-1", Value: "85ed0817af83a24ad8da68c2b5094de69833983c"}, Position: doc.External[0].Position,
	}); got != want {
		t.Errorf("external document %+v", got)
	}
	c := doc.Components[0]
	got := []any{
		c.Ref, c.Name, c.Version, c.PURL, c.CPE, c.Supplier.Name, c.Supplier.Email, c.Originator().Name, c.SourceInfo, c.Type, c.Hashes, c.Licences,
		c.Support() != nil && c.Support().EndOfSupport == "2030-01-01T00:00:00Z",
	}
	want := []any{
		"SPDXRef-a", "a", "1", "pkg:npm/a@1",
		[]string{"cpe:2.3:a:acme:a:1:*:*:*:*:*:*:*"},
		"Acme", "sbom@acme.example", "Jo", "built", "operating-system",
		[]sbom.Hash{{Algorithm: "SHA-1", Value: "85ed0817af83a24ad8da68c2b5094de69833983c"}, {Algorithm: "MD5", Value: "624c1abb3664f4b35547e7c73864ad24"}},
		[]sbom.Licence{
			{Kind: sbom.LicenceExpression, Value: "MIT AND (Zlib OR LicenseRef-1)"},
			{Kind: sbom.LicenceExpression, Value: "GPL-2.0+ WITH Classpath-exception-2.0", Concluded: true},
		},
		true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("package (-want +got)\n%s", diff)
	}
	edges := []sbom.Dependency{{From: 1, To: 0, Kind: sbom.DependsOn}, {From: 1, To: 0, Kind: sbom.Contains}}
	if diff := cmp.Diff(edges, doc.Dependencies); diff != "" {
		t.Errorf("edges (-want +got)\n%s", diff)
	}
}

func TestRDFDefects(t *testing.T) {
	const a = `<Package rdf:about="#SPDXRef-a"><name>a</name><downloadLocation>NONE</downloadLocation>%s</Package>`
	tests := []struct {
		name, text string
		said       []string
	}{
		{"unknown property", fmt.Sprintf(a, `<versoinInfo>1</versoinInfo>`), []string{"tag-unknown: versoinInfo 3:88"}},
		{"two values", fmt.Sprintf(a, `<name>b</name>`), []string{"key-twice: name 3:88"}},
		{"the same value twice", fmt.Sprintf(a, `<name>a</name>`), nil},
		{"text among properties", fmt.Sprintf(a, `evil`), []string{"type-wrong: evil 3:88"}},
		{"checksum that is text", fmt.Sprintf(a, `<checksum>x</checksum>`), []string{"type-wrong:  3:88"}},
		{"dangling", fmt.Sprintf(a, `<relationship><Relationship><relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_contains"/><relatedSpdxElement rdf:resource="#SPDXRef-gone"/></Relationship></relationship>`), []string{"reference-dangling: SPDXRef-gone 3:102"}},
		{"another namespace", fmt.Sprintf(a, `<relationship><Relationship><relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_contains"/><relatedSpdxElement rdf:resource="https://other.example/x#SPDXRef-a"/></Relationship></relationship>`), []string{"reference-dangling: https://other.example/x#SPDXRef-a 3:102"}},
		{"relationship of nothing", fmt.Sprintf(a, "") + `<Relationship><relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_contains"/><relatedSpdxElement rdf:resource="#SPDXRef-a"/></Relationship>`, []string{"field-missing: CONTAINS 3:98"}},
		{"checksum of nothing", fmt.Sprintf(a, "") + "\n<Checksum><checksumValue>x</checksumValue></Checksum>", []string{"tag-unknown:  4:1"}},
		{"node without a type", fmt.Sprintf(a, "") + "\n<rdf:Description rdf:about='#x'><versionInfo>x</versionInfo></rdf:Description>", []string{"tag-unknown: https://acme.example/pump#x 4:1"}},
		{"set without a member", fmt.Sprintf(a, `<licenseDeclared><ConjunctiveLicenseSet/></licenseDeclared>`), []string{"field-missing: ConjunctiveLicenseSet 3:105"}},
		{"set of itself", fmt.Sprintf(a, `<licenseDeclared><ConjunctiveLicenseSet rdf:nodeID="x"><member rdf:resource="http://spdx.org/licenses/MIT"/><member rdf:nodeID="x"/></ConjunctiveLicenseSet></licenseDeclared>`), []string{"value-invalid: _:x 3:196"}},
		{"two licences", fmt.Sprintf(a, `<licenseDeclared rdf:resource="http://spdx.org/licenses/MIT"/><licenseDeclared rdf:resource="http://spdx.org/licenses/Zlib"/>`), []string{"key-twice: licenseDeclared 3:150"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := DecodeRDF(rdfText(tt.text), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.said, saidOf(doc)); diff != "" {
				t.Errorf("defects (-want +got)\n%s%v", diff, doc.Defects.List)
			}
			if len(doc.Components) != 1 {
				t.Errorf("%d packages", len(doc.Components))
			}
		})
	}
}

func TestRefusedRDF(t *testing.T) {
	sets := strings.Builder{} // each the set before, twice: 2 to the 40th
	fmt.Fprint(&sets, `<ConjunctiveLicenseSet rdf:nodeID="s0"><member rdf:resource="http://spdx.org/licenses/MIT"/><member rdf:resource="http://spdx.org/licenses/Zlib"/></ConjunctiveLicenseSet>`)
	for i := range 40 {
		fmt.Fprintf(&sets, `<%[1]s rdf:nodeID="s%[2]d"><member rdf:nodeID="s%[3]d"/><member><%[4]s><member rdf:nodeID="s%[3]d"/><member>X%[2]d</member></%[4]s></member></%[1]s>`,
			[]string{"ConjunctiveLicenseSet", "DisjunctiveLicenseSet"}[i%2], i+1, i, []string{"DisjunctiveLicenseSet", "ConjunctiveLicenseSet"}[i%2])
	}
	long := strings.Repeat("x", 500_000)
	names := `<Package rdf:about="#SPDXRef-` + long + `">` + strings.Repeat("<relationship><Relationship/></relationship>", 50_000) + "</Package>"
	shared := strings.Builder{} // many elements that all refer to one of many statements
	fmt.Fprint(&shared, `<Checksum rdf:nodeID="c">`+strings.Repeat("<algorithm>x</algorithm>", 20_000)+"</Checksum>")
	for i := range 20_000 {
		fmt.Fprintf(&shared, `<Package rdf:about="#p%d"><checksum rdf:nodeID="c"/></Package>`, i)
	}
	tests := []struct{ name, text, want string }{
		{"no SPDX", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>`, "no SPDX 2 document: it has no spdxVersion"},
		{"two documents", string(rdfText(`<SpdxDocument rdf:about="https://b.example/b#SPDXRef-DOCUMENT"><specVersion>SPDX-2.3</specVersion></SpdxDocument>`)), "line 3, column 1: a second document beside the first"},
		{"licence bomb", string(rdfText(`<Package rdf:about="#SPDXRef-a"><licenseDeclared rdf:nodeID="s40"/></Package>`, sets.String())), "nodes of RDF that many others refer to make the document more than eight times"},
		{"long name in many places", string(rdfText(names)), "nodes of RDF that many others refer to make the document more than eight times"},
		{"shared node", string(rdfText(shared.String())), "nodes of RDF that many others refer to make the document more than eight times"},
		{"depth", string(rdfText(strings.Repeat("<Package><relationship>", 3000))), "elements nested too deep"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := DecodeRDF([]byte(tt.text), Options{})
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

// Packages nested in the relationships that lead to them, as writers of RDF/XML
// do, and a ring of them.
func TestRDFNesting(t *testing.T) {
	const deep = 900
	var open, end strings.Builder
	for i := range deep {
		fmt.Fprintf(&open, `<Package rdf:about="#SPDXRef-%d"><name>p</name><relationship><Relationship><relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_dependsOn"/><relatedSpdxElement>`, i)
		fmt.Fprint(&end, `</relatedSpdxElement></Relationship></relationship></Package>`)
	}
	doc, err := DecodeRDF(rdfText(open.String()+`<Package rdf:about="#SPDXRef-a"><name>p</name><relationship><Relationship><relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_dependsOn"/>`+
		`<relatedSpdxElement rdf:resource="#SPDXRef-0"/></Relationship></relationship></Package>`+end.String()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Components) != deep+1 || len(doc.Dependencies) != deep+1 {
		t.Errorf("%d packages, %d edges", len(doc.Components), len(doc.Dependencies))
	}
}

// A long base would make the text longer by itself at every relative IRI.
func TestRDFLongBase(t *testing.T) {
	base := "https://acme.example/" + strings.Repeat("a", 20_000)
	text := []byte(`<RDF xmlns="` + rdfSpace + `" xmlns:rdf="` + rdfSpace + `" xml:base="` + base + `">` +
		strings.Repeat(`<Package xmlns="`+termsSpace+`" rdf:about="#SPDXRef-a"><name>a</name></Package>`, 2_000) + "</RDF>")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	p := newRDFParser(text, 100, 0)
	p.root(p.document)
	runtime.ReadMemStats(&after)
	if p.err != nil || p.met.Counts[sbom.CodeValue] != 1 || len(p.nodes) != 1 {
		t.Errorf("%d nodes, error %v, defects %v", len(p.nodes), p.err, p.met.List)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 30<<20 {
		t.Errorf("%d bytes allocated for a text of %d", used, len(text))
	}
}

func TestWords(t *testing.T) {
	for iri, want := range map[[2]string]string{
		{"relationshipType", termsSpace + "relationshipType_dependencyOf"}:      "DEPENDENCY_OF",
		{"relationshipType", secureTermsSpace + "relationshipType_describes"}:   "DESCRIBES",
		{"relationshipType", termsSpace + "relationshipType_DEPENDS_ON"}:        "DEPENDS_ON",
		{"relationshipType", "CONTAINS"}:                                        "CONTAINS",
		{"referenceCategory", termsSpace + "referenceCategory_packageManager"}:  "PACKAGE-MANAGER",
		{"referenceCategory", termsSpace + "referenceCategory_persistentId"}:    "PERSISTENT-ID",
		{"referenceType", "http://spdx.org/rdf/references/purl"}:                "purl",
		{"referenceType", "https://acme.example/x#LocationRef-acme"}:            "https://acme.example/x#LocationRef-acme",
		{"algorithm", termsSpace + "checksumAlgorithm_sha1"}:                    "SHA1",
		{"algorithm", termsSpace + "checksumAlgorithm_sha3_256"}:                "SHA3-256",
		{"algorithm", termsSpace + "checksumAlgorithm_sha384"}:                  "SHA384",
		{"algorithm", termsSpace + "checksumAlgorithm_sha3_384"}:                "SHA3-384",
		{"algorithm", termsSpace + "checksumAlgorithm_blake2b384"}:              "BLAKE2b-384",
		{"algorithm", termsSpace + "checksumAlgorithm_blake3"}:                  "BLAKE3",
		{"fileType", termsSpace + "fileType_source"}:                            "SOURCE",
		{"annotationType", termsSpace + "annotationType_review"}:                "REVIEW",
		{"primaryPackagePurpose", termsSpace + "purpose_operatingSystem"}:       "OPERATING-SYSTEM",
		{"primaryPackagePurpose", termsSpace + "primaryPackagePurpose_library"}: "LIBRARY",
		{"primaryPackagePurpose", termsSpace + "library"}:                       termsSpace + "library",
	} {
		if got := word(iri[0], iri[1]); got != want {
			t.Errorf("%s: want %s, got %s", iri[1], want, got)
		}
	}
}
