// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"slices"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// lookup returns the raw index that a reference stands for.
func (b *builder) lookup(ref string) (int32, bool) {
	if b.subject != nil && ref == b.subject.Ref && ref != "" {
		return sbom.SubjectIndex, true
	}
	index, ok := b.refs[ref]
	return index, ok
}

// maxEdges bounds the dependencies of one document.
const maxEdges = 10_000_000

// entry begins the dependency entry of ref. Its raw index is unknownEnd if no
// component has been read that carries it.
func (b *builder) entry(ref string, at int) int32 {
	if ref == "" {
		b.defect(sbom.CodeMissing, at, "", "dependency without ref")
		return unknownEnd
	}
	index, ok := b.lookup(ref)
	if !ok {
		b.pending = append(b.pending, pendingEdge{from: ref, at: at, entry: true})
		return unknownEnd
	}
	b.state(index, ref, at)
	return index
}

// state notes that a component has a dependency entry.
func (b *builder) state(index int32, ref string, at int) {
	c := b.at(index)
	if c.DependenciesStated {
		b.defect(sbom.CodeDuplicate, at, ref, "component %s has two dependency entries", describe(c))
	}
	c.DependenciesStated = true
}

// edge adds a dependency of the entry begun last.
func (b *builder) edge(from string, index int32, to string, kind sbom.DependencyKind, at int) {
	if to == "" {
		b.defect(sbom.CodeValue, at, to, "dependency on an empty reference")
		return
	}
	if from == "" {
		return // said by entry
	}
	if b.edges++; b.edges > maxEdges {
		b.stop(at, "split the document", "more than %d dependencies", maxEdges)
		return
	}
	if index != unknownEnd {
		if target, ok := b.lookup(to); ok {
			b.connect(index, target, to, kind, at)
			return
		}
	}
	b.pending = append(b.pending, pendingEdge{from: from, to: to, kind: kind, at: at})
}

func (b *builder) connect(from, to int32, ref string, kind sbom.DependencyKind, at int) {
	if from == to {
		b.defect(sbom.CodeValue, at, ref, "component %s depends on itself", describe(b.at(from)))
		return
	}
	list := b.doc.Dependencies
	if n := len(list); n == cap(list) {
		list = slices.Grow(list, max(n, 16)) // twice as much: append would move a long list more often
	}
	b.doc.Dependencies = append(list, sbom.Dependency{From: from, To: to, Kind: kind})
}

// resolve gives the pending ends to the components that were read after them.
func (b *builder) resolve() {
	for i := range b.pending {
		p := &b.pending[i]
		from, ok := b.lookup(p.from)
		switch {
		case p.entry && ok:
			b.state(from, p.from, p.at)
			continue
		case p.entry:
			if what := b.carried(p.from); what == "" {
				b.defect(sbom.CodeDangling, p.at, p.from, "dependency entry for a bom-ref that nothing carries")
			} else if what != isService {
				b.defect(sbom.CodeDangling, p.at, p.from, "dependency entry for a %s", what)
			}
			continue
		case !ok && b.carried(p.from) == isService:
			b.serviceEdge(p)
			continue
		case !ok: // said at the entry
			continue
		}
		if to, ok := b.lookup(p.to); ok {
			b.connect(from, to, p.to, p.kind, p.at)
		} else if what := b.carried(p.to); what == "" {
			b.defect(sbom.CodeDangling, p.at, p.to, "component %s depends on a bom-ref that nothing carries", describe(b.at(from)))
		} else if what != isService {
			b.defect(sbom.CodeDangling, p.at, p.to, "component %s depends on a %s", describe(b.at(from)), what)
		} else {
			b.linkService(p)
		}
	}
	b.pending = nil
}

// serviceEdge takes up what a service depends on.
func (b *builder) serviceEdge(p *pendingEdge) {
	_, ok := b.lookup(p.to)
	switch what := b.carried(p.to); {
	case p.from == p.to:
		b.defect(sbom.CodeValue, p.at, p.to, "service with bom-ref %q depends on itself", notation.Short(p.from))
	case ok || what == isService:
		b.linkService(p)
	case what == "":
		b.defect(sbom.CodeDangling, p.at, p.to, "service with bom-ref %q depends on a bom-ref that nothing carries", notation.Short(p.from))
	default:
		b.defect(sbom.CodeDangling, p.at, p.to, "service with bom-ref %q depends on a %s", notation.Short(p.from), what)
	}
}

func (b *builder) linkService(p *pendingEdge) {
	b.doc.ServiceEdges = append(b.doc.ServiceEdges, sbom.ServiceEdge{From: p.from, To: p.to, Kind: p.kind})
}
