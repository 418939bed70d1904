// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/sbom"
)

func TestEnvelopes(t *testing.T) {
	statement := `{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://cyclonedx.org/bom","predicate":` + cycloneJSON + `}`
	dsse := func(payload string) string {
		return `{"payloadType":"application/vnd.in-toto+json","payload":"` + base64.StdEncoding.EncodeToString([]byte(payload)) +
			`","signatures":[{"sig":"AAAA"}]}`
	}
	tests := []struct {
		name, text string
		wrapping   []string
		signed     bool
	}{
		{"GitHub", `{"sbom":` + spdxJSON + `}`, []string{"github-sbom"}, false},
		{"in-toto", statement, []string{"in-toto"}, false},
		{"in-toto as cosign once wrote it", `{"_type":"https://in-toto.io/Statement/v0.1","predicate":{"Data":` + strconv.Quote(cycloneJSON) + `}}`, []string{"in-toto"}, false},
		{"in-toto with the document in Data", `{"_type":"https://in-toto.io/Statement/v0.1","predicate":{"Data":` + cycloneJSON + `}}`, []string{"in-toto"}, false},
		{"DSSE", dsse(cycloneJSON), []string{"dsse"}, true},
		{"DSSE of XML", dsse(cycloneXML), []string{"dsse"}, true},
		{"DSSE of in-toto", dsse(statement), []string{"dsse", "in-toto"}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := Read(strings.NewReader(tt.text), "x", Options{})
			if err != nil {
				t.Fatal(err)
			}
			if doc.Count() != 1 || doc.Components[0].Name != "é" {
				t.Errorf("components %+v", doc.Components)
			}
			if diff := cmp.Diff(tt.wrapping, doc.Wrapping); diff != "" {
				t.Errorf("wrapping (-want +got)\n%s", diff)
			}
			if signed := slices.ContainsFunc(doc.Signatures, func(s sbom.Signature) bool { return s.Kind == sbom.DSSE }); signed != tt.signed {
				t.Errorf("signatures %+v", doc.Signatures)
			}
		})
	}
	// an envelope can be packed so often that nothing good comes of it
	text := cycloneJSON
	for range 5 {
		text = dsse(text)
	}
	if _, err := Read(strings.NewReader(text), "x", Options{}); err == nil || !strings.Contains(err.Error(), "more than three times") {
		t.Errorf("error %v", err)
	}
}

// TestEnvelopeKeepsPlaces holds that lines and columns are those of the file.
func TestEnvelopeKeepsPlaces(t *testing.T) {
	const text = "{\"é\": 1,\n \"é€😀\": {}, \"sbom\": {\"spdxVersion\":\"SPDX-2.3\",\n\"packages\":[{\"name\":\"a\"}]}, \"z\": \"z\"}"
	doc, err := Read(strings.NewReader(text), "x", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sbom.Position{Line: 3, Column: 13}, doc.Components[0].Position); diff != "" {
		t.Errorf("component (-want +got)\n%s", diff)
	}
	broken := strings.Replace(text, `{"name":"a"}`, `{"name":"a"},`, 1)
	_, err = Read(strings.NewReader(broken), "x", Options{})
	if e, ok := err.(*sbom.SyntaxError); !ok || e.Position.Line != 3 { //nolint:errorlint // it is the type itself that is promised
		t.Errorf("error %v", err)
	}
}

