// SPDX-License-Identifier: Apache-2.0

package spdx3

import "strings"

// class is what the type of an object means here.
type class uint8

const (
	classNone    class = iota // no type, or one that SPDX does not have
	classElement              // an element of an abstract class
	classOther                // an element that is passed over
	classPlain                // an object that is no element, and is passed over
	classCreationInfo
	classDocument
	classSbom
	classCollection
	classPackage
	classAIPackage
	classDataset
	classFile
	classPerson
	classOrganisation
	classAgent
	classSoftwareAgent
	classTool
	classRelationship
	classVex
	classVulnerability
	classHash
	classVerificationCode
	classContentIdentifier
	classIdentifier
	classReference
	classExternalMap
	classNamespaceMap
	classExpression
	classListedLicence
	classLicence
	classConjunction
	classDisjunction
	classWith
	classOrLater
	classAddition
	classAnyLicence
	classExtension
	classCdxProperties
	classCdxProperty
)

// classes are the classes of the model by their compact names.
var classes = [...]struct {
	name  string
	class class
}{
	{"software_Package", classPackage},
	{"Relationship", classRelationship},
	{"LifecycleScopedRelationship", classRelationship},
	{"ExternalIdentifier", classIdentifier},
	{"Hash", classHash},
	{"software_File", classFile},
	{"ai_AIPackage", classAIPackage},
	{"dataset_DatasetPackage", classDataset},
	{"CreationInfo", classCreationInfo},
	{"SpdxDocument", classDocument},
	{"software_Sbom", classSbom},
	{"Bom", classCollection},
	{"Bundle", classCollection},
	{"Person", classPerson},
	{"Organization", classOrganisation},
	{"Agent", classAgent},
	{"SoftwareAgent", classSoftwareAgent},
	{"Tool", classTool},
	{"PackageVerificationCode", classVerificationCode},
	{"software_ContentIdentifier", classContentIdentifier},
	{"ExternalRef", classReference},
	{"ExternalMap", classExternalMap},
	{"NamespaceMap", classNamespaceMap},
	{"simplelicensing_LicenseExpression", classExpression},
	{"simplelicensing_SimpleLicensingText", classLicence},
	{"expandedlicensing_ListedLicense", classListedLicence},
	{"expandedlicensing_CustomLicense", classLicence},
	{"expandedlicensing_ConjunctiveLicenseSet", classConjunction},
	{"expandedlicensing_DisjunctiveLicenseSet", classDisjunction},
	{"expandedlicensing_WithAdditionOperator", classWith},
	{"expandedlicensing_OrLaterOperator", classOrLater},
	{"expandedlicensing_ListedLicenseException", classAddition},
	{"expandedlicensing_CustomLicenseAddition", classAddition},
	{"expandedlicensing_IndividualLicensingInfo", classAnyLicence},
	{"security_Vulnerability", classVulnerability},
	{"security_VexAffectedVulnAssessmentRelationship", classVex},
	{"security_VexFixedVulnAssessmentRelationship", classVex},
	{"security_VexNotAffectedVulnAssessmentRelationship", classVex},
	{"security_VexUnderInvestigationVulnAssessmentRelationship", classVex},
	{"security_CvssV2VulnAssessmentRelationship", classOther},
	{"security_CvssV3VulnAssessmentRelationship", classOther},
	{"security_CvssV4VulnAssessmentRelationship", classOther},
	{"security_EpssVulnAssessmentRelationship", classOther},
	{"security_ExploitCatalogVulnAssessmentRelationship", classOther},
	{"security_SsvcVulnAssessmentRelationship", classOther},
	{"software_Snippet", classOther},
	{"Annotation", classOther},
	{"build_Build", classOther},
	{"IndividualElement", classOther},
	{"DictionaryEntry", classPlain},
	{"PositiveIntegerRange", classPlain},
	{"ai_EnergyConsumption", classPlain},
	{"ai_EnergyConsumptionDescription", classPlain},
	{"extension_CdxPropertiesExtension", classCdxProperties},
	{"extension_CdxPropertyEntry", classCdxProperty},
	{"extension_Extension", classExtension},
}

