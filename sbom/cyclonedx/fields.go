// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// The setters below give a value as read to its field: white space at the ends
// removed, "not known" told from silence, form checked. JSON and XML share them.

func (b *builder) setType(c *sbom.Component, ids *identities, s string, at int) {
	switch {
	case s == "" || knownType(s):
	default:
		ids.typeBad = true
		b.defect(sbom.CodeValue, at, s, "component type is none of CycloneDX's")
	}
	c.Type = s
}

func (b *builder) setText(dst *string, s string, what string, at int) {
	if invisible(s) {
		b.defect(sbom.CodeText, at, s, "%s holds control characters or ones that turn or hide text", what)
	}
	*dst = s
}

func (b *builder) setVersion(c *sbom.Component, s string, at int) {
	if s == notation.NoAssertion {
		return
	}
	b.setText(&c.Version, s, "version", at)
}

func (b *builder) setScope(c *sbom.Component, s string, at int) {
	if s == "" {
		return
	}
	if !knownScope(s) {
		b.defect(sbom.CodeValue, at, s, "scope is none of required, optional and excluded")
		return
	}
	c.Scope = s
}

func (b *builder) setPURL(c *sbom.Component, s string, at int) {
	if s == "" {
		return
	}
	if notation.IsUnknown(s) {
		c.NoIdentifierStated = true
		return
	}
	if fault := notation.PURLFault(s); fault != "" {
		b.defect(sbom.CodePURL, at, s, "package URL of component %s: %s", describe(c), fault)
	}
	c.PURL = s
}

func (b *builder) setCPE(c *sbom.Component, s string, at int) {
	if s == "" {
		return
	}
	if notation.IsUnknown(s) {
		c.NoIdentifierStated = true
		return
	}
	if fault := notation.CPEFault(s); fault != "" {
		b.defect(sbom.CodeCPE, at, s, "CPE of component %s: %s", describe(c), fault)
	}
	one := [1]string{s}
	c.CPE = b.strings.Join(c.CPE, one[:])
}

// setParty gives a name to a party; the words for "not known" give none.
func (b *builder) setParty(p *sbom.Party, name string, at int) {
	if notation.IsUnknown(name) {
		p.Unknown = true
		return
	}
	b.setText(&p.Name, name, "name of a party", at)
}

// The details of a component are made when something is in them: most have none.

func setManufacturer(c *sbom.Component, p sbom.Party) {
	if p != (sbom.Party{}) {
		c.Detail().Manufacturer = p
	}
}

func (b *builder) setPublisher(c *sbom.Component, name string, at int) {
	p := c.Publisher()
	if b.setParty(&p, name, at); p != (sbom.Party{}) {
		c.Detail().Publisher = p
	}
}

func addAuthors(c *sbom.Component, list []sbom.Party) {
	if len(list) > 0 {
		c.Detail().Authors = append(c.Authors(), list...)
	}
}

func setSupport(c *sbom.Component, s *sbom.Support) {
	if s != nil {
		c.Detail().Support = s
	}
}

// hash adds a hash to list if its form allows.
func (b *builder) hash(list []sbom.Hash, algorithm, value string, at int) []sbom.Hash {
	switch {
	case algorithm == "" && value == "":
		b.defect(sbom.CodeMissing, at, "", "hash without algorithm and content")
		return list
	case algorithm == "":
		b.defect(sbom.CodeMissing, at, value, "hash without algorithm")
		return list
	case value == "":
		b.defect(sbom.CodeMissing, at, algorithm, "hash without content")
		return list
	}
	name, digits := notation.HashAlgorithm(algorithm)
	if !knownHash(name) {
		b.defect(sbom.CodeValue, at, algorithm, "hash algorithm is none of CycloneDX's")
		return list
	}
	if name != algorithm {
		b.defect(sbom.CodeValue, at, algorithm, "hash algorithm is spelled %s", name)
	}
	if digits == 0 {
		digits = 64 // of BLAKE3 unless asked for more
	}
	if len(value) != digits || !notation.IsHex(value) {
		b.defect(sbom.CodeValue, at, value, "content is no %s hash, which has %d hexadecimal digits", name, digits)
		return list
	}
	return append(list, sbom.Hash{Algorithm: name, Value: value})
}

// mixed notes a list that holds an expression beside something else: until
// CycloneDX 1.7 it was one expression, or licences.
func (b *builder) mixed(list []sbom.Licence, at int) {
	if len(list) < 2 {
		return
	}
	for i := range list {
		if list[i].Kind == sbom.LicenceExpression {
			b.uses(fieldMixedLicences, at)
			return
		}
	}
}

// licence is one stated licence as either encoding has it.
type licence struct {
	id, name, url, expression, acknowledgement string
	seen                                       bool // there was a license object or an expression
}

