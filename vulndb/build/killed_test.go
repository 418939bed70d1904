// SPDX-License-Identifier: Apache-2.0

//go:build unix

package build

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/medsbom/medsbom/internal/durable"
)

const killVariable = "MEDSBOM_TEST_KILL" // the step

// TestKilledHelper is the process that TestKilled kills with a signal that
// nothing catches, as a cut of power does.
func TestKilledHelper(t *testing.T) {
	step := os.Getenv(killVariable)
	if step == "" {
		t.Skip("runs in a process of its own, made by TestKilled")
	}
	durable.Fault = func(s durable.Step) error {
		if string(s) == step {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // it comes
		}
		return nil
	}
	t.Fatal(buildTo(filepath.Join("out", "x.db"), "next"))
}

// TestKilled: a build that is killed at any step leaves the old database, or
// behind the rename the new one; the next build removes what it left.
func TestKilled(t *testing.T) {
	for _, step := range []durable.Step{durable.Writing, durable.Syncing, durable.Renaming, durable.Renamed} {
		dir := t.TempDir()
		out := filepath.Join(dir, "out", "x.db")
		if err := buildTo(out, sourceOf(t, "1.0")); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(sourceOf(t, "2.0"), filepath.Join(dir, "next")); err != nil {
			t.Fatal(err)
		}
		c := exec.Command(os.Args[0], "-test.run=^TestKilledHelper$")
		c.Dir, c.Env = dir, append(os.Environ(), killVariable+"="+string(step))
		text, err := c.CombinedOutput()
		if c.ProcessState == nil || c.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("%s: the helper was not killed: %v\n%s", step, err, text)
		}
		want := "1.0"
		if step == durable.Renamed {
			want = "2.0"
		} else if len(leftBeside(t, out)) == 0 {
			t.Errorf("%s: the helper had written nothing", step)
		}
		if v := versionIn(t, out); v != want {
			t.Errorf("%s: want version %s, got %s", step, want, v)
		}
		// Other sources than the helper's, so that the next build has work to do.
		if err := buildTo(out, sourceOf(t, "3.0")); err != nil {
			t.Fatal(err)
		}
		if left := leftBeside(t, out); len(left) > 0 || versionIn(t, out) != "3.0" {
			t.Errorf("%s: after the next build there is still %v", step, left)
		}
	}
}
