// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// An expression is a licence expression and the operator at its top, "" if it
// has none.
type expression struct{ text, operator string }

// maxLicenceSets bounds the nesting of sets of licences.
const maxLicenceSets = 100

// licence is the expression that a statement gives (SPDX 2.3, annexes C and D).
func (w *rdfWriter) licence(s *statement, depth int) expression {
	of := w.object(s)
	switch {
	case of == noNode && !s.iri:
		return expression{text: s.text}
	case of == noNode:
		return expression{text: w.licenceName(s.text)}
	}
	w.nodes[of].used = true
	if known, ok := w.licences[of]; ok {
		if known.operator == pending {
			w.met.Add(sbom.CodeValue, s.at, w.nodes[of].iri, "a set of licences has itself as a member")
			return expression{}
		}
		return known
	}
	if depth >= maxLicenceSets {
		w.met.Add(sbom.CodeValue, s.at, w.nodes[of].iri, "sets of licences are nested deeper than %d levels", maxLicenceSets)
		return expression{}
	}
	w.licences[of] = expression{operator: pending}
	e := w.licenceOf(of, depth)
	w.spend(len(e.text), s.at)
	w.licences[of] = e
	return e
}

// pending marks a node whose expression is being made.
const pending = "…"

// licenceOf makes the expression of a node.
func (w *rdfWriter) licenceOf(of int32, depth int) expression {
	n := &w.nodes[of]
	switch n.kind {
	case "ConjunctiveLicenseSet":
		return w.licenceSet(of, "AND", depth)
	case "DisjunctiveLicenseSet":
		return w.licenceSet(of, "OR", depth)
	case "OrLaterOperator":
		e := expression{text: w.part(of, "member", depth)}
		if e.text != "" {
			e.text += "+"
		}
		return e
	case "WithExceptionOperator":
		e := expression{text: w.part(of, "member", depth)}
		if exception := w.part(of, "licenseException", depth); e.text != "" && exception != "" {
			e.text += " WITH " + exception
		}
		return e
	case "SpdxNoAssertionLicense":
		return expression{text: notation.NoAssertion}
	case "SpdxNoneLicense":
		return expression{text: notation.None}
	}
	if isListed(n.iri) {
		return expression{text: w.licenceName(n.iri)}
	}
	for _, property := range [...]string{"licenseId", "licenseExceptionId"} {
		if s := n.first(property); s != nil {
			return expression{text: w.text(s)}
		}
	}
	return expression{text: w.licenceName(n.iri)}
}

// part is the expression of the only member that an operator has.
func (w *rdfWriter) part(of int32, property string, depth int) string {
	s := w.nodes[of].first(property)
	if s == nil {
		w.met.Add(sbom.CodeMissing, w.nodes[of].at, w.nodes[of].kind, "a licence lacks its %s", property)
		return ""
	}
	e := w.licence(s, depth+1)
	if e.operator != "" {
		return "(" + e.text + ")"
	}
	return e.text
}

// licenceSet joins the members of a set, in the order in which they are
// written.
func (w *rdfWriter) licenceSet(of int32, operator string, depth int) expression {
	var parts []string
	seen := make(map[string]bool)
	var last expression
	for i := range w.nodes[of].statements {
		s := &w.nodes[of].statements[i]
		if s.property != "member" || w.spend(1, s.at) {
			continue
		}
		e := w.licence(s, depth+1)
		if e.text == "" || seen[e.text] {
			continue
		}
		seen[e.text] = true
		last = e
		if e.operator != "" && e.operator != operator {
			e.text = "(" + e.text + ")"
		}
		if w.spend(len(e.text), s.at) {
			break
		}
		parts = append(parts, e.text)
	}
	switch len(parts) {
	case 0:
		w.met.Add(sbom.CodeMissing, w.nodes[of].at, w.nodes[of].kind, "a set of licences has no member")
		return expression{}
	case 1:
		return last
	}
	return expression{strings.Join(parts, " "+operator+" "), operator}
}

// isListed reports whether an IRI is of SPDX's list of licences.
func isListed(iri string) bool {
	return strings.HasPrefix(iri, "http://spdx.org/licenses/") || strings.HasPrefix(iri, "https://spdx.org/licenses/")
}

// licenceName is the name of a licence by its IRI.
func (w *rdfWriter) licenceName(iri string) string {
	if !isListed(iri) {
		return w.id(iri)
	}
	_, name, _ := cutLast(iri, '/')
	for _, suffix := range [...]string{".html", ".json", ".txt"} {
		name = strings.TrimSuffix(name, suffix)
	}
	return name
}
