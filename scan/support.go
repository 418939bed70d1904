// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/medsbom/medsbom/assessment"
	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/policy"
	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/risk"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/support"
	"github.com/medsbom/medsbom/vulndb"
)

// distribution is a release of a distribution, whose packages all have its
// support.
type distribution struct {
	ecosystem, release string
	confidence         purl.Confidence
}

// lookUpSupport finds the support of every component, and counts.
func (p *product) lookUpSupport() error {
	unsupported, err := p.unsupported()
	if err != nil {
		return err
	}
	judged := p.match.Components
	p.supports = make([]*support.Status, len(judged))
	shared := make(map[distribution]*support.Status)
	counts := &assessment.SupportCounts{NotLoaded: !p.support.Loaded()}
	var ask support.Component
	for i := range judged {
		m := &judged[i]
		c := component(p.doc, m.Index)
		if m.Reason == match.ReasonFile {
			continue
		}
		ask = support.Component{SBOM: c, Identities: m.Identities, Unsupported: unsupported[i]}
		if m.HasURL {
			ask.URL = &m.URL
		}
		d := distributionOf(&ask)
		s := shared[d]
		if s == nil || d.ecosystem == "" {
			found := p.support.Lookup(&ask)
			if found.Level != support.Unknown || found.Reason != support.NoData && found.Reason != support.NotLoaded {
				kept := found // of the others nothing stays
				s = &kept
			}
			if d.ecosystem != "" && s != nil {
				shared[d] = s
			}
		}
		p.supports[i] = s
		if !p.isSubject(m.Index) {
			countSupport(counts, s)
		}
	}
	if counts.Components > 0 {
		p.out.Support = counts
	}
	return nil
}

// distributionOf is the release that a component's support hangs on, if nothing
// else can say anything of it.
func distributionOf(c *support.Component) distribution {
	if c.SBOM.Support() != nil || c.Unsupported != "" || c.SBOM.Type == "operating-system" || c.URL == nil {
		return distribution{}
	}
	switch c.URL.Type {
	case "deb", "rpm", "apk":
	default:
		return distribution{}
	}
	for i := range c.Identities {
		if id := &c.Identities[i]; purl.HasReleases(id.Ecosystem) && id.Release != "" {
			return distribution{id.Ecosystem, id.Release, id.Confidence}
		}
	}
	return distribution{}
}

func countSupport(counts *assessment.SupportCounts, s *support.Status) {
	counts.Components++
	if s == nil {
		counts.Unknown++
		return
	}
	if s.Disagrees {
		counts.Disagree++
	}
	switch s.Level {
	case support.Supported:
		counts.Supported++
	case support.SecurityOnly:
		counts.SecurityOnly++
	case support.Extended:
		counts.Extended++
	case support.Ended:
		counts.Ended++
	case support.Abandoned:
		counts.Abandoned++
	case support.Unknown:
		counts.Unknown++
	}
}

// unsupported gives, by index of a component, the advisory that says that nobody
// maintains it. RustSec's are kept as informational, and told from those on
// unsound code by their summary.
func (p *product) unsupported() (map[int]string, error) {
	var out map[int]string
	for i := range p.match.Findings {
		f := &p.match.Findings[i]
		if f.Confidence != purl.Strong || p.groups.get(f.Group).kind != assessment.KindInformational {
			continue
		}
		for j := range f.Records {
			id := f.Records[j].Advisory
			a := p.groups.db.Advisory(id)
			if a.Kind != vulndb.Informational || !strings.HasPrefix(a.ID, "RUSTSEC-") {
				continue
			}
			unmaintained := false
			if err := p.groups.db.ViewText(id, func(t *vulndb.Text) { unmaintained = saysUnmaintained(t.Summary) }); err != nil {
				return nil, err
			}
			if unmaintained {
				if out == nil {
					out = make(map[int]string)
				}
				out[f.Component] = cmp.Or(out[f.Component], a.ID)
			}
		}
	}
	return out, nil
}

func saysUnmaintained(summary string) bool {
	summary = strings.ToLower(summary)
	for _, words := range [...]string{
		"unmaintained", "no longer maintained", "no longer actively maintained", "not maintained", "deprecated", "abandoned",
		"archived", "end-of-life", "looking for a new maintainer", "has been renamed", "has been superseded",
	} {
		if strings.Contains(summary, words) {
			return true
		}
	}
	return false
}

func supportOf(s *support.Status) *assessment.Support {
	out := &assessment.Support{Level: s.Level.String(), Reason: s.Reason}
	if s.Level == support.Unknown {
		return out
	}
	out.End, out.Kind, out.ActiveEnd, out.ExtendedEnd = day(s.End), string(s.Kind), day(s.ActiveEnd), day(s.Extended)
	if out.End == "" {
		out.Kind = ""
	}
	out.Product, out.Cycle, out.Latest = strings.Clone(s.Product), strings.Clone(s.Cycle), strings.Clone(s.Latest)
	out.Released, out.Source, out.Note, out.Disagrees = day(s.Released), s.Source, s.Note, s.Disagrees
	out.Confidence = purl.Weak.String()
	if s.Sure {
		out.Confidence = purl.Strong.String()
	}
	for i := range s.Others {
		o := &s.Others[i]
		out.Others = append(out.Others, assessment.OtherSource{Level: o.Level.String(), End: day(o.End), Source: o.Source})
	}
	return out
}

