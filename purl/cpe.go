// SPDX-License-Identifier: Apache-2.0

package purl

import "strings"

// identifyCPEs adds the upstream projects that the tables know for the
// component's CPEs, and if asked the language packages.
func (id *identifier) identifyCPEs(packages bool) {
	closed, system, rebuilt := false, false, false
	field, _ := stated(id.in.Version)
	confidence, before := id.confidenceOfCPEs(), len(id.out.Packages)
	for _, text := range id.in.CPEs {
		c, ok := parseCPE(text)
		if !ok {
			continue
		}
		if field != "" {
			c.version = ""
		}
		p := projectOfCPE(c.vendor, c.product)
		switch {
		case p != nil && (id.isDistributed() || isRebuilt(c.version)):
			rebuilt = true
		case p != nil:
			id.project(p, c.version, "CPE", confidence)
		case c.part != 'a':
			system = true
		case isClosed(c.product):
			closed = true
		}
		if packages && c.part == 'a' {
			id.product(c.vendor, c.product, c.version, "CPE", confidence)
		}
	}
	switch {
	case len(id.out.Packages) > before:
		if confidence == Possible {
			id.detail("its CPEs name several products")
		}
	case !packages || id.patched:
	case rebuilt:
		id.problem(ProblemNoEcosystem, "its CPE names an upstream project, its version a distribution's package, which has patches of its own")
	case closed:
		id.problem(ProblemNoEcosystem, "its CPE names a product that no advisory source for packages or repositories covers")
	case system:
		id.problem(ProblemNoEcosystem, "its CPE names an operating system or hardware, which no package ecosystem covers")
	case !id.out.HasURL:
		id.detail("no package is known for its CPE")
	}
}

// confidenceOfCPEs tells a stated CPE from guessed ones: generators that do not
// know the vendor write a CPE for each that they can think of.
func (id *identifier) confidenceOfCPEs() Confidence {
	var first cpe
	for _, text := range id.in.CPEs {
		c, ok := parseCPE(text)
		switch {
		case !ok:
		case first.product == "":
			first = c
		case c.vendor == first.vendor && c.product == first.product:
		default:
			p, q := projectOfCPE(first.vendor, first.product), projectOfCPE(c.vendor, c.product)
			if p != q || p == nil && (!isProduct(&first) || !isProduct(&c)) {
				return Possible
			}
		}
	}
	return Weak
}

func isProduct(c *cpe) bool {
	for i := range products {
		if p := &products[i]; p.product == c.product && p.of(c.vendor) {
			return true
		}
	}
	return false
}

// product adds the packages of a vendor's product; false if none is known.
func (id *identifier) product(vendor, product, version, evidence string, confidence Confidence) bool {
	found := false
	for i := range products {
		p := &products[i]
		if p.product != product || !p.of(vendor) {
			continue
		}
		found = true
		id.language(p.ecosystem, p.name, version, evidence, confidence)
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

// isClosed reports products whose makers alone tell of their flaws.
func isClosed(product string) bool {
	switch product {
	case "internet_information_services", "sql_server", "windows_embedded_standard", "vxworks", "qnx", "embos":
		return true
	}
	return false
}
