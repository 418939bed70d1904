// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"cmp"
	"slices"
	"strings"
)

// section is the kind of element that a tag belongs to.
type section uint8

const (
	inDocument section = iota
	inPackage
	inFile
	inSnippet
	inLicence
	anywhere // relationships, annotations, reviews: beside any element
)

// action is what the decoder does with a tag. All that are only known and
// passed over are pass.
type action uint8

const (
	pass action = iota
	setVersion
	setDataLicence
	setID
	setDocumentName
	setNamespace
	setComment
	addCreator
	setCreated
	setCreatorComment
	startPackage
	setPackageVersion
	setSupplier
	setOriginator
	setDownload
	addChecksum
	setSourceInfo
	setConcluded
	setDeclared
	addReference
	setPurpose
	setValidUntil
	startFile
	startSnippet
	startLicence
	addRelationship
	addExternal
	setListVersion
	setHomepage
	setBuilt
	setReleased
	setAnalyzed
	setVerification
	setCopyright
	setPackageComment
	setDescription
	setFileName
	setLicenceComments
	setSummary
	addFileChecksum
	addFileType
	setFileConcluded
	useLicence
	setSnippetFile
	addRange
	addLineRange
	setExtractedText
	startAnnotation
	setAnnotationDate
	setAnnotationType
	setAnnotationText
	setAnnotated
	setReviewDate
)

// A tagRow says what a tag is.
type tagRow struct {
	name    string
	section section
	action  action
}

// tagTable holds every tag of SPDX 2.0 to 2.3, sorted by name.
var tagTable = [...]tagRow{
	{"AnnotationComment", anywhere, setAnnotationText},
	{"AnnotationDate", anywhere, setAnnotationDate},
	{"AnnotationType", anywhere, setAnnotationType},
	{"Annotator", anywhere, startAnnotation},
	{"ArtifactOfProjectHomePage", inFile, pass},
	{"ArtifactOfProjectName", inFile, pass},
	{"ArtifactOfProjectURI", inFile, pass},
	{"BuiltDate", inPackage, setBuilt},
	{"Created", inDocument, setCreated},
	{"Creator", inDocument, addCreator},
	{"CreatorComment", inDocument, setCreatorComment},
	{"DataLicense", inDocument, setDataLicence},
	{"DocumentComment", inDocument, setComment},
	{"DocumentName", inDocument, setDocumentName},
	{"DocumentNamespace", inDocument, setNamespace},
	{"ExternalDocumentRef", inDocument, addExternal},
	{"ExternalRef", inPackage, addReference},
	{"ExternalRefComment", inPackage, pass},
	{"ExtractedText", inLicence, setExtractedText},
	{"FileAttributionText", inFile, pass},
	{"FileChecksum", inFile, addFileChecksum},
	{"FileComment", inFile, pass},
	{"FileContributor", inFile, pass},
	{"FileCopyrightText", inFile, pass},
	{"FileDependency", inFile, pass},
	{"FileName", inFile, startFile},
	{"FileNotice", inFile, pass},
	{"FileType", inFile, addFileType},
	{"FilesAnalyzed", inPackage, setAnalyzed},
	{"LicenseComment", inLicence, pass},
	{"LicenseComments", inFile, pass},
	{"LicenseConcluded", inFile, setFileConcluded},
	{"LicenseCrossReference", inLicence, pass},
	{"LicenseID", inLicence, startLicence},
	{"LicenseInfoInFile", inFile, useLicence},
	{"LicenseInfoInSnippet", inSnippet, useLicence},
	{"LicenseListVersion", inDocument, setListVersion},
	{"LicenseName", inLicence, pass},
	{"PackageAttributionText", inPackage, pass},
	{"PackageChecksum", inPackage, addChecksum},
	{"PackageComment", inPackage, setPackageComment},
	{"PackageCopyrightText", inPackage, setCopyright},
	{"PackageDescription", inPackage, setDescription},
	{"PackageDownloadLocation", inPackage, setDownload},
	{"PackageFileName", inPackage, setFileName},
	{"PackageHomePage", inPackage, setHomepage},
	{"PackageLicenseComments", inPackage, setLicenceComments},
	{"PackageLicenseConcluded", inPackage, setConcluded},
	{"PackageLicenseDeclared", inPackage, setDeclared},
	{"PackageLicenseInfoFromFiles", inPackage, useLicence},
	{"PackageName", inPackage, startPackage},
	{"PackageOriginator", inPackage, setOriginator},
	{"PackageSourceInfo", inPackage, setSourceInfo},
	{"PackageSummary", inPackage, setSummary},
	{"PackageSupplier", inPackage, setSupplier},
	{"PackageVerificationCode", inPackage, setVerification},
	{"PackageVersion", inPackage, setPackageVersion},
	{"PrimaryPackagePurpose", inPackage, setPurpose},
	{"Relationship", anywhere, addRelationship},
	{"RelationshipComment", anywhere, pass},
	{"ReleaseDate", inPackage, setReleased},
	{"ReviewComment", anywhere, pass},
	{"ReviewDate", anywhere, setReviewDate},
	{"Reviewer", anywhere, pass},
	{"SPDXID", anywhere, setID},
	{"SPDXREF", anywhere, setAnnotated},
	{"SPDXVersion", inDocument, setVersion},
	{"SnippetAttributionText", inSnippet, pass},
	{"SnippetByteRange", inSnippet, addRange},
	{"SnippetComment", inSnippet, pass},
	{"SnippetCopyrightText", inSnippet, pass},
	{"SnippetFromFileSPDXID", inSnippet, setSnippetFile},
	{"SnippetLicenseComments", inSnippet, pass},
	{"SnippetLicenseConcluded", inSnippet, useLicence},
	{"SnippetLineRange", inSnippet, addLineRange},
	{"SnippetName", inSnippet, pass},
	{"SnippetSPDXID", inSnippet, startSnippet},
	{"ValidUntilDate", inPackage, setValidUntil},
}

// findTag returns the row of a tag. exact is false if the tag is only spelt
// like it in another case; ok is false if there is none.
func findTag(name string) (row *tagRow, exact, ok bool) {
	if i, found := slices.BinarySearchFunc(tagTable[:], name, func(row tagRow, name string) int {
		return cmp.Compare(row.name, name)
	}); found {
		return &tagTable[i], true, true
	}
	for i := range tagTable {
		if strings.EqualFold(tagTable[i].name, name) {
			return &tagTable[i], false, true
		}
	}
	return nil, false, false
}
