// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"errors"

	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/sbom/cyclonedx"
	"github.com/medsbom/medsbom/sbom/partslist"
	"github.com/medsbom/medsbom/sbom/signature"
	"github.com/medsbom/medsbom/sbom/spdx"
	"github.com/medsbom/medsbom/sbom/spdx3"
)

// An unpacker opens one file, layer by layer.
type unpacker struct {
	opts   Options
	budget *budget
	files  int  // entries of archives met
	useful bool // some entry is a bill of materials, or stands in the place of one
	yield  func(Item) bool
}

// A source is what is being opened: a file, or an entry of an archive.
type source struct {
	path, digest string
	data         []byte // as it lay there, less the layers opened so far
	text         []byte // in UTF-8
	layers       int
	entry        bool // of an archive
	wrapping     []string
	signatures   []sbom.Signature
	notes        []sbom.Defect // what was wrong with the wrapping
}

// note records something wrong with what a document is wrapped in.
func (s *source) note(message, value string) {
	s.notes = append(s.notes, sbom.Defect{Code: sbom.CodeWrapping, Message: message, Value: value})
}

// fail yields what costs a source. An error about a limit of the options names
// the flag that raises it: the decoders know nothing of flags.
func (u *unpacker) fail(s *source, err error) bool {
	if broken, ok := errors.AsType[*sbom.SyntaxError](err); ok && broken.Limit != "" {
		raised := *broken
		raised.Remedy += ", or raise --max-" + string(broken.Limit)
		err = &raised
	}
	other, ok := errors.AsType[*NotSBOMError](err)
	u.useful = u.useful || !ok || other.IsSBOM
	return u.yield(Item{Path: s.path, Err: err, SHA256: s.digest})
}

// open takes the layers off a source and yields what is in it. It reports
// whether to go on.
func (u *unpacker) open(s *source) bool {
	if err := u.expand(s); err != nil {
		return u.fail(s, err)
	}
	if isZip(s.data) && zipKind(s.data) == KindZip {
		if s.layers >= maxLayers {
			return u.fail(s, tooManyLayers())
		}
		return u.archive(s)
	}
	doc, err := u.document(s)
	if err != nil {
		return u.fail(s, err)
	}
	u.useful = true
	return u.yield(Item{Path: s.path, Document: doc, SHA256: s.digest})
}

// expand takes off the layers of compression.
func (u *unpacker) expand(s *source) error {
	var last Kind
	for form := compression(s.data); form != ""; form = compression(s.data) {
		if s.layers++; s.layers > maxLayers {
			return tooManyLayers()
		}
		data, err := u.budget.expand(form, s.data)
		if err != nil {
			return err
		}
		if s.data = data; len(data) == 0 {
			return refuse(form, s.path, data, s.digest)
		}
		if last != "" {
			s.note("the file is compressed more than once", string(form)+" in "+string(last))
		}
		if last = form; form == KindBzip2 {
			s.note("the file is compressed by bzip2, which other tools do not read", "")
		}
		s.wrapping = append(s.wrapping, string(form))
	}
	return nil
}

// document reads the one document that is left when all layers are off.
func (u *unpacker) document(s *source) (*sbom.Document, error) {
	if isZip(s.data) {
		if kind := zipKind(s.data); kind != KindXLSX {
			return nil, refuse(kind, s.path, s.data, s.digest)
		}
		doc, err := partslist.DecodeXLSX(s.data, u.partsOptions())
		return u.finish(s, KindXLSX, doc, err)
	}
	kind := sniffBytes(s.data)
	switch kind {
	case "":
	case KindCycloneDXProtobuf:
		doc, err := cyclonedx.DecodeProtobuf(s.data, u.cycloneOptions())
		return u.finish(s, kind, doc, err)
	default:
		return nil, refuse(kind, s.path, s.data, s.digest)
	}
	var e encoding
	var lone int
	s.text, e, lone = toUTF8(s.data)
	if int64(len(s.text)) > u.opts.MaxBytes {
		return nil, tooLarge(u.opts.MaxBytes)
	}
	if e == utf32LE || e == utf32BE {
		s.note("the text is in UTF-32, which no SBOM format allows", "")
	}
	doc, err := u.decode(s)
	if err == nil && lone > 0 {
		doc.Defects.Add(sbom.CodeText, sbom.Position{}, "", "%d halves of UTF-16 pairs or values beyond Unicode were read as U+FFFD", lone)
	}
	return doc, err
}

// decode tells the format of a text, takes it out of its envelopes, and calls
// the decoder.
func (u *unpacker) decode(s *source) (*sbom.Document, error) {
	kind := sniffText(s.text)
	for kind.isEnvelope() {
		inner, err := u.unwrap(kind, s)
		if err != nil {
			return nil, err
		}
		text, _, _ := toUTF8(inner)
		within := sniffText(text)
		if !readsText(within) && !within.isEnvelope() {
			return nil, refuse(kind, s.path, text, s.digest)
		}
		s.text, kind = text, within
	}
	doc, err := u.decodeText(kind, s)
	return u.finish(s, kind, doc, err)
}

// readsText reports whether decodeText has a decoder for the kind.
func readsText(k Kind) bool {
	return k.IsSBOM() && k != KindGitHub && k != KindCycloneDXProtobuf || k == KindCSV
}

