// SPDX-License-Identifier: Apache-2.0

package build

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/medsbom/medsbom/internal/durable"
	"github.com/medsbom/medsbom/internal/program"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// cacheWriter writes the cache of a build beside its database. The body is of what
// was read, which the making of the tables does not change, and is written
// meanwhile; the head tells of the database, and is written once that is in place.
type cacheWriter struct {
	wait sync.WaitGroup // for what is below
	err  error
	file *durable.File
	body summed
	head cacheHead // what it tells of the body
}

// startCache begins to write the body, unless a source has changed while it was
// read. Whatever comes of the build, close is to be called.
func (b *builder) startCache(path string, feeds []*feed) *cacheWriter {
	w := new(cacheWriter)
	for _, f := range feeds {
		if f.changed {
			w.err = fmt.Errorf("%s has changed meanwhile", f.file)
			return w
		}
	}
	if w.err = b.lost; w.err != nil {
		return w
	}
	// Not beside the making of the database's file: each removes what it takes for left behind.
	if w.file, w.err = durable.Create(path); w.err != nil {
		return w
	}
	w.wait.Go(func() { w.err = w.write(b, feeds) })
	return w
}

func (w *cacheWriter) write(b *builder, feeds []*feed) error {
	w.body = summed{sum: sha256.New(), to: bufio.NewWriterSize(w.file, 1<<20)}
	// The header is written last: without it half a cache is none.
	if _, err := w.body.to.Write(make([]byte, cacheHeader)); err != nil {
		return err
	}
	w.writeFeeds(feeds)
	w.writeTexts(&b.texts)
	w.writeUnits(b.units)
	return w.body.err
}

func (w *cacheWriter) writeFeeds(feeds []*feed) {
	var rows []byte
	for _, f := range feeds {
		one := &cachedFeed{Ecosystem: f.ecosystem, Digest: f.digest, Records: len(f.items)}
		rows = rows[:0]
		for i := range f.items {
			it := &f.items[i]
			rows = append(rows, it.key[:]...)
			rows = le.AppendUint32(rows, uint32(len(it.compact)))
			if it.text.cached {
				rows = le.AppendUint32(le.AppendUint32(rows, it.text.place.block), it.text.place.offset)
			} else {
				rows = le.AppendUint32(le.AppendUint32(rows, cacheInline), 0)
			}
			rows = le.AppendUint32(rows, it.text.size)
			one.Size += len(it.compact) + len(it.text.fresh)
		}
		w.body.write(rows)
		for i := range f.items {
			w.body.write(f.items[i].compact)
			w.body.write(f.items[i].text.fresh)
		}
		w.head.Feeds = append(w.head.Feeds, one)
	}
}

func (w *cacheWriter) writeTexts(texts *textWriter) {
	w.head.Blocks, w.head.Packed = len(texts.names), len(texts.packed)
	rows := make([]byte, 0, cacheRow*len(texts.names))
	for i, name := range texts.names {
		rows = append(append(rows, name[:]...), texts.blocks[16*i:16*i+16]...)
	}
	w.body.write(rows)
	w.body.write(texts.packed)
}

func (w *cacheWriter) writeUnits(units []*unit) {
	w.head.Units = units
	for _, u := range units {
		u.Sizes = u.Sizes[:0]
		for _, table := range u.tables {
			u.Sizes = append(u.Sizes, len(table))
			w.body.write(table)
		}
	}
}

// commit ends the cache, now that the database of the builder is in place.
func (w *cacheWriter) commit(b *builder, sources []source) error {
	if w.wait.Wait(); w.err != nil {
		return w.err
	}
	identity, err := hex.DecodeString(program.Identity())
	if err != nil || len(identity) != 16 {
		return errors.New("the program cannot tell what it is")
	}
	head := &w.head
	head.PackagesAlone = len(b.left) > 0
	head.Database, head.AsOf, head.NextDate, head.NextWithdrawal = b.report.Digest, b.asOf, b.nextDate, b.nextWithdrawal
	head.Sources, head.Report = sources, b.report
	head.IDs, head.Versions, head.Bodies, head.Orders = len(b.ids.list), len(b.versions), len(b.bodies), b.orderSizes()
	text, err := json.Marshal(head, jsontext.AllowInvalidUTF8(true), json.FormatNilSliceAsNull(true)) // of names of members
	if err != nil {
		return err
	}
	header := make([]byte, 0, cacheHeader)
	header = append(header, cacheMagic...)
	header = le.AppendUint32(header, cacheFormat)
	header = le.AppendUint32(header, uint32(len(text)))
	header = le.AppendUint64(header, w.body.size)
	sum := sha256.Sum256(text)
	header = w.body.sum.Sum(append(header, sum[:]...))
	header = le.AppendUint32(append(header, identity...), uint32(len(sources)))
	header = le.AppendUint32(header, crc32.Checksum(header, layout.Castagnoli()))
	_, err = w.body.to.Write(appendStates(text, header, statesOf(sources)))
	if err := cmp.Or(err, w.body.to.Flush()); err != nil {
		return err
	}
	if _, err := w.file.WriteAt(header, 0); err != nil {
		return err
	}
	return w.file.CommitUnsynced() // half a cache has a wrong checksum and is passed over
}

// close waits for the writing and removes what has not been committed.
func (w *cacheWriter) close() {
	if w.wait.Wait(); w.file != nil {
		_ = w.file.Close()
	}
}

// summed writes and sums.
type summed struct {
	to   *bufio.Writer
	sum  hash.Hash
	size uint64
	err  error
}

func (s *summed) write(b []byte) {
	if s.err == nil {
		_, _ = s.sum.Write(b) // never fails
		s.size += uint64(len(b))
		_, s.err = s.to.Write(b)
	}
}
