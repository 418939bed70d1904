// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"strings"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

const (
	refKey uint32 = 1 << iota
	typeKey
	groupKey
	nameKey
	versionKey
	purlKey
	cpeKey
	swidKey
	swhidKey
	supplierKey
	manufacturerKey
	publisherKey
	authorKey
	authorsKey
	licensesKey
	hashesKey
	propertiesKey
	scopeKey
	externalKey
	rangeKey
	evidenceKey
	componentsKey
	pedigreeKey
	referencesKey
	descriptionKey
	omniborKey
	copyrightKey
	mimeKey
	modifiedKey
)

// components reads a list of components at a depth, from 1, and returns how
// many it holds. A value that is no list costs the document: which parts it
// means nobody can tell, so nobody could say that they were judged.
func (d *jsonDecoder) components(parent int32, depth int) int {
	r := d.r
	at := r.Offset()
	switch k := r.Kind(); k {
	case jsonpull.Array:
	case jsonpull.Null:
		d.wrong("an array")
		return 0
	case jsonpull.Invalid:
		r.Skip()
		return 0
	default:
		d.stop(at, "the file does not keep the schema of CycloneDX: ask for it again", "\"components\" is %s, not an array", k)
		r.Stop(at, "components")
		return 0
	}
	if depth > d.opts.MaxDepth {
		d.limit(sbom.LimitDepth, at, "components nested deeper than %d levels", d.opts.MaxDepth)
		r.Stop(at, "components")
		return 0
	}
	if !r.Array() {
		return 0
	}
	n := 0
	for r.Item() {
		k := r.Kind()
		if k == jsonpull.Null || k == jsonpull.Invalid {
			d.wrong("a component")
			continue
		}
		at := r.Offset()
		index, ok := d.open(parent, at)
		if !ok {
			r.Stop(at, "components")
			return n
		}
		if k == jsonpull.Object {
			d.component(index, depth)
		} else {
			d.stray(d.at(index), at, k)
		}
		n++
	}
	return n
}

// stray takes an entry that is no object for a component of that name, so that
// it is counted, and looked up if it is a package URL.
func (d *jsonDecoder) stray(c *sbom.Component, at int, k jsonpull.Kind) {
	value, _ := d.r.Scalar()
	value = trim(value)
	d.defect(sbom.CodeType, at, value, "a component is %s, not an object; counted under the name that it gives", k)
	d.setText(&c.Name, value, "name", at)
	if strings.HasPrefix(value, "pkg:") {
		d.setPURL(c, value, at)
	}
}

// component reads the object of one component into the one opened as index.
func (d *jsonDecoder) component(index int32, depth int) {
	r := d.r
	start := r.Offset()
	c := d.at(index)
	var seen uint32
	var ids identities
	r.Object()
	for r.Key() {
		name := r.Name()
	known:
		switch name {
		case "bom-ref":
			at := r.Offset()
			if s, ok := d.once(&seen, refKey, c.Ref); ok {
				d.checkRef(s, at)
				c.Ref = s
			}
		case "type":
			at := r.Offset()
			if s, ok := d.once(&seen, typeKey, c.Type); ok {
				d.setType(c, &ids, s, at)
			}
		case "group":
			at := r.Offset()
			if s, ok := d.once(&seen, groupKey, c.Group); ok && s != notation.NoAssertion {
				d.setText(&c.Group, s, "group", at)
			}
		case "name":
			at := r.Offset()
			if s, ok := d.once(&seen, nameKey, c.Name); ok {
				d.setText(&c.Name, s, "name", at)
			}
		case "version":
			at := r.Offset()
			ids.versioned = true
			if s, ok := d.once(&seen, versionKey, c.Version); ok {
				d.setVersion(c, s, at)
			}
		case "purl":
			at := r.Offset()
			if s, ok := d.once(&seen, purlKey, c.PURL); ok {
				d.setPURL(c, s, at)
			}
		case "cpe":
			at := r.Offset()
			if s, ok := d.once(&seen, cpeKey, ""); ok {
				d.setCPE(c, s, at)
			}
		case "scope":
			at := r.Offset()
			if s, ok := d.once(&seen, scopeKey, c.Scope); ok {
				d.setScope(c, s, at)
			}
		case "properties":
			d.uses(fieldProperties, r.NameOffset())
			d.twice(&seen, propertiesKey)
			d.propertiesOf(c)
		case "hashes":
			d.twice(&seen, hashesKey)
			d.hashesOf(c)
		case "licenses":
			d.twice(&seen, licensesKey)
			d.licencesOf(c)
		case "externalReferences":
			d.uses(fieldReferences, r.NameOffset())
			d.twice(&seen, referencesKey)
			d.referencesOf(c)
		case "description":
			d.twice(&seen, descriptionKey)
			d.passOver(r.Kind() == jsonpull.String, "a text")
		case "components":
			d.twice(&seen, componentsKey)
			d.components(index, depth+1)
			c = d.at(index) // the list may have moved
		default:
			if d.rareField(c, name, &seen, &ids) {
				break
			}
			d.useOf(name)
			if spelled := d.rest(shapeComponent, name); spelled != "" {
				name = spelled
				goto known
			}
		}
	}
	if r.Err() == nil {
		d.close(index, start, &ids)
	}
}

