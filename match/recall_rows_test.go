// SPDX-License-Identifier: Apache-2.0

package match_test

import (
	"fmt"
	"strings"
)

// A recallRow is a case in which a scanner may lose a finding or invent one: a
// document, what there is to find, and what the two programs say. The advisories
// are those of recallRecords.
type recallRow struct {
	name     string   // in words, for docs/matching.md
	file     string   // its name, which osv-scanner goes by
	document string   // the SBOM
	args     []string // of osv-scanner, beside the usual ones
	want     string   // what there is to find
	ours     string   // what medsbom finds, and the states
	theirs   string   // what osv-scanner finds, and its exit code
}

// recallRecords are the advisories of the table.
var recallRecords = []filed{
	rec("Maven", "EX-LOG4J", "", of("Maven", "org.apache.logging.log4j:log4j-core", ranges("ECOSYSTEM", "introduced 2.0-beta9, fixed 2.15.0"))),
	rec("npm", "EX-SCOPED", "", of("npm", "@babel/traverse", ranges("SEMVER", "introduced 0, fixed 7.23.2"))),
	rec("npm", "EX-UNSCOPED", "", of("npm", "traverse", ranges("SEMVER", "introduced 0"))),
	rec("Go", "EX-GIN", "", of("Go", "github.com/gin-gonic/gin", ranges("SEMVER", "introduced 0, fixed 1.7.7"))),
	rec("Go", "EX-STDLIB", "", of("Go", "stdlib", ranges("SEMVER", "introduced 0, fixed 1.20.10"))),
	rec("PyPI", "EX-GITFIRST", "", of("PyPI", "django", ranges("GIT", "introduced 0, fixed 0123456789012345678901234567890123456789")[:len(ranges("GIT", "introduced 0, fixed 0123456789012345678901234567890123456789"))-1]+
		`,{"type":"ECOSYSTEM","events":[{"introduced":"2.0"},{"fixed":"3.2.13"}]}]`, versions("2.2.1", "3.1.4"))),
	rec("AlmaLinux", "EX-ALMA", "", of("AlmaLinux:9", "firefox", ranges("ECOSYSTEM", "introduced 0, fixed 102.1-1.el9"))),
	rec("AlmaLinux", "EX-EPOCH", "", of("AlmaLinux:9", "openssl-libs", ranges("ECOSYSTEM", "introduced 0, fixed 1:3.0.1-43.el9_0"))),
	rec("Debian", "EX-OPENSSL", "", of("Debian:11", "openssl", ranges("ECOSYSTEM", "introduced 0, fixed 1.1.1n-0+deb11u4"))),
	rec("Alpine", "EX-ZLIB", "", of("Alpine:v3.16", "zlib", ranges("ECOSYSTEM", "introduced 0, fixed 1.2.12-r2"))),
	rec("Bitnami", "EX-ACTIVEMQ", "", of("Bitnami", "activemq", ranges("SEMVER", "introduced 0, fixed 5.15.16"))),
	rec("NuGet", "EX-NEWTONSOFT", "", of("NuGet", "Newtonsoft.Json", ranges("ECOSYSTEM", "introduced 0, fixed 13.0.1"))),
	rec("npm", "EX-TEXTED", "", `{"package":{"ecosystem":"npm","name":"badly-written"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}],"versions":"1.0.0"}`),
	rec("npm", "EX-WITHDRAWN", `"withdrawn":"2026-01-01T00:00:00Z"`, of("npm", "withdrawn", ranges("SEMVER", "introduced 0"))),
	rec("PyPI", "EX-TWICE-A", `"aliases":["CVE-2030-0022"]`, of("PyPI", "twice", ranges("ECOSYSTEM", "introduced 0"))),
	rec("PyPI", "EX-TWICE-B", `"aliases":["CVE-2030-0022"]`, of("PyPI", "twice", ranges("ECOSYSTEM", "introduced 0"))),
	rec("GIT", "EX-CURL", "", `{`+ranges("GIT", "introduced 0, fixed 0123456789012345678901234567890123456789")+`,"versions":["curl-7_83_0","curl-7_84_0"]}`),
	rec("GIT", "EX-CURL-OLD", "", `{`+ranges("GIT", "introduced 0, fixed 1123456789012345678901234567890123456789")+`,"versions":["curl-7_50_0","curl-7_83_1"]}`),
}

// repository is what the GIT ranges of rec are for in the table.
const curlRepository = "https://github.com/curl/curl"

