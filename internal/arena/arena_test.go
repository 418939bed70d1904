// SPDX-License-Identifier: Apache-2.0

package arena

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// list returns n values that no other n has.
func list(n int) []int {
	var l []int
	for i := range n {
		l = append(l, n*100_000+i)
	}
	return l
}

// check holds that each slice has what was put into it, and nothing around it.
func check(t *testing.T, sizes []int, got [][]int) {
	t.Helper()
	for i := range sizes {
		if cap(got[i]) != len(got[i]) {
			t.Fatalf("slice %d can grow into its neighbour", i)
		}
		_ = append(got[i], -1)
	}
	for i, n := range sizes {
		if diff := cmp.Diff(list(n), got[i]); diff != "" {
			t.Fatalf("slice %d (-want +got):\n%s", i, diff)
		}
	}
}

func sizes() []int {
	var sizes []int
	for n := range 200 {
		sizes = append(sizes, n, n%7)
	}
	return append(sizes, 3*lastChunk, 1, 0)
}

func TestAdd(t *testing.T) {
	var a Slices[int]
	var got [][]int
	for _, n := range sizes() {
		for _, v := range list(n) {
			a.Add(v)
		}
		got = append(got, a.Take())
	}
	check(t, sizes(), got)
}

func TestKeep(t *testing.T) {
	var a Slices[int]
	var got [][]int
	for _, n := range sizes() {
		given := list(n)
		got = append(got, a.Keep(given))
		clear(given)
	}
	check(t, sizes(), got)
}

func TestJoin(t *testing.T) {
	var a Slices[int]
	first := a.Join(nil, list(3))
	other := a.Join(nil, list(2))
	if diff := cmp.Diff(append(list(3), list(5)...), a.Join(first, list(5))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	check(t, []int{3, 2}, [][]int{first, other})
}

func TestFewAllocations(t *testing.T) {
	three := list(3)
	for name, fill := range map[string]func(a *Slices[int]){
		"Add":  func(a *Slices[int]) { a.Add(1); a.Add(2); a.Take() },
		"Keep": func(a *Slices[int]) { a.Keep(three) },
	} {
		if n := testing.AllocsPerRun(10, func() {
			var a Slices[int]
			for range 10_000 {
				fill(&a)
			}
		}); n > 20 {
			t.Errorf("%s: %v allocations for 10,000 slices", name, n)
		}
	}
}
