// SPDX-License-Identifier: Apache-2.0

//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package update

import (
	"errors"
	"io/fs"
	"os"
)

// lockFolder creates the lock file. Windows does not remove a file that somebody
// has open, so one that can be removed is left over from a process that was killed.
func lockFolder(name string) (f *os.File, held bool, err error) {
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, true, err
	}
	f, err = os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o644)
	return f, errors.Is(err, fs.ErrExist), err
}

func unlockFolder(f *os.File) {
	_ = f.Close()
	_ = os.Remove(f.Name())
}
