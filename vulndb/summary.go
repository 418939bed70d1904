// SPDX-License-Identifier: Apache-2.0

package vulndb

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"math"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// summarySeed is of one process: whoever writes a feed cannot choose records that
// are told apart by nothing.
var summarySeed = maphash.MakeSeed()

// summary is what Changes compares of one database, its packages sorted by the
// names of their ecosystems, then by their own.
type summary struct {
	db       *DB
	packages []digest
	facts    []hashes // by advisory
}

// hashes are of what the What of the same name says.
type hashes struct {
	known         bool
	facts, scores uint64
}

// digest is a package, reduced to hashes.
type digest struct {
	ecosystem, name        string // views
	number                 uint64
	entries, facts, scores uint64
}

func (d *digest) compare(e *digest) int {
	if c := strings.Compare(d.ecosystem, e.ecosystem); c != 0 {
		return c
	}
	return strings.Compare(d.name, e.name)
}

func (d *digest) differs(e *digest) (what What) {
	if d.entries != e.entries {
		what |= Entries
	}
	if d.facts != e.facts {
		what |= Facts
	}
	if d.scores != e.scores {
		what |= Scores
	}
	return what
}

// condense reads all packages, entries and groups.
func (db *DB) condense() (*summary, error) {
	s := &summary{db: db, facts: make([]hashes, db.rows(layout.Advisories))}
	s.packages = make([]digest, 0, db.rows(layout.Packages))
	var e Entry
	var buf, facts, scores []byte
	for i := range db.rows(layout.Packages) {
		p, d, err := db.numbered(i)
		if err != nil {
			return nil, err
		}
		buf, facts, scores = buf[:0], facts[:0], scores[:0]
		for j := range p.Tags() {
			tag, err := p.Tag(j)
			if err != nil {
				return nil, err
			}
			buf = appendBytes(layout.AppendString(buf, tag.Version), tag.Key)
		}
		for j := range p.Len() {
			if err := p.Entry(j, &e); err != nil {
				return nil, err
			}
			h, err := s.advisory(e.Advisory)
			if err != nil {
				return nil, err
			}
			buf = db.appendEntry(buf, &e)
			facts = binary.LittleEndian.AppendUint64(facts, h.facts)
			scores = binary.LittleEndian.AppendUint64(scores, h.scores)
		}
		d.entries, d.facts, d.scores = maphash.Bytes(summarySeed, buf), maphash.Bytes(summarySeed, facts), maphash.Bytes(summarySeed, scores)
		s.packages = append(s.packages, d)
	}
	if !slices.IsSortedFunc(s.packages, func(a, b digest) int { return a.compare(&b) }) {
		slices.SortFunc(s.packages, func(a, b digest) int { return a.compare(&b) })
	}
	for i := 1; i < len(s.packages); i++ {
		if s.packages[i-1].compare(&s.packages[i]) == 0 {
			return nil, db.damage(layout.Packages, "%s package %q stands twice", s.packages[i].ecosystem, s.packages[i].name)
		}
	}
	return s, nil
}

// numbered gives a package by its number, as the look-up by name would.
func (db *DB) numbered(i uint64) (p Package, d digest, err error) {
	row, err := db.row(layout.Packages, i)
	if err != nil {
		return p, d, err
	}
	le := binary.LittleEndian
	name, err := db.read(layout.Names, uint64(le.Uint32(row)), uint64(le.Uint16(row[4:])))
	if err != nil {
		return p, d, err
	}
	number := int(le.Uint16(row[6:]))
	if number >= len(db.ecosystems) {
		return p, d, db.damage(layout.Packages, "ecosystem %d of %d", number, len(db.ecosystems))
	}
	p = Package{db: db, number: i, first: le.Uint32(row[8:]), count: le.Uint32(row[12:]), tags: le.Uint32(row[16:])}
	if uint64(p.first)+uint64(p.count) > db.rows(layout.Entries) {
		return p, d, db.damage(layout.Packages, "package %d has entries that are not there", i)
	}
	if p.tagged, err = db.tagCount(i, p.tags); err != nil {
		return p, d, err
	}
	return p, digest{ecosystem: db.ecosystems[number], name: layout.View(name), number: i}, nil
}

func appendBytes(dst, b []byte) []byte {
	if b == nil { // no key, which is not the empty one
		return append(dst, 0)
	}
	dst = binary.AppendUvarint(dst, uint64(len(b))+1)
	return append(dst, b...)
}

