// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/medsbom/medsbom/internal/page"
	"github.com/medsbom/medsbom/sbom"
)

// TextOptions are the width in columns, whether to use colours, and whether to
// show everything.
type TextOptions struct {
	Width   int
	Color   bool
	Verbose bool
	// Checked says that signatures were checked against keys of the user.
	Checked bool
}

const (
	topComponents = 20
	topDefects    = 10
	topOthers     = 5
)

// Text writes what was read for a person.
func (i *Inspection) Text(w io.Writer, opts TextOptions) error {
	t := &text{Page: page.New(w, opts.Width, opts.Color), verbose: opts.Verbose, checked: opts.Checked}
	if len(i.Items) > 1 {
		t.Paragraph(page.Bold, "", "", fmt.Sprintf("%s: %s, %s read", i.Path,
			page.Count(len(i.Items), "entry", "entries"), page.Count(i.Documents(), "document", "documents")))
		t.Newline()
	}
	for n := range i.Items {
		if n > 0 {
			t.Newline()
		}
		t.item(&i.Items[n])
	}
	return t.Flush()
}

type text struct {
	*page.Page

	verbose, checked bool
}

// some is how many of n are shown where at most top are.
func (t *text) some(n, top int) int {
	if t.verbose {
		return n
	}
	return min(n, top)
}

func (t *text) more(shown, of int) {
	if shown < of {
		t.Paragraph(page.Dim, "  ", "", fmt.Sprintf("… %s more; -v or -f json shows them", page.Thousands(of-shown)))
	}
}

func (t *text) line(label, value string) {
	if value != "" {
		t.Paragraph(page.Plain, "", fmt.Sprintf("%-11s ", label), value)
	}
}

func (t *text) item(i *Item) {
	path := i.Path
	if path == "-" {
		path = "standard input"
	}
	t.Paragraph(page.Bold, "", "", path)
	if e := i.Error; e != nil {
		message := e.Message
		if e.Line > 0 {
			message = fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, message)
		}
		style := page.Red
		if i.Kind != "" {
			style = page.Yellow
		}
		t.Paragraph(style, "", "not read: ", message)
		t.line("remedy", e.Remedy)
		t.line("sha256", i.SHA256)
		return
	}
	t.document(i.Document, i.Counts)
}

func (t *text) document(d *sbom.Document, c *Counts) {
	t.line("format", formatOf(d))
	t.line("sha256", d.SHA256)
	t.line("identity", joined(" · ", d.ID, prefixed("revision ", d.Revision), d.Name))
	t.line("made", joined(" · ", d.Created, list(d.Tools, func(x sbom.Tool) string { return joined(" ", x.Vendor, x.Name, x.Version) }), strings.Join(d.Lifecycles, ", ")))
	t.line("answers", joined(" · ", list(d.Authors, party), prefixed("supplier ", party(d.Supplier)), prefixed("manufacturer ", party(d.Manufacturer))))
	t.line("subject", subject(d))
	if t.checked && len(d.Signatures) == 0 {
		t.line("signature", "none: there was nothing to check")
	}
	t.line("signature", list(d.Signatures, signature))
	t.line("complete", list(d.Compositions, func(x sbom.Composition) string {
		if len(x.Refs) > 0 {
			return fmt.Sprintf("%s (of %s)", x.Aggregate, page.Count(len(x.Refs), "part", "parts"))
		}
		return x.Aggregate
	}))
	t.counts(c)
	t.defects(&d.Defects)
	t.components(d)
	t.patched(d)
	t.others(d)
}

func (t *text) counts(c *Counts) {
	t.Heading("Read: " + page.Count(c.Components, "component", "components"))
	rows := []page.Row{}
	for _, x := range []struct {
		n         int
		one, many string
	}{
		{c.WithPURL, "with a package URL", ""},
		{c.WithCPE, "with a CPE name", ""},
		{c.NoIdentity, "without any identifier: only its name can be asked about", "without any identifier: only their names can be asked about"},
		{c.NoVersion, "without a version of its own", "without a version of their own"},
		{c.WithMaker, "with a supplier or maker", ""},
		{c.WithLicence, "with a licence", ""},
		{c.WithHash, "with a hash", ""},
		{c.WithSupport, "with a statement on support", ""},
		{c.Patched, "with a pedigree (ancestors, patches, changes)", ""},
		{c.Files, "file beside them", "files beside them"},
		{c.Services, "service", "services"},
		{c.Edges, "dependency", "dependencies"},
		{c.ServiceEdges, "dependency with a service at one end", "dependencies with a service at one end"},
		{c.Statements, "statement on vulnerabilities", "statements on vulnerabilities"},
	} {
		if x.n > 0 {
			what := x.one
			if x.n > 1 && x.many != "" {
				what = x.many
			}
			rows = append(rows, page.Row{Cells: []string{page.Thousands(x.n), what}})
		}
	}
	if len(rows) > 0 {
		t.Grid(2, []page.Column{{Right: true}, {Wraps: true, Least: 20}}, rows)
	}
}

