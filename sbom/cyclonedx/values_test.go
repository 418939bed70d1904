// SPDX-License-Identifier: Apache-2.0

package cyclonedx

import (
	"strings"
	"testing"
)

func TestPURLFault(t *testing.T) {
	good := []string{
		"pkg:npm/lodash@4.17.20", "PKG:npm/lodash", "pkg://npm/lodash@1", "pkg:npm/%40babel/core@7", "pkg:npm/@babel/core@7.0.0",
		"pkg:golang/github.com/a/b@v1.0.0+incompatible#sub/dir", "pkg:deb/debian/curl@7.88.1-10?arch=amd64&distro=debian-12",
		"pkg:maven/a/b@1?type=&classifier=x", "pkg:npm/a@1/2", "pkg:generic/a/", "pkg:x-1.2+y/n",
	}
	for _, s := range good {
		if fault := purlFault(s); fault != "" {
			t.Errorf("%s: %s", s, fault)
		}
	}
	bad := map[string]string{
		"":                             "pkg:",
		"npm/lodash@1":                 "pkg:",
		"pkg:":                         "no name",
		"pkg:npm":                      "no name",
		"pkg:npm/":                     "no name",
		"pkg:npm/@1.0":                 "no name",
		"pkg:npm/a/@scope":             "no name",
		"pkg:n_pm/a":                   "type",
		"pkg:1npm/a":                   "type",
		"pkg:npm/a%":                   "'%'",
		"pkg:npm/a%2":                  "'%'",
		"pkg:npm/a%zz@1":               "'%'",
		"pkg:npm/a%20b%4":              "'%'",
		"pkg:npm/a?x=1&X=2":            "twice",
		"pkg:npm/a?x":                  "key=value",
		"pkg:npm/a?=1":                 "key=value",
		"pkg:npm/" + longName(5000):    "longer",
		"pkg:npm/a?" + qualifiers(100): "more than 64",
	}
	for s, want := range bad {
		if fault := purlFault(s); !strings.Contains(fault, want) {
			t.Errorf("%.60s: fault %q, want %q", s, fault, want)
		}
	}
}

func longName(n int) string { return strings.Repeat("n", n) }

func qualifiers(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("&k" + strings.Repeat("x", i%10) + string(rune('a'+i%26)) + string(rune('a'+i/26)) + "=1")
	}
	return b.String()[1:]
}

func TestCPEFault(t *testing.T) {
	for s, good := range map[string]bool{
		"cpe:2.3:a:apache:log4j:2.14.1:*:*:*:*:*:*:*":   true,
		`cpe:2.3:a:acme:c\:lib:1.0:*:*:*:*:*:*:*`:       true,
		"cpe:2.3:*:*:*:*:*:*:*:*:*:*:*":                 true,
		"cpe:/a:apache:log4j:2.14.1":                    true,
		"cpe:/o:acme:pump":                              true,
		"cpe:2.3:a:apache:log4j:2.14.1":                 false,
		"cpe:2.3:x:apache:log4j:2.14.1:*:*:*:*:*:*:*":   false,
		"cpe:2.3:a:apache:log4j:2.14.1:*:*:*:*:*:*:*:*": false,
		"cpe:/":       false,
		"cpe:/x:a":    false,
		"log4j":       false,
		"cpe:2.3:":    false,
		`cpe:2.3:a:\`: false,
		"cpe:2.3:a:" + longName(5000) + ":1:*:*:*:*:*:*:*:*": false,
	} {
		if fault := cpeFault(s); (fault == "") != good {
			t.Errorf("%.60s: fault %q, want good %v", s, fault, good)
		}
	}
}

func TestForms(t *testing.T) {
	for s, want := range map[string]bool{
		"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79": true, "urn:uuid:3E671687-395B-41F5-A30F-A58921A69B79": true,
		"3e671687-395b-41f5-a30f-a58921a69b79": false, "urn:uuid:3e671687395b41f5a30fa58921a69b79": false,
		"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b7g": false, "urn:uuid:3e67168-7395b-41f5-a30f-a58921a69b79": false, "": false,
		"urn:uuid:3-----------------------------------": false,
	} {
		if got := isSerial(s); got != want {
			t.Errorf("isSerial(%q) = %v", s, got)
		}
	}
	for s, want := range map[string]bool{"1": true, "42": true, "0": false, "01": false, "": false, "-1": false, "1.0": false, "1e3": false, "9999999999999999999": false} {
		if got := isRevision(s); got != want {
			t.Errorf("isRevision(%q) = %v", s, got)
		}
	}
	for s, want := range map[string]bool{"plain": false, "ünïcode ✓": false, "a\tb": true, "a\x7f": true, "\u202eabc": true, "a\u200bb": true, "\ufeffx": true, "x\u0085": true} {
		if got := invisible(s); got != want {
			t.Errorf("invisible(%q) = %v", s, got)
		}
	}
	for s, want := range map[string]string{"a": "a", " a b ": "a b", "\u00a0x\n": "x", "": "", " ": "", "é": "é"} {
		if got := trim(s); got != want {
			t.Errorf("trim(%q) = %q", s, got)
		}
	}
}

func TestArena(t *testing.T) {
	var a arena[int]
	var all [][]int
	for i := range 200 {
		list := make([]int, i%7)
		for j := range list {
			list[j] = i
		}
		all = append(all, a.keep(list))
	}
	all = append(all, a.keep(make([]int, 10_000)))
	for i, list := range all[:200] {
		if len(list) != i%7 || cap(list) != len(list) {
			t.Fatalf("list %d has length %d, capacity %d", i, len(list), cap(list))
		}
		_ = append(list, -1) // must not reach the neighbour
	}
	for i, list := range all[:200] {
		for _, v := range list {
			if v != i {
				t.Fatalf("list %d holds %d", i, v)
			}
		}
	}
}
