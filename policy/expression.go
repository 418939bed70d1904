// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/medsbom/medsbom/internal/cel"
)

// The variables that expressions see.
const (
	documentVariable  = "document"
	coverageVariable  = "coverage"
	scoreVariable     = "score"
	databaseVariable  = "database"
	componentVariable = "component"
	findingVariable   = "finding"
	contextVariable   = "context"
	paramsPrefix      = "params."
)

// expression is the source of one expression; empty if the check has none.
type expression struct {
	located

	file string
}

// expressionNames are the keys of a check's expressions, in the order of
// Check.expressions.
var expressionNames = [...]string{"applies", "pass", "warn", "assessed"}

func (c *Check) expressions() [4]*expression {
	return [4]*expression{&c.applies, &c.pass, &c.warn, &c.assessable}
}

// A condition is a compiled expression.
type condition func(*activation) (bool, error)

// conditions are the compiled expressions of one rule; nil where it has none.
type conditions struct {
	applies, pass, warn, assessable condition
	params                          map[string]any // by variable
}

// environment is what expressions may refer to: the facts, and one variable for
// each parameter.
func (lib *library) environment() (*cel.Env, error) {
	env := &cel.Env{
		Variables: map[string]reflect.Type{
			documentVariable: reflect.TypeFor[Document](), coverageVariable: reflect.TypeFor[Coverage](),
			scoreVariable: reflect.TypeFor[Score](), databaseVariable: reflect.TypeFor[Database](),
			componentVariable: reflect.TypeFor[Component](), findingVariable: reflect.TypeFor[Finding](),
			contextVariable: reflect.TypeFor[Context](),
		},
		Methods: map[string]cel.Method{"atLeast": isAtLeast},
	}
	owner := make(map[string]*Check)
	for _, c := range lib.checks {
		for _, name := range sortedKeys(c.params) {
			switch first := owner[name]; {
			case first == nil:
				owner[name] = c
				env.Variables[paramsPrefix+name] = reflect.TypeOf(c.params[name])
			case reflect.TypeOf(first.params[name]) != reflect.TypeOf(c.params[name]):
				return nil, c.pass.errorf(c.pass.file, "check %q: parameter %q has another type than in check %q", c.ID, name, first.ID)
			}
		}
	}
	return env, nil
}

// compileRules compiles the checks that the rules use: those expressions that are
// not written as Go.
func compileRules(lib *library, rules []PackRule) error {
	environment := sync.OnceValues(lib.environment)
	for i := range rules {
		r := &rules[i]
		c := r.Check
		p := &conditions{params: make(map[string]any, len(r.Params))}
		for name, v := range r.Params {
			p.params[paramsPrefix+name] = v
		}
		to := [...]*condition{&p.applies, &p.pass, &p.warn, &p.assessable}
		for i, e := range c.expressions() {
			if e.Text == "" {
				continue
			}
			var err error
			if *to[i], err = c.compile(environment, expressionNames[i], e); err != nil {
				return err
			}
		}
		r.conditions = p
	}
	return nil
}

// compile makes the condition of an expression: it is written as Go, or it is
// compiled from its text.
func (c *Check) compile(environment func() (*cel.Env, error), name string, e *expression) (condition, error) {
	if e.native != nil {
		return func(a *activation) (bool, error) { return e.native(a), nil }, nil
	}
	env, err := environment()
	if err != nil {
		return nil, err
	}
	program, err := env.Compile(e.Text)
	if wrong, ok := errors.AsType[*cel.Error](err); ok {
		at := e.at(wrong.Line, wrong.Column)
		return nil, at.errorf(e.file, "check %q: %s: %s", c.ID, name, wrong.Message)
	}
	if err != nil {
		return nil, err
	}
	if err := c.mayUse(name, e, program); err != nil {
		return nil, err
	}
	return func(a *activation) (bool, error) {
		out, err := program.Eval(a.resolve)
		return out == true, err
	}, nil
}

// mayUse checks what an expression gives and what it refers to.
func (c *Check) mayUse(name string, e *expression, program *cel.Program) error {
	if program.Type != "bool" {
		return e.errorf(e.file, "check %q: %s gives %s, not true or false", c.ID, name, program.Type)
	}
	for _, variable := range program.Variables {
		param, isParam := strings.CutPrefix(variable, paramsPrefix)
		_, declared := c.params[param]
		switch {
		case isParam && !declared:
			return e.errorf(e.file, "check %q: %s uses the parameter %q, which the check does not declare", c.ID, name, param)
		case variable == componentVariable && (c.Scope != ScopeComponent || e == &c.assessable),
			variable == findingVariable && (c.Scope != ScopeFinding || e == &c.assessable):
			return e.errorf(e.file, "check %q: %s uses %s, which scope %s does not have there", c.ID, name, variable, c.Scope)
		}
	}
	return nil
}

// at turns a place within the expression (line from 1, column from 0) into one
// in the file. In a block scalar the indentation is not known, so that only the
// line is given; a folded one may have been on several lines.
func (e *expression) at(line, column int) located {
	switch {
	case e.block:
		return located{Line: e.Line + line}
	case line > 1:
		return located{Line: e.Line + line - 1}
	case e.quoted:
		column++
	}
	return located{Line: e.Line, Column: e.Column + column}
}

// activation gives an expression its variables without a map of them.
type activation struct {
	facts     *Facts
	component *Component
	finding   *Finding
	params    map[string]any
}

// resolve gives the value of a variable.
func (a *activation) resolve(name string) (any, bool) {
	switch name {
	case documentVariable:
		return &a.facts.Document, true
	case coverageVariable:
		return &a.facts.Coverage, true
	case scoreVariable:
		return &a.facts.Score, true
	case databaseVariable:
		return &a.facts.Database, true
	case componentVariable:
		return a.component, a.component != nil
	case findingVariable:
		return a.finding, a.finding != nil
	case contextVariable:
		return &a.facts.Context, true
	}
	v, ok := a.params[name]
	return v, ok
}

// holds asks a condition; a nil one has the value otherwise.
func (a *activation) holds(c condition, otherwise bool) (bool, error) {
	if c == nil {
		return otherwise, nil
	}
	return c(a)
}

// number, text and flag give a parameter to an expression that is written as Go.
// Load has seen to it that the parameter is there and of its type.
func (a *activation) number(name string) float64 { v, _ := a.params[name].(float64); return v }
func (a *activation) text(name string) string    { v, _ := a.params[name].(string); return v }
func (a *activation) flag(name string) bool      { v, _ := a.params[name].(bool); return v }

// isAtLeast compares dotted numbers: "1.10" is at least "1.9". What is not made
// of dotted numbers is at least nothing.
func isAtLeast(have, want string) bool {
	a, okA := dotted(have)
	b, okB := dotted(want)
	return okA && okB && slices.Compare(a, b) >= 0
}

func dotted(s string) ([]int, bool) {
	parts := strings.Split(s, ".")
	out := make([]int, len(parts))
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 {
			return nil, false
		}
		out[i] = n
	}
	return out, true
}
