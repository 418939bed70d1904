// SPDX-License-Identifier: Apache-2.0

package risk

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func repeat(x float64, n int) []float64 { return slices.Repeat([]float64{x}, n) }

// The test vectors of the model's specification.
func TestW(t *testing.T) {
	m := load(t)
	tests := []struct {
		level  Level
		points []float64
		want   float64
	}{
		{Product, nil, 0},
		{Product, []float64{49}, 49},
		{Product, repeat(49, 5), 56.3770},
		{Product, repeat(49, 40), 61.4929},
		{Product, repeat(15.5, 500), 22.0487},
		{Component, []float64{26.5, 15.5, 15.5}, 28.5507},
		{Product, []float64{30, 40}, 41.8},
		{Product, []float64{41, 100, 45}, 100},
		{Product, []float64{15, 41, 45, 40}, 49.5430},
		{Supplier, []float64{41.3, 30}, 42.0044},
		{Supplier, []float64{18, 35, 98.5, 25, 35}, 98.5529},
		{Product, []float64{math.NaN(), 3}, 100},
		{Product, []float64{-5, math.Inf(1)}, 100},
	}
	for _, tt := range tests {
		if got := m.W(tt.level, tt.points...); math.Abs(got-tt.want) > 1e-4 {
			t.Errorf("W of %v: want %.4f, got %.4f", tt.points, tt.want, got)
		}
	}
}

func issues(class Class, points ...float64) []Issue {
	out := make([]Issue, len(points))
	for i, p := range points {
		out[i] = Issue{ID: fmt.Sprintf("%s-%03d", class, i), Class: class, Points: p, Sure: class == ClassRisk, Ref: i}
	}
	return out
}

