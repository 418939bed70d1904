// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

const (
	documentPrefix = "DocumentRef-"
	licencePrefix  = "LicenseRef-"
)

// externalDocument adds an external document reference (clause 6.6).
func (b *builder) externalDocument(id, uri, algorithm, value string, at sbom.Position) {
	bare, prefixed := strings.CutPrefix(id, documentPrefix)
	switch {
	case id == "":
		b.defect(sbom.CodeMissing, at, uri, "an external document reference lacks its identifier")
	case !prefixed, !legalID(strings.ReplaceAll(bare, "+", ".")):
		b.defect(sbom.CodeValue, at, id, "the identifier of an external document is not of the form %s followed by letters, digits, '.', '-' and '+'", documentPrefix)
	}
	switch {
	case uri == "":
		b.defect(sbom.CodeMissing, at, id, "an external document reference lacks the namespace of the document")
	case !isURI(uri):
		b.defect(sbom.CodeValue, at, uri, "the namespace of an external document is no URI")
	}
	hash, _ := b.checksum(algorithm, value, at)
	if id == "" && uri == "" {
		return
	}
	document := sbom.ExternalDocument{ID: id, URI: notation.Stated(uri), Hash: hash, Position: at}
	if first, twice := b.external[id]; id != "" && twice {
		earlier := b.doc.External[first]
		if earlier.Position = at; earlier == document {
			return
		}
		b.defect(sbom.CodeDuplicate, at, id, "two external documents have one identifier")
	} else if id != "" {
		if b.external == nil {
			b.external = make(map[string]int32)
		}
		b.external[id] = int32(len(b.doc.External))
	}
	b.doc.External = append(b.doc.External, document)
}

// licenceTexts is what the document says of licences that are on no list: those
// that it gives the text of, and those that its expressions name.
type licenceTexts struct {
	given map[string]bool
	named map[string]int32
	uses  []licenceUse
}

// A licenceUse is a name that stands in licence expressions: "LicenseRef-x", or
// the document of "DocumentRef-x:LicenseRef-y".
type licenceUse struct {
	name  string
	at    sbom.Position // the first place
	times int
}

// extracted adds a licence that the document gives the text of (clause 10).
func (b *builder) extracted(id string, text bool, at sbom.Position) {
	bare, prefixed := strings.CutPrefix(id, licencePrefix)
	switch {
	case id == "":
		b.defect(sbom.CodeMissing, at, "", "an extracted licence lacks its identifier")
		return
	case !prefixed, !legalID(bare):
		b.defect(sbom.CodeValue, at, id, "the identifier of an extracted licence is not of the form %s followed by letters, digits, '.' and '-'", licencePrefix)
	}
	if !text {
		b.defect(sbom.CodeMissing, at, id, "an extracted licence lacks its text")
	}
	if b.terms.given == nil {
		b.terms.given = make(map[string]bool)
	}
	if b.terms.given[id] {
		b.defect(sbom.CodeDuplicate, at, id, "two extracted licences have one identifier")
	}
	b.terms.given[id] = true
}

// useLicences notes which names of the document a licence expression uses.
func (b *builder) useLicences(expression string, offset int) {
	if !strings.Contains(expression, "Ref-") {
		return
	}
	for expression != "" {
		end := strings.IndexAny(expression, "() \t\r\n")
		word := expression
		if end >= 0 {
			word, expression = expression[:end], expression[end+1:]
		} else {
			expression = ""
		}
		name, _, _ := strings.Cut(strings.TrimSuffix(word, "+"), ":")
		if !strings.HasPrefix(name, licencePrefix) && !strings.HasPrefix(name, documentPrefix) {
			continue
		}
		t := &b.terms
		if t.given[name] {
			continue
		}
		i, known := t.named[name]
		if !known {
			if t.named == nil {
				t.named = make(map[string]int32)
			}
			i = int32(len(t.uses))
			t.named[name] = i
			t.uses = append(t.uses, licenceUse{name: name, at: b.at(offset)})
		}
		t.uses[i].times++
	}
}

// resolveLicences says which names in licence expressions stand for nothing.
func (b *builder) resolveLicences() {
	t := &b.terms
	folded := make(map[string]bool, len(t.given)) // identifiers are told apart without their case (annex D.2)
	if len(t.uses) > 0 {
		for id := range t.given {
			folded[strings.ToLower(id)] = true
		}
	}
	for _, use := range t.uses {
		if _, ok := b.external[use.name]; ok || folded[strings.ToLower(use.name)] {
			continue
		}
		what := "licence that the document gives no text of"
		if strings.HasPrefix(use.name, documentPrefix) {
			what = "document that is none of the external document references"
		}
		b.defect(sbom.CodeDangling, use.at, use.name, "a licence expression names a %s (in %d places)", what, use.times)
	}
}
