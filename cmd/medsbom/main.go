// SPDX-License-Identifier: Apache-2.0

// Command medsbom tells whether the software inside a medical product can be
// trusted, and what to do about it.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/medsbom/medsbom/internal/cli"
)

// patience is how long a command has to clean up after a signal.
const patience = time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	finished := context.AfterFunc(ctx, func() {
		stop() // a second signal kills
		time.Sleep(patience)
		// It is stuck in a read that nothing interrupts: a pipe, a terminal.
		fmt.Fprintln(os.Stderr, "medsbom: error: interrupted")
		os.Exit(cli.Interrupted)
	})
	code := cli.Run(ctx, &cli.Process{
		Args: os.Args[1:], Env: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	})
	finished()
	os.Exit(code)
}
