// SPDX-License-Identifier: Apache-2.0

package report

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/medsbom/medsbom/internal/safetext"
)

// jsonText is JSON being written. Its methods for the structs of package
// assessment are in json_gen.go, made from these: without reflection, whose tables
// of types cost more than a small report.
type jsonText struct {
	b []byte
	// nan says that a number came by that JSON does not have.
	nan bool
}

// object ends an object whose members, each behind a comma, begin at from.
func (w *jsonText) object(from int) {
	if len(w.b) == from {
		w.b = append(w.b, '{')
	}
	w.b[from] = '{'
	w.b = append(w.b, '}')
}

// begin, next and end write a list of so many objects, each on a line of its own
// if lines.
func (w *jsonText) begin(lines bool, n int) {
	w.b = append(w.b, '[')
	if lines && n > 0 {
		w.b = append(w.b, '\n')
	}
}

func (w *jsonText) next(lines bool, i int) {
	if i == 0 {
		return
	}
	w.b = append(w.b, ',')
	if lines {
		w.b = append(w.b, '\n')
	}
}

func (w *jsonText) end(lines bool, n int) {
	if lines && n > 0 {
		w.b = append(w.b, '\n')
	}
	w.b = append(w.b, ']')
}

// name writes the name of a member, with comma and colon; text and optional a
// whole member.
func (w *jsonText) name(name string) { w.b = append(w.b, name...) }

func (w *jsonText) text(name, s string) { w.b = appendString(append(w.b, name...), s) }

func (w *jsonText) optional(name, s string) {
	if s != "" {
		w.text(name, s)
	}
}

func (w *jsonText) integer(n int64) { w.b = strconv.AppendInt(w.b, n, 10) }

func (w *jsonText) boolean(v bool) { w.b = strconv.AppendBool(w.b, v) }

func (w *jsonText) float(f float64) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		w.nan = true
		f = 0
	}
	w.b = appendFloat(w.b, f)
}

func (w *jsonText) texts(list []string) {
	w.b = append(w.b, '[')
	for i, s := range list {
		w.next(false, i)
		w.b = appendString(w.b, s)
	}
	w.b = append(w.b, ']')
}

func (w *jsonText) tally(m map[string]int) {
	w.b = append(w.b, '{')
	for i, key := range slices.Sorted(maps.Keys(m)) {
		w.next(false, i)
		w.b = append(appendString(w.b, key), ':')
		w.integer(int64(m[key]))
	}
	w.b = append(w.b, '}')
}

// asItStands are the bytes that a JSON string takes as they are, whatever stands
// beside them: ASCII without controls, quotation mark and backslash.
var asItStands = func() (plain [256]bool) {
	for c := ' '; c < 0x7F; c++ {
		plain[c] = c != '"' && c != '\\'
	}
	return plain
}()

// wordsAsTheyStand is how many bytes at the beginning of s are such, in whole words
// of eight: a byte that is not sets a high bit.
func wordsAsTheyStand(s string) int {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	n := 0
	for ; len(s) >= 8; s = s[8:] {
		x := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		quote, backslash := x^ones*'"', x^ones*'\\'
		if (x|(x+ones)|(x-ones*' ')|(quote-ones)|(backslash-ones))&high != 0 {
			break
		}
		n += 8
	}
	return n
}

// appendString appends s as a JSON string.
func appendString(b []byte, s string) []byte {
	for i := wordsAsTheyStand(s); i < len(s); {
		c := s[i]
		if asItStands[c] {
			i++
			continue
		}
		if c < utf8.RuneSelf {
			return appendQuoted(b, s)
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError || safetext.Hidden(r) {
			return appendQuoted(b, s)
		}
		i += size
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

func appendQuoted(b []byte, s string) []byte {
	quoted, _ := jsontext.AppendQuote(nil, s) // the error tells of invalid UTF-8, which is U+FFFD now
	return appendHarmless(b, quoted)
}

// appendHarmless appends JSON text, with the characters that are invisible or
// steer a terminal as \u escapes. They occur only within strings, where an
// escape means the same.
func appendHarmless(dst, text []byte) []byte {
	for len(text) > 0 {
		n := 0
		for n < len(text) && text[n] < 0x7F {
			n++
		}
		dst = append(dst, text[:n]...)
		if text = text[n:]; len(text) == 0 {
			break
		}
		r, size := utf8.DecodeRune(text)
		switch {
		case !safetext.Hidden(r):
			dst = append(dst, text[:size]...)
		case r > 0xFFFF:
			r -= 0x10000
			dst = appendUnit(appendUnit(dst, 0xD800|r>>10), 0xDC00|r&0x3FF)
		default:
			dst = appendUnit(dst, r)
		}
		text = text[size:]
	}
	return dst
}

func appendUnit(b []byte, u rune) []byte {
	const hex = "0123456789abcdef"
	return append(b, '\\', 'u', hex[u>>12&15], hex[u>>8&15], hex[u>>4&15], hex[u&15])
}

// appendFloat appends a finite number as ECMA-262 and RFC 8785 write it.
func appendFloat(b []byte, f float64) []byte {
	format := byte('f')
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		format = 'e'
	}
	b = strconv.AppendFloat(b, f, format, -1, 64)
	if n := len(b); format == 'e' && n >= 4 && b[n-4] == 'e' && b[n-2] == '0' { // e-09 is e-9
		b[n-2] = b[n-1]
		b = b[:n-1]
	}
	return b
}
