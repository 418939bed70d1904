// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/dossier"
	"github.com/medsbom/medsbom/internal/device"
	"github.com/medsbom/medsbom/policy"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/vulndb"
)

// The feed of advisories about devices.
const deviceFeed = "csaf"

// maxAdvisories bounds the advisories that are told of one product.
const maxAdvisories = 50

// context looks for advisories that name the product itself. They tell a reader
// what to ask and never touch the score: they are about the product, whose parts
// are scored.
func (p *product) context() {
	c := new(assessment.Context)
	p.out.Context = c
	lookup := &c.Lookup
	feed := p.info.Feed(deviceFeed)
	if feed == nil {
		lookup.State, lookup.Reason = assessment.LookupNotDone, "the database holds no advisories on devices"
		return
	}
	*lookup = assessment.AdvisoryLookup{State: assessment.LookupDone, Feed: deviceFeed, Date: day(feed.Date), Records: feed.Records}
	names := p.names()
	if len(names.products) == 0 {
		lookup.State, lookup.Reason = assessment.LookupNotDone, "nothing says what the product is called"
		return
	}
	for _, n := range append(slices.Clone(names.vendors), names.products...) {
		lookup.Names = append(lookup.Names, n.text)
	}
	found := p.named(names)
	p.advisories = contextFacts(found)
	lookup.Found = len(found)
	c.Advisories = found[:min(len(found), maxAdvisories)]
}

// name is one name of the vendor or the product, and who says so.
type name struct {
	text string
	from string
}

type names struct {
	vendors, products []name
	version           string
}

// names are what the product and its vendor are called: by the binding, and by
// the document, which may name the maker where the binding names a dealer.
func (p *product) names() names {
	b := &p.binding
	n := names{version: b.Version}
	add := func(list *[]name, text, from string) {
		text = strings.TrimSpace(text)
		if dossier.IsName(text) && !slices.ContainsFunc(*list, func(x name) bool { return strings.EqualFold(x.text, text) }) {
			*list = append(*list, name{text, from})
		}
	}
	if p.versionOfAnother() {
		n.version = ""
	}
	if b.SupplierSource != dossier.Unknown {
		add(&n.vendors, b.Supplier, string(b.SupplierSource))
	}
	if b.ProductSource != dossier.FromFile {
		add(&n.products, b.Product, string(b.ProductSource))
	}
	for _, alias := range b.Ordered.ProductAliases {
		add(&n.products, alias, string(dossier.FromConfiguration))
	}
	if d := p.doc; d != nil {
		from := string(dossier.FromDocument)
		parties := []sbom.Party{d.Supplier, d.Manufacturer}
		if s := d.Subject; s != nil {
			parties = append([]sbom.Party{s.Supplier, s.Manufacturer(), s.Publisher()}, parties...)
			add(&n.products, s.Name, from)
			if s.Group != "" {
				add(&n.products, s.Group+" "+s.Name, from)
			}
		}
		for _, party := range parties {
			add(&n.vendors, party.Name, from)
		}
	}
	return n
}

// versionOfAnother reports whether the version comes from a document that
// describes another product than the one that was bound: it says nothing of this
// one.
func (p *product) versionOfAnother() bool {
	b := &p.binding
	if b.VersionSource != dossier.FromDocument || b.ProductSource == dossier.FromDocument || p.doc == nil || p.doc.Subject == nil {
		return false
	}
	subject := p.doc.Subject.Name
	supplier := device.ParseVendor(b.Supplier)
	alike := func(want string) bool { return device.Products(want, subject, supplier) != device.Other }
	return !alike(b.Product) && !slices.ContainsFunc(b.Ordered.ProductAliases, alike)
}

