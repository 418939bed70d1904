// SPDX-License-Identifier: Apache-2.0

package purl

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Confidence says how sure it is that a component is a package.
type Confidence uint8

// The degrees of confidence.
const (
	Possible Confidence = iota // the name agrees, nothing more
	Weak                       // repaired or inferred: group and name, CPE, a release from the version's suffix
	Strong                     // a valid package URL of a known type and, for a distribution, a known release
)

func (c Confidence) String() string {
	switch c {
	case Strong:
		return "strong"
	case Weak:
		return "weak"
	case Possible:
	}
	return "possible"
}

// A Package is a package of an OSV ecosystem, a candidate for being what the
// component is.
type Package struct {
	// Ecosystem is OSV's, without the release: "Debian", "Maven".
	Ecosystem string
	// Release is what OSV writes after the ecosystem's colon: "11", "v3.11",
	// "22.04:LTS", "https://packages.drupal.org/8". For an ecosystem that
	// HasReleases, "" means that the release is not known.
	Release string
	// Name is the package's name as OSV spells names there, in the case that
	// the document has; compare it by FoldName.
	Name string
	// Version is in the ecosystem's form, with the epoch of deb and rpm and
	// without the "v" of Go. "" means that no version is known.
	Version string
	// Evidence says in words what the identity rests on.
	Evidence   string
	Confidence Confidence
	// SourceNotStated is set for a distribution's package of an ecosystem that
	// names source packages, where nothing states the source: Name is the
	// package's own, which need not be that of a source.
	SourceNotStated bool
	// Origin is the number of the package URL it comes from, from 1; 0 is group
	// and name or the CPEs. Packages of one origin are readings of one identity.
	Origin int
}

// Input is what a document says about one component. Identify keeps none of
// its slices.
type Input struct {
	PURLs                []string
	Group, Name, Version string
	Type                 string // CycloneDX type or SPDX primary purpose, lower case
	CPEs                 []string
	Tagged               bool   // it has a SWID tag
	SourceInfo           string // SPDX sourceInfo
	// SourceName and SourceVersion are a distribution's source package, as
	// generators put it into properties. A version without epoch and revision
	// is completed from the component's.
	SourceName, SourceVersion string
	Distro                    Distro // the document's operating system
	// VCS are the addresses of its source repositories (CycloneDX external
	// references of type vcs, an SPDX download location), as written.
	VCS []string
	// Suppliers are the names of who makes or supplies it: supplier,
	// manufacturer, publisher, originator, authors.
	Suppliers []string
}

// A Distro is an operating system as os-release has it: "debian", "11".
type Distro struct{ ID, Version string }

// Agrees reports whether two statements may be of one operating system: the same
// distribution, and the same release if both name one.
func (d Distro) Agrees(o Distro) bool {
	a, _ := distribution(d.ID)
	b, _ := distribution(o.ID)
	switch {
	case a != b || a == "" && !strings.EqualFold(d.ID, o.ID):
		return false
	case d.Version == o.Version || d.Version == "" || o.Version == "":
		return true
	}
	r := releaseName(a, d.Version)
	return r != "" && r == releaseName(a, o.Version)
}

// Problem says why a component has no complete identity.
type Problem string

// The problems. With ProblemNoVersion and ProblemNoRelease the packages are
// given nevertheless, with an empty Version or Release. With ProblemNoIdentifier,
// ProblemNoEcosystem, ProblemNotAPackage and ProblemInvalid there are none but
// those that are only Possible, by a well-known name: they are questions, no
// identity. With all others there are none. ProblemOperatingSystem and
// ProblemFile are of entries of such a type that are one by what else is said of
// them too: the type alone takes nothing out of scope.
const (
	ProblemNone            Problem = ""
	ProblemNoIdentifier    Problem = "no-identifier"
	ProblemNoVersion       Problem = "no-version"
	ProblemInvalid         Problem = "purl-invalid"
	ProblemNoEcosystem     Problem = "ecosystem-unknown"
	ProblemNoRelease       Problem = "release-unknown"
	ProblemNotAPackage     Problem = "not-a-package" // a local module, a platform package
	ProblemOperatingSystem Problem = "operating-system"
	ProblemFile            Problem = "file"
)

