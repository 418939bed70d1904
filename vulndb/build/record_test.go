// SPDX-License-Identifier: Apache-2.0

package build

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/vulndb"
)

// TestEntries holds each trap of ranges, versions, ecosystems and names that
// real records set.
func TestEntries(t *testing.T) {
	for _, c := range []struct {
		name            string
		record          filed
		ecosystem, pkg  string
		want, oddities  []string
		without, listed int // entries without a package, listed versions left out
	}{
		{
			name: "fixed and introduced at one version, in this order (BIT-apache-2021-42013)",
			record: rec("Bitnami", "BIT-1", one("Bitnami", "apache",
				events(`{"introduced":"2.4.49"},{"fixed":"2.4.50"},{"introduced":"2.4.50"},{"fixed":"2.4.51"}`))),
			ecosystem: "Bitnami", pkg: "apache",
			want: []string{"BIT-1 ECOSYSTEM introduced 2.4.49, fixed 2.4.50, introduced 2.4.50, fixed 2.4.51;"},
		},
		{
			name: "introduced and fixed at one version, in this order (RUSTSEC-2022-0012)",
			record: rec("crates.io", "RUSTSEC-1", one("crates.io", "a_b",
				`"ranges":[{"type":"SEMVER","events":[{"introduced":"0.0.0-0"},{"fixed":"0.9.0"},{"introduced":"0.10.0"},{"fixed":"0.10.0"}]}]`)),
			ecosystem: "crates.io", pkg: "A-b",
			want: []string{"RUSTSEC-1 SEMVER introduced 0.0.0-0, fixed 0.9.0, introduced 0.10.0, fixed 0.10.0;"},
		},
		{
			name: "events out of order, equal ones in the record's order, 0 before all",
			record: rec("npm", "N-1", one("npm", "x",
				events(`{"fixed":"2.0.0"},{"introduced":"1.10.0"},{"introduced":"0.0.0-0"},{"fixed":"1.2.0"},{"introduced":"1.2.0"},{"introduced":"0"},{"fixed":"1.9.0"}`))),
			ecosystem: "npm", pkg: "x",
			want: []string{"N-1 ECOSYSTEM introduced 0, introduced 0.0.0-0, fixed 1.2.0, introduced 1.2.0, fixed 1.9.0, introduced 1.10.0, fixed 2.0.0;"},
		},
		{
			name: "several events in one object, numbers for versions",
			record: rec("npm", "N-2", one("npm", "x",
				`"versions":[4.5,"x-1"],"ranges":[{"type":"SEMVER","events":[{"introduced":0,"fixed":"1.0.0"},{"introduced":2,"last_affected":2.5}]}]`)),
			ecosystem: "npm", pkg: "x",
			want: []string{"N-2 SEMVER introduced 0, fixed 1.0.0, introduced 2, last_affected 2.5; versions 4.5 x-1"},
		},
		{
			name:      "introduced alone, and limit",
			record:    rec("npm", "N-3", one("npm", "x", `"ranges":[{"type":"SEMVER","events":[{"introduced":"1.0.0"}]},{"type":"SEMVER","events":[{"introduced":"0"},{"limit":"2.0.0"}]}]`)),
			ecosystem: "npm", pkg: "x",
			want: []string{"N-3 SEMVER introduced 1.0.0; SEMVER introduced 0, limit 2.0.0;"},
		},
		{
			name: "listed versions: those in a range are left out, bounds and strangers stay",
			record: rec("PyPI", "P-1", one("PyPI", "x",
				`"versions":["0.9","1.0","1.0.0rc1","1.4","1.5","2.0","strange!"],`+events(`{"introduced":"1.0"},{"fixed":"1.5"}`))),
			ecosystem: "PyPI", pkg: "x",
			want:   []string{"P-1 ECOSYSTEM introduced 1.0, fixed 1.5; versions 0.9 1.0.0rc1 1.5 2.0 strange!"},
			listed: 2,
		},
		{
			name:      "last_affected holds its version, but it stays listed",
			record:    rec("PyPI", "P-2", one("PyPI", "x", `"versions":["1.0","1.1"],`+events(`{"introduced":"0"},{"last_affected":"1.1"}`))),
			ecosystem: "PyPI", pkg: "x",
			want:   []string{"P-2 ECOSYSTEM introduced 0, last_affected 1.1; versions 1.1"},
			listed: 1,
		},
		{
			name: "GIT range first, its versions stay (PYSEC-2022-304)",
			record: rec("PyPI", "P-3", one("PyPI", "Dj.ango",
				`"versions":["3.2"],"ranges":[{"type":"GIT","repo":"https://git.example/r","events":[{"introduced":"0"},{"fixed":"abc"}]},{"type":"ECOSYSTEM","events":[{"introduced":"3.2.1"},{"fixed":"3.2.4"}]}]`)),
			ecosystem: "PyPI", pkg: "dj_ANGO",
			want: []string{"P-3 GIT unsorted introduced 0, fixed abc; ECOSYSTEM introduced 3.2.1, fixed 3.2.4; versions 3.2"},
		},
		{
			name:      "a bound that cannot be compared: the record's order, and an oddity",
			record:    rec("PyPI", "P-4", one("PyPI", "x", `"versions":["1.0"],`+events(`{"fixed":"2.6.0-NA"},{"introduced":"0"},{"introduced":"1.0"}`))),
			ecosystem: "PyPI", pkg: "x",
			want:     []string{"P-4 ECOSYSTEM unsorted fixed 2.6.0-NA, introduced 0, introduced 1.0; versions 1.0"},
			oddities: []string{`osv/PyPI: P-4: bound "2.6.0-NA" is not comparable`},
		},
		{
			name:      "versions only, ranges null",
			record:    rec("npm", "N-4", `"aliases":null,"related":null,"references":null,"severity":null,"database_specific":null,`+one("npm", "x", `"ranges":null,"ecosystem_specific":null,"database_specific":null,"versions":["1.2.3"]`)),
			ecosystem: "npm", pkg: "x",
			want: []string{"N-4 versions 1.2.3"},
		},
		{
			name:      "neither ranges nor versions",
			record:    rec("npm", "N-5", one("npm", "x", `"versions":[]`)),
			ecosystem: "npm", pkg: "x",
			want: []string{"N-5"},
		},
		{
			name: "several entries of one package keep their order (GHSA-f82v-jwr5-mffw)",
			record: rec("npm", "N-6", `"affected":[
				{"package":{"ecosystem":"npm","name":"next"},`+events(`{"introduced":"13.0.0"},{"fixed":"13.5.9"}`)+`},
				{"package":{"ecosystem":"npm","name":"other"},`+events(`{"introduced":"0"}`)+`},
				{"package":{"ecosystem":"npm","name":"next"},`+events(`{"introduced":"11.1.4"},{"fixed":"12.3.5"}`)+`}]`),
			ecosystem: "npm", pkg: "next",
			want: []string{"N-6 ECOSYSTEM introduced 13.0.0, fixed 13.5.9;", "N-6 ECOSYSTEM introduced 11.1.4, fixed 12.3.5;"},
		},
		{
			name: "releases with colons",
			record: rec("Ubuntu", "U-1", `"affected":[
				{"package":{"ecosystem":"Ubuntu:Pro:20.04:LTS","name":"a2ps"},`+events(`{"introduced":"0"},{"fixed":"1:4.14-1.2"}`)+`},
				{"package":{"ecosystem":"Ubuntu:14.04:LTS","name":"a2ps"},`+events(`{"introduced":"0"},{"fixed":"1:4.14-1.1"}`)+`}]`),
			ecosystem: "Ubuntu", pkg: "a2ps",
			want: []string{"U-1 @Pro:20.04:LTS ECOSYSTEM introduced 0, fixed 1:4.14-1.2;", "U-1 @14.04:LTS ECOSYSTEM introduced 0, fixed 1:4.14-1.1;"},
		},
		{
			name:      "an epoch sorts above",
			record:    rec("AlmaLinux", "ALSA-1", one("AlmaLinux:9", "openssl", events(`{"fixed":"1:3.0.1-43.el9_0"},{"introduced":"0"},{"introduced":"9.0-1"}`))),
			ecosystem: "AlmaLinux", pkg: "openssl",
			want: []string{"ALSA-1 @9 ECOSYSTEM introduced 0, introduced 9.0-1, fixed 1:3.0.1-43.el9_0;"},
		},
		{
			name:      "an ecosystem that nobody knows",
			record:    rec("Newtown", "NT-1", one("Newtown:7", "Some/Name", `"versions":["b","a"],`+events(`{"introduced":"0"},{"fixed":"3"}`))),
			ecosystem: "Newtown", pkg: "Some/Name",
			want:     []string{"NT-1 @7 ECOSYSTEM unsorted introduced 0, fixed 3; versions b a"},
			oddities: []string{`osv/Newtown: the order of versions of ecosystem "Newtown" is not known: its packages are kept, but only listed versions can be matched`},
		},
		{
			name: "an entry without a package beside one with (Hex)",
			record: rec("Hex", "H-1", `"affected":[{"ranges":[{"type":"GIT","events":[{"introduced":"0"}]}]},
				{"package":{"ecosystem":"Hex","name":"x"},`+events(`{"introduced":"0"}`)+`},{"package":{"ecosystem":"Hex"},"versions":["1"]}]`),
			ecosystem: "Hex", pkg: "x",
			want:     []string{"H-1 ECOSYSTEM introduced 0;"},
			oddities: []string{`osv/Hex: H-1: a GIT range without the address of a repository ("")`, `osv/Hex: H-1: affected entry 2 has no usable package (ecosystem "Hex", name ""), left out`},
			without:  1,
		},
		{
			name: "custom ranges stand for a beginning (GO-2024-2428)",
			record: rec("Go", "GO-1", one("Go", "k8s.io/Ingress", `"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}],
				"ecosystem_specific":{"custom_ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.9.0"}]}]}`)),
			ecosystem: "Go", pkg: "k8s.io/Ingress",
			want: []string{"GO-1 custom ECOSYSTEM introduced 0, fixed 1.9.0;"},
		},
		{
			name: "custom ranges beside a range with an end are left out (GO-2024-2527)",
			record: rec("Go", "GO-2", one("Go", "go.etcd.io/etcd", `"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"0.5.0-alpha.5.0.20221102000833-1f054980bc27"}]}],
				"ecosystem_specific":{"custom_ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"3.2.22"},{"fixed":"3.4.22"}]}]}`)),
			ecosystem: "Go", pkg: "go.etcd.io/etcd",
			want: []string{"GO-2 SEMVER introduced 0, fixed 0.5.0-alpha.5.0.20221102000833-1f054980bc27;"},
		},
		{
			name:      "a range type and an event that are not known",
			record:    rec("npm", "N-7", one("npm", "x", `"ranges":[{"type":"MOON","events":[{"introduced":"0"},{"waned":"3"},{"fixed":null}]}]`)),
			ecosystem: "npm", pkg: "x",
			want: []string{"N-7 ECOSYSTEM introduced 0;"},
			oddities: []string{
				`osv/npm: N-7: event "waned" is not known`, `osv/npm: N-7: fixed without a version`,
				`osv/npm: N-7: range type "MOON" is not known, taken as ECOSYSTEM`,
			},
		},
		{
			name:      "withdrawn leads to no package",
			record:    rec("PyPI", "P-5", `"withdrawn":"2024-01-01",`+one("PyPI", "x", `"versions":["1.0"]`)),
			ecosystem: "PyPI", pkg: "x",
		},
		{
			name:      "withdrawn null is in force",
			record:    rec("PyPI", "P-6", `"withdrawn":null,`+one("PyPI", "x", `"versions":["1.0"]`)),
			ecosystem: "PyPI", pkg: "x",
			want: []string{"P-6 versions 1.0"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, report := open(t, memory(c.record))
			if d := cmp.Diff(c.want, entriesOf(t, db, c.ecosystem, c.pkg)); d != "" {
				t.Errorf("entries (-want +got):\n%s", d)
			}
			if d := cmp.Diff(c.oddities, odd(report)); d != "" {
				t.Errorf("oddities (-want +got):\n%s", d)
			}
			if c.without != report.EntriesWithoutPackage || c.listed != report.VersionsInRange {
				t.Errorf("want %d entries without package, %d versions in range, got %d, %d", c.without, c.listed, report.EntriesWithoutPackage, report.VersionsInRange)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	good := rec("npm", "N-1", one("npm", "x", `"versions":["1.0.0"]`))
	for _, c := range []struct{ name, text, want string }{
		{"cut off", good.json[:40], "the text ends"},
		{"not JSON", "id: N-2", "nothing where an OSV record should stand"},
		{"a list", "[" + good.json + "]", "an array where an OSV record should stand"},
		{"no id", `{"modified":"2024-01-01T00:00:00Z"}`, "has no usable id"},
		{"two", good.json + good.json, "text after the end"},
		{"endless id", `{"id":"` + strings.Repeat("x", 2000) + `"}`, "has no usable id"},
		{"deep", `{"id":"N-3","x":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, "nested deeper"},
	} {
		db, report := open(t, memory(good, filed{"npm", c.text}))
		if report.Refused != 1 || report.Files != 2 || report.Advisories != 1 || report.Feeds[0].Records != 1 {
			t.Errorf("%s: got %+v", c.name, report)
		}
		if len(report.OddityList) != 1 || !strings.Contains(report.OddityList[0].String(), "refused: ") || !strings.Contains(report.OddityList[0].What, c.want) {
			t.Errorf("%s: want an oddity with %q, got %v", c.name, c.want, report.OddityList)
		}
		if db.Info().Oddities != 1 {
			t.Errorf("%s: the database does not count it", c.name)
		}
		if _, _, err := FromRecords(memory(filed{"npm", c.text})); err == nil {
			t.Errorf("%s: a feed of which nothing can be read builds", c.name)
		}
	}
	if _, _, err := FromRecords(memory()); err == nil {
		t.Error("no record at all builds")
	}
}

func TestLenientFields(t *testing.T) {
	db, report := open(t, memory(filed{"npm", "\xEF\xBB\xBF" + `{"id":" N-1 ","modified":"yesterday","published":"2024-05-06","summary":17,
		"aliases":"CVE-2024-1","upstream":{"a":1},"related":["x",3,null],"references":["https://a.example/",{"type":"WEB"},{"url":"https://b.example/"}],
		"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N"},"x",{"score":null}],"affected":{}}`}))
	text, err := db.Text(db.Find("N-1")[0])
	if err != nil {
		t.Fatal(err)
	}
	want := vulndb.Text{
		Published: time.Date(2024, 5, 6, 0, 0, 0, 0, time.UTC), References: []string{"https://a.example/", "https://b.example/"},
		Aliases: []string{"CVE-2024-1"}, Related: []string{"x", "3"}, Severities: []vulndb.SeverityStatement{{Type: "CVSS_V3", Score: "CVSS:3.1/AV:N"}},
	}
	if d := cmp.Diff(want, text); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{
		`osv/npm: N-1: CVSS_V3 vector "CVSS:3.1/AV:N" is not valid: ` + cvssError(t, "CVSS:3.1/AV:N"),
		`osv/npm: N-1: affected is an object where an array should stand`, `osv/npm: N-1: modified "yesterday" is no date`, `osv/npm: N-1: no date of modification`,
	}, odd(report)); d != "" {
		t.Errorf("oddities (-want +got):\n%s", d)
	}
}

func cvssError(t *testing.T, vector string) string {
	t.Helper()
	_, err := score(vector)
	if err == nil {
		t.Fatalf("%q is valid", vector)
	}
	return err.Error()
}

// TestDuplicates files one id under several ecosystems.
func TestDuplicates(t *testing.T) {
	a := rec("Alpaquita", "B-1", one("Alpaquita:23", "xz", events(`{"introduced":"0"},{"fixed":"5.2-r0"}`)))
	same := a
	same.ecosystem = "BellSoft Hardened Containers"
	other := filed{same.ecosystem, strings.Replace(a.json, "5.2-r0", "5.3-r0", 1)}
	later := filed{same.ecosystem, strings.Replace(other.json, "2026-01-02", "2026-01-03", 1)}
	for _, c := range []struct {
		name     string
		second   filed
		want     string
		oddities int
	}{
		{"same body", same, "B-1 @23 ECOSYSTEM introduced 0, fixed 5.2-r0;", 0},
		{"other body, same date", other, "B-1 @23 ECOSYSTEM introduced 0, fixed 5.2-r0;", 1},
		{"other body, later", later, "B-1 @23 ECOSYSTEM introduced 0, fixed 5.3-r0;", 1},
	} {
		for _, records := range [][]filed{{a, c.second}, {c.second, a}} {
			if c.name == "other body, same date" && records[0] != a {
				continue // files are met in the order of the ecosystems, not of the caller
			}
			db, report := open(t, memory(records...))
			if d := cmp.Diff([]string{c.want}, entriesOf(t, db, "Alpaquita", "xz")); d != "" {
				t.Errorf("%s (-want +got):\n%s", c.name, d)
			}
			if report.Advisories != 1 || report.Duplicates != 1 || report.Entries != 1 || report.Oddities != c.oddities {
				t.Errorf("%s: got %+v", c.name, report)
			}
			if r, _ := db.Covers("Alpaquita", "23"); r.Records != 1 {
				t.Errorf("%s: counted %d times", c.name, r.Records)
			}
		}
	}
}

func TestParseTime(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"2024-02-29T12:30:15Z", "2024-02-29T12:30:15Z"},
		{"2024-02-29T12:30:15.123456789Z", "2024-02-29T12:30:15Z"},
		{"2024-02-29T12:30:15.1Z", "2024-02-29T12:30:15Z"},
		{"2024-02-29T12:30:15+02:00", "2024-02-29T10:30:15Z"},
		{"2024-02-29T12:30:15-0130", "2024-02-29T14:00:15Z"},
		{"2024-10-15T00:00:00+0000", "2024-10-15T00:00:00Z"},
		{"2024-02-29T12:30:15", "2024-02-29T12:30:15Z"},
		{"2024-02-29 12:30Z", "2024-02-29T12:30:00Z"},
		{"2024-02-29", "2024-02-29T00:00:00Z"},
		{"1970-01-01", "1970-01-01T00:00:00Z"},
		{"1968-01-01T00:00:00Z", "1968-01-01T00:00:00Z"},
		{"0001-01-01T00:00:00Z", "absent"},
		{"2024-13-01", "bad"},
		{"2024-02", "bad"},
		{"2024-02-29T", "bad"},
		{"2024-02-29T12:3x:00Z", "bad"},
		{"2024-02-29T12:30:15X", "bad"},
		{"2024-02-29T12:30:15+2", "bad"},
		{"yesterday at noon", "bad"},
		{"", "bad"},
	} {
		got := "bad"
		if s, ok := parseTime(c.text); ok {
			got = "absent"
			if s.ok {
				got = unixTime(s).Format(time.RFC3339)
			}
		}
		if got != c.want {
			t.Errorf("%q: want %s, got %s", c.text, c.want, got)
		}
	}
}

// FuzzRecord builds a database of any record: it never panics, and what comes
// out can be read.
func FuzzRecord(f *testing.F) {
	for _, r := range []filed{
		rec("npm", "N-1", one("npm", "x", events(`{"introduced":"0"},{"fixed":"1.0.0"}`))),
		rec("Go", "GO-1", `"aliases":["CVE-2024-1"],"upstream":["CVE-2024-2"],`+one("Go", "a/b", `"ecosystem_specific":{"custom_ranges":[{"events":[{"introduced":"1"}]}]}`)),
		rec("crates.io", "R-1", `"severity":[{"type":"CVSS_V4","score":"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:P"}],`+one("crates.io", "a", `"database_specific":{"cvss":"AV:N/AC:L/Au:N/C:N/I:N/A:C","informational":"unsound","cwes":[{"cweId":"CWE-506"}]},"versions":[1,"2"]`)),
	} {
		f.Add([]byte(r.json))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<16 {
			return
		}
		file, _, err := FromRecords(memory(rec("npm", "N-0", ""), filed{"npm", string(text)}))
		if err != nil {
			return
		}
		db, err := vulndb.OpenBytes(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Verify(); err != nil {
			t.Error(err)
		}
	})
}
