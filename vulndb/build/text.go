// SPDX-License-Identifier: Apache-2.0

package build

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/klauspost/compress/s2"

	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// appendText writes what a report prints of a record, as vulndb.DB.Text reads
// it. Descriptions (details) are not kept.
func (rec *record) appendText(dst []byte) []byte {
	list := func(values []string) {
		dst = binary.AppendUvarint(dst, uint64(len(values)))
		for _, v := range values {
			dst = layout.AppendString(dst, v)
		}
	}
	dst = layout.AppendString(dst, rec.summary)
	dst = layout.AppendTime(dst, rec.published.seconds, rec.published.ok)
	dst = layout.AppendTime(dst, rec.modified.seconds, rec.modified.ok)
	list(rec.references)
	list(rec.cwes)
	dst = binary.AppendUvarint(dst, uint64(len(rec.severities)))
	for _, s := range rec.severities {
		dst = layout.AppendString(layout.AppendString(dst, s.Type), s.Score)
	}
	list(rec.aliases)
	list(rec.upstream)
	list(rec.related)
	return dst
}

// textRef is the text of a record: as it is, or where the cache has it.
type textRef struct {
	key    memberKey // names the text; of a record that the cache may keep
	fresh  []byte
	cached bool // in a block of the cache, at place
	place  textPlace
	size   uint32
}

// textPlace is a block of texts and an offset in it, not compressed.
type textPlace struct{ block, offset uint32 }

// textWriter compresses texts in blocks as they come. Where a block ends is
// decided by the records in it, so that a record that has changed changes its own
// block and no others.
type textWriter struct {
	cache  *cache    // has blocks ready; nil for none
	fresh  []byte    // texts of the block being filled that the cache has not
	refs   []textRef // of the block being filled
	size   int       // of the block being filled
	plain  []byte
	keys   []byte
	room   []byte      // of the encoder
	packed []byte      // section Text
	blocks []byte      // section TextBlocks
	names  []memberKey // of the blocks
	reused int         // of these
}

// Sizes of a block, in bytes before compression, some 2 KiB in the mean. A scan
// unpacks a whole block for each text that it prints. S2 in blocks of 2 KiB takes a
// tenth of the time of zstd in blocks of 8, for a twelfth more of the file.
const (
	blockLeast = 1 << 10
	blockMost  = 8 << 10
	// blockEnd of 2^n makes one in 2^n records the last of its block.
	blockEnd = 1 << 2
)

// add files a text and tells its block and its offset in it. crc is that of the
// record.
func (w *textWriter) add(text textRef, crc uint32) (block, offset uint32, err error) {
	if text.size > layout.MaxBlock-blockMost && text.cached {
		return 0, 0, errCache
	}
	if text.size > layout.MaxBlock-blockMost {
		return 0, 0, fmt.Errorf("a text of %d bytes", text.size)
	}
	block, offset = uint32(len(w.blocks)/16), uint32(w.size)
	if !text.cached {
		w.fresh = append(w.fresh, text.fresh...)
		text.fresh = nil
	}
	w.refs = append(w.refs, text)
	w.size += int(text.size)
	if w.size >= blockMost || w.size >= blockLeast && crc%blockEnd == 0 {
		err = w.flush()
	}
	return block, offset, err
}

// flush ends the block that is being filled.
func (w *textWriter) flush() error {
	if len(w.refs) == 0 || w.size == 0 {
		w.refs = w.refs[:0]
		return nil
	}
	name := w.name()
	from := len(w.packed)
	if packed := w.cache.block(name, w.size); packed != nil {
		w.packed = append(w.packed, packed...)
		w.reused++
	} else {
		if err := w.gather(); err != nil {
			return err
		}
		if w.room == nil {
			w.room = make([]byte, s2.MaxEncodedLen(layout.MaxBlock))
		}
		w.packed = append(w.packed, s2.EncodeBetter(w.room, w.plain)...)
	}
	w.blocks = binary.LittleEndian.AppendUint64(w.blocks, uint64(from))
	w.blocks = binary.LittleEndian.AppendUint32(w.blocks, uint32(len(w.packed)-from))
	w.blocks = binary.LittleEndian.AppendUint32(w.blocks, uint32(w.size))
	w.names = append(w.names, name)
	w.fresh, w.refs, w.size = w.fresh[:0], w.refs[:0], 0
	return nil
}

// name names the block by the texts in it; all zero if one of them has no name.
func (w *textWriter) name() (name memberKey) {
	w.keys = w.keys[:0]
	for i := range w.refs {
		if w.refs[i].key == (memberKey{}) {
			return memberKey{}
		}
		w.keys = append(w.keys, w.refs[i].key[:]...)
	}
	sum := sha256.Sum256(w.keys)
	return memberKey(sum[:len(name)])
}

// gather puts the texts of the block together.
func (w *textWriter) gather() error {
	w.plain = w.plain[:0]
	fresh := w.fresh
	for i := range w.refs {
		ref := &w.refs[i]
		if !ref.cached {
			w.plain = append(w.plain, fresh[:ref.size]...)
			fresh = fresh[ref.size:]
			continue
		}
		text, err := w.cache.text(ref.place, ref.size)
		if err != nil {
			return err
		}
		w.plain = append(w.plain, text...)
	}
	return nil
}
