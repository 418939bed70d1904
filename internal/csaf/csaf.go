// SPDX-License-Identifier: Apache-2.0

// Package csaf reads what concerns a device out of a CSAF 2.0 security advisory
// (OASIS, Common Security Advisory Framework): which products of which vendors
// in which versions it names, and what is to be done. CISA publishes its
// advisories on medical devices (ICSMA) and industrial ones (ICSA) that way.
//
// It reads the paths that the specification gives (section 3.2) and passes over
// everything else. Texts are kept as written; whoever prints them neutralises
// them. Members may stand in any order, as JSON lets them.
package csaf

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/medsbom/medsbom/internal/jsonpull"
)

// Limits. The largest real advisory has 3 MB, some 1,500 products and 100 CVEs.
const (
	MaxSize     = 16 << 20 // bytes of a document; the caller's to keep
	maxDepth    = 64
	maxBranches = 100_000
	maxProducts = 20_000
	maxVersions = 2_000 // of one product
	maxCVEs     = 2_000
	maxStatuses = 500_000
	maxText     = 500 // bytes of a name, title or URL
	maxRemedy   = 300
)

// Advisory is what is kept of a document.
type Advisory struct {
	ID        string
	Title     string
	Published string // initial_release_date, as written
	Updated   string // current_release_date
	URL       string // references with category self; a page before a file
	Products  []Product
	CVEs      []string // sorted
	Vectors   []string // of CVSS, sorted, as stated
	Remedy    string   // one line: the vendor's fix, else what is said instead of one
	// Cut says what the limits left out, "" for nothing.
	Cut string
}

// Product is one product of one vendor, with all versions that are named.
type Product struct {
	Vendor   string // "" if the document does not say
	Name     string
	Versions []Version
}

// Version is a version, a range or a list, as the document writes it; "" for a
// product without any.
type Version struct {
	Text   string
	Status Status
}

// Status is what the document says of a version.
type Status uint8

// The statuses. Unclear is under investigation, without a status, or known only
// as the first or last one affected.
const (
	Affected Status = iota
	Unclear
	Unaffected // not affected, or fixed
)

// ErrNotCSAF is returned for JSON that is no security advisory in CSAF.
var ErrNotCSAF = errors.New("no CSAF security advisory: it has no document.tracking.id or no product_tree")

// Parse reads one document.
func Parse(text []byte) (*Advisory, error) {
	p := parser{r: jsonpull.New(text, jsonpull.Limits{Depth: maxDepth}), status: map[string]uint8{}, products: map[string]int{}}
	for ok := p.r.Object(); ok && p.r.Key(); {
		switch p.r.Name() {
		case "document":
			p.document()
		case "product_tree":
			p.tree = true
			p.productTree()
		case "vulnerabilities":
			for ok := p.r.Array(); ok && p.r.Item(); {
				p.vulnerability()
			}
		default:
			p.r.Skip()
		}
	}
	if err := p.r.End(); err != nil {
		return nil, err
	}
	a := &p.out
	if a.ID == "" || !p.tree {
		return nil, ErrNotCSAF
	}
	p.collect()
	slices.Sort(a.CVEs)
	a.CVEs = slices.Compact(a.CVEs)
	slices.Sort(a.Vectors)
	a.Vectors = slices.Compact(a.Vectors)
	return a, nil
}

type parser struct {
	r        *jsonpull.Reader
	out      Advisory
	tree     bool
	branches []branch
	statuses int
	status   map[string]uint8 // by product id
	products map[string]int   // by vendor and name, index into out.Products
	remedy   int              // rank of out.Remedy
	page     bool             // out.URL is a page
}

// branch is one node of the product tree. Children may stand before the name of
// their parent in the text, so the tree is kept until it is whole.
type branch struct {
	parent         int // -1 for none
	category, name string
	productID      string
	full           string // the product's own name
	product        bool
}

func (p *parser) cut(format string, args ...any) {
	if p.out.Cut == "" {
		p.out.Cut = fmt.Sprintf(format, args...)
	}
}

// text reads a string of at most so many bytes, copied: the input is not kept.
func (p *parser) text(most int) string {
	s, _ := p.r.String()
	return strings.Clone(clip(strings.TrimSpace(s), most))
}

// clip cuts a text at a character's end.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return strings.TrimSpace(s[:most]) + "…"
}

