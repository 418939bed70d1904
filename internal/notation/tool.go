// SPDX-License-Identifier: Apache-2.0

package notation

import "strings"

// Tool splits "syft-1.51.0-26" into name and version at the first '-', blank or
// '_' after which a version stands: SPDX has one text for both (SPDX 2.3, clause
// 6.8: "tool: name-version").
func Tool(s string) (name, version string) {
	for i := 1; i < len(s); i++ {
		if !isToolSeparator(s[i]) {
			continue
		}
		version := strings.TrimLeft(s[i:], "-_ ")
		if startsVersion(version) {
			name := strings.TrimRight(s[:i], ":") // "SAG-PM Version: 1.1.7"
			return strings.TrimSuffix(name, " Version"), version
		}
		i = len(s) - len(version) - 1 // past the separators: a row of them is looked at once
	}
	return s, ""
}

func isToolSeparator(c byte) bool { return c == '-' || c == '_' || c == ' ' }

// startsVersion reports whether s begins with a version: digits and dots, or
// digits alone if nothing follows them; or is the name of a commit.
func startsVersion(s string) bool {
	if len(s) == 40 && IsHex(s) {
		return true
	}
	s = strings.TrimPrefix(s, "v")
	if s == "" || s[0]-'0' > 9 {
		return false
	}
	dot := false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '.':
			dot = true
		case isToolSeparator(c) || c == '+':
			return dot
		case c-'0' > 9 && !dot:
			return false
		}
	}
	return true
}
