// SPDX-License-Identifier: Apache-2.0

package match

import (
	"fmt"

	"github.com/medsbom/medsbom/vulndb"
)

// hasFew reports an ecosystem of which the database holds few of the records
// that its feed has, and then sets w.few.
func (w *worker) hasFew(have vulndb.Release) bool {
	feed, few := w.db.Info().Few(have)
	if !few {
		return false
	}
	if w.fewIn != have.Ecosystem {
		w.fewIn = have.Ecosystem
		w.few = fmt.Sprintf("the database has %d of the %d records or more of %s", have.Records, feed, have.Ecosystem)
	}
	return true
}
