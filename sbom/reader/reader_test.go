// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"github.com/medsbom/medsbom/sbom"
)

const (
	cycloneJSON = `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"é","version":"1"}]}`
	cycloneXML  = `<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components><component type="library"><name>é</name><version>1</version></component></components></bom>`
	spdxJSON    = `{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"d","packages":[{"SPDXID":"SPDXRef-a","name":"é","versionInfo":"1"}]}`
	spdxTags    = "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: d\n\nPackageName: é\nSPDXID: SPDXRef-a\nPackageVersion: 1\n"
)

func zipped(parts ...string) []byte {
	var b bytes.Buffer
	for _, part := range parts {
		z := gzip.NewWriter(&b)
		_, _ = io.WriteString(z, part)
		_ = z.Close()
	}
	return b.Bytes()
}

// archive makes a zip archive of names and contents by turns.
func archive(namesAndContents ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(namesAndContents); i += 2 {
		w, _ := z.Create(namesAndContents[i])
		_, _ = io.WriteString(w, namesAndContents[i+1])
	}
	_ = z.Close()
	return b.Bytes()
}

func zstandard(text string) []byte {
	var b bytes.Buffer
	z, _ := zstd.NewWriter(&b)
	_, _ = io.WriteString(z, text)
	_ = z.Close()
	return b.Bytes()
}

func utf16Text(s string, order binary.AppendByteOrder, mark bool) []byte {
	var out []byte
	if mark {
		out = order.AppendUint16(out, 0xfeff)
	}
	for _, unit := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, unit)
	}
	return out
}

// TestEncodings reads the same document in every wrapping: one component, named é.
func TestEncodings(t *testing.T) {
	for format, text := range map[Kind]string{
		KindCycloneDXJSON: cycloneJSON, KindCycloneDXXML: cycloneXML, KindSPDXJSON: spdxJSON, KindSPDXTagValue: spdxTags,
	} {
		half := len(text) / 2
		for wrapping, data := range map[string][]byte{
			"plain":            []byte(text),
			"UTF-8 mark":       []byte("\xef\xbb\xbf" + text),
			"white space":      []byte("\n \t" + strings.Replace(text, `<?xml version="1.0"?>`, "", 1) + "\n"),
			"UTF-16LE, mark":   utf16Text(text, binary.LittleEndian, true),
			"UTF-16BE, mark":   utf16Text(text, binary.BigEndian, true),
			"UTF-16LE":         utf16Text(text, binary.LittleEndian, false),
			"UTF-16BE":         utf16Text(text, binary.BigEndian, false),
			"gzip":             zipped(text),
			"gzip, two pieces": zipped(text[:half], text[half:]),
			"gzip of UTF-16":   zipped(string(utf16Text(text, binary.LittleEndian, true))),
			"zstd":             zstandard(text),
			"zip":              archive("docs/read me.txt", "", "a/b.bin", text),
			"zip of gzip":      archive("a/b.bin", string(zipped(text))),
			"gzip of zip":      zipped(string(archive("a/b.bin", text))),
		} {
			t.Run(string(format)+"/"+wrapping, func(t *testing.T) {
				if got := Sniff(data); got != format && got != KindZip {
					t.Errorf("sniffed %q, want %q", got, format)
				}
				doc, err := Read(iotest.HalfReader(bytes.NewReader(data)), "a/b.bin", Options{})
				if err != nil {
					t.Fatal(err)
				}
				if doc.Count() != 1 || doc.Components[0].Name != "é" || doc.Components[0].Version != "1" {
					t.Errorf("components %+v", doc.Components)
				}
				if inside := strings.Contains(wrapping, "zip of") || wrapping == "zip"; inside && wrapping != "gzip of UTF-16" {
					if doc.Path != "a/b.bin!/a/b.bin" || !slices.Contains(doc.Wrapping, "zip") {
						t.Errorf("path %q, out of %q", doc.Path, doc.Wrapping)
					}
					return
				}
				sum := sha256.Sum256(data)
				if doc.Path != "a/b.bin" || doc.SHA256 != hex.EncodeToString(sum[:]) {
					t.Errorf("path %q, digest %s", doc.Path, doc.SHA256)
				}
			})
		}
	}
}

