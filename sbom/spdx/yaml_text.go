// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"strings"
	"unicode/utf8"
)

// printable returns a text in which characters that YAML does not allow are
// replaced (YAML 1.2.2, production 1), how many there were, and where the first
// stands in the result: one bad byte in one value should not cost the document.
func printable(text []byte) (clean []byte, bad, first int) {
	kept := 0 // up to here text is in clean
	for i := 0; i < len(text); {
		c := text[i]
		size := 1
		if c >= utf8.RuneSelf {
			var r rune
			if r, size = utf8.DecodeRune(text[i:]); isPrintable(r, size) {
				i += size
				continue
			}
		} else if c >= ' ' && c != 0x7f || c == '\n' || c == '\t' || c == '\r' {
			i++
			continue
		}
		clean = append(clean, text[kept:i]...)
		if bad++; bad == 1 {
			first = len(clean)
		}
		clean = utf8.AppendRune(clean, utf8.RuneError)
		i += size
		kept = i
	}
	if bad == 0 {
		return text, 0, 0
	}
	return append(clean, text[kept:]...), bad, first
}

// isPrintable holds for what the library reads, too: no mark in the middle of a
// text, no C1 controls. It is false for the separators of lines that are breaks
// in YAML 1.1 only: the library would count lines that no editor shows.
func isPrintable(r rune, size int) bool {
	switch r {
	case utf8.RuneError:
		return size > 1
	case '\uFEFF', '\uFFFE', '\uFFFF', '\u2028', '\u2029':
		return false
	}
	return r >= 0xa0
}

// beyondEntries returns the offset at which a YAML text has more than most
// entries, -1 if it has fewer. Each is counted by what begins or ends it: a
// line, or an indicator of the language; an entry has two nodes at most.
func beyondEntries(text []byte, most int) int {
	for i, c := range text {
		switch c {
		case '\n', ',', '[', '{':
		case ':', '-', '?':
			// an indicator only before white space, and ':' also behind a quote
			if i+1 < len(text) && !strings.ContainsRune(" \t\r\n,[]{}", rune(text[i+1])) &&
				(c != ':' || i == 0 || text[i-1] != '"' && text[i-1] != '\'') {
				continue
			}
		default:
			continue
		}
		if most--; most < 0 {
			return i
		}
	}
	return -1
}

// isOddVersion reports whether an unquoted scalar looks like something else
// than text or a plain decimal to some reader of YAML 1.1 or 1.2: a boolean,
// null, a date, a number in another notation. A decimal is not said: 1.10 is
// how versions are written, and nobody who knows the format takes it for 1.1.
func isOddVersion(s string) bool {
	switch strings.ToLower(s) {
	case "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", "+.inf", "-.inf", ".nan":
		return true
	}
	body := strings.TrimLeft(s, "+-")
	switch {
	case body == "" || !isDigit(body[0]):
		return false
	case body != s:
		return true // a sign
	}
	if len(s) > 1 && s[0] == '0' && s[1] != '.' {
		return oddNumber(s, "0123456789abcdefoxABCDEFOX_") // 010, 0o17, 0x10
	}
	return looksLikeDate(s) || oddNumber(s, "0123456789_") && strings.Contains(s, "_") ||
		oddNumber(s, "0123456789:") && strings.Contains(s, ":") || isExponent(s)
}

func oddNumber(s, of string) bool { return strings.Trim(s, of) == "" }

func looksLikeDate(s string) bool {
	if len(s) < 8 {
		return false
	}
	parts := strings.SplitN(s, "-", 3)
	return len(parts) == 3 && len(parts[0]) == 4 && oddNumber(parts[0], "0123456789") &&
		len(parts[1]) <= 2 && oddNumber(parts[1], "0123456789") && parts[2] != "" && isDigit(parts[2][0])
}

// isExponent reports whether s is a number like 1e3 or 1.5E-3.
func isExponent(s string) bool {
	mantissa, exponent, found := strings.Cut(strings.ToLower(s), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	exponent = strings.TrimLeft(exponent, "+-")
	return found && whole != "" && exponent != "" &&
		oddNumber(whole, "0123456789_") && oddNumber(fraction, "0123456789_") && oddNumber(exponent, "0123456789")
}
