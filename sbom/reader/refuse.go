// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"path"
	"strings"
)

// refuse makes the error for what is not read.
func refuse(kind Kind, name string, text []byte, digest string) *NotSBOMError {
	e := &NotSBOMError{Kind: kind, SHA256: digest}
	e.Reason, e.Remedy = describe(kind)
	body := bytes.TrimSpace(text)
	switch kind {
	case KindEmpty:
		e.Reason, e.Remedy = "the file is empty", "ask for it again"
		if len(text) > 0 {
			e.Reason = "the file holds white space and nothing else"
		}
	case KindOther:
		e.Remedy = "name a CycloneDX or SPDX document"
		switch {
		case bytes.IndexByte(head(text), 0) >= 0:
			e.Reason = "binary data, no SBOM"
		case bytes.HasPrefix(body, []byte("{")), bytes.HasPrefix(body, []byte("[")),
			string(head(body)) == "null", string(head(body)) == "true", string(head(body)) == "false":
			e.Reason = jsonReason(body)
		case bytes.HasPrefix(body, []byte("<")):
			e.Reason = xmlReason(body)
		default:
			e.Reason = "text of no SBOM format that is known"
		}
	default: // describe has said it
	}
	e.IsSBOM = kind.IsSBOM() || namedAsSBOM(name) && !isStatement(kind)
	return e
}

// namedAsSBOM reports whether a file's name claims that it is a bill of
// materials. It decides nothing about how a file is read, only whether one that
// cannot be read is missed.
func namedAsSBOM(name string) bool {
	name = strings.ToLower(path.Base(strings.ReplaceAll(name, `\`, "/")))
	for _, packed := range []string{".gz", ".zst", ".bz2", ".xz", ".zip", ".tar", ".tgz"} {
		name = strings.TrimSuffix(name, packed)
	}
	if strings.Contains(name, ".cdx.") || strings.Contains(name, ".spdx") {
		return true
	}
	for _, end := range []string{".cdx", ".sbom", ".bom", "bom.json", "bom.xml"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

// isStatement reports whether the kind is a companion of SBOMs in its own right,
// whatever its name says.
func isStatement(k Kind) bool { return k == KindVEX || k == KindOpenVEX || k == KindCSAF }
