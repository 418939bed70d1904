// SPDX-License-Identifier: Apache-2.0

package vulndb

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"sync/atomic"
	"time"

	"github.com/edsrzf/mmap-go"

	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// ErrCorrupt is what errors.Is finds in every Error that says that a file is no
// database, is damaged or has a format that this program does not read.
var ErrCorrupt = errors.New("not a usable database")

// An Error says what is wrong with a database file.
type Error struct {
	Path    string
	Section string // "" if the fault is not in a section
	Problem string
	Remedy  string
}

const rebuild = "rebuild it with 'medsbom db build'"

func (e *Error) Error() string {
	where := ""
	if e.Section != "" {
		where = "section " + e.Section + ": "
	}
	return fmt.Sprintf("vulndb: %q: %s%s; %s", e.Path, where, e.Problem, e.Remedy)
}

// Is makes every Error an ErrCorrupt.
func (e *Error) Is(target error) bool { return target == ErrCorrupt }

// DB is an open database. Its methods may be called from any number of
// goroutines until Close.
type DB struct {
	path     string
	mapped   mmap.MMap // nil for OpenBytes
	file     *os.File  // that is mapped, nil for OpenBytes
	opened   fs.FileInfo
	data     []byte
	start    uint64 // of the first block
	sums     []byte
	table    *crc32.Table
	seen     []atomic.Uint32 // one bit a block that has been checked
	sections [layout.Sections + 1]span
	digests  [layout.Sections + 1][sha256.Size]byte

	info       Info
	ecosystems []string
	numbers    map[string]uint16 // of ecosystems
	releases   []string
	covered    map[place]int // index into info.Releases

	fault atomic.Pointer[Error]
	texts textCache
}

type span struct{ offset, length uint64 }

type place struct{ ecosystem, release string }

// Open maps a database file. The file must not be changed while it is open; a
// new database replaces it by rename, as Build does. Whoever reads it under Guard
// gets an error where that was not heeded.
func Open(path string) (*DB, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("vulndb: opening database: %w", err)
	}
	db, err := mapFile(f, path)
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	if err := db.Guard(db.init); err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

func mapFile(f *os.File, path string) (*DB, error) {
	stat, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("vulndb: opening database: %w", err)
	}
	if !stat.Mode().IsRegular() || stat.Size() < layout.HeaderSize {
		return nil, &Error{Path: path, Problem: "not a medsbom database", Remedy: rebuild}
	}
	m, err := mmap.Map(f, mmap.RDONLY, 0)
	if err != nil {
		return nil, fmt.Errorf("vulndb: mapping %q: %w", path, err)
	}
	return &DB{path: path, mapped: m, data: m, file: f, opened: stat}, nil
}

// OpenBytes opens a database that lies in memory. The bytes must not be changed.
func OpenBytes(data []byte) (*DB, error) {
	db := &DB{path: "database in memory", data: data}
	if err := db.init(); err != nil {
		return nil, err
	}
	return db, nil
}

// Close unmaps the file. Views of it (see the package comment) are invalid then.
func (db *DB) Close() error {
	m := db.mapped
	db.mapped, db.data, db.sums = nil, nil, nil
	if db.file != nil {
		_ = db.file.Close() // only read from
		db.file = nil
	}
	db.sections = [layout.Sections + 1]span{}
	if m == nil {
		return nil
	}
	if err := m.Unmap(); err != nil {
		return fmt.Errorf("vulndb: closing %q: %w", db.path, err)
	}
	return nil
}

// Info describes the database. The caller must not change it.
func (db *DB) Info() *Info { return &db.info }

// Err is the first fault that any read has met, nil if there was none. Whoever
// has relied on results of functions without an error asks it at the end.
func (db *DB) Err() error {
	if e := db.fault.Load(); e != nil {
		return e
	}
	return nil
}

// damage makes the error for a fault and remembers the first.
func (db *DB) damage(s layout.Section, format string, args ...any) *Error {
	e := &Error{Path: db.path, Section: s.String(), Problem: fmt.Sprintf(format, args...), Remedy: rebuild}
	db.fault.CompareAndSwap(nil, e)
	return e
}

func (db *DB) init() error {
	problem := func(remedy, format string, args ...any) error {
		return &Error{Path: db.path, Problem: fmt.Sprintf(format, args...), Remedy: remedy}
	}
	data, le := db.data, binary.LittleEndian
	if len(data) < layout.HeaderSize || string(data[:len(layout.Magic)]) != layout.Magic {
		return problem(rebuild, "not a medsbom database")
	}
	db.table = layout.Castagnoli()
	if crc32.Checksum(data[:72], db.table) != le.Uint32(data[72:]) || le.Uint32(data[36:]) != 0 || le.Uint32(data[76:]) != 0 {
		return problem(rebuild, "the header is damaged")
	}
	format, least := le.Uint32(data[8:]), le.Uint32(data[12:])
	if least > layout.Reader {
		return problem("update medsbom, or "+rebuild, "format %d needs a reader of version %d, this one has version %d", format, least, layout.Reader)
	}
	if format < layout.OldestFormat || format < least {
		return problem(rebuild, "format %d is no longer read, the oldest is %d", format, layout.OldestFormat)
	}
	size := le.Uint64(data[16:])
	if size != uint64(len(data)) {
		return problem(rebuild, "the file has %d bytes where its header says %d: it is truncated or has grown", len(data), size)
	}
	count := le.Uint32(data[32:])
	if count < uint32(layout.Sections) || count > 1024 || layout.HeaderSize+layout.RowSize*uint64(count) > size {
		return problem(rebuild, "the header counts %d sections", count)
	}
	db.start = layout.HeaderSize + layout.RowSize*uint64(count)
	contents := data[layout.HeaderSize:db.start]
	digest := sha256.Sum256(contents)
	if !bytes.Equal(digest[:], data[40:72]) {
		return problem(rebuild, "the table of contents does not fit its digest")
	}
	if err := db.readContents(contents); err != nil {
		return err
	}
	if err := db.readManifest(); err != nil {
		return err
	}
	db.info.Digest = hex.EncodeToString(digest[:])
	db.info.Built = time.Unix(int64(le.Uint64(data[24:])), 0).UTC()
	return nil
}

