// SPDX-License-Identifier: Apache-2.0

//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package durable

import (
	"io/fs"
	"os"
	"syscall"
)

// lock marks a file as being written, until it is closed or the process ends.
// A file system without locks gives an error here and in leftBehind, where
// nothing is removed then.
func lock(f *os.File) { _ = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }

// leftBehind reports whether no process is writing a temporary file.
func leftBehind(name string, _ fs.FileInfo) bool {
	f, err := os.OpenFile(name, os.O_RDWR|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
