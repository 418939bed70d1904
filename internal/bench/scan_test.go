// SPDX-License-Identifier: Apache-2.0

//go:build unix

package bench

import (
	"fmt"
	"path/filepath"
	"testing"
)

func BenchmarkVersion(b *testing.B) {
	prepare(b)
	for range b.N {
		r := row{work: "start (version)", goal: "10 ms, 25 MiB", ours: median(b, 9, setup.medsbom, "version")}
		compare(b, r, func() figure { return median(b, 3, setup.peer, "--version") })
	}
}

func BenchmarkScan(b *testing.B) {
	prepare(b)
	for _, size := range []struct {
		n, runs, peerRuns    int
		name, goal, moonshot string
	}{
		{50, 15, 3, "50", "10 ms, 30 MiB", "5 ms"},
		{500, 9, 3, "500", "", ""},
		{5_000, 7, 1, "5,000", "100 ms, 64 MiB", "40 ms"},
		{100_000, 3, 1, "100,000", "2 s, 400 MiB", "0.8 s, 256 MiB"},
	} {
		b.Run(fmt.Sprint(size.n), func(b *testing.B) {
			file := filepath.Join(setup.dir, fmt.Sprintf("s%d.cdx.json", size.n))
			generate(b, "--n", fmt.Sprint(size.n), "--seed", "7", "--out", file)
			for range b.N {
				r := row{work: "scan of one SBOM, " + size.name + " components", goal: size.goal, moonshot: size.moonshot}
				r.ours = median(b, size.runs, setup.medsbom, "scan", "-q", "--db", setup.index, "--format", "json", file)
				compare(b, r, func() figure {
					return median(b, size.peerRuns, setup.peer, "scan", "source", "--offline",
						"--local-db-path", setup.osvRoot, "-L", file, "--format", "json")
				})
			}
		})
	}
}

func BenchmarkScanMany(b *testing.B) {
	prepare(b)
	for _, size := range []struct {
		n, runs              int
		name, goal, moonshot string
	}{
		{200, 7, "200", "", ""},
		{1_000, 5, "1,000", "1,000 SBOM/s, 100 MiB", "3,000 SBOM/s"},
	} {
		b.Run(fmt.Sprint(size.n), func(b *testing.B) {
			dir := filepath.Join(setup.dir, fmt.Sprintf("many%d", size.n))
			generate(b, "--n", "60", "--seed", "3", "--count", fmt.Sprint(size.n), "--out", dir)
			files, err := filepath.Glob(filepath.Join(dir, "*.json"))
			if err != nil || len(files) != size.n {
				b.Fatalf("%d files, want %d: %v", len(files), size.n, err)
			}
			for range b.N {
				r := row{work: "scan of " + size.name + " SBOMs in one call", goal: size.goal, moonshot: size.moonshot, per: size.n}
				r.ours = median(b, size.runs, setup.medsbom, "scan", "-q", "--db", setup.index, "--format", "json", dir)
				compare(b, r, func() figure {
					args := []string{"scan", "source", "--offline", "--local-db-path", setup.osvRoot, "--format", "json"}
					for _, f := range files {
						args = append(args, "-L", f)
					}
					return runOnce(b, setup.peer, args...)
				})
			}
		})
	}
}
