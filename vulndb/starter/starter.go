// SPDX-License-Identifier: Apache-2.0

// Package starter holds a small advisory database inside the program, so that
// the first run works with no network and no file. It knows some hundred
// notable advisories and nothing else: what it does not report is not thereby
// clean, and Info.Kind says "starter" so that everything after it can say so.
//
// # What is in it
//
// osv/<Ecosystem>.json is an array of OSV records, sorted by id, one affected
// entry a line; kev.json is CISA's layout with the three fields that are used.
// The records keep facts alone: ids, aliases, packages, ranges with their
// events, CVSS vectors, dates, CWEs. The summaries are our own sentences, one a
// record, and say what an attacker can do; there are no details and at most one
// reference. A record is filed once, also where it names packages of several
// ecosystems (the jQuery ones stand in npm and name NuGet, Maven, RubyGems and
// Packagist packages too).
//
// Compared with its source, a record may lack aliases of product catalogues
// (Bitnami), packages that hardly occur (repackagings), GIT ranges beside a
// package, and listed versions where a range says the same. It never differs: a
// test holds every fact against the source record. Where the source gives a
// severity as a word and no vector, the word stands in
// database_specific.severity. There is no EPSS.
//
// GIT.json has the records that name a CVE, a source repository and a range of
// its versions, and no package; the sources have no others.
//
// The database is built from these files in memory, by vulndb/build, when it is
// first asked for. Its Built is the day of the sources that the set was taken
// from, whatever day it is; the dates of its feeds are, as in every database,
// those of the newest record of each.
//
// To add a record, write it into the file of its ecosystem in the same form and
// run the tests beside the full data; they name each fact that differs, each
// summary that echoes its source, and each missing entry of kev.json.
package starter

import (
	"embed"
	"fmt"
	"iter"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

// Kind is what Info.Kind says of the starter database.
const Kind = "starter"

//go:embed osv/*.json
var files embed.FS

//go:embed kev.json
var kev []byte

// asOf is the day of the sources.
func asOf() time.Time { return time.Date(2026, time.August, 22, 0, 0, 0, 0, time.UTC) }

// Open opens the starter database. The first call builds it, which takes some
// milliseconds; each call returns a database of its own over the same bytes, to
// be closed by the caller. An error means that the program was built from
// damaged files.
func Open() (*vulndb.DB, error) {
	content, err := database()
	if err != nil {
		return nil, err
	}
	db, err := vulndb.OpenBytes(content)
	if err != nil {
		return nil, fmt.Errorf("opening starter database: %w", err)
	}
	return db, nil
}

var database = sync.OnceValues(encode)

func encode() ([]byte, error) {
	content, report, err := build.FromRecords(build.Memory{Kind: Kind, Records: Records(), KEV: kev, AsOf: asOf()})
	if err != nil {
		return nil, fmt.Errorf("starter set: %w", err)
	}
	if report.Oddities > 0 {
		return nil, fmt.Errorf("starter set: %d oddities, the first: %s", report.Oddities, report.OddityList[0])
	}
	return content, nil
}

// Records gives every record of the set as it is written, with the ecosystem it
// is filed under, file by file in the order of their names.
func Records() iter.Seq2[string, []byte] {
	return func(yield func(ecosystem string, record []byte) bool) {
		entries, err := files.ReadDir("osv")
		if err != nil {
			return // cannot be: the folder is part of the program
		}
		for _, e := range entries {
			text, err := files.ReadFile(path.Join("osv", e.Name()))
			if err != nil {
				return
			}
			ecosystem := strings.TrimSuffix(e.Name(), ".json")
			r := jsonpull.New(text, jsonpull.Limits{})
			for r.Array(); r.Item(); {
				if !yield(ecosystem, r.Raw()) {
					return
				}
			}
		}
	}
}
