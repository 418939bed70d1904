// SPDX-License-Identifier: Apache-2.0

package vulndb

import (
	"encoding/binary"

	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// Advisory gives the facts of an advisory. Its strings are views. If the file is
// damaged it is the zero value, and Err tells.
func (db *DB) Advisory(id AdvisoryID) Advisory {
	row, err := db.row(layout.Advisories, uint64(id))
	if err != nil {
		return Advisory{}
	}
	text, err := db.id(binary.LittleEndian.Uint32(row))
	if err != nil {
		return Advisory{}
	}
	a := Advisory{
		ID:        text,
		Group:     GroupID(binary.LittleEndian.Uint32(row[4:])),
		Kind:      Kind(row[18]),
		Withdrawn: row[19]&layout.AdvisoryWithdrawn != 0,
	}
	number := int(binary.LittleEndian.Uint16(row[16:]))
	switch {
	case number >= len(db.ecosystems):
		_ = db.damage(layout.Advisories, "ecosystem %d of %d", number, len(db.ecosystems))
		return Advisory{}
	case uint64(a.Group)+1 >= db.rows(layout.Groups):
		_ = db.damage(layout.Advisories, "group %d of %d", a.Group, db.rows(layout.Groups)-1)
		return Advisory{}
	case a.Kind > Malicious:
		_ = db.damage(layout.Advisories, "kind %d", a.Kind)
		return Advisory{}
	}
	a.Ecosystem = db.ecosystems[number]
	return a
}

// id gives the text of an id, a view.
func (db *DB) id(number uint32) (string, error) {
	row, err := db.row(layout.IDs, uint64(number))
	if err != nil {
		return "", err
	}
	b, err := db.read(layout.IDText, uint64(binary.LittleEndian.Uint32(row)), uint64(binary.LittleEndian.Uint16(row[4:])))
	if err != nil {
		return "", err
	}
	return layout.View(b), nil
}

// Group gives a group, all of it copies. If the file is damaged it is the zero
// value, and Err tells.
func (db *DB) Group(id GroupID) Group {
	g, err := db.group(id)
	if err != nil {
		return Group{}
	}
	return g
}

func (db *DB) group(id GroupID) (Group, error) {
	row, err := db.row(layout.Groups, uint64(id))
	if err != nil {
		return Group{}, err
	}
	next, err := db.row(layout.Groups, uint64(id)+1)
	if err != nil {
		return Group{}, err
	}
	from, to := uint64(binary.LittleEndian.Uint32(row)), uint64(binary.LittleEndian.Uint32(next))
	if to < from {
		return Group{}, db.damage(layout.Groups, "group %d ends before it begins", id)
	}
	b, err := db.read(layout.GroupData, from, to-from)
	if err != nil {
		return Group{}, err
	}
	c := layout.Cursor{B: b}
	var g Group
	text := func() (s string) {
		view, e := db.id(uint32(min(c.Uvarint(), 1<<32-1)))
		if e != nil && err == nil {
			err = e
		}
		return string([]byte(view))
	}
	list := func() (ids []string) {
		if n := c.Count(); n > 0 {
			ids = make([]string, n)
		}
		for i := range ids {
			ids[i] = text()
		}
		return ids
	}
	flags := c.Uvarint()
	g.Kind, g.Severity = Kind(flags&layout.GroupKind), Severity(c.Uvarint())
	g.ID, g.Aliases, g.CVEs = text(), list(), list()
	g.HasCVE = len(g.CVEs) > 0
	if flags&layout.GroupCVSS != 0 {
		g.CVSS = CVSS{Vector: c.String(), Score: float64(c.Uvarint()) / 10, Source: text()}
		if flags&layout.GroupRated != 0 {
			g.CVSS.Source += " by " + c.String()
		}
	}
	if flags&layout.GroupKEV != 0 && err == nil {
		var k KEV
		if k, err = db.kev(c.Uvarint()); err == nil {
			g.KEV = &k
		}
	}
	if flags&layout.GroupEPSS != 0 && err == nil {
		var e EPSS
		if e, err = db.epss(c.Uvarint()); err == nil {
			g.EPSS = &e
		}
	}
	if flags&layout.GroupSSVC != 0 && err == nil {
		var s SSVC
		if s, err = db.ssvc(c.Uvarint()); err == nil {
			g.SSVC = &s
		}
	}
	if err != nil {
		return Group{}, err
	}
	if c.Bad || len(c.B) > 0 || g.Kind > Malicious || g.Severity > Critical || g.CVSS.Score > 10 {
		return Group{}, db.damage(layout.GroupData, "group %d cannot be read", id)
	}
	return g, nil
}

func (db *DB) kev(i uint64) (KEV, error) {
	row, err := db.row(layout.KEV, i)
	if err != nil {
		return KEV{}, err
	}
	return KEV{
		CVE:        layout.FormatCVE(binary.LittleEndian.Uint64(row)),
		Added:      unixDays(binary.LittleEndian.Uint32(row[8:])),
		Ransomware: binary.LittleEndian.Uint32(row[12:])&layout.KEVRansomware != 0,
	}, nil
}

// The quotient of two whole numbers is the float64 nearest to the decimal
// fraction, as if the feed's text had been parsed.
func (db *DB) epss(i uint64) (EPSS, error) {
	row, err := db.row(layout.EPSS, i)
	if err != nil {
		return EPSS{}, err
	}
	return EPSS{
		CVE:        layout.FormatCVE(binary.LittleEndian.Uint64(row)),
		Score:      float64(binary.LittleEndian.Uint32(row[8:])) / layout.EPSSUnit,
		Percentile: float64(binary.LittleEndian.Uint32(row[12:])) / layout.EPSSUnit,
	}, nil
}
