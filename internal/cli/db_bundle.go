// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/medsbom/medsbom/internal/safetext"
	"github.com/medsbom/medsbom/sbom/signature"
	"github.com/medsbom/medsbom/vulndb/bundle"
)

// releaseKey is the public key of the databases that a distributor publishes:
// the Base64 of its SubjectPublicKeyInfo, which is the middle of the PEM file.
// Who builds medsbom may stamp it in; here it is empty, as no such key exists.
var releaseKey = ""

// releaseURL is where that distributor publishes the newest bundle, stamped in
// like the key. Here it is empty, as nothing is published.
var releaseURL = ""

func newDBExport(p *Process) *cobra.Command {
	var name, out, asOf string
	var keys []string
	c := &cobra.Command{
		Use:   "export --key KEY --out BUNDLE",
		Short: "Put the database into one signed file, for sites without internet",
		Long: `Writes the database and a signed list of what is in it (feeds, dates, digests)
into one compressed file, which 'medsbom db import' checks and takes. The whole
database is verified first. The signature is Ed25519; make keys with

  openssl genpkey -algorithm ed25519 -out database.key
  openssl pkey -in database.key -pubout -out database.pub

and give the receivers database.pub, by another way than the bundles.` + dbHelp,
		Example: "  medsbom db export --key database.key --out medsbom.bundle",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return runExport(c.Context(), p, name, out, asOf, keys)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&name, "db", "", "the advisory database `FILE`")
	f.StringVar(&out, "out", "", "the `BUNDLE` to write")
	f.StringArrayVar(&keys, "key", nil, "the Ed25519 private key in `FILE` to sign with (PEM; repeatable)")
	f.StringVar(&asOf, "as-of", "", "the `DATE` of the bundle, YYYY-MM-DD (default now)")
	return c
}

func runExport(ctx context.Context, p *Process, name, out, asOf string, keys []string) error {
	if len(keys) == 0 {
		return hintError{errors.New("--key is missing"), "make one with 'openssl genpkey -algorithm ed25519 -out database.key'"}
	}
	if out == "" {
		return hintError{errors.New("--out is missing"), "name the bundle to write, as medsbom.bundle"}
	}
	name, err := p.installed(name)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := distinct(out, key, "a private key"); err != nil {
			return err
		}
	}
	if err := distinct(out, name, "the database"); err != nil {
		return err
	}
	c := bundle.Contents{Database: name}
	if c.Created, err = parseAsOf(asOf); err != nil {
		return err
	}
	v, _ := buildVersion()
	c.Tool = "medsbom " + v
	for _, file := range keys {
		text, err := readKey(file)
		if err != nil {
			return fmt.Errorf("--key: %w", err)
		}
		key, err := bundle.LoadSigningKey(text)
		if err != nil {
			return fmt.Errorf("--key %s: %w", file, err)
		}
		c.Keys = append(c.Keys, key)
	}
	m, err := bundle.Write(ctx, out, c)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.Stdout, "%s: the database of %s in %d bytes, of %d\n", safetext.Line(out), unixDay(m.Serial), m.Payload.Size, m.Database.Size)
	for _, k := range c.Keys {
		fmt.Fprintf(p.Stdout, "signed by   %s\n", k.ID())
	}
	printBundle(p.Stdout, m, c.Created)
	return nil
}

// importOptions are the flags of commands that take a bundle.
type importOptions struct {
	db             string
	trust          []string
	maxBytes       string
	asOf           string
	allowDowngrade bool
}

