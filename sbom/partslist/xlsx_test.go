// SPDX-License-Identifier: Apache-2.0

package partslist

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/medsbom/medsbom/sbom"
)

// workbook writes an XLSX file with the library that we do not read with.
func workbook(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func setRow(t testing.TB, f *excelize.File, sheet string, line int, values ...any) {
	t.Helper()
	if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", line), &values); err != nil {
		t.Fatal(err)
	}
}

func decodeXLSX(t *testing.T, data []byte) *sbom.Document {
	t.Helper()
	doc, err := DecodeXLSX(data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestXLSX(t *testing.T) {
	data := workbook(t, func(f *excelize.File) {
		setRow(t, f, "Sheet1", 1, "Product: Pump, Version: 4.2")
		setRow(t, f, "Sheet1", 3, nil, "Component Name", "Version", "Supplier", "PURL", "End of Support", "Remark")
		setRow(t, f, "Sheet1", 4, nil, "openssl", "1.10", "OpenSSL", "pkg:generic/openssl@1.10", time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC), true)
		setRow(t, f, "Sheet1", 5, nil, "zlib", 1.1, "n/a")
		setRow(t, f, "Sheet1", 6, nil, "curl", 1.1)
		setRow(t, f, "Sheet1", 8, nil, "rich")
		two, err := f.NewStyle(&excelize.Style{NumFmt: 2})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellStyle("Sheet1", "C6", "C6", two); err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellRichText("Sheet1", "B8", []excelize.RichTextRun{{Text: "lib "}, {Text: "expat"}}); err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellFormula("Sheet1", "C8", "1+1"); err != nil {
			t.Fatal(err)
		}
		// A style alone reaches the last column and holds nothing.
		if err := f.SetCellStyle("Sheet1", "A9", "XFD9", two); err != nil {
			t.Fatal(err)
		}
	})
	doc := decodeXLSX(t, data)
	at := func(line int32) sbom.Position { return sbom.Position{Line: line, Column: 2} }
	want := []sbom.Component{
		{
			Name: "openssl", Version: "1.10", Supplier: sbom.Party{Name: "OpenSSL"}, PURL: "pkg:generic/openssl@1.10",
			Properties: []sbom.Property{{Name: "column:Remark", Value: "TRUE"}}, Parent: sbom.SubjectIndex, Position: at(4),
			Details: &sbom.Details{
				Support: &sbom.Support{EndOfSupport: "2027-01-31"},
			},
		},
		{Name: "zlib", Version: "1.1", Supplier: sbom.Party{Unknown: true}, Parent: sbom.SubjectIndex, Position: at(5)},
		{Name: "curl", Version: "1.10", Parent: sbom.SubjectIndex, Position: at(6)},
		{Name: "lib expat", Version: "=1+1", Parent: sbom.SubjectIndex, Position: at(8)},
	}
	if diff := cmp.Diff(want, doc.Components); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if doc.Encoding != sbom.XLSX || doc.Subject == nil || doc.Subject.Version != "4.2" {
		t.Errorf("%s, %+v", doc.Encoding, doc.Subject)
	}
	counts := map[sbom.Code]int{sbom.CodeSpec: 1, sbom.CodeType: 1, sbom.CodeText: 1}
	if diff := cmp.Diff(counts, doc.Defects.Counts); diff != "" {
		t.Errorf("defects (-want +got)\n%s\n%+v", diff, doc.Defects.List)
	}
}

func TestSheets(t *testing.T) {
	data := workbook(t, func(f *excelize.File) {
		setRow(t, f, "Sheet1", 1, "About this file")
		for _, name := range []string{"OSS", "Commercial", "Empty"} {
			if _, err := f.NewSheet(name); err != nil {
				t.Fatal(err)
			}
		}
		setRow(t, f, "OSS", 1, "Name", "Version")
		setRow(t, f, "OSS", 2, "a", "1")
		setRow(t, f, "Commercial", 1, "Version", "Name", "Vendor")
		setRow(t, f, "Commercial", 2, "2", "b", "Acme")
		setRow(t, f, "Commercial", 3, "3", "c", "Acme")
		if err := f.MergeCell("Commercial", "C2", "C3"); err != nil {
			t.Fatal(err)
		}
	})
	doc := decodeXLSX(t, data)
	if diff := cmp.Diff([]string{"a 1", "b 2 Acme", "c 3"}, lines(doc)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := doc.Components[1].Property("sheet"); got != "Commercial" {
		t.Errorf("sheet %q", got)
	}
	// The two forms, that there are two, the sheet without a table, the merged cells.
	counts := map[sbom.Code]int{sbom.CodeSpec: 3, sbom.CodeUnknownTag: 1, sbom.CodeType: 1}
	if diff := cmp.Diff(counts, doc.Defects.Counts); diff != "" {
		t.Errorf("defects (-want +got)\n%s\n%+v", diff, doc.Defects.List)
	}
}

// rawXLSX writes an XLSX file of parts that the test spells itself.
func rawXLSX(t testing.TB, sheet string, more map[string]string) []byte {
	t.Helper()
	const schema = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	parts := map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="r1" Type="` + schema + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="` + schema + `"><sheets><sheet name="List" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="` + schema + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="` + schema + `/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheet,
		"xl/sharedStrings.xml":       `<sst><si><t>Name</t></si><si><t>Version</t></si><si><t>a_x0041_</t></si></sst>`,
	}
	var names []string
	for _, name := range []string{"_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"} {
		if _, ok := more[name]; !ok {
			names = append(names, name)
		}
	}
	for name, text := range more {
		parts[name] = text
		names = append(names, name)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range names {
		if parts[name] == "" {
			continue
		}
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const (
	rawHead = `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>`
	rawTail = `</sheetData></worksheet>`
	rawRow  = `<row r="7"><c t="s"><v>2</v></c><c t="inlineStr"><is><t>1.0</t></is></c></row>`
)

func TestRawXLSX(t *testing.T) {
	doc := decodeXLSX(t, rawXLSX(t, rawHead+rawRow+`<row><c t="s"><v>99</v></c><c><v>2</v></c></row>`+rawTail, nil))
	if diff := cmp.Diff([]string{"aA 1.0"}, lines(doc)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := doc.Components[0].Position; got != (sbom.Position{Line: 7, Column: 1}) {
		t.Errorf("at %v", got)
	}
	if doc.Defects.Counts[sbom.CodeDangling] != 1 || doc.Defects.Counts[sbom.CodeMissing] != 1 {
		t.Errorf("defects %+v", doc.Defects.List)
	}
	const external = `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/>` +
		`<Relationship Id="r3" Type="x/worksheet" TargetMode="External" Target="http://evil.example/s.xml"/></Relationships>`
	doc = decodeXLSX(t, rawXLSX(t, rawHead+rawRow+rawTail, map[string]string{
		"xl/_rels/workbook.xml.rels": external,
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="List" r:id="r1"/><sheet name="Away" r:id="r3"/></sheets></workbook>`,
	}))
	if doc.Count() != 1 || doc.Defects.Counts[sbom.CodeDangling] != 1 {
		t.Errorf("external sheet: %d, %+v", doc.Count(), doc.Defects.List)
	}
}

