// SPDX-License-Identifier: Apache-2.0

package partslist

import (
	"bytes"
	"fmt"
	"strings"
	"unsafe"

	"github.com/medsbom/medsbom/sbom"
)

// DecodeCSV reads a parts list in CSV. The text must not be changed while the
// Document lives. The error is a *sbom.SyntaxError.
func DecodeCSV(text []byte, opts Options) (*sbom.Document, error) {
	l := newLister(sbom.CSV, opts)
	text = l.characters(text)
	separator, index, ok := separatorOf(text, l.opts.MaxColumns)
	if !ok {
		return nil, &sbom.SyntaxError{
			Position: sbom.Position{Line: 1, Column: 1},
			Message:  fmt.Sprintf("the first %d rows have no heading with a column of names and another that is known", headingWithin),
			Remedy:   remedyHeading,
		}
	}
	r := newCSV(text, separator, l.opts.MaxColumns)
	l.size = len(text)
	l.doc.Components = make([]sbom.Component, 0, min(bytes.Count(text, []byte("\n")), mostRows(l.size), l.opts.MaxComponents))
	l.table(r, index)
	if r.err != nil {
		return nil, r.err
	}
	if r.stray > 0 {
		l.defect(sbom.CodeText, r.strayAt, "", "%d quotes stand inside quoted cells without being doubled, this is the first", r.stray)
	}
	return l.finish()
}

// mostRows bounds the components of a text by its length. Each costs some 700
// bytes of memory: rows of two characters, such as random text has behind a
// line that looks like a heading, are no list of parts.
func mostRows(size int) int {
	const few, shortRow = 50_000, 16
	return max(size/shortRow, few)
}

const remedyHeading = "give the columns a heading row, such as Name, Version, Supplier, PURL, CPE; better, ask for an SBOM"

// Looks reports whether a text begins as a parts list does: a heading row with a
// column of names and at least one more that is known, within the first rows.
func Looks(head []byte) bool {
	head = head[:min(len(head), headSize)]
	_, _, ok := separatorOf(newLister(sbom.CSV, Options{}).characters(head), Options{}.withDefaults().MaxColumns)
	return ok
}

// headSize is within how many bytes the heading is looked for.
const headSize = 64 << 10

// separators in the order in which they are preferred where two serve alike.
const separators = ",;\t|"

// separatorOf finds the separator that gives the best heading, and the row that
// this is.
func separatorOf(text []byte, columns int) (separator byte, heading int, ok bool) {
	candidates := separators
	if s, body := declaredSeparator(text); body > 0 {
		candidates = string(s)
	}
	best := 0
	for _, s := range []byte(candidates) {
		r := newCSV(text, s, columns)
		r.text = r.text[:min(len(r.text), max(headSize, r.at))]
		if index, score := findHeading(r); score > best {
			separator, heading, best = s, index, score
		}
	}
	return separator, heading, best > 0
}

// declaredSeparator reads Excel's first line "sep=;". body is where the table
// begins, 0 if there is no such line.
func declaredSeparator(text []byte) (separator byte, body int) {
	line := text[:min(len(text), 12)]
	end := bytes.IndexByte(line, '\n')
	if end < 0 {
		return 0, 0
	}
	word := string(bytes.Trim(line[:end], "\"\r "))
	if len(word) != len("sep=;") || !strings.EqualFold(word[:4], "sep=") || !strings.Contains(separators, word[4:]) {
		return 0, 0
	}
	return word[4], end + 1
}

// maxCell bounds one cell; Excel's hold 32,767 characters.
const maxCell = 1 << 20

// csvReader reads RFC 4180 and what is sent in its place, with places.
type csvReader struct {
	text      []byte
	separator byte
	columns   int // the last that may hold something
	at        int
	lines     *sbom.Lines
	row       []cell
	stray     int // quotes in quoted cells that are not doubled
	strayAt   sbom.Position
	err       *sbom.SyntaxError
}

