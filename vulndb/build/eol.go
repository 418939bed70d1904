// SPDX-License-Identifier: Apache-2.0

package build

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

const (
	eolFile     = "eol/products.json"
	eolReleases = "eol/release-dates.json"
)

// The names of the feeds.
const (
	eolFeed        = "eol"
	eolReleaseFeed = "eol/releases"
)

// eolTable is the end-of-life data of a build.
type eolTable struct {
	products []eolProduct // sorted by name
	odd      int          // noted of the file at hand
}

type eolProduct struct {
	layout.EOLProduct

	cycles   []layout.EOLCycle
	keys     []string // of its identifiers
	names    []string // by rank: its own, its aliases, its title
	versions []eolVersion
}

// eolVersion is a dated version.
type eolVersion struct {
	text string
	days uint32
}

// oddEOL notes an oddity of one of the two files; beyond some they are counted.
func (b *builder) oddEOL(file, product, format string, args ...any) {
	if b.eol.odd++; b.eol.odd > 64*maxOddities {
		b.report.Oddities++
		return
	}
	b.report.odd(file, strings.Clone(product), fmt.Sprintf(format, args...))
}

// readEOL reads the products: an object by product, each with its cycles and the
// identifiers it is known by (the front matter of endoflife.date's pages).
//
// The date of the feed is the newest day on which a latest version was released:
// ends of support lie in the future and come true by themselves, and so would
// make an old copy look fresh.
func (b *builder) readEOL(file string, packed []byte) error {
	f := Feed{Name: eolFeed, File: file, Digest: digestOf(packed)}
	text, err := gunzip(packed)
	if err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	b.eol.odd = 0
	r := jsonpull.New(trimMark(text), jsonpull.Limits{})
	if r.Kind() != jsonpull.Object {
		return fmt.Errorf("reading %s: %s where the products should stand", file, r.Kind())
	}
	var newest stamp
	for ok := r.Object(); ok && r.Key(); {
		p := eolProduct{EOLProduct: layout.EOLProduct{Name: strings.Clone(r.Name())}}
		if len(b.eol.products) == layout.MaxEOLProducts {
			return fmt.Errorf("reading %s: more than %d products", file, layout.MaxEOLProducts)
		}
		if err := b.readEOLProduct(r, file, &p, &newest); err != nil {
			return fmt.Errorf("reading %s: %w", file, err)
		}
		switch {
		case p.Name == "" || len(p.Name) > layout.MaxEOLText:
			b.oddEOL(file, "", "product with the name %.40q left out", p.Name)
		case len(p.cycles) == 0:
			b.oddEOL(file, p.Name, "has no cycle that can be read")
		default:
			f.Records++
			b.eol.products = append(b.eol.products, p)
		}
	}
	if err := r.End(); err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	if f.Records == 0 {
		return fmt.Errorf("reading %s: no product in it", file)
	}
	slices.SortStableFunc(b.eol.products, func(x, y eolProduct) int { return strings.Compare(x.Name, y.Name) })
	before := len(b.eol.products)
	b.eol.products = slices.CompactFunc(b.eol.products, func(x, y eolProduct) bool { return x.Name == y.Name })
	if n := before - len(b.eol.products); n > 0 {
		b.oddEOL(file, "", "%d products stand twice; the first counts", n)
	}
	f.Date = unixTime(newest)
	b.addFeed(f)
	return nil
}

func (b *builder) readEOLProduct(r *jsonpull.Reader, file string, p *eolProduct, newest *stamp) error {
	title, aliases := "", []string(nil)
	text := func(to *string) { *to = b.eolText(r, file, p.Name) }
	for ok := r.Object(); ok && r.Key(); {
		switch r.Name() {
		case "title":
			text(&title)
		case "category":
			text(&p.Category)
		case "releasePolicyLink":
			text(&p.Link)
		case "aliases":
			for ok := r.Array(); ok && r.Item(); {
				aliases = append(aliases, b.eolText(r, file, p.Name))
			}
		case "tags":
			for ok := r.Array(); ok && r.Item(); {
				if b.eolText(r, file, p.Name) == "java-distribution" {
					p.Flags |= layout.EOLJava
				}
			}
		case "identifiers":
			for ok := r.Array(); ok && r.Item(); {
				for ok := r.Object(); ok && r.Key(); {
					kind := r.Name()
					b.eolKey(file, p, kind, b.eolText(r, file, p.Name))
				}
			}
		case "cycles":
			for ok := r.Array(); ok && r.Item(); {
				if len(p.cycles) == layout.MaxEOLCycles {
					return fmt.Errorf("product %.80q has more than %d cycles", p.Name, layout.MaxEOLCycles)
				}
				b.readEOLCycle(r, file, p, newest)
			}
		default:
			r.Skip()
		}
	}
	p.Title = cmp.Or(title, p.Name)
	p.names = append(append([]string{p.Name}, aliases...), title)
	return nil
}

