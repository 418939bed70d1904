// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spdx/tools-golang/convert"
	spdxjson "github.com/spdx/tools-golang/json"
	spdx "github.com/spdx/tools-golang/spdx/common"
	"github.com/spdx/tools-golang/spdx/v2/common"
	"github.com/spdx/tools-golang/spdx/v2/v2_1"
	"github.com/spdx/tools-golang/spdx/v2/v2_2"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"
	"github.com/spdx/tools-golang/spdx/v3/v3_0"
	"github.com/spdx/tools-golang/tagvalue"
	"github.com/spdx/tools-golang/yaml"

	"github.com/medsbom/medsbom/sbom"
)

const noAssertion = "NOASSERTION"

var (
	groupInName = loss{"SPDX has no group: it stands in the name", func(s *software, all *facts) {
		for i := range s.parts {
			p := &s.parts[i]
			if p.group == "" {
				continue
			}
			at := slices.IndexFunc(all.Parts, func(f fact) bool { return f.Name == p.name })
			all.Parts[at].Group, all.Parts[at].Name = "", p.fullName()
			for j, edge := range all.Edges {
				from, to, _ := strings.Cut(edge, " -> ")
				if from == p.name {
					from = p.fullName()
				}
				if to == p.name {
					to = p.fullName()
				}
				all.Edges[j] = from + " -> " + to
			}
		}
	}}
	namesAreRefs = each("SPDX has no free names of licences, only LicenseRef-", func(p *part, f *fact) {
		f.Licences = p.spdxLicence()
	})
	noDates   = each("SPDX has no date of the end of support before 2.3", func(_ *part, f *fact) { f.EndOfSupport = "" })
	noPurpose = each("SPDX has no purpose before 2.3: nothing tells which package is the operating system", func(p *part, f *fact) {
		if !strings.Contains(p.purl, "distro=") {
			for i, identity := range f.Identities {
				if known := strings.NewReplacer("Debian:11 ", "Debian ", "Alpine:v3.14 ", "Alpine ").Replace(identity); known != identity {
					f.Identities[i] = strings.Replace(known, "strong", "weak", 1)
				}
			}
		}
	})
)

// spdxForms are those that tools-golang writes, and RDF/XML and XML, which it
// does not.
func spdxForms() []writtenForm {
	losses := []loss{groupInName, namesAreRefs}
	early := append(slices.Clip(losses), noDates, noPurpose)
	type writer = func(doc spdx.AnyDocument, w io.Writer) error
	toJSON := func(doc spdx.AnyDocument, w io.Writer) error { return spdxjson.Write(doc, w) }
	toGraph := func(doc spdx.AnyDocument, w io.Writer) error { return doc.(*v3_0.Document).ToJSON(w) }
	var out []writtenForm
	for _, f := range []struct {
		name   string
		losses []loss
		empty  func() spdx.AnyDocument
		write  writer
	}{
		{"2.1 tag-value", early, func() spdx.AnyDocument { return new(v2_1.Document) }, tagvalue.Write},
		{"2.2 JSON", early, func() spdx.AnyDocument { return new(v2_2.Document) }, toJSON},
		{"2.2 YAML", early, func() spdx.AnyDocument { return new(v2_2.Document) }, yaml.Write},
		{"2.2 tag-value", early, func() spdx.AnyDocument { return new(v2_2.Document) }, tagvalue.Write},
		{"2.3 JSON", losses, func() spdx.AnyDocument { return new(v2_3.Document) }, toJSON},
		{"2.3 YAML", losses, func() spdx.AnyDocument { return new(v2_3.Document) }, yaml.Write},
		{"2.3 tag-value", losses, func() spdx.AnyDocument { return new(v2_3.Document) }, tagvalue.Write},
		{"2.3 XML", losses, func() spdx.AnyDocument { return new(v2_3.Document) }, writeSPDXXML},
		{"2.3 RDF/XML", losses, func() spdx.AnyDocument { return new(v2_3.Document) }, writeSPDXRDF},
		{"3.0.1 JSON-LD", losses, func() spdx.AnyDocument { return new(v3_0.Document) }, toGraph},
	} {
		out = append(out, writtenForm{name: "SPDX " + f.name, losses: f.losses, write: func(s *software) ([]byte, error) {
			doc := f.empty()
			if err := convert.Document(s.spdx(), doc); err != nil {
				return nil, err
			}
			var b bytes.Buffer
			err := f.write(doc, &b)
			return b.Bytes(), err
		}})
	}
	return out
}

