// SPDX-License-Identifier: Apache-2.0

package build

import (
	"encoding/binary"
	"fmt"

	"github.com/medsbom/medsbom/version"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// versions is what the collector has of the versions of one ecosystem, or of all
// commits.
type versions struct {
	offsets map[string]uint32  // in section Versions, by text
	bodies  map[string]bodyRef // by compact body
}

// orderSize is how many versions and bodies an ecosystem has.
type orderSize struct{ Versions, Bodies int }

// orderSizes tells it of all ecosystems.
func (c *collector) orderSizes() map[string]orderSize {
	sizes := make(map[string]orderSize, len(c.orders))
	for number, o := range c.orders {
		sizes[c.ecosystems.list[number]] = orderSize{len(o.offsets), len(o.bodies)}
	}
	return sizes
}

// bodyRef is a body in section Bodies.
type bodyRef struct{ offset, size uint32 }

// order gives the versions of an ecosystem.
func (c *collector) order(f *feed, number uint16, ecosystem string) *versions {
	o := c.orders[number]
	if o == nil {
		n := c.expected[ecosystem]
		o = &versions{offsets: make(map[string]uint32, room(n.Versions)), bodies: make(map[string]bodyRef, room(n.Bodies))}
		if _, known := version.SchemeOf(ecosystem); !known {
			c.report.odd(f.file, "", fmt.Sprintf("the order of versions of ecosystem %.40q is not known: its packages are kept, but only listed versions can be matched", ecosystem))
		}
		c.orders[number] = o
	}
	return o
}

// version gives the offset of a version in the section Versions.
func (c *collector) version(o *versions, text string, key []byte) (uint32, error) {
	if offset, ok := o.offsets[text]; ok {
		return offset, nil
	}
	if len(c.versions) > 1<<30 {
		return 0, fmt.Errorf("more than 1 GiB of versions")
	}
	offset := uint32(len(c.versions))
	length := uint16(layout.NoKey)
	if key != nil {
		length = uint16(len(key))
	}
	c.versions = binary.LittleEndian.AppendUint16(c.versions, uint16(len(text)))
	c.versions = binary.LittleEndian.AppendUint16(c.versions, length)
	c.versions = append(append(c.versions, text...), key...)
	o.offsets[text] = offset
	return offset, nil
}

// readVersion reads a version of a compact body.
func readVersion(in *layout.Cursor) (text string, key []byte) {
	text = in.View()
	n := in.Uvarint()
	if n > uint64(len(in.B))+1 || n > layout.MaxKey+1 || len(text) > layout.MaxText {
		in.Bad, in.B = true, nil
		return "", nil
	}
	if n > 0 {
		n--
		key = in.B[:n:n]
		in.B = in.B[n:]
	}
	return text, key
}

// ranges turns the ranges of a compact body into those of the file.
func (c *collector) ranges(dst []byte, in *layout.Cursor, o *versions) ([]byte, error) {
	n := in.Count()
	dst = binary.AppendUvarint(dst, uint64(n))
	for range n {
		head := in.Uvarint()
		kind := vulndb.RangeKind(head & 3)
		if kind > vulndb.Git || head>>3 > uint64(len(in.B)) {
			in.Bad, in.B = true, nil
			return dst, nil
		}
		dst = binary.AppendUvarint(dst, head)
		order := o
		if kind == vulndb.Git {
			order = &c.commits
		}
		for range head >> 3 {
			event, offset := in.Uvarint(), uint32(0)
			if event&compactZero == 0 {
				text, key := readVersion(in)
				var err error
				if offset, err = c.version(order, text, key); err != nil {
					return dst, err
				}
			}
			if in.Bad || event > compactZero|uint64(vulndb.Limit) {
				in.Bad, in.B = true, nil
				return dst, nil
			}
			dst = binary.AppendUvarint(dst, uint64(offset)<<2|event&3)
		}
	}
	return dst, nil
}

// body files a compact body. Equal ones are filed once.
func (c *collector) body(o *versions, text []byte) (bodyRef, error) {
	if ref, ok := o.bodies[layout.View(text)]; ok {
		return ref, nil
	}
	in := layout.Cursor{B: text}
	body, err := c.ranges(c.scratch[:0], &in, o)
	if err != nil {
		return bodyRef{}, err
	}
	n := in.Count()
	body = binary.AppendUvarint(body, uint64(n))
	for range n {
		version, key := readVersion(&in)
		if in.Bad {
			break
		}
		offset, err := c.version(o, version, key)
		if err != nil {
			return bodyRef{}, err
		}
		body = binary.AppendUvarint(body, uint64(offset))
	}
	c.scratch = body
	if in.Bad || len(in.B) > 0 {
		return bodyRef{}, errCompact
	}
	ref, err := c.fileBody(body)
	if err != nil {
		return bodyRef{}, err
	}
	o.bodies[layout.View(text)] = ref
	return ref, nil
}

// taggedBody files the compact body of an entry of a repository: its ranges, to
// which encodeTags adds the tags, and these.
func (c *collector) taggedBody(o *versions, pkg uint32, text []byte, e *entry) error {
	in := layout.Cursor{B: text}
	from := len(c.gitRanges)
	if from > 1<<31 {
		return fmt.Errorf("more than 2 GiB of entries")
	}
	var err error
	if c.gitRanges, err = c.ranges(c.gitRanges, &in, o); err != nil {
		return err
	}
	e.body, e.size = uint32(from), uint32(len(c.gitRanges)-from)
	e.tags.from = uint32(len(c.listed))
	for range in.Count() {
		tag, key := readVersion(&in)
		if in.Bad {
			break
		}
		c.listed = append(c.listed, c.tag(o, pkg, tag, key))
	}
	e.tags.to = uint32(len(c.listed))
	if in.Bad || len(in.B) > 0 {
		return errCompact
	}
	return nil
}

// fileBody adds a body to the section.
func (c *collector) fileBody(body []byte) (bodyRef, error) {
	if len(body) > layout.MaxBody {
		return bodyRef{}, fmt.Errorf("an entry of %d bytes", len(body))
	}
	if len(c.bodies) > 1<<31 {
		return bodyRef{}, fmt.Errorf("more than 2 GiB of entries")
	}
	ref := bodyRef{uint32(len(c.bodies)), uint32(len(body))}
	c.bodies = append(c.bodies, body...)
	return ref, nil
}
