// SPDX-License-Identifier: Apache-2.0

package sbom

// A Component is one listed part of a product, as the document describes it.
// Documents have very many of them: what few have is in Details.
type Component struct {
	Ref  string // CycloneDX bom-ref, SPDX SPDXID; may be empty
	Type string // CycloneDX type, or SPDX primaryPackagePurpose in lower case with '-' ("operating-system")

	Group   string
	Name    string
	Version string

	PURL string   // first package URL, as written, valid or not
	CPE  []string // 2.2 or 2.3, as written

	Supplier Party

	Licences []Licence
	Hashes   []Hash

	References []Reference // CycloneDX externalReferences, SPDX download location and home page

	// SourceInfo is SPDX sourceInfo: free text in which some generators name
	// the source package of a distribution's binary package.
	SourceInfo string
	Properties []Property

	Scope string // CycloneDX scope: required, optional, excluded

	// Parent is the index of the component that this one is nested in, or
	// SubjectIndex if it stands directly beneath the document or the subject.
	Parent   int32
	External bool // CycloneDX 1.7 isExternal
	// DependenciesStated is true when the document has a dependency entry for
	// this component, even an empty one (a stated leaf).
	DependenciesStated bool
	// NoIdentifierStated is true when an identifier says explicitly that there
	// is none or that it is not known (NOASSERTION, NONE).
	NoIdentifierStated bool

	Position Position

	// Details is nil if the document gives nothing of it. The methods with the
	// names of its fields read them; Detail is for writing.
	Details *Details
}

// Property is a CycloneDX name-value pair.
type Property struct {
	Name  string `json:"name,omitzero"`
	Value string `json:"value,omitzero"`
}

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
	if d := c.Details; d != nil && (d.Manufacturer.Name != "" || d.Manufacturer.Unknown) {
		return d.Manufacturer
	}
	if c.Supplier.Name != "" || c.Supplier.Unknown {
		return c.Supplier
	}
	for _, p := range [...]Party{c.Publisher(), c.Originator()} {
		if p.Name != "" || p.Unknown {
			return p
		}
	}
	if authors := c.Authors(); len(authors) > 0 {
		return authors[0]
	}
	return Party{}
}

// A Party is a person or an organisation.
type Party struct {
	Name   string `json:"name,omitzero"`
	Email  string `json:"email,omitzero"`
	URL    string `json:"url,omitzero"`
	Person bool   `json:"person,omitzero"`
	// Unknown is true when the document says explicitly that the party is not
	// known (NOASSERTION), which is better than silence.
	Unknown bool `json:"unknown,omitzero"`
}

// LicenceKind says in which form a licence was stated.
type LicenceKind uint8

// The forms of a licence.
const (
	LicenceID         LicenceKind = iota // SPDX identifier
	LicenceName                          // free name or URL
	LicenceExpression                    // SPDX expression
)

// String is the form in words: "id", "name", "expression".
func (k LicenceKind) String() string {
	return [...]string{"id", "name", "expression"}[min(k, LicenceExpression)]
}

