// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/medsbom/medsbom/internal/safetext"
	"github.com/medsbom/medsbom/vulndb"
)

// printFeeds lists the feeds with their age today, and what cannot be told
// without those that are missing.
func printFeeds(w io.Writer, info *vulndb.Info, now time.Time) {
	table := [][]string{{"FEED", "DATE", "AGE", "RECORDS"}}
	for _, f := range info.Feeds {
		table = append(table, []string{safetext.Line(f.Name), date(f.Date), age(f.Date, now), fmt.Sprint(f.Records)})
	}
	printColumns(w, table)
	for _, missing := range []struct {
		loaded      bool
		name, words string
	}{
		{info.HasKEV, "kev", "known exploitation cannot be told, no grades are given"},
		{info.HasEPSS, "epss", "no grades are given"},
		{info.Has("ssvc"), "ssvc", "whether exploits are public and attacks can be automated cannot be told"},
		{info.Has("cvss"), "cvss", "flaws whose records give no vector are priced by a word, or as the worst"},
		{info.HasEOL, "eol", "of the support of components only what a vendor states can be told"},
		{info.Has("csaf"), "csaf", "whether CISA has advisories on a product itself cannot be told"},
	} {
		if !missing.loaded {
			fmt.Fprintf(w, "%s is not loaded: %s\n", missing.name, missing.words)
		}
	}
}

func kevWords(k *vulndb.KEV) string {
	words := k.CVE + " known to be exploited, listed " + date(k.Added)
	if k.Ransomware {
		words += ", used in ransomware campaigns"
	}
	return words
}

func ssvcWords(s *vulndb.SSVC) string {
	or := func(v string) string { return cmp.Or(v, "not known") }
	return fmt.Sprintf("exploitation %s, automatable %s, technical impact %s (%s, decided %s)",
		or(s.Exploitation), or(s.Automatable), or(s.TechnicalImpact), s.CVE, date(s.Date))
}

// printCVE prints what the feeds say of a CVE by itself: everything if no
// advisory names it, else the ratings, of which an advisory shows one.
func printCVE(w io.Writer, db *vulndb.DB, id string, named bool) bool {
	var lines []string
	field := func(name, value string) {
		lines = append(lines, fmt.Sprintf("  %-11s %s\n", name, safetext.Line(value)))
	}
	if k, ok := db.KEV(id); ok && !named {
		field("KEV", kevWords(&k))
	}
	if e, ok := db.EPSS(id); ok && !named {
		field("EPSS", fmt.Sprintf("%.3f", e.Score))
	}
	if s, ok := db.SSVC(id); ok && !named {
		field("SSVC", ssvcWords(&s))
	}
	for _, r := range db.Ratings(id) {
		field("rated", r.Vector+"  by "+r.Source)
	}
	if len(lines) == 0 {
		return false
	}
	head := strings.ToUpper(id)
	if !named {
		head += "  no advisory on a package names it; that does not mean that nothing is affected"
	}
	fmt.Fprintln(w, safetext.Line(head))
	fmt.Fprint(w, strings.Join(lines, ""))
	return true
}

// printNotice prints an advisory of CISA on devices.
func printNotice(w io.Writer, db *vulndb.DB, id string) bool {
	n, ok := db.FindNotice(id)
	if !ok {
		return false
	}
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "  %-11s %s\n", name, safetext.Line(value))
		}
	}
	fmt.Fprintln(w, safetext.Line(n.ID)+"  advisory on devices")
	field("title", n.Title)
	field("published", date(n.Published))
	field("updated", date(n.Updated))
	field("CVEs", strings.Join(n.CVEs, ", "))
	if n.CVSS.Vector != "" {
		field("CVSS", fmt.Sprintf("%.1f  %s", n.CVSS.Score, n.CVSS.Vector))
	}
	field("remedy", n.Remedy)
	field("page", n.URL)
	return true
}
