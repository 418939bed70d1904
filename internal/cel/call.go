// SPDX-License-Identifier: Apache-2.0

package cel

import (
	"errors"
	"maps"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// call compiles functions, methods and macros.
func (c *compiler) call(n *node) (step, typ) {
	if n.target == nil && n.name == "has" && len(n.args) == 1 {
		return c.has(n)
	}
	if n.target != nil {
		switch {
		case len(n.args) == 2 && slices.Contains([]string{"all", "exists", "exists_one", "filter", "map"}, n.name),
			len(n.args) == 3 && n.name == "map":
			return c.macro(n)
		}
	}
	args := n.args
	if n.target != nil {
		args = append([]*node{n.target}, args...)
	}
	steps, types := make([]step, len(args)), make([]typ, len(args))
	for i, a := range args {
		steps[i], types[i] = c.compile(a)
	}
	if c.err != nil {
		return nil, typ{kind: unknown}
	}
	apply, result := c.function(n, types)
	if n.name == "matches" && apply != nil && args[1].op == opLiteral {
		re, err := regexp.Compile(args[1].value.(string))
		if err != nil {
			return c.fail(args[1].at, "%v", err)
		}
		apply = matching(re)
	}
	if apply == nil {
		return c.noOverload(n, n.name, types...)
	}
	return func(f *frame) (any, error) {
		values := make([]any, len(steps))
		for i, s := range steps {
			var err error
			if values[i], err = s(f); err != nil {
				return nil, err
			}
			if s, ok := values[i].(string); ok {
				f.cost += len(s) / bytesPerCost
			}
		}
		return f.charged(apply(f, values))
	}, result
}

// function gives what a function does to arguments of such types, a method's
// target the first of them; nil if there is none.
func (c *compiler) function(n *node, types []typ) (apply func(*frame, []any) (any, error), result typ) {
	method := n.target != nil
	if len(types) == 1 {
		switch t := types[0].kind; {
		case n.name == "size" && (t == text || t == list || t == mapping):
			return size, typ{kind: integer}
		case method:
		case n.name == "int" && (t == integer || t == double || t == text):
			return toInt, typ{kind: integer}
		case n.name == "double" && (t == integer || t == double || t == text):
			return toDouble, typ{kind: double}
		case n.name == "string" && (t == integer || t == double || t == text || t == boolean):
			return toText, typ{kind: text}
		}
		return nil, typ{}
	}
	if len(types) != 2 || types[0].kind != text || types[1].kind != text {
		return nil, typ{}
	}
	truth := typ{kind: boolean}
	if n.name == "matches" {
		return func(f *frame, v []any) (any, error) {
			if f.cost += patternCost; f.cost > maxCost {
				return nil, errCost
			}
			re, err := regexp.Compile(v[1].(string))
			if err != nil {
				return nil, err
			}
			return re.MatchString(v[0].(string)), nil
		}, truth
	}
	if !method {
		return nil, typ{}
	}
	m := c.env.Methods[n.name]
	switch n.name {
	case "contains":
		m = strings.Contains
	case "startsWith":
		m = strings.HasPrefix
	case "endsWith":
		m = strings.HasSuffix
	}
	if m == nil {
		return nil, typ{}
	}
	return func(_ *frame, v []any) (any, error) { return m(v[0].(string), v[1].(string)), nil }, truth
}

// matching is matches with a pattern that is known before.
func matching(re *regexp.Regexp) func(*frame, []any) (any, error) {
	return func(_ *frame, v []any) (any, error) { return re.MatchString(v[0].(string)), nil }
}

func size(_ *frame, v []any) (any, error) {
	switch v := v[0].(type) {
	case string:
		return int64(utf8.RuneCountInString(v)), nil
	case []any:
		return int64(len(v)), nil
	default:
		return int64(len(v.(map[string]int))), nil
	}
}

func toInt(_ *frame, v []any) (any, error) {
	switch v := v[0].(type) {
	case float64:
		if math.IsNaN(v) || v <= math.MinInt64 || v >= math.MaxInt64 {
			return nil, errOverflow
		}
		return int64(v), nil
	case string:
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return nil, err
		}
		return n, nil
	default:
		return v, nil
	}
}

func toDouble(_ *frame, v []any) (any, error) {
	switch v := v[0].(type) {
	case int64:
		return float64(v), nil
	case string:
		f, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return nil, err
		}
		return f, nil
	default:
		return v, nil
	}
}

