// SPDX-License-Identifier: Apache-2.0

package build

import (
	"fmt"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/internal/jsonpull"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// record is what is kept of one OSV record (https://ossf.github.io/osv-schema/).
// Its strings are views of the record's text. Records are used again for other
// texts, with their slices.
type record struct {
	id          string
	modified    stamp
	published   stamp
	withdrawal  stamp // as stated
	withdrawn   bool  // by the day of the build
	summary     string
	aliases     []string
	upstream    []string
	related     []string
	cwes        []string
	references  []string
	severities  []vulndb.SeverityStatement
	word        vulndb.Severity // highest qualitative statement
	cvss        cvss
	affected    []affected
	oddities    []string
	unlisted    int // oddities beyond maxOddities
	fingerprint fingerprint
	err         error
}

// fingerprint tells equal texts of one id apart from different ones.
type fingerprint struct {
	crc  uint32
	size int
}

type span struct{ from, to int }

// stamp is a time in Unix seconds.
type stamp struct {
	seconds int64
	ok      bool
}

type affected struct {
	ecosystem     string
	name          string
	hasPackage    bool
	informational bool
	ranges        []eventRange
	custom        []eventRange // ecosystem_specific.custom_ranges
	versions      []string
}

type eventRange struct {
	kind   vulndb.RangeKind
	repo   string // of a GIT range
	events []event
}

type event struct {
	kind vulndb.EventKind
	text string
}

// Limits of one record.
const (
	maxReferences = 1024
	maxSummary    = 4096 // bytes
	maxOddities   = 8    // listed of one record

	// What a report prints of a record must fit a block of texts (layout.MaxBlock):
	// bytes of all references, of the ids of one list, and of all severities.
	maxLinks      = 1 << 20
	maxIDs        = 1 << 19
	maxSeverities = 1 << 18
)

func (rec *record) reset() {
	*rec = record{
		aliases: rec.aliases[:0], upstream: rec.upstream[:0], related: rec.related[:0], cwes: rec.cwes[:0],
		references: rec.references[:0], severities: rec.severities[:0], affected: rec.affected[:0], oddities: rec.oddities[:0],
	}
}

// odd notes what could not be taken as it stands. At most maxOddities.
func (rec *record) odd(format string, args ...any) {
	if len(rec.oddities) < maxOddities {
		rec.oddities = append(rec.oddities, fmt.Sprintf(format, args...))
		return
	}
	rec.unlisted++
}

// expect notes a value of another kind than the schema says. None at all, or
// null, is for the caller to judge.
func (rec *record) expect(r *jsonpull.Reader, want jsonpull.Kind, what string) (ok bool) {
	kind := r.Kind()
	if kind != want && kind != jsonpull.Null {
		rec.odd("%s is %s where %s should stand", what, kind, want)
	}
	return kind == want
}

// extend lengthens a slice by one and keeps what its new element held.
func extend[T any](s []T) ([]T, *T) {
	if len(s) < cap(s) {
		s = s[:len(s)+1]
	} else {
		var zero T
		s = append(s, zero)
	}
	return s, &s[len(s)-1]
}

// parse reads one OSV record. It is lenient: a field that is missing, null or
// of another kind than the schema says costs that field. Only a text that is
// not JSON, is no object or has no id is refused (rec.err).
func (rec *record) parse(text []byte, r *jsonpull.Reader) {
	text = trimMark(text)
	r.Reset(text)
	if r.Kind() != jsonpull.Object {
		rec.err = fmt.Errorf("is %s where an OSV record should stand", r.Kind())
		return
	}
	for ok := r.Object(); ok && r.Key(); {
		switch r.Name() {
		case "id":
			rec.id, _ = scalar(r)
		case "modified":
			rec.modified = rec.time(r, "modified")
		case "published":
			rec.published = rec.time(r, "published")
		case "withdrawn":
			rec.readWithdrawn(r)
		case "summary":
			rec.summary, _ = r.String()
		case "aliases":
			rec.aliases = texts(r, rec.aliases)
		case "upstream":
			rec.upstream = texts(r, rec.upstream)
		case "related":
			rec.related = texts(r, rec.related)
		case "references":
			rec.readReferences(r)
		case "severity":
			rec.readSeverity(r)
		case "affected":
			rec.readAffected(r)
		case "database_specific":
			rec.readSpecific(r)
		default:
			r.Skip()
		}
	}
	if err := r.End(); err != nil {
		rec.err = err
		return
	}
	if rec.id = strings.TrimSpace(rec.id); rec.id == "" || len(rec.id) > layout.MaxText {
		rec.err = fmt.Errorf("has no usable id (%.40q)", rec.id)
		return
	}
	if r.BadText > 0 {
		rec.odd("%d strings with invalid characters, the first at offset %d", r.BadText, r.BadTextAt)
	}
	if !rec.modified.ok {
		rec.odd("no date of modification")
	}
	if len(rec.summary) > maxSummary {
		rec.odd("a summary of %d bytes, cut off at %d", len(rec.summary), maxSummary)
		rec.summary = strings.ToValidUTF8(rec.summary[:maxSummary], "")
	}
	rec.dropLong()
	rec.rate()
}

// readWithdrawn takes a date. What is none withdraws nothing: a record that says
// of itself in words that cannot be read that it does not count, counts.
func (rec *record) readWithdrawn(r *jsonpull.Reader) {
	if r.Kind() == jsonpull.Null {
		r.Skip()
		return
	}
	s, _ := scalar(r)
	t, ok := parseTime(s)
	if !ok || !t.ok {
		rec.odd("withdrawn %.40q is no date: the record counts as in force", s)
		return
	}
	rec.withdrawal = t
}

// settle says whether the record is withdrawn on the day of the build.
func (rec *record) settle(asOf int64) {
	rec.withdrawn = rec.withdrawal.ok && rec.withdrawal.seconds <= asOf
	switch {
	case rec.withdrawn:
	case rec.withdrawal.ok:
		rec.odd("withdrawn after the date of the build: the record counts as in force")
		fallthrough
	default:
		if len(rec.affected) == 0 {
			rec.odd("names nothing that is affected")
		}
	}
}

// keep reports whether a text still goes into what a list of the record may have.
func keep(s string, room *int) bool {
	*room -= len(s) + 3 // the bytes of its length
	return *room >= 0
}

// dropLong drops ids and statements beyond any reason.
func (rec *record) dropLong() {
	for _, list := range []*[]string{&rec.aliases, &rec.upstream, &rec.related, &rec.cwes} {
		kept, room, over := (*list)[:0], maxIDs, 0
		for _, s := range *list {
			if s = strings.TrimSpace(s); s == "" {
				continue
			}
			if len(s) > layout.MaxText {
				rec.odd("an id of %d bytes, left out", len(s))
				continue
			}
			if !keep(s, &room) {
				over++
				continue
			}
			kept = append(kept, s)
		}
		if over > 0 {
			rec.odd("%d ids left out, those before have %d bytes", over, maxIDs)
		}
		*list = kept
	}
	kept, room, over := rec.severities[:0], maxSeverities, 0
	for _, s := range rec.severities {
		if len(s.Type) > layout.MaxText || len(s.Score) > layout.MaxText {
			rec.odd("a severity of %d bytes, left out", len(s.Type)+len(s.Score))
			continue
		}
		if !keep(s.Type+s.Score, &room) {
			over++
			continue
		}
		kept = append(kept, s)
	}
	if over > 0 {
		rec.odd("%d severities left out, those before have %d bytes", over, maxSeverities)
	}
	rec.severities = kept
}

// trimMark cuts a byte order mark.
func trimMark(text []byte) []byte {
	if len(text) >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF {
		return text[3:]
	}
	return text
}

// scalar reads a string, or a number as written.
func scalar(r *jsonpull.Reader) (string, bool) {
	s, kind := r.Scalar()
	if kind == jsonpull.String || kind == jsonpull.Number {
		return s, true
	}
	return "", false
}

// texts reads a list of strings; one string alone is a list of one.
func texts(r *jsonpull.Reader, list []string) []string {
	if r.Kind() != jsonpull.Array {
		if s, ok := scalar(r); ok {
			list = append(list, s)
		}
		return list
	}
	for ok := r.Array(); ok && r.Item(); {
		if s, ok := scalar(r); ok {
			list = append(list, s)
		}
	}
	return list
}

func (rec *record) time(r *jsonpull.Reader, field string) stamp {
	s, ok := scalar(r)
	if !ok || s == "" {
		return stamp{}
	}
	t, ok := parseTime(s)
	if !ok {
		rec.odd("%s %.40q is no date", field, s)
	}
	return t
}

func (rec *record) readReferences(r *jsonpull.Reader) {
	dropped, room := 0, maxLinks
	for ok := r.Array(); ok && r.Item(); {
		url := ""
		if r.Kind() == jsonpull.String {
			url, _ = r.String()
		} else {
			for ok := r.Object(); ok && r.Key(); {
				if r.Name() == "url" {
					url, _ = r.String()
				} else {
					r.Skip()
				}
			}
		}
		switch {
		case url == "":
		case len(rec.references) == maxReferences || len(url) > maxSummary || !keep(url, &room):
			dropped++
		default:
			rec.references = append(rec.references, url)
		}
	}
	if dropped > 0 {
		rec.odd("%d references left out, too many or too long", dropped)
	}
}

// readSpecific reads database_specific of the record.
func (rec *record) readSpecific(r *jsonpull.Reader) {
	for ok := r.Object(); ok && r.Key(); {
		switch r.Name() {
		case "severity":
			rec.readWord(r)
		case "cwe_ids", "cwe", "CWE", "cwes":
			rec.readCWEs(r)
		default:
			r.Skip()
		}
	}
}

// readWord takes a qualitative severity.
func (rec *record) readWord(r *jsonpull.Reader) {
	word, _ := r.String()
	rec.word = max(rec.word, severityWord(word))
}

// readCWEs takes "CWE-79", a list of them, or objects with id or cweId.
func (rec *record) readCWEs(r *jsonpull.Reader) {
	switch r.Kind() {
	case jsonpull.Array:
		for ok := r.Array(); ok && r.Item(); {
			rec.readCWEs(r)
		}
	case jsonpull.Object:
		for ok := r.Object(); ok && r.Key(); {
			if name := r.Name(); name == "cweId" || name == "id" {
				rec.readCWEs(r)
			} else {
				r.Skip()
			}
		}
	default:
		id, _ := r.String()
		if !strings.HasPrefix(id, "CWE-") {
			return
		}
		if !slices.Contains(rec.cwes, id) {
			rec.cwes = append(rec.cwes, id)
		}
	}
}

func (rec *record) readSeverity(r *jsonpull.Reader) {
	for ok := r.Array(); ok && r.Item(); {
		var s vulndb.SeverityStatement
		for ok := r.Object(); ok && r.Key(); {
			switch r.Name() {
			case "type":
				s.Type, _ = r.String()
			case "score":
				s.Score, _ = scalar(r)
			default:
				r.Skip()
			}
		}
		rec.state(s)
	}
}

// state adds a severity statement that is not yet there.
func (rec *record) state(s vulndb.SeverityStatement) {
	if s.Score != "" && !slices.Contains(rec.severities, s) {
		rec.severities = append(rec.severities, s)
	}
}
