// SPDX-License-Identifier: Apache-2.0

package partslist

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/sbom"
)

// hold checks what both decoders promise of any bytes.
func hold(t *testing.T, data []byte, size int, decode func() (*sbom.Document, error)) {
	doc, err := decode()
	again, errAgain := decode()
	if diff := cmp.Diff(doc, again); diff != "" || (err == nil) != (errAgain == nil) {
		t.Fatalf("read twice, two results: %v, %v\n%s", err, errAgain, diff)
	}
	if err != nil {
		var syntax *sbom.SyntaxError
		if doc != nil || !errors.As(err, &syntax) || syntax.Message == "" || syntax.Remedy == "" {
			t.Fatalf("%v, %#v", doc, err)
		}
		return
	}
	if doc == nil || doc.Format != sbom.PartsList || doc.Defects.Counts[sbom.CodeSpec] == 0 {
		t.Fatalf("read %+v", doc)
	}
	if doc.Count() > size || len(doc.Dependencies) > size {
		t.Fatalf("%d components and %d edges of %d bytes", doc.Count(), len(doc.Dependencies), len(data))
	}
	for i := range doc.Components {
		if c := &doc.Components[i]; c.Position.IsZero() || c.Name == "" && c.PURL == "" && len(c.CPE) == 0 && c.SWID() == "" && len(c.SWHID()) == 0 {
			t.Fatalf("component %+v", c)
		}
	}
	for _, d := range doc.Dependencies {
		if int(d.From) >= doc.Count() || int(d.To) >= doc.Count() {
			t.Fatalf("edge %+v", d)
		}
	}
}

func FuzzDecodeCSV(f *testing.F) {
	for _, text := range []string{
		"Name,Version,Supplier\na,1,Acme\n", "sep=;\nName;PURL;Depends On;Parent\na;pkg:npm/a@1;b,c;\n\"b\";;;a\n",
		"Product: P, Version: 1\nName\tVersi\xf3n\n\"a \"\"b\"\"\nc\"\t1.0\n", "Name,Hash,CPE,Timestamp,ID\n=\"x\",sha256:00,cpe:/a:b,2026,1\n,,,,\n7,,,,\n",
		"Component,Name,Version,Version,Dependency Relationship\na,b,1,2,Primary\nb,,,3,Included in a\n",
	} {
		f.Add([]byte(text))
	}
	if data, err := os.ReadFile(filepath.Join(corpus.Root(f), "sbom", "malformed", "vendor", "csv-minimum-elements.csv")); err == nil {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		Looks(data)
		hold(t, data, len(data), func() (*sbom.Document, error) {
			return DecodeCSV(data, Options{MaxComponents: 1000})
		})
	})
}

// FuzzDecodeXLSX changes the file and, since a checksum stops most of that, the
// sheet and the texts in it.
func FuzzDecodeXLSX(f *testing.F) {
	book := workbook(f, func(x *excelize.File) {
		setRow(f, x, "Sheet1", 1, "Name", "Version")
		setRow(f, x, "Sheet1", 2, "a", 1.5)
	})
	f.Add(book, "", "")
	f.Add([]byte(nil), rawHead+rawRow+rawTail, `<sst><si><r><t>Name</t></r></si><si><t>Version</t></si></sst>`)
	f.Add([]byte(nil), `<worksheet><sheetData><row r="1"><c r="ZZ9" s="1"><f>1</f><v>3</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B9"/></mergeCells></worksheet>`, "<sst/>")
	f.Fuzz(func(t *testing.T, data []byte, sheet, texts string) {
		if len(data) == 0 {
			data = rawXLSX(t, sheet, map[string]string{"xl/sharedStrings.xml": texts})
		}
		const most = 1 << 20
		hold(t, data, most, func() (*sbom.Document, error) {
			return DecodeXLSX(data, Options{MaxComponents: 1000, MaxBytes: most})
		})
	})
}
