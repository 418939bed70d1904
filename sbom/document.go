// SPDX-License-Identifier: Apache-2.0

// Package sbom is the neutral model of a software bill of materials: what a
// document says, where it says it, and what was wrong with it. Decoders fill
// it (packages sbom/cyclonedx, sbom/spdx, sbom/spdx3 and sbom/partslist; sbom/reader
// finds the right one); everything after them reads only this model and never
// the format again.
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
	// PartsList is a table of parts: names and versions in columns. It is no
	// SBOM format, and is said to be none.
	PartsList Format = "parts list"
)

// Encoding is how a document of a Format is spelled.
type Encoding string

// The encodings that are read.
const (
	JSON     Encoding = "json"
	XML      Encoding = "xml"
	TagValue Encoding = "tag-value"
	YAML     Encoding = "yaml"
	RDF      Encoding = "rdf-xml"
	JSONLD   Encoding = "json-ld"
	Protobuf Encoding = "protobuf"
	CSV      Encoding = "csv"
	XLSX     Encoding = "xlsx"
)

// A Document is one SBOM. Strings are as written in the file (white space at
// the ends removed); a field that the file does not have, or that says
// NOASSERTION, is empty unless its comment says otherwise.
type Document struct {
	Path   string `json:"path,omitzero"`   // as the user named it; "-" for standard input
	SHA256 string `json:"sha256,omitzero"` // of the bytes as they lay on disk, lower-case hexadecimal

	Format      Format   `json:"format,omitzero"`
	SpecVersion string   `json:"specVersion,omitzero"` // "1.6", "2.3"
	Encoding    Encoding `json:"encoding,omitzero"`

	ID       string `json:"id,omitzero"`       // CycloneDX serialNumber, SPDX documentNamespace
	Revision string `json:"revision,omitzero"` // CycloneDX version
	Name     string `json:"name,omitzero"`     // SPDX document name

	Created   string    `json:"created,omitzero"` // as written
	CreatedAt time.Time `json:"-"`                // zero if absent or not a time

	Lifecycles []string `json:"lifecycles,omitzero"` // CycloneDX lifecycles phases; for SPDX the "SBOM type" named in a comment
	Tools      []Tool   `json:"tools,omitzero"`
	// Authors are the people and organisations that answer for the document:
	// CycloneDX authors, SPDX creators other than tools.
	Authors      []Party `json:"authors,omitzero"`
	Supplier     Party   `json:"supplier,omitzero"`     // CycloneDX metadata.supplier
	Manufacturer Party   `json:"manufacturer,omitzero"` // CycloneDX metadata.manufacturer or manufacture

	// Subject is the product that the document describes, nil if it names none.
	// If SubjectListed it points into Components; else it stands beside them.
	Subject       *Component `json:"subject,omitzero"`
	SubjectListed bool       `json:"subjectListed,omitzero"`

	Components   []Component   `json:"components,omitzero"`
	Dependencies []Dependency  `json:"dependencies,omitzero"`
	Compositions []Composition `json:"compositions,omitzero"`
	// ServiceEdges are the dependencies with a service at one end or at both, in
	// the order of the document; those between components are in Dependencies.
	ServiceEdges []ServiceEdge `json:"serviceEdges,omitzero"`

	// FileParts are the files of an SPDX document that lists no package: they
	// stand for the components. They are no packages and not in Count, but
	// nothing is known of the product without them. Their Type is "file".
	FileParts []Component `json:"fileParts,omitzero"`

	Services []Service `json:"services,omitzero"` // CycloneDX services, at every depth
	Files    int       `json:"files,omitzero"`    // SPDX files
	// External are the other documents that this one refers to: SPDX
	// externalDocumentRefs, SPDX 3 imports, CycloneDX references of type "bom".
	External []ExternalDocument `json:"external,omitzero"`
	// References are the links of the document itself: CycloneDX
	// externalReferences other than those of type "bom", which are in External.
	References []Reference `json:"references,omitzero"`
	Elsewhere  int         `json:"elsewhere,omitzero"` // SPDX relationships with an end in another document (DocumentRef-)
	// Vulnerabilities are the vulnerabilities and VEX statements inside the
	// document; Statements counts them, also those beyond what is kept.
	Vulnerabilities []Vulnerability `json:"vulnerabilities,omitzero"`
	Statements      int             `json:"statements,omitzero"`
	Signatures      []Signature     `json:"signatures,omitzero"`

	// Wrapping is what the document was taken out of, outermost first: "zip",
	// "gzip", "dsse", "in-toto", "github".
	Wrapping []string `json:"wrapping,omitzero"`

	Defects Defects `json:"defects,omitzero"`
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

// String is the kind in words: "dependsOn", "contains", "provides".
func (k DependencyKind) String() string {
	return [...]string{"dependsOn", "contains", "provides"}[min(k, Provides)]
}

// MarshalText makes JSON hold the word.
func (k DependencyKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// A Dependency is an edge between two components, by index. Reversed
// relationships of SPDX (DEPENDENCY_OF, CONTAINED_BY) are stored turned round.
// Ends that no component carries are not here but a defect of the document.
type Dependency struct {
	From int32          `json:"from"` // index into Components, or SubjectIndex
	To   int32          `json:"to"`
	Kind DependencyKind `json:"kind"`
}

// A ServiceEdge is a dependency with a service at one end or at both. The ends
// are bom-refs as written: services are in no list that an index could count.
type ServiceEdge struct {
	From string         `json:"from"`
	To   string         `json:"to"`
	Kind DependencyKind `json:"kind"`
}

// A Composition states how complete a part of the document is.
type Composition struct {
	// Aggregate is CycloneDX's word: complete, incomplete,
	// incomplete_first_party_only, unknown, not_specified …; SPDX's NOASSERTION
	// relationship becomes "unknown", its NONE "complete".
	Aggregate string `json:"aggregate,omitzero"`
	// Refs are the components it is about; none means the whole document.
	Refs []string `json:"refs,omitzero"`
}

// A Tool made or changed the document.
type Tool struct {
	Vendor  string `json:"vendor,omitzero"`
	Name    string `json:"name,omitzero"`
	Version string `json:"version,omitzero"`
}

// A Service is something that the product offers or calls.
type Service struct {
	Ref     string `json:"ref,omitzero"`
	Group   string `json:"group,omitzero"`
	Name    string `json:"name,omitzero"`
	Version string `json:"version,omitzero"`

	Provider  Party    `json:"provider,omitzero"`
	Endpoints []string `json:"endpoints,omitzero"`
	// Authenticated and CrossesTrustBoundary are "true", "false", or "" if the
	// document does not say.
	Authenticated        string `json:"authenticated,omitzero"`
	CrossesTrustBoundary string `json:"crossesTrustBoundary,omitzero"`
	TrustZone            string `json:"trustZone,omitzero"` // as written
	// Data is what flows: direction and classification, as written ("inbound PHI").
	Data []string `json:"data,omitzero"`

	Position Position `json:"position,omitzero"`
}

// An ExternalDocument is another document that this one refers to. It is never
// fetched.
type ExternalDocument struct {
	ID   string `json:"id,omitzero"`  // the name by which this document calls it: "DocumentRef-base"; may be empty
	URI  string `json:"uri,omitzero"` // namespace, BOM-Link or URL
	Hash Hash   `json:"hash,omitzero"`

	Position Position `json:"position,omitzero"`
}

// A Vulnerability is what the document itself says of a vulnerability: an entry
// of CycloneDX's vulnerabilities, of its 1.1 extension, or an assessment of the
// SPDX 3 security profile. It is a claim of the document's author.
type Vulnerability struct {
	ID      string   `json:"id,omitzero"`
	Aliases []string `json:"aliases,omitzero"` // other names of the same flaw: CycloneDX references, SPDX 3 external identifiers
	Source  string   `json:"source,omitzero"`  // name or URL of the database that the ID is of

	// Affects are the elements it speaks of, as written: bom-refs, spdxIds,
	// package URLs, BOM-Links.
	Affects []string `json:"affects,omitzero"`

	// State is the author's word: CycloneDX analysis.state ("exploitable",
	// "not_affected", "resolved" …), SPDX 3's relationship type. "" is none.
	State         string   `json:"state,omitzero"`
	Justification string   `json:"justification,omitzero"`
	Response      []string `json:"response,omitzero"`
	Detail        string   `json:"detail,omitzero"` // free text of the analysis
	// Fixed are the versions that the document calls unaffected or fixed.
	Fixed []string `json:"fixed,omitzero"`
	// Affected are the versions and ranges that the document calls affected, as
	// written. One of unknown status is in neither list.
	Affected []string `json:"affected,omitzero"`
	// Ratings are what the document says of its severity; decoders bound them.
	Ratings []Rating `json:"ratings,omitzero"`

	Position Position `json:"position,omitzero"`
}

// A Rating is one statement on how severe a vulnerability is, each field as
// written (CycloneDX ratings).
type Rating struct {
	Severity string `json:"severity,omitzero"` // "critical", "high" …
	Score    string `json:"score,omitzero"`    // a number
	Vector   string `json:"vector,omitzero"`   // "CVSS:3.1/AV:N/…"
	Method   string `json:"method,omitzero"`   // "CVSSv31", "OWASP" …
	Source   string `json:"source,omitzero"`   // who rated: name, else URL
}

// SignatureKind is the form of a signature.
type SignatureKind string

// The forms that are recognised; JSF and DSSE can be verified.
const (
	JSF      SignatureKind = "jsf"      // JSON Signature Format 0.82, inside CycloneDX JSON
	DSSE     SignatureKind = "dsse"     // envelope around the document
	XMLDSig  SignatureKind = "xml-dsig" // XML Signature
	Sigstore SignatureKind = "sigstore" // bundle with a certificate in place of a key
)

// SignatureState is what is known of a signature.
type SignatureState string

// The states. A signature that fails when signatures are checked against keys of
// the user is no state: it costs the document.
const (
	SignatureUnverified SignatureState = "unverified" // recognised, not checked
	SignatureIntact     SignatureState = "intact"     // fits the key it brings itself: unchanged, by nobody we know
	SignatureBroken     SignatureState = "broken"     // does not fit the key it brings, or cannot be read
	SignatureTrusted    SignatureState = "trusted"    // verified against a key that the user trusts
)

// A Signature is one signature of the document.
type Signature struct {
	Kind      SignatureKind  `json:"kind"`
	Algorithm string         `json:"algorithm,omitzero"` // as written: "ES256", "Ed25519"; may be empty
	KeyID     string         `json:"keyId,omitzero"`     // as written; may be empty
	State     SignatureState `json:"state"`
	// Key names the trusted key: the file given by the user.
	Key string `json:"key,omitzero"`
	// Reason says why it is not trusted, no full stop; empty if it is.
	Reason string `json:"reason,omitzero"`

	Position Position `json:"position,omitzero"`
}
