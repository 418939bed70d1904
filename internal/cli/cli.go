// SPDX-License-Identifier: Apache-2.0

// Package cli is medsbom's command line: flags in, exit code out. It holds no
// domain logic; one file a command.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/medsbom/medsbom/internal/safetext"
)

// Process is what a command sees of the world. Nothing else is read: no global
// arguments, environment or streams.
type Process struct {
	Args   []string // without the program's name
	Env    []string // "KEY=value"
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer

	terminal *os.File // Stdout, if it is a file
}

// The exit codes (DESIGN §3), first that applies.
const (
	exitOK       = 0
	exitRisk     = 1
	exitError    = 2
	exitEvidence = 3

	// Interrupted is the exit code after a signal.
	Interrupted = exitError
)

const exitHelp = `Exit codes, the first that applies:
  2  wrong usage, an error of the program, or nothing at all could be read
  1  a product fails the gate for risk: something is known to be wrong
  3  a product fails the gate for evidence: could not tell (unreadable or empty
     SBOM, too little assessed, starter database, data too old for the policy)
  0  otherwise`

// Version and commit are stamped by the Makefile; a plain go install takes
// them from the build information.
var (
	version = ""
	commit  = ""
)

// Run executes one command and returns the exit code.
func Run(ctx context.Context, p *Process) int {
	p.terminal, _ = p.Stdout.(*os.File)
	out := &firstError{w: p.Stdout}
	p.Stdout = out
	root := newRoot(p)
	root.SetArgs(p.Args)
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	err := root.ExecuteContext(ctx)
	if out.err != nil {
		// Half an answer is no answer, whatever it would have been.
		err = fmt.Errorf("writing to standard output: %w", out.err)
	}
	if err == nil {
		return exitOK
	}
	if code, ok := errors.AsType[exitCode](err); ok {
		return int(code)
	}
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = errors.New("interrupted")
	}
	p.printError(err)
	return exitError
}

// firstError keeps the first error of a writer, so that commands may print
// without asking each time.
type firstError struct {
	w   io.Writer
	err error
}

func (f *firstError) Write(b []byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	n, err := f.w.Write(b)
	f.err = err
	return n, err
}

// exitCode is the error of a command that did its work and has an answer.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// hintError adds what to try.
type hintError struct {
	error
	hint string
}

func (e hintError) Unwrap() error { return e.error }

func (p *Process) printError(err error) {
	fmt.Fprintf(p.Stderr, "medsbom: error: %s\n", safetext.Line(err.Error()))
	if hint, ok := errors.AsType[hintError](err); ok {
		fmt.Fprintf(p.Stderr, "medsbom: hint: %s\n", safetext.Line(hint.hint))
	}
}

func (p *Process) note(format string, args ...any) {
	fmt.Fprintf(p.Stderr, "medsbom: %s\n", safetext.Line(fmt.Sprintf(format, args...)))
}

// getenv returns a variable of the process's environment; the last one wins.
func (p *Process) getenv(key string) string {
	value := ""
	for _, kv := range p.Env {
		if k, v, ok := strings.Cut(kv, "="); ok && k == key {
			value = v
		}
	}
	return value
}

// newRoot assembles the command tree.
func newRoot(p *Process) *cobra.Command {
	root := &cobra.Command{
		Use:   "medsbom",
		Short: "Can the software inside this medical product be trusted, and what to do about it",
		Long: `medsbom reads the SBOMs of medical products, matches every component against
the OSV advisory database, applies a procurement policy, and gives an explained
risk score and a decision per product and per supplier.

It uses the network only to update the database, when told to, and what it could
not assess it says, counts and gates.`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		DisableAutoGenTag: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: false},
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return hintError{err, fmt.Sprintf("see '%s --help'", c.CommandPath())}
	})
	root.AddCommand(p.commands()...)
	root.SetHelpCommand(newHelp(root))
	asGroup(root)
	applyEnvironment(root, p)
	return root
}

