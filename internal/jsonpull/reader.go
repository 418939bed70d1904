// SPDX-License-Identifier: Apache-2.0

// Package jsonpull reads JSON by pulling: the caller asks for the next value
// in the form it wants and passes over the rest. Nothing is built that the
// caller did not ask for, strings without escapes are views of the input, and
// nothing is allocated for what is skipped.
//
// It is strict about JSON's grammar (RFC 8259) wherever it looks, also inside
// skipped values, and lenient in one thing: invalid UTF-8 and raw control
// characters inside strings are counted (Reader.BadText), not refused; the
// strings keep the bytes, invalid UTF-8 replaced by U+FFFD. A byte order mark
// must have been removed.
//
// Errors stick: after the first one every call returns its zero value and
// Err tells what was wrong. Strings are views: the input must not be changed
// while they live.
//
//	r := jsonpull.New(text, limits)
//	if r.Object() {
//		for r.Key() {
//			switch r.Name() {
//			case "name":
//				name, ok = r.String()
//			default:
//				r.Skip()
//			}
//		}
//	}
//	err := r.End()
package jsonpull

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// Kind is the kind of the next value.
type Kind uint8

// The kinds of value. Invalid stands for the end of the text, a character
// that starts no value, and a reader that has failed.
const (
	Invalid Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

func (k Kind) String() string {
	return [...]string{"nothing", "null", "a boolean", "a number", "a string", "an array", "an object"}[k]
}

// Limits bound what a text may ask of the reader. Zero means the default.
type Limits struct {
	Depth  int // nesting of arrays and objects; default 256
	String int // bytes of one string; default 16 MiB
}

const (
	defaultDepth  = 256
	defaultString = 16 << 20
)

// Limit is a limit of a Reader.
type Limit uint8

// The limits.
const (
	None Limit = iota
	Depth
	StringLength
	Callers // one of the caller, who called Stop
)

// An Error says what is wrong with the text, and where.
type Error struct {
	Offset  int // byte offset
	Message string
	Limit   Limit // which limit of ours was passed; None for a fault of the grammar
	Ended   bool  // the text ends before the value does: it was cut off
}

func (e *Error) Error() string { return fmt.Sprintf("offset %d: %s", e.Offset, e.Message) }

// A Reader reads one JSON text. Use New.
type Reader struct {
	data   []byte
	pos    int
	depth  int
	first  bool // the container just entered has given no element yet
	name   string
	nameAt int
	err    *Error
	limits Limits

	// BadText counts strings with invalid UTF-8 or raw control characters, read
	// or skipped, and strings read with lone surrogates; BadTextAt is the offset
	// of the first.
	BadText   int
	BadTextAt int
}

// New returns a reader over one JSON text.
func New(text []byte, limits Limits) *Reader {
	if limits.Depth == 0 {
		limits.Depth = defaultDepth
	}
	if limits.String == 0 {
		limits.String = defaultString
	}
	return &Reader{data: text, limits: limits}
}

// Reset makes r read another text with the same limits.
func (r *Reader) Reset(text []byte) { *r = Reader{data: text, limits: r.limits} }

// Err returns the first error met, nil if there was none.
func (r *Reader) Err() *Error { return r.err }

// Offset is the offset of the next value (white space before it passed over).
func (r *Reader) Offset() int {
	r.space()
	return r.pos
}

// NameOffset is the offset of the key that Key read last.
func (r *Reader) NameOffset() int { return r.nameAt }

// Name is the key that Key read last.
func (r *Reader) Name() string { return r.name }

// End checks that nothing but white space follows.
func (r *Reader) End() *Error {
	if r.err == nil {
		r.space()
		if r.pos < len(r.data) {
			r.fail(r.pos, "text after the end of the document")
		}
	}
	return r.err
}

func (r *Reader) fail(at int, format string, args ...any) {
	if r.err == nil {
		r.err = &Error{Offset: at, Message: fmt.Sprintf(format, args...)}
	}
	r.pos = len(r.data)
}

func (r *Reader) failLimit(limit Limit, at int, format string, args ...any) {
	r.fail(at, format, args...)
	r.err.Limit = limit
}

func (r *Reader) failEnded(at int, format string, args ...any) {
	if r.err == nil {
		r.fail(at, format, args...)
		r.err.Ended = true
	}
}

// Stop makes the reader fail: the caller has met a limit of its own at offset.
func (r *Reader) Stop(offset int, message string) {
	if r.err == nil {
		r.failLimit(Callers, offset, "%s", message)
	}
}

func (r *Reader) failHere(want string) {
	switch {
	case r.err != nil:
	case r.pos >= len(r.data):
		r.failEnded(len(r.data), "the text ends where %s should stand", want)
	default:
		c, _ := utf8.DecodeRune(r.data[r.pos:])
		r.fail(r.pos, "%q where %s should stand", c, want)
	}
}

func (r *Reader) space() {
	data, pos := r.data, r.pos
	for pos < len(data) && data[pos] <= ' ' {
		switch data[pos] {
		case ' ', '\n', '\r', '\t':
			pos++
		default:
			r.pos = pos
			return
		}
		// An indent is many spaces: eight at once.
		for pos+8 <= len(data) && binary.LittleEndian.Uint64(data[pos:]) == ones*' ' {
			pos += 8
		}
	}
	r.pos = pos
}

// Kind tells what the next value is, without reading it.
func (r *Reader) Kind() Kind {
	r.space()
	if r.pos >= len(r.data) {
		return Invalid
	}
	switch c := r.data[r.pos]; c {
	case '{':
		return Object
	case '[':
		return Array
	case '"':
		return String
	case 't', 'f':
		return Bool
	case 'n':
		return Null
	default:
		if c == '-' || c-'0' <= 9 {
			return Number
		}
		return Invalid
	}
}

// Object enters the next value if it is an object and reports true. If it is
// something else it is skipped.
func (r *Reader) Object() bool { return r.enter(Object) }

// Array enters the next value if it is an array and reports true. If it is
// something else it is skipped.
func (r *Reader) Array() bool { return r.enter(Array) }

func (r *Reader) enter(k Kind) bool {
	if r.Kind() != k {
		r.Skip()
		return false
	}
	if r.depth++; r.depth > r.limits.Depth {
		r.failLimit(Depth, r.pos, "nested deeper than %d levels", r.limits.Depth)
		return false
	}
	r.pos++
	r.first = true
	return true
}

// Key moves to the next member of the object entered last and reports whether
// there is one. The caller must read or skip its value before the next call.
func (r *Reader) Key() bool {
	if !r.next('}', "',' or '}'") {
		return false
	}
	if r.pos >= len(r.data) || r.data[r.pos] != '"' {
		r.failHere("a key in quotes")
		return false
	}
	r.nameAt = r.pos
	r.name, _ = r.text()
	r.space()
	if r.pos >= len(r.data) || r.data[r.pos] != ':' {
		r.failHere("':'")
		return false
	}
	r.pos++
	return r.err == nil
}

// Item moves to the next element of the array entered last and reports
// whether there is one. The caller must read or skip it before the next call.
func (r *Reader) Item() bool {
	if !r.next(']', "',' or ']'") {
		return false
	}
	if r.Kind() == Invalid {
		r.failHere("a value")
		return false
	}
	return true
}

func (r *Reader) next(end byte, want string) bool {
	r.space()
	if r.err != nil {
		return false
	}
	if r.pos < len(r.data) && r.data[r.pos] == end {
		r.pos++
		r.depth--
		r.first = false
		return false
	}
	if r.first {
		r.first = false
		return true
	}
	if r.pos >= len(r.data) || r.data[r.pos] != ',' {
		r.failHere(want)
		return false
	}
	r.pos++
	r.space()
	return true
}

// String reads the next value if it is a string. If it is something else it is
// skipped and ok is false.
func (r *Reader) String() (s string, ok bool) {
	if r.Kind() != String {
		r.Skip()
		return "", false
	}
	return r.text()
}

// Scalar reads the next value as text: a string's content, or a number,
// boolean or null as written, with its kind. An array or object is skipped.
func (r *Reader) Scalar() (string, Kind) {
	k := r.Kind()
	switch k {
	case String:
		s, _ := r.text()
		return s, k
	case Number, Bool, Null:
		from := r.pos
		r.Skip()
		return view(r.data[from:r.pos]), k
	default:
		r.Skip()
		return "", k
	}
}

// Bool reads the next value if it is a boolean; else it is skipped.
func (r *Reader) Bool() (value, ok bool) {
	if r.Kind() != Bool {
		r.Skip()
		return false, false
	}
	value = r.data[r.pos] == 't'
	r.Skip()
	return value, r.err == nil
}

// Raw reads the next value as written.
func (r *Reader) Raw() []byte {
	from := r.Offset()
	r.Skip()
	if r.err != nil {
		return nil
	}
	return r.data[from:r.pos]
}

// Skip passes over the next value, checking its grammar.
func (r *Reader) Skip() {
	switch r.Kind() {
	case String:
		r.skipText()
	case Number:
		r.number()
	case Bool:
		if r.data[r.pos] == 't' {
			r.literal("true")
		} else {
			r.literal("false")
		}
	case Null:
		r.literal("null")
	case Array:
		if r.enter(Array) {
			for r.Item() {
				r.Skip()
			}
		}
	case Object:
		if r.enter(Object) {
			for r.member() {
				r.Skip()
			}
		}
	default:
		r.failHere("a value")
	}
}

// member is Key without keeping the name.
func (r *Reader) member() bool {
	if !r.next('}', "',' or '}'") {
		return false
	}
	if r.pos >= len(r.data) || r.data[r.pos] != '"' {
		r.failHere("a key in quotes")
		return false
	}
	r.skipText()
	r.space()
	if r.pos >= len(r.data) || r.data[r.pos] != ':' {
		r.failHere("':'")
		return false
	}
	r.pos++
	return true
}

func (r *Reader) literal(word string) {
	if end := r.pos + len(word); end <= len(r.data) && view(r.data[r.pos:end]) == word {
		r.pos = end
		return
	}
	if strings.HasPrefix(word, view(r.data[r.pos:])) {
		r.failEnded(r.pos, "the text ends inside %q", word)
		return
	}
	r.failHere("true, false or null")
}

func (r *Reader) number() {
	from, pos := r.pos, r.pos
	digits := func() bool {
		start := pos
		for pos < len(r.data) && r.data[pos]-'0' <= 9 {
			pos++
		}
		return pos > start
	}
	at := func(set string) bool {
		return pos < len(r.data) && strings.IndexByte(set, r.data[pos]) >= 0
	}
	if at("-") {
		pos++
	}
	zero := at("0")
	ok := digits() && (!zero || pos == from+1 || (r.data[from] == '-' && pos == from+2))
	if ok && at(".") {
		pos++
		ok = digits()
	}
	if ok && at("eE") {
		pos++
		if at("+-") {
			pos++
		}
		ok = digits()
	}
	if !ok {
		r.pos = from
		r.fail(from, "malformed number")
		return
	}
	r.pos = pos
}

// Words of eight equal bytes, for looking at eight bytes at once.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// plain returns the offset of the first byte at or after pos that is a quote,
// a backslash, a control character or not ASCII. It looks at eight bytes at once.
func (r *Reader) plain(pos int) int {
	data := r.data
	for pos+8 <= len(data) {
		w := binary.LittleEndian.Uint64(data[pos:])
		quote, slash := w^(ones*'"'), w^(ones*'\\')
		hit := ((quote - ones) &^ quote) | ((slash - ones) &^ slash) | (w - ones*0x20) | w
		if hit &= highs; hit != 0 {
			return pos + bits.TrailingZeros64(hit)/8
		}
		pos += 8
	}
	for pos < len(data) {
		if c := data[pos]; c == '"' || c == '\\' || c < 0x20 || c >= utf8.RuneSelf {
			return pos
		}
		pos++
	}
	return pos
}

// skipText passes over a string; r.pos is at its opening quote.
func (r *Reader) skipText() (from, to int, escaped, bad bool) {
	from = r.pos + 1
	pos := from
	for {
		pos = r.plain(pos)
		if pos >= len(r.data) {
			r.failEnded(from-1, "the text ends inside this string")
			return 0, 0, false, false
		}
		switch c := r.data[pos]; {
		case c == '"':
			if pos-from > r.limits.String {
				r.failLimit(StringLength, from-1, "a string of %d bytes, more than the limit of %d", pos-from, r.limits.String)
				return 0, 0, false, false
			}
			r.pos = pos + 1
			if bad {
				if r.BadText++; r.BadText == 1 {
					r.BadTextAt = from - 1
				}
			}
			return from, pos, escaped, bad
		case c == '\\':
			n := r.escape(pos)
			if n == 0 {
				if pos+1 >= len(r.data) {
					r.failEnded(from-1, "the text ends inside this string")
				}
				r.fail(pos, "malformed escape in a string")
				return 0, 0, false, false
			}
			escaped = true
			pos += n
		case c < 0x20:
			bad = true
			pos++
		default:
			ch, size := utf8.DecodeRune(r.data[pos:])
			if ch == utf8.RuneError && size == 1 {
				bad = true
			}
			pos += size
		}
	}
}

// escape returns the length of the escape sequence at pos, 0 if it is malformed.
func (r *Reader) escape(pos int) int {
	if pos+1 >= len(r.data) {
		return 0
	}
	switch r.data[pos+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := hex4(r.data, pos+2); ok {
			return 6
		}
	}
	return 0
}

func hex4(data []byte, pos int) (rune, bool) {
	if pos+4 > len(data) {
		return 0, false
	}
	var v rune
	for _, c := range data[pos : pos+4] {
		switch {
		case c-'0' <= 9:
			c -= '0'
		case c-'a' <= 5:
			c -= 'a' - 10
		case c-'A' <= 5:
			c -= 'A' - 10
		default:
			return 0, false
		}
		v = v<<4 | rune(c)
	}
	return v, true
}

// text reads a string; r.pos is at its opening quote.
func (r *Reader) text() (string, bool) {
	from, to, escaped, bad := r.skipText()
	if r.err != nil {
		return "", false
	}
	if !escaped && !bad {
		return view(r.data[from:to]), true
	}
	return r.unescape(from, to, bad), true
}

func (r *Reader) unescape(from, to int, bad bool) string {
	out := make([]byte, 0, to-from)
	for pos := from; pos < to; {
		if r.data[pos] != '\\' {
			next := pos + 1
			for next < to && r.data[next] != '\\' {
				next++
			}
			out = append(out, r.data[pos:next]...)
			pos = next
			continue
		}
		switch c := r.data[pos+1]; c {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			ch, _ := hex4(r.data, pos+2)
			pos += 4
			if utf16.IsSurrogate(ch) {
				low, ok := rune(0), false
				if pos+8 <= to && r.data[pos+2] == '\\' && r.data[pos+3] == 'u' {
					low, ok = hex4(r.data, pos+4)
				}
				if pair := utf16.DecodeRune(ch, low); ok && pair != utf8.RuneError {
					ch = pair
					pos += 6
				} else {
					ch = utf8.RuneError
					if !bad {
						bad = true
						if r.BadText++; r.BadText == 1 {
							r.BadTextAt = from - 1
						}
					}
				}
			}
			out = utf8.AppendRune(out, ch)
		default: // '"', '\\', '/'
			out = append(out, c)
		}
		pos += 2
	}
	if bad {
		return strings.ToValidUTF8(string(out), "\uFFFD")
	}
	return view(out)
}

// view makes a string of bytes without copying them.
func view(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b)) //nolint:gosec // the input is not changed, see the package comment
}
