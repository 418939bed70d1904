// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/medsbom/medsbom/sbom"
)

// TestDocumentRules covers the clauses on the document and its lesser lists
// (6, 8, 9, 10, 12).
func TestDocumentRules(t *testing.T) {
	const pkg = `"packages": [{"name": "a", "SPDXID": "SPDXRef-a", "downloadLocation": "NONE"}]}`
	const sum = `"checksum": {"algorithm": "SHA1", "checksumValue": "dddddddddddddddddddddddddddddddddddddddd"}`
	file := func(rest string) string {
		return `"files": [¦{"SPDXID": "SPDXRef-f", "fileName": "f", "checksums": [{"algorithm": "MD5", "checksumValue": "dddddddddddddddddddddddddddddddd"}]` + rest + `}], ` + pkg
	}
	snippet := func(rest string) string {
		return strings.Replace(file(""), "¦", "", 1)[:len(file(""))-len("¦")-1] + `, "snippets": [` + rest + `]}`
	}
	for _, test := range []struct {
		name string
		text string // after the header
		want []defect
	}{
		{"external document", `"externalDocumentRefs": [{"externalDocumentId": "DocumentRef-a+1", "spdxDocument": "urn:a", ` + sum + `}], ` + pkg, nil},
		{"external document twice", `"externalDocumentRefs": [{"externalDocumentId": "DocumentRef-a", "spdxDocument": "urn:a", ` + sum + `}, {"externalDocumentId": "DocumentRef-a", "spdxDocument": "urn:a", ` + sum + `}], ` + pkg, nil},
		{
			"external documents of one name",
			`"externalDocumentRefs": [{"externalDocumentId": "DocumentRef-a", "spdxDocument": "urn:a", ` + sum + `}, ¦{"externalDocumentId": "DocumentRef-a", "spdxDocument": "urn:b", ` + sum + `}], ` + pkg,
			[]defect{{sbom.CodeDuplicate, "DocumentRef-a"}},
		},
		{
			"external document without everything",
			`"externalDocumentRefs": [¦¦¦{"checksum": {}}, ¦"x"], ` + pkg,
			[]defect{{sbom.CodeMissing, ""}, {sbom.CodeMissing, ""}, {sbom.CodeMissing, ""}, {sbom.CodeType, ""}},
		},
		{
			"external document of another form",
			`"externalDocumentRefs": [¦¦{"externalDocumentId": "base", "spdxDocument": "a b", ` + sum + `}], ` + pkg,
			[]defect{{sbom.CodeValue, "base"}, {sbom.CodeValue, "a b"}},
		},
		{
			"relationship to a document that is not declared",
			`"relationships": [¦{"spdxElementId": "SPDXRef-a", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "DocumentRef-b:SPDXRef-c"}], ` + pkg,
			[]defect{{sbom.CodeDangling, "DocumentRef-b:SPDXRef-c"}},
		},
		{
			"relationship from NONE",
			`"relationships": [¦{"spdxElementId": "NONE", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-a"}], ` + pkg,
			[]defect{{sbom.CodeValue, "NONE"}},
		},
		{
			"key of a relationship in another case",
			`"relationships": [{"spdxElementId": "SPDXRef-a", ¦"relationshiptype": "DEPENDS_ON", "relatedSpdxElement": "NONE", ¦"x": 1}], ` + pkg,
			[]defect{{sbom.CodeUnknownTag, "relationshiptype"}, {sbom.CodeUnknownTag, "x"}},
		},
		{"file", strings.Replace(file(`, "fileTypes": ["SOURCE"], "licenseConcluded": "MIT", "copyrightText": "NONE"`), "¦", "", 1), nil},
		{"file without everything", `"files": [¦¦¦{}, ¦null], ` + pkg, []defect{{sbom.CodeMissing, ""}, {sbom.CodeMissing, ""}, {sbom.CodeMissing, ""}, {sbom.CodeType, ""}}},
		{
			"file with values of another form",
			`"files": [{"SPDXID": ¦"f", "fileName": "f", ¦"x": 1, "fileTypes": [¦"EXE"], "copyrightText": ¦1, "checksums": [¦{"algorithm": "MD5", "checksumValue": "x"}]}], ` + pkg,
			[]defect{{sbom.CodeValue, "f"}, {sbom.CodeUnknownTag, "x"}, {sbom.CodeValue, "EXE"}, {sbom.CodeType, ""}, {sbom.CodeValue, "x"}},
		},
		{
			"two files of one SPDXID",
			strings.Replace(file(""), "¦", "", 1)[:len(file(""))-len("¦")-len("], ")-len(pkg)] + `, ¦{"SPDXID": "SPDXRef-f", "fileName": "g", "checksums": [{"algorithm": "MD5", "checksumValue": "dddddddddddddddddddddddddddddddd"}]}], ` + pkg,
			[]defect{{sbom.CodeDuplicate, "SPDXRef-f"}},
		},
		{
			"a file and a package of one SPDXID",
			strings.Replace(strings.ReplaceAll(file(""), "SPDXRef-f", "SPDXRef-a"), "¦", "", 1)[:len(file(""))-len("¦")-len(pkg)] + strings.Replace(pkg, "{", "¦{", 1),
			[]defect{{sbom.CodeDuplicate, "SPDXRef-a"}},
		},
		{
			"annotation",
			`"annotations": [{"annotator": "Tool: x", "annotationDate": "2026-01-16T08:00:00Z", "annotationType": "OTHER", "comment": "end of support 2031"}], ` + pkg, nil,
		},
		{"annotation without everything", `"annotations": [¦{}], ` + pkg, []defect{{sbom.CodeMissing, ""}}},
		{
			"annotation of another form",
			`"annotations": [¦¦¦{"annotator": "x", "annotationDate": "2026-01-16", "annotationType": "NOTE", "comment": "c"}], ` + pkg,
			[]defect{{sbom.CodeValue, "NOTE"}, {sbom.CodeParty, "x"}, {sbom.CodeDate, "2026-01-16"}},
		},
		{"review", `"revieweds": [{"reviewer": "Person: x", "reviewDate": ¦"soon", "comment": ""}], ` + pkg, []defect{{sbom.CodeDate, "soon"}}},
		{
			"extracted licences",
			`"hasExtractedLicensingInfos": [{"licenseId": "LicenseRef-a", "extractedText": "a"}, ¦{"licenseId": "LicenseRef-a", "extractedText": "b"}, ¦¦{"licenseId": "a"}, ¦{}], ` + pkg,
			[]defect{{sbom.CodeDuplicate, "LicenseRef-a"}, {sbom.CodeValue, "a"}, {sbom.CodeMissing, "a"}, {sbom.CodeMissing, ""}},
		},
		{
			"snippet",
			snippet(`{"SPDXID": "SPDXRef-s", "name": "s", "snippetFromFile": "SPDXRef-f", "ranges": [{"startPointer": {"reference": "SPDXRef-f", "offset": 310}, "endPointer": {"reference": "SPDXRef-f", "offset": 420}}]}`),
			nil,
		},
		{"snippet without everything", snippet(`¦¦¦{}`), []defect{{sbom.CodeMissing, ""}, {sbom.CodeMissing, ""}, {sbom.CodeMissing, ""}}},
		{
			"snippet of no file, the wrong way round",
			snippet(`¦{"SPDXID": "SPDXRef-s", "name": "s", "snippetFromFile": "SPDXRef-g", "ranges": [¦{"startPointer": {"reference": "SPDXRef-f", "offset": 420}, "endPointer": {"reference": "SPDXRef-f", "offset": 310}}]}`),
			[]defect{{sbom.CodeValue, "420:310"}, {sbom.CodeDangling, "SPDXRef-g"}},
		},
	} {
		t.Run(test.name, func(t *testing.T) { expectDefects(t, header+test.text, 1, test.want) })
	}
}

