// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"errors"
	"testing"
)

// Code and text of every built-in expression give the same, on every case.
func TestCodeIsTheExpression(t *testing.T) {
	coded := allRules(t)
	lib, err := readLibrary(checksFile, checksYAML)
	if err != nil {
		t.Fatal(err)
	}
	parsed := make(map[string]*PackRule)
	for _, c := range lib.checks {
		for i, e := range c.expressions() {
			if e.code != "" {
				t.Fatal("an expression read from YAML has no code")
			}
			if e.Text != "" && coded[c.ID].Check.expressions()[i].code == "" {
				t.Errorf("check %q: %s has no code, so that it is parsed at start: avoid macros", c.ID, expressionNames[i])
			}
		}
		rules := []PackRule{{Check: c, Severity: c.Severity, Params: c.Params()}}
		if err := compileRules(lib, rules); err != nil {
			t.Fatal(err)
		}
		parsed[c.ID] = &rules[0]
	}
	for _, tt := range checkCases() {
		f := goodFacts()
		tt.change(f)
		a, errA := withParams(coded[tt.check], tt.params).evaluate(f)
		b, errB := withParams(parsed[tt.check], tt.params).evaluate(f)
		if errA != nil || errB != nil || a.State != b.State || a.Message != b.Message {
			t.Errorf("%s/%s: code says %s (%v), text %s (%v)", tt.check, tt.name, a.State, errA, b.State, errB)
		}
	}
}

func TestCodeRoundTrip(t *testing.T) {
	lib, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	env, err := lib.environment()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		`document.format in ["a b", "c\n", "ü", "\""] || params.limit >= 1.5`,
		`document.ageDays > -3 ? document.signed : !document.signed`,
		`document.specVersion.atLeast("1.2") && document.format.startsWith("C")`,
		`score.known * 2.0 + 1.0 < 1e6 && true`,
	} {
		checked, issues := env.Compile(text)
		if issues.Err() != nil {
			t.Fatal(issues.Err())
		}
		code, err := encode(checked)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decode(code); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{`[1].all(x, x > 0)`, `{"a": 1} == {"a": 1}`, `has(document.format)`, `type(1) == int`, `timestamp("2026-01-01T00:00:00Z") == timestamp("2026-01-01T00:00:00Z") && b"a" == b"a"`} {
		checked, issues := env.Compile(text)
		if issues.Err() != nil {
			t.Fatal(issues.Err())
		}
		if code, err := encode(checked); !errors.Is(err, errCode) {
			t.Errorf("%s: want no code, got %q and %v", text, code, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("c _&&_ logical_and 2 s readable i document c !_ logical_not 1 s empty i document")
	f.Add(`c @in in_list 2 s format i document l 2 t "a\x20b" t "c"`)
	f.Add("m atLeast string_at_least_string 1 s specVersion i document i params.minSPDX")
	f.Add("b true")
	f.Fuzz(func(_ *testing.T, code string) {
		_, _ = decode(code) // an error, never a panic
	})
}
