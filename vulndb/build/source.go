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
	"path/filepath"
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

	opened  *os.File
	digest  string
	files   int
	refused int
	reason  error // of the first refusal
	newest  stamp
	future  int // records dated after the build
}

// findZips finds the ecosystems under a folder, sorted by name.
func findZips(from string) ([]*feed, error) {
	for _, under := range []string{"osv", ""} {
		names, err := os.ReadDir(filepath.Join(from, under)) // sorted
		if err != nil {
			if under != "" && errors.Is(err, os.ErrNotExist) {
				continue
			}
			return nil, err
		}
		var feeds []*feed
		for _, entry := range names {
			path := filepath.Join(from, under, entry.Name(), "all.zip")
			if stat, err := os.Stat(path); err != nil || !stat.Mode().IsRegular() {
				continue
			}
			file := filepath.ToSlash(filepath.Join(under, entry.Name(), "all.zip"))
			feeds = append(feeds, &feed{ecosystem: entry.Name(), file: file, path: path})
		}
		if len(feeds) > 0 {
			return feeds, nil
		}
	}
	return nil, fmt.Errorf("no OSV zip in %q: it needs osv/<Ecosystem>/all.zip or <Ecosystem>/all.zip", from)
}

// batch is some records of a feed on their way through a worker.
type batch struct {
	feed    *feed
	last    bool // of its feed
	members []*zip.File
	texts   [][]byte

	records []record
	arena   []byte // texts of the records
	printed []byte // their cold texts
	done    chan struct{}
}

// Bounds of a batch.
const (
	batchRecords = 256
	batchBytes   = 1 << 20
)

// read takes all records of all feeds, in order: workers unpack and parse
// batches, this goroutine files them.
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
		for _, f := range feeds {
			if cutting = f.cut(ctx, free, func(one *batch) {
				ordered <- one
				work <- one
			}); cutting != nil {
				return
			}
		}
	})
	for range jobs {
		wg.Go(func() {
			reader := jsonpull.New(nil, jsonpull.Limits{Depth: 64, String: maxMember})
			for one := range work {
				one.parse(ctx, reader)
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
	return err
}

// cut opens the feed and hands out its batches. The last one is handed out also
// if it is empty.
func (f *feed) cut(ctx context.Context, free <-chan *batch, hand func(*batch)) error {
	next := func() *batch {
		one := new(batch)
		select {
		case one = <-free:
		default:
		}
		*one = batch{feed: f, records: one.records[:0], arena: one.arena[:0], printed: one.printed[:0], done: make(chan struct{})}
		return one
	}
	if f.path == "" {
		one := next()
		one.texts, one.last = f.texts, true
		hand(one)
		return nil
	}
	members, err := f.open()
	if err != nil {
		return fmt.Errorf("reading %s: %w", f.file, err)
	}
	one, size := next(), uint64(0)
	for _, m := range members {
		if len(one.members) == batchRecords || (len(one.members) > 0 && size+m.UncompressedSize64 > batchBytes) {
			if err := ctx.Err(); err != nil {
				return err
			}
			hand(one)
			one, size = next(), 0
		}
		one.members = append(one.members, m)
		if m.UncompressedSize64 <= maxMember {
			size += m.UncompressedSize64
		}
	}
	one.last = true
	hand(one)
	return nil
}

// open opens the zip, hashes it and lists the members that are files.
func (f *feed) open() ([]*zip.File, error) {
	var err error
	if f.opened, err = os.Open(f.path); err != nil {
		return nil, err
	}
	hash := sha256.New()
	size, err := io.Copy(hash, f.opened)
	if err != nil {
		return nil, err
	}
	f.digest = hex.EncodeToString(hash.Sum(nil))
	z, err := zip.NewReader(f.opened, size)
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

// parse unpacks and parses the records of a batch.
func (one *batch) parse(ctx context.Context, reader *jsonpull.Reader) {
	if ctx.Err() != nil {
		return
	}
	need := uint64(0)
	for _, m := range one.members {
		if m.UncompressedSize64 <= maxMember {
			need += m.UncompressedSize64
		}
	}
	if uint64(cap(one.arena)) < need {
		one.arena = make([]byte, 0, max(need, batchBytes))
	}
	table := crc32.IEEETable
	for i := range max(len(one.members), len(one.texts)) {
		var rec *record
		one.records, rec = extend(one.records)
		rec.reset()
		var text []byte
		if one.texts != nil {
			text = one.texts[i]
			rec.fingerprint = fingerprint{crc32.Checksum(text, table), len(text)}
		} else if text, rec.err = one.unpack(one.members[i]); rec.err == nil {
			rec.fingerprint = fingerprint{one.members[i].CRC32, len(text)}
		}
		if rec.err == nil {
			rec.parse(text, reader)
		}
		rec.text.from = len(one.printed)
		if rec.err == nil {
			one.printed = rec.appendText(one.printed)
		}
		rec.text.to = len(one.printed)
	}
}

// unpack inflates a member into the arena and checks its size and checksum. The
// arena has room for what the members declare.
func (one *batch) unpack(m *zip.File) ([]byte, error) {
	if m.UncompressedSize64 > maxMember {
		return nil, fmt.Errorf("%d bytes, more than the limit of %d", m.UncompressedSize64, maxMember)
	}
	r, err := m.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	from := len(one.arena)
	to := from + int(m.UncompressedSize64)
	text := one.arena[from:to:to]
	if _, err := io.ReadFull(r, text); err != nil {
		return nil, err
	}
	// The end must come now; only then has the checksum been compared.
	var more [1]byte
	if n, err := r.Read(more[:]); n > 0 || !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("does not end well after the %d bytes that it declares: %w", len(text), cmp.Or(err, zip.ErrFormat))
	}
	one.arena = one.arena[:to]
	return text, nil
}

// file takes up the records of a batch.
func (b *builder) file(one *batch) error {
	f := one.feed
	for i := range one.records {
		rec := &one.records[i]
		f.files++
		if rec.err != nil {
			f.refused++
			if f.reason == nil {
				f.reason = rec.err
			}
			member := ""
			if one.members != nil {
				member = one.members[i].Name
			}
			b.report.odd(f.file, member, "refused: "+rec.err.Error())
			continue
		}
		b.report.JSONSize += int64(rec.fingerprint.size)
		for _, t := range []stamp{rec.modified, rec.published} {
			switch {
			case !t.ok:
			case t.seconds > b.asOf:
				f.future++
			case !f.newest.ok || t.seconds > f.newest.seconds:
				f.newest = t
			}
		}
		if err := b.add(f, rec, one.printed[rec.text.from:rec.text.to]); err != nil {
			return fmt.Errorf("reading %s: record %.80q: %w", f.file, rec.id, err)
		}
	}
	if !one.last {
		return nil
	}
	f.close()
	if f.files > 0 && f.refused == f.files {
		return fmt.Errorf("reading %s: none of %d records can be read, the first: %w", f.file, f.files, f.reason)
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
