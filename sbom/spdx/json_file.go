// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/sbom"
)

// The keys of files and snippets, those that every one has first. "File" is the
// form before SPDX 2.2, in which a file stands inside another object.
var (
	fileKeys = []string{
		"SPDXID", "fileName", "checksums", "licenseConcluded", "copyrightText", "licenseInfoInFiles", "fileTypes",
		"comment", "annotations", "attributionTexts", "noticeText", "licenseComments", "fileContributors",
		"fileDependencies", "artifactOfs", "File",
	}
	snippetKeys = []string{
		"SPDXID", "snippetFromFile", "ranges", "name", "licenseConcluded", "copyrightText", "licenseInfoInSnippets",
		"comment", "licenseComments", "attributionTexts", "annotations",
	}
	rangeKeys   = []string{"startPointer", "endPointer"}
	pointerKeys = []string{"reference", "offset", "lineNumber"}
)

func (d *jsonDecoder) file() {
	at := d.at(d.r.Offset())
	if !d.object("a file") {
		return
	}
	d.openFile(at)
	d.fileObject(true)
	d.closeFile()
}

// fileObject reads the keys of a file into the open one. outer is false inside
// the older form's second object.
func (d *jsonDecoder) fileObject(outer bool) {
	seen := &d.files.seen
	for key, ok := d.next(fileKeys, "a file"); ok; key, ok = d.next(fileKeys, "a file") {
		switch key {
		case "SPDXID":
			d.fileID(d.field(seen, fieldID))
		case "fileName":
			d.files.current.name, _ = d.field(seen, fieldName)
		case "checksums":
			d.list(seen, fieldChecksums, func() { d.fileHash(d.checksum()) })
		case "licenseConcluded":
			d.fileLicence(d.field(seen, fieldConcluded))
		case "licenseInfoInFiles":
			d.list(seen, fieldFileLicences, func() { d.useLicences(d.text("an element of licenseInfoInFiles")) })
		case "fileTypes":
			d.list(seen, fieldType, func() { d.fileType(d.text("an element of fileTypes")) })
		case "annotations":
			d.list(seen, fieldAnnotations, d.annotation)
		case "copyrightText":
			d.pass(seen, fieldCopyright, jsonpull.String)
		case "File":
			if !outer {
				d.r.Skip()
			} else if d.object("a file") {
				d.fileObject(false)
			}
		default:
			d.r.Skip()
		}
	}
}

func (d *jsonDecoder) snippet() {
	s := snippet{at: d.at(d.r.Offset())}
	if !d.object("a snippet") {
		return
	}
	var seen field
	for key, ok := d.next(snippetKeys, "a snippet"); ok; key, ok = d.next(snippetKeys, "a snippet") {
		switch key {
		case "SPDXID":
			var offset int
			if s.id, offset = d.field(&seen, fieldID); s.id != "" {
				d.checkID(s.id, "a snippet", offset)
			}
		case "snippetFromFile":
			s.file, _ = d.field(&seen, fieldLocator)
		case "ranges":
			s.ranges = true
			d.list(&seen, fieldCategory, d.snippetRange)
		case "licenseConcluded":
			d.useLicences(d.field(&seen, fieldConcluded))
		case "licenseInfoInSnippets":
			d.list(&seen, fieldFileLicences, func() { d.useLicences(d.text("an element of licenseInfoInSnippets")) })
		case "annotations":
			d.list(&seen, fieldAnnotations, d.annotation)
		default:
			d.r.Skip()
		}
	}
	d.builder.snippet(&s)
}

// snippetRange reads the range of a snippet: two places of one file.
func (d *jsonDecoder) snippetRange() {
	at := d.at(d.r.Offset())
	if !d.object("the range of a snippet") {
		return
	}
	var from, to string
	var seen field
	for key, ok := d.next(rangeKeys, "the range of a snippet"); ok; key, ok = d.next(rangeKeys, "the range of a snippet") {
		if key == "startPointer" {
			d.once(&seen, fieldLocator, d.r.NameOffset(), key)
			from = d.pointer()
		} else {
			d.once(&seen, fieldText, d.r.NameOffset(), key)
			to = d.pointer()
		}
	}
	d.extent(from, to, at)
}

// pointer reads a place in a file: the number of a byte or a line.
func (d *jsonDecoder) pointer() (number string) {
	const owner = "the pointer of a snippet"
	at := d.at(d.r.Offset())
	if !d.object(owner) {
		return ""
	}
	var seen field
	var file string
	for key, ok := d.next(pointerKeys, owner); ok; key, ok = d.next(pointerKeys, owner) {
		if key == "reference" {
			file, _ = d.field(&seen, fieldLocator)
			d.mention(file, owner, at)
			continue
		}
		number, _ = d.r.Scalar()
	}
	if file == "" {
		d.defect(sbom.CodeMissing, at, number, "%s lacks the file that it points into", owner)
	}
	return number
}
