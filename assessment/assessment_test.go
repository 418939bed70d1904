// SPDX-License-Identifier: Apache-2.0

package assessment_test

import (
	"reflect"
	"testing"

	"github.com/medsbom/medsbom/assessment"
)

// TestCloneSharesNoList holds Clone against the fields of the struct.
func TestCloneSharesNoList(t *testing.T) {
	var c assessment.Component
	v := reflect.ValueOf(&c).Elem()
	for _, f := range v.Fields() {
		if f.Kind() == reflect.Slice {
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
		}
	}
	clone := reflect.ValueOf(c.Clone())
	for field, f := range v.Fields() {
		if of := clone.FieldByIndex(field.Index); f.Kind() == reflect.Slice && (of.Len() != 1 || of.Pointer() == f.Pointer()) {
			t.Errorf("%s is not a list of its own", field.Name)
		}
	}
}
