// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"archive/zip"
	"errors"
	"io"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/sbom"
)

// wire writes messages for tests: field number and value by turns. A string or
// []byte is length-delimited, an int a varint, a float32 fixed.
func wire(fields ...any) []byte {
	var b []byte
	for i := 0; i < len(fields); i += 2 {
		number := protowire.Number(fields[i].(int))
		switch v := fields[i+1].(type) {
		case string:
			b = protowire.AppendString(protowire.AppendTag(b, number, protowire.BytesType), v)
		case []byte:
			b = protowire.AppendBytes(protowire.AppendTag(b, number, protowire.BytesType), v)
		case int:
			b = protowire.AppendVarint(protowire.AppendTag(b, number, protowire.VarintType), uint64(v))
		}
	}
	return b
}

// wholeProto has most of what a document can hold.
func wholeProto() []byte {
	organisation := wire(1, "Acme", 2, "https://acme.example", 3, wire(1, "A. Nn", 2, "a@acme.example"))
	component := wire(1, 3, 3, "a", 4, organisation, 7, "org", 8, "a", 9, "1.0", 11, 1, 12, wire(1, 3, 2, strings.Repeat("ab", 32)),
		13, wire(1, wire(1, "MIT")), 13, wire(2, "MIT OR Apache-2.0"), 15, "cpe:2.3:a:org:a:1.0:*:*:*:*:*:*:*", 16, "pkg:maven/org/a@1.0",
		17, wire(1, "tag", 2, "a"), 20, wire(1, 1, 2, "https://a.example"), 20, wire(2, "https://b.example"),
		21, wire(1, 1, 3, "b", 8, "b"), 22, wire(1, "k", 2, "v"), 19, wire(1, wire(1, 3, 8, "old"), 5, wire(1, 3, 3, wire(1, 3, 2, "CVE-1"))))
	return wire(1, "1.6", 2, 7, 3, "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
		4, wire(1, wire(1, 1704164645), 2, wire(1, "v", 2, "n", 3, "1"), 4, wire(1, 5, 3, "root", 8, "pump", 9, "4.2"), 9, wire(1, 0)),
		5, component, 5, wire(1, 3, 3, "c", 8, "c"),
		8, wire(1, "root", 2, wire(1, "a", 2, wire(1, "b")), 2, wire(1, "c")), 8, wire(1, "b"), 8, wire(1, "c", 3, "b"),
		9, wire(2, "a"), 9, wire(1, 1),
		10, wire(2, "CVE-2", 16, wire(1, 6, 2, 1, 3, []byte{1, 3}), 17, wire(1, "a", 2, wire(1, "1.0", 3, 1))))
}

const wholeProtoJSON = `{"bomFormat":"CycloneDX","specVersion":"1.6","version":7,"serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
"metadata":{"timestamp":"2024-01-02T03:04:05Z","tools":[{"vendor":"v","name":"n","version":"1"}],
"component":{"type":"device","bom-ref":"root","name":"pump","version":"4.2"},"lifecycles":[{"phase":"design"}]},
"components":[{"type":"library","bom-ref":"a","supplier":{"name":"Acme","url":["https://acme.example"],"contact":[{"name":"A. Nn","email":"a@acme.example"}]},
"group":"org","name":"a","version":"1.0","scope":"required","hashes":[{"alg":"SHA-256","content":"abababababababababababababababababababababababababababababababab"}],
"licenses":[{"license":{"id":"MIT"}},{"expression":"MIT OR Apache-2.0"}],"cpe":"cpe:2.3:a:org:a:1.0:*:*:*:*:*:*:*","purl":"pkg:maven/org/a@1.0",
"swid":{"tagId":"tag","name":"a"},"externalReferences":[{"type":"vcs","url":"https://a.example"},{"type":"other","url":"https://b.example"}],
"components":[{"type":"application","bom-ref":"b","name":"b"}],"properties":[{"name":"k","value":"v"}],
"pedigree":{"ancestors":[{"type":"library","name":"old"}],"patches":[{"type":"backport","resolves":[{"type":"security","id":"CVE-1"}]}]}},
{"type":"library","bom-ref":"c","name":"c"}],
"dependencies":[{"ref":"root","dependsOn":["a","c"]},{"ref":"a","dependsOn":["b"]},{"ref":"b"},{"ref":"c","provides":["b"]}],
"compositions":[{"aggregate":"not_specified","assemblies":["a"]},{"aggregate":"complete"}],
"vulnerabilities":[{"id":"CVE-2","analysis":{"state":"not_affected","justification":"code_not_present","response":["can_not_fix","update"]},
"affects":[{"ref":"a","versions":[{"version":"1.0","status":"affected"}]}]}]}`

// sameButForm compares two documents but for what their encodings make differ.
var sameButForm = cmp.Options{
	cmpopts.IgnoreTypes(sbom.Position{}),
	cmpopts.IgnoreFields(sbom.Document{}, "Encoding"),
	cmpopts.IgnoreFields(sbom.Defect{}, "Position"),
	cmpopts.EquateEmpty(),
}

