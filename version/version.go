// SPDX-License-Identifier: Apache-2.0

// Package version orders version texts as the ecosystem of each orders them,
// and says "not comparable" where it would have to guess.
//
// # Keys
//
// A version is parsed straight into an order-preserving key: for versions a
// and b of one [Scheme],
//
//	sign(bytes.Compare(a.Key(), b.Key())) == sign(a.Compare(b))
//
// The key is the order: [Version.Compare] compares keys and nothing else, so
// that the order is total and transitive by construction. Every version that
// a scheme accepts has a key. Equal versions have equal keys (PyPI 1.0 and
// 1.0.0, Debian 1.0 and 1.0-0). Keys of different schemes mean nothing to
// each other, and the encoding may change with any release of this module:
// what stores keys must store the module's version beside them.
//
// # What is refused
//
// [Scheme.Parse] returns an error, and [Scheme.AppendKey] false, for
//
//   - an empty text, more than 512 bytes, and every byte outside the
//     scheme's alphabet (so spaces, control characters, all of non-ASCII);
//     white space around a version is dropped;
//   - placeholders (${revision}, UNKNOWN, (devel), latest, NOASSERTION), ranges
//     and wildcards (>=1.2, ^1, [1,2), 1.x, 1.*), URLs, paths, branches
//     (dev-master, 1.x-dev) and commit hashes;
//   - what the ecosystem's own grammar refuses, but for the spellings below.
//
// introduced "0" of an OSV range is no version but "from the beginning"; the
// caller has to deal with it.
//
// # Schemes and their grammar
//
// The order is that of osv-scalibr v0.5.3 (package semantic), the engine of
// osv-scanner, except for the deviations of the next section.
//
//   - [SemVer] (semver.org 2.0.0: npm, crates.io, Hex, SwiftURL, GHC,
//     Bioconductor, ConanCenter, Docker Hardened Images): [v] numbers, dotted,
//     missing ones are 0; "-" pre-release; "+" build, which does not order. Also
//     a pre-release without hyphen if it starts with a word for one (3.0.RC3,
//     1.0RC2, 1.0.0.beta.3, 2.0b1). A letter that is no such word (1.1.1k) may
//     mean before or after: not comparable.
//   - [Go]: as SemVer, with v or without, also the toolchain's names (go1.21.0,
//     1.21rc2 is 1.21.0-rc.2).
//   - [SemVerBuild] (Julia, Pub): as SemVer, but the build orders last.
//   - [Bitnami]: as SemVer, but what stands behind the numbers of a release may be
//     the revision of Bitnami's package: 2.4.50-3, 2.4.50-r3, 2.4.50-debian-11-r3
//     are one, after 2.4.50 = 2.4.50-0 and before 2.4.51-rc.1.
//   - [NuGet]: four numbers, and the pre-release compares without case.
//   - [Packagist]: what Composer normalises to numbers and a stability.
//   - [PyPI]: PEP 440, normalisations included.
//   - [RubyGems]: Gem::Version; a platform at the end is cut (-x86_64-linux).
//   - [Maven]: maven.apache.org/pom.html#version-order-specification; anything
//     of letters, digits and . - _ + ~ with at least one digit.
//   - [Debian] (and Ubuntu): Debian Policy 5.6.12, epoch:upstream-revision.
//   - [Opam]: Debian's order on the whole text, without epoch and revision.
//   - [RPM] (Red Hat, AlmaLinux, Rocky Linux, SUSE, openSUSE, openEuler, Mageia,
//     Azure Linux, Photon OS): epoch:version-release by rpmvercmp.
//   - [Alpine] (and Alpaquita, BellSoft Hardened Containers, Chainguard, Wolfi,
//     MinimOS): apk-tools 3, digits{.digits}{letter}{_suffix{n}}{~hash}{-rN}; and
//     two spellings of apk-tools 2 that advisories have: digits after the letter
//     (8u372_p7-r0) and a dot without digits, which counts for nothing.
//   - [CRAN]: numbers with . or -; [Hackage]: numbers with dots. A longer
//     version is later (1 < 1.0).
//   - [Homebrew]: dotted numbers, one small letter at most, and a revision
//     (3.0_1), where trailing zeros do not count. Homebrew knows more (words,
//     nine token kinds); its order on those is not transitive, so they are not
//     comparable here. semantic does not know Homebrew and opam.
//   - [Upstream] (GIT): versions as projects tag them and people write them,
//     below.
//
// # Versions of upstream projects
//
// No rule orders the tags of source repositories. [Upstream] takes what most of
// them agree on, and nothing else:
//
//	version = ["v"] number {sep number} {item}
//	item    = letter | [sep] word [sep] [number] | ("-" | "_") number
//
// sep is one of "." "_" "-", and all between the numbers are the same: 1_34_1 is
// 1.34.1, while in 6.9.10-34 the last is a revision. Zeros at the end of the
// numbers change nothing, nor do zeros before one (10.03 is 10.3). A letter
// directly after the numbers comes after them (OpenSSL: 1.1.1 < 1.1.1a < 1.1.1z <
// 1.1.1za; jpeg-9d), also where a project means a beta by 0.5b. Before them
// come, in this order, dev (snapshot, nightly), alpha, beta, pre (preview, test,
// milestone) and rc, and a, b, m and c before a digit; after the letters patch
// (post, sp, pl, and p before a digit), then revisions (also r before a digit).
// release, stable, final and ga at the end change nothing. Any other word
// (-windows, -ndb-7.0.12, +git2022) may mean a fork: not comparable.
//
// What stands before the version in a tag [TagVersion] takes away.
//
// # Deviations from osv-scalibr
//
// Each has a test that fails when the deviation is gone on either side.
//
//  1. More than three numbers in SemVer. semantic takes 1.6.0.2 for a
//     pre-release of 1.6.0, so that 1.6.0 would be free of what 1.6.0.2 fixed
//     (CVE-2008-7220, prototype 1.6.0.2, is a real one). Here they are numbers.
//  2. Pre-release identifiers with a sign: in 1.0.0--5 the identifier is "-5",
//     alphanumeric (semver.org item 11.4); semantic reads a negative number.
//  3. Go's 1.21rc2 is 1.21.0-rc.2, as the Go vulnerability database writes it,
//     and the prefix go is known; semantic has 1.21.0-rc2 and 0.0.0-go1.
//  4. Build metadata of Julia orders (VersionNumber's isless: v"1.1.10+0" <
//     v"1.1.10+1"), and that of Pub by identifiers (pub_semver: "build numbers
//     are sorted like pre-release suffixes", +2 < +10); semantic ignores the one
//     and compares the other as text.
//  5. Packagist normalises as Composer's VersionParser does: 1.0 = 1.0.0 =
//     v1.0.0.0+build, and stability words have no case. semantic is PHP's bare
//     version_compare: 1.0 < 1.0.0, and takes a number of 19 digits and more at
//     the end for a word.
//  6. RubyGems: Gem::Version reads - as .pre. (1.0-beta is 1.0.pre.beta);
//     semantic takes the hyphen for a part of a word. Segments are integers, so
//     1.00.a is 1.a; semantic drops a zero only if it is written 0.
//  7. Maven: .qualifier = -qualifier (1.0.X == 1-X == 1.0.0.X) since Maven 3.9.0
//     (MNG-7644). semantic still has .qualifier < -qualifier, which is no order:
//     1-alpha < 1 < 1.sp < 1-alpha.
//  8. Alpine: the version that ends first is the earlier one but before a
//     pre-release suffix (apk_version_compare): 1 < 1.0, 1.0 < 1.0-r0, 1_alpha
//     < 1_alpha0, and hashes order as text; semantic pads with zeros and
//     ignores the hash.
//  9. Bitnami: 2.4.50-3 is the third revision of 2.4.50 and later (bitnami/go-version:
//     "pre-release versions are considered revisions"); semantic takes it for a
//     pre-release, which would leave 2.4.49-r1 out of what begins with 2.4.49.
package version

