// SPDX-License-Identifier: Apache-2.0

package update

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPlaceOfTheDatabase: what cannot be replaced is refused before anything is
// fetched, and a link is followed to a file that is not there yet.
func TestPlaceOfTheDatabase(t *testing.T) {
	folder := t.TempDir()
	link := func(name, to string) string {
		t.Helper()
		path := filepath.Join(folder, name)
		if err := os.Symlink(to, path); err != nil {
			t.Skip(err)
		}
		return path
	}
	// No device: what fails to refuse one replaces it.
	socket := filepath.Join(folder, "socket")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for name, path := range map[string]string{
		"is a folder":            folder,
		"is no regular file":     link("device", socket),
		"no such file":           link("nowhere", filepath.Join(folder, "missing", "medsbom.db")),
		"too many symbolic":      link("circle", "circle"),
		"cannot be replaced: \"": socket,
	} {
		s := newSite(t)
		s.Database = path
		if _, err := s.update(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: want %q, got %v", path, name, err)
		}
		if diff := cmp.Diff([]string(nil), s.server.asked()); diff != "" {
			t.Errorf("%s: something was fetched: %s", path, diff)
		}
		if _, err := os.Stat(path + ".feeds"); err == nil {
			t.Errorf("%s: the feeds' folder was made", path)
		}
	}

	s := newSite(t)
	target := filepath.Join(folder, "real.db")
	s.Database = link("dangling.db", "real.db")
	s.must("kev updated, osv/npm updated")
	if info, err := os.Lstat(target); err != nil || !info.Mode().IsRegular() {
		t.Errorf("the file that the link means: %v", err)
	}
	if info, err := os.Lstat(s.Database); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v", err)
	}
	if _, err := os.Stat(target + ".feeds"); err != nil {
		t.Error(err)
	}
}