// readContents reads the table of contents and checks the section of sums.
func (db *DB) readContents(rows []byte) error {
	le, size := binary.LittleEndian, uint64(len(db.data))
	for ; len(rows) > 0; rows = rows[layout.RowSize:] {
		id := layout.Section(le.Uint32(rows))
		s := span{le.Uint64(rows[8:]), le.Uint64(rows[16:])}
		if s.offset < db.start || s.offset > size || s.length > size-s.offset {
			return db.damage(id, "lies outside the file")
		}
		if id == 0 || int(id) > layout.Sections {
			continue // of a later format that this reader may read
		}
		if db.sections[id].offset != 0 {
			return db.damage(id, "stands twice in the table of contents")
		}
		if s.length%id.Row() != 0 {
			return db.damage(id, "%d bytes are not whole rows", s.length)
		}
		db.sections[id] = s
		copy(db.digests[id][:], rows[24:])
	}
	for id := layout.Manifest; int(id) <= layout.Sections; id++ {
		if db.sections[id].offset == 0 {
			return db.damage(id, "is not in the table of contents")
		}
	}
	sums := db.sections[layout.Sums]
	blocks := (sums.offset - db.start + layout.BlockSize - 1) / layout.BlockSize
	db.sums = db.data[sums.offset : sums.offset+sums.length]
	if sums.length != 4*blocks || sums.offset+sums.length != size {
		return db.damage(layout.Sums, "%d bytes for %d blocks", sums.length, blocks)
	}
	if sha256.Sum256(db.sums) != db.digests[layout.Sums] {
		return db.damage(layout.Sums, "checksum is wrong")
	}
	for id := layout.Manifest; id < layout.Sums; id++ {
		if s := db.sections[id]; s.offset+s.length > sums.offset {
			return db.damage(id, "lies outside the checked part of the file")
		}
	}
	db.seen = make([]atomic.Uint32, (blocks+31)/32)
	for _, id := range []layout.Section{layout.PackageSlots, layout.IDSlots} {
		if n := db.rows(id); n == 0 || n&(n-1) != 0 {
			return db.damage(id, "%d slots, not a power of two", n)
		}
	}
	if db.rows(layout.Groups) == 0 {
		return db.damage(layout.Groups, "is empty")
	}
	return nil
}

func (db *DB) readManifest() error {
	b, err := db.read(layout.Manifest, 0, db.sections[layout.Manifest].length)
	if err != nil {
		return err
	}
	m, ok := layout.ParseContents(b)
	if !ok {
		return db.damage(layout.Manifest, "cannot be read")
	}
	if uint64(m.Advisories) != db.rows(layout.Advisories) || uint64(m.Packages) != db.rows(layout.Packages) {
		return db.damage(layout.Manifest, "%d advisories and %d packages, where the tables have %d and %d",
			m.Advisories, m.Packages, db.rows(layout.Advisories), db.rows(layout.Packages))
	}
	db.ecosystems, db.releases = m.Ecosystems, m.Releases
	db.numbers = make(map[string]uint16, len(m.Ecosystems))
	for i, name := range m.Ecosystems {
		db.numbers[name] = uint16(i)
	}
	db.info = Info{
		Kind: m.Kind, Advisories: m.Advisories, Packages: m.Packages, Oddities: m.Oddities,
		HasKEV: m.HasKEV, HasEPSS: m.HasEPSS, HasEOL: db.rows(layout.EOLSlots) > 0,
		Feeds: make([]Feed, len(m.Feeds)), Releases: make([]Release, len(m.Coverage)), LeftOut: m.LeftOut,
	}
	for i, f := range m.Feeds {
		db.info.Feeds[i] = Feed{Name: f.Name, Date: unix(f.Date, f.Dated), Records: f.Records, Digest: f.Digest}
	}
	db.covered = make(map[place]int, len(m.Coverage))
	for i, c := range m.Coverage {
		db.covered[place{c.Ecosystem, c.Release}] = i
		db.info.Releases[i] = Release{Ecosystem: c.Ecosystem, Release: c.Release, Newest: unix(c.Newest, c.Dated), Records: c.Records, Packages: c.Packages}
	}
	return nil
}

func unix(seconds int64, ok bool) time.Time {
	if !ok {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
