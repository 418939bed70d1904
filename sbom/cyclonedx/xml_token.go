// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"encoding/xml"
	"strings"

	"github.com/medsbom/medsbom/internal/xmlpull"
)

// Namespaces beside CycloneDX's own that mean something here.
const (
	vulnerabilitySpace = "http://cyclonedx.org/schema/ext/vulnerability/1.0"
	graphSpace         = "http://cyclonedx.org/schema/ext/dependency-graph/1.0"
	signatureSpace     = "http://www.w3.org/2000/09/xmldsig#"
	includeSpace       = "http://www.w3.org/2001/XInclude"
)

// bomSpaces are the beginnings of CycloneDX's namespaces; the version follows.
// https occurs, by hand.
var bomSpaces = [...]string{"http://cyclonedx.org/schema/bom/", "https://cyclonedx.org/schema/bom/"}

// versionOf returns the version that a namespace names, false if it is none of
// CycloneDX's.
func versionOf(space string) (string, bool) {
	for _, prefix := range bomSpaces {
		if version, ok := strings.CutPrefix(space, prefix); ok {
			return strings.Trim(version, "/"), true
		}
	}
	return "", false
}

// elements pulls the elements of CycloneDX out of an XML text. The first error
// sticks.
type elements struct {
	pull  *xmlpull.Reader
	space string // of the root; "" is a document without a namespace
	here  int    // offset of the token read last
	err   error
	errAt int
	alien func(name xml.Name, at int) // told of the elements that child passes over
}

func newElements(text []byte, depth, longest int) *elements {
	e := &elements{pull: xmlpull.New(text, depth, longest)}
	e.note()
	return e
}

// note takes over where the reading stands.
func (e *elements) note() {
	e.here = e.pull.Offset()
	e.errAt, e.err = e.pull.Err()
}

func (e *elements) fail(err error, at int) {
	e.pull.Fail(err, at)
	e.note()
}

// token reads the next token, nil after an error.
func (e *elements) token() xml.Token {
	t := e.pull.Token()
	e.note()
	return t
}

// child moves to the next child of the element entered last and reports
// whether there is one, its local name first. Elements of namespaces that mean
// nothing here are passed over; of the others that do, the name has a prefix:
// "v:", "dg:", "ds:", "xi:". The caller reads or skips each child.
func (e *elements) child() (name string, start xml.StartElement, ok bool) {
	defer e.note()
	for {
		start, ok = e.pull.Child()
		if !ok {
			return "", start, false
		}
		if name = e.localName(start.Name); name != "" {
			return name, start, true
		}
		if e.alien != nil {
			e.alien(start.Name, e.pull.Offset())
		}
		e.pull.Skip()
	}
}

func (e *elements) localName(n xml.Name) string {
	if n.Space == e.space {
		return n.Local
	}
	switch n.Space {
	case vulnerabilitySpace:
		return "v:" + n.Local
	case graphSpace:
		return "dg:" + n.Local
	case signatureSpace:
		return "ds:" + n.Local
	case includeSpace:
		return "xi:" + n.Local // so that it is said: nothing is ever included
	}
	if _, ok := versionOf(n.Space); ok {
		return n.Local
	}
	return ""
}

// skip passes over the rest of the element entered last.
func (e *elements) skip() {
	e.pull.Skip()
	e.note()
}

// content reads the text of the element entered last, without that of elements
// in it, white space at the ends removed.
func (e *elements) content() string {
	s := e.pull.Content()
	e.note()
	return s
}

// attribute returns an attribute that has no namespace.
func attribute(start xml.StartElement, name string) string { return xmlpull.Attribute(start, name) }

// toUTF8 transcodes a text from the encoding that its XML declaration names.
func toUTF8(text []byte) ([]byte, error) { return xmlpull.ToUTF8(text) }
