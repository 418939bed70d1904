// SPDX-License-Identifier: Apache-2.0

package build

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/vulndb/internal/layout"
)

const ssvcFile = "ssvc/vulnrichment.csv"

// ssvcRow is the decision points of a CVE, as layout.SSVC has them.
type ssvcRow struct {
	cve    uint64
	days   uint32
	points uint32
}

// The values of the decision points, in the order of their numbers (CISA's SSVC
// tree, version 2.0.3). Vulnrichment spells them "none" and "None", "poc" and
// "PoC".
var (
	ssvcExploitation = [...]string{"none", "poc", "active"}
	ssvcAutomatable  = [...]string{"no", "yes"}
	ssvcImpact       = [...]string{"partial", "total"}
)

// readSSVC reads CISA's decision points from Vulnrichment as a table. The
// vectors that stand beside them are ratings by CISA like those of the CVSS
// feed.
func (b *builder) readSSVC(file string, packed []byte) error {
	text, err := gunzip(packed)
	if err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	rows, err := columns(file, text, "cve", "exploitation", "automatable", "technical_impact", "ssvc_date")
	if err != nil {
		return err
	}
	f := Feed{Name: "ssvc", File: file, Digest: digestOf(packed)}
	odd := oddLines{report: b.report, file: file}
	dates := newest{asOf: b.asOf, next: &b.nextDate}
	for line, cell := range rows {
		cve, ok := layout.CVE(cell[0])
		if !ok {
			odd.say("", "line %.80q has no CVE id", line)
			continue
		}
		row := ssvcRow{cve: cve}
		for _, point := range []struct {
			name, value string
			values      []string
			shift       uint
		}{
			{"exploitation", cell[1], ssvcExploitation[:], layout.SSVCExploitation},
			{"automatable", cell[2], ssvcAutomatable[:], layout.SSVCAutomatable},
			{"technical impact", cell[3], ssvcImpact[:], layout.SSVCImpact},
		} {
			at := slices.IndexFunc(point.values, func(v string) bool { return strings.EqualFold(v, point.value) })
			if at < 0 {
				odd.say(cell[0], "%s %.40q is none of %s", point.name, point.value, strings.Join(point.values, ", "))
				continue
			}
			row.points |= uint32(at+1) << point.shift
		}
		if row.points == 0 {
			continue // three oddities, nothing known
		}
		t, ok := parseTime(cell[4])
		if !ok || t.seconds < 0 {
			odd.say(cell[0], "date %.40q is no date", cell[4])
			t = stamp{}
		}
		dates.take(t)
		row.days = uint32(min(t.seconds/86400, math.MaxUint32))
		b.ssvc = append(b.ssvc, row)
		f.Records++
	}
	if f.Records == 0 {
		return fmt.Errorf("reading %s: no decision points in it", file)
	}
	f.Date = dates.tell(&odd)
	// Of two rows of a CVE the later one counts, of one day the worse.
	slices.SortFunc(b.ssvc, func(x, y ssvcRow) int {
		switch {
		case x.cve != y.cve:
			return compareUint(x.cve, y.cve)
		case x.days != y.days:
			return compareUint(uint64(y.days), uint64(x.days))
		case worseSSVC(x.points, y.points):
			return -1
		case worseSSVC(y.points, x.points):
			return 1
		}
		return 0
	})
	kept := b.ssvc[:0]
	for _, row := range b.ssvc {
		if n := len(kept); n > 0 && kept[n-1].cve == row.cve {
			if kept[n-1] != row {
				odd.say(layout.FormatCVE(row.cve), "stands twice with other decision points; the later and worse ones are kept")
			}
			continue
		}
		kept = append(kept, row)
	}
	b.ssvc = kept
	b.addFeed(f)
	if _, err := columns(file, text, "cvss_vector"); err != nil {
		return nil // the table need not carry vectors
	}
	_, err = b.rate(file, text, "cvss_vector", "", "cisa-adp")
	return err
}

// worseSSVC orders decision points: by exploitation, then automatable, then
// impact. What is not known stands between the worst and the best.
func worseSSVC(x, y uint32) bool {
	for _, point := range [...]struct {
		shift uint
		rank  [4]int // by number: not known, then the values
	}{
		{layout.SSVCExploitation, [4]int{1, 0, 2, 3}},
		{layout.SSVCAutomatable, [4]int{1, 0, 2, 0}},
		{layout.SSVCImpact, [4]int{1, 0, 2, 0}},
	} {
		p, q := point.rank[x>>point.shift&layout.SSVCMask], point.rank[y>>point.shift&layout.SSVCMask]
		if p != q {
			return p > q
		}
	}
	return false
}

// decided picks the row of the worst decision points of a list of CVEs, which are
// sorted: of equal ones the first.
func (b *builder) decided(cves []uint32, ids []string) int {
	worst := -1
	for _, id := range cves {
		n, ok := layout.CVE(ids[id])
		if !ok {
			continue
		}
		i, ok := slices.BinarySearchFunc(b.ssvc, n, func(r ssvcRow, n uint64) int { return compareUint(r.cve, n) })
		if ok && (worst < 0 || worseSSVC(b.ssvc[i].points, b.ssvc[worst].points)) {
			worst = i
		}
	}
	return worst
}

func (b *builder) ssvcTable() (rows []byte) {
	for _, r := range b.ssvc {
		rows = le.AppendUint64(rows, r.cve)
		rows = le.AppendUint32(rows, r.days)
		rows = le.AppendUint32(rows, r.points)
	}
	return rows
}