func newDBImport(p *Process) *cobra.Command {
	var o importOptions
	c := &cobra.Command{
		Use:   "import --trust KEY BUNDLE",
		Short: "Take the database out of a signed bundle",
		Long: `Checks a bundle that 'medsbom db export' has written, and replaces the database
by the one in it. BUNDLE is a file, or - for standard input. It is refused, and
the old database stays, if no trusted key has signed it, if anything was changed
or is missing, and if it or any feed in it is older than what is installed.

A scan that runs meanwhile keeps the old database. How old each feed is stands in
the output: an import of old data is not made fresh by being signed.` + dbHelp,
		Example: "  medsbom db import --trust database.pub medsbom.bundle",
		Args:    exactly("BUNDLE"),
		RunE: func(c *cobra.Command, args []string) error {
			return runImport(c.Context(), p, &o, args[0])
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&o.db, "db", "", "the advisory database `FILE` to replace (default: the one that scan uses)")
	o.trustFlags(c)
	f.BoolVar(&o.allowDowngrade, "allow-downgrade", false, "take the bundle although it is older than the installed database")
	return c
}

func (o *importOptions) trustFlags(c *cobra.Command) {
	f := c.Flags()
	o.keyFlags(f)
	f.StringVar(&o.asOf, "as-of", "", "count the age of the feeds up to this `DATE`, YYYY-MM-DD (default now)")
}

// databaseKeys is the variable of --trust for databases. It is another one than
// that of scan --trust: a vendor whose key is trusted for SBOMs must not be able
// to sign databases.
const databaseKeys = "MEDSBOM_DB_TRUST"

func (o *importOptions) keyFlags(f *pflag.FlagSet) {
	f.StringArrayVar(&o.trust, "trust", nil, "the database publisher's public key in `FILE` (PEM or JWK; repeatable, and one file may hold several)")
	nameVariable(f.Lookup("trust"), databaseKeys)
	f.StringVar(&o.maxBytes, "max-bytes", "1GiB", "refuse a bundle with a larger database")
}

func runImport(ctx context.Context, p *Process, o *importOptions, name string) error {
	r, err := p.openBundle(name)
	if err != nil {
		return err
	}
	defer r.Close()
	return p.importBundle(ctx, o, name, r)
}

// importBundle takes a bundle from wherever it is read, and prints what it took.
func (p *Process) importBundle(ctx context.Context, o *importOptions, name string, r io.Reader) error {
	opts, asOf, err := o.options(name)
	if err != nil {
		return err
	}
	if opts.Out, err = p.replaced(o.db); err != nil {
		return err
	}
	res, err := bundle.Import(ctx, r, opts)
	if err != nil {
		return err
	}
	p.printImport(opts.Out, res, asOf)
	return nil
}

// replaced is the file of the database that a command replaces.
func (p *Process) replaced(name string) (string, error) {
	if name == "starter" {
		return "", hintError{errors.New("the starter database is part of the program and is not replaced"), "name a file with --db; for one of that name write ./starter"}
	}
	if name = cmp.Or(name, p.defaultDatabase()); name == "" {
		return "", hintError{errors.New("no cache folder to put the database in"), "name a file with --db"}
	}
	return name, nil
}

func (p *Process) printImport(out string, res *bundle.Result, asOf time.Time) {
	for _, line := range res.SetBack {
		p.note("went back, as --allow-downgrade insists: %s", line)
	}
	what := "imported the database of"
	if res.Unchanged {
		what = "unchanged, it is already the database of"
	}
	fmt.Fprintf(p.Stdout, "%s: %s %s\n", safetext.Line(out), what, unixDay(res.Manifest.Serial))
	printSigned(p.Stdout, res)
	printBundle(p.Stdout, &res.Manifest, asOf)
}

// options checks the flags, loads the keys and gives the day that ages are
// counted from.
func (o *importOptions) options(name string) (bundle.Options, time.Time, error) {
	opts := bundle.Options{Name: name, AllowDowngrade: o.allowDowngrade}
	asOf, err := parseAsOf(o.asOf)
	if err != nil {
		return opts, asOf, err
	}
	if opts.MaxSize, err = parseBytes(o.maxBytes); err != nil {
		return opts, asOf, fmt.Errorf("--max-bytes: %w", err)
	}
	opts.Trust, err = trustedKeys(o.trust)
	return opts, asOf, err
}

// trustedKeys loads the keys that may have signed a bundle: those that are
// named, else the one that was stamped into the program.
func trustedKeys(files []string) ([]signature.Key, error) {
	var keys []signature.Key
	for _, file := range files {
		key, err := loadKey(file)
		if err != nil {
			return nil, fmt.Errorf("--trust %s: %w", file, err)
		}
		keys = append(keys, key...)
	}
	if len(keys) > 0 {
		return keys, nil
	}
	if releaseKey == "" {
		return nil, hintError{
			errors.New("no key is trusted: who made a bundle can only be told by its signature"),
			"give the publisher's public key with --trust FILE or $" + databaseKeys + " ($MEDSBOM_TRUST holds keys of vendors, who sign no databases)",
		}
	}
	der, err := base64.StdEncoding.DecodeString(releaseKey)
	if err != nil {
		return nil, fmt.Errorf("the release key in this program is broken: %w", err)
	}
	keys, err = signature.LoadKeys("release key", der)
	if err != nil {
		return nil, fmt.Errorf("the release key in this program is broken: %w", err)
	}
	return keys, nil
}

// openBundle opens a file or standard input.
func (p *Process) openBundle(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(p.Stdin), nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		_ = f.Close()
		return nil, fmt.Errorf("%q is a folder: name the bundle in it", name)
	}
	return f, nil
}

