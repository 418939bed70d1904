// SPDX-License-Identifier: Apache-2.0

package device

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// vendors and products compare by text.
func vendors(a, b string) Level { return ParseVendor(a).Compare(ParseVendor(b)) }

func products(a, b, vendor string) Level { return Products(a, b, ParseVendor(vendor)) }

func TestVendors(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want Level
	}{
		{"Philips", "Philips Healthcare", Same},
		{"Philips", "PHILIPS Medical Systems", Same},
		{"Illumina", "Illumina, Inc.", Same},
		{"Becton, Dickinson and Company (BD)", "BD", Same},
		{"Becton, Dickinson and Company (BD)", "Becton Dickinson & Co.", Same},
		{"Baxter", "Baxter International Inc.", Same},
		{"Siemens", "Siemens Healthineers AG", Same},
		{"Esaote S.p.A.", "esaote", Same},
		{"3B Medical", "3B", Same},
		{"Phillips", "Philips", Alike},
		{"B. Braun", "B. Braun Melsungen AG", Alike},
		{"Hillrom and ELI, Baxter International Inc.", "Baxter", Alike},
		{"Silex Technology and GE Healthcare", "GE Healthcare", Alike},
		{"Boston Scientific", "Boston Dynamics", Alike}, // the product must agree too
		{"Dräger", "Draeger", Same},
		{"Dräger", "Dra\u0308ger", Same},
		{"Dräger", "Drager", Alike},
		{"Dräger", "Drägerwerk AG & Co. KGaA", Alike},
		{"Philips", "Koninklijke Philips N.V.", Same},
		{"Philips", "Royal Philips", Same},
		{"Leão", "Lea\u0303o", Same},
		{"Medtronic", "Metronic", Other},
		{"GE Healthcare", "Georgetown", Other},
		{"Medical", "Health Systems Inc.", Other},
		{"", "Philips", Other},
		{"", "", Other},
	} {
		if got := vendors(tt.a, tt.b); got != tt.want {
			t.Errorf("%q, %q: want %d, got %d", tt.a, tt.b, tt.want, got)
		}
		if vendors(tt.a, tt.b) != vendors(tt.b, tt.a) {
			t.Errorf("%q, %q: the order matters", tt.a, tt.b)
		}
	}
}

func TestProducts(t *testing.T) {
	for _, tt := range []struct {
		vendor, a, b string
		want         Level
	}{
		{"Illumina", "iSeq 100", "ISEQ-100", Same},
		{"BD", "BD Pyxis CIISafe", "Pyxis CIISafe", Same},
		{"Philips", "Philips DoseWise Portal", "Dose Wise Portal", Same},
		{"BD", "Alaris 8015 PC unit", "Alaris", Alike},
		{"Philips", "IntelliVue MX40 Patient Worn Monitor (WLAN only)", "IntelliVue MX40 Patient Worn Monitor", Alike},
		{"GE", "Optima 520", "Optima 540", Other},
		{"Medtronic", "MyCareLink Patient Monitor 24950", "24950 MyCareLink Monitor", Alike},
		{"Medtronic", "MyCareLink Patient Monitor 24950", "24952 MyCareLink Monitor", Other},
		{"Hamilton Medical AG", "HAMILTON-T1", "T1 Ventilator", Alike},
		{"Hamilton Medical AG", "HAMILTON-C1", "T1 Ventilator", Other},
		{"BD", "Alaris Pump", "Alaris Server", Other},
		{"Hillrom", "Welch Allyn Connex Spot Monitor", "Welch Allyn Connex Vital Signs Monitor", Other},
		{"GE", "Optima 520", "520", Other},
		{"Philips", "Version", "Version", Alike},
		{"Philips", "Version", "Philips Version 3", Other},
		{"LifePoint", "Patient Portal", "Hospital Portal", Other},
		{"Acme", "Patient Monitor", "Monitor", Other},
		{"Acme", "", "", Other},
		{"BD", "BD", "Alaris", Other},
	} {
		if got := products(tt.a, tt.b, tt.vendor); got != tt.want {
			t.Errorf("%s: %q, %q: want %d, got %d", tt.vendor, tt.a, tt.b, tt.want, got)
		}
		if products(tt.a, tt.b, tt.vendor) != products(tt.b, tt.a, tt.vendor) {
			t.Errorf("%q, %q: the order matters", tt.a, tt.b)
		}
	}
}

