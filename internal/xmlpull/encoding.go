// SPDX-License-Identifier: Apache-2.0

package xmlpull

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/medsbom/medsbom/internal/notation"
)

// declaredEncoding returns the encoding that the XML declaration names, "" if
// it names none.
func declaredEncoding(text []byte) string {
	if !bytes.HasPrefix(text, []byte("<?xml")) {
		return ""
	}
	declaration, _, closed := bytes.Cut(text[:min(len(text), 200)], []byte("?>"))
	_, rest, found := strings.Cut(string(declaration), "encoding")
	rest = strings.TrimLeft(rest, " \t\r\n=")
	if !closed || !found || rest == "" {
		return ""
	}
	name, _, _ := strings.Cut(rest[1:], rest[:1])
	return name
}

// ToUTF8 transcodes a text from the encoding that its XML declaration names:
// ISO 8859-1 and -15 and Windows-1252, beside UTF-8 itself. A text in UTF-16 has
// been transcoded by the front door already, so that its declaration may be
// passed over.
func ToUTF8(text []byte) ([]byte, error) {
	switch name := strings.ToUpper(declaredEncoding(text)); name {
	case "", "UTF-8", "UTF8", "US-ASCII", "ASCII", "UTF-16", "UTF-16LE", "UTF-16BE", "UTF16":
		return text, nil
	case "ISO-8859-1", "ISO8859-1", "LATIN1", "ISO-8859-15", "WINDOWS-1252", "CP1252":
		return fromLatin(text, name), nil
	default:
		return nil, fmt.Errorf("the document declares the encoding %q, which is not read", notation.Short(name))
	}
}

// The characters in which ISO 8859-15 and Windows-1252 differ from ISO 8859-1
// (which is the first 256 of Unicode).
var (
	latin15     = map[byte]rune{0xa4: '€', 0xa6: 'Š', 0xa8: 'š', 0xb4: 'Ž', 0xb8: 'ž', 0xbc: 'Œ', 0xbd: 'œ', 0xbe: 'Ÿ'}
	windows1252 = [32]rune{
		'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
		0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
	}
)

func fromLatin(text []byte, name string) []byte {
	if !slices.ContainsFunc(text, func(c byte) bool { return c >= utf8.RuneSelf }) {
		return text
	}
	out := make([]byte, 0, len(text)+len(text)/8)
	for _, c := range text {
		r := rune(c)
		switch name {
		case "ISO-8859-15":
			if other, ok := latin15[c]; ok {
				r = other
			}
		case "WINDOWS-1252", "CP1252":
			if 0x80 <= c && c < 0xa0 {
				r = windows1252[c-0x80]
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}
