// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/sbom"
)

// serviceList reads services, each before those nested in it. Their bom-refs
// are legal ends of dependencies.
func (d *jsonDecoder) serviceList() {
	r := d.r
	if !d.array() {
		return
	}
	for r.Item() {
		at := r.Offset()
		if r.Kind() != jsonpull.Object {
			d.wrong("a service")
			continue
		}
		index, ok := d.openService(at)
		if !ok {
			r.Stop(at, "services")
			return
		}
		d.service(index, at)
	}
}

func (d *jsonDecoder) service(index, at int) {
	r := d.r
	var s sbom.Service
	var seen uint32
	r.Object()
	for r.Key() {
		switch name := r.Name(); name {
		case "bom-ref":
			at := r.Offset()
			if ref, ok := d.once(&seen, refKey, s.Ref); ok {
				d.checkRef(ref, at)
				s.Ref = ref
			}
		case "provider":
			d.twice(&seen, supplierKey)
			d.organisation(&s.Provider)
		case "group":
			at := r.Offset()
			if v, ok := d.once(&seen, groupKey, s.Group); ok {
				d.setText(&s.Group, v, "group of a service", at)
			}
		case "name":
			at := r.Offset()
			if v, ok := d.once(&seen, nameKey, s.Name); ok {
				d.setText(&s.Name, v, "name of a service", at)
			}
		case "version":
			at := r.Offset()
			if v, ok := d.once(&seen, versionKey, s.Version); ok {
				d.setText(&s.Version, v, "version of a service", at)
			}
		case "endpoints":
			d.twice(&seen, purlKey)
			s.Endpoints = append(s.Endpoints, d.texts()...)
		case "authenticated":
			d.twice(&seen, scopeKey)
			d.stated(&s.Authenticated)
		case "x-trust-boundary":
			d.twice(&seen, externalKey)
			d.stated(&s.CrossesTrustBoundary)
		case "data":
			d.twice(&seen, hashesKey)
			d.dataOf(&s)
		case "trustZone":
			at := r.Offset()
			if v, ok := d.once(&seen, cpeKey, s.TrustZone); ok {
				d.setText(&s.TrustZone, v, "trustZone of a service", at)
			}
		case "licenses":
			d.twice(&seen, licensesKey)
			d.licenceItems()
		case "externalReferences":
			d.twice(&seen, referencesKey)
			d.externalReferences()
		case "properties":
			d.twice(&seen, propertiesKey)
			d.uses(fieldProperties, r.NameOffset())
			d.propertyItems()
		case "services":
			d.twice(&seen, componentsKey)
			d.serviceList()
		default:
			d.useOf(name)
			d.other(shapeService)
		}
	}
	if r.Err() == nil {
		d.closeService(index, &s, at)
	}
}

// stated reads a boolean as the word it is; the first holds.
func (d *jsonDecoder) stated(dst *string) {
	if d.r.Kind() != jsonpull.Bool {
		d.wrong("a boolean")
		return
	}
	if s, _ := d.r.Scalar(); *dst == "" {
		*dst = s
	}
}

// dataOf reads what flows into and out of a service.
func (d *jsonDecoder) dataOf(s *sbom.Service) {
	r := d.r
	if !d.array() {
		return
	}
	for r.Item() {
		at := r.Offset()
		if !d.object() {
			continue
		}
		var flow, classification string
		var seen uint32
		for r.Key() {
			switch r.Name() {
			case "flow":
				d.text(&flow, &seen, 1)
			case "classification":
				d.text(&classification, &seen, 2)
			default:
				d.other(shapeServiceData)
			}
		}
		if r.Err() == nil {
			d.serviceData(s, flow, classification, at)
		}
	}
}

// signature reads a signature of the document (JSF 0.82): one, several beside
// each other (signers) or one over the other (chain).
func (d *jsonDecoder) signature() {
	r := d.r
	at := r.Offset()
	if !d.object() {
		return
	}
	var algorithm, key, value string
	var seen uint32
	several := false
	for r.Key() {
		switch r.Name() {
		case "signers", "chain":
			d.twice(&seen, 1)
			several = true
			if !d.array() {
				continue
			}
			for r.Item() {
				d.signer()
			}
		default:
			d.signerKey(&algorithm, &key, &value, &seen)
		}
	}
	if r.Err() == nil && (!several || algorithm != "") {
		d.signed(algorithm, key, value, at)
	}
}

func (d *jsonDecoder) signer() {
	r := d.r
	at := r.Offset()
	if !d.object() {
		return
	}
	var algorithm, key, value string
	var seen uint32
	for r.Key() {
		d.signerKey(&algorithm, &key, &value, &seen)
	}
	if r.Err() == nil {
		d.signed(algorithm, key, value, at)
	}
}

func (d *jsonDecoder) signerKey(algorithm, key, value *string, seen *uint32) {
	r := d.r
	switch r.Name() {
	case "algorithm":
		d.text(algorithm, seen, 2)
	case "keyId":
		d.text(key, seen, 4)
	case "value":
		d.text(value, seen, 8)
	case "publicKey":
		d.twice(seen, 16)
		if !d.object() {
			return
		}
		for r.Key() {
			if r.Name() == "kid" && *key == "" {
				*key, _ = d.value()
			} else {
				r.Skip() // a JWK may hold what it likes (RFC 7517 §4)
			}
		}
	default:
		d.other(shapeSignature)
	}
}

// citations checks the citations of 1.7.
func (d *jsonDecoder) citations() {
	r := d.r
	if !d.array() {
		return
	}
	for r.Item() {
		at := r.Offset()
		if !d.object() {
			continue
		}
		var ref string
		var pointers, expressions, attributed, process, dated bool
		var seen uint32
		for r.Key() {
			switch r.Name() {
			case "bom-ref":
				d.text(&ref, &seen, 1)
				continue
			case "pointers":
				pointers = true
			case "expressions":
				expressions = true
			case "attributedTo":
				attributed = true
			case "process":
				process = true
			case "timestamp":
				dated = true
			}
			d.other(shapeCitation)
		}
		if r.Err() == nil {
			d.carry(ref, "citation", at)
			if !dated {
				d.defect(sbom.CodeMissing, at, ref, "citation has no timestamp")
			}
			d.citation(pointers, expressions, attributed, process, at)
		}
	}
}
