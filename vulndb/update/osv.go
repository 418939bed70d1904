// SPDX-License-Identifier: Apache-2.0

package update

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// What a delta may cost: a record is counted as its usual size and what a request
// of its own costs beside it.
const (
	costOfRecord = 6 << 10
	maxDelta     = 5000
	maxFetched   = 256 << 20 // bytes of all of them: they are held in memory
	leastRecords = 60        // in a minute, else the zip is fetched
	deltaAtOnce  = 6
)

// memory is a small body.
type memory struct{ bytes.Buffer }

func (m *memory) restart() error {
	m.Reset()
	return nil
}

func zipOf(ecosystem string) string  { return "osv/" + ecosystem + "/all.zip" }
func listOf(ecosystem string) string { return "osv/" + ecosystem + "/modified_id.csv" }

// ecosystem is one ecosystem on its way.
type ecosystem struct {
	*updater
	name string
	base string // address or folder that holds <Ecosystem>/
	item *Item

	have *feedState // of our copy, nil if it is not known or not intact
	ours *index     // nil without a copy
	same bool       // our copy is known to have come from base

	lowered time.Time // newest date of ours, if the source has taken it back
}

func (e *ecosystem) address(name string) string {
	if !isURL(e.base) {
		return join(e.base, e.name, name)
	}
	return join(join(e.base, e.name), name)
}

func (e *ecosystem) progress(done, total int64) { e.tell("osv/"+e.name, done, total) }

// bring brings one ecosystem.
func (e *ecosystem) bring(ctx context.Context) error {
	e.mu.Lock()
	if have, ok := e.place.state.Feeds["osv/"+e.name]; ok {
		e.have = &have
	}
	e.mu.Unlock()
	if err := e.readOurs(ctx); err != nil {
		return err
	}
	if !isURL(e.base) {
		return e.copyZip(ctx)
	}
	e.same = e.have != nil && e.ours != nil && e.have.Place == fingerprint(e.base)
	r := request{url: e.address("modified_id.csv"), limit: maxList, progress: e.progress}
	if e.same {
		r.etag, r.modified = e.have.ETag, e.have.Modified
	}
	var text memory
	got, err := e.client.get(ctx, r, &text)
	e.item.Bytes += got.bytes
	switch {
	case got.unchanged:
		e.item.State = Unchanged
		return nil
	case isAbsent(err):
		return e.fetchZip(ctx, nil, answer{}, e.same)
	case err != nil:
		return err
	}
	theirs, err := parseList(text.Bytes(), e.AsOf)
	if err != nil {
		e.say(err.Error() + ": the whole zip is fetched")
		return e.fetchZip(ctx, nil, answer{}, false)
	}
	if theirs.odd > 0 {
		e.say(fmt.Sprintf("%d lines of modified_id.csv have no date and id", theirs.odd))
	}
	if e.ours == nil {
		return e.fetchZip(ctx, theirs, got, false)
	}
	// Refused before much is fetched; the records themselves are judged in the end.
	if err := e.goesBack("the list", theirs, got); err != nil {
		return err
	}
	if err := e.shrinks(theirs); err != nil && !e.AllowOlder {
		return err
	}
	// Equal dates mean equal records only of one source: another one may have
	// changed them and left the dates.
	if !e.same {
		return e.fetchZip(ctx, theirs, got, false)
	}
	changed, removed := difference(e.ours, theirs, e.AsOf)
	if len(changed)+len(removed) == 0 {
		e.item.State = Unchanged
		return e.remember(got, e.ours)
	}
	if !e.worth(changed) {
		return e.fetchZip(ctx, theirs, got, false)
	}
	err = e.delta(ctx, changed, removed, theirs, got)
	if refused, ok := errors.AsType[*refusedError](err); ok {
		e.item.Changed, e.item.Removed = 0, 0
		e.say(refused.Error() + ": the whole zip is fetched")
		return e.fetchZip(ctx, theirs, got, false)
	}
	return err
}

// worth reports whether so many records are less to fetch than the zip.
func (e *ecosystem) worth(changed []string) bool {
	stat, err := os.Stat(e.place.path(zipOf(e.name)))
	return err == nil && len(changed) <= maxDelta && int64(len(changed))*costOfRecord <= stat.Size()
}