func (t *text) defects(d *sbom.Defects) {
	total := d.Total()
	if total == 0 {
		t.Heading("Defects: none")
		return
	}
	t.Heading("Defects: " + page.Thousands(total))
	codes := make([]sbom.Code, 0, len(d.Counts))
	for code := range d.Counts {
		codes = append(codes, code)
	}
	slices.SortFunc(codes, func(a, b sbom.Code) int { return cmp.Or(d.Counts[b]-d.Counts[a], cmp.Compare(a, b)) })
	for _, code := range codes {
		t.Paragraph(page.Plain, "  ", "– ", fmt.Sprintf("%s: %s", code, page.Thousands(d.Counts[code])))
	}
	shown := t.some(len(d.List), topDefects)
	for _, x := range d.List[:shown] {
		text := x.Message
		if x.Value != "" {
			text += fmt.Sprintf(": %q", x.Value)
		}
		t.Paragraph(page.Dim, "  ", place(x.Position)+" ", text)
	}
	t.more(shown, total)
}

func (t *text) components(d *sbom.Document) {
	shown := t.some(len(d.Components), topComponents)
	if shown == 0 {
		return
	}
	t.Heading("Components")
	rows := make([]page.Row, 0, shown)
	for i := range d.Components[:shown] {
		c := &d.Components[i]
		rows = append(rows, page.Row{Cells: []string{
			strconv.Itoa(int(c.Position.Line)), joined("/", c.Group, c.Name), cmp.Or(c.Version, c.VersionRange()), c.Type, identifier(c),
		}})
	}
	t.Grid(2, []page.Column{
		{Title: "LINE", Right: true},
		{Title: "NAME", Least: 12, Most: 48},
		{Title: "VERSION", Least: 8, Most: 24},
		{Title: "TYPE", Most: 16},
		{Title: "IDENTIFIER", Least: 20},
	}, rows)
	t.more(shown, len(d.Components))
}

// A patch is one of a component, for its line.
type patch struct {
	of  *sbom.Component
	one *sbom.Patch
}

// patched lists the patches that the document says are in its components.
func (t *text) patched(d *sbom.Document) {
	var all []patch
	for _, c := range d.All() {
		p := c.Pedigree()
		if p == nil {
			continue
		}
		for i := range p.Patches {
			all = append(all, patch{c, &p.Patches[i]})
		}
	}
	if len(all) == 0 {
		return
	}
	t.Heading("Patches (claims of the document's author)")
	section(t, all, func(p *patch) (sbom.Position, string) {
		what := joined(" ", cmp.Or(p.one.Type, "patch of no stated kind"), prefixed("resolves ", strings.Join(p.one.Resolves, ", ")))
		return p.of.Position, joined(": ", "patched", joined(" ", joined("/", p.of.Group, p.of.Name), p.of.Version), what)
	})
}

// links lists the document's own references that tell where its maker speaks of
// vulnerabilities; the others are in the JSON document.
func (t *text) links(all []sbom.Reference) {
	var told []sbom.Reference
	for _, r := range all {
		switch r.Type {
		case "advisories", "security-contact", "exploitability-statement", "vulnerability-assertion":
			told = append(told, r)
		}
	}
	if len(told) == 0 {
		return
	}
	t.Heading("Where its maker speaks of vulnerabilities (never fetched)")
	shown := t.some(len(told), topOthers)
	for _, r := range told[:shown] {
		t.Paragraph(page.Plain, "  ", r.Type+": ", r.URL)
	}
	t.more(shown, len(told))
}

