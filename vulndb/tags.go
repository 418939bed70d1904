// SPDX-License-Identifier: Apache-2.0

package vulndb

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// GitEcosystem is the ecosystem of source repositories. Its packages are named
// by URL, as purl.Repository writes it.
const GitEcosystem = "GIT"

// Project is the last element of the path of a repository's URL, which
// version.TagVersion wants.
func Project(repository string) string {
	return repository[strings.LastIndexByte(repository, '/')+1:]
}

// tagCount gives the number of tags of package i, whose first is given.
func (db *DB) tagCount(i uint64, first uint32) (uint32, error) {
	end := db.rows(layout.Tags)
	if i+1 < db.rows(layout.Packages) {
		row, err := db.row(layout.Packages, i+1)
		if err != nil {
			return 0, err
		}
		end = uint64(binary.LittleEndian.Uint32(row[16:]))
	}
	if end > db.rows(layout.Tags) || uint64(first) > end {
		return 0, db.damage(layout.Packages, "package %d has tags that are not there", i)
	}
	return uint32(end - uint64(first)), nil
}

// Tags is the number of tags that the advisories of a repository list, 0 for
// every other package.
func (p Package) Tags() int { return int(p.tagged) }

// Tag gives tag i: those with a key in the order of their keys, then those
// without in the order of their texts. Each key stands once.
func (p Package) Tag(i int) (Tag, error) {
	if i < 0 || i >= int(p.tagged) {
		return Tag{}, fmt.Errorf("vulndb: tag %d of %d", i, p.tagged)
	}
	row, err := p.db.row(layout.Tags, uint64(p.tags)+uint64(i))
	if err != nil {
		return Tag{}, err
	}
	text, key, err := p.db.version(uint64(binary.LittleEndian.Uint32(row)))
	return Tag{Version: text, Key: key}, err
}

// FindTag looks up a version, as version.TagVersion writes it, with its key in
// version.Upstream, or nil: then the text must be the same. If it is none of the
// tags, at is the first tag above it, and found is false.
func (p Package) FindTag(text string, key []byte) (at int, found bool, err error) {
	to := int(p.tagged)
	for at < to {
		middle := int(uint(at+to) / 2)
		tag, err := p.Tag(middle)
		if err != nil {
			return 0, false, err
		}
		switch order := tag.compare(text, key); {
		case order == 0:
			return middle, true, nil
		case order < 0:
			at = middle + 1
		default:
			to = middle
		}
	}
	return at, false, nil
}

func (t *Tag) compare(text string, key []byte) int {
	switch {
	case t.Key != nil && key != nil:
		return bytes.Compare(t.Key, key)
	case t.Key != nil:
		return -1
	case key != nil:
		return 1
	}
	return strings.Compare(t.Version, text)
}

// Lists reports whether the entry lists tag i of its package.
func (e *Entry) Lists(i int) bool {
	from, to := 0, len(e.Tags)
	for from < to {
		middle := int(uint(from+to) / 2)
		switch t := &e.Tags[middle]; {
		case i < t.From:
			to = middle
		case i >= t.To:
			from = middle + 1
		default:
			return true
		}
	}
	return false
}

// intervals decodes n intervals: how many tags lie before each, and how many it
// has.
func (e *Entry) intervals(c *layout.Cursor, n, tags int) bool {
	at := uint64(0)
	for range n {
		gap, length := c.Uvarint(), c.Uvarint()
		if c.Bad || length == 0 || gap > uint64(tags) || length > uint64(tags) || at+gap+length > uint64(tags) {
			return false
		}
		e.Tags = append(e.Tags, Interval{From: int(at + gap), To: int(at + gap + length)})
		at += gap + length
	}
	return true
}

// verifyTags reads the tags of all packages and checks their order.
func (p Package) verifyTags() error {
	var last Tag
	for i := range p.Tags() {
		tag, err := p.Tag(i)
		if err != nil {
			return err
		}
		if i > 0 && last.compare(tag.Version, tag.Key) >= 0 {
			return p.db.damage(layout.Tags, "tag %q is out of order", tag.Version)
		}
		last = tag
	}
	return nil
}
