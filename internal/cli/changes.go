// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/medsbom/medsbom/internal/safetext"
	"github.com/medsbom/medsbom/sbom/reader"
	"github.com/medsbom/medsbom/vulndb"
)

// changesOptions are the flags of db changes.
type changesOptions struct {
	read       readOptions
	footprints string
	format     string
	scores     bool
	verbose    bool
}

func newDBChanges(p *Process) *cobra.Command {
	o := new(changesOptions)
	c := &cobra.Command{
		Use:   "changes [flags] OLD NEW [PATH...]",
		Short: "Say what differs between two databases, and which SBOMs that touches",
		Long: `Compares two databases package by package: advisories that came, went or name
other versions, and facts such as severity or known exploitation. Of the SBOMs at
the PATHs (files and folders) it says which of them are touched by that, and by
what. One that is not touched has the same findings with both databases; one that
is touched may have others: scan it again. EPSS changes daily for most packages
and counts with --scores only. Texts of advisories are not compared, nor what the
feeds of end-of-life dates and of CISA's advisories on devices hold; that these
differ is said.

With --footprints FILE the hashes of what each SBOM asks the database are kept in
FILE, so that an unchanged SBOM is not read again, and one that is not at hand is
judged too. FILE is made if it is not there.

Exit codes: 0 done, 3 of some document nothing could be told, 2 an error.`,
		Example: `  medsbom db changes old.db new.db
  medsbom db changes old.db new.db sboms/ --footprints sboms.footprints`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return hintError{errors.New("two databases are needed, OLD and NEW"), "see 'medsbom db changes --help'"}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			return runChanges(c.Context(), p, o, args)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVarP(&o.format, "format", "f", "table", "what to print: table, json")
	f.StringVar(&o.footprints, "footprints", "", "keep what each SBOM asks in `FILE`, and judge all that it holds")
	f.BoolVar(&o.scores, "scores", false, "count changes of EPSS too")
	o.read.flags(f)
	f.BoolVarP(&o.verbose, "verbose", "v", false, "list everything, not only the first of each list")
	return c
}

func runChanges(ctx context.Context, p *Process, o *changesOptions, args []string) error {
	if o.format != "table" && o.format != "json" {
		return hintError{fmt.Errorf("--format: no format %q", o.format), "it is one of table, json"}
	}
	opts, err := o.read.options()
	if err != nil {
		return err
	}
	var dbs [2]*vulndb.DB
	for i, name := range args[:2] {
		if dbs[i], err = p.openDatabase(name, true); err != nil {
			return err
		}
		defer dbs[i].Close()
	}
	return dbs[0].Guard(func() error {
		return dbs[1].Guard(func() error { return compareDatabases(ctx, p, o, opts, dbs, args[2:]) })
	})
}

// compareDatabases prints what differs and which of the SBOMs at the paths that
// touches.
func compareDatabases(ctx context.Context, p *Process, o *changesOptions, opts reader.Options, dbs [2]*vulndb.DB, paths []string) error {
	delta, err := vulndb.Changes(dbs[0], dbs[1])
	if err != nil {
		return err
	}
	inventory, err := openInventory(o.footprints, opts)
	if err != nil {
		return err
	}
	if err := inventory.add(ctx, paths); err != nil {
		return err
	}
	if err := inventory.save(); err != nil {
		return err
	}
	what := vulndb.Entries | vulndb.Facts
	if o.scores {
		what |= vulndb.Scores
	}
	r := newChangesReport(delta, what)
	r.documents(inventory, delta, what)
	if o.format == "json" {
		e := json.NewEncoder(p.Stdout)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(r); err != nil {
			return err
		}
	} else {
		r.print(p.Stdout, o.verbose)
	}
	if r.Unknown > 0 {
		return exitCode(exitEvidence)
	}
	return nil
}

// changesReport is what db changes prints, as JSON with these names.
type changesReport struct {
	Old      string            `json:"old"` // digests
	New      string            `json:"new"`
	Whole    []string          `json:"whole,omitempty"` // what touches every document
	Coverage []changedCoverage `json:"coverage,omitempty"`
	// Uncompared are feeds whose files differ and whose contents are not compared.
	Uncompared []string          `json:"uncompared,omitempty"`
	Counts     []changeCount     `json:"counts,omitempty"`
	Packages   []changedPackage  `json:"packages,omitempty"`
	ByScore    int               `json:"packagesByScoreAlone,omitempty"` // not listed without --scores
	Touched    int               `json:"touched"`
	Untouched  int               `json:"untouched"`
	Unknown    int               `json:"unknown"`
	Ignored    []ignoredFile     `json:"ignored,omitempty"`
	Documents  []touchedDocument `json:"documents,omitempty"`
}

type changedCoverage struct {
	Ecosystem string `json:"ecosystem"`
	Release   string `json:"release,omitempty"`
	Change    string `json:"change"` // "loaded", "gone", "too few records", "enough records"
}

type changeCount struct {
	Ecosystem string `json:"ecosystem"`
	Packages  int    `json:"packages"`
	Added     int    `json:"added"`
	Removed   int    `json:"removed"`
	Entries   int    `json:"entries"`
	Facts     int    `json:"facts"`
	Scores    int    `json:"scores"`
}

type changedPackage struct {
	Ecosystem  string   `json:"ecosystem"`
	Name       string   `json:"name"`
	What       []string `json:"what"`
	Advisories []string `json:"advisories,omitempty"`
}

type ignoredFile struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}

