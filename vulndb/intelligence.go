// SPDX-License-Identifier: Apache-2.0

package vulndb

import (
	"encoding/binary"
	"time"

	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// SSVC is CISA's decision points for a CVE (Stakeholder-Specific Vulnerability
// Categorization, as Vulnrichment publishes them). A point that CISA does not
// give is "". Of a group with several CVEs it is the worst one's: by
// exploitation, then automatable, then technical impact, and what is not known
// is worse than "none", "no" and "partial".
type SSVC struct {
	CVE             string
	Exploitation    string    // "none", "poc" (an exploit is public), "active"
	Automatable     string    // "no", "yes": the first four steps of the kill chain
	TechnicalImpact string    // "partial", "total"
	Date            time.Time // of the decision; zero: not said
}

// Rating is a CVSS vector that somebody gives a CVE, other than OSV records:
// Type as in SeverityStatement, Source as the feed names it.
type Rating struct {
	Type   string
	Vector string
	Source string
}

// Has reports whether a feed is in the database: "kev", "epss", "ssvc", "cvss",
// "csaf", "osv/npm". What a feed that is not there would say is unknown.
func (i *Info) Has(feed string) bool { return i.Feed(feed) != nil }

// Feed is the feed of a name, nil if it is not in the database.
func (i *Info) Feed(name string) *Feed {
	for at := range i.Feeds {
		if i.Feeds[at].Name == name {
			return &i.Feeds[at]
		}
	}
	return nil
}

// SSVC looks up CISA's decision points of a CVE, whether an advisory names it or
// not.
func (db *DB) SSVC(cve string) (SSVC, bool) {
	i, ok := db.findCVE(layout.SSVC, cve)
	if !ok {
		return SSVC{}, false
	}
	s, err := db.ssvc(i)
	return s, err == nil
}

func (db *DB) ssvc(i uint64) (SSVC, error) {
	row, err := db.row(layout.SSVC, i)
	if err != nil {
		return SSVC{}, err
	}
	points := binary.LittleEndian.Uint32(row[12:])
	if points>>layout.SSVCBits != 0 {
		return SSVC{}, db.damage(layout.SSVC, "decision points %#x", points)
	}
	value := func(shift uint, values ...string) string {
		if n := int(points >> shift & layout.SSVCMask); n > 0 && n <= len(values) {
			return values[n-1]
		}
		return ""
	}
	return SSVC{
		CVE:             layout.FormatCVE(binary.LittleEndian.Uint64(row)),
		Exploitation:    value(layout.SSVCExploitation, "none", "poc", "active"),
		Automatable:     value(layout.SSVCAutomatable, "no", "yes"),
		TechnicalImpact: value(layout.SSVCImpact, "partial", "total"),
		Date:            unixDays(binary.LittleEndian.Uint32(row[8:])),
	}, nil
}

// unixDays is a date in days since 1970; the first of them stands for no date.
func unixDays(days uint32) time.Time {
	if days == 0 {
		return time.Time{}
	}
	return time.Unix(int64(days)*86400, 0).UTC()
}

// Ratings gives the CVSS vectors that sources other than OSV records state for a
// CVE, all of them, sorted by source and vector. They may disagree.
func (db *DB) Ratings(cve string) []Rating {
	at, ok := db.findCVE(layout.Ratings, cve)
	if !ok {
		return nil
	}
	number, _ := layout.CVE(cve)
	holds := func(i uint64) bool {
		row, err := db.row(layout.Ratings, i)
		return err == nil && binary.LittleEndian.Uint64(row) == number
	}
	for at > 0 && holds(at-1) {
		at--
	}
	var list []Rating
	for ; at < db.rows(layout.Ratings) && holds(at); at++ {
		r, err := db.rating(at)
		if err != nil {
			return nil
		}
		list = append(list, r)
	}
	return list
}

func (db *DB) rating(i uint64) (Rating, error) {
	row, err := db.row(layout.Ratings, i)
	if err != nil {
		return Rating{}, err
	}
	offset := uint64(binary.LittleEndian.Uint32(row[8:]))
	if offset >= db.rows(layout.RatingText) {
		return Rating{}, db.damage(layout.RatingText, "rating %d lies outside", i)
	}
	// Three strings of at most MaxText bytes, each behind its length.
	b, err := db.read(layout.RatingText, offset, min(3*(layout.MaxText+2), db.rows(layout.RatingText)-offset))
	if err != nil {
		return Rating{}, err
	}
	c := layout.Cursor{B: b}
	r := Rating{Type: c.String(), Vector: c.String(), Source: c.String()}
	if c.Bad {
		return Rating{}, db.damage(layout.RatingText, "rating %d cannot be read", i)
	}
	return r, nil
}

// verifyRatings reads every decision and every rating.
func (db *DB) verifyRatings() error {
	for i := range db.rows(layout.SSVC) {
		if _, err := db.ssvc(i); err != nil {
			return err
		}
	}
	for i := range db.rows(layout.Ratings) {
		if _, err := db.rating(i); err != nil {
			return err
		}
	}
	return nil
}
