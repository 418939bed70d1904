// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"strings"

	"github.com/medsbom/medsbom/internal/arena"
	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// packages is what the builder knows about the packages besides the finished
// components: identifiers, and the parts of the package that is being read.
type packages struct {
	first  map[string]int32 // SPDXID without its prefix, to the first package of it
	latest map[string]int32 // the same, to the latest one of another content

	open      bool   // the last component is being read
	ref       string // SPDXID of the package closed last
	seen      field
	declared  string
	concluded string
	download  string
	homepage  string
	analyzed  string           // filesAnalyzed: "true", "false", or "" if it is not said
	links     []sbom.Reference // from external references
	exact     []string         // package URLs made from older reference types
	lacking   []lacking

	purls   arena.Slices[string]
	cpes    arena.Slices[string]
	swhids  arena.Slices[string]
	hashes  arena.Slices[sbom.Hash]
	terms   arena.Slices[sbom.Licence]
	notes   arena.Slices[sbom.Property]
	targets arena.Slices[sbom.Reference]
	support arena.Slices[sbom.Support]
}

// lacking remembers a package without fields that are mandatory before SPDX 2.3:
// the version may stand after the packages.
type lacking struct {
	index int32
	seen  field
}

// openPackage begins a package whose first byte is at offset.
func (b *builder) openPackage(offset int) {
	b.closePackage()
	at := b.at(offset)
	if len(b.doc.Components) >= b.maxPackages() && b.err == nil {
		b.tooMany(at)
	}
	if len(b.doc.Components) == cap(b.doc.Components) {
		b.growComponents(offset)
	}
	b.doc.Components = append(b.doc.Components, sbom.Component{Parent: sbom.SubjectIndex, Position: at})
	p := &b.packages
	p.open, p.seen, p.declared, p.concluded, p.exact = true, 0, "", "", p.exact[:0]
	p.download, p.homepage, p.analyzed, p.links = "", "", "", p.links[:0]
	b.dropFiles()
}

// growComponents makes room for as many components as the rest of the text
// will have if it goes on like this, within bounds that keep a text that
// misleads the estimate from costing more than its size warrants.
func (b *builder) growComponents(offset int) {
	const least = 16
	n := len(b.doc.Components)
	want := least
	if n > 0 && offset > 0 {
		want = n + int(float64(n)*float64(b.size-offset)/float64(offset)*1.05)
		want = min(max(want, n+n/2+least), 6*n)
	}
	grown := make([]sbom.Component, n, min(want, max(b.maxPackages(), n)+1))
	copy(grown, b.doc.Components)
	b.doc.Components = grown
}

// current is the package that is being read.
func (b *builder) current() *sbom.Component { return &b.doc.Components[len(b.doc.Components)-1] }

// closePackage finishes the package that is being read, if one is.
func (b *builder) closePackage() {
	p := &b.packages
	if !p.open {
		return
	}
	p.open = false
	c := b.current()
	for _, purl := range p.exact {
		b.purl(c, purl)
	}
	for _, value := range [...]struct {
		text      string
		concluded bool
	}{{p.declared, false}, {p.concluded, true}} {
		if value.text != "" {
			l, _ := licence(value.text, value.concluded)
			p.terms.Add(l)
		}
	}
	b.link(c)
	if purls := p.purls.Take(); purls != nil {
		c.Detail().MorePURL = purls
	}
	if ids := p.swhids.Take(); ids != nil {
		c.Detail().SWHID = ids
	}
	c.CPE, c.Hashes, c.Licences, c.Properties = p.cpes.Take(), p.hashes.Take(), p.terms.Take(), p.notes.Take()
	p.ref = c.Ref
	if b.register(c) {
		return
	}
	if c.Name == "" {
		b.defect(sbom.CodeMissing, c.Position, c.Ref, "a package lacks its name")
	}
	if c.Ref == "" {
		b.defect(sbom.CodeMissing, c.Position, c.Name, "a package lacks its SPDXID")
	}
	if p.seen&fieldDownload == 0 {
		b.defect(sbom.CodeMissing, c.Position, c.Name, "a package lacks its download location")
	}
	if p.analyzed == "false" && p.seen&fieldVerification != 0 { // clause 7.9
		b.defect(sbom.CodeContradict, c.Position, c.Name, "a package whose files were not analysed has a verification code")
	}
	if p.seen&licenceFields != licenceFields && b.doc.SpecVersion != "2.3" {
		p.lacking = append(p.lacking, lacking{int32(len(b.doc.Components) - 1), p.seen})
	}
}

