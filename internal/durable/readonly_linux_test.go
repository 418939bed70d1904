// SPDX-License-Identifier: Apache-2.0

package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// TestReadOnlyFolder writes as somebody who may not: also when the tests run as
// root, whom no mode stops.
func TestReadOnlyFolder(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "x.db")
	write(t, path, "old")
	// The test's own folder above it lets nobody else through.
	if err := errors.Join(os.Chmod(filepath.Dir(folder), 0o755), os.Chmod(folder, 0o555)); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		if os.Geteuid() == 0 {
			if err := syscall.Setfsuid(65534); err != nil {
				done <- err
				return
			}
		}
		done <- WriteFile(path, []byte("new"))
	}()
	if err := <-done; !errors.Is(err, fs.ErrPermission) {
		t.Errorf("want no permission, got %v", err)
	}
	if got := content(t, path); got != "old" {
		t.Errorf("got %q", got)
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if diff := len(names(t, folder)); diff != 1 {
		t.Errorf("%d files in the folder", diff)
	}
}