// The worked examples of the specification, as far as their issues exist; the
// support issues stand in as given points.
func TestWorkedExamples(t *testing.T) {
	m := load(t)
	vulnerability := func(id string, v Vulnerability) Issue {
		v.HasCVE, v.Feeds = true, feeds
		points, rule := m.Vulnerability(v)
		return Issue{ID: id, Class: ClassRisk, Points: points, Sure: true, KEV: v.KEV, Rule: rule}
	}
	low := func(id string, cvss float64) Issue {
		return vulnerability(id, Vulnerability{CVSS: cvss, CVSSKnown: true, EPSS: .004, EPSSKnown: true})
	}
	evidence := func(rule string) Issue {
		i, err := m.Evidence(rule)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	given := func(id string, points float64) Issue { return Issue{ID: id, Class: ClassEvidence, Points: points} }
	unassessed, _ := m.Unassessed(.4)

	pump := []Issue{low("a", 7.5), low("b", 5.3), low("c", 4.6), given("os-ends", 15), given("not-in-path", 9.3), evidence(RuleUnsigned)}
	var station []Issue
	for i := range 12 {
		station = append(station, low(fmt.Sprint("v", i), 9.8))
	}
	station = append(station, given("os-ended", 45), given("support-unknown", 30))
	kev := vulnerability("kev", Vulnerability{CVSS: 9.8, CVSSKnown: true, KEV: true, Ransomware: true})
	middleware := []Issue{
		given("os-unknown", 45), unassessed, evidence(RuleGraph), evidence(RuleVersion), evidence(RuleProducer),
		vulnerability("CVE-2021-44228", Vulnerability{CVSS: 10, CVSSKnown: true, KEV: true, Ransomware: true}),
	}
	tests := []struct {
		name   string
		issues []Issue
		value  float64
		grade  string
		shares []float64
	}{
		{"A infusion pump", pump, 41.3, "C", []float64{37.5, 1.7, 1.1, .6, .3, .1}},
		{"A after the update", pump[1:], 29.7, "B", nil},
		{"B imaging workstation", append([]Issue{kev}, station...), 98.5, "F", nil},
		{"B after the fix", station, 60.7, "D", []float64{49, 2.5, 2, 1.6, 1.3, 1, .8, .7, .5, .4, .3, .3, .2, .1}},
		{"C lab middleware", middleware, 100, "F", nil},
		{"C with the version", []Issue{given("os-unknown", 45), unassessed, evidence(RuleGraph), evidence(RuleProducer)}, 49.5, "C", nil},
		{"D one known exploited", []Issue{vulnerability("kev", Vulnerability{CVSS: 9.8, CVSSKnown: true, KEV: true})}, 93.1, "F", []float64{93.1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := m.Product(tt.issues, Options{Feeds: feeds})
			if diff := cmp.Diff(Number{tt.value, tt.grade}, s.WorstCase); diff != "" {
				t.Errorf("worst case (-want +got):\n%s", diff)
			}
			checkSum(t, s)
			if tt.shares == nil {
				return
			}
			var shares []float64
			for _, c := range s.Contributions {
				shares = append(shares, c.Share)
			}
			if diff := cmp.Diff(tt.shares, shares); diff != "" {
				t.Errorf("shares (-want +got):\n%s", diff)
			}
		})
	}
}

func checkSum(t interface{ Errorf(string, ...any) }, s Score) {
	sum := 0
	for _, c := range s.Contributions {
		n := math.Round(c.Share * 10)
		if math.Abs(c.Share*10-n) > 1e-9 || c.Share < 0 {
			t.Errorf("share %v of %q is not a count of tenths", c.Share, c.Issue)
		}
		sum += int(n)
	}
	if want := int(math.Round(s.WorstCase.Value * 10)); sum != want {
		t.Errorf("shares: want the sum %d tenths, got %d", want, sum)
	}
}

func TestKnownAndWorstCase(t *testing.T) {
	m := load(t)
	s := m.Product([]Issue{
		{ID: "CVE-1", Class: ClassRisk, Points: 40, Sure: true},
		{ID: "CVE-2", Class: ClassRisk, Points: 90}, // possible only
		{ID: "evidence:hash", Class: ClassEvidence, Points: 10, Sure: true},
	}, Options{Feeds: feeds})
	if diff := cmp.Diff(Number{40, "C"}, s.Known); diff != "" {
		t.Errorf("known (-want +got):\n%s", diff)
	}
	if s.WorstCase.Value <= 90 || s.WorstCase.Grade != "F" {
		t.Errorf("want a worst case above 90, got %v", s.WorstCase)
	}
	for _, c := range s.Contributions {
		if want := c.Issue == "CVE-1"; c.Known != want {
			t.Errorf("%s: want known %v, got %v", c.Issue, want, c.Known)
		}
	}
}

func TestDistinct(t *testing.T) {
	m := load(t)
	s := m.Product([]Issue{
		{ID: "CVE-1", Class: ClassRisk, Points: 50, Ref: 7},
		{ID: "CVE-1", Class: ClassRisk, Points: 40, Sure: true, Ref: 2},
		{ID: "CVE-1", Class: ClassRisk, Points: 50, Ref: 3},
	}, Options{Feeds: feeds})
	want := []Contribution{{Issue: "CVE-1", Points: 50, Share: 50, Class: ClassRisk, Known: true, Ref: 3}}
	if diff := cmp.Diff(want, s.Contributions); diff != "" {
		t.Errorf("contributions (-want +got):\n%s", diff)
	}
	if s.Known.Value != 40 {
		t.Errorf("known: want the highest sure points 40, got %v", s.Known.Value)
	}
}

func TestKnownExploitedFloor(t *testing.T) {
	m := load(t)
	kev := Issue{ID: "CVE-1", Class: ClassRisk, Points: 47.5, Sure: true, KEV: true}
	other := Issue{ID: "CVE-2", Class: ClassRisk, Points: 60, Sure: true}
	tests := []struct {
		name         string
		issues       []Issue
		known, worst float64
		first        string
	}{
		{"alone", []Issue{kev}, 75, 75, floorID},
		{"beside another", []Issue{kev, other}, 75, 75, floorID},
		{"not sure", []Issue{{ID: "CVE-1", Class: ClassRisk, Points: 47.5, KEV: true}}, 0, 47.5, "CVE-1"},
		{"above the floor anyway", []Issue{{ID: "CVE-1", Class: ClassRisk, Points: 93.1, Sure: true, KEV: true}}, 93.1, 93.1, "CVE-1"},
		{"above the floor by evidence", []Issue{kev, {ID: "e", Class: ClassEvidence, Points: 80}}, 75, 81, "e"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := m.Product(tt.issues, Options{Feeds: feeds})
			if s.Known.Value != tt.known || math.Abs(s.WorstCase.Value-tt.worst) > .06 {
				t.Errorf("want known %v and worst case %v, got %v and %v", tt.known, tt.worst, s.Known.Value, s.WorstCase.Value)
			}
			if tt.known >= 75 && (s.Known.Grade != "F" || s.WorstCase.Grade != "F") {
				t.Errorf("want grade F for both, got %+v %+v", s.Known, s.WorstCase)
			}
			if s.Contributions[0].Issue != tt.first {
				t.Errorf("first contribution: want %q, got %q", tt.first, s.Contributions[0].Issue)
			}
			checkSum(t, s)
		})
	}
}

