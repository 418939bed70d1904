// SPDX-License-Identifier: Apache-2.0

package purl

import "strings"

// distroQualifier reads which distribution and release a URL states. The forms
// met are "debian-11.5", "bookworm", "alpine-3.11.5", "3.16.3", "v3.16", "el9",
// "almalinux-9.2", "opensuse-leap-15.5", "esm-apps/focal", "wolfi-20230201".
func distroQualifier(u *URL) (name, text string) {
	for i := range u.Qualifiers {
		switch q := &u.Qualifiers[i]; q.Key {
		case "distro":
			return splitDistro(q.Value)
		case "os_distro", "distro_version", "os_version":
			if text == "" {
				text = q.Value
			}
		case "distro_name", "os_name":
			if isReleaseText(q.Value) { // distro_name=bookworm
				if text == "" {
					text = q.Value
				}
				continue
			}
			name = q.Value
		}
	}
	if text == "" {
		return name, ""
	}
	n, t := splitDistro(text)
	if n != "" {
		name = n
	}
	return name, t
}

func splitDistro(s string) (name, text string) {
	if isReleaseText(s) {
		return "", s
	}
	if _, kind := distribution(s); kind != "" { // rolling, or without release
		if strings.HasSuffix(lower(s), "tumbleweed") {
			return s, "tumbleweed"
		}
		return s, ""
	}
	for i := len(s) - 1; i > 0; i-- {
		if s[i] != '-' && s[i] != ':' && s[i] != '/' && s[i] != ' ' && s[i] != '_' {
			continue
		}
		if _, kind := distribution(s[:i]); kind != "" {
			return s[:i], s[i+1:]
		}
	}
	if !strings.ContainsAny(s, "0123456789") {
		return "", s // sid, testing, a codename yet to come
	}
	return s, "" // of a distribution without advisories: poky-4.0.25, fedora-38, amzn-2
}

// isReleaseText reports text that states a release alone.
func isReleaseText(s string) bool {
	switch {
	case s == "":
		return false
	case isDigit(s[0]), len(s) > 1 && s[0] == 'v' && isDigit(s[1]):
		return true
	case len(s) > 2 && s[:2] == "el" && isDigit(s[2]):
		return true
	case s == "edge", s == "stream":
		return true
	}
	codename := codenameOf(s)
	return debianCodename(codename) != "" || ubuntuCodename(codename) != ""
}

// codenameOf finds the codename in "bookworm", "trusty/esm", "esm-apps/focal",
// "bookworm/sid", "12 (bookworm)", in lower case.
func codenameOf(s string) string {
	s = lower(s)
	if before, after, ok := strings.Cut(s, "/"); ok {
		if strings.HasPrefix(before, "esm") || strings.HasPrefix(before, "fips") {
			return after
		}
		return before
	}
	if _, after, ok := strings.Cut(s, "("); ok {
		return strings.TrimSuffix(after, ")")
	}
	before, _, _ := strings.Cut(s, " ")
	before, _, _ = strings.Cut(before, "-") // bookworm-slim, bullseye-security
	return before
}

func debianCodename(s string) string {
	switch s {
	case "woody":
		return "3.0"
	case "sarge":
		return "3.1"
	case "etch":
		return "4.0"
	case "lenny":
		return "5.0"
	case "squeeze":
		return "6.0"
	case "wheezy":
		return "7"
	case "jessie":
		return "8"
	case "stretch":
		return "9"
	case "buster":
		return "10"
	case "bullseye":
		return "11"
	case "bookworm":
		return "12"
	case "trixie":
		return "13"
	case "forky":
		return "14"
	case "duke":
		return "15"
	}
	return ""
}

func ubuntuCodename(s string) string {
	switch s {
	case "precise":
		return "12.04"
	case "trusty":
		return "14.04"
	case "xenial":
		return "16.04"
	case "bionic":
		return "18.04"
	case "focal":
		return "20.04"
	case "hirsute":
		return "21.04"
	case "impish":
		return "21.10"
	case "jammy":
		return "22.04"
	case "kinetic":
		return "22.10"
	case "lunar":
		return "23.04"
	case "mantic":
		return "23.10"
	case "noble":
		return "24.04"
	case "oracular":
		return "24.10"
	case "plucky":
		return "25.04"
	case "questing":
		return "25.10"
	case "resolute":
		return "26.04"
	}
	return ""
}

// hasRelease reports whether text names a release of the ecosystem.
func hasRelease(ecosystem, text string) bool {
	return text != "" && releaseName(ecosystem, text) != ""
}

