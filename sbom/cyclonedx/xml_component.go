// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"encoding/xml"

	"github.com/medsbom/medsbom/sbom"
)

// components reads a list of components at a depth, from 1, and returns how
// many it holds.
func (d *xmlDecoder) components(parent int32, depth int) int {
	if depth > d.opts.MaxDepth {
		d.stop(d.here, remedyLimit, "components nested deeper than %d levels", d.opts.MaxDepth)
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
	c.Ref = attribute(start, "bom-ref")
	d.setType(c, &ids, attribute(start, "type"), at)
	switch external := attribute(start, "isExternal"); external {
	case "":
	case "true", "1", "false", "0":
		d.uses(fieldExternal, at)
		c.External = external == "true" || external == "1"
	default:
		d.defect(sbom.CodeType, at, external, "isExternal is neither true nor false")
	}
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		switch name {
		case "components":
			d.twice(&seen, componentsKey, name)
			d.components(index, depth+1)
			c = d.at(index) // the list may have moved
		default:
			if !d.componentText(c, name, &seen, &ids) && !d.componentList(c, name, start, &seen, &ids) {
				d.unknown(start)
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
		if s, ok := d.once(seen, groupKey, name, c.Group); ok && !noAssertion(s) {
			d.setText(&c.Group, s, name, at)
		}
	case "name":
		if s, ok := d.once(seen, nameKey, name, c.Name); ok {
			d.setText(&c.Name, s, name, at)
		}
	case "version":
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
		if s, ok := d.once(seen, publisherKey, name, c.Publisher.Name); ok {
			d.setParty(&c.Publisher, s, at)
		}
	case "author":
		if s, ok := d.once(seen, authorKey, name, ""); ok {
			d.author(c, s, at)
		}
	case "versionRange":
		d.uses(fieldVersionRange, at)
		if _, ok := d.once(seen, rangeKey, name, ""); ok {
			ids.versionRange = true
		}
	case "swhid":
		d.uses(fieldSWHID, at)
		if s := d.content(); s != "" {
			c.SWHID = append(c.SWHID, s)
		}
	case "description", "copyright", "modified", "pedigree", "externalReferences":
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
		d.organisation(&c.Manufacturer)
	case "authors":
		d.uses(fieldAuthors, at)
		d.twice(seen, authorsKey, name)
		c.Authors = append(c.Authors, d.contacts("author")...)
	case "hashes":
		d.twice(seen, hashesKey, name)
		d.hashesOf(c)
	case "licenses":
		d.twice(seen, licensesKey, name)
		d.licencesOf(c)
	case "properties":
		d.uses(fieldProperties, at)
		d.twice(seen, propertiesKey, name)
		d.propertiesOf(c)
	case "swid":
		d.twice(seen, swidKey, name)
		if id := attribute(start, "tagId"); id != "" && c.SWID == "" {
			c.SWID = id
		}
		d.skip()
	case "evidence":
		d.uses(fieldEvidence, at)
		d.evidence(ids)
	case "v:vulnerabilities":
		d.doc.Statements += d.count("v:vulnerability")
	case "dg:dependencies":
		// The extension's graph of a component within it: the entry is the component.
		d.dependsOn(c.Ref, d.entry(c.Ref, at), "dg:dependency")
	case "releaseNotes":
		d.pass(fieldReleaseNotes)
	case "modelCard":
		d.pass(fieldModelCard)
	case "data":
		d.pass(fieldData)
	case "omniborId":
		d.pass(fieldOmniborID)
	case "tags":
		d.pass(fieldTags)
	case "cryptoProperties":
		d.pass(fieldCrypto)
	case "patentAssertions":
		d.pass(fieldPatents)
	case "ds:Signature":
		d.skip()
	default:
		return false
	}
	return true
}

func (d *xmlDecoder) hashesOf(c *sbom.Component) {
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		if name != "hash" {
			d.unknown(start)
			continue
		}
		at := d.here
		c.Hashes = d.hash(c.Hashes, attribute(start, "alg"), d.content(), at)
	}
}

func (d *xmlDecoder) propertiesOf(c *sbom.Component) {
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		if name != "property" {
			d.unknown(start)
			continue
		}
		at := d.here
		c.Properties = d.property(c.Properties, attribute(start, "name"), d.content(), at)
	}
}

func (d *xmlDecoder) licencesOf(c *sbom.Component) {
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		at := d.here
		l := licence{seen: true, acknowledgement: attribute(start, "acknowledgement")}
		if l.acknowledgement != "" {
			d.uses(fieldAcknowledgement, at)
		}
		switch name {
		case "license":
			d.licenceElement(&l)
		case "expression":
			l.expression = d.content()
		case "expression-detailed":
			d.uses(fieldExpressionDetails, at)
			l.expression = attribute(start, "expression")
			d.skip()
		default:
			d.unknown(start)
			continue
		}
		c.Licences = d.licence(c.Licences, &l, at)
	}
}

func (d *xmlDecoder) licenceElement(l *licence) {
	var seen uint32
	for name, _, ok := d.child(); ok; name, _, ok = d.child() {
		switch name {
		case "id":
			if s, ok := d.once(&seen, 1, name, l.id); ok {
				l.id = s
			}
		case "name":
			if s, ok := d.once(&seen, 2, name, l.name); ok {
				l.name = s
			}
		case "url":
			if s, ok := d.once(&seen, 4, name, l.url); ok {
				l.url = s
			}
		default:
			d.skip()
		}
	}
}

// evidence reads the identities: one in 1.5, any number since 1.6.
func (d *xmlDecoder) evidence(ids *identities) {
	for name, _, ok := d.child(); ok; name, _, ok = d.child() {
		if name != "identity" {
			d.skip()
			continue
		}
		var of, concluded string
		for name, _, ok := d.child(); ok; name, _, ok = d.child() {
			switch name {
			case "field":
				of = d.content()
			case "concludedValue":
				concluded = d.content()
			default:
				d.skip()
			}
		}
		ids.add(of, concluded)
	}
}
