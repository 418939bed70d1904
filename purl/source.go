// SPDX-License-Identifier: Apache-2.0

package purl

import "strings"

// source finds the source package of a binary one, with the version if one is
// stated: in the qualifiers, the properties, or the words of the document.
func (id *identifier) source(u *URL) (name, version, evidence string) {
	if q := u.qualifier("upstream"); q != "" {
		name, version = splitSource(q)
		return name, version, "package URL with its upstream qualifier"
	}
	if q := u.qualifier("source"); q != "" {
		name, version = splitSource(q)
		return name, version, "package URL with its source qualifier"
	}
	if id.in.SourceName != "" {
		return id.in.SourceName, id.in.SourceVersion, "package URL and source package in the properties"
	}
	for _, mark := range [...]string{"built package from: ", "source package: ", "Source package: ", "source rpm: "} {
		if _, rest, ok := strings.Cut(id.in.SourceInfo, mark); ok {
			name, rest, _ = strings.Cut(strings.TrimSpace(rest), " ")
			version, _, _ = strings.Cut(rest, " ")
			name, version = strings.TrimRight(name, ",;"), strings.TrimRight(version, ",;")
			if version != "" && !isDigit(version[0]) {
				version = ""
			}
			return name, version, "package URL and source package in the source information"
		}
	}
	return "", "", ""
}

// splitSource takes "openssl", "openssl@1.1.1n-0+deb11u1", "openssl (1.1.1n)",
// "openssl=1.1.1n" and "openssl-1.1.1k-9.el8.src.rpm" apart.
func splitSource(s string) (name, version string) {
	if rest, ok := strings.CutSuffix(s, ".rpm"); ok {
		rest, ok = strings.CutSuffix(rest, ".src")
		if !ok {
			rest = strings.TrimSuffix(rest, ".nosrc")
		}
		if i := strings.LastIndexByte(rest, '-'); i > 0 {
			if j := strings.LastIndexByte(rest[:i], '-'); j > 0 {
				return rest[:j], rest[j+1:]
			}
		}
		return rest, ""
	}
	for i := range len(s) {
		switch s[i] {
		case '@', '=':
			return s[:i], s[i+1:]
		case ' ':
			return s[:i], strings.Trim(s[i:], " ()")
		}
	}
	return s, ""
}

// sourceVersion gives the version of the source package. Generators write it
// without revision and epoch (trivy keeps these in properties of their own) or
// not at all: then it is the binary's. truncated says that it had to be
// completed.
func sourceVersion(stated, binary string) (version string, truncated bool) {
	switch {
	case stated == "":
		return binary, false
	case strings.Contains(stated, "-") || !strings.Contains(binary, "-"):
		return stated, false
	case strings.HasPrefix(trimEpoch(binary), trimEpoch(stated)+"-"):
		return binary, trimEpoch(stated) == stated
	}
	return stated, false
}

// looksBinary reports names that a binary package made from a source of another
// name usually has: libssl3, zlib1g-dev, ncurses-libs.
func looksBinary(name string) bool {
	if strings.HasPrefix(name, "lib") && isDigit(name[len(name)-1]) {
		return true
	}
	for _, suffix := range [...]string{
		"-dev", "-devel", "-dbg", "-dbgsym", "-doc", "-docs", "-common", "-data", "-bin", "-libs", "-lib", "-utils", "-base",
		"-udeb", "-perl", "-minimal", "-openrc", "-lang", "-static", "-headers", "-runtime", "-server", "-client",
	} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

// commonSource names the source package of binary packages that most images of
// Debian, Ubuntu and Alpine hold; the names have no other meaning there.
func commonSource(binary string) string {
	switch binary {
	case "libssl1.0", "libssl1.0.0", "libssl1.0.2", "libssl1.1", "libssl3", "libssl3t64", "libssl-dev",
		"libcrypto1.0", "libcrypto1.1", "libcrypto3", "openssl-libs":
		return "openssl"
	case "libc6", "libc-bin", "libc-dev-bin", "libc6-dev", "libc-l10n", "locales", "multiarch-support", "nscd":
		return "glibc"
	case "musl-utils", "musl-dev":
		return "musl"
	case "ssl_client", "busybox-binsh", "busybox-static", "busybox-extras", "udhcpd", "udhcpc":
		return "busybox"
	case "zlib1g", "zlib1g-dev", "zlib-dev":
		return "zlib"
	case "libcurl", "libcurl3", "libcurl3-gnutls", "libcurl4", "libcurl4t64", "libcurl3t64-gnutls", "libcurl4-openssl-dev",
		"libcurl4-gnutls-dev", "curl-dev":
		return "curl"
	case "libexpat1", "libexpat", "libexpat1-dev", "expat-dev":
		return "expat"
	case "libxml2-utils", "libxml2-dev":
		return "libxml2"
	case "libsqlite3-0", "libsqlite3-dev":
		return "sqlite3"
	case "sqlite-libs", "sqlite-dev":
		return "sqlite"
	case "libsystemd0", "libudev1", "udev", "systemd-sysv", "libpam-systemd", "libnss-systemd":
		return "systemd"
	case "libgnutls30", "libgnutls30t64":
		return "gnutls28"
	case "liblzma5", "xz-libs":
		if binary == "xz-libs" {
			return "xz"
		}
		return "xz-utils"
	case "libncurses6", "libncursesw6", "libncurses5", "libncursesw5", "libtinfo5", "libtinfo6", "ncurses-base", "ncurses-bin",
		"ncurses-libs", "ncurses-terminfo-base", "ncurses-term":
		return "ncurses"
	case "perl-base", "perl-modules-5.36", "perl-modules-5.32", "perl-modules-5.28", "libperl5.36", "libperl5.32", "libperl5.28":
		return "perl"
	case "libgssapi-krb5-2", "libkrb5-3", "libkrb5support0", "libk5crypto3", "krb5-locales":
		return "krb5"
	case "openssh-client", "openssh-server", "openssh-sftp-server", "openssh-keygen", "openssh-client-default":
		return "openssh"
	case "libldap-2.4-2", "libldap-2.5-0", "libldap-common":
		return "openldap"
	case "mount", "libmount1", "libblkid1", "libuuid1", "libsmartcols1", "libfdisk1", "util-linux-extra", "uuid-runtime":
		return "util-linux"
	case "login", "passwd":
		return "shadow"
	case "libfreetype6", "libfreetype6-dev":
		return "freetype"
	case "libtiff5", "libtiff6", "libtiff-dev":
		return "tiff"
	case "libwebp6", "libwebp7":
		return "libwebp"
	case "libnghttp2-14", "nghttp2-libs":
		return "nghttp2"
	}
	return ""
}
