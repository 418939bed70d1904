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
}

// maxSources bounds the files of the feeds.
const maxSources = 1 << 18

// hashSources opens and hashes all sources, some at a time. Size and time of a
// file would be cheaper to compare, but a copy that is made anew every day has new
// times, and one that is restored has old ones: only its digest, which the
// database names anyway, tells that it is the same.
func hashSources(ctx context.Context, from string, feeds []*feed, jobs int) ([]source, error) {
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
	var wait sync.WaitGroup
	for range jobs {
		wait.Go(func() {
			for i := int(next.Add(1) - 1); i < len(list) && ctx.Err() == nil; i = int(next.Add(1) - 1) {
				if i < len(feeds) {
					f := feeds[i]
					if err := f.hash(); err != nil {
						errs[i] = fmt.Errorf("reading %s: %w", f.file, err)
					}
					list[i] = source{f.file, f.size, f.digest}
					continue
				}
				errs[i] = list[i].hash(from)
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

func (s *source) hash(from string) error {
	f, err := openRegular(filepath.Join(from, filepath.FromSlash(s.File)))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read from
	hash := sha256.New()
	if s.Size, err = io.Copy(hash, f); err != nil {
		return fmt.Errorf("reading %s: %w", s.File, err)
	}
	s.Digest = hex.EncodeToString(hash.Sum(nil))
	return nil
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
	if !slices.Equal(h.Sources, sources) || asOf < h.AsOf {
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