import (
	"bytes"
	"strings"
)

// Scheme is an order of versions. The zero Scheme accepts nothing.
type Scheme uint8

// The schemes; the package comment has the grammar of each.
const (
	SemVer Scheme = iota + 1
	Go
	SemVerBuild
	NuGet
	Packagist
	PyPI
	RubyGems
	Maven
	Debian
	Opam
	RPM
	Alpine
	CRAN
	Hackage
	Homebrew
	Upstream
	Bitnami
)

// schemes is the number of schemes, the zero one included.
const schemes = int(Bitnami) + 1

// String returns the scheme's name for messages.
func (s Scheme) String() string {
	switch s {
	case SemVer:
		return "semver"
	case Go:
		return "Go"
	case SemVerBuild:
		return "semver with ordered build"
	case NuGet:
		return "NuGet"
	case Packagist:
		return "Packagist"
	case PyPI:
		return "PyPI"
	case RubyGems:
		return "RubyGems"
	case Maven:
		return "Maven"
	case Debian:
		return "Debian"
	case Opam:
		return "opam"
	case RPM:
		return "RPM"
	case Alpine:
		return "Alpine"
	case CRAN:
		return "CRAN"
	case Hackage:
		return "Hackage"
	case Homebrew:
		return "Homebrew"
	case Upstream:
		return "upstream tags"
	case Bitnami:
		return "semver with revision"
	}
	return "no version scheme"
}

