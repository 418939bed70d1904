// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/medsbom/medsbom/internal/safetext"
	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/bundle"
	"github.com/medsbom/medsbom/vulndb/starter"
)

func newDBVerify(p *Process) *cobra.Command {
	var o importOptions
	c := &cobra.Command{
		Use:   "verify [--db FILE | BUNDLE]",
		Short: "Check every byte of the database, or of a bundle without importing it",
		Long: `Checks the whole database: every section against its checksum and SHA-256, and
every reference from one to another; then prints its digest and how old each
feed is. With a BUNDLE, a file or - for standard input, checks its signature by
the keys given with --trust, and the database in it in the same way, and changes
nothing.

Whole is not the same as new: look at the ages.

Exit codes: 0 whole, 2 damaged, refused or not there.`,
		Example: "  medsbom db verify\n  medsbom db verify --trust database.pub medsbom.bundle",
		Args:    atMostOne("BUNDLE"),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 1 {
				return verifyBundle(c.Context(), p, &o, args[0])
			}
			return verifyDatabase(c.Context(), p, &o)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&o.db, "db", "", "the advisory database `FILE`; 'starter' is the embedded one")
	o.trustFlags(c)
	return c
}

// atMostOne wants one argument or none.
func atMostOne(name string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) <= 1 {
			return nil
		}
		return exactly(name)(c, args)
	}
}

func verifyDatabase(ctx context.Context, p *Process, o *importOptions) error {
	if o.db != "" && isBundle(o.db) {
		return verifyBundle(ctx, p, o, o.db)
	}
	asOf, err := parseAsOf(o.asOf)
	if err != nil {
		return err
	}
	name, db := o.db, (*vulndb.DB)(nil)
	if name == "starter" {
		db, err = starter.Open()
	} else {
		if name, err = p.installed(name); err != nil {
			return err
		}
		db, err = vulndb.Open(name)
	}
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Verify(); err != nil {
		return err
	}
	printVerified(p.Stdout, name, db.Info(), asOf)
	return nil
}

// isBundle looks at the first bytes of a file.
func isBundle(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, len(bundle.Magic))
	_, err = io.ReadFull(f, head)
	return err == nil && bundle.Is(head)
}

func printVerified(w io.Writer, name string, info *vulndb.Info, asOf time.Time) {
	fmt.Fprintf(w, "%s: whole: every section, checksum and reference is right\n", safetext.Line(name))
	if info.Kind == vulndb.KindStarter {
		fmt.Fprintln(w, "it is the starter set, which cannot say that a product is good")
	}
	fmt.Fprintf(w, "built       %s\nadvisories  %d\npackages    %d\n", date(info.Built), info.Advisories, info.Packages)
	fmt.Fprintf(w, "digest      %s\n\n", info.Digest)
	table := feedTable()
	for _, f := range info.Feeds {
		table = append(table, feedRow(f.Name, f.Date, f.Records, asOf))
	}
	printColumns(w, table)
}

func verifyBundle(ctx context.Context, p *Process, o *importOptions, name string) error {
	opts, asOf, err := o.options(name)
	if err != nil {
		return err
	}
	r, err := p.openBundle(name)
	if err != nil {
		return err
	}
	defer r.Close()
	res, err := bundle.Check(ctx, r, opts)
	if e, ok := errors.AsType[*bundle.Error](err); ok && e.Refusal == bundle.NotABundle {
		return hintError{err, "for a database use 'medsbom db verify --db " + name + "'"}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.Stdout, "%s: whole, and signed by a trusted key; nothing was imported\n", safetext.Line(name))
	printSigned(p.Stdout, res)
	printBundle(p.Stdout, &res.Manifest, asOf)
	return nil
}
