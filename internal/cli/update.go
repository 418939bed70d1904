// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/medsbom/medsbom/internal/safetext"
	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/sbom/reader"
	"github.com/medsbom/medsbom/vulndb/starter"
	"github.com/medsbom/medsbom/vulndb/update"
)

// updateOptions are the flags of medsbom db update. scan --update takes them from
// the environment.
type updateOptions struct {
	db         string
	from       string
	sources    []string
	of         []string
	ecosystems []string
	prebuilt   string
	bundle     importOptions // which keys may have signed it
	// allowDowngrade takes what is older than what is here.
	allowDowngrade bool
	offline        bool
	retries        int
	quiet          bool
	verbose        bool
}

func (o *updateOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.from, "from", "", "take every feed from this mirror: a folder or an http(s) address (`URL|DIR`)")
	f.StringArrayVar(&o.sources, "source", nil, "take one feed from elsewhere, as `NAME=URL|FILE|DIR` (repeatable)")
	f.StringArrayVar(&o.of, "for", nil, "take only the ecosystems that the SBOMs in `PATH` name (repeatable)")
	f.StringSliceVar(&o.ecosystems, "ecosystems", nil, "take only these ecosystems of OSV, as `NAME,NAME`")
	f.StringVar(&o.prebuilt, "prebuilt", "", "take one prebuilt signed database in the place of the feeds (`URL|FILE`; 'release' is the address built into the program, if there is one)")
	o.bundle.keyFlags(f)
	f.BoolVar(&o.allowDowngrade, "allow-downgrade", false, "take feeds, or a prebuilt database, although they are older than what is here")
	f.IntVar(&o.retries, "retries", 4, "further attempts after a cut, a stall, or an answer that asks to come back")
}

func newDBUpdate(p *Process) *cobra.Command {
	var o updateOptions
	c := &cobra.Command{
		Use:   "update [flags]",
		Short: "Fetch what changed in every feed and make the database anew",
		Long:  updateHelp(),
		Example: `  medsbom db update
  medsbom db update --for vendors/
  medsbom db update --from https://mirror.example.org/medsbom
  medsbom db update --from /media/usb/feeds --offline
  medsbom db update --source kev=kev.json --ecosystems Go,npm,PyPI
  medsbom db update --prebuilt https://example.org/medsbom.bundle --trust database.pub`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(o.of) == 0 && len(args) > 0 {
				return hintError{fmt.Errorf("%q is no flag of db update", args[0]), "name SBOMs behind --for, and a mirror behind --from"}
			}
			o.of = append(o.of, args...)
			if o.prebuilt != "" {
				got, err := o.takePrebuilt(c.Context(), p)
				if err == nil {
					got.print(p, o.quiet)
				}
				return err
			}
			if len(o.bundle.trust) > 0 && p.getenv(databaseKeys) == "" {
				return hintError{errors.New("--trust is for --prebuilt: feeds are not signed"), "name the bundle with --prebuilt, or leave --trust out"}
			}
			report, err := o.run(c.Context(), p)
			if report != nil {
				printUpdate(p.Stdout, report, o.quiet, o.verbose)
			}
			if err == nil && report.Failed() {
				return exitCode(exitEvidence)
			}
			return err
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&o.db, "db", "", "the advisory database `FILE`")
	o.flags(f)
	f.BoolVar(&o.offline, "offline", false, "forbid the network: every feed must then come from a folder or file")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print only what did not come, and no progress")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "list every feed, not only what changed or failed")
	return c
}

