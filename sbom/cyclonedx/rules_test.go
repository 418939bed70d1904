// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/sbom"
)

// TestRulesJSON holds the rules for what hangs on components and on the
// document. The place of each is line 2.
func TestRulesJSON(t *testing.T) {
	part := func(fields string) string {
		return head + "\"components\":[{\"type\":\"file\",\"bom-ref\":\"a\",\"name\":\"a\",\n" + fields + "}]}"
	}
	whole := func(fields string) string { return head + "\n" + fields + "}" }
	tests := []struct {
		name, text string
		want       []string
	}{
		{"empty bom-ref", head + "\n" + `"components":[{"type":"file","bom-ref":"","name":"a"}]}`, []string{"value-invalid:"}},
		{"reference without url", part(`"externalReferences":[{"type":"vcs"}]`), []string{"field-missing: vcs"}},
		{"reference without type", part(`"externalReferences":[{"url":"https://x.example"}]`), []string{"field-missing: https://x.example"}},
		{"reference of nothing", part(`"externalReferences":[{}]`), []string{"field-missing:"}},
		{"reference type", part(`"externalReferences":[{"type":"git","url":"x"}]`), []string{"value-invalid: git"}},
		{"reference url", part(`"externalReferences":[{"type":"vcs","url":"a b"}]`), []string{"value-invalid: a b"}},
		{"reference hash", part(`"externalReferences":[{"type":"vcs","url":"x","hashes":[{"alg":"MD5","content":"0"}]}]`), []string{"value-invalid: 0"}},
		{"references no list", part(`"externalReferences":{}`), []string{"type-wrong:"}},
		{"licence id", part(`"licenses":[{"license":{"id":"Apache-2"}}]`), []string{"value-invalid: Apache-2"}},
		{"licence text", part(`"licenses":[{"license":{"id":"MIT","text":{"content":"x","encoding":"base85"}}}]`), []string{"value-invalid: base85"}},
		{"licence text without content", part(`"licenses":[{"license":{"id":"MIT","text":{}}}]`), []string{"field-missing:"}},
		{"property without name", part(`"properties":[{"value":"x"}]`), []string{"field-missing: x"}},
		{"swid", part(`"swid":{"version":"1"}`), []string{"field-missing:", "field-missing:"}},
		{"identity field", part(`"evidence":{"identity":[{"field":"colour"},{}]}`), []string{"value-invalid: colour", "field-missing:"}},
		{"identity confidence", part(`"evidence":{"identity":{"field":"purl","confidence":1.5}}`), []string{"value-invalid: 1.5"}},
		{"identity confidence a text", part(`"evidence":{"identity":{"field":"purl","confidence":"high"}}`), []string{"type-wrong: high"}},
		{"identity technique", part(`"evidence":{"identity":{"field":"purl","methods":[{"technique":"magic","confidence":1}]}}`), []string{"value-invalid: magic"}},
		{"ancestor of nothing", part(`"pedigree":{"ancestors":[{}]}`), []string{"field-missing:", "field-missing:"}},
		{"ancestor's type and purl", part(`"pedigree":{"variants":[{"type":"lib","name":"b","purl":"x"}]}`), []string{"value-invalid: lib", "purl-invalid: x"}},
		{"patch type", part(`"pedigree":{"patches":[{"type":"quick"},{}]}`), []string{"value-invalid: quick", "field-missing:"}},
		{"issue type", part(`"pedigree":{"patches":[{"type":"monkey","resolves":[{"type":"foo","id":"1"},{"id":"2"}]}]}`), []string{"value-invalid: foo", "field-missing: 2"}},
		{"commit's time", part(`"pedigree":{"commits":[{"author":{"timestamp":"now"}}]}`), []string{"date-invalid: now"}},
		{"description a number", part(`"description":7`), []string{"type-wrong: 7"}},
		{"modified null", part(`"modified":null`), []string{"type-wrong: null"}},
		{"release notes", part(`"releaseNotes":{"resolves":[{"type":"foo"}],"timestamp":"x"}`), []string{"field-missing:", "value-invalid: foo", "date-invalid: x"}},
		{"crypto", part(`"cryptoProperties":{"assetType":"rune"}`), []string{"value-invalid: rune"}},
		{"unknown key", part(`"colour":"red"`), []string{"tag-unknown: colour"}},
		{"unknown keys once", head + "\n" + `"components":[{"type":"file","name":"a","x":1,"y":2},{"type":"file","name":"b","x":1}],"x":1}`, []string{"tag-unknown: x", "tag-unknown: y", "tag-unknown: x"}},
		{"unknown key in what is passed over", part(`"data":[{"type":"dataset","x":1}]`), []string{"tag-unknown: x"}},
		{"key twice in what is passed over", part(`"data":[{"type":"dataset","type":"other"}]`), []string{"key-twice: type"}},
		{"service without name", whole(`"services":[{"bom-ref":"s"}]`), []string{"field-missing: s"}},
		{"service a text", whole(`"services":["s"]`), []string{"type-wrong: s"}},
		{"service's data", whole(`"services":[{"name":"s","data":[{"flow":"bar","classification":"foo"},{}]}]`), []string{"value-invalid: bar", "field-missing:", "field-missing:"}},
		{"service's booleans", whole(`"services":[{"name":"s","authenticated":"yes","x-trust-boundary":1}]`), []string{"type-wrong: yes", "type-wrong: 1"}},
		{"bom-ref of two services", whole(`"services":[{"name":"s","bom-ref":"s","services":[{"name":"t","bom-ref":"s"}]}]`), []string{"id-duplicate: s"}},
		{"bom-ref of a component and a service", part(`"scope":"required"}],"services":[{"name":"s","bom-ref":"a"`), []string{"id-duplicate: a"}},
		{"bom-ref of another in a pedigree", part(`"pedigree":{"ancestors":[{"type":"file","name":"b","bom-ref":"c"}]}},{"type":"file","name":"c","bom-ref":"c"`), []string{"id-duplicate: c"}},
		{"its own bom-ref in a pedigree", part(`"pedigree":{"ancestors":[{"type":"file","name":"b","bom-ref":"a"}]}`), nil},
		{"dependency on an ancestor", part(`"pedigree":{"ancestors":[{"type":"file","name":"b","bom-ref":"b"}]}}],"dependencies":[{"ref":"a","dependsOn":["b"]},{"ref":"b"`), []string{"reference-dangling: b", "reference-dangling: b"}},
		{"analysis", whole(`"vulnerabilities":[{"id":"1","analysis":{"state":"fine","justification":"because","response":["pray"]}}]`), []string{"value-invalid: fine", "value-invalid: because", "value-invalid: pray"}},
		{"affects of nothing", whole(`"vulnerabilities":[{"id":"1","affects":[{}]}]`), []string{"field-missing: 1"}},
		{"affects dangling", whole(`"vulnerabilities":[{"id":"1","affects":[{"ref":"x"},{"ref":"urn:cdx:1/1#x"}]}]`), []string{"reference-dangling: x"}},
		{"affected version", whole(`"vulnerabilities":[{"id":"1","affects":[{"ref":"urn:cdx:1/1","versions":[{},{"version":"1","status":"safe"},{"version":"1","range":"vers:a/1"}]}]}]`), []string{"field-missing:", "value-invalid: safe", "contradiction: vers:a/1"}},
		{"rating", whole(`"vulnerabilities":[{"id":"1","ratings":[{"severity":"bad","method":"dice"}]}]`), []string{"value-invalid: bad", "value-invalid: dice"}},
		{"rating's score", whole(`"vulnerabilities":[{"id":"1","ratings":[{"score":"9"},7]}]`), []string{"type-wrong: 9", "type-wrong: 7"}},
		{"ratings beyond the bound", whole(`"vulnerabilities":[{"id":"1","ratings":[` + strings.Repeat(`{"vector":"v"},`, maxRatings) + `{"vector":"w"}]}]`), []string{"value-invalid: w"}},
		{"licence expression", part(`"licenses":[{"expression":"MIT OR (Apache-2.0"}]`), []string{"value-invalid: MIT OR (Apache-2.0"}},
		{"reference of a vulnerability", whole(`"vulnerabilities":[{"id":"1","references":[{}]}]`), []string{"field-missing: 1"}},
		{"composition dangling", whole(`"compositions":[{"aggregate":"complete","assemblies":["x"]}]`), []string{"reference-dangling: x"}},
		{"signature", whole(`"signature":{"algorithm":"ROT13"}`), []string{"value-invalid: ROT13", "field-missing:"}},
		{"signature a text", whole(`"signature":"yes"`), []string{"type-wrong: yes"}},
		{"citation", whole(`"citations":[{"bom-ref":"c"}]`), []string{"field-missing: c", "contradiction:", "field-missing:"}},
		{"metadata's licence", whole(`"metadata":{"licenses":[{"license":{"id":"Apache-2"}}]}`), []string{"value-invalid: Apache-2"}},
		{"metadata's key", whole(`"metadata":{"distribution":"all"}`), []string{"tag-unknown: distribution"}},
		{"distribution", whole(`"metadata":{"distributionConstraints":{"tlp":"PINK"}}`), []string{"value-invalid: PINK"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := readJSON(t, tt.text)
			if diff := cmp.Diff(tt.want, codes(doc)); diff != "" {
				t.Errorf("(-want +got)\n%s%+v", diff, doc.Defects.List)
			}
			for _, d := range doc.Defects.List {
				if d.Position.Line > 2 || d.Position.IsZero() || d.Message == "" || strings.HasSuffix(d.Message, ".") {
					t.Errorf("defect %+v", d)
				}
			}
			checkInvariants(t, doc)
		})
	}
}

