// SPDX-License-Identifier: Apache-2.0

// Package arena makes many short slices and strings out of few allocations, for
// those that keep a handful of values for each of very many components.
package arena

import "slices"

const (
	firstChunk = 16
	lastChunk  = 4096
)

// Slices hands out slices of T. None of them can grow into its neighbour. The
// zero value is ready for use.
type Slices[T any] struct {
	chunk []T
	start int // of the slice that is being filled
	size  int // of the chunk made last
}

// Add puts a value at the end of the slice that the next Take returns.
func (a *Slices[T]) Add(v T) {
	if len(a.chunk) == cap(a.chunk) {
		run := a.chunk[a.start:]
		next := make([]T, len(run), max(a.grow(), 2*len(run)))
		copy(next, run)
		a.chunk, a.start = next, 0
	}
	a.chunk = append(a.chunk, v)
}

// Take returns what was added since the last Take, nil if nothing was.
func (a *Slices[T]) Take() []T {
	run := a.chunk[a.start:len(a.chunk):len(a.chunk)]
	a.start = len(a.chunk)
	if len(run) == 0 {
		return nil
	}
	return run
}

// Keep returns a copy of list. No slice may be half filled by Add.
func (a *Slices[T]) Keep(list []T) []T {
	if len(list) > cap(a.chunk)-len(a.chunk) {
		size := a.grow()
		if len(list) > size/4 {
			return slices.Clone(list) // the rest of a chunk is not given up for one list
		}
		a.chunk, a.start = make([]T, 0, size), 0
	}
	a.chunk = append(a.chunk, list...)
	return a.Take()
}

// Join adds list to what a field has. Most fields have nothing yet; one whose
// key stands many times grows as append does, not by copying all each time.
func (a *Slices[T]) Join(have, list []T) []T {
	if have == nil {
		return a.Keep(list)
	}
	return append(have, list...)
}

// grow is the size of the next chunk.
func (a *Slices[T]) grow() int {
	a.size = min(max(2*a.size, firstChunk), lastChunk)
	return a.size
}
