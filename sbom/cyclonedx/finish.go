// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/sbom"
)

// unknownEnd is the raw index of a reference that nothing carries.
const unknownEnd int32 = -2

// kept marks a component that repeats none.
const kept int32 = -1

// finish settles repetitions, the subject, the graph and all places.
func (b *builder) finish() *sbom.Document {
	doc := b.doc
	doc.Subject = b.subject
	same := b.repetitions()
	listed := b.findSubject(same)
	b.resolve()
	b.checkReferences()
	b.compact(same, listed)
	if doc.Subject != nil && b.product != nil {
		doc.Subject.Detail().Support = merged(doc.Subject.Support(), b.product)
	}
	b.checkSpec()
	b.place()
	return doc
}

// repetitions decides which twins are the component they repeat. The table has
// for each raw index the one that it repeats, or kept; it is nil if none does.
func (b *builder) repetitions() []int32 {
	if len(b.twins) == 0 {
		return nil
	}
	components := b.doc.Components
	same := make([]int32, len(components))
	for i := range same {
		same[i] = kept
	}
	// Those that share a bom-ref but not the content, by all that tells them
	// apart at a glance: a third entry may repeat the second.
	others := make(map[string]int32)
	slices.Sort(b.twins)
	for _, i := range b.twins {
		c := &components[i]
		first := b.refs[c.Ref]
		if equal(&components[first], c) {
			same[i] = first
			b.repeated(i)
			continue
		}
		key := strings.Join([]string{c.Ref, c.Group, c.Name, c.Version, c.PURL}, "\x00")
		if other, ok := others[key]; ok && equal(&components[other], c) {
			same[i] = other
			b.repeated(i)
			continue
		}
		others[key] = i
		b.defect(sbom.CodeDuplicate, b.offsets[i], c.Ref,
			"component %s has the bom-ref of another component %s", describe(c), describe(&components[first]))
	}
	return same
}

// repeated says of an entry that it is one component in a second place: a
// bom-ref stands once in a document.
func (b *builder) repeated(i int32) {
	c := &b.doc.Components[i]
	b.defect(sbom.CodeDuplicate, b.offsets[i], c.Ref, "component %s stands again, with the same bom-ref and content", describe(c))
}

// equal compares what the document says of two components, not where.
func equal(a, b *sbom.Component) bool {
	if a.Name != b.Name || a.Version != b.Version || a.PURL != b.PURL {
		return false
	}
	x, y := *a, *b
	x.Parent, y.Parent = 0, 0
	x.DependenciesStated, y.DependenciesStated = false, false
	return reflect.DeepEqual(x, y)
}

// findSubject looks for metadata.component among the listed components and
// returns its raw index, or SubjectIndex if it stands beside them.
func (b *builder) findSubject(same []int32) int32 {
	s := b.subject
	if s == nil {
		return sbom.SubjectIndex
	}
	if i, ok := b.refs[s.Ref]; ok && s.Ref != "" {
		c := &b.doc.Components[i]
		if (c.Name == s.Name && c.Version == s.Version) || (c.PURL != "" && c.PURL == s.PURL) {
			return i
		}
		b.defect(sbom.CodeDuplicate, max(b.subjectAt, b.offsets[i]), s.Ref,
			"component %s has the bom-ref of metadata.component %s", describe(c), describe(s))
	}
	if s.PURL == "" {
		return sbom.SubjectIndex
	}
	for i := range b.doc.Components {
		if b.doc.Components[i].PURL == s.PURL && (same == nil || same[i] == kept) {
			return int32(i)
		}
	}
	return sbom.SubjectIndex
}

// complete fills what the listed entry of the subject does not say from what
// metadata.component says.
func complete(c, s *sbom.Component) {
	for _, f := range []struct {
		dst  *string
		from string
	}{
		{&c.Ref, s.Ref},
		{&c.Type, s.Type},
		{&c.Group, s.Group},
		{&c.Name, s.Name},
		{&c.Version, s.Version},
		{&c.PURL, s.PURL},
		{&c.Scope, s.Scope},
	} {
		if *f.dst == "" {
			*f.dst = f.from
		}
	}
	c.Supplier = cmp.Or(c.Supplier, s.Supplier)
	for _, purl := range append([]string{s.PURL}, s.MorePURL()...) {
		if purl != "" && purl != c.PURL && !slices.Contains(c.MorePURL(), purl) {
			c.Detail().MorePURL = append(c.MorePURL(), purl)
		}
	}
	if s.Details != nil {
		completeDetails(c.Detail(), s.Details)
	}
	c.CPE = union(c.CPE, s.CPE)
	c.Licences = union(c.Licences, s.Licences)
	c.Hashes = union(c.Hashes, s.Hashes)
	c.Properties = union(c.Properties, s.Properties)
	c.References = union(c.References, s.References)
	c.External = c.External || s.External
	c.DependenciesStated = c.DependenciesStated || s.DependenciesStated
	c.NoIdentifierStated = c.NoIdentifierStated || s.NoIdentifierStated
}

