// SPDX-License-Identifier: Apache-2.0

package build

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// groups joins records that name the same vulnerability. Its nodes are ids,
// those of records and those that records only name.
type groups struct {
	c      *collector
	parent []uint32

	number  []uint32 // of the group, by advisory
	members [][]uint32
	byRoot  []uint32   // group + 1 by root
	ids     [][]uint32 // by group
	base    []rating
}

// rating is what the members of a group say of its severity.
type rating struct {
	cvss   cvss
	source uint32 // id
	word   vulndb.Severity
}

func (r *rating) take(cvss cvss, source uint32, word vulndb.Severity, ids []string) {
	if r.cvss.less(cvss) || (r.cvss == cvss && cvss.version > 0 && ids[source] < ids[r.source]) {
		r.cvss, r.source = cvss, source
	}
	r.word = max(r.word, word)
}

func (g *groups) find(x uint32) uint32 {
	for g.parent[x] != x {
		g.parent[x] = g.parent[g.parent[x]]
		x = g.parent[x]
	}
	return x
}

// join keeps the smaller number as the root, so that the result does not depend
// on the order of joins.
func (g *groups) join(x, y uint32) {
	if x, y = g.find(x), g.find(y); x != y {
		g.parent[max(x, y)] = min(x, y)
	}
}

// group forms the groups. Withdrawn records join nothing: what they said of
// aliases is withdrawn too.
func (c *collector) group() *groups {
	g := &groups{c: c, parent: make([]uint32, len(c.ids.list)), byRoot: make([]uint32, len(c.ids.list))}
	for i := range g.parent {
		g.parent[i] = uint32(i)
	}
	g.joinAliases()
	g.number = make([]uint32, len(c.advisories))
	groups := uint32(0)
	for i := range c.advisories {
		root := g.find(c.advisories[i].id)
		if g.byRoot[root] == 0 {
			groups++
			g.byRoot[root] = groups
		}
		g.number[i] = g.byRoot[root] - 1
	}
	g.members = grouped(int(groups), len(c.advisories), func(i int) (uint32, bool) { return g.number[i], true })
	g.ids = grouped(int(groups), len(g.parent), func(i int) (uint32, bool) { return g.of(uint32(i)) })
	g.base = make([]rating, len(g.members))
	for n, members := range g.members {
		for _, i := range members {
			if a := &c.advisories[i]; !a.withdrawn || len(members) == 1 {
				g.base[n].take(a.cvss, a.id, a.word, c.ids.list)
			}
		}
	}
	return g
}

// of gives the group of an id.
func (g *groups) of(id uint32) (uint32, bool) {
	n := g.byRoot[g.find(id)]
	return n - 1, n > 0
}

// grouped lists the numbers below n by what of gives for them, in ascending order.
func grouped(groups, n int, of func(i int) (uint32, bool)) [][]uint32 {
	lists, counts, total := make([][]uint32, groups), make([]uint32, groups), 0
	for i := range n {
		if to, ok := of(i); ok {
			counts[to]++
			total++
		}
	}
	all := make([]uint32, 0, total)
	for i, count := range counts {
		lists[i] = all[len(all) : len(all) : len(all)+int(count)]
		all = all[:len(all)+int(count)]
	}
	for i := range n {
		if to, ok := of(i); ok {
			lists[to] = append(lists[to], uint32(i))
		}
	}
	return lists
}

func (c *collector) linked(l list) []uint32 { return c.links[l.from:l.to] }

// cves gives the ids of the CVEs that speak for a group: its own, those of its
// members' aliases that it was not joined with, of their upstream, and of related
// where link kept them.
func (g *groups) cves(n uint32) []uint32 {
	c := g.c
	var list []uint32
	for _, id := range g.ids[n] {
		if isCVE(c.ids.list[id]) {
			list = append(list, id)
		}
	}
	for _, i := range g.members[n] {
		a := &c.advisories[i]
		if a.withdrawn && len(g.members[n]) > 1 {
			continue
		}
		list = append(append(list, c.linked(a.upstream)...), c.linked(a.related)...)
		for _, id := range c.linked(a.aliases) {
			if !a.withdrawn && isCVE(c.ids.list[id]) {
				list = append(list, id)
			}
		}
	}
	return g.sorted(list)
}

// sorted sorts ids by text and drops doubles.
func (g *groups) sorted(list []uint32) []uint32 {
	if len(list) < 2 {
		return list
	}
	slices.SortFunc(list, func(x, y uint32) int { return strings.Compare(g.c.ids.list[x], g.c.ids.list[y]) })
	return slices.Compact(list)
}

