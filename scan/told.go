// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"strings"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/support"
)

// components are the judged components as the report tells them. There is one at
// a time, and all share its lists: those of a large document would take as much
// memory as the document.
type components struct {
	*product
	one     assessment.Component
	status  *support.Status     // last told
	support *assessment.Support // what it says

	// What the i-th component depends on or contains is to[ends[i-1]:ends[i]], made
	// when the first one is asked for.
	ends, to []int32
}

// Len is the number of components.
func (cs *components) Len() int { return len(cs.match.Components) }

// At tells the component at an index of the match result.
func (cs *components) At(i int) *assessment.Component {
	m := &cs.match.Components[i]
	c := component(cs.doc, m.Index)
	o := &cs.one
	*o = assessment.Component{
		Key: cs.keys[i], Ref: c.Ref, Name: c.Name, Group: c.Group, Version: c.Version, Type: c.Type, PURL: c.PURL,
		Producer: c.Producer().Name, State: m.State.String(), Reason: reasonWords(m), Subject: cs.isSubject(m.Index),
		Support: cs.supportAt(i), Upgrade: cs.upgrades[i],
		Licences: o.Licences[:0], Hashes: o.Hashes[:0], Identities: o.Identities[:0],
		Places: append(o.Places[:0], assessment.Place(c.Position)), DependsOn: cs.appendDependsOn(o.DependsOn[:0], i),
	}
	for _, more := range c.More() {
		o.Places = append(o.Places, assessment.Place(more))
	}
	for _, l := range c.Licences {
		o.Licences = append(o.Licences, l.Value)
	}
	for _, h := range c.Hashes {
		o.Hashes = append(o.Hashes, h.Algorithm+":"+h.Value)
	}
	for j := range m.Identities {
		id := &m.Identities[j]
		o.Identities = append(o.Identities, assessment.Identity{
			Ecosystem: id.Ecosystem, Release: id.Release, Name: id.Name, Version: id.Version,
			Evidence: id.Evidence, Confidence: id.Confidence.String(),
		})
	}
	return o
}

func reasonWords(m *match.Component) string {
	if m.Detail == "" {
		return string(m.Reason)
	}
	return strings.TrimPrefix(string(m.Reason)+": "+m.Detail, ": ")
}

// supportAt tells the support of a component. The packages of a distribution
// share theirs, and mostly stand together.
func (cs *components) supportAt(i int) *assessment.Support {
	s := cs.supports[i]
	if s == nil {
		return nil
	}
	if s != cs.status {
		cs.status, cs.support = s, supportOf(s)
	}
	return cs.support
}

// appendDependsOn appends the refs of what a component depends on or contains, in
// document order.
func (cs *components) appendDependsOn(refs []string, i int) []string {
	if cs.ends == nil {
		cs.sortDependencies()
	}
	from := int32(0)
	if i > 0 {
		from = cs.ends[i-1]
	}
	for _, to := range cs.to[from:cs.ends[i]] {
		refs = append(refs, component(cs.doc, to).Ref)
	}
	return refs
}

// sortDependencies sorts the dependencies by the component that has them.
func (cs *components) sortDependencies() {
	dependencies, offset := cs.doc.Dependencies, int32(0)
	if cs.match.Components[0].Index == sbom.SubjectIndex {
		offset = 1
	}
	cs.ends = make([]int32, cs.Len())
	at := func(d *sbom.Dependency) int {
		switch {
		case d.Kind == sbom.Provides:
			return cs.Len()
		case d.From == sbom.SubjectIndex:
			return 0
		}
		return int(d.From + offset)
	}
	for i := range dependencies {
		if from := at(&dependencies[i]); from < cs.Len() {
			cs.ends[from]++
		}
	}
	total := int32(0)
	for i, n := range cs.ends {
		cs.ends[i] = total // where it begins, and ends when it is filled
		total += n
	}
	cs.to = make([]int32, total)
	for i := range dependencies {
		if from := at(&dependencies[i]); from < cs.Len() {
			cs.to[cs.ends[from]] = dependencies[i].To
			cs.ends[from]++
		}
	}
}
