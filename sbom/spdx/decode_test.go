// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/medsbom/medsbom/sbom"
)

// The one document of the next two tests, in both encodings.
const (
	fullJSON = `{
 "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
 "name": "pump", "documentNamespace": "https://acme.example/pump",
 "comment": "SBOM Type: Build",
 "creationInfo": {"created": "2026-01-15T08:00:00Z", "creators": ["Tool: syft-1.51.0-26", "Organization: Acme (psirt@acme.example)", "Person: Jane Doe ()"]},
 "externalDocumentRefs": [{"externalDocumentId": "DocumentRef-os", "spdxDocument": "https://acme.example/os", "checksum": {"algorithm": "SHA1", "checksumValue": "dddddddddddddddddddddddddddddddddddddddd"}}],
 "hasExtractedLicensingInfos": [{"licenseId": "LicenseRef-acme", "extractedText": "Do no harm."}],
 "annotations": [{"annotator": "Person: Jane Doe ()", "annotationDate": "2026-01-16T08:00:00Z", "annotationType": "REVIEW", "comment": "supported until 2031"}],
 "files": [{"fileName": "a", "SPDXID": "SPDXRef-File-a", "fileTypes": ["BINARY"], "checksums": [{"algorithm": "MD5", "checksumValue": "dddddddddddddddddddddddddddddddd"}], "licenseConcluded": "LicenseRef-acme"}],
 "relationships": [
  {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-File-a"},
  {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-pump"},
  {"spdxElementId": "SPDXRef-ssl", "relationshipType": "DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-pump"},
  {"spdxElementId": "SPDXRef-pump", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-ssl"},
  {"spdxElementId": "SPDXRef-pump", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-File-a"},
  {"spdxElementId": "SPDXRef-pump", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "NOASSERTION"},
  {"spdxElementId": "SPDXRef-ssl", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "NONE"},
  {"spdxElementId": "SPDXRef-pump", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "DocumentRef-os:SPDXRef-linux"},
  {"spdxElementId": "SPDXRef-ssl", "relationshipType": "DESCENDANT_OF", "relatedSpdxElement": "SPDXRef-pump"}
 ],
 "packages": [
  {"name": "Infusion Pump", "SPDXID": "SPDXRef-pump", "versionInfo": "4.2", "downloadLocation": "NOASSERTION", "primaryPackagePurpose": "DEVICE",
   "homepage": "https://acme.example/pump", "filesAnalyzed": true, "hasFiles": ["SPDXRef-File-a"],
   "supplier": "Organization: Acme", "originator": "NOASSERTION", "validUntilDate": "2030-01-01T00:00:00Z"},
  {"name": "openssl", "SPDXID": "SPDXRef-ssl", "versionInfo": "1.1.1k", "downloadLocation": "git+https://github.com/openssl/openssl@OpenSSL_1_1_1k", "sourceInfo": "built from openssl 1.1.1k-1",
   "supplier": "Person: A. Nother (a@nother.example)",
   "licenseConcluded": "NOASSERTION", "licenseDeclared": "OpenSSL AND (MIT OR BSD-3-Clause)",
   "checksums": [{"algorithm": "SHA256", "checksumValue": "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b"}],
   "externalRefs": [
    {"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a:openssl:openssl:1.1.1k:*:*:*:*:*:*:*"},
    {"referenceCategory": "PACKAGE_MANAGER", "referenceType": "purl", "referenceLocator": "pkg:deb/debian/openssl@1.1.1k-1"},
    {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:generic/openssl@1.1.1k"},
    {"referenceCategory": "PERSISTENT-ID", "referenceType": "swh", "referenceLocator": "swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2"},
    {"referenceCategory": "PERSISTENT-ID", "referenceType": "gitoid", "referenceLocator": "gitoid:blob:sha1:261eeb9e9f8b2b4b0d119366dda99c6fd7d35c64"},
    {"referenceCategory": "SECURITY", "referenceType": "swid", "referenceLocator": "swid:2df9de35-0aff-4a86-ace6-f7dddd1ade4c"},
    {"referenceCategory": "SECURITY", "referenceType": "advisory", "referenceLocator": "https://openssl.org/news/vulnerabilities.html"},
    {"referenceCategory": "SECURITY", "referenceType": "fix", "referenceLocator": "https://openssl.org/fix"},
    {"referenceCategory": "SECURITY", "referenceType": "url", "referenceLocator": "https://openssl.org/security"},
    {"referenceCategory": "OTHER", "referenceType": "LocationRef-acmeforge", "referenceLocator": "acme/1"}]}
 ]
}`
	fullTagValue = `SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: pump
DocumentNamespace: https://acme.example/pump
DocumentComment: <text>SBOM Type: Build</text>
Creator: Tool: syft-1.51.0-26
Creator: Organization: Acme (psirt@acme.example)
Creator: Person: Jane Doe ()
Created: 2026-01-15T08:00:00Z
ExternalDocumentRef: DocumentRef-os https://acme.example/os SHA1: dddddddddddddddddddddddddddddddddddddddd
Annotator: Person: Jane Doe ()
AnnotationDate: 2026-01-16T08:00:00Z
AnnotationType: REVIEW
SPDXREF: SPDXRef-DOCUMENT
AnnotationComment: <text>supported until 2031</text>

# a comment
FileName: a
SPDXID: SPDXRef-File-a
FileType: BINARY
FileChecksum: MD5: dddddddddddddddddddddddddddddddd
LicenseConcluded: LicenseRef-acme
FileCopyrightText: <text>PackageName: not a package

</text>

PackageName: Infusion Pump
SPDXID: SPDXRef-pump
PackageVersion: 4.2
PackageHomePage: https://acme.example/pump
FilesAnalyzed: true
PackageDownloadLocation: NOASSERTION
PrimaryPackagePurpose: DEVICE
PackageSupplier: Organization: Acme
PackageOriginator: NOASSERTION
ValidUntilDate: 2030-01-01T00:00:00Z
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-File-a
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-pump
Relationship: SPDXRef-ssl DEPENDENCY_OF SPDXRef-pump
RelationshipComment: <text>it is</text>

PackageName: openssl
SPDXID: SPDXRef-ssl
PackageVersion: 1.1.1k
PackageDownloadLocation: git+https://github.com/openssl/openssl@OpenSSL_1_1_1k
PackageSourceInfo: <text>built from openssl 1.1.1k-1</text>
PackageSupplier: Person: A. Nother (a@nother.example)
PackageLicenseConcluded: NOASSERTION
PackageLicenseDeclared: OpenSSL AND (MIT OR BSD-3-Clause)
PackageChecksum: SHA256: 01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b
ExternalRef: SECURITY cpe23Type cpe:2.3:a:openssl:openssl:1.1.1k:*:*:*:*:*:*:*
ExternalRef: PACKAGE_MANAGER purl pkg:deb/debian/openssl@1.1.1k-1
ExternalRef: PACKAGE-MANAGER purl pkg:generic/openssl@1.1.1k
ExternalRef: PERSISTENT-ID swh swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2
ExternalRef: PERSISTENT-ID gitoid gitoid:blob:sha1:261eeb9e9f8b2b4b0d119366dda99c6fd7d35c64
ExternalRef: SECURITY swid swid:2df9de35-0aff-4a86-ace6-f7dddd1ade4c
ExternalRef: SECURITY advisory https://openssl.org/news/vulnerabilities.html
ExternalRef: SECURITY fix https://openssl.org/fix
ExternalRef: SECURITY url https://openssl.org/security
ExternalRef: OTHER LocationRef-acmeforge acme/1
ExternalRefComment: none
Relationship: SPDXRef-pump CONTAINS SPDXRef-ssl
Relationship: SPDXRef-pump CONTAINS SPDXRef-File-a
Relationship: SPDXRef-pump DEPENDS_ON NOASSERTION
Relationship: SPDXRef-ssl DEPENDS_ON NONE
Relationship: SPDXRef-pump DEPENDS_ON DocumentRef-os:SPDXRef-linux
Relationship: SPDXRef-ssl DESCENDANT_OF SPDXRef-pump

LicenseID: LicenseRef-acme
ExtractedText: <text>Do no harm.</text>
`
)

