// SPDX-License-Identifier: Apache-2.0

package cel

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// what a token is.
type class uint8

const (
	end class = iota
	name
	number // whole or broken
	quoted
	mark // operators and brackets
)

type token struct {
	class  class
	text   string // of a quoted one what it means
	at     place
	broken bool // a number with a point or an exponent
}

// place is where something stands: line from 1, column in code points from 0.
type place struct{ line, column int }

func (p place) errorf(format string, args ...any) *Error {
	return &Error{Line: p.line, Column: p.column, Message: fmt.Sprintf(format, args...)}
}

// lexer cuts an expression into tokens.
type lexer struct {
	rest string
	at   place
}

func (l *lexer) skip(n int) string {
	taken := l.rest[:n]
	l.rest = l.rest[n:]
	if i := strings.LastIndexByte(taken, '\n'); i >= 0 {
		l.at.line += strings.Count(taken, "\n")
		l.at.column = utf8.RuneCountInString(taken[i+1:])
	} else {
		l.at.column += utf8.RuneCountInString(taken)
	}
	return taken
}

func isLetter(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

// span counts the bytes in front that are of a kind.
func span(s string, is func(byte) bool) int {
	n := 0
	for n < len(s) && is(s[n]) {
		n++
	}
	return n
}

func (l *lexer) space() {
	for {
		l.skip(span(l.rest, func(c byte) bool { return strings.IndexByte(" \t\r\n\f", c) >= 0 }))
		if !strings.HasPrefix(l.rest, "//") {
			return
		}
		l.skip(span(l.rest, func(c byte) bool { return c != '\n' }))
	}
}

var marks = [...]string{"&&", "||", "==", "!=", "<=", ">="}

func (l *lexer) next() (token, *Error) {
	l.space()
	t := token{at: l.at}
	s := l.rest
	switch {
	case s == "":
		return t, nil
	case isDigit(s[0]) || s[0] == '.' && len(s) > 1 && isDigit(s[1]):
		t.class = number
		t.text, t.broken = l.number()
		if l.rest != "" && isLetter(l.rest[0]) {
			return t, l.at.errorf("Syntax error: %q behind a number", l.rest[:1])
		}
		return t, nil
	case isLetter(s[0]):
		n := span(s, func(c byte) bool { return isLetter(c) || isDigit(c) })
		if n < len(s) && (s[n] == '"' || s[n] == '\'') {
			return l.prefixed(t, s[:n])
		}
		t.class, t.text = name, l.skip(n)
		return t, nil
	case s[0] == '"' || s[0] == '\'':
		return l.quoted(t, false)
	}
	t.class = mark
	for _, m := range marks {
		if strings.HasPrefix(s, m) {
			t.text = l.skip(len(m))
			return t, nil
		}
	}
	if strings.IndexByte("+-*/%!<>?:.,()[]", s[0]) < 0 {
		r, _ := utf8.DecodeRuneInString(s)
		return t, l.at.errorf("Syntax error: %q is not known here", r)
	}
	t.text = l.skip(1)
	return t, nil
}

// number takes 12, 0x1f, 1.5, .5, 1e3.
func (l *lexer) number() (text string, broken bool) {
	s := l.rest
	if strings.HasPrefix(s, "0x") {
		return l.skip(2 + span(s[2:], func(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' })), false
	}
	n := span(s, isDigit)
	if n+1 < len(s) && s[n] == '.' && isDigit(s[n+1]) {
		n, broken = n+1+span(s[n+1:], isDigit), true
	}
	if n < len(s) && s[n]|0x20 == 'e' {
		e := n + 1
		if e < len(s) && (s[e] == '+' || s[e] == '-') {
			e++
		}
		if digits := span(s[e:], isDigit); digits > 0 {
			n, broken = e+digits, true
		}
	}
	return l.skip(n), broken
}

func (l *lexer) prefixed(t token, prefix string) (token, *Error) {
	if prefix != "r" && prefix != "R" {
		return t, t.at.errorf("Syntax error: no texts with %q in front", prefix)
	}
	l.skip(1)
	return l.quoted(t, true)
}

// quoted takes a text in single or double quotation marks, one of each or three.
func (l *lexer) quoted(t token, raw bool) (token, *Error) {
	t.class = quoted
	q := l.rest[:1]
	if three := strings.Repeat(q, 3); strings.HasPrefix(l.rest, three) {
		q = three
	}
	l.skip(len(q))
	var b strings.Builder
	for !strings.HasPrefix(l.rest, q) {
		switch {
		case l.rest == "" || len(q) == 1 && (l.rest[0] == '\n' || l.rest[0] == '\r'):
			return t, t.at.errorf("Syntax error: a text that does not end")
		case l.rest[0] == '\\' && !raw:
			at := l.at
			r, n := unescape(l.rest)
			if n == 0 {
				return t, at.errorf("Syntax error: an escape that is not known")
			}
			b.WriteRune(r)
			l.skip(n)
		default:
			_, n := utf8.DecodeRuneInString(l.rest)
			b.WriteString(l.skip(n))
		}
	}
	l.skip(len(q))
	t.text = b.String()
	return t, nil
}

// unescape reads an escape and tells its length, 0 for none.
func unescape(s string) (rune, int) {
	if len(s) < 2 {
		return 0, 0
	}
	digits, base := 0, 16
	from := 2
	switch c := s[1]; c {
	case 'a', 'b', 'f', 'n', 'r', 't', 'v':
		return rune("\a\b\f\n\r\t\v"[strings.IndexByte("abfnrtv", c)]), 2
	case '\\', '?', '"', '\'', '`':
		return rune(c), 2
	case 'x', 'X':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	case '0', '1', '2', '3':
		digits, base, from = 3, 8, 1
	default:
		return 0, 0
	}
	if len(s) < from+digits {
		return 0, 0
	}
	n, err := strconv.ParseUint(s[from:from+digits], base, 32)
	if err != nil || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
		return 0, 0
	}
	return rune(n), from + digits
}
