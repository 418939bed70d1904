// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/internal/xmlpull"
	"github.com/medsbom/medsbom/sbom"
)

// DecodeXML reads one CycloneDX XML document. The text must be UTF-8 without a
// byte order mark, or in the encoding that its XML declaration names (ISO
// 8859-1 and -15, Windows-1252). The error is a *sbom.SyntaxError.
func DecodeXML(text []byte, opts Options) (*sbom.Document, error) {
	utf8Text, err := toUTF8(text)
	if err != nil {
		return nil, &sbom.SyntaxError{
			Position: sbom.Position{Line: 1, Column: 1},
			Message:  err.Error(), Remedy: "save the document as UTF-8",
		}
	}
	d := xmlDecoder{builder: newBuilder(utf8Text, sbom.NewLines(utf8Text), sbom.XML, opts)}
	d.elements = newElements(utf8Text, 2*d.opts.MaxDepth+64, d.opts.MaxString)
	d.alien = d.foreign
	d.document()
	if d.fatal == nil && d.err != nil {
		d.malformed()
	}
	if d.fatal != nil {
		return nil, d.fatal
	}
	if n := d.pull.Stray; n > 0 {
		d.defect(sbom.CodeType, d.pull.StrayAt, "", "%d texts stand between elements, where CycloneDX has none, and were passed over; this is the first", n)
	}
	return d.finish(), nil
}

type xmlDecoder struct {
	builder
	*elements
}

// foreign says of an element of another namespace that it has the name of one
// that matters. The schemas allow extensions, but readers that look at local
// names alone take it for CycloneDX's, and would see another document.
func (d *xmlDecoder) foreign(name xml.Name, at int) {
	switch name.Local {
	case "components", "component", "name", "version", "purl", "cpe", "dependencies", "dependency":
		d.defect(sbom.CodeUnknownTag, at, name.Space, "element %q is of another namespace than CycloneDX's and was not read", name.Local)
	}
}

// malformed turns the error of the tokens into one with a position.
func (d *xmlDecoder) malformed() {
	message, fault := xmlpull.Describe(d.err)
	switch fault {
	case xmlpull.Doctype:
		d.stop(d.errAt, "remove the DOCTYPE: CycloneDX needs none", "%s", message)
	case xmlpull.TooDeep:
		d.limit(sbom.LimitDepth, d.errAt, "%s", message)
	case xmlpull.TooLong:
		d.limit(sbom.LimitString, d.errAt, "%s", message)
	case xmlpull.TagTooLong:
		d.stop(d.errAt, remedyLimit, "%s", message)
	case xmlpull.Truncated:
		d.stop(d.errAt, remedyCut, "%s", message)
	case xmlpull.Malformed:
		d.stop(d.errAt, remedyWrong, "%s", message)
	}
}

// document reads the prologue, the root and what follows it.
func (d *xmlDecoder) document() {
	root := false
	for {
		switch t := d.token().(type) {
		case nil:
			if root && errors.Is(d.err, io.EOF) {
				d.err = nil // the only good end
			}
			return
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				d.stop(d.here, remedyWrong, "malformed XML: text outside the root element")
				return
			}
		case xml.StartElement:
			if root {
				d.stop(d.here, "a file must hold one document: split it, or ask for the file again", "a second document after the first")
				return
			}
			root = true
			d.root(t)
		}
	}
}

func (d *xmlDecoder) root(start xml.StartElement) {
	version, ours := versionOf(start.Name.Space)
	if start.Name.Local != "bom" || (!ours && start.Name.Space != "") {
		d.stop(d.here, remedyOther, "no CycloneDX document: its root element is %q in namespace %q",
			notation.Short(start.Name.Local), notation.Short(start.Name.Space))
		return
	}
	at := d.here
	d.space = start.Name.Space
	d.doc.SpecVersion = version
	if !ours {
		d.defect(sbom.CodeSpec, at, "", "document has no namespace, so that its version is not known")
	} else {
		d.checkVersion("XML", 0)
		if strings.HasPrefix(start.Name.Space, "https:") {
			d.defect(sbom.CodeSpec, at, start.Name.Space, "namespace of CycloneDX begins with http:, not https:")
		}
	}
	d.setSerial(attribute(start, "serialNumber"), at)
	if s := attribute(start, "version"); s != "" {
		d.setRevision(s, at)
	}
	d.bom()
}

func (d *xmlDecoder) bom() {
	var seen uint32
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		at := d.here
		switch name {
		case "metadata":
			d.uses(fieldMetadata, at)
			d.twice(&seen, bomMetadataKey, name)
			d.metadata()
		case "components":
			d.twice(&seen, bomComponentsKey, name)
			d.topLevel += d.components(sbom.SubjectIndex, 1)
		case "services":
			d.uses(fieldServices, at)
			d.twice(&seen, bomServicesKey, name)
			d.serviceList()
		case "dependencies":
			d.uses(fieldDependencies, at)
			d.twice(&seen, bomDependenciesKey, name)
			d.dependencies("dependency")
		case "dg:dependencies":
			d.dependencies("dg:dependency")
		case "compositions":
			d.uses(fieldCompositions, at)
			d.twice(&seen, bomCompositionsKey, name)
			d.compositions()
		case "vulnerabilities":
			d.uses(fieldVulnerabilities, at)
			d.twice(&seen, bomVulnerabilitiesKey, name)
			d.vulnerabilities()
		case "v:vulnerabilities":
			d.extension(nil)
		case "ds:Signature":
			d.signature()
		case "citations":
			d.uses(fieldCitations, at)
			d.twice(&seen, bomCitationsKey, name)
			d.citations()
		case "properties":
			d.uses(fieldProperties, at)
			d.twice(&seen, bomPropertiesKey, name)
			d.propertyItems(nil)
		case "externalReferences":
			d.uses(fieldReferences, at)
			d.twice(&seen, bomReferencesKey, name)
			d.documentReferences(d.externalReferences(nil))
		default:
			d.rest(shapeBom, name, start)
		}
	}
}

