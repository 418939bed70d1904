// SPDX-License-Identifier: Apache-2.0

package vulndb

import (
	"encoding/binary"
	"sync"

	"github.com/klauspost/compress/s2"

	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// Text reads what a report prints of an advisory, all of it copies. It takes a
// lock: read it for what is printed, not for what is matched.
func (db *DB) Text(id AdvisoryID) (Text, error) {
	row, err := db.row(layout.Advisories, uint64(id))
	if err != nil {
		return Text{}, err
	}
	db.texts.mu.Lock()
	defer db.texts.mu.Unlock()
	block, err := db.block(binary.LittleEndian.Uint32(row[8:]))
	if err != nil {
		return Text{}, err
	}
	offset := binary.LittleEndian.Uint32(row[12:])
	if uint64(offset) > uint64(len(block)) {
		return Text{}, db.damage(layout.Text, "text of advisory %d lies outside its block", id)
	}
	c := layout.Cursor{B: block[offset:]}
	var t Text
	t.Summary = c.String()
	t.Published = unix(c.Time())
	t.Modified = unix(c.Time())
	list := func() (values []string) {
		if n := c.Count(); n > 0 {
			values = make([]string, n)
		}
		for i := range values {
			values[i] = c.String()
		}
		return values
	}
	t.References, t.CWEs = list(), list()
	if n := c.Count(); n > 0 {
		t.Severities = make([]SeverityStatement, n)
	}
	for i := range t.Severities {
		t.Severities[i] = SeverityStatement{Type: c.String(), Score: c.String()}
	}
	t.Aliases, t.Upstream, t.Related = list(), list(), list()
	if c.Bad {
		return Text{}, db.damage(layout.Text, "text of advisory %d cannot be read", id)
	}
	return t, nil
}

// textCache keeps the blocks used last. Whoever holds mu may read a block until it
// asks for another, which may take its place.
type textCache struct {
	mu     sync.Mutex
	blocks [8]textBlock // most recently used first
}

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
		room = make([]byte, 0, length)
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
