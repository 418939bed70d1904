// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"strings"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// DecodeJSON reads an SPDX 2 document in JSON. The error, if any, is a
// *sbom.SyntaxError. The text is UTF-8 without a byte order mark; it must not
// be changed while the document lives.
func DecodeJSON(text []byte, opts Options) (*sbom.Document, error) {
	return decodeJSON(text, sbom.NewLines(text), sbom.JSON, opts)
}

// decodeJSON reads a document in JSON that may stand for one in another
// encoding; where knows the places of the file it was made from.
func decodeJSON(text []byte, where places, encoding sbom.Encoding, opts Options) (*sbom.Document, error) {
	d := &jsonDecoder{
		builder: newBuilder(text, where, encoding, opts),
		r:       jsonpull.New(text, jsonpull.Limits{Depth: opts.MaxDepth, String: opts.MaxString}),
	}
	d.begin = d.at(d.r.Offset())
	if k := d.r.Kind(); k != jsonpull.Object && k != jsonpull.Invalid {
		return nil, &sbom.SyntaxError{
			Position: d.begin,
			Message:  "no SPDX document: " + k.String() + " where an object should stand",
			Remedy:   remedyFormat,
		}
	}
	d.document(false)
	d.closePackage()
	if d.err != nil {
		return nil, d.err
	}
	if err := d.r.End(); err != nil {
		return nil, d.syntaxError(err)
	}
	if !d.recognised() {
		return nil, &sbom.SyntaxError{Position: d.begin, Message: "no SPDX 2 document: it has no spdxVersion", Remedy: remedyFormat}
	}
	if d.r.BadText > 0 {
		d.defect(sbom.CodeText, d.at(d.r.BadTextAt), "", "%d strings hold invalid UTF-8 or control characters", d.r.BadText)
	}
	return d.finish()
}

const (
	remedyFormat = "send the SBOM as SPDX 2.3 or CycloneDX"
	remedyWhole  = "send the file again, whole and as the tool wrote it"
	remedyLimit  = "split the document by product"
)

func (d *jsonDecoder) syntaxError(err *jsonpull.Error) error {
	e := &sbom.SyntaxError{Position: d.at(err.Offset), Message: err.Message, Remedy: remedyWhole}
	switch err.Limit {
	case jsonpull.Depth:
		e.Remedy, e.Limit = remedyLimit, sbom.LimitDepth
	case jsonpull.StringLength:
		e.Remedy, e.Limit = remedyLimit, sbom.LimitString
	case jsonpull.Callers:
		e.Remedy = remedyLimit
	case jsonpull.None:
	}
	return e
}

// recognised reports whether an object without a version is an SPDX document
// nevertheless.
func (d *jsonDecoder) recognised() bool {
	const header, content = fieldID | fieldNamespace | fieldCreation, fieldPackages | fieldFiles | fieldDescribes
	return d.seen&fieldVersion != 0 || d.seen&header != 0 && d.seen&content != 0
}

// A jsonDecoder reads the keys of the JSON schema into the builder.
type jsonDecoder struct {
	*builder
	r *jsonpull.Reader
}

// object enters the next value if it is an object, or says that it is not.
func (d *jsonDecoder) object(what string) bool {
	if k := d.r.Kind(); k != jsonpull.Object {
		d.wrongType(what, k, "an object")
		return false
	}
	return d.r.Object()
}

// array enters the next value if it is an array, or says that it is not.
func (d *jsonDecoder) array(what string) bool {
	if k := d.r.Kind(); k != jsonpull.Array {
		d.wrongType(what, k, "an array")
		return false
	}
	return d.r.Array()
}

func (d *jsonDecoder) wrongType(what string, got jsonpull.Kind, want string) {
	if got != jsonpull.Invalid { // the reader says what is wrong with those
		d.defect(sbom.CodeType, d.at(d.r.Offset()), "", "%s is %s instead of %s", what, got, want)
	}
	d.r.Skip()
}

