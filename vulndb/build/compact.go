// SPDX-License-Identifier: Apache-2.0

package build

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/version"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// A record on its way to the collector is compact: what of it depends on nothing
// but itself and the feed's name, so that workers make it side by side and the
// cache keeps it. Its form is of this program alone.
//
//	flags · refused: name, reason · else
//	id · CRC-32 · size · published · modified · withdrawn (if to be) · kind · word ·
//	CVSS · ecosystem ·
//	aliases · CVEs of upstream · others of upstream · CVEs of related ·
//	entries without package · entries left out · custom ranges left out · versions in range ·
//	oddities · oddities not listed · ecosystems ·
//	bodies: ecosystem, length, text · entries: ecosystem, name, release, flags, body
//
// A body is that of layout.Bodies with the texts and keys of versions in the place
// of their offsets.
const (
	compactRefused = 1 << iota
	compactWithdrawn
	compactWithoutPackage
	compactToBeWithdrawn // on a day after the build
)

// compactor makes records compact, one at a time.
type compactor struct {
	orders        map[string]*order
	packagesAlone bool // entries are not filed under repositories

	rec        *record
	feed       string
	ecosystems []string
	numbers    map[string]int // of ecosystems
	bodies     []byte
	bodyCount  int
	byBody     map[string]int
	entries    []byte
	entryCount int
	oddities   []string
	unlisted   int
	body       []byte
	sorted     []bound

	places                                          map[string]struct{} // ecosystems with their releases
	withoutPackage, leftOut, customLeftOut, inRange int
	noPackage                                       bool
}

// order is the version order of an ecosystem, with the keys of versions met.
type order struct {
	scheme version.Scheme
	known  bool
	keys   map[string][]byte
}

// maxKeys bounds the keys remembered of one ecosystem.
const maxKeys = 1 << 15

func newCompactor() *compactor {
	return &compactor{orders: map[string]*order{}, numbers: map[string]int{}, byBody: map[string]int{}, places: map[string]struct{}{}}
}

func (p *compactor) order(ecosystem string) *order {
	o := p.orders[ecosystem]
	if o == nil {
		if len(p.orders) > layout.MaxStrings {
			clear(p.orders)
		}
		o = &order{keys: map[string][]byte{}}
		o.scheme, o.known = version.SchemeOf(ecosystem)
		p.orders[strings.Clone(ecosystem)] = o
	}
	return o
}

// key gives the key of a version, nil if it is not comparable.
func (o *order) key(text string) []byte {
	if !o.known {
		return nil
	}
	key, ok := o.keys[text]
	if ok {
		return key
	}
	key, ok = o.scheme.AppendKey(nil, text)
	if !ok || len(key) > layout.MaxKey {
		key = nil
	} else if key == nil {
		key = []byte{}
	}
	if len(o.keys) == maxKeys {
		clear(o.keys)
	}
	o.keys[strings.Clone(text)] = key
	return key
}

// bound is an event with its key.
type bound struct {
	kind vulndb.EventKind
	text string
	key  []byte
	zero bool // introduced "0"
}

