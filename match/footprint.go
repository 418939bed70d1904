// SPDX-License-Identifier: Apache-2.0

package match

import (
	"crypto/sha256"
	"slices"

	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/vulndb"
)

// A Footprint is what a match of one document asks a database, and nothing of
// what the document says. If no change of a database touches it, the document has
// the findings it had.
type Footprint struct {
	SHA256  [sha256.Size]byte // of the file as it lies on disk
	Path    string            // of the file; of an archive's entry with the entry's
	Product string            // name and version of the document's subject; may be empty
	Keys    []vulndb.Key      // ascending, each once
}

// Keys gives the keys of all that Match asks a database about a document, for any
// database there may be: packages of each identity, the coverage of their
// ecosystems and releases, and names that are looked for in all registries.
func Keys(doc *sbom.Document) []vulndb.Key {
	w := worker{Matcher: &Matcher{}, distro: distroOf(doc), subject: doc.Subject}
	var keys []vulndb.Key
	for _, c := range doc.All() {
		id := w.identify(c)
		for i := range id.Packages {
			p := &id.Packages[i]
			keys = append(keys, vulndb.PackageKey(p.Ecosystem, p.Name), vulndb.CoverageKey(p.Ecosystem, ""))
			if p.Release != "" && purl.HasReleases(p.Ecosystem) {
				keys = append(keys, vulndb.CoverageKey(p.Ecosystem, p.Release))
			}
		}
		for i := range id.Packages {
			if p := &id.Packages[i]; p.SourceNotStated {
				for _, name := range sourceNames(p.Name) {
					keys = append(keys, vulndb.PackageKey(p.Ecosystem, name))
				}
			}
		}
		if sameNameMayHelp(&id) {
			for _, name := range namesOf(c, &id) {
				if name != "" {
					keys = append(keys, vulndb.NameKey(name))
				}
			}
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
