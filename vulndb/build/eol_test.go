// SPDX-License-Identifier: Apache-2.0

package build

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/vulndb"
)

const oneEOL = `{"node":{"title":"Node.js","category":"framework","identifiers":[{"purl":"pkg:generic/node"}],
	"cycles":[{"cycle":"18","eol":"2025-04-30","latestReleaseDate":"2025-03-27"}]}}`

func eolMemory(products, releases string) Memory {
	in := memory(rec("npm", "GHSA-0000-0000-0000", one("npm", "a", events(`{"introduced":"0"}`))))
	in.EOL = []byte(products)
	if releases != "" {
		in.Release = []byte(releases)
	}
	return in
}

func TestEOLOddities(t *testing.T) {
	_, r := open(t, eolMemory(`{
		"good":{"cycles":[{"cycle":"1","eol":"2024-02-30"},{"cycle":"2","eol":7},{"eol":true},{"cycle":3,"eol":true},{"cycle":"4","eol":null}],
			"identifiers":[{"purl":"nonsense"},{"cpe":"cpe:2.3:a"},{"other":"x"},{"purl":5}]},
		"none":{"cycles":[]},
		"":{"cycles":[{"cycle":"1","eol":true}]}}`,
		`{"good":{"1.0":"yesterday","1.1":5,"1.2":"2024-01-01"},"stranger":{"1":"2024-01-01"}}`))
	want := []string{
		"eol releases: good: a number where a date should stand",
		`eol releases: good: version "1.0": "yesterday" is no date, or no version`,
		"eol releases: stranger: dates of a product that the other file does not have",
		`eol: good: CPE "cpe:2.3:a" cannot be read`,
		`eol: good: CPE "" cannot be read`,
		"eol: good: a cycle without a name left out",
		"eol: good: a cycle without a name left out",
		"eol: good: a number where a text should stand",
		"eol: good: a number where a text should stand",
		`eol: good: eol "2024-02-30" is no date`,
		"eol: good: eol is neither date nor boolean",
		`eol: good: identifier of the kind "other" left out`,
		`eol: good: package URL "" cannot be read`,
		`eol: good: package URL "nonsense" cannot be read`,
		"eol: none: has no cycle that can be read",
		`eol: product with the name "" left out`,
	}
	got := odd(r)
	// One oddity met twice in a row counts once; the texts above that do are here as met.
	if d := cmp.Diff(dedupe(want), dedupe(got)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func dedupe(list []string) map[string]bool {
	out := map[string]bool{}
	for _, s := range list {
		if !strings.Contains(s, `""`) {
			out[s] = true
		}
	}
	return out
}

func TestEOLRefused(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "a list": "[]", "no product": "{}", "cut": oneEOL[:len(oneEOL)-3], "not gzip": "\x1f\x8bnonsense",
		"too many cycles": `{"a":{"cycles":[` + strings.Repeat(`{"cycle":"1"},`, 5000) + `{"cycle":"1"}]}}`,
	} {
		if _, _, err := FromRecords(eolMemory(text, "")); err == nil || !strings.Contains(err.Error(), "eol") {
			t.Errorf("%s: want an error that names the file, got %v", name, err)
		}
	}
}

// The date of the feed is that of what has happened: neither a day after the build
// nor an end of support, which comes by itself, makes an old file look fresh.
func TestEOLDate(t *testing.T) {
	text := `{"a":{"cycles":[{"cycle":"1","eol":"2026-08-30","releaseDate":"2026-08-29","latestReleaseDate":"2024-05-05"},
		{"cycle":"2","eol":false,"latestReleaseDate":"2099-01-01"}]}}`
	db, _ := open(t, eolMemory(text, ""))
	want := []vulndb.Feed{{Name: "eol", Date: time.Date(2024, 5, 5, 0, 0, 0, 0, time.UTC), Records: 1, Digest: digestOf([]byte(text))}}
	if d := cmp.Diff(want, db.Info().Feeds[:1]); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestEOLGzip(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(oneEOL))
	_ = z.Close()
	db, _ := open(t, eolMemory(b.String(), ""))
	if _, ok := db.LifecycleOfPURL("generic", "", "node"); !ok {
		t.Error("not found")
	}
}

// A key that two products claim leads to neither, unless one is named so.
func TestEOLKeys(t *testing.T) {
	db, _ := open(t, eolMemory(`{
		"ansible":{"identifiers":[{"cpe":"cpe:2.3:a:redhat:ansible"}],"cycles":[{"cycle":"1","eol":true}]},
		"core":{"title":"Ansible","aliases":["engine"],"identifiers":[{"cpe":"cpe:/a:redhat:ansible"}],"cycles":[{"cycle":"1","eol":true}]},
		"motor":{"aliases":["engine"],"cycles":[{"cycle":"1","eol":true}]}}`, ""))
	if _, ok := db.LifecycleOfCPE("redhat", "ansible"); ok {
		t.Error("a CPE of two products leads to one")
	}
	if l, _ := db.LifecycleNamed("ansible"); l.Product != "ansible" {
		t.Errorf("want the product of that name, got %q", l.Product)
	}
	if _, ok := db.LifecycleNamed("engine"); ok {
		t.Error("an alias of two products leads to one")
	}
}

// FuzzEOL: no text of the publisher's files panics or makes a database that does
// not verify.
func FuzzEOL(f *testing.F) {
	f.Add(oneEOL, `{"node":{"18.1":"2024-01-01"}}`)
	f.Add(`{"a":{"tags":["java-distribution"],"cycles":[{"cycle":"8","eol":true,"support":false}]}}`, `{"a":{}}`)
	f.Fuzz(func(t *testing.T, products, releases string) {
		file, _, err := FromRecords(eolMemory(products, releases))
		if err != nil {
			return
		}
		db, err := vulndb.OpenBytes(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Verify(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestRealEOL(t *testing.T) {
	dir := corpus.Dir(t, "eol")
	in := eolMemory(string(corpus.Read(t, filepath.Join(dir, "products.json"))), "")
	in.Release = corpus.Read(t, filepath.Join(dir, "release-dates.json.gz"))
	db, r := open(t, in)
	for _, f := range r.Feeds {
		if strings.HasPrefix(f.Name, "eol") {
			t.Logf("%s: %s, %d records", f.Name, f.Date.Format(time.DateOnly), f.Records)
		}
	}
	count := func(name, version string) string {
		l, ok := db.LifecycleNamed(name)
		if !ok {
			return "not found"
		}
		c, ok := l.Cycle(version)
		return fmt.Sprintf("%s %v %s %v", c.Name, ok, c.EOL.Day.Format(time.DateOnly), c.EOL.Come)
	}
	for _, tt := range []struct{ name, version, want string }{
		{"openssl", "1.1.1k", "1.1.1 true 2023-09-11 false"},
		{"debian", "10", "10 true 2022-09-10 false"},
		{"python", "3.8.10", "3.8 true 2024-10-07 false"},
		{"nodejs", "18.20.8", "18 true 2025-04-30 false"},
		{"nodejs", "1.8.4", "1 true 0001-01-01 true"},
	} {
		if got := count(tt.name, tt.version); got != tt.want {
			t.Errorf("%s %s: want %s, got %s", tt.name, tt.version, tt.want, got)
		}
	}
}
