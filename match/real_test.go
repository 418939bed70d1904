// SPDX-License-Identifier: Apache-2.0

package match

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

type realDatabase struct {
	db     *vulndb.DB
	report *build.Report
	err    error
}

var buildReal = sync.OnceValue(func() (r realDatabase) {
	dir, err := os.MkdirTemp("", "medsbom-real")
	if err != nil {
		return realDatabase{err: err}
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "real.db")
	r.report, r.err = build.Build(context.Background(), build.Options{From: realFrom, Out: out, AsOf: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)})
	if r.err != nil {
		return r
	}
	data, err := os.ReadFile(out)
	if err != nil {
		return realDatabase{err: err}
	}
	r.db, r.err = vulndb.OpenBytes(data)
	return r
})

var realFrom string

// Limited is a Matcher that tells n findings of a document.
func Limited(db *vulndb.DB, n int) *Matcher {
	m := New(db)
	m.limit = n
	return m
}

// RealDB is the database of all the real data, built once in a run of the tests,
// which are skipped without the data and where time is short.
func RealDB(t *testing.T) (*vulndb.DB, *build.Report) {
	t.Helper()
	if testing.Short() {
		t.Skip("reads all the data")
	}
	realFrom = corpus.Dir(t)
	r := buildReal()
	if r.err != nil {
		t.Fatal(r.err)
	}
	return r.db, r.report
}
