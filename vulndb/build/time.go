// SPDX-License-Identifier: Apache-2.0

package build

import "time"

// parseTime reads a date, or a date and time of any precision with "Z", an
// offset or none (then UTC). The year 1 counts as no date: golang/vulndb writes
// it for "not known".
func parseTime(s string) (stamp, bool) {
	n := func(from, to int) int {
		v := 0
		for i := from; i < to; i++ {
			d := s[i] - '0'
			if d > 9 {
				return -1
			}
			v = v*10 + int(d)
		}
		return v
	}
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return stamp{}, false
	}
	year, month, day := n(0, 4), n(5, 7), n(8, 10)
	if year < 0 || month < 1 || month > 12 || day < 1 || day > 31 {
		return stamp{}, false
	}
	hour, minute, second, offset := 0, 0, 0, 0
	if rest := s[10:]; rest != "" {
		if len(rest) < 6 || (rest[0] != 'T' && rest[0] != 't' && rest[0] != ' ') || rest[3] != ':' {
			return stamp{}, false
		}
		hour, minute = n(11, 13), n(14, 16)
		at := 16
		if at+3 <= len(s) && s[at] == ':' {
			second = n(at+1, at+3)
			at += 3
			if at < len(s) && (s[at] == '.' || s[at] == ',') {
				at++
				for at < len(s) && s[at]-'0' <= 9 {
					at++
				}
			}
		}
		var ok bool
		if offset, ok = parseOffset(s[at:]); !ok || hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 || second > 60 {
			return stamp{}, false
		}
	}
	if year <= 1 {
		return stamp{}, true
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	return stamp{t.Unix() - int64(offset), true}, true
}

// parseOffset reads "", "Z", "+02:00", "+0200" or "+02" in seconds.
func parseOffset(s string) (int, bool) {
	if s == "" || s == "Z" || s == "z" {
		return 0, true
	}
	sign := 1
	switch s[0] {
	case '-':
		sign = -1
	case '+':
	default:
		return 0, false
	}
	var d [4]int
	k := 0
	for _, c := range []byte(s[1:]) {
		if c == ':' && k == 2 {
			continue
		}
		if c-'0' > 9 || k == len(d) {
			return 0, false
		}
		d[k] = int(c - '0')
		k++
	}
	if k != 2 && k != 4 {
		return 0, false
	}
	return sign * ((d[0]*10+d[1])*3600 + (d[2]*10+d[3])*60), true
}
