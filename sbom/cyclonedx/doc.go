// SPDX-License-Identifier: Apache-2.0

// Package cyclonedx reads CycloneDX 1.2 to 1.7 in JSON (ECMA-424 and its
// forerunners), 1.0 to 1.7 in XML, and 1.3 to 1.7 in protobuf into the neutral
// model of package sbom. Protobuf is written out as JSON and read as that: a
// place in it is line 1 and the number of the byte.
//
// # What costs what
//
// Lenient element-wise: a value of the wrong type, a word outside an
// enumeration, a date or hash that is none cost that field and leave a located
// [sbom.Defect]. Strict document-wise: a text that is not well-formed, is cut
// off, is followed by more text, declares a document type (XML), lists its
// components in something that is no list, or passes a limit costs the
// document; the error is then a [*sbom.SyntaxError] and there is no Document.
//
// # What becomes what
//
// Listed components become sbom.Component, with their externalReferences,
// evidence.identity (an omniborId as well), pedigree, versionRange, and support
// out of properties; properties of metadata that speak of support are the
// subject's. Services at every depth become sbom.Service, each before those in
// it. Entries of vulnerabilities, and of the vulnerability extension of XML 1.1
// in the document and in components, become sbom.Vulnerability: up to 100,000
// are kept, all are counted. External references of type bom and BOM-Links
// become sbom.ExternalDocument, each document once; the document's other
// references are its References. A component that is "modified" has a Pedigree
// that says so. Of services, what flows ("inbound PHI") and the trust zone are
// kept; their licences, references and properties are checked and passed over.
// Of vulnerabilities, up to 16 ratings each are kept, and the versions said to be
// affected (also by no status: that is the format's default) or unaffected;
// those of unknown status are passed over. A signature of the document
// (JSF: one, signers or chain; XML Signature) becomes sbom.Signature, not
// verified here; those of parts of it are passed over.
//
// Edges that begin or end at a service are no edges between components: they
// become sbom.ServiceEdge, and the entry still counts as stated. A component or
// service on itself, an end that nothing carries, and one at a bom-ref of
// something that is neither component nor service, are said.
//
// What a parts judgement has no use for is checked and passed over: formulas,
// annotations, declarations, definitions, citations, release notes, model
// cards, data, cryptographic properties, patents, tags.
//
// # Rules
//
// The rules of the JSON schemas 1.2 to 1.7 and of the XML schemas 1.0 to 1.7
// are held by hand for what is read: required fields, types, enumerations
// (component and reference types, scope, hash algorithms, licence ids,
// acknowledgement, phase, aggregate, patch and issue types, identity fields,
// data flows, analysis, ratings, signature algorithms), forms (serialNumber,
// version, times, hashes, URLs, confidence, licence expressions), references (bom-refs are unique over
// everything that is read and has one; dependencies, compositions and affects
// must name one), and what excludes what (licence id and name, version and
// versionRange, phase and name). For what JSON passes over, a table has the
// keys of each kind of object with their types and words; XML passes such
// elements over unseen. Text between elements is said, with the first place.
//
// A key or element that no version of the format has in an object of that kind
// is said, each once for each kind. A field that the claimed specVersion does
// not have yet is read, and said once ([sbom.CodeSpec]).
//
// A key that stands twice in one object: lists are read both, of a single value
// the first that is not empty is kept; either way it is said
// ([sbom.CodeKeyTwice]). A key that differs from a known one by case alone is
// read as that one, and said ([sbom.CodeUnknownTag]).
//
// A number where a text belongs is taken as written (version 1.10 stays
// "1.10"), and said.
//
// # Counting
//
// The rules of package sbom, made exact:
//
//   - Components are the entries of components at every depth, those nested
//     beneath metadata.component included. Ancestors in a pedigree, tools,
//     services and the components of formulas are not the product's parts.
//   - An entry that repeats an earlier bom-ref with the same content is the
//     same component in a second place (Details.More). With other content it
//     is a component of its own. Either is said.
//   - metadata.component is listed if an entry has its bom-ref, with the same
//     name and version or the same package URL, or has its package URL. What
//     the entry does not say is then filled in from metadata.component.
//   - If components lists nothing, metadata.component is put into the list
//     itself when it can be looked up (package URL, CPE or SWID) or has
//     components beneath it. A mere name is a title: such a document is empty.
//
// # Limits
//
// Memory grows with the text and no faster than a bounded factor: the number of
// components and of services by Options.MaxComponents and, from the 10,000th on,
// by one for 32 bytes of text; of vulnerabilities, dependencies and defects by
// constants; all else by the text that it needs.
// Strings are views of the text, which must not be changed while the Document
// lives.
package cyclonedx

// Options bound what a document may ask for. Zero means the default.
type Options struct {
	// MaxDepth is how deep components may be nested in components; default 256.
	MaxDepth int
	// MaxString is how many bytes one text may have; default 16 MiB.
	MaxString int
	// MaxComponents is how many components a document may list, and how many
	// services; default 2,000,000.
	MaxComponents int
}

const (
	defaultMaxDepth      = 256
	defaultMaxString     = 16 << 20
	defaultMaxComponents = 2_000_000

	// From fewComponents on, each is to have leastComponent bytes of text on
	// average, which none that says anything comes near.
	fewComponents  = 10_000
	leastComponent = 32
)

func (o Options) withDefaults() Options {
	if o.MaxDepth <= 0 {
		o.MaxDepth = defaultMaxDepth
	}
	if o.MaxString <= 0 {
		o.MaxString = defaultMaxString
	}
	if o.MaxComponents <= 0 {
		o.MaxComponents = defaultMaxComponents
	}
	return o
}
