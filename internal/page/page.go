// SPDX-License-Identifier: Apache-2.0

// Package page lays out text for a terminal: paragraphs and grids of harmless
// text, in lines of a given width.
package page

import (
	"bufio"
	"io"
	"strconv"
	"strings"

	"github.com/medsbom/medsbom/internal/safetext"
)

// The layout of text for a terminal is ours and not tablewriter's, for four
// measured reasons: that one takes the width of ambiguous characters from the
// locale, so that its bytes depend on the environment; it compiles regular
// expressions when the program starts (1 ms, our budget for any package); it
// keeps all rows; and it cuts what is too long at the end, where names and
// versions differ. Widths come from the library that it uses for them.

// Widths in columns.
const (
	DefaultWidth = 80
	MinWidth     = 76 // what the columns of a table need
	// MaxProse bounds lines of running text, which are hard to read when long.
	MaxProse = 100
	gap      = 2 // between columns
)

// Style is how a text looks on a terminal with colours. It never carries a
// meaning of its own.
type Style string

// The styles.
const (
	Plain  Style = ""
	Bold   Style = "1"
	Red    Style = "1;31"
	Green  Style = "1;32"
	Yellow Style = "1;33"
	Dim    Style = "2"
)

// Page writes harmless text in lines of a given width.
type Page struct {
	w     *bufio.Writer
	width int
	color bool
}

// New returns a page on w, of the width given in columns (0: the default; never
// less than MinWidth), with colours or without.
func New(w io.Writer, width int, color bool) *Page {
	if width <= 0 {
		width = DefaultWidth
	}
	return &Page{w: bufio.NewWriterSize(w, 64<<10), width: max(width, MinWidth), color: color}
}

// Write puts out text that is harmless already. Errors stick in the writer
// and come back from its Flush.
func (p *Page) Write(s Style, text string) {
	if p.color && s != Plain && text != "" {
		_, _ = p.w.WriteString("\x1b[" + string(s) + "m" + text + "\x1b[0m")
		return
	}
	_, _ = p.w.WriteString(text)
}

// Width is the number of columns of a line.
func (p *Page) Width() int { return p.width }

// Flush writes out what is left, and reports the first error of writing.
func (p *Page) Flush() error { return p.w.Flush() }

// Newline ends a line.
func (p *Page) Newline() { _ = p.w.WriteByte('\n') }

func (p *Page) spaces(n int) { _, _ = p.w.WriteString(Blanks(n)) }

// Heading starts a section.
func (p *Page) Heading(text string) {
	p.Newline()
	p.Paragraph(Bold, "", "", text)
}

// Paragraph writes running text. The first line starts with lead, the others
// are indented to the same column. A lead that leaves too little room, which a
// hostile name can, has lines of its own.
func (p *Page) Paragraph(s Style, indent, lead, text string) {
	start := indent + safetext.Line(lead)
	hang := safetext.Width(start)
	limit := min(p.width, MaxProse)
	if most := limit - MinWidth/2; hang > most {
		in := min(safetext.Width(indent), most)
		if lead != "" {
			for _, line := range Wrap(safetext.Line(lead), limit-in) {
				p.spaces(in)
				p.Write(Plain, line)
				p.Newline()
			}
			in = min(in+gap, most)
		}
		hang, start = in, Blanks(in)
	}
	for i, line := range Wrap(safetext.Line(text), limit-hang) {
		if i == 0 {
			p.Write(Plain, start)
		} else {
			p.spaces(hang)
		}
		p.Write(s, line)
		p.Newline()
	}
}

// Wrap breaks harmless text into lines of at Most width columns, at spaces
// where it can. There is always one line.
func Wrap(text string, width int) []string {
	var lines []string
	line, used := "", 0
	for word := range strings.FieldsSeq(text) {
		n := safetext.Width(word)
		if used > 0 && used+1+n <= width {
			line += " " + word
			used += 1 + n
			continue
		}
		if used > 0 {
			lines = append(lines, line)
		}
		for n > width {
			head, tail := safetext.Split(word, width)
			lines = append(lines, head)
			word, n = tail, safetext.Width(tail)
		}
		line, used = word, n
	}
	if used > 0 || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// Column is one column of a grid.
type Column struct {
	Title string
	Right bool // numbers
	Least int  // columns it keeps when the page is narrow; 0: never cut
	Most  int  // columns it gets, so that one long cell costs the others nothing; 0: any
	Wraps bool // breaks into lines instead of being cut in the middle
}

// Row is one row of a grid.
type Row struct {
	Cells  []string
	Styles []Style // of the Cells; may be shorter
	Detail string  // running text beneath the row
}

// Grid writes rows under column titles, if any column has one. A column that would not fit gives up
// its middle, the widest first.
func (p *Page) Grid(indent int, columns []Column, rows []Row) {
	widths := make([]int, len(columns))
	for i, c := range columns {
		widths[i] = safetext.Width(c.Title)
		for _, r := range rows {
			widths[i] = max(widths[i], safetext.Width(safetext.Line(r.Cells[i])))
		}
		if c.Most > 0 {
			widths[i] = min(widths[i], c.Most)
		}
	}
	fit(widths, columns, p.width-indent-gap*(len(columns)-1))

	titles := Row{Cells: make([]string, len(columns)), Styles: make([]Style, len(columns))}
	titled := false
	for i, c := range columns {
		titles.Cells[i], titles.Styles[i] = c.Title, Dim
		titled = titled || c.Title != ""
	}
	if titled {
		p.row(indent, columns, widths, &titles)
	}
	for i := range rows {
		p.row(indent, columns, widths, &rows[i])
		if rows[i].Detail != "" {
			p.Paragraph(Plain, Blanks(indent+widths[0]+gap), "", rows[i].Detail)
		}
	}
}

// fit takes columns away from the widest Cells until all fit, as far as each
// column allows.
func fit(widths []int, columns []Column, total int) {
	sum := 0
	for _, w := range widths {
		sum += w
	}
	for ; sum > total; sum-- {
		widest := -1
		for i, c := range columns {
			if c.Least > 0 && widths[i] > c.Least && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		widths[widest]--
	}
}

func (p *Page) row(indent int, columns []Column, widths []int, r *Row) {
	lines := make([][]string, len(columns))
	height := 1
	for i, c := range columns {
		if c.Wraps {
			lines[i] = Wrap(safetext.Line(r.Cells[i]), widths[i])
		} else {
			lines[i] = []string{safetext.Middle(r.Cells[i], widths[i])}
		}
		height = max(height, len(lines[i]))
	}
	for n := range height {
		p.spaces(indent)
		owed := 0 // spaces that are written only if a text follows
		for i, c := range columns {
			text := ""
			if n < len(lines[i]) {
				text = lines[i][n]
			}
			s := Plain
			if i < len(r.Styles) {
				s = r.Styles[i]
			}
			pad := widths[i] - safetext.Width(text)
			if c.Right {
				owed, pad = owed+pad, 0
			}
			if text != "" {
				p.spaces(owed)
				p.Write(s, text)
				owed = 0
			}
			owed += pad + gap
		}
		p.Newline()
	}
}

// Blanks is n spaces.
func Blanks(n int) string { return strings.Repeat(" ", max(n, 0)) }

// Count writes a number with its noun: "1 part", "1,204 parts".
func Count(n int, singular, plural string) string {
	if n == 1 {
		return "1 " + singular
	}
	return Thousands(n) + " " + plural
}

// Thousands writes 66574 as "66,574".
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// PlainNumber writes a score or points with one decimal at the Most, and
// without one that says nothing.
func PlainNumber(f float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}
