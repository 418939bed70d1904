// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/report"
)

func newReport(p *Process) *cobra.Command {
	var verbose, noColor bool
	c := &cobra.Command{
		Use:   "report FORMAT REPORT",
		Short: "Turn a saved JSON report into another format, without scanning again",
		Long: fmt.Sprintf(`Turns a report that 'medsbom scan --format json' wrote into another format,
without scanning again. FORMAT is %s; REPORT is a file, or - for
standard input.

Exit codes: 0 the report was written, 2 it was not.`, strings.Join(report.Formats(), ", ")),
		Args: exactly("FORMAT", "REPORT"),
		RunE: func(_ *cobra.Command, args []string) error {
			in, name := p.Stdin, "standard input"
			if args[1] != "-" {
				f, err := os.Open(args[1])
				if err != nil {
					return err
				}
				defer f.Close()
				in, name = f, args[1]
			}
			h, err := report.New(args[0], p.Stdout, p.reportOptions(verbose, noColor))
			if err != nil {
				return err
			}
			if err := assessment.Read(in, h); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			return nil
		},
	}
	c.Flags().BoolVarP(&verbose, "verbose", "v", false, "show everything, not only the first of each list")
	c.Flags().BoolVar(&noColor, "no-color", false, "no colours, as with $NO_COLOR")
	return c
}