// licenceFields are mandatory before SPDX 2.3 (clauses 3.13, 3.15 and 3.17 of 2.2).
const licenceFields = fieldDeclared | fieldConcluded | fieldCopyright

// requireLicences says which packages lack the licence fields, where the version
// of the document asks for them.
func (b *builder) requireLicences() {
	if b.doc.SpecVersion != "2.1" && b.doc.SpecVersion != "2.2" {
		return
	}
	for _, l := range b.packages.lacking {
		c := &b.doc.Components[l.index]
		var names []string
		for _, f := range [...]struct {
			bit  field
			name string
		}{{fieldDeclared, "declared licence"}, {fieldConcluded, "concluded licence"}, {fieldCopyright, "copyright text"}} {
			if l.seen&f.bit == 0 {
				names = append(names, f.name)
			}
		}
		b.defect(sbom.CodeMissing, c.Position, c.Name, "a package lacks its %s, mandatory in SPDX %s", strings.Join(names, ", its "), b.doc.SpecVersion)
	}
}

// link makes the references of a component: download location and home page
// first, whatever the order of the file.
func (b *builder) link(c *sbom.Component) {
	p := &b.packages
	if location := notation.Stated(p.download); location != "" {
		kind := "distribution"
		if notation.IsVersionControl(location) {
			kind = "vcs"
		}
		p.targets.Add(sbom.Reference{Type: kind, URL: location})
	}
	if page := notation.Stated(p.homepage); page != "" {
		p.targets.Add(sbom.Reference{Type: "website", URL: page})
	}
	for _, l := range p.links {
		p.targets.Add(l)
	}
	c.References = p.targets.Take()
}

// location takes the download location or the home page of the open package.
func (b *builder) location(to *string, value, what string, offset int) {
	if *to = value; notation.Stated(value) != "" && !isURI(value) {
		b.defect(sbom.CodeValue, b.at(offset), value, "the %s of a package is neither a URI nor NONE nor NOASSERTION", what)
	}
}

// validUntil takes the end of support of the open package (clause 7.27).
func (b *builder) validUntil(value string, offset int) {
	b.date(value, "validUntilDate of a package", offset)
	if value = notation.Stated(value); value != "" {
		b.packages.support.Add(sbom.Support{EndOfSupport: value})
		b.current().Detail().Support = &b.packages.support.Take()[0]
	}
}

// verificationCode checks the code of a package: a SHA1 (clause 7.9).
func (b *builder) verificationCode(value string, at sbom.Position) {
	switch {
	case value == "":
		b.defect(sbom.CodeMissing, at, "", "a package verification code lacks its value")
		b.packages.seen &^= fieldVerification // one fault, not two
	case len(value) != 40 || !notation.IsHex(value):
		b.defect(sbom.CodeValue, at, value, "a package verification code is no SHA-1 value in hexadecimal digits")
	}
}

