// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"fmt"
	"strings"
	"time"

	"github.com/medsbom/medsbom/vulndb"
)

// deviceAge is how old the newest advisory on a device may be. CISA releases
// some two or three a week on industrial and medical products, not one a day: the
// feed's date is that of the newest one in it, and a quiet week does not make it
// old.
const deviceAge = 14 * 24 * time.Hour

// maxAgeEOL is the age up to which end-of-life dates are current: policies of
// support change by the quarter, not by the day.
const maxAgeEOL = 90 * 24 * time.Hour

// maxAge is the age beyond which a feed is stale.
func (r *run) maxAge(feed string) time.Duration {
	switch {
	case feed == deviceFeed:
		return max(r.MaxAge, deviceAge)
	case feed == "eol" || strings.HasPrefix(feed, "eol/"):
		return max(r.MaxAge, maxAgeEOL)
	}
	return r.MaxAge
}

// lacking says which feeds are not in the database that no warning of its own
// tells of, and what cannot be told without them.
func lacking(info *vulndb.Info) string {
	var lacks []string
	for _, feed := range []struct{ name, words string }{
		{"ssvc", "whether exploits are public (SSVC)"},
		{"cvss", "how severe flaws without a vector of their own are (CVSS)"},
		{deviceFeed, "whether CISA has advisories on the product itself (CSAF)"},
	} {
		if !info.Has(feed.name) {
			lacks = append(lacks, feed.words)
		}
	}
	if len(lacks) == 0 {
		return ""
	}
	return "the database cannot tell " + strings.Join(lacks, ", nor ")
}

// leftOut says that the database was made of some ecosystems alone, and what that
// may cost.
func leftOut(info *vulndb.Info) string {
	if len(info.LeftOut) == 0 {
		return ""
	}
	taken := 0
	for i := range info.Feeds {
		if strings.HasPrefix(info.Feeds[i].Name, "osv/") {
			taken++
		}
	}
	return fmt.Sprintf("the database is made of %d of the %d ecosystems that its folder has, those that the SBOMs name: "+
		"aliases, severities and known exploitation that only records of the others tell are missing", taken, taken+len(info.LeftOut))
}
