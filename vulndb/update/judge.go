// SPDX-License-Identifier: Apache-2.0

package update

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// A source may lose, or take back, a few records in a hundred: publishers withdraw
// some and import others anew. More is said, and where records become older refused.
const fewInHundred = 3

func few(records int) int { return max(1, records*fewInHundred/100) }

// secure reports whether what comes from a place cannot be changed by others on the
// way.
func secure(place string) bool {
	return !isURL(place) || strings.HasPrefix(strings.ToLower(place), "https:")
}

// comparison is what a source has of our records.
type comparison struct {
	older []string // modified earlier there, sorted
	gone  int      // not there
	equal int      // modified at the same second
}

// compareWith compares our copy with what a source has. A date of ours that lies
// in the future tells nothing.
func (x *index) compareWith(theirs *index, asOf time.Time) comparison {
	var c comparison
	for id, have := range x.modified {
		next, there := theirs.modified[id]
		switch {
		case !there:
			c.gone++
		case have.After(asOf):
		case older(next, have):
			c.older = append(c.older, id)
		case !older(have, next):
			c.equal++
		}
	}
	slices.Sort(c.older)
	return c
}

// insist is the way out of a refusal.
const insist = "; insist with --allow-downgrade if it is right"

// insisted reports whether the user takes what is older, and says what that is.
func (e *ecosystem) insisted(what string) bool {
	if e.AllowOlder {
		e.say("went back, as --allow-downgrade insists: " + what)
	}
	return e.AllowOlder
}

// goesBack refuses a source whose newest date is earlier than ours, unless it has
// taken back what was newer.
func (e *ecosystem) goesBack(what string, theirs *index, got answer) error {
	if !older(theirs.newest, e.ours.newest) || !e.lowered.IsZero() {
		return nil
	}
	if e.tookBack(theirs, got) {
		e.lowered = e.ours.newest
		e.say(fmt.Sprintf("its newest records, to %s, were taken back", e.lowered.Format(time.RFC3339)))
		return nil
	}
	if e.insisted(what + " ends before our copy") {
		e.lowered = e.ours.newest // said once
		return nil
	}
	return fmt.Errorf("%s at %s ends %s and our copy %s: an older state is refused%s", what, shown(e.base), theirs.newest.Format(time.RFC3339), e.ours.newest.Format(time.RFC3339), insist)
}

// tookBack reports whether a source that ends before our copy is a later state of
// it all the same, of which the newest records were deleted: it is of the same
// place, and nothing that is in both is older there. A copy that is behind, a
// cache's or a mirror's, may look so too, but has an earlier date of modification.
// Where there are no such dates it must have nearly all of our records, and nobody
// on the way can have changed it.
func (e *ecosystem) tookBack(theirs *index, got answer) bool {
	c := e.ours.compareWith(theirs, e.AsOf)
	if !e.same || len(c.older) > 0 {
		return false
	}
	now, err := http.ParseTime(got.modified)
	then, errThen := http.ParseTime(e.have.Modified)
	if err == nil && errThen == nil {
		return now.After(then)
	}
	return secure(e.base) && (len(e.ours.modified)-c.equal)*100 <= 5*len(e.ours.modified)
}

// judge compares what a source has come to in the end with our copy, and says what
// is lost with it.
func (e *ecosystem) judge(theirs *index) error {
	if e.ours == nil {
		return nil
	}
	if err := e.goesBack("the zip", theirs, answer{}); err != nil {
		return err
	}
	have := len(e.ours.modified)
	c := e.ours.compareWith(theirs, e.AsOf)
	if len(c.older) > 0 {
		words := fmt.Sprintf("%d of our %d records are older there, as %.100s", len(c.older), have, c.older[0])
		switch {
		case len(c.older) <= few(have):
			e.say(words)
		case !e.insisted(words):
			return fmt.Errorf("what %s has is refused: %s%s", shown(e.base), words, insist)
		}
	}
	if err := e.shrinks(theirs); err != nil && !e.insisted(err.Error()) {
		return err
	}
	if c.gone > few(have) {
		e.item.Loss = true
		e.say(fmt.Sprintf("%d of %d records are gone", c.gone, have))
	}
	return nil
}

// shrinks refuses a source that has lost more than half of the most that it has
// ever had.
func (e *ecosystem) shrinks(theirs *index) error {
	have := len(e.ours.modified)
	if e.same {
		have = max(have, e.have.Peak)
	}
	return shrinks(have, len(theirs.modified))
}

// shrinks refuses less than half of the records that our copy has had, so that what
// goes by and by is seen too.
func shrinks(have, next int) error {
	if have >= 20 && next < have/2 {
		return fmt.Errorf("it has %d records and our copy has had %d: that more than half are gone is not believed%s", next, have, insist)
	}
	return nil
}
