// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"runtime"
	"runtime/debug"
	"testing"
)

// percent reads the collector's setting, which can only be read by setting it.
func percent() int {
	p := debug.SetGCPercent(100)
	debug.SetGCPercent(p)
	return p
}

func TestPacer(t *testing.T) {
	before := debug.SetGCPercent(50)
	defer debug.SetGCPercent(before)

	p := newPacer(scanPace)
	if got := percent(); got != 600 {
		t.Errorf("at the start: want a first run at 600 per cent of 4 MiB, got %d", got)
	}
	large := make([]byte, 8*scanPace.room)
	runtime.GC()
	p.adjust()
	if got := percent(); got != scanPace.least {
		t.Errorf("with much in use: want %d per cent, got %d", scanPace.least, got)
	}
	runtime.KeepAlive(large)
	p.stop()
	if got := percent(); got != 50 {
		t.Errorf("after the scan: want 50 as before, got %d", got)
	}
	p.adjust()
	if got := percent(); got != 50 {
		t.Errorf("a run after the scan changes the setting to %d", got)
	}
}
