// SPDX-License-Identifier: Apache-2.0

package device

import (
	"cmp"
	"strings"
	"unicode"
)

// Verdict says whether a statement of versions holds a version.
type Verdict uint8

// The verdicts.
const (
	Outside   Verdict = iota // the statement names other versions
	Unclear                  // cannot be compared: a person must read it
	NotStated                // there is no version to compare
	Inside
)

const maxConstraints = 256

// Judge reads a statement of versions as CISA's advisories write it and says
// whether it holds a version. Statements are
//
//	vers:all/*  *  all versions
//	4.0   <= 3.2   <3.6.7   >= 2.0   vers:TYPE/…
//	1.1.7 | 2.1.1            any of them
//	>= 1.0 | <= 1.3          a lower and an upper bound side by side: between them
//	versions prior to 4.0   3.2 and prior   2.0 and later   9.x   9.x.x
//
// Where one of the two versions is the beginning of the other ("8" and "8.4", or
// "<= 1.11" and "1.11.1"), what would be Outside is Unclear: advisories name a
// whole line of releases by its first numbers, and so do inventories.
//
// A statement with words beside it, in brackets or not, is Unclear where it would
// hold the version but for them. Versions are ordered as compare says; where that
// is not possible the verdict is Unclear, never Outside. An empty statement is
// Unclear: the advisory names the product, and no version.
func Judge(statement, version string) Verdict {
	if len(statement) > maxName || len(version) > maxName {
		return Unclear
	}
	text, remarks := brackets(strings.ToLower(statement))
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(text, "vers:"); ok {
		if _, constraints, ok := strings.Cut(rest, "/"); ok {
			text = strings.TrimSpace(constraints)
		}
	}
	switch text {
	case "*", "all", "all versions", "vers:all":
		return Inside
	case "":
		return Unclear
	}
	version = plain(strings.ToLower(strings.TrimSpace(version)))
	if version == "" {
		return NotStated
	}
	result := constraints(text, version)
	if len(remarks) > 0 {
		return Unclear // "<= 1.54 (integrated into …)" holds under a condition
	}
	return result
}

// constraint is one bound: op is "=", "<", "<=", ">" or ">=", or "~" for a
// prefix; "" if it could not be read.
type constraint struct{ op, version string }

func (c constraint) lower() bool { return c.op == ">" || c.op == ">=" }
func (c constraint) upper() bool { return c.op == "<" || c.op == "<=" }

func constraints(text, version string) Verdict {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == '|' || r == ',' || r == ';' })
	if len(parts) > maxConstraints {
		return Unclear
	}
	var list []constraint
	for _, part := range parts {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, parse(part)...)
		}
	}
	best := Outside
	for i := 0; i < len(list); i++ {
		v := list[i].holds(version)
		if i+1 < len(list) && list[i].lower() && list[i+1].upper() {
			v = min(v, list[i+1].holds(version)) // both must hold; Outside is the least
			i++
		}
		best = max(best, v)
	}
	if len(list) == 0 {
		return Unclear
	}
	return best
}

// parse reads one part; words between two bounds give two.
func parse(part string) []constraint {
	part = strings.Join(strings.Fields(part), " ")
	for _, lead := range []string{"all ", "software ", "firmware ", "release ", "releases "} {
		part = strings.TrimPrefix(part, lead)
	}
	part = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(part, "versions"), "version"))
	for _, form := range []struct{ word, op string }{
		{"prior to ", "<"},
		{"before ", "<"},
		{"earlier than ", "<"},
		{"lower than ", "<"},
		{"up to ", "<="},
		{"later than ", ">"},
		{"<= ", "<="},
		{">= ", ">="},
		{"<=", "<="},
		{">=", ">="},
		{"<", "<"},
		{">", ">"},
		{"=", "="},
	} {
		if rest, ok := strings.CutPrefix(part, form.word); ok {
			return []constraint{bound(form.op, rest)}
		}
	}
	for _, form := range []struct{ word, op string }{
		{"prior", "<="},
		{"earlier", "<="},
		{"below", "<="},
		{"lower", "<="},
		{"older", "<="},
		{"later", ">="},
		{"higher", ">="},
		{"above", ">="},
		{"newer", ">="},
	} {
		for _, joint := range []string{" and ", " or "} {
			if rest, ok := strings.CutSuffix(strings.TrimSuffix(part, " versions"), joint+form.word); ok {
				return []constraint{bound(form.op, rest)}
			}
		}
	}
	for _, word := range []string{" to ", " through ", " - "} {
		if from, to, ok := strings.Cut(part, word); ok {
			return []constraint{bound(">=", from), bound("<=", to)}
		}
	}
	if rest := wildcards(part); rest != part {
		return []constraint{bound("~", rest)}
	}
	return []constraint{bound("=", part)}
}

