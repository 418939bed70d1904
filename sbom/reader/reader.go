// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"slices"

	"github.com/medsbom/medsbom/sbom"
)

// ReadFile reads the bill of materials in a file, as [Read] does.
func ReadFile(name string, opts Options) (*sbom.Document, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // nothing was written
	return Read(f, name, opts)
}

// Read reads the one bill of materials in a file. An archive with several is an
// error, and one with a broken one beside another; [Items] reads those.
func Read(r io.Reader, name string, opts Options) (*sbom.Document, error) {
	var doc *sbom.Document
	var failure error // the first of a bill of materials, else the last of a stranger
	serious := false
	for item := range Items(r, name, opts) {
		switch {
		case item.Err != nil:
			if !serious {
				other, ok := errors.AsType[*NotSBOMError](item.Err)
				failure, serious = item.Err, !ok || other.IsSBOM
			}
		case doc != nil:
			return nil, &sbom.SyntaxError{Message: "an archive with several SBOMs", Remedy: "unpack it and name one of the files inside"}
		default:
			doc = item.Document
		}
	}
	if doc == nil || serious {
		return nil, failure
	}
	return doc, nil
}

// An Item is one bill of materials in a file, or what stands in its place.
type Item struct {
	// Path is the file's name as the user knows it, "-" for standard input; for
	// an entry of an archive with the entry's: "delivery.zip!/pump.cdx.json".
	Path string
	// Document is nil if there is an Err: a *NotSBOMError, a *sbom.SyntaxError
	// or that of the reader.
	Document *sbom.Document
	Err      error
	// SHA256 is of the bytes as they lay in the file or archive, lower-case
	// hexadecimal; empty if they were not read to their end.
	SHA256 string
}

// Items reads the bills of materials in a file: one, or those in an archive in
// the archive's order. There is always at least one item. The name becomes
// Document.Path. If r can tell its size (as *os.File does), it is read into a
// buffer of that size.
func Items(r io.Reader, name string, opts Options) iter.Seq[Item] {
	opts = opts.withDefaults()
	return func(yield func(Item) bool) {
		u := &unpacker{opts: opts, yield: yield}
		s := &source{path: name}
		var err error
		if s.data, s.digest, err = load(r, name, &opts); err != nil {
			u.fail(s, err)
			return
		}
		u.budget = newBudget(len(s.data), &opts)
		u.open(s)
	}
}

// load reads a file whole, unless its beginning tells that it is of no use.
func load(r io.Reader, name string, opts *Options) (data []byte, digest string, err error) {
	if data, err = readHead(r); err != nil {
		return nil, "", fmt.Errorf("reading: %w", err)
	}
	if kind := Sniff(data); settled(kind, data) {
		digest = streamed(r, data, opts)
		return nil, digest, refuse(kind, name, data, digest)
	}
	if data, err = readRest(r, data, opts.MaxBytes); err != nil {
		return nil, "", fmt.Errorf("reading: %w", err)
	}
	if int64(len(data)) > opts.MaxBytes {
		if kind := Sniff(data); !kind.IsSBOM() && kind != KindZip && !kind.isEnvelope() {
			return nil, "", refuse(kind, name, head(data), "")
		}
		return nil, "", tooLarge(opts.MaxBytes)
	}
	sum := sha256.Sum256(data)
	return data, hex.EncodeToString(sum[:]), nil
}

// settled reports whether the head alone tells that a file is of no use, so
// that the rest need not be held in memory.
func settled(kind Kind, head []byte) bool {
	if compression(head) != "" {
		return false
	}
	switch kind {
	case KindPDF, KindImage, KindXZ:
		return true
	case KindOther:
		e, _ := encodingOf(head)
		return e == utf8Text && bytes.IndexByte(head, 0) >= 0
	default:
		return false
	}
}

// roomAtOnce is the size of files for all of which there is room before their
// head is read; most documents are smaller.
const roomAtOnce = 1 << 20

func readHead(r io.Reader) ([]byte, error) {
	size := HeadSize
	if n, ok := sizeOf(r); ok && n > 0 && n < roomAtOnce {
		size = int(n) + 1 // for the end of the file to be met
	}
	data := make([]byte, size)
	n, err := io.ReadFull(r, data[:min(size, HeadSize)])
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return data[:n], err
}

// readRest reads on to the end, or to one byte more than most.
func readRest(r io.Reader, data []byte, most int64) ([]byte, error) {
	if int64(len(data)) > most {
		return data, nil
	}
	if n, ok := sizeOf(r); ok && min(n, most) >= int64(cap(data)) {
		whole := make([]byte, len(data), min(n, most)+1)
		copy(whole, data)
		data = whole
	}
	r = io.LimitReader(r, most+1-int64(len(data)))
	for {
		if len(data) == cap(data) {
			data = slices.Grow(data, max(HeadSize, len(data)/2))
		}
		n, err := r.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if errors.Is(err, io.EOF) {
			return data, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func sizeOf(r io.Reader) (int64, bool) {
	f, ok := r.(interface{ Stat() (fs.FileInfo, error) })
	if !ok {
		return 0, false
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0, false
	}
	return info.Size(), true
}

// streamed is the digest of head and what follows it, "" if that is over the
// limit or cannot be read.
func streamed(r io.Reader, head []byte, opts *Options) string {
	sum := sha256.New()
	sum.Write(head)
	most := opts.MaxBytes - int64(len(head))
	n, err := io.Copy(sum, io.LimitReader(r, most+1))
	if err != nil || n > most {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil))
}