// rareField reads the fields of a component that few have; false if name is none.
func (d *jsonDecoder) rareField(c *sbom.Component, name string, seen *uint32, ids *identities) bool {
	r := d.r
	switch name {
	case "supplier":
		d.twice(seen, supplierKey)
		d.organisation(&c.Supplier)
	case "manufacturer":
		d.uses(fieldManufacturer, r.NameOffset())
		d.twice(seen, manufacturerKey)
		p := c.Manufacturer()
		d.organisation(&p)
		setManufacturer(c, p)
	case "publisher":
		at := r.Offset()
		if s, ok := d.once(seen, publisherKey, c.Publisher().Name); ok {
			d.setPublisher(c, s, at)
		}
	case "author":
		at := r.Offset()
		if s, ok := d.once(seen, authorKey, ""); ok {
			d.author(c, s, at)
		}
	case "authors":
		d.uses(fieldAuthors, r.NameOffset())
		d.twice(seen, authorsKey)
		addAuthors(c, d.contacts())
	case "swid":
		d.twice(seen, swidKey)
		d.swid(c)
	case "swhid":
		d.uses(fieldSWHID, r.NameOffset())
		d.twice(seen, swhidKey)
		if ids := d.texts(); len(ids) > 0 {
			c.Detail().SWHID = append(c.SWHID(), ids...)
		}
	case "isExternal":
		d.uses(fieldExternal, r.NameOffset())
		d.twice(seen, externalKey)
		if r.Kind() == jsonpull.Bool {
			external, _ := r.Bool()
			c.External = c.External || external
		} else {
			d.wrong("a boolean")
		}
	case "versionRange":
		d.uses(fieldVersionRange, r.NameOffset())
		if s, ok := d.once(seen, rangeKey, c.VersionRange()); ok && s != "" {
			c.Detail().VersionRange = s
		}
	case "evidence":
		d.uses(fieldEvidence, r.NameOffset())
		d.twice(seen, evidenceKey)
		d.evidence(c, ids)
	case "omniborId":
		d.uses(fieldOmniborID, r.NameOffset())
		d.twice(seen, omniborKey)
		for _, id := range d.texts() {
			d.omnibor(c, id)
		}
	case "modified":
		d.twice(seen, modifiedKey)
		if r.Kind() != jsonpull.Bool {
			d.wrong("a boolean")
		} else if modified, _ := r.Bool(); modified {
			setModified(c)
		}
	case "pedigree":
		d.uses(fieldPedigree, r.NameOffset())
		d.twice(seen, pedigreeKey)
		d.pedigree(c, ids)
	default:
		return false
	}
	return true
}

// author adds the one text "author" (deprecated in 1.6) to the authors.
func (b *builder) author(c *sbom.Component, s string, at int) {
	if s == "" {
		return
	}
	p := sbom.Party{Person: true}
	b.setParty(&p, s, at)
	addAuthors(c, []sbom.Party{p})
}

// add takes up an identity that the document's maker concluded on.
func (ids *identities) add(of, concluded string) {
	if concluded == "" || notation.IsUnknown(concluded) {
		return
	}
	switch of {
	case "purl":
		if len(ids.evidencePURLs) < maxIdentities {
			ids.evidencePURLs = append(ids.evidencePURLs, concluded)
		}
	case "cpe":
		if len(ids.evidenceCPEs) < maxIdentities {
			ids.evidenceCPEs = append(ids.evidenceCPEs, concluded)
		}
	}
}
