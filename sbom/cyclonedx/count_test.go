// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/sbom"
)

// TestCounting holds the rules of DESIGN §2 and of the package comment.
func TestCounting(t *testing.T) {
	const a, b = `{"type":"file","bom-ref":"a","name":"a","version":"1"}`, `{"type":"file","bom-ref":"b","name":"b"}`
	root := func(fields string) string {
		return `"metadata":{"component":{"type":"device","bom-ref":"root","name":"pump"` + fields + `}},`
	}
	tests := []struct {
		name, text string
		want       []string
		subject    string // "", "beside" or "listed"
		codes      []string
	}{
		{"no list", `"version":1`, nil, "", nil},
		{"empty list", `"components":[]`, nil, "", nil},
		{"list", `"components":[` + a + `,` + b + `]`, []string{"a@1", "b"}, "", nil},
		{"root beside", root(``) + `"components":[` + a + `]`, []string{"a@1"}, "beside", nil},
		{"root alone, a title", root(``) + `"components":[]`, nil, "beside", nil},
		{"root alone with a purl", root(`,"purl":"pkg:generic/pump@1"`) + `"components":[]`, []string{"pump"}, "listed", nil},
		{"root alone with a CPE", root(`,"cpe":"cpe:/o:acme:pump"`) + `"version":1`, []string{"pump"}, "listed", nil},
		{"root with all beneath it", root(`,"components":[`+a+`,`+b+`]`) + `"version":1`, []string{"pump", "a@1", "b"}, "listed", nil},
		{"root with some beneath it", root(`,"components":[`+a+`]`) + `"components":[` + b + `]`, []string{"a@1", "b"}, "beside", nil},
		{"root repeated by bom-ref", root(``) + `"components":[{"type":"device","bom-ref":"root","name":"pump"},` + a + `]`, []string{"pump", "a@1"}, "listed", nil},
		{"root repeated by purl", root(`,"purl":"pkg:generic/pump@1"`) + `"components":[` + a + `,{"type":"device","bom-ref":"r2","name":"Pump","purl":"pkg:generic/pump@1"}]`, []string{"a@1", "Pump"}, "listed", nil},
		{"root's bom-ref on another", root(``) + `"components":[{"type":"file","bom-ref":"root","name":"a","version":"1"}]`, []string{"a@1"}, "beside", []string{"id-duplicate: root"}},
		{"root behind the list", `"components":[` + a + `],` + strings.TrimSuffix(root(``), ","), []string{"a@1"}, "beside", nil},
		{"nested", `"components":[{"type":"file","name":"o","components":[{"type":"file","name":"m","components":[` + a + `]}]},` + b + `]`, []string{"o", "m", "a@1", "b"}, "", nil},
		{"one twice", `"components":[` + a + `,` + b + `,` + a + `]`, []string{"a@1", "b"}, "", []string{"id-duplicate: a"}},
		{"one bom-ref, two things", `"components":[` + a + `,{"type":"file","bom-ref":"a","name":"c"}]`, []string{"a@1", "c"}, "", []string{"id-duplicate: a"}},
		{"one bom-ref, other licence", `"components":[` + a + `,{"type":"file","bom-ref":"a","name":"a","version":"1","licenses":[{"license":{"id":"MIT"}}]}]`, []string{"a@1", "a@1"}, "", []string{"id-duplicate: a"}},
		{"one bom-ref, the second thing twice", `"components":[` + a + `,{"type":"file","bom-ref":"a","name":"c"},{"type":"file","bom-ref":"a","name":"c"},` + a + `]`, []string{"a@1", "c"}, "", []string{"id-duplicate: a", "id-duplicate: a", "id-duplicate: a"}},
		{"one bom-ref, parent and child", `"components":[{"type":"file","bom-ref":"a","name":"o","components":[` + a + `]},` + a + `]`, []string{"o", "a@1"}, "", []string{"id-duplicate: a", "id-duplicate: a"}},
		{"no bom-ref, twice", `"components":[{"type":"file","name":"a"},{"type":"file","name":"a"}]`, []string{"a", "a"}, "", nil},
		{"a purl in two places", `"components":[{"type":"file","bom-ref":"1","name":"a","purl":"pkg:npm/a@1"},{"type":"file","bom-ref":"2","name":"a","purl":"pkg:npm/a@1"}]`, []string{"a", "a"}, "", nil},
		{"an empty entry", `"components":[{}]`, []string{""}, "", []string{"field-missing:", "field-missing:"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := readJSON(t, head+tt.text+`}`)
			if diff := cmp.Diff(tt.want, names(doc)); diff != "" {
				t.Errorf("components (-want +got)\n%s", diff)
			}
			if doc.Count() != len(tt.want) {
				t.Errorf("count %d, want %d", doc.Count(), len(tt.want))
			}
			subject := map[bool]string{true: "listed", false: "beside"}[doc.SubjectListed]
			if doc.Subject == nil {
				subject = ""
			}
			if subject != tt.subject {
				t.Errorf("subject %q, want %q", subject, tt.subject)
			}
			if diff := cmp.Diff(tt.codes, codes(doc)); diff != "" {
				t.Errorf("defects (-want +got)\n%s", diff)
			}
			checkInvariants(t, doc)
		})
	}
}

