// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/medsbom/medsbom/assessment"
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
			in, name := p.Stdin, "standard input"
			if args[0] != "-" {
				f, err := os.Open(args[0])
				if err != nil {
					return err
				}
				defer f.Close()
				in, name = f, args[0]
			}
			e := report.Explain(p.Stdout, args[1], p.reportOptions(verbose, noColor).Table)
			if err := assessment.Read(in, e); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if !e.Found() {
				return exitCode(exitEvidence)
			}
			return nil
		},
	}
	c.Flags().BoolVarP(&verbose, "verbose", "v", false, "explain all, not only the first of each kind")
	c.Flags().BoolVar(&noColor, "no-color", false, "no colours, as with $NO_COLOR")
	return c
}
