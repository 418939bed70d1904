// SPDX-License-Identifier: Apache-2.0

package corpus

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// Edit copies the advisories and feeds beneath a folder with one in a hundred
// records changed, and tells how many: a summary, a fix, the bytes.
func Edit(tb testing.TB, from, to string) (changed int) {
	tb.Helper()
	n := 0
	variant(tb, from, to, func(w *zip.Writer, m *zip.File) error {
		if n++; n%100 != 17 {
			return w.Copy(m)
		}
		changed++
		text, err := content(m)
		if err != nil {
			return err
		}
		text = bytes.Replace(text, []byte(`"summary":"`), []byte(`"summary":"Edited: `), 1)
		text = bytes.Replace(text, []byte(`"fixed":"`), []byte(`"fixed":"9.`), 1)
		return add(w, m.Name, zip.Deflate, append(text, '\n'))
	})
	return changed
}

// Multiply copies the advisories and feeds beneath a folder with more-times
// copies of every record beside it, in which every package, repository and id
// has another name.
func Multiply(tb testing.TB, from, to string, more int) {
	tb.Helper()
	names := regexp.MustCompile(`"(name|id|repo)":\s*"([^"\\]*)"|"((?:CVE|GHSA)-[^"\\]*)"`)
	variant(tb, from, to, func(w *zip.Writer, m *zip.File) error {
		if err := w.Copy(m); err != nil {
			return err
		}
		text, err := content(m)
		for i := range more {
			if err != nil {
				break
			}
			var renamed []byte
			end := 0
			for _, at := range names.FindAllSubmatchIndex(text, -1) {
				stop := max(at[5], at[7]) // of the name, before its quote
				renamed = fmt.Appendf(append(renamed, text[end:stop]...), "-again%d", i)
				end = stop
			}
			err = add(w, fmt.Sprintf("again%d-%s", i, m.Name), zip.Store, append(renamed, text[end:]...))
		}
		return err
	})
}

func content(m *zip.File) ([]byte, error) {
	in, err := m.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }() // only read from
	return io.ReadAll(in)
}

func add(w *zip.Writer, name string, method uint16, text []byte) error {
	out, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method})
	if err == nil {
		_, err = out.Write(text)
	}
	return err
}

// variant copies all zips member by member, and the other feeds.
func variant(tb testing.TB, from, to string, each func(*zip.Writer, *zip.File) error) {
	tb.Helper()
	zips, err := filepath.Glob(filepath.Join(from, "osv", "*", "all.zip"))
	if err != nil || len(zips) == 0 {
		tb.Fatalf("no zips: %v", err)
	}
	for _, path := range zips {
		z, err := zip.OpenReader(path)
		if err != nil {
			tb.Fatal(err)
		}
		target := filepath.Join(to, "osv", filepath.Base(filepath.Dir(path)), "all.zip")
		if err := os.MkdirAll(filepath.Dir(target), 0o750); err != nil {
			tb.Fatal(err)
		}
		f, err := os.Create(target)
		if err != nil {
			tb.Fatal(err)
		}
		w := zip.NewWriter(f)
		for _, m := range z.File {
			if err := each(w, m); err != nil {
				tb.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			tb.Fatal(err)
		}
		if err := f.Close(); err != nil {
			tb.Fatal(err)
		}
		_ = z.Close()
	}
	for _, feed := range []string{"csaf", "cvss", "eol", "epss", "kev", "ssvc"} {
		if _, err := os.Stat(filepath.Join(from, feed)); err == nil {
			if err := os.CopyFS(filepath.Join(to, feed), os.DirFS(filepath.Join(from, feed))); err != nil {
				tb.Fatal(err)
			}
		}
	}
}
