// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
)

//go:embed packs/*.yaml
var packFiles embed.FS

// Default is the pack that a scan uses if none is named.
const Default = "hospital-baseline"

// maxPackSize bounds the file of a user's pack.
const maxPackSize = 1 << 20

// Pack is a named rule set, ready to judge. It is not changed after Load and
// may be used by several goroutines.
type Pack struct {
	ID        string
	Title     string
	Edition   string
	Effective string // first day, YYYY-MM-DD
	Question  string // what the pack answers
	Digest    string // sha256 of the pack and the checks, lower-case hexadecimal
	Params    Params
	Rules     []PackRule // as the file lists them; the mandatory ones it omits come first
}

// Params are what the decision itself depends on.
type Params struct {
	MaxHigh            int     // so many high rules may fail without a rejection
	RejectAt           string  // a worse grade than this rejects; "none" if grades do not
	AcceptAt           string  // a worse grade than this is a condition; "none" if not
	MaxUnassessedShare float64 // a greater share not assessed is a condition
}

// noGrade says that grades do not count.
const noGrade = "none"

// PackRule is one check under a pack.
type PackRule struct {
	Check    *Check
	Severity Severity
	Params   map[string]any // all parameters of the check
	// NotAssessed is the state that a rule which could not be assessed counts
	// as: Fail (default) or Warn.
	NotAssessed State

	conditions *conditions
}

type packSource struct {
	ID        string        `yaml:"id"`
	Title     string        `yaml:"title"`
	Edition   string        `yaml:"edition"`
	Effective string        `yaml:"effective"`
	Question  string        `yaml:"question"`
	Params    paramsSource  `yaml:"params"`
	Rules     []ruleSource  `yaml:"rules"`
	Checks    []checkSource `yaml:"checks"` // further checks, for this pack only
}

type paramsSource struct {
	MaxHigh            *int     `yaml:"maxHigh"`
	RejectAt           string   `yaml:"rejectAt"`
	AcceptAt           string   `yaml:"acceptAt"`
	MaxUnassessedShare *float64 `yaml:"maxUnassessedShare"`
}

type ruleSource struct {
	Check       located        `yaml:"check"`
	Severity    Severity       `yaml:"severity"`
	Params      map[string]any `yaml:"params"`
	NotAssessed State          `yaml:"notAssessed"`
}

