// SPDX-License-Identifier: Apache-2.0

package spdx

import "strings"

// word is the word of JSON for a value of an enumeration, which in RDF is a node
// like http://spdx.org/rdf/terms#relationshipType_dependencyOf. A value of
// another form stays as it is, for the decoder to judge.
func word(property, iri string) string {
	if property == "referenceType" {
		if _, name, found := strings.Cut(iri, "spdx.org/rdf/references/"); found {
			return name
		}
		return iri
	}
	name, ours := strings.CutPrefix(iri, termsSpace)
	if !ours {
		if name, ours = strings.CutPrefix(iri, secureTermsSpace); !ours {
			return iri
		}
	}
	_, name, found := strings.Cut(name, "_")
	if !found {
		return iri
	}
	switch property {
	case "algorithm":
		return algorithmWord(name)
	case "referenceCategory", "primaryPackagePurpose":
		return strings.ReplaceAll(upperWords(name), "_", "-")
	}
	return upperWords(name)
}

// upperWords turns dependencyOf into DEPENDENCY_OF.
func upperWords(name string) string {
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if i > 0 && 'A' <= c && c <= 'Z' && 'a' <= name[i-1] && name[i-1] <= 'z' {
			b.WriteByte('_')
		}
		b.WriteByte(c)
	}
	return strings.ToUpper(b.String())
}

// algorithmWord turns sha1, sha3_256 and blake2b384 into SHA1, SHA3-256 and
// BLAKE2b-384.
func algorithmWord(name string) string {
	upper := strings.NewReplacer("_", "", "-", "").Replace(strings.ToUpper(name))
	if size, ok := strings.CutPrefix(upper, "SHA3"); ok && len(size) == 3 {
		return "SHA3-" + size
	}
	if size, ok := strings.CutPrefix(upper, "BLAKE2B"); ok && size != "" {
		return "BLAKE2b-" + size
	}
	return upper
}
