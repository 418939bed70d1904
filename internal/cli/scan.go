// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/dossier"
	"github.com/medsbom/medsbom/policy"
	"github.com/medsbom/medsbom/report"
	"github.com/medsbom/medsbom/scan"
)

// scanOptions are the flags of medsbom scan.
type scanOptions struct {
	format   string
	outputs  []string
	db       string
	named    bool
	update   bool
	offline  bool
	maxAge   string
	policies []string
	supplier string
	product  string
	version  string
	asOf     string
	failOn   string
	jobs     int
	quiet    bool
	verbose  bool
	noColor  bool
	read     readOptions
}

func newScan(p *Process) *cobra.Command {
	var o scanOptions
	c := &cobra.Command{
		Use:   "scan [flags] PATH...",
		Short: "Assess the SBOMs of products: decision, score, findings",
		Long: `Reads SBOMs, matches every component against the advisory database, scores and
decides. PATH is an SBOM, a folder (searched recursively), or - for standard input.

Folders bind: beneath a PATH, <supplier>/<product>/ gives the names, and a
.medsbom.yaml in any folder sets supplier, product, expected version and policy
for what lies beneath it. Every file that is met is accounted for.

Without --db the database in the user's cache folder is used (see 'medsbom db
update'), and without that one the embedded starter set, which can never say
that a product is good.

--db may name a folder of feeds (OSV zips, osv-scanner's cache). A database is
made of all of it and kept in the user's cache folder, so that the next scan
makes only what has changed; the result is that of 'medsbom db build'. With
--only-named just the zips of the ecosystems that these SBOMs name are read. That
is faster the first time, but aliases, severities and known exploitation that only
records of other ecosystems tell are then missing, and the report says so.

The table is as wide as the terminal, or $COLUMNS, and never narrower than 76.

` + exitHelp,
		Example: `  medsbom scan pump.cdx.json
  medsbom scan --policy hospital-baseline -o json=report.json -o sarif=report.sarif vendors/
  medsbom scan --supplier "Acme Medical" --product "Infusion Pump" --product-version 4.2 bom.xml`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return hintError{errors.New("no PATH given"), "name an SBOM, a folder, or - for standard input; see 'medsbom scan --help'"}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return runScan(c.Context(), p, &o, args) },
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVarP(&o.format, "format", "f", "table", "what to print: "+strings.Join(report.Formats(), ", "))
	f.StringArrayVarP(&o.outputs, "output", "o", nil, "also write a report to a file, as `FORMAT=FILE` (repeatable)")
	f.StringVar(&o.db, "db", "", "the advisory database `FILE`, or a folder of feeds as 'medsbom db build --from' takes it")
	f.BoolVar(&o.named, "only-named", false, "of a folder of feeds read only the ecosystems that these SBOMs name; the report says what that leaves out")
	f.BoolVar(&o.update, "update", false, "update the database first, as 'medsbom db update' does; else the network is never used")
	f.BoolVar(&o.offline, "offline", false, "forbid the network outright")
	f.StringVar(&o.maxAge, "max-age", "7d", "report and gate feeds older than this (days as 7d, or a duration as 36h); end-of-life dates may be 90 days old")
	f.StringArrayVar(&o.policies, "policy", nil, "policy pack, by `NAME` or file (repeatable; default "+scan.DefaultPolicy+")")
	f.StringVar(&o.supplier, "supplier", "", "who supplies the product: names it in the report")
	f.StringVar(&o.product, "product", "", "the product that was ordered; an SBOM of another one is refused")
	f.StringVar(&o.version, "product-version", "", "the version that was ordered")
	f.StringVar(&o.asOf, "as-of", "", "the `DATE` of the assessment, YYYY-MM-DD (default today)")
	f.StringVar(&o.failOn, "fail-on", "reject", "which decision fails: reject, conditions, never")
	f.IntVar(&o.jobs, "jobs", 0, "files read at once (default: the number of processors)")
	o.read.flags(f)
	f.BoolVarP(&o.quiet, "quiet", "q", false, "nothing on standard error but errors")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "show everything, not only the first of each list")
	f.BoolVar(&o.noColor, "no-color", false, "no colours, as with $NO_COLOR")
	return c
}

