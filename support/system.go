// SPDX-License-Identifier: Apache-2.0

package support

import (
	"strings"

	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/vulndb"
)

// distributed gives a package of a distribution the support of its release; ok is
// false if it is no such package.
func (s *Source) distributed(c *Component) (out Statement, why string, ok bool) {
	for i := range c.Identities {
		id := &c.Identities[i]
		product := distribution(id.Ecosystem)
		if product == "" {
			continue
		}
		ok = true
		if id.Release == "" {
			continue
		}
		l, known := s.db.LifecycleNamed(product)
		if !known {
			return Statement{}, "no end-of-life data for " + id.Ecosystem, true
		}
		out, why = s.cycle(&l, release(id.Ecosystem, id.Release))
		out.Sure = id.Confidence == purl.Strong
		return out, why, true
	}
	if c.URL == nil || !isLinuxPackage(c.URL.Type) {
		return Statement{}, releaseUnknown, ok
	}
	if !ok && c.URL.Namespace == "" && c.URL.Qualifier("distro") == "" {
		return Statement{}, "", false // of a maker's own repository, perhaps
	}
	// A distribution without advisories may have end-of-life data.
	name, version := splitDistro(c.URL.Qualifier("distro"))
	if name == "" {
		name = c.URL.Namespace
	}
	if l, known := s.db.LifecycleNamed(systemName(name)); known && version != "" && l.Category == "os" {
		out, why = s.cycle(&l, version)
		out.Sure = out.Level != Unknown
		return out, why, true
	}
	return Statement{}, releaseUnknown, true
}

const releaseUnknown = "the distribution maintains it, and which release that is is not known"

// splitDistro cuts "centos-7.9" and "amzn-2".
func splitDistro(s string) (name, version string) {
	if i := strings.LastIndexByte(s, '-'); i > 0 && i+1 < len(s) && s[i+1]-'0' <= 9 {
		return s[:i], s[i+1:]
	}
	return s, ""
}

// distribution names the product of an ecosystem of OSV.
func distribution(ecosystem string) string {
	switch ecosystem {
	case "Debian", "Ubuntu", "AlmaLinux", "openSUSE", "Mageia":
		return ecosystem
	case "Alpine":
		return "alpine-linux"
	case "Rocky Linux":
		return "rocky-linux"
	case "Red Hat":
		return "rhel"
	case "SUSE":
		return "sles"
	case "Photon OS":
		return "vmware-photon"
	case "Alpaquita", "BellSoft Hardened Containers", "openEuler", "Azure Linux", "Wolfi", "Chainguard", "MinimOS", "Echo":
		return ecosystem
	}
	return ""
}

// release writes a release of OSV as the cycles are named: "22.04:LTS" is 22.04,
// "Pro:20.04:LTS" 20.04, "enterprise_linux:8::baseos" 8, "Leap 15.5" 15.5,
// "Linux Enterprise Server 15 SP4" 15.4.
func release(ecosystem, r string) string {
	switch ecosystem {
	case "Ubuntu", "Red Hat":
		for part := range strings.SplitSeq(r, ":") {
			if part != "" && part[0]-'0' <= 9 {
				return part
			}
		}
	case "SUSE":
		r = strings.TrimPrefix(r, "Linux Enterprise Server ")
		return strings.Replace(r, " SP", ".", 1)
	case "openSUSE":
		return strings.TrimPrefix(r, "Leap ")
	}
	return r
}

