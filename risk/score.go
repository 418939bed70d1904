// SPDX-License-Identifier: Apache-2.0

package risk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Class says what an issue is.
type Class string

// The classes of issue.
const (
	ClassRisk     Class = "risk"     // known to be bad
	ClassEvidence Class = "evidence" // cannot tell
)

// Issue is one thing that costs points.
type Issue struct {
	// ID is stable: an advisory id (of the alias group) or an evidence rule.
	// Issues of one ID count once.
	ID     string
	Title  string
	Class  Class
	Points float64 // 0 to 100
	Sure   bool    // strong evidence: counts for the known score if of class risk
	KEV    bool    // known to be exploited; with Sure it sets the floor
	Rule   string  // how the points came about

	// What follows is passed through to the contribution.
	Subject  string
	Evidence string
	Action   string
	Ref      int // the caller's own
}

// State says how much of a product could be judged.
type State uint8

// The states of a product.
const (
	Judged          State = iota
	NothingAssessed       // read, and not one component could be assessed
	Unreadable
	Empty
	Blind // no SBOM at all
)

// Options says under what circumstances a product was judged.
type Options struct {
	State   State
	Starter bool // the database is the starter set
	// Unsure is true when not one component was assessed for sure: the known
	// risk is then nothing that could be known, and has no grade.
	Unsure bool
	Feeds  Feeds
}

// Number is a score from 0 (best) to 100 (worst), rounded to 0.1, with the
// grade of the rounded value. The grade is empty if it is withheld.
type Number struct {
	Value float64
	Grade string
}

// Score holds the two numbers of a product or supplier.
type Score struct {
	Model     string // id and version
	Known     Number
	WorstCase Number
	// Withheld says why no grade is given; empty if it is given. If nothing
	// could be judged for sure, Known alone has no grade and Withheld is empty.
	Withheld string
	// Contributions are sorted by points, then id. Their shares are multiples
	// of 0.1 and add up to WorstCase.Value.
	Contributions []Contribution
	// Omitted counts what is left out of Contributions because its share is 0.0
	// and alwaysListed worse ones are there: issues of class risk, and products of
	// a supplier.
	Omitted int
}

// Contribution is one issue's part of the worst case.
type Contribution struct {
	Issue    string
	Title    string
	Points   float64
	Share    float64
	Class    Class
	Known    bool // counts for the known score too
	Rule     string
	Subject  string
	Evidence string
	Action   string
	Ref      int // of the issue; -1 for one that the model itself adds
}

// floorID and nothingID are the contributions that the model itself adds.
const (
	floorID   = "known-exploited-floor"
	nothingID = "nothing-judged"
)

// Product scores a product by its issues, in any order.
func (m *Model) Product(issues []Issue, opts Options) Score {
	score := Score{Model: m.String(), Withheld: withheld(opts)}
	entries, floor := distinct(issues)
	score.Known.Value = m.known(entries, floor)
	if opts.State != Judged {
		// What little was found stays in the known number; the worst case is
		// that of no document at all.
		score.WorstCase.Value = m.NothingJudged
		score.Contributions = []Contribution{m.nothingJudged(opts.State)}
		if score.Withheld == "" {
			score.WorstCase.Grade = m.Grade(score.WorstCase.Value)
		}
		return score
	}
	score.WorstCase.Value, score.Contributions, score.Omitted = m.contributions(Product, entries, floor)
	if score.Withheld == "" && !opts.Unsure {
		score.Known.Grade = m.Grade(score.Known.Value)
	}
	if score.Withheld == "" {
		score.WorstCase.Grade = m.Grade(score.WorstCase.Value)
	}
	return score
}

func withheld(opts Options) string {
	var why []string
	if opts.Starter {
		why = append(why, "starter database")
	}
	if !opts.Feeds.KEV {
		why = append(why, "known-exploited feed (KEV) not loaded")
	}
	if !opts.Feeds.EPSS {
		why = append(why, "EPSS feed not loaded")
	}
	return strings.Join(why, "; ")
}

func (m *Model) nothingJudged(s State) Contribution {
	c := Contribution{
		Issue: nothingID, Class: ClassEvidence, Points: m.NothingJudged, Share: m.NothingJudged, Ref: -1,
		Action: "Ask for an SBOM in CycloneDX or SPDX that lists the components with versions and package URLs",
	}
	switch s {
	case Unreadable:
		c.Title = "The document could not be read"
	case Empty:
		c.Title = "The document lists no component"
	case Blind:
		c.Title = "There is no SBOM"
	case NothingAssessed, Judged:
		c.Title = "Not one component could be assessed"
	}
	c.Rule = fmt.Sprintf("%g: nothing could be judged, as with no SBOM", m.NothingJudged)
	return c
}

