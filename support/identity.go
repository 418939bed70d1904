// SPDX-License-Identifier: Apache-2.0

package support

import (
	"strings"

	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/vulndb"
)

// data is what the end-of-life data says of a component, or why it says nothing.
func (s *Source) data(c *Component) (Statement, string) {
	if out, why, ok := s.distributed(c); ok {
		return out, why
	}
	version := c.SBOM.Version
	if c.URL != nil {
		if c.URL.Version != "" {
			version = c.URL.Version
		}
		if l, ok := s.byURL(c.URL); ok {
			out, why := s.cycle(&l, version)
			out.Sure = true
			return out, why
		}
	}
	if isOpenJDK(c) {
		return s.openJDK(c, version)
	}
	if c.URL != nil && isRegistry(c.URL.Type) {
		// Its CPE is mostly a guess by its name: the driver org.postgresql:postgresql
		// is not the server.
		return Statement{}, NoData
	}
	if out, why, ok := s.byCPE(c, version); ok {
		return out, why
	}
	if c.URL != nil && !isNamed(c.URL.Type) {
		return Statement{}, NoData
	}
	name := c.SBOM.Name
	if c.URL != nil {
		name = c.URL.Name
	}
	l, ok := s.named(name)
	if !ok {
		return Statement{}, NoData
	}
	out, why := s.cycle(&l, version)
	out.Source += ", by its name alone"
	return out, why
}

// NoData is the reason for most components: the data is about some hundred
// products. NotLoaded is that of all where the database has none.
const (
	NoData    = "no end-of-life data for it"
	NotLoaded = "no end-of-life data in the database"
)

// named finds a product that is software by its name alone.
func (s *Source) named(name string) (vulndb.Lifecycle, bool) {
	l, ok := s.db.LifecycleNamed(name)
	if !ok {
		// "SQL Server" is as good as "Microsoft SQL Server", and the reverse. What ".NET"
		// leaves after that is a word of anyone's.
		if rest, with := cutFold(name, "microsoft "); with && !strings.HasPrefix(rest, ".") {
			l, ok = s.db.LifecycleNamed(rest)
		} else if !with && (strings.HasPrefix(name, ".") || strings.Contains(strings.TrimSpace(name), " ")) {
			l, ok = s.db.LifecycleNamed("Microsoft " + name)
		}
	}
	switch l.Category {
	case "os", "lang", "framework", "database", "server-app", "app":
		return l, ok
	}
	return vulndb.Lifecycle{}, false
}

// cutFold cuts a prefix off in any case.
func cutFold(s, prefix string) (string, bool) {
	if len(s) > len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}

// byURL finds a product by a package URL.
func (s *Source) byURL(u *purl.URL) (vulndb.Lifecycle, bool) {
	switch {
	case u.Type == "golang" && u.Namespace == "" && (u.Name == "stdlib" || u.Name == "toolchain" || u.Name == "std"):
		return s.db.LifecycleNamed("go")
	case u.Type == "npm" && u.Namespace == "" && u.Name == "node": // the runtime itself, as a package
		return s.db.LifecycleNamed("nodejs")
	}
	return s.db.LifecycleOfPURL(u.Type, u.Namespace, u.Name)
}

// isRegistry reports the types of package URL of languages' packages.
func isRegistry(kind string) bool {
	switch kind {
	case "npm", "pypi", "maven", "nuget", "gem", "cargo", "composer", "golang", "hex", "pub", "cran", "hackage", "swift", "cocoapods",
		"conda", "julia", "opam", "otp", "cpan", "luarocks":
		return true
	}
	return false
}

// isNamed reports types of package URL whose names are those that projects have.
func isNamed(kind string) bool {
	switch kind {
	case "generic", "conan", "vcpkg", "bitnami", "brew", "yocto":
		return true
	}
	return false
}

func isLinuxPackage(kind string) bool { return kind == "deb" || kind == "rpm" || kind == "apk" }

// byCPE tries the CPEs. Several that name different products are guesses.
func (s *Source) byCPE(c *Component, version string) (Statement, string, bool) {
	var found vulndb.Lifecycle
	ok, sure := false, c.URL == nil
	for i, text := range c.SBOM.CPE {
		if i == maxCPEs {
			break
		}
		vendor, product, own := splitCPE(text)
		l, known := s.db.LifecycleOfCPE(vendor, product)
		switch {
		case !known:
			sure = false
		case !ok:
			found, ok = l, true
			if version == "" {
				version = own
			}
		case l.Product != found.Product:
			return Statement{}, "its CPEs name several products", true
		}
	}
	if !ok {
		return Statement{}, "", false
	}
	out, why := s.cycle(&found, version)
	out.Sure = sure
	out.Source += ", by its CPE"
	return out, why, true
}

// maxCPEs bounds how many of a component's CPEs are tried.
const maxCPEs = 64

// splitCPE gives vendor, product and version of a CPE of either form.
func splitCPE(text string) (vendor, product, version string) {
	rest, ok := strings.CutPrefix(text, "cpe:2.3:")
	if !ok {
		if rest, ok = strings.CutPrefix(text, "cpe:/"); !ok {
			return "", "", ""
		}
	}
	_, rest, _ = strings.Cut(rest, ":")
	vendor, rest, _ = strings.Cut(rest, ":")
	product, rest, _ = strings.Cut(rest, ":")
	version, _, _ = strings.Cut(rest, ":")
	if version == "*" || version == "-" {
		version = ""
	}
	return vendor, product, strings.ReplaceAll(version, "\\", "")
}

// isOpenJDK reports what is called OpenJDK or Java and so may be any of a dozen
// builds, which end on different days.
func isOpenJDK(c *Component) bool {
	for i, text := range c.SBOM.CPE {
		if vendor, product, _ := splitCPE(text); i < maxCPEs && strings.EqualFold(vendor, "oracle") && strings.EqualFold(product, "openjdk") {
			return true
		}
	}
	if c.URL != nil && !isNamed(c.URL.Type) {
		return false
	}
	switch strings.ToLower(c.SBOM.Name) {
	case "openjdk", "jdk", "jre", "java", "openjdk-jre", "java_se":
		return true
	}
	return false
}

// openJDK finds the build of Java by who makes it.
func (s *Source) openJDK(c *Component, version string) (Statement, string) {
	for _, p := range [...]sbom.Party{c.SBOM.Supplier, c.SBOM.Manufacturer(), c.SBOM.Publisher(), c.SBOM.Originator()} {
		if product := builder(p.Name); product != "" {
			if l, ok := s.db.LifecycleNamed(product); ok {
				out, why := s.cycle(&l, version)
				out.Source += ", by its name and who makes it"
				return out, why
			}
		}
	}
	return Statement{}, "it may be any of several builds of Java, which end on different days"
}

// builder names the build of Java that an organisation makes. Oracle makes two.
func builder(party string) string {
	party = strings.ToLower(party)
	for _, b := range [...][2]string{
		{"adoptium", "eclipse-temurin"},
		{"eclipse", "eclipse-temurin"},
		{"azul", "azul-zulu"},
		{"amazon", "amazon-corretto"},
		{"bellsoft", "bellsoft-liberica"},
		{"microsoft", "microsoft-build-of-openjdk"},
		{"red hat", "red-hat-build-of-openjdk"},
		{"redhat", "red-hat-build-of-openjdk"},
		{"sap", "sapmachine"},
		{"ibm", "ibm-semeru"},
		{"alibaba", "alibaba-dragonwell"},
	} {
		if strings.Contains(party, b[0]) {
			return b[1]
		}
	}
	return ""
}
