// SPDX-License-Identifier: Apache-2.0

package match

import (
	"slices"
	"strings"

	"github.com/medsbom/medsbom/purl"
)

// sources looks after packages of distributions whose advisories name source
// packages, where nothing states the source: the package's own name stands for it.
// If no advisory of the distribution names that, it may as well be the name of a
// binary package of which advisories speak by another one, so that nothing
// found is no answer, and the sources that such names usually have are looked up
// beside it. It reports whether there is such a package of a strong identity, which
// stays one of the distribution and its release.
func (w *worker) sources(id *purl.Identification) bool {
	unknown := false
	for _, p := range id.Packages {
		if !p.SourceNotStated {
			continue
		}
		if _, ok := w.db.Package(p.Ecosystem, p.Name); ok {
			continue
		}
		unknown = unknown || p.Confidence == purl.Strong
		if len(id.Packages) >= maxIdentities {
			id.Overflow = true
			continue
		}
		for _, name := range sourceNames(p.Name) {
			if _, ok := w.db.Package(p.Ecosystem, name); !ok {
				continue
			}
			p.Name, p.Confidence, p.SourceNotStated = name, min(p.Confidence, purl.Weak), false
			p.Evidence = "source package guessed from the name of the binary one"
			id.Packages = append(id.Packages, p)
			break
		}
	}
	return unknown
}

// maxIdentities bounds the identities with those that are guessed.
const maxIdentities = 128

// maxGuesses and maxGuessed bound the names that are guessed for one package, and
// the length of the name from which they are, in bytes.
const (
	maxGuesses = 16
	maxGuessed = 128
)

// sourceNames gives the names that the source of a binary package may have, the
// likeliest first, from how distributions name what they build.
func sourceNames(name string) []string {
	if len(name) > maxGuessed {
		return nil
	}
	var list []string
	add := func(s string) {
		if len(s) > 1 && s != name && len(list) < maxGuesses && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	if s := oddSource(name); s != "" {
		add(s)
	}
	for _, of := range [...]string{"linux-image-", "linux-headers-", "linux-modules-extra-", "linux-modules-", "linux-kbuild-", "linux-tools-"} {
		if rest, ok := strings.CutPrefix(name, of); ok { // linux-image-5.4.0-42-aws is of linux-aws, if there is one
			if _, flavour, ok := cutDash(rest); ok {
				add("linux-" + flavour)
			}
			add("linux")
		}
	}
	for _, of := range [...]string{"python3-", "python2-", "python-", "py3-", "py2-"} {
		if rest, ok := strings.CutPrefix(name, of); ok {
			add("python-" + rest)
			add("py-" + rest)
			add("py3-" + rest)
			add("python3-" + rest)
			add(rest)
		}
	}
	for stem := name; stem != "" && len(list) < maxGuesses; stem = shorter(stem) {
		add(stem)
		if rest, ok := strings.CutPrefix(stem, "lib"); ok {
			add(rest)
		}
	}
	return list
}

// shorter cuts one part off the name of a package that tells what of its source
// it holds: the last word of openjdk-11-jre-headless, the word before the release
// in postgresql-client-13, the number of a library's interface in libexpat1. "" if
// there is none.
func shorter(name string) string {
	before, last, ok := cutDash(name)
	switch {
	case ok && isPart(last):
		return before
	case ok && strings.Trim(last, "0123456789.") == "":
		if front, word, ok := cutDash(before); ok && isPart(word) {
			return front + "-" + last
		}
	}
	if !strings.HasPrefix(name, "lib") {
		return ""
	}
	name = strings.TrimSuffix(name, "t64")
	if short := strings.TrimRight(name, "0123456789."); short != name {
		return strings.TrimRight(short, "-")
	}
	return ""
}

// isPart reports words at the end of a binary package's name that its source's
// mostly has not.
func isPart(word string) bool {
	switch word {
	case "common", "bin", "utils", "util", "tools", "tool", "dev", "devel", "dbg", "dbgsym", "doc", "docs", "headless", "jre", "jdk", "base",
		"demo", "source", "zero", "server", "client", "clients", "full", "light", "lite", "extras", "extra", "core", "fpm", "cli", "cgi", "fcgi", "lib", "libs",
		"data", "minimal", "stdlib", "daemon", "runtime", "static", "headers", "plugin", "plugins", "modules", "module", "lang", "openrc", "udeb",
		"perl", "gtk", "qt", "nox", "tiny", "gui", "man", "manpages", "examples", "locales", "l10n", "i18n", "backend", "backends", "java", "python", "python3",
		"mysql", "pgsql", "sqlite3", "curl", "gd", "mbstring", "xml", "zip", "opcache", "json", "readline", "gmp", "intl", "bcmath", "ldap", "soap",
		"basic", "basic2", "krb5", "gnutls", "openssl", "systemd", "init", "scripts", "config", "setup", "helper", "helpers", "venv", "distutils", "go", "src",
		"all", "default", "engine", "tests", "test", "vim", "bash", "completion", "gtk3", "x11", "glib", "user", "session":
		return true
	}
	return false
}

// oddSource names the source of binary packages whose name does not tell it.
func oddSource(binary string) string {
	switch binary {
	case "smbclient", "libsmbclient", "libwbclient0", "winbind", "libnss-winbind", "libpam-winbind", "registry-tools":
		return "samba"
	case "gpgv", "gpg", "gpgsm", "gpgconf", "gpg-agent", "gpg-wks-client", "gpg-wks-server", "dirmngr", "gnupg", "gnupg-utils", "scdaemon":
		return "gnupg2"
	case "dnsutils", "libdns1110", "libisc1105", "bind9-dnsutils", "bind9-host":
		return "bind9"
	case "bind-tools", "bind-libs":
		return "bind"
	case "mariadb-client", "mariadb-server", "libmariadb3":
		return "mariadb"
	case "apache2-bin", "apache2-utils":
		return "apache2"
	case "snmp", "snmpd", "libsnmp40", "libsnmp30":
		return "net-snmp"
	case "libc6-dbg", "libc-devtools":
		return "glibc"
	case "rsyslog-gnutls":
		return "rsyslog"
	case "isc-dhcp-client", "isc-dhcp-common", "isc-dhcp-server":
		return "isc-dhcp"
	case "xserver-xorg-core", "xserver-common", "xwayland":
		return "xorg-server"
	}
	return ""
}
