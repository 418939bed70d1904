// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/gowebpki/jcs"
	"pgregory.net/rapid"

	"github.com/medsbom/medsbom/internal/jsonpull"
)

// canonicalise is the canonical form of a text, or why there is none.
func canonicalise(text string) (string, string) {
	r := jsonpull.New([]byte(text), jsonLimits([]byte(text)))
	if r.Skip(); r.End() != nil {
		return "", r.End().Message
	}
	o, ambiguous := newOutline([]byte(text))
	if ambiguous != nil {
		return "", ambiguous.reason
	}
	return string(o.object(nil, 0, edits{})), ""
}

func TestCanonical(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", ` { } `, `{}`},
		{"white space and order", "{\"b\" :\t[ 1 , { \"z\":1, \"a\":[ ] } ] ,\r\n\"a\": null}", `{"a":null,"b":[1,{"a":[],"z":1}]}`},
		{"objects in arrays out of order", `{"b":[{"y":{"b":1,"a":2}},[{"d":{},"c":3}]],"a":{"q":[{"r":1,"p":2}]}}`, `{"a":{"q":[{"p":2,"r":1}]},"b":[{"y":{"a":2,"b":1}},[{"c":3,"d":{}}]]}`},
		{"order by UTF-16", "{\"\ufb33\":1,\"\U0001f600\":2,\"\\r\":3,\"1\":4,\"\u20ac\":5,\"\u0080\":6,\"\u00f6\":7}", "{\"\\r\":3,\"1\":4,\"\u0080\":6,\"\u00f6\":7,\"\u20ac\":5,\"\U0001f600\":2,\"\ufb33\":1}"},
		{"escapes", `{"\u0061":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/\b\f\t\ud83d\ude00\u007f\u2028"}`, "{\"a\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\\b\\f\\t\U0001f600\u007f\u2028\"}"},
		{"numbers", `{"a":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001,-0,-0.0,1.0,100,9007199254740991,0e9999]}`, `{"a":[333333333.3333333,1e+30,4.5,0.002,1e-27,0,0,1,100,9007199254740991,0]}`},
		{"literals", `{"a":[true,false,null]}`, `{"a":[true,false,null]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, reason := canonicalise(tt.text)
			if got != tt.want || reason != "" {
				t.Errorf("%s\ngot  %s (%s)\nwant %s", tt.text, got, reason, tt.want)
			}
			if oracle, err := jcs.Transform([]byte(tt.text)); err != nil || string(oracle) != tt.want {
				t.Errorf("the oracle: %s, %v", oracle, err)
			}
		})
	}
}

func TestAmbiguous(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"key twice", `{"a":1,"b":{"c":1,"d":2,"c":1}}`, `the key "c" twice`},
		{"key twice by escape", `{"ab":1,"\u0061b":2}`, `the key "ab" twice`},
		{"key twice, the same content", `{"a":{},"a":{}}`, `the key "a" twice`},
		{"not UTF-8", "{\"a\":\"\xff\"}", "not valid UTF-8"},
		{"key not UTF-8", "{\"\xc3\":1}", "not valid UTF-8"},
		{"control character", "{\"a\":\"\x01\"}", "raw control characters"},
		{"half of a pair", `{"a":["\ud83d"]}`, "half of a UTF-16 pair"},
		{"half of a pair in a key", `{"\ude00":1}`, "half of a UTF-16 pair"},
		{"integer", `{"a":9007199254740992}`, "beyond 2^53-1"},
		{"negative integer", `{"a":-12345678901234567890}`, "beyond 2^53-1"},
		{"too large", `{"a":1e309}`, "no double"},
		{"too small", `{"a":-1e-400}`, "so small"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, reason := canonicalise(tt.text); !strings.Contains(reason, tt.want) || got != "" {
				t.Errorf("%s, reason %q, want %q", got, reason, tt.want)
			}
		})
	}
}

// TestNumbers has the samples of RFC 8785, Appendix B.
func TestNumbers(t *testing.T) {
	for bits, want := range map[uint64]string{
		0x0000000000000000: "0", 0x8000000000000000: "0",
		0x0000000000000001: "5e-324", 0x8000000000000001: "-5e-324",
		0x7fefffffffffffff: "1.7976931348623157e+308", 0xffefffffffffffff: "-1.7976931348623157e+308",
		0x4340000000000000: "9007199254740992", 0xc340000000000000: "-9007199254740992",
		0x4430000000000000: "295147905179352830000",
		0x44b52d02c7e14af5: "9.999999999999997e+22", 0x44b52d02c7e14af6: "1e+23", 0x44b52d02c7e14af7: "1.0000000000000001e+23",
		0x444b1ae4d6e2ef4e: "999999999999999700000", 0x444b1ae4d6e2ef4f: "999999999999999900000", 0x444b1ae4d6e2ef50: "1e+21",
		0x3eb0c6f7a0b5ed8c: "9.999999999999997e-7", 0x3eb0c6f7a0b5ed8d: "0.000001",
		0x41b3de4355555553: "333333333.3333332", 0x41b3de4355555554: "333333333.33333325", 0x41b3de4355555555: "333333333.3333333",
		0x41b3de4355555556: "333333333.3333334", 0x41b3de4355555557: "333333333.33333343",
		0xbecbf647612f3696: "-0.0000033333333333333333", 0x43143ff3c1cb0959: "1424953923781206.2",
	} {
		if got := string(appendFloat(nil, math.Float64frombits(bits))); got != want {
			t.Errorf("%x: %s, want %s", bits, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64().Draw(t, "v")
		want, err := jcs.NumberToJSON(v)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(appendFloat(nil, v)); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		s := strconv.FormatFloat(v, 'g', -1, 64)
		if reason := checkNumber(s); reason == "" {
			if got := string(appendNumber(nil, s)); got != want {
				t.Errorf("%s: %s, want %s", s, got, want)
			}
		} else if isInteger(s) && math.Abs(v) <= maxSafe {
			t.Errorf("%s: %s", s, reason)
		}
	})
}

func TestDepth(t *testing.T) {
	nested := func(n int) string {
		return `{"signature":{},"a":` + strings.Repeat(`[{"a":`, n/2) + "1" + strings.Repeat("}]", n/2) + `}`
	}
	text := nested(maxDepth - 2)
	got, reason := canonicalise(text)
	if reason != "" || len(got) != len(text) {
		t.Errorf("%d levels: %s", maxDepth, reason)
	}
	_, err := JSF([]byte(nested(maxDepth+2)), nil)
	wantSyntax(t, err, "nested deeper")
}

// TestLinear counts: twice the text costs twice the work, whatever its shape.
func TestLinear(t *testing.T) {
	for name, shape := range map[string]func(n int) string{
		"deep":    func(n int) string { return strings.Repeat(`{"b":[1],"a":`, n/40) + "1" + strings.Repeat("}", n/40) },
		"flat":    func(n int) string { return `{"a":[` + strings.Repeat("1,", n*20) + `1]}` },
		"objects": func(n int) string { return `{"a":[` + strings.Repeat("{},", n*10) + `1]}` },
	} {
		size := func(n int) float64 {
			text := []byte(shape(n))
			return testing.AllocsPerRun(1, func() {
				o, ambiguous := newOutline(text)
				if ambiguous != nil {
					t.Fatal(name, ambiguous.reason)
				}
				if cap(o.members)+cap(o.objects) > len(text) {
					t.Errorf("%s: %d members and %d objects held for %d bytes", name, cap(o.members), cap(o.objects), len(text))
				}
				o.object(make([]byte, 0, len(text)), 0, edits{})
			})
		}
		if one, two := size(10_000), size(20_000); two > 2*one+20 {
			t.Errorf("%s: %v allocations, %v for twice the text", name, one, two)
		}
	}
}

// agree checks a text against the other implementation.
func agree(t *testing.T, text []byte) {
	got, reason := canonicalise(string(text))
	want, err := jcs.Transform(text)
	switch {
	case reason == "" && err != nil:
		t.Fatalf("%q: %s, and the oracle refuses it: %v", text, got, err)
	case reason == "" && !bytes.Equal(want, []byte(got)):
		t.Fatalf("%q:\ngot  %s\nwant %s", text, got, want)
	case reason != "" && err == nil && !strings.Contains(reason, "beyond 2^53-1") && !strings.Contains(reason, "so small"):
		t.Fatalf("%q: %s; the oracle takes it", text, reason)
	}
}

func FuzzCanonical(f *testing.F) {
	f.Add([]byte(`{"b":[1,{"z":1e3,"a":"\u00e9\n"}],"a":null}`))
	f.Add([]byte("{\"\ufb33\":1,\"\U0001f600\":2}"))
	f.Add([]byte(`{"a":[333333333.33333329,1E30,4.50,2e-3,-0]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if r := jsonpull.New(text, jsonpull.Limits{}); r.Kind() != jsonpull.Object {
			return
		}
		agree(t, text)
	})
}
