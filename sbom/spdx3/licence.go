// SPDX-License-Identifier: Apache-2.0

package spdx3

import (
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// licence returns the licence that s refers to.
func (d *decoder) licence(s *slot, concluded bool) (sbom.Licence, bool) {
	l := sbom.Licence{Kind: sbom.LicenceID, Value: d.licenceText(s, 0), Concluded: concluded}
	switch {
	case notation.IsLicenceID(l.Value):
	case notation.IsLicenceExpression(l.Value):
		l.Kind = sbom.LicenceExpression
	default:
		l.Kind = sbom.LicenceName
	}
	return l, l.Value != ""
}

// deepestLicence is how deep sets of licences may lie in each other.
const deepestLicence = 64

// licenceText returns the element that s refers to as a licence expression, or
// the name of a licence that has no identifier.
func (d *decoder) licenceText(s *slot, depth int) string {
	i := d.follow(s)
	if i < 0 {
		return d.namedLicence(s)
	}
	if text, ok := d.licences[i]; ok {
		d.spend(len(text), s.at)
		return text
	}
	if depth > deepestLicence {
		d.defect(sbom.CodeValue, s.at, s.text, "sets of licences lie in each other more than %d deep", deepestLicence)
		return ""
	}
	if d.licences == nil {
		d.licences = make(map[int32]string)
	}
	d.licences[i] = notation.NoAssertion // what a set says that contains itself
	text := d.spelt(&d.nodes[i], depth)
	d.spend(len(text), s.at)
	d.licences[i] = text
	return text
}

// spelt spells out a licence element.
func (d *decoder) spelt(n *node, depth int) string {
	switch n.class {
	case classExpression:
		s := n.last(propExpression)
		if s == nil {
			return ""
		}
		if notation.Stated(s.text) == s.text && !notation.IsLicenceExpression(s.text) {
			d.defect(sbom.CodeValue, s.at, s.text, "a licence is no SPDX licence expression")
		}
		return s.text
	case classConjunction:
		return d.set(n, " AND ", depth)
	case classDisjunction:
		return d.set(n, " OR ", depth)
	case classWith:
		licence, addition := d.part(n, propSubjectExtendable, depth), d.part(n, propSubjectAddition, depth)
		if licence == "" || addition == "" {
			return licence
		}
		return operand(licence) + " WITH " + addition
	case classOrLater:
		if text := d.part(n, propSubjectLicence, depth); text != "" {
			return text + "+"
		}
		return ""
	default:
		return d.licenceName(n)
	}
}

// licenceName finds the identifier of a single licence or exception, else its
// name.
func (d *decoder) licenceName(n *node) string {
	if id := n.text(propLicenceID); id != "" {
		return id
	}
	name := n.text(propName)
	if n.id == noID {
		return name
	}
	id := d.ids.names[n.id]
	if i := strings.LastIndex(id, listedLicences); i >= 0 {
		return listedID(id[i+len(listedLicences):])
	}
	for _, prefix := range [...]string{"LicenseRef-", "AdditionRef-"} {
		if i := strings.LastIndex(id, prefix); i >= 0 && notation.IsLicenceID(id[i:]) {
			return id[i:]
		}
	}
	if name == "" {
		return id
	}
	return name
}

// namedLicence reads a reference to a licence that no element describes.
func (d *decoder) namedLicence(s *slot) string {
	switch d.specialOf(s.text) {
	case noElement:
		return notation.None
	case unknownElement:
		return notation.NoAssertion
	case listedLicence:
		full := d.prefixes.expand(s.text)
		return listedID(full[strings.LastIndex(full, listedLicences)+len(listedLicences):])
	case ordinaryElement, spdxProject:
	}
	if notation.IsLicenceExpression(s.text) { // an identifier in place of an element; that it names none was said
		return s.text
	}
	return ""
}

// listedID is the identifier at the end of the address of a listed licence.
func listedID(path string) string {
	return strings.TrimSuffix(strings.TrimPrefix(path, "exceptions/"), ".html")
}

func (d *decoder) part(n *node, p property, depth int) string {
	if s := n.last(p); s != nil {
		return d.licenceText(s, depth+1)
	}
	return ""
}

// set joins the members of a set of licences.
func (d *decoder) set(n *node, operator string, depth int) string {
	var b strings.Builder
	for i := range n.slots {
		s := &n.slots[i]
		if s.prop != propMember {
			continue
		}
		text := d.licenceText(s, depth+1)
		if text == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(operator)
		}
		b.WriteString(operand(text))
		if d.err != nil {
			return ""
		}
	}
	return b.String()
}

// operand puts an expression of several words in parentheses.
func operand(text string) string {
	if strings.Contains(text, " AND ") || strings.Contains(text, " OR ") {
		return "(" + text + ")"
	}
	return text
}
