// SPDX-License-Identifier: Apache-2.0

package update

import (
	"archive/zip"
	"compress/flate"
	"fmt"
	"io"
	"maps"
	"slices"
)

// merge writes the records of a zip to another one: without those that are
// removed, with those that changed in place of the old, and all others as they lie,
// compressed. The order is that of the ids, so the same records give the same bytes
// whatever was fetched when.
func merge(w io.Writer, old string, changed map[string][]byte, removed map[string]bool) error {
	z, done, err := openZip(old)
	if err != nil {
		return err
	}
	defer done()
	keep := make([]*zip.File, 0, len(z.File))
	for _, m := range z.File {
		id := memberID(m)
		if _, replaced := changed[id]; replaced || removed[id] || m.FileInfo().IsDir() {
			continue
		}
		keep = append(keep, m)
	}
	slices.SortStableFunc(keep, func(a, b *zip.File) int { return compareID(memberID(a), memberID(b)) })
	fresh := slices.SortedFunc(maps.Keys(changed), compareID)

	out := zip.NewWriter(w)
	out.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	for len(keep) > 0 || len(fresh) > 0 {
		if len(fresh) == 0 || (len(keep) > 0 && compareID(memberID(keep[0]), fresh[0]) < 0) {
			if err := out.Copy(keep[0]); err != nil {
				return fmt.Errorf("member %.100q: %w", keep[0].Name, err)
			}
			keep = keep[1:]
			continue
		}
		member, err := out.Create(fresh[0] + ".json")
		if err != nil {
			return err
		}
		if _, err := member.Write(changed[fresh[0]]); err != nil {
			return err
		}
		fresh = fresh[1:]
	}
	return out.Close()
}

func compareID(a, b string) int {
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}
