// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"strings"
	"unsafe"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// DecodeTagValue reads an SPDX 2 document in tag-value form. The error, if
// any, is a *sbom.SyntaxError. The text is UTF-8 without a byte order mark; it
// must not be changed while the document lives.
func DecodeTagValue(text []byte, opts Options) (*sbom.Document, error) {
	text, carriage := lineFeeds(text)
	b := newBuilder(text, sbom.NewLines(text), sbom.TagValue, opts)
	d := &tagDecoder{builder: b, l: tagLines{
		text:  unsafe.String(unsafe.SliceData(text), len(text)), //nolint:gosec // G103: views, see the package comment
		limit: opts.MaxString,
		where: b.at,
	}}
	if d.l.limit == 0 {
		d.l.limit = defaultMaxString
	}
	if carriage {
		d.defect(sbom.CodeText, d.begin, "", "lines end in a carriage return without a line feed")
	}
	for d.l.next() && d.err == nil {
		d.line()
	}
	d.dropPending()
	d.closeElement()
	d.closeAnnotation()
	d.closePackage()
	switch {
	case d.l.err != nil:
		return nil, d.l.err
	case d.err != nil:
		return nil, d.err
	case d.seen&fieldVersion == 0 && len(d.doc.Components) == 0 && d.doc.Files == 0:
		return nil, &sbom.SyntaxError{Position: d.begin, Message: "no SPDX tag-value document: it has no SPDXVersion", Remedy: remedyFormat}
	}
	if d.badText > 0 {
		d.defect(sbom.CodeText, d.badTextAt, "", "%d values hold invalid UTF-8 or control characters", d.badText)
	}
	return d.finish()
}

// A tagDecoder carries the lines of a text into the builder.
type tagDecoder struct {
	*builder
	l tagLines

	section   section // of the element that is being read
	nameless  bool    // the open package began without a PackageName
	idFirst   bool    // the SPDXID of the open package came before its PackageName
	piece     snippet
	licence   extractedLicence
	note      annotation
	headers   int // SPDXVersion tags met
	secondAt  sbom.Position
	pending   string // an SPDXID that came before the element it belongs to
	pendingAt sbom.Position

	badText   int
	badTextAt sbom.Position
}

// line reads the line that the scanner stands on.
func (d *tagDecoder) line() {
	if d.l.tag == "" {
		d.defect(sbom.CodeUnknownTag, d.at(d.l.at), d.l.value, "a line is no tag with a value; text over several lines stands between <text> and </text>")
		return
	}
	row, exact, ok := findTag(d.l.tag)
	if !ok {
		d.defect(sbom.CodeUnknownTag, d.at(d.l.at), d.l.tag, "a tag is none of SPDX's")
		return
	}
	if !exact {
		d.defect(sbom.CodeUnknownTag, d.at(d.l.at), d.l.tag, "a tag is spelt in another case than %s", row.name)
	}
	if d.l.trailing {
		d.defect(sbom.CodeValue, d.at(d.l.at), d.l.tag, "text stands after the </text> of a value")
	}
	switch row.section {
	case inDocument:
		d.documentTag(row)
	case inPackage:
		d.packageTag(row)
	case inFile:
		d.fileTag(row)
	case inSnippet:
		d.snippetTag(row)
	case inLicence:
		d.licenceTag(row)
	case anywhere:
		switch row.action {
		case setID:
			d.identifier()
		case addRelationship:
			d.relationship()
		case setReviewDate:
			d.date(d.value(), "date of a review", d.l.at)
		case pass:
		default:
			d.annotationTag(row)
		}
	}
}

// value is the value of the line, cleaned of what is no text.
func (d *tagDecoder) value() string {
	value, bad := cleanText(d.l.value)
	if bad {
		if d.badText++; d.badText == 1 {
			d.badTextAt = d.at(d.l.at)
		}
	}
	return value
}

// single is the value of a tag that an element has once.
func (d *tagDecoder) single(seen *field, f field) (value string, offset int) {
	d.once(seen, f, d.l.at, d.l.tag)
	return d.value(), d.l.at
}

