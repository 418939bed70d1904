// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// stands reports whether s names something: it is not empty and none of the
// words by which people say that they do not know.
func stands(s string) bool {
	s = strings.TrimSpace(s)
	return s != "" && !notation.IsUnknown(s)
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
	case "SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-384", "SHA3-512", "BLAKE2b-256", "BLAKE2b-384",
		"BLAKE2b-512", "BLAKE3", "MD2", "MD4", "MD5", "MD6", "ADLER32":
		ok = true
	}
	// RDF's names begin with the property.
	if spelt, digits = notation.HashAlgorithm(strings.TrimPrefix(name, "checksumAlgorithm_")); spelt == "" {
		spelt = name
	}
	return spelt, digits, ok
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
	kind = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(notation.Stated(word))), "_", "-")
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
	if notation.IsLicenceID(value) {
		return l, true
	}
	l.Kind = sbom.LicenceExpression
	if notation.IsLicenceExpression(value) {
		return l, true
	}
	l.Kind = sbom.LicenceName
	return l, false
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
