// SPDX-License-Identifier: Apache-2.0

package reader

// Kind is what a file holds. Its text is stable: reports have it.
type Kind string

// The kinds that are told apart.
const (
	KindCycloneDXJSON     Kind = "cyclonedx-json"
	KindCycloneDXXML      Kind = "cyclonedx-xml"
	KindCycloneDXProtobuf Kind = "cyclonedx-protobuf"
	KindSPDXJSON          Kind = "spdx-json"
	KindSPDXTagValue      Kind = "spdx-tag-value"
	KindSPDXYAML          Kind = "spdx-yaml"
	KindSPDXRDF           Kind = "spdx-rdf"
	KindSPDXXML           Kind = "spdx-xml"
	KindSPDX3             Kind = "spdx-3"

	KindCSV  Kind = "csv" // list of parts
	KindXLSX Kind = "xlsx"

	KindDSSE   Kind = "dsse"        // envelope or Sigstore bundle
	KindInToto Kind = "in-toto"     // statement
	KindGitHub Kind = "github-sbom" // {"sbom": …}

	KindGzip  Kind = "gzip"
	KindZstd  Kind = "zstd"
	KindBzip2 Kind = "bzip2"
	KindZip   Kind = "zip"
	KindXZ    Kind = "xz"
	KindTar   Kind = "tar"

	KindVEX     Kind = "cyclonedx-vex" // CycloneDX with statements and without components
	KindOpenVEX Kind = "openvex"
	KindCSAF    Kind = "csaf"
	KindSWID    Kind = "swid"

	KindOffice Kind = "office" // text document, or spreadsheet of a form that is not read
	KindPDF    Kind = "pdf"
	KindImage  Kind = "image"
	KindHTML   Kind = "html"
	KindLFS    Kind = "git-lfs-pointer"
	KindEmpty  Kind = "empty"
	KindOther  Kind = "other" // JSON, XML, text or bytes of no meaning here
)

// IsSBOM reports whether the kind is a bill of materials in a format made for
// that.
func (k Kind) IsSBOM() bool {
	switch k {
	case KindCycloneDXJSON, KindCycloneDXXML, KindCycloneDXProtobuf,
		KindSPDXJSON, KindSPDXTagValue, KindSPDXYAML, KindSPDXRDF, KindSPDXXML, KindSPDX3, KindGitHub:
		return true
	default:
		return false
	}
}

// isEnvelope reports whether the kind wraps a document as text.
func (k Kind) isEnvelope() bool { return k == KindDSSE || k == KindInToto || k == KindGitHub }

// A NotSBOMError is about a file that is no bill of materials, or one in a form
// that this version does not read.
type NotSBOMError struct {
	Kind   Kind
	Reason string // what it is, no full stop
	Remedy string // what to do about it; may be empty
	SHA256 string // of the bytes as they lay on disk; empty if they were over the limit
	// IsSBOM is true when the file is a bill of materials all the same, wraps
	// one, or stands in the place of one: it carries an SBOM's name and is
	// empty, an error page or anything else that is none. In a folder such a
	// file is a failed delivery, not a stranger.
	IsSBOM bool
}

func (e *NotSBOMError) Error() string { return e.Reason }

// describe gives the reason and remedy for a kind that is not read. KindOther
// and KindEmpty depend on the text and are not here.
func describe(k Kind) (reason, remedy string) {
	const unpack = "unpack it and name the file inside"
	const statements = "name the SBOM that it speaks of; statements of vendors are not applied yet"
	switch k {
	case KindDSSE:
		return "a signed envelope around no SBOM", ""
	case KindInToto:
		return "an in-toto statement about something else than an SBOM", ""
	case KindGitHub:
		return "an answer of GitHub's interface without an SBOM in it", "fetch it again"
	case KindVEX:
		return "CycloneDX VEX: statements on vulnerabilities and no components", statements
	case KindOpenVEX:
		return "OpenVEX statements, no SBOM", statements
	case KindCSAF:
		return "a CSAF advisory, no SBOM", statements
	case KindSWID:
		return "a SWID tag, which describes one product and lists no components", "ask for CycloneDX or SPDX"
	case KindZip:
		return "a zip archive with no SBOM in it", "ask for the SBOM"
	case KindXZ:
		return "xz data, which is not read", unpack
	case KindTar:
		return "a tar archive, which is not read", unpack
	case KindGzip, KindZstd, KindBzip2:
		return string(k) + " data with nothing in it", "ask for it again"
	case KindXLSX:
		return "a spreadsheet without a list of parts in it, no SBOM", "ask for CycloneDX or SPDX"
	case KindOffice:
		return "an office document, no SBOM", "ask for CycloneDX or SPDX"
	case KindPDF:
		return "a PDF, no SBOM", "ask for CycloneDX or SPDX"
	case KindImage:
		return "an image, no SBOM", ""
	case KindHTML:
		return "an HTML page, no SBOM: perhaps a download that failed", "fetch the file again and look at it"
	case KindLFS:
		return "a Git LFS pointer in place of the file", "fetch the file itself (git lfs pull)"
	default:
		return "no SBOM", ""
	}
}
