// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/ext"
)

// costLimit bounds one evaluation of an expression, in CEL's units (about one a
// node visited). The built-in ones need less than 50.
const costLimit = 10_000

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

// environment makes the CEL environment of the library: the types of the facts
// and one variable for each parameter.
func (lib *library) environment() (*cel.Env, error) {
	options := []cel.EnvOption{
		ext.NativeTypes(
			reflect.TypeFor[Document](), reflect.TypeFor[Coverage](), reflect.TypeFor[Score](),
			reflect.TypeFor[Database](), reflect.TypeFor[Component](), reflect.TypeFor[Finding](),
			reflect.TypeFor[Context](),
			ext.ParseStructTags(true),
		),
		cel.CrossTypeNumericComparisons(true),
		cel.ParserExpressionSizeLimit(4096),
		cel.ParserRecursionLimit(64),
		cel.Function("atLeast", cel.MemberOverload("string_at_least_string",
			[]*cel.Type{cel.StringType, cel.StringType}, cel.BoolType, cel.BinaryBinding(atLeast))),
	}
	for _, name := range []string{
		documentVariable, coverageVariable, scoreVariable, databaseVariable, componentVariable, findingVariable,
		contextVariable,
	} {
		options = append(options, cel.Variable(name, variableType(name)))
	}
	owner := make(map[string]*Check)
	for _, c := range lib.checks {
		for _, name := range sortedKeys(c.params) {
			switch first := owner[name]; {
			case first == nil:
				owner[name] = c
				options = append(options, cel.Variable(paramsPrefix+name, paramType(c.params[name])))
			case reflect.TypeOf(first.params[name]) != reflect.TypeOf(c.params[name]):
				return nil, c.pass.errorf(c.pass.file, "check %q: parameter %q has another type than in check %q", c.ID, name, first.ID)
			}
		}
	}
	env, err := cel.NewEnv(options...)
	if err != nil {
		return nil, fmt.Errorf("making the CEL environment: %w", err)
	}
	return env, nil
}

// variableType is the type of a variable that holds facts, nil of any other.
func variableType(name string) *cel.Type {
	switch name {
	case documentVariable:
		return cel.ObjectType("policy.Document")
	case coverageVariable:
		return cel.ObjectType("policy.Coverage")
	case scoreVariable:
		return cel.ObjectType("policy.Score")
	case databaseVariable:
		return cel.ObjectType("policy.Database")
	case componentVariable:
		return cel.ObjectType("policy.Component")
	case findingVariable:
		return cel.ObjectType("policy.Finding")
	case contextVariable:
		return cel.ObjectType("policy.Context")
	}
	return nil
}

func paramType(v any) *cel.Type {
	switch v.(type) {
	case string:
		return cel.StringType
	case bool:
		return cel.BoolType
	}
	return cel.DoubleType
}

// compileRules compiles the checks that the rules use. CEL is set up only if
// there is an expression that is not written as Go.
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
	checked, err := c.parse(env, name, e)
	if err != nil {
		return nil, err
	}
	program, err := env.Program(checked, cel.CostLimit(costLimit))
	if err != nil {
		return nil, e.errorf(e.file, "check %q: %s: %v", c.ID, name, err)
	}
	return func(a *activation) (bool, error) { return a.run(program) }, nil
}

// parse parses and checks an expression and what it may refer to.
func (c *Check) parse(env *cel.Env, name string, e *expression) (*cel.Ast, error) {
	checked, issues := env.Compile(e.Text)
	if issues.Err() != nil {
		first := issues.Errors()[0]
		at := e.at(first.Location.Line(), first.Location.Column())
		return nil, at.errorf(e.file, "check %q: %s: %s", c.ID, name, first.Message)
	}
	if checked.OutputType() != cel.BoolType {
		return nil, e.errorf(e.file, "check %q: %s gives %s, not true or false", c.ID, name, checked.OutputType())
	}
	for _, variable := range variables(checked) {
		param, isParam := strings.CutPrefix(variable, paramsPrefix)
		_, declared := c.params[param]
		switch {
		case isParam && !declared:
			return nil, e.errorf(e.file, "check %q: %s uses the parameter %q, which the check does not declare", c.ID, name, param)
		case variable == componentVariable && (c.Scope != ScopeComponent || e == &c.assessable),
			variable == findingVariable && (c.Scope != ScopeFinding || e == &c.assessable):
			return nil, e.errorf(e.file, "check %q: %s uses %s, which scope %s does not have there", c.ID, name, variable, c.Scope)
		}
	}
	return checked, nil
}

// variables are the names that an expression refers to, sorted.
func variables(ast *cel.Ast) []string {
	var names []string
	for _, r := range ast.NativeRep().ReferenceMap() {
		if r.Name != "" {
			names = append(names, r.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
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

// ResolveName implements cel.Activation.
func (a *activation) ResolveName(name string) (any, bool) {
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

// Parent implements cel.Activation.
func (a *activation) Parent() cel.Activation { return nil }

// holds asks a condition; a nil one has the value otherwise.
func (a *activation) holds(c condition, otherwise bool) (bool, error) {
	if c == nil {
		return otherwise, nil
	}
	return c(a)
}

// run evaluates a program of CEL.
func (a *activation) run(p cel.Program) (bool, error) {
	out, _, err := p.Eval(a)
	if err != nil {
		return false, err
	}
	b, ok := out.Value().(bool)
	if !ok {
		return false, fmt.Errorf("gave %v, not true or false", out.Value())
	}
	return b, nil
}

// number, text and flag give a parameter to an expression that is written as Go.
// Load has seen to it that the parameter is there and of its type.
func (a *activation) number(name string) float64 { v, _ := a.params[name].(float64); return v }
func (a *activation) text(name string) string    { v, _ := a.params[name].(string); return v }
func (a *activation) flag(name string) bool      { v, _ := a.params[name].(bool); return v }

// atLeast compares dotted numbers: "1.10" is at least "1.9". What is not made
// of dotted numbers is at least nothing.
func atLeast(have, want ref.Val) ref.Val {
	h, ok := have.Value().(string)
	w, ok2 := want.Value().(string)
	if !ok || !ok2 {
		return types.MaybeNoSuchOverloadErr(have)
	}
	return types.Bool(isAtLeast(h, w))
}

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
