// SPDX-License-Identifier: Apache-2.0

package build

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

const cvssFile = "cvss/cvss.csv"

// ratings are the CVSS vectors that somebody gives a CVE, apart from OSV
// records. One vector by one source is kept once: there are far fewer than CVEs.
type ratings struct {
	list    []rated
	texts   []ratingText
	numbers map[ratingText]uint32
	vectors map[string]cvss // scored; version 0 for one that is not valid
	scores  []cvss          // of texts, once settled and read back
}

type rated struct {
	cve  uint64
	text uint32 // in texts; in the file its offset
}

type ratingText struct{ source, vector string }

// take files a rating; said is told once of each vector that is not valid.
func (r *ratings) take(cve uint64, vector, source string, said func(error)) bool {
	if r.numbers == nil {
		r.numbers, r.vectors = map[ratingText]uint32{}, map[string]cvss{}
	}
	c, ok := r.vectors[vector]
	if !ok {
		var err error
		if len(vector) > layout.MaxText {
			err = fmt.Errorf("%d bytes, more than %d", len(vector), layout.MaxText)
		} else {
			c, err = score(vector)
		}
		vector = strings.Clone(vector)
		c.vector = vector
		r.vectors[vector] = c
		if err != nil {
			said(err)
		}
	}
	if c.version == 0 {
		return false
	}
	key := ratingText{source: source, vector: c.vector}
	n, ok := r.numbers[key]
	if !ok {
		n = uint32(len(r.texts))
		key.source = strings.Clone(source)
		r.texts = append(r.texts, key)
		r.numbers[key] = n
	}
	r.list = append(r.list, rated{cve, n})
	return true
}

// readRatings reads CVSS vectors by CVE as a table. It states no date.
func (b *builder) readRatings(file string, packed []byte) error {
	text, err := gunzip(packed)
	if err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	f := Feed{Name: "cvss", File: file, Digest: digestOf(packed)}
	if f.Records, err = b.rate(file, text, "vector", "source", ""); err != nil {
		return err
	}
	if f.Records == 0 {
		return fmt.Errorf("reading %s: no valid vector in it", file)
	}
	b.addFeed(f)
	return nil
}

// rate takes the ratings of a table: their column, and that of their source or
// the one source of all.
func (b *builder) rate(file string, text []byte, vectors, sources, source string) (records int, err error) {
	names := []string{"cve", vectors}
	if sources != "" {
		names = append(names, sources)
	}
	rows, err := columns(file, text, names...)
	if err != nil {
		return 0, err
	}
	odd := oddLines{report: b.report, file: file}
	for line, cell := range rows {
		cve, ok := layout.CVE(cell[0])
		switch {
		case !ok:
			odd.say("", "line %.80q has no CVE id", line)
			continue
		case cell[1] == "" && sources == "":
			continue // a decision without a vector
		}
		by := source
		if sources != "" {
			by = cmp.Or(cell[2], "an unnamed source")
		}
		if len(by) > layout.MaxText {
			odd.say(cell[0], "name of the source has %d bytes", len(by))
			continue
		}
		if b.ratings.take(cve, cell[1], by, func(err error) {
			odd.say(cell[0], "vector %.80q is not valid: %v", cell[1], err)
		}) {
			records++
		}
	}
	return records, nil
}

// settle sorts the ratings by CVE, source and vector, and drops doubles.
func (r *ratings) settle() {
	order := make([]uint32, len(r.texts))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(x, y uint32) int {
		a, b := r.texts[x], r.texts[y]
		return cmp.Or(strings.Compare(a.source, b.source), strings.Compare(a.vector, b.vector))
	})
	place := make([]uint32, len(order))
	texts := make([]ratingText, len(order))
	for at, n := range order {
		place[n], texts[at] = uint32(at), r.texts[n]
	}
	r.texts = texts
	for i := range r.list {
		r.list[i].text = place[r.list[i].text]
	}
	slices.SortFunc(r.list, func(x, y rated) int { return cmp.Or(compareUint(x.cve, y.cve), cmp.Compare(x.text, y.text)) })
	r.list = slices.Compact(r.list)
}

// tables writes Ratings and RatingText.
func (r *ratings) tables() (rows, text []byte) {
	offsets := make([]uint32, len(r.texts))
	for i, t := range r.texts {
		offsets[i] = uint32(len(text))
		text = layout.AppendString(text, vectorType(t.vector))
		text = layout.AppendString(text, t.vector)
		text = layout.AppendString(text, t.source)
	}
	for _, x := range r.list {
		rows = le.AppendUint64(rows, x.cve)
		rows = le.AppendUint32(rows, offsets[x.text])
	}
	return rows, text
}

// best is the highest rating of a list of CVEs, by the order that holds among
// records too; of equal ones that of the first CVE and source. ok is false if
// there is none.
func (r *ratings) best(cves []uint32, ids []string) (top cvss, cve uint32, source string, ok bool) {
	for _, id := range cves {
		n, isCVE := layout.CVE(ids[id])
		if !isCVE {
			continue
		}
		at, _ := slices.BinarySearchFunc(r.list, n, func(x rated, n uint64) int { return compareUint(x.cve, n) })
		for ; at < len(r.list) && r.list[at].cve == n; at++ {
			n := r.list[at].text
			if c := r.scores[n]; top.less(c) {
				top, cve, source, ok = c, id, r.texts[n].source, true
			}
		}
	}
	return top, cve, source, ok
}
