// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import "github.com/medsbom/medsbom/sbom"

func (d *jsonDecoder) propertiesOf(c *sbom.Component) {
	r := d.r
	if !d.array() {
		return
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
				r.Skip()
			}
		}
		list = d.property(list, name, value, at)
	}
	d.propertyList = list
	c.Properties = d.properties.join(c.Properties, list)
}

func (d *jsonDecoder) hashesOf(c *sbom.Component) {
	r := d.r
	if !d.array() {
		return
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
				r.Skip()
			}
		}
		list = d.hash(list, algorithm, content, at)
	}
	d.hashList = list
	c.Hashes = d.hashes.join(c.Hashes, list)
}

func (d *jsonDecoder) licencesOf(c *sbom.Component) {
	r := d.r
	if !d.array() {
		return
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
				d.pass(fieldExpressionDetails)
			default:
				r.Skip()
			}
		}
		list = d.licence(list, &l, at)
	}
	d.licenceList = list
	c.Licences = d.licences.join(c.Licences, list)
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
			r.Skip()
		}
	}
}

func (d *jsonDecoder) swid(c *sbom.Component) {
	r := d.r
	if !d.object() {
		return
	}
	var seen uint32
	for r.Key() {
		if r.Name() == "tagId" {
			d.text(&c.SWID, &seen, 1)
		} else {
			r.Skip()
		}
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
	return d.strings.keep(list)
}
