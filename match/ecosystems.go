// SPDX-License-Identifier: Apache-2.0

package match

import (
	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/sbom"
)

// Asked is what Match asks of ecosystems about some documents.
type Asked struct {
	// Ecosystems are those of all identities, "GIT" for source repositories.
	Ecosystems map[string]bool
	// ByName counts the components whose name is looked for in the registries of
	// all languages.
	ByName int
}

// Add adds what Match asks about a document, for any database there may be.
func (a *Asked) Add(doc *sbom.Document) {
	if a.Ecosystems == nil {
		a.Ecosystems = map[string]bool{}
	}
	w := worker{Matcher: &Matcher{}, distro: distroOf(doc), subject: doc.Subject}
	parts := len(doc.Components) > 1 || len(doc.Components) == 1 && !doc.SubjectListed
	for _, c := range doc.All() {
		id := w.identify(c)
		unnamed := id.Problem == purl.ProblemNoIdentifier || id.Problem == purl.ProblemNoEcosystem || id.Problem == purl.ProblemNotAPackage
		if c == w.subject && parts && unnamed {
			continue // the product under review is not looked for
		}
		for i := range id.Packages {
			a.Ecosystems[id.Packages[i].Ecosystem] = true
		}
		if sameNameMayHelp(&id) {
			a.ByName++
		}
	}
}
