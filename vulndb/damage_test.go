// SPDX-License-Identifier: Apache-2.0

package vulndb_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// check opens a changed file: it must give an error at open or at a read, or the
// same facts as before.
func check(t *testing.T, what string, file []byte, want string) {
	t.Helper()
	db, err := vulndb.OpenBytes(file)
	if err != nil {
		if !errors.Is(err, vulndb.ErrCorrupt) || !strings.Contains(err.Error(), "medsbom db build") {
			t.Errorf("%s: the error is of no use: %v", what, err)
		}
		return
	}
	got, err := facts(db)
	if err == nil && got != want {
		t.Errorf("%s: other facts and no error", what)
	}
	if err == nil {
		return
	}
	if db.Err() == nil || db.Verify() == nil {
		t.Errorf("%s: a read fails (%v), but Err or Verify does not", what, err)
	}
}

func TestEveryByte(t *testing.T) {
	file := smallFile(t)
	want, err := facts(openBytes(t, file))
	if err != nil {
		t.Fatal(err)
	}
	if err := openBytes(t, file).Verify(); err != nil {
		t.Fatal(err)
	}
	for i := range file {
		for _, bit := range []byte{0x01, 0x80, 0xFF} {
			changed := bytes.Clone(file)
			changed[i] ^= bit
			check(t, "byte changed", changed, want)
			if db, err := vulndb.OpenBytes(changed); err == nil && db.Verify() == nil {
				t.Fatalf("byte %d changed by %#x: Verify finds nothing", i, bit)
			}
		}
	}
}

func TestEveryLength(t *testing.T) {
	file := smallFile(t)
	for n := range file {
		if _, err := vulndb.OpenBytes(file[:n]); !errors.Is(err, vulndb.ErrCorrupt) {
			t.Fatalf("cut to %d bytes: want an error, got %v", n, err)
		}
	}
	if _, err := vulndb.OpenBytes(append(bytes.Clone(file), 0)); !errors.Is(err, vulndb.ErrCorrupt) {
		t.Errorf("a byte more: want an error, got %v", err)
	}
}

