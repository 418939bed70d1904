// SPDX-License-Identifier: Apache-2.0

package vulndb

import "github.com/medsbom/medsbom/vulndb/internal/layout"

// Intact checks every checksum of the file, in some milliseconds: it is as it was
// written. Verify checks what it says, too.
func (db *DB) Intact() error { return db.Guard(db.intact) }

func (db *DB) intact() error {
	for block := range uint64(len(db.sums) / 4) {
		if err := db.check(layout.Sums, block); err != nil {
			return err
		}
	}
	return nil
}
