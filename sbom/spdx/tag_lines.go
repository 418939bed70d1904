// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/medsbom/medsbom/sbom"
)

// tagLines cuts a tag-value text into lines of "Tag: value", where a value
// between <text> and </text> goes over as many lines as it likes.
type tagLines struct {
	text  string
	pos   int
	limit int // bytes of a value

	// the line that next found
	tag      string // "" if the line is none of "Tag: value"
	value    string // blanks at the ends removed; the line if it has no tag
	at       int    // offset of the tag
	trailing bool   // text stood after </text>

	err   error
	where func(offset int) sbom.Position
}

// lineFeeds returns a text with LF in place of every CR that no LF follows, so
// that lines may end in any of the three ways, also in one file; offsets stay
// the same. A text without such a CR is returned as it is.
func lineFeeds(text []byte) (lines []byte, changed bool) {
	for pos := 0; ; {
		n := bytes.IndexByte(text[pos:], '\r')
		if n < 0 {
			return text, changed
		}
		pos += n + 1
		if pos < len(text) && text[pos] == '\n' {
			continue
		}
		if !changed {
			text, changed = bytes.Clone(text), true
		}
		text[pos-1] = '\n'
	}
}

// next moves to the next line that is neither empty nor a comment.
func (l *tagLines) next() bool {
	for l.err == nil && l.pos < len(l.text) {
		start := l.pos
		line := l.text[start:]
		if end := strings.IndexByte(line, '\n'); end >= 0 {
			line = line[:end]
			l.pos += end + 1
		} else {
			l.pos = len(l.text)
		}
		trimmed := strings.TrimLeft(line, " \t")
		l.at = start + len(line) - len(trimmed)
		trimmed = strings.TrimRight(trimmed, " \t\r")
		if trimmed == "" || trimmed[0] == '#' {
			continue
		}
		l.trailing = false
		l.tag, l.value = cutTag(trimmed)
		if l.tag != "" && strings.HasPrefix(l.value, openText) {
			from := l.at + strings.Index(l.text[l.at:], openText)
			if !l.quoted(from) {
				return false
			}
		}
		if len(l.value) > l.limit {
			l.fail(l.at, sbom.SyntaxError{
				Message: fmt.Sprintf("a value of %d bytes, more than the limit of %d", len(l.value), l.limit),
				Remedy:  remedyLimit, Limit: sbom.LimitString,
			})
			return false
		}
		return true
	}
	return false
}

const (
	openText  = "<text>"
	closeText = "</text>"
)

// quoted reads the value from the <text> at offset from.
func (l *tagLines) quoted(from int) bool {
	body := from + len(openText)
	n := strings.Index(l.text[body:], closeText)
	if n < 0 {
		l.fail(from, sbom.SyntaxError{Message: "a <text> that is never closed: the rest of the document would be part of it", Remedy: remedyWhole})
		return false
	}
	l.value = strings.TrimSpace(l.text[body : body+n])
	l.pos = body + n + len(closeText)
	rest := l.text[l.pos:]
	if end := strings.IndexByte(rest, '\n'); end >= 0 {
		rest = rest[:end]
		l.pos++
	}
	l.pos += len(rest)
	l.trailing = strings.TrimSpace(rest) != ""
	return true
}

func (l *tagLines) fail(offset int, e sbom.SyntaxError) {
	e.Position = l.where(offset)
	l.err = &e
}

// cutTag cuts "Tag: value". The tag is "" if the line does not begin with
// letters and a colon.
func cutTag(line string) (tag, value string) {
	i := 0
	for i < len(line) && line[i]|0x20 >= 'a' && line[i]|0x20 <= 'z' {
		i++
	}
	end := i
	for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
		i++
	}
	if end == 0 || i == len(line) || line[i] != ':' {
		return "", line
	}
	return line[:end], strings.TrimLeft(line[i+1:], " \t")
}

// cleanText replaces invalid UTF-8 and reports whether s had that or control
// characters other than the white ones.
func cleanText(s string) (clean string, bad bool) {
	ascii := true
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf {
			ascii = false
		} else if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			bad = true
		}
	}
	if !ascii && !utf8.ValidString(s) {
		return strings.ToValidUTF8(s, "\uFFFD"), true
	}
	return s, bad
}
