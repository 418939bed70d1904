// SPDX-License-Identifier: Apache-2.0

// Package spdx reads SPDX 2.1, 2.2 and 2.3 documents into the neutral model of
// package sbom, in the five forms in which they are written:
//
//   - [DecodeJSON], also the form of tools before SPDX 2.2;
//   - [DecodeTagValue];
//   - [DecodeYAML], the keys of JSON in YAML;
//   - [DecodeXML], the keys of JSON as elements;
//   - [DecodeRDF], RDF/XML.
//
// The last three are lowered: written out as the JSON that says the same, with
// the places of the original, and read as that. So one set of rules holds for
// all forms.
//
// # What becomes what
//
// Each package is one sbom.Component, in the order of the file, the described
// one included; files around packages are counted, and only their identifiers
// remembered. In a document that lists files and no package the first 100,000
// files become Document.FileParts: name, SPDXID, checksums and concluded licence,
// Type "file". The table names the JSON keys; the tags of clause 6 to 12
// correspond.
//
//	name, versionInfo, SPDXID          Name, Version, Ref
//	supplier, originator               Supplier, Originator
//	licenseDeclared, licenseConcluded  Licences, the latter Concluded; NONE and
//	                                   NOASSERTION are kept as values
//	checksums                          Hashes, spelt as IANA does
//	externalRefs purl                  PURL, then MorePURL
//	externalRefs cpe22Type, cpe23Type  CPE
//	externalRefs swid, swh             SWID (its tagId), SWHID
//	externalRefs gitoid                Properties "gitoid"
//	externalRefs advisory, fix, url    References "advisories", "fix", "security-url"
//	externalRefs of other types that   References "other"
//	are a URL with "://"
//	downloadLocation                   References "distribution"; "vcs" if it is one of
//	                                   a version control system (git+https://…)
//	homepage                           References "website"
//	validUntilDate                     Support.EndOfSupport
//	sourceInfo                         SourceInfo
//	primaryPackagePurpose              Type, lower case, with '-'
//	creationInfo.creators              Tools; Authors (persons, organisations)
//	creationInfo.created               Created, CreatedAt
//	documentNamespace, name            ID, Name
//	"SBOM type: …" in a comment        Lifecycles, CISA's word in lower case
//	documentDescribes, DESCRIBES,      Subject: the first described element
//	DESCRIBED_BY                       that is a package
//	DEPENDS_ON, *DEPENDENCY_OF,        Dependencies of kind DependsOn
//	HAS_PREREQUISITE, PREREQUISITE_FOR,
//	DYNAMIC_LINK, STATIC_LINK
//	CONTAINS, CONTAINED_BY,            Dependencies of kind Contains
//	PACKAGE_OF, OPTIONAL_COMPONENT_OF
//	ANCESTOR_OF, DESCENDANT_OF         Pedigree of both packages: Ancestors, Descendants
//	VARIANT_OF                         Pedigree of both packages: Variants
//	PATCH_APPLIED                      Pedigree of the patched package: Patches, by the
//	                                   patch's download location, purl or name
//	externalDocumentRefs               External
//
// The other relationships of clause 11 are known and passed over, PATCH_FOR among
// them: it says that a patch exists, not that it was applied. Annotations, comments
// and the texts of licences are checked and not kept, so a level of support that
// is told in free text is not read; neither are builtDate and releaseDate.
//
// The purl reference is read under every category, not only PACKAGE-MANAGER,
// since tools write at least six others. The older reference types
// maven-central, npm, nuget and bower become a package URL where that is exact
// (annex F), and are said to have been read so. NOASSERTION, NONE or UNKNOWN in
// place of an identifier sets NoIdentifierStated, in place of a party sets
// Party.Unknown.
//
// A document with one package describes that package, also if it does not say
// so; with several and no DESCRIBES it has no subject, and a defect.
//
// A relationship to NONE says that there are no others: the component's
// dependencies are stated and "complete"; one to NOASSERTION makes them
// "unknown" (clause 11.1). A relationship with an end in another document
// (DocumentRef-) is counted in Document.Elsewhere, also if no external document
// reference declares that document, which is said.
//
// # Rules
//
// What the clauses and the JSON schemas of 2.2 and 2.3 ask is checked by hand:
// the fields that an element must have (of a package before 2.3 also its licences
// and copyright text), the type of each value that is read and of most that are
// passed over, enumerations, the form of dates, URIs, checksums, identifiers and
// parties, and references: relationships, hasFiles, the file of a snippet, the
// element of an annotation in tag-value, LicenseRef- and DocumentRef- in licence
// expressions. Not checked are the identifiers of the licence list, the name that
// the schema asks of a snippet and clause 9 does not, and that a package whose
// files were analysed has its verification code, which few tools write.
//
// # Leniency
//
// What is wrong with an element costs that element or field and leaves a
// located defect: a supplier without its prefix, an SPDXID without "SPDXRef-",
// with characters it may not have or none at all, a reference to nothing, a
// value of another type, a key written twice or in another case, an unknown
// tag or relationship. A key or tag that is written twice is read twice: lists
// are joined, of single values the last one holds. Two packages of one SPDXID
// are one component in two places if they say the same, else two components
// and a defect, and relationships then mean the first.
//
// The whole document is refused, with a *sbom.SyntaxError, if it is truncated,
// if text or a second document follows, if a <text> is never closed, if it
// passes a limit, or if it is no SPDX 2 document at all.
//
// The JSON form of tools before SPDX 2.2, {"Document": …} with packages inside
// documentDescribes, is read too. In tag-value, line ends may be LF, CR LF or
// CR; tags may come in any order that leaves no doubt to which element they
// belong: an SPDXID before the PackageName or FileName of its element, the
// header after the packages, a package's tags after its files.
//
// # Limits
//
// A document has at most Options.MaxComponents packages, and, from the 10,000th on, at most
// one for every 32 bytes of its text; see Options for the other limits. What is
// lowered may become eight times as long as it is written: aliases of YAML and
// nodes of RDF that many places refer to pass that, and cost the document. YAML
// has at most 2,000,000 entries, RDF 4,000,000 statements, and an xml:base of
// 1,024 bytes. A document type in XML costs the document; nothing is ever fetched.
//
// Byte order marks are the caller's business, and encodings other than UTF-8,
// except those that an XML declaration names. Strings of the result are views of
// the text where possible: the text must not be changed while the document lives.
package spdx

// Options are the limits of a decoder. The zero value means the defaults.
type Options struct {
	MaxDepth      int // nesting of JSON, YAML or XML (RDF/XML: sixteen times as deep); default 256
	MaxString     int // bytes of one text; default 16 MiB
	MaxComponents int // packages; default 2,000,000
}

const (
	defaultMaxString     = 16 << 20
	defaultMaxComponents = 2_000_000

	fewPackages  = 10_000
	leastPackage = 32 // bytes of text
)
