// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"runtime"
	"runtime/debug"
	"sync"
)

// heapMinimum is the runtime's least heap before a run of the garbage collector, at
// 100 per cent.
const heapMinimum = 4 << 20 // bytes

// pace is by how much the heap may grow between two runs of the collector: by the
// room, or by the growth where that is more.
type pace struct {
	room  int // bytes, however little is in use
	least int // per cent of what is in use, so that the runs cost no more than in proportion to it
}

var (
	scanPace = pace{room: 24 << 20, least: 25}
	// A build keeps most of what it allocates: to look for the rest is of little use.
	buildPace = pace{room: 192 << 20, least: 100}
)

// A pacer keeps the collector away from small scans and small builds, and large
// scans from twice the memory that they use. The collector would run for the first
// time at 4 MiB, and a run costs more than reading and matching a small document;
// and then whenever the heap has doubled.
type pacer struct {
	pace
	mu      sync.Mutex
	before  int // per cent
	growth  int // per cent, until the next run
	stopped bool
}

func newPacer(pace pace) *pacer {
	p := &pacer{pace: pace}
	p.before = p.set(100 * pace.room / heapMinimum)
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
	p.set(max(p.least, 100*p.room/inUse))
	p.await()
}

// stop gives the collector its pace back.
func (p *pacer) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stopped = true
	debug.SetGCPercent(p.before)
}
