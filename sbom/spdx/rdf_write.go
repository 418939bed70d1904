// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/internal/transcript"
	"github.com/medsbom/medsbom/sbom"
)

// An rdfWriter writes a graph as the JSON of SPDX 2. Packages, files and
// snippets are written once each, in the order in which they are described,
// whatever leads to them.
type rdfWriter struct {
	*graph
	t         *transcript.Transcript
	work      int // what may still be written or looked at
	namespace string
	external  map[string]string // namespace of another document, to its DocumentRef
	licences  map[int32]expression
	met       sbom.Defects
	err       *sbom.SyntaxError
}

func newRDFWriter(g *graph, most int) *rdfWriter {
	return &rdfWriter{
		graph: g, t: transcript.New(most), work: most,
		external: make(map[string]string), licences: make(map[int32]expression),
	}
}

// spend reports whether a limit is passed by n more steps: nodes that many
// others refer to are written many times.
func (w *rdfWriter) spend(n int, at sbom.Position) bool {
	if w.work -= n; (w.work < 0 || w.t.Over()) && w.err == nil {
		w.err = endless(at, "nodes of RDF that many others refer to")
	}
	return w.err != nil
}

// document writes the whole.
func (w *rdfWriter) document() {
	of, at := w.theDocument(), sbom.Position{Line: 1, Column: 1}
	if w.err != nil {
		return
	}
	if of != noNode {
		at = w.nodes[of].at
		w.namespace, _, _ = strings.Cut(w.nodes[of].iri, "#")
	}
	w.prepare()
	w.t.Object(at)
	if of != noNode {
		w.nodes[of].used = true
		w.identify(of)
		if w.namespace != "" {
			w.t.Key("documentNamespace", at)
			w.t.String(w.namespace, at)
		}
		w.members(of, documentRules)
	}
	w.elements("hasExtractedLicensingInfos", "ExtractedLicensingInfo", extractedRules)
	w.elements("packages", "Package", packageRules)
	w.elements("files", "File", fileRules)
	w.elements("snippets", "Snippet", snippetRules)
	w.relationships()
	w.t.EndObject()
	w.unused()
	w.spend(0, at)
}

// theDocument finds the node of the document. Documents that are only referred
// to have neither version nor creation; two that have are two documents.
func (w *rdfWriter) theDocument() int32 {
	found, named := noNode, noNode
	for i := range w.nodes {
		n := &w.nodes[i]
		if n.kind != "SpdxDocument" {
			continue
		}
		if named == noNode {
			named = int32(i)
		}
		if !n.has("specVersion") && !n.has("creationInfo") {
			continue
		}
		if found != noNode {
			w.err = &sbom.SyntaxError{
				Position: n.at, Message: "a second document beside the first",
				Remedy: "a file must hold one document: split it, or ask for the file again",
			}
			return noNode
		}
		found = int32(i)
	}
	if found == noNode {
		return named
	}
	return found
}

func (n *node) has(property string) bool { return n.first(property) != nil }

func (n *node) first(property string) *statement {
	for i := range n.statements {
		if n.statements[i].property == property {
			return &n.statements[i]
		}
	}
	return nil
}

// prepare notes the other documents, and gives the nodes that are named by
// their IRI alone the property that JSON has for the name.
func (w *rdfWriter) prepare() {
	for i := range w.nodes {
		n := &w.nodes[i]
		switch n.kind {
		case "ExternalDocumentRef":
			id := fragment(n.iri)
			if s := n.first("externalDocumentId"); s != nil {
				id = s.text
			} else if id != "" {
				n.statements = append(n.statements, statement{property: "externalDocumentId", text: id, node: noNode, at: n.at})
			}
			if s := n.first("spdxDocument"); s != nil && id != "" {
				uri, _, _ := strings.Cut(w.text(s), "#")
				w.external[uri] = id
			}
		case "ExtractedLicensingInfo":
			if id := fragment(n.iri); id != "" && !n.has("licenseId") {
				n.statements = append(n.statements, statement{property: "licenseId", text: id, node: noNode, at: n.at})
			}
		}
	}
}

