// SPDX-License-Identifier: Apache-2.0

// Package match finds the advisories that affect the components of a document
// and says of every component what could be judged.
//
// # Evaluation
//
// A version is affected by an entry of an advisory as the OSV schema says
// (section "Evaluation"): it is listed under versions, or a range of type
// SEMVER or ECOSYSTEM holds it. Within a range the events are taken in version
// order and the last one at or below the version decides. GIT ranges speak of
// commits and are passed over. Withdrawn advisories are not in the database's
// packages.
//
// # Source repositories
//
// An identity of ecosystem GIT, a repository's URL with a version, is affected if
// the version is a tag that the entry lists or lies in a range of versions of it.
// It is not affected if it is another tag that advisories of the repository list,
// or lies between two of these, neither of which the entry lists, or outside its
// ranges of versions. Next to a listed tag it is a candidate. Entries that name
// commits alone tell nothing of a version, and a commit can only be the same as
// one of theirs. If more than half of the entries tell nothing, the component is
// not assessed, and the reason is whether they name versions at all; lists of
// tags tell nothing for this of a version below or above all of them. Else it is
// AssessedWeakly at most, as there is no repository of which all vulnerabilities
// are known by its tags, and one that no advisory names is not assessed at all.
//
// # Versions that are none
//
// A weaker identity at Bitnami may rest on a text that is no version of the
// project. One with a zero in front of a number (9.037), which no semantic
// version has, or with a first number ten times any that the advisories name, is
// not comparable there; nor is one with such a zero in a source repository whose
// tags have none.
//
// # Names of upstream projects
//
// A component of which only the name is known is a candidate for the packages of
// that name in all registries; not so the name of a project in C or C++, unless
// its group, supplier or package URL names the registry. The project itself is
// the candidate then.
//
// # States
//
// Every component ends in exactly one State. Only a strong identity (a valid
// package URL of a known type, with a known release for a distribution) gives
// Assessed; a repaired one gives AssessedWeakly. Whatever could not be judged
// is NotAssessed with a Reason, and its possible advisories are reported as
// candidates: a component without a version, without a release or without an
// ecosystem is a candidate for all that the missing part would have excluded,
// so that missing data never looks better than bad data (reference: "Partial
// identity widens the match").
//
// The identities of the highest confidence decide the state; what weaker ones
// find is reported, but a guess that was looked up does not stand for a stated
// identity that was not. Where several package URLs are of that confidence and
// one of them could not be looked up, the component is AssessedWeakly. One with
// more identities than purl.Identify gives is not assessed, whatever those say.
//
// An ecosystem of which the database holds a handful of records, where its feed
// has hundreds, gives AssessedWeakly at most: that nothing was found in six of
// forty thousand records is no answer. The package's table says how many a feed
// has, and the detail gives both numbers.
//
// # Source packages
//
// Advisories of Debian, Ubuntu, Alpine and others name source packages. Where a
// document does not state a package's source, its own name stands for it, and is
// believed if an advisory of the distribution, of any release, names it. Else the
// package is AssessedWeakly at most, and the sources that binary packages of such
// names mostly have are looked up beside it.
//
// # Fixes
//
// The fix of a finding is the one of the range that holds the version. Where
// the record itself holds that fix affected, as a line of versions that was
// given up ends where the next begins, it is the fix of the line that follows.
// A caveat says when no fix lies in the component's own major line.
//
// # Grouping
//
// Records that are aliases of each other are one finding for one component,
// with all the records named.
//
// # Limits
//
// Where a document has 250,000 findings the components that follow are
// NotAssessed, as is said of each, and not looked up.
package match

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/vulndb"
)

// State is what could be said of a component.
type State uint8

// The states.
const (
	Assessed State = iota
	AssessedWeakly
	StarterOnly
	NotAssessed
	OutOfScope
)

func (s State) String() string {
	return [...]string{"assessed", "assessed-weakly", "starter-only", "not-assessed", "out-of-scope"}[s]
}

// Reason says why a component is not simply assessed. The texts are part of
// the report and stable.
type Reason string