// text reads a string and where it stands. A number or boolean is taken as
// written; null is as good as absent.
func (d *jsonDecoder) text(what string) (value string, offset int) {
	offset = d.r.Offset()
	value, kind := d.r.Scalar()
	switch kind {
	case jsonpull.String:
		value = strings.TrimSpace(value)
	case jsonpull.Number, jsonpull.Bool:
		d.defect(sbom.CodeType, d.at(offset), value, "%s is %s instead of a string", what, kind)
	case jsonpull.Null, jsonpull.Invalid:
		value = ""
	default:
		d.defect(sbom.CodeType, d.at(offset), "", "%s is %s instead of a string", what, kind)
	}
	return value, offset
}

// field reads the text of a key that an element has once.
func (d *jsonDecoder) field(seen *field, f field) (value string, offset int) {
	key := d.r.Name()
	d.once(seen, f, d.r.NameOffset(), key)
	return d.text(key)
}

// list calls each for every element of the array that is the next value.
func (d *jsonDecoder) list(seen *field, f field, each func()) {
	key := d.r.Name()
	d.once(seen, f, d.r.NameOffset(), key)
	if !d.array(key) {
		return
	}
	for d.r.Item() && d.err == nil {
		each()
	}
}

// key returns the key read last, in the spelling of the format if it differs
// from that in case only, which is said: readers that ignore the case and
// readers that do not would else see two documents.
func (d *jsonDecoder) key(known []string, owner string) string {
	key := d.r.Name()
	for _, k := range known {
		if strings.EqualFold(k, key) {
			if k != key {
				d.defect(sbom.CodeUnknownTag, d.at(d.r.NameOffset()), key, "a key of %s is spelt in another case than %s", owner, k)
			}
			return k
		}
	}
	d.defect(sbom.CodeUnknownTag, d.at(d.r.NameOffset()), key, "%s has a key that SPDX does not have there", owner)
	return ""
}

// next moves to the next key of an object that is one of the known ones, however
// it is spelt, and says which are not.
func (d *jsonDecoder) next(known []string, owner string) (key string, ok bool) {
	for d.r.Key() {
		name := d.r.Name()
		for _, k := range known {
			if k == name {
				return k, true
			}
		}
		if k := d.key(known, owner); k != "" {
			return k, true
		}
		d.r.Skip()
	}
	return "", false
}

// pass passes over the value of a key that an element has once, and says if it
// is of another kind than the format has there.
func (d *jsonDecoder) pass(seen *field, f field, want jsonpull.Kind) {
	key := d.r.Name()
	d.once(seen, f, d.r.NameOffset(), key)
	switch k := d.r.Kind(); k {
	case want, jsonpull.Null:
		d.r.Skip()
	default:
		d.wrongType(key, k, want.String())
	}
}

// document reads the object of the document. wrapped is true inside the
// "Document" of tools before SPDX 2.2.
func (d *jsonDecoder) document(wrapped bool) {
	if !d.object("the document") {
		return
	}
	for d.r.Key() {
		if !d.documentKey(d.r.Name(), wrapped) {
			if k := d.key(documentKeys, "the document"); k == "" || !d.documentKey(k, wrapped) {
				d.r.Skip()
			}
		}
		if d.err != nil {
			return
		}
	}
}

// documentKeys are the keys of the document that a decoder is to know when
// they are written in another case, and those without meaning for the model.
var documentKeys = []string{
	"spdxVersion", "SPDXID", "name", "documentNamespace", "dataLicense", "comment", "creationInfo",
	"packages", "files", "snippets", "relationships", "documentDescribes",
	"$schema", "annotations", "externalDocumentRefs", "hasExtractedLicensingInfos", "revieweds",
}

