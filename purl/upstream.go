// SPDX-License-Identifier: Apache-2.0

package purl

import (
	"cmp"
	"strings"
	"sync"
)

// An upstream is a project that is released as source, mostly in C or C++, and
// built into products under its own version. Lists have spaces between their
// elements.
type upstream struct {
	// name and also are what people call it: names compare by their letters and
	// digits in lower case.
	name, also string
	cpes       string // vendor:product of the CPE dictionary
	// suppliers are words of which one is in the name of who makes it; its own
	// name is another.
	suppliers string
	// repositories are where its source is, which OSV's GIT ranges name.
	repositories string
	// bitnami is its name in Bitnami's advisories, which speak of upstream's
	// versions. Those of OSS-Fuzz name repositories too, and are reached by
	// these: its ecosystem has no order of versions.
	bitnami string
}

// project is an upstream, prepared for looking up.
type project struct {
	*upstream
	word      string   // its name, folded
	addresses []string // of the repositories, canonical
}

// A projectIndex finds projects by their folded names, by "vendor:product" and
// by the canonical address of a repository in lower case.
type projectIndex struct {
	all                         []project
	byName, byCPE, byRepository map[string]*project
}

// projects is built when the first component needs it: a document of packages
// of registries never does.
var projects = sync.OnceValue(indexProjects)

func indexProjects() *projectIndex {
	tables := [...][]upstream{serverProjects[:], mediaProjects[:], systemProjects[:]}
	count := len(serverProjects) + len(mediaProjects) + len(systemProjects)
	x := &projectIndex{
		all: make([]project, 0, count), byName: make(map[string]*project, 3*count),
		byCPE: make(map[string]*project, 2*count), byRepository: make(map[string]*project, 2*count),
	}
	put := func(m map[string]*project, key string, p *project) {
		if _, ok := m[key]; !ok { // of two that share a repository, the first
			m[key] = p
		}
	}
	for _, table := range tables {
		for i := range table {
			x.all = append(x.all, project{upstream: &table[i], word: foldWord(table[i].name)})
		}
	}
	for i := range x.all {
		p := &x.all[i]
		put(x.byName, p.word, p)
		for name := range strings.FieldsSeq(p.also) {
			put(x.byName, foldWord(name), p)
		}
		for c := range strings.FieldsSeq(p.cpes) {
			put(x.byCPE, foldCPE(c), p)
		}
		for r := range strings.FieldsSeq(p.repositories) {
			p.addresses = append(p.addresses, "https://"+r)
			put(x.byRepository, lower("https://"+r), p)
		}
	}
	return x
}

// projectOfCPE finds the project of a vendor's product.
func projectOfCPE(vendor, product string) *project {
	if len(vendor)+len(product) > maxNamed {
		return nil
	}
	return projects().byCPE[vendor+":"+product]
}

// project adds the places where advisories name a project.
func (id *identifier) project(p *project, version, evidence string, c Confidence) {
	for _, address := range p.addresses {
		id.sourced(address, version, evidence, c)
	}
	if p.bitnami != "" && !isCommit(version) && !isCommit(id.in.Version) {
		id.language("Bitnami", p.bitnami, trimV(version), evidence+", by its name at Bitnami", c)
	}
}

// sourced adds a repository under the version of its URL, or the component's,
// or both if they differ. The one may be a tag or a commit where the other is a
// version, so only two plain versions contradict each other.
func (id *identifier) sourced(address, version, evidence string, c Confidence) {
	own, why := stated(version)
	field, whyField := stated(id.in.Version)
	switch {
	case own == "" && field == "":
		id.add("GIT", "", address, "", evidence, c)
		id.detail(cmp.Or(why, whyField))
	case own == "":
		id.add("GIT", "", address, field, evidence, c)
	case field == "" || sameVersion(own, field):
		id.add("GIT", "", address, own, evidence, c)
	default:
		id.add("GIT", "", address, own, evidence, c)
		id.add("GIT", "", address, field, byField, c)
		if isDotted(trimV(own)) && isDotted(trimV(field)) {
			id.out.Contradiction = true
			id.detail(twoVersions)
		}
	}
}

