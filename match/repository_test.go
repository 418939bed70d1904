// SPDX-License-Identifier: Apache-2.0

package match

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

const (
	firstCommit = "e77b5b7453c1e8ccd7ec0816890d98e2f392e465"
	fixCommit   = "2b0994c29a721c91c572cff7808c572a24d251eb"
)

// repositoryRecords are like the real ones that each names.
var repositoryRecords = []struct{ ecosystem, text string }{
	// ranges of versions and of commits, and the versions (CURL-CVE-2023-46218)
	{"GIT", `{"id":"T-BOTH","aliases":["CVE-2023-1"],"affected":[{"ranges":[{"type":"SEMVER","events":[{"introduced":"7.46.0"},{"fixed":"8.5.0"}]},{"type":"GIT","repo":"https://github.com/Curl/curl.git","events":[{"introduced":"` + firstCommit + `"},{"fixed":"` + fixCommit + `"}]}],"versions":["8.4.0","7.46.0"]}]}`},
	// tags as OSS-Fuzz finds them, those of another product among them (OSV-2017-79)
	{"OSS-Fuzz", `{"id":"T-TAGS","affected":[{"package":{"ecosystem":"OSS-Fuzz","name":"curl"},"ranges":[{"type":"GIT","repo":"git://github.com/curl/curl.git/","events":[{"introduced":"` + firstCommit + `"},{"fixed":"aa"}]}],"versions":["curl-7_57_0","curl-7_58_0","curl-7_60_0","tiny-curl-7_72_0"]}]}`},
	{"OSS-Fuzz", `{"id":"T-LATER","affected":[{"package":{"ecosystem":"OSS-Fuzz","name":"curl"},"ranges":[{"type":"GIT","repo":"https://github.com/curl/curl","events":[{"introduced":"ab"}]}],"versions":["curl-7_59_0","curl-8_6_0-rc1","curl-9_0_0"]}]}`},
	// no tag lies between the commits (OSV-2017-1)
	{"OSS-Fuzz", `{"id":"T-COMMITS","affected":[{"package":{"ecosystem":"OSS-Fuzz","name":"curl"},"ranges":[{"type":"GIT","repo":"https://github.com/curl/curl","events":[{"introduced":"ac"},{"fixed":"ad"}]}],"versions":[]}]}`},
	{"GIT", `{"id":"T-ONLY","affected":[{"ranges":[{"type":"GIT","repo":"https://github.com/python/cpython","events":[{"introduced":"0"},{"fixed":"ae"}]}]}]}`},
	{"OSS-Fuzz", `{"id":"T-SSL","affected":[{"package":{"ecosystem":"OSS-Fuzz","name":"openssl"},"ranges":[{"type":"GIT","repo":"https://git.example.org/OpenSSL.git","events":[{"introduced":"0"}]}],"versions":["OpenSSL_1_1_1","OpenSSL_1_1_1a","OpenSSL_1_1_1k"]}]}`},
	// a package of PyPI with the repository's name, and one of another (PYSEC)
	{"PyPI", `{"id":"T-OWN","affected":[{"package":{"ecosystem":"PyPI","name":"Some.Thing"},"ranges":[{"type":"GIT","repo":"https://github.com/x/some-thing","events":[{"introduced":"0"},{"fixed":"af"}]},{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2.0"}]}],"versions":["1.0"]}]}`},
	{"PyPI", `{"id":"T-OTHER","affected":[{"package":{"ecosystem":"PyPI","name":"wrapper"},"ranges":[{"type":"GIT","repo":"https://github.com/x/some-thing","events":[{"introduced":"0"},{"fixed":"af"}]}],"versions":["1.0","5.0"]}]}`},
	{"npm", `{"id":"T-ALIAS","aliases":["CVE-2023-1"],"affected":[{"package":{"ecosystem":"npm","name":"curl"},"versions":["7.46.0"]}]}`},
	{"GIT", `{"id":"T-U1","affected":[{"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"2.0"}]},{"type":"GIT","repo":"https://git.example.org/u","events":[{"introduced":"0"},{"fixed":"ba"}]}],"versions":["1.0"]}]}`},
	{"GIT", `{"id":"T-U2","affected":[{"ranges":[{"type":"GIT","repo":"https://git.example.org/u","events":[{"introduced":"0"},{"fixed":"bb"}]}],"versions":["1.0","1.1","1.5-rc1"]}]}`},
	{"GIT", `{"id":"T-U3","affected":[{"ranges":[{"type":"GIT","repo":"https://git.example.org/u","events":[{"introduced":"0"},{"fixed":"bc"}]}],"versions":["1.0","1.5"]}]}`},
	// most of a repository's records have commits alone (openssl, libxml2)
	{"GIT", `{"id":"T-FEW1","affected":[{"ranges":[{"type":"GIT","repo":"https://git.example.org/few","events":[{"introduced":"0"},{"fixed":"ca"}]}],"versions":["1.0","1.1","2.0"]}]}`},
	{"GIT", `{"id":"T-FEW2","affected":[{"ranges":[{"type":"GIT","repo":"https://git.example.org/few","events":[{"introduced":"0"},{"fixed":"cb"}]}]}]}`},
	{"GIT", `{"id":"T-FEW3","affected":[{"ranges":[{"type":"GIT","repo":"https://git.example.org/few","events":[{"introduced":"0"},{"fixed":"cc"}]}]}]}`},
	// named by dates (u-boot)
	{"GIT", `{"id":"T-DATE","affected":[{"ranges":[{"type":"GIT","repo":"https://git.example.org/date","events":[{"introduced":"0"},{"fixed":"cd"}]}],"versions":["v2019.07","v2019.10","v2020.04"]}]}`},
	// withdrawn: leads nowhere, and its tags are not known
	{"GIT", `{"id":"T-GONE","withdrawn":"2024-01-01T00:00:00Z","affected":[{"ranges":[{"type":"GIT","repo":"https://github.com/curl/curl","events":[{"introduced":"0"}]}],"versions":["curl-1_0"]}]}`},
}

