// SPDX-License-Identifier: Apache-2.0

// Package build makes the advisory database that vulndb reads, from OSV zips
// and the files of KEV, EPSS, SSVC, CVSS, CSAF and endoflife.date.
//
// # Sources
//
// From names a folder with osv/<Ecosystem>/all.zip or <Ecosystem>/all.zip (the
// layout of OSV's bucket and of osv-scanner's local mode), and, where present,
// kev/known_exploited_vulnerabilities.json, epss/epss_scores.csv.gz,
// ssvc/vulnrichment.csv.gz and cvss/cvss.csv.gz (or .csv), csaf/ with CSAF
// documents, loose, in folders or in zips, and eol/products.json with
// eol/release-dates.json.gz (or .json). The name of the folder says only which feed it is; the ecosystem of a
// package is what its record says. Names of members of a zip are not used.
//
// # What becomes of a record
//
// Every record that is JSON and has an id goes in. A field that cannot be read
// is left out, and that is an Oddity in the Report, as is a record that cannot be
// read at all; the build fails if a zip cannot be opened, or if nothing in it
// can be read. One id in several zips is one advisory; if the bodies differ,
// the one modified last counts. Withdrawn records can be found, but no package
// leads to them; a record is withdrawn by a date that is one and has come, and by
// nothing else. A range that cannot be read, or a bound of it, is kept as one that
// cannot be judged, so that it lets no version go. Entries without a package (GIT
// ranges alone) are counted.
//
// An entry with GIT ranges is filed under ecosystem GIT too, once for each
// repository that its ranges name, with the commits of that repository. If the
// entry's versions are those of the project, which they are where there is no
// package, where OSS-Fuzz found them by the tags, and where the package has the
// repository's name, its listed versions (as version.TagVersion writes them) and
// its ranges of versions go with it. The tags of a repository are those that its
// entries list, all of them; an entry keeps which of them it lists.
//
// Kept are the facts that matching and reporting need, not the descriptions.
// CVSS scores are computed from vectors; an invalid vector is left out. A listed
// version that a range of the same entry holds is left out, as the range says
// it. Go's ecosystem_specific.custom_ranges become an entry of their own, marked
// as such, and stand for the entry if its own range is but a beginning; if that
// has an end they are left out.
//
// # Dates
//
// The date of an OSV feed is the newest modified or published in it: modified
// is the database's date, not the vulnerability's, and so tells how old the copy
// is. A release's newest record goes by published (modified if that is missing).
// Dates after AsOf are passed over for both and counted as an oddity: one record
// dated 2099 must not keep a feed fresh for ever. The date of KEV and EPSS is the
// one that they state, of SSVC and CSAF the newest in them; the table of CVSS
// vectors has none. A feed without a date that can be believed has none: its age
// is not known, and the time of a file is no date.
//
// # Cache
//
// Beside the database lies its cache (CacheName). If the sources have the digests
// that it notes, the database in place is the one that it notes and whole, and no
// date in them has come since, nothing is built. A source of which the file system
// says what it said when it was hashed is taken to have that digest, see fileState;
// NoCache reads it. Else the records of which
// it has the packed bytes' digest are neither unpacked nor parsed again. Every
// build, with it or without, goes through the same compact records, so that it
// cannot change what comes out; see cache.go.
//
// # Determinism
//
// The same sources and the same AsOf give the same bytes, whatever Jobs is; on
// another day only the time of build in the header differs, and not the digest.
package build

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/medsbom/medsbom/internal/durable"
	"github.com/medsbom/medsbom/vulndb"
)

// Options say what to build.
type Options struct {
	From string    // folder of sources
	Out  string    // file to write
	AsOf time.Time // date of the build; zero: now
	Jobs int       // workers; 0: two, or one on a single processor
	// NoCache neither reads nor writes the cache, CacheName(Out). With or without
	// it the same sources give the same bytes.
	NoCache bool
	// Only names the ecosystems whose zips are read, nil for all that are there.
	// With "GIT" among them all are, as records of every ecosystem name
	// repositories; a database that leaves zips out has none of these. The other
	// feeds are read in any case.
	Only []string
}

