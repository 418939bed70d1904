// SPDX-License-Identifier: Apache-2.0

// Package layout is the file format of the advisory database: what vulndb/build
// writes and vulndb reads, and nothing else. All integers are little-endian,
// all offsets are relative to the section they point into, there are no
// pointers.
//
//	header    80 bytes, see below
//	contents  one row of 56 bytes a section: id, offset, length, SHA-256
//	sections  each at a multiple of 8, in the order of the contents
//	sums      the last section: CRC-32C of each block of 4,096 bytes between the
//	          end of the contents and the start of this section
//
// The digest of a database is the SHA-256 of its table of contents. As the
// table holds the SHA-256 of every section, the digest names the whole content,
// and is checked at open by reading some hundred bytes. The blocks' sums let a
// reader check what it reads, when it first reads it, and no more.
//
//	header: 0 magic [8] · 8 format u32 · 12 least reader u32 · 16 file size u64 ·
//	        24 time of build, Unix seconds i64 · 32 sections u32 · 36 zero u32 ·
//	        40 digest [32] · 72 CRC-32C of bytes 0 to 71, u32 · 76 zero u32
//
// The time of build stands in the header and is no part of the digest: the same
// sources give the same digest on any day.
package layout

import (
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"sync"
)

// Format is the version of the format that is written, LeastReader the lowest
// reader version that can read it, Reader the version of this reader, and
// OldestFormat the oldest format that it reads.
//
//	1  first format
//	2  ecosystem GIT with section Tags; a count of packages in the coverage
//	3  ends of support of products; SSVC, ratings of CVEs by others, advisories about devices; groups say them
const (
	Format       = 3
	LeastReader  = 3
	Reader       = 3
	OldestFormat = 3
)

// Sizes of the fixed parts, in bytes.
const (
	Magic      = "medsbdb\n"
	HeaderSize = 80
	RowSize    = 56 // a row of the table of contents
	Align      = 8
	// Blocks have a checksum each. A scan checks those that it touches, a few
	// hundred bytes here and there.
	BlockSize  = 1 << BlockShift
	BlockShift = 10
)

// Section numbers a section.
type Section uint32

// The sections. Their row sizes and contents:
//
//	Manifest      varints and strings, see Manifest
//	Names         text of folded package names
//	Packages      20: name offset u32, name length u16, ecosystem u16, first entry u32, entries u32, first tag u32; sorted by ecosystem, name
//	PackageSlots  4: open addressing over Hash(ecosystem, name), package + 1
//	Entries       16: advisory u32, body offset u32, body length u32, release u16, flags u16
//	Bodies        varints: ranges, events, listed versions; with EntryTags intervals of the package's tags in their place
//	Versions      text length u16, key length u16 (NoKey: none), text, key
//	IDText        text of ids
//	IDs           16: text offset u32, text length u16, zero u16, first posting u32, postings u32; in the order of first mention
//	IDSlots       4: open addressing over HashID(id), id + 1
//	Postings      4: advisory u32
//	Advisories    20: id u32, group u32, text block u32, offset in block u32, ecosystem u16, kind u8, flags u8
//	Groups        4: offset in GroupData, one more than there are groups
//	GroupData     varints
//	Namesakes     8: HashFold(name) u32, package u32; sorted
//	KEV           16: CVE u64, date added in Unix days u32, flags u32; sorted
//	EPSS          16: CVE u64, score and percentile in 1e-9 u32; sorted
//	TextBlocks    16: offset u64, compressed length u32, length u32
//	Text          blocks of S2
//	Tags          4: offset in Versions; a repository's tags: those with a key by key, then the others by text. They end where the next package's begin
//	EOLSlots      4: open addressing over HashFold(key), offset in EOL of the key + 1; empty if there is no end-of-life data
//	EOL           varints and strings: keys (key, offset of the product) and products, see EOLProduct
//	EOLReleases   8: offset in EOL of a version's text u32, release in Unix days u32; the versions of one product together, sorted by text
//	SSVC          16: CVE u64, date in Unix days u32, decision points u32 (see SSVCExploitation); sorted
//	Ratings       12: CVE u64, offset in RatingText u32; sorted by CVE, then text
//	RatingText    type, vector and source of a rating, as strings
//	Notices       4: offset in DeviceData of an advisory about devices; sorted by its id
//	DeviceKeys    8: HashFold(key of vendor and product) u32, offset in DeviceData of the device u32; sorted
//	DeviceData    varints and strings: the advisories, then the devices that they name
//	Sums          4: CRC-32C
const (
	Manifest Section = 1 + iota
	Names
	Packages
	PackageSlots
	Entries
	Bodies
	Versions
	IDText
	IDs
	IDSlots
	Postings
	Advisories
	Groups
	GroupData
	Namesakes
	KEV
	EPSS
	TextBlocks
	Text
	Tags
	EOLSlots
	EOL
	EOLReleases
	SSVC
	Ratings
	RatingText
	Notices
	DeviceKeys
	DeviceData
	Sums

	Sections = int(Sums) // how many there are
)

var sectionNames = [...]string{
	"", "manifest", "names", "packages", "package slots", "entries", "bodies", "versions",
	"id text", "ids", "id slots", "postings", "advisories", "groups", "group data",
	"namesakes", "kev", "epss", "text blocks", "text", "tags", "eol slots", "eol", "eol releases",
	"ssvc", "ratings", "rating text", "notices", "device keys", "device data", "sums",
}

