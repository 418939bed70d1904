// SPDX-License-Identifier: Apache-2.0

package purl

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxQuoted bounds what an error repeats of its input, in bytes.
const maxQuoted = 120

// maxQualifiers bounds the qualifiers of one URL. Real ones have up to eight.
const maxQualifiers = 128

var (
	errScheme     = errors.New(`it does not begin with "pkg:"`)
	errType       = errors.New("the type must be letters, digits, '.', '+' and '-', and begin with a letter")
	errNoName     = errors.New("the name is missing")
	errKey        = errors.New("a qualifier's key must be letters, digits, '.', '-' and '_', and begin with a letter")
	errKeyTwice   = errors.New("a qualifier is given twice")
	errKeys       = errors.New("too many qualifiers")
	errEncoding   = errors.New("a percent sign is not followed by two hexadecimal digits")
	errSpace      = errors.New("white space or a control character")
	errUTF8       = errors.New("not UTF-8")
	errNamespace  = errors.New("the type requires a namespace")
	errNamespaced = errors.New("the type has no namespaces")
	errCPAN       = errors.New("a cpan name is that of a distribution, not of a module, and its namespace is in upper case")
	errChrome     = errors.New("a chrome-extension has a name of 32 letters and a version of one to four numbers")
)

// Parse reads a package URL. The error says what is wrong and quotes the
// text, cut to a bound.
func Parse(s string) (URL, error) {
	var u URL
	if err := u.parse(s); err != nil {
		quoted, more := s, ""
		if len(quoted) > maxQuoted {
			quoted, more = quoted[:maxQuoted], "…"
		}
		return URL{}, fmt.Errorf("package URL %q%s: %w", quoted, more, err)
	}
	return u, nil
}

func (u *URL) parse(s string) error {
	if len(s) < 4 || s[3] != ':' || s[0]|0x20 != 'p' || s[1]|0x20 != 'k' || s[2]|0x20 != 'g' {
		return errScheme
	}
	i := 4
	for i < len(s) && s[i] == '/' {
		i++
	}

	// The type ends at the first slash.
	start, upper := i, false
	for ; i < len(s) && s[i] != '/'; i++ {
		c := s[i]
		switch {
		case isLower(c):
		case isUpper(c):
			upper = true
		case i > start && (isDigit(c) || c == '.' || c == '-' || c == '+'):
		default:
			return errType
		}
	}
	if i == start {
		return errType
	}
	if i == len(s) {
		return errNoName
	}
	u.Type = s[start:i]
	if upper {
		u.Type = lower(u.Type)
	}

	// One walk finds the separators. The version begins at the last "@"; the
	// name at the last "/" before it.
	i++
	path, query, fragment := i, -1, -1
	at, slash, slashBeforeAt := -1, path-1, path-1
	encoded, wide := false, false
walk:
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c == '/':
			slash = i
		case c == '@':
			at, slashBeforeAt = i, slash
		case c == '%':
			encoded = true
		case c == '?':
			query = i + 1
			break walk
		case c == '#':
			break walk
		case c <= ' ' || c == 0x7f:
			return errSpace
		case c >= utf8.RuneSelf:
			wide = true
		}
	}
	end := i
	for ; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c == 0x7f {
			return errSpace
		} else if c == '#' && fragment < 0 {
			fragment = i + 1
		}
	}

	// An "@" that opens a segment which another follows is a scope's, not a
	// version's: pkg:npm/@a/b.
	if at >= 0 && slashBeforeAt == at-1 && slash > at {
		at = -1
	}
	name := slash
	if at >= 0 {
		name, u.Version, end = slashBeforeAt, s[at+1:end], at
	}
	u.Name = s[name+1 : end]
	if name >= path {
		u.Namespace = s[path:name]
	}
	if encoded {
		if err := decodeAll(&u.Namespace, &u.Name, &u.Version); err != nil {
			return err
		}
	}
	if wide && (!utf8.ValidString(u.Namespace) || !utf8.ValidString(u.Name) || !utf8.ValidString(u.Version)) {
		return errUTF8
	}
	if u.Namespace != "" {
		u.Namespace = cleanSegments(u.Namespace, false)
	}
	if u.Name == "" {
		return errNoName
	}

	if fragment >= 0 {
		if err := u.parseSubpath(s[fragment:]); err != nil {
			return err
		}
	}
	if query >= 0 {
		stop := len(s)
		if fragment >= 0 {
			stop = fragment - 1
		}
		if err := u.parseQualifiers(s[query:stop]); err != nil {
			return err
		}
	}
	return u.normalise()
}