// eolText reads a text that is kept; anything else is "" and an oddity.
func (b *builder) eolText(r *jsonpull.Reader, file, product string) string {
	if k := r.Kind(); k != jsonpull.String {
		r.Skip()
		b.oddEOL(file, product, "%s where a text should stand", k)
		return ""
	}
	s, _ := r.String()
	if len(s) > layout.MaxEOLText {
		b.oddEOL(file, product, "a text of %d bytes left out", len(s))
		return ""
	}
	return strings.Clone(s)
}

// eolKey notes an identifier as a key.
func (b *builder) eolKey(file string, p *eolProduct, kind, text string) {
	switch kind {
	case "purl":
		u, err := purl.Parse(text)
		if err != nil {
			b.oddEOL(file, p.Name, "package URL %.80q cannot be read", text)
			return
		}
		p.keys = append(p.keys, eolPURL(&u))
	case "cpe":
		s, ok := strings.CutPrefix(text, "cpe:2.3:")
		if !ok {
			s, ok = strings.CutPrefix(text, "cpe:/")
		}
		part := strings.SplitN(s, ":", 4)
		if !ok || len(part) < 3 || part[1] == "" || part[2] == "" {
			b.oddEOL(file, p.Name, "CPE %.80q cannot be read", text)
			return
		}
		p.keys = append(p.keys, string(layout.AppendEOLCPE(nil, part[1], part[2])))
	case "repology":
		p.keys = append(p.keys, eolName(text))
	default:
		b.oddEOL(file, p.Name, "identifier of the kind %.40q left out", kind)
	}
}

func eolPURL(u *purl.URL) string {
	if u.Namespace == "" {
		return layout.EOLByPURL + u.Type + "/" + u.Name
	}
	return layout.EOLByPURL + u.Type + "/" + u.Namespace + "/" + u.Name
}

func eolName(name string) string {
	return string(layout.AppendEOLName([]byte(layout.EOLByName), name))
}

func (b *builder) readEOLCycle(r *jsonpull.Reader, file string, p *eolProduct, newest *stamp) {
	var y layout.EOLCycle
	for ok := r.Object(); ok && r.Key(); {
		switch name := r.Name(); name {
		case "cycle":
			// The publisher quotes them; a bare number would have lost its zeros.
			y.Name = b.eolText(r, file, p.Name)
		case "label":
			y.Label = b.eolText(r, file, p.Name)
		case "codename":
			y.Codename = b.eolText(r, file, p.Name)
		case "latest":
			y.Latest = b.eolText(r, file, p.Name)
		case "releaseDate":
			y.Released = b.eolDate(r, file, p.Name, name)
		case "latestReleaseDate":
			y.LatestReleased = b.eolDate(r, file, p.Name, name)
			b.newer(newest, y.LatestReleased)
		case "eol":
			y.EOL = b.eolDate(r, file, p.Name, name)
		case "support":
			y.Active = b.eolDate(r, file, p.Name, name)
		case "extendedSupport":
			y.Extended = b.eolDate(r, file, p.Name, name)
		case "lts":
			y.LongTerm = b.eolDate(r, file, p.Name, name)
		case "discontinued":
			y.Discontinued = b.eolDate(r, file, p.Name, name)
		default:
			r.Skip()
		}
	}
	if y.Name == "" {
		b.oddEOL(file, p.Name, "a cycle without a name left out")
		return
	}
	p.cycles = append(p.cycles, y)
}

// newer takes a day that is later and not after the day of the build.
func (b *builder) newer(newest *stamp, date uint64) {
	if date < layout.EOLDay {
		return
	}
	t := int64(date-layout.EOLDay) * 86400
	if t > b.asOf {
		earlier(&b.nextDate, t)
	} else if !newest.ok || t > newest.seconds {
		*newest = stamp{t, true}
	}
}

// eolDate reads a date or a boolean.
func (b *builder) eolDate(r *jsonpull.Reader, file, product, member string) uint64 {
	switch r.Kind() {
	case jsonpull.Bool:
		if v, _ := r.Bool(); v {
			return layout.EOLTrue
		}
		return layout.EOLFalse
	case jsonpull.String:
		s, _ := r.String()
		if days, ok := eolDay(s); ok {
			return layout.EOLDay + days
		}
		b.oddEOL(file, product, "%s %.40q is no date", member, s)
	case jsonpull.Null:
		r.Skip()
	default:
		r.Skip()
		b.oddEOL(file, product, "%s is neither date nor boolean", member)
	}
	return layout.EOLAbsent
}

// eolDay is a date in Unix days. One that no calendar has is none: 31 February
// would be taken for some day in March.
func eolDay(s string) (uint64, bool) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Unix() < 0 {
		return 0, false
	}
	return uint64(t.Unix() / 86400), true
}

