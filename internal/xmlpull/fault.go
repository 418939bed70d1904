// SPDX-License-Identifier: Apache-2.0

package xmlpull

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
)

// A Fault is the kind of an error, by which a caller chooses its remedy.
type Fault uint8

// The kinds of error.
const (
	Malformed  Fault = iota // no well-formed XML
	Truncated               // the text ends before the document does
	Doctype                 // a document type is declared
	TooDeep                 // nested deeper than allowed
	TooLong                 // a text is longer than allowed
	TagTooLong              // a tag is longer than ever allowed
)

// Describe says in a sentence what an error of a Reader means: lower case, no
// full stop, cut to a bearable length.
func Describe(err error) (message string, fault Fault) {
	const malformed = "malformed XML: "
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, errDoctype):
		return err.Error(), Doctype
	case errors.Is(err, errDeep):
		return err.Error(), TooDeep
	case errors.Is(err, errLong):
		return err.Error(), TooLong
	case errors.Is(err, errTag):
		return err.Error(), TagTooLong
	case errors.Is(err, io.EOF):
		return malformed + "the text ends before the document does", Truncated
	case errors.As(err, &syntax) && strings.Contains(syntax.Msg, "EOF"):
		return malformed + notation.Short(syntax.Msg), Truncated
	case errors.As(err, &syntax):
		return malformed + notation.Short(syntax.Msg), Malformed
	default:
		return malformed + notation.Short(err.Error()), Malformed
	}
}
