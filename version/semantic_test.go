// SPDX-License-Identifier: Apache-2.0

package version

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/osv-scalibr/semantic"
)

// deviations are the deviations from osv-scalibr of the package comment, by
// their numbers there: a pair on which both differ, in our order.
var deviations = []struct {
	number         int
	ecosystem      string
	before, after  string // equal if same
	same           bool
	whatTheySay    int // sign of before to after
	proofOrExample string
}{
	{1, "npm", "1.6.0", "1.6.0.2", false, +1, "CVE-2008-7220: prototype 1.6.0 came before 1.6.0.2"},
	{1, "npm", "1.6.0.2", "1.6.0.10", false, -1, "agreed, to show that only the base moved"},
	{1, "GHC", "9.4.5", "9.4.5.20230801", false, +1, "a later build"},
	{2, "crates.io", "1.0.0-alpha.5", "1.0.0-alpha.-4", false, +1, "semver.org item 11.4"},
	{2, "NuGet", "1.0.0-0", "1.0.0--0", false, 0, "as above"},
	{3, "Go", "1.21.0-rc.3", "1.21rc4", false, -1, "agreed"},
	{3, "Go", "1.21rc2", "1.21.0-rc.3", false, +1, "golang.org/x/vuln: go1.21rc2 is 1.21.0-rc.2"},
	{3, "Go", "1.20.3", "go1.21.0", false, +1, "the toolchain's name"},
	{4, "Julia", "1.1.10+0", "1.1.10+1", false, 0, "Julia: isless on VersionNumber"},
	{4, "Julia", "1.1.10", "1.1.10+0", false, 0, "Julia: isless on VersionNumber"},
	{4, "Pub", "1.0.0+2", "1.0.0+10", false, +1, "pub_semver: sorted like pre-release suffixes"},
	{5, "Packagist", "1.0", "1.0.0", true, -1, "Composer normalises to 1.0.0.0"},
	{5, "Packagist", "1.0.0+build", "1.0.0", true, -1, "Composer strips build metadata"},
	{5, "Packagist", "1.0.0-BETA1", "1.0.0-RC1", false, -1, "agreed"},
	{5, "Packagist", "1.0.0-alpha2", "1.0.0-Beta1", false, +1, "Composer: stability without case"},
	{5, "Packagist", "1.0.0.0-beta", "1.0.0.0-beta9999999999999999999", false, 0, "no number is too long to be one"},
	{6, "RubyGems", "1.0.b", "1.0-alpha", false, +1, "Gem: 1.0-alpha is 1.0.pre.alpha"},
	{6, "RubyGems", "1.0-beta.2", "1.0.pre.beta.2", true, -1, "Gem: - is .pre."},
	{6, "RubyGems", "1.00.a", "1.a", true, +1, "Gem: segments are integers"},
	{7, "Maven", "1.0.0.RC1", "1.0.0-RC2", false, +1, "MNG-7644: previously 1.0.0.X1 > 1.0.0-X2"},
	{7, "Maven", "1-alpha", "1.sp", false, +1, "MNG-7644"},
	{7, "Maven", "1.0.foo", "1.0.0.foo", true, -1, "MNG-7644: 1.0.X == 1-X == 1.0.0.X"},
	{8, "Alpine", "1", "1.0", false, 0, "apk_version_compare: the longer is later"},
	{8, "Alpine", "1.0", "1.0-r0", false, 0, "as above"},
	{8, "Alpine", "1.0_alpha", "1.0_alpha0", false, 0, "as above"},
	{8, "Alpine", "1.0~1a", "1.0~2b", false, 0, "apk-tools 3: hashes by text"},
	{9, "Bitnami", "2.4.50", "2.4.50-3", false, +1, "a revision of Bitnami's package"},
	{9, "Bitnami", "2.4.50-debian-11-r2", "2.4.50-r10", false, -1, "as above; semantic compares words"},
	{9, "Bitnami", "2.4.50-0", "2.4.50", true, -1, "the first revision"},
}

func TestDeviations(t *testing.T) {
	t.Parallel()
	for _, d := range deviations {
		name := fmt.Sprintf("%d %s %s %s", d.number, d.ecosystem, d.before, d.after)
		want := -1
		if d.same {
			want = 0
		}
		if got := mustParse(t, d.ecosystem, d.before).Compare(mustParse(t, d.ecosystem, d.after)); got != want {
			t.Errorf("%s: our order: want %d, got %d (%s)", name, want, got, d.proofOrExample)
		}
		got, err := semanticParse(t, d.ecosystem, d.before).CompareStr(d.after)
		if err != nil {
			t.Errorf("%s: semantic: %v", name, err)
		}
		if sign(got) != d.whatTheySay {
			t.Errorf("%s: semantic's order: want %d, got %d: has the deviation gone?", name, d.whatTheySay, got)
		}
	}
}