func TestLoneSurrogate(t *testing.T) {
	data := utf16Text(cycloneJSON, binary.LittleEndian, true)
	at := bytes.Index(data, []byte{0xe9, 0}) // é
	data[at], data[at+1] = 0x00, 0xd8
	doc, err := Read(bytes.NewReader(data), "x", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if doc.Components[0].Name != "\uFFFD" || doc.Defects.Counts[sbom.CodeText] != 1 {
		t.Errorf("name %q, defects %v", doc.Components[0].Name, doc.Defects)
	}
}

func TestSniff(t *testing.T) {
	tests := []struct {
		name, text string
		want       Kind
	}{
		{"empty", "", KindEmpty},
		{"white space", " \n\t", KindEmpty},
		{"a mark alone", "\xef\xbb\xbf", KindEmpty},
		{"CycloneDX, cut off", `{"$schema":"x","bomFormat":"Cyc`, KindCycloneDXJSON},
		{"CycloneDX, list first", `{"components":[{"name":"a"}],"bomFormat":"CycloneDX"}`, KindCycloneDXJSON},
		{"CycloneDX, list first, cut off", `{"components":[{"name":"a"},{"na`, KindCycloneDXJSON},
		{"CycloneDX without bomFormat", `{"specVersion":"1.6","components":[]}`, KindCycloneDXJSON},
		{"CycloneDX without header", `{"components":[],"dependencies":[]}`, KindCycloneDXJSON},
		{"CycloneDX by schema", `{"$schema":"http://cyclonedx.org/schema/bom-1.6.schema.json"}`, KindCycloneDXJSON},
		{"CycloneDX in another case", `{"BOMFormat":"CycloneDX"}`, KindCycloneDXJSON},
		{"CycloneDX in single quotes", `{'bomFormat': 'CycloneDX'}`, KindCycloneDXJSON},
		{"CycloneDX with comments", "// made by hand\n{\"bomFormat\":\"CycloneDX\"}", KindCycloneDXJSON},
		{"CycloneDX VEX", `{"bomFormat":"CycloneDX","specVersion":"1.6","vulnerabilities":[]}`, KindCycloneDXJSON},
		{"CycloneDX XML with a prefix", `<c:bom xmlns:c="http://cyclonedx.org/schema/bom/1.4"/>`, KindCycloneDXXML},
		{"CycloneDX XML without namespace", `<bom/>`, KindCycloneDXXML},
		{"CycloneDX XML with DOCTYPE", `<!DOCTYPE bom SYSTEM "x"><bom xmlns="http://cyclonedx.org/schema/bom/1.4"/>`, KindCycloneDXXML},
		{"CycloneDX XML, cut off", `<bom xmlns="http://cyclonedx.org/schema/bom/1.4" serial`, KindCycloneDXXML},
		{"CycloneDX protobuf", "\x0a\x031.6\x10\x01", KindCycloneDXProtobuf},
		{"CycloneDX protobuf without version", "\x2a\x05\x08\x03\x42\x01a", KindCycloneDXProtobuf},
		{"CycloneDX protobuf, version last", "\x2a\x05\x08\x03\x42\x01a\x0a\x031.6", KindCycloneDXProtobuf},
		{"CycloneDX protobuf without version, cut off", "\x2a\x7f\x08\x03\x42\x01a", KindCycloneDXProtobuf},
		{"protobuf of no component", "\x2a\x02\x08\x03", KindOther},
		{"protobuf with another field", "\x2a\x05\x08\x03\x42\x01a\xfa\x7f\x01a", KindOther},
		{"text that reads as protobuf", "*#B!a name as long as it has to be", KindOther},
		{"SPDX JSON", `{"SPDXID":"SPDXRef-DOCUMENT","spdxVersion":"SPDX-2.3"}`, KindSPDXJSON},
		{"SPDX JSON, list first", `{"packages":[{"name":"a"}],"relationships":[],"spdxVersion":"SPDX-2.3"}`, KindSPDXJSON},
		{"SPDX JSON, cut off", `{"packages":[{"SPDXID":"SPDXRef-a"`, KindSPDXJSON},
		{"SPDX JSON, old wrapper", `{"Document":{"specVersion":"SPDX-2.1"}}`, KindSPDXJSON},
		{"SPDX tag-value behind a comment", "# made by x\n\nSPDXVersion: SPDX-2.3\n", KindSPDXTagValue},
		{"SPDX tag-value, package first", "PackageName: a\nSPDXID: SPDXRef-a\nPackageVersion: 1\n", KindSPDXTagValue},
		{"SPDX tag-value, old line ends", "DataLicense: CC0-1.0\rSPDXVersion: SPDX-2.3\r", KindSPDXTagValue},
		{"SPDX tag-value as Python bytes", `b'SPDXVersion: SPDX-2.2\nDataLicense: CC0-1.0'`, KindSPDXTagValue},
		{"SPDX YAML", "SPDXID: SPDXRef-DOCUMENT\ncreationInfo:\n  created: x\nspdxVersion: SPDX-2.3\n", KindSPDXYAML},
		{"SPDX YAML without version", "SPDXID: SPDXRef-DOCUMENT\ncreationInfo:\n  created: x\npackages:\n", KindSPDXYAML},
		{"SPDX RDF", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:spdx="http://spdx.org/rdf/terms#"/>`, KindSPDXRDF},
		{"SPDX 3", `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}`, KindSPDX3},
		{"SPDX 3, graph first", `{"@graph":[{"spdxId":"x"}]}`, KindSPDX3},
		{"SPDX 3 expanded", `[{"@type":["https://spdx.org/rdf/3.0.1/terms/Core/SpdxDocument"]}]`, KindSPDX3},
		{"DSSE", `{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[]}`, KindDSSE},
		{"DSSE, payload first", `{"payload":"e30=","signatures":[]}`, KindDSSE},
		{"Sigstore bundle", `{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}`, KindDSSE},
		{"in-toto", `{"_type":"https://in-toto.io/Statement/v1"}`, KindInToto},
		{"GitHub", `{"sbom":{"SPDXID":"SPDXRef-DOCUMENT"}}`, KindGitHub},
		{"sbom of another meaning", `{"sbom":"yes"}`, KindOther},
		{"OpenVEX", `{"@context":"https://openvex.dev/ns/v0.2.0","statements":[]}`, KindOpenVEX},
		{"CSAF", `{"document":{"category":"csaf_vex","csaf_version":"2.0"}}`, KindCSAF},
		{"SWID", `<SoftwareIdentity xmlns="http://standards.iso.org/iso/19770/-2/2015/schema.xsd"/>`, KindSWID},
		{"gzip of gzip", string(zipped(string(zipped("x")))), KindOther},
		{"gzip of a PDF", string(zipped("%PDF-1.7")), KindPDF},
		{"gzip of nothing", string(zipped("")), KindGzip},
		{"gzip, only its magic", "\x1f\x8b\x08", KindGzip},
		{"zip", string(archive("a.txt", "")), KindZip},
		{"empty zip", string(archive()), KindZip},
		{"text document", string(archive("[Content_Types].xml", "")), KindOffice},
		{"spreadsheet", string(archive("[Content_Types].xml", "", "xl/workbook.xml", "")), KindXLSX},
		{"tar", strings.Repeat("x\x00", 128) + "x" + "ustar\x0000" + strings.Repeat("\x00", 300), KindTar},
		{"zstd of a PDF", string(zstandard("%PDF-1.7")), KindPDF},
		{"xz", "\xfd7zXZ\x00", KindXZ},
		{"PDF", "%PDF-1.7\n", KindPDF},
		{"PNG", "\x89PNG\r\n\x1a\n", KindImage},
		{"JPEG", "\xff\xd8\xff\xe0", KindImage},
		{"WebP", "RIFF\x00\x00\x00\x00WEBP", KindImage},
		{"SVG", `<svg xmlns="http://www.w3.org/2000/svg"/>`, KindImage},
		{"HTML", "<!DOCTYPE html>\n<html>", KindHTML},
		{"HTML, untidy", "<HTML><br>", KindHTML},
		{"XHTML", `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>`, KindHTML},
		{"LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", KindLFS},
		{"CSV", "Component Name,Version,Supplier\nopenssl,1.1.1k,OpenSSL\n", KindCSV},
		{"CSV with semicolons", "\"Name\";\"Version\"\n", KindCSV},
		{"UTF-32", "\xff\xfe\x00\x00{\x00\x00\x00", KindOther},
		{"SPDX XML", `<?xml version="1.0"?><Document><SPDXID>SPDXRef-DOCUMENT</SPDXID><spdxVersion>SPDX-2.2</spdxVersion></Document>`, KindSPDXXML},
		{"package.json", `{"name":"x","version":"1.0.0","dependencies":{"a":"1"}}`, KindOther},
		{"package-lock.json", `{"name":"x","lockfileVersion":3,"packages":{"":{}},"dependencies":{}}`, KindOther},
		{"JSON null", `null`, KindOther},
		{"JSON list", `[1]`, KindOther},
		{"other XML", `<project/>`, KindOther},
		{"pom", `<project xmlns="http://maven.apache.org/POM/4.0.0"><name>x</name></project>`, KindOther},
		{"prose", "Read me first.\nVersion: 2\nName: x\n", KindOther},
		{"YAML", "name: x\nversion: 1\n", KindOther},
		{"ELF", "\x7fELF\x02\x01\x01\x00", KindOther},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Sniff([]byte(tt.text)); got != tt.want {
				t.Errorf("want %q, got %q", tt.want, got)
			}
			// What is not read is refused with its kind, whole or broken.
			doc, err := Read(strings.NewReader(tt.text), "file", Options{})
			var other *NotSBOMError
			switch {
			case tt.name == "gzip, only its magic": // the beginning of anything
				if err == nil {
					t.Error("read")
				}
			case tt.want.IsSBOM() || tt.want == KindCSV || tt.want == KindXLSX || tt.want.isEnvelope():
				if errors.As(err, &other) && !tt.want.isEnvelope() && tt.want != KindXLSX {
					t.Errorf("a broken SBOM is called a stranger: %v", err)
				}
			case doc != nil || !errors.As(err, &other):
				t.Errorf("document %v, error %v", doc, err)
			case other.Kind != tt.want && tt.name != "gzip of nothing":
				t.Errorf("error's kind %q, want %q", other.Kind, tt.want)
			case other.Reason == "" || strings.HasSuffix(other.Reason, ".") || other.Error() != other.Reason || len(other.SHA256) != 64:
				t.Errorf("error %+v", other)
			}
		})
	}
}

func TestReasons(t *testing.T) {
	tests := []struct{ text, want string }{
		{``, "the file is empty"},
		{"\n ", "the file holds white space and nothing else"},
		{`null`, "JSON, but null and no SBOM"},
		{`[]`, "JSON, but an array and no SBOM"},
		{`{}`, "an empty JSON object, no SBOM"},
		{`{x`, "text that begins like JSON and is none, no SBOM"},
		{`{"name":"x","version":"1","main":"y","z":1}`, `a JSON object that is no SBOM; it begins with "name", "version", "main"`},
		{`<project/>`, `an XML document that is no SBOM; its root element is "project"`},
		{`<project`, "text that begins like XML and is none, no SBOM"},
		{"hello", "text of no SBOM format that is known"},
		{"\x7fELF\x00", "binary data, no SBOM"},
	}
	for _, tt := range tests {
		_, err := Read(strings.NewReader(tt.text), "-", Options{})
		if err == nil || err.Error() != tt.want {
			t.Errorf("%q: want %q, got %v", tt.text, tt.want, err)
		}
	}
}

// TestIsSBOM holds what a folder may ignore and what it may not.
func TestIsSBOM(t *testing.T) {
	tests := []struct {
		name string
		data string
		file string
		want bool
	}{
		{"PDF", "%PDF-1.7", "manual.pdf", false},
		{"PDF under an SBOM's name", "%PDF-1.7", "pump.cdx.json", true},
		{"package.json", `{"name":"x"}`, "package.json", false},
		{"empty under an SBOM's name", "", "pump/bom.json", true},
		{"empty", "", ".gitkeep", false},
		{"error page under an SBOM's name", "<html>", "pump.SPDX.json", true},
		{"LFS pointer under an SBOM's name", "version https://git-lfs.github.com/spec/v1", "sbom.json", true},
		{"GitHub without one", `{"sbom":{"SPDXID":"x","spdxVersion":"SPDX-2.3"},"sbom":1}`, "x.json", true},
		{"OpenVEX", `{"@context":"https://openvex.dev/ns"}`, "x.json", false},
		{"OpenVEX under an SBOM's name", `{"@context":"https://openvex.dev/ns"}`, "x.vex.cdx.json", false},
		{"CycloneDX VEX", `{"bomFormat":"CycloneDX","specVersion":"1.6","vulnerabilities":[{"id":"CVE-2021-44228"}]}`, "x.cdx.json", false},
		{"in-toto of something else", `{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://slsa.dev/provenance/v1","predicate":{}}`, "x.json", false},
		{"DSSE of something else", `{"payloadType":"x","payload":"e30=","signatures":[]}`, "x.json", false},
		{"zip of something else", string(archive("docs/a.txt", "x")), "x.zip", false},
		{"zip under an SBOM's name", string(archive("docs/a.txt", "x")), "x.spdx.zip", true},
		{"zip of an error page under an SBOM's name", string(archive("sboms/pump.cdx.json", "<html>")), "x.zip", true},
		{"xz under an SBOM's name", "\xfd7zXZ\x00", `c:\x\y.cdx.json.xz`, true},
		{"xz", "\xfd7zXZ\x00", "firmware.xz", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wanted := false
			for item := range Items(strings.NewReader(tt.data), tt.file, Options{}) {
				if item.Err == nil {
					t.Fatalf("read: %+v", item.Document)
				}
				other, ok := errors.AsType[*NotSBOMError](item.Err)
				wanted = wanted || !ok || other.IsSBOM
			}
			if wanted != tt.want {
				t.Errorf("IsSBOM should be %v", tt.want)
			}
		})
	}
}

// TestHiddenList holds that a document whose list stands under a wrong key is no
// mere companion.
func TestHiddenList(t *testing.T) {
	const text = `{"bomFormat":"CycloneDX","specVersion":"1.6","x-components":[],"vulnerabilities":[{"id":"CVE-2021-44228"}]}`
	doc, err := Read(strings.NewReader(text), "x.json", Options{})
	if err != nil || doc.Count() != 0 || doc.Defects.Counts[sbom.CodeUnknownTag] != 1 {
		t.Errorf("document %+v, error %v", doc, err)
	}
}

func TestDamagedGzip(t *testing.T) {
	whole := zipped(cycloneJSON)
	for cut := 3; cut < len(whole); cut++ {
		doc, err := Read(bytes.NewReader(whole[:cut]), "x.cdx.json.gz", Options{})
		var e *sbom.SyntaxError
		if doc != nil || !errors.As(err, &e) || e.Message != "the gzip data is cut off" || e.Remedy == "" {
			t.Fatalf("cut at %d: document %v, error %v", cut, doc, err)
		}
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-6] ^= 1 // in the checksum
	for name, data := range map[string][]byte{"checksum": flipped, "text behind": append(bytes.Clone(whole), "x"...)} {
		var e *sbom.SyntaxError
		if doc, err := Read(bytes.NewReader(data), "x", Options{}); doc != nil || !errors.As(err, &e) {
			t.Errorf("%s: document %v, error %v", name, doc, err)
		}
	}
}

func TestLimits(t *testing.T) {
	bomb := zipped(strings.Repeat(" ", 20<<20) + cycloneJSON)
	noise := make([]byte, 3<<20)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = "0123456789abcdef"[random.IntN(16)]
	}
	large := strings.Replace(cycloneJSON, `"components"`, `"x":"`+string(noise)+`","components"`, 1)
	tests := []struct {
		name string
		data []byte
		opts Options
		want string
	}{
		{"bomb", bomb, Options{}, "expands to more than 200 times"},
		{"bomb let through", bomb, Options{MaxRatio: 2000}, ""},
		{"a ratio below 8 MiB is free", zipped(strings.Repeat(" ", 7<<20) + cycloneJSON), Options{}, ""},
		{"expanded over the limit", zipped(large), Options{MaxBytes: 1 << 20}, "more than 1048576 bytes"},
		{"plain over the limit", []byte(large), Options{MaxBytes: 1 << 20}, "more than 1048576 bytes"},
		{"plain at the limit", []byte(large), Options{MaxBytes: int64(len(large))}, ""},
		{"plain one over the limit", []byte(large), Options{MaxBytes: int64(len(large)) - 1}, "more than"},
		{"transcoded over the limit", utf16Text(strings.Replace(cycloneJSON, "é", strings.Repeat("€", 100), 1), binary.LittleEndian, true), Options{MaxBytes: 400}, "more than 400 bytes"},
		{"a limit below the head", []byte(cycloneJSON), Options{MaxBytes: 10}, "more than 10 bytes"},
		{"components", []byte(cycloneJSON), Options{MaxComponents: 1}, ""},
		{"depth", []byte(`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"file","name":"a","components":[{"type":"file","name":"b"}]}]}`), Options{MaxDepth: 1}, "nested deeper than 1 levels"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read(bytes.NewReader(tt.data), "x", tt.opts)
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var e *sbom.SyntaxError
			if !errors.As(err, &e) || !strings.Contains(e.Message, tt.want) || e.Remedy == "" {
				t.Errorf("want %q, got %v", tt.want, err)
			}
		})
	}
}

