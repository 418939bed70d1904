// SPDX-License-Identifier: Apache-2.0

package vulndb

import (
	"strings"

	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// A Key stands for one question that a match asks a database: about a package, a
// name in all registries, or the coverage of a release. It is a hash, the same on
// every machine: two questions may share one, so a question whose key is not
// touched has not changed, and one whose key is touched may have.
type Key uint64

const (
	keyPackage  = 'p'
	keyName     = 'n'
	keyCoverage = 'c'
)

// PackageKey is the key of DB.Package.
func PackageKey(ecosystem, name string) Key {
	return hashKey(keyPackage, ecosystem, purl.FoldName(ecosystem, name))
}

// NameKey is the key of DB.NamesakesOf.
func NameKey(name string) Key {
	h := startKey(keyName)
	for i := range len(name) {
		c := name[i]
		if c-'a' <= 'z'-'a' {
			c -= 'a' - 'A'
		}
		h = (h ^ uint64(c)) * prime
	}
	return Key(mix(h))
}

// CoverageKey is the key of DB.Covers.
func CoverageKey(ecosystem, release string) Key { return hashKey(keyCoverage, ecosystem, release) }

// FNV-1a, 64 bits.
const (
	offset = 14695981039346656037
	prime  = 1099511628211
)

func startKey(kind byte) uint64 {
	h := uint64(offset)
	return (h ^ uint64(kind)) * prime
}

func hashKey(kind byte, ecosystem, name string) Key {
	h := startKey(kind)
	for i := range len(ecosystem) {
		h = (h ^ uint64(ecosystem[i])) * prime
	}
	h *= prime // a zero byte between the two
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * prime
	}
	return Key(mix(h))
}

// mix spreads what FNV leaves in the low bits, for tables that use a few of them.
func mix(h uint64) uint64 { return h ^ h>>32 }

// appendKeys appends the keys of all questions whose answer a package is part of.
func appendKeys(dst []Key, ecosystem, name string) []Key {
	dst = append(dst, PackageKey(ecosystem, name))
	if !layout.Language(ecosystem) {
		return dst
	}
	dst = append(dst, NameKey(name))
	if _, last, ok := strings.Cut(name, ":"); ok && ecosystem == "Maven" {
		dst = append(dst, NameKey(last))
	}
	return dst
}
