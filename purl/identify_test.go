// SPDX-License-Identifier: Apache-2.0

package purl_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/internal/corpus"
	"github.com/medsbom/medsbom/purl"
)

// line writes an identity in one line: ecosystem:release name version confidence.
func line(p *purl.Package) string {
	e := p.Ecosystem
	if p.Release != "" {
		e += ":" + p.Release
	}
	return e + " " + p.Name + " " + p.Version + " " + p.Confidence.String()
}

func lines(id *purl.Identification) (out []string) {
	for i := range id.Packages {
		out = append(out, line(&id.Packages[i]))
	}
	return out
}

// url is a component that has only a package URL.
func url(s string) purl.Input { return purl.Input{PURLs: []string{s}} }

type identifyCase struct {
	name string
	in   purl.Input
	want []string
	// problem and detail are what Problem is and Detail contains.
	problem purl.Problem
	detail  string
	// contradiction is checked of the cases that expect one.
	contradiction bool
}

func (tt *identifyCase) run(t *testing.T) {
	t.Helper()
	name := tt.name
	if name == "" {
		name = strings.Join(tt.in.PURLs, " ")
	}
	t.Run(name, func(t *testing.T) {
		got := purl.Identify(&tt.in)
		if diff := cmp.Diff(tt.want, lines(&got)); diff != "" {
			t.Errorf("want(-) got(+):\n%s", diff)
		}
		if got.Problem != tt.problem {
			t.Errorf("problem: want %q, got %q (%s)", tt.problem, got.Problem, got.Detail)
		}
		if !strings.Contains(got.Detail, tt.detail) {
			t.Errorf("detail: want %q in it, got %q", tt.detail, got.Detail)
		}
		if tt.contradiction && !got.Contradiction {
			t.Error("want a contradiction")
		}
		for _, p := range got.Packages {
			if p.Evidence == "" {
				t.Errorf("%s: no evidence", p.Name)
			}
		}
	})
}

func TestIdentifyLanguages(t *testing.T) {
	for _, tt := range []identifyCase{
		{in: url("pkg:npm/lodash@4.17.20"), want: []string{"npm lodash 4.17.20 strong"}},
		{in: url("pkg:npm/%40babel/traverse@7.0.0"), want: []string{"npm @babel/traverse 7.0.0 strong"}},
		{in: url("pkg:npm/@babel/traverse@7.0.0"), want: []string{"npm @babel/traverse 7.0.0 strong"}},
		{in: url("pkg:npm/babel/traverse@7.0.0"), want: []string{"npm @babel/traverse 7.0.0 weak"}, detail: "repaired"},
		{in: url("pkg:npm/JSONStream@1.0.0"), want: []string{"npm JSONStream 1.0.0 strong", "npm jsonstream 1.0.0 possible"}},
		{in: url("pkg:npm/lodash@==4.17.20"), want: []string{"npm lodash 4.17.20 strong"}},
		{in: url("pkg:pypi/Flask_Cors@1"), want: []string{"PyPI flask-cors 1 strong"}},
		{in: url("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar"), want: []string{"Maven org.apache.logging.log4j:log4j-core 2.14.1 strong"}},
		{in: url("pkg:maven/a.b%3Ac@1"), want: []string{"Maven a.b:c 1 weak"}, detail: "repaired"},
		{in: purl.Input{PURLs: []string{"pkg:maven/log4j-core@2.14.1"}, Group: "org.apache.logging.log4j", Name: "log4j-core"}, want: []string{"Maven org.apache.logging.log4j:log4j-core 2.14.1 weak"}},
		{name: "maven, group in the name", in: purl.Input{PURLs: []string{"pkg:maven/commons-io@2.6"}, Name: "commons-io:commons-io"}, want: []string{"Maven commons-io:commons-io 2.6 weak"}},
		{in: url("pkg:maven/log4j-core@2.14.1"), problem: purl.ProblemNoIdentifier, detail: "without a group"},
		{in: url("pkg:nuget/newtonsoft.json@12.0.1"), want: []string{"NuGet newtonsoft.json 12.0.1 strong"}},
		{in: url("pkg:dotnet/Newtonsoft.Json@12.0.1"), want: []string{"NuGet Newtonsoft.Json 12.0.1 weak"}},
		{in: url("pkg:cargo/time@0.1.43"), want: []string{"crates.io time 0.1.43 strong"}},
		{in: url("pkg:gem/nokogiri@1.13.4-x86_64-linux"), want: []string{"RubyGems nokogiri 1.13.4 strong"}},
		{in: url("pkg:gem/nokogiri@1.13.4?platform=java"), want: []string{"RubyGems nokogiri 1.13.4 strong"}},
		{in: url("pkg:gem/x@1.0-rc1"), want: []string{"RubyGems x 1.0-rc1 strong"}},
		{in: url("pkg:composer/Symfony/Http-Kernel@v5.4.0"), want: []string{"Packagist symfony/http-kernel v5.4.0 strong"}},
		{in: url("pkg:composer/drupal/core@9.2.0"), want: []string{"Packagist drupal/core 9.2.0 strong", "Packagist:https://packages.drupal.org/8 drupal/core 9.2.0 strong"}},
		{in: url("pkg:composer/ext-json@1"), problem: purl.ProblemNotAPackage, detail: "platform"},
		{in: url("pkg:hex/phoenix@1.7.0"), want: []string{"Hex phoenix 1.7.0 strong"}},
		{in: url("pkg:hex/acme/foo@1"), problem: purl.ProblemNotAPackage, detail: "private"},
		{in: url("pkg:pub/Agent-Dart@1.0.0"), want: []string{"Pub agent_dart 1.0.0 strong"}},
		{in: url("pkg:hackage/aeson@1.5"), want: []string{"Hackage aeson 1.5 strong"}},
		{in: url("pkg:hackage/base@4.18"), want: []string{"Hackage base 4.18 strong"}},
		{in: url("pkg:hackage/ghc@9.4.7"), want: []string{"Hackage ghc 9.4.7 strong", "GHC ghc 9.4.7 strong"}},
		{in: url("pkg:cran/haven@2.0.0"), want: []string{"CRAN haven 2.0.0 strong"}},
		{in: url("pkg:swift/github.com/apple/swift-nio@2.0.0"), want: []string{"SwiftURL github.com/apple/swift-nio 2.0.0 strong"}},
		{in: url("pkg:swift/github.com/Kitura/cors.git@4.0.0"), want: []string{"SwiftURL github.com/Kitura/cors 4.0.0 strong"}},
		{in: url("pkg:julia/Bzip2_jll@1.0.8+0?uuid=6e34b625"), want: []string{"Julia Bzip2_jll 1.0.8+0 strong"}},
		{in: url("pkg:opam/mirage-net-xen@1"), want: []string{"opam mirage-net-xen 1 strong"}},
		{in: url("pkg:brew/libssh2@1.9"), want: []string{"Homebrew libssh2 1.9 strong"}},
		{in: url("pkg:brew/org/tap/app@1.9"), problem: purl.ProblemNoEcosystem, detail: "tap"},
		{in: url("pkg:bitnami/ActiveMQ@5.15.12"), want: []string{"Bitnami activemq 5.15.12 strong"}},
		{in: url("pkg:githubactions/actions/checkout@3"), want: []string{"GitHub Actions actions/checkout 3 strong"}},
		{in: url("pkg:github/madler/zlib@v1.2.11"), want: []string{"GIT https://github.com/madler/zlib 1.2.11 weak"}},
		{
			name: "action in a workflow",
			in: purl.Input{
				PURLs:      []string{"pkg:github/actions/checkout@v4"},
				SourceInfo: "acquired package info from GitHub Actions workflow file or composite action file: /.github/workflows/b.yml",
			},
			want: []string{"GitHub Actions actions/checkout v4 weak"},
		},
		{in: url("pkg:oci/debian@sha256:abc"), problem: purl.ProblemNoEcosystem, detail: "container image"},
		{in: url("pkg:docker/library/nginx@1"), problem: purl.ProblemNoEcosystem, detail: "container image"},
		{in: url("pkg:generic/pump-viewer@1.1.1k"), problem: purl.ProblemNoEcosystem, detail: "generic"},
		{in: url("pkg:conda/numpy@1"), problem: purl.ProblemNoEcosystem, detail: "no advisory source"},
		{in: url("pkg:file/libc.so.6"), problem: purl.ProblemNoEcosystem, detail: "a file"},
		{in: url("pkg:apache/struts@2.3.16.1"), want: []string{"Maven org.apache.struts:struts2-core 2.3.16.1 weak"}},
	} {
		tt.run(t)
	}
}

