// SPDX-License-Identifier: Apache-2.0

package build

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"math"
	"os"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/klauspost/compress/s2"

	"github.com/medsbom/medsbom/internal/program"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// The cache of a build lies beside the database and makes the next one cheap. It
// holds the compact form of every record by the digest of its packed bytes, the
// packed blocks of texts by the digests of the records in them, and what the
// sources were. A build with it gives the bytes of a build without it. It may be
// deleted at any time, and one that is damaged, of another program or of another
// format is passed over.
//
// What is read back is what a build of this program wrote: SHA-256 over head and
// body tells any damage, also one that is made to look whole, and a checksum of
// another content cannot be had for it. It has no secret, and so does not tell who
// wrote the cache: whoever may write in the folder can put another one there, with
// its digests, as they can put another database there. A folder that others may
// write to is no place for either; --no-cache reads none.
//
//	header   112 bytes: magic [8] · format u32 · length of the head u32 · length of
//	         the body u64 · SHA-256 of head [32] and body [32] · program [16] ·
//	         sources u32 · CRC-32C of the header before it u32
//	body     of each feed its rows and data, then rows of the blocks, then blocks,
//	         then the tables of each unit
//	head     JSON of cacheHead
//	row      32 bytes: key [16] · length of the compact record u32 · block of its
//	         text u32 (cacheInline: the text follows the record) · offset u32 · length u32
//	block    32 bytes: key [16] · offset u64 · packed length u32 · length u32
//	states   of each source 40 bytes: device u64 · inode u64 · size u64 · times of
//	         modification and of change u64 · then SHA-256 of header and states [32]
const (
	cacheMagic  = "medsbca\n"
	cacheFormat = 6
	cacheHeader = 112
	cacheRow    = 32
	cacheInline = math.MaxUint32
	maxHead     = 64 << 20
	maxBody     = 4 << 30
)

// CacheName is the name of the cache of a database.
func CacheName(database string) string { return database + ".cache" }

// errCache is the fault of a cache that cannot be used.
var errCache = errors.New("cannot be used")

// cacheHead is what a build was made of, and the layout of the body.
type cacheHead struct {
	Database string // digest
	AsOf     int64
	NextDate int64 // the first date of a record or feed after AsOf, 0 for none
	// NextWithdrawal is the first of these that withdraws a record.
	NextWithdrawal int64
	Sources        []source
	Report         *Report
	Feeds          []*cachedFeed
	Blocks         int
	Packed         int
	// IDs, Versions and Bodies tell the next build how much room it needs: ids, and
	// bytes of two sections. Orders tells it of each ecosystem's versions and bodies.
	IDs, Versions, Bodies int
	Orders                map[string]orderSize
	Units                 []*unit
	// PackagesAlone says that records are not filed under repositories.
	PackagesAlone bool
}

// cachedFeed is the records of one feed.
type cachedFeed struct {
	Ecosystem string
	Digest    string
	Records   int
	Size      int // of the data

	rows  []byte
	data  []byte
	list  []item
	once  sync.Once
	byKey map[memberKey]int32
}

// cache is an open cache.
type cache struct {
	path string
	head cacheHead
	file *os.File
	size uint64            // of the body
	sum  [sha256.Size]byte // of the body
	end  int64             // of the head, which lies behind it in the file

	load func() error // reads the body, once

	header   []byte
	states   []fileState // of the sources, nil for none
	bySource map[string]int

	blocks []byte
	packed []byte
	byName map[memberKey]int
	memo   [2]struct { // of plain blocks, the last one used first
		number int64
		text   []byte
	}
}

// openCache reads the head of a cache. Without an error it is nil if there is none.
func openCache(path string) (*cache, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c := &cache{path: path, file: f}
	c.load = sync.OnceValue(c.readBody)
	if err := c.readHead(); err != nil {
		_ = f.Close()
		return nil, err
	}
	return c, nil
}

func (c *cache) close() {
	if c == nil {
		return
	}
	_ = c.file.Close()
}

func (c *cache) readHead() error {
	var header [cacheHeader]byte
	if _, err := io.ReadFull(c.file, header[:]); err != nil {
		return fmt.Errorf("%w: it is truncated", errCache)
	}
	switch {
	case string(header[:8]) != cacheMagic || crc32.Checksum(header[:108], layout.Castagnoli()) != le.Uint32(header[108:]):
		return fmt.Errorf("%w: it is damaged", errCache)
	case le.Uint32(header[8:]) != cacheFormat:
		return fmt.Errorf("%w: it has format %d, this program has %d", errCache, le.Uint32(header[8:]), cacheFormat)
	case hex.EncodeToString(header[88:104]) != program.Identity():
		return fmt.Errorf("%w: another version of the program made it", errCache)
	}
	length := le.Uint32(header[12:])
	c.size, c.sum = le.Uint64(header[16:]), [sha256.Size]byte(header[56:88])
	if length > maxHead || c.size > maxBody {
		return fmt.Errorf("%w: it is too large", errCache)
	}
	text, err := io.ReadAll(io.NewSectionReader(c.file, cacheHeader+int64(c.size), int64(length)))
	if err != nil || len(text) != int(length) || sha256.Sum256(text) != [sha256.Size]byte(header[24:56]) {
		return fmt.Errorf("%w: it is damaged", errCache)
	}
	if err := json.Unmarshal(text, &c.head, jsontext.AllowInvalidUTF8(true)); err != nil || c.head.Report == nil {
		return fmt.Errorf("%w: it is damaged", errCache)
	}
	if len(c.head.Sources) != int(le.Uint32(header[104:])) {
		return fmt.Errorf("%w: it is damaged", errCache)
	}
	c.header, c.end = header[:], cacheHeader+int64(c.size)+int64(length)
	c.readStates()
	return nil
}

