// SPDX-License-Identifier: Apache-2.0

package version

import (
	"math/rand/v2"
	"regexp"
	"testing"

	"deps.dev/util/semver"
)

// depsdevSystems are the systems of the second oracle, which has other authors.
var depsdevSystems = map[string]semver.System{
	"crates.io": semver.Cargo, "Go": semver.Go, "Maven": semver.Maven, "npm": semver.NPM, "NuGet": semver.NuGet,
	"PyPI": semver.PyPI, "RubyGems": semver.RubyGems, "Packagist": semver.Composer,
}

// depsdevDifferences are where deps.dev/util/semver is wrong on real versions:
// a pair in our order, and the texts that it is wrong about.
var depsdevDifferences = []struct {
	ecosystem, before, after string
	same                     bool
	whatTheySay              int
	about                    *regexp.Regexp
	proof                    string
}{
	{"PyPI", "2.14.0rc1", "2.14.0rc1.post0", false, 0, regexp.MustCompile(`(?i)[0-9][._-]?(a|b|rc|alpha|beta|c|pre|preview)[._-]?[0-9]*[._-]?(post|rev|r)`), "PEP 440: 1.0b2 < 1.0b2.post345; packaging agrees"},
	{"Packagist", "4.0.0-rc2", "4.0.0-rc10", false, +1, regexp.MustCompile(`rc`), "Composer: stability without case, then numbers"},
	{"RubyGems", "3.0.0.alpha.5.0.3", "3.0.0.alpha.5.0.4", false, 0, regexp.MustCompile(`[a-z]\.?[0-9]+\.0\.`), "Gem::Version: 3 < 4"},
	{"Maven", "1.08", "1.8.1", false, 0, regexp.MustCompile(`(^|[^0-9])0[0-9]`), "Maven: a number, so 1.08 = 1.8"},
	{"Maven", "1.0.0.beta.2", "1.0.0-beta.6", false, +1, dotQualifier, "MNG-7644, deviation 7 of the package comment"},
}

func TestDepsdevDifferences(t *testing.T) {
	t.Parallel()
	for _, d := range depsdevDifferences {
		want := -1
		if d.same {
			want = 0
		}
		if got := mustParse(t, d.ecosystem, d.before).Compare(mustParse(t, d.ecosystem, d.after)); got != want {
			t.Errorf("%s: %s and %s: want %d, got %d (%s)", d.ecosystem, d.before, d.after, want, got, d.proof)
		}
		if got := sign(depsdevSystems[d.ecosystem].Compare(d.before, d.after)); got != d.whatTheySay {
			t.Errorf("%s: %s and %s in deps.dev: want %d, got %d: has the difference gone?", d.ecosystem, d.before, d.after, d.whatTheySay, got)
		}
		if !d.about.MatchString(d.before) && !d.about.MatchString(d.after) {
			t.Errorf("%s: %s does not match its own example", d.ecosystem, d.about)
		}
	}
}

// compareWithDepsdev compares the versions, which are in our order, with their
// neighbours and others.
func compareWithDepsdev(t *testing.T, ecosystem string, all []Version) {
	system, ok := depsdevSystems[ecosystem]
	if !ok {
		return
	}
	var vs []Version
	var theirs []*semver.Version
	var refused []string
	for _, v := range all {
		text := v.String()
		if ecosystem == "Go" && text[0] != 'v' {
			text = "v" + text
		}
		w, err := system.Parse(text)
		if err != nil {
			refused = append(refused, text)
			continue
		}
		vs, theirs = append(vs, v), append(theirs, w)
	}
	excused, pairs, differences := 0, 0, 0
	random := rand.New(rand.NewPCG(3, 4))
	for i := range vs {
		for _, j := range []int{i + 1, i + 2, i + 5, i + 40, random.IntN(len(vs)), random.IntN(len(vs))} {
			if j >= len(vs) {
				continue
			}
			pairs++
			got, want := vs[i].Compare(vs[j]), sign(theirs[i].Compare(theirs[j]))
			switch {
			case got == want:
			case depsdevIsWrong(ecosystem, vs[i].String()) || depsdevIsWrong(ecosystem, vs[j].String()):
				excused++
			default:
				if differences++; differences < 20 {
					t.Errorf("%s: %s and %s: deps.dev %d, got %d", ecosystem, vs[i], vs[j], want, got)
				}
			}
		}
	}
	t.Logf("%-28s against deps.dev: %7d pairs, %d excused, %d disagreements; it refuses %d: %.200q",
		ecosystem, pairs, excused, differences, len(refused), refused)
}

func depsdevIsWrong(ecosystem, text string) bool {
	for _, d := range depsdevDifferences {
		if d.ecosystem == ecosystem && d.about.MatchString(text) {
			return true
		}
	}
	return false
}
