// SPDX-License-Identifier: Apache-2.0

package bundle

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/medsbom/medsbom/sbom/signature"
	"github.com/medsbom/medsbom/vulndb"
)

func sha(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func TestRoundTrip(t *testing.T) {
	database, k := today().file(t), keyOf(t, 1)
	bundle := bundleOf(t, database, k.signing)
	if !bytes.Equal(bundle, bundleOf(t, database, k.signing)) {
		t.Error("the same contents give other bytes")
	}
	if !Is(bundle) || Is(database) || Is(bundle[:4]) {
		t.Error("Is does not know a bundle")
	}
	trust := []signature.Key{k.trusted}
	res, got, err := take(t, bundle, nil, Options{Trust: trust})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, database) {
		t.Error("another database than the one that was put in")
	}
	db, err := vulndb.OpenBytes(database)
	if err != nil {
		t.Fatal(err)
	}
	_, payload := split(t, bundle)
	want := &Result{Signer: "key-1.pub", Manifest: Manifest{
		Format: 1, Tool: "medsbom test", Created: day, Serial: day.Unix(),
		Database: Database{Kind: "full", Digest: db.Info().Digest, Size: int64(len(database)), SHA256: sha(database)},
		Payload:  Payload{Encoding: "zstd", Size: int64(len(payload)), SHA256: sha(payload)},
		Feeds: []Feed{
			{Name: "kev", Date: day, Records: 1, Digest: db.Info().Feeds[0].Digest},
			{Name: "osv/PyPI", Date: time.Date(2026, time.August, 1, 0, 0, 0, 0, time.UTC), Records: 1, Digest: db.Info().Feeds[1].Digest},
			{Name: "osv/npm", Date: day, Records: 1, Digest: db.Info().Feeds[2].Digest},
		},
	}}
	if diff := cmp.Diff(want, res); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
	checked, err := Check(t.Context(), iotest.OneByteReader(bytes.NewReader(bundle)), Options{Name: "x", Trust: trust})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, checked); diff != "" {
		t.Errorf("check (-want +got):\n%s", diff)
	}
	// The same again, and over a damaged copy of the same if one insists.
	if _, got, err = take(t, bundle, database, Options{Trust: trust}); err != nil || !bytes.Equal(got, database) {
		t.Errorf("a second time: %v", err)
	}
	if _, got, err = take(t, bundle, []byte("no database"), Options{Trust: trust}); refusal(err) != Downgrade || string(got) != "no database" {
		t.Errorf("over what is no database: %v", err)
	}
	res, got, err = take(t, bundle, []byte("no database"), Options{Trust: trust, AllowDowngrade: true})
	if err != nil || !bytes.Equal(got, database) || len(res.SetBack) != 1 {
		t.Errorf("over what is no database, insisting: %v, %v", res, err)
	}
}

func TestDowngrade(t *testing.T) {
	k := keyOf(t, 1)
	change := func(f func(*edition)) edition {
		e := today()
		f(&e)
		return e
	}
	for _, c := range []struct {
		name           string
		installed, new edition
		want           string // "" if it is taken
	}{
		{"the same", today(), today(), ""},
		{"newer", change(func(e *edition) { e.built, e.npm = day.Add(-time.Hour), day.AddDate(0, 0, -2) }), today(), ""},
		{"a feed more", change(func(e *edition) { e.kev = time.Time{} }), today(), ""},
		{"built before", change(func(e *edition) { e.built = day.Add(time.Second) }), today(), "serial 1788264000 where 1788264001"},
		{"a feed older", today(), change(func(e *edition) { e.npm = day.AddDate(0, -1, 0) }), "feed osv/npm of 2026-08-01 12:00 where 2026-09-01 12:00 is installed"},
		{"a feed gone", today(), change(func(e *edition) { e.kev = time.Time{} }), "no feed kev"},
		{"a newer build of older data", today(), change(func(e *edition) { e.built, e.kev = day.Add(time.Hour), day.AddDate(0, 0, -1) }), "feed kev of 2026-08-31"},
		{"an ecosystem gone", today(), change(func(e *edition) { e.npm = time.Time{} }), "no feed osv/npm"},
	} {
		t.Run(c.name, func(t *testing.T) {
			installed, next := c.installed.file(t), c.new.file(t)
			bundle := bundleOf(t, next, k.signing)
			o := Options{Trust: []signature.Key{k.trusted}}
			_, got, err := take(t, bundle, installed, o)
			if c.want == "" {
				if err != nil || !bytes.Equal(got, next) {
					t.Errorf("refused: %v", err)
				}
				return
			}
			if refusal(err) != Downgrade || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "--allow-downgrade") {
				t.Errorf("want %q, got %v", c.want, err)
			}
			if !bytes.Equal(got, installed) {
				t.Error("the refused bundle has changed the database")
			}
			o.AllowDowngrade = true
			res, got, err := take(t, bundle, installed, o)
			if err != nil || !bytes.Equal(got, next) {
				t.Fatalf("insisting does not help: %v", err)
			}
			if len(res.SetBack) != 1 || !strings.Contains(res.SetBack[0], c.want) {
				t.Errorf("what goes back is not said: %v", res.SetBack)
			}
		})
	}
}

