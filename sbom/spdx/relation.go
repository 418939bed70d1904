// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// meaning is what a relationship says for the model.
type meaning uint8

const (
	other meaning = iota
	describes
	dependsOn
	contains
	ancestorOf
	variantOf
	patchApplied
)

// A relation is a relationship as read, turned into the direction of its
// meaning.
type relation struct {
	from, to string
	at       sbom.Position
	meaning  meaning
	turned   bool // it was written the other way round
}

// relate adds a relationship (clause 11).
func (b *builder) relate(from, kind, to string, at sbom.Position) {
	if from == "" || kind == "" || to == "" {
		b.defect(sbom.CodeMissing, at, kind, "a relationship lacks its type or one of its ends")
		if from == "" || to == "" {
			return
		}
	}
	if from == notation.None || from == notation.NoAssertion { // clause 11.1: only the related element may be
		b.defect(sbom.CodeValue, at, from, "a relationship begins at %s", from)
	}
	m, turned, exact := relationship(kind)
	if !exact && kind != "" {
		b.defect(sbom.CodeValue, at, kind, "the type of a relationship is none of SPDX's as it is written")
	}
	if turned {
		from, to = to, from
	}
	b.relations = append(b.relations, relation{from: from, to: to, at: at, meaning: m, turned: turned})
}

// describe adds an entry of documentDescribes.
func (b *builder) describe(id string, at sbom.Position) {
	b.relations = append(b.relations, relation{from: idPrefix + "DOCUMENT", to: id, at: at, meaning: describes})
}

// relationship returns the meaning of a relationship's type, and whether its
// ends stand in the opposite order. exact is false if the type is written in
// another case or is none of SPDX's.
func relationship(kind string) (m meaning, turned, exact bool) {
	switch kind {
	case "DEPENDS_ON", "DYNAMIC_LINK", "STATIC_LINK", "HAS_PREREQUISITE":
		return dependsOn, false, true
	case "DEPENDENCY_OF", "BUILD_DEPENDENCY_OF", "DEV_DEPENDENCY_OF", "OPTIONAL_DEPENDENCY_OF",
		"PROVIDED_DEPENDENCY_OF", "RUNTIME_DEPENDENCY_OF", "TEST_DEPENDENCY_OF", "PREREQUISITE_FOR":
		return dependsOn, true, true
	case "CONTAINS":
		return contains, false, true
	case "CONTAINED_BY", "PACKAGE_OF", "OPTIONAL_COMPONENT_OF":
		return contains, true, true
	case "DESCRIBES":
		return describes, false, true
	case "DESCRIBED_BY":
		return describes, true, true
	case "ANCESTOR_OF":
		return ancestorOf, false, true
	case "DESCENDANT_OF":
		return ancestorOf, true, true
	case "VARIANT_OF":
		return variantOf, false, true
	case "PATCH_APPLIED":
		return patchApplied, false, true
	case "OTHER", "GENERATES", "GENERATED_FROM", "DISTRIBUTION_ARTIFACT", "PATCH_FOR", "COPY_OF", "FILE_ADDED", "FILE_DELETED",
		"FILE_MODIFIED", "EXPANDED_FROM_ARCHIVE", "DATA_FILE_OF", "TEST_CASE_OF", "BUILD_TOOL_OF",
		"DEV_TOOL_OF", "TEST_OF", "TEST_TOOL_OF", "DOCUMENTATION_OF", "METAFILE_OF", "EXAMPLE_OF",
		"AMENDS", "REQUIREMENT_DESCRIPTION_FOR", "SPECIFICATION_FOR", "DEPENDENCY_MANIFEST_OF":
		return other, false, true
	case "DESCRIBE": // trivy of 2022
		return describes, false, false
	}
	upper := strings.ReplaceAll(strings.ToUpper(strings.TrimSpace(kind)), "-", "_")
	upper = strings.TrimPrefix(upper, "RELATIONSHIPTYPE_") // the names of RDF
	if upper != kind {
		m, turned, _ = relationship(upper)
	}
	return m, turned, false
}

// element is what an end of a relationship turns out to be.
type element int32

const (
	document   element = -1 - iota
	file               // or a snippet
	elsewhere          // in another document
	undeclared         // in another document, that no reference declares
	isNone             // NONE
	isUnstated         // NOASSERTION
	missing            // nothing carries the identifier
)

