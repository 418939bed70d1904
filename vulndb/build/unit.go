// SPDX-License-Identifier: Apache-2.0

package build

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// unit is what some feeds other than OSV's come to: their tables, and what the
// report says of them. It depends on its files and on the date of the build alone,
// so it is made beside the records, and the cache keeps it: CISA's advisories take
// longer to read than all records of a day that have changed. A build without a
// cache makes it too and reads the tables back, so that both give the same.
type unit struct {
	Name       string
	Key        string // names the sources
	AsOf       int64  // of the build that made it
	NextDate   int64  // the first date in it after AsOf, 0 for none
	Feeds      []Feed
	Oddities   int
	OddityList []Oddity
	Sizes      []int // of its tables in the cache

	tables [][]byte
	seen   []string // digests of the files that were read
}

// unitKind says of what a unit is made, and how.
type unitKind struct {
	name    string
	folders []string // beneath Options.From
	read    func(b *builder, from string) error
	pack    func(b *builder) ([][]byte, error)
	tables  int
	adopt   func(b *builder, tables [][]byte) bool
}

// unitKinds are the units, in the order of their oddities in a report.
func unitKinds() []unitKind {
	return []unitKind{
		{"kev", []string{"kev"}, (*builder).findKEVFile, func(b *builder) ([][]byte, error) { return [][]byte{b.kevTable()}, nil }, 1, (*builder).adoptKEV},
		{"epss", []string{"epss"}, (*builder).findEPSSFile, func(b *builder) ([][]byte, error) { return [][]byte{b.epssTable()}, nil }, 1, (*builder).adoptEPSS},
		{"eol", []string{"eol"}, (*builder).findEOLFiles, (*builder).packEOL, 3, (*builder).adoptEOL},
		{"ssvc", []string{"ssvc", "cvss"}, (*builder).findRatingFiles, (*builder).packRatings, 3, (*builder).adoptRatings},
		{"csaf", []string{csafFolder}, (*builder).findCSAFFiles, (*builder).packDevices, 3, (*builder).adoptDevices},
	}
}

// reads takes the first file of each list that is there.
func (b *builder) reads(from string, read func(string, []byte) error, files ...string) error {
	for _, name := range files {
		text, err := readSource(from, name)
		if err != nil {
			return err
		}
		if text != nil {
			return inSource(name, read(name, text))
		}
	}
	return nil
}

func (b *builder) findKEVFile(from string) error { return b.reads(from, b.readKEV, kevFile) }

func (b *builder) findEPSSFile(from string) error {
	return b.reads(from, b.readEPSS, epssFile+".gz", epssFile)
}

func (b *builder) findEOLFiles(from string) error {
	if err := b.reads(from, b.readEOL, eolFile, eolFile+".gz"); err != nil {
		return err
	}
	return b.reads(from, b.readReleases, eolReleases+".gz", eolReleases)
}

func (b *builder) findCSAFFiles(from string) error {
	files, err := csafFiles(from)
	if err != nil {
		return err
	}
	return inSource(csafFolder, b.readCSAF(from, files))
}

func (b *builder) findRatingFiles(from string) error {
	if err := b.reads(from, b.readSSVC, ssvcFile+".gz", ssvcFile); err != nil {
		return err
	}
	return b.reads(from, b.readRatings, cvssFile+".gz", cvssFile)
}

// unit makes a unit by a function that reads its sources.
func (b *builder) unit(kind *unitKind, read func(*builder) error) (*unit, error) {
	one := &builder{collector: &collector{report: new(Report), asOf: b.asOf}}
	if err := read(one); err != nil {
		return nil, err
	}
	tables, err := kind.pack(one)
	if err != nil {
		return nil, err
	}
	u := &unit{
		Name: kind.name, AsOf: b.asOf, NextDate: one.nextDate, Feeds: one.feeds,
		Oddities: one.report.Oddities, OddityList: one.report.OddityList, tables: tables, seen: one.seen,
	}
	for i := range one.feeds {
		if one.feeds[i].Name != csafFolder { // of which the digest is that of all files
			u.seen = append(u.seen, one.feeds[i].Digest)
		}
	}
	return u, nil
}

// readUnits makes the units of a folder, or takes them from the cache. sources are
// the files of the folder; lost says which of them have changed meanwhile. It runs
// beside the reading of records, and so writes nothing to b.
func (b *builder) readUnits(from string, sources []source, c *cache) (units []*unit, lost, err error) {
	for _, kind := range unitKinds() {
		key, digests := unitKey(&kind, sources)
		u := c.unit(kind.name)
		if u == nil || u.Key != key || b.asOf < u.AsOf || u.NextDate != 0 && b.asOf >= u.NextDate || len(u.tables) != kind.tables {
			if u, err = b.unit(&kind, func(one *builder) error { return kind.read(one, from) }); err != nil {
				return nil, nil, err
			}
			u.Key = key
			slices.Sort(u.seen)
			if !slices.Equal(u.seen, digests) && lost == nil {
				lost = fmt.Errorf("a file of %s has changed, come or gone meanwhile", strings.Join(kind.folders, " or "))
			}
		}
		units = append(units, u)
	}
	return units, lost, nil
}

