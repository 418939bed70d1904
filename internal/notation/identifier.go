// SPDX-License-Identifier: Apache-2.0

package notation

import "strings"

// IsPURL reports whether s begins as a package URL does.
func IsPURL(s string) bool { return len(s) > 4 && strings.EqualFold(s[:4], "pkg:") }

// IsCPE reports whether s begins as a CPE name does, of 2.2 or 2.3.
func IsCPE(s string) bool { return strings.HasPrefix(s, "cpe:2.3:") || strings.HasPrefix(s, "cpe:/") }

// PURLFault tells what is wrong with the form of a package URL (purl-spec,
// "rules for each component"), "" if nothing is. It is a check of form alone,
// so that the fault gets its place in the file; what the parts mean for a type
// is package purl's business.
func PURLFault(s string) string {
	if len(s) < 4 || !strings.EqualFold(s[:4], "pkg:") {
		return "it does not begin with pkg:"
	}
	if len(s) > maxIdentifier {
		return "it is longer than 4096 bytes"
	}
	rest := strings.TrimLeft(s[4:], "/")
	for i := strings.IndexByte(rest, '%'); i >= 0; {
		if i+2 >= len(rest) || !IsHex(rest[i+1:i+3]) {
			return "a '%' is not followed by two hexadecimal digits"
		}
		next := strings.IndexByte(rest[i+1:], '%')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	rest, _, _ = strings.Cut(rest, "#")
	rest, qualifiers, _ := strings.Cut(rest, "?")
	kind, rest, found := strings.Cut(rest, "/")
	if !found {
		return "it has no name"
	}
	for i := 0; i < len(kind); i++ {
		switch c := kind[i]; {
		case c-'a' < 26, c-'A' < 26, c == '.', c == '-', c == '+':
		case c-'0' <= 9 && i > 0:
		default:
			return "its type has a character that no type has"
		}
	}
	if kind == "" {
		return "it has no type"
	}
	// The version is what follows the last '@' that does not begin a segment:
	// a bare scope (pkg:npm/@a/b) is common.
	if at := strings.LastIndexByte(rest, '@'); at > 0 && rest[at-1] != '/' {
		rest = rest[:at]
	}
	rest = strings.TrimRight(rest, "/")
	if name := rest[strings.LastIndexByte(rest, '/')+1:]; name == "" || name[0] == '@' {
		return "it has no name"
	}
	return qualifierFault(qualifiers)
}

const (
	maxIdentifier = 4096
	maxQualifiers = 64
)

func qualifierFault(s string) string {
	var keys [maxQualifiers]string
	n := 0
	for s != "" {
		var pair string
		pair, s, _ = strings.Cut(s, "&")
		key, _, found := strings.Cut(pair, "=")
		if pair == "" {
			continue
		}
		if !found || key == "" {
			return "a qualifier is not of the form key=value"
		}
		for _, earlier := range keys[:n] {
			if strings.EqualFold(earlier, key) {
				return "a qualifier stands twice"
			}
		}
		if n == maxQualifiers {
			return "it has more than 64 qualifiers"
		}
		keys[n] = key
		n++
	}
	return ""
}

// CPEFault tells what is wrong with the form of a CPE name: 2.3 formatted
// string (NISTIR 7695 §6.2) or 2.2 URI (§6.1), "" if nothing is.
func CPEFault(s string) string {
	switch {
	case len(s) > maxIdentifier:
		return "it is longer than 4096 bytes"
	case strings.HasPrefix(s, "cpe:2.3:"):
		fields := 1
		for i := len("cpe:2.3:"); i < len(s); i++ {
			switch s[i] {
			case '\\':
				i++
			case ':':
				fields++
			}
		}
		if fields != 11 {
			return "a CPE 2.3 name has eleven fields after cpe:2.3"
		}
		switch s[len("cpe:2.3:")] {
		case 'a', 'o', 'h', '*', '-':
			return ""
		}
		return "its part is none of a, o and h"
	case strings.HasPrefix(s, "cpe:/"):
		if len(s) == len("cpe:/") {
			return "it is empty"
		}
		switch s[len("cpe:/")] {
		case 'a', 'o', 'h', ':':
			return ""
		}
		return "its part is none of a, o and h"
	}
	return "it begins neither with cpe:2.3: nor with cpe:/"
}
