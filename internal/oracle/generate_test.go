// SPDX-License-Identifier: Apache-2.0

package oracle

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/medsbom/medsbom/version"
)

// A component is an entry of a generated SBOM.
type component struct {
	key     key
	name    string // as the record writes it
	version string // as the record writes it
	field   string // as the SBOM writes it
	purl    string
}

// generate makes the components of the data: each package in every version that
// a range or a list of it names, and one just below and one just above each. With
// sample above 1 only every so-manyth package, chosen by its hash.
func (d *advisories) generate(sample uint32) []component {
	names := map[key]string{}
	texts := map[key]map[string]bool{}
	for k, list := range d.byKey {
		if sample > 1 && hash(k)%sample != 0 {
			continue
		}
		texts[k] = map[string]bool{}
		for _, r := range list {
			for i := range r.Affected {
				a := &r.Affected[i]
				if !a.names(k.ecosystem, k.name) {
					continue
				}
				if old, ok := names[k]; !ok || a.Package.Name < old {
					names[k] = a.Package.Name
				}
				addVersions(texts[k], k.ecosystem, a)
			}
		}
	}
	keys := make([]key, 0, len(names))
	for k := range names {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int {
		if c := strings.Compare(a.ecosystem, b.ecosystem); c != 0 {
			return c
		}
		return strings.Compare(a.name, b.name)
	})
	var list []component
	for _, k := range keys {
		versions := make([]string, 0, len(texts[k]))
		for v := range texts[k] {
			versions = append(versions, v)
		}
		slices.Sort(versions)
		for _, v := range versions {
			c := component{key: k, name: names[k], version: v, field: v}
			if c.purl = purlOf(&c); c.purl != "" {
				list = append(list, c)
			}
		}
	}
	return list
}

func hash(k key) uint32 {
	h := fnv.New32a()
	h.Write([]byte(k.ecosystem + "\x00" + k.name))
	return h.Sum32()
}

func addVersions(texts map[string]bool, ecosystem string, a *affected) {
	for _, v := range a.Versions {
		texts[v] = true
	}
	scheme, _ := version.SchemeOf(ecosystem)
	for _, list := range [][]eventRange{a.Ranges, a.EcosystemSpecific.CustomRanges} {
		for i := range list {
			if list[i].Type == "GIT" {
				continue
			}
			for _, e := range list[i].Events {
				for _, v := range e {
					texts[v] = true
					below, above := neighbours(scheme, v)
					if below != "" {
						texts[below] = true
					}
					if above != "" {
						texts[above] = true
					}
				}
			}
		}
	}
}

// marks are what a scheme writes behind a version for one before it and for one
// after it.
func marks(s version.Scheme) (before, after []string) {
	switch s {
	case version.SemVer, version.Go, version.SemVerBuild:
		return []string{"-0", "-alpha.1"}, nil
	case version.NuGet:
		return []string{"-0", "-alpha.1"}, []string{".1"}
	case version.Packagist:
		return []string{"-alpha1", "-RC1"}, []string{".1"}
	case version.PyPI:
		return []string{".dev0", "rc1"}, []string{".post1"}
	case version.RubyGems:
		return []string{".a", ".rc1"}, []string{".1"}
	case version.Maven:
		return []string{"-alpha-1", "-SNAPSHOT"}, []string{"-sp-1", ".1"}
	case version.Debian, version.Opam:
		return []string{"~", "~rc1"}, []string{".1"}
	case version.RPM:
		return []string{"~1"}, []string{".1"}
	case version.Alpine:
		return []string{"_rc1"}, []string{"_p1", "-r1"}
	case version.CRAN, version.Hackage:
		return nil, []string{".1"}
	default: // Homebrew: a number more or less
		return nil, nil
	}
}

