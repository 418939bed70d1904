// SPDX-License-Identifier: Apache-2.0

package notation

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
		if fault := PURLFault(s); fault != "" {
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
		if fault := PURLFault(s); !strings.Contains(fault, want) {
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
		if fault := CPEFault(s); (fault == "") != good {
			t.Errorf("%.60s: fault %q, want good %v", s, fault, good)
		}
	}
}
