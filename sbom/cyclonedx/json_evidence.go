// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/sbom"
)

// evidence reads the identities: one object in 1.5, a list since 1.6.
func (d *jsonDecoder) evidence(c *sbom.Component, ids *identities) {
	r := d.r
	if !d.object() {
		return
	}
	var seen uint32
	for r.Key() {
		if r.Name() != "identity" {
			if r.Name() == "licenses" && r.Kind() == jsonpull.Array {
				d.licenceItems()
				continue
			}
			d.other(shapeEvidence)
			continue
		}
		d.twice(&seen, 1)
		switch r.Kind() {
		case jsonpull.Object:
			d.identityOf(c, ids)
		case jsonpull.Array:
			r.Array()
			for r.Item() {
				d.identityOf(c, ids)
			}
		default:
			d.wrong("an object or an array")
		}
	}
}

func (d *jsonDecoder) identityOf(c *sbom.Component, ids *identities) {
	r := d.r
	at := r.Offset()
	if !d.object() {
		return
	}
	var of, concluded, confidence string
	var seen uint32
	for r.Key() {
		switch r.Name() {
		case "field":
			d.text(&of, &seen, 1)
		case "concludedValue":
			d.text(&concluded, &seen, 2)
		case "confidence":
			again := d.twice(&seen, 4)
			if r.Kind() != jsonpull.Number {
				d.wrong("a number")
			} else if s, _ := r.Scalar(); !again {
				confidence = s
			}
		default:
			d.other(shapeIdentity)
		}
	}
	if r.Err() == nil {
		d.identity(c, ids, of, concluded, confidence, at)
	}
}

func (d *jsonDecoder) pedigree(c *sbom.Component, ids *identities) {
	r := d.r
	if !d.object() {
		return
	}
	p := c.Pedigree()
	if p == nil {
		p = new(sbom.Pedigree)
	}
	var seen uint32
	for r.Key() {
		switch r.Name() {
		case "ancestors":
			d.twice(&seen, 1)
			d.relativesOf(&p.Ancestors, ids)
		case "descendants":
			d.twice(&seen, 2)
			d.relativesOf(&p.Descendants, ids)
		case "variants":
			d.twice(&seen, 4)
			d.relativesOf(&p.Variants, ids)
		case "commits":
			d.twice(&seen, 8)
			d.commits(p)
		case "patches":
			d.twice(&seen, 16)
			d.patches(p)
		case "notes":
			d.text(&p.Notes, &seen, 32)
		default:
			d.other(shapePedigree)
		}
	}
	setPedigree(c, p)
}

func (d *jsonDecoder) relativesOf(dst *[]sbom.Relative, ids *identities) {
	r := d.r
	if !d.array() {
		return
	}
	list := d.relativeList[:0]
	for r.Item() {
		at := r.Offset()
		if !d.object() {
			continue
		}
		var one sbom.Relative
		var kind, ref string
		var seen uint32
		for r.Key() {
			switch r.Name() {
			case "type":
				d.text(&kind, &seen, typeKey)
			case "group":
				d.text(&one.Group, &seen, groupKey)
			case "name":
				d.text(&one.Name, &seen, nameKey)
			case "version":
				d.text(&one.Version, &seen, versionKey)
			case "purl":
				d.text(&one.PURL, &seen, purlKey)
			case "cpe":
				d.text(&one.CPE, &seen, cpeKey)
			case "bom-ref":
				d.text(&ref, &seen, refKey)
			default:
				d.other(shapeComponent)
			}
		}
		if r.Err() == nil {
			list = d.relative(list, one, kind, ref, at, ids)
		}
	}
	d.relativeList = list
	*dst = d.relatives.Join(*dst, list)
}

func (d *jsonDecoder) commits(p *sbom.Pedigree) {
	r := d.r
	if !d.array() {
		return
	}
	for r.Item() {
		if !d.object() {
			continue
		}
		var uid, url string
		var seen uint32
		for r.Key() {
			switch r.Name() {
			case "uid":
				d.text(&uid, &seen, 1)
			case "url":
				d.text(&url, &seen, 2)
			default:
				d.other(shapeCommit)
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

func (d *jsonDecoder) patches(p *sbom.Pedigree) {
	r := d.r
	if !d.array() {
		return
	}
	for r.Item() {
		at := r.Offset()
		if !d.object() {
			continue
		}
		var one sbom.Patch
		var seen uint32
		for r.Key() {
			switch r.Name() {
			case "type":
				d.text(&one.Type, &seen, 1)
			case "diff":
				d.twice(&seen, 2)
				d.diff(&one)
			case "resolves":
				d.twice(&seen, 4)
				d.issues(&one)
			default:
				d.other(shapePatch)
			}
		}
		if r.Err() == nil {
			d.patch(p, one, at)
		}
	}
}

func (d *jsonDecoder) diff(p *sbom.Patch) {
	r := d.r
	if !d.object() {
		return
	}
	var seen uint32
	for r.Key() {
		if r.Name() == "url" {
			d.text(&p.URL, &seen, 1)
		} else {
			d.other(shapeDiff)
		}
	}
}

func (d *jsonDecoder) issues(p *sbom.Patch) {
	r := d.r
	if !d.array() {
		return
	}
	for r.Item() {
		at := r.Offset()
		if !d.object() {
			continue
		}
		var kind, id string
		var seen uint32
		for r.Key() {
			switch r.Name() {
			case "type":
				d.text(&kind, &seen, 1)
			case "id":
				d.text(&id, &seen, 2)
			default:
				d.other(shapeIssue)
			}
		}
		if r.Err() == nil {
			d.issue(p, kind, id, at)
		}
	}
}
