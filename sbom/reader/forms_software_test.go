// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/sbom"
)

// A software is what one SBOM describes, apart from any format. The first part
// is the product itself.
type software struct {
	name  string
	parts []part
}

// A part is one component and what it must be identified as.
type part struct {
	kind                 string // CycloneDX's type
	group, name, version string
	purl                 string
	cpe                  []string
	supplier, author     string
	licences             []string // identifiers, all of which hold; or one expression, or one free name
	hash                 map[string]string
	until                string // end of support, a day
	needs                []string
	in                   string // the part that it is nested in

	// identities are "ecosystem[:release] name version confidence".
	identities []string
}

const (
	device   = "device"
	firmware = "firmware"
	system   = "operating-system"
	library  = "library"
	program  = "application"
)

// tenProducts are medical devices of different makes. What is odd in them
// occurs: epochs, versions that look like numbers, names beyond ASCII, parts
// without any identifier.
var tenProducts = []software{
	{"infusion pump", []part{
		{
			kind: device, name: "Infusion Pump 4000", version: "4.2.1", supplier: "Acme Medical GmbH",
			needs: []string{"debian", "bind9-host", "libssl1.1", "dosing engine"},
		},
		{kind: system, name: "debian", version: "11", supplier: "Debian Project"},
		{
			kind: library, name: "bind9-host", version: "1:9.16.15-1", purl: "pkg:deb/debian/bind9-host@1:9.16.15-1?arch=amd64&distro=debian-11&upstream=bind9",
			licences: []string{"MPL-2.0"}, supplier: "Debian DNS Team", needs: []string{"libssl1.1"},
			identities: []string{"Debian:11 bind9 1:9.16.15-1 strong", "Debian:11 bind9-host 1:9.16.15-1 weak"},
		},
		{ // its release comes from the operating system above
			kind: library, name: "libssl1.1", version: "1.1.1k-1", purl: "pkg:deb/debian/libssl1.1@1.1.1k-1?arch=amd64&upstream=openssl",
			licences:   []string{"OpenSSL"},
			identities: []string{"Debian:11 openssl 1.1.1k-1 strong", "Debian:11 libssl1.1 1.1.1k-1 weak"},
		},
		{kind: program, name: "dosing engine", version: "4.2.1", supplier: "Acme Medical GmbH", licences: []string{"Acme EULA 3"}},
	}},
	{"patient portal", []part{
		{
			kind: program, name: "patient-portal", version: "1.10", purl: "pkg:npm/patient-portal@1.10", supplier: "Portal B.V.",
			needs: []string{"charts", "lodash"}, identities: []string{"npm patient-portal 1.10 strong"},
		},
		{
			kind: library, group: "@acme", name: "charts", version: "2.0.0-rc.1+build.7", purl: "pkg:npm/%40acme/charts@2.0.0-rc.1%2Bbuild.7",
			licences: []string{"MIT", "Apache-2.0"}, author: "Ann Chart", needs: []string{"lodash"},
			identities: []string{"npm @acme/charts 2.0.0-rc.1+build.7 strong"},
		},
		{
			kind: library, name: "lodash", version: "4.17.20", purl: "pkg:npm/lodash@4.17.20", licences: []string{"MIT"},
			hash: map[string]string{
				"SHA-512": "4b0ee8e8d5a1a1b1e6e2b3d5a1a1b1e6e2b3d5a1a1b1e6e2b3d5a1a1b1e6e2b3" +
					"4b0ee8e8d5a1a1b1e6e2b3d5a1a1b1e6e2b3d5a1a1b1e6e2b3d5a1a1b1e6e2b3",
			},
			identities: []string{"npm lodash 4.17.20 strong"},
		},
	}},
	{"image archive", []part{
		{kind: program, name: "PACS archive", version: "5.23.3", supplier: "Dicom Archive Ltd", needs: []string{"log4j-core", "dcm4che-core"}},
		{
			kind: library, group: "org.apache.logging.log4j", name: "log4j-core", version: "2.14.1",
			purl: "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar", licences: []string{"Apache-2.0"}, supplier: "The Apache Software Foundation",
			hash:       map[string]string{"SHA-1": "9141212b8507ab50a45525b545b39d224614528b", "MD5": "948dda787593340a7af1a18e328b7b7f"},
			identities: []string{"Maven org.apache.logging.log4j:log4j-core 2.14.1 strong"},
		},
		{ // no package URL: identified by its group, if the format has one
			kind: library, group: "org.dcm4che", name: "dcm4che-core", version: "5.23.3", licences: []string{"MPL-1.1 OR GPL-2.0-or-later OR LGPL-2.1-or-later"},
			identities: []string{"Maven org.dcm4che:dcm4che-core 5.23.3 weak"},
		},
	}},
	{"telemetry gateway", []part{
		{
			kind: program, name: "gateway", version: "v0.9.0", purl: "pkg:golang/acme.example/gateway@v0.9.0", needs: []string{"github.com/gorilla/websocket", "golang.org/x/text"},
			identities: []string{"Go acme.example/gateway 0.9.0 strong"},
		},
		{
			kind: library, name: "github.com/gorilla/websocket", version: "v1.4.0+incompatible", purl: "pkg:golang/github.com/gorilla/websocket@v1.4.0%2Bincompatible",
			licences: []string{"BSD-2-Clause"}, identities: []string{"Go github.com/gorilla/websocket 1.4.0+incompatible strong"},
		},
		{
			kind: library, name: "golang.org/x/text", version: "v0.0.0-20170915032832-14c0d48ead0c", purl: "pkg:golang/golang.org/x/text@v0.0.0-20170915032832-14c0d48ead0c",
			licences: []string{"BSD-3-Clause"}, identities: []string{"Go golang.org/x/text 0.0.0-20170915032832-14c0d48ead0c strong"},
		},
		{ // no "v" before the version, as some generators write
			kind: library, name: "github.com/dgrijalva/jwt-go", version: "3.2.0", purl: "pkg:golang/github.com/dgrijalva/jwt-go@3.2.0",
			identities: []string{"Go github.com/dgrijalva/jwt-go 3.2.0 strong"},
		},
	}},
	{"image reader", []part{
		{kind: program, name: "chest reader", version: "010", supplier: "Radiology AI SAS", needs: []string{"Django", "numpy", "pillow_simd"}},
		{
			kind: library, name: "Django", version: "3.2.1", purl: "pkg:pypi/Django@3.2.1", licences: []string{"BSD-3-Clause"},
			identities: []string{"PyPI django 3.2.1 strong"},
		},
		{kind: library, name: "numpy", version: "1.10", purl: "pkg:pypi/numpy@1.10", author: "Travis E. Oliphant et al.", identities: []string{"PyPI numpy 1.10 strong"}},
		{kind: library, name: "pillow_simd", version: "1e3", purl: "pkg:pypi/pillow_simd@1e3", identities: []string{"PyPI pillow-simd 1e3 strong"}},
	}},
	{"patient monitor", []part{
		{kind: device, name: "patient monitor", version: "7", supplier: "Vital Signs, Inc.", needs: []string{"openssl-libs", "dbus"}},
		{
			kind: library, name: "openssl-libs", version: "1:1.0.2k-21.el7_9", purl: "pkg:rpm/redhat/openssl-libs@1.0.2k-21.el7_9?arch=x86_64&distro=rhel-7.9&epoch=1",
			licences: []string{"OpenSSL"}, supplier: "Red Hat, Inc.",
			identities: []string{
				"Red Hat:enterprise_linux:7::server openssl-libs 1:1.0.2k-21.el7_9 strong",
				"Red Hat:enterprise_linux:7::workstation openssl-libs 1:1.0.2k-21.el7_9 strong",
				"Red Hat:enterprise_linux:7::client openssl-libs 1:1.0.2k-21.el7_9 strong",
				"Red Hat:enterprise_linux:7::computenode openssl-libs 1:1.0.2k-21.el7_9 strong",
			},
		},
		{
			kind: library, name: "dbus", version: "1.12.8-18.el8_6.1", purl: "pkg:rpm/almalinux/dbus@1.12.8-18.el8_6.1?arch=x86_64&distro=almalinux-8.6&epoch=1",
			licences: []string{"GPL-2.0-or-later OR AFL-2.1"}, identities: []string{"AlmaLinux:8 dbus 1:1.12.8-18.el8_6.1 strong"},
		},
	}},
	{"controller firmware", []part{
		{kind: firmware, name: "controller firmware", version: "3.0.0", supplier: "Acme Medical GmbH", needs: []string{"busybox", "zlib", "wolfcrypt", "bootblob"}},
		{
			kind: program, name: "busybox", version: "1.31.1", cpe: []string{"cpe:2.3:a:busybox:busybox:1.31.1:*:*:*:*:*:*:*"}, licences: []string{"GPL-2.0-only"},
			identities: []string{"GIT https://git.busybox.net/busybox 1.31.1 weak", "GIT https://github.com/mirror/busybox 1.31.1 weak"},
		},
		{kind: library, name: "zlib", version: "1.2.11", identities: []string{"GIT https://github.com/madler/zlib 1.2.11 possible"}},
		{
			kind: library, name: "wolfcrypt", version: "4.5.0", cpe: []string{"cpe:/a:wolfssl:wolfssl:4.5.0"}, supplier: "wolfSSL Inc.",
			identities: []string{"GIT https://github.com/wolfssl/wolfssl 4.5.0 weak"},
		},
		{ // known by its digest alone
			kind: firmware, name: "bootblob", version: "", hash: map[string]string{
				"SHA-256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
			},
		},
	}},
	{"blood analyser", []part{
		{
			kind: device, name: "analyser", version: "2025.1", supplier: "Haema AG", licences: []string{"LicenseRef-Haema"},
			needs: []string{"Newtonsoft.Json", "serde", "rails"},
		},
		{
			kind: library, name: "Newtonsoft.Json", version: "12.0.1", purl: "pkg:nuget/Newtonsoft.Json@12.0.1", licences: []string{"MIT"}, supplier: "Newtonsoft",
			author: "James Newton-King", identities: []string{"NuGet Newtonsoft.Json 12.0.1 strong"},
		},
		{
			kind: library, name: "serde", version: "1.0.100", purl: "pkg:cargo/serde@1.0.100", licences: []string{"MIT OR Apache-2.0"}, author: "Erick Tryzelaar",
			identities: []string{"crates.io serde 1.0.100 strong"},
		},
		{
			kind: library, name: "rails", version: "6.0.0", purl: "pkg:gem/rails@6.0.0?platform=ruby", licences: []string{"MIT"}, needs: []string{"serde"},
			identities: []string{"RubyGems rails 6.0.0 strong"},
		},
	}},
	{"ventilator", []part{
		{kind: device, name: "ventilator", version: "1.0 (build 77)", supplier: "Breathe Ltd", needs: []string{"runtime"}},
		{kind: system, name: "alpine", version: "3.14.2"},
		{kind: program, name: "runtime", version: "2.1", supplier: "Breathe Ltd", needs: []string{"busybox", "libcurl"}},
		{
			kind: library, name: "busybox", version: "1.33.1-r3", purl: "pkg:apk/alpine/busybox@1.33.1-r3?arch=x86_64&distro=alpine-3.14.2", in: "runtime",
			licences: []string{"GPL-2.0-only"}, identities: []string{"Alpine:v3.14 busybox 1.33.1-r3 strong"},
		},
		{
			kind: library, name: "libcurl", version: "7.79.1-r0", purl: "pkg:apk/alpine/libcurl@7.79.1-r0?arch=x86_64&upstream=curl", in: "runtime",
			needs: []string{"ca-certificates"}, identities: []string{"Alpine:v3.14 curl 7.79.1-r0 strong", "Alpine:v3.14 libcurl 7.79.1-r0 weak"},
		},
		{
			kind: library, name: "ca-certificates", version: "20191127-r5", purl: "pkg:apk/alpine/ca-certificates@20191127-r5?arch=x86_64", in: "libcurl",
			identities: []string{"Alpine:v3.14 ca-certificates 20191127-r5 strong"},
		},
	}},
	{"blood pressure meter", []part{
		{kind: device, name: "血圧計 <Größe M>", version: "２", supplier: "Überwachung & Söhne", until: "2031-12-31", needs: []string{"Blutdruck-Kern „α“", "curl"}},
		{kind: program, name: "Blutdruck-Kern „α“", version: "1.0-ß", supplier: "Łukasz Żółć", until: "2027-06-30", needs: []string{"curl"}},
		{
			kind: library, name: "curl", version: "7.61.0", until: "2026-01-01", supplier: "Haxx",
			cpe:        []string{"cpe:2.3:a:haxx:curl:7.61.0:*:*:*:*:*:*:*", "cpe:2.3:a:curl:curl:7.61.0:*:*:*:*:*:*:*"},
			identities: []string{"GIT https://github.com/curl/curl 7.61.0 weak"},
		},
		{ // a package URL that names nothing: npm has no such names
			kind: library, name: "crème-brûlée", version: "0.1", purl: "pkg:npm/cr%C3%A8me-br%C3%BBl%C3%A9e@0.1", licences: []string{"CECILL-2.1"},
		},
	}},
}

// fullName is the name with its group, as one text has both: npm's scope before
// a slash, all else as Maven's coordinates.
func (p *part) fullName() string {
	switch {
	case p.group == "":
		return p.name
	case strings.HasPrefix(p.group, "@"):
		return p.group + "/" + p.name
	default:
		return p.group + ":" + p.name
	}
}

// ref is an identifier of a part that is good in every format.
func (s *software) ref(name string) string {
	return fmt.Sprintf("part-%d", 1+slices.IndexFunc(s.parts, func(p part) bool { return p.name == name }))
}

// licenceForm tells how the licences of a part are written where a format parts
// identifiers, expressions and names.
func (p *part) licenceForm() sbom.LicenceKind {
	switch text := strings.Join(p.licences, " "); {
	case strings.Contains(text, " OR "), strings.HasPrefix(text, "LicenseRef-"):
		return sbom.LicenceExpression
	case strings.HasPrefix(text, "Acme EULA"):
		return sbom.LicenceName
	default:
		return sbom.LicenceID
	}
}

// algorithms are those of a part's digests, sorted.
func (p *part) algorithms() []string { return slices.Sorted(maps.Keys(p.hash)) }
