// SPDX-License-Identifier: Apache-2.0

package update

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/medsbom/medsbom/vulndb"
)

// Prebuilt says where one prebuilt database is, which is taken in the place of
// the feeds.
type Prebuilt struct {
	Database string // the file to replace
	From     string // an http(s) address, or a file
	// Terms name what else the answer depends on, as the keys that are trusted: what
	// was taken under other terms is fetched again.
	Terms   string
	Limit   int64 // bytes that are fetched at most
	Offline bool  // forbids the network: From must then be a file

	Retries   int // as in Options
	UserAgent string
	Proxy     func(*http.Request) (*url.URL, error)
	Progress  func(Progress)

	tuning tuning
}

// prebuiltState is what is remembered of the last one. It counts only while the
// database that was made of it is installed and whole.
type prebuiltState struct {
	Place    string `json:"place"` // fingerprint
	Terms    string `json:"terms"`
	ETag     string `json:"etag,omitzero"`
	Modified string `json:"lastModified,omitzero"`
	Digest   string `json:"digest"` // of the database
	Built    int64  `json:"built"`  // Unix seconds
}

const prebuiltFile = "prebuilt.json"

// FetchPrebuilt fetches a prebuilt database and gives it, whole, to take, which
// checks and installs it. If the server says that it has still the one that is
// installed, take is not called. One update works on a database at a time, be it
// of this kind or of the other.
func FetchPrebuilt(ctx context.Context, o Prebuilt, take func(io.Reader) error) (unchanged bool, err error) {
	if err := o.check(); err != nil {
		return false, err
	}
	database, err := filepath.Abs(o.Database)
	if err != nil {
		return false, err
	}
	o.tuning.defaults()
	p, err := newPlace(database, o.tuning)
	if err != nil {
		return false, err
	}
	release, err := p.lock()
	if err != nil {
		return false, err
	}
	defer release()
	p.sweep()
	if !isURL(o.From) {
		return false, o.fromFile(take)
	}
	c := newClient(&Options{UserAgent: o.UserAgent, Retries: o.Retries, Proxy: o.Proxy, tuning: o.tuning})
	r := request{url: o.From, limit: o.Limit, progress: func(done, total int64) {
		if o.Progress != nil {
			o.Progress(Progress{"prebuilt", done, total})
		}
	}}
	if have := o.remembered(p); have != nil {
		r.etag, r.modified = have.ETag, have.Modified
	}
	fetched, err := p.create("fetched")
	if err != nil {
		return false, err
	}
	defer fetched.discard()
	got, err := c.get(ctx, r, fetched)
	if err != nil || got.unchanged {
		return got.unchanged, err
	}
	if hint := htmlHint(fetched.path()); hint != "" {
		return false, fmt.Errorf("what %s serves is refused: it is no bundle%s", shown(o.From), hint)
	}
	from, err := os.Open(fetched.path())
	if err != nil {
		return false, err
	}
	defer func() { _ = from.Close() }() // only read from
	if err := take(from); err != nil {
		return false, err
	}
	o.remember(p, got)
	return false, nil
}

func (o *Prebuilt) check() error {
	switch {
	case o.Database == "":
		return &UsageError{"no database to update", "name a file with --db"}
	case !isURL(o.From) && strings.Contains(o.From, "://"):
		return &UsageError{fmt.Sprintf("%q is no address of http or https", o.From), "name an address or a file"}
	case !isURL(o.From):
		return nil
	case o.Offline:
		return &UsageError{fmt.Sprintf("--offline forbids the network, and the prebuilt database comes from %s", shown(o.From)), "name a file, or leave --offline out"}
	}
	if parsed, err := url.Parse(o.From); err != nil || parsed.Host == "" {
		return &UsageError{fmt.Sprintf("%q is no address", shown(o.From)), "write it as https://host/path"}
	}
	return nil
}

func (o *Prebuilt) fromFile(take func(io.Reader) error) error {
	if isFolder(o.From) {
		return &UsageError{fmt.Sprintf("%q is a folder", o.From), "name the bundle in it; a folder of feeds is named with --from"}
	}
	f, err := os.Open(o.From)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read from
	return take(f)
}

// remembered gives what is known of the bundle of which the installed database
// was made, nil if there is nothing that counts.
func (o *Prebuilt) remembered(p *place) *prebuiltState {
	f, err := os.Open(p.path(prebuiltFile))
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }() // only read from
	text, err := io.ReadAll(io.LimitReader(f, 1<<16))
	var s prebuiltState
	if err != nil || json.Unmarshal(text, &s) != nil || s.Place != fingerprint(o.From) || s.Terms != o.Terms {
		return nil
	}
	if digest, built, err := installed(p.database); err != nil || digest != s.Digest || built != s.Built {
		return nil
	}
	return &s
}

// remember notes by which answer the installed database came. What cannot be
// noted costs a download.
func (o *Prebuilt) remember(p *place, got answer) {
	s := prebuiltState{Place: fingerprint(o.From), Terms: o.Terms, ETag: got.etag, Modified: got.modified}
	var err error
	if s.Digest, s.Built, err = installed(p.database); err != nil || s.ETag+s.Modified == "" {
		return
	}
	if text, err := json.Marshal(&s); err == nil {
		_ = p.writePrivate(prebuiltFile, text)
	}
}

// installed tells which database is there, if it is whole.
func installed(name string) (digest string, built int64, err error) {
	db, err := vulndb.Open(name)
	if err != nil {
		return "", 0, err
	}
	err = db.Intact()
	digest, built = db.Info().Digest, db.Info().Built.Unix()
	return digest, built, errors.Join(err, db.Close())
}
