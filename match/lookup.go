// SPDX-License-Identifier: Apache-2.0

package match

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/version"
	"github.com/medsbom/medsbom/vulndb"
)

// bitnami is the ecosystem in which upstream projects are looked up whose names
// are inferred.
const bitnami = "Bitnami"

// identity looks one package up and adds what affects it.
func (w *worker) identity(p *purl.Package) look {
	have, ok := w.db.Covers(p.Ecosystem, "")
	if !ok {
		return lookNotLoaded
	}
	if p.Ecosystem == vulndb.GitEcosystem {
		return w.repository(p)
	}
	distribution := purl.HasReleases(p.Ecosystem)
	if distribution && p.Release != "" {
		if _, ok := w.db.Covers(p.Ecosystem, p.Release); !ok {
			return lookReleaseNotLoaded
		}
	}
	scheme, ok := version.SchemeOf(p.Ecosystem)
	c := candidate{text: p.Version}
	if ok {
		c = newCandidate(scheme, p.Version)
	}
	if p.Ecosystem == bitnami && p.Confidence < purl.Strong && c.comparable {
		c.comparable = !w.isDoubtful(p)
	}
	w.affected(p, &c, distribution)
	switch {
	case p.Version == "":
		return lookNoVersion
	case !c.comparable:
		return lookNotComparable
	case distribution && p.Release == "":
		return lookNoRelease
	case w.hasFew(have):
		return lookFewRecords
	}
	return lookAssessed
}

func (w *worker) affected(p *purl.Package, c *candidate, distribution bool) {
	pkg, ok := w.db.Package(p.Ecosystem, p.Name)
	if !ok {
		return
	}
	e := &w.entry
	for i := range pkg.Len() {
		if err := pkg.Entry(i, e); err != nil {
			w.err = fmt.Errorf("looking up %s %q: %w", p.Ecosystem, p.Name, err)
			return
		}
		if e.Release != p.Release && (!distribution || p.Release != "") {
			continue
		}
		v := verdict{}
		switch {
		case e.CustomRanges && isPseudoVersion(c.text):
			v = verdict{affected: true, unsure: true, words: "product versions, which say nothing of a commit"}
		case c.comparable:
			v = evaluate(c, e)
		case slices.Contains(e.Versions, c.text) && c.text != "":
			v = verdict{affected: true, words: "= " + c.text}
		case saysSomething(e):
			v = verdict{affected: true, unsure: true, words: "version not known"}
		}
		if !v.affected {
			continue
		}
		if e.CustomRanges && !v.unsure {
			// A version of the product is no version of the module to upgrade to.
			v.words, v.fixed = "product versions "+v.words, ""
		}
		confidence, caveat := p.Confidence, ""
		switch {
		case p.Version == "":
			confidence, caveat = purl.Possible, "possible: the component has no version"
		case distribution && p.Release == "":
			confidence, caveat = purl.Possible, "possible: the release of the distribution is not known"
		case !c.comparable && v.unsure:
			confidence, caveat = purl.Possible, "possible: the version cannot be compared"
		case e.CustomRanges && v.unsure:
			confidence, caveat = purl.Possible, "possible: the advisory names versions of the product, the component a commit"
		case e.CustomRanges:
			confidence, caveat = min(confidence, purl.Weak), "the advisory names versions of the product, which need not be those of the module"
		case v.unsure:
			confidence, caveat = min(confidence, purl.Weak), "a bound of the affected range cannot be compared"
		}
		if why := doubtOfRevision(p, v.fixed, distribution); why != "" {
			confidence, caveat = min(confidence, purl.Weak), join(caveat, why)
		}
		w.add(p, e, v, confidence, caveat)
	}
}

// isPseudoVersion tells Go's versions made from a commit:
// v0.0.0-20060102150405-0123456789ab.
func isPseudoVersion(v string) bool {
	v, _, _ = strings.Cut(v, "+")
	rest, hash, ok := cutDash(v)
	if !ok || len(hash) != 12 || len(rest) < 14 {
		return false
	}
	return strings.Trim(rest[len(rest)-14:], "0123456789") == "" && strings.Trim(hash, "0123456789abcdef") == ""
}

// cutDash cuts a text at its last dash.
func cutDash(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, '-')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// saysSomething is false for entries that have neither a range of versions nor
// a list: they affect nothing that could be named.
func saysSomething(e *vulndb.Entry) bool {
	return len(e.Versions) > 0 || slices.ContainsFunc(e.Ranges, func(r vulndb.Range) bool { return r.Kind != vulndb.Git })
}

