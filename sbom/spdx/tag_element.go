// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"strings"

	"github.com/medsbom/medsbom/sbom"
)

// An extractedLicence is a licence whose text the document gives, as far as it
// has been read.
type extractedLicence struct {
	open bool
	id   string
	text bool
	at   sbom.Position
}

// closeElement finishes the file, snippet or licence that is being read.
func (d *tagDecoder) closeElement() {
	d.closeFile()
	if s := &d.piece; !s.at.IsZero() {
		d.snippet(s)
		*s = snippet{}
	}
	if l := &d.licence; l.open {
		d.extracted(l.id, l.text, l.at)
		*l = extractedLicence{}
	}
}

// stray says that a tag stands outside of the element that it belongs to.
func (d *tagDecoder) stray(owner string) {
	d.defect(sbom.CodeUnknownTag, d.at(d.l.at), d.l.tag, "a tag of %s stands outside of one and was passed over", owner)
}

func (d *tagDecoder) fileTag(row *tagRow) {
	if row.action == startFile {
		d.closeElement()
		d.section = inFile
		d.openFile(d.at(d.l.at))
		d.files.current.name = d.value()
		if d.pending != "" {
			d.files.seen |= fieldID
			d.files.current.id, d.pending = d.pending, ""
		}
		return
	}
	if !d.files.open {
		if row.action != pass {
			d.stray("a file")
		}
		return
	}
	switch row.action {
	case addFileChecksum:
		algorithm, value, _ := strings.Cut(d.value(), ":")
		d.fileHash(algorithm, value, d.at(d.l.at))
	case addFileType:
		d.fileType(d.value(), d.l.at)
	case setFileConcluded:
		d.fileLicence(d.single(&d.files.seen, fieldConcluded))
	case useLicence:
		d.useLicences(d.value(), d.l.at)
	default: // comments, notices and the like
	}
}

func (d *tagDecoder) snippetTag(row *tagRow) {
	if row.action == startSnippet {
		d.closeElement()
		d.section = inSnippet
		d.piece = snippet{id: d.value(), at: d.at(d.l.at)}
		if d.piece.id != "" {
			d.checkID(d.piece.id, "a snippet", d.l.at)
		}
		return
	}
	if d.piece.at.IsZero() {
		if row.action != pass {
			d.stray("a snippet")
		}
		return
	}
	switch row.action {
	case setSnippetFile:
		d.piece.file = d.value()
	case addRange, addLineRange:
		d.piece.ranges = d.piece.ranges || row.action == addRange
		from, to, _ := strings.Cut(d.value(), ":")
		d.extent(from, to, d.at(d.l.at))
	case useLicence:
		d.useLicences(d.value(), d.l.at)
	default:
	}
}

func (d *tagDecoder) licenceTag(row *tagRow) {
	switch {
	case row.action == startLicence:
		d.closeElement()
		d.section = inLicence
		d.licence = extractedLicence{open: true, id: d.value(), at: d.at(d.l.at)}
	case row.action != setExtractedText:
	case !d.licence.open:
		d.stray("an extracted licence")
	default:
		d.licence.text = true
	}
}

func (d *tagDecoder) annotationTag(row *tagRow) {
	value := d.value()
	if row.action == startAnnotation {
		d.closeAnnotation()
		d.note = annotation{annotator: value, at: d.at(d.l.at)}
		return
	}
	if d.note.at.IsZero() {
		d.note.at = d.at(d.l.at) // an annotation without its annotator
	}
	switch row.action {
	case setAnnotationDate:
		d.note.date = value
	case setAnnotationType:
		d.note.kind = value
	case setAnnotationText:
		d.note.text = true
	case setAnnotated:
		d.mention(value, "an annotation", d.at(d.l.at))
	default:
	}
}

func (d *tagDecoder) closeAnnotation() {
	if !d.note.at.IsZero() {
		d.annotation(&d.note)
		d.note = annotation{}
	}
}