func TestRepeatedComponent(t *testing.T) {
	doc := readJSON(t, head+"\"components\":[\n"+
		`{"type":"file","bom-ref":"o","name":"outer","components":[`+"\n"+
		`{"type":"file","bom-ref":"a","name":"a"}]},`+"\n"+
		`{"type":"file","bom-ref":"a","name":"a","components":[`+"\n"+
		`{"type":"file","bom-ref":"c","name":"child"}]}],`+"\n"+
		`"dependencies":[{"ref":"o","dependsOn":["a","c"]}]}`)
	if diff := cmp.Diff([]string{"outer", "a", "child"}, names(doc)); diff != "" {
		t.Fatalf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]sbom.Position{{Line: 4, Column: 1}}, doc.Components[1].More()); diff != "" {
		t.Errorf("further places (-want +got)\n%s", diff)
	}
	if got := doc.Components[2].Parent; got != 1 {
		t.Errorf("parent of the repeated one's child is %d, want 1", got)
	}
	want := []sbom.Dependency{{From: 0, To: 1}, {From: 0, To: 2}}
	if diff := cmp.Diff(want, doc.Dependencies); diff != "" {
		t.Errorf("dependencies (-want +got)\n%s", diff)
	}
}

func TestListedSubjectIsCompleted(t *testing.T) {
	doc := readJSON(t, head+`
"metadata":{"component":{"type":"device","bom-ref":"p","name":"pump","version":"1","supplier":{"name":"Acme"},"cpe":"cpe:/o:acme:pump"}},
"components":[{"type":"device","bom-ref":"p","name":"pump","version":"1","purl":"pkg:generic/pump@1"}]}`)
	if doc.Subject != &doc.Components[0] {
		t.Fatal("the subject does not point into the list")
	}
	s := doc.Subject
	if s.Supplier.Name != "Acme" || len(s.CPE) != 1 || s.PURL == "" {
		t.Errorf("subject %+v", s)
	}
	if diff := cmp.Diff([]sbom.Position{{Line: 3, Column: 15}, {Line: 2, Column: 25}}, append([]sbom.Position{s.Position}, s.More()...)); diff != "" {
		t.Errorf("places (-want +got)\n%s", diff)
	}
}

