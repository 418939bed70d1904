// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/internal/safetext"
)

// Components and findings make up nearly all of a large document. These
// functions write them without reflection; a test fills every field of the
// structs in turn and holds the result against marshal, so that a new field
// cannot be forgotten.

func appendComponent(b []byte, c *assessment.Component) []byte {
	b = appendString(append(b, `{"key":`...), c.Key)
	b = appendOptional(b, `,"ref":`, c.Ref)
	b = appendString(append(b, `,"name":`...), c.Name)
	b = appendOptional(b, `,"group":`, c.Group)
	b = appendOptional(b, `,"version":`, c.Version)
	b = appendOptional(b, `,"type":`, c.Type)
	b = appendOptional(b, `,"purl":`, c.PURL)
	b = appendOptional(b, `,"producer":`, c.Producer)
	b = appendOptionals(b, `,"licences":`, c.Licences)
	b = appendOptionals(b, `,"hashes":`, c.Hashes)
	if c.Support != nil {
		b = appendSupport(append(b, `,"support":`...), c.Support)
	}
	b = appendString(append(b, `,"state":`...), c.State)
	b = appendOptional(b, `,"reason":`, c.Reason)
	if len(c.Identities) > 0 {
		b = append(b, `,"identities":[`...)
		for i := range c.Identities {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendIdentity(b, &c.Identities[i])
		}
		b = append(b, ']')
	}
	b = append(b, `,"places":[`...)
	for i, p := range c.Places {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(append(b, `{"line":`...), int64(p.Line), 10)
		b = strconv.AppendInt(append(b, `,"column":`...), int64(p.Column), 10)
		b = append(b, '}')
	}
	b = append(b, ']')
	b = appendOptionals(b, `,"dependsOn":`, c.DependsOn)
	if c.Subject {
		b = append(b, `,"subject":true`...)
	}
	b = appendOptional(b, `,"upgrade":`, c.Upgrade)
	return append(b, '}')
}

func appendSupport(b []byte, s *assessment.Support) []byte {
	b = appendString(append(b, `{"level":`...), s.Level)
	b = appendOptional(b, `,"end":`, s.End)
	b = appendOptional(b, `,"kind":`, s.Kind)
	b = appendOptional(b, `,"activeEnd":`, s.ActiveEnd)
	b = appendOptional(b, `,"extendedEnd":`, s.ExtendedEnd)
	b = appendOptional(b, `,"product":`, s.Product)
	b = appendOptional(b, `,"cycle":`, s.Cycle)
	b = appendOptional(b, `,"latest":`, s.Latest)
	b = appendOptional(b, `,"released":`, s.Released)
	b = appendOptional(b, `,"source":`, s.Source)
	b = appendOptional(b, `,"note":`, s.Note)
	b = appendOptional(b, `,"confidence":`, s.Confidence)
	if s.Disagrees {
		b = append(b, `,"disagrees":true`...)
	}
	if len(s.Others) > 0 {
		b = append(b, `,"others":[`...)
		for i := range s.Others {
			if i > 0 {
				b = append(b, ',')
			}
			o := &s.Others[i]
			b = appendString(append(b, `{"level":`...), o.Level)
			b = appendOptional(b, `,"end":`, o.End)
			b = appendString(append(b, `,"source":`...), o.Source)
			b = append(b, '}')
		}
		b = append(b, ']')
	}
	b = appendOptional(b, `,"reason":`, s.Reason)
	return append(b, '}')
}

func appendIdentity(b []byte, id *assessment.Identity) []byte {
	b = appendString(append(b, `{"ecosystem":`...), id.Ecosystem)
	b = appendOptional(b, `,"release":`, id.Release)
	b = appendString(append(b, `,"name":`...), id.Name)
	b = appendOptional(b, `,"version":`, id.Version)
	b = appendString(append(b, `,"evidence":`...), id.Evidence)
	b = appendString(append(b, `,"confidence":`...), id.Confidence)
	return append(b, '}')
}

func appendFinding(b []byte, f *assessment.Finding) []byte {
	b = appendString(append(b, `{"key":`...), f.Key)
	b = appendString(append(b, `,"id":`...), f.ID)
	b = appendOptionals(b, `,"aliases":`, f.Aliases)
	b = appendString(append(b, `,"kind":`...), f.Kind)
	b = strconv.AppendInt(append(b, `,"component":`...), int64(f.Component), 10)
	b = appendString(append(b, `,"name":`...), f.Name)
	b = appendOptional(b, `,"version":`, f.Version)
	b = appendOptional(b, `,"purl":`, f.PURL)
	b = appendMatch(append(b, `,"match":`...), &f.Match)
	b = appendString(append(b, `,"severity":`...), f.Severity)
	if c := f.CVSS; c != nil {
		b = appendString(append(b, `,"cvss":{"vector":`...), c.Vector)
		b = appendFloat(append(b, `,"score":`...), c.Score)
		b = appendString(append(b, `,"source":`...), c.Source)
		b = append(b, '}')
	}
	if k := f.KEV; k != nil {
		b = appendString(append(b, `,"kev":{"cve":`...), k.CVE)
		b = appendOptional(b, `,"added":`, k.Added)
		b = strconv.AppendBool(append(b, `,"ransomware":`...), k.Ransomware)
		b = append(b, '}')
	}
	if e := f.EPSS; e != nil {
		b = appendString(append(b, `,"epss":{"cve":`...), e.CVE)
		b = appendFloat(append(b, `,"score":`...), e.Score)
		b = appendFloat(append(b, `,"percentile":`...), e.Percentile)
		b = append(b, '}')
	}
	if s := f.SSVC; s != nil {
		b = appendString(append(b, `,"ssvc":{"cve":`...), s.CVE)
		b = appendOptional(b, `,"exploitation":`, s.Exploitation)
		b = appendOptional(b, `,"automatable":`, s.Automatable)
		b = appendOptional(b, `,"technicalImpact":`, s.TechnicalImpact)
		b = appendOptional(b, `,"date":`, s.Date)
		b = append(b, '}')
	}
	b = appendOptionals(b, `,"fixed":`, f.Fixed)
	b = appendFloat(append(b, `,"points":`...), f.Points)
	b = appendOptional(b, `,"pointsRule":`, f.PointsRule)
	if f.Line != 0 {
		b = strconv.AppendInt(append(b, `,"line":`...), int64(f.Line), 10)
	}
	if f.Column != 0 {
		b = strconv.AppendInt(append(b, `,"column":`...), int64(f.Column), 10)
	}
	return append(b, '}')
}