// installed is the file of the database that a command is about; the starter
// set is none.
func (p *Process) installed(name string) (string, error) {
	if name == "starter" {
		return "", hintError{errors.New("the starter database is part of every medsbom"), "build a full one with 'medsbom db build --from DIR'"}
	}
	if name = cmp.Or(name, p.defaultDatabase()); name == "" {
		return "", hintError{errors.New("no cache folder to look for the database in"), "name a file with --db"}
	}
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return "", hintError{fmt.Errorf("there is no database %s", name), "make one with 'medsbom db build --from DIR', or name another with --db"}
	}
	return name, nil
}

// distinct refuses an output that is a file which the command reads, under
// whatever names.
func distinct(out, read, what string) error {
	written, err := os.Stat(out)
	if err != nil {
		return nil // nothing is there to be lost; what else is wrong the writing says
	}
	if other, err := os.Stat(read); err == nil && os.SameFile(written, other) {
		return hintError{fmt.Errorf("--out %s is %s that this command reads, %s", out, what, read), "name another file with --out"}
	}
	return nil
}

// readKey reads a file that is no larger than any key.
func readKey(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read from
	return io.ReadAll(io.LimitReader(f, 1<<17))
}

// parseAsOf reads a day; without one it is now.
func parseAsOf(s string) (time.Time, error) {
	if s == "" {
		return time.Now().UTC(), nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return t, fmt.Errorf("--as-of: %q is no date as 2026-01-31", s)
	}
	return t, nil
}

func unixDay(seconds int64) string { return date(time.Unix(seconds, 0).UTC()) }

func printSigned(w io.Writer, res *bundle.Result) {
	fmt.Fprintf(w, "signed by   %s, on %s with %s\n", safetext.Line(res.Signer), date(res.Manifest.Created), safetext.Line(res.Manifest.Tool))
}

// printBundle prints what a bundle holds and how old it is.
func printBundle(w io.Writer, m *bundle.Manifest, asOf time.Time) {
	fmt.Fprintf(w, "serial      %d\ndigest      %s\n\n", m.Serial, m.Database.Digest)
	table := feedTable()
	for _, f := range m.Feeds {
		table = append(table, feedRow(f.Name, f.Date, f.Records, asOf))
	}
	printColumns(w, table)
}

func feedTable() [][]string { return [][]string{{"FEED", "DATE", "AGE", "RECORDS"}} }

func feedRow(name string, dated time.Time, records int, asOf time.Time) []string {
	return []string{safetext.Line(name), date(dated), age(dated, asOf), fmt.Sprint(records)}
}

// age is how old a feed is, in whole days as scan counts them.
func age(dated, asOf time.Time) string {
	const day = 24 * time.Hour
	switch d := asOf.Sub(dated); {
	case dated.IsZero():
		return "unknown"
	case d < -day:
		return "in the future: check the clock"
	case d < day:
		return "less than a day"
	case d < 2*day:
		return "1 day"
	default:
		return fmt.Sprintf("%d days", int(d/day))
	}
}
