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
	"os"
	"slices"

	"github.com/medsbom/medsbom/sbom"
	"github.com/medsbom/medsbom/sbom/cyclonedx"
	"github.com/medsbom/medsbom/sbom/spdx"
)

// ReadFile reads the bill of materials in a file.
func ReadFile(name string, opts Options) (*sbom.Document, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // nothing was written
	return Read(f, name, opts)
}

// Read reads a bill of materials. The name is the file's as the user knows it,
// "-" for standard input; it becomes Document.Path. If r can tell its size
// (as *os.File does), it is read into a buffer of that size.
//
// The error is a *NotSBOMError, a *sbom.SyntaxError, or that of r.
func Read(r io.Reader, name string, opts Options) (*sbom.Document, error) {
	opts = opts.withDefaults()
	data, err := readHead(r)
	if err != nil {
		return nil, fmt.Errorf("reading: %w", err)
	}
	if kind := Sniff(data); settled(kind, data) {
		return nil, refuse(kind, name, data, streamed(r, data, opts))
	}
	if data, err = readRest(r, data, opts.MaxBytes); err != nil {
		return nil, fmt.Errorf("reading: %w", err)
	}
	if int64(len(data)) > opts.MaxBytes {
		if kind := Sniff(data); !kind.IsSBOM() {
			return nil, refuse(kind, name, head(data), "")
		}
		return nil, tooLarge(opts.MaxBytes)
	}
	sum := sha256.Sum256(data)
	return decode(data, name, hex.EncodeToString(sum[:]), opts)
}

// settled reports whether the head alone tells that a file is of no use, so
// that the rest need not be held in memory.
func settled(kind Kind, head []byte) bool {
	switch kind {
	case KindPDF, KindImage, KindOffice, KindZstd, KindBzip2, KindXZ, KindUTF32:
		return !isGzip(head)
	case KindOther:
		return !isGzip(head) && bytes.IndexByte(head, 0) >= 0
	default:
		return false
	}
}

// decode expands, transcodes, tells the format and calls its decoder.
func decode(data []byte, name, digest string, opts Options) (*sbom.Document, error) {
	text := data
	if isGzip(data) {
		var err error
		if text, err = inflate(data, opts); err != nil {
			return nil, err
		}
		if isGzip(text) {
			return nil, refuse(KindGzip, name, text, digest)
		}
	}
	if kind := sniffBytes(text); kind != "" {
		return nil, refuse(kind, name, text, digest)
	}
	text, lone, err := toUTF8(text)
	if err != nil {
		return nil, refuse(KindUTF32, name, data, digest)
	}
	if int64(len(text)) > opts.MaxBytes {
		return nil, tooLarge(opts.MaxBytes)
	}
	doc, err := decodeText(sniffText(text), text, name, digest, opts)
	if err != nil {
		return nil, err
	}
	doc.Path, doc.SHA256 = name, digest
	if lone > 0 {
		doc.Defects.Add(sbom.CodeText, sbom.Position{}, "", "%d halves of UTF-16 pairs stand alone; each was read as U+FFFD", lone)
	}
	return doc, nil
}

func decodeText(kind Kind, text []byte, name, digest string, opts Options) (*sbom.Document, error) {
	switch kind {
	case KindCycloneDXJSON:
		return cyclonedx.DecodeJSON(text, cyclonedx.Options{MaxDepth: opts.MaxDepth, MaxComponents: opts.MaxComponents})
	case KindCycloneDXXML:
		return cyclonedx.DecodeXML(text, cyclonedx.Options{MaxDepth: opts.MaxDepth, MaxComponents: opts.MaxComponents})
	case KindSPDXJSON:
		return spdx.DecodeJSON(text, spdx.Options{MaxDepth: opts.MaxDepth})
	case KindSPDXTagValue:
		if isPythonBytes(bytes.TrimSpace(text)) {
			return nil, &sbom.SyntaxError{
				Position: sbom.Position{Line: 1, Column: 1},
				Message:  "SPDX tag-value inside a Python b'…' literal, in which the line ends are lost",
				Remedy:   "ask for the file again, written as bytes and not printed",
			}
		}
		return spdx.DecodeTagValue(text, spdx.Options{MaxDepth: opts.MaxDepth})
	default:
		return nil, refuse(kind, name, text, digest)
	}
}

func readHead(r io.Reader) ([]byte, error) {
	size := HeadSize
	if n, ok := sizeOf(r); ok && n > 0 && n < HeadSize {
		size = int(n) + 1
	}
	data := make([]byte, size)
	n, err := io.ReadFull(r, data)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return data[:n], err
}

// readRest reads on to the end, or to one byte more than most.
func readRest(r io.Reader, data []byte, most int64) ([]byte, error) {
	if n, ok := sizeOf(r); ok && n >= int64(len(data)) {
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
func streamed(r io.Reader, head []byte, opts Options) string {
	sum := sha256.New()
	sum.Write(head)
	most := opts.MaxBytes - int64(len(head))
	n, err := io.Copy(sum, io.LimitReader(r, most+1))
	if err != nil || n > most {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil))
}
