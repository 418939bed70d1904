// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"fmt"
	"strconv"

	"github.com/medsbom/medsbom/internal/transcript"
	"github.com/medsbom/medsbom/sbom"
)

// The forms other than JSON and tag-value are lowered: they are written as the
// JSON that says the same, with the places of the original, and decoded as that.
// So all forms have one set of rules and of defects.

// maxLowered bounds the JSON that a text may become. References to one element
// from many places (aliases of YAML, nodes of RDF) can make it longer than the
// text, and a text made for that could make it endless.
func maxLowered(text []byte) int { return 8*len(text) + 1<<20 }

// decodeLowered reads the JSON that a document of another form became. The
// defects that were met on the way stand behind those of the decoder.
func decodeLowered(t *transcript.Transcript, encoding sbom.Encoding, met sbom.Defects, opts Options) (*sbom.Document, error) {
	doc, err := decodeJSON(t.Text(), t, encoding, opts)
	if err != nil {
		return nil, err
	}
	kept := make(map[sbom.Code]int)
	for _, d := range met.List {
		doc.Defects.Add(d.Code, d.Position, d.Value, "%s", d.Message)
		kept[d.Code]++
	}
	for code, n := range met.Counts {
		doc.Defects.Counts[code] += n - kept[code]
	}
	return doc, nil
}

// maxDepth is the nesting that the options allow.
func maxDepth(opts Options) int {
	const normal = 256 // as for JSON
	if opts.MaxDepth > 0 {
		return opts.MaxDepth
	}
	return normal
}

// endless refuses a text that would become too long.
func endless(at sbom.Position, what string) *sbom.SyntaxError {
	return &sbom.SyntaxError{
		Position: at,
		Message:  what + " make the document more than eight times as long as it is written",
		Remedy:   "send the SBOM with every element written out, as SPDX 2.3 in JSON or tag-value",
	}
}

// isInteger reports whether a text can stand in JSON as a number: the only
// numbers that SPDX 2 has are counts.
func isInteger(s string) bool {
	n, err := strconv.ParseUint(s, 10, 63)
	return err == nil && strconv.FormatUint(n, 10) == s
}

// The keys whose values are not text (JSON schemas of SPDX 2.2 and 2.3).
func isBoolKey(key string) bool {
	switch key {
	case "filesAnalyzed", "isLive", "isValid", "isWayBackLink":
		return true
	}
	return false
}

func isNumberKey(key string) bool {
	switch key {
	case "offset", "lineNumber", "order":
		return true
	}
	return false
}

// isListKey reports whether the value of a key is a list.
func isListKey(key string) bool {
	switch key {
	case "packages", "files", "snippets", "relationships", "annotations", "documentDescribes", "creators",
		"externalDocumentRefs", "hasExtractedLicensingInfos", "revieweds", "reviewers",
		"externalRefs", "checksums", "hasFiles", "licenseInfoFromFiles", "attributionTexts",
		"packageVerificationCodeExcludedFiles", "licenseInfoInFiles", "fileTypes", "fileContributors",
		"fileDependencies", "artifactOfs", "licenseInfoInSnippets", "ranges", "seeAlsos", "crossRefs":
		return true
	}
	return false
}

// writeScalar writes a text as the type that its key has in JSON.
func writeScalar(t *transcript.Transcript, key, value string, at sbom.Position) {
	switch {
	case isBoolKey(key) && (value == "true" || value == "false"):
		t.Literal(value, at)
	case isNumberKey(key) && isInteger(value):
		t.Literal(value, at)
	default:
		t.String(value, at)
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
