// SPDX-License-Identifier: Apache-2.0

// Package dossier holds what a buyer knows beside the SBOM. For now that is
// the binding of a file to the product that was ordered: who supplies it, what
// it is called, which version is expected.
//
// # Where names come from
//
// The first that says something wins, for each of the three names apart:
// the command line's flags; the .medsbom.yaml nearest to the file, then those
// above it; the folders <supplier>/<product>/ beneath the path that was
// scanned; the document's own subject; the file's name.
//
// Only what a person wrote down on purpose (flags and .medsbom.yaml) is an
// expectation that the document can contradict; folder names are labels.
package dossier

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/medsbom/medsbom/sbom"
)

// Source says where a name comes from.
type Source string

// The sources of a name, strongest first.
const (
	FromFlag          Source = "flag"
	FromConfiguration Source = "configuration"
	FromFolder        Source = "folder"
	FromDocument      Source = "document"
	FromFile          Source = "file"
	Unknown           Source = "unknown"
)

// Order is what a person says was ordered. Empty fields say nothing.
type Order struct {
	Supplier, Product, Version string
	ProductAliases             []string
}

// A Binding ties a file to a product.
type Binding struct {
	Supplier, Product, Version                   string
	SupplierSource, ProductSource, VersionSource Source
	// Ordered is what flags and configuration expect; the zero Order if nothing.
	Ordered Order
}

// UnknownSupplier is the name under which products without one are collected.
const UnknownSupplier = "unknown supplier"

// Bind names the product of a file. folders are the names of the folders
// between the path that was scanned and the file; doc is nil if the file could
// not be read; configured is what the .medsbom.yaml files say, merged.
func Bind(file string, folders []string, flags, configured Order, doc *sbom.Document) Binding {
	b := Binding{Ordered: Order{
		Supplier:       cmp.Or(flags.Supplier, configured.Supplier),
		Product:        cmp.Or(flags.Product, configured.Product),
		Version:        cmp.Or(flags.Version, configured.Version),
		ProductAliases: configured.ProductAliases,
	}}
	var folderSupplier, folderProduct string
	if len(folders) > 0 {
		folderSupplier = folders[0]
	}
	if len(folders) > 1 {
		folderProduct = folders[1]
	}
	var docSupplier, docProduct, docVersion string
	if doc != nil {
		docSupplier, docProduct, docVersion = subjectNames(doc)
	}
	b.Supplier, b.SupplierSource = first(
		candidate{flags.Supplier, FromFlag}, candidate{configured.Supplier, FromConfiguration},
		candidate{folderSupplier, FromFolder}, candidate{docSupplier, FromDocument},
		candidate{UnknownSupplier, Unknown})
	b.Product, b.ProductSource = first(
		candidate{flags.Product, FromFlag}, candidate{configured.Product, FromConfiguration},
		candidate{folderProduct, FromFolder}, candidate{docProduct, FromDocument},
		candidate{fileStem(file), FromFile})
	b.Version, b.VersionSource = first(
		candidate{flags.Version, FromFlag}, candidate{configured.Version, FromConfiguration},
		candidate{docVersion, FromDocument})
	return b
}

type candidate struct {
	name string
	from Source
}

func first(candidates ...candidate) (string, Source) {
	for _, c := range candidates {
		if name := strings.TrimSpace(c.name); IsName(name) {
			return name, c.from
		}
	}
	return "", ""
}

// subjectNames reads supplier, product and version from what the document says
// of its subject.
func subjectNames(doc *sbom.Document) (supplier, product, ver string) {
	if s := doc.Subject; s != nil {
		// A maker of the product; its author or publisher is not its supplier.
		supplier = cmp.Or(s.Supplier.Name, s.Manufacturer().Name, s.Publisher().Name)
		product, ver = s.Name, s.Version
	}
	return cmp.Or(supplier, doc.Supplier.Name, doc.Manufacturer.Name), product, ver
}

// fileStem is a file's name without its endings.
func fileStem(file string) string {
	base := path.Base(strings.ReplaceAll(file, `\`, "/"))
	if base == "-" || base == "." || base == "/" {
		return "standard input"
	}
	for {
		ext := strings.ToLower(path.Ext(base))
		if !slices.Contains(endings, ext) || len(base) == len(ext) {
			return base
		}
		base = base[:len(base)-len(ext)]
	}
}

var endings = []string{".json", ".xml", ".cdx", ".spdx", ".bom", ".gz", ".sbom", ".txt", ".tag", ".rdf", ".yaml", ".yml", ".zst", ".zip"}

// ProductID is the key of a product: supplier and product, folded (DESIGN §4).
func (b *Binding) ProductID() string { return Fold(b.Supplier) + "/" + Fold(b.Product) }

// Fold makes a name comparable: lower case, every run of other characters than
// letters and digits one hyphen.
func Fold(name string) string {
	var out strings.Builder
	gap := false
	for _, r := range strings.ToLower(name) {
		if !isNameRune(r) {
			gap = out.Len() > 0
			continue
		}
		if gap {
			out.WriteByte('-')
			gap = false
		}
		out.WriteRune(r)
	}
	if out.Len() == 0 {
		return "unnamed"
	}
	return out.String()
}

// IsName tells a name from what build tools write when they know none: nothing,
// or "." and "/" for the folder they ran in.
func IsName(s string) bool { return strings.ContainsFunc(s, isNameRune) }

func isNameRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// Expectation compares what was ordered with what the document says. stated
// is false if nothing was ordered by product or version.
func (b *Binding) Expectation(doc *sbom.Document) (stated, met bool, why string) {
	if b.Ordered.Product == "" && b.Ordered.Version == "" {
		return false, false, ""
	}
	if doc == nil || doc.Subject == nil || doc.Subject.Name == "" {
		return true, false, "the SBOM does not name the product that it describes"
	}
	s := doc.Subject
	if want := b.Ordered.Product; want != "" {
		names := append([]string{want}, b.Ordered.ProductAliases...)
		if !slices.ContainsFunc(names, func(n string) bool {
			n = Fold(n)
			return n == Fold(s.Name) || n == Fold(s.Group+" "+s.Name)
		}) {
			return true, false, "the SBOM describes \"" + s.Name + "\", not \"" + want + "\""
		}
	}
	if want := b.Ordered.Version; want != "" && plainVersion(want) != plainVersion(s.Version) {
		return true, false, "the SBOM describes version \"" + s.Version + "\", not \"" + want + "\""
	}
	return true, true, ""
}

// plainVersion drops what people write before a version: "v1.2" is "1.2".
func plainVersion(v string) string {
	v = strings.ToLower(strings.TrimSpace(v))
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(v, "version"), "v"))
}
