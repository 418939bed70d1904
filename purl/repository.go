// SPDX-License-Identifier: Apache-2.0

package purl

import "strings"

// Repository gives the canonical address of a source repository, which is the
// name of a package of ecosystem "GIT": "https", the host in lower case, the
// path as written, without ".git" and a slash at its end. It reads what OSV has
// in its GIT ranges (git://code.qt.io/qt/qtbase.git), what SBOMs write
// (git+https://github.com/curl/curl.git@curl-7_80_0, scm:git:ssh://…,
// git@github.com:curl/curl.git) and, on the large hosts, pages and archives
// below a repository (github.com/madler/zlib/archive/v1.2.11.tar.gz). The user,
// the port and all that is no part of the path are dropped. It returns "" for
// what is no address of a repository.
//
// FoldName("GIT", …) applies it, and puts the path in lower case too: no host of
// many repositories tells them apart by case.
func Repository(address string) string {
	repository, _ := splitRepository(address)
	return repository
}

// maxAddress bounds the address of a repository, in bytes. The longest in the
// advisory data has 79.
const maxAddress = 512

// splitRepository gives also what stands behind an "@" in the path: a tag, a
// branch or a commit (SPDX 2.3, 7.7.1: git+https://host/path@ref#sub/path).
func splitRepository(s string) (repository, ref string) {
	if len(s) > maxAddress {
		return "", ""
	}
	s = strings.TrimSpace(s)
	for _, prefix := range [...]string{"scm:", "git:", "git+"} {
		if len(s) > len(prefix)+2 && strings.EqualFold(s[:len(prefix)], prefix) && s[len(prefix)] != '/' {
			s = s[len(prefix):]
		}
	}
	scheme, rest, ok := strings.Cut(s, "://")
	if ok {
		switch lower(scheme) {
		case "https", "http", "git", "ssh":
		default:
			return "", ""
		}
	} else {
		// git@github.com:curl/curl.git
		user, path, at := strings.Cut(s, "@")
		host, own, colon := strings.Cut(path, ":")
		if !at || !colon || user == "" || strings.ContainsAny(host, "/") {
			return "", ""
		}
		scheme, rest = "ssh", host+"/"+own
	}
	if i := strings.IndexAny(rest, "#?"); i >= 0 {
		rest = rest[:i]
	}
	host, path, _ := strings.Cut(rest, "/")
	host = host[strings.LastIndexByte(host, '@')+1:]
	host, _, _ = strings.Cut(host, ":")
	if i := strings.IndexByte(path, '@'); i >= 0 {
		path, ref = path[:i], path[i+1:]
	}
	host = strings.TrimPrefix(lower(host), "www.")
	path = trimRepository(host, path)
	if !strings.Contains(host, ".") || !allOf(host, "-.") || path == "" || !isAddressPath(path) {
		return "", ""
	}
	// What is canonical already is not built anew.
	if whole := len("https://") + len(host) + 1 + len(path); scheme == "https" && len(s) >= whole &&
		s[:len("https://")] == "https://" && s[len("https://"):whole] == host+"/"+path {
		return s[:whole], ref
	}
	return "https://" + host + "/" + path, ref
}

// trimRepository cuts the path of a repository out of that of an address.
func trimRepository(host, path string) string {
	switch host {
	case "github.com", "bitbucket.org":
		owner, rest, _ := strings.Cut(strings.TrimLeft(path, "/"), "/")
		name, _, _ := strings.Cut(rest, "/")
		if owner == "" || name == "" {
			return ""
		}
		path = strings.TrimLeft(path, "/")[:len(owner)+1+len(name)]
	default:
		path, _, _ = strings.Cut(path, "/-/")
	}
	path = strings.Trim(path, "/")
	const suffix = ".git"
	for len(path) >= len(suffix) && strings.EqualFold(path[len(path)-len(suffix):], suffix) {
		path = path[:len(path)-len(suffix)]
	}
	if strings.HasSuffix(path, "/") || strings.Contains(path, "//") {
		return ""
	}
	return path
}

// isAddressPath reports a path of printable ASCII without what a shell or a
// page would read otherwise.
func isAddressPath(s string) bool {
	return allOf(s, "-._~/+%:,=")
}
