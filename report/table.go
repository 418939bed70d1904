// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"io"
	"slices"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/internal/page"
)

// TableOptions are the wishes for a table.
type TableOptions struct {
	Width   int  // columns of the terminal; 0 means 80, less than 76 counts as 76
	Color   bool // use colours, which never carry a meaning of their own
	Verbose bool // list all there is instead of the first few
}

// How many entries the sections show unless all are asked for.
const (
	topQuestions = 7
	topFixes     = 5
	topFindings  = 10
	topWork      = 10
	topFiles     = 5
	topDefects   = 5
	topStale     = 2
)

// Table returns the handler that writes for people. One product is told in
// full: decision, the two numbers, coverage, questions for the vendor, what to
// fix first, findings. Several are ranked, with one worklist by cause. What
// was not checked comes last, with the exit code, where it is seen.
//
// Of several products it keeps a line each; of a single one what it shows.
func Table(w io.Writer, opts TableOptions) assessment.Handler {
	return &table{page: page.New(w, opts.Width, opts.Color), verbose: opts.Verbose, judged: make(map[productKey]share)}
}

type table struct {
	page     *page.Page
	verbose  bool
	stage    stage
	header   assessment.Header
	products int
	first    *single // the first product, until a second one comes
	judged   map[productKey]share
	unread   int // vulnerability statements inside SBOMs
	advised  []advised
}

// productKey tells products apart that differ in nothing but their version.
type productKey struct{ id, version string }

// share is how many of the parts of a product could be judged.
type share struct {
	judged, of int
	mostlyNot  bool // less than half of those that concern the product
}

func (t *table) Begin(h *assessment.Header) error {
	if err := t.stage.begin(); err != nil {
		return err
	}
	t.header = *h
	t.header.Policies = slices.Clone(h.Policies)
	t.header.Database.Feeds = slices.Clone(h.Database.Feeds)
	t.header.Database.Warnings = slices.Clone(h.Database.Warnings)
	return nil
}

func (t *table) Product(p *assessment.Product) error {
	if err := t.stage.product(); err != nil {
		return err
	}
	t.products++
	t.unread += p.SBOM.Statements
	if t.products == 1 {
		t.first = newSingle(p, t.verbose)
	} else {
		t.first = nil
	}
	if a, ok := advisedOf(p); ok {
		t.advised = append(t.advised, a)
	}
	t.judged[productKey{p.ID, p.Version}] = share{judged: judgedParts(&p.Coverage), of: p.Coverage.Components, mostlyNot: mostlyUnjudged(&p.Coverage)}
	return nil
}

func (t *table) End(e *assessment.Trailer) error {
	if err := t.stage.end(); err != nil {
		return err
	}
	t.writeDatabase()
	switch {
	case t.products == 0:
		t.page.Newline()
		t.page.Paragraph(page.Yellow, "", "", "NO PRODUCT: nothing could be read, so nothing was checked")
	case t.first != nil:
		t.writeSingle(t.first)
	default:
		t.writeRanking(&e.Summary)
		t.writeAdvised()
		t.writeWorklist(e.Summary.Worklist)
	}
	t.writeNotChecked(e)
	if err := t.page.Flush(); err != nil {
		return fmt.Errorf("writing table: %w", err)
	}
	return nil
}

// judgedParts counts the components that were compared with a database.
func judgedParts(c *assessment.Coverage) int { return c.Assessed + c.Weak + c.StarterOnly }

// some is the number of entries to show of n.
func (t *table) some(n, top int) int {
	if t.verbose {
		return n
	}
	return min(n, top)
}

// titled is a heading that says so when it does not show all.
func (t *table) titled(title string, shown, of int) {
	if shown < of {
		title = fmt.Sprintf("%s (%s of %s; -v lists all)", title, page.Thousands(shown), page.Thousands(of))
	}
	t.page.Heading(title)
}
