// SPDX-License-Identifier: Apache-2.0

// Package update brings the feeds of the advisory database up to date: OSV's
// zips, KEV, EPSS, SSVC, CVSS, end-of-life dates and CISA's CSAF advisories, from
// their publishers, a mirror or a folder, and makes the database anew from them.
// It is the only library package that uses the network.
//
// # Where things lie
//
// The feeds are kept in the folder "<database>.feeds" beside the database, in the
// layout that vulndb/build reads, with two things more: osv/<Ecosystem>/
// modified_id.csv, the ids of the zip beside it and when each was modified, and
// state.json, by which address each feed came (its digest, and for people without
// its secrets) and with what validators and digests. Served by any web server that folder is a mirror for others. Nothing in
// it is trusted because it is there: a file whose digest is not the one in
// state.json is read and checked again. All of it may be deleted at any time.
//
// # Never worse than before
//
// A feed is written to a temporary name, checked whole (every member of a zip is
// unpacked against its checksum, every list read to its end), compared with the
// copy that is there, and only then renamed over it. Refused, with the old copy
// kept, is what is older than that copy (its newest date goes back, or that of more
// than a few in a hundred of an ecosystem's records), what has lost more than half
// of the most records that its source has had, and what cannot be read. A few
// records that are older are taken and said: they are the source's word, and ours
// kept against it would never become newer. The database is built
// beside the feeds, opened and verified, compared with the installed one in the
// same way, and renamed over it. A feed of which no database can be made goes back
// to the copy before, which is kept in the folder "previous" until a database was
// made of the new one. Whatever happens in between, the installed
// database is the old one or the new one. One update works on a database at a
// time.
//
// # Prebuilt
//
// FetchPrebuilt brings one signed database (vulndb/bundle) in the place of all
// feeds. prebuilt.json remembers by which answer of the server the installed
// database came, for a conditional request.
//
// # OSV
//
// The bucket has, for each ecosystem, modified_id.csv (lines "modified,id"), the
// records one by one, and all of them in all.zip. What the list has of another date
// than our zip, or our zip of a day to come, is fetched record by record if that is
// less to fetch than the zip (each record is counted as 6 KiB, at most 5,000 of
// them), else as the zip. Ids that the list no longer has are removed. A record that
// is older than the list promises, or another one, shows a server that is behind or
// lies: the whole zip is fetched in its place, and so it is if members of our zip
// are not named by their ids. Dates are compared with the source only that our copy
// is known to have come from: of another address the whole zip is fetched.
package update

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

// Options say what to bring and from where.
type Options struct {
	Database string // the file to replace; its feeds lie in Database + ".feeds"

	// From is a mirror of everything: a folder, or an http(s) address, in the
	// layout of the feeds' folder. "" means the publishers.
	From string
	// Sources name other places for single feeds; they go before From.
	Sources []Source
	// Ecosystems are those of OSV to bring, in any case; nil means all. The zips of
	// others that are there already stay as they are.
	Ecosystems []string
	// Optional: ecosystems that the source does not have are noted, not refused.
	Optional bool
	// AllowOlder takes feeds, and replaces the database, although what is here is
	// newer or has more; what went back is said.
	AllowOlder bool
	// Offline forbids the network: every source must then be a folder or file.
	Offline bool

	AsOf      time.Time // dates after it do not count; zero: now
	Retries   int       // further attempts for what may pass: a cut, a stall, 429, 5xx
	UserAgent string
	Proxy     func(*http.Request) (*url.URL, error) // as http.Transport has it
	// Progress is told what has been fetched, many times a second, one call at a
	// time.
	Progress func(Progress)

	tuning tuning
}

// Progress is how far one feed has come, in bytes; Total is 0 if unknown.
type Progress struct {
	Feed        string
	Done, Total int64
}

// State is what became of a feed.
type State string

// The states. Kept and Missing are failures: what was asked for did not come.
const (
	Updated   State = "updated"
	Unchanged State = "unchanged"
	Kept      State = "kept"         // it could not be brought: the old copy stays
	Missing   State = "missing"      // it could not be brought, and there is no old copy
	NotAsked  State = "not asked"    // an ecosystem that is here and was not asked for
	NotThere  State = "not provided" // the mirror does not have it, or nobody publishes it; nothing was there before
)

