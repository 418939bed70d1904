// SPDX-License-Identifier: Apache-2.0

package support

import (
	"fmt"
	"strings"
	"time"

	"github.com/medsbom/medsbom/sbom"
)

// vendor is what the document says of a component's support; why says what of it
// cannot be used.
func (s *Source) vendor(c *sbom.Component) (out Statement, why string) {
	v := c.Support()
	if v == nil {
		return out, ""
	}
	out.Source, out.Sure = "vendor: stated in the SBOM", true
	if c.Position.Line > 0 {
		out.Source = fmt.Sprintf("vendor: stated in the SBOM for the component at line %d", c.Position.Line)
	}
	out.Level = stated(v.Level)
	if out.Level == Unknown && v.Level != "" {
		why = fmt.Sprintf("the vendor's level %.60q says nothing", v.Level)
	}
	for _, text := range [...]string{v.EndOfSupport, v.EndOfLife} {
		if text == "" {
			continue
		}
		day, ok := date(text)
		if !ok {
			why = fmt.Sprintf("the vendor's date %.60q is no date", text)
			continue
		}
		if out.End.IsZero() || day.Before(out.End) {
			out.End, out.Kind = day, Stated
		}
	}
	switch {
	case s.past(out.End):
		out.Level = max(out.Level, Ended)
	case !out.End.IsZero() && out.Level == Unknown:
		out.Level = Supported
	}
	if out.Level == Unknown {
		if why == "" {
			why = "the vendor gives no date"
		}
		if v.Justification != "" {
			why += fmt.Sprintf(", but a reason: %.200q", v.Justification)
		}
	}
	return out, why
}

// date reads a day, a time, a month or a year; the latter two are their first day.
func date(text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	for _, layout := range [...]string{time.DateOnly, time.RFC3339, "2006-01-02T15:04:05", "2006-01", "2006"} {
		if t, err := time.Parse(layout, text); err == nil {
			t = t.UTC()
			return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC), true
		}
	}
	return time.Time{}, false
}

// stated reads a level in a vendor's words: those of FDA's guidance of 2023
// ("actively maintained", "no longer maintained", "abandoned"), of SPDX 3's
// supportLevel, of IMDRF N70. Of several the worst counts; other words say nothing.
func stated(text string) Level {
	if len(text) > 400 {
		return Unknown
	}
	worst := Unknown
	for one := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' }) {
		worst = max(worst, level(one))
	}
	return worst
}

func level(text string) Level {
	var letters []byte
	for i := range len(text) {
		if c := text[i] | 0x20; c-'a' <= 'z'-'a' {
			letters = append(letters, c)
		}
	}
	switch string(letters) {
	case "activelymaintained", "maintained", "active", "supported", "support", "fullsupport", "fullysupported", "deployed":
		return Supported
	case "limitedsupport", "limited", "maintenance", "maintenancemode", "securityonly", "securityfixesonly", "securityupdatesonly":
		return SecurityOnly
	case "extended", "extendedsupport", "lts":
		return Extended
	case "nolongermaintained", "notmaintained", "notsupported", "unsupported", "nosupport", "endofsupport", "endoflife", "eol", "eos",
		"ended", "nolongersupported", "none", "discontinued", "deprecated":
		return Ended
	case "abandoned", "unmaintained":
		return Abandoned
	}
	return Unknown
}
