// SPDX-License-Identifier: Apache-2.0

package spdx3

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/sbom"
)

// head begins a document whose elements need only what the test is about.
const head = `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
{"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2026-01-15T08:00:00Z","createdBy":["https://acme.example/org"]},
{"type":"Organization","spdxId":"https://acme.example/org","creationInfo":"_:c","name":"Acme"},
`

func element(kind, id, fields string) string {
	return `{"type":"` + kind + `","spdxId":"` + id + `","creationInfo":"_:c",` + fields + `}`
}

var relations int

func relation(from, kind string, to ...string) string {
	relations++
	return element("Relationship", fmt.Sprintf("a:r%d", relations),
		`"from":"`+from+`","relationshipType":"`+kind+`","to":["`+strings.Join(to, `","`)+`"]`)
}

func pkg(id, fields string) string {
	if fields != "" {
		fields = "," + fields
	}
	return element("software_Package", id, `"name":"`+id[strings.LastIndexByte(id, ':')+1:]+`"`+fields)
}

func read(t *testing.T, elements ...string) *sbom.Document {
	t.Helper()
	text := []byte(head + strings.Join(elements, ",\n") + `]}`)
	doc, err := Decode(text, Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkInvariants(t, doc, text)
	return doc
}

// said lists the defects as "code: value".
func said(doc *sbom.Document) []string {
	var list []string
	for _, d := range doc.Defects.List {
		list = append(list, string(d.Code)+": "+d.Value)
	}
	return list
}

// whole is a document with everything that the package comment names.
const whole = `{"@context":["https://spdx.org/rdf/3.0.1/spdx-context.jsonld",{"acme":"https://acme.example/"}],"@graph":[
{"type":"Relationship","spdxId":"acme:r1","creationInfo":"_:c","from":"acme:pump","relationshipType":"dependsOn","to":["acme:zlib","acme:base"],"completeness":"complete"},
{"type":"Relationship","spdxId":"acme:r2","creationInfo":"_:c","from":"acme:zlib","relationshipType":"contains","to":["https://spdx.org/rdf/3.0.1/terms/Core/NoneElement"]},
{"type":"Relationship","spdxId":"acme:r3","creationInfo":"_:c","from":"acme:zlib","relationshipType":"hasDeclaredLicense","to":["acme:l1"]},
{"type":"Relationship","spdxId":"acme:r4","creationInfo":"_:c","from":"acme:zlib","relationshipType":"hasConcludedLicense","to":["acme:l2","expandedlicensing_NoAssertionLicense"]},
{"type":"SpdxDocument","spdxId":"acme:doc","creationInfo":"_:c","name":"Pump 3000","rootElement":["acme:bom"],"dataLicense":"https://spdx.org/licenses/CC0-1.0",
 "import":[{"type":"ExternalMap","externalSpdxId":"https://acme.example/base","locationHint":"https://acme.example/base.json","verifiedUsing":[{"type":"Hash","algorithm":"sha1","hashValue":"d6a770ba38583ed4bb4525bd96e50461655d2759"}]}]},
{"type":"software_Sbom","spdxId":"acme:bom","creationInfo":"_:c","software_sbomType":["build","runtime"],"rootElement":["https://acme.example/pump"]},
{"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2026-01-15T08:00:00Z","createdBy":["acme:org"],"createdUsing":["acme:tool"]},
{"type":"Tool","spdxId":"acme:tool","creationInfo":"_:c","name":"syft-1.51.0"},
{"type":"Organization","spdxId":"acme:org","creationInfo":"_:c","name":"Acme Medical","externalIdentifier":[{"type":"ExternalIdentifier","externalIdentifierType":"email","identifier":"sbom@acme.example"}]},
{"type":"software_Package","spdxId":"acme:pump","creationInfo":"_:c","name":"pump","software_primaryPurpose":"operatingSystem"},
{"type":"software_Package","spdxId":"acme:zlib","creationInfo":"_:c","name":"zlib","software_packageVersion":"1.2.11","software_packageUrl":"pkg:generic/zlib@1.2.11",
 "software_downloadLocation":"git+https://example.org/zlib","software_homePage":"https://zlib.example","software_sourceInfo":"built from source",
 "suppliedBy":{"type":"Person","spdxId":"acme:jane","name":"Jane"},"originatedBy":["acme:org","acme:jane"],
 "supportLevel":["limitedSupport"],"validUntilTime":"2027-01-01T00:00:00Z",
 "verifiedUsing":[{"type":"Hash","algorithm":"sha1","hashValue":"d6a770ba38583ed4bb4525bd96e50461655d2759"},{"type":"PackageVerificationCode","algorithm":"sha1","hashValue":"d6a770ba38583ed4bb4525bd96e50461655d2758"}],
 "software_contentIdentifier":[{"type":"software_ContentIdentifier","software_contentIdentifierType":"gitoid","software_contentIdentifierValue":"gitoid:blob:sha1:00"}],
 "externalIdentifier":[{"type":"ExternalIdentifier","externalIdentifierType":"packageUrl","identifier":"pkg:conan/zlib@1.2.11"},
  {"type":"ExternalIdentifier","externalIdentifierType":"cpe23","identifier":"cpe:2.3:a:zlib:zlib:1.2.11:*:*:*:*:*:*:*"},
  {"type":"ExternalIdentifier","externalIdentifierType":"swid","identifier":"swid:abc"},
  {"type":"ExternalIdentifier","externalIdentifierType":"swhid","identifier":"swh:1:rev:00"}],
 "externalRef":[{"type":"ExternalRef","externalRefType":"securityAdvisory","locator":["https://zlib.example/sa"]}],
 "extension":[{"type":"extension_CdxPropertiesExtension","extension_cdxProperty":[{"type":"extension_CdxPropertyEntry","extension_cdxPropName":"cdx:fda:end-of-life-date","extension_cdxPropValue":"2028-01-01"}]}]},
{"type":"software_File","spdxId":"acme:f","creationInfo":"_:c","name":"a.so"},
{"type":"simplelicensing_LicenseExpression","spdxId":"acme:l1","creationInfo":"_:c","simplelicensing_licenseExpression":"Zlib OR MIT"},
{"type":"expandedlicensing_ConjunctiveLicenseSet","spdxId":"acme:l2","creationInfo":"_:c","expandedlicensing_member":["https://spdx.org/licenses/Zlib","acme:l3",
 {"type":"expandedlicensing_WithAdditionOperator","spdxId":"acme:l4","expandedlicensing_subjectExtendableLicense":{"type":"expandedlicensing_OrLaterOperator","spdxId":"acme:l5","expandedlicensing_subjectLicense":{"type":"expandedlicensing_ListedLicense","spdxId":"https://spdx.org/licenses/GPL-2.0","simplelicensing_licenseText":"…"}},
  "expandedlicensing_subjectAddition":{"type":"expandedlicensing_ListedLicenseException","spdxId":"https://spdx.org/licenses/exceptions/Classpath-exception-2.0","expandedlicensing_additionText":"…"}}]},
{"type":"expandedlicensing_DisjunctiveLicenseSet","spdxId":"acme:l3","creationInfo":"_:c","expandedlicensing_member":["https://spdx.org/licenses/MIT",{"type":"expandedlicensing_CustomLicense","spdxId":"acme:LicenseRef-own","name":"Own","simplelicensing_licenseText":"…"}]},
{"type":"security_Vulnerability","spdxId":"acme:v1","creationInfo":"_:c","name":"zlib overflow","externalIdentifier":[{"type":"ExternalIdentifier","externalIdentifierType":"cve","identifier":"CVE-2022-37434","identifierLocator":["https://nvd.example/CVE-2022-37434"]}]},
{"type":"security_VexNotAffectedVulnAssessmentRelationship","spdxId":"acme:x1","creationInfo":"_:c","from":"acme:v1","to":["acme:zlib"],"relationshipType":"doesNotAffect","security_justificationType":"vulnerableCodeNotPresent","security_impactStatement":"not called"},
{"type":"security_Vulnerability","spdxId":"acme:v2","creationInfo":"_:c","externalIdentifier":[{"type":"ExternalIdentifier","externalIdentifierType":"cve","identifier":"CVE-2018-25032"}]},
{"type":"Relationship","spdxId":"acme:r5","creationInfo":"_:c","from":"acme:zlib","relationshipType":"hasAssociatedVulnerability","to":["acme:v2"]}
]}`

func TestWhole(t *testing.T) {
	doc, err := Decode([]byte(whole), Options{})
	if err != nil {
		t.Fatal(err)
	}
	org := sbom.Party{Name: "Acme Medical", Email: "sbom@acme.example"}
	jane := sbom.Party{Name: "Jane", Person: true}
	want := &sbom.Document{
		Format: sbom.SPDX, SpecVersion: "3.0.1", Encoding: sbom.JSONLD,
		ID: "acme:doc", Name: "Pump 3000",
		Created: "2026-01-15T08:00:00Z", CreatedAt: time.Date(2026, 1, 15, 8, 0, 0, 0, time.UTC),
		Lifecycles: []string{"build", "runtime"},
		Tools:      []sbom.Tool{{Name: "syft", Version: "1.51.0"}},
		Authors:    []sbom.Party{org},
		Components: []sbom.Component{
			{Ref: "acme:pump", Name: "pump", Type: "operating-system", Parent: sbom.SubjectIndex, DependenciesStated: true, Position: sbom.Position{Line: 12, Column: 1}},
			{
				Ref: "acme:zlib", Name: "zlib", Version: "1.2.11", PURL: "pkg:generic/zlib@1.2.11",
				CPE:      []string{"cpe:2.3:a:zlib:zlib:1.2.11:*:*:*:*:*:*:*"},
				Supplier: jane,
				Licences: []sbom.Licence{
					{Kind: sbom.LicenceExpression, Value: "Zlib OR MIT"},
					{Kind: sbom.LicenceExpression, Value: "Zlib AND (MIT OR LicenseRef-own) AND GPL-2.0+ WITH Classpath-exception-2.0", Concluded: true},
					{Kind: sbom.LicenceID, Value: "NOASSERTION", Concluded: true},
				},
				Hashes: []sbom.Hash{{Algorithm: "SHA-1", Value: "d6a770ba38583ed4bb4525bd96e50461655d2759"}},
				References: []sbom.Reference{
					{Type: "vcs", URL: "git+https://example.org/zlib"},
					{Type: "website", URL: "https://zlib.example"},
					{Type: "advisories", URL: "https://zlib.example/sa"},
				},
				SourceInfo: "built from source",
				Properties: []sbom.Property{{Name: "gitoid", Value: "gitoid:blob:sha1:00"}, {Name: "cdx:fda:end-of-life-date", Value: "2028-01-01"}},
				Parent:     sbom.SubjectIndex, DependenciesStated: true, Position: sbom.Position{Line: 13, Column: 1},
				Details: &sbom.Details{
					MorePURL:   []string{"pkg:conan/zlib@1.2.11"},
					SWID:       "abc",
					SWHID:      []string{"swh:1:rev:00"},
					Originator: org,
					Authors:    []sbom.Party{jane},
					Support:    &sbom.Support{Level: "limitedSupport", EndOfSupport: "2027-01-01T00:00:00Z", EndOfLife: "2028-01-01"},
				},
			},
		},
		SubjectListed: true,
		Dependencies:  []sbom.Dependency{{From: 0, To: 1}},
		Compositions:  []sbom.Composition{{Aggregate: "complete", Refs: []string{"acme:pump", "acme:zlib"}}},
		Files:         1,
		External: []sbom.ExternalDocument{{
			ID: "https://acme.example/base", URI: "https://acme.example/base.json",
			Hash:     sbom.Hash{Algorithm: "SHA-1", Value: "d6a770ba38583ed4bb4525bd96e50461655d2759"},
			Position: sbom.Position{Line: 7, Column: 12},
		}},
		Elsewhere: 1,
		Vulnerabilities: []sbom.Vulnerability{
			{
				ID: "CVE-2022-37434", Aliases: []string{"zlib overflow"}, Source: "https://nvd.example/CVE-2022-37434", Affects: []string{"acme:zlib"},
				State: "doesNotAffect", Justification: "vulnerableCodeNotPresent", Detail: "not called", Position: sbom.Position{Line: 32, Column: 1},
			},
			{ID: "CVE-2018-25032", Affects: []string{"acme:zlib"}, Position: sbom.Position{Line: 33, Column: 1}},
		},
		Statements: 2,
	}
	want.Subject = &want.Components[0]
	if diff := cmp.Diff(want, doc); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
}

// TestSpellings holds that a document says the same however it is spelt.
func TestSpellings(t *testing.T) {
	const terms = "https://spdx.org/rdf/3.0.1/terms/"
	tests := []struct {
		name, text string
		codes      []string
	}{
		{"compact", `{"type":"software_Package","spdxId":"a:p","creationInfo":"_:c","name":"p","software_packageUrl":"pkg:npm/p@1"}`, nil},
		{"keywords", `{"@type":["software_Package"],"@id":"a:p","creationInfo":{"@id":"_:c"},"name":{"@value":"p"},"software_packageUrl":["pkg:npm/p@1"]}`, nil},
		{"expanded", `{"@type":["` + terms + `Software/Package"],"@id":"a:p","` + terms + `Core/creationInfo":[{"@id":"_:c"}],"` + terms + `Core/name":[{"@value":"p"}],"` + terms + `Software/packageUrl":[{"@list":[{"@value":"pkg:npm/p@1","@type":"http://www.w3.org/2001/XMLSchema#anyURI"}]}]}`, nil},
		{"prefix", `{"@context":{"s":"` + terms + `Software/","core":{"@id":"` + terms + `Core/"},"kind":"@type"},"kind":"s:Package","@id":"a:p","core:creationInfo":"_:c","core:name":"p","s:packageUrl":"pkg:npm/p@1"}`, nil},
		{"type last", `{"software_packageUrl":"pkg:npm/p@1","name":"p","creationInfo":"_:c","spdxId":"a:p","type":"software_Package"}`, nil},
		{"other case", `{"Type":"Software_package","spdxID":"a:p","creationInfo":"_:c","core_name":"p","packageUrl":"pkg:npm/p@1"}`, []string{"tag-unknown: Type", "value-invalid: Software_package", "tag-unknown: spdxID", "tag-unknown: core_name", "tag-unknown: packageUrl"}},
		{"no type", `{"spdxId":"a:p","creationInfo":"_:c","name":"p","software_packageUrl":"pkg:npm/p@1"}`, []string{"field-missing: a:p"}},
		{"unknown type", `{"type":"acme_Device","spdxId":"a:p","creationInfo":"_:c","name":"p","software_packageUrl":"pkg:npm/p@1"}`, []string{"value-invalid: acme_Device"}},
		{"AI package", `{"type":"ai_AIPackage","spdxId":"a:p","creationInfo":"_:c","name":"p","software_packageUrl":"pkg:npm/p@1","ai_domain":["x"]}`, nil},
		{"inline at any property", `{"type":"Annotation","spdxId":"a:a","creationInfo":"_:c","annotationType":"other","subject":{"type":"software_Package","spdxId":"a:p","name":"p","software_packageUrl":"pkg:npm/p@1"}}`, nil},
		{"identifier", `{"type":"software_Package","spdxId":"a:p","creationInfo":"_:c","name":"p","externalIdentifier":["a:i"]},{"type":"ExternalIdentifier","spdxId":"a:i","externalIdentifierType":"purl","identifier":"pkg:npm/p@1"}`, []string{"value-invalid: purl"}},
		{"identifier without a type", `{"type":"software_Package","spdxId":"a:p","creationInfo":"_:c","name":"p","externalIdentifiers":{"externalIdentifierType":"PackageUrl","identifier":"pkg:npm/p@1"}}`, []string{"tag-unknown: externalIdentifiers", "value-invalid: PackageUrl", "field-missing: "}},
		{"purl elsewhere", `{"type":"software_Package","spdxId":"a:p","creationInfo":"_:c","name":"p","externalIdentifier":{"type":"ExternalIdentifier","externalIdentifierType":"other","identifier":"pkg:npm/p@1"}}`, []string{"value-invalid: other"}},
		{"a number", `{"type":"software_Package","spdxId":"a:p","creationInfo":"_:c","name":"p","software_packageVersion":1.10,"software_packageUrl":"pkg:npm/p@1"}`, []string{"type-wrong: 1.10"}},
		{"twice", `{"type":"software_Package","spdxId":"a:p","creationInfo":"_:c","name":"q","software_packageUrl":"pkg:npm/p@1","name":"p"}`, []string{"key-twice: name", "contradiction: p"}},
		{"unknown key", `{"type":"software_Package","spdxId":"a:p","creationInfo":"_:c","name":"p","software_packageUrl":"pkg:npm/p@1","colour":"red"}`, []string{"tag-unknown: colour"}},
		{"extension", `{"type":"software_Package","spdxId":"a:p","creationInfo":"_:c","name":"p","software_packageUrl":"pkg:npm/p@1","extension":[{"type":"https://acme.example/x","colour":"red"}]}`, nil},
		{"no IRI", `{"type":"software_Package","spdxId":"p","creationInfo":"_:c","name":"p","software_packageUrl":"pkg:npm/p@1"}`, []string{"value-invalid: p"}},
		{"no id", `{"type":"software_Package","creationInfo":"_:c","name":"p","software_packageUrl":"pkg:npm/p@1"}`, []string{"field-missing: p"}},
		{"no purl", `{"type":"software_Package","spdxId":"a:p","creationInfo":"_:c","name":"p","software_packageUrl":"https://p"}`, []string{"purl-invalid: https://p"}},
		{"bad words", `{"type":"software_Package","spdxId":"a:p","creationInfo":"_:c","name":"p","software_packageUrl":"pkg:npm/p@1","software_primaryPurpose":"gadget","supportLevel":"none","releaseTime":"today","verifiedUsing":{"type":"Hash","algorithm":"sha256","hashValue":"00"}}`, []string{"value-invalid: gadget", "value-invalid: none", "date-invalid: today", "value-invalid: 00"}},
		{"string in the graph", `"a:p",{"type":"software_Package","spdxId":"a:p","creationInfo":"_:c","name":"p","software_packageUrl":"pkg:npm/p@1"}`, []string{"type-wrong: a:p"}},
		{"a stub and the whole", `{"type":"software_Sbom","spdxId":"a:b","creationInfo":"_:c","rootElement":{"type":"software_Package","spdxId":"a:p"}},{"type":"software_Package","spdxId":"a:p","creationInfo":"_:c","name":"p","software_packageUrl":"pkg:npm/p@1"}`, []string{"field-missing: "}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := read(t, tt.text)
			if doc.Count() != 1 {
				t.Fatalf("%d components", doc.Count())
			}
			c := &doc.Components[0]
			wantPURL := "pkg:npm/p@1"
			if tt.name == "no purl" {
				wantPURL = "https://p"
			}
			if c.Name != "p" || c.PURL != wantPURL {
				t.Errorf("component %q %q", c.Name, c.PURL)
			}
			if diff := cmp.Diff(tt.codes, said(doc)); diff != "" {
				t.Errorf("defects (-want +got):\n%s", diff)
			}
		})
	}
}

