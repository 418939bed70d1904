// SPDX-License-Identifier: Apache-2.0

package update

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

// Source is another place for one feed: an http(s) address, a file or a folder.
type Source struct{ Feed, Place string }

// ParseSource reads NAME=URL|FILE|DIR.
func ParseSource(s string) (Source, error) {
	name, where, ok := strings.Cut(s, "=")
	if !ok || where == "" {
		return Source{}, &UsageError{fmt.Sprintf("%q names no source", shown(s)), "write it as NAME=URL, NAME=FILE or NAME=DIR"}
	}
	if name != osvFeed && !slices.ContainsFunc(feeds, func(f feed) bool { return f.name == name }) {
		return Source{}, &UsageError{fmt.Sprintf("there is no feed %q", shown(name)), "it is one of " + strings.Join(FeedNames(), ", ")}
	}
	return Source{name, where}, nil
}

// FeedNames are the names that a Source may have.
func FeedNames() []string {
	names := []string{osvFeed}
	for _, f := range feeds {
		names = append(names, f.name)
	}
	return names
}

// Publisher is the address that a feed is taken from by default, "" if nobody
// publishes it in a form that can be used.
func Publisher(name string) string {
	if name == osvFeed {
		return osvBucket
	}
	for _, f := range feeds {
		if f.name == name {
			return f.publisher
		}
	}
	return ""
}

const (
	osvFeed   = "osv"
	osvBucket = "https://storage.googleapis.com/osv-vulnerabilities"
)

// feed is a feed that is not OSV's: one file or two of the mirror's layout.
type feed struct {
	name      string
	files     []target
	publisher string
	limit     int64 // bytes of what is fetched
	// convert makes the files of what the publisher serves, which is a file or, as
	// an own source only, a folder. It takes the files themselves too.
	convert func(c *conversion) error
}

// target is one file of a feed.
type target struct {
	path  string   // in the layout, with slashes
	other []string // names that a folder may have in its place
	check func(c *checking) (facts, error)
}

var feeds = []feed{
	{
		name: "kev", limit: 256 << 20, convert: takeOne,
		publisher: "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
		files:     []target{{path: "kev/known_exploited_vulnerabilities.json", check: checkKEV}},
	},
	{
		name: "epss", limit: 256 << 20, convert: takeOne,
		publisher: "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz",
		files:     []target{{path: "epss/epss_scores.csv.gz", other: []string{"epss/epss_scores.csv"}, check: checkEPSS}},
	},
	{
		name: "ssvc", limit: 4 << 30, convert: convertSSVC,
		publisher: "https://github.com/cisagov/vulnrichment/archive/refs/heads/develop.zip",
		files:     []target{{path: "ssvc/vulnrichment.csv.gz", other: []string{"ssvc/vulnrichment.csv"}, check: checkCVEs}},
	},
	{
		name: "cvss", limit: 256 << 20, convert: takeOne,
		files: []target{{path: "cvss/cvss.csv.gz", other: []string{"cvss/cvss.csv"}, check: checkCVEs}},
	},
	{
		name: "eol", limit: 64 << 20, convert: convertEOL,
		publisher: "https://endoflife.date/api/v1/products/full",
		files:     []target{{path: "eol/products.json", check: checkEOL}},
	},
	{
		name: "eol-dates", limit: 1 << 30, convert: convertReleases,
		publisher: "https://github.com/endoflife-date/release-data/archive/refs/heads/main.zip",
		files:     []target{{path: "eol/release-dates.json.gz", other: []string{"eol/release-dates.json"}, check: checkReleases}},
	},
	{
		name: "csaf", limit: 1 << 30, convert: convertCSAF,
		publisher: "https://github.com/cisagov/CSAF/archive/refs/heads/develop.zip",
		files: []target{
			{path: "csaf/icsma.zip", other: []string{"csaf/icsma"}, check: checkCSAF},
			{path: "csaf/icsa.zip", other: []string{"csaf/icsa"}, check: checkCSAF},
		},
	},
}

