// SPDX-License-Identifier: Apache-2.0

package version

import (
	"fmt"
	"strings"
)

// maxQuote is how many bytes of a refused text an error quotes.
const maxQuote = 64

// refusal says why text is not comparable under s.
func (s Scheme) refusal(text string) error {
	if s == 0 || int(s) >= schemes {
		return fmt.Errorf("version %s not comparable: no version scheme", quote(text))
	}
	return fmt.Errorf("version %s not comparable: %s", quote(text), s.reason(strings.Trim(text, blanks)))
}

func (s Scheme) reason(text string) string {
	switch {
	case text == "":
		return "empty"
	case len(text) > maxLength:
		return fmt.Sprintf("%d bytes, more than %d", len(text), maxLength)
	case isPlaceholder(text):
		return "a placeholder"
	case strings.Contains(text, "://") || strings.HasPrefix(text, "git+") || strings.HasPrefix(text, "file:"):
		return "a URL"
	case strings.ContainsAny(text, "<>=^*|,[]()") || text[0] == '~' || isWildcard(text):
		return "a range or wildcard"
	case hasPrefixFold(text, "dev-") || strings.HasSuffix(text, "-dev") && s == Packagist:
		return "a branch"
	}
	for i := range len(text) {
		if text[i] <= ' ' || text[i] > '~' {
			return fmt.Sprintf("%q at byte %d is in no version", text[i:i+1], i)
		}
	}
	return "not a version of " + s.String()
}

// isPlaceholder reports whether text stands for a version that nobody filled in.
func isPlaceholder(text string) bool {
	if strings.ContainsAny(text, "${}%@") {
		return true
	}
	switch strings.Trim(strings.ToLower(text), "()<>[]-_ ") {
	case "", "unknown", "undefined", "unspecified", "unversioned", "none", "null", "nil", "n/a", "na", "noassertion",
		"latest", "devel", "dev", "develop", "development", "head", "master", "main", "trunk", "default", "snapshot",
		"current", "stable", "release", "version", "tbd", "todo", "not available", "not applicable":
		return true
	}
	return false
}

// isWildcard reports whether a dotted part of text is an x.
func isWildcard(text string) bool {
	for part := range strings.SplitSeq(text, ".") {
		if part == "x" || part == "X" {
			return true
		}
	}
	return false
}

// quote quotes the start of text.
func quote(text string) string {
	if len(text) > maxQuote {
		return fmt.Sprintf("%q…", text[:maxQuote])
	}
	return fmt.Sprintf("%q", text)
}