// completeDetails does so with what is in Details, but for further package URLs.
func completeDetails(c, s *sbom.Details) {
	c.SWID = cmp.Or(c.SWID, s.SWID)
	c.SWHID = union(c.SWHID, s.SWHID)
	c.Manufacturer = cmp.Or(c.Manufacturer, s.Manufacturer)
	c.Publisher = cmp.Or(c.Publisher, s.Publisher)
	c.Authors = union(c.Authors, s.Authors)
	c.VersionRange = cmp.Or(c.VersionRange, s.VersionRange)
	c.Evidence = union(c.Evidence, s.Evidence)
	c.Pedigree = joined(c.Pedigree, s.Pedigree)
	c.Support = merged(c.Support, s.Support)
}

// joined is p with what more has beyond it.
func joined(p, more *sbom.Pedigree) *sbom.Pedigree {
	if p == nil || more == nil || reflect.DeepEqual(p, more) {
		return cmp.Or(p, more)
	}
	return &sbom.Pedigree{
		Ancestors:   union(p.Ancestors, more.Ancestors),
		Descendants: union(p.Descendants, more.Descendants),
		Variants:    union(p.Variants, more.Variants),
		Commits:     union(p.Commits, more.Commits),
		Patches:     slices.Concat(p.Patches, more.Patches),
		Notes:       cmp.Or(p.Notes, more.Notes),
		Modified:    p.Modified || more.Modified,
	}
}

// merged is s with what it does not say from more.
func merged(s, more *sbom.Support) *sbom.Support {
	if s == nil || more == nil {
		return cmp.Or(s, more)
	}
	return &sbom.Support{
		Level:         cmp.Or(s.Level, more.Level),
		EndOfSupport:  cmp.Or(s.EndOfSupport, more.EndOfSupport),
		EndOfLife:     cmp.Or(s.EndOfLife, more.EndOfLife),
		Justification: cmp.Or(s.Justification, more.Justification),
	}
}

// union is list with what more has beyond it, in order.
func union[T comparable](list, more []T) []T {
	if len(list) == 0 || len(more) == 0 {
		return slices.Concat(list, more)
	}
	has := make(map[T]struct{}, len(list))
	for _, v := range list {
		has[v] = struct{}{}
	}
	for _, v := range more {
		if _, ok := has[v]; !ok {
			has[v] = struct{}{}
			list = append(list, v)
		}
	}
	return list
}

// counted reports whether a subject that stands beside the components is to be
// put among them, see the package comment.
func (b *builder) counted() bool {
	s := b.subject
	return s != nil && b.topLevel == 0 &&
		(s.PURL != "" || len(s.CPE) > 0 || s.SWID() != "" || len(s.MorePURL()) > 0 || len(b.doc.Components) > 0)
}

// compact closes the gaps that repetitions leave, puts the subject where it
// belongs and renumbers everything that points at components.
func (b *builder) compact(same []int32, listed int32) {
	doc := b.doc
	alone := listed == sbom.SubjectIndex && b.counted()
	if same != nil || alone {
		doc.Components, b.offsets, listed = b.renumber(same, listed, alone)
	}
	if listed == sbom.SubjectIndex {
		return
	}
	doc.SubjectListed = true
	doc.Subject = &doc.Components[listed]
	if !alone {
		if c, s := doc.Subject, b.subject; c.Version != s.Version && c.Version != "" && s.Version != "" {
			b.defect(sbom.CodeContradict, b.subjectAt, s.Version,
				"metadata.component has another version than the component %s that it is", describe(c))
		}
		complete(doc.Subject, b.subject)
		doc.Subject.Detail().More = append(doc.Subject.More(), offset(b.subjectAt))
	}
	for i := range doc.Dependencies {
		e := &doc.Dependencies[i]
		if e.From == sbom.SubjectIndex {
			e.From = listed
		}
		if e.To == sbom.SubjectIndex {
			e.To = listed
		}
	}
	doc.Dependencies = slices.DeleteFunc(doc.Dependencies, func(e sbom.Dependency) bool { return e.From == e.To })
}