// TestRulesXML holds those rules that the encoding has in another place.
func TestRulesXML(t *testing.T) {
	part := func(fields string) string {
		return bom16 + `<components><component type="file" bom-ref="a"><name>a</name>` + fields + `</component></components></bom>`
	}
	whole := func(fields string) string { return bom16 + fields + `</bom>` }
	tests := []struct {
		name, text string
		want       []string
	}{
		{"empty bom-ref", bom16 + `<components><component type="file" bom-ref=""><name>a</name></component></components></bom>`, []string{"value-invalid:"}},
		{"reference", part(`<externalReferences><reference type="git"><url>a b</url></reference><reference/></externalReferences>`), []string{"value-invalid: git", "value-invalid: a b", "field-missing:"}},
		{"licence text", part(`<licenses><license><id>MIT</id><text encoding="base85">x</text></license></licenses>`), []string{"value-invalid: base85"}},
		{"swid", part(`<swid/>`), []string{"field-missing:", "field-missing:"}},
		{"modified", part(`<modified>maybe</modified>`), []string{"type-wrong: maybe"}},
		{"identity", part(`<evidence><identity><field>colour</field><confidence>2</confidence></identity></evidence>`), []string{"value-invalid: colour", "value-invalid: 2"}},
		{"pedigree", part(`<pedigree><ancestors><component/></ancestors><patches><patch type="quick"><resolves><issue type="foo"><id>1</id></issue></resolves></patch></patches></pedigree>`), []string{"field-missing:", "field-missing:", "value-invalid: quick", "value-invalid: foo"}},
		{"unknown once", part(`<colour>red</colour><colour>blue</colour><pedigree><colour/></pedigree>`), []string{"tag-unknown: colour", "tag-unknown: colour"}},
		{"service", whole(`<services><service><authenticated>yes</authenticated><data><classification flow="foo">bar</classification></data></service></services>`), []string{"field-missing:", "type-wrong: yes", "value-invalid: foo"}},
		{"service's dataflow", whole(`<services><service><name>s</name><data><dataflow><classification flow="inbound">PII</classification><source><url>x</url></source></dataflow></data></service></services>`), nil},
		{"analysis", whole(`<vulnerabilities><vulnerability><id>1</id><analysis><state>fine</state><justification>because</justification><responses><response>pray</response></responses></analysis></vulnerability></vulnerabilities>`), []string{"value-invalid: fine", "value-invalid: because", "value-invalid: pray"}},
		{"affects", whole(`<vulnerabilities><vulnerability><id>1</id><affects><target><ref>x</ref><versions><version><version>1</version><status>safe</status></version></versions></target><target/></affects></vulnerability></vulnerabilities>`), []string{"reference-dangling: x", "value-invalid: safe", "field-missing: 1"}},
		{"rating", whole(`<vulnerabilities><vulnerability><id>1</id><ratings><rating><score>much</score><severity>bad</severity><method>dice</method></rating><x/></ratings></vulnerability></vulnerabilities>`), []string{"type-wrong: much", "value-invalid: bad", "value-invalid: dice", "tag-unknown: x"}},
		{"licence expression", part(`<licenses><expression>MIT and</expression></licenses>`), []string{"value-invalid: MIT and"}},
		{"citation", whole(`<citations><citation/></citations>`), []string{"spec-version: citations", "contradiction:", "field-missing:"}},
		{"metadata's key", whole(`<metadata><distribution>all</distribution></metadata>`), []string{"tag-unknown: distribution"}},
		{"fields of later versions", `<bom xmlns="http://cyclonedx.org/schema/bom/1.0"><metadata/><services/><dependencies/><components><component type="file"><name>a</name><version>1</version><pedigree/><externalReferences/></component></components></bom>`, []string{
			"spec-version: metadata", "spec-version: services", "spec-version: dependencies", "spec-version: pedigree", "spec-version: externalReferences",
		}},
		{"text between elements", whole(`<components>openssl<component type="file"><name>a</name></component>curl</components>`), []string{"type-wrong:"}},
		{"version required", `<bom xmlns="http://cyclonedx.org/schema/bom/1.3"><components><component type="file"><name>a</name></component></components></bom>`, []string{"field-missing:"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := readXML(t, tt.text)
			if diff := cmp.Diff(tt.want, codes(doc)); diff != "" {
				t.Errorf("(-want +got)\n%s%+v", diff, doc.Defects.List)
			}
			checkInvariants(t, doc)
		})
	}
}