func TestSameName(t *testing.T) {
	for _, tt := range []struct {
		vendor, a, b string
		want         bool
	}{
		{"", "Infinity Delta", "INFINITY-Delta", true},
		{"Welch Allyn", "Connex Spot Monitor", "Welch Allyn Connex Spot Monitor (CSM)", true},
		{"", "Welch Allyn Connex Spot Monitor", "Welch Allyn Connex Spot Monitor (CSM)", true},
		{"", "Infinity Delta", "Infinity Delta XL", false},
		{"", "Patient Monitor", "Patient Monitor", false},
	} {
		if got := SameName(tt.a, tt.b, ParseVendor(tt.vendor)); got != tt.want {
			t.Errorf("%s: %q, %q: want %v", tt.vendor, tt.a, tt.b, tt.want)
		}
	}
}

func TestKeys(t *testing.T) {
	for _, tt := range []struct {
		vendor, product string
		want            []string
	}{
		{"", "DCMTK", []string{"product dcmtk"}},
		{"OFFIS", "Offis DCM-TK 3", []string{"product dcmtk3", "product offisdcmtk3", "vendor ofis dcm", "vendor ofis dcmtk3", "vendor ofis tk"}},
		{"", "Patient Portal", nil},
		{"Acme", "Monitor", []string{"vendor acme monitor"}},
		{"", "", nil},
	} {
		got := Keys(ParseVendor(tt.vendor), tt.product)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q, %q (-want +got):\n%s", tt.vendor, tt.product, diff)
		}
	}
}

func TestJudge(t *testing.T) {
	for _, tt := range []struct {
		statement, version string
		want               Verdict
	}{
		{"vers:all/*", "3", Inside},
		{"vers:all/*", "", Inside},
		{"* (end-of-life 2011)", "3", Inside},
		{"All versions", "", Inside},
		{"<= 3.2", "3.2", Inside},
		{"<= 3.2", "3.2.0", Inside},
		{"<= 3.2", "3.2.1", Unclear},
		{"<= 3.2", "3.3", Outside},
		{"8", "8.4", Unclear},
		{"8", "80", Outside},
		{"8", "9", Outside},
		{"B.02", "B.02.15", Unclear},
		{"B.02", "B.03.15", Outside},
		{"B.02.15", "B.02", Unclear},
		{"4.0", "4.0.1", Unclear},
		{"1.5", "1.5.1", Unclear},
		{"1.5", "1.50", Outside},
		{"<= 1.11", "1.11.1", Unclear},
		{"< 1.11", "1.11.1", Unclear},
		{"< 1.11", "1.11", Outside},
		{"< 1.11", "1.11.0", Outside},
		{">= 1.11.2", "1.11", Unclear},
		{">= 1.11.2 | < 1.12", "1.11", Unclear},
		{"1.4.2.0-9d9eff4", "1.4.2", Unclear},
		{"2.X", "2-1", Inside},
		{"2.X", "2_1", Inside},
		{"2.1.x", "2", Unclear},
		{"2.1.x", "2.2", Outside},
		{"5.x.x", "5.3", Inside},
		{"5.x.x", "5", Inside},
		{"5.x.x", "5.1.2.3", Inside},
		{"5.x.x", "6.1", Outside},
		{"<=3.2", "v3.1", Inside},
		{"<= 3.2", "", NotStated},
		{"<= 9.33", "9.5", Inside},
		{"<= 3.2", "3.2-hotfix", Unclear},
		{"< B.06.18", "B.06.17", Inside},
		{"< B.06.18", "B.06.18", Outside},
		{"< B.06.18", "C.01", Unclear},
		{"<= R4.1L1", "R4.1L2", Outside},
		{"< 012U000040", "012U000039", Inside},
		{"4.0", "4.0", Inside},
		{"4.0", "4.0.0", Inside},
		{"4.0", "4.1", Outside},
		{"2nd Edition", "2nd edition", Inside},
		{"2nd Edition", "3rd edition", Unclear},
		{"1.1.7.333 | 2.1.1.3069", "2.1.1.3069", Inside},
		{"1.1.7.333 | 2.1.1.3069", "1.9", Outside},
		{">= 1.0.0  | <= 1.3.1", "1.2", Inside},
		{">= 1.0.0  | <= 1.3.1", "1.4", Outside},
		{">= 1.0.0  | <= 1.3.1", "0.9", Outside},
		{">= 1.0 | <= x1", "0.9", Outside},
		{">= 1.0 | <= x1", "1.1", Unclear},
		{">= 2.0", "3", Inside},
		{"vers:semver/<2.0|>=3.0|<3.1", "3.0.5", Inside},
		{"vers:semver/<2.0|>=3.0|<3.1", "2.5", Outside},
		{"versions prior to 4.0", "3.9", Inside},
		{"All versions prior to 4.0", "4.0", Outside},
		{"Versions 3.2 and prior", "3.1", Inside},
		{"Version 2.0 and later", "1.9", Outside},
		{"Versions 1.1 to 1.3.2", "1.2", Inside},
		{"9.x", "9.4", Inside},
		{"9.x", "90.4", Outside},
		{"9.x", "10", Outside},
		{"9.x model 35700BAX3", "9.1", Unclear},
		{"<= 1.54 (integrated into GE MobileLink)", "1.0", Unclear},
		{"<8/30/2024", "1.0", Unclear},
		{"<  july 1 2017", "1.0", Unclear},
		{"5.0|5.1", "5.1", Inside},
		{"<=2023.3_Build_9342", "2023.3_Build_9341", Inside},
		{"<=5.17.1-754993421", "5.17.0", Inside},
		{"<=5.17.1-754993421", "5.18", Outside},
		{"", "1.0", Unclear},
		{"|", "1.0", Unclear},
		{strings.Repeat("9", 600), "1", Unclear},
	} {
		if got := Judge(tt.statement, tt.version); got != tt.want {
			t.Errorf("%q holds %q: want %d, got %d", tt.statement, tt.version, tt.want, got)
		}
	}
}

