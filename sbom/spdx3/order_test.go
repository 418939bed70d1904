// SPDX-License-Identifier: Apache-2.0

package spdx3

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/medsbom/medsbom/sbom"
)

// TestAnyOrder holds that a graph says the same in whatever order its elements
// stand.
func TestAnyOrder(t *testing.T) {
	var parts struct {
		Context json.RawMessage   `json:"@context"`
		Graph   []json.RawMessage `json:"@graph"`
	}
	if err := json.Unmarshal([]byte(whole), &parts); err != nil {
		t.Fatal(err)
	}
	want := unordered(t, []byte(whole))
	rapid.Check(t, func(r *rapid.T) {
		graph := rapid.Permutation(parts.Graph).Draw(r, "graph")
		text := `{"@graph":[`
		for i, e := range graph {
			if i > 0 {
				text += ","
			}
			text += string(e)
		}
		text += `],"@context":` + string(parts.Context) + `}`
		if diff := cmp.Diff(want, unordered(r, []byte(text))); diff != "" {
			r.Errorf("in another order (-want +got):\n%s", diff)
		}
	})
}

// unordered is a document without places, its lists sorted and its edges by
// name.
func unordered(t rapid.TB, text []byte) *sbom.Document {
	doc, err := Decode(text, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var edges []string
	for _, e := range doc.Dependencies {
		edges = append(edges, fmt.Sprint(doc.Components[e.From].Ref, e.Kind, doc.Components[e.To].Ref))
	}
	slices.Sort(edges)
	doc.Lifecycles = append(doc.Lifecycles, edges...)
	doc.Lifecycles = append(doc.Lifecycles, "subject "+doc.Subject.Ref)
	doc.Dependencies, doc.Subject = nil, nil
	for i := range doc.Components {
		doc.Components[i].Position = sbom.Position{}
		slices.SortFunc(doc.Components[i].Licences, func(a, b sbom.Licence) int { return strings.Compare(a.Value, b.Value) })
	}
	slices.SortFunc(doc.Components, func(a, b sbom.Component) int { return strings.Compare(a.Ref, b.Ref) })
	for i := range doc.Compositions {
		slices.Sort(doc.Compositions[i].Refs)
	}
	for i := range doc.Vulnerabilities {
		doc.Vulnerabilities[i].Position = sbom.Position{}
	}
	slices.SortFunc(doc.Vulnerabilities, func(a, b sbom.Vulnerability) int { return strings.Compare(a.ID, b.ID) })
	for i := range doc.External {
		doc.External[i].Position = sbom.Position{}
	}
	return doc
}

// TestAnyGraph reads graphs that are made of the terms of SPDX at random.
func TestAnyGraph(t *testing.T) {
	ids := []string{"a:1", "a:2", "p:1", "_:b", "x", "NoneElement", "https://spdx.org/licenses/MIT", "SPDXRef-DOCUMENT", "NOASSERTION"}
	words := append([]string{"", "gadget", "pkg:npm/a@1", "3.0.1", "2026-01-15T08:00:00Z", "Organization: A"}, relationshipTypes...)
	var keys, types []string
	for _, f := range facts {
		if f.name != "" && f.name != "@context" && f.name != "@graph" {
			keys = append(keys, f.name)
		}
	}
	keys = append(keys, "@id", "@type", "@list", "@set", "@value", "colour", "packageUrl", "extension_x", "builtTime")
	for _, c := range classes {
		types = append(types, c.name)
	}
	types = append(types, "Element", "acme", "https://spdx.org/rdf/3.0.1/terms/Software/Package", "software_Package")
	var value func(r *rapid.T, depth int) any
	object := func(r *rapid.T, depth int) any {
		o := map[string]any{"type": rapid.SampledFrom(types).Draw(r, "type"), "spdxId": rapid.SampledFrom(ids).Draw(r, "id")}
		for range rapid.IntRange(0, 6).Draw(r, "properties") {
			o[rapid.SampledFrom(keys).Draw(r, "key")] = value(r, depth+1)
		}
		return o
	}
	value = func(r *rapid.T, depth int) any {
		most := 6
		if depth > 4 {
			most = 3
		}
		switch rapid.IntRange(0, most).Draw(r, "kind") {
		case 0:
			return rapid.SampledFrom(words).Draw(r, "word")
		case 1:
			return 1
		case 2, 3:
			return rapid.SampledFrom(ids).Draw(r, "reference")
		case 4:
			return []any{value(r, depth+1), value(r, depth+1)}
		}
		return object(r, depth)
	}
	rapid.Check(t, func(r *rapid.T) {
		var graph []any
		for range rapid.IntRange(0, 12).Draw(r, "elements") {
			graph = append(graph, object(r, 0))
		}
		text, err := json.Marshal(map[string]any{
			"@context": []any{"https://spdx.org/rdf/3.0.1/spdx-context.jsonld", map[string]string{"p": "a:"}}, "@graph": graph,
		})
		if err != nil {
			r.Fatal(err)
		}
		doc, err := Decode(text, Options{})
		if err != nil {
			r.Fatalf("%v\n%s", err, text)
		}
		checkInvariants(t, doc, text)
		again, err := Decode(text, Options{})
		if err != nil {
			r.Fatal(err)
		}
		if diff := cmp.Diff(doc, again); diff != "" {
			r.Errorf("the second reading differs:\n%s", diff)
		}
	})
}
