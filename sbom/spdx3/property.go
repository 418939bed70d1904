// SPDX-License-Identifier: Apache-2.0

package spdx3

import "strings"

// property is a property that means something here. Those without meaning are
// propPassed, those that SPDX does not have propUnknown.
type property uint8

const (
	propUnknown property = iota
	propPassed
	propForeign // of a vocabulary that the context names
	propTime    // a date that is checked and passed over
	propKeyword // a keyword of JSON-LD without meaning here

	propContext
	propGraph
	propID
	propType
	propValue // also @list and @set: the value stands inside

	propName
	propSpecVersion
	propCreated
	propVersion
	propPURL
	propDownload
	propHomePage
	propSourceInfo
	propValidUntil
	propIdentifier
	propIdentifierLocator
	propLocator
	propHashValue
	propContentValue
	propExpression
	propLicenceID
	propExternalID
	propLocationHint
	propPrefix
	propNamespace
	propImpact
	propNotes
	propAction
	propCdxName
	propCdxValue

	propPurpose
	propSupportLevel
	propSbomType
	propIdentifierType
	propReferenceType
	propAlgorithm
	propContentType
	propRelationshipType
	propCompleteness
	propJustification

	propCreationInfo
	propCreatedBy
	propCreatedUsing
	propSuppliedBy
	propOriginatedBy
	propVerifiedUsing
	propExternalIdentifier
	propExternalRef
	propContentIdentifier
	propExtension
	propCdxProperty
	propElement
	propRootElement
	propImport
	propNamespaceMap
	propDataLicence
	propFrom
	propTo
	propMember
	propSubjectLicence
	propSubjectExtendable
	propSubjectAddition
	propAssessed
	propReference // to an element that is only asked to exist

	properties // how many
)

// form is what the values of a property are.
type form uint8

const (
	nothing form = iota
	literal
	word      // of an enumeration
	reference // to an element or object
)