// named gives the advisories that name the product, surest and most pressing
// first, each advisory once.
func (p *product) named(n names) []assessment.ProductAdvisory {
	var out []assessment.ProductAdvisory
	at := make(map[vulndb.NoticeID]int)
	take := func(d *vulndb.NamedDevice, confidence, why string) {
		state, versions := judge(d, n.version)
		one := assessment.ProductAdvisory{
			Vendor: d.Vendor, Product: d.Product, Versions: versions, Confidence: confidence, Version: state, Why: why,
		}
		if i, ok := at[d.Notice]; !ok {
			at[d.Notice] = len(out)
			out = append(out, p.tell(d.Notice, one))
		} else if compareAdvisories(&one, &out[i]) < 0 {
			// An advisory names a whole family: the product that fits best counts.
			out[i] = p.tell(d.Notice, one)
		}
	}
	parsed := make(map[string]*device.Vendor) // one vendor has thousands of products
	parse := func(vendor string) *device.Vendor {
		v := parsed[vendor]
		if v == nil {
			v = device.ParseVendor(vendor)
			parsed[vendor] = v
		}
		return v
	}
	for _, vendor := range n.vendors {
		ours := parse(vendor.text)
		for _, product := range n.products {
			list := p.DB.DevicesNamed(vendor.text, product.text)
			for i := range list {
				d := &list[i]
				theirs := parse(d.Vendor)
				vendors, products := ours.Compare(theirs), device.Products(product.text, d.Product, ours, theirs)
				if vendors == device.Other || products == device.Other {
					continue
				}
				confidence := "possible"
				if vendors == device.Same && products == device.Same {
					confidence = "strong"
				}
				take(d, confidence, fmt.Sprintf("vendor %s (%s), product %s (%s)", agrees(vendors), vendor.from, agrees(products), product.from))
			}
		}
	}
	p.anyVendor(n, parse, take)
	slices.SortStableFunc(out, func(a, b assessment.ProductAdvisory) int { return compareAdvisories(&a, &b) })
	return out
}

// anyVendor takes the advisories that name the product under whatever vendor. A
// device is sold under several names, and firms are bought: who is named as its
// maker never silences an advisory, it only makes it possible instead of sure.
func (p *product) anyVendor(n names, parse func(string) *device.Vendor, take func(d *vulndb.NamedDevice, confidence, why string)) {
	ours := make([]*device.Vendor, len(n.vendors))
	for i, vendor := range n.vendors {
		ours[i] = parse(vendor.text)
	}
	for _, product := range n.products {
		texts := []string{product.text}
		for _, vendor := range n.vendors {
			texts = append(texts, vendor.text+" "+product.text)
		}
		for i, text := range texts {
			list := p.DB.DevicesNamed("", text)
			for k := range list {
				d := &list[k]
				theirs := parse(d.Vendor)
				if slices.ContainsFunc(ours, func(v *device.Vendor) bool {
					return v.Compare(theirs) != device.Other && device.Products(product.text, d.Product, v, theirs) != device.Other
				}) || !device.SameName(text, d.Product, theirs) || !p.telling(d, text) {
					continue // taken already, or another
				}
				why := "vendor not known, product the same (" + product.from + ")"
				if len(ours) > 0 {
					why = "vendor another, product the same (" + product.from + ")"
				}
				if i > 0 {
					why = "vendor another, vendor and product as one name the same (" + product.from + ")"
				}
				take(d, "possible", why)
			}
		}
	}
}

// telling reports whether a product's name alone says which product it is. One
// plain word ("Connect") may be anything, so that only advisories on medical
// devices count for it.
func (p *product) telling(d *vulndb.NamedDevice, text string) bool {
	return strings.ContainsAny(strings.TrimSpace(text), " -_0123456789") || strings.HasPrefix(p.DB.Notice(d.Notice).ID, "ICSMA-")
}

func agrees(l device.Level) string {
	if l == device.Same {
		return "the same"
	}
	return "alike"
}

