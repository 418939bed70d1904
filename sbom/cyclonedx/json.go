// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// DecodeJSON reads one CycloneDX JSON document. The text must be UTF-8 without
// a byte order mark and must not be changed while the Document lives. The error
// is a *sbom.SyntaxError.
func DecodeJSON(text []byte, opts Options) (*sbom.Document, error) {
	return decodeJSON(text, sbom.NewLines(text), sbom.JSON, opts)
}

// decodeJSON decodes a JSON text that stands for a document in encoding enc,
// whose offsets places knows.
func decodeJSON(text []byte, places places, enc sbom.Encoding, opts Options) (*sbom.Document, error) {
	d := jsonDecoder{builder: newBuilder(text, places, enc, opts)}
	// Two levels for each level of components, and room for what hangs on them.
	d.r = jsonpull.New(text, jsonpull.Limits{Depth: 2*d.opts.MaxDepth + 64, String: d.opts.MaxString})
	if err := d.document(); err != nil {
		return nil, err
	}
	return d.finish(), nil
}

type jsonDecoder struct {
	builder
	r *jsonpull.Reader

	// scratch lists, reused: what is in them is copied out before the next use
	propertyList []sbom.Property
	hashList     []sbom.Hash
	licenceList  []sbom.Licence
	linkList     []sbom.Reference
	relativeList []sbom.Relative
	partyList    []sbom.Party
	stringList   []string
}

func (d *jsonDecoder) document() error {
	r := d.r
	if k := r.Kind(); k != jsonpull.Object {
		r.Skip()
		if err := r.End(); err != nil {
			return d.syntax(err)
		}
		d.stop(0, remedyOther, "the document is %s, not a CycloneDX object", k)
		return d.fatal
	}
	d.bom()
	if d.fatal != nil {
		return d.fatal
	}
	if err := r.Err(); err != nil {
		return d.syntax(err)
	}
	if at := r.Offset(); at < len(d.source) {
		d.stop(at, "a file must hold one document: split it, or ask for the file again", "more text after the end of the document")
		return d.fatal
	}
	if r.BadText > 0 {
		d.defect(sbom.CodeText, r.BadTextAt, "", "%d strings are not valid UTF-8 or hold raw control characters, this is the first", r.BadText)
	}
	return nil
}

const (
	remedyOther = "name a CycloneDX document, or ask the supplier for one"
	remedyCut   = "the file was cut off: ask for it again"
	remedyLimit = "split the document by product"
	remedyWrong = "the file was damaged or edited by hand: ask for it again"
)

// syntax turns an error of the pull reader into one with a position.
func (d *jsonDecoder) syntax(err *jsonpull.Error) error {
	remedy := remedyWrong
	switch {
	case err.Ended:
		remedy = remedyCut
	case err.Limit == jsonpull.Depth:
		d.limit(sbom.LimitDepth, err.Offset, "%s", err.Message)
	case err.Limit == jsonpull.StringLength:
		d.limit(sbom.LimitString, err.Offset, "%s", err.Message)
	}
	d.stop(err.Offset, remedy, "malformed JSON: %s", err.Message)
	return d.fatal
}

// Keys of the document, as bits for "seen".
const (
	bomFormatKey uint32 = 1 << iota
	bomSpecKey
	bomSerialKey
	bomVersionKey
	bomMetadataKey
	bomComponentsKey
	bomServicesKey
	bomDependenciesKey
	bomCompositionsKey
	bomVulnerabilitiesKey
	bomSignatureKey
	bomReferencesKey
	bomPropertiesKey
	bomCitationsKey
	bomSchemaKey
)

func (d *jsonDecoder) bom() {
	r := d.r
	r.Object()
	var seen uint32
	var format string
	for r.Key() {
		name := r.Name()
	known:
		switch name {
		case "bomFormat":
			d.text(&format, &seen, bomFormatKey)
		case "specVersion":
			d.text(&d.doc.SpecVersion, &seen, bomSpecKey)
		case "serialNumber":
			at := r.Offset()
			if s, ok := d.once(&seen, bomSerialKey, d.doc.ID); ok {
				d.setSerial(s, at)
			}
		case "version":
			d.revision(&seen)
		case "metadata":
			d.twice(&seen, bomMetadataKey)
			d.metadata()
		case "components":
			d.twice(&seen, bomComponentsKey)
			d.topLevel += d.components(sbom.SubjectIndex, 1)
		case "services":
			d.twice(&seen, bomServicesKey)
			d.uses(fieldServices, r.NameOffset())
			d.serviceList()
		case "dependencies":
			d.twice(&seen, bomDependenciesKey)
			d.dependencies()
		case "compositions":
			d.twice(&seen, bomCompositionsKey)
			d.uses(fieldCompositions, r.NameOffset())
			d.compositions()
		case "vulnerabilities":
			d.twice(&seen, bomVulnerabilitiesKey)
			d.uses(fieldVulnerabilities, r.NameOffset())
			d.vulnerabilityList()
		case "signature":
			d.twice(&seen, bomSignatureKey)
			d.uses(fieldSignature, r.NameOffset())
			d.signature()
		case "citations":
			d.twice(&seen, bomCitationsKey)
			d.uses(fieldCitations, r.NameOffset())
			d.citations()
		case "externalReferences":
			d.twice(&seen, bomReferencesKey)
			d.documentReferences(d.externalReferences())
		default:
			d.useOf(name)
			if spelled := d.rest(shapeBom, name); spelled != "" {
				name = spelled
				goto known
			}
		}
	}
	if r.Err() == nil {
		d.header(seen, format)
	}
}

