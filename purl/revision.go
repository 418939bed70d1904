// SPDX-License-Identifier: Apache-2.0

package purl

import "strings"

// A revision is a version of a distribution's package, taken apart: epoch and
// all that follows it, 1 and 1.1.1k-7.el8_6 of 1:1.1.1k-7.el8_6.
type revision struct {
	epoch string // digits without zeros in front; "0" if stated so, "" if not stated
	rest  string
}

func splitRevision(v string) revision {
	rest := trimEpoch(v)
	if rest == v {
		return revision{rest: v}
	}
	return revision{epoch: epochOf(v[:len(v)-len(rest)-1]), rest: rest}
}

// epochOf puts an epoch into one form, "" for what is none.
func epochOf(s string) string {
	if !isNumber(s) {
		return ""
	}
	if s = strings.TrimLeft(s, "0"); s == "" {
		return "0"
	}
	return s
}

func (r revision) String() string {
	if r.epoch == "" || r.epoch == "0" || r.rest == "" {
		return r.rest
	}
	return r.epoch + ":" + r.rest
}

// sameEpoch reports that two epochs may be one: writers leave epochs out.
func (r revision) sameEpoch(o revision) bool {
	return r.epoch == "" || o.epoch == "" || r.epoch == o.epoch
}

// agrees reports that what follows the epoch is one version, which either may
// have without its revision: what stands behind the last "-", which neither
// Debian, rpm nor Alpine allow inside one.
func (r revision) agrees(o revision) bool {
	return r.rest == o.rest || withoutRevision(r.rest) == o.rest || withoutRevision(o.rest) == r.rest
}

func withoutRevision(v string) string {
	if i := strings.LastIndexByte(v, '-'); i > 0 {
		return v[:i]
	}
	return v
}

// trimArchitecture cuts an architecture off the end of a version, as rpm's own
// listings have it: 1.1.1k-7.el8_6.x86_64.
func trimArchitecture(v, stated string) string {
	for _, arch := range [...]string{
		stated, "x86_64", "amd64", "i386", "i486", "i586", "i686", "noarch", "all", "src", "aarch64", "arm64", "armhf", "armel",
		"armv7hl", "armv7", "ppc64le", "ppc64el", "ppc64", "s390x", "riscv64", "mips64el", "mipsel", "loongarch64",
	} {
		if arch == "" {
			continue
		}
		if rest, ok := strings.CutSuffix(v, arch); ok && len(rest) > 1 && strings.IndexByte("._:", rest[len(rest)-1]) >= 0 {
			return rest[:len(rest)-1]
		}
	}
	return v
}

// What is said of versions of a distribution's package that differ.
const (
	twoEpochs   = "the package URL names two epochs; both are looked up"
	fieldsEpoch = "the epoch is that of the version field"
	byQualifier = "package URL with its epoch qualifier"
)

// A contradicting version, and where it stands.
type contradicting struct{ version, evidence string }

// fullVersions gives a distribution package's version with its epoch and its
// revision, as the package URL has them or else the version field; and, of
// statements that contradict it, the versions that they name.
func (id *identifier) fullVersions(u *URL, version string) (full string, others []contradicting) {
	version, _ = stated(version)
	field, _ := stated(id.field())
	arch := u.qualifier("arch")
	if field != version {
		field = trimArchitecture(field, arch)
	}
	own, said := splitRevision(version), splitRevision(field)
	qualifier := revision{epoch: epochOf(u.qualifier("epoch"))}
	other := func(r revision, evidence string) {
		if v := r.String(); v != full {
			others = append(others, contradicting{v, evidence})
		}
	}
	if version == "" {
		own.rest = said.rest
		if qualifier.epoch == "" {
			own.epoch = said.epoch
		}
	}
	clash := field != "" && !own.agrees(said)
	if clash {
		own.rest = trimArchitecture(own.rest, arch)
		clash = !own.agrees(said)
	}
	if !clash && len(said.rest) > len(own.rest) {
		own.rest = said.rest // the URL leaves the revision out
	}
	switch {
	case own.epoch != "":
	case qualifier.epoch != "":
		own.epoch = qualifier.epoch
	case !clash && said.epoch != "" && version != "":
		own.epoch = said.epoch
		if said.epoch != "0" {
			id.detail(fieldsEpoch)
		}
	}
	full = own.String()
	if !own.sameEpoch(qualifier) {
		id.out.Contradiction = true
		id.detail(twoEpochs)
		other(revision{epoch: qualifier.epoch, rest: own.rest}, byQualifier)
	}
	if field != "" && (clash || !own.sameEpoch(said)) {
		id.out.Contradiction = true
		id.detail(twoVersions)
		switch {
		case !clash:
			said.rest = own.rest
		case said.epoch == "":
			said.epoch = own.epoch // as most writers leave it out
		}
		other(said, byField)
	}
	return full, others
}
