// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/medsbom/medsbom/internal/notation"
)

// The enumerations of bom-1.7.schema.json; each holds all words of the earlier
// versions too. They are switches, not maps: nothing runs at start-up.

func knownType(word string) bool {
	switch word {
	case "library", "application", "framework", "container", "platform", "operating-system", "device",
		"device-driver", "firmware", "file", "machine-learning-model", "data", "cryptographic-asset":
		return true
	}
	return false
}

func knownScope(word string) bool {
	switch word {
	case "required", "optional", "excluded":
		return true
	}
	return false
}

func knownPhase(word string) bool {
	switch word {
	case "design", "pre-build", "build", "post-build", "operations", "discovery", "decommission":
		return true
	}
	return false
}

func knownAggregate(word string) bool {
	switch word {
	case "complete", "incomplete", "incomplete_first_party_only", "incomplete_first_party_proprietary_only",
		"incomplete_first_party_opensource_only", "incomplete_third_party_only",
		"incomplete_third_party_proprietary_only", "incomplete_third_party_opensource_only",
		"unknown", "not_specified":
		return true
	}
	return false
}

func knownReference(word string) bool {
	switch word {
	case "vcs", "issue-tracker", "website", "advisories", "bom", "mailing-list", "social", "chat", "documentation",
		"support", "source-distribution", "distribution", "distribution-intake", "license", "build-meta",
		"build-system", "release-notes", "security-contact", "model-card", "log", "configuration", "evidence",
		"formulation", "attestation", "threat-model", "adversary-model", "risk-assessment", "vulnerability-assertion",
		"exploitability-statement", "pentest-report", "static-analysis-report", "dynamic-analysis-report",
		"runtime-analysis-report", "component-analysis-report", "maturity-report", "certification-report",
		"codified-infrastructure", "quality-metrics", "poam", "electronic-signature", "digital-signature", "rfc-9116",
		"patent", "patent-family", "patent-assertion", "citation", "other":
		return true
	}
	return false
}

func knownFlow(word string) bool {
	switch word {
	case "inbound", "outbound", "bi-directional", "unknown":
		return true
	}
	return false
}

func knownState(word string) bool {
	switch word {
	case "resolved", "resolved_with_pedigree", "exploitable", "in_triage", "false_positive", "not_affected":
		return true
	}
	return false
}

func knownJustification(word string) bool {
	switch word {
	case "code_not_present", "code_not_reachable", "requires_configuration", "requires_dependency",
		"requires_environment", "protected_by_compiler", "protected_at_runtime", "protected_at_perimeter",
		"protected_by_mitigating_control":
		return true
	}
	return false
}

func knownResponse(word string) bool {
	switch word {
	case "can_not_fix", "will_not_fix", "update", "rollback", "workaround_available":
		return true
	}
	return false
}

func knownIdentity(word string) bool {
	switch word {
	case "group", "name", "version", "purl", "cpe", "omniborId", "swhid", "swid", "hash":
		return true
	}
	return false
}

func knownPatch(word string) bool {
	switch word {
	case "unofficial", "monkey", "backport", "cherry-pick":
		return true
	}
	return false
}

func knownSeverity(word string) bool {
	switch word {
	case "critical", "high", "medium", "low", "info", "none", "unknown":
		return true
	}
	return false
}

func knownMethod(word string) bool {
	switch word {
	case "CVSSv2", "CVSSv3", "CVSSv31", "CVSSv4", "OWASP", "SSVC", "other":
		return true
	}
	return false
}

func knownSignature(word string) bool {
	switch word {
	case "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "Ed448", "HS256",
		"HS384", "HS512":
		return true
	}
	return false
}

// knownHash reports whether an algorithm is one of the format's, as it spells
// them.
func knownHash(algorithm string) bool {
	switch algorithm {
	case "MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512", "SHA3-256", "SHA3-384", "SHA3-512", "BLAKE2b-256", "BLAKE2b-384",
		"BLAKE2b-512", "BLAKE3", "Streebog-256", "Streebog-512":
		return true
	}
	return false
}

// isIRI reports whether s holds only characters that an IRI reference may hold
// (RFC 3987 §2.2, as far as single characters tell).
func isIRI(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c <= ' ', c == '<', c == '>', c == '"', c == '{', c == '}', c == '|', c == '\\', c == '^', c == '`', c == 0x7f:
			return false
		}
	}
	return true
}

// isSerial reports whether s has the form urn:uuid:… of RFC 9562, as the
// schema's pattern for serialNumber asks.
func isSerial(s string) bool {
	const prefix = "urn:uuid:"
	if len(s) != len(prefix)+36 || s[:len(prefix)] != prefix {
		return false
	}
	for i, part := range strings.Split(s[len(prefix):], "-") {
		if i > 4 || len(part) != [...]int{8, 4, 4, 4, 12}[i] || !notation.IsHex(part) {
			return false
		}
	}
	return true
}

// isRevision reports whether s is an integer from 1 that an int64 holds, as
// the schema's "version" asks.
func isRevision(s string) bool {
	if s == "" || len(s) > 18 || s[0] == '0' {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i]-'0' > 9 {
			return false
		}
	}
	return true
}

// knownSpec reports whether 1.minor is a published version, and the minor.
func knownSpec(version string) (minor int, ok bool) {
	if len(version) == 3 && version[:2] == "1." && version[2]-'0' <= 7 {
		return int(version[2] - '0'), true
	}
	return 0, false
}

// parseTime reads an RFC 3339 time; zoneless allows xs:dateTime's form without
// a time zone, which is taken as UTC.
func parseTime(s string, zoneless bool) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil && zoneless {
		t, err = time.Parse("2006-01-02T15:04:05", s)
	}
	return t, err == nil
}

// trim removes white space at the ends; most strings have none.
func trim(s string) string {
	if s == "" || (plainEnd(s[0]) && plainEnd(s[len(s)-1])) {
		return s
	}
	return strings.TrimSpace(s)
}

func plainEnd(c byte) bool { return c > ' ' && c < utf8.RuneSelf }

// invisible reports whether s holds characters that have no business in a
// name: controls, and those that turn the direction of text or have no width
// (Unicode Bidi_Control and the zero-width characters).
func invisible(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c >= 0x7f {
			return invisibleRune(s[i:])
		}
	}
	return false
}

func invisibleRune(s string) bool {
	for _, r := range s {
		switch {
		case r < ' ', 0x7f <= r && r < 0xa0,
			0x200b <= r && r <= 0x200f, 0x202a <= r && r <= 0x202e,
			0x2060 <= r && r <= 0x2069, r == 0x061c, r == 0xfeff:
			return true
		}
	}
	return false
}