// Report says what a build took in and what it met.
type Report struct {
	Digest   string
	Size     int64 // bytes of the database
	JSONSize int64 // bytes of all records
	Feeds    []Feed

	Files                 int // records met, those filed twice counted twice
	Refused               int // of these: could not be read at all
	Duplicates            int // of these: an id met before
	Advisories            int // ids
	Withdrawn             int // of these
	Packages              int
	Entries               int
	EntriesWithoutPackage int
	// EntriesLeftOut counts entries whose package cannot be asked for, and those of
	// ecosystems and releases beyond what a record or the database may have. Each
	// is an oddity too.
	EntriesLeftOut int
	// CustomRangesLeftOut counts entries of Go whose custom ranges stood beside a
	// range of the module that has an end.
	CustomRangesLeftOut   int
	RecordsWithoutPackage int // records in force with no entry that names a package
	RepositoryEntries     int // entries under GIT, of records in force
	Repositories          int // their packages
	Tags                  int // that these know
	VersionsInRange       int // listed versions left out, as a range holds them
	Groups                int
	GroupsOfSeveralCVEs   int // joined by records that alias more than one CVE

	Oddities   int
	OddityList []Oddity // at most 10,000, in the order of the sources

	// Unchanged says that the database in place is of the same sources and was
	// left as it is, with its time of build. All else is then of that build.
	Unchanged bool `json:"-"`
	// Reused counts the files of which the cache had what the build needs.
	Reused int `json:"-"`
	// Notes say what became of the cache where it could not be used or written.
	Notes []string `json:"-"`
}

// Feed is a source as it was read.
type Feed struct {
	Name    string // "osv/npm", "kev", "epss", "eol", "eol/releases"
	File    string
	Date    time.Time // zero: the source says none
	Records int       // read
	Refused int
	Digest  string // SHA-256 of the file, hexadecimal
}

// Oddity is something that could not be taken as it stands.
type Oddity struct {
	File   string // relative to Options.From
	Record string // id, "" if it has none
	What   string
}

func (o Oddity) String() string {
	if o.Record == "" {
		return o.File + ": " + o.What
	}
	return o.File + ": " + o.Record + ": " + o.What
}

const maxListed = 10_000

// odd notes an oddity; the same one of many entries of one record counts once.
func (r *Report) odd(file, record, what string) {
	o := Oddity{file, record, what}
	if n := len(r.OddityList); n > 0 && r.OddityList[n-1] == o {
		return
	}
	r.Oddities++
	if len(r.OddityList) < maxListed {
		r.OddityList = append(r.OddityList, o)
	}
}

// Build reads all sources and writes the database: to a temporary name beside
// Out, which it then replaces. The Report is complete only without an error.
func Build(ctx context.Context, o Options) (*Report, error) {
	if o.Out == "" {
		return nil, errors.New("building database: no file to write to")
	}
	report, err := buildFile(ctx, &o, !o.NoCache)
	if errors.Is(err, errCompact) || errors.Is(err, errCache) {
		// What its checksums do not tell; a build without it does not meet it.
		note := fmt.Sprintf("%s was passed over: %v", CacheName(o.Out), err)
		if report, err = buildFile(ctx, &o, false); err == nil {
			report.Notes = append(report.Notes, note)
		}
	}
	return report, err
}

