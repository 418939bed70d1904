// SPDX-License-Identifier: Apache-2.0

package partslist

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/medsbom/medsbom/internal/xmlpull"
)

// A format is what a number format (§18.8.30) does to a number, as far as
// versions and dates need it.
type format struct {
	decimals int8 // shown; -1: as many as there are
	date     bool
	clock    bool // a date with a time of day
}

var general = format{decimals: -1}

// styles reads the number formats of the cell styles (§18.8.10, §18.8.31).
func (b *book) styles(text []byte, name string) error {
	if text == nil {
		return nil // numbers are then shown as they are stored
	}
	custom := make(map[string]string)
	r := xmlpull.New(text, maxDepth, 0)
	r.Child()
	for {
		start, ok := r.Child()
		if !ok {
			return closed(name, r)
		}
		switch start.Name.Local {
		case "numFmts":
			for {
				f, ok := r.Child()
				if !ok {
					break
				}
				custom[xmlpull.Attribute(f, "numFmtId")] = xmlpull.Attribute(f, "formatCode")
				r.Skip()
			}
		case "cellXfs":
			for {
				xf, ok := r.Child()
				if !ok {
					break
				}
				id := xmlpull.Attribute(xf, "numFmtId")
				if code, ok := custom[id]; ok {
					b.formats = append(b.formats, formatOf(code))
				} else {
					b.formats = append(b.formats, builtIn(id))
				}
				r.Skip()
			}
		default:
			r.Skip()
		}
	}
}

// builtIn are the formats that no file spells out (§18.8.30).
func builtIn(id string) format {
	switch id {
	case "1", "3":
		return format{decimals: 0}
	case "2", "4":
		return format{decimals: 2}
	case "14", "15", "16", "17", "27", "28", "29", "30", "31", "36", "50", "51", "52", "53", "54", "57", "58":
		return format{decimals: -1, date: true}
	case "18", "19", "20", "21", "22", "32", "33", "34", "35", "45", "46", "47", "55", "56":
		return format{decimals: -1, date: true, clock: true}
	}
	return general
}

// formatOf reads a format code: digits with a fixed number of decimals, or a
// date. Other codes show the number as it is stored.
func formatOf(code string) format {
	code, _, _ = strings.Cut(code, ";") // positive numbers
	var plain strings.Builder
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"', '[':
			end := strings.IndexByte(code[i+1:], map[byte]byte{'"': '"', '[': ']'}[c])
			if end < 0 {
				return general
			}
			i += end + 1
		case '\\', '_', '*':
			i++
		default:
			plain.WriteByte(c)
		}
	}
	word := strings.ToLower(strings.TrimSpace(plain.String()))
	if strings.Trim(word, "0#,.?") == "" && strings.Contains(word, "0") && strings.Count(word, ".") <= 1 {
		_, decimals, _ := strings.Cut(word, ".")
		if strings.Trim(decimals, "0") == "" && len(decimals) <= 30 {
			return format{decimals: int8(len(decimals))}
		}
		return general
	}
	if strings.Contains(word, "general") || strings.ContainsAny(word, "@%e") {
		return general
	}
	return format{
		decimals: -1,
		date:     strings.ContainsAny(word, "ymdhs"),
		clock:    strings.ContainsAny(word, "hs"),
	}
}

// show returns a stored number as its style shows it, but dates as ISO 8601,
// and whether it is a number.
func (b *book) show(value, style string) (string, bool) {
	number, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsInf(number, 0) || math.IsNaN(number) {
		return value, false
	}
	f := general
	if n, err := strconv.ParseUint(style, 10, 32); err == nil && n < uint64(len(b.formats)) {
		f = b.formats[n]
	}
	switch {
	case f.date && number >= 0 && number < 2_958_466: // the year 9999
		return b.date(number, f.clock), true
	case math.Abs(number) >= 1e21:
		return strconv.FormatFloat(number, 'g', -1, 64), true
	default:
		return strconv.FormatFloat(number, 'f', int(f.decimals), 64), true
	}
}

// date turns a count of days into a date. Day 60 of the older system is
// 29 February 1900, which never was: all days after it are one too many.
func (b *book) date(days float64, clock bool) string {
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if b.since {
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	} else if days < 60 {
		base = base.AddDate(0, 0, 1)
	}
	whole, part := math.Modf(days)
	seconds := math.Round(part * 24 * 60 * 60)
	t := base.AddDate(0, 0, int(whole)).Add(time.Duration(seconds) * time.Second)
	switch {
	case clock && whole == 0:
		return t.Format("15:04:05")
	case seconds != 0:
		return t.Format("2006-01-02T15:04:05")
	}
	return t.Format("2006-01-02")
}