// commands makes the command that the first argument names, else all of them:
// making all takes longer than reading a small SBOM.
func (p *Process) commands() []*cobra.Command {
	makers := []struct {
		name string
		make func(*Process) *cobra.Command
	}{
		{"scan", newScan},
		{"report", newReport},
		{"explain", newExplain},
		{"sbom", newSBOM},
		{"db", newDB},
		{"policy", newPolicy},
		{"version", newVersion},
	}
	for i, m := range makers {
		if len(p.Args) > 0 && p.Args[0] == m.name {
			makers = makers[i : i+1]
			break
		}
	}
	var commands []*cobra.Command
	for _, m := range makers {
		commands = append(commands, m.make(p))
	}
	return commands
}

// applyEnvironment gives every flag of every command its MEDSBOM_… variable:
// used where the flag is not given, and named in the help.
func applyEnvironment(c *cobra.Command, p *Process) {
	c.Flags().VisitAll(func(f *pflag.Flag) { f.Usage += " [$" + variable(f) + "]" })
	if run := c.RunE; run != nil {
		c.RunE = func(c *cobra.Command, args []string) error {
			if err := p.fromEnvironment(c.Flags()); err != nil {
				return err
			}
			return run(c, args)
		}
	}
	for _, sub := range c.Commands() {
		applyEnvironment(sub, p)
	}
}

// fromEnvironment sets the flags that were not given and have a variable.
func (p *Process) fromEnvironment(flags *pflag.FlagSet) error {
	var err error
	flags.VisitAll(func(f *pflag.Flag) {
		value := p.getenv(variable(f))
		if f.Changed || value == "" || err != nil || f.Name == "help" {
			return
		}
		if setErr := flags.Set(f.Name, value); setErr != nil {
			err = fmt.Errorf("environment variable %s: %w", variable(f), setErr)
		}
	})
	return err
}

// variable is the name of a flag's variable.
func variable(f *pflag.Flag) string {
	if own := f.Annotations[ownVariable]; len(own) == 1 {
		return own[0]
	}
	return "MEDSBOM_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
}

const ownVariable = "variable"

// nameVariable gives a flag another variable than its name has: where two
// commands have a flag of one name, and what is meant by it for the one must not
// count for the other.
func nameVariable(f *pflag.Flag, name string) {
	f.Annotations = map[string][]string{ownVariable: {name}}
}

// exactly wants n arguments and says which.
func exactly(names ...string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) == len(names) {
			return nil
		}
		return hintError{
			fmt.Errorf("%s wants %s, got %d argument(s)", c.CommandPath(), strings.Join(names, " and "), len(args)),
			fmt.Sprintf("see '%s --help'", c.CommandPath()),
		}
	}
}

// asGroup makes a command that has subcommands, and does nothing itself, print
// its help when none is named, and refuse one that it does not have.
func asGroup(c *cobra.Command) *cobra.Command {
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return unknownCommand(c, args[0])
		}
		return nil
	}
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	return c
}

func unknownCommand(c *cobra.Command, name string) error {
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	hint := fmt.Sprintf("it is one of %s", strings.Join(names, ", "))
	c.SuggestionsMinimumDistance = min(2, len(name)/2)
	if near := c.SuggestionsFor(name); len(near) > 0 {
		hint = fmt.Sprintf("did you mean '%s %s'?", c.CommandPath(), near[0])
	}
	return hintError{fmt.Errorf("%s has no command %q", c.CommandPath(), name), hint}
}

// newHelp is cobra's help command, except that it refuses what is no command.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help about a command",
		RunE: func(_ *cobra.Command, args []string) error {
			c := root
			for _, name := range args {
				i := slices.IndexFunc(c.Commands(), func(sub *cobra.Command) bool { return sub.Name() == name || sub.HasAlias(name) })
				if i < 0 {
					return unknownCommand(c, name)
				}
				c = c.Commands()[i]
			}
			c.InitDefaultHelpFlag()
			return c.Help()
		},
	}
}

func newVersion(p *Process) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			v, rev := buildVersion()
			if rev != "" {
				v += " (" + rev + ")"
			}
			_, err := fmt.Fprintln(p.Stdout, "medsbom", v)
			return err
		},
	}
}

func buildVersion() (v, rev string) {
	if version != "" {
		return version, commit
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version, ""
	}
	return "(devel)", ""
}
