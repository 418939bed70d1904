// SPDX-License-Identifier: Apache-2.0

package jsonpull

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// read walks a whole value as encoding/json would build it.
func read(r *Reader) any {
	switch r.Kind() {
	case Object:
		m := map[string]any{}
		r.Object()
		for r.Key() {
			key := r.Name()
			m[key] = read(r)
		}
		return m
	case Array:
		list := []any{}
		r.Array()
		for r.Item() {
			list = append(list, read(r))
		}
		return list
	case Bool:
		b, _ := r.Bool()
		return b
	default:
		s, k := r.Scalar()
		switch k {
		case Null, Invalid:
			return nil
		case Number:
			return json.Number(s)
		default:
			return s
		}
	}
}

func TestGrammar(t *testing.T) {
	tests := []struct {
		text string
		want string // part of the error, "" if the text is good
		at   int
	}{
		{text: `null`},
		{text: ` true `},
		{text: `false`},
		{text: `""`},
		{text: `[]`},
		{text: `{}`},
		{text: `[1,2,3]`},
		{text: `{"a":{"b":[null]}}`},
		{text: "\t\r\n[ 1 , 2 ]\n"},
		{text: "                1"},
		{text: `0`},
		{text: `-0`},
		{text: `10`},
		{text: `1.5`},
		{text: `-0.0e+0`},
		{text: `1E9`},
		{text: `1e-09`},
		{text: `123456789012345678901234567890`},
		{text: `01`, want: "malformed number"},
		{text: `-01`, want: "malformed number"},
		{text: `-`, want: "malformed number"},
		{text: `1.`, want: "malformed number"},
		{text: `.5`, want: "'.' where a value"},
		{text: `+1`, want: "'+' where a value"},
		{text: `1e`, want: "malformed number"},
		{text: `1e+`, want: "malformed number"},
		{text: `--1`, want: "malformed number"},
		{text: `1x`, want: "text after the end", at: 1},
		{text: `0x10`, want: "text after the end", at: 1},
		{text: `NaN`, want: "'N' where a value"},
		{text: `Infinity`, want: "'I' where a value"},
		{text: `nul`, want: `the text ends inside "null"`},
		{text: `nulx`, want: "true, false or null"},
		{text: `True`, want: "'T' where a value"},
		{text: `truefalse`, want: "text after the end", at: 4},
		{text: ``, want: "the text ends where a value"},
		{text: `  `, want: "the text ends where a value", at: 2},
		{text: `[`, want: "the text ends where a value", at: 1},
		{text: `[1`, want: "the text ends where ',' or ']'", at: 2},
		{text: `[1,`, want: "the text ends where a value", at: 3},
		{text: `[,]`, want: "',' where a value", at: 1},
		{text: `[1,]`, want: "']' where a value", at: 3},
		{text: `[1 2]`, want: "'2' where ',' or ']'", at: 3},
		{text: `[1}`, want: "'}' where ',' or ']'", at: 2},
		{text: `{]`, want: "']' where a key", at: 1},
		{text: `{`, want: "the text ends where a key", at: 1},
		{text: `{"a"`, want: "the text ends where ':'", at: 4},
		{text: `{"a":`, want: "the text ends where a value", at: 5},
		{text: `{"a":}`, want: "'}' where a value", at: 5},
		{text: `{"a" 1}`, want: "'1' where ':'", at: 5},
		{text: `{"a":1,}`, want: "'}' where a key", at: 7},
		{text: `{,"a":1}`, want: "',' where a key", at: 1},
		{text: `{'a':1}`, want: `'\'' where a key`, at: 1},
		{text: `{a:1}`, want: "'a' where a key", at: 1},
		{text: `{1:2}`, want: "'1' where a key", at: 1},
		{text: `{"a":1 "b":2}`, want: `'"' where ',' or '}'`, at: 7},
		{text: `[] []`, want: "text after the end", at: 3},
		{text: `{} x`, want: "text after the end", at: 3},
		{text: `[1] // c`, want: "text after the end", at: 4},
		{text: "[\v1]", want: `'\v' where a value`, at: 1},
		{text: "\xef\xbb\xbf{}", want: `'\ufeff' where a value`},
		{text: `"`, want: "ends inside this string"},
		{text: `"abc`, want: "ends inside this string"},
		{text: `"abc\"`, want: "ends inside this string"},
		{text: `"\`, want: "ends inside this string"},
		{text: `"\x"`, want: "malformed escape", at: 1},
		{text: `"\u12"`, want: "malformed escape", at: 1},
		{text: `"\u12g4"`, want: "malformed escape", at: 1},
		{text: `"\U1234"`, want: "malformed escape", at: 1},
		{text: `"\'"`, want: "malformed escape", at: 1},
		{text: `"12345678\q"`, want: "malformed escape", at: 9},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			for way, walk := range map[string]func(r *Reader){
				"skip": (*Reader).Skip,
				"read": func(r *Reader) { read(r) },
			} {
				r := New([]byte(tt.text), Limits{})
				walk(r)
				err := r.End()
				switch {
				case tt.want == "" && err != nil:
					t.Errorf("%s: %v", way, err)
				case tt.want != "" && err == nil:
					t.Errorf("%s: no error, want %q", way, tt.want)
				case tt.want != "" && (!strings.Contains(err.Message, tt.want) || err.Offset != tt.at):
					t.Errorf("%s: error %q at %d, want %q at %d", way, err.Message, err.Offset, tt.want, tt.at)
				}
				if valid := json.Valid([]byte(tt.text)); valid != (err == nil) {
					t.Errorf("%s: encoding/json says valid %v, error here %v", way, valid, err)
				}
			}
		})
	}
}

func TestEnded(t *testing.T) {
	for text, want := range map[string]bool{
		`{"a":[1,2`: true, `{"a": "b`: true, `{"a": "b\`: true, `[tru`: true, `{"a"`: true,
		`{"a":[1,2]]`: false, `[1,,`: false, `[truE`: false, `{}{}`: false,
	} {
		r := New([]byte(text), Limits{})
		r.Skip()
		if err := r.End(); err == nil || err.Ended != want {
			t.Errorf("%s: error %+v, want Ended %v", text, err, want)
		}
	}
}

func TestStrings(t *testing.T) {
	tests := []struct {
		text, want string
		bad        int
	}{
		{`""`, "", 0},
		{`"plain text of more than eight bytes"`, "plain text of more than eight bytes", 0},
		{`"\"\\\/\b\f\n\r\t"`, "\"\\/\b\f\n\r\t", 0},
		{`"caf\u00e9 \u20AC"`, "café €", 0},
		{`"café €"`, "café €", 0},
		{`"\ud83d\ude00"`, "😀", 0},
		{`"\u0000"`, "\x00", 0},
		{`"\ud83d"`, "\uFFFD", 1},
		{`"\ude00 \ud83d"`, "\uFFFD \uFFFD", 1},
		{`"\ud83d\u0041"`, "\uFFFDA", 1},
		{`"\ud83d\ud83d\ude00"`, "\uFFFD😀", 1},
		{`"\ud83dx"`, "\uFFFDx", 1},
		{"\"a\xffb\"", "a\uFFFDb", 1},
		{"\"a\xe9\\n\xff\"", "a\uFFFD\n\uFFFD", 1},
		{"\"\xc3\"", "\uFFFD", 1},
		{"\"a\tb\nc\"", "a\tb\nc", 1},
		{"\"\xed\xa0\x80\"", "\uFFFD", 1}, // a surrogate in UTF-8
	}
	for _, tt := range tests {
		r := New([]byte("["+tt.text+"]"), Limits{})
		r.Array()
		r.Item()
		got, ok := r.String()
		if !ok || got != tt.want || r.BadText != tt.bad {
			t.Errorf("%s: %q, %v, BadText %d; want %q, BadText %d", tt.text, got, ok, r.BadText, tt.want, tt.bad)
		}
		if tt.bad > 0 && r.BadTextAt != 1 {
			t.Errorf("%s: BadTextAt %d, want 1", tt.text, r.BadTextAt)
		}
		if !utf8.ValidString(got) {
			t.Errorf("%s: %q is not valid UTF-8", tt.text, got)
		}
		if r.Item(); r.End() != nil {
			t.Errorf("%s: %v", tt.text, r.End())
		}
	}
}

func TestStringsAtEveryOffset(t *testing.T) {
	// A quote, escape, control or non-ASCII byte must be found wherever it
	// stands among the eight bytes looked at together.
	for _, special := range []string{`\n`, "é", "\x01", `\"`, "\u007f", "~", " ", "!", "#", "[", "]"} {
		for before := range 20 {
			content := strings.Repeat("x", before) + special + strings.Repeat("y", 20-before)
			r := New([]byte(`"`+content+`"`), Limits{})
			got, ok := r.String()
			want := strings.NewReplacer(`\n`, "\n", `\"`, `"`).Replace(content)
			if !ok || got != want || r.End() != nil {
				t.Errorf("%q: %q, %v, %v", content, got, ok, r.End())
			}
		}
	}
}

func TestLimits(t *testing.T) {
	nested := func(n int) string { return strings.Repeat(`{"a":[`, n/2) + strings.Repeat("]}", n/2) }
	tests := []struct {
		name, text string
		limits     Limits
		want       string
		at         int
	}{
		{"depth at the default", nested(256), Limits{}, "", 0},
		{"depth over the default", nested(258), Limits{}, "nested deeper than 256 levels", 128 * 6},
		{"depth set", `[[[]]]`, Limits{Depth: 2}, "nested deeper than 2 levels", 2},
		{"depth comes back", `[[],[],[[]]]`, Limits{Depth: 3}, "", 0},
		{"string at the limit", `"12345"`, Limits{String: 5}, "", 0},
		{"string over the limit", `["123456"]`, Limits{String: 5}, "a string of 6 bytes, more than the limit of 5", 1},
		{"key over the limit", `{"123456":1}`, Limits{String: 5}, "a string of 6 bytes", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, walk := range []func(r *Reader){(*Reader).Skip, func(r *Reader) { read(r) }} {
				r := New([]byte(tt.text), tt.limits)
				walk(r)
				err := r.End()
				if tt.want == "" {
					if err != nil {
						t.Error(err)
					}
					continue
				}
				if err == nil || err.Limit == None || !strings.Contains(err.Message, tt.want) || err.Offset != tt.at {
					t.Errorf("error %+v, want limit %q at %d", err, tt.want, tt.at)
				}
			}
		})
	}
}

func TestWrongKindsAreSkipped(t *testing.T) {
	const text = `{"s":{"x":[1]},"a":"text","o":[{}],"b":"true","n":null,"last":7}`
	r := New([]byte(text), Limits{})
	var got []string
	r.Object()
	for r.Key() {
		name := r.Name()
		switch name {
		case "s":
			s, ok := r.String()
			got = append(got, fmt.Sprint(name, s, ok))
		case "a":
			got = append(got, fmt.Sprint(name, r.Array()))
		case "o":
			got = append(got, fmt.Sprint(name, r.Object()))
		case "b":
			b, ok := r.Bool()
			got = append(got, fmt.Sprint(name, b, ok))
		default:
			s, k := r.Scalar()
			got = append(got, fmt.Sprint(name, s, k))
		}
	}
	want := []string{"sfalse", "afalse", "ofalse", "bfalse false", "nnullnull", "last7a number"}
	if diff := cmp.Diff(want, got); diff != "" || r.End() != nil {
		t.Errorf("(-want +got)\n%s%v", diff, r.End())
	}
}

func TestOffsetsAndRaw(t *testing.T) {
	const text = "{ \"a\" :  [ 1, \"x\" ] , \"b\":{} }"
	r := New([]byte(text), Limits{})
	r.Object()
	r.Key()
	if r.NameOffset() != 2 || r.Offset() != 9 {
		t.Errorf("a: name at %d, value at %d, want 2 and 9", r.NameOffset(), r.Offset())
	}
	if raw := string(r.Raw()); raw != `[ 1, "x" ]` {
		t.Errorf("raw %q", raw)
	}
	r.Key()
	if r.NameOffset() != 22 || r.Name() != "b" || r.Offset() != 26 {
		t.Errorf("b: %q at %d, value at %d, want 22 and 26", r.Name(), r.NameOffset(), r.Offset())
	}
	r.Skip()
	if r.Key() || r.End() != nil {
		t.Errorf("not at the end: %v", r.End())
	}
	if raw := New([]byte(`[1`), Limits{}).Raw(); raw != nil {
		t.Errorf("raw of a broken value %q, want nil", raw)
	}
}

func TestErrorsStick(t *testing.T) {
	r := New([]byte(`[tru, 1, "x", {}]`), Limits{})
	r.Array()
	r.Item()
	r.Skip()
	first := r.Err()
	if first == nil {
		t.Fatal("no error")
	}
	s, ok := r.String()
	v, k := r.Scalar()
	if r.Item() || r.Key() || r.Object() || r.Array() || ok || s != "" || v != "" || k != Invalid || r.Raw() != nil {
		t.Error("a failed reader still gives values")
	}
	r.Stop(0, "too late")
	if r.End() != first {
		t.Errorf("error changed from %v to %v", first, r.End())
	}
	r.Reset([]byte(`1`))
	if r.Skip(); r.End() != nil {
		t.Errorf("after Reset: %v", r.End())
	}
}

func TestStop(t *testing.T) {
	r := New([]byte(`[1, 2, 3]`), Limits{})
	r.Array()
	r.Item()
	r.Stop(1, "enough")
	if r.Item() {
		t.Error("goes on after Stop")
	}
	if err := r.End(); err == nil || err.Limit == None || err.Offset != 1 || err.Error() != "offset 1: enough" {
		t.Errorf("error %+v", err)
	}
}

func TestSkipAllocatesNothing(t *testing.T) {
	text := []byte(`{"a":["x\n\u00e9",1.5e3,{"b":null}],"c":"` + strings.Repeat("long ", 100) + `"}`)
	r := New(text, Limits{})
	if n := testing.AllocsPerRun(100, func() { r.Reset(text); r.Skip() }); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

func FuzzReader(f *testing.F) {
	for _, seed := range []string{
		`{"bomFormat":"CycloneDX","components":[{"name":"a","version":1.5e-3}]}`, `["\ud83d\ude00\u0000é"]`,
		`[1,]`, `{"a":}`, "\"\xff\"", `{"a":1}{}`, `[[[[]]]]`, "[\"a\tb\"]", `-0.5E+10`, `{"\u0061":true,"b":false,"c":null}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		before := bytes.Clone(text)
		limits := Limits{Depth: 9999}
		skip := New(text, limits)
		skip.Skip()
		skipErr := skip.End()
		whole := New(text, limits)
		got := read(whole)
		readErr := whole.End()
		if !bytes.Equal(before, text) {
			t.Fatal("the input was changed")
		}
		if (skipErr == nil) != (readErr == nil) {
			t.Fatalf("skipping says %v, reading says %v", skipErr, readErr)
		}
		valid := json.Valid(text)
		if valid && readErr != nil {
			t.Fatalf("valid JSON refused: %v", readErr)
		}
		if !valid && readErr == nil && whole.BadText == 0 {
			t.Fatal("invalid JSON taken and nothing said")
		}
		if !valid || whole.BadText > 0 {
			return
		}
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		var want any
		if err := d.Decode(&want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("values differ (-want +got)\n%s", diff)
		}
	})
}