func fullDocument() *sbom.Document {
	doc := &sbom.Document{
		Format: sbom.SPDX, SpecVersion: "2.3", ID: "https://acme.example/pump", Name: "pump",
		Created: "2026-01-15T08:00:00Z", CreatedAt: time.Date(2026, 1, 15, 8, 0, 0, 0, time.UTC),
		Lifecycles: []string{"build"},
		Tools:      []sbom.Tool{{Name: "syft", Version: "1.51.0-26"}},
		Authors:    []sbom.Party{{Name: "Acme", Email: "psirt@acme.example"}, {Name: "Jane Doe", Person: true}},
		Components: []sbom.Component{
			{
				Ref: "SPDXRef-pump", Name: "Infusion Pump", Version: "4.2", Type: "device", Parent: sbom.SubjectIndex,
				Supplier: sbom.Party{Name: "Acme"}, DependenciesStated: true,
				References: []sbom.Reference{{Type: "website", URL: "https://acme.example/pump"}},
				Details: &sbom.Details{
					Originator: sbom.Party{Unknown: true},
					Support:    &sbom.Support{EndOfSupport: "2030-01-01T00:00:00Z"},
					Pedigree: &sbom.Pedigree{Descendants: []sbom.Relative{{
						Name: "openssl", Version: "1.1.1k", PURL: "pkg:deb/debian/openssl@1.1.1k-1", CPE: "cpe:2.3:a:openssl:openssl:1.1.1k:*:*:*:*:*:*:*",
					}}},
				},
			},
			{
				Ref: "SPDXRef-ssl", Name: "openssl", Version: "1.1.1k", Parent: sbom.SubjectIndex,
				PURL:     "pkg:deb/debian/openssl@1.1.1k-1",
				CPE:      []string{"cpe:2.3:a:openssl:openssl:1.1.1k:*:*:*:*:*:*:*"},
				Supplier: sbom.Party{Name: "A. Nother", Email: "a@nother.example", Person: true},
				Licences: []sbom.Licence{
					{Kind: sbom.LicenceExpression, Value: "OpenSSL AND (MIT OR BSD-3-Clause)"},
					{Kind: sbom.LicenceID, Value: "NOASSERTION", Concluded: true},
				},
				Hashes: []sbom.Hash{{Algorithm: "SHA-256", Value: "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b"}},
				References: []sbom.Reference{
					{Type: "vcs", URL: "git+https://github.com/openssl/openssl@OpenSSL_1_1_1k"},
					{Type: "advisories", URL: "https://openssl.org/news/vulnerabilities.html"},
					{Type: "fix", URL: "https://openssl.org/fix"},
					{Type: "security-url", URL: "https://openssl.org/security"},
				},
				SourceInfo:         "built from openssl 1.1.1k-1",
				Properties:         []sbom.Property{{Name: "gitoid", Value: "gitoid:blob:sha1:261eeb9e9f8b2b4b0d119366dda99c6fd7d35c64"}},
				DependenciesStated: true,
				Details: &sbom.Details{
					MorePURL: []string{"pkg:generic/openssl@1.1.1k"},
					SWID:     "2df9de35-0aff-4a86-ace6-f7dddd1ade4c",
					SWHID:    []string{"swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2"},
					Pedigree: &sbom.Pedigree{Ancestors: []sbom.Relative{{Name: "Infusion Pump", Version: "4.2"}}},
				},
			},
		},
		Dependencies: []sbom.Dependency{{From: 0, To: 1, Kind: sbom.DependsOn}, {From: 0, To: 1, Kind: sbom.Contains}},
		Compositions: []sbom.Composition{
			{Aggregate: "complete", Refs: []string{"SPDXRef-ssl"}},
			{Aggregate: "unknown", Refs: []string{"SPDXRef-pump"}},
		},
		External: []sbom.ExternalDocument{{
			ID: "DocumentRef-os", URI: "https://acme.example/os",
			Hash: sbom.Hash{Algorithm: "SHA-1", Value: "dddddddddddddddddddddddddddddddddddddddd"},
		}},
		Files: 1, Elsewhere: 1,
	}
	doc.Subject, doc.SubjectListed = &doc.Components[0], true
	return doc
}

