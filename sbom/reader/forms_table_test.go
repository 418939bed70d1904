// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"encoding/csv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// tableForms are lists of parts, which hold all that is compared here.
func tableForms() []writtenForm {
	return []writtenForm{
		{name: "CSV", noSBOM: true, write: func(s *software) ([]byte, error) {
			var b bytes.Buffer
			w := csv.NewWriter(&b)
			err := w.WriteAll(s.table())
			return b.Bytes(), err
		}},
		{name: "XLSX", noSBOM: true, write: func(s *software) ([]byte, error) {
			book := excelize.NewFile()
			defer func() { _ = book.Close() }()
			for i, row := range s.table() {
				cell, err := excelize.CoordinatesToCellName(1, i+1)
				if err != nil {
					return nil, err
				}
				if err := book.SetSheetRow("Sheet1", cell, &row); err != nil {
					return nil, err
				}
			}
			b, err := book.WriteToBuffer()
			if err != nil {
				return nil, err
			}
			return b.Bytes(), nil
		}},
	}
}

func (s *software) table() [][]string {
	rows := [][]string{{
		"Component Name", "Version", "Group", "Type", "Supplier", "Author", "Package URL", "CPE", "License", "Hash", "End of Support",
		"Relationship", "Parent", "Depends on",
	}}
	for i := range s.parts {
		p := &s.parts[i]
		var hashes []string
		for _, algorithm := range p.algorithms() {
			hashes = append(hashes, algorithm+":"+p.hash[algorithm])
		}
		relationship := ""
		if i == 0 {
			relationship = "Primary"
		}
		rows = append(rows, []string{
			p.name, p.version, p.group, p.kind, p.supplier, p.author, p.purl, strings.Join(p.cpe, " "), strings.Join(p.licences, " AND "),
			strings.Join(hashes, " | "), p.until, relationship, p.in, strings.Join(p.needs, "; "),
		})
	}
	return rows
}
