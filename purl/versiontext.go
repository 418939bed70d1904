// SPDX-License-Identifier: Apache-2.0

package purl

import "strings"

// cleanVersion puts a version into the form that OSV uses in an ecosystem. It
// returns "" for what is no version, with the reason if it is not just absent.
func cleanVersion(ecosystem, v string) (version, reason string) {
	v, reason = stated(v)
	if v == "" {
		return "", reason
	}
	switch ecosystem {
	case "Go":
		if v = trimV(v); v == noCommit {
			return "", "the version is that of a module replaced by a local folder"
		}
		return v, ""
	case "RubyGems":
		return trimPlatform(v), ""
	}
	return v, ""
}

// noCommit is what the go command writes where a replaced module has no version.
const noCommit = "0.0.0-00010101000000-000000000000"

// isDotted reports a version that begins with two numbers and a dot between
// them; "1-rev20-1.23.0" is none.
func isDotted(v string) bool { return strings.Contains(numbers(v, 2), ".") }

// stated removes what only looks like a version: placeholders, ranges, URLs.
func stated(v string) (version, reason string) {
	if v != "" && (v[0] <= ' ' || v[len(v)-1] <= ' ') {
		v = strings.TrimSpace(v)
	}
	if v == "" {
		return "", ""
	}
	if v[0] == '=' { // a requirement that allows one version: "==1.2.3"
		v = strings.TrimLeft(v, "= ")
	}
	if isRange(v) {
		return "", "a range or a reference stands where the version should"
	}
	if v == "" || isPlaceholder(v) {
		return "", "a placeholder stands where the version should"
	}
	return v, ""
}

// isRange reports text that states several versions or a place of them. "~" is
// normal inside a distribution's version, so it counts only in front.
func isRange(v string) bool {
	if v == "" {
		return false
	}
	switch v[0] {
	case '^', '~', '<', '>', '[', '!':
		return true
	}
	for i := range len(v) {
		switch v[i] {
		case '*', '|', '<', '>':
			return true
		case ' ':
			if strings.HasPrefix(v[i:], " - ") {
				return true
			}
		case ':':
			if strings.HasPrefix(v[i:], "://") {
				return true
			}
		}
	}
	return strings.HasSuffix(v, ".x") // 1.x, 4.2.x
}

// isPlaceholder reports what stands where a version should, by one table: a
// variable that was not replaced, a word for "not known", the name of a branch
// or of a moving tag, the zero version that build tools begin with.
func isPlaceholder(v string) bool {
	switch c := v[0]; {
	case isDigit(c):
		return v[0] == '0' && isZero(v) || strings.Contains(v, "${")
	case strings.IndexByte("${%@?(", c) >= 0:
		return true
	}
	if len(v) > len("to be determined") {
		return strings.Contains(v, "${")
	}
	switch lower(v) {
	case "-", "--", ".", "unknown", "noassertion", "none", "latest", "n/a", "na", "null", "nil", "undefined",
		"unspecified", "tbd", "todo", "any", "unset", "unversioned", "not specified", "not provided",
		"not available", "not applicable", "no version", "no_version", "unavailable", "devel", "snapshot", "workspace:",
		"head", "main", "master", "trunk", "develop", "development", "dev", "nightly", "rolling", "current", "stable", "next",
		"various", "multiple", "tba", "to be determined", "not known", "not stated", "not-specified", "not_specified", "no-version",
		"version", "x.x", "x.y", "x.x.x", "x.y.z", "default", "custom", "branch", "release":
		return true
	}
	return strings.Contains(v, "${")
}

// isZero reports the versions of what has none yet: what npm packages carry
// that are released by a machine, and build tools where nothing is set.
func isZero(v string) bool {
	_, rest, ok := strings.Cut(v, "-")
	if !ok || strings.Trim(v[:len(v)-len(rest)-1], "0.") != "" {
		return false
	}
	switch lower(rest) {
	case "unspecified", "development", "semantically-released", "semantic-release", "placeholder", "unknown", "unset", "snapshot":
		return true
	}
	return false
}

func trimV(v string) string {
	if len(v) > 1 && (v[0] == 'v' || v[0] == 'V') && isDigit(v[1]) {
		return v[1:]
	}
	return v
}

// trimPlatform cuts the platform off a gem's version: "1.13.4-x86_64-linux".
// Other text behind a "-" is a pre-release.
func trimPlatform(v string) string {
	number, rest, ok := strings.Cut(v, "-")
	if !ok {
		return v
	}
	for _, p := range [...]string{
		"x86", "x64", "i386", "i686", "java", "jruby", "mingw", "mswin", "arm", "aarch64", "universal", "ruby",
		"darwin", "linux", "musl", "dalvik", "truffleruby", "powerpc", "ppc", "s390", "riscv", "loongarch", "freebsd", "wasm",
	} {
		if strings.HasPrefix(rest, p) {
			return number
		}
	}
	return v
}

// goVersion turns the version of a Go toolchain, as the go command prints it,
// into the semantic version that OSV has: "go1.21.0" and "1.21.0" are 1.21.0,
// "go1.22rc1" is 1.22.0-rc.1. What follows a space or the "-" of a golang.org/
// toolchain module (1.21.0.linux-amd64) is cut off.
func goVersion(v string) string {
	if i := strings.Index(v, "go1"); i >= 0 {
		v = v[i+2:]
	}
	v = trimV(v)
	i := 0
	for i < len(v) && (isDigit(v[i]) || v[i] == '.' && i+1 < len(v) && isDigit(v[i+1])) {
		i++
	}
	number, rest := v[:i], v[i:]
	if number == "" {
		return v
	}
	for _, pre := range [...]string{"rc", "beta"} {
		if digits, ok := strings.CutPrefix(rest, pre); ok {
			n := 0
			for n < len(digits) && isDigit(digits[n]) {
				n++
			}
			if n == 0 {
				return v
			}
			if strings.Count(number, ".") == 1 {
				number += ".0"
			}
			return number + "-" + pre + "." + digits[:n]
		}
	}
	if rest == "" || rest[0] == ' ' || rest[0] == '.' {
		return number
	}
	return v
}

// sameVersion reports whether two texts name one version: without a "v" in
// front, build metadata that only one has, and zeros at the end.
func sameVersion(a, b string) bool {
	if a == b {
		return true
	}
	a, b = trimV(a), trimV(b)
	if a == b {
		return true
	}
	if i, j := strings.IndexByte(a, '+'), strings.IndexByte(b, '+'); i >= 0 != (j >= 0) {
		if i >= 0 {
			a = a[:i]
		} else {
			b = b[:j]
		}
	}
	return trimZeros(a) == trimZeros(b)
}

func trimZeros(v string) string {
	for strings.HasSuffix(v, ".0") {
		v = v[:len(v)-2]
	}
	return v
}
