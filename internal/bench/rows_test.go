// SPDX-License-Identifier: Apache-2.0

//go:build unix

package bench

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"
	"time"
)

// rows are the lines of the first table of docs/benchmarks.md, notes the
// sentences beneath it. Benchmarks add to them as they are measured.
var (
	rows  []row
	notes []string
)

// A row is one piece of work, by us and by osv-scanner.
type row struct {
	work       string
	ours, peer figure
	goal       string // of DESIGN §5
	moonshot   string // of reference/performance.md §8; "" if there is none
	per        int    // documents in it, for the rate; 0 if no rate is told
	note       string
}

// addRow adds a line to the table.
func addRow(r row) { rows = append(rows, r) }

// addNote adds a sentence beneath the table.
func addNote(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }

// compare adds the row of a piece of work that we have done, and lets the peer
// do the same if there is one.
func compare(b *testing.B, r row, peer func() figure) {
	b.Helper()
	if r.ours.err != nil {
		b.Fatalf("medsbom: %v", r.ours.err)
	}
	b.ReportMetric(r.ours.cpu.Seconds()*1000, "cpu-ms")
	b.ReportMetric(float64(r.ours.peak)/(1<<20), "peak-MiB")
	if setup.peer != "" && peer != nil {
		r.peer = peer()
		b.ReportMetric(r.peer.cpu.Seconds()/r.ours.cpu.Seconds(), "peer-cpu/ours")
		if r.peer.err != nil {
			r.note = "osv-scanner ended with " + r.peer.err.Error()
		}
	}
	addRow(r)
}

// document writes docs/benchmarks.md.
func document() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, `# Benchmarks

Whole processes on one machine (%s/%s, %d processors, %s), all ecosystems in the index, JSON report
included, CPU time and peak memory as the operating system accounts them, medians; wall time counts the process that
measures, some 6 ms. The ratios are of osv-scanner v2.5.0, offline, on the same advisories (its zips) and the same SBOMs
in the same run. Made by %s; the SBOMs are seeded, 30 %% of their components near a version that an advisory names.
What limits each figure is told in [performance.md](performance.md).

| work | medsbom CPU | wall | peak | osv-scanner CPU | peak | CPU ratio | memory ratio | goal for medsbom | moonshot |
| --- | --: | --: | --: | --: | --: | --: | --: | --- | --- |
`, runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), "`make bench`")
	for i := range rows {
		rows[i].write(&out)
	}
	out.WriteString("\n")
	for _, r := range rows {
		if r.note != "" {
			fmt.Fprintf(&out, "- %s: %s.\n", r.work, r.note)
		}
	}
	for _, n := range notes {
		fmt.Fprintf(&out, "- %s\n", n)
	}
	out.WriteString(elsewhere)
	writeReaders(&out)
	return out.Bytes()
}

func (r *row) write(out *bytes.Buffer) {
	wall := seconds(r.ours.wall)
	if r.per > 0 {
		wall += fmt.Sprintf(" (%.0f/s)", float64(r.per)/r.ours.wall.Seconds())
	}
	peer, peerPeak, cpuRatio, memRatio := "–", "–", "–", "–"
	if r.peer.cpu > 0 {
		peer, peerPeak = seconds(r.peer.cpu), mib(r.peer.peak)
		cpuRatio = fmt.Sprintf("%.0f×", r.peer.cpu.Seconds()/r.ours.cpu.Seconds())
		memRatio = fmt.Sprintf("%.1f×", float64(r.peer.peak)/float64(r.ours.peak))
	}
	moonshot := r.moonshot
	if moonshot == "" {
		moonshot = "–"
	}
	fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n",
		r.work, seconds(r.ours.cpu), wall, mib(r.ours.peak), peer, peerPeak, cpuRatio, memRatio, r.goal, moonshot)
}

// elsewhere gives the scale of two other scanners. It is not measured by this
// run: reference/performance.md §3 of the project's shared notes tells versions,
// commands and databases.
const elsewhere = `
## Other scanners, for scale

Measured elsewhere and earlier, not in this run: trivy v0.74.0-5 and grype v0.116.0-10 on databases of their own forms
made from the same advisories, the same generator of SBOMs, a machine of the same kind (2 cores); CPU time, peak memory.

| work | trivy CPU | peak | grype CPU | peak |
| --- | --: | --: | --: | --: |
| start (version) | 127 ms | 133 MiB | 50 ms | 64 MiB |
| scan of one SBOM, 50 components | 152 ms | 140 MiB | 233 ms | 80 MiB |
| scan of one SBOM, 500 components | 258 ms | 172 MiB | 842 ms | 91 MiB |
| scan of one SBOM, 5,000 components | 1.27 s | 287 MiB | 11.2 s | 169 MiB |
| scan of one SBOM, 100,000 components | 65.8 s | 1829 MiB | more than 767 s, then ended unfinished | more than 1650 MiB |
| scan of 200 SBOMs, a process each | 25.2 s | 164 MiB | 49.5 s | 88 MiB |
`

func seconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%.1f ms", d.Seconds()*1000)
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}

func mib(n int64) string { return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20)) }
