// SPDX-License-Identifier: Apache-2.0

// Package vulndb reads the advisory database: one immutable file made by
// vulndb/build from OSV records, KEV, EPSS, SSVC, CVSS vectors of CVEs, advisories
// about devices and end-of-life dates.
//
// # What it promises
//
// Open maps the file and reads some kilobytes; a look-up reads what it needs,
// where it lies. Readers may be any number of goroutines and processes. Look-ups
// of packages and entries take no lock and, once an Entry's slices have grown,
// allocate nothing.
//
// Every read is checked: for its bounds, and against the checksum of each block
// of 1 KiB when that block is first touched. A truncated, changed or hostile
// file gives an error from Open, from the read, or, where a function has no
// error in its results, from Err. It never panics and never reads as "no
// advisory": a Package whose look-up met a fault says so from Entry. Verify
// checks everything.
//
// Digest names the content: it is the SHA-256 of the table of contents, which
// holds the SHA-256 of each section. It does not depend on the day of the build.
//
// # Lifetime of strings
//
// Entry and Advisory hold views of the mapped file, valid until Close; copy
// (strings.Clone) what outlives the database. Info, Group, Text and all else
// hold copies.
//
// # Source repositories
//
// Entries with GIT ranges stand under the ecosystem "GIT" too, by the URL of
// their repository (purl.Repository) and, where the versions listed are those of
// the repository's tags, with these. The database does not know the history of a
// repository: commits can be compared for equality only, and what a tag is that
// no record lists must be judged by those beside it.
//
// # What is in it
//
// Each OSV record is one advisory, also the withdrawn ones, which no package
// leads to. Records that name the same vulnerability form a group: by aliases,
// transitively, and where a distribution (or Julia, Homebrew, CRAN) names
// exactly one CVE in upstream, by that. Where aliases would bring several CVEs into
// one group, a record joins what it names only if all records that bear or name
// that have a package in common with it: several CVEs of one package may be one
// advisory, but one about another package chains nothing. A record whose aliases
// are thereby not joined, or whose upstream names several CVEs, is a group of its
// own with all of them in CVEs; related never joins groups, but where a distribution names its CVEs only there they are in CVEs.
// KEV, EPSS, SSVC and CVSS of a group are those of its CVEs.
//
// Where no record of a group states a valid CVSS vector, the rating of one of its
// CVEs by somebody else stands in, and CVSS.Source says whose it is. Ratings gives
// all of them.
//
// Notices are advisories about devices and other whole products. They stand
// beside the groups and join none: DevicesNamed finds them by vendor and
// product.
package vulndb

import (
	"math"
	"time"
)

// The kinds of database, Info.Kind. The starter set knows some hundred
// advisories: what it does not report is not thereby clean.
const (
	KindFull    = "full"
	KindStarter = "starter"
)

// Info describes a database. Feeds are sorted by name, Releases by ecosystem
// and release.
type Info struct {
	Kind       string    // KindFull or KindStarter
	Built      time.Time // when it was built; not part of Digest
	Digest     string    // SHA-256 of the contents, hexadecimal
	Feeds      []Feed
	Releases   []Release
	Advisories int // records, the withdrawn ones included
	Packages   int // ecosystem and name
	Oddities   int // what the build met and could not take as it stood
	HasKEV     bool
	HasEPSS    bool
	HasEOL     bool // ends of life of products
	// LeftOut are the ecosystems that the folder of sources had too and that were
	// not read, as the user chose: advisories, aliases and severities that only
	// they know are missing. Nil if all were.
	LeftOut []string
}

// Feed is one source of the database: "osv/npm", "kev", "epss", "ssvc", "cvss",
// "csaf", "eol", "eol/releases".
type Feed struct {
	Name string
	// Date is that of the data: newest modified or published (OSV), release (KEV),
	// score date (EPSS), newest in it (SSVC, CSAF), newest release of a version
	// (EOL); zero: none said.
	Date    time.Time
	Records int
	Digest  string // SHA-256 of the source file, hexadecimal
}

// Release is what the database has of an ecosystem (Release "") or of one
// release of it ("Debian", "11"; "Ubuntu", "Pro:20.04:LTS"). Newest is when the
// newest record was published, zero if no record says. Records counts the
// advisories not withdrawn, Packages the packages that they name; those of "GIT"
// are source repositories.
type Release struct {
	Ecosystem string
	Release   string
	Newest    time.Time
	Records   int
	Packages  int
}

// AdvisoryID numbers an advisory in one database.
type AdvisoryID uint32

// GroupID numbers a group in one database.
type GroupID uint32

// Kind is what an advisory is about.
type Kind uint8

// The kinds. Informational is what names no vulnerability: RustSec's
// unmaintained, unsound and notice, AlmaLinux's bug-fix and enhancement
// advisories. Malicious is MAL-* and CWE-506.
const (
	Vulnerability Kind = iota
	Informational
	Malicious
)

func (k Kind) String() string {
	switch k {
	case Informational:
		return "informational"
	case Malicious:
		return "malicious"
	default:
		return "vulnerability"
	}
}

// Severity is a qualitative severity.
type Severity uint8

// The severities. None is CVSS 0.0, Unknown is no statement.
const (
	Unknown Severity = iota
	None
	Low
	Medium
	High
	Critical
)

