// SPDX-License-Identifier: Apache-2.0

package purl

import "strings"

// HasReleases reports whether an ecosystem keeps its packages apart by release:
// without one, a version of it cannot be judged. Wolfi and Chainguard roll.
func HasReleases(ecosystem string) bool {
	switch ecosystem {
	case "Debian", "Ubuntu", "Alpine", "Alpaquita", "BellSoft Hardened Containers", "AlmaLinux", "Rocky Linux", "Red Hat",
		"SUSE", "openSUSE", "openEuler", "Mageia", "Photon OS", "Azure Linux":
		return true
	}
	return false
}

// namesSource reports whether an ecosystem's advisories name source packages.
func namesSource(ecosystem string) bool {
	switch ecosystem {
	case "AlmaLinux", "Rocky Linux", "Red Hat", "Photon OS", "Azure Linux":
		return false
	}
	return true
}

// distribution gives the ecosystem of a distribution by its id in os-release or
// its namespace in package URLs, with the type of its packages.
func distribution(name string) (ecosystem, kind string) {
	if len(name) > len("suse linux enterprise server") {
		return "", ""
	}
	switch lower(name) {
	case "debian":
		return "Debian", "deb"
	case "ubuntu":
		return "Ubuntu", "deb"
	case "echo":
		return "Echo", "deb"
	case "alpine":
		return "Alpine", "apk"
	case "wolfi":
		return "Wolfi", "apk"
	case "chainguard":
		return "Chainguard", "apk"
	case "minimos":
		return "MinimOS", "apk"
	case "alpaquita", "bellsoft-alpaquita":
		return "Alpaquita", "apk"
	case "bellsoft-hardened-containers", "bellsoft":
		return "BellSoft Hardened Containers", "apk"
	case "almalinux", "alma":
		return "AlmaLinux", "rpm"
	case "rocky", "rocky-linux", "rockylinux":
		return "Rocky Linux", "rpm"
	case "redhat", "rhel", "red-hat", "redhatenterpriselinux":
		return "Red Hat", "rpm"
	case "suse", "sles", "sled", "sles_sap", "sle_hpc", "sle-micro", "suse linux enterprise server":
		return "SUSE", "rpm"
	case "opensuse", "opensuse-leap", "opensuse-tumbleweed", "opensuse.leap", "opensuse.tumbleweed", "leap", "tumbleweed":
		return "openSUSE", "rpm"
	case "openeuler":
		return "openEuler", "rpm"
	case "mageia":
		return "Mageia", "rpm"
	case "photon":
		return "Photon OS", "rpm"
	case "azurelinux", "mariner":
		return "Azure Linux", "rpm"
	}
	return "", ""
}

// release is a distribution's release, as it was found.
type release struct {
	text       string // as stated: "11.5", "bookworm", "9.7", "v3.16"
	repository string // repository_id of an rpm
	evidence   string
	confidence Confidence
}

// distributed adds what a deb, apk or rpm URL names.
func (id *identifier) distributed(u *URL, name, version string) {
	ecosystem, kind := distribution(u.Namespace)
	if kind != "" && kind != u.Type {
		ecosystem = ""
	}
	xray := ""
	if u.Namespace == "" {
		// xray writes distribution, release and name as the name: debian:buster:apt.
		if first, rest, ok := strings.Cut(name, ":"); ok {
			text, own, ok := strings.Cut(rest, ":")
			if e, k := distribution(first); ok && k == u.Type {
				ecosystem, xray, name = e, text, own
			}
		}
	}
	// Namespace and distro may name two distributions: images that are derived
	// from one keep its namespace, or somebody is wrong. Both readings count.
	qualifier, text := distroQualifier(u)
	if e, k := distribution(qualifier); k == u.Type && e != ecosystem {
		if ecosystem != "" {
			id.out.Contradiction = true
			id.detail("namespace and distro of the package URL name different distributions; both are looked up")
			id.placed(u, e, text, xray, name, version, Weak)
			id.placed(u, ecosystem, "", xray, name, version, Weak)
			return
		}
		ecosystem = e
	} else if k == "" && qualifier != "" && ecosystem != "" {
		if o, _ := distribution(id.in.Distro.ID); o != ecosystem {
			id.problem(ProblemNoEcosystem, noDistribution)
			return
		}
		text = ""
	}
	id.placed(u, ecosystem, text, xray, name, version, Strong)
}

