// SPDX-License-Identifier: Apache-2.0

package oracle

import (
	"os"
	"testing"
)

// cacheDir is a folder for what all tests share; TestMain removes it.
func cacheDir(tb testing.TB) string {
	tb.Helper()
	dir, err := os.UserCacheDir()
	if err != nil {
		tb.Fatal(err)
	}
	return dir
}