func (w *worker) add(p *purl.Package, e *vulndb.Entry, v verdict, confidence purl.Confidence, caveat string) {
	group := w.db.Advisory(e.Advisory).Group
	i, ok := w.groups[group]
	if !ok {
		i = len(w.result.Findings)
		w.groups[group] = i
		if i == cap(w.result.Findings) {
			w.result.Findings = slices.Grow(w.result.Findings, max(i, 16)) // append would move a long list five times as often
		}
		w.result.Findings = append(w.result.Findings, Finding{
			Component: len(w.result.Components), Group: group, Identity: p,
			Range: v.words, Confidence: confidence, Caveat: caveat,
		})
	}
	f := &w.result.Findings[i]
	if confidence > f.Confidence {
		f.Identity, f.Range, f.Confidence, f.Caveat = p, v.words, confidence, caveat
	}
	record := Record{e.Advisory, p, v.words, v.fixed, confidence, caveat}
	at, found := slices.BinarySearchFunc(f.Records, e.Advisory, func(r Record, id vulndb.AdvisoryID) int { return cmp.Compare(r.Advisory, id) })
	switch {
	case !found:
		f.Records = slices.Insert(f.Records, at, record)
	case confidence > f.Records[at].Confidence:
		f.Records[at] = record
	}
	if v.fixed != "" && !slices.Contains(f.Fixed, v.fixed) {
		f.Fixed = append(f.Fixed, v.fixed)
	}
}

// namesakes adds, for a component of which only the name can be looked up, the
// packages of that name in the language ecosystems as possible matches. Those
// that bear the name of an upstream project mostly wrap it, under versions of
// their own.
func (w *worker) namesakes(c *sbom.Component, id *purl.Identification) {
	var list []vulndb.Namesake
	for _, name := range namesOf(c, id) {
		list = append(list, w.db.NamesakesOf(name)...)
	}
	ver := c.Version
	if ver == "" && id.HasURL {
		ver = id.URL.Version
	}
	for _, n := range list {
		if n.Ecosystem == "Go" && !strings.ContainsAny(n.Name, "./") {
			continue // stdlib and toolchain are no modules; a C header may bear the name
		}
		if id.Upstream && !w.pointsTo(n.Ecosystem, id) {
			continue
		}
		scheme, ok := version.SchemeOf(n.Ecosystem)
		p := purl.Package{
			Ecosystem: n.Ecosystem, Name: n.Name, Version: ver,
			Evidence: "name only", Confidence: purl.Possible,
		}
		k := candidate{text: ver}
		if ok {
			k = newCandidate(scheme, ver)
		}
		w.affected(&p, &k, false)
	}
}

// namesOf gives the names by which the namesakes of a component are looked for.
func namesOf(c *sbom.Component, id *purl.Identification) []string {
	if len(id.Packages) == 0 && id.HasURL && !strings.EqualFold(id.URL.Name, c.Name) {
		return []string{c.Name, id.URL.Name}
	}
	return []string{c.Name}
}

// pointsTo reports that the group, a supplier or the package URL of the current
// component names a registry or its language.
func (w *worker) pointsTo(ecosystem string, id *purl.Identification) bool {
	words := registryWords(ecosystem)
	names := func(s string) bool {
		s = strings.ToLower(s[:min(len(s), maxSupplier)])
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(s, word) })
	}
	return names(w.input.Group) || slices.ContainsFunc(w.input.Suppliers, names) ||
		id.HasURL && (names(id.URL.Type) || names(id.URL.Namespace)) ||
		slices.ContainsFunc(id.Packages, func(p purl.Package) bool { return p.Ecosystem == ecosystem })
}

// maxSupplier bounds what is read of a supplier's name, in bytes.
const maxSupplier = 256

// registryWords are what texts that speak of a registry hold, in lower case.
func registryWords(ecosystem string) []string {
	switch ecosystem {
	case "npm":
		return []string{"npm", "node", "javascript"}
	case "PyPI":
		return []string{"pypi", "pip", "python"}
	case "RubyGems":
		return []string{"gem", "ruby"}
	case "crates.io":
		return []string{"crate", "cargo", "rust"}
	case "Maven":
		return []string{"maven", "java", "org.", "com.", "io."}
	case "NuGet":
		return []string{"nuget", "dotnet", ".net"}
	case "Go":
		return []string{"golang", "github.com"}
	case "Packagist":
		return []string{"packagist", "composer", "php"}
	}
	return []string{strings.ToLower(ecosystem)}
}
