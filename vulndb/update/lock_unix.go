// SPDX-License-Identifier: Apache-2.0

//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package update

import (
	"errors"
	"os"
	"syscall"
)

// lockFolder takes an advisory lock, which ends with the process.
func lockFolder(name string) (f *os.File, held bool, err error) {
	f, err = os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o644) //nolint:gosec // holds who has it
	if err != nil {
		return nil, false, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, errors.Is(err, syscall.EWOULDBLOCK), err
	}
	return f, false, nil
}

// unlockFolder leaves the empty file: to remove it would race with who waits for it.
func unlockFolder(f *os.File) {
	_ = f.Truncate(0)
	_ = f.Close()
}