// fragment is what stands behind the last '#'; a blank node has none.
func fragment(iri string) string {
	if i := strings.LastIndexByte(iri, '#'); i >= 0 && !strings.HasPrefix(iri, "_:") {
		return iri[i+1:]
	}
	return ""
}

// id is the SPDXID by which JSON names an element: the fragment of its IRI in
// this document's namespace, with a DocumentRef in another document's. An IRI
// that is neither stays as it is, and will dangle.
func (w *rdfWriter) id(iri string) string {
	switch {
	case iri == termsSpace+"noassertion", iri == secureTermsSpace+"noassertion":
		return notation.NoAssertion
	case iri == termsSpace+"none", iri == secureTermsSpace+"none":
		return notation.None
	case strings.HasPrefix(iri, "_:"):
		return ""
	}
	space, name, found := cutLast(iri, '#')
	if !found {
		if _, known := w.byIRI[iri]; known {
			_, name, _ = cutLast(iri, '/')
			return name
		}
		return iri
	}
	if space == w.namespace {
		return name
	}
	if document, ok := w.external[space]; ok {
		return document + ":" + name
	}
	if i, ok := w.byIRI[iri]; ok && isElement(w.nodes[i].kind) {
		return name
	}
	return iri
}

func cutLast(s string, sep byte) (before, after string, found bool) {
	if i := strings.LastIndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return "", s, false
}

func isElement(kind string) bool {
	return kind == "Package" || kind == "File" || kind == "Snippet" || kind == "SpdxDocument" || kind == "ExtractedLicensingInfo"
}

// elements writes every node of a kind.
func (w *rdfWriter) elements(key, kind string, rules []rule) {
	open := false
	for i := range w.nodes {
		n := &w.nodes[i]
		if n.kind != kind || w.err != nil {
			continue
		}
		if !open {
			w.t.Key(key, n.at)
			w.t.Array(n.at)
			open = true
		}
		n.used = true
		w.t.Object(n.at)
		if kind != "ExtractedLicensingInfo" {
			w.identify(int32(i))
		}
		w.members(int32(i), rules)
		w.t.EndObject()
	}
	if open {
		w.t.EndArray()
	}
}

func (w *rdfWriter) identify(of int32) {
	n := &w.nodes[of]
	if id := w.id(n.iri); id != "" {
		w.t.Key("SPDXID", n.at)
		w.t.String(id, n.at)
	}
}

// members writes the statements of a node as the members of an object: those
// that stand alone in their order, then the lists. A statement that is made
// twice is one (RDF is a set). A property without a rule is written under its
// own name, so that the decoder says it.
func (w *rdfWriter) members(of int32, rules []rule) {
	statements := w.nodes[of].statements
	if w.spend(len(statements), w.nodes[of].at) {
		return
	}
	type said struct {
		rule int
		text string
		node int32
	}
	seen := make(map[said]bool, len(statements))
	lists := make([][]*statement, len(rules))
	for i := range statements {
		s := &statements[i]
		r := ruleOf(rules, s.property)
		if r < 0 {
			w.t.Key(s.property, s.at)
			w.t.String(w.text(s), s.at)
			continue
		}
		one := said{r, s.text, w.object(s)}
		if rules[r].form == formNone || seen[one] {
			continue
		}
		seen[one] = true
		if rules[r].list() {
			lists[r] = append(lists[r], s)
			continue
		}
		w.t.Key(rules[r].key, s.at)
		w.value(s, &rules[r])
	}
	for r, list := range lists {
		if len(list) == 0 {
			continue
		}
		w.t.Key(rules[r].key, list[0].at)
		w.t.Array(list[0].at)
		for _, s := range list {
			w.value(s, &rules[r])
		}
		w.t.EndArray()
	}
}

func ruleOf(rules []rule, property string) int {
	for i := range rules {
		if rules[i].property == property {
			return i
		}
	}
	return -1
}

