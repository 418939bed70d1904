// SPDX-License-Identifier: Apache-2.0

package build

import "slices"

// joinAliases joins the ids that records in force name as aliases, and a
// distribution's single CVE of upstream.
//
// Where that would bring several CVEs into one group, a record may have chained
// together what is not the same: one record, of any package, that names ten CVEs
// or ten advisories would make one finding of ten. There a record joins what it
// names only as far as all records that are, or name, that identity have a package
// in common with it. So RustSec's record of several CVEs and GitHub's of each of
// them stay one finding for their package, and a record about another package is a
// group of its own, like a distribution's that names several CVEs in upstream.
//
// Identities are the ids and, of records that bear one CVE alone, these by their
// CVE. What is decided of a record depends on identities and their records alone,
// not on what else has been joined, and so not on order.
func (g *groups) joinAliases() {
	c := g.c
	for i := range c.advisories { // identities
		if a := &c.advisories[i]; !a.withdrawn {
			if cve, several := c.ownCVE(a); cve != 0 && !several {
				g.join(a.id, cve-1)
			}
		}
	}
	whole := groups{c: c, parent: slices.Clone(g.parent)}
	linked := func(yield func(a *advisory, id uint32)) {
		for i := range c.advisories {
			a := &c.advisories[i]
			if a.withdrawn {
				continue
			}
			for _, id := range c.linked(a.aliases) {
				yield(a, id)
			}
		}
	}
	linked(func(a *advisory, id uint32) { whole.join(a.id, id) })
	several := whole.ofSeveralCVEs()
	linked(func(a *advisory, id uint32) {
		if !several[whole.find(a.id)] {
			g.join(a.id, id)
		}
	})
	if len(several) > 0 {
		g.joinCarefully(func(a *advisory) bool { return !a.withdrawn && several[whole.find(a.id)] })
	}
}

// ownCVE is the CVE + 1 that a record bears, as its id, as an alias, or as the only
// one upstream of a distribution, and whether there are several.
func (c *collector) ownCVE(a *advisory) (cve uint32, several bool) {
	take := func(id uint32) {
		several = several || cve != 0 && cve != id+1
		cve = id + 1
	}
	if isCVE(c.ids.list[a.id]) {
		take(a.id)
	}
	for _, id := range c.linked(a.aliases) {
		if isCVE(c.ids.list[id]) {
			take(id)
		}
	}
	if cves := c.linked(a.upstream); len(cves) == 1 && distribution(c.ecosystems.list[a.ecosystem]) {
		take(cves[0])
	}
	return cve, several
}

// ofSeveralCVEs gives the roots of groups with more than one CVE.
func (g *groups) ofSeveralCVEs() map[uint32]bool {
	first := make([]uint32, len(g.parent)) // CVE + 1 by root
	several := map[uint32]bool{}
	for id, text := range g.c.ids.list {
		if !isCVE(text) {
			continue
		}
		root := g.find(uint32(id))
		if first[root] != 0 {
			several[root] = true
		}
		first[root] = uint32(id) + 1
	}
	return several
}

// Bounds of a record that can join several identities. Real ones name some dozen
// CVEs of one package.
const (
	maxBridged  = 256
	maxPackages = 256
)

// identity is what is known of one while aliases are joined: how many records are
// it or name it, and the packages that all of these have.
type identity struct {
	records  int
	packages []uint32
}

// joinCarefully joins the aliases of the records that belong to groups of several
// CVEs.
func (g *groups) joinCarefully(belongs func(*advisory) bool) {
	c := g.c
	identities := map[uint32]*identity{}
	var roots, packages []uint32
	// each gives the identities that a record is and names, that which it is first,
	// and its packages; none if they are too many.
	each := func(visit func(a *advisory)) {
		for i := range c.advisories {
			a := &c.advisories[i]
			if !belongs(a) {
				continue
			}
			roots = append(roots[:0], g.find(a.id))
			for _, id := range c.linked(a.aliases) {
				roots = append(roots, g.find(id))
			}
			if cves := c.linked(a.upstream); len(cves) == 1 && distribution(c.ecosystems.list[a.ecosystem]) {
				roots = append(roots, g.find(cves[0]))
			}
			slices.Sort(roots[1:])
			roots = slices.Compact(roots)
			packages = packages[:0]
			if len(roots) <= maxBridged {
				for _, e := range c.entries[a.entries.from:a.entries.to] {
					packages = append(packages, e.pkg)
				}
				slices.Sort(packages)
				if packages = slices.Compact(packages); len(packages) > maxPackages {
					packages = packages[:0]
				}
			}
			visit(a)
		}
	}
	each(func(*advisory) {
		for i, root := range roots {
			if i > 0 && root == roots[0] {
				continue
			}
			n := identities[root]
			if n == nil {
				n = &identity{packages: slices.Clone(packages)}
				identities[root] = n
			} else {
				n.packages = slices.DeleteFunc(n.packages, func(p uint32) bool {
					_, has := slices.BinarySearch(packages, p)
					return !has
				})
			}
			n.records++
		}
	})
	type pair struct{ a, root uint32 }
	var joins []pair
	each(func(a *advisory) {
		own, others := roots[0], 0 // identities that other records have too
		for i, root := range roots {
			if (i == 0 || root != own) && identities[root].records > 1 {
				others++
			}
		}
		joinable := func(root uint32) bool {
			n := identities[root]
			return n.records == 1 || len(n.packages) > 0
		}
		for _, root := range roots[1:] {
			if others <= 1 || joinable(root) && (joinable(own) || identities[root].records == 1) {
				joins = append(joins, pair{a.id, root})
			}
		}
	})
	for _, j := range joins { // only now: identities are those of before
		g.join(j.a, j.root)
	}
}