func (u *URL) parseSubpath(text string) error {
	sub, err := decode(text)
	if err != nil {
		return err
	}
	if err := checkText(sub); err != nil {
		return err
	}
	u.Subpath = cleanSegments(sub, true)
	return nil
}

func (u *URL) parseQualifiers(text string) error {
	n := strings.Count(text, "&") + 1
	if n > maxQualifiers {
		return errKeys
	}
	sorted := true
	for text != "" {
		var pair string
		pair, text, _ = strings.Cut(text, "&")
		if pair == "" {
			continue
		}
		key, value, _ := strings.Cut(pair, "=")
		upper := false
		for i := range len(key) {
			c := key[i]
			switch {
			case isLower(c):
			case isUpper(c):
				upper = true
			case i > 0 && (isDigit(c) || c == '.' || c == '-' || c == '_'):
			default:
				return errKey
			}
		}
		if key == "" {
			return errKey
		}
		if upper {
			key = lower(key)
		}
		value, err := decode(value)
		if err != nil {
			return err
		}
		if err := checkText(value); err != nil {
			return err
		}
		if value == "" {
			continue
		}
		if u.Qualifiers == nil {
			u.Qualifiers = make([]Qualifier, 0, n)
		} else if u.Qualifiers[len(u.Qualifiers)-1].Key >= key {
			sorted = false
		}
		u.Qualifiers = append(u.Qualifiers, Qualifier{Key: key, Value: value})
	}
	if sorted {
		return nil
	}
	slices.SortFunc(u.Qualifiers, func(a, b Qualifier) int { return strings.Compare(a.Key, b.Key) })
	for i := 1; i < len(u.Qualifiers); i++ {
		if u.Qualifiers[i-1].Key == u.Qualifiers[i].Key {
			return errKeyTwice
		}
	}
	return nil
}

// decodeAll decodes the parts of a path in place.
func decodeAll(parts ...*string) error {
	for _, p := range parts {
		d, err := decode(*p)
		if err != nil {
			return err
		}
		if len(d) != len(*p) {
			if err := checkText(d); err != nil {
				return err
			}
			*p = d
		}
	}
	return nil
}

// decode resolves percent encoding; "+" stands for itself. A text without a
// percent sign is returned as it is.
func decode(s string) (string, error) {
	i := strings.IndexByte(s, '%')
	if i < 0 {
		return s, nil
	}
	b := make([]byte, 0, len(s))
	start := 0
	for {
		if i+2 >= len(s) {
			return "", errEncoding
		}
		hi, ok1 := unhex(s[i+1])
		lo, ok2 := unhex(s[i+2])
		if !ok1 || !ok2 {
			return "", errEncoding
		}
		b = append(append(b, s[start:i]...), hi<<4|lo)
		start = i + 3
		next := strings.IndexByte(s[start:], '%')
		if next < 0 {
			return string(append(b, s[start:]...)), nil
		}
		i = start + next
	}
}

func unhex(c byte) (byte, bool) {
	switch {
	case isDigit(c):
		return c - '0', true
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}

// checkText refuses decoded text that no identifier has: control characters,
// which would only serve to deceive a reader, and what is not UTF-8. A decoded
// space is allowed (pkg:supplier/Microsoft/SQL%202005).
func checkText(s string) error {
	wide := false
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ' || c == 0x7f:
			return errSpace
		case c >= utf8.RuneSelf:
			wide = true
		}
	}
	if wide && !utf8.ValidString(s) {
		return errUTF8
	}
	return nil
}

// cleanSegments drops empty segments, and "." and ".." of a subpath.
func cleanSegments(s string, dots bool) string {
	if s == "" || s[0] != '/' && s[len(s)-1] != '/' && !strings.Contains(s, "//") && (!dots || !strings.Contains(s, ".")) {
		return s
	}
	var b strings.Builder
	for segment := range strings.SplitSeq(s, "/") {
		if segment == "" || dots && (segment == "." || segment == "..") {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('/')
		} else {
			b.Grow(len(s))
		}
		b.WriteString(segment)
	}
	if b.Len() == len(s) {
		return s
	}
	return b.String()
}
