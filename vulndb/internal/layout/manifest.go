// SPDX-License-Identifier: Apache-2.0

package layout

import (
	"encoding/binary"
	"unsafe"
)

// A Cursor reads varints and strings. Running over the end sets Bad and gives
// zero values from then on.
type Cursor struct {
	B   []byte
	Bad bool
}

// Uvarint reads a number.
func (c *Cursor) Uvarint() uint64 {
	if len(c.B) > 0 && c.B[0] < 0x80 {
		v := c.B[0]
		c.B = c.B[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(c.B)
	if n <= 0 {
		c.Bad, c.B = true, nil
		return 0
	}
	c.B = c.B[n:]
	return v
}

// Count reads a number of things of which each takes at least one more byte.
func (c *Cursor) Count() int {
	n := c.Uvarint()
	if n > uint64(len(c.B)) {
		c.Bad, c.B = true, nil
		return 0
	}
	return int(n)
}

// Time reads a time in Unix seconds; ok is false for an absent one.
func (c *Cursor) Time() (seconds int64, ok bool) {
	v := c.Uvarint()
	if v == 0 {
		return 0, false
	}
	v--
	return int64(v>>1) ^ -int64(v&1), true
}

// View reads a string as a view of the input.
func (c *Cursor) View() string {
	n := c.Count()
	s := View(c.B[:n])
	c.B = c.B[n:]
	return s
}

// String reads a string and copies it.
func (c *Cursor) String() string {
	n := c.Count()
	s := string(c.B[:n])
	c.B = c.B[n:]
	return s
}

// View makes a string of bytes without copying them.
func View(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b)) //nolint:gosec // nobody writes to a mapped or read database
}

// AppendString appends a string as Cursor.String reads it.
func AppendString(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// AppendTime appends a time as Cursor.Time reads it.
func AppendTime(dst []byte, seconds int64, ok bool) []byte {
	if !ok {
		return append(dst, 0)
	}
	return binary.AppendUvarint(dst, 1+(uint64(seconds)<<1^uint64(seconds>>63)))
}

// Contents is the content of the section Manifest.
type Contents struct {
	Kind       string
	Advisories int
	Packages   int
	Oddities   int
	HasKEV     bool
	HasEPSS    bool
	Ecosystems []string // by number
	Releases   []string // by number; 0 is ""
	Feeds      []Feed
	Coverage   []Coverage
	LeftOut    []string // ecosystems of the source that were not read; not written if there are none
}

// Feed is one source.
type Feed struct {
	Name    string
	Date    int64
	Dated   bool
	Records int
	Digest  string
}

// Coverage is what the database has of an ecosystem or of one release.
type Coverage struct {
	Ecosystem string
	Release   string
	Newest    int64
	Dated     bool
	Records   int
	Packages  int
}

// Append encodes the contents.
func (m *Contents) Append(dst []byte) []byte {
	number := func(n int) { dst = binary.AppendUvarint(dst, uint64(n)) }
	flag := func(b bool) {
		if b {
			dst = append(dst, 1)
		} else {
			dst = append(dst, 0)
		}
	}
	dst = AppendString(dst, m.Kind)
	number(m.Advisories)
	number(m.Packages)
	number(m.Oddities)
	flag(m.HasKEV)
	flag(m.HasEPSS)
	for _, list := range [][]string{m.Ecosystems, m.Releases} {
		number(len(list))
		for _, s := range list {
			dst = AppendString(dst, s)
		}
	}
	number(len(m.Feeds))
	for _, f := range m.Feeds {
		dst = AppendString(dst, f.Name)
		dst = AppendTime(dst, f.Date, f.Dated)
		number(f.Records)
		dst = AppendString(dst, f.Digest)
	}
	number(len(m.Coverage))
	for _, c := range m.Coverage {
		dst = AppendString(AppendString(dst, c.Ecosystem), c.Release)
		dst = AppendTime(dst, c.Newest, c.Dated)
		number(c.Records)
		number(c.Packages)
	}
	if len(m.LeftOut) > 0 {
		number(len(m.LeftOut))
		for _, s := range m.LeftOut {
			dst = AppendString(dst, s)
		}
	}
	return dst
}

// ParseContents decodes the section Manifest.
func ParseContents(b []byte) (*Contents, bool) {
	c := Cursor{B: b}
	m := &Contents{
		Kind:       c.String(),
		Advisories: int(uint32(c.Uvarint())),
		Packages:   int(uint32(c.Uvarint())),
		Oddities:   int(uint32(c.Uvarint())),
		HasKEV:     c.Uvarint() != 0,
		HasEPSS:    c.Uvarint() != 0,
	}
	for _, list := range []*[]string{&m.Ecosystems, &m.Releases} {
		*list = make([]string, c.Count())
		for i := range *list {
			(*list)[i] = c.String()
		}
	}
	m.Feeds = make([]Feed, c.Count())
	for i := range m.Feeds {
		f := &m.Feeds[i]
		f.Name = c.String()
		f.Date, f.Dated = c.Time()
		f.Records = int(uint32(c.Uvarint()))
		f.Digest = c.String()
	}
	m.Coverage = make([]Coverage, c.Count())
	for i := range m.Coverage {
		r := &m.Coverage[i]
		r.Ecosystem, r.Release = c.String(), c.String()
		r.Newest, r.Dated = c.Time()
		r.Records = int(uint32(c.Uvarint()))
		r.Packages = int(uint32(c.Uvarint()))
	}
	if len(c.B) > 0 {
		m.LeftOut = make([]string, c.Count())
		for i := range m.LeftOut {
			m.LeftOut[i] = c.String()
		}
	}
	return m, !c.Bad && len(c.B) == 0 && len(m.Releases) > 0 && m.Releases[0] == "" &&
		len(m.Ecosystems) <= MaxStrings && len(m.Releases) <= MaxStrings
}