// abstract are the classes that no element may be of; tools write them
// nevertheless.
var abstract = [...]struct {
	name  string
	class class
}{
	{"Element", classElement},
	{"ElementCollection", classCollection},
	{"Artifact", classElement},
	{"software_SoftwareArtifact", classElement},
	{"IntegrityMethod", classPlain},
	{"simplelicensing_AnyLicenseInfo", classAnyLicence},
	{"expandedlicensing_ExtendableLicense", classAnyLicence},
	{"expandedlicensing_License", classLicence},
	{"expandedlicensing_LicenseAddition", classAddition},
	{"security_VexVulnAssessmentRelationship", classVex},
	{"security_VulnAssessmentRelationship", classOther},
}

// classOf finds the class that a compact name means. exact is false for
// another case or namespace, and for an abstract class.
func classOf(name string) (c class, exact bool) {
	for _, k := range classes {
		if k.name == name {
			return k.class, true
		}
	}
	for _, k := range abstract {
		if k.name == name {
			return k.class, false
		}
	}
	local := localName(name)
	for _, k := range classes {
		if strings.EqualFold(localName(k.name), local) {
			return k.class, false
		}
	}
	for _, k := range abstract {
		if strings.EqualFold(localName(k.name), local) {
			return k.class, false
		}
	}
	return classNone, false
}

// isElement reports whether objects of the class have an spdxId of their own
// and their creation information.
func (c class) isElement() bool {
	switch c {
	case classNone, classPlain, classCreationInfo, classHash, classVerificationCode, classContentIdentifier, classIdentifier,
		classReference, classExternalMap, classNamespaceMap, classExtension, classCdxProperties, classCdxProperty:
		return false
	default:
		return true
	}
}

func (c class) isPackage() bool {
	return c == classPackage || c == classAIPackage || c == classDataset
}

func (c class) isRelationship() bool { return c == classRelationship || c == classVex }

// noun names the class in messages.
func (c class) noun() string {
	switch c {
	case classCreationInfo:
		return "a CreationInfo"
	case classDocument:
		return "an SpdxDocument"
	case classPackage, classAIPackage, classDataset:
		return "a package"
	case classFile:
		return "a file"
	case classPerson, classOrganisation, classAgent, classSoftwareAgent:
		return "an agent"
	case classTool:
		return "a tool"
	case classRelationship, classVex:
		return "a relationship"
	case classHash, classVerificationCode:
		return "a hash"
	case classContentIdentifier:
		return "a content identifier"
	case classIdentifier:
		return "an external identifier"
	case classExternalMap:
		return "an entry of import"
	case classNamespaceMap:
		return "an entry of namespaceMap"
	case classExpression, classConjunction, classDisjunction, classWith, classOrLater:
		return "a licence"
	default:
		return "an element"
	}
}

// required are the properties that an object of a class must have; the name of
// packages and files by their own pages of the specification.
var required = [...][]property{
	classCreationInfo:      {propSpecVersion, propCreated, propCreatedBy},
	classPackage:           {propName},
	classAIPackage:         {propName},
	classDataset:           {propName},
	classFile:              {propName},
	classRelationship:      {propFrom, propTo, propRelationshipType},
	classVex:               {propFrom, propTo, propRelationshipType},
	classHash:              {propAlgorithm, propHashValue},
	classVerificationCode:  {propAlgorithm, propHashValue},
	classContentIdentifier: {propContentType, propContentValue},
	classIdentifier:        {propIdentifierType, propIdentifier},
	classExternalMap:       {propExternalID},
	classNamespaceMap:      {propPrefix, propNamespace},
	classExpression:        {propExpression},
	classConjunction:       {propMember},
	classDisjunction:       {propMember},
	classWith:              {propSubjectExtendable, propSubjectAddition},
	classOrLater:           {propSubjectLicence},
	classCdxProperty:       {propCdxName},
}
