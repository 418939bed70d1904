// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/sbom"
)

const bom16 = `<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1">`

func TestXML(t *testing.T) {
	const a = `<component type="library" bom-ref="a"><name>a</name><version>1</version></component>`
	tests := []struct {
		name, text string
		want       []string
		codes      []string
	}{
		{"plain", bom16 + `<components>` + a + `</components></bom>`, []string{"a@1"}, nil},
		{"declaration and comment", "<?xml version=\"1.0\"?>\n<!-- c -->\n" + bom16 + `<components>` + a + "</components></bom>\n<!-- end -->\n", []string{"a@1"}, nil},
		{"prefix", `<c:bom xmlns:c="http://cyclonedx.org/schema/bom/1.4"><c:components><c:component type="file"><c:name>p</c:name></c:component></c:components></c:bom>`, []string{"p"}, nil},
		{"https", `<bom xmlns="https://cyclonedx.org/schema/bom/1.4"><components>` + a + `</components></bom>`, []string{"a@1"}, []string{"spec-version: https://cyclonedx.org/schema/bom/1.4"}},
		{"no namespace", `<bom><components>` + a + `</components></bom>`, []string{"a@1"}, []string{"spec-version:"}},
		{"unknown version", `<bom xmlns="http://cyclonedx.org/schema/bom/9.9"><components>` + a + `</components></bom>`, []string{"a@1"}, []string{"spec-version: 9.9"}},
		{"another of its namespaces within", bom16 + `<components xmlns="http://cyclonedx.org/schema/bom/1.3">` + a + `</components></bom>`, []string{"a@1"}, nil},
		{"white space", bom16 + "<components><component type=\" file \"><name>\n  w\n</name><version>\t2 </version></component></components></bom>", []string{"w@2"}, nil},
		{"CDATA and comments", bom16 + `<components><component type="file"><name><![CDATA[a<b]]></name><version>1<!-- x -->.2</version></component></components></bom>`, []string{"a<b@1.2"}, nil},
		{"entities of XML", bom16 + `<components><component type="file"><name>a&amp;b&#x21;</name></component></components></bom>`, []string{"a&b!"}, nil},
		{"foreign elements", bom16 + `<components><component type="file"><x:x xmlns:x="urn:x"><x:name>evil</x:name><name>evil</name></x:x><name>a</name></component></components></bom>`, []string{"a"}, nil},
		{"foreign elements with names of CycloneDX", bom16 + `<components><x:component xmlns:x="urn:x"><name>b</name></x:component><component type="file"><x:name xmlns:x="urn:x">b</x:name><name>a</name></component></components></bom>`, []string{"a"}, []string{"tag-unknown: urn:x", "tag-unknown: urn:x"}},
		{"markup in a value", bom16 + `<components><component type="file"><name>a<b>evil</b></name></component></components></bom>`, []string{"a"}, nil},
		{"components twice", bom16 + `<components>` + a + `</components><components><component type="file"><name>b</name></component></components></bom>`, []string{"a@1", "b"}, []string{"key-twice: components"}},
		{"name twice", bom16 + `<components><component type="file"><name>a</name><name>b</name></component></components></bom>`, []string{"a"}, []string{"key-twice: name"}},
		{"XInclude", bom16 + `<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/hostname"/><components>` + a + `</components></bom>`, []string{"a@1"}, []string{"tag-unknown: include"}},
		{"unknown element", bom16 + `<components><part/>` + a + `</components></bom>`, []string{"a@1"}, []string{"tag-unknown: part"}},
		{"type missing", bom16 + `<components><component><name>a</name></component></components></bom>`, []string{"a"}, []string{"field-missing:"}},
		{"values", bom16 + `<components><component type="lib" isExternal="maybe"><name>a</name><scope>x</scope><hashes><hash alg="MD5">zz</hash></hashes></component></components></bom>`, []string{"a"}, []string{"value-invalid: lib", "type-wrong: maybe", "spec-version: isExternal", "value-invalid: x", "value-invalid: zz"}},
		{"no components", bom16 + `</bom>`, nil, nil},
		{"self-closed", `<bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>`, nil, nil},
		{"vulnerability extension", `<bom xmlns="http://cyclonedx.org/schema/bom/1.1" xmlns:v="http://cyclonedx.org/schema/ext/vulnerability/1.0"><components><component type="library"><name>a</name><version>1</version><v:vulnerabilities><v:vulnerability ref="a"><v:id>CVE-1</v:id></v:vulnerability></v:vulnerabilities></component></components></bom>`, []string{"a@1"}, nil},
		{"ISO 8859-1", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + bom16 + "<components><component type=\"file\"><name>caf\xe9</name></component></components></bom>", []string{"café"}, nil},
		{"ISO 8859-15", "<?xml version='1.0' encoding='iso-8859-15'?>" + bom16 + "<components><component type=\"file\"><name>\xa4\xe9</name></component></components></bom>", []string{"€é"}, nil},
		{"Windows-1252", "<?xml version=\"1.0\" encoding=\"windows-1252\" standalone=\"yes\"?>" + bom16 + "<components><component type=\"file\"><name>\x80\x99</name></component></components></bom>", []string{"€™"}, nil},
		{"UTF-16, transcoded before", "<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + bom16 + "<components><component type=\"file\"><name>é</name></component></components></bom>", []string{"é"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := readXML(t, tt.text)
			if diff := cmp.Diff(tt.want, names(doc)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(tt.codes, codes(doc)); diff != "" {
				t.Errorf("defects (-want +got)\n%s", diff)
			}
			checkInvariants(t, doc)
			if want := strings.Count(tt.text, "<v:vulnerability "); doc.Statements != want {
				t.Errorf("%d vulnerabilities, want %d", doc.Statements, want)
			}
		})
	}
}

func TestRefusedXML(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", ``, "line 1, column 1: malformed XML: the text ends before the document does"},
		{"a declaration alone", `<?xml version="1.0"?>`, "line 1, column 22: malformed XML: the text ends before the document does"},
		{"document type", "<?xml version=\"1.0\"?>\n<!DOCTYPE bom>" + bom16 + "</bom>", "line 2, column 1: the document declares a document type (DOCTYPE), which can hold entities and name other files"},
		{"entity", bom16 + "\n&evil;</bom>", "line 2, column 7: malformed XML: invalid character entity &evil;"},
		{"another root", `<html/>`, `line 1, column 1: no CycloneDX document: its root element is "html" in namespace ""`},
		{"another namespace", `<bom xmlns="urn:other"/>`, `line 1, column 1: no CycloneDX document: its root element is "bom" in namespace "urn:other"`},
		{"text before", "x" + bom16 + "</bom>", "line 1, column 1: malformed XML: text outside the root element"},
		{"text behind", bom16 + "</bom>\nx", "line 1, column 68: malformed XML: text outside the root element"},
		{"two documents", bom16 + "</bom>\n" + bom16 + "</bom>", "line 2, column 1: a second document after the first"},
		{"cut off", bom16 + "<components>", "line 1, column 74: malformed XML: unexpected EOF"},
		{"crossed tags", bom16 + "<components></bom></components>", "line 1, column 80: malformed XML: element <components> closed by </bom>"},
		{"unknown encoding", `<?xml version="1.0" encoding="EBCDIC"?>` + bom16 + `</bom>`, `line 1, column 1: the document declares the encoding "EBCDIC", which is not read`},
		{"invalid UTF-8", bom16 + "\xff</bom>", "line 1, column 63: malformed XML: invalid UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := DecodeXML([]byte(tt.text), Options{})
			var e *sbom.SyntaxError
			if doc != nil || !errors.As(err, &e) {
				t.Fatalf("document %v, error %v", doc, err)
			}
			if e.Error() != tt.want || e.Remedy == "" {
				t.Errorf("want %q, got %q, remedy %q", tt.want, e.Error(), e.Remedy)
			}
		})
	}
}

