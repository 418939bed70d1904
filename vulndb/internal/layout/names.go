// SPDX-License-Identifier: Apache-2.0

package layout

import (
	"strconv"
	"strings"
)

const (
	offset64 = 14695981039346656037
	prime64  = 1099511628211
)

// Hash is the FNV-1a hash of a package's key.
func Hash(ecosystem uint16, name string) uint64 {
	h := (uint64(offset64) ^ uint64(ecosystem)) * prime64
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * prime64
	}
	return h ^ h>>32 // the low bits choose the slot
}

// HashFold is the FNV-1a hash of a text with ASCII letters in upper case.
func HashFold(text string) uint64 {
	h := uint64(offset64)
	for i := range len(text) {
		h = (h ^ uint64(upper(text[i]))) * prime64
	}
	return h ^ h>>32
}

func upper(c byte) byte {
	if c-'a' <= 'z'-'a' {
		return c - ('a' - 'A')
	}
	return c
}

// AppendUpper appends a text with ASCII letters in upper case.
func AppendUpper(dst []byte, text string) []byte {
	for i := range len(text) {
		dst = append(dst, upper(text[i]))
	}
	return dst
}

// EqualFold compares two texts without regard to the case of ASCII letters.
func EqualFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if upper(a[i]) != upper(b[i]) {
			return false
		}
	}
	return true
}

// SplitEcosystem cuts "Debian:11" into ecosystem and release. The release may
// hold more colons ("Ubuntu:Pro:20.04:LTS").
func SplitEcosystem(s string) (ecosystem, release string) {
	ecosystem, release, _ = strings.Cut(s, ":")
	return ecosystem, release
}

// Language reports whether an ecosystem is one of a language's packages, as
// against a distribution, a list of source repositories or an unknown one.
func Language(ecosystem string) bool {
	switch ecosystem {
	case "npm", "PyPI", "Maven", "NuGet", "Go", "RubyGems", "crates.io", "Packagist", "Hex", "Pub",
		"CRAN", "Bioconductor", "Hackage", "GHC", "Julia", "SwiftURL", "ConanCenter", "opam", "GitHub Actions", "VSCode":
		return true
	}
	return false
}

// CVE turns "CVE-2021-44228" (any case) into a number that sorts by year, then
// number. It refuses what FormatCVE would not write the same way.
func CVE(id string) (uint64, bool) {
	if len(id) < 13 || len(id) > 19 || !EqualFold(id[:4], "CVE-") || id[8] != '-' {
		return 0, false
	}
	year, ok1 := digits(id[4:8])
	n, ok2 := digits(id[9:])
	if !ok1 || !ok2 || (id[9] == '0' && len(id) > 13) || n > 1<<32-1 {
		return 0, false
	}
	return year<<32 | n, true
}

func digits(s string) (n uint64, ok bool) {
	for i := range len(s) {
		d := s[i] - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + uint64(d)
	}
	return n, true
}

// FormatCVE writes the id of a number that CVE gave.
func FormatCVE(n uint64) string {
	pad := func(v uint64) string {
		s := strconv.FormatUint(v, 10)
		if len(s) < 4 {
			s = "0000"[len(s):] + s
		}
		return s
	}
	return "CVE-" + pad(n>>32) + "-" + pad(n&(1<<32-1))
}