func buildFile(ctx context.Context, o *Options, cached bool) (*Report, error) {
	b := newBuilder(vulndb.KindFull, o.AsOf)
	b.keep = !o.NoCache
	feeds, err := findZips(o.From)
	if err != nil {
		return nil, fmt.Errorf("building database: %w", err)
	}
	feeds, left, err := o.choose(feeds)
	if err != nil {
		return nil, fmt.Errorf("building database: %w", err)
	}
	b.left = left
	jobs := o.Jobs
	if jobs <= 0 {
		jobs = min(2, runtime.GOMAXPROCS(0))
	}
	defer func() {
		for _, f := range feeds {
			f.close()
		}
	}()
	passOver := func(err error) {
		b.report.Notes = append(b.report.Notes, fmt.Sprintf("%s was passed over: %v", CacheName(o.Out), err))
	}
	var c *cache
	if cached {
		if c, err = openCache(CacheName(o.Out)); err != nil {
			passOver(err)
		}
		defer c.close()
		if c != nil && (c.head.PackagesAlone != (len(left) > 0) || !c.head.holdsOn(b.asOf)) {
			c = nil // of a build of other ecosystems, or of another day
		}
	}
	sources, err := hashSources(ctx, o.From, feeds, jobs, c)
	if err != nil {
		return nil, fmt.Errorf("building database: %w", err)
	}
	for _, ecosystem := range left {
		sources = append(sources, leftOut(ecosystem))
	}
	if err := distinctFrom(o.Out, o.From, feeds, sources); err != nil {
		return nil, fmt.Errorf("building database: %w", err)
	}
	if c != nil {
		if c.unchanged(sources, b.asOf, o.Out) {
			c.note(sources)
			c.head.Report.Unchanged = true
			return c.head.Report, nil
		}
		if err := c.load(); err != nil {
			return nil, err
		}
		b.texts.cache = c
		b.expect(&c.head)
		for _, f := range feeds {
			f.kept = c.feed(f.ecosystem)
		}
	}
	if err := b.readAll(ctx, o.From, feeds, sources, jobs); err != nil {
		return nil, fmt.Errorf("building database: %w", err)
	}
	var written *cacheWriter
	if b.keep {
		written = b.startCache(CacheName(o.Out), feeds)
		defer written.close()
	}
	pieces, err := b.encode()
	if err != nil {
		return nil, fmt.Errorf("building database: %w", err)
	}
	if err := replace(o.Out, pieces...); err != nil {
		return nil, fmt.Errorf("writing database: %w", err)
	}
	if b.keep {
		if err := written.commit(b, sources); err != nil {
			b.report.Notes = append(b.report.Notes, fmt.Sprintf("%s was not written: %v", CacheName(o.Out), err))
		}
	}
	return b.report, nil
}

// Memory is the input of FromRecords.
type Memory struct {
	Kind    string                    // vulndb.KindStarter or vulndb.KindFull
	Records iter.Seq2[string, []byte] // OSV records as JSON, each with the ecosystem it is filed under
	KEV     []byte                    // CISA's JSON; nil: none
	EPSS    []byte                    // FIRST's CSV, gzip or not; nil: none
	EOL     []byte                    // endoflife.date's products as JSON, gzip or not; nil: none
	Release []byte                    // release dates of their versions, likewise; nil: none
	SSVC    []byte                    // Vulnrichment as CSV, gzip or not; nil: none
	CVSS    []byte                    // vectors of CVEs as CSV, gzip or not; nil: none
	CSAF    [][]byte                  // CSAF documents, or zips of them; nil: none
	AsOf    time.Time                 // date of the build; zero: now
}

// FromRecords builds a database in memory, in the same way as Build. The bytes
// are for vulndb.OpenBytes.
func FromRecords(in Memory) ([]byte, *Report, error) {
	b := newBuilder(in.Kind, in.AsOf)
	byName := map[string]*feed{}
	var feeds []*feed
	for ecosystem, text := range in.Records {
		f := byName[ecosystem]
		if f == nil {
			f = &feed{ecosystem: ecosystem, file: "osv/" + ecosystem}
			byName[ecosystem] = f
			feeds = append(feeds, f)
		}
		f.texts = append(f.texts, text)
	}
	slices.SortFunc(feeds, func(a, b *feed) int { return strings.Compare(a.ecosystem, b.ecosystem) })
	if err := b.read(context.Background(), feeds, 1); err != nil {
		return nil, nil, fmt.Errorf("building database: %w", err)
	}
	if err := b.adoptMemory(&in); err != nil {
		return nil, nil, fmt.Errorf("building database: %w", err)
	}
	pieces, err := b.encode()
	if err != nil {
		return nil, nil, fmt.Errorf("building database: %w", err)
	}
	return slices.Concat(pieces...), b.report, nil
}

