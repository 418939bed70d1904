// SPDX-License-Identifier: Apache-2.0

package build

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

var le = binary.LittleEndian

// encode makes the file, in pieces. What was read is complete and does not change;
// beside each other run what makes sections of
//
//   - packages and entries, with the order of tags, which adds versions and bodies,
//   - ids,
//   - groups and advisories,
//
// each of which sets sections and counts of the report that are its own.
func (b *builder) encode() ([][]byte, error) {
	if len(b.advisories) == 0 {
		return nil, fmt.Errorf("there is no advisory in the sources")
	}
	var sections [layout.Sections - 1][]byte
	set := func(s layout.Section, content []byte) { sections[s-layout.Manifest] = content }

	var wait sync.WaitGroup
	var g *groups
	var live int
	var covered []layout.Coverage
	var failed error
	wait.Go(func() {
		var tags map[uint32][]uint32
		if tags, failed = b.encodeTags(); failed == nil {
			live, covered = b.entryTables(set, tags)
		}
		set(layout.Bodies, b.bodies)
		set(layout.Versions, b.versions)
	})
	wait.Go(func() { b.idTables(set) })
	wait.Go(func() {
		g = b.group()
		offsets, data := g.encode(b)
		set(layout.Groups, offsets)
		set(layout.GroupData, data)
		set(layout.Advisories, b.advisoryTable(g))
	})
	wait.Wait()
	if failed != nil {
		return nil, failed
	}
	set(layout.TextBlocks, b.texts.blocks)
	set(layout.Text, b.texts.packed)
	set(layout.KEV, b.kevTable())
	set(layout.EPSS, b.epssTable())
	set(layout.EOLSlots, b.eolTables[0])
	set(layout.EOL, b.eolTables[1])
	set(layout.EOLReleases, b.eolTables[2])
	set(layout.SSVC, b.ssvcTable())
	ratingRows, ratingText := b.ratings.tables()
	set(layout.Ratings, ratingRows)
	set(layout.RatingText, ratingText)
	set(layout.Notices, b.deviceSections[0])
	set(layout.DeviceKeys, b.deviceSections[1])
	set(layout.DeviceData, b.deviceSections[2])

	r := b.report
	slices.SortFunc(b.feeds, func(x, y Feed) int { return strings.Compare(x.Name, y.Name) })
	r.Feeds = b.feeds
	r.Advisories, r.Groups, r.Entries = len(b.advisories), len(g.members), live
	r.Packages = len(sections[layout.Packages-layout.Manifest]) / int(layout.Packages.Row())
	for i := range b.advisories {
		if b.advisories[i].withdrawn {
			r.Withdrawn++
		}
	}
	set(layout.Manifest, b.manifest(covered))
	for i, s := range sections {
		if uint64(len(s)) > math.MaxUint32 {
			return nil, fmt.Errorf("section %s has %d bytes, more than the format holds", layout.Manifest+layout.Section(i), len(s))
		}
	}
	pieces := layout.Pieces(sections, b.built.Unix())
	for _, p := range pieces {
		r.Size += int64(len(p))
	}
	r.Digest = hex.EncodeToString(pieces[0][40:72])
	return pieces, nil
}

func (b *builder) manifest(covered []layout.Coverage) []byte {
	m := layout.Contents{
		Kind: b.kind, Advisories: b.report.Advisories, Packages: b.report.Packages, Oddities: b.report.Oddities,
		HasKEV: len(b.kev) > 0, HasEPSS: len(b.epss) > 0,
		Ecosystems: b.ecosystems.list, Releases: b.releases.list, Coverage: covered, LeftOut: b.left,
	}
	for _, f := range b.feeds {
		m.Feeds = append(m.Feeds, layout.Feed{Name: f.Name, Date: f.Date.Unix(), Dated: !f.Date.IsZero(), Records: f.Records, Digest: f.Digest})
	}
	return m.Append(nil)
}

// live reports an entry of a record that no other one has replaced.
func (b *builder) live(i int) bool {
	a := b.advisories[b.entries[i].advisory].entries
	return uint32(i) >= a.from && uint32(i) < a.to
}

