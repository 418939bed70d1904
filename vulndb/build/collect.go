// SPDX-License-Identifier: Apache-2.0

package build

import (
	"errors"
	"fmt"
	"strings"

	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// errCompact is the fault of a compact record that cannot be read: the cache is
// damaged in a way that its checksum does not tell, or was made by hand.
var errCompact = errors.New("a record of the cache cannot be read")

// collector takes compact records in a fixed order and keeps of them what the
// tables need, with views of their texts. Everything that repeats is kept once:
// ids, names, versions with their keys, and the bodies of entries (one AlmaLinux
// advisory has the same range for fifty packages).
type collector struct {
	report *Report
	asOf   int64

	ecosystems table
	releases   table
	ids        idTable
	packages   []packageName
	byPackage  map[packageName]uint32
	orders     map[uint16]*versions // by ecosystem
	expected   map[string]orderSize // of them
	commits    versions             // bounds of Git ranges, which have none
	versions   []byte               // section Versions
	bodies     []byte               // section Bodies
	advisories []advisory
	byID       []uint32 // advisory + 1 by id
	entries    []entry
	links      []uint32 // ids, in the advisories' lists
	tags       []tag    // of all repositories
	tagNumbers map[tagName]uint32
	listed     []uint32 // tags, in the entries' lists
	gitRanges  []byte   // bodies of the entries of GIT, without their tags
	texts      textWriter

	scratch []byte
	local   []uint16 // ecosystems of the record at hand
	// unnumbered are those of them that the table had no room for.
	unnumbered []bool
	refs       []bodyRef // its bodies, size 0 if not yet filed
	raw        []rawBody
}

type rawBody struct {
	ecosystem int
	text      []byte
}

// table numbers strings.
type table struct {
	list    []string
	numbers map[string]uint16
}

// One place is kept for the rest.
func (t *table) number(s string) (n uint16, ok bool) {
	if n, ok := t.numbers[s]; ok {
		return n, true
	}
	if len(t.list) >= maxStrings || len(s) > layout.MaxText {
		return 0, false
	}
	n = uint16(len(t.list))
	t.list = append(t.list, s)
	t.numbers[s] = n
	return n, true
}

// maxStrings is what is numbered of ecosystems, and of releases.
const maxStrings = layout.MaxStrings - 2

// rest is the number of all that is not numbered.
func (t *table) rest() uint16 {
	const name = "others"
	n, ok := t.numbers[name]
	if !ok {
		n = uint16(len(t.list))
		t.list = append(t.list, name)
		t.numbers[name] = n
	}
	return n
}

type packageName struct {
	ecosystem uint16
	name      string
}

// advisory is what is kept of a record.
type advisory struct {
	id        uint32
	ecosystem uint16
	kind      vulndb.Kind
	word      vulndb.Severity
	withdrawn bool
	cvss      cvss
	published stamp
	modified  stamp
	print     fingerprint
	block     uint32 // of the text
	offset    uint32
	// ids in links: aliases, then CVEs of upstream, then other ids of upstream,
	// then CVEs of related.
	aliases, upstream, others, related list
	entries                            list
}

// list is a part of collector.links, collector.entries or collector.listed.
type list struct{ from, to uint32 }

type entry struct {
	advisory   uint32
	pkg        uint32
	body, size uint32 // with EntryTags until encodeTags in gitRanges
	release    uint16
	flags      uint16
	tags       list // in collector.listed, of a GIT entry
}

func newCollector(report *Report, asOf int64) *collector {
	c := &collector{
		report: report, asOf: asOf,
		ecosystems: table{numbers: map[string]uint16{}}, releases: table{numbers: map[string]uint16{}},
		byPackage: map[packageName]uint32{}, orders: map[uint16]*versions{},
		commits:    versions{offsets: map[string]uint32{}},
		tagNumbers: map[tagName]uint32{},
	}
	_, _ = c.releases.number("")
	// The first version is "0" as a beginning: its key is empty.
	c.versions = append(c.versions, 1, 0, 0, 0, '0')
	return c
}

// expect makes room for what a build of about the same sources had.
func (c *collector) expect(h *cacheHead) {
	r := h.Report
	c.advisories = make([]advisory, 0, room(r.Advisories))
	c.entries = make([]entry, 0, room(r.Entries))
	c.links = make([]uint32, 0, room(2*r.Advisories))
	c.packages = make([]packageName, 0, room(r.Packages))
	c.byPackage = make(map[packageName]uint32, room(r.Packages))
	c.tags = make([]tag, 0, room(r.Tags))
	c.tagNumbers = make(map[tagName]uint32, room(r.Tags))
	c.ids.expect(room(h.IDs))
	c.byID = make([]uint32, 0, room(h.IDs))
	c.versions = append(make([]byte, 0, roomy(h.Versions)), c.versions...)
	c.bodies = make([]byte, 0, roomy(h.Bodies))
	c.texts.packed = make([]byte, 0, roomy(h.Packed))
	c.texts.blocks = make([]byte, 0, 16*room(h.Blocks))
	c.texts.names = make([]memberKey, 0, room(h.Blocks))
	c.expected = h.Orders
}

// room bounds the room for what there were n of, and adds some.
func room(n int) int { return min(max(n, 0), 1<<22) * 9 / 8 }

// roomy bounds the room for a section that had n bytes, and adds some.
func roomy(n int) int { return min(max(n, 0), 256<<20) * 17 / 16 }

// id numbers an id without regard to case. The text kept is the one that a
// record has as its own, else the first seen; a CVE's is in upper case.
func (c *collector) id(text string, own bool) uint32 {
	n, known := c.ids.number(text)
	switch {
	case !known && isCVE(text):
		c.ids.list[n] = layout.View(layout.AppendUpper(nil, text))
	case own && !isCVE(text):
		c.ids.list[n] = text
	}
	if !known {
		c.byID = append(c.byID, 0)
	}
	return n
}

// idTable numbers ids without regard to the case of letters.
type idTable struct {
	list   []string
	hashes []uint64
	slots  []uint32 // number + 1
}

// expect makes room for n ids.
func (t *idTable) expect(n int) {
	t.list, t.hashes = make([]string, 0, n), make([]uint64, 0, n)
	t.slots = make([]uint32, layout.Slots(max(n, 512)))
}

func (t *idTable) number(text string) (n uint32, known bool) {
	if 2*len(t.list) >= len(t.slots) {
		t.slots = make([]uint32, max(1024, 2*len(t.slots)))
		mask := uint64(len(t.slots) - 1)
		for i, hash := range t.hashes {
			at := hash & mask
			for ; t.slots[at] != 0; at = (at + 1) & mask {
			}
			t.slots[at] = uint32(i) + 1
		}
	}
	hash, mask := layout.HashFold(text), uint64(len(t.slots)-1)
	at := hash & mask
	for ; t.slots[at] != 0; at = (at + 1) & mask {
		if i := t.slots[at] - 1; t.hashes[i] == hash && layout.EqualFold(t.list[i], text) {
			return i, true
		}
	}
	n = uint32(len(t.list))
	t.list, t.hashes = append(t.list, text), append(t.hashes, hash)
	t.slots[at] = n + 1
	return n, false
}

// add takes up one compact record of a feed, which is not refused and whose flags
// have been read, with its text for the cold section. taken is false for one that
// another record of the same id stands for.
func (c *collector) add(f *feed, in *layout.Cursor, head *compactHead, text textRef) (where textPlace, taken bool, err error) {
	id := c.id(head.id, true)
	n := c.byID[id] - 1
	if again := n != ^uint32(0); again {
		c.report.Duplicates++
		old := &c.advisories[n]
		if old.print == head.print {
			return where, false, nil
		}
		later := head.modified.seconds > old.modified.seconds
		which := "the one met first is kept"
		if later {
			which = "the one modified last is kept"
		}
		c.report.odd(f.file, strings.Clone(head.id), "differs from the record of this id met before; "+which)
		if !later {
			return where, false, nil
		}
	} else {
		n = uint32(len(c.advisories))
		c.advisories = append(c.advisories, advisory{})
		c.byID[id] = n + 1
	}
	a := advisory{
		id: id, withdrawn: head.flags&compactWithdrawn != 0,
		published: head.published, modified: head.modified, print: head.print,
	}
	kind, word := in.Uvarint(), in.Uvarint()
	level, tenths := in.Uvarint(), in.Uvarint()
	a.kind, a.word = vulndb.Kind(kind), vulndb.Severity(word)
	a.cvss = cvss{version: int(level), tenths: int(tenths), vector: in.View()}
	base := in.View()
	ok := false
	if in.Bad || kind > uint64(vulndb.Malicious) || word > uint64(vulndb.Critical) || level > 4 || tenths > 100 {
		return where, false, errCompact
	}
	if a.ecosystem, ok = c.ecosystems.number(base); !ok {
		a.ecosystem = c.ecosystems.rest()
	}
	for _, to := range []*list{&a.aliases, &a.upstream, &a.others, &a.related} {
		to.from = uint32(len(c.links))
		for range in.Count() {
			linked := in.View()
			if len(linked) > layout.MaxText {
				return where, false, errCompact
			}
			c.links = append(c.links, c.id(linked, false))
		}
		to.to = uint32(len(c.links))
	}
	if where.block, where.offset, err = c.texts.add(text, head.print.crc); err != nil {
		return where, false, err
	}
	a.block, a.offset = where.block, where.offset
	c.report.EntriesWithoutPackage += count(in)
	c.report.EntriesLeftOut += count(in)
	c.report.CustomRangesLeftOut += count(in)
	c.report.VersionsInRange += count(in)
	if head.flags&compactWithoutPackage != 0 {
		c.report.RecordsWithoutPackage++
	}
	for range in.Count() {
		c.report.odd(f.file, strings.Clone(head.id), in.String())
	}
	c.report.Oddities += count(in)
	a.entries.from = uint32(len(c.entries))
	if err := c.addEntries(f, in, n, c.ids.list[id]); err != nil {
		return where, false, err
	}
	a.entries.to = uint32(len(c.entries))
	c.advisories[n] = a
	if in.Bad || len(in.B) > 0 {
		return where, false, errCompact
	}
	return where, true, nil
}

// count reads a number that fits an int on any machine.
func count(in *layout.Cursor) int { return int(min(in.Uvarint(), 1<<31-1)) }

// compactHead is the beginning of a compact record.
type compactHead struct {
	flags               byte
	id                  string
	print               fingerprint
	published, modified stamp
	withdrawal          int64  // the day after the build on which it will be withdrawn, 0 for none
	name, reason        string // of a refused one
}

// readHead reads the beginning of a compact record.
func readHead(in *layout.Cursor) (head compactHead, err error) {
	head.flags = byte(in.Uvarint())
	if head.flags&compactRefused != 0 {
		head.name, head.reason = in.View(), in.View()
		if in.Bad || len(in.B) > 0 {
			err = errCompact
		}
		return head, err
	}
	head.id = in.View()
	head.print = fingerprint{uint32(in.Uvarint()), count(in)}
	head.published.seconds, head.published.ok = in.Time()
	head.modified.seconds, head.modified.ok = in.Time()
	if head.flags&compactToBeWithdrawn != 0 {
		head.withdrawal, _ = in.Time()
	}
	if in.Bad || head.id == "" || len(head.id) > layout.MaxText {
		err = errCompact
	}
	return head, err
}

// addEntries takes up the entries of a record of that number and id.
func (c *collector) addEntries(f *feed, in *layout.Cursor, number uint32, id string) error {
	c.local, c.unnumbered, c.refs, c.raw = c.local[:0], c.unnumbered[:0], c.refs[:0], c.raw[:0]
	names := in.Count()
	for range names {
		e, ok := c.ecosystems.number(in.View())
		c.local = append(c.local, e)
		c.unnumbered = append(c.unnumbered, !ok)
	}
	for range in.Count() {
		ecosystem := in.Uvarint()
		size := in.Count()
		text := in.B[:size:size]
		in.B = in.B[size:]
		if in.Bad || ecosystem >= uint64(names) {
			return errCompact
		}
		c.raw = append(c.raw, rawBody{int(ecosystem), text})
		c.refs = append(c.refs, bodyRef{})
	}
	for range in.Count() {
		ecosystem, name, release := in.Uvarint(), in.View(), in.View()
		flags, body := in.Uvarint(), in.Uvarint()
		if in.Bad || ecosystem >= uint64(names) || body >= uint64(len(c.raw)) || c.raw[body].ecosystem != int(ecosystem) ||
			name == "" || len(name) > layout.MaxName || flags > layout.EntryCustomRanges|layout.EntryTags {
			return errCompact
		}
		e := entry{advisory: number, flags: uint16(flags)}
		var err error
		ok := false
		if !c.unnumbered[ecosystem] {
			e.release, ok = c.releases.number(release)
		}
		if !ok {
			// Neither the ecosystem nor the release is thereby covered: whoever asks
			// for it is told so.
			c.report.odd(f.file, strings.Clone(id), fmt.Sprintf("more than %d ecosystems or releases in all: an entry of one more is left out", maxStrings))
			c.report.EntriesLeftOut++
			continue
		}
		number := c.local[ecosystem]
		o := c.order(f, number, c.ecosystems.list[number])
		e.pkg = c.pkg(packageName{number, name})
		if flags&layout.EntryTags != 0 {
			if err := c.taggedBody(o, e.pkg, c.raw[body].text, &e); err != nil {
				return err
			}
		} else {
			ref := c.refs[body]
			if ref.size == 0 {
				if ref, err = c.body(o, c.raw[body].text); err != nil {
					return err
				}
				c.refs[body] = ref
			}
			e.body, e.size = ref.offset, ref.size
		}
		c.entries = append(c.entries, e)
	}
	return nil
}

// pkg numbers a package.
func (c *collector) pkg(key packageName) uint32 {
	n, ok := c.byPackage[key]
	if !ok {
		n = uint32(len(c.packages))
		c.packages = append(c.packages, key)
		c.byPackage[key] = n
	}
	return n
}
