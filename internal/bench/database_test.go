// SPDX-License-Identifier: Apache-2.0

//go:build unix

package bench

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/starter"
)

// edited is the data with one in a hundred records changed, and its index.
func edited(b *testing.B) (data, index string) {
	b.Helper()
	data, index = filepath.Join(setup.dir, "edited"), filepath.Join(setup.dir, "edited.db")
	if _, err := os.Stat(index); err == nil {
		return data, index
	}
	corpus.Edit(b, setup.data, data)
	if f := runOnce(b, setup.medsbom, "db", "build", "--from", data, "--out", index); f.err != nil {
		b.Fatal(f.err)
	}
	return data, index
}

// BenchmarkRebuild builds on unchanged sources, and on such of which one in a
// hundred records has changed.
func BenchmarkRebuild(b *testing.B) {
	prepare(b)
	data, _ := edited(b)
	out := filepath.Join(setup.dir, "rebuilt.db")
	build := func(from string) figure {
		f := runOnce(b, setup.medsbom, "db", "build", "--from", from, "--out", out)
		if f.err != nil {
			b.Fatal(f.err)
		}
		return f
	}
	for range b.N {
		var same, changed []figure
		build(setup.data)
		for i := range 7 {
			// Each is one in a hundred away from the one before.
			changed = append(changed, build([]string{data, setup.data}[i%2]))
			same = append(same, build([]string{data, setup.data}[i%2]))
		}
		for _, r := range []struct {
			work, goal string
			all        []figure
		}{
			{"index again, nothing has changed", "50 ms", same},
			{"index again, 1 % of the records changed", "0.5 s, 512 MiB", changed},
		} {
			ours := medians(r.all)
			addRow(row{work: r.work, goal: r.goal, ours: ours})
			b.ReportMetric(ours.cpu.Seconds()*1000, fmt.Sprintf("cpu-ms-%d", len(r.work)))
		}
	}
}

// BenchmarkFolder scans straight from the zips of the SBOM's ecosystems, which is
// what osv-scanner does in every run: with nothing kept, and again.
func BenchmarkFolder(b *testing.B) {
	prepare(b)
	file := filepath.Join(setup.dir, "folder.cdx.json")
	generate(b, "--n", "50", "--seed", "7", "--ecosystems", "Go,PyPI,crates.io", "--out", file)
	zips := setup.osvRoot
	if zips == "" {
		zips = filepath.Join(setup.data, "osv")
	}
	b.Setenv("XDG_CACHE_HOME", filepath.Join(setup.dir, "kept"))
	scan := func() figure {
		return runOnce(b, setup.medsbom, "scan", "-q", "--db", zips, "--only-named", "--format", "json", file)
	}
	for range b.N {
		var first, again []figure
		for range 5 {
			if err := os.RemoveAll(filepath.Join(setup.dir, "kept")); err != nil {
				b.Fatal(err)
			}
			first, again = append(first, scan()), append(again, scan())
		}
		for _, r := range []struct {
			work, goal string
			all        []figure
		}{
			{"scan of 50 components straight from the zips of Go, PyPI and crates.io", "0.5 of osv-scanner's CPU, 512 MiB", first},
			{"the same again", "", again},
		} {
			compare(b, row{work: r.work, goal: r.goal, ours: medians(r.all)}, func() figure {
				return median(b, 3, setup.peer, "scan", "source", "--offline", "--local-db-path", setup.osvRoot, "-L", file, "--format", "json")
			})
		}
	}
}

// BenchmarkFourfold scans with a database four times larger.
func BenchmarkFourfold(b *testing.B) {
	prepare(b)
	data, index := filepath.Join(setup.dir, "fourfold"), filepath.Join(setup.dir, "fourfold.db")
	corpus.Multiply(b, setup.data, data, 3)
	built := runOnce(b, setup.medsbom, "db", "build", "--from", data, "--out", index, "--no-cache")
	if built.err != nil {
		b.Fatal(built.err)
	}
	file := filepath.Join(setup.dir, "fourfold.cdx.json")
	generate(b, "--n", "5000", "--seed", "7", "--out", file)
	for range b.N {
		// In turn, so that what else the machine does falls on both.
		var small, large []figure
		for range 9 {
			small = append(small, runOnce(b, setup.medsbom, "scan", "-q", "--db", setup.index, "--format", "json", file))
			large = append(large, runOnce(b, setup.medsbom, "scan", "-q", "--db", index, "--format", "json", file))
		}
		ours, base := medians(large), medians(small).cpu
		ratio := ours.cpu.Seconds() / base.Seconds()
		b.ReportMetric(ratio, "ratio")
		addRow(row{
			work: "scan of 5,000 components, database four times larger", goal: "1.1 times the CPU", ours: ours,
			note: fmt.Sprintf("%.2f times the CPU of the same scan with the database as it is, %s; its index took %s", ratio, seconds(base), seconds(built.cpu)),
		})
	}
}

// all gives the packages of the index: those that the starter set has otherwise
// or not at all.
func all(b *testing.B, db *vulndb.DB) []vulndb.Change {
	b.Helper()
	few, err := starter.Open()
	if err != nil {
		b.Fatal(err)
	}
	delta, err := vulndb.Changes(few, db)
	if err != nil {
		b.Fatal(err)
	}
	packages := slices.DeleteFunc(delta.Packages, func(c vulndb.Change) bool { return c.What&vulndb.Removed != 0 })
	rand.New(rand.NewPCG(7, 7)).Shuffle(len(packages), func(i, j int) { packages[i], packages[j] = packages[j], packages[i] })
	return packages
}

