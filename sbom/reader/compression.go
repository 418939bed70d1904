// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/medsbom/medsbom/internal/notation"
	"github.com/medsbom/medsbom/sbom"
)

// compression names the compressed form of data, "" if it has none that is read.
func compression(data []byte) Kind {
	switch {
	case len(data) >= 3 && data[0] == 0x1f && data[1] == 0x8b && data[2] == 8:
		return KindGzip
	case bytes.HasPrefix(data, []byte("\x28\xb5\x2f\xfd")):
		return KindZstd
	case len(data) >= 10 && bytes.HasPrefix(data, []byte("BZh")) && '1' <= data[3] && data[3] <= '9' &&
		(string(data[4:10]) == "1AY&SY" || string(data[4:10]) == "\x17\x72\x45\x38\x50\x90"):
		return KindBzip2
	}
	return ""
}

// expander opens compressed data for reading. The memory that zstd may ask for
// as its window is bounded apart from what comes out of it.
func expander(form Kind, data []byte) (io.ReadCloser, error) {
	in := bytes.NewReader(data)
	switch form {
	case KindGzip:
		return gzip.NewReader(in)
	case KindZstd:
		d, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(64<<20))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	default:
		return io.NopCloser(bzip2.NewReader(in)), nil
	}
}

// budget bounds what a file may become, over all its layers and entries.
type budget struct {
	left int64 // expanded bytes
	size int   // of the file
	opts *Options
}

func newBudget(size int, opts *Options) *budget {
	return &budget{left: max(freeBytes, int64(size)*int64(opts.MaxRatio)), size: size, opts: opts}
}

// read reads all of in, which is part of a file in the named form. What was
// expanded is spent also if it is of no use: else an archive with thousands of
// entries could expand as much again for each that is damaged or too large.
func (b *budget) read(in io.Reader, form Kind, hint int64) ([]byte, error) {
	bound := min(b.left, b.opts.MaxBytes)
	out := make([]byte, 0, max(min(hint, bound), 512)+1)
	defer func() { b.left -= int64(len(out)) }()
	for {
		if len(out) == cap(out) {
			out = slices.Grow(out, max(512, len(out)/2))
		}
		n, err := in.Read(out[len(out):cap(out)])
		out = out[:len(out)+n]
		if int64(len(out)) > bound {
			if bound == b.opts.MaxBytes {
				return nil, tooLarge(bound)
			}
			return nil, &sbom.SyntaxError{
				Message: fmt.Sprintf("%s data in a file of %d bytes expands to more than %d times that", form, b.size, b.opts.MaxRatio),
				Remedy:  "this looks like a decompression bomb; if it is genuine, expand it and name the file", Limit: sbom.LimitRatio,
			}
		}
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, damaged(form, err)
		}
	}
}

// expand expands compressed data. Nothing is given out if any of it is damaged.
func (b *budget) expand(form Kind, data []byte) ([]byte, error) {
	in, err := expander(form, data)
	if err != nil {
		return nil, damaged(form, err)
	}
	defer func() { _ = in.Close() }() // only read from
	// SBOMs compress to a tenth and less.
	return b.read(in, form, 8*int64(len(data)))
}

func tooLarge(bound int64) error {
	return &sbom.SyntaxError{
		Message: fmt.Sprintf("more than %d bytes", bound),
		Remedy:  "split the document", Limit: sbom.LimitBytes,
	}
}

func damaged(kind Kind, err error) error {
	e := &sbom.SyntaxError{
		Message: fmt.Sprintf("damaged %s data: %s", kind, notation.Short(err.Error())),
		Remedy:  "the file was damaged: ask for it again",
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		e.Message = fmt.Sprintf("the %s data is cut off", kind)
		e.Remedy = "ask for the file again; nothing is taken from the part that can be expanded"
	}
	return e
}

// expandHead expands the beginning of compressed data as far as it goes.
func expandHead(form Kind, data []byte) []byte {
	in, err := expander(form, data)
	if err != nil {
		return nil
	}
	defer func() { _ = in.Close() }() // only read from
	out := make([]byte, HeadSize)
	n, _ := io.ReadFull(in, out)
	return out[:n]
}
