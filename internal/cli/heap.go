// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"runtime"
	"runtime/debug"
	"sync"
)

const (
	// heapRoom is how much a scan may allocate between two runs of the garbage
	// collector, however little is in use.
	heapRoom = 28 << 20 // bytes
	// heapMinimum is the runtime's least heap before a run, at 100 per cent.
	heapMinimum = 4 << 20 // bytes
	// leastGrowth is by how much of what is in use the heap grows between two runs
	// at least, so that the runs cost no more than in proportion to it.
	leastGrowth = 25 // per cent
)

// A pacer keeps the collector away from small scans, and large ones from twice
// the memory that they use. The collector would run for the first time at 4 MiB,
// and a run costs more than reading and matching a small document; and then
// whenever the heap has doubled. With a pacer it runs when the heap has grown by
// heapRoom or by leastGrowth, whichever is more.
type pacer struct {
	mu      sync.Mutex
	before  int // per cent
	growth  int // per cent, until the next run
	stopped bool
}

func newPacer() *pacer {
	p := new(pacer)
	p.before = p.set(100 * heapRoom / heapMinimum)
	p.await()
	return p
}

func (p *pacer) set(growth int) (before int) {
	p.growth = growth
	return debug.SetGCPercent(growth)
}

// await has the pace set again after the next run, which is when an object that
// nobody holds is cleaned up.
func (p *pacer) await() {
	runtime.AddCleanup(new([16]byte), (*pacer).adjust, p)
}

func (p *pacer) adjust() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped {
		return
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	// The goal of the next run is what the last left and the growth.
	inUse := max(heapMinimum, int(m.NextGC/uint64(100+p.growth))*100)
	p.set(max(leastGrowth, 100*heapRoom/inUse))
	p.await()
}

// stop gives the collector its pace back.
func (p *pacer) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stopped = true
	debug.SetGCPercent(p.before)
}