// delta fetches what changed and writes our zip anew with it.
func (e *ecosystem) delta(ctx context.Context, changed []string, removed map[string]bool, theirs *index, got answer) error {
	next, x, err := e.patch(ctx, e.place.path(zipOf(e.name)), e.ours, changed, removed, theirs)
	if err != nil {
		return err
	}
	defer next.discard()
	if err := e.judge(x); err != nil {
		return err
	}
	e.item.Changed, e.item.Removed = len(changed), len(removed)
	return e.take(next, x, got)
}

func (e *ecosystem) say(words string) {
	if e.item.Words != "" {
		e.item.Words += "; "
	}
	e.item.Words += words
}

// readOurs reads the index of our copy: the list beside it if both are those that
// were written, else the zip itself.
func (e *ecosystem) readOurs(ctx context.Context) error {
	name := e.place.path(zipOf(e.name))
	if !isFile(name) {
		return nil
	}
	if e.have != nil {
		if text, err := os.ReadFile(e.place.path(listOf(e.name))); err == nil {
			if x, err := parseList(text, e.AsOf); err == nil {
				e.ours = x
				return nil
			}
		}
	}
	e.have = nil
	x, err := checkZip(ctx, name, e.AsOf)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		e.say(fmt.Sprintf("our copy could not be read (%v) and is fetched anew", err))
		return nil
	}
	e.ours = x
	return nil
}

// difference lists what has to be fetched and what goes, by id: what the list has
// at another second than we, be it earlier, and what we have of a day to come.
func difference(ours, theirs *index, asOf time.Time) (changed []string, removed map[string]bool) {
	removed = map[string]bool{}
	for id, t := range theirs.modified {
		if have, ok := ours.modified[id]; !ok || older(have, t) || older(t, have) || have.After(asOf) {
			changed = append(changed, id)
		}
	}
	for id := range ours.modified {
		if _, ok := theirs.modified[id]; !ok {
			removed[id] = true
		}
	}
	slices.Sort(changed)
	return changed, removed
}

