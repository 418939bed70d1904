// SPDX-License-Identifier: Apache-2.0

package spdx3

import (
	"slices"
	"strings"

	"github.com/medsbom/medsbom/sbom"
)

// meaning is what a relationship says for the model.
type meaning uint8

const (
	other meaning = iota
	describes
	dependsOn
	contains
	hasDeclared
	hasConcluded
	distributes
	hasVulnerability
	assesses // as the relationship of a VEX statement does
)

// relationship returns the meaning of a relationship's type, also in the
// spelling of SPDX 2, and whether its ends stand in the opposite order.
func relationship(word string) (m meaning, turned, known bool) {
	switch word {
	case "dependsOn", "hasDynamicLink", "hasStaticLink", "hasPrerequisite", "hasPrerequsite", "hasOptionalDependency", "hasProvidedDependency":
		return dependsOn, false, true
	case "contains", "hasOptionalComponent":
		return contains, false, true
	case "describes":
		return describes, false, true
	case "hasDeclaredLicense":
		return hasDeclared, false, true
	case "hasConcludedLicense":
		return hasConcluded, false, true
	case "hasDistributionArtifact":
		return distributes, false, true
	case "hasAssociatedVulnerability":
		return hasVulnerability, false, true
	case "affects", "doesNotAffect", "fixedIn", "underInvestigationFor":
		return assesses, false, true
	}
	const longest = 64
	if len(word) > longest {
		return other, false, false
	}
	plain := plainWord(word)
	for _, two := range [...]struct {
		names   string
		meaning meaning
		turned  bool
	}{
		{" dynamiclink staticlink ", dependsOn, false},
		{" dependencyof builddependencyof devdependencyof optionaldependencyof provideddependencyof runtimedependencyof testdependencyof prerequisitefor ", dependsOn, true},
		{" containedby packageof optionalcomponentof ", contains, true},
		{" describedby ", describes, true},
	} {
		if strings.Contains(two.names, " "+strings.ToLower(plain)+" ") {
			return two.meaning, two.turned, true
		}
	}
	if w, _, ok := wordOf(propRelationshipType, word); ok {
		if w == word {
			return other, false, true
		}
		return relationship(w)
	}
	return other, false, false
}

// end is what an end of a relationship turns out to be.
type end struct {
	node      int32 // -1 if it is none of the document's
	component int32 // -1 if it is no package
	special   special
	elsewhere bool
}

func (d *decoder) end(s *slot) end {
	e := end{node: d.follow(s), component: -1}
	switch {
	case s == nil:
	case e.node >= 0:
		if len(d.doc.Components) > 0 {
			e.component = d.component[e.node]
		}
		if n := &d.nodes[e.node]; n.class == classElement { // Microsoft's sbom-tool
			e.special = d.specialOf(n.text(propName))
		}
	case s.ref > 0 && d.imported[d.ids.same[s.ref-1]]:
		e.elsewhere = true
	default:
		e.special = d.specialOf(s.text)
	}
	return e
}

// relate turns relationships into edges, compositions and licences.
func (d *decoder) relate() {
	d.complete = make([]uint8, len(d.doc.Components))
	edges := 0
	for i := range d.nodes {
		n := &d.nodes[i]
		if n.class == classRelationship && n.same == int32(i) {
			if m, _, _ := relationship(n.text(propRelationshipType)); m == dependsOn || m == contains {
				edges += len(n.slots)
			}
		}
	}
	d.doc.Dependencies = make([]sbom.Dependency, 0, min(edges, 2*len(d.doc.Components)))
	for i := range d.nodes {
		if n := &d.nodes[i]; n.class.isRelationship() && n.same == int32(i) {
			d.relation(n)
		}
		if d.err != nil {
			return
		}
	}
	if len(d.doc.Dependencies) == 0 {
		d.doc.Dependencies = nil
	}
	d.compositions()
}

func (d *decoder) relation(n *node) {
	m, turned, _ := relationship(n.text(propRelationshipType))
	from := d.end(n.last(propFrom))
	var aggregate uint8
	elsewhere := from.elsewhere
	for i := range n.slots {
		s := &n.slots[i]
		if s.prop != propTo {
			continue
		}
		to := d.end(s)
		elsewhere = elsewhere || to.elsewhere
		switch m {
		case hasDeclared, hasConcluded:
			d.licensed(from, s, m == hasConcluded)
		case dependsOn, contains:
			aggregate |= d.edge(from, to, m, turned)
		case describes:
			d.described(from, to, turned)
		case distributes:
			d.distributed(from, to)
		case other, hasVulnerability, assesses: // that both ends exist is all we ask of it here
		}
	}
	if elsewhere {
		d.doc.Elsewhere++
	}
	if m == dependsOn || m == contains {
		if !turned {
			aggregate |= completeness(n.text(propCompleteness))
		}
		d.state(from, aggregate)
	}
}

// licensed adds a licence to the component or file part at an end.
func (d *decoder) licensed(from end, s *slot, concluded bool) {
	if from.node < 0 || d.component[from.node] < 0 {
		return
	}
	list := d.doc.Components
	if len(list) == 0 {
		list = d.doc.FileParts
	}
	if l, ok := d.licence(s, concluded); ok {
		c := &list[d.component[from.node]]
		c.Licences = append(c.Licences, l)
	}
}

