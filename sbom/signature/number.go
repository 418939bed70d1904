// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"math"
	"strconv"
	"strings"
)

// maxSafe is the largest integer that a double tells from its neighbours
// (RFC 7493 §2.2).
const maxSafe = 1<<53 - 1

// checkNumber says why a JSON number has no canonical form of its own, "" if it
// has one. An integer beyond maxSafe shares its form with its neighbours, which
// a reader of integers tells apart.
func checkNumber(s string) string {
	if len(s) <= 15 && isInteger(s) {
		return ""
	}
	v, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil:
		return "a number that no double holds"
	case isInteger(s) && math.Abs(v) > maxSafe:
		return "an integer beyond 2^53-1, which a double does not tell from its neighbours"
	case v == 0 && strings.ContainsAny(mantissa(s), "123456789"):
		return "a number so small that a double holds zero for it"
	}
	return ""
}

func isInteger(s string) bool { return !strings.ContainsAny(s, ".eE") }

func mantissa(s string) string {
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		return s[:i]
	}
	return s
}

// appendNumber appends a JSON number as ECMAScript writes it (RFC 8785 §3.2.2.3).
func appendNumber(out []byte, s string) []byte {
	if len(s) <= 15 && isInteger(s) && s != "-0" {
		return append(out, s...)
	}
	v, _ := strconv.ParseFloat(s, 64) // checkNumber has found no error
	return appendFloat(out, v)
}

func appendFloat(out []byte, v float64) []byte {
	abs := math.Abs(v)
	if abs == 0 {
		return append(out, '0') // also of -0
	}
	if abs >= 1e-6 && abs < 1e21 {
		return strconv.AppendFloat(out, v, 'f', -1, 64)
	}
	out = strconv.AppendFloat(out, v, 'e', -1, 64)
	// Go writes at least two digits of exponent, ECMAScript the least.
	if n := len(out); out[n-2] == '0' && (out[n-3] == '-' || out[n-3] == '+') {
		out[n-2] = out[n-1]
		out = out[:n-1]
	}
	return out
}
