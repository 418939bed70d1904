// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import "github.com/medsbom/medsbom/sbom"

func (d *xmlDecoder) metadata() {
	var seen uint32
	var manufacture sbom.Party
	manufactureAt := 0
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		at := d.here
		switch name {
		case "timestamp":
			if s, ok := d.once(&seen, metaTimestampKey, name, d.doc.Created); ok {
				d.setCreated(s, true, at)
			}
		case "tools":
			d.twice(&seen, metaToolsKey, name)
			d.tools()
		case "authors":
			d.twice(&seen, metaAuthorsKey, name)
			d.doc.Authors = append(d.doc.Authors, d.contacts("author")...)
		case "component":
			if d.twice(&seen, metaComponentKey, name) || !d.openSubject(at) {
				d.skip()
				continue
			}
			d.component(start, sbom.SubjectIndex, 0)
		case "manufacture":
			d.twice(&seen, metaManufactureKey, name)
			manufactureAt = at
			d.organisation(&manufacture)
		case "manufacturer":
			d.uses(fieldManufacturer, at)
			d.twice(&seen, metaManufacturerKey, name)
			d.organisation(&d.doc.Manufacturer)
		case "supplier":
			d.twice(&seen, metaSupplierKey, name)
			d.organisation(&d.doc.Supplier)
		case "lifecycles":
			d.uses(fieldLifecycles, at)
			d.twice(&seen, metaLifecyclesKey, name)
			d.lifecycles()
		case "licenses":
			d.twice(&seen, metaLicensesKey, name)
			d.licenceItems(nil)
		case "properties":
			d.uses(fieldProperties, at)
			d.twice(&seen, metaPropertiesKey, name)
			d.product = support(d.product, d.propertyItems(nil))
		default:
			d.rest(shapeMetadata, name, start)
		}
	}
	d.makers(manufacture, manufactureAt)
}

// tools reads both forms: the tools of 1.2 to 1.4 and the components and
// services of 1.5.
func (d *xmlDecoder) tools() {
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		switch name {
		case "tool":
			d.readTool(shapeTool)
		case "components", "services":
			d.uses(fieldToolComponents, d.here)
			of := shapeComponent
			if name == "services" {
				of = shapeService
			}
			for _, _, ok := d.child(); ok; _, _, ok = d.child() {
				d.readTool(of)
			}
		default:
			d.unknown(start)
		}
	}
}

func (d *xmlDecoder) readTool(of rule) {
	at := d.here
	var t sbom.Tool
	var maker sbom.Party
	var group string
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		switch name {
		case "vendor":
			t.Vendor = d.content()
		case "name":
			t.Name = d.content()
		case "version":
			t.Version = d.content()
		case "group":
			group = d.content()
		case "publisher":
			if s := d.content(); t.Vendor == "" {
				t.Vendor = s
			}
		case "manufacturer", "supplier", "provider":
			d.organisation(&maker)
		default:
			d.rest(of, name, start)
		}
	}
	d.tool(vendored(t, maker, group), at)
}

func (d *xmlDecoder) lifecycles() {
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		if name != "lifecycle" {
			d.unknown(start)
			continue
		}
		at := d.here
		var phase, own string
		for name, start, ok := d.child(); ok; name, start, ok = d.child() {
			switch name {
			case "phase":
				phase = d.content()
			case "name":
				own = d.content()
			default:
				d.rest(shapeLifecycle, name, start)
			}
		}
		d.lifecycle(phase, own, at)
	}
}

// organisation reads an organizationalEntity. What an earlier one gave stays.
func (d *xmlDecoder) organisation(p *sbom.Party) {
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		at := d.here
		switch name {
		case "name":
			if s := d.content(); s != "" && p.Name == "" {
				d.setParty(p, s, at)
			}
		case "url":
			if s := d.content(); p.URL == "" {
				p.URL = s
			}
		case "contact":
			if contact := d.contact(); p.Email == "" {
				p.Email = contact.Email
			}
		default:
			d.rest(shapeOrganisation, name, start)
		}
	}
}

// contacts reads the people among an element's children.
func (d *xmlDecoder) contacts(tag string) []sbom.Party {
	var list []sbom.Party
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		if name != tag {
			d.unknown(start)
			continue
		}
		if p := d.contact(); p.Name != "" || p.Email != "" || p.Unknown {
			list = append(list, p)
		}
	}
	return list
}

func (d *xmlDecoder) contact() sbom.Party {
	p := sbom.Party{Person: true}
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		at := d.here
		switch name {
		case "name":
			if s := d.content(); s != "" {
				d.setParty(&p, s, at)
			}
		case "email":
			p.Email = d.content()
		default:
			d.rest(shapeContact, name, start)
		}
	}
	return p
}
