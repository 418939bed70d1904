// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"fmt"
	"strings"
	"time"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// field is a bit for every key or tag that occurs at most once in its element.
type field uint64

const (
	fieldVersion field = 1 << iota // of the document
	fieldID
	fieldName
	fieldNamespace
	fieldDataLicence
	fieldCreation
	fieldCreated
	fieldCreators
	fieldComment
	fieldCreatorComment
	fieldListVersion
	fieldPackages
	fieldFiles
	fieldRelationships
	fieldDescribes
	fieldSnippets
	fieldExternal
	fieldExtracted
	fieldReviews
	fieldAnnotations
	fieldPackageVersion // of a package
	fieldSupplier
	fieldOriginator
	fieldDeclared
	fieldConcluded
	fieldSourceInfo
	fieldPurpose
	fieldDownload
	fieldHomepage
	fieldValidUntil
	fieldBuilt
	fieldReleased
	fieldReferences
	fieldChecksums
	fieldAnalyzed
	fieldVerification
	fieldHasFiles
	fieldFileName
	fieldCopyright
	fieldLicenceComments
	fieldFileLicences
	fieldAttribution
	fieldSummary
	fieldDescription
	fieldCategory // of an external reference, checksum, relationship, annotation or pointer
	fieldType
	fieldLocator
	fieldDate
	fieldText
)

// A builder makes the document from what a decoder reads. Offsets that are
// given to it must not go back by more than a few times in a document, since
// sbom.Lines starts again then; so the place of anything that is judged after
// its parts is taken before them.
type builder struct {
	doc   sbom.Document
	size  int // bytes of the text
	most  int // packages that a document may have, whatever its size
	lines places
	begin sbom.Position

	seen       field // of the document
	documentID string
	packages   packages
	files      files
	others     identifiers // of files and snippets
	external   map[string]int32
	terms      licenceTexts
	relations  []relation
	mentions   []mention
	err        error // a limit that was passed
}

// places turns offsets of the text that is decoded into places of the file. A
// form that is decoded by way of another text (YAML as JSON) brings its own.
type places interface {
	At(offset int) sbom.Position
}

func newBuilder(text []byte, where places, encoding sbom.Encoding, opts Options) *builder {
	b := &builder{
		doc:   sbom.Document{Format: sbom.SPDX, Encoding: encoding},
		size:  len(text),
		most:  opts.MaxComponents,
		lines: where,
		begin: sbom.Position{Line: 1, Column: 1},
	}
	if b.most == 0 {
		b.most = defaultMaxComponents
	}
	b.packages.first = make(map[string]int32)
	return b
}

func (b *builder) at(offset int) sbom.Position { return b.lines.At(offset) }

func (b *builder) defect(code sbom.Code, at sbom.Position, value, format string, args ...any) {
	b.doc.Defects.Add(code, at, value, format, args...)
}

// once notes that a field of an element was met, and says it if it was before.
func (b *builder) once(seen *field, f field, offset int, key string) {
	if *seen&f != 0 {
		b.defect(sbom.CodeKeyTwice, b.at(offset), key, "%s is written twice in one element", key)
	}
	*seen |= f
}

func (b *builder) version(value string, offset int) {
	version, exact := specVersion(value)
	b.doc.SpecVersion = version
	if !exact {
		b.defect(sbom.CodeSpec, b.at(offset), value, "the SPDX version is not one of SPDX-2.1, SPDX-2.2 and SPDX-2.3")
	}
}

func (b *builder) id(value string, offset int) {
	b.documentID = value
	switch {
	case value == "":
	case strings.HasPrefix(value, idPrefix) && value != idPrefix+"DOCUMENT": // clause 6.3
		b.defect(sbom.CodeValue, b.at(offset), value, "the SPDXID of the document is not %s", idPrefix+"DOCUMENT")
	default:
		b.checkID(value, "the document", offset)
	}
}

func (b *builder) dataLicence(value string, offset int) {
	if value != "" && value != "CC0-1.0" {
		b.defect(sbom.CodeValue, b.at(offset), value, "the data licence of the document is not CC0-1.0") // clause 6.2
	}
}

// namespace takes the documentNamespace, a URI without a fragment (clause 6.5).
func (b *builder) namespace(value string, offset int) {
	if b.doc.ID = notation.Stated(value); value != "" && (!isURI(value) || strings.Contains(value, "#")) {
		b.defect(sbom.CodeValue, b.at(offset), value, "the namespace of the document is no URI without a fragment")
	}
}

func (b *builder) listVersion(value string, offset int) {
	if value != "" && strings.Trim(value, "0123456789.") != "" {
		b.defect(sbom.CodeValue, b.at(offset), value, "the version of the licence list is not of the form 3.21")
	}
}

