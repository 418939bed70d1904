// SPDX-License-Identifier: Apache-2.0

package build

import (
	"io/fs"
	"os"
	"syscall"
)

func stateOf(info fs.FileInfo) fileState {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return fileState{}
	}
	return fileState{uint64(s.Dev), s.Ino, s.Size, s.Mtim.Nano(), s.Ctim.Nano()}
}

// keepsStates reports a file system of this machine that keeps inodes and times of
// change. Others may make them up (FAT, FUSE) or know them late (NFS, SMB).
func keepsStates(f *os.File) bool {
	var s syscall.Statfs_t
	if err := syscall.Fstatfs(int(f.Fd()), &s); err != nil {
		return false
	}
	switch uint32(s.Type) {
	case 0xEF53, 0x58465342, 0x9123683E, 0xF2F52010, 0x2FC12FC1, 0x794C7630: // ext4, XFS, Btrfs, F2FS, ZFS, overlays of these
		return true
	}
	return false
}
