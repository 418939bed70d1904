// SPDX-License-Identifier: Apache-2.0

package build

import (
	"fmt"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// collector takes records in a fixed order and keeps of them what the tables
// need. Everything that repeats is kept once: ids, names, versions with their
// keys, and the bodies of entries (one AlmaLinux advisory has the same range for
// fifty packages).
type collector struct {
	report *Report
	asOf   int64

	ecosystems table
	releases   table
	ids        []string
	idNumbers  map[string]uint32 // by id in upper case
	packages   []packageName
	byPackage  map[packageName]uint32
	orders     map[uint16]*order // by ecosystem
	commits    order             // bounds of Git ranges, which have none
	versions   []byte            // section Versions
	bodies     []byte            // section Bodies
	byBody     map[string]uint32
	advisories []advisory
	byID       map[uint32]uint32 // advisory by id
	entries    []entry
	links      []uint32 // ids, in the advisories' lists
	tags       []tag    // of all repositories
	tagNumbers map[tagName]uint32
	listed     []uint32 // tags, in the entries' lists
	gitRanges  []byte   // bodies of the entries of GIT, without their tags
	texts      textWriter

	scratch []byte
	upper   []byte
	sorted  []bound
}

// table numbers strings.
type table struct {
	list    []string
	numbers map[string]uint16
}

func (t *table) number(s string) (uint16, error) {
	if n, ok := t.numbers[s]; ok {
		return n, nil
	}
	if len(t.list) == layout.MaxStrings-1 || len(s) > layout.MaxText {
		return 0, fmt.Errorf("too many or too long names of ecosystems and releases")
	}
	n := uint16(len(t.list))
	s = strings.Clone(s)
	t.list = append(t.list, s)
	t.numbers[s] = n
	return n, nil
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
	body, size uint32
	release    uint16
	custom     bool
	git        bool // until encodeTags body lies in gitRanges
	tags       list // in collector.listed, of a GIT entry
}

func newCollector(report *Report, asOf int64) *collector {
	c := &collector{
		report: report, asOf: asOf,
		ecosystems: table{numbers: map[string]uint16{}}, releases: table{numbers: map[string]uint16{}},
		idNumbers: map[string]uint32{}, byPackage: map[packageName]uint32{}, orders: map[uint16]*order{},
		commits: order{seen: map[string]*versionText{}},
		byBody:  map[string]uint32{}, byID: map[uint32]uint32{}, tagNumbers: map[tagName]uint32{},
	}
	_, _ = c.releases.number("")
	// The first version is "0" as a beginning: its key is empty.
	c.versions = append(c.versions, 1, 0, 0, 0, '0')
	return c
}

// id numbers an id without regard to case. The text kept is the one that a
// record has as its own, else the first seen; a CVE's is in upper case.
func (c *collector) id(text string, own bool) uint32 {
	c.upper = layout.AppendUpper(c.upper[:0], text)
	if isCVE(text) {
		text = layout.View(c.upper)
	}
	if n, ok := c.idNumbers[string(c.upper)]; ok {
		if own && c.ids[n] != text {
			c.ids[n] = strings.Clone(text)
		}
		return n
	}
	n := uint32(len(c.ids))
	c.ids = append(c.ids, strings.Clone(text))
	c.idNumbers[string(c.upper)] = n
	return n
}

// add takes up one record of a feed. text is its text for the cold section.
func (c *collector) add(f *feed, rec *record, text []byte) error {
	if rec.err != nil {
		return nil // counted and listed by the caller
	}
	id := c.id(rec.id, true)
	n, again := c.byID[id]
	if again {
		c.report.Duplicates++
		old := &c.advisories[n]
		if old.print == rec.fingerprint {
			return nil
		}
		later := rec.modified.seconds > old.modified.seconds
		which := "the one met first is kept"
		if later {
			which = "the one modified last is kept"
		}
		c.odd(f, rec.id, "differs from the record of this id met before; "+which)
		if !later {
			return nil
		}
	} else {
		n = uint32(len(c.advisories))
		c.advisories = append(c.advisories, advisory{})
		c.byID[id] = n
	}
	for _, what := range rec.oddities {
		c.odd(f, rec.id, what)
	}
	a := advisory{
		id: id, word: rec.word, withdrawn: rec.withdrawn, cvss: rec.cvss,
		published: rec.published, modified: rec.modified, print: rec.fingerprint,
	}
	a.cvss.vector = strings.Clone(a.cvss.vector)
	base := f.ecosystem
	for i := range rec.affected {
		if e, _ := layout.SplitEcosystem(rec.affected[i].ecosystem); e != "" {
			base = e
			break
		}
	}
	var err error
	if a.ecosystem, err = c.ecosystems.number(base); err != nil {
		return err
	}
	a.kind = rec.kind(base)
	c.link(&a, rec, base)
	if a.block, a.offset, err = c.texts.add(text); err != nil {
		return err
	}
	a.entries.from = uint32(len(c.entries))
	if !rec.withdrawn {
		if err := c.addEntries(f, rec, n); err != nil {
			return err
		}
	}
	a.entries.to = uint32(len(c.entries))
	c.advisories[n] = a
	return nil
}

func (c *collector) odd(f *feed, record, what string) {
	c.report.odd(f.file, strings.Clone(record), what)
}

// link files the ids that the record names.
func (c *collector) link(a *advisory, rec *record, base string) {
	put := func(to *list, ids []string, want func(string) bool) {
		to.from = uint32(len(c.links))
		for _, id := range ids {
			if want(id) {
				c.links = append(c.links, c.id(id, false))
			}
		}
		to.to = uint32(len(c.links))
	}
	put(&a.aliases, rec.aliases, func(string) bool { return true })
	put(&a.upstream, rec.upstream, isCVE)
	put(&a.others, rec.upstream, func(id string) bool { return !isCVE(id) })
	if distribution(base) && !isCVE(rec.id) && a.upstream.from == a.upstream.to && !slices.ContainsFunc(rec.aliases, isCVE) {
		put(&a.related, rec.related, isCVE)
	}
}

func isCVE(id string) bool { return len(id) > 4 && layout.EqualFold(id[:4], "CVE-") }

func (c *collector) addEntries(f *feed, rec *record, number uint32) error {
	without := true
	for i := range rec.affected {
		a := &rec.affected[i]
		if err := c.addRepositories(f, rec, a, number); err != nil {
			return err
		}
		if !a.hasPackage {
			c.report.EntriesWithoutPackage++
			continue
		}
		base, release := layout.SplitEcosystem(a.ecosystem)
		if base == "" || a.name == "" || len(a.name) > layout.MaxName {
			c.odd(f, rec.id, fmt.Sprintf("affected entry %d has no usable package (ecosystem %.40q, name %.80q)", i, a.ecosystem, a.name))
			continue
		}
		without = false
		e := entry{advisory: number}
		var err error
		if e.release, err = c.releases.number(release); err != nil {
			return err
		}
		var o *order
		if e.pkg, o, err = c.pkg(f, base, a.name); err != nil {
			return err
		}
		if len(a.custom) > 0 && !openOnly(a.ranges) {
			// The module's own range has an end, so it is the truth about the module.
			c.report.CustomRangesLeftOut++
		} else if len(a.custom) > 0 {
			// golang/vulndb: what could not be mapped to module versions. Where the
			// module's own range is but a beginning, the truth is in the custom ranges
			// alone.
			custom := e
			custom.custom = true
			if err := c.put(f, rec, o, custom, a.custom, nil); err != nil {
				return err
			}
			if len(a.versions) == 0 {
				continue
			}
		}
		if err := c.put(f, rec, o, e, a.ranges, a.versions); err != nil {
			return err
		}
	}
	if without {
		c.report.RecordsWithoutPackage++
	}
	return nil
}

// pkg numbers a package, and gives the order of its versions.
func (c *collector) pkg(f *feed, ecosystem, name string) (uint32, *order, error) {
	key := packageName{name: purl.FoldName(ecosystem, name)}
	var err error
	if key.ecosystem, err = c.ecosystems.number(ecosystem); err != nil {
		return 0, nil, err
	}
	n, ok := c.byPackage[key]
	if !ok {
		key.name = strings.Clone(key.name)
		n = uint32(len(c.packages))
		c.packages = append(c.packages, key)
		c.byPackage[key] = n
	}
	return n, c.order(f, key.ecosystem, ecosystem), nil
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
