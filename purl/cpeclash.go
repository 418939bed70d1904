// SPDX-License-Identifier: Apache-2.0

package purl

import "strings"

// What is said of a CPE that contradicts the rest.
const (
	otherProduct = "the CPE names another product; both are looked up"
	otherRelease = "the CPE names another version; both are looked up"
	byClash      = "CPE, which contradicts the rest"
)

// compareCPE notes when the one CPE of a component is of a product that the
// tables know, and names another product or another version than the rest of the
// component does. What it names is possible then.
func (id *identifier) compareCPE() {
	c, ok := id.onlyCPE()
	if !ok {
		return
	}
	p := projectOfCPE(c.vendor, c.product)
	if p == nil && !isProduct(&c) {
		return
	}
	product := id.isOfCPE(&c, p)
	version := c.version == "" || id.isVersion(p, c.version)
	if product && version {
		return
	}
	id.out.Contradiction = true
	if product {
		id.detail(otherRelease)
	} else {
		id.detail(otherProduct)
	}
	looked := c.version
	if looked == "" {
		looked = id.anyVersion()
	}
	for i := range products {
		if k := &products[i]; k.product == c.product && k.of(c.vendor) {
			id.add(k.ecosystem, "", k.name, looked, byClash, Possible)
		}
	}
	if p == nil {
		return
	}
	looked = plainTag(p.addresses, looked)
	for _, address := range p.addresses {
		id.add("GIT", "", address, looked, byClash, Possible)
	}
	if p.bitnami != "" {
		id.add("Bitnami", "", p.bitnami, trimV(looked), byClash, Possible)
	}
}

// onlyCPE gives the CPE of an application or operating system that all CPEs of
// the component are; false if they differ, as those that generators guess do.
func (id *identifier) onlyCPE() (only cpe, ok bool) {
	for _, text := range id.in.CPEs {
		c, valid := parseCPE(text)
		switch {
		case !valid:
		case !ok:
			only, ok = c, true
		case c.vendor != only.vendor || c.product != only.product || c.version != only.version:
			return cpe{}, false
		}
	}
	return only, ok
}

// isOfCPE reports that the component may be of the CPE's product: a package or a
// repository of it was found, one of the names holds the other, or it is one of
// the packages of a maker of few products, which mostly go by one CPE. A
// component of which nothing else is known contradicts nothing.
func (id *identifier) isOfCPE(c *cpe, p *project) bool {
	known := false
	for i := range id.out.Packages {
		own := &id.out.Packages[i]
		if strings.HasPrefix(own.Evidence, "CPE") || own.Confidence == Possible && !strings.HasPrefix(own.Evidence, byURLsName) {
			continue // the CPE itself, and what is but a guess
		}
		if own.Ecosystem != "GIT" || projectByRepository(lower(own.Name)) != nil {
			known = true
		}
		if p != nil && own.Ecosystem == "GIT" && projectByRepository(lower(own.Name)) == p {
			return true
		}
		name := foldWord(own.Name)
		product := foldWord(c.product)
		if strings.Contains(name, product) || p != nil && strings.Contains(name, p.word) {
			return true
		}
		if last := foldWord(own.Name[strings.LastIndexAny(own.Name, ":/")+1:]); len(last) >= 3 && strings.Contains(product, last) {
			return true
		}
		for j := range products {
			k := &products[j]
			if k.product == c.product && k.ecosystem == own.Ecosystem && k.of(c.vendor) && FoldName(k.ecosystem, k.name) == FoldName(k.ecosystem, own.Name) {
				return true
			}
		}
		if vendor := foldWord(c.vendor); len(vendor) >= 4 && strings.Contains(name, vendor) && !hasManyProducts(c.vendor) {
			return true
		}
	}
	return !known
}

// hasManyProducts reports a vendor of the table whose name in that of a package
// does not tell which product it is of.
func hasManyProducts(vendor string) bool {
	count, last := 0, ""
	for i := range products {
		if k := &products[i]; k.product != last && k.of(vendor) {
			count, last = count+1, k.product
		}
	}
	return count > 2
}

// isVersion reports that the component has a CPE's version, or none.
func (id *identifier) isVersion(p *project, v string) bool {
	if p != nil {
		v = plainTag(p.addresses, v)
	}
	found := false
	for i := range id.out.Packages {
		own := id.out.Packages[i].Version
		if own == "" || isCommit(own) || id.out.Packages[i].Confidence == Possible {
			continue
		}
		found = true
		if sameRelease(own, v) {
			return true
		}
	}
	return !found
}

// anyVersion gives the surest version that is known of the component.
func (id *identifier) anyVersion() string {
	for i := range id.out.Packages {
		if v := id.out.Packages[i].Version; v != "" {
			return v
		}
	}
	return ""
}

// sameRelease compares a version with that of a CPE, which is in lower case, may
// have its update apart ("3.0.0", "rc1"), and leaves out words that say nothing.
func sameRelease(a, b string) bool {
	if sameVersion(a, b) {
		return true
	}
	return foldRelease(a) == foldRelease(b)
}

func foldRelease(v string) string {
	v = strings.Map(func(r rune) rune {
		switch r {
		case '-', '_', '+', '~', '.', ' ':
			return -1
		}
		return r
	}, separated(lower(trimV(v))))
	for _, word := range [...]string{"final", "release", "ga", "stable", "incompatible", "jre", "android"} {
		v = strings.TrimSuffix(v, word)
	}
	for strings.HasSuffix(v, "|0") {
		v = v[:len(v)-2]
	}
	return strings.TrimSuffix(v, "|")
}

// separated puts "|" between the numbers of a version, so that 1.11 and 11.1
// stay apart where the marks between them are dropped.
func separated(v string) string {
	b := make([]byte, 0, len(v)+8)
	digits := false
	for i := range len(v) {
		c := v[i]
		if isDigit(c) && !digits && len(b) > 0 {
			b = append(b, '|')
		}
		digits = isDigit(c)
		b = append(b, c)
	}
	return string(b)
}
