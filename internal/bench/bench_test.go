// SPDX-License-Identifier: Apache-2.0

//go:build unix

// Package bench measures the program as a user runs it, whole processes on
// real data, beside osv-scanner on the same advisories and the same SBOMs in
// the same run. It asserts nothing: 'make bench' writes docs/benchmarks.md.
package bench

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
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
	peak int64         // bytes of memory
	err  error
}

// setup is what the benchmarks share.
var setup struct {
	dir, data, medsbom, peer, index, osvRoot string
	rows                                     []row
	notes                                    []string
}

type row struct {
	work       string
	ours, peer figure
	goal       string
	note       string
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
	if out := os.Getenv("MEDSBOM_BENCH_OUT"); out != "" && code == 0 && len(setup.rows) > 0 {
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
	setup.rows = append(setup.rows, row{
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
	cost, err := measure.Run(cmd)
	if err != nil {
		b.Fatal(err)
	}
	f := figure{cpu: cost.CPU, peak: cost.Peak}
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
	m := all[0]
	slices.SortFunc(all, func(a, b figure) int { return int(a.cpu - b.cpu) })
	m.cpu = all[n/2].cpu
	slices.SortFunc(all, func(a, b figure) int { return int(a.peak - b.peak) })
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

func BenchmarkScan(b *testing.B) {
	prepare(b)
	for _, size := range []struct {
		n, runs, peerRuns int
		name, goal        string
	}{
		{50, 7, 3, "50", "10 ms, 30 MiB"},
		{5_000, 5, 1, "5,000", "100 ms, 64 MiB"},
		{100_000, 3, 1, "100,000", "2 s, 400 MiB"},
	} {
		b.Run(fmt.Sprint(size.n), func(b *testing.B) {
			file := filepath.Join(setup.dir, fmt.Sprintf("s%d.cdx.json", size.n))
			generate(b, "--n", fmt.Sprint(size.n), "--seed", "7", "--out", file)
			for range b.N {
				ours := median(b, size.runs, setup.medsbom, "scan", "-q", "--db", setup.index, "--format", "json", file)
				compare(b, "scan of one SBOM, "+size.name+" components", size.goal, ours, func() figure {
					return median(b, size.peerRuns, setup.peer, "scan", "source", "--offline",
						"--local-db-path", setup.osvRoot, "-L", file, "--format", "json")
				})
			}
		})
	}
}

func BenchmarkScanMany(b *testing.B) {
	prepare(b)
	dir := filepath.Join(setup.dir, "many")
	generate(b, "--n", "60", "--seed", "3", "--count", "1000", "--out", dir)
	files, err := filepath.Glob(filepath.Join(dir, "*.json")) // a thousand
	if err != nil {
		b.Fatal(err)
	}
	for range b.N {
		ours := median(b, 3, setup.medsbom, "scan", "-q", "--db", setup.index, "--format", "json", dir)
		compare(b, "scan of 1,000 SBOMs in one call", "1,000 SBOM/s, 100 MiB", ours, func() figure {
			args := []string{"scan", "source", "--offline", "--local-db-path", setup.osvRoot, "--format", "json"}
			for _, f := range files {
				args = append(args, "-L", f)
			}
			return runOnce(b, setup.peer, args...)
		})
	}
}

func BenchmarkVersion(b *testing.B) {
	prepare(b)
	for range b.N {
		ours := median(b, 9, setup.medsbom, "version")
		compare(b, "start (version)", "10 ms, 25 MiB", ours, func() figure { return median(b, 3, setup.peer, "--version") })
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
		setup.notes = append(setup.notes, fmt.Sprintf("Opening the index and the first look-up of a package: %d µs (goal: under 1 ms).", best.Microseconds()))
	}
}

func compare(b *testing.B, work, goal string, ours figure, peer func() figure) {
	b.Helper()
	if ours.err != nil {
		b.Fatalf("medsbom: %v", ours.err)
	}
	r := row{work: work, ours: ours, goal: goal}
	b.ReportMetric(ours.cpu.Seconds()*1000, "cpu-ms")
	b.ReportMetric(float64(ours.peak)/(1<<20), "peak-MiB")
	if setup.peer != "" {
		r.peer = peer()
		b.ReportMetric(r.peer.cpu.Seconds()/ours.cpu.Seconds(), "peer-cpu/ours")
		if r.peer.err != nil {
			r.note = "osv-scanner ended with " + r.peer.err.Error()
		}
	}
	setup.rows = append(setup.rows, r)
}

func document() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, `# Benchmarks

Whole processes on one machine (%s/%s, %d processors, %s), all ecosystems in the index, JSON report
included, CPU time and peak memory as the operating system accounts them, medians. The ratios are of osv-scanner v2.5.0,
offline, on the same advisories (its zips) and the same SBOMs in the same run. Made by %s; the SBOMs are
seeded, 30 %% of their components near a version that an advisory names.

| work | medsbom CPU | peak | osv-scanner CPU | peak | CPU ratio | memory ratio | goal for medsbom |
| --- | --: | --: | --: | --: | --: | --: | --- |
`, runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), "`make bench`")
	for _, r := range setup.rows {
		peer, peerPeak, cpuRatio, memRatio := "–", "–", "–", "–"
		if r.peer.cpu > 0 {
			peer, peerPeak = seconds(r.peer.cpu), mib(r.peer.peak)
			cpuRatio = fmt.Sprintf("%.0f×", r.peer.cpu.Seconds()/r.ours.cpu.Seconds())
			memRatio = fmt.Sprintf("%.1f×", float64(r.peer.peak)/float64(r.ours.peak))
		}
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s | %s | %s | %s |\n",
			r.work, seconds(r.ours.cpu), mib(r.ours.peak), peer, peerPeak, cpuRatio, memRatio, r.goal)
	}
	out.WriteString("\n")
	for _, r := range setup.rows {
		if r.note != "" {
			fmt.Fprintf(&out, "- %s: %s.\n", r.work, r.note)
		}
	}
	for _, n := range setup.notes {
		fmt.Fprintf(&out, "- %s\n", n)
	}
	writeReaders(&out)
	return out.Bytes()
}

// middle is the median.
func middle(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

func seconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%.1f ms", d.Seconds()*1000)
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}

func mib(n int64) string { return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20)) }
