// SPDX-License-Identifier: Apache-2.0

package spdx3

import (
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// finish makes the document of the nodes.
func (d *decoder) finish() {
	for i := range d.nodes {
		switch n := &d.nodes[i]; n.class {
		case classNamespaceMap:
			if prefix := n.text(propPrefix); prefix != "" {
				if _, ok := d.prefixes.spaces[prefix]; !ok {
					d.define(prefix, n.text(propNamespace), n.at)
				}
			}
		case classExternalMap:
			if id := n.text(propExternalID); id != "" {
				d.ids.intern(id)
			}
		default:
		}
	}
	d.ids.join(&d.prefixes)
	d.place()
	d.findDocument()
	d.imports()
	d.references()
	d.components()
	if d.err != nil {
		return
	}
	d.relate()
	d.nameSubject()
	d.header()
	d.vulnerabilities()
}

// findDocument finds the SpdxDocument. The name that SPDX 2 gives it is taken
// for it where nothing else has that name.
func (d *decoder) findDocument() {
	d.document = -1
	for i := range d.nodes {
		n := &d.nodes[i]
		if n.class != classDocument || n.same != int32(i) {
			continue
		}
		if d.document >= 0 {
			d.defect(sbom.CodeContradict, n.at, n.text(propName), "a further SpdxDocument stands in the document; the first one holds")
			continue
		}
		d.document = int32(i)
	}
	const ofSPDX2 = "SPDXRef-DOCUMENT"
	if id, ok := d.ids.number[ofSPDX2]; ok && d.document >= 0 && d.ids.owner[id] < 0 {
		d.ids.owner[id] = d.document
		d.defect(sbom.CodeValue, d.nodes[d.document].at, ofSPDX2, "the document is referred to by the name that SPDX 2 gives it")
	}
}

// imports takes up the elements of other documents.
func (d *decoder) imports() {
	d.imported = make(map[int32]bool)
	for i := range d.nodes {
		n := &d.nodes[i]
		if n.class != classExternalMap || n.same != int32(i) {
			continue
		}
		id := n.text(propExternalID)
		if id != "" {
			d.imported[d.ids.same[d.ids.number[id]]] = true
		}
		e := sbom.ExternalDocument{ID: id, URI: n.text(propLocationHint), Position: n.at}
		for j := range n.slots {
			if s := &n.slots[j]; s.prop == propVerifiedUsing && e.Hash == (sbom.Hash{}) {
				e.Hash, _ = d.hash(s)
			}
		}
		d.doc.External = append(d.doc.External, e)
	}
}

// special is an element that SPDX itself defines.
type special uint8

const (
	ordinaryElement special = iota
	noElement
	unknownElement
	listedLicence
	spdxProject
)

const listedLicences = "spdx.org/licenses/"

// specialOf finds what an id stands for that no node of the document carries.
func (d *decoder) specialOf(id string) special {
	if len(id) > longestName {
		return ordinaryElement
	}
	full := d.prefixes.expand(id)
	switch compactName(full) {
	case "NoneElement", "expandedlicensing_NoneLicense", notation.None:
		return noElement
	case "NoAssertionElement", "expandedlicensing_NoAssertionLicense", notation.NoAssertion:
		return unknownElement
	case "SpdxOrganization", "https://spdx.org/":
		return spdxProject
	}
	if _, _, found := strings.Cut(full, "://"+listedLicences); found {
		return listedLicence
	}
	return ordinaryElement
}

// references says what is wrong with ids and with references.
func (d *decoder) references() {
	for i := range d.nodes {
		n := &d.nodes[i]
		if n.id != noID && n.class.isElement() && n.same == int32(i) && !isIRI(d.ids.names[n.id]) {
			d.defect(sbom.CodeValue, n.at, d.ids.names[n.id], "the spdxId of %s is no IRI", n.class.noun())
		}
		for j := range n.slots {
			s := &n.slots[j]
			if s.ref <= 0 {
				continue
			}
			id := d.ids.same[s.ref-1]
			if d.ids.owner[id] >= 0 || d.imported[id] {
				continue
			}
			switch {
			case s.text == notation.None, s.text == notation.NoAssertion:
				d.once(sbom.CodeValue, s.prop, s.text, s.at, s.prop.name()+" has a word of SPDX 2 in place of an element")
			case d.specialOf(s.text) == ordinaryElement:
				d.defect(sbom.CodeDangling, s.at, s.text, "%s names an element that the document does not have", s.prop.name())
			}
		}
	}
}

// creation returns the CreationInfo that holds for the document, -1 if there is
// none: that of the SpdxDocument, else of the first SBOM, else the first.
func (d *decoder) creation() int32 {
	if d.document >= 0 {
		if i := d.follow(d.nodes[d.document].last(propCreationInfo)); i >= 0 && d.nodes[i].class == classCreationInfo {
			return i
		}
	}
	first := int32(-1)
	for i := range d.nodes {
		n := &d.nodes[i]
		switch n.class {
		case classSbom:
			if c := d.follow(n.last(propCreationInfo)); c >= 0 && d.nodes[c].class == classCreationInfo {
				return c
			}
		case classCreationInfo:
			if first < 0 {
				first = d.owner(int32(i))
			}
		default:
		}
	}
	return first
}

// header fills in what the document says of itself.
func (d *decoder) header() {
	at := d.begin
	if d.document >= 0 {
		n := &d.nodes[d.document]
		at = n.at
		d.doc.Name = notation.Stated(n.text(propName))
		if n.id != noID {
			d.doc.ID = d.ids.names[n.id]
		}
	}
	for i := range d.nodes {
		n := &d.nodes[i]
		if n.class != classSbom || n.same != int32(i) {
			continue
		}
		if d.document < 0 && d.doc.ID == "" && n.id != noID {
			d.doc.ID, d.doc.Name = d.ids.names[n.id], notation.Stated(n.text(propName))
		}
		for j := range n.slots {
			if s := &n.slots[j]; s.prop == propSbomType && s.text != "" {
				d.doc.Lifecycles = append(d.doc.Lifecycles, s.text)
			}
		}
	}
	if c := d.creation(); c >= 0 {
		d.created(&d.nodes[c])
	} else {
		d.defect(sbom.CodeMissing, at, "", "the document lacks a CreationInfo")
	}
	if d.doc.SpecVersion == "" {
		d.doc.SpecVersion = d.contextVersion
	}
	if d.doc.SpecVersion == "" {
		d.defect(sbom.CodeMissing, at, "", "the document lacks an SPDX version")
	}
	if d.packages == 0 && len(d.doc.FileParts) == 0 {
		d.defect(sbom.CodeMissing, at, "", "the document lists no package and no file")
	} else if d.packages == 0 {
		d.defect(sbom.CodeMissing, at, "", "the document lists no package")
	}
}

func (d *decoder) created(n *node) {
	if s := n.last(propSpecVersion); s != nil {
		d.doc.SpecVersion = strings.TrimPrefix(s.text, "SPDX-")
		if s.text != "3.0.0" && s.text != "3.0.1" && s.text != "" {
			d.defect(sbom.CodeSpec, s.at, s.text, "the SPDX version is neither 3.0.0 nor 3.0.1")
		}
	}
	d.doc.Created = n.text(propCreated)
	d.doc.CreatedAt, _ = parseTime(d.doc.Created)
	for i := range n.slots {
		s := &n.slots[i]
		if s.prop != propCreatedBy && s.prop != propCreatedUsing {
			continue
		}
		p := d.party(s)
		switch {
		case p.tool || s.prop == propCreatedUsing:
			if p.written != "" {
				name, version := notation.Tool(p.written)
				d.doc.Tools = append(d.doc.Tools, sbom.Tool{Name: name, Version: version})
			}
		case p.Party != sbom.Party{}:
			d.doc.Authors = append(d.doc.Authors, p.Party)
		}
	}
}