// TestIdentifierForms holds that an identifier that is none is kept and said.
func TestIdentifierForms(t *testing.T) {
	for name, tt := range map[string]struct {
		more, purl string
		cpe, said  []string
	}{
		"purl without a name": {`"software_packageUrl":"pkg:npm/"`, "pkg:npm/", nil, []string{"purl-invalid: pkg:npm/"}},
		"CPE with fields missing": {
			`"externalIdentifier":{"type":"ExternalIdentifier","externalIdentifierType":"cpe23","identifier":"cpe:2.3:a:b"}`,
			"",
			[]string{"cpe:2.3:a:b"},
			[]string{"cpe-invalid: cpe:2.3:a:b"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			doc := read(t, pkg("a:p", tt.more))
			c := &doc.Components[0]
			if diff := cmp.Diff([]any{tt.purl, tt.cpe, tt.said}, []any{c.PURL, c.CPE, said(doc)}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRelationships(t *testing.T) {
	type edges = []sbom.Dependency
	tests := []struct {
		name     string
		elements []string
		want     edges
		subject  string
		said     []string
	}{
		{"depends", []string{relation("a:p", "dependsOn", "a:q")}, edges{{From: 0, To: 1}}, "", nil},
		{"static link", []string{relation("a:p", "hasStaticLink", "a:q")}, edges{{From: 0, To: 1}}, "", nil},
		{"contains", []string{relation("a:q", "contains", "a:p")}, edges{{From: 1, To: 0, Kind: sbom.Contains}}, "", nil},
		{"SPDX 2's names, said once", []string{relation("a:p", "DEPENDS_ON", "a:q"), relation("a:q", "DEPENDS_ON", "a:p")}, edges{{From: 0, To: 1}, {From: 1, To: 0}}, "", []string{"value-invalid: DEPENDS_ON"}},
		{"reversed", []string{relation("a:p", "DEPENDENCY_OF", "a:q")}, edges{{From: 1, To: 0}}, "", []string{"value-invalid: DEPENDENCY_OF"}},
		{"unknown", []string{relation("a:p", "likes", "a:q")}, nil, "", []string{"value-invalid: likes"}},
		{"dangling", []string{relation("a:p", "dependsOn", "a:x")}, nil, "", []string{"reference-dangling: a:x"}},
		{"dangling from", []string{relation("a:x", "dependsOn", "a:q")}, nil, "", []string{"reference-dangling: a:x"}},
		{"SPDX 2's NOASSERTION", []string{relation("a:p", "dependsOn", "NOASSERTION")}, nil, "", []string{"value-invalid: NOASSERTION"}},
		{"describes", []string{element("SpdxDocument", "a:d", `"name":"d"`), relation("a:d", "describes", "a:q")}, nil, "q", nil},
		{"SPDX 2's document", []string{element("SpdxDocument", "a:d", `"name":"d"`), relation("SPDXRef-DOCUMENT", "DESCRIBES", "a:q")}, nil, "q", []string{"value-invalid: DESCRIBES", "value-invalid: SPDXRef-DOCUMENT"}},
		{"root", []string{element("SpdxDocument", "a:d", `"rootElement":["a:q"]`)}, nil, "q", nil},
		{"root of an SBOM", []string{element("software_Sbom", "a:b", `"rootElement":"a:q"`)}, nil, "q", nil},
		{"inline end", []string{element("Relationship", "a:r", `"from":"a:p","relationshipType":"dependsOn","to":[{"@id":"a:q"}]`)}, edges{{From: 0, To: 1}}, "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := read(t, append([]string{pkg("a:p", ""), pkg("a:q", "")}, tt.elements...)...)
			if diff := cmp.Diff(tt.want, doc.Dependencies); diff != "" {
				t.Errorf("edges (-want +got):\n%s", diff)
			}
			var want []string
			want = append(want, tt.said...)
			subject := ""
			if doc.Subject != nil {
				subject = doc.Subject.Name
			} else {
				want = append(want, "field-missing: ") // nothing says what is described
			}
			if subject != tt.subject {
				t.Errorf("subject %q, want %q", subject, tt.subject)
			}
			if diff := cmp.Diff(want, said(doc)); diff != "" {
				t.Errorf("defects (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCompleteness(t *testing.T) {
	complete := func(id, word string) string {
		return element("Relationship", id, `"from":"a:p","relationshipType":"dependsOn","to":["a:q"],"completeness":"`+word+`"`)
	}
	tests := map[string]struct {
		text string
		want []sbom.Composition
	}{
		"complete":    {complete("a:r", "complete"), []sbom.Composition{{Aggregate: "complete", Refs: []string{"a:p"}}}},
		"incomplete":  {complete("a:r", "incomplete"), []sbom.Composition{{Aggregate: "incomplete", Refs: []string{"a:p"}}}},
		"noAssertion": {complete("a:r", "noAssertion"), []sbom.Composition{{Aggregate: "unknown", Refs: []string{"a:p"}}}},
		"none":        {relation("a:q", "dependsOn", "NoneElement"), []sbom.Composition{{Aggregate: "complete", Refs: []string{"a:q"}}}},
		"not known":   {relation("a:q", "dependsOn", "NoAssertionElement"), []sbom.Composition{{Aggregate: "unknown", Refs: []string{"a:q"}}}},
		"not said":    {relation("a:q", "dependsOn", "a:p"), nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			doc := read(t, pkg("a:p", ""), pkg("a:q", ""), tt.text)
			if diff := cmp.Diff(tt.want, doc.Compositions); diff != "" {
				t.Errorf("compositions (-want +got):\n%s", diff)
			}
		})
	}
}

// TestIndividuals holds that what SPDX itself defines means the same where a
// writer lists it in the graph, as tools-golang does.
func TestIndividuals(t *testing.T) {
	const terms = "https://spdx.org/rdf/3.0.1/terms/"
	references := []string{
		pkg("a:p", `"suppliedBy":"`+terms+`Core/NoAssertionElement"`),
		relation("a:p", "hasDeclaredLicense", terms+"ExpandedLicensing/NoAssertionLicense"),
		relation("a:p", "hasConcludedLicense", terms+"ExpandedLicensing/NoneLicense"),
		relation("a:p", "dependsOn", terms+"Core/NoneElement"),
	}
	listed := []string{
		element("IndividualElement", terms+"Core/NoneElement", `"name":"none"`),
		element("IndividualElement", terms+"Core/NoAssertionElement", `"comment":"x"`),
		element("expandedlicensing_IndividualLicensingInfo", terms+"ExpandedLicensing/NoAssertionLicense", `"name":"x"`),
		element("expandedlicensing_IndividualLicensingInfo", terms+"ExpandedLicensing/NoneLicense", `"comment":"x"`),
	}
	for name, elements := range map[string][]string{"not listed": references, "listed": append(listed, references...)} {
		t.Run(name, func(t *testing.T) {
			doc := read(t, elements...)
			c := &doc.Components[0]
			got := []any{c.Supplier, c.Licences, c.DependenciesStated, doc.Compositions, said(doc)}
			want := []any{
				sbom.Party{Unknown: true},
				[]sbom.Licence{{Value: "NOASSERTION"}, {Value: "NONE", Concluded: true}},
				true,
				[]sbom.Composition{{Aggregate: "complete", Refs: []string{"a:p"}}},
				[]string(nil),
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestDistributionArtifact holds that the digests of the file that a package is
// handed out as are the package's.
func TestDistributionArtifact(t *testing.T) {
	hash := func(value string) string {
		return `"verifiedUsing":[{"type":"Hash","algorithm":"sha1","hashValue":"` + strings.Repeat(value, 20) + `"}]`
	}
	sha1 := func(value string) sbom.Hash { return sbom.Hash{Algorithm: "SHA-1", Value: strings.Repeat(value, 20)} }
	file := element("software_File", "a:f", `"name":"p.zip",`+hash("ab"))
	tests := map[string]struct {
		elements []string
		want     []sbom.Hash
	}{
		"the file's alone":    {[]string{pkg("a:p", ""), file, relation("a:p", "hasDistributionArtifact", "a:f")}, []sbom.Hash{sha1("ab")}},
		"both, the same":      {[]string{pkg("a:p", hash("ab")), file, relation("a:p", "hasDistributionArtifact", "a:f")}, []sbom.Hash{sha1("ab")}},
		"both, that differ":   {[]string{pkg("a:p", hash("cd")), file, relation("a:p", "hasDistributionArtifact", "a:f")}, []sbom.Hash{sha1("cd"), sha1("ab")}},
		"a file that it has":  {[]string{pkg("a:p", ""), file, relation("a:p", "contains", "a:f")}, nil},
		"of another package":  {[]string{pkg("a:p", ""), pkg("a:q", hash("cd")), relation("a:p", "hasDistributionArtifact", "a:q")}, nil},
		"of what is not here": {[]string{pkg("a:p", ""), relation("a:p", "hasDistributionArtifact", "a:x")}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, read(t, tt.elements...).Components[0].Hashes); diff != "" {
				t.Errorf("hashes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParties(t *testing.T) {
	tests := []struct {
		name, supplier, agent string
		want                  sbom.Party
		said                  []string
	}{
		{"organisation", `"a:o"`, element("Organization", "a:o", `"name":"Acme"`), sbom.Party{Name: "Acme"}, nil},
		{"person", `"a:o"`, element("Person", "a:o", `"name":"Jane"`), sbom.Party{Name: "Jane", Person: true}, nil},
		{"prefix of SPDX 2", `"a:o"`, element("Organization", "a:o", `"name":"Organization: Acme"`), sbom.Party{Name: "Acme"}, []string{"party-form: Organization: Acme"}},
		{"NOASSERTION", `"a:o"`, element("Organization", "a:o", `"name":"NOASSERTION"`), sbom.Party{Unknown: true}, nil},
		{"SPDX's NoAssertion", `"https://spdx.org/rdf/3.0.1/terms/Core/NoAssertionElement"`, "", sbom.Party{Unknown: true}, nil},
		{"no name", `"a:o"`, element("Organization", "a:o", `"comment":"x"`), sbom.Party{}, []string{"field-missing: "}},
		{"nobody", `"a:x"`, "", sbom.Party{}, []string{"reference-dangling: a:x"}},
		{"SPDX 2's form", `"Person: Jane"`, "", sbom.Party{Name: "Jane", Person: true}, []string{"reference-dangling: Person: Jane"}},
		{"inline without a type", `{"spdxId":"a:o","name":"Acme"}`, "", sbom.Party{Name: "Acme"}, []string{"field-missing: a:o"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			elements := []string{pkg("a:p", `"suppliedBy":`+tt.supplier)}
			if tt.agent != "" {
				elements = append(elements, tt.agent)
			}
			doc := read(t, elements...)
			if diff := cmp.Diff(tt.want, doc.Components[0].Supplier); diff != "" {
				t.Errorf("supplier (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.said, said(doc)); diff != "" {
				t.Errorf("defects (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTwice(t *testing.T) {
	one, other := pkg("a:p", `"software_packageVersion":"1"`), pkg("a:p", `"software_packageVersion":"2"`)
	tests := []struct {
		name     string
		elements []string
		count    int
		places   int
		said     []string
	}{
		{"the same", []string{one, one, one}, 1, 2, nil},
		{"two", []string{one, other}, 2, 0, []string{"id-duplicate: a:p"}},
		{"two, each twice", []string{one, other, one, other}, 2, 1, []string{"id-duplicate: a:p"}},
		{"a part", []string{one, `{"type":"software_Package","spdxId":"a:p","creationInfo":"_:c","name":"p"}`}, 1, 1, nil},
		{"a part first", []string{`{"type":"software_Package","spdxId":"a:p","creationInfo":"_:c","name":"p"}`, one}, 1, 1, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := read(t, append(tt.elements, element("software_Sbom", "a:s", `"rootElement":"a:p"`))...)
			if doc.Count() != tt.count || len(doc.Components[0].More()) != tt.places {
				t.Errorf("%d components, the first in %d further places", doc.Count(), len(doc.Components[0].More()))
			}
			if doc.Components[0].Version != "1" || doc.Subject != &doc.Components[0] {
				t.Error("the subject is not the fullest first component")
			}
			if diff := cmp.Diff(tt.said, said(doc)); diff != "" {
				t.Errorf("defects (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFilesStandForComponents(t *testing.T) {
	doc := read(t, element("software_File", "a:f", `"name":"pump.bin","verifiedUsing":{"type":"Hash","algorithm":"md5","hashValue":"00112233445566778899aabbccddeeff"}`),
		relation("a:f", "hasDeclaredLicense", "https://spdx.org/licenses/MIT"))
	if doc.Count() != 0 || doc.Files != 1 || len(doc.FileParts) != 1 {
		t.Fatalf("%d components, %d files, %d parts", doc.Count(), doc.Files, len(doc.FileParts))
	}
	want := sbom.Component{
		Ref: "a:f", Type: "file", Name: "pump.bin", Parent: sbom.SubjectIndex, Position: sbom.Position{Line: 4, Column: 1},
		Hashes:   []sbom.Hash{{Algorithm: "MD5", Value: "00112233445566778899aabbccddeeff"}},
		Licences: []sbom.Licence{{Value: "MIT"}},
	}
	if diff := cmp.Diff(want, doc.FileParts[0]); diff != "" {
		t.Errorf("file (-want +got):\n%s", diff)
	}
}

func TestRefused(t *testing.T) {
	deep := strings.Repeat(`{"@graph":[`, 200)
	tests := map[string]string{
		"no SPDX":              `{"name":"x"}`,
		"a string":             `"x"`,
		"empty":                ``,
		"truncated":            head + pkg("a:p", ""),
		"two documents":        whole + whole,
		"a graph of a word":    `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":"x"}`,
		"too deep":             deep,
		"CycloneDX":            `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"x"}]}`,
		"SPDX 2":               `{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","packages":[{"name":"x","SPDXID":"SPDXRef-x"}]}`,
		"too many packages":    head + strings.Repeat(`{"type":"software_Package"},`, 60_000) + `{}]}`,
		"references explode":   explosion(3000),
		"a name explodes":      shared(`{"type":"Organization","spdxId":"a:x","name":"%s"}`, `"suppliedBy":"a:x"`),
		"a purl explodes":      shared(`{"type":"ExternalIdentifier","@id":"a:x","externalIdentifierType":"packageUrl","identifier":"pkg:npm/%s"}`, `"externalIdentifier":"a:x"`),
		"a hash explodes":      shared(`{"type":"Hash","@id":"a:x","algorithm":"sha256","hashValue":"%s"}`, `"verifiedUsing":"a:x"`),
		"an address explodes":  shared(`{"type":"ExternalRef","@id":"a:x","locator":["https://%s"]}`, `"externalRef":"a:x"`),
		"a statement explodes": strings.ReplaceAll(shared(`{"type":"security_Vulnerability","spdxId":"a:x","name":"%s"}`, `"from":"a:x","to":"a:y"`), "software_Package", "security_VexAffectedVulnAssessmentRelationship"),
		"an id explodes":       shared(`{"type":"software_ContentIdentifier","@id":"a:x","software_contentIdentifierType":"swhid","software_contentIdentifierValue":"%s"}`, `"software_contentIdentifier":"a:x"`),
	}
	tests["a file handed out again and again"] = head + element("software_File", "a:f", `"verifiedUsing":[`+strings.Repeat(`{"type":"Hash","algorithm":"md5","hashValue":"0"},`, 5000)+`{}]`) +
		"," + pkg("a:p", "") + `,{"type":"Relationship","from":"a:p","relationshipType":"hasDistributionArtifact","to":[` + strings.Repeat(`"a:f",`, 100_000) + `"a:f"]}]}`
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			doc, err := Decode([]byte(text), Options{MaxComponents: 50_000})
			var syntax *sbom.SyntaxError
			if !errors.As(err, &syntax) || syntax.Position.IsZero() || syntax.Remedy == "" || doc != nil {
				t.Errorf("error %v, document %v", err, doc != nil)
			}
		})
	}
}

// explosion is a document in which n packages each refer to one list of n
// addresses.
func explosion(n int) string {
	var b strings.Builder
	b.WriteString(head + `{"type":"ExternalRef","@id":"a:x","locator":["` + strings.Repeat(`https://x","`, n) + `"]}`)
	for range n {
		b.WriteString(`,{"type":"software_Package","externalRef":"a:x"}`)
	}
	b.WriteString(`]}`)
	return b.String()
}

// shared is a document in which a thousand packages refer to one element that
// holds a long text.
func shared(element, reference string) string {
	var b strings.Builder
	fmt.Fprintf(&b, head+element, strings.Repeat("x", 100_000))
	for range 1000 {
		b.WriteString(`,{"type":"software_Package",` + reference + `}`)
	}
	b.WriteString(`]}`)
	return b.String()
}

// TestHostileSets holds that sets of licences that contain themselves, or each
// the one before twice, cost no more than their text.
func TestHostileSets(t *testing.T) {
	set := func(id string, members ...string) string {
		return element("expandedlicensing_ConjunctiveLicenseSet", id, `"expandedlicensing_member":["`+strings.Join(members, `","`)+`"]`)
	}
	doc := read(t, pkg("a:p", ""), relation("a:p", "hasDeclaredLicense", "a:s"), set("a:s", "https://spdx.org/licenses/MIT", "a:s"))
	if got := doc.Components[0].Licences[0].Value; got != "MIT AND NOASSERTION" {
		t.Errorf("a set in itself is %q", got)
	}
	elements := []string{pkg("a:p", ""), relation("a:p", "hasDeclaredLicense", "a:s40"), set("a:s0", "https://spdx.org/licenses/MIT")}
	for i := range 40 {
		before := fmt.Sprintf("a:s%d", i)
		elements = append(elements, set(fmt.Sprintf("a:s%d", i+1), before, before))
	}
	_, err := Decode([]byte(head+strings.Join(elements, ",")+`]}`), Options{})
	if _, ok := errors.AsType[*sbom.SyntaxError](err); !ok {
		t.Errorf("error %v, want a limit", err)
	}
}