// TestPackageRules covers the clauses on packages (7).
func TestPackageRules(t *testing.T) {
	for _, test := range []struct {
		name string
		text string // keys of a package
		want []defect
	}{
		{"dates", `"builtDate": ¦"x", "releaseDate": ¦"2026", "validUntilDate": ¦"2030-01-01"`, []defect{{sbom.CodeDate, "x"}, {sbom.CodeDate, "2026"}, {sbom.CodeDate, "2030-01-01"}}},
		{"home page", `"homepage": ¦"acme example"`, []defect{{sbom.CodeValue, "acme example"}}},
		{"home page NOASSERTION", `"homepage": "NOASSERTION"`, nil},
		{"files analysed", `"filesAnalyzed": ¦"no"`, []defect{{sbom.CodeType, "no"}}},
		{"verification code", `"packageVerificationCode": {"packageVerificationCodeValue": "dddddddddddddddddddddddddddddddddddddddd", "packageVerificationCodeExcludedFiles": []}`, nil},
		{"verification code of another length", `"packageVerificationCode": ¦{"packageVerificationCodeValue": "d"}`, []defect{{sbom.CodeValue, "d"}}},
		{"verification code without its value", `"packageVerificationCode": ¦{}, "filesAnalyzed": false`, []defect{{sbom.CodeMissing, ""}}},
		{"files of nothing", `"hasFiles": [¦"SPDXRef-x", "SPDXRef-a", ¦¦1]`, []defect{{sbom.CodeType, "1"}, {sbom.CodeDangling, "SPDXRef-x"}, {sbom.CodeDangling, "1"}}},
		{"other kinds of value", `"summary": ¦[], "attributionTexts": ¦"", "copyrightText": null`, []defect{{sbom.CodeType, ""}, {sbom.CodeType, ""}}},
		{"key twice", `"copyrightText": "a", ¦"copyrightText": "b"`, []defect{{sbom.CodeKeyTwice, "copyrightText"}}},
		{"reference without its category", `"externalRefs": [¦{"referenceType": "advisory", "referenceLocator": "a"}]`, []defect{{sbom.CodeMissing, "advisory"}}},
		{"reference without its locator", `"externalRefs": [¦{"referenceType": "advisory", "referenceCategory": "SECURITY"}]`, []defect{{sbom.CodeMissing, "advisory"}}},
		{"reference of another category", `"externalRefs": [¦{"referenceType": "cpe22Type", "referenceCategory": "EXTERNAL_MANAGER", "referenceLocator": "cpe:/a:b"}]`, []defect{{sbom.CodeValue, "EXTERNAL_MANAGER"}}},
		{"key of a reference in another case", `"externalRefs": [{¦"ReferenceType": "advisory", "referenceCategory": "SECURITY", "referenceLocator": "a", "comment": ""}]`, []defect{{sbom.CodeUnknownTag, "ReferenceType"}}},
		{"licence of another document", `"licenseDeclared": ¦"MIT AND DocumentRef-x:LicenseRef-y"`, []defect{{sbom.CodeDangling, "DocumentRef-x"}}},
		{"licence without its text", `"licenseDeclared": ¦"(LicenseRef-a OR MIT)", "licenseConcluded": "LicenseRef-a", "licenseInfoFromFiles": ["LicenseRef-a+", ¦"LicenseRef-b", "NONE"]`, []defect{{sbom.CodeDangling, "LicenseRef-a"}, {sbom.CodeDangling, "LicenseRef-b"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			expectDefects(t, header+`"packages": [{"name": "a", "SPDXID": "SPDXRef-a", "downloadLocation": "NONE", `+test.text+`}]}`, 1, test.want)
		})
	}
	t.Run("a verification code of files that were not analysed", func(t *testing.T) {
		expectDefects(t, header+`"packages": [¦{"name": "a", "SPDXID": "SPDXRef-a", "downloadLocation": "NONE", "filesAnalyzed": false, "packageVerificationCode": {"packageVerificationCodeValue": "dddddddddddddddddddddddddddddddddddddddd"}}]}`, 1, []defect{{sbom.CodeContradict, "a"}})
	})
	t.Run("licence with its text, in another case", func(t *testing.T) {
		expectDefects(t, header+`"packages": [{"name": "a", "SPDXID": "SPDXRef-a", "downloadLocation": "NONE", "licenseDeclared": "LicenseRef-A"}], "hasExtractedLicensingInfos": [{"licenseId": "LicenseRef-a", "extractedText": "a"}]}`, 1, nil)
	})
}

// TestVersionRules: what SPDX 2.1 and 2.2 ask of a package, 2.3 does not, wherever
// the version stands.
func TestVersionRules(t *testing.T) {
	for version, want := range map[string]int{"2.1": 1, "2.2": 1, "2.3": 0} {
		first := strings.Replace(header, "2.3", version, 1) + `"packages": [{"name": "a", "SPDXID": "SPDXRef-a", "downloadLocation": "NONE", "licenseDeclared": "MIT"}]}`
		last := strings.Replace(first, `"spdxVersion": "SPDX-`+version+`", `, "", 1)
		last = last[:len(last)-1] + `, "spdxVersion": "SPDX-` + version + `"}`
		for _, text := range []string{first, last} {
			doc, err := DecodeJSON([]byte(text), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if n := doc.Defects.Counts[sbom.CodeMissing]; n != want || doc.Defects.Total() != want {
				t.Errorf("%s: want %d defects, got %v", version, want, doc.Defects.List)
			}
		}
	}
}

// TestHeaderRules covers the values of the header (clause 6).
func TestHeaderRules(t *testing.T) {
	text := `{"spdxVersion": "SPDX-2.3", "dataLicense": ¦"MIT", "SPDXID": ¦"SPDXRef-doc", "name": "d", "documentNamespace": ¦"https://d.example/#x",
"creationInfo": {"created": "2026-01-15T08:00:00Z", "creators": ["Organization: Acme"], "licenseListVersion": ¦"latest", ¦"Comment": ""},
"packages": [{"name": "a", "SPDXID": "SPDXRef-a", "downloadLocation": "NONE"}]}`
	expectDefects(t, text, 1, []defect{
		{sbom.CodeValue, "MIT"},
		{sbom.CodeValue, "SPDXRef-doc"},
		{sbom.CodeValue, "https://d.example/#x"},
		{sbom.CodeValue, "latest"},
		{sbom.CodeUnknownTag, "Comment"},
	})
}

// TestTagRules covers the same in tag-value form.
func TestTagRules(t *testing.T) {
	const header = "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: d\nDocumentNamespace: https://d.example/\nCreator: Tool: t-1\nCreated: 2026-01-15T08:00:00Z\n"
	const pkg = "PackageName: a\nSPDXID: SPDXRef-a\nPackageDownloadLocation: NONE\n"
	const file = "FileName: f\nSPDXID: SPDXRef-f\nFileChecksum: MD5: dddddddddddddddddddddddddddddddd\n"
	for _, test := range []struct {
		name, text string // the text from line 11 on
		want       []said
	}{
		{"external document", "ExternalDocumentRef: DocumentRef-a urn:a SHA1: dddddddddddddddddddddddddddddddddddddddd\nRelationship: SPDXRef-a DEPENDS_ON DocumentRef-a:SPDXRef-x\n", nil},
		{"external document without its checksum", "ExternalDocumentRef: DocumentRef-a urn:a\n", []said{{sbom.CodeMissing, "", 11, 1}}},
		{"file", file + "FileType: SOURCE\nLicenseInfoInFile: MIT\n", nil},
		{"file without its checksum", "FileName: f\nSPDXID: SPDXRef-f\n", []said{{sbom.CodeMissing, "f", 11, 1}}},
		{"files of one SPDXID", file + file, []said{{sbom.CodeDuplicate, "SPDXRef-f", 14, 1}}},
		{"file type", file + "FileType: EXE\n", []said{{sbom.CodeValue, "EXE", 14, 1}}},
		{"file tag without a file", "FileType: SOURCE\nSnippetByteRange: 1:2\nExtractedText: <text></text>\n", []said{{sbom.CodeUnknownTag, "FileType", 11, 1}, {sbom.CodeUnknownTag, "SnippetByteRange", 12, 1}, {sbom.CodeUnknownTag, "ExtractedText", 13, 1}}},
		{"snippet", file + "SnippetSPDXID: SPDXRef-s\nSnippetFromFileSPDXID: SPDXRef-f\nSnippetByteRange: 310:420\nSnippetLineRange: 5:23\n", nil},
		{"snippet of nothing", "SnippetSPDXID: SPDXRef-s\nSnippetFromFileSPDXID: SPDXRef-f\nSnippetByteRange: 420:310\n", []said{{sbom.CodeValue, "420:310", 13, 1}, {sbom.CodeDangling, "SPDXRef-f", 11, 1}}},
		{"snippet without everything", "SnippetSPDXID:\n", []said{{sbom.CodeMissing, "", 11, 1}, {sbom.CodeMissing, "", 11, 1}, {sbom.CodeMissing, "", 11, 1}}},
		{"annotation", "Annotator: Person: x\nAnnotationDate: 2026-01-15T08:00:00Z\nAnnotationType: OTHER\nSPDXREF: SPDXRef-a\nAnnotationComment: <text>x</text>\n", nil},
		{"annotation of nothing", "Annotator: Person: x\nAnnotationDate: today\nAnnotationType: REVIEW\nSPDXREF: SPDXRef-x\nAnnotationComment: x\n", []said{{sbom.CodeDate, "today", 11, 1}, {sbom.CodeDangling, "SPDXRef-x", 14, 1}}},
		{"annotations without everything", "AnnotationDate: 2026-01-15T08:00:00Z\nAnnotator: Person: x\n", []said{{sbom.CodeMissing, "", 11, 1}, {sbom.CodeMissing, "Person: x", 12, 1}}},
		{"review", "Reviewer: Person: x\nReviewDate: today\n", []said{{sbom.CodeDate, "today", 12, 1}}},
		{"licence", "PackageLicenseDeclared: LicenseRef-a\nLicenseID: LicenseRef-a\nExtractedText: <text>a</text>\n", nil},
		{"licence without its text", "PackageLicenseDeclared: LicenseRef-a AND LicenseRef-b\nPackageLicenseInfoFromFiles: LicenseRef-b\nLicenseID: LicenseRef-a\n", []said{{sbom.CodeMissing, "LicenseRef-a", 13, 1}, {sbom.CodeDangling, "LicenseRef-b", 11, 1}}},
		{"package", "BuiltDate: today\nReleaseDate: today\nFilesAnalyzed: no\nPackageHomePage: acme\nPackageVerificationCode: d6a770ba38583ed4bb4525bd96e50461655d2758(excludes: ./a)\n", []said{
			{sbom.CodeDate, "today", 11, 1}, {sbom.CodeDate, "today", 12, 1}, {sbom.CodeValue, "no", 13, 1}, {sbom.CodeValue, "acme", 14, 1},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := header + pkg + test.text
			doc, err := DecodeTagValue([]byte(text), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, defects(doc)); diff != "" {
				t.Errorf("defects (-want +got):\n%s\n%v", diff, doc.Defects.List)
			}
			checkInvariants(t, doc, []byte(text))
		})
	}
}

// TestFileParts: where no package is listed the files stand for the components,
// in both encodings.
func TestFileParts(t *testing.T) {
	const json = header + `"files": [
{"SPDXID": "SPDXRef-f", "fileName": "./libssl.so", "licenseConcluded": "OpenSSL", "checksums": [{"algorithm": "SHA1", "checksumValue": "dddddddddddddddddddddddddddddddddddddddd"}]},
{"SPDXID": "SPDXRef-g", "fileName": "./libz.so", "checksums": [{"algorithm": "MD5", "checksumValue": "dddddddddddddddddddddddddddddddd"}]}]`
	const tags = "SPDXVersion: SPDX-2.3\nFileName: ./libssl.so\nSPDXID: SPDXRef-f\nLicenseConcluded: OpenSSL\nFileChecksum: SHA1: dddddddddddddddddddddddddddddddddddddddd\n" +
		"FileName: ./libz.so\nSPDXID: SPDXRef-g\nFileChecksum: MD5: dddddddddddddddddddddddddddddddd\n"
	want := []sbom.Component{
		{
			Ref: "SPDXRef-f", Type: "file", Name: "./libssl.so", Parent: sbom.SubjectIndex,
			Licences: []sbom.Licence{{Kind: sbom.LicenceID, Value: "OpenSSL", Concluded: true}},
			Hashes:   []sbom.Hash{{Algorithm: "SHA-1", Value: "dddddddddddddddddddddddddddddddddddddddd"}},
		},
		{
			Ref: "SPDXRef-g", Type: "file", Name: "./libz.so", Parent: sbom.SubjectIndex,
			Hashes: []sbom.Hash{{Algorithm: "MD5", Value: "dddddddddddddddddddddddddddddddd"}},
		},
	}
	for encoding, text := range map[string]string{"json": json + "}", "tag-value": tags} {
		doc, err := decode([]byte(text), encoding)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, doc.FileParts, cmpopts.IgnoreTypes(sbom.Position{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", encoding, diff)
		}
		if doc.Count() != 0 || doc.Files != 2 {
			t.Errorf("%s: %d components, %d files", encoding, doc.Count(), doc.Files)
		}
		checkInvariants(t, doc, []byte(text))
	}
	const p = `{"name": "a", "SPDXID": "SPDXRef-a", "downloadLocation": "NONE"}`
	for encoding, text := range map[string]string{"json": json + `, "packages": [` + p + `]}`, "tag-value": tags + "PackageName: a\n"} {
		doc, err := decode([]byte(text), encoding)
		if err != nil {
			t.Fatal(err)
		}
		if doc.Count() != 1 || doc.Files != 2 || doc.FileParts != nil {
			t.Errorf("%s: %d components, %d files, parts %v", encoding, doc.Count(), doc.Files, doc.FileParts)
		}
	}
}

// TestManyFileParts: more files than are kept are counted, and that is said.
func TestManyFileParts(t *testing.T) {
	var tags strings.Builder
	tags.WriteString("SPDXVersion: SPDX-2.3\n")
	for i := range mostParts + 2 {
		fmt.Fprintf(&tags, "FileName: f\nSPDXID: SPDXRef-%d\nFileChecksum: MD5: dddddddddddddddddddddddddddddddd\n", i)
	}
	doc, err := DecodeTagValue([]byte(tags.String()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if doc.Files != mostParts+2 || len(doc.FileParts) != mostParts {
		t.Errorf("%d files, %d parts", doc.Files, len(doc.FileParts))
	}
	want := fmt.Sprintf("of %d files that stand for the components only the first %d are kept", mostParts+2, mostParts)
	if last := doc.Defects.List[len(doc.Defects.List)-1]; last.Message != want || last.Code != sbom.CodeMissing {
		t.Errorf("want %q, got %v", want, doc.Defects.List)
	}
}

func TestPedigree(t *testing.T) {
	a, b := sbom.Relative{Name: "a", Version: "1", PURL: "pkg:npm/a@1"}, sbom.Relative{Name: "b", Version: "2", CPE: "cpe:/a:b:b:2"}
	for kind, want := range map[string][2]*sbom.Pedigree{
		"ANCESTOR_OF":   {{Descendants: []sbom.Relative{b}}, {Ancestors: []sbom.Relative{a}}},
		"DESCENDANT_OF": {{Ancestors: []sbom.Relative{b}}, {Descendants: []sbom.Relative{a}}},
		"VARIANT_OF":    {{Variants: []sbom.Relative{b}}, {Variants: []sbom.Relative{a}}},
		"PATCH_APPLIED": {nil, {Patches: []sbom.Patch{{URL: "https://a.example/fix.patch"}}}},
		"PATCH_FOR":     {nil, nil},
		"COPY_OF":       {nil, nil},
	} {
		text := "SPDXVersion: SPDX-2.3\nPackageName: a\nSPDXID: SPDXRef-a\nPackageVersion: 1\nPackageDownloadLocation: https://a.example/fix.patch\nExternalRef: PACKAGE-MANAGER purl pkg:npm/a@1\n" +
			"PackageName: b\nSPDXID: SPDXRef-b\nPackageVersion: 2\nExternalRef: SECURITY cpe22Type cpe:/a:b:b:2\nRelationship: SPDXRef-a " + kind + " SPDXRef-b\nRelationship: SPDXRef-a " + kind + " SPDXRef-a\nRelationship: SPDXRef-a " + kind + " NONE\n"
		doc, err := DecodeTagValue([]byte(text), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, [2]*sbom.Pedigree{doc.Components[0].Pedigree(), doc.Components[1].Pedigree()}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
		if doc.Defects.Counts[sbom.CodeValue] != 0 || doc.Defects.Counts[sbom.CodeDangling] != 0 {
			t.Errorf("%s: %v", kind, doc.Defects.List)
		}
	}
}

func TestReferences(t *testing.T) {
	for location, want := range map[string]string{
		"https://a.example/a.tgz":          "distribution",
		"ftp://a.example/a":                "distribution",
		"git+https://a.example/a.git@v1#b": "vcs",
		"git://a.example/a":                "vcs",
		"git@a.example:a/b.git":            "vcs",
		"hg+http://a.example/a":            "vcs",
		"svn+svn://a.example/a":            "vcs",
		"bzr+lp:a":                         "vcs",
		"NONE":                             "",
		"NOASSERTION":                      "",
		"":                                 "",
	} {
		doc, err := DecodeJSON([]byte(header+fmt.Sprintf(`"packages": [{"name": "a", "SPDXID": "SPDXRef-a", "homepage": %q, "downloadLocation": %q}]}`, location, location)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		var wanted []sbom.Reference
		if want != "" {
			wanted = []sbom.Reference{{Type: want, URL: location}, {Type: "website", URL: location}}
		}
		if diff := cmp.Diff(wanted, doc.Components[0].References); diff != "" {
			t.Errorf("%s (-want +got):\n%s", location, diff)
		}
	}
}

// TestMaxComponents: the caller's limit holds in both encodings.
func TestMaxComponents(t *testing.T) {
	json := header + `"packages": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}`
	tags := "SPDXVersion: SPDX-2.3\nPackageName: a\nPackageName: b\nPackageName: c\n"
	for name, read := range map[string]func(Options) (*sbom.Document, error){
		"json":      func(o Options) (*sbom.Document, error) { return DecodeJSON([]byte(json), o) },
		"tag-value": func(o Options) (*sbom.Document, error) { return DecodeTagValue([]byte(tags), o) },
	} {
		if doc, err := read(Options{MaxComponents: 3}); err != nil || doc.Count() != 3 {
			t.Errorf("%s: %v", name, err)
		}
		var syntax *sbom.SyntaxError
		if _, err := read(Options{MaxComponents: 2}); !errors.As(err, &syntax) || syntax.Remedy == "" || !strings.HasPrefix(syntax.Message, "more than 2 packages") {
			t.Errorf("%s: error %v, want a syntax error", name, err)
		}
	}
}
