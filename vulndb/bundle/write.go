// SPDX-License-Identifier: Apache-2.0

package bundle

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/medsbom/medsbom/internal/durable"
	"github.com/medsbom/medsbom/vulndb"
)

// Contents say what goes into a bundle.
type Contents struct {
	Database string       // file
	Keys     []SigningKey // that sign it
	Tool     string       // "medsbom 1.2.0"
	Created  time.Time
}

// Write makes a bundle of a database, after having verified the whole of it, and
// puts it at out, whole or not at all. The same contents give the same bytes.
func Write(ctx context.Context, out string, c Contents) (*Manifest, error) {
	m, err := write(ctx, out, c)
	if err != nil {
		return nil, fmt.Errorf("writing bundle %q: %w", out, err)
	}
	return m, nil
}

func write(ctx context.Context, out string, c Contents) (*Manifest, error) {
	if len(c.Keys) == 0 {
		return nil, errors.New("no key to sign it with")
	}
	if same(c.Database, out) {
		return nil, errors.New("this is the database itself: give the bundle another name")
	}
	db, err := vulndb.Open(c.Database)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	m, err := manifestOf(db, c)
	if err != nil {
		return nil, err
	}
	if err := db.Verify(); err != nil {
		return nil, err
	}

	file, err := durable.Create(out)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	// The manifest stands before the payload and names its digest: so the payload
	// is packed into a file of its own first.
	packed, err := file.Scratch()
	if err != nil {
		return nil, err
	}
	defer func() { _ = packed.Close() }()
	if err := m.pack(ctx, db, packed); err != nil {
		return nil, err
	}
	envelope, err := seal(m, c.Keys)
	if err != nil {
		return nil, err
	}
	header := make([]byte, 0, headerSize+len(envelope))
	header = append(header, Magic...)
	header = binary.LittleEndian.AppendUint32(header, Format)
	header = binary.LittleEndian.AppendUint32(header, uint32(len(envelope)))
	if _, err := file.Write(append(header, envelope...)); err != nil {
		return nil, err
	}
	if _, err := io.Copy(file, bound{ctx, io.NewSectionReader(packed, 0, m.Payload.Size)}); err != nil {
		return nil, err
	}
	return m, file.Commit()
}

// same reports whether two names mean one file.
func same(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// manifestOf describes a database, all but its payload.
func manifestOf(db *vulndb.DB, c Contents) (*Manifest, error) {
	info := db.Info()
	if info.Kind != vulndb.KindFull {
		return nil, fmt.Errorf("%q is a database of kind %q, which cannot say that a product is good: only a full one is worth carrying", c.Database, info.Kind)
	}
	m := &Manifest{
		Format: Format, Tool: c.Tool, Created: c.Created.UTC().Truncate(time.Second), Serial: info.Built.Unix(),
		Database: Database{Kind: info.Kind, Digest: info.Digest, Size: db.Size()},
		Payload:  Payload{Encoding: zstdName},
		Feeds:    feedsOf(info),
	}
	// A day of grace for clocks and time zones.
	limit := m.Created.Add(24 * time.Hour)
	if info.Built.After(limit) {
		return nil, fmt.Errorf("the database was built on %s, later than the bundle (%s): check the clock, and build it again", info.Built.Format(time.DateOnly), m.Created.Format(time.DateOnly))
	}
	for _, f := range m.Feeds {
		if f.Date.After(limit) {
			return nil, fmt.Errorf("feed %s is of %s, later than the bundle (%s): check the clock, and build the database again", f.Name, f.Date.Format(time.DateOnly), m.Created.Format(time.DateOnly))
		}
	}
	return m, nil
}

// pack compresses a database and completes the manifest.
func (m *Manifest) pack(ctx context.Context, db *vulndb.DB, to io.Writer) error {
	plain, packed := sha256.New(), sha256.New()
	size := new(counter)
	buffered := bufio.NewWriterSize(io.MultiWriter(to, packed, size), 1<<18)
	// One goroutine: the blocks, and so the bytes, must not hang on how many there are.
	z, err := zstd.NewWriter(buffered, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(maxWindow), zstd.WithEncoderLevel(zstd.SpeedBetterCompression))
	if err != nil {
		return err
	}
	if _, err := db.WriteTo(boundWriter{ctx, io.MultiWriter(plain, z)}); err != nil {
		return errors.Join(err, z.Close())
	}
	if err := z.Close(); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	m.Database.SHA256 = hex.EncodeToString(plain.Sum(nil))
	m.Payload.SHA256 = hex.EncodeToString(packed.Sum(nil))
	m.Payload.Size = int64(*size)
	return nil
}

// counter counts what is written.
type counter int64

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

// bound ends a reader with its context.
type bound struct {
	ctx context.Context
	r   io.Reader
}

func (b bound) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	return b.r.Read(p)
}

type boundWriter struct {
	ctx context.Context
	w   io.Writer
}

func (b boundWriter) Write(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	return b.w.Write(p)
}
