// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"fmt"

	"github.com/medsbom/medsbom/sbom"
)

// The namespaces of SPDX's RDF (SPDX 2.3, annex C).
const (
	rdfSpace   = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	termsSpace = "http://spdx.org/rdf/terms#"
	// secureTermsSpace occurs, by hand.
	secureTermsSpace = "https://spdx.org/rdf/terms#"

	xmlSpace = "http://www.w3.org/XML/1998/namespace" // as encoding/xml gives "xml:"
)

const (
	// rdfNesting is how much deeper than JSON RDF/XML may be: writers nest a
	// package in the relationship that led to it, four elements a step.
	rdfNesting = 16
	// maxStatements bounds the table of the nodes and their properties.
	maxStatements = 4_000_000
)

// DecodeRDF reads an SPDX 2 document in RDF/XML: nodes in any order, nested or
// by reference, under any prefix. The error, if any, is a *sbom.SyntaxError. The
// text is UTF-8 without a byte order mark, or in the encoding that its XML
// declaration names.
//
// Of a node that is described in several places the statements are joined. An
// element of another document is known by the namespace of an
// externalDocumentRef. Sets of licences become expressions.
func DecodeRDF(text []byte, opts Options) (*sbom.Document, error) {
	text, err := xmlText(text)
	if err != nil {
		return nil, err
	}
	p := newRDFParser(text, rdfNesting*maxDepth(opts), opts.MaxString)
	p.root(p.document)
	if p.err != nil {
		return nil, p.err
	}
	w := newRDFWriter(&p.graph, maxLowered(text))
	w.met = p.met
	w.document()
	if w.err != nil {
		return nil, w.err
	}
	return decodeLowered(w.t, sbom.RDF, w.met, opts)
}

// A statement is one property of a node. Its object is another node of the
// table, a node by its IRI, or text.
type statement struct {
	property string // local name in SPDX's terms, with a prefix in others: "rdfs:comment"
	text     string // or the IRI
	node     int32  // index in the table; noNode if it is not described in place
	iri      bool
	at       sbom.Position
}

const noNode int32 = -1

// A node is a subject of statements.
type node struct {
	iri        string // "_:" begins the name of a blank one; "" has none
	kind       string // local name of its type in SPDX's terms; with a prefix in others
	statements []statement
	at         sbom.Position // where it is described first
	used       bool          // something of the document leads to it
}

// A graph is the table of the nodes, in the order in which they are described.
type graph struct {
	nodes  []node
	byIRI  map[string]int32
	stated int
}

// add returns the node of an IRI, a new one for "". Its place is the first one.
func (g *graph) add(iri string, at sbom.Position) int32 {
	if iri != "" {
		if i, ok := g.byIRI[iri]; ok {
			return i
		}
		g.byIRI[iri] = int32(len(g.nodes))
	}
	g.stated++
	g.nodes = append(g.nodes, node{iri: iri, at: at})
	return int32(len(g.nodes) - 1)
}

func (g *graph) state(of int32, s statement) {
	g.stated++
	g.nodes[of].statements = append(g.nodes[of].statements, s)
}

// object is the node that a statement leads to, noNode if it is not described.
func (g *graph) object(s *statement) int32 {
	if s.node != noNode || !s.iri {
		return s.node
	}
	if i, ok := g.byIRI[s.text]; ok {
		return i
	}
	return noNode
}

func tooManyStatements() string {
	return fmt.Sprintf("more than %d statements of RDF", maxStatements)
}
