// SPDX-License-Identifier: Apache-2.0

package version

import "strings"

// Bytes of Alpine keys: what may come next, in the order of
// apk_version_compare. Where one version ends and the other goes on, the
// latter is later unless it goes on with a pre-release; where both go on
// differently, the one with the part that belongs further back is earlier.
// A number without leading zero follows alpineDigits in order.
const (
	alpineAlpha        = 0x01 // then beta, pre, rc
	alpineEnd          = 0x05
	alpineRevision     = 0x06
	alpineHash         = 0x07
	alpineSuffixNumber = 0x08
	alpineCVS          = 0x09 // then svn, git, hg, p
	alpineLetter       = 0x0e
	alpineDigits       = 0x0f // and alpineZero, or a number with leading zeros as text
	alpineZero         = 0x00
	alpineText         = 0x01
)

func appendAlpine(dst []byte, s string) ([]byte, bool) {
	if !isDigit(s[0]) {
		return dst, false
	}
	dst, i := appendNumber(dst, s, 0)
	dst, i = appendAlpineNumbers(dst, s, i)
	if i < len(s) && isLower(s[i]) {
		if s[i-1] == '.' {
			return dst, false // 1.x
		}
		dst = append(dst, alpineLetter, s[i])
		if i++; i < len(s) && isDigit(s[i]) {
			// apk-tools 2 takes numbers here too, 3 does not: 8u372_p7-r0.
			dst, i = appendAlpineNumber(dst, s, i)
			dst, i = appendAlpineNumbers(dst, s, i)
		}
	}
	for i < len(s) && s[i] == '_' {
		tag, n := alpineSuffix(s[i+1:])
		if n == 0 {
			return dst, false
		}
		dst = append(dst, tag)
		if i += 1 + n; i < len(s) && isDigit(s[i]) {
			dst, i = appendNumber(append(dst, alpineSuffixNumber), s, i)
		}
	}
	if i+1 < len(s) && s[i] == '~' && isHex(s[i+1]) {
		dst = append(dst, alpineHash)
		for i++; i < len(s) && isHex(s[i]); i++ {
			dst = append(dst, s[i])
		}
		dst = append(dst, wordEnd)
	}
	if i+2 < len(s) && s[i] == '-' && s[i+1] == 'r' && isDigit(s[i+2]) {
		dst, i = appendNumber(append(dst, alpineRevision), s, i+2)
	}
	return append(dst, alpineEnd), i == len(s)
}

// appendAlpineNumbers appends the numbers after dots from i on. A dot without a
// number, which apk lets pass and Alpine's own advisories have (0.12.5.-r0),
// counts for nothing.
func appendAlpineNumbers(dst []byte, s string, i int) ([]byte, int) {
	for i < len(s) && s[i] == '.' {
		if i++; i == len(s) || !isDigit(s[i]) {
			break
		}
		dst, i = appendAlpineNumber(dst, s, i)
	}
	return dst, i
}

func appendAlpineNumber(dst []byte, s string, i int) ([]byte, int) {
	end := skipDigits(s, i)
	switch {
	case s[i] != '0':
		return appendNumber(dst, s, i)
	case end == i+1:
		return append(dst, alpineDigits, alpineZero), end
	}
	// apk compares as text if either has a leading zero.
	dst = append(dst, alpineDigits, alpineText)
	dst = append(dst, s[i:end]...)
	return append(dst, wordEnd), end
}

// alpineSuffix returns the byte and the length of the suffix that s starts with.
func alpineSuffix(s string) (tag byte, length int) {
	for k, word := range [...]string{"alpha", "beta", "pre", "rc"} {
		if strings.HasPrefix(s, word) {
			return alpineAlpha + byte(k), len(word)
		}
	}
	for k, word := range [...]string{"cvs", "svn", "git", "hg", "p"} {
		if strings.HasPrefix(s, word) {
			return alpineCVS + byte(k), len(word)
		}
	}
	return 0, 0
}
