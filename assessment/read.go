// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ErrNotAssessment says that a text is JSON, or not even that, but no document
// of this package. Read wraps it.
var ErrNotAssessment = errors.New("not a medsbom assessment")

// maxDepth is how deep a document may nest. Version 1 needs eight levels; the
// rest is room for members that a later program adds.
const maxDepth = 32

// Read replays a saved document as the stream it was made from: Begin, each
// Product, End. It holds one product at a time, and the trailer.
//
// It is strict: the schema must be this package's, all members of the document
// must be there, each once, schema and the other members of the header before
// the products, and nothing may follow the document. A number that the format
// cannot mean (a finding of a component that is not there) is refused too.
// Members that it does not know are passed over, since a later program may
// have added them within version 1.
//
// An error of the handler ends the reading and is returned as it is. On any
// other error the handler has seen the beginning of a bad document and no End:
// what it made must be thrown away.
func Read(r io.Reader, h Handler) error {
	text, err := plainJSON(r)
	if err != nil {
		return fmt.Errorf("reading assessment: %w", err)
	}
	d := &replay{in: jsontext.NewDecoder(&depthGuard{r: text}), to: h}
	if err := d.document(); err != nil {
		if d.handlerErr != nil {
			return d.handlerErr
		}
		return fmt.Errorf("reading assessment: %w", explain(err))
	}
	if err := h.End(&d.trailer); err != nil {
		return err
	}
	return nil
}

// plainJSON skips a UTF-8 byte order mark and names UTF-16, which is what a
// redirection in Windows PowerShell makes of a report.
func plainJSON(r io.Reader) (io.Reader, error) {
	br := bufio.NewReaderSize(r, 64<<10)
	start, err := br.Peek(3)
	switch {
	case len(start) == 0 && err == io.EOF:
		return nil, fmt.Errorf("%w: the file is empty", ErrNotAssessment)
	case err != nil && err != io.EOF:
		return nil, err
	case bytes.Equal(start, []byte{0xEF, 0xBB, 0xBF}):
		_, err := br.Discard(3)
		return br, err
	case bytes.HasPrefix(start, []byte{0xFE, 0xFF}), bytes.HasPrefix(start, []byte{0xFF, 0xFE}):
		return nil, fmt.Errorf("%w: the file is UTF-16; write it with --output json=FILE instead of redirecting it", ErrNotAssessment)
	}
	return br, nil
}

// explain puts errors of the JSON reader in words for a person who holds a
// damaged file.
func explain(err error) error {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) && errors.Is(syntax.Err, io.ErrUnexpectedEOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the document ends early: it was cut off, or the scan that wrote it did not finish: %w", err)
	}
	return err
}

// replay is one reading.
type replay struct {
	in         *jsontext.Decoder
	to         Handler
	header     Header
	trailer    Trailer
	products   int
	handlerErr error
}

// The members of a document: those of the header, the products, those of the trailer.
const headerMembers = 5

var members = [...]string{
	"schema", "tool", "asOf", "database", "policies",
	"products",
	"advisories", "inputs", "suppliers", "summary",
}

func (d *replay) document() error {
	if kind := d.in.PeekKind(); kind != '{' {
		if _, err := d.in.ReadToken(); err != nil {
			return fmt.Errorf("%w: %w", ErrNotAssessment, err)
		}
		return fmt.Errorf("%w: the text is JSON, but no object", ErrNotAssessment)
	}
	if _, err := d.in.ReadToken(); err != nil {
		return err
	}
	seen := make(map[string]bool, len(members))
	for d.in.PeekKind() == '"' {
		name, err := d.in.ReadToken()
		if err != nil {
			return err
		}
		member := name.String()
		if member == "products" {
			for _, needed := range members[:headerMembers] {
				if !seen[needed] && !seen["schema"] {
					return noSchema()
				} else if !seen[needed] {
					return fmt.Errorf("member %q is missing before the products; was the file rewritten by another program?", needed)
				}
			}
		}
		seen[member] = true
		if err := d.member(member); err != nil {
			return err
		}
	}
	if _, err := d.in.ReadToken(); err != nil { // the closing brace
		return err
	}
	for _, needed := range members {
		if !seen[needed] && !seen["schema"] {
			return noSchema()
		} else if !seen[needed] {
			return fmt.Errorf("member %q is missing", needed)
		}
	}
	_, err := d.in.ReadToken()
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil || errors.As(err, &syntax):
		return fmt.Errorf("text follows the end of the document at byte %d", d.in.InputOffset())
	}
	return err
}

