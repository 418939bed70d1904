// SPDX-License-Identifier: Apache-2.0

package partslist

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/internal/xmlpull"
	"github.com/medsbom/medsbom/sbom"
)

// sheetRows reads the rows of a worksheet (§18.3.1.99).
type sheetRows struct {
	r       *xmlpull.Reader
	book    *book
	entry   sheetEntry
	columns int // the last that may hold something
	inData  bool
	started bool

	line     int32
	row      []cell
	filled   bool // some row had a cell
	formulas int
	formula  cell
	merged   int // merged cells over several rows
	mergedAt sbom.Position
	err      *sbom.SyntaxError

	badBefore     int // the book's bad strings before this sheet
	badBeforeCell cell
}

func newSheetRows(text []byte, b *book, columns int, entry sheetEntry) *sheetRows {
	return &sheetRows{
		r: xmlpull.New(text, maxDepth, 0), book: b, entry: entry, columns: columns,
		badBefore: b.badStrings, badBeforeCell: b.badString,
	}
}

// next reads a row; its cells hold until the next call.
func (s *sheetRows) next() ([]cell, bool) {
	if s.err != nil {
		return nil, false
	}
	if !s.started {
		s.started = true
		if root, ok := s.r.Child(); ok && root.Name.Local != "worksheet" {
			s.err = &sbom.SyntaxError{Message: fmt.Sprintf("malformed XLSX: sheet %q holds no worksheet", notation.Short(s.entry.name)), Remedy: remedyDamaged}
			return nil, false
		}
	}
	for {
		start, ok := s.r.Child()
		switch {
		case ok && s.inData:
			if start.Name.Local != "row" {
				s.r.Skip()
				continue
			}
			return s.readRow(start), s.err == nil
		case ok && start.Name.Local == "sheetData":
			s.inData = true
		case ok && start.Name.Local == "mergeCells":
			s.mergedCells()
		case ok:
			s.r.Skip()
		case s.inData && !s.failed():
			s.inData = false
		default:
			if err := closed(s.entry.part, s.r); err != nil {
				s.err = syntaxOf(s.entry.part, s.r)
			}
			return nil, false
		}
	}
}

func (s *sheetRows) failed() bool {
	_, err := s.r.Err()
	return err != nil
}

const lastRow = 1 << 20 // of a worksheet

// readRow reads the cells of a row that say something. A row and a cell may
// leave out where they stand: then they follow the one before.
func (s *sheetRows) readRow(start xml.StartElement) []cell {
	s.row = s.row[:0]
	s.line++
	if n, err := strconv.ParseInt(xmlpull.Attribute(start, "r"), 10, 32); err == nil && 0 < n && n <= lastRow {
		s.line = int32(n)
	}
	column := -1
	for {
		c, ok := s.r.Child()
		if !ok {
			break
		}
		if c.Name.Local != "c" {
			s.r.Skip()
			continue
		}
		column++
		if n := columnNumber(xmlpull.Attribute(c, "r")); n >= column {
			column = n
		}
		got := s.readCell(c, sbom.Position{Line: s.line, Column: int32(min(column, lastRow)) + 1})
		if got.text == "" {
			continue
		}
		if column >= s.columns {
			s.err = &sbom.SyntaxError{
				Position: got.at, Remedy: remedyLimit,
				Message: fmt.Sprintf("sheet %q: a cell in column %d: more than %d columns", notation.Short(s.entry.name), column+1, s.columns),
			}
			return nil
		}
		got.column = column
		s.row = append(s.row, got)
		s.filled = true
	}
	if s.failed() {
		s.err = syntaxOf(s.entry.part, s.r)
		return nil
	}
	return s.row
}

// columnNumber reads the letters of "AB12", from 0; -1 if there are none.
func columnNumber(ref string) int {
	n := 0
	for i := 0; i < len(ref) && i < 4; i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		n = n*26 + int(c-'A') + 1
	}
	return n - 1
}

// readCell reads a cell (§18.3.1.4) as the sheet shows it.
func (s *sheetRows) readCell(start xml.StartElement, at sbom.Position) cell {
	out := cell{at: at}
	var value, formula, inline string
	hasFormula := false
	for {
		part, ok := s.r.Child()
		if !ok {
			break
		}
		switch part.Name.Local {
		case "v":
			value = s.r.Content()
		case "f":
			formula, hasFormula = s.r.Content(), true
		case "is":
			inline = richText(s.r)
		default:
			s.r.Skip()
		}
	}
	switch xmlpull.Attribute(start, "t") {
	case "s":
		out.text = s.shared(value, at)
	case "inlineStr":
		out.text = inline
	case "b":
		out.text = "FALSE"
		if value == "1" {
			out.text = "TRUE"
		}
	case "str":
		out.text = strings.TrimSpace(unescape(value))
	case "e", "d":
		out.text = value
	default:
		out.text = value
		if value != "" {
			out.text, out.numeric = s.book.show(value, xmlpull.Attribute(start, "s"))
		}
	}
	if len(out.text) > maxCell {
		s.r.Fail(errLongCell, s.r.Offset())
		return cell{at: at}
	}
	if hasFormula {
		if out.text == "" && formula != "" {
			out.text = "=" + formula // nobody has computed it yet
		}
		if s.formulas++; s.formulas == 1 {
			s.formula = cell{text: "=" + formula, at: at}
		}
	}
	return out
}

// maxShared bounds the bytes that all cells of a workbook take from its table of
// texts: a file of some kilobytes can name one long text a million times.
const maxShared = 64 << 20

func (s *sheetRows) shared(index string, at sbom.Position) string {
	if n, err := strconv.ParseUint(index, 10, 32); err == nil && n < uint64(len(s.book.strings)) {
		text := s.book.strings[n]
		if s.book.sharedBytes += len(text); s.book.sharedBytes > maxShared && s.err == nil {
			s.err = &sbom.SyntaxError{
				Position: at, Remedy: "split the table, or save it as CSV",
				Message: fmt.Sprintf("sheet %q: the texts that cells share come to more than %d bytes", notation.Short(s.entry.name), maxShared),
			}
		}
		return text
	}
	if s.book.badStrings++; s.book.badStrings == 1 {
		s.book.badString = cell{text: index, at: at}
	}
	return ""
}

// mergedCells counts the merged cells that span rows.
func (s *sheetRows) mergedCells() {
	for {
		start, ok := s.r.Child()
		if !ok {
			return
		}
		from, to, _ := strings.Cut(xmlpull.Attribute(start, "ref"), ":")
		first, last := rowNumber(from), rowNumber(to)
		if first > 0 && last > first {
			if s.merged++; s.merged == 1 {
				s.mergedAt = sbom.Position{Line: first, Column: int32(max(columnNumber(from), 0)) + 1}
			}
		}
		s.r.Skip()
	}
}

func rowNumber(ref string) int32 {
	n, err := strconv.ParseInt(strings.TrimLeft(ref, "$ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"), 10, 32)
	if err != nil || n > lastRow {
		return 0
	}
	return int32(n)
}
