// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/sbom"
)

func TestParseParty(t *testing.T) {
	type result struct {
		Party sbom.Party
		Kind  partyKind
		Exact bool
	}
	for value, want := range map[string]result{
		"":                                     {sbom.Party{}, organisation, true},
		"NOASSERTION":                          {sbom.Party{Unknown: true}, organisation, true},
		"NONE":                                 {sbom.Party{Unknown: true}, organisation, false},
		"Organization: Acme":                   {sbom.Party{Name: "Acme"}, organisation, true},
		"Organization: Acme ()":                {sbom.Party{Name: "Acme"}, organisation, true},
		"Organization: Acme (Medical)":         {sbom.Party{Name: "Acme (Medical)"}, organisation, true},
		"Organization: Acme (p@a.example)":     {sbom.Party{Name: "Acme", Email: "p@a.example"}, organisation, true},
		"Organization: Acme (https://a.test)":  {sbom.Party{Name: "Acme", URL: "https://a.test"}, organisation, true},
		"Organization: A (B) (p@a.example)":    {sbom.Party{Name: "A (B)", Email: "p@a.example"}, organisation, true},
		"Organization:Acme (p@a.example)":      {sbom.Party{Name: "Acme", Email: "p@a.example"}, organisation, false},
		"organisation: Acme":                   {sbom.Party{Name: "Acme"}, organisation, false},
		"Organization: NOASSERTION":            {sbom.Party{Unknown: true}, organisation, false},
		"Organization:":                        {sbom.Party{Unknown: true}, organisation, false},
		"Person: Jane Doe <j@a.example>":       {sbom.Party{Name: "Jane Doe", Email: "j@a.example", Person: true}, person, true},
		"Person: N/A ()":                       {sbom.Party{Unknown: true}, person, true},
		"Person: (j@a.example)":                {sbom.Party{Email: "j@a.example", Person: true}, person, true},
		"Tool: syft-1":                         {sbom.Party{Name: "syft-1"}, tool, true},
		"Microsoft/GitHub":                     {sbom.Party{Name: "Microsoft/GitHub"}, organisation, false},
		"dns:acme.example":                     {sbom.Party{Name: "dns:acme.example"}, organisation, false},
		"Georg Brandl <g@p.example>":           {sbom.Party{Name: "Georg Brandl", Email: "g@p.example"}, organisation, false},
		"Organization: Acme)":                  {sbom.Party{Name: "Acme)"}, organisation, true},
		"Organization: Acme (sales at a.test)": {sbom.Party{Name: "Acme (sales at a.test)"}, organisation, true},
	} {
		var got result
		got.Party, got.Kind, got.Exact = parseParty(value)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", value, diff)
		}
	}
}

func TestLicence(t *testing.T) {
	for value, want := range map[string]sbom.LicenceKind{
		"MIT":                                  sbom.LicenceID,
		"GPL-2.0+":                             sbom.LicenceID,
		"NONE":                                 sbom.LicenceID,
		"DocumentRef-a:LicenseRef-b":           sbom.LicenceID,
		"MIT OR Apache-2.0":                    sbom.LicenceExpression,
		"(MIT)":                                sbom.LicenceExpression,
		"A AND (B OR C)":                       sbom.LicenceExpression,
		"GPL-2.0 WITH Classpath-exception-2.0": sbom.LicenceExpression,
		"MIT OR":                               sbom.LicenceName,
		"MIT or Apache-2.0":                    sbom.LicenceName,
		"OR":                                   sbom.LicenceName,
		"GPL v2":                               sbom.LicenceName,
		"MIT/X11":                              sbom.LicenceName,
		"(MIT":                                 sbom.LicenceName,
		"MIT)":                                 sbom.LicenceName,
		"()":                                   sbom.LicenceName,
		"MIT (X11)":                            sbom.LicenceName,
		"https://a.example/licence":            sbom.LicenceName,
	} {
		got, ok := licence(value, false)
		if got.Kind != want || got.Value != value || ok != (want != sbom.LicenceName) {
			t.Errorf("%q: want kind %d, got %+v, %v", value, want, got, ok)
		}
	}
}

func TestExactPURL(t *testing.T) {
	for _, test := range []struct{ kind, locator, want string }{
		{"maven-central", "org.apache.logging.log4j:log4j-core:2.14.1", "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"},
		{"maven-central", "org.apache.tomcat:tomcat", "pkg:maven/org.apache.tomcat/tomcat"},
		{"maven-central", "g:a:jar:1.0", ""},
		{"maven-central", "a", ""},
		{"maven-central", "g:a:[1,2)", ""},
		{"npm", "lodash@4.17.20", "pkg:npm/lodash@4.17.20"},
		{"npm", "@babel/core@7.0.0", "pkg:npm/%40babel/core@7.0.0"},
		{"npm", "@babel", ""},
		{"npm", "lodash@^4", ""},
		{"npm", "a@1.0.0+build", "pkg:npm/a@1.0.0%2Bbuild"},
		{"nuget", "Microsoft.AspNet.MVC/5.0.0", "pkg:nuget/Microsoft.AspNet.MVC@5.0.0"},
		{"nuget", "Microsoft.AspNet.MVC@5.0.0", "pkg:nuget/Microsoft.AspNet.MVC@5.0.0"},
		{"bower", "modernizr#2.6.2", "pkg:bower/modernizr@2.6.2"},
		{"npm", "", ""},
	} {
		got, ok := exactPURL(test.kind, test.locator)
		if got != test.want || ok != (test.want != "") {
			t.Errorf("%s %q: want %q, got %q, %v", test.kind, test.locator, test.want, got, ok)
		}
	}
}

func TestHashAlgorithm(t *testing.T) {
	for name, want := range map[string]string{
		"SHA1": "SHA-1", "SHA512": "SHA-512", "SHA3-256": "SHA3-256", "BLAKE2b-384": "BLAKE2b-384", "MD5": "MD5",
		"sha256": "SHA-256", "SHA-256": "SHA-256", "checksumAlgorithm_sha1": "SHA-1", "CRC": "CRC",
	} {
		if got, _, _ := hashAlgorithm(name); got != want {
			t.Errorf("%q: want %q, got %q", name, want, got)
		}
	}
}

func TestSBOMType(t *testing.T) {
	for comment, want := range map[string]string{
		"SBOM Type: Build":                        "build",
		"sbom type = 'source' of the release":     "source",
		"The SBOM type is not said.":              "",
		"SBOM type:\nruntime":                     "",
		"no SBOM type given; SBOM type: Analysed": "analyzed",
		"built by a tool":                         "",
	} {
		if got := sbomType(comment); got != want {
			t.Errorf("%q: want %q, got %q", comment, want, got)
		}
	}
}

// TestTagTable: the table is searched by halves, and tags of one spelling in
// two cases could not be told apart.
func TestTagTable(t *testing.T) {
	if !slices.IsSortedFunc(tagTable[:], func(a, b tagRow) int { return strings.Compare(a.name, b.name) }) {
		t.Error("the table of tags is not sorted by name")
	}
	for i, row := range tagTable {
		if found, exact, ok := findTag(row.name); !ok || !exact || found != &tagTable[i] {
			t.Errorf("%s is not found", row.name)
		}
		if found, exact, ok := findTag(strings.ToLower(row.name)); !ok || exact || found != &tagTable[i] {
			t.Errorf("%s in lower case is not found", row.name)
		}
	}
}
