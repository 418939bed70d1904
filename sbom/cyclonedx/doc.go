// SPDX-License-Identifier: Apache-2.0

// Package cyclonedx reads CycloneDX 1.2 to 1.7 in JSON (ECMA-424 and its
// forerunners) and 1.0 to 1.7 in XML into the neutral model of package sbom.
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
// Required by the schemas and checked here: bomFormat, specVersion, type and
// name of a component, alg and content of a hash, ref of a dependency,
// aggregate of a composition. Enumerations checked: component type, scope, hash
// algorithm, lifecycle phase, aggregate. A field that the claimed specVersion
// does not have yet is read, and said once ([sbom.CodeSpec]).
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
//     same component in a second place (Component.More). With other content it
//     is a component of its own, and a defect.
//   - metadata.component is listed if an entry has its bom-ref, with the same
//     name and version or the same package URL, or has its package URL. What
//     the entry does not say is then filled in from metadata.component.
//   - If components lists nothing, metadata.component is put into the list
//     itself when it can be looked up (package URL, CPE or SWID) or has
//     components beneath it. A mere name is a title: such a document is empty.
//
// # Limits
//
// Memory grows with the text and no faster than a small factor: components
// below 300 bytes each are bounded by Options.MaxComponents. Strings are views
// of the text, which must not be changed while the Document lives.
package cyclonedx

// Options bound what a document may ask for. Zero means the default.
type Options struct {
	// MaxDepth is how deep components may be nested in components; default 256.
	MaxDepth int
	// MaxComponents is how many components a document may list; default 2,000,000.
	MaxComponents int
}

const (
	defaultMaxDepth      = 256
	defaultMaxComponents = 2_000_000
)

func (o Options) withDefaults() Options {
	if o.MaxDepth <= 0 {
		o.MaxDepth = defaultMaxDepth
	}
	if o.MaxComponents <= 0 {
		o.MaxComponents = defaultMaxComponents
	}
	return o
}