func TestHostileXLSX(t *testing.T) {
	good := rawXLSX(t, rawHead+rawRow+rawTail, nil)
	wide := rawHead + `<row>` + strings.Repeat(`<c><v>1</v></c>`, 1_000_000) + `</row>` + rawTail
	for _, tt := range []struct {
		name, message string
		data          []byte
		opts          Options
	}{
		{"no zip", "malformed XLSX", []byte("PK\x03\x04 nothing"), Options{}},
		{"cut off", "malformed XLSX", good[:len(good)/2], Options{}},
		{"empty", "no workbook", rawXLSX(t, "", map[string]string{"xl/workbook.xml": ""}), Options{}},
		{"no sheet", `sheet "List" is missing`, rawXLSX(t, "", nil), Options{}},
		{"no texts", "texts", rawXLSX(t, rawHead+rawTail, map[string]string{"xl/sharedStrings.xml": ""}), Options{}},
		{"no table", "heading row", rawXLSX(t, `<worksheet><sheetData><row/></sheetData></worksheet>`, nil), Options{}},
		{"no worksheet", "no worksheet", rawXLSX(t, `<html/>`, nil), Options{}},
		{"cut XML", "unexpected EOF", rawXLSX(t, rawHead+rawRow, nil), Options{}},
		{"more XML", "malformed", rawXLSX(t, rawHead+rawRow+rawTail+"<a", nil), Options{}},
		{"document type", "DOCTYPE", rawXLSX(t, `<!DOCTYPE a [<!ENTITY b "c">]>`+rawHead+rawTail, nil), Options{}},
		{"depth", "deep", rawXLSX(t, "<worksheet>"+strings.Repeat("<a>", 100), nil), Options{}},
		{"a million columns", "more than 1000 columns", rawXLSX(t, wide, nil), Options{MaxRatio: 10_000}},
		{"bomb", "expands", rawXLSX(t, rawHead+strings.Repeat(" ", 40<<20)+rawTail, nil), Options{}},
		{"size", "expands", good, Options{MaxBytes: 900}},
		{"long text", "1 MiB", rawXLSX(t, rawHead+`<row><c t="inlineStr"><is><t>`+strings.Repeat("x", maxCell+1)+`</t></is></c></row>`+rawTail, nil), Options{}},
		{"long number", "1 MiB", rawXLSX(t, rawHead+`<row><c><v>`+strings.Repeat("1", maxCell+1)+`</v></c></row>`+rawTail, nil), Options{}},
		{"one long text in many cells", "texts that cells share", rawXLSX(t, rawHead+strings.Repeat(rawRow, 1000)+rawTail, map[string]string{
			"xl/sharedStrings.xml": "<sst><si><t>Name</t></si><si><t>Version</t></si><si><t>" + strings.Repeat("x", 100_000) + "</t></si></sst>",
		}), Options{}},
		{"components", "more than 1 components", rawXLSX(t, rawHead+rawRow+rawRow+rawTail, nil), Options{MaxComponents: 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := DecodeXLSX(tt.data, tt.opts)
			var syntax *sbom.SyntaxError
			if doc != nil || !errors.As(err, &syntax) {
				t.Fatalf("%v, %v", doc, err)
			}
			if syntax.Remedy == "" || !strings.Contains(syntax.Message, tt.message) || len(syntax.Message) > 400 {
				t.Errorf("%q, %q", syntax.Message, syntax.Remedy)
			}
		})
	}
}

