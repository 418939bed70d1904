// SPDX-License-Identifier: Apache-2.0

package partslist

import (
	"strings"

	"github.com/medsbom/medsbom/sbom"
)

// A titleKey is what a line of the title block speaks of.
type titleKey uint8

const (
	noTitle titleKey = iota
	documentTitle
	productTitle
	versionTitle
	supplierTitle
	manufacturerTitle
	authorTitle
	dateTitle
	revisionTitle
)

//
//nolint:misspell // words of other languages
func titleKeyOf(s string) titleKey {
	if len(s) > maxHeading {
		return noTitle
	}
	switch fold(s) {
	case "document", "documentname", "documenttitle", "sbom", "sbomname", "title", "dokument":
		return documentTitle
	case "product", "productname", "device", "devicename", "system", "systemname", "primarycomponent", "primarycomponentname", "model",
		"modelname", "medicaldevice", "produkt", "produktname", "gerat", "geratename", "produit", "dispositif", "producto",
		"dispositivo", "prodotto", "name", "softwarename", "software":
		return productTitle
	case "version", "productversion", "deviceversion", "softwareversion", "release", "softwarerelease", "produktversion", "versione",
		"primarycomponentversion", "systemversion", "firmwareversion":
		return versionTitle
	case "supplier", "suppliername", "vendor", "vendorname", "company", "organization", "organisation", "lieferant", "firma",
		"fournisseur", "proveedor", "fornitore":
		return supplierTitle
	case "manufacturer", "manufacturername", "hersteller", "fabricant", "fabricante", "produttore":
		return manufacturerTitle
	case "author", "sbomauthor", "authorofsbomdata", "authorname", "createdby", "preparedby", "ersteller", "erstelltvon", "auteur", "autor", "autore":
		return authorTitle
	case "date", "timestamp", "created", "createdon", "createdat", "creationdate", "sbomdate", "sbomtimestamp", "datum", "erstelltam",
		"fecha", "data", "generated", "generatedon":
		return dateTitle
	case "revision", "documentversion", "sbomversion", "documentrevision":
		return revisionTitle
	}
	return noTitle
}

// title reads one row above the heading. A key has its value behind a colon, in
// the next cell, or in the cell beneath it.
func (l *lister) title(row []cell) {
	beneath := l.titles
	if len(beneath) < 2 { // one alone is a caption and no row of keys
		beneath = nil
	}
	l.titles = nil
	for i := 0; i < len(row); i++ {
		c := row[i]
		if key, ok := beneath[c.column]; ok {
			l.setTitle(key, &c)
			continue
		}
		if l.titlePairs(&c) {
			continue
		}
		key := titleKeyOf(strings.TrimSuffix(c.text, ":"))
		switch {
		case key == noTitle && len(row) == 1 && l.doc.Name == "":
			l.doc.Name = c.text
		case key == noTitle:
			l.defect(sbom.CodeUnknownTag, c.at, c.text, "a cell above the heading of the table is not understood")
		case i+1 < len(row) && titleKeyOf(strings.TrimSuffix(row[i+1].text, ":")) == noTitle && !l.hasKey(row[i+1].text):
			i++
			l.setTitle(key, &row[i])
		default:
			if l.titles == nil {
				l.titles = make(map[int]titleKey)
			}
			l.titles[c.column] = key
		}
	}
}

// hasKey reports whether a text is "key: value".
func (l *lister) hasKey(text string) bool {
	key, value, found := strings.Cut(text, ":")
	return found && strings.TrimSpace(value) != "" && titleKeyOf(key) != noTitle
}

// titlePairs reads "Product: Pump" and "Product: Pump, Version: 4.2".
func (l *lister) titlePairs(c *cell) bool {
	if !l.hasKey(c.text) {
		return false
	}
	pairs := strings.FieldsFunc(c.text, func(r rune) bool { return r == ',' || r == ';' || r == '|' })
	for _, pair := range pairs {
		if !l.hasKey(pair) {
			pairs = []string{c.text}
			break
		}
	}
	for _, pair := range pairs {
		key, value, _ := strings.Cut(pair, ":")
		l.setTitle(titleKeyOf(key), &cell{column: c.column, text: strings.TrimSpace(value), at: c.at})
	}
	return true
}

func (l *lister) setTitle(key titleKey, c *cell) {
	unknown := isUnknown(c.text)
	text := func(to *string) {
		switch {
		case unknown:
		case *to != "" && *to != c.text:
			l.defect(sbom.CodeContradict, c.at, c.text, "the title block says something else than before")
		default:
			*to = c.text
		}
	}
	who := func(to *sbom.Party) {
		if to.Name == "" {
			party(to, c, unknown)
		} else if !unknown && to.Name != c.text {
			l.defect(sbom.CodeContradict, c.at, c.text, "the title block names another party than before")
		}
	}
	switch key {
	case documentTitle:
		text(&l.doc.Name)
	case productTitle:
		text(&l.product.Name)
		l.productAt = c.at
	case versionTitle:
		text(&l.product.Version)
		if l.productAt.IsZero() {
			l.productAt = c.at
		}
	case supplierTitle:
		who(&l.doc.Supplier)
		l.product.Supplier = l.doc.Supplier
	case manufacturerTitle:
		who(&l.doc.Manufacturer)
		l.product.Detail().Manufacturer = l.doc.Manufacturer
	case authorTitle:
		if len(l.doc.Authors) < maxAuthors {
			l.doc.Authors = append(l.doc.Authors, partyOf(c, unknown))
		}
	case dateTitle:
		if l.doc.Created == "" && !unknown {
			l.created(c)
		}
	case revisionTitle:
		text(&l.doc.Revision)
	default: // noTitle is none
	}
}
