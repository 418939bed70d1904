// SPDX-License-Identifier: Apache-2.0

package match

import (
	"cmp"
	"strings"

	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/sbom"
)

// distroOf finds the operating system that the document names, which gives
// the distribution's packages their release. Of several that differ none does:
// nothing says which package belongs to which.
func distroOf(doc *sbom.Document) purl.Distro {
	var found purl.Distro
	for _, c := range doc.All() {
		if c.Type != "operating-system" || c.Name == "" || isPackage(c) {
			continue
		}
		d := purl.Distro{ID: strings.ToLower(c.Name), Version: c.Version}
		switch {
		case found.ID == "":
			found = d
		case !found.Agrees(d):
			return purl.Distro{}
		case found.Version == "":
			found.Version = d.Version
		}
	}
	return found
}

// isPackage reports an entry that is called an operating system and has the
// package URL of something else.
func isPackage(c *sbom.Component) bool {
	if c.PURL == "" {
		return false
	}
	id := purl.Identify(&purl.Input{PURLs: []string{c.PURL}, Type: c.Type})
	return len(id.Packages) > 0
}

// sourceOf reads the source package that generators put into properties:
// trivy in parts, syft whole.
func sourceOf(c *sbom.Component) (name, ver string) {
	var epoch, release string
	for i := range c.Properties {
		switch p := &c.Properties[i]; p.Name {
		case "aquasecurity:trivy:SrcName":
			name = p.Value
		case "syft:metadata:source":
			name = cmp.Or(name, p.Value)
		case "aquasecurity:trivy:SrcVersion", "syft:metadata:sourceVersion":
			ver = cmp.Or(ver, p.Value)
		case "aquasecurity:trivy:SrcRelease":
			release = p.Value
		case "aquasecurity:trivy:SrcEpoch":
			epoch = p.Value
		}
	}
	if ver != "" && release != "" {
		ver += "-" + release
	}
	if ver != "" && epoch != "" && epoch != "0" {
		ver = epoch + ":" + ver
	}
	return name, ver
}

// appendSources appends the addresses of a component's source repositories.
func appendSources(dst []string, c *sbom.Component) []string {
	for i := range c.References {
		if r := &c.References[i]; r.Type == "vcs" {
			dst = append(dst, r.URL)
		}
	}
	return dst
}

// appendParties appends the names of who makes or supplies a component.
func appendParties(dst []string, c *sbom.Component) []string {
	add := func(list ...sbom.Party) {
		for i := range list {
			if list[i].Name != "" {
				dst = append(dst, list[i].Name)
			}
		}
	}
	add(c.Supplier)
	if d := c.Details; d != nil {
		add(d.Manufacturer, d.Publisher, d.Originator)
		add(d.Authors...)
	}
	return dst
}