// The limits that callers can raise are named.
func TestLimitsOfXLSX(t *testing.T) {
	wide := rawXLSX(t, rawHead+strings.Repeat(" ", 40<<20)+rawTail, nil)
	for want, opts := range map[sbom.Limit]Options{
		sbom.LimitRatio: {}, sbom.LimitBytes: {MaxBytes: 900}, sbom.LimitComponents: {MaxComponents: 1},
	} {
		data := wide
		if want == sbom.LimitComponents {
			data = rawXLSX(t, rawHead+rawRow+rawRow+rawTail, nil)
		}
		_, err := DecodeXLSX(data, opts)
		if syntax, ok := errors.AsType[*sbom.SyntaxError](err); !ok || syntax.Limit != want {
			t.Errorf("%s: error %v", want, err)
		}
	}
}

// A declared size is no promise: what is expanded counts.
func TestLyingSize(t *testing.T) {
	data := rawXLSX(t, rawHead+strings.Repeat(" ", 20<<20)+rawTail, nil)
	lied := bytes.Clone(data)
	// Uncompressed size, 24 bytes into each header of the central directory.
	for at := 0; ; {
		i := bytes.Index(lied[at:], []byte("PK\x01\x02"))
		if i < 0 {
			break
		}
		at += i + 4
		copy(lied[at+20:], []byte{1, 0, 0, 0})
	}
	if _, err := DecodeXLSX(lied, Options{}); err == nil {
		t.Error("read")
	}
}

func TestNumberFormats(t *testing.T) {
	b := &book{formats: []format{
		general, formatOf("0.00"), formatOf("#,##0.0"), formatOf("yyyy\\-mm\\-dd;@"), formatOf("dd/mm/yyyy hh:mm"), formatOf(`"v"0.00`),
		formatOf("0.00E+00"), formatOf("[Red]0.000"), builtIn("14"), builtIn("2"), builtIn("49"), formatOf("h:mm"), formatOf("0%"), formatOf(`"open`),
	}}
	for i, want := range []string{
		"1.1", "1.10", "1.1", "1900-01-01T02:24:00", "1900-01-01T02:24:00", "1.10", "1.1", "1.100", "1900-01-01T02:24:00", "1.10", "1.1",
		"1900-01-01T02:24:00", "1.1", "1.1", "1.1",
	} {
		if got, _ := b.show("1.1000000000000001", fmt.Sprint(i)); got != want {
			t.Errorf("format %d: want %s, got %s", i, want, got)
		}
	}
	for value, want := range map[string]string{"46037": "2026-01-15", "1": "1900-01-01", "61": "1900-03-01", "-5": "-5", "1e300": "1e+300", "x": "x"} {
		if got, _ := b.show(value, "8"); got != want {
			t.Errorf("date %s: want %s, got %s", value, want, got)
		}
	}
	b.since = true
	if got, _ := b.show("0", "8"); got != "1904-01-01" {
		t.Errorf("got %s", got)
	}
}
