// SPDX-License-Identifier: Apache-2.0

package purl_test

import (
	"testing"

	"github.com/medsbom/medsbom/purl"
)

// TestContradictingCPE: the one CPE of a component is held against its identity.
func TestContradictingCPE(t *testing.T) {
	with := func(url, name, version string, cpes ...string) purl.Input {
		in := purl.Input{Name: name, Version: version, CPEs: cpes}
		if url != "" {
			in.PURLs = []string{url}
		}
		return in
	}
	const (
		log4j = "pkg:maven/org.apache.logging.log4j/log4j-core@2.17.1"
		core  = "Maven org.apache.logging.log4j:log4j-core 2.17.1 strong"
		old   = "cpe:2.3:a:apache:log4j:2.14.1:*:*:*:*:*:*:*"
	)
	for _, tt := range []identifyCase{
		{
			name: "another version", in: with(log4j, "log4j-core", "2.17.1", old), contradiction: true, detail: "the CPE names another version",
			want: []string{core, "Maven org.apache.logging.log4j:log4j-core 2.14.1 possible", "Maven log4j:log4j 2.14.1 possible"},
		},
		{
			name: "another version, written twice", in: with(log4j, "log4j-core", "2.17.1", old, "cpe:/a:apache:log4j:2.14.1"), contradiction: true,
			want: []string{core, "Maven org.apache.logging.log4j:log4j-core 2.14.1 possible", "Maven log4j:log4j 2.14.1 possible"},
		},
		{
			name: "another product", in: with(log4j, "log4j-core", "2.17.1", "cpe:2.3:a:apache:commons_text:1.9:*:*:*:*:*:*:*"), contradiction: true, detail: "the CPE names another product",
			want: []string{core, "Maven org.apache.commons:commons-text 1.9 possible"},
		},
		{
			name: "another product, any version", in: with(log4j, "log4j-core", "2.17.1", "cpe:2.3:a:apache:commons_text:*:*:*:*:*:*:*:*"), contradiction: true,
			want: []string{core, "Maven org.apache.commons:commons-text 2.17.1 possible"},
		},
		{
			name: "a project in C", in: with("pkg:npm/sharp@0.30.0", "sharp", "0.30.0", "cpe:2.3:a:redis:redis:6.0.0:*:*:*:*:*:*:*"), contradiction: true, detail: "the CPE names another product",
			want: []string{"npm sharp 0.30.0 strong", "GIT https://github.com/redis/redis 6.0.0 possible", "Bitnami redis 6.0.0 possible"},
		},
		{
			name: "beside group and name", in: purl.Input{Group: "org.apache.logging.log4j", Name: "log4j-core", Version: "2.17.1", CPEs: []string{old}}, contradiction: true,
			want: []string{"Maven org.apache.logging.log4j:log4j-core 2.17.1 weak", "Maven org.apache.logging.log4j:log4j-core 2.14.1 possible", "Maven log4j:log4j 2.14.1 possible"},
		},
		{
			name: "beside the version field", in: with("", "x", "7.80.0", "cpe:2.3:a:haxx:curl:7.79.0:*:*:*:*:*:*:*"), contradiction: true, detail: "another version",
			want: []string{"GIT https://github.com/curl/curl 7.80.0 weak", "GIT https://github.com/curl/curl 7.79.0 possible"},
		},
		{
			name: "beside the name of a generic URL", in: with("pkg:generic/openssl@1.1.1k", "openssl", "1.1.1k", "cpe:2.3:a:haxx:curl:7.79.0:*:*:*:*:*:*:*"), contradiction: true, detail: "another product",
			want: []string{"GIT https://github.com/curl/curl 1.1.1k weak", "GIT https://github.com/openssl/openssl 1.1.1k possible", "GIT https://github.com/curl/curl 7.79.0 possible"},
		},
	} {
		tt.run(t)
	}
	for _, tt := range []struct{ url, name, version, cpe string }{
		{log4j, "log4j-core", "2.17.1", "cpe:2.3:a:apache:log4j:2.17.1:*:*:*:*:*:*:*"},
		{log4j, "log4j-core", "2.17.1", "cpe:2.3:a:apache:log4j:*:*:*:*:*:*:*:*"},
		{log4j, "log4j-core", "2.17.1", "cpe:2.3:a:acme:pump:1.0:*:*:*:*:*:*:*"}, // not in the tables
		{"pkg:maven/org.apache.logging.log4j/log4j-api@2.17.1", "log4j-api", "", "cpe:2.3:a:apache:log4j:2.17.1:*:*:*:*:*:*:*"},
		{"pkg:maven/org.springframework/spring-context@5.3.1", "spring-context", "", "cpe:2.3:a:vmware:spring_framework:5.3.1:*:*:*:*:*:*:*"},
		{"pkg:maven/org.bouncycastle/bcpkix-jdk15on@1.60", "bcpkix-jdk15on", "", "cpe:2.3:a:bouncycastle:legion-of-the-bouncy-castle-java-crytography-api:1.60:*:*:*:*:*:*:*"},
		{"pkg:maven/io.netty/netty-codec@4.1.0.Final", "netty-codec", "", "cpe:2.3:a:netty:netty:4.1.0:*:*:*:*:*:*:*"},
		{"pkg:npm/jquery@3.0.0-rc1", "jquery", "", "cpe:2.3:a:jquery:jquery:3.0.0:rc1:*:*:*:*:*:*"},
		{"pkg:npm/jquery@3.0.0", "jquery", "", "cpe:2.3:a:jquery:jquery:3.0:*:*:*:*:*:*:*"},
		{"pkg:pypi/opencv-python@4.5.1", "opencv-python", "", "cpe:2.3:a:opencv:opencv:4.5.1:*:*:*:*:*:*:*"},
		{"pkg:github/curl/curl@curl-7_80_0", "curl", "7.80.0", "cpe:2.3:a:haxx:libcurl:7.80.0:*:*:*:*:*:*:*"},
		{"pkg:deb/debian/libssl1.1@1.1.1n-0?distro=debian-11", "libssl1.1", "1.1.1n-0", "cpe:2.3:a:openssl:openssl:1.1.1n:*:*:*:*:*:*:*"},
		{"pkg:generic/transport@7.80.0", "transport", "7.80.0", "cpe:2.3:a:haxx:curl:7.80.0:*:*:*:*:*:*:*"},
	} {
		in := with(tt.url, tt.name, tt.version, tt.cpe)
		if got := purl.Identify(&in); got.Contradiction {
			t.Errorf("%s, %s: want no contradiction: %s", tt.url, tt.cpe, got.Detail)
		}
	}
	in := with(log4j, "log4j-core", "2.17.1", old, "cpe:2.3:a:log4j:log4j:2.14.1:*:*:*:*:*:*:*")
	if got := purl.Identify(&in); got.Contradiction {
		t.Errorf("guessed CPEs: want no contradiction: %s", got.Detail)
	}
}
