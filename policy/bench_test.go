// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"strconv"
	"testing"
)

// componentFacts makes 100,000 components with some two hundred different facts,
// alternating, as a large image has them.
func componentFacts(n int) []Component {
	out := make([]Component, n)
	for i := range out {
		b := i * 7919 % 211
		c := goodComponent
		c.HasProducer, c.HasLicence, c.StrongHash = b&1 == 0, b&2 == 0, b&4 == 0
		c.VersionExact, c.IdentifierValid, c.NoIdentifierStated = b&8 == 0, b&16 == 0, b&32 == 0
		c.File, c.Assessed = b&64 != 0, b&128 == 0
		out[i] = c
	}
	return out
}

func findingFacts(n int) []Finding {
	severities := []string{"critical", "high", "medium", "low", "unknown"}
	out := make([]Finding, n)
	for i := range out {
		out[i] = Finding{
			Strong: i%3 != 0, KEV: i%97 == 0, EPSSKnown: true, CVSSKnown: true, Severity: severities[i%5],
			CVSS: float64(i%100) / 10, EPSS: float64(i%1000) / 1000,
		}
	}
	return out
}

// BenchmarkEvaluate is filling and judging by the default pack (36 rules).
func BenchmarkEvaluate(b *testing.B) {
	p := loadOne(b, Default)
	for _, n := range []int{50, 5_000, 100_000} {
		components, findings := componentFacts(n), findingFacts(n/5)
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f := goodFacts()
				for i, c := range components {
					f.AddComponent(c, i)
				}
				for i, x := range findings {
					f.AddFinding(x, i/2, i)
				}
				if _, err := p.Evaluate(f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkEvaluateAlike is a product whose components all have the same facts.
func BenchmarkEvaluateAlike(b *testing.B) {
	p := loadOne(b, Default)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Evaluate(goodFacts()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load(nil); err != nil {
			b.Fatal(err)
		}
	}
}

// Judging costs by different facts, not by components: a hundred times as many
// components may not cost more evaluations.
func TestCostIsByDifferentFacts(t *testing.T) {
	p := loadOne(t, Default)
	f := goodFacts()
	for i := range 100_000 {
		f.AddComponent(goodComponent, i)
	}
	few := testing.AllocsPerRun(5, func() { evaluate(t, p, goodFacts()) })
	many := testing.AllocsPerRun(5, func() { evaluate(t, p, f) })
	if many > 1.1*few { // a pool that the collector empties costs one more now and then
		t.Errorf("allocations: want about %v as for 3 components, got %v for 100,000", few, many)
	}
}