func toText(_ *frame, v []any) (any, error) {
	switch v := v[0].(type) {
	case int64:
		return strconv.FormatInt(v, 10), nil
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), nil
	case bool:
		return strconv.FormatBool(v), nil
	default:
		return v, nil
	}
}

// has asks whether a fact is set: a field of a struct that is not zero, a key of
// a map that is there.
func (c *compiler) has(n *node) (step, typ) {
	arg := n.args[0]
	if arg.op != opField {
		return c.fail(n.at, "invalid argument to has() macro")
	}
	of, t := c.compile(arg.target)
	if c.err != nil {
		return of, t
	}
	field := -1
	switch t.kind {
	case structure:
		if field, _ = fieldOf(t.of, arg.name); field < 0 {
			return c.fail(arg.at, "undefined field '%s'", arg.name)
		}
	case mapping:
	default:
		return c.fail(arg.at, "type '%s' does not support field selection", t)
	}
	return func(f *frame) (any, error) {
		v, err := of(f)
		if err != nil {
			return nil, err
		}
		if facts, ok := v.(reflect.Value); ok {
			return !facts.Field(field).IsZero(), nil
		}
		_, ok := v.(map[string]int)[arg.name]
		return ok, nil
	}, typ{kind: boolean}
}

// macro compiles x.all(e, …) and its like over a list, or over the keys of a map.
func (c *compiler) macro(n *node) (step, typ) {
	if n.args[0].op != opName {
		return c.fail(n.args[0].at, "argument must be a simple name")
	}
	over, t := c.compile(n.target)
	if c.err != nil {
		return over, t
	}
	elem := typ{kind: text}
	switch t.kind {
	case list:
		elem = *t.elem
	case mapping:
	default:
		return c.fail(n.target.at, "expression of type '%s' cannot be range of a comprehension (must be list, map, or dynamic)", t)
	}
	c.locals = append(c.locals, local{n.args[0].name, elem})
	body, is := c.compile(n.args[1])
	value, of := body, is
	if len(n.args) == 3 {
		value, of = c.compile(n.args[2])
	}
	c.locals = c.locals[:len(c.locals)-1]
	if c.err != nil {
		return body, is
	}
	if (n.name != "map" || len(n.args) == 3) && is.kind != boolean {
		return c.fail(n.args[1].at, "expected type 'bool' but found '%s'", is)
	}
	result := typ{kind: boolean}
	switch n.name {
	case "filter":
		result = typ{kind: list, elem: &elem}
	case "map":
		result = typ{kind: list, elem: &of}
	}
	l := loop{name: n.name, body: body, value: value}
	if n.name == "map" && len(n.args) == 2 {
		l.body = nil
	}
	return func(f *frame) (any, error) {
		v, err := over(f)
		if err != nil {
			return nil, err
		}
		elements, ok := v.([]any)
		if !ok {
			for _, key := range slices.Sorted(maps.Keys(v.(map[string]int))) {
				elements = append(elements, key)
			}
		}
		return l.run(f, elements)
	}, result
}

// loop is a macro at work. all and exists pass over errors if some other element
// decides; the others do not.
type loop struct {
	name        string
	body, value step // body is nil if all elements are taken
}

func (l *loop) run(f *frame, elements []any) (any, error) {
	at := len(f.locals)
	f.locals = append(f.locals, nil)
	defer func() { f.locals = f.locals[:at] }()
	var failed error
	taken := []any{}
	count := 0
	for _, e := range elements {
		f.locals[at] = e
		var is any = true
		var err error
		if l.body != nil {
			is, err = l.body(f)
		}
		switch {
		case errors.Is(err, errCost):
			return nil, err
		case l.name == "all" || l.name == "exists":
			if err != nil {
				failed = err
			} else if is == (l.name == "exists") {
				return is, nil
			}
			continue
		case err != nil:
			return nil, err
		case is != true:
			continue
		case l.name == "map":
			if e, err = l.value(f); err != nil {
				return nil, err
			}
		}
		count++
		taken = append(taken, e)
	}
	switch {
	case failed != nil:
		return nil, failed
	case l.name == "all" || l.name == "exists":
		return l.name == "all", nil
	case l.name == "exists_one":
		return count == 1, nil
	default:
		return taken, nil
	}
}
