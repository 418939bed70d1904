// SPDX-License-Identifier: Apache-2.0

package report

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/page"
	"github.com/medsbom/medsbom/internal/safetext"
)

var update = flag.Bool("update", false, "write the golden files anew")

// fixtures are the assessments that every format is tried on.
var fixtures = map[string]func() *saved{
	"rejected": rejected, "accepted": accepted, "conditional": conditional, "starter": starter, "several": several,
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update writes it anew):\n%s", name, diff)
	}
}

func TestGoldenTable(t *testing.T) {
	for name, fixture := range fixtures {
		for suffix, opts := range map[string]TableOptions{
			"80": {Width: 80}, "200": {Width: 200}, "80-verbose": {Width: 80, Verbose: true},
		} {
			t.Run(name+"-"+suffix, func(t *testing.T) {
				got := fixture().render(t, "table", Options{Table: opts})
				for i, line := range strings.Split(got, "\n") {
					if w := safetext.Width(line); w > opts.Width {
						t.Errorf("line %d is %d columns wide: %q", i+1, w, line)
					}
					if strings.HasSuffix(line, " ") {
						t.Errorf("line %d ends in a space: %q", i+1, line)
					}
				}
				harmless(t, got)
				golden(t, "table-"+name+"-"+suffix, got)
			})
		}
	}
}

func TestGoldenSARIF(t *testing.T) {
	for name, fixture := range fixtures {
		t.Run(name, func(t *testing.T) {
			got := fixture().render(t, "sarif", Options{})
			harmless(t, got)
			golden(t, "sarif-"+name, got)
		})
	}
}

func TestGoldenJSON(t *testing.T) {
	for name, fixture := range fixtures {
		t.Run(name, func(t *testing.T) {
			got := fixture().render(t, "json", Options{})
			harmless(t, got)
			golden(t, "json-"+name, got)
		})
	}
}

// harmless fails on any character that steers or hides, line breaks excepted.
func harmless(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Error("not UTF-8")
	}
	for i, r := range text {
		if r != '\n' && safetext.Hidden(r) {
			t.Errorf("byte %d is %U, after %q", i, r, text[max(0, i-40):i])
		}
	}
}

// TestColor: colours add escapes and change nothing else.
func TestColor(t *testing.T) {
	for name, fixture := range fixtures {
		without := fixture().render(t, "table", Options{Table: TableOptions{Width: 100}})
		with := fixture().render(t, "table", Options{Table: TableOptions{Width: 100, Color: true}})
		stripped := strings.NewReplacer("\x1b["+string(page.Bold)+"m", "", "\x1b["+string(page.Red)+"m", "", "\x1b["+string(page.Green)+"m", "",
			"\x1b["+string(page.Yellow)+"m", "", "\x1b["+string(page.Dim)+"m", "", "\x1b[0m", "").Replace(with)
		if diff := cmp.Diff(without, stripped); diff != "" {
			t.Errorf("%s (-without +with colours):\n%s", name, diff)
		}
		if with == without {
			t.Errorf("%s: no colours", name)
		}
	}
}
