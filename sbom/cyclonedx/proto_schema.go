// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import "google.golang.org/protobuf/encoding/protowire"

// protoKind is how a field is written in JSON.
type protoKind uint8

const (
	protoText protoKind = iota
	protoObject
	protoEnum
	protoBool
	protoInt
	protoFloat
	protoDouble
	protoTime
	protoInline       // a message whose fields JSON has one level up
	protoTools        // see tools
	protoDependencies // see dependency
	protoPassed       // not read; a list is written empty, so that its use is known
)

// fits reports whether a field of the kind can be of a type on the wire.
func (k protoKind) fits(wire protowire.Type, repeated bool) bool {
	switch k {
	case protoPassed:
		return true
	case protoEnum:
		return wire == protowire.VarintType || repeated && wire == protowire.BytesType // packed
	case protoBool, protoInt:
		return wire == protowire.VarintType
	case protoFloat:
		return wire == protowire.Fixed32Type
	case protoDouble:
		return wire == protowire.Fixed64Type
	default:
		return wire == protowire.BytesType
	}
}

// A protoField is one field of a message under its name in JSON.
type protoField struct {
	number   protowire.Number
	key      string
	kind     protoKind
	of       protoMessage
	repeated bool
	words    []string // of an enumeration by number; "" is its null
	implied  string   // by absence: proto3 does not write a zero
}

// protoMessage names a message.
type protoMessage uint8

const (
	bomMessage protoMessage = iota
	metadataMessage
	lifecycleMessage
	toolMessage
	organisationMessage
	contactMessage
	componentMessage
	hashMessage
	licenceChoiceMessage
	licenceMessage
	expressionMessage
	swidMessage
	pedigreeMessage
	commitMessage
	patchMessage
	diffMessage
	issueMessage
	sourceMessage
	referenceMessage
	propertyMessage
	evidenceMessage
	identityMessage
	methodMessage
	copyrightMessage
	serviceMessage
	flowMessage
	dependencyMessage
	compositionMessage
	vulnerabilityMessage
	vulnerabilityReferenceMessage
	ratingMessage
	analysisMessage
	affectsMessage
	affectedVersionMessage
	messageCount
)

// maxProtoFields is at least the fields of the largest message.
const maxProtoFields = 40

