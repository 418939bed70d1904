// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/sbom"
)

const xmlHeader = `<?xml version="1.0"?>
<Document>
<spdxVersion>SPDX-2.3</spdxVersion><dataLicense>CC0-1.0</dataLicense><SPDXID>SPDXRef-DOCUMENT</SPDXID><name>pump</name>
<documentNamespace>https://acme.example/pump</documentNamespace>
<creationInfo><created>2026-01-15T08:00:00Z</created><creators>Tool: hand-1.0</creators><creators>Organization: Acme</creators></creationInfo>
<documentDescribes>SPDXRef-a</documentDescribes>
`

func TestXML(t *testing.T) {
	const a = "<SPDXID>SPDXRef-a</SPDXID><name>a</name><downloadLocation>NONE</downloadLocation>"
	tests := []struct {
		name, text string
		want, said []string
	}{
		{"plain", "<packages>" + a + "<versionInfo> 1.10\n</versionInfo><filesAnalyzed>false</filesAnalyzed></packages>", []string{"a@1.10 7:1"}, nil},
		{"several", "<packages>" + a + "</packages>\n<packages><SPDXID>SPDXRef-b</SPDXID><name>b</name><downloadLocation>NONE</downloadLocation></packages>", []string{"a@ 7:1", "b@ 8:1"}, nil},
		{"list of one in a package", "<packages>" + a + "<checksums><algorithm>MD5</algorithm><checksumValue>x</checksumValue></checksums></packages>", []string{"a@ 7:1"}, []string{"value-invalid: x 7:92"}},
		{"empty list", "<files/><packages>" + a + "<externalRefs></externalRefs></packages>", []string{"a@ 7:9"}, nil},
		{"list in two places", "<packages>" + a + "</packages>\n<comment>c</comment>\n<packages><SPDXID>SPDXRef-b</SPDXID><name>b</name><downloadLocation>NONE</downloadLocation></packages>", []string{"a@ 7:1", "b@ 9:1"}, []string{"key-twice: packages 9:1"}},
		{"character data", "<packages>" + a + "<versionInfo>1<!-- x -->.<![CDATA[2<3]]>&amp;</versionInfo></packages>", []string{"a@1.2<3& 7:1"}, nil},
		{"attribute", "<packages x='1'>" + a + "</packages>", []string{"a@ 7:1"}, []string{"tag-unknown: x 7:1"}},
		{"namespace and schema", "<packages xmlns='urn:x' xmlns:i='urn:i' i:type='t'>" + a + "</packages>", []string{"a@ 7:1"}, nil},
		{"text among elements", "<packages>" + a + "evil</packages>", []string{"a@ 7:1"}, []string{"type-wrong: evil 7:92"}},
		{"text before elements", "<packages>evil" + a + "</packages>", []string{"a@ 7:1"}, []string{"type-wrong: evil 7:15"}},
		{"unknown key", "<packages>" + a + "<vers>1</vers></packages>", []string{"a@ 7:1"}, []string{"tag-unknown: vers 7:92"}},
		{"key twice", "<packages>" + a + "<name>b</name></packages>", []string{"a@ 7:1"}, []string{"key-twice: name 7:92"}},
		{"object where text should stand", "<packages>" + a + "<versionInfo><x/></versionInfo></packages>", []string{"a@ 7:1"}, []string{"type-wrong:  7:92"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := DecodeXML([]byte(xmlHeader+tt.text+"\n</Document>\n"), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, versionsOf(doc)); diff != "" {
				t.Errorf("packages (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(tt.said, saidOf(doc)); diff != "" {
				t.Errorf("defects (-want +got)\n%s", diff)
			}
			if doc.Encoding != sbom.XML || len(doc.Tools) != 1 || len(doc.Authors) != 1 {
				t.Errorf("%s, tools %v, authors %v", doc.Encoding, doc.Tools, doc.Authors)
			}
		})
	}
}

func TestXMLEncodings(t *testing.T) {
	text := strings.Replace(xmlHeader, "?>", ` encoding="ISO-8859-1"?>`, 1) + "<packages><name>caf\xe9</name></packages></Document>"
	doc, err := DecodeXML([]byte(text), Options{})
	if err != nil || doc.Components[0].Name != "café" {
		t.Fatalf("document %v, error %v", doc, err)
	}
}

func TestRefusedXML(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", "", "line 1, column 1: malformed XML: the text ends before the document does"},
		{"another root", "<bom/>", `line 1, column 1: no SPDX document: its root element is "bom"`},
		{"no SPDX", "<Document/>", "line 1, column 1: no SPDX 2 document: it has no spdxVersion"},
		{"document type", "<?xml version='1.0'?>\n<!DOCTYPE Document>" + xmlHeader, "line 2, column 1: the document declares a document type (DOCTYPE)"},
		{"cut off", xmlHeader + "<packages>", "line 7, column 11: malformed XML: unexpected EOF"},
		{"second document", "<Document/>\n<Document/>", "line 2, column 1: a second document after the first"},
		{"text behind", "<Document/>\nx", "line 1, column 12: malformed XML: text outside the root element"},
		{"entity", xmlHeader + "&x;", "malformed XML: invalid character entity &x;"},
		{"depth", xmlHeader + strings.Repeat("<x>", 300), "elements nested too deep"},
		{"packages is text", xmlHeader + "<packages>x</packages><packages><packages>", "malformed XML: unexpected EOF"},
		{"encoding", `<?xml version="1.0" encoding="EBCDIC"?><Document/>`, `line 1, column 1: the document declares the encoding "EBCDIC", which is not read`},
	}
	for _, tt := range tests {
		for form, read := range map[string]func([]byte, Options) (*sbom.Document, error){"XML": DecodeXML, "RDF": DecodeRDF} {
			if form == "RDF" && (strings.HasPrefix(tt.want, "line 1, column 1: no ") || strings.Contains(tt.want, "too deep")) {
				continue // of plain XML alone
			}
			doc, err := read([]byte(tt.text), Options{})
			var e *sbom.SyntaxError
			if doc != nil || !errors.As(err, &e) {
				t.Fatalf("%s as %s: document %v, error %v", tt.name, form, doc, err)
			}
			if !strings.Contains(e.Error(), tt.want) || e.Remedy == "" || e.Position.IsZero() {
				t.Errorf("%s as %s: want %q, got %q, remedy %q", tt.name, form, tt.want, e.Error(), e.Remedy)
			}
		}
	}
}
