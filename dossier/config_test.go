// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func write(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), ConfigName)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestLoadConfig(t *testing.T) {
	name := write(t, "supplier: Acme\nproduct: Pump\nproduct-version: \"4.10\"\npolicy: [hospital-baseline, rules/own.yaml]\n")
	got, err := LoadConfig(name)
	if err != nil {
		t.Fatal(err)
	}
	want := &Config{
		Supplier: "Acme", Product: "Pump", ProductVersion: "4.10",
		Policy: []string{"hospital-baseline", filepath.Join(filepath.Dir(name), "rules", "own.yaml")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestLoadConfigErrors(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"unknown key", "product: Pump\nsuplier: Acme\n", "line 2"},
		{"wrong type", "product: [a, b]\n", "line 1"},
		{"no YAML", "product: {\n", "line"},
		{"two documents", "product: a\n---\nproduct: b\n", "more than one"},
		{"too large", strings.Repeat("# filling\n", 200_000), "no configuration"},
	} {
		t.Run(test.name, func(t *testing.T) {
			name := write(t, test.text)
			_, err := LoadConfig(name)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), ConfigName) {
				t.Errorf("want an error that names the file and %q, got %v", test.want, err)
			}
		})
	}
	if _, err := LoadConfig(write(t, "")); err != nil {
		t.Errorf("an empty configuration says nothing, and that is no error: %v", err)
	}
}

func TestUnder(t *testing.T) {
	above := &Config{Supplier: "Acme", Product: "Pump", ProductVersion: "1", ProductAliases: []string{"P"}, Policy: []string{"a"}}
	for _, test := range []struct {
		name string
		c    *Config
		want *Config
	}{
		{"nothing of its own", nil, above},
		{
			"another product drops version and aliases of the one above", &Config{Product: "Monitor"},
			&Config{Supplier: "Acme", Product: "Monitor", Policy: []string{"a"}},
		},
		{
			"a version more", &Config{ProductVersion: "2", Policy: []string{"b"}},
			&Config{Supplier: "Acme", Product: "Pump", ProductVersion: "2", ProductAliases: []string{"P"}, Policy: []string{"b"}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.c.Under(above)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
