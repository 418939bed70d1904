// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"strings"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/sbom"
)

// packageKeys are all keys of a package.
var packageKeys = []string{
	"SPDXID", "name", "versionInfo", "supplier", "originator", "licenseDeclared", "licenseConcluded",
	"sourceInfo", "primaryPackagePurpose", "validUntilDate", "downloadLocation", "externalRefs", "checksums", "files",
	"annotations", "attributionTexts", "builtDate", "comment", "copyrightText", "description", "filesAnalyzed",
	"hasFiles", "homepage", "licenseComments", "licenseInfoFromFiles", "packageFileName", "packageVerificationCode",
	"releaseDate", "summary",
}

// pkg reads a package.
func (d *jsonDecoder) pkg() {
	offset := d.r.Offset()
	switch k := d.r.Kind(); k {
	case jsonpull.Object:
	case jsonpull.Null, jsonpull.Invalid:
		d.wrongType("a package", k, "an object")
		return
	default:
		d.stray(offset, k)
		return
	}
	d.openPackage(offset)
	d.r.Object()
	for d.r.Key() {
		if d.packageKey(d.r.Name()) {
			continue
		}
		if k := d.key(packageKeys, "a package"); k == "" || !d.packageKey(k) {
			d.r.Skip()
		}
	}
	d.closePackage()
}

// stray takes an entry that is no object for a package of that name, so that it
// is counted, and looked up if it is a package URL.
func (d *jsonDecoder) stray(offset int, k jsonpull.Kind) {
	d.openPackage(offset)
	value, _ := d.r.Scalar()
	value = strings.TrimSpace(value)
	d.defect(sbom.CodeType, d.at(offset), value, "a package is %s instead of an object; counted under the name that it gives", k)
	c := d.current()
	c.Name = stated(value)
	if strings.HasPrefix(value, "pkg:") {
		d.purl(c, value)
	}
	d.closePackage()
}

// packageList reads the packages of the document. A value that is no list costs
// the document: which parts it means nobody can tell.
func (d *jsonDecoder) packageList() {
	if k := d.r.Kind(); k != jsonpull.Array && k != jsonpull.Null && k != jsonpull.Invalid && d.err == nil {
		d.err = &sbom.SyntaxError{Position: d.at(d.r.Offset()), Message: "packages is " + k.String() + " instead of an array", Remedy: remedyWhole}
		d.r.Skip()
		return
	}
	d.list(&d.seen, fieldPackages, d.pkg)
}

func (d *jsonDecoder) packageKey(key string) bool {
	c, seen := d.current(), &d.packages.seen
	switch key {
	case "SPDXID":
		d.packageID(d.field(seen, fieldID))
	case "name":
		name, _ := d.field(seen, fieldName)
		c.Name = stated(name)
	case "versionInfo":
		version, _ := d.field(seen, fieldPackageVersion)
		c.Version = stated(version)
	case "supplier":
		value, offset := d.field(seen, fieldSupplier)
		d.party(&c.Supplier, value, key, offset)
	case "originator":
		value, offset := d.field(seen, fieldOriginator)
		d.party(&c.Originator, value, key, offset)
	case "licenseDeclared":
		value, offset := d.field(seen, fieldDeclared)
		d.declared(value, false, offset)
	case "licenseConcluded":
		value, offset := d.field(seen, fieldConcluded)
		d.declared(value, true, offset)
	case "sourceInfo":
		value, _ := d.field(seen, fieldSourceInfo)
		c.SourceInfo = stated(value)
	case "primaryPackagePurpose":
		d.purpose(d.field(seen, fieldPurpose))
	case "validUntilDate":
		value, _ := d.field(seen, fieldValidUntil)
		d.note(key, value)
	case "downloadLocation":
		d.once(seen, fieldDownload, d.r.NameOffset(), key)
		d.r.Skip()
	case "externalRefs":
		d.list(seen, fieldReferences, d.reference)
	case "checksums":
		d.list(seen, fieldChecksums, d.checksum)
	case "files": // before SPDX 2.2
		d.list(seen, fieldFiles, d.file)
	case "annotations", "attributionTexts", "builtDate", "comment", "copyrightText", "description",
		"filesAnalyzed", "hasFiles", "homepage", "licenseComments", "licenseInfoFromFiles",
		"packageFileName", "packageVerificationCode", "releaseDate", "summary":
		d.r.Skip()
	default:
		return false
	}
	return true
}

func (d *jsonDecoder) reference() {
	at := d.at(d.r.Offset())
	if !d.object("an external reference") {
		return
	}
	var seen field
	var category, kind, locator string
	for d.r.Key() {
		switch d.r.Name() {
		case "referenceCategory":
			category, _ = d.field(&seen, fieldCategory)
		case "referenceType":
			kind, _ = d.field(&seen, fieldType)
		case "referenceLocator":
			locator, _ = d.field(&seen, fieldLocator)
		default:
			d.r.Skip()
		}
	}
	d.builder.reference(category, kind, locator, at)
}

func (d *jsonDecoder) checksum() {
	at := d.at(d.r.Offset())
	if !d.object("a checksum") {
		return
	}
	var seen field
	var algorithm, value string
	for d.r.Key() {
		switch d.r.Name() {
		case "algorithm":
			algorithm, _ = d.field(&seen, fieldType)
		case "checksumValue":
			value, _ = d.field(&seen, fieldLocator)
		default:
			d.r.Skip()
		}
	}
	d.hash(algorithm, value, at)
}
