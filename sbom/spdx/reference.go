// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// reference reads one external reference of the open package (clause 7.21,
// annex F).
func (b *builder) reference(category, kind, locator string, at sbom.Position) {
	if locator == "" && kind == "" {
		b.defect(sbom.CodeMissing, at, category, "an external reference lacks its type and its locator")
		return
	}
	switch {
	case category == "":
		b.defect(sbom.CodeMissing, at, kind, "an external reference lacks its category")
	case kind == "":
		b.defect(sbom.CodeMissing, at, locator, "an external reference lacks its type")
	case locator == "":
		b.defect(sbom.CodeMissing, at, kind, "an external reference lacks its locator")
	}
	kind = referenceType(kind)
	if strings.EqualFold(kind, "purl") || isPackageManager(kind) {
		b.packageManager(category, kind, at)
	} else if category != "" && !isCategory(category) {
		b.defect(sbom.CodeValue, at, category, "the category of an external reference is none of SPDX's")
	}
	c := b.current()
	switch {
	case strings.EqualFold(kind, "purl"):
		if !stands(locator) {
			c.NoIdentifierStated = true
			return
		}
		if fault := notation.PURLFault(locator); fault != "" {
			b.defect(sbom.CodePURL, at, locator, "a reference of type purl is no package URL: %s", fault)
		}
		b.purl(c, locator)
	case strings.EqualFold(kind, "cpe23Type"), strings.EqualFold(kind, "cpe22Type"):
		if !stands(locator) {
			c.NoIdentifierStated = true
			return
		}
		if fault := notation.CPEFault(locator); fault != "" {
			b.defect(sbom.CodeCPE, at, locator, "a reference of type %s is no CPE: %s", kind, fault)
		}
		b.packages.cpes.Add(locator)
	case !stands(locator):
		// a reference that says nothing, of a type that identifies nothing
	case strings.EqualFold(kind, "swid"):
		c.Detail().SWID = strings.TrimPrefix(locator, "swid:")
	case strings.EqualFold(kind, "swh"):
		b.packages.swhids.Add(locator)
	case strings.EqualFold(kind, "gitoid"):
		b.note("gitoid", locator)
	case isPackageManager(kind):
		purl, ok := exactPURL(strings.ToLower(kind), locator)
		if !ok {
			b.defect(sbom.CodePURL, at, locator, "a reference of type %s cannot be read as a package URL", kind)
			return
		}
		b.defect(sbom.CodeValue, at, locator, "a reference of type %s is no package URL and was read as %s", kind, purl)
		b.packages.exact = append(b.packages.exact, purl)
	case notation.IsPURL(locator):
		b.defect(sbom.CodeValue, at, kind, "a package URL stands in a reference that is not of type purl")
		b.purl(c, locator)
	case notation.IsCPE(locator):
		b.defect(sbom.CodeValue, at, kind, "a CPE stands in a reference that is not of type cpe22Type or cpe23Type")
		b.packages.cpes.Add(locator)
	case strings.EqualFold(kind, "advisory"):
		b.target("advisories", locator)
	case strings.EqualFold(kind, "fix"):
		b.target("fix", locator)
	case strings.EqualFold(kind, "url"):
		b.target("security-url", locator)
	case strings.Contains(locator, "://"):
		b.target("other", locator)
	}
}

// referenceType cuts the namespace off a type that is written as a URL.
func referenceType(kind string) string {
	if strings.HasPrefix(kind, "http") {
		kind = kind[strings.LastIndexAny(kind, "/#")+1:]
	}
	return kind
}

// isCategory reports whether a category is SPDX's (clause 7.21.1), with the
// underscore of the JSON schema or the hyphen of the text.
func isCategory(s string) bool {
	switch s {
	case "SECURITY", "PACKAGE-MANAGER", "PACKAGE_MANAGER", "PERSISTENT-ID", "PERSISTENT_ID", "OTHER":
		return true
	}
	return false
}

func (b *builder) target(kind, locator string) {
	b.packages.links = append(b.packages.links, sbom.Reference{Type: kind, URL: locator})
}

// packageManager checks the category of a reference to a package manager. The
// JSON schema of 2.2 has the underscore, everything else the hyphen.
func (b *builder) packageManager(category, kind string, at sbom.Position) {
	if category != "" && category != "PACKAGE-MANAGER" && category != "PACKAGE_MANAGER" {
		b.defect(sbom.CodeValue, at, category, "a reference of type %s is not under the category PACKAGE-MANAGER", kind)
	}
}

func isPackageManager(kind string) bool {
	for _, known := range [...]string{"maven-central", "npm", "nuget", "bower"} {
		if strings.EqualFold(kind, known) {
			return true
		}
	}
	return false
}

// purl adds a package URL to a component that does not have it yet as its
// first one.
func (b *builder) purl(c *sbom.Component, purl string) {
	switch c.PURL {
	case "":
		c.PURL = purl
	case purl:
	default:
		b.packages.purls.Add(purl)
	}
}

// exactPURL turns the locator of an older reference type into a package URL.
// ok is false if that would need a guess: more parts than the form has, or
// characters that names and versions of that registry do not have.
func exactPURL(kind, locator string) (purl string, ok bool) {
	var namespace, name, version string
	switch kind {
	case "maven-central": // group:artifact[:version]
		kind = "maven"
		parts := strings.Split(locator, ":")
		if len(parts) < 2 || len(parts) > 3 {
			return "", false
		}
		namespace, name = parts[0], parts[1]
		if len(parts) == 3 {
			version = parts[2]
		}
		if !isPlain(namespace) {
			return "", false
		}
	case "npm": // [@scope/]package@version
		rest := locator
		if scoped, ok := strings.CutPrefix(locator, "@"); ok {
			if namespace, rest, ok = strings.Cut(scoped, "/"); !ok || !isPlain(namespace) {
				return "", false
			}
			namespace = "%40" + namespace
		}
		name, version, _ = strings.Cut(rest, "@")
	case "nuget": // package/version
		name, version, ok = strings.Cut(locator, "/")
		if !ok {
			name, version, _ = strings.Cut(locator, "@")
		}
	case "bower": // package#version
		name, version, ok = strings.Cut(locator, "#")
		if !ok {
			name, version, _ = strings.Cut(locator, "@")
		}
	}
	if !isPlain(name) || (version != "" && !isPlain(strings.ReplaceAll(version, "+", "."))) {
		return "", false
	}
	purl = "pkg:" + kind + "/"
	if namespace != "" {
		purl += namespace + "/"
	}
	purl += name
	if version != "" {
		purl += "@" + strings.ReplaceAll(version, "+", "%2B")
	}
	return purl, true
}

// isPlain reports whether s consists of characters that stand for themselves
// in every part of a package URL.
func isPlain(s string) bool {
	return legalID(strings.Map(func(r rune) rune {
		if r == '_' || r == '~' {
			return '.'
		}
		return r
	}, s))
}
