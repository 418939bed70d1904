// SPDX-License-Identifier: Apache-2.0

package partslist

import (
	"slices"
	"strings"
	"unicode"
)

// A field is what a column of the table holds.
type field uint8

const (
	unknownField field = iota
	knownField         // a heading that is common but has no place in the model
	nameField
	productField // a name, if no column is plainly one
	versionField
	groupField
	typeField
	supplierField
	manufacturerField
	publisherField
	authorField
	identifierField // a package URL, a CPE or anything else
	purlField
	cpeField
	swidField
	swhidField
	licenceField
	concludedField
	hashField
	levelField
	endOfSupportField
	endOfLifeField
	justificationField
	websiteField
	sourceField
	downloadField
	refField
	scopeField
	parentField       // the row that this one is in
	dependsField      // the rows that this one depends on
	relationshipField // NTIA: Primary, Included in …
	documentAuthorField
	timestampField
)

// single reports whether a component has one place for the field, so that two
// columns for it clash.
func (f field) single() bool {
	switch f {
	case unknownField, knownField, identifierField, purlField, cpeField, swhidField, licenceField, concludedField,
		hashField, websiteField, sourceField, downloadField, parentField, dependsField, relationshipField,
		documentAuthorField, timestampField, authorField:
		return false
	default:
		return true
	}
}

// useful reports whether the field tells a parts list from another table.
func (f field) useful() bool { return f > productField }

// A column is one column of the table that is being read.
type column struct {
	heading  string // as written; "3" for the third if it has none
	property string // the name under which its cells are kept
	field    field
	hash     string // the algorithm that the heading of a hash column names
}

const maxHeading = 200 // bytes; a longer cell is text and no heading

// columnOf tells what a heading means.
func columnOf(heading string) column {
	c := column{heading: heading}
	if len(heading) > maxHeading {
		return c
	}
	word := fold(heading)
	if c.field, c.hash = fieldOf(word); c.field != unknownField {
		return c
	}
	// "Version (installed)", "Name [required]"
	if i := strings.IndexAny(heading, "(["); i > 0 {
		word = fold(heading[:i])
	}
	for {
		if c.field, c.hash = fieldOf(word); c.field != unknownField {
			return c
		}
		rest := trimPrefixes(word)
		if rest == word || rest == "" {
			return c
		}
		word = rest
	}
}

// trimPrefixes takes off a word that says only that the table is of parts. SOUP
// is IEC 62304's "software of unknown provenance", OTS the FDA's off-the-shelf.
func trimPrefixes(word string) string {
	for _, prefix := range [...]string{
		"software", "sw", "soup", "ots", "offtheshelf", "thirdparty", "3rdparty", "opensource", "oss", "component", "package",
		"library", "module", "part", "komponenten", "composant", "componente", "sbom",
	} {
		if rest, ok := strings.CutPrefix(word, prefix); ok {
			return rest
		}
	}
	return word
}

