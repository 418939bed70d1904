// SPDX-License-Identifier: Apache-2.0

package vulndb

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// Find gives the advisories that have an id, in any case, as their own, as an
// alias or in upstream, and those of distributions that name a CVE only in
// related. Withdrawn ones are among them. The list is sorted.
func (db *DB) Find(id string) []AdvisoryID {
	number, ok := db.findID(id)
	if !ok {
		return nil
	}
	row, err := db.row(layout.IDs, number)
	if err != nil {
		return nil
	}
	first, count := uint64(binary.LittleEndian.Uint32(row[8:])), uint64(binary.LittleEndian.Uint32(row[12:]))
	b, err := db.read(layout.Postings, 4*first, 4*count)
	if err != nil || count == 0 {
		return nil
	}
	list := make([]AdvisoryID, count)
	for i := range list {
		list[i] = AdvisoryID(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return list
}

func (db *DB) findID(id string) (number uint64, ok bool) {
	slots := db.rows(layout.IDSlots)
	at := layout.HashFold(id)
	for range slots {
		at &= slots - 1
		slot, err := db.read(layout.IDSlots, 4*at, 4)
		if err != nil {
			return 0, false
		}
		n := binary.LittleEndian.Uint32(slot)
		if n == 0 {
			return 0, false
		}
		text, err := db.id(n - 1)
		if err != nil {
			return 0, false
		}
		if layout.EqualFold(text, id) {
			return uint64(n - 1), true
		}
		at++
	}
	_ = db.damage(layout.IDSlots, "the table is full")
	return 0, false
}

// KEV looks a CVE up in the KEV catalogue, whether an advisory names it or not.
func (db *DB) KEV(cve string) (KEV, bool) {
	i, ok := db.findCVE(layout.KEV, cve)
	if !ok {
		return KEV{}, false
	}
	k, err := db.kev(i)
	return k, err == nil
}

// EPSS looks up the EPSS score of a CVE, whether an advisory names it or not.
func (db *DB) EPSS(cve string) (EPSS, bool) {
	i, ok := db.findCVE(layout.EPSS, cve)
	if !ok {
		return EPSS{}, false
	}
	e, err := db.epss(i)
	return e, err == nil
}

func (db *DB) findCVE(s layout.Section, cve string) (uint64, bool) {
	want, ok := layout.CVE(cve)
	if !ok {
		return 0, false
	}
	from, to := uint64(0), db.rows(s)
	for from < to {
		middle := (from + to) / 2
		row, err := db.row(s, middle)
		if err != nil {
			return 0, false
		}
		switch have := binary.LittleEndian.Uint64(row); {
		case have == want:
			return middle, true
		case have < want:
			from = middle + 1
		default:
			to = middle
		}
	}
	return 0, false
}

// maxNamesakes bounds the answer for a very common name.
const maxNamesakes = 64

// NamesakesOf gives the packages of language ecosystems that have a name, in
// any case; packages of Maven by what follows the colon too. Sorted by ecosystem
// and name, at most 64.
func (db *DB) NamesakesOf(name string) []Namesake {
	if name == "" {
		return nil
	}
	want := uint32(layout.HashFold(name))
	from, to := uint64(0), db.rows(layout.Namesakes)
	count := to
	for from < to {
		middle := (from + to) / 2
		row, err := db.row(layout.Namesakes, middle)
		if err != nil {
			return nil
		}
		if binary.LittleEndian.Uint32(row) < want {
			from = middle + 1
		} else {
			to = middle
		}
	}
	var list []Namesake
	for ; from < count && len(list) < maxNamesakes; from++ {
		row, err := db.row(layout.Namesakes, from)
		if err != nil || binary.LittleEndian.Uint32(row) != want {
			break
		}
		ecosystem, full, err := db.packageName(uint64(binary.LittleEndian.Uint32(row[4:])))
		if err != nil {
			break
		}
		last := full
		if ecosystem == "Maven" {
			_, last, _ = strings.Cut(full, ":")
		}
		if layout.EqualFold(full, name) || layout.EqualFold(last, name) {
			list = append(list, Namesake{Ecosystem: ecosystem, Name: full})
		}
	}
	slices.SortFunc(list, func(a, b Namesake) int {
		if c := strings.Compare(a.Ecosystem, b.Ecosystem); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	})
	return slices.Compact(list)
}
