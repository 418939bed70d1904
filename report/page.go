// SPDX-License-Identifier: Apache-2.0

package report

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

const (
	defaultWidth = 80
	minWidth     = 76 // what the columns of a table need
	// maxProse bounds lines of running text, which are hard to read when long.
	maxProse = 100
	gap      = 2 // between columns
)

// style is how a text looks on a terminal with colours. It never carries a
// meaning of its own.
type style string

const (
	plain  style = ""
	bold   style = "1"
	red    style = "1;31"
	green  style = "1;32"
	yellow style = "1;33"
	dim    style = "2"
)

// page writes harmless text in lines of a given width.
type page struct {
	w     *bufio.Writer
	width int
	color bool
}

func newPage(w io.Writer, width int, color bool) *page {
	if width <= 0 {
		width = defaultWidth
	}
	return &page{w: bufio.NewWriterSize(w, flushAt), width: max(width, minWidth), color: color}
}

// write puts out text that is harmless already. Errors stick in the writer
// and come back from its Flush.
func (p *page) write(s style, text string) {
	if p.color && s != plain && text != "" {
		_, _ = p.w.WriteString("\x1b[" + string(s) + "m" + text + "\x1b[0m")
		return
	}
	_, _ = p.w.WriteString(text)
}

func (p *page) newline() { _ = p.w.WriteByte('\n') }

func (p *page) spaces(n int) { _, _ = p.w.WriteString(spaces(n)) }

// heading starts a section.
func (p *page) heading(text string) {
	p.newline()
	p.paragraph(bold, "", "", text)
}

// paragraph writes running text. The first line starts with lead, the others
// are indented to the same column.
func (p *page) paragraph(s style, indent, lead, text string) {
	start := indent + safetext.Line(lead)
	hang := safetext.Width(start)
	width := max(min(p.width, maxProse)-hang, minWidth/2)
	for i, line := range wrap(safetext.Line(text), width) {
		if i == 0 {
			p.write(plain, start)
		} else {
			p.spaces(hang)
		}
		p.write(s, line)
		p.newline()
	}
}

// wrap breaks harmless text into lines of at most width columns, at spaces
// where it can. There is always one line.
func wrap(text string, width int) []string {
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

// column is one column of a grid.
type column struct {
	title string
	right bool // numbers
	least int  // columns it keeps when the page is narrow; 0: never cut
	most  int  // columns it gets, so that one long cell costs the others nothing; 0: any
	wraps bool // breaks into lines instead of being cut in the middle
}

// row is one row of a grid.
type row struct {
	cells  []string
	styles []style // of the cells; may be shorter
	detail string  // running text beneath the row
}

// grid writes rows under column titles. A column that would not fit gives up
// its middle, the widest first.
func (p *page) grid(indent int, columns []column, rows []row) {
	widths := make([]int, len(columns))
	for i, c := range columns {
		widths[i] = safetext.Width(c.title)
		for _, r := range rows {
			widths[i] = max(widths[i], safetext.Width(safetext.Line(r.cells[i])))
		}
		if c.most > 0 {
			widths[i] = min(widths[i], c.most)
		}
	}
	fit(widths, columns, p.width-indent-gap*(len(columns)-1))

	titles := row{cells: make([]string, len(columns)), styles: make([]style, len(columns))}
	for i, c := range columns {
		titles.cells[i], titles.styles[i] = c.title, dim
	}
	p.row(indent, columns, widths, &titles)
	for i := range rows {
		p.row(indent, columns, widths, &rows[i])
		if rows[i].detail != "" {
			p.paragraph(plain, spaces(indent+widths[0]+gap), "", rows[i].detail)
		}
	}
}

// fit takes columns away from the widest cells until all fit, as far as each
// column allows.
func fit(widths []int, columns []column, total int) {
	sum := 0
	for _, w := range widths {
		sum += w
	}
	for ; sum > total; sum-- {
		widest := -1
		for i, c := range columns {
			if c.least > 0 && widths[i] > c.least && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		widths[widest]--
	}
}

func (p *page) row(indent int, columns []column, widths []int, r *row) {
	lines := make([][]string, len(columns))
	height := 1
	for i, c := range columns {
		if c.wraps {
			lines[i] = wrap(safetext.Line(r.cells[i]), widths[i])
		} else {
			lines[i] = []string{safetext.Middle(r.cells[i], widths[i])}
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
			s := plain
			if i < len(r.styles) {
				s = r.styles[i]
			}
			pad := widths[i] - safetext.Width(text)
			if c.right {
				owed, pad = owed+pad, 0
			}
			if text != "" {
				p.spaces(owed)
				p.write(s, text)
				owed = 0
			}
			owed += pad + gap
		}
		p.newline()
	}
}

func spaces(n int) string { return strings.Repeat(" ", max(n, 0)) }

// count writes a number with its noun: "1 part", "1,204 parts".
func count(n int, singular, plural string) string {
	if n == 1 {
		return "1 " + singular
	}
	return thousands(n) + " " + plural
}

// thousands writes 66574 as "66,574".
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// plainNumber writes a score or points with one decimal at the most, and
// without one that says nothing.
func plainNumber(f float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}
