// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"path"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/internal/jsonpull"
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
	case KindUTF32:
		e.Reason, e.Remedy = "text in UTF-32, "+unread, "save it as UTF-8"
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
	e.IsSBOM = kind.IsSBOM() || namedAsSBOM(name) || wraps(kind, text)
	return e
}

// namedAsSBOM reports whether a file's name claims that it is a bill of
// materials. It decides nothing about how a file is read, only whether one that
// cannot be read is missed.
func namedAsSBOM(name string) bool {
	name = strings.ToLower(path.Base(strings.ReplaceAll(name, `\`, "/")))
	for _, packed := range []string{".gz", ".zst", ".bz2", ".xz", ".zip"} {
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

// wraps reports whether a container holds, or may hold, a bill of materials.
func wraps(kind Kind, text []byte) bool {
	switch kind {
	case KindGzip:
		return true // what is in it was not looked at
	case KindInToto:
		return mentions(text)
	case KindDSSE:
		r := jsonpull.New(text, jsonpull.Limits{})
		payload := findPayload(r, 0)
		plain := make([]byte, base64.StdEncoding.DecodedLen(len(payload)))
		n, err := base64.StdEncoding.Decode(plain, []byte(payload))
		return err != nil || mentions(plain[:n])
	case KindZip:
		archive, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
		if err != nil {
			return false
		}
		return slices.ContainsFunc(archive.File, func(f *zip.File) bool { return namedAsSBOM(f.Name) })
	default:
		return false
	}
}

// mentions reports whether the predicate of a statement is a bill of materials.
func mentions(statement []byte) bool {
	text := bytes.ToLower(head(statement))
	return bytes.Contains(text, []byte("cyclonedx")) || bytes.Contains(text, []byte("spdx"))
}

// findPayload returns the payload of an envelope, which a bundle has inside.
func findPayload(r *jsonpull.Reader, depth int) string {
	if !r.Object() {
		return ""
	}
	found := ""
	for r.Key() {
		switch {
		case r.Name() == "payload":
			found, _ = r.String()
		case r.Name() == "dsseEnvelope" && depth == 0:
			found = findPayload(r, depth+1)
		default:
			r.Skip()
		}
	}
	return found
}