// system looks up an operating system by the name and version that a document
// gives it. That is what it says it is, so the name is sure. Where the name carries
// one release and the version another, other is what holds of the second, and
// neither is sure.
func (s *Source) system(c *sbom.Component) (out, other Statement, why string) {
	name, version := c.Name, c.Version
	if out, why, ok := s.windows(name, version); ok {
		return out, other, why
	}
	named := "" // the release in the name
	l, ok := s.db.LifecycleNamed(systemName(name))
	if !ok {
		// "Debian GNU/Linux 11 (bullseye)", "Ubuntu 20.04.6 LTS"
		if i := strings.IndexAny(name, "0123456789"); i > 0 {
			named = name[i:]
			l, ok = s.db.LifecycleNamed(systemName(strings.TrimRight(name[:i], " -_v")))
		}
	}
	if ok = ok && l.Category == "os"; !ok {
		named = ""
		for i, text := range c.CPE {
			vendor, product, own := splitCPE(text)
			if i == maxCPEs {
				break
			}
			if l, ok = s.db.LifecycleOfCPE(vendor, product); ok {
				if version == "" {
					version = own
				}
				break
			}
		}
	}
	if !ok {
		return Statement{}, other, NoData
	}
	if l.Product == "sles" {
		named, version = servicePack(named), servicePack(version)
		if strings.HasPrefix(version, ".") {
			named, version = "", named+version // "SLES 15", "SP3"
		}
	}
	if version == "" {
		named, version = "", named
	}
	out, why = s.cycle(&l, version)
	out.Sure = out.Level != Unknown
	out.System = true
	if named == "" {
		return out, other, why
	}
	byName, ok := cycleOf(&l, named)
	if !ok {
		return out, other, why
	}
	if byVersion, ok := cycleOf(&l, version); ok && byVersion.Name == byName.Name {
		return out, other, why
	}
	other = out
	out, why = s.cycle(&l, named)
	out.System, out.Sure = true, out.Level != Unknown
	if isKernel(version) {
		out.note("the version " + version + " is taken for that of its kernel")
		return out, Statement{}, why
	}
	if other.Level == Unknown {
		out.Sure = false
		out.note("its version " + version + " is of no release that is known")
		return out, other, why
	}
	for _, x := range []*Statement{&out, &other} {
		x.Sure = false
		x.note("the name says " + byName.Name + ", the version " + version)
	}
	if out.Level == Unknown { // nothing is said of the release in the name
		out, other = other, Statement{}
	}
	return out, other, why
}

// note adds a remark.
func (s *Statement) note(text string) {
	if s.Note != "" {
		text = s.Note + "; " + text
	}
	s.Note = text
}

// isKernel reports a version as Linux has them, "5.4.0" or "4.19.0-21-amd64", where
// a distribution has fewer numbers or higher ones.
func isKernel(version string) bool {
	if len(version) < 5 || version[0] < '2' || version[0] > '7' || version[1] != '.' {
		return false
	}
	minor, patch, ok := strings.Cut(version[2:], ".")
	return ok && minor != "" && strings.Trim(minor, "0123456789") == "" && patch != "" && patch[0]-'0' <= 9
}

// servicePack writes "15 SP3" as the cycles are named, 15.3.
func servicePack(release string) string {
	at := strings.Index(strings.ToLower(release), "sp")
	if at < 0 || at+2 >= len(release) || release[at+2]-'0' > 9 {
		return release
	}
	return strings.TrimRight(release[:at], " -_.") + "." + release[at+2:]
}

// systemName gives the names in os-release that the data has under another one.
func systemName(name string) string {
	switch n := strings.ToLower(strings.TrimSpace(name)); n {
	case "alpine":
		return "alpine-linux"
	case "amzn", "amazon linux", "amazon":
		return "amazon-linux"
	case "ol", "oracle", "oracle linux server":
		return "oracle-linux"
	case "redhat", "red hat enterprise linux server":
		return "rhel"
	case "rocky":
		return "rocky-linux"
	case "photon", "vmware photon os":
		return "vmware-photon"
	case "debian gnu/linux":
		return "debian"
	case "opensuse-leap", "opensuse leap", "opensuse.leap":
		return "opensuse"
	case "sled", "sles_sap", "suse linux enterprise server":
		return "sles"
	case "linux", "linux kernel":
		return "linux-kernel"
	case "centos linux":
		return "centos"
	case "centos stream":
		return "centos-stream"
	case "fedora linux":
		return "fedora"
	case "poky", "openembedded":
		return "yocto"
	default:
		return n
	}
}

// cycleOf finds the cycle of a version, or of a codename ("bullseye").
func cycleOf(l *vulndb.Lifecycle, version string) (vulndb.Cycle, bool) {
	if c, ok := l.Cycle(version); ok {
		return c, true
	}
	word, _, _ := strings.Cut(strings.TrimSpace(version), " ")
	if word == "" || word[0]-'0' <= 9 {
		return vulndb.Cycle{}, false
	}
	for c := range l.Cycles {
		if first, _, _ := strings.Cut(c.Codename, " "); first != "" && strings.EqualFold(first, word) {
			return c, true
		}
	}
	return vulndb.Cycle{}, false
}