// entryTables writes Packages, PackageSlots, Names, Namesakes, Entries and Tags,
// and computes the coverage. tags are the offsets of the versions of each
// repository's tags, by package.
func (b *builder) entryTables(set func(layout.Section, []byte), tags map[uint32][]uint32) (int, []layout.Coverage) {
	perPackage, live := b.byPackages()
	order := make([]uint32, 0, len(b.packages))
	for i := range b.packages {
		if len(perPackage[i]) > 0 {
			order = append(order, uint32(i))
		}
	}
	slices.SortFunc(order, func(x, y uint32) int {
		p, q := &b.packages[x], &b.packages[y]
		if p.ecosystem != q.ecosystem {
			// By name: numbers depend on what else is in the sources.
			return strings.Compare(b.ecosystems.list[p.ecosystem], b.ecosystems.list[q.ecosystem])
		}
		return strings.Compare(p.name, q.name)
	})

	type namesake struct{ hash, pkg uint32 }
	var names, namesakes, tagRows []byte
	packages, entries := make([]byte, 0, len(order)*int(layout.Packages.Row())), make([]byte, 0, live*int(layout.Entries.Row()))
	var sakes []namesake
	slots := make([]byte, 4*layout.Slots(len(order)))
	count := uint32(0)
	for n, pkg := range order {
		p := &b.packages[pkg]
		packages = le.AppendUint32(packages, uint32(len(names)))
		packages = le.AppendUint16(packages, uint16(len(p.name)))
		packages = le.AppendUint16(packages, p.ecosystem)
		packages = le.AppendUint32(packages, count)
		packages = le.AppendUint32(packages, uint32(len(perPackage[pkg])))
		packages = le.AppendUint32(packages, uint32(len(tagRows)/4))
		for _, offset := range tags[pkg] {
			tagRows = le.AppendUint32(tagRows, offset)
		}
		names = append(names, p.name...)
		insert(slots, layout.Hash(p.ecosystem, p.name), uint32(n)+1)
		count += uint32(len(perPackage[pkg]))

		list := perPackage[pkg]
		byAdvisory := func(x, y uint32) int { return int(b.entries[x].advisory) - int(b.entries[y].advisory) }
		if !slices.IsSortedFunc(list, byAdvisory) { // one that replaced another has its number
			slices.SortStableFunc(list, byAdvisory)
		}
		for _, i := range list {
			e := &b.entries[i]
			entries = le.AppendUint32(entries, e.advisory)
			entries = le.AppendUint32(entries, e.body)
			entries = le.AppendUint32(entries, e.size)
			entries = le.AppendUint16(entries, e.release)
			entries = le.AppendUint16(entries, e.flags)
		}
		if ecosystem := b.ecosystems.list[p.ecosystem]; layout.Language(ecosystem) {
			sakes = append(sakes, namesake{uint32(layout.HashFold(p.name)), uint32(n)})
			if _, last, ok := strings.Cut(p.name, ":"); ok && ecosystem == "Maven" {
				sakes = append(sakes, namesake{uint32(layout.HashFold(last)), uint32(n)})
			}
		}
	}
	slices.SortFunc(sakes, func(x, y namesake) int {
		return compareUint(uint64(x.hash)<<32|uint64(x.pkg), uint64(y.hash)<<32|uint64(y.pkg))
	})
	for _, s := range sakes {
		namesakes = le.AppendUint32(le.AppendUint32(namesakes, s.hash), s.pkg)
	}
	set(layout.Names, names)
	set(layout.Packages, packages)
	set(layout.PackageSlots, slots)
	set(layout.Entries, entries)
	set(layout.Namesakes, namesakes)
	set(layout.Tags, tagRows)
	b.report.Tags = len(tagRows) / 4
	return live, b.coverage(perPackage)
}

// byPackages gives the live entries of each package, in the order of the records.
func (b *builder) byPackages() (perPackage [][]uint32, live int) {
	perPackage = make([][]uint32, len(b.packages))
	counts := make([]uint32, len(b.packages))
	for i := range b.entries {
		if b.live(i) {
			live++
			counts[b.entries[i].pkg]++
		}
	}
	all := make([]uint32, 0, live)
	for pkg, n := range counts {
		perPackage[pkg] = all[len(all) : len(all) : len(all)+int(n)]
		all = all[:len(all)+int(n)]
	}
	for i := range b.entries {
		if b.live(i) {
			pkg := b.entries[i].pkg
			perPackage[pkg] = append(perPackage[pkg], uint32(i))
		}
	}
	return perPackage, live
}

// insert puts a value into a table of open addressing.
func insert(slots []byte, hash uint64, value uint32) {
	mask := uint64(len(slots)/4 - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		if le.Uint32(slots[4*at:]) == 0 {
			le.PutUint32(slots[4*at:], value)
			return
		}
	}
}

