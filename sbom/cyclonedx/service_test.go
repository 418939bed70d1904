// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/sbom"
)

// TestServiceEdges: an edge with a service at one end is not one between
// components, and is not lost either.
func TestServiceEdges(t *testing.T) {
	const parts = `"components":[{"type":"file","bom-ref":"a","name":"a"}],"compositions":[{"aggregate":"unknown","bom-ref":"c"}],` +
		`"services":[{"bom-ref":"s","name":"s","services":[{"bom-ref":"inner","name":"i"}]}]`
	edge := func(from, to string) sbom.ServiceEdge { return sbom.ServiceEdge{From: from, To: to} }
	tests := []struct {
		name, graph string
		want        []sbom.ServiceEdge
		codes       []string
	}{
		{"from a service", `[{"ref":"s","dependsOn":["a"]}]`, []sbom.ServiceEdge{edge("s", "a")}, nil},
		{"to a service", `[{"ref":"a","dependsOn":["s"]}]`, []sbom.ServiceEdge{edge("a", "s")}, nil},
		{"between services", `[{"ref":"inner","dependsOn":["s"]}]`, []sbom.ServiceEdge{edge("inner", "s")}, nil},
		{"provides", `[{"ref":"s","provides":["a"]}]`, []sbom.ServiceEdge{{From: "s", To: "a", Kind: sbom.Provides}}, nil},
		{"on itself", `[{"ref":"s","dependsOn":["s"]}]`, nil, []string{"value-invalid: s"}},
		{"on nothing", `[{"ref":"s","dependsOn":["x","a"]}]`, []sbom.ServiceEdge{edge("s", "a")}, []string{"reference-dangling: x"}},
		{"on a composition", `[{"ref":"s","dependsOn":["c"]}]`, nil, []string{"reference-dangling: c"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			graph := `"dependencies":` + tt.graph
			for order, text := range map[string]string{
				"graph last": head + parts + "," + graph + "}", "graph first": head + graph + "," + parts + "}",
			} {
				doc := readJSON(t, text)
				if diff := cmp.Diff(tt.want, doc.ServiceEdges); diff != "" {
					t.Errorf("%s (-want +got)\n%s", order, diff)
				}
				if diff := cmp.Diff(tt.codes, codes(doc)); diff != "" {
					t.Errorf("%s (-want +got)\n%s", order, diff)
				}
				if len(doc.Dependencies) > 0 {
					t.Errorf("%s: edges between components: %v", order, doc.Dependencies)
				}
			}
		})
	}
}

// TestReferencesOfDocument: those to a BOM are other documents, and a BOM-Link
// of another type is both.
func TestReferencesOfDocument(t *testing.T) {
	const link = "urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1"
	doc := readJSON(t, head+`"externalReferences":[{"type":"bom","url":"https://acme.example/b.json"},`+
		`{"type":"vulnerability-assertion","url":"`+link+`"},{"type":"security-contact","url":"mailto:psirt@acme.example"}]}`)
	want := []sbom.Reference{{Type: "vulnerability-assertion", URL: link}, {Type: "security-contact", URL: "mailto:psirt@acme.example"}}
	if diff := cmp.Diff(want, doc.References); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	var external []string
	for _, x := range doc.External {
		external = append(external, x.URI)
	}
	if diff := cmp.Diff([]string{"https://acme.example/b.json", link}, external); diff != "" {
		t.Errorf("external (-want +got)\n%s", diff)
	}
}

// TestModified: what says that it was changed has a pedigree, and what says
// that it was not has none.
func TestModified(t *testing.T) {
	for _, tt := range []struct {
		fields string
		want   *sbom.Pedigree
	}{
		{`"modified":true`, &sbom.Pedigree{Modified: true}},
		{`"modified":false`, nil},
		{`"modified":true,"pedigree":{"notes":"n"}`, &sbom.Pedigree{Modified: true, Notes: "n"}},
		{`"pedigree":{"notes":"n"},"modified":true`, &sbom.Pedigree{Modified: true, Notes: "n"}},
		{`"modified":true,"pedigree":{}`, &sbom.Pedigree{Modified: true}},
	} {
		doc := readJSON(t, head+`"components":[{"type":"file","name":"a",`+tt.fields+`}]}`)
		if diff := cmp.Diff(tt.want, doc.Components[0].Pedigree()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.fields, diff)
		}
	}
}

