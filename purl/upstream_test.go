// SPDX-License-Identifier: Apache-2.0

package purl

import (
	"strings"
	"testing"
)

// TestUpstreamTable holds the table to its own rules: nothing twice, every key
// in the form in which it is looked up, every project with a place to look.
func TestUpstreamTable(t *testing.T) {
	type owner map[string]string
	names, cpes := owner{}, owner{}
	once := func(kind string, m owner, key, name string) {
		if m[key] != "" {
			t.Errorf("%s: %s %q is already that of %s", name, kind, key, m[key])
		}
		m[key] = name
	}
	all := allProjects[:]
	for i := range all {
		u := &all[i]
		if len(foldWord(u.name)) < 2 {
			t.Errorf("%s: the name is too short to mean anything", u.name)
		}
		for name := range strings.FieldsSeq(u.name + " " + u.also) {
			if lower(name) != name {
				t.Errorf("%s: name %q is not in lower case", u.name, name)
			}
			once("name", names, foldWord(name), u.name)
		}
		for c := range strings.FieldsSeq(u.cpes) {
			vendor, product, ok := strings.Cut(c, ":")
			if !ok || vendor == "" || product == "" || strings.ContainsAny(c, `\*?`) || lower(c) != c || strings.Contains(product, ":") {
				t.Errorf("%s: %q is not vendor:product as the table writes it", u.name, c)
			}
			once("CPE", cpes, foldCPE(c), u.name)
			for j := range products {
				if p := &products[j]; p.product == foldCPE(product) && p.of(foldCPE(vendor)) {
					t.Errorf("%s: CPE %q is also that of %s %s", u.name, c, p.ecosystem, p.name)
				}
			}
		}
		for s := range strings.FieldsSeq(u.suppliers) {
			if foldWord(s) != s {
				t.Errorf("%s: supplier %q is not folded", u.name, s)
			}
		}
		if u.repositories == "" {
			t.Errorf("%s: no repository", u.name)
		}
		for r := range strings.FieldsSeq(u.repositories) {
			if got := Repository("https://" + r); got != "https://"+r {
				t.Errorf("%s: repository %q is not canonical, want %q", u.name, r, got)
			}
		}
	}
	t.Logf("%d projects, %d names, %d CPEs", len(all), len(names), len(cpes))
	if len(all) < 150 {
		t.Errorf("want at least 150 projects, got %d", len(all))
	}
}
