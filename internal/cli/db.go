// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/medsbom/medsbom/internal/safetext"
	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

const dbHelp = "\n\nExit codes: 0 done, 2 not."

func newDB(p *Process) *cobra.Command {
	c := &cobra.Command{
		Use:   "db",
		Short: "Build, update, check, carry and look into the advisory database",
	}
	c.AddCommand(newDBBuild(p), newDBUpdate(p), newDBStatus(p), newDBSearch(p), newDBChanges(p))
	c.AddCommand(newDBVerify(p), newDBExport(p), newDBImport(p))
	return asGroup(c)
}

func newDBBuild(p *Process) *cobra.Command {
	var from, out string
	var verbose, noCache bool
	c := &cobra.Command{
		Use:   "build --from DIR [--out FILE]",
		Short: "Make a database from OSV zips and feeds",
		Long: `Makes the advisory database from files that you already have; nothing is
fetched. DIR holds osv/<Ecosystem>/all.zip or <Ecosystem>/all.zip as the OSV
bucket lays them out, or is a cache folder with osv-scanner's, and, where present,
kev/known_exploited_vulnerabilities.json, epss/epss_scores.csv.gz,
ssvc/vulnrichment.csv.gz (CISA's decision points),
cvss/cvss.csv.gz (CVSS vectors by CVE), csaf/ (CISA's advisories on devices, as
JSON files, folders or zips of them), and eol/products.json with
eol/release-dates.json.gz. Nothing is refused in silence: what was odd is counted,
and listed with -v.

The file appears under its name only when it is whole; a scan that runs
meanwhile keeps the old one. Beside it lies FILE.cache, by which the next build
reads only what has changed, and ends at once if nothing has; the database is the
same with it or without, and it may be deleted at any time.` + dbHelp,
		Example: "  medsbom db build --from feeds/ --out medsbom.db",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return runBuild(c.Context(), p, from, out, verbose, noCache)
		},
	}
	c.Flags().StringVar(&from, "from", "", "the `DIR` that holds the zips and feeds")
	c.Flags().StringVar(&out, "out", "", "the `FILE` to write (default: the database that scan uses)")
	c.Flags().BoolVar(&noCache, "no-cache", false, "neither read nor write the cache beside the database")
	c.Flags().BoolVarP(&verbose, "verbose", "v", false, "list everything that was odd")
	return c
}

func runBuild(ctx context.Context, p *Process, from, out string, verbose, noCache bool) error {
	if from == "" {
		return hintError{errors.New("--from is missing"), "name the folder that holds osv/<Ecosystem>/all.zip"}
	}
	if out == "" {
		if out = p.defaultDatabase(); out == "" {
			return hintError{errors.New("no cache folder to put the database in"), "name a file with --out"}
		}
		if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
			return err
		}
	}
	defer newPacer(buildPace).stop()
	report, err := build.Build(ctx, build.Options{From: from, Out: out, NoCache: noCache})
	if err != nil {
		return err
	}
	for _, note := range report.Notes {
		p.note("%s", note)
	}
	w := p.Stdout
	if report.Unchanged {
		fmt.Fprintf(w, "%s: unchanged, it is already made of these sources\n", out)
	}
	fmt.Fprintf(w, "%s: %d files, %d advisories (%d withdrawn), %d packages, %d oddities\n", out,
		report.Files, report.Advisories, report.Withdrawn, report.Packages, report.Oddities)
	fmt.Fprintf(w, "%d of the files could not be read, %d carry an id met before\n", report.Refused, report.Duplicates)
	if report.EntriesLeftOut > 0 {
		fmt.Fprintf(w, "%d entries of records name no package that can be asked for, and were left out\n", report.EntriesLeftOut)
	}
	if report.Reused > 0 {
		fmt.Fprintf(w, "%d of the files are as at the last build and were not read again\n", report.Reused)
	}
	fmt.Fprintf(w, "digest %s\n", report.Digest)
	if verbose {
		for _, o := range report.OddityList {
			fmt.Fprintf(w, "  %s\n", safetext.Line(o.String()))
		}
		if more := report.Oddities - len(report.OddityList); more > 0 {
			fmt.Fprintf(w, "  and %d more\n", more)
		}
	} else if report.Oddities > 0 {
		fmt.Fprintln(w, "list every oddity with -v")
	}
	return nil
}