// location is where a feed is taken from.
type location struct {
	place  string
	mirror bool // in the layout of the feeds' folder; else what the publisher serves
}

func (l location) remote() bool { return isURL(l.place) }

// isURL tells an address from a path. Other schemes are paths, and not there.
func isURL(s string) bool {
	scheme, _, ok := strings.Cut(s, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// locate finds where a feed is to be taken from; ok is false if nobody publishes it.
func (u *updater) locate(name string) (l location, ok bool) {
	for _, s := range u.Sources {
		if s.Feed == name {
			return location{place: s.Place}, true
		}
	}
	if u.From != "" {
		return location{place: u.From, mirror: true}, true
	}
	publisher := Publisher(name)
	return location{place: publisher}, publisher != ""
}

// checkEcosystems refuses a choice that names nothing, as an empty variable in a
// script makes it: it would bring nothing and look like success.
func (u *updater) checkEcosystems() error {
	blank := func(name string) bool { return strings.TrimSpace(name) == "" }
	if u.Ecosystems != nil && (len(u.Ecosystems) == 0 || slices.ContainsFunc(u.Ecosystems, blank)) {
		return &UsageError{"an ecosystem without a name is asked for", "write them as Go,npm,PyPI, or leave them out to have all"}
	}
	return nil
}

// checkSources refuses what cannot be, before anything is touched.
func (u *updater) checkSources() error {
	for _, name := range FeedNames() {
		l, ok := u.locate(name)
		if !ok {
			continue
		}
		if !l.remote() {
			if strings.Contains(l.place, "://") {
				return &UsageError{fmt.Sprintf("%s: %q is no address of http or https", name, l.place), "name an address, a file or a folder"}
			}
			continue
		}
		if u.Offline {
			return &UsageError{fmt.Sprintf("--offline forbids the network, and %s comes from %s", name, shown(l.place)), "name a folder with --from, or leave --offline out"}
		}
		if parsed, err := url.Parse(l.place); err != nil || parsed.Host == "" {
			return &UsageError{fmt.Sprintf("%s: %q is no address", name, shown(l.place)), "write it as https://host/path"}
		}
	}
	return nil
}

// Shown is a place as it may be printed: an address without its secrets.
func Shown(place string) string { return shown(place) }

// hidden stands for a secret.
const hidden = "xxxxx"

// shown is an address without what may be a secret: who asks, which may be a token
// as well as a name, and the values of its query. A path stays as it is.
func shown(address string) string {
	if !isURL(address) {
		return address
	}
	parsed, err := url.Parse(address)
	if err != nil {
		scheme, _, _ := strings.Cut(address, "://")
		return scheme + "://" + hidden // nobody knows which part of it is which
	}
	if parsed.User != nil {
		parsed.User = url.User(hidden)
	}
	if parsed.RawQuery != "" {
		var parts []string
		for part := range strings.SplitSeq(parsed.RawQuery, "&") {
			name, _, named := strings.Cut(part, "=")
			if !named {
				name = ""
			} else {
				name += "="
			}
			parts = append(parts, name+hidden)
		}
		parsed.RawQuery = strings.Join(parts, "&")
	}
	parsed.Fragment, parsed.RawFragment = "", ""
	return parsed.String()
}

// fingerprint tells whether an address is that of the last time, without keeping
// the secrets in it.
func fingerprint(place string) string {
	sum := sha256.Sum256([]byte(place))
	return hex.EncodeToString(sum[:])
}

// join appends path elements to an address or a folder.
func join(base string, elem ...string) string {
	if !isURL(base) {
		return filepath.Join(append([]string{base}, elem...)...)
	}
	base, query, _ := strings.Cut(base, "?")
	base = strings.TrimRight(base, "/")
	for _, e := range elem {
		for part := range strings.SplitSeq(e, "/") {
			base += "/" + url.PathEscape(part)
		}
	}
	if query != "" {
		base += "?" + query // a token that a mirror wants
	}
	return base
}

// absentError: the source does not have the feed at all.
type absentError struct{ message string }

func (e *absentError) Error() string { return e.message }
