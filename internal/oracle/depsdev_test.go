// SPDX-License-Identifier: Apache-2.0

package oracle

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"deps.dev/util/semver"

	"github.com/medsbom/medsbom/version"
)

// depsdev are the systems whose order deps.dev knows, and the texts that it is
// wrong about; version/depsdev_test.go has a proof of each.
var depsdev = map[string]struct {
	system semver.System
	about  *regexp.Regexp
	why    string
}{
	"crates.io": {semver.Cargo, nil, ""},
	"Go":        {semver.Go, nil, ""},
	"npm":       {semver.NPM, nil, ""},
	"NuGet":     {semver.NuGet, nil, ""},
	"PyPI":      {semver.PyPI, regexp.MustCompile(`(?i)[0-9][._-]?(a|b|rc|alpha|beta|c|pre|preview)[._-]?[0-9]*[._-]?(post|rev|r|dev)`), "PEP 440: 1.0b2 < 1.0b2.post345"},
	"RubyGems":  {semver.RubyGems, regexp.MustCompile(`[a-z]\.?[0-9]+\.0\.`), "Gem::Version: segments behind a word count"},
	"Packagist": {semver.Composer, regexp.MustCompile(`(?i)rc|beta|alpha`), "Composer: stability without case, then numbers"},
	"Maven":     {semver.Maven, regexp.MustCompile(`(^|[^0-9])0[0-9]|[.][A-Za-z]`), "Maven: numbers have no leading zeros; MNG-7644"},
}

// TestDepsdev compares our order of all versions of the data and of those made
// between them, in their order and at random, with that of deps.dev.
func TestDepsdev(t *testing.T) {
	data := load(t)
	texts := map[string]map[string]bool{}
	for _, c := range data.generate(1) {
		if _, ok := depsdev[c.key.ecosystem]; ok {
			if texts[c.key.ecosystem] == nil {
				texts[c.key.ecosystem] = map[string]bool{}
			}
			texts[c.key.ecosystem][c.version] = true
		}
	}
	var b strings.Builder
	for _, ecosystem := range slices.Sorted(maps.Keys(texts)) {
		judge := depsdev[ecosystem]
		scheme, _ := version.SchemeOf(ecosystem)
		var mine []version.Version
		for _, text := range slices.Sorted(maps.Keys(texts[ecosystem])) {
			if v, err := scheme.Parse(text); err == nil {
				mine = append(mine, v)
			}
		}
		slices.SortStableFunc(mine, version.Version.Compare)
		var theirs []*semver.Version
		mine = slices.DeleteFunc(mine, func(v version.Version) bool {
			text := v.String()
			if ecosystem == "Go" {
				text = "v" + strings.TrimPrefix(text, "v")
			}
			w, err := judge.system.Parse(text)
			if err == nil {
				theirs = append(theirs, w)
			}
			return err != nil
		})
		random := rand.New(rand.NewPCG(5, 6))
		pairs, excused, differences := 0, 0, 0
		for i := range mine {
			for _, j := range []int{i + 1, i + 2, i + 7, random.IntN(len(mine))} {
				if j >= len(mine) {
					continue
				}
				pairs++
				want, got := sign(theirs[i].Compare(theirs[j])), mine[i].Compare(mine[j])
				switch {
				case want == got:
				case judge.about != nil && (judge.about.MatchString(mine[i].String()) || judge.about.MatchString(mine[j].String())):
					excused++
				default:
					if differences++; differences <= 10 {
						t.Errorf("%s: %s and %s: deps.dev %d, got %d", ecosystem, mine[i], mine[j], want, got)
					}
				}
			}
		}
		fmt.Fprintf(&b, "%s: %d versions, %d pairs, %d excused: %s\n", ecosystem, len(mine), pairs, excused, judge.why)
	}
	t.Log(b.String())
	holdText(t, "depsdev", b.String())
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return +1
	}
	return 0
}