func TestFailingReader(t *testing.T) {
	broken := errors.New("disk on fire")
	for _, after := range []int{0, 10, HeadSize, HeadSize + 10} {
		data := strings.NewReader((cycloneJSON + strings.Repeat(" ", 2*HeadSize))[:after])
		doc, err := Read(io.MultiReader(data, iotest.ErrReader(broken)), "x", Options{})
		if doc != nil || !errors.Is(err, broken) {
			t.Errorf("after %d bytes: document %v, error %v", after, doc, err)
		}
	}
}

// endless gives zeros for ever.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	clear(p)
	e.read += int64(len(p))
	return len(p), nil
}

func TestEndlessInput(t *testing.T) {
	for name, start := range map[string]string{"a stranger": "\x7fELF", "an SBOM": cycloneJSON[:20] + strings.Repeat(" ", HeadSize)} {
		source := &endless{}
		_, err := Read(io.MultiReader(strings.NewReader(start), source), "x", Options{MaxBytes: 1 << 20})
		if err == nil || source.read > 4<<20 {
			t.Errorf("%s: %d bytes read, error %v", name, source.read, err)
		}
		var other *NotSBOMError
		if errors.As(err, &other) && other.SHA256 != "" {
			t.Errorf("%s: a digest of a part", name)
		}
	}
}

func TestReadFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pump.cdx.json")
	large := cycloneJSON + strings.Repeat("\n", 3*HeadSize)
	for _, most := range []int64{1, 10, HeadSize, 2 * HeadSize} { // also below what is read at once
		if err := os.WriteFile(name, []byte(large), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadFile(name, Options{MaxBytes: most}); err == nil || !strings.Contains(err.Error(), "more than") {
			t.Errorf("at most %d bytes: %v", most, err)
		}
	}
	for _, text := range []string{cycloneJSON, large} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		doc, err := ReadFile(name, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(name, doc.Path); diff != "" || doc.Count() != 1 {
			t.Errorf("count %d, path (-want +got)\n%s", doc.Count(), diff)
		}
	}
	if _, err := ReadFile(name+"x", Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
	if _, err := ReadFile(t.TempDir(), Options{}); err == nil {
		t.Error("a folder was read")
	}
}

func ExampleRead() {
	doc, err := Read(strings.NewReader(cycloneJSON), "pump.cdx.json", Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(doc.Format, doc.SpecVersion, doc.Count())
	// Output: CycloneDX 1.6 1
}

func ExampleSniff() {
	fmt.Println(Sniff([]byte("%PDF-1.7")))
	// Output: pdf
}
