// SPDX-License-Identifier: Apache-2.0

//go:build unix

package build

import (
	"context"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestPipesAreNotWaitedFor: a named pipe without a writer in the place of a feed.
func TestPipesAreNotWaitedFor(t *testing.T) {
	for _, file := range []string{kevFile, epssFile + ".gz", cvssFile, "csaf/x.json", "csaf/in/x.zip", "osv/PyPI/all.zip"} {
		from := folder(t, map[string][]filed{"osv/npm/all.zip": records("npm", 2)}, map[string]string{filepath.Dir(file) + "/other": ""})
		pipe := filepath.Join(from, filepath.FromSlash(file))
		if err := syscall.Mkfifo(pipe, 0o600); err != nil {
			t.Skip(err)
		}
		_, err := Build(context.Background(), Options{From: from, Out: filepath.Join(t.TempDir(), "x.db"), AsOf: testDay})
		if err == nil || !strings.Contains(err.Error(), "no regular file") || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: got %v", file, err)
		}
	}
}
