// SPDX-License-Identifier: Apache-2.0

// Package reader is the front door for bills of materials: it takes bytes from
// anywhere, finds out what they are and gives them to the decoder that reads
// them.
//
// # What is read
//
// Content decides, never the file's name. From the outside in: gzip, zstd and
// bzip2 (by their magic, several members, expanded whole before anything is
// taken from them, three layers at most), zip archives with any number of
// documents, the byte order marks of UTF-8, UTF-16 and UTF-32 in either order,
// with or without a mark; then envelopes: DSSE and Sigstore bundles, in-toto
// statements, the answer of GitHub's interface; then the formats: CycloneDX in
// JSON, XML and protobuf, SPDX 2 in JSON, YAML, tag-value, RDF/XML and XML,
// SPDX 3 in JSON-LD, and lists of parts in CSV and XLSX. What a document was
// taken out of stands in Document.Wrapping. [Sniff] names what else is met, so
// that each file of a folder can be accounted for.
//
// # Places
//
// Lines and columns are those of the text after expansion and transcoding. A
// document inside GitHub's answer or a plain in-toto statement keeps its places
// in the file; one inside a DSSE envelope, whose payload is Base64, has those of
// the payload.
//
// # Errors
//
// Two kinds, and the difference matters in a folder. A [*NotSBOMError] is about
// a file that is something else or in a form that is not read: a PDF beside the
// SBOM is ignored with its reason. Its field IsSBOM says whether the file is or
// stands for a bill of materials all the same (a download that became an error
// page), which must not be passed over. A [*sbom.SyntaxError] is about a bill of
// materials that is broken, whose signature fails, or that is over a limit.
//
// # Limits
//
// See [Options]. Each has its own error. Nothing is ever fetched, and no name of
// an archive's entry is ever used as a path.
package reader

import "github.com/medsbom/medsbom/sbom/signature"

// Options are the limits of reading, and the keys that are trusted. Zero means
// the default.
type Options struct {
	MaxBytes      int64 // of one document after expansion, and of a file; default 512 MiB
	MaxRatio      int   // expanded bytes for one of the file, above 8 MiB; default 200
	MaxDepth      int   // nesting of components, or of JSON, XML and YAML; default 256
	MaxString     int   // bytes of one text inside a document; default 16 MiB
	MaxComponents int   // of one document; default 2,000,000, for lists of parts 500,000
	MaxEntries    int   // of one archive; default 10,000

	// Trust are the keys against which signatures are checked.
	Trust []signature.Key
}

const (
	defaultMaxBytes   = 512 << 20
	defaultMaxRatio   = 200
	defaultMaxEntries = 10_000
	// freeBytes may be expanded whatever the ratio: small texts that repeat
	// themselves compress without bound.
	freeBytes = 8 << 20
	// maxLayers is how often a file may be compressed, archived or wrapped.
	maxLayers = 3
)

func (o Options) withDefaults() Options {
	if o.MaxBytes <= 0 {
		o.MaxBytes = defaultMaxBytes
	}
	if o.MaxRatio <= 0 {
		o.MaxRatio = defaultMaxRatio
	}
	if o.MaxEntries <= 0 {
		o.MaxEntries = defaultMaxEntries
	}
	return o
}