// MarshalText makes JSON hold the word.
func (k LicenceKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Licence is one stated licence. NOASSERTION is kept as a value: it is
// "stated unknown", not silence.
type Licence struct {
	Kind      LicenceKind `json:"kind"`
	Value     string      `json:"value,omitzero"`
	Concluded bool        `json:"concluded,omitzero"` // else declared, or not said
}

// SupportProperty takes a property of CycloneDX that speaks of support into s,
// making it if it is nil, and reports whether it was one. The first value of a
// field holds. The names are those of the CycloneDX property taxonomy
// (cdx:lifecycle:milestone) and of the proposal for the FDA's fields (cdx:fda).
func SupportProperty(s *Support, name, value string) (*Support, bool) {
	if len(name) < 8 || name[:4] != "cdx:" || value == "" {
		return s, false
	}
	var field func(*Support) *string
	switch name {
	case "cdx:lifecycle:milestone:endOfSupport", "cdx:fda:end-of-support-date":
		field = func(s *Support) *string { return &s.EndOfSupport }
	case "cdx:lifecycle:milestone:endOfLife", "cdx:fda:end-of-life-date":
		field = func(s *Support) *string { return &s.EndOfLife }
	case "cdx:fda:level-of-support":
		field = func(s *Support) *string { return &s.Level }
	case "cdx:fda:justification":
		field = func(s *Support) *string { return &s.Justification }
	default:
		return s, false
	}
	if s == nil {
		s = &Support{}
	}
	if at := field(s); *at == "" {
		*at = value
	}
	return s, true
}

// HasLicence reports whether a licence is stated. NOASSERTION says that none is,
// and so does NONE in practice: tools write it where they did not look.
func (c *Component) HasLicence() bool {
	for _, l := range c.Licences {
		if l.Value != "NOASSERTION" && l.Value != "NONE" && l.Value != "" {
			return true
		}
	}
	return false
}

// Hash is a digest of the component's file. Algorithm is spelled as IANA
// and CycloneDX do: "SHA-256", "SHA-1", "MD5", "BLAKE2b-256".
type Hash struct {
	Algorithm string `json:"algorithm,omitzero"`
	Value     string `json:"value,omitzero"`
}

// A Reference is a link that belongs to a component or document: CycloneDX externalReferences
// with its types ("vcs", "distribution", "website", "advisories",
// "security-contact" …). SPDX's downloadLocation is "distribution", or "vcs" if
// it is one of a version control system; its homepage is "website".
type Reference struct {
	Type string `json:"type,omitzero"`
	URL  string `json:"url,omitzero"`
}

// Evidence is an identity that was found by looking at the component
// (CycloneDX evidence.identity).
type Evidence struct {
	Field string `json:"field,omitzero"` // "purl", "cpe", "name", "version", "hash", "swid", "omniborId", "swhid"
	Value string `json:"value,omitzero"`
	// Confidence is from 0 to 1, as stated; -1 if it is not.
	Confidence float32 `json:"confidence"`
}

// Pedigree is where a component comes from and how it was changed (CycloneDX
// pedigree).
type Pedigree struct {
	Ancestors   []Relative `json:"ancestors,omitzero"`
	Descendants []Relative `json:"descendants,omitzero"`
	Variants    []Relative `json:"variants,omitzero"`

	Commits []string `json:"commits,omitzero"` // uid, else URL
	Patches []Patch  `json:"patches,omitzero"`
	Notes   string   `json:"notes,omitzero"`
	// Modified is true when the document says that the component was changed,
	// if not how (CycloneDX modified, deprecated in favour of the rest).
	Modified bool `json:"modified,omitzero"`
}

// A Relative is a component in a pedigree: not a part of the product.
type Relative struct {
	Group   string `json:"group,omitzero"`
	Name    string `json:"name,omitzero"`
	Version string `json:"version,omitzero"`
	PURL    string `json:"purl,omitzero"`
	CPE     string `json:"cpe,omitzero"`
}

// A Patch is one change to a component. Its type is CycloneDX's: unofficial,
// monkey, backport, cherry-pick.
type Patch struct {
	Type string `json:"type,omitzero"`
	URL  string `json:"url,omitzero"` // of the diff
	// Resolves are the ids of the issues it resolves (CVE-…), as written.
	Resolves []string `json:"resolves,omitzero"`
}

// Support is what the document says of a component's maintenance. Dates are as
// written. Sources: the properties cdx:lifecycle:milestone:* and cdx:fda:*, SPDX
// validUntilDate, SPDX 3 supportLevel and validUntilTime.
type Support struct {
	Level        string `json:"level,omitzero"` // "actively maintained", "noSupport" …
	EndOfSupport string `json:"endOfSupport,omitzero"`
	EndOfLife    string `json:"endOfLife,omitzero"`
	// Justification is why no date can be given.
	Justification string `json:"justification,omitzero"`
}
