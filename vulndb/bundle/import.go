// SPDX-License-Identifier: Apache-2.0

package bundle

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/medsbom/medsbom/internal/durable"
	"github.com/medsbom/medsbom/sbom/signature"
	"github.com/medsbom/medsbom/vulndb"
)

// Options say how a bundle is taken.
type Options struct {
	Name           string          // of the bundle, for messages
	Trust          []signature.Key // public keys of the publisher
	Out            string          // the database to replace (Import)
	AllowDowngrade bool            // take it although it is older than the database at Out
	MaxSize        int64           // of the database and of its payload, in bytes; 0: DefaultMaxSize
}

// A Result says what was taken.
type Result struct {
	Manifest Manifest
	Signer   string // name of the trusted key that fits
	// Unchanged: what is installed is the database of the bundle, whole, and was
	// left as it is.
	Unchanged bool
	// SetBack says, feed by feed, what is older than before; empty unless
	// AllowDowngrade was needed.
	SetBack []string
}

// Import reads a bundle and replaces the database at Out by the one in it. An
// error, an *Error if the bundle is refused, leaves the old database as it was.
// r is read to its end, once and in order, so that it may be a connection.
func Import(ctx context.Context, r io.Reader, o Options) (*Result, error) {
	if o.Out == "" {
		return nil, errors.New("importing a database: no file to put it in")
	}
	res, source, err := begin(ctx, r, &o)
	if err != nil {
		return nil, err
	}
	out, err := durable.Create(o.Out)
	if err != nil {
		return nil, fmt.Errorf("importing bundle %q: %w", o.Name, err)
	}
	defer func() { _ = out.Close() }()
	// Asked twice: before the work, and again at the end of it, as another import
	// may have been faster.
	if _, err := o.setBack(&res.Manifest); err != nil {
		return nil, err
	}
	if err := o.unpack(ctx, source, &res.Manifest, out); err != nil {
		return nil, err
	}
	if res.Unchanged = installed(o.Out, &res.Manifest); res.Unchanged {
		return res, nil
	}
	err = out.CommitIf(func() (err error) {
		res.SetBack, err = o.setBack(&res.Manifest)
		return err
	})
	if refused, ok := errors.AsType[*Error](err); ok {
		return nil, refused
	}
	if err != nil {
		return nil, fmt.Errorf("importing bundle %q: %w", o.Name, err)
	}
	return res, nil
}

// Check reads a bundle and checks all that Import does, except that it is
// compared with no installed database, and leaves nothing behind.
func Check(ctx context.Context, r io.Reader, o Options) (*Result, error) {
	res, source, err := begin(ctx, r, &o)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "medsbom-check-*")
	if err != nil {
		return nil, fmt.Errorf("checking bundle %q: %w", o.Name, err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	out, err := durable.Create(filepath.Join(folder, "medsbom.db"))
	if err != nil {
		return nil, fmt.Errorf("checking bundle %q: %w", o.Name, err)
	}
	defer func() { _ = out.Close() }()
	if err := o.unpack(ctx, source, &res.Manifest, out); err != nil {
		return nil, err
	}
	return res, nil
}

// begin reads as far as the signed manifest and judges that.
func begin(ctx context.Context, r io.Reader, o *Options) (*Result, io.Reader, error) {
	if o.MaxSize <= 0 {
		o.MaxSize = DefaultMaxSize
	}
	source := bound{ctx, r}
	envelope, err := o.readEnvelope(source)
	if err != nil {
		return nil, nil, err
	}
	m, signer, err := unseal(o.Name, envelope, o.Trust)
	if err != nil {
		return nil, nil, err
	}
	if most := max(m.Database.Size, m.Payload.Size); most > o.MaxSize {
		return nil, nil, o.refuse(TooLarge, remedyMaxSize, "it holds %d bytes, %d are allowed", most, o.MaxSize)
	}
	return &Result{Manifest: *m, Signer: signer}, source, nil
}

func (o *Options) refuse(r Refusal, remedy, format string, args ...any) error {
	return &Error{Name: o.Name, Refusal: r, Problem: fmt.Sprintf(format, args...), Remedy: remedy}
}

// setBack compares a manifest with the database at Out.
func (o *Options) setBack(m *Manifest) ([]string, error) {
	old, err := vulndb.Open(o.Out)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		if o.AllowDowngrade {
			return []string{"the database that was there cannot be read, so that nobody knows how old it was"}, nil
		}
		return nil, o.refuse(Downgrade, "replace it with --allow-downgrade", "whether it is older than what is installed at %q cannot be told: %s", o.Out, problemOf(err))
	}
	defer func() { _ = old.Close() }()
	list := olderThan(m, old.Info())
	if len(list) == 0 || o.AllowDowngrade {
		return list, nil
	}
	const most = 5
	text := strings.Join(list[:min(most, len(list))], ", ")
	if len(list) > most {
		text += fmt.Sprintf(" and %d more", len(list)-most)
	}
	return nil, o.refuse(Downgrade, remedyOlder, "it is older than the installed database %q: %s", o.Out, text)
}

// installed reports whether the database at a path is the one of a manifest, and whole.
func installed(path string, m *Manifest) bool {
	db, err := vulndb.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = db.Close() }()
	return db.Info().Digest == m.Database.Digest && db.Info().Built.Unix() == m.Serial && db.Intact() == nil
}

// olderThan says what a manifest has older than a database: see the package
// comment.
func olderThan(m *Manifest, old *vulndb.Info) []string {
	const minute = "2006-01-02 15:04"
	var list []string
	if serial := old.Built.Unix(); m.Serial < serial {
		list = append(list, fmt.Sprintf("serial %d where %d is installed", m.Serial, serial))
	}
	have := make(map[string]*Feed, len(m.Feeds))
	for i := range m.Feeds {
		have[m.Feeds[i].Name] = &m.Feeds[i]
	}
	for _, f := range old.Feeds {
		switch n := have[f.Name]; {
		case n == nil:
			list = append(list, "no feed "+f.Name)
		case n.Date.IsZero() && !f.Date.IsZero():
			list = append(list, fmt.Sprintf("feed %s without a date where %s is installed", f.Name, f.Date.UTC().Format(minute)))
		case n.Date.Before(f.Date):
			list = append(list, fmt.Sprintf("feed %s of %s where %s is installed", f.Name, n.Date.UTC().Format(minute), f.Date.UTC().Format(minute)))
		}
	}
	return list
}
