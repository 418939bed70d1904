// SPDX-License-Identifier: Apache-2.0

package spdx3

import (
	"slices"
	"strings"
	"time"

	"github.com/medsbom/medsbom/internal/notation"
)

// The enumerations of the model, 3.0.1 with the words that only 3.0.0 had.
var (
	purposes = []string{
		"application", "archive", "bom", "configuration", "container", "data", "device", "deviceDriver", "diskImage",
		"documentation", "evidence", "executable", "file", "filesystemImage", "firmware", "framework", "install", "library",
		"manifest", "model", "module", "operatingSystem", "other", "patch", "platform", "requirement", "source",
		"specification", "test",
	}
	supportLevels = []string{
		"deployed", "development", "endOfSupport", "limitedSupport", "noAssertion", "noSupport", "support",
	}
	sbomTypes       = []string{"analyzed", "build", "deployed", "design", "runtime", "source"}
	identifierTypes = []string{
		"packageUrl", "cpe23", "cpe22", "cve", "email", "gitoid", "other", "securityOther", "swhid", "swid", "urlScheme",
	}
	referenceTypes = []string{
		"altDownloadLocation", "altWebPage", "binaryArtifact", "bower", "buildMeta", "buildSystem", "certificationReport",
		"chat", "componentAnalysisReport", "cwe", "documentation", "dynamicAnalysisReport", "eolNotice",
		"exportControlAssessment", "funding", "issueTracker", "license", "mailingList", "mavenCentral", "metrics", "npm",
		"nuget", "other", "privacyAssessment", "productMetadata", "purchaseOrder", "qualityAssessmentReport",
		"releaseHistory", "releaseNotes", "riskAssessment", "runtimeAnalysisReport", "secureSoftwareAttestation",
		"securityAdversaryModel", "securityAdvisory", "securityFix", "securityOther", "securityPenTestReport",
		"securityPolicy", "securityThreatModel", "socialMedia", "sourceArtifact", "staticAnalysisReport", "support", "vcs",
		"vulnerabilityDisclosureReport", "vulnerabilityExploitabilityAssessment",
	}
	algorithms = []string{
		"sha256", "sha1", "md5", "sha512", "adler32", "blake2b256", "blake2b384", "blake2b512", "blake3",
		"crystalsDilithium", "crystalsKyber", "falcon", "md2", "md4", "md6", "other", "sha224", "sha384", "sha3_224",
		"sha3_256", "sha3_384", "sha3_512",
	}
	contentTypes   = []string{"gitoid", "swhid"}
	completenesses = []string{"complete", "incomplete", "noAssertion"}
	justifications = []string{
		"componentNotPresent", "inlineMitigationsAlreadyExist", "vulnerableCodeCannotBeControlledByAdversary",
		"vulnerableCodeNotInExecutePath", "vulnerableCodeNotPresent",
	}
	relationshipTypes = []string{
		"dependsOn", "contains", "hasDeclaredLicense", "hasConcludedLicense", "describes", "affects", "amendedBy",
		"ancestorOf", "availableFrom", "configures", "coordinatedBy", "copiedTo", "delegatedTo", "descendantOf",
		"doesNotAffect", "expandsTo", "exploitCreatedBy", "fixedBy", "fixedIn", "foundBy", "generates", "hasAddedFile",
		"hasAssessmentFor", "hasAssociatedVulnerability", "hasDataFile", "hasDeletedFile", "hasDependencyManifest",
		"hasDistributionArtifact", "hasDocumentation", "hasDynamicLink", "hasEvidence", "hasExample", "hasHost",
		"hasInput", "hasInputs", "hasMetadata", "hasOptionalComponent", "hasOptionalDependency", "hasOutput",
		"hasOutputs", "hasPrerequisite", "hasPrerequsite", "hasProvidedDependency", "hasRequirement",
		"hasSpecification", "hasStaticLink", "hasTest", "hasTestCase", "hasVariant", "invokedBy", "modifiedBy", "other",
		"packagedBy", "patchedBy", "publishedBy", "reportedBy", "republishedBy", "serializedInArtifact", "testedOn",
		"trainedOn", "underInvestigationFor", "usesTool",
	}
)

