// SPDX-License-Identifier: Apache-2.0

package version

import "strings"

// Bytes of RPM keys: the segments of rpmvercmp in its order. A number is a
// segment of its own and sorts after a word.
const (
	rpmTilde = 0x01
	rpmEnd   = 0x02
	rpmCaret = 0x03
	rpmWord  = 0x04
)

// appendRPM reads [epoch:]version[-release]. A missing release sorts before any
// other, a missing epoch is 0.
func appendRPM(dst []byte, s string) ([]byte, bool) {
	if !looseText(s) {
		return dst, false
	}
	if colon := strings.IndexByte(s, ':'); colon >= 0 {
		if colon == 0 || skipDigits(s, 0) != colon {
			return dst, false
		}
		if !isZero(s, 0, colon) {
			dst, _ = appendNumber(append(dst, epochGiven), s, 0)
		}
		s = s[colon+1:]
	}
	v, release, released := strings.Cut(s, "-")
	if v == "" || released && release == "" {
		return dst, false
	}
	dst, ok := appendSegments(dst, v)
	if !ok || !released {
		return dst, ok
	}
	return appendSegments(dst, release)
}

func appendSegments(dst []byte, s string) ([]byte, bool) {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case isDigit(c):
			dst, i = appendNumber(dst, s, i)
		case isLetter(c):
			dst = append(dst, rpmWord)
			for i < len(s) && isLetter(s[i]) {
				dst = append(dst, s[i])
				i++
			}
			dst = append(dst, wordEnd)
		case c == '~':
			dst = append(dst, rpmTilde)
			i++
		case c == '^':
			dst = append(dst, rpmCaret)
			i++
		case c == '.' || c == '_' || c == '+':
			i++ // only separates
		default:
			return dst, false
		}
	}
	return append(dst, rpmEnd), true
}
