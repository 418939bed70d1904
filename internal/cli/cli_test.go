// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestNoCommands: no line on standard error is one that a build service obeys.
func TestNoCommands(t *testing.T) {
	obeyed := regexp.MustCompile(`(?m)^\s*::\w|##\w*\[`)
	for _, hostile := range []string{" ::error::pwned", "\n::error::pwned", "\r::error::pwned", "##[error]pwned", "##vso[task.complete]"} {
		for n := range 200 {
			var b bytes.Buffer
			p := &Process{Stderr: &b}
			text := strings.Repeat("x", n) + hostile
			p.note("%s", text)
			p.printError(hintError{errors.New(text), text})
			if bad := obeyed.FindString(b.String()); bad != "" || strings.Count(b.String(), "\n") != 3 {
				t.Fatalf("%q gives %q in %q", text, bad, b.String())
			}
		}
	}
}

func TestParseAge(t *testing.T) {
	for in, want := range map[string]time.Duration{"7": 7 * 24 * time.Hour, "7d": 7 * 24 * time.Hour, "0": 0, "36h": 36 * time.Hour} {
		if got, err := parseAge(in); err != nil || got != want {
			t.Errorf("%s: want %v, got %v, %v", in, want, got, err)
		}
	}
	for _, in := range []string{"", "d", "-1", "-1d", "-1h", "100000", "soon"} {
		if got, err := parseAge(in); err == nil {
			t.Errorf("%s: want an error, got %v", in, got)
		}
	}
}
