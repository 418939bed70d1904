// SPDX-License-Identifier: Apache-2.0

package vulndb

import (
	"encoding/binary"
	"strings"
	"sync"

	"github.com/klauspost/compress/s2"

	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// Text reads what a report prints of an advisory, all of it copies.
func (db *DB) Text(id AdvisoryID) (Text, error) {
	var t Text
	err := db.ViewText(id, func(view *Text) {
		t = *view
		t.Summary = strings.Clone(t.Summary)
		for _, list := range []*[]string{&t.References, &t.CWEs, &t.Aliases, &t.Upstream, &t.Related} {
			*list = append([]string(nil), *list...)
			for i, s := range *list {
				(*list)[i] = strings.Clone(s)
			}
		}
		t.Severities = append([]SeverityStatement(nil), t.Severities...)
		for i, s := range t.Severities {
			t.Severities[i] = SeverityStatement{Type: strings.Clone(s.Type), Score: strings.Clone(s.Score)}
		}
	})
	return t, err
}

// ViewText hands f what a report prints of an advisory. Neither the text nor a
// string or list of it may be kept after f has returned. It holds a lock meanwhile:
// read it for what is printed, not for what is matched.
func (db *DB) ViewText(id AdvisoryID, f func(*Text)) error {
	row, err := db.row(layout.Advisories, uint64(id))
	if err != nil {
		return err
	}
	db.texts.mu.Lock()
	defer db.texts.mu.Unlock()
	block, err := db.block(binary.LittleEndian.Uint32(row[8:]))
	if err != nil {
		return err
	}
	offset := binary.LittleEndian.Uint32(row[12:])
	if uint64(offset) > uint64(len(block)) {
		return db.damage(layout.Text, "text of advisory %d lies outside its block", id)
	}
	c := layout.Cursor{B: block[offset:]}
	t := &db.texts.view
	t.Summary = c.View()
	t.Published = unix(c.Time())
	t.Modified = unix(c.Time())
	list := func(values *[]string) {
		*values = (*values)[:0]
		for range c.Count() {
			*values = append(*values, c.View())
		}
	}
	list(&t.References)
	list(&t.CWEs)
	t.Severities = t.Severities[:0]
	for range c.Count() {
		t.Severities = append(t.Severities, SeverityStatement{Type: c.View(), Score: c.View()})
	}
	list(&t.Aliases)
	list(&t.Upstream)
	list(&t.Related)
	if c.Bad {
		return db.damage(layout.Text, "text of advisory %d cannot be read", id)
	}
	f(t)
	return nil
}

// textCache keeps the blocks used last. Whoever holds mu may read a block until it
// asks for another, which may take its place.
type textCache struct {
	mu     sync.Mutex
	blocks [4]textBlock // most recently used first
	view   Text         // the text at hand
}

// textRoom is what holds most blocks, in bytes.
const textRoom = 8 << 10

type textBlock struct {
	number uint32
	text   []byte // nil: free
}

// block gives an uncompressed text block to the holder of the cache.
func (db *DB) block(number uint32) ([]byte, error) {
	row, err := db.row(layout.TextBlocks, uint64(number))
	if err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint32(row[12:])
	if length == 0 || length > layout.MaxBlock {
		return nil, db.damage(layout.TextBlocks, "block %d has %d bytes", number, length)
	}
	packed, err := db.read(layout.Text, binary.LittleEndian.Uint64(row), uint64(binary.LittleEndian.Uint32(row[8:])))
	if err != nil {
		return nil, err
	}
	cache := &db.texts
	for i := range cache.blocks {
		if b := cache.blocks[i]; b.text != nil && b.number == number {
			copy(cache.blocks[1:i+1], cache.blocks[:i])
			cache.blocks[0] = b
			return b.text, nil
		}
	}
	oldest := &cache.blocks[len(cache.blocks)-1]
	room := oldest.text[:0]
	if uint64(cap(room)) < uint64(length) {
		room = make([]byte, 0, max(length, textRoom))
	}
	*oldest = textBlock{}
	if n, err := s2.DecodedLen(packed); err != nil || n != int(length) {
		return nil, db.damage(layout.Text, "block %d is not of its size", number)
	}
	text, err := s2.Decode(room[:length], packed)
	if err != nil {
		return nil, db.damage(layout.Text, "block %d cannot be decompressed", number)
	}
	copy(cache.blocks[1:], cache.blocks[:])
	cache.blocks[0] = textBlock{number, text}
	return text, nil
}