// spdxLicence is the licence of a part as an expression.
func (p *part) spdxLicence() string {
	if p.licenceForm() == sbom.LicenceName {
		return "LicenseRef-" + strings.ReplaceAll(p.licences[0], " ", "-")
	}
	return strings.Join(p.licences, " AND ")
}

func (s *software) spdx() *v2_3.Document {
	doc := &v2_3.Document{
		SPDXVersion: v2_3.Version, DataLicense: v2_3.DataLicense, SPDXIdentifier: "DOCUMENT", DocumentName: s.name,
		DocumentNamespace: "https://acme.example/" + strings.ReplaceAll(s.name, " ", "-"),
		CreationInfo: &v2_3.CreationInfo{
			Created:  "2026-01-15T08:00:00Z",
			Creators: []common.Creator{{CreatorType: "Organization", Creator: "Acme Medical GmbH"}, {CreatorType: "Tool", Creator: "hand-1.0"}},
		},
	}
	relate := func(from, kind, to string) {
		doc.Relationships = append(doc.Relationships, &v2_3.Relationship{
			RefA: common.MakeDocElementID("", from), RefB: common.MakeDocElementID("", to), Relationship: kind,
		})
	}
	relate("DOCUMENT", "DESCRIBES", s.ref(s.parts[0].name))
	for i := range s.parts {
		p := &s.parts[i]
		doc.Packages = append(doc.Packages, s.spdxPackage(p))
		for _, need := range p.needs {
			relate(s.ref(p.name), "DEPENDS_ON", s.ref(need))
		}
		if p.in != "" {
			relate(s.ref(p.in), "CONTAINS", s.ref(p.name))
		}
		if licence := p.spdxLicence(); strings.HasPrefix(licence, "LicenseRef-") {
			doc.OtherLicenses = append(doc.OtherLicenses, &v2_3.OtherLicense{
				LicenseIdentifier: licence, LicenseName: p.licences[0], ExtractedText: "All rights reserved.",
			})
		}
	}
	return doc
}

func (s *software) spdxPackage(p *part) *v2_3.Package {
	out := &v2_3.Package{
		PackageName: p.fullName(), PackageSPDXIdentifier: common.ElementID(s.ref(p.name)), PackageVersion: p.version,
		PackageDownloadLocation: noAssertion, IsFilesAnalyzedTagPresent: true, PackageLicenseConcluded: noAssertion,
		PackageLicenseDeclared: cmp.Or(p.spdxLicence(), noAssertion), PackageCopyrightText: noAssertion,
		PrimaryPackagePurpose: strings.ToUpper(strings.ReplaceAll(p.kind, "-", "_")),
	}
	if p.supplier != "" {
		out.PackageSupplier = &common.Supplier{SupplierType: "Organization", Supplier: p.supplier}
	}
	if p.author != "" {
		out.PackageOriginator = &common.Originator{OriginatorType: "Person", Originator: p.author}
	}
	if p.until != "" {
		out.ValidUntilDate = p.until + "T00:00:00Z"
	}
	for _, algorithm := range p.algorithms() {
		out.PackageChecksums = append(out.PackageChecksums, common.Checksum{
			Algorithm: common.ChecksumAlgorithm(strings.ReplaceAll(algorithm, "-", "")), Value: p.hash[algorithm],
		})
	}
	refer := func(category, kind, locator string) {
		out.PackageExternalReferences = append(out.PackageExternalReferences, &v2_3.PackageExternalReference{
			Category: category, RefType: kind, Locator: locator,
		})
	}
	if p.purl != "" {
		refer("PACKAGE-MANAGER", "purl", p.purl)
	}
	for _, cpe := range p.cpe {
		if strings.HasPrefix(cpe, "cpe:2.3:") {
			refer("SECURITY", "cpe23Type", cpe)
		} else {
			refer("SECURITY", "cpe22Type", cpe)
		}
	}
	return out
}

