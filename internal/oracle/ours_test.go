// SPDX-License-Identifier: Apache-2.0

package oracle

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/sbom/reader"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

var built struct {
	sync.Mutex
	db *vulndb.DB
}

// database makes our database of all the data, once.
func database(tb testing.TB) *vulndb.DB {
	tb.Helper()
	built.Lock()
	defer built.Unlock()
	if built.db != nil {
		return built.db
	}
	out := filepath.Join(cacheDir(tb), "oracle.db")
	if _, err := build.Build(context.Background(), build.Options{
		From: dataDir(tb), Out: out, AsOf: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC),
	}); err != nil {
		tb.Fatal(err)
	}
	db, err := vulndb.Open(out)
	if err != nil {
		tb.Fatal(err)
	}
	built.db = db
	return db
}

// cacheDir is a folder for what all tests share; TestMain removes it.
func cacheDir(tb testing.TB) string {
	tb.Helper()
	dir, err := os.UserCacheDir()
	if err != nil {
		tb.Fatal(err)
	}
	return dir
}

// What we say of a component.
type judgement struct {
	component match.Component
	found     map[string]purl.Confidence // by id of the record
}

// ours gives what the program says of each component of a file.
func ours(db *vulndb.DB, file string) ([]judgement, error) {
	doc, err := reader.ReadFile(file, reader.Options{})
	if err != nil {
		return nil, err
	}
	result, err := match.New(db).Match(doc)
	if err != nil {
		return nil, err
	}
	list := make([]judgement, len(result.Components))
	for i := range list {
		list[i].component = result.Components[i]
	}
	for i := range result.Findings {
		f := &result.Findings[i]
		j := &list[f.Component]
		if j.found == nil {
			j.found = map[string]purl.Confidence{}
		}
		for _, a := range f.Records {
			j.found[db.Advisory(a.Advisory).ID] = f.Confidence
		}
	}
	return list, db.Err()
}