// licence adds a licence to list.
func (b *builder) licence(list []sbom.Licence, l *licence, at int) []sbom.Licence {
	concluded := false
	switch l.acknowledgement {
	case "", "declared":
	case "concluded":
		concluded = true
	default:
		b.defect(sbom.CodeValue, at, l.acknowledgement, "licence acknowledgement is neither declared nor concluded")
	}
	if l.id != "" && l.name != "" {
		b.defect(sbom.CodeContradict, at, l.name, "licence has an id and a name")
	}
	if l.expression != "" && (l.id != "" || l.name != "") {
		b.defect(sbom.CodeContradict, at, l.expression, "one entry has a licence and an expression")
	}
	if l.expression != "" && !notation.IsLicenceExpression(l.expression) {
		b.defect(sbom.CodeValue, at, l.expression, "expression of a licence is no SPDX licence expression")
	}
	if l.id != "" && !knownLicence(l.id) {
		b.defect(sbom.CodeValue, at, l.id, "licence id is not on the SPDX licence list")
	}
	n := len(list)
	if l.id != "" {
		list = append(list, sbom.Licence{Kind: sbom.LicenceID, Value: l.id, Concluded: concluded})
	} else if l.name != "" {
		list = append(list, sbom.Licence{Kind: sbom.LicenceName, Value: l.name, Concluded: concluded})
	}
	if l.expression != "" {
		list = append(list, sbom.Licence{Kind: sbom.LicenceExpression, Value: l.expression, Concluded: concluded})
	}
	if len(list) > n {
		return list
	}
	if l.url != "" {
		b.defect(sbom.CodeMissing, at, l.url, "licence has neither id nor name; its URL is kept")
		return append(list, sbom.Licence{Kind: sbom.LicenceName, Value: l.url, Concluded: concluded})
	}
	if l.seen {
		b.defect(sbom.CodeMissing, at, "", "licence has neither id nor name nor expression")
	} else {
		b.defect(sbom.CodeMissing, at, "", "entry of licenses has neither license nor expression")
	}
	return list
}

func (b *builder) property(list []sbom.Property, name, value string, at int) []sbom.Property {
	if name == "" {
		b.defect(sbom.CodeMissing, at, value, "property without name")
		if value == "" {
			return list
		}
	}
	return append(list, sbom.Property{Name: name, Value: value})
}

func (b *builder) setSerial(s string, at int) {
	if s == "" {
		return
	}
	if !isSerial(s) {
		b.defect(sbom.CodeValue, at, s, "serialNumber is not of the form urn:uuid:…")
	}
	b.doc.ID = s
}

func (b *builder) setRevision(s string, at int) {
	if !isRevision(s) {
		b.defect(sbom.CodeValue, at, s, "version of the document is no whole number from 1")
		if s == "" || len(s) > 18 {
			return
		}
	}
	b.doc.Revision = s
}

func (b *builder) setCreated(s string, zoneless bool, at int) {
	if s == "" {
		b.defect(sbom.CodeDate, at, s, "timestamp is empty")
		return
	}
	t, ok := parseTime(s, zoneless)
	if !ok {
		b.defect(sbom.CodeDate, at, s, "timestamp is not of the form 2006-01-02T15:04:05Z (RFC 3339)")
	}
	b.doc.Created, b.doc.CreatedAt = s, t
}

func (b *builder) lifecycle(phase, name string, at int) {
	switch {
	case phase != "" && name != "":
		b.defect(sbom.CodeContradict, at, phase, "lifecycle has a phase and a name")
	case phase == "" && name == "":
		b.defect(sbom.CodeMissing, at, "", "lifecycle has neither phase nor name")
		return
	}
	if phase != "" {
		if !knownPhase(phase) {
			b.defect(sbom.CodeValue, at, phase, "lifecycle phase is none of CycloneDX's")
		}
		name = phase
	}
	b.doc.Lifecycles = append(b.doc.Lifecycles, name)
}

func (b *builder) tool(t sbom.Tool, at int) {
	if t == (sbom.Tool{}) {
		b.defect(sbom.CodeMissing, at, "", "tool without a name")
		return
	}
	b.doc.Tools = append(b.doc.Tools, t)
}

func (b *builder) composition(c sbom.Composition, at int) {
	switch {
	case c.Aggregate == "":
		b.defect(sbom.CodeMissing, at, "", "composition without aggregate")
		return
	case !knownAggregate(c.Aggregate):
		b.defect(sbom.CodeValue, at, c.Aggregate, "aggregate is none of CycloneDX's")
		return
	}
	for _, ref := range c.Refs {
		b.refer(ref, "composition", at)
	}
	b.doc.Compositions = append(b.doc.Compositions, c)
}

// makers settles who made the document's product: metadata.manufacture of 1.2
// to 1.5 is the maker of metadata.component, deprecated in 1.6 in favour of its
// manufacturer; metadata.manufacturer of 1.6 is who made the document.
func (b *builder) makers(manufacture sbom.Party, at int) {
	if manufacture == (sbom.Party{}) {
		return
	}
	if b.doc.Manufacturer == (sbom.Party{}) {
		b.doc.Manufacturer = manufacture
	} else if b.doc.Manufacturer.Name != manufacture.Name {
		b.defect(sbom.CodeContradict, at, manufacture.Name, "metadata has a manufacture and another manufacturer")
	}
	if b.subject != nil && b.subject.Manufacturer() == (sbom.Party{}) {
		b.subject.Detail().Manufacturer = manufacture
	}
}