// List returns the names of the built-in packs, sorted.
func List() []string {
	entries, err := packFiles.ReadDir("packs")
	if err != nil {
		return nil // an embedded folder can be read
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	slices.Sort(names)
	return names
}

// Load reads packs by built-in name or path of a file, in the order given, and
// compiles the checks that they use. No name at all means Default. A name
// without a path separator, dot and extension is always a built-in one.
func Load(names []string) ([]*Pack, error) {
	if len(names) == 0 {
		names = []string{Default}
	}
	packs := make([]*Pack, 0, len(names))
	seen := make(map[string]string, len(names))
	for _, name := range names {
		p, err := loadPack(name)
		if err != nil {
			return nil, fmt.Errorf("loading policy %q: %w", name, err)
		}
		if isPath(name) && slices.Contains(List(), p.ID) {
			return nil, fmt.Errorf("loading policy %q: its id %q is that of a built-in pack; give it one of its own", name, p.ID)
		}
		if other, ok := seen[p.ID]; ok {
			return nil, fmt.Errorf("loading policy %q: its id %q is that of policy %q", name, p.ID, other)
		}
		seen[p.ID] = name
		packs = append(packs, p)
	}
	return packs, nil
}

func loadPack(name string) (*Pack, error) {
	file, text, err := readPack(name)
	if err != nil {
		return nil, err
	}
	if source := generatedPack(file); source != nil && !isPath(name) {
		return source.pack(file, text)
	}
	return parsePack(file, text)
}

// isPath tells the path of a file from the name of a built-in pack.
func isPath(name string) bool { return strings.ContainsAny(name, `/\.`) }

func readPack(name string) (file string, text []byte, err error) {
	if !isPath(name) {
		text, err = packFiles.ReadFile("packs/" + name + ".yaml")
		if err != nil {
			return "", nil, fmt.Errorf("there is no such pack; built in are %s; a file is named by its path", strings.Join(List(), ", "))
		}
		return name + ".yaml", text, nil
	}
	info, err := os.Stat(name)
	if err != nil {
		return "", nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxPackSize {
		return "", nil, fmt.Errorf("not a file of at most %d bytes", maxPackSize)
	}
	text, err = os.ReadFile(name)
	return name, text, err
}

// builtin returns the built-in library, made once.
var builtin = sync.OnceValues(func() (*library, error) { return newLibrary(checksFile, generatedChecks()) })

func parsePack(file string, text []byte) (*Pack, error) {
	var source packSource
	if err := loadYAML(file, text, &source); err != nil {
		return nil, err
	}
	return source.pack(file, text)
}

// pack makes the pack of what a file says.
func (source *packSource) pack(file string, text []byte) (*Pack, error) {
	lib, err := builtin()
	if err != nil {
		return nil, err
	}
	if len(source.Checks) > 0 {
		lib = &library{checks: slices.Clone(lib.checks), byID: maps.Clone(lib.byID)}
		if err := lib.add(file, source.Checks); err != nil {
			return nil, err
		}
	}
	p := &Pack{
		ID: source.ID, Title: source.Title, Edition: source.Edition, Effective: source.Effective,
		Question: source.Question, Digest: digest(text),
	}
	if p.ID == "" || p.Title == "" || p.Edition == "" {
		return nil, &Error{File: file, Message: "id, title and edition are required"}
	}
	if p.Params, err = source.Params.params(file); err != nil {
		return nil, err
	}
	if len(source.Rules) == 0 {
		return nil, &Error{File: file, Message: "the pack has no rules"}
	}
	listed := make(map[string]bool, len(source.Rules))
	for i := range source.Rules {
		r, err := source.Rules[i].rule(file, lib)
		if err != nil {
			return nil, err
		}
		if listed[r.Check.ID] {
			return nil, source.Rules[i].Check.errorf(file, "check %q is listed twice", r.Check.ID)
		}
		listed[r.Check.ID] = true
		p.Rules = append(p.Rules, r)
	}
	p.addMandatory(lib, listed)
	return p, compileRules(lib, p.Rules)
}

// mandatory rules are blockers of class evidence in every pack.
var mandatory = [...]string{"doc.readable", "db.full", "cov.any"}

func (p *Pack) addMandatory(lib *library, listed map[string]bool) {
	var first []PackRule
	for _, id := range mandatory {
		if c := lib.byID[id]; !listed[id] && c != nil {
			first = append(first, PackRule{Check: c, Severity: Blocker, Params: c.Params(), NotAssessed: Fail})
		}
	}
	p.Rules = append(first, p.Rules...)
}

func (s *paramsSource) params(file string) (Params, error) {
	p := Params{MaxHigh: 3, RejectAt: "D", AcceptAt: "B", MaxUnassessedShare: 1}
	if s.MaxHigh != nil {
		p.MaxHigh = *s.MaxHigh
	}
	if s.RejectAt != "" {
		p.RejectAt = s.RejectAt
	}
	if s.AcceptAt != "" {
		p.AcceptAt = s.AcceptAt
	}
	if s.MaxUnassessedShare != nil {
		p.MaxUnassessedShare = *s.MaxUnassessedShare
	}
	for _, g := range []string{p.RejectAt, p.AcceptAt} {
		if g != noGrade && (len(g) != 1 || g < "A" || g > "F") {
			return p, &Error{File: file, Message: fmt.Sprintf("params: grade %q is not A to F, or none", g)}
		}
	}
	if p.MaxHigh < 0 || !(p.MaxUnassessedShare >= 0 && p.MaxUnassessedShare <= 1) {
		return p, &Error{File: file, Message: "params: maxHigh must not be negative, maxUnassessedShare must be between 0 and 1"}
	}
	return p, nil
}

func (s *ruleSource) rule(file string, lib *library) (PackRule, error) {
	c := lib.byID[s.Check.Text]
	if c == nil {
		return PackRule{}, s.Check.errorf(file, "there is no check %q", s.Check.Text)
	}
	r := PackRule{Check: c, Severity: s.Severity, Params: c.Params(), NotAssessed: s.NotAssessed}
	if r.Severity == "" {
		r.Severity = c.Severity
	}
	if r.NotAssessed == "" {
		r.NotAssessed = Fail
	}
	switch {
	case r.Severity.rank() < 0:
		return r, s.Check.errorf(file, "check %q: severity %q is not blocker, high, medium, low or info", c.ID, r.Severity)
	case r.NotAssessed != Fail && r.NotAssessed != Warn:
		return r, s.Check.errorf(file, "check %q: notAssessed %q is not fail or warn", c.ID, r.NotAssessed)
	case slices.Contains(mandatory[:], c.ID) && (r.Severity != Blocker || r.NotAssessed != Fail):
		return r, s.Check.errorf(file, "check %q is a blocker in every pack", c.ID)
	}
	for _, name := range sortedKeys(s.Params) {
		v, ok := param(s.Params[name])
		old, known := r.Params[name]
		if name == minShareParam && c.counted() && !known {
			old, known = 0.0, true
		}
		switch {
		case !known:
			return r, s.Check.errorf(file, "check %q has no parameter %q; it has: %s", c.ID, name, strings.Join(c.paramNames(), ", "))
		case !ok || reflect.TypeOf(v) != reflect.TypeOf(old):
			return r, s.Check.errorf(file, "check %q: parameter %q must be of the same type as %v", c.ID, name, old)
		}
		r.Params[name] = v
	}
	return r, nil
}

// The parameters of every check with many subjects.
const (
	limitParam    = "limit"
	minShareParam = "minShare"
)

func (c *Check) paramNames() []string {
	names := sortedKeys(c.params)
	if c.counted() && !slices.Contains(names, minShareParam) {
		names = append(names, minShareParam)
	}
	if len(names) == 0 {
		return []string{"none"}
	}
	return names
}

// digest covers all that a pack's decisions depend on.
func digest(pack []byte) string {
	h := sha256.New()
	checks := sha256.Sum256(checksYAML)
	h.Write(checks[:])
	h.Write(pack)
	return hex.EncodeToString(h.Sum(nil))
}

// loadYAML reads exactly one document strictly; errors name file and line.
func loadYAML(file string, text []byte, out any) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return &Error{File: file, Message: "the file is empty"}
	}
	err := yaml.Load(text, out, yaml.WithKnownFields(), yaml.WithUniqueKeys())
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*Error](err); ok {
		return err
	}
	return &Error{File: file, Message: strings.TrimPrefix(err.Error(), "yaml: ")}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func cloneParams(m map[string]any) map[string]any {
	if m == nil {
		return make(map[string]any)
	}
	return maps.Clone(m)
}