func newDBStatus(p *Process) *cobra.Command {
	var name string
	c := &cobra.Command{
		Use:   "status",
		Short: "Print feeds, releases, counts, dates and digest of the database",
		Long:  "Prints what the database holds: its feeds with their dates, its ecosystems and\nreleases with the newest record of each, and its digest." + dbHelp,
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			db, err := p.openDatabase(name, false)
			if err != nil {
				return err
			}
			defer db.Close()
			return db.Guard(func() error {
				printStatus(p.Stdout, cmp.Or(name, p.defaultDatabase()), db.Info(), time.Now())
				return db.Err()
			})
		},
	}
	c.Flags().StringVar(&name, "db", "", "the advisory database `FILE`; 'starter' is the embedded one")
	return c
}

func printStatus(w io.Writer, name string, info *vulndb.Info, now time.Time) {
	if info.Kind == vulndb.KindStarter {
		fmt.Fprintln(w, "starter database: embedded, a small set of notable advisories; it cannot say that a product is good")
	} else {
		fmt.Fprintf(w, "database    %s\n", name)
	}
	fmt.Fprintf(w, "digest      %s\n", info.Digest)
	if !info.Built.IsZero() {
		fmt.Fprintf(w, "built       %s\n", info.Built.Format(time.RFC3339))
	}
	fmt.Fprintf(w, "advisories  %d\npackages    %d\noddities    %d\n\n", info.Advisories, info.Packages, info.Oddities)
	printFeeds(w, info, now)
	fmt.Fprintln(w)
	table := [][]string{{"ECOSYSTEM", "RELEASE", "NEWEST", "RECORDS", "PACKAGES"}}
	for _, r := range info.Releases {
		table = append(table, []string{r.Ecosystem, r.Release, date(r.Newest), fmt.Sprint(r.Records), fmt.Sprint(r.Packages)})
	}
	printColumns(w, table)
}

func date(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.Format(time.DateOnly)
}

// printColumns prints rows in columns. Names in them come from feeds, so every
// cell is made harmless.
func printColumns(w io.Writer, rows [][]string) {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			row[i] = safetext.Line(cell)
			width[i] = max(width[i], utf8.RuneCountInString(row[i])) // as %-*s counts
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			fmt.Fprintf(&line, "%-*s  ", width[i], cell)
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}

func newDBSearch(p *Process) *cobra.Command {
	var name string
	c := &cobra.Command{
		Use:   "search ID|PURL|REPOSITORY",
		Short: "Look up an advisory by id or alias, or what affects a package",
		Long: `With an id (CVE-…, GHSA-…, DSA-…, any alias) prints the advisories that bear it,
and of a CVE what KEV, EPSS, SSVC and CVSS ratings say; with that of an advisory of
CISA on a device (ICSMA-…, ICSA-…) prints that.
With a package URL prints the advisories that affect that package in that version;
without a version, those that affect any version. With the address of a source
repository prints those that name it; add @VERSION for one version.

Exit codes: 0 found, 3 nothing found or not covered by the database, 2 an error.`,
		Example: "  medsbom db search CVE-2021-44228\n  medsbom db search pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
		Args:    exactly("ID|PURL|REPOSITORY"),
		RunE: func(_ *cobra.Command, args []string) error {
			db, err := p.openDatabase(name, false)
			if err != nil {
				return err
			}
			defer db.Close()
			return db.Guard(func() error {
				if len(args[0]) > 4 && strings.EqualFold(args[0][:4], "pkg:") {
					return searchPackage(p, db, args[0])
				}
				if strings.Contains(args[0], "://") {
					return searchRepository(p, db, args[0])
				}
				return searchID(p, db, args[0])
			})
		},
	}
	c.Flags().StringVar(&name, "db", "", "the advisory database `FILE`; 'starter' is the embedded one")
	return c
}

func searchID(p *Process, db *vulndb.DB, id string) error {
	found := db.Find(id)
	for _, a := range found {
		if err := printAdvisory(p.Stdout, db, a); err != nil {
			return err
		}
	}
	known := printNotice(p.Stdout, db, id)
	known = printCVE(p.Stdout, db, id, len(found) > 0) || known
	if err := db.Err(); err != nil {
		return err
	}
	if len(found) == 0 && !known {
		fmt.Fprintf(p.Stdout, "%s is not in this database; that does not mean that nothing is affected\n", safetext.Line(id))
		return exitCode(exitEvidence)
	}
	return nil
}

