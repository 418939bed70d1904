// SPDX-License-Identifier: Apache-2.0

package build

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"

	"github.com/klauspost/compress/flate"
)

// memberKey names a member of a zip by all that a record is made of: its packed
// bytes, what the zip declares of them, and its own name, which stands in messages.
type memberKey [16]byte

// packedMember is a member of a zip, read but not yet unpacked.
type packedMember struct {
	file *zip.File
	raw  span // in the batch's raw
	err  error
}

func keyOf(m *zip.File, raw []byte) (key memberKey) {
	var head [26]byte
	binary.LittleEndian.PutUint64(head[0:], m.UncompressedSize64)
	binary.LittleEndian.PutUint64(head[8:], uint64(len(m.Name)))
	binary.LittleEndian.PutUint32(head[16:], m.CRC32)
	binary.LittleEndian.PutUint16(head[20:], m.Method)
	var local [4096]byte
	all := append(append(append(local[:0], head[:]...), m.Name...), raw...)
	sum := sha256.Sum256(all)
	return memberKey(sum[:len(key)])
}

// unpacker inflates members.
type unpacker struct {
	in    bytes.Reader
	flate io.ReadCloser
	room  []byte
}

// unpack inflates a member, which is not larger than maxMember, and checks its size
// and checksum. The text is valid until the next call.
func (u *unpacker) unpack(m *zip.File, raw []byte) (text []byte, err error) {
	u.room = slices.Grow(u.room[:0], int(m.UncompressedSize64))
	text = u.room[:m.UncompressedSize64]
	switch m.Method {
	case zip.Store:
		if len(raw) < len(text) {
			return nil, io.ErrUnexpectedEOF
		}
		if len(raw) > len(text) {
			return nil, fmt.Errorf("does not end well after the %d bytes that it declares: %w", len(text), zip.ErrFormat)
		}
		copy(text, raw)
	case zip.Deflate:
		u.in.Reset(raw)
		if u.flate == nil {
			u.flate = flate.NewReader(&u.in)
		} else if err := u.flate.(flate.Resetter).Reset(&u.in, nil); err != nil {
			return nil, err
		}
		if _, err := io.ReadFull(u.flate, text); err != nil {
			return nil, err
		}
		var more [1]byte
		if n, err := u.flate.Read(more[:]); n > 0 || !errors.Is(err, io.EOF) {
			if err == nil || errors.Is(err, io.EOF) {
				err = zip.ErrFormat
			}
			return nil, fmt.Errorf("does not end well after the %d bytes that it declares: %w", len(text), err)
		}
	default:
		return nil, zip.ErrAlgorithm
	}
	if crc32.ChecksumIEEE(text) != m.CRC32 {
		return nil, zip.ErrChecksum
	}
	return text, nil
}

// window reads a file in large pieces: the members of a zip lie one behind the
// other, and each is asked for in three small reads. It serves one goroutine.
type window struct {
	file io.ReaderAt
	at   int64
	buf  []byte
	all  []byte
}

const windowSize = 1 << 20

// move puts the window before another file.
func (w *window) move(file io.ReaderAt) { w.file, w.at, w.buf = file, 0, nil }

func (w *window) ReadAt(p []byte, off int64) (int, error) {
	if len(p) > windowSize {
		return w.file.ReadAt(p, off)
	}
	if off < w.at || off+int64(len(p)) > w.at+int64(len(w.buf)) {
		if w.all == nil {
			w.all = make([]byte, windowSize)
		}
		n, err := w.file.ReadAt(w.all, off)
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		w.at, w.buf = off, w.all[:n]
	}
	n := copy(p, w.buf[off-w.at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
