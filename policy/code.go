// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
)

// Code is a parsed and checked expression as text, so that the built-in checks
// need neither YAML nor CEL's parser when the program starts: those cost more
// than the scan of a small document. checks_gen.go holds it; a test makes it
// from checks.yaml and fails if the two differ.
//
// The form is the tree, parents first, as words with one space between:
//
//	i NAME                     variable, "document" or "params.limit"
//	s FIELD <operand>          field selection
//	c FUNCTION OVERLOADS N …   call with N arguments; overloads joined by ","
//	m FUNCTION OVERLOADS N …   the same with the receiver before the arguments
//	l N …                      list
//	b true, n 3, f 0.5, t "x"  literals; a space in a text is \x20

// errCode is returned for what has no code: macros, maps, messages, and types
// as values. Such an expression is compiled when it is used.
var errCode = errors.New("expression has no code")

// encode returns the code of a checked expression.
func encode(checked *cel.Ast) (string, error) {
	tree := checked.NativeRep()
	var b strings.Builder
	if err := encodeNode(&b, tree.Expr(), tree.ReferenceMap()); err != nil {
		return "", err
	}
	return strings.TrimPrefix(b.String(), " "), nil
}

func encodeNode(b *strings.Builder, e ast.Expr, refs map[int64]*ast.ReferenceInfo) error {
	var children []ast.Expr
	switch e.Kind() {
	case ast.IdentKind:
		r := refs[e.ID()]
		if r == nil || variableType(r.Name) == nil && !strings.HasPrefix(r.Name, paramsPrefix) {
			return errCode
		}
		fmt.Fprintf(b, " i %s", r.Name)
	case ast.SelectKind:
		s := e.AsSelect()
		if r := refs[e.ID()]; r != nil {
			fmt.Fprintf(b, " i %s", r.Name)
			return nil
		}
		if s.IsTestOnly() {
			return errCode
		}
		fmt.Fprintf(b, " s %s", s.FieldName())
		children = append(children, s.Operand())
	case ast.CallKind:
		c := e.AsCall()
		r := refs[e.ID()]
		if r == nil || len(r.OverloadIDs) == 0 {
			return errCode
		}
		op := "c"
		if c.IsMemberFunction() {
			op = "m"
			children = append(children, c.Target())
		}
		children = append(children, c.Args()...)
		fmt.Fprintf(b, " %s %s %s %d", op, c.FunctionName(), strings.Join(r.OverloadIDs, ","), len(c.Args()))
	case ast.ListKind:
		l := e.AsList()
		if len(l.OptionalIndices()) > 0 {
			return errCode
		}
		children = l.Elements()
		fmt.Fprintf(b, " l %d", len(children))
	case ast.LiteralKind:
		switch v := e.AsLiteral().(type) {
		case types.Bool:
			fmt.Fprintf(b, " b %t", bool(v))
		case types.Int:
			fmt.Fprintf(b, " n %d", int64(v))
		case types.Double:
			fmt.Fprintf(b, " f %s", strconv.FormatFloat(float64(v), 'g', -1, 64))
		case types.String:
			fmt.Fprintf(b, " t %s", strings.ReplaceAll(strconv.QuoteToASCII(string(v)), " ", `\x20`))
		default:
			return errCode
		}
	case ast.UnspecifiedExprKind, ast.ComprehensionKind, ast.MapKind, ast.StructKind:
		return errCode
	}
	for _, c := range children {
		if err := encodeNode(b, c, refs); err != nil {
			return err
		}
	}
	return nil
}

// decode makes the tree of a code again.
func decode(code string) (*ast.AST, error) {
	d := decoder{
		words: code, factory: ast.NewExprFactory(),
		refs: make(map[int64]*ast.ReferenceInfo), types: make(map[int64]*types.Type),
	}
	root := d.node()
	if d.bad || d.words != "" {
		return nil, fmt.Errorf("code %q is not valid", code)
	}
	return ast.NewCheckedAST(ast.NewAST(root, ast.NewSourceInfo(nil)), d.types, d.refs), nil
}

type decoder struct {
	words   string // what is left
	factory ast.ExprFactory
	refs    map[int64]*ast.ReferenceInfo
	types   map[int64]*types.Type // of the variables whose fields are selected
	id      int64
	depth   int
	bad     bool
}

func (d *decoder) word() string {
	w, rest, _ := strings.Cut(d.words, " ")
	d.words = rest
	d.bad = d.bad || w == ""
	return w
}

// maxCodeDepth and maxCodeArgs are far above what the parser's own limits let
// through.
const (
	maxCodeDepth = 200
	maxCodeArgs  = 1000
)

func (d *decoder) nodes(n int) []ast.Expr {
	if n < 0 || n > maxCodeArgs {
		d.bad = true
		return nil
	}
	out := make([]ast.Expr, 0, n)
	for range n {
		out = append(out, d.node())
		if d.bad {
			return out
		}
	}
	return out
}

func (d *decoder) count() int {
	n, err := strconv.Atoi(d.word())
	d.bad = d.bad || err != nil
	return n
}

func (d *decoder) node() ast.Expr {
	d.id++
	id := d.id
	d.depth++
	defer func() { d.depth-- }()
	if d.depth > maxCodeDepth {
		d.bad = true
	}
	op := d.word()
	if d.bad {
		return d.factory.NewUnspecifiedExpr(id)
	}
	switch op {
	case "i":
		name := d.word()
		d.refs[id] = ast.NewIdentReference(name, nil)
		if t := variableType(name); t != nil {
			d.types[id] = t
		}
		return d.factory.NewIdent(id, name)
	case "s":
		field := d.word()
		return d.factory.NewSelect(id, d.node(), field)
	case "c", "m":
		function := d.word()
		d.refs[id] = ast.NewFunctionReference(strings.Split(d.word(), ",")...)
		n := d.count()
		if op == "c" {
			return d.factory.NewCall(id, function, d.nodes(n)...)
		}
		receiver := d.node()
		return d.factory.NewMemberCall(id, function, receiver, d.nodes(n)...)
	case "l":
		return d.factory.NewList(id, d.nodes(d.count()), nil)
	}
	return d.literal(id, op, d.word())
}

func (d *decoder) literal(id int64, op, word string) ast.Expr {
	var err error
	switch op {
	case "b":
		return d.factory.NewLiteral(id, types.Bool(word == "true"))
	case "n":
		var n int64
		if n, err = strconv.ParseInt(word, 10, 64); err == nil {
			return d.factory.NewLiteral(id, types.Int(n))
		}
	case "f":
		var f float64
		if f, err = strconv.ParseFloat(word, 64); err == nil {
			return d.factory.NewLiteral(id, types.Double(f))
		}
	case "t":
		var s string
		if s, err = strconv.Unquote(word); err == nil {
			return d.factory.NewLiteral(id, types.String(s))
		}
	}
	d.bad = true
	return d.factory.NewUnspecifiedExpr(id)
}