func printAdvisory(w io.Writer, db *vulndb.DB, id vulndb.AdvisoryID) error {
	a := db.Advisory(id)
	g := db.Group(a.Group)
	t, err := db.Text(id)
	if err != nil {
		return err
	}
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "  %-11s %s\n", name, safetext.Line(value))
		}
	}
	head := safetext.Line(a.ID)
	if a.Withdrawn {
		head += "  WITHDRAWN: never matched"
	}
	fmt.Fprintln(w, head)
	field("summary", t.Summary)
	field("ecosystem", a.Ecosystem)
	field("reported as", g.ID)
	field("aliases", strings.Join(t.Aliases, ", "))
	field("upstream", strings.Join(t.Upstream, ", "))
	field("published", date(t.Published))
	field("severity", severityWords(&g))
	if g.KEV != nil {
		field("KEV", kevWords(g.KEV))
	}
	if g.EPSS != nil {
		field("EPSS", fmt.Sprintf("%.3f (%s)", g.EPSS.Score, g.EPSS.CVE))
	}
	if g.SSVC != nil {
		field("SSVC", ssvcWords(g.SSVC))
	}
	return nil
}

func severityWords(g *vulndb.Group) string {
	if g.CVSS.Vector == "" {
		return g.Severity.String() + " (no CVSS vector)"
	}
	return fmt.Sprintf("%s %.1f  %s  (%s)", g.Severity, g.CVSS.Score, g.CVSS.Vector, g.CVSS.Source)
}

// searchPackage matches a document of that one component, so that the answer is
// the one that a scan gives.
func searchPackage(p *Process, db *vulndb.DB, url string) error {
	u, err := purl.Parse(url)
	if err != nil {
		return err
	}
	return printMatches(p, db, u.String(), &sbom.Component{Name: u.Name, Version: u.Version, PURL: url})
}

// searchRepository prints what affects the source repository at an address,
// perhaps in a version behind an "@".
func searchRepository(p *Process, db *vulndb.DB, address string) error {
	address, ver := strings.TrimSpace(address), ""
	if i := strings.LastIndexByte(address, '@'); i > strings.LastIndexByte(address, '/') {
		address, ver = address[:i], address[i+1:]
	}
	name := purl.Repository(address)
	if name == "" {
		return hintError{fmt.Errorf("%s is no address of a source repository", address), "write it as https://github.com/curl/curl@7.80.0"}
	}
	title := name
	if ver != "" {
		title += " " + ver
	}
	return printMatches(p, db, title, &sbom.Component{
		Name: name[strings.LastIndexByte(name, '/')+1:], Version: ver, References: []sbom.Reference{{Type: "vcs", URL: name}},
	})
}

// printMatches prints the state of one component and the advisories that affect it.
func printMatches(p *Process, db *vulndb.DB, title string, component *sbom.Component) error {
	result, err := match.New(db).Match(&sbom.Document{Components: []sbom.Component{*component}})
	if err != nil {
		return err
	}
	c := result.Components[0]
	fmt.Fprintf(p.Stdout, "%s: %s", safetext.Line(title), c.State)
	if c.Reason != "" {
		fmt.Fprintf(p.Stdout, " (%s)", safetext.Line(string(c.Reason)))
	}
	fmt.Fprintln(p.Stdout)
	printSupport(p, db, component, &c)
	slices.SortFunc(result.Findings, func(a, b match.Finding) int {
		return cmp.Compare(db.Group(a.Group).ID, db.Group(b.Group).ID)
	})
	for _, f := range result.Findings {
		g := db.Group(f.Group)
		fix := "no fix known"
		if len(f.Fixed) > 0 {
			fix = "fixed in " + strings.Join(f.Fixed, ", ")
		}
		line := fmt.Sprintf("  %-18s %-9s %s  (%s)", g.ID, g.Severity, f.Range, fix)
		switch {
		case g.KEV != nil:
			line += "  KNOWN TO BE EXPLOITED"
		case g.SSVC != nil && g.SSVC.Exploitation == "active":
			line += "  exploited by CISA's account"
		case g.SSVC != nil && g.SSVC.Exploitation == "poc":
			line += "  an exploit is public"
		}
		if f.Caveat != "" {
			line += "  " + f.Caveat
		}
		fmt.Fprintln(p.Stdout, safetext.Line(line))
	}
	if err := db.Err(); err != nil {
		return err
	}
	if len(result.Findings) == 0 && c.State != match.Assessed && c.State != match.AssessedWeakly {
		return exitCode(exitEvidence)
	}
	return nil
}