func (b *builder) renumber(same []int32, listed int32, alone bool) ([]sbom.Component, []int, int32) {
	old := b.doc.Components
	index := make([]int32, len(old))
	components := make([]sbom.Component, 0, len(old)+1)
	offsets := make([]int, 0, len(old)+1)
	if alone {
		components, offsets = append(components, *b.subject), append(offsets, b.subjectAt)
		listed = 0
	}
	for i := range old {
		if same != nil && same[i] != kept {
			index[i] = index[same[i]]
			first := &components[index[i]]
			first.Detail().More = append(first.More(), offset(b.offsets[i]))
			first.DependenciesStated = first.DependenciesStated || old[i].DependenciesStated
			continue
		}
		index[i] = int32(len(components))
		components, offsets = append(components, old[i]), append(offsets, b.offsets[i])
	}
	for i := range components {
		if p := components[i].Parent; p != sbom.SubjectIndex {
			components[i].Parent = index[p]
		}
	}
	if !alone && listed != sbom.SubjectIndex {
		listed = index[listed]
	}
	for i := range b.doc.Dependencies {
		e := &b.doc.Dependencies[i]
		if e.From != sbom.SubjectIndex {
			e.From = index[e.From]
		}
		if e.To != sbom.SubjectIndex {
			e.To = index[e.To]
		}
	}
	return components, offsets, listed
}

// offset carries an offset in a Position until place.
func offset(at int) sbom.Position {
	return sbom.Position{Line: int32(at >> 31), Column: int32(at & (1<<31 - 1))}
}

// offsetIn is the offset that offset put in.
func offsetIn(p *sbom.Position) int { return int(p.Line)<<31 | int(p.Column) }

func (b *builder) checkSpec() {
	minor, ok := knownSpec(b.doc.SpecVersion)
	if !ok {
		return
	}
	if minor < 4 { // version is required up to 1.3
		for _, at := range b.bare {
			b.defect(sbom.CodeMissing, at, "", "component has no version, which CycloneDX %s requires", b.doc.SpecVersion)
		}
		if more := b.bareCount - len(b.bare); more > 0 {
			b.counts[sbom.CodeMissing] += more
		}
	}
	for f, at := range b.used {
		if at > 0 && since[f].minor > minor {
			b.defect(sbom.CodeSpec, at-1, since[f].name,
				"field %s came with CycloneDX 1.%d, the document claims %s", since[f].name, since[f].minor, b.doc.SpecVersion)
		}
	}
}

// place turns offsets into positions, in one pass over the text for the
// components, one for the defects and one for each further list.
func (b *builder) place() {
	doc := b.doc
	lines := b.places
	subject := b.subject != nil && !doc.SubjectListed
	for i := range doc.Components {
		if subject && b.offsets[i] > b.subjectAt {
			doc.Subject.Position = lines.At(b.subjectAt)
			subject = false
		}
		doc.Components[i].Position = lines.At(b.offsets[i])
	}
	if subject {
		doc.Subject.Position = lines.At(b.subjectAt)
	}
	b.placeMore()
	for i := range doc.Services {
		b.settlePlace(&doc.Services[i].Position)
	}
	for i := range doc.Vulnerabilities {
		b.settlePlace(&doc.Vulnerabilities[i].Position)
	}
	for i := range doc.External {
		b.settlePlace(&doc.External[i].Position)
	}
	for i := range doc.Signatures {
		b.settlePlace(&doc.Signatures[i].Position)
	}

	slices.SortStableFunc(b.problems, func(x, y problem) int { return cmp.Compare(x.at, y.at) })
	for i := range b.problems {
		p := &b.problems[i]
		doc.Defects.Add(p.code, lines.At(p.at), p.value, "%s", p.message)
		b.counts[p.code]--
	}
	for code, left := range b.counts {
		for ; left > 0; left-- {
			doc.Defects.Add(code, sbom.Position{}, "", "")
		}
	}
}

// placeMore turns the further places of repeated components into positions, in
// the order of the text.
func (b *builder) placeMore() {
	var more []*sbom.Position
	for i := range b.doc.Components {
		places := b.doc.Components[i].More()
		for j := range places {
			more = append(more, &places[j])
		}
	}
	slices.SortFunc(more, func(x, y *sbom.Position) int { return cmp.Compare(offsetIn(x), offsetIn(y)) })
	for _, p := range more {
		b.settlePlace(p)
	}
}

// settlePlace turns the offset that a Position carries into one.
func (b *builder) settlePlace(p *sbom.Position) { *p = b.places.At(offsetIn(p)) }
