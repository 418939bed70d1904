// SPDX-License-Identifier: Apache-2.0

package policy

import (
	_ "embed"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"
)

//go:generate go test -run TestGeneratedChecks -update .

//go:embed checks.yaml
var checksYAML []byte

const checksFile = "checks.yaml"

// Scope says what a check is asked about.
type Scope string

// The scopes.
const (
	ScopeDocument  Scope = "document"
	ScopeComponent Scope = "component"
	ScopeFinding   Scope = "finding"
	ScopeDatabase  Scope = "database"
)

// Class says what a failure means.
type Class string

// The classes.
const (
	ClassRisk     Class = "risk"     // known to be bad
	ClassEvidence Class = "evidence" // cannot tell
)

// Severity is the weight that a pack gives to a check.
type Severity string

// The severities, heaviest first.
const (
	Blocker Severity = "blocker"
	High    Severity = "high"
	Medium  Severity = "medium"
	Low     Severity = "low"
	Info    Severity = "info"
)

var severities = [...]Severity{Blocker, High, Medium, Low, Info}

// rank is 0 for the heaviest.
func (s Severity) rank() int { return slices.Index(severities[:], s) }

// The owners of a condition: who has to fulfil it.
const (
	OwnerVendor = "vendor"
	OwnerBuyer  = "buyer"
)

// Check is one question to the facts.
type Check struct {
	ID       string
	Title    string
	Scope    Scope
	Class    Class
	Severity Severity // default; the pack gives the one that counts
	Owner    string   // who has to fulfil it
	Clauses  []string // references; "see …" where the wording was not read in the source
	Remedy   string   // in plain words
	Question string   // for the vendor; may be empty

	params                          map[string]any // defaults; their types are the parameters' types
	applies, pass, warn, assessable expression
	fails                           string
}

// checkFile and checkSource are the YAML of checks.
type checkFile struct {
	Checks []checkSource `yaml:"checks"`
}

type checkSource struct {
	ID       located        `yaml:"id"`
	Title    string         `yaml:"title"`
	Scope    Scope          `yaml:"scope"`
	Class    Class          `yaml:"class"`
	Severity Severity       `yaml:"severity"`
	Owner    string         `yaml:"owner"`
	Clauses  []string       `yaml:"clauses"`
	Params   map[string]any `yaml:"params"`
	Applies  located        `yaml:"applies"`
	Pass     located        `yaml:"pass"`
	Warn     located        `yaml:"warn"`
	Assessed located        `yaml:"assessed"`
	Fails    located        `yaml:"fails"`
	Remedy   located        `yaml:"remedy"`
	Question located        `yaml:"question"`
}

// located is a text with its place in the file.
type located struct {
	Text         string
	Line, Column int
	block        bool // a block scalar: the text begins on the next line
	quoted       bool
	native       func(*activation) bool // only of the built-in checks' expressions
}

// UnmarshalYAML takes a scalar.
func (l *located) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.ScalarNode {
		return fmt.Errorf("line %d: want a text", n.Line)
	}
	*l = located{
		Text: n.Value, Line: n.Line, Column: n.Column,
		block:  n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0,
		quoted: n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0,
	}
	return nil
}

// An Error is something wrong in a file of checks or a pack.
type Error struct {
	File         string
	Line, Column int // from 1; 0 if not known
	Message      string
}

func (e *Error) Error() string {
	switch {
	case e.Line == 0:
		return e.File + ": " + e.Message
	case e.Column == 0:
		return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

func (l *located) errorf(file, format string, args ...any) error {
	return &Error{File: file, Line: l.Line, Column: l.Column, Message: fmt.Sprintf(format, args...)}
}

// library is the checks of one file, in its order.
type library struct {
	checks []*Check
	byID   map[string]*Check
}

func readLibrary(file string, text []byte) (*library, error) {
	var source checkFile
	if err := loadYAML(file, text, &source); err != nil {
		return nil, err
	}
	return newLibrary(file, source.Checks)
}

func newLibrary(file string, sources []checkSource) (*library, error) {
	lib := &library{byID: make(map[string]*Check, len(sources))}
	if err := lib.add(file, sources); err != nil {
		return nil, err
	}
	return lib, nil
}

// add takes the checks of a file up. Their expressions are not compiled yet.
func (lib *library) add(file string, sources []checkSource) error {
	for i := range sources {
		c, err := sources[i].check(file)
		if err != nil {
			return err
		}
		if lib.byID[c.ID] != nil {
			return sources[i].ID.errorf(file, "check %q is there already", c.ID)
		}
		lib.byID[c.ID] = c
		lib.checks = append(lib.checks, c)
	}
	return nil
}

func (s *checkSource) check(file string) (*Check, error) {
	fail := func(format string, args ...any) (*Check, error) {
		return nil, s.ID.errorf(file, "check %q: "+format, append([]any{s.ID.Text}, args...)...)
	}
	c := &Check{
		ID: s.ID.Text, Title: s.Title, Scope: s.Scope, Class: s.Class, Severity: s.Severity, Owner: s.Owner,
		Clauses: s.Clauses, Remedy: s.Remedy.Text, Question: s.Question.Text, fails: s.Fails.Text,
		applies: expression{s.Applies, file}, pass: expression{s.Pass, file}, warn: expression{s.Warn, file},
		assessable: expression{s.Assessed, file},
	}
	if c.Owner == "" {
		c.Owner = OwnerVendor
	}
	switch {
	case c.ID == "":
		return fail("id is required")
	case c.Title == "" || c.Remedy == "" || c.fails == "" || s.Pass.Text == "":
		return fail("title, pass, fails and remedy are required")
	case !slices.Contains([]Scope{ScopeDocument, ScopeComponent, ScopeFinding, ScopeDatabase}, c.Scope):
		return fail("scope %q is not document, component, finding or database", c.Scope)
	case c.Class != ClassRisk && c.Class != ClassEvidence:
		return fail("class %q is not risk or evidence", c.Class)
	case c.Severity.rank() < 0:
		return fail("severity %q is not blocker, high, medium, low or info", c.Severity)
	case c.Owner != OwnerVendor && c.Owner != OwnerBuyer:
		return fail("owner %q is not vendor or buyer", c.Owner)
	}
	c.params = make(map[string]any, len(s.Params)+1)
	if c.counted() {
		c.params["limit"] = 0.0
	}
	for _, name := range sortedKeys(s.Params) {
		v, ok := param(s.Params[name])
		if !ok {
			return fail("parameter %q is not a number, text or true/false", name)
		}
		c.params[name] = v
	}
	for _, t := range []*located{&s.Fails, &s.Remedy, &s.Question} {
		if err := c.validateText(t.Text); err != nil {
			return nil, t.errorf(file, "check %q: %v", c.ID, err)
		}
	}
	return c, nil
}

// counted reports whether the check is asked for each of many subjects, and so
// takes the parameters limit and minShare.
func (c *Check) counted() bool { return c.Scope == ScopeComponent || c.Scope == ScopeFinding }

// Params returns the parameters of the check with their defaults.
func (c *Check) Params() map[string]any { return cloneParams(c.params) }

// param brings a YAML value to one of the three types of parameter.
func param(v any) (any, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, v == v // not NaN
	case string, bool:
		return v, true
	}
	return nil, false
}
