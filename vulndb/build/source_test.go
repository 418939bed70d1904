// SPDX-License-Identifier: Apache-2.0

package build

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/vulndb"
)

// folder writes a folder of sources: zips from lists of records, files as they
// are.
func folder(t testing.TB, zips map[string][]filed, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, records := range zips {
		var members []member
		for i, r := range records {
			members = append(members, member{name: fmt.Sprintf("../%d.json", i), text: r.json})
		}
		put(t, filepath.Join(root, name), zipOf(t, members...))
	}
	for name, text := range files {
		put(t, filepath.Join(root, name), []byte(text))
	}
	return root
}

func put(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// member is a member of a zip; crc and size are what it declares where not zero.
type member struct {
	name, text string
	crc        uint32
	size       uint64
	deflate    bool
}

func zipOf(t testing.TB, members ...member) []byte {
	t.Helper()
	content, err := packed(members)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func packed(members []member) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, m := range members {
		header := &zip.FileHeader{Name: m.name, Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(m.text)), CompressedSize64: uint64(len(m.text)), UncompressedSize64: uint64(len(m.text))}
		content := []byte(m.text)
		if m.deflate {
			var packed bytes.Buffer
			w, _ := flate.NewWriter(&packed, flate.BestSpeed)
			_, _ = w.Write(content)
			_ = w.Close()
			content = packed.Bytes()
			header.Method, header.CompressedSize64 = zip.Deflate, uint64(len(content))
		}
		if m.crc != 0 {
			header.CRC32 = m.crc
		}
		if m.size != 0 {
			header.UncompressedSize64 = m.size
		}
		w, err := z.CreateRaw(header)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(content); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func records(ecosystem string, n int) (list []filed) {
	for i := range n {
		list = append(list, rec(ecosystem, fmt.Sprintf("%s-%04d", ecosystem, i), `"aliases":["CVE-2024-`+fmt.Sprintf("%04d", i)+`"],"summary":"about `+strings.Repeat("x", i%90)+`",`+
			one(ecosystem, fmt.Sprintf("package-%d", i%37), events(fmt.Sprintf(`{"introduced":"0"},{"fixed":"1.%d.0"}`, i)))))
	}
	return list
}

func build(t testing.TB, from string, change func(*Options)) ([]byte, *Report) {
	t.Helper()
	o := Options{From: from, Out: filepath.Join(t.TempDir(), "deeper", "x.db"), AsOf: testDay, NoCache: true}
	if change != nil {
		change(&o)
	}
	report, err := Build(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(o.Out)
	if err != nil {
		t.Fatal(err)
	}
	rest, err := os.ReadDir(filepath.Dir(o.Out))
	if err != nil || len(rest) != 1 {
		t.Errorf("want the database alone in its folder, got %v, %v", rest, err)
	}
	return file, report
}

func TestBuildIsDeterministic(t *testing.T) {
	from := folder(t, map[string][]filed{
		"osv/npm/all.zip": records("npm", 1500), "osv/PyPI/all.zip": records("PyPI", 900), "osv/Go/all.zip": records("npm", 1501),
	}, nil)
	want, first := build(t, from, nil)
	for _, jobs := range []int{1, 2, 7} {
		got, report := build(t, from, func(o *Options) { o.Jobs = jobs })
		if !bytes.Equal(want, got) {
			t.Errorf("%d jobs: other bytes", jobs)
		}
		if d := cmp.Diff(first, report); d != "" {
			t.Errorf("%d jobs: other report (-want +got):\n%s", jobs, d)
		}
	}
	later, report := build(t, from, func(o *Options) { o.AsOf = testDay.AddDate(0, 0, 1) })
	if bytes.Equal(want, later) || report.Digest != first.Digest {
		t.Error("another day must change the time of build, and not the digest")
	}
	if first.Files != 3901 || first.Duplicates != 1500 || first.Advisories != 2401 || first.Oddities != 0 {
		t.Errorf("got %+v", first)
	}
	other, report := build(t, folder(t, map[string][]filed{"npm/all.zip": records("npm", 1499)}, nil), nil)
	if report.Digest == first.Digest || len(other) == 0 {
		t.Error("other sources have the same digest")
	}
}

func TestLayouts(t *testing.T) {
	zips := map[string][]filed{"osv/npm/all.zip": records("npm", 3)}
	kev := `{"dateReleased":"2026-08-01","vulnerabilities":[{"cveID":"CVE-2024-0001","dateAdded":"2024-01-01"}]}`
	epss := "#score_date:2026-08-02T00:00:00+0000\ncve,epss,percentile\nCVE-2024-0001,0.1,0.2\n"
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(epss))
	_ = z.Close()
	for _, c := range []struct {
		name  string
		from  string
		feeds []string
	}{
		{"all", folder(t, zips, map[string]string{kevFile: kev, epssFile + ".gz": packed.String(), "ssvc/other.csv": ""}), []string{"epss", "kev", "osv/npm"}},
		{"plain EPSS", folder(t, zips, map[string]string{epssFile: epss}), []string{"epss", "osv/npm"}},
		{"no osv folder", folder(t, map[string][]filed{"npm/all.zip": records("npm", 3), "Red Hat/all.zip": records("npm", 1)}, map[string]string{"README": ""}), []string{"osv/Red Hat", "osv/npm"}},
	} {
		file, report := build(t, c.from, nil)
		db, err := vulndb.OpenBytes(file)
		if err != nil {
			t.Fatal(err)
		}
		var feeds []string
		for _, f := range db.Info().Feeds {
			feeds = append(feeds, f.Name)
			if f.Date.IsZero() || f.Records == 0 || len(f.Digest) != 64 {
				t.Errorf("%s: got %+v", c.name, f)
			}
		}
		if d := cmp.Diff(c.feeds, feeds); d != "" {
			t.Errorf("%s: feeds (-want +got):\n%s", c.name, d)
		}
		_, hasKEV := db.KEV("CVE-2024-0001")
		_, hasEPSS := db.EPSS("CVE-2024-0001")
		if hasKEV != db.Info().HasKEV || hasEPSS != db.Info().HasEPSS || report.Digest != db.Info().Digest {
			t.Errorf("%s: got %+v", c.name, db.Info())
		}
	}
}

func TestBuildFails(t *testing.T) {
	good := zipOf(t, member{name: "a.json", text: records("npm", 1)[0].json})
	for _, c := range []struct {
		name string
		file string
		text []byte
		want string
	}{
		{"nothing", "README", nil, "no OSV zip"},
		{"no zip", "osv/npm/all.zip", []byte("hello"), "osv/npm/all.zip"},
		{"zip cut off", "osv/npm/all.zip", good[:len(good)-10], "osv/npm/all.zip"},
		{"nothing readable", "osv/npm/all.zip", zipOf(t, member{name: "a.json", text: "{"}, member{name: "b.json", text: "[]"}), "none of 2 records can be read"},
		{"no record", "osv/npm/all.zip", zipOf(t), "no advisory in the sources"},
		{"KEV", kevFile, []byte("<html>"), kevFile},
		{"KEV empty", kevFile, []byte(`{"vulnerabilities":[]}`), "no entry"},
		{"EPSS", epssFile + ".gz", []byte("\x1f\x8bxx"), epssFile},
		{"EPSS empty", epssFile, []byte("cve,epss,percentile\n"), "no score"},
	} {
		root := t.TempDir()
		if c.name[0] >= 'A' && c.name[0] <= 'Z' {
			put(t, filepath.Join(root, "osv/npm/all.zip"), good)
		}
		put(t, filepath.Join(root, c.file), c.text)
		out := filepath.Join(root, "out", "x.db")
		put(t, out, []byte("the old one"))
		if _, err := Build(context.Background(), Options{From: root, Out: out}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: want an error with %q, got %v", c.name, c.want, err)
		}
		if old, err := os.ReadFile(out); err != nil || string(old) != "the old one" {
			t.Errorf("%s: the old database is gone: %q, %v", c.name, old, err)
		}
	}
	if _, err := Build(context.Background(), Options{From: t.TempDir()}); err == nil {
		t.Error("no Out: no error")
	}
	if _, err := Build(context.Background(), Options{From: filepath.Join(t.TempDir(), "absent"), Out: "x"}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("absent folder: got %v", err)
	}
	from := folder(t, map[string][]filed{"osv/npm/all.zip": records("npm", 1000)}, nil)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := Build(ctx, Options{From: from, Out: filepath.Join(from, "x.db")}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
}

// TestHostileZip puts one good record beside members that lie.
func TestHostileZip(t *testing.T) {
	good := records("npm", 1)[0].json
	for _, c := range []struct {
		name string
		bad  member
		want string
	}{
		{"wrong checksum", member{name: "b.json", text: `{"id":"B-1"}`, crc: 7}, "checksum"},
		{"longer than declared", member{name: "b.json", text: `{"id":"B-1"}  `, size: 12, deflate: true}, "not a valid zip file"},
		{"longer than declared, stored", member{name: "b.json", text: `{"id":"B-1"}  `, size: 12}, "not a valid zip file"},
		{"shorter than declared", member{name: "b.json", text: `{"id":"B-1"}`, size: 300}, "EOF"},
		{"huge by its own word", member{name: "b.json", text: `{"id":"B-1"}`, size: 1 << 40}, "more than the limit"},
		{"binary", member{name: "b.json", text: "\x00\x00\x00\x00"}, "where an OSV record should stand"},
	} {
		root := t.TempDir()
		put(t, filepath.Join(root, "osv/npm/all.zip"), zipOf(t, member{name: "folder/"}, member{name: "/etc/passwd", text: good}, c.bad))
		_, report := build(t, root, nil)
		if report.Advisories != 1 || report.Refused != 1 || len(report.OddityList) != 1 || !strings.Contains(report.OddityList[0].String(), c.want) {
			t.Errorf("%s: want one record and an oddity with %q, got %+v", c.name, c.want, report)
		}
	}
}

// TestFutureDates: a date after the build must not make a feed look fresh.
func TestFutureDates(t *testing.T) {
	db, report := open(t, memory(
		filed{"Debian", `{"id":"D-1","modified":"2026-03-01T00:00:00Z","published":"2026-02-01T00:00:00Z",` + one("Debian:11", "a", `"versions":["1"]`) + `}`},
		filed{"Debian", `{"id":"D-2","modified":"2099-03-01T00:00:00Z","published":"2098-02-01T00:00:00Z",` + one("Debian:11", "a", `"versions":["1"]`) + `}`},
	))
	r, _ := db.Covers("Debian", "11")
	if want := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC); !r.Newest.Equal(want) || r.Records != 2 {
		t.Errorf("release: want newest %v of 2, got %+v", want, r)
	}
	if want := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC); !report.Feeds[0].Date.Equal(want) {
		t.Errorf("feed: want %v, got %v", want, report.Feeds[0].Date)
	}
	if report.Oddities != 1 || !strings.Contains(report.OddityList[0].What, "after the date of the build") {
		t.Errorf("oddities: got %v", report.OddityList)
	}
}

func TestExploitedOddities(t *testing.T) {
	in := memory(rec("npm", "N-1", ""))
	in.KEV = []byte(`{"vulnerabilities":[{"cveID":"CVE-24-1","dateAdded":"2024-01-01"},{"cveID":"CVE-2024-12345","dateAdded":"soon","knownRansomwareCampaignUse":"known"},{"cveID":"CVE-2024-12345","dateAdded":"2024-01-01"},7]}`)
	in.EPSS = []byte("cve,epss,percentile\r\nCVE-2024-0001,0.123456789,1\r\nCVE-2024-0001,0.9,1\nCVE-2024-00001,0.1,0.2\nCVE-2024-0002,1.5,0.2\nCVE-2024-0003,NaN,0\nCVE-2024-0004\n")
	db, report := open(t, in)
	if len(odd(report)) != 7 {
		t.Errorf("got %v", strings.Join(odd(report), "\n"))
	}
	if k, ok := db.KEV("CVE-2024-12345"); !ok || !k.Ransomware || !k.Added.IsZero() {
		t.Errorf("KEV: got %+v, %v", k, ok)
	}
	if e, ok := db.EPSS("CVE-2024-0001"); !ok || e.Score != 0.123456789 {
		t.Errorf("EPSS: got %+v, %v", e, ok)
	}
}

func TestReplaceKeepsMode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	if err := replace(path, []byte("x")); err != nil {
		t.Fatal(err)
	}
	stat, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if stat.Mode().Perm() != 0o644 && runtime.GOOS != "windows" {
		t.Errorf("want a file that everybody may read, got %v", stat.Mode())
	}
}
