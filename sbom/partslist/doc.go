// SPDX-License-Identifier: Apache-2.0

// Package partslist reads lists of parts that come as a table, in CSV or XLSX:
// what buyers are sent where they asked for an SBOM. Such a table is no SBOM
// format, and every document that comes from here says so ([sbom.CodeSpec]).
//
// # What is a parts list
//
// A table with a heading row among its first twenty rows that are not empty. A
// heading row has a column of names and at least one more that is known:
// version, supplier, package URL, CPE, licence, hash, end of support and the
// like, in the common English, German, French, Spanish and Italian words, also
// with "SW", "Component", "SOUP" and the like before them. If several rows could
// be it, the one with the most known columns is. What stands above it is the
// title block: product, version, supplier, author and date are read from there.
//
// CSV: separated by comma, semicolon, tab or bar, whichever gives the best
// heading, or as a first line sep=; says. A quote opens a quoted cell only at
// the cell's beginning, and only one before a separator or a line end closes
// it. Lines that are not UTF-8 are read as Windows-1252, and that is said.
//
// XLSX: every sheet with a heading row is read; the others are named in a
// defect. The place of a cell is its row and column. Numbers are read as the
// sheet shows them, dates as ISO 8601.
//
// # What costs what
//
// One row is one component. A row that has neither a name nor an identifier is
// none, and a defect; so is one that holds nothing but a number. A row that
// repeats the id of another with the same content is the same component in a
// second place. Notes below the table are kept as components: they look like
// parts without a version.
//
// Words such as "n/a", "unknown", "none" and "-" say that a thing is not known:
// [sbom.Party].Unknown, [sbom.Component].NoIdentifierStated; a version of that
// kind is none. Columns that are not known are kept as properties named
// column:Heading. Two columns for one field: the first that is not empty holds,
// the other is kept as a property. Nothing is computed: a formula in CSV is
// text, one in XLSX is the value that was stored with it.
//
// A cell that names another row becomes an edge only if that name stands in
// exactly one row. An unclosed quote, a damaged archive or a table over a limit
// costs the document; the error is then a [*sbom.SyntaxError].
package partslist

// Options bound what a table may ask for. Zero means the default.
type Options struct {
	MaxComponents int   // rows that become components; default 500,000
	MaxColumns    int   // the last column that may hold something; default 1,000
	MaxCells      int   // cells that are not empty, of all sheets; default 10,000,000
	MaxBytes      int64 // of all parts of an XLSX file that are read, after expansion; default 256 MiB
	MaxRatio      int   // expanded bytes of an XLSX file for one of the file, above 8 MiB; default 200
}

func (o Options) withDefaults() Options {
	if o.MaxComponents <= 0 {
		o.MaxComponents = 500_000
	}
	if o.MaxColumns <= 0 {
		o.MaxColumns = 1000
	}
	if o.MaxCells <= 0 {
		o.MaxCells = 10_000_000
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 256 << 20
	}
	if o.MaxRatio <= 0 {
		o.MaxRatio = 200
	}
	return o
}
