// SPDX-License-Identifier: Apache-2.0

// Package safetext makes text that came from a document harmless for the
// medium it is shown in. SBOMs are hostile input: a component's name can carry
// terminal escapes, turn the reading direction of a line, hide characters, or
// pretend to be Markdown.
//
// # What is replaced, and by what
//
// Nothing is dropped in silence; what cannot be shown as it is, is shown as a
// visible stand-in:
//
//   - C0 controls and DEL, so also line breaks, tabs and the escape that starts
//     an ANSI or OSC sequence: their control picture (␛, ␊, ␡);
//   - invalid UTF-8: each byte as \xNN;
//   - C1 controls, line and paragraph separators, bidirectional controls
//     (U+061C, U+200E–F, U+202A–E, U+2066–9), zero-width and other invisible
//     characters (default ignorable code points, tag characters, fillers),
//     private use, surrogates and unassigned code points: \u{NNNN};
//   - variation selectors: kept once after a character (❤️ needs it), further
//     ones, which can smuggle hidden text, as \u{NNNN};
//   - combining marks: four in a row are kept, further ones, which can grow
//     over neighbouring lines, as \u{NNNN};
//   - spaces other than U+0020: one U+0020, as they look;
//   - what the log readers of build services take for a command: "::" where a
//     word starts, and three or more colons in a row, get a middle dot between
//     the colons (":·:error:"); "##[", "##vso[" and the like, which are obeyed
//     anywhere in a line, become "#·#[". A "::" within a word stays, as in
//     enterprise_linux:8::appstream, and Split does not break a word before it.
//
// A zero-width joiner is replaced like the rest, so a family emoji falls apart
// into its members: names of software can bear that. A backslash is kept as it
// is; that a text may contain the letters \u{202E} itself is harmless.
//
// Length is bounded too: what is too long is cut and ends in "…".
package safetext

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
)

const (
	// maxLine bounds, in columns, what Line and Markdown give back.
	maxLine = 2000
	// maxMarks is how many combining marks in a row are kept. Living
	// languages need no more (Unicode's stream-safe format allows 30).
	maxMarks = 4

	ellipsis = "…"
)

// Terminal returns s as one harmless line of at most that many columns of a
// terminal. What is longer is cut at its end and closed with "…". A number of
// zero or less means the package's own bound of 2,000 columns.
func Terminal(s string, columns int) string {
	if columns <= 0 || columns > maxLine {
		columns = maxLine
	}
	return cut(clean(s, columns), columns)
}

// Line returns s as one harmless line, for messages and errors.
func Line(s string) string { return Terminal(s, 0) }

// Middle is Terminal, except that what is too long loses its middle: names and
// versions differ at their ends.
func Middle(s string, columns int) string {
	if columns <= 0 || columns > maxLine {
		columns = maxLine
	}
	if len(s) > 4*maxLine {
		// Far beyond any bound: keep both ends, so that time and memory are too.
		s = s[:2*maxLine] + ellipsis + s[len(s)-2*maxLine:]
	}
	s = clean(s, len(s))
	if Width(s) <= columns {
		return s
	}
	if columns <= 2 {
		return cut(s, columns)
	}
	tail := (columns - 1) / 2
	head := columns - 1 - tail
	return prefix(s, head) + ellipsis + suffix(s, tail)
}

// Width is the number of terminal columns that s takes: two for East Asian
// wide characters and emoji, none for combining marks. It does not depend on
// the environment: ambiguous characters count one.
func Width(s string) int { return displaywidth.Options{}.String(s) }

// Split cuts harmless text into a head of at most so many columns and the
// rest. The head has at least one character, so that a loop ends.
func Split(s string, columns int) (head, tail string) {
	head = prefix(s, columns)
	if head == "" && s != "" {
		g := displaywidth.Options{}.StringGraphemes(s)
		g.Next()
		head = g.Value()
	}
	if strings.HasPrefix(s[len(head):], "::") {
		// The rest would start a line with a command: it takes the last
		// character of the head along, or leaves a colon behind if there is no
		// room for that.
		if n := len(lastCharacter(head)); n < len(head) && head[len(head)-1] != ':' {
			head = head[:len(head)-n]
		} else {
			head += ":"
		}
	}
	return head, s[len(head):]
}

// lastCharacter is the last character as it is seen, with its marks.
func lastCharacter(s string) string {
	g := displaywidth.Options{}.StringGraphemes(s)
	last := ""
	for g.Next() {
		last = g.Value()
	}
	return last
}

