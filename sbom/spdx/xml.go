// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/internal/transcript"
	"github.com/medsbom/medsbom/internal/xmlpull"
	"github.com/medsbom/medsbom/sbom"
)

// DecodeXML reads an SPDX 2 document in plain XML, the form that mirrors the
// keys of JSON: a root "Document", an element for each key, one for each item of
// a list. The error, if any, is a *sbom.SyntaxError. The text is UTF-8 without a
// byte order mark, or in the encoding that its XML declaration names.
func DecodeXML(text []byte, opts Options) (*sbom.Document, error) {
	text, err := xmlText(text)
	if err != nil {
		return nil, err
	}
	d := &xmlDecoder{
		xmlSource: newXMLSource(text, maxDepth(opts), opts.MaxString),
		t:         transcript.New(maxLowered(text)),
	}
	d.root(d.document)
	if d.err != nil {
		return nil, d.err
	}
	return decodeLowered(d.t, sbom.XML, d.met, opts)
}

// xmlText is a text in UTF-8.
func xmlText(text []byte) ([]byte, error) {
	text, err := xmlpull.ToUTF8(text)
	if err != nil {
		return nil, &sbom.SyntaxError{Position: sbom.Position{Line: 1, Column: 1}, Message: err.Error(), Remedy: "save the document as UTF-8"}
	}
	return text, nil
}

// An xmlSource is the XML of a document, with the places of its tokens.
type xmlSource struct {
	pull  *xmlpull.Reader
	lines *sbom.Lines
	met   sbom.Defects
	err   *sbom.SyntaxError
}

func newXMLSource(text []byte, depth, longest int) xmlSource {
	return xmlSource{pull: xmlpull.New(text, depth, longest), lines: sbom.NewLines(text)}
}

// at is the place of the token read last. Places are asked for in the order of
// the text.
func (s *xmlSource) at() sbom.Position { return s.lines.At(s.pull.Offset()) }

// refuse ends the reading.
func (s *xmlSource) refuse(at sbom.Position, message, remedy string) {
	if s.err == nil {
		s.err = &sbom.SyntaxError{Position: at, Message: message, Remedy: remedy}
		s.pull.Fail(s.err, s.pull.Offset())
	}
}

// root reads the prologue, calls element for the root and reads what follows.
func (s *xmlSource) root(element func(start xml.StartElement)) {
	met := false
	for {
		switch t := s.pull.Token().(type) {
		case nil:
			s.end(met)
			return
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				s.refuse(s.at(), "malformed XML: text outside the root element", remedyWhole)
			}
		case xml.StartElement:
			if met {
				s.refuse(s.at(), "a second document after the first", "a file must hold one document: split it, or ask for the file again")
				return
			}
			met = true
			element(t)
		}
	}
}

// child moves to the next child of the element entered last. Text between
// children is said.
func (s *xmlSource) child() (start xml.StartElement, ok bool) {
	for {
		switch t := s.pull.Token().(type) {
		case nil, xml.EndElement:
			return xml.StartElement{}, false
		case xml.StartElement:
			return t, true
		case xml.CharData:
			s.stray(t)
		}
	}
}

// stray says text where elements stand.
func (s *xmlSource) stray(text []byte) {
	if text = bytes.TrimSpace(text); len(text) > 0 {
		s.met.Add(sbom.CodeType, s.at(), string(text), "text between elements, where SPDX has none")
	}
}

// end says why the tokens ended, if it was too early.
func (s *xmlSource) end(met bool) {
	offset, err := s.pull.Err()
	if s.err != nil || met && errors.Is(err, io.EOF) {
		return
	}
	message, fault := xmlpull.Describe(err)
	remedy := remedyWhole
	switch fault {
	case xmlpull.Doctype:
		remedy = "remove the DOCTYPE: SPDX needs none"
	case xmlpull.TooDeep, xmlpull.TooLong, xmlpull.TagTooLong:
		remedy = remedyLimit
	case xmlpull.Malformed, xmlpull.Truncated:
	}
	s.refuse(s.lines.At(offset), message, remedy)
	switch {
	case fault == xmlpull.TooDeep && s.err.Limit == "":
		s.err.Limit = sbom.LimitDepth
	case fault == xmlpull.TooLong:
		s.err.Limit = sbom.LimitString
	}
}

// An xmlDecoder writes the elements of plain XML as JSON.
type xmlDecoder struct {
	xmlSource
	t *transcript.Transcript
}

func (d *xmlDecoder) document(start xml.StartElement) {
	if start.Name.Local != "Document" && start.Name.Local != "SpdxDocument" {
		d.refuse(d.at(), "no SPDX document: its root element is \""+notation.Short(start.Name.Local)+"\"", remedyFormat)
		return
	}
	at := d.at()
	d.t.Object(at)
	d.members(xml.StartElement{}, at)
	d.t.EndObject()
}

// members reads the children of an element that stands for an object, from the
// first, if it was entered already, on. Neighbours of one name are the items of
// one list.
func (d *xmlDecoder) members(first xml.StartElement, firstAt sbom.Position) {
	list := "" // that is open
	child := func(start xml.StartElement, at sbom.Position) {
		key := start.Name.Local
		if list != "" && list != key {
			d.t.EndArray()
			list = ""
		}
		if list == "" {
			d.t.Key(key, at)
			if isListKey(key) {
				d.t.Array(at)
				list = key
			}
		}
		d.value(start, key, at, list != "")
	}
	if first.Name.Local != "" {
		child(first, firstAt)
	}
	for {
		switch t := d.pull.Token().(type) {
		case nil:
			return
		case xml.CharData:
			d.stray(t)
		case xml.StartElement:
			if d.t.Over() {
				d.refuse(d.at(), "the document becomes more than eight times as long as it is written", remedyLimit)
				return
			}
			child(t, d.at())
		case xml.EndElement:
			if list != "" {
				d.t.EndArray()
			}
			return
		}
	}
}

// value reads the content of an element: text, or elements that make it an
// object.
func (d *xmlDecoder) value(start xml.StartElement, key string, at sbom.Position, item bool) {
	d.attributes(start, at)
	var text []byte
	for {
		switch t := d.pull.Token().(type) {
		case nil:
			return
		case xml.CharData:
			text = append(text, t...)
		case xml.StartElement:
			d.stray(text)
			d.t.Object(at)
			d.members(t, d.at())
			d.t.EndObject()
			return
		case xml.EndElement:
			value := strings.TrimSpace(string(text))
			if value != "" || !item { // an empty item stands for an empty list
				writeScalar(d.t, key, value, at)
			}
			return
		}
	}
}

// attributes says which attributes an element has beside declarations: the
// form has none.
func (d *xmlDecoder) attributes(start xml.StartElement, at sbom.Position) {
	for _, a := range start.Attr {
		if a.Name.Space != "" || a.Name.Local == "xmlns" {
			continue
		}
		d.met.Add(sbom.CodeUnknownTag, at, a.Name.Local, "an attribute of element %q, where SPDX has none", notation.Short(start.Name.Local))
	}
}
