// SPDX-License-Identifier: Apache-2.0

package cel

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
)

var (
	errOverflow = errors.New("integer overflow")
	errZero     = errors.New("division by zero")
)

// operator compiles all operators but && and ||.
func (c *compiler) operator(n *node) (step, typ) {
	steps, types := make([]step, len(n.args)), make([]typ, len(n.args))
	for i, a := range n.args {
		steps[i], types[i] = c.compile(a)
	}
	if c.err != nil {
		return nil, typ{kind: unknown}
	}
	apply, result := operation(n.op, types)
	if apply == nil {
		name := "_" + n.op + "_"
		switch n.op {
		case opNot:
			name = "!_"
		case opMinus:
			name = "-_"
		case opIndex:
			name = "_[_]"
		case "in":
			name = "@in"
		}
		return c.noOverload(n, name, types...)
	}
	return func(f *frame) (any, error) {
		a, err := steps[0](f)
		if err != nil {
			return nil, err
		}
		var b any
		if len(steps) > 1 {
			if b, err = steps[1](f); err != nil {
				return nil, err
			}
		}
		return f.charged(apply(f, a, b))
	}, result
}

// charged stops an evaluation that has become too dear.
func (f *frame) charged(v any, err error) (any, error) {
	if f.cost > maxCost {
		return nil, errCost
	}
	return v, err
}

// operation gives what an operator does to values of such types and the type of
// what comes out, nil if it does not take them.
func operation(op string, types []typ) (apply func(f *frame, a, b any) (any, error), result typ) {
	t := types[0]
	u := types[len(types)-1]
	truth := typ{kind: boolean}
	switch op {
	case opNot:
		if t.kind == boolean {
			return func(_ *frame, a, _ any) (any, error) { return a == false, nil }, truth
		}
	case opMinus:
		switch t.kind {
		case integer:
			return func(_ *frame, a, _ any) (any, error) { return subtract(0, a.(int64)) }, t
		case double:
			return func(_ *frame, a, _ any) (any, error) { return -a.(float64), nil }, t
		default:
		}
	case "==", "!=":
		if t.same(u) {
			return func(f *frame, a, b any) (any, error) { return f.equal(a, b) == (op == "=="), nil }, truth
		}
	case "<", "<=", ">", ">=":
		if t.isNumber() && u.isNumber() || t.kind == u.kind && (t.kind == boolean || t.kind == text) {
			return func(_ *frame, a, b any) (any, error) { return ordered(op, a, b), nil }, truth
		}
	case "in":
		switch {
		case u.kind == list && t.same(*u.elem):
			return func(f *frame, a, b any) (any, error) {
				return slices.ContainsFunc(b.([]any), func(e any) bool { return f.equal(a, e) }), nil
			}, truth
		case u.kind == mapping && t.kind == text:
			return func(_ *frame, a, b any) (any, error) {
				_, ok := b.(map[string]int)[a.(string)]
				return ok, nil
			}, truth
		}
	case opIndex:
		switch {
		case t.kind == list && u.kind == integer:
			return func(_ *frame, a, b any) (any, error) {
				all, i := a.([]any), b.(int64)
				if i < 0 || i >= int64(len(all)) {
					return nil, fmt.Errorf("index out of bounds: %d", i)
				}
				return all[i], nil
			}, *t.elem
		case t.kind == mapping && u.kind == text:
			return func(_ *frame, a, b any) (any, error) { return entry(a, b.(string)) }, typ{kind: integer}
		}
	default:
		return arithmetic(op, t, u)
	}
	return nil, typ{}
}

