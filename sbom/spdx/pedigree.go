// SPDX-License-Identifier: Apache-2.0

package spdx

import "github.com/medsbom/medsbom/sbom"

// descend enters a relationship of descent between two packages into the
// pedigree of both (clause 11.1).
func (b *builder) descend(m meaning, from, to element) {
	if from < 0 || to < 0 || from == to {
		return
	}
	a, z := &b.doc.Components[from], &b.doc.Components[to]
	switch m {
	case ancestorOf:
		p := pedigree(z)
		p.Ancestors = append(p.Ancestors, relative(a))
		p = pedigree(a)
		p.Descendants = append(p.Descendants, relative(z))
	case variantOf:
		p := pedigree(a)
		p.Variants = append(p.Variants, relative(z))
		p = pedigree(z)
		p.Variants = append(p.Variants, relative(a))
	case patchApplied:
		p := pedigree(z)
		p.Patches = append(p.Patches, sbom.Patch{URL: patchLocation(a)})
	default:
	}
}

func pedigree(c *sbom.Component) *sbom.Pedigree {
	d := c.Detail()
	if d.Pedigree == nil {
		d.Pedigree = &sbom.Pedigree{}
	}
	return d.Pedigree
}

func relative(c *sbom.Component) sbom.Relative {
	r := sbom.Relative{Name: c.Name, Version: c.Version, PURL: c.PURL}
	if len(c.CPE) > 0 {
		r.CPE = c.CPE[0]
	}
	return r
}

// patchLocation is where the patch is to be had, else what it is called.
func patchLocation(c *sbom.Component) string {
	for _, r := range c.References {
		if r.Type == "distribution" || r.Type == "vcs" {
			return r.URL
		}
	}
	if c.PURL != "" {
		return c.PURL
	}
	return c.Name
}
