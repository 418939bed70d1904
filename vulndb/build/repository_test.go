// SPDX-License-Identifier: Apache-2.0

package build

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/vulndb"
)

// tagsOf writes the entries of a repository, with the tags that they list.
func tagsOf(t *testing.T, db *vulndb.DB, repository string) []string {
	t.Helper()
	p, _ := db.Package(vulndb.GitEcosystem, repository)
	var list []string
	var e vulndb.Entry
	for i := range p.Len() {
		if err := p.Entry(i, &e); err != nil {
			t.Fatal(err)
		}
		line := words(db, &e)
		for j := range p.Tags() {
			if tag, err := p.Tag(j); err != nil {
				t.Fatal(err)
			} else if e.Lists(j) {
				line += " =" + tag.Version
			}
		}
		list = append(list, line)
	}
	return list
}

// fuzz makes a record as OSS-Fuzz does.
func fuzz(id, repository, versions string) filed {
	return rec("OSS-Fuzz", id, one("OSS-Fuzz", "p", `"versions":[`+versions+`],"ranges":[{"type":"GIT","repo":"`+repository+`","events":[{"introduced":"aa"},{"fixed":"bb"}]}]`))
}

func TestRepositories(t *testing.T) {
	const p = "https://git.example/p"
	for _, c := range []struct {
		name       string
		records    []filed
		want       []string
		oddities   []string
		tags       int
		repository string
	}{
		{
			name:    "spellings of one version are one tag, the shortest stands",
			records: []filed{fuzz("O-1", p, `"p-1_0","v1.0","1.0.0","1.0-rc1"`)},
			want:    []string{"O-1 GIT unsorted introduced aa, fixed bb; =1.0-rc1 =1.0"}, tags: 2,
		},
		{
			name:    "spellings of one address are one repository",
			records: []filed{fuzz("O-1", "git://git.example/p.git", `"1.0"`), fuzz("O-2", "https://GIT.example/P/", `"2.0","1.0"`)},
			want:    []string{"O-1 GIT unsorted introduced aa, fixed bb; =1.0", "O-2 GIT unsorted introduced aa, fixed bb; =1.0 =2.0"}, tags: 2,
		},
		{
			name: "no package, a range of versions (CURL-CVE-2023-46218)",
			records: []filed{rec("GIT", "G-1", `"affected":[{"versions":["1.1","1.0"],"ranges":[{"type":"SEMVER","events":[{"introduced":"1.0"},{"fixed":"1.2"}]},
				{"type":"GIT","repo":"`+p+`","events":[{"introduced":"aa"}]},{"type":"GIT","repo":"https://git.example/q","events":[{"introduced":"cc"}]}]}]`)},
			want: []string{"G-1 SEMVER introduced 1.0, fixed 1.2; GIT unsorted introduced aa; =1.0 =1.1"}, tags: 4,
		},
		{
			name: "versions of a package of the same name, not of another (PYSEC)",
			records: []filed{
				rec("PyPI", "P-1", one("PyPI", "P", `"versions":["1.0"],"ranges":[{"type":"GIT","repo":"`+p+`","events":[{"fixed":"aa"}]},{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2"}]}]`)),
				rec("PyPI", "P-2", one("PyPI", "other", `"versions":["3.0"],"ranges":[{"type":"GIT","repo":"`+p+`","events":[{"fixed":"ab"}]},{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"4"}]}]`)),
			},
			want: []string{"P-1 GIT unsorted fixed aa; ECOSYSTEM introduced 0, fixed 2; =1.0", "P-2 GIT unsorted fixed ab;"}, tags: 1,
		},
		{
			name: "a record replaced by a later one leaves no tags",
			records: []filed{
				fuzz("O-1", p, `"1.0"`),
				{"GIT", strings.Replace(fuzz("O-1", p, `"2.0"`).json, "2026-01-02", "2026-01-03", 1)},
			},
			want:     []string{"O-1 GIT unsorted introduced aa, fixed bb; =2.0"},
			oddities: []string{"osv/OSS-Fuzz: O-1: differs from the record of this id met before; the one met first is kept"}, tags: 1,
		},
		{
			name:     "no address of a repository",
			records:  []filed{fuzz("O-1", "p", `"1.0"`)},
			oddities: []string{`osv/OSS-Fuzz: O-1: a GIT range without the address of a repository ("p")`},
		},
		{
			name:    "commits alone",
			records: []filed{fuzz("O-1", p, "")},
			want:    []string{"O-1 GIT unsorted introduced aa, fixed bb;"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, report := open(t, memory(c.records...))
			if d := cmp.Diff(c.want, tagsOf(t, db, p)); d != "" {
				t.Errorf("entries (-want +got):\n%s", d)
			}
			got := odd(report)
			for i := 0; i < len(got); i++ {
				if strings.Contains(got[i], "the order of versions of ecosystem") {
					got = append(got[:i], got[i+1:]...)
					i--
				}
			}
			if d := cmp.Diff(c.oddities, got); d != "" && len(c.oddities)+len(got) > 0 {
				t.Errorf("oddities (-want +got):\n%s", d)
			}
			if report.Tags != c.tags {
				t.Errorf("want %d tags, got %d", c.tags, report.Tags)
			}
		})
	}
}

// TestManyRepositories: an entry of any number of repositories costs no more than
// that of the most that are taken.
func TestManyRepositories(t *testing.T) {
	var ranges strings.Builder
	for i := range 100 {
		if i > 0 {
			ranges.WriteByte(',')
		}
		fmt.Fprintf(&ranges, `{"type":"GIT","repo":"https://git.example/p%d","events":[{"introduced":"0"}]}`, i)
	}
	_, report := open(t, memory(rec("GIT", "G-1", `"affected":[{"versions":["1.0"],"ranges":[`+ranges.String()+`]}]`)))
	if d := cmp.Diff([]string{"osv/GIT: G-1: an entry of more than 16 repositories, the others are left out"}, odd(report)); d != "" || report.Repositories != maxRepositories {
		t.Errorf("%d repositories; oddities (-want +got):\n%s", report.Repositories, d)
	}
}

// TestManyTags has a repository of many records and tags: its size must grow
// with what is listed, not with records times tags.
func TestManyTags(t *testing.T) {
	var records []filed
	var list strings.Builder
	for i := range 2000 {
		if i > 0 {
			list.WriteByte(',')
		}
		fmt.Fprintf(&list, `"p-%d_%d"`, i/50, i%50)
	}
	for i := range 200 {
		records = append(records, fuzz(fmt.Sprintf("O-%d", i), "https://git.example/p", list.String()))
	}
	size := func(n int) int64 {
		_, report := open(t, memory(records[:n]...))
		return report.Size
	}
	if a, b := size(1), size(200); b > a+200*400 {
		t.Errorf("%d bytes with one record, %d with 200", a, b)
	}
}
