// SPDX-License-Identifier: Apache-2.0

package update

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// facts are what a check finds in a file.
type facts struct {
	records int
	newest  time.Time // not after the day of the update; zero: the file says none
}

// checking is a file that is to be checked.
type checking struct {
	ctx  context.Context
	path string
	asOf time.Time
}

// conversion makes a feed's files of what was fetched.
type conversion struct {
	ctx    context.Context
	feed   *feed
	source string // file or folder
	create func(name string) (*spool, error)
	made   []*spool
	say    func(string)
}

// file begins a file of the feed.
func (c *conversion) file(name string) (*spool, error) {
	s, err := c.create(name)
	if err == nil {
		c.made = append(c.made, s)
	}
	return s, err
}

func openFile(name string) (*os.File, error) { return os.Open(name) }

// bringFeed brings a feed that is not OSV's.
func (u *updater) bringFeed(ctx context.Context, f *feed, item *Item) error {
	where, ok := u.locate(f.name)
	if !ok {
		return &absentError{fmt.Sprintf("nobody publishes it in a form that can be used: name a copy with --source %s=URL or FILE, or a mirror with --from", f.name)}
	}
	u.mu.Lock()
	have, intact := u.place.state.Feeds[f.name]
	u.mu.Unlock()
	c := &conversion{ctx: ctx, feed: f, create: u.place.create, say: func(words string) {
		if item.Words != "" {
			item.Words += "; "
		}
		item.Words += words
	}}
	defer func() {
		for _, s := range c.made {
			s.discard()
		}
	}()
	var got answer
	var err error
	switch {
	case !where.remote():
		err = u.fromDisk(c, where, item)
	case where.mirror:
		got, err = u.fromMirror(c, where, &have, intact, item)
	default:
		got, err = u.fromPublisher(c, where, &have, intact, item)
	}
	if err != nil {
		return err
	}
	if got.unchanged {
		item.State = Unchanged
		return nil
	}
	return u.takeFeed(c, where, got, item)
}

// fromMirror fetches the feed's files as they are. Only the first has validators:
// a mirror writes both of a pair on one day.
func (u *updater) fromMirror(c *conversion, where location, have *feedState, intact bool, item *Item) (answer, error) {
	var first answer
	for i, t := range c.feed.files {
		r := request{url: join(where.place, t.path), limit: c.feed.limit, progress: func(done, total int64) { u.tell(c.feed.name, done, total) }}
		if intact && len(c.feed.files) == 1 && have.Place == fingerprint(where.place) {
			r.etag, r.modified = have.ETag, have.Modified
		}
		s, err := c.file(t.path)
		if err != nil {
			return answer{}, err
		}
		got, err := u.client.get(c.ctx, r, s)
		item.Bytes += got.bytes
		if isAbsent(err) {
			s.discard()
			c.made = slices.DeleteFunc(c.made, func(other *spool) bool { return other == s })
			continue
		}
		if err != nil || got.unchanged {
			return got, err
		}
		if i == 0 {
			first = got
		}
	}
	if len(c.made) == 0 {
		return answer{}, &absentError{fmt.Sprintf("%s does not have %s", shown(where.place), c.feed.files[0].path)}
	}
	return first, nil
}

// fromPublisher fetches what the publisher serves and makes the feed's files of it.
func (u *updater) fromPublisher(c *conversion, where location, have *feedState, intact bool, item *Item) (answer, error) {
	r := request{url: where.place, limit: c.feed.limit, progress: func(done, total int64) { u.tell(c.feed.name, done, total) }}
	if intact && have.Place == fingerprint(where.place) {
		r.etag, r.modified = have.ETag, have.Modified
	}
	raw, err := u.place.create("fetched")
	if err != nil {
		return answer{}, err
	}
	defer raw.discard()
	got, err := u.client.get(c.ctx, r, raw)
	item.Bytes = got.bytes
	if err != nil || got.unchanged {
		return got, err
	}
	c.source = raw.path()
	if err := c.feed.convert(c); err != nil {
		return answer{}, fmt.Errorf("what %s serves is refused: %w%s", shown(where.place), err, htmlHint(c.source))
	}
	return got, nil
}

// fromDisk takes a feed from a folder in the mirror's layout, or from a file or
// folder of the publisher's.
func (u *updater) fromDisk(c *conversion, where location, item *Item) error {
	if !where.mirror {
		if _, err := os.Stat(where.place); err != nil {
			return err
		}
		c.source = where.place
		if err := c.feed.convert(c); err != nil {
			return fmt.Errorf("%q is refused: %w", where.place, err)
		}
		return nil
	}
	for i := range c.feed.files {
		t := &c.feed.files[i]
		for _, name := range append([]string{t.path}, t.other...) {
			path := filepath.Join(where.place, filepath.FromSlash(name))
			switch {
			case isFile(path):
				if err := u.takeFile(c, t.path, path, item); err != nil {
					return err
				}
			case isFolder(path):
				c.source = path
				if err := c.feed.convert(c); err != nil {
					return fmt.Errorf("%q is refused: %w", path, err)
				}
			default:
				continue
			}
			break
		}
	}
	if len(c.made) == 0 {
		return &absentError{fmt.Sprintf("%q does not have %s", where.place, c.feed.files[0].path)}
	}
	return nil
}