// facts are what is known of a property. several is true if it may have more
// than one value; class is what an object without a type is taken for.
var facts = [properties]struct {
	name    string
	form    form
	several bool
	class   class
}{
	propContext: {name: "@context"},
	propGraph:   {name: "@graph", several: true},
	propID:      {name: "spdxId"},
	propType:    {name: "type"},

	propName:              {name: "name", form: literal},
	propSpecVersion:       {name: "specVersion", form: literal},
	propCreated:           {name: "created", form: literal},
	propVersion:           {name: "software_packageVersion", form: literal},
	propPURL:              {name: "software_packageUrl", form: literal},
	propDownload:          {name: "software_downloadLocation", form: literal},
	propHomePage:          {name: "software_homePage", form: literal},
	propSourceInfo:        {name: "software_sourceInfo", form: literal},
	propValidUntil:        {name: "validUntilTime", form: literal},
	propIdentifier:        {name: "identifier", form: literal},
	propIdentifierLocator: {name: "identifierLocator", form: literal, several: true},
	propLocator:           {name: "locator", form: literal, several: true},
	propHashValue:         {name: "hashValue", form: literal},
	propContentValue:      {name: "software_contentIdentifierValue", form: literal},
	propExpression:        {name: "simplelicensing_licenseExpression", form: literal},
	propLicenceID:         {name: "licenseId", form: literal},
	propExternalID:        {name: "externalSpdxId", form: literal},
	propLocationHint:      {name: "locationHint", form: literal},
	propPrefix:            {name: "prefix", form: literal},
	propNamespace:         {name: "namespace", form: literal},
	propImpact:            {name: "security_impactStatement", form: literal},
	propNotes:             {name: "security_statusNotes", form: literal},
	propAction:            {name: "security_actionStatement", form: literal},
	propCdxName:           {name: "extension_cdxPropName", form: literal},
	propCdxValue:          {name: "extension_cdxPropValue", form: literal},

	propPurpose:          {name: "software_primaryPurpose", form: word},
	propSupportLevel:     {name: "supportLevel", form: word, several: true},
	propSbomType:         {name: "software_sbomType", form: word, several: true},
	propIdentifierType:   {name: "externalIdentifierType", form: word},
	propReferenceType:    {name: "externalRefType", form: word},
	propAlgorithm:        {name: "algorithm", form: word},
	propContentType:      {name: "software_contentIdentifierType", form: word},
	propRelationshipType: {name: "relationshipType", form: word},
	propCompleteness:     {name: "completeness", form: word},
	propJustification:    {name: "security_justificationType", form: word},

	propCreationInfo:       {name: "creationInfo", form: reference, class: classCreationInfo},
	propCreatedBy:          {name: "createdBy", form: reference, several: true, class: classAgent},
	propCreatedUsing:       {name: "createdUsing", form: reference, several: true, class: classTool},
	propSuppliedBy:         {name: "suppliedBy", form: reference, class: classAgent},
	propOriginatedBy:       {name: "originatedBy", form: reference, several: true, class: classAgent},
	propVerifiedUsing:      {name: "verifiedUsing", form: reference, several: true, class: classHash},
	propExternalIdentifier: {name: "externalIdentifier", form: reference, several: true, class: classIdentifier},
	propExternalRef:        {name: "externalRef", form: reference, several: true, class: classReference},
	propContentIdentifier:  {name: "software_contentIdentifier", form: reference, several: true, class: classContentIdentifier},
	propExtension:          {name: "extension", form: reference, several: true, class: classExtension},
	propCdxProperty:        {name: "extension_cdxProperty", form: reference, several: true, class: classCdxProperty},
	propElement:            {name: "element", form: reference, several: true},
	propRootElement:        {name: "rootElement", form: reference, several: true},
	propImport:             {name: "import", form: reference, several: true, class: classExternalMap},
	propNamespaceMap:       {name: "namespaceMap", form: reference, several: true, class: classNamespaceMap},
	propDataLicence:        {name: "dataLicense", form: reference, class: classAnyLicence},
	propFrom:               {name: "from", form: reference},
	propTo:                 {name: "to", form: reference, several: true},
	propMember:             {name: "expandedlicensing_member", form: reference, several: true, class: classAnyLicence},
	propSubjectLicence:     {name: "expandedlicensing_subjectLicense", form: reference, class: classAnyLicence},
	propSubjectExtendable:  {name: "expandedlicensing_subjectExtendableLicense", form: reference, class: classAnyLicence},
	propSubjectAddition:    {name: "expandedlicensing_subjectAddition", form: reference, class: classAddition},
	propAssessed:           {name: "security_assessedElement", form: reference},
	propReference:          {name: "a reference", form: reference, several: true},
}

func (p property) name() string { return facts[p].name }

