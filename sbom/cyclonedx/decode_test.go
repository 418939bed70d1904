// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/medsbom/medsbom/sbom"
)

// head begins each small document; what follows is on line 1 too.
const head = `{"bomFormat":"CycloneDX","specVersion":"1.7",`

func readJSON(t *testing.T, text string) *sbom.Document {
	t.Helper()
	doc, err := DecodeJSON([]byte(text), Options{})
	if err != nil {
		t.Fatalf("%v\nin %s", err, text)
	}
	return doc
}

func readXML(t *testing.T, text string) *sbom.Document {
	t.Helper()
	doc, err := DecodeXML([]byte(text), Options{})
	if err != nil {
		t.Fatalf("%v\nin %s", err, text)
	}
	return doc
}

func names(doc *sbom.Document) []string {
	var list []string
	for i := range doc.Components {
		c := &doc.Components[i]
		list = append(list, strings.TrimSuffix(c.Name+"@"+c.Version, "@"))
	}
	return list
}

// codes are the defects as "code: value".
func codes(doc *sbom.Document) []string {
	var list []string
	for _, d := range doc.Defects.List {
		list = append(list, strings.TrimSpace(string(d.Code)+": "+d.Value))
	}
	return list
}

func TestDefectsJSON(t *testing.T) {
	one := func(fields string) string { // line 2 is the component
		return head + "\"components\":[\n{\"type\":\"library\",\"name\":\"a\"," + fields + "}]}"
	}
	tests := []struct {
		name, text string
		want       []string
	}{
		{"good", one(`"version":"1"`), nil},
		{"type missing", head + `"components":[{"name":"a"}]}`, []string{"field-missing:"}},
		{"type unknown", head + `"components":[{"type":"lib","name":"a"}]}`, []string{"value-invalid: lib"}},
		{"name missing", head + `"components":[{"type":"file"}]}`, []string{"field-missing:"}},
		{"name is a number", head + `"components":[{"type":"file","name":7}]}`, []string{"type-wrong: 7"}},
		{"name is null", head + `"components":[{"type":"file","name":null}]}`, []string{"field-missing:", "type-wrong: null"}},
		{"version is a number", one(`"version":1.10`), []string{"type-wrong: 1.10"}},
		{"version is an object", one(`"version":{"a":1}`), []string{"type-wrong:"}},
		{"scope", one(`"scope":"mandatory"`), []string{"value-invalid: mandatory"}},
		{"hash algorithm", one(`"hashes":[{"alg":"CRC32","content":"00"}]`), []string{"value-invalid: CRC32"}},
		{"hash spelling", one(`"hashes":[{"alg":"md5","content":"3942447fac867ae5cdb3229b658f4d48"}]`), []string{"value-invalid: md5"}},
		{"hash content", one(`"hashes":[{"alg":"MD5","content":"xyz"}]`), []string{"value-invalid: xyz"}},
		{"hash parts", one(`"hashes":[{"alg":"MD5"},{"content":"00"},{}]`), []string{"field-missing: MD5", "field-missing: 00", "field-missing:"}},
		{"hashes no list", one(`"hashes":{"MD5":"00"}`), []string{"type-wrong:"}},
		{"hash a text", one(`"hashes":["00"]`), []string{"type-wrong: 00"}},
		{"licence id and name", one(`"licenses":[{"license":{"id":"MIT","name":"MIT License"}}]`), []string{"contradiction: MIT License"}},
		{"licence of nothing", one(`"licenses":[{"license":{}},{}]`), []string{"field-missing:", "field-missing:"}},
		{"licence with a URL alone", one(`"licenses":[{"license":{"url":"https://l.example"}}]`), []string{"field-missing: https://l.example"}},
		{"licence and expression", one(`"licenses":[{"license":{"id":"MIT"},"expression":"MIT"}]`), []string{"contradiction: MIT"}},
		{"licences as texts", one(`"licenses":["MIT"]`), []string{"type-wrong: MIT"}},
		{"acknowledgement", one(`"licenses":[{"license":{"id":"MIT","acknowledgement":"guessed"}}]`), []string{"value-invalid: guessed"}},
		{"property of nothing", one(`"properties":[{}]`), []string{"field-missing:"}},
		{"isExternal a text", one(`"isExternal":"yes"`), []string{"type-wrong: yes"}},
		{"version and range", one(`"version":"1","versionRange":"vers:npm/1","isExternal":true`), []string{"contradiction: 1"}},
		{"range of an own part", one(`"versionRange":"vers:npm/1"`), []string{"contradiction: vers:npm/1"}},
		{"purl", one(`"purl":"log4j@2"`), []string{"purl-invalid: log4j@2"}},
		{"cpe", one(`"cpe":"log4j"`), []string{"cpe-invalid: log4j"}},
		{"key twice", one(`"version":"1","version":"2"`), []string{"key-twice: version"}},
		{"key in another case", one(`"Version":"1"`), []string{"tag-unknown: Version"}},
		{"control character", one(`"version":"1\u0007"`), []string{"text-invalid: 1\a"}},
		{"text turned round", one(`"group":"\u202Egnp"`), []string{"text-invalid: \u202egnp"}},
		{"a null among the components", head + `"components":[null,{"type":"file","name":"a"}]}`, []string{"type-wrong: null"}},
		{"components null", head + `"components":null}`, []string{"type-wrong: null"}},
		{"inner components null", one(`"components":null`), []string{"type-wrong: null"}},
		{"timestamp", head + `"metadata":{"timestamp":"yesterday"}}`, []string{"date-invalid: yesterday"}},
		{"timestamp without zone", head + `"metadata":{"timestamp":"2026-01-15T08:00:00"}}`, []string{"date-invalid: 2026-01-15T08:00:00"}},
		{"metadata a text", head + `"metadata":"none"}`, []string{"type-wrong: none"}},
		{"lifecycle", head + `"metadata":{"lifecycles":[{"phase":"later"},{},{"phase":"build","name":"b"}]}}`, []string{"value-invalid: later", "field-missing:", "contradiction: build"}},
		{"tools a text", head + `"metadata":{"tools":"syft"}}`, []string{"type-wrong: syft"}},
		{"tool of nothing", head + `"metadata":{"tools":[{}]}}`, []string{"field-missing:"}},
		{"makers disagree", head + `"metadata":{"manufacture":{"name":"A"},"manufacturer":{"name":"B"}}}`, []string{"contradiction: A"}},
		{"serial number", head + `"serialNumber":"1234"}`, []string{"value-invalid: 1234"}},
		{"document version a text", head + `"version":"2"}`, []string{"type-wrong: 2"}},
		{"document version huge", head + `"version":1e400}`, []string{"value-invalid: 1e400"}},
		{"document version zero", head + `"version":0}`, []string{"value-invalid: 0"}},
		{"aggregate", head + `"compositions":[{"aggregate":"all"},{}]}`, []string{"value-invalid: all", "field-missing:"}},
		{"dependency without ref", head + `"dependencies":[{"dependsOn":["a"]}]}`, []string{"field-missing:"}},
		{"vulnerability a text", head + `"vulnerabilities":["CVE-2021-44228"]}`, []string{"type-wrong: CVE-2021-44228"}},
		{"spec unknown", `{"bomFormat":"CycloneDX","specVersion":"2.0","components":[]}`, []string{"spec-version: 2.0"}},
		{"spec missing", `{"bomFormat":"CycloneDX","components":[]}`, []string{"spec-version:"}},
		{"spec a number", `{"bomFormat":"CycloneDX","specVersion":1.6,"components":[]}`, []string{"type-wrong: 1.6"}},
		{"spec without JSON", `{"bomFormat":"CycloneDX","specVersion":"1.1","components":[]}`, []string{"spec-version: 1.1"}},
		{"format missing", `{"specVersion":"1.6","components":[]}`, []string{"field-missing:"}},
		{"format in lower case", `{"bomFormat":"cyclonedx","specVersion":"1.6","components":[]}`, []string{"value-invalid: cyclonedx"}},
		{"a fork", `{"bomFormat":"CBOM","specVersion":"1.4","components":[]}`, []string{"value-invalid: CBOM"}},
		{"fields of later versions", `{"bomFormat":"CycloneDX","specVersion":"1.2","compositions":[],"components":[{"type":"file","name":"a","version":"1","isExternal":true}]}`, []string{"spec-version: compositions", "spec-version: isExternal"}},
		{"invalid UTF-8", head + "\"components\":[{\"type\":\"file\",\"name\":\"a\xff\"}]}", []string{"text-invalid:"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := readJSON(t, tt.text)
			if diff := cmp.Diff(tt.want, codes(doc)); diff != "" {
				t.Errorf("(-want +got)\n%s%+v", diff, doc.Defects.List)
			}
			for _, d := range doc.Defects.List {
				if d.Position.IsZero() || d.Message == "" || strings.HasSuffix(d.Message, ".") {
					t.Errorf("defect %+v", d)
				}
			}
		})
	}
}

