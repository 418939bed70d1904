// SPDX-License-Identifier: Apache-2.0

package safetext

import "strings"

// Markdown returns s as one harmless line of text inside GitHub-flavoured
// Markdown: it reads as s does, and starts no link, image, code, table cell,
// emphasis, heading, list, HTML or automatic link.
func Markdown(s string) string {
	s = Line(s)
	if !strings.ContainsAny(s, "\\`*_{}[]()#+-.!|<>&~@:$=\"'0123456789") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '\\', '`', '*', '_', '[', ']', '{', '}', '#', '|', '~', '!', '$':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '&':
			b.WriteString("&amp;")
		case '"':
			b.WriteString("&quot;")
		case '@': // mentions, mail addresses
			b.WriteString("&#64;")
		case ':': // URLs are made links without further marks
			if strings.HasPrefix(s[i:], "://") {
				b.WriteString("&#58;")
			} else {
				b.WriteByte(c)
			}
		case '.':
			if (i >= 3 && strings.EqualFold(s[i-3:i], "www")) || numbered(s, i) {
				b.WriteString("&#46;")
			} else {
				b.WriteByte(c)
			}
		case ')':
			if numbered(s, i) {
				b.WriteByte('\\')
			}
			b.WriteByte(c)
		case '-', '+', '=': // list, rule, underline of a heading: at the start only
			if strings.TrimLeft(s[:i], " ") == "" {
				b.WriteByte('\\')
			}
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// numbered reports whether all before s[i] is a number: "1." and "1)" start a list.
func numbered(s string, i int) bool {
	n := strings.TrimLeft(s[:i], " ")
	return n != "" && strings.Trim(n, "0123456789") == ""
}
