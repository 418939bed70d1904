// SPDX-License-Identifier: Apache-2.0

//go:build unix

// Package measure tells what a whole process cost, as the operating system
// accounts it, for the budgets and the benchmarks.
//
// Linux lets a process begin with the peak memory of the one that started it.
// So commands are not started by the test itself, which may be large, but by a
// launcher: the test binary once more, as a small process that does nothing
// else. TestMain must call Launcher first.
package measure

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// variable marks the process that is to be the launcher.
const variable = "MEDSBOM_MEASURE_LAUNCHER"

// Cost is what one process used until it ended.
type Cost struct {
	CPU  time.Duration // user and system
	Peak int64         // bytes of memory
	Code int           // exit code, -1 if it was killed
}

// Launcher runs the command of a launcher process and exits; in every other
// process it returns at once.
func Launcher() {
	if os.Getenv(variable) == "" {
		return
	}
	os.Exit(launch(os.Args[1:]))
}

func launch(args []string) int {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), variable+"=")
	err := cmd.Run()
	state := cmd.ProcessState
	usage, ok := (*syscall.Rusage)(nil), false
	if state != nil {
		usage, ok = state.SysUsage().(*syscall.Rusage)
	}
	if !ok {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	peak := int64(usage.Maxrss)
	if runtime.GOOS != "darwin" {
		peak *= 1024
	}
	report := os.NewFile(3, "report")
	if _, err := fmt.Fprintln(report, int64(state.UserTime()+state.SystemTime()), peak, state.ExitCode()); err != nil {
		return 1
	}
	return 0
}

// Run runs a command to its end; its output goes to cmd.Stdout and cmd.Stderr.
// An exit code is part of the Cost, not an error.
func Run(cmd *exec.Cmd) (Cost, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return Cost{}, err
	}
	defer read.Close()
	self, err := os.Executable()
	if err != nil {
		return Cost{}, errors.Join(err, write.Close())
	}
	launcher := exec.Command(self, append([]string{cmd.Path}, cmd.Args[1:]...)...)
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	launcher.Env = append(cmd.Env, variable+"=1")
	launcher.Dir, launcher.Stdin, launcher.Stdout, launcher.Stderr = cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr
	launcher.ExtraFiles = []*os.File{write}
	err = launcher.Run()
	if err := errors.Join(err, write.Close()); err != nil {
		return Cost{}, fmt.Errorf("running %s: %w", cmd.Path, err)
	}
	var text bytes.Buffer
	if _, err := text.ReadFrom(read); err != nil {
		return Cost{}, err
	}
	var cpu int64
	var c Cost
	if _, err := fmt.Fscan(&text, &cpu, &c.Peak, &c.Code); err != nil {
		return Cost{}, fmt.Errorf("running %s: the launcher says %q: %w", cmd.Path, text.String(), err)
	}
	c.CPU = time.Duration(cpu)
	return c, nil
}
