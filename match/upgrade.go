// SPDX-License-Identifier: Apache-2.0

package match

import (
	"fmt"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/version"
	"github.com/medsbom/medsbom/vulndb"
)

// maxCandidates bounds the versions that Upgrade tries.
const maxCandidates = 64

// maxKept bounds the entries of a package that Upgrade reads once; the others it
// reads for each version that it tries.
const maxKept = 64

// Upgrade returns the lowest version above that of p which no advisory of the
// database affects, "" if none is known. It starts from the fixes of what was
// found and goes on to the fixes of what still holds them: the end of one range
// may lie in another, and a branch that was given up ends where no release is.
func (m *Matcher) Upgrade(p purl.Package, fixes []string) (string, error) {
	scheme, ok := version.SchemeOf(p.Ecosystem)
	if !ok {
		return "", nil
	}
	git := p.Ecosystem == vulndb.GitEcosystem
	if git {
		p.Version = version.TagVersion(vulndb.Project(p.Name), p.Version)
	}
	current := newCandidate(scheme, p.Version)
	pkg, found := m.db.Package(p.Ecosystem, p.Name)
	if !found || !current.comparable {
		return "", nil
	}
	var open []candidate
	tried := make(map[string]bool)
	add := func(fix string) {
		if tried[fix] || IsPlaceholder(fix) {
			return
		}
		tried[fix] = true
		if c := newCandidate(scheme, fix); c.comparable && c.parsed.Compare(current.parsed) > 0 {
			open = append(open, c)
		}
	}
	for _, fix := range fixes {
		add(fix)
	}
	if len(open) == 0 {
		return "", nil
	}
	relevant := func(e *vulndb.Entry) bool {
		return e.Release == p.Release && !e.CustomRanges && m.db.Advisory(e.Advisory).Kind != vulndb.Informational
	}
	kept, _ := m.entries.Get().(*[]vulndb.Entry)
	if kept == nil {
		kept = new([]vulndb.Entry)
	}
	defer m.entries.Put(kept)
	entries, next, err := keepEntries((*kept)[:0], pkg, relevant)
	*kept = entries
	if err != nil {
		return "", fmt.Errorf("looking up %s %q: %w", p.Ecosystem, p.Name, err)
	}
	var other vulndb.Entry // the one at hand of those that are not kept
	for len(open) > 0 && len(tried) <= maxCandidates {
		slices.SortFunc(open, func(a, b candidate) int { return a.parsed.Compare(b.parsed) })
		c := open[0]
		open = open[1:]
		clean := true
		var r revision
		if git {
			var err error
			if r, err = newRevision(pkg, &purl.Package{Name: p.Name, Version: c.text}); err != nil {
				return "", fmt.Errorf("looking up %.120q: %w", p.Name, err)
			}
		}
		for i := range len(entries) + pkg.Len() - next {
			entry := &other
			if i < len(entries) {
				entry = &entries[i]
			} else if err := pkg.Entry(next+i-len(entries), entry); err != nil {
				return "", fmt.Errorf("looking up %s %q: %w", p.Ecosystem, p.Name, err)
			} else if !relevant(entry) {
				continue
			}
			v := verdict{}
			if git {
				judged, err := evaluateTags(&r, entry)
				if err != nil {
					return "", fmt.Errorf("looking up %.120q: %w", p.Name, err)
				}
				v = judged.verdict
			} else {
				v = evaluate(&c, entry)
			}
			if v.affected {
				clean = false
				if v.fixed != "" {
					add(v.fixed)
				}
			}
		}
		if clean {
			return c.text, nil
		}
	}
	return "", nil
}

// keepEntries reads the relevant entries of a package into kept, of which it uses
// the memory, until there are maxKept; next is the first that was not read.
func keepEntries(kept []vulndb.Entry, pkg vulndb.Package, relevant func(*vulndb.Entry) bool) (entries []vulndb.Entry, next int, err error) {
	for ; next < pkg.Len() && len(kept) < maxKept; next++ {
		n := len(kept)
		if n == cap(kept) {
			kept = append(kept, vulndb.Entry{})
		}
		kept = kept[:n+1]
		if err := pkg.Entry(next, &kept[n]); err != nil {
			return kept, next, err
		}
		if !relevant(&kept[n]) {
			kept = kept[:n]
		}
	}
	return kept, next, nil
}

// IsPlaceholder tells a "fixed" version that stands for "never": some records
// end an open range at 999.999.999 or 1.999, where no release is.
func IsPlaceholder(fix string) bool {
	last := fix[strings.LastIndexByte(fix, '.')+1:]
	return len(last) >= 3 && strings.Trim(last, "9") == ""
}