// readReleases reads the dates of versions: an object by product of objects by
// version. It comes after readEOL.
func (b *builder) readReleases(file string, packed []byte) error {
	f := Feed{Name: eolReleaseFeed, File: file, Digest: digestOf(packed)}
	text, err := gunzip(packed)
	if err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	b.eol.odd = 0
	r := jsonpull.New(trimMark(text), jsonpull.Limits{})
	if r.Kind() != jsonpull.Object {
		return fmt.Errorf("reading %s: %s where the products should stand", file, r.Kind())
	}
	var newest stamp
	for ok := r.Object(); ok && r.Key(); {
		at, known := slices.BinarySearchFunc(b.eol.products, r.Name(), func(p eolProduct, name string) int { return strings.Compare(p.Name, name) })
		if !known {
			b.oddEOL(file, r.Name(), "dates of a product that the other file does not have")
			r.Skip()
			continue
		}
		p := &b.eol.products[at]
		for ok := r.Object(); ok && r.Key(); {
			version := r.Name()
			if k := r.Kind(); k != jsonpull.String {
				b.oddEOL(file, p.Name, "%s where a date should stand", k)
				r.Skip()
				continue
			}
			version = strings.Clone(version)
			s, _ := r.String()
			days, ok := eolDay(s)
			if !ok || days > math.MaxUint32 || version == "" || len(version) > layout.MaxEOLText {
				b.oddEOL(file, p.Name, "version %.40q: %.40q is no date, or no version", version, s)
				continue
			}
			if f.Records == layout.MaxEOLVersions {
				return fmt.Errorf("reading %s: more than %d versions", file, layout.MaxEOLVersions)
			}
			b.newer(&newest, layout.EOLDay+days)
			f.Records++
			p.versions = append(p.versions, eolVersion{version, uint32(days)})
		}
	}
	if err := r.End(); err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	f.Date = unixTime(newest)
	b.addFeed(f)
	return nil
}

// tables writes EOLSlots, EOL and EOLReleases.
func (t *eolTable) tables(set func(layout.Section, []byte)) {
	if len(t.products) == 0 {
		return
	}
	var data, releases []byte
	texts := make(map[string]uint32) // of versions
	offsets := make([]uint32, len(t.products))
	for i := range t.products {
		p := &t.products[i]
		slices.SortStableFunc(p.versions, func(x, y eolVersion) int { return strings.Compare(x.text, y.text) })
		p.versions = slices.CompactFunc(p.versions, func(x, y eolVersion) bool { return x.text == y.text })
		p.FirstRelease, p.Releases, p.Cycles = uint64(len(releases)/8), uint64(len(p.versions)), len(p.cycles)
		for _, v := range p.versions {
			at, ok := texts[v.text]
			if !ok {
				at = uint32(len(data))
				texts[v.text] = at
				data = layout.AppendString(data, v.text)
			}
			releases = le.AppendUint32(le.AppendUint32(releases, at), v.days)
		}
	}
	for i := range t.products {
		p := &t.products[i]
		offsets[i] = uint32(len(data))
		data = p.Append(data)
		for j := range p.cycles {
			data = p.cycles[j].Append(data)
		}
	}
	keys := t.keys()
	slots := make([]byte, 4*layout.Slots(len(keys)))
	for _, k := range keys {
		insert(slots, layout.HashFold(k.text), uint32(len(data))+1)
		data = layout.AppendString(data, k.text)
		data = le.AppendUint32(data, offsets[k.product])
	}
	set(layout.EOLSlots, slots)
	set(layout.EOL, data)
	set(layout.EOLReleases, releases)
}

type eolKey struct {
	text    string
	rank    int // 0 is an identifier or the product's own name
	product int
}

// keys lists the keys, sorted. One that several products claim belongs to the one
// that claims it more strongly (own name before alias before title), and to none
// if that is not one: redhat:ansible is ansible and ansible-core.
func (t *eolTable) keys() []eolKey {
	var all []eolKey
	for i := range t.products {
		p := &t.products[i]
		for _, k := range p.keys {
			all = append(all, eolKey{strings.ToUpper(k), 1, i})
		}
		for n, name := range p.names {
			rank := 2
			switch {
			case n == 0:
				rank = 0
			case n == len(p.names)-1:
				rank = 3
			}
			if k := eolName(name); len(k) > len(layout.EOLByName) {
				all = append(all, eolKey{strings.ToUpper(k), rank, i})
			}
		}
	}
	slices.SortFunc(all, func(x, y eolKey) int {
		return cmp.Or(strings.Compare(x.text, y.text), cmp.Compare(x.rank, y.rank), cmp.Compare(x.product, y.product))
	})
	out := all[:0]
	for from := 0; from < len(all); {
		to, clash := from, false
		for ; to < len(all) && all[to].text == all[from].text; to++ {
			clash = clash || all[to].rank == all[from].rank && all[to].product != all[from].product
		}
		if first := all[from]; !clash {
			out = append(out, first)
		}
		from = to
	}
	return out
}
