// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/medsbom/medsbom/sbom"
)

const (
	serialNumber  = "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"
	supportEnds   = "cdx:lifecycle:milestone:endOfSupport"
	protoVersions = "1.3 1.4 1.5 1.6 1.7"
)

var (
	oneCPE = each("a component has one CPE", func(_ *part, f *fact) {
		f.CPE = f.CPE[:min(len(f.CPE), 1)]
	})
	noProperties = each("there are no properties before 1.3, where dates of support stand", func(_ *part, f *fact) {
		f.EndOfSupport = ""
	})
	noMetadata = loss{"1.0 and 1.1 have no metadata, where the product stands, and no dependencies", func(s *software, all *facts) {
		all.Subject = ""
		all.Parts = slices.DeleteFunc(all.Parts, func(f fact) bool { return f.Name == s.parts[0].name })
		all.Edges = slices.DeleteFunc(all.Edges, func(edge string) bool { return strings.Contains(edge, " -> ") })
	}}
	noParties = each("1.0 and 1.1 have no supplier and no author", func(_ *part, f *fact) {
		f.Supplier, f.Author = "", ""
	})
	noExpressions = each("1.0 has no licence expressions", func(p *part, f *fact) {
		if p.licenceForm() == sbom.LicenceExpression {
			f.Licences = ""
		}
	})
	versionRequired = each("a version is required before 1.4, and cyclonedx-go writes 0.0.0 for none", func(_ *part, f *fact) {
		if f.Version == "" {
			f.Version = "0.0.0"
		}
	})
)

// cyclonedxForms are those that cyclonedx-go writes, and protobuf.
func cyclonedxForms() []writtenForm {
	var out []writtenForm
	for version := cdx.SpecVersion1_0; version <= cdx.SpecVersion1_7; version++ {
		losses := []loss{oneCPE}
		if version < cdx.SpecVersion1_3 {
			losses = append(losses, noProperties)
		}
		if version < cdx.SpecVersion1_4 {
			losses = append(losses, versionRequired)
		}
		if version < cdx.SpecVersion1_2 {
			losses = append(losses, noMetadata, noParties)
		}
		if version < cdx.SpecVersion1_1 {
			losses = append(losses, noExpressions)
		}
		for _, format := range []cdx.BOMFileFormat{cdx.BOMFileFormatJSON, cdx.BOMFileFormatXML} {
			name := "CycloneDX " + version.String() + " JSON"
			if format == cdx.BOMFileFormatXML {
				name = "CycloneDX " + version.String() + " XML"
			}
			if version < cdx.SpecVersion1_2 && format == cdx.BOMFileFormatJSON {
				continue // there is no such form
			}
			out = append(out, writtenForm{name: name, losses: losses, write: func(s *software) ([]byte, error) {
				var b bytes.Buffer
				err := cdx.NewBOMEncoder(&b, format).SetPretty(true).EncodeVersion(s.cyclonedx(version), version)
				return b.Bytes(), err
			}})
		}
	}
	for version := range strings.FieldsSeq(protoVersions) {
		out = append(out, writtenForm{name: "CycloneDX " + version + " protobuf", losses: []loss{oneCPE}, write: func(s *software) ([]byte, error) {
			return s.cyclonedxProto(version), nil
		}})
	}
	return out
}

func (s *software) cyclonedx(version cdx.SpecVersion) *cdx.BOM {
	bom := cdx.NewBOM()
	bom.SerialNumber = serialNumber
	root := s.cyclonedxComponent(&s.parts[0], version)
	bom.Metadata = &cdx.Metadata{Timestamp: "2026-01-15T08:00:00Z", Component: &root}
	bom.Components = s.cyclonedxNested("", version)
	var dependencies []cdx.Dependency
	for i := range s.parts {
		p := &s.parts[i]
		d := cdx.Dependency{Ref: s.ref(p.name)}
		if needs := s.refs(p.needs); needs != nil {
			d.Dependencies = &needs
		}
		dependencies = append(dependencies, d)
	}
	bom.Dependencies = &dependencies
	return bom
}

func (s *software) refs(names []string) []string {
	var out []string
	for _, name := range names {
		out = append(out, s.ref(name))
	}
	return out
}

// cyclonedxNested are the components directly in one, or in the document.
func (s *software) cyclonedxNested(in string, version cdx.SpecVersion) *[]cdx.Component {
	var out []cdx.Component
	for i := range s.parts[1:] {
		if p := &s.parts[i+1]; p.in == in {
			out = append(out, s.cyclonedxComponent(p, version))
		}
	}
	if out == nil {
		return nil
	}
	return &out
}

