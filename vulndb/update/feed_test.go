// SPDX-License-Identifier: Apache-2.0

package update

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/vulndb/build"
)

// only makes a site whose one other feed is name, served at /feed.
func only(t *testing.T, name string, content []byte) *site {
	s := newSite(t)
	s.Sources[1] = Source{name, s.server.URL + "/feed"}
	s.server.put("/feed", content)
	return s
}

func gunzipped(t *testing.T, text string) string {
	t.Helper()
	z, err := gzip.NewReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func gzipped(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return b.Bytes()
}

// archive makes a zip of name and content, in turn.
func archive(files ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, _ := z.Create(files[i])
		_, _ = w.Write([]byte(files[i+1]))
	}
	_ = z.Close()
	return b.Bytes()
}

const epssText = "#model_version:v2025.03.14,score_date:2026-11-02T00:00:00+0000\ncve,epss,percentile\nCVE-2026-0001,0.5,0.9\n"

// TestEOL: the answer of endoflife.date's API becomes the mirror's form.
func TestEOL(t *testing.T) {
	s := only(t, "eol", []byte(`{"schema_version":"1.2.1","generated_at":"2026-11-01T00:07:57+00:00","total":1,"result":[
{"name":"nodejs","aliases":["node"],"label":"Node.js","category":"framework","tags":["framework"],"versionCommand":"node --version",
 "identifiers":[{"type":"purl","id":"pkg:generic/node"},{"type":"cpe","id":"cpe:2.3:a:nodejs:node.js"}],
 "labels":{"eoas":"Active Support","discontinued":null,"eol":"Security Support","eoes":null},"links":{"icon":null,"html":"https://endoflife.date/nodejs","releasePolicy":"https://example.org/policy"},
 "releases":[
  {"name":"26","codename":null,"label":"26 (Upcoming LTS)","releaseDate":"2026-05-05","isLts":false,"ltsFrom":"2026-10-28","isEoas":false,"eoasFrom":"2027-10-27","isEol":false,"eolFrom":"2029-04-30","isMaintained":true,"latest":{"name":"26.8.2","date":"2026-09-09","link":null},"custom":null},
  {"name":"0.12","codename":"Old","label":"0.12","releaseDate":"2015-02-06","isLts":false,"ltsFrom":null,"isEoas":true,"eoasFrom":null,"isEol":true,"eolFrom":null,"isMaintained":false,"latest":null}]}]}`))
	s.must("eol updated, osv/npm updated")
	want := `{"nodejs":{"aliases":["node"],"category":"framework","cycles":[` +
		`{"cycle":"26","eol":"2029-04-30","label":"26 (Upcoming LTS)","latest":"26.8.2","latestReleaseDate":"2026-09-09","lts":"2026-10-28","releaseDate":"2026-05-05","support":"2027-10-27"},` +
		`{"codename":"Old","cycle":"0.12","eol":true,"releaseDate":"2015-02-06","support":true}],` +
		`"identifiers":[{"purl":"pkg:generic/node"},{"cpe":"cpe:2.3:a:nodejs:node.js"}],"releasePolicyLink":"https://example.org/policy","tags":["framework"],"title":"Node.js"}}`
	if diff := cmp.Diff(want, s.read("eol/products.json")); diff != "" {
		t.Error(diff)
	}
	// The mirror's own form is taken as it is.
	s.server.put("/feed", []byte(want))
	s.must("eol unchanged, osv/npm unchanged")
	s.server.put("/feed", []byte(`{"schema_version":"2.0.0","result":[]}`))
	s.words(s.must("eol kept, osv/npm unchanged"), "eol", `version "2.0.0" of the API`)
	s.server.put("/feed", []byte(`{"schema_version":"1.2.1","result":[{"name":"x","releases":[{"name":"1","releaseDate":"2001-01-01"}]}]}`))
	s.words(s.must("eol kept, osv/npm unchanged"), "eol", "an older state is refused")
}

