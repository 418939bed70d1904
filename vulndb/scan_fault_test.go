// SPDX-License-Identifier: Apache-2.0

package vulndb_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// Whoever scans with a damaged database gets an error or the right answer, never
// fewer findings. These tests damage each section of a file in the ways that
// disks and cuts of power do, and match every package of it.

// packages is how many there are of everything in faultFile.
const packages = 600

// faultFile is a database of several blocks a section, so that Open does not read
// all of it, with texts, tags, namesakes and all that the other feeds say.
func faultFile(t testing.TB) []byte {
	t.Helper()
	var kev, epss, eol, releases, ssvc, cvss strings.Builder
	var csaf [][]byte
	ssvc.WriteString("cve,exploitation,automatable,technical_impact,ssvc_date\n")
	cvss.WriteString("cve,type,vector,source\n")
	kev.WriteString(`{"dateReleased":"2024-05-01T10:00:00Z","vulnerabilities":[`)
	epss.WriteString("#model_version:v1,score_date:2024-05-02T00:00:00+0000\ncve,epss,percentile\n")
	for i := range packages {
		comma := ","
		if i == 0 {
			comma = ""
		}
		kev.WriteString(comma)
		fmt.Fprintf(&kev, `{"cveID":"CVE-2024-%d","dateAdded":"2024-04-01","knownRansomwareCampaignUse":"Known"}`, 10000+i)
		fmt.Fprintf(&epss, "CVE-2024-%d,0.5,0.9\n", 10000+i)
		fmt.Fprintf(&ssvc, "CVE-2024-%d,poc,no,partial,2024-04-03\n", 10000+i)
		fmt.Fprintf(&cvss, "CVE-2024-%d,CVSS_V3,CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H,source %d\n", 10000+i, i)
		fmt.Fprintf(&eol, `%s"product-%d":{"title":"Product %d","category":"framework","identifiers":[{"purl":"pkg:npm/package-%d"}],
			"cycles":[{"cycle":"1","eol":"2025-04-%02d","releaseDate":"2022-04-19","latest":"1.0.%d"}]}`, comma, i, i, i, 1+i%28, i)
		fmt.Fprintf(&releases, `%s"product-%d":{"1.0.%d":"2023-02-%02d","0.9":"2022-01-01"}`, comma, i, i, 1+i%28)
		csaf = append(csaf, fmt.Appendf(nil, `{"document":{"title":"Notice %x","tracking":{"id":"ICSMA-24-%03d-01","initial_release_date":"2024-01-02","current_release_date":"2024-01-03"}},
			"product_tree":{"branches":[{"category":"vendor","name":"Vendor %d","branches":[{"category":"product_name","name":"Pump %d","branches":[
				{"category":"product_version_range","name":"<= 3.%d","product":{"product_id":"P1","name":"x"}}]}]}]},
			"vulnerabilities":[{"cve":"CVE-2024-%d","product_status":{"known_affected":["P1"]}}]}`, i*i*7919, i, i, i, i, 10000+i))
	}
	kev.WriteString(`]}`)
	file, _, err := build.FromRecords(build.Memory{
		Kind: vulndb.KindFull, AsOf: smallDay, KEV: []byte(kev.String()), EPSS: []byte(epss.String()),
		EOL: []byte("{" + eol.String() + "}"), Release: []byte("{" + releases.String() + "}"),
		SSVC: []byte(ssvc.String()), CVSS: []byte(cvss.String()), CSAF: csaf,
		Records: func(yield func(string, []byte) bool) {
			for i := range packages {
				id := fmt.Sprintf("GHSA-0000-0000-%04d", i)
				if !yield("npm", fmt.Appendf(nil, `{"id":%q,"modified":"2024-01-01T00:00:00Z","aliases":["CVE-2024-%d"],"summary":"summary of %x",
					"affected":[{"package":{"ecosystem":"npm","name":"package-%d"},"versions":["1.0.%d","odd-%d"],"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"2.%d.0"}]}]}]}`,
					id, 10000+i, i*i*7919, i, i, i, i)) {
					return
				}
				if !yield("GIT", fmt.Appendf(nil, `{"id":"GIT-2024-%d","modified":"2024-02-10T00:00:00Z","affected":[{"ranges":[{"type":"GIT","repo":"https://example.org/r%d","events":[{"introduced":"0"}]}],
					"versions":["v1.%d.0","v1.%d.1"]}]}`, i, i, i, i)) {
					return
				}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// faultDocument lists every package of faultFile in a version that is affected,
// and one that only its name tells.
func faultDocument() *sbom.Document {
	d := new(sbom.Document)
	for i := range packages {
		d.Components = append(
			d.Components,
			sbom.Component{Name: fmt.Sprintf("package-%d", i), Version: fmt.Sprintf("1.0.%d", i), PURL: fmt.Sprintf("pkg:npm/package-%d@1.0.%d", i, i)},
			sbom.Component{Name: fmt.Sprintf("r%d", i), Version: fmt.Sprintf("1.%d.0", i), References: []sbom.Reference{{Type: "vcs", URL: fmt.Sprintf("https://example.org/r%d", i)}}},
			sbom.Component{Name: fmt.Sprintf("package-%d", i), Version: "0.1"},
		)
	}
	return d
}

// answer is what a scan would say of a document: states, findings, of each group
// what a report prints, the support of each component, and the advisories on
// devices of these names.
func answer(db *vulndb.DB, d *sbom.Document) (string, error) {
	res, err := match.New(db).Match(d)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for i := range res.Components {
		c := &res.Components[i]
		fmt.Fprintln(&out, c.Index, c.State, c.Reason)
	}
	for i := range res.Findings {
		f := &res.Findings[i]
		g := db.Group(f.Group)
		fmt.Fprintf(&out, "%d %s %v %v %v\n", f.Component, groupWords(&g), f.Range, f.Fixed, f.Confidence)
		for _, rating := range db.Ratings(g.ID) {
			fmt.Fprintf(&out, "%+v\n", rating)
		}
		for _, a := range f.Records {
			text, err := db.Text(a.Advisory)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&out, "%+v\n", text)
		}
	}
	for i := range d.Components {
		supportWords(&out, db, &d.Components[i])
	}
	for i := range packages {
		for _, device := range db.DevicesNamed(fmt.Sprintf("Vendor %d", i), fmt.Sprintf("Pump %d", i)) {
			fmt.Fprintf(&out, "%+v %+v\n", device, db.Notice(device.Notice))
		}
	}
	return out.String(), db.Err()
}

// groupWords prints a group with what its pointers point to.
func groupWords(g *vulndb.Group) string {
	kev, epss, ssvc := g.KEV, g.EPSS, g.SSVC
	g.KEV, g.EPSS, g.SSVC = nil, nil, nil
	text := fmt.Sprintf("%+v", *g)
	if kev != nil {
		text += fmt.Sprintf(" %+v", *kev)
	}
	if epss != nil {
		text += fmt.Sprintf(" %+v", *epss)
	}
	if ssvc != nil {
		text += fmt.Sprintf(" %+v", *ssvc)
	}
	return text
}

// supportWords prints what is known of the support of a component.
func supportWords(out *strings.Builder, db *vulndb.DB, c *sbom.Component) {
	if c.PURL == "" {
		return
	}
	life, ok := db.LifecycleOfPURL("npm", "", c.Name)
	if !ok {
		return
	}
	cycle, _ := life.Cycle(c.Version)
	released, _ := life.Released(c.Version)
	fmt.Fprintf(out, "%s %s %+v %v\n", life.Product, life.Title, cycle, released)
}

// spanOf is where a section of a good file lies.
func spanOf(file []byte, id layout.Section) (from, length int) {
	row := file[layout.HeaderSize+layout.RowSize*int(id-layout.Manifest):]
	return int(binary.LittleEndian.Uint64(row[8:])), int(binary.LittleEndian.Uint64(row[16:]))
}

// A damage is a file that was changed.
type damage struct {
	what string
	file []byte
}

// damages are the ways in which a place of a file may be hurt.
func damages(file []byte, at int, what string) []damage {
	change := func(f func([]byte)) []byte {
		c := bytes.Clone(file)
		f(c)
		return c
	}
	block := at &^ (layout.BlockSize - 1)
	return []damage{
		{what + ": cut off here", bytes.Clone(file[:at])},
		{what + ": a bit flipped", change(func(b []byte) { b[at] ^= 1 })},
		{what + ": another bit flipped", change(func(b []byte) { b[at] ^= 0x80 })},
		{what + ": never written from here on", change(func(b []byte) { clear(b[at:]) })},
		{what + ": its block never written", change(func(b []byte) { clear(b[block:min(block+layout.BlockSize, len(b))]) })},
		{what + ": its block holds the one before", change(func(b []byte) {
			if block >= layout.BlockSize {
				copy(b[block:], b[block-layout.BlockSize:block])
			}
		})},
	}
}

// judge opens a damaged file and scans with it. It reports whether the damage
// was met by Open or the scan.
func judge(t *testing.T, d damage, good []byte, doc *sbom.Document, want string) (met bool) {
	t.Helper()
	same := bytes.Equal(d.file, good)
	db, err := vulndb.OpenBytes(d.file)
	if err != nil {
		if same || !errors.Is(err, vulndb.ErrCorrupt) {
			t.Errorf("%s: %v", d.what, err)
		}
		return true
	}
	defer db.Close()
	got, err := answer(db, doc)
	if err == nil && got != want {
		t.Errorf("%s: the scan gives another answer and no error:\n%.2000s", d.what, cmp.Diff(want, got))
	}
	if err != nil && !errors.Is(err, vulndb.ErrCorrupt) {
		t.Errorf("%s: not said to be damage: %v", d.what, err)
	}
	if verified := db.Verify(); (verified == nil) != same {
		t.Errorf("%s: Verify says %v", d.what, verified)
	}
	return err != nil
}

func TestScanOfDamagedFile(t *testing.T) {
	file, doc := faultFile(t), faultDocument()
	want, err := answer(openBytes(t, file), doc)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(want, "CVE-2024-"); n < 600 {
		t.Fatalf("the good file gives %d findings", n)
	}
	for _, part := range []string{"summary of ", "Exploitation:poc", "Source:source ", "Product ", "2023-02-", "Title:Notice ", "3."} {
		if n := strings.Count(want, part); n < packages {
			t.Fatalf("the good file says %q %d times:\n%.3000s", part, n, want)
		}
	}
	met := map[layout.Section]bool{}
	for id := layout.Manifest; int(id) <= layout.Sections; id++ {
		from, length := spanOf(file, id)
		if length == 0 {
			t.Errorf("%v is empty: nothing is tested", id)
			continue
		}
		for _, at := range []int{from, from + length/2, from + length - 1} {
			for _, d := range damages(file, at, fmt.Sprintf("%v, byte %d of %d", id, at-from, length)) {
				if judge(t, d, file, doc, want) && !strings.Contains(d.what, "cut off") {
					met[id] = true
				}
			}
		}
	}
	// A scan does not read what serves db search alone; all else it must have met.
	for id := layout.Manifest; int(id) <= layout.Sections; id++ {
		if !met[id] && id != layout.IDSlots && id != layout.Postings {
			t.Errorf("no damage to %v was met by a scan: the test proves nothing of it", id)
		}
	}
}

// TestScanOfDamagedHead changes each byte of the header and the table of contents.
func TestScanOfDamagedHead(t *testing.T) {
	file := faultFile(t)
	for at := range layout.HeaderSize + layout.RowSize*layout.Sections {
		for _, bit := range []byte{1, 0x80} {
			changed := bytes.Clone(file)
			changed[at] ^= bit
			if _, err := vulndb.OpenBytes(changed); !errors.Is(err, vulndb.ErrCorrupt) {
				t.Errorf("byte %d: %v", at, err)
			}
		}
	}
}

// TestScanOfDamagedData does the same to the database of all the data, mapped as
// a scan maps it.
func TestScanOfDamagedData(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the whole database")
	}
	from := corpus.Dir(t)
	path := filepath.Join(t.TempDir(), "x.db")
	if _, err := build.Build(t.Context(), build.Options{From: from, Out: path, AsOf: smallDay}); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	doc := new(sbom.Document)
	for _, url := range []string{
		"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1", "pkg:npm/lodash@4.17.19", "pkg:pypi/django@2.2.1",
		"pkg:golang/golang.org/x/net@0.1.0", "pkg:deb/debian/openssl@1.1.1k-1?distro=debian-11", "pkg:cargo/time@0.1.42",
		"pkg:nuget/Newtonsoft.Json@12.0.1", "pkg:gem/rails@5.0.0", "pkg:composer/symfony/symfony@4.0.0", "pkg:github/curl/curl@7.80.0",
	} {
		doc.Components = append(doc.Components, sbom.Component{Name: url, PURL: url})
	}
	db, err := vulndb.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := answer(db, doc)
	db.Close()
	if err != nil || strings.Count(want, "CVE-") < 20 {
		t.Fatalf("the good file gives %v and %.500s", err, want)
	}
	for id := layout.Manifest; int(id) <= layout.Sections; id++ {
		start, length := spanOf(file, id)
		for _, at := range []int{start, start + length/2, start + length - 1} {
			f, err := os.OpenFile(path, os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.WriteAt([]byte{file[at] ^ 4}, int64(at)); err != nil {
				t.Fatal(err)
			}
			if db, err := vulndb.Open(path); err == nil {
				if got, err := answer(db, doc); err == nil && got != want {
					t.Errorf("%v, byte %d: the scan gives another answer and no error", id, at-start)
				}
				if db.Verify() == nil {
					t.Errorf("%v, byte %d: Verify finds nothing", id, at-start)
				}
				db.Close()
			} else if !errors.Is(err, vulndb.ErrCorrupt) {
				t.Error(err)
			}
			if _, err := f.WriteAt(file[at:at+1], int64(at)); err != nil {
				t.Fatal(err)
			}
			f.Close()
		}
	}
}
