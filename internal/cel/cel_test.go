// SPDX-License-Identifier: Apache-2.0

package cel

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

// What means the same as in CEL is tested beside cel-go, in package policy.

// TestDear: what grows from step to step is stopped before it takes memory or
// time.
func TestDear(t *testing.T) {
	hundred := "[" + strings.Repeat("1,", 100) + "]"
	for name, text := range map[string]string{
		"doubled text":      `["abcdefghij"]` + strings.Repeat(".map(x, x + x)", 200) + ` == ["a"]`,
		"doubled list":      `[[1]]` + strings.Repeat(".map(x, x + x)", 200) + ` == [[1]]`,
		"list of one twice": `[1]` + strings.Repeat(".map(x, [x, x])", 60) + ` == [1]` + strings.Repeat(".map(x, [x, x])", 60),
		"loops in loops":    hundred + ".all(a, " + hundred + ".all(b, " + hundred + ".all(c, a + b + c > 0)))",
		"made patterns":     hundred + `.all(a, "a".matches("a" + "{1,500}{1,2}"))`,
	} {
		p, err := new(Env).Compile(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := p.Eval(nil); !errors.Is(err, errCost) {
			t.Errorf("%s: want %v, got %v", name, errCost, err)
		}
	}
}

func TestErrorsHaveAPlace(t *testing.T) {
	env := Env{Variables: map[string]reflect.Type{"when": reflect.TypeFor[time.Time](), "n": reflect.TypeFor[int]()}}
	for text, want := range map[string]place{
		"n ==":                         {1, 4},
		"n == 1 &&\n \"ä\" > n":        {2, 5},
		"n == 1 || m":                  {1, 10},
		"when.day == 1":                {1, 4},
		"(((":                          {1, 3},
		strings.Repeat("(", 100) + "n": {1, 64},
	} {
		_, err := env.Compile(text)
		wrong, ok := errors.AsType[*Error](err)
		if !ok || wrong.place() != want {
			t.Errorf("%s: want an error at %v, got %+v", text, want, err)
		}
	}
}
