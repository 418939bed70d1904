// SPDX-License-Identifier: Apache-2.0

package build

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/version"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// tag is a tag of a repository, as version.TagVersion writes it.
type tag struct {
	text string
	v    *versionText
}

type tagName struct {
	pkg  uint32
	text string
}

// maxRepositories bounds the repositories of one entry: its tags are kept for
// each. Real ones have two at most.
const maxRepositories = 16

// addRepositories files an entry under the repositories of its GIT ranges.
func (c *collector) addRepositories(f *feed, rec *record, a *affected, number uint32) error {
	var done []uint32
	for i := range a.ranges {
		if a.ranges[i].kind != vulndb.Git {
			continue
		}
		repo := purl.Repository(a.ranges[i].repo)
		if repo == "" || len(repo) > layout.MaxName {
			c.odd(f, rec.id, fmt.Sprintf("a GIT range without the address of a repository (%.80q)", a.ranges[i].repo))
			continue
		}
		pkg, o, err := c.pkg(f, vulndb.GitEcosystem, repo)
		if err != nil {
			return err
		}
		if slices.Contains(done, pkg) {
			continue
		}
		if len(done) == maxRepositories {
			c.odd(f, rec.id, fmt.Sprintf("an entry of more than %d repositories, the others are left out", maxRepositories))
			break
		}
		done = append(done, pkg)
		if err := c.putTags(f, rec, o, entry{advisory: number, pkg: pkg, git: true}, a, repo); err != nil {
			return err
		}
	}
	return nil
}

// ownVersions reports whether the versions of an entry are those of the project
// in a repository. A package of another name may have versions of its own, as
// those of PyPI that repair what an interpreter does.
func ownVersions(a *affected, project string) bool {
	if !a.hasPackage || a.ecosystem == "OSS-Fuzz" {
		return true
	}
	name := a.name[strings.LastIndexAny(a.name, "/:")+1:]
	return bareName(name) == bareName(project)
}

// bareName folds what spellings of one project's name differ in.
func bareName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r == '-' || r == '_' || r == '.':
			return -1
		}
		return r
	}, s)
	return s
}

// putTags files an entry under one repository. Its body is the ranges alone, to
// which encodeTags adds the tags.
func (c *collector) putTags(f *feed, rec *record, o *order, e entry, a *affected, repo string) error {
	project := vulndb.Project(repo)
	own := ownVersions(a, project)
	var ranges []eventRange
	for _, g := range a.ranges {
		if g.kind == vulndb.Git && purl.Repository(g.repo) == repo || g.kind != vulndb.Git && own {
			ranges = append(ranges, g)
		}
	}
	body, _, err := c.encodeRanges(f, rec, o, ranges)
	if err != nil {
		return err
	}
	c.scratch = body
	if len(c.gitRanges) > 1<<31 {
		return fmt.Errorf("more than 2 GiB of entries")
	}
	e.body, e.size = uint32(len(c.gitRanges)), uint32(len(body))
	c.gitRanges = append(c.gitRanges, body...)
	e.tags.from = uint32(len(c.listed))
	if own {
		for _, text := range a.versions {
			text = version.TagVersion(project, text)
			if text == "" || len(text) > layout.MaxText {
				c.odd(f, rec.id, fmt.Sprintf("a listed version of %d bytes, left out", len(text)))
				continue
			}
			c.listed = append(c.listed, c.tag(o, e.pkg, text))
		}
	}
	e.tags.to = uint32(len(c.listed))
	c.entries = append(c.entries, e)
	return nil
}

// tag numbers a tag of a repository.
func (c *collector) tag(o *order, pkg uint32, text string) uint32 {
	if n, ok := c.tagNumbers[tagName{pkg, text}]; ok {
		return n
	}
	n := uint32(len(c.tags))
	text = strings.Clone(text)
	c.tags = append(c.tags, tag{text: text, v: c.version(o, text)})
	c.tagNumbers[tagName{pkg, text}] = n
	return n
}

func (t *tag) compare(u *tag) int {
	switch {
	case t.v.key != nil && u.v.key != nil:
		return bytes.Compare(t.v.key, u.v.key)
	case t.v.key != nil:
		return -1
	case u.v.key != nil:
		return 1
	}
	return strings.Compare(t.text, u.text)
}

// encodeTags orders the tags of each repository, adds to the bodies of its
// entries which of them they list, and gives the offsets of the tags' versions
// by package. Of tags with one key the shortest text stands for all.
func (b *builder) encodeTags() (map[uint32][]uint32, error) {
	lists := map[uint32][]uint32{} // tags by package, then offsets in Versions
	for i := range b.entries {
		e := &b.entries[i]
		if !e.git || !b.live(i) {
			continue
		}
		b.report.RepositoryEntries++
		lists[e.pkg] = append(lists[e.pkg], b.listed[e.tags.from:e.tags.to]...)
	}
	b.report.Repositories = len(lists)
	at := make([]uint32, len(b.tags)) // in the order of its repository
	for pkg := range b.packages {
		list := lists[uint32(pkg)]
		slices.SortFunc(list, func(x, y uint32) int {
			t, u := &b.tags[x], &b.tags[y]
			return cmp.Or(t.compare(u), len(t.text)-len(u.text), strings.Compare(t.text, u.text))
		})
		kept := list[:0]
		var last *tag
		for _, n := range list {
			t := &b.tags[n]
			if last == nil || last.compare(t) != 0 {
				last = t
				offset, err := b.ref(t.v, t.text)
				if err != nil {
					return nil, err
				}
				at[n] = uint32(len(kept))
				kept = append(kept, offset)
				continue
			}
			at[n] = uint32(len(kept) - 1)
		}
		if len(kept) > 0 {
			lists[uint32(pkg)] = kept
		}
	}
	for i := range b.entries {
		e := &b.entries[i]
		if !e.git || !b.live(i) {
			continue
		}
		positions := b.listed[e.tags.from:e.tags.to]
		for j, n := range positions {
			positions[j] = at[n]
		}
		slices.Sort(positions)
		body := append(b.scratch[:0], b.gitRanges[e.body:e.body+e.size]...)
		body = appendIntervals(body, slices.Compact(positions))
		b.scratch = body
		var err error
		if e.body, err = b.fileBody(body); err != nil {
			return nil, err
		}
		e.size = uint32(len(body))
	}
	return lists, nil
}

// appendIntervals encodes ascending positions: how many intervals, and of each
// how many positions are left out before it and how many it has.
func appendIntervals(dst []byte, positions []uint32) []byte {
	n := 0
	for i, p := range positions {
		if i == 0 || p != positions[i-1]+1 {
			n++
		}
	}
	dst = binary.AppendUvarint(dst, uint64(n))
	for i, end := 0, uint32(0); i < len(positions); {
		from := i
		for i++; i < len(positions) && positions[i] == positions[i-1]+1; i++ {
		}
		dst = binary.AppendUvarint(dst, uint64(positions[from]-end))
		dst = binary.AppendUvarint(dst, uint64(i-from))
		end = positions[i-1] + 1
	}
	return dst
}