func TestIdentifyNames(t *testing.T) {
	log4j := purl.Input{PURLs: []string{"pkg:npm/left-pad@1.0.0"}, Group: "org.apache.logging.log4j", Name: "log4j-core", Version: "1.0.0"}
	for _, tt := range []identifyCase{
		// The URL names something else than the component.
		{
			name: "another package", in: log4j, contradiction: true,
			want:   []string{"npm left-pad 1.0.0 strong", "Maven org.apache.logging.log4j:log4j-core 1.0.0 weak", "npm log4j-core 1.0.0 possible"},
			detail: "the package URL names left-pad, the component log4j-core",
		},
		{
			name: "another package, only named", in: purl.Input{PURLs: []string{"pkg:npm/left-pad@1.0.0"}, Name: "log4j-core"}, contradiction: true,
			want: []string{"npm left-pad 1.0.0 strong", "npm log4j-core  possible"}, detail: "the component log4j-core",
		},
		// Then the version field is not that of the URL's package.
		{
			name: "another package, each with a version", contradiction: true, detail: "the package URL names lodash, the component minimist",
			in:   purl.Input{PURLs: []string{"pkg:npm/lodash@4.17.21"}, Name: "minimist", Version: "1.2.5"},
			want: []string{"npm lodash 4.17.21 strong", "npm minimist 1.2.5 possible"},
		},
		{
			name: "another package, no version of its own", contradiction: true, problem: purl.ProblemNone,
			in:   purl.Input{PURLs: []string{"pkg:golang/stdlib@1.21.0"}, Name: "x", Version: "1.0.0"},
			want: []string{"Go stdlib 1.21.0 strong", "Go x 1.0.0 possible"},
		},
		{
			name: "another package of a distribution", contradiction: true,
			in:   purl.Input{PURLs: []string{"pkg:deb/debian/curl@7.74.0-1?distro=debian-11"}, Name: "openssl", Version: "1.1.1n-0"},
			want: []string{"Debian:11 curl 7.74.0-1 strong", "Debian:11 openssl 1.1.1n-0 possible"},
		},
		{
			name: "another project", contradiction: true, problem: purl.ProblemNoEcosystem, detail: "the package URL names openssl, the component pump",
			in:   purl.Input{PURLs: []string{"pkg:generic/openssl@1.1.1k"}, Name: "pump", Version: "2.0"},
			want: []string{"GIT https://github.com/openssl/openssl 1.1.1k possible"},
		},
		// Names that no registry allows.
		{in: url("pkg:npm/lodash%20@1.0.0"), problem: purl.ProblemInvalid, detail: "no package of npm"},
		{in: url("pkg:npm/lo%40dash@1.0.0"), problem: purl.ProblemInvalid},
		{in: url("pkg:npm/l%D0%BEdash@1.0.0"), problem: purl.ProblemInvalid},
		{in: url("pkg:npm/%40a%20b/c@1.0.0"), problem: purl.ProblemInvalid},
		{in: url("pkg:npm/%40angular/c%2Fd@1.0.0"), problem: purl.ProblemInvalid},
		{in: url("pkg:pypi/django%20rest@1"), problem: purl.ProblemInvalid},
		{in: url("pkg:pypi/dj%C3%A4ngo@1"), problem: purl.ProblemInvalid},
		{in: url("pkg:pypi/Django%5Bargon2%5D@1"), want: []string{"PyPI django 1 weak"}, detail: "repaired"},
		{in: url("pkg:maven/org.a%20b/c@1"), problem: purl.ProblemInvalid},
		{in: url("pkg:maven/org.a/$%7Bproject.artifactId%7D@1"), problem: purl.ProblemInvalid},
		{in: url("pkg:nuget/Newton%20soft@1"), problem: purl.ProblemInvalid},
		{in: url("pkg:gem/ra%5Bils%5D@1"), problem: purl.ProblemInvalid},
		{in: url("pkg:cargo/ti.me@1"), problem: purl.ProblemInvalid},
		{in: url("pkg:golang/github.com/a/b%20c@v1"), problem: purl.ProblemInvalid},
		{in: url("pkg:composer/symf%C3%B6ny/yaml@1"), problem: purl.ProblemInvalid},
		{in: url("pkg:hex/ph%20x@1"), problem: purl.ProblemInvalid},
		{
			name: "a name that is illegal, group and name that are not",
			in:   purl.Input{PURLs: []string{"pkg:npm/log4j%20core@2.14.1"}, Group: "org.apache.logging.log4j", Name: "log4j-core", Version: "2.14.1"},
			want: []string{"Maven org.apache.logging.log4j:log4j-core 2.14.1 weak"},
		},
		// Written otherwise than they are.
		{in: url("pkg:maven/org/apache/logging/log4j/log4j-core@2.14.1"), want: []string{"Maven org.apache.logging.log4j:log4j-core 2.14.1 weak"}, detail: "repaired"},
		{in: url("pkg:npm/Lodash@4.17.20"), want: []string{"npm Lodash 4.17.20 strong", "npm lodash 4.17.20 possible"}},
		{in: url("pkg:maven/org.apache.logging.log4j/Log4j-Core@2.14.1"), want: []string{
			"Maven org.apache.logging.log4j:Log4j-Core 2.14.1 strong", "Maven org.apache.logging.log4j:log4j-core 2.14.1 possible",
		}},
	} {
		tt.run(t)
	}
}

// TestNamesAgree: one name, as generators write it.
func TestNamesAgree(t *testing.T) {
	for _, tt := range []struct{ url, group, name string }{
		{"pkg:npm/%40babel/traverse@1", "", "@babel/traverse"},
		{"pkg:npm/%40babel/traverse@1", "babel", "traverse"},
		{"pkg:npm/string-width@4", "", "string-width-cjs"},
		{"pkg:maven/org.a/b-c@1", "", "org.a:b-c"},
		{"pkg:maven/org.a/b-c@1", "org.a", "org.a/b-c"},
		{"pkg:maven/org.a/b-c@1", "", "b-c-1.jar"},
		{"pkg:pypi/flask-cors@1", "", "Flask_Cors"},
		{"pkg:golang/github.com/a/b@v1", "", "b"},
		{"pkg:golang/github.com/a/b@v1", "github.com/a", "b"},
		{"pkg:golang/github.com/gofrs/uuid@v5.0.0#v5", "", "github.com/gofrs/uuid/v5"},
		{"pkg:golang/golang.org/x/crypto/ssh@v1", "", "golang.org/x/crypto"},
		{"pkg:nuget/Newtonsoft.Json@1", "", "Newtonsoft Json"},
		{"pkg:maven/org.keycloak/keycloak-services@1", "", "Keycloak REST Services"}, // a title
		{"pkg:npm/a@1", "", "日本"},
		{"pkg:npm/a@1", "", ""},
	} {
		got := purl.Identify(&purl.Input{PURLs: []string{tt.url}, Group: tt.group, Name: tt.name})
		if got.Contradiction || got.OtherName {
			t.Errorf("%s: %q %q: want no contradiction, got %q", tt.url, tt.group, tt.name, got.Detail)
		}
	}
}

func TestDistroAgrees(t *testing.T) {
	for _, tt := range []struct {
		a, b purl.Distro
		want bool
	}{
		{purl.Distro{ID: "debian", Version: "11"}, purl.Distro{ID: "Debian", Version: "11.5"}, true},
		{purl.Distro{ID: "debian", Version: "bookworm"}, purl.Distro{ID: "debian", Version: "12"}, true},
		{purl.Distro{ID: "debian", Version: "11"}, purl.Distro{ID: "debian"}, true},
		{purl.Distro{ID: "poky", Version: "4"}, purl.Distro{ID: "Poky", Version: "4"}, true},
		{purl.Distro{ID: "debian", Version: "11"}, purl.Distro{ID: "debian", Version: "12"}, false},
		{purl.Distro{ID: "debian", Version: "11"}, purl.Distro{ID: "alpine", Version: "11"}, false},
		{purl.Distro{ID: "poky", Version: "4"}, purl.Distro{ID: "windriver", Version: "4"}, false},
		{purl.Distro{ID: "poky", Version: "4"}, purl.Distro{ID: "debian", Version: "11"}, false},
	} {
		if got := tt.a.Agrees(tt.b); got != tt.want || got != tt.b.Agrees(tt.a) {
			t.Errorf("%v, %v: want %v both ways, got %v", tt.a, tt.b, tt.want, got)
		}
	}
}

