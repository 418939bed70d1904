// SPDX-License-Identifier: Apache-2.0

package purl

import "strings"

// golang adds a Go module. OSV has the whole module path as the name, and the
// pseudo-modules "stdlib" and "toolchain" for what comes with Go itself.
func (id *identifier) golang(u *URL, name, version, evidence string, c Confidence) {
	if u.Namespace == "" {
		switch name {
		case "stdlib", "std":
			id.goRelease("stdlib", version, evidence, c)
			return
		case "toolchain", "cmd":
			id.goRelease("toolchain", version, evidence, c)
			return
		case "go":
			id.goRelease("stdlib", version, evidence, min(c, Weak))
			id.goRelease("toolchain", version, evidence, min(c, Weak))
			return
		case "command-line-arguments":
			id.problem(ProblemNotAPackage, "Go's name for files given on the command line, not a module")
			return
		}
	}
	path := name
	if u.Namespace != "" {
		path = u.Namespace + "/" + name
	}
	if path == "golang.org/toolchain" {
		id.goRelease("toolchain", version, evidence, c)
		return
	}
	host, _, _ := strings.Cut(path, "/")
	switch {
	case host == "." || host == "..":
		id.problem(ProblemNotAPackage, "a Go module at a local path")
		return
	case !strings.Contains(host, "."):
		// Paths without a host belong to the standard library or to nobody.
		if v, _ := stated(version); u.qualifier("type") == "package" && strings.HasPrefix(v, "go1") {
			id.goRelease("stdlib", version, "package URL of a package of Go's standard library", Weak)
			return
		}
		id.problem(ProblemNotAPackage, "a Go module path without a host: a local module")
		return
	}

	if u.qualifier("type") == "package" {
		id.goPackage(path, version)
		return
	}
	if u.Subpath != "" {
		id.goSubpath(u, path, version, evidence, c)
		return
	}
	id.language("Go", path, version, evidence, c)
	id.goParents(path, version)
}

// goParents adds the modules above a path: the URL may name a package of one.
// What ends in a major version is a module. Many repositories hold modules
// inside modules, whose versions are their own (github.com/hashicorp/vault/api):
// such a parent is no more than possible. The repositories of golang.org/x are
// one module each, but for a few tools.
func (id *identifier) goParents(path, version string) {
	least, c := leastElements(path), Possible
	if strings.HasPrefix(path, "golang.org/x/") {
		c = Weak
	}
	for elements := strings.Count(path, "/") + 1; elements > least && elements <= least+maxBelow; elements-- {
		end := strings.LastIndexByte(path, '/')
		if isMajor(path[end+1:]) {
			return
		}
		if path = path[:end]; !isInside(path) {
			id.language("Go", path, version, "package URL, as a package of the module", c)
		}
	}
}

// maxBelow is how many elements of a path are tried below the least that a
// module has.
const maxBelow = 4

// leastElements gives how many elements a module's path on this host has.
func leastElements(path string) int {
	switch host, _, _ := strings.Cut(path, "/"); host {
	case "github.com", "gitlab.com", "bitbucket.org", "golang.org":
		return 3
	}
	return 2
}

// isInside reports paths that end in the name of a folder inside a module.
func isInside(path string) bool {
	last := path[strings.LastIndexByte(path, '/')+1:]
	return last == "internal" || last == "pkg" || last == "cmd"
}

// goRelease adds one of the pseudo-modules.
func (id *identifier) goRelease(name, version, evidence string, c Confidence) {
	own, why := stated(version)
	field, _ := stated(id.field())
	own, field = goVersion(own), goVersion(field)
	if own == "" {
		own = field
	}
	id.add("Go", "", name, own, evidence, c)
	switch {
	case own == "":
		id.detail(why)
	case field != "" && !sameVersion(own, field):
		id.add("Go", "", name, field, byField, min(c, Weak))
		id.out.Contradiction = true
		id.detail(twoVersions)
	}
}

// goSubpath decides what the subpath of a URL means. The specification has a
// package inside the module there, but syft cuts every module path after its
// third element and puts the rest there: pkg:golang/github.com/gofrs/uuid#v5 is
// github.com/gofrs/uuid/v5. The component's name tells which; where it does
// not, both are candidates.
func (id *identifier) goSubpath(u *URL, path, version, evidence string, c Confidence) {
	joined := path + "/" + u.Subpath
	name := id.in.Name
	if id.in.Group != "" && !strings.HasPrefix(name, id.in.Group) {
		name = id.in.Group + "/" + name
	}
	switch major, _, _ := strings.Cut(u.Subpath, "/"); {
	case strings.EqualFold(name, joined):
		id.language("Go", joined, version, "package URL and name", c)
	case isMajor(major):
		id.language("Go", path+"/"+major, version, "package URL with its subpath", c)
	case strings.EqualFold(name, path) || strings.EqualFold(name, u.Name):
		id.language("Go", path, version, evidence, c)
	default:
		id.language("Go", path, version, evidence, min(c, Weak))
		id.language("Go", joined, version, "package URL with its subpath", min(c, Weak))
	}
}

// isMajor reports a major version suffix: v2, v13.
func isMajor(s string) bool {
	if len(s) < 2 || s[0] != 'v' || s[1] < '1' || s == "v1" {
		return false
	}
	for i := 1; i < len(s); i++ {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

// goPackage adds the modules that a package, as cyclonedx-gomod lists them,
// may be part of: its path and what lies above it, down to the shortest that
// can be a module.
func (id *identifier) goPackage(path, version string) {
	const evidence = "package URL of a Go package, as part of the module"
	least := leastElements(path)
	for elements := strings.Count(path, "/") + 1; ; elements-- {
		if elements <= least+maxBelow && !isInside(path) {
			id.language("Go", path, version, evidence, Weak)
		}
		if elements <= least {
			break
		}
		path = path[:strings.LastIndexByte(path, '/')]
	}
}

// goHost reports whether the first element of a path is the host of modules
// rather than the beginning of a Maven group: github.com, k8s.io, gopkg.in,
// go.uber.org, cloud.google.com, but not io.netty or org.apache.
func goHost(host string) bool {
	first, rest, ok := strings.Cut(host, ".")
	if !ok || first == "" || isTopLevel(first) {
		return false
	}
	last := rest[strings.LastIndexByte(rest, '.')+1:]
	return isTopLevel(last) || isNewTopLevel(last)
}

// isTopLevel reports the top-level domains with which Maven groups begin, and
// in which module hosts are.
func isTopLevel(s string) bool {
	switch s {
	case "com", "org", "net", "io", "dev", "edu", "gov", "info", "biz", "in", "de", "fr", "uk", "us", "eu", "ch", "at",
		"nl", "be", "it", "es", "pl", "cz", "se", "no", "fi", "dk", "ru", "cn", "jp", "kr", "au", "ca", "br", "co", "me",
		"ai", "sh", "tv", "cc", "nu", "la", "im", "is", "ir":
		return true
	}
	return false
}

// isNewTopLevel reports top-level domains that are also common first labels of
// a host: cloud.google.com.
func isNewTopLevel(s string) bool {
	switch s {
	case "app", "cloud", "tech", "xyz", "run", "one", "page", "zone", "health", "systems", "software", "solutions", "design", "build":
		return true
	}
	return false
}
