// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/vulndb/starter"
)

// A fact is what a document says of one component, and what it is taken for.
type fact struct {
	Group, Name, Version string
	PURL                 []string
	CPE                  []string
	Supplier, Author     string
	Licences             string // declared; several that all hold are joined with AND
	Hashes               []string
	EndOfSupport         string
	Identities           []string
}

// facts are those of a whole document.
type facts struct {
	Subject string
	Parts   []fact   // sorted
	Edges   []string // "from -> to", "whole > nested"
}

// matcher identifies components as a scan does. The identities do not depend on
// what the database holds.
func matcher(t testing.TB) *match.Matcher {
	t.Helper()
	db, err := starter.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return match.New(db)
}

// identitiesOf returns what a matcher takes the components of a document for, by
// index.
func identitiesOf(t testing.TB, m *match.Matcher, doc *sbom.Document) map[int32][]string {
	t.Helper()
	result, err := m.Match(doc)
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[int32][]string)
	for i := range result.Components {
		c := &result.Components[i]
		for _, p := range c.Identities {
			where := p.Ecosystem
			if p.Release != "" {
				where += ":" + p.Release
			}
			out[c.Index] = append(out[c.Index], fmt.Sprintf("%s %s %s %s", where, p.Name, p.Version, p.Confidence))
		}
	}
	return out
}

func factsOf(t testing.TB, m *match.Matcher, doc *sbom.Document) facts {
	t.Helper()
	var out facts
	if doc.Subject != nil {
		out.Subject = doc.Subject.Name
	}
	identities := identitiesOf(t, m, doc)
	name := func(i int32) string {
		if i == sbom.SubjectIndex {
			return doc.Subject.Name
		}
		return doc.Components[i].Name
	}
	for i, c := range doc.All() {
		f := fact{
			Group: c.Group, Name: c.Name, Version: c.Version, CPE: c.CPE, Supplier: c.Supplier.Name, Author: c.Originator().Name,
			Identities: identities[i],
		}
		if c.PURL != "" {
			f.PURL = append([]string{c.PURL}, c.MorePURL()...)
		}
		for _, a := range c.Authors() {
			f.Author = cmp.Or(f.Author, a.Name)
		}
		var licences []string
		for _, l := range c.Licences {
			if !l.Concluded && l.Value != "NOASSERTION" {
				licences = append(licences, l.Value)
			}
		}
		f.Licences = strings.Join(licences, " AND ")
		for _, h := range c.Hashes {
			f.Hashes = append(f.Hashes, h.Algorithm+" "+h.Value)
		}
		slices.Sort(f.Hashes)
		if s := c.Support(); s != nil {
			f.EndOfSupport, _, _ = strings.Cut(s.EndOfSupport, "T")
		}
		out.Parts = append(out.Parts, f)
		if i != sbom.SubjectIndex && c.Parent != sbom.SubjectIndex {
			out.Edges = append(out.Edges, name(c.Parent)+" > "+c.Name)
		}
	}
	for _, d := range doc.Dependencies {
		sign := " -> "
		if d.Kind != sbom.DependsOn {
			sign = " > "
		}
		out.Edges = append(out.Edges, name(d.From)+sign+name(d.To))
	}
	out.sort()
	return out
}

func (f *facts) sort() {
	slices.SortFunc(f.Parts, func(a, b fact) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Version, b.Version), slices.Compare(a.PURL, b.PURL),
			slices.Compare(a.Hashes, b.Hashes))
	})
	slices.Sort(f.Edges)
}

// facts are what a form that can hold everything must give.
func (s *software) facts() facts {
	out := facts{Subject: s.parts[0].name}
	for _, p := range s.parts {
		f := fact{
			Group: p.group, Name: p.name, Version: p.version, CPE: p.cpe, Supplier: p.supplier, Author: p.author,
			Licences: strings.Join(p.licences, " AND "), EndOfSupport: p.until, Identities: slices.Clone(p.identities),
		}
		if p.purl != "" {
			f.PURL = []string{p.purl}
		}
		for algorithm, value := range p.hash {
			f.Hashes = append(f.Hashes, algorithm+" "+value)
		}
		slices.Sort(f.Hashes)
		out.Parts = append(out.Parts, f)
		for _, need := range p.needs {
			out.Edges = append(out.Edges, p.name+" -> "+need)
		}
		if p.in != "" {
			out.Edges = append(out.Edges, p.in+" > "+p.name)
		}
	}
	out.sort()
	return out
}

// A writtenForm is a format in which the ten are written.
type writtenForm struct {
	name  string
	write func(*software) ([]byte, error)
	// losses are the facts that it cannot hold.
	losses []loss
	// noSBOM is set for tables, of which it is said that they are no SBOM.
	noSBOM bool
}

// A loss is what a form does not hold, with the reason.
type loss struct {
	reason string
	apply  func(*software, *facts)
}

// TestForms writes ten products in every form, reads each back through the
// front door, and holds that every fact is there that the form can hold. A loss
// that is none any more fails: as its fact is there, or as no product has it.
func TestForms(t *testing.T) {
	m := matcher(t)
	for _, form := range forms() {
		t.Run(form.name, func(t *testing.T) {
			lost := make([]bool, len(form.losses))
			for i := range tenProducts {
				s := &tenProducts[i]
				t.Run(s.name, func(t *testing.T) {
					want := s.facts()
					for i, loss := range form.losses {
						before := fmt.Sprintf("%#v", want)
						loss.apply(s, &want)
						lost[i] = lost[i] || fmt.Sprintf("%#v", want) != before
					}
					want.sort()
					text, err := form.write(s)
					if err != nil {
						t.Fatal(err)
					}
					doc, err := Read(bytes.NewReader(text), s.name, Options{})
					if err != nil {
						t.Fatalf("%v\n%s", err, text)
					}
					if diff := gocmp.Diff(want, factsOf(t, m, doc), cmpopts.EquateEmpty()); diff != "" {
						t.Errorf("(-want +got)\n%s\n%.6000s", diff, text)
					}
					defects := doc.Defects.Total()
					if form.noSBOM {
						defects -= doc.Defects.Counts[sbom.CodeSpec]
					}
					if defects > 0 {
						t.Errorf("nothing is wrong with it, but it is said: %+v\n%.6000s", doc.Defects.List, text)
					}
				})
			}
			for i, loss := range form.losses {
				if !lost[i] {
					t.Errorf("no product loses anything by this, take it off the list: %s", loss.reason)
				}
			}
		})
	}
}

// forms are all the formats.
func forms() []writtenForm {
	return slices.Concat(cyclonedxForms(), spdxForms(), tableForms())
}

// each makes a loss that concerns parts one by one.
func each(reason string, apply func(*part, *fact)) loss {
	return loss{reason, func(s *software, all *facts) {
		for i := range all.Parts {
			at := slices.IndexFunc(s.parts, func(p part) bool { return p.name == all.Parts[i].Name })
			if at < 0 {
				at = slices.IndexFunc(s.parts, func(p part) bool { return p.fullName() == all.Parts[i].Name })
			}
			apply(&s.parts[at], &all.Parts[i])
		}
	}}
}
