// SPDX-License-Identifier: Apache-2.0

package spdx

// form is what the object of a property becomes in JSON.
type form uint8

const (
	formText    form = iota // the text, or the IRI
	formWord                // a word of an enumeration
	formLicence             // a licence expression
	formElement             // the SPDXID of an element
	formObject              // an object by rules of its own
	formNone                // it is written elsewhere, or JSON has no such thing
)

// A rule says which key of JSON a property of RDF is.
type rule struct {
	property, key string
	form          form
	rules         []rule // of an object
}

func (r *rule) list() bool { return isListKey(r.key) }

// The rules follow the JSON schemas and the ontology of SPDX 2.3 (annex C).
var (
	checksumRules = []rule{
		{property: "algorithm", key: "algorithm", form: formWord},
		{property: "checksumValue", key: "checksumValue"},
	}
	referenceRules = []rule{
		{property: "referenceCategory", key: "referenceCategory", form: formWord},
		{property: "referenceType", key: "referenceType", form: formWord},
		{property: "referenceLocator", key: "referenceLocator"},
		{property: "rdfs:comment", key: "comment"},
		{property: "comment", key: "comment"},
	}
	annotationRules = []rule{
		{property: "annotationDate", key: "annotationDate"},
		{property: "annotationType", key: "annotationType", form: formWord},
		{property: "annotator", key: "annotator"},
		{property: "rdfs:comment", key: "comment"},
		{property: "comment", key: "comment"},
	}
	verificationRules = []rule{
		{property: "packageVerificationCodeValue", key: "packageVerificationCodeValue"},
		{property: "packageVerificationCodeExcludedFile", key: "packageVerificationCodeExcludedFiles"},
	}
	creationRules = []rule{
		{property: "created", key: "created"},
		{property: "creator", key: "creators"},
		{property: "licenseListVersion", key: "licenseListVersion"},
		{property: "rdfs:comment", key: "comment"},
		{property: "comment", key: "comment"},
	}
	externalRules = []rule{
		{property: "externalDocumentId", key: "externalDocumentId"},
		{property: "spdxDocument", key: "spdxDocument"},
		{property: "checksum", key: "checksum", form: formObject, rules: checksumRules},
	}
	crossRules = []rule{
		{property: "url", key: "url"},
		{property: "timestamp", key: "timestamp"},
		{property: "match", key: "match"},
		{property: "order", key: "order"},
		{property: "isLive", key: "isLive"},
		{property: "isValid", key: "isValid"},
		{property: "isWayBackLink", key: "isWayBackLink"},
	}
	extractedRules = []rule{
		{property: "licenseId", key: "licenseId"},
		{property: "extractedText", key: "extractedText"},
		{property: "name", key: "name"},
		{property: "licenseName", key: "name"},
		{property: "rdfs:seeAlso", key: "seeAlsos"},
		{property: "seeAlso", key: "seeAlsos"},
		{property: "rdfs:comment", key: "comment"},
		{property: "comment", key: "comment"},
		{property: "crossRef", key: "crossRefs", form: formObject, rules: crossRules},
		{property: "rdfs:label", form: formNone}, // the name again
		{property: "isOsiApproved", form: formNone},
		{property: "isFsfLibre", form: formNone},
	}
	reviewRules = []rule{
		{property: "reviewer", key: "reviewer"},
		{property: "reviewDate", key: "reviewDate"},
		{property: "rdfs:comment", key: "comment"},
		{property: "comment", key: "comment"},
	}
	pointerRules = []rule{
		{property: "ptr:offset", key: "offset"},
		{property: "ptr:lineNumber", key: "lineNumber"},
		{property: "ptr:reference", key: "reference", form: formElement},
	}
	rangeRules = []rule{
		{property: "ptr:startPointer", key: "startPointer", form: formObject, rules: pointerRules},
		{property: "ptr:endPointer", key: "endPointer", form: formObject, rules: pointerRules},
	}
	packageRules = []rule{
		{property: "name", key: "name"},
		{property: "versionInfo", key: "versionInfo"},
		{property: "packageFileName", key: "packageFileName"},
		{property: "supplier", key: "supplier"},
		{property: "originator", key: "originator"},
		{property: "downloadLocation", key: "downloadLocation"},
		{property: "filesAnalyzed", key: "filesAnalyzed"},
		{property: "packageVerificationCode", key: "packageVerificationCode", form: formObject, rules: verificationRules},
		{property: "checksum", key: "checksums", form: formObject, rules: checksumRules},
		{property: "doap:homepage", key: "homepage"},
		{property: "homepage", key: "homepage"},
		{property: "sourceInfo", key: "sourceInfo"},
		{property: "licenseConcluded", key: "licenseConcluded", form: formLicence},
		{property: "licenseInfoFromFiles", key: "licenseInfoFromFiles", form: formLicence},
		{property: "licenseDeclared", key: "licenseDeclared", form: formLicence},
		{property: "licenseComments", key: "licenseComments"},
		{property: "copyrightText", key: "copyrightText"},
		{property: "summary", key: "summary"},
		{property: "description", key: "description"},
		{property: "rdfs:comment", key: "comment"},
		{property: "comment", key: "comment"},
		{property: "externalRef", key: "externalRefs", form: formObject, rules: referenceRules},
		{property: "attributionText", key: "attributionTexts"},
		{property: "primaryPackagePurpose", key: "primaryPackagePurpose", form: formWord},
		{property: "releaseDate", key: "releaseDate"},
		{property: "builtDate", key: "builtDate"},
		{property: "validUntilDate", key: "validUntilDate"},
		{property: "hasFile", key: "hasFiles", form: formElement},
		{property: "annotation", key: "annotations", form: formObject, rules: annotationRules},
		{property: "relationship", form: formNone},
	}
	fileRules = []rule{
		{property: "fileName", key: "fileName"},
		{property: "name", key: "fileName"}, // what the ontology calls it in its superclass
		{property: "fileType", key: "fileTypes", form: formWord},
		{property: "checksum", key: "checksums", form: formObject, rules: checksumRules},
		{property: "licenseConcluded", key: "licenseConcluded", form: formLicence},
		{property: "licenseInfoInFile", key: "licenseInfoInFiles", form: formLicence},
		{property: "licenseInfoFromFiles", key: "licenseInfoInFiles", form: formLicence},
		{property: "licenseComments", key: "licenseComments"},
		{property: "copyrightText", key: "copyrightText"},
		{property: "rdfs:comment", key: "comment"},
		{property: "comment", key: "comment"},
		{property: "noticeText", key: "noticeText"},
		{property: "fileContributor", key: "fileContributors"},
		{property: "attributionText", key: "attributionTexts"},
		{property: "fileDependency", key: "fileDependencies", form: formElement},
		{property: "annotation", key: "annotations", form: formObject, rules: annotationRules},
		{property: "artifactOf", form: formNone}, // deprecated, and passed over in JSON too
		{property: "relationship", form: formNone},
	}
	snippetRules = []rule{
		{property: "snippetFromFile", key: "snippetFromFile", form: formElement},
		{property: "range", key: "ranges", form: formObject, rules: rangeRules},
		{property: "licenseConcluded", key: "licenseConcluded", form: formLicence},
		{property: "licenseInfoInSnippet", key: "licenseInfoInSnippets", form: formLicence},
		{property: "licenseInfoFromFiles", key: "licenseInfoInSnippets", form: formLicence},
		{property: "licenseComments", key: "licenseComments"},
		{property: "copyrightText", key: "copyrightText"},
		{property: "rdfs:comment", key: "comment"},
		{property: "comment", key: "comment"},
		{property: "name", key: "name"},
		{property: "attributionText", key: "attributionTexts"},
		{property: "annotation", key: "annotations", form: formObject, rules: annotationRules},
		{property: "relationship", form: formNone},
	}
	documentRules = []rule{
		{property: "specVersion", key: "spdxVersion"},
		{property: "name", key: "name"},
		{property: "dataLicense", key: "dataLicense", form: formLicence},
		{property: "rdfs:comment", key: "comment"},
		{property: "comment", key: "comment"},
		{property: "creationInfo", key: "creationInfo", form: formObject, rules: creationRules},
		{property: "externalDocumentRef", key: "externalDocumentRefs", form: formObject, rules: externalRules},
		{property: "describesPackage", key: "documentDescribes", form: formElement},
		{property: "annotation", key: "annotations", form: formObject, rules: annotationRules},
		{property: "reviewed", key: "revieweds", form: formObject, rules: reviewRules},
		{property: "hasExtractedLicensingInfo", form: formNone}, // all of the document are written, wherever they stand
		{property: "referencesFile", form: formNone},            // SPDX 1: all files are written
		{property: "relationship", form: formNone},
	}
	relationshipRules = []rule{
		{property: "relationshipType", key: "relationshipType", form: formWord},
		{property: "relatedSpdxElement", key: "relatedSpdxElement", form: formElement},
		{property: "rdfs:comment", key: "comment"},
		{property: "comment", key: "comment"},
	}
)