// tell fills in what the advisory says.
func (p *product) tell(id vulndb.NoticeID, one assessment.ProductAdvisory) assessment.ProductAdvisory {
	n := p.DB.Notice(id)
	one.ID, one.Title, one.URL, one.Published, one.Updated = n.ID, n.Title, n.URL, day(n.Published), day(n.Updated)
	one.CVEs, one.Remedy = n.CVEs, n.Remedy
	if n.CVSS.Vector != "" {
		one.CVSS = &assessment.CVSS{Vector: n.CVSS.Vector, Score: n.CVSS.Score, Source: n.CVSS.Source}
	}
	for _, cve := range n.CVEs {
		if _, ok := p.DB.KEV(cve); ok {
			one.Exploited = append(one.Exploited, cve)
		}
	}
	return one
}

// judge says whether the versions that an advisory names for a product hold this
// one: the worst of them counts.
func judge(d *vulndb.NamedDevice, version string) (state string, versions []string) {
	worst := device.Outside
	cleared, affecting := false, 0
	for _, v := range d.Versions {
		text := cmp.Or(v.Text, "not stated")
		verdict := device.Judge(v.Text, version)
		switch v.Status {
		case vulndb.StatusAffected:
			affecting++
		case vulndb.StatusUnclear:
			affecting++
			text += " (status not clear)"
			verdict = min(verdict, device.NotStated)
			if verdict == device.NotStated {
				verdict = device.Unclear
			}
		case vulndb.StatusUnaffected:
			versions = append(versions, text+" (not affected, or fixed)")
			cleared = cleared || verdict == device.Inside
			continue
		}
		versions = append(versions, text)
		worst = max(worst, verdict)
	}
	switch {
	case worst == device.Inside:
		state = assessment.VersionAffected
	case cleared: // by name, which weighs more than a range that cannot be read
		state = assessment.VersionUnaffected
	case worst == device.NotStated:
		state = assessment.VersionNotStated
	case worst == device.Unclear:
		state = assessment.VersionUnclear
	case affecting == 0:
		// Only versions without the flaw are named: of others it says nothing.
		state = assessment.VersionUnclear
	default:
		state = assessment.VersionOther
	}
	return state, versions
}

// compareAdvisories puts sure before possible, then what affects this version,
// then the newest.
func compareAdvisories(a, b *assessment.ProductAdvisory) int {
	confidence := func(x *assessment.ProductAdvisory) int {
		if x.Confidence == "strong" {
			return 0
		}
		return 1
	}
	version := func(x *assessment.ProductAdvisory) int {
		switch x.Version {
		case assessment.VersionAffected:
			return 0
		case assessment.VersionUnclear, assessment.VersionNotStated:
			return 1
		}
		return 2
	}
	return cmp.Or(
		cmp.Compare(confidence(a), confidence(b)), cmp.Compare(version(a), version(b)),
		strings.Compare(b.Updated, a.Updated), strings.Compare(b.ID, a.ID))
}

// counted reports whether an advisory may concern this version.
func counted(a *assessment.ProductAdvisory) bool {
	return a.Version != assessment.VersionOther && a.Version != assessment.VersionUnaffected
}

// contextFacts tells the policies of the advisories. One that only possibly names
// the product is a question, never a verdict.
func contextFacts(found []assessment.ProductAdvisory) policy.Context {
	f := policy.Context{AdvisoriesLoaded: true}
	var affected, unclear []string
	for i := range found {
		switch a := &found[i]; {
		case !counted(a):
		case a.Confidence == "strong" && a.Version == assessment.VersionAffected:
			affected = append(affected, a.ID)
		default:
			unclear = append(unclear, a.ID)
		}
	}
	f.AdvisoriesAffected, f.AdvisoriesUnclear = len(affected), len(unclear)
	f.Affected, f.Unclear = few(affected), few(unclear)
	return f
}

// few names the first of a list.
func few(ids []string) string {
	const most = 5
	if len(ids) <= most {
		return strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(ids[:most], ", "), len(ids)-most)
}