func TestIdentifyGo(t *testing.T) {
	for _, tt := range []identifyCase{
		{in: url("pkg:golang/github.com/gin-gonic/gin@v1.6.0"), want: []string{"Go github.com/gin-gonic/gin 1.6.0 strong"}},
		{in: url("pkg:golang/github.com/gin-gonic/gin@1.6.0"), want: []string{"Go github.com/gin-gonic/gin 1.6.0 strong"}},
		{in: url("pkg:golang/github.com/Azure/go-autorest@v14.2.0%2Bincompatible"), want: []string{"Go github.com/Azure/go-autorest 14.2.0+incompatible strong"}},
		{in: url("pkg:golang/cloud.google.com/go@v0.123.0"), want: []string{"Go cloud.google.com/go 0.123.0 strong"}},
		{in: url("pkg:golang/gopkg.in/yaml.v2@v2.2.1"), want: []string{"Go gopkg.in/yaml.v2 2.2.1 strong"}},
		{in: url("pkg:golang/stdlib@1.21.0"), want: []string{"Go stdlib 1.21.0 strong"}},
		{in: url("pkg:golang/stdlib@go1.22.1"), want: []string{"Go stdlib 1.22.1 strong"}},
		{in: url("pkg:golang/std@go1.22rc1?type=module"), want: []string{"Go stdlib 1.22.0-rc.1 strong"}},
		{in: url("pkg:golang/stdlib@go1.22.1%20X:boringcrypto"), want: []string{"Go stdlib 1.22.1 strong"}},
		{in: url("pkg:golang/toolchain@1.21.0"), want: []string{"Go toolchain 1.21.0 strong"}},
		{in: url("pkg:golang/golang.org/toolchain@v0.0.1-go1.21.0.linux-amd64"), want: []string{"Go toolchain 1.21.0 strong"}},
		{
			name: "stdlib, go in front of the version",
			in:   purl.Input{PURLs: []string{"pkg:golang/stdlib@1.99.0"}, Name: "stdlib", Version: "go1.99.0"},
			want: []string{"Go stdlib 1.99.0 strong"},
		},
		// A package below its module.
		{in: url("pkg:golang/golang.org/x/crypto/ssh@v0.1.0"), want: []string{"Go golang.org/x/crypto/ssh 0.1.0 strong", "Go golang.org/x/crypto 0.1.0 weak"}},
		{in: url("pkg:golang/k8s.io/kubernetes/pkg/kubelet@v1.2.3"), want: []string{"Go k8s.io/kubernetes/pkg/kubelet 1.2.3 strong", "Go k8s.io/kubernetes 1.2.3 possible"}},
		{in: url("pkg:golang/github.com/a/b/v2/c@v2.0.0"), want: []string{"Go github.com/a/b/v2/c 2.0.0 strong", "Go github.com/a/b/v2 2.0.0 possible"}},
		{in: url("pkg:golang/github.com/a/b/c/v2@v2.0.0"), want: []string{"Go github.com/a/b/c/v2 2.0.0 strong"}},
		{in: url("pkg:golang/github.com/DataDog/datadog-agent@(devel)"), want: []string{"Go github.com/DataDog/datadog-agent  strong"}, problem: purl.ProblemNoVersion, detail: "placeholder"},
		{in: url("pkg:golang/command-line-arguments@v1"), problem: purl.ProblemNotAPackage},
		{in: url("pkg:golang/./local@v1"), problem: purl.ProblemNotAPackage, detail: "local"},
		{in: url("pkg:golang/myapp@v1"), problem: purl.ProblemNotAPackage, detail: "local"},
		{in: url("pkg:golang/4d63.com/gochecknoglobals%40v0.1.0"), want: []string{"Go 4d63.com/gochecknoglobals 0.1.0 weak"}, detail: "repaired"},
		{in: url("pkg:golang/github.com%2Fgin-gonic%2Fgin@v1.6.0"), want: []string{"Go github.com/gin-gonic/gin 1.6.0 strong"}},
		// syft cuts the path after its third element.
		{in: url("pkg:golang/github.com/gofrs/uuid@v5.0.0#v5"), want: []string{"Go github.com/gofrs/uuid/v5 5.0.0 strong"}},
		{
			name: "subpath, name says it is part of the module path",
			in:   purl.Input{PURLs: []string{"pkg:golang/github.com/aws/aws-sdk-go-v2@v1.2.0#service/s3"}, Name: "github.com/aws/aws-sdk-go-v2/service/s3"},
			want: []string{"Go github.com/aws/aws-sdk-go-v2/service/s3 1.2.0 strong"},
		},
		{
			name: "subpath, name says it is not",
			in:   purl.Input{PURLs: []string{"pkg:golang/google.golang.org/genproto@v1#googleapis/api"}, Group: "google.golang.org", Name: "genproto"},
			want: []string{"Go google.golang.org/genproto 1 strong"},
		},
		{
			in:   url("pkg:golang/google.golang.org/genproto@v1.0.0#googleapis/api"),
			want: []string{"Go google.golang.org/genproto 1.0.0 weak", "Go google.golang.org/genproto/googleapis/api 1.0.0 weak"},
		},
		// cyclonedx-gomod lists packages.
		{in: url("pkg:golang/net/http@go1.17.7?type=package"), want: []string{"Go stdlib 1.17.7 weak"}},
		{
			in:   url("pkg:golang/golang.org/x/net/http2@v0.1.0?type=package"),
			want: []string{"Go golang.org/x/net/http2 0.1.0 weak", "Go golang.org/x/net 0.1.0 weak"},
		},
	} {
		tt.run(t)
	}
}