func TestReleaseDates(t *testing.T) {
	s := only(t, "eol-dates", archive(
		"release-data-main/README.json", "{}",
		"release-data-main/releases/openssl.json", `{"1.1.1k":"2021-03-25","3.0.8":"2023-02-07","odd":"unknown"}`,
		"release-data-main/releases/go.json", `{"releases":{"1.26":{"name":"1.26"}},"versions":{"1.26.1":{"name":"1.26.1","date":"2026-03-05"}}}`,
		"release-data-main/releases/none.json", `{}`))
	s.must("eol-dates updated, osv/npm updated")
	if diff := cmp.Diff(`{"go":{"1.26.1":"2026-03-05"},"openssl":{"1.1.1k":"2021-03-25","3.0.8":"2023-02-07"}}`, gunzipped(t, s.read("eol/release-dates.json.gz"))); diff != "" {
		t.Error(diff)
	}
}

const vulnrichment = `{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":"CVE-2026-3931","state":"PUBLISHED"},"containers":{
"cna":{"metrics":[{"cvssV3_1":{"vectorString":"CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:U/C:N/I:L/A:N"}}]},
"adp":[{"providerMetadata":{"shortName":"CVE"},"title":"CVE Program Container"},
{"title":"CISA ADP Vulnrichment","providerMetadata":{"shortName":"CISA-ADP"},"problemTypes":[{"descriptions":[{"cweId":"CWE-79"},{"cweId":"CWE-80"},{"cweId":"CWE-79"}]}],"metrics":[
{"cvssV3_1":{"version":"3.1","vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}},
{"other":{"type":"kev","content":{"dateAdded":"2026-04-20","reference":"x"}}},
{"other":{"type":"ssvc","content":{"id":"CVE-2026-3931","role":"CISA Coordinator","options":[{"Exploitation":"PoC"},{"Automatable":"yes"},{"Technical Impact":"partial"}],"version":"2.0.3","timestamp":"2026-04-22T19:20:06.233081Z"}}}]}]}}`

func TestSSVC(t *testing.T) {
	content := archive(
		"vulnrichment-develop/2026/3xxx/CVE-2026-3931.json", vulnrichment,
		"vulnrichment-develop/2026/1xxx/CVE-2026-1000.json", strings.NewReplacer("CVE-2026-3931", "CVE-2026-1000", `"CISA-ADP"`, `"other"`).Replace(vulnrichment),
		"vulnrichment-develop/assets/x.json", "not read")
	s := only(t, "ssvc", content)
	s.must("osv/npm updated, ssvc updated")
	want := "cve,exploitation,automatable,technical_impact,ssvc_date,kev_date_added,cvss_vector,cwes\n" +
		"CVE-2026-3931,poc,yes,partial,2026-04-22,2026-04-20,CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H,CWE-79 CWE-80\n"
	if diff := cmp.Diff(want, gunzipped(t, s.read("ssvc/vulnrichment.csv.gz"))); diff != "" {
		t.Error(diff)
	}
	// A clone of the repository gives the same, and so does the mirror's own file.
	clone := t.TempDir()
	if err := os.WriteFile(filepath.Join(clone, "CVE-2026-3931.json"), []byte(vulnrichment), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Sources[1].Place = clone
	s.must("osv/npm unchanged, ssvc unchanged")
	s.server.put("/feed", gzipped(want))
	s.Sources[1].Place = s.server.URL + "/feed"
	s.must("osv/npm unchanged, ssvc unchanged")
	s.server.put("/feed", archive("v/CVE-2026-1.json", "{", "v/CVE-2026-3931.json", vulnrichment))
	s.words(s.must("osv/npm unchanged, ssvc kept"), "ssvc", "1 of its 2 CVE records cannot be read")
	s.server.put("/feed", archive("v/readme.json", "{}"))
	s.words(s.must("osv/npm unchanged, ssvc kept"), "ssvc", "no CVE record")
}

func advisory(id, date string) string {
	return `{"document":{"title":"x","tracking":{"id":"` + id + `","current_release_date":"` + date + `"}},
		"product_tree":{"branches":[{"category":"vendor","name":"Acme","branches":[{"category":"product_name","name":"Pump","product":{"product_id":"P1","name":"Pump"}}]}]},
		"vulnerabilities":[{"cve":"CVE-2026-1","product_status":{"known_affected":["P1"]}}]}`
}

func members(t *testing.T, text string) []string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range z.File {
		names = append(names, m.Name)
	}
	return names
}

