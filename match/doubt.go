// SPDX-License-Identifier: Apache-2.0

package match

import (
	"fmt"
	"strings"

	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/vulndb"
)

// hasLeadingZero reports a zero in front of a number, which semantic versions do
// not have: 9.037 is not 9.0.37, and is above it.
func hasLeadingZero(v string) bool {
	for i := 0; i+1 < len(v); i++ {
		if v[i] == '0' && isDigit(v[i+1]) && (i == 0 || !isDigit(v[i-1])) {
			return true
		}
	}
	return false
}

// isDoubtful reports a weak identity whose version semantic versions, which
// Bitnami's advisories name, would order without sense: one with a zero in front
// of a number, or with a first number ten times any that the package's entries
// name, as a year is in place of a version.
func (w *worker) isDoubtful(p *purl.Package) bool {
	if hasLeadingZero(p.Version) {
		return true
	}
	const far = 10
	first, highest := firstNumber(p.Version), 1
	if first < far {
		return false
	}
	pkg, ok := w.db.Package(p.Ecosystem, p.Name)
	if !ok {
		return false
	}
	e := &w.entry
	for i := range pkg.Len() {
		if err := pkg.Entry(i, e); err != nil {
			w.err = fmt.Errorf("looking up %s %.120q: %w", p.Ecosystem, p.Name, err)
			return true
		}
		for j := range e.Ranges {
			for k := range e.Ranges[j].Events {
				if v := e.Ranges[j].Events[k].Version; !IsPlaceholder(v) {
					highest = max(highest, firstNumber(v))
				}
			}
		}
		for _, v := range e.Versions {
			highest = max(highest, firstNumber(v))
		}
	}
	return first >= far*highest
}

// firstNumber gives the number at the start of a version, behind a "v"; not above
// a billion, and 0 for none.
func firstNumber(v string) int {
	n := 0
	for _, c := range []byte(strings.TrimLeft(v, "vV")) {
		if !isDigit(c) || n > 1e8 {
			break
		}
		n = n*10 + int(c-'0')
	}
	return n
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// hasTagWithZero reports a repository some of whose tags have such zeros, as
// those that are named by a date have (2020.01).
func hasTagWithZero(pkg vulndb.Package) (bool, error) {
	for i := range pkg.Tags() {
		tag, err := pkg.Tag(i)
		if err != nil || hasLeadingZero(tag.Version) {
			return err == nil, err
		}
	}
	return false, nil
}
