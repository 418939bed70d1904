// SPDX-License-Identifier: Apache-2.0

package version

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/osv-scalibr/semantic"
	"pgregory.net/rapid"
)

// ecosystemOf gives each scheme one ecosystem to test with.
var ecosystemOf = map[Scheme]string{
	SemVer: "npm", Go: "Go", SemVerBuild: "Julia", NuGet: "NuGet", Packagist: "Packagist", PyPI: "PyPI",
	RubyGems: "RubyGems", Maven: "Maven", Debian: "Debian", Opam: "opam", RPM: "Red Hat", Alpine: "Alpine",
	CRAN: "CRAN", Hackage: "Hackage", Homebrew: "Homebrew", Upstream: "GIT", Bitnami: "Bitnami",
}

// pieces are what versions are made of, those at the limits of the encoding
// included.
var pieces = []string{
	"0", "1", "2", "3", "9", "10", "00", "01", "007", "207", "208", "255", "256", "272", "4112", "65535", "65536",
	"20230801", "9999999999999999999", "18446744073709551615", "18446744073709551616", "123456789012345678901234567890",
	".", ".", ".", ".", ".", "-", "-", "_", "+", "~", "^", ":", "!", "-r", "_p",
	"a", "b", "c", "m", "p", "r", "x", "Z", "v", "alpha", "beta", "Beta", "rc", "RC", "pre", "post", "dev", "sp", "final",
	"ga", "snapshot", "milestone", "foo", "git", "cvs", ".0", ".0.0", "-0", "-1", "-alpha.1", "-beta", ".post1", ".dev2",
	"$", "*", " ", "é", "\x00", "/",
}

// versionText draws texts for s, most of which s accepts.
func versionText(t *rapid.T, s Scheme, name string) string {
	text := rapid.SampledFrom([]string{"1", "1.0", "1.2.3", "0", "10.0.1", "1.2"}).Draw(t, name+" start")
	for _, piece := range rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 6).Draw(t, name+" rest") {
		// Keep what is acceptable, but now and then go on from what is not.
		if _, ok := s.AppendKey(nil, text+piece+"1"); ok || rapid.IntRange(0, 9).Draw(t, name+" junk") == 0 {
			text += piece
		}
	}
	return text
}

// TestOrder checks that the order is one, that keys carry it, and that it is
// semantic's.
func TestOrder(t *testing.T) {
	t.Parallel()
	for s := SemVer; int(s) < schemes; s++ {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			compared := 0
			rapid.Check(t, func(t *rapid.T) {
				var vs []Version
				for _, name := range []string{"a", "b", "c"} {
					text := versionText(t, s, name)
					v, err := s.Parse(text)
					if err != nil {
						continue
					}
					if again, ok := s.AppendKey([]byte("prefix"), text); !ok || string(again) != "prefix"+string(v.Key()) {
						t.Fatalf("%q: key %x after a prefix, alone %x", text, again, v.Key())
					}
					vs = append(vs, v)
				}
				for _, a := range vs {
					for _, b := range vs {
						got := a.Compare(b)
						if back := b.Compare(a); back != -got || bytes.Compare(a.Key(), b.Key()) != got {
							t.Fatalf("%s and %s: %d, back %d", a, b, got, back)
						}
						for _, c := range vs {
							if got <= 0 && b.Compare(c) <= 0 && a.Compare(c) > 0 {
								t.Fatalf("%s <= %s <= %s, but not the first and the last", a, b, c)
							}
						}
						compared += agreesWithSemantic(t, s, a, b)
					}
				}
			})
			if compared == 0 && s != Homebrew && s != Upstream {
				t.Error("no pair compared with semantic")
			}
		})
	}
}

func agreesWithSemantic(t *rapid.T, s Scheme, a, b Version) int {
	if s == Homebrew || s == Upstream { // semantic does not know them
		return 0
	}
	ecosystem := ecosystemOf[s]
	if s == Opam {
		ecosystem = "Debian"
	}
	v, err := semantic.Parse(semanticText(s, a.String()), ecosystem)
	if err != nil {
		t.Fatalf("semantic: %s: %v", a, err)
	}
	theirs, err := v.CompareStr(semanticText(s, b.String()))
	if err != nil {
		t.Fatalf("semantic: %s: %v", b, err)
	}
	got := a.Compare(b)
	if sign(theirs) == got {
		return 1
	}
	if excused(s, a.String(), b.String(), got, sign(theirs)) == 0 {
		t.Fatalf("%s and %s: semantic %d, got %d", a, b, theirs, got)
	}
	return 0
}

// TestTrailingZeros checks the schemes in which a zero at the end changes
// nothing: equal versions have equal keys.
func TestTrailingZeros(t *testing.T) {
	t.Parallel()
	for _, s := range []Scheme{SemVer, Go, SemVerBuild, PyPI, RubyGems, Maven, Homebrew} {
		rapid.Check(t, func(t *rapid.T) {
			text := "1" + strings.Repeat(".0", rapid.IntRange(0, 5).Draw(t, "zeros")) + rapid.SampledFrom([]string{"", ".7", ".300"}).Draw(t, "end")
			a, err := s.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			b, err := s.Parse(text + ".0")
			if err != nil {
				t.Fatal(err)
			}
			if a.Compare(b) != 0 {
				t.Fatalf("%s: %s and %s differ: %x, %x", s, a, b, a.Key(), b.Key())
			}
		})
	}
}

// FuzzKey looks for panics and for keys that differ from the order. Agreement
// with semantic is held on real and on well-formed versions (TestRealVersions, TestOrder
// and TestOrders): what no ecosystem writes, such as NuGet's "V1", has no
// right answer to agree on.
func FuzzKey(f *testing.F) {
	for _, o := range orders {
		s, _ := SchemeOf(o.ecosystem)
		fields := strings.Fields(o.order)
		for i := 0; i+2 < len(fields); i += 2 {
			f.Add(uint8(s), fields[i], fields[i+2])
		}
	}
	for _, r := range refusals {
		s, _ := SchemeOf(r.ecosystem)
		f.Add(uint8(s), r.text, "1.0")
	}
	f.Fuzz(func(t *testing.T, scheme uint8, a, b string) {
		s := Scheme(int(scheme) % (schemes + 1))
		v, errA := s.Parse(a)
		w, errB := s.Parse(b)
		if errA != nil && len(errA.Error()) > 4*maxQuote+200 {
			t.Errorf("an error of %d bytes", len(errA.Error()))
		}
		if got := v.Compare(w); got != -w.Compare(v) {
			t.Errorf("%s: %q and %q: %d one way, %d the other", s, a, b, got, w.Compare(v))
		}
		if errA != nil || errB != nil {
			return
		}
		if got := v.Compare(w); got != bytes.Compare(v.Key(), w.Key()) {
			t.Errorf("%s: %q and %q: keys differ from %d", s, a, b, got)
		}
	})
}
