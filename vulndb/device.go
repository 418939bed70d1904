// SPDX-License-Identifier: Apache-2.0

package vulndb

import (
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"github.com/medsbom/medsbom/internal/device"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// Notice is an advisory about devices or other whole products (CSAF, as CISA
// publishes them: ICSMA for medical devices, ICSA for industrial ones), not
// about a package.
type Notice struct {
	ID        string
	Title     string
	URL       string    // "" if it gives none
	Published time.Time // zero: not said
	Updated   time.Time
	CVEs      []string // sorted
	CVSS      CVSS     // the highest that it states; Source is the id
	Remedy    string   // one line: the vendor's fix, else what is said instead of one
}

// NoticeID names a notice within one database.
type NoticeID uint32

// NamedDevice is a product that a notice names.
type NamedDevice struct {
	Notice   NoticeID
	Vendor   string
	Product  string
	Versions []NamedVersion
}

// NamedVersion is a version, range or list as the notice writes it; "" where it
// names none.
type NamedVersion struct {
	Text   string
	Status VersionStatus
}

// VersionStatus is what a notice says of a version.
type VersionStatus uint8

// The statuses. StatusUnclear is under investigation, or without a status.
const (
	StatusAffected VersionStatus = iota
	StatusUnclear
	StatusUnaffected // not affected, or fixed
)

// maxNamed bounds the answer of DevicesNamed.
const maxNamed = 20_000

// DevicesNamed gives the products that notices name and that may be this one, by
// package device's keys: all those that are Same or Alike, of vendors that are;
// with an empty vendor those of any vendor whose product has this name. There are
// others among them, so that the caller judges. The list is in the order of the
// notices.
func (db *DB) DevicesNamed(vendor, product string) []NamedDevice {
	v := device.ParseVendor(vendor)
	named := len(device.Keys(v, "")) > 0
	var offsets []uint32
	for _, key := range device.Keys(v, product) {
		if named && strings.HasPrefix(key, "product ") {
			continue
		}
		offsets = db.appendDevices(offsets, uint32(layout.HashFold(key)))
	}
	slices.Sort(offsets)
	offsets = slices.Compact(offsets)
	list := make([]NamedDevice, 0, len(offsets))
	for _, offset := range offsets {
		d, err := db.namedDevice(offset)
		if err != nil {
			return nil
		}
		list = append(list, d)
	}
	return list
}

func (db *DB) appendDevices(offsets []uint32, want uint32) []uint32 {
	from, to := uint64(0), db.rows(layout.DeviceKeys)
	count := to
	for from < to {
		middle := (from + to) / 2
		row, err := db.row(layout.DeviceKeys, middle)
		if err != nil {
			return nil
		}
		if binary.LittleEndian.Uint32(row) < want {
			from = middle + 1
		} else {
			to = middle
		}
	}
	for ; from < count && len(offsets) < maxNamed; from++ {
		row, err := db.row(layout.DeviceKeys, from)
		if err != nil || binary.LittleEndian.Uint32(row) != want {
			break
		}
		offsets = append(offsets, binary.LittleEndian.Uint32(row[4:]))
	}
	return offsets
}

// deviceData reads DeviceData from an offset to its end, in steps: a cursor over
// at most so many bytes, which the caller asks to grow.
func (db *DB) deviceData(offset uint64, parse func(*layout.Cursor)) error {
	size := db.rows(layout.DeviceData)
	if offset >= size {
		return db.damage(layout.DeviceData, "byte %d of %d is asked for", offset, size)
	}
	for n := uint64(layout.BlockSize); ; n *= 8 {
		n = min(n, size-offset)
		b, err := db.read(layout.DeviceData, offset, n)
		if err != nil {
			return err
		}
		c := layout.Cursor{B: b}
		parse(&c)
		if !c.Bad {
			return nil
		}
		if n == size-offset {
			return db.damage(layout.DeviceData, "what begins at byte %d cannot be read", offset)
		}
	}
}

func (db *DB) namedDevice(offset uint32) (d NamedDevice, err error) {
	err = db.deviceData(uint64(offset), func(c *layout.Cursor) {
		d = NamedDevice{Notice: NoticeID(min(c.Uvarint(), 1<<32-1)), Vendor: c.String(), Product: c.String()}
		n := c.Count()
		d.Versions = make([]NamedVersion, 0, min(n, 256))
		for range n {
			if c.Bad {
				break
			}
			d.Versions = append(d.Versions, NamedVersion{Text: c.String(), Status: VersionStatus(min(c.Uvarint(), uint64(StatusUnaffected)))})
		}
	})
	if err == nil && uint64(d.Notice) >= db.rows(layout.Notices) {
		err = db.damage(layout.DeviceData, "notice %d of %d", d.Notice, db.rows(layout.Notices))
	}
	return d, err
}

// Notice gives an advisory about devices, all of it copies. If the file is
// damaged it is the zero value, and Err tells.
func (db *DB) Notice(id NoticeID) Notice {
	row, err := db.row(layout.Notices, uint64(id))
	if err != nil {
		return Notice{}
	}
	var n Notice
	err = db.deviceData(uint64(binary.LittleEndian.Uint32(row)), func(c *layout.Cursor) {
		n = Notice{ID: c.String(), Title: c.String(), URL: c.String(), Published: unix(c.Time()), Updated: unix(c.Time())}
		count := c.Count()
		for range count {
			if c.Bad {
				break
			}
			n.CVEs = append(n.CVEs, c.String())
		}
		n.CVSS.Vector, n.CVSS.Score = c.String(), float64(c.Uvarint())/10
		n.Remedy = c.String()
	})
	if err != nil {
		return Notice{}
	}
	if n.CVSS.Vector != "" {
		n.CVSS.Source = n.ID
	}
	if n.CVSS.Score > 10 {
		_ = db.damage(layout.DeviceData, "notice %d has a score of %v", id, n.CVSS.Score)
		return Notice{}
	}
	return n
}

// FindNotice gives the advisory about devices that has an id, in any case.
func (db *DB) FindNotice(id string) (Notice, bool) {
	from, to := uint64(0), db.rows(layout.Notices)
	for from < to {
		middle := (from + to) / 2
		n := db.Notice(NoticeID(middle))
		if n.ID == "" {
			return Notice{}, false
		}
		switch c := strings.Compare(strings.ToUpper(n.ID), strings.ToUpper(id)); {
		case c == 0:
			return n, true
		case c < 0:
			from = middle + 1
		default:
			to = middle
		}
	}
	return Notice{}, false
}

// verifyDevices reads every notice and every device that a key leads to.
func (db *DB) verifyDevices() error {
	for i := range db.rows(layout.Notices) {
		db.Notice(NoticeID(i))
		if err := db.Err(); err != nil {
			return err
		}
	}
	for i := range db.rows(layout.DeviceKeys) {
		row, err := db.row(layout.DeviceKeys, i)
		if err != nil {
			return err
		}
		if _, err := db.namedDevice(binary.LittleEndian.Uint32(row[4:])); err != nil {
			return err
		}
	}
	return nil
}