func TestGraph(t *testing.T) {
	const metadata = `"metadata":{"component":{"type":"device","bom-ref":"root","name":"pump"}},`
	const list = `"components":[{"type":"file","bom-ref":"a","name":"a"},{"type":"file","bom-ref":"b","name":"b"},{"type":"file","bom-ref":"c","name":"c"}],`
	const services = `"services":[{"bom-ref":"svc","name":"s"}],`
	on := func(from, to int32) sbom.Dependency { return sbom.Dependency{From: from, To: to} }
	tests := []struct {
		name, graph string
		want        []sbom.Dependency
		stated      string // names of those with an entry
		codes       []string
	}{
		{"none", `[]`, nil, "", nil},
		{"plain", `[{"ref":"root","dependsOn":["a"]},{"ref":"a","dependsOn":["b","c"]},{"ref":"b"}]`, []sbom.Dependency{on(-1, 0), on(0, 1), on(0, 2)}, "pump a b", nil},
		{"ref behind", `[{"dependsOn":["b"],"provides":["c"],"ref":"a"}]`, []sbom.Dependency{on(0, 1), {From: 0, To: 2, Kind: sbom.Provides}}, "a", nil},
		{"cycle", `[{"ref":"a","dependsOn":["b"]},{"ref":"b","dependsOn":["a"]}]`, []sbom.Dependency{on(0, 1), on(1, 0)}, "a b", nil},
		{"itself", `[{"ref":"a","dependsOn":["a","b"]}]`, []sbom.Dependency{on(0, 1)}, "a", []string{"value-invalid: a"}},
		{"dangling end", `[{"ref":"a","dependsOn":["x","b"]}]`, []sbom.Dependency{on(0, 1)}, "a", []string{"reference-dangling: x"}},
		{"dangling entry", `[{"ref":"x","dependsOn":["a","y"]}]`, nil, "", []string{"reference-dangling: x"}},
		{"entry twice", `[{"ref":"a","dependsOn":["b"]},{"ref":"a","dependsOn":["c"]}]`, []sbom.Dependency{on(0, 1), on(0, 2)}, "a", []string{"id-duplicate: a"}},
		{"services are no components", `[{"ref":"svc","dependsOn":["a"]},{"ref":"a","dependsOn":["svc"]}]`, nil, "a", nil},
		{"empty end", `[{"ref":"a","dependsOn":[""]}]`, nil, "a", []string{"value-invalid:"}},
		{"end of another type", `[{"ref":"a","dependsOn":[null,"b"]}]`, []sbom.Dependency{on(0, 1)}, "a", []string{"type-wrong: null"}},
		{"ends no list", `[{"ref":"a","dependsOn":"b"}]`, nil, "a", []string{"type-wrong: b"}},
		{"an entry is a text", `["a"]`, nil, "", []string{"type-wrong: a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			graph := `"dependencies":` + tt.graph
			for order, text := range map[string]string{
				"graph last":  head + metadata + list + services + graph + `}`,
				"graph first": head + graph + `,` + metadata + list + strings.TrimSuffix(services, ",") + `}`,
			} {
				doc := readJSON(t, text)
				if diff := cmp.Diff(tt.want, doc.Dependencies); diff != "" {
					t.Errorf("%s (-want +got)\n%s", order, diff)
				}
				var stated []string
				for _, c := range doc.All() {
					if c.DependenciesStated {
						stated = append(stated, c.Name)
					}
				}
				if got := strings.Join(stated, " "); got != tt.stated {
					t.Errorf("%s: stated %q, want %q", order, got, tt.stated)
				}
				if diff := cmp.Diff(tt.codes, codes(doc)); diff != "" {
					t.Errorf("%s: defects (-want +got)\n%s", order, diff)
				}
				checkInvariants(t, doc)
			}
		})
	}
}