// placed adds the package of one distribution, which is inferred if it is not
// stated, under its release: text as the qualifiers have it, xray as the name.
func (id *identifier) placed(u *URL, ecosystem, text, xray, name, version string, c Confidence) {
	r := release{text: text, evidence: "package URL", confidence: c, repository: u.qualifier("repository_id")}
	if xray != "" && r.text == "" {
		r.text, r.evidence, r.confidence = xray, "package URL with the distribution in its name", Weak
	}
	inferred := false
	if ecosystem == "" && (u.Namespace == "" || u.Namespace == "unknown") {
		if e, k := distribution(id.in.Distro.ID); k == u.Type {
			ecosystem, inferred = e, true
		} else if e := ecosystemOfVersion(u.Type, version); e != "" {
			ecosystem, inferred = e, true
		}
	}
	if ecosystem == "" {
		id.problem(ProblemNoEcosystem, noDistribution)
		return
	}

	if r.text == "" && r.repository == "" {
		if e, _ := distribution(id.in.Distro.ID); e == ecosystem {
			r.text, r.evidence = id.in.Distro.Version, "package URL and operating system of the document"
		}
	}
	if HasReleases(ecosystem) && r.repository == "" && !hasRelease(ecosystem, r.text) {
		if text := releaseOfVersion(ecosystem, version); text != "" {
			r.text, r.evidence, r.confidence = text, "package URL, release from the version", Weak
		} else {
			r.text, r.confidence = "", Weak
			id.detail("the release of the distribution is not stated")
		}
	}
	if inferred {
		r.confidence = Weak
		id.detail("the package URL names no distribution; it was inferred")
	}
	full, others := id.fullVersions(u, version)
	id.released(u, ecosystem, &r, name, full, full)
	for _, other := range others {
		r.confidence, r.evidence = min(r.confidence, Weak), other.evidence
		id.released(u, ecosystem, &r, name, other.version, full)
	}
}

// byOwnName is a statement of the source that may be wrong: the database tells
// whether the package's own name is one that advisories know.
const byOwnName = "package URL, its own name beside that of the stated source package"

const noDistribution = "no advisory source covers this distribution"

// trimEpoch cuts "2:" off a version.
func trimEpoch(v string) string {
	i := 0
	for i < len(v) && isDigit(v[i]) {
		i++
	}
	if i > 0 && i < len(v) && v[i] == ':' {
		return v[i+1:]
	}
	return v
}

func isNumber(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

// released adds the package under its source or binary name in every spelling
// of the release. of is the version that the URL gives, which a source package's
// stated one belongs to.
func (id *identifier) released(u *URL, ecosystem string, r *release, name, version, of string) {
	if !namesSource(ecosystem) {
		id.releases(ecosystem, r, name, version, r.evidence, r.confidence)
		return
	}
	if arch := u.qualifier("arch"); arch == "source" || arch == "src" {
		id.releases(ecosystem, r, name, version, r.evidence, r.confidence)
		return
	}
	src, srcVersion, evidence := id.source(u)
	if version != of {
		evidence = r.evidence
		if splitRevision(srcVersion).agrees(splitRevision(of)) {
			srcVersion = "" // the same as the one that is contradicted
		}
	}
	switch {
	case src != "":
		if src == name {
			evidence = r.evidence
		} else if r.confidence == Weak {
			evidence += ", release inferred"
		}
		full, truncated := sourceVersion(srcVersion, version)
		id.releases(ecosystem, r, src, full, evidence, r.confidence)
		if short := trimEpoch(full); truncated && short != full && u.qualifier("epoch") == "" {
			// The binary has an epoch that the source may not have.
			id.releases(ecosystem, r, src, short, evidence, Weak)
		}
		if src != name {
			id.releases(ecosystem, r, name, version, byOwnName, Weak)
		}
	case commonSource(name) != "":
		id.releases(ecosystem, r, commonSource(name), version, "package URL, source package by a table", min(r.confidence, Weak))
		id.releases(ecosystem, r, name, version, r.evidence, min(r.confidence, Weak))
		id.detail("the package URL does not state the source package")
	case looksBinary(name):
		id.unsourced(ecosystem, r, name, version, min(r.confidence, Weak))
		id.detail("the package URL does not state the source package, which advisories name")
	default:
		id.unsourced(ecosystem, r, name, version, r.confidence)
	}
}

// unsourced adds a package by its own name, as its source is not stated.
func (id *identifier) unsourced(ecosystem string, r *release, name, version string, c Confidence) {
	before := len(id.out.Packages)
	id.releases(ecosystem, r, name, version, r.evidence, c)
	for i := before; i < len(id.out.Packages); i++ {
		id.out.Packages[i].SourceNotStated = true
	}
}