// TestKeysInAnotherCase: each key that an object may have, in capitals, is read
// or passed over as that key, and said; none is read for ever.
func TestKeysInAnotherCase(t *testing.T) {
	for of, object := range map[rule]string{
		shapeBom: `%s`, shapeMetadata: `"metadata":{%s}`, shapeComponent: `"components":[{%s}]`, shapeService: `"services":[{%s}]`,
		shapeVulnerability: `"vulnerabilities":[{%s}]`, shapeOrganisation: `"metadata":{"supplier":{%s}}`,
		shapePedigree: `"components":[{"pedigree":{%s}}]`, shapeEvidence: `"components":[{"evidence":{%s}}]`,
	} {
		for _, m := range shapes[of].members {
			key := strings.ToUpper(m.key)
			if m.key == "components" && of != shapePedigree || key == m.key {
				continue // no list of components costs the document
			}
			doc := readJSON(t, head+fmt.Sprintf(object, fmt.Sprintf("%q:0", key))+`}`)
			if doc.Defects.Counts[sbom.CodeUnknownTag] != 1 {
				t.Errorf("%s in %s: %v", key, shapes[of].name, doc.Defects.List)
			}
		}
	}
}

func TestUnknownKeysAreBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString(head + `"components":[{"type":"file","name":"a"`)
	for i := range 10_000 {
		fmt.Fprintf(&b, `,"k%d":0`, i)
	}
	b.WriteString(`}]}`)
	doc := readJSON(t, b.String())
	if n := doc.Defects.Counts[sbom.CodeUnknownTag]; n != 10_000 || len(doc.Defects.List) != 50 {
		t.Errorf("%d unknown keys counted, %d kept", n, len(doc.Defects.List))
	}
}

