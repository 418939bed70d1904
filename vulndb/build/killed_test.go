// SPDX-License-Identifier: Apache-2.0

//go:build unix

package build

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/medsbom/medsbom/internal/durable"
)

const killVariable = "MEDSBOM_TEST_KILL" // out, from, step

// TestKilledHelper is the process that TestKilled kills with a signal that
// nothing catches, as a cut of power does.
func TestKilledHelper(t *testing.T) {
	words := strings.Split(os.Getenv(killVariable), "|")
	if len(words) != 3 {
		t.Skip("runs in a process of its own, made by TestKilled")
	}
	durable.Fault = func(s durable.Step) error {
		if string(s) == words[2] {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // it comes
		}
		return nil
	}
	t.Fatal(buildTo(words[0], words[1]))
}

// TestKilled: a build that is killed at any step leaves the old database, or
// behind the rename the new one; the next build removes what it left.
func TestKilled(t *testing.T) {
	for _, step := range []durable.Step{durable.Writing, durable.Syncing, durable.Renaming, durable.Renamed} {
		out := filepath.Join(t.TempDir(), "x.db")
		if err := buildTo(out, sourceOf(t, "1.0")); err != nil {
			t.Fatal(err)
		}
		next := sourceOf(t, "2.0")
		c := exec.Command(os.Args[0], "-test.run=^TestKilledHelper$")
		c.Env = append(os.Environ(), killVariable+"="+out+"|"+next+"|"+string(step))
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