// Item is one feed of a Report.
type Item struct {
	Name    string // "osv/npm", "kev"
	State   State
	Date    time.Time // of the copy that is there now; zero: none, or none said
	Records int       // of the copy that is there now
	Changed int       // records fetched one by one
	Removed int       // records that the source no longer has
	Bytes   int64     // fetched
	Words   string    // why, for Kept, Missing and NotThere; else what else is to be said
	Partial bool      // brought, but not all that the source promises: Words says what
	Loss    bool      // more than a few of its records are gone: Words says how many
}

// Failed reports whether something that was asked for did not come.
func (i *Item) Failed() bool { return i.State == Kept || i.State == Missing || i.Partial }

// Report says what an update did.
type Report struct {
	Items    []Item // sorted by name
	Feeds    string // the folder
	Build    *build.Report
	Digest   string // of the database that is installed now
	Replaced bool   // the database; false: it is the same
	Notes    []string
}

// Failed reports whether a feed did not come.
func (r *Report) Failed() bool {
	return slices.ContainsFunc(r.Items, func(i Item) bool { return i.Failed() })
}

// UsageError is an error of the caller's options.
type UsageError struct{ message, Remedy string }

func (e *UsageError) Error() string { return e.message }

// Update brings the feeds and replaces the database. With an error the installed
// database is as it was; the report, if there is one, still says what became of
// the feeds.
func Update(ctx context.Context, o Options) (*Report, error) {
	u, err := newUpdater(&o)
	if err != nil {
		return nil, err
	}
	release, err := u.place.lock()
	if err != nil {
		return nil, err
	}
	defer release()
	u.place.sweep()
	u.place.loadState()
	tasks, err := u.tasks(ctx)
	if err != nil {
		return nil, err
	}
	u.run(ctx, tasks)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	slices.SortFunc(u.report.Items, func(a, b Item) int { return strings.Compare(a.Name, b.Name) })
	u.report.Notes = append(u.report.Notes, u.place.notes...)
	if err := u.anything(); err != nil {
		return u.report, err
	}
	if _, err := build.Zips(u.place.dir); err != nil {
		return u.report, u.withoutOSV()
	}
	if err := u.install(ctx); err != nil {
		return u.report, err
	}
	return u.report, u.place.settle()
}

type updater struct {
	*Options
	place  *place
	client *client
	report *Report

	mu sync.Mutex // guards report and place.state
}

func newUpdater(o *Options) (*updater, error) {
	if o.Database == "" {
		return nil, &UsageError{"no database to update", "name a file with --db"}
	}
	database, err := filepath.Abs(o.Database)
	if err != nil {
		return nil, err
	}
	if o.AsOf.IsZero() {
		o.AsOf = time.Now()
	}
	o.tuning.defaults()
	u := &updater{Options: o, client: newClient(o)}
	if err := u.checkEcosystems(); err != nil {
		return nil, err
	}
	if err := u.checkSources(); err != nil {
		return nil, err
	}
	if u.place, err = newPlace(database, o.tuning); err != nil {
		return nil, err
	}
	u.report = &Report{Feeds: u.place.dir}
	return u, nil
}

// task brings one feed. It gives what is to be said; its name and, for failures,
// state and facts of the old copy are filled in by run.
type task struct {
	name string
	do   func(ctx context.Context, item *Item) error
}

// atOnce is how many feeds are brought at a time.
const atOnce = 4

func (u *updater) run(ctx context.Context, tasks []task) {
	work := make(chan task)
	var wg sync.WaitGroup
	for range min(atOnce, len(tasks)) {
		wg.Go(func() {
			for t := range work {
				item := Item{Name: t.name}
				err := t.do(ctx, &item)
				if ctx.Err() != nil {
					continue
				}
				u.finish(&item, err)
			}
		})
	}
	for _, t := range tasks {
		select {
		case work <- t:
		case <-ctx.Done():
		}
	}
	close(work)
	wg.Wait()
}

// finish completes an item by the copy that is there now.
func (u *updater) finish(item *Item, err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	have, there := u.place.state.Feeds[item.Name]
	if there {
		item.Date, item.Records = have.Newest, have.Records
	} else {
		there = u.place.has(item.Name)
	}
	switch absent := (*absentError)(nil); {
	case err == nil:
	case errors.As(err, &absent) && !there:
		item.State, item.Words = NotThere, err.Error()
	case there:
		item.State, item.Words = Kept, err.Error()
	default:
		item.State, item.Words = Missing, err.Error()
	}
	u.report.Items = append(u.report.Items, *item)
}