// readBody reads the body and looks over it.
func (c *cache) readBody() error {
	damaged := fmt.Errorf("%w: it is damaged", errCache)
	stat, err := c.file.Stat()
	if err != nil {
		return damaged
	}
	if stat.Size() != c.end+statesSize(len(c.head.Sources)) {
		return fmt.Errorf("%w: it is truncated", errCache)
	}
	body := make([]byte, c.size)
	if _, err := c.file.ReadAt(body, cacheHeader); err != nil || sha256.Sum256(body) != c.sum {
		return damaged
	}
	cut := func(n, size int) (part []byte) {
		if n < 0 || n > len(body)/size {
			body = nil
			return nil
		}
		part, body = body[:n*size:n*size], body[n*size:]
		return part
	}
	for _, f := range c.head.Feeds {
		f.rows, f.data = cut(f.Records, cacheRow), cut(f.Size, 1)
		if body == nil || f.index() != nil {
			return damaged
		}
	}
	c.blocks, c.packed = cut(c.head.Blocks, cacheRow), cut(c.head.Packed, 1)
	for _, u := range c.head.Units {
		for _, size := range u.Sizes {
			u.tables = append(u.tables, cut(size, 1))
		}
	}
	if len(body) > 0 || len(c.blocks) != c.head.Blocks*cacheRow || len(c.packed) != c.head.Packed {
		return damaged
	}
	c.byName = make(map[memberKey]int, c.head.Blocks)
	for i := range c.head.Blocks {
		row := c.blocks[i*cacheRow:]
		if from, n := le.Uint64(row[16:]), uint64(le.Uint32(row[24:])); from > uint64(len(c.packed)) || n > uint64(len(c.packed))-from {
			return damaged
		}
		if name := memberKey(row[:16]); name != (memberKey{}) {
			c.byName[name] = i
		}
	}
	c.memo[0].number, c.memo[1].number = -1, -1
	return nil
}

// index cuts the data of a feed into records.
func (f *cachedFeed) index() error {
	f.list = make([]item, f.Records)
	data := f.data
	for i := range f.list {
		row := f.rows[i*cacheRow:]
		it := &f.list[i]
		it.key, it.reused = memberKey(row[:16]), true
		compact, block, size := le.Uint32(row[16:]), le.Uint32(row[20:]), le.Uint32(row[28:])
		if uint64(compact) > uint64(len(data)) {
			return errCache
		}
		it.compact, data = data[:compact:compact], data[compact:]
		it.text = textRef{key: it.key, cached: true, place: textPlace{block, le.Uint32(row[24:])}, size: size}
		if block == cacheInline {
			if uint64(size) > uint64(len(data)) {
				return errCache
			}
			it.text = textRef{key: it.key, fresh: data[:size:size], size: size}
			data = data[size:]
		}
	}
	if len(data) > 0 {
		return errCache
	}
	return nil
}

// items gives all records, in their order.
func (f *cachedFeed) items() []item {
	if f == nil {
		return nil
	}
	return f.list
}

// find gives a record by its key.
func (f *cachedFeed) find(key memberKey) (item, bool) {
	if f == nil {
		return item{}, false
	}
	f.once.Do(func() {
		f.byKey = make(map[memberKey]int32, len(f.list))
		for i := range f.list {
			f.byKey[f.list[i].key] = int32(i)
		}
	})
	i, ok := f.byKey[key]
	if !ok {
		return item{}, false
	}
	return f.list[i], true
}

// feed gives what the cache has of an ecosystem, nil for nothing.
func (c *cache) feed(ecosystem string) *cachedFeed {
	if c == nil {
		return nil
	}
	for _, f := range c.head.Feeds {
		if f.Ecosystem == ecosystem {
			return f
		}
	}
	return nil
}

// unit gives a unit by its name, nil for none.
func (c *cache) unit(name string) *unit {
	if c == nil {
		return nil
	}
	for _, u := range c.head.Units {
		if u.Name == name {
			return u
		}
	}
	return nil
}

// block gives a packed block by its name, nil if the cache has none.
func (c *cache) block(name memberKey, size int) []byte {
	if c == nil || name == (memberKey{}) {
		return nil
	}
	i, ok := c.byName[name]
	if !ok {
		return nil
	}
	row := c.blocks[i*cacheRow:]
	if int(le.Uint32(row[28:])) != size {
		return nil
	}
	from := le.Uint64(row[16:])
	return c.packed[from : from+uint64(le.Uint32(row[24:]))]
}

// text gives a text from a block, valid until the next call.
func (c *cache) text(place textPlace, size uint32) ([]byte, error) {
	if c == nil || uint64(place.block) >= uint64(c.head.Blocks) {
		return nil, errCache
	}
	if c.memo[0].number != int64(place.block) {
		c.memo[0], c.memo[1] = c.memo[1], c.memo[0]
	}
	m := &c.memo[0]
	if m.number != int64(place.block) {
		row := c.blocks[int(place.block)*cacheRow:]
		from := le.Uint64(row[16:])
		packed := c.packed[from : from+uint64(le.Uint32(row[24:]))]
		if n, err := s2.DecodedLen(packed); err != nil || n != int(le.Uint32(row[28:])) || n > layout.MaxBlock {
			return nil, errCache
		}
		text, err := s2.Decode(m.text[:cap(m.text)], packed)
		if err != nil {
			m.number = -1
			return nil, errCache
		}
		m.text, m.number = text, int64(place.block)
	}
	if uint64(place.offset)+uint64(size) > uint64(len(m.text)) {
		return nil, errCache
	}
	return m.text[place.offset : place.offset+size], nil
}