func arithmetic(op string, t, u typ) (apply func(f *frame, a, b any) (any, error), result typ) {
	if !t.same(u) {
		return nil, typ{}
	}
	switch t.kind {
	case integer:
		return func(_ *frame, a, b any) (any, error) { return whole(op, a.(int64), b.(int64)) }, t
	case double:
		if op != "%" {
			return func(_ *frame, a, b any) (any, error) { return broken(op, a.(float64), b.(float64)), nil }, t
		}
	case text:
		if op == "+" {
			return func(f *frame, a, b any) (any, error) {
				sum := a.(string) + b.(string)
				f.cost += len(sum) / bytesPerCost
				return sum, nil
			}, t
		}
	case list:
		if op == "+" {
			if t.vague() {
				t = u
			}
			return func(f *frame, a, b any) (any, error) {
				sum := slices.Concat(a.([]any), b.([]any))
				f.cost += len(sum)
				return sum, nil
			}, t
		}
	default:
	}
	return nil, typ{}
}

func subtract(a, b int64) (any, error) {
	if d := a - b; (d < a) == (b > 0) {
		return d, nil
	}
	return nil, errOverflow
}

// whole calculates with ints; what does not fit one is an error.
func whole(op string, a, b int64) (any, error) {
	switch op {
	case "+":
		if s := a + b; (s > a) == (b > 0) {
			return s, nil
		}
	case "-":
		return subtract(a, b)
	case "*":
		if a == 0 || b == 0 {
			return int64(0), nil
		}
		if p := a * b; p/b == a && (a != -1 || b != math.MinInt64) && (b != -1 || a != math.MinInt64) {
			return p, nil
		}
	case "/", "%":
		switch {
		case b == 0 && op == "%":
			return nil, errors.New("modulus by zero")
		case b == 0:
			return nil, errZero
		case a == math.MinInt64 && b == -1:
		case op == "/":
			return a / b, nil
		default:
			return a % b, nil
		}
	}
	return nil, errOverflow
}

func broken(op string, a, b float64) float64 {
	switch op {
	case "+":
		return a + b
	case "-":
		return a - b
	case "*":
		return a * b
	default:
		return a / b
	}
}

// entry is what a map of facts has under a key.
func entry(m any, key string) (any, error) {
	n, ok := m.(map[string]int)[key]
	if !ok {
		return nil, fmt.Errorf("no such key: %s", key)
	}
	return int64(n), nil
}

// equal compares values of one type. It counts, and ends early once it is too
// dear: an element may be in a list many times over.
func (f *frame) equal(a, b any) bool {
	if f.cost++; f.cost > maxCost {
		return false
	}
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, f.equal)
	case map[string]int:
		b, ok := b.(map[string]int)
		return ok && len(a) == len(b) && (len(a) == 0 || reflect.DeepEqual(a, b))
	case reflect.Value:
		b, ok := b.(reflect.Value)
		return ok && reflect.DeepEqual(a.Interface(), b.Interface())
	default:
		return a == b
	}
}

// ordered compares two numbers, texts or truths.
func ordered(op string, a, b any) bool {
	var less, more bool
	switch a := a.(type) {
	case string:
		less, more = a < b.(string), a > b.(string)
	case bool:
		less, more = !a && b.(bool), a && !b.(bool)
	case int64:
		if b, ok := b.(int64); ok {
			less, more = a < b, a > b
			break
		}
		c, ok := compareMixed(a, b.(float64))
		if !ok {
			return false
		}
		less, more = c < 0, c > 0
	case float64:
		if b, ok := b.(int64); ok {
			c, ok := compareMixed(b, a)
			if !ok {
				return false
			}
			less, more = c > 0, c < 0
			break
		}
		if less, more = a < b.(float64), a > b.(float64); math.IsNaN(a) || math.IsNaN(b.(float64)) {
			return false
		}
	}
	switch op {
	case "<":
		return less
	case "<=":
		return !more
	case ">":
		return more
	default:
		return !less
	}
}

// compareMixed compares a whole number with a broken one as float64, which is
// what CEL does; ok is false if that is no number.
func compareMixed(a int64, b float64) (c int, ok bool) {
	switch {
	case math.IsNaN(b):
		return 0, false
	case b > math.MaxInt64:
		return -1, true
	case b < math.MinInt64:
		return 1, true
	}
	switch f := float64(a); {
	case f < b:
		return -1, true
	case f > b:
		return 1, true
	}
	return 0, true
}