// releaseName spells a release as OSV does, its plain form; "" if the text
// names none. Point releases are folded.
func releaseName(ecosystem, text string) string {
	text = strings.TrimSpace(text)
	switch ecosystem {
	case "Debian":
		return debianRelease(text)
	case "Ubuntu":
		return ubuntuRelease(text)
	case "Alpine":
		return alpineRelease(text)
	case "Alpaquita", "BellSoft Hardened Containers":
		if text == "stream" {
			return text
		}
		return major(text)
	case "AlmaLinux", "Rocky Linux", "Red Hat":
		if i := strings.Index(text, "el"); i >= 0 && i+2 < len(text) && isDigit(text[i+2]) {
			text = text[i+2:]
		}
		return major(text)
	case "openSUSE":
		if lower(text) == "tumbleweed" || len(text) == 8 && isNumber(text) { // a snapshot's date
			return "Tumbleweed"
		}
		if n := numbers(strings.TrimPrefix(lower(text), "leap-"), 2); n != "" {
			return "Leap " + n
		}
		return ""
	case "SUSE":
		n := numbers(text, 2)
		m, pack, ok := strings.Cut(n, ".")
		switch {
		case m == "":
			return ""
		case !ok || pack == "0":
			return "Linux Enterprise Server " + m
		}
		return "Linux Enterprise Server " + m + " SP" + pack
	case "openEuler":
		n := numbers(text, 2)
		if n == "" {
			return ""
		}
		if rest := strings.ToUpper(strings.Trim(text[len(n):], " ()-_")); strings.HasPrefix(rest, "LTS") {
			return n + "-" + rest
		} else if strings.HasPrefix(rest, "SP") {
			return n + "-LTS-" + rest
		}
		return n + "-LTS"
	case "Photon OS":
		if n := numbers(text, 2); n != "" && !strings.Contains(n, ".") {
			return n + ".0"
		}
		return numbers(text, 2)
	case "Mageia", "Azure Linux":
		return major(text)
	}
	return ""
}

// major gives the number at the front of a release: "9" of "9.2".
func major(s string) string { return numbers(s, 1) }

// numbers gives up to n numbers with dots between them from the front of s.
func numbers(s string, n int) string {
	if len(s) > 1 && s[0] == 'v' {
		s = s[1:]
	}
	i := 0
	for i < len(s) {
		c := s[i]
		if c == '.' {
			if n--; n == 0 || i == 0 || i+1 == len(s) || !isDigit(s[i+1]) {
				break
			}
		} else if !isDigit(c) {
			break
		}
		i++
	}
	return s[:i]
}

// debianRelease: one number since 7, two before ("6.0", "3.1").
func debianRelease(s string) string {
	m := major(s)
	switch m {
	case "":
		return debianCodename(codenameOf(s))
	case "3":
		if strings.HasPrefix(s, "3.1") {
			return "3.1"
		}
		return "3.0"
	case "4":
		return "4.0"
	case "5":
		return "5.0"
	case "6":
		return "6.0"
	}
	if len(m) > 2 {
		return ""
	}
	return m
}

// ubuntuRelease gives year and month, without ":LTS".
func ubuntuRelease(s string) string {
	n := numbers(s, 2)
	if n == "" {
		return ubuntuCodename(codenameOf(s))
	}
	if len(n) != 5 || n[2] != '.' {
		return ""
	}
	return n
}

// alpineRelease: "v3.16" of "3.16.3"; what is built after a release and before
// the next ("3.21_alpha20240807") is edge.
func alpineRelease(s string) string {
	if s == "edge" || strings.Contains(s, "_alpha") || strings.Contains(s, "_edge") {
		return "edge"
	}
	n := numbers(s, 2)
	if !strings.Contains(n, ".") {
		return ""
	}
	if s[0] == 'v' && len(s) == len(n)+1 {
		return s
	}
	if i, ok := strings.CutPrefix(n, "3."); ok {
		if len(i) == 1 {
			return alpineReleases[i[0]-'0']
		}
		if len(i) == 2 && (i[0] == '1' || i[0] == '2') {
			return alpineReleases[(i[0]-'0')*10+i[1]-'0']
		}
	}
	return "v" + n
}

var alpineReleases = [...]string{
	"v3.0", "v3.1", "v3.2", "v3.3", "v3.4", "v3.5", "v3.6", "v3.7", "v3.8", "v3.9",
	"v3.10", "v3.11", "v3.12", "v3.13", "v3.14", "v3.15", "v3.16", "v3.17", "v3.18", "v3.19",
	"v3.20", "v3.21", "v3.22", "v3.23", "v3.24", "v3.25", "v3.26", "v3.27", "v3.28", "v3.29",
}