// An Identification is what Identify found.
type Identification struct {
	// Packages are the candidates, the surest first; none twice, and no more than 64.
	Packages []Package
	Problem  Problem
	Detail   string // a sentence without full stop; may be empty
	URL      URL    // the first valid package URL, if HasURL
	HasURL   bool
	// Contradiction is set when the identifier names another version than the
	// component's version field, another package than its group and name, or two
	// distributions; and when the CPE names another product or version.
	Contradiction bool
	// OtherName is set when it is the name that contradicts.
	OtherName bool
	// Overflow is set when it has more identities than maxPackages: the others
	// are not among Packages, and cannot be looked up.
	Overflow bool
	// Upstream is set when the component's name is that of a project in C or C++
	// which registries know as another's wrapper at most.
	Upstream bool
}

// Identify gives the packages of a component. It tries, in this order and
// until one gives a package:
//
//  1. The package URLs, all of them. Where the URL has no version the
//     component's is taken; where the two differ, both are candidates. One that
//     leaves out the epoch or the revision of a distribution's package does not
//     differ. Where the URL names something else than the component, the version
//     field is not its, and group and name are a candidate beside it, the name
//     alone a possible one where the URL looks.
//  2. Group and name, if there is no valid URL: an npm scope, the path of a Go
//     module, a dotted Maven group; both in one name ("group:name", "npm:name").
//  3. The CPEs, by tables from vendor and product to language packages and to
//     upstream projects, also beside a URL of a type without advisories
//     (pkg:generic). Several CPEs on one component are guesses, and what they
//     name is only possible, unless all of them name the same. One that the tables
//     know and that contradicts what was found is possible beside it, except for
//     a distribution's package.
//
// An upstream project is software that is built from source under its own
// version, as what is written in C mostly is. Its packages are those of
// ecosystem "GIT", whose names are repositories (see Repository), and Bitnami's.
// It is named by a URL of a repository (pkg:github/madler/zlib@v1.2.11, weak: the
// repository may be a fork, and what was taken from it is not said), by VCS, by
// vcs_url and download_url of pkg:generic, by its CPE, by the name in pkg:conan,
// pkg:vcpkg and pkg:bitnami, which is weak; and by a well-known name, which is
// possible, and weak if its supplier's name agrees. A package of a distribution
// is never its upstream project, since its version does not tell its patches;
// nor is one of a language's registry that bears the name.
//
// For a distribution's package the release comes from the qualifiers (distro,
// os_distro, repository_id), then from the document's operating system, then
// from the version's suffix (+deb11u1, .el9), which is weak. Debian, Ubuntu,
// Alpine and those built like them, SUSE, openEuler and Mageia name source
// packages: the source is taken from the qualifiers upstream and source, from
// Input.SourceName, from SourceInfo, else the component's own name is taken
// for the source's; a source of another name stands beside the component's own,
// which is weak. AlmaLinux, Rocky Linux and Red Hat name the binary rpm.
//
// The component's type alone decides nothing about what it is. An operating
// system or a file that has an identity is a package; a file that has a version
// of its own, and no path for a name, is a component like any other, and so is an
// operating system whose name is that of none.
func Identify(in *Input) Identification {
	id := identifier{in: in}
	invalid := false
	for i, text := range in.PURLs {
		text = strings.TrimSpace(text)
		if text == "" || text == "NOASSERTION" || text == "NONE" {
			continue
		}
		var u URL
		if err := u.parse(text); err != nil {
			invalid = true
			id.noteType(u.Type)
			continue
		}
		if !id.out.HasURL {
			id.out.URL, id.out.HasURL = u, true
		}
		id.noteType(u.Type)
		id.origin = i + 1
		before := len(id.out.Packages)
		id.otherName = !isRepository(u.Type) && !id.sameName(&u)
		id.identifyURL(&u)
		if id.otherName && len(id.out.Packages) > before {
			id.tellName(&u, before)
		}
		id.otherName = false
	}
	id.origin = 0
	id.fallBack()
	id.conclude(invalid)
	if id.out.Overflow {
		id.out.Detail = "more identities than the " + strconv.Itoa(maxPackages) + " that are looked up for one component"
	}
	return id.out
}

