// SPDX-License-Identifier: Apache-2.0

package match

import (
	"archive/zip"
	"crypto/sha256"
	"os"
	"path/filepath"
	"testing"
)

// sealed adds the checksum that a store of footprints ends with.
func sealed(b []byte) []byte {
	sum := sha256.Sum256(b)
	return append(append([]byte(nil), b...), sum[:]...)
}

// thinZip copies a zip without every twentieth member.
func thinZip(t testing.TB, from, to string) {
	t.Helper()
	z, err := zip.OpenReader(from)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(f)
	for i, m := range z.File {
		if i%20 == 7 {
			continue
		}
		if err := w.Copy(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