// appendEntry writes all that an entry says, as no other entry does.
func (db *DB) appendEntry(dst []byte, e *Entry) []byte {
	number := func(n int) { dst = binary.AppendUvarint(dst, uint64(n)) }
	dst = layout.AppendString(layout.AppendString(dst, db.Advisory(e.Advisory).ID), e.Release)
	number(len(e.Ranges))
	for i := range e.Ranges {
		r := &e.Ranges[i]
		sorted := 0
		if r.Sorted {
			sorted = 1
		}
		number(int(r.Kind)<<1 | sorted)
		number(len(r.Events))
		for j := range r.Events {
			ev := &r.Events[j]
			dst = append(dst, byte(ev.Kind))
			dst = appendBytes(layout.AppendString(dst, ev.Version), ev.Key)
		}
	}
	number(len(e.Versions))
	for _, v := range e.Versions {
		dst = layout.AppendString(dst, v)
	}
	number(len(e.Tags))
	for _, t := range e.Tags {
		number(t.From)
		number(t.To)
	}
	if e.CustomRanges {
		return append(dst, 1)
	}
	return append(dst, 0)
}

// advisory gives the hashes of an advisory and its group, made once.
func (s *summary) advisory(id AdvisoryID) (*hashes, error) {
	h := &s.facts[id]
	if h.known {
		return h, nil
	}
	a := s.db.Advisory(id)
	g, err := s.db.group(a.Group)
	if err != nil {
		return nil, err
	}
	var local [512]byte
	facts := append(local[:0], byte(a.Kind))
	facts = layout.AppendString(facts, a.Ecosystem)
	facts = g.appendFacts(facts)
	h.facts = maphash.Bytes(summarySeed, facts)
	h.scores = maphash.Bytes(summarySeed, g.appendScores(facts[:0]))
	h.known = true
	return h, nil
}

// appendFacts writes what is known of a vulnerability, but for its scores.
func (g *Group) appendFacts(dst []byte) []byte {
	list := func(ids []string) {
		dst = binary.AppendUvarint(dst, uint64(len(ids)))
		for _, id := range ids {
			dst = layout.AppendString(dst, id)
		}
	}
	dst = layout.AppendString(dst, g.ID)
	list(g.Aliases)
	list(g.CVEs)
	dst = append(dst, byte(g.Kind), byte(g.Severity))
	dst = layout.AppendString(layout.AppendString(dst, g.CVSS.Vector), g.CVSS.Source)
	dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(g.CVSS.Score))
	if k := g.KEV; k != nil {
		ransomware := byte(1)
		if k.Ransomware {
			ransomware = 2
		}
		dst = append(layout.AppendString(dst, k.CVE), ransomware)
		dst = binary.LittleEndian.AppendUint64(dst, uint64(k.Added.Unix()))
	}
	if s := g.SSVC; s != nil {
		for _, text := range []string{s.CVE, s.Exploitation, s.Automatable, s.TechnicalImpact} {
			dst = layout.AppendString(dst, text)
		}
	}
	return dst
}

func (g *Group) appendScores(dst []byte) []byte {
	if e := g.EPSS; e != nil {
		dst = layout.AppendString(dst, e.CVE)
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(e.Score))
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(e.Percentile))
	}
	return dst
}

// differing gives the ids of the advisories whose entries or facts differ between
// a package of one database and its counterpart, nil if it has none there.
func differing(a *summary, x *digest, b *summary, y *digest, what What) ([]string, error) {
	before, err := a.rendered(x, what)
	if err != nil {
		return nil, err
	}
	now, err := b.rendered(y, what)
	if err != nil {
		return nil, err
	}
	var ids []string
	for id, text := range before {
		if now[id] != text {
			ids = append(ids, strings.Clone(id))
		}
	}
	for id := range now {
		if _, ok := before[id]; !ok {
			ids = append(ids, strings.Clone(id))
		}
	}
	slices.Sort(ids)
	return ids, nil
}

// rendered gives the entries of a package with their facts, by the advisory's id;
// their scores only if nothing else of the package differs.
func (s *summary) rendered(d *digest, what What) (map[string]string, error) {
	if d == nil {
		return nil, nil
	}
	p, _, err := s.db.numbered(d.number)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]string, p.Len())
	var e Entry
	var buf []byte
	for i := range p.Len() {
		if err := p.Entry(i, &e); err != nil {
			return nil, err
		}
		h, err := s.advisory(e.Advisory)
		if err != nil {
			return nil, err
		}
		buf = buf[:0]
		for _, interval := range e.Tags {
			for j := interval.From; j < interval.To; j++ {
				tag, err := p.Tag(j)
				if err != nil {
					return nil, err
				}
				buf = layout.AppendString(buf, tag.Version)
			}
		}
		e.Tags = e.Tags[:0] // positions among all tags, which shift with any of them
		buf = s.db.appendEntry(buf, &e)
		buf = binary.LittleEndian.AppendUint64(buf, h.facts)
		if what == Scores {
			buf = binary.LittleEndian.AppendUint64(buf, h.scores)
		}
		id := s.db.Advisory(e.Advisory).ID
		if id == "" {
			return nil, fmt.Errorf("reading advisory %d: %w", e.Advisory, s.db.Err())
		}
		byID[id] += string(buf)
	}
	return byID, nil
}