func (u *unpacker) decodeText(kind Kind, s *source) (*sbom.Document, error) {
	switch kind {
	case KindCycloneDXJSON:
		return cyclonedx.DecodeJSON(s.text, u.cycloneOptions())
	case KindCycloneDXXML:
		return cyclonedx.DecodeXML(s.text, u.cycloneOptions())
	case KindSPDXJSON:
		return spdx.DecodeJSON(s.text, u.spdxOptions())
	case KindSPDXYAML:
		return spdx.DecodeYAML(s.text, u.spdxOptions())
	case KindSPDXRDF:
		return spdx.DecodeRDF(s.text, u.spdxOptions())
	case KindSPDXXML:
		return spdx.DecodeXML(s.text, u.spdxOptions())
	case KindSPDXTagValue:
		if isPythonBytes(bytes.TrimSpace(s.text)) {
			return nil, &sbom.SyntaxError{
				Position: sbom.Position{Line: 1, Column: 1},
				Message:  "SPDX tag-value inside a Python b'…' literal, in which the line ends are lost",
				Remedy:   "ask for the file again, written as bytes and not printed",
			}
		}
		return spdx.DecodeTagValue(s.text, u.spdxOptions())
	case KindSPDX3:
		return spdx3.Decode(s.text, spdx3.Options{
			MaxDepth: u.opts.MaxDepth, MaxString: u.opts.MaxString, MaxComponents: u.opts.MaxComponents,
		})
	case KindCSV:
		return partslist.DecodeCSV(s.text, u.partsOptions())
	default:
		return nil, refuse(kind, s.path, s.text, s.digest)
	}
}

// finish adds what the front door knows of a document.
func (u *unpacker) finish(s *source, kind Kind, doc *sbom.Document, err error) (*sbom.Document, error) {
	if err != nil && (kind == KindCSV || kind == KindXLSX) {
		return nil, noPartsList(kind, s, err)
	}
	if err != nil {
		return nil, err
	}
	if isVEX(doc) {
		return nil, refuse(KindVEX, s.path, s.text, s.digest)
	}
	if kind == KindCycloneDXJSON && len(doc.Signatures) > 0 {
		if err := u.verify(s, doc); err != nil {
			return nil, err
		}
	}
	for i := range doc.Signatures {
		if doc.Signatures[i].Kind == sbom.XMLDSig {
			doc.Signatures[i].Reason = signature.ReasonXML
		}
	}
	doc.Signatures = append(doc.Signatures, s.signatures...)
	doc.Path, doc.SHA256, doc.Wrapping = s.path, s.digest, s.wrapping
	for _, n := range s.notes {
		doc.Defects.Add(n.Code, n.Position, n.Value, "%s", n.Message)
	}
	return doc, nil
}

// verify checks the signatures inside a document. One that fails costs the
// document if the user asked for signatures to be checked; else that is said of
// it, since specimens and documents that a tool went over carry such too.
func (u *unpacker) verify(s *source, doc *sbom.Document) error {
	checked, err := signature.JSF(s.text, u.opts.Trust)
	failed, ok := errors.AsType[*signature.Error](err)
	switch {
	case err == nil:
		doc.Signatures = checked
	case ok && len(u.opts.Trust) == 0:
		for i := range doc.Signatures {
			doc.Signatures[i].State, doc.Signatures[i].Reason = sbom.SignatureBroken, failed.Reason
		}
	default:
		return signatureError(err)
	}
	return nil
}

// noPartsList turns the error of a table into one about a file that is no list
// of parts: most tables are something else, a form or an inventory.
func noPartsList(kind Kind, s *source, err error) error {
	e := refuse(kind, s.path, s.text, s.digest)
	e.Reason = "a table that is not read as a list of parts: " + err.Error()
	if broken, ok := errors.AsType[*sbom.SyntaxError](err); ok {
		e.Remedy = broken.Remedy
	}
	return e
}

// isVEX reports whether a document makes statements on vulnerabilities and lists
// nothing: it accompanies an SBOM and is none. One in which a list may hide under
// a wrong key or type is not passed over.
func isVEX(doc *sbom.Document) bool {
	hides := doc.Defects.Counts[sbom.CodeUnknownTag]+doc.Defects.Counts[sbom.CodeType] > 0
	return doc.Format == sbom.CycloneDX && doc.Statements > 0 && doc.Count() == 0 && len(doc.Services) == 0 && !hides
}

func (u *unpacker) cycloneOptions() cyclonedx.Options {
	return cyclonedx.Options{MaxDepth: u.opts.MaxDepth, MaxString: u.opts.MaxString, MaxComponents: u.opts.MaxComponents}
}

func (u *unpacker) spdxOptions() spdx.Options {
	return spdx.Options{MaxDepth: u.opts.MaxDepth, MaxString: u.opts.MaxString, MaxComponents: u.opts.MaxComponents}
}

func (u *unpacker) partsOptions() partslist.Options {
	return partslist.Options{MaxComponents: u.opts.MaxComponents, MaxBytes: u.opts.MaxBytes, MaxRatio: u.opts.MaxRatio}
}
