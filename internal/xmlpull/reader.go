// SPDX-License-Identifier: Apache-2.0

// Package xmlpull pulls tokens and elements out of XML texts that nobody
// vouches for. It stands on encoding/xml and adds what that does not have:
// document types are refused, so that there are no entities but the five of XML
// itself and nothing is ever fetched; depth, tags and texts are bounded; the
// first error sticks, with its place.
package xmlpull

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// What is allowed of any document, beside the depth that the caller sets.
const (
	maxTag         = 1 << 20  // bytes of one tag with its attributes
	defaultMaxText = 16 << 20 // bytes of one text
)

// The errors of a Reader beside those of encoding/xml, and io.EOF at the end.
var (
	errDoctype = errors.New("the document declares a document type (DOCTYPE), which can hold entities and name other files")
	errDeep    = errors.New("elements nested too deep")
	errLong    = errors.New("text of one element is longer than the limit")
	errTag     = errors.New("a tag is longer than 1 MiB")
)

// A Reader reads one XML text from its beginning to its end. The first error
// sticks: nothing is read after it.
type Reader struct {
	x       *xml.Decoder
	text    []byte
	depth   int // elements that are open
	most    int // and may be
	longest int // bytes that one text may have
	here    int
	err     error
	errAt   int

	// Stray counts the texts between elements that Child passed over; StrayAt is
	// the offset of the first.
	Stray   int
	StrayAt int
}

// New returns a reader of a text in UTF-8 (see ToUTF8) in which at most depth
// elements are open at a time, and of which no text is longer than maxText bytes
// (0 for 16 MiB).
func New(text []byte, depth, maxText int) *Reader {
	if maxText <= 0 {
		maxText = defaultMaxText
	}
	r := &Reader{x: xml.NewDecoder(bytes.NewReader(text)), text: text, most: depth, longest: maxText}
	// The text has been transcoded by now, whatever it declares.
	r.x.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	if at := longTag(text); at >= 0 {
		r.Fail(errTag, at)
	}
	return r
}

// longTag finds a tag of absurd length before encoding/xml gathers its
// attributes, each of which costs more memory than text; -1 if there is none.
func longTag(text []byte) int {
	for at := 0; ; {
		from := bytes.IndexByte(text[at:], '<')
		if from < 0 {
			return -1
		}
		at += from
		length, isTag := markup(text[at:])
		if isTag && length > maxTag {
			return at
		}
		at += length
	}
}

// markup returns the length of the tag, comment, CDATA section or instruction
// that a text begins with. A '>' within quotes does not end a tag.
func markup(text []byte) (length int, isTag bool) {
	for _, other := range [...]struct{ begin, end string }{{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}} {
		if bytes.HasPrefix(text, []byte(other.begin)) {
			if n := bytes.Index(text, []byte(other.end)); n >= 0 {
				return n + len(other.end), false
			}
			return len(text), false
		}
	}
	var quote byte
	for i, c := range text {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1, true
		}
	}
	return len(text), true
}

// Err returns the error that ended the reading, io.EOF at the end of the text,
// and the offset at which it was met.
func (r *Reader) Err() (offset int, err error) { return r.errAt, r.err }

// Fail ends the reading with an error of the caller's, unless it has ended.
func (r *Reader) Fail(err error, offset int) {
	if r.err == nil {
		r.err, r.errAt = err, offset
	}
}

// Offset is the place in the text of the token read last.
func (r *Reader) Offset() int { return r.here }

// Token reads the next token, nil after an error. Its bytes are good until the
// next call.
func (r *Reader) Token() xml.Token {
	if r.err != nil {
		return nil
	}
	r.here = int(r.x.InputOffset())
	t, err := r.x.Token()
	if err != nil {
		at := int(r.x.InputOffset())
		if errors.Is(err, io.EOF) {
			at = len(r.text)
		}
		r.Fail(err, at)
		return nil
	}
	switch t := t.(type) {
	case xml.Directive:
		r.Fail(errDoctype, r.here)
		return nil
	case xml.StartElement:
		if r.depth++; r.depth > r.most {
			r.Fail(errDeep, r.here)
			return nil
		}
		if name := doubled(t.Attr); name != "" {
			r.Fail(fmt.Errorf("the attribute %q stands twice in one tag", name), r.here)
			return nil
		}
	case xml.EndElement:
		r.depth--
	case xml.CharData:
		if len(t) > r.longest {
			r.Fail(errLong, r.here)
			return nil
		}
	}
	return t
}

// doubled is the first attribute that stands twice, "" if none does: of two
// values nobody could say which holds, and encoding/xml lets both pass (XML 1.0
// §3.1, "unique Att Spec").
func doubled(attrs []xml.Attr) string {
	const few = 8
	if len(attrs) <= few {
		for i := range attrs {
			for j := range attrs[:i] {
				if attrs[i].Name == attrs[j].Name {
					return attrs[i].Name.Local
				}
			}
		}
		return ""
	}
	seen := make(map[xml.Name]struct{}, len(attrs))
	for i := range attrs {
		if _, ok := seen[attrs[i].Name]; ok {
			return attrs[i].Name.Local
		}
		seen[attrs[i].Name] = struct{}{}
	}
	return ""
}

// Child moves to the next child of the element entered last and reports
// whether there is one. The caller reads or skips each child. Text between
// children is counted (Stray).
func (r *Reader) Child() (start xml.StartElement, ok bool) {
	for {
		switch t := r.Token().(type) {
		case nil, xml.EndElement:
			return xml.StartElement{}, false
		case xml.StartElement:
			return t, true
		case xml.CharData:
			if len(bytes.TrimSpace(t)) == 0 {
				continue
			}
			if r.Stray++; r.Stray == 1 {
				r.StrayAt = r.here
			}
		}
	}
}

// Skip passes over the rest of the element entered last.
func (r *Reader) Skip() {
	for depth := 1; depth > 0; {
		switch r.Token().(type) {
		case nil:
			return
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
}

// Content reads the text of the element entered last, without that of elements
// in it, white space at the ends removed.
func (r *Reader) Content() string {
	var text []byte
	for {
		switch t := r.Token().(type) {
		case nil:
			return ""
		case xml.CharData:
			if len(text)+len(t) > r.longest {
				r.Fail(errLong, r.here)
				return ""
			}
			text = append(text, t...)
		case xml.StartElement:
			r.Skip()
		case xml.EndElement:
			return strings.TrimSpace(string(text))
		}
	}
}

// Attribute returns an attribute that has no namespace, white space at the
// ends removed.
func Attribute(start xml.StartElement, name string) string {
	for _, a := range start.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}
