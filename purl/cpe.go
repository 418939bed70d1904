// SPDX-License-Identifier: Apache-2.0

package purl

import "strings"

// identifyCPEs adds the language packages that the table knows for the
// component's CPEs.
func (id *identifier) identifyCPEs() {
	native, system := false, false
	stood := id.out.Detail
	id.out.Detail = ""
	field, _ := stated(id.in.Version)
	for _, text := range id.in.CPEs {
		c, ok := parseCPE(text)
		if !ok {
			continue
		}
		switch {
		case isNative(c.product):
			native = true
		case c.part != 'a':
			system = true
		default:
			if field != "" {
				c.version = ""
			}
			id.product(c.vendor, c.product, c.version, "CPE")
		}
	}
	if len(id.out.Packages) > 0 {
		return
	}
	id.out.Detail = stood
	switch {
	case native:
		id.problem(ProblemNoEcosystem, "its CPE names an upstream project in C or C++: no package ecosystem has versions that compare with it")
	case system:
		id.problem(ProblemNoEcosystem, "its CPE names an operating system or hardware, which no package ecosystem covers")
	case len(id.in.CPEs) > 0 && !id.out.HasURL:
		id.detail("no package is known for its CPE")
	}
}

// product adds the packages of a vendor's product; false if none is known.
func (id *identifier) product(vendor, product, version, evidence string) bool {
	found := false
	for i := range products {
		p := &products[i]
		if p.product != product || !p.of(vendor) {
			continue
		}
		found = true
		id.language(p.ecosystem, p.name, version, evidence, Weak)
	}
	return found
}

// cpe is what we use of a Common Platform Enumeration name.
type cpe struct {
	part                     byte // 'a', 'o' or 'h'
	vendor, product, version string
}

// parseCPE reads a CPE of version 2.3 (cpe:2.3:a:vendor:product:version:…) or
// 2.2 (cpe:/a:vendor:product:version). Vendor and product are in lower case
// with "_" for "-".
func parseCPE(s string) (cpe, bool) {
	var c cpe
	modern := false
	if len(s) > 8 && strings.EqualFold(s[:8], "cpe:2.3:") {
		s, modern = s[8:], true
	} else if len(s) > 5 && strings.EqualFold(s[:5], "cpe:/") {
		s = s[5:]
	} else {
		return c, false
	}
	var fields [5]string
	for i := range fields {
		end := 0
		for end < len(s) && s[end] != ':' {
			if s[end] == '\\' && modern {
				end++
			}
			end++
		}
		end = min(end, len(s))
		fields[i] = s[:end]
		if end == len(s) {
			s = ""
			continue
		}
		s = s[end+1:]
	}
	if len(fields[0]) != 1 || fields[1] == "" || fields[2] == "" {
		return c, false
	}
	c.part = fields[0][0] | 0x20
	if c.part != 'a' && c.part != 'o' && c.part != 'h' {
		return c, false
	}
	c.vendor, c.product = foldCPE(fields[1]), foldCPE(fields[2])
	c.version = plainCPE(fields[3])
	if c.version == "*" || c.version == "-" {
		c.version = ""
	}
	if u := plainCPE(fields[4]); c.version != "" && u != "" && u != "*" && u != "-" {
		c.version += "-" + u
	}
	return c, true
}

func foldCPE(s string) string {
	return strings.ReplaceAll(lower(plainCPE(s)), "-", "_")
}

// plainCPE resolves the escapes of 2.3 ("\.") and 2.2 ("%2b").
func plainCPE(s string) string {
	if strings.IndexByte(s, '\\') >= 0 {
		b := make([]byte, 0, len(s))
		for i := 0; i < len(s); i++ {
			if s[i] == '\\' && i+1 < len(s) {
				i++
			}
			b = append(b, s[i])
		}
		return string(b)
	}
	if d, err := decode(s); err == nil {
		return d
	}
	return s
}

// isNative reports products in C and C++ that devices and images are full of.
func isNative(product string) bool {
	switch product {
	case "openssl", "zlib", "curl", "libcurl", "busybox", "linux_kernel", "glibc", "musl", "uclibc", "uclibc_ng", "sqlite", "expat",
		"libexpat", "libpng", "libjpeg", "libjpeg_turbo", "libtiff", "freetype", "libxml2", "libxslt", "bash", "openssh", "dropbear",
		"dropbear_ssh", "wolfssl", "mbed_tls", "mbedtls", "gnutls", "libgcrypt", "openldap", "openvpn", "systemd", "dnsmasq",
		"u_boot", "freertos", "zephyr", "lwip", "vxworks", "qt", "http_server", "nginx", "mysql", "mariadb", "postgresql", "redis",
		"php", "python", "perl", "ruby", "node.js", "samba", "ntp", "libssh", "libssh2", "nghttp2", "c_ares", "libarchive", "xz",
		"bzip2", "lz4", "zstandard", "boost", "opencv", "ffmpeg", "gstreamer", "dcmtk", "grassroots_dicom", "insight_toolkit",
		"sudo", "glib", "dbus", "bluez", "wpa_supplicant", "hostapd", "binutils", "gcc", "git", "vim", "libevent", "pcre", "pcre2",
		"krb5", "kerberos_5", "net_snmp", "open62541",
		"mosquitto", //nolint:misspell // the MQTT broker
		"harfbuzz", "cairo", "pixman", "libwebp", "openjpeg", "icu",
		"international_components_for_unicode", "internet_information_services", "sql_server", "windows_embedded_standard":
		return true
	}
	return false
}