func TestCSAF(t *testing.T) {
	const folder = "CSAF-develop/csaf_files/OT/white/2026/"
	s := only(t, "csaf", archive(
		folder+"icsma-26-017-02.json", advisory("ICSMA-26-017-02", "2026-02-01T00:00:00Z"),
		folder+"icsma-26-017-02.json.sha512", "x",
		folder+"icsa-26-010-01.json", advisory("ICSA-26-010-01", "2026-01-10T07:00:00.000000Z"),
		folder+"ICSMA-26-001-01.json", advisory("ICSMA-26-001-01", "2026-01-01T00:00:00Z"),
		"CSAF-develop/csaf_files/IT/white/2026/va-26-001-01.json", "not read"))
	r := s.must("csaf updated, osv/npm updated")
	if item := s.item(r, "csaf"); item.Records != 3 || item.Date.Format(time.DateOnly) != "2026-02-01" {
		t.Errorf("got %+v", item)
	}
	if diff := cmp.Diff([]string{"icsma-26-001-01.json", "icsma-26-017-02.json"}, members(t, s.read("csaf/icsma.zip"))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"icsa-26-010-01.json"}, members(t, s.read("csaf/icsa.zip"))); diff != "" {
		t.Error(diff)
	}
	s.server.put("/feed", archive("a/icsma-1.json", advisory("A", "2026-03-01")))
	s.words(s.must("csaf updated in part, osv/npm unchanged"), "csaf", "csaf/icsa.zip did not come")
	s.server.put("/feed", archive("a/icsma-1.json", advisory("A", "2026-01-01"), "b/icsma-1.json", advisory("A", "2026-01-01")))
	s.words(s.must("csaf kept, osv/npm unchanged"), "csaf", "two advisories of one name")
	s.server.put("/feed", archive("a/icsma-1.json", `{"document":`))
	s.words(s.must("csaf kept, osv/npm unchanged"), "csaf", "icsma-1.json")
}

// TestPlainFiles: KEV, EPSS and CVSS are taken as they are, compressed if they are not.
func TestPlainFiles(t *testing.T) {
	for _, test := range []struct{ name, file, good, bad, words string }{
		{"epss", "epss/epss_scores.csv.gz", epssText, "<html>", "header cve,epss,percentile"},
		{"epss", "epss/epss_scores.csv.gz", epssText, epssText + "CVE-2026-0002", "no line of scores"},
		{"epss", "epss/epss_scores.csv.gz", epssText, strings.Replace(epssText, "2026-11-02", "2026-11-01", 1), "ends 2026-11-01 and our copy ends 2026-11-02"},
		{"epss", "epss/epss_scores.csv.gz", epssText, "cve,epss,percentile\nCVE-2026-0001,0.5,0.9\n", "states no date"},
		{"cvss", "cvss/cvss.csv.gz", "cve,type,vector,source\nCVE-2026-0001,CVSS_V3,CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H,nvd\n", "cve,type\n", "no header"},
		{"cvss", "cvss/cvss.csv.gz", "cve,type,vector,source\nCVE-2026-0001,CVSS_V3,CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H,nvd\n", "cve,type,vector,source\nCVE-2026-0001\n", "wrong number of fields"},
		{"kev", "kev/known_exploited_vulnerabilities.json", string(kev("2026-11-01", 30)), string(kev("2026-11-02", 30))[:500], "end"},
		{"kev", "kev/known_exploited_vulnerabilities.json", string(kev("2026-11-01", 30)), string(kev("2026-11-02", 3)), "3 records and our copy has had 30"},
		{"kev", "kev/known_exploited_vulnerabilities.json", string(kev("2026-11-01", 30)), `{"dateReleased":"2026-11-02","vulnerabilities":[]}`, "nothing in it"},
		{"kev", "kev/known_exploited_vulnerabilities.json", string(kev("2026-11-01", 30)), "<!doctype html><p>blocked", "HTML page"},
	} {
		t.Run(test.name+" "+test.words, func(t *testing.T) {
			s := only(t, test.name, []byte(test.good))
			if _, err := s.update(); err != nil {
				t.Fatal(err)
			}
			got := s.read(test.file)
			if strings.HasSuffix(test.file, ".gz") {
				got = gunzipped(t, got)
			}
			if diff := cmp.Diff(test.good, got); diff != "" {
				t.Fatal(diff)
			}
			before := s.read(test.file)
			s.server.put("/feed", []byte(test.bad))
			r, err := s.update()
			if err != nil {
				t.Fatal(err)
			}
			s.words(r, test.name, test.words)
			if s.item(r, test.name).State != Kept || s.read(test.file) != before {
				t.Errorf("the old copy was not kept: %+v", s.item(r, test.name))
			}
		})
	}
}

