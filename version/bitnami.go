// SPDX-License-Identifier: Apache-2.0

package version

import "strings"

// maxRevision is the most digits of a revision; longer ones are dates and
// pseudo-versions (0.0.0-20250807212521-c52795c1ef74).
const maxRevision = 4

// appendBitnami reads a semantic version whose last part may be the revision of
// Bitnami's package, of which zero is the first: it comes after the release and
// before all that follows it.
func appendBitnami(dst []byte, s string) ([]byte, bool) {
	base, revision, ok := cutRevision(s)
	if !ok {
		return appendSemVer(dst, s, SemVer)
	}
	dst, ok = appendSemVer(dst, base, SemVer)
	if !ok || isZero(revision, 0, len(revision)) {
		return dst, ok
	}
	dst, _ = appendNumber(dst, revision, 0)
	return dst, true
}

// cutRevision cuts "-3", "-r3" and "-debian-11-r3" off numbers with dots.
func cutRevision(s string) (base, revision string, ok bool) {
	i := strings.IndexByte(s, '-')
	if i <= 0 || strings.Trim(strings.TrimLeft(s[:i], "vV"), "0123456789.") != "" {
		return s, "", false
	}
	base, revision = s[:i], s[i+1:]
	if last := strings.LastIndexByte(revision, '-'); last >= 0 {
		system, release, found := strings.Cut(revision[:last], "-")
		if !found || !isWord(system) || !isNumberText(release) || !strings.HasPrefix(revision[last+1:], "r") {
			return s, "", false
		}
		revision = revision[last+1:]
	}
	revision = strings.TrimPrefix(revision, "r")
	if len(revision) > maxRevision || !isNumberText(revision) {
		return s, "", false
	}
	return base, revision, true
}

func isWord(s string) bool {
	for i := range len(s) {
		if !isLower(s[i]) {
			return false
		}
	}
	return s != ""
}

func isNumberText(s string) bool { return s != "" && skipDigits(s, 0) == len(s) }