func (d *tagDecoder) documentTag(row *tagRow) {
	switch row.action {
	case setVersion:
		d.section = inDocument
		if d.headers++; d.headers == 2 {
			d.secondAt = d.at(d.l.at)
		}
		if len(d.doc.Components) > 0 || d.doc.Files > 0 {
			d.defect(sbom.CodeUnknownTag, d.at(d.l.at), d.l.tag, "the header of the document stands after a package or file")
		}
		d.version(d.single(&d.seen, fieldVersion))
	case setDataLicence:
		d.section = inDocument
		d.dataLicence(d.single(&d.seen, fieldDataLicence))
	case setDocumentName:
		d.section = inDocument
		name, _ := d.single(&d.seen, fieldName)
		d.doc.Name = notation.Stated(name)
	case setNamespace:
		d.section = inDocument
		id, offset := d.single(&d.seen, fieldNamespace)
		if d.headers > 1 && d.doc.ID != "" && id != d.doc.ID {
			d.err = &sbom.SyntaxError{Position: d.secondAt, Message: "a second document begins here", Remedy: "put each document into a file of its own"}
		}
		d.namespace(id, offset)
	case setComment:
		comment, _ := d.single(&d.seen, fieldComment)
		d.comment(comment)
	case setCreatorComment:
		d.comment(d.value())
	case addCreator:
		d.creator(d.value(), d.l.at)
	case setCreated:
		d.created(d.single(&d.seen, fieldCreated))
	case setListVersion:
		d.listVersion(d.single(&d.seen, fieldListVersion))
	case addExternal: // clause 6.6: DocumentRef-x https://… SHA1: …
		id, rest := cutWord(d.value())
		uri, rest := cutWord(rest)
		algorithm, value, _ := strings.Cut(rest, ":")
		d.externalDocument(id, uri, algorithm, value, d.at(d.l.at))
	default:
	}
}

// identifier gives an SPDXID to the element that is being read, or keeps it
// for the next one if this one has its own already: some tools write the
// SPDXID before the PackageName or FileName that should begin the element.
func (d *tagDecoder) identifier() {
	id := d.value()
	switch {
	case strings.EqualFold(bareID(id), "DOCUMENT"), d.section == inDocument && d.documentID == "":
		d.once(&d.seen, fieldID, d.l.at, d.l.tag)
		d.id(id, d.l.at)
	case d.section == inPackage && d.packages.seen&fieldID == 0:
		d.packages.seen |= fieldID
		d.packageID(id, d.l.at)
	case d.section == inFile && d.files.open && d.files.seen&fieldID == 0:
		d.files.seen |= fieldID
		d.fileID(id, d.l.at)
	case d.section == inPackage && id == d.current().Ref && !d.idFirst:
		d.once(&d.packages.seen, fieldID, d.l.at, d.l.tag)
	default:
		d.dropPending()
		d.pending, d.pendingAt = id, d.at(d.l.at)
		if id != "" {
			d.checkID(id, "an element", d.l.at)
		}
	}
}

// dropPending says that an SPDXID found no element.
func (d *tagDecoder) dropPending() {
	if d.pending != "" {
		d.defect(sbom.CodeUnknownTag, d.pendingAt, d.pending, "an SPDXID belongs to no package, file or snippet")
		d.pending = ""
	}
}

// beginPackage starts a package at the line that the scanner stands on.
func (d *tagDecoder) beginPackage() {
	d.closeElement()
	d.openPackage(d.l.at)
	d.section, d.nameless, d.idFirst = inPackage, false, d.pending != ""
	if d.idFirst {
		d.packages.seen |= fieldID
		d.current().Ref, d.pending = d.pending, ""
	}
}

