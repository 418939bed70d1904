// SPDX-License-Identifier: Apache-2.0

package version

import "strings"

// Bytes of RubyGems keys. Segments are compared as if an endless row of zeros
// followed the last one, and a word is before any number. So zeros are counted
// and written with what follows them: the fewer stand before a word the
// earlier, the fewer before another number the later.
const (
	gemWord = 0x01 // count of zeros, word
	gemEnd  = 0x02
	gemZero = 0x03 // 0xff - count of zeros, number
)

// maxGemZeros is the most zeros in a row that fit their byte.
const maxGemZeros = 250

// gemKey is the state of a key under construction.
type gemKey struct {
	dst   []byte
	zeros int  // since the last segment that was not zero
	words bool // a word was met
}

// appendRubyGems follows Gem::Version: segments are runs of digits or letters,
// a hyphen stands for ".pre.", and zeros at the end do not count, neither those
// before the first word.
func appendRubyGems(dst []byte, s string) ([]byte, bool) {
	s = cutPlatform(s)
	if end := skipDigits(s, 0); end == 0 || end < len(s) && isLetter(s[end]) {
		return dst, false
	}
	k := gemKey{dst: dst}
	for i := 0; ; {
		// One segment between dots or hyphens, in runs.
		start := i
		for i < len(s) && (isDigit(s[i]) || isLetter(s[i])) {
			run := i
			if isDigit(s[i]) {
				i = skipDigits(s, i)
				k.number(s, run, i)
			} else {
				for i < len(s) && isLetter(s[i]) {
					i++
				}
				k.word(s[run:i])
			}
			if k.zeros > maxGemZeros {
				return dst, false
			}
		}
		if i-start == 1 && lower(s[start]) == 'x' {
			return dst, false // a wildcard
		}
		if i == start {
			return dst, false
		}
		if i == len(s) {
			return append(k.dst, gemEnd), true
		}
		switch s[i] {
		case '.':
		case '-':
			k.word("pre")
		default:
			return dst, false
		}
		i++
	}
}

func (k *gemKey) number(s string, i, end int) {
	if isZero(s, i, end) {
		k.zeros++
		return
	}
	switch {
	case !k.words:
		for ; k.zeros > 0; k.zeros-- {
			k.dst = append(k.dst, number0)
		}
	case k.zeros > 0:
		k.dst = append(k.dst, gemZero, 0xff-byte(k.zeros))
	}
	k.zeros = 0
	k.dst, _ = appendNumber(k.dst, s, i)
}

func (k *gemKey) word(s string) {
	if !k.words {
		k.words, k.zeros = true, 0
	}
	k.dst = append(k.dst, gemWord, byte(k.zeros))
	k.dst = append(k.dst, s...)
	k.dst = append(k.dst, wordEnd)
	k.zeros = 0
}

// cutPlatform cuts the platform from a gem's full name part, as in
// 1.13.4-x86_64-linux and 1.6.0-java.
func cutPlatform(s string) string {
	hyphen := strings.IndexByte(s, '-')
	if hyphen <= 0 {
		return s
	}
	cpu, _, _ := strings.Cut(s[hyphen+1:], "-")
	switch cpu {
	case "ruby", "java", "jruby", "dalvik", "dotnet", "universal", "x86", "x86_64", "x64", "amd64", "i386", "i486",
		"i586", "i686", "arm", "arm64", "armv6", "armv6l", "armv7", "armv7l", "aarch64", "powerpc", "powerpc64le", "ppc",
		"ppc64", "ppc64le", "s390x", "riscv64", "sparc", "mips", "loongarch64", "wasm32", "linux", "darwin", "freebsd",
		"cygwin", "mingw32", "mswin32", "mswin64":
		return s[:hyphen]
	}
	return s
}
