// SPDX-License-Identifier: Apache-2.0

// Package corpus finds the real data that tests are held against: published and
// hostile SBOMs, advisories, cases of other programs. It is no part of the
// repository: the folder that MEDSBOM_DATA names, else shared/data beside the
// module. Only tests import it.
package corpus

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Dir is a folder or file of the data, by its path from the root. Without any
// data a test is skipped, unless MEDSBOM_DATA promised some; a path that the data
// lacks is a failure.
func Dir(tb testing.TB, elem ...string) string {
	tb.Helper()
	root := Root(tb)
	if _, err := os.Stat(root); err != nil {
		if os.Getenv("MEDSBOM_DATA") != "" {
			tb.Fatalf("MEDSBOM_DATA: %v", err)
		}
		tb.Skipf("no real data in %s: set MEDSBOM_DATA", root)
	}
	path := filepath.Join(append([]string{root}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		tb.Fatalf("the data is not whole: %v", err)
	}
	return path
}

// Root is where the data would be. Seeds of fuzz targets are looked for there,
// since those run without them.
func Root(tb testing.TB) string {
	tb.Helper()
	if dir := os.Getenv("MEDSBOM_DATA"); dir != "" {
		return dir
	}
	module, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(module, "go.mod")); err == nil {
			return filepath.Join(filepath.Dir(module), "shared", "data")
		}
		if module == filepath.Dir(module) {
			tb.Fatal("no go.mod above the test")
		}
		module = filepath.Dir(module)
	}
}

// Table reads a file of tab-separated values whose first line names the columns.
func Table(tb testing.TB, path string) []map[string]string {
	tb.Helper()
	var rows []map[string]string
	var header []string
	for line := range strings.Lines(string(Read(tb, path))) {
		cells := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if header == nil {
			header = cells
			continue
		}
		row := make(map[string]string, len(cells))
		for i, cell := range cells {
			row[header[i]] = cell
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		tb.Fatalf("%s has no rows", path)
	}
	return rows
}

// Read reads a file, expanded if its name ends in .gz.
func Read(tb testing.TB, path string) []byte {
	tb.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	if !strings.HasSuffix(path, ".gz") {
		return text
	}
	z, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		tb.Fatal(err)
	}
	if text, err = io.ReadAll(z); err != nil {
		tb.Fatal(err)
	}
	return text
}