// TestCompressed: a file that is compressed is taken as it should lie, a mirror's
// that lies otherwise is refused.
func TestCompressed(t *testing.T) {
	text := kev("2026-11-01", 30)
	s := only(t, "kev", gzipped(string(text)))
	s.must("kev updated, osv/npm updated")
	if got := s.read("kev/known_exploited_vulnerabilities.json"); got != string(text) {
		t.Errorf("got %.40q", got)
	}
	s.Sources, s.From = s.Sources[:1], s.server.URL
	s.server.put("/osv/ecosystems.txt", []byte("npm\n"))
	s.server.put("/kev/known_exploited_vulnerabilities.json", gzipped(string(text)))
	s.words(s.must("kev kept, osv/npm unchanged"), "kev", "compressed where it should not be")
	s.server.fault("/kev/known_exploited_vulnerabilities.json", always(answerWith(200, "Content-Encoding", "gzip")))
	s.words(s.must("kev kept, osv/npm unchanged"), "kev", "not asked for")
}

// TestHugeDirectory: a zip that lists more members than there can be is not listed.
func TestHugeDirectory(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "all.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	small := archive("a.json", "{}")
	if _, err := f.Write(small); err != nil {
		t.Fatal(err)
	}
	l := &listing{ReaderAt: f, left: 10}
	if _, err := zip.NewReader(l, int64(len(small))); err == nil || !strings.Contains(err.Error(), "directory") {
		t.Errorf("got %v", err)
	}
	if z, done, err := openZip(f.Name()); err != nil || len(z.File) != 1 {
		t.Errorf("got %v", err)
	} else {
		done()
	}
}