func TestDefectPlaces(t *testing.T) {
	doc := readJSON(t, "{\n \"bomFormat\": \"CycloneDX\",\n \"specVersion\": \"1.6\",\n \"components\": [\n"+
		"  {\"name\": \"é\", \"type\": \"lib\", \"purl\": \"x\"},\n  {\"type\": \"file\"}\n ]\n}")
	got := map[sbom.Code]sbom.Position{}
	for _, d := range doc.Defects.List {
		got[d.Code] = d.Position
	}
	want := map[sbom.Code]sbom.Position{
		sbom.CodeValue:   {Line: 5, Column: 25},
		sbom.CodePURL:    {Line: 5, Column: 40},
		sbom.CodeMissing: {Line: 6, Column: 3},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestDefectsAreBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString(head + `"components":[`)
	for i := range 10_000 {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`{"purl":"x","scope":"y"}`)
	}
	b.WriteString(`]}`)
	doc := readJSON(t, b.String())
	want := map[sbom.Code]int{sbom.CodeMissing: 20_000, sbom.CodePURL: 10_000, sbom.CodeValue: 10_000}
	if diff := cmp.Diff(want, doc.Defects.Counts); diff != "" {
		t.Errorf("counts (-want +got)\n%s", diff)
	}
	if n := len(doc.Defects.List); n != 150 || doc.Count() != 10_000 {
		t.Errorf("%d defects kept of %d components, want 150 of 10000", n, doc.Count())
	}
}

