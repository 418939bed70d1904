// SPDX-License-Identifier: Apache-2.0

package purl_test

import (
	"archive/zip"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/package-url/packageurl-go"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/purl"
)

func TestParse(t *testing.T) {
	q := func(kv ...string) (qs []purl.Qualifier) {
		for i := 0; i < len(kv); i += 2 {
			qs = append(qs, purl.Qualifier{Key: kv[i], Value: kv[i+1]})
		}
		return qs
	}
	for _, tt := range []struct {
		in, canonical, key string
		want               purl.URL
	}{
		{
			"pkg:npm/lodash@4.17.21", "pkg:npm/lodash@4.17.21", "pkg:npm/lodash",
			purl.URL{Type: "npm", Name: "lodash", Version: "4.17.21"},
		},
		{
			"PKG://NPM/@babel/core@7.0.0", "pkg:npm/%40babel/core@7.0.0", "pkg:npm/%40babel/core",
			purl.URL{Type: "npm", Namespace: "@babel", Name: "core", Version: "7.0.0"},
		},
		{
			"pkg:npm/@babel/core", "pkg:npm/%40babel/core", "pkg:npm/%40babel/core",
			purl.URL{Type: "npm", Namespace: "@babel", Name: "core"},
		},
		{
			"pkg:npm/%40babel%2Fcore@7.0.0", "pkg:npm/%40babel/core@7.0.0", "pkg:npm/%40babel/core",
			purl.URL{Type: "npm", Namespace: "@babel", Name: "core", Version: "7.0.0"},
		},
		{
			"pkg:golang/github.com/Azure/go-autorest@v14.2.0+incompatible#autorest",
			"pkg:golang/github.com/Azure/go-autorest@v14.2.0%2Bincompatible#autorest",
			"pkg:golang/github.com/Azure/go-autorest",
			purl.URL{Type: "golang", Namespace: "github.com/Azure", Name: "go-autorest", Version: "v14.2.0+incompatible", Subpath: "autorest"},
		},
		{
			"pkg:pypi/Zope.Interface__x@1", "pkg:pypi/zope-interface-x@1", "pkg:pypi/zope-interface-x",
			purl.URL{Type: "pypi", Name: "zope-interface-x", Version: "1"},
		},
		{
			"pkg:deb/Debian/libssl1.1@1.1.1n-0%2Bdeb11u1?upstream=openssl%401.1&distro=debian-11&arch=&a.b=",
			"pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u1?distro=debian-11&upstream=openssl%401.1",
			"pkg:deb/debian/libssl1.1",
			purl.URL{
				Type: "deb", Namespace: "debian", Name: "libssl1.1", Version: "1.1.1n-0+deb11u1",
				Qualifiers: q("distro", "debian-11", "upstream", "openssl@1.1"),
			},
		},
		{
			"pkg:alpine/libbz2@1.0.6-r4?distro=alpine-3.3.3", "pkg:apk/alpine/libbz2@1.0.6-r4?distro=alpine-3.3.3", "pkg:apk/alpine/libbz2",
			purl.URL{Type: "apk", Namespace: "alpine", Name: "libbz2", Version: "1.0.6-r4", Qualifiers: q("distro", "alpine-3.3.3")},
		},
		{
			"pkg:rpm/RedHat/PyYAML@5.4?Epoch=1", "pkg:rpm/redhat/PyYAML@5.4?epoch=1", "pkg:rpm/redhat/PyYAML",
			purl.URL{Type: "rpm", Namespace: "redhat", Name: "PyYAML", Version: "5.4", Qualifiers: q("epoch", "1")},
		},
		{
			"pkg:nuget/Newtonsoft.Json@13.0.1", "pkg:nuget/Newtonsoft.Json@13.0.1", "pkg:nuget/Newtonsoft.Json",
			purl.URL{Type: "nuget", Name: "Newtonsoft.Json", Version: "13.0.1"},
		},
		{
			"pkg:generic/a//b/c@1/2?x=1=2&y=a+b#/./q/../r//", "pkg:generic/a/b/c@1%2F2?x=1%3D2&y=a%2Bb#q/r", "pkg:generic/a/b/c",
			purl.URL{Type: "generic", Namespace: "a/b", Name: "c", Version: "1/2", Qualifiers: q("x", "1=2", "y", "a+b"), Subpath: "q/r"},
		},
		{
			"pkg:julia/JSON@1.0", "pkg:julia/JSON@1.0", "pkg:julia/JSON", // the uuid is required, and often absent
			purl.URL{Type: "julia", Name: "JSON", Version: "1.0"},
		},
		{
			"pkg:generic/ä%20b@1", "pkg:generic/%C3%A4%20b@1", "pkg:generic/%C3%A4%20b",
			purl.URL{Type: "generic", Name: "ä b", Version: "1"},
		},
	} {
		t.Run(tt.in, func(t *testing.T) {
			got, err := purl.Parse(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("want(-) got(+):\n%s", diff)
			}
			if got.String() != tt.canonical {
				t.Errorf("String: want %s, got %s", tt.canonical, got.String())
			}
			if got.Key() != tt.key {
				t.Errorf("Key: want %s, got %s", tt.key, got.Key())
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", `begin with "pkg:"`},
		{"https://example.org", `begin with "pkg:"`},
		{"pkg:", "type"},
		{"pkg:npm", "name is missing"},
		{"pkg:npm/", "name is missing"},
		{"pkg:npm/@1.0", "name is missing"},
		{"pkg:npm/a/@1.0", "name is missing"},
		{"pkg:n&g/a", "type"},
		{"pkg:3a/a", "type"},
		{"pkg:npm/a b", "white space"},
		{"pkg:npm/a?x=1 2", "white space"},
		{"pkg:npm/a#b\n", "white space"},
		{"pkg:npm/a%0Ab", "control"},
		{"pkg:npm/a%1b[31m", "control"},
		{"pkg:npm/a%FF", "UTF-8"},
		{"pkg:npm/a\xff", "UTF-8"},
		{"pkg:npm/a%zz", "percent sign"},
		{"pkg:npm/a%2", "percent sign"},
		{"pkg:npm/a@1%", "percent sign"},
		{"pkg:npm/a?x=%", "percent sign"},
		{"pkg:npm/a?x=1&X=2", "twice"},
		{"pkg:npm/a?=1", "key"},
		{"pkg:npm/a?a%20b=1", "key"},
		{"pkg:deb/debian/a?arch=amd64&amp;distro=debian-11", "key"}, // escaped twice
		{"pkg:npm/a?" + strings.Repeat("a&", 1000), "too many"},
		{"pkg:swift/Alamofire@5", "namespace"},
		{"pkg:otp/ns/hex@1", "namespaces"},
		{"pkg:cpan/LWP::UserAgent", "cpan"},
	} {
		_, err := purl.Parse(tt.in)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.40q: want an error with %q, got %v", tt.in, tt.want, err)
		}
		if err != nil && len(err.Error()) > 700 {
			t.Errorf("%.40q: error of %d bytes", tt.in, len(err.Error()))
		}
	}
}

// deviations are the cases of the specification's suite on which we differ.
var deviations = map[string]string{
	"parse pkg:julia/Dates": "a URL without the uuid names the package well enough to find advisories",
	"parse pkg:git/github/Package-url/purl-Spec@244fd47e07d1004f0aed9c":                                            "the type definition of git says that case counts",
	"parse pkg:git/codeberg.org/forgejo/forgejo@a72d2c07cfca03b55371089de6aa230d8c951fa0":                          "the suite has a name with a slash, which the specification's own rules for parsing cannot give",
	"parse pkg:git/codeberg.org/forgejo/forgejo@a72d2c07cfca03b55371089de6aa230d8c951fa0#options/locale_readme.md": "same",
	"parse pkg:gem/jruby-launcher@1.1.2?Platform=java":                                                             "real URLs have keys in upper case; the suite itself accepts repositorY_url for maven",
	"parse pkg:Rpm/fedora/curl@7.50.3-1.fc25?Arch=i386&Distro=fedora-25":                                           "same",
}

func TestSpecificationSuite(t *testing.T) {
	z, err := zip.OpenReader(corpus.Dir(t, "sbom", "conformance", "purl-spec.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	type parts struct {
		Type, Namespace, Name, Version, Subpath *string
		Qualifiers                              map[string]string
	}
	read := func(u purl.URL) parts {
		p := func(s string) *string {
			if s == "" {
				return nil
			}
			return &s
		}
		out := parts{Type: p(u.Type), Namespace: p(u.Namespace), Name: p(u.Name), Version: p(u.Version), Subpath: p(u.Subpath)}
		for _, q := range u.Qualifiers {
			if out.Qualifiers == nil {
				out.Qualifiers = make(map[string]string)
			}
			out.Qualifiers[q.Key] = q.Value
		}
		return out
	}
	cases, deviating := 0, make(map[string]bool)
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "tests/") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		var suite struct {
			Tests []struct {
				Description string          `json:"description"`
				Type        string          `json:"test_type"`
				Input       json.RawMessage `json:"input"`
				Output      json.RawMessage `json:"expected_output"`
				Failure     bool            `json:"expected_failure"`
			} `json:"tests"`
		}
		if err := json.Unmarshal(text, &suite); err != nil {
			t.Fatal(f.Name, err)
		}
		for _, c := range suite.Tests {
			cases++
			var input, label string
			var built parts
			if c.Type == "build" {
				// We build by writing the parts and reading them.
				if err := json.Unmarshal(c.Input, &built); err != nil {
					t.Fatal(err)
				}
				input = write(built.Type, built.Namespace, built.Name, built.Version, built.Subpath, built.Qualifiers)
				label = "build " + strings.TrimPrefix(input, "pkg:")
			} else {
				if err := json.Unmarshal(c.Input, &input); err != nil {
					t.Fatal(err)
				}
				label = "parse " + input
			}
			got, err := purl.Parse(input)
			var diff string
			switch {
			case c.Failure:
				if err == nil {
					diff = "accepted, should be refused"
				}
			case err != nil:
				diff = err.Error()
			case c.Type == "parse":
				var want parts
				if err := json.Unmarshal(c.Output, &want); err != nil {
					t.Fatal(err)
				}
				diff = cmp.Diff(want, read(got))
			default:
				var want string
				if err := json.Unmarshal(c.Output, &want); err != nil {
					t.Fatal(err)
				}
				diff = cmp.Diff(want, got.String())
			}
			if diff == "" {
				continue
			}
			if deviations[label] == "" {
				t.Errorf("%s: %s (%s), input %s:\n%s", f.Name, c.Description, c.Type, input, diff)
			}
			deviating[label] = true
		}
	}
	for label := range deviations {
		if !deviating[label] {
			t.Errorf("deviation %q is listed, but there is none", label)
		}
	}
	if cases < 500 {
		t.Errorf("want the whole suite, got %d cases", cases)
	}
	t.Logf("%d cases, %d deviations", cases, len(deviating))
}

func write(kind, namespace, name, version, subpath *string, qualifiers map[string]string) string {
	text := func(p *string) string {
		if p == nil {
			return ""
		}
		return *p
	}
	u := purl.URL{Type: text(kind), Namespace: text(namespace), Name: text(name), Version: text(version), Subpath: text(subpath)}
	for k, v := range qualifiers {
		u.Qualifiers = append(u.Qualifiers, purl.Qualifier{Key: k, Value: v})
	}
	return u.String()
}

// TestAgainstPackageURLGo compares with the reference implementation on every
// package URL of the corpus. Each difference has its reason.
func TestAgainstPackageURLGo(t *testing.T) {
	urls, _ := corpusURLs(t)
	reasons := make(map[string]int)
	for _, text := range urls {
		theirs, theirErr := packageurl.FromString(text)
		ours, err := purl.Parse(text)
		if theirErr != nil || err != nil {
			if (theirErr == nil) != (err == nil) {
				t.Errorf("%s: packageurl-go: %v, ours: %v", text, theirErr, err)
			}
			reasons["refused by both"]++
			continue
		}
		want := purl.URL{Type: theirs.Type, Namespace: theirs.Namespace, Name: theirs.Name, Version: theirs.Version, Subpath: theirs.Subpath}
		for _, q := range theirs.Qualifiers {
			want.Qualifiers = append(want.Qualifiers, purl.Qualifier{Key: q.Key, Value: q.Value})
		}
		reason := "equal"
		switch {
		case cmp.Equal(want, ours):
			if got := ours.String(); got != theirs.ToString() {
				t.Errorf("String: want %s, got %s", theirs.ToString(), got)
			}
		case ours.Type == "golang":
			reason = "golang keeps its case, as the specification says since 2025"
			want.Namespace, want.Name = ours.Namespace, ours.Name
		case want.Type == "alpine":
			reason = "alpine is apk"
			want.Type, want.Namespace = "apk", "alpine"
		case ours.Type == "pypi":
			reason = "pypi names are normalised as PEP 503 says"
			want.Name = ours.Name
		case ours.Type == "oci" || ours.Type == "hex":
			reason = "lower case where the specification's type definition says so"
			want.Name, want.Version = strings.ToLower(want.Name), strings.ToLower(want.Version)
		case strings.Contains(want.Subpath, "//") || strings.Contains(want.Subpath, "./"):
			reason = "empty and dot segments of a subpath are dropped"
			want.Subpath = ours.Subpath
		}
		reasons[reason]++
		if diff := cmp.Diff(want, ours); diff != "" {
			t.Errorf("%s: packageurl-go(-) ours(+):\n%s", text, diff)
		}
	}
	t.Logf("%d package URLs: %v", len(urls), reasons)
	if len(urls) < 15000 {
		t.Errorf("want the corpus, got %d package URLs", len(urls))
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"pkg:npm/%40babel/core@7.0.0?a=b#c/d", "pkg:deb/debian/a@1:2?distro=debian-11&epoch=1", "pkg:pub/a-b", "pkg:pypi/A_.b",
		"pkg:golang/github.com%2fa%2Fb@v1", "pkg:alpine/a", "pkg:cpan/A/b", "pkg:npm/@a/b", "pkg:generic/%2F@%2f?x=%26#%2e/%2F.",
		"pkg:chrome-extension/dlpngalgnefjeiefhmpklpfiohadpglk@1.2", "pkg:swift/a%2Fb", "pkg:composer/a%2f", "pkg:apk//a//b",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := purl.Parse(s)
		if err != nil {
			if len(err.Error()) > 1000 {
				t.Fatalf("an error of %d bytes", len(err.Error()))
			}
			return
		}
		again, err := purl.Parse(u.String())
		if err != nil {
			t.Fatalf("%q: canonical form %q: %v", s, u.String(), err)
		}
		if diff := cmp.Diff(u, again); diff != "" {
			t.Fatalf("%q, canonical %q: first(-) again(+):\n%s", s, u.String(), diff)
		}
		if u.Name == "" || u.Type == "" {
			t.Fatalf("%q: accepted without type or name", s)
		}
		if _, err := purl.Parse(u.Key()); err != nil {
			if u.Type != "chrome-extension" {
				t.Fatalf("%q: key %q: %v", s, u.Key(), err)
			}
		}
	})
}

var benchURLs = []string{
	"pkg:npm/lodash@4.17.21",
	"pkg:npm/%40babel/traverse@7.23.2",
	"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar",
	"pkg:golang/github.com/gin-gonic/gin@v1.6.0",
	"pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u1?arch=amd64&distro=debian-11&upstream=openssl",
}

func BenchmarkParse(b *testing.B) {
	for _, s := range benchURLs {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := purl.Parse(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPackageURLGo(b *testing.B) {
	for _, s := range benchURLs {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := packageurl.FromString(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkString(b *testing.B) {
	u, err := purl.Parse(benchURLs[4])
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = u.String()
	}
}

// TestParseAllocations holds what a scan of 100,000 components rests on.
func TestParseAllocations(t *testing.T) {
	for i, want := range []float64{0, 1, 1, 0, 2} {
		if got := testing.AllocsPerRun(100, func() { _, _ = purl.Parse(benchURLs[i]) }); got > want {
			t.Errorf("%s: want at most %v allocations, got %v", benchURLs[i], want, got)
		}
	}
}
