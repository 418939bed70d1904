// SPDX-License-Identifier: Apache-2.0

// Package cel is the part of the Common Expression Language (https://cel.dev)
// that questions to facts need: what it takes means what it means in CEL, which a
// test holds against cel-go; what it does not take is an error when the
// expression is compiled.
//
// It has bool, int, double and string, null, lists, maps and structs of facts;
// all operators, the conditional and "in"; has, all, exists, exists_one, map and
// filter; size, contains, startsWith, endsWith, matches, int, double and string.
// It lacks uint, bytes, times and durations, types as values, maps and messages
// written in the expression, and dyn.
//
// cel-go itself registers its types and those of the Protocol Buffers whenever a
// program starts that has it, used or not: a quarter of the time, and a third of
// the memory, of medsbom's start.
package cel

import (
	"fmt"
	"reflect"
	"slices"
)

// Limits of an expression.
const (
	maxSize  = 4096   // code points
	maxDepth = 64     // of what stands in brackets
	maxCost  = 10_000 // of one evaluation: nodes visited, elements compared or put together
	// bytesPerCost are the bytes of text that cost as much as a node.
	bytesPerCost = 16
	// patternCost is that of a pattern that is not known before.
	patternCost = 100
)

// An Error is what is wrong in an expression, and where: the line from 1, the
// column in code points from 0.
type Error struct {
	Line, Column int
	Message      string
}

func (e *Error) Error() string { return e.Message }

// A Method is a function on texts that users of this package add: x.name(y).
type Method func(x, y string) bool

// An Env says what expressions may refer to. The variables are of the Go types
// bool, int, float64 and string, or structs of these and of map[string]int, whose
// fields are called as their tag "cel" says.
type Env struct {
	Variables map[string]reflect.Type // names may have dots
	Methods   map[string]Method
}

// A Program is a compiled expression.
type Program struct {
	Type      string   // "bool", "int", …
	Variables []string // those that it refers to, sorted
	run       step
}

// Compile checks an expression. Its error is an *Error.
func (e *Env) Compile(text string) (*Program, error) {
	tree, err := parse(text)
	if err != nil {
		return nil, err
	}
	c := compiler{env: e, used: make(map[string]bool)}
	run, typ := c.compile(tree)
	if c.err != nil {
		return nil, c.err
	}
	p := &Program{Type: typ.String(), run: run}
	for name := range c.used {
		p.Variables = append(p.Variables, name)
	}
	slices.Sort(p.Variables)
	return p, nil
}

// Eval evaluates the program; resolve gives the variables, structs by pointer.
// Ints are int64.
func (p *Program) Eval(resolve func(name string) (any, bool)) (any, error) {
	return p.run(&frame{resolve: resolve})
}

// kind is what a type is.
type kind uint8

const (
	null kind = iota
	boolean
	integer
	double
	text
	list
	mapping // of texts to ints
	structure
	unknown // the elements of an empty list: they are of any type
)

// A typ is the type of a value; comparable but for its element.
type typ struct {
	kind kind
	elem *typ         // of a list
	of   reflect.Type // of a structure
}

func (t typ) String() string {
	switch t.kind {
	case boolean:
		return "bool"
	case integer:
		return "int"
	case double:
		return "double"
	case text:
		return "string"
	case list:
		return "list(" + t.elem.String() + ")"
	case mapping:
		return "map(string, int)"
	case structure:
		return t.of.String()
	case unknown:
		return "dyn"
	default:
		return "null"
	}
}

// same reports that two types are one, or can be.
func (t typ) same(u typ) bool {
	switch {
	case t.kind == unknown || u.kind == unknown:
		return true
	case t.kind != u.kind:
		return false
	case t.kind == list:
		return t.elem.same(*u.elem)
	default:
		return t.of == u.of
	}
}

func (t typ) isNumber() bool { return t.kind == integer || t.kind == double }

// typeOf is the type of a Go type; ok is false if expressions have none for it.
func typeOf(of reflect.Type) (t typ, ok bool) {
	switch of.Kind() {
	case reflect.Bool:
		return typ{kind: boolean}, true
	case reflect.Int:
		return typ{kind: integer}, true
	case reflect.Float64:
		return typ{kind: double}, true
	case reflect.String:
		return typ{kind: text}, true
	case reflect.Struct:
		return typ{kind: structure, of: of}, true
	case reflect.Map:
		if of == reflect.TypeFor[map[string]int]() {
			return typ{kind: mapping}, true
		}
	default:
	}
	return typ{}, false
}

// valueOf is the value of a Go value of such a type.
func valueOf(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Bool:
		return v.Bool()
	case reflect.Int:
		return v.Int()
	case reflect.Float64:
		return v.Float()
	case reflect.String:
		return v.String()
	case reflect.Map:
		return v.Interface()
	default:
		return v
	}
}

// frame is one evaluation.
type frame struct {
	resolve func(string) (any, bool)
	locals  []any // of the macros around
	cost    int
}

// step evaluates one node.
type step func(*frame) (any, error)

// variable is a step that gives a variable.
func variable(name string) step {
	return func(f *frame) (any, error) {
		v, ok := f.resolve(name)
		if !ok {
			return nil, fmt.Errorf("no such attribute: %s", name)
		}
		r := reflect.ValueOf(v)
		if r.Kind() == reflect.Pointer {
			r = r.Elem()
		}
		return valueOf(r), nil
	}
}