func TestIdentifyDistributions(t *testing.T) {
	debian := purl.Distro{ID: "debian", Version: "11"}
	for _, tt := range []identifyCase{
		// Debian: releases.
		{in: url("pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u1?distro=debian-11"), want: []string{"Debian:11 openssl 1.1.1n-0+deb11u1 strong"}},
		{in: url("pkg:deb/debian/openssl@1.1.1n?distro=debian-11.5"), want: []string{"Debian:11 openssl 1.1.1n strong"}},
		{in: url("pkg:deb/debian/openssl@1.1.1n?distro=bookworm"), want: []string{"Debian:12 openssl 1.1.1n strong"}},
		{in: url("pkg:deb/debian/openssl@1?distro=debian-buster"), want: []string{"Debian:10 openssl 1 strong"}},
		{in: url("pkg:deb/debian/openssl@1?distro_name=bookworm"), want: []string{"Debian:12 openssl 1 strong"}},
		{in: url("pkg:deb/openssl@1?distro_name=debian&distro_version=11"), want: []string{"Debian:11 openssl 1 strong"}},
		{in: url("pkg:deb/debian/openssl@1?distro=11"), want: []string{"Debian:11 openssl 1 strong"}},
		{in: url("pkg:deb/debian/openssl@1?distro=debian-6.0.10"), want: []string{"Debian:6.0 openssl 1 strong"}},
		{in: url("pkg:deb/debian/openssl@1?distro=sarge"), want: []string{"Debian:3.1 openssl 1 strong"}},
		{in: url("pkg:deb/debian/openssl@1?distro=sid"), want: []string{"Debian openssl 1 weak"}, problem: purl.ProblemNoRelease},
		{in: url("pkg:deb/debian/openssl@1"), want: []string{"Debian openssl 1 weak"}, problem: purl.ProblemNoRelease, detail: "not stated"},
		{in: url("pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u1"), want: []string{"Debian:11 openssl 1.1.1n-0+deb11u1 weak"}},
		{in: url("pkg:deb/debian/openssl@1-2~bpo12%2B1"), want: []string{"Debian:12 openssl 1-2~bpo12+1 weak"}},
		{name: "document's OS", in: purl.Input{PURLs: []string{"pkg:deb/debian/openssl@1"}, Distro: debian}, want: []string{"Debian:11 openssl 1 strong"}},
		{name: "no namespace", in: purl.Input{PURLs: []string{"pkg:deb/openssl@1"}, Distro: debian}, want: []string{"Debian:11 openssl 1 weak"}, detail: "inferred"},
		{in: url("pkg:deb/libobjc-13-dev@13.3.0-6ubuntu2~24.04#/var/lib/dpkg"), want: []string{
			"Ubuntu:24.04:LTS libobjc-13-dev 13.3.0-6ubuntu2~24.04 weak", "Ubuntu:Pro:24.04:LTS libobjc-13-dev 13.3.0-6ubuntu2~24.04 weak",
		}},
		{in: url("pkg:deb/debian:buster:apt@1.8.2.2"), want: []string{"Debian:10 apt 1.8.2.2 weak"}},
		{in: url("pkg:deb/raspbian/openssl@1?distro=raspbian-11"), problem: purl.ProblemNoEcosystem, detail: "distribution"},
		// Debian: source packages, epochs.
		{in: url("pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u1?upstream=openssl&distro=debian-11"), want: []string{"Debian:11 openssl 1.1.1n-0+deb11u1 strong", "Debian:11 libssl1.1 1.1.1n-0+deb11u1 weak"}},
		{in: url("pkg:deb/debian/libbz2@1:1.0-4?upstream=bzip2%401.0-4&distro=debian-11"), want: []string{"Debian:11 bzip2 1.0-4 strong", "Debian:11 libbz2 1:1.0-4 weak"}},
		{in: url("pkg:deb/debian/libssl1.1@1.1.1n-0?distro=debian-11"), want: []string{"Debian:11 openssl 1.1.1n-0 weak", "Debian:11 libssl1.1 1.1.1n-0 weak"}, detail: "source package"},
		{in: url("pkg:deb/debian/libfoo3@1-1?distro=debian-11"), want: []string{"Debian:11 libfoo3 1-1 weak"}, detail: "source package"},
		{in: url("pkg:deb/debian/libfoo3@1-1?distro=debian-11&arch=source"), want: []string{"Debian:11 libfoo3 1-1 strong"}},
		{in: url("pkg:deb/debian/imagemagick@6.9-1?distro=debian-11&epoch=8"), want: []string{"Debian:11 imagemagick 8:6.9-1 strong"}},
		{in: url("pkg:deb/debian/imagemagick@8:6.9-1?distro=debian-11&epoch=8"), want: []string{"Debian:11 imagemagick 8:6.9-1 strong"}},
		{
			name: "source in properties",
			in: purl.Input{
				PURLs: []string{"pkg:deb/debian/libudev1@247.3-7?distro=debian-11.11"}, Version: "247.3-7",
				SourceName: "systemd", SourceVersion: "247.3",
			},
			want: []string{"Debian:11 systemd 247.3-7 strong", "Debian:11 libudev1 247.3-7 weak"},
		},
		{
			name: "truncated source version, epoch of the binary",
			in: purl.Input{
				PURLs:      []string{"pkg:deb/debian/bsdutils@1:2.36.1-8%2Bdeb11u1?distro=debian-11"},
				SourceName: "util-linux", SourceVersion: "2.36.1",
			},
			want: []string{"Debian:11 util-linux 1:2.36.1-8+deb11u1 strong", "Debian:11 util-linux 2.36.1-8+deb11u1 weak", "Debian:11 bsdutils 1:2.36.1-8+deb11u1 weak"},
		},
		{
			name: "source information",
			in: purl.Input{
				PURLs: []string{"pkg:deb/debian/libssl1.1@1.1.1n-0?distro=debian-11"}, SourceInfo: "built package from: openssl 1.1.1n-0",
			},
			want: []string{"Debian:11 openssl 1.1.1n-0 strong", "Debian:11 libssl1.1 1.1.1n-0 weak"},
		},
		{
			name: "component's version is only a part",
			in:   purl.Input{PURLs: []string{"pkg:rpm/almalinux/openssl@1:1.0.2k-21.el7_9?distro=almalinux-8"}, Version: "1.0.2k"},
			want: []string{"AlmaLinux:8 openssl 1:1.0.2k-21.el7_9 strong"},
		},
		// Ubuntu.
		{in: url("pkg:deb/ubuntu/mongodb@1:2.4.9?distro=ubuntu-14.04"), want: []string{"Ubuntu:14.04:LTS mongodb 1:2.4.9 strong", "Ubuntu:Pro:14.04:LTS mongodb 1:2.4.9 weak"}},
		{in: url("pkg:deb/ubuntu/apt@2.7.14build2?os_distro=noble"), want: []string{"Ubuntu:24.04:LTS apt 2.7.14build2 strong", "Ubuntu:Pro:24.04:LTS apt 2.7.14build2 weak"}},
		{in: url("pkg:deb/ubuntu/apt@2~esm1?distro=esm-apps%2Ffocal"), want: []string{"Ubuntu:20.04:LTS apt 2~esm1 strong", "Ubuntu:Pro:20.04:LTS apt 2~esm1 strong"}},
		{in: url("pkg:deb/ubuntu/apt@2?distro=trusty/esm"), want: []string{"Ubuntu:14.04:LTS apt 2 strong", "Ubuntu:Pro:14.04:LTS apt 2 strong"}},
		{in: url("pkg:deb/ubuntu/apt@2?distro=ubuntu-21.04"), want: []string{"Ubuntu:21.04 apt 2 strong"}},
		{in: url("pkg:deb/ubuntu/apt@2ubuntu9.3"), want: []string{"Ubuntu apt 2ubuntu9.3 weak"}, problem: purl.ProblemNoRelease},
		{in: url("pkg:deb/ubuntu/apt@1-0ubuntu0.20.04.1"), want: []string{"Ubuntu:20.04:LTS apt 1-0ubuntu0.20.04.1 weak", "Ubuntu:Pro:20.04:LTS apt 1-0ubuntu0.20.04.1 weak"}},
		// apk.
		{in: url("pkg:apk/alpine/clamav@0.102?distro=alpine-3.11.5"), want: []string{"Alpine:v3.11 clamav 0.102 strong"}},
		{in: url("pkg:apk/alpine/clamav@0.102?distro=3.9.3"), want: []string{"Alpine:v3.9 clamav 0.102 strong"}},
		{in: url("pkg:apk/alpine/clamav@0.102?distro=v3.11"), want: []string{"Alpine:v3.11 clamav 0.102 strong"}},
		{in: url("pkg:apk/alpine/clamav@0.102?distro=alpine-3.21_alpha20240807"), want: []string{"Alpine:edge clamav 0.102 strong"}},
		{in: url("pkg:alpine/libcrypto1.0@1.0.2j-r0?upstream=openssl&distro=alpine-3.3.3"), want: []string{"Alpine:v3.3 openssl 1.0.2j-r0 strong", "Alpine:v3.3 libcrypto1.0 1.0.2j-r0 weak"}},
		{in: url("pkg:apk/alpine/ssl_client@1.31-r1?distro=alpine-3.11"), want: []string{"Alpine:v3.11 busybox 1.31-r1 weak", "Alpine:v3.11 ssl_client 1.31-r1 weak"}},
		{in: url("pkg:apk/alpine/clamav@0.102"), want: []string{"Alpine clamav 0.102 weak"}, problem: purl.ProblemNoRelease},
		{in: url("pkg:apk/unknown/libxt@1.2.1-r1"), want: []string{"Alpine libxt 1.2.1-r1 weak"}, problem: purl.ProblemNoRelease, detail: "inferred"},
		{in: url("pkg:apk/libxt@1.2.1-r1"), want: []string{"Alpine libxt 1.2.1-r1 weak"}, problem: purl.ProblemNoRelease, detail: "inferred"},
		{in: url("pkg:apk/libxt@1.2.1"), problem: purl.ProblemNoEcosystem, detail: "distribution"},
		{in: url("pkg:rpm/curl@7.79.1-6.fc38"), problem: purl.ProblemNoEcosystem, detail: "distribution"},
		{in: url("pkg:rpm/curl@7.79.1-6.amzn2"), problem: purl.ProblemNoEcosystem, detail: "distribution"},
		{in: url("pkg:rpm/curl@7.79.1-6.el9"), problem: purl.ProblemNoEcosystem, detail: "distribution"},
		{name: "rpm, document's OS", in: purl.Input{PURLs: []string{"pkg:rpm/curl@7.79.1-6.el9"}, Distro: purl.Distro{ID: "almalinux", Version: "9.2"}}, want: []string{"AlmaLinux:9 curl 7.79.1-6.el9 weak"}, detail: "inferred"},
		{in: url("pkg:apk/wolfi/curl@8.0-r0?distro=wolfi-20230201"), want: []string{"Wolfi curl 8.0-r0 strong"}},
		{in: url("pkg:apk/chainguard/curl@8.0-r0"), want: []string{"Chainguard curl 8.0-r0 strong"}},
		{in: url("pkg:apk/alpaquita/busybox@1.36-r0?distro=23"), want: []string{"Alpaquita:23 busybox 1.36-r0 strong"}},
		{in: url("pkg:apk/alpaquita/busybox@1.36-r0?distro=alpaquita-stream"), want: []string{"Alpaquita:stream busybox 1.36-r0 strong"}},
		{in: url("pkg:apk/bellsoft-hardened-containers/busybox@1.36-r0?distro=stream"), want: []string{"BellSoft Hardened Containers:stream busybox 1.36-r0 strong"}},
		{in: url("pkg:apk/alpine/x@1?distro=wolfi-20230201"), want: []string{"Wolfi x 1 weak", "Alpine x 1 weak"}, detail: "different distributions", contradiction: true},
		{in: url("pkg:deb/debian/apt@2.0.2?distro=ubuntu-20.04"), want: []string{"Ubuntu:20.04:LTS apt 2.0.2 weak", "Ubuntu:Pro:20.04:LTS apt 2.0.2 weak", "Debian apt 2.0.2 weak"}, detail: "different distributions", contradiction: true},
		{in: url("pkg:deb/debian/apt@2.0.2%2Bdeb11u1?distro=ubuntu-20.04"), want: []string{"Ubuntu:20.04:LTS apt 2.0.2+deb11u1 weak", "Ubuntu:Pro:20.04:LTS apt 2.0.2+deb11u1 weak", "Debian:11 apt 2.0.2+deb11u1 weak"}, detail: "different distributions", contradiction: true},
		// rpm.
		{in: url("pkg:rpm/almalinux/firefox@102.0-1.el9?distro=almalinux-9"), want: []string{"AlmaLinux:9 firefox 102.0-1.el9 strong"}},
		{in: url("pkg:rpm/almalinux/openssl@3.0.1-43.el9_0?distro=almalinux-9.2&epoch=1"), want: []string{"AlmaLinux:9 openssl 1:3.0.1-43.el9_0 strong"}},
		{in: url("pkg:rpm/almalinux/openssl@1:3.0.1-43.el9_0?distro=el9&epoch=1"), want: []string{"AlmaLinux:9 openssl 1:3.0.1-43.el9_0 strong"}},
		{in: url("pkg:rpm/almalinux/openssl-libs@3.0.1-43.el9_0?upstream=openssl-3.0.1-43.el9_0.src.rpm"), want: []string{"AlmaLinux:9 openssl-libs 3.0.1-43.el9_0 weak"}},
		{in: url("pkg:rpm/almalinux/idm@1-1.module_el8.6.0%2B3340"), want: []string{"AlmaLinux:8 idm 1-1.module_el8.6.0+3340 weak"}},
		{in: url("pkg:rpm/rocky/bash@5-1?distro=rocky-9.3"), want: []string{"Rocky Linux:9 bash 5-1 strong"}},
		{in: url("pkg:rpm/redhat/bash@5-1.el9?distro=rhel-9.7"), want: []string{"Red Hat:enterprise_linux:9::baseos bash 5-1.el9 strong", "Red Hat:enterprise_linux:9::appstream bash 5-1.el9 strong"}},
		{in: url("pkg:rpm/redhat/bash@5-1.el9?repository_id=rhel-9-for-x86_64-baseos-rpms"), want: []string{"Red Hat:enterprise_linux:9::baseos bash 5-1.el9 strong"}},
		{in: url("pkg:rpm/redhat/bash@5-1?repository_id=ubi-8-appstream-rpms"), want: []string{"Red Hat:enterprise_linux:8::appstream bash 5-1 strong"}},
		{in: url("pkg:rpm/redhat/bash@5-1?repository_id=strange-repo"), want: []string{"Red Hat bash 5-1 weak"}, problem: purl.ProblemNoRelease},
		{in: url("pkg:rpm/redhat/git-lfs@2-1.el8_6?distro=rhel-8.6&repository_id=rhel-8-for-x86_64-appstream-aus-rpms"), want: []string{"Red Hat:rhel_aus:8.6::appstream git-lfs 2-1.el8_6 strong"}},
		{
			name: "Red Hat, minor release in the repository",
			in:   url("pkg:rpm/redhat/git-lfs@2-1.el8_6?repository_id=rhel-8-for-x86_64-appstream-aus-rpms__8_DOT_6"),
			want: []string{"Red Hat:rhel_aus:8.6::appstream git-lfs 2-1.el8_6 strong"},
		},
		{
			name: "Red Hat, extended support without the minor release",
			in:   url("pkg:rpm/redhat/git-lfs@2-1.el8_6?repository_id=rhel-8-for-x86_64-appstream-aus-rpms"),
			want: []string{"Red Hat git-lfs 2-1.el8_6 weak"}, problem: purl.ProblemNoRelease, detail: "not stated",
		},
		{
			name: "Red Hat, repository and distro of two releases",
			in:   url("pkg:rpm/redhat/git-lfs@2-1?distro=rhel-9.2&repository_id=rhel-8-for-x86_64-appstream-aus-rpms"),
			want: []string{"Red Hat git-lfs 2-1 weak"}, problem: purl.ProblemNoRelease, detail: "not stated",
		},
		{in: url("pkg:rpm/opensuse/curl@8-1?distro=opensuse-leap-15.5"), want: []string{"openSUSE:Leap 15.5 curl 8-1 strong"}},
		{in: url("pkg:rpm/opensuse/curl@8-1?distro=opensuse-tumbleweed-20240101"), want: []string{"openSUSE:Tumbleweed curl 8-1 strong"}},
		{in: url("pkg:rpm/suse/libcurl4@8-1?distro=sles-15.5&upstream=curl-8-1.src.rpm"), want: []string{
			"SUSE:Linux Enterprise Server 15 SP5 curl 8-1 strong",
			"SUSE:Linux Enterprise Module for Basesystem 15 SP5 curl 8-1 strong",
			"SUSE:Linux Enterprise Module for Server Applications 15 SP5 curl 8-1 strong",
			"SUSE:Linux Enterprise Server 15 SP5 libcurl4 8-1 weak",
			"SUSE:Linux Enterprise Module for Basesystem 15 SP5 libcurl4 8-1 weak",
			"SUSE:Linux Enterprise Module for Server Applications 15 SP5 libcurl4 8-1 weak",
		}},
		{in: url("pkg:rpm/openEuler/curl@8-1?distro=openEuler-22.03-LTS-SP1"), want: []string{"openEuler:22.03-LTS-SP1 curl 8-1 strong"}},
		{in: url("pkg:rpm/mageia/curl@8-1.mga9"), want: []string{"Mageia:9 curl 8-1.mga9 weak"}},
		{in: url("pkg:rpm/amazon/curl@7.79.1-6.amzn2"), problem: purl.ProblemNoEcosystem, detail: "distribution"},
		{in: url("pkg:rpm/centos/curl@7-1.el7?distro=centos-7"), problem: purl.ProblemNoEcosystem, detail: "distribution"},
		{in: url("pkg:rpm/fedora/curl@7-1?distro=fedora-38"), problem: purl.ProblemNoEcosystem},
		{in: url("pkg:rpm/poky/busybox@1-r0?distro=poky-4.0.25"), problem: purl.ProblemNoEcosystem},
		{in: url("pkg:rpm/redhat/x@1?distro=fedora-38"), problem: purl.ProblemNoEcosystem},
	} {
		tt.run(t)
	}
	got := purl.Identify(&purl.Input{PURLs: []string{"pkg:rpm/redhat/git-lfs@2-1.el8_6?distro=rhel-8.6"}})
	for _, release := range []string{"rhel_aus:8.6::appstream", "rhel_e4s:8.6::appstream", "rhel_tus:8.6::appstream", "rhel_eus:8.6::baseos"} {
		want := "Red Hat:" + release + " git-lfs 2-1.el8_6 weak"
		if !strings.Contains(strings.Join(lines(&got), "\n"), want) {
			t.Errorf("rhel 8.6: want %q among %q", want, lines(&got))
		}
	}
}

