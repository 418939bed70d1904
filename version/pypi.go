// SPDX-License-Identifier: Apache-2.0

package version

// Bytes of PyPI keys. The release, without trailing zeros, ends in the kind of
// pre-release; then post-release and development release (one number each),
// then the segments of the local version, words before numbers.
const (
	pypiDevOnly = 0x01 // 1.0.dev1 is before 1.0a1
	pypiAlpha   = 0x02
	pypiBeta    = 0x03
	pypiRC      = 0x04
	pypiNoPre   = 0x05

	pypiNoPost = 0x01
	pypiPost   = 0x02

	pypiDev   = 0x01
	pypiNoDev = 0x02

	pypiWord = 0x01
)

// appendPyPI reads a version by the regular expression of PEP 440, Appendix B.
func appendPyPI(dst []byte, s string) ([]byte, bool) {
	i := 0
	if lower(s[0]) == 'v' {
		i = 1
	}
	if end := skipDigits(s, i); end < len(s) && s[end] == '!' {
		if end == i {
			return dst, false
		}
		if !isZero(s, i, end) {
			dst, _ = appendNumber(append(dst, epochGiven), s, i)
		}
		i = end + 1
	}
	if i == len(s) || !isDigit(s[i]) {
		return dst, false
	}
	mark := len(dst)
	for {
		start := len(dst)
		if dst, i = appendNumber(dst, s, i); !endsInZero(dst, start) {
			mark = len(dst)
		}
		if i+1 >= len(s) || s[i] != '.' || !isDigit(s[i+1]) {
			break
		}
		i++
	}
	dst = dst[:mark]
	if i == len(s) {
		return append(dst, pypiNoPre, pypiNoPost, pypiNoDev), true
	}

	pre, preNumber, i := pypiPre(s, i)
	post, postNumber, i := pypiPostRelease(s, i)
	dev, devNumber, i := pypiLabel(s, i, "dev")
	if pre == pypiNoPre && !post && dev {
		pre = pypiDevOnly
	}
	if dst = append(dst, pre); preNumber >= 0 {
		dst, _ = appendNumber(dst, s, preNumber)
	}
	if post {
		dst, _ = appendNumber(append(dst, pypiPost), s, postNumber)
	} else {
		dst = append(dst, pypiNoPost)
	}
	if dev {
		dst, _ = appendNumber(append(dst, pypiDev), s, devNumber)
	} else {
		dst = append(dst, pypiNoDev)
	}
	if i == len(s) {
		return dst, true
	}
	if s[i] != '+' {
		return dst, false
	}
	return appendLocal(dst, s, i+1)
}

// pypiPre reads the pre-release at i: its kind and where its number starts, -1
// if there is none.
func pypiPre(s string, i int) (kind byte, number, end int) {
	for _, label := range [...]struct {
		word string
		kind byte
	}{
		{"alpha", pypiAlpha},
		{"a", pypiAlpha},
		{"beta", pypiBeta},
		{"b", pypiBeta},
		{"c", pypiRC},
		{"rc", pypiRC},
		{"preview", pypiRC},
		{"pre", pypiRC},
	} {
		if ok, number, end := pypiLabel(s, i, label.word); ok {
			return label.kind, number, end
		}
	}
	return pypiNoPre, -1, i
}

// pypiPostRelease reads the post-release at i, -N included.
func pypiPostRelease(s string, i int) (ok bool, number, end int) {
	if i+1 < len(s) && s[i] == '-' && isDigit(s[i+1]) {
		return true, i + 1, skipDigits(s, i+1)
	}
	for _, word := range [...]string{"post", "rev", "r"} {
		if ok, number, end := pypiLabel(s, i, word); ok {
			return true, number, end
		}
	}
	return false, 0, i
}

// pypiLabel reads [-_.]?word[-_.]?[0-9]* at i.
func pypiLabel(s string, i int, word string) (ok bool, number, end int) {
	at := skipSeparator(s, i)
	if at == len(s) || lower(s[at]) != word[0] || !hasPrefixFold(s[at:], word) {
		return false, 0, i
	}
	number = skipSeparator(s, at+len(word))
	return true, number, skipDigits(s, number)
}

func skipSeparator(s string, i int) int {
	if i < len(s) && (s[i] == '.' || s[i] == '-' || s[i] == '_') {
		i++
	}
	return i
}

// appendLocal appends the segments of a local version from i to the end.
func appendLocal(dst []byte, s string, i int) ([]byte, bool) {
	for {
		start := i
		if i = skipDigits(s, i); i > start && (i == len(s) || !isLetter(s[i])) {
			dst, _ = appendNumber(dst, s, start)
		} else {
			dst = append(dst, pypiWord)
			for i = start; i < len(s) && (isDigit(s[i]) || isLetter(s[i])); i++ {
				dst = append(dst, lower(s[i]))
			}
			if i == start {
				return dst, false
			}
			dst = append(dst, wordEnd)
		}
		if i == len(s) {
			return dst, true
		}
		if skipSeparator(s, i) == i {
			return dst, false
		}
		i++
	}
}
