// SPDX-License-Identifier: Apache-2.0

package vulndb

import (
	"encoding/binary"
	"fmt"

	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// Package is a package that some advisory names. It belongs to its database.
type Package struct {
	db     *DB
	number uint64
	first  uint32
	count  uint32
	tags   uint32 // first row of Tags
	tagged uint32 // rows
	err    error  // the look-up met a fault
}

// Covers tells what the database has of an ecosystem (release "") or of exactly
// one release of it. ok is false if it has nothing: then nothing can be said
// about packages of that release.
func (db *DB) Covers(ecosystem, release string) (r Release, ok bool) {
	i, ok := db.covered[place{ecosystem, release}]
	if !ok {
		return Release{}, false
	}
	return db.info.Releases[i], true
}

// Package looks up a package of an ecosystem (without release) by its name as
// OSV writes it; names of PyPI, NuGet and Packagist and GIT are folded. ok
// is false if no advisory names it. If the file is damaged, ok is true and Entry gives the
// error.
func (db *DB) Package(ecosystem, name string) (p Package, ok bool) {
	number, ok := db.numbers[ecosystem]
	if !ok {
		return Package{}, false
	}
	p, ok, err := db.lookUp(number, purl.FoldName(ecosystem, name))
	if err != nil {
		return Package{db: db, err: err}, true
	}
	return p, ok
}

func (db *DB) lookUp(ecosystem uint16, name string) (Package, bool, error) {
	slots := db.rows(layout.PackageSlots)
	if slots == 0 {
		return Package{}, false, db.damage(layout.PackageSlots, "the database is closed")
	}
	at := layout.Hash(ecosystem, name)
	for range slots {
		at &= slots - 1
		slot, err := db.read(layout.PackageSlots, 4*at, 4)
		if err != nil {
			return Package{}, false, err
		}
		n := uint64(binary.LittleEndian.Uint32(slot))
		if n == 0 {
			return Package{}, false, nil
		}
		row, err := db.row(layout.Packages, n-1)
		if err != nil {
			return Package{}, false, err
		}
		if binary.LittleEndian.Uint16(row[6:]) == ecosystem && int(binary.LittleEndian.Uint16(row[4:])) == len(name) {
			text, err := db.read(layout.Names, uint64(binary.LittleEndian.Uint32(row)), uint64(len(name)))
			if err != nil {
				return Package{}, false, err
			}
			if layout.View(text) == name {
				p := Package{db: db, number: n - 1, first: binary.LittleEndian.Uint32(row[8:]), count: binary.LittleEndian.Uint32(row[12:])}
				if uint64(p.first)+uint64(p.count) > db.rows(layout.Entries) {
					return Package{}, false, db.damage(layout.Packages, "package %q has entries that are not there", name)
				}
				p.tags = binary.LittleEndian.Uint32(row[16:])
				if p.tagged, err = db.tagCount(n-1, p.tags); err != nil {
					return Package{}, false, err
				}
				return p, true, nil
			}
		}
		at++
	}
	return Package{}, false, db.damage(layout.PackageSlots, "the table is full")
}

// packageName gives ecosystem and folded name of a package by its number.
func (db *DB) packageName(i uint64) (ecosystem, name string, err error) {
	row, err := db.row(layout.Packages, i)
	if err != nil {
		return "", "", err
	}
	text, err := db.read(layout.Names, uint64(binary.LittleEndian.Uint32(row)), uint64(binary.LittleEndian.Uint16(row[4:])))
	if err != nil {
		return "", "", err
	}
	number := int(binary.LittleEndian.Uint16(row[6:]))
	if number >= len(db.ecosystems) {
		return "", "", db.damage(layout.Packages, "ecosystem %d of %d", number, len(db.ecosystems))
	}
	return db.ecosystems[number], string(text), nil
}

// Len is the number of entries: affected entries of advisories that are not
// withdrawn, one advisory's entries in the record's order. It is 1 if the
// look-up met a fault, which Entry then reports.
func (p Package) Len() int {
	if p.err != nil {
		return 1
	}
	return int(p.count)
}

// Entry reads entry i into e and reuses e's slices.
func (p Package) Entry(i int, e *Entry) error {
	if p.err != nil {
		return p.err
	}
	if i < 0 || i >= int(p.count) {
		return fmt.Errorf("vulndb: entry %d of %d", i, p.count)
	}
	db, le := p.db, binary.LittleEndian
	row, err := db.row(layout.Entries, uint64(p.first)+uint64(i))
	if err != nil {
		return err
	}
	e.Advisory = AdvisoryID(le.Uint32(row))
	release, length := int(le.Uint16(row[12:])), le.Uint32(row[8:])
	switch {
	case uint64(e.Advisory) >= db.rows(layout.Advisories):
		return db.damage(layout.Entries, "advisory %d of %d", e.Advisory, db.rows(layout.Advisories))
	case release >= len(db.releases):
		return db.damage(layout.Entries, "release %d of %d", release, len(db.releases))
	case length > layout.MaxBody:
		return db.damage(layout.Entries, "a body of %d bytes", length)
	}
	e.Release = db.releases[release]
	flags := le.Uint16(row[14:])
	e.CustomRanges = flags&layout.EntryCustomRanges != 0
	body, err := db.read(layout.Bodies, uint64(le.Uint32(row[4:])), uint64(length))
	if err != nil {
		return err
	}
	return db.body(body, e, flags&layout.EntryTags != 0, int(p.tagged))
}

// body decodes ranges and versions of an entry, or its intervals of so many tags.
func (db *DB) body(b []byte, e *Entry, tagged bool, tags int) error {
	c := layout.Cursor{B: b}
	e.Ranges = grow(e.Ranges, c.Count())
	for i := range e.Ranges {
		r := &e.Ranges[i]
		head := c.Uvarint()
		count := head >> 3
		if count > uint64(len(c.B)) || head&3 > uint64(Git) {
			return db.damage(layout.Bodies, "a range cannot be read")
		}
		r.Kind, r.Sorted = RangeKind(head&3), head&layout.RangeSorted != 0
		r.Events = grow(r.Events, int(count))
		for j := range r.Events {
			v := c.Uvarint()
			ev := &r.Events[j]
			ev.Kind = EventKind(v & 3)
			var err error
			if ev.Version, ev.Key, err = db.version(v >> 2); err != nil {
				return err
			}
		}
	}
	e.Tags, e.Versions = e.Tags[:0], e.Versions[:0]
	listed := c.Count()
	if tagged {
		if !e.intervals(&c, listed, tags) {
			return db.damage(layout.Bodies, "the tags of an entry cannot be read")
		}
		listed = 0
	}
	e.Versions = grow(e.Versions, listed)
	for i := range e.Versions {
		var err error
		if e.Versions[i], _, err = db.version(c.Uvarint()); err != nil {
			return err
		}
	}
	if c.Bad || len(c.B) > 0 {
		return db.damage(layout.Bodies, "an entry cannot be read")
	}
	return nil
}

// grow gives a slice of n elements that keeps what older elements hold.
func grow[T any](s []T, n int) []T {
	if n <= cap(s) {
		return s[:n]
	}
	return append(s[:cap(s)], make([]T, n-cap(s))...)
}

// version reads a version and its key.
func (db *DB) version(offset uint64) (text string, key []byte, err error) {
	head, err := db.read(layout.Versions, offset, 4)
	if err != nil {
		return "", nil, err
	}
	length, keyLength := uint64(binary.LittleEndian.Uint16(head)), uint64(binary.LittleEndian.Uint16(head[2:]))
	hasKey := keyLength != layout.NoKey
	if !hasKey {
		keyLength = 0
	}
	b, err := db.read(layout.Versions, offset+4, length+keyLength)
	if err != nil {
		return "", nil, err
	}
	if hasKey {
		key = b[length:]
	}
	return layout.View(b[:length]), key, nil
}