// behind lists what a zip lacks of the list, or has older.
func behind(zip, list *index) []string {
	var ids []string
	for id, t := range list.modified {
		if have, ok := zip.modified[id]; !ok || older(have, t) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// refusedError: a record is not the one that the list promises.
type refusedError struct{ message string }

func (e *refusedError) Error() string { return e.message }

// fetchRecords fetches records one by one, a few at a time.
func (e *ecosystem) fetchRecords(ctx context.Context, ids []string, theirs *index) (map[string][]byte, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	records := make(map[string][]byte, len(ids))
	work := make(chan string)
	var mu sync.Mutex
	var wg sync.WaitGroup
	var fetched int64
	rate := pace{least: leastRecords, since: e.client.now()}
	for range min(deltaAtOnce, len(ids)) {
		wg.Go(func() {
			for id := range work {
				text, err := e.fetchRecord(ctx, id, theirs.modified[id])
				if err != nil {
					cancel(err)
					continue
				}
				mu.Lock()
				records[id] = text
				fetched += int64(len(text))
				done := fetched
				slow := rate.slow(e.client.now(), 1)
				mu.Unlock()
				if slow {
					cancel(&refusedError{fmt.Sprintf("less than %d records a minute came", leastRecords)})
				}
				if done > maxFetched {
					cancel(&refusedError{fmt.Sprintf("the changed records have more than %d bytes", maxFetched)})
				}
				e.progress(done, int64(len(ids))*costOfRecord)
			}
		})
	}
	for _, id := range ids {
		select {
		case work <- id:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(work)
	wg.Wait()
	e.item.Bytes += fetched
	return records, context.Cause(ctx)
}

func (e *ecosystem) fetchRecord(ctx context.Context, id string, promised time.Time) ([]byte, error) {
	var text memory
	_, err := e.client.get(ctx, request{url: e.address(id + ".json"), limit: maxRecord}, &text)
	if isAbsent(err) {
		return nil, &refusedError{fmt.Sprintf("%s is in the list and not on the server", id)}
	}
	if err != nil {
		return nil, err
	}
	have, modified, err := recordHead(text.Bytes())
	switch {
	case err != nil:
		return nil, &refusedError{fmt.Sprintf("the record %s cannot be used: %v", id, err)}
	case have != id:
		return nil, &refusedError{fmt.Sprintf("the record %s says that it is %.100s", id, have)}
	case older(modified, promised):
		return nil, &refusedError{fmt.Sprintf("the record %s is of %s, and the list promises %s", id, modified.Format(time.RFC3339), promised.Format(time.RFC3339))}
	}
	return text.Bytes(), nil
}

// patch makes a zip of another one, whose records base lists, with the records of
// ids as the source has them now, and without those that are removed.
func (e *ecosystem) patch(ctx context.Context, old string, base *index, ids []string, removed map[string]bool, theirs *index) (*spool, *index, error) {
	records, err := e.fetchRecords(ctx, ids, theirs)
	if err != nil {
		return nil, nil, err
	}
	next, err := e.place.create(zipOf(e.name))
	if err != nil {
		return nil, nil, err
	}
	if err := merge(next, old, records, removed); err != nil {
		next.discard()
		return nil, nil, fmt.Errorf("rewriting the zip: %w", err)
	}
	x, err := checkZip(ctx, next.path(), e.AsOf)
	if err == nil {
		err = patched(x, base, records, removed)
	}
	if err != nil {
		next.discard()
		return nil, nil, err
	}
	return next, x, nil
}

// patched checks that a rewritten zip has each record once, and all that it should:
// members are found by their names, and a source may name them otherwise than by
// the ids of the records in them.
func patched(x, base *index, records map[string][]byte, removed map[string]bool) error {
	want := len(records)
	for id := range base.modified {
		if _, replaced := records[id]; replaced || removed[id] {
			continue
		}
		want++
		if _, there := x.modified[id]; !there {
			return &refusedError{fmt.Sprintf("%.100s is not in a member of its name", id)}
		}
	}
	for id := range records {
		if _, there := x.modified[id]; !there {
			return &refusedError{fmt.Sprintf("%.100s was lost", id)}
		}
	}
	if x.twice > base.twice || len(x.modified) != want {
		return &refusedError{"members of the zip are not named by their ids, so that records cannot be replaced singly"}
	}
	return nil
}

// fetchZip fetches all records. The list, if there is one, says what the zip
// should hold: what it has beyond is fetched too, and only the whole of it is
// compared with our copy, as the zip may be made later than the list.
func (e *ecosystem) fetchZip(ctx context.Context, theirs *index, list answer, conditional bool) error {
	next, err := e.place.create(zipOf(e.name))
	if err != nil {
		return err
	}
	defer next.discard()
	r := request{url: e.address("all.zip"), limit: maxZip, progress: e.progress}
	if conditional && e.have.Zip != nil {
		r.etag, r.modified = e.have.Zip.ETag, e.have.Zip.Modified
	}
	got, err := e.client.get(ctx, r, next)
	e.item.Bytes += got.bytes
	switch {
	case got.unchanged:
		e.item.State = Unchanged
		return nil
	case isAbsent(err):
		return &absentError{err.Error()}
	case err != nil:
		return err
	}
	x, err := e.check(ctx, next)
	if err != nil {
		return err
	}
	if theirs != nil {
		if missing := behind(x, theirs); len(missing) > 0 {
			// Not remembered, so that the next update asks again.
			list = answer{}
			whole, y, err := e.complete(ctx, next.path(), x, missing, theirs)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				e.item.Partial = true
				e.say(fmt.Sprintf("%d records of the list are not in the zip, or newer than there, and did not come: %v", len(missing), err))
			} else {
				defer whole.discard()
				next, x = whole, y
				e.item.Changed = len(missing)
			}
		}
	}
	if err := e.judge(x); err != nil {
		return err
	}
	if err := e.take(next, x, list); err != nil || theirs != nil {
		return err
	}
	return e.rememberZip(got)
}

// complete adds to a whole zip what the list has beyond.
func (e *ecosystem) complete(ctx context.Context, zip string, x *index, missing []string, theirs *index) (*spool, *index, error) {
	if len(missing) > maxDelta {
		return nil, nil, fmt.Errorf("more than %d", maxDelta)
	}
	return e.patch(ctx, zip, x, missing, nil, theirs)
}

// check reads a zip that came whole.
func (e *ecosystem) check(ctx context.Context, next *spool) (*index, error) {
	x, err := checkZip(ctx, next.path(), e.AsOf)
	if err != nil {
		return nil, fmt.Errorf("the zip from %s is refused: %w", shown(e.base), err)
	}
	return x, nil
}

// take puts a checked zip and its list in place.
func (e *ecosystem) take(next *spool, x *index, list answer) error {
	same, err := e.sameBytes(next)
	if err != nil {
		return err
	}
	if same && e.have != nil {
		e.item.State, e.item.Changed, e.item.Removed = Unchanged, 0, 0
		return e.remember(list, x)
	}
	for _, name := range []string{zipOf(e.name), listOf(e.name)} {
		if err := e.place.keep(name); err != nil {
			return err
		}
	}
	if err := e.place.commit(next); err != nil {
		return err
	}
	text, err := e.place.create(listOf(e.name))
	if err != nil {
		return err
	}
	defer text.discard()
	if _, err := text.Write(x.print()); err != nil {
		return err
	}
	if err := e.place.commit(text); err != nil {
		return err
	}
	e.item.State, e.ours = Updated, x
	if same {
		e.item.State = Unchanged
	}
	return e.remember(list, x)
}

// sameBytes reports whether a new zip is the one that we have. Its list, without a
// state that says so, may still be another.
func (e *ecosystem) sameBytes(next *spool) (bool, error) {
	sum, err := digest(next.path())
	if err != nil || e.ours == nil {
		return false, err
	}
	have, err := digest(e.place.path(zipOf(e.name)))
	return err == nil && have == sum, nil
}

func (e *ecosystem) remember(list answer, x *index) error {
	s := feedState{Place: fingerprint(e.base), From: shown(e.base), ETag: list.etag, Modified: list.modified, Newest: x.newest, Records: len(x.modified), Files: map[string]string{}}
	if s.Lowered = e.lowered; e.have != nil && s.Lowered.Before(e.have.Lowered) {
		s.Lowered = e.have.Lowered
	}
	if !older(x.newest, s.Lowered) {
		s.Lowered = time.Time{}
	}
	names := []string{zipOf(e.name)}
	if isFile(e.place.path(listOf(e.name))) {
		names = append(names, listOf(e.name))
	}
	return e.record("osv/"+e.name, s, names)
}

func (e *ecosystem) rememberZip(got answer) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.place.state.Feeds["osv/"+e.name]
	s.Zip = &validators{got.etag, got.modified}
	e.place.state.Feeds["osv/"+e.name] = s
	return e.place.saveState()
}

// record remembers a feed with the digests of its files.
func (u *updater) record(feed string, s feedState, files []string) error {
	for _, name := range files {
		sum, err := digest(u.place.path(name))
		if err != nil {
			return err
		}
		s.Files[name] = sum
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	s.Peak = s.Records
	if old, ok := u.place.state.Feeds[feed]; ok && old.Place == s.Place && !u.AllowOlder {
		s.Peak = max(s.Peak, old.Peak)
	}
	u.place.state.follow(feed, s)
	return u.place.saveState()
}

// copyZip takes the zip of a folder if it is another one.
func (e *ecosystem) copyZip(ctx context.Context) error {
	from := e.address("all.zip")
	sum, err := digest(from)
	if errors.Is(err, os.ErrNotExist) {
		return &absentError{fmt.Sprintf("%q is not there", from)}
	}
	if err != nil {
		return err
	}
	e.same = e.have != nil && e.ours != nil && e.have.Place == fingerprint(e.base)
	if e.ours != nil {
		if have, err := digest(e.place.path(zipOf(e.name))); err == nil && have == sum {
			e.item.State = Unchanged
			return e.remember(answer{}, e.ours)
		}
	}
	next, err := e.place.create(zipOf(e.name))
	if err != nil {
		return err
	}
	defer next.discard()
	if e.item.Bytes, err = copyFile(ctx, next, from, maxZip); err != nil {
		return err
	}
	x, err := e.check(ctx, next)
	if err != nil {
		return err
	}
	if err := e.judge(x); err != nil {
		return err
	}
	return e.take(next, x, answer{})
}

// copyFile copies a file of at most so many bytes.
func copyFile(ctx context.Context, w io.Writer, name string, limit int64) (int64, error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	n, err := io.Copy(w, io.LimitReader(f, limit+1))
	if err == nil && n > limit {
		err = fmt.Errorf("%q has more than the limit of %d bytes", name, limit)
	}
	return n, err
}

func (u *updater) tell(feed string, done, total int64) {
	if u.Progress == nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.Progress(Progress{feed, done, total})
}

// sortedKeys gives the keys of a set in order.
func sortedKeys[V any](m map[string]V) []string {
	return slices.SortedFunc(maps.Keys(m), strings.Compare)
}
