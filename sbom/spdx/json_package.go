// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"strings"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/internal/notation"
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
	c.Name = notation.Stated(value)
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
		c.Name = notation.Stated(name)
	case "versionInfo":
		version, _ := d.field(seen, fieldPackageVersion)
		c.Version = notation.Stated(version)
	case "supplier":
		value, offset := d.field(seen, fieldSupplier)
		d.party(&c.Supplier, value, key, offset)
	case "originator":
		value, offset := d.field(seen, fieldOriginator)
		d.originator(c, value, offset)
	case "licenseDeclared":
		value, offset := d.field(seen, fieldDeclared)
		d.declared(value, false, offset)
	case "licenseConcluded":
		value, offset := d.field(seen, fieldConcluded)
		d.declared(value, true, offset)
	case "sourceInfo":
		value, _ := d.field(seen, fieldSourceInfo)
		c.SourceInfo = notation.Stated(value)
	case "primaryPackagePurpose":
		d.purpose(d.field(seen, fieldPurpose))
	case "downloadLocation":
		value, offset := d.field(seen, fieldDownload)
		d.location(&d.packages.download, value, key, offset)
	case "homepage":
		value, offset := d.field(seen, fieldHomepage)
		d.location(&d.packages.homepage, value, key, offset)
	case "validUntilDate":
		d.validUntil(d.field(seen, fieldValidUntil))
	case "builtDate":
		value, offset := d.field(seen, fieldBuilt)
		d.date(value, "builtDate of a package", offset)
	case "releaseDate":
		value, offset := d.field(seen, fieldReleased)
		d.date(value, "releaseDate of a package", offset)
	case "filesAnalyzed":
		d.filesAnalyzed()
	case "packageVerificationCode":
		d.once(seen, fieldVerification, d.r.NameOffset(), key)
		d.verificationCode()
	case "externalRefs":
		d.list(seen, fieldReferences, d.reference)
	case "checksums":
		d.list(seen, fieldChecksums, func() { d.hash(d.checksum()) })
	case "files": // before SPDX 2.2
		d.list(seen, fieldFiles, d.file)
	case "hasFiles":
		d.list(seen, fieldHasFiles, func() {
			id, offset := d.text("an element of hasFiles")
			d.mention(id, "hasFiles", d.at(offset))
		})
	case "annotations":
		d.list(seen, fieldAnnotations, d.annotation)
	case "licenseInfoFromFiles":
		d.list(seen, fieldFileLicences, func() { d.useLicences(d.text("an element of licenseInfoFromFiles")) })
	case "attributionTexts":
		d.pass(seen, fieldAttribution, jsonpull.Array)
	case "copyrightText":
		d.pass(seen, fieldCopyright, jsonpull.String)
	case "comment":
		d.pass(seen, fieldComment, jsonpull.String)
	case "description":
		d.pass(seen, fieldDescription, jsonpull.String)
	case "licenseComments":
		d.pass(seen, fieldLicenceComments, jsonpull.String)
	case "packageFileName":
		d.pass(seen, fieldFileName, jsonpull.String)
	case "summary":
		d.pass(seen, fieldSummary, jsonpull.String)
	default:
		return false
	}
	return true
}

// filesAnalyzed reads whether the files of a package were analysed.
func (d *jsonDecoder) filesAnalyzed() {
	key := d.r.Name()
	d.once(&d.packages.seen, fieldAnalyzed, d.r.NameOffset(), key)
	offset := d.r.Offset()
	value, kind := d.r.Scalar()
	if kind != jsonpull.Bool && kind != jsonpull.Null && kind != jsonpull.Invalid {
		d.defect(sbom.CodeType, d.at(offset), value, "%s is %s instead of a boolean", key, kind)
	}
	d.packages.analyzed = value
}

func (d *jsonDecoder) verificationCode() {
	if d.r.Kind() == jsonpull.Null {
		d.r.Skip()
		return
	}
	at := d.at(d.r.Offset())
	if !d.object("packageVerificationCode") {
		return
	}
	const owner = "a package verification code"
	var seen field
	var value string
	for key, ok := d.next(verificationKeys, owner); ok; key, ok = d.next(verificationKeys, owner) {
		if key == "packageVerificationCodeValue" {
			value, _ = d.field(&seen, fieldText)
		} else {
			d.pass(&seen, fieldFiles, jsonpull.Array)
		}
	}
	d.builder.verificationCode(value, at)
}

func (d *jsonDecoder) reference() {
	at := d.at(d.r.Offset())
	if !d.object("an external reference") {
		return
	}
	const owner = "an external reference"
	var seen field
	var category, kind, locator string
	for key, ok := d.next(referenceKeys, owner); ok; key, ok = d.next(referenceKeys, owner) {
		switch key {
		case "referenceCategory":
			category, _ = d.field(&seen, fieldCategory)
		case "referenceType":
			kind, _ = d.field(&seen, fieldType)
		case "referenceLocator":
			locator, _ = d.field(&seen, fieldLocator)
		case "comment":
			d.pass(&seen, fieldComment, jsonpull.String)
		}
	}
	d.builder.reference(category, kind, locator, at)
}

// checksum reads the parts of a checksum and where it stands.
func (d *jsonDecoder) checksum() (algorithm, value string, at sbom.Position) {
	at = d.at(d.r.Offset())
	if !d.object("a checksum") {
		return notation.NoAssertion, notation.NoAssertion, at // that is said already
	}
	var seen field
	for key, ok := d.next(checksumKeys, "a checksum"); ok; key, ok = d.next(checksumKeys, "a checksum") {
		if key == "algorithm" {
			algorithm, _ = d.field(&seen, fieldType)
		} else {
			value, _ = d.field(&seen, fieldLocator)
		}
	}
	return algorithm, value, at
}

var (
	verificationKeys = []string{"packageVerificationCodeValue", "packageVerificationCodeExcludedFiles"}
	referenceKeys    = []string{"referenceCategory", "referenceType", "referenceLocator", "comment"}
	checksumKeys     = []string{"algorithm", "checksumValue"}
)