// The reasons.
const (
	ReasonNone             Reason = ""
	ReasonNoIdentifier     Reason = "no identifier"
	ReasonNoVersion        Reason = "no version"
	ReasonNotComparable    Reason = "version not comparable"
	ReasonInvalidPURL      Reason = "package URL not valid"
	ReasonNoEcosystem      Reason = "ecosystem not covered by any advisory source"
	ReasonNotLoaded        Reason = "ecosystem not in the database"
	ReasonNoRelease        Reason = "distribution release unknown"
	ReasonReleaseNotLoaded Reason = "release not in the database"
	ReasonWeakIdentity     Reason = "identity inferred, not stated"
	ReasonRepoNotLoaded    Reason = "source repository not in the database"
	ReasonRepository       Reason = "known by its source repository alone"
	ReasonNoneNamed        Reason = "no record of the repository names versions"
	ReasonFewNamed         Reason = "most records of the repository name no versions"
	ReasonNotNamed         Reason = "version not among those that the records of the repository name"
	ReasonPartly           Reason = "one of its identifiers not looked up"
	ReasonFewRecords       Reason = "few records of its ecosystem in the database"
	ReasonNotAPackage      Reason = "not a released package"
	ReasonOperatingSystem  Reason = "operating system entry: context for its packages"
	ReasonFile             Reason = "file"
	ReasonProduct          Reason = "the product itself"
	ReasonOtherName        Reason = "its name and its identifier disagree"
	ReasonTooMany          Reason = "too many findings in the document before it"
	ReasonNoSource         Reason = "its source package is not stated"
)

// A Component is the judgement of one component.
type Component struct {
	Index      int32 // in the document, or sbom.SubjectIndex
	State      State
	Reason     Reason
	Detail     string         // more on the reason, in words; may be empty
	Identities []purl.Package // what it was matched as
	URL        purl.URL       // its package URL; valid if HasURL
	HasURL     bool
	// Contradiction is set when the identifier names another version, or another
	// package, than the component's own fields, or two distributions.
	Contradiction bool
}

// A Finding is one alias group of advisories that affects one component.
type Finding struct {
	Component  int // index into Result.Components
	Group      vulndb.GroupID
	Records    []Record      // what matched, by advisory ascending
	Identity   *purl.Package // what was matched
	Range      string        // in words
	Fixed      []string      // fixes of the ranges that hold the version, in record order
	Confidence purl.Confidence
	Caveat     string
}

// A Record is what one advisory says of the component: by its surest identity,
// the first range or list that holds the version.
type Record struct {
	Advisory   vulndb.AdvisoryID
	Identity   *purl.Package
	Range      string // in words
	Fixed      string // the version that ends it, "" if none is known
	Confidence purl.Confidence
	Caveat     string
}

// Coverage counts components by state; the states sum to Components.
type Coverage struct {
	Components                                           int
	Assessed, Weak, StarterOnly, NotAssessed, OutOfScope int
	Reasons                                              map[Reason]int
}

// A Result is the judgement of a whole document.
type Result struct {
	Components []Component // the order of sbom.Document.All
	Findings   []Finding   // by component, then by group
	// Coverage counts the components that the document counts, which a subject
	// standing beside them is not.
	Coverage Coverage
}

// A Matcher matches documents against one database. It may be used by several
// goroutines at once.
type Matcher struct {
	db      *vulndb.DB
	starter bool
	limit   int // findings of a document

	entries sync.Pool // *[]vulndb.Entry, for Upgrade
}

// maxFindings is how many findings of one document are told. A document of some
// kilobytes can name a package with hundreds of advisories a thousand times; a
// real one with a tenth of these findings has not been seen.
const maxFindings = 250_000

// New returns a Matcher over db.
func New(db *vulndb.DB) *Matcher {
	return &Matcher{db: db, starter: db.Info().Kind == vulndb.KindStarter, limit: maxFindings}
}

// Match judges every component of doc. An error means that the database could
// not be read: there is then no result, rather than one that looks clean.
func (m *Matcher) Match(doc *sbom.Document) (*Result, error) {
	w := worker{Matcher: m, distro: distroOf(doc), subject: doc.Subject, groups: make(map[vulndb.GroupID]int)}
	w.parts = len(doc.Components) > 1 || len(doc.Components) == 1 && !doc.SubjectListed
	w.result.Components = make([]Component, 0, len(doc.Components)+1)
	w.result.Coverage.Reasons = make(map[Reason]int)
	for index, c := range doc.All() {
		w.component(index, c)
		if w.err != nil {
			return nil, w.err
		}
	}
	return &w.result, nil
}

// worker holds what one Match call reuses from component to component.
type worker struct {
	*Matcher
	distro purl.Distro
	// subject is the product that the document describes; parts is true if it
	// lists anything else.
	subject *sbom.Component
	parts   bool
	result  Result
	input   purl.Input
	entry   vulndb.Entry
	origins []origin // of the current component
	untold  string   // what the entries of the repository last looked up do not tell
	few     string   // how few records there are of ecosystem fewIn, the last one with few
	fewIn   string
	groups  map[vulndb.GroupID]int // of the current component: index into result.Findings
	err     error                  // the first one met
}

