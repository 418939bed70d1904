// SPDX-License-Identifier: Apache-2.0

package vulndb

import (
	"bytes"
	"reflect"
	"time"
)

// UnseenFacts names the fields of Group, KEV, EPSS and the like whose change
// Changes would not see.
func UnseenFacts() []string {
	unseen := []string{}
	base := func() *Group { return &Group{KEV: new(KEV), EPSS: new(EPSS)} }
	text := func(g *Group) []byte { return g.appendScores(append(g.appendFacts(nil), '|')) }
	var walk func(path string, at func(*Group) reflect.Value)
	walk = func(path string, at func(*Group) reflect.Value) {
		g := base()
		v := at(g)
		switch v.Kind() {
		case reflect.Pointer:
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			walk(path, func(g *Group) reflect.Value {
				p := at(g)
				if p.IsNil() {
					p.Set(reflect.New(p.Type().Elem()))
				}
				return p.Elem()
			})
			return
		case reflect.Struct:
			if v.Type() == reflect.TypeFor[time.Time]() {
				v.Set(reflect.ValueOf(time.Unix(86400, 0)))
				break
			}
			for i := range v.NumField() {
				if name := v.Type().Field(i).Name; path+name != ".HasCVE" { // follows from CVEs
					walk(path+name+".", func(g *Group) reflect.Value { return at(g).Field(i) })
				}
			}
			return
		case reflect.String:
			v.SetString("x")
		case reflect.Bool:
			v.SetBool(true)
		case reflect.Float64:
			v.SetFloat(0.5)
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		default:
			v.Set(reflect.ValueOf(1).Convert(v.Type()))
		}
		if bytes.Equal(text(base()), text(g)) {
			unseen = append(unseen, path)
		}
	}
	walk(".", func(g *Group) reflect.Value { return reflect.ValueOf(g).Elem() })
	return unseen
}