// fold reduces a heading to what does not depend on how it is written: letters
// without accents and digits, in lower case.
func fold(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch r = unicode.ToLower(r); r {
		case 'à', 'á', 'â', 'ã', 'ä', 'å':
			r = 'a'
		case 'ç':
			r = 'c'
		case 'è', 'é', 'ê', 'ë':
			r = 'e'
		case 'ì', 'í', 'î', 'ï':
			r = 'i'
		case 'ñ':
			r = 'n'
		case 'ò', 'ó', 'ô', 'õ', 'ö':
			r = 'o'
		case 'ù', 'ú', 'û', 'ü':
			r = 'u'
		case 'ß':
			b.WriteByte('s')
			r = 's'
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// fieldOf is the table of headings. It is a switch, not a map: nothing runs at
// start-up.
//
//nolint:misspell // words of other languages
func fieldOf(word string) (f field, hash string) {
	switch word {
	case "name", "component", "components", "componentname", "softwarecomponent", "softwarename", "software", "swcomponent", "sw",
		"package", "packagename", "library", "libraryname", "module", "modulename", "partname", "soup", "soupname", "soupitem",
		"otssoftware", "artifact", "artifactid", "artifactname", "dependency", "dependencyname", "thirdpartysoftware",
		"bezeichnung", "komponente", "komponentenname", "paket", "paketname", "bibliothek", "softwarekomponente",
		"nom", "nomducomposant", "composant", "logiciel", "composantlogiciel", "bibliotheque", "paquet",
		"nombre", "nombredelcomponente", "componente", "nombredecomponente", "paquete", "biblioteca",
		"nome", "nomecomponente", "nomedelcomponente", "componentesoftware", "pacchetto", "libreria":
		return nameField, ""
	case "product", "productname", "item", "itemname", "title", "application", "applicationname", "part", "program", "programname",
		"produkt", "produktname", "artikel", "anwendung", "programm", "produit", "nomduproduit", "designation", "libelle",
		"producto", "nombredelproducto", "aplicacion", "prodotto", "nomeprodotto", "applicazione":
		return productField, ""
	case "version", "versions", "ver", "versionnumber", "versionno", "versionstring", "versionstr", "versioninfo", "release", "revision",
		"rev", "componentversion", "softwareversion", "installedversion", "currentversion", "usedversion",
		"versionsnummer", "versionsstand", "eingesetzteversion", "numerodeversion", "versiondelcomponente", "versione", "numeroversione",
		"versionducomposant", "numerodiversione":
		return versionField, ""
	case "group", "groupid", "groupname", "namespace", "componentgroup", "gruppe", "groupe", "grupo", "gruppo":
		return groupField, ""
	case "type", "componenttype", "typ", "komponententyp", "tipo", "tipodecomponente", "typedecomposant", "primarypurpose", "purpose":
		return typeField, ""
	case "supplier", "suppliername", "componentsupplier", "componentsuppliername", "vendor", "vendorname", "provider", "distributor",
		"lieferant", "anbieter", "zulieferer", "fournisseur", "nomdufournisseur", "proveedor", "nombredelproveedor", "fornitore",
		"nomefornitore", "nomedelfornitore":
		return supplierField, ""
	case "manufacturer", "manufacturername", "componentmanufacturer", "maker", "oem", "hersteller", "herstellername", "fabricant",
		"fabricante", "produttore", "fabbricante":
		return manufacturerField, ""
	case "publisher", "publishername", "herausgeber", "editeur", "editor", "editore":
		return publisherField, ""
	case "author", "authors", "componentauthor", "developer", "originator", "autor", "auteur", "autore", "entwickler":
		return authorField, ""
	case "uniqueidentifier", "uniqueidentifiers", "otheruniqueidentifiers", "otheruniqueidentifier", "identifier", "identifiers",
		"uniqueid", "componentidentifier", "softwareidentifier", "otheridentifiers", "externalreference", "externalreferences",
		"eindeutigerbezeichner", "eindeutigekennung", "kennung", "identifiant", "identifiantunique", "identificador",
		"identificadorunico", "identificatore", "identificativounivoco", "identificatoreunivoco":
		return identifierField, ""
	case "purl", "purls", "packageurl", "packageurlpurl", "purlpackageurl":
		return purlField, ""
	case "cpe", "cpes", "cpename", "cpe23", "cpe22", "cpe23uri", "cpeuri", "cpeid", "cpestring", "cpeidentifier",
		"commonplatformenumeration", "commonplatformenumerationcpe":
		return cpeField, ""
	case "swid", "swidtag", "swidtagid", "swidtags", "tagid":
		return swidField, ""
	case "swhid", "softwareheritageid":
		return swhidField, ""
	case "license", "licence", "licenses", "licences", "licensename", "licencename", "licenseid", "licenceid", "spdxlicense",
		"spdxlicence", "spdxlicenseid", "spdxid3license", "licensedeclared", "declaredlicense", "declaredlicence", "licensetype",
		"licencetype", "licenseexpression", "licenceexpression", "lizenz", "lizenzen", "lizenztyp", "lizenzname",
		"licencia", "licencias", "licenza", "licenze":
		return licenceField, ""
	case "licenseconcluded", "licenceconcluded", "concludedlicense", "concludedlicence":
		return concludedField, ""
	case "hash", "hashes", "componenthash", "hashvalue", "filehash", "checksum", "checksums", "digest", "packagechecksum",
		"hashofthecomponent", "hashwert", "prufsumme", "pruefsumme", "empreinte", "sommedecontrole", "sumadeverificacion", "impronta":
		return hashField, ""
	case "md5", "md5hash", "hashmd5", "md5sum", "md5checksum":
		return hashField, "MD5"
	case "sha1", "sha1hash", "hashsha1", "sha1sum", "sha1checksum":
		return hashField, "SHA-1"
	case "sha256", "sha256hash", "hashsha256", "sha256sum", "sha256checksum", "sha2256":
		return hashField, "SHA-256"
	case "sha384", "sha384hash", "hashsha384", "sha384sum":
		return hashField, "SHA-384"
	case "sha512", "sha512hash", "hashsha512", "sha512sum", "sha512checksum":
		return hashField, "SHA-512"
	case "sha3256":
		return hashField, "SHA3-256"
	case "sha3512":
		return hashField, "SHA3-512"
	case "levelofsupport", "supportlevel", "softwarelevelofsupport", "levelofsoftwaresupport", "supportstatus", "maintenancestatus",
		"supportstufe", "supportstatuslevel", "wartungsstatus", "niveaudesupport", "niveldesoporte", "livellodisupporto":
		return levelField, ""
	case "endofsupport", "endofsupportdate", "eos", "eosdate", "eosl", "supportenddate", "supportend", "supportedtill",
		"supporteduntil", "supportuntil", "endofsecuritysupport", "endofservice", "endofsupporteosdate", "endofsupporteos",
		"supportende", "endedessupports", "endedersupports", "unterstutztbis", "findesupport", "findusupport", "datedefindesupport",
		"findesoporte", "fechadefindesoporte", "finesupporto", "datafinesupporto", "finedelsupporto":
		return endOfSupportField, ""
	case "endoflife", "endoflifedate", "eol", "eoldate", "endoflifeeol", "lebensende", "eoldatum", "findevie", "datedefindevie",
		"findevida", "fechadefindevida", "finevita", "datafinevita":
		return endOfLifeField, ""
	case "justification", "supportjustification", "justificationforlackofsupport", "begrundung":
		return justificationField, ""
	case "homepage", "website", "url", "projecturl", "webseite", "siteweb", "sitioweb", "sitoweb", "homepageurl", "weblink", "link":
		return websiteField, ""
	case "repository", "repositoryurl", "sourcerepository", "sourceurl", "vcs", "vcsurl", "sourcecodeurl", "giturl", "repo":
		return sourceField, ""
	case "downloadlocation", "downloadurl", "packagedownloadlocation", "distributionurl", "download":
		return downloadField, ""
	case "id", "componentid", "bomref", "ref", "reference", "spdxid", "packageid", "elementid", "spdxidentifier":
		return refField, ""
	case "scope":
		return scopeField, ""
	case "parent", "parentcomponent", "parentname", "includedin", "partof", "containedin", "usedby", "dependencyof", "enthaltenin",
		"teilvon", "ubergeordnetekomponente", "inclusdans", "incluidoen", "inclusoin":
		return parentField, ""
	case "dependson", "dependencies", "requires", "directdependencies", "abhangigkeiten", "abhangigvon", "dependances", "dependde",
		"dependencias", "dependede", "dipendenze", "dipendeda":
		return dependsField, ""
	case "dependencyrelationship", "dependencyrelationships", "relationship", "relationships", "relationshiptype",
		"relationshipassertion", "upstreamrelationship", "beziehung", "abhangigkeitsbeziehung", "relation", "relacion", "relazione":
		return relationshipField, ""
	case "authorofsbomdata", "sbomauthor", "authorname", "authorofthesbom", "authorofsbom", "createdby", "preparedby", "dataauthor",
		"ersteller", "erstelltvon", "creepar", "creadopor", "creatoda", "autordelsbom", "auteurdusbom", "autoredellsbom":
		return documentAuthorField, ""
	case "timestamp", "sbomtimestamp", "dateofsbomdata", "createdat", "creationdate", "zeitstempel", "horodatage", "marcadetiempo",
		"marcatemporale":
		return timestampField, ""
	case "description", "beschreibung", "descripcion", "descrizione", "quantity", "qty", "menge", "anzahl", "quantite", "cantidad",
		"quantita", "comment", "comments", "notes", "note", "remark", "remarks", "bemerkung", "kommentar", "copyright", "language",
		"category", "kategorie", "status", "no", "nr", "number", "path", "filename", "cve", "cves", "risk", "riskclass":
		return knownField, ""
	}
	return unknownField, ""
}

// headingScore says how well a row serves as the heading of a parts list; 0 if
// it is none.
func headingScore(row []cell) int {
	var name, product, version bool
	var fields []field
	for i := range row {
		c := columnOf(row[i].text)
		switch {
		case c.field == nameField:
			name = true
		case c.field == productField:
			product = true
		case c.field.useful() && !slices.Contains(fields, c.field):
			fields = append(fields, c.field)
			version = version || c.field == versionField
		}
	}
	switch {
	case len(fields) == 0:
		return 0
	case name:
		return 100 + len(fields)
	case product && version:
		return len(fields)
	}
	return 0
}

// rows yields the rows of a table with their cells that are not empty. A row
// is good until the next call.
type rows interface {
	next() ([]cell, bool)
}

// headingWithin is how many rows that are not empty may stand before the end of
// the heading row, itself included.
const headingWithin = 20

// findHeading returns which of the rows is the heading, counted from 0, and its
// score; 0 if none is.
func findHeading(table rows) (index, score int) {
	for n, filled := 0, 0; filled < headingWithin; n++ {
		row, ok := table.next()
		if !ok {
			break
		}
		if len(row) == 0 {
			continue
		}
		filled++
		if s := headingScore(row); s > score {
			index, score = n, s
		}
	}
	return index, score
}
