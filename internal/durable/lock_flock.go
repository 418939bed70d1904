// SPDX-License-Identifier: Apache-2.0

//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package durable

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"time"
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

// longestLock is how long a process may hold the lock of a folder, which it needs
// for some milliseconds, before the others go on without.
const longestLock = 10 * time.Second

// lockFolder waits until nobody else compares and replaces files in a folder. A
// file system that has no locks for folders is done without.
func lockFolder(folder string) (unlock func()) {
	d, err := os.Open(folder)
	if err != nil {
		return func() {}
	}
	for end := time.Now().Add(longestLock); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if err := syscall.Flock(int(d.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); !errors.Is(err, syscall.EWOULDBLOCK) {
			break
		}
	}
	return func() { _ = d.Close() }
}
