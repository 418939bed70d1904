// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
)

// samples are expressions that we take as cel-go does.
var samples = []string{
	`true`, `!false`, `!!true`, `1 + 2 * 3 == 7`, `-1 < 0`, `--1 == 1`, `- 1 == -1`, `10 % 4 == 2`, `-7 / 2 == -3`, `-7 % 2 == -1`,
	`0x1F == 31`, `1.5e3 == 1500.0`, `.5 < 1.0`, `1 < 1.5`, `2.0 >= 2`, `9223372036854775807 + 1 > 0`, `-9223372036854775808 - 1 < 0`,
	`-9223372036854775808 < 0`, `9223372036854775807 < 9223372036854775808.0`, `9007199254740993 > 9007199254740992.0`,
	`-(-9223372036854775808) > 0`, `9223372036854775807 * 2 > 0`, `-9223372036854775808 / -1 > 0`, `-1 * -9223372036854775808 > 0`,
	`1 / 0 == 1`, `1 % 0 == 1`, `1.0 / 0.0 > 5.0`, `0.0 / 0.0 == 0.0 / 0.0`, `0.0 / 0.0 < 1.0`, `0.0/0.0 != 1.0`, `0.0/0.0 >= 1`, `-0.0 == 0.0`,
	`true || 1 / 0 == 1`, `1 / 0 == 1 || true`, `1 / 0 == 1 && false`, `false && 1 / 0 == 1`, `1 / 0 == 1 || false`, `1 / 0 == 1 && true`,
	`true ? false : 1 / 0 == 1`, `1 / 0 == 1 ? true : true`, `(true ? 1 : 2) == 1`, `true ? true : false ? false : true`,
	`"a" + "b" == 'ab'`, `"a" < "b"`, `"é" > "e"`, `false < true`, `true <= false`, `"a\n\x41B\U00000043\101" == "a\nABCA"`, `r"\n" == "\\n"`,
	`"""a"b""" == 'a"b'`, `size("häß") == 3`, `"abc".size() == 3`, `size([1, 2,]) == 2`, `size([]) == 0`, `[] == []`, `[1] + [2] == [1, 2]`, `[] + [1] == [1]`,
	`[[1], []] == [[1], []]`, `[1, 2][1] == 2`, `[1][1] == 1`, `[1][-1] == 1`, `1 in [1, 2]`, `1 in []`, `"a" in ["b"]`, `[1] in [[1]]`,
	`[1, 2].all(x, x > 0)`, `[1, 0].exists(x, 1 / x == 1)`, `[0, 1].exists(x, 1 / x == 1)`, `[0, 1].all(x, 1 / x == 5)`, `[0, 1].all(x, 1 / x == 1)`,
	`[1, 2].exists_one(x, x == 1)`, `[1, 1].exists_one(x, x == 1)`, `[1, 0].exists_one(x, 1 / x == 1)`, `[1, 2].filter(x, x > 1) == [2]`,
	`[1, 2].map(x, x * 2) == [2, 4]`, `[1, 2].map(x, x > 1, x * 2) == [4]`, `[1, 2].all(x, [3].all(y, y > x))`, `[1].all(x, [2].all(x, x == 2) && x == 1)`,
	`[].all(x, x == 1)`, `[1].map(document, document + 1) == [2]`, `[1].exists(params, params == 1)`,
	`"abc".contains("b")`, `"abc".startsWith("ab")`, `"abc".endsWith("bc")`, `"abc".matches("^a.c$")`, `matches("abc", "b")`, `"a".matches("a" + "(")`,
	`int("12") == 12`, `int("x") == 1`, `int(1.9) == 1`, `int(-1.9) == -1`, `int(1e30) == 1`, `double("1.5") == 1.5`, `double(1) == 1.0`, `double("x") == 1.0`,
	`string(1) == "1"`, `string(1.5) == "1.5"`, `string(1e21) == "1e+21"`, `string(true) == "true"`, `int(5) == 5`, `string("a") == "a"`, `null == null`,
	`document.signed`, `document.ageDays > 365`, `document.format.startsWith("C")`, `has(document.format)`, `has(document.ageDays)`, `has(document.defectsOf.x)`,
	`"x" in document.defectsOf`, `document.defectsOf["x"] == 1`, `document.defectsOf.x > 0`, `size(document.defectsOf) > 1`, `document.defectsOf.all(k, k != "y")`,
	`document.defectsOf.exists(k, document.defectsOf[k] > 1)`, `document.specVersion.atLeast("1.4")`, `params.limit > 1`, `params.limit * 2.0 > 1.0`,
	`score.known < 50 && score.worstCaseGrade in ["A", "B"]`, `component.hasName || finding.kev`, `document == document`, `component != component`,
	`coverage.assessed + coverage.weak >= coverage.components`, `document . ageDays == 1 // why`, "document\n.signed", `context.advisoriesLoaded`,
}

