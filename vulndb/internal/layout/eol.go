// SPDX-License-Identifier: Apache-2.0

package layout

import "encoding/binary"

// Limits of the end-of-life data. The real file has 464 products, 152 cycles in
// the largest of them, and 99,322 dated versions.
const (
	MaxEOLText     = 512     // bytes of any text
	MaxEOLProducts = 1 << 14 // products
	MaxEOLCycles   = 1 << 12 // cycles of a product
	MaxEOLVersions = 1 << 21 // dated versions
)

// EOLJava is the bit of a product's flags for a build of Java: its versions may
// be written 1.8.0_292.
const EOLJava = 1

// EOLProduct is the head of a product in the section EOL; its cycles follow.
type EOLProduct struct {
	Name, Title, Category, Link string
	Flags                       uint64
	FirstRelease, Releases      uint64 // rows of EOLReleases
	Cycles                      int
}

// EOLCycle is one cycle of a product. Its dates are as EOLDate encodes them.
type EOLCycle struct {
	Name, Label, Codename, Latest                 string
	Released, LatestReleased                      uint64
	EOL, Active, Extended, LongTerm, Discontinued uint64
}

// The values of a date that is none: not stated, false (has not come), true (has
// come, the day is not known). A day is its Unix day + EOLDay.
const (
	EOLAbsent = 0
	EOLFalse  = 1
	EOLTrue   = 2
	EOLDay    = 3
)

// Append encodes the head.
func (p *EOLProduct) Append(dst []byte) []byte {
	for _, s := range [...]string{p.Name, p.Title, p.Category, p.Link} {
		dst = AppendString(dst, s)
	}
	for _, n := range [...]uint64{p.Flags, p.FirstRelease, p.Releases, uint64(p.Cycles)} {
		dst = binary.AppendUvarint(dst, n)
	}
	return dst
}

// Read decodes the head as views.
func (p *EOLProduct) Read(c *Cursor) {
	p.Name, p.Title, p.Category, p.Link = c.View(), c.View(), c.View(), c.View()
	p.Flags, p.FirstRelease, p.Releases = c.Uvarint(), c.Uvarint(), c.Uvarint()
	p.Cycles = c.Count()
}

// Append encodes the cycle.
func (y *EOLCycle) Append(dst []byte) []byte {
	for _, s := range [...]string{y.Name, y.Label, y.Codename, y.Latest} {
		dst = AppendString(dst, s)
	}
	for _, n := range [...]uint64{y.Released, y.LatestReleased, y.EOL, y.Active, y.Extended, y.LongTerm, y.Discontinued} {
		dst = binary.AppendUvarint(dst, n)
	}
	return dst
}

// Read decodes the cycle as views.
func (y *EOLCycle) Read(c *Cursor) {
	y.Name, y.Label, y.Codename, y.Latest = c.View(), c.View(), c.View(), c.View()
	for _, to := range [...]*uint64{&y.Released, &y.LatestReleased, &y.EOL, &y.Active, &y.Extended, &y.LongTerm, &y.Discontinued} {
		*to = c.Uvarint()
	}
}

// AppendEOLName appends a name as keys have it: its letters and digits, in lower
// case where they are ASCII. "Node.js" is "nodejs".
func AppendEOLName(dst []byte, name string) []byte {
	for i := range len(name) {
		switch c := name[i]; {
		case c-'A' <= 'Z'-'A':
			dst = append(dst, c|0x20)
		case c-'a' <= 'z'-'a', c-'0' <= 9, c >= 0x80, c == '+', c == '#':
			dst = append(dst, c)
		}
	}
	return dst
}

// The kinds of key, which each begins with.
const (
	EOLByPURL = "pkg:"  // pkg:type/namespace/name, decoded
	EOLByCPE  = "cpe:"  // cpe:vendor:product, without escapes and with "_" for "-"
	EOLByName = "name:" // as AppendEOLName writes it
)

// AppendEOLCPE appends vendor and product as keys have them.
func AppendEOLCPE(dst []byte, vendor, product string) []byte {
	dst = append(dst, EOLByCPE...)
	for i, s := range [...]string{vendor, product} {
		if i > 0 {
			dst = append(dst, ':')
		}
		for j := range len(s) {
			switch s[j] {
			case '-':
				dst = append(dst, '_')
			case '\\':
			default:
				dst = append(dst, s[j])
			}
		}
	}
	return dst
}
