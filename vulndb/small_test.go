// SPDX-License-Identifier: Apache-2.0

package vulndb_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

// The small database of these tests: every kind of thing that a file holds, in
// made records.
var smallRecords = [][2]string{
	{"Maven", `{"id":"GHSA-aaaa-bbbb-cccc","modified":"2024-02-03T04:05:06.789Z","published":"2024-01-02T00:00:00Z",
		"aliases":["CVE-2024-1000"],"summary":"Remote code execution","severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}],
		"references":[{"type":"WEB","url":"https://example.com/a"}],"database_specific":{"cwe_ids":["CWE-502"],"severity":"LOW"},
		"affected":[
			{"package":{"ecosystem":"Maven","name":"org.example:core"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"2.0"},{"fixed":"2.3.1"}]}]},
			{"package":{"ecosystem":"Maven","name":"org.example:core"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"3.0"},{"fixed":"3.1"}]}],"versions":["3.0","4.0-special"]}]}`},
	{"Maven", `{"id":"CVE-2024-1001","modified":"2024-02-04T00:00:00Z","affected":[{"package":{"ecosystem":"Maven","name":"org.other:core"},
		"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}]}]}`},
	{"NuGet", `{"id":"GHSA-nnnn-nnnn-nnnn","modified":"2024-02-05T00:00:00Z","affected":[{"package":{"ecosystem":"NuGet","name":"Core.Text"},
		"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"last_affected":"1.2.3.4"}]}]}]}`},
	{"PyPI", `{"id":"PYSEC-2024-1","modified":"2024-02-06T00:00:00Z","withdrawn":"2024-03-01T00:00:00Z","aliases":["CVE-2024-1000"],
		"affected":[{"package":{"ecosystem":"PyPI","name":"gone"},"versions":["1.0"]}]}`},
	{"PyPI", `{"id":"MAL-2024-1","modified":"2024-02-06T00:00:00Z","affected":[{"package":{"ecosystem":"PyPI","name":"Evil_Pack.age"},"versions":["1.0","2.0"]}]}`},
	{"Debian", `{"id":"DLA-1-1","modified":"2024-02-07T00:00:00Z","published":"2024-02-07T00:00:00Z","summary":"core - security update","upstream":["CVE-2024-1000"],
		"affected":[{"package":{"ecosystem":"Debian:11","name":"core"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1:2.0-1+deb11u1"}]}]}]}`},
	{"Debian", `{"id":"DSA-2-1","modified":"2024-02-08T00:00:00Z","upstream":["CVE-2024-1000","CVE-2024-1002"],
		"affected":[{"package":{"ecosystem":"Debian:10","name":"core"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2.0-1"}]}]}]}`},
	{"Go", `{"id":"GO-2024-1","modified":"2024-02-09T00:00:00Z","affected":[{"package":{"ecosystem":"Go","name":"example.org/Ingress"},
		"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}],"ecosystem_specific":{"custom_ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.9.0"}]}]}}]}`},
	{"GIT", `{"id":"CURL-CVE-2024-1","modified":"2024-02-10T00:00:00Z","affected":[{"ranges":[{"type":"GIT","repo":"https://example.org/r","events":[{"introduced":"0"},{"fixed":"deadbeef"}]}],
		"versions":["r-1_0","v1.2","1.1.1k","r-1_2","other-1.1","1.3-odd"]}]}`},
	{"GIT", `{"id":"OSV-2024-1","modified":"2024-02-11T00:00:00Z","affected":[{
		"ranges":[{"type":"GIT","repo":"git://Example.org/R.git/","events":[{"introduced":"0"}]}],"versions":["r-1_1_1k","r-2_0"]}]}`},
}

