// SPDX-License-Identifier: Apache-2.0

package build

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/vulndb"
)

// BenchmarkBuild builds the database of all the data; peak memory and CPU are
// those of the process (/usr/bin/time).
func BenchmarkBuild(b *testing.B) {
	from, out := corpus.Dir(b), filepath.Join(b.TempDir(), "x.db")
	var r *Report
	for b.Loop() {
		var err error
		if r, err = Build(context.Background(), Options{From: from, Out: out, AsOf: testDay}); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(r.JSONSize)
	b.ReportMetric(float64(r.Size), "bytes")
	b.ReportMetric(float64(r.Size)/float64(r.JSONSize), "of-JSON")
}

func fullFile(b *testing.B) string {
	b.Helper()
	file, _ := fullBuild(b)
	path := filepath.Join(b.TempDir(), "x.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		b.Fatal(err)
	}
	return path
}

func BenchmarkOpenFirstLookup(b *testing.B) {
	path := fullFile(b)
	var e vulndb.Entry
	b.ReportAllocs()
	for b.Loop() {
		db, err := vulndb.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		p, ok := db.Package("Maven", "org.apache.logging.log4j:log4j-core")
		if !ok {
			b.Fatal("not found")
		}
		if err := p.Entry(0, &e); err != nil {
			b.Fatal(err)
		}
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPackage(b *testing.B) {
	db := fullDB(b)
	for _, c := range []struct{ name, ecosystem, pkg string }{
		{"hit", "npm", "lodash"}, {"miss", "npm", "no-such-package-here"}, {"fold", "PyPI", "Zope.Interface"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				db.Package(c.ecosystem, c.pkg)
			}
		})
	}
}

// BenchmarkEntries reads the entries of one package.
func BenchmarkEntries(b *testing.B) {
	db := fullDB(b)
	p, _ := db.Package("PyPI", "django")
	var e vulndb.Entry
	b.ReportAllocs()
	for b.Loop() {
		for i := range p.Len() {
			if err := p.Entry(i, &e); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(p.Len()), "entries")
}

func BenchmarkGroup(b *testing.B) {
	db := fullDB(b)
	g := db.Advisory(db.Find("GHSA-jfh8-c2jp-5v3q")[0]).Group
	b.ReportAllocs()
	for b.Loop() {
		db.Group(g)
	}
}
