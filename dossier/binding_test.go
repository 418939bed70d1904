// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/sbom"
)

func TestBind(t *testing.T) {
	doc := &sbom.Document{Subject: &sbom.Component{
		Name: "Pump", Version: "4.2", Supplier: sbom.Party{Name: "Acme"}, Details: &sbom.Details{Publisher: sbom.Party{Name: "Reseller"}},
	}}
	for _, test := range []struct {
		name       string
		file       string
		folders    []string
		flags      Order
		configured Order
		doc        *sbom.Document
		want       Binding
	}{
		{
			name: "nothing but a file", file: "in/pump-4.spdx.json.gz",
			want: Binding{Supplier: UnknownSupplier, SupplierSource: Unknown, Product: "pump-4", ProductSource: FromFile},
		},
		{
			name: "the document", file: "bom.json", doc: doc,
			want: Binding{
				Supplier: "Acme", SupplierSource: FromDocument, Product: "Pump", ProductSource: FromDocument,
				Version: "4.2", VersionSource: FromDocument,
			},
		},
		{
			name: "folders before the document", file: "acme/pump/x/bom.json", folders: []string{"acme", "pump", "x"}, doc: doc,
			want: Binding{
				Supplier: "acme", SupplierSource: FromFolder, Product: "pump", ProductSource: FromFolder,
				Version: "4.2", VersionSource: FromDocument,
			},
		},
		{
			name: "one folder is the supplier", file: "acme/bom.json", folders: []string{"acme"}, doc: doc,
			want: Binding{
				Supplier: "acme", SupplierSource: FromFolder, Product: "Pump", ProductSource: FromDocument,
				Version: "4.2", VersionSource: FromDocument,
			},
		},
		{
			name: "flags before configuration before folders", file: "acme/pump/bom.json", folders: []string{"acme", "pump"},
			flags: Order{Product: "VF 300"}, configured: Order{Supplier: "Acme Medical", Product: "Pump X"}, doc: doc,
			want: Binding{
				Supplier: "Acme Medical", SupplierSource: FromConfiguration, Product: "VF 300", ProductSource: FromFlag,
				Version: "4.2", VersionSource: FromDocument, Ordered: Order{Supplier: "Acme Medical", Product: "VF 300"},
			},
		},
		{
			name: "a name that says nothing", file: "web.cdx.json", doc: &sbom.Document{Subject: &sbom.Component{Name: "."}},
			want: Binding{Supplier: UnknownSupplier, SupplierSource: Unknown, Product: "web", ProductSource: FromFile},
		},
		{
			name: "standard input", file: "-",
			want: Binding{Supplier: UnknownSupplier, SupplierSource: Unknown, Product: "standard input", ProductSource: FromFile},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := Bind(test.file, test.folders, test.flags, test.configured, test.doc)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestProductID(t *testing.T) {
	b := Binding{Supplier: "ACME  Medical® GmbH", Product: "Pump/3000 (v4)"}
	if want, got := "acme-medical-gmbh/pump-3000-v4", b.ProductID(); want != got {
		t.Errorf("want %q, got %q", want, got)
	}
	if want, got := "unnamed", Fold(" — "); want != got {
		t.Errorf("want %q, got %q", want, got)
	}
}

func TestExpectation(t *testing.T) {
	doc := &sbom.Document{Subject: &sbom.Component{Group: "Acme", Name: "Infusion Pump", Version: "V4.2"}}
	for _, test := range []struct {
		name        string
		ordered     Order
		doc         *sbom.Document
		stated, met bool
	}{
		{"nothing ordered", Order{}, doc, false, false},
		{"a supplier alone is no expectation of the product", Order{Supplier: "X"}, doc, false, false},
		{"same name, other spelling", Order{Product: "infusion-pump"}, doc, true, true},
		{"group and name", Order{Product: "Acme infusion pump"}, doc, true, true},
		{"alias", Order{Product: "VF300", ProductAliases: []string{"Infusion Pump"}}, doc, true, true},
		{"other product", Order{Product: "Monitor"}, doc, true, false},
		{"version with and without v", Order{Version: "4.2"}, doc, true, true},
		{"other version", Order{Product: "Infusion Pump", Version: "4.3"}, doc, true, false},
		{"no subject", Order{Product: "Infusion Pump"}, &sbom.Document{}, true, false},
		{"no document", Order{Product: "Infusion Pump"}, nil, true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := Binding{Ordered: test.ordered}
			stated, met, why := b.Expectation(test.doc)
			if stated != test.stated || met != test.met {
				t.Errorf("want stated %v, met %v; got %v, %v (%s)", test.stated, test.met, stated, met, why)
			}
			if stated && !met && why == "" {
				t.Error("no reason is given")
			}
		})
	}
}
