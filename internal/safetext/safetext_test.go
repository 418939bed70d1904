// SPDX-License-Identifier: Apache-2.0

package safetext

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "",
		"log4j-core 2.14.1":      "log4j-core 2.14.1",
		"\x1b[31mred\x1b[0m":     "␛[31mred␛[0m",
		"\x1b]0;title\x07":       "␛]0;title␇",
		"a\r\nb\tc\x00\x7f":      "a␍␊b␉c␀␡",
		"\u009b31m":              `\u{9B}31m`,
		"\x9b31m\xff":            `\x9B31m\xFF`,
		"a\u202eb\u2066c\u200fd": `a\u{202E}b\u{2066}c\u{200F}d`,
		"\u061c\ufeff\u200b\u2060\u00ad\u180e\u2028\u2029": `\u{61C}\u{FEFF}\u{200B}\u{2060}\u{AD}\u{180E}\u{2028}\u{2029}`,
		"\U000E0041\U000E007F":                             `\u{E0041}\u{E007F}`,
		"\u115f\u3164\uffa0\u2800":                         `\u{115F}\u{3164}\u{FFA0}\u{2800}`,
		"\ue000\U0010FFFD\u0378":                           `\u{E000}\u{10FFFD}\u{378}`,
		"a\u00a0b\u3000c":                                  "a b c",
		"日本語 ü é":                                          "日本語 ü é",
		"e\u0301":                                          "e\u0301",
		"z" + rep("\u0301", 6):                             "z" + rep("\u0301", 4) + `\u{301}\u{301}`,
		"❤\ufe0f":                                          "❤\ufe0f",
		"❤\ufe0f\ufe0f":                                    "❤\ufe0f" + `\u{FE0F}`,
		"\ufe0f":                                           `\u{FE0F}`,
		"a\ufe01\U000E0100":                                `a\u{FE01}\u{E0100}`,
		"👩\u200d👩":                                         `👩\u{200D}👩`,
		`C:\Users\x`:                                       `C:\Users\x`,
		"\xed\xa0\x80 half a pair":                         `\xED\xA0\x80 half a pair`,
		"::error::x":                                       ":·:error::x",
		"a ::set-output name=x::y":                         "a :·:set-output name=x::y",
		"a\u00a0::error::x":                                "a :·:error::x",
		"a:::b":                                            "a:·:·:b",
		"enterprise_linux:8::appstream":                    "enterprise_linux:8::appstream",
		"x ##[error]y":                                     "x #·#[error]y",
		"a##vso[task.x]b":                                  "a#·#vso[task.x]b",
		"###[error]":                                       "##·#[error]",
		"## heading":                                       "## heading",
		"\xf4\x90\x80\x80 too large":                       `\xF4\x90\x80\x80 too large`,
	} {
		if got := Line(in); got != want {
			t.Errorf("%q: want %q, got %q", in, want, got)
		}
	}
}

func rep(s string, n int) string { return strings.Repeat(s, n) }

func TestTerminal(t *testing.T) {
	for _, test := range []struct {
		in   string
		max  int
		want string
	}{
		{"abcdef", 6, "abcdef"},
		{"abcdefg", 6, "abcde…"},
		{"日本語日本語", 7, "日本語…"},
		{"日本語", 6, "日本語"},
		{"日本語", 5, "日本…"},
		{"ab", 1, "…"},
		{"\x1b\x1b\x1b", 2, "␛…"},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
	} {
		if got := Terminal(test.in, test.max); got != test.want {
			t.Errorf("%q in %d: want %q, got %q", test.in, test.max, test.want, got)
		}
	}
	if got := Line(rep("x", 1<<20)); Width(got) != maxLine {
		t.Errorf("want %d columns, got %d", maxLine, Width(got))
	}
}

