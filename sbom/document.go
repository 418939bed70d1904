// SPDX-License-Identifier: Apache-2.0

// Package sbom is the neutral model of a software bill of materials: what a
// document says, where it says it, and what was wrong with it. Decoders fill
// it (packages sbom/cyclonedx and sbom/spdx); everything after them reads only
// this model and never the format again.
//
// Three identities are kept apart. What stands in the file is here, as
// written. What it was parsed into is package purl's business, what it was
// matched as is package match's.
//
// # Counting
//
// The components of a document are its listed components at every depth; for
// SPDX its packages, the described one included. A CycloneDX root that stands
// only in metadata.component is the subject: it is matched and reported, and
// counted only if nothing else is listed. Two entries with one id and the same
// content are one component in two places; with different content they are two
// components and a defect.
package sbom

import (
	"iter"
	"time"
)

// Format is the family of a document.
type Format string

// The formats that are read.
const (
	CycloneDX Format = "CycloneDX"
	SPDX      Format = "SPDX"
)

// Encoding is how a document of a Format is spelled.
type Encoding string

// The encodings that are read.
const (
	JSON     Encoding = "json"
	XML      Encoding = "xml"
	TagValue Encoding = "tag-value"
)

// A Document is one SBOM. Strings are as written in the file (white space at
// the ends removed); a field that the file does not have, or that says
// NOASSERTION, is empty unless its comment says otherwise.
type Document struct {
	Path   string // as the user named it; "-" for standard input
	SHA256 string // of the bytes as they lay on disk, lower-case hexadecimal

	Format      Format
	SpecVersion string // "1.6", "2.3"
	Encoding    Encoding

	ID       string // CycloneDX serialNumber, SPDX documentNamespace
	Revision string // CycloneDX version
	Name     string // SPDX document name

	Created   string    // as written
	CreatedAt time.Time // zero if absent or not a time

	Lifecycles []string // CycloneDX lifecycles phases; for SPDX the "SBOM type" named in a comment
	Tools      []Tool
	// Authors are the people and organisations that answer for the document:
	// CycloneDX authors, SPDX creators other than tools.
	Authors      []Party
	Supplier     Party // CycloneDX metadata.supplier
	Manufacturer Party // CycloneDX metadata.manufacturer or manufacture

	// Subject is the product that the document describes, nil if it names none.
	// If SubjectListed it points into Components; else it stands beside them.
	Subject       *Component
	SubjectListed bool

	Components   []Component
	Dependencies []Dependency
	Compositions []Composition

	Services        int // CycloneDX services, at every depth
	Files           int // SPDX files
	Elsewhere       int // SPDX relationships with an end in another document (DocumentRef-)
	Vulnerabilities int // vulnerabilities or VEX statements inside the document
	Signed          bool

	Defects Defects
}

// Count is the number of components read: the listed ones. A subject that
// stands beside them is not counted, see the package comment.
func (d *Document) Count() int { return len(d.Components) }

// All yields every component once, with its index in Components; the subject
// that is not listed comes first, with SubjectIndex.
func (d *Document) All() iter.Seq2[int32, *Component] {
	return func(yield func(int32, *Component) bool) {
		if d.Subject != nil && !d.SubjectListed && !yield(SubjectIndex, d.Subject) {
			return
		}
		for i := range d.Components {
			if !yield(int32(i), &d.Components[i]) {
				return
			}
		}
	}
}

// SubjectIndex stands for a subject that is not listed among the components.
const SubjectIndex int32 = -1

// DependencyKind says what an edge means.
type DependencyKind uint8

// The kinds of edge, in the direction From → To.
const (
	DependsOn DependencyKind = iota
	Contains
	Provides
)

// A Dependency is an edge between two components, by index. Reversed
// relationships of SPDX (DEPENDENCY_OF, CONTAINED_BY) are stored turned round.
// Ends that no component carries are not here but a defect of the document.
type Dependency struct {
	From, To int32 // index into Components, or SubjectIndex
	Kind     DependencyKind
}

// A Composition states how complete a part of the document is.
type Composition struct {
	// Aggregate is CycloneDX's word: complete, incomplete,
	// incomplete_first_party_only, unknown, not_specified …; SPDX's NOASSERTION
	// relationship becomes "unknown", its NONE "complete".
	Aggregate string
	// Refs are the components it is about; none means the whole document.
	Refs []string
}

// A Tool made or changed the document.
type Tool struct {
	Vendor, Name, Version string
}
