// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/assessment/schema"
)

// object is what the test looks at in a schema of an object.
type object struct {
	Description          string
	Type                 string
	Properties           map[string]property
	Required             []string
	AdditionalProperties any
	Defs                 map[string]*object `json:"$defs"`
}

type property struct {
	Description          string
	Type                 string
	Ref                  string `json:"$ref"`
	Const                any
	Enum                 []any
	Items                *property
	AdditionalProperties any
}

// TestSchemaIsTheTypes walks the Go types of a document: each has a definition
// with just its members, those that may be absent are not required, and every
// member is described.
func TestSchemaIsTheTypes(t *testing.T) {
	var root object
	if err := json.Unmarshal([]byte(schema.V1), &root); err != nil {
		t.Fatal(err)
	}
	used := make(map[string]bool)

	// The document itself is header, products and trailer.
	doc := reflect.StructOf(slices.Concat(
		reflect.VisibleFields(reflect.TypeFor[assessment.Header]()),
		reflect.VisibleFields(reflect.TypeFor[struct {
			Products []assessment.Product `json:"products"`
		}]()),
		reflect.VisibleFields(reflect.TypeFor[assessment.Trailer]()),
	))
	if got := root.Properties["schema"].Const; got != assessment.Schema {
		t.Errorf("want schema %q, got %v", assessment.Schema, got)
	}
	walk(t, "the document", doc, &root, root.Defs, used)
	for name := range root.Defs {
		if !used[name] {
			t.Errorf("definition %s belongs to no type", name)
		}
	}
}

func walk(t *testing.T, name string, typ reflect.Type, def *object, defs map[string]*object, used map[string]bool) {
	t.Helper()
	var members, required []string
	for f := range typ.Fields() {
		tag := strings.Split(f.Tag.Get("json"), ",")
		members = append(members, tag[0])
		if len(tag) == 1 {
			required = append(required, tag[0])
		}
		p, ok := def.Properties[tag[0]]
		if !ok {
			continue // said below
		}
		if p.Description == "" && p.Ref == "" {
			t.Errorf("%s.%s has no description", name, tag[0])
		}
		value(t, name+"."+tag[0], f.Type, &p, defs, used)
	}
	sorted := func(list []string) []string { list = slices.Clone(list); slices.Sort(list); return list }
	var described []string
	for m := range def.Properties {
		described = append(described, m)
	}
	if diff := cmp.Diff(sorted(members), sorted(described)); diff != "" {
		t.Errorf("members of %s (-Go type +schema):\n%s", name, diff)
	}
	if diff := cmp.Diff(sorted(required), sorted(def.Required)); diff != "" {
		t.Errorf("required members of %s (-Go type +schema):\n%s", name, diff)
	}
	if def.Description == "" || def.Type != "object" || def.AdditionalProperties != false {
		t.Errorf("%s wants a description, type object, and no additional properties", name)
	}
}

// value holds the type of one member against its schema.
func value(t *testing.T, name string, typ reflect.Type, p *property, defs map[string]*object, used map[string]bool) {
	t.Helper()
	want := ""
	if typ == reflect.TypeFor[assessment.Components]() {
		typ = reflect.TypeFor[assessment.List]() // what a saved document holds
	}
	switch typ.Kind() {
	case reflect.Pointer:
		value(t, name, typ.Elem(), p, defs, used)
		return
	case reflect.Struct:
		if p.Ref != "#/$defs/"+typ.Name() {
			t.Errorf("%s: want a reference to %s, got %q", name, typ.Name(), p.Ref)
		} else if def := defs[typ.Name()]; def == nil {
			t.Errorf("%s: no definition of %s", name, typ.Name())
		} else if !used[typ.Name()] {
			used[typ.Name()] = true
			walk(t, typ.Name(), typ, def, defs, used)
		}
		return
	case reflect.Slice:
		want = "array"
		if p.Items == nil {
			t.Errorf("%s: array without items", name)
			return
		}
		value(t, name+"[]", typ.Elem(), p.Items, defs, used)
	case reflect.Map:
		want = "object"
		text, err := json.Marshal(p.AdditionalProperties)
		if err != nil {
			t.Fatal(err)
		}
		var items property
		if err := json.Unmarshal(text, &items); err != nil {
			t.Errorf("%s: map without a schema of its values: %v", name, err)
			return
		}
		value(t, name+"{}", typ.Elem(), &items, defs, used)
	case reflect.String:
		want = "string"
	case reflect.Bool:
		want = "boolean"
	case reflect.Float64:
		want = "number"
	case reflect.Int, reflect.Int32:
		want = "integer"
	default:
		t.Errorf("%s: no schema for %s", name, typ)
	}
	if p.Type != want && p.Enum == nil && p.Const == nil {
		t.Errorf("%s: want type %s, got %q", name, want, p.Type)
	}
}