// header checks bomFormat and specVersion: a document that has neither, nor
// anything else of CycloneDX, is none.
func (d *jsonDecoder) header(seen uint32, format string) {
	switch {
	case format == "CycloneDX":
	case seen&bomFormatKey == 0:
		if seen&(bomSpecKey|bomComponentsKey|bomVulnerabilitiesKey) == 0 {
			what := "an object without bomFormat, specVersion and components"
			if seen == 0 {
				what = "an object with nothing of CycloneDX in it"
			}
			d.stop(0, remedyOther, "no CycloneDX document: %s", what)
			return
		}
		d.defect(sbom.CodeMissing, 0, "", "document has no bomFormat")
	case strings.EqualFold(format, "CycloneDX"):
		d.defect(sbom.CodeValue, 0, format, "bomFormat is not spelled CycloneDX")
	case seen&bomSpecKey != 0 && seen&(bomComponentsKey|bomMetadataKey|bomVulnerabilitiesKey) != 0:
		// Forks of CycloneDX name themselves ("CBOM") and keep its structure.
		d.defect(sbom.CodeValue, 0, format, "bomFormat is not CycloneDX")
	default:
		d.stop(0, remedyOther, "no CycloneDX document: its bomFormat is %q", notation.Short(format))
		return
	}
	d.checkVersion("JSON", 2)
}

// checkVersion checks the claimed specVersion against the first minor version
// that had this encoding.
func (b *builder) checkVersion(encoding string, first int) {
	version := b.doc.SpecVersion
	minor, ok := knownSpec(version)
	switch {
	case version == "":
		b.defect(sbom.CodeSpec, 0, "", "document does not say its specVersion")
	case !ok:
		b.defect(sbom.CodeSpec, 0, version, "specVersion is none that is known (1.%d to 1.7); what is known was read", first)
	case minor < first:
		b.defect(sbom.CodeSpec, 0, version, "CycloneDX %s has no %s form", version, encoding)
	}
}

// twice notes a key that stands twice in its object.
func (d *jsonDecoder) twice(seen *uint32, bit uint32) bool {
	if *seen&bit != 0 {
		d.saidTwice()
		return true
	}
	*seen |= bit
	return false
}

func (d *jsonDecoder) saidTwice() {
	d.defect(sbom.CodeKeyTwice, d.r.NameOffset(), d.r.Name(), "key %q stands twice in one object", notation.Short(d.r.Name()))
}

// useOf notes that a field occurs which is checked and passed over.
func (d *jsonDecoder) useOf(name string) {
	if f, ok := fieldOf(name); ok {
		d.uses(f, d.r.NameOffset())
	}
}

// wrong skips a value of another type than belongs here, and says so.
func (d *jsonDecoder) wrong(want string) {
	r := d.r
	at, k := r.Offset(), r.Kind()
	if k == jsonpull.Invalid {
		r.Skip() // the grammar's fault: it makes the reader fail
		return
	}
	what := d.named(at)
	value, _ := r.Scalar()
	d.defect(sbom.CodeType, at, value, "%s is %s, not %s", what, k, want)
}

// named names the value at an offset: by its key, or as an entry of a list. The
// key that was read last is of no use behind an earlier entry, which may have
// had keys of its own.
func (d *jsonDecoder) named(at int) string {
	before := bytes.TrimRight(d.source[:at], " \t\r\n")
	if len(before) > 0 && before[len(before)-1] == ',' {
		return "an entry of a list"
	}
	return fmt.Sprintf("%q", notation.Short(d.r.Name()))
}

// value reads a text, white space at its ends removed. A number is taken as
// written; anything else is skipped. Both are said.
func (d *jsonDecoder) value() (string, bool) {
	r := d.r
	switch r.Kind() {
	case jsonpull.String:
		s, ok := r.String()
		return trim(s), ok
	case jsonpull.Number:
		at := r.Offset()
		what := d.named(at)
		s, _ := r.Scalar()
		d.defect(sbom.CodeType, at, s, "%s is a number, not a text; taken as written", what)
		return s, true
	default:
		d.wrong("a text")
		return "", false
	}
}

// once reads a text for a key that may stand once; have is what an earlier one gave.
func (d *jsonDecoder) once(seen *uint32, bit uint32, have string) (string, bool) {
	again := d.twice(seen, bit)
	s, ok := d.value()
	return s, ok && (!again || have == "")
}

// text reads a text into dst.
func (d *jsonDecoder) text(dst *string, seen *uint32, bit uint32) {
	if s, ok := d.once(seen, bit, *dst); ok {
		*dst = s
	}
}

// array enters an array; anything else is skipped and said.
func (d *jsonDecoder) array() bool {
	if d.r.Kind() == jsonpull.Array {
		return d.r.Array()
	}
	d.wrong("an array")
	return false
}

// object enters an object; anything else is skipped and said.
func (d *jsonDecoder) object() bool {
	if d.r.Kind() == jsonpull.Object {
		return d.r.Object()
	}
	d.wrong("an object")
	return false
}

func (d *jsonDecoder) revision(seen *uint32) {
	r := d.r
	again := d.twice(seen, bomVersionKey)
	at, k := r.Offset(), r.Kind()
	s, _ := r.Scalar()
	if k != jsonpull.Number {
		d.defect(sbom.CodeType, at, s, "version of the document is %s, not a number", k)
		if k != jsonpull.String {
			return
		}
	}
	if !again {
		d.setRevision(trim(s), at)
	}
}