// vocabulary returns the words that a property may have.
func vocabulary(p property) []string {
	switch p {
	case propPurpose:
		return purposes
	case propSupportLevel:
		return supportLevels
	case propSbomType:
		return sbomTypes
	case propIdentifierType:
		return identifierTypes
	case propReferenceType:
		return referenceTypes
	case propAlgorithm:
		return algorithms
	case propContentType:
		return contentTypes
	case propRelationshipType:
		return relationshipTypes
	case propCompleteness:
		return completenesses
	case propJustification:
		return justifications
	default:
		return nil
	}
}

// wordOf finds the word of the model that is meant. exact is false for another
// spelling; ok is false if there is none.
func wordOf(p property, written string) (word string, exact, ok bool) {
	words := vocabulary(p)
	if slices.Contains(words, written) {
		return written, true, true
	}
	const longest = 64
	if len(written) > longest {
		return written, false, false
	}
	plain := plainWord(written)
	switch {
	case p == propIdentifierType && strings.EqualFold(plain, "purl"): // Microsoft's sbom-tool
		return "packageUrl", false, true
	case p == propIdentifierType && (strings.EqualFold(plain, "cpe23Type") || strings.EqualFold(plain, "cpe22Type")): // SPDX 2
		return strings.ToLower(plain[:5]), false, true
	}
	for _, w := range words {
		if strings.EqualFold(plainWord(w), plain) {
			return w, false, true
		}
	}
	return written, false, false
}

// plainWord is a word without '_', '-' and blanks.
func plainWord(word string) string {
	if !strings.ContainsAny(word, "_- ") {
		return word
	}
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == ' ' {
			return -1
		}
		return r
	}, word)
}

// dashed turns a word in camel case into lower case with '-', as component
// and reference types are spelt: operatingSystem is operating-system.
func dashed(word string) string {
	if strings.ToLower(word) == word {
		return word
	}
	var b strings.Builder
	for i := range len(word) {
		c := word[i]
		if c-'A' < 26 {
			if i > 0 {
				b.WriteByte('-')
			}
			c |= 0x20
		}
		b.WriteByte(c)
	}
	return b.String()
}

// referenceType is the type of a reference as CycloneDX names it, where it has
// one; else SPDX's word, in lower case with '-'.
func referenceType(word string) string {
	switch word {
	case "altDownloadLocation", "binaryArtifact":
		return "distribution"
	case "sourceArtifact":
		return "source-distribution"
	case "securityAdvisory":
		return "advisories"
	case "altWebPage":
		return "website"
	case "socialMedia":
		return "social"
	case "securityThreatModel":
		return "threat-model"
	case "securityAdversaryModel":
		return "adversary-model"
	case "securityPenTestReport":
		return "pentest-report"
	case "qualityAssessmentReport", "metrics":
		return "quality-metrics"
	case "vulnerabilityExploitabilityAssessment":
		return "exploitability-statement"
	case "vulnerabilityDisclosureReport":
		return "vulnerability-assertion"
	case "secureSoftwareAttestation":
		return "attestation"
	case "":
		return "other"
	}
	return dashed(word)
}

// hasDigits reports whether values of the algorithm are written in
// hexadecimal digits; signatures need not be.
func hasDigits(word string) bool {
	switch word {
	case "other", "falcon", "crystalsDilithium", "crystalsKyber":
		return false
	}
	return slices.Contains(algorithms, word)
}

// stands reports whether s names something.
func stands(s string) bool { return s != "" && !notation.IsUnknown(s) }

// isIRI reports whether an id has the form that the JSON schema asks of an
// spdxId: something, a colon, something, and no blank node.
func isIRI(id string) bool {
	i := strings.IndexByte(id, ':')
	return i > 0 && i < len(id)-1 && !strings.HasPrefix(id, "_:")
}

// parseTime reads a DateTime. exact is false for a time in another form than
// YYYY-MM-DDThh:mm:ssZ; the time is zero if it is none.
func parseTime(s string) (t time.Time, exact bool) {
	if t, err := time.Parse("2006-01-02T15:04:05Z", s); err == nil && len(s) == len("2006-01-02T15:04:05Z") {
		return t, true
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, false
	}
	return t, false
}
