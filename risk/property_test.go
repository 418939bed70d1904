// SPDX-License-Identifier: Apache-2.0

package risk

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const dust = 1e-9

func drawPoints(t *rapid.T) []float64 {
	return rapid.SliceOfN(rapid.Float64Range(0, 100), 0, 60).Draw(t, "points")
}

func drawIssues(t *rapid.T) []Issue {
	n := rapid.IntRange(0, 40).Draw(t, "n")
	out := make([]Issue, n)
	for i := range out {
		class := rapid.SampledFrom([]Class{ClassRisk, ClassEvidence}).Draw(t, "class")
		out[i] = Issue{
			ID:     fmt.Sprintf("%s-%d", class, rapid.IntRange(0, 30).Draw(t, "id")),
			Class:  class,
			Points: float64(rapid.IntRange(0, 1000).Draw(t, "points")) / 10,
			Sure:   rapid.Bool().Draw(t, "sure"),
			KEV:    class == ClassRisk && rapid.IntRange(0, 9).Draw(t, "kev") == 0,
			Ref:    i,
		}
	}
	return out
}

// P1: bounded; many small ones cannot pass for a big one.
func TestBounded(t *testing.T) {
	m := load(t)
	rapid.Check(t, func(t *rapid.T) {
		points := drawPoints(t)
		for _, level := range []Level{Component, Product, Supplier} {
			w := m.W(level, points...)
			x := 0.0
			if len(points) > 0 {
				x = slices.Max(points)
			}
			if upper := x + m.beta(level)*(100-x)*x/100; w < x-dust || w > upper+dust || w > 100 {
				t.Fatalf("W = %v is not between %v and %v", w, x, upper)
			}
		}
	})
}

// P2 and P3: one issue more, or one that is worse, never lowers a number; one
// less, or one that is better, never raises it.
func TestMonotone(t *testing.T) {
	m := load(t)
	rapid.Check(t, func(t *rapid.T) {
		list := drawIssues(t)
		before := m.Product(list, Options{Feeds: feeds})
		more := append(slices.Clone(list), Issue{
			ID: fmt.Sprint("risk-", rapid.IntRange(0, 40).Draw(t, "newID")), Class: ClassRisk,
			Points: float64(rapid.IntRange(0, 1000).Draw(t, "new")) / 10, Sure: rapid.Bool().Draw(t, "newSure"),
		})
		after := m.Product(more, Options{Feeds: feeds})
		if after.WorstCase.Value < before.WorstCase.Value || after.Known.Value < before.Known.Value {
			t.Fatalf("one issue more: %+v became %+v", before, after)
		}
		if len(list) == 0 {
			return
		}
		i := rapid.IntRange(0, len(list)-1).Draw(t, "raised")
		list[i].Points = math.Min(100, list[i].Points+float64(rapid.IntRange(0, 500).Draw(t, "by"))/10)
		raised := m.Product(list, Options{Feeds: feeds})
		if raised.WorstCase.Value < before.WorstCase.Value || raised.Known.Value < before.Known.Value {
			t.Fatalf("issue %d raised: %+v became %+v", i, before, raised)
		}
		less := m.Product(slices.Delete(slices.Clone(list), i, i+1), Options{Feeds: feeds})
		if less.WorstCase.Value > raised.WorstCase.Value || less.Known.Value > raised.Known.Value {
			t.Fatalf("issue %d removed: %+v became %+v", i, raised, less)
		}
	})
}

// P6: telling one issue in many places, or adding what has no issue, changes nothing.
func TestSizeNeutral(t *testing.T) {
	m := load(t)
	rapid.Check(t, func(t *rapid.T) {
		list := drawIssues(t)
		before := m.Product(list, Options{Feeds: feeds})
		var split []Issue
		for _, i := range list {
			split = append(split, slices.Repeat([]Issue{i}, 12)...)
		}
		after := m.Product(split, Options{Feeds: feeds})
		if diff := cmp.Diff(before, after); diff != "" {
			t.Fatalf("split in twelve (-before +after):\n%s", diff)
		}
	})
}

// P7 and the relation of the two numbers.
func TestSharesAddUp(t *testing.T) {
	m := load(t)
	rapid.Check(t, func(t *rapid.T) {
		s := m.Product(drawIssues(t), Options{Feeds: feeds})
		checkSum(t, s)
		if s.Known.Value > s.WorstCase.Value {
			t.Fatalf("known %v is above the worst case %v", s.Known.Value, s.WorstCase.Value)
		}
		for i := 1; i < len(s.Contributions); i++ {
			a, b := s.Contributions[i-1], s.Contributions[i]
			if a.Points < b.Points || a.Points == b.Points && a.Issue >= b.Issue {
				t.Fatalf("contributions %d and %d are out of order: %+v %+v", i-1, i, a, b)
			}
		}
	})
}

// P8: the order of the issues does not matter.
func TestOrderFree(t *testing.T) {
	m := load(t)
	rapid.Check(t, func(t *rapid.T) {
		list := drawIssues(t)
		before := m.Product(list, Options{Feeds: feeds})
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		if diff := cmp.Diff(before, m.Product(list, Options{Feeds: feeds})); diff != "" {
			t.Fatalf("(-before +after):\n%s", diff)
		}
	})
}

func BenchmarkProduct(b *testing.B) {
	m := load(b)
	list := make([]Issue, 20_000)
	for i := range list {
		v := Vulnerability{CVSS: float64(i%100) / 10, CVSSKnown: true, HasCVE: true, EPSS: float64(i%77) / 77, EPSSKnown: true, Feeds: feeds}
		points, rule := m.Vulnerability(v)
		list[i] = Issue{ID: fmt.Sprint("CVE-", i%7000), Class: ClassRisk, Points: points, Rule: rule, Sure: true, Ref: i}
	}
	b.ReportAllocs()
	for b.Loop() {
		m.Product(list, Options{Feeds: feeds})
	}
}

func BenchmarkVulnerability(b *testing.B) {
	m := load(b)
	b.ReportAllocs()
	for b.Loop() {
		m.Vulnerability(Vulnerability{CVSS: 9.8, CVSSKnown: true, HasCVE: true, EPSS: .123, EPSSKnown: true, Feeds: feeds})
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}
