// SPDX-License-Identifier: Apache-2.0

package program

import (
	"runtime/debug"
	"testing"
)

func TestIdentity(t *testing.T) {
	if a, b := Identity(), Identity(); a == "" || a != b {
		t.Errorf("want one name for one program, got %q, %q", a, b)
	}
	build := func(revision, modified, sum string) *debug.BuildInfo {
		info := &debug.BuildInfo{Main: debug.Module{Path: "example.org/x", Version: "v1", Sum: sum}}
		if revision != "" {
			info.Settings = []debug.BuildSetting{{Key: "vcs.revision", Value: revision}, {Key: "vcs.modified", Value: modified}}
		}
		return info
	}
	one, other, none := func() string { return "1" }, func() string { return "2" }, func() string { return "" }
	for _, c := range []struct {
		name     string
		info     *debug.BuildInfo
		byBinary bool
	}{
		{"revision", build("abc", "false", ""), false},
		{"revision, changed", build("abc", "true", ""), true},
		{"release", build("", "", "h1:x"), false},
		{"nothing", build("", "", ""), true},
	} {
		if got := identity(c.info, one) != identity(c.info, other); got != c.byBinary {
			t.Errorf("%s: want the executable to count %v, got %v", c.name, c.byBinary, got)
		}
		if got := identity(c.info, none) == ""; got != c.byBinary {
			t.Errorf("%s: without an executable: want no name %v, got %v", c.name, c.byBinary, got)
		}
	}
	if identity(build("abc", "false", ""), one) == identity(build("abd", "false", ""), one) {
		t.Error("two revisions have one name")
	}
}
