// SPDX-License-Identifier: Apache-2.0

package update

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Limits of an archive of a repository: vulnrichment has some 100,000 records in
// 400,000 bytes each at most.
const (
	maxMembers = 4 << 20
	maxMember  = 32 << 20
	maxArchive = 32 << 30
)

// maxDirectory bounds what is read of a zip to list its members, and so what the
// list takes in memory. npm's has 20 MB.
const maxDirectory = 128 << 20

// listing counts what is read until the members are listed.
type listing struct {
	io.ReaderAt
	left   int64
	listed bool
}

func (l *listing) ReadAt(b []byte, at int64) (int, error) {
	if !l.listed {
		if l.left -= int64(len(b)); l.left < 0 {
			return 0, fmt.Errorf("its directory has more than %d bytes", maxDirectory)
		}
	}
	return l.ReaderAt.ReadAt(b, at)
}

// openZip opens a zip without trusting what it says of the number of its members.
func openZip(name string) (z *zip.Reader, done func(), err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	done = func() { _ = f.Close() }
	stat, err := f.Stat()
	if err == nil {
		l := &listing{ReaderAt: f, left: maxDirectory}
		z, err = zip.NewReader(l, stat.Size())
		l.listed = true
	}
	if err != nil {
		done()
		return nil, nil, err
	}
	return z, done, nil
}

// member is a file of an archive or folder.
type member struct {
	name string // with slashes
	read func() ([]byte, error)
}

// eachMember gives the *.json files of a zip archive or a folder, in the order of
// their names. The bytes are good until the next one.
func eachMember(ctx context.Context, source string, yield func(member) error) error {
	if isFolder(source) {
		return eachFile(ctx, source, yield)
	}
	z, done, err := openZip(source)
	if err != nil {
		return err
	}
	defer done()
	if len(z.File) > maxMembers {
		return fmt.Errorf("%d members, more than %d", len(z.File), maxMembers)
	}
	files := slices.DeleteFunc(slices.Clone(z.File), func(m *zip.File) bool { return !strings.HasSuffix(m.Name, ".json") })
	slices.SortStableFunc(files, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	var buffer bytes.Buffer
	var total int64
	for _, m := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		read := func() ([]byte, error) {
			if err := unpack(m, &buffer, maxMember); err != nil {
				return nil, fmt.Errorf("member %.100q: %w", m.Name, err)
			}
			if total += int64(buffer.Len()); total > maxArchive {
				return nil, fmt.Errorf("more than %d bytes unpacked", int64(maxArchive))
			}
			return buffer.Bytes(), nil
		}
		if err := yield(member{m.Name, read}); err != nil {
			return err
		}
	}
	return nil
}

func eachFile(ctx context.Context, folder string, yield func(member) error) error {
	count := 0
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if !entry.Type().IsRegular() || !strings.HasSuffix(path, ".json") {
			return nil
		}
		if count++; count > maxMembers {
			return fmt.Errorf("more than %d files", maxMembers)
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		return yield(member{filepath.ToSlash(name), func() ([]byte, error) {
			f, err := os.Open(path)
			if err != nil {
				return nil, err
			}
			defer func() { _ = f.Close() }()
			text, err := io.ReadAll(io.LimitReader(f, maxMember+1))
			if err == nil && len(text) > maxMember {
				err = fmt.Errorf("%q has more than the limit of %d bytes", path, maxMember)
			}
			return text, err
		}})
	})
}