// TestTwinsAreLinear guards against comparing all carriers of one bom-ref with
// all others: a hundred thousand would not end.
func TestTwinsAreLinear(t *testing.T) {
	const n = 100_000
	var b strings.Builder
	b.WriteString(head + `"components":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"type":"file","bom-ref":"same","name":"n%d"}`, i)
	}
	b.WriteString(`],"dependencies":[{"ref":"same","dependsOn":["same"]}]}`)
	if doc := readJSON(t, b.String()); doc.Count() != n || doc.Defects.Counts[sbom.CodeDuplicate] != n-1 {
		t.Errorf("%d components, defects %v", doc.Count(), doc.Defects.Counts)
	}
}

// TestKeysManyTimesAreLinear guards against copying a list anew for each time
// that its key stands.
func TestKeysManyTimesAreLinear(t *testing.T) {
	const n = 50_000
	text := head + `"components":[{"type":"file","name":"a"` +
		strings.Repeat(`,"properties":[{"name":"p"}],"hashes":[{"alg":"BLAKE3","content":"`+strings.Repeat("0", 64)+`"}],"licenses":[{"expression":"MIT"}]`, n) + `}]}`
	c := readJSON(t, text).Components[0]
	if len(c.Properties) != n || len(c.Hashes) != n || len(c.Licences) != n {
		t.Errorf("%d properties, %d hashes, %d licences, want %d of each", len(c.Properties), len(c.Hashes), len(c.Licences), n)
	}
}

// checkInvariants holds what every Document promises.
func checkInvariants(t *testing.T, doc *sbom.Document) {
	t.Helper()
	n := int32(len(doc.Components))
	valid := func(i int32) bool {
		return i >= 0 && i < n || i == sbom.SubjectIndex && doc.Subject != nil && !doc.SubjectListed
	}
	for i := range doc.Components {
		c := &doc.Components[i]
		if c.Parent != sbom.SubjectIndex && (c.Parent < 0 || c.Parent >= int32(i)) {
			t.Errorf("component %d has the parent %d", i, c.Parent)
		}
		if c.Position.IsZero() {
			t.Errorf("component %d has no place", i)
		}
		for _, p := range c.More() {
			if p.IsZero() || p == c.Position {
				t.Errorf("component %d has the further place %v", i, p)
			}
		}
	}
	for _, places := range [][]sbom.Position{
		placesOf(doc.Services, func(s *sbom.Service) sbom.Position { return s.Position }),
		placesOf(doc.Vulnerabilities, func(v *sbom.Vulnerability) sbom.Position { return v.Position }),
		placesOf(doc.External, func(e *sbom.ExternalDocument) sbom.Position { return e.Position }),
		placesOf(doc.Signatures, func(s *sbom.Signature) sbom.Position { return s.Position }),
	} {
		for i, p := range places {
			if p.IsZero() {
				t.Errorf("entry %d has no place", i)
			}
			if i > 0 && (p.Line < places[i-1].Line || p.Line == places[i-1].Line && p.Column < places[i-1].Column) {
				t.Errorf("entry %d stands before the one before it: %v", i, places[i-1:i+1])
			}
		}
	}
	if len(doc.Vulnerabilities) > doc.Statements {
		t.Errorf("%d vulnerabilities of %d", len(doc.Vulnerabilities), doc.Statements)
	}
	for _, e := range doc.Dependencies {
		if !valid(e.From) || !valid(e.To) || e.From == e.To {
			t.Errorf("dependency %+v of %d components", e, n)
		}
	}
	if doc.Subject == nil {
		if doc.SubjectListed {
			t.Error("no subject, but it is listed")
		}
		return
	}
	listed := false
	for i := range doc.Components {
		listed = listed || doc.Subject == &doc.Components[i]
	}
	if listed != doc.SubjectListed {
		t.Errorf("subject listed: %v, said %v", listed, doc.SubjectListed)
	}
	if doc.Subject.Position.IsZero() {
		t.Error("the subject has no place")
	}
}

func placesOf[T any](list []T, place func(*T) sbom.Position) []sbom.Position {
	places := make([]sbom.Position, len(list))
	for i := range list {
		places[i] = place(&list[i])
	}
	return places
}