// name picks the id of a group: the first CVE, else the first GHSA, else the
// first id of a member.
func (g *groups) name(n uint32, ids []uint32) uint32 {
	c := g.c
	for _, want := range []func(string) bool{isCVE, func(s string) bool { return strings.HasPrefix(s, "GHSA-") }} {
		for _, id := range ids {
			if want(c.ids.list[id]) {
				return id
			}
		}
	}
	own := make([]uint32, 0, len(g.members[n]))
	for _, i := range g.members[n] {
		own = append(own, c.advisories[i].id)
	}
	return g.sorted(own)[0]
}

// encode writes the sections Groups and GroupData and counts.
func (g *groups) encode(b *builder) (offsets, data []byte) {
	c := g.c
	put := func(v int) { data = binary.AppendUvarint(data, uint64(v)) }
	for n := range uint32(len(g.members)) {
		offsets = binary.LittleEndian.AppendUint32(offsets, uint32(len(data)))
		ids := g.sorted(g.ids[n])
		cves := g.cves(n)
		name := g.name(n, ids)
		own := 0
		for _, id := range ids {
			if isCVE(c.ids.list[id]) {
				own++
			}
		}
		if own > 1 {
			b.report.GroupsOfSeveralCVEs++
		}

		r := g.base[n]
		for _, id := range cves {
			if m, ok := g.of(id); ok && m != n {
				r.take(g.base[m].cvss, g.base[m].source, g.base[m].word, c.ids.list)
			}
		}
		var ratedBy string
		rated := false
		if r.cvss.version == 0 {
			var top cvss
			var cve uint32
			if top, cve, ratedBy, rated = b.ratings.best(cves, c.ids.list); rated {
				r.cvss, r.source = top, cve
			}
		}
		severity := r.cvss.severity()
		if r.cvss.version == 0 {
			severity = r.word
		}
		kev, epss := b.exploited(cves, c.ids.list)
		ssvc := b.decided(cves, c.ids.list)

		flags := int(g.kind(n))
		if r.cvss.version > 0 {
			flags |= layout.GroupCVSS
		}
		if kev >= 0 {
			flags |= layout.GroupKEV
		}
		if epss >= 0 {
			flags |= layout.GroupEPSS
		}
		if ssvc >= 0 {
			flags |= layout.GroupSSVC
		}
		if rated {
			flags |= layout.GroupRated
		}
		put(flags)
		put(int(severity))
		put(int(name))
		put(len(ids) - 1)
		for _, id := range ids {
			if id != name {
				put(int(id))
			}
		}
		put(len(cves))
		for _, id := range cves {
			put(int(id))
		}
		if r.cvss.version > 0 {
			data = layout.AppendString(data, r.cvss.vector)
			put(r.cvss.tenths)
			put(int(r.source))
			if rated {
				data = layout.AppendString(data, ratedBy)
			}
		}
		if kev >= 0 {
			put(kev)
		}
		if epss >= 0 {
			put(epss)
		}
		if ssvc >= 0 {
			put(ssvc)
		}
	}
	return binary.LittleEndian.AppendUint32(offsets, uint32(len(data))), data
}

// kind is malicious if a member is, else vulnerability if a member is.
func (g *groups) kind(n uint32) vulndb.Kind {
	kind := vulndb.Informational
	for _, i := range g.members[n] {
		a := &g.c.advisories[i]
		if a.withdrawn && len(g.members[n]) > 1 {
			continue
		}
		switch a.kind {
		case vulndb.Malicious:
			return vulndb.Malicious
		case vulndb.Vulnerability:
			kind = vulndb.Vulnerability
		case vulndb.Informational:
		}
	}
	return kind
}

// exploited picks the rows of KEV and EPSS of a list of CVEs, -1 for none: the
// known ransomware use first, then the earliest date; the highest score.
func (b *builder) exploited(cves []uint32, ids []string) (kev, epss int) {
	kev, epss = -1, -1
	for _, id := range cves {
		if i, ok := b.findKEV(ids[id]); ok && (kev < 0 || before(b.kev[i], b.kev[kev])) {
			kev = i
		}
		if i, ok := b.findEPSS(ids[id]); ok && (epss < 0 || b.epss[i].score > b.epss[epss].score) {
			epss = i
		}
	}
	return kev, epss
}

func before(a, b kevRow) bool {
	if a.ransomware != b.ransomware {
		return a.ransomware
	}
	if a.days == 0 || b.days == 0 { // 0 is no date
		return b.days == 0 && a.days != 0
	}
	return a.days < b.days
}
