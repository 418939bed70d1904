// SPDX-License-Identifier: Apache-2.0

package partslist

import (
	"errors"
	"fmt"
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/internal/xmlpull"
	"github.com/medsbom/medsbom/sbom"
)

// DecodeXLSX reads the parts lists in the sheets of an XLSX file (ECMA-376 part
// 1, SpreadsheetML). The error is a *sbom.SyntaxError. The place of a cell is
// its row and column in its sheet.
//
// The library for such files costs 3 ms and 1.3 MB at every start of a program
// that links it; little of the format is needed here.
func DecodeXLSX(data []byte, opts Options) (*sbom.Document, error) {
	l := newLister(sbom.XLSX, opts)
	p, err := openPack(data, l.opts)
	if err != nil {
		return nil, err
	}
	b, err := p.book()
	if err != nil {
		return nil, err
	}
	var read []readSheet
	for _, s := range b.sheets {
		found, err := l.sheet(p, b, s)
		if err != nil {
			return nil, err
		}
		if found != nil {
			read = append(read, *found)
		}
	}
	if len(read) == 0 {
		return nil, &sbom.SyntaxError{
			Message: fmt.Sprintf("none of %d sheets has a heading row with a column of names and another that is known", len(b.sheets)),
			Remedy:  remedyHeading,
		}
	}
	if b.badStrings > 0 {
		l.defect(sbom.CodeDangling, b.badString.at, b.badString.text,
			"%d cells refer to texts that the file does not hold and are taken as empty, this is the first", b.badStrings)
	}
	l.nameSheets(read)
	return l.finish()
}

// readSheet is a sheet that was read, with its components.
type readSheet struct {
	name     string
	from, to int
}

// sheet reads one sheet; nil if it has no parts list.
func (l *lister) sheet(p *pack, b *book, s sheetEntry) (*readSheet, error) {
	if s.external {
		l.defect(sbom.CodeDangling, sbom.Position{}, s.name, "sheet %q stands in another file and was not read", notation.Short(s.name))
		return nil, nil
	}
	if s.part == "" {
		l.defect(sbom.CodeUnknownTag, sbom.Position{}, s.name, "sheet %q is no table and was not read", notation.Short(s.name))
		return nil, nil
	}
	text, err := p.read(s.part)
	if err != nil {
		return nil, err
	}
	if text == nil {
		return nil, &sbom.SyntaxError{Message: fmt.Sprintf("sheet %q is missing in the file", notation.Short(s.name)), Remedy: remedyDamaged}
	}
	probe := newSheetRows(text, b, l.opts.MaxColumns, s)
	index, score := findHeading(probe)
	if probe.err != nil {
		return nil, probe.err
	}
	if score == 0 {
		if probe.filled {
			l.defect(sbom.CodeUnknownTag, sbom.Position{}, s.name, "sheet %q has no heading row of a parts list and was not read", notation.Short(s.name))
		}
		return nil, nil
	}
	b.badStrings, b.badString = probe.badBefore, probe.badBeforeCell
	table := newSheetRows(text, b, l.opts.MaxColumns, s)
	found := &readSheet{name: s.name, from: len(l.doc.Components)}
	l.table(table, index)
	if table.err != nil {
		return nil, table.err
	}
	if l.fatal != nil {
		l.fatal.Message = fmt.Sprintf("sheet %q: %s", notation.Short(s.name), l.fatal.Message)
		return nil, l.fatal
	}
	if table.merged > 0 {
		l.defect(sbom.CodeType, table.mergedAt, "", "sheet %q merges %d cells over several rows: only the first of these rows has the value", notation.Short(s.name), table.merged)
	}
	if table.formulas > 0 {
		if l.formulas == 0 {
			l.formula = table.formula
		}
		l.formulas += table.formulas
	}
	found.to = len(l.doc.Components)
	return found, nil
}

// nameSheets gives every component the name of its sheet if there are several,
// because row and column alone would not tell the place.
func (l *lister) nameSheets(read []readSheet) {
	if len(read) < 2 {
		return
	}
	var names strings.Builder
	for i, s := range read {
		if i < 20 {
			fmt.Fprintf(&names, "%q, ", notation.Short(s.name))
		}
		for j := s.from; j < s.to; j++ {
			c := &l.doc.Components[j]
			c.Properties = append(c.Properties, sbom.Property{Name: "sheet", Value: s.name})
		}
	}
	l.defect(sbom.CodeSpec, sbom.Position{}, "", "parts were read from %d sheets, %sand a place is the row and column of its sheet", len(read), names.String())
}

// syntaxOf says what an error of a part's XML means.
func syntaxOf(part string, r *xmlpull.Reader) *sbom.SyntaxError {
	_, err := r.Err()
	message, fault := xmlpull.Describe(err)
	if errors.Is(err, errLongCell) {
		message, fault = err.Error(), xmlpull.TooLong
	}
	remedy := remedyDamaged
	switch fault {
	case xmlpull.TooDeep, xmlpull.TooLong, xmlpull.TagTooLong:
		remedy = remedyLimit
	case xmlpull.Doctype:
		remedy = "export the table again, without a document type"
	default: // damaged
	}
	return &sbom.SyntaxError{Message: notation.Short(part) + ": " + message, Remedy: remedy}
}