func (d *jsonDecoder) documentKey(key string, wrapped bool) bool {
	switch key {
	case "spdxVersion":
		d.version(d.field(&d.seen, fieldVersion))
	case "SPDXID":
		d.id(d.field(&d.seen, fieldID))
	case "name":
		name, _ := d.field(&d.seen, fieldName)
		d.doc.Name = notation.Stated(name)
	case "documentNamespace":
		d.namespace(d.field(&d.seen, fieldNamespace))
	case "dataLicense":
		d.dataLicence(d.field(&d.seen, fieldDataLicence))
	case "comment":
		comment, _ := d.field(&d.seen, fieldComment)
		d.comment(comment)
	case "creationInfo":
		d.once(&d.seen, fieldCreation, d.r.NameOffset(), key)
		d.creationInfo()
	case "packages":
		d.packageList()
	case "files":
		d.list(&d.seen, fieldFiles, d.file)
	case "snippets":
		d.list(&d.seen, fieldSnippets, d.snippet)
	case "relationships":
		d.list(&d.seen, fieldRelationships, d.relationship)
	case "documentDescribes":
		d.list(&d.seen, fieldDescribes, d.described)
	case "externalDocumentRefs":
		d.list(&d.seen, fieldExternal, d.externalDocument)
	case "hasExtractedLicensingInfos":
		d.list(&d.seen, fieldExtracted, d.extracted)
	case "annotations":
		d.list(&d.seen, fieldAnnotations, d.annotation)
	case "revieweds":
		d.list(&d.seen, fieldReviews, d.review)
	case "$schema":
		d.r.Skip()
	case "Document":
		if wrapped {
			return false
		}
		d.defect(sbom.CodeSpec, d.at(d.r.NameOffset()), key, `the document stands inside "Document", as tools before SPDX 2.2 wrote it`)
		d.document(true)
	default:
		return false
	}
	return true
}

func (d *jsonDecoder) creationInfo() {
	if !d.object("creationInfo") {
		return
	}
	for key, ok := d.next(creationKeys, "creationInfo"); ok; key, ok = d.next(creationKeys, "creationInfo") {
		switch key {
		case "created":
			d.created(d.field(&d.seen, fieldCreated))
		case "creators":
			if k := d.r.Kind(); k == jsonpull.String {
				d.defect(sbom.CodeType, d.at(d.r.Offset()), "", "creators is a string instead of an array")
				d.creator(d.field(&d.seen, fieldCreators))
				break
			}
			d.list(&d.seen, fieldCreators, func() { d.creator(d.text("a creator")) })
		case "comment":
			comment, _ := d.field(&d.seen, fieldCreatorComment)
			d.comment(comment)
		case "licenseListVersion":
			d.listVersion(d.field(&d.seen, fieldListVersion))
		}
	}
}

var creationKeys = []string{"created", "creators", "comment", "licenseListVersion"}

// described reads an element of documentDescribes: an SPDXID, or in the old
// form the element itself as {"Package": {…}} or {"File": {…}}.
func (d *jsonDecoder) described() {
	at := d.at(d.r.Offset())
	if d.r.Kind() != jsonpull.Object {
		if id, _ := d.text("an element of documentDescribes"); id != "" {
			d.describe(id, at)
		}
		return
	}
	if !d.r.Object() {
		return
	}
	for d.r.Key() {
		switch d.r.Name() {
		case "Package":
			d.packages.ref = ""
			if d.pkg(); d.packages.ref != "" {
				d.describe(d.packages.ref, at)
			}
		case "File":
			d.file()
		default:
			d.key(nil, "an element of documentDescribes")
			d.r.Skip()
		}
		if d.err != nil {
			return
		}
	}
}

func (d *jsonDecoder) relationship() {
	at := d.at(d.r.Offset())
	if !d.object("a relationship") {
		return
	}
	var seen field
	var from, kind, to string
	for key, ok := d.next(relationshipKeys, "a relationship"); ok; key, ok = d.next(relationshipKeys, "a relationship") {
		switch key {
		case "spdxElementId":
			from, _ = d.field(&seen, fieldID)
		case "relationshipType":
			kind, _ = d.field(&seen, fieldType)
		case "relatedSpdxElement":
			to, _ = d.field(&seen, fieldLocator)
		case "comment":
			d.pass(&seen, fieldComment, jsonpull.String)
		}
	}
	if d.r.Err() == nil {
		d.relate(from, kind, to, at)
	}
}

var relationshipKeys = []string{"spdxElementId", "relationshipType", "relatedSpdxElement", "comment"}
