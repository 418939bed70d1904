// SPDX-License-Identifier: Apache-2.0

// Package spdx3 reads SPDX 3.0 documents (3.0.0 and 3.0.1) in JSON-LD into the
// neutral model of package sbom.
//
// # What becomes what
//
// The document is a graph: elements in any order, each at the place where it
// is listed or inline in place of a reference, under any property. Every
// software_Package is one sbom.Component, in the order in which they end in
// the file; ai_AIPackage and dataset_DatasetPackage are packages by
// inheritance. Files are counted; if there is no package at all they are
// FileParts. Snippets, builds and annotations are passed over.
//
//	name, spdxId                       Name, Ref
//	software_packageVersion            Version
//	software_packageUrl,               PURL, then MorePURL
//	externalIdentifier packageUrl
//	externalIdentifier cpe22, cpe23    CPE
//	externalIdentifier swid, swhid,    SWID, SWHID, Properties "gitoid";
//	gitoid; software_contentIdentifier
//	suppliedBy                         Supplier
//	originatedBy                       Originator, further ones Authors
//	verifiedUsing, class Hash, also    Hashes, spelt as IANA does
//	of hasDistributionArtifact's file
//	software_primaryPurpose            Type, lower case, with '-'
//	software_downloadLocation,         References "distribution" or "vcs",
//	software_homePage, externalRef     "website"; see referenceType
//	software_sourceInfo                SourceInfo
//	supportLevel, validUntilTime       Support.Level, Support.EndOfSupport
//	extension_cdxProperty              Properties, and Support
//	hasDeclaredLicense,                Licences, the latter Concluded; sets,
//	hasConcludedLicense                WITH and '+' are written as expressions;
//	                                   NONE and NOASSERTION are kept as values
//	SpdxDocument spdxId, name          ID, Name; else of the first software_Sbom
//	creationInfo specVersion, created  SpecVersion, Created, CreatedAt
//	creationInfo createdBy             Authors; software agents are Tools
//	creationInfo createdUsing          Tools
//	software_sbomType                  Lifecycles
//	rootElement, describes             Subject: the first that is a package,
//	                                   also through a software_Sbom
//	import                             External
//	dependsOn, hasStaticLink, has-     Dependencies of kind DependsOn
//	DynamicLink, hasPrerequisite, has-
//	OptionalDependency, hasProvided-
//	Dependency
//	contains, hasOptionalComponent     Dependencies of kind Contains
//	completeness of these              Compositions: complete, incomplete,
//	                                   noAssertion is "unknown"
//	security_Vex…Relationship          Vulnerabilities, one a statement
//	security_Vulnerability             Vulnerabilities, if no statement is of it
//
// The creation information is that of the SpdxDocument, else of the first
// software_Sbom, else the first of all. Without a specVersion the version in
// the address of the context is taken. NoneElement as the end of a dependency
// says that there are no others, NoAssertionElement that they are not known.
// Relationships with an end that the SpdxDocument imports are counted in
// Elsewhere.
//
// Statements counts the VEX statements and the vulnerabilities without one.
// Other assessments (CVSS, EPSS, SSVC, exploit catalogues) say nothing of the
// product and are passed over.
//
// # JSON-LD
//
// No context is ever fetched: the terms of spdx.org are built in, in compact
// form (software_Package) and as IRIs, with @value, @id, @list and @set.
// Prefixes and terms that a context in the document defines are understood; a
// context at another address is a defect. Objects inside an element do not
// have a context of their own: what they define holds for the rest of the
// text.
//
// # Leniency
//
// What is wrong with an element costs that element or field and leaves a
// located defect: ids that are no IRI, references to nothing, values outside
// an enumeration, names in the spelling of SPDX 2 or of another namespace,
// missing fields. Spellings that were understood are said once each, values
// that were lost each time. An element inline in another may do without
// creationInfo. An object of no or an unknown type is what its property asks
// for; in the graph it is a package if it has a property of packages. One that
// says nothing at all is a defect and no more.
//
// Of a single value that is written twice the last one holds. Two elements of
// one spdxId that say the same, or of which one repeats a part of the other,
// are one in two places; else they are two and a defect, and references mean
// the first.
//
// The whole document is refused, with a *sbom.SyntaxError, if it is truncated,
// if something follows it, if it passes a limit, or if it is no SPDX 3.
//
// # Limits
//
// Besides Options: from the 10,000th on a document has at most one package
// for every 32 bytes of its text, and what shared references expand to is
// bounded by the length of the text. Byte order marks and encodings other
// than UTF-8 are the caller's business. Strings of the result are views of
// the text where possible: the text must not be changed while the document
// lives.
package spdx3

// Options are the limits of Decode. The zero value means the defaults.
type Options struct {
	MaxDepth      int // nesting of arrays and objects; default 256
	MaxString     int // bytes of one string; default 16 MiB
	MaxComponents int // packages; default 2,000,000
}

const (
	defaultMaxComponents = 2_000_000

	fewComponents  = 10_000
	leastComponent = 32 // bytes of text
)