// releases adds a package in every spelling of the release that OSV may have.
func (id *identifier) releases(ecosystem string, r *release, name, version, evidence string, c Confidence) {
	plain := ""
	if r.text != "" {
		plain = releaseName(ecosystem, r.text)
	}
	switch ecosystem {
	case "Ubuntu":
		id.ubuntu(plain, r, name, version, evidence, c)
	case "Red Hat":
		id.redHat(plain, r, name, version, evidence, c)
	case "SUSE":
		id.add(ecosystem, plain, name, version, evidence, c)
		if of, ok := strings.CutPrefix(plain, "Linux Enterprise Server "); ok {
			// From 15 on the server is made of modules, which OSV lists apart.
			id.add(ecosystem, "Linux Enterprise Module for Basesystem "+of, name, version, evidence, c)
			id.add(ecosystem, "Linux Enterprise Module for Server Applications "+of, name, version, evidence, c)
		}
	default:
		id.add(ecosystem, plain, name, version, evidence, c)
	}
}

const (
	byPro      = "package URL, as Ubuntu Pro lists the release"
	byExtended = "package URL, as extended support lists the release"
)

// ubuntu adds the long-term support form and that of Ubuntu Pro, whose
// advisories name the fixes that a release gets after its standard support.
func (id *identifier) ubuntu(plain string, r *release, name, version, evidence string, c Confidence) {
	if plain == "" {
		id.add("Ubuntu", "", name, version, evidence, c)
		return
	}
	lts, pro := "", ""
	switch plain {
	case "14.04":
		lts, pro = "14.04:LTS", "Pro:14.04:LTS"
	case "16.04":
		lts, pro = "16.04:LTS", "Pro:16.04:LTS"
	case "18.04":
		lts, pro = "18.04:LTS", "Pro:18.04:LTS"
	case "20.04":
		lts, pro = "20.04:LTS", "Pro:20.04:LTS"
	case "22.04":
		lts, pro = "22.04:LTS", "Pro:22.04:LTS"
	case "24.04":
		lts, pro = "24.04:LTS", "Pro:24.04:LTS"
	case "26.04":
		lts, pro = "26.04:LTS", "Pro:26.04:LTS"
	default:
		id.add("Ubuntu", plain, name, version, evidence, c)
		return
	}
	proC := min(c, Weak)
	if strings.Contains(version, "esm") || strings.Contains(r.text, "esm") {
		proC = c
	}
	id.add("Ubuntu", lts, name, version, evidence, c)
	id.add("Ubuntu", pro, name, version, byPro, proC)
}

// redHat adds the product streams of a release, which OSV names as Red Hat's
// CPEs do: "enterprise_linux:9::baseos", "rhel_eus:9.2::appstream".
func (id *identifier) redHat(plain string, r *release, name, version, evidence string, c Confidence) {
	minor := numbers(r.text, 2)
	if r.repository != "" {
		if _, of, ok := strings.Cut(r.repository, "__"); ok { // …-aus-rpms__8_DOT_6
			if m, n, ok := strings.Cut(of, "_DOT_"); ok && isNumber(m) && major(n) != "" {
				minor = m + "." + major(n)
			}
		}
		if i := strings.Index(r.repository, "rhel-"); i >= 0 {
			plain = major(r.repository[i+len("rhel-"):])
		} else if of, ok := strings.CutPrefix(r.repository, "ubi-"); ok {
			plain = major(of)
		}
		evidence = "package URL with its repository_id"
	}
	fits := len(minor) >= 3 && plain == major(minor)
	if plain == "" || extended(r.repository) != "" && !fits {
		id.add("Red Hat", "", name, version, evidence, min(c, Weak))
		id.detail("the release of the distribution is not stated")
		return
	}
	var streams []string
	switch {
	case strings.Contains(r.repository, "appstream"):
		streams = []string{"appstream"}
	case strings.Contains(r.repository, "baseos"):
		streams = []string{"baseos"}
	case strings.Contains(r.repository, "codeready") || strings.Contains(r.repository, "-crb-"):
		streams = []string{"crb"}
	case plain == "7" || plain == "6" || plain == "5":
		streams = []string{"server", "workstation", "client", "computenode"}
	default:
		streams = []string{"baseos", "appstream"}
	}
	if extended(r.repository) == "" {
		for _, s := range streams {
			id.add("Red Hat", enterpriseLinux(plain, s), name, version, evidence, c)
		}
	}
	// Minor releases with support of their own: their advisories say what is
	// wrong with a system that stands at that release.
	if !fits {
		return
	}
	for _, product := range [...]string{"eus", "aus", "tus", "e4s"} {
		pc := min(c, Weak)
		switch of := extended(r.repository); {
		case of == product:
			pc = c
		case of != "" || !hasExtended(minor):
			continue
		}
		for _, s := range streams {
			id.add("Red Hat", "rhel_"+product+":"+minor+"::"+s, name, version, byExtended, pc)
		}
	}
}

