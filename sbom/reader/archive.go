// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/medsbom/medsbom/sbom"
)

func isZip(data []byte) bool {
	return bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06"))
}

// archive yields what each entry of a zip archive holds. Entries that are no
// bill of materials are yielded too, so that each is accounted for; a file in
// which there is none is one more item. It reports whether to go on.
func (u *unpacker) archive(s *source) bool {
	files, err := u.entries(s)
	if err != nil {
		return u.fail(s, err)
	}
	names := make(map[string]int)
	for _, f := range files {
		name := entryName(f.Name)
		if names[name]++; names[name] > 1 {
			name = fmt.Sprintf("%s#%d", name, names[name])
		}
		entry := &source{
			entry: true, path: s.path + "!/" + name, layers: s.layers + 1,
			wrapping: append(slices.Clip(s.wrapping), string(KindZip)), notes: slices.Clip(s.notes),
		}
		if outside(f.Name) {
			entry.note("the archive names this entry by a path that leads out of it; it was read and written nowhere", f.Name)
		}
		if err := u.readEntry(f, entry); err != nil {
			if !u.fail(entry, err) {
				return false
			}
			if u.budget.left <= 0 {
				return true // the other entries would only repeat it
			}
			continue
		}
		if !u.open(entry) {
			return false
		}
	}
	if !s.entry && !u.useful {
		return u.fail(s, refuse(KindZip, s.path, s.data, s.digest))
	}
	return true
}

// entries lists the files of an archive, folders left out. The same budget of
// entries holds for archives in archives.
func (u *unpacker) entries(s *source) ([]*zip.File, error) {
	archive, err := zip.NewReader(bytes.NewReader(s.data), int64(len(s.data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, damaged(KindZip, err)
	}
	if u.files += len(archive.File); u.files > u.opts.MaxEntries {
		return nil, &sbom.SyntaxError{
			Message: fmt.Sprintf("a zip archive with more than %d entries", u.opts.MaxEntries),
			Remedy:  "unpack it and name the files inside", Limit: sbom.LimitEntries,
		}
	}
	var files []*zip.File
	for _, f := range archive.File {
		// A folder has no content: one that has some is not passed over.
		if !f.FileInfo().IsDir() || f.UncompressedSize64 > 0 {
			files = append(files, f)
		}
	}
	if unlisted(s.data, archive.File) {
		s.note("the archive begins with an entry that its directory does not list, which other programs may read; it was not read", "")
	}
	return files, nil
}

// unlisted reports whether the entry that an archive begins with is none of
// those that its directory lists. A program that reads an archive from its
// beginning sees that one.
func unlisted(data []byte, files []*zip.File) bool {
	const header = 30
	if len(data) < header || len(files) == 0 || string(data[:4]) != "PK\x03\x04" {
		return false
	}
	content := header + int64(binary.LittleEndian.Uint16(data[26:])) + int64(binary.LittleEndian.Uint16(data[28:]))
	return !slices.ContainsFunc(files, func(f *zip.File) bool {
		at, err := f.DataOffset()
		return err == nil && at == content
	})
}

func (u *unpacker) readEntry(f *zip.File, s *source) error {
	const encrypted = 1 // general purpose bit 0
	if f.Flags&encrypted != 0 {
		return &sbom.SyntaxError{Message: "an encrypted entry of a zip archive", Remedy: "ask for it without a password, or unpack it and name the file inside"}
	}
	if f.FileInfo().IsDir() {
		return &sbom.SyntaxError{Message: "an entry of a zip archive that is named as a folder and has content", Remedy: "ask for the archive again; no program but a hostile one makes such entries"}
	}
	in, err := f.Open()
	if err != nil {
		if errors.Is(err, zip.ErrAlgorithm) {
			return &sbom.SyntaxError{
				Message: fmt.Sprintf("an entry of a zip archive in the compression method %d, which is not read", f.Method),
				Remedy:  "unpack it and name the file inside",
			}
		}
		return damaged(KindZip, err)
	}
	defer func() { _ = in.Close() }() // only read from
	if s.data, err = u.budget.read(in, KindZip, int64(min(f.UncompressedSize64, freeBytes))); err != nil {
		return err
	}
	sum := sha256.Sum256(s.data)
	s.digest = hex.EncodeToString(sum[:])
	return nil
}

// entryName is an entry's name as a report shows it. It is never a path.
func entryName(name string) string {
	const most = 200
	name = strings.ToValidUTF8(strings.ReplaceAll(name, `\`, "/"), "\uFFFD")
	if len(name) > most {
		name = "…" + strings.ToValidUTF8(name[len(name)-most:], "")
	}
	return name
}

// outside reports whether an entry's name would lead out of the folder that a
// careless program unpacks it to.
func outside(name string) bool {
	name = strings.ReplaceAll(name, `\`, "/")
	clean := path.Clean(name)
	return path.IsAbs(name) || clean == ".." || strings.HasPrefix(clean, "../") || len(name) > 1 && name[1] == ':'
}
