// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/medsbom/medsbom/internal/safetext"
	"github.com/medsbom/medsbom/policy"
)

func newPolicy(p *Process) *cobra.Command {
	c := &cobra.Command{
		Use:   "policy",
		Short: "List and show the policy packs",
	}
	c.AddCommand(&cobra.Command{
		Use:   "list",
		Short: "List the built-in packs",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			for _, name := range policy.List() {
				packs, err := policy.Load([]string{name})
				if err != nil {
					return err
				}
				fmt.Fprintf(p.Stdout, "%-20s %s (edition %s)\n", packs[0].ID, packs[0].Title, packs[0].Edition)
			}
			return nil
		},
	}, &cobra.Command{
		Use:   "show NAME|FILE",
		Short: "Show the rules of a pack: check, severity, class, what it asks, which clause",
		Args:  exactly("NAME|FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			packs, err := policy.Load(args)
			if err != nil {
				return err
			}
			pack := packs[0]
			fmt.Fprintf(p.Stdout, "%s: %s\nedition %s, digest %s\n\n", pack.ID, safetext.Line(pack.Title), pack.Edition, pack.Digest)
			for _, r := range pack.Rules {
				fmt.Fprintf(p.Stdout, "%-22s %-8s %-8s %s\n", r.Check.ID, r.Severity, r.Check.Class, safetext.Line(r.Check.Title))
				if len(r.Check.Clauses) > 0 {
					fmt.Fprintf(p.Stdout, "%-22s %s\n", "", safetext.Line(strings.Join(r.Check.Clauses, "; ")))
				}
			}
			return nil
		},
	})
	return asGroup(c)
}