// look is how one identity fared in the database.
type look uint8

const (
	lookNotLoaded look = iota
	lookReleaseNotLoaded
	lookRepositoryNotLoaded
	lookNoneNamed
	lookFewNamed
	lookNotNamed
	lookNoRelease
	lookNotComparable
	lookNoVersion
	lookRepositoryPartly // from here on something was judged
	lookRepository
	lookFewRecords
	lookAssessed
)

// origin is how the packages of one package URL fared, or of what stands for
// one.
type origin struct {
	number int
	look   look // the best
	first  *purl.Package
}

func (l look) reason() Reason {
	return [...]Reason{
		lookNotLoaded: ReasonNotLoaded, lookReleaseNotLoaded: ReasonReleaseNotLoaded,
		lookRepositoryNotLoaded: ReasonRepoNotLoaded, lookNoneNamed: ReasonNoneNamed, lookFewNamed: ReasonFewNamed,
		lookNotNamed: ReasonNotNamed, lookRepositoryPartly: ReasonRepository, lookRepository: ReasonRepository,
		lookNoRelease: ReasonNoRelease, lookNotComparable: ReasonNotComparable, lookNoVersion: ReasonNoVersion,
		lookFewRecords: ReasonFewRecords, lookAssessed: ReasonNone,
	}[l]
}

// identify gives what a component is to be looked up as.
func (w *worker) identify(c *sbom.Component) purl.Identification {
	w.input = purl.Input{
		Group: c.Group, Name: c.Name, Version: c.Version, Type: c.Type,
		CPEs: c.CPE, Tagged: c.SWID() != "", SourceInfo: c.SourceInfo, Distro: w.distro, PURLs: w.input.PURLs[:0],
		VCS: appendSources(w.input.VCS[:0], c), Suppliers: appendParties(w.input.Suppliers[:0], c),
	}
	if c.PURL != "" {
		w.input.PURLs = append(w.input.PURLs, c.PURL)
	}
	w.input.PURLs = append(w.input.PURLs, c.MorePURL()...)
	w.input.SourceName, w.input.SourceVersion = sourceOf(c)
	return purl.Identify(&w.input)
}

func (w *worker) component(index int32, c *sbom.Component) {
	id := w.identify(c)
	out := Component{
		Index: index, Identities: id.Packages, Detail: id.Detail,
		URL: id.URL, HasURL: id.HasURL, Contradiction: id.Contradiction,
	}
	clear(w.groups)
	first := len(w.result.Findings)

	switch id.Problem {
	case purl.ProblemOperatingSystem:
		out.State, out.Reason = OutOfScope, ReasonOperatingSystem
	case purl.ProblemFile:
		out.State, out.Reason = OutOfScope, ReasonFile
	case purl.ProblemNoIdentifier, purl.ProblemNoEcosystem, purl.ProblemNotAPackage:
		// The product under review is in no database of packages; its parts are.
		if c == w.subject && w.parts {
			out.State, out.Reason = OutOfScope, ReasonProduct
			break
		}
		w.judge(&out, c, &id)
	default:
		w.judge(&out, c, &id)
	}

	for i := first; i < len(w.result.Findings); i++ {
		w.result.Findings[i].sayOtherLine()
	}
	slices.SortFunc(w.result.Findings[first:], func(a, b Finding) int { return cmp.Compare(a.Group, b.Group) })
	w.result.Components = append(w.result.Components, out)
	if index != sbom.SubjectIndex {
		w.count(&out)
	}
}

