// SPDX-License-Identifier: Apache-2.0

package partslist

import (
	"slices"
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// relation notes a cell that may name other rows; which it does is known when
// all rows are read.
func (p *part) relation(col *column, c *cell, unknown bool) {
	if unknown {
		return
	}
	link := link{column: c.column, text: c.text, at: c.at, property: col.property}
	switch col.field {
	case parentField:
		link.parent, link.explicit = true, true
	case dependsField:
		link.explicit = true
	default:
		// NTIA's minimum elements: "Primary" is the product itself, "Included
		// in" a part of it, or of what is named behind these words.
		word := strings.ToLower(c.text[:min(len(c.text), maxHeading)])
		if word == "primary" || word == "primary component" || word == "root" {
			p.primary = true
			return
		}
		verb := ""
		for _, v := range [...]string{"included in", "contained in", "contained by", "is part of", "part of", "depends on", "requires"} {
			if strings.HasPrefix(word, v) {
				verb = v
				break
			}
		}
		link.parent = verb != "depends on" && verb != "requires"
		link.text = strings.TrimSpace(strings.TrimLeft(c.text[len(verb):], " :"))
		if verb == "" || link.text == "" {
			p.keep(col, c)
			return
		}
	}
	p.links = append(p.links, link)
}

const several = -2 // rows carry the name

// settleLinks turns the cells that name exactly one row into edges; others stay
// as properties.
func (l *lister) settleLinks() {
	if len(l.links) == 0 {
		return
	}
	components := l.doc.Components
	names := make(map[string]int32, len(components))
	for i := range components {
		c := &components[i]
		for _, name := range [...]string{c.Name, c.Ref} {
			if name == "" {
				continue
			}
			if other, seen := names[name]; seen && other != int32(i) {
				names[name] = several
				continue
			}
			names[name] = int32(i)
		}
	}
	for i := range l.links {
		l.settle(&l.links[i], names)
	}
}

func (l *lister) settle(link *link, names map[string]int32) {
	whole := true // every name became an edge
	edge := func(name string) {
		other, seen := names[name]
		switch {
		case !seen:
			if link.explicit {
				l.defect(sbom.CodeDangling, link.at, name, "a cell names %q, which no row has as its name or id", notation.Short(name))
			}
			whole = false
		case other == several:
			l.defect(sbom.CodeDangling, link.at, name, "a cell names %q, which several rows have as their name", notation.Short(name))
			whole = false
		case other == link.from:
			whole = false
		case link.parent:
			l.doc.Dependencies = append(l.doc.Dependencies, sbom.Dependency{From: other, To: link.from, Kind: sbom.Contains})
		default:
			l.doc.Dependencies = append(l.doc.Dependencies, sbom.Dependency{From: link.from, To: other})
			l.doc.Components[link.from].DependenciesStated = true
		}
	}
	if _, seen := names[link.text]; seen {
		edge(link.text)
	} else {
		split := func(r rune) bool { return r == ',' || r == ';' || r == '|' || r == '\n' || r == '\r' }
		for name := range strings.FieldsFuncSeq(link.text, split) {
			if name = strings.TrimSpace(name); name != "" {
				edge(name)
			}
		}
	}
	if !whole && link.property != "" {
		c := &l.doc.Components[link.from]
		c.Properties = append(slices.Clip(c.Properties), sbom.Property{Name: link.property, Value: link.text})
	}
}