// distributed adds the digests of a file that a package is handed out as. What
// SPDX 2 says of the package, documents that are converted to SPDX 3 say of that
// file, the project's own examples among them.
func (d *decoder) distributed(from, to end) {
	const compared = 16 // a document may name any number of them
	if from.component < 0 || to.node < 0 || d.nodes[to.node].class != classFile {
		return
	}
	c, n := &d.doc.Components[from.component], &d.nodes[to.node]
	for i := range n.slots {
		if n.slots[i].prop != propVerifiedUsing {
			continue
		}
		if d.err != nil {
			return // many packages, or one many times, name a file of many digests
		}
		if h, ok := d.hash(&n.slots[i]); ok && !slices.Contains(c.Hashes[:min(len(c.Hashes), compared)], h) {
			c.Hashes = append(c.Hashes, h)
		}
	}
}

// What is said of the completeness of an element's dependencies.
const (
	isComplete uint8 = 1 << iota
	isIncomplete
	isUnknown
	isWhole // of the document
)

func completeness(word string) uint8 {
	switch word {
	case "complete":
		return isComplete
	case "incomplete":
		return isIncomplete
	case "noAssertion":
		return isUnknown
	}
	return 0
}

// edge adds a dependency, and returns what an end that is no element says.
func (d *decoder) edge(from, to end, m meaning, turned bool) uint8 {
	switch {
	case turned:
		from, to = to, from
	case to.special == noElement:
		d.stateDependencies(from)
		return isComplete
	case to.special == unknownElement:
		return isUnknown
	}
	if from.component >= 0 && (to.component >= 0 || to.elsewhere) {
		d.stateDependencies(from)
	}
	if from.component >= 0 && to.component >= 0 {
		kind := sbom.DependsOn
		if m == contains {
			kind = sbom.Contains
		}
		d.doc.Dependencies = append(d.doc.Dependencies, sbom.Dependency{From: from.component, To: to.component, Kind: kind})
	}
	return 0
}

func (d *decoder) stateDependencies(e end) {
	if e.component >= 0 {
		d.doc.Components[e.component].DependenciesStated = true
	}
}

// state notes how complete the dependencies of an element are.
func (d *decoder) state(e end, aggregate uint8) {
	switch {
	case e.component >= 0:
		d.complete[e.component] |= aggregate
	case e.node >= 0 && e.node == d.document:
		d.whole |= aggregate
	}
}

func (d *decoder) compositions() {
	for _, a := range [...]struct {
		bit  uint8
		name string
	}{{isComplete, "complete"}, {isIncomplete, "incomplete"}, {isUnknown, "unknown"}} {
		if d.whole&a.bit != 0 {
			d.doc.Compositions = append(d.doc.Compositions, sbom.Composition{Aggregate: a.name})
		}
		var refs []string
		for i := range d.complete {
			if d.complete[i]&a.bit != 0 {
				refs = append(refs, d.doc.Components[i].Ref)
			}
		}
		if refs != nil {
			d.doc.Compositions = append(d.doc.Compositions, sbom.Composition{Aggregate: a.name, Refs: refs})
		}
	}
}

// described notes the first package that the document is said to describe.
func (d *decoder) described(from, to end, turned bool) {
	if turned {
		from, to = to, from
	}
	// an end that nothing carries can only be the document under another name;
	// that it dangles was said
	if from.elsewhere || from.special != ordinaryElement {
		return
	}
	if from.node >= 0 {
		switch d.nodes[from.node].class {
		case classDocument, classSbom, classCollection:
		default:
			return
		}
	}
	d.rootSaid = d.rootSaid || to.special != unknownElement
	if d.firstDescribed < 0 {
		d.firstDescribed = to.component
	}
}

// nameSubject finds the subject: a root element of the document, also through
// an SBOM; else what is described; else the root of an SBOM or another
// collection. A document with one package describes it, also without a word.
func (d *decoder) nameSubject() {
	subject := int32(-1)
	if d.document >= 0 {
		subject = d.root(d.document, true)
	}
	if subject < 0 {
		subject = d.firstDescribed
	}
	for _, wanted := range [...]class{classSbom, classCollection} {
		for i := 0; i < len(d.nodes) && subject < 0; i++ {
			if n := &d.nodes[i]; n.class == wanted && n.same == int32(i) {
				subject = d.root(int32(i), false)
			}
		}
	}
	if subject < 0 {
		n := len(d.doc.Components)
		if n > 1 && !d.rootSaid {
			d.defect(sbom.CodeMissing, d.begin, "", "nothing says which package the document describes")
		}
		if n != 1 || d.rootSaid {
			return
		}
		subject = 0
	}
	d.doc.Subject, d.doc.SubjectListed = &d.doc.Components[subject], true
}

// root finds the first package among the root elements of a collection, with
// deep also among those of the collections there.
func (d *decoder) root(i int32, deep bool) int32 {
	n := &d.nodes[i]
	for j := range n.slots {
		s := &n.slots[j]
		if s.prop != propRootElement {
			continue
		}
		e := d.end(s)
		if e.component >= 0 {
			return e.component
		}
		if e.node < 0 {
			continue
		}
		switch d.nodes[e.node].class {
		case classSbom, classCollection:
			if deep {
				if c := d.root(e.node, false); c >= 0 {
					return c
				}
			}
		default:
			d.rootSaid = true
		}
	}
	return -1
}
