// SPDX-License-Identifier: Apache-2.0

package vulndb

import (
	"fmt"
	"io"
)

// Size is the size of the database in bytes.
func (db *DB) Size() int64 { return int64(len(db.data)) }

// WriteTo writes the whole file as it was opened, also if another has replaced
// it since. It checks nothing: Verify does.
func (db *DB) WriteTo(w io.Writer) (written int64, err error) {
	const piece = 1 << 20
	for rest := db.data; len(rest) > 0; {
		n, err := w.Write(rest[:min(len(rest), piece)])
		written += int64(n)
		if err != nil {
			return written, fmt.Errorf("vulndb: copying %q: %w", db.path, err)
		}
		rest = rest[n:]
	}
	return written, nil
}
