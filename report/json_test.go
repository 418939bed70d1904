// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/assessment/schema"
)

// marshal is the reference encoding: members in the order of the struct, keys
// of maps sorted, omitempty as encoding/json means it.
func marshal(v any) ([]byte, error) {
	return json.Marshal(v,
		json.Deterministic(true),
		jsontext.AllowInvalidUTF8(true),
		jsonv1.OmitEmptyWithLegacySemantics(true))
}

// reference is the encoding by reflection, with the same harmless escapes.
func reference(t testing.TB, v any) string {
	t.Helper()
	text, err := marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(appendHarmless(nil, text))
}

// fill sets every field beneath v to something that is not zero and differs
// from field to field. It fails on a kind that it does not know.
func fill(t testing.TB, v reflect.Value, n *int) {
	t.Helper()
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("s%d", *n))
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Float64:
		v.SetFloat(float64(*n) + 0.125)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Interface: // of the components
		list := reflect.New(reflect.TypeFor[assessment.List]()).Elem()
		fill(t, list, n)
		v.Set(list)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0), n)
		fill(t, v.Index(1), n)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 2 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(t, key, n)
			fill(t, value, n)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(t, field, n)
		}
	default:
		t.Fatalf("no way to fill a %s", v.Type())
	}
}

// TestAppendEqualsReflection holds the encoders without reflection against the
// one with it: all fields filled, none, and each one alone.
func TestAppendEqualsReflection(t *testing.T) {
	check := func(t *testing.T, v any) {
		t.Helper()
		var got jsonText
		switch v := v.(type) {
		case *assessment.Component:
			got.component(v, false)
		case *assessment.Finding:
			got.finding(v)
		case *assessment.Advisory:
			got.advisory(v, false)
		case *assessment.SBOM:
			got.sbom(v, false)
		case *assessment.Context:
			got.context(v, false)
		}
		if diff := cmp.Diff(reference(t, v), string(got.b)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	for _, typ := range []reflect.Type{
		reflect.TypeFor[assessment.Component](), reflect.TypeFor[assessment.Finding](), reflect.TypeFor[assessment.Advisory](),
		reflect.TypeFor[assessment.SBOM](), reflect.TypeFor[assessment.Context](),
	} {
		n := 0
		all := reflect.New(typ)
		fill(t, all.Elem(), &n)
		t.Run(typ.Name()+"/all", func(t *testing.T) { check(t, all.Interface()) })
		t.Run(typ.Name()+"/none", func(t *testing.T) { check(t, reflect.New(typ).Interface()) })
		for i := range typ.NumField() {
			t.Run(typ.Name()+"/"+typ.Field(i).Name, func(t *testing.T) {
				one := reflect.New(typ)
				fill(t, one.Elem().Field(i), &n)
				check(t, one.Interface())
				lacking := reflect.New(typ)
				lacking.Elem().Set(all.Elem())
				lacking.Elem().Field(i).SetZero()
				check(t, lacking.Interface())
			})
		}
	}
}

func TestWordsAsTheyStand(t *testing.T) {
	for place := range 16 {
		for c := range 256 {
			text := []byte("abcdefgh01234567xyz")
			text[place] = byte(c)
			want := 16
			if !asItStands[c] {
				want = place / 8 * 8
			}
			if got := wordsAsTheyStand(string(text)); got != want {
				t.Errorf("%q: want %v, got %v", text, want, got)
			}
		}
	}
}

func TestAppendString(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "s")
		got := appendString(nil, s)
		var back string
		if err := json.Unmarshal(got, &back); err != nil {
			t.Fatalf("%q: %v", got, err)
		}
		if want := strings.ToValidUTF8(s, "\uFFFD"); len(want) == len(back) && want != back {
			t.Fatalf("want %q, got %q", want, back)
		}
		want, err := json.Marshal(s, jsontext.AllowInvalidUTF8(true))
		if err != nil {
			t.Fatal(err)
		}
		if w := string(appendHarmless(nil, want)); w != string(got) {
			t.Fatalf("want %s, got %s", w, got)
		}
	})
}

func TestAppendFloat(t *testing.T) {
	for _, f := range []float64{
		0, math.Copysign(0, -1), 1, -1, 0.1, 93.1, 100, 1e-6, 9.9e-7, 1e-9, 1.5e-10, 1e20, 1e21, 1.25e21, 1e100, -1e-7,
		math.MaxFloat64, math.SmallestNonzeroFloat64, 1.0 / 3,
	} {
		want, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		if got := appendFloat(nil, f); string(got) != string(want) {
			t.Errorf("want %s, got %s", want, got)
		}
	}
}