// TestSemanticIsNoOrder keeps the reason for deviation 7.
func TestSemanticIsNoOrder(t *testing.T) {
	t.Parallel()
	cycle := []string{"1-alpha", "1", "1.sp", "1-alpha"}
	for i := range 3 {
		if got, _ := semanticParse(t, "Maven", cycle[i]).CompareStr(cycle[i+1]); got != -1 {
			t.Errorf("%s < %s in semantic: want -1, got %d", cycle[i], cycle[i+1], got)
		}
	}
}

func semanticParse(t testing.TB, ecosystem, text string) semantic.Version {
	t.Helper()
	if ecosystem == "opam" {
		ecosystem = "Debian" // semantic does not know opam
	}
	v, err := semantic.Parse(text, ecosystem)
	if err != nil {
		t.Fatalf("semantic: %s %q: %v", ecosystem, text, err)
	}
	return v
}

func mustParse(t testing.TB, ecosystem, text string) Version {
	t.Helper()
	s, ok := SchemeOf(ecosystem)
	if !ok {
		t.Fatalf("no scheme for %q", ecosystem)
	}
	v, err := s.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", ecosystem, err)
	}
	return v
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

var (
	composerParts = regexp.MustCompile(`(?i)^v?([0-9.]+)[._-]?(stable|beta|b|rc|alpha|a|patch|pl|p)?(.*)$`)
	dotQualifier  = regexp.MustCompile(`\.([^0-9.-])`)
	signedIdent   = regexp.MustCompile(`[-.]-+[0-9]+(\.|\+|$)`)
	letterNumber  = regexp.MustCompile(`^[0-9.]+[a-z][0-9]`)
	toolchain     = regexp.MustCompile(`^[vV]?[0-9.]+[a-zA-Z]`)
	leadingZeros  = regexp.MustCompile(`(^|[^0-9])0+([0-9])`)
	hugeNumber    = regexp.MustCompile(`[0-9]{19}`)
	numericParts  = regexp.MustCompile(`^[0-9]+(\.[0-9]+)*`)
)

// semanticText rewrites text so that semantic's order on the result is ours on
// text: the deviations that are normalisations (5, 6, 7) are made explicit, and
// so tested rather than excused.
func semanticText(s Scheme, text string) string {
	switch s {
	case Packagist:
		text, _, _ = strings.Cut(strings.ReplaceAll(text, ":", "."), "+")
		m := composerParts.FindStringSubmatch(text)
		if m == nil || skipDigits(m[1], 0) > 5 || m[2] == "" && strings.ContainsAny(m[3][:min(1, len(m[3]))], "0123456789") {
			return text
		}
		numbers := strings.Split(strings.Trim(m[1], "."), ".")
		for len(numbers) < 4 {
			numbers = append(numbers, "0")
		}
		word := strings.ToLower(m[2])
		if word == "stable" {
			return strings.Join(numbers, ".")
		}
		return strings.TrimRight(strings.Join(numbers, ".")+"-"+word+strings.ToLower(m[3]), "-")
	case RubyGems:
		return leadingZeros.ReplaceAllString(strings.ReplaceAll(cutPlatform(text), "-", ".pre."), "$1$2")
	case Opam:
		return text + "-0" // with a revision, Debian's upstream part is the whole text
	case Maven:
		return dotQualifier.ReplaceAllString(text, "-$1")
	default:
		return text
	}
}

// excused returns the number of the deviation that allows a and b of s to
// compare as got here and as theirs there; 0 if none does.
func excused(s Scheme, a, b string, got, theirs int) int {
	either := func(f func(string) bool) bool { return f(a) || f(b) }
	switch s {
	case SemVer, Go, SemVerBuild, Bitnami:
		switch {
		case either(func(v string) bool { return strings.Count(numericParts.FindString(strings.TrimLeft(v, "vV")), ".") > 2 }):
			return 1
		case either(signedIdent.MatchString):
			return 2
		case s == Bitnami && either(func(v string) bool {
			_, _, ok := cutRevision(v)
			return ok
		}):
			return 9
		case s == Go && either(func(v string) bool {
			return strings.HasPrefix(v, "go") || toolchain.MatchString(v)
		}):
			return 3
		case s == SemVerBuild && either(func(v string) bool { return strings.Contains(v, "+") }):
			return 4
		}
	case NuGet:
		if either(signedIdent.MatchString) {
			return 2
		}
	case Packagist:
		if either(hugeNumber.MatchString) {
			return 5
		}
	case Alpine:
		na, nb := numericParts.FindString(a), numericParts.FindString(b)
		if got != 0 && theirs == 0 || strings.Count(na, ".") != strings.Count(nb, ".") || either(letterNumber.MatchString) ||
			either(func(v string) bool { return strings.Contains(v, "~") }) {
			return 8
		}
	default:
	}
	return 0
}
