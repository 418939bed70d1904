// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/internal/notation"
)

// sniffJSON tells the kind of a JSON text by the keys of its outermost object,
// in their order. A text that is cut off or malformed is told by the keys
// before the fault, else by the words in its head: a broken SBOM is to be
// called a broken SBOM.
func sniffJSON(text []byte) Kind {
	r := jsonpull.New(text, jsonpull.Limits{Depth: 4096, String: len(text)})
	clues := jsonClues{}
	if r.Kind() == jsonpull.Object && r.Object() {
		for r.Key() {
			if kind := clues.key(r); kind != "" {
				return kind
			}
		}
	} else {
		r.Skip()
	}
	fault := r.End()
	if kind := clues.kind(fault != nil && fault.Ended); kind != "" {
		return kind
	}
	if fault != nil || text[0] == '[' {
		return sniffWords(text)
	}
	return KindOther
}

// jsonClues are keys that tell nothing alone.
type jsonClues struct {
	spec, components, graph     bool // CycloneDX
	packages, namespace, relate bool // SPDX 2
	payload, signatures         bool // DSSE
}

// key looks at the member whose key was read last and passes over its value.
// It returns the kind if that decides.
func (c *jsonClues) key(r *jsonpull.Reader) Kind {
	k := r.Kind()
	switch name := r.Name(); name {
	case "bomFormat":
		return KindCycloneDXJSON
	case "spdxVersion":
		if s, _ := r.Scalar(); strings.HasPrefix(s, "SPDX-3") {
			return KindSPDX3
		}
		return KindSPDXJSON
	case "SPDXID":
		return KindSPDXJSON
	case "Document": // tools before SPDX 2.2
		if k == jsonpull.Object && bytes.Contains(head(r.Raw()), []byte("SPDX")) {
			return KindSPDXJSON
		}
	case "@context":
		raw := head(r.Raw())
		switch {
		case bytes.Contains(raw, []byte("openvex")):
			return KindOpenVEX
		case bytes.Contains(raw, []byte("spdx.org/rdf/3")):
			return KindSPDX3
		}
	case "@graph":
		if raw := head(r.Raw()); bytes.Contains(raw, []byte("spdx.org/rdf/3")) || bytes.Contains(raw, []byte(`"spdxId"`)) {
			return KindSPDX3
		}
	case "_type":
		if s, _ := r.Scalar(); strings.Contains(s, "in-toto") {
			return KindInToto
		}
	case "payloadType", "dsseEnvelope":
		return KindDSSE
	case "mediaType":
		if s, _ := r.Scalar(); strings.Contains(s, "dev.sigstore.bundle") {
			return KindDSSE
		}
	case "sbom":
		raw := head(r.Raw())
		if k == jsonpull.Object && (bytes.Contains(raw, []byte("SPDX")) || bytes.Contains(raw, []byte("bomFormat"))) {
			return KindGitHub
		}
	case "document":
		raw := head(r.Raw())
		if k == jsonpull.Object && (bytes.Contains(raw, []byte(`"csaf_version"`)) || bytes.Contains(raw, []byte(`"tracking"`))) {
			return KindCSAF
		}
	case "$schema":
		if s, _ := r.Scalar(); strings.Contains(s, "cyclonedx.org/schema/bom") {
			return KindCycloneDXJSON
		}
	default:
		c.note(name, k)
		if strings.EqualFold(name, "bomFormat") {
			return KindCycloneDXJSON
		}
		r.Skip()
	}
	return ""
}

func (c *jsonClues) note(name string, k jsonpull.Kind) {
	switch name {
	case "specVersion":
		c.spec = true
	case "components":
		c.components = k == jsonpull.Array
	case "dependencies", "vulnerabilities":
		c.graph = c.graph || k == jsonpull.Array
	case "packages":
		c.packages = k == jsonpull.Array
	case "documentNamespace":
		c.namespace = true
	case "relationships", "creationInfo":
		c.relate = true
	case "payload":
		c.payload = true
	case "signatures":
		c.signatures = true
	}
}

// kind weighs the clues. In a text that is cut off, as a head is, a list of
// components is enough: the telling keys may stand behind it.
func (c *jsonClues) kind(ended bool) Kind {
	switch {
	case c.spec, c.components && (c.graph || ended):
		return KindCycloneDXJSON
	case c.namespace, c.packages && c.relate:
		return KindSPDXJSON
	case c.payload && c.signatures:
		return KindDSSE
	}
	return ""
}

// head is the part of a text in which telling words are looked for.
func head(text []byte) []byte { return text[:min(len(text), HeadSize)] }

// sniffWords tells the kind of a text that does not parse by the words in it.
func sniffWords(text []byte) Kind {
	text = head(text)
	has := func(word string) bool { return bytes.Contains(text, []byte(word)) }
	switch {
	case has("CycloneDX") || has("bomFormat"):
		return KindCycloneDXJSON
	case has("spdx.org/rdf/3"):
		return KindSPDX3
	case has("spdxVersion") || has("SPDXRef-"):
		return KindSPDXJSON
	}
	return KindOther
}

// jsonReason says what a JSON text is that is no SBOM.
func jsonReason(text []byte) string {
	r := jsonpull.New(text, jsonpull.Limits{})
	k := r.Kind()
	var keys []string
	if k == jsonpull.Object && r.Object() {
		for len(keys) < 3 && r.Key() {
			keys = append(keys, fmt.Sprintf("%q", notation.Short(r.Name())))
			r.Skip()
		}
	}
	switch {
	case k != jsonpull.Object:
		return fmt.Sprintf("JSON, but %s and no SBOM", k)
	case len(keys) == 0 && r.Err() == nil:
		return "an empty JSON object, no SBOM"
	case len(keys) == 0:
		return "text that begins like JSON and is none, no SBOM"
	}
	return "a JSON object that is no SBOM; it begins with " + strings.Join(keys, ", ")
}
