// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/internal/arena"
	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/risk"
	"github.com/medsbom/medsbom/vulndb"
)

// group is what a scan needs to know of one alias group, worked out once.
type group struct {
	id       string
	aliases  []string
	kind     string
	severity string
	cvss     *assessment.CVSS
	kev      *assessment.KEV
	epss     *assessment.EPSS
	ssvc     *assessment.SSVC
	cves     []string // that it speaks of
	points   float64
	rule     string
}

// groups caches the alias groups that a scan meets; all workers share it.
type groups struct {
	db    *vulndb.DB
	model *risk.Model
	feeds risk.Feeds

	mu    sync.RWMutex
	known map[vulndb.GroupID]*group

	kept arena.Strings // of texts; for advisories alone
}

func newGroups(db *vulndb.DB, model *risk.Model, feeds risk.Feeds) *groups {
	return &groups{db: db, model: model, feeds: feeds, known: make(map[vulndb.GroupID]*group)}
}

func (gs *groups) get(id vulndb.GroupID) *group {
	gs.mu.RLock()
	g := gs.known[id]
	gs.mu.RUnlock()
	if g != nil {
		return g
	}
	g = gs.work(id)
	gs.mu.Lock()
	defer gs.mu.Unlock()
	if other := gs.known[id]; other != nil {
		return other
	}
	gs.known[id] = g
	return g
}

func (gs *groups) work(id vulndb.GroupID) *group {
	facts := gs.db.Group(id)
	g := &group{id: facts.ID, aliases: facts.Aliases, severity: facts.Severity.String(), kind: assessment.KindVulnerability}
	v := risk.Vulnerability{
		Severity: g.severity, HasCVE: facts.HasCVE, Feeds: gs.feeds, Malicious: facts.Kind == vulndb.Malicious,
	}
	if facts.CVSS.Vector != "" {
		v.CVSS, v.CVSSKnown = facts.CVSS.Score, true
		g.cvss = &assessment.CVSS{Vector: facts.CVSS.Vector, Score: facts.CVSS.Score, Source: facts.CVSS.Source}
	}
	if k := facts.KEV; k != nil {
		v.KEV, v.Ransomware = true, k.Ransomware
		g.kev = &assessment.KEV{CVE: k.CVE, Added: day(k.Added), Ransomware: k.Ransomware}
	}
	if e := facts.EPSS; e != nil {
		v.EPSS, v.EPSSKnown = e.Score, true
		g.epss = &assessment.EPSS{CVE: e.CVE, Score: e.Score, Percentile: e.Percentile}
	}
	if s := facts.SSVC; s != nil {
		v.Exploitation = s.Exploitation
		g.ssvc = &assessment.SSVC{
			CVE: s.CVE, Exploitation: s.Exploitation, Automatable: s.Automatable, TechnicalImpact: s.TechnicalImpact, Date: day(s.Date),
		}
	}
	g.cves = facts.CVEs
	switch facts.Kind {
	case vulndb.Malicious:
		g.kind = assessment.KindMalicious
	case vulndb.Informational:
		// Not a vulnerability: said, but it costs nothing.
		g.kind, g.severity, g.rule = assessment.KindInformational, "none", "0: informational, no vulnerability"
		return g
	case vulndb.Vulnerability:
	}
	g.points, g.rule = gs.model.Vulnerability(v)
	return g
}

// advisories tells every group that was met, once. The texts are read in the
// order of the records, so that each compressed block is unpacked only once.
func (gs *groups) advisories() (map[string]*assessment.Advisory, error) {
	type text struct {
		record vulndb.AdvisoryID
		of     int // index into told
	}
	var texts []text
	told := make([]assessment.Advisory, 0, len(gs.known))
	update := make([]bool, len(gs.known)) // the summary is that of a distribution's update
	out := make(map[string]*assessment.Advisory, len(gs.known))
	for id, g := range gs.known {
		of := len(told)
		told = append(told, assessment.Advisory{Aliases: g.aliases, Kind: g.kind})
		out[g.id] = &told[of]
		if len(g.cves) > 1 || len(g.cves) == 1 && g.cves[0] != g.id {
			told[of].CVEs = g.cves
		}
		for _, record := range gs.db.Find(g.id) {
			if gs.db.Advisory(record).Group == id {
				texts = append(texts, text{record, of})
			}
		}
	}
	slices.SortFunc(texts, func(a, b text) int { return cmp.Compare(a.record, b.record) })
	for _, t := range texts {
		if err := gs.addText(&told[t.of], &update[t.of], t.record); err != nil {
			return nil, fmt.Errorf("advisory %s: %w", gs.db.Advisory(t.record).ID, err)
		}
	}
	for _, g := range gs.known {
		a := out[g.id]
		for _, cve := range g.cves {
			for _, r := range gs.db.Ratings(cve) {
				a.Severities = append(a.Severities, assessment.Severity{Type: r.Type, Score: r.Vector, Source: cve + " by " + r.Source})
			}
		}
	}
	return out, nil
}

// addText adds what one record says; the first that has a summary gives it. update
// is whether that is one of a distribution.
func (gs *groups) addText(a *assessment.Advisory, update *bool, id vulndb.AdvisoryID) error {
	record := gs.db.Advisory(id)
	// A distribution's summary speaks of its update, not of the flaw.
	distribution := purl.HasReleases(record.Ecosystem)
	return gs.db.ViewText(id, func(t *vulndb.Text) {
		if t.Summary != "" && (a.Summary == "" || *update && !distribution) {
			a.Summary, *update = gs.kept.Keep(t.Summary), distribution
		}
		a.Published = earlier(a.Published, day(t.Published))
		a.Modified = max(a.Modified, day(t.Modified))
		a.Upstream = gs.union(a.Upstream, t.Upstream)
		a.References = gs.union(a.References, t.References)
		a.CWEs = gs.union(a.CWEs, t.CWEs)
		for _, s := range t.Severities {
			a.Severities = append(a.Severities, assessment.Severity{Type: gs.kept.Keep(s.Type), Score: gs.kept.Keep(s.Score), Source: record.ID})
		}
	})
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func earlier(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

// union adds copies of what a sorted list lacks.
func (gs *groups) union(list, more []string) []string {
	list = slices.Grow(list, len(more))
	for _, s := range more {
		if at, found := slices.BinarySearch(list, s); !found {
			list = slices.Insert(list, at, gs.kept.Keep(s))
		}
	}
	return list
}
