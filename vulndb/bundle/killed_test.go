// SPDX-License-Identifier: Apache-2.0

//go:build unix

package bundle

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/medsbom/medsbom/internal/durable"
)

const killVariable = "MEDSBOM_TEST_KILL" // the step

// TestKilledHelper is the process that TestKilled kills with a signal that
// nothing catches.
func TestKilledHelper(t *testing.T) {
	step := os.Getenv(killVariable)
	if step == "" {
		t.Skip("runs in a process of its own, made by TestKilled")
	}
	_, _, _, o := editions(t)
	o.Out = filepath.Join("db", "x.db")
	durable.Fault = func(s durable.Step) error {
		if string(s) == step {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // it comes
		}
		return nil
	}
	_, err := Import(t.Context(), bytes.NewReader(get(t, "x.bundle")), o)
	t.Fatal(err)
}

// TestKilled: a process that is killed at any step of an import leaves the old
// database, or behind the rename the new one; the next import tidies up.
func TestKilled(t *testing.T) {
	old, next, bundle, o := editions(t)
	for _, step := range []durable.Step{durable.Writing, durable.Syncing, durable.Renaming, durable.Renamed} {
		dir := t.TempDir()
		folder := filepath.Join(dir, "db")
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		o.Out = put(t, filepath.Join(folder, "x.db"), old)
		put(t, filepath.Join(dir, "x.bundle"), bundle)
		c := exec.Command(os.Args[0], "-test.run=^TestKilledHelper$")
		c.Dir, c.Env = dir, append(os.Environ(), killVariable+"="+string(step))
		out, err := c.CombinedOutput()
		if c.ProcessState == nil || c.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("%s: the helper was not killed: %v\n%s", step, err, out)
		}
		want := old
		if step == durable.Renamed {
			want = next
		} else if entries, _ := os.ReadDir(folder); len(entries) < 2 {
			t.Errorf("%s: the helper had written nothing: %v", step, entries)
		}
		if !bytes.Equal(get(t, o.Out), want) {
			t.Errorf("%s: another database is there", step)
		}
		if _, err := Import(t.Context(), bytes.NewReader(bundle), o); err != nil {
			t.Errorf("%s: the next import: %v", step, err)
		}
		if entries, _ := os.ReadDir(folder); len(entries) != 1 || !bytes.Equal(get(t, o.Out), next) {
			t.Errorf("%s: after the next import the folder holds %v", step, entries)
		}
	}
}