func openRepositories(t *testing.T, kind string) *vulndb.DB {
	t.Helper()
	data, report, err := build.FromRecords(build.Memory{
		Kind: kind, AsOf: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
		Records: func(yield func(string, []byte) bool) {
			for _, r := range repositoryRecords {
				if !yield(r.ecosystem, []byte(r.text)) {
					return
				}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if report.Refused > 0 {
		t.Fatalf("records refused: %v", report.OddityList)
	}
	db, err := vulndb.OpenBytes(data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Verify(); err != nil {
		t.Fatal(err)
	}
	return db
}

// judged judges one component of the identities given, and writes the result in
// a line.
func judged(t *testing.T, db *vulndb.DB, packages ...purl.Package) string {
	t.Helper()
	w := worker{Matcher: New(db), groups: make(map[vulndb.GroupID]int)}
	out := Component{}
	w.judge(&out, nil, &purl.Identification{Packages: packages})
	if w.err != nil {
		t.Fatal(w.err)
	}
	line := out.State.String()
	if out.Reason != "" {
		line += " (" + string(out.Reason) + ")"
	}
	if out.Detail != "" {
		line += " (" + out.Detail + ")"
	}
	for _, f := range w.result.Findings {
		var ids []string
		for _, a := range f.Records {
			ids = append(ids, db.Advisory(a.Advisory).ID)
		}
		slices.Sort(ids)
		line += fmt.Sprintf("; %s %s [%s]", f.Confidence, strings.Join(ids, "+"), f.Range)
		if len(f.Fixed) > 0 {
			line += " fixed " + strings.Join(f.Fixed, "|")
		}
	}
	return line
}

func git(name, ver string, confidence purl.Confidence) purl.Package {
	return purl.Package{Ecosystem: "GIT", Name: name, Version: ver, Confidence: confidence}
}

func TestRepository(t *testing.T) {
	const (
		curl   = "https://github.com/curl/curl"
		ssl    = "https://git.example.org/OpenSSL"
		few    = "https://git.example.org/few"
		thing  = "https://github.com/x/some-thing"
		partly = "1 of 4 advisories of https://github.com/curl/curl cannot be held against the version"
		two    = "2 of 4 advisories of https://github.com/curl/curl cannot be held against the version"
		beyond = "; the version lies beyond those that the advisories of its repository list"
		weakly = "assessed-weakly (identity inferred, not stated)"
		other  = "not-assessed (version not among those that the records of the repository name)"
		sslOne = " (1 of 1 advisories of " + ssl + " cannot be held against the version"
	)
	db := openRepositories(t, vulndb.KindFull)
	for _, c := range []struct {
		name, repository, version string
		want                      string
	}{
		{"a listed tag, as people write it", curl, "7.58.0", weakly + " (" + partly + "); weak T-BOTH [>= 7.46.0, < 8.5.0] fixed 8.5.0; weak T-TAGS [= 7.58.0] fixed 7.59.0"},
		{"the tag itself", curl, "curl-7_58_0", weakly + " (" + partly + "); weak T-BOTH [>= 7.46.0, < 8.5.0] fixed 8.5.0; weak T-TAGS [= 7.58.0] fixed 7.59.0"},
		{"with v, in another spelling of the address", "git@github.com:CURL/curl.git", "v7.58.0", weakly + " (1 of 4 advisories of git@github.com:CURL/curl.git cannot be held against the version); weak T-BOTH [>= 7.46.0, < 8.5.0] fixed 8.5.0; weak T-TAGS [= 7.58.0] fixed 7.59.0"},
		{"listed, and the range has the fix", curl, "8.4.0", weakly + " (" + partly + "); weak T-BOTH [= 8.4.0] fixed 8.5.0"},
		{"a tag of others", curl, "7.59.0", weakly + " (" + partly + "); weak T-BOTH [>= 7.46.0, < 8.5.0] fixed 8.5.0; weak T-LATER [= 7.59.0] fixed 7.60.0"},
		{"another product of the repository", curl, "7.72.0", weakly + " (" + two + "); weak T-BOTH [>= 7.46.0, < 8.5.0] fixed 8.5.0; possible T-TAGS [next to affected tags]"},
		{"that product", curl, "tiny-curl-7_72_0", weakly + " (" + two + "); possible T-BOTH [version not known]; weak T-TAGS [= tiny-curl-7_72_0]"},
		{"between a listed tag and one that is not", curl, "7.58.1", other + " (3 of 4 advisories of https://github.com/curl/curl cannot be held against the version); weak T-BOTH [>= 7.46.0, < 8.5.0] fixed 8.5.0; possible T-TAGS [next to affected tags]; possible T-LATER [next to affected tags]"},
		{"above all tags: one has a fix, one has none", curl, "9.1.0", other + " (" + two + beyond + "); possible T-LATER [next to affected tags]"},
		{"below all tags", curl, "7.1.0", other + " (" + partly + beyond + ")"},
		{"no tag, the version cannot be compared", curl, "7.58.0-windows", "not-assessed (version not comparable); possible T-BOTH [version not known]; possible T-TAGS [version not known]; possible T-LATER [version not known]"},
		{"no version", curl, "", "not-assessed (no version); possible T-BOTH [version not known]; possible T-TAGS [version not known]; possible T-LATER [version not known]"},
		{"the commit that brought it in", curl, firstCommit, weakly + " (" + two + "); weak T-BOTH [introduced " + firstCommit + "]; weak T-TAGS [introduced " + firstCommit + "]; possible T-LATER [commits, whose order is not known]; possible T-COMMITS [commits, whose order is not known]"},
		{"the commit that mends it", curl, strings.ToUpper(fixCommit), other + " (3 of 4 advisories of https://github.com/curl/curl cannot be held against the version); possible T-TAGS [commits, whose order is not known]; possible T-LATER [commits, whose order is not known]; possible T-COMMITS [commits, whose order is not known]"},
		{"another commit", curl, strings.Repeat("0123", 10), "not-assessed (version not comparable); possible T-BOTH [commits, whose order is not known]; possible T-TAGS [commits, whose order is not known]; possible T-LATER [commits, whose order is not known]; possible T-COMMITS [commits, whose order is not known]"},
		{"commits alone", "https://github.com/python/cpython", "3.9.1", "not-assessed (no record of the repository names versions) (1 of 1 advisories of https://github.com/python/cpython cannot be held against the version)"},
		{"not in the database", "https://github.com/madler/zlib", "1.2.11", "not-assessed (source repository not in the database)"},
		{"no address", "curl", "1.0", "not-assessed (source repository not in the database)"},
		{"letters", ssl, "1.1.1k", weakly + "; weak T-SSL [= 1.1.1k]"},
		{"between listed tags", ssl, "1.1.1c", other + sslOne + "); possible T-SSL [next to affected tags]"},
		{"from the beginning, below the first tag", ssl, "1.0.2", other + sslOne + "); possible T-SSL [next to affected tags]"},
		{"above the last, not mended", ssl, "1.1.1l", other + sslOne + "); possible T-SSL [next to affected tags]"},
		{"most entries have commits alone", few, "1.1", "not-assessed (most records of the repository name no versions) (2 of 3 advisories of " + few + " cannot be held against the version); weak T-FEW1 [= 1.1]"},
		{"beyond the few that are named", few, "99.0", "not-assessed (most records of the repository name no versions) (3 of 3 advisories of " + few + " cannot be held against the version)"},
		{"no version, and few are named", few, "", "not-assessed (no version); possible T-FEW1 [version not known]"},
		{"a zero in front, where no tag has one", few, "1.01", "not-assessed (version not comparable); possible T-FEW1 [version not known]"},
		{"a zero in front, where no entry names versions", "https://github.com/python/cpython", "3.09", "not-assessed (no record of the repository names versions) (1 of 1 advisories of https://github.com/python/cpython cannot be held against the version)"},
		{"a date, as the tags are", "https://git.example.org/date", "2019.10", weakly + "; weak T-DATE [= 2019.10]"},
		{"a date between them", "https://git.example.org/date", "2020.01", other + " (1 of 1 advisories of https://git.example.org/date cannot be held against the version); possible T-DATE [next to affected tags]"},
		{"a package of the repository's name", thing, "1.5", weakly + " (1 of 2 advisories of " + thing + " cannot be held against the version); weak T-OWN [< 2.0] fixed 2.0"},
		{"fixed in the next tag that is no pre-release", "https://git.example.org/u", "1.1", weakly + "; weak T-U1 [< 2.0] fixed 2.0; weak T-U2 [= 1.1] fixed 1.5"},
		{"versions of another package are not the repository's", thing, "5.0", weakly + " (1 of 2 advisories of " + thing + " cannot be held against the version)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, judged(t, db, git(c.repository, c.version, purl.Weak))); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
	if err := db.Err(); err != nil {
		t.Error(err)
	}
}

// TestRepositoryBesideOthers: a weak identity adds findings, each once, and
// neither hides nor lends a state.
func TestRepositoryBesideOthers(t *testing.T) {
	db := openRepositories(t, vulndb.KindFull)
	npm := func(ver string, c purl.Confidence) purl.Package {
		return purl.Package{Ecosystem: "npm", Name: "curl", Version: ver, Confidence: c}
	}
	hex := purl.Package{Ecosystem: "Hex", Name: "curl", Version: "1.0", Confidence: purl.Strong}
	const curl, partly = "https://github.com/curl/curl", " (1 of 4 advisories of https://github.com/curl/curl cannot be held against the version)"
	for _, c := range []struct {
		name     string
		packages []purl.Package
		want     string
	}{
		{
			"a strong one stays assessed, an alias is one finding",
			[]purl.Package{npm("7.46.0", purl.Strong), git(curl, "7.46.0", purl.Weak)},
			"assessed; strong T-ALIAS+T-BOTH [= 7.46.0] fixed 8.5.0",
		},
		{
			"in the other order",
			[]purl.Package{git(curl, "7.46.0", purl.Weak), npm("7.46.0", purl.Strong)},
			"assessed; strong T-ALIAS+T-BOTH [= 7.46.0] fixed 8.5.0",
		},
		{
			"what the weak one finds is weak",
			[]purl.Package{npm("9.0.0", purl.Strong), git(curl, "9.0.0", purl.Possible)},
			"assessed; possible T-LATER [= 9.0.0]",
		},
		{
			"a strong one that is not in the database is not made up for",
			[]purl.Package{hex, git(curl, "7.46.0", purl.Weak)},
			"not-assessed (ecosystem not in the database); weak T-BOTH [= 7.46.0] fixed 8.5.0",
		},
		{
			"a weak one that is not comparable does not take away",
			[]purl.Package{npm("9.0.0", purl.Strong), git("https://github.com/python/cpython", "3", purl.Weak)},
			"assessed",
		},
		{
			"a repository alone, as stated",
			[]purl.Package{git(curl, "9.0.0", purl.Strong)},
			"assessed-weakly (known by its source repository alone)" + partly + "; strong T-LATER [= 9.0.0]",
		},
		{
			"stated, above the last tag: possible",
			[]purl.Package{git(curl, "9.0.1", purl.Strong)},
			"not-assessed (version not among those that the records of the repository name) (2 of 4 advisories of " + curl + " cannot be held against the version; the version lies beyond those that the advisories of its repository list); possible T-LATER [next to affected tags]",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, judged(t, db, c.packages...)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
	if got := judged(t, openRepositories(t, vulndb.KindStarter), git(curl, "9.0.0", purl.Strong)); !strings.HasPrefix(got, "starter-only") {
		t.Errorf("starter database: %s", got)
	}
}

// TestRepositoryOfComponent goes from what a document says to a judgement.
func TestRepositoryOfComponent(t *testing.T) {
	db := openRepositories(t, vulndb.KindFull)
	for _, c := range []struct {
		name string
		c    sbom.Component
		want string
	}{
		{"package URL of a repository", sbom.Component{PURL: "pkg:github/curl/curl@curl-8_4_0"}, "assessed-weakly: weak T-BOTH"},
		{"CPE", sbom.Component{Name: "libcurl", Version: "8.4.0", CPE: []string{"cpe:2.3:a:haxx:curl:8.4.0:*:*:*:*:*:*:*"}}, "assessed-weakly: weak T-BOTH"},
		{"well-known name alone", sbom.Component{Name: "curl", Version: "8.4.0"}, "not-assessed: possible T-BOTH"},
		{"reference to its repository", sbom.Component{Name: "x", Version: "8.4.0", References: []sbom.Reference{{Type: "website", URL: "https://x.example"}, {Type: "vcs", URL: "git+https://github.com/curl/curl.git"}}}, "assessed-weakly: weak T-BOTH"},
		{"well-known name and its supplier", sbom.Component{Name: "curl", Version: "8.4.0", Supplier: sbom.Party{Name: "Daniel Stenberg, haxx"}}, "assessed-weakly: weak T-BOTH"},
		{"of a distribution", sbom.Component{Name: "curl", PURL: "pkg:deb/debian/curl@8.4.0?distro=debian-12", CPE: []string{"cpe:2.3:a:haxx:curl:8.4.0:*:*:*:*:*:*:*"}}, "not-assessed"},
		{"a fork", sbom.Component{PURL: "pkg:github/someone/curl@8.4.0"}, "not-assessed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			result, err := New(db).Match(&sbom.Document{Components: []sbom.Component{c.c}})
			if err != nil {
				t.Fatal(err)
			}
			got := result.Components[0].State.String()
			for _, f := range result.Findings {
				var ids []string
				for _, a := range f.Records {
					ids = append(ids, db.Advisory(a.Advisory).ID)
				}
				slices.Sort(ids)
				got += ": " + f.Confidence.String() + " " + strings.Join(ids, "+")
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got):\n%s\n%+v", d, result.Components[0])
			}
		})
	}
}

func TestRepositoryUpgrade(t *testing.T) {
	m := New(openRepositories(t, vulndb.KindFull))
	for _, c := range []struct {
		version string
		fixes   []string
		want    string
	}{
		{"v1.0", []string{"1.1", "1.5"}, "2.0"}, // 1.1 and 1.5 are held by one another's lists
		{"u-1_0", []string{"2.0"}, "2.0"},
		{"1.0", []string{"1.2"}, "2.0"}, // 1.2 is no known tag, and next to one that is listed
		{"1.0", nil, ""},
		{"not-a-version", []string{"2.0"}, ""},
	} {
		got, err := m.Upgrade(git("https://git.example.org/u", c.version, purl.Weak), c.fixes)
		if err != nil || got != c.want {
			t.Errorf("%s: want %q, got %q, %v", c.version, c.want, got, err)
		}
	}
}
