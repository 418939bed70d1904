// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"encoding/xml"

	"github.com/medsbom/medsbom/sbom"
)

func (d *xmlDecoder) hashesOf(c *sbom.Component) { c.Hashes = d.hashItems(c.Hashes) }

func (d *xmlDecoder) hashItems(list []sbom.Hash) []sbom.Hash {
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		if name != "hash" {
			d.unknown(start)
			continue
		}
		at := d.here
		list = d.hash(list, attribute(start, "alg"), d.content(), at)
	}
	return list
}

func (d *xmlDecoder) propertyItems(list []sbom.Property) []sbom.Property {
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		if name != "property" {
			d.unknown(start)
			continue
		}
		at := d.here
		list = d.property(list, attribute(start, "name"), d.content(), at)
	}
	return list
}

func (d *xmlDecoder) externalReferences(list []sbom.Reference) []sbom.Reference {
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		if name != "reference" {
			d.unknown(start)
			continue
		}
		at := d.here
		kind := attribute(start, "type")
		var url string
		var hashes []sbom.Hash
		var seen uint32
		for name, start, ok := d.child(); ok; name, start, ok = d.child() {
			switch name {
			case "url":
				if s, ok := d.once(&seen, 1, name, url); ok {
					url = s
				}
			case "hashes":
				hashes = d.hashItems(hashes)
			case "properties":
				d.propertyItems(nil)
			default:
				d.rest(shapeExternalReference, name, start)
			}
		}
		if d.err == nil {
			list = d.reference(list, kind, url, hashes, at)
		}
	}
	return list
}

func (d *xmlDecoder) licenceItems(list []sbom.Licence) []sbom.Licence {
	from, n := d.here, len(list)
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
		if d.err == nil {
			list = d.licence(list, &l, at)
		}
	}
	d.mixed(list[n:], from)
	return list
}

func (d *xmlDecoder) licenceElement(l *licence) {
	var seen uint32
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
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
		case "text":
			d.attachment(start)
		case "properties":
			d.propertyItems(nil)
		default:
			d.rest(shapeLicense, name, start)
		}
	}
}

// attachment checks a text that is enclosed, and passes over it.
func (d *xmlDecoder) attachment(start xml.StartElement) {
	if encoding, ok := stated(start, "encoding"); ok && encoding != "base64" {
		d.defect(sbom.CodeValue, d.here, encoding, "encoding of a text is not base64")
	}
	d.skip()
}

// citations checks the citations of 1.7.
func (d *xmlDecoder) citations() {
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		if name != "citation" {
			d.unknown(start)
			continue
		}
		at := d.here
		d.carry(d.ref(start), "citation", at)
		var pointers, expressions, attributed, process bool
		for name, start, ok := d.child(); ok; name, start, ok = d.child() {
			switch name {
			case "pointers":
				pointers = true
			case "expressions":
				expressions = true
			case "attributedTo":
				attributed = true
			case "process":
				process = true
			}
			d.rest(shapeCitation, name, start)
		}
		if d.err == nil {
			d.citation(pointers, expressions, attributed, process, at)
		}
	}
}

// signature notes an XML signature: its method and the name of its key.
func (d *xmlDecoder) signature() {
	at := d.here
	var algorithm, key string
	for name, _, ok := d.child(); ok; name, _, ok = d.child() {
		switch name {
		case "ds:SignedInfo":
			for name, start, ok := d.child(); ok; name, start, ok = d.child() {
				if name == "ds:SignatureMethod" && algorithm == "" {
					algorithm = attribute(start, "Algorithm")
				}
				d.skip()
			}
		case "ds:KeyInfo":
			for name, _, ok := d.child(); ok; name, _, ok = d.child() {
				if name == "ds:KeyName" && key == "" {
					key = d.content()
				} else {
					d.skip()
				}
			}
		default:
			d.skip()
		}
	}
	d.addSignature(sbom.XMLDSig, algorithm, key, at)
}