func TestProtobuf(t *testing.T) {
	data := wholeProto()
	got, err := DecodeProtobuf(data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want, err := DecodeJSON([]byte(wholeProtoJSON), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, sameButForm); diff != "" {
		t.Errorf("(-JSON +protobuf)\n%s", diff)
	}
	if got.Encoding != sbom.Protobuf {
		t.Errorf("encoding %s", got.Encoding)
	}
	if at := got.Components[0].Position; at.Line != 1 || data[at.Column-1] != 5<<3|2 {
		t.Errorf("the first component stands at %v", at)
	}
}

func TestProtobufDefects(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
		code sbom.Code
		n    int
	}{
		{"unknown field, said once", wire(1, "1.6", 77, "x", 77, "x", 5, wire(1, 3, 8, "a", 77, 1)), sbom.CodeUnknownTag, 2},
		{"wrong wire type", wire(1, "1.6", 5, wire(1, "library", 8, "a")), sbom.CodeType, 1},
		{"unknown word", wire(1, "1.6", 5, wire(1, 99, 8, "a")), sbom.CodeValue, 1},
		{"null word", wire(1, "1.6", 5, wire(1, 0, 8, "a")), sbom.CodeMissing, 1},
		{"name twice", wire(1, "1.6", 5, wire(1, 3, 8, "a", 8, "b")), sbom.CodeKeyTwice, 1},
		{"not UTF-8", wire(1, "1.6", 5, wire(1, 3, 8, "a\xff")), sbom.CodeText, 1},
		{"time out of range", wire(1, "1.6", 4, wire(1, wire(1, 1<<62))), sbom.CodeDate, 1},
		{"no such form", wire(1, "1.2", 5, wire(1, 3, 8, "a")), sbom.CodeSpec, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := DecodeProtobuf(tt.data, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := doc.Defects.Counts[tt.code]; got != tt.n {
				t.Errorf("want %d of %s: %+v", tt.n, tt.code, doc.Defects.List)
			}
		})
	}
}

