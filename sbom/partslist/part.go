// SPDX-License-Identifier: Apache-2.0

package partslist

import (
	"slices"
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// part reads one row beneath the heading.
func (l *lister) part(row []cell) {
	if l.isHeading(row) {
		l.defect(sbom.CodeKeyTwice, row[0].at, row[0].text, "the heading stands again between the rows")
		return
	}
	if len(row) == 1 && (row[0].numeric || isNumber(row[0].text)) {
		l.defect(sbom.CodeMissing, row[0].at, row[0].text, "a row holds nothing but a number and is no component")
		return
	}
	p := part{lister: l, c: sbom.Component{Parent: sbom.SubjectIndex, Position: row[0].at}}
	links := len(l.links)
	for i := range row {
		p.cell(&row[i])
	}
	c := &p.c
	if c.Name == "" {
		if c.PURL == "" && len(c.CPE) == 0 && c.SWID() == "" && len(c.SWHID()) == 0 {
			l.links = l.links[:links]
			l.defect(sbom.CodeMissing, row[0].at, row[0].text, "a row has neither a name nor an identifier and is no component")
			return
		}
		l.defect(sbom.CodeMissing, c.Position, c.PURL, "component has no name")
	}
	index, added := l.add(*c)
	if !added {
		l.links = l.links[:links]
		return
	}
	for i := links; i < len(l.links); i++ {
		l.links[i].from = index
	}
	if p.primary {
		l.primary = append(l.primary, index)
	}
}

// A part is a component that is being read from its row.
type part struct {
	*lister
	c       sbom.Component
	filled  [timestampField + 1]bool // by a cell that says something
	primary bool
}

// cell takes one cell into the component.
func (p *part) cell(c *cell) {
	if p.doc.Encoding == sbom.CSV && isFormula(c.text) {
		p.noteFormula(*c)
		// Excel's idiom for "this is text": ="1.10".
		if inner, ok := strings.CutPrefix(c.text, `="`); ok && strings.HasSuffix(inner, `"`) && strings.Count(inner, `"`) == 1 {
			if c.text = strings.TrimSpace(inner[:len(inner)-1]); c.text == "" {
				return
			}
		}
	}
	if c.column >= len(p.columns) {
		p.defect(sbom.CodeUnknownTag, c.at, c.text, "a cell in column %d stands beyond the last heading", c.column+1)
		return
	}
	col := &p.columns[c.column]
	if col.field.single() && p.filled[col.field] {
		if !isUnknown(c.text) && c.text != p.single(col.field) {
			p.defect(sbom.CodeContradict, c.at, c.text, "column %q says something else than an earlier one for the same field", notation.Short(col.heading))
			p.keep(col, c)
		}
		return
	}
	if p.take(col, c) && col.field.single() {
		p.filled[col.field] = true
	}
}

// take sets the field of a column; false if the cell says nothing.
func (p *part) take(col *column, c *cell) bool {
	unknown := isUnknown(c.text)
	switch col.field {
	case unknownField, knownField:
		p.keep(col, c)
	case nameField:
		return p.name(c, unknown)
	case versionField:
		return p.version(c, unknown)
	case supplierField:
		return party(&p.c.Supplier, c, unknown)
	case manufacturerField:
		return party(&p.c.Detail().Manufacturer, c, unknown)
	case publisherField:
		return party(&p.c.Detail().Publisher, c, unknown)
	case authorField:
		p.c.Detail().Authors = append(p.c.Authors(), partyOf(c, unknown))
	case identifierField, purlField, cpeField, swidField, swhidField:
		p.identifiers(col, c, unknown)
	case licenceField, concludedField:
		p.licence(col, c, unknown)
	case hashField:
		if !unknown {
			p.hashes(col, c)
		}
	case levelField, endOfSupportField, endOfLifeField, justificationField:
		// A word such as "unknown" is an answer here, though a poor one.
		if d := p.c.Detail(); d.Support == nil {
			d.Support = &sbom.Support{}
		}
		*p.support(col.field) = c.text
	case parentField, dependsField, relationshipField:
		p.relation(col, c, unknown)
	case documentAuthorField:
		p.documentAuthor(c, unknown)
	case timestampField:
		p.timestamp(col, c, unknown)
	default:
		if unknown {
			return false
		}
		p.plain(col, c)
	}
	return true
}

// plain takes the fields that need no more than their text.
func (p *part) plain(col *column, c *cell) {
	switch col.field {
	case groupField:
		p.c.Group = c.text
	case typeField:
		if p.c.Type = typeOf(c.text); p.c.Type == "" {
			p.keep(col, c)
		}
	case refField:
		p.c.Ref = c.text
	case scopeField:
		switch word := strings.ToLower(c.text); word {
		case "required", "optional", "excluded":
			p.c.Scope = word
		default:
			p.keep(col, c)
		}
	case websiteField:
		p.c.References = append(p.c.References, sbom.Reference{Type: "website", URL: c.text})
	case sourceField:
		p.c.References = append(p.c.References, sbom.Reference{Type: "vcs", URL: c.text})
	case downloadField:
		p.c.References = append(p.c.References, sbom.Reference{Type: "distribution", URL: c.text})
	default: // take has dealt with the others
	}
}

func (p *part) name(c *cell, unknown bool) bool {
	if unknown {
		p.defect(sbom.CodeValue, c.at, c.text, "the name of a component is a word for not known")
		return false
	}
	if strings.ContainsAny(c.text, "\n\r") {
		p.defect(sbom.CodeText, c.at, c.text, "the name of a component has several lines: a quote may be missing or too many")
	}
	p.c.Name, p.c.Position = c.text, c.at
	return true
}

func (p *part) version(c *cell, unknown bool) bool {
	if unknown {
		p.defect(sbom.CodeValue, c.at, c.text, "the version of a component is a word for not known")
		return false
	}
	if strings.ContainsAny(c.text, "\n\r") {
		p.defect(sbom.CodeText, c.at, c.text, "the version of a component has several lines: a quote may be missing or too many")
	}
	if c.numeric {
		if p.numbers++; p.numbers == 1 {
			p.number = *c
		}
	}
	p.c.Version = c.text
	return true
}

// single returns what a field that has one place holds.
func (p *part) single(f field) string {
	switch f {
	case nameField:
		return p.c.Name
	case versionField:
		return p.c.Version
	case groupField:
		return p.c.Group
	case supplierField:
		return p.c.Supplier.Name
	case manufacturerField:
		return p.c.Manufacturer().Name
	case publisherField:
		return p.c.Publisher().Name
	case swidField:
		return p.c.SWID()
	case refField:
		return p.c.Ref
	case levelField, endOfSupportField, endOfLifeField, justificationField:
		return *p.support(f)
	default:
		return ""
	}
}

// support is the place of a field in Support, which is not nil.
func (p *part) support(f field) *string {
	s := p.c.Support()
	switch f {
	case endOfSupportField:
		return &s.EndOfSupport
	case endOfLifeField:
		return &s.EndOfLife
	case justificationField:
		return &s.Justification
	default:
		return &s.Level
	}
}

// keep puts a cell into the properties.
func (p *part) keep(col *column, c *cell) {
	if col.property != "" {
		p.c.Properties = append(p.c.Properties, sbom.Property{Name: col.property, Value: c.text})
	}
}

// party is false if the cell says only that nobody is known, so that a second
// column may say more.
func party(to *sbom.Party, c *cell, unknown bool) bool {
	*to = partyOf(c, unknown)
	return !unknown
}

func partyOf(c *cell, unknown bool) sbom.Party {
	if unknown {
		return sbom.Party{Unknown: true}
	}
	// The forms of SPDX are copied into tables too.
	if rest, ok := strings.CutPrefix(c.text, "Organization:"); ok {
		return sbom.Party{Name: strings.TrimSpace(rest)}
	}
	if rest, ok := strings.CutPrefix(c.text, "Person:"); ok {
		return sbom.Party{Name: strings.TrimSpace(rest), Person: true}
	}
	return sbom.Party{Name: c.text}
}

func (p *part) licence(col *column, c *cell, unknown bool) {
	value := c.text
	if unknown {
		value = "NOASSERTION"
		if strings.EqualFold(c.text, "none") {
			value = "NONE"
		}
	}
	p.c.Licences = append(p.c.Licences, licenceOf(value, col.field == concludedField))
}

const maxHashes = 64 // of one cell

// hashes reads the digests of a cell; what is none is kept as a property.
func (p *part) hashes(col *column, c *cell) {
	if h, ok := hashOf(c.text, col.hash); ok {
		p.c.Hashes = append(p.c.Hashes, h)
		return
	}
	words := strings.FieldsFunc(c.text, func(r rune) bool { return r == ',' || r == ';' || r == '|' || r == '\n' || r == '\r' })
	good := 0
	for _, word := range words[:min(len(words), maxHashes)] {
		if h, ok := hashOf(strings.TrimSpace(word), col.hash); ok {
			p.c.Hashes = append(p.c.Hashes, h)
			good++
		}
	}
	if good < len(words) {
		p.defect(sbom.CodeValue, c.at, c.text, "column %q holds what is no hash of the algorithm that is named or that its length tells", notation.Short(col.heading))
		p.keep(col, c)
	}
}

// identifiers reads the identifiers of a cell, by their form whatever the
// heading says.
func (p *part) identifiers(col *column, c *cell, unknown bool) {
	if unknown {
		p.c.NoIdentifierStated = true
		return
	}
	list, rest := identifiers(c.text)
	if rest != "" {
		p.defect(sbom.CodeValue, c.at, rest, "a cell with more than %d identifiers, the others were not taken", maxIdentifiers)
	}
	for _, id := range list {
		at := *c
		at.text = id.text
		p.identifier(col, &at, id.form)
	}
}

func (p *part) identifier(col *column, c *cell, form field) {
	switch form {
	case purlField:
		if fault := purlFault(c.text); fault != "" {
			p.defect(sbom.CodePURL, c.at, c.text, "package URL is not valid: %s", fault)
		}
		if p.c.PURL == "" {
			p.c.PURL = c.text
		} else if p.c.PURL != c.text {
			p.c.Detail().MorePURL = append(p.c.MorePURL(), c.text)
		}
	case cpeField:
		if fault := notation.CPEFault(c.text); fault != "" {
			p.defect(sbom.CodeCPE, c.at, c.text, "CPE is not valid: %s", fault)
		}
		p.c.CPE = append(p.c.CPE, c.text)
	case swhidField:
		p.c.Detail().SWHID = append(p.c.SWHID(), c.text)
	case swidField:
		p.swid(col, c)
	default:
		p.otherIdentifier(col, c)
	}
}

// otherIdentifier takes what its form does not tell.
func (p *part) otherIdentifier(col *column, c *cell) {
	switch col.field {
	case purlField:
		p.defect(sbom.CodePURL, c.at, c.text, "column %q holds no package URL", notation.Short(col.heading))
	case cpeField:
		p.defect(sbom.CodeCPE, c.at, c.text, "column %q holds no CPE name", notation.Short(col.heading))
	case swhidField:
		p.defect(sbom.CodeValue, c.at, c.text, "column %q holds no SWHID", notation.Short(col.heading))
	case swidField:
		p.swid(col, c)
		return
	default:
		if h, ok := hashOf(c.text, ""); ok {
			p.c.Hashes = append(p.c.Hashes, h)
			return
		}
	}
	p.keep(col, c)
}

func (p *part) swid(col *column, c *cell) {
	if tag := p.c.SWID(); tag != "" && tag != c.text {
		p.keep(col, c)
		return
	}
	p.c.Detail().SWID = c.text
}

const maxAuthors = 100 // of the document

// documentAuthor collects who made the table, which is said on every row.
func (p *part) documentAuthor(c *cell, unknown bool) {
	author := partyOf(c, unknown)
	authors := p.doc.Authors
	if n := len(authors); n > 0 && authors[n-1] == author {
		return
	}
	if slices.Contains(authors, author) {
		return
	}
	if len(authors) == maxAuthors {
		p.defect(sbom.CodeValue, c.at, c.text, "more than %d authors of the document, this one was not taken", maxAuthors)
		return
	}
	p.doc.Authors = append(authors, author)
}

// timestamp takes the first as the document's; others belong to their rows.
func (p *part) timestamp(col *column, c *cell, unknown bool) {
	switch {
	case unknown:
	case p.doc.Created == "":
		p.created(c)
	case p.doc.Created != c.text:
		if p.stamps++; p.stamps == 1 {
			p.stamp = *c
		}
		p.keep(col, c)
	}
}

func (l *lister) created(c *cell) {
	l.doc.Created = c.text
	if l.doc.CreatedAt = timeOf(c.text); l.doc.CreatedAt.IsZero() {
		l.defect(sbom.CodeDate, c.at, c.text, "the time of the document is not of the form 2006-01-02 or 2006-01-02T15:04:05Z")
	}
}

func (l *lister) noteFormula(c cell) {
	if l.formulas++; l.formulas == 1 {
		l.formula = c
	}
}