func runScan(ctx context.Context, p *Process, o *scanOptions, paths []string) error {
	pace := newPacer(scanPace)
	defer func() { pace.stop() }()
	opts, err := o.scan(p, paths)
	if err != nil {
		return err
	}
	if o.update && o.offline {
		return hintError{errors.New("--update and --offline contradict each other"), "leave one of them out (also MEDSBOM_UPDATE and MEDSBOM_OFFLINE)"}
	}
	sink, err := newSink(p, o)
	if err != nil {
		return err
	}
	defer sink.discard()
	if folder := isFolder(o.db); o.update && folder || o.named && !folder {
		return hintError{errors.New("--only-named and a folder of feeds behind --db belong together, and --update to neither"), "see 'medsbom scan --help'"}
	}
	if o.update {
		if err := updateFirst(ctx, p, o.db, o.quiet); err != nil {
			return err
		}
	}
	if isFolder(o.db) {
		pace.stop() // making a database uses much memory, and is faster at the usual pace
	}
	db, done, err := p.databaseOf(ctx, o, opts)
	if err != nil {
		return err
	}
	defer done()
	if isFolder(o.db) {
		pace = newPacer(scanPace)
	}
	opts.DB = db
	var exit assessment.Exit
	err = db.Guard(func() (err error) {
		exit, err = scan.Run(ctx, opts, sink.handler)
		return err
	})
	if err != nil {
		return err
	}
	if err := sink.commit(); err != nil {
		return err
	}
	if opts.FailOn == policy.FailOnNever && exit.Code == 0 && !o.quiet {
		p.note("%s", exit.Reason)
	}
	if exit.Code != 0 {
		return exitCode(exit.Code)
	}
	return nil
}

// scan checks the flags and turns them into the options of a scan.
func (o *scanOptions) scan(p *Process, paths []string) (*scan.Options, error) {
	opts := &scan.Options{
		Paths: paths, Stdin: p.Stdin, Policies: o.policies, Jobs: o.jobs,
		Order: dossier.Order{Supplier: o.supplier, Product: o.product, Version: o.version},
	}
	if opts.Jobs <= 0 {
		opts.Jobs = runtime.GOMAXPROCS(0)
	}
	var err error
	if opts.Read, err = o.read.options(); err != nil {
		return nil, err
	}
	if opts.MaxAge, err = parseAge(o.maxAge); err != nil {
		return nil, fmt.Errorf("--max-age: %w", err)
	}
	if opts.FailOn, err = policy.ParseFailOn(o.failOn); err != nil {
		return nil, fmt.Errorf("--fail-on: %w", err)
	}
	now := time.Now().UTC()
	opts.AsOf = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	if o.asOf != "" {
		if opts.AsOf, err = time.Parse(time.DateOnly, o.asOf); err != nil {
			return nil, fmt.Errorf("--as-of: %q is no date as 2026-01-31", o.asOf)
		}
	}
	opts.Tool.Name = "medsbom"
	opts.Tool.Version, _ = buildVersion()
	if !o.quiet {
		opts.Problem = func(text string) { p.note("%s", text) }
	}
	return opts, nil
}

// parseAge reads "7d", "7", which means days too, or a Go duration.
func parseAge(s string) (time.Duration, error) {
	if n, err := strconv.Atoi(strings.TrimSuffix(s, "d")); err == nil {
		if n < 0 || n >= 100_000 {
			return 0, fmt.Errorf("%q is no number of days as 7d", s)
		}
		return time.Duration(n) * 24 * time.Hour, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, hintError{fmt.Errorf("%q is no age", s), "write days as 7d, or a duration as 36h"}
	}
	return d, nil
}

// reportOptions fits reports to where standard output goes: colour and width
// only for a terminal.
func (p *Process) reportOptions(verbose, noColor bool) report.Options {
	var o report.Options
	t := &o.Table
	t.Width, t.Verbose = 80, verbose
	if columns, err := strconv.Atoi(p.getenv("COLUMNS")); err == nil && columns >= 40 {
		t.Width = columns
	}
	if f := p.terminal; f != nil && term.IsTerminal(int(f.Fd())) {
		t.Color = !noColor && p.getenv("NO_COLOR") == "" && p.getenv("TERM") != "dumb"
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width >= 40 {
			t.Width = width
		}
	}
	return o
}