const (
	smallKEV = `{"dateReleased":"2024-05-01T10:00:00.1Z","vulnerabilities":[
		{"cveID":"CVE-2024-1000","dateAdded":"2024-04-01","knownRansomwareCampaignUse":"Known"},
		{"cveID":"CVE-2020-0001","dateAdded":"2021-11-03","knownRansomwareCampaignUse":"Unknown"}]}`
	smallEPSS = "#model_version:v2023.03.01,score_date:2024-05-02T00:00:00+0000\ncve,epss,percentile\nCVE-2024-1000,0.94321,0.99871\nCVE-2024-1002,0.00126,0.48134\n"
	smallSSVC = "cve,exploitation,automatable,technical_impact,ssvc_date\nCVE-2024-1000,Active,Yes,Total,2024-04-02\nCVE-2024-1001,poc,no,partial,2024-04-03\n"
	smallCVSS = "cve,type,vector,source\nCVE-2024-1001,CVSS_V3,CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H,nvd\n" +
		"CVE-2024-1001,CVSS_V2,AV:N/AC:L/Au:N/C:P/I:P/A:P,maker\nCVE-2024-1000,CVSS_V3,CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N,nvd\n"
	smallCSAF = `{"document":{"title":"Acme Pump","tracking":{"id":"ICSMA-24-001-01","initial_release_date":"2024-01-02","current_release_date":"2024-01-03"},
		"references":[{"category":"self","url":"https://example.com/icsma-24-001-01"}]},
		"product_tree":{"branches":[{"category":"vendor","name":"Acme Medical Inc.","branches":[{"category":"product_name","name":"Drip Pump","branches":[
			{"category":"product_version_range","name":"<= 3.2","product":{"product_id":"P1","name":"x"}},
			{"category":"product_version","name":"4.0","product":{"product_id":"P2","name":"y"}}]}]}]},
		"vulnerabilities":[{"cve":"CVE-2024-1000","product_status":{"known_affected":["P1"],"fixed":["P2"]},
			"scores":[{"cvss_v3":{"vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}],
			"remediations":[{"category":"vendor_fix","details":"Update to 4.0"}]}]}`
)

const (
	smallEOL = `{"node":{"title":"Node.js","category":"framework","aliases":["nodejs"],"identifiers":[{"purl":"pkg:generic/node"},{"cpe":"cpe:2.3:a:nodejs:node.js"}],
		"cycles":[{"cycle":"18","eol":"2025-04-30","support":"2023-10-18","extendedSupport":false,"latest":"18.20.8","latestReleaseDate":"2024-05-03","releaseDate":"2022-04-19","lts":true},
		{"cycle":"1","eol":true,"releaseDate":"2015-01-20"}]}}`
	smallReleases = `{"node":{"18.20.8":"2024-05-03","18.0.0":"2022-04-19"}}`
)

var smallDay = time.Date(2024, time.June, 1, 0, 0, 0, 0, time.UTC)

