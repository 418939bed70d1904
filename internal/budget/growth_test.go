// SPDX-License-Identifier: Apache-2.0

//go:build unix && !race

package budget

import (
	"context"
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

// cost is the cheapest of several scans: CPU time and allocations.
func cost(t *testing.T, text string) (cpu time.Duration, allocations uint64) {
	t.Helper()
	db, err := starter.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			t.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	for i := range 4 {
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := used()
		opts := scan.Options{Paths: []string{"-"}, Stdin: strings.NewReader(text), DB: db, Jobs: 1, AsOf: time.Unix(0, 0)}
		if _, err := scan.Run(context.Background(), &opts, report.JSON(io.Discard)); err != nil {
			t.Fatal(err)
		}
		spent := used() - start
		runtime.ReadMemStats(&after)
		if i == 0 || spent < cpu {
			cpu = spent
		}
		allocations = after.Mallocs - before.Mallocs
	}
	return cpu, allocations
}

func TestGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const small, large = 5_000, 50_000
	smallCPU, smallAllocations := cost(t, document(small))
	largeCPU, largeAllocations := cost(t, document(large))
	perComponent := float64(largeAllocations) / large
	t.Logf("%d components: %v, %d allocations; %d: %v, %d (%.1f a component)",
		small, smallCPU, smallAllocations, large, largeCPU, largeAllocations, perComponent)
	if ratio := largeCPU.Seconds() / smallCPU.Seconds(); ratio > maxGrowth {
		t.Errorf("ten times the components cost %.1f times the CPU, the budget is %d", ratio, maxGrowth)
	}
	if perComponent > maxAllocations {
		t.Errorf("%.1f allocations a component, the budget is %d", perComponent, maxAllocations)
	}
}