// TestJSONIsTheDocument decodes the whole document and compares it with what
// went in, so that no member of header, product or trailer can be lost.
func TestJSONIsTheDocument(t *testing.T) {
	var all saved
	n := 0
	fill(t, reflect.ValueOf(&all.header).Elem(), &n)
	all.products = []assessment.Product{{}, {Components: assessment.List(nil)}}
	fill(t, reflect.ValueOf(&all.products[0]).Elem(), &n)
	fill(t, reflect.ValueOf(&all.trailer).Elem(), &n)
	all.header.Schema = assessment.Schema

	text := all.render(t, "json", Options{})
	var got any
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	want := make(map[string]any)
	for _, part := range []any{&all.header, struct {
		P []assessment.Product `json:"products"`
	}{all.products}, &all.trailer} {
		if err := json.Unmarshal([]byte(reference(t, part)), &want); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(any(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestJSONRoundTrip: a saved document reads as the stream that gives its bytes.
func TestJSONRoundTrip(t *testing.T) {
	for name, fixture := range fixtures {
		first := fixture().render(t, "json", Options{})
		var second bytes.Buffer
		if err := assessment.Read(strings.NewReader(first), JSON(&second)); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(first, second.String()); diff != "" {
			t.Errorf("%s (-first +second):\n%s", name, diff)
		}
		// Any other format is the same from the scan and from its document.
		for _, format := range Formats()[:] {
			want := fixture().render(t, format, Options{})
			var got bytes.Buffer
			h, err := New(format, &got, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := assessment.Read(strings.NewReader(first), h); err != nil {
				t.Fatal(err)
			}
			if name == "several" && format != "json" {
				continue // its invalid UTF-8 is U+FFFD in the document
			}
			if diff := cmp.Diff(want, got.String()); diff != "" {
				t.Errorf("%s as %s (-scan +document):\n%s", name, format, diff)
			}
		}
	}
}

func compile(t *testing.T, url, text string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(url, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(url)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, text string) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

func TestJSONObeysSchema(t *testing.T) {
	s := compile(t, "https://github.com/medsbom/medsbom/assessment/schema/v1.json", schema.V1)
	for name, fixture := range fixtures {
		text := fixture().render(t, "json", Options{})
		if err := validate(t, s, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The schema is not of the kind that takes everything.
	text := rejected().render(t, "json", Options{})
	for _, change := range [][2]string{
		{`"outcome":"reject"`, `"outcome":"fine"`},
		{`"state":"not-assessed"`, `"state":"clean"`},
		{`"confidence":"possible"`, `"confidence":"sure","more":1`},
		{`"asOf":"2026-08-22"`, `"asOf":"yesterday"`},
		{`"value":93.1`, `"value":193.1`},
		{`"findings":[`, `"finding":[`},
	} {
		bad := strings.Replace(text, change[0], change[1], 1)
		if bad == text {
			t.Errorf("%s is not in the document", change[0])
		} else if validate(t, s, bad) == nil {
			t.Errorf("the schema allows %s", change[1])
		}
	}
}

func TestJSONRefuses(t *testing.T) {
	nan := rejected()
	nan.products[0].Findings[1].Points = math.NaN()
	if err := nan.into(JSON(io.Discard)); err == nil || !strings.Contains(err.Error(), "NaN") {
		t.Errorf("want an error about NaN, got %v", err)
	}
	score := rejected()
	score.products[0].Score.Known.Value = math.Inf(1)
	if err := score.into(JSON(io.Discard)); err == nil {
		t.Error("want an error about an infinite score")
	}
	other := rejected()
	other.header.Schema = "medsbom/assessment/v2"
	if err := other.into(JSON(io.Discard)); err == nil {
		t.Error("want an error about the schema")
	}
}

// TestWriteErrorsStick: a full disk is reported by every later call.
func TestWriteErrorsStick(t *testing.T) {
	full := errors.New("disk full")
	for _, format := range Formats() {
		h, err := New(format, failing{full}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := rejected()
		s.products[0].Components = make(assessment.List, 2000)
		if err := s.into(h); !errors.Is(err, full) {
			t.Errorf("%s: want %v, got %v", format, full, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// large is a product with n components, every tenth of them with a finding.
func large(n int) *saved {
	s := rejected()
	p := &s.products[0]
	component, finding := *p.Components.At(1), p.Findings[0]
	list := make(assessment.List, n)
	p.Components, p.Findings = list, nil
	for i := range list {
		c := component
		c.Ref = fmt.Sprintf("pkg:maven/org.example/library-%d@1.%d", i, i)
		c.Name, c.Version, c.PURL = fmt.Sprintf("library-%d", i), fmt.Sprintf("1.%d", i), c.Ref
		c.DependsOn = []string{"a", "b"}
		list[i] = c
		if i%10 == 0 {
			f := finding
			f.Component, f.Key, f.Name, f.Version = i, finding.ID+" "+c.Key, c.Name, c.Version
			p.Findings = append(p.Findings, f)
		}
	}
	return s
}

func BenchmarkJSON100k(b *testing.B) {
	s := large(100_000)
	counter := &counting{}
	b.ReportAllocs()
	for b.Loop() {
		if err := s.into(JSON(counter)); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(counter.n / int64(b.N))
}

func BenchmarkJSONThousandProducts(b *testing.B) {
	one := rejected()
	s := *one
	s.products = nil
	for range 1000 {
		s.products = append(s.products, one.products[0])
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := s.into(JSON(io.Discard)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead100k(b *testing.B) {
	text := large(100_000).render(b, "json", Options{})
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if err := assessment.Read(strings.NewReader(text), Tee()); err != nil {
			b.Fatal(err)
		}
	}
}

type counting struct{ n int64 }

func (c *counting) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

// TestJSONAllocations bounds the garbage of a large document.
func TestJSONAllocations(t *testing.T) {
	s := large(10_000)
	perRun := testing.AllocsPerRun(3, func() {
		if err := s.into(JSON(io.Discard)); err != nil {
			t.Fatal(err)
		}
	})
	if perRun > 500 {
		t.Errorf("%.0f allocations for 10,000 components and 1,000 findings, want at most 500", perRun)
	}
}
