// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/sbom/reader"
)

// pump is a small document with something of everything that is shown.
const pump = `{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 3,
 "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
 "metadata": {"timestamp": "2026-11-01T10:00:00Z", "lifecycles": [{"phase": "build"}],
  "tools": {"components": [{"type": "application", "name": "builder", "version": "11"}]},
  "authors": [{"name": "Jane"}], "supplier": {"name": "Acme"},
  "component": {"type": "device", "bom-ref": "root", "name": "Pump", "version": "1"}},
 "externalReferences": [
  {"type": "vulnerability-assertion", "url": "https://acme.example/vex.json"},
  {"type": "website", "url": "https://acme.example"},
  {"type": "security-contact", "url": "mailto:psirt@acme.example"},
  {"type": "bom", "url": "https://acme.example/base.json"}],
 "components": [
  {"type": "library", "bom-ref": "a", "name": "openssl", "version": "1.1.1k", "purl": "pkg:generic/openssl@1.1.1k",
   "cpe": "cpe:2.3:a:openssl:openssl:1.1.1k:*:*:*:*:*:*:*", "supplier": {"name": "OpenSSL"},
   "licenses": [{"license": {"id": "OpenSSL"}}], "hashes": [{"alg": "MD5", "content": "3942447fac867ae5cdb3229b658f4d48"}],
   "properties": [{"name": "cdx:fda:level-of-support", "value": "none"}],
   "pedigree": {"patches": [{"type": "backport", "resolves": [{"type": "security", "id": "CVE-2021-3711"}]}]}},
  {"type": "library", "bom-ref": "b", "name": "zlib", "modified": true}],
 "services": [{"bom-ref": "svc", "name": "cloud", "provider": {"name": "Acme"}, "endpoints": ["https://c.acme.example"],
  "trustZone": "internet", "data": [{"flow": "inbound", "classification": "PHI"}]}],
 "dependencies": [{"ref": "root", "dependsOn": ["a", "svc"]}, {"ref": "svc", "dependsOn": ["b"]}],
 "compositions": [{"aggregate": "incomplete"}],
 "vulnerabilities": [{"id": "CVE-2021-3711", "source": {"name": "NVD"}, "ratings": [{"score": 9.8, "severity": "critical"}],
  "analysis": {"state": "not_affected", "justification": "code_not_reachable"},
  "affects": [{"ref": "a", "versions": [{"version": "1.1.1k", "status": "affected"}, {"range": "vers:generic/>=1.1.1l", "status": "unaffected"}]}]}]}
`

func read(t *testing.T, text string) *Inspection {
	t.Helper()
	return Read(strings.NewReader(text), "pump.cdx.json", reader.Options{})
}

func textOf(t *testing.T, i *Inspection, opts TextOptions) string {
	t.Helper()
	var out bytes.Buffer
	if opts.Width == 0 {
		opts.Width = 100
	}
	if err := i.Text(&out, opts); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const pumpText = `pump.cdx.json
format      CycloneDX 1.6 in json
sha256      SHA256
identity    urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79 · revision 3
made        2026-11-01T10:00:00Z · builder 11 · build
answers     Jane · supplier Acme
subject     Pump 1 (device)
complete    incomplete

Read: 2 components
  1  with a package URL
  1  with a CPE name
  1  without any identifier: only its name can be asked about
  1  without a version of its own
  1  with a supplier or maker
  1  with a licence
  1  with a hash
  1  with a statement on support
  2  with a pedigree (ancestors, patches, changes)
  1  service
  1  dependency
  2  dependencies with a service at one end
  1  statement on vulnerabilities

Defects: none

Components
  LINE  NAME     VERSION  TYPE     IDENTIFIER
    13  openssl  1.1.1k   library  pkg:generic/openssl@1.1.1k
    18  zlib              library  none

Patches (claims of the document's author)
  13:3 patched: openssl 1.1.1k: backport resolves CVE-2021-3711

Services
  19:15 cloud of Acme in the zone internet data: inbound PHI https://c.acme.example

Statements on vulnerabilities (claims of the document's author, not used yet)
  23:22 CVE-2021-3711 · critical 9.8 · not_affected · code_not_reachable · affects a · in 1.1.1k ·
        not in vers:generic/>=1.1.1l

Where its maker speaks of vulnerabilities (never fetched)
  vulnerability-assertion: https://acme.example/vex.json
  security-contact: mailto:psirt@acme.example

Other documents that it refers to (never fetched)
  11:3 https://acme.example/base.json
`

func TestText(t *testing.T) {
	i := read(t, pump)
	got := strings.Replace(textOf(t, i, TextOptions{}), i.Items[0].SHA256, "SHA256", 1)
	if diff := cmp.Diff(pumpText, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestTextOfDefects: what was wrong stands in the text with its place, and what
// could not be read with its remedy.
func TestTextOfDefects(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"a defect", `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","bom-ref":"b"}]}`, []string{
			"Defects: 1\n", "– field-missing: 1\n", `1:60 component has no name: "b"`,
		}},
		{"cut off", `{"bomFormat":"CycloneDX","components":[`, []string{"not read: line 1, column ", "remedy      the file was cut off"}},
		{"no SBOM", "%PDF-1.7\n", []string{"not read: a PDF", "remedy      "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := textOf(t, read(t, tt.text), TextOptions{})
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in\n%s", want, got)
				}
			}
		})
	}
}

