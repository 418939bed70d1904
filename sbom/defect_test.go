// SPDX-License-Identifier: Apache-2.0

package sbom

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// naive is the position of an offset by the definition.
func naive(text []byte, offset int) Position {
	before := text[:min(max(offset, 0), len(text))]
	line := bytes.Count(before, []byte("\n"))
	last := before[bytes.LastIndexByte(before, '\n')+1:]
	return Position{Line: int32(line + 1), Column: int32(utf8.RuneCount(last) + 1)}
}

func TestLines(t *testing.T) {
	text := []byte("ab\n\ncé€x\r\n😀\n")
	tests := []struct {
		offset int
		want   Position
	}{
		{0, Position{Line: 1, Column: 1}},
		{2, Position{Line: 1, Column: 3}},
		{3, Position{Line: 2, Column: 1}},
		{4, Position{Line: 3, Column: 1}},
		{5, Position{Line: 3, Column: 2}},
		{10, Position{Line: 3, Column: 4}},            // x, after é of two bytes and € of three
		{11, Position{Line: 3, Column: 5}},            // a carriage return ends no line
		{13, Position{Line: 4, Column: 1}},            // 😀
		{len(text), Position{Line: 5, Column: 1}},     // the end
		{4, Position{Line: 3, Column: 1}},             // back
		{-7, Position{Line: 1, Column: 1}},            // before the text
		{10_000, Position{Line: 5, Column: 1}},        // behind it
		{len(text) - 1, Position{Line: 4, Column: 2}}, // the last line end
	}
	lines := NewLines(text)
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, lines.At(tt.offset)); diff != "" {
			t.Errorf("offset %d (-want +got)\n%s", tt.offset, diff)
		}
	}
}

func TestLinesInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := []byte(strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"a", "\n", "é", "€", "\r", "😀", "xyz"})).Draw(t, "text"), ""))
		lines := NewLines(text)
		for _, offset := range rapid.SliceOf(rapid.IntRange(0, len(text))).Draw(t, "offsets") {
			if !utf8.Valid(text[:offset]) {
				continue // within a character: no place that is asked for
			}
			if diff := cmp.Diff(naive(text, offset), lines.At(offset)); diff != "" {
				t.Fatalf("offset %d of %q (-want +got)\n%s", offset, text, diff)
			}
		}
	})
}

func TestDefects(t *testing.T) {
	var d Defects
	if d.Total() != 0 {
		t.Errorf("total of none is %d", d.Total())
	}
	at := Position{Line: 3, Column: 4}
	for i := range maxPerCode + 10 {
		d.Add(CodeDate, at, "x", "time %d is none", i)
	}
	d.Add(CodeType, Position{}, strings.Repeat("é", maxValueLen), "long")
	if got := len(d.List); got != maxPerCode+1 {
		t.Errorf("%d kept, want %d", got, maxPerCode+1)
	}
	if diff := cmp.Diff(map[Code]int{CodeDate: maxPerCode + 10, CodeType: 1}, d.Counts); diff != "" {
		t.Errorf("counts (-want +got)\n%s", diff)
	}
	if got := d.Total(); got != maxPerCode+11 {
		t.Errorf("total %d, want %d", got, maxPerCode+11)
	}
	if diff := cmp.Diff(Defect{Code: CodeDate, Message: "time 0 is none", Value: "x", Position: at}, d.List[0]); diff != "" {
		t.Errorf("first (-want +got)\n%s", diff)
	}
	value := d.List[maxPerCode].Value
	if !utf8.ValidString(value) || !strings.HasSuffix(value, "…") || len(value) > maxValueLen+len("…") {
		t.Errorf("long value cut to %d bytes: %q", len(value), value)
	}
}

func TestDefectValueIsCutBetweenCharacters(t *testing.T) {
	for shift := range 4 {
		var d Defects
		d.Add(CodeType, Position{}, strings.Repeat("x", shift)+strings.Repeat("😀", 100), "long")
		if value := d.List[0].Value; !utf8.ValidString(value) {
			t.Errorf("shift %d: %q is not valid UTF-8", shift, value)
		}
	}
}

func TestSyntaxError(t *testing.T) {
	e := &SyntaxError{Position: Position{Line: 2, Column: 5}, Message: "cut off", Remedy: "ask again"}
	if got, want := e.Error(), "line 2, column 5: cut off"; got != want {
		t.Errorf("want %q, got %q", want, got)
	}
	e.Position = Position{}
	if got, want := e.Error(), "cut off"; got != want {
		t.Errorf("want %q, got %q", want, got)
	}
}

func BenchmarkLines(b *testing.B) {
	text := []byte(strings.Repeat(`{"name":"part","version":"1.0","purl":"pkg:npm/part@1.0"},`+"\n", 10_000))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		lines := NewLines(text)
		for at := 0; at < len(text); at += 59 {
			lines.At(at)
		}
	}
}
