// SPDX-License-Identifier: Apache-2.0

package build

import (
	"archive/zip"
	"cmp"
	"errors"
	"slices"
)

var errOverlap = errors.New("its bytes are those of another member: in a zip that is made to be larger than it is")

// localHeader is the least that lies before the packed bytes of a member.
const localHeader = 30

// overlapping finds the members whose packed bytes lie in those of another one: a
// zip of some kilobytes can name the same bytes a hundred thousand times. Of those
// that overlap the one that begins first stays.
//
// Where all members together are no larger than the file nothing is to be won by
// that, and their places need not be looked up.
func overlapping(members []*zip.File, size int64) map[*zip.File]bool {
	total, most := uint64(0), uint64(size)
	for _, m := range members {
		if m.CompressedSize64 > most {
			total = most + 1
			break
		}
		if total += m.CompressedSize64 + localHeader + uint64(len(m.Name)); total > most {
			break
		}
	}
	if total <= most {
		return nil
	}
	type place struct {
		from, to uint64
		member   *zip.File
	}
	places := make([]place, 0, len(members))
	for _, m := range members {
		from, err := m.DataOffset()
		if err != nil || m.CompressedSize64 > most {
			continue // which is met again, and said, when it is read
		}
		places = append(places, place{uint64(from), uint64(from) + m.CompressedSize64, m})
	}
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	refused, end := map[*zip.File]bool{}, uint64(0)
	for _, p := range places {
		if p.from < end {
			refused[p.member] = true
			continue
		}
		end = p.to
	}
	return refused
}