// unitKey names the sources of a unit, and gives their digests, sorted.
func unitKey(kind *unitKind, sources []source) (key string, digests []string) {
	hash := sha256.New()
	for _, s := range sources {
		if folder, _, _ := strings.Cut(s.File, "/"); slices.Contains(kind.folders, folder) {
			_, _ = hash.Write(layout.AppendString(layout.AppendString(nil, s.File), s.Digest))
			digests = append(digests, s.Digest)
		}
	}
	slices.Sort(digests)
	return hex.EncodeToString(hash.Sum(nil)), digests
}

// adoptTables takes up the tables of units, which no record says anything of: it too
// runs beside the reading of records.
func (b *builder) adoptTables(units []*unit) error {
	for i, kind := range unitKinds() {
		if !kind.adopt(b, units[i].tables) {
			return errCache
		}
	}
	return nil
}

// adopt takes up the feeds and oddities of units, behind those of the records.
func (b *builder) adopt(units []*unit) {
	for _, u := range units {
		b.feeds = append(b.feeds, u.Feeds...)
		listed := b.report.Oddities
		for _, o := range u.OddityList {
			b.report.odd(o.File, o.Record, o.What)
		}
		b.report.Oddities = listed + u.Oddities
		if u.NextDate != 0 {
			earlier(&b.nextDate, u.NextDate)
		}
	}
	if b.keep {
		b.units = units
	}
}

// fixed calls a function for each row of a table, false if it is not whole.
func fixed(table []byte, size layout.Section, each func(row []byte)) bool {
	n := int(size.Row())
	for ; len(table) >= n; table = table[n:] {
		each(table[:n])
	}
	return len(table) == 0
}

func (b *builder) adoptKEV(tables [][]byte) bool {
	b.kev = make([]kevRow, 0, len(tables[0])/int(layout.KEV.Row()))
	return fixed(tables[0], layout.KEV, func(row []byte) {
		b.kev = append(b.kev, kevRow{le.Uint64(row), le.Uint32(row[8:]), le.Uint32(row[12:])&layout.KEVRansomware != 0})
	})
}

func (b *builder) adoptEPSS(tables [][]byte) bool {
	b.epss = make([]epssRow, 0, len(tables[0])/int(layout.EPSS.Row()))
	return fixed(tables[0], layout.EPSS, func(row []byte) {
		b.epss = append(b.epss, epssRow{le.Uint64(row), le.Uint32(row[8:]), le.Uint32(row[12:])})
	})
}

func (b *builder) packEOL() ([][]byte, error) {
	tables := make([][]byte, 3)
	b.eol.tables(func(s layout.Section, content []byte) {
		tables[slices.Index([]layout.Section{layout.EOLSlots, layout.EOL, layout.EOLReleases}, s)] = content
	})
	return tables, nil
}

func (b *builder) adoptEOL(tables [][]byte) bool {
	b.eolTables = [3][]byte(tables)
	return true
}

func (b *builder) packDevices() ([][]byte, error) {
	offsets, keys, data, err := b.deviceTables()
	return [][]byte{offsets, keys, data}, err
}

func (b *builder) adoptDevices(tables [][]byte) bool {
	b.deviceSections = [3][]byte(tables)
	return true
}

// packRatings gives SSVC's table, the ratings with the number of their text, and
// these texts.
func (b *builder) packRatings() ([][]byte, error) {
	b.ratings.settle()
	var rows, texts []byte
	for _, x := range b.ratings.list {
		rows = le.AppendUint32(le.AppendUint64(rows, x.cve), x.text)
	}
	for _, t := range b.ratings.texts {
		texts = layout.AppendString(layout.AppendString(texts, t.source), t.vector)
	}
	return [][]byte{b.ssvcTable(), rows, texts}, nil
}

func (b *builder) adoptRatings(tables [][]byte) bool {
	b.ssvc = make([]ssvcRow, 0, len(tables[0])/int(layout.SSVC.Row()))
	r := &b.ratings
	*r = ratings{list: make([]rated, 0, len(tables[1])/int(layout.Ratings.Row()))}
	in := layout.Cursor{B: tables[2]}
	for len(in.B) > 0 && !in.Bad {
		r.texts = append(r.texts, ratingText{in.View(), in.View()})
	}
	r.scores = make([]cvss, len(r.texts))
	for i := range r.texts {
		var err error
		if r.scores[i], err = score(r.texts[i].vector); err != nil {
			return false
		}
	}
	good := !in.Bad
	good = fixed(tables[0], layout.SSVC, func(row []byte) {
		b.ssvc = append(b.ssvc, ssvcRow{le.Uint64(row), le.Uint32(row[8:]), le.Uint32(row[12:])})
	}) && good
	return fixed(tables[1], layout.Ratings, func(row []byte) {
		x := rated{le.Uint64(row), le.Uint32(row[8:])}
		good = good && int(x.text) < len(r.texts)
		r.list = append(r.list, x)
	}) && good
}