func updateHelp() string {
	var b strings.Builder
	b.WriteString(`Fetches what changed since the last time in OSV, KEV, EPSS, SSVC, CVSS, end-of-life
dates and CISA's advisories, checks it, and makes the database anew. The feeds are
kept in the folder <database>.feeds beside it. Of OSV's ecosystems single records
are fetched where that is less than the whole zip.

Nothing becomes worse: a feed that does not come, is broken, or is older than the
copy here leaves that copy, with its date said; the database is replaced only by a
whole and verified one, and a scan that runs keeps the one it has. HTTPS_PROXY,
HTTP_PROXY and NO_PROXY are respected.

The sources, unless --from or --source name others:
`)
	for _, name := range update.FeedNames() {
		fmt.Fprintf(&b, "  %-10s %s\n", name, cmp.Or(update.Publisher(name), "none: --source or --from brings it"))
	}
	b.WriteString(`
--prebuilt takes one database that somebody has built and signed ('medsbom db
export') in the place of all this. It is refused, as by 'medsbom db import', if no
trusted key has signed it, if anything was changed, or if it is older than what is
installed. If the server has nothing newer, it costs one request.

A mirror has the layout of the feeds' folder, which a web server can serve as it
is; a folder may also be osv-scanner's cache, or hold <Ecosystem>/all.zip alone.

Exit codes:
  0  done: all that was asked for is here and up to date (also if nothing is newer)
  3  done, but some feed could not be brought: its old copy stays, or it is missing
  2  nothing done, the database is as it was: wrong usage, no feed could be brought,
     another update at work, the new database could not be made, --prebuilt refused`)
	return b.String()
}

// run updates the database that o or the environment names.
func (o *updateOptions) run(ctx context.Context, p *Process) (*update.Report, error) {
	opts, err := o.options(p)
	if err != nil {
		return nil, err
	}
	if len(o.of) > 0 {
		found, err := o.named(ctx, p)
		if err != nil {
			return nil, err
		}
		opts.Ecosystems, opts.Optional = append(opts.Ecosystems, found...), true
	}
	if bar := o.bar(p); bar != nil {
		opts.Progress = bar.show
		defer bar.end()
	}
	report, err := update.Update(ctx, *opts)
	if usage, ok := errors.AsType[*update.UsageError](err); ok {
		err = hintError{err, usage.Remedy}
	}
	return report, err
}

// bar is the line of progress, nil for none.
func (o *updateOptions) bar(p *Process) *progress {
	if o.quiet {
		return nil
	}
	return newProgress(p)
}

func (o *updateOptions) options(p *Process) (*update.Options, error) {
	v, _ := buildVersion()
	opts := &update.Options{
		Database: cmp.Or(o.db, p.defaultDatabase()), From: o.from, Offline: o.offline, Ecosystems: slices.Clone(o.ecosystems),
		AllowOlder: o.allowDowngrade, Retries: o.retries, UserAgent: "medsbom/" + v, Proxy: http.ProxyFromEnvironment, AsOf: time.Now(),
	}
	switch {
	case opts.Database == "":
		return nil, hintError{errors.New("no cache folder to put the database in"), "name a file with --db"}
	case opts.Database == "starter":
		return nil, hintError{errors.New("the starter database is part of the program"), "name a file with --db"}
	case o.ecosystems != nil && len(o.ecosystems) == 0:
		// Said here too, as --for adds to them.
		return nil, hintError{errors.New("--ecosystems names no ecosystem"), "write it as --ecosystems Go,npm,PyPI, or leave it out to have all"}
	case o.retries < 0 || o.retries > 100:
		return nil, hintError{fmt.Errorf("--retries: %d is no number of attempts", o.retries), "give a number from 0 to 100"}
	}
	for _, text := range o.sources {
		s, err := update.ParseSource(text)
		if err != nil {
			hint := ""
			if usage, ok := errors.AsType[*update.UsageError](err); ok {
				hint = usage.Remedy
			}
			return nil, hintError{fmt.Errorf("--source: %w", err), hint}
		}
		opts.Sources = append(opts.Sources, s)
	}
	return opts, nil
}

