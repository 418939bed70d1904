// SPDX-License-Identifier: Apache-2.0

package cel

import (
	"errors"
	"reflect"
	"slices"
	"strings"
)

// compiler turns the tree into steps and tells their types.
type compiler struct {
	env    *Env
	locals []local
	used   map[string]bool
	err    error
}

// local is a variable of a macro; its number is its place in frame.locals.
type local struct {
	name string
	typ  typ
}

func (c *compiler) fail(at place, format string, args ...any) (step, typ) {
	if c.err == nil {
		c.err = at.errorf(format, args...)
	}
	return nil, typ{kind: unknown}
}

// noOverload says that an operator or function does not take such operands.
func (c *compiler) noOverload(n *node, name string, types ...typ) (step, typ) {
	words := make([]string, len(types))
	for i, t := range types {
		words[i] = t.String()
	}
	return c.fail(n.at, "found no matching overload for '%s' applied to '(%s)'", name, strings.Join(words, ", "))
}

var errCost = errors.New("operation cancelled: actual cost limit exceeded")

// compile gives the step of a node, which counts.
func (c *compiler) compile(n *node) (step, typ) {
	if c.err != nil {
		return nil, typ{kind: unknown}
	}
	s, t := c.node(n)
	return func(f *frame) (any, error) {
		if f.cost++; f.cost > maxCost {
			return nil, errCost
		}
		return s(f)
	}, t
}

func (c *compiler) node(n *node) (step, typ) {
	switch n.op {
	case opLiteral:
		v := n.value
		t := typ{}
		if v != nil {
			t, _ = typeOf(reflect.TypeOf(v))
			if _, ok := v.(int64); ok {
				t = typ{kind: integer}
			}
		}
		return func(*frame) (any, error) { return v, nil }, t
	case opName:
		if s, t, ok := c.named(n.name); ok {
			return s, t
		}
		return c.fail(n.at, "undeclared reference to '%s' (in container '')", n.name)
	case opField:
		return c.field(n)
	case opList:
		return c.list(n)
	case opCall:
		return c.call(n)
	case opIf:
		return c.conditional(n)
	case "&&", "||":
		return c.logic(n)
	default:
		return c.operator(n)
	}
}

// named gives a variable of a macro around or of the environment.
func (c *compiler) named(name string) (step, typ, bool) {
	for i, l := range slices.Backward(c.locals) {
		if l.name == name {
			return func(f *frame) (any, error) { return f.locals[i], nil }, l.typ, true
		}
	}
	of, ok := c.env.Variables[name]
	if !ok {
		return nil, typ{}, false
	}
	t, ok := typeOf(of)
	c.used[name] = true
	return variable(name), t, ok
}

// dotted is a name with dots, which may be that of a variable; "" if it is none.
func (c *compiler) dotted(n *node) string {
	if n.op == opName {
		if slices.ContainsFunc(c.locals, func(l local) bool { return l.name == n.name }) {
			return ""
		}
		return n.name
	}
	if n.op != opField {
		return ""
	}
	if before := c.dotted(n.target); before != "" {
		return before + "." + n.name
	}
	return ""
}

func (c *compiler) field(n *node) (step, typ) {
	if name := c.dotted(n); name != "" {
		if s, t, ok := c.named(name); ok {
			return s, t
		}
	}
	of, t := c.compile(n.target)
	if c.err != nil {
		return of, t
	}
	switch t.kind {
	case mapping:
		return func(f *frame) (any, error) {
			v, err := of(f)
			if err != nil {
				return nil, err
			}
			return entry(v, n.name)
		}, typ{kind: integer}
	case structure:
		i, t := fieldOf(t.of, n.name)
		if i < 0 {
			return c.fail(n.at, "undefined field '%s'", n.name)
		}
		return func(f *frame) (any, error) {
			v, err := of(f)
			if err != nil {
				return nil, err
			}
			return valueOf(v.(reflect.Value).Field(i)), nil
		}, t
	default:
		return c.fail(n.at, "type '%s' does not support field selection", t)
	}
}

// fieldOf finds a field by its tag, -1 if there is none.
func fieldOf(of reflect.Type, name string) (int, typ) {
	for i := range of.NumField() {
		if f := of.Field(i); f.Tag.Get("cel") == name {
			if t, ok := typeOf(f.Type); ok {
				return i, t
			}
		}
	}
	return -1, typ{}
}

func (c *compiler) list(n *node) (step, typ) {
	elem := typ{kind: unknown}
	steps := make([]step, len(n.args))
	for i, a := range n.args {
		s, t := c.compile(a)
		if c.err != nil {
			return s, t
		}
		if i > 0 && !t.same(elem) {
			return c.fail(a.at, "a list of %s and %s: its elements are of one type", elem, t)
		}
		if i == 0 || elem.vague() {
			elem = t
		}
		steps[i] = s
	}
	return func(f *frame) (any, error) {
		out := make([]any, len(steps))
		for i, s := range steps {
			var err error
			if out[i], err = s(f); err != nil {
				return nil, err
			}
		}
		return out, nil
	}, typ{kind: list, elem: &elem}
}

// vague reports a type of which some part is not known.
func (t typ) vague() bool { return t.kind == unknown || t.kind == list && t.elem.vague() }

func (c *compiler) conditional(n *node) (step, typ) {
	if0, t0 := c.compile(n.args[0])
	yes, t1 := c.compile(n.args[1])
	no, t2 := c.compile(n.args[2])
	switch {
	case c.err != nil:
		return yes, t1
	case t0.kind != boolean || !t1.same(t2):
		return c.noOverload(n, "_?_:_", t0, t1, t2)
	case t1.vague():
		t1 = t2
	}
	return func(f *frame) (any, error) {
		v, err := if0(f)
		if err != nil {
			return nil, err
		}
		if v == true {
			return yes(f)
		}
		return no(f)
	}, t1
}

// logic is && or ||: what decides on its own does so even if the other side is
// an error, on whichever side it stands.
func (c *compiler) logic(n *node) (step, typ) {
	left, t := c.compile(n.args[0])
	right, u := c.compile(n.args[1])
	if c.err != nil {
		return left, t
	}
	if t.kind != boolean || u.kind != boolean {
		return c.noOverload(n, "_"+n.op+"_", t, u)
	}
	decides := n.op == "||"
	return func(f *frame) (any, error) {
		a, errA := left(f)
		if errA == nil && a == decides {
			return a, nil
		}
		b, errB := right(f)
		switch {
		case errB == nil && b == decides:
			return b, nil
		case errA != nil:
			return nil, errA
		default:
			return b, errB
		}
	}, typ{kind: boolean}
}
