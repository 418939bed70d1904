// SPDX-License-Identifier: Apache-2.0

package build

import (
	"archive/zip"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// Limits of a zip. The largest real record has 94 kB, npm's zip 150 MB with
// some 230,000 members.
const (
	maxMember  = 8 << 20  // bytes of a record
	maxMembers = 4 << 20  // records of a zip
	maxZip     = 64 << 30 // bytes of all records of a zip
)

// feed is one OSV source: a zip, or records in memory.
type feed struct {
	ecosystem string
	file      string // for messages
	path      string
	texts     [][]byte
	kept      *cachedFeed // what the cache has of it; nil for nothing

	opened  *os.File
	size    int64
	digest  string
	changed bool // since it was hashed

	state fileState // of the file, when it was hashed

	files   int
	refused int
	reason  error // of the first refusal
	newest  stamp
	future  int // records dated after the build
	members int // of the zip
	items   []item
}

// item is a record of a feed, with what the cache keeps of it.
type item struct {
	key     memberKey
	compact []byte
	text    textRef
	reused  bool // comes from the cache
}

// findZips finds the ecosystems under a folder, sorted by name.
func findZips(from string) ([]*feed, error) {
	zips, err := Zips(from)
	if err != nil {
		return nil, err
	}
	feeds := make([]*feed, len(zips))
	for i, z := range zips {
		feeds[i] = &feed{ecosystem: z.Ecosystem, file: z.file, path: z.Path}
	}
	return feeds, nil
}

// batch is some records of a feed on their way through a worker.
type batch struct {
	feed    *feed
	last    bool // of its feed
	members []packedMember
	raw     []byte // packed bytes of the members
	texts   [][]byte
	keyed   bool // the cache wants keys

	items   []item
	printed []byte // cold texts of the records
	done    chan struct{}
}

// Bounds of a batch.
const (
	batchRecords = 256
	batchBytes   = 1 << 20
)

// read takes all records of all feeds, in order: one goroutine reads zips,
// workers unpack and parse batches, this goroutine files them.
func (b *builder) read(ctx context.Context, feeds []*feed, jobs int) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer func() {
		for _, f := range feeds {
			f.close()
		}
	}()
	work, ordered := make(chan *batch, jobs), make(chan *batch, 2*jobs)
	free := make(chan *batch, 4*jobs)
	var wg sync.WaitGroup
	var cutting error
	wg.Go(func() {
		defer close(ordered)
		defer close(work)
		in := new(window)
		for _, f := range feeds {
			if cutting = f.cut(ctx, in, free, func(one *batch) {
				one.keyed = b.keep
				ordered <- one
				work <- one
			}); cutting != nil {
				return
			}
		}
	})
	for range jobs {
		wg.Go(func() {
			w := worker{reader: jsonpull.New(nil, jsonpull.Limits{Depth: 64, String: maxMember}), compactor: newCompactor(), asOf: b.asOf}
			w.compactor.packagesAlone = len(b.left) > 0
			for one := range work {
				w.parse(ctx, one)
				close(one.done)
			}
		})
	}
	var err error
	for one := range ordered {
		<-one.done
		if err == nil {
			if err = b.file(one); err != nil {
				stop()
			}
		}
		select {
		case free <- one:
		default:
		}
	}
	wg.Wait()
	if err == nil {
		err = cutting
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return err
	}
	return b.texts.flush()
}

// cut opens the feed and hands out its batches. The last one is handed out also
// if it is empty.
func (f *feed) cut(ctx context.Context, in *window, free <-chan *batch, hand func(*batch)) error {
	next := func() *batch {
		one := new(batch)
		select {
		case one = <-free:
		default:
		}
		*one = batch{
			feed: f, members: one.members[:0], raw: one.raw[:0], items: one.items[:0],
			printed: one.printed[:0], done: make(chan struct{}),
		}
		return one
	}
	one := next()
	switch {
	case f.path == "":
		one.texts, one.last = f.texts, true
		hand(one)
		return nil
	case f.kept != nil && f.kept.Digest == f.digest:
		one.items, one.last = f.kept.items(), true
		hand(one)
		return nil
	}
	if f.opened == nil {
		return errCache // which knew the zip, and has no records of it
	}
	members, err := f.open(in)
	if err != nil {
		return inSource(f.file, fmt.Errorf("reading %s: %w", f.file, err))
	}
	f.members = len(members)
	overlaps := overlapping(members, f.size)
	size := uint64(0)
	for _, m := range members {
		need := min(m.UncompressedSize64, maxMember) + min(m.CompressedSize64, maxPacked)
		if len(one.members) == batchRecords || (len(one.members) > 0 && size+need > 2*batchBytes) {
			if err := ctx.Err(); err != nil {
				return err
			}
			hand(one)
			one, size = next(), 0
		}
		if overlaps[m] {
			one.members = append(one.members, packedMember{file: m, err: errOverlap})
		} else {
			one.members = append(one.members, one.fetch(in, m))
		}
		size += need
	}
	one.last = true
	hand(one)
	return nil
}

