// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"encoding/xml"
	"net/url"
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// An rdfParser reads RDF/XML (W3C, 2014) into a graph. Only what RDF/XML makes
// of it counts: prefixes, order, nesting and abbreviations are the writer's.
type rdfParser struct {
	xmlSource
	graph
	names map[string]string // each name once
}

func newRDFParser(text []byte, depth, longest int) *rdfParser {
	return &rdfParser{
		xmlSource: newXMLSource(text, depth, longest),
		graph:     graph{byIRI: make(map[string]int32)},
		names:     make(map[string]string),
	}
}

// vocabularies that SPDX uses beside its own, and their prefixes here.
func vocabulary(space string) (prefix string, known bool) {
	switch space {
	case termsSpace, secureTermsSpace:
		return "", true
	case "http://www.w3.org/2000/01/rdf-schema#":
		return "rdfs:", true
	case "http://usefulinc.com/ns/doap#":
		return "doap:", true
	case "http://www.w3.org/2009/pointers#":
		return "ptr:", true
	case rdfSpace:
		return "rdf:", true
	}
	return "", false
}

// name is the name of an element or attribute by its vocabulary; "" if that is
// none of SPDX's.
func (p *rdfParser) name(n xml.Name) string {
	prefix, known := vocabulary(n.Space)
	if !known {
		return ""
	}
	full := prefix + n.Local
	if kept, ok := p.names[full]; ok {
		return kept
	}
	p.names[full] = full
	return full
}

func (p *rdfParser) document(start xml.StartElement) {
	base := p.baseOf(start, "")
	for _, a := range start.Attr {
		if a.Name.Space == "xmlns" && a.Value == secureTermsSpace {
			p.met.Add(sbom.CodeSpec, p.at(), a.Value, "the namespace of SPDX begins with http:, not https:")
		}
	}
	if p.name(start.Name) != "rdf:RDF" {
		p.node(start, base) // a document of one node may leave the frame out
		return
	}
	for child, ok := p.child(); ok; child, ok = p.child() {
		p.node(child, base)
	}
}

// maxBase bounds the base of relative IRIs: each of them becomes longer by it.
const maxBase = 1024

// baseOf is the base of relative IRIs within an element.
func (p *rdfParser) baseOf(start xml.StartElement, outer string) string {
	for _, a := range start.Attr {
		if a.Name.Local != "base" || a.Name.Space != "xml" && a.Name.Space != xmlSpace {
			continue
		}
		if base, _, _ := strings.Cut(resolve(outer, strings.TrimSpace(a.Value)), "#"); len(base) <= maxBase {
			return base
		}
		p.met.Add(sbom.CodeValue, p.at(), a.Value, "an xml:base of more than %d bytes, which was not applied", maxBase)
	}
	return outer
}

// resolve makes a relative IRI absolute (RFC 3986, clause 5). Most are a
// fragment; an IRI that cannot be read stays as it is.
func resolve(base, iri string) string {
	scheme, _, found := strings.Cut(iri, ":")
	switch {
	case base == "" || found && !strings.ContainsAny(scheme, "/#?"):
		return iri
	case iri == "" || iri[0] == '#':
		return base + iri
	}
	b, err := url.Parse(base)
	if err != nil {
		return iri
	}
	r, err := b.Parse(iri)
	if err != nil {
		return iri
	}
	return r.String()
}

// node reads a node element and returns its index.
func (p *rdfParser) node(start xml.StartElement, base string) int32 {
	base = p.baseOf(start, base)
	at := p.at()
	iri := ""
	for _, a := range start.Attr {
		if a.Name.Space != rdfSpace {
			continue
		}
		value := strings.TrimSpace(a.Value)
		switch a.Name.Local {
		case "about":
			iri = resolve(base, value)
		case "ID":
			iri = resolve(base, "#"+value)
		case "nodeID":
			iri = "_:" + value
		}
	}
	of := p.add(iri, at)
	kind := p.name(start.Name)
	if kind == "" {
		kind = "?"
	}
	if kind != "rdf:Description" {
		p.typed(of, kind, at)
	}
	p.propertyAttributes(of, start, at)
	p.properties(of, base)
	return of
}

// typed gives a node its type. That SPDX knows wins over others.
func (p *rdfParser) typed(of int32, kind string, at sbom.Position) {
	n := &p.nodes[of]
	if len(n.statements) == 0 && n.kind == "" {
		n.at = at
	}
	if n.kind == "" || strings.ContainsAny(n.kind, "?:") {
		n.kind = kind
	}
}

