// SPDX-License-Identifier: Apache-2.0

//go:build unix

// Package bench measures the program as a user runs it, whole processes on
// real data, beside osv-scanner on the same advisories and the same SBOMs in
// the same run. It asserts nothing: 'make bench' writes docs/benchmarks.md.
package bench

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/internal/measure"
	"github.com/medsbom/medsbom/vulndb"
)

// ecosystems are those that generated SBOMs draw from: the language ecosystems
// that osv-scanner matches from an SBOM as well.
const ecosystems = "Go,PyPI,crates.io,npm,Maven,RubyGems,NuGet,Packagist"

// A figure is the cost of one whole process.
type figure struct {
	cpu  time.Duration // user and system
	wall time.Duration
	peak int64 // bytes of memory
	err  error
}

// setup is what the benchmarks share.
var setup struct {
	dir, data, medsbom, peer, index, osvRoot string
}

func TestMain(m *testing.M) {
	measure.Launcher()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "medsbom-bench")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	setup.dir = dir
	code := m.Run()
	if out := os.Getenv("MEDSBOM_BENCH_OUT"); out != "" && code == 0 && len(rows) > 0 {
		if err := os.WriteFile(out, document(), 0o644); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return code
}

// prepare finds the data and builds program and index once.
func prepare(b *testing.B) {
	b.Helper()
	if setup.index != "" {
		return
	}
	data, err := filepath.Abs(corpus.Dir(b))
	if err != nil {
		b.Fatal(err)
	}
	setup.data = data
	setup.peer = os.Getenv("OSV_SCANNER")
	setup.medsbom = filepath.Join(setup.dir, "medsbom")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", setup.medsbom, "../../cmd/medsbom")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("building: %v\n%s", err, out)
	}
	if setup.peer != "" {
		setup.osvRoot = peerDatabase(b, data)
	}
	setup.index = filepath.Join(setup.dir, "medsbom.db")
	ours := runOnce(b, setup.medsbom, "db", "build", "--from", data, "--out", setup.index)
	info, err := os.Stat(setup.index)
	if err != nil {
		b.Fatalf("no index: %v", err)
	}
	addRow(row{
		work: "index of all advisories, once", ours: ours, goal: "5 CPU s, 512 MiB",
		note: fmt.Sprintf("file of %.1f MB; osv-scanner reads the zips in every run", float64(info.Size())/1e6),
	})
}

// peerDatabase lays the zips out as osv-scanner wants them; it gives up on a
// whole scan if the zip of any ecosystem in the SBOM is missing.
func peerDatabase(b *testing.B, data string) string {
	b.Helper()
	root := filepath.Join(setup.dir, "osv")
	scalibr := filepath.Join(root, "osv-scalibr")
	if err := os.MkdirAll(scalibr, 0o755); err != nil {
		b.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Join(data, "osv"))
	if err != nil {
		b.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			if err := os.Symlink(filepath.Join(data, "osv", e.Name()), filepath.Join(scalibr, e.Name())); err != nil {
				b.Fatal(err)
			}
		}
	}
	for _, name := range []string{"GitHub Actions", "ConanCenter", "Docker Hardened Images"} {
		dir := filepath.Join(scalibr, name)
		if os.Mkdir(dir, 0o755) != nil {
			continue
		}
		var empty bytes.Buffer
		if err := zip.NewWriter(&empty).Close(); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "all.zip"), empty.Bytes(), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return root
}

// runOnce runs one process to its end, its output thrown away.
func runOnce(b *testing.B, name string, args ...string) figure {
	b.Helper()
	cmd := exec.Command(name, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	cost, err := measure.Run(cmd)
	wall := time.Since(start)
	if err != nil {
		b.Fatal(err)
	}
	f := figure{cpu: cost.CPU, wall: wall, peak: cost.Peak}
	// Exit codes up to 3 are answers, not failures.
	if code := cost.Code; code < 0 || code > 3 || code == 2 {
		f.err = fmt.Errorf("exit code %d: %s", code, lastLine(stderr.String()))
	}
	return f
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}

// median runs a process n times and takes each figure's median.
func median(b *testing.B, n int, name string, args ...string) figure {
	b.Helper()
	var all []figure
	for range n {
		all = append(all, runOnce(b, name, args...))
	}
	return medians(all)
}

// medians takes each figure's median.
func medians(all []figure) figure {
	m, n := all[0], len(all)
	slices.SortFunc(all, func(a, b figure) int { return cmp.Compare(a.cpu, b.cpu) })
	m.cpu = all[n/2].cpu
	slices.SortFunc(all, func(a, b figure) int { return cmp.Compare(a.wall, b.wall) })
	m.wall = all[n/2].wall
	slices.SortFunc(all, func(a, b figure) int { return cmp.Compare(a.peak, b.peak) })
	m.peak = all[n/2].peak
	return m
}

// generate makes SBOMs with the seeded generator of the shared benchmarks.
func generate(b *testing.B, args ...string) {
	b.Helper()
	script := filepath.Join(setup.data, "..", "bench", "gen_sbom.py")
	all := append([]string{script, "--db", filepath.Join(setup.data, "osv"), "--ecosystems", ecosystems}, args...)
	if out, err := exec.Command("python3", all...).CombinedOutput(); err != nil {
		b.Skipf("SBOMs cannot be generated: %v\n%s", err, out)
	}
}

// BenchmarkOpenFirstLookup opens the index and asks for one package.
func BenchmarkOpenFirstLookup(b *testing.B) {
	prepare(b)
	for range b.N {
		var best time.Duration
		for range 20 {
			start := time.Now()
			db, err := vulndb.Open(setup.index)
			if err != nil {
				b.Fatal(err)
			}
			if _, ok := db.Package("Maven", "org.apache.logging.log4j:log4j-core"); !ok {
				b.Fatal("log4j-core is not in the index")
			}
			if d := time.Since(start); best == 0 || d < best {
				best = d
			}
			db.Close()
		}
		b.ReportMetric(float64(best.Microseconds()), "µs/open")
		addNote("Opening the index and the first look-up of a package: %d µs (goal: under 1 ms).", best.Microseconds())
	}
}

// middle is the median.
func middle(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}