// TestEnvelopeSays holds that what an envelope has beside its document, or says
// of it wrongly, is said: two readers could see two documents.
func TestEnvelopeSays(t *testing.T) {
	statement := `{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"https://cyclonedx.org/bom","predicate":` + cycloneJSON + `}`
	dsse := func(kind, payload, more string) string {
		return `{"payloadType":"` + kind + `","payload":"` + base64.StdEncoding.EncodeToString([]byte(payload)) + `","signatures":[]` + more + `}`
	}
	other := strings.TrimPrefix(strings.ReplaceAll(cycloneJSON, "é", "hidden"), "{")
	tests := []struct {
		name, text string
		code       sbom.Code // "" if nothing is wrong
	}{
		{"GitHub", `{"sbom":` + spdxJSON + `}`, ""},
		{"GitHub and CycloneDX", `{"sbom":` + spdxJSON + `,` + other, sbom.CodeUnknownTag},
		{"in-toto", statement, ""},
		{"in-toto and CycloneDX", strings.TrimSuffix(statement, "}") + `,` + other, sbom.CodeUnknownTag},
		{"a document with another in Data", strings.TrimSuffix(statement, "}}") + `,"Data":{` + other + `}}`, sbom.CodeUnknownTag},
		{"DSSE", dsse("application/vnd.cyclonedx+json", cycloneJSON, ""), ""},
		{"DSSE of no known type", dsse("application/json", cycloneJSON, ""), ""},
		{"DSSE and CycloneDX", dsse("application/json", cycloneJSON, `,`+strings.TrimSuffix(other, "}")), sbom.CodeUnknownTag},
		{"DSSE of in-toto that is none", dsse("application/vnd.in-toto+json", cycloneJSON, ""), sbom.CodeContradict},
		{"DSSE of CycloneDX that is SPDX", dsse("application/vnd.cyclonedx+json", spdxJSON, ""), sbom.CodeContradict},
		{"DSSE of SPDX that is in-toto", dsse("text/spdx", statement, ""), sbom.CodeContradict},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := Read(strings.NewReader(tt.text), "x", Options{})
			if err != nil {
				t.Fatal(err)
			}
			if doc.Count() != 1 || doc.Components[0].Name != "é" {
				t.Errorf("components %+v", doc.Components)
			}
			for _, code := range []sbom.Code{sbom.CodeUnknownTag, sbom.CodeContradict} {
				if said := doc.Defects.Counts[code] > 0; said != (code == tt.code) {
					t.Errorf("%s: %v: %+v", code, said, doc.Defects.List)
				}
			}
		})
	}
}

// TestEnvelopeLongText holds that the limit of texts is the one that the user
// sets, also inside an envelope.
func TestEnvelopeLongText(t *testing.T) {
	long := strings.Replace(spdxJSON, "é", strings.Repeat("n", 17<<20), 1)
	for _, text := range []string{`{"sbom":` + long + `}`, `{"_type":"https://in-toto.io/Statement/v1","predicate":` + long + `}`} {
		_, err := Read(strings.NewReader(text), "x", Options{})
		if e, ok := errors.AsType[*sbom.SyntaxError](err); !ok || e.Limit != sbom.LimitString || !strings.Contains(e.Remedy, "--max-string") {
			t.Errorf("error %#v", err)
		}
		if doc, err := Read(strings.NewReader(text), "x", Options{MaxString: 32 << 20}); err != nil || doc.Count() != 1 {
			t.Errorf("raised: %v", err)
		}
	}
}

// TestEnvelopeTwice holds that an envelope with two documents is none.
func TestEnvelopeTwice(t *testing.T) {
	text := `{"sbom":` + spdxJSON + `,"sbom":` + spdxJSON + `}`
	if doc, err := Read(strings.NewReader(text), "x", Options{}); doc != nil || err == nil || !strings.Contains(err.Error(), "two values of the key sbom") {
		t.Errorf("document %v, error %v", doc, err)
	}
	text = `{"_type":"https://in-toto.io/Statement/v0.1","predicate":{"Data":` + cycloneJSON + `,"Data":` + spdxJSON + `}}`
	if doc, err := Read(strings.NewReader(text), "x", Options{}); doc != nil || err == nil || !strings.Contains(err.Error(), "two values of the key Data") {
		t.Errorf("document %v, error %v", doc, err)
	}
}

func TestUTF32(t *testing.T) {
	encode := func(order binary.AppendByteOrder, mark bool) []byte {
		var out []byte
		if mark {
			out = order.AppendUint32(out, 0xfeff)
		}
		for _, r := range cycloneJSON {
			out = order.AppendUint32(out, uint32(r))
		}
		return out
	}
	for name, data := range map[string][]byte{
		"little, mark": encode(binary.LittleEndian, true), "big, mark": encode(binary.BigEndian, true),
		"little": encode(binary.LittleEndian, false), "big": encode(binary.BigEndian, false),
	} {
		doc, err := Read(strings.NewReader(string(data)), "x", Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if doc.Components[0].Name != "é" || doc.Defects.Counts[sbom.CodeWrapping] != 1 {
			t.Errorf("%s: %+v", name, doc)
		}
	}
}
