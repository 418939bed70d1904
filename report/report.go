// SPDX-License-Identifier: Apache-2.0

// Package report turns an assessment into something to read: one file a
// format, each an assessment.Handler that takes the stream of a scan or the
// replay of a saved document (assessment.Read). A report adds no facts and no
// judgement; it reads the assessment alone, so that any format can be made
// later from a saved JSON document, without another scan.
//
// # Promises
//
// The bytes depend on the assessment and the options alone: not on the
// environment, the locale or the time. Everything that came from a document is
// neutralised for its medium (package internal/safetext). Memory is bounded by
// the number of products and by what is shown, not by the number of
// components. Write errors stick: the first one is returned by every later
// call.
//
// A handler takes Begin, then each Product, then End; a table or SARIF report
// writes only in End. It keeps no pointer to what it was handed.
package report

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/assessment"
)

// Options are the wishes of the user; each format takes what it can use.
type Options struct {
	Table TableOptions
	SARIF SARIFOptions
}

// ErrFormat says that a format is not known. New wraps it.
var ErrFormat = errors.New("unknown report format")

// formats are the formats by name, in the order in which help shows them.
var formats = []struct {
	name string
	make func(io.Writer, Options) assessment.Handler
}{
	{"table", func(w io.Writer, o Options) assessment.Handler { return Table(w, o.Table) }},
	{"json", func(w io.Writer, _ Options) assessment.Handler { return JSON(w) }},
	{"sarif", func(w io.Writer, o Options) assessment.Handler { return SARIF(w, o.SARIF) }},
}

// Formats returns the names of all formats, the default one first.
func Formats() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// New returns the handler that writes the named format to w.
func New(format string, w io.Writer, opts Options) (assessment.Handler, error) {
	for _, f := range formats {
		if f.name == format {
			return f.make(w, opts), nil
		}
	}
	return nil, fmt.Errorf("%w %q: it is one of %s", ErrFormat, format, strings.Join(Formats(), ", "))
}

// Tee returns a handler that passes the stream on to each of the handlers in
// order. One that fails gets nothing more and the others go on, so that a full
// disk costs one report and not all; End returns all errors joined. When none
// is left, the error comes at once.
func Tee(handlers ...assessment.Handler) assessment.Handler {
	return &tee{handlers: slices.Clone(handlers)}
}

type tee struct {
	handlers []assessment.Handler
	errs     []error
}

func (t *tee) each(last bool, call func(assessment.Handler) error) error {
	t.handlers = slices.DeleteFunc(t.handlers, func(h assessment.Handler) bool {
		err := call(h)
		if err != nil {
			t.errs = append(t.errs, err)
		}
		return err != nil
	})
	if last || len(t.handlers) == 0 {
		return errors.Join(t.errs...)
	}
	return nil
}

func (t *tee) Begin(h *assessment.Header) error {
	return t.each(false, func(to assessment.Handler) error { return to.Begin(h) })
}

func (t *tee) Product(p *assessment.Product) error {
	return t.each(false, func(to assessment.Handler) error { return to.Product(p) })
}

func (t *tee) End(e *assessment.Trailer) error {
	return t.each(true, func(to assessment.Handler) error { return to.End(e) })
}

// stage guards the order of the stream, so that a wrong caller gets an error
// and not a wrong report.
type stage uint8

const (
	before stage = iota
	within
	after
)

func (s *stage) begin() error {
	if *s != before {
		return errors.New("report: Begin called twice")
	}
	*s = within
	return nil
}

func (s *stage) product() error {
	if *s != within {
		return errors.New("report: Product called outside Begin and End")
	}
	return nil
}

func (s *stage) end() error {
	if *s != within {
		return errors.New("report: End called without Begin, or twice")
	}
	*s = after
	return nil
}
