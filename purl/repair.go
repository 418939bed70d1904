// SPDX-License-Identifier: Apache-2.0

package purl

import "strings"

// identifyName repairs an identity from group and name where there is no
// package URL. A bare name gives none: it may be anybody's.
func (id *identifier) identifyName() {
	group, name := strings.TrimSpace(id.in.Group), strings.TrimSpace(id.in.Name)
	if name == "" || strings.ContainsAny(name, " \t\r\n") || strings.ContainsAny(group, " \t\r\n") {
		return
	}
	const both, single = "group and name", "name"
	switch {
	case group == "":
		switch {
		case name[0] == '@' && isScoped(name):
			id.named("npm", name, single)
		case isModulePath(name):
			id.named("Go", name, single)
		case strings.Contains(name, ":"):
			id.coordinates(name)
		}
	case group[0] == '@':
		if full := group + "/" + strings.TrimPrefix(name, group+"/"); isScoped(full) {
			id.named("npm", full, both)
		}
	case isModulePath(name) && strings.HasPrefix(name, group+"/"):
		id.named("Go", name, both)
	case isModulePath(group + "/" + name):
		id.named("Go", group+"/"+name, both)
	case isGroupID(group) && !strings.ContainsAny(name, "/:"):
		id.named("Maven", group+":"+name, both)
	case isGroupID(group) && strings.HasPrefix(name, group+":"):
		id.named("Maven", name, both)
	}
}

// named adds a package by its name, which may have the version behind it
// (github.com/google/shlex@v1.0.0, as Kubernetes' bom writes it).
func (id *identifier) named(ecosystem, name, evidence string) {
	version := ""
	if i := strings.LastIndexByte(name, '@'); i > 0 && i+1 < len(name) && (isDigit(name[i+1]) || name[i+1] == 'v') {
		name, version = name[:i], name[i+1:]
	}
	id.language(ecosystem, name, version, evidence, Weak)
}

// coordinates reads "group:name" and "group:name:version" of Maven, and names
// with the package manager in front, as GitHub's export writes them.
func (id *identifier) coordinates(name string) {
	first, rest, _ := strings.Cut(name, ":")
	if rest == "" {
		return
	}
	const prefixed = "name with its package manager"
	switch lower(first) {
	case "npm":
		id.named("npm", rest, prefixed)
	case "pip", "pypi":
		id.named("PyPI", foldPyPI(rest), prefixed)
	case "nuget":
		id.named("NuGet", rest, prefixed)
	case "rubygems", "gem":
		id.named("RubyGems", rest, prefixed)
	case "rust", "cargo", "crates":
		id.named("crates.io", rest, prefixed)
	case "composer", "packagist":
		id.named("Packagist", lower(rest), prefixed)
	case "go", "golang":
		id.named("Go", rest, prefixed)
	case "actions":
		id.named("GitHub Actions", rest, prefixed)
	case "maven":
		if group, own, ok := strings.Cut(rest, ":"); ok && group != "" && own != "" {
			id.named("Maven", rest, prefixed)
		}
	default:
		own, version, _ := strings.Cut(rest, ":")
		if own == "" || strings.ContainsAny(rest, "/") || strings.Contains(version, ":") || !isGroupID(first) && first != own {
			return
		}
		id.language("Maven", first+":"+own, version, "name, read as group and name", Weak)
	}
}

// isScoped reports "@scope/name".
func isScoped(s string) bool {
	scope, name, ok := strings.Cut(s, "/")
	return ok && len(scope) > 1 && name != "" && !strings.Contains(name, "/")
}

// isModulePath reports the path of a Go module: a host, then at least one element.
func isModulePath(s string) bool {
	host, rest, ok := strings.Cut(s, "/")
	return ok && rest != "" && goHost(host) && !strings.Contains(s, ":")
}

// isGroupID reports what looks like the group of a Maven package: a reversed
// domain name in lower-case letters at its beginning.
func isGroupID(s string) bool {
	first, rest, ok := strings.Cut(s, ".")
	if !ok || rest == "" {
		return false
	}
	switch first {
	case "javax", "jakarta", "java", "groovy":
	default:
		country := len(first) == 2 && isLower(first[0]) && isLower(first[1])
		if !country && !isTopLevel(first) && !isNewTopLevel(first) {
			return false
		}
	}
	part := 0
	for i := range len(rest) {
		c := rest[i]
		switch {
		case isLower(c) || isUpper(c) || isDigit(c) || c == '-' || c == '_':
			part++
		case c == '.' && part > 0:
			part = 0
		default:
			return false
		}
	}
	return part > 0
}
