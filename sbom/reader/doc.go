// SPDX-License-Identifier: Apache-2.0

// Package reader is the front door for bills of materials: it takes bytes from
// anywhere, finds out what they are and gives them to the decoder that reads
// them.
//
// # What is read
//
// Content decides, never the file's name. In this order: gzip (by its magic,
// several members, expanded whole before anything is taken from it), the byte
// order mark of UTF-8, UTF-16 in either order with or without a mark, then the
// format: CycloneDX JSON and XML, SPDX 2 JSON and tag-value. [Sniff] names what
// else is met, so that each file of a folder can be accounted for.
//
// # Errors
//
// Two kinds, and the difference matters in a folder. A [*NotSBOMError] is about
// a file that is something else or in a form that is not read yet: a PDF beside
// the SBOM is ignored with its reason. Its field IsSBOM says whether the file
// is or stands for a bill of materials all the same (SPDX in YAML, a download
// that became an error page), which must not be passed over. A
// [*sbom.SyntaxError] is about a bill of materials that is broken or over a
// limit.
//
// # Limits
//
// Options.MaxBytes bounds the text after expansion and transcoding,
// Options.MaxRatio what gzip may make of its input; both are checked while
// expanding. Depth and number of components are the decoders' limits.
package reader

// Options are the limits of reading. Zero means the default.
type Options struct {
	MaxBytes      int64 // of the text after expansion; default 512 MiB
	MaxRatio      int   // expanded bytes for one compressed, above 8 MiB; default 200
	MaxDepth      int   // nesting of components, or of JSON in SPDX; default 256
	MaxComponents int   // default 2,000,000
}

const (
	defaultMaxBytes = 512 << 20
	defaultMaxRatio = 200
	// freeBytes may be expanded whatever the ratio: small texts that repeat
	// themselves compress without bound.
	freeBytes = 8 << 20
)

func (o Options) withDefaults() Options {
	if o.MaxBytes <= 0 {
		o.MaxBytes = defaultMaxBytes
	}
	if o.MaxRatio <= 0 {
		o.MaxRatio = defaultMaxRatio
	}
	return o
}