func (b *bound) compare(d *bound) int {
	if b.zero || d.zero {
		return boolInt(d.zero) - boolInt(b.zero)
	}
	return bytes.Compare(b.key, d.key)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (p *compactor) odd(format string, args ...any) {
	what := fmt.Sprintf(format, args...)
	switch n := len(p.oddities); {
	case n > 0 && p.oddities[n-1] == what:
	case n < 8*maxOddities:
		p.oddities = append(p.oddities, what)
	default:
		p.unlisted++
	}
}

// refusal makes a record compact that could not be read.
func refusal(dst []byte, name string, reason error) []byte {
	dst = append(dst, compactRefused)
	return layout.AppendString(layout.AppendString(dst, name), reason.Error())
}

// append makes a record compact.
func (p *compactor) append(dst []byte, rec *record, feed string) []byte {
	p.rec, p.feed = rec, feed
	p.ecosystems, p.bodies, p.entries, p.oddities = p.ecosystems[:0], p.bodies[:0], p.entries[:0], p.oddities[:0]
	p.bodyCount, p.entryCount, p.unlisted = 0, 0, 0
	p.withoutPackage, p.leftOut, p.customLeftOut, p.inRange, p.noPackage = 0, 0, 0, 0, false
	clear(p.places)
	clear(p.numbers)
	clear(p.byBody)
	for _, what := range rec.oddities {
		p.odd("%s", what)
	}
	p.unlisted += rec.unlisted
	base := feed
	for i := range rec.affected {
		if e, _ := layout.SplitEcosystem(rec.affected[i].ecosystem); e != "" && len(e) <= maxPlaceName {
			base = e
			break
		}
	}
	flags := byte(0)
	if rec.withdrawn {
		flags = compactWithdrawn
	} else {
		p.addEntries()
		if p.noPackage {
			flags = compactWithoutPackage
		}
		if rec.withdrawal.ok {
			flags |= compactToBeWithdrawn
		}
	}

	number := func(n int) { dst = binary.AppendUvarint(dst, uint64(n)) }
	dst = layout.AppendString(append(dst, flags), rec.id)
	dst = binary.AppendUvarint(dst, uint64(rec.fingerprint.crc))
	number(rec.fingerprint.size)
	dst = layout.AppendTime(dst, rec.published.seconds, rec.published.ok)
	dst = layout.AppendTime(dst, rec.modified.seconds, rec.modified.ok)
	if flags&compactToBeWithdrawn != 0 {
		dst = layout.AppendTime(dst, rec.withdrawal.seconds, true)
	}
	dst = append(dst, byte(rec.kind(base)), byte(rec.word))
	number(rec.cvss.version)
	number(rec.cvss.tenths)
	dst = layout.AppendString(layout.AppendString(dst, rec.cvss.vector), base)
	dst = p.appendLinks(dst, base)
	number(p.withoutPackage)
	number(p.leftOut)
	number(p.customLeftOut)
	number(p.inRange)
	number(len(p.oddities))
	for _, what := range p.oddities {
		dst = layout.AppendString(dst, what)
	}
	number(p.unlisted)
	number(len(p.ecosystems))
	for _, e := range p.ecosystems {
		dst = layout.AppendString(dst, e)
	}
	number(p.bodyCount)
	dst = append(dst, p.bodies...)
	number(p.entryCount)
	return append(dst, p.entries...)
}

// appendLinks writes the ids that the record names.
func (p *compactor) appendLinks(dst []byte, base string) []byte {
	rec := p.rec
	put := func(ids []string, want func(string) bool) (n int) {
		for _, id := range ids {
			if want(id) {
				n++
			}
		}
		dst = binary.AppendUvarint(dst, uint64(n))
		for _, id := range ids {
			if want(id) {
				dst = layout.AppendString(dst, id)
			}
		}
		return n
	}
	put(rec.aliases, func(string) bool { return true })
	cves := put(rec.upstream, isCVE)
	put(rec.upstream, func(id string) bool { return !isCVE(id) })
	speaks := distribution(base) && !isCVE(rec.id) && cves == 0 && !slices.ContainsFunc(rec.aliases, isCVE)
	put(rec.related, func(id string) bool { return speaks && isCVE(id) })
	return dst
}

func isCVE(id string) bool { return len(id) > 4 && layout.EqualFold(id[:4], "CVE-") }

func (p *compactor) addEntries() {
	rec := p.rec
	p.noPackage = true
	for i := range rec.affected {
		a := &rec.affected[i]
		if !p.packagesAlone {
			p.addRepositories(a)
		}
		if !a.hasPackage {
			p.withoutPackage++
			continue
		}
		base, release := layout.SplitEcosystem(a.ecosystem)
		if base == "" || len(base) > maxPlaceName || len(release) > maxPlaceName || a.name == "" || len(a.name) > layout.MaxName {
			p.odd("affected entry %d has no usable package (ecosystem %.40q, name %.80q), left out", i, a.ecosystem, a.name)
			p.leftOut++
			continue
		}
		if _, known := p.places[a.ecosystem]; !known {
			if len(p.places) == maxPlaces {
				p.odd("more than %d ecosystems and releases; the entries of others are left out", maxPlaces)
				p.leftOut++
				continue
			}
			p.places[a.ecosystem] = struct{}{}
		}
		p.noPackage = false
		if p.tooMany(a) {
			p.odd("affected entry %d has more than %d ranges, events and versions: it is taken as one of all versions", i, maxItems)
			a.custom, a.ranges, a.versions = nil, append(a.ranges[:0], eventRange{}), nil
			unreadableRange(&a.ranges[0])
		}
		o := p.order(base)
		put := func(ranges []eventRange, versions []string, flags uint16) {
			p.entry(base, purl.FoldName(base, a.name), release, flags, p.putBody(base, o, ranges, versions))
		}
		if len(a.custom) > 0 && !openOnly(a.ranges) {
			// The module's own range has an end, so it is the truth about the module.
			p.customLeftOut++
		} else if len(a.custom) > 0 {
			// golang/vulndb: what could not be mapped to module versions. Where the
			// module's own range is but a beginning, the truth is in the custom ranges
			// alone.
			put(a.custom, nil, layout.EntryCustomRanges)
			if len(a.versions) == 0 {
				continue
			}
		}
		put(a.ranges, a.versions, 0)
	}
}

// Limits of one record. The tables of the file hold 65,535 ecosystems and as many
// releases, and layout.MaxBody bounds the body of an entry, in which an item has at
// most 5 bytes.
const (
	maxPlaces    = 1024 // ecosystems with their releases
	maxPlaceName = 256  // bytes of the name of an ecosystem or a release
	maxItems     = 800_000
)

// tooMany reports an entry that would not fit a body.
func (p *compactor) tooMany(a *affected) bool {
	n := len(a.versions)
	for _, ranges := range [...][]eventRange{a.ranges, a.custom} {
		n += len(ranges)
		for i := range ranges {
			n += len(ranges[i].events)
		}
	}
	return n > maxItems
}

// openOnly reports whether the ranges say no more than "from some version on".
func openOnly(ranges []eventRange) bool {
	for i := range ranges {
		if len(ranges[i].events) != 1 || ranges[i].events[0].kind != vulndb.Introduced {
			return false
		}
	}
	return true
}

// ecosystem numbers an ecosystem of the record.
func (p *compactor) ecosystem(name string) int {
	n, ok := p.numbers[name]
	if !ok {
		n = len(p.ecosystems)
		p.ecosystems = append(p.ecosystems, name)
		p.numbers[name] = n
	}
	return n
}

func (p *compactor) entry(ecosystem, name, release string, flags uint16, body int) {
	p.entries = binary.AppendUvarint(p.entries, uint64(p.ecosystem(ecosystem)))
	p.entries = layout.AppendString(layout.AppendString(p.entries, name), release)
	p.entries = binary.AppendUvarint(p.entries, uint64(flags))
	p.entries = binary.AppendUvarint(p.entries, uint64(body))
	p.entryCount++
}

// number numbers the body that has been written to p.body.
func (p *compactor) number(ecosystem string) int {
	e := p.ecosystem(ecosystem)
	p.body = binary.AppendUvarint(p.body, uint64(e)) // for the key alone
	n, ok := p.byBody[string(p.body)]
	if !ok {
		n = p.bodyCount
		p.bodyCount++
		p.byBody[string(p.body)] = n
		p.bodies = binary.AppendUvarint(p.bodies, uint64(e))
		text := p.body[:len(p.body)-uvarintLen(uint64(e))]
		p.bodies = append(binary.AppendUvarint(p.bodies, uint64(len(text))), text...)
	}
	return n
}

func uvarintLen(v uint64) int {
	n := 1
	for ; v >= 0x80; v >>= 7 {
		n++
	}
	return n
}

func appendKey(dst, key []byte) []byte {
	if key == nil {
		return append(dst, 0)
	}
	return append(binary.AppendUvarint(dst, uint64(len(key))+1), key...)
}

// appendRanges writes the ranges of an entry to p.body. spans are those of them
// that are sorted, in p.sorted.
func (p *compactor) appendRanges(o *order, ranges []eventRange) (spans []span) {
	p.body = binary.AppendUvarint(p.body[:0], uint64(len(ranges)))
	p.sorted = p.sorted[:0]
	for i := range ranges {
		g := &ranges[i]
		begin := len(p.sorted)
		ok := p.bounds(o, g)
		bounds := p.sorted[begin:]
		head := uint64(len(bounds))<<3 | uint64(g.kind)
		if ok {
			head |= layout.RangeSorted
			spans = append(spans, span{begin, len(p.sorted)})
		}
		p.body = binary.AppendUvarint(p.body, head)
		for j := range bounds {
			b := &bounds[j]
			if b.zero {
				p.body = append(p.body, byte(b.kind)|compactZero)
				continue
			}
			p.body = appendKey(layout.AppendString(append(p.body, byte(b.kind)), b.text), b.key)
		}
	}
	return spans
}

// compactZero marks an introduced "0" in a body.
const compactZero = 4

// putBody writes the body of an entry and numbers it.
func (p *compactor) putBody(ecosystem string, o *order, ranges []eventRange, versions []string) int {
	spans := p.appendRanges(o, ranges)
	// Listed versions that a sorted range holds say nothing more.
	at := len(p.body)
	listed := 0
	for _, text := range versions {
		if text == "" || len(text) > layout.MaxText {
			p.odd("a listed version of %d bytes, left out", len(text))
			continue
		}
		key := o.key(text)
		if key != nil && p.held(key, spans) {
			p.inRange++
			continue
		}
		p.body = appendKey(layout.AppendString(p.body, text), key)
		listed++
	}
	p.countAt(at, listed)
	return p.number(ecosystem)
}

// countAt puts a count before the list that begins at an offset of p.body.
func (p *compactor) countAt(at, n int) {
	var count [binary.MaxVarintLen64]byte
	size := binary.PutUvarint(count[:], uint64(n))
	p.body = append(p.body, count[:size]...)
	copy(p.body[at+size:], p.body[at:len(p.body)-size])
	copy(p.body[at:], count[:size])
}

// bounds appends the events of a range to p.sorted, in version order if every
// bound is comparable (OSV: sort by version; equal ones keep the record's order,
// for both orders of equal versions are real).
func (p *compactor) bounds(o *order, g *eventRange) bool {
	begin := len(p.sorted)
	sorted := g.kind != vulndb.Git && o.known
	for _, ev := range g.events {
		if len(ev.text) > layout.MaxText {
			p.odd("a bound of %d bytes, more than any version has: it is taken as one that is not comparable", len(ev.text))
			ev.text = strings.ToValidUTF8(ev.text[:layout.MaxText-4-len(unreadable)], "") + " " + unreadable
		}
		b := bound{kind: ev.kind, text: ev.text, zero: ev.kind == vulndb.Introduced && ev.text == "0"}
		if !b.zero && g.kind != vulndb.Git {
			b.key = o.key(ev.text)
			if b.key == nil && sorted {
				if !strings.HasSuffix(ev.text, unreadable) { // of which more has been said
					p.odd("bound %.80q is not comparable", ev.text)
				}
				sorted = false
			}
		}
		p.sorted = append(p.sorted, b)
	}
	bounds := p.sorted[begin:]
	inOrder := func(i, j int) bool { return bounds[i].compare(&bounds[j]) < 0 }
	if sorted && !sort.SliceIsSorted(bounds, inOrder) {
		sort.SliceStable(bounds, inOrder)
	}
	return sorted
}

// held reports whether one of the sorted ranges surely holds a version, by the
// last event below it. A version that is itself a bound other than introduced is
// not looked into: it stays in the list.
func (p *compactor) held(key []byte, ranges []span) bool {
	for _, r := range ranges {
		in := false
		for i := r.from; i < r.to; i++ {
			b := &p.sorted[i]
			order := -1
			if !b.zero {
				order = bytes.Compare(b.key, key)
			}
			if b.kind == vulndb.Limit || (order == 0 && b.kind != vulndb.Introduced) {
				in = false
				break
			}
			if order > 0 {
				break
			}
			in = b.kind == vulndb.Introduced
		}
		if in {
			return true
		}
	}
	return false
}
