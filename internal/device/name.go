// SPDX-License-Identifier: Apache-2.0

package device

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// Level says how far two names agree.
type Level uint8

// The levels.
const (
	Other Level = iota
	Alike
	Same
)

const (
	maxName  = 512 // bytes of a name that are looked at
	maxWords = 32
	maxParts = 8 // of a joint name
)

// words cuts a name into its words.
func words(name string) []string {
	if len(name) > maxName {
		name = strings.ToValidUTF8(name[:maxName], "")
	}
	list := strings.FieldsFunc(fold(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return list[:min(len(list), maxWords)]
}

// brackets takes out what stands in round brackets.
func brackets(name string) (outside string, inside []string) {
	for range maxParts {
		before, rest, ok := strings.Cut(name, "(")
		if !ok {
			break
		}
		within, after, ok := strings.Cut(rest, ")")
		if !ok {
			break
		}
		inside = append(inside, within)
		name = before + " " + after
	}
	return name, inside
}

// fold writes a name in lower case without accents, composed or not; "ä" is "ae".
func fold(name string) string {
	name = strings.ToLower(name)
	if strings.IndexFunc(name, func(r rune) bool { return r > unicode.MaxASCII }) < 0 {
		return name
	}
	var b strings.Builder
	last := rune(0)
	for _, r := range name {
		switch {
		case r == '\u0308' && (last == 'a' || last == 'o' || last == 'u'):
			b.WriteByte('e')
		case unicode.Is(unicode.Mn, r):
		default:
			if plain, ok := unaccented(r); ok {
				b.WriteString(plain)
			} else {
				b.WriteRune(r)
			}
		}
		last = r
	}
	return b.String()
}

// unaccented gives the letters of the Latin alphabet with which names of companies
// are written where the keyboard has no others.
func unaccented(r rune) (string, bool) {
	switch r {
	case 'ä', 'æ':
		return "ae", true
	case 'ö', 'ø', 'œ':
		return "oe", true
	case 'ü':
		return "ue", true
	case 'ß':
		return "ss", true
	case 'á', 'à', 'â', 'ã', 'å', 'ā', 'ą':
		return "a", true
	case 'é', 'è', 'ê', 'ë', 'ē', 'ę', 'ě':
		return "e", true
	case 'í', 'ì', 'î', 'ï', 'ı':
		return "i", true
	case 'ó', 'ò', 'ô', 'õ', 'ő', 'ō':
		return "o", true
	case 'ú', 'ù', 'û', 'ű', 'ů', 'ū':
		return "u", true
	case 'ç', 'ć', 'č':
		return "c", true
	case 'ñ', 'ń', 'ň':
		return "n", true
	case 'ś', 'š', 'ş':
		return "s", true
	case 'ž', 'ź', 'ż':
		return "z", true
	case 'ý':
		return "y", true
	case 'ł':
		return "l", true
	case 'ř':
		return "r", true
	}
	return "", false
}

// legal tells the words of legal forms.
func legal(word string) bool {
	switch word {
	case "inc", "incorporated", "llc", "lp", "llp", "ltd", "limited", "gmbh", "mbh", "ag", "kg", "kgaa", "se", "corp", "corporation", "co",
		"company", "plc", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "ab", "oy", "oyj", "as", "aps", "kk", "pty", "pte", "pvt", "private",
		"and", "the":
		return true
	}
	return false
}

// trade tells the words that the trade adds to a company's name.
func trade(word string) bool {
	switch word {
	case "healthcare", "healthineers", "medical", "medtech", "systems", "solutions", "technologies", "technology", "international",
		"group", "holding", "holdings", "laboratories", "usa", "us", "health":
		return true
	}
	return false
}

// core drops legal form and trade words from the end, but never everything.
func core(list []string) []string {
	for _, drop := range []func(string) bool{legal, trade} {
		end := len(list)
		for end > 0 && (drop(list[end-1]) || legal(list[end-1])) {
			end--
		}
		if end > 0 {
			list = list[:end]
		}
	}
	// "Koninklijke Philips N.V.", "Royal Philips".
	if len(list) > 1 && (list[0] == "koninklijke" || list[0] == "royal") {
		list = list[1:]
	}
	// "S.p.A.", "B.V.", "S.A.": single letters at the end.
	for _, form := range [][]string{{"s", "p", "a"}, {"b", "v"}, {"n", "v"}, {"s", "a"}, {"a", "s"}} {
		if n := len(list) - len(form); n > 0 && slices.Equal(list[n:], form) {
			return core(list[:n])
		}
	}
	return list
}

// Vendor is the name of a vendor, ready to compare.
type Vendor struct {
	exact []string   // forms that say the same
	loose []string   // forms that are part of it
	keys  []string   // sorted
	heads [][]string // words of the forms, longest first, as they stand before a product
}

// ParseVendor reads a vendor's name; "" is no vendor, and like none.
func ParseVendor(name string) *Vendor {
	v := new(Vendor)
	outside, inside := brackets(name)
	whole := core(words(outside))
	if len(whole) == 0 {
		whole = core(words(name))
	}
	add := func(list *[]string, form []string) {
		if s := strings.Join(form, " "); s != "" && !slices.Contains(*list, s) {
			*list = append(*list, s)
			v.heads = append(v.heads, form)
		}
	}
	add(&v.exact, whole)
	for _, short := range inside {
		add(&v.exact, core(words(short)))
	}
	parts := strings.FieldsFunc(strings.ReplaceAll(outside, " and ", ","), func(r rune) bool { return r == ',' || r == '/' || r == ';' || r == '&' })
	for _, part := range parts[:min(len(parts), maxParts)] {
		if form := core(words(part)); len(form) > 0 && !allOf(form, legal) {
			add(&v.loose, form)
		}
	}
	if len(whole) > 2 {
		add(&v.loose, whole[:2])
	}
	if len(whole) > 1 && len(whole[0]) > 4 {
		add(&v.loose, whole[:1])
	}
	// The firm is Drägerwerk, and everybody says Dräger.
	if len(whole) > 0 {
		if short, ok := strings.CutSuffix(whole[0], "werk"); ok && len(short) > 4 {
			add(&v.loose, []string{short})
		}
	}
	slices.SortStableFunc(v.heads, func(a, b []string) int { return cmp.Compare(len(b), len(a)) })
	for _, form := range slices.Concat(v.exact, v.loose) {
		v.keys = append(v.keys, single(form))
	}
	slices.Sort(v.keys)
	v.keys = slices.Compact(v.keys)
	return v
}

func allOf(list []string, is func(string) bool) bool {
	return !slices.ContainsFunc(list, func(s string) bool { return !is(s) })
}

// umlauts are written with an "e" or without: "Draeger", "Drager".
var umlauts = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u")

// single makes doubled letters one: "Phillips" is "Philips"; and drops umlauts.
func single(s string) string {
	s = umlauts.Replace(s)
	var b strings.Builder
	last := rune(-1)
	for _, r := range s {
		if r != last || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// Compare compares two vendors.
func (v *Vendor) Compare(o *Vendor) Level {
	for _, form := range v.exact {
		if slices.Contains(o.exact, form) {
			return Same
		}
	}
	for _, key := range v.keys {
		if slices.Contains(o.keys, key) {
			return Alike
		}
	}
	return Other
}

// Keys are what to look a product up by: two products that are not Other, of
// vendors that are not Other, have one in common. With no vendor it is the
// product's name alone, with the vendor's before it or not, if that says enough.
// The list is sorted.
func Keys(v *Vendor, product string) []string {
	list := productWords(product, v)
	plain, _ := brackets(product)
	var keys []string
	for _, form := range [][]string{list, productWords(plain, v), words(product), words(plain)} {
		if joined := strings.Join(form, ""); len(joined) > 3 && distinct(form) {
			keys = append(keys, "product "+joined)
		}
	}
	for _, vendor := range v.keys {
		keys = append(keys, "vendor "+vendor+" "+strings.Join(list, ""), "vendor "+vendor+" "+strings.Join(productWords(plain, v), ""))
		for _, w := range list {
			if !generic(w) {
				keys = append(keys, "vendor "+vendor+" "+w)
			}
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// generic tells words that any device may bear.
func generic(word string) bool {
	switch word {
	case "all", "and", "app", "application", "client", "control", "device", "devices", "edition", "firmware", "for", "health", "hospital",
		"line", "manager", "medical", "mobile", "model", "models", "module", "monitor", "of", "patient", "platform", "portal", "product",
		"products", "pump", "pumps", "scanner", "series", "server", "service", "services", "software", "station", "suite", "system", "systems",
		"the", "tool", "unit", "version", "versions", "viewer", "web", "with", "workstation":
		return true
	}
	// A number alone is a size or a version.
	return strings.IndexFunc(word, unicode.IsLetter) < 0
}

// distinct reports whether words name a product rather than a kind of product.
func distinct(list []string) bool {
	return slices.ContainsFunc(list, func(w string) bool { return !generic(w) && (len(w) > 2 || isModel(w)) })
}

// isModel tells "t1" and "mx40": letters and digits in one.
func isModel(w string) bool {
	return strings.ContainsAny(w, "0123456789") && strings.IndexFunc(w, unicode.IsLetter) >= 0
}

// productWords are the words of a product without its vendor's name before it.
func productWords(product string, vendors ...*Vendor) []string {
	list := words(product)
	for _, vendor := range vendors {
		for _, head := range vendor.heads {
			if n := len(head); n > 0 && n < len(list) && slices.Equal(list[:n], head) && distinct(list[n:]) {
				return list[n:]
			}
		}
	}
	return list
}

// Products compares two products of vendors that are Same or Alike.
func Products(a, b string, vendors ...*Vendor) Level {
	listA, listB := productWords(a, vendors...), productWords(b, vendors...)
	if !distinct(listA) || !distinct(listB) {
		// "Version" of one advisory names no product: only word for word.
		if len(listA) > 0 && slices.Equal(listA, listB) {
			return Alike
		}
		return Other
	}
	if strings.Join(listA, "") == strings.Join(listB, "") {
		return Same
	}
	if contains(listA, listB) || contains(listB, listA) || sameWords(listA, listB) {
		return Alike
	}
	plainA, _ := brackets(a)
	plainB, _ := brackets(b)
	if listA, listB = productWords(plainA, vendors...), productWords(plainB, vendors...); distinct(listA) && strings.Join(listA, "") == strings.Join(listB, "") {
		return Alike
	}
	return Other
}

// SameName reports whether two names are the same but for spaces and what stands
// in brackets, and say which product it is; whoever makes it. Vendors are those
// whose name may stand before it.
func SameName(a, b string, vendors ...*Vendor) bool {
	plainA, _ := brackets(a)
	plainB, _ := brackets(b)
	for _, x := range [...]string{a, plainA} {
		for _, y := range [...]string{b, plainB} {
			for _, of := range [...][]*Vendor{nil, vendors} {
				listX, listY := productWords(x, of...), productWords(y, of...)
				if distinct(listX) && distinct(listY) && strings.Join(listX, "") == strings.Join(listY, "") {
					return true
				}
			}
		}
	}
	return false
}

// sameWords reports whether the words of the shorter list stand in the longer one,
// in any order: all that tell and all numbers, and two of three in all. So
// "24950 MyCareLink Monitor" is "MyCareLink Patient Monitor 24950", and "Alaris
// Pump" is no "Alaris Server".
func sameWords(a, b []string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	shared, telling := 0, false
	for _, w := range a {
		if slices.Contains(b, w) {
			shared++
			telling = telling || !generic(w) && (len(w) > 3 || isModel(w))
		} else if !generic(w) || isNumber(w) {
			return false
		}
	}
	return telling && 3*shared >= 2*len(a)
}

// contains reports whether all words of part stand in whole, side by side.
func contains(whole, part []string) bool {
	if len(part) == 1 && len(part[0]) < 4 && !isModel(part[0]) {
		return false
	}
	for at := 0; at+len(part) <= len(whole); at++ {
		if slices.Equal(whole[at:at+len(part)], part) {
			return true
		}
	}
	return false
}