func open(b *testing.B, name string) *vulndb.DB {
	b.Helper()
	db, err := vulndb.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	return db
}

// used is the processor time of this process.
func used(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkLookups looks packages of all ecosystems up, half of them unknown, and
// reads all entries of the known ones; and matches components.
func BenchmarkLookups(b *testing.B) {
	prepare(b)
	db := open(b, setup.index)
	packages := all(b, db)
	for range b.N {
		// once looks every package up, and an unknown name, and reads the entries.
		once := func(read bool) (lookups, entries int) {
			var e vulndb.Entry
			for i := range packages {
				p := &packages[i]
				known, ok := db.Package(p.Ecosystem, p.Name)
				if _, none := db.Package(p.Ecosystem, p.Name[1:]+"?"); !ok || none {
					b.Fatalf("%s %s: found %v, %v", p.Ecosystem, p.Name, ok, none)
				}
				lookups += 2
				for j := range known.Len() {
					if !read {
						break
					}
					if err := known.Entry(j, &e); err != nil {
						b.Fatal(err)
					}
					entries++
				}
			}
			return lookups, entries
		}
		rates := func(read bool) (lookups, entries float64) {
			start := used(b)
			for used(b)-start < time.Second {
				l, e := once(read)
				lookups, entries = lookups+float64(l), entries+float64(e)
			}
			took := (used(b) - start).Seconds()
			return lookups / took, entries / took
		}
		alone, _ := rates(false)
		lookups, entries := rates(true)
		b.ReportMetric(alone, "lookups/s")
		b.ReportMetric(entries, "entries/s")
		addNote("Look-ups, one core, half of them of unknown names, all ecosystems: %.1f million a second (goal: 1 million); with every entry of what is found decoded %.1f million look-ups and %.1f million entries.",
			alone/1e6, lookups/1e6, entries/1e6)

		doc := &sbom.Document{}
		evaluated := 0
		for i := range packages {
			kind := map[string]string{"npm": "npm", "PyPI": "pypi", "crates.io": "cargo", "RubyGems": "gem", "NuGet": "nuget"}[packages[i].Ecosystem]
			if p, ok := db.Package(packages[i].Ecosystem, packages[i].Name); ok && kind != "" && packages[i].Name[0] != '@' {
				doc.Components = append(doc.Components, sbom.Component{Name: packages[i].Name, Version: "1.2.3", PURL: "pkg:" + kind + "/" + packages[i].Name + "@1.2.3"})
				evaluated += p.Len()
			}
		}
		start := used(b)
		runs := 0
		for ; used(b)-start < time.Second; runs++ {
			if _, err := match.New(db).Match(doc); err != nil {
				b.Fatal(err)
			}
		}
		took := (used(b) - start).Seconds()
		b.ReportMetric(float64(runs*evaluated)/took, "evaluations/s")
		addNote("Matching, one core: %.1f million entries evaluated a second, %.0f thousand components.",
			float64(runs*evaluated)/took/1e6, float64(runs*len(doc.Components))/took/1e3)
	}
}

// BenchmarkChanges finds what of 10,000 stored SBOMs of 60 components an update
// of the database touches.
func BenchmarkChanges(b *testing.B) {
	prepare(b)
	_, index := edited(b)
	older, newer := open(b, setup.index), open(b, index)
	packages := all(b, older)
	random := rand.New(rand.NewPCG(1, 2))
	store := match.Footprints{Program: "p"}
	for i := range 10_000 {
		f := match.Footprint{Path: fmt.Sprintf("%05d.json", i)}
		for range 30 { // and as many that no advisory names
			p := &packages[random.IntN(len(packages))]
			f.Keys = append(f.Keys, vulndb.PackageKey(p.Ecosystem, p.Name), vulndb.Key(random.Uint64()))
		}
		slices.Sort(f.Keys)
		f.Keys = slices.Compact(f.Keys)
		store.List = append(store.List, f)
	}
	file := store.Append(nil)
	for range b.N {
		var compare, whole, cpu []time.Duration
		touched, changed := 0, 0
		for range 7 {
			start, before := time.Now(), used(b)
			delta, err := vulndb.Changes(older, newer)
			if err != nil {
				b.Fatal(err)
			}
			compare = append(compare, time.Since(start))
			stored, err := match.ParseFootprints(file)
			if err != nil {
				b.Fatal(err)
			}
			touches := delta.Touches(vulndb.Entries | vulndb.Facts)
			touched, changed = 0, len(delta.Packages)
			for i := range stored.List {
				if touches.Touched(stored.List[i].Keys) {
					touched++
				}
			}
			whole, cpu = append(whole, time.Since(start)), append(cpu, used(b)-before)
		}
		b.ReportMetric(middle(whole).Seconds()*1000, "ms")
		addNote("An update that changes %d packages, against 10,000 stored SBOMs of 60 components: %s (CPU %s), of which %s to compare the databases; %d SBOMs are touched (goal: under a second).",
			changed, seconds(middle(whole)), seconds(middle(cpu)), seconds(middle(compare)), touched)
		b.ReportMetric(middle(cpu).Seconds()*1000, "cpu-ms")
	}
}
