// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package build

import (
	"io/fs"
	"os"
)

func stateOf(fs.FileInfo) fileState { return fileState{} }

func keepsStates(*os.File) bool { return false }
