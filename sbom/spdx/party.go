// SPDX-License-Identifier: Apache-2.0

package spdx

import (
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// partyKind is the prefix of a party's statement.
type partyKind uint8

const (
	organisation partyKind = iota
	person
	tool
)

// parseParty reads "Organization: Name (email)" and its kin (clauses 6.8, 7.5).
// exact is false if the value is not of that form; it is then read as well as
// it can be, a value without a prefix as an organisation. The zero Party with
// exact true means that nothing was stated.
func parseParty(value string) (party sbom.Party, kind partyKind, exact bool) {
	if value == "" {
		return sbom.Party{}, organisation, true
	}
	if value == notation.NoAssertion {
		return sbom.Party{Unknown: true}, organisation, true
	}
	kind, rest, exact := cutPartyKind(value)
	if stands(rest) {
		rest = strings.TrimSpace(rest)
		party.Name, party.Email, party.URL = cutContact(rest)
	} else {
		exact = false
	}
	if !stands(party.Name) && party.Email == "" && party.URL == "" {
		return sbom.Party{Unknown: true}, kind, exact
	}
	party.Person = kind == person
	return party, kind, exact
}

// cutPartyKind cuts the prefix off. exact is false without one, in another
// spelling, or without the blank after the colon.
func cutPartyKind(value string) (kind partyKind, rest string, exact bool) {
	word, rest, found := strings.Cut(value, ":")
	if !found {
		return organisation, value, false
	}
	exact = strings.HasPrefix(rest, " ")
	switch word {
	case "Organization":
		return organisation, rest, exact
	case "Person":
		return person, rest, exact
	case "Tool":
		return tool, rest, exact
	}
	word = strings.TrimSpace(word)
	switch {
	case strings.EqualFold(word, "Organization"), strings.EqualFold(word, "Organisation"):
		return organisation, rest, false
	case strings.EqualFold(word, "Person"):
		return person, rest, false
	case strings.EqualFold(word, "Tool"):
		return tool, rest, false
	}
	return organisation, value, false
}

// cutContact cuts "(email)" off the end of a name; tools also write "<email>",
// an address of the web, or "()".
func cutContact(s string) (name, email, url string) {
	if s == "" {
		return "", "", ""
	}
	var open byte
	switch s[len(s)-1] {
	case ')':
		open = '('
	case '>':
		open = '<'
	default:
		return s, "", ""
	}
	i := strings.LastIndexByte(s, open)
	if i < 0 {
		return s, "", ""
	}
	name, contact := strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+1:len(s)-1])
	switch {
	case contact == "":
		return name, "", ""
	case strings.Contains(contact, "://"):
		return name, "", contact
	case strings.IndexByte(contact, '@') > 0 && !strings.ContainsAny(contact, " \t"):
		return name, contact, ""
	}
	return s, "", "" // a part of the name: "Acme (Medical Division)"
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