// register enters the SPDXID of the last component. If a component of this
// SPDXID and content is there already it gets the further place, the last one
// is taken away again, and register reports true.
func (b *builder) register(c *sbom.Component) (merged bool) {
	if c.Ref == "" {
		return false
	}
	p := &b.packages
	id := bareID(c.Ref)
	index := int32(len(b.doc.Components) - 1)
	first, twice := p.first[id]
	if !twice {
		p.first[id] = index
		return false
	}
	// only the first and the latest are compared: all of them would be
	// quadratic in a document made for that
	for _, earlier := range [...]int32{first, p.latestOf(id, first)} {
		if e := &b.doc.Components[earlier]; sameContent(e, c) {
			e.Detail().More = append(e.More(), c.Position)
			*c = sbom.Component{}
			b.doc.Components = b.doc.Components[:index]
			return true
		}
	}
	b.defect(sbom.CodeDuplicate, c.Position, c.Ref, "two packages with different content have one SPDXID")
	if p.latest == nil {
		p.latest = make(map[string]int32)
	}
	p.latest[id] = index
	return false
}

func (p *packages) latestOf(id string, first int32) int32 {
	if i, ok := p.latest[id]; ok {
		return i
	}
	return first
}

// sameContent reports whether two components differ in their place only.
func sameContent(a, b *sbom.Component) bool {
	if a.Ref != b.Ref || a.Name != b.Name || a.Version != b.Version || a.PURL != b.PURL {
		return false
	}
	return sbom.SameContent(a, b)
}

func (b *builder) packageID(id string, offset int) {
	if b.current().Ref = id; id != "" {
		b.checkID(id, "a package", offset)
	}
}

func (b *builder) party(to *sbom.Party, value, role string, offset int) {
	party, kind, exact := parseParty(value)
	if !exact || kind == tool {
		b.defect(sbom.CodeParty, b.at(offset), value, `the %s of a package is not of the form "Organization: …" or "Person: …"`, role)
	}
	*to = party
}

func (b *builder) originator(c *sbom.Component, value string, offset int) {
	p := c.Originator()
	if b.party(&p, value, "originator", offset); p != c.Originator() {
		c.Detail().Originator = p
	}
}

func (b *builder) declared(value string, concluded bool, offset int) {
	if concluded {
		b.packages.concluded = value
	} else {
		b.packages.declared = value
	}
	if value == "" {
		return
	}
	if _, ok := licence(value, concluded); !ok {
		b.defect(sbom.CodeValue, b.at(offset), value, "a licence is no SPDX licence expression")
	}
	b.useLicences(value, offset)
}

func (b *builder) purpose(value string, offset int) {
	kind, ok := purpose(value)
	if !ok {
		b.defect(sbom.CodeValue, b.at(offset), value, "the primary purpose of a package is none of SPDX's")
	}
	b.current().Type = kind
}

// hash adds a checksum to the open package.
func (b *builder) hash(algorithm, value string, at sbom.Position) {
	if h, ok := b.checksum(algorithm, value, at); ok {
		b.packages.hashes.Add(h)
	}
}

// checksum reads a checksum. Algorithm and value may have blanks around them. ok
// is false if it says nothing.
func (b *builder) checksum(algorithm, value string, at sbom.Position) (h sbom.Hash, ok bool) {
	algorithm, value = strings.TrimSpace(algorithm), strings.TrimSpace(value)
	if !stands(algorithm) || !stands(value) {
		if algorithm == "" || value == "" {
			b.defect(sbom.CodeMissing, at, value, "a checksum lacks its algorithm or its value")
		}
		return sbom.Hash{}, false
	}
	spelt, digits, known := hashAlgorithm(algorithm)
	switch {
	case !known:
		b.defect(sbom.CodeValue, at, algorithm, "a checksum algorithm is none of SPDX's")
	case !notation.IsHex(value), digits != 0 && len(value) != digits:
		b.defect(sbom.CodeValue, at, value, "a checksum is no %s value in hexadecimal digits", spelt)
	}
	return sbom.Hash{Algorithm: spelt, Value: value}, true
}

func (b *builder) note(name, value string) {
	if value = notation.Stated(value); value != "" {
		b.packages.notes.Add(sbom.Property{Name: name, Value: value})
	}
}