// judge looks every identity up and derives the state from how they fared.
func (w *worker) judge(out *Component, c *sbom.Component, id *purl.Identification) {
	if len(w.result.Findings) >= w.limit {
		out.State, out.Reason = NotAssessed, ReasonTooMany
		return
	}
	unsourced := w.sources(id)
	out.Identities = id.Packages
	confidence := purl.Possible
	for i := range id.Packages {
		confidence = max(confidence, id.Packages[i].Confidence)
	}
	w.origins = w.origins[:0]
	untold, most := "", lookNotLoaded // by the repository that told most
	for i := range id.Packages {
		p := &id.Packages[i]
		w.untold = ""
		l := w.identity(p)
		if p.Confidence < confidence {
			continue
		}
		if l > most {
			untold, most = w.untold, l
		}
		at := slices.IndexFunc(w.origins, func(o origin) bool { return o.number == p.Origin })
		switch {
		case at < 0:
			w.origins = append(w.origins, origin{p.Origin, l, p})
		case l > w.origins[at].look:
			w.origins[at].look = l
		}
	}
	if sameNameMayHelp(id) {
		w.namesakes(c, id)
	}
	if len(id.Packages) == 0 || onlyGuessed(id, confidence) {
		out.State, out.Reason = NotAssessed, reasonOf(id.Problem)
		return
	}
	best, unseen, few := lookNotLoaded, (*origin)(nil), false
	for i := range w.origins {
		o := &w.origins[i]
		best = max(best, o.look)
		few = few || o.look == lookFewRecords
		if unseen == nil && o.look < lookRepositoryPartly {
			unseen = o
		}
	}
	switch {
	case best < lookRepositoryPartly:
		out.State, out.Reason = NotAssessed, best.reason()
		out.Detail = join(out.Detail, untold)
	case id.Overflow: // the one that matters may be among those left out
		out.State, out.Reason = NotAssessed, ReasonPartly
	case w.starter:
		out.State = StarterOnly
	case unseen == nil && best == lookAssessed && confidence == purl.Strong && !id.OtherName && !few && !unsourced:
		out.State = Assessed
	default:
		out.State, out.Reason = AssessedWeakly, ReasonWeakIdentity
		switch {
		case id.OtherName:
			out.Reason = ReasonOtherName
		case unsourced:
			out.Reason = ReasonNoSource
		case few && confidence == purl.Strong:
			out.Reason = ReasonFewRecords
		case best < lookAssessed && confidence == purl.Strong:
			out.Reason = ReasonRepository
		}
		if few {
			out.Detail = join(out.Detail, w.few)
		}
		if best == lookRepositoryPartly {
			out.Detail = join(out.Detail, untold)
		}
		if unseen != nil {
			if confidence == purl.Strong {
				out.Reason = ReasonPartly
			}
			p := unseen.first
			where := p.Ecosystem
			if p.Release != "" {
				where += ":" + p.Release
			}
			out.Detail = join(out.Detail, fmt.Sprintf("%.120s of %.120s was not looked up: %s", p.Name, where, unseen.look.reason()))
		}
	}
}

// join adds a sentence to a detail.
func join(detail, sentence string) string {
	switch {
	case detail == "":
		return sentence
	case sentence == "":
		return detail
	}
	return detail + "; " + sentence
}

// sameNameMayHelp reports components of which only the name can be looked up:
// those without identifier, and those whose identifier is broken or names no
// ecosystem, which must not hide what its absence would show. A distribution's
// packages, images and repositories have names of their own.
func sameNameMayHelp(id *purl.Identification) bool {
	switch id.Problem {
	case purl.ProblemNoIdentifier:
		return true
	case purl.ProblemNone, purl.ProblemNoVersion, purl.ProblemNoRelease, purl.ProblemOperatingSystem, purl.ProblemFile:
	case purl.ProblemInvalid, purl.ProblemNoEcosystem, purl.ProblemNotAPackage:
		switch id.URL.Type {
		case "deb", "rpm", "apk", "alpm", "oci", "docker", "github", "gitlab", "bitbucket":
			return false
		}
		return id.HasURL || id.Problem == purl.ProblemInvalid
	}
	return id.OtherName
}

// onlyGuessed reports packages that a well-known name alone suggests: what they
// find is a question, and that they find nothing is no answer.
func onlyGuessed(id *purl.Identification, best purl.Confidence) bool {
	switch id.Problem {
	case purl.ProblemNoIdentifier, purl.ProblemNoEcosystem, purl.ProblemNotAPackage, purl.ProblemInvalid:
		return best == purl.Possible
	case purl.ProblemNone, purl.ProblemNoVersion, purl.ProblemNoRelease, purl.ProblemOperatingSystem, purl.ProblemFile:
	}
	return false
}

func reasonOf(p purl.Problem) Reason {
	switch p {
	case purl.ProblemInvalid:
		return ReasonInvalidPURL
	case purl.ProblemNoEcosystem:
		return ReasonNoEcosystem
	case purl.ProblemNotAPackage:
		return ReasonNotAPackage
	case purl.ProblemNoRelease:
		return ReasonNoRelease
	case purl.ProblemNoVersion:
		return ReasonNoVersion
	default:
		return ReasonNoIdentifier
	}
}

func (w *worker) count(c *Component) {
	k := &w.result.Coverage
	k.Components++
	switch c.State {
	case Assessed:
		k.Assessed++
	case AssessedWeakly:
		k.Weak++
	case StarterOnly:
		k.StarterOnly++
	case NotAssessed:
		k.NotAssessed++
	case OutOfScope:
		k.OutOfScope++
	}
	if c.Reason != ReasonNone {
		k.Reasons[c.Reason]++
	}
}
