// SPDX-License-Identifier: Apache-2.0

// Package purl reads package URLs and says which packages of the OSV advisory
// ecosystems a component of an SBOM is.
//
// # Package URLs
//
//	pkg:type/namespace/name@version?key=value&key=value#sub/path
//
// Parse follows the purl specification (its test suite is one of our tests)
// and normalises by type:
//
//   - the type, and the keys of qualifiers, are in lower case; qualifiers are
//     sorted by key, those with an empty value are dropped;
//   - namespace and name are in lower case for alpm, apk, bitbucket, brew,
//     composer, deb, github, gitlab, hex, luarocks, vscode-extension and yocto
//     (namespace only), the namespace for qpkg and rpm, the name for bitnami,
//     chrome-extension, oci and otp, the version for huggingface, oci and
//     vscode-extension; an mlflow name if its repository is Databricks;
//   - a pypi name is normalised as PEP 503 says (lower case, runs of "-", "_"
//     and "." are one "-"); a pub name has "_" for all that is no letter or digit;
//   - golang, npm, nuget, maven, cargo, gem, swift and all others keep their
//     case. Old editions of the specification put golang and npm in lower case,
//     and tools that follow them lose the case; FoldName allows for that in Go,
//     while npm's few names with capitals are packages of their own;
//   - empty segments of a namespace, and empty, "." and ".." segments of a
//     subpath are dropped.
//
// It is lenient where real files need it: "PKG:", "pkg:/" and "pkg://"; a type
// or a key in upper case; a scope with a bare "@" (pkg:npm/@a/b) or one whose
// slash is encoded (pkg:npm/%40a%2Fb); type "alpine", which syft wrote for apk;
// unsorted qualifiers; a julia URL without its uuid; a missing namespace where
// the specification asks for one, but for swift and vscode-extension, which
// mean nothing without it.
//
// It refuses: another scheme, a type or a key with other characters, an absent
// name, a key given twice, a percent sign without two hexadecimal digits, white
// space and control characters (percent-encoded ones of the latter too), text
// that is not UTF-8, and what the types chrome-extension, cpan, otp and vcpkg
// exclude.
//
// The fields of a URL are decoded. String writes the canonical form, and
// Parse(u.String()) is u for every u that Parse returned.
//
// # Identities
//
// Identify gives the OSV packages of a component with the evidence for each
// and the confidence that it deserves; see there. What it cannot identify it
// names as a Problem, it never guesses: a component without an identity is
// "not assessed", not clean. Software in C and C++, which is in no registry, is
// identified by the source repository that it comes from (Repository), through
// tables of names, CPEs and makers; such an identity is never strong.
package purl

import "strings"

// A Qualifier is one key=value of a package URL, decoded.
type Qualifier struct{ Key, Value string }

// A URL is a package URL, decoded and normalised by type. Its strings are
// views of the parsed text where nothing had to be changed.
type URL struct {
	Type       string
	Namespace  string // segments joined with "/"
	Name       string
	Version    string
	Qualifiers []Qualifier // sorted by key, no key twice, no value empty
	Subpath    string      // segments joined with "/"
}

// Qualifier returns the value of a qualifier, "" if there is none.
func (u URL) Qualifier(key string) string { return u.qualifier(key) }

func (u *URL) qualifier(key string) string {
	for i := range u.Qualifiers {
		if u.Qualifiers[i].Key == key {
			return u.Qualifiers[i].Value
		}
	}
	return ""
}

// String returns the canonical form.
func (u URL) String() string {
	n := len("pkg:///@") + len(u.Type) + len(u.Namespace) + len(u.Name) + len(u.Version) + len(u.Subpath) + 16
	for i := range u.Qualifiers {
		n += 2 + len(u.Qualifiers[i].Key) + len(u.Qualifiers[i].Value)
	}
	var b strings.Builder
	b.Grow(n)
	u.writeKey(&b)
	if u.Version != "" {
		b.WriteByte('@')
		escape(&b, u.Version, false)
	}
	for i := range u.Qualifiers {
		if i == 0 {
			b.WriteByte('?')
		} else {
			b.WriteByte('&')
		}
		b.WriteString(u.Qualifiers[i].Key)
		b.WriteByte('=')
		escape(&b, u.Qualifiers[i].Value, false)
	}
	if u.Subpath != "" {
		b.WriteByte('#')
		escape(&b, u.Subpath, true)
	}
	return b.String()
}

// Key returns the canonical form without version, qualifiers and subpath: what
// stays the same from release to release.
func (u URL) Key() string {
	var b strings.Builder
	b.Grow(len("pkg://") + len(u.Type) + len(u.Namespace) + len(u.Name) + 8)
	u.writeKey(&b)
	return b.String()
}

func (u *URL) writeKey(b *strings.Builder) {
	b.WriteString("pkg:")
	b.WriteString(u.Type)
	b.WriteByte('/')
	if u.Namespace != "" {
		escape(b, u.Namespace, true)
		b.WriteByte('/')
	}
	escape(b, u.Name, false)
}

// escape writes s percent-encoded; the specification leaves letters, digits,
// "-._~" and ":" as they are, and "/" where it separates segments.
func escape(b *strings.Builder, s string, segments bool) {
	const hex = "0123456789ABCDEF"
	start := 0
	for i := range len(s) {
		c := s[i]
		if isUnreserved(c) || segments && c == '/' {
			continue
		}
		b.WriteString(s[start:i])
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
		start = i + 1
	}
	b.WriteString(s[start:])
}

func isUnreserved(c byte) bool {
	return isLower(c) || isUpper(c) || isDigit(c) || c == '-' || c == '.' || c == '_' || c == '~' || c == ':'
}

func isLower(c byte) bool { return c-'a' <= 'z'-'a' }
func isUpper(c byte) bool { return c-'A' <= 'Z'-'A' }
func isDigit(c byte) bool { return c-'0' <= 9 }
