// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/medsbom/medsbom/internal/inspect"
)

func newSBOM(p *Process) *cobra.Command {
	c := &cobra.Command{
		Use:   "sbom",
		Short: "Look into SBOMs",
	}
	c.AddCommand(newInspect(p))
	return asGroup(c)
}

func newInspect(p *Process) *cobra.Command {
	var read readOptions
	var format string
	var verbose, noColor bool
	c := &cobra.Command{
		Use:   "inspect [flags] FILE",
		Short: "Show what was read from a file, from where, and with what defects",
		Long: `Shows what medsbom reads from a file: the document as it was understood, the
line of every element, everything that was wrong with it, and for what is no SBOM
what it is instead. Nothing is matched or judged. FILE is an SBOM in any form, an
archive or envelope around some, or - for standard input; see docs/formats.md.

Exit codes: 0 at least one document was read, whatever its defects; 2 none was.`,
		Example: `  medsbom sbom inspect pump.cdx.json
  medsbom sbom inspect --trust vendor.pem -f json signed.cdx.json`,
		Args: exactly("FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			opts, err := read.options()
			if err != nil {
				return err
			}
			if format != "table" && format != "json" {
				return hintError{fmt.Errorf("--format: no format %q", format), "it is one of table, json"}
			}
			in, name := io.NopCloser(p.Stdin), args[0]
			if name != "-" {
				if in, err = os.Open(name); err != nil {
					return err
				}
			}
			defer func() { _ = in.Close() }() // only read from
			found := inspect.Read(in, name, opts)
			if format == "json" {
				err = found.JSON(p.Stdout)
			} else {
				o := p.reportOptions(verbose, noColor).Table
				err = found.Text(p.Stdout, inspect.TextOptions{Width: o.Width, Color: o.Color, Verbose: o.Verbose, Checked: len(opts.Trust) > 0})
			}
			if err == nil && found.Documents() == 0 {
				err = exitCode(exitError)
			}
			return err
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVarP(&format, "format", "f", "table", "what to print: table, json")
	read.flags(f)
	f.BoolVarP(&verbose, "verbose", "v", false, "show everything, not only the first of each list")
	f.BoolVar(&noColor, "no-color", false, "no colours, as with $NO_COLOR")
	return c
}