// maxPacked bounds the packed bytes of a record: deflate makes nothing larger by
// more than a thousandth.
const maxPacked = maxMember + maxMember/1000 + 1024

// fetch reads the packed bytes of a member.
func (one *batch) fetch(in *window, m *zip.File) packedMember {
	switch {
	case m.UncompressedSize64 > maxMember:
		return packedMember{file: m, err: fmt.Errorf("%d bytes, more than the limit of %d", m.UncompressedSize64, maxMember)}
	case m.CompressedSize64 > maxPacked:
		return packedMember{file: m, err: fmt.Errorf("%d bytes packed, more than the limit of %d", m.CompressedSize64, maxPacked)}
	}
	offset, err := m.DataOffset()
	if err != nil {
		return packedMember{file: m, err: err}
	}
	from := len(one.raw)
	to := from + int(m.CompressedSize64)
	if cap(one.raw) < to {
		one.raw = append(make([]byte, 0, max(to, 2*batchBytes)), one.raw...)
	}
	if n, err := in.ReadAt(one.raw[from:to], offset); n < to-from {
		return packedMember{file: m, err: cmp.Or(err, io.ErrUnexpectedEOF)}
	}
	one.raw = one.raw[:to]
	return packedMember{file: m, raw: span{from, to}}
}

// hash opens the file and hashes it.
func (f *feed) hash() error {
	var err error
	if f.opened, err = openRegular(f.path); err != nil {
		return err
	}
	if f.state, err = settled(f.opened); err != nil {
		return err
	}
	return f.digestOpened()
}

func (f *feed) digestOpened() error {
	var err error
	hash := sha256.New()
	if f.size, err = io.CopyBuffer(struct{ io.Writer }{hash}, struct{ io.Reader }{f.opened}, make([]byte, 256<<10)); err != nil {
		return err
	}
	f.digest = hex.EncodeToString(hash.Sum(nil))
	return nil
}

// open lists the members of the zip that are files, read through a window.
func (f *feed) open(in *window) ([]*zip.File, error) {
	in.move(f.opened)
	z, err := zip.NewReader(in, f.size)
	if err != nil {
		return nil, err
	}
	if len(z.File) > maxMembers {
		return nil, fmt.Errorf("%d members, more than %d", len(z.File), maxMembers)
	}
	members, total := make([]*zip.File, 0, len(z.File)), uint64(0)
	for _, m := range z.File {
		if m.FileInfo().IsDir() {
			continue
		}
		members = append(members, m)
		if total += min(m.UncompressedSize64, maxMember); total > maxZip {
			return nil, fmt.Errorf("more than %d bytes of records", int64(maxZip))
		}
	}
	return members, nil
}

func (f *feed) close() {
	if f.opened != nil {
		_ = f.opened.Close()
		f.opened = nil
	}
}

// worker makes batches of packed records compact.
type worker struct {
	reader    *jsonpull.Reader
	compactor *compactor
	asOf      int64
	unpacker  unpacker
	record    record
}

// parse unpacks and parses the records of a batch, but for those that the cache
// has.
func (w *worker) parse(ctx context.Context, one *batch) {
	if ctx.Err() != nil || len(one.items) > 0 {
		return // what the cache has of an unchanged zip is ready
	}
	compact := make([]byte, 0, 64<<10) // kept by the collector
	for i := range max(len(one.members), len(one.texts)) {
		var it item
		var text []byte
		var err error
		name := ""
		if one.texts != nil {
			text = one.texts[i]
		} else {
			m := &one.members[i]
			raw := one.raw[m.raw.from:m.raw.to]
			name = m.file.Name
			if one.keyed {
				it.key = keyOf(m.file, raw)
				if kept, ok := one.feed.kept.find(it.key); ok && m.err == nil {
					one.items = append(one.items, kept)
					continue
				}
			}
			if err = m.err; err == nil {
				text, err = w.unpacker.unpack(m.file, raw)
			}
		}
		rec := &w.record
		rec.reset()
		if err == nil {
			rec.fingerprint = fingerprint{crc32.ChecksumIEEE(text), len(text)}
			rec.parse(text, w.reader)
			rec.settle(w.asOf)
			err = rec.err
		}
		if cap(compact)-len(compact) < 16<<10 {
			compact = make([]byte, 0, 64<<10)
		}
		from := len(compact)
		printed := len(one.printed)
		if err != nil {
			compact = refusal(compact, name, err)
		} else {
			compact = w.compactor.append(compact, rec, one.feed.ecosystem)
			one.printed = rec.appendText(one.printed)
		}
		it.compact = compact[from:len(compact):len(compact)]
		it.text = textRef{key: it.key, place: textPlace{offset: uint32(printed)}, size: uint32(len(one.printed) - printed)}
		one.items = append(one.items, it)
	}
}

