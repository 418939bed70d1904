// SPDX-License-Identifier: Apache-2.0

package oracle

import (
	"slices"
	"strings"
	"unicode"

	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/version"
)

// A pair is a component and a record on which two judges differ.
type pair struct {
	c      *component
	mine   *judgement
	record *record
	// oursOnly is true if only medsbom reports it.
	oursOnly   bool
	confidence purl.Confidence // of ours
	// standIn is true if the other judge is the textbook, as osv-scanner gives no
	// judgement.
	standIn bool

	entries []*affected // of the record that name the component's package
	// What the textbook says of the version with the one order and the other.
	inOurs, inTheirs, knownOurs, knownTheirs bool
}

func newPair(c *component, mine *judgement, r *record) *pair {
	p := &pair{c: c, mine: mine, record: r, knownOurs: true, knownTheirs: true}
	for i := range r.Affected {
		a := &r.Affected[i]
		if !a.names(c.key.ecosystem, c.key.name) {
			continue
		}
		p.entries = append(p.entries, a)
		in, known := textbook(ourOrder(c.key.ecosystem), a.Ranges, a.Versions, c.version)
		p.inOurs, p.knownOurs = p.inOurs || in, p.knownOurs && known
		in, known = textbook(theirOrder(c.key.ecosystem), a.Ranges, a.Versions, c.version)
		p.inTheirs, p.knownTheirs = p.inTheirs || in, p.knownTheirs && known
	}
	return p
}

// custom is what the textbook says of Go's custom ranges, and whether there are
// any that stand for the module's own range, which has no end then.
func (p *pair) custom() (affected, has bool) {
	for _, a := range p.entries {
		ranges := a.EcosystemSpecific.CustomRanges
		if len(ranges) == 0 || slices.ContainsFunc(a.Ranges, hasEnd) {
			continue
		}
		in, _ := textbook(ourOrder("Go"), ranges, nil, p.c.version)
		affected, has = affected || in, true
	}
	return affected, has
}

// isNamesake reports a record of a package that bears the component's name, or
// the end of it.
func (p *pair) isNamesake() bool {
	last := func(name string) string { return name[strings.LastIndexAny(name, "/:")+1:] }
	return slices.ContainsFunc(p.record.Affected, func(a affected) bool {
		return a.Package != nil && strings.EqualFold(last(a.Package.Name), last(p.c.name))
	})
}

// lacksRelease reports a package of a distribution whose release is not known:
// its ecosystem has none behind it.
func (p *pair) lacksRelease() bool { return purl.HasReleases(p.c.key.ecosystem) }

func hasEnd(r eventRange) bool {
	return slices.ContainsFunc(eventsOf(&r), func(e event) bool { return e.kind != "introduced" })
}

// byOtherIdentity reports a record that does not name the component's own package
// but another that medsbom holds the component for, and which the version, or what
// that identity has for one, is in; or which cannot tell.
func (p *pair) byOtherIdentity() bool {
	for i := range p.mine.component.Identities {
		id := &p.mine.component.Identities[i]
		ecosystem := id.Ecosystem
		if id.Release != "" {
			ecosystem += ":" + id.Release
		}
		for j := range p.record.Affected {
			a := &p.record.Affected[j]
			switch {
			case id.Ecosystem == "GIT":
				if slices.ContainsFunc(a.Ranges, func(r eventRange) bool { return r.Repo != "" && purl.Repository(r.Repo) == purl.Repository(id.Name) }) {
					return true
				}
			case p.c.key == (key{ecosystem, purl.FoldName(id.Ecosystem, id.Name)}) && id.Version == p.c.version:
			case a.names(ecosystem, purl.FoldName(id.Ecosystem, id.Name)):
				if in, known := textbook(ourOrder(ecosystem), a.Ranges, a.Versions, id.Version); in || !known || hasCustomRanges(a) {
					return true
				}
			}
		}
	}
	return false
}

// involves reports that the version, or one that an entry names, is such.
func (p *pair) involves(is func(v string) bool) bool {
	if is(p.c.version) {
		return true
	}
	for _, a := range p.entries {
		if slices.ContainsFunc(a.Versions, is) {
			return true
		}
		for i := range a.Ranges {
			if slices.ContainsFunc(eventsOf(&a.Ranges[i]), func(e event) bool { return is(e.version) }) {
				return true
			}
		}
	}
	return false
}

// A class is a known kind of difference.
type class struct {
	name string
	// breaks is what the side that is wrong breaks: of the specification (OSV
	// schema, with the section), of an ecosystem, or of common sense.
	breaks string
	holds  func(p *pair) bool
}