// SchemeOf returns the scheme of an OSV ecosystem, written as in
// affected[].package.ecosystem, with or without a release ("Debian:11",
// "Ubuntu:Pro:20.04:LTS"). It is false for an ecosystem whose versions have no
// known order (OSS-Fuzz, Android, Linux) or that is unknown.
func SchemeOf(ecosystem string) (Scheme, bool) {
	base, _, _ := strings.Cut(ecosystem, ":")
	switch base {
	case "npm", "crates.io", "Hex", "SwiftURL", "GHC", "Bioconductor", "ConanCenter", "Docker Hardened Images":
		return SemVer, true
	case "Bitnami":
		return Bitnami, true
	case "Go":
		return Go, true
	case "Julia", "Pub":
		return SemVerBuild, true
	case "NuGet":
		return NuGet, true
	case "Packagist":
		return Packagist, true
	case "PyPI":
		return PyPI, true
	case "RubyGems":
		return RubyGems, true
	case "Maven":
		return Maven, true
	case "Debian", "Ubuntu":
		return Debian, true
	case "opam":
		return Opam, true
	case "Red Hat", "AlmaLinux", "Rocky Linux", "SUSE", "openSUSE", "openEuler", "Mageia", "Azure Linux", "Photon OS":
		return RPM, true
	case "Alpine", "Alpaquita", "BellSoft Hardened Containers", "Chainguard", "Wolfi", "MinimOS":
		return Alpine, true
	case "CRAN":
		return CRAN, true
	case "Hackage":
		return Hackage, true
	case "Homebrew":
		return Homebrew, true
	case "GIT":
		return Upstream, true
	}
	return 0, false
}

// Version is a parsed version of one scheme. It is immutable and safe for use
// by several goroutines. The zero Version is before all others.
type Version struct {
	scheme Scheme
	text   string
	key    []byte
}

// Parse reads a version. The error says why text is not comparable under the
// scheme; it holds at most a short, quoted piece of text.
func (s Scheme) Parse(text string) (Version, error) {
	key, ok := s.AppendKey(make([]byte, 0, 16), text)
	if !ok {
		return Version{}, s.refusal(text)
	}
	return Version{scheme: s, text: strings.Trim(text, blanks), key: key}, nil
}

// Compare returns -1, 0 or +1 as v is before, equal to or after w in the order
// of their scheme. Versions of different schemes have no order; so that sorting
// stays well defined, they compare by scheme.
func (v Version) Compare(w Version) int {
	switch {
	case v.scheme < w.scheme:
		return -1
	case v.scheme > w.scheme:
		return +1
	}
	return bytes.Compare(v.key, w.key)
}

// Key returns the order-preserving key, nil for the zero Version only. The
// caller must not change it.
func (v Version) Key() []byte { return v.key }

// Scheme returns the scheme that v was parsed under.
func (v Version) Scheme() Scheme { return v.scheme }

// String returns the text that was parsed, without the white space around it.
func (v Version) String() string { return v.text }

// AppendKey appends the key of text to dst. If text is not comparable under the
// scheme it returns dst as it was, and false; [Scheme.Parse] says why. It
// allocates nothing but what dst needs to grow.
func (s Scheme) AppendKey(dst []byte, text string) ([]byte, bool) {
	if len(text) == 0 || len(text) > maxLength {
		return dst, false
	}
	if text[0] <= ' ' || text[len(text)-1] <= ' ' {
		if text = strings.Trim(text, blanks); text == "" {
			return dst, false
		}
	}
	var (
		key []byte
		ok  bool
	)
	switch s {
	case SemVer, Go, SemVerBuild, NuGet:
		key, ok = appendSemVer(dst, text, s)
	case Bitnami:
		key, ok = appendBitnami(dst, text)
	case Packagist:
		key, ok = appendPackagist(dst, text)
	case PyPI:
		key, ok = appendPyPI(dst, text)
	case RubyGems:
		key, ok = appendRubyGems(dst, text)
	case Maven:
		key, ok = appendMaven(dst, text)
	case Debian:
		key, ok = appendDebian(dst, text)
	case Opam:
		key, ok = appendOpam(dst, text)
	case RPM:
		key, ok = appendRPM(dst, text)
	case Alpine:
		key, ok = appendAlpine(dst, text)
	case CRAN:
		key, ok = appendDotted(dst, text, "-")
	case Hackage:
		key, ok = appendDotted(dst, text, "")
	case Homebrew:
		key, ok = appendHomebrew(dst, text)
	case Upstream:
		key, ok = appendUpstream(dst, text)
	}
	if !ok {
		return dst, false
	}
	return key, true
}
