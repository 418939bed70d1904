// SPDX-License-Identifier: Apache-2.0

package support_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/support"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

const products = `{
	"openssl":{"title":"OpenSSL","category":"framework","identifiers":[{"cpe":"cpe:2.3:a:openssl:openssl"},{"repology":"openssl"}],"cycles":[
		{"cycle":"3.5","eol":"2030-04-08"},{"cycle":"1.1.1","eol":"2023-09-11","extendedSupport":false,"latest":"1.1.1w","latestReleaseDate":"2023-09-12"},
		{"cycle":"1.1.0","eol":"2019-09-11"}]},
	"debian":{"title":"Debian","category":"os","identifiers":[{"cpe":"cpe:2.3:o:debian:debian_linux"}],"cycles":[
		{"cycle":"12","codename":"Bookworm","eol":"2026-07-11","extendedSupport":"2028-06-30"},
		{"cycle":"10","codename":"Buster","eol":"2022-09-10","extendedSupport":"2024-06-30"}]},
	"ubuntu":{"title":"Ubuntu","category":"os","cycles":[{"cycle":"26.04","eol":"2031-05-31"},{"cycle":"20.04","eol":"2025-05-31"},{"cycle":"14.04","eol":"2019-04-25"},{"cycle":"5.04","eol":"2006-10-31"}]},
	"sles":{"title":"SUSE Linux Enterprise Server","category":"os","cycles":[{"cycle":"15.7","eol":"2031-07-31"},{"cycle":"15.3","eol":"2022-12-31"}]},
	"python":{"title":"Python","category":"lang","identifiers":[{"purl":"pkg:generic/python"},{"purl":"pkg:deb/debian/python3.8"},{"cpe":"cpe:2.3:a:python:python"}],"cycles":[
		{"cycle":"3.13","eol":"2029-10-31","support":"2026-10-01"},{"cycle":"3.8","eol":"2024-10-07","support":"2021-05-03"}]},
	"nodejs":{"title":"Node.js","category":"framework","aliases":["node"],"cycles":[{"cycle":"18","eol":"2025-04-30","support":"2023-10-18"},{"cycle":"1","eol":true}]},
	"go":{"title":"Go","category":"lang","cycles":[{"cycle":"1.26","eol":false},{"cycle":"1.20","eol":"2024-02-06"}]},
	"eclipse-temurin":{"title":"Eclipse Temurin","category":"lang","tags":["java-distribution"],"cycles":[{"cycle":"8","eol":"2030-12-31"}]},
	"centos":{"title":"CentOS","category":"os","cycles":[{"cycle":"8","eol":"2021-12-31"},{"cycle":"7","eol":"2024-06-30"}]},
	"angularjs":{"title":"AngularJS","category":"framework","identifiers":[{"purl":"pkg:npm/angular"}],"cycles":[{"cycle":"1.8","eol":"2021-12-31"},{"cycle":"1.7","eol":"2020-12-31"}]},
	"postgresql":{"title":"PostgreSQL","category":"database","identifiers":[{"cpe":"cpe:2.3:a:postgresql:postgresql"}],"cycles":[{"cycle":"9.6","eol":"2021-11-11"}]},
	"windows":{"title":"Microsoft Windows","category":"os","cycles":[
		{"cycle":"11-24h2-iot-lts","eol":"2034-10-10","latest":"10.0.26100"},{"cycle":"10-22h2","eol":"2025-10-14","extendedSupport":"2028-10-10","latest":"10.0.19045"},
		{"cycle":"10-1809-e-lts","eol":"2029-01-09","latest":"10.0.17763"},{"cycle":"10-1809-w","eol":"2020-11-10","latest":"10.0.17763"},
		{"cycle":"7-sp1","eol":"2020-01-14"},{"cycle":"5-sp3","eol":"2014-04-08"}]},
	"windows-embedded":{"title":"Microsoft Windows Embedded","category":"os","cycles":[{"cycle":"standard-7-sp1","eol":"2020-10-13"},{"cycle":"posready-7","eol":"2021-10-12"}]},
	"windows-server":{"title":"Microsoft Windows Server","category":"os","cycles":[{"cycle":"2012-R2","eol":"2023-10-10"},{"cycle":"2012","eol":"2023-10-10"},{"cycle":"2022","eol":"2031-10-14","latest":"10.0.20348"},
		{"cycle":"1809-sac","eol":"2020-11-10","latest":"10.0.17763"},{"cycle":"2019","eol":"2029-01-09","latest":"10.0.17763"}]},
	"dotnetfx":{"title":"Microsoft .NET Framework","category":"framework","cycles":[{"cycle":"4.8","eol":false}]},
	"mssqlserver":{"title":"Microsoft SQL Server","category":"database","cycles":[{"cycle":"13.0-sp3","eol":"2027-01-01","latest":"13.0.6500.1 GDR"},
		{"cycle":"13.0-sp2","eol":"2022-09-13","latest":"13.0.5893.48 CU17+GDR"},{"cycle":"13.0","eol":"2018-01-09","latest":"13.0.2218.0 CU9+GDR"}]}}`

