// SPDX-License-Identifier: Apache-2.0

package purl

import "strings"

// Evidence and details that several places give.
const (
	byURL   = "package URL"
	byField = "version field of the component"
	// versionByField is added where the URL has no version, or a placeholder.
	versionByField = ", its version from the version field"

	repaired    = "the package URL had to be repaired"
	twoVersions = "the identifier and the version field name different versions; both are looked up"
)

// identifyURL adds the packages that a package URL names.
func (id *identifier) identifyURL(u *URL) {
	before := len(id.out.Packages)
	c, evidence := Strong, byURL
	name, version := u.Name, u.Version
	if version == "" {
		// A version that was encoded along with the name: pkg:golang/x/y%40v1.
		if i := strings.LastIndexByte(name, '@'); i > 0 && i+1 < len(name) && (isDigit(name[i+1]) || name[i+1] == 'v') {
			name, version = name[:i], name[i+1:]
			c, evidence = Weak, "package URL, repaired: the version was part of the name"
		}
	}
	kind := u.Type
	if alias := aliasOf(kind); alias != "" {
		kind, c, evidence = alias, Weak, "package URL with a type that is none"
	}

	switch kind {
	case "npm":
		switch scope := u.Namespace; {
		case scope == "":
		case scope[0] == '@':
			name = scope + "/" + name
		default:
			name, c, evidence = "@"+scope+"/"+name, Weak, "package URL, repaired: the scope had no @"
		}
		id.language("npm", name, version, evidence, c)
	case "pypi":
		id.language("PyPI", name, version, evidence, c)
	case "maven":
		id.maven(u.Namespace, name, version, evidence, c)
	case "nuget":
		id.language("NuGet", name, version, evidence, c)
	case "golang":
		id.golang(u, name, version, evidence, c)
	case "cargo":
		id.language("crates.io", name, version, evidence, c)
	case "gem":
		id.language("RubyGems", name, version, evidence, c)
	case "composer":
		id.composer(u.Namespace, name, version, evidence, c)
	case "hex":
		if u.Namespace != "" {
			id.problem(ProblemNotAPackage, "a private organisation's package, not one of hex.pm")
			return
		}
		id.language("Hex", name, version, evidence, c)
	case "pub":
		id.language("Pub", name, version, evidence, c)
	case "hackage":
		id.language("Hackage", name, version, evidence, c)
		if isGHC(name) {
			id.language("GHC", name, version, evidence, c)
		}
	case "cran":
		id.language("CRAN", name, version, evidence, c)
	case "bioconductor":
		id.language("Bioconductor", name, version, evidence, c)
	case "swift":
		id.language("SwiftURL", strings.TrimSuffix(trimScheme(u.Namespace)+"/"+name, ".git"), version, evidence, c)
	case "julia":
		id.language("Julia", name, version, evidence, c)
	case "opam":
		id.language("opam", name, version, evidence, c)
	case "conan":
		id.language("ConanCenter", name, version, evidence, c)
	case "brew":
		if u.Namespace != "" && u.Namespace != "homebrew/core" && u.Namespace != "homebrew" {
			id.problem(ProblemNoEcosystem, "a formula of a Homebrew tap that no advisory source covers")
			return
		}
		id.language("Homebrew", name, version, evidence, c)
	case "bitnami":
		id.language("Bitnami", name, version, evidence, c)
	case "githubactions":
		if u.Namespace != "" {
			name = u.Namespace + "/" + name
		}
		id.language("GitHub Actions", name, version, evidence, c)
	case "github":
		if strings.Contains(id.in.SourceInfo, "GitHub Actions workflow") {
			id.registry = true
			id.language("GitHub Actions", u.Namespace+"/"+name, version, "package URL of a repository, used by a GitHub Actions workflow", Weak)
			return
		}
		id.repositoryURL("github.com", u, version)
	case "gitlab":
		id.repositoryURL("gitlab.com", u, version)
	case "bitbucket":
		id.repositoryURL("bitbucket.org", u, version)
	case "git": // the host is in the namespace
		id.repositoryURL("", u, version)
	case "deb", "apk", "rpm":
		id.distribution = true
		id.distributed(u, name, version)
	default:
		id.unknown(u)
	}
	if c == Weak && len(id.out.Packages) > before {
		id.detail(repaired)
	}
}

// aliasOf gives the type that is meant by one which is not in the specification.
func aliasOf(kind string) string {
	switch kind {
	case "dotnet", "dotnet-core":
		return "nuget"
	case "go", "gomod":
		return "golang"
	case "rubygems", "rubygem":
		return "gem"
	case "crate", "crates", "crates.io":
		return "cargo"
	case "pip", "python":
		return "pypi"
	case "node", "nodejs", "yarn":
		return "npm"
	case "packagist":
		return "composer"
	}
	return ""
}

