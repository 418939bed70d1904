// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/medsbom/medsbom/vulndb"
	"github.com/medsbom/medsbom/vulndb/build"
)

// TestTruncatedUnderScan: a database that is cut short in place, as by cp over it,
// while a scan has it mapped is an error that names it, and no crash.
func TestTruncatedUnderScan(t *testing.T) {
	file, _, err := build.FromRecords(build.Memory{
		Kind: vulndb.KindFull, AsOf: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		Records: func(yield func(string, []byte) bool) {
			for i := range 2000 {
				if !yield("npm", fmt.Appendf(nil, `{"id":"GHSA-0000-0000-%04d","modified":"2025-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"p%d"},"versions":["1.0.0"]}]}`, i, i)) {
					return
				}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	database := filepath.Join(t.TempDir(), "medsbom.db")
	if err := os.WriteFile(database, file, 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("medsbom", "scan", "--db", database, "-")
	stdin, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	c.Stderr = &stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(time.Minute, func() { _ = c.Process.Kill() })
	defer late.Stop()
	// More than a pipe holds: once it is written it is being read, and the database
	// is open.
	if _, err := stdin.Write(bytes.Repeat([]byte(" "), 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(database, 8192); err != nil {
		t.Fatal(err)
	}
	var bom strings.Builder
	bom.WriteString(`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[`)
	for i := range 2000 {
		fmt.Fprintf(&bom, `{"type":"library","name":"p%d","version":"1.0.0","purl":"pkg:npm/p%d@1.0.0"},`, i, i)
	}
	bom.WriteString(`{"type":"library","name":"last","version":"1"}]}`)
	if _, err := stdin.Write([]byte(bom.String())); err != nil {
		t.Fatal(err)
	}
	if err := stdin.Close(); err != nil {
		t.Fatal(err)
	}
	err = c.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 2 {
		t.Errorf("want exit code 2, got %v", err)
	}
	if said := stderr.String(); !strings.Contains(said, "cut short while it was in use") || !strings.Contains(said, database) || strings.Contains(said, "goroutine") {
		t.Errorf("standard error is %q", said)
	}
}