// named finds the ecosystems that SBOMs name, as a scan would look them up.
func (o *updateOptions) named(ctx context.Context, p *Process) ([]string, error) {
	db, err := starter.Open()
	if err != nil {
		return nil, err
	}
	defer db.Close()
	m := match.New(db)
	found := map[string]bool{}
	documents, nameless := 0, 0
	failed := func(item *reader.Item) {
		if !o.quiet {
			p.note("%s is not read: %v", item.Path, item.Err)
		}
	}
	if err := eachDocument(ctx, o.of, reader.Options{}, failed, func(doc *sbom.Document) error {
		result, err := m.Match(doc)
		if err != nil {
			return err
		}
		documents++
		for i := range result.Components {
			c := &result.Components[i]
			for j := range c.Identities {
				found[c.Identities[j].Ecosystem] = true
			}
			if len(c.Identities) == 0 && c.State != match.OutOfScope {
				nameless++
			}
		}
		return nil
	}); err != nil {
		return nil, fmt.Errorf("--for: %w", err)
	}
	switch {
	case documents == 0:
		return nil, hintError{errors.New("--for: no SBOM could be read"), "see 'medsbom sbom inspect FILE'"}
	case len(found) == 0:
		return nil, hintError{errors.New("--for: these SBOMs name no package of any ecosystem"), "leave --for out, or name ecosystems with --ecosystems"}
	}
	if found["GIT"] {
		found["OSS-Fuzz"] = true // its records name repositories too
	}
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	if !o.quiet {
		p.note("%d SBOMs name these ecosystems: %s", documents, strings.Join(names, ", "))
		if nameless > 0 {
			p.note("%d parts of them name no ecosystem: only a database with all of them can compare these by name", nameless)
		}
	}
	return names, nil
}

// printUpdate says what became of every feed.
func printUpdate(w io.Writer, r *update.Report, quiet, verbose bool) {
	counts := map[update.State]int{}
	for i := range r.Items {
		item := &r.Items[i]
		counts[item.State]++
		if item.Failed() || item.Loss || verbose || (!quiet && (item.State == update.Updated || item.Words != "")) {
			fmt.Fprintf(w, "%s\n", safetext.Line(itemLine(item)))
		}
	}
	if quiet {
		return
	}
	for _, note := range r.Notes {
		fmt.Fprintf(w, "note: %s\n", safetext.Line(note))
	}
	var parts []string
	for _, s := range []update.State{update.Updated, update.Unchanged, update.Kept, update.Missing, update.NotAsked, update.NotThere} {
		if counts[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[s], s))
		}
	}
	fmt.Fprintf(w, "feeds: %s; kept in %s\n", strings.Join(parts, ", "), safetext.Line(r.Feeds))
	if r.Build == nil || r.Digest == "" {
		return
	}
	state := "unchanged"
	if r.Replaced {
		state = "replaced"
	}
	fmt.Fprintf(w, "database %s: %d advisories, %d packages, %d oddities\ndigest %s\n", state, r.Build.Advisories, r.Build.Packages, r.Build.Oddities, r.Digest)
}

func itemLine(item *update.Item) string {
	line := fmt.Sprintf("%-22s %-12s", item.Name, item.State)
	if item.State != update.Missing && item.State != update.NotThere {
		line += fmt.Sprintf(" of %s, %d records", date(item.Date), item.Records)
	}
	if item.Changed+item.Removed > 0 {
		line += fmt.Sprintf(", %d fetched singly, %d removed", item.Changed, item.Removed)
	}
	if item.Bytes > 0 && item.State == update.Updated {
		line += ", " + size(item.Bytes)
	}
	if item.Words != "" {
		line += ": " + item.Words
	}
	return strings.TrimRight(line, " ")
}

func size(n int64) string {
	switch {
	case n >= 10<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 10<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

// updateFirst is scan --update: the same with what the environment says. What did
// not come is said; that nothing came is an error, as the user asked for fresh data.
func updateFirst(ctx context.Context, p *Process, name string, quiet bool) error {
	o := updateOptions{db: name, quiet: quiet}
	f := pflag.NewFlagSet("update", pflag.ContinueOnError)
	o.flags(f)
	if err := p.fromEnvironment(f); err != nil {
		return err
	}
	if o.prebuilt != "" {
		if _, err := o.takePrebuilt(ctx, p); err != nil {
			return fmt.Errorf("--update: %w", err)
		}
		return nil
	}
	report, err := o.run(ctx, p)
	if err != nil {
		return fmt.Errorf("--update: %w", err)
	}
	for i := range report.Items {
		if item := &report.Items[i]; item.Failed() || item.Loss {
			p.note("--update: %s", itemLine(item))
		}
	}
	return nil
}