// isUpstreamType reports the types under which a name may be that of an upstream
// project. All others name packages that bear such names in their own right.
func isUpstreamType(kind string) bool {
	switch kind {
	case "generic", "conan", "vcpkg", "bitnami", "none", "supplier", "type":
		return true
	}
	return isRepository(kind)
}

// isRepository reports the types that name a source repository. A component out
// of it may have any name.
func isRepository(kind string) bool {
	return kind == "github" || kind == "gitlab" || kind == "bitbucket" || kind == "git"
}

// repositoryURL adds a repository on a host.
func (id *identifier) repositoryURL(host string, u *URL, version string) {
	address := Repository("https://" + strings.TrimPrefix(host+"/"+u.Namespace+"/"+u.Name, "/"))
	if address == "" || u.Namespace == "" {
		id.problem(ProblemNotAPackage, "the package URL of a source repository that does not say which")
		return
	}
	id.repository(address, version, "package URL of a source repository")
}

// unknown handles the types that no OSV ecosystem has.
func (id *identifier) unknown(u *URL) {
	switch u.Type {
	case "oci", "docker":
		id.problem(ProblemNoEcosystem, "a container image: advisories name what is in it")
	case "generic":
		id.problem(ProblemNoEcosystem, "type generic names no ecosystem: a type with advisories, or what the software was taken from, would allow a judgement")
	case "file", "none":
		id.problem(ProblemNoEcosystem, "a file, not a package: what it belongs to would allow a judgement")
	case "supplier", "type":
		id.problem(ProblemNoEcosystem, "the type of the package URL is none: one with advisories would allow a judgement")
	case "vcpkg":
		id.problem(ProblemNoEcosystem, "no advisory source uses the names of vcpkg")
	case "swid":
		id.problem(ProblemNoEcosystem, "a software identification tag: no advisory source uses it")
	default:
		// Some converters write a CPE's vendor and product as type and name:
		// pkg:apache/struts.
		if u.Namespace == "" && id.product(u.Type, u.Name, u.Version, "package URL with a vendor for its type", Weak) {
			return
		}
		if p := projectOfCPE(foldCPE(u.Type), foldCPE(u.Name)); p != nil && u.Namespace == "" {
			id.project(p, u.Version, "package URL with a vendor for its type", Weak)
			return
		}
		id.problem(ProblemNoEcosystem, "no advisory source covers this type of package URL")
	}
}

func (id *identifier) maven(group, name, version, evidence string, c Confidence) {
	if group == "" {
		switch g, a, ok := strings.Cut(id.in.Name, ":"); {
		case strings.Contains(name, ":"): // pkg:maven/group%3Aname
			id.language("Maven", name, version, "package URL, repaired: group and name were one", min(c, Weak))
			id.detail(repaired)
			return
		case isGroupID(id.in.Group):
			group = id.in.Group
		case ok && a == name:
			group = g
		default:
			id.problem(ProblemNoIdentifier, "a Maven package URL without a group")
			return
		}
		c, evidence = min(c, Weak), "package URL, with the group of the component"
	} else if strings.Contains(group, "/") { // pkg:maven/org/apache/logging/log4j/log4j-core
		group, c, evidence = strings.ReplaceAll(group, "/", "."), min(c, Weak), "package URL, repaired: the group was a path"
		id.detail(repaired)
	}
	id.language("Maven", group+":"+name, version, evidence, c)
}

// drupalRelease is what OSV puts behind "Packagist:" for the modules of Drupal,
// which have their own repository.
const drupalRelease = "https://packages.drupal.org/8"

func (id *identifier) composer(vendor, name, version, evidence string, c Confidence) {
	if vendor == "" {
		if id.in.Group == "" {
			id.problem(ProblemNotAPackage, "a Composer platform package (PHP itself or an extension), or a package URL without its vendor")
			return
		}
		vendor, c, evidence = lower(id.in.Group), min(c, Weak), "package URL, with the group of the component"
	}
	full := vendor + "/" + name
	id.language("Packagist", full, version, evidence, c)
	if vendor == "drupal" {
		id.languageRelease("Packagist", drupalRelease, full, version, evidence, c)
	}
}

// isGHC reports a component of the Glasgow Haskell Compiler that carries the
// compiler's version. base and others that come with it have their own.
func isGHC(name string) bool {
	switch name {
	case "ghc", "ghci", "ghc-boot", "ghc-boot-th", "ghc-heap", "ghc-lib", "ghc-lib-parser":
		return true
	}
	return false
}
