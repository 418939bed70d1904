// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
)

// sniffXML tells the kind of a text in angle brackets by its root element.
// Nothing behind the root's start tag is looked at, so a document type is seen
// and never acted on.
func sniffXML(text []byte) Kind {
	start := strings.ToLower(string(text[:min(len(text), 14)]))
	if strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html") {
		return KindHTML
	}
	root, ok := rootOf(text)
	if !ok {
		return sniffTags(text)
	}
	switch {
	case strings.Contains(root.Space, "cyclonedx.org/schema/bom"),
		root.Local == "bom" && root.Space == "":
		return KindCycloneDXXML
	case strings.EqualFold(root.Local, "html"):
		return KindHTML
	case root.Local == "SoftwareIdentity":
		return KindSWID
	case root.Local == "svg":
		return KindImage
	case root.Local == "Document" && bytes.Contains(head(text), []byte("SPDX-2")):
		return KindSPDXXML
	case root.Local == "RDF" && bytes.Contains(head(text), []byte("spdx.org/rdf")):
		return KindSPDXRDF
	}
	return KindOther
}

// rootOf reads as far as the root's start tag.
func rootOf(text []byte) (xml.Name, bool) {
	d := xml.NewDecoder(bytes.NewReader(text[:min(len(text), 4*HeadSize)]))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		t, err := d.Token()
		if err != nil {
			return xml.Name{}, false
		}
		if start, ok := t.(xml.StartElement); ok {
			return start.Name, true
		}
	}
}

// sniffTags tells what does not parse as far as its root, by the words in it.
func sniffTags(text []byte) Kind {
	text = head(text)
	has := func(word string) bool { return bytes.Contains(text, []byte(word)) }
	switch {
	case has("cyclonedx.org/schema/bom"):
		return KindCycloneDXXML
	case has("spdx.org/rdf"):
		return KindSPDXRDF
	case has("<html"), has("<HTML"), has("<body"), has("<head"):
		return KindHTML
	}
	return KindOther
}

// xmlReason says what an XML text is that is no SBOM.
func xmlReason(text []byte) string {
	root, ok := rootOf(text)
	if !ok {
		return "text that begins like XML and is none, no SBOM"
	}
	return fmt.Sprintf("an XML document that is no SBOM; its root element is %q", notation.Short(root.Local))
}