func (p *parser) document() {
	for ok := p.r.Object(); ok && p.r.Key(); {
		switch p.r.Name() {
		case "title":
			p.out.Title = p.text(maxText)
		case "tracking":
			for ok := p.r.Object(); ok && p.r.Key(); {
				switch p.r.Name() {
				case "id":
					p.out.ID = p.text(maxText)
				case "initial_release_date":
					p.out.Published = p.text(maxText)
				case "current_release_date":
					p.out.Updated = p.text(maxText)
				default:
					p.r.Skip()
				}
			}
		case "references":
			for ok := p.r.Array(); ok && p.r.Item(); {
				p.reference()
			}
		default:
			p.r.Skip()
		}
	}
}

// reference keeps the address of the advisory itself. CISA gives two: the JSON
// file and the page.
func (p *parser) reference() {
	category, url := "", ""
	for ok := p.r.Object(); ok && p.r.Key(); {
		switch p.r.Name() {
		case "category":
			category, _ = p.r.String()
		case "url":
			url = p.text(maxText)
		default:
			p.r.Skip()
		}
	}
	if category != "self" || !strings.HasPrefix(url, "https://") {
		return
	}
	if page := !strings.HasSuffix(url, ".json"); p.out.URL == "" || page && !p.page {
		p.out.URL, p.page = url, page
	}
}

func (p *parser) productTree() {
	for ok := p.r.Object(); ok && p.r.Key(); {
		switch p.r.Name() {
		case "branches":
			p.walk(-1)
		case "full_product_names":
			for ok := p.r.Array(); ok && p.r.Item(); {
				p.add(branch{parent: -1, product: true}, func(b *branch) { p.fullName(b) })
			}
		case "relationships":
			for ok := p.r.Array(); ok && p.r.Item(); {
				p.add(branch{parent: -1, product: true}, func(b *branch) {
					for ok := p.r.Object(); ok && p.r.Key(); {
						if p.r.Name() == "full_product_name" {
							p.fullName(b)
						} else {
							p.r.Skip()
						}
					}
				})
			}
		default:
			p.r.Skip()
		}
	}
}

// add files a node before what it holds is read, so that the children know its
// number. Over the limit the value is passed over.
func (p *parser) add(b branch, read func(*branch)) {
	if len(p.branches) >= maxBranches {
		p.cut("more than %d branches", maxBranches)
		p.r.Skip()
		return
	}
	at := len(p.branches)
	p.branches = append(p.branches, b)
	read(&b)
	p.branches[at] = b
}

func (p *parser) walk(parent int) {
	for ok := p.r.Array(); ok && p.r.Item(); {
		at := len(p.branches)
		p.add(branch{parent: parent}, func(b *branch) {
			for ok := p.r.Object(); ok && p.r.Key(); {
				switch p.r.Name() {
				case "category":
					b.category = p.text(maxText)
				case "name":
					b.name = p.text(maxText)
				case "branches":
					p.walk(at) // its depth is the reader's limit
				case "product":
					b.product = true
					p.fullName(b)
				default:
					p.r.Skip()
				}
			}
		})
	}
}

func (p *parser) fullName(b *branch) {
	for ok := p.r.Object(); ok && p.r.Key(); {
		switch p.r.Name() {
		case "name":
			b.full = p.text(maxText)
		case "product_id":
			b.productID = p.text(maxText)
		default:
			p.r.Skip()
		}
	}
}

// Bits of a product id's status.
const (
	statusAffected = 1 << iota
	statusUnclear
	statusUnaffected
)

func (p *parser) vulnerability() {
	for ok := p.r.Object(); ok && p.r.Key(); {
		switch p.r.Name() {
		case "cve":
			if len(p.out.CVEs) >= maxCVEs {
				p.cut("more than %d CVEs", maxCVEs)
				p.r.Skip()
			} else if cve := strings.ToUpper(p.text(32)); strings.HasPrefix(cve, "CVE-") {
				p.out.CVEs = append(p.out.CVEs, cve)
			}
		case "product_status":
			for ok := p.r.Object(); ok && p.r.Key(); {
				p.statusOf(p.r.Name())
			}
		case "scores":
			for ok := p.r.Array(); ok && p.r.Item(); {
				p.score()
			}
		case "remediations":
			for ok := p.r.Array(); ok && p.r.Item(); {
				p.remediation()
			}
		default:
			p.r.Skip()
		}
	}
}

