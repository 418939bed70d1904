// SPDX-License-Identifier: Apache-2.0

package report

//go:generate go test -run ^TestGeneratedJSON -update .

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/medsbom/medsbom/assessment"
)

// flushAt is how much JSON gathers before it is written.
const flushAt = 64 << 10

// JSON returns the handler that writes the document medsbom/assessment/v1,
// product by product, as it gets them.
//
// The layout is compact but made for line-wise diffs: each member of the
// document and of a product, each component, finding, rule, contribution,
// advisory and file stands on a line of its own. The text is UTF-8 (what was
// not, is U+FFFD), and characters that are invisible or steer a terminal are
// written as \u escapes, which changes no string.
func JSON(w io.Writer) assessment.Handler { return &jsonReport{w: w} }

type jsonReport struct {
	w        io.Writer
	stage    stage
	text     jsonText // of the document, not yet written
	products int
	err      error
}

func (j *jsonReport) Begin(h *assessment.Header) error {
	if err := j.stage.begin(); err != nil {
		return err
	}
	header := *h
	if header.Schema == "" {
		header.Schema = assessment.Schema
	}
	if header.Schema != assessment.Schema {
		return j.fail(fmt.Errorf("schema is %q, not %q", header.Schema, assessment.Schema))
	}
	j.text.headerMembers(&header)
	j.text.b[0] = '{' // for the comma
	j.add(",\n\"products\":[")
	return j.flush(flushAt)
}

func (j *jsonReport) Product(p *assessment.Product) error {
	if err := j.stage.product(); err != nil {
		return err
	}
	j.add(separator(j.products))
	j.products++
	from := len(j.text.b)
	j.text.productMembers(p)
	j.text.b[from] = '{' // for the comma

	// The two long lists are written in pieces.
	j.add(",\n\"components\":[")
	written := 0
	for i, c := range p.All() {
		j.add(separator(i))
		j.text.component(c, false)
		if err := j.flush(flushAt); err != nil {
			return err
		}
		written++
	}
	j.add(closing(written))
	j.add(",\n\"findings\":[")
	for i := range p.Findings {
		j.add(separator(i))
		j.text.finding(&p.Findings[i])
		if j.text.nan {
			return j.fail(fmt.Errorf("finding %q has a number that JSON does not have (NaN or infinite)", p.Findings[i].Key))
		}
		if err := j.flush(flushAt); err != nil {
			return err
		}
	}
	j.add(closing(len(p.Findings)))
	j.add("\n}")
	return j.flush(flushAt)
}

func (j *jsonReport) End(t *assessment.Trailer) error {
	if err := j.stage.end(); err != nil {
		return err
	}
	j.add(closing(j.products))
	j.add(",\n\"advisories\":{")
	for i, id := range slices.Sorted(maps.Keys(t.Advisories)) {
		j.add(separator(i))
		j.text.b = append(appendString(j.text.b, id), ':')
		j.text.advisory(t.Advisory(id), false)
		if err := j.flush(flushAt); err != nil {
			return err
		}
	}
	if len(t.Advisories) > 0 {
		j.add("\n")
	}
	j.add("}")
	j.text.trailerMembers(t)
	j.add("\n}\n")
	return j.flush(0)
}

func (j *jsonReport) add(s string) { j.text.b = append(j.text.b, s...) }

func (j *jsonReport) fail(err error) error {
	if j.err == nil {
		j.err = fmt.Errorf("writing JSON report: %w", err)
	}
	return j.err
}

func (j *jsonReport) flush(atLeast int) error {
	switch {
	case j.err != nil:
		return j.err
	case j.text.nan:
		return j.fail(errors.New("a score has a number that JSON does not have (NaN or infinite)"))
	}
	if len(j.text.b) > atLeast || atLeast == 0 {
		if _, err := j.w.Write(j.text.b); err != nil {
			return j.fail(err)
		}
		j.text.b = j.text.b[:0]
	}
	return nil
}

func separator(i int) string {
	if i == 0 {
		return "\n"
	}
	return ",\n"
}

func closing(n int) string {
	if n == 0 {
		return "]"
	}
	return "\n]"
}
