// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"fmt"
	"maps"
	"slices"

	"github.com/medsbom/medsbom/internal/arena"
	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// builder assembles a Document from what a decoder reads, in the order of the
// text. Places are kept as offsets until the end: then one pass over the text
// turns all of them into lines and columns.
//
// While reading, a component is known by its index in doc.Components with
// repetitions still in ("raw index"); finish closes the gaps.
type builder struct {
	source []byte
	places places
	opts   Options
	doc    *sbom.Document

	offsets   []int // of doc.Components, in step
	topLevel  int   // entries of the document's own components list
	refs      map[string]int32
	twins     []int32         // raw indices of those whose bom-ref an earlier one has
	subject   *sbom.Component // metadata.component, nil if there is none
	subjectAt int
	pending   []pendingEdge
	edges     int
	problems  []problem
	counts    map[sbom.Code]int
	used      [fieldCount]int // offset+1 of the first use
	unknown   map[string]struct{}
	fatal     *sbom.SyntaxError

	carriers   []carrier
	carrierOf  map[string]int // their index by bom-ref
	references []reference
	externals  map[string]struct{}
	product    *sbom.Support // what the properties of metadata say of the product's
	bare       []int         // offsets of the first components without a version
	bareCount  int

	properties arena.Slices[sbom.Property]
	hashes     arena.Slices[sbom.Hash]
	licences   arena.Slices[sbom.Licence]
	parties    arena.Slices[sbom.Party]
	strings    arena.Slices[string]
	links      arena.Slices[sbom.Reference]
	evidences  arena.Slices[sbom.Evidence]
	relatives  arena.Slices[sbom.Relative]
}

// pendingEdge is an end of a dependency that was not known when it was read.
type pendingEdge struct {
	from, to string
	at       int
	kind     sbom.DependencyKind
	entry    bool // no edge: the entry of from
}

// problem is a defect whose offset is not yet a position.
type problem struct {
	code    sbom.Code
	at      int
	value   string
	message string
}

// maxProblems bounds what is kept of each code; as many as sbom.Defects keeps.
const maxProblems = 50

// places turns offsets in the text that is decoded into positions in the file.
// They differ where the text was made from another form of the document.
type places interface {
	At(offset int) sbom.Position
}

func newBuilder(text []byte, places places, encoding sbom.Encoding, opts Options) builder {
	return builder{
		source: text,
		places: places,
		opts:   opts.withDefaults(),
		doc:    &sbom.Document{Format: sbom.CycloneDX, Encoding: encoding},
	}
}

// defect records something wrong at an offset.
func (b *builder) defect(code sbom.Code, at int, value, format string, args ...any) {
	if b.counts == nil {
		b.counts = make(map[sbom.Code]int)
	}
	if b.counts[code]++; b.counts[code] > maxProblems {
		return
	}
	b.problems = append(b.problems, problem{code: code, at: at, value: value, message: fmt.Sprintf(format, args...)})
}

// stop records what costs the document; the first is kept.
func (b *builder) stop(at int, remedy, format string, args ...any) {
	if b.fatal == nil {
		b.fatal = &sbom.SyntaxError{
			Position: b.places.At(at),
			Message:  fmt.Sprintf(format, args...),
			Remedy:   remedy,
		}
	}
}

// limit records that a limit of the caller was passed.
func (b *builder) limit(limit sbom.Limit, at int, format string, args ...any) {
	if b.fatal == nil {
		b.stop(at, remedyLimit, format, args...)
		b.fatal.Limit = limit
	}
}

// uses notes that a field occurs, for the check against specVersion.
func (b *builder) uses(f field, at int) {
	if b.used[f] == 0 {
		b.used[f] = at + 1
	}
}

// at returns the component of a raw index. The pointer holds until the next open.
func (b *builder) at(index int32) *sbom.Component {
	if index == sbom.SubjectIndex {
		return b.subject
	}
	return &b.doc.Components[index]
}

// openSubject begins metadata.component. It is false if there was one already.
func (b *builder) openSubject(at int) bool {
	if b.subject != nil {
		return false
	}
	b.subject, b.subjectAt = &sbom.Component{Parent: sbom.SubjectIndex}, at
	return true
}

const (
	firstRoom  = 8   // components for which there is room at first
	sampleSize = 64  // components read before the number of all is estimated
	bytesLeast = 300 // a component takes at least so many bytes, for that estimate
)