// TestRatings holds the forms that are not in testdata: protobuf and the
// extension of 1.1.
func TestRatings(t *testing.T) {
	want := []sbom.Rating{{Severity: "critical", Score: "9.8", Vector: "AV:N", Method: "CVSSv31", Source: "NVD"}}
	score := []byte{0x11, 0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0x23, 0x40} // field 2, the double 9.8
	rating := append(wire(1, wire(1, "NVD"), 3, 1, 4, 3, 5, "AV:N"), score...)
	doc, err := DecodeProtobuf(wire(1, "1.6", 10, wire(2, "CVE-1", 5, rating)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, doc.Vulnerabilities[0].Ratings); diff != "" || doc.Defects.Total() > 0 {
		t.Errorf("protobuf (-want +got)\n%s%v", diff, doc.Defects)
	}
	doc = readXML(t, `<bom xmlns="http://cyclonedx.org/schema/bom/1.1" xmlns:v="http://cyclonedx.org/schema/ext/vulnerability/1.0">
		<components/><v:vulnerabilities><v:vulnerability ref="x"><v:id>CVE-1</v:id><v:ratings><v:rating>
		<v:score><v:base>9.8</v:base><v:impact>5.9</v:impact></v:score><v:severity>Critical</v:severity><v:method>CVSSv3</v:method><v:vector>AV:N</v:vector>
		</v:rating></v:ratings></v:vulnerability></v:vulnerabilities></bom>`)
	want = []sbom.Rating{{Severity: "Critical", Score: "9.8", Vector: "AV:N", Method: "CVSSv3"}}
	if diff := cmp.Diff(want, doc.Vulnerabilities[0].Ratings); diff != "" {
		t.Errorf("extension (-want +got)\n%s", diff)
	}
}

// TestAffectedVersions: a version without a status is affected, that is the
// format's default.
func TestAffectedVersions(t *testing.T) {
	doc := readJSON(t, head+`"vulnerabilities":[{"id":"1","affects":[{"ref":"urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#a","versions":[`+
		`{"version":"1"},{"range":"vers:npm/<2","status":"affected"},{"version":"3","status":"unaffected"},{"version":"4","status":"unknown"},{"version":"1"}]}]}]}`)
	got := doc.Vulnerabilities[0]
	if diff := cmp.Diff([][]string{{"1", "vers:npm/<2"}, {"3"}}, [][]string{got.Affected, got.Fixed}); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestNamed: a message names the key of a value, and never that of something else.
func TestNamed(t *testing.T) {
	for text, want := range map[string]string{
		`"components":[{"type":"file","name":"a","purl":"pkg:npm/a@1"},null]}`: `an entry of a list is null, not a component`,
		`"components":[null]}`:                                                     `"components" is null, not a component`,
		`"components":[{"type":"file","name":7}]}`:                                 `"name" is a number, not a text; taken as written`,
		`"services":[{"name":"a"} ,` + "\n" + ` "b"]}`:                             `an entry of a list is a string, not a service`,
		`"components":[{"type":"file","name":"a"}],"services":{"name":"s"}}`:       `"services" is an object, not an array`,
		`"components":[{"type":"file","name":"a"},{"type":"file", "name": null}]}`: `"name" is null, not a text`,
	} {
		doc := readJSON(t, head+text)
		if got := doc.Defects.List[len(doc.Defects.List)-1].Message; got != want && doc.Defects.List[0].Message != want {
			t.Errorf("%s: want %q, got %q", text, want, got)
		}
	}
}
