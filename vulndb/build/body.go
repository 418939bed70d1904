// SPDX-License-Identifier: Apache-2.0

package build

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"sort"
	"strings"

	"github.com/medsbom/medsbom/version"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// order is the version order of an ecosystem, with every version met.
type order struct {
	scheme version.Scheme
	known  bool
	seen   map[string]*versionText
}

type versionText struct {
	key    []byte // nil: not comparable
	offset uint32 // in section Versions, 0: not yet there
}

func (c *collector) order(f *feed, number uint16, ecosystem string) *order {
	o := c.orders[number]
	if o == nil {
		o = &order{seen: map[string]*versionText{}}
		if o.scheme, o.known = version.SchemeOf(ecosystem); !o.known {
			c.odd(f, "", fmt.Sprintf("the order of versions of ecosystem %.40q is not known: its packages are kept, but only listed versions can be matched", ecosystem))
		}
		c.orders[number] = o
	}
	return o
}

func (c *collector) version(o *order, text string) *versionText {
	v := o.seen[text]
	if v == nil {
		v = new(versionText)
		if o.known {
			if key, ok := o.scheme.AppendKey(nil, text); ok && len(key) <= layout.MaxKey {
				v.key = key
			}
		}
		o.seen[strings.Clone(text)] = v
	}
	return v
}

// ref gives the offset of a version in the section Versions.
func (c *collector) ref(v *versionText, text string) (uint32, error) {
	if v.offset == 0 {
		if len(c.versions) > 1<<30 {
			return 0, fmt.Errorf("more than 1 GiB of versions")
		}
		v.offset = uint32(len(c.versions))
		length := uint16(layout.NoKey)
		if v.key != nil {
			length = uint16(len(v.key))
		}
		c.versions = binary.LittleEndian.AppendUint16(c.versions, uint16(len(text)))
		c.versions = binary.LittleEndian.AppendUint16(c.versions, length)
		c.versions = append(append(c.versions, text...), v.key...)
	}
	return v.offset, nil
}

// bound is an event with its key.
type bound struct {
	kind vulndb.EventKind
	text string
	v    *versionText
	zero bool // introduced "0"
}

func (b *bound) compare(d *bound) int {
	if b.zero || d.zero {
		return boolInt(d.zero) - boolInt(b.zero)
	}
	return bytes.Compare(b.v.key, d.v.key)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// encodeRanges encodes the ranges of an entry. spans are those of them that are
// sorted, in c.sorted.
func (c *collector) encodeRanges(f *feed, rec *record, o *order, ranges []eventRange) (body []byte, spans []span, err error) {
	body = binary.AppendUvarint(c.scratch[:0], uint64(len(ranges)))
	c.sorted = c.sorted[:0]
	for i := range ranges {
		g := &ranges[i]
		begin := len(c.sorted)
		ok := c.bounds(f, rec, o, g)
		bounds := c.sorted[begin:]
		head := uint64(len(bounds))<<3 | uint64(g.kind)
		if ok {
			head |= layout.RangeSorted
			spans = append(spans, span{begin, len(c.sorted)})
		}
		body = binary.AppendUvarint(body, head)
		for j := range bounds {
			b := &bounds[j]
			offset := uint32(0)
			if !b.zero {
				if offset, err = c.ref(b.v, b.text); err != nil {
					return nil, nil, err
				}
			}
			body = binary.AppendUvarint(body, uint64(offset)<<2|uint64(b.kind))
		}
	}
	return body, spans, nil
}

// put encodes an entry's body and files the entry.
func (c *collector) put(f *feed, rec *record, o *order, e entry, ranges []eventRange, versions []string) error {
	body, spans, err := c.encodeRanges(f, rec, o, ranges)
	if err != nil {
		return err
	}
	// Listed versions that a sorted range holds say nothing more.
	at := len(body)
	listed := 0
	for _, text := range versions {
		if text == "" || len(text) > layout.MaxText {
			c.odd(f, rec.id, fmt.Sprintf("a listed version of %d bytes, left out", len(text)))
			continue
		}
		v := c.version(o, text)
		if v.key != nil && c.held(v.key, spans) {
			c.report.VersionsInRange++
			continue
		}
		offset, err := c.ref(v, text)
		if err != nil {
			return err
		}
		body = binary.AppendUvarint(body, uint64(offset))
		listed++
	}
	// The count stands before the list.
	var count [binary.MaxVarintLen64]byte
	n := binary.PutUvarint(count[:], uint64(listed))
	body = append(body, count[:n]...)
	copy(body[at+n:], body[at:len(body)-n])
	copy(body[at:], count[:n])
	c.scratch = body
	if e.body, err = c.fileBody(body); err != nil {
		return err
	}
	e.size = uint32(len(body))
	c.entries = append(c.entries, e)
	return nil
}

// fileBody gives the offset of a body, which is kept once.
func (c *collector) fileBody(body []byte) (uint32, error) {
	if len(body) > layout.MaxBody {
		return 0, fmt.Errorf("an entry of %d bytes", len(body))
	}
	offset, ok := c.byBody[string(body)]
	if !ok {
		if len(c.bodies) > 1<<31 {
			return 0, fmt.Errorf("more than 2 GiB of entries")
		}
		offset = uint32(len(c.bodies))
		c.bodies = append(c.bodies, body...)
		c.byBody[string(body)] = offset
	}
	return offset, nil
}

// bounds appends the events of a range to c.sorted, in version order if every
// bound is comparable (OSV: sort by version; equal ones keep the record's order,
// for both orders of equal versions are real).
func (c *collector) bounds(f *feed, rec *record, o *order, g *eventRange) bool {
	begin := len(c.sorted)
	sorted := g.kind != vulndb.Git && o.known
	for _, ev := range g.events {
		if len(ev.text) > layout.MaxText {
			c.odd(f, rec.id, fmt.Sprintf("a bound of %d bytes, left out", len(ev.text)))
			sorted = false
			continue
		}
		b := bound{kind: ev.kind, text: ev.text, zero: ev.kind == vulndb.Introduced && ev.text == "0"}
		if !b.zero && g.kind == vulndb.Git {
			b.v = c.version(&c.commits, ev.text)
		} else if !b.zero {
			b.v = c.version(o, ev.text)
			if b.v.key == nil && sorted {
				c.odd(f, rec.id, fmt.Sprintf("bound %.80q is not comparable", ev.text))
				sorted = false
			}
		}
		c.sorted = append(c.sorted, b)
	}
	bounds := c.sorted[begin:]
	inOrder := func(i, j int) bool { return bounds[i].compare(&bounds[j]) < 0 }
	if sorted && !sort.SliceIsSorted(bounds, inOrder) {
		sort.SliceStable(bounds, inOrder)
	}
	return sorted
}

// held reports whether one of the sorted ranges surely holds a version, by the
// last event below it. A version that is itself a bound other than introduced is
// not looked into: it stays in the list.
func (c *collector) held(key []byte, ranges []span) bool {
	for _, r := range ranges {
		in := false
		for i := r.from; i < r.to; i++ {
			b := &c.sorted[i]
			order := -1
			if !b.zero {
				order = bytes.Compare(b.v.key, key)
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
