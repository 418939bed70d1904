// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import "github.com/medsbom/medsbom/sbom"

// evidence reads the identities: one in 1.5, any number since 1.6.
func (d *xmlDecoder) evidence(c *sbom.Component, ids *identities) {
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		switch name {
		case "identity":
			d.identityOf(c, ids)
		case "licenses":
			d.licenceItems(nil)
		default:
			d.rest(shapeEvidence, name, start)
		}
	}
}

func (d *xmlDecoder) identityOf(c *sbom.Component, ids *identities) {
	at := d.here
	var of, concluded, confidence string
	var seen uint32
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		switch name {
		case "field":
			if s, ok := d.once(&seen, 1, name, of); ok {
				of = s
			}
		case "concludedValue":
			if s, ok := d.once(&seen, 2, name, concluded); ok {
				concluded = s
			}
		case "confidence":
			if s, ok := d.once(&seen, 4, name, confidence); ok {
				confidence = s
			}
		default:
			d.rest(shapeIdentity, name, start)
		}
	}
	if d.err == nil {
		d.identity(c, ids, of, concluded, confidence, at)
	}
}

func (d *xmlDecoder) pedigree(c *sbom.Component, ids *identities) {
	p := c.Pedigree()
	if p == nil {
		p = new(sbom.Pedigree)
	}
	var seen uint32
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		switch name {
		case "ancestors":
			p.Ancestors = d.relativeItems(p.Ancestors, ids)
		case "descendants":
			p.Descendants = d.relativeItems(p.Descendants, ids)
		case "variants":
			p.Variants = d.relativeItems(p.Variants, ids)
		case "commits":
			d.commits(p)
		case "patches":
			d.patches(p)
		case "notes":
			if s, ok := d.once(&seen, 1, name, p.Notes); ok {
				p.Notes = s
			}
		default:
			d.rest(shapePedigree, name, start)
		}
	}
	setPedigree(c, p)
}

func (d *xmlDecoder) relativeItems(list []sbom.Relative, ids *identities) []sbom.Relative {
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		if name != "component" {
			d.unknown(start)
			continue
		}
		at := d.here
		kind, ref := attribute(start, "type"), d.ref(start)
		var one sbom.Relative
		var seen uint32
		for name, start, ok := d.child(); ok; name, start, ok = d.child() {
			var dst *string
			var bit uint32
			switch name {
			case "group":
				dst, bit = &one.Group, groupKey
			case "name":
				dst, bit = &one.Name, nameKey
			case "version":
				dst, bit = &one.Version, versionKey
			case "purl":
				dst, bit = &one.PURL, purlKey
			case "cpe":
				dst, bit = &one.CPE, cpeKey
			default:
				d.rest(shapeComponent, name, start)
				continue
			}
			if s, ok := d.once(&seen, bit, name, *dst); ok {
				*dst = s
			}
		}
		if d.err == nil {
			list = d.relative(list, one, kind, ref, at, ids)
		}
	}
	return list
}

func (d *xmlDecoder) commits(p *sbom.Pedigree) {
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		if name != "commit" {
			d.unknown(start)
			continue
		}
		var uid, url string
		var seen uint32
		for name, start, ok := d.child(); ok; name, start, ok = d.child() {
			switch name {
			case "uid":
				if s, ok := d.once(&seen, 1, name, uid); ok {
					uid = s
				}
			case "url":
				if s, ok := d.once(&seen, 2, name, url); ok {
					url = s
				}
			default:
				d.rest(shapeCommit, name, start)
			}
		}
		if uid == "" {
			uid = url
		}
		if uid != "" {
			p.Commits = append(p.Commits, uid)
		}
	}
}

func (d *xmlDecoder) patches(p *sbom.Pedigree) {
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		if name != "patch" {
			d.unknown(start)
			continue
		}
		at := d.here
		one := sbom.Patch{Type: attribute(start, "type")}
		for name, start, ok := d.child(); ok; name, start, ok = d.child() {
			switch name {
			case "diff":
				d.diff(&one)
			case "resolves":
				d.issues(&one)
			default:
				d.rest(shapePatch, name, start)
			}
		}
		if d.err == nil {
			d.patch(p, one, at)
		}
	}
}

func (d *xmlDecoder) diff(p *sbom.Patch) {
	var seen uint32
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		switch name {
		case "url":
			if s, ok := d.once(&seen, 1, name, p.URL); ok {
				p.URL = s
			}
		case "text":
			d.attachment(start)
		default:
			d.rest(shapeDiff, name, start)
		}
	}
}

func (d *xmlDecoder) issues(p *sbom.Patch) {
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		if name != "issue" {
			d.unknown(start)
			continue
		}
		at := d.here
		kind := attribute(start, "type")
		var id string
		var seen uint32
		for name, start, ok := d.child(); ok; name, start, ok = d.child() {
			if name != "id" {
				d.rest(shapeIssue, name, start)
			} else if s, ok := d.once(&seen, 1, name, id); ok {
				id = s
			}
		}
		if d.err == nil {
			d.issue(p, kind, id, at)
		}
	}
}
