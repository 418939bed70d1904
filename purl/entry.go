// SPDX-License-Identifier: Apache-2.0

package purl

import "strings"

// isFileEntry reports an entry of a file, as generators list thousands of them:
// its type says so, and no version does of its own. One with an identifier needs
// a path for a name too, so that a type does not take what can be known by a
// name and a version out of scope.
func (id *identifier) isFileEntry() bool {
	in := id.in
	switch {
	case in.Type != "file" && in.Type != "data":
		return false
	case hasVersion(in.Version), id.out.HasURL && hasVersion(id.out.URL.Version):
		return false
	case len(in.CPEs) > 0 || in.Tagged:
		return false
	}
	return !id.out.HasURL || isPath(in.Name)
}

// hasVersion reports that a version is written, even one that cannot be used.
func hasVersion(v string) bool {
	v = strings.TrimSpace(v)
	return v != "" && !isPlaceholder(v)
}

// isPath reports the name of a place in a file system.
func isPath(name string) bool {
	return strings.HasPrefix(name, ".") || strings.ContainsAny(name, `/\`)
}

// isSystemEntry reports the entry of an operating system, which says where the
// packages come from: its type says so, and its name is that of one. Systems that
// are built from source in one piece (Linux, Zephyr, FreeRTOS) are projects of
// which advisories speak.
func (id *identifier) isSystemEntry() bool {
	return id.in.Type == "operating-system" && isSystem(id.in.Name)
}

// isSystem reports the name of an operating system, alone or with its maker,
// edition and release: "Debian GNU/Linux 11 (bullseye)", "Microsoft Windows 10 IoT
// Enterprise LTSC 2019".
func isSystem(name string) bool {
	if len(name) > maxNamed {
		return false
	}
	if ecosystem, _ := distribution(name); ecosystem != "" {
		return true
	}
	known := false
	words := strings.FieldsFunc(lower(name), func(r rune) bool { return strings.ContainsRune(" \t/()-_,.:", r) })
	for i, word := range words {
		ecosystem, _ := distribution(word)
		switch {
		case ecosystem != "" || isSystemWord(word):
			known = true
		case isDigit(word[0]) || word[0] == 'v' && len(word) > 1 && isDigit(word[1]) || isEditionWord(word):
		case debianCodename(word) != "" || ubuntuCodename(word) != "":
		case known && i > 0 && strings.ContainsRune(name, '('): // a codename yet to come, an edition's surname
		default:
			return false
		}
	}
	return known
}

// isSystemWord reports the names of operating systems that OSV has no packages of.
func isSystemWord(word string) bool {
	switch word {
	case "windows", "macos", "osx", "ios", "ipados", "android", "chromeos", "freebsd", "openbsd", "netbsd", "dragonfly", "solaris",
		"aix", "illumos", "qnx", "vxworks", "integrity", "threadx", "nucleus", "lynxos", "rtems", "fedora", "centos", "amzn", "amazon", "ol", "oracle",
		"scientific", "arch", "archlinux", "manjaro", "gentoo", "slackware", "void", "nixos", "raspbian", "kali", "mint", "linuxmint",
		"devuan", "flatcar", "coreos", "rhcos", "bottlerocket", "cos", "talos", "poky", "yocto", "openembedded", "openwrt", "buildroot",
		"clear", "distroless", "torizon", "suse", "opensuse", "eurolinux", "virtuozzo", "anolis", "kylin", "deepin", "uos":
		return true
	}
	return false
}

// isEditionWord reports what stands beside the name of a system.
func isEditionWord(word string) bool {
	switch word {
	case "linux", "gnu", "os", "red", "hat", "enterprise", "server", "client", "workstation", "desktop", "microsoft", "ms", "apple",
		"google", "lts", "ltsc", "ltsb", "iot", "core", "pro", "professional", "home", "education", "embedded", "standard", "compact",
		"posready", "edition", "sp1", "sp2", "sp3", "sp4", "sp5", "sp6", "sp7", "r2", "stream", "leap", "tumbleweed", "rolling", "release",
		"edge", "testing", "sid", "unstable", "stable", "x", "x64", "x86", "bit", "64bit", "32bit", "se", "ce", "rtos", "neutrino", "wind",
		"river", "blackberry", "green", "hills", "gnome", "vmware", "mac", "version", "service", "pack", "project", "base", "slim", "micro",
		"for", "arm", "arm64", "amd64", "ec", "xp", "vista", "datacenter", "essentials", "ultimate", "starter":
		return true
	}
	return false
}
