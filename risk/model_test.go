// SPDX-License-Identifier: Apache-2.0

package risk

import (
	"strings"
	"testing"
)

func load(t testing.TB) *Model {
	t.Helper()
	m, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestLoadIsStrict(t *testing.T) {
	tests := []struct {
		name, old, new, want string
	}{
		{"unknown key", "context: 1.00", "contxt: 1.00", "contxt"},
		{"unknown key in a rule", "title: No dependency graph", "titel: No dependency graph", "titel"},
		{"factor above 1", "known: 0.95", "known: 95", "exploitation.known: 95 is not between 0 and 1"},
		{"factor is no number", "known: 0.95", "known: .nan", "exploitation.known"},
		{"grades out of order", "below: 35", "below: 5", "bounds must grow"},
		{"bound missing", "{grade: B, below: 35}", "{grade: B}", "needs a bound"},
		{"floor lets the grade go", "knownExploitedFloor: 75", "knownExploitedFloor: 70", "below the worst grade's bound"},
		{"tiers out of order", "atLeast: 0.01", "atLeast: 0.2", "bounds must fall"},
		{"rule missing", "  - id: producer", "  - id: maker", `evidence rule "producer" is missing`},
		{"rule twice", "  - id: old", "  - id: producer", "listed twice"},
		{"points too many", "perShare: 65", "perShare: 95", "points are not between 0 and 100"},
		{"no version", `version: "2"`, `version: ""`, "id and version"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(string(modelYAML), tt.old, tt.new, 1)
			if text == string(modelYAML) {
				t.Fatalf("%q is not in model.yaml", tt.old)
			}
			_, err := parse([]byte(text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("want error with %q, got %v", tt.want, err)
			}
		})
	}
}

func TestGradeBounds(t *testing.T) {
	m := load(t)
	for value, want := range map[float64]string{
		0: "A", 14.9: "A", 15: "B", 34.9: "B", 35: "C", 54.9: "C", 55: "D", 74.9: "D", 75: "F", 100: "F",
	} {
		if got := m.Grade(value); got != want {
			t.Errorf("grade of %v: want %s, got %s", value, want, got)
		}
	}
}
