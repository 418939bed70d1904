// SPDX-License-Identifier: Apache-2.0

package partslist

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/sbom"
)

func decodeCSV(t *testing.T, text string) *sbom.Document {
	t.Helper()
	doc, err := DecodeCSV([]byte(text), Options{})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return doc
}

// lines shows the components in short.
func lines(doc *sbom.Document) []string {
	var out []string
	for _, c := range doc.Components {
		out = append(out, strings.TrimSpace(c.Name+" "+c.Version+" "+c.Supplier.Name+" "+c.PURL+" "+strings.Join(c.CPE, " ")))
	}
	return out
}

func TestSpellings(t *testing.T) {
	want := []string{"openssl 1.1.1g OpenSSL", "zlib 1.2.11 zlib.net"}
	for name, text := range map[string]string{
		"comma":       "Name,Version,Supplier\nopenssl,1.1.1g,OpenSSL\nzlib,1.2.11,zlib.net\n",
		"semicolon":   "Bezeichnung;Version;Lieferant\nopenssl;1.1.1g;OpenSSL\nzlib;1.2.11;zlib.net",
		"tab":         "SW Component\tSW Version\tVendor\nopenssl\t1.1.1g\tOpenSSL\nzlib\t1.2.11\tzlib.net\n",
		"bar":         "Name | Version | Supplier\nopenssl | 1.1.1g | OpenSSL\nzlib|1.2.11|zlib.net\n",
		"CRLF":        "Name,Version,Supplier\r\nopenssl,1.1.1g,OpenSSL\r\nzlib,1.2.11,zlib.net\r\n",
		"CR":          "Name,Version,Supplier\ropenssl,1.1.1g,OpenSSL\rzlib,1.2.11,zlib.net",
		"quotes":      "\"Name\",\"Version\",\"Supplier\"\n\"openssl\" ,\"1.1.1g\", \"OpenSSL\"\n\"zlib\",1.2.11,zlib.net\n",
		"sep line":    "sep=;\r\nName;Version;Supplier\r\nopenssl;1.1.1g;OpenSSL\r\nzlib;1.2.11;zlib.net\r\n",
		"mark":        "\ufeffName,Version,Supplier\nopenssl,1.1.1g,OpenSSL\nzlib,1.2.11,zlib.net\n",
		"empty ends":  "Name,Version,Supplier,,,\nopenssl,1.1.1g,OpenSSL,,,\n,,,,,\n\n  \nzlib,1.2.11,zlib.net,,,\n,,,,,\n",
		"French":      "Composant;Version;Fournisseur\nopenssl;1.1.1g;OpenSSL\nzlib;1.2.11;zlib.net\n",
		"Spanish":     "Nombre;Versión;Proveedor\nopenssl;1.1.1g;OpenSSL\nzlib;1.2.11;zlib.net\n",
		"Italian":     "Nome componente;Versione;Fornitore\nopenssl;1.1.1g;OpenSSL\nzlib;1.2.11;zlib.net\n",
		"code page":   "Nombre;Versi\xf3n;Proveedor\nopenssl;1.1.1g;OpenSSL\nzlib;1.2.11;zlib.net\n",
		"SOUP":        "SOUP Name,SOUP Version (installed),SOUP Supplier*\nopenssl,1.1.1g,OpenSSL\nzlib,1.2.11,zlib.net\n",
		"product":     "Product,Version,Vendor\nopenssl,1.1.1g,OpenSSL\nzlib,1.2.11,zlib.net\n",
		"title":       "Software Bill of Materials\nProduct: Pump, Version: 4.2\n\nName,Version,Supplier\nopenssl,1.1.1g,OpenSSL\nzlib,1.2.11,zlib.net\n",
		"again":       "Name,Version,Supplier\nopenssl,1.1.1g,OpenSSL\nName,Version,Supplier\nzlib,1.2.11,zlib.net\n",
		"text idiom":  "Name,Version,Supplier\nopenssl,=\"1.1.1g\",OpenSSL\nzlib,\"=\"\"1.2.11\"\"\",zlib.net\n",
		"two of name": "Component,Package,Version,Supplier\nopenssl,,1.1.1g,OpenSSL\n,zlib,1.2.11,zlib.net\n",
	} {
		t.Run(name, func(t *testing.T) {
			if !Looks([]byte(text)) {
				t.Error("does not look like a parts list")
			}
			doc := decodeCSV(t, text)
			if diff := cmp.Diff(want, lines(doc)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if doc.Format != sbom.PartsList || doc.Encoding != sbom.CSV {
				t.Errorf("%s in %s", doc.Format, doc.Encoding)
			}
			if doc.Defects.Counts[sbom.CodeSpec] != 1 {
				t.Error("it is not said that a parts list is no SBOM")
			}
		})
	}
}

func TestLooks(t *testing.T) {
	for _, text := range []string{
		"", "\n\n", "Name\nopenssl\n", "Version,Supplier\n1,2\n", "openssl,1.1.1g\nzlib,1.2\n", "Dear sir, the name and version are attached\n",
		"Item,Description,Quantity,Price\nscrew,M4,7,1\n", "Name,Age,Town\n", strings.Repeat("note\n", 20) + "Name,Version\n",
		"sep=;\nName,Version\na,1\n", "PackageName: a\nPackageVersion: 1\n", strings.Repeat("x", headSize) + "\nName,Version\n",
		"\"Name,Version\na,1\n",
	} {
		if Looks([]byte(text)) {
			t.Errorf("%.60q looks like a parts list", text)
		}
		var syntax *sbom.SyntaxError
		if doc, err := DecodeCSV([]byte(text), Options{}); doc != nil || !errors.As(err, &syntax) || syntax.Remedy == "" {
			t.Errorf("%.60q: %v, %v", text, doc, err)
		}
	}
	if !Looks([]byte(strings.Repeat("note\n", 19) + "Name,Version\n")) {
		t.Error("a heading in the twentieth row is not seen")
	}
}

func TestFields(t *testing.T) {
	const head = "Name,Version,"
	at := sbom.Position{Line: 2, Column: 1}
	base := func(change func(*sbom.Component)) sbom.Component {
		c := sbom.Component{Name: "a", Version: "1", Parent: sbom.SubjectIndex, Position: at}
		change(&c)
		return c
	}
	digest := strings.Repeat("0123456789abcdef", 4)
	for _, tt := range []struct {
		heading, value string
		want           sbom.Component
		defect         sbom.Code
	}{
		{"PURL", "pkg:npm/a@1", base(func(c *sbom.Component) { c.PURL = "pkg:npm/a@1" }), ""},
		{"Package URL", "pkg:npm/a@1 pkg:npm/b@1", base(func(c *sbom.Component) { c.PURL, c.Detail().MorePURL = "pkg:npm/a@1", []string{"pkg:npm/b@1"} }), ""},
		{"PURL", "pkg:npm", base(func(c *sbom.Component) { c.PURL = "pkg:npm" }), sbom.CodePURL},
		{"PURL", "openssl", base(func(c *sbom.Component) { c.Properties = []sbom.Property{{Name: "column:PURL", Value: "openssl"}} }), sbom.CodePURL},
		{"PURL", "n/a", base(func(c *sbom.Component) { c.NoIdentifierStated = true }), ""},
		{"CPE Name", "cpe:/a:x:a:1", base(func(c *sbom.Component) { c.CPE = []string{"cpe:/a:x:a:1"} }), ""},
		{"CPE", "cpe:2.3:a:x", base(func(c *sbom.Component) { c.CPE = []string{"cpe:2.3:a:x"} }), sbom.CodeCPE},
		{"CPE", "pkg:npm/a@1", base(func(c *sbom.Component) { c.PURL = "pkg:npm/a@1" }), ""},
		{"Unique Identifier", "\"cpe:/a:x:a:1; pkg:npm/a@1,swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2\"", base(func(c *sbom.Component) {
			c.PURL, c.CPE, c.Detail().SWHID = "pkg:npm/a@1", []string{"cpe:/a:x:a:1"}, []string{"swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2"}
		}), ""},
		{"Unique Identifier", "swid:acme.a", base(func(c *sbom.Component) { c.Detail().SWID = "acme.a" }), ""},
		{"Unique Identifier", "acme-17", base(func(c *sbom.Component) {
			c.Properties = []sbom.Property{{Name: "column:Unique Identifier", Value: "acme-17"}}
		}), ""},
		{"SWID Tag ID", "acme.a", base(func(c *sbom.Component) { c.Detail().SWID = "acme.a" }), ""},
		{"Component Hash", digest, base(func(c *sbom.Component) { c.Hashes = []sbom.Hash{{Algorithm: "SHA-256", Value: digest}} }), ""},
		{"Hash", "SHA-1: " + digest[:40], base(func(c *sbom.Component) { c.Hashes = []sbom.Hash{{Algorithm: "SHA-1", Value: digest[:40]}} }), ""},
		{"SHA-256", digest[:40], base(func(c *sbom.Component) {
			c.Properties = []sbom.Property{{Name: "column:SHA-256", Value: digest[:40]}}
		}), sbom.CodeValue},
		{"Supplier Name", "unknown", base(func(c *sbom.Component) { c.Supplier.Unknown = true }), ""},
		{"Hersteller", "Acme", base(func(c *sbom.Component) { c.Detail().Manufacturer.Name = "Acme" }), ""},
		{"Publisher", "Person: A. Nn", base(func(c *sbom.Component) { c.Detail().Publisher = sbom.Party{Name: "A. Nn", Person: true} }), ""},
		{"Licence", "MIT", base(func(c *sbom.Component) { c.Licences = []sbom.Licence{{Kind: sbom.LicenceID, Value: "MIT"}} }), ""},
		{"License", "MIT OR Apache-2.0", base(func(c *sbom.Component) {
			c.Licences = []sbom.Licence{{Kind: sbom.LicenceExpression, Value: "MIT OR Apache-2.0"}}
		}), ""},
		{"Lizenz", "GNU GPL", base(func(c *sbom.Component) { c.Licences = []sbom.Licence{{Kind: sbom.LicenceName, Value: "GNU GPL"}} }), ""},
		{"Licencia", "N/A", base(func(c *sbom.Component) { c.Licences = []sbom.Licence{{Kind: sbom.LicenceID, Value: "NOASSERTION"}} }), ""},
		{"End of Support", "2027-01-31", base(func(c *sbom.Component) { c.Detail().Support = &sbom.Support{EndOfSupport: "2027-01-31"} }), ""},
		{"EOL Date", "31.01.2027", base(func(c *sbom.Component) { c.Detail().Support = &sbom.Support{EndOfLife: "31.01.2027"} }), ""},
		{"Level of Support", "abandoned", base(func(c *sbom.Component) { c.Detail().Support = &sbom.Support{Level: "abandoned"} }), ""},
		{"Group", "org.x", base(func(c *sbom.Component) { c.Group = "org.x" }), ""},
		{"Type", "Operating System", base(func(c *sbom.Component) { c.Type = "operating-system" }), ""},
		{"Type", "open source", base(func(c *sbom.Component) {
			c.Properties = []sbom.Property{{Name: "column:Type", Value: "open source"}}
		}), ""},
		{"Quantity", "7", base(func(c *sbom.Component) { c.Properties = []sbom.Property{{Name: "column:Quantity", Value: "7"}} }), ""},
		{"Website", "https://a.example", base(func(c *sbom.Component) {
			c.References = []sbom.Reference{{Type: "website", URL: "https://a.example"}}
		}), ""},
		{"Depends On", "b", base(func(c *sbom.Component) { c.Properties = []sbom.Property{{Name: "column:Depends On", Value: "b"}} }), sbom.CodeDangling},
		{"Installed Version", "2", base(func(c *sbom.Component) {
			c.Properties = []sbom.Property{{Name: "column:Installed Version", Value: "2"}}
		}), sbom.CodeContradict},
		{"Remark", "\"two\nlines, \"\"quoted\"\"\"", base(func(c *sbom.Component) {
			c.Properties = []sbom.Property{{Name: "column:Remark", Value: "two\nlines, \"quoted\""}}
		}), ""},
		{"Remark", "\"a 24\" screen\"", base(func(c *sbom.Component) {
			c.Properties = []sbom.Property{{Name: "column:Remark", Value: "a 24\" screen"}}
		}), sbom.CodeText},
		{"Remark", "=HYPERLINK(\"x\")", base(func(c *sbom.Component) {
			c.Properties = []sbom.Property{{Name: "column:Remark", Value: `=HYPERLINK("x")`}}
		}), sbom.CodeText},
		{"Remark", "x,beyond", base(func(c *sbom.Component) {
			c.Properties = []sbom.Property{{Name: "column:Remark", Value: "x"}}
		}), sbom.CodeUnknownTag},
		{"", "x", base(func(c *sbom.Component) { c.Properties = []sbom.Property{{Name: "column:3", Value: "x"}} }), ""},
	} {
		t.Run(tt.heading+"/"+tt.value, func(t *testing.T) {
			// The last column has a heading, so that an unnamed one lies within.
			text := head + tt.heading + ",Z\na,1," + tt.value + "\n"
			if tt.defect == sbom.CodeUnknownTag {
				text = head + tt.heading + "\na,1," + tt.value + "\n"
			}
			doc := decodeCSV(t, text)
			if diff := cmp.Diff([]sbom.Component{tt.want}, doc.Components); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if tt.defect != "" && doc.Defects.Counts[tt.defect] == 0 {
				t.Errorf("no defect %s: %+v", tt.defect, doc.Defects.List)
			}
			if tt.defect == "" && doc.Defects.Total() != 1 && tt.heading != "Installed Version" {
				t.Errorf("defects %+v", doc.Defects.List)
			}
		})
	}
}

func TestRows(t *testing.T) {
	const head = "Name,Version,Supplier,PURL\n"
	for _, tt := range []struct {
		name, rows string
		want       []string
		code       sbom.Code
		line       int32
	}{
		{"no name but a purl", ",1,,pkg:npm/a@1\n", []string{"1  pkg:npm/a@1"}, sbom.CodeMissing, 2},
		{"neither name nor identifier", "a,1,,\n,2,Acme,\n", []string{"a 1"}, sbom.CodeMissing, 3},
		{"name is a placeholder", "unknown,1,,pkg:npm/a@1\n", []string{"1  pkg:npm/a@1"}, sbom.CodeValue, 2},
		{"version is a placeholder", "a,TBD,,\n", []string{"a"}, sbom.CodeValue, 2},
		{"only a number", "a,1,,\n34,,,\n", []string{"a 1"}, sbom.CodeMissing, 3},
		{"a sum in words stays", "a,1,,\nTotal: 34,,,\n", []string{"a 1", "Total: 34"}, "", 0},
		{"name of several lines", "\"a\nb\",1,,\n", []string{"a\nb 1"}, sbom.CodeText, 2},
		{"scope of npm is no formula", "@angular/core,1,,\n", []string{"@angular/core 1"}, "", 0},
		{"formula", "a,1,+cmd|' /C calc'!A0,\n", []string{"a 1 +cmd|' /C calc'!A0"}, sbom.CodeText, 2},
		{"the heading again", "a,1,,\nName,Version,Supplier,PURL\nb,1,,\n", []string{"a 1", "b 1"}, sbom.CodeKeyTwice, 3},
		{"control character", "a\x01,1,,\n", []string{"a\x01 1"}, sbom.CodeText, 2},
		{"code page", "M\xfcller,1,,\nMüller,2,,\n", []string{"Müller 1", "Müller 2"}, sbom.CodeText, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc := decodeCSV(t, head+tt.rows)
			if diff := cmp.Diff(tt.want, lines(doc)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if tt.code == "" {
				if doc.Defects.Total() != 1 {
					t.Errorf("defects %+v", doc.Defects.List)
				}
				return
			}
			found := false
			for _, d := range doc.Defects.List {
				found = found || d.Code == tt.code && d.Position.Line == tt.line
			}
			if !found {
				t.Errorf("no %s in line %d: %+v", tt.code, tt.line, doc.Defects.List)
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	doc := decodeCSV(t, "Supplier,Name,Version\nÄcme,a,1\n\"two\nlines\", b,1\n")
	want := []sbom.Position{{Line: 2, Column: 6}, {Line: 4, Column: 9}}
	got := []sbom.Position{doc.Components[0].Position, doc.Components[1].Position}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestTitleBlock(t *testing.T) {
	product := sbom.Component{
		Name: "Pump", Version: "4.2", Supplier: sbom.Party{Name: "Acme"},
		Parent: sbom.SubjectIndex,
	}
	for name, block := range map[string]string{
		"pairs":   "Parts of the pump;;\nProduct: Pump;Version: 4.2;\nSupplier: Acme;Date: 2026-01-15;\n",
		"a line":  "Parts of the pump\nProduct: Pump, Version: 4.2, Supplier: Acme, Date: 2026-01-15\n",
		"cells":   "Parts of the pump;\nProduct;Pump\nVersion:;4.2\nSupplier;Acme\nDate;2026-01-15\n",
		"beneath": "Parts of the pump;\nProduct name;Version;Supplier;Date\nPump;4.2;Acme;2026-01-15\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			doc := decodeCSV(t, block+"Component;Version;PURL\na;1;pkg:npm/a@1\n")
			if doc.Subject == nil || doc.SubjectListed {
				t.Fatalf("subject %+v", doc.Subject)
			}
			got := *doc.Subject
			if got.Position.Line != 2 && got.Position.Line != 3 {
				t.Errorf("product in line %d", got.Position.Line)
			}
			got.Position = sbom.Position{}
			if diff := cmp.Diff(product, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if doc.Name != "Parts of the pump" || doc.Supplier.Name != "Acme" || doc.Created != "2026-01-15" || doc.CreatedAt.IsZero() {
				t.Errorf("%q %+v %q", doc.Name, doc.Supplier, doc.Created)
			}
			if doc.Count() != 1 || doc.Defects.Total() != 1 {
				t.Errorf("%d components, %+v", doc.Count(), doc.Defects.List)
			}
		})
	}
	doc := decodeCSV(t, "List\nConfidential\nComponent;Version\na;1\n")
	if doc.Defects.Counts[sbom.CodeUnknownTag] != 1 {
		t.Errorf("what was not understood is not said: %+v", doc.Defects.List)
	}
}

func TestRelations(t *testing.T) {
	doc := decodeCSV(t, "ID,Name,Version,Dependency Relationship,Depends On,Parent\n"+
		"1,pump,1,Primary,\"a, b\",\n"+
		"2,a,1,Included in pump,b;c,\n"+
		"3,b,1,Included in,c,a\n"+
		"4,c,1,,nobody,\n"+
		"5,c,2,see a,a,\n"+
		"5,c,2,see a,a,\n"+
		"5,d,2,,,\n")
	if !doc.SubjectListed || doc.Subject != &doc.Components[0] {
		t.Errorf("subject %+v", doc.Subject)
	}
	want := []sbom.Dependency{
		{From: 0, To: 1},
		{From: 0, To: 2},
		{From: 0, To: 1, Kind: sbom.Contains},
		{From: 1, To: 2},
		{From: 1, To: 2, Kind: sbom.Contains},
		{From: 4, To: 1},
	}
	if diff := cmp.Diff(want, doc.Dependencies); diff != "" {
		t.Errorf("edges (-want +got)\n%s", diff)
	}
	// c stands in two rows, nobody in none.
	if got := doc.Defects.Counts[sbom.CodeDangling]; got != 3 {
		t.Errorf("%d dangling: %+v", got, doc.Defects.List)
	}
	if doc.Count() != 6 || len(doc.Components[4].More()) != 1 || doc.Defects.Counts[sbom.CodeDuplicate] != 1 {
		t.Errorf("%d components, %+v", doc.Count(), doc.Defects.List)
	}
	if got := doc.Components[4].Property("column:Dependency Relationship"); got != "see a" {
		t.Errorf("property %q", got)
	}
}

func TestStrictCSV(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		opts       Options
		at         sbom.Position
	}{
		{"open quote", "Name,Version\na,1\n\"b,1\nc,1\n", Options{}, sbom.Position{Line: 3, Column: 1}},
		{"components", "Name,Version\na,1\nb,1\n", Options{MaxComponents: 1}, sbom.Position{Line: 3, Column: 1}},
		{"rows without content", "Name,Version\n" + strings.Repeat("a\n", 100_000), Options{}, sbom.Position{Line: 50_002, Column: 1}},
		{"columns", "Name,Version\na,1,,x\n", Options{MaxColumns: 3}, sbom.Position{Line: 2, Column: 6}},
		{"cells", "Name,Version\na,1\nb,1\n", Options{MaxCells: 5}, sbom.Position{Line: 3, Column: 1}},
		{"long cell", "Name,Version\n" + strings.Repeat("x", maxCell+1) + ",1\n", Options{}, sbom.Position{Line: 2, Column: 1}},
		{"long quoted cell", "Name,Version\n\"" + strings.Repeat("\"\"", maxCell) + "\",1\n", Options{}, sbom.Position{Line: 2, Column: 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := DecodeCSV([]byte(tt.text), tt.opts)
			var syntax *sbom.SyntaxError
			if doc != nil || !errors.As(err, &syntax) || syntax.Remedy == "" || syntax.Position != tt.at {
				t.Errorf("%v, %#v", doc, err)
			}
		})
	}
}

// A long heading is not repeated with every row that keeps a cell under it.
func TestLongHeading(t *testing.T) {
	doc := decodeCSV(t, "Name,Version,"+strings.Repeat("é", 1000)+"\na,1,x\n")
	p := doc.Components[0].Properties[0]
	if len(p.Name) > 220 || !strings.HasPrefix(p.Name, "column:éé") || p.Value != "x" || doc.Defects.Counts[sbom.CodeText] != 1 {
		t.Errorf("%d bytes, %+v", len(p.Name), doc.Defects)
	}
}

// A million columns that hold nothing are no reason to refuse, nor to take long.
func TestEmptyColumns(t *testing.T) {
	doc := decodeCSV(t, "Name,Version\na,1"+strings.Repeat(",", 1_000_000)+"\n")
	if doc.Count() != 1 {
		t.Errorf("%d components", doc.Count())
	}
}

func TestManyUnknownColumns(t *testing.T) {
	var head, row strings.Builder
	head.WriteString("Name,Version")
	row.WriteString("a,1")
	for range 300 {
		head.WriteString(",strange")
		row.WriteString(",x")
	}
	doc := decodeCSV(t, head.String()+"\n"+row.String()+"\n")
	if n := len(doc.Components[0].Properties); n > maxKept || n < maxKept-2 {
		t.Errorf("%d properties", n)
	}
	if doc.Defects.Counts[sbom.CodeUnknownTag] != 302-maxKept {
		t.Errorf("columns are dropped in silence: %v", doc.Defects.Counts)
	}
}

func TestMinimumElements(t *testing.T) {
	text := corpus.Read(t, corpus.Dir(t, "sbom", "malformed", "vendor", "csv-minimum-elements.csv"))
	doc := decodeCSV(t, string(text))
	want := []string{
		"Infusion Pump 4.2 Acme Medical",
		"openssl 1.1.1g OpenSSL  cpe:2.3:a:openssl:openssl:1.1.1g:*:*:*:*:*:*:*",
		"Windows 10 IoT Enterprise LTSC 2019 1809 Microsoft",
	}
	if diff := cmp.Diff(want, lines(doc)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !doc.SubjectListed || doc.Subject.Name != "Infusion Pump" || len(doc.Authors) != 1 || doc.Created != "2026-01-15" {
		t.Errorf("subject %+v, authors %+v, created %q", doc.Subject, doc.Authors, doc.Created)
	}
	if doc.Defects.Total() != 1 {
		t.Errorf("defects %+v", doc.Defects.List)
	}
}
