// SPDX-License-Identifier: Apache-2.0

package match

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/vulndb"
)

// Footprints is a store of footprints, sorted by path, then digest. Program names
// the program that made them: another one may ask other questions about the same
// document.
type Footprints struct {
	Program string
	List    []Footprint
}

// The format of a store: all numbers varints unless said otherwise, texts with
// their length before them.
//
//	magic [8] · format · program · footprints
//	each: SHA-256 [32] · path · product · keys, each 8 bytes little-endian
//	SHA-256 of all before it [32]
const (
	footprintMagic  = "medsbfp\n"
	footprintFormat = 1
	maxFootprint    = 4096 // bytes of a text
)

// ErrFootprints is what errors.Is finds in every error of ParseFootprints.
var ErrFootprints = errors.New("no usable store of footprints")

// Append encodes the store. The same footprints give the same bytes, in whatever
// order they are listed.
func (f *Footprints) Append(dst []byte) []byte {
	from := len(dst)
	text := func(s string) {
		dst = append(binary.AppendUvarint(dst, uint64(len(s))), s...)
	}
	short := func(s string) string { return s[:min(len(s), maxFootprint)] }
	list := slices.Clone(f.List)
	for i := range list {
		list[i].Path, list[i].Product = short(list[i].Path), short(list[i].Product)
	}
	slices.SortFunc(list, compareFootprints)
	list = slices.CompactFunc(list, func(a, b Footprint) bool { return compareFootprints(a, b) == 0 })
	dst = append(dst, footprintMagic...)
	dst = binary.AppendUvarint(dst, footprintFormat)
	text(short(f.Program))
	dst = binary.AppendUvarint(dst, uint64(len(list)))
	for i := range list {
		one := &list[i]
		dst = append(dst, one.SHA256[:]...)
		text(one.Path)
		text(one.Product)
		dst = binary.AppendUvarint(dst, uint64(len(one.Keys)))
		for _, key := range one.Keys {
			dst = binary.LittleEndian.AppendUint64(dst, uint64(key))
		}
	}
	sum := sha256.Sum256(dst[from:])
	return append(dst, sum[:]...)
}

func compareFootprints(a, b Footprint) int {
	return cmp.Or(strings.Compare(a.Path, b.Path), bytes.Compare(a.SHA256[:], b.SHA256[:]))
}

// ParseFootprints decodes a store. It takes no more memory than a small multiple
// of the input, whatever that says.
func ParseFootprints(b []byte) (*Footprints, error) {
	problem := func(format string, args ...any) (*Footprints, error) {
		return nil, fmt.Errorf("%w: %s", ErrFootprints, fmt.Sprintf(format, args...))
	}
	if len(b) < len(footprintMagic)+sha256.Size || string(b[:len(footprintMagic)]) != footprintMagic {
		return problem("it does not begin as one")
	}
	end := len(b) - sha256.Size
	if sum := sha256.Sum256(b[:end]); !bytes.Equal(sum[:], b[end:]) {
		return problem("it is truncated or damaged: its checksum is wrong")
	}
	r := footprintReader{b: b[len(footprintMagic):end]}
	if format := r.number(); format != footprintFormat {
		return problem("its format is %d, this program reads %d", format, footprintFormat)
	}
	f := &Footprints{Program: r.text()}
	// Each takes its digest and three lengths at least.
	count := r.count(sha256.Size + 3)
	f.List = make([]Footprint, 0, count)
	for i := range count {
		one := Footprint{}
		copy(one.SHA256[:], r.bytes(sha256.Size))
		one.Path, one.Product = r.text(), r.text()
		one.Keys = make([]vulndb.Key, r.count(8))
		for j := range one.Keys {
			one.Keys[j] = vulndb.Key(binary.LittleEndian.Uint64(r.bytes(8)))
			if j > 0 && one.Keys[j] <= one.Keys[j-1] {
				return problem("the keys of footprint %d are out of order", i)
			}
		}
		if i > 0 && compareFootprints(f.List[i-1], one) >= 0 {
			return problem("footprint %d is out of order", i)
		}
		f.List = append(f.List, one)
	}
	if r.bad || len(r.b) > 0 {
		return problem("what it counts is not what it holds")
	}
	return f, nil
}

type footprintReader struct {
	b   []byte
	bad bool
}

func (r *footprintReader) number() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

// count reads a number of things of so many bytes each.
func (r *footprintReader) count(size int) int {
	n := r.number()
	if n > uint64(len(r.b)/size) {
		r.bad, r.b = true, nil
		return 0
	}
	return int(n)
}

// bytes gives the next n bytes, zeros where there are none.
func (r *footprintReader) bytes(n int) []byte {
	if n > len(r.b) {
		r.bad, r.b = true, nil
		return make([]byte, n)
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *footprintReader) text() string {
	n := r.count(1)
	if n > maxFootprint {
		r.bad, r.b = true, nil
		return ""
	}
	return string(r.bytes(n))
}