// entry is one distinct issue.
type entry struct {
	issue  *Issue  // the one with the most points (then the sure one, then the lowest Ref)
	points float64 // its points, within 0 to 100
	sure   bool    // some issue of this id is sure
	known  float64 // the most points of a sure one
}

// distinct reduces issues to one entry of each id, sorted by points, then id.
// floor is true if a known-exploited issue is sure.
func distinct(issues []Issue) (entries []entry, floor bool) {
	entries = make([]entry, 0, len(issues))
	at := make(map[string]int, len(issues))
	for i := range issues {
		s := &issues[i]
		j, ok := at[s.ID]
		if !ok {
			j = len(entries)
			at[s.ID] = j
			entries = append(entries, entry{issue: s, points: clamp(s.Points)})
		}
		e := &entries[j]
		if ok && compareIssues(s, e.issue) < 0 {
			e.issue, e.points = s, clamp(s.Points)
		}
		if s.sure() {
			e.sure, e.known = true, max(e.known, clamp(s.Points))
			floor = floor || s.KEV
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return compareIssues(a.issue, b.issue) })
	return entries, floor
}

// sure reports whether the issue counts for the known score.
func (s *Issue) sure() bool { return s.Sure && s.Class == ClassRisk }

// compareIssues is a total order but for issues that are equal in all: most
// points first, then by id, then what makes the choice within one id.
func compareIssues(a, b *Issue) int {
	if c := compareDescending(clamp(a.Points), clamp(b.Points)); c != 0 {
		return c
	}
	if c := cmp.Compare(a.ID, b.ID); c != 0 {
		return c
	}
	return cmp.Or(
		-compareBool(a.sure(), b.sure()),
		cmp.Compare(a.Ref, b.Ref),
		cmp.Compare(a.Title, b.Title),
		cmp.Compare(a.Class, b.Class),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Subject, b.Subject),
		cmp.Compare(a.Evidence, b.Evidence),
		cmp.Compare(a.Action, b.Action),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// known is the rounded known number.
func (m *Model) known(entries []entry, floor bool) float64 {
	var points []float64
	for i := range entries {
		if entries[i].sure {
			points = append(points, entries[i].known)
		}
	}
	v := m.W(Product, points...)
	if floor {
		v = max(v, m.KnownExploitedFloor)
	}
	return float64(tenths(v)) / 10
}

// alwaysListed is how many of the worst issues are listed whatever their share:
// where the first one fills the whole scale, the next are still to be fixed.
const alwaysListed = 50

// contributions joins entries that are sorted, and gives each its share of the
// rounded value.
func (m *Model) contributions(level Level, entries []entry, floor bool) (value float64, list []Contribution, omitted int) {
	points := make([]float64, len(entries))
	for i := range entries {
		points[i] = entries[i].points
	}
	shares := m.summands(level, points)
	sum := 0.0
	for _, s := range shares {
		sum += s
	}
	if floor && sum < m.KnownExploitedFloor {
		at := 0
		for at < len(points) && points[at] > m.KnownExploitedFloor {
			at++
		}
		entries = slices.Insert(entries, at, entry{issue: m.floor(), points: m.KnownExploitedFloor, sure: true})
		shares = slices.Insert(shares, at, m.KnownExploitedFloor-sum)
		sum = m.KnownExploitedFloor
	}
	total := tenths(min(sum, 100))
	for i, part := range apportion(shares, total) {
		e := &entries[i]
		s := e.issue
		if part == 0 && i >= alwaysListed && (s.Class == ClassRisk || level == Supplier) {
			omitted++
			continue
		}
		list = append(list, Contribution{
			Issue: s.ID, Title: s.Title, Points: settle(e.points), Share: float64(part) / 10, Class: s.Class,
			Known: e.sure, Rule: s.Rule, Subject: s.Subject, Evidence: s.Evidence, Action: s.Action, Ref: s.Ref,
		})
	}
	return float64(total) / 10, list, omitted
}

// floor is the issue that explains the floor.
func (m *Model) floor() *Issue {
	return &Issue{
		ID: floorID, Class: ClassRisk, Points: m.KnownExploitedFloor, Sure: true, Ref: -1,
		Title:  "A vulnerability known to be exploited is open",
		Rule:   fmt.Sprintf("raised to the floor %g, which holds while a known-exploited vulnerability is open", m.KnownExploitedFloor),
		Action: "Fix the known-exploited vulnerability",
	}
}
