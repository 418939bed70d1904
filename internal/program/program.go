// SPDX-License-Identifier: Apache-2.0

// Package program names the program that runs, for what it keeps on disk to use
// again: another program may compute something else from the same input.
package program

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"runtime/debug"
)

// Identity names this build by its module, revision, settings and dependencies.
// A build that no revision names, or that differs from it, is named by the size
// and time of the executable too; "" if not even that can be told, and then
// nothing kept must be used.
func Identity() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return identity(info, executable)
}

func identity(info *debug.BuildInfo, executable func() string) string {
	revision, modified := "", false
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			revision = s.Value
		case "vcs.modified":
			modified = s.Value == "true"
		}
	}
	hash := sha256.New()
	fmt.Fprintf(hash, "%s\n", info)
	// A module of a released version has a sum, which stands in the text.
	if info.Main.Sum == "" && (revision == "" || modified) {
		text := executable()
		if text == "" {
			return ""
		}
		fmt.Fprintln(hash, text)
	}
	return hex.EncodeToString(hash.Sum(nil)[:16])
}

func executable() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	stat, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return fmt.Sprint(stat.Size(), " ", stat.ModTime().UnixNano())
}
