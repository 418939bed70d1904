// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/internal/safetext"
	"github.com/medsbom/medsbom/report"
)

func newExplain(p *Process) *cobra.Command {
	var verbose, noColor bool
	c := &cobra.Command{
		Use:   "explain REPORT ID",
		Short: "Tell why a finding, a score or a decision is as it is",
		Long: `Follows one thing in a report that 'medsbom scan --format json' wrote down to
its evidence: which identity of which component met which range of which
record, how sure that is, what version ends it, and what it costs.

ID is an advisory by any of its ids (CVE-…, GHSA-…, DSA-…), a component by its
package URL, its key or its name, perhaps with @VERSION, a check of a policy
(doc.author), a product by its id, or one of the words score and decision, which
explain every product. REPORT is a file, or - for standard input.

Exit codes: 0 explained, 3 the report holds no such thing, 2 an error.`,
		Example: `  medsbom scan --output json=report.json bom.json
  medsbom explain report.json CVE-2021-44228
  medsbom explain report.json log4j-core@2.14.1
  medsbom explain report.json score`,
		Args: exactly("REPORT", "ID"),
		RunE: func(_ *cobra.Command, args []string) error {
			var in io.ReadSeeker
			name := args[0]
			if name == "-" {
				text, err := io.ReadAll(p.Stdin)
				if err != nil {
					return err
				}
				in, name = bytes.NewReader(text), "standard input"
			} else {
				f, err := os.Open(name)
				if err != nil {
					return err
				}
				defer f.Close()
				in = f
			}
			return explain(p, in, name, strings.TrimSpace(args[1]), p.reportOptions(verbose, noColor).Table)
		},
	}
	c.Flags().BoolVarP(&verbose, "verbose", "v", false, "explain all, not only the first of each kind")
	c.Flags().BoolVar(&noColor, "no-color", false, "no colours, as with $NO_COLOR")
	return c
}

// explain explains one thing, or the advisories that speak of it.
func explain(p *Process, in io.ReadSeeker, name, about string, o report.TableOptions) error {
	e := report.Explain(p.Stdout, o, about)
	if err := assessment.Read(in, e); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	through := e.Through()
	switch {
	case e.Found():
		return nil
	case len(through) == 0:
		return exitCode(exitEvidence)
	}
	fmt.Fprintf(p.Stdout, "%s is a flaw of which this report speaks under %s:\n\n", safetext.Line(about), safetext.Line(strings.Join(through, ", ")))
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := assessment.Read(in, report.Explain(p.Stdout, o, through...)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