// fallBack tries what else there is, where no package URL is that of a package.
func (id *identifier) fallBack() {
	if id.distribution {
		return
	}
	if id.registry && len(id.out.Packages) > 0 {
		id.compareCPE()
		return
	}
	stood, none := id.out.Detail, len(id.out.Packages) == 0
	if none {
		id.out.Detail = ""
	}
	if none && (!id.out.HasURL || id.out.Problem == ProblemInvalid) {
		id.identifyName()
		if len(id.out.Packages) > 0 {
			id.compareCPE()
			return
		}
	}
	if len(id.in.CPEs) > 0 {
		id.identifyCPEs(none || id.confidence() < Strong)
	}
	if !id.registry {
		id.identifyUpstream()
	}
	if len(id.in.CPEs) > 0 && !id.isDistributed() {
		id.compareCPE()
	}
	if none && id.confidence() == Possible && stood != "" {
		own := id.out.Detail
		id.out.Detail = stood
		id.detail(own)
	}
}

// field gives the component's version for what is being identified, "" if that
// has another name.
func (id *identifier) field() string {
	if id.otherName {
		return ""
	}
	return id.in.Version
}

// noteType notes what the type of a package URL excludes.
func (id *identifier) noteType(kind string) {
	switch kind {
	case "deb", "rpm", "apk", "alpine", "alpm", "yocto", "ebuild", "qpkg":
		id.patched = true
	}
	id.registry = id.registry || kind != "" && !isUpstreamType(kind)
}

// confidence gives the highest among the packages.
func (id *identifier) confidence() Confidence {
	best := Possible
	for i := range id.out.Packages {
		best = max(best, id.out.Packages[i].Confidence)
	}
	return best
}

// identifier collects the packages of one component.
type identifier struct {
	in  *Input
	out Identification
	// distribution is set when some URL is that of a distribution's package:
	// its CPE names another thing, the upstream project.
	distribution bool
	// registry is set when some URL is of a type whose packages are no upstream
	// projects, whatever their names.
	registry bool
	// patched is set when some URL, even a broken one, is of a type whose
	// packages carry patches that their version does not tell.
	patched bool
	// otherName is set while a URL is read that names something else than the
	// component does: then the version field is not that of what it names.
	otherName bool
	origin    int // of the packages that are added
}

func (id *identifier) conclude(invalid bool) {
	out := &id.out
	if len(out.Packages) == 0 {
		// A URL that is broken, or of a distribution without advisories, is an
		// identity that could not be followed.
		unidentified := !invalid && out.Problem != ProblemInvalid && !id.distribution
		switch {
		case unidentified && id.isSystemEntry():
			out.Problem, out.Detail = ProblemOperatingSystem, ""
		case unidentified && out.Problem != ProblemNotAPackage && id.isFileEntry():
			out.Problem, out.Detail = ProblemFile, ""
		case out.Problem != ProblemNone:
		case invalid:
			out.Problem = ProblemInvalid
		default:
			out.Problem = ProblemNoIdentifier
		}
		return
	}
	id.sort()
	if invalid {
		defer id.detail("a package URL of it is not valid")
	}
	if out.Packages[0].Confidence == Possible {
		switch {
		case out.Problem != ProblemNone:
		case invalid:
			out.Problem = ProblemInvalid
		default:
			out.Problem = ProblemNoIdentifier
		}
		return
	}
	version, release := false, false
	for i := range out.Packages {
		p := &out.Packages[i]
		version = version || p.Version != ""
		release = release || p.Release != "" || !HasReleases(p.Ecosystem)
	}
	switch {
	case !version:
		out.Problem = ProblemNoVersion
	case !release:
		out.Problem = ProblemNoRelease
	default:
		out.Problem = ProblemNone
	}
}

// sort puts the surest packages first, and leaves those of one confidence in
// their order.
func (id *identifier) sort() {
	byConfidence := func(a, b Package) int { return cmp.Compare(b.Confidence, a.Confidence) }
	if !slices.IsSortedFunc(id.out.Packages, byConfidence) {
		slices.SortStableFunc(id.out.Packages, byConfidence)
	}
}

