// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/gzip"

	"github.com/medsbom/medsbom/sbom"
)

func isGzip(data []byte) bool {
	return len(data) >= 3 && data[0] == 0x1f && data[1] == 0x8b && data[2] == 8
}

// inflate expands gzip data of one or more members (RFC 1952 §2.2). Nothing is
// given out if any of it is damaged.
func inflate(data []byte, opts Options) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, gzipError(err)
	}
	bound := min(opts.MaxBytes, max(freeBytes, int64(len(data))*int64(opts.MaxRatio)))
	out := make([]byte, 0, min(sizeHint(data), bound)+1)
	for {
		if len(out) == cap(out) {
			out = slices.Grow(out, max(512, len(out)/2))
		}
		n, err := z.Read(out[len(out):cap(out)])
		out = out[:len(out)+n]
		if int64(len(out)) > bound {
			return nil, bombError(len(data), bound, opts)
		}
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, gzipError(err)
		}
	}
}

// sizeHint is what the last member claims as its size. That is a hint and no
// more: it is believed as far as SBOMs compress.
func sizeHint(data []byte) int64 {
	if len(data) < 18 {
		return 0
	}
	return min(int64(binary.LittleEndian.Uint32(data[len(data)-4:])), 30*int64(len(data)))
}

func bombError(size int, bound int64, opts Options) error {
	if bound == opts.MaxBytes {
		return tooLarge(bound)
	}
	return &sbom.SyntaxError{
		Message: fmt.Sprintf("gzip data of %d bytes expands to more than %d times that", size, opts.MaxRatio),
		Remedy:  "this looks like a decompression bomb; if it is genuine, expand it and name the file",
	}
}

func tooLarge(bound int64) error {
	return &sbom.SyntaxError{
		Message: fmt.Sprintf("more than %d bytes", bound),
		Remedy:  "split the document, or raise the limit",
	}
}

func gzipError(err error) error {
	e := &sbom.SyntaxError{Message: "damaged gzip data: " + err.Error(), Remedy: "the file was damaged: ask for it again"}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		e.Message, e.Remedy = "the gzip data is cut off", "ask for the file again; nothing is taken from the part that can be expanded"
	}
	return e
}

// inflateHead expands the beginning of gzip data as far as it goes.
func inflateHead(data []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	out := make([]byte, HeadSize)
	n, _ := io.ReadFull(z, out)
	return out[:n]
}