func TestXMLGraph(t *testing.T) {
	const list = `<components><component type="file" bom-ref="a"><name>a</name></component><component type="file" bom-ref="b"><name>b</name></component><component type="file" bom-ref="c"><name>c</name></component></components>`
	tests := []struct {
		name, text string
		want       []sbom.Dependency
	}{
		{"plain", bom16 + list + `<dependencies><dependency ref="a"><dependency ref="b"/></dependency><dependency ref="b"/></dependencies></bom>`, []sbom.Dependency{{From: 0, To: 1}}},
		{"graph first", bom16 + `<dependencies><dependency ref="a"><dependency ref="b"/></dependency></dependencies>` + list + `</bom>`, []sbom.Dependency{{From: 0, To: 1}}},
		{"entry in an entry", bom16 + list + `<dependencies><dependency ref="a"><dependency ref="b"><dependency ref="c"/></dependency></dependency></dependencies></bom>`, []sbom.Dependency{{From: 0, To: 1}, {From: 1, To: 2}}},
		{"provides", bom16 + list + `<dependencies><dependency ref="a"><provides ref="c"/></dependency></dependencies></bom>`, []sbom.Dependency{{From: 0, To: 2, Kind: sbom.Provides}}},
		{"extension of 1.1", `<bom xmlns="http://cyclonedx.org/schema/bom/1.1" xmlns:dg="http://cyclonedx.org/schema/ext/dependency-graph/1.0">` + list +
			`<dg:dependencies><dg:dependency ref="a"><dg:dependency><dg:dependency ref="c"/></dg:dependency></dg:dependency></dg:dependencies></bom>`, []sbom.Dependency{{From: 0, To: 2}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := readXML(t, tt.text)
			if diff := cmp.Diff(tt.want, doc.Dependencies); diff != "" {
				t.Errorf("(-want +got)\n%s%v", diff, doc.Defects.List)
			}
			if !doc.Components[0].DependenciesStated {
				t.Error("the entry of a is not stated")
			}
			checkInvariants(t, doc)
		})
	}
}

func TestXMLTimeWithoutZone(t *testing.T) {
	doc := readXML(t, bom16+`<metadata><timestamp>2020-04-13T20:20:39.5</timestamp></metadata></bom>`)
	if doc.CreatedAt.IsZero() || doc.Defects.Total() != 0 {
		t.Errorf("created at %v, defects %v", doc.CreatedAt, doc.Defects.List)
	}
}
