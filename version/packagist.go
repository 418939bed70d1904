// SPDX-License-Identifier: Apache-2.0

package version

// Bytes of Packagist keys: what follows the numbers, in the order of PHP's
// version_compare. A further number sorts between the end and a patch.
const (
	packagistDev   = 0x01
	packagistAlpha = 0x02
	packagistBeta  = 0x03
	packagistRC    = 0x04
	packagistEnd   = 0x05
	packagistPatch = 0xf0
)

// appendPackagist reads what Composer's VersionParser takes for a
// release: up to four numbers, or a date, then a stability and -dev. Branches
// (dev-main, 1.x-dev) are not comparable.
func appendPackagist(dst []byte, s string) ([]byte, bool) {
	i := 0
	if lower(s[0]) == 'v' {
		i = 1
	}
	end := i
	for end < len(s) && (isDigit(s[end]) || end > i && isDateSeparator(s[end]) && end+1 < len(s) && isDigit(s[end+1])) {
		end++
	}
	if end == i {
		return dst, false
	}
	ok := false
	if dst, ok = appendReleaseOrDate(dst, s[i:end]); !ok {
		return dst, false
	}
	for i = end; end < len(s) && s[end] != '+'; end++ {
	}
	if end < len(s) {
		if end+1 == len(s) {
			return dst, false
		}
		for _, c := range []byte(s[end+1:]) {
			if c <= ' ' || c > '~' {
				return dst, false
			}
		}
	}
	return appendStability(dst, s[i:end])
}

func isDateSeparator(c byte) bool { return c == '.' || c == ':' || c == '-' }

// appendReleaseOrDate appends numbers that are a version or a date, of digits
// and single separators.
func appendReleaseOrDate(dst []byte, s string) ([]byte, bool) {
	dots, classical := 0, true
	for i := range len(s) {
		switch {
		case s[i] == '.':
			dots++
		case !isDigit(s[i]):
			classical = false
		}
	}
	if dots > 3 || skipDigits(s, 0) > 5 {
		classical = false
	}
	if !classical && !isDate(s, 4, 0, 0) {
		return dst, false
	}
	n := 0
	for i := 0; i < len(s); i++ {
		dst, i = appendNumber(dst, s, i)
		n++
	}
	if classical {
		for ; n < 4; n++ {
			dst = append(dst, number0)
		}
	}
	return dst, true
}

// isDate reports whether s, from i on, is what is left of a date after four
// digits: one to six groups of two digits, then at most two of one to three,
// each with a separator or none.
func isDate(s string, i, pairs, tails int) bool {
	if i == 4 && skipDigits(s, 0) < 4 {
		return false
	}
	if i == len(s) {
		return pairs > 0
	}
	if !isDigit(s[i]) {
		i++
	}
	digits := skipDigits(s, i) - i
	if tails == 0 && pairs < 6 && digits >= 2 && isDate(s, i+2, pairs+1, 0) {
		return true
	}
	for n := 1; pairs > 0 && tails < 2 && n <= min(digits, 3); n++ {
		if isDate(s, i+n, pairs, tails+1) {
			return true
		}
	}
	return false
}

// appendStability appends [._-]?(word[.-]?numbers)?[.-]?dev.
func appendStability(dst []byte, s string) ([]byte, bool) {
	if s == "" {
		return append(dst, packagistEnd), true
	}
	i := skipSeparator(s, 0)
	if rest := s[i:]; rest != "" {
		tag, n := packagistWord(rest)
		i += n
		stable := tag == packagistEnd
		if n > 0 && !stable {
			dst = append(dst, tag)
		}
		for n > 0 {
			at := i
			if at < len(s) && (s[at] == '.' || s[at] == '-') {
				at++
			}
			if at == len(s) || !isDigit(s[at]) {
				break
			}
			if stable {
				i = skipDigits(s, at)
			} else {
				dst, i = appendNumber(dst, s, at)
			}
		}
		dev := i
		if n > 0 && dev < len(s) && (s[dev] == '.' || s[dev] == '-') {
			dev++
		}
		if hasPrefixFold(s[dev:], "dev") && dev+len("dev") == len(s) {
			if i = len(s); !stable {
				return append(dst, packagistDev), true
			}
		}
	}
	return append(dst, packagistEnd), i == len(s)
}

// packagistWord returns the stability at the start of s; "stable" is the end.
func packagistWord(s string) (tag byte, length int) {
	for _, stability := range [...]struct {
		word string
		tag  byte
	}{
		{"stable", packagistEnd},
		{"beta", packagistBeta},
		{"b", packagistBeta},
		{"rc", packagistRC},
		{"alpha", packagistAlpha},
		{"a", packagistAlpha},
		{"patch", packagistPatch},
		{"pl", packagistPatch},
		{"p", packagistPatch},
	} {
		if hasPrefixFold(s, stability.word) {
			return stability.tag, len(stability.word)
		}
	}
	return 0, 0
}