// cdx writes a CycloneDX document of components, each `"name":"a",…`.
func cdx(components ...string) string { return cdxOf("", components...) }

func cdxOf(subject string, components ...string) string {
	metadata := ""
	if subject != "" {
		metadata = `"metadata":{"component":{"type":"application",` + subject + `}},`
	}
	for i, c := range components {
		components[i] = fmt.Sprintf(`{"bom-ref":"c%d",%s}`, i, withType(c))
	}
	return `{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,` + metadata + `"components":[` + strings.Join(components, ",") + `]}`
}

func withType(c string) string {
	if strings.Contains(c, `"type":`) {
		return c
	}
	return `"type":"library",` + c
}

// part writes a component with a package URL.
func part(name, version, url string) string {
	return fmt.Sprintf(`"name":%q,"version":%q,"purl":%q`, name, version, url)
}

// grouped writes a component whose name is in two fields.
func grouped(group, name, version, url string) string {
	return fmt.Sprintf(`"group":%q,`, group) + part(name, version, url)
}

// spdx writes an SPDX document with one package.
func spdx(name, version, url string) string {
	return fmt.Sprintf(`{"spdxVersion":"SPDX-2.3","dataLicense":"CC0-1.0","SPDXID":"SPDXRef-DOCUMENT","name":"d","documentNamespace":"https://example.org/d","creationInfo":{"created":"2026-01-01T00:00:00Z","creators":["Tool: t"]},"packages":[{"name":%q,"SPDXID":"SPDXRef-a","versionInfo":%q,"downloadLocation":"NOASSERTION","filesAnalyzed":false,"externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":%q}]}],"relationships":[{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-a"}]}`, name, version, url)
}

const log4j = "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"

