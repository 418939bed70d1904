// SPDX-License-Identifier: Apache-2.0

package version

// Bytes of upstream keys. After the numbers, without trailing zeros, stands a
// series of items and upstreamEnd. All are below the bytes of a number, so that
// 1.1.1 < 1.1.1a < 1.1.1-1 < 1.1.1.1. An item is its byte and a number, that of
// a letter its letters and wordEnd.
const (
	upstreamDev      = 0x01
	upstreamAlpha    = 0x02
	upstreamBeta     = 0x03
	upstreamPre      = 0x04
	upstreamRC       = 0x05
	upstreamEnd      = 0x08
	upstreamLetter   = 0x0a
	upstreamPatch    = 0x0b
	upstreamRevision = 0x0c
	upstreamFinal    = 0xff // a word that changes nothing; in no key
)

// upstreamWords are the words that may follow the numbers of a tag.
var upstreamWords = [...]struct {
	word string
	item byte
}{
	{"dev", upstreamDev},
	{"snapshot", upstreamDev},
	{"nightly", upstreamDev},
	{"alpha", upstreamAlpha},
	{"beta", upstreamBeta},
	{"pre", upstreamPre},
	{"preview", upstreamPre},
	{"test", upstreamPre},
	{"milestone", upstreamPre},
	{"rc", upstreamRC},
	{"patch", upstreamPatch},
	{"post", upstreamPatch},
	{"sp", upstreamPatch},
	{"pl", upstreamPatch},
	{"release", upstreamFinal},
	{"stable", upstreamFinal},
	{"final", upstreamFinal},
	{"ga", upstreamFinal},
}

// upstreamInitials are the single letters that stand for a word if a digit
// follows: PEP 440's a, b and c, Maven's m, the p of sudo, ntp and OpenSSH, the
// r of Android.
func upstreamInitial(c byte) byte {
	switch lower(c) {
	case 'a':
		return upstreamAlpha
	case 'b':
		return upstreamBeta
	case 'm':
		return upstreamPre
	case 'c':
		return upstreamRC
	case 'p':
		return upstreamPatch
	case 'r':
		return upstreamRevision
	}
	return 0
}

// appendUpstream reads [v]numbers{item}; the package comment has the grammar.
func appendUpstream(dst []byte, s string) ([]byte, bool) {
	i := 0
	if s[0]|0x20 == 'v' {
		i = 1
	}
	i, last := upstreamNumbers(s, i)
	if last == i {
		return dst, false
	}
	mark := len(dst)
	for j := last; j < i; {
		if !isDigit(s[j]) {
			j++
			continue
		}
		start := len(dst)
		if dst, j = appendNumber(dst, s, j); !endsInZero(dst, start) {
			mark = len(dst)
		}
	}
	dst = dst[:mark]
	for i < len(s) {
		ok := false
		if dst, i, ok = appendUpstreamItem(dst, s, i); !ok {
			return dst, false
		}
	}
	return append(dst, upstreamEnd), true
}

// upstreamNumbers gives the bounds of the numbers at i: the first separator, of
// which all others must be the same, decides (2_45_1, 77-1, 1.2.3).
func upstreamNumbers(s string, i int) (end, start int) {
	start = i
	i = skipDigits(s, i)
	if i == start || i == len(s) {
		return i, start
	}
	separator := s[i]
	if separator != '.' && separator != '_' && separator != '-' {
		return i, start
	}
	for i+1 < len(s) && s[i] == separator && isDigit(s[i+1]) {
		i = skipDigits(s, i+1)
	}
	return i, start
}

// appendUpstreamItem appends what stands at i behind the numbers.
func appendUpstreamItem(dst []byte, s string, i int) ([]byte, int, bool) {
	separated := false
	switch s[i] {
	case '.', '-', '_', '~':
		i++
		separated = true
	}
	if i == len(s) {
		return dst, i, false
	}
	if isDigit(s[i]) {
		if !separated || s[i-1] == '.' || s[i-1] == '~' {
			return dst, i, false
		}
		dst, i = appendNumber(append(dst, upstreamRevision), s, i)
		return dst, i, true
	}
	start := i
	for i < len(s) && isLetter(s[i]) {
		i++
	}
	item, word := byte(0), s[start:i]
	digit := i < len(s) && isDigit(s[i])
	switch {
	case len(word) == 1 && digit:
		item = upstreamInitial(word[0])
	case !separated && !digit && (len(word) == 1 || len(word) == 2 && lower(word[0]) == 'z'):
		dst = append(dst, upstreamLetter) // OpenSSL: 1.1.1z, then 1.1.1za
		for j := range len(word) {
			dst = append(dst, lower(word[j]))
		}
		return append(dst, wordEnd), i, true
	default:
		for _, w := range upstreamWords {
			if len(w.word) == len(word) && hasPrefixFold(word, w.word) {
				item = w.item
			}
		}
	}
	switch item {
	case 0:
		return dst, i, false
	case upstreamFinal:
		return dst, i, i == len(s)
	}
	if i+1 < len(s) && (s[i] == '.' || s[i] == '-' || s[i] == '_') && isDigit(s[i+1]) {
		i++
	}
	dst, i = appendNumber(append(dst, item), s, i)
	return dst, i, true
}