// classes are tried in order; the first that holds has the difference.
var classes = []class{
	{
		"medsbom: version not comparable, a question",
		`OSV schema, "versions": what cannot be parsed under the ecosystem's rules has no place in its order. osv-scanner takes a side; medsbom asks, and calls the component not assessed`,
		func(p *pair) bool { return p.oursOnly && p.confidence == purl.Possible && !isComparable(p.c) },
	},
	{
		"medsbom: release of the distribution not stated, a question",
		`OSV schema, "Defined Ecosystems": versions are those of a release; without one medsbom asks, and calls the component not assessed`,
		func(p *pair) bool { return p.oursOnly && p.confidence == purl.Possible && p.lacksRelease() },
	},
	{
		"osv-scanner: release of the distribution not stated, any is taken",
		`as above; osv-scanner holds the version against those of every release. medsbom reads the release from the version (+deb10u1)`,
		func(p *pair) bool {
			e := engineEcosystem(p.c.purl)
			return !p.oursOnly && purl.HasReleases(base(p.c.key.ecosystem)) && string(e.Ecosystem) == base(p.c.key.ecosystem) && e.Suffix == ""
		},
	},
	{
		"medsbom: packages of the same name, a question",
		`a path that names no module (pkg:golang/net/http): medsbom asks about what bears the name, and calls the component not assessed`,
		func(p *pair) bool {
			return p.oursOnly && p.confidence == purl.Possible && p.mine.component.Reason == match.ReasonNotAPackage && p.isNamesake()
		},
	},
	{
		"medsbom: doubtful version of a project that was inferred, a question",
		`package match, "Versions that are none": 9.037 has no order among semantic versions`,
		func(p *pair) bool {
			return p.oursOnly && p.standIn && p.confidence == purl.Possible && p.mine.component.State == match.NotAssessed &&
				!slices.ContainsFunc(p.mine.component.Identities, func(id purl.Package) bool { return id.Confidence == purl.Strong })
		},
	},
	{
		"medsbom: a placeholder is no version, a question",
		`a build tool's 0-SNAPSHOT says that no version was set; medsbom asks, and calls the component not assessed`,
		func(p *pair) bool {
			return p.oursOnly && p.confidence == purl.Possible && p.mine.component.Reason == match.ReasonNoVersion
		},
	},
	{
		"medsbom: another identity of the component",
		`the module above a Go package's path, the repository of an upstream project, Bitnami's other name of it, a name in lower case; osv-scanner knows one name`,
		func(p *pair) bool { return p.oursOnly && p.byOtherIdentity() },
	},
	{
		"medsbom: bound not comparable, reported as weak",
		`as above, of an event: not knowing where a range ends is not "not affected"`,
		func(p *pair) bool {
			return p.oursOnly && p.confidence < purl.Strong && isComparable(p.c) && !p.knownOurs && p.cautious()
		},
	},
	{
		"Go: custom_ranges",
		`Go advisories, ecosystem_specific.custom_ranges: where the range of the module has no end, the true one is of other versions. osv-scanner calls all versions of the module affected from its beginning on; medsbom takes the true one, as weak`,
		func(p *pair) bool {
			in, has := p.custom()
			return has && in == p.oursOnly && p.confidence < purl.Strong
		},
	},
	{
		"osv-scanner: apk of another distribution taken for Alpine",
		`OSV schema, affected[].package: an advisory is of the ecosystem that it names; purl type apk, namespace`,
		func(p *pair) bool {
			return !p.oursOnly && string(engineEcosystem(p.c.purl).Ecosystem) == "Alpine" && base(p.c.key.ecosystem) != "Alpine"
		},
	},
	{
		"osv-scanner: GIT range first",
		`OSV schema, "Evaluation": a version is affected if any range holds it; osv-scanner leaves the ranges at the first of type GIT`,
		func(p *pair) bool {
			return p.oursOnly && !p.standIn && p.inTheirs && slices.ContainsFunc(p.entries, gitBeforeVersions)
		},
	},
	{
		"osv-scanner: equal version, listed in another spelling",
		`OSV schema, "versions": versions are those of the ecosystem, in which 1.0 and 1.0.0 may be one; osv-scanner compares texts`,
		func(p *pair) bool {
			return p.oursOnly && !p.standIn && p.inTheirs && slices.ContainsFunc(p.entries, p.listsEqual)
		},
	},
	{
		"name in another spelling",
		`registries fold names (PEP 503, NuGet, Packagist); the other judge compares texts, or folds the component's and not the record's`,
		func(p *pair) bool {
			return p.oursOnly && !p.standIn && p.inTheirs && !slices.ContainsFunc(p.entries, func(a *affected) bool { return a.Package.Name == p.engineName() })
		},
	},
	{
		"osv-scanner: release of the distribution in another form",
		`OSV schema, "Defined Ecosystems": the release stands behind the colon; osv-scanner makes another text of it`,
		func(p *pair) bool {
			e := engineEcosystem(p.c.purl)
			return p.oursOnly && !p.standIn && p.inTheirs && string(e.Ecosystem) == base(p.c.key.ecosystem) && e.Suffix != "" && e.String() != p.c.key.ecosystem
		},
	},
	orderClass("Maven", version.Maven, "Maven 3.9 (MNG-7644): a qualifier behind a dot is one behind a hyphen; deviation 7 of package version", hasDottedWord),
	orderClass("Packagist", version.Packagist, "Composer normalises: 1.0 is 1.0.0, stabilities have no case; deviation 5 of package version", func(v string) bool {
		return strings.Count(v, ".") < 3 || hasLetter(v)
	}),
	orderClass("four numbers where semantic versions have three", version.SemVer, "1.6.0.2 is no pre-release of 1.6.0; deviation 1 of package version", func(v string) bool {
		core, _, _ := strings.Cut(v, "-")
		return strings.Count(core, ".") > 2
	}),
	orderClass("revisions of Bitnami's packages", version.Bitnami, "bitnami/go-version: 1.8.0-332 and 2.4.49-r1 are revisions after the release, no pre-releases; deviation 9 of package version", isRevision),
	orderClass("build metadata of Julia", version.SemVerBuild, "VersionNumber: v\"1.1.10+0\" < v\"1.1.10+1\"; deviation 4 of package version", func(v string) bool { return strings.Contains(v, "+") }),
}

