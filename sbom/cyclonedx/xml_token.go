// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
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

const (
	maxTag  = 1 << 20  // bytes of one tag with its attributes
	maxText = 16 << 20 // bytes of one text
)

// elements pulls elements out of an XML text. Document types are refused, so
// there are no entities but the five of XML itself, and nothing is fetched. The
// first error sticks.
type elements struct {
	x     *xml.Decoder
	text  []byte
	space string // of the root; "" is a document without a namespace
	depth int    // elements that are open
	most  int    // and may be
	here  int    // offset of the token read last
	err   error
	errAt int
}

var (
	errDoctype = errors.New("the document declares a document type (DOCTYPE), which can hold entities and name other files")
	errDeep    = errors.New("elements nested too deep")
	errLong    = errors.New("text of one element is longer than 16 MiB")
	errTag     = errors.New("a tag is longer than 1 MiB")
)

func newElements(text []byte, most int) *elements {
	e := &elements{x: xml.NewDecoder(bytes.NewReader(text)), text: text, most: most}
	// The text has been transcoded by now, whatever it declares.
	e.x.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	e.checkTags()
	return e
}

// checkTags refuses a tag of absurd length before encoding/xml gathers its
// attributes, each of which costs more memory than text.
func (e *elements) checkTags() {
	for at := 0; ; {
		from := bytes.IndexByte(e.text[at:], '<')
		if from < 0 {
			return
		}
		at += from
		length := bytes.IndexByte(e.text[at:], '>')
		if length < 0 {
			length = len(e.text) - at
		}
		if length > maxTag && !bytes.HasPrefix(e.text[at:], []byte("<!")) {
			e.fail(errTag, at)
			return
		}
		at += length
	}
}

func (e *elements) fail(err error, at int) {
	if e.err == nil {
		e.err, e.errAt = err, at
	}
}

// token reads the next token, nil after an error.
func (e *elements) token() xml.Token {
	if e.err != nil {
		return nil
	}
	e.here = int(e.x.InputOffset())
	t, err := e.x.Token()
	if err != nil {
		at := int(e.x.InputOffset())
		if errors.Is(err, io.EOF) {
			at = len(e.text)
		}
		e.fail(err, at)
		return nil
	}
	switch t := t.(type) {
	case xml.Directive:
		e.fail(errDoctype, e.here)
		return nil
	case xml.StartElement:
		if e.depth++; e.depth > e.most {
			e.fail(errDeep, e.here)
			return nil
		}
	case xml.EndElement:
		e.depth--
	case xml.CharData:
		if len(t) > maxText {
			e.fail(errLong, e.here)
			return nil
		}
	}
	return t
}

// child moves to the next child of the element entered last and reports
// whether there is one, its local name first. Elements of namespaces that mean
// nothing here are passed over; of the others that do, the name has a prefix:
// "v:", "dg:", "ds:", "xi:". The caller reads or skips each child.
func (e *elements) child() (name string, start xml.StartElement, ok bool) {
	for {
		switch t := e.token().(type) {
		case nil:
			return "", start, false
		case xml.EndElement:
			return "", start, false
		case xml.StartElement:
			if name = e.localName(t.Name); name != "" {
				return name, t, true
			}
			e.skip()
		}
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
	for depth := 1; depth > 0; {
		switch e.token().(type) {
		case nil:
			return
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
}

// content reads the text of the element entered last, without that of elements
// in it, white space at the ends removed.
func (e *elements) content() string {
	var text []byte
	for {
		switch t := e.token().(type) {
		case nil:
			return ""
		case xml.CharData:
			if len(text)+len(t) > maxText {
				e.fail(errLong, e.here)
				return ""
			}
			text = append(text, t...)
		case xml.StartElement:
			e.skip()
		case xml.EndElement:
			return strings.TrimSpace(string(text))
		}
	}
}

// attribute returns an attribute that has no namespace.
func attribute(start xml.StartElement, name string) string {
	for _, a := range start.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// declaredEncoding returns the encoding that the XML declaration names, "" if
// it names none.
func declaredEncoding(text []byte) string {
	if !bytes.HasPrefix(text, []byte("<?xml")) {
		return ""
	}
	declaration, _, closed := bytes.Cut(text[:min(len(text), 200)], []byte("?>"))
	_, rest, found := strings.Cut(string(declaration), "encoding")
	rest = strings.TrimLeft(rest, " \t\r\n=")
	if !closed || !found || rest == "" {
		return ""
	}
	name, _, _ := strings.Cut(rest[1:], rest[:1])
	return name
}

// toUTF8 transcodes a text from the encoding that its XML declaration names. A
// text in UTF-16 has been transcoded by the reader already, so that its
// declaration may be passed over.
func toUTF8(text []byte) ([]byte, error) {
	switch name := strings.ToUpper(declaredEncoding(text)); name {
	case "", "UTF-8", "UTF8", "US-ASCII", "ASCII", "UTF-16", "UTF-16LE", "UTF-16BE", "UTF16":
		return text, nil
	case "ISO-8859-1", "ISO8859-1", "LATIN1", "ISO-8859-15", "WINDOWS-1252", "CP1252":
		return fromLatin(text, name), nil
	default:
		return nil, fmt.Errorf("the document declares the encoding %q, which is not read", cut(name))
	}
}

// The characters in which ISO 8859-15 and Windows-1252 differ from ISO 8859-1
// (which is the first 256 of Unicode).
var (
	latin15     = map[byte]rune{0xa4: '€', 0xa6: 'Š', 0xa8: 'š', 0xb4: 'Ž', 0xb8: 'ž', 0xbc: 'Œ', 0xbd: 'œ', 0xbe: 'Ÿ'}
	windows1252 = [32]rune{
		'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
		0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
	}
)

func fromLatin(text []byte, name string) []byte {
	if !slices.ContainsFunc(text, func(c byte) bool { return c >= utf8.RuneSelf }) {
		return text
	}
	out := make([]byte, 0, len(text)+len(text)/8)
	for _, c := range text {
		r := rune(c)
		switch name {
		case "ISO-8859-15":
			if other, ok := latin15[c]; ok {
				r = other
			}
		case "WINDOWS-1252", "CP1252":
			if 0x80 <= c && c < 0xa0 {
				r = windows1252[c-0x80]
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}