// writeSPDXXML writes the JSON form as XML: an element for a key, one for each
// entry of a list.
func writeSPDXXML(doc spdx.AnyDocument, w io.Writer) error {
	text, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	var tree map[string]any
	if err := json.Unmarshal(text, &tree); err != nil {
		return err
	}
	b := bytes.NewBufferString(xml.Header)
	writeElement(b, "Document", tree)
	_, err = w.Write(b.Bytes())
	return err
}

func writeElement(b *bytes.Buffer, name string, value any) {
	if list, ok := value.([]any); ok {
		for _, entry := range list {
			writeElement(b, name, entry)
		}
		return
	}
	b.WriteString("<" + name + ">")
	if tree, ok := value.(map[string]any); ok {
		for _, key := range slices.Sorted(maps.Keys(tree)) {
			writeElement(b, key, tree[key])
		}
	} else {
		b.WriteString(escaped(fmt.Sprint(value)))
	}
	b.WriteString("</" + name + ">\n")
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}

const terms = "http://spdx.org/rdf/terms#"

// writeSPDXRDF writes RDF/XML: each package as a node of its own, its licences,
// relationships and references within it.
func writeSPDXRDF(document spdx.AnyDocument, w io.Writer) error {
	doc := document.(*v2_3.Document)
	b := bytes.NewBufferString(xml.Header)
	fmt.Fprintf(b, `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:spdx="%s" xml:base="%s">`+"\n", terms, doc.DocumentNamespace)
	fmt.Fprintf(b, `<spdx:SpdxDocument rdf:about="#SPDXRef-DOCUMENT"><spdx:specVersion>%s</spdx:specVersion><spdx:name>%s</spdx:name>`+
		`<spdx:dataLicense rdf:resource="http://spdx.org/licenses/CC0-1.0"/><spdx:creationInfo><spdx:CreationInfo><spdx:created>%s</spdx:created>`,
		doc.SPDXVersion, escaped(doc.DocumentName), doc.CreationInfo.Created)
	for _, c := range doc.CreationInfo.Creators {
		writeTexts(b, "creator", c.CreatorType+": "+c.Creator)
	}
	b.WriteString("</spdx:CreationInfo></spdx:creationInfo>\n")
	for _, l := range doc.OtherLicenses {
		fmt.Fprintf(b, `<spdx:hasExtractedLicensingInfo><spdx:ExtractedLicensingInfo rdf:about="#%s">`, l.LicenseIdentifier)
		writeTexts(b, "licenseId", l.LicenseIdentifier, "name", l.LicenseName, "extractedText", l.ExtractedText)
		b.WriteString("</spdx:ExtractedLicensingInfo></spdx:hasExtractedLicensingInfo>\n")
	}
	writeRDFRelationships(b, doc, "DOCUMENT")
	b.WriteString("</spdx:SpdxDocument>\n")
	for _, p := range doc.Packages {
		writeRDFPackage(b, doc, p)
	}
	b.WriteString("</rdf:RDF>\n")
	_, err := w.Write(b.Bytes())
	return err
}

// writeTexts writes properties, name and value by turns, but for empty ones.
func writeTexts(b *bytes.Buffer, pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			fmt.Fprintf(b, "<spdx:%s>%s</spdx:%[1]s>\n", pairs[i], escaped(pairs[i+1]))
		}
	}
}

func writeRDFRelationships(b *bytes.Buffer, doc *v2_3.Document, from string) {
	for _, r := range doc.Relationships {
		if string(r.RefA.ElementRefID) == from {
			fmt.Fprintf(b, `<spdx:relationship><spdx:Relationship><spdx:relationshipType rdf:resource="%srelationshipType_%s"/>`+
				`<spdx:relatedSpdxElement rdf:resource="#SPDXRef-%s"/></spdx:Relationship></spdx:relationship>`+"\n", terms, camel(r.Relationship), r.RefB.ElementRefID)
		}
	}
}

