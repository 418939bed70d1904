// SPDX-License-Identifier: Apache-2.0

package build

import (
	"strings"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/vulndb"
)

// unreadable stands in the place of a bound that could not be read. It is no
// version of any ecosystem, so that a range with it is one that cannot be judged,
// and does not let a version go.
const unreadable = "(not readable)"

// unreadableRange stands in the place of ranges that could not be read: it holds
// every version, without being sure of any.
func unreadableRange(g *eventRange) {
	*g = eventRange{kind: vulndb.Ecosystem, events: append(g.events[:0], event{vulndb.Introduced, "0"}, event{vulndb.LastAffected, unreadable})}
}

func (rec *record) readAffected(r *jsonpull.Reader) {
	rec.expect(r, jsonpull.Array, "affected")
	for ok := r.Array(); ok && r.Item(); {
		var a *affected
		rec.affected, a = extend(rec.affected)
		*a = affected{ranges: a.ranges[:0], custom: a.custom[:0], versions: a.versions[:0]}
		rec.expect(r, jsonpull.Object, "an entry of affected")
		for ok := r.Object(); ok && r.Key(); {
			switch r.Name() {
			case "package":
				a.hasPackage = rec.expect(r, jsonpull.Object, "package")
				for ok := r.Object(); ok && r.Key(); {
					switch r.Name() {
					case "ecosystem":
						a.ecosystem, _ = r.String()
					case "name":
						a.name, _ = scalar(r)
					default:
						r.Skip()
					}
				}
			case "ranges":
				a.ranges = rec.readRanges(r, a.ranges)
			case "versions":
				if kind := r.Kind(); kind != jsonpull.String {
					rec.expect(r, jsonpull.Array, "versions")
				}
				a.versions = texts(r, a.versions)
			case "severity":
				rec.readSeverity(r)
			case "database_specific":
				rec.readAffectedSpecific(r, a)
			case "ecosystem_specific":
				rec.readEcosystemSpecific(r, a)
			default:
				r.Skip()
			}
		}
		rec.clean("name", &a.name)
		rec.clean("ecosystem", &a.ecosystem)
	}
}

// clean takes the blanks from about a name: nothing that is asked for has them.
func (rec *record) clean(what string, name *string) {
	if s := strings.TrimSpace(*name); s != *name {
		rec.odd("the %s %.80q of a package has blanks about it, taken without", what, *name)
		*name = s
	}
	for i := range len(*name) {
		if c := (*name)[i]; c < ' ' || c == 0x7F {
			rec.odd("the %s %.80q of a package has control characters", what, *name)
			return
		}
	}
}

// readAffectedSpecific reads affected[].database_specific: RustSec's cvss and
// informational, the cwes and cvss of npm's and PyPI's old records.
func (rec *record) readAffectedSpecific(r *jsonpull.Reader, a *affected) {
	for ok := r.Object(); ok && r.Key(); {
		switch r.Name() {
		case "informational":
			word, _ := r.String()
			a.informational = word != ""
		case "cwes":
			rec.readCWEs(r)
		case "cvss":
			if r.Kind() == jsonpull.String {
				rec.vector(r)
				continue
			}
			for ok := r.Object(); ok && r.Key(); {
				if r.Name() == "vectorString" {
					rec.vector(r)
				} else {
					r.Skip()
				}
			}
		default:
			r.Skip()
		}
	}
}

// vector takes a vector that says its version itself.
func (rec *record) vector(r *jsonpull.Reader) {
	if v, _ := r.String(); v != "" {
		rec.state(vulndb.SeverityStatement{Type: vectorType(v), Score: v})
	}
}

func (rec *record) readEcosystemSpecific(r *jsonpull.Reader, a *affected) {
	for ok := r.Object(); ok && r.Key(); {
		switch r.Name() {
		case "severity":
			rec.readWord(r)
		case "custom_ranges":
			a.custom = rec.readRanges(r, a.custom)
		default:
			r.Skip()
		}
	}
}

func (rec *record) readRanges(r *jsonpull.Reader, ranges []eventRange) []eventRange {
	if kind := r.Kind(); kind != jsonpull.Array && kind != jsonpull.Null {
		rec.expect(r, jsonpull.Array, "ranges")
		var g *eventRange
		ranges, g = extend(ranges)
		unreadableRange(g)
	}
	for ok := r.Array(); ok && r.Item(); {
		var g *eventRange
		ranges, g = extend(ranges)
		*g = eventRange{kind: vulndb.Ecosystem, events: g.events[:0]}
		rec.expect(r, jsonpull.Object, "a range")
		for ok := r.Object(); ok && r.Key(); {
			switch r.Name() {
			case "type":
				kind, _ := r.String()
				switch kind {
				case "SEMVER":
					g.kind = vulndb.Semver
				case "ECOSYSTEM":
				case "GIT":
					g.kind = vulndb.Git
				default:
					rec.odd("range type %.40q is not known, taken as ECOSYSTEM", kind)
				}
			case "repo":
				g.repo, _ = r.String()
			case "events":
				rec.expect(r, jsonpull.Array, "events")
				for ok := r.Array(); ok && r.Item(); {
					rec.readEvent(r, g)
				}
			default:
				r.Skip()
			}
		}
		if len(g.events) == 0 {
			rec.odd("a range without events")
			if g.kind != vulndb.Git {
				unreadableRange(g)
			}
		}
	}
	return ranges
}

// readEvent reads one event object. Older records have several in one object.
func (rec *record) readEvent(r *jsonpull.Reader, g *eventRange) {
	rec.expect(r, jsonpull.Object, "an event")
	for ok := r.Object(); ok && r.Key(); {
		var kind vulndb.EventKind
		switch r.Name() {
		case "introduced":
			kind = vulndb.Introduced
		case "fixed":
			kind = vulndb.Fixed
		case "last_affected":
			kind = vulndb.LastAffected
		case "limit":
			kind = vulndb.Limit
		default:
			rec.odd("event %.40q is not known", r.Name())
			r.Skip()
			continue
		}
		if text, ok := scalar(r); ok && text != "" {
			g.events = append(g.events, event{kind, text})
		} else {
			rec.odd("%s without a version", kind)
			if kind == vulndb.Introduced { // without its ends a range holds no less
				g.events = append(g.events, event{kind, unreadable})
			}
		}
	}
}