var asOf = time.Date(2026, 8, 22, 0, 0, 0, 0, time.UTC)

func open(t testing.TB, eol string) *vulndb.DB {
	t.Helper()
	in := build.Memory{Kind: vulndb.KindFull, AsOf: asOf, Records: func(yield func(string, []byte) bool) {
		yield("npm", []byte(`{"id":"GHSA-0000-0000-0000","modified":"2024-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"a"},"versions":["1"]}]}`))
	}}
	if eol != "" {
		in.EOL = []byte(eol)
		in.Release = []byte(`{"openssl":{"1.1.1k":"2021-03-25"}}`)
	}
	file, _, err := build.FromRecords(in)
	if err != nil {
		t.Fatal(err)
	}
	db, err := vulndb.OpenBytes(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// lookup identifies a component as a scan does and asks for its support.
func lookup(t testing.TB, db *vulndb.DB, day time.Time, c sbom.Component) support.Status {
	t.Helper()
	r, err := match.New(db).Match(&sbom.Document{Components: []sbom.Component{c}})
	if err != nil {
		t.Fatal(err)
	}
	m := &r.Components[0]
	ask := support.Component{SBOM: &c, Identities: m.Identities}
	if m.HasURL {
		ask.URL = &m.URL
	}
	return support.New(db, day).Lookup(&ask)
}

// words tells a status in a line.
func words(s support.Status) string {
	if s.Level == support.Unknown {
		return "unknown: " + s.Reason
	}
	text := s.Level.String()
	if !s.End.IsZero() {
		text += " " + s.End.Format(time.DateOnly)
	}
	if s.Product != "" {
		text += fmt.Sprintf(" %s %s", s.Product, s.Cycle)
	}
	if !s.Sure {
		text += " ?"
	}
	return text
}

func TestLookup(t *testing.T) {
	db := open(t, products)
	cpe := func(list ...string) []string { return list }
	for _, tt := range []struct {
		name string
		in   sbom.Component
		want string
	}{
		{"CPE", sbom.Component{Name: "openssl", Version: "1.1.1k", CPE: cpe("cpe:2.3:a:openssl:openssl:1.1.1k:*:*:*:*:*:*:*")}, "ended 2023-09-11 openssl 1.1.1"},
		{"version of the CPE", sbom.Component{Name: "x", CPE: cpe("cpe:/a:openssl:openssl:3.5.1")}, "supported 2030-04-08 openssl 3.5"},
		{"several CPEs of one product and of none", sbom.Component{Name: "o", Version: "3.5", CPE: cpe("cpe:/a:openssl:openssl", "cpe:/a:o:o")}, "supported 2030-04-08 openssl 3.5 ?"},
		{"several products", sbom.Component{Name: "o", Version: "3.5", CPE: cpe("cpe:/a:openssl:openssl", "cpe:/a:python:python")}, "unknown: its CPEs name several products"},
		{"by name", sbom.Component{Name: "OpenSSL", Version: "1.1.1k"}, "ended 2023-09-11 openssl 1.1.1 ?"},
		{"generic", sbom.Component{Name: "python", PURL: "pkg:generic/python@3.8.10"}, "ended 2024-10-07 python 3.8"},
		{"active support", sbom.Component{Name: "python", PURL: "pkg:generic/python@3.13.1"}, "supported 2029-10-31 python 3.13"},
		{"registry, not by name", sbom.Component{Name: "python", PURL: "pkg:pypi/python@3.8"}, "unknown: no end-of-life data for it"},
		{"registry, not by CPE", sbom.Component{Name: "postgresql", PURL: "pkg:maven/org.postgresql/postgresql@9.6", CPE: cpe("cpe:2.3:a:postgresql:postgresql:9.6:*:*:*:*:*:*:*")}, "unknown: no end-of-life data for it"},
		{"18 is not 1", sbom.Component{Name: "node", PURL: "pkg:generic/nodejs@18.20.8"}, "ended 2025-04-30 nodejs 18 ?"},
		{"npm's node", sbom.Component{Name: "node", PURL: "pkg:npm/node@18.20.8"}, "ended 2025-04-30 nodejs 18"},
		{"boolean true", sbom.Component{Name: "node", PURL: "pkg:npm/node@1.8.4"}, "ended nodejs 1"},
		{"boolean false", sbom.Component{Name: "stdlib", PURL: "pkg:golang/stdlib@1.26.1"}, "supported go 1.26"},
		{"stdlib", sbom.Component{Name: "stdlib", PURL: "pkg:golang/stdlib@v1.20.3"}, "ended 2024-02-06 go 1.20"},
		{"a package has its distribution's support", sbom.Component{Name: "python3.8", PURL: "pkg:deb/debian/python3.8@3.8.1-1?distro=debian-12"}, "extended 2028-06-30 debian 12"},
		{"ended with its distribution", sbom.Component{Name: "bash", PURL: "pkg:deb/debian/bash@5.0-4?distro=debian-10"}, "ended 2022-09-10 debian 10"},
		{"codename", sbom.Component{Name: "bash", PURL: "pkg:deb/debian/bash@5.0-4?distro=buster"}, "ended 2022-09-10 debian 10"},
		{"distribution without advisories", sbom.Component{Name: "bash", PURL: "pkg:rpm/centos/bash@4.2-1.el7?distro=centos-7"}, "ended 2024-06-30 centos 7"},
		{"release unknown", sbom.Component{Name: "python3.8", PURL: "pkg:deb/debian/python3.8@3.8.1-1"}, "unknown: the distribution maintains it, and which release that is is not known"},
		{"system", sbom.Component{Type: "operating-system", Name: "debian", Version: "10.13"}, "ended 2022-09-10 debian 10"},
		{"system in words", sbom.Component{Type: "operating-system", Name: "Debian GNU/Linux 12 (bookworm)"}, "extended 2028-06-30 debian 12"},
		{"system by codename", sbom.Component{Type: "operating-system", Name: "Debian", Version: "buster"}, "ended 2022-09-10 debian 10"},
		{"system by CPE", sbom.Component{Type: "operating-system", Name: "The OS", CPE: cpe("cpe:2.3:o:debian:debian_linux:10:*:*:*:*:*:*:*")}, "ended 2022-09-10 debian 10"},
		{"kernel beside the name", sbom.Component{Type: "operating-system", Name: "Ubuntu 20.04 LTS", Version: "5.4.0"}, "ended 2025-05-31 ubuntu 20.04"},
		{"kernel beside Debian", sbom.Component{Type: "operating-system", Name: "Debian 10", Version: "4.19.0-21-amd64"}, "ended 2022-09-10 debian 10"},
		{"the same release twice", sbom.Component{Type: "operating-system", Name: "Debian 10", Version: "10.13"}, "ended 2022-09-10 debian 10"},
		{"a release that nobody knows", sbom.Component{Type: "operating-system", Name: "Debian 10", Version: "99"}, "ended 2022-09-10 debian 10 ?"},
		{"service pack", sbom.Component{Type: "operating-system", Name: "SLES 15 SP3"}, "ended 2022-12-31 sles 15.3"},
		{"service pack as version", sbom.Component{Type: "operating-system", Name: "SLES 15", Version: "SP3"}, "ended 2022-12-31 sles 15.3"},
		{"service pack of the long name", sbom.Component{Type: "operating-system", Name: "SUSE Linux Enterprise Server", Version: "15-SP7"}, "supported 2031-07-31 sles 15.7"},
		{"unknown system", sbom.Component{Type: "operating-system", Name: "QNX", Version: "7.1"}, "unknown: no end-of-life data for it"},
		{"a system is no language", sbom.Component{Type: "operating-system", Name: "Python", Version: "3.8"}, "unknown: no end-of-life data for it"},
		{"no version, all ended", sbom.Component{Name: "angular", PURL: "pkg:npm/angular"}, "ended 2021-12-31 angularjs 1.8"},
		{"no version, not all ended", sbom.Component{Name: "openssl"}, "unknown: OpenSSL: no version"},
		{"several cycles, all ended", sbom.Component{Name: "openssl", Version: "1.1"}, "ended 2023-09-11 openssl 1.1.1 ?"},
		{"no cycle", sbom.Component{Name: "openssl", Version: "0.9.8"}, "unknown: OpenSSL 0.9.8 belongs to no cycle that is known"},
		{"SQL Server by build", sbom.Component{Name: "Microsoft SQL Server", Version: "13.0.6300.2"}, "supported 2027-01-01 mssqlserver 13.0-sp3 ?"},
		{"without the maker", sbom.Component{Name: "SQL Server", Version: "13.0.1601.5"}, "ended 2018-01-09 mssqlserver 13.0 ?"},
		{"which service pack", sbom.Component{Name: "SQL Server", Version: "13.0"}, "unknown: Microsoft SQL Server 13.0 may be one of several cycles"},
		{".NET Framework", sbom.Component{Name: ".NET Framework", Version: "4.8"}, "supported dotnetfx 4.8 ?"},
		{"the maker of another", sbom.Component{Name: "Microsoft Node.js", Version: "18.20.8"}, "ended 2025-04-30 nodejs 18 ?"},
		{"any OpenJDK", sbom.Component{Name: "openjdk", Version: "1.8.0_292"}, "unknown: it may be any of several builds of Java, which end on different days"},
		{"whose OpenJDK", sbom.Component{Name: "openjdk", Version: "1.8.0_292", Supplier: sbom.Party{Name: "Eclipse Adoptium"}}, "supported 2030-12-31 eclipse-temurin 8 ?"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := words(lookup(t, db, asOf, tt.in)); got != tt.want {
				t.Errorf("want %s\ngot  %s", tt.want, got)
			}
		})
	}
	if err := db.Err(); err != nil {
		t.Fatal(err)
	}
}

// TestNameAgainstVersion: a version field never overrules the release in a name in
// silence.
func TestNameAgainstVersion(t *testing.T) {
	db := open(t, products)
	for _, tt := range [][3]string{
		{"Ubuntu 14.04", "26.04", "ended 2019-04-25 ubuntu 14.04 ?"},
		{"Ubuntu 26.04", "14.04", "ended 2019-04-25 ubuntu 14.04 ?"},
		{"Debian 10", "12.1", "ended 2022-09-10 debian 10 ?"},
	} {
		s := lookup(t, db, asOf, sbom.Component{Type: "operating-system", Name: tt[0], Version: tt[1]})
		if got := words(s); got != tt[2] || !s.Disagrees || len(s.Others) != 1 || !strings.Contains(s.Note, "the name says") {
			t.Errorf("%s %s: want %s\ngot  %s, %v, %q", tt[0], tt[1], tt[2], got, s.Disagrees, s.Note)
		}
	}
}

func TestWindows(t *testing.T) {
	db := open(t, products)
	for _, tt := range [][3]string{
		{"Windows 10 IoT Enterprise LTSC 2019", "", "supported 2029-01-09 windows 10-1809-e-lts"},
		{"Microsoft Windows", "10.0.17763.1", "unknown: which edition or build of Microsoft Windows it is is not said, and they end on different days"},
		{"Windows 10 Pro", "10.0.17763", "ended 2020-11-10 windows 10-1809-w"},
		{"Windows 10", "22H2", "extended 2028-10-10 windows 10-22h2"},
		{"Windows 11 IoT Enterprise LTSC 2024", "", "supported 2034-10-10 windows 11-24h2-iot-lts"},
		{"Windows 11 Enterprise LTSC 2024", "", "unknown: which release of Windows it is cannot be told"},
		{"Microsoft Windows 7 SP1", "", "ended 2020-01-14 windows 7-sp1"},
		{"Windows XP", "Embedded", "unknown: which release of Windows it is cannot be told"},
		{"Windows XP", "", "ended 2014-04-08 windows 5-sp3"},
		{"Windows Embedded Standard 7", "", "ended 2020-10-13 windows-embedded standard-7-sp1"},
		{"Windows Server 2012 R2", "", "ended 2023-10-10 windows-server 2012-R2"},
		{"Windows Server", "2022", "supported 2031-10-14 windows-server 2022"},
		{"Windows Server 2019 Datacenter", "10.0.17763", "supported 2029-01-09 windows-server 2019"},
		{"Windows Server 2019 Datacenter", "10.0.17763.1234", "supported 2029-01-09 windows-server 2019"},
		{"Windows Server 2019", "10.0.20348", "unknown: name and build are those of different releases of Microsoft Windows Server"},
		{"Windows", "", "unknown: which release of Windows it is cannot be told"},
	} {
		got := words(lookup(t, db, asOf, sbom.Component{Type: "operating-system", Name: tt[0], Version: tt[1]}))
		if got != tt[2] {
			t.Errorf("%s %s: want %s\ngot  %s", tt[0], tt[1], tt[2], got)
		}
	}
}

// TestBoundaries: a day is the first without support.
func TestBoundaries(t *testing.T) {
	db := open(t, products)
	openssl := sbom.Component{Name: "openssl", Version: "1.1.1k", CPE: []string{"cpe:2.3:a:openssl:openssl:1.1.1k"}}
	debian := sbom.Component{Type: "operating-system", Name: "debian", Version: "10"}
	python := sbom.Component{Name: "python", PURL: "pkg:generic/python@3.8"}
	vendor := sbom.Component{Name: "own", Details: &sbom.Details{Support: &sbom.Support{EndOfSupport: "2025-06-30"}}}
	for _, tt := range []struct {
		in        sbom.Component
		day, want string
	}{
		{openssl, "2023-09-10", "supported"},
		{openssl, "2023-09-11", "ended"},
		{openssl, "2023-09-12", "ended"},
		{debian, "2022-09-09", "supported"},
		{debian, "2022-09-10", "extended"},
		{debian, "2024-06-29", "extended"},
		{debian, "2024-06-30", "ended"},
		{debian, "2024-07-01", "ended"},
		{python, "2021-05-02", "supported"},
		{python, "2021-05-03", "security-only"},
		{python, "2024-10-06", "security-only"},
		{python, "2024-10-07", "ended"},
		{vendor, "2025-06-29", "supported"},
		{vendor, "2025-06-30", "ended"},
		{vendor, "2025-07-01", "ended"},
	} {
		day, err := time.Parse(time.DateOnly, tt.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := lookup(t, db, day, tt.in).Level.String(); got != tt.want {
			t.Errorf("%s on %s: want %s, got %s", tt.in.Name, tt.day, tt.want, got)
		}
	}
}

// TestVendor: what a vendor states and what is published are both kept, and the
// worse counts.
func TestVendor(t *testing.T) {
	db := open(t, products)
	for _, tt := range []struct {
		name      string
		version   string
		stated    sbom.Support
		want      string
		disagrees bool
		others    int
	}{
		{"vendor later, published ended", "1.1.1k", sbom.Support{EndOfSupport: "2028-01-01"}, "ended 2023-09-11 openssl 1.1.1", true, 1},
		{"vendor earlier", "3.5.0", sbom.Support{EndOfSupport: "2027-01-01"}, "supported 2027-01-01", true, 1},
		{"vendor ended", "3.5.0", sbom.Support{EndOfSupport: "2026-01-01"}, "ended 2026-01-01", true, 1},
		{"the same", "3.5.0", sbom.Support{EndOfSupport: "2030-04-08T00:00:00Z"}, "supported 2030-04-08", false, 1},
		{"a level alone", "3.5.0", sbom.Support{Level: "Actively Maintained"}, "supported 2030-04-08 openssl 3.5", false, 1},
		{"no longer maintained", "3.5.0", sbom.Support{Level: "no longer maintained"}, "ended", true, 1},
		{"abandoned", "3.5.0", sbom.Support{Level: "abandoned"}, "abandoned", true, 1},
		{"level against its own date", "9", sbom.Support{Level: "supported", EndOfLife: "2020"}, "ended 2020-01-01", false, 0},
		{"several levels", "9", sbom.Support{Level: "deployed, limitedSupport"}, "security-only", false, 0},
		{"no date", "9", sbom.Support{EndOfSupport: "see contract"}, `unknown: the vendor's date "see contract" is no date; OpenSSL 9 belongs to no cycle that is known`, false, 0},
		{"a reason", "9", sbom.Support{Justification: "made to order"}, `unknown: the vendor gives no date, but a reason: "made to order"; OpenSSL 9 belongs to no cycle that is known`, false, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := lookup(t, db, asOf, sbom.Component{
				Name: "openssl", Version: tt.version, CPE: []string{"cpe:2.3:a:openssl:openssl:" + tt.version}, Details: &sbom.Details{Support: &tt.stated},
			})
			if got := words(s); got != tt.want || s.Disagrees != tt.disagrees || len(s.Others) != tt.others {
				t.Errorf("want %s, %v, %d\ngot  %s, %v, %d", tt.want, tt.disagrees, tt.others, got, s.Disagrees, len(s.Others))
			}
		})
	}
}

func TestSources(t *testing.T) {
	db := open(t, products)
	c := sbom.Component{Name: "openssl", Version: "1.1.1k", Position: sbom.Position{Line: 7}, Details: &sbom.Details{Support: &sbom.Support{EndOfSupport: "2028"}}}
	s := lookup(t, db, asOf, c)
	got := []string{s.Source, s.Others[0].Source, s.Latest, s.Released.Format(time.DateOnly), s.Note}
	want := []string{
		"endoflife.date, 2023-09-12, openssl 1.1.1, by its name alone", "vendor: stated in the SBOM for the component at line 7",
		"1.1.1w", "2021-03-25", "extended support exists, nothing says until when or for whom",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	a := support.New(db, asOf).Lookup(&support.Component{SBOM: &sbom.Component{Name: "spin"}, Unsupported: "RUSTSEC-2019-0031"})
	if words(a) != "abandoned" || a.Source != "advisory RUSTSEC-2019-0031" {
		t.Errorf("got %s by %s", words(a), a.Source)
	}
}

// TestWithoutData: what a vendor states is told without the data; all else is
// unknown, and says why.
func TestWithoutData(t *testing.T) {
	db := open(t, "")
	if got := words(lookup(t, db, asOf, sbom.Component{Name: "openssl", Version: "1.1.1k"})); got != "unknown: "+support.NotLoaded {
		t.Error(got)
	}
	if got := words(lookup(t, db, asOf, sbom.Component{Name: "x", Details: &sbom.Details{Support: &sbom.Support{EndOfSupport: "2020-01-01"}}})); got != "ended 2020-01-01" {
		t.Error(got)
	}
}

// TestNeverBetterLater: as days go by, the level of a component only gets worse.
func TestNeverBetterLater(t *testing.T) {
	db := open(t, products)
	rapid.Check(t, func(rt *rapid.T) {
		c := rapid.SampledFrom([]sbom.Component{
			{Name: "openssl", Version: "1.1.1k"},
			{Name: "python", PURL: "pkg:generic/python@3.8"},
			{Type: "operating-system", Name: "debian", Version: "12"},
			{Name: "openssl", Version: "3.5", Details: &sbom.Details{Support: &sbom.Support{EndOfSupport: "2027-02"}}},
		}).Draw(rt, "component")
		day := func(n int) time.Time { return time.Date(2018, 1, n, 0, 0, 0, 0, time.UTC) }
		from := rapid.IntRange(0, 6000).Draw(rt, "day")
		later := from + rapid.IntRange(0, 2000).Draw(rt, "more")
		if a, b := lookup(t, db, day(from), c).Level, lookup(t, db, day(later), c).Level; b < a {
			rt.Fatalf("%s on day %d, %s on day %d", a, from, b, later)
		}
	})
}

// FuzzLookup: no component makes it panic.
func FuzzLookup(f *testing.F) {
	db := open(f, products)
	f.Add("openssl", "1.1.1k", "cpe:2.3:a:openssl:openssl:1.1.1k", "pkg:generic/openssl", "2028", "abandoned", true)
	f.Add("Windows 10 LTSC 2019", "10.0.17763", "cpe:/", "", "x", ",", true)
	f.Fuzz(func(t *testing.T, name, version, cpe, url, date, level string, system bool) {
		c := sbom.Component{Name: name, Version: version, CPE: []string{cpe}, PURL: url, Details: &sbom.Details{Support: &sbom.Support{Level: level, EndOfSupport: date}}}
		if system {
			c.Type = "operating-system"
		}
		s := lookup(t, db, asOf, c)
		if s.Level == support.Unknown && s.Reason == "" || s.Level != support.Unknown && s.Source == "" {
			t.Errorf("no word on why: %+v", s)
		}
		if err := db.Err(); err != nil {
			t.Fatal(err)
		}
	})
}
