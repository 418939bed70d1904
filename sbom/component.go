// SPDX-License-Identifier: Apache-2.0

package sbom

// A Component is one listed part of a product, as the document describes it.
type Component struct {
	Ref  string // CycloneDX bom-ref, SPDX SPDXID; may be empty
	Type string // CycloneDX type, or SPDX primaryPackagePurpose in lower case with '-' ("operating-system")

	Group, Name, Version string

	PURL     string   // first package URL, as written, valid or not
	MorePURL []string // further ones: SPDX references, CycloneDX evidence identities
	CPE      []string // 2.2 or 2.3, as written
	SWID     string   // tagId
	SWHID    []string

	Supplier     Party
	Manufacturer Party
	Publisher    Party
	Originator   Party // SPDX originator
	Authors      []Party

	Licences []Licence
	Hashes   []Hash

	// SourceInfo is SPDX sourceInfo: free text in which some generators name
	// the source package of a distribution's binary package.
	SourceInfo string
	Properties []Property

	Scope    string // CycloneDX scope: required, optional, excluded
	External bool   // CycloneDX 1.7 isExternal

	// Parent is the index of the component that this one is nested in, or
	// SubjectIndex if it stands directly beneath the document or the subject.
	Parent int32
	// DependenciesStated is true when the document has a dependency entry for
	// this component, even an empty one (a stated leaf).
	DependenciesStated bool
	// NoIdentifierStated is true when an identifier says explicitly that there
	// is none or that it is not known (NOASSERTION, NONE).
	NoIdentifierStated bool

	Position Position
	More     []Position // further places with the same id and content
}

// Property is a CycloneDX name-value pair.
type Property struct{ Name, Value string }

// Property returns the first value of the named property, or "".
func (c *Component) Property(name string) string {
	for i := range c.Properties {
		if c.Properties[i].Name == name {
			return c.Properties[i].Value
		}
	}
	return ""
}

// Producer is who makes the component: its manufacturer, else supplier,
// publisher, originator, else the first author. The zero Party if none is named.
func (c *Component) Producer() Party {
	for _, p := range []Party{c.Manufacturer, c.Supplier, c.Publisher, c.Originator} {
		if p.Name != "" || p.Unknown {
			return p
		}
	}
	if len(c.Authors) > 0 {
		return c.Authors[0]
	}
	return Party{}
}

// A Party is a person or an organisation.
type Party struct {
	Name   string
	Email  string
	URL    string
	Person bool
	// Unknown is true when the document says explicitly that the party is not
	// known (NOASSERTION), which is better than silence.
	Unknown bool
}

// LicenceKind says in which form a licence was stated.
type LicenceKind uint8

// The forms of a licence.
const (
	LicenceID         LicenceKind = iota // SPDX identifier
	LicenceName                          // free name or URL
	LicenceExpression                    // SPDX expression
)

// Licence is one stated licence. NOASSERTION is kept as a value: it is
// "stated unknown", not silence.
type Licence struct {
	Kind      LicenceKind
	Value     string
	Concluded bool // else declared, or not said
}

// Hash is a digest of the component's file. Algorithm is spelled as IANA
// and CycloneDX do: "SHA-256", "SHA-1", "MD5", "BLAKE2b-256".
type Hash struct{ Algorithm, Value string }
