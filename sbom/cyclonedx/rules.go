// SPDX-License-Identifier: Apache-2.0

package cyclonedx

// rule says what a value must be: a type or a shape, and whether a list of it.
type rule uint16

// The types; below them lie the shapes.
const (
	anyValue rule = iota + 256
	aText
	aWord // a text out of an enumeration
	aTime // a text of RFC 3339
	aBool
	aNumber
	aList
	anObject
)

const (
	each     rule = 1 << 14 // a list of such values
	need     rule = 1 << 15 // the object must have it
	ruleMask      = each - 1
)

// A member is one key that an object may have.
type member struct {
	key   string
	is    rule
	words string // of the enumeration, with spaces between
}

// A shape is the keys that a kind of object may have, under the name that
// messages give it. At most 64, so that those seen fit a word.
type shape struct {
	name    string
	members []member
}

// find returns the index of a key, -1 if the shape has none such.
func (s *shape) find(key string) int {
	for i := range s.members {
		if s.members[i].key == key {
			return i
		}
	}
	return -1
}

// The shapes, by the names of the schemas.
const (
	shapeAdvisory rule = iota
	shapeAffectedVersion
	shapeAffects
	shapeAffirmation
	shapeAlgorithm
	shapeAnalysis
	shapeAnnotation
	shapeAnnotator
	shapeAssessor
	shapeAttachment
	shapeAttestation
	shapeAttestationMap
	shapeBom
	shapeCallstack
	shapeCertificate
	shapeCertificateExtension
	shapeCertificateState
	shapeCipherSuite
	shapeCitation
	shapeClaim
	shapeClaimContents
	shapeClaimData
	shapeClaimEvidence
	shapeCo2Measure
	shapeCommand
	shapeCommit
	shapeComponent
	shapeComponentData
	shapeComposition
	shapeCondition
	shapeConfidence
	shapeConfidenceInterval
	shapeConformance
	shapeConsiderations
	shapeContact
	shapeCopyright
	shapeCredits
	shapeCrypto
	shapeCryptoMaterial
	shapeDataContents
	shapeDataGovernance
	shapeDeclarations
	shapeDefinitions
	shapeDependency
	shapeDiff
	shapeDistributionConstraints
	shapeEnergyConsumption
	shapeEnergyMeasure
	shapeEnergyProvider
	shapeEnvironmentalConsiderations
	shapeEvent
	shapeEvidence
	shapeExternalReference
	shapeFairnessAssessment
	shapeFormula
	shapeFrame
	shapeGraphic
	shapeGraphicsCollection
	shapeHash
	shapeIdentifiableAction
	shapeIdentity
	shapeIdentityMethod
	shapeIkev2Transforms
	shapeInputOutputMLParameters
	shapeInputType
	shapeIssue
	shapeIssueSource
	shapeLevel
	shapeLicense
	shapeLicensing
	shapeLicensingParty
	shapeLifecycle
	shapeMetadata
	shapeModelApproach
	shapeModelCard
	shapeModelParameters
	shapeNote
	shapeOccurrence
	shapeOrganisation
	shapeOutputType
	shapeParameter
	shapePatch
	shapePatentAssertion
	shapePedigree
	shapePerformanceMetric
	shapePostalAddress
	shapePriorityApplication
	shapeProofOfConcept
	shapeProperty
	shapeProtocol
	shapeQuantitativeAnalysis
	shapeRating
	shapeRelatedCryptographicAsset
	shapeReleaseNotes
	shapeRequirement
	shapeResource
	shapeRisk
	shapeSecuredBy
	shapeService
	shapeServiceData
	shapeSignatory
	shapeSignature
	shapeStandard
	shapeStep
	shapeSteward
	shapeSwid
	shapeTargets
	shapeTask
	shapeTool
	shapeTools
	shapeTrigger
	shapeVolume
	shapeVulnerability
	shapeVulnerabilityReference
	shapeVulnerabilitySource
	shapeWorkflow
	shapeWorkspace
	shapeCount
)
