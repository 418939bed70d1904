// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"github.com/medsbom/medsbom/sbom"
)

// ends is one list of references of a dependency entry that came before its ref.
type ends struct {
	to   string
	at   int
	kind sbom.DependencyKind
}

func (d *jsonDecoder) dependencies() {
	r := d.r
	if !d.array() {
		return
	}
	var early []ends
	for r.Item() && d.fatal == nil {
		at := r.Offset()
		if !d.object() {
			continue
		}
		var ref string
		var seen uint32
		index := unknownEnd
		early = early[:0]
		for r.Key() {
			switch r.Name() {
			case "ref":
				if d.text(&ref, &seen, 1); ref != "" && index == unknownEnd {
					index = d.entry(ref, at)
				}
			case "dependsOn":
				d.twice(&seen, 2)
				early = d.edgeList(early, ref, index, sbom.DependsOn)
			case "provides":
				d.uses(fieldProvides, r.NameOffset())
				d.twice(&seen, 4)
				early = d.edgeList(early, ref, index, sbom.Provides)
			default:
				d.other(shapeDependency)
			}
		}
		if ref == "" && r.Err() == nil {
			d.entry(ref, at)
		}
		for _, e := range early {
			d.edge(ref, index, e.to, e.kind, e.at)
		}
	}
	if d.fatal != nil {
		r.Stop(r.Offset(), "dependencies")
	}
}

// edgeList reads the ends of one entry; those that come before its ref are
// given back.
func (d *jsonDecoder) edgeList(early []ends, ref string, index int32, kind sbom.DependencyKind) []ends {
	r := d.r
	if !d.array() {
		return early
	}
	for r.Item() {
		at := r.Offset()
		to, ok := d.value()
		switch {
		case !ok:
		case ref == "":
			early = append(early, ends{to: to, at: at, kind: kind})
		default:
			d.edge(ref, index, to, kind, at)
		}
	}
	return early
}

func (d *jsonDecoder) compositions() {
	r := d.r
	if !d.array() {
		return
	}
	for r.Item() {
		at := r.Offset()
		if !d.object() {
			continue
		}
		var c sbom.Composition
		var ref string
		var seen uint32
		for r.Key() {
			switch r.Name() {
			case "aggregate":
				d.text(&c.Aggregate, &seen, 1)
			case "bom-ref":
				d.text(&ref, &seen, 2)
			case "assemblies", "dependencies":
				c.Refs = append(c.Refs, d.texts()...)
			default:
				d.other(shapeComposition)
			}
		}
		if r.Err() == nil {
			d.carry(ref, "composition", at)
			d.composition(c, at)
		}
	}
}
