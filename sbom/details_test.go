// SPDX-License-Identifier: Apache-2.0

package sbom

import (
	"reflect"
	"testing"
)

// TestDetails holds that a component without Details gives the zero value of
// each, and that one with them gives what is there.
func TestDetails(t *testing.T) {
	var d Details
	list := reflect.ValueOf(&d).Elem()
	for i := range list.NumField() {
		name := list.Type().Field(i).Name
		read := func(c *Component) reflect.Value {
			return reflect.ValueOf(c).MethodByName(name).Call(nil)[0]
		}
		if got := read(&Component{}); !got.IsZero() {
			t.Errorf("%s of none is %v", name, got)
		}
		field := list.Field(i)
		switch field.Kind() {
		case reflect.String:
			field.SetString("x")
		case reflect.Slice:
			field.Set(reflect.MakeSlice(field.Type(), 1, 1))
		case reflect.Pointer:
			field.Set(reflect.New(field.Type().Elem()))
		case reflect.Struct:
			field.Field(0).SetString("x")
		default:
			t.Fatal(field.Kind())
		}
		if got := read(&Component{Details: &d}); !reflect.DeepEqual(got.Interface(), field.Interface()) {
			t.Errorf("%s is %v", name, got)
		}
	}
}

func TestSameContent(t *testing.T) {
	at := Position{Line: 2, Column: 1}
	one := Component{Name: "a", Details: &Details{SWID: "tag", More: []Position{at}}}
	for name, tt := range map[string]struct {
		other Component
		want  bool
	}{
		"another place":   {Component{Name: "a", Position: at, Details: &Details{SWID: "tag"}}, true},
		"another name":    {Component{Name: "b", Details: &Details{SWID: "tag"}}, false},
		"another detail":  {Component{Name: "a", Details: &Details{SWID: "other"}}, false},
		"without details": {Component{Name: "a"}, false},
	} {
		if got := SameContent(&one, &tt.other); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if !SameContent(&Component{}, &Component{Details: &Details{More: []Position{at}}}) {
		t.Error("details of which nothing is left count")
	}
	if len(one.More()) != 1 {
		t.Error("what was compared has changed")
	}
}

// TestComponentSize keeps a component small: documents have very many.
func TestComponentSize(t *testing.T) {
	if size := reflect.TypeFor[Component]().Size(); size > 328 {
		t.Errorf("a Component takes %d bytes", size)
	}
}