// months is the number of whole months from one day to a later one, 0 to 1200.
func months(from, to time.Time) int {
	n := 12*(to.Year()-from.Year()) + int(to.Month()) - int(from.Month())
	if to.Day() < from.Day() {
		n--
	}
	return min(max(n, 0), 1200)
}

// isSystem reports what weighs more when its support ends: operating systems,
// firmware, platforms, and libraries of cryptography.
func isSystem(c *sbom.Component, s *support.Status) bool {
	if s != nil && s.System {
		return true
	}
	switch c.Type {
	case "operating-system", "firmware", "platform":
		return true
	}
	name := strings.ToLower(c.Name)
	for _, crypto := range [...]string{
		"openssl", "libressl", "boringssl", "gnutls", "wolfssl", "mbedtls", "mbed tls", "libgcrypt", "libsodium", "bcprov", "bouncycastle", "nss",
		"cryptopp", "botan",
	} {
		if name == crypto || len(crypto) > 3 && strings.HasPrefix(name, crypto) {
			return true
		}
	}
	return false
}

// direct reports the components that the product depends on itself; nil if the
// document has no usable graph, and all are in scope.
func (p *product) direct() map[int32]bool {
	d := p.doc
	root := sbom.SubjectIndex
	if d.SubjectListed {
		for i := range d.Components {
			if &d.Components[i] == d.Subject {
				root = int32(i)
			}
		}
	}
	var out map[int32]bool
	for _, e := range d.Dependencies {
		if d.Subject != nil && e.From == root && e.Kind != sbom.Provides {
			if out == nil {
				out = make(map[int32]bool)
			}
			out[e.To] = true
		}
	}
	return out
}

// supportIssues adds what the support of components costs. In scope are the direct
// dependencies and the systems. One release of a distribution, one cycle of a
// product is one issue, however many components it has; so are all whose support
// is not known.
func (p *product) supportIssues(list []risk.Issue, subjects []assessment.Subject) ([]risk.Issue, []assessment.Subject) {
	direct := p.direct()
	unknown, scope, first, system := 0, 0, -1, false
	for i := range p.match.Components {
		m := &p.match.Components[i]
		if m.Reason == match.ReasonFile || p.isSubject(m.Index) {
			continue
		}
		c, s := component(p.doc, m.Index), p.supports[i]
		heavy := isSystem(c, s)
		if !heavy && direct != nil && !direct[m.Index] {
			continue
		}
		scope++
		if s == nil || s.Level == support.Unknown {
			if unknown++; first < 0 || heavy && !system {
				first, system = i, heavy
			}
			continue
		}
		v := risk.Support{Ended: s.Level.Past(), Extended: s.Level == support.Extended, System: heavy}
		if v.Dated = !s.End.IsZero(); v.Dated {
			v.Months = months(p.AsOf, s.End)
		}
		points, rule := p.model.Support(v)
		if points == 0 {
			continue
		}
		what := cmp.Or(s.Product+space(s.Cycle), p.keys[i])
		issue := risk.Issue{
			ID: "support:" + what, Title: supportTitle(s, c), Class: risk.ClassRisk, Points: points, Sure: s.Sure, Rule: rule,
			Subject: p.keys[i], Evidence: s.Source, Action: supportAction(s, c), Ref: len(p.out.Findings) + len(subjects),
		}
		list = append(list, issue)
		subjects = append(subjects, p.subjectAt(i))
	}
	if unknown > 0 {
		issue := p.model.SupportUnknown(system)
		issue.Evidence, issue.Ref = fmt.Sprintf("%d of %d parts in scope", unknown, scope), len(p.out.Findings)+len(subjects)
		list = append(list, issue)
		subjects = append(subjects, p.subjectAt(first))
	}
	return list, subjects
}

// supportTitle says in a few words what is wrong with a component's support.
func supportTitle(s *support.Status, c *sbom.Component) string {
	name := title(c)
	if s.System && c.Type != "operating-system" {
		name = s.Title + space(s.Cycle)
	}
	switch {
	case s.Level == support.Abandoned:
		return name + " is abandoned"
	case s.Level == support.Ended && s.End.IsZero():
		return name + " is past its end of support"
	case s.Level == support.Ended:
		return name + " is past its end of support of " + day(s.End)
	case s.Level == support.Extended:
		return name + " has only extended support, until " + day(s.End)
	}
	return name + " loses its support on " + day(s.End)
}

func supportAction(s *support.Status, c *sbom.Component) string {
	name := cmp.Or(s.Title, c.Name)
	if s.Level == support.Abandoned {
		return "Replace " + name + " by something that is maintained"
	}
	return "Move " + name + " to a release that is supported"
}

// supportFacts tells the policies of a component's support.
func (p *product) supportFacts(f *policy.Component, i int) {
	f.Support = assessment.SupportUnknown
	c := component(p.doc, p.match.Components[i].Index)
	if v := c.Support(); v != nil {
		f.SupportStated = v.EndOfSupport != "" || v.EndOfLife != "" || v.Justification != ""
	}
	s := p.supports[i]
	f.SupportSystem = s != nil && s.System || f.OperatingSystem
	if s == nil {
		return
	}
	f.Support, f.SupportDisagrees, f.SupportSure = s.Level.String(), s.Disagrees, s.Sure
	if f.SupportDated = !s.End.IsZero(); f.SupportDated {
		f.SupportMonths = months(p.AsOf, s.End)
	}
}