// extended gives the kind of extended support that a repository's id names.
func extended(repository string) string {
	for _, kind := range [...]string{"eus", "aus", "tus", "e4s"} {
		if i := strings.Index(repository, "-"+kind); i >= 0 {
			return kind
		}
	}
	return ""
}

// hasExtended: 8.1 and the even minors of 8 and 9 but the last.
func hasExtended(minor string) bool {
	switch minor {
	case "8.1", "8.2", "8.4", "8.6", "8.8", "9.0", "9.2", "9.4", "9.6", "10.0", "10.2":
		return true
	}
	return false
}

func enterpriseLinux(release, stream string) string {
	switch {
	case release == "9" && stream == "baseos":
		return "enterprise_linux:9::baseos"
	case release == "9" && stream == "appstream":
		return "enterprise_linux:9::appstream"
	case release == "8" && stream == "baseos":
		return "enterprise_linux:8::baseos"
	case release == "8" && stream == "appstream":
		return "enterprise_linux:8::appstream"
	}
	return "enterprise_linux:" + release + "::" + stream
}

// ecosystemOfVersion infers the distribution from a version's suffix.
func ecosystemOfVersion(kind, version string) string {
	switch {
	case kind == "apk" && isRebuilt(version): // 1.2.1-r0
		return "Alpine"
	case kind != "deb":
		return ""
	case strings.Contains(version, "ubuntu"):
		return "Ubuntu"
	case releaseOfVersion("Debian", version) != "":
		return "Debian"
	}
	return ""
}

// releaseOfVersion infers the release from a version's suffix: "+deb11u1",
// "~bpo11+1", "ubuntu0.20.04.1", "~24.04", ".el9_2", ".lp155", ".mga9", ".oe2203sp1".
func releaseOfVersion(ecosystem, v string) string {
	switch ecosystem {
	case "Debian":
		for _, mark := range [...]string{"deb", "bpo"} {
			if i := strings.LastIndex(v, mark); i > 0 && !isLower(v[i-1]) {
				if n := major(v[i+3:]); n != "" {
					return n
				}
			}
		}
	case "Ubuntu":
		i := strings.Index(v, "ubuntu")
		if i < 0 {
			i = strings.LastIndexByte(v, '~')
		}
		if i < 0 {
			return ""
		}
		for i++; i+5 <= len(v); i++ {
			if isYearMonth(v[i:i+5]) && !isDigit(v[i-1]) && (i+5 == len(v) || !isDigit(v[i+5])) {
				return v[i : i+5]
			}
		}
	case "AlmaLinux", "Rocky Linux", "Red Hat":
		for i := strings.Index(v, "el"); i >= 0; {
			if i > 0 && (v[i-1] == '.' || v[i-1] == '+' || v[i-1] == '_') {
				if n := major(v[i+2:]); n != "" && len(n) <= 2 {
					return n
				}
			}
			next := strings.Index(v[i+2:], "el")
			if next < 0 {
				break
			}
			i += 2 + next
		}
	case "openSUSE":
		if _, of, ok := strings.Cut(v, ".lp"); ok && len(of) >= 3 && isNumber(of[:3]) {
			return of[:2] + "." + of[2:3]
		}
	case "Mageia":
		if _, of, ok := strings.Cut(v, ".mga"); ok {
			return major(of)
		}
	case "openEuler":
		if _, of, ok := strings.Cut(v, ".oe"); ok && len(of) >= 4 && isNumber(of[:4]) {
			if strings.HasPrefix(of[4:], "sp") {
				return of[:2] + "." + of[2:4] + "-" + of[4:]
			}
			return of[:2] + "." + of[2:4]
		}
	}
	return ""
}

// isYearMonth reports a release of Ubuntu: 20.04, 21.10.
func isYearMonth(s string) bool {
	return (s[0] == '1' || s[0] == '2') && isDigit(s[1]) && (s[2:] == ".04" || s[2:] == ".10")
}
