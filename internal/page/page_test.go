// SPDX-License-Identifier: Apache-2.0

package page

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/safetext"
)

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, []string{""}},
		{"one two three", 7, []string{"one two", "three"}},
		{"abcdefghij k", 4, []string{"abcd", "efgh", "ij k"}},
		{"日本語 日本", 4, []string{"日本", "語", "日本"}},
		{"日本", 1, []string{"日", "本"}},
	} {
		if diff := cmp.Diff(test.want, Wrap(test.text, test.width)); diff != "" {
			t.Errorf("%q at %d (-want +got):\n%s", test.text, test.width, diff)
		}
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 66574: "66,574", 1234567: "1,234,567", -1234: "-1,234", -123: "-123"} {
		if got := Thousands(n); got != want {
			t.Errorf("want %s, got %s", want, got)
		}
	}
}

// TestLinesKeepTheWidth: no lead, indent or name makes a line longer than the page.
func TestLinesKeepTheWidth(t *testing.T) {
	text := strings.Repeat("every word counts ", 12)
	marks := "a" + strings.Repeat("\u0301", 9)
	for _, name := range []string{"short", strings.Repeat("long", 20), strings.Repeat(marks+" ", 4), strings.Repeat(marks, 30)} {
		var b strings.Builder
		p := New(&b, 80, false)
		p.Paragraph(Plain, "  ", name+"  ", text)
		p.Paragraph(Plain, Blanks(60), "", text)
		p.Grid(2, []Column{{}, {Least: 8}}, []Row{{Cells: []string{"x", name}, Detail: text + name}, {Cells: []string{strings.Repeat("y", 55), name}, Detail: text}})
		if err := p.Flush(); err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(b.String(), "\n") {
			if w := safetext.Width(line); w > 80 {
				t.Errorf("%d columns: %q", w, line)
			}
		}
		if !strings.Contains(strings.Join(strings.Fields(b.String()), " "), strings.TrimSpace(text)) {
			t.Errorf("text is lost: %s", b.String())
		}
	}
}
