// SPDX-License-Identifier: Apache-2.0

package partslist

import (
	"bytes"
	"unicode/utf8"

	"github.com/medsbom/medsbom/sbom"
)

// characters returns the text in UTF-8 without a mark. Excel saves "CSV" in the
// code page of its country, in Western Europe and America Windows-1252; as
// lines of both kinds get pasted together, each line is judged on its own.
func (l *lister) characters(text []byte) []byte {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if control := bytes.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' }); control >= 0 {
		l.defect(sbom.CodeText, sbom.NewLines(text).At(control), "", "the table holds control characters, this is the first")
	}
	if utf8.Valid(text) {
		return text
	}
	out := make([]byte, 0, len(text)+len(text)/8)
	converted, first := 0, 0
	for line := range bytes.Lines(text) {
		if utf8.Valid(line) {
			out = append(out, line...)
			continue
		}
		if converted++; converted == 1 {
			first = len(out)
		}
		for _, c := range line {
			r := rune(c)
			if 0x80 <= c && c < 0xa0 {
				r = windows1252[c-0x80]
			}
			out = utf8.AppendRune(out, r)
		}
	}
	l.defect(sbom.CodeText, sbom.NewLines(out).At(first), "", "%d lines are not valid UTF-8 and were read as Windows-1252, this is the first", converted)
	return out
}

// windows1252 is where the code page differs from the first 256 characters of
// Unicode.
var windows1252 = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
}
