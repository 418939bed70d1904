// SPDX-License-Identifier: Apache-2.0

package match

import (
	"fmt"
	"strings"

	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/version"
	"github.com/medsbom/medsbom/vulndb"
)

// A revision is a component's version, held against the tags of its source
// repository.
type revision struct {
	candidate
	pkg vulndb.Package
	// commit is true when the version is not one but the id of a commit.
	commit bool
	// at is the tag that the version is, if known; else the first above it.
	at    int
	known bool
	// doubtful is true for a version that no other of the repository looks like.
	doubtful bool
}

func newRevision(pkg vulndb.Package, p *purl.Package) (revision, error) {
	r := revision{pkg: pkg, commit: isCommit(p.Version)}
	if r.commit {
		r.text = strings.ToLower(p.Version)
		return r, nil
	}
	text := version.TagVersion(vulndb.Project(p.Name), p.Version)
	r.candidate = newCandidate(version.Upstream, text)
	if text == "" {
		return r, nil
	}
	var err error
	r.at, r.known, err = pkg.FindTag(text, r.key)
	if err == nil && hasLeadingZero(text) {
		var usual bool
		if usual, err = hasTagWithZero(pkg); !usual {
			r.known, r.comparable, r.doubtful = false, false, true
		}
	}
	return r, err
}

