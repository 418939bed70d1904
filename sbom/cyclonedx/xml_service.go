// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"encoding/xml"

	"github.com/medsbom/medsbom/sbom"
)

// serviceList reads services, each before those nested in it.
func (d *xmlDecoder) serviceList() {
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		if name != "service" {
			d.unknown(start)
			continue
		}
		index, ok := d.openService(d.here)
		if !ok {
			d.halt()
			return
		}
		d.service(start, index)
	}
}

func (d *xmlDecoder) service(start xml.StartElement, index int) {
	at := d.here
	s := sbom.Service{Ref: d.ref(start)}
	var seen uint32
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		if d.serviceText(&s, name, &seen) {
			continue
		}
		switch name {
		case "provider":
			d.twice(&seen, supplierKey, name)
			d.organisation(&s.Provider)
		case "endpoints":
			d.twice(&seen, purlKey, name)
			s.Endpoints = append(s.Endpoints, d.contents("endpoint")...)
		case "data":
			d.twice(&seen, hashesKey, name)
			d.dataOf(&s)
		case "licenses":
			d.twice(&seen, licensesKey, name)
			d.licenceItems(nil)
		case "externalReferences":
			d.twice(&seen, referencesKey, name)
			d.externalReferences(nil)
		case "properties":
			d.uses(fieldProperties, d.here)
			d.twice(&seen, propertiesKey, name)
			d.propertyItems(nil)
		case "services":
			d.twice(&seen, componentsKey, name)
			d.serviceList()
		default:
			d.rest(shapeService, name, start)
		}
	}
	if d.err == nil {
		d.closeService(index, &s, at)
	}
}

// serviceText reads the fields of a service that are a text; false if name is none.
func (d *xmlDecoder) serviceText(s *sbom.Service, name string, seen *uint32) bool {
	at := d.here
	var dst *string
	var bit uint32
	switch name {
	case "group":
		dst, bit = &s.Group, groupKey
	case "name":
		dst, bit = &s.Name, nameKey
	case "version":
		dst, bit = &s.Version, versionKey
	case "trustZone":
		dst, bit = &s.TrustZone, cpeKey
	case "authenticated":
		if v, ok := d.once(seen, scopeKey, name, s.Authenticated); ok {
			s.Authenticated = d.truth(v, name, at)
		}
		return true
	case "x-trust-boundary":
		if v, ok := d.once(seen, externalKey, name, s.CrossesTrustBoundary); ok {
			s.CrossesTrustBoundary = d.truth(v, name, at)
		}
		return true
	default:
		return false
	}
	if v, ok := d.once(seen, bit, name, *dst); ok {
		d.setText(dst, v, name+" of a service", at)
	}
	return true
}

// contents reads the texts of the children of a name.
func (d *xmlDecoder) contents(tag string) []string {
	var list []string
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		if name != tag {
			d.unknown(start)
			continue
		}
		if s := d.content(); s != "" {
			list = append(list, s)
		}
	}
	return list
}

// dataOf reads what flows into and out of a service: classifications, since
// 1.5 also whole dataflows.
func (d *xmlDecoder) dataOf(s *sbom.Service) {
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		at := d.here
		switch name {
		case "classification":
			flow := attribute(start, "flow")
			d.serviceData(s, flow, d.content(), at)
		case "dataflow":
			var flow, classification string
			for name, start, ok := d.child(); ok; name, start, ok = d.child() {
				if name == "classification" {
					flow = attribute(start, "flow")
					classification = d.content()
					continue
				}
				d.rest(shapeServiceData, name, start)
			}
			if d.err == nil {
				d.serviceData(s, flow, classification, at)
			}
		default:
			d.unknown(start)
		}
	}
}