func newCSV(text []byte, separator byte, columns int) *csvReader {
	_, body := declaredSeparator(text)
	return &csvReader{text: text, separator: separator, columns: columns, at: body, lines: sbom.NewLines(text)}
}

func (r *csvReader) fail(at sbom.Position, remedy, format string, args ...any) {
	if r.err == nil {
		r.err = &sbom.SyntaxError{Position: at, Message: fmt.Sprintf(format, args...), Remedy: remedy}
	}
}

// next reads a row; its cells hold until the next call.
func (r *csvReader) next() ([]cell, bool) {
	if r.at >= len(r.text) || r.err != nil {
		return nil, false
	}
	r.row = r.row[:0]
	for column := 0; ; column++ {
		r.skipBlanks()
		start := r.at
		text := r.field()
		if r.err != nil {
			return nil, false
		}
		if text != "" {
			at := r.lines.At(start)
			if column >= r.columns {
				r.fail(at, remedyLimit, "a cell in column %d: more than %d columns", column+1, r.columns)
				return nil, false
			}
			r.row = append(r.row, cell{column: column, text: text, at: at})
		}
		if r.at >= len(r.text) {
			return r.row, true
		}
		c := r.text[r.at]
		r.at++
		if c == r.separator {
			continue
		}
		if c == '\r' && r.at < len(r.text) && r.text[r.at] == '\n' {
			r.at++
		}
		return r.row, true
	}
}

func (r *csvReader) skipBlanks() {
	for r.at < len(r.text) && (r.text[r.at] == ' ' || r.text[r.at] == '\t') && r.text[r.at] != r.separator {
		r.at++
	}
}

// ends reports whether a cell ends at an offset.
func (r *csvReader) ends(at int) bool {
	if at >= len(r.text) {
		return true
	}
	c := r.text[at]
	return c == r.separator || c == '\n' || c == '\r'
}

// field reads a cell up to what ends it.
func (r *csvReader) field() string {
	if r.at < len(r.text) && r.text[r.at] == '"' {
		return r.quoted()
	}
	from := r.at
	for !r.ends(r.at) {
		r.at++
	}
	return r.view(from, r.at)
}

// quoted reads a cell in quotes. Only a quote before what ends a cell closes it.
func (r *csvReader) quoted() string {
	open, doubled := r.at, false
	for at := open + 1; ; {
		i := bytes.IndexByte(r.text[at:max(at, min(len(r.text), open+maxCell))], '"')
		if i < 0 {
			place := r.lines.At(open)
			if len(r.text)-open > maxCell {
				r.fail(place, remedyQuote, "a cell that a quote opens here is longer than %d bytes, or the quote is never closed", maxCell)
			} else {
				r.fail(place, remedyQuote, "a quote that opens a cell here is never closed")
			}
			return ""
		}
		at += i + 1
		if at < len(r.text) && r.text[at] == '"' {
			doubled = true
			at++
			continue
		}
		r.at = at
		r.skipBlanks()
		if r.ends(r.at) {
			text := r.view(open+1, at-1)
			if doubled {
				text = strings.ReplaceAll(text, `""`, `"`)
			}
			return text
		}
		if r.stray++; r.stray == 1 {
			// From the start: the reader's own lines only go forward.
			r.strayAt = sbom.NewLines(r.text).At(at - 1)
		}
	}
}

const remedyQuote = "the table was cut off or a quote is missing: export it again"

// view is a part of the text without blanks at its ends.
func (r *csvReader) view(from, to int) string {
	if to-from > maxCell {
		r.fail(r.lines.At(from), remedyLimit, "a cell is longer than %d bytes", maxCell)
		return ""
	}
	if from >= to {
		return ""
	}
	return strings.TrimSpace(unsafe.String(&r.text[from], to-from)) //nolint:gosec // the text must not change while the Document lives
}