func writeRDFPackage(b *bytes.Buffer, doc *v2_3.Document, p *v2_3.Package) {
	fmt.Fprintf(b, `<spdx:Package rdf:about="#SPDXRef-%s">`+"\n", p.PackageSPDXIdentifier)
	writeTexts(b, "name", p.PackageName, "versionInfo", p.PackageVersion, "filesAnalyzed", "false", "copyrightText", p.PackageCopyrightText,
		"validUntilDate", p.ValidUntilDate)
	if p.PackageSupplier != nil {
		writeTexts(b, "supplier", p.PackageSupplier.SupplierType+": "+p.PackageSupplier.Supplier)
	}
	if p.PackageOriginator != nil {
		writeTexts(b, "originator", p.PackageOriginator.OriginatorType+": "+p.PackageOriginator.Originator)
	}
	fmt.Fprintf(b, `<spdx:downloadLocation rdf:resource="%snoassertion"/><spdx:primaryPackagePurpose rdf:resource="%[1]spurpose_%s"/>`+"\n",
		terms, camel(p.PrimaryPackagePurpose))
	for _, c := range p.PackageChecksums {
		fmt.Fprintf(b, `<spdx:checksum><spdx:Checksum><spdx:algorithm rdf:resource="%schecksumAlgorithm_%s"/>`+
			`<spdx:checksumValue>%s</spdx:checksumValue></spdx:Checksum></spdx:checksum>`+"\n", terms, strings.ToLower(string(c.Algorithm)), c.Value)
	}
	for _, r := range p.PackageExternalReferences {
		fmt.Fprintf(b, `<spdx:externalRef><spdx:ExternalRef><spdx:referenceCategory rdf:resource="%sreferenceCategory_%s"/>`+
			`<spdx:referenceType rdf:resource="http://spdx.org/rdf/references/%s"/>`, terms, camel(r.Category), r.RefType)
		writeTexts(b, "referenceLocator", r.Locator)
		b.WriteString("</spdx:ExternalRef></spdx:externalRef>\n")
	}
	writeRDFLicence(b, "licenseConcluded", p.PackageLicenseConcluded)
	writeRDFLicence(b, "licenseDeclared", p.PackageLicenseDeclared)
	writeRDFRelationships(b, doc, string(p.PackageSPDXIdentifier))
	b.WriteString("</spdx:Package>\n")
}

// writeRDFLicence writes one licence, or a set of licences that are joined by one
// operator.
func writeRDFLicence(b *bytes.Buffer, property, expression string) {
	resource := func(id string) string {
		switch {
		case id == noAssertion:
			return terms + "noassertion"
		case strings.HasPrefix(id, "LicenseRef-"):
			return "#" + id
		default:
			return "http://spdx.org/licenses/" + id
		}
	}
	for _, set := range []struct{ operator, class string }{{" AND ", "ConjunctiveLicenseSet"}, {" OR ", "DisjunctiveLicenseSet"}} {
		members := strings.Split(expression, set.operator)
		if len(members) == 1 {
			continue
		}
		b.WriteString("<spdx:" + property + "><spdx:" + set.class + ">")
		for _, member := range members {
			fmt.Fprintf(b, `<spdx:member rdf:resource="%s"/>`, resource(member))
		}
		b.WriteString("</spdx:" + set.class + "></spdx:" + property + ">\n")
		return
	}
	fmt.Fprintf(b, `<spdx:%s rdf:resource="%s"/>`+"\n", property, resource(expression))
}

// camel turns DEPENDS_ON into dependsOn.
func camel(word string) string {
	parts := strings.FieldsFunc(strings.ToLower(word), func(r rune) bool { return r == '_' || r == '-' })
	for i, part := range parts[1:] {
		parts[i+1] = strings.ToUpper(part[:1]) + part[1:]
	}
	return strings.Join(parts, "")
}
