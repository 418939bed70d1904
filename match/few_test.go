// SPDX-License-Identifier: Apache-2.0

package match_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

// TestFewRecords: an ecosystem of which the database has a sample is never
// assessed, whether something is found or not; one whose feed is that small is.
func TestFewRecords(t *testing.T) {
	ubuntu := rec("Ubuntu", "F-UBUNTU", "", of("Ubuntu:20.04:LTS", "few", ranges("ECOSYSTEM", "introduced 0, fixed 2.0")))
	list := []filed{ubuntu, rec("Pub", "F-PUB", "", of("Pub", "few", ranges("SEMVER", "introduced 0, fixed 1.0.0")))}
	for i := range 3 {
		list = append(list, rec("GHC", fmt.Sprintf("F-GHC-%d", i), "", of("GHC", "few", ranges("SEMVER", "introduced 0, fixed 1.0.0"))))
	}
	small := list
	for i := range 1000 {
		list = append(list, rec("npm", fmt.Sprintf("F-%d", i), "", of("npm", "few", ranges("SEMVER", "introduced 0, fixed 1.0.0"))))
	}
	const few = "assessed-weakly (few records of its ecosystem in the database)"
	for _, c := range []struct {
		name      string
		records   []filed
		component sbom.Component
		want      string
		detail    string
	}{
		{"nothing found", list, sbom.Component{PURL: "pkg:deb/ubuntu/other@1.0?distro=ubuntu-20.04&arch=src"}, few, "the database has 1 of the 50807 records or more of Ubuntu"},
		{"something found", list, sbom.Component{PURL: "pkg:deb/ubuntu/few@1.0?distro=ubuntu-20.04"}, few + "; strong F-UBUNTU [< 2.0] fixed 2.0", "the database has 1 of the 50807 records or more of Ubuntu"},
		{"a small feed that broke off", list, sbom.Component{PURL: "pkg:pub/other@1.0.0"}, few, "the database has 1 of the 10 records or more of Pub"},
		{"a feed that small", list, sbom.Component{PURL: "pkg:npm/other@1.0.0"}, "assessed", ""},
		{"one of two identifiers", list, sbom.Component{PURL: "pkg:pub/few@3.0.0", Details: &sbom.Details{MorePURL: []string{"pkg:npm/few@3.0.0"}}}, few, "the database has 1 of the 10 records or more of Pub"},
		{"a database made by hand", small, sbom.Component{PURL: "pkg:deb/ubuntu/other@1.0?distro=ubuntu-20.04&arch=src"}, "assessed", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			data, _, err := build.FromRecords(build.Memory{Kind: vulndb.KindFull, Records: each(c.records)})
			if err != nil {
				t.Fatal(err)
			}
			db, err := vulndb.OpenBytes(data)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if got := judge(t, db, c.component); got != c.want {
				t.Errorf("want %q, got %q", c.want, got)
			}
			if got := detail(t, db, c.component); got != c.detail {
				t.Errorf("want detail %q, got %q", c.detail, got)
			}
		})
	}
}

// TestOtherLineByRecord: of two records of one vulnerability, one of which names
// a fix in the component's line, only the other has the caveat, and the finding
// has none.
func TestOtherLineByRecord(t *testing.T) {
	data, _, err := build.FromRecords(build.Memory{Kind: vulndb.KindFull, Records: each([]filed{
		rec("npm", "L-NEAR", `"aliases":["CVE-2030-0010"]`, of("npm", "line", ranges("SEMVER", "introduced 1.0.0, fixed 1.9.0"))),
		rec("npm", "L-FAR", `"aliases":["CVE-2030-0010"]`, of("npm", "line", ranges("SEMVER", "introduced 0, fixed 4.0.0"))),
	})})
	if err != nil {
		t.Fatal(err)
	}
	db, err := vulndb.OpenBytes(data)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	result, err := match.New(db).Match(&sbom.Document{Components: []sbom.Component{{PURL: "pkg:npm/line@1.2.0"}}})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range result.Findings {
		got["finding"] = f.Caveat
		for _, r := range f.Records {
			got[db.Advisory(r.Advisory).ID] = r.Caveat
		}
	}
	want := map[string]string{"finding": "", "L-NEAR": "", "L-FAR": "no fix in the component's own major line is named"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