// isCommit tells the full id of a commit, SHA-1 or SHA-256.
func isCommit(s string) bool {
	return (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0123456789abcdefABCDEF") == ""
}

// A tagVerdict is a verdict that may also be that nothing can be said: told is
// false then, whether the entry is a candidate or not.
type tagVerdict struct {
	verdict
	told bool
}

// candidateFor is the verdict of an entry that the version cannot be held
// against.
func candidateFor(why string) tagVerdict {
	return tagVerdict{verdict: verdict{affected: true, unsure: true, words: why}}
}

// evaluateTags judges a version by an entry of a source repository: it is
// affected if it is a tag that the entry lists, or if a range of versions holds
// it; not affected if it is another of the repository's tags, or if the ranges of
// versions say so. A version that is no known tag is judged by the known ones
// below and above it, and is not affected only if the entry lists neither. Commits
// can only be the same as one that the entry names.
func evaluateTags(r *revision, e *vulndb.Entry) (tagVerdict, error) {
	hasRange := hasVersionRange(e)
	switch {
	case r.commit:
		return evaluateCommit(r.text, e), nil
	case !hasRange && len(e.Tags) == 0:
		return tagVerdict{}, nil // commits alone say nothing of any version
	case r.known && e.Lists(r.at):
		return r.listed(e)
	case !r.comparable && (hasRange || !r.known):
		return candidateFor("version not known"), nil
	}
	if hasRange {
		if v := evaluate(&r.candidate, e); v.affected || !v.unsure {
			return tagVerdict{v, !v.unsure}, nil
		}
	}
	switch {
	case r.known:
		return tagVerdict{told: true}, nil
	case len(e.Tags) == 0:
		return candidateFor("version not known"), nil
	}
	return r.between(e)
}

func hasVersionRange(e *vulndb.Entry) bool {
	for i := range e.Ranges {
		if e.Ranges[i].Kind != vulndb.Git {
			return true
		}
	}
	return false
}

// listed is the verdict of an entry that lists the version.
func (r *revision) listed(e *vulndb.Entry) (tagVerdict, error) {
	tag, err := r.pkg.Tag(r.at)
	if err != nil {
		return tagVerdict{}, err
	}
	v := verdict{affected: true, words: "= " + tag.Version}
	if hasVersionRange(e) && r.comparable {
		if in := evaluate(&r.candidate, e); in.affected && !in.unsure {
			v.fixed = in.fixed
		}
	}
	if v.fixed == "" {
		if v.fixed, err = r.above(e); err != nil {
			return tagVerdict{}, err
		}
	}
	return tagVerdict{v, true}, nil
}

// between judges a version that is no known tag by those beside it.
func (r *revision) between(e *vulndb.Entry) (tagVerdict, error) {
	above, err := r.hasTagAbove()
	if err != nil {
		return tagVerdict{}, err
	}
	under, over := r.at > 0 && e.Lists(r.at-1), above && e.Lists(r.at)
	switch {
	case !under && !over:
		return tagVerdict{told: true}, nil
	case r.at == 0 && !hasEvent(e, isBeginning), !above && hasEvent(e, isFix):
		// Before the first tag there is, of a flaw that a commit brought in; or after
		// the last, of one that has been fixed: most likely free of it, but no tag
		// tells.
		return tagVerdict{}, nil
	}
	return candidateFor("next to affected tags"), nil
}

// hasTagAbove reports a tag that can be compared above a version that is none.
func (r *revision) hasTagAbove() (bool, error) {
	if r.at >= r.pkg.Tags() {
		return false, nil
	}
	tag, err := r.pkg.Tag(r.at)
	return tag.Key != nil, err
}

// above gives the lowest known tag above the version that the entry does not list
// and that is no pre-release; "" if there is none.
func (r *revision) above(e *vulndb.Entry) (string, error) {
	if !r.comparable {
		return "", nil
	}
	for i := r.at; i < r.pkg.Tags(); i++ {
		if i == r.at && r.known || e.Lists(i) {
			continue
		}
		tag, err := r.pkg.Tag(i)
		if err != nil || tag.Key == nil {
			return "", err
		}
		if isRelease(tag.Version) {
			return tag.Version, nil
		}
	}
	return "", nil
}

// isRelease tells versions of numbers and at most two letters at the end
// (1.1.1k) from what may be a pre-release.
func isRelease(v string) bool {
	bare := strings.TrimRight(v, "abcdefghijklmnopqrstuvwxyz")
	return len(v)-len(bare) <= 2 && strings.Trim(bare, "0123456789.-") == ""
}

func hasEvent(e *vulndb.Entry, is func(*vulndb.Event) bool) bool {
	for i := range e.Ranges {
		if e.Ranges[i].Kind != vulndb.Git {
			continue
		}
		for j := range e.Ranges[i].Events {
			if is(&e.Ranges[i].Events[j]) {
				return true
			}
		}
	}
	return false
}

// isBeginning reports the beginning of all history, from which even tags
// that nobody lists are affected.
func isBeginning(ev *vulndb.Event) bool {
	return ev.Kind == vulndb.Introduced && ev.Version == "0"
}

func isFix(ev *vulndb.Event) bool { return ev.Kind == vulndb.Fixed }

// evaluateCommit judges a commit by those that the entry names: the one that
// brought the flaw in and the last that has it are affected, the one that mends
// it is not. Of all others only the history would tell.
func evaluateCommit(commit string, e *vulndb.Entry) tagVerdict {
	v := candidateFor("commits, whose order is not known")
	for i := range e.Ranges {
		r := &e.Ranges[i]
		if r.Kind != vulndb.Git {
			continue
		}
		for j := range r.Events {
			ev := &r.Events[j]
			if !strings.EqualFold(ev.Version, commit) {
				continue
			}
			if ev.Kind == vulndb.Introduced || ev.Kind == vulndb.LastAffected {
				return tagVerdict{verdict{affected: true, words: ev.Kind.String() + " " + ev.Version}, true}
			}
			v = tagVerdict{told: true}
		}
	}
	return v
}

// repository looks a source repository up and adds what affects it. It cannot
// give more than a weak judgement: the advisories of a repository are those that
// name it, which not all advisories of its project do.
func (w *worker) repository(p *purl.Package) look {
	pkg, ok := w.db.Package(p.Ecosystem, p.Name)
	if !ok {
		return lookRepositoryNotLoaded
	}
	r, err := newRevision(pkg, p)
	if err != nil {
		w.err = fmt.Errorf("looking up %.120q: %w", p.Name, err)
		return lookNotLoaded
	}
	e := &w.entry
	told, silent, tagged := 0, 0, 0
	for i := range pkg.Len() {
		v := tagVerdict{}
		err := pkg.Entry(i, e)
		if err == nil {
			v, err = evaluateTags(&r, e)
		}
		if err != nil {
			w.err = fmt.Errorf("looking up %.120q: %w", p.Name, err)
			return lookNotLoaded
		}
		ranged := hasVersionRange(e)
		switch {
		case v.told && !ranged:
			told++
			tagged++
		case v.told:
			told++
		case !ranged && len(e.Tags) == 0:
			silent++
		}
		if !v.affected {
			continue
		}
		confidence, caveat := p.Confidence, ""
		switch {
		case p.Version == "":
			confidence, caveat = purl.Possible, "possible: the component has no version"
		case r.commit && v.unsure:
			confidence, caveat = purl.Possible, "possible: the component is at a commit, and the history of its repository is not known"
		case !r.comparable && v.unsure:
			confidence, caveat = purl.Possible, "possible: the version cannot be compared"
		case v.unsure:
			confidence, caveat = purl.Possible, "possible: the version is no known tag of its repository, and one next to it is affected"
		}
		w.add(p, e, v.verdict, confidence, caveat)
	}
	return w.told(p, &r, told, silent, tagged)
}

// told says how a repository fared of whose entries so many told something of the
// version, so many name neither versions nor tags, and so many told by their tags
// alone.
func (w *worker) told(p *purl.Package, r *revision, told, silent, tagged int) look {
	all := r.pkg.Len()
	if told < all {
		w.untold = fmt.Sprintf("%d of %d advisories of %.120s cannot be held against the version", all-told, all, p.Name)
	}
	beyond := !r.known && r.comparable && r.isBeyond()
	if beyond && tagged > 0 {
		told -= tagged
		w.untold = join(w.untold, "the version lies beyond those that the advisories of its repository list")
	}
	switch {
	case p.Version == "":
		w.untold = ""
		return lookNoVersion
	case silent == all && (r.comparable || r.doubtful):
		return lookNoneNamed
	case told == 0 && !r.comparable:
		w.untold = ""
		return lookNotComparable
	case 2*told >= all && told > 0:
	case !r.comparable && !r.commit:
		return lookNotComparable
	case 2*silent > all:
		return lookFewNamed
	default:
		return lookNotNamed
	}
	if w.untold != "" {
		return lookRepositoryPartly
	}
	return lookRepository
}

// isBeyond reports a version below or above all tags that the entries list.
func (r *revision) isBeyond() bool {
	above, err := r.hasTagAbove()
	return err == nil && (r.at == 0 || !above)
}
