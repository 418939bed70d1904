// SPDX-License-Identifier: Apache-2.0

package durable

import (
	"os"
	"path/filepath"
	"strings"
)

// RemoveLeft removes the temporary files in a folder that no process is writing,
// as Create does. What cannot be removed stays: it is no reason not to write a
// new file.
func RemoveLeft(folder string) {
	d, err := os.Open(folder)
	if err != nil {
		return
	}
	defer func() { _ = d.Close() }()
	for {
		// In pieces, as a folder may hold any number of files.
		names, err := d.Readdirnames(1000)
		for _, name := range names {
			if strings.HasPrefix(name, prefix) && strings.HasSuffix(name, suffix) {
				removeIfLeft(filepath.Join(folder, name))
			}
		}
		if err != nil {
			return
		}
	}
}

func removeIfLeft(name string) {
	info, err := os.Lstat(name)
	if err == nil && info.Mode().IsRegular() {
		removeUnlocked(name, info)
	}
}