// TestMore: a long list is cut in the text, with the number of those left out,
// and whole when asked for.
func TestMore(t *testing.T) {
	var list []string
	for n := range topComponents + 7 {
		list = append(list, fmt.Sprintf(`{"type":"file","name":"part-%d","version":"1"}`, n))
	}
	i := read(t, `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[`+strings.Join(list, ",")+`]}`)
	short, long := textOf(t, i, TextOptions{}), textOf(t, i, TextOptions{Verbose: true})
	if !strings.Contains(short, "… 7 more") || strings.Contains(short, "part-20") {
		t.Errorf("short:\n%s", short)
	}
	if strings.Contains(long, "more;") || !strings.Contains(long, "part-26") {
		t.Errorf("long:\n%s", long)
	}
}

// TestHostileText: nothing of a document reaches a terminal that could steer
// it, or begin a line of its own.
func TestHostileText(t *testing.T) {
	const bad = "\x1b[31mevil\r\nDefects: none\u202e"
	i := &Inspection{Path: bad, Items: []Item{{Path: bad, Document: &sbom.Document{}}, {Path: bad, Error: &Problem{Message: bad, Remedy: bad}}}}
	fill(reflect.ValueOf(i.Items[0].Document).Elem(), bad)
	i.Items[0].Document.References[0].Type = "advisories"
	i.Items[0].Counts = countOf(i.Items[0].Document)
	got := textOf(t, i, TextOptions{Verbose: true})
	if strings.ContainsAny(got, "\x1b\r\u202e") {
		t.Errorf("raw control characters in\n%q", got)
	}
	for line := range strings.Lines(got) {
		if strings.HasPrefix(line, "Defects: none") {
			t.Errorf("a line of the document's own in\n%s", got)
		}
	}
	for _, want := range []string{"patched: ", "advisories: ", "evil"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestCounts(t *testing.T) {
	want := &Counts{
		Components: 2, WithPURL: 1, WithCPE: 1, NoIdentity: 1, NoVersion: 1, WithMaker: 1, WithLicence: 1, WithHash: 1,
		WithSupport: 1, Patched: 2, Services: 1, Edges: 1, ServiceEdges: 2, Statements: 1,
	}
	i := read(t, pump)
	if diff := cmp.Diff(want, i.Items[0].Counts); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if i.Documents() != 1 {
		t.Errorf("%d documents", i.Documents())
	}
	// They hold together with the document itself.
	d := i.Items[0].Document
	if got, want := len(d.Dependencies)+len(d.ServiceEdges), strings.Count(pump, `"dependsOn"`)+1; got != want {
		t.Errorf("%d edges of %d", got, want)
	}
}

// TestJSON holds that every field of the model reaches the JSON document, and
// that it is the same twice.
func TestJSON(t *testing.T) {
	i := &Inspection{Schema: Schema, Items: []Item{{Path: "p", Document: &sbom.Document{}}}}
	fill(reflect.ValueOf(i.Items[0].Document).Elem(), "x")
	var one, two bytes.Buffer
	if err := i.JSON(&one); err != nil {
		t.Fatal(err)
	}
	if err := i.JSON(&two); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Errorf("twice the same is another: %v", err)
	}
	var got struct {
		Items []struct {
			Document any `json:"document"`
		} `json:"items"`
	}
	if err := json.Unmarshal(one.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	holds(t, "document", reflect.TypeFor[sbom.Document](), got.Items[0].Document)
}

// fill sets every field of a value, lists to one element.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32:
		v.SetInt(1)
	case reflect.Uint8:
		v.SetUint(1)
	case reflect.Float32:
		v.SetFloat(1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), text)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), text)
	case reflect.Map:
		key := reflect.New(v.Type().Key()).Elem()
		fill(key, text)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, reflect.ValueOf(1))
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Type().Field(i).Tag.Get("json") != "-" {
				fill(v.Field(i), text)
			}
		}
	default:
		panic(v.Kind())
	}
}

// jsonName is the name in JSON of a field that has no tag for it: "purl" of PURL,
// "morePurl" of MorePURL.
func jsonName(field string) string {
	for _, short := range []string{"PURL", "CPE", "SWID", "SWHID"} {
		if rest, ok := strings.CutSuffix(field, short); ok {
			field = rest + short[:1] + strings.ToLower(short[1:])
		}
	}
	return strings.ToLower(field[:1]) + field[1:]
}

// holds checks that JSON has every field of a type.
func holds(t *testing.T, where string, of reflect.Type, value any) {
	switch of.Kind() {
	case reflect.Pointer:
		holds(t, where, of.Elem(), value)
	case reflect.Slice:
		list, _ := value.([]any)
		if len(list) != 1 {
			t.Errorf("%s is %v", where, value)
			return
		}
		holds(t, where, of.Elem(), list[0])
	case reflect.Struct:
		object, _ := value.(map[string]any)
		for field := range of.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if name == "-" {
				continue
			}
			if field.Type == reflect.TypeFor[*sbom.Details]() { // its fields stand among the component's
				holds(t, where, field.Type, value)
				continue
			}
			if of == reflect.TypeFor[sbom.Component]() || of == reflect.TypeFor[sbom.Details]() {
				name = jsonName(field.Name)
			}
			if _, ok := object[name]; !ok {
				t.Errorf("%s has no %q", where, name)
				continue
			}
			holds(t, where+"."+name, field.Type, object[name])
		}
	default:
	}
}
