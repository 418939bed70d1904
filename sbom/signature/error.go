// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"fmt"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/sbom"
)

// An Error says that a signature fails: the document must not be used.
type Error struct {
	Reason   string // what failed, no full stop
	Remedy   string // what to do about it
	Position sbom.Position
}

func (e *Error) Error() string {
	if e.Position.IsZero() {
		return e.Reason
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Position.Line, e.Position.Column, e.Reason)
}

// Sentences for signatures that are recognised and not verified.
const (
	// ReasonXML is the reason of every XML signature.
	ReasonXML = "XML signatures are recognised and not verified"

	reasonKeyless = "keyless: needs Sigstore's trust root, which medsbom does not use"
	reasonNoKey   = "it carries no key, and no trusted key was given to check it with"
	reasonUnknown = "made with a key that is not among the trusted ones"
	reasonNone    = "it fits none of the trusted keys, and does not say whose it is"
)

const (
	remedyAgain = "ask the sender for the file again, exactly as it was signed"
	remedyKey   = "check with the sender which key they sign with; if it is the one given, ask for the file again, exactly as it was signed"
)

func unreadable(format string, args ...any) *Error {
	return &Error{Reason: "the signature cannot be read: " + fmt.Sprintf(format, args...), Remedy: remedyAgain}
}

// syntaxError is a fault of the text's grammar, or a limit.
func syntaxError(text []byte, err *jsonpull.Error) *sbom.SyntaxError {
	e := &sbom.SyntaxError{Position: sbom.NewLines(text).At(err.Offset), Message: err.Message, Remedy: remedyAgain}
	if err.Limit != jsonpull.None {
		e.Remedy = "this is not a document that honest tools write: ask the sender how it was made"
	}
	return e
}
