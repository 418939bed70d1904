// SPDX-License-Identifier: Apache-2.0

package partslist

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/internal/xmlpull"
	"github.com/medsbom/medsbom/sbom"
)

// book is what the sheets of a workbook share.
type book struct {
	sheets  []sheetEntry
	strings []string
	formats []format // of the cell styles (cellXfs), by index
	since   bool     // dates count from 1904

	sharedBytes int // that cells took from strings

	badStrings int // cells that refer to a string beyond the last
	badString  cell
}

type sheetEntry struct {
	name, part string
	external   bool
}

// book reads the workbook and the parts that it shares with its sheets.
func (p *pack) book() (*book, error) {
	_, first, err := p.relationships("")
	if err != nil {
		return nil, err
	}
	name := "xl/workbook.xml"
	if rel, ok := first["officeDocument"]; ok {
		name = rel.target
	}
	text, err := p.read(name)
	if err != nil {
		return nil, err
	}
	if text == nil {
		return nil, &sbom.SyntaxError{Message: "malformed XLSX: it has no workbook", Remedy: remedyDamaged}
	}
	byID, shared, err := p.relationships(name)
	if err != nil {
		return nil, err
	}
	b := &book{}
	if err := b.workbook(text, name, byID); err != nil {
		return nil, err
	}
	if rel, ok := shared["sharedStrings"]; ok {
		if text, err = p.read(rel.target); err != nil {
			return nil, err
		}
		if err := b.sharedStrings(text, rel.target); err != nil {
			return nil, err
		}
	}
	if rel, ok := shared["styles"]; ok {
		if text, err = p.read(rel.target); err != nil {
			return nil, err
		}
		if err := b.styles(text, rel.target); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// workbook reads the list of sheets (§18.2.27).
func (b *book) workbook(text []byte, name string, byID map[string]relationship) error {
	r := xmlpull.New(text, maxDepth, 0)
	if root, ok := r.Child(); !ok {
		return syntaxOf(name, r)
	} else if root.Name.Local != "workbook" {
		return &sbom.SyntaxError{Message: "malformed XLSX: " + notation.Short(name) + " holds no workbook", Remedy: remedyDamaged}
	}
	for {
		start, ok := r.Child()
		if !ok {
			return closed(name, r)
		}
		switch start.Name.Local {
		case "workbookPr":
			v := xmlpull.Attribute(start, "date1904")
			b.since = v == "1" || v == "true"
			r.Skip()
		case "sheets":
			for {
				sheet, ok := r.Child()
				if !ok {
					break
				}
				id := ""
				for _, a := range sheet.Attr {
					if a.Name.Local == "id" && a.Name.Space != "" {
						id = a.Value
					}
				}
				entry := sheetEntry{name: xmlpull.Attribute(sheet, "name")}
				switch rel, ok := byID[id]; {
				case !ok:
					entry.part = "?" // which no part is called: the sheet is missing
				case rel.external:
					entry.external = true
				case rel.kind == "worksheet":
					entry.part = rel.target
				}
				if len(b.sheets) >= maxEntries {
					return &sbom.SyntaxError{Message: "an XLSX file with more than 10000 sheets", Remedy: remedyLimit}
				}
				b.sheets = append(b.sheets, entry)
				r.Skip()
			}
		default:
			r.Skip()
		}
	}
}

// closed is an error unless the element entered last has ended as it should:
// Child ends in the same way on an error.
func closed(part string, r *xmlpull.Reader) error {
	if _, err := r.Err(); err != nil {
		return syntaxOf(part, r)
	}
	for r.Token() != nil { // what follows the root: comments, or what is not well-formed
	}
	if _, err := r.Err(); !errors.Is(err, io.EOF) {
		return syntaxOf(part, r)
	}
	return nil
}

// sharedStrings reads the table of texts (§18.4.9).
func (b *book) sharedStrings(text []byte, name string) error {
	if text == nil {
		return &sbom.SyntaxError{Message: "malformed XLSX: its texts (" + notation.Short(name) + ") are missing", Remedy: remedyDamaged}
	}
	r := xmlpull.New(text, maxDepth, 0)
	r.Child()
	for {
		if _, ok := r.Child(); !ok {
			return closed(name, r)
		}
		b.strings = append(b.strings, richText(r))
	}
}

// richText reads the text of the element entered last, in one piece or in runs,
// without the phonetic reading beside it (§18.4).
func richText(r *xmlpull.Reader) string {
	var text []byte
	for {
		start, ok := r.Child()
		if !ok {
			return strings.TrimSpace(unescape(string(text)))
		}
		switch start.Name.Local {
		case "t":
			text = verbatim(r, text)
		case "r":
			for {
				run, ok := r.Child()
				if !ok {
					break
				}
				if run.Name.Local == "t" {
					text = verbatim(r, text)
				} else {
					r.Skip()
				}
			}
		default:
			r.Skip()
		}
	}
}

// verbatim appends a text with the white space at its ends: runs of a text
// depend on it.
func verbatim(r *xmlpull.Reader, text []byte) []byte {
	for {
		switch t := r.Token().(type) {
		case nil, xml.EndElement:
			return text
		case xml.CharData:
			if len(text)+len(t) > maxCell {
				r.Fail(errLongCell, r.Offset())
				return nil
			}
			text = append(text, t...)
		case xml.StartElement:
			r.Skip()
		}
	}
}

// unescape resolves _xHHHH_, by which a text spells characters that XML does not
// allow (§22.9.2.19, ST_Xstring).
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var out strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 {
			out.WriteString(s)
			return out.String()
		}
		out.WriteString(s[:i])
		s = s[i:]
		if len(s) >= 7 && s[6] == '_' {
			if code, err := strconv.ParseUint(s[2:6], 16, 16); err == nil {
				out.WriteRune(rune(code))
				s = s[7:]
				continue
			}
		}
		out.WriteString(s[:2])
		s = s[2:]
	}
}
