// SPDX-License-Identifier: Apache-2.0

package build

import "io"

// A source can change between hashing and reading. Then the cache must not be
// written: it would name the digest of one content and hold the records of
// another. Small feeds are hashed as they are parsed; a zip is read in pieces, here
// and there, and so is looked at again when it has been read.

// settle hashes the zip again, unless the file system says what it said when it was
// hashed.
func (f *feed) settle() error {
	if f.opened == nil || f.members == 0 {
		return nil // not read
	}
	stat, err := f.opened.Stat()
	if err != nil {
		return err
	}
	if f.state != (fileState{}) && stateOf(stat) == f.state {
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