func TestProtobufStrict(t *testing.T) {
	deep := wire(8, "a")
	for range 400 {
		deep = wire(8, "a", 21, deep)
	}
	tangled := wire(1, "a")
	for range 400 {
		tangled = wire(1, "a", 2, tangled)
	}
	for name, data := range map[string][]byte{
		"empty":            nil,
		"another message":  wire(1, "hello"),
		"no version":       wire(5, wire(8, "a"), 77, "x"),
		"mere properties":  wire(12, wire(1, "a")),
		"cut":              wire(1, "1.6", 5, wire(8, "abc"))[:10],
		"length":           append(wire(1, "1.6"), 0x2a, 0xff, 0xff, 0xff, 0xff, 0x7f),
		"long length":      append(wire(1, "1.6"), 0x2a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
		"group":            append(wire(1, "1.6"), 0x2b, 0x2c),
		"field number 0":   append(wire(1, "1.6"), 0x02, 0x00),
		"trailing":         append(wire(1, "1.6"), "\xff\xff"...),
		"deep components":  wire(1, "1.6", 5, deep),
		"deep dependences": wire(1, "1.6", 8, tangled),
	} {
		t.Run(name, func(t *testing.T) {
			doc, err := DecodeProtobuf(data, Options{})
			var syntax *sbom.SyntaxError
			if doc != nil || !errors.As(err, &syntax) || syntax.Remedy == "" || syntax.Position.Line != 1 {
				t.Errorf("%v, %#v", doc, err)
			}
		})
	}
}

// A document that is cut off is refused, or ends between two fields: then what
// it no longer has cannot be missed by anybody.
func TestProtobufCut(t *testing.T) {
	data := wholeProto()
	for n := range data {
		doc, err := DecodeProtobuf(data[:n], Options{})
		var syntax *sbom.SyntaxError
		if (doc == nil) == (err == nil) || err != nil && !errors.As(err, &syntax) {
			t.Fatalf("%d bytes: %v, %v", n, doc, err)
		}
		if err != nil {
			continue
		}
		for at := 0; at < n; {
			_, _, m := protowire.ConsumeField(data[at:])
			if at += m; at > n {
				t.Fatalf("%d bytes are read, though they end within a field", n)
			}
		}
	}
}

// TestProtobufConformance reads the binary documents of the specification; each
// gives what its JSON twin gives. (The text form beside each is the same
// document; nobody sends it.)
func TestProtobufConformance(t *testing.T) {
	dir := corpus.Dir(t)
	read := 0
	for _, version := range []string{"1.3", "1.4", "1.5", "1.6", "1.7"} {
		archive, err := zip.OpenReader(filepath.Join(dir, "sbom", "conformance", "cyclonedx-"+version+".zip"))
		if err != nil {
			t.Fatal(err)
		}
		defer archive.Close()
		texts := map[string][]byte{}
		for _, f := range archive.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			if texts[path.Base(f.Name)], err = io.ReadAll(r); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range archive.File {
			name, isProto := strings.CutSuffix(path.Base(f.Name), ".cdx.pb")
			if !isProto {
				continue
			}
			read++
			t.Run(name, func(t *testing.T) { checkTwin(t, name, texts[name+".cdx.pb"], texts[name+".json"]) })
		}
	}
	if read < 197 {
		t.Errorf("only %d documents", read)
	}
}

// unlikeTwins are the documents whose two forms do not hold the same facts.
var unlikeTwins = map[string]string{
	"valid-bom-1.3":                               "another timestamp and commit; a dependency on itself",
	"valid-bom-1.4":                               "another timestamp and commit; a dependency on itself",
	"valid-bom-1.5":                               "another timestamp and commit; a dependency on itself",
	"valid-bom-1.6":                               "the timestamp is written +00:00 in JSON, which protobuf does not keep",
	"valid-bom-1.7":                               "the timestamp is written +00:00 in JSON, which protobuf does not keep",
	"valid-metadata-timestamp-1.3":                "another timestamp",
	"valid-metadata-timestamp-1.4":                "another timestamp",
	"valid-metadata-timestamp-1.5":                "another timestamp",
	"valid-metadata-timestamp-1.6":                "the timestamp is written +00:00 in JSON, which protobuf does not keep",
	"valid-metadata-timestamp-1.7":                "the timestamp is written +00:00 in JSON, which protobuf does not keep",
	"valid-release-notes-1.4":                     "another e-mail address",
	"valid-release-notes-1.5":                     "another e-mail address",
	"valid-service-1.3":                           "JSON has \"pubic\" for \"public\"",
	"valid-vulnerability-1.4":                     "protobuf lacks letters of a vector",
	"valid-vulnerability-1.5":                     "protobuf lacks letters of a vector",
	"valid-service-1.4":                           "another e-mail address",
	"valid-service-1.5":                           "another e-mail address",
	"valid-saasbom-1.5":                           "another timestamp; a dependency of what is not there",
	"valid-attestation-1.6":                       "protobuf has no signature",
	"valid-attestation-1.7":                       "protobuf has no signature",
	"valid-cryptography-implementation-1.6":       "JSON has provides before dependsOn",
	"valid-cryptography-implementation-1.7":       "another serial number and product, no timestamp",
	"valid-citations-1.7":                         "another timestamp",
	"valid-cryptography-certificate-advanced-1.7": "another serial number",
	"valid-cryptography-full-deprecated-1.7":      "another specVersion",
	"valid-patent-1.7":                            "no specVersion",
}

func checkTwin(t *testing.T, name string, data, text []byte) {
	got, err := DecodeProtobuf(data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(name, "invalid-") {
		if got.Defects.Total() == 0 {
			t.Error("no defect")
		}
		return
	}
	if text == nil {
		t.Fatal("no twin in JSON")
	}
	want, err := DecodeJSON(text, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(namesOf(want), namesOf(got)); diff != "" {
		t.Errorf("identities (-JSON +protobuf)\n%s", diff)
	}
	diff := cmp.Diff(want, got, sameButForm)
	reason, unlike := unlikeTwins[name]
	switch {
	case unlike && diff == "":
		t.Errorf("is said to be unlike its twin (%s), and is not", reason)
	case !unlike && diff != "":
		t.Errorf("(-JSON +protobuf)\n%s", diff)
	case !unlike && got.Defects.Total() > 0:
		t.Errorf("defects %+v", got.Defects.List)
	}
}

// namesOf returns what the components of a document are called.
func namesOf(doc *sbom.Document) [][]string {
	var out [][]string
	for i := range doc.Components {
		c := &doc.Components[i]
		out = append(out, append([]string{c.Type, c.Group, c.Name, c.Version, c.PURL, c.SWID()}, c.CPE...))
	}
	return out
}

func FuzzDecodeProtobuf(f *testing.F) {
	f.Add(wholeProto())
	f.Add(wire(1, "1.3"))
	f.Add(wire(5, wire(1, 3, 8, "a"), 10, wire(2, "CVE-1", 5, wire(3, 1, 4, 3))))
	f.Add(wire(1, "1.7", 4, wire(2, wire(6, wire(8, "t"))), 5, wire(13, wire(5, wire(1, "MIT", 4, 1)), 23, wire(3, wire(1, 4, 3, wire(1, 1))))))
	f.Fuzz(func(t *testing.T, data []byte) {
		if LooksProtobuf(data) && isText(data) {
			t.Fatal("a text is taken for protobuf")
		}
		doc, err := DecodeProtobuf(data, Options{MaxComponents: 1000, MaxDepth: 50})
		again, errAgain := DecodeProtobuf(data, Options{MaxComponents: 1000, MaxDepth: 50})
		if diff := cmp.Diff(doc, again); diff != "" || (err == nil) != (errAgain == nil) {
			t.Fatalf("read twice, two results: %v, %v\n%s", err, errAgain, diff)
		}
		var syntax *sbom.SyntaxError
		switch {
		case err != nil && (doc != nil || !errors.As(err, &syntax) || syntax.Message == ""):
			t.Fatalf("%v, %#v", doc, err)
		case err == nil && (doc.Count() > len(data) || doc.Encoding != sbom.Protobuf):
			t.Fatalf("%d components of %d bytes", doc.Count(), len(data))
		}
	})
}