func orderClass(name string, s version.Scheme, breaks string, about func(v string) bool) class {
	return class{"order of versions: " + name, breaks, func(p *pair) bool {
		own, _ := version.SchemeOf(p.c.key.ecosystem)
		return own == s && p.inOurs == p.oursOnly && p.inTheirs != p.oursOnly && p.involves(about)
	}}
}

// isRevision reports a version with a number behind its hyphen.
func isRevision(v string) bool {
	_, rest, _ := strings.Cut(v, "-")
	return strings.ContainsFunc(rest, unicode.IsDigit)
}

func hasLetter(v string) bool { return strings.ContainsFunc(v, unicode.IsLetter) }

func hasDottedWord(v string) bool {
	for i := 1; i < len(v); i++ {
		if v[i-1] == '.' && unicode.IsLetter(rune(v[i])) {
			return true
		}
	}
	return false
}

// isComparable reports that a component's version is one to us.
func isComparable(c *component) bool {
	scheme, _ := version.SchemeOf(c.key.ecosystem)
	_, err := scheme.Parse(c.version)
	return err == nil
}

func hasCustomRanges(a *affected) bool { return len(a.EcosystemSpecific.CustomRanges) > 0 }

// gitBeforeVersions reports an entry in which a GIT range stands before one of
// versions.
func gitBeforeVersions(a *affected) bool {
	git := false
	for i := range a.Ranges {
		if a.Ranges[i].Type == "GIT" {
			git = true
		} else if git {
			return true
		}
	}
	return false
}

// listsEqual reports an entry that lists the version in another spelling.
func (p *pair) listsEqual(a *affected) bool {
	cmp := theirOrder(p.c.key.ecosystem)
	return !slices.Contains(a.Versions, p.c.version) && slices.ContainsFunc(a.Versions, func(v string) bool {
		c, ok := cmp(p.c.version, v)
		return ok && c == 0
	})
}

// cautious reports that a range holds the version if each bound that our order
// refuses is taken for one that does not let it go.
func (p *pair) cautious() bool {
	cmp := ourOrder(p.c.key.ecosystem)
	return slices.ContainsFunc(p.entries, func(a *affected) bool {
		return slices.ContainsFunc(a.Ranges, func(r eventRange) bool {
			kept := eventRange{Type: r.Type}
			for _, e := range eventsOf(&r) {
				_, ok := cmp(e.version, e.version)
				switch {
				case ok || isBeginning(e):
					kept.Events = append(kept.Events, map[string]string{e.kind: e.version})
				case e.kind == "introduced":
					kept.Events = append(kept.Events, map[string]string{e.kind: "0"})
				}
			}
			in, _ := textbook(cmp, []eventRange{kept}, nil, p.c.version)
			return in
		})
	})
}

// engineName is the name that osv-scanner looks up.
func (p *pair) engineName() string {
	if base(p.c.key.ecosystem) == "PyPI" {
		return purl.FoldName("PyPI", p.c.name)
	}
	return p.c.name
}

// noJudgement says why osv-scanner gives none of an ecosystem's components; what
// medsbom and the textbook both find there is a class of differences each.
func noJudgement(c *component) (name, breaks string) {
	ecosystem := base(c.key.ecosystem)
	name = "osv-scanner: no judgement, " + ecosystem
	switch ecosystem {
	case "AlmaLinux", "Red Hat":
		return name, "package-url, type rpm: read, but given no ecosystem"
	case "Bitnami", "Julia":
		return name, "a type of package URL that it does not accept, and the component is dropped"
	case "Hackage", "GHC":
		return name, "package-url, type hackage: it knows haskell, which is none"
	case "Homebrew":
		return name, "package-url, type brew: taken for a source repository"
	case "Alpaquita", "BellSoft Hardened Containers":
		return name, "package-url, type apk, namespace: taken for Alpine"
	case "opam":
		return name, "an ecosystem whose versions it does not know: the scan ends in a panic, for all components"
	}
	return name, "a package URL whose ecosystem it does not know"
}

// unclassified begins the names of what no class has.
const unclassified = "UNKNOWN"

func classify(classes []class, p *pair) (name, breaks string) {
	for i := range classes {
		if classes[i].holds(p) {
			return classes[i].name, classes[i].breaks
		}
	}
	side := "only the other judge"
	if p.oursOnly {
		side = "only medsbom, " + p.confidence.String()
	}
	return unclassified + " " + base(p.c.key.ecosystem) + ", " + side, "not known"
}