// unknown passes over an element that has no business where it stands, and
// says so.
func (d *xmlDecoder) unknown(start xml.StartElement) {
	d.defect(sbom.CodeUnknownTag, d.here, start.Name.Local, "element %q is not known here", notation.Short(start.Name.Local))
	d.skip()
}

// rest deals with an element that the caller does not read: it is passed over
// if the kind of object has it (the keys of JSON are the names of the elements),
// else said, each once for each kind.
func (d *xmlDecoder) rest(of rule, name string, start xml.StartElement) {
	if f, ok := fieldOf(name); ok {
		d.uses(f, d.here)
	}
	switch {
	case shapes[of].find(name) >= 0 || name == "ds:Signature":
		d.skip()
	case d.unknownKey(of, name):
		d.unknown(start)
	default:
		d.skip()
	}
}

// stated returns an attribute that has no namespace, and whether it is there.
func stated(start xml.StartElement, name string) (string, bool) {
	for _, a := range start.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return strings.TrimSpace(a.Value), true
		}
	}
	return "", false
}

// ref returns the bom-ref of an element.
func (d *xmlDecoder) ref(start xml.StartElement) string {
	ref, ok := stated(start, "bom-ref")
	if ok {
		d.checkRef(ref, d.here)
	}
	return ref
}

// twice notes an element that stands twice where it may stand once.
func (d *xmlDecoder) twice(seen *uint32, bit uint32, name string) bool {
	if *seen&bit != 0 {
		d.defect(sbom.CodeKeyTwice, d.here, name, "element %q stands twice", notation.Short(name))
		return true
	}
	*seen |= bit
	return false
}

// once reads the text of an element that may stand once; have is what an
// earlier one gave.
func (d *xmlDecoder) once(seen *uint32, bit uint32, name, have string) (string, bool) {
	again := d.twice(seen, bit, name)
	s := d.content()
	return s, s != "" && (!again || have == "")
}

// dependencies reads a graph: entries, whose children are what they depend on.
func (d *xmlDecoder) dependencies(tag string) {
	for name, start, ok := d.child(); ok && d.fatal == nil; name, start, ok = d.child() {
		if name != tag {
			d.unknown(start)
			continue
		}
		ref, at := attribute(start, "ref"), d.here
		index := d.entry(ref, at)
		d.dependsOn(ref, index, tag)
	}
	d.halt()
}

// halt lets the reading end where a limit was met.
func (d *xmlDecoder) halt() {
	if d.fatal != nil {
		d.fail(d.fatal, d.here)
	}
}

// dependsOn reads the children of an entry. The schema allows entries in
// entries; one that has children states what its own reference depends on.
func (d *xmlDecoder) dependsOn(ref string, index int32, tag string) {
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		to, at := attribute(start, "ref"), d.here
		switch name {
		case tag:
			if to == "" && tag != "dependency" {
				// The extension's examples nest one without ref, which its schema forbids.
				d.defect(sbom.CodeMissing, at, "", "dependency without ref")
				d.dependsOn(ref, index, tag)
				continue
			}
			d.edge(ref, index, to, sbom.DependsOn, at)
			target, known := d.lookup(to)
			if !known {
				target = unknownEnd
			}
			d.dependsOn(to, target, tag)
		case "provides":
			d.uses(fieldProvides, at)
			d.edge(ref, index, to, sbom.Provides, at)
			d.skip()
		default:
			d.unknown(start)
		}
	}
}

func (d *xmlDecoder) compositions() {
	for name, start, ok := d.child(); ok; name, start, ok = d.child() {
		if name != "composition" {
			d.unknown(start)
			continue
		}
		at := d.here
		var c sbom.Composition
		var seen uint32
		d.carry(d.ref(start), "composition", at)
		for name, start, ok := d.child(); ok; name, start, ok = d.child() {
			switch name {
			case "aggregate":
				if s, ok := d.once(&seen, 1, name, c.Aggregate); ok {
					c.Aggregate = s
				}
			case "assemblies", "dependencies":
				c.Refs = append(c.Refs, d.refsIn()...)
			default:
				d.rest(shapeComposition, name, start)
			}
		}
		if d.err == nil {
			d.composition(c, at)
		}
	}
}

// refsIn reads the ref attributes of an element's children.
func (d *xmlDecoder) refsIn() []string {
	var refs []string
	for _, start, ok := d.child(); ok; _, start, ok = d.child() {
		if ref := attribute(start, "ref"); ref != "" {
			refs = append(refs, ref)
		}
		d.skip()
	}
	return refs
}
