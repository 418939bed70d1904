// SPDX-License-Identifier: Apache-2.0

package vulndb

import (
	"encoding/binary"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"

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

// textCache keeps the blocks used last, and one decoder. Whoever holds mu may read
// a block until it asks for another, which may take its place.
type textCache struct {
	mu      sync.Mutex
	decoder *zstd.Decoder
	blocks  [8]textBlock // most recently used first
}

// close frees the decoder.
func (c *textCache) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.decoder != nil {
		c.decoder.Close()
		c.decoder = nil
	}
	c.blocks = [len(c.blocks)]textBlock{}
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
	if cache.decoder == nil {
		// One goroutine, no more memory than the largest block needs.
		cache.decoder, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(layout.MaxBlock), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, fmt.Errorf("vulndb: making a decoder: %w", err)
		}
	}
	oldest := &cache.blocks[len(cache.blocks)-1]
	room := oldest.text[:0]
	if uint64(cap(room)) < uint64(length) {
		room = make([]byte, 0, length)
	}
	*oldest = textBlock{}
	text, err := cache.decoder.DecodeAll(packed, room)
	if err != nil || len(text) != int(length) {
		return nil, db.damage(layout.Text, "block %d cannot be decompressed", number)
	}
	copy(cache.blocks[1:], cache.blocks[:])
	cache.blocks[0] = textBlock{number, text}
	return text, nil
}
