// SPDX-License-Identifier: Apache-2.0

package reader

// Kind is what a file holds. Its text is stable: reports have it.
type Kind string

// The kinds that are told apart. The first four are read.
const (
	KindCycloneDXJSON Kind = "cyclonedx-json"
	KindCycloneDXXML  Kind = "cyclonedx-xml"
	KindSPDXJSON      Kind = "spdx-json"
	KindSPDXTagValue  Kind = "spdx-tag-value"

	KindCycloneDXProtobuf Kind = "cyclonedx-protobuf"
	KindSPDXYAML          Kind = "spdx-yaml"
	KindSPDXRDF           Kind = "spdx-rdf"
	KindSPDX3             Kind = "spdx-3"

	KindDSSE   Kind = "dsse"        // envelope or Sigstore bundle
	KindInToto Kind = "in-toto"     // statement
	KindGitHub Kind = "github-sbom" // {"sbom": …}

	KindOpenVEX Kind = "openvex"
	KindCSAF    Kind = "csaf"
	KindSWID    Kind = "swid"

	KindGzip  Kind = "gzip" // only inside gzip: one layer is read through
	KindZip   Kind = "zip"
	KindZstd  Kind = "zstd"
	KindBzip2 Kind = "bzip2"
	KindXZ    Kind = "xz"

	KindCSV    Kind = "csv"
	KindOffice Kind = "office" // spreadsheet or text document in a zip
	KindPDF    Kind = "pdf"
	KindImage  Kind = "image"
	KindHTML   Kind = "html"
	KindLFS    Kind = "git-lfs-pointer"
	KindUTF32  Kind = "utf-32"
	KindEmpty  Kind = "empty"
	KindOther  Kind = "other" // JSON, XML, text or bytes of no meaning here
)

// Read reports whether this version reads the kind.
func (k Kind) Read() bool {
	switch k {
	case KindCycloneDXJSON, KindCycloneDXXML, KindSPDXJSON, KindSPDXTagValue:
		return true
	default:
		return false
	}
}

// IsSBOM reports whether the kind is a bill of materials, read or not.
func (k Kind) IsSBOM() bool {
	switch k {
	case KindCycloneDXProtobuf, KindSPDXYAML, KindSPDXRDF, KindSPDX3, KindGitHub:
		return true
	default:
		return k.Read()
	}
}

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

const unread = "which this version does not read"

// describe gives the reason and remedy for a kind that is not read. KindOther,
// KindEmpty and KindUTF32 depend on the text and are not here.
func describe(k Kind) (reason, remedy string) {
	const convert = "ask for CycloneDX JSON or SPDX JSON, or convert it"
	const unpack = "unpack it and name the file inside"
	switch k {
	case KindCycloneDXProtobuf:
		return "CycloneDX in protobuf form, " + unread, convert
	case KindSPDXYAML:
		return "SPDX 2 in YAML form, " + unread, convert
	case KindSPDXRDF:
		return "SPDX 2 in RDF/XML form, " + unread, convert
	case KindSPDX3:
		return "SPDX 3 in JSON-LD form, " + unread, "ask for SPDX 2.3 or CycloneDX"
	case KindDSSE:
		return "a DSSE envelope or Sigstore bundle, " + unread, "take the payload out of it (jq -r .payload FILE | base64 -d) and name that"
	case KindInToto:
		return "an in-toto statement, " + unread, "take the predicate out of it (jq .predicate FILE) and name that"
	case KindGitHub:
		return "an answer of GitHub's SBOM interface, " + unread, "take the document out of it (jq .sbom FILE) and name that"
	case KindOpenVEX:
		return "OpenVEX statements, no SBOM", "name it with --vex"
	case KindCSAF:
		return "a CSAF advisory, no SBOM", "name it with --vex"
	case KindSWID:
		return "a SWID tag, which describes one product and lists no components", "ask for CycloneDX or SPDX"
	case KindGzip:
		return "gzip inside gzip, " + unread, unpack
	case KindZip:
		return "a zip archive, " + unread, unpack
	case KindZstd:
		return "zstd data, " + unread, unpack
	case KindBzip2:
		return "bzip2 data, " + unread, unpack
	case KindXZ:
		return "xz data, " + unread, unpack
	case KindCSV:
		return "a table in CSV form, no SBOM", "ask for CycloneDX or SPDX"
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
