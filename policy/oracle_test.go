// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"reflect"
	"testing"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/ext"
)

// oracle is cel-go with the facts and the parameters of the library: what our
// expressions are held against, and what the built-in ones are turned into Go
// with.
func (lib *library) oracle(t testing.TB) *cel.Env {
	t.Helper()
	env, err := lib.environment()
	if err != nil {
		t.Fatal(err)
	}
	options := []cel.EnvOption{
		cel.CrossTypeNumericComparisons(true),
		cel.Function("atLeast", cel.MemberOverload("string_at_least_string",
			[]*cel.Type{cel.StringType, cel.StringType}, cel.BoolType, cel.BinaryBinding(atLeast))),
	}
	facts := []any{ext.ParseStructTags(true)}
	for _, name := range sortedKeys(env.Variables) {
		of := env.Variables[name]
		celType := cel.DoubleType
		switch of.Kind() {
		case reflect.Struct:
			facts = append(facts, of)
			celType = cel.ObjectType("policy." + of.Name())
		case reflect.String:
			celType = cel.StringType
		case reflect.Bool:
			celType = cel.BoolType
		default:
		}
		options = append(options, cel.Variable(name, celType))
	}
	oracle, err := cel.NewEnv(append(options, ext.NativeTypes(facts...))...)
	if err != nil {
		t.Fatal(err)
	}
	return oracle
}

func atLeast(have, want ref.Val) ref.Val {
	h, ok := have.Value().(string)
	w, ok2 := want.Value().(string)
	if !ok || !ok2 {
		return types.MaybeNoSuchOverloadErr(have)
	}
	return types.Bool(isAtLeast(h, w))
}

// celActivation gives cel-go the variables.
type celActivation struct{ *activation }

func (a celActivation) ResolveName(name string) (any, bool) { return a.resolve(name) }

func (celActivation) Parent() cel.Activation { return nil }

// byOracle compiles an expression as cel-go has it.
func byOracle(env *cel.Env, text string) (run func(*activation) (any, error), err error) {
	checked, issues := env.Compile(text)
	if issues.Err() != nil {
		return nil, issues.Err()
	}
	program, err := env.Program(checked, cel.CostLimit(10_000))
	if err != nil {
		return nil, err
	}
	return func(a *activation) (any, error) {
		out, _, err := program.Eval(celActivation{a})
		if err != nil {
			return nil, err
		}
		return out.Value(), nil
	}, nil
}
