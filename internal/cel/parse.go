// SPDX-License-Identifier: Apache-2.0

package cel

import (
	"strconv"
	"unicode/utf8"
)

// A node is one part of an expression.
type node struct {
	at     place
	op     string  // operator or function, "literal", "name", ".", "list"
	value  any     // of a literal
	name   string  // of a name, a field or a method
	target *node   // of a field or a method
	args   []*node // operands, arguments, elements
}

const (
	opLiteral = "literal"
	opName    = "name"
	opField   = "."
	opList    = "list"
	opCall    = "call" // of a method if it has a target
	opIndex   = "[]"
	opIf      = "?:"
	opNot     = "!"
	opMinus   = "-x"
)

type parser struct {
	lexer

	token token
	depth int
	err   *Error
}

func parse(s string) (*node, error) {
	if utf8.RuneCountInString(s) > maxSize {
		return nil, place{1, 0}.errorf("expression code point size exceeds limit: size: %d, limit %d", utf8.RuneCountInString(s), maxSize)
	}
	if !utf8.ValidString(s) {
		return nil, place{1, 0}.errorf("Syntax error: not UTF-8")
	}
	p := parser{lexer: lexer{rest: s, at: place{1, 0}}}
	p.advance()
	n := p.expression()
	if p.err == nil && p.token.class != end {
		p.unexpected()
	}
	if p.err != nil {
		return nil, p.err
	}
	return n, nil
}

func (p *parser) fail(err *Error) {
	if p.err == nil && err != nil {
		p.err = err
		p.token = token{at: err.place()}
	}
}

func (e *Error) place() place { return place{e.Line, e.Column} }

func (p *parser) unexpected() {
	if p.token.class == end {
		p.fail(p.token.at.errorf("Syntax error: the expression ends too early"))
		return
	}
	p.fail(p.token.at.errorf("Syntax error: %q is not expected here", p.token.text))
}

func (p *parser) advance() {
	if p.err != nil {
		return
	}
	t, err := p.next()
	if p.fail(err); err == nil {
		p.token = t
	}
}

func (p *parser) is(text string) bool {
	return p.err == nil && p.token.class == mark && p.token.text == text
}

// take goes on behind a mark, if it stands there.
func (p *parser) take(text string) bool {
	if !p.is(text) {
		return false
	}
	p.advance()
	return true
}

func (p *parser) want(text string) {
	if !p.take(text) {
		p.unexpected()
	}
}

// expression takes a conditional, which binds least.
func (p *parser) expression() *node {
	if p.depth++; p.depth > maxDepth {
		p.fail(p.token.at.errorf("expression recursion limit exceeded: %d", maxDepth))
	}
	defer func() { p.depth-- }()
	if p.err != nil {
		return &node{}
	}
	n := p.binary(0)
	if at := p.token.at; p.take("?") {
		yes := p.binary(0)
		p.want(":")
		n = &node{at: at, op: opIf, args: []*node{n, yes, p.expression()}}
	}
	return n
}

// levels are the operators of two operands, those that bind least first.
var levels = [...][]string{{"||"}, {"&&"}, {"<", "<=", ">", ">=", "==", "!=", "in"}, {"+", "-"}, {"*", "/", "%"}}

func (p *parser) binary(level int) *node {
	if level == len(levels) {
		return p.unary()
	}
	n := p.binary(level + 1)
	for {
		op := ""
		for _, o := range levels[level] {
			if p.is(o) || o == "in" && p.err == nil && p.token.class == name && p.token.text == o {
				op = o
			}
		}
		if op == "" {
			return n
		}
		at := p.token.at
		p.advance()
		n = &node{at: at, op: op, args: []*node{n, p.binary(level + 1)}}
	}
}

func (p *parser) unary() *node {
	at := p.token.at
	for _, op := range [...]string{opNot, "-"} {
		count := 0
		for p.take(op) {
			count++
		}
		switch {
		case count == 0:
			continue
		case count > maxDepth:
			p.fail(at.errorf("expression recursion limit exceeded: %d", maxDepth))
		case op == "-" && p.err == nil && p.token.class == number:
			n := p.member(p.number("-"))
			if count%2 == 0 {
				n = &node{at: at, op: opMinus, args: []*node{n}}
			}
			return n
		case op == "-":
			op = opMinus
		}
		n := p.member(p.primary())
		for range 2 - count%2 { // as in CEL, two are none
			n = &node{at: at, op: op, args: []*node{n}}
		}
		return n
	}
	return p.member(p.primary())
}

// member takes what stands behind a value: fields, methods, indices.
func (p *parser) member(n *node) *node {
	for p.err == nil {
		at := p.token.at
		switch {
		case p.take("."):
			field := p.token
			switch {
			case field.class != name, field.text == "in", field.text == "true", field.text == "false", field.text == "null":
				p.unexpected()
				return n
			}
			p.advance()
			if call := p.token.at; p.take("(") {
				n = &node{at: call, op: opCall, name: field.text, target: n, args: p.list(")")}
				continue
			}
			n = &node{at: at, op: opField, name: field.text, target: n}
		case p.take("["):
			n = &node{at: at, op: opIndex, args: []*node{n, p.expression()}}
			p.want("]")
		default:
			return n
		}
	}
	return n
}

func (p *parser) primary() *node {
	t := p.token
	switch {
	case p.err != nil:
	case t.class == number:
		return p.number("")
	case t.class == quoted:
		p.advance()
		return &node{at: t.at, op: opLiteral, value: t.text}
	case t.class == name && (t.text == "true" || t.text == "false"):
		p.advance()
		return &node{at: t.at, op: opLiteral, value: t.text == "true"}
	case t.class == name && t.text == "null":
		p.advance()
		return &node{at: t.at, op: opLiteral}
	case t.class == name && !isReserved(t.text):
		p.advance()
		if call := p.token.at; p.take("(") {
			return &node{at: call, op: opCall, name: t.text, args: p.list(")")}
		}
		return &node{at: t.at, op: opName, name: t.text}
	case p.take("("):
		n := p.expression()
		p.want(")")
		return n
	case p.take("["):
		return &node{at: t.at, op: opList, args: p.list("]")}
	default:
		p.unexpected()
	}
	return &node{at: t.at, op: opLiteral}
}

func (p *parser) number(sign string) *node {
	t := p.token
	p.advance()
	n := &node{at: t.at, op: opLiteral}
	var err error
	if t.broken {
		n.value, err = strconv.ParseFloat(sign+t.text, 64)
	} else {
		base := 10
		digits := t.text
		if len(digits) > 1 && digits[1] == 'x' {
			base, digits = 16, digits[2:]
		}
		n.value, err = strconv.ParseInt(sign+digits, base, 64)
	}
	if err != nil {
		p.fail(t.at.errorf("invalid number %s", t.text))
	}
	return n
}

// list takes expressions up to a closing bracket; behind the last element of a
// list there may be a comma.
func (p *parser) list(closing string) []*node {
	var all []*node
	for p.err == nil && !p.take(closing) {
		if len(all) > 0 {
			p.want(",")
			if closing == "]" && p.take(closing) {
				break
			}
		}
		all = append(all, p.expression())
	}
	return all
}

func isReserved(s string) bool {
	switch s {
	case "in", "true", "false", "null", "as", "break", "const", "continue", "else", "for", "function", "if", "import",
		"let", "loop", "package", "namespace", "return", "var", "void", "while":
		return true
	}
	return false
}
