// SPDX-License-Identifier: Apache-2.0

package build

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const kevOfOne = `{"dateReleased":"2026-01-01","vulnerabilities":[{"cveID":"CVE-2024-0001","dateAdded":"2024-03-01"}]}`

// TestOutIsNoSource: a build does not write over what it reads.
func TestOutIsNoSource(t *testing.T) {
	from := folder(t, map[string][]filed{"osv/npm/all.zip": records("npm", 2)}, map[string]string{kevFile: kevOfOne})
	for _, file := range []string{"osv/npm/all.zip", kevFile} {
		source := filepath.Join(from, file)
		before, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		link := filepath.Join(t.TempDir(), "link.db")
		if err := os.Symlink(source, link); err != nil {
			t.Skip(err)
		}
		for _, out := range []string{source, link} {
			_, err := Build(context.Background(), Options{From: from, Out: out, AsOf: testDay})
			if err == nil || !strings.Contains(err.Error(), "is a source of the database, "+file) {
				t.Errorf("%s: got %v", out, err)
			}
		}
		if after, err := os.ReadFile(source); err != nil || !bytes.Equal(before, after) {
			t.Errorf("%s has been changed: %v", file, err)
		}
	}
}

// TestLinkedFeedsAreHashed: a folder of a feed, and a file in it, may be links;
// what they lead to counts as any source does.
func TestLinkedFeedsAreHashed(t *testing.T) {
	from := folder(t, map[string][]filed{"osv/npm/all.zip": records("npm", 2)}, nil)
	target := t.TempDir()
	kev := filepath.Join(target, filepath.Base(kevFile))
	put(t, kev, []byte(kevOfOne))
	if err := os.Symlink(target, filepath.Join(from, "kev")); err != nil {
		t.Skip(err)
	}
	out := filepath.Join(t.TempDir(), "x.db")
	run(t, from, out, nil)
	if _, report := run(t, from, out, nil); !report.Unchanged {
		t.Fatal("want nothing built of the same sources")
	}
	put(t, kev, []byte(strings.Replace(kevOfOne, "2024-0001", "2024-0000", 1)))
	got, report := run(t, from, out, nil)
	want, _ := run(t, from, filepath.Join(t.TempDir(), "clean.db"), noCache)
	if report.Unchanged || !bytes.Equal(want, got) {
		t.Errorf("unchanged %t; the build with a cache is that without: %t", report.Unchanged, bytes.Equal(want, got))
	}
}

// TestIrregularFilesAreNamed: what stands in the place of a feed and is no file
// is an error, not passed over.
func TestIrregularFilesAreNamed(t *testing.T) {
	for _, file := range []string{kevFile, epssFile + ".gz", "osv/PyPI/all.zip"} {
		from := folder(t, map[string][]filed{"osv/npm/all.zip": records("npm", 2)}, nil)
		if err := os.MkdirAll(filepath.Join(from, file, "inside"), 0o750); err != nil {
			t.Fatal(err)
		}
		_, err := Build(context.Background(), Options{From: from, Out: filepath.Join(t.TempDir(), "x.db"), AsOf: testDay})
		if err == nil || !strings.Contains(err.Error(), "no regular file") || !strings.Contains(filepath.ToSlash(err.Error()), file) {
			t.Errorf("%s: got %v", file, err)
		}
	}
}
