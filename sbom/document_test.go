// SPDX-License-Identifier: Apache-2.0

package sbom

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAll(t *testing.T) {
	two := []Component{{Name: "a"}, {Name: "b"}}
	beside := &Component{Name: "product"}
	tests := []struct {
		name string
		doc  Document
		want map[int32]string
	}{
		{"nothing", Document{}, map[int32]string{}},
		{"no subject", Document{Components: two}, map[int32]string{0: "a", 1: "b"}},
		{"subject beside", Document{Components: two, Subject: beside}, map[int32]string{-1: "product", 0: "a", 1: "b"}},
		{"subject alone", Document{Subject: beside}, map[int32]string{-1: "product"}},
		{"subject listed", Document{Components: two, Subject: &two[1], SubjectListed: true}, map[int32]string{0: "a", 1: "b"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := map[int32]string{}
			for i, c := range tt.doc.All() {
				got[i] = c.Name
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			for range tt.doc.All() {
				break // stopping early must not panic
			}
			if got, want := tt.doc.Count(), len(tt.doc.Components); got != want {
				t.Errorf("count %d, want %d", got, want)
			}
		})
	}
}

func TestProducer(t *testing.T) {
	all := Component{
		Supplier: Party{Name: "supplier"},
		Details: &Details{
			Manufacturer: Party{Name: "maker"}, Publisher: Party{Name: "publisher"},
			Originator: Party{Name: "originator"}, Authors: []Party{{Name: "author"}, {Name: "second"}},
		},
	}
	for _, want := range []string{"maker", "supplier", "publisher", "originator", "author"} {
		if got := all.Producer().Name; got != want {
			t.Errorf("want %q, got %q", want, got)
		}
		switch want {
		case "maker":
			all.Details.Manufacturer = Party{}
		case "supplier":
			all.Supplier = Party{}
		case "publisher":
			all.Details.Publisher = Party{}
		case "originator":
			all.Details.Originator = Party{}
		}
	}
	if got := (&Component{}).Producer(); got != (Party{}) {
		t.Errorf("nobody is %+v", got)
	}
	said := Component{Supplier: Party{Unknown: true}, Details: &Details{Authors: []Party{{Name: "author"}}}}
	if got := said.Producer(); !got.Unknown {
		t.Errorf("stated unknown became %+v", got)
	}
}

func TestProperty(t *testing.T) {
	c := Component{Properties: []Property{{"a", "1"}, {"b", "2"}, {"a", "3"}}}
	for name, want := range map[string]string{"a": "1", "b": "2", "c": ""} {
		if got := c.Property(name); got != want {
			t.Errorf("%s: want %q, got %q", name, want, got)
		}
	}
}
