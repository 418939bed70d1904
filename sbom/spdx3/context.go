// SPDX-License-Identifier: Apache-2.0

package spdx3

import (
	"strings"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/sbom"
)

// prefixes are the terms that the document defines itself, and what they
// stand for. Terms beyond mostTerms, and namespaces longer than longestSpace
// bytes, are said and not used.
type prefixes struct {
	spaces  map[string]string
	digests map[string]uint64 // of the namespaces
}

const (
	mostTerms    = 1000
	longestSpace = 1024
	longestName  = 256 // of SPDX's own names and addresses, the longest have some 100
)

func (p *prefixes) none() bool { return len(p.spaces) == 0 }

// split returns an id as its namespace and the rest, the namespace written out.
func (p *prefixes) split(id string) (space, rest string) {
	prefix, rest, found := strings.Cut(id, ":")
	if !found || strings.HasPrefix(rest, "//") {
		return "", id
	}
	if space, ok := p.spaces[prefix]; ok {
		return space, rest
	}
	return "", id
}

// digest returns the digest of an id, written out.
func (p *prefixes) digest(id string) uint64 {
	if prefix, rest, found := strings.Cut(id, ":"); found && !strings.HasPrefix(rest, "//") {
		if h, ok := p.digests[prefix]; ok {
			return digest(h, rest)
		}
	}
	return digest(offset64, id)
}

// expand returns a name with its prefix written out, or what it stands for as
// a term. What gets too long to be a name of SPDX stays as it is.
func (p *prefixes) expand(name string) string {
	if p.none() {
		return name
	}
	if iri, ok := p.spaces[name]; ok {
		return iri
	}
	if space, rest := p.split(name); space != "" && len(space)+len(rest) <= longestName {
		return space + rest
	}
	return name
}

// define enters a term.
func (d *decoder) define(term, iri string, at sbom.Position) {
	before, known := d.prefixes.spaces[term]
	if iri == "" || before == iri {
		return
	}
	if known {
		d.defect(sbom.CodeContradict, at, term, "the document gives a term or prefix two meanings; the first one holds")
		return
	}
	if len(d.prefixes.spaces) >= mostTerms || len(iri) > longestSpace {
		d.defect(sbom.CodeValue, at, iri, "a term or prefix of the document is too long or one too many and is not used")
		return
	}
	if d.prefixes.spaces == nil {
		d.prefixes.spaces, d.prefixes.digests = make(map[string]string), make(map[string]uint64)
	}
	d.prefixes.spaces[term], d.prefixes.digests[term] = iri, digest(offset64, iri)
	d.properties, d.classes = nil, nil // what was known of names may be wrong now
}

// context reads a @context. It is never fetched: that of spdx.org is built in.
func (d *decoder) context() {
	offset := d.r.Offset()
	switch d.r.Kind() {
	case jsonpull.Array:
		d.r.Array()
		for d.r.Item() {
			d.context()
		}
	case jsonpull.Object:
		d.r.Object()
		for d.r.Key() {
			d.term(d.r.Name())
		}
	case jsonpull.String:
		address, _ := d.r.String()
		d.address(strings.TrimSpace(address), offset)
	case jsonpull.Null:
		d.r.Skip()
	default:
		d.wrongType("@context", "an address or an object")
	}
}

// address judges the address of a context.
func (d *decoder) address(address string, offset int) {
	if !isVocabulary(address) {
		d.defect(sbom.CodeValue, d.at(offset), address, "the context is not that of spdx.org; it was not fetched, and SPDX's own was taken")
		return
	}
	d.ofSPDX = true
	_, version, _ := strings.Cut(address, "/rdf/")
	version, name, _ := strings.Cut(version, "/")
	version = strings.TrimPrefix(version, "v")
	if name != "spdx-context.jsonld" && name != "spdx-context.json" {
		d.defect(sbom.CodeValue, d.at(offset), address, "the context is at no address that SPDX 3 has")
	}
	if d.contextVersion == "" {
		d.contextVersion = version
	}
}

// term reads one definition of a context: an IRI, or an object with an @id.
func (d *decoder) term(name string) {
	at := d.at(d.r.NameOffset())
	var iri string
	switch d.r.Kind() {
	case jsonpull.String:
		iri, _ = d.r.String()
	case jsonpull.Object:
		d.r.Object()
		for d.r.Key() {
			if d.r.Name() != "@id" {
				d.r.Skip()
				continue
			}
			iri, _ = d.r.String()
		}
	default:
		d.r.Skip()
	}
	iri = strings.TrimSpace(iri)
	if strings.HasPrefix(name, "@") { // @vocab, @base, @version …
		if name == "@vocab" && !isVocabulary(iri) {
			d.defect(sbom.CodeValue, at, iri, "the context gives names without a prefix another vocabulary; they are read as SPDX's")
		}
		return
	}
	means, _ := propertyOf(compactName(iri))
	if p, exact := propertyOf(name); exact && p != propUnknown && p != means {
		d.defect(sbom.CodeContradict, at, name, "the context gives a name of SPDX another meaning; it is read as SPDX's")
		return
	}
	d.define(name, iri, at)
}

// property finds what a key means, and says once if it is spelt otherwise.
func (d *decoder) property(name string, offset int) property {
	if p, ok := d.properties[name]; ok && p != propUnknown {
		return p
	} else if ok {
		d.unknownKey(name, offset)
		return p
	}
	p, exact := propUnknown, false
	if len(name) <= longestSpace {
		full := d.prefixes.expand(name)
		p, exact = propertyOf(compactName(full))
		if p == propUnknown && full != name && !isVocabulary(full) {
			p, exact = propForeign, true
		}
	}
	switch {
	case p == propUnknown:
		d.unknownKey(name, offset)
	case !exact && p != propPassed:
		d.once(sbom.CodeUnknownTag, propID, name, d.at(offset), "a property is spelt otherwise than SPDX 3 does and was read as "+p.name())
	}
	if len(d.properties) < mostTerms {
		if d.properties == nil {
			d.properties = make(map[string]property)
		}
		d.properties[name] = p
	}
	return p
}

func (d *decoder) unknownKey(name string, offset int) {
	if d.foreign == 0 {
		d.defect(sbom.CodeUnknownTag, d.at(offset), name, "an element has a property that SPDX 3 does not have")
	}
}

// class finds the class that the type of an object means, and says once if it
// is spelt otherwise.
func (d *decoder) class(name string, at sbom.Position) class {
	if c, ok := d.classes[name]; ok && c != classNone {
		return c
	}
	c, exact := classNone, false
	if len(name) <= longestSpace {
		c, exact = classOf(compactName(d.prefixes.expand(name)))
	}
	switch {
	case d.foreign > 0:
	case strings.HasPrefix(name, "http://www.w3.org/2001/XMLSchema#"):
		return c // of a @value, which has no class
	case c == classNone:
		d.defect(sbom.CodeValue, at, name, "the type of an element is none of SPDX 3's")
		return c
	case !exact:
		d.once(sbom.CodeValue, propType, name, at, "the type of an element is abstract, or spelt otherwise than SPDX 3 does")
	}
	if len(d.classes) < mostTerms {
		if d.classes == nil {
			d.classes = make(map[string]class)
		}
		d.classes[name] = c
	}
	return c
}
