// SPDX-License-Identifier: Apache-2.0

package build

import (
	"encoding/binary"
	"fmt"

	"github.com/klauspost/compress/zstd"

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

// textWriter compresses texts in blocks as they come.
type textWriter struct {
	encoder *zstd.Encoder
	pending []byte // of the block being filled
	packed  []byte // section Text
	blocks  []byte // section TextBlocks
}

// blockTarget is when a block is full.
const blockTarget = 64 << 10

// add files a text and tells its block and its offset in it.
func (w *textWriter) add(text []byte) (block, offset uint32, err error) {
	if len(text) > layout.MaxBlock-blockTarget {
		return 0, 0, fmt.Errorf("a text of %d bytes", len(text))
	}
	block, offset = uint32(len(w.blocks)/16), uint32(len(w.pending))
	w.pending = append(w.pending, text...)
	if len(w.pending) >= blockTarget {
		err = w.flush()
	}
	return block, offset, err
}

func (w *textWriter) flush() error {
	if len(w.pending) == 0 {
		return nil
	}
	if w.encoder == nil {
		var err error
		w.encoder, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedDefault),
			zstd.WithWindowSize(blockTarget), zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(false))
		if err != nil {
			return fmt.Errorf("making an encoder: %w", err)
		}
	}
	from := len(w.packed)
	w.packed = w.encoder.EncodeAll(w.pending, w.packed)
	w.blocks = binary.LittleEndian.AppendUint64(w.blocks, uint64(from))
	w.blocks = binary.LittleEndian.AppendUint32(w.blocks, uint32(len(w.packed)-from))
	w.blocks = binary.LittleEndian.AppendUint32(w.blocks, uint32(len(w.pending)))
	w.pending = w.pending[:0]
	return nil
}
