// SPDX-License-Identifier: Apache-2.0

package vulndb

import (
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"

	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// rows is the number of rows of a section.
func (db *DB) rows(s layout.Section) uint64 { return db.sections[s].length / s.Row() }

// read gives n bytes of a section, after having checked that they lie in it and
// that their blocks fit their checksums.
func (db *DB) read(s layout.Section, offset, n uint64) ([]byte, error) {
	section := &db.sections[s]
	if offset > section.length || n > section.length-offset {
		return nil, db.damage(s, "bytes %d to %d of %d are asked for", offset, offset+n, section.length)
	}
	if n == 0 {
		return []byte{}, nil
	}
	from := section.offset + offset
	last := (from + n - 1 - db.start) >> layout.BlockShift
	for block := (from - db.start) >> layout.BlockShift; block <= last; block++ {
		if db.seen[block>>5].Load()>>(block&31)&1 == 0 {
			if err := db.check(s, block); err != nil {
				return nil, err
			}
		}
	}
	return db.data[from : from+n : from+n], nil
}

// check compares one block with its checksum and remembers a good one.
func (db *DB) check(s layout.Section, block uint64) error {
	from := db.start + block<<layout.BlockShift
	to := min(from+layout.BlockSize, db.sections[layout.Sums].offset)
	if crc32.Checksum(db.data[from:to], db.table) != binary.LittleEndian.Uint32(db.sums[4*block:]) {
		return db.damage(s, "checksum of the block at byte %d of the file is wrong", from)
	}
	db.seen[block>>5].Or(1 << (block & 31))
	return nil
}

// row gives one row of a table.
func (db *DB) row(s layout.Section, i uint64) ([]byte, error) {
	size := s.Row()
	if i >= db.sections[s].length/size {
		return nil, db.damage(s, "row %d of %d is asked for", i, db.rows(s))
	}
	return db.read(s, i*size, size)
}

// Verify checks the whole file: every checksum and digest, and that every
// package, entry, advisory, group and text can be read. It takes a second or
// so, and reads all of the file.
func (db *DB) Verify() error { return db.Guard(db.verify) }

func (db *DB) verify() error {
	for id := layout.Manifest; id < layout.Sums; id++ {
		s := db.sections[id]
		if _, err := db.read(id, 0, s.length); err != nil {
			return err
		}
		if sha256.Sum256(db.data[s.offset:s.offset+s.length]) != db.digests[id] {
			return db.damage(id, "SHA-256 is wrong")
		}
	}
	for block := range uint64(len(db.sums) / 4) {
		if err := db.check(layout.Sums, block); err != nil {
			return err
		}
	}
	for _, walk := range []func() error{
		db.verifyPackages, db.verifyAdvisories, db.verifyGroups, db.verifyNames, db.verifyEOL, db.verifyRatings, db.verifyDevices,
	} {
		if err := walk(); err != nil {
			return err
		}
	}
	return db.Err()
}

func (db *DB) verifyPackages() error {
	var e Entry
	entries := uint64(0)
	for i := range db.rows(layout.Packages) {
		ecosystem, name, err := db.packageName(i)
		if err != nil {
			return err
		}
		p, ok, err := db.lookUp(db.numbers[ecosystem], name)
		if err != nil {
			return err
		}
		if !ok || p.number != i {
			return db.damage(layout.PackageSlots, "%s package %q is not found by its name", ecosystem, name)
		}
		if err := p.verifyTags(); err != nil {
			return err
		}
		for j := range p.Len() {
			if err := p.Entry(j, &e); err != nil {
				return err
			}
		}
		entries += uint64(p.count)
	}
	if entries != db.rows(layout.Entries) {
		return db.damage(layout.Entries, "%d entries, of which packages name %d", db.rows(layout.Entries), entries)
	}
	return nil
}

func (db *DB) verifyAdvisories() error {
	for i := range db.rows(layout.Advisories) {
		id := AdvisoryID(i)
		a := db.Advisory(id)
		if err := db.Err(); err != nil {
			return err
		}
		found := false
		for _, other := range db.Find(a.ID) {
			found = found || other == id
		}
		if !found {
			return db.damage(layout.IDSlots, "advisory %q is not found by its id", a.ID)
		}
		if err := db.ViewText(id, func(*Text) {}); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) verifyGroups() error {
	for i := range db.rows(layout.Groups) - 1 {
		db.Group(GroupID(i))
		if err := db.Err(); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) verifyNames() error {
	for i := range db.rows(layout.Namesakes) {
		b, err := db.row(layout.Namesakes, i)
		if err != nil {
			return err
		}
		if _, _, err := db.packageName(uint64(binary.LittleEndian.Uint32(b[4:]))); err != nil {
			return err
		}
	}
	return nil
}