func (d *tagDecoder) packageTag(row *tagRow) {
	seen := &d.packages.seen
	if row.action == startPackage {
		if !d.packages.open || d.section != inPackage || !d.nameless {
			d.beginPackage()
		}
		d.nameless = false
		d.current().Name = notation.Stated(d.value())
		return
	}
	switch {
	case !d.packages.open, d.pending != "":
		d.beginPackage()
		d.nameless = true
	case d.section != inPackage:
		d.defect(sbom.CodeUnknownTag, d.at(d.l.at), d.l.tag, "a tag of a package stands outside of one and was read into the last")
	}
	c := d.current()
	switch row.action {
	case setPackageVersion:
		version, _ := d.single(seen, fieldPackageVersion)
		c.Version = notation.Stated(version)
	case setSupplier:
		value, offset := d.single(seen, fieldSupplier)
		d.party(&c.Supplier, value, "supplier", offset)
	case setOriginator:
		value, offset := d.single(seen, fieldOriginator)
		d.originator(c, value, offset)
	case setDownload:
		value, offset := d.single(seen, fieldDownload)
		d.location(&d.packages.download, value, "download location", offset)
	case setHomepage:
		value, offset := d.single(seen, fieldHomepage)
		d.location(&d.packages.homepage, value, "home page", offset)
	case setBuilt:
		value, offset := d.single(seen, fieldBuilt)
		d.date(value, "BuiltDate of a package", offset)
	case setReleased:
		value, offset := d.single(seen, fieldReleased)
		d.date(value, "ReleaseDate of a package", offset)
	case setAnalyzed:
		d.filesAnalyzed(d.single(seen, fieldAnalyzed))
	case setVerification: // d6a770ba… (excludes: ./package.spdx)
		value, offset := d.single(seen, fieldVerification)
		code, _ := cutWord(strings.ReplaceAll(value, "(", " ("))
		d.verificationCode(code, d.at(offset))
	case setCopyright:
		d.once(seen, fieldCopyright, d.l.at, d.l.tag)
	case setPackageComment:
		d.once(seen, fieldComment, d.l.at, d.l.tag)
	case setDescription:
		d.once(seen, fieldDescription, d.l.at, d.l.tag)
	case setFileName:
		d.once(seen, fieldFileName, d.l.at, d.l.tag)
	case setLicenceComments:
		d.once(seen, fieldLicenceComments, d.l.at, d.l.tag)
	case setSummary:
		d.once(seen, fieldSummary, d.l.at, d.l.tag)
	case useLicence:
		d.useLicences(d.value(), d.l.at)
	case setSourceInfo:
		value, _ := d.single(seen, fieldSourceInfo)
		c.SourceInfo = notation.Stated(value)
	case setDeclared:
		value, offset := d.single(seen, fieldDeclared)
		d.declared(value, false, offset)
	case setConcluded:
		value, offset := d.single(seen, fieldConcluded)
		d.declared(value, true, offset)
	case setPurpose:
		d.purpose(d.single(seen, fieldPurpose))
	case setValidUntil:
		d.validUntil(d.single(seen, fieldValidUntil))
	case addChecksum:
		algorithm, value, _ := strings.Cut(d.value(), ":")
		d.hash(algorithm, value, d.at(d.l.at))
	case addReference:
		category, rest := cutWord(d.value())
		kind, locator := cutWord(rest)
		d.reference(category, kind, locator, d.at(d.l.at))
	default: // comments, descriptions and the like
	}
}

// filesAnalyzed takes whether the files of a package were analysed.
func (d *tagDecoder) filesAnalyzed(value string, offset int) {
	d.packages.analyzed = value
	switch value {
	case "true", "false":
	default:
		d.defect(sbom.CodeValue, d.at(offset), value, "FilesAnalyzed is neither true nor false")
	}
}

func (d *tagDecoder) relationship() {
	at := d.at(d.l.at)
	from, rest := cutWord(d.value())
	kind, rest := cutWord(rest)
	to, rest := cutWord(rest)
	if rest != "" {
		d.defect(sbom.CodeValue, at, rest, "text stands after the second end of a relationship")
	}
	d.relate(from, kind, to, at)
}

// cutWord cuts the first word off a text.
func cutWord(s string) (word, rest string) {
	s = strings.TrimLeft(s, " \t")
	if end := strings.IndexAny(s, " \t"); end >= 0 {
		return s[:end], strings.TrimLeft(s[end:], " \t")
	}
	return s, ""
}
