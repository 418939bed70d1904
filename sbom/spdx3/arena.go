// SPDX-License-Identifier: Apache-2.0

package spdx3

// An arena hands out many short slices from few allocations. The elements of
// one slice are added one after the other and then taken together.
type arena[T any] struct {
	chunk []T
	start int // of the slice that is being filled
}

const (
	firstChunk = 16
	lastChunk  = 4096
)

func (a *arena[T]) add(v T) {
	if len(a.chunk) == cap(a.chunk) {
		run := a.chunk[a.start:]
		size := min(max(2*cap(a.chunk), firstChunk), lastChunk)
		next := make([]T, len(run), max(size, 2*len(run)))
		copy(next, run)
		a.chunk, a.start = next, 0
	}
	a.chunk = append(a.chunk, v)
}

// take returns what was added since the last take, nil if nothing was.
func (a *arena[T]) take() []T {
	run := a.chunk[a.start:len(a.chunk):len(a.chunk)]
	a.start = len(a.chunk)
	if len(run) == 0 {
		return nil
	}
	return run
}