// file takes up the records of a batch.
func (b *builder) file(one *batch) error {
	f := one.feed
	for i := range one.items {
		it := &one.items[i]
		f.files++
		if it.reused {
			b.report.Reused++
		}
		in := layout.Cursor{B: it.compact}
		head, err := readHead(&in)
		if err != nil {
			return fmt.Errorf("reading %s: %w", f.file, err)
		}
		if head.flags&compactRefused != 0 {
			f.refused++
			if f.reason == nil {
				f.reason = errors.New(head.reason)
			}
			b.report.odd(f.file, strings.Clone(head.name), "refused: "+head.reason)
			b.retain(f, it, textPlace{}, false)
			continue
		}
		b.report.JSONSize += int64(head.print.size)
		for _, t := range []stamp{head.modified, head.published} {
			switch {
			case !t.ok:
			case t.seconds > b.asOf:
				f.future++
				earlier(&b.nextDate, t.seconds)
			case !f.newest.ok || t.seconds > f.newest.seconds:
				f.newest = t
			}
		}
		if head.withdrawal != 0 {
			earlier(&b.nextDate, head.withdrawal)
			earlier(&b.nextWithdrawal, head.withdrawal)
		}
		if text := &it.text; !text.cached && text.fresh == nil {
			text.fresh = one.printed[text.place.offset : text.place.offset+text.size]
		}
		where, taken, err := b.add(f, &in, &head, it.text)
		if err != nil {
			return inSource(f.file, fmt.Errorf("reading %s: record %.80q: %w", f.file, head.id, err))
		}
		b.retain(f, it, where, taken)
	}
	if !one.last {
		return nil
	}
	if err := f.settle(); err != nil {
		return fmt.Errorf("reading %s: %w", f.file, err)
	}
	f.close()
	if f.files > 0 && f.refused == f.files {
		return inSource(f.file, fmt.Errorf("reading %s: none of %d records can be read, the first: %w", f.file, f.files, f.reason))
	}
	if f.files == 0 {
		b.report.odd(f.file, "", "holds no record")
	}
	if f.future > 0 {
		b.report.odd(f.file, "", fmt.Sprintf("%d dates lie after the date of the build and do not count for the age of the feed", f.future))
	}
	b.report.Files += f.files
	b.report.Refused += f.refused
	if f.digest == "" {
		hash := sha256.New()
		for _, text := range f.texts {
			_, _ = hash.Write(layout.AppendString(nil, layout.View(text)))
		}
		f.digest = hex.EncodeToString(hash.Sum(nil))
	}
	b.addFeed(Feed{Name: "osv/" + f.ecosystem, File: f.file, Date: unixTime(f.newest), Records: f.files - f.refused, Refused: f.refused, Digest: f.digest})
	return nil
}

// maxBeside bounds what the cache keeps of records that were not taken up, as
// another one has their id: the database does not bound it.
const maxBeside = 64 << 20

// retain keeps a record for the cache that is to be written: its text lies in the
// database if it was taken up, else beside it.
func (b *builder) retain(f *feed, it *item, where textPlace, taken bool) {
	if !b.keep || b.lost != nil {
		f.items = nil
		return
	}
	if !taken {
		if b.beside += int64(len(it.compact)) + int64(it.text.size) + cacheRow; b.beside > maxBeside {
			b.lost = fmt.Errorf("the records that the database does not take up have more than %d bytes", int64(maxBeside))
			return
		}
	}
	if f.items == nil {
		f.items = make([]item, 0, max(f.members, len(f.kept.items())))
	}
	text := it.text
	switch {
	case taken:
		text.fresh, text.cached, text.place = nil, true, where
	case text.cached:
		plain, err := b.texts.cache.text(text.place, text.size)
		if err != nil {
			b.lost = err
			return
		}
		text.fresh, text.cached = append([]byte(nil), plain...), false
	default:
		text.fresh = append([]byte(nil), text.fresh...)
	}
	f.items = append(f.items, item{key: it.key, compact: it.compact, text: text})
}