type touchedDocument struct {
	Path    string   `json:"path"`
	SHA256  string   `json:"sha256,omitempty"`
	Product string   `json:"product,omitempty"`
	State   string   `json:"state"` // touched, untouched, unknown
	Reason  string   `json:"reason,omitempty"`
	By      []string `json:"by,omitempty"` // ecosystem and name
}

func newChangesReport(d *vulndb.Delta, what vulndb.What) *changesReport {
	r := &changesReport{Old: d.Old, New: d.New, Whole: d.Whole, Uncompared: d.Uncompared}
	for _, c := range d.Coverage {
		change := "loaded"
		switch {
		case c.Gone:
			change = "gone"
		case c.Fewer:
			change = "too few records"
		case c.Enough:
			change = "enough records"
		}
		r.Coverage = append(r.Coverage, changedCoverage{c.Ecosystem, c.Release, change})
	}
	for i := range d.Packages {
		c := &d.Packages[i]
		if n := len(r.Counts); n == 0 || r.Counts[n-1].Ecosystem != c.Ecosystem {
			r.Counts = append(r.Counts, changeCount{Ecosystem: c.Ecosystem})
		}
		count := &r.Counts[len(r.Counts)-1]
		count.Packages++
		for _, one := range [...]struct {
			bit vulndb.What
			n   *int
		}{{vulndb.Added, &count.Added}, {vulndb.Removed, &count.Removed}, {vulndb.Entries, &count.Entries}, {vulndb.Facts, &count.Facts}, {vulndb.Scores, &count.Scores}} {
			if c.What&one.bit != 0 {
				*one.n++
			}
		}
		if c.What&(what|vulndb.Added|vulndb.Removed) == 0 {
			r.ByScore++
			continue
		}
		r.Packages = append(r.Packages, changedPackage{c.Ecosystem, c.Name, strings.Split(c.What.String(), ", "), c.Advisories})
	}
	return r
}

// documents says of every footprint and of every file that has none how it fares.
func (r *changesReport) documents(v *inventory, d *vulndb.Delta, what vulndb.What) {
	touches := d.Touches(what)
	for i := range v.stored.List {
		f := &v.stored.List[i]
		one := touchedDocument{Path: f.Path, SHA256: fmt.Sprintf("%x", f.SHA256), Product: f.Product, State: "untouched"}
		if len(d.Whole) > 0 {
			one.State, one.Reason = "touched", strings.Join(d.Whole, "; ")
		}
		coverage, packages := touches.Of(f.Keys)
		for _, c := range coverage {
			one.By = append(one.By, coverageName(c.Ecosystem, c.Release))
		}
		for _, c := range packages {
			one.By = append(one.By, c.Ecosystem+" "+c.Name)
		}
		if len(one.By) > 0 {
			one.State = "touched"
		}
		r.Documents = append(r.Documents, one)
	}
	for _, u := range v.unknown {
		r.Documents = append(r.Documents, touchedDocument{Path: u.Path, State: "unknown", Reason: u.Reason})
	}
	r.Ignored = v.ignored
	slices.SortStableFunc(r.Documents, func(a, b touchedDocument) int { return cmp.Compare(a.Path, b.Path) })
	for i := range r.Documents {
		switch r.Documents[i].State {
		case "touched":
			r.Touched++
		case "untouched":
			r.Untouched++
		default:
			r.Unknown++
		}
	}
}

