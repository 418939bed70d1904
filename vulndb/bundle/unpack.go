// SPDX-License-Identifier: Apache-2.0

package bundle

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/zstd"

	"github.com/medsbom/medsbom/internal/durable"
	"github.com/medsbom/medsbom/vulndb"
)

// databaseMagic begins a database file, which is no bundle.
const databaseMagic = "medsbdb\n"

// Is reports whether a file that begins with these bytes is a bundle, of
// whatever format.
func Is(head []byte) bool { return len(head) >= len(Magic) && string(head[:len(Magic)]) == Magic }

// readEnvelope reads the file up to the payload.
func (o *Options) readEnvelope(r io.Reader) ([]byte, error) {
	var header [headerSize]byte
	n, err := io.ReadFull(r, header[:])
	switch {
	case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("reading bundle %q: %w", o.Name, err)
	case n >= len(databaseMagic) && string(header[:len(databaseMagic)]) == databaseMagic:
		return nil, o.refuse(NotABundle, "use it with --db, or make a bundle of it with 'medsbom db export'", "this is a database, not a bundle")
	case !Is(header[:n]):
		return nil, o.refuse(NotABundle, remedyFile, "this is no bundle of medsbom's")
	case n < headerSize:
		return nil, o.refuse(Damaged, remedyAgain, "it is cut off in its header")
	}
	// The format first: all else may mean something else in another one.
	if format := binary.LittleEndian.Uint32(header[8:]); format != Format {
		return nil, o.refuse(NewerFormat, remedyUpdate, "it has format %d, this program reads %d", format, Format)
	}
	length := binary.LittleEndian.Uint32(header[12:])
	if length == 0 || length > MaxEnvelope {
		return nil, o.refuse(Damaged, remedyAgain, "its header promises a manifest of %d bytes, %d is the most", length, MaxEnvelope)
	}
	envelope, err := io.ReadAll(io.LimitReader(r, int64(length)))
	if err != nil {
		return nil, fmt.Errorf("reading bundle %q: %w", o.Name, err)
	}
	if len(envelope) < int(length) {
		return nil, o.refuse(Damaged, remedyAgain, "it is cut off in its manifest")
	}
	return envelope, nil
}

// unpack reads the payload of a trusted manifest and writes the database, which
// then has been checked in every way.
func (o *Options) unpack(ctx context.Context, r io.Reader, m *Manifest, out *durable.File) error {
	packed, err := out.Scratch()
	if err != nil {
		return fmt.Errorf("unpacking bundle %q: %w", o.Name, err)
	}
	defer func() { _ = packed.Close() }()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(packed, sum), io.LimitReader(r, m.Payload.Size))
	if err != nil {
		return fmt.Errorf("reading bundle %q: %w", o.Name, err)
	}
	if n < m.Payload.Size {
		return o.refuse(Damaged, remedyAgain, "it is cut off: %d bytes of %d of its database are there", n, m.Payload.Size)
	}
	if hex.EncodeToString(sum.Sum(nil)) != m.Payload.SHA256 {
		return o.refuse(Damaged, remedyAgain, "its database was changed after it was signed: SHA-256 is wrong")
	}
	switch n, err := io.ReadFull(r, make([]byte, 1)); {
	case n > 0:
		return o.refuse(Damaged, remedyAgain, "there are bytes behind its end that nobody has signed")
	case !errors.Is(err, io.EOF):
		return fmt.Errorf("reading bundle %q: %w", o.Name, err)
	}
	if err := o.decompress(ctx, io.NewSectionReader(packed, 0, m.Payload.Size), m, out); err != nil {
		return err
	}
	return o.checkDatabase(m, out.Name())
}

func (o *Options) decompress(ctx context.Context, packed io.Reader, m *Manifest, out io.Writer) error {
	z, err := zstd.NewReader(bound{ctx, packed}, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return fmt.Errorf("unpacking bundle %q: %w", o.Name, err)
	}
	defer z.Close()
	sum := sha256.New()
	from := &remembered{r: io.LimitReader(z, m.Database.Size+1)}
	n, err := io.Copy(io.MultiWriter(out, sum), from)
	switch {
	case err != nil && from.err != nil && ctx.Err() == nil:
		return o.refuse(NotAcceptable, remedyBroken, "its database cannot be unpacked: %v", err)
	case err != nil:
		return fmt.Errorf("unpacking bundle %q: %w", o.Name, err)
	case n != m.Database.Size:
		return o.refuse(NotAcceptable, remedyBroken, "its database has another size than the %d bytes that are signed", m.Database.Size)
	case hex.EncodeToString(sum.Sum(nil)) != m.Database.SHA256:
		return o.refuse(NotAcceptable, remedyBroken, "its database is not the one that is signed: SHA-256 is wrong")
	}
	return nil
}

// remembered keeps the error of a reader, to tell it from that of a writer.
type remembered struct {
	r   io.Reader
	err error
}

func (r *remembered) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// checkDatabase opens and verifies what was unpacked, and compares it with its
// manifest.
func (o *Options) checkDatabase(m *Manifest, path string) error {
	db, err := vulndb.Open(path)
	if err != nil {
		return o.unusable(err)
	}
	// Closed before it gets its name: Windows renames nothing that is mapped.
	defer func() { _ = db.Close() }()
	if err := db.Verify(); err != nil {
		return o.unusable(err)
	}
	info := db.Info()
	same := slices.EqualFunc(m.Feeds, feedsOf(info), func(a, b Feed) bool {
		return a.Name == b.Name && a.Date.Equal(b.Date) && a.Records == b.Records && a.Digest == b.Digest
	})
	if !same || info.Kind != m.Database.Kind || info.Digest != m.Database.Digest || info.Built.Unix() != m.Serial {
		return o.refuse(NotAcceptable, remedyBroken, "its manifest says other things than its database")
	}
	return nil
}

// unusable is the refusal of a database that is as it was signed, and no good.
// One of a later format says so in its error.
func (o *Options) unusable(err error) error {
	return o.refuse(NotAcceptable, remedyUpdate+", or tell the publisher", "the database in it cannot be used: %s", problemOf(err))
}

// problemOf leaves out what does not fit here of a database's error: its path,
// which may be a temporary one, and its remedy.
func problemOf(err error) string {
	e, ok := errors.AsType[*vulndb.Error](err)
	switch {
	case !ok:
		return err.Error()
	case e.Section != "":
		return "section " + e.Section + ": " + e.Problem
	default:
		return e.Problem
	}
}
