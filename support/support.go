// SPDX-License-Identifier: Apache-2.0

// Package support says until when a component is maintained: its level of
// support, the end of it, and who says so.
//
// # Sources
//
// The vendor, in the SBOM (sbom.Support); the end-of-life data of the database
// (endoflife.date); advisories that say of a package that nobody maintains it.
// Where they differ all are kept, the worse counts, and Disagrees is set. A
// source that says nothing takes nothing away: unknown is no level, and never
// reads as supported.
//
// # Levels
//
//	supported      before the end of active support, or of support where that is one
//	security-only  past active support, before the end of support
//	extended       past the end for all, before a stated day on which extended
//	               support ends, free or not (Debian LTS, Ubuntu Pro)
//	ended          past that
//	abandoned      nobody maintains it at all
//	unknown        none of these can be told; Reason says why
//
// A day is the first without support: on it the level has ended (an end of
// support must lie after the date of the assessment, sup.not-ended). An end
// stated as a month or a year is its first day, the worst reading. Extended
// support that is only said to exist, with no day, counts as none: nobody can
// tell whether this component has it.
//
// # What a component is
//
// A package of a distribution is maintained by the distribution, whatever its
// upstream does: it has the support of the distribution's release, and without a
// release none that is known. Everything else is looked up by its package URL,
// by its CPE, then by its name alone, which is no sure identity (Sure). A package
// of a language's registry is never looked up by its name: many are called
// python. The cycle of a version is found by parts, see vulndb.Lifecycle. Where
// the version is missing, or names several cycles, it counts as ended only if all
// of these have.
package support

import (
	"time"

	"github.com/medsbom/medsbom/purl"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/vulndb"
)

// Level is how well a component is maintained.
type Level uint8

// The levels, from no statement, then from good to bad.
const (
	Unknown Level = iota
	Supported
	SecurityOnly
	Extended
	Ended
	Abandoned
)

func (l Level) String() string {
	return [...]string{"unknown", "supported", "security-only", "extended", "ended", "abandoned"}[min(l, Abandoned)]
}

// Past reports a component that gets no fixes any more.
func (l Level) Past() bool { return l >= Ended }

// Kind is what ends on the end date.
type Kind string

// The kinds of end.
const (
	NoKind    Kind = ""
	Security  Kind = "security" // fixes of security flaws for all
	Extension Kind = "extended" // support after that for all
	Stated    Kind = "stated"   // whatever the vendor means by support
)

// A Statement is what one source says.
type Statement struct {
	Level     Level
	End       time.Time // the end of the support that Level speaks of; zero: no day is known
	Kind      Kind
	ActiveEnd time.Time // end of fixes other than for security; zero: not said
	Extended  time.Time // end of extended support; zero: not said
	Product   string    // "openssl"; "" if a vendor or an advisory speaks
	Title     string    // "OpenSSL"
	Cycle     string    // "1.1.1"
	Latest    string    // the latest version of the cycle
	Released  time.Time // of exactly the component's version; zero: not known
	System    bool      // the product is an operating system
	Source    string    // in words, with date and record
	Note      string    // what else must be said, in words
	Sure      bool      // the product was identified for sure
}

// A Status is what is known of a component. The Statement is the worst.
type Status struct {
	Statement

	Others    []Statement // what the other sources say
	Disagrees bool        // they name other levels or days
	Reason    string      // why Level is Unknown
}

// A Component is what is asked about. Identities and URL are those it was
// matched as.
type Component struct {
	SBOM        *sbom.Component
	URL         *purl.URL // nil if it has no valid package URL
	Identities  []purl.Package
	Unsupported string // id of an advisory that says that nobody maintains it; "" if there is none
}

// A Source looks components up in one database, as of one day.
type Source struct {
	db   *vulndb.DB
	asOf time.Time
	name string // of the data, with its date
	told bool   // the data is there
}

// New returns a Source. asOf decides what has ended; nothing asks the clock.
func New(db *vulndb.DB, asOf time.Time) *Source {
	s := &Source{db: db, asOf: asOf, told: db.Info().HasEOL, name: "endoflife.date"}
	for _, f := range db.Info().Feeds {
		if f.Name == "eol" && !f.Date.IsZero() {
			s.name += ", " + f.Date.Format(time.DateOnly)
		}
	}
	return s
}

// Loaded reports whether the database has end-of-life data at all.
func (s *Source) Loaded() bool { return s.told }