// maxPackages bounds the candidates of one component: a hostile document may
// give it any number of identifiers. Red Hat's spellings make up to ten.
const maxPackages = 64

// add adds a candidate unless it is there already; the higher confidence wins.
func (id *identifier) add(ecosystem, release, name, version, evidence string, c Confidence) {
	if name == "" {
		return
	}
	for i := range id.out.Packages {
		p := &id.out.Packages[i]
		if p.Name == name && p.Version == version && p.Release == release && p.Ecosystem == ecosystem {
			if c > p.Confidence {
				p.Confidence, p.Evidence, p.Origin = c, evidence, id.origin
			}
			return
		}
	}
	if len(id.out.Packages) == maxPackages {
		id.out.Overflow = true
		return
	}
	id.out.Packages = append(id.out.Packages, Package{
		Ecosystem: ecosystem, Release: release, Name: name, Version: version, Evidence: evidence, Confidence: c,
		Origin: id.origin,
	})
}

// language adds a language's package under the version of its URL, or the
// component's, or both if they differ.
func (id *identifier) language(ecosystem, name, version, evidence string, c Confidence) {
	id.languageRelease(ecosystem, "", name, version, evidence, c)
}

func (id *identifier) languageRelease(ecosystem, release, name, version, evidence string, c Confidence) {
	name, stripped, ok := legalName(ecosystem, name)
	if !ok {
		if id.out.HasURL {
			id.problem(ProblemInvalid, "no package of "+ecosystem+" can have the name that the package URL gives")
		}
		return
	}
	if stripped {
		c = min(c, Weak)
		id.detail(repaired)
	}
	own, why := cleanVersion(ecosystem, version)
	field, whyField := own, ""
	if in := id.field(); in != version {
		field, whyField = cleanVersion(ecosystem, in)
	}
	switch {
	case own == "" && field == "":
		id.add(ecosystem, release, name, "", evidence, c)
		if why == "" {
			why = whyField
		}
		id.detail(why)
	case own == "":
		id.versioned(ecosystem, release, name, field, evidence+versionByField, c)
	case field == "" || sameVersion(own, field):
		id.versioned(ecosystem, release, name, own, evidence, c)
	default:
		id.versioned(ecosystem, release, name, own, evidence, c)
		id.versioned(ecosystem, release, name, field, byField, min(c, Weak))
		id.out.Contradiction = true
		id.detail(twoVersions)
	}
	if low := lower(name); low != name && (ecosystem == "npm" || ecosystem == "Maven") {
		// Case counts, but few names have capitals, and writers put them in.
		id.add(ecosystem, release, low, cmp.Or(own, field), evidence+", its name in lower case", Possible)
	}
}

// versioned adds a package, with its version read without the "v" of a tag in
// ecosystems where that is part of the version: v2.14.1 is below 2.0 there.
func (id *identifier) versioned(ecosystem, release, name, version, evidence string, c Confidence) {
	if plain := trimV(version); plain != version && isDotted(plain) && (ecosystem == "Maven" || ecosystem == "RubyGems") {
		id.add(ecosystem, release, name, plain, evidence+`, the version without its "v"`, min(c, Weak))
		c = Possible
	}
	id.add(ecosystem, release, name, version, evidence, c)
}

// problem notes why a URL gives no package; the first one stands.
func (id *identifier) problem(p Problem, detail string) {
	if id.out.Problem == ProblemNone {
		id.out.Problem = p
		id.detail(detail)
	}
}

// maxDetail bounds the detail, in bytes: each of many identifiers may add to it.
const (
	maxDetail = 1000
	andMore   = "; and more of the kind"
)

// detail adds a sentence to the detail.
func (id *identifier) detail(s string) {
	switch {
	case s == "" || strings.HasSuffix(id.out.Detail, andMore) || strings.Contains(id.out.Detail, s):
	case len(id.out.Detail)+len(s) > maxDetail && id.out.Detail != "":
		id.out.Detail += andMore
	case id.out.Detail == "":
		id.out.Detail = s
	default:
		id.out.Detail += "; " + s
	}
}
