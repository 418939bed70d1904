// SPDX-License-Identifier: Apache-2.0

//go:build unix

package durable

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const killVariable = "MEDSBOM_TEST_KILL" // the step

// TestKilledHelper is the process that TestKilled kills: at a step of writing it
// ends itself with a signal that nothing catches, as in a cut of power.
func TestKilledHelper(t *testing.T) {
	step := os.Getenv(killVariable)
	if step == "" {
		t.Skip("runs in a process of its own, made by TestKilled")
	}
	inject(t, func(s Step) error {
		if string(s) == step {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // it comes
		}
		return nil
	})
	t.Fatal(WriteFile("x.db", []byte("new")))
}

func TestKilled(t *testing.T) {
	for _, step := range []Step{Writing, Syncing, Renaming, Renamed} {
		path := filepath.Join(t.TempDir(), "x.db")
		write(t, path, "old")
		c := exec.Command(os.Args[0], "-test.run=^TestKilledHelper$")
		c.Dir, c.Env = filepath.Dir(path), append(os.Environ(), killVariable+"="+string(step))
		out, err := c.CombinedOutput()
		if c.ProcessState == nil || c.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("%s: the helper was not killed: %v\n%s", step, err, out)
		}
		want := "old"
		if step == Renamed {
			want = "new"
		} else if n := len(names(t, filepath.Dir(path))); n != 2 {
			t.Errorf("%s: %d files after the kill: the helper has written nothing", step, n)
		}
		if got := content(t, path); got != want {
			t.Errorf("%s: want %q, got %q", step, want, got)
		}
		if err := WriteFile(path, []byte("next")); err != nil {
			t.Errorf("%s: %v", step, err)
		}
		if diff := cmp.Diff([]string{"x.db"}, names(t, filepath.Dir(path))); diff != "" {
			t.Errorf("%s: after the next file (-want +got):\n%s", step, diff)
		}
	}
}

// TestNoRegularFile: a device or pipe is not replaced, nor waited for.
func TestNoRegularFile(t *testing.T) {
	folder := t.TempDir()
	pipe := filepath.Join(folder, prefix+"pipe"+suffix)
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/dev/null", pipe} {
		if err := WriteFile(path, []byte("new")); err == nil || !strings.Contains(err.Error(), "no regular file") {
			t.Errorf("%s: got %v", path, err)
		}
	}
	if err := WriteFile(filepath.Join(folder, "x.db"), nil); err != nil { // looks for what was left
		t.Error(err)
	}
	if _, err := os.Lstat(pipe); err != nil {
		t.Error("a pipe was taken for a file left behind")
	}
}