// TestFolders: a folder is a mirror too, in our layout or osv-scanner's; what
// changed is copied, what is older is not.
func TestFolders(t *testing.T) {
	for _, under := range []string{"osv", "osv-scalibr", "osv-scanner", ""} {
		t.Run(under, func(t *testing.T) {
			from := t.TempDir()
			put := func(name string, content []byte) {
				t.Helper()
				path := filepath.Join(from, filepath.FromSlash(name))
				if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			put(under+"/npm/all.zip", npm(5, 50).zip("npm"))
			put("epss/epss_scores.csv", []byte(epssText))
			put("csaf/icsma/icsma-1.json", []byte(advisory("ICSMA-1", "2026-01-01T00:00:00Z")))
			s := newSite(t)
			s.Sources, s.From, s.Offline = nil, from, true
			s.must("csaf updated, epss updated, osv/npm updated")
			s.must("csaf unchanged, epss unchanged, osv/npm unchanged")
			put(under+"/npm/all.zip", npm(7, 40).zip("npm"))
			s.must("csaf unchanged, epss unchanged, osv/npm updated")
			put(under+"/npm/all.zip", npm(7, 60).zip("npm"))
			s.words(s.must("csaf unchanged, epss unchanged, osv/npm kept"), "osv/npm", "an older state is refused")
			if err := os.RemoveAll(filepath.Join(from, "epss")); err != nil {
				t.Fatal(err)
			}
			put(under+"/npm/all.zip", npm(8, 30).zip("npm"))
			s.words(s.must("csaf unchanged, epss kept, osv/npm updated"), "epss", "does not have epss/epss_scores.csv.gz")
			if asked := s.server.asked(); len(asked) > 0 {
				t.Errorf("the network was used: %v", asked)
			}
		})
	}
}

// TestFeedsAreAMirror: the folder of one update serves another one.
func TestFeedsAreAMirror(t *testing.T) {
	s := newSite(t)
	s.must("kev updated, osv/npm updated")
	second := newSite(t)
	second.Sources, second.From, second.Offline = nil, s.Database+".feeds", true
	second.must("kev updated, osv/npm updated")
	one, _ := os.ReadFile(s.Database)
	two, _ := os.ReadFile(second.Database)
	if !bytes.Equal(one, two) {
		t.Error("the same feeds gave another database")
	}
}

func TestUsage(t *testing.T) {
	for name, change := range map[string]func(o *Options){
		"no database to update":          func(o *Options) { o.Database = "" },
		"--offline forbids the network":  func(o *Options) { o.Offline = true },
		"is no address of http or https": func(o *Options) { o.From = "ftp://example.org" },
		"an ecosystem without a name":    func(o *Options) { o.Ecosystems = []string{} },
		"ecosystem without a name is":    func(o *Options) { o.Ecosystems = []string{"npm", " "} },
		"is no address":                  func(o *Options) { o.From = "http://" },
	} {
		s := newSite(t)
		change(&s.Options)
		_, err := s.update()
		if usage, ok := err.(*UsageError); !ok || !strings.Contains(err.Error(), name) || usage.Remedy == "" { //nolint:errorlint // itself
			t.Errorf("%s: got %v", name, err)
		}
	}
	for _, text := range []string{"kev", "kev=", "nothing=http://x", "=x"} {
		if _, err := ParseSource(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
	if got, err := ParseSource("kev=http://x/?a=b"); err != nil || got != (Source{"kev", "http://x/?a=b"}) {
		t.Errorf("got %v, %v", got, err)
	}
	if got := join("https://x/m/?token=1", "osv/Red Hat"); got != "https://x/m/osv/Red%20Hat?token=1" {
		t.Errorf("got %s", got)
	}
	for _, f := range FeedNames() {
		if p := Publisher(f); f != "cvss" && !strings.HasPrefix(p, "https://") {
			t.Errorf("%s is published at %q", f, p)
		}
	}
}

// TestState: a state that cannot be read costs nothing but a comparison.
func TestState(t *testing.T) {
	s := newSite(t)
	s.must("kev updated, osv/npm updated")
	name := filepath.Join(s.Database+".feeds", stateFile)
	for _, text := range []string{"", "{", `{"version":99}`, `{"version":1,"feeds":{"kev":{"files":{"../../etc/passwd":"x"}}}}`} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s.server.asked()
		r := s.must("kev unchanged, osv/npm unchanged")
		if slices.Contains(s.server.asked(), kevPath+" conditional") {
			t.Error("a state that cannot be read was believed")
		}
		if r.Replaced {
			t.Error("the database was replaced")
		}
	}
}

// TestRealData: the feeds that an update keeps make the same database as their
// source, and an update of them finds nothing new.
func TestRealData(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("builds the whole database three times")
	}
	from := corpus.Dir(t)
	direct, err := build.Build(t.Context(), build.Options{From: from, Out: filepath.Join(t.TempDir(), "direct.db"), AsOf: testDay})
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t)
	s.Sources, s.From, s.Offline = nil, from, true
	for _, want := range []State{Updated, Unchanged} {
		r, err := s.update()
		if err != nil {
			t.Fatal(err)
		}
		for i := range r.Items {
			if item := &r.Items[i]; item.State != want {
				t.Errorf("%s %s, want %s: %s", item.Name, item.State, want, item.Words)
			}
		}
		if r.Digest != direct.Digest {
			t.Errorf("digest %s, want %s", r.Digest, direct.Digest)
		}
	}
}

func FuzzConverters(f *testing.F) {
	f.Add([]byte(vulnrichment))
	f.Add([]byte(`{"schema_version":"1.2.1","result":[{"name":"x","releases":[{"name":"1"}]}]}`))
	f.Add([]byte(advisory("A", "2026-01-01")))
	f.Add(kev("2026-11-01", 2))
	f.Add([]byte(epssText))
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		names := map[string]string{"plain": "plain", "zip": "CVE-1.json", "csaf": "icsma-1.json", "dates": "releases/x.json"}
		for kind, member := range names {
			content := text
			if kind != "plain" {
				content = archive(member, string(text))
			}
			path := filepath.Join(dir, kind)
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			p, err := newPlace(filepath.Join(dir, "db"), tuning{})
			if err != nil {
				t.Fatal(err)
			}
			for i := range feeds {
				c := &conversion{ctx: t.Context(), feed: &feeds[i], source: path, create: p.create, say: func(string) {}}
				err := feeds[i].convert(c)
				for _, s := range c.made {
					if err == nil {
						j := slices.IndexFunc(feeds[i].files, func(x target) bool { return x.path == s.name })
						_, _ = feeds[i].files[j].check(&checking{t.Context(), s.path(), testDay})
					}
					s.discard()
				}
			}
		}
	})
}
