// SPDX-License-Identifier: Apache-2.0

package spdx

import "github.com/medsbom/medsbom/internal/jsonpull"

// The keys of the document's lesser lists.
var (
	externalKeys   = []string{"externalDocumentId", "spdxDocument", "checksum"}
	extractedKeys  = []string{"licenseId", "extractedText", "name", "comment", "seeAlsos", "crossRefs"}
	annotationKeys = []string{"annotator", "annotationDate", "annotationType", "comment"}
	reviewKeys     = []string{"reviewer", "reviewDate", "comment"}
)

func (d *jsonDecoder) externalDocument() {
	const owner = "an external document reference"
	at := d.at(d.r.Offset())
	if !d.object(owner) {
		return
	}
	var seen field
	var id, uri, algorithm, value string
	for key, ok := d.next(externalKeys, owner); ok; key, ok = d.next(externalKeys, owner) {
		switch key {
		case "externalDocumentId":
			id, _ = d.field(&seen, fieldID)
		case "spdxDocument":
			uri, _ = d.field(&seen, fieldLocator)
		case "checksum":
			d.once(&seen, fieldChecksums, d.r.NameOffset(), key)
			algorithm, value, _ = d.checksum()
		}
	}
	d.builder.externalDocument(id, uri, algorithm, value, at)
}

func (d *jsonDecoder) extracted() {
	const owner = "an extracted licence"
	at := d.at(d.r.Offset())
	if !d.object(owner) {
		return
	}
	var seen field
	var id string
	for key, ok := d.next(extractedKeys, owner); ok; key, ok = d.next(extractedKeys, owner) {
		switch key {
		case "licenseId":
			id, _ = d.field(&seen, fieldID)
		case "extractedText":
			d.pass(&seen, fieldText, jsonpull.String)
		default:
			d.r.Skip()
		}
	}
	d.builder.extracted(id, seen&fieldText != 0, at)
}

func (d *jsonDecoder) annotation() {
	a := annotation{at: d.at(d.r.Offset())}
	if !d.object("an annotation") {
		return
	}
	var seen field
	for key, ok := d.next(annotationKeys, "an annotation"); ok; key, ok = d.next(annotationKeys, "an annotation") {
		switch key {
		case "annotator":
			a.annotator, _ = d.field(&seen, fieldID)
		case "annotationDate":
			a.date, _ = d.field(&seen, fieldDate)
		case "annotationType":
			a.kind, _ = d.field(&seen, fieldType)
		case "comment":
			a.text = true
			d.pass(&seen, fieldComment, jsonpull.String)
		}
	}
	d.builder.annotation(&a)
}

// review reads a review, which annotations replace since SPDX 2.0 (clause 13).
func (d *jsonDecoder) review() {
	if !d.object("a review") {
		return
	}
	var seen field
	for key, ok := d.next(reviewKeys, "a review"); ok; key, ok = d.next(reviewKeys, "a review") {
		switch key {
		case "reviewDate":
			value, offset := d.field(&seen, fieldDate)
			d.date(value, "date of a review", offset)
		case "reviewer":
			d.pass(&seen, fieldID, jsonpull.String)
		case "comment":
			d.pass(&seen, fieldComment, jsonpull.String)
		}
	}
}
