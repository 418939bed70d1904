// SPDX-License-Identifier: Apache-2.0

// Package transcript writes a document of one form as the JSON text of the same
// format, and remembers for every part of that text which place of the original
// it came from. So a format has one decoder, with one set of rules, whatever it
// is spelled in, and its defects still point into the file that the user has.
package transcript

import (
	"sort"

	"github.com/medsbom/medsbom/sbom"
)

// A Transcript is JSON text that is written once, from its beginning to its end.
// Separators between members and elements are its business.
type Transcript struct {
	text  []byte
	marks []mark
	most  int
	over  bool
	comma bool // one is due before the next key or value
}

type mark struct {
	offset int
	at     sbom.Position
}

// New returns a transcript of at most most bytes; more makes it Over.
func New(most int) *Transcript { return &Transcript{most: most} }

// Text is what was written. It must not be used if the transcript is Over.
func (t *Transcript) Text() []byte { return t.text }

// Over reports whether the text would be longer than allowed; nothing more is
// written then.
func (t *Transcript) Over() bool { return t.over }

// At returns the place in the original of the byte at offset: that of the last
// key or value that was written at or before it.
func (t *Transcript) At(offset int) sbom.Position {
	i := sort.Search(len(t.marks), func(i int) bool { return t.marks[i].offset > offset })
	if i == 0 {
		return sbom.Position{Line: 1, Column: 1}
	}
	return t.marks[i-1].at
}

// Object begins an object that stands at a place of the original.
func (t *Transcript) Object(at sbom.Position) { t.open('{', at) }

// EndObject ends it.
func (t *Transcript) EndObject() { t.end('}') }

// Array begins an array.
func (t *Transcript) Array(at sbom.Position) { t.open('[', at) }

// EndArray ends it.
func (t *Transcript) EndArray() { t.end(']') }

// Key writes the key of the next value.
func (t *Transcript) Key(name string, at sbom.Position) {
	t.next(at)
	t.quote(name)
	t.put(':')
	t.comma = false
}

// String writes a text.
func (t *Transcript) String(value string, at sbom.Position) {
	t.next(at)
	t.quote(value)
	t.comma = true
}

// Literal writes a number, true, false or null as it is given.
func (t *Transcript) Literal(value string, at sbom.Position) {
	t.next(at)
	t.put([]byte(value)...)
	t.comma = true
}

func (t *Transcript) open(bracket byte, at sbom.Position) {
	t.next(at)
	t.put(bracket)
	t.comma = false
}

func (t *Transcript) end(bracket byte) {
	t.put(bracket)
	t.comma = true
}

func (t *Transcript) next(at sbom.Position) {
	if t.comma {
		t.put(',')
	}
	if !t.over {
		t.marks = append(t.marks, mark{len(t.text), at})
	}
}

func (t *Transcript) put(b ...byte) {
	if t.over = t.over || len(t.text)+len(b) > t.most; !t.over {
		t.text = append(t.text, b...)
	}
}

// quote writes a JSON string. Bytes that are no UTF-8 pass through: it is the
// decoder that says what is wrong with a text.
func (t *Transcript) quote(s string) {
	const digits = "0123456789abcdef"
	if t.over = t.over || len(t.text)+len(s)+2 > t.most; t.over {
		return
	}
	t.text = append(t.text, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		t.text = append(t.text, s[from:i]...)
		if c < ' ' {
			t.text = append(t.text, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		} else {
			t.text = append(t.text, '\\', c)
		}
		from = i + 1
	}
	t.text = append(append(t.text, s[from:]...), '"')
}
