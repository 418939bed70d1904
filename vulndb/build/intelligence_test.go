// SPDX-License-Identifier: Apache-2.0

package build

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/vulndb"
)

func dayOf(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSSVC(t *testing.T) {
	in := memory(
		rec("npm", "GHSA-aaaa-aaaa-aaaa", `"aliases":["CVE-2024-0001"]`),
		rec("AlmaLinux", "ALSA-2024:1", `"related":["CVE-2024-0001","CVE-2024-0002","CVE-2024-0003"]`),
		rec("npm", "CVE-2024-0004", ""), rec("npm", "CVE-2024-0005", ""), rec("npm", "CVE-2024-0009", ""),
	)
	in.SSVC = []byte("technical_impact,cve,exploitation,automatable,ssvc_date,other\r\n" +
		"Total,CVE-2024-0001,None,No,2024-05-01,x\r\n" +
		"partial,CVE-2024-0002,PoC,yes,2024-05-02\n" +
		"total,CVE-2024-0003,poc,No,2024-05-03\n" +
		"total,CVE-2024-0004,perhaps,yes,2024-05-04\n" + // a value that is unknown
		"partial,CVE-2024-0005,none,no,2024-01-01\n" + // twice: the later one counts
		"total,CVE-2024-0005,active,no,2024-06-01\n" +
		"total,CVE-2024-0006,none,no,2099-01-01\n" + // does not keep the feed fresh
		"?,CVE-2024-0007,?,?,2024-06-02\n" +
		"total,CVE-24-7,poc,no,2024-06-02\n" +
		"partial,CVE-2024-0008,none,no,soon\n")
	db, report := open(t, in)
	for id, want := range map[string]*vulndb.SSVC{
		"GHSA-aaaa-aaaa-aaaa": {CVE: "CVE-2024-0001", Exploitation: "none", Automatable: "no", TechnicalImpact: "total", Date: dayOf(t, "2024-05-01")},
		"ALSA-2024:1":         {CVE: "CVE-2024-0002", Exploitation: "poc", Automatable: "yes", TechnicalImpact: "partial", Date: dayOf(t, "2024-05-02")},
		"CVE-2024-0004":       {CVE: "CVE-2024-0004", Automatable: "yes", TechnicalImpact: "total", Date: dayOf(t, "2024-05-04")},
		"CVE-2024-0005":       {CVE: "CVE-2024-0005", Exploitation: "active", Automatable: "no", TechnicalImpact: "total", Date: dayOf(t, "2024-06-01")},
		"CVE-2024-0009":       nil,
	} {
		if d := cmp.Diff(want, groupOf(t, db, id).SSVC); d != "" {
			t.Errorf("%s (-want +got):\n%s", id, d)
		}
	}
	if s, ok := db.SSVC("cve-2024-0008"); !ok || !s.Date.IsZero() {
		t.Errorf("without a date: got %+v, %v", s, ok)
	}
	f := db.Info().Feed("ssvc")
	if f == nil || f.Date.Format(time.DateOnly) != "2024-06-01" || f.Records != 8 {
		t.Errorf("feed: got %+v", f)
	}
	list := strings.Join(odd(report), "\n")
	for _, want := range []string{`exploitation "perhaps" is none of none, poc, active`, "stands twice", "after the date of the build", "has no CVE id", `"soon" is no date`} {
		if !strings.Contains(list, want) {
			t.Errorf("no oddity says %q:\n%s", want, list)
		}
	}
	if len(odd(report)) != 1+1+1+3+1+1 {
		t.Errorf("got %d oddities:\n%s", report.Oddities, list)
	}
}

// What is not known of a decision stands between its best and its worst.
func TestWorseSSVC(t *testing.T) {
	points := func(exploitation, automatable, impact uint32) uint32 {
		return exploitation | automatable<<2 | impact<<4
	}
	falling := []uint32{
		points(3, 2, 2), points(3, 1, 1), points(2, 2, 1), points(2, 0, 1), points(2, 1, 2), points(2, 1, 0), points(2, 1, 1), points(0, 2, 2), points(1, 2, 2), points(1, 1, 1),
	}
	for i, x := range falling {
		for j, y := range falling {
			if got := worseSSVC(x, y); got != (i < j) {
				t.Errorf("%#b worse than %#b: got %v", x, y, got)
			}
		}
	}
}

const (
	vector98 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
	vector75 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"
	vector33 = "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N"
	vectorV2 = "AV:N/AC:L/Au:N/C:C/I:C/A:C" // 10.0
	vectorV4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N"
)

func TestRatings(t *testing.T) {
	in := memory(
		rec("npm", "CVE-2024-0001", `"database_specific":{"severity":"LOW"}`),
		rec("npm", "CVE-2024-0002", `"severity":[{"type":"CVSS_V3","score":"`+vector33+`"}]`),
		rec("npm", "CVE-2024-0003", ""),
		rec("npm", "CVE-2024-0004", `"database_specific":{"severity":"HIGH"}`),
		rec("Debian", "DSA-1", `"upstream":["CVE-2024-0001","CVE-2024-0003","CVE-2024-0005"]`),
	)
	in.CVSS = []byte("cve,type,vector,source\n" +
		"CVE-2024-0001,CVSS_V3," + vector75 + ",nvd\n" +
		"CVE-2024-0001,CVSS_V3," + vector98 + ",adp\n" +
		"CVE-2024-0001,CVSS_V2," + vectorV2 + ",nvd\n" + // 10.0, but v2
		"CVE-2024-0001,CVSS_V3," + vector98 + ",maker\n" +
		"CVE-2024-0002,CVSS_V3," + vector98 + ",nvd\n" + // the record's own counts
		"CVE-2024-0003,CVSS_V2," + vectorV2 + ",nvd\n" +
		"CVE-2024-0004,CVSS_V3,CVSS:3.1/AV:X,nvd\n" +
		"CVE-2024-0004,CVSS_V3,,nvd\n" +
		"CVE-2024-0005,CVSS_V4," + vectorV4 + ",\n" +
		"CVE-2024-0001,CVSS_V3," + vector75 + ",nvd\n" +
		"nonsense\n")
	db, report := open(t, in)
	type stated struct {
		Severity, Vector, Source string
		Score                    float64
	}
	for id, want := range map[string]stated{
		"CVE-2024-0001": {"critical", vector98, "CVE-2024-0001 by adp", 9.8},
		"CVE-2024-0002": {"low", vector33, "CVE-2024-0002", 3.3},
		"CVE-2024-0003": {"high", vectorV2, "CVE-2024-0003 by nvd", 10},
		"CVE-2024-0004": {"high", "", "", 0},
		"DSA-1":         {"critical", vector98, "CVE-2024-0001 by adp", 9.8},
	} {
		g := groupOf(t, db, id)
		if d := cmp.Diff(want, stated{g.Severity.String(), g.CVSS.Vector, g.CVSS.Source, g.CVSS.Score}); d != "" {
			t.Errorf("%s (-want +got):\n%s", id, d)
		}
	}
	want := []vulndb.Rating{
		{Type: "CVSS_V3", Vector: vector98, Source: "adp"},
		{Type: "CVSS_V3", Vector: vector98, Source: "maker"},
		{Type: "CVSS_V2", Vector: vectorV2, Source: "nvd"},
		{Type: "CVSS_V3", Vector: vector75, Source: "nvd"},
	}
	if d := cmp.Diff(want, db.Ratings("cve-2024-0001")); d != "" {
		t.Errorf("disagreement (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]vulndb.Rating{{Type: "CVSS_V4", Vector: vectorV4, Source: "an unnamed source"}}, db.Ratings("CVE-2024-0005")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if db.Ratings("CVE-2024-0009") != nil || db.Ratings("x") != nil {
		t.Error("ratings of what has none")
	}
	if f := db.Info().Feed("cvss"); f == nil || !f.Date.IsZero() || f.Records != 8 || db.Info().Has("ssvc") {
		t.Errorf("feed: got %+v", f)
	}
	if len(odd(report)) != 3 {
		t.Errorf("got %v", odd(report))
	}
}

// The vectors beside CISA's decisions are ratings too, once even if both feeds
// have them.
func TestRatingsOfSSVC(t *testing.T) {
	in := memory(rec("npm", "CVE-2024-0001", ""), rec("npm", "CVE-2024-0002", ""))
	in.SSVC = []byte("cve,exploitation,automatable,technical_impact,ssvc_date,kev_date_added,cvss_vector,cwes\n" +
		"CVE-2024-0001,none,no,total,2024-01-01,," + vector98 + ",CWE-1\nCVE-2024-0002,none,no,total,2024-01-01,,,\n")
	in.CVSS = []byte("cve,type,vector,source\nCVE-2024-0001,CVSS_V3," + vector98 + ",cisa-adp\n")
	db, _ := open(t, in)
	if d := cmp.Diff([]vulndb.Rating{{Type: "CVSS_V3", Vector: vector98, Source: "cisa-adp"}}, db.Ratings("CVE-2024-0001")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if g := groupOf(t, db, "CVE-2024-0002"); g.CVSS != (vulndb.CVSS{}) || g.Severity != vulndb.Unknown {
		t.Errorf("got %+v", g)
	}
}

func csafOf(id, updated, vendor, product, version string) string {
	return fmt.Sprintf(`{"document":{"title":"t","tracking":{"id":%q,"initial_release_date":"2024-01-01","current_release_date":%q}},
		"product_tree":{"branches":[{"category":"vendor","name":%q,"branches":[{"category":"product_name","name":%q,"branches":[
		{"category":"product_version_range","name":%q,"product":{"product_id":"P","name":"p"}}]}]}]},
		"vulnerabilities":[{"cve":"CVE-2024-1","product_status":{"known_affected":["P"]},"scores":[{"cvss_v3":{"vectorString":"`+vector75+`"}},{"cvss_v3":{"vectorString":"nonsense"}}]}]}`,
		id, updated, vendor, product, version)
}

// An advisory in a folder and in a zip is one; of two that differ the one
// released last counts.
func TestCSAFFolder(t *testing.T) {
	root := t.TempDir()
	write := func(name string, text []byte) {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	same := csafOf("ICSMA-24-001-01", "2024-02-01", "Acme Inc.", "Pump", "<= 3")
	write("csaf/icsma/a.json", []byte(same))
	write("csaf/icsma/README.txt", []byte("no advisory"))
	write("csaf/icsma.zip", zipOf(t, member{name: "a.json", text: same}, member{name: "note.txt", text: "x"}))
	write("csaf/old.json", []byte(csafOf("ICSMA-24-002-01", "2024-02-01", "Acme", "Old", "1")))
	write("csaf/older/new.json", []byte(csafOf("ICSMA-24-002-01", "2024-03-01", "Acme", "New", "1")))
	write("csaf/bad.json", []byte("{"))
	write("csaf/future.json", []byte(csafOf("ICSMA-24-003-01", "2099-03-01", "Acme", "Later", "1")))
	write("osv/npm/all.zip", zipOf(t, member{name: "N-1.json", text: `{"id":"N-1","modified":"2024-01-01T00:00:00Z"}`}))
	out := filepath.Join(root, "x.db")
	report, err := Build(t.Context(), Options{From: root, Out: out, AsOf: testDay})
	if err != nil {
		t.Fatal(err)
	}
	db, err := vulndb.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Verify(); err != nil {
		t.Fatal(err)
	}
	f := db.Info().Feed("csaf")
	if f == nil || f.Records != 3 || f.Date.Format(time.DateOnly) != "2024-03-01" {
		t.Errorf("feed: got %+v", f)
	}
	var products []string
	for _, product := range []string{"Pump", "New", "Later", "Old"} {
		for _, d := range db.DevicesNamed("ACME GmbH", product) {
			products = append(products, d.Product+" "+d.Versions[0].Text)
		}
	}
	if d := cmp.Diff([]string{"Pump <= 3", "New 1", "Later 1"}, products); d != "" {
		t.Errorf("products (-want +got):\n%s", d)
	}
	n, ok := db.FindNotice("icsma-24-001-01")
	if !ok || n.CVSS.Score != 7.5 || n.CVSS.Source != "ICSMA-24-001-01" || n.Updated.Format(time.DateOnly) != "2024-02-01" {
		t.Errorf("got %+v, %v", n, ok)
	}
	if _, ok := db.FindNotice("ICSMA-24-009-01"); ok {
		t.Error("found what is not there")
	}
	list := strings.Join(odd(report), "\n")
	for _, want := range []string{"csaf/bad.json: refused", "ICSMA-24-002-01: stands in csaf/old.json and in csaf/older/new.json and differs", "after the date of the build", `vector "nonsense" is not valid`} {
		if !strings.Contains(list, want) {
			t.Errorf("no oddity says %q:\n%s", want, list)
		}
	}
}

func TestFeedsThatCannotBeRead(t *testing.T) {
	for name, set := range map[string]func(*Memory){
		"SSVC without columns": func(m *Memory) { m.SSVC = []byte("a,b\n1,2\n") },
		"SSVC without rows":    func(m *Memory) { m.SSVC = []byte("cve,exploitation,automatable,technical_impact,ssvc_date\n") },
		"SSVC cut off":         func(m *Memory) { m.SSVC = []byte("\x1F\x8B\x08") },
		"CVSS without rows":    func(m *Memory) { m.CVSS = []byte("cve,vector,source\n") },
		"CVSS without columns": func(m *Memory) { m.CVSS = []byte("cve,source\n") },
		"CSAF all broken":      func(m *Memory) { m.CSAF = [][]byte{[]byte("{}"), []byte("x")} },
		"CSAF broken zip":      func(m *Memory) { m.CSAF = [][]byte{[]byte("PK\x03\x04")} },
	} {
		in := memory(rec("npm", "N-1", ""))
		set(&in)
		if _, _, err := FromRecords(in); err == nil {
			t.Errorf("%s: want an error", name)
		}
	}
}

// A date of KEV or EPSS that lies in the future is no date.
func TestFutureFeedDates(t *testing.T) {
	in := memory(rec("npm", "N-1", ""))
	in.KEV = []byte(`{"dateReleased":"2099-05-01","vulnerabilities":[{"cveID":"CVE-2024-1000","dateAdded":"2024-04-01"}]}`)
	in.EPSS = []byte("#score_date:2099-05-02T00:00:00+0000\ncve,epss,percentile\nCVE-2024-1000,0.9,0.9\n")
	db, report := open(t, in)
	if k, e := db.Info().Feed("kev"), db.Info().Feed("epss"); !k.Date.IsZero() || !e.Date.IsZero() {
		t.Errorf("got %+v, %+v", k, e)
	}
	if len(odd(report)) != 2 {
		t.Errorf("got %v", odd(report))
	}
}

func FuzzIntelligence(f *testing.F) {
	f.Add([]byte("cve,exploitation,automatable,technical_impact,ssvc_date,cvss_vector\nCVE-2024-0001,poc,no,total,2024-01-01,"+vector98+"\n"),
		[]byte("cve,type,vector,source\nCVE-2024-0001,CVSS_V3,"+vector75+",nvd\n"), []byte(csafOf("X-1", "2024-01-01", "Acme (A)", "Pump", "<= 3")))
	f.Add([]byte("cve,cve\n\"\",,\n"), []byte("\xEF\xBB\xBFcve,vector,source\r\n,\r\n"), []byte("PK"))
	f.Fuzz(func(t *testing.T, ssvc, cvss, csaf []byte) {
		in := memory(rec("npm", "CVE-2024-0001", ""))
		in.SSVC, in.CVSS, in.CSAF = ssvc, cvss, [][]byte{csaf}
		file, _, err := FromRecords(in)
		if err != nil {
			return
		}
		db, err := vulndb.OpenBytes(file)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if err := db.Verify(); err != nil {
			t.Fatal(err)
		}
	})
}