func (s Section) String() string {
	if int(s) < len(sectionNames) {
		return sectionNames[s]
	}
	return "unknown"
}

// Row is the size of one row of a section, 1 if it has no rows.
func (s Section) Row() uint64 {
	switch s {
	case Packages, Advisories:
		return 20
	case Entries, IDs, KEV, EPSS, SSVC, TextBlocks:
		return 16
	case Ratings:
		return 12
	case Namesakes, EOLReleases, DeviceKeys:
		return 8
	case PackageSlots, IDSlots, Postings, Groups, Tags, EOLSlots, Notices, Sums:
		return 4
	default:
		return 1
	}
}

// Limits that reader and writer share.
const (
	MaxText    = 1024    // bytes of an id, a version, a vector
	MaxName    = 4096    // bytes of a package name
	MaxBody    = 4 << 20 // bytes of the body of an entry
	MaxBlock   = 4 << 20 // bytes of a text block, uncompressed
	NoKey      = 0xFFFF  // key length of a version without a key
	MaxKey     = NoKey - 1
	MaxStrings = 1 << 16 // ecosystems, releases
)

// Bits of an entry's and an advisory's flags.
const (
	EntryCustomRanges = 1
	EntryTags         = 2
	AdvisoryWithdrawn = 1
	KEVRansomware     = 1
)

// Bits of the first byte of a group.
const (
	GroupKind = 3 // mask
	GroupCVSS = 4
	GroupKEV  = 8
	GroupEPSS = 16
	GroupSSVC = 32
	// GroupRated says that the CVSS is a rating of a CVE, by somebody else than the
	// records: behind its CVE stands who gave it.
	GroupRated = 64
)

// The decision points of a row of SSVC: two bits each, 0 for not known, else
// one more than the value's place in its list (none, poc, active; no, yes;
// partial, total).
const (
	SSVCExploitation = 0 // shift
	SSVCAutomatable  = 2
	SSVCImpact       = 4
	SSVCMask         = 3
	SSVCBits         = 6
)

// EPSSUnit is how many units of an EPSS row make 1.
const EPSSUnit = 1e9

// RangeSorted is a bit of a range in Bodies, which begins with
// events<<3 | RangeSorted | kind. An event is version offset<<2 | kind.
const RangeSorted = 4

// Castagnoli is the polynomial of all checksums.
func Castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// Encode puts a file together. Index 0 is Manifest; Sums is made here.
func Encode(sections [Sections - 1][]byte, built int64) []byte {
	return slices.Concat(Pieces(sections, built)...)
}

// Pieces is Encode without a copy of the sections: what it gives lies one behind
// the other in the file. The first piece begins with the header.
func Pieces(sections [Sections - 1][]byte, built int64) [][]byte {
	start := HeaderSize + RowSize*Sections
	head := make([]byte, start)
	pieces := [][]byte{head}
	rows := head[HeaderSize:]
	var wait sync.WaitGroup // for the digests of the sections, each of which is its own
	put := func(id Section, offset int, content []byte) {
		row := rows[:RowSize]
		rows = rows[RowSize:]
		binary.LittleEndian.PutUint32(row, uint32(id))
		binary.LittleEndian.PutUint64(row[8:], uint64(offset))
		binary.LittleEndian.PutUint64(row[16:], uint64(len(content)))
		wait.Go(func() {
			sum := sha256.Sum256(content)
			copy(row[24:], sum[:])
		})
	}
	at, sums := start, summer{table: Castagnoli()}
	add := func(piece []byte) {
		sums.write(piece)
		pieces = append(pieces, piece)
		at += len(piece)
	}
	var zero [Align]byte
	for i, s := range sections {
		add(zero[:align(at)-at])
		put(Manifest+Section(i), at, s)
		add(s)
	}
	add(zero[:align(at)-at])
	list := sums.end()
	put(Sums, at, list)
	wait.Wait()

	copy(head, Magic)
	binary.LittleEndian.PutUint32(head[8:], Format)
	binary.LittleEndian.PutUint32(head[12:], LeastReader)
	binary.LittleEndian.PutUint64(head[16:], uint64(at+len(list)))
	binary.LittleEndian.PutUint64(head[24:], uint64(built))
	binary.LittleEndian.PutUint32(head[32:], uint32(Sections))
	digest := sha256.Sum256(head[HeaderSize:start])
	copy(head[40:], digest[:])
	binary.LittleEndian.PutUint32(head[72:], crc32.Checksum(head[:72], sums.table))
	return append(pieces, list)
}

// summer makes the checksums of blocks of what is written.
type summer struct {
	table *crc32.Table
	crc   uint32 // of the block that has begun
	size  int    // of it
	list  []byte
}

func (s *summer) write(b []byte) {
	for len(b) > 0 {
		n := min(len(b), BlockSize-s.size)
		s.crc = crc32.Update(s.crc, s.table, b[:n])
		b = b[n:]
		if s.size += n; s.size == BlockSize {
			s.flush()
		}
	}
}

func (s *summer) flush() {
	s.list = binary.LittleEndian.AppendUint32(s.list, s.crc)
	s.crc, s.size = 0, 0
}

// end gives the checksums.
func (s *summer) end() []byte {
	if s.size > 0 {
		s.flush()
	}
	return s.list
}

func align(n int) int { return (n + Align - 1) &^ (Align - 1) }

// Slots is the size of a hash table for n keys: a power of two, at most half
// of it used.
func Slots(n int) int {
	size := 1
	for size < 2*n {
		size *= 2
	}
	return size
}
