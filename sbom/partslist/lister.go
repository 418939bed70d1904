// SPDX-License-Identifier: Apache-2.0

package partslist

import (
	"fmt"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// A cell is one that is not empty.
type cell struct {
	column  int // from 0
	text    string
	at      sbom.Position
	numeric bool // a number of XLSX, not a text
}

// lister makes a Document of rows, in their order.
type lister struct {
	doc  *sbom.Document
	opts Options
	size int // of the text of CSV; 0 for XLSX, whose parts are bounded as they expand

	columns   []column // of the heading in force
	heading   []string // its cells, to know it again
	titles    map[int]titleKey
	product   sbom.Component // what the title block says of the product
	productAt sbom.Position

	refs    map[string]int32
	links   []link
	primary []int32

	cells    int
	formulas int // cells that a spreadsheet would compute
	formula  cell
	numbers  int // versions that are numbers
	number   cell
	stamps   int // timestamps that differ from the first
	stamp    cell

	fatal *sbom.SyntaxError
}

// A link is a cell that may name another row.
type link struct {
	from     int32
	column   int
	parent   bool // the row named contains this one; else this one depends on it
	explicit bool // the cell can hold nothing but names
	text     string
	at       sbom.Position
	property string
}

const remedyLimit = "split the table"

func newLister(encoding sbom.Encoding, opts Options) *lister {
	return &lister{
		doc:  &sbom.Document{Format: sbom.PartsList, Encoding: encoding},
		opts: opts.withDefaults(),
	}
}

func (l *lister) defect(code sbom.Code, at sbom.Position, value, format string, args ...any) {
	l.doc.Defects.Add(code, at, value, format, args...)
}

// stop records what costs the document; the first is kept.
func (l *lister) stop(at sbom.Position, remedy, format string, args ...any) {
	if l.fatal == nil {
		l.fatal = &sbom.SyntaxError{Position: at, Message: fmt.Sprintf(format, args...), Remedy: remedy}
	}
}

// table reads a table whose heading is the row of that index.
func (l *lister) table(table rows, heading int) {
	l.columns, l.heading, l.titles = nil, nil, nil
	for n := 0; l.fatal == nil; n++ {
		row, ok := table.next()
		if !ok {
			return
		}
		if l.cells += len(row); l.cells > l.opts.MaxCells {
			l.stop(row[0].at, remedyLimit, "more than %d cells", l.opts.MaxCells)
			return
		}
		switch {
		case len(row) == 0:
		case n < heading:
			l.title(row)
		case n == heading:
			l.setHeading(row)
		default:
			l.part(row)
		}
	}
}

// maxKept bounds the columns that are kept as properties.
const maxKept = 100

// setHeading takes the columns from a heading row.
func (l *lister) setHeading(row []cell) {
	l.columns = make([]column, row[len(row)-1].column+1)
	l.heading = l.heading[:0]
	var first [timestampField + 1]string
	name, version := false, false
	for _, c := range row {
		col := columnOf(c.text)
		l.columns[c.column] = col
		l.heading = append(l.heading, c.text)
		name = name || col.field == nameField
		version = version || col.field == versionField
	}
	kept := 0
	for i := range l.columns {
		col := &l.columns[i]
		if col.field == productField {
			if col.field = knownField; !name {
				col.field, name = nameField, true
			}
		}
		if col.heading == "" {
			col.heading = fmt.Sprint(i + 1)
		}
		if kept++; kept <= maxKept || col.field != unknownField {
			col.property = "column:" + propertyName(col.heading)
		}
	}
	for _, c := range row {
		col := &l.columns[c.column]
		if propertyName(col.heading) != col.heading {
			l.defect(sbom.CodeText, c.at, c.text, "the heading of column %d is %d bytes long; it is cut where properties are named by it", c.column+1, len(col.heading))
		}
		if col.property == "" {
			l.defect(sbom.CodeUnknownTag, c.at, c.text, "column %d is beyond the %d that are kept, and its heading is not known", c.column+1, maxKept)
		}
		if !col.field.single() {
			continue
		}
		if earlier := first[col.field]; earlier != "" {
			l.defect(sbom.CodeKeyTwice, c.at, c.text,
				"columns %q and %q hold the same field: the first that is not empty holds", notation.Short(earlier), notation.Short(col.heading))
			continue
		}
		first[col.field] = col.heading
	}
	l.defect(sbom.CodeSpec, row[0].at, "",
		"a parts list in %s form, which is no SBOM format: dependencies, hashes and places of parts cannot be told", l.form())
	if !version {
		l.defect(sbom.CodeMissing, row[0].at, "", "the table has no column of versions")
	}
}

// propertyName is a heading as the properties of every row repeat it: a long one
// would make a report far larger than the table.
func propertyName(heading string) string {
	const most = 200
	if len(heading) <= most {
		return heading
	}
	return strings.ToValidUTF8(heading[:most], "") + "…"
}

func (l *lister) form() string {
	if l.doc.Encoding == sbom.XLSX {
		return "XLSX"
	}
	return "CSV"
}

// isHeading reports whether a row repeats the heading, as the pages of a
// printed table do.
func (l *lister) isHeading(row []cell) bool {
	return len(row) == len(l.heading) && row[0].text == l.heading[0] &&
		slices.EqualFunc(row, l.heading, func(c cell, heading string) bool { return c.text == heading })
}

// add puts a component into the document, unless it repeats another with its id.
func (l *lister) add(c sbom.Component) (index int32, ok bool) {
	if c.Ref != "" {
		if first, seen := l.refs[c.Ref]; seen {
			earlier := &l.doc.Components[first]
			if sbom.SameContent(earlier, &c) {
				earlier.Detail().More = append(earlier.More(), c.Position)
				return first, false
			}
			l.defect(sbom.CodeDuplicate, c.Position, c.Ref, "id %q stands on two rows with different content", notation.Short(c.Ref))
		} else {
			if l.refs == nil {
				l.refs = make(map[string]int32)
			}
			l.refs[c.Ref] = int32(len(l.doc.Components))
		}
	}
	switch n := len(l.doc.Components); {
	case n >= l.opts.MaxComponents:
		l.stop(c.Position, remedyLimit, "more than %d components", n)
		l.fatal.Limit = sbom.LimitComponents
		return 0, false
	case l.size > 0 && n >= mostRows(l.size):
		l.stop(c.Position, remedyHeading, "more than %d components in a text of %d bytes", n, l.size)
		return 0, false
	}
	l.doc.Components = append(l.doc.Components, c)
	return int32(len(l.doc.Components) - 1), true
}

// finish settles what needs all rows: relations, the subject, what is said once.
func (l *lister) finish() (*sbom.Document, error) {
	if l.fatal != nil {
		return nil, l.fatal
	}
	l.settleLinks()
	l.settleSubject()
	if l.formulas > 0 {
		what := "are taken as text, nothing is computed"
		if l.doc.Encoding == sbom.XLSX {
			what = "are taken as the value that was stored with them, nothing is computed"
		}
		l.defect(sbom.CodeText, l.formula.at, l.formula.text, "%d cells with a formula %s, this is the first", l.formulas, what)
	}
	if l.numbers > 0 {
		l.defect(sbom.CodeType, l.number.at, l.number.text,
			"%d versions are numbers and no texts, so that a zero at the end may be lost, this is the first", l.numbers)
	}
	if l.stamps > 0 {
		l.defect(sbom.CodeContradict, l.stamp.at, l.stamp.text, "%d rows have another timestamp than the first, this is the first of them", l.stamps)
	}
	return l.doc, nil
}

// settleSubject chooses the product: the row that NTIA's relationship calls
// primary, else what the title block names.
func (l *lister) settleSubject() {
	components := l.doc.Components
	if len(l.primary) > 0 {
		l.doc.Subject, l.doc.SubjectListed = &components[l.primary[0]], true
		for _, other := range l.primary[1:] {
			l.defect(sbom.CodeContradict, components[other].Position, components[other].Name, "a second row is called primary, the first is taken as the product")
		}
	}
	if l.product.Name == "" {
		if l.product.Version != "" && l.doc.Subject == nil {
			l.defect(sbom.CodeMissing, l.productAt, l.product.Version, "the title block gives a version without the name of the product")
		}
		return
	}
	if l.doc.Subject != nil {
		if l.doc.Subject.Name != l.product.Name || l.product.Version != "" && l.doc.Subject.Version != l.product.Version {
			l.defect(sbom.CodeContradict, l.productAt, l.product.Name+" "+l.product.Version, "the title block and the row that is called primary name different products")
		}
		return
	}
	for i := range components {
		if components[i].Name == l.product.Name && components[i].Version == l.product.Version {
			l.doc.Subject, l.doc.SubjectListed = &components[i], true
			return
		}
	}
	subject := l.product
	subject.Parent, subject.Position = sbom.SubjectIndex, l.productAt
	l.doc.Subject = &subject
}
