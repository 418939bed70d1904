// SPDX-License-Identifier: Apache-2.0

package purl

import "strings"

// legalName checks a name against what the ecosystem's registry allows: no
// package can have another, and so none that looks it up is clean by it. It
// cuts off the extras of a PyPI requirement (django[argon2]), which stripped
// tells. Only what no registry ever allowed is refused.
func legalName(ecosystem, name string) (legal string, stripped, ok bool) {
	switch ecosystem {
	case "npm":
		// Names from before 2014 may have capitals and "~'!()*".
		rest := name
		if name != "" && name[0] == '@' {
			scope, own, _ := strings.Cut(name[1:], "/")
			if !allOf(scope, "-._~'!()*") {
				return name, false, false
			}
			rest = own
		}
		return name, false, allOf(rest, "-._~'!()*")
	case "PyPI":
		if i := strings.IndexByte(name, '['); i > 0 && strings.HasSuffix(name, "]") {
			name, stripped = foldPyPI(name[:i]), true
		}
		return name, stripped, allOf(name, "-._")
	case "Maven":
		group, own, cut := strings.Cut(name, ":")
		return name, false, cut && allOf(group, "-._") && allOf(own, "-._+~")
	case "NuGet", "RubyGems":
		return name, false, allOf(name, "-._")
	case "crates.io":
		return name, false, allOf(name, "-_")
	case "Go":
		return name, false, allOf(name, "-._~+!/")
	case "Packagist":
		vendor, own, cut := strings.Cut(name, "/")
		return name, false, cut && allOf(vendor, "-._") && allOf(own, "-._")
	}
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("[]{}<>()|$\"'`", c) >= 0 {
			return name, false, false
		}
	}
	return name, false, name != ""
}

// allOf reports a name of ASCII letters, digits and the marks given.
func allOf(s, marks string) bool {
	for i := range len(s) {
		if c := s[i]; !isLower(c) && !isUpper(c) && !isDigit(c) && strings.IndexByte(marks, c) < 0 {
			return false
		}
	}
	return s != ""
}

// tellName notes that a package URL, whose packages are those from number first
// on, names something else than the component itself does, and adds what its
// group and name say. The name alone may be that of another package where the
// URL looks: the version field belongs to it, and not to what the URL names.
func (id *identifier) tellName(u *URL, first int) {
	in := id.in
	id.out.Contradiction, id.out.OtherName = true, true
	id.detail("the package URL names " + quoted(u.Name) + ", the component " + quoted(in.Name))
	origin := id.origin
	id.origin, id.otherName = 0, false
	id.identifyName()
	for i, end := first, len(id.out.Packages); i < end; i++ {
		p := id.out.Packages[i]
		if p.Origin != origin || p.Ecosystem == "GIT" {
			continue
		}
		if name, _, ok := legalName(p.Ecosystem, in.nameIn(p.Ecosystem)); ok {
			version, _ := cleanVersion(p.Ecosystem, in.Version)
			id.add(p.Ecosystem, p.Release, name, version, byOtherName, Possible)
		}
	}
	id.origin = origin
}

const byOtherName = "name and version of the component, where the package URL looks"

// nameIn spells the component's name as packages of an ecosystem are named.
func (in *Input) nameIn(ecosystem string) string {
	group, name := strings.TrimSpace(in.Group), strings.TrimSpace(in.Name)
	switch ecosystem {
	case "npm":
		if group != "" && group[0] == '@' && name[0] != '@' {
			return group + "/" + name
		}
	case "Maven":
		if !strings.Contains(name, ":") {
			return group + ":" + name
		}
	case "Go", "Packagist":
		if group != "" && !strings.HasPrefix(name, group+"/") {
			return group + "/" + name
		}
	case "PyPI":
		return foldPyPI(name)
	}
	return name
}

// quoted cuts a name to a length that a sentence can hold.
func quoted(s string) string {
	if len(s) > maxQuoted {
		return strings.ToValidUTF8(s[:maxQuoted], "") + "…"
	}
	return s
}

// sameName reports whether one of the two names holds the other, as letters and
// digits in lower case, or if there is but one. Many generators put the namespace, the version or the
// file's ending into one of them.
func (id *identifier) sameName(u *URL) bool {
	name := id.in.Name
	if name == "" || name == u.Name || u.Type == "golang" && u.Namespace == "" && strings.HasPrefix(lower(name), "go") {
		return true // Go's own parts (stdlib) are called Go
	}
	last := foldWord(name[strings.LastIndexAny(name, "/:")+1:])
	own := foldWord(u.Name)
	if own == "" || last == "" {
		return true // in another script: nothing can be compared
	}
	whole := foldWord(u.Namespace + u.Name + u.Subpath)
	if strings.Contains(foldWord(id.in.Group+name), own) || strings.Contains(whole, last) {
		return true
	}
	if !strings.Contains(name, " ") {
		return false
	}
	// A title: some word of it is in the name.
	for word := range strings.FieldsSeq(name[:min(len(name), maxCompared)]) {
		if word = foldWord(word); len(word) >= 3 && strings.Contains(whole, word) {
			return true
		}
	}
	return false
}

// foldWord gives the ASCII letters and digits of s, in lower case.
func foldWord(s string) string {
	s = s[:min(len(s), maxCompared)]
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		switch c := s[i]; {
		case isUpper(c):
			b = append(b, c|0x20)
		case isLower(c), isDigit(c):
			b = append(b, c)
		}
	}
	return string(b)
}

// maxCompared bounds what is compared of a name, in bytes.
const maxCompared = 1 << 10
