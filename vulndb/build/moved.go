// SPDX-License-Identifier: Apache-2.0

package build

import (
	"io"
	"time"
)

// A source can change between hashing and reading. Then the cache must not be
// written: it would name the digest of one content and hold the records of
// another. Small feeds are hashed as they are parsed; a zip is read in pieces, here
// and there, and so is looked at again when it has been read.

// recent is how near to now a change may lie that a file's time does not show.
const recent = 2 * time.Second

// mark notes what tells of the open file whether it has changed, before it is hashed.
func (f *feed) mark() error {
	stat, err := f.opened.Stat()
	if err != nil {
		return err
	}
	f.stamped, f.length = stat.ModTime(), stat.Size()
	f.doubtful = time.Since(f.stamped) < recent
	f.state, err = settled(f.opened)
	return err
}

// settle hashes the zip again if it may have changed since it was hashed.
func (f *feed) settle() error {
	if f.opened == nil || f.members == 0 {
		return nil // not read
	}
	stat, err := f.opened.Stat()
	if err != nil {
		return err
	}
	if !f.doubtful && stat.ModTime().Equal(f.stamped) && stat.Size() == f.length {
		return nil
	}
	if _, err := f.opened.Seek(0, io.SeekStart); err != nil {
		return err
	}
	before := f.digest
	if err := f.digestOpened(); err != nil {
		return err
	}
	f.changed = f.digest != before
	return nil
}