func noSchema() error {
	return fmt.Errorf("%w: it has no member %q", ErrNotAssessment, "schema")
}

func (d *replay) member(name string) error {
	switch name {
	case "schema":
		if err := d.value(name, &d.header.Schema); err != nil {
			return fmt.Errorf("%w: %w", ErrNotAssessment, err)
		}
		return checkSchema(d.header.Schema)
	case "tool":
		return d.value(name, &d.header.Tool)
	case "asOf":
		return d.value(name, &d.header.AsOf)
	case "database":
		return d.value(name, &d.header.Database)
	case "policies":
		return d.value(name, &d.header.Policies)
	case "products":
		return d.productList()
	case "advisories":
		return d.value(name, &d.trailer.Advisories)
	case "inputs":
		return d.value(name, &d.trailer.Inputs)
	case "suppliers":
		return d.value(name, &d.trailer.Suppliers)
	case "summary":
		return d.value(name, &d.trailer.Summary)
	}
	return d.in.SkipValue()
}

// checkSchema tells another version from another kind of document.
func checkSchema(name string) error {
	if name == Schema {
		return nil
	}
	if version, ok := strings.CutPrefix(name, "medsbom/assessment/"); ok {
		return fmt.Errorf("the document is %.40q, this program reads %q: use the program version that wrote it or a newer one", "medsbom/assessment/"+version, Schema)
	}
	return fmt.Errorf("%w: its schema is %.80q, not %q", ErrNotAssessment, name, Schema)
}

// value decodes the next value. null is not a value of any member.
func (d *replay) value(name string, into any) error {
	if d.in.PeekKind() == 'n' {
		return fmt.Errorf("member %q is null", name)
	}
	if err := json.UnmarshalDecode(d.in, into); err != nil {
		return fmt.Errorf("member %q: %w", name, err)
	}
	return nil
}

// asList has the components of a product decoded into a List.
var asList = json.WithUnmarshalers(json.UnmarshalFromFunc(func(in *jsontext.Decoder, into *Components) error {
	var list List
	err := json.UnmarshalDecode(in, &list)
	*into = list
	return err
}))

func (d *replay) productList() error {
	if open, err := d.in.ReadToken(); err != nil {
		return err
	} else if open.Kind() != '[' {
		return fmt.Errorf("member %q is no array", "products")
	}
	if d.handlerErr = d.to.Begin(&d.header); d.handlerErr != nil {
		return d.handlerErr
	}
	for d.in.PeekKind() != ']' {
		if d.in.PeekKind() == 'n' {
			return fmt.Errorf("products: entry %d is null", d.products)
		}
		p := Product{Components: List(nil)}
		if err := json.UnmarshalDecode(d.in, &p, asList); err != nil {
			return fmt.Errorf("products: entry %d: %w", d.products, err)
		}
		if err := p.check(); err != nil {
			return fmt.Errorf("products: entry %d (%.80q): %w", d.products, p.ID, err)
		}
		if d.handlerErr = d.to.Product(&p); d.handlerErr != nil {
			return d.handlerErr
		}
		d.products++
	}
	_, err := d.in.ReadToken()
	return err
}

// check refuses what no scan writes and what a report could stumble over or,
// worse, show as better than it is.
func (p *Product) check() error {
	switch p.State {
	case StateAssessed, StateUnreadable, StateEmpty, StateBlind:
	default:
		return fmt.Errorf("unknown state %.40q", p.State)
	}
	switch p.Decision.Outcome {
	case Accept, AcceptWithConditions, Reject:
	default:
		return fmt.Errorf("unknown outcome %.40q", p.Decision.Outcome)
	}
	for i := range p.Findings {
		if f := &p.Findings[i]; f.Component < 0 || f.Component >= p.Components.Len() {
			return fmt.Errorf("finding %d is about component %d, but there are %d", i, f.Component, p.Components.Len())
		}
	}
	return nil
}

// depthGuard passes JSON text on until it nests deeper than maxDepth. It does
// not check the text; the decoder behind it does.
type depthGuard struct {
	r       io.Reader
	depth   int
	text    bool // inside a string
	escaped bool // after a backslash in a string
}

func (g *depthGuard) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	for _, c := range p[:n] {
		switch {
		case g.escaped:
			g.escaped = false
		case g.text:
			g.escaped = c == '\\'
			g.text = c != '"'
		case c == '"':
			g.text = true
		case c == '{' || c == '[':
			if g.depth++; g.depth > maxDepth {
				return 0, fmt.Errorf("the document nests deeper than %d levels", maxDepth)
			}
		case c == '}' || c == ']':
			g.depth--
		}
	}
	return n, err
}
