// SPDX-License-Identifier: Apache-2.0

package build

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/internal/csaf"
	"github.com/medsbom/medsbom/internal/device"
	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

// csafFolder holds CISA's advisories: zips of CSAF documents, folders of them,
// or the documents themselves. One advisory may stand in several of these.
const csafFolder = "csaf"

// Limits of the feed. All of CISA's advisories are 2,400 documents of 80 MB.
const (
	maxNotices    = 100_000
	maxNoticeText = 1 << 30 // bytes of all documents
	maxDevices    = 2_000_000
)

// notices gathers the advisories about devices.
type notices struct {
	byID    map[string]int
	list    []notice
	texts   int64    // bytes unpacked, of refused documents too
	members int      // of all zips
	files   []string // digests of the files, hexadecimal
	odd     oddLines
	failed  int
	reason  error // of the first that could not be read
}

type notice struct {
	*csaf.Advisory
	file               string
	published, updated stamp
	sum                [sha256.Size]byte
}

// readCSAF reads the files of CSAF documents.
func (b *builder) readCSAF(from string, files []string) error {
	n := b.newNotices()
	for _, name := range files {
		text, err := readFile(filepath.Join(from, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		if err := n.take(name, text); err != nil {
			return err
		}
	}
	return b.addNotices(n)
}

// takeCSAF reads documents and zips that lie in memory.
func (b *builder) takeCSAF(texts [][]byte) error {
	n := b.newNotices()
	for i, text := range texts {
		if err := n.take(fmt.Sprintf("%s/%d", csafFolder, i), text); err != nil {
			return err
		}
	}
	return b.addNotices(n)
}

func (b *builder) newNotices() *notices {
	return &notices{byID: map[string]int{}, odd: oddLines{report: b.report, file: csafFolder}}
}

// take reads a document or a zip, told apart by the first bytes.
func (n *notices) take(name string, text []byte) error {
	sum := sha256.Sum256(text)
	n.files = append(n.files, hex.EncodeToString(sum[:]))
	if !bytes.HasPrefix(text, []byte("PK")) {
		return n.document(name, text, sum)
	}
	z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	overlaps := overlapping(z.File, int64(len(text)))
	for _, m := range z.File {
		if m.FileInfo().IsDir() || !strings.EqualFold(path.Ext(m.Name), ".json") {
			continue
		}
		if n.members++; n.members > maxNotices {
			return fmt.Errorf("reading %s: more than %d documents in the zips of %s/", name, maxNotices, csafFolder)
		}
		if overlaps[m] {
			n.refuse(name+"/"+m.Name, errOverlap)
			continue
		}
		inside, err := unzip(m)
		if err != nil {
			// What was unpacked of it counts: refusing must not be for free.
			if n.texts += int64(len(inside)); n.texts > maxNoticeText {
				return fmt.Errorf("reading %s: more than %d bytes in %s/", name, maxNoticeText, csafFolder)
			}
			n.refuse(name+"/"+m.Name, err)
			continue
		}
		if err := n.document(name+"/"+m.Name, inside, sha256.Sum256(inside)); err != nil {
			return err
		}
	}
	return nil
}

func unzip(m *zip.File) ([]byte, error) {
	if m.UncompressedSize64 > csaf.MaxSize {
		return nil, fmt.Errorf("%d bytes, more than the limit of %d", m.UncompressedSize64, csaf.MaxSize)
	}
	r, err := m.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	text, err := io.ReadAll(io.LimitReader(r, csaf.MaxSize+1))
	if err == nil && len(text) > csaf.MaxSize {
		err = fmt.Errorf("more than the limit of %d bytes", csaf.MaxSize)
	}
	return text, err
}

func (n *notices) refuse(name string, err error) {
	n.failed++
	if n.reason == nil {
		n.reason = fmt.Errorf("%s: %w", name, err)
	}
	n.odd.say(name, "refused: %v", err)
}

// document takes one advisory. Of two with one id the one released last counts,
// which is seldom worth a word: the loose files are also in the zip.
func (n *notices) document(name string, text []byte, sum [sha256.Size]byte) error {
	if n.texts += int64(len(text)); n.texts > maxNoticeText || len(n.list) >= maxNotices {
		return fmt.Errorf("reading %s: more than %d bytes or %d advisories in %s/", name, maxNoticeText, maxNotices, csafFolder)
	}
	if at, ok := n.byID["sum "+string(sum[:])]; ok && n.list[at].sum == sum {
		return nil
	}
	if len(text) > csaf.MaxSize {
		n.refuse(name, fmt.Errorf("more than the limit of %d bytes", csaf.MaxSize))
		return nil
	}
	a, err := csaf.Parse(trimMark(text))
	if err != nil {
		n.refuse(name, err)
		return nil
	}
	if a.Cut != "" {
		n.odd.say(a.ID, "is not taken up whole: %s", a.Cut)
	}
	one := notice{Advisory: a, file: name, sum: sum}
	for _, date := range []struct {
		text string
		to   *stamp
	}{{a.Published, &one.published}, {a.Updated, &one.updated}} {
		t, ok := parseTime(date.text)
		if !ok {
			n.odd.say(a.ID, "date %.40q is no date", date.text)
		}
		*date.to = t
	}
	at, again := n.byID[a.ID]
	if !again {
		at = len(n.list)
		n.byID[a.ID] = at
		n.list = append(n.list, one)
	} else {
		n.odd.say(a.ID, "stands in %s and in %s and differs; the one released last is kept", n.list[at].file, name)
		if one.updated.seconds <= n.list[at].updated.seconds {
			return nil
		}
		n.list[at] = one
	}
	n.byID["sum "+string(sum[:])] = at
	return nil
}

// addNotices sorts the advisories and files the feed. It fails if there were
// documents and none could be read.
func (b *builder) addNotices(n *notices) error {
	if len(n.list) == 0 {
		if n.failed > 0 {
			return fmt.Errorf("reading %s: none of %d documents can be read, the first: %w", csafFolder, n.failed, n.reason)
		}
		return nil
	}
	slices.SortFunc(n.list, func(x, y notice) int { return strings.Compare(strings.ToUpper(x.ID), strings.ToUpper(y.ID)) })
	dates := newest{asOf: b.asOf, next: &b.nextDate}
	for i := range n.list {
		for _, t := range []stamp{n.list[i].published, n.list[i].updated} {
			dates.take(t)
		}
	}
	// Of the advisories, however they are packed: an update packs them anew.
	hash := sha256.New()
	for i := range n.list {
		_, _ = hash.Write(n.list[i].sum[:])
	}
	b.addFeed(Feed{
		Name: "csaf", File: csafFolder, Date: dates.tell(&n.odd), Records: len(n.list), Refused: n.failed, Digest: hex.EncodeToString(hash.Sum(nil)),
	})
	b.notices = n.list
	b.seen = append(b.seen, n.files...)
	return nil
}

// deviceTables writes Notices, DeviceKeys and DeviceData.
func (b *builder) deviceTables() (offsets, keys, data []byte, err error) {
	number := func(v int) { data = binary.AppendUvarint(data, uint64(v)) }
	type key struct{ hash, device uint32 }
	var list []key
	devices := 0
	for i := range b.notices {
		a := &b.notices[i]
		offsets = le.AppendUint32(offsets, uint32(len(data)))
		data = layout.AppendString(layout.AppendString(layout.AppendString(data, a.ID), a.Title), a.URL)
		data = layout.AppendTime(data, a.published.seconds, a.published.ok)
		data = layout.AppendTime(data, a.updated.seconds, a.updated.ok)
		number(len(a.CVEs))
		for _, cve := range a.CVEs {
			data = layout.AppendString(data, cve)
		}
		top := b.highest(a)
		data = layout.AppendString(data, top.vector)
		number(top.tenths)
		data = layout.AppendString(data, a.Remedy)
		for j := range a.Products {
			p := &a.Products[j]
			if devices++; devices > maxDevices {
				return nil, nil, nil, fmt.Errorf("reading %s: more than %d products", a.file, maxDevices)
			}
			at := uint32(len(data))
			number(i)
			data = layout.AppendString(layout.AppendString(data, p.Vendor), p.Name)
			number(len(p.Versions))
			for _, v := range p.Versions {
				data = layout.AppendString(data, v.Text)
				number(int(v.Status))
			}
			for _, text := range device.Keys(device.ParseVendor(p.Vendor), p.Name) {
				list = append(list, key{uint32(layout.HashFold(text)), at})
			}
		}
	}
	slices.SortFunc(list, func(x, y key) int { return cmp.Or(cmp.Compare(x.hash, y.hash), cmp.Compare(x.device, y.device)) })
	for _, k := range slices.Compact(list) {
		keys = le.AppendUint32(le.AppendUint32(keys, k.hash), k.device)
	}
	return offsets, keys, data, nil
}

// highest is the highest valid CVSS of an advisory.
func (b *builder) highest(a *notice) (top cvss) {
	odd := oddLines{report: b.report, file: a.file}
	for _, vector := range a.Vectors {
		c, err := score(vector)
		if err != nil {
			odd.say(a.ID, "vector %.80q is not valid: %v", vector, err)
			continue
		}
		if top.less(c) {
			top = c
		}
	}
	return top
}