func TestKeysTwice(t *testing.T) {
	doc := readJSON(t, head+`"components":[{"type":"file","name":"a"}],"components":[{"type":"file","name":"b",
		"licenses":[{"license":{"id":"MIT"}}],"licenses":[{"license":{"id":"ISC"}}],
		"properties":[{"name":"p","value":"1"}],"properties":[{"name":"q","value":"2"}],
		"version":"1","version":"2","purl":"","purl":"pkg:npm/b@1"}]}`)
	if diff := cmp.Diff([]string{"a", "b@1"}, names(doc)); diff != "" {
		t.Fatalf("(-want +got)\n%s", diff)
	}
	want := sbom.Component{
		Type: "file", Name: "b", Version: "1", PURL: "pkg:npm/b@1", Parent: sbom.SubjectIndex,
		Licences:   []sbom.Licence{{Value: "MIT"}, {Value: "ISC"}},
		Properties: []sbom.Property{{Name: "p", Value: "1"}, {Name: "q", Value: "2"}},
	}
	if diff := cmp.Diff(want, doc.Components[1], cmpopts.IgnoreTypes(sbom.Position{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := doc.Defects.Counts[sbom.CodeKeyTwice]; got != 5 {
		t.Errorf("%d keys said to stand twice, want 5: %v", got, doc.Defects.List)
	}
}

func TestRefusedJSON(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", ``, "line 1, column 1: malformed JSON: the text ends where a value should stand"},
		{"null", `null`, "line 1, column 1: the document is null, not a CycloneDX object"},
		{"a list", `[{}]`, "line 1, column 1: the document is an array, not a CycloneDX object"},
		{"an empty object", `{}`, "line 1, column 1: no CycloneDX document: an object with nothing of CycloneDX in it"},
		{"another object", `{"name":"x","version":1}`, "line 1, column 1: no CycloneDX document: an object without bomFormat, specVersion and components"},
		{"another format", `{"bomFormat":"SPDX"}`, `line 1, column 1: no CycloneDX document: its bomFormat is "SPDX"`},
		{"cut off", head + `"components":[{"name":`, "line 1, column 68: malformed JSON: the text ends where a value should stand"},
		{"text behind", head + `"version":1}` + "\n x", "line 2, column 2: more text after the end of the document"},
		{"two documents", head + `"version":1}` + "\n{}", "line 2, column 1: more text after the end of the document"},
		{"components an object", head + "\n\"components\":{}}", `line 2, column 14: "components" is an object, not an array`},
		{"components a text", head + "\n\"components\":\"none\"}", `line 2, column 14: "components" is a string, not an array`},
		{"inner components an object", head + "\n\"components\":[{\"type\":\"file\",\"name\":\"a\",\"components\":{\"name\":\"lodash\"}}]}", `line 2, column 54: "components" is an object, not an array`},
		{"inner components a text", head + "\n\"components\":[{\"components\":\"none\"}]}", `line 2, column 29: "components" is a string, not an array`},
		{"components of the product an object", head + "\n\"metadata\":{\"component\":{\"components\":{}}}}", `line 2, column 39: "components" is an object, not an array`},
		{"comments", head + "\n// c\n\"version\":1}", `line 2, column 1: malformed JSON: '/' where a key in quotes should stand`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := DecodeJSON([]byte(tt.text), Options{})
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

// TestStrayComponents: what stands among the components is counted, whatever it
// is: an SBOM that writes its parts wrongly must not pass for one without parts.
func TestStrayComponents(t *testing.T) {
	for _, inner := range []bool{false, true} {
		list := `["pkg:npm/lodash@4.17.10"," zlib ",7,true,["x"],null]`
		if inner {
			list = `[{"type":"device","name":"d","components":` + list + `}]`
		}
		doc := readJSON(t, head+`"components":`+list+`}`)
		got := doc.Components
		if inner {
			for i := 1; i < len(got); i++ {
				if got[i].Parent != 0 {
					t.Errorf("component %d has the parent %d", i, got[i].Parent)
				}
			}
			got = got[1:]
		}
		var stated [][2]string
		for _, c := range got {
			stated = append(stated, [2]string{c.Name, c.PURL})
		}
		want := [][2]string{{"pkg:npm/lodash@4.17.10", "pkg:npm/lodash@4.17.10"}, {"zlib", ""}, {"7", ""}, {"true", ""}, {"", ""}}
		if diff := cmp.Diff(want, stated); diff != "" {
			t.Errorf("inner %v (-want +got):\n%s", inner, diff)
		}
		if n := doc.Defects.Counts[sbom.CodeType]; n != 6 {
			t.Errorf("inner %v: want 6 defects, got %v", inner, doc.Defects.List)
		}
	}
}

func TestLimits(t *testing.T) {
	nested := func(n int) string {
		return head + `"components":[` + strings.Repeat(`{"type":"file","name":"n","components":[`, n) + strings.Repeat(`]}`, n) + `]}`
	}
	nestedXML := func(n int) string {
		return `<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>` +
			strings.Repeat(`<component type="file"><name>n</name><components>`, n) + strings.Repeat(`</components></component>`, n) + `</components></bom>`
	}
	many := head + `"components":[` + strings.TrimSuffix(strings.Repeat(`{"type":"file","name":"n"},`, 11), ",") + `]}`
	manyXML := `<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>` + strings.Repeat(`<component type="file"><name>n</name></component>`, 11) + `</components></bom>`
	deepValue := head + `"x":` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + `}`
	tests := []struct {
		name, text string
		opts       Options
		want       string
	}{
		{"depth at the limit", nested(255), Options{}, ""},
		{"depth over the limit", nested(257), Options{}, "components nested deeper than 256 levels"},
		{"depth set", nested(3), Options{MaxDepth: 2}, "components nested deeper than 2 levels"},
		{"depth raised", nested(999), Options{MaxDepth: 1000}, ""},
		{"ten thousand levels", nested(10_000), Options{}, "components nested deeper than 256 levels"},
		{"depth of what is skipped", deepValue, Options{}, "nested deeper than 576 levels"},
		{"number at the limit", many, Options{MaxComponents: 11}, ""},
		{"number over the limit", many, Options{MaxComponents: 10}, "more than 10 components"},
		{"components without content", head + `"components":[` + strings.Repeat("{},", 200_000) + `{}]}`, Options{}, "more than 18751 components in a text of 600063 bytes"},
		{"components that are numbers", head + `"components":[` + strings.Repeat("1,", 200_000) + `1]}`, Options{}, "more than 12501 components in a text of 400062 bytes"},
		{"services without content", head + `"services":[` + strings.Repeat("{},", 200_000) + `{}]}`, Options{}, "more than 18751 services in a text of 600061 bytes"},
		{"XML components without content", bom16 + `<components>` + strings.Repeat("<component/>", 50_000) + `</components></bom>`, Options{}, "more than 18752 components in a text of 600092 bytes"},
		{"few components without content", head + `"components":[` + strings.Repeat("{},", 9_999) + `{}]}`, Options{}, ""},
		{"short components", head + `"components":[` + strings.TrimSuffix(strings.Repeat(`{"type":"file","name":"name.so"},`, 50_000), ",") + `]}`, Options{}, ""},
		{"text at the limit", head + `"components":[{"type":"file","name":"` + strings.Repeat("n", 50) + `"}]}`, Options{MaxString: 50}, ""},
		{"text over the limit", head + `"components":[{"type":"file","name":"` + strings.Repeat("n", 51) + `"}]}`, Options{MaxString: 50}, "a string of 51 bytes, more than the limit of 50"},
		{"XML text over the limit", bom16 + `<components><component type="file"><name>` + strings.Repeat("n", 51) + `</name></component></components></bom>`, Options{MaxString: 50}, "text of one element is longer than the limit"},
		{"services over the limit", head + `"services":[{"name":"a"},{"name":"b","services":[{"name":"c"}]}]}`, Options{MaxComponents: 2}, "more than 2 services"},
		{"XML services over the limit", bom16 + `<services><service><name>a</name></service><service><name>b</name></service></services></bom>`, Options{MaxComponents: 1}, "more than 1 services"},
		{"XML depth at the limit", nestedXML(255), Options{}, ""},
		{"XML depth over the limit", nestedXML(257), Options{}, "components nested deeper than 256 levels"},
		{"XML ten thousand levels", nestedXML(10_000), Options{}, "components nested deeper than 256 levels"},
		{"XML number over the limit", manyXML, Options{MaxComponents: 10}, "more than 10 components"},
		{"XML depth of what is skipped", `<bom xmlns="http://cyclonedx.org/schema/bom/1.6">` + strings.Repeat("<x>", 10_000) + strings.Repeat("</x>", 10_000) + "</bom>", Options{}, "elements nested too deep"},
		{"XML long tag", `<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><x ` + strings.Repeat(`a="" `, 300_000) + `/></bom>`, Options{}, "a tag is longer than 1 MiB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			decode := DecodeJSON
			if tt.text[0] == '<' {
				decode = DecodeXML
			}
			doc, err := decode([]byte(tt.text), tt.opts)
			if tt.want == "" {
				if err != nil || doc.Count() == 0 {
					t.Errorf("error %v", err)
				}
				return
			}
			var e *sbom.SyntaxError
			if !errors.As(err, &e) || e.Message != tt.want || e.Position.IsZero() || e.Remedy == "" {
				t.Errorf("want %q, got %#v", tt.want, err)
			}
		})
	}
}

func TestToolForms(t *testing.T) {
	want := []sbom.Tool{{Vendor: "anchore", Name: "syft", Version: "1"}, {Vendor: "acme", Name: "b"}}
	for _, text := range []string{
		head + `"metadata":{"tools":[{"vendor":"anchore","name":"syft","version":"1"},{"vendor":"acme","name":"b"}]}}`,
		head + `"metadata":{"tools":{"components":[{"type":"application","author":"x","publisher":"anchore","name":"syft","version":"1"}],"services":[{"group":"acme","name":"b"}]}}}`,
	} {
		if diff := cmp.Diff(want, readJSON(t, text).Tools); diff != "" {
			t.Errorf("%s (-want +got)\n%s", text, diff)
		}
	}
	legacy := `<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><metadata><tools><tool><vendor>anchore</vendor><name>syft</name><version>1</version></tool><tool><vendor>acme</vendor><name>b</name></tool></tools></metadata></bom>`
	if diff := cmp.Diff(want, readXML(t, legacy).Tools); diff != "" {
		t.Errorf("XML (-want +got)\n%s", diff)
	}
}

func TestManufacture(t *testing.T) {
	doc := readJSON(t, `{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"manufacture":{"name":"Acme"},"component":{"type":"device","name":"Pump"}}}`)
	if doc.Manufacturer.Name != "Acme" || doc.Subject.Manufacturer().Name != "Acme" {
		t.Errorf("document's %+v, subject's %+v", doc.Manufacturer, doc.Subject.Manufacturer())
	}
	if doc.Defects.Total() != 0 {
		t.Errorf("defects %v", doc.Defects.List)
	}
}

func TestNotKnown(t *testing.T) {
	for _, word := range []string{"NOASSERTION", "NONE", "unknown", "N/A"} {
		doc := readJSON(t, head+fmt.Sprintf(`"components":[{"type":"file","name":"a","version":"NOASSERTION","purl":%q,"cpe":%q,"supplier":{"name":%q},"publisher":%q}]}`, word, word, word, word))
		c := doc.Components[0]
		if c.PURL != "" || c.CPE != nil || c.Version != "" || !c.NoIdentifierStated ||
			c.Supplier != (sbom.Party{Unknown: true}) || c.Publisher() != (sbom.Party{Unknown: true}) || doc.Defects.Total() != 0 {
			t.Errorf("%s: %+v, defects %v", word, c, doc.Defects.List)
		}
	}
}

func TestSigned(t *testing.T) {
	if len(readJSON(t, head+`"signature":{"algorithm":"ES256","value":"x"}}`).Signatures) != 1 {
		t.Error("JSON signature not seen")
	}
	if len(readJSON(t, head+`"version":1}`).Signatures) != 0 {
		t.Error("signed without a signature")
	}
	if len(readXML(t, `<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></bom>`).Signatures) != 1 {
		t.Error("XML signature not seen")
	}
}

// TestAllocations is the budget: everything of a component but the strings
// lies in blocks.
func TestAllocations(t *testing.T) {
	const n = 2_000
	text := generated(n)
	perRun := testing.AllocsPerRun(3, func() {
		if _, err := DecodeJSON(text, Options{}); err != nil {
			t.Error(err)
		}
	})
	if each := perRun / n; each > 0.1 {
		t.Errorf("%.2f allocations a component, want at most 0.1", each)
	}
}
