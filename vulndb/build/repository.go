// SPDX-License-Identifier: Apache-2.0

package build

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/version"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// tag is a tag of a repository, as version.TagVersion writes it.
type tag struct {
	text  string
	key   []byte // nil: not comparable
	order *versions
}

type tagName struct {
	pkg  uint32
	text string
}

// maxRepositories bounds the repositories of one entry: its tags are kept for
// each. Real ones have two at most.
const maxRepositories = 16

// addRepositories files an entry under the repositories of its GIT ranges.
func (p *compactor) addRepositories(a *affected) {
	var done []string
	for i := range a.ranges {
		if a.ranges[i].kind != vulndb.Git {
			continue
		}
		repo := purl.Repository(a.ranges[i].repo)
		if repo == "" || len(repo) > layout.MaxName {
			p.odd("a GIT range without the address of a repository (%.80q)", a.ranges[i].repo)
			continue
		}
		if slices.Contains(done, repo) {
			continue
		}
		if len(done) == maxRepositories {
			p.odd("an entry of more than %d repositories, the others are left out", maxRepositories)
			break
		}
		done = append(done, repo)
		p.putTags(a, repo)
	}
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

// putTags files an entry under one repository. Its body is the ranges, and in the
// place of listed versions the tags.
func (p *compactor) putTags(a *affected, repo string) {
	project := vulndb.Project(repo)
	own := ownVersions(a, project)
	var ranges []eventRange
	for _, g := range a.ranges {
		if g.kind == vulndb.Git && purl.Repository(g.repo) == repo || g.kind != vulndb.Git && own {
			ranges = append(ranges, g)
		}
	}
	o := p.order(vulndb.GitEcosystem)
	p.appendRanges(o, ranges)
	at, listed := len(p.body), 0
	if own {
		for _, text := range a.versions {
			text = version.TagVersion(project, text)
			if text == "" || len(text) > layout.MaxText {
				p.odd("a listed version of %d bytes, left out", len(text))
				continue
			}
			p.body = appendKey(layout.AppendString(p.body, text), o.key(text))
			listed++
		}
	}
	p.countAt(at, listed)
	p.entry(vulndb.GitEcosystem, purl.FoldName(vulndb.GitEcosystem, repo), "", layout.EntryTags, p.number(vulndb.GitEcosystem))
}

// tag numbers a tag of a repository.
func (c *collector) tag(o *versions, pkg uint32, text string, key []byte) uint32 {
	if n, ok := c.tagNumbers[tagName{pkg, text}]; ok {
		return n
	}
	n := uint32(len(c.tags))
	c.tags = append(c.tags, tag{text: text, key: key, order: o})
	c.tagNumbers[tagName{pkg, text}] = n
	return n
}

func (t *tag) compare(u *tag) int {
	switch {
	case t.key != nil && u.key != nil:
		return bytes.Compare(t.key, u.key)
	case t.key != nil:
		return -1
	case u.key != nil:
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
		if e.flags&layout.EntryTags == 0 || !b.live(i) {
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
				offset, err := b.version(t.order, t.text, t.key)
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
	filed := map[string]bodyRef{}
	for i := range b.entries {
		e := &b.entries[i]
		if e.flags&layout.EntryTags == 0 || !b.live(i) {
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
		ref, ok := filed[string(body)]
		if !ok {
			var err error
			if ref, err = b.fileBody(body); err != nil {
				return nil, err
			}
			filed[string(body)] = ref
		}
		e.body, e.size = ref.offset, ref.size
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