// statusOf reads the ids of one status (CSAF 2.0, 3.2.3.9).
func (p *parser) statusOf(name string) {
	bit := uint8(statusUnclear)
	switch name {
	case "known_affected":
		bit = statusAffected
	case "fixed", "first_fixed", "recommended", "known_not_affected":
		bit = statusUnaffected
	}
	for ok := p.r.Array(); ok && p.r.Item(); {
		if p.statuses++; p.statuses > maxStatuses {
			p.cut("more than %d product statuses", maxStatuses)
			p.r.Skip()
			continue
		}
		id, _ := p.r.String()
		id = clip(strings.TrimSpace(id), maxText)
		if have, ok := p.status[id]; ok {
			if have&bit == 0 {
				p.status[id] = have | bit
			}
		} else {
			p.status[strings.Clone(id)] = bit
		}
	}
}

func (p *parser) score() {
	for ok := p.r.Object(); ok && p.r.Key(); {
		if !strings.HasPrefix(p.r.Name(), "cvss_v") {
			p.r.Skip()
			continue
		}
		for ok := p.r.Object(); ok && p.r.Key(); {
			if p.r.Name() != "vectorString" {
				p.r.Skip()
				continue
			}
			if len(p.out.Vectors) >= maxCVEs {
				p.cut("more than %d CVSS vectors", maxCVEs)
				p.r.Skip()
			} else if v := p.text(maxText); v != "" {
				p.out.Vectors = append(p.out.Vectors, v)
			}
		}
	}
}

// remediation keeps the first one of the best category.
func (p *parser) remediation() {
	category, details := "", ""
	for ok := p.r.Object(); ok && p.r.Key(); {
		switch p.r.Name() {
		case "category":
			category, _ = p.r.String()
		case "details":
			details, _ = p.r.String()
		default:
			p.r.Skip()
		}
	}
	rank, lead := 0, ""
	switch category {
	case "vendor_fix":
		rank = 5
	case "no_fix_planned":
		rank, lead = 4, "no fix planned: "
	case "none_available":
		rank, lead = 3, "no fix available: "
	case "workaround":
		rank, lead = 2, "workaround: "
	case "mitigation":
		rank, lead = 1, "mitigation: "
	}
	if details = strings.Join(strings.Fields(clip(details, 4*maxRemedy)), " "); details != "" && rank > p.remedy {
		p.remedy, p.out.Remedy = rank, clip(lead+details, maxRemedy)
	}
}

// collect turns the branches that are products into vendors, names and versions.
func (p *parser) collect() {
	for i := range p.branches {
		b := &p.branches[i]
		if !b.product {
			continue
		}
		var vendor, family, name, version, patch string
		for at := i; at >= 0; at = p.branches[at].parent {
			n := &p.branches[at]
			switch n.category {
			case "vendor":
				vendor = cmp.Or(vendor, n.name)
			case "product_family":
				family = cmp.Or(family, n.name)
			case "product_name":
				name = cmp.Or(name, n.name)
			case "product_version", "product_version_range":
				version = cmp.Or(version, n.name)
			case "patch_level", "service_pack":
				patch = cmp.Or(patch, n.name)
			}
		}
		if name == "" {
			name = cmp.Or(family, b.full)
		}
		if name == "" {
			continue
		}
		p.product(vendor, name, Version{Text: clip(strings.TrimSpace(version+" "+patch), maxText), Status: p.statusFor(b.productID)})
	}
}

// statusFor takes the worst that the vulnerabilities say: affected by one is
// affected.
func (p *parser) statusFor(id string) Status {
	switch bits := p.status[id]; {
	case bits&statusAffected != 0:
		return Affected
	case bits&statusUnclear != 0 || bits == 0:
		return Unclear
	}
	return Unaffected
}

func (p *parser) product(vendor, name string, v Version) {
	key := vendor + "\x00" + name
	at, ok := p.products[key]
	if !ok {
		if len(p.out.Products) >= maxProducts {
			p.cut("more than %d products", maxProducts)
			return
		}
		at = len(p.out.Products)
		p.products[key] = at
		p.out.Products = append(p.out.Products, Product{Vendor: vendor, Name: name})
	}
	list := &p.out.Products[at].Versions
	if len(*list) >= maxVersions {
		p.cut("more than %d versions of %.80q", maxVersions, name)
		return
	}
	*list = append(*list, v)
}
