// SPDX-License-Identifier: Apache-2.0

package match

import (
	"strings"

	"github.com/medsbom/medsbom/purl"
)

// The caveats of a fix.
const (
	caveatOtherLine = "no fix in the component's own major line is named"
	caveatStream    = "the advisory is for a module stream, which need not be that of the component"
	caveatEpoch     = "the fix has an epoch, and the component states none"
)

// sayOtherLine adds a caveat to a finding none of whose fixes lies in the major
// line of the component: going there may be another product to qualify. A
// distribution keeps a release's line itself, years are no lines.
func (f *Finding) sayOtherLine() {
	if len(f.Fixed) == 0 || purl.HasReleases(f.Identity.Ecosystem) {
		return
	}
	own := line(f.Identity.Version)
	if own < 0 {
		return
	}
	for i := range f.Records {
		r := &f.Records[i]
		if of := line(r.Fixed); of >= 0 && of != own && !IsPlaceholder(r.Fixed) {
			r.Caveat = join(r.Caveat, caveatOtherLine)
		}
	}
	for _, fix := range f.Fixed {
		if of := line(fix); of < 0 || of == own || IsPlaceholder(fix) {
			return
		}
	}
	f.Caveat = join(f.Caveat, caveatOtherLine)
}

// line gives the first number of a version, -1 for none or a year.
func line(v string) int {
	v = strings.TrimLeft(v, "vV")
	const year = 1000
	if v == "" || !isDigit(v[0]) {
		return -1
	}
	if n := firstNumber(v); n < year {
		return n
	}
	return -1
}

// doubtOfRevision tells why a distribution's version, which lies below a fix,
// need not be of the same line: the fix is of a module stream, of which a release
// has several beside each other under one name, and the component of another or
// of none; or only the fix has an epoch, which documents leave out. "" for
// nothing.
func doubtOfRevision(p *purl.Package, fix string, distribution bool) string {
	if !distribution || fix == "" || p.Version == "" {
		return ""
	}
	if isModular(fix) && (!isModular(p.Version) || firstNumber(upstreamOf(fix)) != firstNumber(upstreamOf(p.Version))) {
		return caveatStream
	}
	if hasEpoch(fix) && !strings.Contains(p.Version, ":") {
		return caveatEpoch
	}
	return ""
}

// isModular tells the builds of Red Hat's and its rebuilds' module streams:
// 18.14.0-1.module_el8.7.0+3501+8ec5a1f8, 2.4.37-43.module+el8.5.0+1.
func isModular(v string) bool {
	return strings.Contains(v, ".module_el") || strings.Contains(v, ".module+el")
}

// hasEpoch reports an epoch above zero.
func hasEpoch(v string) bool {
	epoch, _, ok := strings.Cut(v, ":")
	return ok && strings.Trim(epoch, "0") != ""
}

// upstreamOf cuts the epoch off a version.
func upstreamOf(v string) string {
	if _, after, ok := strings.Cut(v, ":"); ok {
		return after
	}
	return v
}
