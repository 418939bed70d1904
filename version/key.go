// SPDX-License-Identifier: Apache-2.0

package version

import (
	"math/bits"
	"strings"
)

// maxLength is the longest version text in bytes; the longest real one among
// the OSV records of July 2026 has under a hundred.
const maxLength = 512

// blanks are what is dropped around a version.
const blanks = " \t\r\n"

// The bytes of a key. Numbers use 0x10 to 0xe8, so that each scheme has the
// bytes below and above them for what sorts before and after a number.
//
//	0x10+n        a number n < 208
//	0xe0+k        a number of k+1 bytes, big-endian, without leading zeros
//	0xe8          a number of 20 digits or more: count of digits (2 bytes), digits
//	0x00          end of a word
const (
	wordEnd   = 0x00
	number0   = 0x10
	numberMax = 0xdf - number0
	numberLen = 0xe0
	numberBig = 0xe8
)

// bigDigits is the number of digits from which a number may exceed 64 bits.
const bigDigits = 20

func isDigit(c byte) bool { return c-'0' <= 9 }

func isLower(c byte) bool { return c-'a' <= 'z'-'a' }

func isLetter(c byte) bool { return c|0x20-'a' <= 'z'-'a' }

func lower(c byte) byte {
	if c-'A' <= 'Z'-'A' {
		return c | 0x20
	}
	return c
}

func isHex(c byte) bool { return isDigit(c) || c-'a' <= 'f'-'a' }

// skipDigits returns the end of the digits that start at i.
func skipDigits(s string, i int) int {
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return i
}

// appendNumber appends the number whose digits start at i, and returns the
// index after them; without a digit it appends zero.
func appendNumber(dst []byte, s string, i int) ([]byte, int) {
	start := i
	var n uint64
	for i < len(s) && isDigit(s[i]) {
		n = n*10 + uint64(s[i]-'0')
		i++
	}
	if i-start >= bigDigits {
		return appendBig(dst, s[start:i]), i
	}
	if n <= numberMax {
		return append(dst, number0+byte(n)), i
	}
	return appendUint(dst, n), i
}

func appendUint(dst []byte, n uint64) []byte {
	k := (bits.Len64(n) + 7) / 8
	dst = append(dst, numberLen+byte(k-1))
	for k--; k >= 0; k-- {
		dst = append(dst, byte(n>>(8*k)))
	}
	return dst
}

func appendBig(dst []byte, digits string) []byte {
	digits = strings.TrimLeft(digits, "0")
	if len(digits) < bigDigits {
		dst, _ = appendNumber(dst, digits, 0)
		return dst
	}
	dst = append(dst, numberBig, byte(len(digits)>>8), byte(len(digits)))
	return append(dst, digits...)
}

// endsInZero reports whether the number that was appended at start is zero.
func endsInZero(dst []byte, start int) bool {
	return len(dst) == start+1 && dst[start] == number0
}

// isZero reports whether the digits s[i:j] (or none) are a zero.
func isZero(s string, i, j int) bool {
	for ; i < j; i++ {
		if s[i] != '0' {
			return false
		}
	}
	return true
}

// hasPrefixFold reports whether s has the prefix word, which is in lower case.
func hasPrefixFold(s, word string) bool {
	if len(s) < len(word) {
		return false
	}
	for i := range len(word) {
		if lower(s[i]) != word[i] {
			return false
		}
	}
	return true
}

// looseText reports whether text, of a scheme whose grammar admits nearly
// every text, looks like a version at all: it has a digit, is no wildcard
// (1.x) and no commit hash.
func looseText(text string) bool {
	if !isDigit(text[0]) && !isLetter(text[0]) {
		return false // ^1, ~1.2
	}
	digit, hex, runs := false, true, 0
	for i := range len(text) {
		c := text[i]
		if isDigit(c) {
			digit = true
			continue
		}
		if !isHex(c) {
			hex = false
		}
		if i == 0 || isDigit(text[i-1]) {
			runs++
		}
		if c|0x20 == 'x' && i > 0 && text[i-1] == '.' && (i+1 == len(text) || text[i+1] == '.') {
			return false
		}
	}
	// 20040923a and 1b5 are versions; 9fd7a2c and longer are hashes.
	return digit && (!hex || runs < 2 || len(text) < 7)
}
