// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/vulndb"
)

// TestStatusIsHarmless: names of ecosystems, releases and feeds are those of
// records, which anybody may have written.
func TestStatusIsHarmless(t *testing.T) {
	var out strings.Builder
	printStatus(&out, "x.db", &vulndb.Info{
		Feeds:    []vulndb.Feed{{Name: "osv/\x1b[2J"}},
		Releases: []vulndb.Release{{Ecosystem: "Deb\x1b]0;owned\a", Release: "11\r\nnpm  clean"}},
	}, time.Time{})
	if i := strings.IndexAny(out.String(), "\x1b\a\r"); i >= 0 {
		t.Errorf("byte %d of what is printed is a control: %q", i, out.String())
	}
	out.Reset()
	printColumns(&out, [][]string{{"\u00e9", "b"}, {"ccc", "d"}})
	if d := cmp.Diff("\u00e9    b\nccc  d\n", out.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
