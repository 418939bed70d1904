// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

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
	buf      []byte // of the document, not yet written
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
	j.object(&header, "header")
	j.buf = append(bytes.TrimSuffix(j.buf, []byte("\n}")), ",\n\"products\":["...)
	return j.flush(flushAt)
}

func (j *jsonReport) Product(p *assessment.Product) error {
	if err := j.stage.product(); err != nil {
		return err
	}
	if j.products > 0 {
		j.buf = append(j.buf, ',')
	}
	j.products++
	j.buf = append(j.buf, '\n')

	// The two long lists are the last members of a product; they are encoded
	// without reflection and never as a whole.
	rest := *p
	rest.Components, rest.Findings = nil, nil
	j.object(&rest, "product")
	emptyLists := []byte(",\n\"components\":[],\n\"findings\":[]\n}")
	if !bytes.HasSuffix(j.buf, emptyLists) {
		return j.fail(fmt.Errorf("components and findings are not the last members of a product"))
	}
	j.buf = append(bytes.TrimSuffix(j.buf, emptyLists), ",\n\"components\":["...)
	for i := range p.Components {
		j.buf = append(j.buf, separator(i)...)
		j.buf = appendComponent(j.buf, &p.Components[i])
		if err := j.flush(flushAt); err != nil {
			return err
		}
	}
	j.buf = append(j.buf, closing(len(p.Components))...)
	j.buf = append(j.buf, ",\n\"findings\":["...)
	for i := range p.Findings {
		f := &p.Findings[i]
		if err := finite(f); err != nil {
			return j.fail(err)
		}
		j.buf = append(j.buf, separator(i)...)
		j.buf = appendFinding(j.buf, f)
		if err := j.flush(flushAt); err != nil {
			return err
		}
	}
	j.buf = append(j.buf, closing(len(p.Findings))...)
	j.buf = append(j.buf, "\n}"...)
	return j.flush(flushAt)
}

func (j *jsonReport) End(t *assessment.Trailer) error {
	if err := j.stage.end(); err != nil {
		return err
	}
	j.buf = append(j.buf, closing(j.products)...)
	j.buf = append(j.buf, ",\n\"advisories\":{"...)
	for i, id := range slices.Sorted(maps.Keys(t.Advisories)) {
		j.buf = append(j.buf, separator(i)...)
		j.buf = append(appendString(j.buf, id), ':')
		advisory := t.Advisories[id]
		text, err := marshal(&advisory)
		if err != nil {
			return j.fail(fmt.Errorf("advisory %q: %w", id, err))
		}
		j.buf = appendHarmless(j.buf, text)
		if err := j.flush(flushAt); err != nil {
			return err
		}
	}
	if len(t.Advisories) > 0 {
		j.buf = append(j.buf, '\n')
	}
	j.buf = append(j.buf, "},"...)
	rest := *t
	rest.Advisories = nil
	start := len(j.buf)
	j.object(&rest, "trailer")
	if j.err != nil {
		return j.err
	}
	noAdvisories := []byte("{\n\"advisories\":{},")
	if !bytes.HasPrefix(j.buf[start:], noAdvisories) {
		return j.fail(fmt.Errorf("advisories are not the first member of the trailer"))
	}
	j.buf = slices.Delete(j.buf, start, start+len(noAdvisories))
	j.buf = append(j.buf, '\n')
	return j.flush(0)
}

// object appends a struct in its line layout.
func (j *jsonReport) object(v any, what string) {
	if j.err != nil {
		return
	}
	text, err := marshal(v)
	if err != nil {
		_ = j.fail(fmt.Errorf("%s: %w", what, err))
		return
	}
	j.buf = appendLines(j.buf, text)
}

func (j *jsonReport) fail(err error) error {
	if j.err == nil {
		j.err = fmt.Errorf("writing JSON report: %w", err)
	}
	return j.err
}

func (j *jsonReport) flush(atLeast int) error {
	if j.err != nil {
		return j.err
	}
	if len(j.buf) > atLeast || atLeast == 0 {
		if _, err := j.w.Write(j.buf); err != nil {
			return j.fail(err)
		}
		j.buf = j.buf[:0]
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

// marshal is the reference encoding: members in the order of the struct, keys
// of maps sorted, omitempty as encoding/json means it.
func marshal(v any) ([]byte, error) {
	return json.Marshal(v,
		json.Deterministic(true),
		jsontext.AllowInvalidUTF8(true),
		jsonv1.OmitEmptyWithLegacySemantics(true))
}

// maxBroken is the depth down to which lists of objects get one element a line.
const maxBroken = 2

// appendLines appends a compact JSON object with line breaks: between its
// members, and between the elements of lists of objects near the top.
func appendLines(dst, text []byte) []byte {
	var open []bool // the containers around: whether each is broken into lines
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"':
			end := stringEnd(text, i)
			dst = appendHarmless(dst, text[i:end])
			i = end - 1
		case '{', '[':
			filled := text[i+1] != c+2 // the closing bracket follows two code points later
			broken := filled && (len(open) == 0 || c == '[' && len(open) <= maxBroken && text[i+1] == '{')
			open = append(open, broken)
			dst = append(dst, c)
			if broken {
				dst = append(dst, '\n')
			}
		case '}', ']':
			if open[len(open)-1] {
				dst = append(dst, '\n')
			}
			open = open[:len(open)-1]
			dst = append(dst, c)
		case ',':
			dst = append(dst, c)
			if open[len(open)-1] {
				dst = append(dst, '\n')
			}
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// stringEnd returns the index after the string that starts at text[i].
func stringEnd(text []byte, i int) int {
	for i++; text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i + 1
}
