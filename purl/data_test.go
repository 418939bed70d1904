// SPDX-License-Identifier: Apache-2.0

package purl_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"html"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/medsbom/medsbom/internal/corpus"
)

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// corpusURLs gives every package URL in the real SBOMs once, with a file that
// holds it, sorted.
func corpusURLs(tb testing.TB) (urls []string, file map[string]string) {
	tb.Helper()
	dir := corpus.Dir(tb, "sbom")
	file = make(map[string]string)
	for _, folder := range []string{"medical", "wild"} {
		entries, err := os.ReadDir(filepath.Join(dir, folder))
		if err != nil {
			tb.Fatal(err)
		}
		for _, e := range entries {
			name := filepath.Join(folder, e.Name())
			text, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				tb.Fatal(err)
			}
			for _, text := range unpack(tb, text) {
				// "pkg:" also occurs inside bom-refs and CPEs (cpe:2.3:a:read-pkg:…).
				isXML := bytes.HasPrefix(bytes.TrimSpace(text), []byte("<"))
				for _, u := range grep(text) {
					if isXML {
						u = html.UnescapeString(u)
					}
					file[u] = name
				}
			}
		}
	}
	for u := range file {
		urls = append(urls, u)
	}
	slices.Sort(urls)
	return urls, file
}

// unpack gives the texts of a file: gzip, zip and UTF-16 resolved.
func unpack(tb testing.TB, b []byte) [][]byte {
	tb.Helper()
	switch {
	case bytes.HasPrefix(b, []byte("\x1f\x8b")):
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			tb.Fatal(err)
		}
		if b, err = io.ReadAll(z); err != nil {
			tb.Fatal(err)
		}
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		return unzip(tb, b)
	}
	if bytes.HasPrefix(b, []byte("\xff\xfe")) {
		var units []uint16
		for i := 2; i+1 < len(b); i += 2 {
			units = append(units, uint16(b[i])|uint16(b[i+1])<<8)
		}
		b = []byte(string(utf16.Decode(units)))
	}
	return [][]byte{b}
}

func unzip(tb testing.TB, b []byte) (texts [][]byte) {
	tb.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		tb.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			tb.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			tb.Fatal(err)
		}
		texts = append(texts, text)
	}
	return texts
}

// grep finds "pkg:" with what follows up to white space, a quote or a bracket.
// What stands inside another word (the vendor read-pkg of a CPE, the field pkg
// of a CPE) is none.
func grep(text []byte) (urls []string) {
	for {
		i := bytes.Index(text, []byte("pkg:"))
		if i < 0 {
			return urls
		}
		before := byte(' ')
		if i > 0 {
			before = text[i-1]
		}
		text = text[i:]
		end := bytes.IndexFunc(text, func(r rune) bool { return r <= ' ' || strings.ContainsRune("\"'<>`\\", r) })
		if end < 0 {
			end = len(text)
		}
		if strings.IndexByte(" \t\r\n\"'>`", before) >= 0 {
			urls = append(urls, string(text[:end]))
		}
		text = text[end:]
	}
}