// clean replaces what must not be shown. It looks at no more of s than is
// needed to fill atLeast columns several times over.
func clean(s string, atLeast int) string {
	if limit := 16*atLeast + 64; len(s) > limit {
		for range utf8.UTFMax - 1 {
			if utf8.RuneStart(s[limit]) {
				break
			}
			limit--
		}
		s = s[:limit] + ellipsis
	}
	i := 0
	for i < len(s) && s[i] >= ' ' && s[i] <= '~' {
		i++
	}
	if i == len(s) {
		return disarm(s)
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	b.WriteString(s[:i])
	marks, selected := 0, i == 0
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteString(`\x`)
			b.WriteByte(hex[s[i]>>4])
			b.WriteByte(hex[s[i]&15])
			marks, selected = 0, true
		case r < ' ':
			b.WriteRune('␀' + r)
			marks, selected = 0, true
		case r == 0x7F:
			b.WriteRune('␡')
			marks, selected = 0, true
		case r == 0xFE0E || r == 0xFE0F:
			if selected {
				escape(&b, r)
			} else {
				b.WriteRune(r)
				selected = true
			}
		case Hidden(r):
			escape(&b, r)
			marks, selected = 0, true
		case unicode.Is(unicode.Zs, r):
			b.WriteByte(' ')
			marks, selected = 0, true
		case unicode.Is(unicode.M, r):
			if marks++; marks > maxMarks {
				escape(&b, r)
			} else {
				b.WriteRune(r)
			}
		default:
			b.WriteRune(r)
			marks, selected = 0, false
		}
		i += size
	}
	return disarm(b.String())
}

// disarm puts a middle dot into what build services obey when they find it in
// the output of a step: GitHub's "::error::", where a line starts with it, and
// the "##[error]" and "##vso[…]" of Azure Pipelines, "##teamcity[…]" and
// GitHub's older form, anywhere.
func disarm(s string) string {
	if !strings.Contains(s, "::") && !strings.Contains(s, "##") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	for i := 0; i < len(s); {
		n := 1
		switch s[i] {
		case ':':
			for i+n < len(s) && s[i+n] == ':' {
				n++
			}
			if n > 2 || n == 2 && (i == 0 || s[i-1] == ' ') {
				b.WriteString(strings.Repeat(":·", n-1) + ":")
			} else {
				b.WriteString(s[i : i+n])
			}
		case '#':
			b.WriteByte('#')
			if i+1 < len(s) && s[i+1] == '#' && strings.HasPrefix(strings.TrimLeft(s[i+2:], letters), "[") {
				b.WriteRune('·')
			}
		default:
			b.WriteByte(s[i])
		}
		i += n
	}
	return b.String()
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

const hex = "0123456789ABCDEF"

// Hidden tells the characters that are not seen, or that steer how others are
// seen: controls, invisible and unassigned characters, variation selectors.
func Hidden(r rune) bool {
	if r < 0x80 {
		return r < ' ' || r == 0x7F
	}
	return unicode.Is(unicode.Variation_Selector, r) ||
		unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) ||
		r == 0x2800 || // blank braille pattern
		!unicode.IsGraphic(r) // Cc, Cf, Co, Cs, Cn, Zl, Zp
}

func escape(b *strings.Builder, r rune) {
	b.WriteString(`\u{`)
	b.WriteString(strings.ToUpper(strconv.FormatInt(int64(r), 16)))
	b.WriteByte('}')
}

// cut shortens clean text to so many columns.
func cut(s string, columns int) string {
	if len(s) <= columns || Width(s) <= columns {
		return s
	}
	if columns <= 0 {
		return ""
	}
	return prefix(s, columns-1) + ellipsis
}

// prefix is the longest beginning of whole characters that fits.
func prefix(s string, columns int) string {
	g := displaywidth.Options{}.StringGraphemes(s)
	end, width := 0, 0
	for g.Next() {
		width += g.Width()
		if width > columns {
			break
		}
		end += len(g.Value())
	}
	return s[:end]
}

// suffix is the longest end of whole characters that fits.
func suffix(s string, columns int) string {
	g := displaywidth.Options{}.StringGraphemes(s)
	start, width := 0, Width(s)
	for width > columns && g.Next() {
		width -= g.Width()
		start += len(g.Value())
	}
	return s[start:]
}