// TestDamagedLookUp changes blocks that Open does not read: what is looked up
// there must not read as "no advisory".
func TestDamagedLookUp(t *testing.T) {
	record := func(i int) string {
		return fmt.Sprintf(`{"id":"GHSA-0000-0000-%04d","modified":"2024-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"package-%d"},"versions":["1.0.%d"]}]}`, i, i, i)
	}
	const packages = 2000
	file, _, err := build.FromRecords(build.Memory{Kind: vulndb.KindFull, AsOf: smallDay, Records: func(yield func(string, []byte) bool) {
		for i := range packages {
			if !yield("npm", []byte(record(i))) {
				return
			}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range []layout.Section{layout.Names, layout.Packages, layout.PackageSlots, layout.Entries, layout.Bodies, layout.Versions} {
		s := split(t, file)[section-layout.Manifest]
		changed := bytes.Clone(file)
		// The middle of a section of several blocks.
		at := bytes.Index(file, s) + len(s)/2
		changed[at] ^= 1
		db, err := vulndb.OpenBytes(changed)
		if err != nil {
			t.Errorf("%v: opening reads all of the file: %v", section, err)
			continue
		}
		failed := 0
		for i := range packages {
			p, ok := db.Package("npm", fmt.Sprintf("package-%d", i))
			if !ok || p.Len() == 0 {
				t.Fatalf("%v: package %d is gone without an error", section, i)
			}
			var e vulndb.Entry
			if err := p.Entry(0, &e); err != nil {
				failed++
			} else if want := fmt.Sprintf("1.0.%d", i); e.Versions[0] != want {
				t.Errorf("%v: want version %s, got %s", section, want, e.Versions[0])
			}
		}
		if failed == 0 || failed == packages || !errors.Is(db.Err(), vulndb.ErrCorrupt) {
			t.Errorf("%v: %d of %d look-ups fail, Err is %v", section, failed, packages, db.Err())
		}
	}
}

func TestOpenFile(t *testing.T) {
	folder := t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	file := smallFile(t)
	db, err := vulndb.Open(write("good.db", file))
	if err != nil {
		t.Fatal(err)
	}
	want, _ := facts(openBytes(t, file))
	if got, err := facts(db); err != nil || got != want {
		t.Errorf("the mapped file reads otherwise than the bytes, error %v", err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	if p, ok := db.Package("Maven", "org.example:core"); !ok || p.Entry(0, new(vulndb.Entry)) == nil {
		t.Error("a closed database reads as one without advisories")
	}
	if err := db.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}

	for _, c := range []struct {
		name    string
		content []byte
		want    string
	}{
		{"empty.db", nil, "not a medsbom database"},
		{"text.db", []byte(strings.Repeat("no database at all ", 20)), "not a medsbom database"},
		{"cut.db", file[:len(file)/2], "truncated"},
		{"later.db", header(file, layout.Format+1, layout.Reader+1), "update medsbom"},
		{"older.db", header(file, 0, 0), "no longer read"},
	} {
		_, err := vulndb.Open(write(c.name, c.content))
		if !errors.Is(err, vulndb.ErrCorrupt) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.name) {
			t.Errorf("%s: want an error with %q, got %v", c.name, c.want, err)
		}
	}
	if _, err := vulndb.Open(filepath.Join(folder, "absent.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("absent: got %v", err)
	}
	if _, err := vulndb.Open(folder); err == nil {
		t.Error("a folder opens as a database")
	}
	if db, err := vulndb.Open(write("newer.db", header(file, layout.Format+1, layout.Reader))); err != nil {
		t.Errorf("a later format that this reader may read: %v", err)
	} else {
		_ = db.Close()
	}
}

// header gives a file other versions in its header.
func header(file []byte, format, least uint32) []byte {
	out := bytes.Clone(file)
	binary.LittleEndian.PutUint32(out[8:], format)
	binary.LittleEndian.PutUint32(out[12:], least)
	binary.LittleEndian.PutUint32(out[72:], crc32.Checksum(out[:72], layout.Castagnoli()))
	return out
}

// split takes a good file apart into its sections.
func split(t testing.TB, file []byte) (sections [layout.Sections - 1][]byte) {
	t.Helper()
	for i := range sections {
		row := file[layout.HeaderSize+layout.RowSize*i:]
		from, length := binary.LittleEndian.Uint64(row[8:]), binary.LittleEndian.Uint64(row[16:])
		sections[i] = file[from : from+length]
	}
	return sections
}

// FuzzOpen opens any bytes.
func FuzzOpen(f *testing.F) {
	file := smallFile(f)
	f.Add(file)
	f.Add(file[:layout.HeaderSize])
	f.Add([]byte(layout.Magic))
	f.Fuzz(func(_ *testing.T, data []byte) {
		db, err := vulndb.OpenBytes(data)
		if err != nil {
			return
		}
		_, _ = facts(db)
		_ = db.Verify()
	})
}

// FuzzSealed changes the content of one section and seals the file again, so
// that every checksum is right: reads must stay in their bounds all the same.
func FuzzSealed(f *testing.F) {
	file := smallFile(f)
	for s := range layout.Sections - 1 {
		f.Add(uint8(s), uint16(0), []byte{0xFF, 0xFF, 0xFF, 0xFF}, false)
		f.Add(uint8(s), uint16(4), []byte{0xFF, 0xFF, 0xFF, 0x7F, 1}, true)
		f.Add(uint8(s), uint16(0), []byte{}, true)
		f.Add(uint8(s), uint16(9), []byte{1, 0, 0, 0, 0, 0, 0, 0, 0}, false)
	}
	f.Fuzz(func(t *testing.T, section uint8, offset uint16, patch []byte, cut bool) {
		sections := split(t, file)
		s := &sections[int(section)%len(sections)]
		at := int(offset) % (len(*s) + 1)
		changed := append(bytes.Clone((*s)[:at]), patch...)
		if !cut && len(changed) < len(*s) {
			changed = append(changed, (*s)[len(changed):]...)
		}
		*s = changed
		db, err := vulndb.OpenBytes(layout.Encode(sections, 0))
		if err != nil {
			return
		}
		_, _ = facts(db)
		_ = db.Verify()
	})
}
