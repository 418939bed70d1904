// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestInterrupted: a command that waits for standard input ends at a signal.
func TestInterrupted(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		c := exec.Command("medsbom", "scan", "--db", "starter", "-")
		stdin, err := c.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		var stderr bytes.Buffer
		c.Stderr = &stderr
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		late := time.AfterFunc(15*time.Second, func() { _ = c.Process.Kill() })
		// More than a pipe holds: once it is written, it is being read.
		if _, err := stdin.Write(bytes.Repeat([]byte(" "), 1<<20)); err != nil {
			t.Fatal(err)
		}
		if err := c.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		err = c.Wait()
		late.Stop()
		if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 2 {
			t.Errorf("%v: want exit code 2, got %v", signal, err)
		}
		if !strings.HasSuffix(stderr.String(), "medsbom: error: interrupted\n") {
			t.Errorf("%v: standard error is %q", signal, stderr.String())
		}
	}
}

// TestOutputKeeps: pipes are written to, links followed, neither is replaced.
func TestOutputKeeps(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "bom.json")
	if err := os.WriteFile(in, []byte(fewParts), 0o600); err != nil {
		t.Fatal(err)
	}
	scan := func(target string) {
		t.Helper()
		out, err := exec.Command("medsbom", "scan", "-q", "--db", "starter", "--fail-on", "never", "-o", "json="+target, in).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	mode := func(name string, want os.FileMode) {
		t.Helper()
		info, err := os.Lstat(name)
		if err != nil || info.Mode().Type() != want {
			t.Errorf("%s: want %v, got %v, %v", name, want, info, err)
		}
	}

	fifo, link := filepath.Join(dir, "fifo"), filepath.Join(dir, "link-to-fifo")
	if err := errors.Join(syscall.Mkfifo(fifo, 0o600), os.Symlink("fifo", link)); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{fifo, link} {
		// Opened for both, so that neither side waits for the other.
		f, err := os.OpenFile(fifo, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		got := make(chan []byte, 1)
		go func() {
			text := make([]byte, 1<<16)
			n := 0
			for n == 0 || text[n-1] != '\n' {
				m, err := f.Read(text[n:])
				if err != nil {
					break
				}
				n += m
			}
			got <- text[:n]
		}()
		scan(target)
		if text := <-got; !bytes.HasPrefix(text, []byte("{")) {
			t.Errorf("%s got %.40q", target, text)
		}
		f.Close()
		mode(fifo, os.ModeNamedPipe)
	}
	mode(link, os.ModeSymlink)

	for _, name := range []string{"old", "new"} {
		target := filepath.Join(t.TempDir(), "report.json")
		if name == "old" {
			if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		chain := filepath.Join(dir, name)
		if err := errors.Join(os.Symlink(target, chain+"1"), os.Symlink(name+"1", chain)); err != nil {
			t.Fatal(err)
		}
		scan(chain)
		mode(chain, os.ModeSymlink)
		mode(target, 0)
		if text, err := os.ReadFile(target); err != nil || !bytes.HasPrefix(text, []byte("{")) {
			t.Errorf("%s holds %.40q, %v", target, text, err)
		}
	}

	out, err := os.Create(filepath.Join(dir, "printed"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	c := exec.Command("medsbom", "scan", "-q", "--db", "starter", "-o", "json="+out.Name(), in)
	c.Stdout = out
	if exit, ok := errors.AsType[*exec.ExitError](c.Run()); !ok || exit.ExitCode() != 2 {
		t.Errorf("the file that standard output goes to: want exit code 2, got %v", exit)
	}
}