func TestStatementsAreBounded(t *testing.T) {
	const n = maxStatements + 7
	text := head + `"vulnerabilities":[` + strings.TrimSuffix(strings.Repeat(`{"id":"1"},`, n), ",") + `]}`
	doc := readJSON(t, text)
	if doc.Statements != n || len(doc.Vulnerabilities) != maxStatements || doc.Defects.Total() != 1 {
		t.Errorf("%d statements, %d kept, defects %v", doc.Statements, len(doc.Vulnerabilities), doc.Defects.List)
	}
}

// TestSignatures: each signer is one, whichever form they stand in.
func TestSignatures(t *testing.T) {
	const one, two = `{"algorithm":"ES256","keyId":"k1","value":"x"}`, `{"algorithm":"Ed25519","publicKey":{"kty":"OKP","kid":"k2"},"value":"x"}`
	for _, text := range []string{`{"signers":[` + one + `,` + two + `]}`, `{"chain":[` + one + `,` + two + `]}`} {
		var got []string
		doc := readJSON(t, head+`"signature":`+text+`}`)
		for _, s := range doc.Signatures {
			got = append(got, s.Algorithm+" "+s.KeyID+" "+string(s.State))
		}
		if diff := cmp.Diff([]string{"ES256 k1 unverified", "Ed25519 k2 unverified"}, got); diff != "" || doc.Defects.Total() != 0 {
			t.Errorf("%s (-want +got)\n%s%v", text, diff, doc.Defects.List)
		}
	}
	doc := readJSON(t, head+`"components":[{"type":"file","name":"a","signature":`+one+`}]}`)
	if len(doc.Signatures) != 0 || doc.Defects.Total() != 0 {
		t.Errorf("signature of a component: %v, defects %v", doc.Signatures, doc.Defects.List)
	}
}