// coverage counts the records in force of each ecosystem and release, and the
// packages, whose entries are given.
func (b *builder) coverage(perPackage [][]uint32) []layout.Coverage {
	type place struct {
		ecosystem, release uint16
		whole              bool
	}
	type count struct {
		newest   stamp
		n        int
		last     int // advisory counted last, +1
		packages int
		pkg      int // package counted last, +1
	}
	counts := map[place]*count{}
	var recent [2]struct { // the whole ecosystem and the release asked for last
		place
		*count
	}
	find := func(at place) *count {
		r := &recent[boolInt(at.whole)]
		if r.count == nil || r.place != at {
			if counts[at] == nil {
				counts[at] = new(count)
			}
			r.place, r.count = at, counts[at]
		}
		return r.count
	}
	for i := range b.advisories {
		a := &b.advisories[i]
		date := a.published
		if !date.ok {
			date = a.modified
		}
		for _, e := range b.entries[a.entries.from:a.entries.to] {
			ecosystem := b.packages[e.pkg].ecosystem
			for _, at := range [2]place{{ecosystem, 0, true}, {ecosystem, e.release, false}} {
				if !at.whole && at.release == 0 {
					continue
				}
				c := find(at)
				if c.last == i+1 {
					continue
				}
				c.last = i + 1
				c.n++
				if date.ok && date.seconds <= b.asOf && (!c.newest.ok || date.seconds > c.newest.seconds) {
					c.newest = date
				}
			}
		}
	}
	for pkg, list := range perPackage {
		for _, i := range list {
			for _, at := range [2]place{{b.packages[pkg].ecosystem, 0, true}, {b.packages[pkg].ecosystem, b.entries[i].release, false}} {
				if c := counts[at]; c != nil && c.pkg != pkg+1 {
					c.pkg = pkg + 1
					c.packages++
				}
			}
		}
	}
	list := make([]layout.Coverage, 0, len(counts))
	for at, c := range counts {
		list = append(list, layout.Coverage{
			Ecosystem: b.ecosystems.list[at.ecosystem], Release: b.releases.list[at.release],
			Newest: c.newest.seconds, Dated: c.newest.ok, Records: c.n, Packages: c.packages,
		})
	}
	slices.SortFunc(list, func(x, y layout.Coverage) int {
		if c := strings.Compare(x.Ecosystem, y.Ecosystem); c != 0 {
			return c
		}
		return strings.Compare(x.Release, y.Release)
	})
	return list
}

// idTables writes IDText, IDs, IDSlots and Postings.
func (b *builder) idTables(set func(layout.Section, []byte)) {
	// Twice over all mentions: to count those of each id, then to place them.
	each := func(mention func(id uint32, advisory int)) {
		for i := range b.advisories {
			a := &b.advisories[i]
			mention(a.id, i)
			for _, l := range [...]list{a.aliases, a.upstream, a.others, a.related} {
				for _, id := range b.linked(l) {
					mention(id, i)
				}
			}
		}
	}
	last := make([]uint32, len(b.ids.list)) // advisory + 1 that was counted last
	ends := make([]uint32, len(b.ids.list)+1)
	each(func(id uint32, i int) {
		if last[id] != uint32(i)+1 {
			last[id] = uint32(i) + 1
			ends[id+1]++
		}
	})
	for i := range b.ids.list {
		ends[i+1] += ends[i]
	}
	posted := make([]byte, 4*ends[len(b.ids.list)])
	at := slices.Clone(ends)
	clear(last)
	each(func(id uint32, i int) {
		if last[id] != uint32(i)+1 {
			last[id] = uint32(i) + 1
			le.PutUint32(posted[4*at[id]:], uint32(i))
			at[id]++
		}
	})
	text := make([]byte, 0, 16*len(b.ids.list))
	rows := make([]byte, 0, len(b.ids.list)*int(layout.IDs.Row()))
	slots := make([]byte, 4*layout.Slots(len(b.ids.list)))
	for i, id := range b.ids.list {
		rows = le.AppendUint32(rows, uint32(len(text)))
		rows = le.AppendUint16(rows, uint16(len(id)))
		rows = le.AppendUint16(rows, 0)
		rows = le.AppendUint32(rows, ends[i])
		rows = le.AppendUint32(rows, ends[i+1]-ends[i])
		text = append(text, id...)
		insert(slots, b.ids.hashes[i], uint32(i)+1)
	}
	set(layout.IDText, text)
	set(layout.IDs, rows)
	set(layout.IDSlots, slots)
	set(layout.Postings, posted)
}

func (b *builder) advisoryTable(g *groups) []byte {
	rows := make([]byte, 0, len(b.advisories)*int(layout.Advisories.Row()))
	for i := range b.advisories {
		a := &b.advisories[i]
		flags := byte(0)
		if a.withdrawn {
			flags = layout.AdvisoryWithdrawn
		}
		rows = le.AppendUint32(rows, a.id)
		rows = le.AppendUint32(rows, g.number[i])
		rows = le.AppendUint32(rows, a.block)
		rows = le.AppendUint32(rows, a.offset)
		rows = le.AppendUint16(rows, a.ecosystem)
		rows = append(rows, byte(a.kind), flags)
	}
	return rows
}

func (b *builder) kevTable() (rows []byte) {
	for _, k := range b.kev {
		flags := uint32(0)
		if k.ransomware {
			flags = layout.KEVRansomware
		}
		rows = le.AppendUint64(rows, k.cve)
		rows = le.AppendUint32(rows, k.days)
		rows = le.AppendUint32(rows, flags)
	}
	return rows
}

func (b *builder) epssTable() (rows []byte) {
	for _, e := range b.epss {
		rows = le.AppendUint64(rows, e.cve)
		rows = le.AppendUint32(rows, e.score)
		rows = le.AppendUint32(rows, e.percentile)
	}
	return rows
}
