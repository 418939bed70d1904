// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"encoding/xml"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// components reads a list of components at a depth, from 1, and returns how
// many it holds.
func (d *xmlDecoder) components(parent int32, depth int) int {
	if depth > d.opts.MaxDepth {
		d.limit(sbom.LimitDepth, d.here, "components nested deeper than %d levels", d.opts.MaxDepth)
		d.halt()
		return 0
	}
	n := 0
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		if name != "component" {
			d.unknown(start)
			continue
		}
		index, ok := d.open(parent, d.here)
		if !ok {
			d.halt()
			return n
		}
		d.component(start, index, depth)
		n++
	}
	return n
}

// component reads the element of one component into the one opened as index.
func (d *xmlDecoder) component(start xml.StartElement, index int32, depth int) {
	at := d.here
	c := d.at(index)
	var seen uint32
	var ids identities
	c.Ref = d.ref(start)
	d.setType(c, &ids, attribute(start, "type"), at)
	if external, ok := stated(start, "isExternal"); ok {
		d.uses(fieldExternal, at)
		c.External = d.truth(external, "isExternal", at) == "true"
	}
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		switch name {
		case "components":
			d.twice(&seen, componentsKey, name)
			d.components(index, depth+1)
			c = d.at(index) // the list may have moved
		default:
			if !d.componentText(c, name, &seen, &ids) && !d.componentList(c, name, start, &seen, &ids) {
				d.rest(shapeComponent, name, start)
			}
		}
	}
	if d.err == nil {
		d.close(index, at, &ids)
	}
}

// componentText reads the fields of a component that are a text; false if name is none.
func (d *xmlDecoder) componentText(c *sbom.Component, name string, seen *uint32, ids *identities) bool {
	at := d.here
	switch name {
	case "group":
		if s, ok := d.once(seen, groupKey, name, c.Group); ok && s != notation.NoAssertion {
			d.setText(&c.Group, s, name, at)
		}
	case "name":
		if s, ok := d.once(seen, nameKey, name, c.Name); ok {
			d.setText(&c.Name, s, name, at)
		}
	case "version":
		ids.versioned = true
		if s, ok := d.once(seen, versionKey, name, c.Version); ok {
			d.setVersion(c, s, at)
		}
	case "purl":
		if s, ok := d.once(seen, purlKey, name, c.PURL); ok {
			d.setPURL(c, s, at)
		}
	case "cpe":
		if s, ok := d.once(seen, cpeKey, name, ""); ok {
			d.setCPE(c, s, at)
		}
	case "scope":
		if s, ok := d.once(seen, scopeKey, name, c.Scope); ok {
			d.setScope(c, s, at)
		}
	case "publisher":
		if s, ok := d.once(seen, publisherKey, name, c.Publisher().Name); ok {
			d.setPublisher(c, s, at)
		}
	case "author":
		if s, ok := d.once(seen, authorKey, name, ""); ok {
			d.author(c, s, at)
		}
	case "versionRange":
		d.uses(fieldVersionRange, at)
		if s, ok := d.once(seen, rangeKey, name, c.VersionRange()); ok && s != "" {
			c.Detail().VersionRange = s
		}
	case "swhid":
		d.uses(fieldSWHID, at)
		if s := d.content(); s != "" {
			c.Detail().SWHID = append(c.SWHID(), s)
		}
	case "omniborId":
		d.uses(fieldOmniborID, at)
		if s := d.content(); s != "" {
			d.omnibor(c, s)
		}
	case "modified":
		if s, ok := d.once(seen, modifiedKey, name, ""); ok && d.truth(s, name, at) == "true" {
			setModified(c)
		}
	case "description":
		d.skip()
	default:
		return false
	}
	return true
}

// componentList reads the fields that hold elements; false if name is none.
func (d *xmlDecoder) componentList(c *sbom.Component, name string, start xml.StartElement, seen *uint32, ids *identities) bool {
	at := d.here
	switch name {
	case "supplier":
		d.twice(seen, supplierKey, name)
		d.organisation(&c.Supplier)
	case "manufacturer":
		d.uses(fieldManufacturer, at)
		d.twice(seen, manufacturerKey, name)
		p := c.Manufacturer()
		d.organisation(&p)
		setManufacturer(c, p)
	case "authors":
		d.uses(fieldAuthors, at)
		d.twice(seen, authorsKey, name)
		addAuthors(c, d.contacts("author"))
	case "hashes":
		d.twice(seen, hashesKey, name)
		d.hashesOf(c)
	case "licenses":
		d.twice(seen, licensesKey, name)
		c.Licences = d.licenceItems(c.Licences)
	case "properties":
		d.uses(fieldProperties, at)
		d.twice(seen, propertiesKey, name)
		n := len(c.Properties)
		c.Properties = d.propertyItems(c.Properties)
		setSupport(c, support(c.Support(), c.Properties[n:]))
	case "externalReferences":
		d.uses(fieldReferences, at)
		d.twice(seen, referencesKey, name)
		c.References = d.externalReferences(c.References)
	case "pedigree":
		d.uses(fieldPedigree, at)
		d.twice(seen, pedigreeKey, name)
		d.pedigree(c, ids)
	case "swid":
		d.twice(seen, swidKey, name)
		id := attribute(start, "tagId")
		d.checkSWID(id, attribute(start, "name"), at)
		if c.SWID() == "" && id != "" {
			c.Detail().SWID = id
		}
		d.skip()
	case "evidence":
		d.uses(fieldEvidence, at)
		d.twice(seen, evidenceKey, name)
		d.evidence(c, ids)
	case "v:vulnerabilities":
		d.extension(c)
	case "dg:dependencies":
		// The extension's graph of a component within it: the entry is the component.
		d.dependsOn(c.Ref, d.entry(c.Ref, at), "dg:dependency")
	default:
		return false
	}
	return true
}
