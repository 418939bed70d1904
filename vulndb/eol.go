// SPDX-License-Identifier: Apache-2.0

package vulndb

import (
	"encoding/binary"
	"strings"
	"time"

	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// A Lifecycle is a product with its cycles: when each was released and until when
// it is supported, as endoflife.date has it. Its strings are views.
type Lifecycle struct {
	Product  string // "openssl"
	Title    string // "OpenSSL"
	Category string // "os", "lang", "framework", "database", "server-app", "app", "service", "device", "standard"
	Link     string // the maker's page on support
	Java     bool   // a build of Java, whose versions may be written 1.8.0_292

	db              *DB
	cycles          []byte
	count           int
	first, releases uint64
}

// A Milestone is a date of a cycle. Where the source gives a boolean the day is
// not known: Come says whether it has come.
type Milestone struct {
	Stated bool
	Come   bool      // stated true
	Day    time.Time // zero if the source gives none
}

// A Cycle is one line of releases of a product. Strings are views.
type Cycle struct {
	Name           string // "1.1.1", what its versions begin with
	Label          string // as people write it, "" if that is Name
	Codename       string
	Latest         string    // its latest version
	Released       time.Time // zero: not said
	LatestReleased time.Time
	EOL            Milestone // end of security fixes for all
	Active         Milestone // end of active support: fixes other than for security
	Extended       Milestone // end of support that is paid for or asked for
	LongTerm       bool      // it is, or becomes, one with long-term support
	Discontinued   Milestone // hardware: no longer sold
}

// LifecycleOfPURL finds a product by a package URL: type, namespace and name,
// decoded and normalised.
func (db *DB) LifecycleOfPURL(kind, namespace, name string) (Lifecycle, bool) {
	if name == "" || len(kind)+len(namespace)+len(name) > layout.MaxEOLText || !db.info.HasEOL {
		return Lifecycle{}, false
	}
	key := append(append(append(make([]byte, 0, 128), layout.EOLByPURL...), kind...), '/')
	if namespace != "" {
		key = append(append(key, namespace...), '/')
	}
	return db.lifecycle(append(key, name...))
}

// LifecycleOfCPE finds a product by vendor and product of a CPE.
func (db *DB) LifecycleOfCPE(vendor, product string) (Lifecycle, bool) {
	if vendor == "" || product == "" || len(vendor)+len(product) > layout.MaxEOLText || !db.info.HasEOL {
		return Lifecycle{}, false
	}
	return db.lifecycle(layout.AppendEOLCPE(make([]byte, 0, 128), vendor, product))
}

// LifecycleNamed finds a product by its name, an alias or its title; letters and
// digits alone count, in any case. That a name agrees is no proof.
func (db *DB) LifecycleNamed(name string) (Lifecycle, bool) {
	if len(name) > layout.MaxEOLText || !db.info.HasEOL {
		return Lifecycle{}, false
	}
	key := layout.AppendEOLName(append(make([]byte, 0, 128), layout.EOLByName...), name)
	if len(key) == len(layout.EOLByName) {
		return Lifecycle{}, false
	}
	return db.lifecycle(key)
}

func (db *DB) lifecycle(key []byte) (Lifecycle, bool) {
	slots := db.rows(layout.EOLSlots)
	if slots == 0 || slots&(slots-1) != 0 {
		return Lifecycle{}, false
	}
	want := layout.View(key)
	at := layout.HashFold(want)
	for range slots {
		at &= slots - 1
		slot, err := db.read(layout.EOLSlots, 4*at, 4)
		if err != nil {
			return Lifecycle{}, false
		}
		n := binary.LittleEndian.Uint32(slot)
		if n == 0 {
			return Lifecycle{}, false
		}
		text, product, ok := db.eolKey(uint64(n - 1))
		if !ok {
			return Lifecycle{}, false
		}
		if layout.EqualFold(text, want) {
			return db.eolProduct(product)
		}
		at++
	}
	_ = db.damage(layout.EOLSlots, "the table is full")
	return Lifecycle{}, false
}

// eolWindow is how much of a product is read at once: most need one read.
const eolWindow = 4096

// eolKey reads a key and the place of its product.
func (db *DB) eolKey(at uint64) (text string, product uint64, ok bool) {
	b, ok := db.eolBytes(at, 2*layout.MaxEOLText)
	if !ok {
		return "", 0, false
	}
	c := layout.Cursor{B: b}
	text = c.View()
	if c.Bad || len(c.B) < 4 {
		_ = db.damage(layout.EOL, "a key cannot be read")
		return "", 0, false
	}
	return text, uint64(binary.LittleEndian.Uint32(c.B)), true
}

// eolBytes reads up to n bytes of the section.
func (db *DB) eolBytes(at, n uint64) ([]byte, bool) {
	length := db.sections[layout.EOL].length
	if at >= length {
		_ = db.damage(layout.EOL, "byte %d of %d is asked for", at, length)
		return nil, false
	}
	b, err := db.read(layout.EOL, at, min(n, length-at))
	return b, err == nil
}

// eolProduct reads the product at an offset, with all its cycles.
func (db *DB) eolProduct(at uint64) (Lifecycle, bool) {
	for n := uint64(eolWindow); ; n *= 4 {
		b, ok := db.eolBytes(at, n)
		if !ok {
			return Lifecycle{}, false
		}
		l, ok := db.parseLifecycle(b)
		if ok {
			return l, true
		}
		if uint64(len(b)) < n { // there is no more
			_ = db.damage(layout.EOL, "the product at byte %d cannot be read", at)
			return Lifecycle{}, false
		}
	}
}

func (db *DB) parseLifecycle(b []byte) (Lifecycle, bool) {
	c := layout.Cursor{B: b}
	var p layout.EOLProduct
	p.Read(&c)
	if c.Bad || p.Cycles > layout.MaxEOLCycles {
		return Lifecycle{}, false
	}
	l := Lifecycle{
		Product: p.Name, Title: p.Title, Category: p.Category, Link: p.Link, Java: p.Flags&layout.EOLJava != 0,
		db: db, cycles: c.B, count: p.Cycles, first: p.FirstRelease, releases: p.Releases,
	}
	var y layout.EOLCycle
	for range p.Cycles {
		y.Read(&c)
	}
	return l, !c.Bad
}

// Cycles yields the cycles in the order of the source, the newest first as a rule.
func (l *Lifecycle) Cycles(yield func(Cycle) bool) {
	c := layout.Cursor{B: l.cycles}
	var y layout.EOLCycle
	for range l.count {
		if y.Read(&c); c.Bad || !yield(cycleOf(&y)) {
			return
		}
	}
}

func cycleOf(y *layout.EOLCycle) Cycle {
	return Cycle{
		Name: y.Name, Label: y.Label, Codename: y.Codename, Latest: y.Latest,
		Released: milestone(y.Released).Day, LatestReleased: milestone(y.LatestReleased).Day,
		EOL: milestone(y.EOL), Active: milestone(y.Active), Extended: milestone(y.Extended), Discontinued: milestone(y.Discontinued),
		LongTerm: y.LongTerm > layout.EOLFalse,
	}
}

func milestone(v uint64) Milestone {
	switch v {
	case layout.EOLAbsent:
		return Milestone{}
	case layout.EOLFalse:
		return Milestone{Stated: true}
	case layout.EOLTrue:
		return Milestone{Stated: true, Come: true}
	}
	return Milestone{Stated: true, Day: time.Unix(int64(min(v-layout.EOLDay, 1<<24))*86400, 0).UTC()}
}

// Cycle finds the cycle of a version: the one whose name has the most parts of
// those that the version begins with. Parts are runs of digits and of letters, so
// that 1.1 begins 1.1.1k and not 1.10, and 1 is not the cycle of 18. Where service
// packs of it are cycles of their own ("13.0", "13.0-sp1"), which a version does not
// name, it is the first whose latest version is not below this one; without
// such there is none.
func (l *Lifecycle) Cycle(version string) (Cycle, bool) {
	version = l.plain(version)
	var y, best layout.EOLCycle
	most := 0
	for c, i := (layout.Cursor{B: l.cycles}), 0; i < l.count; i++ {
		if y.Read(&c); c.Bad {
			break
		}
		if n := commonParts(y.Name, version); n > most {
			best, most = y, n
		}
	}
	if most == 0 {
		return Cycle{}, false
	}
	return l.servicePack(cycleOf(&best), version)
}

// servicePack picks among a cycle and its service packs by their latest versions.
func (l *Lifecycle) servicePack(base Cycle, version string) (Cycle, bool) {
	packs := false
	var pick Cycle
	take := func(c Cycle) {
		latest, _, _ := strings.Cut(c.Latest, " ") // "13.0.6500.1 GDR"
		if commonParts(base.Name, latest) == 0 || numbersBelow(latest, version) {
			return
		}
		if pick.Name == "" || numbersBelow(latest, pick.Latest) {
			pick = c
			pick.Latest = latest
		}
	}
	take(base)
	for c := range l.Cycles {
		if isPack(base.Name, c.Name) {
			packs = true
			take(c)
		}
	}
	switch {
	case !packs:
		return base, true
	case pick.Name == "" || commonParts(version, base.Name) > 0: // a build above all, or no build
		return Cycle{}, false
	}
	for c := range l.Cycles {
		if c.Name == pick.Name {
			return c, true
		}
	}
	return Cycle{}, false
}

// isPack reports a name that is the base and a service pack: "13.0-sp1" of "13.0".
func isPack(base, name string) bool {
	for {
		a, rest := nextPart(base)
		b, more := nextPart(name)
		if a == "" {
			pack, _ := strings.CutPrefix(strings.ToLower(b), "sp")
			return len(pack) < len(b) && strings.Trim(pack, "0123456789") == ""
		}
		if !layout.EqualFold(a, b) {
			return false
		}
		base, name = rest, more
	}
}

// numbersBelow compares the numbers of two versions up to the first that is none.
func numbersBelow(a, b string) bool {
	for {
		var x, y string
		x, a = nextPart(a)
		y, b = nextPart(b)
		if x == "" || y == "" || x[0]-'0' > 9 || y[0]-'0' > 9 {
			return x == "" && y != "" && y[0]-'0' <= 9
		}
		if len(x) != len(y) {
			return len(x) < len(y)
		}
		if x != y {
			return x < y
		}
	}
}

// Beneath yields the cycles that a text which is no whole version may mean:
// those whose names begin with it. "1.1" of OpenSSL is 1.1.0 or 1.1.1.
func (l *Lifecycle) Beneath(version string, yield func(Cycle) bool) {
	version = l.plain(version)
	for c := range l.Cycles {
		if n := commonParts(version, c.Name); n > 0 && !yield(c) {
			return
		}
	}
}

// plain takes off a "v", and the "1." of old versions of Java.
func (l *Lifecycle) plain(version string) string {
	if len(version) > 1 && version[0]|0x20 == 'v' && version[1]-'0' <= 9 {
		version = version[1:]
	}
	if l.Java {
		if rest, ok := strings.CutPrefix(version, "1."); ok && rest != "" && rest[0]-'0' <= 9 {
			version = rest
		}
	}
	return version
}

// commonParts counts the parts of prefix if whole begins with all of them, else 0.
func commonParts(prefix, whole string) int {
	n := 0
	for {
		a, restA := nextPart(prefix)
		if a == "" {
			return n
		}
		b, restB := nextPart(whole)
		if !layout.EqualFold(a, b) {
			return 0
		}
		prefix, whole = restA, restB
		n++
	}
}

// nextPart cuts the first run of digits, without zeros before it, or of anything
// else that separates nothing.
func nextPart(s string) (part, rest string) {
	for s != "" && isSeparator(s[0]) {
		s = s[1:]
	}
	if s == "" {
		return "", ""
	}
	digits := s[0]-'0' <= 9
	n := 1
	for n < len(s) && !isSeparator(s[n]) && (s[n]-'0' <= 9) == digits {
		n++
	}
	part, rest = s[:n], s[n:]
	if digits {
		if part = strings.TrimLeft(part, "0"); part == "" {
			part = "0"
		}
	}
	return part, rest
}

func isSeparator(c byte) bool {
	switch c {
	case '.', '-', '_', ' ', ':', '+', '~', '/', '(', ')', ',':
		return true
	}
	return false
}

// Released is the day on which exactly this version was released, if the data
// says so.
func (l *Lifecycle) Released(version string) (time.Time, bool) {
	from, to := uint64(0), l.releases
	for from < to {
		middle := (from + to) / 2
		row, err := l.db.row(layout.EOLReleases, l.first+middle)
		if err != nil {
			return time.Time{}, false
		}
		b, ok := l.db.eolBytes(uint64(binary.LittleEndian.Uint32(row)), layout.MaxEOLText+8)
		if !ok {
			return time.Time{}, false
		}
		c := layout.Cursor{B: b}
		text := c.View()
		if c.Bad {
			_ = l.db.damage(layout.EOL, "the text of a version cannot be read")
			return time.Time{}, false
		}
		switch d := strings.Compare(text, version); {
		case d == 0:
			return time.Unix(int64(binary.LittleEndian.Uint32(row[4:]))*86400, 0).UTC(), true
		case d < 0:
			from = middle + 1
		default:
			to = middle
		}
	}
	return time.Time{}, false
}

// verifyEOL reads every key, product and dated version.
func (db *DB) verifyEOL() error {
	slots := db.rows(layout.EOLSlots)
	if slots&(slots-1) != 0 {
		return db.damage(layout.EOLSlots, "%d slots, not a power of two", slots)
	}
	seen := make(map[uint64]bool)
	for at := range slots {
		slot, err := db.read(layout.EOLSlots, 4*at, 4)
		if err != nil {
			return err
		}
		n := binary.LittleEndian.Uint32(slot)
		if n == 0 {
			continue
		}
		text, product, ok := db.eolKey(uint64(n - 1))
		if !ok {
			return db.Err()
		}
		if l, ok := db.lifecycle([]byte(text)); !ok || l.Product == "" {
			return db.damage(layout.EOLSlots, "the key %q is not found", text)
		}
		if seen[product] {
			continue
		}
		seen[product] = true
		l, ok := db.eolProduct(product)
		if !ok {
			return db.Err()
		}
		for i := range l.releases {
			row, err := db.row(layout.EOLReleases, l.first+i)
			if err != nil {
				return err
			}
			b, ok := db.eolBytes(uint64(binary.LittleEndian.Uint32(row)), layout.MaxEOLText+8)
			if !ok {
				return db.Err()
			}
			c := layout.Cursor{B: b}
			if text := c.View(); c.Bad {
				return db.damage(layout.EOL, "the text of a version cannot be read")
			} else if _, ok := l.Released(text); !ok {
				return db.damage(layout.EOLReleases, "version %q of %q is not found", text, l.Product)
			}
		}
	}
	return nil
}
