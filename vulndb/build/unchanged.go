// SPDX-License-Identifier: Apache-2.0

package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/medsbom/medsbom/vulndb"
)

// source is a file that a build reads.
type source struct {
	File   string // relative to Options.From
	Size   int64
	Digest string // SHA-256, hexadecimal

	state fileState // before it was hashed
}

// same reports a source of the same name and content.
func (s source) same(o source) bool {
	return s.File == o.File && s.Size == o.Size && s.Digest == o.Digest
}

// maxSources bounds the files of the feeds.
const maxSources = 1 << 18

// hashSources opens and hashes all sources, some at a time, but for those that the
// cache has seen as they are. Sizes and times of modification do not tell: a copy
// that is made anew every day has new ones, and one that is restored has old ones.
// What differs in anything is hashed, and then its digest, which the database names
// anyway, tells whether it is the same. As soon as one source is another, so that the
// body of the cache will be needed, one of those that hash reads it, beside the others.
func hashSources(ctx context.Context, from string, feeds []*feed, jobs int, c *cache) ([]source, error) {
	names, err := feedFiles(from)
	if err != nil {
		return nil, err
	}
	files := make([]source, len(names))
	for i, name := range names {
		files[i].File = name
	}
	list := make([]source, len(feeds), len(feeds)+len(files))
	list = append(list, files...)
	errs := make([]error, len(list))
	var next atomic.Int32
	var loading atomic.Bool
	var wait sync.WaitGroup
	for range jobs {
		wait.Go(func() {
			for i := int(next.Add(1) - 1); i < len(list) && ctx.Err() == nil; i = int(next.Add(1) - 1) {
				if i < len(feeds) {
					list[i], errs[i] = feeds[i].source(c)
				} else {
					errs[i] = list[i].hash(from, c)
				}
				if c != nil && errs[i] == nil && !c.head.has(&list[i]) && loading.CompareAndSwap(false, true) {
					_ = c.load() // which says it again
				}
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(list, func(a, b source) int { return strings.Compare(a.File, b.File) })
	return list, ctx.Err()
}

// source gives the source that the zip of a feed is.
func (f *feed) source(c *cache) (source, error) {
	if s, ok := c.known(f.file, f.path); ok {
		f.size, f.digest = s.Size, s.Digest
		return s, nil
	}
	if err := f.hash(); err != nil {
		return source{}, fmt.Errorf("reading %s: %w", f.file, err)
	}
	return source{f.file, f.size, f.digest, f.state}, nil
}

func (s *source) hash(from string, c *cache) error {
	path := filepath.Join(from, filepath.FromSlash(s.File))
	if known, ok := c.known(s.File, path); ok {
		*s = known
		return nil
	}
	f, err := openRegular(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read from
	if s.state, err = settled(f); err != nil {
		return err
	}
	hash := sha256.New()
	if s.Size, err = io.Copy(hash, f); err != nil {
		return fmt.Errorf("reading %s: %w", s.File, err)
	}
	s.Digest = hex.EncodeToString(hash.Sum(nil))
	return nil
}

// has reports a source of the cache. Sources are sorted by their names, and where those
// of a cache are not it has none.
func (h *cacheHead) has(s *source) bool {
	i, found := slices.BinarySearchFunc(h.Sources, s.File, func(s source, file string) int { return strings.Compare(s.File, file) })
	return found && h.Sources[i].same(*s)
}

// holdsOn reports whether the records of the cache are those of a build on another
// day: no more and no fewer of them are withdrawn.
func (h *cacheHead) holdsOn(asOf int64) bool {
	return asOf >= h.AsOf && (h.NextWithdrawal == 0 || asOf < h.NextWithdrawal)
}

// unchanged reports whether a build would give the database that is in place,
// which it checks: it is the one that the cache tells of, and whole.
func (c *cache) unchanged(sources []source, asOf int64, out string) bool {
	h := &c.head
	if !slices.EqualFunc(h.Sources, sources, source.same) || asOf < h.AsOf {
		return false
	}
	// A date that was in the future then may not be now.
	if h.NextDate != 0 && asOf >= h.NextDate {
		return false
	}
	db, err := vulndb.Open(out)
	if err != nil {
		return false
	}
	defer func() { _ = db.Close() }() // only read from
	return db.Info().Digest == h.Database && db.Intact() == nil
}