// Lookup tells what is known of a component.
func (s *Source) Lookup(c *Component) Status {
	var out Status
	if v, why := s.vendor(c.SBOM); v.Level != Unknown {
		out.Statement = v
	} else {
		out.Reason = why
	}
	if c.Unsupported != "" {
		out.add(Statement{Level: Abandoned, Source: "advisory " + c.Unsupported, Sure: true})
	}
	if !s.told {
		out.because(NotLoaded)
		return out
	}
	if c.SBOM.Type == "operating-system" && (c.URL == nil || !isLinuxPackage(c.URL.Type)) {
		found, other, why := s.system(c.SBOM)
		out.found(found, why)
		if other.Level != Unknown {
			out.add(other)
			out.Disagrees = true
		}
		return out
	}
	out.found(s.data(c))
	return out
}

// found takes up what the data says, or why it says nothing.
func (s *Status) found(more Statement, why string) {
	if more.Level == Unknown {
		s.because(why)
		return
	}
	s.add(more)
}

// because notes why nothing is known, where nothing is.
func (s *Status) because(why string) {
	switch {
	case s.Level != Unknown:
		s.Reason = ""
	case s.Reason == "":
		s.Reason = why
	case why != "":
		s.Reason += "; " + why
	}
}

// add takes up what one more source says.
func (s *Status) add(more Statement) {
	s.Reason = ""
	if s.Level == Unknown {
		s.Statement = more
		return
	}
	first := &s.Statement
	if first.Level.Past() != more.Level.Past() || !first.End.IsZero() && !more.End.IsZero() && !first.End.Equal(more.End) {
		s.Disagrees = true
	}
	if worse(&more, first) {
		s.Others = append(s.Others, s.Statement)
		s.Statement = more
		return
	}
	s.Others = append(s.Others, more)
}

func worse(a, b *Statement) bool {
	switch {
	case a.Level != b.Level:
		return a.Level > b.Level
	case a.End.IsZero() || b.End.IsZero():
		return b.End.IsZero() && !a.End.IsZero()
	}
	return a.End.Before(b.End)
}

// past reports that a day has come.
func (s *Source) past(day time.Time) bool { return !day.IsZero() && !s.asOf.Before(day) }

func (s *Source) over(m vulndb.Milestone) bool { return m.Come || s.past(m.Day) }

// level judges a cycle.
func (s *Source) level(l *vulndb.Lifecycle, c *vulndb.Cycle) Statement {
	out := Statement{
		Product: l.Product, Title: l.Title, Cycle: c.Name, Latest: c.Latest, System: l.Category == "os",
		End: c.EOL.Day, Kind: Security, ActiveEnd: c.Active.Day, Extended: c.Extended.Day,
		Source: s.name + ", " + l.Product + " " + c.Name,
	}
	switch {
	case !c.EOL.Stated:
		out.Level, out.Kind = Unknown, NoKind
		if s.over(c.Discontinued) {
			out.Level, out.End, out.Note = Ended, c.Discontinued.Day, "it is no longer sold; nothing is said of its support"
		}
	case !s.over(c.EOL) && s.over(c.Active):
		out.Level = SecurityOnly
	case !s.over(c.EOL):
		out.Level = Supported
	case !c.Extended.Day.IsZero() && !s.past(c.Extended.Day):
		out.Level, out.End, out.Kind = Extended, c.Extended.Day, Extension
		out.Note = "support for all ended"
		if !c.EOL.Day.IsZero() {
			out.Note += " " + c.EOL.Day.Format(time.DateOnly)
		}
		out.Note += "; only extended support is left"
	default:
		out.Level = Ended
		if c.Extended.Stated && !s.over(c.Extended) {
			out.Note = "extended support exists, nothing says until when or for whom"
		}
	}
	return out
}

// cycle judges the version of a product.
func (s *Source) cycle(l *vulndb.Lifecycle, version string) (Statement, string) {
	if version != "" {
		if c, ok := cycleOf(l, version); ok {
			out := s.level(l, &c)
			out.Released, _ = l.Released(version)
			if out.Level == Unknown {
				return out, l.Title + " " + c.Name + ": no end of support is stated"
			}
			return out, ""
		}
	}
	// No single cycle: it has ended only if all that it may be have.
	var last Statement
	several, all := 0, true
	judge := func(c vulndb.Cycle) bool {
		one := s.level(l, &c)
		all = all && one.Level == Ended
		if several++; several == 1 || last.End.Before(one.End) {
			last = one
		}
		return all
	}
	if version == "" {
		l.Cycles(judge)
	} else {
		l.Beneath(version, judge)
	}
	if several > 0 && all {
		last.Latest, last.Note = "", "every release that it can be has ended; this is the last of them"
		return last, ""
	}
	switch {
	case version == "":
		return Statement{}, l.Title + ": no version"
	case several > 0:
		return Statement{}, l.Title + " " + version + " may be one of several cycles"
	}
	return Statement{}, l.Title + " " + version + " belongs to no cycle that is known"
}
