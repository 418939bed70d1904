// SPDX-License-Identifier: Apache-2.0

package version

import "strings"

// tagWords are what a tag may have before its version, whatever the project.
var tagWords = [...]string{"v", "r", "ver", "version", "rel", "release", "releases", "stable", "tag", "tags", "refs"}

// tagNames are the names in tags that do not follow from that of the repository.
var tagNames = map[string]string{
	"ffmpeg":     "n",
	"ghostpdl":   "ghostscript",
	"little-cms": "lcms",
	"qtbase":     "qt",
	"arrow":      "apache-arrow",
}

// maxTagParts bounds how many words are taken from the front of a tag.
const maxTagParts = 8

// TagVersion gives the version that a tag of a project's source repository
// stands for, as people write it: curl-7_80_0 of curl is 7.80.0, OpenSSL_1_1_1k
// of openssl is 1.1.1k, VER-2-10-1 of freetype is 2.10.1. What people write gives
// itself. project is the last element of the repository's path, in any case.
//
// Before the version may stand, in any order and between any of "-", "_", "."
// and "/": the project's name, with or without "lib", or the first of its parts
// (clamav of clamav-devel); and the words v, r, ver, version, rel, release,
// stable, tag. A tag with anything else is of something else, and so is given as
// it is: tiny-curl-7_72_0 is no version of curl. A tag whose version [Upstream]
// cannot compare is given from its version on, unchanged.
func TagVersion(project, tag string) string {
	tag = strings.Trim(tag, blanks)
	if tag == "" || len(tag) > maxLength {
		return tag
	}
	rest, ok := cutTagWords(project, tag)
	if !ok {
		return tag
	}
	end, start := upstreamNumbers(rest, 0)
	var key [64]byte
	if _, ok := Upstream.AppendKey(key[:0], rest); !ok {
		return rest
	}
	suffix := rest[end:]
	if suffix != "" && !isDigit(suffix[0]) {
		word := suffix
		if !isLetter(word[0]) {
			word = word[1:]
		}
		for _, w := range upstreamWords {
			if w.item == upstreamFinal && len(w.word) == len(word) && hasPrefixFold(word, w.word) {
				suffix = ""
			}
		}
	}
	numbers := rest[start:end]
	if i := strings.IndexAny(numbers, "_-"); i >= 0 {
		numbers = strings.ReplaceAll(numbers, numbers[i:i+1], ".")
	}
	if suffix == "" {
		return numbers
	}
	return numbers + suffix
}

// cutTagWords cuts from a tag what may stand before its version, which begins
// with a digit; ok is false if something else stands there.
func cutTagWords(project, tag string) (rest string, ok bool) {
	rest = tag
	for range maxTagParts {
		for rest != "" && isTagSeparator(rest[0]) {
			rest = rest[1:]
		}
		if rest == "" {
			return tag, false
		}
		if isDigit(rest[0]) {
			// hdf5-1.2 may not lose its name's digit, nor 3proxy its own.
			if n := tagName(project, rest); n > 0 && n < len(rest) && isTagSeparator(rest[n]) && !onlyNumbers(rest[:n]) {
				rest = rest[n:]
				continue
			}
			return rest, true
		}
		n := tagName(project, rest)
		if n == 0 {
			n = tagWord(rest)
		}
		if n == 0 {
			return tag, false
		}
		rest = rest[n:]
	}
	return tag, false
}

func onlyNumbers(s string) bool { return strings.Trim(s, "0123456789._-") == "" }

func isTagSeparator(c byte) bool { return c == '-' || c == '_' || c == '.' || c == '/' }

// ends reports whether a word of n bytes ends at a separator or before a number.
func ends(s string, n int) bool {
	return n < len(s) && (isTagSeparator(s[n]) || isDigit(s[n]) || s[n]|0x20 == 'v' && n+1 < len(s) && isDigit(s[n+1]))
}

// tagWord gives the length of the longest of tagWords at the start of s.
func tagWord(s string) (n int) {
	for _, word := range tagWords {
		if len(word) > n && hasPrefixFold(s, word) && ends(s, len(word)) {
			n = len(word)
		}
	}
	return n
}

// tagName gives the length of the project's name at the start of s.
func tagName(project, s string) (n int) {
	try := func(name string) {
		if m := prefixLoose(s, name); m > n && ends(s, m) {
			n = m
		}
	}
	try(project)
	if hasPrefixFold(project, "lib") {
		try(project[3:])
	} else if hasPrefixFold(s, "lib") {
		if m := prefixLoose(s[3:], project); m > 0 && ends(s, m+3) {
			n = max(n, m+3)
		}
	}
	if i := strings.IndexAny(project, "-_."); i > 1 {
		try(project[:i])
	}
	if other := tagNames[strings.ToLower(project)]; other != "" {
		try(other)
	}
	return n
}

// prefixLoose gives the length of name at the start of s without regard to case
// and to which separator is written; 0 if it does not stand there.
func prefixLoose(s, name string) int {
	if len(name) == 0 || len(s) < len(name) {
		return 0
	}
	for i := range len(name) {
		if lower(s[i]) != lower(name[i]) && (!isTagSeparator(s[i]) || !isTagSeparator(name[i])) {
			return 0
		}
	}
	return len(name)
}
