// SPDX-License-Identifier: Apache-2.0

package update

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/internal/durable"
	"github.com/medsbom/medsbom/vulndb/build"
)

// What a check lets pass the build may still refuse, and then one feed would keep
// all others from becoming newer. So the copy that a new one replaces is kept in
// this folder until a database has been made of the new one.
const previousFolder = "previous"

// keep keeps the file of a name that is about to be replaced. One that is kept
// already stays: no database was made of what came after it.
func (p *place) keep(name string) error {
	from, to := p.path(name), p.path(path.Join(previousFolder, name))
	if !isFile(from) || isFile(to) {
		return nil
	}
	return durable.Link(from, to, nil)
}

// follow makes next the state of a feed, with that of the copy that is kept.
func (s *state) follow(feed string, next feedState) {
	if have, ok := s.Feeds[feed]; ok {
		if next.Before = have.Before; next.Before == nil && !sameFiles(have.Files, next.Files) {
			next.Before = &have
		}
	}
	s.Feeds[feed] = next
}

func sameFiles(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for name, sum := range a {
		if b[name] != sum {
			return false
		}
	}
	return true
}

// settle forgets the copies before, as a database was made of those that are there.
func (p *place) settle() error {
	folder := p.path(previousFolder)
	if !isFolder(folder) {
		return nil
	}
	for _, name := range sortedKeys(p.state.Feeds) {
		s := p.state.Feeds[name]
		s.Before = nil
		p.state.Feeds[name] = s
	}
	// The state first: without the folder it would speak of what is gone.
	return errors.Join(p.saveState(), os.RemoveAll(folder))
}

// build makes a database of the feeds. A feed that it refuses goes back to the
// copy before, or goes, and is said not to have come.
func (u *updater) build(ctx context.Context) (*build.Report, error) {
	for {
		made, err := build.Build(ctx, build.Options{From: u.place.dir, Out: u.place.staging(), AsOf: u.AsOf})
		source, ok := errors.AsType[*build.SourceError](err)
		if !ok || ctx.Err() != nil {
			return made, err
		}
		if _, disk := errors.AsType[*fs.PathError](err); disk {
			return made, err // not the fault of what is in it
		}
		if back, err := u.goBack(source); err != nil || !back {
			return made, errors.Join(source, err)
		}
	}
}

// goBack puts the copy before of a feed in its place; without one the copy that is
// there is removed. It reports whether anything could be done.
func (u *updater) goBack(refused *build.SourceError) (bool, error) {
	feed, files := filesOf(refused.File)
	restored, gone := false, false
	for _, name := range files {
		now, before := u.place.path(name), u.place.path(path.Join(previousFolder, name))
		restored = restored || isFile(before)
		gone = gone || isFile(now)
	}
	if !restored && !gone {
		return false, nil
	}
	for _, name := range files {
		now, before := u.place.path(name), u.place.path(path.Join(previousFolder, name))
		err := error(nil)
		switch {
		case isFile(before):
			err = os.Rename(before, now)
		case isFile(now):
			err = os.Remove(now)
		}
		if err != nil {
			return false, err
		}
	}
	s, known := u.place.state.Feeds[feed]
	delete(u.place.state.Feeds, feed)
	item := u.itemOf(feed)
	*item = Item{Name: feed, State: Missing, Bytes: item.Bytes, Words: fmt.Sprintf("what came passes as it is, but no database can be made with it: %v", refused)}
	if restored {
		item.State = Kept
		if known && s.Before != nil {
			item.Date, item.Records = s.Before.Newest, s.Before.Records
			u.place.state.Feeds[feed] = *s.Before
		}
	}
	return true, u.place.saveState()
}

func (u *updater) itemOf(feed string) *Item {
	i := slices.IndexFunc(u.report.Items, func(item Item) bool { return item.Name == feed })
	if i < 0 {
		i = len(u.report.Items)
		u.report.Items = append(u.report.Items, Item{Name: feed})
	}
	return &u.report.Items[i]
}

// filesOf finds the feed that a file or folder of the layout belongs to, and all
// files of that.
func filesOf(file string) (feed string, names []string) {
	if ecosystem, ok := strings.CutPrefix(path.Dir(file), osvFeed+"/"); ok && filepath.IsLocal(ecosystem) {
		return osvFeed + "/" + ecosystem, []string{zipOf(ecosystem), listOf(ecosystem)}
	}
	for i := range feeds {
		for _, t := range feeds[i].files {
			if t.path == file || path.Dir(t.path) == file {
				feed = feeds[i].name
			}
		}
		if feed != "" {
			for _, t := range feeds[i].files {
				names = append(names, t.path)
			}
			return feed, names
		}
	}
	return "", nil
}
