// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"strings"

	"github.com/medsbom/medsbom/sbom"
)

// A carrier is something that has a bom-ref and is no component: bom-refs are
// unique in the whole document (xs:unique in the XML schemas, refType in JSON).
type carrier struct {
	ref  string
	what string
	at   int
}

// isService is the word of carriers that may be ends of dependencies.
const isService = "service"

// carry notes a bom-ref that is not a component's.
func (b *builder) carry(ref, what string, at int) {
	if ref == "" {
		return
	}
	if i, ok := b.carrierOf[ref]; ok {
		b.defect(sbom.CodeDuplicate, at, ref, "%s has the bom-ref of a %s", what, b.carriers[i].what)
		return
	}
	if b.carrierOf == nil {
		b.carrierOf = make(map[string]int)
	}
	b.carrierOf[ref] = len(b.carriers)
	b.carriers = append(b.carriers, carrier{ref: ref, what: what, at: at})
}

// carried tells what carries a bom-ref if it is no component: "" is nothing.
func (b *builder) carried(ref string) string {
	if i, ok := b.carrierOf[ref]; ok {
		return b.carriers[i].what
	}
	return ""
}

// checkRef says of a bom-ref as stated that it is empty: refType has at least
// one character.
func (b *builder) checkRef(ref string, at int) {
	if ref == "" {
		b.defect(sbom.CodeValue, at, ref, "bom-ref is empty")
	}
}

// A reference is a place that names a bom-ref, outside the dependencies.
type reference struct {
	ref, from string
	at        int
}

// isBOMLink reports whether a reference is to another CycloneDX document or an
// element of one (specification, "BOM-Link").
func isBOMLink(ref string) bool { return strings.HasPrefix(ref, "urn:cdx:") }

// refer notes that something names a bom-ref; finish says so if nothing
// carries it. A BOM-Link names something in another document.
func (b *builder) refer(ref, from string, at int) {
	switch {
	case ref == "":
		b.defect(sbom.CodeValue, at, ref, "%s has an empty reference", from)
	case isBOMLink(ref):
		document, _, _ := strings.Cut(ref, "#")
		b.external(document, sbom.Hash{}, at)
	default:
		if _, ok := b.lookup(ref); !ok && b.carried(ref) == "" {
			b.references = append(b.references, reference{ref: ref, from: from, at: at})
		}
	}
}

// checkReferences says which bom-refs stand twice and which references name
// none, once all have been read.
func (b *builder) checkReferences() {
	for i := range b.carriers {
		c := &b.carriers[i]
		if index, ok := b.lookup(c.ref); ok {
			b.defect(sbom.CodeDuplicate, c.at, c.ref, "%s has the bom-ref of component %s", c.what, describe(b.at(index)))
		}
	}
	for i := range b.references {
		r := &b.references[i]
		if _, ok := b.lookup(r.ref); !ok && b.carried(r.ref) == "" {
			b.defect(sbom.CodeDangling, r.at, r.ref, "%s names a bom-ref that nothing carries", r.from)
		}
	}
}

// external notes another document that this one refers to, each once.
func (b *builder) external(uri string, hash sbom.Hash, at int) {
	if _, ok := b.externals[uri]; ok {
		return
	}
	if b.externals == nil {
		b.externals = make(map[string]struct{})
	}
	b.externals[uri] = struct{}{}
	b.doc.External = append(b.doc.External, sbom.ExternalDocument{URI: uri, Hash: hash, Position: offset(at)})
}