func (s Severity) String() string {
	switch s {
	case None:
		return "none"
	case Low:
		return "low"
	case Medium:
		return "medium"
	case High:
		return "high"
	case Critical:
		return "critical"
	default:
		return "unknown"
	}
}

// RangeKind is the type of a range.
type RangeKind uint8

// The range types of OSV.
const (
	Semver RangeKind = iota
	Ecosystem
	Git
)

func (k RangeKind) String() string {
	switch k {
	case Semver:
		return "SEMVER"
	case Git:
		return "GIT"
	default:
		return "ECOSYSTEM"
	}
}

// EventKind is the type of an event.
type EventKind uint8

// The event types of OSV.
const (
	Introduced EventKind = iota
	Fixed
	LastAffected
	Limit
)

func (k EventKind) String() string {
	switch k {
	case Fixed:
		return "fixed"
	case LastAffected:
		return "last_affected"
	case Limit:
		return "limit"
	default:
		return "introduced"
	}
}

// Entry is one affected entry of an advisory, for one package.
type Entry struct {
	Advisory AdvisoryID
	Release  string // "11" of Debian:11; "" for the ecosystem as a whole
	Ranges   []Range
	// Versions are the listed versions, as written. One that a sorted range of the
	// same entry holds is left out: it is found by the range.
	Versions []string
	// Tags are, in the ecosystem GIT, the tags of the package that the entry lists,
	// all of them, as intervals without overlap in ascending order; then Versions is
	// empty. The package's tags that lie in none are known, but not listed.
	Tags []Interval
	// CustomRanges says that Ranges are not those of the record but its
	// ecosystem_specific.custom_ranges (Go): versions of the product, which need
	// not be versions of the module. A match by them is weak, and a pseudo-version
	// cannot be judged by them.
	CustomRanges bool
}

// Interval is the tags From to To of a Package, To not included.
type Interval struct{ From, To int }

// Tag is a version that some advisory of a repository lists, as
// version.TagVersion writes it, and its key in version.Upstream, nil if there is
// none.
type Tag struct {
	Version string
	Key     []byte
}

// Range is one range of an entry. Sorted says that every bound is comparable
// and the events stand in version order, equal ones in the record's order;
// otherwise they stand as in the record. Events of Git ranges are commits.
type Range struct {
	Kind   RangeKind
	Sorted bool
	Events []Event
}

// Event is one bound. Key is the order-preserving key of Version in the
// ecosystem's scheme (version.Scheme.AppendKey), nil if there is none. An
// introduced "0" is the beginning of all versions, not a version: it stands
// first and its key is empty, not nil, below all other keys.
type Event struct {
	Kind    EventKind
	Version string
	Key     []byte
}

// Advisory holds the facts of a record that matching needs.
type Advisory struct {
	ID        string
	Group     GroupID
	Kind      Kind
	Withdrawn bool
	Ecosystem string // of the first affected package, else the one it is filed under
}

// Group is one vulnerability under all its ids.
type Group struct {
	ID       string   // first CVE, else first GHSA, else first id of a member
	Aliases  []string // all other ids, sorted
	CVEs     []string // those that speak for the group in KEV, EPSS and CVSS, sorted
	Kind     Kind
	Severity Severity // by CVSS, else by the members' own words
	CVSS     CVSS
	KEV      *KEV
	EPSS     *EPSS
	SSVC     *SSVC
	HasCVE   bool // CVEs is not empty
}

// CVSS is the highest valid base score among the members of a group and those
// of its CVEs, computed from the vector; CVSS v2 only where nothing newer is
// given. Where there is none, it is chosen in the same way among the ratings of
// the group's CVEs by others. The zero value means that there is none at all.
type CVSS struct {
	Vector string
	Score  float64
	Source string // id of the record that states the vector, or "CVE-… by …"
}

// KEV is an entry of CISA's catalogue of known exploited vulnerabilities.
type KEV struct {
	CVE        string
	Added      time.Time // zero: not said
	Ransomware bool      // known use in ransomware campaigns
}

// EPSS is a score of FIRST's exploit prediction, of the group's CVEs the highest.
type EPSS struct {
	CVE        string
	Score      float64 // probability, 0 to 1
	Percentile float64 // 0 to 1
}

// Text holds what a report prints of an advisory.
type Text struct {
	Summary    string
	Published  time.Time // zero: not said
	Modified   time.Time
	References []string
	CWEs       []string
	Severities []SeverityStatement
	Aliases    []string
	Upstream   []string
	Related    []string
}

// SeverityStatement is a severity as the record states it: a type of OSV and a
// CVSS vector, or, for other types, a word.
type SeverityStatement struct {
	Type  string
	Score string
}

// Namesake is a package of a language ecosystem.
type Namesake struct {
	Ecosystem string
	Name      string
}

// SeverityOf gives the band of a CVSS base score: CVSS v3 and v4 by their
// qualitative scale, v2 by NVD's (low below 4, medium below 7, high above).
func SeverityOf(score float64, v2 bool) Severity {
	switch {
	case math.IsNaN(score) || score < 0 || score > 10:
		return Unknown
	case score == 0:
		return None
	case score < 4:
		return Low
	case score < 7:
		return Medium
	case score < 9 || v2:
		return High
	default:
		return Critical
	}
}