// recallRows are the cases; 1 to 18 are those of the reference, the letters its parts.
var recallRows = []recallRow{
	{name: "1. Maven, group and name apart, as Maven's plug-in writes it", document: cdx(grouped("org.apache.logging.log4j", "log4j-core", "2.14.1", log4j)), want: "EX-LOG4J", ours: "EX-LOG4J; assessed", theirs: "nothing; exit 0"},
	{name: "1b. the same without package URL", document: cdx(`"group":"org.apache.logging.log4j","name":"log4j-core","version":"2.14.1"`), want: "EX-LOG4J", ours: "EX-LOG4J; assessed-weakly", theirs: "nothing; exit 128"},
	{name: "1c. `group:artifact` as the name, without package URL", document: cdx(`"name":"org.apache.logging.log4j:log4j-core","version":"2.14.1"`), want: "EX-LOG4J", ours: "EX-LOG4J; assessed-weakly", theirs: "nothing; exit 128"},
	{name: "2. npm scope in the group", document: cdx(grouped("@babel", "traverse", "7.0.0", "pkg:npm/%40babel/traverse@7.0.0")), want: "EX-SCOPED", ours: "EX-SCOPED; assessed", theirs: "EX-UNSCOPED; exit 1"},
	{name: "3. Go module with a group", document: cdx(grouped("github.com/gin-gonic", "gin", "v1.6.0", "pkg:golang/github.com/gin-gonic/gin@v1.6.0")), want: "EX-GIN", ours: "EX-GIN; assessed", theirs: "nothing; exit 0"},
	{name: "4. SPDX, Go module", file: "go.spdx.json", document: spdx("github.com/gin-gonic/gin", "v1.6.0", "pkg:golang/github.com/gin-gonic/gin@v1.6.0"), want: "EX-GIN", ours: "EX-GIN; assessed", theirs: "nothing; exit 0"},
	{name: "5. a module whose path ends in `go`", document: cdx(grouped("cloud.google.com", "go", "v0.123.0", "pkg:golang/cloud.google.com/go@v0.123.0")), want: "nothing", ours: "nothing; assessed", theirs: "EX-STDLIB; exit 1"},
	{name: "6. the Go standard library at `go1.99.0`", document: cdx(part("stdlib", "go1.99.0", "pkg:golang/stdlib@1.99.0")), want: "nothing", ours: "nothing; assessed", theirs: "EX-STDLIB; exit 1"},
	{name: "6b. and at `go1.20.5`", document: cdx(part("stdlib", "go1.20.5", "pkg:golang/stdlib@1.20.5")), want: "EX-STDLIB", ours: "EX-STDLIB; assessed", theirs: "EX-STDLIB; exit 1"},
	{name: "7. a record whose first range is GIT", document: cdx(part("django", "3.2.0", "pkg:pypi/django@3.2.0")), want: "EX-GITFIRST", ours: "EX-GITFIRST; assessed", theirs: "nothing; exit 0"},
	{name: "8. rpm package URL (AlmaLinux)", document: cdx(part("firefox", "102.0-1.el9", "pkg:rpm/almalinux/firefox@102.0-1.el9?distro=almalinux-9")), want: "EX-ALMA", ours: "EX-ALMA; assessed", theirs: "nothing; exit 0"},
	{name: "8b. epoch in a qualifier, fixed", document: cdx(part("openssl-libs", "3.0.1-43.el9_0", "pkg:rpm/almalinux/openssl-libs@3.0.1-43.el9_0?epoch=1&distro=almalinux-9")), want: "nothing", ours: "nothing; assessed", theirs: "nothing; exit 0"},
	{name: "8c. epoch in a qualifier, not fixed", document: cdx(part("openssl-libs", "3.0.1-41.el9_0", "pkg:rpm/almalinux/openssl-libs@3.0.1-41.el9_0?epoch=1&distro=almalinux-9")), want: "EX-EPOCH", ours: "EX-EPOCH; assessed", theirs: "nothing; exit 0"},
	{name: "9. `distro=debian-11.5`, a point release", document: cdx(part("openssl", "1.1.1n-0+deb11u1", "pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u1?distro=debian-11.5")), want: "EX-OPENSSL", ours: "EX-OPENSSL; assessed", theirs: "nothing; exit 0"},
	{name: "10. binary package `libssl1.1` with `upstream=openssl`", document: cdx(part("libssl1.1", "1.1.1n-0+deb11u1", "pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u1?upstream=openssl&distro=debian-11")), want: "EX-OPENSSL", ours: "EX-OPENSSL; assessed", theirs: "nothing; exit 0"},
	{name: "10b. two distributions in one document", document: cdx(part("openssl", "1.1.1n-0+deb11u1", "pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u1?distro=debian-11"), part("zlib", "1.2.12-r0", "pkg:apk/alpine/zlib@1.2.12-r0?distro=alpine-3.16.2")), want: "EX-OPENSSL, EX-ZLIB", ours: "EX-OPENSSL, EX-ZLIB; assessed", theirs: "EX-OPENSSL, EX-ZLIB; exit 1"},
	{name: "11. no advisories of one ecosystem of the document (RubyGems)", document: cdx(part("rails", "6.0.0", "pkg:gem/rails@6.0.0"), part("django", "3.1.4", "pkg:pypi/django@3.1.4"), part("Newtonsoft.Json", "12.0.1", "pkg:nuget/Newtonsoft.Json@12.0.1")), want: "EX-GITFIRST, EX-NEWTONSOFT", ours: "EX-GITFIRST, EX-NEWTONSOFT; assessed, not-assessed", theirs: "EX-GITFIRST, EX-NEWTONSOFT; exit 1"},
	{name: "11b. the same, nothing else affected", document: cdx(part("rails", "6.0.0", "pkg:gem/rails@6.0.0"), part("django", "9.9.9", "pkg:pypi/django@9.9.9")), want: "not assessed", ours: "nothing; assessed, not-assessed", theirs: "nothing; exit 127"},
	{name: "12. network forbidden by one of two flags", document: cdx(part("Newtonsoft.Json", "12.0.1", "pkg:nuget/Newtonsoft.Json@12.0.1")), args: []string{"--offline-vulnerabilities"}, want: "EX-NEWTONSOFT", ours: "EX-NEWTONSOFT; assessed", theirs: "nothing; exit 0"},
	{name: "13. `pkg:bitnami`", document: cdx(part("activemq", "5.15.12", "pkg:bitnami/activemq@5.15.12")), want: "EX-ACTIVEMQ", ours: "EX-ACTIVEMQ; assessed", theirs: "nothing; exit 128"},
	{name: "13b. no package URL", document: cdx(`"name":"django","version":"2.2.0"`), want: "not assessed", ours: "EX-GITFIRST (possible); not-assessed", theirs: "nothing; exit 128"},
	{name: "13c. the product itself (`metadata.component`)", document: cdxOf(part("django", "2.2.0", "pkg:pypi/django@2.2.0")), want: "EX-GITFIRST", ours: "EX-GITFIRST; assessed", theirs: "nothing; exit 128"},
	{name: "13d. a component inside a component", document: cdx(`"name":"app","version":"1","components":[{"type":"library",` + part("Newtonsoft.Json", "12.0.1", "pkg:nuget/Newtonsoft.Json@12.0.1") + `}]`), want: "EX-NEWTONSOFT", ours: "EX-NEWTONSOFT; assessed, not-assessed", theirs: "EX-NEWTONSOFT; exit 1"},
	{name: "14. a version that is none (`not a version!!`)", document: cdx(part("Newtonsoft.Json", "not a version!!", "pkg:nuget/Newtonsoft.Json@not%20a%20version!!")), want: "not assessed", ours: "EX-NEWTONSOFT (possible); not-assessed", theirs: "EX-NEWTONSOFT; exit 1"},
	{name: "15. NuGet name in another case", document: cdx(part("newtonsoft.json", "12.0.1", "pkg:nuget/newtonsoft.json@12.0.1")), want: "EX-NEWTONSOFT", ours: "EX-NEWTONSOFT; assessed", theirs: "nothing; exit 0"},
	{name: "16. a record with a list written as a text", document: cdx(part("badly-written", "1.0.0", "pkg:npm/badly-written@1.0.0")), want: "EX-TEXTED", ours: "EX-TEXTED; assessed", theirs: "nothing; exit 0"},
	{name: "17. the file's name says nothing of its format", file: "delivery.txt", document: cdx(part("Newtonsoft.Json", "12.0.1", "pkg:nuget/Newtonsoft.Json@12.0.1")), want: "EX-NEWTONSOFT", ours: "EX-NEWTONSOFT; assessed", theirs: "nothing; exit 127"},
	{name: "18. SPDX 2.2 tag-value with a licence text over lines and an unknown tag", file: "delivery.spdx", document: tagValue, want: "EX-NEWTONSOFT", ours: "EX-NEWTONSOFT; assessed", theirs: "nothing; exit 127"},
	{name: "18b. SPDX 3", file: "delivery.spdx3.json", document: spdxThree, want: "EX-NEWTONSOFT", ours: "EX-NEWTONSOFT; assessed", theirs: "nothing; exit 127"},
	{name: "19. C library by CPE", document: cdx(`"name":"libcurl","version":"7.83.1","cpe":"cpe:2.3:a:haxx:curl:7.83.1:*:*:*:*:*:*:*"`), want: "EX-CURL-OLD", ours: "EX-CURL-OLD; assessed-weakly", theirs: "nothing; exit 0"},
	{name: "20. the plain case: full name and package URL", document: cdx(part("Newtonsoft.Json", "12.0.1", "pkg:nuget/Newtonsoft.Json@12.0.1")), want: "EX-NEWTONSOFT", ours: "EX-NEWTONSOFT; assessed", theirs: "EX-NEWTONSOFT; exit 1"},
	{name: "21. a withdrawn record", document: cdx(part("withdrawn", "1.0.0", "pkg:npm/withdrawn@1.0.0")), want: "nothing", ours: "nothing; assessed", theirs: "nothing; exit 0"},
	{name: "22. two records of one CVE", document: cdx(part("twice", "1.0", "pkg:pypi/twice@1.0")), want: "EX-TWICE-A, EX-TWICE-B, one vulnerability", ours: "EX-TWICE-A, EX-TWICE-B; assessed", theirs: "EX-TWICE-A, EX-TWICE-B; exit 1"},
}

const tagValue = `SPDXVersion: SPDX-2.2
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: delivery
DocumentNamespace: https://example.org/delivery
Creator: Tool: t
Created: 2026-01-01T00:00:00Z
HouseTag: something else

PackageName: Newtonsoft.Json
SPDXID: SPDXRef-a
PackageVersion: 12.0.1
PackageDownloadLocation: NOASSERTION
FilesAnalyzed: false
PackageComment: <text>over
lines</text>
ExternalRef: PACKAGE-MANAGER purl pkg:nuget/Newtonsoft.Json@12.0.1
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-a
`

const spdxThree = `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
{"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2026-01-01T00:00:00Z","createdBy":["https://example.org/a"]},
{"type":"Organization","spdxId":"https://example.org/a","name":"a","creationInfo":"_:c"},
{"type":"SpdxDocument","spdxId":"https://example.org/d","creationInfo":"_:c","rootElement":["https://example.org/p"],"element":["https://example.org/p"]},
{"type":"software_Package","spdxId":"https://example.org/p","creationInfo":"_:c","name":"Newtonsoft.Json","software_packageVersion":"12.0.1","software_packageUrl":"pkg:nuget/Newtonsoft.Json@12.0.1"}]}`