func appendMatch(b []byte, m *assessment.Match) []byte {
	b = appendStrings(append(b, `{"advisories":`...), m.Advisories)
	b = appendString(append(b, `,"ecosystem":`...), m.Ecosystem)
	b = appendOptional(b, `,"release":`, m.Release)
	b = appendString(append(b, `,"package":`...), m.Package)
	b = appendString(append(b, `,"range":`...), m.Range)
	b = appendString(append(b, `,"confidence":`...), m.Confidence)
	b = appendString(append(b, `,"evidence":`...), m.Evidence)
	b = appendOptional(b, `,"caveat":`, m.Caveat)
	if len(m.Records) > 0 {
		b = append(b, `,"records":[`...)
		for i := range m.Records {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendRecord(b, &m.Records[i])
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

func appendRecord(b []byte, r *assessment.Record) []byte {
	b = appendString(append(b, `{"id":`...), r.ID)
	b = appendString(append(b, `,"ecosystem":`...), r.Ecosystem)
	b = appendOptional(b, `,"release":`, r.Release)
	b = appendString(append(b, `,"package":`...), r.Package)
	b = appendString(append(b, `,"range":`...), r.Range)
	b = appendOptional(b, `,"fixed":`, r.Fixed)
	b = appendString(append(b, `,"confidence":`...), r.Confidence)
	b = appendOptional(b, `,"caveat":`, r.Caveat)
	return append(b, '}')
}

// finite refuses numbers that JSON does not have.
func finite(f *assessment.Finding) error {
	ok := isFinite(f.Points) &&
		(f.CVSS == nil || isFinite(f.CVSS.Score)) &&
		(f.EPSS == nil || isFinite(f.EPSS.Score) && isFinite(f.EPSS.Percentile))
	if !ok {
		return fmt.Errorf("finding %q has a number that JSON does not have (NaN or infinite)", f.Key)
	}
	return nil
}

func isFinite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

func appendOptional(b []byte, name, s string) []byte {
	if s == "" {
		return b
	}
	return appendString(append(b, name...), s)
}

func appendOptionals(b []byte, name string, list []string) []byte {
	if len(list) == 0 {
		return b
	}
	return appendStrings(append(b, name...), list)
}

func appendStrings(b []byte, list []string) []byte {
	b = append(b, '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, s)
	}
	return append(b, ']')
}

// asItStands are the bytes that a JSON string takes as they are, whatever stands
// beside them: ASCII without controls, quotation mark and backslash.
var asItStands = func() (plain [256]bool) {
	for c := ' '; c < 0x7F; c++ {
		plain[c] = c != '"' && c != '\\'
	}
	return plain
}()

// appendString appends s as a JSON string.
func appendString(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if asItStands[c] {
			i++
			continue
		}
		if c < utf8.RuneSelf {
			return appendQuoted(b, s)
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError || safetext.Hidden(r) {
			return appendQuoted(b, s)
		}
		i += size
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

func appendQuoted(b []byte, s string) []byte {
	quoted, _ := jsontext.AppendQuote(nil, s) // the error tells of invalid UTF-8, which is U+FFFD now
	return appendHarmless(b, quoted)
}

// appendHarmless appends JSON text, with the characters that are invisible or
// steer a terminal as \u escapes. They occur only within strings, where an
// escape means the same.
func appendHarmless(dst, text []byte) []byte {
	for len(text) > 0 {
		n := 0
		for n < len(text) && text[n] < 0x7F {
			n++
		}
		dst = append(dst, text[:n]...)
		if text = text[n:]; len(text) == 0 {
			break
		}
		r, size := utf8.DecodeRune(text)
		switch {
		case !safetext.Hidden(r):
			dst = append(dst, text[:size]...)
		case r > 0xFFFF:
			r -= 0x10000
			dst = appendUnit(appendUnit(dst, 0xD800|r>>10), 0xDC00|r&0x3FF)
		default:
			dst = appendUnit(dst, r)
		}
		text = text[size:]
	}
	return dst
}

func appendUnit(b []byte, u rune) []byte {
	const hex = "0123456789abcdef"
	return append(b, '\\', 'u', hex[u>>12&15], hex[u>>8&15], hex[u>>4&15], hex[u&15])
}

// appendFloat appends a finite number as ECMA-262 and RFC 8785 write it.
func appendFloat(b []byte, f float64) []byte {
	format := byte('f')
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		format = 'e'
	}
	b = strconv.AppendFloat(b, f, format, -1, 64)
	if n := len(b); format == 'e' && n >= 4 && b[n-4] == 'e' && b[n-2] == '0' { // e-09 is e-9
		b[n-2] = b[n-1]
		b = b[:n-1]
	}
	return b
}