// element finds what an SPDXID stands for; values from 0 are components.
func (b *builder) element(id string) element {
	switch {
	case id == notation.None:
		return isNone
	case id == notation.NoAssertion:
		return isUnstated
	case strings.HasPrefix(id, documentPrefix):
		name, _, _ := strings.Cut(id, ":")
		if _, ok := b.external[name]; !ok {
			return undeclared
		}
		return elsewhere
	}
	bare := bareID(id)
	if i, ok := b.packages.first[bare]; ok {
		return element(i)
	}
	switch {
	case b.isDocument(id):
		return document
	case b.others.has(id):
		return file
	}
	return missing
}

// isDocument reports whether id is the document's. The name DOCUMENT is the
// document's also where its own SPDXID is another (clause 6.3 leaves no choice).
func (b *builder) isDocument(id string) bool {
	bare := bareID(id)
	return bare == "DOCUMENT" || b.documentID != "" && bare == bareID(b.documentID)
}

// resolve turns relationships into edges, compositions and the subject.
func (b *builder) resolve() {
	edges := 0
	for i := range b.relations {
		if m := b.relations[i].meaning; m == dependsOn || m == contains {
			edges++
		}
	}
	b.doc.Dependencies = make([]sbom.Dependency, 0, edges)
	var complete, unknown composition
	subject, said := missing, false
	for i := range b.relations {
		r := &b.relations[i]
		from, to := b.element(r.from), b.element(r.to)
		if from == missing || to == missing {
			id := r.to
			if from == missing {
				id = r.from
			}
			b.defect(sbom.CodeDangling, r.at, id, "a relationship names an element that the document does not have")
			continue
		}
		if from == undeclared || to == undeclared {
			id := r.to
			if from == undeclared {
				id = r.from
			}
			b.defect(sbom.CodeDangling, r.at, id, "a relationship names a document that is none of the external document references")
			from, to = inOther(from), inOther(to)
		}
		if from == elsewhere || to == elsewhere {
			b.doc.Elsewhere++
		}
		switch r.meaning {
		case describes:
			if !b.isDocument(r.from) {
				continue
			}
			said = said || to != isUnstated
			if subject == missing && to >= 0 {
				subject = to
			}
		case dependsOn, contains:
			switch {
			case to == isNone && !r.turned:
				complete.add(b, from)
				b.stateDependencies(from)
			case to == isUnstated && !r.turned:
				unknown.add(b, from)
			case from >= 0 && to >= 0:
				kind := sbom.DependsOn
				if r.meaning == contains {
					kind = sbom.Contains
				}
				b.doc.Dependencies = append(b.doc.Dependencies, sbom.Dependency{From: int32(from), To: int32(to), Kind: kind})
				b.stateDependencies(from)
			case to == elsewhere:
				b.stateDependencies(from)
			}
		case ancestorOf, variantOf, patchApplied:
			b.descend(r.meaning, from, to)
		case other: // that both ends exist is all we ask of it
		}
	}
	b.relations = nil
	b.resolveMentions()
	if len(b.doc.Dependencies) == 0 {
		b.doc.Dependencies = nil
	}
	complete.state(b, "complete")
	unknown.state(b, "unknown")
	b.nameSubject(subject, said)
}

// inOther makes an element of a document that is not declared one of a document
// that is: it is said, and still in another document.
func inOther(e element) element {
	if e == undeclared {
		return elsewhere
	}
	return e
}

func (b *builder) stateDependencies(from element) {
	if from >= 0 {
		b.doc.Components[from].DependenciesStated = true
	}
}

// nameSubject sets the subject. A document with one package describes it, also
// without a word (as spdxlib of the SPDX project reads it, too).
func (b *builder) nameSubject(described element, said bool) {
	if described == missing {
		n := len(b.doc.Components)
		if n > 1 && !said {
			b.defect(sbom.CodeMissing, b.begin, "", "nothing says which package the document describes")
		}
		if n != 1 || said {
			return
		}
		described = 0
	}
	b.doc.Subject, b.doc.SubjectListed = &b.doc.Components[described], true
}

// composition collects what is said to be complete, or unknown.
type composition struct {
	whole bool
	refs  []string
	last  element
}

func (c *composition) add(b *builder, about element) {
	switch {
	case about == document:
		c.whole = true
	case about >= 0 && (len(c.refs) == 0 || c.last != about): // DEPENDS_ON and CONTAINS mostly stand together
		c.refs = append(c.refs, b.doc.Components[about].Ref)
		c.last = about
	}
}

func (c *composition) state(b *builder, aggregate string) {
	if c.whole {
		b.doc.Compositions = append(b.doc.Compositions, sbom.Composition{Aggregate: aggregate})
	}
	if len(c.refs) > 0 {
		b.doc.Compositions = append(b.doc.Compositions, sbom.Composition{Aggregate: aggregate, Refs: c.refs})
	}
}
