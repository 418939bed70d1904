// SPDX-License-Identifier: Apache-2.0

package version

// Bytes of semver keys. After the three numbers (four for NuGet) comes either
// the first identifier of a pre-release, or semverRelease, or semverMore and a
// further number, after which the same choice stands again. An identifier is a
// number or semverWord with its characters. semverBuild starts an ordered
// build; it sorts before any further identifier.
const (
	semverBuild   = 0x01
	semverWord    = 0xf0
	semverRelease = 0xfe
	semverMore    = 0xff
)

func appendSemVer(dst []byte, s string, scheme Scheme) ([]byte, bool) {
	i := 0
	if s[0]|0x20 == 'v' {
		i = 1
	} else if scheme == Go && len(s) > 2 && s[:2] == "go" {
		i = 2
	}
	numbers := 3
	if scheme == NuGet {
		numbers = 4
	}
	n, mark := 0, len(dst)
	for {
		if i == len(s) || !isDigit(s[i]) {
			return dst, false
		}
		if n >= numbers {
			if scheme == NuGet {
				return dst, false
			}
			dst = append(dst, semverMore)
		}
		start := len(dst)
		dst, i = appendNumber(dst, s, i)
		if n++; n <= numbers || !endsInZero(dst, start) {
			mark = len(dst)
		}
		if i == len(s) || s[i] != '.' || i+1 < len(s) && isLetter(s[i+1]) {
			break
		}
		i++
	}
	dst = dst[:mark] // 1.2.3.0 is 1.2.3
	for ; n < numbers; n++ {
		dst = append(dst, number0)
	}
	if i == len(s) {
		return append(dst, semverRelease), true
	}
	switch s[i] {
	case '+':
		dst = append(dst, semverRelease)
	case '-':
		i++
		ok := false
		if dst, i, ok = appendIdentifiers(dst, s, i, scheme == NuGet); !ok {
			return dst, false
		}
	default:
		if s[i] == '.' {
			i++
		}
		word := preReleaseWord(s[i:])
		if word == 0 {
			return dst, false
		}
		if scheme == Go {
			return appendToolchain(dst, s, i, i+word)
		}
		ok := false
		if dst, i, ok = appendIdentifiers(dst, s, i, scheme == NuGet); !ok {
			return dst, false
		}
	}
	if i == len(s) {
		return dst, true
	}
	mark = len(dst) // at "+"
	dst, i, ok := appendIdentifiers(append(dst, semverBuild), s, i+1, false)
	if !ok || i < len(s) {
		return dst, false
	}
	if scheme != SemVerBuild {
		dst = dst[:mark]
	}
	return dst, true
}

// appendIdentifiers appends the dotted identifiers from i to a "+" or the end.
func appendIdentifiers(dst []byte, s string, i int, fold bool) ([]byte, int, bool) {
	for {
		start := i
		i = skipDigits(s, i)
		if i > start && (i == len(s) || s[i] == '.' || s[i] == '+') {
			dst, _ = appendNumber(dst, s, start)
		} else {
			dst = append(dst, semverWord)
			for i = start; i < len(s) && s[i] != '.' && s[i] != '+'; i++ {
				c := s[i]
				// The underscore is not semver's, but some write it.
				if !isDigit(c) && !isLetter(c) && c != '-' && c != '_' {
					return dst, i, false
				}
				if fold {
					c = lower(c)
				}
				dst = append(dst, c)
			}
			if i == start {
				return dst, i, false
			}
			dst = append(dst, wordEnd)
		}
		if i == len(s) || s[i] == '+' {
			return dst, i, true
		}
		i++
	}
}

// appendToolchain appends the pre-release of a Go toolchain name: rc2 is rc.2
// in the Go vulnerability database.
func appendToolchain(dst []byte, s string, start, end int) ([]byte, bool) {
	dst = append(dst, semverWord)
	for ; start < end; start++ {
		dst = append(dst, lower(s[start]))
	}
	dst = append(dst, wordEnd)
	if end == len(s) {
		return dst, true
	}
	if s[end] == '.' {
		end++
	}
	if i := skipDigits(s, end); i == end || i < len(s) {
		return dst, false
	}
	dst, _ = appendNumber(dst, s, end)
	return dst, true
}

// preReleaseWord returns the length of the word for a pre-release at the start
// of s, which stands there without a hyphen; 0 if there is none. One letter is
// such a word only before a digit: 1.0b2 is a beta, 0.9.8b is not.
func preReleaseWord(s string) int {
	n := 0
	for n < len(s) && isLetter(s[n]) {
		n++
	}
	rest := s[n:]
	if rest != "" && !isDigit(rest[0]) && rest[0] != '.' && rest[0] != '-' && rest[0] != '+' {
		return 0
	}
	digits := skipDigits(rest, 0)
	if digits < len(rest) && isLetter(rest[digits]) {
		return 0
	}
	switch n {
	case 1:
		switch lower(s[0]) {
		case 'a', 'b', 'c', 'm':
			if digits > 0 {
				return 1
			}
		}
	default:
		for _, word := range [...]string{"rc", "beta", "alpha", "pre", "preview", "dev", "milestone", "snapshot", "canary", "nightly", "next"} {
			if len(word) == n && hasPrefixFold(s, word) {
				return n
			}
		}
	}
	return 0
}
