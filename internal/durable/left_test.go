// SPDX-License-Identifier: Apache-2.0

package durable

import (
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNobodyRemovesAnothers: many that write in one folder never take a file of another for
// one left behind.
func TestNobodyRemovesAnothers(t *testing.T) {
	folder := t.TempDir()
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for range 250 {
				f, err := Create(filepath.Join(folder, strconv.Itoa(i)))
				if err != nil {
					t.Error(err)
					return
				}
				if err := f.CommitUnsynced(); err != nil {
					t.Error(err)
				}
				_ = f.Close()
			}
		})
	}
	wait.Wait()
	if diff := cmp.Diff([]string{"0", "1", "2", "3", "4", "5", "6", "7"}, names(t, folder)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