// anything fails if nothing that was asked for came.
func (u *updater) anything() error {
	var first *Item
	for i := range u.report.Items {
		item := &u.report.Items[i]
		if item.State == Updated || item.State == Unchanged {
			return nil
		}
		if first == nil && item.Failed() {
			first = item
		}
	}
	if first == nil {
		return errors.New("there is nothing to bring: the source has none of the feeds")
	}
	return fmt.Errorf("no feed could be brought; the first, %s: %s", first.Name, first.Words)
}

// withoutOSV is the error of feeds that make no database: there is no zip, neither
// brought nor from before.
func (u *updater) withoutOSV() error {
	for i := range u.report.Items {
		if item := &u.report.Items[i]; strings.HasPrefix(item.Name, osvFeed) && item.Failed() {
			return fmt.Errorf("no ecosystem of OSV could be brought, and there is none from before; the first, %s: %s", item.Name, item.Words)
		}
	}
	return errors.New("no ecosystem of OSV could be brought, and there is none from before")
}

// install builds the database from the feeds and replaces the installed one.
func (u *updater) install(ctx context.Context) error {
	made, err := u.build(ctx)
	if err != nil {
		return fmt.Errorf("the feeds in %q were brought, but no database could be made of them: %w", u.place.dir, err)
	}
	u.report.Build = made
	next, err := open(u.place.staging())
	if err != nil {
		return fmt.Errorf("the new database cannot be used, the old one stays: %w", err)
	}
	u.report.Digest = next.Digest
	// What is there and cannot be opened has nothing to lose.
	if old, err := open(u.place.database); err == nil && old.Digest == next.Digest {
		return nil
	}
	if err := u.keeps(next); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	// Asked again, as an import may have been faster.
	if err := u.place.publish(func() error { return u.keeps(next) }); err != nil {
		return fmt.Errorf("replacing the database: %w", err)
	}
	u.report.Replaced = true
	return nil
}

// keeps refuses a database that has less than the installed one.
func (u *updater) keeps(next *vulndb.Info) error {
	db, err := vulndb.Open(u.place.database)
	if err != nil {
		return nil //nolint:nilerr // what is not there, or cannot be opened, has nothing to lose
	}
	defer func() { _ = db.Close() }()
	if db.Intact() != nil {
		return nil
	}
	lost := loses(db.Info(), next, u.lowered)
	if lost != "" && u.AllowOlder {
		u.report.Notes = append(u.report.Notes, "went back, as --allow-downgrade insists: the database had "+lost)
		return nil
	}
	if lost != "" {
		return fmt.Errorf("the database %q stays as it is: it has %s; insist with --allow-downgrade if the new one shall be used all the same", u.place.database, lost)
	}
	return nil
}

// open opens and verifies a database.
func open(name string) (*vulndb.Info, error) {
	db, err := vulndb.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	if err := db.Verify(); err != nil {
		return nil, err
	}
	return db.Info(), nil
}

// lowered reports whether the source of a feed has taken back what it had of a
// date.
func (u *updater) lowered(feed string, date time.Time) bool {
	s, ok := u.place.state.Feeds[feed]
	return ok && !s.Lowered.IsZero() && !older(s.Lowered, date)
}

// loses says what the installed database has that a new one would not have.
func loses(old, next *vulndb.Info, lowered func(feed string, date time.Time) bool) string {
	if old.Kind != vulndb.KindFull {
		return ""
	}
	dates := map[string]time.Time{}
	for _, f := range next.Feeds {
		dates[f.Name] = f.Date
	}
	var lost []string
	for _, f := range old.Feeds {
		date, there := dates[f.Name]
		switch {
		case !there:
			lost = append(lost, f.Name+", which the new one lacks")
		case date.Before(f.Date) && !date.IsZero() && !lowered(f.Name, f.Date):
			lost = append(lost, fmt.Sprintf("%s of %s, and the new one only of %s", f.Name, day(f.Date), day(date)))
		}
	}
	if len(lost) > 3 {
		lost = append(lost[:3], fmt.Sprintf("%d more", len(lost)-3))
	}
	return strings.Join(lost, "; ")
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
