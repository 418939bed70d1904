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

// tryLock marks a file as being written, until it is closed or the process ends. A
// file system without locks gives an error here and in removeUnlocked, where nothing
// is removed then.
func tryLock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }

// removeUnlocked removes a temporary file that no process is writing.
func removeUnlocked(name string, _ fs.FileInfo) {
	f, err := os.OpenFile(name, os.O_RDWR|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }()
	if tryLock(f) != nil {
		return
	}
	// The name may have gone to another file meanwhile.
	own, err := f.Stat()
	if err != nil {
		return
	}
	if there, err := os.Lstat(name); err == nil && os.SameFile(own, there) {
		_ = os.Remove(name)
	}
}

// longestLock is how long a process may hold the lock of a folder or of a file that
// it removes, which it needs for some milliseconds, before the others go on without.
const longestLock = 10 * time.Second

// lock is tryLock that waits: for others at a folder, and for whoever is removing a
// new file, taken for one left behind, and holds its lock until it is gone.
func lock(f *os.File) {
	for end := time.Now().Add(longestLock); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if !errors.Is(tryLock(f), syscall.EWOULDBLOCK) {
			return
		}
	}
}

// lockFolder waits until nobody else compares and replaces files in a folder. A
// file system that has no locks for folders is done without.
func lockFolder(folder string) (unlock func()) {
	d, err := os.Open(folder)
	if err != nil {
		return func() {}
	}
	lock(d)
	return func() { _ = d.Close() }
}
