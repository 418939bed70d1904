// SPDX-License-Identifier: Apache-2.0

// Package notation knows how the values are written that the formats of bills of materials
// have in common: package URLs, CPE names, licence expressions, digests, the
// words for "not known". It looks at the form of a value alone, so that a fault
// gets its place in the file; what the value means is for those who use it. One
// fact thus reads the same whatever format it stands in.
package notation

import (
	"strings"
	"unicode/utf8"
)

// The two values by which SPDX says "not said" and "there is none". Other
// formats have taken them over.
const (
	NoAssertion = "NOASSERTION"
	None        = "NONE"
)

// Stated returns s, or "" if it is one of SPDX's values for no value.
func Stated(s string) string {
	if s == NoAssertion || s == None {
		return ""
	}
	return s
}

// IsUnknown reports whether s is one of the words by which people say, where a
// party or an identifier belongs, that they do not know. The empty text says
// nothing.
func IsUnknown(s string) bool {
	switch len(s) {
	case len(NoAssertion):
		return strings.EqualFold(s, NoAssertion)
	case len("UNKNOWN"):
		return strings.EqualFold(s, "UNKNOWN")
	case len(None):
		return strings.EqualFold(s, None)
	case len("N/A"):
		return strings.EqualFold(s, "N/A")
	}
	return false
}

// IsHex reports whether s is one or more hexadecimal digits.
func IsHex(s string) bool {
	for i := range len(s) {
		if c := s[i]; c-'0' > 9 && (c|0x20)-'a' > 5 {
			return false
		}
	}
	return s != ""
}

// IsVersionControl reports whether a location is one of a version control
// system: <tool>+<transport>://… (SPDX 2.3, clause 7.7), or as the tools
// themselves write it.
func IsVersionControl(location string) bool {
	for _, prefix := range [...]string{"git+", "git:", "git@", "ssh://git@", "hg+", "svn+", "svn:", "bzr+", "cvs+", "scm:"} {
		if len(location) > len(prefix) && strings.EqualFold(location[:len(prefix)], prefix) {
			return true
		}
	}
	return false
}

// Short is what a message may repeat of a text that nobody vouches for.
func Short(s string) string { return Clip(s, 100) }

// Clip cuts s to at most most bytes, between characters, and says so with "…".
func Clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most] + "…"
}
