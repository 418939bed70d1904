// SPDX-License-Identifier: Apache-2.0

//go:build unix && !race

package budget

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/medsbom/medsbom/report"
	"github.com/medsbom/medsbom/scan"
	"github.com/medsbom/medsbom/vulndb/starter"
)

const (
	// maxGrowth is how many times more ten times as many components may cost.
	maxGrowth = 12
	// maxAllocations is for each component, of a scan with JSON report: its
	// identities, keys, findings and their place in the report.
	maxAllocations = 16
	// maxBytes is what a scan with JSON report allocates for each component, all in
	// all, the text of the document included.
	maxBytes = 5_000
	// maxSyntax is how many times the CPU of encoding/json's check of the syntax
	// alone a whole scan may cost on the same bytes.
	maxSyntax = 16
	// attempts is how often a ratio of CPU times is measured before it is held to
	// be too high: other work on the machine can make it higher, or lower.
	attempts = 3
)

// document makes an SBOM of n components, every tenth of which has findings.
func document(n int) string {
	var b strings.Builder
	b.WriteString(`{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{"component":{"bom-ref":"root","type":"device","name":"d","version":"1"}},"components":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		name, version := fmt.Sprintf("part-%d", i), "1.2.3"
		if i%10 == 0 {
			name, version = "lodash", fmt.Sprintf("4.16.%d", i)
		}
		fmt.Fprintf(&b, "\n{\"bom-ref\":\"r%d\",\"type\":\"library\",\"name\":%q,\"version\":%q,\"purl\":\"pkg:npm/%s@%s\",\"licenses\":[{\"license\":{\"id\":\"MIT\"}}],\"properties\":[{\"name\":\"a\",\"value\":\"b\"}]}", i, name, version, name, version)
	}
	b.WriteString(`],"dependencies":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "\n{\"ref\":\"r%d\",\"dependsOn\":[\"r%d\"]}", i, (i*7+1)%n)
	}
	b.WriteString(`]}`)
	return b.String()
}

// spent is what some work took.
type spent struct {
	cpu                time.Duration
	allocations, bytes uint64
}

// measured does the work several times and takes the cheapest.
func measured(t *testing.T, work func() error) spent {
	t.Helper()
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			t.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	var least spent
	for i := range 4 {
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := used()
		if err := work(); err != nil {
			t.Fatal(err)
		}
		cpu := used() - start
		runtime.ReadMemStats(&after)
		if i == 0 {
			least = spent{cpu, after.Mallocs - before.Mallocs, after.TotalAlloc - before.TotalAlloc}
		}
		least.cpu = min(least.cpu, cpu)
		least.allocations = min(least.allocations, after.Mallocs-before.Mallocs)
		least.bytes = min(least.bytes, after.TotalAlloc-before.TotalAlloc)
	}
	return least
}

// cost is a scan with JSON report.
func cost(t *testing.T, text string) spent {
	t.Helper()
	db, err := starter.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	return measured(t, func() error {
		opts := scan.Options{Paths: []string{"-"}, Stdin: strings.NewReader(text), DB: db, Jobs: 1, AsOf: time.Unix(0, 0)}
		_, err := scan.Run(context.Background(), &opts, report.JSON(io.Discard))
		return err
	})
}

func TestGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const few, many = 5_000, 50_000
	var small, large spent
	ratio := atMost(maxGrowth, func() float64 {
		small, large = cost(t, document(few)), cost(t, document(many))
		return large.cpu.Seconds() / small.cpu.Seconds()
	})
	allocations, bytes := float64(large.allocations)/many, float64(large.bytes)/many
	t.Logf("%d components: %v, %d allocations, %d bytes; %d: %v, %d, %d (%.1f and %.0f a component); CPU ratio %.1f",
		few, small.cpu, small.allocations, small.bytes, many, large.cpu, large.allocations, large.bytes, allocations, bytes, ratio)
	if ratio > maxGrowth {
		t.Errorf("ten times the components cost %.1f times the CPU, the budget is %d", ratio, maxGrowth)
	}
	if large.allocations > maxGrowth*small.allocations || large.bytes > maxGrowth*small.bytes {
		t.Errorf("ten times the components take %.1f times the allocations and %.1f times the bytes, the budget is %d",
			float64(large.allocations)/float64(small.allocations), float64(large.bytes)/float64(small.bytes), maxGrowth)
	}
	if allocations > maxAllocations {
		t.Errorf("%.1f allocations a component, the budget is %d", allocations, maxAllocations)
	}
	if bytes > maxBytes {
		t.Errorf("%.0f bytes allocated a component, the budget is %d", bytes, maxBytes)
	}
}

// TestSyntax holds a whole scan to a multiple of what encoding/json takes to
// check the same bytes, in the same process.
func TestSyntax(t *testing.T) {
	text := document(5_000)
	ratio := atMost(maxSyntax, func() float64 {
		syntax := measured(t, func() error {
			if !json.Valid([]byte(text)) {
				return errors.New("the document is no JSON")
			}
			return nil
		})
		return cost(t, text).cpu.Seconds() / syntax.cpu.Seconds()
	})
	t.Logf("a scan costs %.1f times json.Valid", ratio)
	if ratio > maxSyntax {
		t.Errorf("a scan costs %.1f times what json.Valid takes on the same bytes, the budget is %d", ratio, maxSyntax)
	}
}

// atMost is a ratio of CPU times that is hoped to be within a limit, measured
// anew if it is not.
func atMost(limit float64, ratio func() float64) float64 {
	least := ratio()
	for range attempts - 1 {
		if least <= limit {
			break
		}
		least = min(least, ratio())
	}
	return least
}