// isCommit reports the name of a commit, which has no place in an order.
func isCommit(v string) bool {
	if len(v) < 40 {
		return false
	}
	for i := range len(v) {
		if c := v[i] | 0x20; !isDigit(c) && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// repository adds a source repository that the document names, and what else is
// known of the project in it.
func (id *identifier) repository(address, version, evidence string) {
	p := projects().byRepository[lower(address)]
	if p == nil {
		id.sourced(address, version, evidence, Weak)
		return
	}
	for _, own := range p.addresses { // as advisories spell it
		if strings.EqualFold(own, address) {
			id.sourced(own, version, evidence, Weak)
		}
	}
	id.project(p, version, evidence+", as the project in it", Weak)
}

// maxReferences bounds the references that are followed for one component.
const maxReferences = 8

// identifyUpstream adds the upstream project of a component that is of no
// registry and no distribution: by the source repositories that the document
// refers to, by the name of the package URL, then by its own.
func (id *identifier) identifyUpstream() {
	in := id.in
	if id.isDistributed() {
		return
	}
	for _, text := range in.VCS[:min(len(in.VCS), maxReferences)] {
		if address, ref := splitRepository(text); address != "" {
			id.repository(address, id.versionOr(ref), "reference to its source repository")
		}
	}
	version := ""
	if id.out.HasURL {
		version = id.out.URL.Version
		id.upstreamOfURL(&id.out.URL)
	}
	switch in.Type {
	case "file", "data": // their names are names of files
	default:
		id.namedProject(in.Name, version, "name")
	}
}

// versionOr gives "" if the component has a version of its own, which is to be
// used, else the one that stands with a reference.
func (id *identifier) versionOr(ref string) string {
	if v, _ := stated(id.in.Version); v != "" || id.out.HasURL && id.out.URL.Version != "" {
		return id.out.URL.Version
	}
	return ref
}

func (id *identifier) upstreamOfURL(u *URL) {
	switch u.Type {
	case "conan", "vcpkg", "bitnami":
		if p := projects().byName[foldWord(u.Name)]; p != nil {
			id.project(p, u.Version, "package URL, as the upstream project of that name", Weak)
		}
	case "generic":
		if address, ref := splitRepository(u.qualifier("vcs_url")); address != "" {
			id.repository(address, id.versionOr(ref), "package URL with its vcs_url")
		}
		if address := Repository(u.qualifier("download_url")); isForge(address) {
			id.repository(address, u.Version, "package URL with its download_url")
		}
		id.namedProject(u.Name, u.Version, "name of the package URL")
	}
}

// isForge reports the address of a repository on a host whose archives stand
// below the repository they are of.
func isForge(address string) bool {
	return strings.HasPrefix(address, "https://github.com/") || strings.HasPrefix(address, "https://gitlab.com/") ||
		strings.HasPrefix(address, "https://bitbucket.org/")
}

// isDistributed reports a component that came out of a distribution, though no
// package URL says so: it carries patches that its version does not tell.
func (id *identifier) isDistributed() bool {
	in := id.in
	if id.patched || in.SourceName != "" || isRebuilt(in.Version) || id.out.HasURL && isRebuilt(id.out.URL.Version) {
		return true
	}
	for _, mark := range [...]string{"DPKG DB", "RPM DB", "APK DB", "built package from"} {
		if strings.Contains(in.SourceInfo, mark) {
			return true
		}
	}
	return false
}

// isRebuilt reports a version with the revision of a distribution: +deb11u1,
// ubuntu0.20.04, .el9, .fc38, .amzn2, -r0 of Alpine and Yocto.
func isRebuilt(v string) bool {
	if numbers(v, maxNamed) == v {
		return false
	}
	for _, mark := range [...]string{"deb", "ubuntu", ".el", ".fc", ".amzn", ".mga", ".lp", ".oe", "-r"} {
		i := strings.LastIndex(v, mark)
		if i <= 0 || i+len(mark) == len(v) || !isDigit(v[i+len(mark)]) {
			continue
		}
		if mark == "-r" && !isNumber(v[i+len(mark):]) || mark == "deb" && isLower(v[i-1]) {
			continue
		}
		return true
	}
	return false
}
