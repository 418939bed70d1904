// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// maxDepth bounds the recursion over a text.
const maxDepth = 10_000

// An outline is a JSON text whose root is an object, with the members of each
// object in canonical order (RFC 8785 §3.2.3). It holds no values, only where
// they are: the canonical form is written from the text itself.
type outline struct {
	text    []byte
	objects []object // as they begin in the text
	members []member // object by object
	strings *jsonpull.Reader
}

type object struct {
	first, count uint32 // its members
	within       uint32 // objects inside it, itself counted
	end          uint32 // offset behind it
}

type member struct {
	name  string
	value uint32 // offset
	next  uint32 // the first object that begins at value or later
}

// An ambiguity is why a text has no canonical form that could be verified.
type ambiguity struct {
	offset int
	reason string
}

// newOutline reads a text of which the grammar is known to be right.
func newOutline(text []byte) (*outline, *ambiguity) {
	if uint64(len(text)) > math.MaxUint32 {
		return nil, &ambiguity{reason: "it is larger than 4 GiB"}
	}
	b := outliner{
		outline: outline{text: text, strings: jsonpull.New(nil, jsonLimits(text))},
		r:       jsonpull.New(text, jsonLimits(text)),
	}
	b.value()
	if err := b.r.End(); err != nil && b.found == nil {
		return nil, &ambiguity{offset: err.Offset, reason: err.Message}
	}
	if b.r.BadText > 0 && b.found == nil {
		b.found = &ambiguity{b.r.BadTextAt, "a text that is not valid UTF-8, or holds raw control characters or half of a UTF-16 pair"}
	}
	if b.found != nil {
		return nil, b.found
	}
	return &b.outline, nil
}

func jsonLimits(text []byte) jsonpull.Limits {
	return jsonpull.Limits{Depth: maxDepth, String: max(len(text), 1)}
}

type outliner struct {
	outline
	r     *jsonpull.Reader
	open  []member // of the objects not yet closed
	found *ambiguity
}

func (b *outliner) value() {
	switch b.r.Kind() {
	case jsonpull.Object:
		b.object()
	case jsonpull.Array:
		if b.r.Array() {
			for b.r.Item() {
				b.value()
			}
		}
	case jsonpull.Number:
		at := b.r.Offset()
		if s, _ := b.r.Scalar(); b.r.Err() == nil {
			if reason := checkNumber(s); reason != "" {
				b.stop(at, reason)
			}
		}
	default:
		b.r.Scalar() // not Skip, which does not look at halves of UTF-16 pairs
	}
}

func (b *outliner) object() {
	index, base := len(b.objects), len(b.open)
	b.objects = append(b.objects, object{})
	if !b.r.Object() {
		return
	}
	for b.r.Key() {
		b.open = append(b.open, member{name: b.r.Name(), value: uint32(b.r.Offset()), next: uint32(len(b.objects))})
		b.value()
	}
	if b.r.Err() != nil {
		return
	}
	own := b.open[base:]
	slices.SortStableFunc(own, func(x, y member) int { return compareUTF16(x.name, y.name) })
	for i := range own[min(1, len(own)):] {
		if own[i].name == own[i+1].name {
			b.stop(int(own[i+1].value), fmt.Sprintf("the key %q twice in one object", notation.Short(own[i].name)))
			return
		}
	}
	b.objects[index] = object{
		first: uint32(len(b.members)), count: uint32(len(own)),
		within: uint32(len(b.objects) - index), end: uint32(b.r.Offset()),
	}
	b.members = append(b.members, own...)
	b.open = b.open[:base]
}

// stop ends the reading at the first ambiguity.
func (b *outliner) stop(offset int, reason string) {
	if b.found == nil {
		b.found = &ambiguity{offset, reason}
		b.r.Stop(offset, reason)
	}
}

