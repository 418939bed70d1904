// SPDX-License-Identifier: Apache-2.0

package version

import "strings"

// Bytes of Debian keys. A part of a version is a series of pairs, text without
// digits and a number. Within the text "~" sorts before the end, letters after
// it, all else after letters; the end of the part is a text that ends at once.
const (
	debianTilde = 0x01
	debianEnd   = 0x02
	debianOther = 0x80
	epochGiven  = 0xff // an epoch other than 0, which sorts after any version without
)

// appendDebian follows Debian Policy 5.6.12 and dpkg's parseversion, which
// refuses a version that does not start with a digit.
func appendDebian(dst []byte, s string) ([]byte, bool) {
	if !looseText(s) {
		return dst, false
	}
	colon := strings.IndexByte(s, ':')
	if colon >= 0 {
		if colon == 0 || skipDigits(s, 0) != colon {
			return dst, false
		}
		if !isZero(s, 0, colon) {
			dst, _ = appendNumber(append(dst, epochGiven), s, 0)
		}
		s = s[colon+1:]
	}
	if s == "" || !isDigit(s[0]) {
		return dst, false
	}
	revision := ""
	if hyphen := strings.LastIndexByte(s, '-'); hyphen >= 0 {
		s, revision = s[:hyphen], s[hyphen+1:]
		if revision == "" {
			return dst, false
		}
	}
	other := "+.-"
	if colon >= 0 {
		other = "+.-:"
	}
	dst, ok := appendPairs(dst, s, other)
	if !ok {
		return dst, false
	}
	return appendPairs(dst, revision, "+.")
}

// appendOpam is Debian's order on the whole text: opam's manual, "Version
// ordering".
func appendOpam(dst []byte, s string) ([]byte, bool) {
	if !looseText(s) {
		return dst, false
	}
	return appendPairs(dst, s, "-+._")
}

// appendPairs appends one part, of letters, digits, "~" and other.
func appendPairs(dst []byte, s, other string) ([]byte, bool) {
	for i := 0; ; {
		for i < len(s) && !isDigit(s[i]) {
			switch c := s[i]; {
			case c == '~':
				dst = append(dst, debianTilde)
			case isLetter(c):
				dst = append(dst, c)
			case strings.IndexByte(other, c) >= 0:
				dst = append(dst, debianOther|c)
			default:
				return dst, false
			}
			i++
		}
		dst = append(dst, debianEnd)
		dst, i = appendNumber(dst, s, i)
		if i == len(s) {
			return append(dst, debianEnd), true
		}
	}
}