func TestMiddle(t *testing.T) {
	for _, test := range []struct {
		in   string
		max  int
		want string
	}{
		{"abcdefgh", 8, "abcdefgh"},
		{"abcdefghi", 8, "abcd…ghi"},
		{"abcdefghi", 3, "a…i"},
		{"abcdefghi", 2, "a…"},
		{"abcdefghi", 1, "…"},
		{"日本語日本語", 8, "日本…語"},
		{rep("x", 100_000) + "end", 9, "xxxx…xend"},
	} {
		if got := Middle(test.in, test.max); got != test.want || Width(got) > test.max {
			t.Errorf("%.20q in %d: want %q, got %q", test.in, test.max, test.want, got)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, test := range []struct {
		in         string
		max        int
		head, tail string
	}{
		{"abc", 2, "ab", "c"},
		{"abc", 9, "abc", ""},
		{"日本", 1, "日", "本"},
		{"", 1, "", ""},
		{"abcdef::error", 6, "abcde", "f::error"},
		{"abcdef::error", 7, "abcdef:", ":error"},
		{"ae\u0301::x", 2, "a", "e\u0301::x"},
		{"a::x", 1, "a:", ":x"},
	} {
		if head, tail := Split(test.in, test.max); head != test.head || tail != test.tail {
			t.Errorf("%q at %d: want %q, %q, got %q, %q", test.in, test.max, test.head, test.tail, head, tail)
		}
	}
}

func TestMarkdown(t *testing.T) {
	for in, want := range map[string]string{
		"plain text":            "plain text",
		"[a](https://x)":        `\[a\](https&#58;//x)`,
		"![i](x)":               `\!\[i\](x)`,
		"<img onerror=x>":       "&lt;img onerror=x&gt;",
		"`code` | cell":         "\\`code\\` \\| cell",
		"**b** _i_ ~~s~~":       `\*\*b\*\* \_i\_ \~\~s\~\~`,
		"# heading":             `\# heading`,
		"- item":                `\- item`,
		"a - b":                 "a - b",
		"1. item":               "1&#46; item",
		"12) item":              `12\) item`,
		"v1.2":                  "v1.2",
		"www.evil.example":      "www&#46;evil.example",
		"me@evil.example":       "me&#64;evil.example",
		"a & b &lt;":            "a &amp; b &amp;lt;",
		"two\n\nparagraphs":     "two␊␊paragraphs",
		`back\slash`:            `back\\slash`,
		"$x$ {y}":               `\$x\$ \{y\}`,
		"CVSS:3.1/AV:N":         "CVSS:3.1/AV:N",
		"HTTPS://EVIL.EXAMPLE":  "HTTPS&#58;//EVIL.EXAMPLE",
		"=== underlined":        `\=== underlined`,
		"   + indented":         `   \+ indented`,
		"pkg:npm/%40a/b@1.0?x=": "pkg:npm/%40a/b&#64;1.0?x=",
	} {
		if got := Markdown(in); got != want {
			t.Errorf("%q: want %s, got %s", in, want, got)
		}
	}
}

// checkSafe is what every function promises.
func checkSafe(t *testing.T, in, out string) {
	t.Helper()
	if !utf8.ValidString(out) {
		t.Fatalf("%q gives invalid UTF-8: %q", in, out)
	}
	for i, r := range out {
		selector := (r == 0xFE0E || r == 0xFE0F) && i > 0
		if Hidden(r) && !selector || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || unicode.Is(unicode.Cf, r) {
			t.Fatalf("%q gives %U in %q", in, r, out)
		}
	}
}

func FuzzSafe(f *testing.F) {
	for _, s := range []string{"", "a", "\x1b]8;;http://x\x07y", "\u202e\u2066", "日本\ufe0f\U000E0041", "\xff\x9b", rep("\u0301", 40), rep("9.", 3000), "[a](b) `c` <d>"} {
		f.Add(s, 10)
	}
	f.Add("a::::b ::error::x##vso[y]", 3)
	f.Fuzz(func(t *testing.T, s string, columns int) {
		columns = max(columns%200+1, 1)
		line, cut, middle, md := Line(s), Terminal(s, columns), Middle(s, columns), Markdown(s)
		for _, out := range []string{line, cut, middle, md} {
			checkSafe(t, s, out)
		}
		if Width(cut) > columns || Width(middle) > columns || Width(line) > maxLine {
			t.Fatalf("%q in %d: widths %d, %d, %d", s, columns, Width(cut), Width(middle), Width(line))
		}
		if again := Line(line); again != line {
			t.Fatalf("%q: twice gives %q, once %q", s, again, line)
		}
		if s != "" && line == "" {
			t.Fatalf("%q vanished", s)
		}
		head, tail := Split(line, columns)
		if strings.HasPrefix(tail, "::") || strings.HasPrefix(line, "::") || strings.Contains(line, " ::") || strings.Contains(line, "##[") {
			t.Fatalf("%q at %d keeps a command: %q, %q", s, columns, head, tail)
		}
		if head+tail != line || line != "" && head == "" {
			t.Fatalf("%q at %d splits into %q and %q", line, columns, head, tail)
		}
	})
}

func BenchmarkLine(b *testing.B) {
	for name, s := range map[string]string{"ascii": "org.apache.logging.log4j:log4j-core", "unicode": "Größenänderung 日本語", "hostile": "\x1b[31m\u202ered"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Line(s)
			}
		})
	}
}
