// SPDX-License-Identifier: Apache-2.0

package match_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/vulndb"
)

// TestTrapsInTheData holds the traps whose reference names an example of the real
// data against that example: what is said of one record and one component.
func TestTrapsInTheData(t *testing.T) {
	db, _ := match.RealDB(t)
	for _, c := range []struct {
		trap, record, of string
		want             string // of the finding with the record; "" for none
	}{
		{"01", "BIT-apache-2021-42013", "pkg:bitnami/apache@2.4.50", "strong [>= 2.4.50, < 2.4.51] fixed 2.4.51"},
		{"01", "BIT-apache-2021-42013", "pkg:bitnami/apache@2.4.51", ""},
		{"01", "RUSTSEC-2022-0012", "pkg:cargo/arrow2@0.9.1", "strong [>= 0.9.0, < 0.9.2] fixed 0.9.2"},
		{"01", "RUSTSEC-2022-0012", "pkg:cargo/arrow2@0.10.0", ""},
		{"01", "RUSTSEC-2022-0012", "pkg:cargo/arrow2@0.17.0", ""},
		{"01", "OSEC-2017-01", "pkg:opam/ocaml@4.04.1", "strong [>= 4.04, < 4.04.2] fixed 4.04.2"},
		{"01", "OSEC-2017-01", "pkg:opam/ocaml@4.04.2", ""},
		{"02", "RUSTSEC-2016-0001", "pkg:cargo/openssl@0.1.0-alpha", "strong [>= 0.0.0-0, < 0.9.0] fixed 0.9.0"},
		{"03", "GHSA-4vmg-rw8f-92f9", "pkg:pypi/torch@2.3.1", "strong [<= 2.3.1]"},
		{"03", "GHSA-4vmg-rw8f-92f9", "pkg:pypi/torch@2.3.1.post1", ""},
		{"09", "GHSA-f82v-jwr5-mffw", "pkg:npm/next@12.1.0", "strong [>= 11.1.4, < 12.3.5] fixed 12.3.5"},
		{"09", "GHSA-f82v-jwr5-mffw", "pkg:npm/next@13.5.8", "strong [>= 13.0.0, < 13.5.9] fixed 13.5.9"},
		{"09", "GHSA-f82v-jwr5-mffw", "pkg:npm/next@14.2.24", "strong [>= 14.0.0, < 14.2.25] fixed 14.2.25"},
		{"09", "GHSA-f82v-jwr5-mffw", "pkg:npm/next@15.2.3", ""},
		{"10", "CVE-2024-51754", "pkg:composer/twig/twig@1.44.0", "strong [>= 1.0.0, < 2.0.0] fixed 3.11.2 (no fix in the component's own major line is named)"},
		{"10", "CVE-2024-51754", "pkg:composer/twig/twig@3.13.0", "strong [>= 3.12.0, < 3.14.1] fixed 3.14.1"},
		{"12", "CVE-2008-7220", "pkg:npm/prototype@1.6.0", "strong [>= 1.6.0, < 1.6.0.2] fixed 1.6.0.2"},
		{"14", "PYSEC-2022-43170", "pkg:pypi/tryton@6.2.1", "strong [>= 6.2.0, < 6.2.2] fixed 6.2.2"},
		{"14", "PYSEC-2022-43170", "pkg:pypi/tryton@6.2.4", ""},
		{"16", "GO-2024-2428", "pkg:golang/k8s.io/ingress-nginx@v1.8.0", "weak [product versions < 1.9.0] (the advisory names versions of the product, which need not be those of the module)"},
		{"16", "GO-2024-2428", "pkg:golang/k8s.io/ingress-nginx@v1.9.0", ""},
		{"16", "GO-2023-2102", "pkg:golang/stdlib@1.21.2", "strong [>= 1.21.0-0, < 1.21.3] fixed 1.21.3"},
		{"16", "GO-2023-2102", "pkg:golang/cloud.google.com/go@v0.110.0", ""},
		{"17", "PYSEC-2026-457", "pkg:pypi/Pillow@10.1.0", "strong [< 10.2.0] fixed 10.2.0"},
		{"18", "GHSA-67hx-6x53-jw92", "pkg:npm/%40babel/traverse@7.0.0", "strong [< 7.23.2] fixed 7.23.2"},
		{"20", "CVE-2024-21907", "pkg:nuget/newtonsoft.json@12.0.1", "strong [< 13.0.1] fixed 13.0.1 (no fix in the component's own major line is named)"},
		{"21", "DRUPAL-CONTRIB-2017-091", "pkg:composer/drupal/config_update@1.4.0", "strong [< 1.5.0] fixed 1.5.0"},
		{"22", "GHSA-crjr-9rc5-ghw8", "pkg:gem/nokogiri@1.13.3-x86_64-linux", "strong [< 1.13.4] fixed 1.13.4"},
		{"24", "ALSA-2022:7288", "pkg:rpm/almalinux/openssl-libs@3.0.1-41.el9_0?epoch=1&distro=almalinux-9.0", "strong [< 1:3.0.1-43.el9_0] fixed 1:3.0.1-43.el9_0"},
		{"24", "DLA-3103-1", "pkg:deb/debian/zlib1g@1:1.2.11.dfsg-1?upstream=zlib&distro=debian-10", "strong [< 1:1.2.11.dfsg-1+deb10u2] fixed 1:1.2.11.dfsg-1+deb10u2"},
		{"25", "BELL-CVE-2024-3094", "pkg:apk/alpaquita/xz@5.2.9-r0?distro=23", "strong [>= 5.2.8-r0, < 5.2.9_p525-r0] fixed 5.2.9_p525-r0"},
		{"31", "GHSA-pjwm-rvh2-c87w", "pkg:npm/ua-parser-js@0.7.29", "strong [>= 0.7.29, < 0.7.30] fixed 0.7.30"},
	} {
		t.Run(c.trap+" "+c.record+" "+c.of, func(t *testing.T) {
			found := db.Find(c.record)
			if len(found) == 0 {
				t.Fatalf("%s is not in the data", c.record)
			}
			if d := cmp.Diff(c.want, findingOf(t, db, c.record, c.of)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
	if err := db.Err(); err != nil {
		t.Error(err)
	}
}

// findingOf writes the finding that names a record.
func findingOf(t *testing.T, db *vulndb.DB, record, url string) string {
	t.Helper()
	result, err := match.New(db).Match(&sbom.Document{Components: []sbom.Component{{PURL: url}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range result.Findings {
		if !slices.ContainsFunc(f.Records, func(r match.Record) bool { return db.Advisory(r.Advisory).ID == record }) {
			continue
		}
		line := f.Confidence.String() + " [" + f.Range + "]"
		if len(f.Fixed) > 0 {
			line += " fixed " + strings.Join(f.Fixed, "|")
		}
		if f.Caveat != "" {
			line += " (" + f.Caveat + ")"
		}
		return line
	}
	return ""
}

// TestFewRecordsInTheData: of which ecosystems the real data holds too little.
func TestFewRecordsInTheData(t *testing.T) {
	db, _ := match.RealDB(t)
	got := map[string]string{}
	for _, url := range []string{
		"pkg:deb/ubuntu/none@1.0?distro=ubuntu-20.04", "pkg:pub/none@1.0.0", "pkg:swift/github.com/none/none@1.0.0",
		"pkg:cran/none@1.0", "pkg:npm/none-such@1.0.0", "pkg:pypi/none-such@1.0", "pkg:deb/debian/none@1.0?distro=debian-11&arch=src",
		"pkg:hackage/none-such@1.0", "pkg:maven/none/none@1.0", "pkg:rpm/almalinux/none@1.0-1?distro=almalinux-9",
	} {
		result, err := match.New(db).Match(&sbom.Document{Components: []sbom.Component{{PURL: url}}})
		if err != nil {
			t.Fatal(err)
		}
		got[url[:strings.Index(url, "none")-1]] = strings.TrimSpace(result.Components[0].State.String() + " " + result.Components[0].Detail)
	}
	want := map[string]string{
		"pkg:deb/ubuntu":       "assessed-weakly the database has 4 of the 50807 records or more of Ubuntu",
		"pkg:pub":              "assessed-weakly the database has 1 of the 10 records or more of Pub",
		"pkg:swift/github.com": "assessed-weakly the database has 5 of the 47 records or more of SwiftURL",
		"pkg:cran":             "assessed", "pkg:npm": "assessed", "pkg:pypi": "assessed", "pkg:deb/debian": "assessed", "pkg:hackage": "assessed",
		"pkg:maven": "assessed", "pkg:rpm/almalinux": "assessed",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