// open begins a component and returns its raw index. It is false when there
// are too many.
func (b *builder) open(parent int32, at int) (int32, bool) {
	n := len(b.doc.Components)
	if n >= b.most() {
		b.tooMany("components", n, at)
		return 0, false
	}
	switch {
	case n == 0:
		b.room(firstRoom)
	case n == firstRoom: // a short list is moved once
		each := max((at-b.offsets[0])/firstRoom, bytesLeast)
		b.room(min(slack((len(b.source)-at)/each), sampleSize))
	case n == sampleSize:
		each := max((at-b.offsets[0])/sampleSize, bytesLeast)
		more := min(slack((len(b.source)-at)/each), b.most())
		b.room(more)
		refs := make(map[string]int32, more)
		maps.Copy(refs, b.refs)
		b.refs = refs
	case n > sampleSize && n == cap(b.doc.Components):
		// They are shorter than was thought: the mean so far tells how many
		// more come, so that the list is moved once and not as often as append
		// would move it, with as much again for each list left behind.
		each := max((at-b.offsets[0])/n, 1)
		b.room(min(max(slack((len(b.source)-at)/each), n/4), b.most()-n))
	}
	b.doc.Components = append(b.doc.Components, sbom.Component{Parent: parent})
	b.offsets = append(b.offsets, at)
	return int32(n), true
}

// slack is an estimate with something for its error.
func slack(n int) int { return n + n/64 + 4 }

// room makes room for so many more components.
func (b *builder) room(more int) {
	b.doc.Components = slices.Grow(b.doc.Components, more)
	b.offsets = slices.Grow(b.offsets, more)
}

// most is how many components, and how many services, the document may list. A
// component costs up to 700 bytes of memory: a text of {},{},{},… should not get
// all that the caller allows.
func (b *builder) most() int {
	return min(max(len(b.source)/leastComponent, fewComponents), b.opts.MaxComponents)
}

// tooMany refuses a document with more than n of something that most bounds.
func (b *builder) tooMany(what string, n, at int) {
	if n >= b.opts.MaxComponents {
		b.limit(sbom.LimitComponents, at, "more than %d %s", n, what)
		return
	}
	b.stop(at, "the file is not as a tool writes it: ask for it again", "more than %d %s in a text of %d bytes", n, what, len(b.source))
}

// close ends a component: its required fields, its bom-ref, its identities.
func (b *builder) close(index int32, at int, ids *identities) {
	c := b.at(index)
	if c.Type == "" && !ids.typeBad {
		b.defect(sbom.CodeMissing, at, "", "component %s has no type", describe(c))
	}
	if c.Name == "" {
		b.defect(sbom.CodeMissing, at, c.Ref, "component has no name")
	}
	if c.VersionRange() != "" {
		b.checkRange(c, at)
	}
	if !ids.versioned {
		if b.bareCount++; b.bareCount <= maxProblems {
			b.bare = append(b.bare, at)
		}
	}
	settle(c, ids)
	for _, k := range ids.kin {
		// Generators give an ancestor the bom-ref of the part that came of it:
		// that stays unambiguous, since references are to parts.
		if k.ref != c.Ref {
			b.carry(k.ref, k.what, k.at)
		}
	}
	if index == sbom.SubjectIndex || c.Ref == "" {
		return
	}
	if b.refs == nil {
		b.refs = make(map[string]int32)
	}
	if first, ok := b.refs[c.Ref]; ok {
		// A component ends after those nested in it, but stands before them.
		b.twins = append(b.twins, max(first, index))
		index = min(first, index)
	}
	b.refs[c.Ref] = index
}

// identities is what close must know of a component beyond its fields.
type identities struct {
	evidencePURLs []string
	evidenceCPEs  []string
	typeBad       bool
	versioned     bool      // it has a version, if an empty one
	kin           []carrier // the components of its pedigree that have a bom-ref
}

// checkRange holds the rules of bom-1.7 for versionRange: it excludes version
// and asks for isExternal.
func (b *builder) checkRange(c *sbom.Component, at int) {
	if c.Version != "" {
		b.defect(sbom.CodeContradict, at, c.Version, "component %s has a version and a version range", describe(c))
	}
	if !c.External {
		b.defect(sbom.CodeContradict, at, c.VersionRange(), "component %s has a version range and is not external", describe(c))
	}
}

// settle gives a component the identities found in its evidence that differ
// from its own.
func settle(c *sbom.Component, ids *identities) {
	for _, purl := range ids.evidencePURLs {
		if purl != c.PURL && !slices.Contains(c.MorePURL(), purl) {
			c.Detail().MorePURL = append(c.MorePURL(), purl)
		}
	}
	for _, cpe := range ids.evidenceCPEs {
		if !slices.Contains(c.CPE, cpe) {
			c.CPE = append(c.CPE, cpe)
		}
	}
}

// maxIdentities bounds the identities taken from one component's evidence.
const maxIdentities = 256

// describe names a component in a message.
func describe(c *sbom.Component) string {
	switch {
	case c.Name != "":
		return fmt.Sprintf("%q", notation.Short(c.Name))
	case c.Ref != "":
		return fmt.Sprintf("with bom-ref %q", notation.Short(c.Ref))
	default:
		return "without a name"
	}
}
