// SPDX-License-Identifier: Apache-2.0

package version

import "strings"

// appendDotted appends numbers between dots or a byte of also. A version that
// another one starts with is the earlier, as its key is.
func appendDotted(dst []byte, s, also string) ([]byte, bool) {
	for i := 0; ; i++ {
		if i == len(s) || !isDigit(s[i]) {
			return dst, false
		}
		if dst, i = appendNumber(dst, s, i); i == len(s) {
			return dst, true
		}
		if s[i] != '.' && strings.IndexByte(also, s[i]) < 0 {
			return dst, false
		}
	}
}

// Bytes of Homebrew keys, after the numbers without trailing zeros.
const (
	homebrewEnd    = 0x01
	homebrewLetter = 0x02
)

// appendHomebrew reads numbers[letter][_revision] as Homebrew's PkgVersion.
func appendHomebrew(dst []byte, s string) ([]byte, bool) {
	i, mark := 0, len(dst)
	for {
		if i == len(s) || !isDigit(s[i]) {
			return dst, false
		}
		start := len(dst)
		if dst, i = appendNumber(dst, s, i); !endsInZero(dst, start) {
			mark = len(dst)
		}
		if i == len(s) || s[i] != '.' {
			break
		}
		i++
	}
	dst = dst[:mark]
	if i < len(s) && isLower(s[i]) {
		dst = append(dst, homebrewLetter, s[i])
		i++
	} else {
		dst = append(dst, homebrewEnd)
	}
	if i == len(s) {
		return append(dst, number0), true
	}
	if s[i] != '_' || i+1 == len(s) {
		return dst, false
	}
	dst, i = appendNumber(dst, s, i+1)
	return dst, i == len(s)
}
