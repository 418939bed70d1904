// SPDX-License-Identifier: Apache-2.0

package durable

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Link replaces the file at path by the one at from, which nobody may change any
// more: by another name of it where the file system has such links, else by a
// copy. ok is asked before as by CommitIf; nil asks nothing.
func Link(from, path string, ok func() error) error {
	target, err := replaceable(path)
	if err != nil {
		return err
	}
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }() // only read from
	// Both names are of one file: its lock tells that the temporary one is not left
	// behind.
	_ = tryLock(source)
	RemoveLeft(filepath.Dir(target))
	name := temporary(filepath.Dir(target))
	if os.Link(from, name) != nil {
		return copyOver(source, path, ok)
	}
	// Two names of one file are not renamed over each other (POSIX rename), and
	// then the temporary one is still there.
	defer func() { _ = os.Remove(name) }()
	if err := fault(Syncing); err != nil {
		return fmt.Errorf("syncing %q: %w", name, err)
	}
	if err := rename(name, target, ok); err != nil {
		return err
	}
	if err := fault(Renamed); err != nil {
		return err
	}
	syncFolder(filepath.Dir(target))
	return nil
}

func copyOver(from io.Reader, path string, ok func() error) error {
	f, err := Create(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	if _, err := io.Copy(f, from); err != nil {
		return err
	}
	return f.CommitIf(ok)
}
