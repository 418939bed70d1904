// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"errors"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// byCEL compiles every built-in check from its text.
func byCEL(t *testing.T) map[string]*PackRule {
	t.Helper()
	lib, err := readLibrary(checksFile, checksYAML)
	if err != nil {
		t.Fatal(err)
	}
	parsed := make(map[string]*PackRule)
	for _, c := range lib.checks {
		for _, e := range c.expressions() {
			if e.native != nil {
				t.Fatal("an expression read from YAML is written as Go")
			}
		}
		rules := []PackRule{{Check: c, Severity: c.Severity, Params: c.Params()}}
		if err := compileRules(lib, rules); err != nil {
			t.Fatal(err)
		}
		parsed[c.ID] = &rules[0]
	}
	return parsed
}

// Every built-in expression is written as Go: none is compiled in a scan.
func TestBuiltInChecksNeedNoCEL(t *testing.T) {
	for id, r := range allRules(t) {
		for i, e := range r.Check.expressions() {
			if e.Text != "" && e.native == nil {
				t.Errorf("check %q: %s is compiled by CEL in every scan: write it so that toGo can take it", id, expressionNames[i])
			}
		}
	}
}

// Go and CEL give the same for every built-in check, on every case.
func TestNativeIsTheExpression(t *testing.T) {
	native, parsed := allRules(t), byCEL(t)
	for _, tt := range checkCases() {
		f := goodFacts()
		tt.change(f)
		a, errA := withParams(native[tt.check], tt.params).evaluate(f)
		b, errB := withParams(parsed[tt.check], tt.params).evaluate(f)
		if errA != nil || errB != nil || a.State != b.State || a.Message != b.Message {
			t.Errorf("%s/%s: Go says %s (%v), CEL %s (%v)", tt.check, tt.name, a.State, errA, b.State, errB)
		}
	}
}

// The same holds for any facts.
func TestNativeIsTheExpressionOnAnyFacts(t *testing.T) {
	native, parsed := allRules(t), byCEL(t)
	rapid.Check(t, func(rt *rapid.T) {
		f := new(Facts)
		for _, part := range []any{&f.Document, &f.Coverage, &f.Score, &f.Database} {
			drawInto(rt, part)
		}
		component, finding := new(Component), new(Finding)
		drawInto(rt, component)
		drawInto(rt, finding)
		for id, n := range native {
			p := parsed[id]
			of := func(r *PackRule) [4]condition {
				c := r.conditions
				return [4]condition{c.applies, c.pass, c.warn, c.assessable}
			}
			for i := range of(n) {
				a := &activation{facts: f, params: n.conditions.params}
				if i < 3 {
					switch n.Check.Scope {
					case ScopeComponent:
						a.component = component
					case ScopeFinding:
						a.finding = finding
					case ScopeDocument, ScopeDatabase:
					}
				}
				got, err := a.holds(of(n)[i], true)
				want, errCEL := a.holds(of(p)[i], true)
				if err != nil || errCEL != nil || got != want {
					rt.Errorf("%s, %s: Go says %t (%v), CEL %t (%v)", id, expressionNames[i], got, err, want, errCEL)
				}
			}
		}
	})
}

// drawInto fills the fields of a struct of facts with values at which
// expressions turn.
func drawInto(t *rapid.T, to any) {
	v := reflect.ValueOf(to).Elem()
	for i := range v.NumField() {
		field, name := v.Field(i), v.Type().Field(i).Name
		switch field.Kind() {
		case reflect.Bool:
			field.SetBool(rapid.Bool().Draw(t, name))
		case reflect.Int:
			field.SetInt(rapid.SampledFrom([]int64{0, 1, 2, 5, 364, 365, 366, 100_000}).Draw(t, name))
		case reflect.Float64:
			field.SetFloat(rapid.SampledFrom([]float64{0, 0.1, 0.25, 0.4999, 0.5, 0.8, 0.95, 1, 7, 9, 10}).Draw(t, name))
		case reflect.String:
			field.SetString(rapid.SampledFrom([]string{
				"", "A", "B", "C", "F", "critical", "high", "unknown", "none", "CycloneDX", "SPDX", "1.10", "1.4", "2.2", "2.x",
			}).Draw(t, name))
		default:
		}
	}
}

// What cannot be written as Go is left to CEL, and never written wrongly.
func TestToGo(t *testing.T) {
	lib, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	env := lib.oracle(t)
	for _, tt := range []struct{ text, want string }{
		{`!(document.format in ["a b", "\""]) || params.limit >= 1.5`, `(!(a.facts.Document.Format == "a b" || a.facts.Document.Format == "\"") || (a.number("params.limit") >= 1.5))`},
		{`document.ageDays > params.limit && finding.cvss < 7`, `((float64(a.facts.Document.AgeDays) > a.number("params.limit")) && (a.finding.CVSS < 7))`},
		{`document.specVersion.atLeast("1.2")`, `isAtLeast(a.facts.Document.SpecVersion, "1.2")`},
		{`params.high == component.file`, `(a.flag("params.high") == a.component.File)`},
		{`score.known * 2.0 < 1e6`, ""},
		{`score.known + 1.0 < 1e6`, ""},
		{`document.format + "x" == "ax"`, ""},
		{`document.signed ? true : false`, ""},
		{`document.format.startsWith("C")`, ""},
		{`"key-twice" in document.defectsOf`, ""},
		{`[1].all(x, x > 0)`, ""},
		{`has(document.format)`, ""},
		{`{"a": 1} == {"a": 1}`, ""},
		{`[1] == [1]`, ""},
		{`type(1) == int`, ""},
		{`-document.ageDays < 0`, ""},
		{`document.format in []`, ""},
		{`b"a" == b"a"`, ""},
		{`timestamp("2026-01-01T00:00:00Z") < timestamp("2026-01-02T00:00:00Z")`, ""},
	} {
		checked, issues := env.Compile(tt.text)
		if issues.Err() != nil {
			t.Fatal(issues.Err())
		}
		got, err := toGo(lib, checked)
		if got != tt.want || (tt.want == "") != errors.Is(err, errNative) {
			t.Errorf("%s: want %s, got %s (%v)", tt.text, tt.want, got, err)
		}
	}
}