// TestRotation: a bundle may be signed by the old key and the new one, and a
// receiver may trust several.
func TestRotation(t *testing.T) {
	database := today().file(t)
	old, next, other := keyOf(t, 1), keyOf(t, 2), keyOf(t, 3)
	both := bundleOf(t, database, old.signing, next.signing)
	for _, c := range []struct {
		name   string
		bundle []byte
		trust  []signature.Key
		want   string // signer
	}{
		{"both, old trusted", both, []signature.Key{old.trusted}, "key-1.pub"},
		{"both, new trusted", both, []signature.Key{next.trusted}, "key-2.pub"},
		{"new, both trusted", bundleOf(t, database, next.signing), []signature.Key{old.trusted, next.trusted}, "key-2.pub"},
		{"both, none trusted", both, []signature.Key{other.trusted}, ""},
		{"no keys", both, nil, ""},
	} {
		res, err := Check(t.Context(), bytes.NewReader(c.bundle), Options{Trust: c.trust})
		switch {
		case c.want == "" && refusal(err) != NotTrusted:
			t.Errorf("%s: want it refused, got %v", c.name, err)
		case c.want != "" && (err != nil || res.Signer != c.want):
			t.Errorf("%s: want signer %s, got %v, %v", c.name, c.want, res, err)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	k := []SigningKey{keyOf(t, 1).signing}
	starter, damaged := today(), today().file(t)
	starter.kind = vulndb.KindStarter
	damaged[len(damaged)-600] ^= 1
	late := today()
	late.npm, late.built = day.AddDate(0, 0, 2), day.AddDate(0, 0, 3)
	for _, c := range []struct {
		name     string
		database []byte
		keys     []SigningKey
		want     string
	}{
		{"no key", today().file(t), nil, "no key"},
		{"starter set", starter.file(t), k, "cannot say that a product is good"},
		{"damaged", damaged, k, "checksum"},
		{"no database", []byte("text"), k, "not a medsbom database"},
		{"built in the future", late.file(t), k, "check the clock"},
	} {
		folder := t.TempDir()
		out := filepath.Join(folder, "x.bundle")
		_, err := Write(t.Context(), out, Contents{Database: put(t, filepath.Join(folder, "x.db"), c.database), Keys: c.keys, Created: day})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "x.bundle") {
			t.Errorf("%s: want %q, got %v", c.name, c.want, err)
		}
		if entries, _ := os.ReadDir(folder); len(entries) != 1 {
			t.Errorf("%s: the folder holds %v", c.name, entries)
		}
	}
	path := put(t, filepath.Join(t.TempDir(), "x.db"), today().file(t))
	if _, err := Write(t.Context(), path, Contents{Database: path, Keys: k, Created: day}); err == nil || !strings.Contains(err.Error(), "the database itself") {
		t.Errorf("over the database: %v", err)
	}
	if !bytes.Equal(get(t, path), today().file(t)) {
		t.Error("the database was changed")
	}
}

// TestReaderFails: an error of the connection is told as such, not as damage.
func TestReaderFails(t *testing.T) {
	k := keyOf(t, 1)
	database := today().file(t)
	bundle := bundleOf(t, database, k.signing)
	lost := errors.New("connection lost")
	for _, at := range []int{0, 5, headerSize, headerSize + 10, len(bundle) - 10, len(bundle)} {
		out := put(t, filepath.Join(t.TempDir(), "x.db"), database)
		r := io.MultiReader(bytes.NewReader(bundle[:at]), iotest.ErrReader(lost))
		_, err := Import(t.Context(), r, Options{Name: "far.bundle", Out: out, Trust: []signature.Key{k.trusted}})
		if !errors.Is(err, lost) || !strings.Contains(err.Error(), "far.bundle") {
			t.Errorf("at %d: got %v", at, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Check(ctx, bytes.NewReader(bundle), Options{Trust: []signature.Key{k.trusted}}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	if _, err := Write(ctx, filepath.Join(t.TempDir(), "y"), Contents{Database: put(t, filepath.Join(t.TempDir(), "x.db"), database), Keys: []SigningKey{k.signing}, Created: day}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}