// protoMessages are the messages of bom-1.3 to 1.7.proto that are read. No
// number has changed its meaning between these versions; where a field became
// repeated, or its message grew, the later form reads the earlier one.
var protoMessages = [messageCount]struct {
	name   string
	fields []protoField
}{
	bomMessage: {"document", []protoField{
		{number: 1, key: "specVersion"},
		{number: 2, key: "version", kind: protoInt},
		{number: 3, key: "serialNumber"},
		{number: 4, key: "metadata", kind: protoObject, of: metadataMessage},
		{number: 5, key: "components", kind: protoObject, of: componentMessage, repeated: true},
		{number: 6, key: "services", kind: protoObject, of: serviceMessage, repeated: true},
		{number: 7, key: "externalReferences", kind: protoObject, of: referenceMessage, repeated: true},
		{number: 8, key: "dependencies", kind: protoDependencies},
		{number: 9, key: "compositions", kind: protoObject, of: compositionMessage, repeated: true},
		{number: 10, key: "vulnerabilities", kind: protoObject, of: vulnerabilityMessage, repeated: true},
		{number: 11, key: "annotations", kind: protoPassed, repeated: true},
		{number: 12, key: "properties", kind: protoObject, of: propertyMessage, repeated: true},
		{number: 13, key: "formulation", kind: protoPassed, repeated: true},
		{number: 14, key: "declarations", kind: protoPassed},
		{number: 15, key: "definitions", kind: protoPassed},
		{number: 16, key: "citations", kind: protoPassed, repeated: true},
	}},
	metadataMessage: {"metadata", []protoField{
		{number: 1, key: "timestamp", kind: protoTime},
		{number: 2, key: "tools", kind: protoTools},
		{number: 3, key: "authors", kind: protoObject, of: contactMessage, repeated: true},
		{number: 4, key: "component", kind: protoObject, of: componentMessage},
		{number: 5, key: "manufacture", kind: protoObject, of: organisationMessage},
		{number: 6, key: "supplier", kind: protoObject, of: organisationMessage},
		{number: 7, key: "licenses", kind: protoObject, of: licenceChoiceMessage, repeated: true},
		{number: 8, key: "properties", kind: protoObject, of: propertyMessage, repeated: true},
		{number: 9, key: "lifecycles", kind: protoObject, of: lifecycleMessage, repeated: true},
		{number: 10, key: "manufacturer", kind: protoObject, of: organisationMessage},
		{number: 11, key: "distributionConstraints", kind: protoPassed},
	}},
	lifecycleMessage: {"lifecycle", []protoField{
		{number: 1, key: "phase", kind: protoEnum, words: []string{
			"design", "pre-build", "build", "post-build", "operations", "discovery", "decommission",
		}},
		{number: 2, key: "name"},
		{number: 3, key: "description"},
	}},
	toolMessage: {"tool", []protoField{
		{number: 1, key: "vendor"},
		{number: 2, key: "name"},
		{number: 3, key: "version"},
		{number: 4, key: "hashes", kind: protoObject, of: hashMessage, repeated: true},
		{number: 5, key: "externalReferences", kind: protoObject, of: referenceMessage, repeated: true},
		{number: 6, key: "components", kind: protoObject, of: componentMessage, repeated: true},
		{number: 7, key: "services", kind: protoObject, of: serviceMessage, repeated: true},
	}},
	organisationMessage: {"organisation", []protoField{
		{number: 1, key: "name"},
		{number: 2, key: "url", repeated: true},
		{number: 3, key: "contact", kind: protoObject, of: contactMessage, repeated: true},
		{number: 4, key: "bom-ref"},
		{number: 5, key: "address", kind: protoPassed},
	}},
	contactMessage: {"contact", []protoField{
		{number: 1, key: "name"},
		{number: 2, key: "email"},
		{number: 3, key: "phone"},
		{number: 4, key: "bom-ref"},
	}},
	componentMessage: {"component", []protoField{
		{number: 1, key: "type", kind: protoEnum, words: []string{
			"", "application", "framework", "library", "operating-system", "device", "file", "container", "firmware",
			"device-driver", "platform", "machine-learning-model", "data", "cryptographic-asset",
		}},
		{number: 2, key: "mime-type"},
		{number: 3, key: "bom-ref"},
		{number: 4, key: "supplier", kind: protoObject, of: organisationMessage},
		{number: 5, key: "author"},
		{number: 6, key: "publisher"},
		{number: 7, key: "group"},
		{number: 8, key: "name"},
		{number: 9, key: "version"},
		{number: 10, key: "description"},
		{number: 11, key: "scope", kind: protoEnum, words: []string{"", "required", "optional", "excluded"}},
		{number: 12, key: "hashes", kind: protoObject, of: hashMessage, repeated: true},
		{number: 13, key: "licenses", kind: protoObject, of: licenceChoiceMessage, repeated: true},
		{number: 14, key: "copyright"},
		{number: 15, key: "cpe"},
		{number: 16, key: "purl"},
		{number: 17, key: "swid", kind: protoObject, of: swidMessage},
		{number: 18, key: "modified", kind: protoBool},
		{number: 19, key: "pedigree", kind: protoObject, of: pedigreeMessage},
		{number: 20, key: "externalReferences", kind: protoObject, of: referenceMessage, repeated: true},
		{number: 21, key: "components", kind: protoObject, of: componentMessage, repeated: true},
		{number: 22, key: "properties", kind: protoObject, of: propertyMessage, repeated: true},
		{number: 23, key: "evidence", kind: protoObject, of: evidenceMessage},
		{number: 24, key: "releaseNotes", kind: protoPassed},
		{number: 25, key: "modelCard", kind: protoPassed},
		{number: 26, key: "data", kind: protoPassed, repeated: true},
		{number: 27, key: "cryptoProperties", kind: protoPassed},
		{number: 28, key: "manufacturer", kind: protoObject, of: organisationMessage},
		{number: 29, key: "authors", kind: protoObject, of: contactMessage, repeated: true},
		{number: 30, key: "tags", repeated: true},
		{number: 31, key: "omniborId", repeated: true},
		{number: 32, key: "swhid", repeated: true},
		{number: 33, key: "versionRange"},
		{number: 34, key: "isExternal", kind: protoBool},
		{number: 35, key: "patentAssertions", kind: protoPassed, repeated: true},
	}},
	hashMessage: {"hash", []protoField{
		{number: 1, key: "alg", kind: protoEnum, words: []string{
			"", "MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512", "SHA3-256", "SHA3-384", "SHA3-512",
			"BLAKE2b-256", "BLAKE2b-384", "BLAKE2b-512", "BLAKE3", "Streebog-256", "Streebog-512",
		}},
		{number: 2, key: "content"},
	}},
	licenceChoiceMessage: {"licence choice", []protoField{
		{number: 1, key: "license", kind: protoObject, of: licenceMessage},
		{number: 2, key: "expression"},
		{number: 3, key: "acknowledgement", kind: protoEnum, words: acknowledgements},
		{number: 4, key: "bom-ref"},
		{number: 5, key: "expression", kind: protoInline, of: expressionMessage},
	}},
	licenceMessage: {"licence", []protoField{
		{number: 1, key: "id"},
		{number: 2, key: "name"},
		{number: 3, key: "text", kind: protoPassed},
		{number: 4, key: "url"},
		{number: 5, key: "bom-ref"},
		{number: 6, key: "licensing", kind: protoPassed},
		{number: 7, key: "properties", kind: protoObject, of: propertyMessage, repeated: true},
		{number: 8, key: "acknowledgement", kind: protoEnum, words: acknowledgements},
	}},
	expressionMessage: {"licence expression", []protoField{
		{number: 1, key: "expression"},
		{number: 2, key: "expressionDetails", kind: protoPassed, repeated: true},
		{number: 3, key: "bom-ref"},
		{number: 4, key: "acknowledgement", kind: protoEnum, words: acknowledgements},
		{number: 5, key: "licensing", kind: protoPassed},
		{number: 6, key: "properties", kind: protoObject, of: propertyMessage, repeated: true},
	}},
	swidMessage: {"SWID tag", []protoField{
		{number: 1, key: "tagId"},
		{number: 2, key: "name"},
		{number: 3, key: "version"},
		{number: 4, key: "tagVersion", kind: protoInt},
		{number: 5, key: "patch", kind: protoBool},
		{number: 6, key: "text", kind: protoPassed},
		{number: 7, key: "url"},
	}},
	pedigreeMessage: {"pedigree", []protoField{
		{number: 1, key: "ancestors", kind: protoObject, of: componentMessage, repeated: true},
		{number: 2, key: "descendants", kind: protoObject, of: componentMessage, repeated: true},
		{number: 3, key: "variants", kind: protoObject, of: componentMessage, repeated: true},
		{number: 4, key: "commits", kind: protoObject, of: commitMessage, repeated: true},
		{number: 5, key: "patches", kind: protoObject, of: patchMessage, repeated: true},
		{number: 6, key: "notes"},
	}},
	commitMessage: {"commit", []protoField{
		{number: 1, key: "uid"},
		{number: 2, key: "url"},
		{number: 3, key: "author", kind: protoPassed},
		{number: 4, key: "committer", kind: protoPassed},
		{number: 5, key: "message"},
	}},
	patchMessage: {"patch", []protoField{
		{number: 1, key: "type", kind: protoEnum, words: []string{"", "unofficial", "monkey", "backport", "cherry-pick"}},
		{number: 2, key: "diff", kind: protoObject, of: diffMessage},
		{number: 3, key: "resolves", kind: protoObject, of: issueMessage, repeated: true},
	}},
	diffMessage: {"diff", []protoField{
		{number: 1, key: "text", kind: protoPassed},
		{number: 2, key: "url"},
	}},
	issueMessage: {"issue", []protoField{
		{number: 1, key: "type", kind: protoEnum, words: []string{"", "defect", "enhancement", "security"}},
		{number: 2, key: "id"},
		{number: 3, key: "name"},
		{number: 4, key: "description"},
		{number: 5, key: "source", kind: protoObject, of: sourceMessage},
		{number: 6, key: "references", repeated: true},
	}},
	sourceMessage: {"source", []protoField{
		{number: 1, key: "name"},
		{number: 2, key: "url"},
	}},
	referenceMessage: {"external reference", []protoField{
		{number: 1, key: "type", kind: protoEnum, implied: "other", words: []string{
			"other", "vcs", "issue-tracker", "website", "advisories", "bom", "mailing-list", "social", "chat", "documentation",
			"support", "distribution", "license", "build-meta", "build-system", "security-contact", "attestation", "threat-model",
			"adversary-model", "risk-assessment", "distribution-intake", "vulnerability-assertion", "exploitability-statement",
			"pentest-report", "static-analysis-report", "dynamic-analysis-report", "runtime-analysis-report",
			"component-analysis-report", "maturity-report", "certification-report", "quality-metrics", "codified-infrastructure",
			"model-card", "poam", "log", "configuration", "evidence", "formulation", "source-distribution", "electronic-signature",
			"digital-signature", "rfc-9116", "release-notes", "patent", "patent-family", "patent-assertion", "citation",
		}},
		{number: 2, key: "url"},
		{number: 3, key: "comment"},
		{number: 4, key: "hashes", kind: protoObject, of: hashMessage, repeated: true},
		{number: 5, key: "properties", kind: protoObject, of: propertyMessage, repeated: true},
	}},
	propertyMessage: {"property", []protoField{
		{number: 1, key: "name"},
		{number: 2, key: "value"},
	}},
	evidenceMessage: {"evidence", []protoField{
		{number: 1, key: "licenses", kind: protoObject, of: licenceChoiceMessage, repeated: true},
		{number: 2, key: "copyright", kind: protoObject, of: copyrightMessage, repeated: true},
		{number: 3, key: "identity", kind: protoObject, of: identityMessage, repeated: true},
		{number: 4, key: "occurrences", kind: protoPassed, repeated: true},
		{number: 5, key: "callstack", kind: protoPassed},
	}},
	identityMessage: {"identity", []protoField{
		{number: 1, key: "field", kind: protoEnum, words: []string{
			"", "group", "name", "version", "purl", "cpe", "swid", "hash", "omniborId", "swhid",
		}},
		{number: 2, key: "confidence", kind: protoFloat},
		{number: 3, key: "methods", kind: protoObject, of: methodMessage, repeated: true},
		{number: 4, key: "tools", repeated: true},
		{number: 5, key: "concludedValue"},
	}},
	methodMessage: {"method", []protoField{
		{number: 1, key: "technique", kind: protoEnum, implied: "source-code-analysis", words: []string{
			"source-code-analysis", "binary-analysis", "manifest-analysis", "ast-fingerprint", "hash-comparison",
			"instrumentation", "dynamic-analysis", "filename", "attestation", "other",
		}},
		{number: 2, key: "confidence", kind: protoFloat, implied: "0"},
		{number: 3, key: "value"},
	}},
	copyrightMessage: {"copyright", []protoField{
		{number: 1, key: "text"},
	}},
	serviceMessage: {"service", []protoField{
		{number: 1, key: "bom-ref"},
		{number: 2, key: "provider", kind: protoObject, of: organisationMessage},
		{number: 3, key: "group"},
		{number: 4, key: "name"},
		{number: 5, key: "version"},
		{number: 6, key: "description"},
		{number: 7, key: "endpoints", repeated: true},
		{number: 8, key: "authenticated", kind: protoBool},
		{number: 9, key: "x-trust-boundary", kind: protoBool},
		{number: 10, key: "data", kind: protoObject, of: flowMessage, repeated: true},
		{number: 11, key: "licenses", kind: protoObject, of: licenceChoiceMessage, repeated: true},
		{number: 12, key: "externalReferences", kind: protoObject, of: referenceMessage, repeated: true},
		{number: 13, key: "services", kind: protoObject, of: serviceMessage, repeated: true},
		{number: 14, key: "properties", kind: protoObject, of: propertyMessage, repeated: true},
		{number: 15, key: "releaseNotes", kind: protoPassed},
		{number: 16, key: "trustZone"},
		{number: 17, key: "tags", repeated: true},
		{number: 18, key: "patentAssertions", kind: protoPassed, repeated: true},
	}},
	flowMessage: {"data flow", []protoField{
		{number: 1, key: "flow", kind: protoEnum, words: []string{"", "inbound", "outbound", "bi-directional", "unknown"}},
		{number: 2, key: "classification"},
		{number: 3, key: "name"},
		{number: 4, key: "description"},
		{number: 5, key: "source", repeated: true},
		{number: 6, key: "destination", repeated: true},
		{number: 7, key: "governance", kind: protoPassed},
	}},
	dependencyMessage: {"dependency", []protoField{
		{number: 1, key: "ref"},
		{number: 2, key: "dependsOn", kind: protoObject, of: dependencyMessage, repeated: true},
		{number: 3, key: "provides", repeated: true},
	}},
	compositionMessage: {"composition", []protoField{
		{number: 1, key: "aggregate", kind: protoEnum, implied: "not_specified", words: []string{
			"not_specified", "complete", "incomplete", "incomplete_first_party_only", "incomplete_third_party_only", "unknown",
			"incomplete_first_party_proprietary_only", "incomplete_first_party_opensource_only",
			"incomplete_third_party_proprietary_only", "incomplete_third_party_opensource_only",
		}},
		{number: 2, key: "assemblies", repeated: true},
		{number: 3, key: "dependencies", repeated: true},
		{number: 4, key: "vulnerabilities", repeated: true},
		{number: 5, key: "bom-ref"},
	}},
	vulnerabilityMessage: {"vulnerability", []protoField{
		{number: 1, key: "bom-ref"},
		{number: 2, key: "id"},
		{number: 3, key: "source", kind: protoObject, of: sourceMessage},
		{number: 4, key: "references", kind: protoObject, of: vulnerabilityReferenceMessage, repeated: true},
		{number: 5, key: "ratings", kind: protoObject, of: ratingMessage, repeated: true},
		{number: 6, key: "cwes", kind: protoPassed, repeated: true},
		{number: 7, key: "description"},
		{number: 8, key: "detail"},
		{number: 9, key: "recommendation"},
		{number: 10, key: "advisories", kind: protoPassed, repeated: true},
		{number: 11, key: "created", kind: protoTime},
		{number: 12, key: "published", kind: protoTime},
		{number: 13, key: "updated", kind: protoTime},
		{number: 14, key: "credits", kind: protoPassed},
		{number: 15, key: "tools", kind: protoPassed},
		{number: 16, key: "analysis", kind: protoObject, of: analysisMessage},
		{number: 17, key: "affects", kind: protoObject, of: affectsMessage, repeated: true},
		{number: 18, key: "properties", kind: protoObject, of: propertyMessage, repeated: true},
		{number: 19, key: "rejected", kind: protoTime},
		{number: 20, key: "proofOfConcept", kind: protoPassed},
		{number: 21, key: "workaround"},
	}},
	vulnerabilityReferenceMessage: {"vulnerability reference", []protoField{
		{number: 1, key: "id"},
		{number: 2, key: "source", kind: protoObject, of: sourceMessage},
	}},
	ratingMessage: {"rating", []protoField{
		{number: 1, key: "source", kind: protoObject, of: sourceMessage},
		{number: 2, key: "score", kind: protoDouble},
		{number: 3, key: "severity", kind: protoEnum, words: []string{
			"unknown", "critical", "high", "medium", "low", "info", "none",
		}},
		{number: 4, key: "method", kind: protoEnum, words: []string{
			"", "CVSSv2", "CVSSv3", "CVSSv31", "OWASP", "other", "CVSSv4", "SSVC",
		}},
		{number: 5, key: "vector"},
		{number: 6, key: "justification"},
	}},
	analysisMessage: {"analysis", []protoField{
		{number: 1, key: "state", kind: protoEnum, words: []string{
			"", "resolved", "resolved_with_pedigree", "exploitable", "in_triage", "false_positive", "not_affected",
		}},
		{number: 2, key: "justification", kind: protoEnum, words: []string{
			"", "code_not_present", "code_not_reachable", "requires_configuration", "requires_dependency", "requires_environment",
			"protected_by_compiler", "protected_at_runtime", "protected_at_perimeter", "protected_by_mitigating_control",
		}},
		{number: 3, key: "response", kind: protoEnum, repeated: true, words: []string{
			"", "can_not_fix", "will_not_fix", "update", "rollback", "workaround_available",
		}},
		{number: 4, key: "detail"},
		{number: 5, key: "firstIssued", kind: protoTime},
		{number: 6, key: "lastUpdated", kind: protoTime},
	}},
	affectsMessage: {"affects", []protoField{
		{number: 1, key: "ref"},
		{number: 2, key: "versions", kind: protoObject, of: affectedVersionMessage, repeated: true},
	}},
	affectedVersionMessage: {"affected version", []protoField{
		{number: 1, key: "version"},
		{number: 2, key: "range"},
		{number: 3, key: "status", kind: protoEnum, words: []string{"unknown", "affected", "unaffected"}},
	}},
}

var acknowledgements = []string{"", "declared", "concluded"}