func TestNothingJudged(t *testing.T) {
	m := load(t)
	for state, title := range map[State]string{
		NothingAssessed: "Not one component could be assessed",
		Unreadable:      "The document could not be read",
		Empty:           "The document lists no component",
		Blind:           "There is no SBOM",
	} {
		s := m.Product(issues(ClassEvidence, 5), Options{State: state, Feeds: feeds})
		want := Score{Model: m.String(), WorstCase: Number{100, "F"}, Contributions: []Contribution{{
			Issue: nothingID, Title: title, Points: 100, Share: 100, Class: ClassEvidence, Ref: -1,
			Rule: "100: nothing could be judged, as with no SBOM", Action: s.Contributions[0].Action,
		}}}
		if diff := cmp.Diff(want, s); diff != "" {
			t.Errorf("%s (-want +got):\n%s", title, diff)
		}
	}
}

func TestWithheld(t *testing.T) {
	m := load(t)
	tests := []struct {
		opts Options
		want string
	}{
		{Options{Feeds: feeds}, ""},
		{Options{Feeds: feeds, Starter: true}, "starter database"},
		{Options{Feeds: Feeds{EPSS: true}}, "known-exploited feed (KEV) not loaded"},
		{Options{Feeds: Feeds{KEV: true}}, "EPSS feed not loaded"},
		{Options{Starter: true}, "starter database; known-exploited feed (KEV) not loaded; EPSS feed not loaded"},
		{Options{State: Unreadable, Starter: true, Feeds: feeds}, "starter database"},
	}
	for _, tt := range tests {
		s := m.Product(issues(ClassRisk, 20), tt.opts)
		if s.Withheld != tt.want {
			t.Errorf("want %q, got %q", tt.want, s.Withheld)
		}
		if given := s.Known.Grade != "" && s.WorstCase.Grade != ""; given != (tt.want == "") {
			t.Errorf("%q: grades %q and %q", tt.want, s.Known.Grade, s.WorstCase.Grade)
		}
		if s.WorstCase.Value == 0 {
			t.Error("the value itself is always given")
		}
	}
}

func TestSupplier(t *testing.T) {
	m := load(t)
	product := func(id string, known, worst float64) ProductScore {
		return ProductScore{ID: id, Name: id, Score: Score{
			Known: Number{known, m.Grade(known)}, WorstCase: Number{worst, m.Grade(worst)},
			Contributions: []Contribution{{Class: ClassRisk}},
		}}
	}
	s := m.Supplier([]ProductScore{product("s/b", 10, 30), product("s/a", 41.3, 41.3)})
	if s.WorstCase != (Number{42, "C"}) || s.Known.Value != 41.5 {
		t.Errorf("want worst case 42.0 C and known 41.5, got %+v and %+v", s.WorstCase, s.Known)
	}
	if s.Contributions[0].Issue != "s/a" || s.Contributions[0].Share != 41.3 {
		t.Errorf("want s/a first with 41.3, got %+v", s.Contributions[0])
	}
	checkSum(t, s)

	blind := ProductScore{ID: "s/c", Score: m.Product(nil, Options{State: Blind, Feeds: feeds})}
	if s := m.Supplier([]ProductScore{blind}); s.Known.Grade != "" || s.WorstCase != (Number{100, "F"}) {
		t.Errorf("a supplier of whom nothing is known has no known grade: %+v", s)
	}
	starter := ProductScore{ID: "s/d", Score: m.Product(nil, Options{Starter: true, Feeds: feeds})}
	if s := m.Supplier([]ProductScore{blind, starter}); s.Withheld != "starter database" || s.WorstCase.Grade != "" {
		t.Errorf("want the grade withheld, got %+v", s)
	}
}
