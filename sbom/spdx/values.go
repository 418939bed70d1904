// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"strings"

	"github.com/medsbom/medsbom/sbom"
)

// The two values by which SPDX says "not said" and "there is none".
const (
	noAssertion = "NOASSERTION"
	none        = "NONE"
)

// stated returns s, or "" if it says that there is no value.
func stated(s string) string {
	if s == noAssertion || s == none {
		return ""
	}
	return s
}

// stands reports whether s names something: it is not empty and none of the
// words by which people say that they do not know.
func stands(s string) bool {
	s = strings.TrimSpace(s)
	if len(s) > len(noAssertion) {
		return true
	}
	for _, word := range [...]string{"", noAssertion, none, "UNKNOWN", "N/A"} {
		if strings.EqualFold(s, word) {
			return false
		}
	}
	return true
}

const idPrefix = "SPDXRef-"

// bareID is an SPDXID without its prefix: some tools leave the prefix out,
// and some of those only in one of two places.
func bareID(id string) string { return strings.TrimPrefix(id, idPrefix) }

// legalID reports whether s consists of the letters, digits, '.' and '-' that
// an SPDXID may have after its prefix (clause 7.2).
func legalID(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '.' && c != '-' && !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return s != ""
}

// isURI reports whether s begins with a scheme (RFC 3986, section 3.1) and holds
// no blanks.
func isURI(s string) bool {
	colon := strings.IndexByte(s, ':')
	if colon <= 0 || colon == len(s)-1 || s[0]|0x20 < 'a' || s[0]|0x20 > 'z' {
		return false
	}
	for _, c := range []byte(s[:colon]) {
		if c != '+' && c != '.' && c != '-' && !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return !strings.ContainsAny(s, " \t\r\n")
}

// isVersionControl reports whether a location is one of a version control system:
// <tool>+<transport>://… (clause 7.7), or as the tools themselves write it.
func isVersionControl(location string) bool {
	for _, prefix := range [...]string{"git+", "git:", "git@", "ssh://git@", "hg+", "svn+", "svn:", "bzr+", "cvs+", "scm:"} {
		if len(location) > len(prefix) && strings.EqualFold(location[:len(prefix)], prefix) {
			return true
		}
	}
	return false
}

// digestID is the FNV-1a hash of an identifier without its prefix.
func digestID(id string) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range []byte(bareID(id)) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

// hashAlgorithm returns SPDX's name of a checksum algorithm (clause 8.4) as IANA and
// CycloneDX spell it, and the number of hexadecimal digits of its values, 0 if
// they vary. ok is false for a name that SPDX does not have.
func hashAlgorithm(name string) (spelt string, digits int, ok bool) {
	switch name {
	case "SHA1":
		return "SHA-1", 40, true
	case "SHA224":
		return "SHA-224", 56, true
	case "SHA256":
		return "SHA-256", 64, true
	case "SHA384":
		return "SHA-384", 96, true
	case "SHA512":
		return "SHA-512", 128, true
	case "SHA3-256", "BLAKE2b-256":
		return name, 64, true
	case "SHA3-384", "BLAKE2b-384":
		return name, 96, true
	case "SHA3-512", "BLAKE2b-512":
		return name, 128, true
	case "MD2", "MD4", "MD5":
		return name, 32, true
	case "MD6", "BLAKE3", "ADLER32":
		return name, 0, true
	}
	// RDF's names (checksumAlgorithm_sha1), IANA's own, another case
	plain := strings.ToUpper(strings.TrimPrefix(name, "checksumAlgorithm_"))
	for _, known := range [...]string{"SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "MD2", "MD4", "MD5", "MD6", "SHA3-256", "SHA3-384", "SHA3-512"} {
		if plain == known || plain == strings.Replace(known, "SHA", "SHA-", 1) {
			spelt, digits, _ = hashAlgorithm(known)
			return spelt, digits, false
		}
	}
	return name, 0, false
}

func isHex(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return s != ""
}

// purpose returns the component type of a primaryPackagePurpose (clause 7.24).
// ok is false for a word that SPDX does not have.
func purpose(word string) (kind string, ok bool) {
	switch word {
	case "LIBRARY":
		return "library", true
	case "APPLICATION":
		return "application", true
	case "FRAMEWORK":
		return "framework", true
	case "CONTAINER":
		return "container", true
	case "OPERATING-SYSTEM", "OPERATING_SYSTEM":
		return "operating-system", true
	case "DEVICE":
		return "device", true
	case "FIRMWARE":
		return "firmware", true
	case "SOURCE":
		return "source", true
	case "ARCHIVE":
		return "archive", true
	case "FILE":
		return "file", true
	case "INSTALL":
		return "install", true
	case "OTHER":
		return "other", true
	}
	kind = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(stated(word))), "_", "-")
	return kind, kind == ""
}

// specVersion reads "SPDX-2.3". exact is false for another spelling or for a
// version that is not read here.
func specVersion(s string) (version string, exact bool) {
	switch s {
	case "SPDX-2.1", "SPDX-2.2", "SPDX-2.3":
		return s[len("SPDX-"):], true
	}
	i := strings.IndexAny(s, "0123456789")
	if i < 0 {
		return "", false
	}
	return strings.TrimSpace(s[i:]), false
}

// licence classifies the value of a licence field (annex D). ok is false if it
// is no licence expression; it is then kept as a name.
func licence(value string, concluded bool) (l sbom.Licence, ok bool) {
	l = sbom.Licence{Kind: sbom.LicenceID, Value: value, Concluded: concluded}
	if isLicenceID(value) {
		return l, true
	}
	l.Kind = sbom.LicenceExpression
	if isLicenceExpression(value) {
		return l, true
	}
	l.Kind = sbom.LicenceName
	return l, false
}

// isLicenceID reports whether s is one identifier: of the licence list, with
// or without '+', or a LicenseRef, or NONE or NOASSERTION.
func isLicenceID(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '.' && c != '-' && c != '+' && c != ':' && !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return s != "" && s != "AND" && s != "OR" && s != "WITH"
}

// isLicenceExpression checks the grammar, not the identifiers: operands and
// operators by turns, parentheses in pairs, WITH before an exception.
func isLicenceExpression(s string) bool {
	depth, operand := 0, false // operand: one stands before this place
	for {
		s = strings.TrimLeft(s, " \t\r\n")
		if s == "" {
			return operand && depth == 0
		}
		if s[0] == '(' || s[0] == ')' {
			if s[0] == '(' == operand {
				return false
			}
			if s[0] == '(' {
				depth++
			} else if depth--; depth < 0 {
				return false
			}
			s = s[1:]
			continue
		}
		end := strings.IndexAny(s, "() \t\r\n")
		if end < 0 {
			end = len(s)
		}
		word := s[:end]
		s = s[end:]
		switch word {
		case "AND", "OR", "WITH":
			if !operand {
				return false
			}
			operand = false
		default:
			if operand || !isLicenceID(word) {
				return false
			}
			operand = true
		}
	}
}

// sbomType finds "SBOM type: build" in a comment and returns CISA's word for
// the type in lower case, "" if there is none (Types of SBOM Documents, 2023).
func sbomType(comment string) string {
	text := strings.ToLower(comment)
	for {
		i := strings.Index(text, "sbom type")
		if i < 0 {
			return ""
		}
		text = strings.TrimLeft(text[i+len("sbom type"):], " \t:=-\"'")
		for _, word := range [...]string{"design", "source", "build", "analyzed", "analysed", "deployed", "runtime"} {
			if strings.HasPrefix(text, word) {
				if word == "analysed" {
					return "analyzed"
				}
				return word
			}
		}
	}
}
