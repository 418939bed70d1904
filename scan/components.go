// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/dossier"
	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/sbom"
)

// component returns the component of a document that an index of a match
// result stands for.
func component(doc *sbom.Document, index int32) *sbom.Component {
	if index == sbom.SubjectIndex {
		return doc.Subject
	}
	return &doc.Components[index]
}

// componentKey is the identity on which baselines and waivers hang (DESIGN
// §4): it holds no version.
func componentKey(c *sbom.Component, m *match.Component) string {
	if m.HasURL {
		return m.URL.Key()
	}
	if len(c.CPE) > 0 {
		return cpeWithoutVersion(c.CPE[0])
	}
	name := dossier.Fold(c.Name)
	if c.Group != "" {
		name = dossier.Fold(c.Group) + "/" + name
	}
	return "name:" + name
}

// cpeWithoutVersion keeps part, vendor and product of a CPE of either form.
func cpeWithoutVersion(cpe string) string {
	prefix, fields := "cpe:2.3:", 3
	rest, ok := strings.CutPrefix(cpe, prefix)
	if !ok {
		prefix = "cpe:/"
		rest, ok = strings.CutPrefix(cpe, prefix)
	}
	if !ok {
		return cpe
	}
	parts := strings.SplitN(rest, ":", fields+1)
	return prefix + strings.ToLower(strings.Join(parts[:min(fields, len(parts))], ":"))
}

// title is a component as a person names it: name and version as written.
func title(c *sbom.Component) string {
	name := c.Name
	if name == "" {
		name = cmp.Or(c.PURL, c.Ref, "component without a name")
	}
	if c.Version != "" {
		name += " " + c.Version
	}
	return name
}

// isSubject reports whether an index of a match result stands for the product
// itself, listed among its components or not.
func (p *product) isSubject(index int32) bool {
	return index == sbom.SubjectIndex || p.doc.Subject == &p.doc.Components[index]
}

// findings turns the matches into the report's, most points first.
func (p *product) findings() ([]assessment.Finding, error) {
	order := p.order()
	out := make([]assessment.Finding, 0, len(order))
	p.upgrades = make(map[int]string)
	for i := range order {
		f, g := order[i].found, order[i].group
		c := component(p.doc, p.match.Components[f.Component].Index)
		o := assessment.Finding{
			Key: order[i].key, ID: g.id, Aliases: g.aliases, Kind: g.kind, Component: f.Component,
			Name: c.Name, Version: c.Version, PURL: c.PURL,
			Match: assessment.Match{
				Advisories: p.recordIDs(f.Records), Records: p.records(f.Records), Ecosystem: f.Identity.Ecosystem, Release: f.Identity.Release,
				Package: f.Identity.Name, Range: f.Range, Confidence: f.Confidence.String(), Evidence: f.Identity.Evidence,
				Caveat: f.Caveat,
			},
			Severity: g.severity, CVSS: g.cvss, KEV: g.kev, EPSS: g.epss, SSVC: g.ssvc, Fixed: f.Fixed,
			Points: g.points, PointsRule: g.rule, Line: c.Position.Line, Column: c.Position.Column,
		}
		if slices.ContainsFunc(f.Fixed, match.IsPlaceholder) {
			o.Fixed = slices.DeleteFunc(slices.Clone(f.Fixed), match.IsPlaceholder)
		}
		out = append(out, o)
	}
	if err := p.upgrade(); err != nil {
		return nil, err
	}
	return out, nil
}

// ranked is a match with what gives its rank among the findings.
type ranked struct {
	found *match.Finding
	group *group
	key   string
}

// order ranks the matches: most points first, then by key, then by component.
func (p *product) order() []ranked {
	all := make([]ranked, len(p.match.Findings))
	for i := range all {
		f := &p.match.Findings[i]
		g := p.groups.get(f.Group)
		all[i] = ranked{f, g, g.id + " " + p.keys[f.Component]}
	}
	slices.SortFunc(all, func(a, b ranked) int {
		if a.group.points != b.group.points {
			return cmp.Compare(b.group.points, a.group.points)
		}
		if c := strings.Compare(a.key, b.key); c != 0 {
			return c
		}
		return cmp.Compare(a.found.Component, b.found.Component)
	})
	return all
}

// upgrade finds, for each component with fixes, the version to go to. Findings
// stand by component.
func (p *product) upgrade() error {
	all := p.match.Findings
	for from := 0; from < len(all); {
		to := from
		var fixes []string
		best := &all[from] // the surest identity
		for ; to < len(all) && all[to].Component == all[from].Component; to++ {
			fixes = append(fixes, all[to].Fixed...)
			if all[to].Identity.Confidence > best.Identity.Confidence {
				best = &all[to]
			}
		}
		if len(fixes) > 0 {
			version, err := p.upgradesOf.get(best.Identity, fixes)
			if err != nil {
				return err
			}
			p.upgrades[all[from].Component] = version
		}
		from = to
	}
	return nil
}

func (p *product) recordIDs(records []match.Record) []string {
	out := make([]string, len(records))
	for i := range records {
		out[i] = p.groups.db.Advisory(records[i].Advisory).ID
	}
	slices.Sort(out)
	return out
}

// records tells what each of several records says; of one alone the match itself
// does.
func (p *product) records(records []match.Record) []assessment.Record {
	if len(records) < 2 {
		return nil
	}
	out := make([]assessment.Record, len(records))
	for i := range records {
		r := &records[i]
		out[i] = assessment.Record{
			ID: p.groups.db.Advisory(r.Advisory).ID, Ecosystem: r.Identity.Ecosystem, Release: r.Identity.Release, Package: r.Identity.Name,
			Range: r.Range, Confidence: r.Confidence.String(), Caveat: r.Caveat,
		}
		if !match.IsPlaceholder(r.Fixed) {
			out[i].Fixed = r.Fixed
		}
	}
	slices.SortFunc(out, func(a, b assessment.Record) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
