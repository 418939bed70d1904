// SPDX-License-Identifier: Apache-2.0

package purl

import (
	"cmp"
	"strings"

	"github.com/medsbom/medsbom/version"
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

//go:generate go test -run TestGeneratedProjects -update .

// project is an upstream, prepared for looking up: allProjects in
// upstream_gen.go, which finds them by their folded names, by "vendor:product" and
// by the canonical address of a repository in lower case. It is made from the
// tables beforehand, as that costs more than to identify a hundred components.
type project struct {
	*upstream
	word      string   // its name, folded
	addresses []string // of the repositories, canonical
}

// projectOfCPE finds the project of a vendor's product.
func projectOfCPE(vendor, product string) *project {
	if len(vendor)+len(product) > maxNamed {
		return nil
	}
	return projectByCPE(vendor + ":" + product)
}

// project adds the places where advisories name a project.
func (id *identifier) project(p *project, version, evidence string, c Confidence) {
	v := id.upstreamVersions(p.addresses, version)
	for _, address := range p.addresses {
		id.sourced(address, &v, evidence, c)
	}
	if p.bitnami != "" && !isCommit(v.own) && !isCommit(v.field) {
		for _, s := range v.statements(evidence + ", by its name at Bitnami") {
			id.add("Bitnami", "", p.bitnami, trimV(s.version), s.evidence, c)
		}
	}
}

// upstreamVersions are a version of an upstream project and what the version
// field says; field is "" if it says the same.
type upstreamVersions struct{ own, field string }

// upstreamVersions puts both versions, which may be tags of the repositories
// given (curl-7_80_0), as people write them. The one may be a tag or a commit
// where the other is a version, so only two plain versions contradict each other.
func (id *identifier) upstreamVersions(addresses []string, text string) upstreamVersions {
	own, why := stated(text)
	field, whyField := stated(id.field())
	v := upstreamVersions{own: plainTag(addresses, own), field: plainTag(addresses, field)}
	switch {
	case own == "" && field == "":
		id.detail(cmp.Or(why, whyField))
	case own == "":
		v.own, v.field = v.field, ""
	case field == "" || sameVersion(v.own, v.field):
		v.field = ""
	case isDotted(trimV(v.own)) && isDotted(trimV(v.field)):
		id.out.Contradiction = true
		id.detail(twoVersions)
	}
	return v
}

// statements are the versions to look up, with what each rests on.
func (v *upstreamVersions) statements(evidence string) []contradicting {
	list := [2]contradicting{{v.own, evidence}, {v.field, byField}}
	if v.field == "" {
		return list[:1]
	}
	return list[:]
}

// plainTag gives the version that a tag of one of the repositories stands for,
// what is no such tag as it is. A commit is none.
func plainTag(addresses []string, tag string) string {
	if tag == "" || isCommit(tag) || isDigit(tag[0]) && strings.IndexByte(tag, '_') < 0 && !strings.Contains(tag, "-") {
		return tag
	}
	for _, address := range addresses {
		if v := version.TagVersion(address[strings.LastIndexByte(address, '/')+1:], tag); v != "" && isDigit(v[0]) {
			return v
		}
	}
	return tag
}

// sourced adds a repository under its versions.
func (id *identifier) sourced(address string, v *upstreamVersions, evidence string, c Confidence) {
	for _, s := range v.statements(evidence) {
		id.add("GIT", "", address, s.version, s.evidence, c)
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
	p := projectByRepository(lower(address))
	if p == nil {
		v := id.upstreamVersions([]string{address}, version)
		id.sourced(address, &v, evidence, Weak)
		return
	}
	v := id.upstreamVersions(p.addresses, version)
	for _, own := range p.addresses { // as advisories spell it
		if strings.EqualFold(own, address) {
			id.sourced(own, &v, evidence, Weak)
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
	version := "" // of the URL, if it names what the component does
	if id.out.HasURL {
		u, before := &id.out.URL, len(id.out.Packages)
		id.otherName = !isRepository(u.Type) && !id.sameName(u)
		id.upstreamOfURL(u)
		if !id.otherName {
			version = u.Version
		} else if len(id.out.Packages) > before {
			id.tellName(u, before)
		}
		id.otherName = false
	}
	if id.isFileEntry() || id.isSystemEntry() {
		return // their names are names of files, and of what holds packages
	}
	id.namedProject(in.Name, version, "name")
}

// versionOr gives "" if the component has a version of its own, which is to be
// used, else the one that stands with a reference.
func (id *identifier) versionOr(ref string) string {
	if v, _ := stated(id.in.Version); v != "" || id.out.HasURL && id.out.URL.Version != "" {
		return id.out.URL.Version
	}
	return ref
}

const byURLsName = "name of the package URL"

func (id *identifier) upstreamOfURL(u *URL) {
	switch u.Type {
	case "conan", "vcpkg", "bitnami":
		if p := projectByName(foldWord(u.Name)); p != nil {
			id.project(p, u.Version, "package URL, as the upstream project of that name", Weak)
		}
	case "generic":
		if address, ref := splitRepository(u.qualifier("vcs_url")); address != "" {
			id.repository(address, id.versionOr(ref), "package URL with its vcs_url")
		}
		if address := Repository(u.qualifier("download_url")); isForge(address) {
			id.repository(address, u.Version, "package URL with its download_url")
		}
		id.namedProject(u.Name, u.Version, byURLsName)
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
