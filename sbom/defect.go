// SPDX-License-Identifier: Apache-2.0

package sbom

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/medsbom/medsbom/internal/notation"
)

// Position is a place in a document: line and column, from 1. A column counts
// Unicode code points. The zero Position is "not known".
type Position struct {
	Line   int32 `json:"line,omitzero"`
	Column int32 `json:"column,omitzero"`
}

// IsZero reports whether the place is not known.
func (p Position) IsZero() bool { return p.Line == 0 }

// Code names a kind of defect. Codes are stable: policies and tests use them.
type Code string

// The defects that decoders report. A defect costs an element, never the document.
const (
	CodeType       Code = "type-wrong"         // a value of another type than the format has there
	CodeValue      Code = "value-invalid"      // a value outside the format's enumeration or form
	CodeDate       Code = "date-invalid"       // a time that is not RFC 3339
	CodeMissing    Code = "field-missing"      // a field that the format requires
	CodeDuplicate  Code = "id-duplicate"       // one id on two different components
	CodeDangling   Code = "reference-dangling" // a reference to an id that nothing carries
	CodeParty      Code = "party-form"         // supplier or creator without its prefix
	CodePURL       Code = "purl-invalid"
	CodeCPE        Code = "cpe-invalid"
	CodeKeyTwice   Code = "key-twice"    // an object key that occurs twice
	CodeUnknownTag Code = "tag-unknown"  // a tag or key that the format does not have there
	CodeText       Code = "text-invalid" // not UTF-8, or control characters
	CodeSpec       Code = "spec-version"
	CodeContradict Code = "contradiction" // two fields that exclude each other
	CodeWrapping   Code = "wrapping"      // the compression, archive or encoding around the document
)

// A Defect is something wrong in a document that could be read nevertheless.
type Defect struct {
	Code     Code     `json:"code,omitzero"`
	Message  string   `json:"message,omitzero"` // one sentence, no full stop, names the element
	Value    string   `json:"value,omitzero"`   // as written, cut to 200 bytes
	Position Position `json:"position,omitzero"`
}

// Defects collects defects with a bound: the first maxPerCode of every code
// are kept, all are counted.
type Defects struct {
	List   []Defect     `json:"list,omitzero"`
	Counts map[Code]int `json:"counts,omitzero"`
}

const (
	maxPerCode  = 50
	maxValueLen = 200
)

// Add records a defect.
func (d *Defects) Add(code Code, at Position, value, format string, args ...any) {
	if d.Counts == nil {
		d.Counts = make(map[Code]int)
	}
	d.Counts[code]++
	if d.Counts[code] > maxPerCode {
		return
	}
	d.List = append(d.List, Defect{Code: code, Message: fmt.Sprintf(format, args...), Value: notation.Clip(value, maxValueLen), Position: at})
}

// Total is the number of defects met, kept or not.
func (d *Defects) Total() int {
	n := 0
	for _, c := range d.Counts {
		n += c
	}
	return n
}

// A SyntaxError costs the whole document: it is truncated, not of the format
// it claims, or over a limit.
type SyntaxError struct {
	Position Position
	Message  string // what is wrong, no full stop
	Remedy   string // what to do about it; may be empty
	Limit    Limit  // the limit that was passed, if it is one that callers set
}

// A Limit is one that callers set: the word in the flag that raises it.
type Limit string

// The limits.
const (
	LimitDepth      Limit = "depth"      // nesting
	LimitString     Limit = "string"     // bytes of one text
	LimitComponents Limit = "components" // of one document
	LimitBytes      Limit = "bytes"      // of one document, expanded
	LimitRatio      Limit = "ratio"      // expanded bytes for one of the file
	LimitEntries    Limit = "entries"    // of one archive
)

func (e *SyntaxError) Error() string {
	if e.Position.IsZero() {
		return e.Message
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Position.Line, e.Position.Column, e.Message)
}

// Lines turns byte offsets of a text into positions. Offsets that grow are
// cheap (each byte is looked at once); one that goes back starts again.
type Lines struct {
	text []byte
	at   int // the offset that line and column belong to
	pos  Position
}

// NewLines returns a Lines over text.
func NewLines(text []byte) *Lines { return &Lines{text: text, pos: Position{Line: 1, Column: 1}} }

// At returns the position of the byte at offset.
func (l *Lines) At(offset int) Position {
	offset = min(max(offset, 0), len(l.text))
	if offset < l.at {
		l.at, l.pos = 0, Position{Line: 1, Column: 1}
	}
	passed := l.text[l.at:offset]
	if n := bytes.Count(passed, newline); n > 0 {
		l.pos.Line += int32(n)
		l.pos.Column = 1
		passed = passed[bytes.LastIndexByte(passed, '\n')+1:]
	}
	l.pos.Column += int32(utf8.RuneCount(passed))
	l.at = offset
	return l.pos
}

var newline = []byte{'\n'}
