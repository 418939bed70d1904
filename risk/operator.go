// SPDX-License-Identifier: Apache-2.0

package risk

import (
	"maps"
	"math"
	"slices"
)

// Level is what points are joined to.
type Level uint8

// The levels. They differ in β only.
const (
	Component Level = iota
	Product
	Supplier
)

func (m *Model) beta(l Level) float64 {
	switch l {
	case Component:
		return m.Operator.Beta.Component
	case Product:
		return m.Operator.Beta.Product
	case Supplier:
		return m.Operator.Beta.Supplier
	}
	return m.Operator.Beta.Product
}

// W joins points of any order into one value from 0 to 100. No points are 0.
func (m *Model) W(level Level, points ...float64) float64 {
	sorted := make([]float64, len(points))
	for i, p := range points {
		sorted[i] = clamp(p)
	}
	slices.SortFunc(sorted, func(a, b float64) int { return compareDescending(a, b) })
	sum := 0.0
	for _, s := range m.summands(level, sorted) {
		sum += s
	}
	return math.Min(sum, 100)
}

// summands are the terms of W for points that are sorted, highest first.
func (m *Model) summands(level Level, sorted []float64) []float64 {
	if len(sorted) == 0 {
		return nil
	}
	out := make([]float64, len(sorted))
	first := sorted[0]
	out[0] = first
	weight := (100 - first) * m.beta(level) * (1 - m.Operator.Q)
	for i, x := range sorted[1:] {
		out[i+1] = weight * x / 100
		weight *= m.Operator.Q
	}
	return out
}

// clamp holds points to 0…100; what is not a number is priced as the worst.
func clamp(points float64) float64 {
	if math.IsNaN(points) {
		return 100
	}
	return math.Max(0, math.Min(100, points))
}

func compareDescending(a, b float64) int {
	switch {
	case a > b:
		return -1
	case a < b:
		return 1
	}
	return 0
}

// tenths rounds a value to 0.1, as a count of tenths.
func tenths(value float64) int { return int(math.Round(settle(value) * 10)) }

// settle removes the dust of floating-point arithmetic, so that 93.1 is not
// 93.10000000000001 in a report and no remainder hangs on it.
func settle(value float64) float64 { return math.Round(value*1e6) / 1e6 }

// apportion rounds shares to tenths so that they add up to total: each is cut
// down, and the tenths left over go to the largest remainders, the earlier
// share first. It changes no share by more than one tenth.
func apportion(shares []float64, total int) []int {
	out := make([]int, len(shares))
	rest := make([]float64, len(shares))
	left := total
	order := make([]int, len(shares))
	for i, s := range shares {
		t := settle(s * 10)
		floor := math.Floor(t)
		out[i], rest[i], order[i] = int(floor), t-floor, i
		left -= int(floor)
	}
	slices.SortStableFunc(order, func(a, b int) int { return compareDescending(rest[a], rest[b]) })
	for _, i := range order {
		if left <= 0 {
			break
		}
		out[i]++
		left--
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
