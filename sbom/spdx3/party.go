// SPDX-License-Identifier: Apache-2.0

package spdx3

import (
	"strings"

	"github.com/medsbom/medsbom/sbom"
)

// A party is an agent or a tool.
type party struct {
	sbom.Party
	tool    bool
	written string // its name, without SPDX 2's prefix
}

// party returns the agent or tool that s refers to.
func (d *decoder) party(s *slot) party {
	i := d.follow(s)
	if i < 0 {
		return d.namedParty(s)
	}
	p, ok := d.parties[i]
	if !ok {
		if d.parties == nil {
			d.parties = make(map[int32]party)
		}
		p = d.readParty(&d.nodes[i])
		d.parties[i] = p
	}
	d.spend(len(p.Name)+len(p.Email)+len(p.URL), s.at)
	return p
}

// namedParty reads a reference to nothing, or to an element of SPDX itself or
// of another document.
func (d *decoder) namedParty(s *slot) party {
	if s.ref > 0 && d.imported[d.ids.same[s.ref-1]] {
		return party{Party: sbom.Party{URL: s.text}}
	}
	switch d.specialOf(s.text) {
	case unknownElement:
		return party{Party: sbom.Party{Unknown: true}}
	case spdxProject:
		return party{Party: sbom.Party{Name: "SPDX Project"}, written: "SPDX Project"}
	case ordinaryElement, noElement, listedLicence:
	}
	// "Organization: Acme" in place of a reference, as in SPDX 2; that it
	// names no element was said
	name, kind := cutKind(s.text)
	if kind == classNone || !stands(name) {
		return party{}
	}
	return party{Party: sbom.Party{Name: name, Person: kind == classPerson}, tool: kind == classTool, written: name}
}

func (d *decoder) readParty(n *node) party {
	name := n.text(propName)
	p := party{tool: n.class == classTool || n.class == classSoftwareAgent}
	p.Person = n.class == classPerson
	if bare, kind := cutKind(name); kind != classNone {
		d.defect(sbom.CodeParty, n.last(propName).at, name, "the name of an agent or tool has a prefix, as in SPDX 2")
		name = bare
		p.Person = p.Person || kind == classPerson
	}
	if stands(name) {
		p.Name, p.written = name, name
	}
	for i := range n.slots {
		if s := &n.slots[i]; s.prop == propExternalIdentifier {
			d.contact(&p.Party, s)
		}
	}
	if p.Name == "" && p.Email == "" && p.URL == "" {
		if name == "" {
			d.defect(sbom.CodeMissing, n.at, "", "%s lacks its name", n.class.noun())
			return party{tool: p.tool}
		}
		return party{Party: sbom.Party{Unknown: true}, tool: p.tool}
	}
	return p
}

// contact takes an address out of an external identifier.
func (d *decoder) contact(p *sbom.Party, s *slot) {
	i := d.follow(s)
	if i < 0 || d.nodes[i].class != classIdentifier {
		return
	}
	n := &d.nodes[i]
	id := n.text(propIdentifier)
	switch {
	case n.text(propIdentifierType) == "email":
		if p.Email == "" {
			p.Email = id
		}
	case p.URL != "":
	case isURL(id):
		p.URL = id
	case isURL(n.text(propIdentifierLocator)):
		p.URL = n.text(propIdentifierLocator)
	}
}

func isURL(s string) bool {
	return strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")
}

// cutKind cuts the prefix of SPDX 2 off: "Organization: ", "Person: ", "Tool: ".
func cutKind(s string) (name string, kind class) {
	word, rest, found := strings.Cut(s, ": ")
	if found {
		switch word {
		case "Organization":
			return strings.TrimSpace(rest), classOrganisation
		case "Person":
			return strings.TrimSpace(rest), classPerson
		case "Tool":
			return strings.TrimSpace(rest), classTool
		}
	}
	return s, classNone
}