// compareUTF16 orders strings by their UTF-16 code units. That is the order of
// UTF-8's bytes but for U+E000 to U+FFFF, which come after all pairs of UTF-16.
func compareUTF16(x, y string) int {
	for i := range min(len(x), len(y)) {
		if a, b := x[i], y[i]; a != b {
			if a >= 0xEE && b >= 0xEE && (a >= 0xF0) != (b >= 0xF0) {
				return cmp.Compare(b, a)
			}
			return cmp.Compare(a, b)
		}
	}
	return cmp.Compare(len(x), len(y))
}

// of returns the members of an object.
func (o *outline) of(index uint32) []member {
	obj := o.objects[index]
	return o.members[obj.first : obj.first+obj.count]
}

// member finds a member of an object by name.
func (o *outline) member(index uint32, name string) (member, bool) {
	members := o.of(index)
	i, ok := slices.BinarySearchFunc(members, name, func(m member, name string) int { return compareUTF16(m.name, name) })
	if !ok {
		return member{}, false
	}
	return members[i], true
}

// edits change an object as it is written.
type edits struct {
	drop []string // members that are left out
	// Instead, if not nil, writes the value of the member called name.
	name    string
	instead func(out []byte, m member) []byte
}

// object appends the canonical form of an object.
func (o *outline) object(out []byte, index uint32, e edits) []byte {
	out = append(out, '{')
	first := true
	for _, m := range o.of(index) {
		if slices.Contains(e.drop, m.name) {
			continue
		}
		if !first {
			out = append(out, ',')
		}
		first = false
		out = append(appendString(out, m.name), ':')
		if e.instead != nil && m.name == e.name {
			out = e.instead(out, m)
			continue
		}
		out, _, _ = o.value(out, m.value, m.next)
	}
	return append(out, '}')
}

// value appends the canonical form of the value at offset at; next is the first
// object that begins there or later. It returns the offset behind the value, and
// the first object that begins behind it.
func (o *outline) value(out []byte, at, next uint32) (canonical []byte, end, after uint32) {
	text := o.text
	for isSpace(text[at]) {
		at++
	}
	switch text[at] {
	case '{':
		obj := o.objects[next]
		return o.object(out, next, edits{}), obj.end, next + obj.within
	case '[':
		out = append(out, '[')
		at++
		for {
			for isSpace(text[at]) {
				at++
			}
			switch text[at] {
			case ']':
				return append(out, ']'), at + 1, next
			case ',':
				out = append(out, ',')
				at++
			default:
				out, at, next = o.value(out, at, next)
			}
		}
	case '"':
		end, escaped := at+1, false
		for ; text[end] != '"'; end++ {
			if text[end] == '\\' {
				escaped = true
				end++
			}
		}
		end++
		if !escaped {
			return append(out, text[at:end]...), end, next
		}
		o.strings.Reset(text[at:end])
		s, _ := o.strings.String()
		return appendString(out, s), end, next
	default:
		end := at
		for int(end) < len(text) && !isSpace(text[end]) && strings.IndexByte(",]}", text[end]) < 0 {
			end++
		}
		if c := text[at]; c == '-' || c-'0' <= 9 {
			return appendNumber(out, string(text[at:end])), end, next
		}
		return append(out, text[at:end]...), end, next
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// appendString appends a string as RFC 8785 §3.2.2.2 writes it.
func appendString(out []byte, s string) []byte {
	const hex = "0123456789abcdef"
	out = append(out, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		out = append(out, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			out = append(out, '\\', c)
		case '\b':
			out = append(out, '\\', 'b')
		case '\t':
			out = append(out, '\\', 't')
		case '\n':
			out = append(out, '\\', 'n')
		case '\f':
			out = append(out, '\\', 'f')
		case '\r':
			out = append(out, '\\', 'r')
		default:
			out = append(out, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(append(out, s[from:]...), '"')
}

// reason is the sentence of an ambiguity, with its place.
func (a *ambiguity) sentence(lines *sbom.Lines) string {
	at := lines.At(a.offset)
	return fmt.Sprintf("the document has no canonical form to verify: line %d, column %d: %s", at.Line, at.Column, a.reason)
}
