// SPDX-License-Identifier: Apache-2.0

package version

// Bytes of Maven keys, in the order of what may come next. A number after a
// dot sorts last and is written as it is. A release is also the end.
const (
	mavenAlpha     = 0x01
	mavenBeta      = 0x02
	mavenMilestone = 0x03
	mavenRC        = 0x04
	mavenSnapshot  = 0x05
	mavenRelease   = 0x06
	mavenSP        = 0x07
	mavenWord      = 0x08
	mavenNumber    = 0x09 // after a hyphen
)

// appendMaven tokenises by dots, hyphens and changes between digits and others,
// and drops zeros and release words at the end and before each hyphen; so a
// token that is none of these follows every one that stays, and "the shorter
// one padded" comes out as mavenRelease before any longer one that counts.
func appendMaven(dst []byte, s string) ([]byte, bool) {
	if !looseText(s) {
		return dst, false
	}
	first, mark := true, 0
	for i := 0; i <= len(s); i++ { // over the separator
		hyphen := i > 0 && s[i-1] == '-'
		if i == len(s) || s[i] == '.' || s[i] == '-' {
			dst, mark = appendMavenNumber(dst, "0", 0, mark, first, hyphen)
			first = false
			continue
		}
		for i < len(s) && s[i] != '.' && s[i] != '-' {
			start := i
			if isDigit(s[i]) {
				i = skipDigits(s, i)
				dst, mark = appendMavenNumber(dst, s, start, mark, first, hyphen)
			} else {
				for i < len(s) && !isDigit(s[i]) && s[i] != '.' && s[i] != '-' {
					if !isLetter(s[i]) && s[i] != '_' && s[i] != '+' && s[i] != '~' {
						return dst, false
					}
					i++
				}
				digitNext := i < len(s) && isDigit(s[i])
				if !first {
					dst = dst[:mark]
				}
				dst, mark = appendMavenWord(dst, s[start:i], mark, first, digitNext)
			}
			first, hyphen = false, true
		}
	}
	return append(dst[:mark], mavenRelease), true
}

// appendMavenNumber appends the number at i of s and returns the new end of what
// cannot be dropped any more.
func appendMavenNumber(dst []byte, s string, i, mark int, first, hyphen bool) ([]byte, int) {
	if hyphen && !first {
		dst = append(dst[:mark], mavenNumber)
	}
	start := len(dst)
	if dst, _ = appendNumber(dst, s, i); first || !endsInZero(dst, start) {
		mark = len(dst)
	}
	return dst, mark
}

// appendMavenWord appends a qualifier, which stands as if after a hyphen.
func appendMavenWord(dst []byte, word string, mark int, first, digitNext bool) ([]byte, int) {
	if tag := mavenQualifier(word, digitNext); tag != 0 {
		dst = append(dst, tag)
		if tag == mavenRelease && !first {
			return dst, mark
		}
		return dst, len(dst)
	}
	dst = append(dst, mavenWord)
	for i := range len(word) {
		dst = append(dst, lower(word[i]))
	}
	dst = append(dst, wordEnd)
	return dst, len(dst)
}

// mavenQualifier returns the byte of a qualifier with a rank, else 0.
func mavenQualifier(word string, digitNext bool) byte {
	if len(word) == 1 && digitNext {
		switch lower(word[0]) {
		case 'a':
			return mavenAlpha
		case 'b':
			return mavenBeta
		case 'm':
			return mavenMilestone
		}
		return 0
	}
	for _, q := range [...]struct {
		word string
		tag  byte
	}{
		{"alpha", mavenAlpha},
		{"beta", mavenBeta},
		{"milestone", mavenMilestone},
		{"rc", mavenRC},
		{"cr", mavenRC},
		{"snapshot", mavenSnapshot},
		{"ga", mavenRelease},
		{"final", mavenRelease},
		{"release", mavenRelease},
		{"sp", mavenSP},
	} {
		if len(word) == len(q.word) && hasPrefixFold(word, q.word) {
			return q.tag
		}
	}
	return 0
}