// The order of versions is one: reflexive, antisymmetric, transitive where it
// answers.
func TestCompareIsAnOrder(t *testing.T) {
	text := rapid.StringMatching(`[A-C]?[0-3]{1,2}(\.[0-3]{1,2}){0,2}([a-b][0-2])?`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := text.Draw(t, "a"), text.Draw(t, "b"), text.Draw(t, "c")
		if order, ok := compare(a, a); order != 0 || !ok {
			t.Fatalf("%q is not itself", a)
		}
		ab, okAB := compare(a, b)
		if ba, ok := compare(b, a); ok != okAB || ok && ba != -ab {
			t.Fatalf("%q and %q: %d and %d", a, b, ab, ba)
		}
		bc, okBC := compare(b, c)
		if ac, ok := compare(a, c); okAB && okBC && ok && ab < 0 && bc < 0 && ac >= 0 {
			t.Fatalf("%q < %q < %q, and the first is not below the last", a, b, c)
		}
	})
}

// A name agrees with itself, and agreement implies a key in common.
func TestKeysFindWhatAgrees(t *testing.T) {
	vendor := rapid.StringMatching(`([A-D][a-c]{1,5}|BD|GE)( (Medical|Inc|and|AG|Healthcare|[a-c]{1,5})){0,3}( \(BD\))?`)
	product := rapid.StringMatching(`((BD|GE|[A-C][a-c]{2,5}|Monitor|[1-3]{1,3}) ?){1,4}(\([a-c]{3,4}\))?`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := ParseVendor(vendor.Draw(t, "a")), ParseVendor(vendor.Draw(t, "b"))
		if a.Compare(a) != Same {
			t.Fatalf("%+v is not itself", a)
		}
		p, q := product.Draw(t, "p"), product.Draw(t, "q")
		if a.Compare(b) == Other || Products(p, q, a, b) == Other {
			return
		}
		if keys := Keys(b, q); !slices.ContainsFunc(Keys(a, p), func(k string) bool { return slices.Contains(keys, k) }) {
			t.Fatalf("%q of %+v and %q of %+v agree and have no key in common", p, a, q, b)
		}
	})
}

func FuzzNames(f *testing.F) {
	f.Add("Becton, Dickinson and Company (BD)", "BD Pyxis", ">= 1.0 | <= 1.3", "1.2")
	f.Add("((", "s.p.a.", "9.x", "v")
	f.Fuzz(func(t *testing.T, vendor, product, statement, version string) {
		vendors(vendor, product)
		products(product, vendor, vendor)
		Keys(ParseVendor(vendor), product)
		Judge(statement, version)
		if Judge(statement, "") == Outside {
			t.Fatalf("%q clears a product of which no version is known", statement)
		}
		if v := ParseVendor(vendor); len(v.exact) > 0 && v.Compare(v) != Same {
			t.Fatalf("%q is not itself", vendor)
		}
	})
}