// date checks the form of a date; what is its name and owner.
func (b *builder) date(value, what string, offset int) {
	if !isTime(value) {
		b.dateAt(value, what, b.at(offset))
	}
}

func (b *builder) dateAt(value, what string, at sbom.Position) {
	if !isTime(value) {
		b.defect(sbom.CodeDate, at, value, "the %s is not of the form YYYY-MM-DDThh:mm:ssZ", what)
	}
}

func isTime(value string) bool {
	_, err := time.Parse(time.RFC3339, value)
	return err == nil || value == ""
}

// checkID says what is wrong with the form of an SPDXID.
func (b *builder) checkID(id, owner string, offset int) {
	bare, prefixed := strings.CutPrefix(id, idPrefix)
	switch {
	case !prefixed:
		b.defect(sbom.CodeValue, b.at(offset), id, "the SPDXID of %s does not begin with %q", owner, idPrefix)
	case !legalID(bare):
		b.defect(sbom.CodeValue, b.at(offset), id, "the SPDXID of %s has characters other than letters, digits, '.' and '-'", owner)
	}
}

func (b *builder) created(value string, offset int) {
	b.doc.Created = value
	if value == "" {
		return
	}
	t, err := time.Parse(time.RFC3339, value)
	if err != nil {
		b.defect(sbom.CodeDate, b.at(offset), value, "the creation time of the document is not of the form YYYY-MM-DDThh:mm:ssZ")
		return
	}
	b.doc.CreatedAt = t
}

func (b *builder) creator(value string, offset int) {
	party, kind, exact := parseParty(value)
	if !exact {
		b.defect(sbom.CodeParty, b.at(offset), value, `a creator is not of the form "Tool: …", "Organization: …" or "Person: …"`)
	}
	switch {
	case kind == tool:
		// contacts are for people: "apko (canary)" is the tool's name
		if _, rest, _ := cutPartyKind(value); stands(rest) {
			name, version := notation.Tool(strings.TrimSpace(rest))
			b.doc.Tools = append(b.doc.Tools, sbom.Tool{Name: name, Version: version})
		}
	case party != sbom.Party{}:
		b.doc.Authors = append(b.doc.Authors, party)
	}
}

func (b *builder) comment(value string) {
	if kind := sbomType(value); kind != "" {
		b.doc.Lifecycles = append(b.doc.Lifecycles, kind)
	}
}

// finish resolves what could not be resolved while reading and returns the
// document.
func (b *builder) finish() (*sbom.Document, error) {
	if b.err != nil {
		return nil, b.err
	}
	b.requireHeader()
	if first, ok := b.packages.first[bareID(b.documentID)]; ok && b.documentID != "" {
		c := &b.doc.Components[first]
		b.defect(sbom.CodeDuplicate, c.Position, c.Ref, "a package has the SPDXID of the document")
	}
	b.sayDoubled()
	b.requireLicences()
	b.resolve()
	b.keepFiles()
	b.resolveLicences()
	return &b.doc, nil
}

// requireHeader says which mandatory fields the document lacks (clause 6).
func (b *builder) requireHeader() {
	for _, f := range [...]struct {
		name    string
		missing bool
	}{
		{"an SPDX version", b.doc.SpecVersion == "" && b.seen&fieldVersion == 0},
		{"an SPDXID", b.documentID == ""},
		{"a name", b.doc.Name == ""},
		{"a namespace", b.doc.ID == ""},
		{"a data licence", b.seen&fieldDataLicence == 0},
		{"a creation time", b.doc.Created == ""},
		{"a creator", len(b.doc.Tools) == 0 && len(b.doc.Authors) == 0},
	} {
		if f.missing {
			b.defect(sbom.CodeMissing, b.begin, "", "the document lacks %s", f.name)
		}
	}
	switch {
	case len(b.doc.Components) > 0:
	case b.doc.Files > 0:
		b.defect(sbom.CodeMissing, b.begin, "", "the document lists no package, only %d files", b.doc.Files)
	default:
		b.defect(sbom.CodeMissing, b.begin, "", "the document lists no package")
	}
}

// maxPackages bounds what a text costs: a component takes some 600 bytes, and
// a text of {},{},{},… should not get all of them.
func (b *builder) maxPackages() int {
	return min(max(b.size/leastPackage, fewPackages), b.most)
}

// tooMany refuses a document that has more packages than memory is for.
func (b *builder) tooMany(at sbom.Position) {
	e := &sbom.SyntaxError{
		Position: at,
		Message:  fmt.Sprintf("more than %d packages in a text of %d bytes", b.maxPackages(), b.size),
		Remedy:   remedyLimit,
	}
	if len(b.doc.Components) >= b.most {
		e.Limit = sbom.LimitComponents
	}
	b.err = e
}