// builder is one build.
type builder struct {
	*collector
	kind  string
	built time.Time
	feeds []Feed
	kev   []kevRow
	epss  []epssRow
	eol   eolTable

	keep     bool  // keep what the cache will hold
	lost     error // why it cannot
	beside   int64 // bytes of what it would hold that the database does not
	nextDate int64 // the first date of a record or feed after the build, 0 for none
	// nextWithdrawal is the first of these that withdraws a record.
	nextWithdrawal int64

	ssvc    []ssvcRow
	ratings ratings
	notices []notice
	seen    []string // digests of files read, but for those of feeds

	left           []string // ecosystems whose zips are not read
	units          []*unit  // that the cache will hold
	eolTables      [3][]byte
	deviceSections [3][]byte
}

func newBuilder(kind string, asOf time.Time) *builder {
	if asOf.IsZero() {
		asOf = time.Now()
	}
	asOf = asOf.UTC().Truncate(time.Second)
	return &builder{kind: kind, built: asOf, collector: newCollector(new(Report), asOf.Unix())}
}

func (b *builder) addFeed(f Feed) { b.feeds = append(b.feeds, f) }

func unixTime(t stamp) time.Time {
	if !t.ok {
		return time.Time{}
	}
	return time.Unix(t.seconds, 0).UTC()
}

// maxFeed bounds the files of the feeds other than OSV, in bytes, unpacked.
const maxFeed = 256 << 20

// readSource reads a file beneath a folder of sources, nil if there is none.
func readSource(from, name string) ([]byte, error) {
	text, err := readFile(filepath.Join(from, filepath.FromSlash(name)))
	if missing(err) {
		return nil, nil
	}
	return text, err
}

// readAll takes all records, and beside them makes the units of the other feeds and
// takes up their tables.
func (b *builder) readAll(ctx context.Context, from string, feeds []*feed, sources []source, jobs int) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var units []*unit
	var lost, failed error
	var wait sync.WaitGroup
	cached := b.texts.cache
	wait.Go(func() {
		if units, lost, failed = b.readUnits(from, sources, cached); failed == nil {
			failed = b.adoptTables(units)
		}
		if failed != nil {
			stop()
		}
	})
	err := b.read(ctx, feeds, jobs)
	wait.Wait()
	if failed != nil {
		return failed
	}
	if err != nil {
		return err
	}
	b.lost = cmp.Or(b.lost, lost)
	b.adopt(units)
	return nil
}

// adoptMemory makes and adopts the units of sources in memory.
func (b *builder) adoptMemory(in *Memory) error {
	reads := map[string]func(*builder) error{
		"kev":  func(one *builder) error { return one.maybe(one.readKEV, "kev", in.KEV) },
		"epss": func(one *builder) error { return one.maybe(one.readEPSS, "epss", in.EPSS) },
		"eol": func(one *builder) error {
			return cmp.Or(one.maybe(one.readEOL, "eol", in.EOL), one.maybe(one.readReleases, "eol releases", in.Release))
		},
		"ssvc": func(one *builder) error {
			return cmp.Or(one.maybe(one.readSSVC, "ssvc", in.SSVC), one.maybe(one.readRatings, "cvss", in.CVSS))
		},
		csafFolder: func(one *builder) error { return one.takeCSAF(in.CSAF) },
	}
	var units []*unit
	for _, kind := range unitKinds() {
		u, err := b.unit(&kind, reads[kind.name])
		if err != nil {
			return err
		}
		units = append(units, u)
	}
	if err := b.adoptTables(units); err != nil {
		return err
	}
	b.adopt(units)
	return nil
}

func (b *builder) maybe(read func(string, []byte) error, name string, text []byte) error {
	if text == nil {
		return nil
	}
	return read(name, text)
}

// replace writes a file so that nobody ever sees half a database.
func replace(path string, pieces ...[]byte) error { return durable.WriteFile(path, pieces...) }
