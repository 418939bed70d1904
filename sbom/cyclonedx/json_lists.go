// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

func (d *jsonDecoder) propertiesOf(c *sbom.Component) {
	list := d.propertyItems()
	c.Properties = d.properties.Join(c.Properties, list)
	setSupport(c, support(c.Support(), list))
}

// propertyItems reads a list of properties; it holds until the next one.
func (d *jsonDecoder) propertyItems() []sbom.Property {
	r := d.r
	if !d.array() {
		return nil
	}
	list := d.propertyList[:0]
	for r.Item() {
		at := r.Offset()
		if !d.object() {
			continue
		}
		var name, value string
		var seen uint32
		for r.Key() {
			switch r.Name() {
			case "name":
				d.text(&name, &seen, 1)
			case "value":
				d.text(&value, &seen, 2)
			default:
				d.other(shapeProperty)
			}
		}
		list = d.property(list, name, value, at)
	}
	d.propertyList = list
	return list
}

func (d *jsonDecoder) referencesOf(c *sbom.Component) {
	c.References = d.links.Join(c.References, d.externalReferences())
}

// externalReferences reads a list of references; it holds until the next one.
func (d *jsonDecoder) externalReferences() []sbom.Reference {
	r := d.r
	if !d.array() {
		return nil
	}
	list := d.linkList[:0]
	for r.Item() {
		at := r.Offset()
		if !d.object() {
			continue
		}
		var kind, url string
		var hashes []sbom.Hash
		var seen uint32
		for r.Key() {
			switch r.Name() {
			case "url":
				d.text(&url, &seen, 1)
			case "type":
				d.text(&kind, &seen, 2)
			case "hashes":
				d.twice(&seen, 4)
				hashes = d.hashItems()
			case "properties":
				d.twice(&seen, 8)
				d.propertyItems()
			default:
				d.other(shapeExternalReference)
			}
		}
		if r.Err() == nil {
			list = d.reference(list, kind, url, hashes, at)
		}
	}
	d.linkList = list
	return list
}

func (d *jsonDecoder) hashesOf(c *sbom.Component) {
	c.Hashes = d.hashes.Join(c.Hashes, d.hashItems())
}

// hashItems reads a list of hashes; it holds until the next one.
func (d *jsonDecoder) hashItems() []sbom.Hash {
	r := d.r
	if !d.array() {
		return nil
	}
	list := d.hashList[:0]
	for r.Item() {
		at := r.Offset()
		if !d.object() {
			continue
		}
		var algorithm, content string
		var seen uint32
		for r.Key() {
			switch r.Name() {
			case "alg":
				d.text(&algorithm, &seen, 1)
			case "content":
				d.text(&content, &seen, 2)
			default:
				d.other(shapeHash)
			}
		}
		list = d.hash(list, algorithm, content, at)
	}
	d.hashList = list
	return list
}

func (d *jsonDecoder) licencesOf(c *sbom.Component) {
	c.Licences = d.licences.Join(c.Licences, d.licenceItems())
}

// licenceItems reads a list of licences; it holds until the next one.
func (d *jsonDecoder) licenceItems() []sbom.Licence {
	r := d.r
	from := r.Offset()
	if !d.array() {
		return nil
	}
	list := d.licenceList[:0]
	for r.Item() {
		at := r.Offset()
		if !d.object() {
			continue
		}
		var l licence
		var seen uint32
		for r.Key() {
			switch r.Name() {
			case "license":
				d.twice(&seen, 1)
				l.seen = true
				d.licenceObject(&l)
			case "expression":
				l.seen = true
				d.text(&l.expression, &seen, 2)
			case "acknowledgement":
				d.uses(fieldAcknowledgement, r.NameOffset())
				d.text(&l.acknowledgement, &seen, 4)
			case "expressionDetails":
				d.uses(fieldExpressionDetails, r.NameOffset())
				d.twice(&seen, 8)
				d.passOver(r.Kind() == jsonpull.Array, "an array")
			case "licensing", "properties", "bom-ref":
				d.other(shapeLicense) // of an expression they are 1.6's and 1.7's
			default:
				if d.unknownKey(shapeCount, r.Name()) {
					d.defect(sbom.CodeUnknownTag, r.NameOffset(), r.Name(), "key %q is none of an entry of licenses", notation.Short(r.Name()))
				}
				r.Skip()
			}
		}
		list = d.licence(list, &l, at)
	}
	d.licenceList = list
	d.mixed(list, from)
	return list
}

func (d *jsonDecoder) licenceObject(l *licence) {
	r := d.r
	if !d.object() {
		return
	}
	var seen uint32
	for r.Key() {
		switch r.Name() {
		case "id":
			d.text(&l.id, &seen, 1)
		case "name":
			d.text(&l.name, &seen, 2)
		case "url":
			d.text(&l.url, &seen, 4)
		case "acknowledgement":
			d.uses(fieldAcknowledgement, r.NameOffset())
			d.text(&l.acknowledgement, &seen, 8)
		default:
			d.other(shapeLicense)
		}
	}
}

func (d *jsonDecoder) swid(c *sbom.Component) {
	r := d.r
	at := r.Offset()
	if !d.object() {
		return
	}
	tag, name := c.SWID(), ""
	var seen uint32
	for r.Key() {
		switch r.Name() {
		case "tagId":
			d.text(&tag, &seen, 1)
		case "name":
			d.text(&name, &seen, 2)
		default:
			d.other(shapeSwid)
		}
	}
	if tag != "" {
		c.Detail().SWID = tag
	}
	if r.Err() == nil {
		d.checkSWID(tag, name, at)
	}
}

// texts reads a list of texts.
func (d *jsonDecoder) texts() []string {
	r := d.r
	if !d.array() {
		return nil
	}
	list := d.stringList[:0]
	for r.Item() {
		if s, ok := d.value(); ok && s != "" {
			list = append(list, s)
		}
	}
	d.stringList = list
	return d.strings.Keep(list)
}