// propertyAttributes reads the properties that are written as attributes
// (RDF/XML, clause 2.5).
func (p *rdfParser) propertyAttributes(of int32, start xml.StartElement, at sbom.Position) {
	for _, a := range start.Attr {
		switch name := p.name(a.Name); {
		case name == "rdf:type":
			p.typed(of, p.typeOf(strings.TrimSpace(a.Value)), at)
		case name == "" || strings.HasPrefix(name, "rdf:"):
		default:
			p.state(of, statement{property: name, text: strings.TrimSpace(a.Value), node: noNode, at: at})
		}
	}
}

// typeOf is the name of a type that is given by its IRI.
func (p *rdfParser) typeOf(iri string) string {
	i := strings.LastIndexByte(iri, '#')
	if name := p.name(xml.Name{Space: iri[:i+1], Local: iri[i+1:]}); name != "" {
		return name
	}
	return "?"
}

// properties reads the property elements of a node.
func (p *rdfParser) properties(of int32, base string) {
	for start, ok := p.child(); ok; start, ok = p.child() {
		at := p.at()
		if p.stated > maxStatements {
			p.refuse(at, tooManyStatements(), remedyLimit)
			return
		}
		if name := p.name(start.Name); name == "" || isBulk(name) {
			p.pull.Skip()
		} else {
			p.property(of, start, name, p.baseOf(start, base), at)
		}
	}
}

// isBulk reports whether a property holds the text of a licence of SPDX's list,
// which documents carry along.
func isBulk(name string) bool {
	switch name {
	case "licenseText", "licenseTextHtml", "standardLicenseTemplate", "standardLicenseHeader",
		"standardLicenseHeaderTemplate", "standardLicenseHeaderHtml", "licenseExceptionText", "exceptionTextHtml",
		"licenseExceptionTemplate", "example":
		return true
	}
	return false
}

// property reads one property element (RDF/XML, clause 7.2.14 on).
func (p *rdfParser) property(of int32, start xml.StartElement, name, base string, at sbom.Position) {
	s := statement{property: name, node: noNode, at: at}
	parseType := ""
	for _, a := range start.Attr {
		if a.Name.Space != rdfSpace {
			continue
		}
		value := strings.TrimSpace(a.Value)
		switch a.Name.Local {
		case "resource":
			s.text, s.iri = resolve(base, value), true
		case "nodeID":
			s.text, s.iri = "_:"+value, true
		case "parseType":
			parseType = value
		}
	}
	switch parseType {
	case "Resource":
		s.node = p.add("", at)
		p.stateObject(of, s)
		p.properties(s.node, base)
		return
	case "Literal":
		s.text, s.iri = p.pull.Content(), false
		p.stateObject(of, s)
		return
	}
	if p.hasPropertyAttributes(start) {
		if s.node = p.add(s.text, at); !s.iri {
			s.iri = true
		}
		p.propertyAttributes(s.node, start, at)
	}
	p.content(of, s, base, name)
}

func (p *rdfParser) hasPropertyAttributes(start xml.StartElement) bool {
	for _, a := range start.Attr {
		name := p.name(a.Name)
		if name == "rdf:type" || name != "" && !strings.HasPrefix(name, "rdf:") {
			return true
		}
	}
	return false
}

// content reads what a property element holds: text, a node, or, in a
// collection, several.
func (p *rdfParser) content(of int32, s statement, base, name string) {
	var text []byte
	nodes := 0
	for {
		switch t := p.pull.Token().(type) {
		case nil:
			return
		case xml.CharData:
			text = append(text, t...)
		case xml.StartElement:
			nodes++
			at := p.at()
			object := statement{property: s.property, iri: true, at: at}
			object.node = p.node(t, base)
			p.stateObject(of, object)
		case xml.EndElement:
			value := strings.TrimSpace(string(text))
			switch {
			case nodes > 0 && value != "":
				p.met.Add(sbom.CodeType, s.at, value, "text beside the nodes of property %s", notation.Short(name))
			case nodes > 0:
			case s.iri && value != "":
				p.met.Add(sbom.CodeType, s.at, value, "text in property %s, which refers to a node", notation.Short(name))
				p.stateObject(of, s)
			default:
				if !s.iri {
					s.text = value
				}
				p.stateObject(of, s)
			}
			return
		}
	}
}

// stateObject adds a statement; the type of a node is none of its statements.
func (p *rdfParser) stateObject(of int32, s statement) {
	if s.property == "rdf:type" {
		p.typed(of, p.typeOf(s.text), s.at)
		return
	}
	p.state(of, s)
}