// others lists what stands beside the components.
func (t *text) others(d *sbom.Document) {
	if n := len(d.FileParts); n > 0 {
		t.Heading("No package, but " + page.Count(n, "file that stands", "files that stand") + " for the components")
		section(t, d.FileParts, func(c *sbom.Component) (sbom.Position, string) { return c.Position, c.Name })
	}
	if len(d.Services) > 0 {
		t.Heading("Services")
		section(t, d.Services, func(s *sbom.Service) (sbom.Position, string) {
			return s.Position, joined(" ", joined("/", s.Group, s.Name), s.Version, prefixed("of ", party(s.Provider)),
				prefixed("in the zone ", s.TrustZone), prefixed("data: ", strings.Join(s.Data, ", ")), strings.Join(s.Endpoints, " "))
		})
	}
	if len(d.Vulnerabilities) > 0 {
		t.Heading("Statements on vulnerabilities (claims of the document's author, not used yet)")
		section(t, d.Vulnerabilities, func(v *sbom.Vulnerability) (sbom.Position, string) {
			return v.Position, joined(" · ", v.ID, strings.Join(v.Aliases, ", "), list(v.Ratings, rating), cmp.Or(v.State, "no state"), v.Justification,
				prefixed("affects ", strings.Join(v.Affects, ", ")), prefixed("in ", list(v.Affected, strings.TrimSpace)), prefixed("not in ", list(v.Fixed, strings.TrimSpace)))
		})
	}
	t.links(d.References)
	if len(d.External) > 0 {
		t.Heading("Other documents that it refers to (never fetched)")
		section(t, d.External, func(x *sbom.ExternalDocument) (sbom.Position, string) {
			return x.Position, joined(" ", x.ID, x.URI)
		})
	}
}

// section writes the first of a list, each with its place.
func section[T any](t *text, all []T, show func(*T) (sbom.Position, string)) {
	shown := t.some(len(all), topOthers)
	for i := range all[:shown] {
		at, line := show(&all[i])
		t.Paragraph(page.Plain, "  ", place(at)+" ", line)
	}
	t.more(shown, len(all))
}

func place(p sbom.Position) string {
	if p.IsZero() {
		return "–"
	}
	return fmt.Sprintf("%d:%d", p.Line, p.Column)
}

func formatOf(d *sbom.Document) string {
	out := joined(" ", string(d.Format), d.SpecVersion) + " in " + string(d.Encoding)
	if len(d.Wrapping) > 0 {
		out += ", taken out of " + strings.Join(d.Wrapping, ", ")
	}
	return out
}

func subject(d *sbom.Document) string {
	s := d.Subject
	if s == nil {
		return "none: the document does not say what it describes"
	}
	out := joined(" ", joined("/", s.Group, s.Name), s.Version, prefixed("of ", party(s.Producer())))
	if s.Type != "" {
		out += " (" + s.Type + ")"
	}
	return out
}

func party(p sbom.Party) string {
	if p.Unknown {
		return "stated unknown"
	}
	return cmp.Or(p.Name, p.Email, p.URL)
}

func signature(s sbom.Signature) string {
	out := joined(" ", string(s.Kind), s.Algorithm, prefixed("key id ", s.KeyID)) + ": " + string(s.State)
	return joined(", ", out, prefixed("with the key ", s.Key), s.Reason)
}

func rating(r sbom.Rating) string {
	return joined(" ", r.Severity, r.Score, r.Method, r.Vector, prefixed("by ", r.Source))
}

func identifier(c *sbom.Component) string {
	switch {
	case c.PURL != "":
		return c.PURL
	case len(c.CPE) > 0:
		return c.CPE[0]
	case c.SWID() != "":
		return "SWID " + c.SWID()
	case len(c.SWHID()) > 0:
		return c.SWHID()[0]
	}
	return "none"
}

// joined joins the texts that are not empty.
func joined(by string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), by)
}

func prefixed(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}

// list shows the first of a list in one line.
func list[T any](all []T, show func(T) string) string {
	var parts []string
	for _, x := range all[:min(len(all), topOthers)] {
		parts = append(parts, show(x))
	}
	if n := len(all) - len(parts); n > 0 {
		parts = append(parts, fmt.Sprintf("and %s more", page.Thousands(n)))
	}
	return joined(", ", parts...)
}