// refused are those that neither takes, or that CEL has and we do not.
var refused = []string{
	``, `1 +`, `(1`, `[1`, `"a`, `"\q" == "a"`, `1 == 1.0`, `1 + 1.0 > 0`, `!1`, `-"a" == "a"`, `1 && true`, `true ? 1 : "a"`, `1 ? true : false`,
	`nothing`, `document.nothing`, `document.ageDays.x`, `params`, `params.nothing`, `[1].all(1, true)`, `[1].all(x, x)`, `1.all(x, true)`, `"a" < 1`, `1 in "a"`,
	`"a".contains(1)`, `size(1) == 1`, `for`, `1 2`, `a.b.c()`, `has(document)`, `"a" % "b" == "c"`, `1.5 % 1.0 == 0.0`, `document["format"] == "a"`, `$`, `1e`, `0x`,
	`9223372036854775808 > 0`, `null + null == null`, `"a".matches("(")`, `int(true) == 1`, `"a".int() == 1`, `contains("a", "b")`, `1u == 1u`, `b"a" == b"a"`,
	`{"a": 1}["a"] == 1`, `type(1) == int`, `[1, "a"] == [1, "a"]`, `dyn(1) == 1`, `timestamp("2026-01-01T00:00:00Z") < timestamp("2026-01-02T00:00:00Z")`,
	`document.in`, `[1].all(x.y, true)`, `policy.Score{known: 1.0}.known == 1.0`, "\xff",
}

// agree compiles and evaluates an expression in both ways.
func agree(t *testing.T, env bothWays, text string, all []*activation) (taken bool) {
	t.Helper()
	own, err := env.ours(text)
	if err != nil {
		return false
	}
	theirs, err := env.theirs(text)
	if err != nil {
		t.Errorf("%s: we take it, CEL does not: %v", text, err)
		return true
	}
	for _, a := range all {
		got, errGot := own(a)
		want, errWant := theirs(a)
		if errGot != nil && strings.Contains(errGot.Error(), "cost limit") || errWant != nil && strings.Contains(errWant.Error(), "cost limit") {
			continue // each counts its own steps
		}
		if (errGot == nil) != (errWant == nil) || errGot == nil && told(got) != told(want) {
			t.Errorf("%s: want %v (%v), got %v (%v)", text, want, errWant, got, errGot)
		}
	}
	return true
}

// told is a truth as it is; of other values only that there is one.
func told(v any) string {
	switch v := v.(type) {
	case bool, int64, string:
		return fmt.Sprintf("%T %v", v, v)
	case float64:
		return fmt.Sprint(math.Float64bits(v))
	}
	return ""
}

type bothWays struct {
	t   testing.TB
	lib *library
	env *cel.Env
}

func (b bothWays) theirs(text string) (func(*activation) (any, error), error) {
	return byOracle(b.env, text)
}

func (b bothWays) ours(text string) (func(*activation) (any, error), error) {
	env, err := b.lib.environment()
	if err != nil {
		b.t.Fatal(err)
	}
	program, err := env.Compile(text)
	if err != nil {
		return nil, err
	}
	return func(a *activation) (any, error) {
		v, err := program.Eval(a.resolve)
		if r, ok := v.(reflect.Value); ok {
			v = r.Interface()
		}
		return v, err
	}, nil
}

// activations are facts at which expressions turn.
func activations() []*activation {
	params := map[string]any{"params.limit": 2.0}
	full := goodFacts()
	full.Document.DefectsOf = map[string]int{"x": 1, "y": 2}
	full.Document.AgeDays = 1
	return []*activation{
		{facts: full, component: &Component{HasName: true}, finding: &Finding{KEV: true}, params: params},
		{facts: &Facts{}, component: &Component{}, finding: &Finding{}, params: params},
	}
}

func newBothWays(t testing.TB) bothWays {
	t.Helper()
	lib, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	return bothWays{t, lib, lib.oracle(t)}
}

// TestExpressionsAreCEL holds our expressions against cel-go.
func TestExpressionsAreCEL(t *testing.T) {
	both, facts := newBothWays(t), activations()
	for _, text := range samples {
		if !agree(t, both, text, facts) {
			_, err := both.ours(text)
			t.Errorf("%s: is not taken: %v", text, err)
		}
	}
	for _, text := range refused {
		if _, err := both.ours(text); err == nil {
			t.Errorf("%s: is taken", text)
		}
	}
}

// FuzzExpression: whatever we take, CEL takes, and it means the same.
func FuzzExpression(f *testing.F) {
	for _, text := range append(samples, refused...) {
		f.Add(text)
	}
	both, facts := newBothWays(f), activations()
	f.Fuzz(func(t *testing.T, text string) { agree(t, both, text, facts) })
}