func coverageName(ecosystem, release string) string {
	if release != "" {
		ecosystem += ":" + release
	}
	return ecosystem + " (what is loaded of it)"
}

// firstOf limits a list in a table.
const firstOf = 40

func (r *changesReport) print(w io.Writer, verbose bool) {
	line := func(format string, args ...any) { fmt.Fprintln(w, safetext.Line(fmt.Sprintf(format, args...))) }
	rest := func(n int, what string) {
		if n > 0 {
			line("  and %d more %s, listed with -v", n, what)
		}
	}
	limit := func(n int) int {
		if verbose {
			return n
		}
		return min(n, firstOf)
	}
	line("old  %s", r.Old)
	line("new  %s", r.New)
	if len(r.Whole)+len(r.Coverage)+len(r.Counts) == 0 {
		line("nothing differs that a match could show")
	}
	for _, s := range r.Whole {
		line("every document is touched: %s", s)
	}
	for _, c := range r.Coverage[:limit(len(r.Coverage))] {
		line("%s: %s", c.Change, strings.TrimSuffix(coverageName(c.Ecosystem, c.Release), " (what is loaded of it)"))
	}
	rest(len(r.Coverage)-limit(len(r.Coverage)), "releases")
	if len(r.Uncompared) > 0 {
		line("not compared, but different: %s: what is told of the support of parts and of advisories on a product itself may differ for any document", strings.Join(r.Uncompared, ", "))
	}
	if len(r.Counts) > 0 {
		table := [][]string{{"ECOSYSTEM", "PACKAGES", "ADDED", "REMOVED", "ENTRIES", "FACTS", "SCORES"}}
		for _, c := range r.Counts {
			table = append(table, []string{
				safetext.Line(c.Ecosystem), fmt.Sprint(c.Packages), fmt.Sprint(c.Added), fmt.Sprint(c.Removed),
				fmt.Sprint(c.Entries), fmt.Sprint(c.Facts), fmt.Sprint(c.Scores),
			})
		}
		fmt.Fprintln(w)
		printColumns(w, table)
	}
	for _, c := range r.Packages[:limit(len(r.Packages))] {
		line("  %s %s: %s %s", c.Ecosystem, c.Name, strings.Join(c.What, ", "), some(c.Advisories, verbose))
	}
	rest(len(r.Packages)-limit(len(r.Packages)), "packages")
	if r.ByScore > 0 {
		line("%d packages differ by their EPSS alone; --scores counts them", r.ByScore)
	}
	if len(r.Documents) == 0 && len(r.Ignored) == 0 {
		return
	}
	fmt.Fprintln(w)
	for _, state := range [...]string{"touched", "unknown"} {
		var list []touchedDocument
		for _, d := range r.Documents {
			if d.State == state {
				list = append(list, d)
			}
		}
		for _, d := range list[:limit(len(list))] {
			switch {
			case len(d.By) == 0:
				line("%s  %s: %s", state, d.Path, d.Reason)
			default:
				line("%s  %s  by %s", state, d.Path, some(d.By, verbose))
			}
		}
		rest(len(list)-limit(len(list)), state)
	}
	switch n := len(r.Ignored); {
	case verbose:
		for _, f := range r.Ignored {
			line("ignored  %s: %s", f.Path, f.Reason)
		}
	case n > 0:
		line("%d files are no SBOMs and were ignored, listed with -v", n)
	}
	line("%d documents touched, %d untouched, of %d nothing can be told", r.Touched, r.Untouched, r.Unknown)
}

// some writes the first of a list.
func some(list []string, all bool) string {
	const first = 5
	if all || len(list) <= first {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:first], ", "), len(list)-first)
}
