// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"

	"github.com/medsbom/medsbom/sbom/cyclonedx"
	"github.com/medsbom/medsbom/sbom/partslist"
)

// HeadSize is how many bytes of a file Sniff needs to tell what it is in all
// but odd cases (a JSON document whose telling keys stand behind its lists).
const HeadSize = 64 << 10

// Sniff tells what a file holds from its first bytes, or from all of them. It
// looks through compression, UTF-16 and UTF-32, and names an archive or envelope.
func Sniff(head []byte) Kind {
	for range maxLayers {
		form := compression(head)
		if form == "" {
			break
		}
		inner := expandHead(form, head)
		if len(inner) == 0 {
			return form
		}
		head = inner
	}
	if isZip(head) {
		return zipKind(head)
	}
	if kind := sniffBytes(head); kind != "" {
		return kind
	}
	text, _, _ := toUTF8(head)
	return sniffText(text)
}

var (
	markUTF8 = []byte("\xef\xbb\xbf")
	magics   = [...]struct {
		prefix string
		kind   Kind
	}{
		{"\xfd7zXZ\x00", KindXZ},
		{"%PDF-", KindPDF},
		{"\x89PNG\r\n\x1a\n", KindImage},
		{"\xff\xd8\xff", KindImage},
		{"GIF87a", KindImage},
		{"GIF89a", KindImage},
		{"II*\x00", KindImage},
		{"MM\x00*", KindImage},
		{"version https://git-lfs.github.com/spec/", KindLFS},
	}
)

// sniffBytes tells the kinds that are no text, "" if it may be one.
func sniffBytes(head []byte) Kind {
	if len(head) == 0 {
		return KindEmpty
	}
	for _, m := range magics {
		if len(head) >= len(m.prefix) && string(head[:len(m.prefix)]) == m.prefix {
			return m.kind
		}
	}
	if len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP" {
		return KindImage
	}
	const ustar = 257 // POSIX.1-1988: the magic in the first header
	if len(head) >= ustar+5 && string(head[ustar:ustar+5]) == "ustar" {
		return KindTar
	}
	// bom-1.3.proto to 1.7: field 1 is the spec_version, a string of three bytes,
	// and stands first as encoders write it.
	if len(head) >= 5 && head[0] == 0x0a && head[1] == 3 && head[2] == '1' && head[3] == '.' {
		return KindCycloneDXProtobuf
	}
	if cyclonedx.LooksProtobuf(head) {
		return KindCycloneDXProtobuf
	}
	return ""
}

// zipKind tells office documents from other archives by the names that OPC and
// ODF prescribe. In a part of a file the central directory is missing and the
// names stand in the local headers, of which the first tells.
func zipKind(data []byte) Kind {
	const nameAt = 30
	name := data[min(nameAt, len(data)):min(nameAt+60, len(data))]
	for _, prefix := range []string{"[Content_Types].xml", "_rels/.rels", "xl/", "word/", "docProps/", "mimetypeapplication/vnd.oasis"} {
		if bytes.HasPrefix(name, []byte(prefix)) {
			if bytes.Contains(data, []byte("xl/workbook.xml")) {
				return KindXLSX
			}
			return KindOffice
		}
	}
	return KindZip
}

// sniffText tells the kind of a text in UTF-8.
func sniffText(text []byte) Kind {
	body := bytes.TrimSpace(text)
	if len(body) == 0 {
		return KindEmpty
	}
	switch body[0] {
	case '{', '[':
		return sniffJSON(body)
	case '<':
		return sniffXML(body)
	}
	return sniffLines(body)
}

// sniffLines tells line-oriented formats by what stands at the start of lines.
func sniffLines(text []byte) Kind {
	if bytes.HasPrefix(text, []byte("version https://git-lfs")) {
		return KindLFS
	}
	if isPythonBytes(text) {
		return KindSPDXTagValue
	}
	if bytes.HasPrefix(text, []byte("//")) || bytes.HasPrefix(text, []byte("/*")) {
		return sniffWords(text) // JSON with comments, which is none
	}
	if bytes.IndexByte(text[:min(len(text), HeadSize)], 0) >= 0 {
		return KindOther
	}
	var tags, yaml int
	for line := range bytes.FieldsFuncSeq(text[:min(len(text), 4*HeadSize)], func(r rune) bool { return r == '\n' || r == '\r' }) {
		key, _, found := bytes.Cut(line, []byte(":"))
		if !found || len(key) > 40 {
			continue
		}
		switch string(bytes.TrimSpace(key)) {
		case "SPDXVersion":
			return KindSPDXTagValue
		case "spdxVersion":
			if len(line) > 0 && line[0] != ' ' && line[0] != '\t' {
				return KindSPDXYAML
			}
		case "DocumentName", "DocumentNamespace", "DataLicense", "PackageName", "PackageVersion", "Creator", "Created":
			tags++
		case "SPDXID":
			tags++
		case "documentNamespace", "dataLicense", "creationInfo", "documentDescribes", "packages":
			yaml++
		}
	}
	switch {
	case yaml >= 2:
		return KindSPDXYAML
	case tags >= 3:
		return KindSPDXTagValue
	case partslist.Looks(text):
		return KindCSV
	}
	return KindOther
}

// isPythonBytes reports whether a tag-value document was printed as the bytes
// literal of Python, in which line ends are escapes: that was published.
func isPythonBytes(text []byte) bool {
	return (bytes.HasPrefix(text, []byte("b'")) || bytes.HasPrefix(text, []byte(`b"`))) &&
		bytes.Contains(text[:min(len(text), HeadSize)], []byte("SPDXVersion:"))
}