// neighbours gives a version just below and one just above, both valid in the
// scheme; "" where there is none to be made.
func neighbours(s version.Scheme, text string) (below, above string) {
	v, err := s.Parse(text)
	if err != nil {
		return "", ""
	}
	before, after := marks(s)
	var candidates []string
	for _, mark := range slices.Concat(before, after) {
		candidates = append(candidates, text+mark)
	}
	candidates = append(candidates, step(text, -1), step(text, +1))
	var low, high version.Version
	for _, c := range candidates {
		w, err := s.Parse(c)
		if err != nil || c == "" {
			continue
		}
		switch order := w.Compare(v); {
		case order < 0 && (below == "" || w.Compare(low) > 0):
			below, low = c, w
		case order > 0 && (above == "" || w.Compare(high) < 0):
			above, high = c, w
		}
	}
	return below, above
}

// step changes the last number of a text by one; "" if that is not possible.
func step(text string, by int) string {
	end := len(text)
	for end > 0 && (text[end-1] < '0' || text[end-1] > '9') {
		end--
	}
	start := end
	for start > 0 && text[start-1] >= '0' && text[start-1] <= '9' {
		start--
	}
	n, err := strconv.ParseUint(text[start:end], 10, 62)
	if err != nil || n == 0 && by < 0 {
		return ""
	}
	return text[:start] + strconv.FormatUint(n+uint64(by), 10) + text[end:]
}

// purlOf is the package URL that a generator writes for a package; "" for the
// ecosystems that have none. It sets the field where that is written otherwise.
func purlOf(c *component) string {
	ecosystem, release, _ := strings.Cut(c.key.ecosystem, ":")
	namespace, name, v := "", c.name, c.version
	qualifiers := map[string]string{}
	cut := func(at int) {
		if at >= 0 {
			namespace, name = name[:at], name[at+1:]
		}
	}
	kind := map[string]string{
		"npm": "npm", "PyPI": "pypi", "Maven": "maven", "NuGet": "nuget", "Go": "golang", "crates.io": "cargo", "RubyGems": "gem",
		"Packagist": "composer", "Hex": "hex", "Pub": "pub", "Hackage": "hackage", "GHC": "hackage", "CRAN": "cran",
		"SwiftURL": "swift", "Julia": "julia", "opam": "opam", "Homebrew": "brew", "Bitnami": "bitnami",
		"Debian": "deb", "Ubuntu": "deb", "Alpine": "apk", "Alpaquita": "apk", "BellSoft Hardened Containers": "apk",
		"AlmaLinux": "rpm", "Red Hat": "rpm",
	}[ecosystem]
	switch ecosystem {
	case "npm", "Packagist", "SwiftURL":
		cut(strings.LastIndexByte(name, '/'))
	case "Maven":
		cut(strings.IndexByte(name, ':'))
	case "Go":
		cut(strings.LastIndexByte(name, '/'))
		if namespace != "" {
			v = "v" + v
			c.field = v
		}
	case "Debian":
		namespace, qualifiers["distro"] = "debian", "debian-"+release
	case "Ubuntu":
		number := strings.TrimSuffix(strings.TrimPrefix(release, "Pro:"), ":LTS")
		namespace, qualifiers["distro"] = "ubuntu", "ubuntu-"+number
	case "Alpine":
		namespace, qualifiers["distro"] = "alpine", "alpine-"+strings.TrimPrefix(release, "v")
	case "Alpaquita":
		namespace, qualifiers["distro"] = "alpaquita", "alpaquita-"+release
	case "BellSoft Hardened Containers":
		namespace, qualifiers["distro"] = "bellsoft-hardened-containers", release
	case "AlmaLinux":
		namespace, qualifiers["distro"] = "almalinux", "almalinux-"+release
	case "Red Hat":
		namespace, qualifiers["distro"] = "redhat", "rhel-8.6"
	}
	switch kind {
	case "":
		return ""
	case "deb", "apk":
		// The records name source packages, and so does this component.
		qualifiers["arch"] = "source"
	case "rpm":
		if epoch, rest, ok := strings.Cut(v, ":"); ok && epoch != "0" {
			v, qualifiers["epoch"] = rest, epoch
		} else if ok {
			v = rest
		}
		c.field = v
	}
	return packageurl.NewPackageURL(kind, namespace, name, v, packageurl.QualifiersFromMap(qualifiers), "").ToString()
}
