// SPDX-License-Identifier: Apache-2.0

package spdx3

import (
	"slices"
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// components makes a component of every package; of every file if there is no
// package.
func (d *decoder) components() {
	packages, files := 0, 0
	for i := range d.nodes {
		n := &d.nodes[i]
		switch {
		case n.same != int32(i):
		case n.class.isPackage():
			packages++
		case n.class == classFile:
			files++
		}
	}
	d.doc.Files = files
	d.component = make([]int32, len(d.nodes))
	for i := range d.component {
		d.component[i] = -1
	}
	switch {
	case packages > 0:
		d.doc.Components = d.describe(packages, class.isPackage)
	case files > d.most:
		d.err = &sbom.SyntaxError{Position: d.begin, Message: d.tooMany("files"), Remedy: remedyLimit}
	case files > 0:
		d.doc.FileParts = d.describe(files, func(c class) bool { return c == classFile })
	}
}

// describe makes the components of the classes wanted, and enters them.
func (d *decoder) describe(n int, wanted func(class) bool) []sbom.Component {
	list := make([]sbom.Component, 0, n)
	for i := range d.nodes {
		if d.nodes[i].same != int32(i) || !wanted(d.nodes[i].class) {
			continue
		}
		d.component[i] = int32(len(list))
		list = append(list, sbom.Component{Parent: sbom.SubjectIndex, Position: d.nodes[i].at})
		d.fill(&list[len(list)-1], &d.nodes[i])
		if d.err != nil {
			return nil
		}
	}
	for i := range d.nodes {
		if n := &d.nodes[i]; n.same != int32(i) {
			if c := d.component[d.owner(int32(i))]; c >= 0 {
				list[c].Detail().More = append(list[c].More(), n.at)
			}
		}
	}
	return list
}

// fill reads the properties of a package or file.
func (d *decoder) fill(c *sbom.Component, n *node) {
	if n.id != noID {
		c.Ref = d.ids.names[n.id]
	}
	switch n.class {
	case classFile:
		c.Type = "file"
	case classAIPackage:
		c.Type = "model"
	case classDataset:
		c.Type = "data"
	default:
	}
	d.ofPackage(c, n)
	for i := range n.slots {
		s := &n.slots[i]
		switch s.prop {
		case propName:
			c.Name = notation.Stated(s.text)
		case propVersion:
			c.Version = notation.Stated(s.text)
		case propSourceInfo:
			c.SourceInfo = notation.Stated(s.text)
		case propPurpose:
			if n.class != classFile && s.text != "" {
				c.Type = dashed(s.text)
			}
		case propSupportLevel:
			d.support(c).Level = joined(d.support(c).Level, s.text)
		case propValidUntil:
			d.support(c).EndOfSupport = s.text
		case propSuppliedBy:
			c.Supplier = d.party(s).Party
		case propOriginatedBy:
			d.originator(c, d.party(s).Party)
		case propExternalIdentifier:
			d.identifier(c, s)
		case propContentIdentifier:
			d.contentIdentifier(c, s)
		case propVerifiedUsing:
			if h, ok := d.hash(s); ok {
				d.hashes.Add(h)
			} else {
				d.contentIdentifier(c, s)
			}
		case propExternalRef:
			d.externalReference(s)
		case propExtension:
			d.extension(c, s)
		case propDownload:
			if url := notation.Stated(s.text); url != "" {
				kind := "distribution"
				if notation.IsVersionControl(url) {
					kind = "vcs"
				}
				d.links.Add(sbom.Reference{Type: kind, URL: url})
			}
		case propHomePage:
			if url := notation.Stated(s.text); url != "" {
				d.links.Add(sbom.Reference{Type: "website", URL: url})
			}
		default: // software_packageUrl is read; the rest is of other elements
		}
	}
	c.Hashes, c.References, c.CPE = d.hashes.Take(), d.links.Take(), d.cpes.Take()
}

// ofPackage reads software_packageUrl, which comes before what identifiers say.
func (d *decoder) ofPackage(c *sbom.Component, n *node) {
	s := n.last(propPURL)
	switch {
	case s == nil || s.text == "":
	case !stands(s.text):
		c.NoIdentifierStated = true
	default:
		d.purl(c, s)
	}
}

// purl adds a package URL, once.
func (d *decoder) purl(c *sbom.Component, s *slot) {
	if fault := notation.PURLFault(s.text); fault != "" {
		d.defect(sbom.CodePURL, s.at, s.text, "%s is no package URL: %s", s.prop.name(), fault)
	}
	switch {
	case c.PURL == "":
		c.PURL = s.text
	case c.PURL != s.text && (len(c.MorePURL()) > fewSlots || !slices.Contains(c.MorePURL(), s.text)):
		c.Detail().MorePURL = append(c.MorePURL(), s.text)
	}
}

func (d *decoder) support(c *sbom.Component) *sbom.Support {
	details := c.Detail()
	if details.Support == nil {
		details.Support = &sbom.Support{}
	}
	return details.Support
}

// joined adds a word to a list in one string, which stays short.
func joined(list, word string) string {
	switch {
	case list == "":
		return word
	case word == "" || len(list) > len(notation.NoAssertion)*len(supportLevels):
		return list
	}
	return list + ", " + word
}

func (d *decoder) originator(c *sbom.Component, p sbom.Party) {
	switch {
	case p == sbom.Party{}:
	case c.Originator() == sbom.Party{}:
		c.Detail().Originator = p
	default:
		c.Detail().Authors = append(c.Authors(), p)
	}
}

// identifier reads an external identifier of a package, inline or by
// reference.
func (d *decoder) identifier(c *sbom.Component, ref *slot) {
	i := d.follow(ref)
	if i < 0 || d.nodes[i].class != classIdentifier {
		return
	}
	n := &d.nodes[i]
	s := n.last(propIdentifier)
	if s == nil || s.text == "" {
		return
	}
	d.spend(len(s.text), ref.at)
	kind := n.text(propIdentifierType)
	if !stands(s.text) {
		switch kind {
		case "packageUrl", "cpe22", "cpe23":
			c.NoIdentifierStated = true
		}
		return
	}
	switch kind {
	case "packageUrl":
		d.purl(c, s)
	case "cpe22", "cpe23":
		if fault := notation.CPEFault(s.text); fault != "" {
			d.defect(sbom.CodeCPE, s.at, s.text, "an identifier of type %s is no CPE: %s", kind, fault)
		}
		d.cpes.Add(s.text)
	case "swid":
		c.Detail().SWID = strings.TrimPrefix(s.text, "swid:")
	case "swhid":
		c.Detail().SWHID = append(c.SWHID(), s.text)
	case "gitoid":
		c.Properties = append(c.Properties, sbom.Property{Name: "gitoid", Value: s.text})
	default:
		d.misplaced(c, s, kind)
	}
}

// misplaced reads an identifier that stands under another type than its own.
func (d *decoder) misplaced(c *sbom.Component, s *slot, kind string) {
	switch {
	case notation.IsPURL(s.text):
		d.defect(sbom.CodeValue, s.at, kind, "a package URL stands in an identifier that is not of type packageUrl")
		d.purl(c, s)
	case notation.IsCPE(s.text):
		d.defect(sbom.CodeValue, s.at, kind, "a CPE stands in an identifier that is not of type cpe22 or cpe23")
		d.cpes.Add(s.text)
	}
}

func (d *decoder) contentIdentifier(c *sbom.Component, ref *slot) {
	i := d.follow(ref)
	if i < 0 || d.nodes[i].class != classContentIdentifier {
		return
	}
	n := &d.nodes[i]
	value := n.text(propContentValue)
	d.spend(len(value), ref.at)
	switch {
	case !stands(value):
	case n.text(propContentType) == "swhid":
		c.Detail().SWHID = append(c.SWHID(), value)
	case n.text(propContentType) == "gitoid":
		c.Properties = append(c.Properties, sbom.Property{Name: "gitoid", Value: value})
	}
}

// hash reads a Hash; ok is false for another integrity method, and for one
// that says nothing.
func (d *decoder) hash(ref *slot) (h sbom.Hash, ok bool) {
	i := d.follow(ref)
	if i < 0 || d.nodes[i].class != classHash {
		return h, false
	}
	n := &d.nodes[i]
	h.Value = n.text(propHashValue)
	algorithm := n.text(propAlgorithm)
	d.spend(len(h.Value)+len(algorithm), ref.at)
	if h.Algorithm, _ = notation.HashAlgorithm(algorithm); h.Algorithm == "" {
		h.Algorithm = algorithm
	}
	return h, stands(h.Value) && stands(h.Algorithm)
}

func (d *decoder) externalReference(ref *slot) {
	i := d.follow(ref)
	if i < 0 || d.nodes[i].class != classReference {
		return
	}
	n := &d.nodes[i]
	kind := referenceType(n.text(propReferenceType))
	for j := range n.slots {
		if s := &n.slots[j]; s.prop == propLocator && stands(s.text) {
			d.spend(len(s.text), ref.at)
			d.links.Add(sbom.Reference{Type: kind, URL: s.text})
		}
	}
}

// extension reads the properties of CycloneDX that SPDX 3 can carry.
func (d *decoder) extension(c *sbom.Component, ref *slot) {
	i := d.follow(ref)
	if i < 0 || d.nodes[i].class != classCdxProperties {
		return
	}
	n := &d.nodes[i]
	for j := range n.slots {
		s := &n.slots[j]
		if s.prop != propCdxProperty {
			continue
		}
		if k := d.follow(s); k >= 0 {
			name, value := d.nodes[k].text(propCdxName), d.nodes[k].text(propCdxValue)
			d.spend(len(name)+len(value), ref.at)
			c.Properties = append(c.Properties, sbom.Property{Name: name, Value: value})
			if s, ok := sbom.SupportProperty(c.Support(), name, value); ok {
				c.Detail().Support = s
			}
		}
	}
}