// ordinary are the properties of the model that are not in facts.
var ordinary = [...]struct {
	name string
	prop property
}{
	{"builtTime", propTime},
	{"releaseTime", propTime},
	{"startTime", propTime},
	{"endTime", propTime},
	{"security_publishedTime", propTime},
	{"security_modifiedTime", propTime},
	{"security_withdrawnTime", propTime},
	{"security_actionStatementTime", propTime},
	{"security_impactStatementTime", propTime},
	{"build_buildStartTime", propTime},
	{"build_buildEndTime", propTime},

	{"subject", propReference},
	{"definingArtifact", propReference},
	{"software_snippetFromFile", propReference},

	{"summary", propPassed},
	{"description", propPassed},
	{"comment", propPassed},
	{"context", propPassed},
	{"profileConformance", propPassed},
	{"standardName", propPassed},
	{"scope", propPassed},
	{"annotationType", propPassed},
	{"statement", propPassed},
	{"contentType", propPassed},
	{"issuingAuthority", propPassed},
	{"key", propPassed},
	{"value", propPassed},
	{"packageVerificationCodeExcludedFile", propPassed},
	{"beginIntegerRange", propPassed},
	{"endIntegerRange", propPassed},
	{"software_additionalPurpose", propPassed},
	{"software_copyrightText", propPassed},
	{"software_attributionText", propPassed},
	{"software_fileKind", propPassed},
	{"software_byteRange", propPassed},
	{"software_lineRange", propPassed},
	{"simplelicensing_licenseText", propPassed},
	{"simplelicensing_licenseListVersion", propPassed},
	{"simplelicensing_customIdToUri", propPassed},
	{"expandedlicensing_additionText", propPassed},
	{"expandedlicensing_isDeprecatedAdditionId", propPassed},
	{"expandedlicensing_isDeprecatedLicenseId", propPassed},
	{"expandedlicensing_isFsfLibre", propPassed},
	{"expandedlicensing_isOsiApproved", propPassed},
	{"expandedlicensing_licenseXml", propPassed},
	{"expandedlicensing_obsoletedBy", propPassed},
	{"expandedlicensing_seeAlso", propPassed},
	{"expandedlicensing_standardLicenseHeader", propPassed},
	{"expandedlicensing_standardLicenseTemplate", propPassed},
	{"expandedlicensing_standardAdditionTemplate", propPassed},
	{"expandedlicensing_deprecatedVersion", propPassed},
	{"expandedlicensing_listVersionAdded", propPassed},
	{"security_score", propPassed},
	{"security_severity", propPassed},
	{"security_vectorString", propPassed},
	{"security_probability", propPassed},
	{"security_percentile", propPassed},
	{"security_catalogType", propPassed},
	{"security_exploited", propPassed},
	{"security_locator", propPassed},
	{"security_decisionType", propPassed},
	{"security_vexVersion", propPassed},

	{"@index", propKeyword},
	{"@language", propKeyword},
	{"@direction", propKeyword},
	{"@included", propKeyword},
}

// propertyOf finds the property that a name in compact form means. exact is
// false for another case, namespace, or plural.
func propertyOf(name string) (p property, exact bool) {
	switch name {
	case "@id":
		return propID, true
	case "@type":
		return propType, true
	case "@value", "@list", "@set":
		return propValue, true
	}
	for p := range properties {
		if facts[p].name == name && p != propReference {
			return p, p != propLicenceID // that one is of SPDX 2
		}
	}
	for _, o := range ordinary {
		if o.name == name {
			return o.prop, true
		}
	}
	for _, profile := range [...]string{"ai_", "dataset_", "build_", "extension_"} {
		if strings.HasPrefix(name, profile) {
			return propPassed, true
		}
	}
	local := localName(name)
	for p := range properties {
		if facts[p].name != "" && p != propReference && sameName(localName(facts[p].name), local) {
			return p, false
		}
	}
	for _, o := range ordinary {
		if sameName(localName(o.name), local) {
			return o.prop, false
		}
	}
	return propUnknown, false
}

// localName is a compact name without its namespace.
func localName(name string) string { return name[strings.IndexByte(name, '_')+1:] }

// sameName reports whether written is known in another case, or its plural.
func sameName(known, written string) bool {
	switch len(written) - len(known) {
	case 0:
		return strings.EqualFold(known, written)
	case 1:
		return strings.EqualFold(known, strings.TrimSuffix(written, "s"))
	}
	return false
}

// compactName turns an IRI of SPDX's vocabulary into the name that its context
// gives it: …/terms/Software/Package is software_Package, …/terms/Core/name is
// name. Other names are returned as they are.
func compactName(name string) string {
	if !isVocabulary(name) {
		return name
	}
	_, path, found := strings.Cut(name, "/terms/")
	if !found {
		return name
	}
	space, local, _ := strings.Cut(path, "/")
	if i := strings.LastIndexByte(local, '/'); i >= 0 {
		local = local[i+1:] // a word of an enumeration
	}
	if space == "Core" {
		return local
	}
	return strings.ToLower(space) + "_" + local
}

// isVocabulary reports whether an IRI is one of SPDX 3 itself.
func isVocabulary(iri string) bool {
	_, rest, found := strings.Cut(iri, "://spdx.org/rdf/")
	return found && len(iri)-len(rest) <= len("https://spdx.org/rdf/")
}