// value writes the object of a statement.
func (w *rdfWriter) value(s *statement, r *rule) {
	switch r.form {
	case formWord:
		w.t.String(word(s.property, w.text(s)), s.at)
	case formLicence:
		w.t.String(w.licence(s, 0).text, s.at)
	case formElement:
		w.t.String(w.elementOf(s), s.at)
	case formObject:
		of := w.object(s)
		if of == noNode {
			w.t.String(w.text(s), s.at) // the decoder says that it is no object
			return
		}
		w.nodes[of].used = true
		w.t.Object(w.nodes[of].at)
		w.members(of, r.rules)
		w.t.EndObject()
	case formText, formNone:
		writeScalar(w.t, r.key, w.text(s), s.at)
	}
}

// text is the text of a statement's object; of a node it is the IRI. The words
// that are nodes in RDF are words in JSON.
func (w *rdfWriter) text(s *statement) string {
	iri := s.text
	if of := w.object(s); of != noNode {
		w.nodes[of].used = true
		if iri = w.nodes[of].iri; iri == "" {
			switch w.nodes[of].kind {
			case "SpdxNoAssertionElement", "SpdxNoAssertionLicense":
				return notation.NoAssertion
			case "SpdxNoneElement", "SpdxNoneLicense":
				return notation.None
			}
		}
	} else if !s.iri {
		return s.text
	}
	switch iri {
	case termsSpace + "noassertion", secureTermsSpace + "noassertion":
		return notation.NoAssertion
	case termsSpace + "none", secureTermsSpace + "none":
		return notation.None
	}
	if strings.HasPrefix(iri, "_:") {
		return ""
	}
	return iri
}

// elementOf is the SPDXID of the element that a statement names.
func (w *rdfWriter) elementOf(s *statement) string {
	if w.object(s) == noNode && !s.iri {
		return s.text
	}
	return w.id(w.text(s))
}

// relationships writes the relationships of all elements: JSON has them in one
// list, with the element that they start from.
func (w *rdfWriter) relationships() {
	w.t.Key("relationships", sbom.Position{Line: 1, Column: 1})
	w.t.Array(sbom.Position{Line: 1, Column: 1})
	for i := range w.nodes {
		n := &w.nodes[i]
		for k := range n.statements {
			s := &n.statements[k]
			if s.property != "relationship" || w.spend(1, s.at) {
				continue
			}
			of := w.object(s)
			if of == noNode {
				w.t.String(w.text(s), s.at)
				continue
			}
			w.nodes[of].used = true
			w.relationship(w.id(n.iri), of)
		}
	}
	for i := range w.nodes {
		if n := &w.nodes[i]; n.kind == "Relationship" && !n.used {
			n.used = true
			w.relationship("", int32(i))
		}
	}
	w.t.EndArray()
}

func (w *rdfWriter) relationship(from string, of int32) {
	at := w.nodes[of].at
	w.t.Object(at)
	if from != "" {
		w.t.Key("spdxElementId", at)
		w.t.String(from, at)
	}
	w.members(of, relationshipRules)
	w.t.EndObject()
}

// unused says the nodes that nothing of the document leads to.
func (w *rdfWriter) unused() {
	for i := range w.nodes {
		n := &w.nodes[i]
		if n.used || len(n.statements) == 0 || strings.ContainsAny(n.kind, "?:") || mayStandAlone(n.kind) {
			continue
		}
		if n.kind == "" {
			w.met.Add(sbom.CodeUnknownTag, n.at, n.iri, "a node without a type is part of nothing that SPDX knows")
			continue
		}
		w.met.Add(sbom.CodeUnknownTag, n.at, n.iri, "a node of type %s is part of nothing that SPDX knows", notation.Short(n.kind))
	}
}

// mayStandAlone reports whether nodes of a kind are described also where nothing
// needs them.
func mayStandAlone(kind string) bool {
	switch kind {
	case "License", "ListedLicense", "ListedLicenseException", "LicenseException", "SimpleLicensingInfo", "CrossRef",
		"ConjunctiveLicenseSet", "DisjunctiveLicenseSet", "OrLaterOperator", "WithExceptionOperator",
		"SpdxNoAssertionLicense", "SpdxNoneLicense", "SpdxNoAssertionElement", "SpdxNoneElement",
		"ReferenceType", "SpdxElement", "ExternalSpdxElement", "SpdxDocument":
		return true
	}
	return false
}
