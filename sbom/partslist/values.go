// SPDX-License-Identifier: Apache-2.0

package partslist

import (
	"strings"
	"time"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// isUnknown reports whether a cell says in words that a thing is not known or
// not there. NTIA asks for such a word where an author cannot tell.
//
//nolint:misspell // words of other languages
func isUnknown(s string) bool {
	if len(s) > 40 {
		return false
	}
	switch strings.ToLower(strings.Trim(s, " .()[]<>")) {
	case "", "-", "--", "---", "–", "—", "?", "??", "???", "/", "n/a", "na", "n.a", "#n/a", "n/k", "nil", "null", "none", "unknown",
		"not known", "unspecified", "not specified", "undefined", "undetermined", "tbd", "tbc", "tba", "to be determined",
		"to be defined", "not available", "not applicable", "not provided", "not stated", "missing", "empty", "noassertion", "no assertion",
		"unbekannt", "keine", "keine angabe", "k.a", "k. a", "nicht bekannt", "nicht verfügbar", "entfällt",
		"inconnu", "inconnue", "aucun", "aucune", "non disponible", "non applicable", "s/o", "n/d", "nd",
		"desconocido", "desconocida", "ninguno", "ninguna", "no disponible", "no aplica",
		"sconosciuto", "sconosciuta", "nessuno", "nessuna", "non applicabile", "${version}":
		return true
	}
	return false
}

// An identifier is one of those in a cell.
type identifier struct {
	form field // purlField, cpeField, swidField, swhidField, hashField, or unknownField
	text string
}

// formOf tells an identifier by how it begins.
func formOf(s string) field {
	prefixed := func(prefix string) bool {
		return len(s) > len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
	}
	switch {
	case prefixed("pkg:"):
		return purlField
	case prefixed("cpe:2.3:"), prefixed("cpe:/"):
		return cpeField
	case prefixed("swh:1:"):
		return swhidField
	case prefixed("swid:"):
		return swidField
	}
	return unknownField
}

const maxIdentifiers = 64 // of one cell

// identifiers parts a cell that may hold several. A separator counts only
// before something that is plainly an identifier, since package URLs and CPE
// names may hold the same characters. rest is what is beyond maxIdentifiers.
func identifiers(s string) (list []identifier, rest string) {
	for s != "" {
		if len(list) == maxIdentifiers {
			return list, s
		}
		end := len(s)
		for i := 1; i < len(s); i++ {
			if isSeparator(s[i-1]) && formOf(s[i:]) != unknownField {
				end = i
				break
			}
		}
		text := strings.Trim(s[:end], " \t\r\n,;|")
		s = s[end:]
		if text == "" {
			continue
		}
		id := identifier{form: formOf(text), text: text}
		if id.form == swidField {
			id.text = text[len("swid:"):]
		}
		list = append(list, id)
	}
	return list, ""
}

func isSeparator(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', ',', ';', '|':
		return true
	}
	return false
}

// purlFault tells what is wrong with the form of a package URL, "" if nothing.
// In a cell a blank is what people put in, or what parts two texts.
func purlFault(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' }) {
		return "it holds a blank"
	}
	return notation.PURLFault(s)
}

// hashOf reads "sha256:9f86…", "SHA-256 = 9f86…" or the digits alone, whose
// number tells the algorithm unless the heading does.
func hashOf(s, algorithm string) (h sbom.Hash, ok bool) {
	if i := strings.LastIndexAny(s, ":= "); i > 0 {
		_, named := fieldOf(fold(s[:i]))
		if named == "" {
			return h, false
		}
		s, algorithm = s[i+1:], named
	}
	if !notation.IsHex(s) {
		return h, false
	}
	byLength := ""
	switch len(s) {
	case 32:
		byLength = "MD5"
	case 40:
		byLength = "SHA-1"
	case 64:
		byLength = "SHA-256"
	case 96:
		byLength = "SHA-384"
	case 128:
		byLength = "SHA-512"
	}
	if algorithm == "" {
		algorithm = byLength
	}
	// SHA-3 has the lengths of SHA-2.
	if byLength == "" || strings.Replace(algorithm, "SHA3-", "SHA-", 1) != byLength {
		return h, false
	}
	return sbom.Hash{Algorithm: algorithm, Value: s}, true
}

// licenceOf tells in which form a licence is stated; no list of identifiers is
// asked.
func licenceOf(s string, concluded bool) sbom.Licence {
	l := sbom.Licence{Kind: sbom.LicenceName, Value: s, Concluded: concluded}
	switch {
	case notation.IsLicenceID(s):
		l.Kind = sbom.LicenceID
	case notation.IsLicenceExpression(s):
		l.Kind = sbom.LicenceExpression
	}
	return l
}

// typeOf maps what people write to CycloneDX's types, "" if it is none of them.
//
//nolint:misspell // words of other languages
func typeOf(s string) string {
	if len(s) > maxHeading {
		return ""
	}
	switch fold(s) {
	case "library", "lib", "bibliothek", "bibliotheque", "biblioteca", "libreria", "package":
		return "library"
	case "application", "app", "anwendung", "aplicacion", "applicazione":
		return "application"
	case "framework":
		return "framework"
	case "operatingsystem", "os", "betriebssystem", "systemedexploitation", "sistemaoperativo":
		return "operating-system"
	case "firmware":
		return "firmware"
	case "device", "gerat", "dispositivo", "dispositif", "hardware":
		return "device"
	case "devicedriver", "driver", "treiber":
		return "device-driver"
	case "container", "containerimage":
		return "container"
	case "platform":
		return "platform"
	case "file":
		return "file"
	case "data":
		return "data"
	case "machinelearningmodel":
		return "machine-learning-model"
	case "cryptographicasset":
		return "cryptographic-asset"
	}
	return ""
}

// timeOf reads the unambiguous forms of a date; zero if it is none of them.
func timeOf(s string) time.Time {
	for _, layout := range [...]string{
		time.RFC3339Nano, "2006-01-02", "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}

// isNumber reports whether a cell holds digits and what parts them alone.
func isNumber(s string) bool {
	digit := false
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			digit = true
		case c != '.' && c != ',' && c != ' ' && c != '\'':
			return false
		}
	}
	return digit
}

// isFormula reports whether a spreadsheet would compute a cell of CSV. An '@'
// begins the names of npm's scopes, a '+' telephone numbers: they count only if
// something is called.
func isFormula(s string) bool {
	switch s[0] {
	case '=':
		return true
	case '@', '+', '-':
		return strings.ContainsAny(s, "(|!")
	}
	return false
}
