// SPDX-License-Identifier: Apache-2.0

package cyclonedx

// field is one that did not exist from the beginning.
type field uint8

const (
	fieldReferences field = iota
	fieldPedigree
	fieldMetadata
	fieldServices
	fieldDependencies
	fieldCompositions
	fieldProperties
	fieldEvidence
	fieldVulnerabilities
	fieldSignature
	fieldReleaseNotes
	fieldLifecycles
	fieldToolComponents
	fieldAnnotations
	fieldFormulation
	fieldModelCard
	fieldData
	fieldManufacturer
	fieldAuthors
	fieldOmniborID
	fieldSWHID
	fieldTags
	fieldCrypto
	fieldProvides
	fieldAcknowledgement
	fieldDeclarations
	fieldDefinitions
	fieldExternal
	fieldVersionRange
	fieldPatents
	fieldCitations
	fieldDistribution
	fieldExpressionDetails
	fieldMixedLicences
	fieldCount
)

// since names each field and the version 1.minor that brought it in, by the
// schemas' "what is new" and their differences.
var since = [fieldCount]struct {
	name  string
	minor int
}{
	fieldReferences:        {"externalReferences", 1},
	fieldPedigree:          {"pedigree", 1},
	fieldMetadata:          {"metadata", 2},
	fieldServices:          {"services", 2},
	fieldDependencies:      {"dependencies", 2},
	fieldCompositions:      {"compositions", 3},
	fieldProperties:        {"properties", 3},
	fieldEvidence:          {"evidence", 3},
	fieldVulnerabilities:   {"vulnerabilities", 4},
	fieldSignature:         {"signature", 4},
	fieldReleaseNotes:      {"releaseNotes", 4},
	fieldLifecycles:        {"metadata.lifecycles", 5},
	fieldToolComponents:    {"metadata.tools.components", 5},
	fieldAnnotations:       {"annotations", 5},
	fieldFormulation:       {"formulation", 5},
	fieldModelCard:         {"modelCard", 5},
	fieldData:              {"data", 5},
	fieldManufacturer:      {"manufacturer", 6},
	fieldAuthors:           {"component.authors", 6},
	fieldOmniborID:         {"omniborId", 6},
	fieldSWHID:             {"swhid", 6},
	fieldTags:              {"tags", 6},
	fieldCrypto:            {"cryptoProperties", 6},
	fieldProvides:          {"dependencies.provides", 6},
	fieldAcknowledgement:   {"license.acknowledgement", 6},
	fieldDeclarations:      {"declarations", 6},
	fieldDefinitions:       {"definitions", 6},
	fieldExternal:          {"isExternal", 7},
	fieldVersionRange:      {"versionRange", 7},
	fieldPatents:           {"patentAssertions", 7},
	fieldCitations:         {"citations", 7},
	fieldDistribution:      {"metadata.distributionConstraints", 7},
	fieldExpressionDetails: {"expressionDetails", 7},
	fieldMixedLicences:     {"licenses (an expression beside others)", 7},
}

// fieldOf is the field of a key that is checked and passed over, if it did not
// exist from the beginning.
func fieldOf(name string) (field, bool) {
	switch name {
	case "annotations":
		return fieldAnnotations, true
	case "formulation":
		return fieldFormulation, true
	case "declarations":
		return fieldDeclarations, true
	case "definitions":
		return fieldDefinitions, true
	case "properties":
		return fieldProperties, true
	case "distributionConstraints":
		return fieldDistribution, true
	case "releaseNotes":
		return fieldReleaseNotes, true
	case "modelCard":
		return fieldModelCard, true
	case "data":
		return fieldData, true
	case "tags":
		return fieldTags, true
	case "cryptoProperties":
		return fieldCrypto, true
	case "patentAssertions":
		return fieldPatents, true
	case "signature":
		return fieldSignature, true
	}
	return 0, false
}
