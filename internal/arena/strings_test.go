// SPDX-License-Identifier: Apache-2.0

package arena

import (
	"strings"
	"testing"
)

// TestStrings: what was kept stays, whatever is kept after it, and costs few
// allocations.
func TestStrings(t *testing.T) {
	texts := []string{"", "a", strings.Repeat("b", firstText), strings.Repeat("c", 40<<10)}
	for n := range 2000 {
		texts = append(texts, strings.Repeat(string(rune('a'+n%26)), n%90))
	}
	var a Strings
	var got []string
	for _, s := range texts {
		buffer := []byte(s)
		got = append(got, a.Keep(string(buffer)))
	}
	for i, s := range texts {
		if got[i] != s {
			t.Fatalf("%d: want %q, got %q", i, s, got[i])
		}
	}
	short := strings.Repeat("x", 30)
	if n := testing.AllocsPerRun(10, func() {
		var a Strings
		for range 500 {
			a.Keep(short)
		}
	}); n > 8 {
		t.Errorf("%.0f allocations for 500 strings", n)
	}
}
