// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/sbom"
)

const (
	metaTimestampKey uint32 = 1 << iota
	metaToolsKey
	metaAuthorsKey
	metaComponentKey
	metaManufactureKey
	metaManufacturerKey
	metaSupplierKey
	metaLifecyclesKey
	metaLicensesKey
	metaPropertiesKey
)

func (d *jsonDecoder) metadata() {
	r := d.r
	if !d.object() {
		return
	}
	var seen uint32
	var manufacture sbom.Party
	manufactureAt := 0
	for r.Key() {
		name := r.Name()
	known:
		switch name {
		case "timestamp":
			at := r.Offset()
			if s, ok := d.once(&seen, metaTimestampKey, d.doc.Created); ok {
				d.setCreated(s, false, at)
			}
		case "tools":
			d.twice(&seen, metaToolsKey)
			d.tools()
		case "authors":
			d.twice(&seen, metaAuthorsKey)
			d.doc.Authors = append(d.doc.Authors, d.contacts()...)
		case "component":
			if d.twice(&seen, metaComponentKey) || !d.metadataComponent() {
				r.Skip()
			}
		case "manufacture":
			d.twice(&seen, metaManufactureKey)
			manufactureAt = r.Offset()
			d.organisation(&manufacture)
		case "manufacturer":
			d.uses(fieldManufacturer, r.NameOffset())
			d.twice(&seen, metaManufacturerKey)
			d.organisation(&d.doc.Manufacturer)
		case "supplier":
			d.twice(&seen, metaSupplierKey)
			d.organisation(&d.doc.Supplier)
		case "lifecycles":
			d.uses(fieldLifecycles, r.NameOffset())
			d.twice(&seen, metaLifecyclesKey)
			d.lifecycles()
		case "licenses":
			d.twice(&seen, metaLicensesKey)
			d.licenceItems()
		case "properties":
			d.uses(fieldProperties, r.NameOffset())
			d.twice(&seen, metaPropertiesKey)
			d.product = support(d.product, d.propertyItems())
		default:
			d.useOf(name)
			if spelled := d.rest(shapeMetadata, name); spelled != "" {
				name = spelled
				goto known
			}
		}
	}
	d.makers(manufacture, manufactureAt)
}

func (d *jsonDecoder) metadataComponent() bool {
	if d.r.Kind() != jsonpull.Object {
		d.wrong("an object")
		return true
	}
	if !d.openSubject(d.r.Offset()) {
		return false
	}
	d.component(sbom.SubjectIndex, 0)
	return true
}

// tools reads both forms: the list of 1.2 to 1.4 (deprecated in 1.5) and the
// object of components and services.
func (d *jsonDecoder) tools() {
	r := d.r
	switch r.Kind() {
	case jsonpull.Array:
		d.toolList(shapeTool)
	case jsonpull.Object:
		d.uses(fieldToolComponents, r.NameOffset())
		r.Object()
		for r.Key() {
			switch r.Name() {
			case "components":
				d.toolList(shapeComponent)
			case "services":
				d.toolList(shapeService)
			default:
				d.other(shapeTools)
			}
		}
	default:
		d.wrong("an array or an object")
	}
}

func (d *jsonDecoder) toolList(of rule) {
	r := d.r
	if !d.array() {
		return
	}
	for r.Item() {
		at := r.Offset()
		if !d.object() {
			continue
		}
		var t sbom.Tool
		var party sbom.Party
		var group string
		var seen uint32
		for r.Key() {
			switch r.Name() {
			case "vendor":
				d.text(&t.Vendor, &seen, 1)
			case "name":
				d.text(&t.Name, &seen, 2)
			case "version":
				d.text(&t.Version, &seen, 4)
			case "group":
				d.text(&group, &seen, 8)
			case "publisher":
				if s, ok := d.once(&seen, 16, ""); ok && t.Vendor == "" {
					t.Vendor = s
				}
			case "manufacturer", "supplier", "provider":
				d.organisation(&party)
			default:
				d.other(of)
			}
		}
		d.tool(vendored(t, party, group), at)
	}
}

// vendored gives a tool that is described as a component its vendor: who is
// named as its maker, else its group.
func vendored(t sbom.Tool, maker sbom.Party, group string) sbom.Tool {
	if t.Vendor == "" {
		t.Vendor = maker.Name
	}
	if t.Vendor == "" {
		t.Vendor = group
	}
	return t
}

func (d *jsonDecoder) lifecycles() {
	r := d.r
	if !d.array() {
		return
	}
	for r.Item() {
		at := r.Offset()
		if !d.object() {
			continue
		}
		var phase, name string
		var seen uint32
		for r.Key() {
			switch r.Name() {
			case "phase":
				d.text(&phase, &seen, 1)
			case "name":
				d.text(&name, &seen, 2)
			default:
				d.other(shapeLifecycle)
			}
		}
		d.lifecycle(phase, name, at)
	}
}

// organisation reads an organizationalEntity. What an earlier one gave stays.
func (d *jsonDecoder) organisation(p *sbom.Party) {
	r := d.r
	if !d.object() {
		return
	}
	var seen uint32
	for r.Key() {
		switch r.Name() {
		case "name":
			at := r.Offset()
			if s, ok := d.once(&seen, 1, ""); ok && p.Name == "" {
				d.setParty(p, s, at)
			}
		case "url":
			d.firstURL(p)
		case "contact":
			for _, c := range d.contacts() {
				if p.Email == "" {
					p.Email = c.Email
				}
			}
		default:
			d.other(shapeOrganisation)
		}
	}
}

// firstURL reads the list of URLs of an organisation, of which the model keeps
// the first; one text in place of a list is common.
func (d *jsonDecoder) firstURL(p *sbom.Party) {
	r := d.r
	if r.Kind() == jsonpull.String {
		at := r.Offset()
		s, _ := d.value()
		d.defect(sbom.CodeType, at, s, "\"url\" is a string, not an array")
		if p.URL == "" {
			p.URL = s
		}
		return
	}
	if !d.array() {
		return
	}
	for r.Item() {
		if s, ok := d.value(); ok && p.URL == "" {
			p.URL = s
		}
	}
}

// contacts reads a list of organizationalContact: people.
func (d *jsonDecoder) contacts() []sbom.Party {
	r := d.r
	list := d.partyList[:0]
	if !d.array() {
		return nil
	}
	for r.Item() {
		at := r.Offset()
		if !d.object() {
			continue
		}
		p := sbom.Party{Person: true}
		var seen uint32
		for r.Key() {
			switch r.Name() {
			case "name":
				if s, ok := d.once(&seen, 1, p.Name); ok {
					d.setParty(&p, s, at)
				}
			case "email":
				d.text(&p.Email, &seen, 2)
			default:
				d.other(shapeContact)
			}
		}
		if p.Name != "" || p.Email != "" || p.Unknown {
			list = append(list, p)
		}
	}
	d.partyList = list
	return d.parties.Keep(list)
}