func (s *software) cyclonedxComponent(p *part, version cdx.SpecVersion) cdx.Component {
	c := cdx.Component{
		BOMRef: s.ref(p.name), Type: cdx.ComponentType(p.kind), Group: p.group, Name: p.name, Version: p.version, PackageURL: p.purl,
		Components: s.cyclonedxNested(p.name, version),
	}
	if len(p.cpe) > 0 {
		c.CPE = p.cpe[0]
	}
	if p.supplier != "" {
		c.Supplier = &cdx.OrganizationalEntity{Name: p.supplier}
	}
	if p.author != "" && version < cdx.SpecVersion1_6 {
		c.Author = p.author
	} else if p.author != "" {
		c.Authors = &[]cdx.OrganizationalContact{{Name: p.author}}
	}
	if p.until != "" {
		c.Properties = &[]cdx.Property{{Name: supportEnds, Value: p.until}}
	}
	var hashes []cdx.Hash
	for _, algorithm := range p.algorithms() {
		hashes = append(hashes, cdx.Hash{Algorithm: cdx.HashAlgorithm(algorithm), Value: p.hash[algorithm]})
	}
	if hashes != nil {
		c.Hashes = &hashes
	}
	var licences cdx.Licenses
	for _, licence := range p.licences {
		switch p.licenceForm() {
		case sbom.LicenceID:
			licences = append(licences, cdx.LicenseChoice{License: &cdx.License{ID: licence}})
		case sbom.LicenceName:
			licences = append(licences, cdx.LicenseChoice{License: &cdx.License{Name: licence}})
		case sbom.LicenceExpression:
			licences = append(licences, cdx.LicenseChoice{Expression: licence})
		}
	}
	if licences != nil {
		c.Licenses = &licences
	}
	return c
}

// The numbers of the fields are those of bom-1.7.proto, which has kept those of
// 1.3 for all that is written here.

func (s *software) cyclonedxProto(version string) []byte {
	b := protoText(nil, 1, version)
	b = protoNumber(b, 2, 1)
	b = protoText(b, 3, serialNumber)
	timestamp := protoNumber(nil, 1, 1768464000)
	b = protoMessage(b, 4, protoMessage(protoMessage(nil, 1, timestamp), 4, s.protoComponent(&s.parts[0], version)))
	for i := range s.parts[1:] {
		if p := &s.parts[i+1]; p.in == "" {
			b = protoMessage(b, 5, s.protoComponent(p, version))
		}
	}
	for i := range s.parts {
		p := &s.parts[i]
		dependency := protoText(nil, 1, s.ref(p.name))
		for _, need := range p.needs {
			dependency = protoMessage(dependency, 2, protoText(nil, 1, s.ref(need)))
		}
		b = protoMessage(b, 8, dependency)
	}
	return b
}

// protoClasses and protoAlgorithms are the enumerations Classification and
// HashAlg, from 1.
var (
	protoClasses    = []string{program, "framework", library, system, device, "file", "container", firmware}
	protoAlgorithms = []string{"MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"}
)

func (s *software) protoComponent(p *part, version string) []byte {
	b := protoNumber(nil, 1, 1+slices.Index(protoClasses, p.kind))
	b = protoText(b, 3, s.ref(p.name))
	if p.supplier != "" {
		b = protoMessage(b, 4, protoText(nil, 1, p.supplier))
	}
	if version < "1.6" {
		b = protoText(b, 5, p.author)
	} else if p.author != "" {
		b = protoMessage(b, 29, protoText(nil, 1, p.author))
	}
	b = protoText(b, 7, p.group)
	b = protoText(b, 8, p.name)
	b = protoString(b, 9, p.version) // required before 1.4, also if it is empty
	for _, algorithm := range p.algorithms() {
		b = protoMessage(b, 12, protoText(protoNumber(nil, 1, 1+slices.Index(protoAlgorithms, algorithm)), 2, p.hash[algorithm]))
	}
	for _, licence := range p.licences {
		switch p.licenceForm() {
		case sbom.LicenceID:
			b = protoMessage(b, 13, protoMessage(nil, 1, protoText(nil, 1, licence)))
		case sbom.LicenceName:
			b = protoMessage(b, 13, protoMessage(nil, 1, protoText(nil, 2, licence)))
		case sbom.LicenceExpression:
			b = protoMessage(b, 13, protoText(nil, 2, licence))
		}
	}
	if len(p.cpe) > 0 {
		b = protoText(b, 15, p.cpe[0])
	}
	b = protoText(b, 16, p.purl)
	for i := range s.parts {
		if nested := &s.parts[i]; nested.in == p.name {
			b = protoMessage(b, 21, s.protoComponent(nested, version))
		}
	}
	if p.until != "" {
		b = protoMessage(b, 22, protoText(protoText(nil, 1, supportEnds), 2, p.until))
	}
	return b
}

// protoText writes a text unless it is empty, as proto3 does.
func protoText(b []byte, number protowire.Number, text string) []byte {
	if text == "" {
		return b
	}
	return protoString(b, number, text)
}

func protoString(b []byte, number protowire.Number, text string) []byte {
	return protowire.AppendString(protowire.AppendTag(b, number, protowire.BytesType), text)
}

func protoMessage(b []byte, number protowire.Number, message []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, number, protowire.BytesType), message)
}

func protoNumber(b []byte, number protowire.Number, value int) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, number, protowire.VarintType), uint64(value))
}
