// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/medsbom/medsbom/internal/safetext"
	"github.com/medsbom/medsbom/match"
	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/support"
	"github.com/medsbom/medsbom/vulndb"
)

// printSupport prints until when a component that was looked up is supported, as
// of today.
func printSupport(p *Process, db *vulndb.DB, component *sbom.Component, c *match.Component) {
	ask := support.Component{SBOM: component, Identities: c.Identities}
	if c.HasURL {
		ask.URL = &c.URL
	}
	s := support.New(db, time.Now().UTC().Truncate(24*time.Hour)).Lookup(&ask)
	fmt.Fprintln(p.Stdout, safetext.Line("  support: "+supportWords(&s)))
}

func supportWords(s *support.Status) string {
	if s.Level == support.Unknown {
		return "unknown (" + s.Reason + ")"
	}
	text := s.Level.String()
	switch {
	case s.End.IsZero() && s.Level == support.Ended:
		text += ", on a day that is not known"
	case s.End.IsZero():
	case s.Level == support.Ended:
		text += " " + s.End.Format(time.DateOnly)
	default:
		text += " until " + s.End.Format(time.DateOnly)
	}
	if s.Latest != "" {
		text += ", latest " + s.Latest
	}
	if s.Note != "" {
		text += "; " + s.Note
	}
	return strings.TrimSpace(text) + "  (" + s.Source + ")"
}