// wildcards cuts "9.x", "9.x.x" and "9.*" down to what is fixed in them.
func wildcards(part string) string {
	for {
		rest, ok := strings.CutSuffix(part, ".x")
		if !ok {
			if rest, ok = strings.CutSuffix(part, ".*"); !ok {
				return part
			}
		}
		part = rest
	}
}

// bound makes a constraint. A text that is no version can only be compared
// for equality.
func bound(op, text string) constraint {
	text = plain(strings.TrimSpace(text))
	if !isVersion(text) {
		if op == "=" && text != "" {
			return constraint{"=", text}
		}
		return constraint{}
	}
	return constraint{op, text}
}

func (c constraint) holds(version string) Verdict {
	if c.op == "" {
		return Unclear
	}
	order, ok := compare(version, c.version)
	depth := partOf(version, c.version)
	if c.op == "~" {
		switch {
		case depth == finer || ok && order == 0:
			return Inside
		case !ok || depth == coarser:
			return Unclear
		}
		return Outside
	}
	if version == c.version {
		order, ok = 0, true
	}
	if !ok {
		return Unclear
	}
	within := false
	switch c.op {
	case "<":
		within = order < 0
	case "<=":
		within = order <= 0
	case ">":
		within = order > 0
	case ">=":
		within = order >= 0
	case "=":
		within = order == 0
	}
	switch {
	case within:
		return Inside
	case order != 0 && depth != apart:
		// "8" may stand for 8.4, and "4.0" as a bound for 4.0.1: one of the two says
		// less than the other, so that nothing tells them apart.
		return Unclear
	}
	return Outside
}

// How one version stands to another.
const (
	apart   = iota
	coarser // the other says more: 8 beside 8.4
	finer   // it says more: 8.4 beside 8
)

// partOf reports whether one version begins with all of the other, up to a
// separator: 8 is part of 8.4 and of 8-4, not of 80 and not of 8a.
func partOf(version, other string) int {
	if !isVersion(version) || !isVersion(other) {
		return apart
	}
	for {
		var x, y string
		x, version = run(version)
		y, other = run(other)
		if isNumber(x) && isNumber(y) {
			x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
		}
		switch {
		case x != y:
			return apart
		case version == "" && other == "":
			return apart
		case version == "" && separated(other):
			return coarser
		case other == "" && separated(version):
			return finer
		case version == "" || other == "":
			return apart
		}
	}
}

func separated(rest string) bool { return strings.IndexByte("._-+", rest[0]) >= 0 }

// plain drops what people write before a version.
func plain(v string) string {
	v = strings.TrimSpace(strings.TrimPrefix(v, "version"))
	if len(v) > 1 && v[0] == 'v' && (v[1] == '.' || v[1] >= '0' && v[1] <= '9') {
		v = strings.TrimPrefix(v[1:], ".")
	}
	return strings.TrimSpace(v)
}

func isVersion(v string) bool {
	digit := false
	for _, r := range v {
		switch {
		case r >= '0' && r <= '9':
			digit = true
		case r > unicode.MaxASCII || !unicode.IsLetter(r) && !strings.ContainsRune("._-+", r):
			return false
		}
	}
	return digit
}

// compare orders two versions run by run: of digits by number, of letters by
// equality alone. "B.06.18" and "B.06.20" can be ordered, "R4.1L1" and "R4.2"
// too; "A.1" and "B.1" cannot, nor "1.2" and "1.2beta": what letters mean, only
// the vendor knows. Missing numbers are 0.
func compare(a, b string) (int, bool) {
	if !isVersion(a) || !isVersion(b) {
		return 0, a == b
	}
	for a != "" || b != "" {
		var x, y string
		x, a = run(a)
		y, b = run(b)
		switch {
		case isNumber(x) && isNumber(y):
			x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 {
				return c, true
			}
		case x != y:
			return 0, false
		}
	}
	return 0, true
}

// run cuts the first run of digits or letters off, with the separators before
// it. The end of the text is an empty run, which counts as 0.
func run(s string) (first, rest string) {
	s = strings.TrimLeft(s, "._-+")
	if s == "" {
		return "", ""
	}
	digits := s[0] >= '0' && s[0] <= '9'
	end := strings.IndexFunc(s, func(r rune) bool {
		return strings.ContainsRune("._-+", r) || (r >= '0' && r <= '9') != digits
	})
	if end < 0 {
		end = len(s)
	}
	return s[:end], s[end:]
}

func isNumber(s string) bool { return s == "" || s[0] >= '0' && s[0] <= '9' }