// takeFile copies a file of the mirror, compressed if the layout has it so.
func (u *updater) takeFile(c *conversion, name, path string, item *Item) error {
	s, err := c.file(name)
	if err != nil {
		return err
	}
	if strings.HasSuffix(name, ".gz") && !strings.HasSuffix(path, ".gz") {
		return compressFile(s, path, c.feed.limit)
	}
	n, err := copyFile(c.ctx, s, path, c.feed.limit)
	item.Bytes += n
	return err
}

// takeFeed checks the files that were made, compares them with the old ones and puts them in
// their places.
func (u *updater) takeFeed(c *conversion, where location, got answer, item *Item) error {
	u.mu.Lock()
	have := u.place.state.Feeds[c.feed.name]
	u.mu.Unlock()
	lost := 0
	next := feedState{Place: fingerprint(where.place), From: shown(where.place), ETag: got.etag, Modified: got.modified, Files: map[string]string{}}
	same := true
	for _, s := range c.made {
		i := slices.IndexFunc(c.feed.files, func(t target) bool { return t.path == s.name })
		if i < 0 {
			return fmt.Errorf("%s is no file of the feed", s.name)
		}
		check := c.feed.files[i].check
		if packed, err := isGzip(s.path()); err != nil || packed != strings.HasSuffix(s.name, ".gz") {
			return fmt.Errorf("%s from %s is refused: compressed where it should not be, or not where it should%s", s.name, shown(where.place), htmlHint(s.path()))
		}
		found, err := check(&checking{c.ctx, s.path(), u.AsOf})
		if err != nil {
			return fmt.Errorf("%s from %s is refused: %w%s", s.name, shown(where.place), err, htmlHint(s.path()))
		}
		fewer, err := u.compare(c.ctx, s.name, check, found)
		if err != nil && (!u.AllowOlder || c.ctx.Err() != nil) {
			return err
		} else if err != nil {
			c.say("went back, as --allow-downgrade insists: " + err.Error())
		}
		lost += fewer
		next.Records += found.records
		if found.newest.After(next.Newest) {
			next.Newest = found.newest
		}
		sum, err := digest(s.path())
		if err != nil {
			return err
		}
		old, err := digest(u.place.path(s.name))
		same = same && err == nil && old == sum
	}
	if have.Place == next.Place && len(c.made) == len(have.Files) && !u.AllowOlder {
		if err := shrinks(have.Peak, next.Records); err != nil {
			return err
		}
	}
	if lost > few(next.Records+lost) {
		item.Loss = true
		c.say(fmt.Sprintf("%d of %d records are gone", lost, next.Records+lost))
	}
	if !same {
		for _, s := range c.made {
			if err := u.place.keep(s.name); err != nil {
				return err
			}
		}
		for _, s := range c.made {
			if err := u.place.commit(s); err != nil {
				return err
			}
		}
	}
	var names []string
	for _, t := range c.feed.files {
		if !isFile(u.place.path(t.path)) {
			continue
		}
		names = append(names, t.path)
		if !slices.ContainsFunc(c.made, func(s *spool) bool { return s.name == t.path }) {
			item.Partial = true
			c.say(t.path + " did not come: the old copy of it stays")
		}
	}
	item.State = Updated
	if same {
		item.State = Unchanged
	}
	return u.record(c.feed.name, next, names)
}

// compare refuses what is older than the file that is there, or has lost most of
// it, and tells how many records fewer it has.
func (u *updater) compare(ctx context.Context, name string, check func(*checking) (facts, error), next facts) (fewer int, err error) {
	path := u.place.path(name)
	if !isFile(path) {
		return 0, nil
	}
	old, err := check(&checking{ctx, path, u.AsOf})
	if err != nil {
		return 0, ctx.Err() // what cannot be read has nothing to lose
	}
	fewer = max(old.records-next.records, 0)
	if next.newest.Before(old.newest) {
		ends := "states no date"
		if !next.newest.IsZero() {
			ends = "ends " + day(next.newest)
		}
		return fewer, fmt.Errorf("%s %s and our copy ends %s: an older state is refused%s", name, ends, day(old.newest), insist)
	}
	return fewer, shrinks(old.records, next.records)
}

// takeOne takes one file as it is, compressed if the layout has it so.
func takeOne(c *conversion) error {
	if isFolder(c.source) {
		return errors.New("it is a folder; name a file")
	}
	name := c.feed.files[0].path
	s, err := c.file(name)
	if err != nil {
		return err
	}
	packed, err := isGzip(c.source)
	switch {
	case err != nil:
		return err
	case packed && !strings.HasSuffix(name, ".gz"):
		text, err := readAll(c.source)
		if err != nil {
			return err
		}
		_, err = s.Write(text)
		return err
	case !packed && strings.HasSuffix(name, ".gz"):
		return compressFile(s, c.source, c.feed.limit)
	}
	_, err = copyFile(c.ctx, s, c.source, c.feed.limit)
	return err
}

func isGzip(name string) (bool, error) {
	magic, err := firstBytes(name)
	return magic == "\x1f\x8b", err
}

func isZip(name string) (bool, error) {
	magic, err := firstBytes(name)
	return magic == "PK", err
}

func firstBytes(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	b := make([]byte, 2)
	n, err := io.ReadFull(f, b)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return string(b[:n]), err
}