func TestIdentifyRepair(t *testing.T) {
	const log4j = "Maven org.apache.logging.log4j:log4j-core 2.14.1 weak"
	cpes := func(version string, c ...string) purl.Input { return purl.Input{Name: "x", Version: version, CPEs: c} }
	for _, tt := range []identifyCase{
		{name: "group and name, Maven", in: purl.Input{Group: "org.apache.logging.log4j", Name: "log4j-core", Version: "2.14.1"}, want: []string{log4j}},
		{name: "name group:name", in: purl.Input{Name: "org.apache.logging.log4j:log4j-core", Version: "2.14.1"}, want: []string{log4j}},
		{name: "name group:name:version", in: purl.Input{Name: "org.apache.logging.log4j:log4j-core:2.14.1"}, want: []string{log4j}},
		{name: "name a:a", in: purl.Input{Name: "log4j:log4j", Version: "1.2"}, want: []string{"Maven log4j:log4j 1.2 weak"}},
		{name: "name other:thing", in: purl.Input{Name: "other:thing", Version: "1.2"}, problem: purl.ProblemNoIdentifier},
		{name: "group scope", in: purl.Input{Group: "@babel", Name: "traverse", Version: "7.0.0"}, want: []string{"npm @babel/traverse 7.0.0 weak"}},
		{name: "name scope", in: purl.Input{Name: "@babel/traverse", Version: "7.0.0"}, want: []string{"npm @babel/traverse 7.0.0 weak"}},
		{name: "group path", in: purl.Input{Group: "github.com/gin-gonic", Name: "gin", Version: "v1.6.0"}, want: []string{"Go github.com/gin-gonic/gin 1.6.0 weak"}},
		{name: "group host", in: purl.Input{Group: "k8s.io", Name: "api", Version: "v0.1.0"}, want: []string{"Go k8s.io/api 0.1.0 weak"}},
		{name: "group host, cloud", in: purl.Input{Group: "cloud.google.com", Name: "go", Version: "v0.1.0"}, want: []string{"Go cloud.google.com/go 0.1.0 weak"}},
		{name: "name path", in: purl.Input{Name: "golang.org/x/net", Version: "v0.1.0"}, want: []string{"Go golang.org/x/net 0.1.0 weak"}},
		{name: "group netty", in: purl.Input{Group: "io.netty", Name: "netty-codec", Version: "4.1.0.Final"}, want: []string{"Maven io.netty:netty-codec 4.1.0.Final weak"}},
		{name: "group of a company", in: purl.Input{Group: "Siemens Healthineers", Name: "viewer", Version: "1"}, problem: purl.ProblemNoIdentifier},
		{name: "group of one word", in: purl.Input{Group: "symfony", Name: "http-kernel", Version: "1"}, problem: purl.ProblemNoIdentifier},
		{name: "GitHub's export", in: purl.Input{Name: "npm:lodash", Version: "4.17.0"}, want: []string{"npm lodash 4.17.0 weak"}},
		{name: "version behind the name", in: purl.Input{Name: "github.com/google/shlex@v1.0.0"}, want: []string{"Go github.com/google/shlex 1.0.0 weak"}},
		{name: "GitHub's export, pip", in: purl.Input{Name: "pip:Django", Version: "2.0"}, want: []string{"PyPI django 2.0 weak"}},
		{name: "bad URL, good name", in: purl.Input{PURLs: []string{"pkg:npm/%zz"}, Name: "@a/b", Version: "1.0.0"}, want: []string{"npm @a/b 1.0.0 weak"}, detail: "not valid"},
		{name: "bad URL", in: purl.Input{PURLs: []string{"pkg:npm/%zz"}, Name: "b", Version: "1.0.0"}, problem: purl.ProblemInvalid},
		{name: "NOASSERTION", in: purl.Input{PURLs: []string{"NOASSERTION"}, Name: "b", Version: "1.0.0"}, problem: purl.ProblemNoIdentifier},
		{name: "name only", in: purl.Input{Name: "django", Version: "2.2.0"}, problem: purl.ProblemNoIdentifier},
		{name: "nothing", in: purl.Input{}, problem: purl.ProblemNoIdentifier},
		{name: "two URLs", in: purl.Input{PURLs: []string{"pkg:npm/a@1.0.0", "pkg:npm/a@1.0.0?x=1", "pkg:pypi/a@1.0.0"}}, want: []string{"npm a 1.0.0 strong", "PyPI a 1.0.0 strong"}},

		{name: "CPE log4j", in: cpes("2.14.1", "cpe:2.3:a:apache:log4j:2.14.1:*:*:*:*:*:*:*"), want: []string{log4j, "Maven log4j:log4j 2.14.1 weak"}},
		{name: "CPE 2.2", in: cpes("", "cpe:/a:djangoproject:django:2.2.0"), want: []string{"PyPI django 2.2.0 weak"}},
		{name: "CPE update", in: cpes("", "cpe:2.3:a:jquery:jquery:3.0.0:rc1:*:*:*:*:*:*"), want: []string{"npm jquery 3.0.0-rc1 weak"}},
		{name: "CPE escapes", in: cpes("*", `cpe:2.3:a:fasterxml:jackson\-databind:2.9\.1:*:*:*:*:*:*:*`), want: []string{"Maven com.fasterxml.jackson.core:jackson-databind 2.9.1 weak"}},
		{name: "CPE any version", in: cpes("", "cpe:2.3:a:lodash:lodash:*:*:*:*:*:node.js:*:*"), want: []string{"npm lodash  weak"}, problem: purl.ProblemNoVersion},
		{name: "CPE of a closed product", in: cpes("7", "cpe:2.3:a:windriver:vxworks:7:*:*:*:*:*:*:*"), problem: purl.ProblemNoEcosystem, detail: "no advisory source"},
		{name: "CPE operating system", in: cpes("1", "cpe:2.3:o:acme:pump_firmware:1:*:*:*:*:*:*:*"), problem: purl.ProblemNoEcosystem, detail: "operating system"},
		{name: "CPE unknown", in: cpes("1", "cpe:2.3:a:acme:pump_viewer:1:*:*:*:*:*:*:*"), problem: purl.ProblemNoIdentifier, detail: "CPE"},
		{name: "CPE broken", in: cpes("1", "cpe:2.3:", "cpe:/", "cpe:2.3:a:x", `cpe:2.3:a:b\`), problem: purl.ProblemNoIdentifier},
		{
			name: "CPE beside a generic URL",
			in:   purl.Input{PURLs: []string{"pkg:generic/jquery@1.6.1"}, Version: "1.6.1", CPEs: []string{"cpe:2.3:a:jquery:jquery:1.6.1:*:*:*:*:*:*:*"}},
			want: []string{"npm jquery 1.6.1 weak"},
		},
		{
			name:    "CPE of a distribution's package is not used",
			in:      purl.Input{PURLs: []string{"pkg:rpm/centos/python-django@1-1"}, CPEs: []string{"cpe:2.3:a:djangoproject:django:1:*:*:*:*:*:*:*"}},
			problem: purl.ProblemNoEcosystem,
		},

		{name: "operating system", in: purl.Input{Type: "operating-system", Name: "debian", Version: "11", CPEs: []string{"cpe:/o:debian:debian_linux:11"}}, problem: purl.ProblemOperatingSystem},
		{name: "operating system, generic URL", in: purl.Input{Type: "operating-system", Name: "debian", Version: "11", PURLs: []string{"pkg:generic/debian@11"}, CPEs: []string{"cpe:2.3:o:debian:debian_linux:11:*:*:*:*:*:*:*"}}, problem: purl.ProblemOperatingSystem},
		{name: "operating system, image URL", in: purl.Input{Type: "operating-system", Name: "debian", Version: "11", PURLs: []string{"pkg:oci/debian@sha256%3Aabc"}}, problem: purl.ProblemOperatingSystem},
		{name: "operating system with a URL", in: purl.Input{Type: "operating-system", Name: "log4j-core", PURLs: []string{"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"}}, want: []string{"Maven org.apache.logging.log4j:log4j-core 2.14.1 strong"}},
		{name: "operating system with group and name", in: purl.Input{Type: "operating-system", Group: "org.apache.logging.log4j", Name: "log4j-core", Version: "2.14.1"}, want: []string{log4j}},
		{name: "operating system with a CPE", in: purl.Input{Type: "operating-system", Name: "log4j", Version: "2.14.1", CPEs: []string{"cpe:2.3:a:apache:log4j_core:2.14.1:*:*:*:*:*:*:*"}}, want: []string{log4j}},
		{name: "operating system with a broken URL", in: purl.Input{Type: "operating-system", Name: "log4j-core", PURLs: []string{"pkg:maven/%zz@1"}}, problem: purl.ProblemInvalid},
		{name: "operating system with a package of a distribution without advisories", in: purl.Input{Type: "operating-system", Name: "bash", PURLs: []string{"pkg:rpm/fedora/bash@5-1"}}, problem: purl.ProblemNoEcosystem},
		{name: "file with a broken URL", in: purl.Input{Type: "file", Name: "a.jar", PURLs: []string{"pkg:maven/%zz@1"}}, problem: purl.ProblemInvalid},
		{name: "file with group and name", in: purl.Input{Type: "file", Group: "org.apache.logging.log4j", Name: "log4j-core", Version: "2.14.1"}, want: []string{log4j}},
		{name: "data with a generic URL", in: purl.Input{Type: "data", Name: "a.csv", PURLs: []string{"pkg:generic/a.csv"}}, problem: purl.ProblemNoEcosystem},
		{name: "path with a generic URL", in: purl.Input{Type: "file", Name: "/usr/lib/a.csv", PURLs: []string{"pkg:generic/a.csv"}}, problem: purl.ProblemFile},
		{name: "path with a version", in: purl.Input{Type: "file", Name: "lib/jquery.js", Version: "1.12.4"}, problem: purl.ProblemNoIdentifier},
		{name: "path with a range", in: purl.Input{Type: "file", Name: "lib/jquery.js", Version: "^1.12.4"}, problem: purl.ProblemNoIdentifier},
		{name: "path with a placeholder", in: purl.Input{Type: "file", Name: "lib/jquery.js", Version: "UNKNOWN"}, problem: purl.ProblemFile},
		{name: "file with a version", in: purl.Input{Type: "file", Name: "jquery", Version: "1.12.4"}, problem: purl.ProblemNoIdentifier},
		{name: "data with a version", in: purl.Input{Type: "data", Name: "jquery", Version: "1.12.4"}, problem: purl.ProblemNoIdentifier},
		{name: "file with a tag", in: purl.Input{Type: "file", Name: "jquery", Tagged: true}, problem: purl.ProblemNoIdentifier},
		{name: "file with a generic URL with a version", in: purl.Input{Type: "file", Name: "jquery", PURLs: []string{"pkg:generic/jquery@1.12.4"}}, problem: purl.ProblemNoEcosystem},
		{name: "operating system that is none", in: purl.Input{Type: "operating-system", Name: "jquery", Version: "1.12.4"}, problem: purl.ProblemNoIdentifier},
		{name: "operating system that is none, with the name of one", in: purl.Input{Type: "operating-system", Name: "windows jquery", Version: "1.12.4"}, problem: purl.ProblemNoIdentifier},
		{name: "operating system in words", in: purl.Input{Type: "operating-system", Name: "Debian GNU/Linux 11 (bullseye)"}, problem: purl.ProblemOperatingSystem},
		{name: "operating system of a device", in: purl.Input{Type: "operating-system", Name: "Microsoft Windows 10 IoT Enterprise LTSC 2019"}, problem: purl.ProblemOperatingSystem},
		{name: "file", in: purl.Input{Type: "file", Name: "a.jar"}, problem: purl.ProblemFile},
		{name: "data", in: purl.Input{Type: "data", Name: "a.csv"}, problem: purl.ProblemFile},
		{name: "file with a URL", in: purl.Input{Type: "file", Name: "a.jar", PURLs: []string{"pkg:maven/a/b@1"}}, want: []string{"Maven a:b 1 strong"}},
	} {
		tt.run(t)
	}
}

func TestIdentifyVersions(t *testing.T) {
	for _, tt := range []struct {
		url, field    string
		want          []string
		problem       purl.Problem
		contradiction bool
	}{
		{"pkg:npm/a", "1.0.0", []string{"npm a 1.0.0 strong"}, "", false},
		{"pkg:npm/a", "", []string{"npm a  strong"}, purl.ProblemNoVersion, false},
		{"pkg:npm/a", "UNKNOWN", []string{"npm a  strong"}, purl.ProblemNoVersion, false},
		{"pkg:npm/a@latest", "1.0.0", []string{"npm a 1.0.0 strong"}, "", false},
		{"pkg:npm/a@$%7Bproject.version%7D", "", []string{"npm a  strong"}, purl.ProblemNoVersion, false},
		{"pkg:npm/a@%5E1.2.3", "", []string{"npm a  strong"}, purl.ProblemNoVersion, false},
		{"pkg:npm/a@1.x%20||%202", "", []string{"npm a  strong"}, purl.ProblemNoVersion, false},
		{"pkg:npm/a@1.*", "", []string{"npm a  strong"}, purl.ProblemNoVersion, false},
		{"pkg:npm/a@file://x", "", []string{"npm a  strong"}, purl.ProblemNoVersion, false},
		{"pkg:npm/a@1.0.0", "v1.0.0", []string{"npm a 1.0.0 strong"}, "", false},
		{"pkg:nuget/a@1.0.0", "1.0.0.0", []string{"NuGet a 1.0.0 strong"}, "", false},
		{"pkg:nuget/a@1.0.1", "1.0.1+3f2a", []string{"NuGet a 1.0.1 strong"}, "", false},
		{"pkg:npm/a@1.0.0", "2.0.0", []string{"npm a 1.0.0 strong", "npm a 2.0.0 weak"}, "", true},
		{"pkg:pypi/django@not%20a%20version!!", "not a version!!", []string{"PyPI django not a version!! strong"}, "", false},
		{"pkg:deb/debian/a@1:1.0-1?distro=debian-11", "2.0-1", []string{"Debian:11 a 1:1.0-1 strong", "Debian:11 a 1:2.0-1 weak"}, "", true},
		{"pkg:deb/debian/a@1.0?distro=debian-11", "1:1.0-1", []string{"Debian:11 a 1:1.0-1 strong"}, "", false},
		{"pkg:deb/debian/a?distro=debian-11", "1.0~rc1-1", []string{"Debian:11 a 1.0~rc1-1 strong"}, "", false},
		{"pkg:deb/debian/a?distro=debian-11", "", []string{"Debian:11 a  strong"}, purl.ProblemNoVersion, false},
		// A "v" is part of the version in Maven and RubyGems.
		{"pkg:maven/a.b/c@v2.20.0", "", []string{"Maven a.b:c 2.20.0 weak", "Maven a.b:c v2.20.0 possible"}, "", false},
		{"pkg:maven/a.b/c@v1-rev20-1.23.0", "", []string{"Maven a.b:c v1-rev20-1.23.0 strong"}, "", false},
		{"pkg:gem/c@v2.20.0", "", []string{"RubyGems c 2.20.0 weak", "RubyGems c v2.20.0 possible"}, "", false},
		{"pkg:golang/a.b/c@v0.0.0-00010101000000-000000000000", "v0.0.0-00010101000000-000000000000", []string{"Go a.b/c  strong"}, purl.ProblemNoVersion, false},
		{"pkg:golang/stdlib@1.21.0", "go1.22.0", []string{"Go stdlib 1.21.0 strong", "Go stdlib 1.22.0 weak"}, "", true},
	} {
		got := purl.Identify(&purl.Input{PURLs: []string{tt.url}, Version: tt.field})
		if diff := cmp.Diff(tt.want, lines(&got)); diff != "" || got.Problem != tt.problem || got.Contradiction != tt.contradiction {
			t.Errorf("%s, field %q: problem %q, contradiction %v; want(-) got(+):\n%s", tt.url, tt.field, got.Problem, got.Contradiction, diff)
		}
	}
}

// TestBenchCases reads the sixteen inputs on which osv-scanner is wrong.
func TestBenchCases(t *testing.T) {
	dir := filepath.Join(corpus.Dir(t), "..", "bench", "cases")
	want := map[string][]string{
		"alma":              {"AlmaLinux:9 firefox 102.0-1.el9 strong"},
		"bad-version":       {"PyPI django not a version!! strong"},
		"bitnami":           {"Bitnami activemq 5.15.12 strong"},
		"cloud-go":          {"Go cloud.google.com/go 0.123.0 strong"},
		"deb-point-release": {"Debian:11 openssl 1.1.1n-0+deb11u1 strong"},
		"deb-upstream":      {"Debian:11 openssl 1.1.1n-0+deb11u1 strong", "Debian:11 libssl1.1 1.1.1n-0+deb11u1 weak"},
		"deb":               {"Debian:11 openssl 1.1.1n-0+deb11u1 strong"},
		"full-npm":          {"npm @babel/traverse 7.0.0 strong"},
		"git-range-first":   {"PyPI django 3.2.0 strong"},
		"group-go":          {"Go github.com/gin-gonic/gin 1.6.0 strong"},
		"group-maven":       {"Maven org.apache.logging.log4j:log4j-core 2.14.1 strong"},
		"group-npm":         {"npm @babel/traverse 7.0.0 strong"},
		"metadata-comp":     {"PyPI django 2.2.0 strong"},
		"no-purl":           nil,
		"nuget-case":        {"NuGet newtonsoft.json 12.0.1 strong"},
		"stdlib-new":        {"Go stdlib 1.99.0 strong"},
	}
	if !exists(dir) {
		t.Skipf("no cases: %s is absent", dir)
	}
	for name, want := range want {
		text, err := os.ReadFile(filepath.Join(dir, name+".cdx.json"))
		if err != nil {
			t.Fatal(err)
		}
		type component struct{ Type, Group, Name, Version, PURL string }
		var doc struct {
			Metadata   struct{ Component component }
			Components []component
		}
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		c := doc.Metadata.Component
		if len(doc.Components) > 0 {
			c = doc.Components[0]
		}
		in := purl.Input{PURLs: []string{c.PURL}, Group: c.Group, Name: c.Name, Version: c.Version, Type: c.Type}
		got := purl.Identify(&in)
		if diff := cmp.Diff(want, lines(&got)); diff != "" {
			t.Errorf("%s: want(-) got(+):\n%s", name, diff)
		}
		if want == nil && got.Problem != purl.ProblemNoIdentifier {
			t.Errorf("%s: want no identifier, got %q", name, got.Problem)
		}
	}
}

func TestFoldName(t *testing.T) {
	for _, tt := range []struct{ ecosystem, a, b string }{
		{"PyPI", "Zope._-Interface", "zope-interface"},
		{"NuGet", "jQuery.UI", "jquery.ui"},
		{"Packagist", "Symfony/Yaml", "symfony/yaml"},
		{"crates.io", "Proc_Macro2", "proc-macro2"},
		{"Go", "github.com/Azure/go-autorest", "github.com/azure/go-autorest"},
		{"SwiftURL", "https://github.com/Kitura/CORS.git", "github.com/kitura/cors"},
		{"Homebrew", "LibSSH2", "libssh2"},
	} {
		if got := purl.FoldName(tt.ecosystem, tt.a); got != tt.b {
			t.Errorf("%s %s: want %s, got %s", tt.ecosystem, tt.a, tt.b, got)
		}
		if got := purl.FoldName(tt.ecosystem, tt.b); got != tt.b {
			t.Errorf("%s %s: folding twice gives %s", tt.ecosystem, tt.b, got)
		}
	}
	for _, ecosystem := range []string{"npm", "Maven", "RubyGems", "Debian", "AlmaLinux", "Julia", "CRAN", "Hackage"} {
		if got := purl.FoldName(ecosystem, "A_b.C"); got != "A_b.C" {
			t.Errorf("%s: case counts, got %s", ecosystem, got)
		}
	}
}

// TestIdentifyHostile runs in no time unless some step is worse than linear.
func TestIdentifyHostile(t *testing.T) {
	const n = 1 << 20
	for _, s := range []string{"A-", "a/", "el", "%41", "1.", "deb1u", "ubuntu", "@a/", "a:", "=", "~", "$"} {
		long := strings.Repeat(s, n/len(s))
		for _, u := range []string{
			"pkg:rpm/redhat/" + long, "pkg:rpm/redhat/a@" + long, "pkg:deb/debian/a@1?distro=" + long, "pkg:deb/a@" + long,
			"pkg:rpm/redhat/a@1?repository_id=" + long, "pkg:golang/a.b/" + long + "c@v1?type=package", "pkg:deb/debian/a@1?upstream=" + long,
			"pkg:deb/debian/a@1?epoch=" + long, "pkg:golang/a.b/c@v1#" + long, "pkg:gem/a@" + long,
		} {
			_ = purl.Identify(&purl.Input{PURLs: []string{u}, Name: long, Version: long, Distro: purl.Distro{ID: long, Version: long}})
		}
		_ = purl.Identify(&purl.Input{Group: long, Name: long, Version: long, CPEs: []string{"cpe:2.3:a:" + long}})
	}
	many := make([]string, 50000)
	for i := range many {
		many[i] = fmt.Sprintf("pkg:npm/a%d@1.0.0", i)
	}
	got := purl.Identify(&purl.Input{PURLs: many})
	if len(got.Packages) != 64 || !strings.Contains(got.Detail, "more identities") {
		t.Errorf("want a bound of 64 and a word on it, got %d, %q", len(got.Packages), got.Detail)
	}
}

func FuzzIdentify(f *testing.F) {
	for _, s := range benchURLs {
		f.Add(s, "", "", "1.0", "library", "cpe:2.3:a:apache:log4j:2:*", "built package from: a 1", "b", "2", "debian", "11")
	}
	f.Add("pkg:deb/debian/a@1?upstream=b", "a.b", "c", "go1", "", "cpe:/o:a:b", "source package: ", "", "", "ubuntu", "focal")
	f.Add("pkg:rpm/redhat/a@1.el?distro=rhel-8.6&repository_id=rhel-", "@a", "b", "v", "file", `cpe:2.3:a:\`, "", "", "", "", "")
	f.Add("pkg:golang/a.b/c/d/e@v1?type=package#v2", "", "org.x:y:z", "", "", "", "", "", "", "", "")
	f.Add("pkg:apk/x@1?distro=v", "", "", "", "", "", "", "", "", "alpine", "3.")
	f.Fuzz(func(t *testing.T, u, group, name, version, kind, cpe, info, source, sourceVersion, distro, release string) {
		in := purl.Input{
			PURLs: []string{u}, Group: group, Name: name, Version: version, Type: kind, CPEs: []string{cpe}, SourceInfo: info,
			SourceName: source, SourceVersion: sourceVersion, Distro: purl.Distro{ID: distro, Version: release},
		}
		got := purl.Identify(&in)
		for i := range got.Packages {
			p := &got.Packages[i]
			if p.Ecosystem == "" || p.Name == "" || p.Evidence == "" {
				t.Fatalf("incomplete: %+v", *p)
			}
			for j := range i {
				if line(&got.Packages[j]) == line(p) {
					t.Fatalf("twice: %+v", *p)
				}
			}
		}
		if len(got.Packages) == 0 && got.Problem == purl.ProblemNone {
			t.Fatal("no package and no problem")
		}
		if len(got.Packages) > 40 {
			t.Fatalf("%d packages", len(got.Packages))
		}
	})
}

func BenchmarkIdentify(b *testing.B) {
	inputs := map[string]purl.Input{
		"npm":   {PURLs: []string{"pkg:npm/%40babel/traverse@7.23.2"}, Group: "@babel", Name: "traverse", Version: "7.23.2", Type: "library"},
		"maven": {PURLs: []string{"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar"}, Name: "log4j-core", Version: "2.14.1"},
		"go":    {PURLs: []string{"pkg:golang/github.com/gin-gonic/gin@v1.6.0"}, Name: "github.com/gin-gonic/gin", Version: "v1.6.0"},
		"pypi":  {PURLs: []string{"pkg:pypi/django@2.2.0"}, Name: "Django", Version: "2.2.0"},
		"deb":   {PURLs: []string{benchURLs[4]}, Name: "libssl1.1", Version: "1.1.1n-0+deb11u1"},
		"name":  {Group: "org.apache.logging.log4j", Name: "log4j-core", Version: "2.14.1"},
		"none":  {Name: "viewer", Version: "2.14.1"},
		"known": {Name: "OpenSSL", Version: "1.1.1k", CPEs: []string{"cpe:2.3:a:openssl:openssl:1.1.1k:*:*:*:*:*:*:*"}},
	}
	for name, in := range inputs {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = purl.Identify(&in)
			}
		})
	}
}

func TestIdentifyAllocations(t *testing.T) {
	unknown := purl.Input{Name: "Pump Viewer 2.14", Version: "2.14.1", Suppliers: []string{"Acme"}}
	if got := testing.AllocsPerRun(100, func() { _ = purl.Identify(&unknown) }); got > 0 {
		t.Errorf("a name that nobody knows: want no allocation, got %v", got)
	}
	for i, want := range []float64{1, 3, 3, 2, 4} {
		u, err := purl.Parse(benchURLs[i])
		if err != nil {
			t.Fatal(err)
		}
		in := purl.Input{PURLs: []string{benchURLs[i]}, Name: u.Name}
		if got := testing.AllocsPerRun(100, func() { _ = purl.Identify(&in) }); got > want {
			t.Errorf("%s: want at most %v allocations, got %v", benchURLs[i], want, got)
		}
	}
}

// TestVersionFromField holds that a version that does not stand in the package
// URL is said to come from elsewhere.
func TestVersionFromField(t *testing.T) {
	for _, url := range []string{"pkg:npm/lodash", "pkg:npm/lodash@latest", "pkg:npm/lodash@%24%7Bversion%7D"} {
		id := purl.Identify(&purl.Input{PURLs: []string{url}, Name: "lodash", Version: "4.17.20"})
		want := []purl.Package{{
			Ecosystem: "npm", Name: "lodash", Version: "4.17.20", Confidence: purl.Strong, Origin: 1,
			Evidence: "package URL, its version from the version field",
		}}
		if diff := cmp.Diff(want, id.Packages); diff != "" {
			t.Errorf("%s (-want +got)\n%s", url, diff)
		}
	}
}