// TestVulnerabilityExtension reads the extension of 1.1 in both its places.
func TestVulnerabilityExtension(t *testing.T) {
	doc := readXML(t, `<bom xmlns="http://cyclonedx.org/schema/bom/1.1" xmlns:v="http://cyclonedx.org/schema/ext/vulnerability/1.0">
<components><component type="library" bom-ref="a"><name>a</name><version>1</version><v:vulnerabilities>
<v:vulnerability ref="pkg:npm/a@1"><v:id>CVE-1</v:id><v:source name="NVD"><v:url>https://nvd.nist.gov</v:url></v:source></v:vulnerability></v:vulnerabilities></component></components>
<v:vulnerabilities><v:vulnerability ref="a"><v:id>CVE-2</v:id></v:vulnerability></v:vulnerabilities></bom>`)
	want := []sbom.Vulnerability{
		{ID: "CVE-1", Source: "NVD", Affects: []string{"pkg:npm/a@1"}, Position: sbom.Position{Line: 3, Column: 1}},
		{ID: "CVE-2", Affects: []string{"a"}, Position: sbom.Position{Line: 4, Column: 20}},
	}
	if diff := cmp.Diff(want, doc.Vulnerabilities); diff != "" || doc.Statements != 2 || doc.Defects.Total() != 0 {
		t.Errorf("(-want +got)\n%s%v", diff, doc.Defects.List)
	}
}

// TestExternalOnce: a document that is referred to many times is one.
func TestExternalOnce(t *testing.T) {
	doc := readJSON(t, head+`"externalReferences":[{"type":"bom","url":"urn:cdx:1/1"},{"type":"bom","url":"urn:cdx:1/1"}],`+
		`"compositions":[{"aggregate":"complete","assemblies":["urn:cdx:1/1#a","urn:cdx:2/1#b"]}]}`)
	var got []string
	for _, e := range doc.External {
		got = append(got, e.URI)
	}
	if diff := cmp.Diff([]string{"urn:cdx:1/1", "urn:cdx:2/1"}, got); diff != "" || doc.Defects.Total() != 0 {
		t.Errorf("(-want +got)\n%s%v", diff, doc.Defects.List)
	}
}

// TestSubjectInTwoPlaces: what both say of the subject is kept, and where they
// contradict is said.
func TestSubjectInTwoPlaces(t *testing.T) {
	doc := readJSON(t, head+`"metadata":{"component":{"type":"device","name":"pump","version":"1","purl":"pkg:generic/pump",
		"externalReferences":[{"type":"website","url":"a"},{"type":"vcs","url":"b"}],"pedigree":{"notes":"n"}}},
		"components":[{"type":"device","name":"pump","version":"2","purl":"pkg:generic/pump","externalReferences":[{"type":"vcs","url":"b"}]}]}`)
	s := doc.Subject
	want := []sbom.Reference{{Type: "vcs", URL: "b"}, {Type: "website", URL: "a"}}
	if diff := cmp.Diff(want, s.References); diff != "" || s.Pedigree() == nil {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"contradiction: 1"}, codes(doc)); diff != "" {
		t.Errorf("defects (-want +got)\n%s", diff)
	}
}