func smallFile(t testing.TB) []byte {
	t.Helper()
	file, report, err := build.FromRecords(build.Memory{
		Kind: vulndb.KindFull, KEV: []byte(smallKEV), EPSS: []byte(smallEPSS), AsOf: smallDay,
		EOL: []byte(smallEOL), Release: []byte(smallReleases),
		SSVC: []byte(smallSSVC), CVSS: []byte(smallCVSS), CSAF: [][]byte{[]byte(smallCSAF)},
		Records: func(yield func(string, []byte) bool) {
			for _, r := range smallRecords {
				if !yield(r[0], []byte(r[1])) {
					return
				}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if report.Oddities != 0 {
		t.Fatalf("oddities: %v", report.OddityList)
	}
	return file
}

func openBytes(t testing.TB, file []byte) *vulndb.DB {
	t.Helper()
	db, err := vulndb.OpenBytes(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// facts reads all that a database says of the small set, in words, and the
// first error of any read.
func facts(db *vulndb.DB) (string, error) {
	var out strings.Builder
	var first error
	say := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	fail := func(err error) {
		if err != nil && first == nil {
			first = err
		}
	}
	info := *db.Info()
	say("%+v", info)
	var e vulndb.Entry
	for _, p := range [][2]string{
		{"Maven", "org.example:core"},
		{"Maven", "org.other:core"},
		{"NuGet", "CORE.text"},
		{"PyPI", "gone"},
		{"PyPI", "evil-pack-age"},
		{"Debian", "core"},
		{"Go", "example.org/Ingress"},
		{"npm", "core"},
		{"GIT", "https://example.org/r"},
		{"Maven", "none"},
	} {
		pkg, ok := db.Package(p[0], p[1])
		say("%v %v %d", p, ok, pkg.Len())
		for i := range pkg.Len() {
			if err := pkg.Entry(i, &e); err != nil {
				fail(err)
				continue
			}
			say("%+v", e)
		}
		for i := range min(pkg.Tags(), 100) {
			tag, err := pkg.Tag(i)
			if err != nil {
				fail(err)
				continue
			}
			at, found, err := pkg.FindTag(tag.Version, tag.Key)
			fail(err)
			say("%+v %d %v", tag, at, found)
		}
	}
	for _, look := range []func() (vulndb.Lifecycle, bool){
		func() (vulndb.Lifecycle, bool) { return db.LifecycleOfPURL("generic", "", "node") },
		func() (vulndb.Lifecycle, bool) { return db.LifecycleOfCPE("nodejs", "node.js") },
		func() (vulndb.Lifecycle, bool) { return db.LifecycleNamed("Node.JS") },
		func() (vulndb.Lifecycle, bool) { return db.LifecycleNamed("deno") },
	} {
		l, ok := look()
		say("%s %s %s %v", l.Product, l.Title, l.Category, ok)
		if !ok {
			continue
		}
		for c := range l.Cycles {
			say("%+v", c)
		}
		day, ok := l.Released("18.20.8")
		say("%v %v", day, ok)
	}
	for i := range min(info.Advisories, 100) {
		a := db.Advisory(vulndb.AdvisoryID(i))
		g := db.Group(a.Group)
		kev, epss, ssvc := g.KEV, g.EPSS, g.SSVC
		g.KEV, g.EPSS, g.SSVC = nil, nil, nil // their addresses differ
		say("%+v %+v", a, g)
		if kev != nil {
			say("%+v", *kev)
		}
		if epss != nil {
			say("%+v", *epss)
		}
		if ssvc != nil {
			say("%+v", *ssvc)
		}
		text, err := db.Text(vulndb.AdvisoryID(i))
		fail(err)
		say("%+v", text)
		say("%v", db.Find(a.ID))
	}
	for _, id := range []string{"cve-2024-1000", "CVE-2024-1002", "CVE-2020-0001", "nothing", ""} {
		kev, inKEV := db.KEV(id)
		epss, inEPSS := db.EPSS(id)
		say("%v %+v %v %+v %v", db.Find(id), kev, inKEV, epss, inEPSS)
		ssvc, inSSVC := db.SSVC(id)
		say("%+v %v %+v", ssvc, inSSVC, db.Ratings(id))
	}
	for _, name := range []string{"core", "CORE.TEXT", "ORG.example:core", "gone", ""} {
		say("%v", db.NamesakesOf(name))
	}
	for _, d := range db.DevicesNamed("ACME", "drip pump") {
		say("%+v %+v", d, db.Notice(d.Notice))
	}
	say("%+v", db.DevicesNamed("", "Drip Pump"))
	notice, known := db.FindNotice("icsma-24-001-01")
	say("%+v %v", notice, known)
	r, ok := db.Covers("Debian", "11")
	say("%+v %v", r, ok)
	fail(db.Err())
	return out.String(), first
}

func names(db *vulndb.DB, ids []vulndb.AdvisoryID) []string {
	var list []string
	for _, id := range ids {
		list = append(list, strings.Clone(db.Advisory(id).ID))
	}
	slices.Sort(list)
	return list
}