func TestDecode(t *testing.T) {
	for _, test := range []struct {
		encoding sbom.Encoding
		text     string
		places   []sbom.Position // of the packages, then of the external document
	}{
		{sbom.JSON, fullJSON, []sbom.Position{{Line: 22, Column: 3}, {Line: 25, Column: 3}, {Line: 6, Column: 27}}},
		{sbom.TagValue, fullTagValue, []sbom.Position{{Line: 28, Column: 1}, {Line: 43, Column: 1}, {Line: 11, Column: 1}}},
	} {
		t.Run(string(test.encoding), func(t *testing.T) {
			got, err := decode([]byte(test.text), string(test.encoding))
			if err != nil {
				t.Fatal(err)
			}
			want := fullDocument()
			want.Encoding = test.encoding
			for i := range want.Components {
				want.Components[i].Position = test.places[i]
			}
			want.External[0].Position = test.places[2]
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("document (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLineEnds reads the same from every form of line end.
func TestLineEnds(t *testing.T) {
	want, err := DecodeTagValue([]byte(fullTagValue), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, end := range map[string]string{"CR LF": "\r\n", "CR": "\r"} {
		got, err := DecodeTagValue([]byte(strings.ReplaceAll(fullTagValue, "\n", end)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(sbom.Defects{})); diff != "" {
			t.Errorf("%s (-LF +%s):\n%s", name, name, diff)
		}
		if said := got.Defects.Total() == 1; said != (end == "\r") {
			t.Errorf("%s: defects %v", name, got.Defects.List)
		}
	}
}

// header is a document up to its packages, without a fault.
const header = `{"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "d", "documentNamespace": "https://d.example/",
"creationInfo": {"created": "2026-01-15T08:00:00Z", "creators": ["Organization: Acme"]},
`

// said is a defect without its message.
type said struct {
	Code         sbom.Code
	Value        string
	Line, Column int32
}

func defects(doc *sbom.Document) []said {
	var list []said
	for _, d := range doc.Defects.List {
		list = append(list, said{d.Code, d.Value, d.Position.Line, d.Position.Column})
	}
	return list
}

// unmark cuts the marks ¦ out of a text and returns their places.
func unmark(text string) (plain string, at []sbom.Position) {
	before, after, found := strings.Cut(text, "¦")
	for ; found; before, after, found = strings.Cut(text, "¦") {
		last := before[strings.LastIndexByte(before, '\n')+1:]
		at = append(at, sbom.Position{
			Line:   int32(strings.Count(before, "\n") + 1),
			Column: int32(len([]rune(last)) + 1),
		})
		text = before + after
	}
	return text, at
}

// defect is a defect without its message and place.
type defect struct {
	Code  sbom.Code
	Value string
}

// expectDefects decodes a text in JSON in which ¦ marks where each defect is to
// be located; those without a mark are of the document as a whole.
func expectDefects(t *testing.T, text string, count int, want []defect) {
	t.Helper()
	plain, at := unmark(text)
	doc, err := DecodeJSON([]byte(plain), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if doc.Count() != count {
		t.Errorf("components: want %d, got %d", count, doc.Count())
	}
	var got []defect
	var places []sbom.Position
	for _, d := range doc.Defects.List {
		got = append(got, defect{d.Code, d.Value})
		if d.Position != (sbom.Position{Line: 1, Column: 1}) {
			places = append(places, d.Position)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("defects (-want +got):\n%s\n%v", diff, doc.Defects.List)
	}
	slices.SortStableFunc(places, comparePlaces)
	if diff := cmp.Diff(at, places); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	checkInvariants(t, doc, []byte(plain))
}

// TestJSONDefects marks with ¦ where each defect is to be located; those
// without a mark are of the document as a whole.
func TestJSONDefects(t *testing.T) {
	const rest = `"SPDXID": "SPDXRef-a", "downloadLocation": "NONE"`
	const b = `{"name": "b", "SPDXID": "SPDXRef-b", "downloadLocation": "NONE"}`
	ref := func(mark, category, kind, locator string) string {
		return fmt.Sprintf(`"packages": [{"name": "a", `+rest+`, "externalRefs": [%s{"referenceCategory": %q, "referenceType": %q, "referenceLocator": %q}]}]}`, mark, category, kind, locator)
	}
	relation := func(mark, from, kind, to string) string {
		return fmt.Sprintf(`"packages": [{"name": "a", `+rest+`}], "relationships": [%s{"spdxElementId": %q, "relationshipType": %q, "relatedSpdxElement": %q}]}`, mark, from, kind, to)
	}
	for _, test := range []struct {
		name  string
		text  string // after the header
		count int
		want  []defect
	}{
		{"none", `"packages": [{"name": "a", ` + rest + `}]}`, 1, nil},
		{"supplier without prefix", `"packages": [{"name": "a", ` + rest + `, "supplier": ¦"Acme"}]}`, 1, []defect{{sbom.CodeParty, "Acme"}}},
		{"tool as supplier", `"packages": [{"name": "a", ` + rest + `, "supplier": ¦"Tool: x"}]}`, 1, []defect{{sbom.CodeParty, "Tool: x"}}},
		{"version is a number", `"packages": [{"name": "a", ` + rest + `, "versionInfo": ¦1.10}]}`, 1, []defect{{sbom.CodeType, "1.10"}}},
		{"a list where text stands", `"packages": [{"name": "a", ` + rest + `, "versionInfo": ¦["1"]}]}`, 1, []defect{{sbom.CodeType, ""}}},
		{"null package", `"packages": [¦null, {"name": "a", ` + rest + `}]}`, 1, []defect{{sbom.CodeType, ""}}},
		{"packages is null", `"packages": ¦null}`, 0, []defect{{sbom.CodeType, ""}, {sbom.CodeMissing, ""}}},
		{"packages twice", `"packages": [{"name": "a", ` + rest + `}],` + "\n" + ` ¦"packages": [` + b + `], "documentDescribes": ["SPDXRef-a"]}`, 2, []defect{{sbom.CodeKeyTwice, "packages"}}},
		{"key of another case", `¦"Packages": [{"name": "a", ` + rest + `}]}`, 1, []defect{{sbom.CodeUnknownTag, "Packages"}}},
		{"unknown keys", `¦"acme": 1, "packages": [{"name": "é", ` + rest + `, ¦"packageComment": ""}]}`, 1, []defect{{sbom.CodeUnknownTag, "acme"}, {sbom.CodeUnknownTag, "packageComment"}}},
		{"name missing", `"packages": [¦{"name": "NOASSERTION", ` + rest + `}]}`, 1, []defect{{sbom.CodeMissing, "SPDXRef-a"}}},
		{"id and location missing", `"packages": [¦¦{"name": "a"}]}`, 1, []defect{{sbom.CodeMissing, "a"}, {sbom.CodeMissing, "a"}}},
		{"id without prefix", `"packages": [{"name": "a", "SPDXID": ¦"a", "downloadLocation": "NONE"}], "documentDescribes": ["SPDXRef-a"]}`, 1, []defect{{sbom.CodeValue, "a"}}},
		{"id with other characters", `"packages": [{"name": "a", "SPDXID": ¦"SPDXRef-é", "downloadLocation": "NONE"}]}`, 1, []defect{{sbom.CodeValue, "SPDXRef-é"}}},
		{"one id, one content", `"packages": [{"name": "a", ` + rest + `}, {"name": "a", ` + rest + `}]}`, 1, nil},
		{"one id, two contents", `"documentDescribes": ["SPDXRef-a"], "packages": [{"name": "a", ` + rest + `},` + "\n" + `¦{"name": "b", ` + rest + `}]}`, 2, []defect{{sbom.CodeDuplicate, "SPDXRef-a"}}},
		{"id of the document", `"packages": [¦{"name": "a", "SPDXID": "SPDXRef-DOCUMENT", "downloadLocation": "NONE"}]}`, 1, []defect{{sbom.CodeDuplicate, "SPDXRef-DOCUMENT"}}},
		{"reference to nothing", relation("¦", "SPDXRef-a", "OTHER", "SPDXRef-b"), 1, []defect{{sbom.CodeDangling, "SPDXRef-b"}}},
		{"reference from nothing", relation("¦", "SPDXRef-b", "OTHER", "SPDXRef-a"), 1, []defect{{sbom.CodeDangling, "SPDXRef-b"}}},
		{"unknown relationship", relation("¦", "SPDXRef-a", "LIKES", "SPDXRef-a"), 1, []defect{{sbom.CodeValue, "LIKES"}}},
		{"relationship without an end", relation("¦", "SPDXRef-a", "OTHER", ""), 1, []defect{{sbom.CodeMissing, "OTHER"}}},
		{"relationship before its package", `"relationships": [` + "\n\n" + `¦{"spdxElementId": "SPDXRef-a", "relationshipType": "OTHER", "relatedSpdxElement": "SPDXRef-c"}, ¦null], "packages": [{"name": "a", ` + rest + `}]}`, 1, []defect{{sbom.CodeType, ""}, {sbom.CodeDangling, "SPDXRef-c"}}},
		{"purl under OTHER", ref("¦", "OTHER", "purl", "pkg:npm/a@1"), 1, []defect{{sbom.CodeValue, "OTHER"}}},
		{"purl is a URL", ref("¦", "PACKAGE-MANAGER", "purl", "https://a.example"), 1, []defect{{sbom.CodePURL, "https://a.example"}}},
		{"purl of another type", ref("¦", "OTHER", "packageurl", "pkg:npm/a@1"), 1, []defect{{sbom.CodeValue, "packageurl"}}},
		{"purl without a name", ref("¦", "PACKAGE-MANAGER", "purl", "pkg:npm/"), 1, []defect{{sbom.CodePURL, "pkg:npm/"}}},
		{"CPE with fields missing", ref("¦", "SECURITY", "cpe23Type", "cpe:2.3:a:b:c"), 1, []defect{{sbom.CodeCPE, "cpe:2.3:a:b:c"}}},
		{"no CPE", ref("¦", "SECURITY", "cpe23Type", "a:b"), 1, []defect{{sbom.CodeCPE, "a:b"}}},
		{"CPE of another type", ref("¦", "SECURITY", "cpe", "cpe:/a:b"), 1, []defect{{sbom.CodeValue, "cpe"}}},
		{"older type", ref("¦", "PACKAGE-MANAGER", "npm", "a@1"), 1, []defect{{sbom.CodeValue, "a@1"}}},
		{"older type, not exact", ref("¦", "PACKAGE-MANAGER", "maven-central", "a"), 1, []defect{{sbom.CodePURL, "a"}}},
		{"advisory", ref("", "SECURITY", "advisory", "https://a.example"), 1, nil},
		{"key of a reference twice", `"packages": [{"name": "a", ` + rest + `, "externalRefs": [{"referenceCategory": "SECURITY", "referenceType": "advisory", "referenceLocator": "a", ¦"referenceLocator": "b"}]}]}`, 1, []defect{{sbom.CodeKeyTwice, "referenceLocator"}}},
		{"checksum of another length", `"packages": [{"name": "a", ` + rest + `, "checksums": [¦{"algorithm": "MD5", "checksumValue": "abc"}]}]}`, 1, []defect{{sbom.CodeValue, "abc"}}},
		{"checksum algorithm", `"packages": [{"name": "a", ` + rest + `, "checksums": [¦{"algorithm": "CRC32", "checksumValue": "abc"}, ¦{}]}]}`, 1, []defect{{sbom.CodeValue, "CRC32"}, {sbom.CodeMissing, ""}}},
		{"purpose", `"packages": [{"name": "a", ` + rest + `, "primaryPackagePurpose": ¦"Pump"}]}`, 1, []defect{{sbom.CodeValue, "Pump"}}},
		{"licence", `"packages": [{"name": "a", ` + rest + `, "licenseDeclared": ¦"MIT/X11"}]}`, 1, []defect{{sbom.CodeValue, "MIT/X11"}}},
		{"control characters", `"packages": [{"name": "a", ` + rest + `, "versionInfo": ¦"1` + "\x01\xff" + `"}]}`, 1, []defect{{sbom.CodeText, ""}}},
		{"two packages and no subject", `"packages": [{"name": "a", ` + rest + `}, ` + b + `]}`, 2, []defect{{sbom.CodeMissing, ""}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			expectDefects(t, header+test.text, test.count, test.want)
		})
	}
}

// TestStrayPackages: what stands among the packages is counted, whatever it is.
func TestStrayPackages(t *testing.T) {
	text := header + `"packages": ["pkg:npm/lodash@4.17.10", " zlib ", 7, ["x"], null, {"name": "a", "SPDXID": "SPDXRef-a", "downloadLocation": "NONE"}]}`
	doc, err := DecodeJSON([]byte(text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got [][2]string
	for _, c := range doc.Components {
		got = append(got, [2]string{c.Name, c.PURL})
	}
	want := [][2]string{{"pkg:npm/lodash@4.17.10", "pkg:npm/lodash@4.17.10"}, {"zlib", ""}, {"7", ""}, {"", ""}, {"a", ""}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := doc.Defects.Counts[sbom.CodeType]; n != 5 {
		t.Errorf("want 5 defects of type, got %v", doc.Defects.List)
	}
}

func TestJSONHeader(t *testing.T) {
	doc, err := DecodeJSON([]byte(`{"spdxVersion": "SPDX 2.3", "creationInfo": {"creators": "Acme", "created": "yesterday"}}`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []said{
		{sbom.CodeSpec, "SPDX 2.3", 1, 17},
		{sbom.CodeType, "", 1, 58},
		{sbom.CodeParty, "Acme", 1, 58},
		{sbom.CodeDate, "yesterday", 1, 77},
		{sbom.CodeMissing, "", 1, 1}, // SPDXID
		{sbom.CodeMissing, "", 1, 1}, // name
		{sbom.CodeMissing, "", 1, 1}, // namespace
		{sbom.CodeMissing, "", 1, 1}, // data licence
		{sbom.CodeMissing, "", 1, 1}, // packages
	}
	if diff := cmp.Diff(want, defects(doc)); diff != "" {
		t.Errorf("defects (-want +got):\n%s", diff)
	}
	if doc.SpecVersion != "2.3" || doc.Created != "yesterday" || !doc.CreatedAt.IsZero() || len(doc.Authors) != 1 || doc.Authors[0].Name != "Acme" {
		t.Errorf("header: %+v", doc)
	}
}

func TestOldWrapper(t *testing.T) {
	doc, err := DecodeJSON([]byte(`{"Document": {"spdxVersion": "SPDX-2.1", "SPDXID": "SPDXRef-DOCUMENT", "documentDescribes": [
		{"File": {"SPDXID": "SPDXRef-f"}},
		{"Package": {"SPDXID": "SPDXRef-p", "name": "p", "downloadLocation": "NONE",
			"files": [{"File": {"SPDXID": "SPDXRef-g"}}]}}],
		"relationships": [{"spdxElementId": "SPDXRef-p", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-g"}]}}`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if doc.Count() != 1 || doc.Files != 2 || doc.Subject == nil || doc.Subject.Name != "p" || doc.Defects.Counts[sbom.CodeSpec] != 1 || doc.Defects.Counts[sbom.CodeDangling] != 0 {
		t.Errorf("%d components, %d files, subject %v, defects %v", doc.Count(), doc.Files, doc.Subject, doc.Defects.List)
	}
}

func TestRefused(t *testing.T) {
	whole := header + `"packages": []}`
	for _, test := range []struct {
		name, encoding, text string
		opts                 Options
		at                   sbom.Position
	}{
		{"empty", "json", "", Options{}, sbom.Position{Line: 1, Column: 1}},
		{"a list", "json", " []", Options{}, sbom.Position{Line: 1, Column: 2}},
		{"another object", "json", `{"bomFormat": "CycloneDX"}`, Options{}, sbom.Position{Line: 1, Column: 1}},
		{"truncated", "json", whole[:len(whole)-3], Options{}, sbom.Position{Line: 3, Column: 13}},
		{"truncated string", "json", `{"spdxVersion": "SPD`, Options{}, sbom.Position{Line: 1, Column: 17}},
		{"text after it", "json", whole + "\nContact us", Options{}, sbom.Position{Line: 4, Column: 1}},
		{"two documents", "json", whole + whole, Options{}, sbom.Position{Line: 3, Column: 16}},
		{"too deep", "json", header + `"annotations": [[[[]]]]}`, Options{MaxDepth: 4}, sbom.Position{Line: 3, Column: 19}},
		{"packages an object", "json", header + `"packages": {"name": "a"}}`, Options{}, sbom.Position{Line: 3, Column: 13}},
		{"packages a text", "json", header + `"packages": "none"}`, Options{}, sbom.Position{Line: 3, Column: 13}},
		{"string too long", "json", header + `"comment": "12345678901234567890123456789012345678901234567890"}`, Options{MaxString: 40}, sbom.Position{Line: 3, Column: 12}},
		{"too many packages", "json", header + `"packages": [` + strings.Repeat("{},", 30_000), Options{}, sbom.Position{Line: 3, Column: 14 + 3*10_000}},
		{"too many packages", "tag-value", strings.Repeat("PackageName:\n", 10_001), Options{}, sbom.Position{Line: 10_001, Column: 1}},
		{"empty", "tag-value", "", Options{}, sbom.Position{Line: 1, Column: 1}},
		{"other text", "tag-value", "Dear Sir or Madam:\nno SBOM", Options{}, sbom.Position{Line: 1, Column: 1}},
		{"text never closed", "tag-value", "SPDXVersion: SPDX-2.3\nPackageName: a\nPackageComment: <text>\nPackageName: b\n", Options{}, sbom.Position{Line: 3, Column: 17}},
		{"two documents", "tag-value", fullTagValue + strings.ReplaceAll(fullTagValue, "acme.example", "b.example"), Options{}, sbom.Position{Line: int32(strings.Count(fullTagValue, "\n") + 1), Column: 1}},
		{"value too long", "tag-value", "SPDXVersion: SPDX-2.3\nPackageComment: <text>" + strings.Repeat("x", 41) + "</text>", Options{MaxString: 40}, sbom.Position{Line: 2, Column: 1}},
	} {
		t.Run(test.encoding+" "+test.name, func(t *testing.T) {
			text := []byte(test.text)
			doc, err := DecodeJSON(text, test.opts)
			if test.encoding != "json" {
				doc, err = DecodeTagValue(text, test.opts)
			}
			var syntax *sbom.SyntaxError
			if !errors.As(err, &syntax) || doc != nil {
				t.Fatalf("document %v, error %v, want a syntax error", doc, err)
			}
			if diff := cmp.Diff(test.at, syntax.Position); diff != "" {
				t.Errorf("place of %q (-want +got):\n%s", syntax.Message, diff)
			}
			if syntax.Message == "" || syntax.Remedy == "" {
				t.Errorf("error %+v lacks its message or remedy", syntax)
			}
		})
	}
}

func TestTagValueDefects(t *testing.T) {
	const header = "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: d\nDocumentNamespace: https://d.example/\nCreator: Tool: t-1\nCreated: 2026-01-15T08:00:00Z\n"
	const pkg = "PackageName: a\nSPDXID: SPDXRef-a\nPackageDownloadLocation: NONE\n"
	for _, test := range []struct {
		name  string
		text  string
		names []string // of the components, with their versions
		want  []said
	}{
		{"none", header + pkg, []string{"a "}, nil},
		{"unknown tag", header + pkg + "AcmeClass: IIb\n", []string{"a "}, []said{{sbom.CodeUnknownTag, "AcmeClass", 11, 1}}},
		{"tag of another case", header + pkg + "  packageversion: 1\n", []string{"a 1"}, []said{{sbom.CodeUnknownTag, "packageversion", 11, 3}}},
		{"no tag", header + pkg + "hello\n", []string{"a "}, []said{{sbom.CodeUnknownTag, "hello", 11, 1}}},
		{"last version holds", header + pkg + "PackageVersion: 1\nPackageVersion: 2\n", []string{"a 2"}, []said{{sbom.CodeKeyTwice, "PackageVersion", 12, 1}}},
		{"colons", header + pkg + "PackageVersion: 1:2.3~4\n", []string{"a 1:2.3~4"}, nil},
		{"packages before the header", pkg + header, []string{"a "}, []said{{sbom.CodeUnknownTag, "SPDXVersion", 4, 1}}},
		{
			"SPDXID before the name", header + "SPDXID: SPDXRef-f\nFileName: f\nFileChecksum: MD5: dddddddddddddddddddddddddddddddd\nSPDXID: SPDXRef-a\nPackageName: a\nPackageDownloadLocation: NONE\nSPDXID: SPDXRef-b\nPackageName: b\nPackageVersion: 2\nPackageDownloadLocation: NONE\n" +
				"Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-f\nRelationship: SPDXRef-a DEPENDS_ON SPDXRef-b\n",
			[]string{"a ", "b 2"},
			nil,
		},
		{
			"package without a name", header + pkg + "SPDXID: SPDXRef-b\nPackageVersion: 2\nPackageDownloadLocation: NONE\nRelationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-a\n",
			[]string{"a ", " 2"},
			[]said{{sbom.CodeMissing, "SPDXRef-b", 12, 1}},
		},
		{"tags before the name", header + "PackageVersion: 1\n" + pkg, []string{"a 1"}, nil},
		{"tag after the files", header + pkg + "FileName: f\nSPDXID: SPDXRef-f\nFileChecksum: MD5: dddddddddddddddddddddddddddddddd\nPackageVersion: 1\n", []string{"a 1"}, []said{{sbom.CodeUnknownTag, "PackageVersion", 14, 1}}},
		{"SPDXID of nothing", header + pkg + "LicenseID: LicenseRef-1\nExtractedText: <text>x</text>\nSPDXID: SPDXRef-x\n", []string{"a "}, []said{{sbom.CodeUnknownTag, "SPDXRef-x", 13, 1}}},
		{"SPDXID twice", header + pkg + "SPDXID: SPDXRef-a\nPackageVersion: 1\n", []string{"a 1"}, []said{{sbom.CodeKeyTwice, "SPDXID", 11, 1}}},
		{"text after text", header + pkg + "PackageSummary: <text>a</text> PackageVersion: 3\n", []string{"a "}, []said{{sbom.CodeValue, "PackageSummary", 11, 1}}},
		{"relationship with more", header + pkg + "Relationship: SPDXRef-a OTHER SPDXRef-a and more\n", []string{"a "}, []said{{sbom.CodeValue, "and more", 11, 1}}},
		{"relationship with less", header + pkg + "Relationship: SPDXRef-a OTHER\n", []string{"a "}, []said{{sbom.CodeMissing, "OTHER", 11, 1}}},
		{"invalid text", header + pkg + "PackageVersion: 1\xff\n", []string{"a 1\uFFFD"}, []said{{sbom.CodeText, "", 11, 1}}},
		{"no version, but packages", pkg + "Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-a", []string{"a "}, []said{
			{sbom.CodeMissing, "", 1, 1},
			{sbom.CodeMissing, "", 1, 1},
			{sbom.CodeMissing, "", 1, 1},
			{sbom.CodeMissing, "", 1, 1},
			{sbom.CodeMissing, "", 1, 1},
			{sbom.CodeMissing, "", 1, 1},
			{sbom.CodeMissing, "", 1, 1},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, err := DecodeTagValue([]byte(test.text), Options{})
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, c := range doc.All() {
				names = append(names, c.Name+" "+c.Version)
			}
			if diff := cmp.Diff(test.names, names); diff != "" {
				t.Errorf("components (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, defects(doc)); diff != "" {
				t.Errorf("defects (-want +got):\n%s\n%v", diff, doc.Defects.List)
			}
			checkInvariants(t, doc, []byte(test.text))
		})
	}
}

// TestSubject covers what a document may say about its subject.
func TestSubject(t *testing.T) {
	packages := func(n int) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf(`{"name": "p%d", "SPDXID": "SPDXRef-p%d", "downloadLocation": "NONE"}`, i, i))
		}
		return `"files": [{"SPDXID": "SPDXRef-f"}], "packages": [` + strings.Join(list, ",") + `]`
	}
	relation := func(from, kind, to string) string {
		return fmt.Sprintf(`, "relationships": [{"spdxElementId": %q, "relationshipType": %q, "relatedSpdxElement": %q}]}`, from, kind, to)
	}
	for _, test := range []struct{ name, rest, want string }{
		{"one package, no word", packages(1) + "}", "p0"},
		{"two packages, no word", packages(2) + "}", ""},
		{"DESCRIBES", packages(2) + relation("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-p1"), "p1"},
		{"DESCRIBED_BY", packages(2) + relation("SPDXRef-p1", "DESCRIBED_BY", "SPDXRef-DOCUMENT"), "p1"},
		{"lower case", packages(2) + relation("SPDXRef-DOCUMENT", "describes", "SPDXRef-p1"), "p1"},
		{"trivy of 2022", packages(2) + relation("SPDXRef-DOCUMENT", "DESCRIBE", "SPDXRef-p1"), "p1"},
		{"documentDescribes, a file first", packages(2) + `, "documentDescribes": ["SPDXRef-f", "SPDXRef-p1", "SPDXRef-p0"]}`, "p1"},
		{"a file only", packages(1) + relation("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-f"), ""},
		{"described by a package", packages(2) + relation("SPDXRef-p0", "DESCRIBES", "SPDXRef-p1"), ""},
		{"one package, NOASSERTION", packages(1) + relation("SPDXRef-DOCUMENT", "DESCRIBES", "NOASSERTION"), "p0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, err := DecodeJSON([]byte(header+test.rest), Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if doc.Subject != nil {
				got = doc.Subject.Name
			}
			if got != test.want {
				t.Errorf("subject: want %q, got %q", test.want, got)
			}
		})
	}
}

// TestNoAssertion: what says nothing is no value, but said.
func TestNoAssertion(t *testing.T) {
	for _, word := range []string{"NOASSERTION", "NONE", "UNKNOWN"} {
		doc, err := DecodeJSON([]byte(header+strings.ReplaceAll(`"packages": [{"name": "a", "SPDXID": "SPDXRef-a", "downloadLocation": "NONE",
			"supplier": "?", "licenseDeclared": "?", "sourceInfo": "NONE", "versionInfo": "NOASSERTION",
			"externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "?"}]}]}`, "?", word)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		want := sbom.Component{
			Ref: "SPDXRef-a", Name: "a", Parent: sbom.SubjectIndex, Supplier: sbom.Party{Unknown: true},
			Licences: []sbom.Licence{{Kind: sbom.LicenceID, Value: word}}, NoIdentifierStated: true,
		}
		if diff := cmp.Diff(want, doc.Components[0], cmpopts.IgnoreTypes(sbom.Position{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", word, diff)
		}
	}
}

// TestManyDefects is linear in the text, whatever is wrong with it: at 30,000
// elements anything quadratic would take minutes.
func TestManyDefects(t *testing.T) {
	const n = 30_000
	var packages, relations, tags strings.Builder
	for i := range n {
		fmt.Fprintf(&packages, `{"SPDXID": "x%d_", "SPDXID": "SPDXRef-same", "versionInfo": %d, "supplier": "x", "licenseDeclared": "a b", "y": 1, "hasFiles": ["SPDXRef-no%d"], "licenseConcluded": "LicenseRef-%d", "homepage": "x", "builtDate": "x", "externalRefs": [{"referenceLocator": 1, "referenceCategory": 2, "referenceType": "npm"}], "checksums": [{"algorithm": 1, "checksumValue": 2}, {}]},`, i, i, i, i)
		fmt.Fprintf(&relations, `{"relationshipType": "VARIANT_OF", "spdxElementId": "SPDXRef-same", "relatedSpdxElement": "SPDXRef-x%d_"},{"relationshipType": 1, "spdxElementId": "SPDXRef-no%d", "relatedSpdxElement": "SPDXRef-same"},{},`, i, i)
		fmt.Fprintf(&tags, "SPDXID: same_\nPackageName: a\nPackageVersion: %d\nPackageSupplier: x\nPackageSupplier: y\nPackageChecksum: x\nExternalRef: x npm y\nFileName: x\nSPDXID: y_\nFileType: x\nFileChecksum: x\nSnippetSPDXID: y_\nSnippetByteRange: x\nAnnotator: x\nSPDXREF: z\nLicenseID: x\nExternalDocumentRef: x y\nPackageLicenseDeclared: DocumentRef-x%d\nPackageVersion: 3\nRelationship: no%d LIKES no x\nno tag\n", i, i, i)
	}
	json := header + `"relationships": [` + relations.String() + `null], "packages": [` + packages.String() + `null]}`
	for encoding, text := range map[string]string{"json": json, "tag-value": "SPDXVersion: SPDX-2.3\n" + tags.String()} {
		doc, err := decode([]byte(text), encoding)
		if err != nil {
			t.Fatal(err)
		}
		if doc.Count() != n {
			t.Errorf("%s: components: want %d, got %d", encoding, n, doc.Count())
		}
		if doc.Defects.Counts[sbom.CodeDangling] < n {
			t.Errorf("%s: dangling references: want %d at least, got %v", encoding, n, doc.Defects.Counts)
		}
	}
}

func TestRelationshipKinds(t *testing.T) {
	want := map[string]sbom.Dependency{
		"DEPENDS_ON":             {From: 0, To: 1, Kind: sbom.DependsOn},
		"HAS_PREREQUISITE":       {From: 0, To: 1, Kind: sbom.DependsOn},
		"DYNAMIC_LINK":           {From: 0, To: 1, Kind: sbom.DependsOn},
		"STATIC_LINK":            {From: 0, To: 1, Kind: sbom.DependsOn},
		"DEPENDENCY_OF":          {From: 1, To: 0, Kind: sbom.DependsOn},
		"BUILD_DEPENDENCY_OF":    {From: 1, To: 0, Kind: sbom.DependsOn},
		"DEV_DEPENDENCY_OF":      {From: 1, To: 0, Kind: sbom.DependsOn},
		"OPTIONAL_DEPENDENCY_OF": {From: 1, To: 0, Kind: sbom.DependsOn},
		"PROVIDED_DEPENDENCY_OF": {From: 1, To: 0, Kind: sbom.DependsOn},
		"RUNTIME_DEPENDENCY_OF":  {From: 1, To: 0, Kind: sbom.DependsOn},
		"TEST_DEPENDENCY_OF":     {From: 1, To: 0, Kind: sbom.DependsOn},
		"PREREQUISITE_FOR":       {From: 1, To: 0, Kind: sbom.DependsOn},
		"CONTAINS":               {From: 0, To: 1, Kind: sbom.Contains},
		"CONTAINED_BY":           {From: 1, To: 0, Kind: sbom.Contains},
		"PACKAGE_OF":             {From: 1, To: 0, Kind: sbom.Contains},
		"OPTIONAL_COMPONENT_OF":  {From: 1, To: 0, Kind: sbom.Contains},
	}
	none := []string{"GENERATED_FROM", "DESCRIBES", "OTHER", "BUILD_TOOL_OF", "LIKES"}
	for _, kind := range slices.Concat(none, keys(want)) {
		for _, spelt := range []string{kind, strings.ToLower(kind)} {
			text := "SPDXVersion: SPDX-2.3\nPackageName: a\nSPDXID: SPDXRef-a\nPackageName: b\nSPDXID: b\nRelationship: a " + spelt + " SPDXRef-b\n"
			doc, err := DecodeTagValue([]byte(text), Options{})
			if err != nil {
				t.Fatal(err)
			}
			var edges []sbom.Dependency
			if e, ok := want[kind]; ok {
				edges = []sbom.Dependency{e}
				if !doc.Components[e.From].DependenciesStated || doc.Components[e.To].DependenciesStated {
					t.Errorf("%s: the dependencies of the wrong component are stated", spelt)
				}
			}
			if diff := cmp.Diff(edges, doc.Dependencies); diff != "" {
				t.Errorf("%s (-want +got):\n%s", spelt, diff)
			}
		}
	}
}

func keys(m map[string]sbom.Dependency) []string {
	var list []string
	for k := range m {
		list = append(list, k)
	}
	return list
}
