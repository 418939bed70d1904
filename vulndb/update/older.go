// SPDX-License-Identifier: Apache-2.0

package update

import (
	"fmt"
	"net/http"
	"time"
)

// shrinks refuses a source that has lost more than half of its records.
func shrinks(have, next int) error {
	if have >= 20 && next < have/2 {
		return fmt.Errorf("it has %d records and our copy %d: that more than half are gone is not believed; delete our copy if it is right", next, have)
	}
	return nil
}

// shrinks is the same, unless the user insists.
func (e *ecosystem) shrinks(have, next int) error {
	if err := shrinks(have, next); err != nil && !e.insisted(err.Error()) {
		return err
	}
	return nil
}

// insisted reports whether the user takes what is older, and says what that is.
func (e *ecosystem) insisted(what string) bool {
	if e.AllowOlder {
		e.say("went back, as --allow-downgrade insists: " + what)
	}
	return e.AllowOlder
}

// takesBack reports whether a list that ends before ours is a later one all the
// same, of which the newest records were deleted: the server says that it was
// modified after the list that we have of the same place, and nothing that is in
// both is older in it. A copy that is behind, a cache's or a mirror's, has an
// earlier date of modification.
func (e *ecosystem) takesBack(sameServer bool, theirs *index, got answer) bool {
	if !sameServer {
		return e.insisted("the list ends before ours")
	}
	now, err := http.ParseTime(got.modified)
	then, errThen := http.ParseTime(e.have.Modified)
	if err != nil || errThen != nil || !now.After(then) {
		return e.insisted("the list ends before ours")
	}
	for id, t := range theirs.modified {
		if have, ok := e.ours.modified[id]; ok && older(t, have) {
			return e.insisted("the list ends before ours")
		}
	}
	e.lowered = e.ours.newest
	e.say(fmt.Sprintf("its newest records, to %s, were taken back by a list of %s", e.lowered.Format(time.RFC3339), now.UTC().Format(time.RFC3339)))
	return true
}
