// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// The built-in checks' expressions are written as Go, so that a scan with
// built-in packs reads no YAML and compiles nothing. What stands here makes that Go from checked CEL.
// Both mean the same only for what is listed here; nothing of it can fail.

// errNative is returned for what is not written as Go. Such an expression is
// compiled by CEL when it is used.
var errNative = errors.New("expression is not written as Go")

// toGo returns a checked expression as a Go expression on the activation a.
func toGo(lib *library, checked *cel.Ast) (string, error) {
	w := goWriter{tree: checked.NativeRep(), params: make(map[string]any)}
	for _, c := range lib.checks {
		for name, v := range c.params {
			w.params[paramsPrefix+name] = v
		}
	}
	text := w.write(w.tree.Expr())
	if w.bad {
		return "", errNative
	}
	return text, nil
}

type goWriter struct {
	tree   *ast.AST
	params map[string]any // by variable; they tell the types
	bad    bool
}

func (w *goWriter) fail() string { w.bad = true; return "" }

func (w *goWriter) write(e ast.Expr) string {
	switch e.Kind() {
	case ast.IdentKind, ast.SelectKind:
		if r := w.tree.ReferenceMap()[e.ID()]; r != nil {
			return w.variable(r.Name)
		}
		if e.Kind() == ast.SelectKind && !e.AsSelect().IsTestOnly() {
			return w.field(e.AsSelect())
		}
	case ast.CallKind:
		return w.call(e.AsCall())
	case ast.LiteralKind:
		switch v := e.AsLiteral().(type) {
		case types.Bool:
			return strconv.FormatBool(bool(v))
		case types.Int:
			return strconv.FormatInt(int64(v), 10)
		case types.Double:
			return strconv.FormatFloat(float64(v), 'g', -1, 64)
		case types.String:
			return strconv.Quote(string(v))
		}
	case ast.UnspecifiedExprKind, ast.ListKind, ast.ComprehensionKind, ast.MapKind, ast.StructKind:
	}
	return w.fail()
}

var factVariables = map[string]struct {
	text string
	of   reflect.Type
}{
	documentVariable:  {"a.facts.Document", reflect.TypeFor[Document]()},
	coverageVariable:  {"a.facts.Coverage", reflect.TypeFor[Coverage]()},
	scoreVariable:     {"a.facts.Score", reflect.TypeFor[Score]()},
	databaseVariable:  {"a.facts.Database", reflect.TypeFor[Database]()},
	componentVariable: {"a.component", reflect.TypeFor[Component]()},
	contextVariable:   {"a.facts.Context", reflect.TypeFor[Context]()},
	findingVariable:   {"a.finding", reflect.TypeFor[Finding]()},
}

func (w *goWriter) variable(name string) string {
	if v, ok := factVariables[name]; ok {
		return v.text
	}
	switch w.params[name].(type) {
	case float64:
		return fmt.Sprintf("a.number(%q)", name)
	case string:
		return fmt.Sprintf("a.text(%q)", name)
	case bool:
		return fmt.Sprintf("a.flag(%q)", name)
	}
	return w.fail()
}

func (w *goWriter) field(s ast.SelectExpr) string {
	if s.Operand().Kind() != ast.IdentKind {
		return w.fail()
	}
	v, ok := factVariables[s.Operand().AsIdent()]
	if !ok {
		return w.fail()
	}
	for f := range v.of.Fields() {
		if f.Tag.Get("cel") == s.FieldName() {
			return v.text + "." + f.Name
		}
	}
	return w.fail()
}

var goOperators = map[string]string{
	operators.LogicalAnd: "&&", operators.LogicalOr: "||", operators.Equals: "==", operators.NotEquals: "!=",
	operators.Less: "<", operators.LessEquals: "<=", operators.Greater: ">", operators.GreaterEquals: ">=",
	operators.Add: "+",
}

func (w *goWriter) call(c ast.CallExpr) string {
	name, args := c.FunctionName(), c.Args()
	switch {
	case c.IsMemberFunction() && name == "atLeast" && len(args) == 1:
		return fmt.Sprintf("isAtLeast(%s, %s)", w.write(c.Target()), w.write(args[0]))
	case c.IsMemberFunction():
	case name == operators.LogicalNot:
		return "!" + w.write(args[0])
	case name == operators.In && args[1].Kind() == ast.ListKind:
		var list []string
		for _, e := range args[1].AsList().Elements() {
			list = append(list, fmt.Sprintf("%s == %s", w.write(args[0]), w.write(e)))
		}
		if len(list) > 0 {
			return "(" + strings.Join(list, " || ") + ")"
		}
	case goOperators[name] != "":
		return w.operation(goOperators[name], args[0], args[1])
	}
	return w.fail()
}

func (w *goWriter) operation(op string, left, right ast.Expr) string {
	l, r := w.kind(left), w.kind(right)
	if op == "+" && l != types.IntKind { // sums of counts alone: CEL's and Go's cannot overflow differently
		return w.fail()
	}
	whole, broken := types.IntKind, types.DoubleKind
	numbers := (l == whole || l == broken) && (r == whole || r == broken)
	text := [2]string{w.write(left), w.write(right)}
	switch {
	case l == whole && r == broken && left.Kind() != ast.LiteralKind:
		text[0] = "float64(" + text[0] + ")"
	case l == broken && r == whole && right.Kind() != ast.LiteralKind:
		text[1] = "float64(" + text[1] + ")"
	case l != r && !numbers:
		return w.fail()
	case l != types.BoolKind && l != types.StringKind && l != whole && l != broken:
		return w.fail()
	}
	return "(" + text[0] + " " + op + " " + text[1] + ")"
}

func (w *goWriter) kind(e ast.Expr) types.Kind { return w.tree.GetType(e.ID()).Kind() }
